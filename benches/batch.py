#!/usr/bin/env python3
"""Times a run of many editions beside stock Typst in one warm process.

    pip install typst
    cargo build && python3 benches/batch.py [-n 200] [--huikan PATH]

Makes n editions of the handout, all different: names, numbers, and how much text there
is. `huikan build` makes their PDF files in one run, then PDF and Word drafts; the peer
is PyPI `typst`, one compiler for all editions, on the files of `--eject`: same template,
same resolved data, same fonts, same PDF standards. It gets as many processes as huikan gets threads.
What a process costs before its first document is part of huikan's time and is taken off
the peer's. Rates are of wall time; processor time and peak memory are the system's account.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

PEER = """
import pathlib, shutil, sys, time, typst
root, fonts, out = map(pathlib.Path, sys.argv[1:4])
compiler = typst.Compiler(str(root / "main.typ"), root=str(root), font_paths=[str(fonts)], ignore_system_fonts=True)
names = sys.argv[4:]
shutil.copy(root.parent / "data" / names[0], root / "data.json")
pdf = {"pdf_standards": ["a-2a", "ua-1"]}
compiler.compile(output=str(out / "warm.pdf"), **pdf)
start = time.perf_counter()
for name in names:
    shutil.copy(root.parent / "data" / name, root / "data.json")
    compiler.compile(output=str(out / (name + ".pdf")), **pdf)
print(time.perf_counter() - start)
"""

NAMES = "东溪 西山 南湖 北海 青石 白鹭 云岭 松台 栗树 石桥 东浦 城关".split()
WORDS = "农技培训,科普讲座,技术攻关,专家服务,学会活动,青少年竞赛,科技小院,流动科技馆".split(",")


def edition(sample, number):
    """One edition: like the sample, with other names, numbers and lengths."""
    chance = random.Random(number)
    text = json.dumps(sample, ensure_ascii=False)
    data = json.loads(text.replace("清溪", chance.choice(NAMES)))
    for figure in data["figures"]:
        figure.pop("source", None)
        figure["value"] = chance.randint(2, 900)
    for highlight in data["highlights"]:
        for section in highlight["sections"]:
            sentences = [
                f"{chance.choice(WORDS)}{chance.randint(2, 99)}场，参加{chance.randint(100, 9999)}人次。"
                for _ in range(chance.randint(1, 8))
            ]
            section["body"] += "\n\n" + "".join(sentences)
    return data


def project(folder, count):
    """A project with so many editions."""
    sample = json.loads((ROOT / "templates/handout/sample.json").read_text(encoding="utf-8"))
    (folder / "data/photos").mkdir(parents=True)
    for photo in (ROOT / "templates/handout/photos").iterdir():
        (folder / "data/photos" / photo.name).write_bytes(photo.read_bytes())
    (folder / "huikan.toml").write_text('[[output]]\ntemplate = "handout"\n', encoding="utf-8")
    for number in range(count):
        text = json.dumps(edition(sample, number), ensure_ascii=False)
        (folder / f"data/e{number:04}.json").write_text(text, encoding="utf-8")


def timed(command, **options):
    """Wall seconds, processor seconds and the peak in MiB of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, **options)
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"failed: {command[:4]}\n{done.stderr[-2000:]}")
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, processor, after.ru_maxrss / 1024, done.stdout


def row(name, count, seconds, processor, peak=None):
    shown = "" if peak is None else f"  peak {peak:5.0f} MiB"
    rate = count / seconds
    print(f"  {name:<40} {rate:7.1f} docs/s  {1000 * processor / count:6.1f} ms of processor a doc{shown}")
    return rate


def peer(work, huikan, count, processes):
    """The rate of stock Typst, the editions dealt out to so many processes."""
    ejected = work / "ejected"
    timed([huikan, "build", "-f", "pdf", "--eject", str(ejected)], cwd=work / "project")
    timed([huikan, "fonts", "--export", str(work / "fonts")], cwd=work)
    folders = sorted(folder for folder in ejected.iterdir() if folder.is_dir())
    names = [folder.name + ".json" for folder in folders]
    commands = []
    for process in range(processes):
        root = work / f"peer{process}/root"
        (root.parent / "data").mkdir(parents=True)
        (root.parent / "out").mkdir()
        subprocess.run(["cp", "-r", str(folders[0]), str(root)], check=True)
        # Stock Typst takes the title, which PDF/UA wants, from the template.
        main_file = root / "main.typ"
        text = main_file.read_text(encoding="utf-8")
        main_file.write_text('#set document(title: "handout")\n' + text, encoding="utf-8")
        for folder, name in zip(folders, names):
            (root.parent / "data" / name).write_bytes((folder / "data.json").read_bytes())
        mine = names[process::processes]
        fonts, out = str(work / "fonts"), str(root.parent / "out")
        commands.append([sys.executable, "-c", PEER, str(root), fonts, out, *mine])
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for command in commands]
    told = [process.communicate()[0] for process in running]
    if any(process.returncode for process in running):
        sys.exit("the peer failed")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    seconds = max(float(line) for line in told)
    return row(f"typst, warm, {processes} process(es)", count, seconds, processor)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("-n", type=int, default=200, help="how many editions")
    parser.add_argument("--huikan", default=str(ROOT / "target/debug/huikan"))
    arguments = parser.parse_args()
    count, huikan = arguments.n, arguments.huikan
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        project(work / "project", count)
        print(f"{count} editions of the handout")
        rates = {}
        for threads in (1, 2):
            for formats, docs in (("pdf", count), ("pdf,docx", 2 * count)):
                command = [huikan, "build", "-f", formats, "-j", str(threads), "-o", str(work / "out")]
                seconds, processor, peak, _ = timed(command, cwd=work / "project")
                name = f"huikan, {formats}, {threads} thread(s)"
                rates[formats, threads] = row(name, docs, seconds, processor, peak)
        for processes in (1, 2):
            peer_work = work / f"peers{processes}"
            peer_work.mkdir()
            (peer_work / "project").symlink_to(work / "project")
            rate = peer(peer_work, huikan, count, processes)
            print(f"  huikan is {rates['pdf', processes] / rate:.2f} times as fast on {processes}")


if __name__ == "__main__":
    main()
