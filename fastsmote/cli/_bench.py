"""``fastsmote bench``: each installed implementation in its own process, same data, calls interleaved."""

import json
import math
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from rich.table import Table

from fastsmote._core.threads import thread_count
from fastsmote.cli._info import cpu_name
from fastsmote.cli._show import Steps, UserError, megabytes, mistakes, output, seconds, undone_by_interrupt
from fastsmote.cli._subjects import FRAUD_TABLES, LEVELS, OURS, SUBJECTS, Peer, Subject
from fastsmote.datasets import make_fraud

_LIMIT = 60.0  # seconds: a peer that would take longer is measured at the largest size that fits
_FIRST_SIZE = 20_000  # where the search for that size starts, at most
_MIN_POSITIVES = 20
_COLUMNS = (
    "subject",
    "implementation",
    "size",
    "median",
    "ratio",
    "peak memory",
    "largest difference",
    "note",
)


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


def run_benchmarks(rows: int, scores: int, rate: float, only: str | None, markdown: bool) -> None:
    names = _chosen(only)
    notes = []
    lines: list[tuple[str, ...]] = []
    with (
        tempfile.TemporaryDirectory(prefix="fastsmote-bench-") as place,
        undone_by_interrupt(lambda: shutil.rmtree(place, ignore_errors=True)),
        Steps() as steps,
    ):
        folder = Path(place)
        steps.start("making the data")
        full = {name: _full_size(SUBJECTS[name], rows, scores) for name in names}
        with mistakes():
            for table in dict.fromkeys(SUBJECTS[name].table for name in names):
                n = max(full[name] for name in names if SUBJECTS[name].table == table)
                notes += _make(folder / table, table, n, rate)
        for name in names:
            subject = SUBJECTS[name]
            lines += _measure(folder / subject.table, name, subject, full[name], steps)
    missing = sorted({module for name in names for peer in SUBJECTS[name].peers for module in _lacking(peer)})
    if missing:
        notes.append(f"Not installed, so not measured: {', '.join(missing)}.")
    _print(lines, notes, markdown)


def _chosen(only: str | None) -> list[str]:
    if only is None:
        return list(SUBJECTS)
    names = [name.strip() for name in only.split(",") if name.strip()]
    unknown = [name for name in names if name not in SUBJECTS]
    if unknown or not names:
        raise UserError(f"--only takes names out of {', '.join(SUBJECTS)}. Got {only!r}.")
    return names


def _positives(n: int, rate: float) -> tuple[float, list[str]]:
    if round(n * rate) >= _MIN_POSITIVES:
        return rate, []
    raised = _MIN_POSITIVES / n
    return raised, [f"{n:,} rows: rate raised from {rate:g} to {raised:.3g}, for {_MIN_POSITIVES} positives."]


def _full_size(subject: Subject, rows: int, scores: int) -> int:
    return min(scores if subject.data == "scores" else rows, subject.max_rows or sys.maxsize)


def _make(folder: Path, table: str, n: int, rate: float) -> list[str]:
    """Save the data of a table; returns notes."""
    folder.mkdir()
    if table == "scores":
        return _make_scores(folder, n, rate)
    if table in FRAUD_TABLES:
        rate, notes = _positives(n, FRAUD_TABLES[table] or rate)
        X, y = make_fraud(n, fraud_rate=rate)
        if table == "categories beside":
            X = np.column_stack([X, _categories(y, LEVELS[:3])])
        elif table == "categories":
            X = _categories(y, LEVELS)
    else:
        features, notes = 8 if table == "8 features" else 30, []
        X, y = np.random.default_rng(0).standard_normal((n, features)), np.zeros(n, np.int64)
    np.save(folder / "X.npy", X)
    np.save(folder / "y.npy", y)
    return notes


def _categories(y: np.ndarray, levels: Sequence[int]) -> np.ndarray:
    """Codes of categories, of which the rare class prefers some."""
    rng = np.random.default_rng(1)
    return np.column_stack([np.floor(rng.random(len(y)) ** (1.0 + y) * n) for n in levels])


def _make_scores(folder: Path, n: int, rate: float) -> list[str]:
    rate, notes = _positives(n, rate)
    rng = np.random.default_rng(0)
    y_true = np.zeros(n, np.int64)
    y_true[rng.choice(n, round(n * rate), replace=False)] = 1
    np.save(folder / "y_true.npy", y_true)
    np.save(folder / "y_score.npy", rng.standard_normal(n) + 2.0 * y_true)
    return notes


def _lacking(peer: Peer) -> list[str]:
    return [module for module in peer.requires if find_spec(module) is None]


def _measure(folder: Path, name: str, subject: Subject, full: int, steps: Steps) -> list[tuple[str, ...]]:
    """Lines of the table for one subject: ours and the peers at full size, then at each smaller size."""
    workers: dict[str, Worker] = {}
    with ExitStack() as running:
        for peer in subject.peers:
            if not _lacking(peer):
                workers[peer.name] = running.enter_context(Worker.started(folder, name, peer.name))
        steps.start(f"{name}: starting {len(workers)} processes")
        for worker in workers.values():
            worker.wait()
        plans: dict[int, dict[str, Result]] = {full: {}}
        for peer_name, worker in workers.items():
            if peer_name == OURS:
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
            ours = Result(size, rounds)
            _interleave(folder, workers, {OURS: ours, **results}, f"{name} at {size:,}", steps)
            lines.append(_line(name, OURS, ours, ours, subject, full))
            lines += [_line(name, peer, result, ours, subject, full) for peer, result in results.items()]
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
    folder: Path, workers: dict[str, Worker], results: dict[str, Result], title: str, steps: Steps
) -> None:
    for turn in range(max(result.rounds for result in results.values())):
        for i, (peer, result) in enumerate(results.items()):
            if turn >= result.rounds or result.error is not None:
                continue
            steps.start(f"{title}: {peer}, call {turn + 1} of {result.rounds}")
            last = turn == result.rounds - 1
            keep = folder / f"kept-{i}.npz" if last else None
            answer = workers[peer].run(result.size, keep)
            result.error = answer.get("error")
            if result.error is None:
                result.times.append(answer["seconds"])
                if answer["peak"] is not None:
                    result.peak = max(answer["peak"], result.peak or 0)
                result.kept = keep


def _line(
    subject_name: str, peer: str, result: Result, ours: Result, subject: Subject, full: int
) -> tuple[str, ...]:
    if result.error is not None:
        return (subject_name, peer, f"{result.size:,}", "-", "-", "-", "-", f"failed: {result.error}")
    median = statistics.median(result.times)
    kept, our_kept = _load(result), _load(ours)
    queries = len(kept.get("queries", ()))
    ratio = difference = "-"
    if our_kept and result is not ours:
        our_median = statistics.median(ours.times)
        if queries:
            our_median *= queries / len(our_kept["queries"])
        ratio = f"{median / our_median:,.1f}x"
        difference = subject.compare(our_kept, kept)
    notes = [f"{queries / median:,.0f} queries/s"] if queries else []
    if result.size < full:
        limit = "too much memory" if result.size == subject.most_rows(peer) else "over a minute"
        notes.append(f"{full:,} would take it {limit}" if result is not ours else "same size as the next")
    if result.rounds == 1:
        notes.append("one call")
    return (
        subject_name,
        f"{peer}, {queries:,} queries" if queries else peer,
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


def _print(lines: list[tuple[str, ...]], notes: list[str], markdown: bool) -> None:
    console = output()
    versions = []
    for name in (
        "fastsmote",
        "imbalanced-learn",
        "scikit-learn",
        "scikit-learn-intelex",
        "faiss-cpu",
        "scipy",
        "numpy",
        "numba",
    ):
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    notes = [
        "Median seconds of interleaved calls, each implementation in its own process after a warm-up; ratio: "
        "its time over fastsmote's at that size; peak memory: above the loaded data, results included.",
        "Neighbours: each call builds its index and answers the queries, for slow peers an evenly spaced "
        "sample of them; the ratio is of times per query.",
        f"{cpu_name()}, {thread_count(None)} threads; {', '.join(versions)}.",
        "Random streams differ between libraries: of over-samplers the numbers of rows are compared.",
        *dict.fromkeys(notes),
    ]
    if markdown:
        print("| " + " | ".join(_COLUMNS) + " |")
        print("| " + " | ".join("---" for _ in _COLUMNS) + " |")
        for line in lines:
            print("| " + " | ".join(line) + " |")
        print()
        print("\n".join(notes))
        return
    table = Table()
    for column in _COLUMNS:
        table.add_column(
            column, justify="right" if column in ("size", "median", "ratio", "peak memory") else "left"
        )
    for line in lines:
        table.add_row(*line)
    console.print(table)
    for note in notes:
        console.print(note, soft_wrap=True)
