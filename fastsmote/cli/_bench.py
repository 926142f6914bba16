"""``fastsmote bench``: each installed implementation in its own process, same data, calls interleaved."""

import shutil
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from fastsmote._core.threads import thread_count
from fastsmote.cli._bench_data import make_table
from fastsmote.cli._info import cpu_name
from fastsmote.cli._measure import measure_subject, missing_modules
from fastsmote.cli._peers import Subject
from fastsmote.cli._print import Grid, show
from fastsmote.cli._show import StepBar, UserError, mistakes, undone_by_interrupt
from fastsmote.cli._subjects import GROUPS, SUBJECTS

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
_TEXT = ("subject", "implementation", "largest difference", "note")
_PACKAGES = (
    "fastsmote",
    "imbalanced-learn",
    "scikit-learn",
    "scikit-learn-intelex",
    "faiss-cpu",
    "scipy",
    "numpy",
    "numba",
)


def run_benchmarks(rows: int, scores: int, rate: float, only: str | None, markdown: bool) -> None:
    """Make the data, time each subject, and print a line for each implementation."""
    names = _chosen(only)
    notes = []
    lines: list[tuple[str, ...]] = []
    with (
        tempfile.TemporaryDirectory(prefix="fastsmote-bench-") as place,
        undone_by_interrupt(lambda: shutil.rmtree(place, ignore_errors=True)),
        StepBar() as steps,
    ):
        folder = Path(place)
        steps.start("making the data")
        full = {name: _full_size(SUBJECTS[name], rows, scores) for name in names}
        with mistakes():
            for table in dict.fromkeys(SUBJECTS[name].table for name in names):
                n = max(full[name] for name in names if SUBJECTS[name].table == table)
                notes += make_table(folder / table, table, n, rate)
        for name in names:
            subject = SUBJECTS[name]
            lines += measure_subject(folder / subject.table, name, subject, full[name], steps)
    missing = sorted(
        {module for name in names for peer in SUBJECTS[name].peers for module in missing_modules(peer)}
    )
    if missing:
        notes.append(f"Not installed, so not measured: {', '.join(missing)}.")
    _print(lines, [*_remarks(), *dict.fromkeys(notes)], markdown)


def _chosen(only: str | None) -> list[str]:
    """Names of subjects: those of a group, and single ones."""
    wanted = ["large"] if only is None else [name.strip() for name in only.split(",") if name.strip()]
    if not wanted or any(name not in GROUPS and name not in SUBJECTS for name in wanted):
        raise UserError(
            f"--only takes groups out of {', '.join(GROUPS)}, and names out of {', '.join(SUBJECTS)}. "
            f"Got {only!r}."
        )
    return list(dict.fromkeys(name for one in wanted for name in GROUPS.get(one, (one,))))


def _full_size(subject: Subject, rows: int, scores: int) -> int:
    return min(scores if subject.data == "scores" else rows, subject.max_rows or sys.maxsize)


def _remarks() -> list[str]:
    """What a reader of the table must know."""
    versions = []
    for name in _PACKAGES:
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return [
        "Median seconds of interleaved calls (short ones: of as many as go into 20 ms), each implementation "
        "in its own process after a warm-up; ratio: its time over fastsmote's at that size; peak memory: "
        "above the loaded data, results included.",
        "Neighbours: each call builds its index and answers the queries, for slow peers an evenly spaced "
        "sample of them; the ratio is of times per query.",
        f"{cpu_name()}, {thread_count(None)} threads; {', '.join(versions)}.",
        "Random streams differ between libraries: of over-samplers the numbers of rows are compared.",
    ]


def _print(lines: list[tuple[str, ...]], notes: list[str], markdown: bool) -> None:
    if markdown:
        rows = [_COLUMNS, ["---"] * len(_COLUMNS), *lines]
        show(*("| " + " | ".join(row) + " |" for row in rows), "", *notes)
        return
    grid = Grid(*_COLUMNS, text=_TEXT)
    for line in lines:
        grid.add(*line)
    show(grid, *notes)
