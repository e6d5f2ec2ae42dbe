"""The form in which two merged documents are compared.

Both are read as XML and written as lines, one for each element. On the way the
following is made equal, and nothing else:

1. Ids that a program may choose: relationship ids are replaced by what they lead
   to, ids and names of pictures left out, bookmark ids replaced by the bookmark's
   name, `w14:paraId` and `w14:textId` left out (no two paragraphs may share one,
   so a repeated paragraph must give its own up).
2. Runs are cut where formatting changes, not where a program happens to cut:
   neighbours with the same properties are one run, runs without content are none,
   and so are texts without characters.
3. Spaces at the edges of a `w:t` count only under `xml:space="preserve"`, as in
   Word; `xml:space` itself is then left out.
4. Properties (`w:rPr`, `w:pPr`, `w:tcPr` …) are sets: their children are sorted, an
   empty one is none, and `<w:b w:val="true"/>` is `<w:b/>`. The one program writes
   them in schema order, the other does not; the validator judges the order.
5. `w:proofErr` and `w:lastRenderedPageBreak` say nothing about the document.
6. `w:hint` on `w:rFonts`: set on purpose for East Asian punctuation.
7. A `w:shd` without a pattern is `clear` on `auto`: what Word makes of it.
8. A cell that does not end with a paragraph gets one: Word wants it.
9. In pictures, what says the default is left out: distances of 0, an empty
   description, an empty `a:avLst`.
10. In the properties of the document an empty element is none.
"""

import posixpath
import zlib

from lxml import etree

from word import entries

NS = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
}
W = f"{{{NS['w']}}}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
SAYS_NOTHING = {f"{W}proofErr", f"{W}lastRenderedPageBreak"}
PROPERTIES = {f"{W}{name}" for name in ("rPr", "pPr", "tcPr", "trPr", "tblPr", "sdtPr")}
DROPPED_ATTRIBUTES = {f"{{{NS['w14']}}}paraId", f"{{{NS['w14']}}}textId", SPACE}
MODEL = f"{{{NS['wp']}}}docPr", f"{{{NS['pic']}}}cNvPr"


def dump(package, part):
    """The lines of one part of a package."""
    parts = entries(package)
    root = etree.fromstring(parts[part])
    normalise(root, relations(parts, part))
    lines = []
    write(root, 0, lines)
    return lines


def relations(parts, part):
    """What each relationship of a part leads to, in words."""
    folder, name = posixpath.split(part)
    rels = parts.get(f"{folder}/_rels/{name}.rels")
    if rels is None:
        return {}
    found = {}
    for relation in etree.fromstring(rels):
        target = relation.get("Target")
        kind = posixpath.basename(relation.get("Type"))
        if relation.get("TargetMode") != "External":
            path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            # A picture may have any name: its content counts.
            target = f"{zlib.crc32(parts[path]):08x}" if kind == "image" else path
        found[relation.get("Id")] = f"{kind} {target}"
    return found


def normalise(root, leads):
    bookmarks = {}
    for element in list(root.iter(etree.Element)):
        if element.tag in SAYS_NOTHING:
            element.getparent().remove(element)
            continue
        for name, value in list(element.attrib.items()):
            if name in DROPPED_ATTRIBUTES:
                if name == SPACE and element.tag == f"{W}t":
                    continue
                del element.attrib[name]
            elif name.startswith(f"{{{NS['r']}}}"):
                element.set(name, leads.get(value, f"nothing: {value}"))
        if element.tag in MODEL:
            element.attrib.pop("id", None)
            element.attrib.pop("name", None)
            if element.get("descr") == "":
                del element.attrib["descr"]
        if element.tag == f"{{{NS['wp']}}}inline":
            for name in [name for name in element.attrib if element.get(name) == "0"]:
                del element.attrib[name]
        if element.tag == f"{{{NS['a']}}}avLst" and not len(element):
            element.getparent().remove(element)
        if element.tag == f"{W}bookmarkStart":
            bookmarks[element.get(f"{W}id")] = element.get(f"{W}name")
            del element.attrib[f"{W}id"]
        if element.tag == f"{W}bookmarkEnd":
            old = element.get(f"{W}id")
            element.set(f"{W}id", bookmarks.get(old, f"nothing: {old}"))
        if element.tag == f"{W}rFonts":
            element.attrib.pop(f"{W}hint", None)
        if element.tag == f"{W}shd" and element.get(f"{W}val") is None:
            element.set(f"{W}val", "clear")
            element.set(f"{W}color", element.get(f"{W}color", "auto"))
        if element.tag == f"{W}t":
            text(element)
        if element.tag == f"{W}tc" and (not len(element) or element[-1].tag != f"{W}p"):
            etree.SubElement(element, f"{W}p")
    # From the inside out: what is inside decides whether there is anything.
    for element in reversed(list(root.iter(etree.Element))):
        if element.tag in PROPERTIES:
            properties(element)
        elif element.tag == f"{W}r":
            if all(child.tag == f"{W}rPr" for child in element):
                element.getparent().remove(element)
        elif element.tag == f"{W}rFonts" and not element.attrib:
            element.getparent().remove(element)
        elif root.tag == f"{{{NS['cp']}}}coreProperties" and element is not root:
            if not (element.text or "").strip() and not len(element):
                root.remove(element)
    for element in list(root.iter(etree.Element)):
        join_runs(element)
    if root.tag == f"{{{NS['cp']}}}coreProperties":
        root[:] = sorted(root, key=lambda child: child.tag)


def text(element):
    content = element.text or ""
    if element.attrib.pop(SPACE, None) != "preserve":
        content = content.strip(" \t\r\n")
    element.text = content
    if not content:
        element.getparent().remove(element)


def properties(element):
    for child in element:
        value = child.get(f"{W}val")
        if value in ("1", "true", "on") and len(child.attrib) == 1:
            del child.attrib[f"{W}val"]
    element[:] = sorted(element, key=canonical)
    if not len(element) and not element.attrib:
        element.getparent().remove(element)


def join_runs(parent):
    previous = None
    for child in list(parent):
        if child.tag != f"{W}r":
            previous = None
        elif previous is None or look(previous) != look(child):
            previous = child
        else:
            previous.extend(item for item in list(child) if item.tag != f"{W}rPr")
            parent.remove(child)
    if parent.tag == f"{W}r":
        join_texts(parent)


def join_texts(element):
    previous = None
    for child in list(element):
        if child.tag == f"{W}t" and previous is not None:
            previous.text += child.text
            element.remove(child)
        else:
            previous = child if child.tag == f"{W}t" else None


def look(element):
    found = element.find(f"{W}rPr")
    return b"" if found is None else canonical(found)


def canonical(element):
    return etree.tostring(element, method="c14n", exclusive=True, with_tail=False)


PREFIXES = {uri: prefix for prefix, uri in NS.items()}


def short(name):
    qualified = etree.QName(name)
    prefix = PREFIXES.get(qualified.namespace, "")
    return f"{prefix}:{qualified.localname}" if prefix not in ("", "w") else qualified.localname


def write(element, depth, lines):
    if not isinstance(element.tag, str):
        return
    attributes = "".join(f" {short(name)}={value!r}"
                         for name, value in sorted(element.attrib.items()))
    shown = (element.text or "") if element.tag == f"{W}t" else (element.text or "").strip()
    lines.append("  " * depth + short(element.tag) + attributes
                 + (f" {shown!r}" if shown else ""))
    for child in element:
        write(child, depth + 1, lines)


def story(package, part):
    """What a reader sees of a part: one line for a paragraph or a row; for the
    properties of a document, one for each that says something."""
    root = etree.fromstring(entries(package)[part])
    if root.tag.startswith(W):
        return "\n".join(read_blocks(root))
    return "\n".join(f"{short(e.tag)}: {e.text.strip()}" for e in root.iter(etree.Element)
                     if not len(e) and (e.text or "").strip())


def read_blocks(parent):
    for child in parent:
        if child.tag == f"{W}p":
            yield read_paragraph(child)
            for box in child.iter(f"{W}txbxContent"):
                yield from (f"> {line}" for line in read_blocks(box))
        elif child.tag == f"{W}tbl":
            for row in child.iter(f"{W}tr"):
                if next(row.iterancestors(f"{W}tbl")) is child:
                    cells = [c for c in row.iter(f"{W}tc")
                             if next(c.iterancestors(f"{W}tr")) is row]
                    yield "| " + " | ".join(" / ".join(read_blocks(c)) for c in cells) + " |"
        elif isinstance(child.tag, str):
            yield from read_blocks(child)


SIGNS = {f"{W}tab": "\\t", f"{W}br": "\\n", f"{W}cr": "\\n", f"{W}drawing": "[picture]",
         f"{W}noBreakHyphen": "-"}


def read_paragraph(paragraph):
    """The text of a paragraph, without that of text boxes in it."""
    out = ""
    for element in paragraph.iter(etree.Element):
        boxes = [a for a in element.iterancestors(f"{W}p")]
        if not boxes or boxes[0] is not paragraph or element.tag == f"{W}p":
            continue
        if element.tag in (f"{W}t", f"{W}delText"):
            content = element.text or ""
            out += content if element.get(SPACE) == "preserve" else content.strip()
        elif element.tag == f"{W}br" and element.get(f"{W}type") == "page":
            out += "\\f"
        elif element.getparent().tag == f"{W}r":
            has_box = next(element.iter(f"{W}txbxContent"), None) is not None
            out += "" if has_box else SIGNS.get(element.tag, "")
    return out
