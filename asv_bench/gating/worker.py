"""One side of one round: a fresh process that runs benchmarks of its fastsmote when it is told to.

A line of JSON in, a line of JSON out. ``{"open": name}`` sets a benchmark up, calls it once, which compiles
or loads its kernels, and once more for its peak of memory; ``{"stay": x}``, x in [0, 1), keeps it to the core
that lies there among those it may use; ``{"time": n}`` gives the seconds of n calls; ``{"close": true}`` lets
it go.

Seconds are those of the processor, and of one thread. Beside 12 other processes on two cores, the least
seconds of two equal processes deviated by 1 to 5 % for nine benchmarks of ten, those of a clock by 8 to 50 %.
What only a clock shows, threads that wait for each other, is left to asv (``neighbors.Threads``).
"""

import gc
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import fast
from benchmarks import common

import fastsmote


class Bench:
    """A benchmark that is set up."""

    def __init__(self, name: str) -> None:
        benchmark, method, self.arguments = fast.resolve(name)
        self.instance = benchmark()
        self._around("setup")
        self.method = getattr(self.instance, method)
        self.seconds()

    def _around(self, name: str) -> None:
        getattr(self.instance, name, lambda *_: None)(*self.arguments)

    def call(self) -> None:
        self.method(*self.arguments)

    def seconds(self) -> float:
        """Of the processor: of one call."""
        start = time.process_time()
        self.call()
        return time.process_time() - start

    def peak(self) -> int | None:
        """Bytes at the peak of a call beyond those before it; None where this can not be read."""
        try:
            return common.peak_of(self.call)[1]
        except (NotImplementedError, OSError):
            return None

    def close(self) -> None:
        self._around("teardown")


def allowed_cores() -> list[int]:
    """Those that this process may run on; none where no system call tells."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def keep_to(cores: list[int]) -> None:
    """Run on these alone, where processes can be kept to cores."""
    if cores:
        os.sched_setaffinity(0, cores)


def main() -> None:
    """Answer until the other end closes."""
    if not Path(fastsmote.__file__).is_relative_to(Path.cwd()):
        sys.exit(f"{fastsmote.__file__} was imported, which is not the version to measure in {Path.cwd()}.")
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a benchmark prints is no answer
    bench: Bench | None = None
    cores = allowed_cores()
    for line in sys.stdin:
        [(what, value)] = json.loads(line).items()
        answer: dict[str, Any] = {}
        try:
            if what == "open":
                keep_to(cores)
                gc.freeze()  # what is loaded stays; looking through it again was a fifth of a gate
                bench = Bench(value)
                answer = {"peak": bench.peak(), "seconds": bench.seconds()}
            elif what == "stay":
                keep_to(cores[int(value * len(cores)) :][:1])
            elif what == "time":
                answer = {"seconds": [bench.seconds() for _ in range(value)]}
            else:
                bench.close()
                bench = None
                gc.collect()
        except Exception as error:  # told, as the result of this benchmark
            bench = None
            answer = {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
        print(json.dumps(answer), file=answers)


if __name__ == "__main__":
    main()
