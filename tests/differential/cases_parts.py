"""Tags in every part of a document and in every kind of element."""

from case import case
from docx.enum.section import WD_SECTION
from word import (NAMESPACES, bold, document, entries, escape, fill, markup, new, packed,
                  paragraph, replaced, saved, w, with_part)

WORDPROCESSING = "application/vnd.openxmlformats-officedocument.wordprocessingml"
BODY = "word/document.xml"


def add(soffice):
    headers()
    notes()
    boxes()
    controls()
    properties()


def headers():
    made = new()
    section = made.sections[0]
    section.header.paragraphs[0].add_run("{{ title }} - ").bold = True
    section.header.paragraphs[0].add_run("{{ ti").italic = True
    section.header.paragraphs[0].add_run("tle }}")
    section.footer.paragraphs[0].add_run("{% for x in xs %}{{ x }} {% endfor %}")
    table = section.footer.add_table(2, 2, made.sections[0].page_width)
    table.rows[0].cells[0].text, table.rows[1].cells[1].text = "{{ title }}", "{{ xs|length }}"
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "First: {{ title }}"
    section.first_page_footer.paragraphs[0].text = "first footer, no tags"
    made.settings.odd_and_even_pages_header_footer = True
    section.even_page_header.paragraphs[0].text = "{%p if title %}"
    section.even_page_header.add_paragraph("even {{ title }}")
    section.even_page_header.add_paragraph("{%p endif %}")
    second = made.add_section(WD_SECTION.NEW_PAGE)
    second.header.is_linked_to_previous = False
    second.header.paragraphs[0].text = "Second: {{ title|upper }}"
    fill(made, ["body {{ title }}"])
    case("headers-footers", saved(made), {"title": "T & <t>", "xs": [1, 2]},
         {"word/header1.xml": "T & <t> - T & <t>", BODY: ["", "body T & <t>"],
          "word/footer1.xml": ["1 2 ", "| T & <t> |  |", "|  | 2 |"],
          "word/header2.xml": "First: T & <t>", "word/header3.xml": "even T & <t>",
          "word/header4.xml": "Second: T & <T>", "word/footer2.xml": "first footer, no tags"})
    plain = new()
    plain.sections[0].header.paragraphs[0].text = "plain header"
    fill(plain, ["{{ a }}"])
    case("header-without-tags", saved(plain), {"a": 1},
         {BODY: "1", "word/header1.xml": "plain header"})
    linked = new()
    linked.sections[0].footer.paragraphs[0].text = "{{r v }}"
    fill(linked, [""])
    case("footer-rich", saved(linked),
         {"v": {"$type": "RichText", "runs": [{"text": "x", "bold": True}]}},
         {"word/footer1.xml": "x"})


def part(name, kind, inside, body):
    root = {"footnotes": "footnotes", "endnotes": "endnotes", "comments": "comments"}[kind]
    xml = ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
           f"<w:{root} {NAMESPACES}>{inside}</w:{root}>")
    return with_part(document(*body), name, xml, f"{WORDPROCESSING}.{kind}+xml", kind)


def note(kind):
    edges = "".join(
        f'<w:{kind} w:type="{name}" w:id="{number}"><w:p><w:r><w:{tag}/></w:r></w:p></w:{kind}>'
        for name, number, tag in [("separator", -1, "separator"),
                                  ("continuationSeparator", 0, "continuationSeparator")])
    return (f'{edges}<w:{kind} w:id="1"><w:p><w:r><w:{kind}Ref/></w:r><w:r><w:t>About {{{{ </w:t>'
            f"</w:r><w:r><w:t>name }}}}</w:t></w:r></w:p></w:{kind}>")


def notes():
    for kind in ("footnote", "endnote"):
        body = [["{{ name }}", w(f'<w:r><w:{kind}Reference w:id="1"/></w:r>'), "."]]
        supported = kind == "footnote"
        case(f"{kind}s", part(f"word/{kind}s.xml", f"{kind}s", note(kind), body),
             {"name": "A<n>n"}, {BODY: "A<n>n.", f"word/{kind}s.xml": ["", "", "About A<n>n"]},
             differs="" if supported else "docxtpl does not merge endnotes",
             unread=() if supported else ("word/endnotes.xml",))
    body = [[w('<w:commentRangeStart w:id="1"/>'), "{{ name }}", w('<w:commentRangeEnd w:id="1"/>'),
             w('<w:r><w:commentReference w:id="1"/></w:r>')]]
    inside = ('<w:comment w:id="1" w:author="a" w:date="2020-01-01T00:00:00Z"><w:p><w:r>'
              "<w:t>Ask {{ name }}</w:t></w:r></w:p></w:comment>")
    case("comments", part("word/comments.xml", "comments", inside, body), {"name": "Ann"},
         {BODY: "Ann", "word/comments.xml": "Ask Ann"},
         differs="docxtpl does not merge comments", unread=("word/comments.xml",))


def box(inside):
    """A text box as Word writes it: DrawingML, and VML for older programs."""
    return w(f"""<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>
<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="900000" cy="900000"/>
<wp:docPr id="5" name="Box"/><a:graphic>
<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">
<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/>
<a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr>
<wps:txbx><w:txbxContent>{inside}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp>
</a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict>
<v:rect style="width:70pt;height:70pt"><v:textbox><w:txbxContent>{inside}</w:txbxContent>
</v:textbox></v:rect></w:pict></mc:Fallback></mc:AlternateContent></w:r>""".replace("\n", ""))


def boxes():
    line = "<w:p><w:r><w:t>In {{ na</w:t></w:r><w:r><w:t>me }}</w:t></w:r></w:p>"
    case("text-box", [["a {{ name }} ", box(line), " z {{ name }}"]], {"name": "Ann"},
         ["a Ann  z Ann", "> In Ann", "> In Ann"])
    block = ("<w:p><w:r><w:t>{%p for x in xs %}</w:t></w:r></w:p><w:p><w:r><w:t>{{ x }}</w:t></w:r>"
             "</w:p><w:p><w:r><w:t>{%p endfor %}</w:t></w:r></w:p>")
    case("text-box-loop", [["a", box(block), "z"]], {"xs": [1, 2]},
         ["az", "> 1", "> 2", "> 1", "> 2"])
    case("text-box-repeated", ["{%p for x in xs %}",
                               [box("<w:p><w:r><w:t>{{ x }}</w:t></w:r></w:p>")], "{%p endfor %}"],
         {"xs": [1, 2]}, ["", "> 1", "> 1", "", "> 2", "> 2"])


CELLS = ('<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid><w:gridCol w:w="2000"/>'
         '<w:gridCol w:w="2000"/></w:tblGrid><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>INSIDE'
         "</w:tr></w:tbl>")


def controls():
    def control(inside):
        return f'<w:sdt><w:sdtPr><w:tag w:val="t"/></w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>'
    inner = "<w:r><w:t>{{ name }}</w:t></w:r>"
    case("control-run", [["a ", w(control(inner)), " z"]], {"name": "Ann"}, "a Ann z")
    case("control-block", [w(control(f"<w:p>{inner}</w:p>")), "z {{ name }}"], {"name": "Ann"},
         ["Ann", "z Ann"])
    case("control-block-loop", [w(control(
        "<w:p><w:r><w:t>{%p for x in xs %}</w:t></w:r></w:p><w:p><w:r><w:t>{{ x }}</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>{%p endfor %}</w:t></w:r></w:p>")), "z"], {"xs": [1, 2]}, ["1", "2", "z"])
    case("control-cell", w(CELLS.replace(
        "INSIDE", control(f"<w:tc><w:p>{inner}</w:p></w:tc>"))), {"name": "Ann"},
         "| a | Ann |", differs="docxtpl takes a control's cell for none, and a column away",
         result=w(CELLS.replace("INSIDE", control(f"<w:tc><w:p>{inner}</w:p></w:tc>").replace(
             "{{ name }}", "Ann"))))
    case("hyperlink", [["see ", w('<w:hyperlink w:anchor="x"><w:r><w:rPr><w:u w:val="single"/></w:rPr>'
                                  "<w:t>{{ na</w:t></w:r><w:r><w:t>me }}</w:t></w:r></w:hyperlink>"),
                        bold("!")]], {"name": "Ann"}, "see Ann!")
    case("field", [[*markup(
        "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText> REF x </w:instrText></w:r>"
        "<w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>{{ name }}</w:t></w:r>"
        "<w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>")[0], " z"]], {"name": "Ann"}, "Ann z")
    case("field-instruction", [[*markup(
        "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r>"
        '<w:instrText xml:space="preserve"> HYPERLINK "{{ url }}" </w:instrText></w:r>'
        "<w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>x</w:t></w:r>"
        "<w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>")[0], "{{ url }}"]],
         {"url": "https://x.org/?a=1&b=2"}, "xhttps://x.org/?a=1&b=2")
    case("section-break", [paragraph("{{ a }}", properties="<w:sectPr/>"), "{{ a }}"], {"a": 1},
         ["1", "1"])
    case("picture-description", [[w(
        '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        '<wp:extent cx="9" cy="9"/><wp:docPr id="5" name="x" descr="{{ name }}"/><a:graphic>'
        '<a:graphicData uri="u"/></a:graphic></wp:inline></w:drawing></w:r>'), "z"]],
         {"name": 'A "<n>" & n'}, "[picture]z")


CORE = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cp:coreProperties xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties">FIELDS
</cp:coreProperties>"""


def with_core(body, **fields):
    """A document with these properties; a name like `dc_title` has its prefix."""
    fields = {name.replace("_", ":"): escape(value) for name, value in fields.items()}
    xml = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    parts = entries(document(body))
    parts["docProps/core.xml"] = CORE.replace("FIELDS", xml).encode()
    return packed(parts)


def properties():
    context = {"title": "T & <t>", "people": ["a", "b"]}
    case("core-properties", with_core(
        "{{ title }}", dc_title="{{ title }}", dc_creator="{{ people|join(', ') }}",
        dc_subject="S {{ title }}", dc_description="{% if title %}yes{% endif %}",
        dc_identifier="id {{ title }}", dc_language="zh", cp_keywords="no tags"), context,
         {BODY: "T & <t>", "docProps/core.xml": [
             "title: T & <t>", "creator: a, b", "subject: S T & <t>", "description: yes",
             "identifier: id T & <t>", "language: zh", "cp:keywords: no tags"]},
         differs="docxtpl escapes these values twice",
         result=with_core("T & <t>", dc_title="T & <t>", dc_creator="a, b",
                          dc_subject="S T & <t>", dc_description="yes",
                          dc_identifier="id T & <t>", dc_language="zh", cp_keywords="no tags"))
    case("core-properties-plain", with_core(
        "x", dc_title="{{ title }}", dc_subject="{{ people[0] }}"), {"title": "T", "people": ["a"]},
         {BODY: "x", "docProps/core.xml": ["title: T", "subject: a"]})
    core = with_core("x", cp_keywords="{{ title }}", cp_category="{{ title }}!")
    case("core-keywords", core, context,
         {BODY: "x", "docProps/core.xml": ["cp:keywords: T & <t>", "cp:category: T & <t>!"]},
         differs="docxtpl leaves keywords and category out",
         result=replaced(core, "docProps/core.xml", "{{ title }}", "T &amp; &lt;t>"))
    app = replaced(document("x"), "docProps/app.xml", "<Company/>", "<Company>{{ title }}</Company>")
    case("app-properties", app, context, {BODY: "x"},
         differs="docxtpl does not merge these properties",
         result=replaced(app, "docProps/app.xml", "{{ title }}", "T &amp; &lt;t>"))
