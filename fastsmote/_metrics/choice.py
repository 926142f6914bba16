"""The best cut point of a sweep, by values and, within their rounding, by an exact order.

Places number the cut points: 0 is calling no row positive, i + 1 is threshold i of the sweep.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from fastsmote._core.display import Shown, Summary, brief, briefly
from fastsmote._core.public import public
from fastsmote._core.typing import Floats, Mask
from fastsmote._metrics.cut_point import cells_in_words, cut_point
from fastsmote._metrics.formulas import Formula
from fastsmote._metrics.measures import Key, Totals
from fastsmote._metrics.sweep import Sweep, counts_between, evaluate_formula, none_called, totals

_SLACK = 32 * np.finfo(np.float64).eps  # relative; no measure is off by more than 10 roundings


class _ChoiceFields(NamedTuple):
    """The fields of a :class:`ThresholdChoice`."""

    threshold: Any
    value: float
    tn: Any
    fp: Any
    fn: Any
    tp: Any
    alerts: Any
    precision: float
    recall: float
    specificity: float
    fpr: float
    f1: float
    balanced_accuracy: float
    geometric_mean: float
    matthews_corrcoef: float
    lowest: Any
    highest: Any
    plateau: np.ndarray
    next_lower: Any
    calibrated: float | None = None


@public("fastsmote.thresholds")
class ThresholdChoice(Shown, _ChoiceFields):
    """A threshold, what happens there, and which others are as good. Positive is ``score >= threshold``.

    Attributes
    ----------
    threshold : float, int or bool
        A score of the sweep; with infinity, no row is called positive.
    value : float
        What was optimised: the metric, the cost, or the recall or precision under constraints.
    tn, fp, fn, tp : int or float
        Counts there, or sums of weights.
    alerts : int or float
        Rows called positive.
    precision, recall, specificity, fpr, f1, balanced_accuracy, geometric_mean, matthews_corrcoef : float
        Metrics there; 0 where their denominator is 0.
    lowest, highest : float, int or bool
        The lowest and highest threshold that are equally good, infinity among them. Scores between the two
        can be worse: ``plateau`` lists all that are not.
    plateau : ndarray
        The scores that are equally good thresholds, descending; empty where only infinity is best.
    next_lower : float, int or bool
        The next lower score: every threshold above it and up to ``threshold`` calls the same rows.
        -infinity where every row is called positive.
    calibrated : float or None
        From ``cost_threshold``: the threshold that is optimal if the scores are calibrated probabilities.

    See Also
    --------
    best_threshold : A choice by a metric.
    cost_threshold : A choice by costs.
    threshold_at : A choice under constraints.
    """

    __slots__ = ()

    def _summary(self) -> Summary:
        title = f"positive from {brief(self.threshold)} on, value {brief(self.value)}"
        rates = ("precision", "recall", "f1", "matthews_corrcoef")
        facts = {"rows": cells_in_words(self), **briefly(**{name: getattr(self, name) for name in rates})}
        if len(self.plateau) > 1 or self.lowest != self.highest:
            facts["as good"] = f"{brief(self.lowest)} to {brief(self.highest)}"
        if self.calibrated is not None:
            facts["for calibrated probabilities"] = brief(self.calibrated)
        return Summary(title, facts)


def check_sweep(sweep: Any, name: str = "sweep") -> Sweep:
    """Sweep of NumPy arrays; TypeError for anything else, ValueError for what no sweep holds."""
    if not isinstance(sweep, tuple) or len(sweep) != len(Sweep._fields):
        raise TypeError(
            f"{name} must be a Sweep or its five arrays (tns, fps, fns, tps, thresholds). Got "
            f"{type(sweep).__name__}; see confusion_sweep, or compute() of a stream."
        )
    sweep = Sweep(*map(np.asarray, sweep))
    lengths = {field: len(array) for field, array in zip(Sweep._fields, sweep, strict=True)}
    if len(set(lengths.values())) > 1 or not len(sweep.tps):
        raise ValueError(f"{name} must have arrays of one length, at least 1. Got {lengths}.")
    if not all((counts >= 0).all() for counts in sweep[:4]):
        raise ValueError(f"{name} must hold counts of at least 0. Got negative or NaN; use no such weights.")
    if not (sweep.thresholds[1:] < sweep.thresholds[:-1]).all():
        raise ValueError(f"{name} must have decreasing thresholds. Got another order.")
    return sweep


def everywhere(formula: Formula, sweep: Sweep) -> Floats:
    """``formula`` where no row is called positive, and at every threshold."""
    return np.concatenate([evaluate_formula(formula, part) for part in (none_called(sweep), sweep)])


def _best(
    sweep: Sweep, values: np.ndarray, key: Key | None, fns: np.ndarray | None, perfect: np.ndarray | None
) -> np.ndarray:
    """Places of the best values; without a key, of those that are equal as float64."""
    best = values.max()
    # these are exact; long plateaus, such as all thresholds without a missed or a wrong row, end here
    if perfect is not None and perfect.any():
        return np.flatnonzero(perfect)
    if key is None or best == 0:
        return np.flatnonzero(values == best)
    near = np.flatnonzero(values >= best - abs(best) * _SLACK)
    if len(near) == 1:
        return near
    exact = []
    for place in near.tolist():
        tn, fp, fn, tp = (_number(counts[0]) for counts in _entry(sweep, place)[:4])
        exact.append(key(tn, fp, fn if fns is None else _number(fns[place]), tp))
    top = max(exact)
    return near[[value == top for value in exact]]


def _number(count: Any) -> Fraction:
    return Fraction(count.item())


def _entry(sweep: Sweep, place: int) -> Sweep:
    return Sweep(*(array[place - 1 : place] for array in sweep)) if place else none_called(sweep)


def threshold_of(sweep: Sweep, place: Any) -> Any:
    return sweep.thresholds[place - 1].item() if place else math.inf


def choose(
    sweep: Sweep,
    values: np.ndarray,
    key: Key | None = None,
    fns: np.ndarray | None = None,
    perfect: np.ndarray | None = None,
) -> ThresholdChoice:
    """The record of the first of the best places.

    ``fns`` replace those of the sweep in the exact order; ``perfect`` are places that no other can surpass.
    """
    places = _best(sweep, values, key, fns, perfect)
    first, last = int(places[0]), int(places[-1])
    at = counts_between(sweep, first - 1, first) if first else counts_between(none_called(sweep), 0, 1)
    return ThresholdChoice(
        **cut_point(threshold_of(sweep, first), at)._asdict(),
        value=float(values[first]),
        lowest=threshold_of(sweep, last),
        highest=threshold_of(sweep, first),
        plateau=sweep.thresholds[places[places > 0] - 1],
        next_lower=threshold_of(sweep, first + 1) if first < len(sweep.thresholds) else -math.inf,
    )


def totals_of(sweep: Sweep) -> Totals:
    """What the exact orders of measures depend on."""
    return Totals(*totals(sweep), all(counts.dtype.kind in "iu" for counts in sweep[:4]))


def without_alarms(sweep: Sweep) -> Mask:
    """Places at which every alert is right: precision is 1."""
    return np.concatenate([[False], (sweep.fps == 0) & (sweep.tps > 0)])
