"""The record of confusion counts at every threshold, and the point metrics that are read off it.

Measures take ``Counts``, those of some thresholds with the totals of both classes, and are evaluated in
blocks that stay in cache. A quotient whose denominator is 0 counts as 0.
"""

from __future__ import annotations

import math
from numbers import Real
from typing import Any, NamedTuple

import numpy as np

from fastsmote._core.check import check_flag, check_number
from fastsmote._core.display import ShownTable, Summary, brief, briefly
from fastsmote._core.public import public
from fastsmote._core.threads import run_ranges
from fastsmote._metrics.cut_point import CutPoint, cut_point
from fastsmote._metrics.formulas import (
    Counts,
    Formula,
    average_precision_of_counts,
    balanced_accuracy,
    f_beta,
    fpr,
    geometric_mean,
    matthews_corrcoef,
    precision,
    ratio,
    recall,
    roc_auc_of_counts,
    specificity,
)

_BLOCK = 1 << 15  # thresholds per block: the ten passes of MCC over 256 KiB arrays stay in L2


class _SweepFields(NamedTuple):
    """The arrays of a :class:`Sweep`."""

    tns: np.ndarray
    fps: np.ndarray
    fns: np.ndarray
    tps: np.ndarray
    thresholds: np.ndarray


@public("fastsmote.metrics")
class Sweep(ShownTable, _SweepFields):
    """Confusion counts at every distinct score, the record that curves and threshold choices read.

    Entry i counts the rows called positive and negative by ``score >= thresholds[i]``. Counts are int64
    without weights and sums of weights, float64, with them. Unpacks as the five arrays, in this order.

    Attributes
    ----------
    tns, fps, fns, tps : ndarray of shape (n_thresholds,)
        True negatives, false positives, false negatives, true positives.
    thresholds : ndarray of shape (n_thresholds,)
        The distinct scores, strictly decreasing, of the dtype of the scores.
    alerts : ndarray of shape (n_thresholds,)
        Rows called positive, ``tps + fps``.
    prevalence : float
        Share of positives among all rows.
    precision, recall, specificity, fpr : ndarray of shape (n_thresholds,)
        tp / (tp + fp), tp / (tp + fn), tn / (tn + fp), fp / (tn + fp).
    balanced_accuracy : ndarray of shape (n_thresholds,)
        Mean of recall and specificity; the one that is defined where a class is absent.
    geometric_mean : ndarray of shape (n_thresholds,)
        Square root of recall times specificity.
    matthews_corrcoef : ndarray of shape (n_thresholds,)
        (tp tn - fp fn) / sqrt((tp + fp) (tp + fn) (tn + fp) (tn + fn)), within [-1, 1].
    average_precision : float
        Sum of precision times the increase of recall, as :func:`fastsmote.average_precision_score`.
    roc_auc : float
        Area under the ROC curve, as :func:`fastsmote.roc_auc_score`; NaN where a class is absent.

    See Also
    --------
    confusion_sweep : Makes one of labels and scores.
    fastsmote.streaming.StreamingSweep : Makes one of scores that arrive in chunks.
    fastsmote.thresholds.best_threshold : The best entry by a metric.
    fastsmote.thresholds.cost_threshold : The best entry by costs.

    Notes
    -----
    Metrics are float64, computed on access in O(n_thresholds) time and 8 bytes per threshold
    (average_precision: and per positive), and 0 where their denominator is 0. Areas are those of the rows
    as they were counted: in a sweep of a stream, rows of one bin are ties, and the bounds of the stream tell
    how much that hides. Counts up to 2**53 enter exactly (larger ones rounded to float64): the rates
    are the float64 nearest to the true quotient, and the difference in the correlation coefficient is taken
    without cancellation. Reference: Matthews (1975), doi:10.1016/0005-2795(75)90109-9.

    Examples
    --------
    >>> from fastsmote import confusion_sweep
    >>> sweep = confusion_sweep([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> sweep.precision.round(3), sweep.recall, sweep.prevalence
    (array([1.   , 0.5  , 0.667, 0.5  ]), array([0.5, 0.5, 1. , 1. ]), 0.5)
    >>> sweep.roc_auc
    0.75
    >>> tns, fps, fns, tps, thresholds = sweep
    """

    __slots__ = ()

    def _summary(self) -> Summary:
        return _seen(self)

    def _contents(self) -> dict[str, Any]:
        numbers = ("prevalence", "average_precision", "roc_auc")
        return {**self._asdict(), **{name: getattr(self, name) for name in numbers}}

    def _columns(self) -> dict[str, Any]:
        names = ("thresholds", "tns", "fps", "fns", "tps", "alerts", "precision", "recall", "fpr")
        return {name: getattr(self, name) for name in names}

    @property
    def alerts(self) -> np.ndarray:
        counts = counts_between(self, 0, len(self.tps))
        return counts.tps + counts.fps

    @property
    def prevalence(self) -> float:
        n_neg, n_pos = totals(self)
        return n_pos / (n_pos + n_neg) if n_pos + n_neg else 0.0

    @property
    def precision(self) -> np.ndarray:
        return evaluate_formula(precision, self)

    @property
    def recall(self) -> np.ndarray:
        return evaluate_formula(recall, self)

    @property
    def specificity(self) -> np.ndarray:
        return evaluate_formula(specificity, self)

    @property
    def fpr(self) -> np.ndarray:
        return evaluate_formula(fpr, self)

    @property
    def balanced_accuracy(self) -> np.ndarray:
        return evaluate_formula(balanced_accuracy, self)

    @property
    def geometric_mean(self) -> np.ndarray:
        return evaluate_formula(geometric_mean, self)

    @property
    def matthews_corrcoef(self) -> np.ndarray:
        return evaluate_formula(matthews_corrcoef, self)

    @property
    def average_precision(self) -> float:
        counts = counts_between(self, 0, len(self.tps))
        return average_precision_of_counts(counts.fps, counts.tps, counts.n_pos)

    @property
    def roc_auc(self) -> float:
        counts = counts_between(self, 0, len(self.tps))
        return roc_auc_of_counts(counts.fps, counts.tps, counts.n_neg, counts.n_pos)

    def f_beta(self, beta: float = 1.0) -> np.ndarray:
        """F-beta at every threshold: (1 + beta^2) tp / ((1 + beta^2) tp + beta^2 fn + fp).

        Parameters
        ----------
        beta : float, default=1.0
            Recall weighs beta times as much as precision; at least 0.

        Returns
        -------
        ndarray of shape (n_thresholds,)
            float64, 0 where there is no positive and no alert.

        Raises
        ------
        ValueError
            beta is negative, infinite, NaN or no number.

        See Also
        --------
        fastsmote.classification.fbeta_score : The score of predicted labels.
        fastsmote.thresholds.best_threshold : The threshold at which it is highest.

        Notes
        -----
        O(n_thresholds). Reference: van Rijsbergen (1979), "Information Retrieval", chapter 7.

        Examples
        --------
        >>> from fastsmote import confusion_sweep
        >>> confusion_sweep([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).f_beta(1).round(3)
        array([0.667, 0.5  , 0.8  , 0.667])
        """
        beta = check_number(beta, "beta")
        return evaluate_formula(lambda counts: f_beta(counts, beta), self)

    def cost(self, cost_fp: float, cost_fn: float) -> np.ndarray:
        """Total cost of the errors at every threshold: cost_fp * fps + cost_fn * fns.

        Parameters
        ----------
        cost_fp, cost_fn : float
            Cost of a false positive and of a false negative, at least 0 (per unit of weight, with weights).

        Returns
        -------
        ndarray of shape (n_thresholds,)
            float64.

        Raises
        ------
        ValueError
            A cost is negative, infinite, NaN or no number, or the total exceeds float64.

        See Also
        --------
        fastsmote.thresholds.cost_threshold : The threshold at which it is lowest.
        fastsmote.plot.cost : The costs as a picture.

        Notes
        -----
        O(n_thresholds). Reference: Elkan (2001), "The foundations of cost-sensitive learning", IJCAI.

        Examples
        --------
        >>> from fastsmote import confusion_sweep
        >>> confusion_sweep([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).cost(1, 10)
        array([10., 11.,  1.,  2.])
        """
        cost_fp, cost_fn = check_number(cost_fp, "cost_fp"), check_number(cost_fn, "cost_fn")
        check_total(cost_fp, cost_fn, *totals(self))
        return evaluate_formula(lambda counts: cost_fp * counts.fps + cost_fn * counts.fns, self)

    def at(self, threshold: float, strict: bool = False) -> CutPoint:
        """What happens at a threshold: counts and metrics there, whether or not a row has this score.

        Parameters
        ----------
        threshold : float, int or bool
            Rows are called positive by ``score >= threshold``; with infinity none is. Compared as NumPy
            compares it with the scores: a float of Python takes the dtype of float32 scores.
        strict : bool, default=False
            True calls rows positive by ``score > threshold``.

        Returns
        -------
        CutPoint

        Raises
        ------
        TypeError
            threshold is no number, or strict no bool.
        ValueError
            threshold is NaN.

        See Also
        --------
        fastsmote.thresholds.best_threshold : The threshold that is best by a metric.
        fastsmote.classification.confusion_matrix : Counts of labels that were predicted.

        Notes
        -----
        O(n_thresholds). In a sweep of a stream thresholds are edges of bins: the counts at an edge are
        exact, and between two edges they are those at the upper one.

        Examples
        --------
        >>> from fastsmote import confusion_sweep
        >>> sweep = confusion_sweep([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
        >>> at = sweep.at(0.4)
        >>> at.tp, at.fp, at.precision, at.recall
        (1, 1, 0.5, 0.5)
        >>> sweep.at(0.4, strict=True).fp, sweep.at(0.5).alerts
        (0, 1)
        """
        if not isinstance(threshold, Real | np.bool_):
            raise TypeError(f"threshold must be a number. Got {threshold!r}.")
        if math.isnan(threshold):
            raise ValueError("threshold must be a number, or infinity. Got NaN.")
        ahead = self.thresholds > threshold if check_flag(strict, "strict") else self.thresholds >= threshold
        last = int(np.count_nonzero(ahead))
        counts = counts_between(self, last - 1, last) if last else counts_between(none_called(self), 0, 1)
        return cut_point(threshold, counts)

    def at_prevalence(self, prevalence: float, n_samples: float | None = None) -> Sweep:
        """The sweep to expect where another share of rows is positive and both classes score alike.

        Recall and false positive rate stay; precision, alerts, F and every other metric move.

        Parameters
        ----------
        prevalence : float
            Share of positives there, above 0 and below 1.
        n_samples : float, default=None
            Rows there. None keeps the number (or weight) of rows.

        Returns
        -------
        Sweep
            Expected counts, float64, at the same thresholds.

        Raises
        ------
        ValueError
            prevalence is outside (0, 1), n_samples is not above 0 or not finite, or a class is absent.

        See Also
        --------
        precision_at : Precision alone, of given rates.
        fastsmote.priors.correct_prior : Probabilities at another share of positives.

        Notes
        -----
        O(n_thresholds) time, 32 bytes per threshold. Reference: Axelsson (2000), "The base-rate fallacy and
        the difficulty of intrusion detection", doi:10.1145/357830.357849.

        Examples
        --------
        A test that finds 90 % of the ill and alarms 8 % of the healthy, where 1 % are ill:

        >>> import numpy as np
        >>> from fastsmote import confusion_sweep
        >>> y, score = np.repeat([1, 1, 0, 0], [90, 10, 8, 92]), np.repeat([1, 0, 1, 0], [90, 10, 8, 92])
        >>> moved = confusion_sweep(y, score).at_prevalence(0.01, n_samples=10_000)
        >>> print(moved.tps[0], moved.fps[0], moved.precision[0].round(4))
        90.0 792.0 0.102
        """
        prevalence = check_number(prevalence, "prevalence", 1.0)
        if prevalence in (0, 1):
            raise ValueError(f"prevalence must be above 0 and below 1. Got {prevalence!r}.")
        n_neg, n_pos = totals(self)
        if not n_neg or not n_pos:
            raise ValueError(
                "Only a sweep with both classes can move to another prevalence. Got "
                f"{n_pos} positive and {n_neg} negative."
            )
        size = float(n_pos + n_neg) if n_samples is None else check_number(n_samples, "n_samples")
        if not size:
            raise ValueError(f"n_samples must be above 0. Got {n_samples!r}.")
        positives, negatives = prevalence * size, (1 - prevalence) * size
        return Sweep(
            self.tns / n_neg * negatives,
            self.fps / n_neg * negatives,
            self.fns / n_pos * positives,
            self.tps / n_pos * positives,
            self.thresholds,
        )


def _seen(sweep: Sweep) -> Summary:
    n_neg, n_pos = totals(sweep)
    n = len(sweep.thresholds)
    title = f"{n:,} thresholds, {brief(n_pos)} of {brief(n_neg + n_pos)} positive ({sweep.prevalence:.2%})"
    if not n:
        return Summary(title)
    ends = f"{brief(sweep.thresholds[0])} to {brief(sweep.thresholds[-1])}"
    areas = briefly(average_precision=sweep.average_precision, ROC_AUC=sweep.roc_auc)
    return Summary(title, {"from": ends, **areas})


def precision_at(recall: Any, fpr: Any, prevalence: Any) -> Any:
    """The odds form of Bayes' rule, of numbers or of arrays."""
    given = {"recall": recall, "fpr": fpr, "prevalence": prevalence}
    rates = []
    for name, value in given.items():
        rate = np.asarray(value, np.float64)
        if not ((rate >= 0) & (rate <= 1)).all():
            raise ValueError(f"{name} must be within [0, 1]. Got {value!r}.")
        rates.append(rate)
    hits, alarms, share = np.broadcast_arrays(*rates)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        alarms = np.where(alarms == 0, 0.0, alarms * ((1 - share) / share))  # 0 times infinity is 0 here
    right = np.where(share > 0, hits, 0.0)
    result = ratio(right, right + alarms)
    return result if result.ndim else float(result)


def check_total(cost_fp: float, cost_fn: float, n_neg: Any, n_pos: Any) -> None:
    if not math.isfinite(cost_fp * float(n_neg) + cost_fn * float(n_pos)):
        raise ValueError(f"Costs add up to infinity. Got {cost_fp=}, {cost_fn=}; use a larger unit.")


def totals(sweep: Sweep) -> tuple[Any, Any]:
    """Negatives and positives, Python ints without weights."""
    if not len(sweep.tps):
        return 0, 0
    tn, fp, fn, tp = (counts[-1].item() for counts in sweep[:4])
    return tn + fp, tp + fn


def none_called(sweep: Sweep) -> Sweep:
    """The one entry at which no row is called positive."""
    n_neg, n_pos = totals(sweep)
    return Sweep(*(np.array([count]) for count in (n_neg, 0 * n_neg, n_pos, 0 * n_pos, np.inf)))


def counts_between(sweep: Sweep, lo: int, hi: int) -> Counts:
    """Thresholds [lo, hi) with the totals of the whole sweep."""
    kind = np.int64 if all(counts.dtype.kind in "iu" for counts in sweep[:4]) else np.float64
    tns, fps, fns, tps = (counts[lo:hi].astype(kind, copy=False) for counts in sweep[:4])
    return Counts(tns, fps, fns, tps, *totals(sweep))


def evaluate_formula(formula: Formula, sweep: Sweep) -> np.ndarray:
    """``formula`` at every threshold, block by block."""
    values = np.empty(len(sweep.tps))

    def work(lo: int, hi: int) -> None:
        values[lo:hi] = formula(counts_between(sweep, lo, hi))

    run_ranges(work, len(values), _BLOCK)
    return values


def cuts_around(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Thresholds that part scores from the descending ``keys``: just above each, at each, and below all.

    Such thresholds part the scores into 2 len(keys) + 1 cells: above the first key, at it, between it and the
    second, and so on. With each threshold comes the last cell whose rows it calls positive. Of thresholds
    that are equal as float64, the last is kept.
    """
    keys = keys.astype(np.float64)
    with np.errstate(over="ignore"):
        thresholds = np.append(np.column_stack([np.nextafter(keys, np.inf), keys]).ravel(), -np.inf)
    thresholds = np.minimum.accumulate(thresholds + 0.0)  # -0.0 is 0.0
    last = np.flatnonzero(np.append(thresholds[1:] < thresholds[:-1], True))
    return thresholds[last], last
