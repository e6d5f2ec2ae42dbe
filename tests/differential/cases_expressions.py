"""Expressions: operators, methods, every filter and test of Jinja's."""

from case import case
from word import table

DATA = {
    "a": 7, "b": 2, "f": 2.5, "s": "hello world", "u": "ÄÖ ß é", "h": "<b>bold</b> & more",
    "n": None, "t": True, "xs": [3, 1, 2], "ss": ["b", "A", "c", "a"], "empty": [],
    "d": {"b": 2, "a": 1, "C": 3}, "zh": "会刊的第一页",
    "ps": [{"name": "Ann", "age": 31, "city": "Oslo", "on": True, "of": {"x": 1}},
           {"name": "bob", "age": 25, "city": "Rome", "on": False, "of": {"x": 3}},
           {"name": "Cy", "age": 40, "city": "Oslo", "on": True, "of": {"x": 2}}],
    "long": "The quick brown fox jumps over the lazy dog, again-and-again, until it rests.",
    "hs": ["<", "&"],
    "lines": "one\ntwo\n\nthree",
}


def add(soffice):
    operators()
    methods()
    filters()
    tests()


def each(name, expressions, **rest):
    """A case with one line for each expression, after its source."""
    case(name, [f"{number}: {{{{ {source} }}}}" for number, source in enumerate(expressions)], DATA,
         [f"{number}: {value}" for number, value in enumerate(expressions.values())], **rest)


def operators():
    each("arithmetic", {
        "a + b": 9, "a - b": 5, "a * b": 14, "a / b": 3.5, "a // b": 3, "a ** b": 49,
        "-a // b": -4, "6 / 2": "3.0", "f * 2": "5.0", "2 ** 0.5": "1.4142135623730951",
        "2 ** -1": "0.5", "-a": -7, "+a": 7, "(a + b) * 2": 18, "a + b * 2": 11, "1 / 3": "0.3333333333333333",
        "0.1 + 0.2": "0.30000000000000004", "1e3": "1000.0", "1_000": 1000, "7.0 // 2": "3.0"})
    # Between `{%` and `%}` only: docxtpl ends a tag at the first `%`.
    case("modulo", "{{ a % b }} {% if a % 2 == 1 %}odd{% endif %} {{ -a % 3 }}", {"a": 7, "b": 2},
         "1 odd 2")
    each("text-operators", {
        "a ~ '-' ~ b": "7-2", "s ~ n ~ t": "hello worldNoneTrue", "'ab' * 3": "ababab",
        "'a' + 'b'": "ab", "[1] + [2]": "[1, 2]", "xs ~ ''": "[3, 1, 2]", "1.0 ~ ''": "1.0", "1e16|string": "1e+16"})
    each("comparison", {
        "a == 7.0": True, "a != b": True, "'a' < 'b'": True, "1 < a <= 7": True,
        "a in [1, 7]": True, "'ell' in s": True, "'x' not in s": True, "'a' in d": True,
        "not a": False, "a and b": 2, "a or b": 7, "n or 'x'": "x", "not n and t": True,
        "[1, 2] == [1, 2]": True, "{'a': 1} == {'a': 1}": True, "true == 1": True, "n == none": True})
    each("conditional", {
        "'y' if a > b else 'n'": "y", "'y' if n": "", "('y' if n else 'z') ~ 1": "z1",
        "a if a < b else (b if b < 1 else 0)": 0})
    each("slices", {
        "xs[0]": 3, "xs[-1]": 2, "xs[1:]": "[1, 2]", "xs[:1]": "[3]", "xs[::-1]": "[2, 1, 3]",
        "s[0:5]": "hello", "s[-5:]": "world", "s[::2]": "hlowrd", "zh[2:4]": "的第", "xs[5:]": "[]",
        "s[0]": "h", "xs[9]": "", "d['a']": 1, "d.C": 3})
    each("literals", {
        "[1, 'a', [2]]": "[1, 'a', [2]]", "{'k': 1, 'j': [1]}.j[0]": 1, "(1, 2)[1]": 2, "'it\\'s'": "it's",
        "\"q\"": "q", "true": True, "True": True, "none": "None", "None": "None", "'\\u4e2d'": "中",
        "'a' 'b'": "ab", "'a\\\\b'": "a\\b", "dict(x=1, y=2)": "{'x': 1, 'y': 2}"})


def methods():
    each("text-methods", {
        "s.upper()": "HELLO WORLD", "s.title()": "Hello World", "s.capitalize()": "Hello world",
        "'Ab'.lower()": "ab", "'Ab'.swapcase()": "aB", "'x'.join(ss)": "bxAxcxa",
        "s.split()": "['hello', 'world']", "'a,b,c'.split(',')": "['a', 'b', 'c']",
        "'a,b,c'.split(',', 1)": "['a', 'b,c']", "' a  b '.split()": "['a', 'b']",
        "'a b c'.rsplit(' ', 1)": "['a b', 'c']", "'a-b'.partition('-')": "('a', '-', 'b')",
        "'a-b-c'.rpartition('-')": "('a-b', '-', 'c')",
        "' x '.strip()": "x", "'--x--'.strip('-')": "x", "'xxa'.lstrip('x')": "a", "'axx'.rstrip('x')": "a",
        "s.replace('l', 'L')": "heLLo worLd", "s.replace('l', 'L', 1)": "heLlo world",
        "s.startswith('he')": True, "s.endswith('x')": False, "s.startswith(('a', 'h'))": True,
        "s.find('o')": 4, "s.find('z')": -1, "s.rfind('o')": 7, "s.index('w')": 6, "s.count('l')": 3,
        "lines.splitlines()": "['one', 'two', '', 'three']", "'7'.zfill(3)": "007", "'-7'.zfill(4)": "-007",
        "'x'.center(5, '*')": "**x**", "'x'.ljust(3, '.')": "x..", "'x'.rjust(3)": "  x",
        "'12'.isdigit()": True, "'a1'.isalnum()": True, "'ab'.isalpha()": True, "'AB'.isupper()": True,
        "'ab'.islower()": True, "' '.isspace()": True, "'Ab Cd'.istitle()": True, "''.isdigit()": False,
        "'{} of {n}'.format(1, n=2)": "1 of 2", "'{:.2f}|{:>4}|{:,}'.format(f, a, 1234567)": "2.50|   7|1,234,567",
        "'prefix-x'.removeprefix('prefix-')": "x", "'x.py'.removesuffix('.py')": "x",
        "'Straße'.casefold()": "strasse", "'a\\tb'.expandtabs(4)": "a   b"})
    each("list-methods", {
        "xs.count(1)": 1, "xs.index(2)": 2, "ss.index('A')": 1})
    case("list-changes", "{% set l = [2, 1] %}{% do l.append(3) %}{% do l.extend([5, 4]) %}"
         "{% do l.insert(0, 9) %}{{ l }}{% do l.sort() %}{{ l }}{{ l.pop() }}{{ l.pop(0) }}"
         "{% do l.reverse() %}{{ l }}{% do l.remove(4) %}{{ l }}{% set m = l.copy() %}"
         "{% do m.clear() %}{{ l|length }}{{ m|length }}", {},
         "[9, 2, 1, 3, 5, 4][1, 2, 3, 4, 5, 9]91[5, 4, 3, 2][5, 3, 2]30")
    each("dict-methods", {
        "d.get('a')": 1, "d.get('z')": "None", "d.get('z', 5)": 5, "d.keys()|list": "['b', 'a', 'C']",
        "d.values()|list": "[2, 1, 3]", "d.items()|list": "[('b', 2), ('a', 1), ('C', 3)]",
        "d.items()|length": 3})
    case("dict-changes", "{% set e = {'a': 1} %}{% do e.update({'b': 2}) %}{{ e }}"
         "{{ e.setdefault('c', 3) }}{{ e.pop('a') }}{{ e }}{% do e.update(d=4) %}{{ e.d }}"
         "{{ e.pop('z', 0) }}", {}, "{'a': 1, 'b': 2}31{'b': 2, 'c': 3}40")
    each("number-methods", {"f.is_integer()": False, "a.bit_length()": 3})


def filters():
    each("filters-numbers", {
        "-a|abs": 7, "(-a)|abs": 7, "(-f)|abs": 2.5, "'3.7'|float": 3.7, "'x'|float": "0.0", "'x'|float(1.5)": 1.5,
        "a|float": "7.0", "'42'|int": 42, "'x'|int": 0, "'x'|int(5)": 5, "3.99|int": 3, "'0x1f'|int(0, 16)": 31,
        "'3.7'|int": 3, "'101'|int(base=2)": 5, "true|int": 1, "f|round": "2.0", "3.14159|round(2)": 3.14,
        "2.1|round(0, 'ceil')": "3.0", "2.9|round(method='floor')": "2.0", "7|round": "7", "1234|round(-2)": "1200",
        "2.675|round(2)": 2.67, "xs|sum": 6, "ps|sum(attribute='age')": 96, "xs|sum(start=10)": 16,
        "empty|sum": 0, "xs|max": 3, "xs|min": 1, "ss|max": "c", "ss|min": "A", "ss|min(case_sensitive=true)": "A",
        "(ps|max(attribute='age')).name": "Cy",
        "empty|max": "", "1234567|filesizeformat": "1.2 MB", "1|filesizeformat": "1 Byte",
        "300|filesizeformat": "300 Bytes", "2048|filesizeformat(true)": "2.0 KiB",
        "'1500'|filesizeformat": "1.5 kB"})
    each("filters-text", {
        "s|capitalize": "Hello world", "'ABC dEF'|capitalize": "Abc def", "s|title": "Hello World",
        "\"it's o'neil-x (y)\"|title": "It's O'neil-X (Y)", "s|upper": "HELLO WORLD", "u|lower": "äö ß é",
        "u|upper": "ÄÖ SS É", "'  x '|trim": "x", "'--x-'|trim('-')": "x", "'x'|center(5) ~ '|'": "  x  |",
        "'xy'|center(5) ~ '|'": "  xy |", "s|replace('l', 'L')": "heLLo worLd",
        "s|replace('l', 'L', 2)": "heLLo world", "s|length": 11, "zh|length": 6, "zh|count": 6,
        "s|reverse": "dlrow olleh", "zh|reverse": "页一第的刊会", "s|first": "h", "s|last": "d",
        "s|wordcount": 2, "long|wordcount": 15, "h|striptags": "bold & more",
        "'<p>a</p>  <p>b</p><!-- c -->'|striptags": "a b", "a|string ~ 1": "71", "t|string": "True",
        "'%s is %d'|format(s, a)": "hello world is 7", "'%.2f|%05d|%x'|format(f, a, 255)": "2.50|00007|ff",
        "'%(k)s'|format(k=3)": "3", "s|list|length": 11, "h|urlencode": "%3Cb%3Ebold%3C/b%3E%20%26%20more",
        "{'q': 'a b', 'r': '中'}|urlencode": "q=a+b&r=%E4%B8%AD", "'a/b c'|urlencode": "a/b%20c", "[('k', 'a/b c')]|urlencode": "k=a%2Fb+c"})
    each("filters-truncate", {
        "long|truncate(20)": "The quick brown...", "long|truncate(20, true)": "The quick brown f...",
        "long|truncate(20, true, '>')": "The quick brown fox>",
        "long|truncate(length=12, end='…')": "The quick…", "long|truncate(75)": DATA["long"],
        "s|truncate(5)": "he..." , "s|truncate(8)": "hello world", "s|truncate(5, true, '..', 0)": "hel..",
        "s|truncate(9, leeway=0)": "hello...", "zh|truncate(4, true, '…', 0)": "会刊的…"})
    each("filters-wrap", {
        "long|wordwrap(20)": "The quick brown fox\\njumps over the lazy\\ndog, again-and-\\nagain, until it\\nrests.",
        "long|wordwrap(30, wrapstring='|')": "The quick brown fox jumps over|the lazy dog, again-and-again,|until it rests.",
        "'abcdefghij'|wordwrap(4)": "abcd\\nefgh\\nij", "'abcdefghij kl'|wordwrap(4, false)": "abcdefghij\\nkl",
        "'aa-bb-cc'|wordwrap(5, break_on_hyphens=false)": "aa-bb\\n-cc",
        "lines|wordwrap(79)": "one\\ntwo\\n\\nthree",
        "lines|indent(2)": "one\\n  two\\n\\n  three", "lines|indent(2, true)": "  one\\n  two\\n\\n  three",
        "lines|indent(1, false, true)": "one\\n two\\n \\n three", "lines|indent('> ')": "one\\n> two\\n\\n> three",
        "lines|indent(width=1, first=true, blank=true)": " one\\n two\\n \\n three"})
    each("filters-lists", {
        "xs|sort": "[1, 2, 3]", "xs|sort(true)": "[3, 2, 1]", "xs|sort(reverse=true)": "[3, 2, 1]",
        "ss|sort": "['A', 'a', 'b', 'c']", "ss|sort(case_sensitive=true)": "['A', 'a', 'b', 'c']",
        "ps|sort(attribute='age')|map(attribute='name')|join(',')": "bob,Ann,Cy",
        "ps|sort(attribute='city,age')|map(attribute='name')|join(',')": "Ann,Cy,bob",
        "ps|sort(attribute='of.x', reverse=true)|map(attribute='name')|list": "['bob', 'Cy', 'Ann']",
        "xs|reverse|list": "[2, 1, 3]", "xs|first": 3, "xs|last": 2, "empty|first": "", "xs|length": 3,
        "xs|join": "312", "xs|join(', ')": "3, 1, 2", "ps|join(', ', attribute='name')": "Ann, bob, Cy",
        "ps|join('/', 'city')": "Oslo/Rome/Oslo", "[1, none, true]|join('-')": "1-None-True",
        "hs|join('>')": "<>&", "[3, 1, 3, 2, 1]|unique|list": "[3, 1, 2]",
        "ss|unique|list": "['b', 'A', 'c']", "ss|unique(true)|list": "['b', 'A', 'c', 'a']",
        "ps|unique(attribute='city')|map(attribute='name')|list": "['Ann', 'bob']",
        "xs|map('string')|list": "['3', '1', '2']", "ss|map('upper')|join": "BACA",
        "ps|map(attribute='of.x')|list": "[1, 3, 2]", "ps|map(attribute='z', default='-')|join": "---",
        "['a b', 'c']|map('replace', ' ', '_')|list": "['a_b', 'c']",
        "xs|select('odd')|list": "[3, 1]", "xs|select('gt', 1)|list": "[3, 2]", "[0, 1, '']|select|list": "[1]",
        "xs|reject('odd')|list": "[2]", "[0, 1, '']|reject|list": "[0, '']",
        "ps|selectattr('on')|map(attribute='name')|join": "AnnCy",
        "ps|selectattr('city', 'eq', 'Oslo')|list|length": 2, "ps|selectattr('of.x', '>', 1)|list|length": 2,
        "ps|rejectattr('on')|map(attribute='name')|join": "bob",
        "ps|rejectattr('city', 'equalto', 'Oslo')|map(attribute='name')|first": "bob",
        "xs|batch(2)|list": "[[3, 1], [2]]", "xs|batch(2, 0)|list": "[[3, 1], [2, 0]]",
        "range(7)|slice(3)|list": "[[0, 1, 2], [3, 4], [5, 6]]",
        "range(7)|slice(3, '-')|list": "[[0, 1, 2], [3, 4, '-'], [5, 6, '-']]",
        "d|list": "['b', 'a', 'C']", "'ab'|list": "['a', 'b']", "d|length": 3,
        "d|dictsort": "[('a', 1), ('b', 2), ('C', 3)]", "d|dictsort(true)": "[('C', 3), ('a', 1), ('b', 2)]",
        "d|dictsort(by='value')": "[('a', 1), ('b', 2), ('C', 3)]",
        "d|dictsort(false, 'value', true)": "[('C', 3), ('b', 2), ('a', 1)]",
        "d|items|list": "[('b', 2), ('a', 1), ('C', 3)]", "d|first": "b",
        "d|dictsort|map('first')|join": "abC"})
    case("filter-groupby", "{% for city, list in ps|groupby('city') %}{{ city }}: "
         "{{ list|map(attribute='name')|join(' ') }}; {% endfor %}"
         "{% for g in ps|groupby('of.x') %}{{ g.grouper }}{{ g.list|length }}{{ g[0] }}{% endfor %}"
         "{% for g, l in ps|groupby('none', default='?') %} {{ g }}{{ l|length }}{% endfor %}", DATA,
         "Oslo: Ann Cy; Rome: bob; 111212313 ?3")
    each("filters-values", {
        "n|default('x')": "None", "n|default('x', true)": "x", "zz|default('x')": "x", "zz|d": "",
        "''|default('x', boolean=true)": "x", "d.zz|default(0)": 0,
        "ps[0]|attr('zz')": "",
        "xs|tojson": "[3, 1, 2]", "d|tojson": '{"C": 3, "a": 1, "b": 2}', "n|tojson": "null",
        "'é\"'|tojson": '"\\u00e9\\""', "[1.0, true]|tojson": "[1.0, true]",
        "d|pprint": "{'C': 3, 'a': 1, 'b': 2}", "xs|pprint": "[3, 1, 2]", "s|pprint": "'hello world'",
        "{'class': 'x', 'id': 3, 'no': none}|xmlattr": ' class="x" id="3"',
        "{'class': hs[1]}|xmlattr(false)": 'class="&"'})
    each("filters-escaping", {
        "h|escape": "<b>bold</b> & more", "h|e": "<b>bold</b> & more", "h|safe": "<b>bold</b> & more",
        "h|forceescape": "<b>bold</b> & more", "(h|e)|length": 18},
        differs="values are always escaped, and just once: these filters do nothing",
        result=[f"{n}: {v}" for n, v in enumerate(["<b>bold</b> & more"] * 4 + ["18"])])
    case("globals", "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}"
         "{% set j = joiner('; ') %}{% for x in xs %}{{ j() }}{{ x }}{% endfor %}", DATA,
         "aba3; 1; 2")
    case("wide-float-joined", "{{ 1e16 }} {{ 1e16 ~ '' }}", {}, "1e+16 10000000000000000.0",
         differs="`~` writes floats out; a template language without a hook for it",
         result="1e+16 10000000000000000.0")
    case("filter-chain", "{{ ps|selectattr('on')|map(attribute='name')|map('upper')|sort|join(', ')"
         "|default('none')|replace('A', 'a') }}", DATA, "aNN, CY")


def tests():
    yes = ["t is boolean", "range is callable", "a is defined", "6 is divisibleby 3", "6 is divisibleby(3)",
           "a is eq 7", "a is equalto 7", "a == 7", "6 is even", "false is false", "'upper' is filter",
           "f is float", "a is ge 7", "a is gt 6", "a is greaterthan 6", "3 is in xs", "3 is in(xs)",
           "a is integer", "xs is iterable", "s is iterable", "a is le 7", "'ab' is lower", "a is lt 8",
           "a is lessthan 8", "d is mapping", "a is ne 8", "n is none", "a is number", "f is number",
           "7 is odd", "n is sameas none", "xs is sequence", "s is sequence", "d is sequence", "s is string",
           "'odd' is test", "t is true", "zz is undefined", "'AB' is upper", "a is not none",
           "zz is not defined", "not a is none", "d.zz is undefined", "xs is not string",
           "t is number", "a is not float", "t is not integer"]
    no = ["n is boolean", "a is callable", "7 is divisibleby 2", "7 is even", "0 is false", "'zz' is filter",
          "a is float", "5 is in xs", "f is integer", "a is iterable", "'Ab' is lower", "xs is mapping",
          "s is number", "a is sequence", "a is string", "'zz' is test", "1 is true", "a is undefined",
          "'Ab' is upper", "s is escaped", "1 is sameas true", "1.0 is sameas 1", "'12' is lower"]
    each("tests-yes", {f"({source})": True for source in yes})
    each("tests-no", {f"({source})": False for source in no})
    case("tests-in-rows", table([["{%tr for x in xs if x is odd %}"], ["{{ x }}"], ["{%tr endfor %}"]]),
         DATA, ["| 3 |", "| 1 |"])
