"""``fastsmote advise``: what to do about the imbalance of a file, and why."""

from pathlib import Path
from typing import Any

from fastsmote.advice import SOURCES, Advice, Findings, advise
from fastsmote.cli._print import Grid, Report
from fastsmote.cli._read import check_csv, check_source, check_table, read
from fastsmote.cli._show import Steps, mistakes

_MAX_CLASSES = 20  # lines of the table


def advise_file(
    source: Path,
    *,
    target: str,
    model: Any,
    k_neighbors: int,
    header: bool,
    n_jobs: int | None,
    report: Report,
) -> None:
    """Read the file, look at its classes and neighbours, and print what to do and why."""
    check_source(source, header)
    with Steps() as steps:
        steps.start(f"reading {source.name}")
        table, label, cells = read(source, target, header)
        check_table(table, label, "any")  # text and missing values are welcome in the features
        if cells is not None:
            check_csv(table, cells, label, typed=False)
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
    report.say(_facts(advice), _classes(advice.findings), *_lines(advice))


def _lines(advice: Advice) -> list[str]:
    lines = []
    for item in advice.recommendations:
        mark = "=>" if item.topic == "action" else "-"
        lines += [f"{mark} {item.advice} {item.reason}", f"   [{', '.join(item.sources)}]"]
    named = dict.fromkeys(source for item in advice.recommendations for source in item.sources)
    return [*lines, "Sources:", *(f"   [{source}] {SOURCES[source]}" for source in named)]


def _facts(advice: Advice) -> dict[str, Any]:
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
