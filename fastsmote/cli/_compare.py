"""``fastsmote compare``: which resampling helps on the rows of a file, as a table, a page or JSON."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

import fastsmote
from fastsmote.cli._columns import check_csv, check_features, ids, is_text
from fastsmote.cli._methods import OF_WORDS
from fastsmote.cli._print import Grid, Report
from fastsmote.cli._read import Data, read
from fastsmote.cli._resample import SHARES
from fastsmote.cli._show import StepBar, UserError, complain, mistakes, seconds
from fastsmote.cli._source import Dialect, open_source
from fastsmote.cli._write import check_place, replacing

_MOST_WORDS = 50  # of a column of text


def compare_file(
    source: Path,
    *,
    target: str,
    samplers: str | None,
    ratios: str | None,
    cv: int,
    cost_fp: float | None,
    cost_fn: float | None,
    random_state: int | None,
    html: Path | None,
    carry: str | None,
    categorical: str | None,
    dialect: Dialect,
    n_jobs: int | None,
    report: Report,
) -> None:
    """Read the file, compare, print the table and write the page."""
    if (cost_fn is None) != (cost_fp is None):
        raise UserError("--cost-fn and --cost-fp go together: what a missed positive and a false alarm cost.")
    if html is not None:
        check_place(html)
    options: dict[str, Any] = {
        "samplers": None if samplers is None else _samplers(samplers),
        "ratios": None if ratios is None else [_ratio(text) for text in _listed(ratios, "--ratios")],
        "cv": cv,
        "cost_fp": cost_fp,
        "cost_fn": cost_fn,
        "random_state": random_state,
        "n_jobs": n_jobs,
    }
    place = open_source(source, dialect)
    with StepBar(report.quiet) as steps:
        steps.start(f"reading {source.name}")
        data = read(place, target, carry, categorical)
        check_features(data, "mixed")
        check_csv(data, typed=False)
        for name in ids(data):
            complain(
                f"Warning: column {name!r} holds another whole number in each row: if an id, --carry it."
            )
        X, y = _numbers(data)
        progress = steps.start("comparing")
        with mistakes():
            found = fastsmote.compare(X, y, progress=progress, **options)
            page = None if html is None else found.to_html()
    if html is not None and page is not None:
        with replacing(html) as file:
            file.write(page.encode())
    lines = [found.verdict] if html is None else [found.verdict, f"report: {html}"]
    report.say(found.to_dict(), _grid(found), *lines)


def _listed(text: str, option: str) -> list[str]:
    words = [word.strip() for word in text.split(",") if word.strip()]
    if not words:
        raise UserError(f"{option} must name one at least, separated by commas. Got {text!r}.")
    return words


def _samplers(text: str) -> list[str]:
    names = _listed(text, "--samplers")
    for name in names:
        if name.lower().replace("-", "_") in OF_WORDS:
            raise UserError(
                f"--samplers: {name} is for columns of words, which become columns of 0 and 1 before "
                "anything is resampled. Leave it out."
            )
    return names


def _ratio(text: str) -> Any:
    word, _, share = text.rpartition(":")
    try:
        return SHARES[word](float(share)) if word else float(text)
    except (KeyError, ValueError):
        raise UserError(
            "--ratios must be numbers in (0, 1], or share:X or prior:X with 0 < X < 1, separated by commas, "
            f"such as 0.1,0.5,share:0.2. Got {text!r}."
        ) from None


def _numbers(data: Data) -> tuple[Any, Any]:
    """Features as a matrix, in which each word of a text column has a column of 0 and 1; and the labels."""
    table, label = data.measured
    columns: list[Any] = []
    for i, (name, column) in enumerate(zip(table.column_names, table, strict=True)):
        if i == label:
            continue
        if not (is_text(column.type) or pa.types.is_dictionary(column.type)):
            columns.append(pc.cast(column, pa.float64()).to_numpy())
            continue
        words = pc.unique(column).to_pylist()
        if len(words) > _MOST_WORDS:
            raise UserError(
                f"column {name!r} has {len(words):,} different words, more than the {_MOST_WORDS} that can "
                f"be columns of their own; encode it as numbers, or let it ride along with --carry {name}."
            )
        codes = np.array([words.index(word) for word in column.to_pylist()])
        columns += [(codes == code).astype(np.float64) for code in range(len(words))]
    return np.column_stack(columns), table.column(label)


def _grid(found: Any) -> Grid:
    """The metrics of all methods, and the difference by the first."""
    first = found.metrics[0]
    titles = [metric.title for metric in found.metrics]
    grid = Grid(
        "method", *titles, "difference", "95 % from", "to", "is", "score from", "seconds", text=("is",),
        caption=f"difference of {first.title} to none; intervals hold for all methods together, for other "
        "test rows; better or worse is said where the folds agree, too",
    )  # fmt: skip
    for name, row in zip(found.names, found.rows, strict=True):
        values = [row.values[metric.name] for metric in found.metrics]
        apart = [_number(part, "+") for part in values[0][1:4]] if row.method != "none" else [""] * 3
        word = {1: "better", -1: "worse", 0: ""}[values[0].verdict]
        spent = seconds(row.sampling_seconds + row.fitting_seconds)
        grid.add(name, *(_number(one.value) for one in values), *apart, word, f"{row.threshold:.4g}", spent)
    return grid


def _number(value: float, sign: str = "") -> str:
    """Four digits, or all before the point."""
    return f"{value:{sign},.0f}" if abs(value) >= 1000 else f"{value:{sign}.4g}"
