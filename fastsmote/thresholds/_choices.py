"""Thresholds of one score: by a metric, by costs, or under constraints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeAlias, overload

from numpy.typing import ArrayLike

from fastsmote._core.public import public
from fastsmote._core.typing import Label, Matrix, VectorLike
from fastsmote._metrics import thresholds
from fastsmote._metrics.choice import ThresholdChoice
from fastsmote._metrics.sweep import Sweep

SweepArrays: TypeAlias = tuple[Matrix, Matrix, Matrix, Matrix, Matrix]  # tns, fps, fns, tps, thresholds
Metric: TypeAlias = Literal[
    "f1", "f_beta", "matthews_corrcoef", "mcc", "balanced_accuracy", "geometric_mean", "youden"
]


@overload
def best_threshold(
    sweep: Sweep | SweepArrays,
    metric: Metric | Callable[[Sweep], ArrayLike] = ...,
    /,
    *,
    beta: float | None = ...,
) -> ThresholdChoice: ...
@overload
def best_threshold(
    sweep: Sweep | SweepArrays,
    *,
    metric: Metric | Callable[[Sweep], ArrayLike] = ...,
    beta: float | None = ...,
) -> ThresholdChoice: ...
@overload
def best_threshold(
    sweep: VectorLike,
    y_score: VectorLike,
    metric: Metric | Callable[[Sweep], ArrayLike] | None = ...,
    *,
    beta: float | None = ...,
    pos_label: Label | None = ...,
    sample_weight: VectorLike | None = ...,
) -> ThresholdChoice: ...
@public("fastsmote.thresholds")
def best_threshold(
    sweep: Any,
    y_score: Any = None,
    metric: Any = None,
    *,
    beta: float | None = None,
    pos_label: Label | None = None,
    sample_weight: VectorLike | None = None,
) -> ThresholdChoice:
    """The threshold at which a metric is highest, over all cut points, infinity among them.

    ``best_threshold(sweep, "mcc")`` of a sweep, or ``best_threshold(y_true, y_score, "mcc")``.

    Parameters
    ----------
    sweep : Sweep, or array-like of shape (n_samples,)
        From :func:`fastsmote.confusion_sweep`, or its five arrays; or labels, with scores.
    y_score : array-like of shape (n_samples,), default=None
        Scores of the rows whose labels came first. With a sweep, the metric may stand here.
    metric : str or callable, default=None
        "f1" (as None), "f_beta", "matthews_corrcoef" (or "mcc"), "balanced_accuracy", "geometric_mean" or
        "youden" (recall less false positive rate). Or a function of a Sweep that returns one number per
        entry, higher being better, NaN for "not allowed"; in the first entry of the Sweep that it gets, of
        threshold infinity, no row is called positive.
    beta : float, default=None
        For "f_beta": recall weighs beta times as much as precision.
    pos_label, sample_weight
        With labels and scores, as in :func:`fastsmote.confusion_sweep`.

    Returns
    -------
    ThresholdChoice

    Raises
    ------
    ValueError
        Unknown metric; beta missing, not wanted, negative or not finite; the sweep is empty, has negative
        counts, rising thresholds or arrays of several lengths; a function returns another shape, or only NaN;
        labels or scores as in :func:`fastsmote.confusion_sweep`.
    TypeError
        sweep is no Sweep and there are no scores; pos_label or sample_weight is given with a sweep.

    See Also
    --------
    cost_threshold : By what errors cost.
    class_thresholds : For each of several classes.
    threshold_at : Under constraints, such as a least recall.
    fastsmote.confusion_sweep : The sweep of labels and scores.
    fastsmote.sklearn.ThresholdClassifier : A classifier that has its threshold chosen so.
    fastsmote.plot.thresholds : Metrics against thresholds as a picture.

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
    >>> best_threshold([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], "mcc").threshold
    0.8
    """
    return thresholds.best_of(sweep, y_score, metric, beta, pos_label=pos_label, sample_weight=sample_weight)


@public("fastsmote.thresholds")
def cost_threshold(
    sweep: Sweep | SweepArrays, cost_fp: float, cost_fn: float, *, amounts: Sweep | SweepArrays | None = None
) -> ThresholdChoice:
    """The threshold at which errors cost least on these rows, over all cut points, infinity among them.

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

    See Also
    --------
    calibrated_threshold : What costs least on average, whatever the rows.
    best_threshold : By a metric instead of costs.
    fastsmote.plot.cost : Costs against thresholds as a picture.

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
    return thresholds.cheapest(sweep, cost_fp, cost_fn, amounts)


@public("fastsmote.thresholds")
def calibrated_threshold(
    cost_fp: ArrayLike, cost_fn: ArrayLike, *, cost_tp: ArrayLike = 0.0, cost_tn: ArrayLike = 0.0
) -> Any:
    """The threshold that costs least for calibrated probabilities: cost_fp / (cost_fp + cost_fn).

    Parameters
    ----------
    cost_fp, cost_fn : float or array-like
        Cost of a false alarm and of a missed positive, at least 0 and not both 0. Arrays are broadcast: one
        cost per row gives one threshold per row.
    cost_tp, cost_tn : float or array-like, default=0.0
        Cost of a positive that is found (looking at it, say) and of a negative that is passed; below 0 for
        gains. cost_fn less cost_tp and cost_fp less cost_tn take the place of the two costs above.

    Returns
    -------
    float or ndarray

    Raises
    ------
    ValueError
        A cost is negative, infinite or NaN, or both are 0; a right decision costs more than the error.

    See Also
    --------
    cost_threshold : What costs least on given rows.
    cost_decisions : The same for several classes.
    fastsmote.calibration.fit_isotonic : Makes scores into probabilities.

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
    return thresholds.calibrated_threshold(cost_fp, cost_fn, cost_tp, cost_tn)


@public("fastsmote.thresholds")
def threshold_at(
    sweep: Sweep | SweepArrays,
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

    See Also
    --------
    best_threshold : By a metric, without constraints.
    cost_threshold : By what errors cost.

    Notes
    -----
    O(n_thresholds) time, 32 bytes per threshold. Ties go to the highest threshold. Rates are compared as
    float64, so that 90 of 100 meets ``min_recall=0.9``. To call no row positive meets
    ``max_alerts`` and ``max_fpr``; its precision counts as 0.

    Examples
    --------
    >>> from fastsmote import confusion_sweep
    >>> from fastsmote.thresholds import threshold_at
    >>> sweep = confusion_sweep([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> threshold_at(sweep, min_recall=0.9).threshold, threshold_at(sweep, max_alerts=1).threshold
    (0.35, 0.8)
    """
    return thresholds.constrained(
        sweep, min_recall=min_recall, min_precision=min_precision, max_alerts=max_alerts, max_fpr=max_fpr
    )
