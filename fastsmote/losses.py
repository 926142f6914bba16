"""Focal loss and weighted cross-entropy: values, derivatives, and objectives for boosting libraries.

Cross-entropy is the focal loss with gamma = 0, and is computed as such. Values are of probabilities,
derivatives with respect to raw scores: logits of the positive class, or softmax scores of the classes.
Raw scores neither overflow nor lose digits, however large they are.
"""

from __future__ import annotations

from typing import Literal, overload

from fastsmote._core.typing import ClassWeights, Floats, Label, MatrixLike, VectorLike
from fastsmote._probability import losses
from fastsmote._probability.objectives import FocalObjective

__all__ = [
    "FocalObjective",
    "cross_entropy_objective",
    "focal_loss",
    "focal_loss_derivatives",
    "weighted_cross_entropy",
    "weighted_cross_entropy_derivatives",
]


@overload
def focal_loss(
    y_true: VectorLike,
    p: MatrixLike,
    gamma: float = ...,
    alpha: ClassWeights = ...,
    *,
    pos_label: Label | None = ...,
    labels: VectorLike | None = ...,
    sample_weight: VectorLike | None = ...,
    reduction: Literal["mean"] = ...,
    n_jobs: int | None = ...,
) -> float: ...
@overload
def focal_loss(
    y_true: VectorLike,
    p: MatrixLike,
    gamma: float = ...,
    alpha: ClassWeights = ...,
    *,
    pos_label: Label | None = ...,
    labels: VectorLike | None = ...,
    sample_weight: VectorLike | None = ...,
    reduction: Literal["none"],
    n_jobs: int | None = ...,
) -> Floats: ...
def focal_loss(
    y_true: VectorLike,
    p: MatrixLike,
    gamma: float = 2.0,
    alpha: ClassWeights = 0.25,
    *,
    pos_label: Label | None = None,
    labels: VectorLike | None = None,
    sample_weight: VectorLike | None = None,
    reduction: Literal["mean", "none"] = "mean",
    n_jobs: int | None = None,
) -> float | Floats:
    """Mean of -alpha_t (1 - p_t) ** gamma log p_t, for the probability p_t of each row's own class.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        Labels: integers, whole floats, booleans or strings. One class is enough.
    p : array-like of shape (n_samples,) or (n_samples, n_classes)
        Probability of the positive class, or of each class, whose rows add up to 1 (within 1e-3).
    gamma : float in [0, 1000], default 2.0
        How much less rows count that are right already; 0 is cross-entropy.
    alpha : float, array-like of shape (n_classes,), mapping from label to weight, or None, default 0.25
        Class weights, in the order of the columns (negative before positive). A number in [0, 1] is the
        weight of the positive class (the second of two columns), and 1 - alpha that of the other; of three or
        more classes it is the weight of each. A mapping, as :func:`fastsmote.weights.class_weights` gives,
        is completed with 1. None: 1 for every class.
    pos_label : int, float, bool or str, optional
        The positive label beside one column; 1 where labels are 0 and 1, or -1 and 1. Of more than two
        labels, all others are negative, one class of one weight.
    labels : array-like of shape (n_classes,), optional
        The label of each of several columns, in their order, whatever it is (functions of
        :mod:`fastsmote.calibration` want columns and labels sorted). None takes the sorted labels of y_true,
        which must be as many.
    sample_weight : array-like of shape (n_samples,), optional
        Weights of the rows in the mean, whose sum it is divided by; class weights are not divided by.
    reduction : {"mean", "none"}, default "mean"
        "none" gives the loss of each row, times its weight.
    n_jobs : int, optional
        Threads; None is FASTSMOTE_NUM_THREADS or all usable cores, -1 all usable cores.

    Returns
    -------
    float, or ndarray of shape (n_samples,)
        At least 0: p_t below 2 ** -1022, also 0 exactly, counts as that, and its log as -708.4. Infinite only
        where class weights are so large that losses add up to more than float64 holds.

    Raises
    ------
    ValueError
        No rows; lengths differ; p is not within [0, 1], NaN, or rows do not add up to 1; labels are
        continuous or missing, more than two without a ``pos_label``, no label of one column, or as many as
        there are columns only with ``labels``; ``gamma``, ``alpha`` or a weight is negative, too large, not
        finite or of another shape; a mapping names another label while it leaves one out, or comes with more
        than two labels beside one column; ``pos_label`` is none of two or more labels; an unknown reduction.
    TypeError
        Labels are bytes, or an array is masked.

    See Also
    --------
    focal_loss_derivatives : What a model that minimises it needs.
    FocalObjective : The loss as an objective of LightGBM and XGBoost.
    weighted_cross_entropy : The loss with gamma = 0.

    Notes
    -----
    Beside one column, log(1 - p) is taken without rounding 1 - p first, so that small losses keep their
    digits; with an integer gamma the loss of a row has a relative error of about 1e-15, else of
    4e-16 (1 + abs(log(1 - p_t))). Sums are the same for any number of threads. O(n_samples * n_classes)
    time, and some microseconds for each loss of ``reduction="none"``; 1 byte per row beside one column, 8
    beside several; more where p is not float32 or float64 in C order.

    References
    ----------
    Lin, T.-Y., Goyal, P., Girshick, R., He, K., Dollar, P. (2017). Focal loss for dense object detection.
    ICCV, 2999-3007, equation (5). doi:10.1109/ICCV.2017.324. The mean over rows is taken here, where the
    paper divides by the number of positives.

    Examples
    --------
    >>> from fastsmote.losses import focal_loss
    >>> round(focal_loss([1], [0.5]), 7), round(focal_loss([0], [0.5]), 7)
    (0.0433217, 0.1299651)
    >>> round(focal_loss(["a", "b", "c"], [[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.3, 0.3, 0.4]], alpha=None), 7)
    0.1236304
    >>> focal_loss([1, 0], [0.5, 0.5], reduction="none").round(7)
    array([0.0433217, 0.1299651])
    """
    return losses.focal_loss(
        y_true, p, gamma, alpha, pos_label, labels, sample_weight, n_jobs, reduction=reduction
    )


def focal_loss_derivatives(
    y_true: VectorLike,
    score: MatrixLike,
    gamma: float = 2.0,
    alpha: ClassWeights = 0.25,
    *,
    pos_label: Label | None = None,
    labels: VectorLike | None = None,
    sample_weight: VectorLike | None = None,
    n_jobs: int | None = None,
) -> tuple[Floats, Floats]:
    """First and second derivatives of each row's focal loss with respect to its raw scores.

    Parameters
    ----------
    y_true, gamma, alpha, pos_label, labels, n_jobs
        As for :func:`focal_loss`.
    score : array-like of shape (n_samples,) or (n_samples, n_classes)
        Logits of the positive class, log(p / (1 - p)); or one score per class, whose softmax is p.
    sample_weight : array-like of shape (n_samples,), optional
        Weights that the derivatives of the rows are multiplied by.

    Returns
    -------
    gradient, hessian : ndarray of float64 of the shape of ``score``
        Of the loss of each row, not of the mean. The hessian is the second derivative in each score (the
        diagonal); it is negative where a row is so wrong that the focal loss bends the other way.

    Raises
    ------
    ValueError, TypeError
        As for :func:`focal_loss`; and ValueError for a score that is NaN or infinite.

    See Also
    --------
    focal_loss : The loss itself.
    FocalObjective : For LightGBM and XGBoost, with a hessian that is never negative.

    Notes
    -----
    With p = p_t, q = 1 - p, L = -log p and f = alpha_t q ** gamma, the derivatives in the score of the row's
    own class are -f (q + gamma p L) and f p ((1 + 2 gamma) q + gamma L (gamma p - q)); for a negative row
    beside one column, the first changes its sign. All are computed from differences of scores: relative
    errors are about 1e-15 where ``focal_loss`` has them, for scores of any size. Results below
    1e-300 may be 0. O(n_samples * n_classes) time, 16 bytes per score.

    References
    ----------
    Lin et al. (2017), doi:10.1109/ICCV.2017.324, appendix B, for the first derivative.

    Examples
    --------
    >>> from fastsmote.losses import focal_loss_derivatives
    >>> gradient, hessian = focal_loss_derivatives([1, 0, 0], [0.0, 0.0, -40.0])
    >>> print(gradient.round(6), hessian.round(6))
    [-0.074572  0.223715  0.      ] [0.099786 0.299358 0.      ]
    """
    return losses.focal_loss_derivatives(
        y_true, score, gamma, alpha, pos_label, labels, sample_weight, n_jobs
    )


@overload
def weighted_cross_entropy(
    y_true: VectorLike,
    p: MatrixLike,
    class_weight: ClassWeights = ...,
    *,
    pos_label: Label | None = ...,
    labels: VectorLike | None = ...,
    sample_weight: VectorLike | None = ...,
    reduction: Literal["mean"] = ...,
    n_jobs: int | None = ...,
) -> float: ...
@overload
def weighted_cross_entropy(
    y_true: VectorLike,
    p: MatrixLike,
    class_weight: ClassWeights = ...,
    *,
    pos_label: Label | None = ...,
    labels: VectorLike | None = ...,
    sample_weight: VectorLike | None = ...,
    reduction: Literal["none"],
    n_jobs: int | None = ...,
) -> Floats: ...
def weighted_cross_entropy(
    y_true: VectorLike,
    p: MatrixLike,
    class_weight: ClassWeights = None,
    *,
    pos_label: Label | None = None,
    labels: VectorLike | None = None,
    sample_weight: VectorLike | None = None,
    reduction: Literal["mean", "none"] = "mean",
    n_jobs: int | None = None,
) -> float | Floats:
    """Mean of -w_t log p_t, for the weight w_t and the probability p_t of each row's own class.

    Parameters
    ----------
    y_true, p, pos_label, labels, sample_weight, reduction, n_jobs
        As for :func:`focal_loss`.
    class_weight : mapping from label to weight, array-like of shape (n_classes,), float or None, default None
        As ``alpha`` of :func:`focal_loss`. None: 1 for every class, which is the log loss.

    Returns
    -------
    float, or ndarray of shape (n_samples,)
        At least 0, as for :func:`focal_loss`.

    Raises
    ------
    ValueError, TypeError
        As for :func:`focal_loss`.

    See Also
    --------
    weighted_cross_entropy_derivatives : What a model that minimises it needs.
    cross_entropy_objective : The loss as an objective of LightGBM and XGBoost.
    fastsmote.weights.class_weights : Weights from the counts of the classes.
    fastsmote.calibration.log_loss : Without weights of classes, as an exact sum.

    Notes
    -----
    This is the focal loss with gamma = 0. To divide by the sum of the weights of all rows, as PyTorch does,
    pass them as ``sample_weight`` instead. O(n_samples * n_classes) time; memory as for :func:`focal_loss`.
    Source: King and Zeng (2001), doi:10.1093/oxfordjournals.pan.a004868, equation (11).

    Examples
    --------
    >>> from fastsmote.losses import weighted_cross_entropy
    >>> from fastsmote.weights import class_weights
    >>> y = [0, 0, 0, 1]
    >>> round(weighted_cross_entropy(y, [0.1, 0.2, 0.4, 0.3], class_weights(y)), 6)
    0.741875
    """
    return losses.focal_loss(
        y_true, p, 0.0, class_weight, pos_label, labels, sample_weight, n_jobs, "class_weight", reduction
    )


def weighted_cross_entropy_derivatives(
    y_true: VectorLike,
    score: MatrixLike,
    class_weight: ClassWeights = None,
    *,
    pos_label: Label | None = None,
    labels: VectorLike | None = None,
    sample_weight: VectorLike | None = None,
    n_jobs: int | None = None,
) -> tuple[Floats, Floats]:
    """First and second derivatives of each row's weighted cross-entropy with respect to its raw scores.

    Parameters
    ----------
    y_true, class_weight, pos_label, labels, n_jobs
        As for :func:`weighted_cross_entropy`.
    score, sample_weight
        As for :func:`focal_loss_derivatives`.

    Returns
    -------
    gradient, hessian : ndarray of float64 of the shape of ``score``
        w_t (p - 1) or w_t p, and w_t p (1 - p).

    Raises
    ------
    ValueError, TypeError
        As for :func:`focal_loss_derivatives`.

    See Also
    --------
    weighted_cross_entropy : The loss itself.
    cross_entropy_objective : For LightGBM and XGBoost.

    Notes
    -----
    The derivatives of the focal loss with gamma = 0, with their cost and accuracy.

    Examples
    --------
    >>> from fastsmote.losses import weighted_cross_entropy_derivatives
    >>> weighted_cross_entropy_derivatives([1, 0], [0.0, 0.0], {1: 4.0})
    (array([-2. ,  0.5]), array([1.  , 0.25]))
    """
    return losses.focal_loss_derivatives(
        y_true, score, 0.0, class_weight, pos_label, labels, sample_weight, n_jobs, "class_weight"
    )


def cross_entropy_objective(
    class_weight: ClassWeights = None, *, n_jobs: int | None = None
) -> FocalObjective:
    """Weighted cross-entropy as an objective of LightGBM and XGBoost: a FocalObjective with gamma = 0.

    Parameters
    ----------
    class_weight, n_jobs
        As for :func:`weighted_cross_entropy`; the classes are 0, 1, ..., n_classes - 1.

    Returns
    -------
    FocalObjective

    See Also
    --------
    FocalObjective : Counts rows less that are right already.
    weighted_cross_entropy, weighted_cross_entropy_derivatives : The loss and its derivatives, row by row.

    Examples
    --------
    >>> from fastsmote.losses import cross_entropy_objective
    >>> cross_entropy_objective({0: 1.0, 1: 19.0})([1, 0], [0.0, 0.0])
    (array([-9.5,  0.5]), array([4.75, 0.25]))
    """
    return FocalObjective(0.0, class_weight, n_jobs)
