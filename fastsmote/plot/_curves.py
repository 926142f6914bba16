"""What users give to a plot, as sweeps with names; and the points of a curve that a picture can show."""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias

import numpy as np

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


def read_sweeps(data: Any, y_score: Any, pos_label: Any) -> list[NamedSweep]:
    """The sweeps of a mapping, or the one of anything else, without thresholds that do not show.

    Of thresholds with equal true positives only the first and last are left: between them ROC curves are
    straight and PR curves go straight down, and neither area changes.
    """
    if not isinstance(data, Mapping):
        return [_read(data, y_score, pos_label, None)]
    if y_score is not None:
        raise TypeError("y_score belongs to y_true. Got it beside a mapping, which holds (y_true, y_score).")
    if not data:
        raise ValueError("A mapping must hold a curve at least. Got none.")
    return [_read(one, None, pos_label, str(name)) for name, one in data.items()]


def _read(data: Any, y_score: Any, pos_label: Any, name: str | None) -> NamedSweep:
    sweep = read_sweep(data, y_score, pos_label, name)
    shown = np.flatnonzero(kept_points(sweep.tps))
    corners = Sweep(*(values[shown] for values in sweep))
    if isinstance(data, BinnedSweep):
        return NamedSweep(name, corners, data.roc_auc_bounds(), data.average_precision_bounds())
    roc_auc, average_precision = corners.roc_auc, corners.average_precision
    return NamedSweep(name, corners, (roc_auc, roc_auc), (average_precision, average_precision))


def read_sweep(data: Any, y_score: Any, pos_label: Any, name: str | None = None) -> Sweep:
    """The sweep that was given, or of what was given; of rows of both classes."""
    where = "data" if name is None else f"data[{name!r}]"
    if y_score is not None:
        sweep = confusion_sweep(data, y_score, pos_label=pos_label)
    elif isinstance(data, BinnedSweep):
        sweep = data.compute()
    elif isinstance(data, tuple) and len(data) == 2:
        sweep = confusion_sweep(*data, pos_label=pos_label)
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
