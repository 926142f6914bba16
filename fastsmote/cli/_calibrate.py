"""``fastsmote calibrate``: a file of labels and scores to probabilities, judged on rows not fitted to."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

import fastsmote
from fastsmote import calibration
from fastsmote.cli._cells import formatted, quoted_as_read
from fastsmote.cli._picture import check_plot, new_figure, save
from fastsmote.cli._print import Grid, Report
from fastsmote.cli._read import positive_label, read, read_scores
from fastsmote.cli._show import StepBar, UserError, mistakes
from fastsmote.cli._source import STANDARD, Dialect, Source, is_text_file, open_source
from fastsmote.cli._write import check_out, replacing, write
from fastsmote.metrics import confusion_sweep
from fastsmote.priors import correct_prior
from fastsmote.select import random_under_sample

_BINS: dict[str, Any] = {"n_bins": 10, "strategy": "quantile"}  # uniform ones hold nearly all rows in one bin
_CLIP = float(np.finfo(np.float64).eps)  # log-odds are infinite at 0 and 1
_RARE = 0.05  # a prevalence from which down probabilities need logarithmic axes
_FITS: dict[str, Callable[..., Any]] = {
    "platt": calibration.fit_platt,
    "isotonic": calibration.fit_isotonic,
    "beta": calibration.fit_beta,
    "temperature": calibration.fit_temperature,
}


def calibrate_file(
    source: Path,
    *,
    label: str,
    score: str,
    positive: str | None,
    method: str | None,
    train_prior: float | None,
    true_prior: float | None,
    seed: int,
    out: Path | None,
    plot: Path | None,
    dialect: Dialect,
    force: bool,
    report: Report,
) -> None:
    """Correct the prior, fit a map to one half, judge on the other, and write the probabilities."""
    check_plot(plot)
    report.aside = out == STANDARD
    if out is not None:
        check_out(out, force)
    if (train_prior is None) != (true_prior is None):
        raise UserError(
            "--train-prior and --true-prior go together: the share of positives before and after."
        )
    if method is None and train_prior is None:
        method = "platt"
    with StepBar(report.quiet) as steps, mistakes():
        steps.start(f"reading {source.name}")
        y, given = _read(place := open_source(source, dialect), label, score, positive)
        steps.start("calibrating")
        stages = {"as given": given} if _is_probability(given) else {}
        p, words = given, []
        if train_prior is not None and true_prior is not None:
            p = stages[f"prior {train_prior:g} -> {true_prior:g}"] = correct_prior(p, train_prior, true_prior)
        judged = np.ones(len(y), bool)
        if method is not None:
            judged = _half(y, seed)
            fitted, on, p = _fit(method, y, p, ~judged)
            stages[method] = p
            words.append(f"{fitted} of {on} {score!r}" + (", corrected" if train_prior is not None else ""))
        words.append(_split(y, judged, method, seed))
        rows = _judged(stages, y, judged)
        if out is not None:
            steps.start(f"writing {out.name}")
            _write_column(place, out, dialect, label, pa.table({f"{score}_calibrated": p}))
            words.append(f"column {score + '_calibrated'!r} in {out}: {list(stages)[-1]}")
    if plot is not None:
        _draw(plot, {name: (y[judged], values[judged]) for name, values in stages.items()})
        words.append(f"picture: {plot}")
    report.say(_facts(rows, y, judged, out), _grid(rows), *words)


def _read(source: Source, label: str, score: str, positive: str | None) -> tuple[np.ndarray, np.ndarray]:
    """Whether rows are positive (1 or 0), and their scores; two rows of each class at least."""
    pos_label = positive_label(source, label, score, positive)
    batches = list(read_scores(source, label, score, positive))
    if not sum(batch.num_rows for batch in batches):
        raise UserError(f"{source.name}: the file has no rows.")
    table = pa.Table.from_batches(batches)
    labels, scores = table.column(0), np.asarray(table.column(1), np.float64)
    sweep = confusion_sweep(labels, scores, pos_label=pos_label)  # refuses labels that are not two classes
    n_pos, n_neg = int(sweep.tps[-1]), int(sweep.fps[-1])
    if min(n_pos, n_neg) < 2:
        raise UserError(
            f"two positive and two negative rows are needed at least. Got {n_pos:,} positive and "
            f"{n_neg:,} negative; pass the positive label as --positive if it is another."
        )
    y = np.asarray(labels) == (1 if pos_label is None else pos_label)
    return y.astype(np.int64), scores


def _is_probability(scores: np.ndarray) -> bool:
    return bool(scores.min() >= 0 and scores.max() <= 1)


def _half(y: np.ndarray, seed: int) -> np.ndarray:
    """Half of the rows of each class."""
    n_kept = {code: int(np.count_nonzero(y == code)) // 2 for code in (0, 1)}
    chosen = np.zeros(len(y), bool)
    chosen[random_under_sample(y[:, np.newaxis], y, sampling_strategy=n_kept, random_state=seed)] = True
    return chosen


def _fit(method: str, y: np.ndarray, p: np.ndarray, rows: np.ndarray) -> tuple[str, str, np.ndarray]:
    """The map in words, what it maps, and probabilities of all rows; ``rows`` are those to fit it to."""
    x, on = p, "the score" if not _is_probability(p) else "the probability"
    if method in ("platt", "temperature") and _is_probability(p):
        p = np.clip(p, _CLIP, 1 - _CLIP)
        x, on = np.log(p) - np.log1p(-p), "the log-odds of the probability"
    if method == "beta" and not _is_probability(p):
        raise UserError(
            "--method beta is for probabilities. Got scores outside [0, 1]; use platt or isotonic."
        )
    calibrator = _FITS[method](y[rows], x[rows])
    words = str(calibrator)
    if method == "isotonic":
        words = f"IsotonicCalibrator through {len(calibrator.thresholds):,} points"
    return words, on, calibrator(x)


def _judged(stages: dict[str, np.ndarray], y: np.ndarray, judged: np.ndarray) -> list[dict[str, Any]]:
    """What is measured of each stage."""
    rows = []
    for name, p in stages.items():
        pair = y[judged], p[judged]
        brier = calibration.brier_decomposition(*pair, **_BINS)
        rows.append(
            {
                "probabilities": name,
                "calibration error": calibration.expected_calibration_error(*pair, **_BINS),
                "Brier score": brier[0],
                "reliability": brier[1],
                "resolution": brier[2],
                "uncertainty": brier[3],
                "within bins": brier.within_variance - brier.within_covariance,
                "log loss": calibration.log_loss(*pair),
            }
        )
    return rows


def _facts(rows: list[dict[str, Any]], y: np.ndarray, judged: np.ndarray, out: Path | None) -> dict[str, Any]:
    """The result for programs."""
    return {
        "rows": len(y),
        "positives": np.count_nonzero(y),
        "judged_rows": np.count_nonzero(judged),
        "stages": [{key.replace(" ", "_").lower(): value for key, value in row.items()} for row in rows],
        "out": None if out is None else str(out),
    }


def _grid(rows: list[dict[str, Any]]) -> Grid:
    grid = Grid(*rows[0])
    for row in rows:
        name, *numbers = row.values()
        grid.add(name, *(f"{number:.4g}" for number in numbers))
    return grid


def _split(y: np.ndarray, judged: np.ndarray, method: str | None, seed: int) -> str:
    def rows(part: np.ndarray) -> str:
        return f"{np.count_nonzero(part):,} rows ({np.count_nonzero(y[part]):,} positive)"

    if method is None:
        return f"Judged on all {rows(judged)}: nothing is fitted."
    return (
        f"{method} was fitted to {rows(~judged)}; the table is of the other {rows(judged)}. Both are "
        f"halves of each class, drawn with seed {seed}. Bins hold a tenth of the rows each; Brier score = "
        "reliability - resolution + uncertainty + within bins."
    )


def _write_column(source: Source, out: Path, dialect: Dialect, label: str, column: pa.Table) -> None:
    """The file with a column more; from CSV to CSV, the others keep their text."""
    written = dialect.written(source, out)
    data = read(source, label)
    (name,) = column.column_names
    if name in data.table.column_names:
        raise UserError(f"{source.name}: has a column {name!r} already; rename it.")
    rows = data.typed(data.table)
    keep_text = data.cells is not None and is_text_file(out)
    if keep_text:
        rows, column = quoted_as_read(data, written), formatted(column, written)
    rows = rows.append_column(name, column.column(0))
    with replacing(out) as file:
        write(rows, file, out, written, keep_text, lambda done, total: None)


def _draw(place: Path, stages: dict[str, tuple[np.ndarray, np.ndarray]]) -> None:
    figure = new_figure(5.6, 6.4)
    y = next(iter(stages.values()))[0]
    fastsmote.plot.reliability(stages, **_BINS, log=bool(y.mean() < _RARE), ax=figure.add_subplot())
    save(figure, place)
