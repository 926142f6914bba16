"""Metrics on predicted labels, all read off one confusion matrix that is counted once.

Signatures and values are those of scikit-learn 1.9 and imbalanced-learn 0.14, except where weights go
through imbalanced-learn's specificity, which can exceed 1 there: here a weighted count of true negatives
is the sum of their weights. Labels are bool, integer, integral float or string, in any column (NumPy, list,
pandas, polars, pyarrow). Inputs are never written to; results are the same for any number of threads.

Every function takes O(n) time. Integers and bools are counted where they lie, with 2 MiB per thread and at
most 4 bytes a row of tables; other labels, and more than 1024 classes, are coded first: 8 to 24 bytes a row.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal, TypeAlias, overload

from fastsmote._core.typing import Floats, Label, Matrix, VectorLike
from fastsmote._metrics import confusion, label_scores
from fastsmote._metrics.imbalanced import (
    geometric_mean_score,
    macro_averaged_mean_absolute_error,
    make_index_balanced_accuracy,
    sensitivity_score,
    sensitivity_specificity_support,
    specificity_score,
)
from fastsmote._metrics.report import classification_report_imbalanced
from fastsmote._metrics.standard import accuracy_score, classification_report

__all__ = [
    "accuracy_score",
    "balanced_accuracy_score",
    "classification_report",
    "classification_report_imbalanced",
    "confusion_matrix",
    "f1_score",
    "fbeta_score",
    "geometric_mean_score",
    "macro_averaged_mean_absolute_error",
    "make_index_balanced_accuracy",
    "matthews_corrcoef",
    "precision_recall_fscore_support",
    "precision_score",
    "recall_score",
    "sensitivity_score",
    "sensitivity_specificity_support",
    "specificity_score",
]

Average: TypeAlias = Literal["binary", "micro", "macro", "weighted"]


def confusion_matrix(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    labels: VectorLike | None = None,
    sample_weight: VectorLike | None = None,
    normalize: Literal["true", "pred", "all"] | None = None,
) -> Matrix:
    """Count the rows of each pair of true and predicted label.

    Parameters
    ----------
    y_true, y_pred : array-like of shape (n_samples,)
        True and predicted labels, one a row.
    labels : array-like of shape (n_labels,), default=None
        Which labels, and their order; rows with any other are left out. None takes all, sorted.
    sample_weight : array-like of shape (n_samples,), default=None
        Weights. Labels of rows of weight 0 are still labels. None counts rows.
    normalize : {"true", "pred", "all"}, default=None
        Divide by the sums of rows, of columns or of all cells; 0 where that sum is 0.

    Returns
    -------
    ndarray of shape (n_labels, n_labels)
        Entry (i, j): rows of label i that were given label j. int64, or float64 for float weights or where
        normalized.

    Raises
    ------
    ValueError
        No rows, or lengths differ; labels continuous or missing, strings in one place and numbers in another;
        weights negative, NaN, infinite, all 0, or with a sum beyond float64, of integers beyond 2**53; none
        of ``labels`` is in y_true; an unknown ``normalize``.
    TypeError
        Labels are bytes, or an array is masked.

    Warns
    -----
    UserWarning
        There is one label only, so that the matrix is a single cell.

    See Also
    --------
    fastsmote.confusion_sweep : The counts at every threshold of a score.
    precision_recall_fscore_support : Scores read off this matrix.

    Notes
    -----
    O(n) time; memory as above and n_labels ** 2 cells. Reference: Fawcett (2006),
    doi:10.1016/j.patrec.2005.10.010.

    Examples
    --------
    >>> from fastsmote.classification import confusion_matrix
    >>> confusion_matrix(["ant", "cat", "cat", "ant"], ["ant", "cat", "ant", "ant"])
    array([[2, 0],
           [1, 1]])
    """
    return confusion.confusion_matrix(y_true, y_pred, labels, sample_weight, normalize)


def precision_recall_fscore_support(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    beta: float = 1.0,
    labels: VectorLike | None = None,
    pos_label: Label | None = 1,
    average: Average | None = None,
    warn_for: Collection[str] = ("precision", "recall", "f-score"),
    sample_weight: VectorLike | None = None,
    zero_division: Literal["warn"] | float = "warn",
) -> tuple[Any, Any, Any, Matrix | None]:
    """Precision, recall, F-beta and support, per label or averaged; no multilabel indicators.

    F-beta is (1 + beta^2) P R / (beta^2 P + R), computed from counts.

    Parameters
    ----------
    y_true, y_pred, sample_weight
        As in :func:`confusion_matrix`.
    beta : float, default=1.0
        Weight of recall, at least 0: 0 gives precision, inf recall.
    labels : array-like of shape (n_labels,), default=None
        Labels to report or average, in this order; all by default. A label that does not occur counts as
        one without rows.
    pos_label : int, float, bool or str, default=1
        The label that average="binary" reports.
    average : {"binary", "micro", "macro", "weighted"}, default=None
        None: one value per label. "binary": that of ``pos_label``. "micro": of the counts added up over the
        labels. "macro": the mean over labels. "weighted": the mean weighted by support.
    warn_for : tuple of str, default=("precision", "recall", "f-score")
        Scores that warn where they are undefined.
    zero_division : {"warn", 0.0, 1.0, nan}, default="warn"
        Value of 0/0. "warn" is 0 with a warning; NaN is left out of averages.

    Returns
    -------
    precision, recall, fscore : float or ndarray of shape (n_labels,)
        float64.
    support : ndarray of shape (n_labels,) or None
        Rows (weight) of each label in y_true; None where averaged.

    Raises
    ------
    ValueError, TypeError
        As in :func:`confusion_matrix`; and ValueError for an unknown ``average`` or ``zero_division``, a
        negative ``beta``, and average="binary" with more than two labels or without ``pos_label`` among two.

    Warns
    -----
    UndefinedMetricWarning
        A score is 0/0 and zero_division is "warn".
    UserWarning
        ``pos_label`` is not 1 and is ignored, because ``average`` is not "binary".

    See Also
    --------
    sensitivity_specificity_support : The rates of both classes.
    classification_report_imbalanced : All of these as a table.
    fastsmote.precision_recall_curve : Precision and recall at every threshold of a score.

    Notes
    -----
    O(n) time; memory as above. Reference: van Rijsbergen (1979), Information Retrieval, chapter 7.

    Examples
    --------
    >>> from fastsmote.classification import precision_recall_fscore_support
    >>> precision_recall_fscore_support([0, 0, 0, 1], [0, 0, 1, 1])
    (array([1. , 0.5]), array([0.66666667, 1.        ]), array([0.8       , 0.66666667]), array([3, 1]))
    """
    return label_scores.fscores(
        y_true, y_pred, beta, labels, pos_label, average, warn_for, sample_weight, zero_division
    )


@overload
def precision_score(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    labels: VectorLike | None = ...,
    pos_label: Label | None = ...,
    average: None,
    sample_weight: VectorLike | None = ...,
    zero_division: Literal["warn"] | float = ...,
) -> Floats: ...
@overload
def precision_score(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    labels: VectorLike | None = ...,
    pos_label: Label | None = ...,
    average: Average = ...,
    sample_weight: VectorLike | None = ...,
    zero_division: Literal["warn"] | float = ...,
) -> float: ...
def precision_score(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    labels: VectorLike | None = None,
    pos_label: Label | None = 1,
    average: Average | None = "binary",
    sample_weight: VectorLike | None = None,
    zero_division: Literal["warn"] | float = "warn",
) -> float | Floats:
    """Share of the rows given a label that have it; no multilabel indicators.

    Parameters, errors and cost are those of :func:`precision_recall_fscore_support`.

    See Also
    --------
    precision_recall_fscore_support : All of these at the cost of one.
    recall_score : The share of a label's rows that are found.

    Examples
    --------
    >>> from fastsmote.classification import precision_score
    >>> precision_score([0, 0, 0, 1], [0, 0, 1, 1])
    0.5
    """
    return label_scores.fscores(
        y_true, y_pred, 1.0, labels, pos_label, average, ("precision",), sample_weight, zero_division
    )[0]


@overload
def recall_score(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    labels: VectorLike | None = ...,
    pos_label: Label | None = ...,
    average: None,
    sample_weight: VectorLike | None = ...,
    zero_division: Literal["warn"] | float = ...,
) -> Floats: ...
@overload
def recall_score(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    labels: VectorLike | None = ...,
    pos_label: Label | None = ...,
    average: Average = ...,
    sample_weight: VectorLike | None = ...,
    zero_division: Literal["warn"] | float = ...,
) -> float: ...
def recall_score(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    labels: VectorLike | None = None,
    pos_label: Label | None = 1,
    average: Average | None = "binary",
    sample_weight: VectorLike | None = None,
    zero_division: Literal["warn"] | float = "warn",
) -> float | Floats:
    """Share of the rows of a label that are given it; no multilabel indicators.

    Parameters, errors and cost are those of :func:`precision_recall_fscore_support`.

    See Also
    --------
    precision_recall_fscore_support : All of these at the cost of one.
    sensitivity_score : The same share under another name, with imbalanced-learn's signature.

    Examples
    --------
    >>> from fastsmote.classification import recall_score
    >>> recall_score([0, 0, 1, 1], [0, 0, 0, 1])
    0.5
    """
    return label_scores.fscores(
        y_true, y_pred, 1.0, labels, pos_label, average, ("recall",), sample_weight, zero_division
    )[1]


@overload
def fbeta_score(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    beta: float,
    labels: VectorLike | None = ...,
    pos_label: Label | None = ...,
    average: None,
    sample_weight: VectorLike | None = ...,
    zero_division: Literal["warn"] | float = ...,
) -> Floats: ...
@overload
def fbeta_score(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    beta: float,
    labels: VectorLike | None = ...,
    pos_label: Label | None = ...,
    average: Average = ...,
    sample_weight: VectorLike | None = ...,
    zero_division: Literal["warn"] | float = ...,
) -> float: ...
def fbeta_score(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    beta: float,
    labels: VectorLike | None = None,
    pos_label: Label | None = 1,
    average: Average | None = "binary",
    sample_weight: VectorLike | None = None,
    zero_division: Literal["warn"] | float = "warn",
) -> float | Floats:
    """Weighted harmonic mean of precision and recall; no multilabel indicators.

    Parameters, errors and cost are those of :func:`precision_recall_fscore_support`.

    See Also
    --------
    f1_score : With equal weights of precision and recall.
    fastsmote.Sweep.f_beta : At every threshold of a score.

    Examples
    --------
    >>> from fastsmote.classification import fbeta_score
    >>> round(fbeta_score([0, 0, 1, 1], [0, 1, 1, 1], beta=0.5), 4)
    0.7143
    """
    return label_scores.fscores(
        y_true, y_pred, beta, labels, pos_label, average, ("f-score",), sample_weight, zero_division
    )[2]


@overload
def f1_score(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    labels: VectorLike | None = ...,
    pos_label: Label | None = ...,
    average: None,
    sample_weight: VectorLike | None = ...,
    zero_division: Literal["warn"] | float = ...,
) -> Floats: ...
@overload
def f1_score(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    labels: VectorLike | None = ...,
    pos_label: Label | None = ...,
    average: Average = ...,
    sample_weight: VectorLike | None = ...,
    zero_division: Literal["warn"] | float = ...,
) -> float: ...
def f1_score(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    labels: VectorLike | None = None,
    pos_label: Label | None = 1,
    average: Average | None = "binary",
    sample_weight: VectorLike | None = None,
    zero_division: Literal["warn"] | float = "warn",
) -> float | Floats:
    """Harmonic mean of precision and recall; no multilabel indicators.

    Parameters, errors and cost are those of :func:`precision_recall_fscore_support`.

    See Also
    --------
    fbeta_score : With other weights of precision and recall.
    fastsmote.thresholds.best_threshold : The threshold of a score at which it is highest.

    Examples
    --------
    >>> from fastsmote.classification import f1_score
    >>> f1_score([0, 0, 1, 1, 2, 2], [0, 0, 1, 2, 2, 0], average=None)
    array([0.8       , 0.66666667, 0.5       ])
    """
    return label_scores.fscores(
        y_true, y_pred, 1.0, labels, pos_label, average, ("f-score",), sample_weight, zero_division
    )[2]


def matthews_corrcoef(
    y_true: VectorLike, y_pred: VectorLike, *, sample_weight: VectorLike | None = None
) -> float:
    """Matthews correlation coefficient, for any number of classes.

    Parameters
    ----------
    y_true, y_pred, sample_weight
        As in :func:`confusion_matrix`.

    Returns
    -------
    float
        Within [-1, 1]; 0 where either column is constant.

    Raises
    ------
    ValueError, TypeError
        As in :func:`confusion_matrix`.

    See Also
    --------
    balanced_accuracy_score : Another score that constant predictions do not raise.
    fastsmote.thresholds.best_threshold : The threshold of a score at which it is highest.

    Notes
    -----
    O(n) time; memory as above. Reference: Gorodkin (2004), doi:10.1016/j.compbiolchem.2004.09.006.

    Examples
    --------
    >>> from fastsmote.classification import matthews_corrcoef
    >>> matthews_corrcoef([0, 0, 1, 1], [0, 1, 1, 1])
    0.5773502691896258
    """
    return label_scores.matthews(y_true, y_pred, sample_weight)


def balanced_accuracy_score(
    y_true: VectorLike, y_pred: VectorLike, *, sample_weight: VectorLike | None = None, adjusted: bool = False
) -> float:
    """Mean recall of the classes of y_true.

    Parameters
    ----------
    y_true, y_pred, sample_weight
        As in :func:`confusion_matrix`.
    adjusted : bool, default=False
        Rescale so that chance scores 0 and a perfect prediction 1; NaN with one class.

    Returns
    -------
    float
        At most 1.

    Raises
    ------
    ValueError, TypeError
        As in :func:`confusion_matrix`.

    Warns
    -----
    UndefinedMetricWarning
        A label has no weight in y_true, and is left out; or one class leaves nothing to adjust.

    See Also
    --------
    geometric_mean_score : The geometric mean of the same recalls.
    fastsmote.thresholds.best_threshold : The threshold of a score at which it is highest.

    Notes
    -----
    O(n) time; memory as above. Reference: Brodersen et al. (2010), doi:10.1109/ICPR.2010.764.

    Examples
    --------
    >>> from fastsmote.classification import balanced_accuracy_score
    >>> balanced_accuracy_score([0, 0, 0, 0, 1, 1], [0, 0, 0, 1, 1, 0])
    0.625
    """
    return label_scores.balanced_accuracy_of_labels(y_true, y_pred, sample_weight, adjusted)
