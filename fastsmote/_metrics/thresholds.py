"""The rules that choose a threshold: by a measure, by costs, or under constraints."""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from fastsmote._core.check import check_number
from fastsmote._core.typing import Floats, Mask
from fastsmote._metrics import formulas
from fastsmote._metrics.choice import (
    ThresholdChoice,
    check_sweep,
    choose,
    everywhere,
    threshold_of,
    totals_of,
    without_alarms,
)
from fastsmote._metrics.curves import confusion_sweeps
from fastsmote._metrics.formulas import Formula
from fastsmote._metrics.measures import (
    SUMS,
    check_sweep_function,
    find_measure,
    measures_of,
    orders_exactly,
    precision_order,
    with_beta,
)
from fastsmote._metrics.sweep import Sweep, check_total, none_called, totals


def best_of(data: Any, y_score: Any, metric: Any, beta: Any, **rows: Any) -> ThresholdChoice:
    """The best threshold of a sweep, whose metric may come second, or of labels and scores."""
    if isinstance(data, Sweep) or np.ndim(y_score) == 0:  # a name, a function, or nothing
        if any(value is not None for value in rows.values()):
            raise TypeError(
                f"{' and '.join(rows)} belong to labels and scores. Got no scores; pass them second."
            )
        if y_score is not None and metric is not None:
            raise TypeError(f"metric must be given once. Got {y_score!r} and {metric!r}.")
        return best(data, y_score or metric or "f1", beta)
    return best(one_sweep(data, y_score, **rows), metric or "f1", beta)


def one_sweep(y_true: Any, y_score: Any, pos_label: Any, sample_weight: Any) -> Sweep:
    """The sweep of one column of scores."""
    sweep = confusion_sweeps(y_true, y_score, pos_label, sample_weight)
    if not isinstance(sweep, Sweep):
        raise ValueError(
            f"y_score must be one column of scores. Got {len(sweep)}; choose for each by itself."
        )
    return sweep


def best(sweep: Any, metric: Any, beta: Any) -> ThresholdChoice:
    """Where a measure, or a function of a Sweep, is highest."""
    sweep = check_sweep(sweep)
    if (beta is not None) != (isinstance(metric, str) and metric == "f_beta"):
        raise ValueError(f"beta belongs to metric='f_beta', which needs it. Got {metric=}, {beta=}.")
    if callable(metric):
        check_sweep_function(metric)
        values = _values_of(metric, sweep)
        if np.isnan(values).all():
            raise ValueError("metric must return a number at one cut point at least. Got NaN at all of them.")
        return choose(sweep, np.where(np.isnan(values), -np.inf, values))
    measure = find_measure(metric, "best_threshold")
    if measure is None:
        names = ", ".join(map(repr, measures_of("best_threshold")))
        raise ValueError(f"metric must be {names} or a function of a Sweep. Got {metric!r}.")
    if beta is not None:
        beta = check_number(beta, "beta")
        measure = with_beta(measure, beta)
    perfect = without_alarms(sweep) if beta == 0 else None  # F0 is precision
    key = measure.order(totals_of(sweep)) if measure.order else None
    choice = choose(sweep, everywhere(measure.ranked_by or measure.formula, sweep), key, perfect=perfect)
    return choice._replace(value=getattr(choice, measure.name)) if measure.ranked_by else choice


def _values_of(metric: Callable[[Sweep], Any], sweep: Sweep) -> Floats:
    longer = Sweep(*(np.concatenate(pair) for pair in zip(none_called(sweep), sweep, strict=True)))
    values = np.asarray(metric(longer))
    if values.shape != longer.tps.shape or values.dtype.kind not in "biuf":
        raise ValueError(
            f"metric must return real numbers of shape {longer.tps.shape}, one per entry of the Sweep that "
            f"it gets. Got {values.dtype} of shape {values.shape}."
        )
    return values.astype(np.float64)


def cheapest(sweep: Any, cost_fp: Any, cost_fn: Any, amounts: Any) -> ThresholdChoice:
    """Where errors cost least."""
    sweep = check_sweep(sweep)
    cost_fp, cost_fn = check_number(cost_fp, "cost_fp"), check_number(cost_fn, "cost_fn")
    calibrated = calibrated_threshold(cost_fp, cost_fn)
    n_neg, most = totals(sweep)
    fns = sweep.fns
    if amounts is not None:
        amounts = check_sweep(amounts, "amounts")
        most = totals(amounts)[1]
        fns = _missed(sweep, amounts, most)
    check_total(cost_fp, cost_fn, n_neg, most)
    fns = np.concatenate([[most], fns])
    costs = cost_fn * fns
    costs[1:] += cost_fp * sweep.fps
    price_fp, price_fn = Fraction(cost_fp), Fraction(cost_fn)

    def key(_tn: Fraction, fp: Fraction, fn: Fraction, _tp: Fraction) -> Fraction:
        return -(price_fp * fp + price_fn * fn)

    whole = cost_fp.is_integer() and cost_fn.is_integer() and amounts is None
    exact = whole and orders_exactly(totals_of(sweep), cost_fp * n_neg + cost_fn * most, SUMS)
    choice = choose(sweep, -costs, None if exact else key, fns)
    return choice._replace(value=-choice.value, calibrated=calibrated if amounts is None else None)


def _missed(sweep: Sweep, amounts: Sweep, most: float) -> np.ndarray:
    """Amount missed at each threshold of ``sweep``; rows without amount have no entry in ``amounts``."""
    if np.array_equal(amounts.thresholds, sweep.thresholds):
        return amounts.fns
    ascending = sweep.thresholds[::-1]
    places = np.searchsorted(ascending, amounts.thresholds)
    if (places == len(ascending)).any() or (ascending[places] != amounts.thresholds).any():
        raise ValueError("amounts must be a sweep of the same rows. Got thresholds that the sweep lacks.")
    n_above = len(amounts.fns) - np.searchsorted(amounts.thresholds[::-1], sweep.thresholds)
    return np.concatenate([[most], amounts.fns])[n_above]


def calibrated_threshold(cost_fp: Any, cost_fn: Any, cost_tp: Any = 0.0, cost_tn: Any = 0.0) -> Any:
    """cost_fp / (cost_fp + cost_fn), of numbers or of arrays, each less what a right decision costs."""
    false = _more("cost_fp", cost_fp, "cost_tn", cost_tn)
    missed = _more("cost_fn", cost_fn, "cost_tp", cost_tp)
    false, missed = np.broadcast_arrays(false, missed)
    if ((false == 0) & (missed == 0)).any():
        raise ValueError("cost_fp and cost_fn must not both be 0. Raise one of them.")
    power = -np.frexp(np.maximum(false, missed))[1]  # a sum of two costs may overflow
    false, missed = np.ldexp(false, power), np.ldexp(missed, power)
    share = false / (false + missed)
    return share if share.ndim else float(share)


def _more(name: str, wrong: Any, other: str, right: Any) -> Floats:
    """What an error costs beyond the right decision."""
    costs, least = np.asarray(wrong), np.asarray(right)
    allowed = "numbers at least 0 and finite" if not least.any() else f"finite numbers of at least {other}"
    if least.dtype.kind not in "iuf" or not np.isfinite(least).all():
        raise ValueError(f"{other} must hold finite numbers. Got {right!r}.")
    if costs.dtype.kind not in "iuf" or not (np.isfinite(costs) & (costs >= least)).all():
        raise ValueError(f"{name} must hold {allowed}. Got {wrong!r}.")
    return costs.astype(np.float64) - least


def _alerts(counts: formulas.Counts) -> np.ndarray:
    return counts.tps + counts.fps


_CONSTRAINED: dict[str, Formula] = {
    "min_recall": formulas.recall,
    "min_precision": formulas.precision,
    "max_alerts": _alerts,
    "max_fpr": formulas.fpr,
}


def constrained(sweep: Any, **bounds: float | None) -> ThresholdChoice:
    """The highest precision for a least recall, else the highest recall, where all bounds given hold."""
    sweep = check_sweep(sweep)
    given = {
        name: check_number(bound, name, math.inf if name == "max_alerts" else 1.0)
        for name, bound in bounds.items()
        if bound is not None
    }
    if not given:
        raise ValueError("threshold_at needs a constraint: min_recall, min_precision, max_alerts or max_fpr.")
    values = {name: everywhere(_CONSTRAINED[name], sweep) for name in given}
    met = {
        name: values[name] >= bound if name.startswith("min") else values[name] <= bound
        for name, bound in given.items()
    }
    feasible = np.logical_and.reduce(list(met.values()))
    if not feasible.any():
        raise ValueError(_nearest(sweep, given, values, met))
    if "min_recall" not in given:
        found = np.concatenate([[0], sweep.tps])  # as recall, and equal only where it is equal
        choice = choose(sweep, np.where(feasible, found, -1))
        return choice._replace(value=choice.recall)
    precision = everywhere(formulas.precision, sweep)
    key = precision_order(totals_of(sweep))
    return choose(sweep, np.where(feasible, precision, -1.0), key, perfect=feasible & without_alarms(sweep))


def _nearest(sweep: Sweep, bounds: dict[str, float], values: dict[str, Floats], met: dict[str, Mask]) -> str:
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
