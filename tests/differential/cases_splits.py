"""Tags that an editor has split over runs, in every way that we have seen."""

from case import case
from word import bold, paragraph, run, table, w

PROOF = '<w:proofErr w:type="spellStart"/>'
PAGE = "<w:r><w:lastRenderedPageBreak/></w:r>"


def add(soffice):
    every_character()
    delimiters()
    between()
    looks()


def letters(text):
    return [run(letter) for letter in text]


def every_character():
    case("split-every-character", [letters("Dear {{ name }}!")], {"name": "Ann"}, "Dear Ann!")
    case("split-every-character-bold", [[bold(letter) for letter in "Dear {{ name }}!"]],
         {"name": "Ann"}, "Dear Ann!")
    case("split-every-statement", [letters("{% for x in xs %}{{ x }},{% endfor %}")],
         {"xs": [1, 2]}, "1,2,")
    case("split-every-paragraph", [letters("{%p if a %}"), "x", letters("{%p endif %}"), "z"],
         {"a": 1}, ["x", "z"])
    case("split-every-row", table([[letters("{%tr for x in xs %}")], [letters("{{ x }}")],
                                   [letters("{%tr endfor %}")]]), {"xs": [1, 2]},
         ["| 1 |", "| 2 |"])
    case("split-every-cell", table([[letters("{%tc for x in xs %}"), letters("{{ x }}"),
                                     letters("{%tc endfor %}")]]), {"xs": [1, 2, 3]},
         ["| 1 | 2 | 3 |"])
    case("split-every-comment", [letters("a{# note #}b")], {}, "ab")
    case("split-every-cellbg", table([[letters("{% cellbg c %}x{% colspan 2 %}")], ["a", "b"]]),
         {"c": "FF0000"}, ["| x |", "| a | b |"])


def delimiters():
    for number, pieces in enumerate([
        ["{", "{ name }}"], ["{{ name }", "}"], ["{", "{", " name ", "}", "}"],
        ["a{", "{name}", "}b"], ["{{", "name", "}}"], ["{{ na", "me }}"],
        ["x {{ name }}{", "{ name }} y"],
    ], 1):
        text = "".join(pieces).replace("{{ name }}", "Ann").replace("{{name}}", "Ann")
        case(f"split-print-{number}", [pieces], {"name": "Ann"}, text)
    for number, pieces in enumerate([
        ["{", "% if a %}yes{% endif %", "}"], ["{%", " if a ", "%}yes{% end", "if %}"],
        ["{% if a %", "}", "yes", "{", "%", " endif ", "%", "}"],
    ], 1):
        case(f"split-statement-{number}", [pieces], {"a": 1}, "yes")


def between():
    for name, xml in [("proof", PROOF), ("page", PAGE),
                      ("proof-twice", PROOF + '<w:proofErr w:type="spellEnd"/>'),
                      ("empty-run", "<w:r><w:rPr><w:b/></w:rPr></w:r>")]:
        case(f"split-by-{name}", [["{{", *elements(xml), "name }} z"]], {"name": "Ann"}, "Ann z")
    case("split-by-bookmark", [[*elements('<w:bookmarkStart w:id="7" w:name="here"/>'),
                                "{{ na", *elements('<w:bookmarkEnd w:id="7"/>'), "me }} z"]],
         {"name": "Ann"}, "Ann z",
         differs="docxtpl deletes the bookmark's end with the markup inside the tag",
         reference=[[*elements('<w:bookmarkStart w:id="7" w:name="here"/>'), "{{ name }}",
                     *elements('<w:bookmarkEnd w:id="7"/>'), " z"]])
    case("bookmark-repeated", ["{%p for x in [1, 2] %}", [
        *elements('<w:bookmarkStart w:id="7" w:name="here"/>'), "{{ x }}",
        *elements('<w:bookmarkEnd w:id="7"/>')], "{%p endfor %}"], {}, ["1", "2"],
         differs="docxtpl repeats the bookmark's name, which no two may share",
         result=[[*elements('<w:bookmarkStart w:id="7" w:name="here"/>'), "1",
                  *elements('<w:bookmarkEnd w:id="7"/>')],
                 [*elements('<w:bookmarkStart w:id="8" w:name="here_2"/>'), "2",
                  *elements('<w:bookmarkEnd w:id="8"/>')]])


def elements(xml):
    return list(w(f"<w:p>{xml}</w:p>"))


def looks():
    case("split-looks", [["a ", bold("{{ "), run("name", "<w:i/>"), run(" }} b", "<w:u w:val='single'/>")]],
         {"name": "Ann"}, "a Ann b",
         differs="huikan keeps the look of the text after the tag; docxtpl gives it the tag's",
         result=[["a ", bold("Ann"), run(" b", "<w:u w:val='single'/>")]])
    case("split-looks-apart", [["a ", bold("{{ "), run("name", "<w:i/>"), bold(" }}"), " b"]],
         {"name": "Ann"}, "a Ann b")
    case("split-statement-looks", [[run("{% if a %}", "<w:i/>"), bold("yes"),
                                    run("{% else %}", "<w:i/>"), "no", run("{% endif %}", "<w:i/>")]],
         {"a": True}, "yes")
    case("split-rsid", [[w('<w:r w:rsidR="00A1"><w:t>{{ na</w:t></w:r>'),
                         w('<w:r w:rsidR="00A2"><w:t>me }}</w:t></w:r>')]], {"name": "Ann"}, "Ann")
    case("split-tab-inside", [[run("{{ name\t}}"), " {% if\tname %}x{% endif %}"]],
         {"name": "Ann"}, "Ann x",
         differs="docxtpl has no tab or line break inside tags",
         reference="{{ name }} {% if name %}x{% endif %}")
    case("split-insertion", [[w('<w:ins w:id="1" w:author="a" w:date="2020-01-01T00:00:00Z"><w:r>'
                                "<w:t>{{ name }}</w:t></w:r></w:ins>"),
                              w('<w:del w:id="2" w:author="a" w:date="2020-01-01T00:00:00Z"><w:r>'
                                "<w:delText>old</w:delText></w:r></w:del>"), " z"]],
         {"name": "Ann"}, "Annold z")
    case("split-two-texts", [[w("<w:r><w:t>{{ na</w:t><w:t>me }}</w:t></w:r>"), " z"]],
         {"name": "Ann"}, "Ann z")
    case("split-list", [paragraph(*letters("{{ a }}"), style="ListBullet", properties="<w:jc w:val='right'/>"),
                        paragraph("{{", "a", "}}", style="Title")], {"a": 1}, ["1", "1"])
