"""What must hold for every output of huikan, whatever the case."""

import posixpath
import re

from lxml import etree

from normalise import NS, W, relations
from word import entries

TAG = re.compile(r"\{[{%#]|[{}%]_[{}%]")
R = f"{{{NS['r']}}}"


def has_tags(content):
    """Whether a part has something like a tag, in text or attributes."""
    try:
        root = etree.fromstring(content)
    except etree.XMLSyntaxError:
        return False
    if TAG.search("".join(root.itertext())):
        return True
    return any(TAG.search(value) for element in root.iter(etree.Element)
               for value in element.attrib.values())


def grew(before, after):
    """Whether a list of relationships or types has all its entries, and more."""
    def items(xml):
        return {tuple(sorted(child.attrib.items())) for child in etree.fromstring(xml)}
    return items(before) < items(after)


def counterpart(template, other, name):
    """The part of another package that a part became: python-docx may rename."""
    there = entries(other)
    if name in there:
        return name
    def uses(package):
        return relations(entries(package), "word/document.xml")
    ids = [key for key, what in uses(template).items() if what.endswith(f" {name}")]
    return uses(other)[ids[0]].split(" ", 1)[1]


def faults(package):
    parts = entries(package)
    for name, content in parts.items():
        if not name.endswith((".xml", ".rels")):
            continue
        root = etree.fromstring(content)
        yield from structure(name, root)
        yield from references(name, root, parts)
    yield from unique(parts)


def structure(name, root):
    for cell in root.iter(f"{W}tc"):
        if not len(cell) or cell[-1].tag != f"{W}p":
            yield f"{name}: a cell does not end with a paragraph"
    for around, inside in [("tbl", "tr"), ("tr", "tc")]:
        for element in root.iter(f"{W}{around}"):
            if element.find(f"{W}{inside}") is None and not list(element.iter(f"{W}{inside}")):
                yield f"{name}: an empty w:{around}"
    for tag in ("p", "r", "tc", "tr", "tbl"):
        for element in root.iter(f"{W}{tag}"):
            loose = [element.text, *(child.tail for child in element)]
            if any((text or "").strip() for text in loose):
                yield f"{name}: text directly in w:{tag}"


def references(name, root, parts):
    folder, file = posixpath.split(name)
    known = relations(parts, name) if f"{folder}/_rels/{file}.rels" in parts else {}
    for element in root.iter(etree.Element):
        for attribute, value in element.attrib.items():
            if attribute.startswith(R) and value not in known:
                yield f"{name}: {value} leads nowhere"
    starts = [e.get(f"{W}id") for e in root.iter(f"{W}bookmarkStart")]
    ends = [e.get(f"{W}id") for e in root.iter(f"{W}bookmarkEnd")]
    if len(set(starts)) < len(starts) or sorted(starts) != sorted(ends):
        yield f"{name}: bookmarks {starts} end with {ends}"


def unique(parts):
    """Ids and names that no two elements of a document may share."""
    seen = {}
    for name, content in parts.items():
        if not (name.startswith("word/") and name.endswith(".xml")):
            continue
        root = etree.fromstring(content)
        for kind, path in [("drawing", "//wp:docPr/@id"), ("paragraph", "//w:p/@w14:paraId"),
                           ("bookmark", "//w:bookmarkStart/@w:name"),
                           ("control", "//w:sdtPr/w:id/@w:val")]:
            for value in root.xpath(path, namespaces=NS):
                if seen.setdefault((kind, value), 0):
                    yield f"{name}: a second {kind} {value}"
                seen[kind, value] += 1
