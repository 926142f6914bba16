"""The best cut point of a sweep, by values and, within their rounding, by an exact order.

Places number the cut points: 0 is calling nobody, i + 1 is threshold i of the sweep.
"""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from fastsmote._core.check import check_number
from fastsmote._core.public import public
from fastsmote._metrics import measures
from fastsmote._metrics.measures import Measure, f_beta, geometric_mean, matthews_corrcoef, youden
from fastsmote._metrics.sweep import Sweep, cells_of, evaluate, totals

_SLACK = 32 * np.finfo(np.float64).eps  # relative; no measure is off by more than 10 roundings

# exact order of a cut point from its (tn, fp, fn, tp)
Key = Callable[[Fraction, Fraction, Fraction, Fraction], Fraction]


@public("fastsmote.thresholds")
class ThresholdChoice(NamedTuple):
    """A threshold, what happens there, and which others are as good. Positive is ``score >= threshold``.

    Attributes
    ----------
    threshold : float, int or bool
        A score of the sweep; infinity calls nobody.
    value : float
        What was optimised: the metric, the cost, or the recall or precision under constraints.
    tn, fp, fn, tp : int or float
        Counts there, or sums of weights.
    alerts : int or float
        Rows called positive.
    precision, recall, specificity, fpr, f1, balanced_accuracy, geometric_mean, matthews_corrcoef : float
        Metrics there; 0 where their denominator is 0.
    lowest, highest : float, int or bool
        The lowest and highest threshold that are equally good; ``highest`` is infinite where calling nobody
        is. Scores between the two can be worse: ``plateau`` lists all that are not.
    plateau : ndarray
        The scores that are equally good thresholds, descending; empty where only calling nobody is best.
    next_lower : float, int or bool
        The next lower score: every threshold above it and up to ``threshold`` calls the same rows.
        -infinity where everybody is called.
    calibrated : float or None
        From ``cost_threshold``: the threshold that is optimal if the scores are calibrated probabilities.
    """

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


def nobody(sweep: Sweep) -> Sweep:
    """The one entry at which nobody is called positive."""
    n_neg, n_pos = totals(sweep)
    return Sweep(*(np.array([count]) for count in (n_neg, 0 * n_neg, n_pos, 0 * n_pos, np.inf)))


def everywhere(measure: Measure, sweep: Sweep) -> np.ndarray:
    """``measure`` where nobody is called, and at every threshold."""
    return np.concatenate([evaluate(measure, part) for part in (nobody(sweep), sweep)])


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
    return Sweep(*(array[place - 1 : place] for array in sweep)) if place else nobody(sweep)


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
    at = cells_of(sweep, first - 1, first) if first else cells_of(nobody(sweep), 0, 1)
    tn, fp, fn, tp = (count.item() for count in at[:4])
    return ThresholdChoice(
        threshold=threshold_of(sweep, first),
        value=float(values[first]),
        tn=tn,
        fp=fp,
        fn=fn,
        tp=tp,
        alerts=tp + fp,
        precision=measures.precision(at).item(),
        recall=measures.recall(at).item(),
        specificity=measures.specificity(at).item(),
        fpr=measures.fpr(at).item(),
        f1=f_beta(at, 1.0).item(),
        balanced_accuracy=measures.balanced_accuracy(at).item(),
        geometric_mean=measures.geometric_mean(at).item(),
        matthews_corrcoef=measures.matthews_corrcoef(at).item(),
        lowest=threshold_of(sweep, last),
        highest=threshold_of(sweep, first),
        plateau=sweep.thresholds[places[places > 0] - 1],
        next_lower=threshold_of(sweep, first + 1) if first < len(sweep.thresholds) else -math.inf,
    )


# Up to these, sums and quotients of integers are equal as float64 only where they are equal.
SUMS = 1 << 53
QUOTIENTS = 1 << 26


def nearest(
    sweep: Sweep, bounds: dict[str, float], values: dict[str, np.ndarray], met: dict[str, np.ndarray]
) -> str:
    """Why nothing is feasible: for each constraint, the value to be had where the others hold."""
    wanted = ", ".join(f"{name}={bound:g}" for name, bound in bounds.items())
    ways = []
    for name in bounds:
        others = [ok for other, ok in met.items() if other != name]
        rows = np.flatnonzero(np.logical_and.reduce(others) if others else np.ones(len(met[name]), bool))
        if len(rows):
            at = values[name][rows]
            best = rows[at.argmax() if name.startswith("min") else at.argmin()]
            ways.append(f"{name}={values[name][best].item()!r} (threshold {threshold_of(sweep, best)!r})")
    nearest = " or ".join(ways) or "none by moving one constraint only; drop one"
    return f"No threshold meets {wanted}. Nearest feasible: {nearest}."


def values_of(metric: Callable[[Sweep], Any], sweep: Sweep) -> np.ndarray:
    longer = Sweep(*(np.concatenate(pair) for pair in zip(nobody(sweep), sweep, strict=True)))
    values = np.asarray(metric(longer))
    if values.shape != longer.tps.shape or values.dtype.kind not in "biuf":
        raise ValueError(
            f"metric must return real numbers of shape {longer.tps.shape}, one per entry of the Sweep that "
            f"it gets. Got {values.dtype} of shape {values.shape}."
        )
    return values.astype(np.float64)


def without_alarms(sweep: Sweep) -> np.ndarray:
    """Places at which every alert is right: precision is 1."""
    return np.concatenate([[False], (sweep.fps == 0) & (sweep.tps > 0)])


def n_rows(sweep: Sweep) -> Any:
    return sum(totals(sweep))


def is_exact(sweep: Sweep, largest: float, limit: int) -> bool:
    """Whether float64 orders values of this sweep exactly, so that long plateaus need no fractions."""
    return bool(largest <= limit) and all(counts.dtype.kind in "iu" for counts in sweep[:4])


def read_metric(metric: Any, beta: float | None, sweep: Sweep) -> tuple[Measure, Key | None]:
    """How to evaluate a metric, and its exact order where float64 does not give it."""
    if metric in ("f1", "f_beta"):
        weight = 1.0 if beta is None else check_number(beta, "beta")
        square = Fraction(weight) ** 2

        def key(_tn: Fraction, fp: Fraction, fn: Fraction, tp: Fraction) -> Fraction:
            return tp and tp / ((1 + square) * tp + square * fn + fp)

        exact = weight == 1 and is_exact(sweep, 2 * n_rows(sweep), QUOTIENTS)
        return (lambda cells: f_beta(cells, weight)), None if exact else key
    if metric == "mcc":
        return matthews_corrcoef, _mcc_key
    if metric == "geometric_mean":
        return geometric_mean, lambda tn, _fp, _fn, tp: tn * tp
    if metric == "youden":
        return youden, rates_key(sweep)
    raise ValueError(
        "metric must be 'f1', 'f_beta', 'mcc', 'balanced_accuracy', 'geometric_mean', 'youden' or a "
        f"function of a Sweep. Got {metric!r}."
    )


def rates_key(sweep: Sweep) -> Key | None:
    n_neg, n_pos = totals(sweep)
    if is_exact(sweep, max(n_neg, 1) * max(n_pos, 1), SUMS):
        return None
    if not n_neg or not n_pos:
        return lambda _tn, fp, _fn, tp: tp - fp
    return lambda tn, fp, fn, tp: tp * tn - fp * fn


def _mcc_key(tn: Fraction, fp: Fraction, fn: Fraction, tp: Fraction) -> Fraction:
    difference, product = tp * tn - fp * fn, (tp + fp) * (tn + fn)
    return difference and difference * abs(difference) / product


def precision_key(_tn: Fraction, fp: Fraction, _fn: Fraction, tp: Fraction) -> Fraction:
    return tp and tp / (tp + fp)


def missed(sweep: Sweep, amounts: Sweep, most: float) -> np.ndarray:
    """Amount missed at each threshold of ``sweep``; rows without amount have no entry in ``amounts``."""
    if np.array_equal(amounts.thresholds, sweep.thresholds):
        return amounts.fns
    ascending = sweep.thresholds[::-1]
    places = np.searchsorted(ascending, amounts.thresholds)
    if (places == len(ascending)).any() or (ascending[places] != amounts.thresholds).any():
        raise ValueError("amounts must be a sweep of the same rows. Got thresholds that the sweep lacks.")
    n_above = len(amounts.fns) - np.searchsorted(amounts.thresholds[::-1], sweep.thresholds)
    return np.concatenate([[most], amounts.fns])[n_above]
