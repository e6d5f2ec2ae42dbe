"""A case: a template, a context, and what must come out."""

from dataclasses import dataclass

import word


@dataclass
class Case:
    """One template merged with one context by both programs.

    `expect` is what a reader sees of huikan's output (see `normalise.story`): of the
    body, or of several parts by their names. Both programs' parts with tags must be
    equal, unless `differs` says why not; then one of these says what huikan does:

    - `reference`: a template that docxtpl merges right, to the same result;
    - `result`: a document that huikan's result equals, where docxtpl has no way to it;
    - `refused`: the code of the error that huikan gives instead of an output;
    - `unread`: parts that docxtpl does not merge at all; `expect` says theirs.
    """

    name: str
    template: bytes
    context: dict
    expect: str | dict | None
    differs: str = ""
    reference: bytes | None = None
    result: bytes | None = None
    refused: str = ""
    unread: tuple = ()

    def stories(self):
        if isinstance(self.expect, dict):
            return self.expect
        return {"word/document.xml": self.expect}


CASES: list[Case] = []


def case(name, content, context, expect, **rest):
    """Notes a case; `content` is a package, a block, or a list of blocks."""
    for other in {"reference", "result"} & set(rest):
        rest[other] = made(rest[other])
    CASES.append(Case(name, made(content), context, lines(expect), **rest))


def made(content):
    if isinstance(content, bytes):
        return content
    return word.document(*(content if isinstance(content, (list, tuple)) else [content]))


def lines(expect):
    """Expected lines may be written as a list."""
    if isinstance(expect, dict):
        return {part: lines(story) for part, story in expect.items()}
    return "\n".join(expect) if isinstance(expect, list) else expect
