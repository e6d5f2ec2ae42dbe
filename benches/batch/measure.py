"""Commands timed on given cores: wall time, processor time, peak memory."""

import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass


@dataclass
class Sample:
    """What a run took."""
    docs: int
    wall: float
    processor: float
    peak: float = 0.0

    @property
    def rate(self):
        return self.docs / self.wall


def pinned(cores):
    """Keeps a process and its threads on the first cores of this machine."""
    usable = sorted(os.sched_getaffinity(0))[:cores]
    return lambda: os.sched_setaffinity(0, usable)


def timed(command, docs, cores, **options):
    """Runs one command on so many cores."""
    start = time.perf_counter()
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=errors, preexec_fn=pinned(cores), **options
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        if status != 0:
            errors.seek(0)
            sys.exit(f"failed: {command[:4]}\n{errors.read().decode(errors='replace')[-2000:]}")
    return Sample(docs, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def side_by_side(commands, docs):
    """Runs Python peers at the same time, each on a core of its own. Each prints the wall time
    and the processor time of its documents alone, in seconds."""
    cores = sorted(os.sched_getaffinity(0))
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                         preexec_fn=lambda core=core: os.sched_setaffinity(0, {core}))
        for core, command in zip(cores, commands)
    ]
    told = [process.communicate() for process in running]
    for process, (_, errors) in zip(running, told):
        if process.returncode:
            sys.exit(f"a peer failed\n{errors[-2000:]}")
    times = [[float(word) for word in out.split()[-2:]] for out, _ in told]
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Sample(docs, max(wall for wall, _ in times), sum(processor for _, processor in times), peak)


def row(name, sample, peak=True):
    shown = f"  peak {sample.peak:5.0f} MiB" if peak and sample.peak else ""
    each = 1000 * sample.processor / sample.docs
    print(f"  {name:<44} {sample.rate:7.1f} docs/s  {each:6.1f} ms of processor a doc{shown}", flush=True)
    return sample
