#!/usr/bin/env python3
"""Times the Word engine: warm rates, long tables, and what the lint costs.

    pip install docxtpl
    cargo build && python3 benches/word.py [-n 5] [--huikan PATH] [--rows 10000,50000,100000]

Warm rates are of one process and one thread each, without its start and without
the compilation of the template. huikan merges N and 2N contexts in two processes;
the difference is N merges, written to the disk. docxtpl gets its best: the
template's bytes are read once, each context has a fresh DocxTemplate, which it
needs, and nothing is written to the disk. All but cold processes is measured in
processor time, user and system, which other load of the machine disturbs least;
the figures are medians.

The share of the lint is counted by valgrind in instructions, which no other load of
the machine disturbs; without valgrind that part is left out.
"""

import argparse
import importlib.util
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

spec = importlib.util.spec_from_file_location("compare", ROOT / "benches/compare.py")
compare = importlib.util.module_from_spec(spec)
spec.loader.exec_module(compare)

WARM_DOCXTPL = """
import io, json, sys, time
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
template = open(sys.argv[1], "rb").read()
data = json.load(open(sys.argv[2], encoding="utf-8"))
pictures = json.load(open(sys.argv[3], encoding="utf-8"))
def merge():
    document = DocxTemplate(io.BytesIO(template))
    def image(path, **size):
        return InlineImage(document, pictures[path], width=Mm(80))
    document.render({**data, "image": image}, autoescape=True)
    document.save(io.BytesIO())
merge()
start = time.process_time()
for _ in range(int(sys.argv[4])):
    merge()
print((time.process_time() - start) / int(sys.argv[4]))
"""

COLUMNS = 5


def run(command):
    """Runs a command; returns seconds of the processor and peak memory in MiB."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"failed: {command}\n{error.decode(errors='replace')}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def plain_parts(target, body=None):
    """The handout's package without tags outside of the body, and with a body."""
    source = zipfile.ZipFile(ROOT / "templates/handout/main.docx")
    with source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for item in source.infolist():
            content = source.read(item)
            if item.filename == "word/document.xml":
                content = body.encode()
            elif item.filename.endswith(".xml"):
                content = re.sub(rb"\{\{[^}]*\}\}", b"x", content)
            out.writestr(item, content)


def table_template(target):
    """A table with one row that is repeated."""
    def cell(text):
        return ('<w:tc><w:tcPr><w:tcW w:w="1800" w:type="dxa"/></w:tcPr><w:p><w:pPr><w:spacing w:after="0"/></w:pPr>'
                f'<w:r><w:rPr><w:sz w:val="20"/></w:rPr><w:t>{text}</w:t></w:r></w:p></w:tc>')
    rows = [[cell("{%tr for r in rows %}")], [cell("{{ r.c%d }}" % i) for i in range(COLUMNS)], [cell("{%tr endfor %}")]]
    rows = "".join("<w:tr>" + "".join(row) + "</w:tr>" for row in rows)
    grid = '<w:gridCol w:w="1800"/>' * COLUMNS
    plain_parts(target, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
                '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
                f'<w:tbl><w:tblPr><w:tblW w:w="9000" w:type="dxa"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
                '<w:p/><w:sectPr/></w:body></w:document>')


def table_data(target, rows, copies=None):
    """The rows of the table; with copies, so many contexts in an array."""
    def context(number):
        return {"number": str(number), "rows": [
            {f"c{column}": f"第{row}行 值{column} 内容" for column in range(COLUMNS)} for row in range(rows)]}
    data = context(0) if copies is None else [context(number) for number in range(copies)]
    Path(target).write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def warm_huikan(huikan, template, contexts, work, runs):
    """Seconds of one merge, by the difference of two lists of contexts."""
    few, many = contexts
    count = len(json.loads(Path(few).read_text(encoding="utf-8")))

    def timed(path):
        out = work / "warm"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        seconds, _ = run([huikan, "merge", template, "--each", path, "-o", str(out / "{number}.docx")])
        return seconds
    samples = [timed(many) - timed(few) for _ in range(runs + 1)][1:]
    return statistics.median(samples) / count


def warm_docxtpl(template, data, pictures, count, runs):
    command = [sys.executable, "-c", WARM_DOCXTPL, template, data, pictures, str(count)]
    samples = [float(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _ in range(runs)]
    return statistics.median(samples)


def repeated(data, target, copies):
    value = json.loads(Path(data).read_text(encoding="utf-8"))
    contexts = [{**value, "number": str(number)} for number in range(copies)]
    Path(target).write_text(json.dumps(contexts, ensure_ascii=False), encoding="utf-8")


def pairs(work, name, data, count):
    """Files of N and 2N contexts."""
    few, many = str(work / f"{name}-few.json"), str(work / f"{name}-many.json")
    repeated(data, few, count)
    repeated(data, many, 2 * count)
    return few, many


def handout(huikan, work):
    """The handout as both engines can render it: template, data, pictures."""
    ejected = work / "ejected"
    subprocess.run([huikan, "build", compare.EDITION, "--eject", ejected], cwd=ROOT, check=True, capture_output=True)
    compare.plain_data(ejected / "data.json", work / "plain.json")
    compare.plain_template(ROOT / "templates/handout/main.docx", work / "plain.docx")
    compare.bitmaps(huikan, work)
    pictures = json.loads((work / "pictures.json").read_text(encoding="utf-8"))
    # The same bitmaps for both, by paths that both can follow.
    data = (work / "plain.json").read_text(encoding="utf-8")
    for name, file in pictures.items():
        short = Path(file).relative_to(work).as_posix()
        data = data.replace(json.dumps(name)[1:-1], short)
    (work / "plain.json").write_text(data, encoding="utf-8")
    table = {Path(file).relative_to(work).as_posix(): file for file in pictures.values()}
    (work / "pictures.json").write_text(json.dumps(table), encoding="utf-8")
    return str(work / "plain.docx"), str(work / "plain.json"), str(work / "pictures.json")


def rates(huikan, work, runs):
    empty = work / "none.json"
    empty.write_text("{}", encoding="utf-8")
    table, rows = str(work / "table.docx"), str(work / "rows.json")
    table_template(table)
    table_data(rows, 2000)
    subjects = [("handout", *handout(huikan, work), 50), ("table of 2,000 rows", table, rows, str(empty), 10)]
    print("warm, one thread: documents a second of the processor")
    for name, template, data, pictures, count in subjects:
        mine = warm_huikan(huikan, template, pairs(work, "warm", data, count), work, runs)
        theirs = warm_docxtpl(template, data, pictures, max(3, count // 10), runs)
        print(f"  {name:<22} huikan {1 / mine:8.1f}  docxtpl {1 / theirs:6.2f}  ratio {theirs / mine:6.1f} (goal 15)")
    return subjects


def cold(huikan, work, subjects, runs):
    print("cold processes, medians of wall time")
    for name, template, data, pictures, _ in subjects:
        commands = {
            "huikan": [huikan, "merge", template, data, "-o", str(work / "cold.docx")],
            "docxtpl": [sys.executable, "-c", compare.DOCXTPL, template, data, pictures, str(work / "peer.docx")],
        }
        found = compare.measure(commands, runs)
        mine, theirs = (compare.median(found[key]) for key in commands)
        print(f"  {name:<22} huikan {1000 * mine:7.1f} ms  docxtpl {1000 * theirs:7.1f} ms  ratio {mine / theirs:.3f} (goal 0.08)")


def long_tables(huikan, work, counts):
    print("long tables: seconds, microseconds a row, peak memory (goal 1024 MiB)")
    template, data = str(work / "table.docx"), str(work / "long.json")
    for rows in counts:
        table_data(data, rows)
        samples = [run([huikan, "merge", template, data, "-o", str(work / "long.docx")]) for _ in range(3)]
        seconds, memory = min(samples)
        print(f"  {rows:>8,} rows  {seconds:6.2f} s  {1e6 * seconds / rows:6.2f} us  {memory:7.1f} MiB")


def lint_share(huikan, work, subjects):
    if shutil.which("valgrind") is None:
        print("share of the lint: no valgrind")
        return
    print("share of the lint in a merge, in instructions (goal 5 %)")
    table_data(work / "long.json", 100_000)
    subjects = [subject[:3] for subject in subjects]
    subjects.append(("table of 100,000 rows", str(work / "table.docx"), str(work / "long.json")))
    for name, template, data in subjects:
        counts = work / "callgrind.out"
        subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={counts}", "--toggle-collect=*Template*render",
             huikan, "merge", template, data, "-o", str(work / "lint.docx")], check=True, capture_output=True)
        listed = subprocess.run(["callgrind_annotate", "--inclusive=yes", "--threshold=100", counts],
                                check=True, capture_output=True, text=True).stdout
        total = inclusive(listed, "PROGRAM TOTALS")
        lint = sum(inclusive(listed, f"::lint::Lint::{part} ") for part in ("enter", "leave", "text", "finish"))
        lint += inclusive(listed, "::facts::Facts::check ")
        print(f"  {name:<22} {100 * lint / total:5.2f} %  of {total / 1e6:8.1f} million")


def inclusive(listed, name):
    counts = [line.split("(")[0].replace(",", "") for line in listed.splitlines() if name in line]
    return max((int(count) for count in counts if count.strip().isdigit()), default=0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=int, default=5, help="counted runs")
    parser.add_argument("--huikan", default=str(ROOT / "target/debug/huikan"))
    parser.add_argument("--rows", default="10000,50000,100000")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder).resolve()
        subjects = rates(options.huikan, work, options.n)
        cold(options.huikan, work, subjects, options.n)
        long_tables(options.huikan, work, [int(rows) for rows in options.rows.split(",")])
        lint_share(options.huikan, work, subjects)


if __name__ == "__main__":
    main()
