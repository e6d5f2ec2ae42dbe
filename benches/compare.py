#!/usr/bin/env python3
"""Times huikan beside its peers on the real report: same data, template, fonts.

    pip install typst docxtpl
    cargo build && python3 benches/compare.py [-n 15] [--huikan PATH] [--typst PATH]

Every figure is a whole cold process, taken in turn (A B A B …) so that a drift of
the machine hits all alike; the ratio is of medians. Peak memory is the system's
own account of the process. The last part prints the stages inside huikan, and
the warm rebuild of `huikan watch`.

Peers:
- typst: the files of `huikan build --eject`, compiled by stock Typst with the same
  fonts folder, no system fonts, and the same PDF standards. By default this is
  PyPI `typst` (its interpreter's start is measured on its own and taken off); a
  `typst` binary can be named with --typst.
- docxtpl: the same Word template's content, merged by PyPI docxtpl.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EDITION = "xinchang-8"

PYPI_TYPST = """
import sys, typst
typst.compile(sys.argv[1] + "/main.typ", output=sys.argv[2], root=sys.argv[1],
              font_paths=[sys.argv[3]], ignore_system_fonts=True,
              pdf_standards=["a-2a", "ua-1"])
"""

DOCXTPL = """
import json, sys
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
template = DocxTemplate(sys.argv[1])
data = json.load(open(sys.argv[2], encoding="utf-8"))
pictures = json.load(open(sys.argv[3], encoding="utf-8"))
def image(path, **size):
    return InlineImage(template, pictures[path], width=Mm(80))
data["image"] = image
template.render(data, autoescape=True)
template.save(sys.argv[4])
"""


def run(command, **options):
    """Runs a command; returns seconds and peak memory in MiB."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **options
    )
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status != 0:
        sys.exit(f"failed: {command}\n{error.decode(errors='replace')}")
    return seconds, usage.ru_maxrss / 1024


def measure(commands, runs):
    """Runs named commands in turn; returns name -> list of (seconds, MiB)."""
    samples = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, command in commands.items():
            sample = run(command)
            if turn > 0:
                samples[name].append(sample)
    return samples


def median(samples, index=0):
    return statistics.median(sample[index] for sample in samples)


def row(name, samples, less=0.0):
    seconds = sorted(sample[0] for sample in samples)
    print(
        f"  {name:<34} {1000 * (seconds[0] - less):8.1f} {1000 * (median(samples) - less):8.1f}"
        f" {1000 * (seconds[-1] - less):8.1f} ms  {median(samples, 1):7.1f} MiB"
    )


def with_title(ejected, work):
    """Stock Typst takes the title, which PDF/UA wants, from the template."""
    main = (ejected / "main.typ").read_text(encoding="utf-8")
    (ejected / "main.typ").write_text('#set document(title: "handout")\n' + main, encoding="utf-8")
    return ejected


def plain_template(huikan_template, target):
    """The Word template as docxtpl can render it: rich text as plain paragraphs,
    and without what only a real picture part can be."""
    import re
    import zipfile

    with zipfile.ZipFile(huikan_template) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for item in source.infolist():
            content = source.read(item)
            if item.filename == "word/document.xml":
                text = content.decode("utf-8")
                text = re.sub(r"\{\{p ([^}]+)\}\}", r"{{ \1 }}", text)
                text = re.sub(r"\{\{r (image[^}]+)\}\}", r"{{ \1 }}", text)
                content = text.encode("utf-8")
            out.writestr(item, content)


def plain_data(resolved, target):
    """The resolved data with rich text as strings."""

    def words(node):
        if isinstance(node, str):
            return node
        if isinstance(node, list):
            return "".join(words(item) for item in node)
        if isinstance(node, dict):
            return "".join(words(item) for item in node.values())
        return ""

    def plain(node):
        if isinstance(node, dict):
            if node.get("$type") == "markdown":
                return "\n".join(words(block) for block in node["blocks"])
            return {key: plain(item) for key, item in node.items()}
        if isinstance(node, list):
            return [plain(item) for item in node]
        return node

    data = json.loads(Path(resolved).read_text(encoding="utf-8"))
    Path(target).write_text(json.dumps(plain(data), ensure_ascii=False), encoding="utf-8")


def bitmaps(huikan, work):
    """The pictures of huikan's own draft as PNG files, for a peer that draws no SVG:
    a file that says which dataset path is which bitmap."""
    import zipfile

    subprocess.run([huikan, "build", EDITION, "-f", "docx", "-o", work / "draft"], cwd=ROOT,
                   check=True, capture_output=True)
    with zipfile.ZipFile(next((work / "draft").glob("*.docx"))) as draft:
        names = [name for name in draft.namelist() if name.endswith(".png")]
        files = [draft.extract(name, work / "media") for name in names]
    data = json.loads((ROOT / f"data/{EDITION}.json").read_text(encoding="utf-8"))
    photos = [photo["src"] for highlight in data["highlights"] for photo in highlight.get("photos", [])]
    table = {f"/project/data/{src}": file for src, file in zip(photos, files)}
    (work / "pictures.json").write_text(json.dumps(table), encoding="utf-8")


def stages(huikan, out, formats, work, runs):
    """Medians of the stages inside a cold process, in ms; `outside` is the wall
    time of the same process less Typst's compile and export."""
    samples = []
    command = [huikan, "build", EDITION, "--project", str(ROOT), "-f", formats, "-o", out,
               "--timings", "--message-format", "json"]
    for _ in range(runs):
        with open(work / "stages.jsonl", "w+", encoding="utf-8") as log:
            start = time.perf_counter()
            process = subprocess.Popen(command, stdout=log)
            os.wait4(process.pid, 0)
            wall = 1000 * (time.perf_counter() - start)
            log.seek(0)
            objects = [json.loads(line) for line in log]
        found = next(item for item in objects if item["kind"] == "timings")
        found["outside"] = wall - found["compile"] - found["export"]
        samples.append(found)
    names = [name for name in samples[0] if name not in ("kind", "edition")]
    return {name: statistics.median(sample[name] for sample in samples) for name in names}


def watch(huikan, work, runs):
    """Median time of a rebuild in `huikan watch` after one figure of the text has changed."""
    project = work / "watched"
    subprocess.run([huikan, "init", project], check=True, capture_output=True)
    data = project / "data/sample.json"
    data.unlink()
    target = project / f"data/{EDITION}.json"
    original = (ROOT / f"data/{EDITION}.json").read_text(encoding="utf-8")
    for photo in (ROOT / "data/photos").iterdir():
        (project / "data/photos" / photo.name).write_bytes(photo.read_bytes())
    target.write_text(original, encoding="utf-8")
    process = subprocess.Popen(
        [huikan, "watch", "-f", "pdf", "--lang", "en"], cwd=project,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )
    times = []
    try:
        for turn in range(runs + 2):
            line = process.stderr.readline()
            while "took" not in line:
                line = process.stderr.readline()
            if turn > 0:
                times.append(int(line.split("took ")[1].split(" ms")[0]))
            time.sleep(0.3)
            target.write_text(original.replace("374人", f"{400 + turn}人"), encoding="utf-8")
    finally:
        process.kill()
    return statistics.median(times[1:])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=int, default=15, help="counted runs (at least 9)")
    parser.add_argument("--huikan", default=str(ROOT / "target/debug/huikan"))
    parser.add_argument("--typst", help="a stock typst binary instead of PyPI typst")
    options = parser.parse_args()
    runs, huikan = max(9, options.n), options.huikan
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        compare(work, huikan, options.typst, runs)


def compare(work, huikan, typst, runs):
    ejected, fonts, out = work / "ejected", ROOT / "fonts", str(work / "out")
    subprocess.run([huikan, "build", EDITION, "--eject", ejected], cwd=ROOT, check=True, capture_output=True)
    plain_data(ejected / "data.json", work / "plain.json")
    plain_template(ROOT / "templates/handout/main.docx", work / "plain.docx")
    bitmaps(huikan, work)
    with_title(ejected, work)
    build = [huikan, "build", EDITION, "--project", str(ROOT), "-o", out]
    peer_pdf = str(work / "peer.pdf")
    if typst:
        stock = [typst, "compile", "--root", str(ejected), "--font-path", str(fonts),
                 "--ignore-system-fonts", "--pdf-standard", "a-2a,ua-1",
                 str(ejected / "main.typ"), peer_pdf]
        start = ["true"]
    else:
        stock = [sys.executable, "-c", PYPI_TYPST, str(ejected), peer_pdf, str(fonts)]
        start = [sys.executable, "-c", "import typst"]
    commands = {
        "huikan build -f pdf": [*build, "-f", "pdf"],
        "huikan build -f pdf --fonts fonts": [*build, "-f", "pdf", "--fonts", str(fonts)],
        "huikan build -f docx": [*build, "-f", "docx"],
        "huikan build -f pdf,docx": [*build, "-f", "pdf,docx"],
        "stock typst": stock,
        "  of it, starting the interpreter": start,
        "docxtpl": [sys.executable, "-c", DOCXTPL, str(work / "plain.docx"),
                    str(work / "plain.json"), str(work / "pictures.json"), str(work / "peer.docx")],
    }
    samples = measure(commands, runs)
    print(f"cold processes, {runs} runs each: min, median, max, peak memory")
    for name, found in samples.items():
        row(name, found)
    less = median(samples["  of it, starting the interpreter"])
    stock_net = median(samples["stock typst"]) - less
    print("ratios of medians")
    for name in list(commands)[:2]:
        mine = median(samples[name])
        print(f"  {name} / stock typst: {mine / median(samples['stock typst']):.2f}"
              f" (net of its interpreter: {mine / stock_net:.2f}),"
              f" peak memory {median(samples[name], 1) / median(samples['stock typst'], 1):.2f}")
    docx = median(samples["huikan build -f docx"])
    print(f"  huikan build -f docx / docxtpl: {docx / median(samples['docxtpl']):.3f}")
    print("stages inside a cold build, median ms")
    pages = stages(huikan, out, "pdf", work, runs)
    draft = stages(huikan, out, "docx", work, runs)
    for name, found in (("pdf", pages), ("docx", draft)):
        shown = [f"{stage} {value:.1f}" for stage, value in found.items()
                 if value > 0 and stage != "outside"]
        print(f"  {name}: " + ", ".join(shown))
    cold = 1000 * median(samples["huikan build -f pdf"])
    print(f"outside of Typst's compile and export: {pages['outside']:.1f} ms of a cold build")
    warm = watch(huikan, work, runs)
    print(f"warm rebuild in `huikan watch`: {warm:.0f} ms, {warm / cold:.2f} of a cold build")


if __name__ == "__main__":
    main()
