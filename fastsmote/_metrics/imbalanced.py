"""imbalanced-learn's metrics on predicted labels, which ``fastsmote.classification`` makes public.

Their signatures stand here and not in that module, which would be longer than 500 lines with them.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Collection
from numbers import Real
from typing import Any, Literal, TypeAlias, TypeVar, cast, overload

import numpy as np

from fastsmote._core.check import check_word
from fastsmote._core.public import public
from fastsmote._core.typing import Floats, Label, VectorLike
from fastsmote._metrics import label_scores

Average: TypeAlias = Literal["binary", "micro", "macro", "weighted"]
Score = TypeVar("Score", bound=Callable[..., Any])
_SCORED = {"y_score", "y_prob", "y2"}  # parameters of metrics that predicted labels are not enough for


@public("fastsmote.classification")
def sensitivity_specificity_support(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    labels: VectorLike | None = None,
    pos_label: Label | None = 1,
    average: Average | None = None,
    warn_for: Collection[str] = ("sensitivity", "specificity"),
    sample_weight: VectorLike | None = None,
) -> tuple[Any, Any, Any]:
    """Sensitivity tp / (tp + fn), specificity tn / (tn + fp) and support, per label or averaged.

    Parameters
    ----------
    y_true, y_pred, labels, pos_label, average, sample_weight
        As in :func:`fastsmote.classification.precision_recall_fscore_support`.
    warn_for : tuple of str, default=("sensitivity", "specificity")
        Which of the two warn where they are undefined.

    Returns
    -------
    sensitivity, specificity : float or ndarray of shape (n_labels,)
        Within [0, 1], also with weights; 0 where undefined.
    support : ndarray of shape (n_labels,) or None
        Rows (weight) of each label in y_true; None where averaged.

    Raises
    ------
    ValueError, TypeError
        As in :func:`fastsmote.classification.precision_recall_fscore_support`.

    Warns
    -----
    UndefinedMetricWarning
        A label has no true, or no other, rows.
    UserWarning
        ``pos_label`` is not 1 and is ignored, because ``average`` is not "binary".

    See Also
    --------
    precision_recall_fscore_support : Precision instead of specificity.
    classification_report_imbalanced : All of these as a table.

    Notes
    -----
    O(n) time; memory as in ``fastsmote.classification``. With one class that is not ``pos_label``,
    average="binary" gives (0.0, 0.0, 0), as in imbalanced-learn. Reference: Yerushalmy (1947),
    doi:10.2307/4586294.

    Examples
    --------
    >>> from fastsmote.classification import sensitivity_specificity_support
    >>> sensitivity_specificity_support([0, 0, 0, 1], [0, 0, 1, 1], average="binary")
    (1.0, 0.6666666666666666, None)
    """
    return label_scores.sensitivity_specificity(
        y_true, y_pred, labels, pos_label, average, warn_for, sample_weight
    )


@overload
def sensitivity_score(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    labels: VectorLike | None = ...,
    pos_label: Label | None = ...,
    average: None,
    sample_weight: VectorLike | None = ...,
) -> Floats: ...
@overload
def sensitivity_score(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    labels: VectorLike | None = ...,
    pos_label: Label | None = ...,
    average: Average = ...,
    sample_weight: VectorLike | None = ...,
) -> float: ...
@public("fastsmote.classification")
def sensitivity_score(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    labels: VectorLike | None = None,
    pos_label: Label | None = 1,
    average: Average | None = "binary",
    sample_weight: VectorLike | None = None,
) -> float | Floats:
    """Share of the rows of a label that are given it.

    Parameters, errors and cost are those of :func:`sensitivity_specificity_support`.

    See Also
    --------
    specificity_score : The same share of the rows without the label.
    recall_score : The same number, with scikit-learn's signature.

    Examples
    --------
    >>> from fastsmote.classification import sensitivity_score
    >>> sensitivity_score([0, 0, 1, 1], [0, 0, 0, 1])
    0.5
    """
    return label_scores.sensitivity_specificity(
        y_true, y_pred, labels, pos_label, average, ("sensitivity",), sample_weight
    )[0]


@overload
def specificity_score(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    labels: VectorLike | None = ...,
    pos_label: Label | None = ...,
    average: None,
    sample_weight: VectorLike | None = ...,
) -> Floats: ...
@overload
def specificity_score(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    labels: VectorLike | None = ...,
    pos_label: Label | None = ...,
    average: Average = ...,
    sample_weight: VectorLike | None = ...,
) -> float: ...
@public("fastsmote.classification")
def specificity_score(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    labels: VectorLike | None = None,
    pos_label: Label | None = 1,
    average: Average | None = "binary",
    sample_weight: VectorLike | None = None,
) -> float | Floats:
    """Share of the rows without a label that are not given it.

    Parameters, errors and cost are those of :func:`sensitivity_specificity_support`.

    See Also
    --------
    sensitivity_score : The same share of the rows of the label.
    fastsmote.roc_curve : One less specificity, at every threshold of a score.

    Examples
    --------
    >>> from fastsmote.classification import specificity_score
    >>> specificity_score([0, 0, 1, 1], [0, 1, 1, 1])
    0.5
    """
    return label_scores.sensitivity_specificity(
        y_true, y_pred, labels, pos_label, average, ("specificity",), sample_weight
    )[1]


@overload
def geometric_mean_score(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    labels: VectorLike | None = ...,
    pos_label: Label | None = ...,
    average: None,
    sample_weight: VectorLike | None = ...,
    correction: float = ...,
) -> Floats: ...
@overload
def geometric_mean_score(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    labels: VectorLike | None = ...,
    pos_label: Label | None = ...,
    average: Literal["multiclass"] | Average = ...,
    sample_weight: VectorLike | None = ...,
    correction: float = ...,
) -> float: ...
@public("fastsmote.classification")
def geometric_mean_score(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    labels: VectorLike | None = None,
    pos_label: Label | None = 1,
    average: Literal["multiclass"] | Average | None = "multiclass",
    sample_weight: VectorLike | None = None,
    correction: float = 0.0,
) -> float | Floats:
    """Geometric mean of the sensitivities of all classes, or of sensitivity and specificity.

    Parameters
    ----------
    y_true, y_pred, labels, pos_label, sample_weight
        As in :func:`sensitivity_specificity_support`.
    average : {"multiclass", "binary", "micro", "macro", "weighted", None}, default="multiclass"
        "multiclass": the n_labels-th root of the product of sensitivities. Otherwise the square root of
        sensitivity times specificity, each averaged as there.
    correction : float, default=0.0
        Replaces sensitivities of 0 under "multiclass", where a single one makes the product 0.

    Returns
    -------
    float or ndarray of shape (n_labels,)
        Within [0, 1] for a correction of at most 1.

    Raises
    ------
    ValueError, TypeError
        As in :func:`sensitivity_specificity_support`; and ValueError for a negative ``correction``.

    Warns
    -----
    UndefinedMetricWarning
        A label has no true, or no other, rows.

    See Also
    --------
    balanced_accuracy_score : The arithmetic mean.
    make_index_balanced_accuracy : Weights this score by dominance.

    Notes
    -----
    O(n) time; memory as in ``fastsmote.classification``. Reference: Kubat and Matwin (1997), ICML,
    equation 1.

    Examples
    --------
    >>> from fastsmote.classification import geometric_mean_score
    >>> round(geometric_mean_score([0, 0, 0, 0, 1, 1], [0, 0, 0, 1, 1, 0]), 4)
    0.6124
    """
    if not isinstance(correction, Real) or not correction >= 0:
        raise ValueError(f"correction must be a number of at least 0. Got {correction!r}.")
    if average == "multiclass":
        return label_scores.multiclass_geometric_mean(
            y_true, y_pred, labels, sample_weight, float(correction)
        )
    sensitivity, specificity, _ = label_scores.sensitivity_specificity(
        y_true, y_pred, labels, pos_label, average, ("specificity",), sample_weight
    )
    root = np.sqrt(sensitivity * specificity)
    return root if average is None else float(root)


@public("fastsmote.classification")
def make_index_balanced_accuracy(*, alpha: float = 0.1, squared: bool = True) -> Callable[[Score], Score]:
    """Make a decorator that weights a score by how far sensitivity exceeds specificity.

    Parameters
    ----------
    alpha : float, default=0.1
        Weight of the dominance, sensitivity - specificity.
    squared : bool, default=True
        Square the score first.

    Returns
    -------
    callable
        Turns a function of (y_true, y_pred, ...) into one of the same signature that returns
        (1 + alpha * dominance) * score ** 2.

    Raises
    ------
    ValueError
        ``alpha`` is no number, or ``squared`` no bool.
    AttributeError
        On a call: the score takes scores instead of labels (y_score, y_prob or y2).

    See Also
    --------
    classification_report_imbalanced : Shows it for the geometric mean.
    geometric_mean_score : The score that it is mostly made of.

    Notes
    -----
    Sensitivity and specificity get the arguments that the score shares with
    :func:`sensitivity_specificity_support`; accuracy_score and jaccard_score are taken as binary. Costs one
    count, O(n), beside the score. Reference: Garcia, Mollineda and Sanchez (2009),
    doi:10.1007/978-3-642-02172-5_57.

    Examples
    --------
    >>> from fastsmote.classification import geometric_mean_score, make_index_balanced_accuracy
    >>> balanced = make_index_balanced_accuracy(alpha=0.1, squared=True)(geometric_mean_score)
    >>> balanced([1, 0, 0, 1, 0, 1], [0, 0, 1, 1, 0, 1], average=None).round(4)
    array([0.4444, 0.4444])
    """
    if not isinstance(alpha, Real):
        raise ValueError(f"alpha must be a number. Got {alpha!r}.")
    check_word(squared, "squared", (True, False))
    shared = set(inspect.signature(sensitivity_specificity_support).parameters)

    def decorate(score: Score) -> Score:
        signature = inspect.signature(score)

        @functools.wraps(score)
        def balanced(*args: Any, **kwargs: Any) -> Any:
            if _SCORED & set(signature.parameters):
                raise AttributeError(
                    f"{score.__name__} takes scores; index balanced accuracy needs a metric of y_true and "
                    "y_pred. Pass one that takes predicted labels."
                )
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            value = score(*bound.args, **bound.kwargs)
            given = {name: v for name, v in bound.arguments.items() if name in shared}
            if score.__name__ in ("accuracy_score", "jaccard_score"):
                given["average"] = "binary"
            elif given.get("average") == "multiclass":
                given["average"] = "macro"
            sensitivity, specificity, _ = sensitivity_specificity_support(**given)
            return (1 + alpha * (sensitivity - specificity)) * (np.power(value, 2) if squared else value)

        return cast(Score, balanced)

    return decorate


@public("fastsmote.classification")
def macro_averaged_mean_absolute_error(
    y_true: VectorLike, y_pred: VectorLike, *, sample_weight: VectorLike | None = None
) -> float:
    """Mean over classes of the mean absolute error of their rows, for ordered labels.

    Parameters
    ----------
    y_true, y_pred : array-like of shape (n_samples,)
        Labels that are numbers.
    sample_weight : array-like of shape (n_samples,), default=None
        Weights of rows within their class.

    Returns
    -------
    float
        At least 0; 0 is best.

    Raises
    ------
    ValueError, TypeError
        As in :func:`fastsmote.classification.confusion_matrix`; and ValueError for strings.

    See Also
    --------
    balanced_accuracy_score : For labels without an order.

    Notes
    -----
    The mean is over the classes that have weight in y_true; imbalanced-learn fails where y_pred has others.
    O(n) time; memory as in ``fastsmote.classification``. Reference: Baccianella, Esuli and
    Sebastiani (2009), equation 3, doi:10.1109/ISDA.2009.230.

    Examples
    --------
    >>> from fastsmote.classification import macro_averaged_mean_absolute_error
    >>> macro_averaged_mean_absolute_error([1, 2, 2, 2], [1, 2, 1, 2])
    0.16666666666666666
    """
    return float(label_scores.class_errors(y_true, y_pred, sample_weight).mean())
