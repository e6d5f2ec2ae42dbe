#!/usr/bin/env python3
"""Times runs of many editions beside stock Typst, docxtpl and WeasyPrint.

    pip install typst docxtpl weasyprint
    cargo build --release && python3 benches/batch [-n 1000] [--peers 200] [--huikan PATH]

Two projects of n editions of the handout: in one every edition differs, in paragraphs,
titles and numbers; in the other each has one paragraph and one figure of its own. `huikan
build` makes all of a project in one run, on one core and on two, with as many threads.

Peers, on the first editions of the same projects; those that are not installed are left out:

- PyPI `typst`, warm: one compiler for all editions, a process for each core, on the files of
  `--eject`: same template, same resolved data, same fonts, same PDF standards.
- The same, a process for each document, of which a few are timed.
- docxtpl, warm: the handout's Word template with rich text as plain paragraphs.
- WeasyPrint, warm: HTML with the same text and fonts.

Rates are of wall time. What a process costs before its first document is part of huikan's
time and is taken off that of the warm peers.
"""

import argparse
import tempfile
from pathlib import Path

import editions
import measure
from peers import Peers

CORES = (1, 2)
# What a run is measured with at its beginning, to see whether memory grows.
SHORT = 100


def build(huikan, work, count, formats, cores):
    """`huikan build` of the first editions; a document is a file."""
    names = [f"e{number:05}" for number in range(count)]
    command = [huikan, "build", *names, "-f", formats, "-j", str(cores), "--fresh", "-o", str(work / "out")]
    return measure.timed(command, count * len(formats.split(",")), cores, cwd=work / "project")


def scenario(name, edition, arguments, ratios):
    """One project, by huikan and by its peers."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        editions.project(work / "project", edition, arguments.n)
        print(f"{name}, {arguments.n} of the handout")
        mine = {}
        for formats in ("pdf", "docx", "pdf,docx"):
            for cores in CORES:
                sample = build(arguments.huikan, work, arguments.n, formats, cores)
                mine[formats, cores] = measure.row(f"huikan, {formats}, {cores} core(s)", sample)
        short = min(SHORT, arguments.n)
        first = build(arguments.huikan, work, short, "pdf,docx", CORES[-1]).peak
        last = mine["pdf,docx", CORES[-1]].peak
        print(f"  peak memory, both formats: {first:.0f} MiB for {short} editions, {last:.0f} MiB for {arguments.n}")
        peers = Peers(work, arguments.huikan, min(arguments.peers, arguments.n))
        for cores in CORES:
            ratios.append((name, f"pdf, typst warm, {cores} core(s)", mine["pdf", cores], peers.typst(cores)))
        ratios.append((name, "pdf, typst a process a document, 1 core", mine["pdf", 1], peers.typst_cold(20)))
        few = min(100, peers.count)
        ratios.append((name, "docx, docxtpl warm, 1 core", mine["docx", 1], peers.docxtpl(few)))
        ratios.append((name, "pdf, weasyprint warm, 1 core", mine["pdf", 1], peers.weasyprint(5)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("-n", type=int, default=1000, help="how many editions (default 1000)")
    parser.add_argument("--peers", type=int, default=200, help="how many of them peers make (default 200)")
    parser.add_argument("--huikan", default=str(editions.ROOT / "target/release/huikan"))
    arguments = parser.parse_args()
    ratios = []
    for name, edition in editions.SCENARIOS.items():
        scenario(name, edition, arguments, ratios)
    print("huikan's rate by its peer's")
    for name, peer, mine, theirs in ratios:
        if theirs is not None:
            print(f"  {name + ': ' + peer:<72} {mine.rate / theirs.rate:6.2f}")


if __name__ == "__main__":
    main()
