"""What boosting libraries hand to an objective, as targets and scores; and the score to start from."""

import math
from collections.abc import Mapping
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, log_expit, logsumexp

from fastsmote._core.scores import read_column
from fastsmote._core.weights import check_weight, to_unit
from fastsmote._metrics.sweep import check_number
from fastsmote._probability.losses import Targets, check_alpha, check_table

_HALVINGS = 64  # of a bracket that is less than 5000 wide: to less than 3e-16


def alpha_value(alpha: Any) -> Any:
    """Class weights that can be hashed: None, a number, a tuple of numbers, or of (class, number) pairs."""
    if alpha is None:
        return None
    alpha = alpha_given(alpha)
    if isinstance(alpha, Mapping):
        if not all(isinstance(label, Real) for label in alpha):
            raise ValueError(f"alpha must name classes by their numbers 0, 1, ... Got {[*alpha]!r}.")
        pairs = ((label, check_number(f"alpha[{label}]", alpha[label])) for label in sorted(alpha))
        return tuple(pairs) or None
    if isinstance(alpha, Real):
        return check_number("alpha", alpha)
    values = read_column(alpha, "alpha").tolist()
    return tuple(check_number(f"alpha[{i}]", value) for i, value in enumerate(values))


def alpha_given(value: Any) -> Any:
    """Pairs as the mapping that they came from; anything else as it is."""
    pairs = isinstance(value, tuple) and value and all(isinstance(item, tuple) for item in value)
    return dict(value) if pairs else value


class Asked(NamedTuple):
    targets: Targets
    score: np.ndarray  # (n,) or (n, n_classes)
    weight: Any


def read(first: Any, second: Any, weight: Any) -> Asked:
    """Arguments of a call, (scores, data set with labels) or (labels, scores, weights)."""
    if hasattr(second, "get_label"):
        y, score, weight = second.get_label(), first, second.get_weight()
    else:
        y, score = first, second
    table = check_table(score, "score")
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
    return Asked(
        Targets(codes.astype(np.uint8) if table.ndim == 1 else codes, [*range(n_classes)]), table, weight
    )


def codes_of(y: Any, n_classes: int) -> NDArray[np.int64]:
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


def best_constant(
    y: Any, n_classes: int, gamma: float, alpha: Any, sample_weight: Any
) -> NDArray[np.float64]:
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
        mass = np.log(rows) + np.log(check_alpha(alpha_given(alpha), targets))
    if np.isinf(mass).any():
        raise ValueError(
            f"Each of the {n_classes} classes must have rows with weight, or its best score is minus "
            f"infinity. Class {int(mass.argmin())} has none."
        )
    heaviest = int(mass.argmax())
    more = mass[heaviest] - np.delete(mass, heaviest)

    def others(logit: float) -> NDArray[np.float64]:
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


def _log_slope(logit: NDArray[np.float64], gamma: float) -> NDArray[np.float64]:
    """log of -d loss / dp = q ** gamma / p (1 + gamma p L / q), for q = 1 - p and L = -log p, of logits."""
    p, q, minus_L, log_q = expit(logit), expit(-logit), log_expit(logit), log_expit(-logit)
    L_over_q = np.divide(-minus_L, q, out=np.ones_like(q), where=logit < 40)  # beyond, 1 to 17 digits
    return gamma * log_q - minus_L + np.log1p(gamma * p * L_over_q)
