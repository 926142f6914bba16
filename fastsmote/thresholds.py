"""Choosing a threshold from a sweep: by a metric, by costs, or under a constraint.

Every cut point is looked at: each distinct score, and "call nobody" (threshold infinity). Metrics are
evaluated in float64; cut points within rounding of the best are compared as fractions of integers, which
tells those that are exactly as good from those that are nearly so, for counts up to 2**53. Of equally
good cut points the highest threshold is taken: it raises the fewest alerts. With weights, the sums of
weights are compared as they stand in the sweep; costs count as the float64 that they are.
"""

import math
from fractions import Fraction
from typing import Any

import numpy as np

from fastsmote._core.check import check_number
from fastsmote._metrics import measures as measures_module
from fastsmote._metrics.choice import (
    QUOTIENTS,
    SUMS,
    ThresholdChoice,
    check_sweep,
    choose,
    everywhere,
    is_exact,
    missed,
    n_rows,
    nearest,
    precision_key,
    rates_key,
    read_metric,
    values_of,
    without_alarms,
)
from fastsmote._metrics.measures import Measure, fpr, recall, youden
from fastsmote._metrics.sweep import check_total, totals

__all__ = ["ThresholdChoice", "best_threshold", "calibrated_threshold", "cost_threshold", "threshold_at"]


def best_threshold(sweep: Any, metric: Any = "f1", *, beta: float | None = None) -> ThresholdChoice:
    """The threshold at which a metric is highest, over all cut points and calling nobody.

    Parameters
    ----------
    sweep : Sweep
        From :func:`fastsmote.confusion_sweep`, or its five arrays.
    metric : str or callable, default="f1"
        "f1", "f_beta", "mcc", "balanced_accuracy", "geometric_mean" or "youden" (recall less false positive
        rate). Or a function of a Sweep that returns one number per entry, higher being better, NaN for
        "not allowed"; the first entry of the Sweep that it gets is calling nobody, with threshold infinity.
    beta : float, default=None
        For "f_beta": recall weighs beta times as much as precision.

    Returns
    -------
    ThresholdChoice

    Raises
    ------
    ValueError
        Unknown metric; beta missing, not wanted, negative or not finite; the sweep is empty, has negative
        counts, rising thresholds or arrays of several lengths; a function returns another shape, or only NaN.
    TypeError
        sweep is no Sweep.

    Notes
    -----
    O(n_thresholds) time, 16 bytes per threshold (60 for a function, whose values are compared as float64).
    Ties go to the highest threshold. One class only is no error: rates of the other count as 0, as in
    :class:`fastsmote.Sweep`. Reference for Youden's index: Youden (1950),
    doi:10.1002/1097-0142(1950)3:1<32::AID-CNCR2820030106>3.0.CO;2-3.

    Examples
    --------
    >>> from fastsmote import confusion_sweep
    >>> from fastsmote.thresholds import best_threshold
    >>> best = best_threshold(confusion_sweep([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]))
    >>> best.threshold, best.value, best.tp, best.fp
    (0.35, 0.8, 2, 1)
    """
    sweep = check_sweep(sweep)
    if (beta is not None) != (isinstance(metric, str) and metric == "f_beta"):
        raise ValueError(f"beta belongs to metric='f_beta', which needs it. Got {metric=}, {beta=}.")
    if callable(metric):
        values = values_of(metric, sweep)
        if np.isnan(values).all():
            raise ValueError("metric must return a number at one cut point at least. Got NaN at all of them.")
        return choose(sweep, np.where(np.isnan(values), -np.inf, values))
    metric = metric if isinstance(metric, str) else repr(metric)  # to be refused by name
    if metric == "balanced_accuracy":  # in the order of Youden's index, whose ties are exact
        choice = choose(sweep, everywhere(youden, sweep), rates_key(sweep))
        return choice._replace(value=choice.balanced_accuracy)
    measure, key = read_metric(metric, beta, sweep)
    perfect = without_alarms(sweep) if beta == 0 else None  # F0 is precision
    return choose(sweep, everywhere(measure, sweep), key, perfect=perfect)


def cost_threshold(sweep: Any, cost_fp: float, cost_fn: float, *, amounts: Any = None) -> ThresholdChoice:
    """The threshold at which errors cost least on these rows, over all cut points and calling nobody.

    Parameters
    ----------
    sweep : Sweep
        From :func:`fastsmote.confusion_sweep`, or its five arrays.
    cost_fp : float
        Cost of one false alarm, at least 0.
    cost_fn : float
        Cost of one missed positive; with ``amounts``, cost per unit of amount missed. At least 0, and one
        of the two costs above 0.
    amounts : Sweep, default=None
        The same rows weighted by the amount at risk in each,
        ``confusion_sweep(y, score, sample_weight=amount)``: a missed row then costs cost_fn times its
        amount, a false alarm still cost_fp.

    Returns
    -------
    ThresholdChoice
        ``value`` is the cost; ``calibrated`` is cost_fp / (cost_fp + cost_fn), the threshold that is optimal
        on average for calibrated probabilities, whatever the rows (None with ``amounts``, where it differs
        by row: :func:`calibrated_threshold`).

    Raises
    ------
    ValueError
        A cost is negative, infinite, NaN or no number; both are 0; costs add up to infinity; a sweep is
        refused as in :func:`best_threshold`; ``amounts`` has thresholds that the sweep lacks.
    TypeError
        sweep or amounts is no Sweep.

    Notes
    -----
    O(n_thresholds) time, 32 bytes per threshold. Ties go to the highest threshold. If the cost of a false
    alarm differs by row too, weight the sweep itself by the cost of each row's error and let both costs
    be 1. References: Elkan (2001), "The foundations of cost-sensitive learning", IJCAI; Bahnsen et al.
    (2013), doi:10.1109/ICMLA.2013.68, for amounts.

    Examples
    --------
    >>> from fastsmote import confusion_sweep
    >>> from fastsmote.thresholds import cost_threshold
    >>> y, score = [0, 0, 1, 0, 1], [0.05, 0.1, 0.3, 0.4, 0.8]
    >>> choice = cost_threshold(confusion_sweep(y, score), cost_fp=1, cost_fn=10)
    >>> choice.threshold, choice.value, round(choice.calibrated, 4)
    (0.3, 1.0, 0.0909)
    >>> at_risk = confusion_sweep(y, score, sample_weight=[9, 9, 2, 9, 700])
    >>> cost_threshold(confusion_sweep(y, score), cost_fp=5, cost_fn=1, amounts=at_risk).threshold
    0.8
    """
    sweep = check_sweep(sweep)
    cost_fp, cost_fn = check_number(cost_fp, "cost_fp"), check_number(cost_fn, "cost_fn")
    calibrated = calibrated_threshold(cost_fp, cost_fn)
    n_neg, most = totals(sweep)
    fns = sweep.fns
    if amounts is not None:
        amounts = check_sweep(amounts, "amounts")
        most = totals(amounts)[1]
        fns = missed(sweep, amounts, most)
    check_total(cost_fp, cost_fn, n_neg, most)
    fns = np.concatenate([[most], fns])
    costs = cost_fn * fns
    costs[1:] += cost_fp * sweep.fps
    price_fp, price_fn = Fraction(cost_fp), Fraction(cost_fn)

    def key(_tn: Fraction, fp: Fraction, fn: Fraction, _tp: Fraction) -> Fraction:
        return -(price_fp * fp + price_fn * fn)

    whole = cost_fp.is_integer() and cost_fn.is_integer() and amounts is None
    exact = whole and is_exact(sweep, cost_fp * n_neg + cost_fn * most, SUMS)
    choice = choose(sweep, -costs, None if exact else key, fns)
    return choice._replace(value=-choice.value, calibrated=calibrated if amounts is None else None)


def calibrated_threshold(cost_fp: Any, cost_fn: Any) -> Any:
    """The threshold that costs least for calibrated probabilities: cost_fp / (cost_fp + cost_fn).

    Parameters
    ----------
    cost_fp, cost_fn : float or array-like
        Cost of a false alarm and of a missed positive, at least 0 and not both 0. Arrays are broadcast: one
        cost per row gives one threshold per row.

    Returns
    -------
    float or ndarray

    Raises
    ------
    ValueError
        A cost is negative, infinite or NaN, or both are 0.

    Notes
    -----
    O(size). Reference: Elkan (2001), equation 2, "The foundations of cost-sensitive learning", IJCAI.

    Examples
    --------
    >>> from fastsmote.thresholds import calibrated_threshold
    >>> calibrated_threshold(1, 10) == 1 / 11
    True
    >>> calibrated_threshold(5, [20, 95])
    array([0.2 , 0.05])
    """
    costs = []
    for name, value in {"cost_fp": cost_fp, "cost_fn": cost_fn}.items():
        cost = np.asarray(value)
        if cost.dtype.kind not in "iuf" or not (np.isfinite(cost) & (cost >= 0)).all():
            raise ValueError(f"{name} must hold numbers at least 0 and finite. Got {value!r}.")
        costs.append(cost.astype(np.float64))
    false, missed = np.broadcast_arrays(*costs)
    if ((false == 0) & (missed == 0)).any():
        raise ValueError("cost_fp and cost_fn must not both be 0. Raise one of them.")
    power = -np.frexp(np.maximum(false, missed))[1]  # a sum of two costs may overflow
    false, missed = np.ldexp(false, power), np.ldexp(missed, power)
    share = false / (false + missed)
    return share if share.ndim else float(share)


def threshold_at(
    sweep: Any,
    *,
    min_recall: float | None = None,
    min_precision: float | None = None,
    max_alerts: float | None = None,
    max_fpr: float | None = None,
) -> ThresholdChoice:
    """The best threshold under constraints: the highest precision for a recall, else the highest recall.

    Parameters
    ----------
    sweep : Sweep
        From :func:`fastsmote.confusion_sweep`, or its five arrays.
    min_recall : float, default=None
        At least this share of positives is found. Precision is then maximised.
    min_precision : float, default=None
        At least this share of alerts is right.
    max_alerts : float, default=None
        At most so many rows (or so much weight) are called positive.
    max_fpr : float, default=None
        At most this share of negatives is called positive.

    Returns
    -------
    ThresholdChoice
        ``value`` is the precision with ``min_recall``, else the recall; all constraints given hold.

    Raises
    ------
    ValueError
        No constraint; a bound is negative, above 1 (except max_alerts), infinite, NaN or no number; the
        sweep is refused as in :func:`best_threshold`; no threshold meets all constraints: the message names
        the nearest value that can be had.
    TypeError
        sweep is no Sweep.

    Notes
    -----
    O(n_thresholds) time, 32 bytes per threshold. Ties go to the highest threshold. Rates are compared as
    float64, so that 90 of 100 meets ``min_recall=0.9``. Calling nobody meets ``max_alerts`` and ``max_fpr``;
    its precision counts as 0.

    Examples
    --------
    >>> from fastsmote import confusion_sweep
    >>> from fastsmote.thresholds import threshold_at
    >>> sweep = confusion_sweep([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> threshold_at(sweep, min_recall=0.9).threshold, threshold_at(sweep, max_alerts=1).threshold
    (0.35, 0.8)
    """
    sweep = check_sweep(sweep)
    given = {
        "min_recall": min_recall,
        "min_precision": min_precision,
        "max_alerts": max_alerts,
        "max_fpr": max_fpr,
    }
    bounds = {
        name: check_number(bound, name, math.inf if name == "max_alerts" else 1.0)
        for name, bound in given.items()
        if bound is not None
    }
    if not bounds:
        raise ValueError("threshold_at needs a constraint: min_recall, min_precision, max_alerts or max_fpr.")
    measures: dict[str, Measure] = {
        "min_recall": recall,
        "min_precision": measures_module.precision,
        "max_alerts": lambda cells: cells.tps + cells.fps,
        "max_fpr": fpr,
    }
    values = {name: everywhere(measures[name], sweep) for name in bounds}
    met = {
        name: values[name] >= bound if name.startswith("min") else values[name] <= bound
        for name, bound in bounds.items()
    }
    feasible = np.logical_and.reduce(list(met.values()))
    if not feasible.any():
        raise ValueError(nearest(sweep, bounds, values, met))
    if min_recall is None:
        found = np.concatenate([[0], sweep.tps])  # as recall, and equal only where it is equal
        choice = choose(sweep, np.where(feasible, found, -1))
        return choice._replace(value=choice.recall)
    precision = everywhere(measures_module.precision, sweep)
    key = None if is_exact(sweep, n_rows(sweep), QUOTIENTS) else precision_key
    return choose(sweep, np.where(feasible, precision, -1.0), key, perfect=feasible & without_alarms(sweep))
