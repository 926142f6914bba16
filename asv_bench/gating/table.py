"""One row for each comparison: as text, and as JSON."""

import json
import math
import statistics
from pathlib import Path
from typing import Any

from gating.comparison import Comparison

UNITS = {"time": ("ms", 1e3), "memory": ("MB", 1e-6)}
HEADER = ("benchmark", "base", "head", "ratio", "interval", "rounds", "verdict")


def _number(value: float) -> str:
    return "-" if math.isinf(value) else f"{value:.3f}"


def _cells(comparison: Comparison) -> tuple[str, ...]:
    """The cells of a row; what was not measured is a dash."""
    if not comparison.pairs:
        return (comparison.name, "-", "-", "-", "-", "0", comparison.said)
    unit, scale = UNITS[comparison.what]
    base, head = (
        f"{statistics.median(side) * scale:.4g} {unit}" for side in zip(*comparison.pairs, strict=True)
    )
    low, high = comparison.interval
    between = f"{_number(low)} .. {_number(high)}"
    n_rounds = str(len(comparison.pairs))
    return (comparison.name, base, head, _number(comparison.ratio), between, n_rounds, comparison.said)


def as_text(comparisons: list[Comparison]) -> str:
    """Time, then memory, in columns; what a benchmark raised stands below."""
    lines = []
    for what in UNITS:
        rows = [_cells(comparison) for comparison in comparisons if comparison.what == what]
        widths = [max(map(len, column)) for column in zip(HEADER, *rows, strict=True)]
        lines.append(f"{what}:")
        for row in (HEADER, *rows):
            lines.append(
                "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            )
        lines.append("")
    lines += [f"{c.name}: {c.error}" for c in comparisons if c.error and c.what == "time"]
    return "\n".join([*lines, summary(comparisons)])


def summary(comparisons: list[Comparison]) -> str:
    """How many of each verdict, in one line."""
    said = [comparison.said for comparison in comparisons]
    return ", ".join(f"{said.count(verdict)} {verdict}" for verdict in sorted(set(said)))


def write_json(path: Path, comparisons: list[Comparison], **about: Any) -> None:
    """Everything that was measured."""
    rows = [comparison.as_dict() for comparison in comparisons]
    path.write_text(json.dumps(about | {"comparisons": rows}, indent=1) + "\n", encoding="utf-8")
