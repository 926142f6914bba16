"""The timing of ``fastsmote bench``: a process for each implementation, calls interleaved."""

import json
import math
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from fastsmote.cli._peers import FASTSMOTE, Peer, Subject
from fastsmote.cli._show import StepBar, megabytes, seconds, undone_by_interrupt

_LIMIT = 60.0  # seconds: a peer that would take longer is measured at the largest size that fits
_FIRST_SIZE = 20_000  # where the search for that size starts, at most
_QUIET_SECONDS = 0.12  # threads of BLAS spin for 0.1 s after a call: the next is not to pay for them


class Worker:
    """A process with one implementation, its data loaded and its code compiled."""

    def __init__(self, folder: Path, subject: str, peer: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "fastsmote.cli._worker", str(folder), subject, peer],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.error: str | None = None

    def wait(self) -> None:
        """Until the data are loaded and the code is compiled."""
        self.error = self._answer().get("error")

    def run(self, size: int, keep: Path | None = None) -> dict[str, Any]:
        """One call: ``{"seconds": s, "peak": bytes}``, or ``{"error": text}``."""
        if self.error is None:
            request = {"size": size} | ({} if keep is None else {"keep": str(keep)})
            print(json.dumps(request), file=self._process.stdin, flush=True)
            answer = self._answer()
            self.error = answer.get("error")
            return answer
        return {"error": self.error}

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if line:
            return json.loads(line)
        return {"error": f"the process ended with code {self._process.wait()} (-9: out of memory)"}

    @classmethod
    @contextmanager
    def started(cls, folder: Path, subject: str, peer: str) -> Iterator["Worker"]:
        """A worker that ends with the block."""
        worker = cls(folder, subject, peer)
        with undone_by_interrupt(worker._process.kill):
            try:
                yield worker
            finally:
                worker._process.kill()
                worker._process.communicate()


@dataclass
class Result:
    """Timings of one implementation at one size."""

    size: int
    rounds: int
    times: list[float] = field(default_factory=list)
    peak: int | None = None
    error: str | None = None
    kept: Path | None = None


def missing_modules(peer: Peer) -> list[str]:
    """What a peer needs that is not installed."""
    return [module for module in peer.requires if find_spec(module) is None]


def measure_subject(
    folder: Path, name: str, subject: Subject, full: int, steps: StepBar
) -> list[tuple[str, ...]]:
    """Lines of the table: fastsmote and the peers at full size, then at each smaller size."""
    workers: dict[str, Worker] = {}
    with ExitStack() as running:
        for peer in subject.peers:
            if not missing_modules(peer):
                workers[peer.name] = running.enter_context(Worker.started(folder, name, peer.name))
        steps.start(f"{name}: starting {len(workers)} processes")
        for worker in workers.values():
            worker.wait()
        plans: dict[int, dict[str, Result]] = {full: {}}
        for peer_name, worker in workers.items():
            if peer_name == FASTSMOTE:
                continue
            if subject.calls is not None:
                plans[full][peer_name] = Result(full, subject.calls)
            else:
                steps.start(f"{name}: size for {peer_name}")
                size, expected = largest_size(worker, min(full, subject.most_rows(peer_name) or full))
                plans.setdefault(size, {})[peer_name] = Result(size, _rounds(expected))
        lines: list[tuple[str, ...]] = []
        for size, results in sorted(plans.items(), reverse=True):
            rounds = subject.calls or max([3, *(result.rounds for result in results.values())])
            fast = Result(size, rounds)
            _interleave(folder, workers, {FASTSMOTE: fast, **results}, f"{name} at {size:,}", steps)
            shown = of_size(name, subject, full)
            lines.append(_line(shown, FASTSMOTE, fast, fast, subject, full))
            lines += [_line(shown, peer, result, fast, subject, full) for peer, result in results.items()]
        return lines


def largest_size(worker: Worker, full: int, limit: float = _LIMIT) -> tuple[int, float]:
    """The largest size up to ``full`` that takes at most ``limit`` seconds, and the seconds expected there.

    Times at sizes that grow fourfold; what the next one would take follows from the last growth, and from the
    square of the size before there is one.
    """
    sizes = [full]
    while sizes[0] > _FIRST_SIZE:
        sizes.insert(0, sizes[0] // 4)
    before = None
    for size in sizes:
        spent = worker.run(size).get("seconds")
        if spent is None or size == full:
            return size, spent or 0.0
        growth = 16.0 if before is None else max(4.0, spent / before)
        if spent * growth > limit:
            power = math.log(growth, 4.0)
            larger = size * max(1.0, 0.9 * limit / spent) ** (1.0 / power)
            unit = 10 ** (len(str(int(larger))) - 2)
            return max(size, int(larger) // unit * unit), 0.9 * limit
        before = spent
    raise AssertionError("the last size is full")


def _rounds(expected: float) -> int:
    return 5 if expected < 6 else 3 if expected < 20 else 1


def _interleave(
    folder: Path, workers: dict[str, Worker], results: dict[str, Result], title: str, steps: StepBar
) -> None:
    for turn in range(max(result.rounds for result in results.values())):
        for i, (peer, result) in enumerate(results.items()):
            if turn >= result.rounds or result.error is not None:
                continue
            steps.start(f"{title}: {peer}, call {turn + 1} of {result.rounds}")
            time.sleep(_QUIET_SECONDS)
            last = turn == result.rounds - 1
            keep = folder / f"kept-{i}.npz" if last else None
            answer = workers[peer].run(result.size, keep)
            result.error = answer.get("error")
            if result.error is None:
                result.times.append(answer["seconds"])
                if answer["peak"] is not None:
                    result.peak = max(answer["peak"], result.peak or 0)
                result.kept = keep


def of_size(name: str, subject: Subject, full: int) -> str:
    """The name of a subject, with the rows that it has in place of those that it is named after."""
    return re.sub(rf"(?<!\d){subject.max_rows}(?=x|_rows)", str(full), name) if subject.max_rows else name


def _line(
    subject_name: str, peer: str, result: Result, fast: Result, subject: Subject, full: int
) -> tuple[str, ...]:
    """Of one implementation at one size, beside fastsmote at that size."""
    if result.error is not None:
        return (subject_name, peer, f"{result.size:,}", "-", "-", "-", "-", f"failed: {result.error}")
    median = statistics.median(result.times)
    kept, fast_kept = _load(result), _load(fast)
    n_queries = len(kept.get("queries", ()))
    ratio = difference = "-"
    if fast_kept and result is not fast:
        fast_median = statistics.median(fast.times)
        if n_queries:
            fast_median *= n_queries / len(fast_kept["queries"])
        ratio = f"{median / fast_median:,.1f}x"
        difference = subject.compare(fast_kept, kept)
    notes = [f"{n_queries / median:,.0f} queries/s"] if n_queries else []
    if result.size < full and result is fast:
        notes.append("same size as the next")
    elif result.size < full:
        limit = "too much memory" if result.size == subject.most_rows(peer) else "over a minute"
        notes.append(f"{full:,} would take it {limit}")
    if result.rounds == 1:
        notes.append("one call")
    return (
        subject_name,
        f"{peer}, {n_queries:,} queries" if n_queries else peer,
        f"{result.size:,}",
        seconds(median),
        ratio,
        megabytes(result.peak),
        difference,
        "; ".join(notes),
    )


def _load(result: Result) -> dict[str, np.ndarray]:
    """What a worker kept of its last call: nothing if it failed."""
    if result.error is not None or result.kept is None:
        return {}
    with np.load(result.kept) as kept:
        return dict(kept)
