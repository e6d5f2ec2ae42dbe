"""Values in a line of text: how they print, and what stands around them."""

from case import case
from word import bold, document, paragraph, run, w


def add(soffice):
    values()
    breaks()
    literals()
    quotes()


def values():
    case("print", "Dear {{ name }}, welcome to {{place}}!", {"name": "Ann", "place": "Oslo"},
         "Dear Ann, welcome to Oslo!")
    case("print-look", [["Dear ", bold("{{ name }}"), run(" of {{ place }}", "<w:i/>")]],
         {"name": "Ann", "place": "Oslo"}, "Dear Ann of Oslo")
    case("print-path", "{{ a.b[0].c }} {{ a['b'][1]['c'] }} {{ a.b[-1].c }}",
         {"a": {"b": [{"c": "x"}, {"c": "y"}]}}, "x y y")
    case("print-missing", ["[{{ nothing }}]", "[{{ a.nothing }}]", "[{{ a['x'] }}]"],
         {"a": {}}, ["[]", "[]", "[]"])
    case("print-special", "{{ v }}", {"v": "a < b & c > d \"e\" 'f' &amp; <w:t>"},
         "a < b & c > d \"e\" 'f' &amp; <w:t>")
    case("print-tags", "{{ v }}", {"v": "{{ x }} {% if %} {# y #}"}, "{{ x }} {% if %} {# y #}")
    case("print-python", "{{ t }} {{ f }} {{ n }} {{ i }} {{ x }} {{ big }} {{ tiny }} {{ whole }}",
         {"t": True, "f": False, "n": None, "i": -42, "x": 3.14, "big": 1e16,
          "tiny": 1e-5, "whole": 2.0},
         "True False None -42 3.14 1e+16 1e-05 2.0")
    case("print-numbers", "{{ a }} {{ b }} {{ c }} {{ d }} {{ e }} {{ z }}",
         {"a": 12345678901234567890, "b": 0.1, "c": 1e22, "d": 123456789.125, "e": -1e-7,
          "z": -0.0},
         "12345678901234567890 0.1 1e+22 123456789.125 -1e-07 -0.0")
    case("print-containers", ["{{ l }}", "{{ d }}", "{{ e }} {{ f }}", "{{ (1, 'a') }} {{ (1,) }}"],
         {"l": [1, "a", None, True, 1.5, ["x"]], "d": {"a": 1, "b": [2], "c": {"d": None}},
          "e": [], "f": {}},
         ["[1, 'a', None, True, 1.5, ['x']]", "{'a': 1, 'b': [2], 'c': {'d': None}}",
          "[] {}", "(1, 'a') (1,)"])
    case("print-quoted", "{{ l }}", {"l": ["it's", 'say "x"', "both ' and \"", "a\\b", "é\u4e2d"]},
         "[\"it's\", 'say \"x\"', 'both \\' and \"', 'a\\\\b', 'é中']")
    case("print-chinese", "{{ 名 }}于{{ 年.月 }}月", {"名": "张三", "年": {"月": 3}}, "张三于3月")
    case("print-two-in-run", "{{ a }}{{ b }}{{a}}-{{b}}", {"a": 1, "b": 2}, "121-2")
    case("print-spaces", "  {{ a }}  {{ a }}  ", {"a": " x "}, "   x    x   ")
    case("print-empty", ["{{ a }}", "x{{ a }}y"], {"a": ""}, ["", "xy"])
    case("print-whole-document", "no tags", {"a": ""}, "no tags")
    case("print-wide-quotes", "{{ v }}", {"v": "他说“好”——真的…"}, "他说“好”——真的…")
    case("print-controls", "{{ v }}", {"v": "a\x01b\x0bc"}, "ab\\nc",
         differs="control characters are dropped, a vertical tab is a line break; "
                 "docxtpl's output is not XML",
         reference="ab{{ '\\n' }}c")
    case("print-unsafe", "{{ v|safe }}", {"v": "<w:br/>"}, "<w:br/>",
         differs="values are always escaped, whatever a template says",
         reference="{{ v }}")


def breaks():
    case("break-line", "{{ v }}", {"v": "one\ntwo\n\nthree"}, "one\\ntwo\\n\\nthree")
    case("break-tab", [["a ", bold("{{ v }}"), " z"]], {"v": "one\ttwo\tthree"},
         "a one\\ttwo\\tthree z")
    case("break-paragraph",
         [paragraph("a ", bold("{{ v }}"), " z", style="Heading1"), "next"],
         {"v": "one\atwo"}, ["a one", "two z", "next"])
    case("break-page", [paragraph(bold("{{ v }}"), style="Heading1"), "next"],
         {"v": "one\ftwo"}, ["one", "\\f", "two", "next"])
    case("break-all", "{{ v }}", {"v": "a\tb\nc\ad\fe"}, ["a\\tb\\nc", "d", "\\f", "e"])
    case("break-windows", "{{ v }}", {"v": "one\r\ntwo"}, "one\\ntwo",
         differs="a line end of Windows is one line break; docxtpl writes a line end beside it",
         reference="{{ v|replace('\\r', '') }}")
    case("break-in-loop", "{% for v in vs %}{{ v }};{% endfor %}", {"vs": ["a\nb", "c\nd"]},
         "a\\nb;c\\nd;")
    case("break-of-the-template", [[run("a\n{{ v }}\tb")]], {"v": "x\ny"}, "a\\nx\\ny\\tb")


def literals():
    case("literal-braces", "{_{ a }_} {_% if %_} {{ v }}", {"v": 1}, "{{ a }} {% if %} 1")
    case("literal-split", [["{_", "{ a }", "_} {", "_% x %", "_} {{ v }}"]], {"v": 1},
         "{{ a }} {% x %} 1",
         differs="docxtpl does not find them over several runs",
         reference="{_{ a }_} {_% x %_} {{ v }}")
    case("literal-value", "{{ v }}", {"v": "{_{ x }_}"}, "{_{ x }_}",
         differs="what a value says is never read as a tag",
         result="{_{ x }_}")
    case("single-braces", "{a} %b% #c# {{ v }} } {", {"v": 1}, "{a} %b% #c# 1 } {")
    case("raw", "{% raw %}{{ a }} {% if %}{% endraw %} {{ a }}", {"a": 1}, "{{ a }} {% if %} 1")
    case("comment", ["a{# note {{ x }} #}b", "{# all #}", "{#p gone #}", "z"], {},
         ["ab", "", "z"])
    case("comment-split", [["a{", "# no", bold("te #"), "}b"]], {}, "ab")


def quotes():
    case("quotes-double", "{{ a[“k”] }} {{ d|default(“none”) }}", {"a": {"k": "v"}}, "v none")
    case("quotes-single", "{{ a[‘k’] }} {% if a.k == ’v’ %}yes{% endif %}", {"a": {"k": "v"}},
         "v yes")
    case("quotes-outside", "“{{ a }}” ‘{{ a }}’", {"a": 1}, "“1” ‘1’")
    case("entities", "{% if a < b and b > a %}{{ a }} & <{{ b }}>{% endif %}", {"a": 1, "b": 2},
         "1 & <2>")
    case("ampersand-in-tag", "{{ 'a & b' }} {{ \"x\" ~ '&' }}", {}, "a & b x&",
         differs="docxtpl reads `&` inside tags as `&amp;`", result="a & b x&")
    case("no-break-space", "{{\u00a0a\u00a0}} {%\u00a0if a\u00a0%}x{% endif %}", {"a": 1}, "1 x")
    case("hyperlink-text", document(
        [w('<w:hyperlink w:anchor="x"><w:r><w:t>{{ a }}</w:t></w:r><w:r><w:t> {{ b }}</w:t></w:r>'
           "</w:hyperlink>"), " {{ a }}"]), {"a": 1, "b": 2}, "1 2 1")
