"""Measures of cut points, computed from the four counts of each."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np

_SPLITTER = 2.0**27 + 1  # halves a float64 into two parts of 26 bits (Veltkamp)


class Counts(NamedTuple):
    """Counts at some thresholds, int64 or float64, and the totals that they share."""

    tns: np.ndarray
    fps: np.ndarray
    fns: np.ndarray
    tps: np.ndarray
    n_neg: Any
    n_pos: Any


Formula: TypeAlias = Callable[[Counts], np.ndarray]


def ratio(part: np.ndarray, whole: Any) -> np.ndarray:
    part = np.asarray(part)
    return np.divide(part, whole, out=np.zeros(part.shape), where=np.asarray(whole != 0))


def average_precision_of_counts(fps: np.ndarray, tps: np.ndarray, n_pos: Any) -> float:
    """Sum of precision times the increase of recall, thresholds descending; 0 without positives."""
    return mean_precision([precision_terms(fps, tps, 0, n_pos)], n_pos)


def precision_terms(fps: np.ndarray, tps: np.ndarray, before: Any, n_pos: Any) -> np.ndarray:
    """Precision at each threshold that adds positives to those ``before``, times how many it adds.

    Weights are taken as shares of ``n_pos``, so that their products stay finite.
    """
    new = np.diff(tps, prepend=before)
    at = np.flatnonzero(new)
    new, tps = new[at], tps[at]
    return (new if new.dtype.kind == "i" else ratio(new, n_pos)) * ratio(tps, tps + fps[at])


def mean_precision(terms: list[np.ndarray], n_pos: Any) -> float:
    """Average precision from all terms, thresholds descending. They are added up at once, whatever parts."""
    total = np.concatenate(terms).sum()
    if isinstance(n_pos, float | np.floating):
        return float(max(0.0, total))
    return float(total / n_pos) if n_pos else 0.0


def roc_auc_of_counts(fps: np.ndarray, tps: np.ndarray, n_neg: Any, n_pos: Any) -> float:
    """Trapezoids under the points (fps, tps), from (0, 0) to the totals; NaN without either class."""
    if not n_neg or not n_pos:
        return math.nan
    if fps.dtype.kind == "f" or 2 * n_neg * n_pos >= 2**63:
        fps, tps, n_neg, n_pos = fps / n_neg, tps / n_pos, 1, 1
    heights = tps + np.concatenate([[0], tps[:-1]])
    twice = np.diff(fps, prepend=0) @ heights + (n_neg - fps[-1]) * (tps[-1] + n_pos)
    return twice.item() / (2 * n_neg * n_pos)


def precision(counts: Counts) -> np.ndarray:
    return ratio(counts.tps, counts.tps + counts.fps)


def recall(counts: Counts) -> np.ndarray:
    return ratio(counts.tps, counts.n_pos)


def specificity(counts: Counts) -> np.ndarray:
    return ratio(counts.tns, counts.n_neg)


def fpr(counts: Counts) -> np.ndarray:
    return ratio(counts.fps, counts.n_neg)


def balanced_accuracy(counts: Counts) -> np.ndarray:
    n_classes = max((counts.n_neg != 0) + (counts.n_pos != 0), 1)
    return (recall(counts) + specificity(counts)) / n_classes


def geometric_mean(counts: Counts) -> np.ndarray:
    return np.sqrt(np.maximum(recall(counts) * specificity(counts), 0.0))  # below 0 in a Sweep made by hand


def f_beta(counts: Counts, beta: float) -> np.ndarray:
    if beta > 1:  # divided by beta^2, which may be infinite
        hits, missed, false = 1 + (1 / beta) ** 2, 1.0, (1 / beta) ** 2
    else:
        hits, missed, false = 1 + beta**2, beta**2, 1.0
    right = hits * counts.tps
    return ratio(right, right + missed * counts.fns + false * counts.fps)


def youden(counts: Counts) -> np.ndarray:
    """Recall less false positive rate, over one denominator so that nearly equal rates do not cancel."""
    if not counts.n_neg or not counts.n_pos:
        return recall(counts) - fpr(counts)
    counts = _scaled(counts, by_class=True)
    return _determinant(counts) / (float(counts.n_neg) * float(counts.n_pos))


def matthews_corrcoef(counts: Counts) -> np.ndarray:
    counts = _scaled(counts, by_class=False)
    called = np.asarray(counts.tps + counts.fps, np.float64)
    product = (called * (counts.tns + counts.fns)) * (float(counts.n_neg) * float(counts.n_pos))
    root = np.sqrt(np.maximum(product, 0.0))  # below 0 in a Sweep made by hand
    return ratio(_determinant(counts), root)


def _scaled(counts: Counts, by_class: bool) -> Counts:
    """Weights times powers of two that bring totals near 1, so that products of four stay finite."""
    if counts.tps.dtype.kind != "f":
        return counts
    tns, fps, fns, tps, n_neg, n_pos = counts
    low, high = (-math.frexp(total)[1] for total in (n_neg, n_pos))
    if not by_class:
        low = high = -math.frexp(max(abs(n_neg), abs(n_pos)))[1]
    tns, fps, n_neg = (np.ldexp(x, low) for x in (tns, fps, n_neg))
    fns, tps, n_pos = (np.ldexp(x, high) for x in (fns, tps, n_pos))
    return Counts(tns, fps, fns, tps, n_neg, n_pos)


def _determinant(counts: Counts) -> np.ndarray:
    """tp tn - fp fn: exact before the last rounding for counts up to 2**53."""
    if counts.tps.dtype.kind == "i" and counts.n_neg * counts.n_pos < 2**63:
        return counts.tps * counts.tns - counts.fps * counts.fns
    right, right_rest = _product(counts.tps, counts.tns)
    wrong, wrong_rest = _product(counts.fps, counts.fns)
    return (right - wrong) + (right_rest - wrong_rest)


def _product(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """a * b rounded, and what rounding took away (Dekker, 1971, doi:10.1007/BF01397083)."""
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    a_high, b_high = (x * _SPLITTER - (x * _SPLITTER - x) for x in (a, b))
    a_low, b_low = a - a_high, b - b_high
    product = a * b
    rest = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
    return product, rest
