"""What others do for the same editions, warm and cold."""

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import measure
from editions import ROOT, STYLE, as_html

CLOCK = """
import time
def clock(work, items):
    work(items[0])
    wall, processor = time.perf_counter(), time.process_time()
    for item in items:
        work(item)
    print(time.perf_counter() - wall, time.process_time() - processor)
"""

# One compiler for all editions, which keeps its sources, fonts and caches.
TYPST = CLOCK + """
import pathlib, shutil, sys, typst
root, fonts, out = map(pathlib.Path, sys.argv[1:4])
compiler = typst.Compiler(str(root / "main.typ"), root=str(root), font_paths=[str(fonts)], ignore_system_fonts=True)
def work(name):
    shutil.copy(root.parent / "data" / name, root / "data.json")
    compiler.compile(output=str(out / (name + ".pdf")), pdf_standards=["a-2a", "ua-1"])
clock(work, sys.argv[4:])
"""

TYPST_COLD = """
import sys, typst
typst.compile(sys.argv[1] + "/main.typ", output=sys.argv[2], root=sys.argv[1], font_paths=[sys.argv[3]],
              ignore_system_fonts=True, pdf_standards=["a-2a", "ua-1"])
"""

# The template is read once; each document has a fresh DocxTemplate, which it needs.
DOCXTPL = CLOCK + """
import io, json, pathlib, sys
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
template, picture, out = pathlib.Path(sys.argv[1]).read_bytes(), sys.argv[2], pathlib.Path(sys.argv[3])
def work(path):
    document = DocxTemplate(io.BytesIO(template))
    data = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    data["image"] = lambda path, **size: InlineImage(document, picture, width=Mm(80))
    document.render(data, autoescape=True)
    document.save(out / (pathlib.Path(path).stem + ".docx"))
clock(work, sys.argv[4:])
"""

# Fonts and style sheet are read once.
WEASYPRINT = CLOCK + """
import logging, pathlib, sys
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
logging.getLogger("fontTools").setLevel(logging.ERROR)
style, base, out = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
fonts = FontConfiguration()
css = CSS(string=style.read_text(encoding="utf-8"), font_config=fonts)
def work(path):
    target = out / (pathlib.Path(path).stem + ".pdf")
    HTML(filename=path, base_url=base).write_pdf(target, stylesheets=[css], font_config=fonts, pdf_variant="pdf/ua-1")
clock(work, sys.argv[4:])
"""


def installed(module, shown):
    """Whether a peer is there; says so if not."""
    found = importlib.util.find_spec(module) is not None
    if not found:
        print(f"  {shown:<44} not installed: pip install {module}")
    return found


def dealt(items, hands):
    return [items[hand::hands] for hand in range(hands)]


def python(script, *arguments):
    return [sys.executable, "-c", script, *map(str, arguments)]


class Peers:
    """The peers of a project; `names` are its datasets, in order."""

    def __init__(self, work, huikan, count):
        self.work, self.huikan = work, huikan
        self.project = work / "project"
        self.count = count
        self.fonts = work / "fonts"
        subprocess.run([huikan, "fonts", "--export", self.fonts], cwd=work, check=True, capture_output=True)
        files = sorted((self.project / "data").glob("*.json"))[:count]
        self.editions = [file.stem for file in files]
        ejected = work / "ejected"
        for start in range(0, count, 500):
            some = self.editions[start:start + 500]
            command = [huikan, "build", *some, "-f", "pdf", "--eject", ejected]
            subprocess.run(command, cwd=self.project, check=True, capture_output=True)
        # One edition alone is ejected to the folder itself.
        self.folders = sorted(folder for folder in ejected.iterdir() if folder.is_dir())
        self.prepare_typst()

    def prepare_typst(self):
        for folder in self.folders:
            # Stock Typst takes the title, which PDF/UA wants, from the template.
            main = folder / "main.typ"
            main.write_text('#set document(title: "handout")\n' + main.read_text(encoding="utf-8"), encoding="utf-8")
        self.data = self.work / "typst-data"
        self.data.mkdir()
        for folder in self.folders:
            shutil.copy(folder / "data.json", self.data / f"{folder.name}.json")

    def typst(self, cores):
        """A warm process for each core."""
        name = f"typst, warm, {cores} process(es)"
        if not installed("typst", name):
            return None
        commands = []
        for hand, folders in enumerate(dealt(self.folders, cores)):
            place = self.work / f"typst-{cores}-{hand}"
            shutil.copytree(self.folders[0], place / "root")
            (place / "data").symlink_to(self.data)
            (place / "out").mkdir()
            names = [f"{folder.name}.json" for folder in folders]
            commands.append(python(TYPST, place / "root", self.fonts, place / "out", *names))
        return measure.row(name, measure.side_by_side(commands, len(self.folders)), peak=False)

    def typst_cold(self, sample):
        """A process for each document, as from a shell loop, on one core."""
        if not installed("typst", "typst, a process a document"):
            return None
        folders = self.folders[:sample]
        samples = [
            measure.timed(python(TYPST_COLD, folder, self.work / "cold.pdf", self.fonts), 1, 1) for folder in folders
        ]
        total = measure.Sample(
            len(samples), sum(s.wall for s in samples), sum(s.processor for s in samples), max(s.peak for s in samples)
        )
        return measure.row(f"typst, a process a document, {len(samples)} of them", total)

    def plain(self):
        """The handout's Word template and data as docxtpl can render them: rich text as plain
        paragraphs, the pictures as one bitmap."""
        spec = importlib.util.spec_from_file_location("compare", ROOT / "benches/compare.py")
        compare = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(compare)
        template = self.work / "plain.docx"
        compare.plain_template(ROOT / "templates/handout/main.docx", template)
        folder = self.work / "plain"
        folder.mkdir(exist_ok=True)
        for file in self.data.iterdir():
            compare.plain_data(file, folder / file.name)
        return template, sorted(folder.iterdir())

    def docxtpl(self, sample):
        """A warm process on one core."""
        name = f"docxtpl, warm, 1 process, {sample} of them"
        if not installed("docxtpl", name):
            return None
        template, files = self.plain()
        out = self.work / "docxtpl"
        out.mkdir()
        command = python(DOCXTPL, template, self.picture(), out, *files[:sample])
        return measure.row(name, measure.side_by_side([command], min(sample, len(files))), peak=False)

    def picture(self):
        """A bitmap of the photo, as huikan makes one for its draft."""
        import zipfile

        out = self.work / "draft"
        command = [self.huikan, "build", self.editions[0], "-f", "docx", "-o", out]
        subprocess.run(command, cwd=self.project, check=True, capture_output=True)
        with zipfile.ZipFile(next(out.glob("*.docx"))) as draft:
            name = next(name for name in draft.namelist() if name.endswith(".png"))
            return draft.extract(name, self.work)

    def weasyprint(self, sample):
        """A warm process on one core; its HTML has the same text and the same fonts."""
        name = f"weasyprint, warm, 1 process, {sample} of them"
        if not installed("weasyprint", name):
            return None
        pages, out = self.work / "html", self.work / "weasyprint"
        pages.mkdir()
        out.mkdir()
        for edition in self.editions[:sample]:
            data = json.loads((self.project / f"data/{edition}.json").read_text(encoding="utf-8"))
            (pages / f"{edition}.html").write_text(as_html(data), encoding="utf-8")
        style = self.work / "style.css"
        style.write_text(STYLE.replace("FONTS", self.fonts.resolve().as_uri()), encoding="utf-8")
        base = (self.project / "data").resolve().as_uri() + "/"
        command = python(WEASYPRINT, style, base, out, *sorted(pages.iterdir()))
        return measure.row(name, measure.side_by_side([command], min(sample, len(self.editions))), peak=False)
