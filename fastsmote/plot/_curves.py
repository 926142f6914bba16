"""What users give to a plot, as sweeps with names; and the points of a curve that a picture can show."""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from fastsmote._core.scores import infer_pos_label, read_column, read_columns
from fastsmote._core.typing import VectorLike
from fastsmote._metrics.bins import BinnedSweep
from fastsmote._metrics.choice import check_sweep
from fastsmote._metrics.counts import kept_points
from fastsmote._metrics.sweep import Sweep, totals
from fastsmote.metrics import confusion_sweep

SweepLike: TypeAlias = Sweep | BinnedSweep | tuple[VectorLike, VectorLike]
SweepsLike: TypeAlias = SweepLike | VectorLike | Mapping[Any, SweepLike]  # labels come with y_score

COLUMNS = 2048  # of pixels; more than the axes of a figure of 6.4 inches have at 300 dpi


class NamedSweep(NamedTuple):
    """A sweep with its name and the areas under its curves, each between two bounds."""

    name: str | None
    sweep: Sweep
    roc_auc: tuple[float, float]
    average_precision: tuple[float, float]


def read_sweeps(data: Any, y_score: Any, pos_label: Any, label: str | None = None) -> list[NamedSweep]:
    """The sweeps of a mapping, or the one of anything else, without thresholds that do not show.

    Of thresholds with equal true positives only the first and last are left: between them ROC curves are
    straight and PR curves go straight down, and neither area changes.
    """
    return [
        _shown(name, one, read_sweep(one, y_score, pos_label, where))
        for name, where, one in named_data(data, y_score, label, "y_score")
    ]


def named_data(
    data: Any, second: Any, label: str | None, second_name: str
) -> list[tuple[str | None, str, Any]]:
    """Name, what errors call it, and data of each curve: of a mapping, or of anything else as one."""
    if not isinstance(data, Mapping):
        return [(label, "data", data)]
    if second is not None:
        raise TypeError(
            f"{second_name} belongs to y_true. Got it beside a mapping, which holds (y_true, {second_name})."
        )
    if label is not None:
        raise TypeError(
            f"label is for one curve. Got {label!r} beside a mapping, whose names are the labels."
        )
    if not data:
        raise ValueError("A mapping must hold a curve at least. Got none.")
    return [(str(name), f"data[{name!r}]", one) for name, one in data.items()]


def _shown(name: str | None, data: Any, sweep: Sweep) -> NamedSweep:
    shown = np.flatnonzero(kept_points(sweep.tps))
    corners = Sweep(*(values[shown] for values in sweep))
    if isinstance(data, BinnedSweep):
        return NamedSweep(name, corners, data.roc_auc_bounds(), data.average_precision_bounds())
    roc_auc, average_precision = corners.roc_auc, corners.average_precision
    return NamedSweep(name, corners, (roc_auc, roc_auc), (average_precision, average_precision))


def read_sweep(data: Any, y_score: Any, pos_label: Any, where: str) -> Sweep:
    """The sweep that was given, or of what was given; of rows of both classes."""
    if y_score is not None:
        data = data, y_score
    if isinstance(data, BinnedSweep):
        sweep = data.compute()
    elif isinstance(data, tuple) and len(data) == 2:
        y_true, scores = data
        sweep = confusion_sweep(
            y_true, of_positive(y_true, scores, pos_label, "y_score"), pos_label=pos_label
        )
    elif isinstance(data, tuple) and len(data) == len(Sweep._fields):
        sweep = check_sweep(data, where)
    else:
        raise TypeError(
            f"{where} must be a Sweep, a StreamingSweep or a tuple (y_true, y_score). Got "
            f"{type(data).__name__}; see fastsmote.confusion_sweep."
        )
    n_neg, n_pos = totals(sweep)
    if not n_neg or not n_pos:
        raise ValueError(
            f"{where} must have rows of both classes: no curve is defined without. Got {n_pos} positive and "
            f"{n_neg} negative; pass the positive label as pos_label if it is another."
        )
    return sweep


def of_positive(y_true: Any, scores: Any, pos_label: Any, name: str) -> Any:
    """Scores of one column as they are; of two that add up to 1, as of predict_proba, the positive one."""
    columns = read_columns(scores, name)
    if columns.ndim == 1:
        return scores
    if columns.shape[1] != 2 or columns.dtype.kind != "f" or not np.allclose(columns.sum(axis=1), 1):
        raise ValueError(
            f"{name} must be one column, or the two of predict_proba. Got shape {columns.shape}; pass the "
            f"column of the positive class, or a mapping from names to (y_true, {name}) to compare models."
        )
    classes = np.unique(read_column(y_true, "y_true")).tolist()
    positive = infer_pos_label(classes, pos_label)
    return columns[:, classes.index(positive) if positive in classes[:2] and len(classes) == 2 else 1]


def column_edges(x: np.ndarray, n_columns: int = COLUMNS) -> np.ndarray:
    """Edges of the columns of a linear axis, and of a logarithmic one where there are positive values."""
    linear = np.linspace(x[0], x[-1], n_columns + 1)
    least = int(np.searchsorted(x, 0, side="right"))
    if least == len(x):
        return linear
    return np.union1d(linear, np.geomspace(x[least], x[-1], n_columns + 1))


def thin(x: np.ndarray, y: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Positions of the points that decide which pixels a line through (x, y) covers, x ascending.

    The first, last, lowest and highest of each column (M4: Jugel et al. 2014, doi:10.14778/2732951.2732953):
    lines inside a column cover the pixels from the lowest to the highest point, and lines between columns go
    from the last of one to the first of another. O(n) time.
    """
    if len(x) <= 4 * len(edges):
        return np.arange(len(x))
    bounds = np.unique(np.concatenate([[0], np.searchsorted(x, edges), [len(x)]])).tolist()
    kept = []
    for lo, hi in pairwise(bounds):
        part = y[lo:hi]
        kept += [lo, lo + int(part.argmin()), lo + int(part.argmax()), hi - 1]
    return np.unique(kept)


def share_words(low: float, high: float) -> str:
    """A share in three decimals, more near 0 and 1; an interval where its ends differ in them."""
    least = min(low, 1 - high)
    digits = max(3, 1 - math.floor(math.log10(least))) if least > 1e-9 else 3
    first, last = f"{low:.{digits}f}", f"{high:.{digits}f}"
    return first if first == last else f"{first} to {last}"


def curve_label(curve: NamedSweep, area: str, bounds: tuple[float, float]) -> str:
    """The name of a curve, if it has one, with the area under it."""
    words = f"{area} {share_words(*bounds)}"
    return words if curve.name is None else f"{curve.name} ({words})"
