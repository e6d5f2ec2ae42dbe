"""Statements: loops, branches, variables, macros."""

from case import case
from word import bold, table

XS = {"xs": [3, 1, 2]}
TREE = {"tree": [{"name": "a", "children": [{"name": "b", "children": [{"name": "c"}]},
                                           {"name": "d"}]}, {"name": "e"}]}


def add(soffice):
    loops()
    branches()
    variables()
    macros()


def loops():
    case("for", "{% for x in xs %}{{ x }},{% endfor %}", XS, "3,1,2,")
    case("for-loop", "{% for x in xs %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}"
         "{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }} {% endfor %}", XS,
         "1032TrueFalse3 2121FalseFalse3 3210FalseTrue3 ")
    case("for-neighbours", "{% for x in xs %}[{{ loop.previtem }}<{{ x }}>{{ loop.nextitem }}]"
         "{% endfor %}", XS, "[<3>1][3<1>2][1<2>]")
    case("for-neighbours-defined", "{% for x in xs %}{% if loop.previtem is defined and "
         "loop.previtem > x %}down {% endif %}{{ x }} {% endfor %}", XS, "3 down 1 2 ")
    case("for-cycle", "{% for x in xs %}{{ loop.cycle('odd', 'even') }} {% endfor %}", XS,
         "odd even odd ")
    case("for-changed", "{% for x in xs %}{% if loop.changed(x) %}{{ x }}{% endif %}{% endfor %}",
         {"xs": [1, 1, 2, 2, 1]}, "121")
    case("for-depth", "{% for n in tree recursive %}{{ loop.depth }}{{ loop.depth0 }}{{ n.name }}"
         "{% if n.children %}({{ loop(n.children) }}){% endif %}{% endfor %}", TREE,
         "10a(21b(32c)21d)10e")
    case("for-recursive-paragraphs", [
        "{%p for n in tree recursive %}", "{{ loop.depth }} {{ n.name }}",
        "{%p if n.children %}", "{{p loop(n.children) }}", "{%p endif %}", "{%p endfor %}"], TREE,
         ["1 a", "2 b", "3 c", "2 d", "1 e"])
    case("for-if", "{% for x in xs if x > 1 %}{{ loop.index }}/{{ loop.length }}:{{ x }} {% endfor %}",
         XS, "1/2:3 2/2:2 ")
    case("for-else", "{% for x in no %}x{% else %}empty{% endfor %} {% for x in xs if x > 9 %}x"
         "{% else %}none{% endfor %}", {"no": [], **XS}, "empty none")
    case("for-missing", "[{% for x in nothing %}x{% endfor %}]", {}, "[]")
    case("for-unpack", "{% for a, b in pairs %}{{ a }}={{ b }};{% endfor %}"
         "{% for a, (b, c) in deep %}{{ a }}{{ b }}{{ c }}{% endfor %}",
         {"pairs": [["x", 1], ["y", 2]], "deep": [[1, [2, 3]]]}, "x=1;y=2;123")
    case("for-items", "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}"
         "{% for k in d %}{{ k }}{% endfor %}{% for v in d.values() %}{{ v }}{% endfor %}"
         "{% for k in d.keys() %}{{ k }}{% endfor %}{% for k, v in d|items %}{{ k }}{{ v }}{% endfor %}",
         {"d": {"b": 2, "a": 1}}, "b=2;a=1;ba21bab2a1")
    case("for-nested", "{% for x in xs %}{% set outer = loop %}{% for y in xs %}"
         "{{ outer.index }}{{ loop.index }} {% endfor %}{% endfor %}", {"xs": [1, 2]},
         "11 12 21 22 ")
    case("for-range", "{% for i in range(3) %}{{ i }}{% endfor %}{% for i in range(1, 10, 4) %}"
         "{{ i }}{% endfor %}{{ range(3)|list }}", {}, "012159[0, 1, 2]")
    case("for-break", "{% for x in xs %}{% if x == 2 %}{% continue %}{% endif %}{% if x == 4 %}"
         "{% break %}{% endif %}{{ x }}{% endfor %}", {"xs": [1, 2, 3, 4, 5]}, "13")
    case("for-text", "{% for c in 'aé中' %}{{ c }}.{% endfor %}", {}, "a.é.中.")
    case("for-scope", "{% set x = 1 %}{% for y in xs %}{% set x = y %}{{ x }}{% endfor %}{{ x }}",
         XS, "3121")
    case("for-across-runs", [["{% for x in xs %}", bold("{{ x }}"), ", {% endfor %}", "."]], XS,
         "3, 1, 2, .")
    case("for-across-paragraphs", ["a{% for x in xs %}", "{{ x }}", "b{% endfor %}c"], XS,
         ["a", "3", "b", "1", "b", "2", "bc"])
    case("for-sorted", "{% for p in ps|sort(attribute='n')|reverse %}{{ p.n }}{% endfor %}",
         {"ps": [{"n": 2}, {"n": 3}, {"n": 1}]}, "321")
    case("for-loop-in-table", table([
        ["{%tr for x in xs %}", "", ""],
        ["{{ loop.index }}", "{{ x }}", "{% if loop.last %}last{% else %}{{ loop.nextitem }}{% endif %}"],
        ["{%tr endfor %}", "", ""]]), XS, ["| 1 | 3 | 1 |", "| 2 | 1 | 2 |", "| 3 | 2 | last |"])


def branches():
    case("if", "{% if a %}a{% elif b %}b{% else %}c{% endif %}{% if not a %}d{% endif %}",
         {"a": False, "b": 1}, "bd")
    case("if-truth", "{% for v in vs %}{{ 'y' if v else 'n' }}{% endfor %}"
         "{% if nothing %}y{% else %}n{% endif %}",
         {"vs": [0, 1, "", "a", [], [0], {}, {"a": 1}, None, True, 0.0, 0.1]}, "nynynynynynyn")
    case("if-nested", "{% if a %}{% if b %}ab{% else %}a{% endif %}{% endif %}",
         {"a": 1, "b": 0}, "a")
    case("if-across-runs", [["{% if a %}", bold("A"), "{% else %}", "B", "{% endif %}", "."]],
         {"a": 1}, "A.")
    case("if-across-paragraphs", ["x{% if a %}", "y", "{% endif %}z"], {"a": 0}, ["xz"])
    case("if-chain", "{% if a > 1 and a < 3 or a == 7 %}1{% endif %}{% if 1 < a < 3 %}2{% endif %}"
         "{% if a in [1, 2] and 'x' not in s %}3{% endif %}{% if not (a == 2) %}4{% endif %}",
         {"a": 2, "s": "abc"}, "123")
    case("if-cell", table([["{% if a %}yes{% else %}no{% endif %}", "{% if b %}{{ b }}{% endif %}"]]),
         {"a": 1}, "| yes |  |")


def variables():
    case("set", "{% set x = 1 + 1 %}{{ x }}{% set a, b = 3, 4 %}{{ a }}{{ b }}", {}, "234")
    case("set-block", "{% set x %}<{{ a }}>{% endset %}[{{ x }}]", {"a": "&"}, "[<&>]")
    case("set-block-filter", "{% set x | upper %}abc{{ a }}{% endset %}[{{ x }}]", {"a": "d"}, "[ABCD]")
    case("set-across-runs", [["{% set x %}", bold("b"), "{% endset %}", "[{{ x }}]"]], {}, "[b]")
    case("set-across-paragraphs", ["{% set x = 5 %}", "{{ x }}"], {}, ["", "5"])
    case("namespace", "{% set ns = namespace(n=0, s='') %}{% for x in xs %}{% set ns.n = ns.n + x %}"
         "{% set ns.s = ns.s ~ x %}{% endfor %}{{ ns.n }} {{ ns.s }}", XS, "6 312")
    case("with", "{% with x = 1, y = 2 %}{{ x }}{{ y }}{% endwith %}{{ x }}", {"x": 9}, "129")
    case("do", "{% set l = [] %}{% for x in xs %}{% do l.append(x * 2) %}{% endfor %}{{ l|join(' ') }}",
         XS, "6 2 4")
    case("filter-block", "{% filter upper %}ab{{ x }}{% endfilter %}c", {"x": "d"}, "ABDc")
    case("autoescape", "{% autoescape true %}{{ x }}{% endautoescape %}", {"x": "<"}, "<")


def macros():
    case("macro", "{% macro hi(name, end='!') %}Hi {{ name }}{{ end }}{% endmacro %}"
         "{{ hi('Ann') }} {{ hi(name='Bob', end='?') }} {{ hi(x) }}", {"x": "<&>"},
         "Hi Ann! Hi Bob? Hi <&>!")
    case("macro-call", "{% macro box(t) %}[{{ t }}: {{ caller() }}]{% endmacro %}"
         "{% call box('a') %}in {{ x }}{% endcall %}", {"x": 1}, "[a: in 1]")
    case("macro-call-arguments", "{% macro each(xs) %}{% for x in xs %}{{ caller(x, loop.index) }};"
         "{% endfor %}{% endmacro %}{% call(v, n) each(xs) %}{{ n }}={{ v }}{% endcall %}", XS,
         "1=3;2=1;3=2;")
    case("macro-recursive", "{% macro down(n) %}{{ n }}{% if n %}{{ down(n - 1) }}{% endif %}"
         "{% endmacro %}{{ down(3) }}", {}, "3210")
    case("macro-paragraphs", ["{%p macro line(t) %}", "* {{ t }}", "{%p endmacro %}",
                              "{{p line('a') }}", "{{p line(x) }}", "z"], {"x": "<b>"},
         ["* a", "* <b>", "z"])
    case("macro-rows", [
        table([["{%tr macro line(a) %}"], ["- {{ a }}"], ["{%tr endmacro %}"],
               ["{%tr for x in xs %}"], ["{{tr line(x) }}"], ["{%tr endfor %}"]])], XS,
         ["| - 3 |", "| - 1 |", "| - 2 |"])
    case("macro-name", "{% macro m(a) %}{% endmacro %}{{ m.name }}", {}, "m")
    case("macro-varargs", "{% macro m(a) %}{{ varargs }}{% endmacro %}{{ m(1, 2) }}", {}, None,
         differs="a macro takes the arguments that it names, so that a wrong call is found",
         refused="docx/evaluation")
