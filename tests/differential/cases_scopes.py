"""Tags that stand for the paragraph, row, cell or run around them, and joins."""

from case import case
from word import bold, cell, paragraph, row, run, table, w

PEOPLE = {"people": [{"name": "Ann", "age": 31, "tags": ["a", "b"]},
                     {"name": "Bob", "age": 25, "tags": []},
                     {"name": "Cy", "age": 40, "tags": ["c"]}]}


def add(soffice):
    paragraphs()
    rows()
    cells()
    runs()
    joins()
    about_cells()


def paragraphs():
    case("p-for", ["before", "{%p for p in people %}",
                   paragraph(bold("{{ p.name }}"), " is {{ p.age }}", style="ListBullet"),
                   "{%p endfor %}", "after"], PEOPLE,
         ["before", "Ann is 31", "Bob is 25", "Cy is 40", "after"])
    case("p-if", ["{%p if a %}", "yes", "{%p elif b %}", "maybe", "{%p else %}", "no",
                  "{%p endif %}", "{%p if b %}", "b", "{%p endif %}"], {"a": False, "b": True},
         ["maybe", "b"])
    case("p-nested", ["{%p for p in people %}", "{{ p.name }}", "{%p for t in p.tags %}",
                      "- {{ t }}", "{%p else %}", "- none", "{%p endfor %}", "{%p endfor %}"],
         PEOPLE, ["Ann", "- a", "- b", "Bob", "- none", "Cy", "- c"])
    case("p-print", ["a", "{{p v }}", "z"],
         {"v": {"$type": "RichTextParagraph", "paragraphs": [{"text": "x"}, {"text": "y"}]}},
         ["a", "x", "y", "z"])
    case("p-look", [paragraph(bold("{%p if a %}"), style="Heading1"), "in",
                    [run("{%p ", "<w:i/>"), "endif", bold(" %}")]], {"a": 1}, ["in"])
    case("p-table", ["{%p for p in people %}", table([["{{ p.name }}", "{{ p.age }}"]]),
                     "{%p endfor %}", "end"], PEOPLE,
         ["| Ann | 31 |", "| Bob | 25 |", "| Cy | 40 |", "end"])
    case("p-in-cell", table([[cell("{%p for t in ts %}", "{{ t }}", "{%p endfor %}"), "x"]]),
         {"ts": ["a", "b"]}, ["| a / b | x |"])
    case("p-empties-cell", [table([[cell("{%p if a %}", "in", "{%p endif %}"), "x"]]), "z"],
         {"a": 0}, ["|  | x |", "z"])
    case("p-three-on-a-line", ["{%p if a %}x{%p endif %}", "z"], {"a": 1}, ["z"],
         differs="docxtpl keeps the last tag only, an error of Jinja's; huikan keeps both "
                 "and says that the text beside them is not printed", result=["z"])
    case("p-set", ["{%p set x = 3 %}", "{{ x }}"], {}, ["3"])
    case("p-comment", ["a", "{#p note #}", "z"], {}, ["a", "z"])


def rows():
    case("tr-for", table([["Name", "Age"], ["{%tr for p in people %}", ""],
                          ["{{ p.name }}", "{{ p.age }}"], ["{%tr endfor %}", ""],
                          ["Sum", "{{ people|sum(attribute='age') }}"]]), PEOPLE,
         ["| Name | Age |", "| Ann | 31 |", "| Bob | 25 |", "| Cy | 40 |", "| Sum | 96 |"])
    case("tr-if", table([["{%tr if a %}"], ["a"], ["{%tr else %}"], ["not a"], ["{%tr endif %}"],
                         ["z"]]), {"a": False}, ["| not a |", "| z |"])
    case("tr-one-row", table([["h", "h"], ["{%tr for p in people %}{{ p.name }}",
                                           "{{ p.age }}{%tr endfor %}"], ["z", "z"]]),
         PEOPLE, ["| h | h |", "| z | z |"],
         differs="docxtpl keeps the last tag only, an error of Jinja's; huikan keeps both "
                 "and says that the text beside them is not printed",
         result=table([["h", "h"], ["z", "z"]]))
    case("tr-nested", table([["{%tr for p in people %}"], ["{{ p.name }}"],
                             ["{%tr for t in p.tags %}"], ["- {{ t }}"], ["{%tr endfor %}"],
                             ["{%tr endfor %}"]]), PEOPLE,
         ["| Ann |", "| - a |", "| - b |", "| Bob |", "| Cy |", "| - c |"])
    case("tr-group", table([["{%tr for g in people|groupby('age')%}"], ["{{ g.grouper }}"],
                            ["{%tr for p in g.list %}"], ["{{ p.name }}"], ["{%tr endfor %}"],
                            ["{%tr endfor %}"]]),
         {"people": [{"name": "a", "age": 2}, {"name": "b", "age": 1}, {"name": "c", "age": 2}]},
         ["| 1 |", "| b |", "| 2 |", "| a |", "| c |"])
    case("tr-properties", table([
        ["{%tr for i in [1, 2] %}"],
        row("{{ i }}", properties='<w:trHeight w:val="500"/><w:tblHeader/>'),
        ["{%tr endfor %}"]]), {}, ["| 1 |", "| 2 |"])
    case("tr-nested-table", [
        table([["{%tr for p in people %}", ""],
               ["{{ p.name }}", cell(table([["{%tr for t in p.tags %}"], ["{{ t }}"],
                                            ["{%tr endfor %}"], ["."]]), "")],
               ["{%tr endfor %}", ""]]), "z"], PEOPLE,
         ["| Ann | | a | / | b | / | . | /  |", "| Bob | | . | /  |", "| Cy | | c | / | . | /  |",
          "z"])
    case("tr-merged", table([
        row(cell("A", properties='<w:gridSpan w:val="2"/>')),
        ["{%tr for p in people %}", ""],
        row(cell("{{ p.name }}", properties='<w:vMerge w:val="restart"/>'), cell("{{ p.age }}")),
        row(cell("", properties="<w:vMerge/>"), cell("{{ p.tags|join }}")),
        ["{%tr endfor %}", ""]], widths=[2000, 2000]), PEOPLE,
         ["| A |", "| Ann | 31 |", "|  | ab |", "| Bob | 25 |", "|  |  |", "| Cy | 40 |",
          "|  | c |"])
    case("tr-comment", table([["a"], ["{#tr note #}"], ["z"]]), {}, ["| a |", "| z |"])


def cells():
    case("tc-for", table([["Name", "{%tc for c in cols %}", "{{ c }}", "{%tc endfor %}"],
                          ["x", "{%tc for c in cols %}", "{{ loop.index }}", "{%tc endfor %}"]],
                         widths=[2000, 1000, 1000, 1000]), {"cols": ["a", "b", "c", "d"]},
         ["| Name | a | b | c | d |", "| x | 1 | 2 | 3 | 4 |"])
    case("tc-if", table([["a", "{%tc if x %}", "b", "{%tc endif %}", "z"],
                         ["1", "{%tc if x %}", "2", "{%tc endif %}", "3"]]), {"x": True},
         ["| a | b | z |", "| 1 | 2 | 3 |"])
    case("tc-if-not", table([["a", "{%tc if x %}", "b", "{%tc endif %}", "z"],
                             ["1", "{%tc if x %}", "2", "{%tc endif %}", "3"]]), {"x": False},
         ["| a | z |", "| 1 | 3 |"])
    case("tc-in-tr", table([["{%tr for r in rows %}", "", ""],
                            ["{%tc for c in r %}", "{{ c }}", "{%tc endfor %}"],
                            ["{%tr endfor %}", "", ""]]), {"rows": [[1, 2, 3], [4, 5, 6]]},
         ["| 1 | 2 | 3 |", "| 4 | 5 | 6 |"])
    case("tc-grid-grows", table([["{%tc for c in cols %}", "{{ c }}", "{%tc endfor %}"]],
                                widths=[1000, 2000, 3000]), {"cols": list(range(7))},
         ["| 0 | 1 | 2 | 3 | 4 | 5 | 6 |"])
    case("tc-grid-shrinks", table([["{%tc for c in cols %}", "{{ c }}", "{%tc endfor %}"]],
                                  widths=[1000, 2000, 3000]), {"cols": [1]}, ["| 1 |"])
    case("tc-comment", table([["a", "{#tc note #}", "z"], ["1", "2", "3"]]), {},
         ["| a | z |", "| 1 | 2 | 3 |"])


def runs():
    rich = {"$type": "RichText", "runs": [{"text": "x", "bold": True}, {"text": "y"}]}
    case("r-print", [["a", run("{{r v }}", "<w:i/>"), "z"]], {"v": rich}, "axyz")
    case("r-print-inside", [[run("a {{r v }} z", "<w:i/>")]], {"v": rich}, "a xy z",
         differs="the text beside the tag keeps its look; docxtpl's second half loses it",
         reference=[[run("a ", "<w:i/>"), "{{r v }}", run(" z", "<w:i/>")]])
    case("r-if", [["a", bold("{%r if x %}"), run("b", "<w:i/>"), "{%r else %}", "c",
                   "{%r endif %}", "z"]], {"x": True}, "abz")
    case("r-for", [["{%r for x in xs %}", bold("{{ x }}"), ", ", "{%r endfor %}", "."]],
         {"xs": [1, 2]}, "1, 2, .")
    case("r-one-run", [["{%r if x %}b{%r else %}c{%r endif %}"]], {"x": False}, "c")
    case("r-variable", "{{ r }} {{r}} {{ p }} {{ tr }}", {"r": 1, "p": 2, "tr": 3}, "1 1 2 3")
    case("r-split", [["{{", "r ", "v", bold(" }"), "}"]], {"v": rich}, "xy")


def joins():
    case("join-both", ["one {%- if a -%}", " two ", "{%- endif -%}", "three"], {"a": True},
         ["one two three"])
    case("join-after", ["one {% if a -%}", "two {% endif %}", "three"], {"a": True},
         ["one two ", "three"])
    case("join-before", ["one", "{%- if a %} two", "{%- endif %} three"], {"a": True},
         ["one two three"])
    case("join-runs", [["one", bold("{%- if a %} two"), "{%- endif %} three"]], {"a": True},
         ["one two three"])
    case("join-in-line", "x   {%- if a -%}   y   {%- endif -%}   z", {"a": True}, "xyz")
    case("join-in-line-later", ["before", "x   {%- if a -%}   y   {%- endif -%}   z", "after"],
         {"a": True}, ["before", "xyz", "after"],
         differs="docxtpl deletes the text between a dash and the next text",
         result=["before", "xyz", "after"])
    case("join-comment", "a  {#- note -#}  b {#- note #} c", {}, "ab c")
    case("join-loop", ["List: {% for x in xs -%}", "{{ x }}{% if not loop.last %}, {% endif -%}",
                       "{% endfor %}."], {"xs": [1, 2, 3]}, ["List: 1, 2, 3."])
    case("join-print", "a {{- x -}} b", {"x": 1}, "a1b")


def about_cells():
    tc = '<w:tcW w:w="2000" w:type="dxa"/>'
    case("cellbg", table([[cell("{% cellbg c %}{{ t }}", properties=tc), "z"]]),
         {"c": "FF0000", "t": "red"}, ["| red | z |"])
    case("cellbg-loop", table([
        ["{%tr for c in cs %}"], [cell("{% cellbg c.c %}{{ c.t }}", properties=tc)],
        ["{%tr endfor %}"]]),
         {"cs": [{"c": "FF0000", "t": "r"}, {"c": "00FF00", "t": "g"}]}, ["| r |", "| g |"])
    case("cellbg-own-run", table([[cell(["{% cellbg c %}", bold("{{ t }}")], properties=tc)]]),
         {"c": "FF0000", "t": "red"}, ["| red |"])
    case("cellbg-shaded", table([[cell(
        "{% cellbg c %}x", properties=tc + '<w:shd w:val="clear" w:color="auto" w:fill="0000FF"/>'
                                           '<w:vAlign w:val="center"/>')]]),
         {"c": "FF0000"}, ["| x |"])
    case("cellbg-no-properties", table([[cell("{% cellbg c %}x")]]), {"c": "FF0000"}, ["| x |"],
         differs="docxtpl needs a cell that has properties",
         result=table([[cell(
             "x", properties='<w:shd w:val="clear" w:color="auto" w:fill="FF0000"/>')]]))
    case("cellbg-split", table([[cell(["{%", " cell", "bg c ", "%}", "x"], properties=tc)]]),
         {"c": "FF0000"}, ["| x |"])
    case("cellbg-hash", table([[cell("{% cellbg c %}x", properties=tc)]]), {"c": "#ff0000"},
         ["| x |"], differs="docxtpl writes the `#`, which is invalid",
         reference=table([[cell("{% cellbg c[1:] %}x", properties=tc)]]))
    case("colspan", table([[cell("{% colspan n %}x", properties=tc)], ["a", "b", "c"]]),
         {"n": 3}, ["| x |", "| a | b | c |"])
    case("colspan-spanned", table([[cell(
        "{% colspan n %}x", properties=tc + '<w:gridSpan w:val="2"/>'), "y"], ["a", "b", "c"]]),
         {"n": 2}, ["| x | y |", "| a | b | c |"])
    case("colspan-cellbg", table([[cell("{% colspan n %}{% cellbg c %}x", properties=tc)],
                                  ["a", "b"]]), {"n": 2, "c": "00FF00"}, ["| x |", "| a | b |"])
    case("colspan-loop", table([
        ["{%tc for c in cs %}", cell("{% colspan c.n %}{{ c.t }}", properties=tc),
         "{%tc endfor %}"], ["1", "2", "3"]]),
         {"cs": [{"n": 2, "t": "a"}, {"n": 1, "t": "b"}]}, ["| a | b |", "| 1 | 2 | 3 |"])
    case("vm", table([["{%tr for p in ps %}", ""],
                      [cell("{% vm %}group", properties=tc), "{{ p }}"],
                      ["{%tr endfor %}", ""]]), {"ps": ["a", "b", "c"]},
         ["| group | a |", "|  | b |", "|  | c |"])
    case("vm-look", table([["{%tr for p in ps %}", ""],
                           [cell([bold("x {% vm %} y")], properties=tc), "{{ p }}"],
                           ["{%tr endfor %}", ""]]), {"ps": ["a", "b"]},
         ["| x  y | a |", "|  | b |"])
    case("hm", table([["{%tc for c in cs %}", cell("{% hm %}{{ title }}", properties=tc),
                       "{%tc endfor %}"],
                      ["{%tc for c in cs %}", "{{ c }}", "{%tc endfor %}"]]),
         {"cs": ["a", "b", "c"], "title": "T"}, ["| T |", "| a | b | c |"])
    case("hm-spanned", table([["{%tc for c in cs %}",
                               cell("{% hm %}T", properties=tc + '<w:gridSpan w:val="2"/>'),
                               "{%tc endfor %}"],
                              ["{%tc for c in cs %}", "{{ c }}", "{{ c }}{{ c }}",
                               "{%tc endfor %}"]], widths=[1000] * 4),
         {"cs": ["a", "b"]}, ["| T |", "| a | aa | b | bb |"])
    case("vm-cellbg", table([["{%tr for p in ps %}", ""],
                             [cell("{% vm %}{% cellbg c %}x", properties=tc), "{{ p }}"],
                             ["{%tr endfor %}", ""]]), {"ps": ["a", "b"], "c": "FF0000"},
         ["| x | a |", "|  | b |"])
