"""Threshold sweeps and the curves and scores read from them, with scikit-learn's signatures and values.

The functions take what scikit-learn 1.9 takes and return the same numbers; they differ in cost. Without
weights nothing is argsorted: scores are partitioned and sorted as integers in cache, on all cores;
``roc_auc_score`` and ``average_precision_score`` only look up each negative's place among the positives where
positives are few. Results are the same for any number of threads.

At every threshold ``score >= threshold`` is positive; equal scores share one threshold, and -0.0 equals
0.0. Scores may be float16, float32, float64, integer or bool, in any column (NumPy, list, pandas,
polars, pyarrow); labels bool, integer, integral float or string. Inputs are never written to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias, overload

import numpy as np
from numpy.typing import ArrayLike

from fastsmote._core.typing import Floats, Label, Matrix, MatrixLike, VectorLike
from fastsmote._metrics import areas, curves, sweep
from fastsmote._metrics.sweep import Sweep
from fastsmote._metrics.undefined import UndefinedMetricWarning

__all__ = [
    "Sweep",
    "UndefinedMetricWarning",
    "average_precision_score",
    "confusion_matrix_at_thresholds",
    "confusion_sweep",
    "det_curve",
    "precision_at",
    "precision_recall_curve",
    "roc_auc_score",
    "roc_curve",
]

_One: TypeAlias = Sequence[float] | np.ndarray[tuple[int], Any]
_Columns: TypeAlias = np.ndarray[tuple[int, int], Any]
_Weights: TypeAlias = VectorLike | None
_Average: TypeAlias = Literal["micro", "macro", "weighted", "samples"] | None


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
        The positive label. None means 1 where labels are within {0, 1} or {-1, 1}. A label that does not
        occur leaves every row negative.
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
        not given and labels outside {0, 1} and {-1, 1}; a score or weight is NaN or infinite; all weights
        are 0.
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


def average_precision_score(
    y_true: MatrixLike | VectorLike,
    y_score: MatrixLike | VectorLike,
    *,
    average: _Average = "macro",
    pos_label: Label = 1,
    sample_weight: VectorLike | None = None,
) -> float | Floats:
    """Average precision: the mean of precision over the positives, sum of (R_i - R_{i-1}) P_i.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,) or (n_samples, n_labels)
        Labels of two or more classes, or indicators of labels.
    y_score : array-like of shape (n_samples,) or (n_samples, n_classes)
        Finite scores; a column per class or label where there are more than two.
    average : {"macro", "micro", "weighted", "samples"} or None, default="macro"
        How columns are averaged: their mean, all cells at once, by the number (or weight) of positives,
        or by row. None returns one score per column. Binary labels ignore it.
    pos_label : int, float, bool or str, default=1
        The positive label of binary labels.
    sample_weight : array-like of shape (n_samples,), default=None
        Weights. Rows of weight 0 are left out.

    Returns
    -------
    float, or ndarray of shape (n_classes,)
        0 where no row is positive, or positive weights cancel.

    Raises
    ------
    ValueError, TypeError
        As in :func:`confusion_sweep`; pos_label is neither of two labels, or given for other than binary
        labels; shapes of labels and scores differ; unknown average.

    Warns
    -----
    UndefinedMetricWarning
        No row is positive.

    See Also
    --------
    precision_recall_curve : The curve under which this is the area.
    roc_auc_score : The other area, which does not depend on the share of positives.
    fastsmote.bootstrap.bootstrap_interval : How certain the score is.

    Notes
    -----
    O(n log p) time and 1 byte a row for p positives where they are few, else as
    :func:`precision_recall_curve`; no curve is built without weights. Tied scores count as one threshold.
    Reference: Zhu (2004), "Recall, precision and average precision", University of Waterloo.

    Examples
    --------
    >>> from fastsmote import average_precision_score
    >>> round(average_precision_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]), 4)
    0.8333
    """
    return areas.average_precision(y_true, y_score, average, pos_label, sample_weight)


def roc_auc_score(
    y_true: MatrixLike | VectorLike,
    y_score: MatrixLike | VectorLike,
    *,
    average: _Average = "macro",
    sample_weight: VectorLike | None = None,
    max_fpr: float | None = None,
    multi_class: Literal["raise", "ovr", "ovo"] = "raise",
    labels: VectorLike | None = None,
) -> float | Floats:
    """Area under the ROC curve: the share of (positive, negative) pairs in the right order, ties half.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,) or (n_samples, n_labels)
        Labels of two or more classes, or indicators of labels. Of two labels the greater is positive.
    y_score : array-like of shape (n_samples,) or (n_samples, n_classes)
        Finite scores; a column per class or label where there are more than two. Rows of multiclass scores
        add up to 1.
    average : {"macro", "micro", "weighted", "samples"} or None, default="macro"
        How columns are averaged, see :func:`average_precision_score`. Multiclass labels take "macro" and
        "weighted", and with "ovr" also "micro" and None. Binary labels ignore it.
    sample_weight : array-like of shape (n_samples,), default=None
        Weights. Rows of weight 0 are left out.
    max_fpr : float in (0, 1], default=None
        Standardised partial area up to this false positive rate. None is the whole area.
    multi_class : {"raise", "ovr", "ovo"}, default="raise"
        One-vs-rest or one-vs-one (Hand and Till) for multiclass labels.
    labels : array-like of shape (n_classes,), default=None
        Ordered classes of the columns of multiclass scores. None takes the sorted labels of y_true.

    Returns
    -------
    float, or ndarray of shape (n_classes,)
        NaN where a class is absent.

    Raises
    ------
    ValueError, TypeError
        As in :func:`confusion_sweep`; unknown average, multi_class or max_fpr; multiclass labels with
        ``multi_class="raise"``, with max_fpr, with scores that are no probabilities, or with classes that
        do not match the columns.
    NotImplementedError
        ``average=None`` with ``multi_class="ovo"``.

    Warns
    -----
    UndefinedMetricWarning
        Only one class is present.

    See Also
    --------
    roc_curve : The curve under which this is the area.
    average_precision_score : The area that tells more where positives are few.
    fastsmote.bootstrap.bootstrap_interval : How certain the score is.

    Notes
    -----
    O(n log p) time and 1 byte a row for p positives where they are few, else as :func:`roc_curve`; no curve
    is built without weights and max_fpr. Pairs are counted in integers, so the result is correctly rounded.
    References: Mann and Whitney (1947), doi:10.1214/aoms/1177730491; Hand and Till (2001),
    doi:10.1023/A:1010920819831; McClish (1989), doi:10.1177/0272989X8900900307.

    Examples
    --------
    >>> from fastsmote import roc_auc_score
    >>> roc_auc_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.75
    """
    return areas.roc_auc(y_true, y_score, average, sample_weight, max_fpr, multi_class, labels)


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
