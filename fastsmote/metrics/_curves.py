"""Sweeps of thresholds, and the curves read from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias, overload

import numpy as np
from numpy.typing import ArrayLike

from fastsmote._core.public import in_memory, public
from fastsmote._core.typing import Floats, Label, Matrix, MatrixLike, VectorLike
from fastsmote._metrics import curves, sweep
from fastsmote._metrics.sweep import Sweep

_One: TypeAlias = Sequence[float] | np.ndarray[tuple[int], Any]
_Columns: TypeAlias = np.ndarray[tuple[int, int], Any]
_Weights: TypeAlias = VectorLike | None


# A type checker tells one model from several where it knows the shape.
@overload
def confusion_sweep(
    y_true: VectorLike, y_score: _One, *, pos_label: Label | None = None, sample_weight: _Weights = None
) -> Sweep: ...


@overload
def confusion_sweep(
    y_true: VectorLike, y_score: _Columns, *, pos_label: Label | None = None, sample_weight: _Weights = None
) -> list[Sweep]: ...


@overload
def confusion_sweep(
    y_true: VectorLike, y_score: Any, *, pos_label: Label | None = None, sample_weight: _Weights = None
) -> Any: ...


@public("fastsmote.metrics")
@in_memory
def confusion_sweep(
    y_true: VectorLike,
    y_score: MatrixLike | VectorLike,
    *,
    pos_label: Label | None = None,
    sample_weight: VectorLike | None = None,
) -> Any:
    """Count true and false positives and negatives at every threshold, for one model or several.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        Labels of at most two classes.
    y_score : array-like of shape (n_samples,) or (n_samples, n_models)
        Finite scores, a column per model; a higher score means "more likely positive".
    pos_label : int, float, bool or str, default=None
        The positive label. None means 1 where labels are within {0, 1} or {-1, 1}.
    sample_weight : array-like of shape (n_samples,), default=None
        Weights. Rows of weight 0 are left out with their scores. None counts rows.

    Returns
    -------
    Sweep, or list of n_models Sweeps
        ``tns, fps, fns, tps, thresholds`` with one entry per distinct score, thresholds decreasing. A list,
        in the order of the columns, where y_score has two columns or more: ``dict(zip(names, sweeps))`` is
        what :mod:`fastsmote.plot` compares. Columns of a frame keep their own dtypes.

    Raises
    ------
    ValueError
        Lengths differ or are 0; labels of more than two classes, continuous, mixed or missing; pos_label
        not given and labels outside {0, 1} and {-1, 1}, or none of two or more labels; a score or weight is
        NaN or infinite; weights are negative, all 0, or add up beyond float64, integers beyond 2**53.
    TypeError
        Labels are bytes, or an array is masked.

    See Also
    --------
    confusion_matrix_at_thresholds : The same as scikit-learn's tuple.
    fastsmote.thresholds.best_threshold : The best entry of a sweep.
    fastsmote.streaming.StreamingSweep : The sweep of scores that arrive in chunks.

    Notes
    -----
    O(n log n) time in cache-sized runs; 11 bytes a row (float64 scores, 20 with weights; up to twice that
    where most scores are nearly equal) and 40 bytes per threshold. Of
    several models the labels and weights are checked once and the columns swept one after the other. Sums of
    weights are taken one by one by descending score, ties in row order. One class only is no error.
    Reference: Fawcett (2006), algorithm 1, doi:10.1016/j.patrec.2005.10.010.

    Examples
    --------
    >>> from fastsmote import confusion_sweep
    >>> sweep = confusion_sweep([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> sweep.thresholds, sweep.tps, sweep.fps
    (array([0.8 , 0.4 , 0.35, 0.1 ]), array([1, 1, 2, 2]), array([0, 1, 1, 2]))
    >>> both = confusion_sweep([0, 0, 1, 1], [[0.1, 1.0], [0.4, 2.0], [0.35, 3.0], [0.8, 4.0]])
    >>> [model.roc_auc for model in both]
    [0.75, 1.0]
    """
    return curves.confusion_sweeps(y_true, y_score, pos_label, sample_weight)


@public("fastsmote.metrics")
def confusion_matrix_at_thresholds(
    y_true: VectorLike,
    y_score: VectorLike,
    *,
    pos_label: Label | None = None,
    sample_weight: VectorLike | None = None,
) -> tuple[Floats, Floats, Floats, Floats, Matrix]:
    """Confusion counts at every threshold as scikit-learn returns them: a tuple, counts in float64.

    Parameters
    ----------
    y_true, y_score, pos_label, sample_weight
        As in :func:`confusion_sweep`.

    Returns
    -------
    tns, fps, fns, tps : ndarray of shape (n_thresholds,)
        True negatives, false positives, false negatives, true positives by ``score >= thresholds[i]``.
    thresholds : ndarray of shape (n_thresholds,)
        The distinct scores, decreasing.

    Raises
    ------
    ValueError, TypeError
        As in :func:`confusion_sweep`.

    See Also
    --------
    confusion_sweep : The counts as integers, in a record that has metrics.
    fastsmote.classification.confusion_matrix : The counts of predicted labels.

    Notes
    -----
    As :func:`confusion_sweep`, whose integer counts and metrics are the better choice in new code.

    Examples
    --------
    >>> from fastsmote.metrics import confusion_matrix_at_thresholds
    >>> tns, fps, fns, tps, thresholds = confusion_matrix_at_thresholds([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> tps, thresholds
    (array([1., 1., 2., 2.]), array([0.8 , 0.4 , 0.35, 0.1 ]))
    """
    return curves.counts_at_thresholds(y_true, y_score, pos_label, sample_weight)


@public("fastsmote.metrics")
@in_memory
def precision_recall_curve(
    y_true: VectorLike,
    y_score: VectorLike,
    *,
    pos_label: Label | None = None,
    sample_weight: VectorLike | None = None,
    drop_intermediate: bool = False,
) -> tuple[Floats, Floats, Matrix]:
    """Precision and recall at every threshold.

    Parameters
    ----------
    y_true, y_score, pos_label, sample_weight
        As in :func:`confusion_sweep`.
    drop_intermediate : bool, default=False
        Drop thresholds at which the true positives are those of both neighbours.

    Returns
    -------
    precision, recall : ndarray of shape (n_thresholds + 1,)
        float64; the last entries are 1 and 0 and have no threshold. Precision is 0 where nothing weighs.
    thresholds : ndarray of shape (n_thresholds,)
        Increasing, of the dtype of the scores.

    Raises
    ------
    ValueError, TypeError
        As in :func:`confusion_sweep`.

    Warns
    -----
    UndefinedMetricWarning
        No positive label: recall is 1 at every threshold.

    See Also
    --------
    average_precision_score : The area under this curve.
    roc_curve : Another curve of the same scores.
    fastsmote.thresholds.threshold_at : The threshold for a least recall or precision.
    fastsmote.plot.precision_recall : The curve as a picture.

    Notes
    -----
    O(n log n) time; memory beside the result as :func:`confusion_sweep`. Reference: Davis and Goadrich
    (2006), doi:10.1145/1143844.1143874.

    Examples
    --------
    >>> from fastsmote import precision_recall_curve
    >>> precision, recall, thresholds = precision_recall_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> precision.round(2), recall, thresholds
    (array([0.5 , 0.67, 0.5 , 1.  , 1.  ]), array([1. , 1. , 0.5, 0.5, 0. ]), array([0.1 , 0.35, 0.4 , 0.8 ]))
    """
    return curves.precision_recall(y_true, y_score, pos_label, sample_weight, drop_intermediate)


@public("fastsmote.metrics")
@in_memory
def roc_curve(
    y_true: VectorLike,
    y_score: VectorLike,
    *,
    pos_label: Label | None = None,
    sample_weight: VectorLike | None = None,
    drop_intermediate: bool = True,
) -> tuple[Floats, Floats, Matrix]:
    """False and true positive rates at every threshold.

    Parameters
    ----------
    y_true, y_score, pos_label, sample_weight
        As in :func:`confusion_sweep`.
    drop_intermediate : bool, default=True
        Drop thresholds at which neither count changes its slope; the area stays the same.

    Returns
    -------
    fpr, tpr : ndarray of shape (n_thresholds + 1,)
        Increasing rates that start at 0. All NaN for a class that is absent.
    thresholds : ndarray of shape (n_thresholds + 1,)
        Decreasing float64, the first infinite.

    Raises
    ------
    ValueError, TypeError
        As in :func:`confusion_sweep`.

    Warns
    -----
    UndefinedMetricWarning
        No positive or no negative row.

    See Also
    --------
    roc_auc_score : The area under this curve.
    det_curve : The same errors, both to be low.
    precision_recall_curve : What few positives call for.
    fastsmote.plot.roc : The curve as a picture.

    Notes
    -----
    O(n log n) time; memory beside the result as :func:`confusion_sweep`. Reference: Fawcett (2006),
    doi:10.1016/j.patrec.2005.10.010.

    Examples
    --------
    >>> from fastsmote import roc_curve
    >>> fpr, tpr, thresholds = roc_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> fpr, tpr
    (array([0. , 0. , 0.5, 0.5, 1. ]), array([0. , 0.5, 0.5, 1. , 1. ]))
    >>> thresholds
    array([ inf, 0.8 , 0.4 , 0.35, 0.1 ])
    """
    return curves.roc(y_true, y_score, pos_label, sample_weight, drop_intermediate)


@public("fastsmote.metrics")
@in_memory
def det_curve(
    y_true: VectorLike,
    y_score: VectorLike,
    pos_label: Label | None = None,
    sample_weight: VectorLike | None = None,
    drop_intermediate: bool = False,
) -> tuple[Floats, Floats, Matrix]:
    """False positive and false negative rates at every threshold (detection error tradeoff).

    Parameters
    ----------
    y_true, y_score, pos_label, sample_weight
        As in :func:`confusion_sweep`.
    drop_intermediate : bool, default=False
        Drop thresholds at which the true positives are those of both neighbours.

    Returns
    -------
    fpr, fnr : ndarray of shape (n_thresholds,)
        From the last threshold without false negatives to the first without false positives.
    thresholds : ndarray of shape (n_thresholds,)
        Increasing float64; the last is infinite where every finite one has false positives.

    Raises
    ------
    ValueError, TypeError
        As in :func:`confusion_sweep`; and ValueError where no positive or no negative row has weight.

    See Also
    --------
    roc_curve : True positive rates instead of false negative ones.
    precision_recall_curve : Another curve of the same scores.

    Notes
    -----
    O(n log n) time; memory beside the result as :func:`confusion_sweep`. Reference: Martin et al. (1997),
    doi:10.21437/Eurospeech.1997-504.

    Examples
    --------
    >>> from fastsmote import det_curve
    >>> det_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    (array([0.5, 0.5, 0. ]), array([0. , 0.5, 0.5]), array([0.35, 0.4 , 0.8 ]))
    """
    return curves.det(y_true, y_score, pos_label, sample_weight, drop_intermediate)


@public("fastsmote.metrics")
def precision_at(recall: ArrayLike, fpr: ArrayLike, prevalence: ArrayLike) -> Any:
    """Precision of a classifier with these rates where this share of rows is positive.

    Parameters
    ----------
    recall, fpr : float or array-like
        True and false positive rate, within [0, 1].
    prevalence : float or array-like
        Share of positives, within [0, 1]. Arrays are broadcast against each other.

    Returns
    -------
    float or ndarray
        recall / (recall + fpr (1 - prevalence) / prevalence), the odds form of Bayes' rule; 0 where nothing
        is called positive or nothing is positive.

    Raises
    ------
    ValueError
        A value is outside [0, 1] or NaN.

    See Also
    --------
    Sweep.at_prevalence : All metrics of a sweep at another share of positives.
    fastsmote.priors.correct_prior : Probabilities at another share of positives.

    Notes
    -----
    O(size). Reference: Axelsson (2000), doi:10.1145/357830.357849.

    Examples
    --------
    The base-rate ambush, 90 / (90 + 792):

    >>> from fastsmote.metrics import precision_at
    >>> precision_at(recall=0.9, fpr=0.08, prevalence=0.01)
    0.10204081632653061
    """
    return sweep.precision_at(recall, fpr, prevalence)
