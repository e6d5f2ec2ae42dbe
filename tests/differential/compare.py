"""Merges the same templates with docxtpl and with huikan, and compares.

    python3 tests/differential/compare.py --huikan target/debug/huikan \
        --validator target/judges/node_modules/.bin/ooxml-validator

One line a case; for one that fails, what is wrong and a diff from docxtpl's result
(-) to huikan's (+). Exits with 1 if any fails. What is compared, and how, is told
in `normalise.py`; cases are in `cases_*.py`; see `case.py` for what one says.
"""

import argparse
import difflib
import importlib
import json
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from docxtpl import DocxTemplate
from jinja2 import Environment

sys.dont_write_bytecode = True  # tests leave nothing in the source

import anchors
import normalise
import pictures
import sound
import values
from case import CASES
from word import entries

HERE = Path(__file__).parent
EXTENSIONS = ["jinja2.ext.do", "jinja2.ext.loopcontrols"]


def main():
    options = arguments()
    for module in sorted(HERE.glob("cases_*.py")):
        importlib.import_module(module.stem).add(options.soffice)
    names = [case.name for case in CASES]
    assert len(names) == len(set(names)), "two cases of one name"
    wanted = [case for case in CASES if not options.only or case.name in options.only]
    if options.list:
        print("\n".join(case.name for case in wanted))
        return 0
    if unknown := set(options.only or []) - set(names):
        print(f"no such case: {', '.join(sorted(unknown))}")
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        with ThreadPoolExecutor(options.jobs) as pool:
            results = pool.map(lambda case: Comparison(case, options, folder).run(), wanted)
            failed = sum(report(case, faults) for case, faults in zip(wanted, results))
    agree = sum(not case.differs for case in wanted)
    print(f"{len(wanted)} cases: {agree} to be equal, {len(wanted) - agree} that differ "
          f"on purpose; {failed} failed")
    return 1 if failed or not wanted else 0


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--only", metavar="NAME", action="append", help="this case")
    parser.add_argument("--list", action="store_true", help="only list the cases")
    parser.add_argument("--huikan", default="target/debug/huikan", metavar="PATH")
    parser.add_argument("--validator", metavar="PATH", help="the Open XML SDK's validator")
    parser.add_argument("--soffice", default="soffice", metavar="PATH", help="LibreOffice")
    parser.add_argument("--keep", metavar="DIR", type=Path, help="keep all files here")
    parser.add_argument("--jobs", type=int, default=2)
    return parser.parse_args()


def report(case, faults):
    """Prints the line of a case; whether it failed."""
    if not faults:
        print(f"ok    {case.name}" + (f"  (on purpose: {case.differs})" if case.differs else ""))
        return False
    print(f"FAIL  {case.name}")
    for fault in faults:
        print("\n".join(f"      {line}" for line in fault.splitlines()))
    return True


class Comparison:
    """One case on its way through both programs."""

    def __init__(self, case, options, folder):
        self.case, self.options = case, options
        self.folder = folder / case.name
        self.faults = []

    def run(self):
        try:
            self.merge()
        except Exception as error:  # a case that cannot run has failed
            self.faults.append(f"{type(error).__name__}: {error}")
        return self.faults

    def merge(self):
        case = self.case
        self.folder.mkdir(parents=True, exist_ok=True)
        pictures.write(self.folder)
        (self.folder / "template.docx").write_bytes(case.template)
        (self.folder / "context.json").write_text(
            json.dumps(case.context, ensure_ascii=False), encoding="utf-8")
        ours = self.huikan()
        if ours is None:
            return
        self.stories(ours)
        self.faults += sound.faults(ours)
        self.untouched(ours)
        self.anchored(ours)
        self.validated()
        if case.result is not None:
            self.compare(ours, case.result, case.unread)
        else:
            theirs = self.docxtpl(case.reference or case.template)
            self.compare(ours, theirs, case.unread)
        if case.differs and self.agrees(ours):
            self.faults.append("docxtpl's result is the same: it does not differ")

    def huikan(self, *options):
        out = self.folder / ("draft.docx" if options else "huikan.docx")
        ran = subprocess.run(
            [self.options.huikan, "merge", self.folder / "template.docx",
             self.folder / "context.json", "-o", out, "--lang", "en", *options],
            capture_output=True, text=True)
        said = (ran.stdout + ran.stderr).strip()
        if self.case.refused:
            if ran.returncode == 0 or self.case.refused not in said:
                self.faults.append(f"not refused with {self.case.refused}\n{said}")
            return None
        if ran.returncode != 0:
            self.faults.append(f"huikan failed\n{said}")
            return None
        return out.read_bytes()

    def anchored(self, ours):
        """A draft is the clean document, but for its anchors."""
        draft = self.huikan("--anchors")
        if draft is None:
            return
        self.faults += sound.faults(draft)
        plain = anchors.removed(draft)
        for name, content in entries(self.case.template).items():
            if sound.has_tags(content):
                # The runs in anchors are new: no editing session has made them.
                clean, draft = (
                    [re.sub(r" rsid\w+='\w+'", "", line) for line in normalise.dump(package, name)]
                    for package in (ours, plain))
                self.equal(name, clean, draft)

    def docxtpl(self, source):
        path = self.folder / "reference.docx"
        path.write_bytes(source)
        template = DocxTemplate(path)
        template.init_docx()
        context = values.typed(template, self.case.context, self.folder)
        template.render(context, Environment(extensions=EXTENSIONS), autoescape=True)
        out = self.folder / "docxtpl.docx"
        template.save(out)
        return out.read_bytes()

    def stories(self, ours):
        if self.case.expect is None:
            return
        for part, expected in self.case.stories().items():
            story = normalise.story(ours, part)
            if story != expected:
                self.faults.append(f"{part} does not read as expected\n" + diff(
                    expected.splitlines(), story.splitlines()))

    def untouched(self, ours):
        """Parts without tags are the template's, byte for byte."""
        before, after = entries(self.case.template), entries(ours)
        self.faults += [f"{name} is gone" for name in before if name not in after]
        for name, content in before.items():
            if after.get(name, content) != content and not self.may_change(
                    name, content, after[name]):
                self.faults.append(f"{name} has no tags, and was changed")

    def may_change(self, name, before, after):
        if name.endswith(".rels") or name == "[Content_Types].xml":
            return sound.grew(before, after)
        return sound.has_tags(before)

    def agrees(self, ours):
        """Whether docxtpl makes of the template itself what huikan makes."""
        before, self.faults = self.faults, []
        try:
            self.compare(ours, self.docxtpl(self.case.template))
            return not self.faults
        except Exception:  # docxtpl fails, or its result cannot be read
            return False
        finally:
            self.faults = before

    def compare(self, ours, theirs, unread=()):
        for name, content in entries(self.case.template).items():
            if not sound.has_tags(content) or name in unread:
                continue
            part = sound.counterpart(self.case.template, theirs, name)
            self.equal(name, normalise.dump(theirs, part), normalise.dump(ours, name))

    def equal(self, part, theirs, ours):
        if theirs != ours:
            self.faults.append(f"{part}\n" + diff(theirs, ours))

    def validated(self):
        """No more errors than the template has."""
        if self.options.validator is None:
            return
        ours = self.errors("huikan.docx")
        if not ours:
            return
        new = list(ours)
        for error in self.errors("template.docx"):
            if error in new:
                new.remove(error)
        self.faults += [f"invalid: {error}" for error in new]

    def errors(self, file):
        ran = subprocess.run([self.options.validator, self.folder / file],
                             capture_output=True, text=True)
        if ran.returncode not in (0, 1):
            raise RuntimeError(f"the validator failed: {ran.stderr}")
        errors = json.loads(ran.stdout)["errors"]
        return [error["description"] for error in errors]


def diff(theirs, ours):
    lines = difflib.unified_diff(theirs, ours, lineterm="", n=4)
    return "\n".join(list(lines)[2:])


if __name__ == "__main__":
    sys.exit(main())
