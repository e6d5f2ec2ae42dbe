"""Drafts with anchors, and what is left of them when the anchors are taken out."""

import io
import re
import zipfile

from lxml import etree

from normalise import W
from word import entries

OURS = re.compile(r"_?jp\d{4,}")


def removed(package):
    """The package of a draft without its anchors."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, content in entries(package).items():
            if name.startswith("word/") and name.endswith(".xml") and b"_jp" in content:
                content = without(etree.fromstring(content))
            target.writestr(name, content)
    return out.getvalue()


def without(root):
    """A part with the content of our controls in their place, without our bookmarks."""
    ids = set()
    for start in list(root.iter(f"{W}bookmarkStart")):
        if OURS.match(start.get(f"{W}name")):
            ids.add(start.get(f"{W}id"))
            start.getparent().remove(start)
    for end in list(root.iter(f"{W}bookmarkEnd")):
        if end.get(f"{W}id") in ids:
            end.getparent().remove(end)
    for control in list(root.iter(f"{W}sdt")):
        tag = control.find(f"{W}sdtPr/{W}tag")
        if tag is not None and OURS.match(tag.get(f"{W}val")):
            parent = control.getparent()
            at = parent.index(control)
            parent[at:at + 1] = list(control.find(f"{W}sdtContent"))
    return etree.tostring(root, encoding="utf-8")
