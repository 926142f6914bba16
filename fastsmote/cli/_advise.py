"""``fastsmote advise``: what to do about the imbalance of a file, and why."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fastsmote.advice import SOURCES, Advice, Findings, advise
from fastsmote.cli._columns import check_csv, check_features, check_index, ids, nearly_numbers
from fastsmote.cli._print import Grid, Report
from fastsmote.cli._read import Data, read
from fastsmote.cli._show import StepBar, mistakes
from fastsmote.cli._source import Dialect, open_source

_MAX_CLASSES = 20  # lines of the table


def advise_file(
    source: Path,
    *,
    target: str,
    model: Any,
    k_neighbors: int,
    carry: str | None,
    categorical: str | None,
    dialect: Dialect,
    n_jobs: int | None,
    report: Report,
) -> None:
    """Read the file, look at its classes and neighbours, and print what to do and why."""
    place = open_source(source, dialect)
    with StepBar(report.quiet) as steps:
        steps.start(f"reading {source.name}")
        data = read(place, target, carry, categorical)
        check_features(data, "any")  # text and missing values are welcome in the features
        check_index(data)
        check_csv(data, typed=False)
        table, label = data.measured
        progress = steps.start("looking at neighbours")
        with mistakes():
            advice = advise(
                table.remove_column(label),
                table.column(label),
                model=model,
                n_neighbors=k_neighbors,
                n_jobs=n_jobs,
                progress=progress,
            )
    notes = _notes(data)
    report.say(_facts(advice, notes), _classes(advice.findings), *notes, *_lines(advice))


def advise_files(
    sources: Sequence[Path],
    *,
    target: str,
    model: Any,
    k_neighbors: int,
    memory_limit: str,
    n_jobs: int | None,
    others: dict[str, Any],
    report: Report,
) -> None:
    """The same for Parquet files of any size, in blocks; what columns may be is not looked at."""
    from fastsmote.cli._resample_files import check_parquet
    from fastsmote.files._advise import run

    check_parquet(sources, others)
    paths = [str(path) for path in sources]
    with StepBar(report.quiet, "rows") as steps, mistakes():
        progress = steps.start("looking at rows")
        advice = run(paths, target, model, k_neighbors, memory_limit, n_jobs, progress)
    report.say(_facts(advice, []), _classes(advice.findings), *_lines(advice))


def _notes(data: Data) -> list[str]:
    """What about columns may be other than it seems."""
    told = [
        f"- Column {name!r} holds another whole number in each row. If it is an id, it measures nothing: add "
        f"--carry {name}."
        for name in ids(data)
    ]
    return told + [f"- Note that {words}" for words in nearly_numbers(data)]


def _lines(advice: Advice) -> list[str]:
    lines = []
    for item in advice.recommendations:
        mark = "=>" if item.topic == "action" else "-"
        lines += [f"{mark} {item.advice} {item.reason}", f"   [{', '.join(item.sources)}]"]
    named = dict.fromkeys(source for item in advice.recommendations for source in item.sources)
    return [*lines, "Sources:", *(f"   [{source}] {SOURCES[source]}" for source in named)]


def _facts(advice: Advice, notes: list[str]) -> dict[str, Any]:
    """The advice for programs."""
    findings = advice.findings
    return {
        "action": advice.action,
        "rows": findings.n_rows,
        "features": findings.n_features,
        "share": findings.share,
        "classes": [
            {"label": label, "rows": count}
            | (findings.surroundings[label]._asdict() if label in findings.surroundings else {})
            for label, count in findings.counts.items()
        ],
        "notes": [note.removeprefix("- ") for note in notes],
        "recommendations": [
            item._asdict() | {"sources": [SOURCES[source] for source in item.sources]}
            for item in advice.recommendations
        ],
    }


def _classes(findings: Findings) -> Grid:
    k = findings.n_neighbors
    grid = Grid(
        "class", "rows", "share", "asked", "noise", "danger", "safe",
        caption=f"by the {k} nearest different rows: noise has none of its class, danger up to half, safe "
        "more",
    )  # fmt: skip
    counts = sorted(findings.counts.items(), key=lambda item: -item[1])
    for label, count in counts[:_MAX_CLASSES]:
        around = findings.surroundings.get(label)
        shares = ["-"] * 4
        if around is not None:
            rates = (around.noise, around.danger, around.safe)
            shares = [f"{around.n_asked:,}", *(f"{rate:.1%}" for rate in rates)]
        grid.add(str(label), f"{count:,}", f"{count / findings.n_rows:.3%}", *shares)
    if len(counts) > _MAX_CLASSES:
        grid.add(f"... {len(counts) - _MAX_CLASSES} more", *[""] * 6)
    return grid
