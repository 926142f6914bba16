"""Decisions of several classes, and what decisions cost where every row has prices of its own."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np

from fastsmote._core.check import check_within
from fastsmote._core.display import Shown, Summary, brief
from fastsmote._core.labels import check_labels
from fastsmote._core.public import public
from fastsmote._core.scores import (
    check_binary,
    check_finite,
    check_lengths,
    check_occurs,
    infer_pos_label,
    positives,
    read_column,
    read_columns,
)
from fastsmote._core.typing import Floats
from fastsmote._metrics.choice import ThresholdChoice, choose
from fastsmote._metrics.thresholds import best, one_sweep


class _SavingsFields(NamedTuple):
    """The fields of :class:`Savings`."""

    cost: float
    cost_of_none: float
    cost_of_all: float
    saved: float
    share: float


@public("fastsmote.thresholds")
class Savings(Shown, _SavingsFields):
    """What decisions cost, beside doing nothing and calling every row positive.

    Attributes
    ----------
    cost : float
        Of the decisions.
    cost_of_none, cost_of_all : float
        Where no row, and where every row is called positive.
    saved : float
        cost_of_none - cost: below 0 where doing nothing is cheaper.
    share : float
        saved / cost_of_none; NaN where doing nothing costs nothing, or earns.

    See Also
    --------
    fastsmote.thresholds.savings : Returns it.
    """

    __slots__ = ()

    def _summary(self) -> Summary:
        share = "" if math.isnan(self.share) else f" ({self.share:.1%})"
        facts = {
            "cost": brief(self.cost),
            "no row positive": brief(self.cost_of_none),
            "every row positive": brief(self.cost_of_all),
        }
        return Summary(f"{brief(self.saved)} saved against doing nothing{share}", facts)


class _Prices(NamedTuple):
    """What each row costs where it is called positive, and where it is called negative."""

    called: Floats  # (n,)
    passed: Floats


def _read_prices(is_positive: np.ndarray, **costs: Any) -> _Prices:
    """From costs of the four cells, each a number or a column; negative ones are gains."""
    read = {name: _cost(value, name, len(is_positive)) for name, value in costs.items()}
    called = np.where(is_positive, read["cost_tp"], read["cost_fp"])
    passed = np.where(is_positive, read["cost_fn"], read["cost_tn"])
    most = max(float(np.abs(part).max(initial=0.0)) for part in (called, passed))
    if not math.isfinite(most * 2 * len(is_positive)):
        raise ValueError("Costs add up to infinity. Got costs of this size; use a larger unit.")
    return _Prices(called, passed)


def _cost(value: Any, name: str, n: int) -> Floats:
    """One cost for all rows, or one for each."""
    if np.ndim(value) == 0:
        return np.full(n, check_within(value, name, "(-inf, inf)"))
    column = read_column(value, name)
    if column.dtype.kind not in "biuf":
        raise ValueError(f"{name} must hold numbers. Got {column.dtype}.")
    check_finite(column, name)
    if len(column) != n:
        raise ValueError(f"{name} must be one number, or one for each of {n} rows. Got {len(column)}.")
    return column.astype(np.float64)


def _is_positive(y: Any, name: str, pos_label: Any) -> tuple[np.ndarray, Any]:
    """Which rows are positive, and the positive label."""
    column = read_column(y, name)
    labels = check_binary(column, pos_label)
    pos_label = infer_pos_label(labels.classes, pos_label)
    is_positive, n_positive = positives(labels, pos_label)
    if n_positive == 0:
        check_occurs(column, pos_label)
    return is_positive.view(bool), pos_label


def savings(
    y_true: Any, y_pred: Any, cost_fp: Any, cost_fn: Any, cost_tp: Any, cost_tn: Any, pos_label: Any
) -> Savings:
    """What decisions cost, each sum rounded once."""
    is_positive, pos_label = _is_positive(y_true, "y_true", pos_label)
    called, _ = _is_positive(y_pred, "y_pred", pos_label)
    check_lengths(y_true=is_positive, y_pred=called)
    prices = _read_prices(is_positive, cost_fp=cost_fp, cost_fn=cost_fn, cost_tp=cost_tp, cost_tn=cost_tn)
    cost, nobody, everybody = (
        math.fsum(values.tolist())
        for values in (np.where(called, prices.called, prices.passed), prices.passed, prices.called)
    )
    saved = math.fsum([*prices.passed[called].tolist(), *(-prices.called[called]).tolist()])
    return Savings(cost, nobody, everybody, saved, saved / nobody if nobody > 0 else math.nan)


def cheapest_of_rows(
    y_true: Any, y_score: Any, cost_fp: Any, cost_fn: Any, cost_tp: Any, cost_tn: Any, pos_label: Any
) -> ThresholdChoice:
    """Where the rows cost least in all: sums are exact, as whole numbers of one power of two."""
    sweep = one_sweep(y_true, y_score, pos_label, None)
    is_positive, _ = _is_positive(y_true, "y_true", pos_label)
    prices = _read_prices(is_positive, cost_fp=cost_fp, cost_fn=cost_fn, cost_tp=cost_tp, cost_tn=cost_tn)
    ratios = [price.as_integer_ratio() for price in np.concatenate(prices).tolist()]
    unit = max(below for _, below in ratios)
    whole = [above * (unit // below) for above, below in ratios]
    called, passed = whole[: len(is_positive)], whole[len(is_positive) :]
    places = np.searchsorted(sweep.thresholds[::-1], read_column(y_score, "y_score"))
    descending = np.argsort(-places, kind="stable").tolist()
    costs = [*accumulate((called[row] - passed[row] for row in descending), initial=sum(passed))]
    at = [costs[0], *(costs[end] for end in sweep.alerts.tolist())]
    least = min(at)
    choice = choose(sweep, np.array([float(cost == least) for cost in at]))
    return choice._replace(value=least / unit)


class _Classes(NamedTuple):
    """Probabilities of several classes, and what the columns stand for."""

    p: np.ndarray  # (n, k)
    labels: np.ndarray  # (k,)


def _read_classes(y_prob: Any, labels: Any) -> _Classes:
    p = read_columns(y_prob, "y_prob")
    if p.ndim != 2 or p.shape[1] < 2:
        raise ValueError(
            f"y_prob must have a column for each class, two at least. Got shape {p.shape}; for the "
            "probability p of one class pass np.column_stack([1 - p, p])."
        )
    if p.dtype.kind not in "biuf":
        raise ValueError(f"y_prob must hold numbers. Got {p.dtype}.")
    check_finite(p, "y_prob")
    if ((p < 0) | (p > 1)).any():
        raise ValueError(f"y_prob must be within [0, 1]. Got {p[(p < 0) | (p > 1)][0]:.6g}.")
    if labels is None:
        return _Classes(p, np.arange(p.shape[1]))
    found = check_labels(labels, name="labels", min_classes=1)
    if len(found.codes) != p.shape[1] or len(found.classes) != len(found.codes):
        raise ValueError(
            f"labels must name the {p.shape[1]} columns of y_prob, each once. "
            f"Got {found.classes[found.codes].tolist()!r}."
        )
    return _Classes(p, found.classes[found.codes])


def cheapest_classes(y_prob: Any, cost_matrix: Any, labels: Any) -> np.ndarray:
    """Of each row the class that is expected to cost least."""
    p, names = _read_classes(y_prob, labels)
    k = len(names)
    prices = np.asarray(cost_matrix)
    if prices.shape not in ((k, k), (len(p), k, k)) or prices.dtype.kind not in "biuf":
        raise ValueError(
            f"cost_matrix must hold numbers of shape {(k, k)}, or {(len(p), k, k)} for prices of each row. "
            f"Got {prices.dtype} of shape {prices.shape}."
        )
    prices = prices.astype(np.float64)
    if not np.isfinite(prices).all():
        raise ValueError("cost_matrix must hold finite numbers. Got NaN or infinity.")
    expected = np.zeros(p.shape)
    for true in range(k):  # in the order of columns: the same bits whatever BLAS there is
        expected += p[:, true, None].astype(np.float64) * prices[..., true, :]
    return names[expected.argmin(axis=1)]


def classes_by_threshold(y_prob: Any, thresholds: Any, labels: Any) -> np.ndarray:
    """Of each row the class whose probability is the largest multiple of its threshold."""
    p, names = _read_classes(y_prob, labels)
    given = [thresholds[name] for name in names.tolist()] if isinstance(thresholds, Mapping) else thresholds
    cuts = np.array([getattr(one, "threshold", one) for one in given], np.float64)
    if cuts.shape != names.shape or not (cuts >= 0).all():
        raise ValueError(
            f"thresholds must be {len(names)} numbers of at least 0, one for each column of y_prob. "
            f"Got {given!r}."
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        multiples = np.where(cuts == 0, np.inf, p / cuts)
    tied = multiples == multiples.max(axis=1, keepdims=True)
    return names[np.where(tied, p, -1.0).argmax(axis=1)]


def class_thresholds(
    y_true: Any, y_prob: Any, metric: Any, beta: Any, labels: Any, sample_weight: Any
) -> dict[Any, ThresholdChoice]:
    """For each class the threshold at which its rows are told best from all others."""
    found = check_labels(y_true, name="y_true", min_classes=1)
    p, names = _read_classes(y_prob, found.classes if labels is None else labels)
    missing = [label for label in found.classes.tolist() if label not in names.tolist()]
    if missing:
        raise ValueError(f"labels must hold all labels of y_true. Got none for {missing[0]!r}.")
    check_lengths(y_true=found.codes, y_prob=p)
    own = [found.classes.tolist().index(label) if label in found.classes else -1 for label in names.tolist()]
    return {
        label: best(one_sweep(found.codes == code, p[:, place], True, sample_weight), metric, beta)
        for place, (label, code) in enumerate(zip(names.tolist(), own, strict=True))
    }
