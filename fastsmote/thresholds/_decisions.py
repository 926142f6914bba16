"""Decisions of several classes, and where rows have prices of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from numpy.typing import ArrayLike

from fastsmote._core.public import public
from fastsmote._core.typing import Label, Matrix, MatrixLike, VectorLike
from fastsmote._metrics import decisions
from fastsmote._metrics.choice import ThresholdChoice
from fastsmote._metrics.decisions import Savings
from fastsmote._metrics.sweep import Sweep


@public("fastsmote.thresholds")
def row_cost_threshold(
    y_true: VectorLike,
    y_score: VectorLike,
    *,
    cost_fp: ArrayLike,
    cost_fn: ArrayLike,
    cost_tp: ArrayLike = 0.0,
    cost_tn: ArrayLike = 0.0,
    pos_label: Label | None = None,
) -> ThresholdChoice:
    """The threshold at which rows with prices of their own cost least, over all cut points.

    Parameters
    ----------
    y_true, y_score, pos_label
        As in :func:`fastsmote.confusion_sweep`, scores of one column.
    cost_fp, cost_fn : float or array-like of shape (n_samples,)
        Cost of a false alarm and of a missed positive, one for all rows or one for each.
    cost_tp, cost_tn : float or array-like of shape (n_samples,), default=0.0
        Cost of a positive that is found and of a negative that is passed. Any cost may be below 0, a gain.

    Returns
    -------
    ThresholdChoice
        ``value`` is the cost of all rows.

    Raises
    ------
    ValueError
        As in :func:`fastsmote.confusion_sweep`; a cost is infinite, NaN or no number, or of another length;
        costs add up to infinity; y_score has several columns.
    TypeError
        As in :func:`fastsmote.confusion_sweep`.

    See Also
    --------
    savings : What decisions cost beside doing nothing.
    cost_threshold : With one cost for each kind of error, of a sweep.
    calibrated_threshold : Of each row, whatever the others, for calibrated probabilities.

    Notes
    -----
    Sums are exact, so neither the order of rows nor rounding decides; ties go to the highest threshold.
    O(n log n) time, about a microsecond a row, and 200 bytes a row. Reference: Bahnsen, Aouada and Ottersten
    (2015), doi:10.1016/j.eswa.2015.04.042.

    Examples
    --------
    Looking at an alert costs 5; a fraud that is missed costs its amount.

    >>> from fastsmote.thresholds import row_cost_threshold, savings
    >>> y, score, amount = [0, 0, 1, 0, 1], [0.05, 0.1, 0.3, 0.4, 0.8], [9, 9, 2, 9, 700]
    >>> choice = row_cost_threshold(y, score, cost_fp=5, cost_tp=5, cost_fn=amount)
    >>> choice.threshold, choice.value
    (0.8, 7.0)
    >>> savings(y, [s >= 0.8 for s in score], cost_fp=5, cost_tp=5, cost_fn=amount).saved
    695.0
    """
    return decisions.cheapest_of_rows(y_true, y_score, cost_fp, cost_fn, cost_tp, cost_tn, pos_label)


@public("fastsmote.thresholds")
def savings(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    cost_fp: ArrayLike,
    cost_fn: ArrayLike,
    cost_tp: ArrayLike = 0.0,
    cost_tn: ArrayLike = 0.0,
    pos_label: Label | None = None,
) -> Savings:
    """What decisions cost, and what they save against doing nothing: calling no row positive.

    Parameters
    ----------
    y_true, y_pred : array-like of shape (n_samples,)
        True labels and decisions.
    cost_fp, cost_fn, cost_tp, cost_tn
        As in :func:`row_cost_threshold`.
    pos_label : int, float, bool or str, default=None
        The positive label. None means 1 where labels are within {0, 1} or {-1, 1}.

    Returns
    -------
    Savings

    Raises
    ------
    ValueError
        Lengths differ or there are no rows; labels as in :func:`fastsmote.confusion_sweep`; costs as in
        :func:`row_cost_threshold`.
    TypeError
        Labels are bytes, or an array is masked.

    See Also
    --------
    row_cost_threshold : The threshold that saves most.
    fastsmote.Sweep.cost : Costs at every threshold, one price for each kind of error.

    Notes
    -----
    Each sum is rounded once, so the order of rows does not matter. O(n) time. Reference: Bahnsen, Aouada and
    Ottersten (2015), equation 4, doi:10.1016/j.eswa.2015.04.042; there the cheaper of "none" and "all" is
    what is saved against.

    Examples
    --------
    >>> from fastsmote.thresholds import savings
    >>> result = savings([0, 0, 1, 1], [0, 1, 1, 0], cost_fp=5, cost_fn=[0, 0, 80, 20], cost_tp=5)
    >>> result.cost, result.cost_of_none, result.saved, result.share
    (30.0, 100.0, 70.0, 0.7)
    """
    return decisions.savings(y_true, y_pred, cost_fp, cost_fn, cost_tp, cost_tn, pos_label)


@public("fastsmote.thresholds")
def cost_decisions(y_prob: MatrixLike, cost_matrix: ArrayLike, *, labels: VectorLike | None = None) -> Matrix:
    """Of each row the class that is expected to cost least, for calibrated probabilities.

    Parameters
    ----------
    y_prob : array-like of shape (n_samples, n_classes)
        Probabilities of the classes.
    cost_matrix : array-like of shape (n_classes, n_classes) or (n_samples, n_classes, n_classes)
        Entry (i, j) is the cost of calling a row of class i class j, as cells lie in
        :func:`fastsmote.classification.confusion_matrix`; below 0 for gains. Or one matrix for each row.
    labels : array-like of shape (n_classes,), default=None
        What the columns stand for, as a classifier's ``classes_``. None gives numbers of columns.

    Returns
    -------
    ndarray of shape (n_samples,)
        Of equally cheap classes the first.

    Raises
    ------
    ValueError
        A probability is outside [0, 1] or NaN; fewer than two columns; a cost is infinite, NaN or no number;
        cost_matrix has another shape; labels are not one for each column, or one stands there twice.
    TypeError
        An array is masked.

    See Also
    --------
    calibrated_threshold : The same for two classes, as a threshold.
    threshold_decisions : By thresholds of classes.
    fastsmote.calibration.fit_temperature : Calibrates scores of several classes.

    Notes
    -----
    Expected costs are sums of probability times cost, float64, in the order of columns. O(n n_classes**2)
    time, 8 bytes per probability. Reference: Elkan (2001), equation 1, "The foundations of cost-sensitive
    learning", IJCAI.

    Examples
    --------
    >>> from fastsmote.thresholds import cost_decisions
    >>> cost = [[0, 1, 1], [10, 0, 5], [10, 5, 0]]
    >>> p, labels = [[0.9, 0.05, 0.05], [0.8, 0.15, 0.05]], ["well", "flu", "sepsis"]
    >>> cost_decisions(p, cost, labels=labels).tolist()
    ['well', 'flu']
    """
    return decisions.cheapest_classes(y_prob, cost_matrix, labels)


@public("fastsmote.thresholds")
def class_thresholds(
    y_true: VectorLike,
    y_prob: MatrixLike,
    metric: str | Callable[[Sweep], ArrayLike] = "f1",
    *,
    beta: float | None = None,
    labels: VectorLike | None = None,
    sample_weight: VectorLike | None = None,
) -> dict[Any, ThresholdChoice]:
    """For each class the threshold at which a metric of it against all others is highest.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        Labels.
    y_prob : array-like of shape (n_samples, n_classes)
        Probabilities of the classes, within [0, 1].
    metric, beta
        As in :func:`best_threshold`.
    labels : array-like of shape (n_classes,), default=None
        What the columns stand for. None takes the sorted labels of y_true.
    sample_weight : array-like of shape (n_samples,), default=None
        Weights, as in :func:`fastsmote.confusion_sweep`.

    Returns
    -------
    dict of label to ThresholdChoice
        In the order of the columns; :func:`threshold_decisions` takes it.

    Raises
    ------
    ValueError
        As in :func:`best_threshold` and :func:`cost_decisions`; lengths differ; a label of y_true has no
        column.
    TypeError
        As in :func:`fastsmote.confusion_sweep`.

    See Also
    --------
    threshold_decisions : Labels by these thresholds.
    best_threshold : For one class.

    Notes
    -----
    One sweep for each class, O(n log n) time. Choose on rows that were not fitted. A class that y_true lacks
    gets infinity.

    Examples
    --------
    >>> from fastsmote.thresholds import class_thresholds, threshold_decisions
    >>> y, p = list("abca"), [[0.6, 0.3, 0.1], [0.5, 0.4, 0.1], [0.5, 0.2, 0.3], [0.8, 0.1, 0.1]]
    >>> choices = class_thresholds(y, p)
    >>> {label: choice.threshold for label, choice in choices.items()}
    {'a': 0.6, 'b': 0.4, 'c': 0.3}
    >>> threshold_decisions(p, choices, labels=["a", "b", "c"]).tolist()
    ['a', 'b', 'c', 'a']
    """
    return decisions.class_thresholds(y_true, y_prob, metric, beta, labels, sample_weight)


@public("fastsmote.thresholds")
def threshold_decisions(
    y_prob: MatrixLike,
    thresholds: ArrayLike | Mapping[Any, Any],
    *,
    labels: VectorLike | None = None,
) -> Matrix:
    """Of each row the class whose probability is the largest multiple of the threshold of the class.

    Parameters
    ----------
    y_prob, labels
        As in :func:`cost_decisions`.
    thresholds : array-like of shape (n_classes,) or mapping
        A threshold of at least 0 for each column, or by label; or what :func:`class_thresholds` gives.
        Priors in training take them out of the probabilities again.

    Returns
    -------
    ndarray of shape (n_samples,)
        Of equal multiples the class with the larger probability, then the first.

    Raises
    ------
    ValueError
        As in :func:`cost_decisions`; thresholds are not one for each column, negative or NaN.
    KeyError
        A mapping lacks a label.
    TypeError
        An array is masked.

    See Also
    --------
    class_thresholds : Chooses thresholds.
    cost_decisions : By costs.

    Notes
    -----
    A threshold of 0 is met by any probability, infinity by none. O(n n_classes) time, 8 bytes per
    probability. Reference: Collell, Prelec and Patil (2018), doi:10.1016/j.neucom.2017.08.035.

    Examples
    --------
    >>> from fastsmote.thresholds import threshold_decisions
    >>> threshold_decisions([[0.7, 0.2, 0.1], [0.7, 0.1, 0.2]], [0.8, 0.1, 0.1])
    array([1, 2])
    """
    return decisions.classes_by_threshold(y_prob, thresholds, labels)
