"""``fastsmote advise``: what to do about the imbalance of a file, and why."""

from pathlib import Path
from typing import Any

from rich.table import Table

from fastsmote.advice import Advice, Findings, advise
from fastsmote.cli._read import check_csv, check_source, check_table, read
from fastsmote.cli._show import Steps, mistakes, output

_MAX_CLASSES = 20  # lines of the table


def advise_file(
    source: Path, *, target: str, model: Any, k_neighbors: int, header: bool, n_jobs: int | None
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
    _show(advice)


def _show(advice: Advice) -> None:
    output().print(_classes(advice.findings))
    for item in advice.recommendations:
        mark = "=>" if item.topic == "action" else "-"
        output().print(f"{mark} {item.advice} {item.reason}", markup=False, soft_wrap=True)
        output().print(f"   [{', '.join(item.sources)}]", style="dim", markup=False, soft_wrap=True)


def _classes(findings: Findings) -> Table:
    k = findings.n_neighbors
    table = Table(
        caption=f"by the {k} nearest different rows: "
        "noise has none of its class, danger up to half, safe more"
    )
    table.add_column("class")
    for name in ("rows", "share", "asked", "noise", "danger", "safe"):
        table.add_column(name, justify="right")
    counts = sorted(findings.counts.items(), key=lambda item: -item[1])
    for label, count in counts[:_MAX_CLASSES]:
        around = findings.surroundings.get(label)
        shares = ["-"] * 4
        if around is not None:
            rates = (around.noise, around.danger, around.safe)
            shares = [f"{around.n_asked:,}", *(f"{rate:.1%}" for rate in rates)]
        table.add_row(str(label), f"{count:,}", f"{count / findings.n_rows:.3%}", *shares)
    if len(counts) > _MAX_CLASSES:
        table.add_row(f"... {len(counts) - _MAX_CLASSES} more")
    return table
