"""Makes templates: a few words for what python-docx says at length.

`document("Hello {{ x }}", table([["a", "b"]]))` is the bytes of a `.docx`.
A block is a text (a paragraph), a list of runs (a paragraph of them), or an
element; a run is a text or an element; `w("<w:p/>")` makes any element.
"""

import io
import zipfile

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, nsmap
from lxml import etree

nsmap.setdefault("mc", "http://schemas.openxmlformats.org/markup-compatibility/2006")
nsmap.setdefault("wps", "http://schemas.microsoft.com/office/word/2010/wordprocessingShape")
nsmap.setdefault("v", "urn:schemas-microsoft-com:vml")
nsmap.setdefault("w14", "http://schemas.microsoft.com/office/word/2010/wordml")
NAMESPACES = nsdecls("w", "r", "wp", "a", "pic", "mc", "wps", "v", "w14")

W = nsmap["w"]
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def w(xml):
    """An element; the prefixes of Word are declared."""
    head, tail = xml.split(">", 1)
    closing = "/" if head.endswith("/") else ""
    return parse_xml(f"{head.removesuffix('/')} {NAMESPACES}{closing}>{tail}")


def markup(xml):
    """Elements side by side."""
    return list(w(f"<w:body>{xml}</w:body>"))


def run(text, properties=""):
    """A run; `\\t` is a tab and `\\n` a line break, as in Word."""
    properties = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    body = '</w:t><w:tab/><w:t xml:space="preserve">'.join(escape(text).split("\t"))
    body = body.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
    return w(f'<w:r>{properties}<w:t xml:space="preserve">{body}</w:t></w:r>')


def bold(text):
    return run(text, "<w:b/>")


def paragraph(*content, style="", properties=""):
    style = f'<w:pStyle w:val="{style}"/>' if style else ""
    properties = f"<w:pPr>{style}{properties}</w:pPr>" if style or properties else ""
    element = w(f"<w:p>{properties}</w:p>")
    for item in content:
        for piece in item if isinstance(item, list) else [item]:
            element.append(run(piece) if isinstance(piece, str) else piece)
    return element


def blocks(content):
    """The elements of a body, cell or other story."""
    for item in content:
        if isinstance(item, str):
            yield paragraph(item)
        elif isinstance(item, list):
            yield paragraph(*item)
        else:
            yield item


def cell(*content, properties=""):
    properties = f"<w:tcPr>{properties}</w:tcPr>" if properties else ""
    element = w(f"<w:tc>{properties}</w:tc>")
    element.extend(blocks(content or [""]))
    return element


def row(*cells, properties=""):
    properties = f"<w:trPr>{properties}</w:trPr>" if properties else ""
    element = w(f"<w:tr>{properties}</w:tr>")
    element.extend(cell(item, properties='<w:tcW w:w="2000" w:type="dxa"/>')
                   if isinstance(item, (str, list)) else item for item in cells)
    return element


def table(rows, widths=None):
    """A table of rows of cells; a cell is a text, a list of runs, or an element."""
    rows = [row(*cells) if isinstance(cells, list) else cells for cells in rows]
    widths = widths or [2000] * max(len(r.findall(f"{{{W}}}tc")) for r in rows)
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    element = w('<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>'
                '<w:tblW w:w="0" w:type="auto"/></w:tblPr>'
                f"<w:tblGrid>{columns}</w:tblGrid></w:tbl>")
    element.extend(rows)
    return element


def new():
    """An empty document of python-docx."""
    return Document()


def saved(document):
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def fill(document, content):
    body = document.element.body
    for element in blocks(content):
        body.insert(len(body) - 1, element)  # before the section's properties
    return document


def document(*content):
    """A document of these blocks."""
    return saved(fill(new(), content))


def entries(package):
    """The parts of a package, in order."""
    with zipfile.ZipFile(io.BytesIO(package)) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def packed(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)
    return out.getvalue()


def with_part(package, name, content, content_type, relation):
    """A package with one more part that its main document refers to."""
    parts = entries(package)
    parts[name] = content.encode()
    types = etree.fromstring(parts["[Content_Types].xml"])
    etree.SubElement(types, f"{{{types.nsmap[None]}}}Override",
                     PartName=f"/{name}", ContentType=content_type)
    parts["[Content_Types].xml"] = etree.tostring(
        types, xml_declaration=True, encoding="UTF-8", standalone=True)
    rels = "word/_rels/document.xml.rels"
    relations = etree.fromstring(parts[rels])
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    etree.SubElement(relations, f"{{{RELATIONSHIPS}}}Relationship", Id=f"rIdOf{relation}",
                     Type=f"{office}/{relation}", Target=name.removeprefix("word/"))
    parts[rels] = etree.tostring(
        relations, xml_declaration=True, encoding="UTF-8", standalone=True)
    return packed(parts)


def replaced(package, name, old, new):
    """A package with a text of one part replaced."""
    parts = entries(package)
    text = parts[name].decode()
    assert old in text, f"no {old!r} in {name}"
    parts[name] = text.replace(old, new).encode()
    return packed(parts)
