"""Areas under curves: average precision and ROC AUC."""

from __future__ import annotations

from typing import Literal, TypeAlias, overload

from fastsmote._core.public import in_memory, public
from fastsmote._core.typing import Floats, Label, MatrixLike, VectorLike
from fastsmote._metrics import areas

Average: TypeAlias = Literal["micro", "macro", "weighted", "samples"]


@overload
def average_precision_score(
    y_true: MatrixLike | VectorLike,
    y_score: MatrixLike | VectorLike,
    *,
    average: Average = ...,
    pos_label: Label = ...,
    sample_weight: VectorLike | None = ...,
) -> float: ...
@overload
def average_precision_score(
    y_true: MatrixLike | VectorLike,
    y_score: MatrixLike | VectorLike,
    *,
    average: None,
    pos_label: Label = ...,
    sample_weight: VectorLike | None = ...,
) -> float | Floats: ...
@public("fastsmote.metrics")
@in_memory
def average_precision_score(
    y_true: MatrixLike | VectorLike,
    y_score: MatrixLike | VectorLike,
    *,
    average: Average | None = "macro",
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
        0 where no row is positive.

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


@overload
def roc_auc_score(
    y_true: MatrixLike | VectorLike,
    y_score: MatrixLike | VectorLike,
    *,
    average: Average = ...,
    sample_weight: VectorLike | None = ...,
    max_fpr: float | None = ...,
    multi_class: Literal["raise", "ovr", "ovo"] = ...,
    labels: VectorLike | None = ...,
) -> float: ...
@overload
def roc_auc_score(
    y_true: MatrixLike | VectorLike,
    y_score: MatrixLike | VectorLike,
    *,
    average: None,
    sample_weight: VectorLike | None = ...,
    max_fpr: float | None = ...,
    multi_class: Literal["raise", "ovr", "ovo"] = ...,
    labels: VectorLike | None = ...,
) -> float | Floats: ...
@public("fastsmote.metrics")
@in_memory
def roc_auc_score(
    y_true: MatrixLike | VectorLike,
    y_score: MatrixLike | VectorLike,
    *,
    average: Average | None = "macro",
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
