"""What boosting libraries hand to an objective, as targets and scores; and the score to start from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, log_expit, logsumexp

from fastsmote._core.check import check_integer, check_number
from fastsmote._core.public import public
from fastsmote._core.scores import read_column
from fastsmote._core.typing import ClassWeights, Floats, Matrix, RowIds, VectorLike
from fastsmote._core.weights import check_weight, to_unit
from fastsmote._probability import losses
from fastsmote._probability.inputs import read_numbers
from fastsmote._probability.losses import Targets, check_alpha, check_gamma

_HALVINGS = 64  # of a bracket that is less than 5000 wide: to less than 3e-16


def hashable_weights(alpha: Any) -> Any:
    """Class weights that can be hashed: None, a number, a tuple of numbers, or of (class, number) pairs."""
    if alpha is None:
        return None
    alpha = pairs_as_mapping(alpha)
    if isinstance(alpha, Mapping):
        if not all(isinstance(label, Real) for label in alpha):
            raise ValueError(f"alpha must name classes by their numbers 0, 1, ... Got {[*alpha]!r}.")
        pairs = ((label, check_number(alpha[label], f"alpha[{label}]")) for label in sorted(alpha))
        return tuple(pairs) or None
    if isinstance(alpha, Real):
        return check_number(alpha, "alpha")
    values = read_column(alpha, "alpha").tolist()
    return tuple(check_number(value, f"alpha[{i}]") for i, value in enumerate(values))


def pairs_as_mapping(value: Any) -> Any:
    """Pairs as the mapping that they came from; anything else as it is."""
    pairs = isinstance(value, tuple) and value and all(isinstance(item, tuple) for item in value)
    return dict(value) if pairs else value


class BoostingRows(NamedTuple):
    """Rows as a boosting library passes them in a round: labels, raw scores so far, weights."""

    targets: Targets
    score: Matrix  # (n,) or (n, n_classes)
    weight: Any


def read_call(first: Any, second: Any, weight: Any) -> BoostingRows:
    """Arguments of a call, (scores, data set with labels) or (labels, scores, weights)."""
    if hasattr(second, "get_label"):
        y, score, weight = second.get_label(), first, second.get_weight()
    else:
        y, score = first, second
    table = read_numbers(score, "score")
    if weight is not None and not len(weight):  # XGBoost's way to say that there are none
        weight = None
    n_classes = 2 if table.ndim == 1 else table.shape[1]
    codes = codes_of(y, n_classes)
    if len(codes) != len(table):
        raise ValueError(
            f"There must be one row of scores per label. Got scores of shape {table.shape} and {len(codes)} "
            "labels; scores of several classes must be of shape (n_samples, n_classes), as LightGBM 4 and "
            "XGBoost 2.1 have them."
        )
    return BoostingRows(
        Targets(codes.astype(np.uint8) if table.ndim == 1 else codes, [*range(n_classes)]), table, weight
    )


def codes_of(y: Any, n_classes: int) -> RowIds:
    """Labels 0, 1, ..., n_classes - 1 as integers, from numbers of any type."""
    labels = read_column(y, "y_true")
    codes = np.full(len(labels), -1)
    if labels.dtype.kind in "biuf":
        with np.errstate(invalid="ignore"):  # NaN is found below
            codes = labels.astype(np.int64)
    bad = (codes < 0) | (codes >= n_classes) | (codes != labels)
    if bad.any():
        raise ValueError(
            f"Labels must be 0, 1, ..., {n_classes - 1}, one per column of scores (two for a single column). "
            f"Got {labels[bad.argmax()]!r}; encode the labels."
        )
    return codes


def best_constant(y: Any, n_classes: int, gamma: float, alpha: Any, sample_weight: Any) -> Floats:
    """The same scores for every row that have the least loss, of shape (n_classes,), with mean 0.

    As a function of probabilities that add up to 1, the loss is a sum over classes, each of whose terms is
    convex in its own probability. So it has one minimum, where all terms have one slope. The probability of
    the heaviest class, the largest, gives this slope; the slope gives the others; and their sum, which rises
    with the first, has to be what that leaves. All in logarithms: shares of 1e-300 are as exact as others.
    """
    codes = codes_of(y, n_classes)
    weight = check_weight(sample_weight, len(codes))
    rows = np.bincount(codes, None if weight is None else to_unit(weight)[0], n_classes)
    targets = Targets(np.arange(n_classes), [*range(n_classes)])
    with np.errstate(divide="ignore"):  # refused below
        mass = np.log(rows) + np.log(check_alpha(pairs_as_mapping(alpha), targets))
    if np.isinf(mass).any():
        raise ValueError(
            f"Each of the {n_classes} classes must have rows with weight, or its best score is minus "
            f"infinity. Class {int(mass.argmin())} has none."
        )
    heaviest = int(mass.argmax())
    more = mass[heaviest] - np.delete(mass, heaviest)

    def others(logit: float) -> Floats:
        """Logits of the other classes where the heaviest has ``logit``: they have its slope."""
        slope = more + _log_slope(np.array([logit]), gamma)
        low, high = -np.maximum(slope + 1, math.log1p(gamma)), np.full(len(more), logit)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            steeper = _log_slope(middle, gamma) > slope
            low, high = np.where(steeper, middle, low), np.where(steeper, high, middle)
        return (low + high) / 2

    def excess(logit: float) -> float:
        return float(logsumexp(log_expit(others(logit))) - log_expit(-logit))

    # at the lower end all have less than 1 / n_classes; at the upper, others have more than for gamma = 0
    ends = -math.log(n_classes - 1) - 1, max(0.0, -float(logsumexp(-more))) + 1
    logit = brentq(excess, *ends, xtol=1e-15, rtol=4 * np.finfo(float).eps)
    scores = log_expit(np.insert(others(logit), heaviest, logit))
    return scores - scores.mean()


def _log_slope(logit: Floats, gamma: float) -> Floats:
    """log of -d loss / dp = q ** gamma / p (1 + gamma p L / q), for q = 1 - p and L = -log p, of logits."""
    p, q, minus_L, log_q = expit(logit), expit(-logit), log_expit(logit), log_expit(-logit)
    L_over_q = np.divide(-minus_L, q, out=np.ones_like(q), where=logit < 40)  # beyond, 1 to 17 digits
    return gamma * log_q - minus_L + np.log1p(gamma * p * L_over_q)


@public("fastsmote.losses")
@dataclass(frozen=True)
class FocalObjective:
    """The focal loss as an objective of LightGBM and XGBoost, in their own and their scikit-learn interfaces.

    Parameters
    ----------
    gamma, alpha, n_jobs
        As for :func:`focal_loss`; the classes are 0, 1, ..., n_classes - 1.

    Raises
    ------
    ValueError
        ``gamma`` or a weight in ``alpha`` as for :func:`focal_loss`; a mapping whose labels are no numbers.
        On a call: ``alpha`` does not fit the number of classes; labels are not 0, 1, ...; scores are NaN or
        infinite, or do not have one row per label.

    See Also
    --------
    cross_entropy_objective : The objective with gamma = 0.
    focal_loss, focal_loss_derivatives : The loss and its derivatives, row by row.

    Notes
    -----
    Called with (scores, data set), as by ``lightgbm.train(params={"objective": objective})`` and
    ``xgboost.train(obj=objective)``, it takes labels and weights from the data set; with (y_true, scores[,
    sample_weight]), as by LGBMClassifier and XGBClassifier(objective=objective), it takes them as they are.
    Scores are (n_samples,) or (n_samples, n_classes), and so are the gradient and hessian that are returned.
    Objects can be pickled, cloned, compared and hashed; ``alpha`` is kept as None, a number, or a tuple of
    numbers, or of (label, weight) pairs for a mapping.

    The hessian is never negative, as trees need it: where the second derivative falls below f p (1 - p), that
    of cross-entropy with the weight f = alpha_t (1 - p_t) ** gamma held fixed, f p (1 - p) is returned. So
    the step of a row is at most 1 + gamma times that of cross-entropy. The diagonals of several classes are
    multiplied by n_classes / (n_classes - 1), because all scores of a row move at once (Friedman 2001,
    doi:10.1214/aos/1013203451, algorithm 6; LightGBM does so, XGBoost multiplies by 2). So gamma = 0 with
    alpha = 0.5 is half the log loss, and with alpha=None grows the trees of LightGBM's "binary" and
    "multiclass" from the same start.

    LightGBM starts at score 0 and predicts raw scores: ``scipy.special.expit`` or ``softmax`` makes
    probabilities of them. XGBClassifier starts at 0 and predicts probabilities, and so does ``xgboost.train``
    with the parameter ``objective`` "binary:logistic" or "multi:softprob" beside ``obj``; without it, that
    starts at 0.5 and predicts raw scores. To start at the best constant, pass ``initial_score`` for each row
    as LightGBM's ``init_score`` (and add it to predictions) or as XGBoost's ``base_margin`` (of the data to
    predict, too). O(n_samples * n_classes) time and 16 bytes per score for each round.

    Examples
    --------
    >>> from fastsmote.losses import FocalObjective
    >>> objective = FocalObjective(gamma=2.0, alpha=0.25)
    >>> gradient, hessian = objective([1, 0, 0], [0.0, 0.0, 40.0])  # y_true, raw scores
    >>> gradient.round(6).tolist()
    [-0.074572, 0.223715, 0.75]
    >>> bool((hessian > 0).all())
    True
    """

    gamma: float = 2.0
    alpha: ClassWeights = 0.25
    n_jobs: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "gamma", check_gamma(self.gamma))
        object.__setattr__(self, "alpha", hashable_weights(self.alpha))

    def __call__(self, first: Any, second: Any, sample_weight: Any = None) -> tuple[Floats, Floats]:
        targets, score, weight = read_call(first, second, sample_weight)
        alpha = check_alpha(pairs_as_mapping(self.alpha), targets)
        gradient, hessian = losses.derivatives(
            targets, score, self.gamma, alpha, weight, self.n_jobs, floored=True
        )
        if score.ndim == 2:
            hessian *= score.shape[1] / (score.shape[1] - 1)
        return gradient, hessian

    def initial_score(
        self, y_true: VectorLike, n_classes: int = 2, *, sample_weight: VectorLike | None = None
    ) -> float | Floats:
        """The score that has the least loss when all rows have the same.

        Parameters
        ----------
        y_true : array-like of shape (n_samples,)
            Labels 0, 1, ..., n_classes - 1, each with some row.
        n_classes : int, default 2
            At least 2.
        sample_weight : array-like of shape (n_samples,), optional
            Weights of the rows.

        Returns
        -------
        float, or ndarray of shape (n_classes,)
            The logit of two classes; the scores of more, with mean 0.

        Raises
        ------
        ValueError
            A label outside of 0, 1, ..., n_classes - 1; a class without rows or weight; weights that are
            negative, not finite or of another length; ``n_classes`` below 2.
        TypeError
            ``n_classes`` is not an integer.

        See Also
        --------
        fastsmote.priors.logit_offset : What a prior that changed adds to it.

        Notes
        -----
        log(alpha n_1 / ((1 - alpha) n_0)) for gamma = 0. In probabilities the loss is convex, so that there
        is one minimum, which SciPy's ``brentq`` finds within a bracket that holds it, to about 1e-14.
        O(n_samples) time, 12 bytes per row; 40 ms more for 1000 classes.

        Examples
        --------
        >>> from fastsmote.losses import FocalObjective
        >>> y = [1] * 10 + [0] * 990
        >>> objectives = FocalObjective(0.0, None), FocalObjective()
        >>> [round(objective.initial_score(y), 4) for objective in objectives]
        [-4.5951, -2.1074]
        """
        n_classes = check_integer(n_classes, "n_classes", minimum=2)
        scores = best_constant(y_true, n_classes, self.gamma, self.alpha, sample_weight)
        return float(scores[1] - scores[0]) if n_classes == 2 else scores
