"""What boosting libraries hand to an objective, as targets and scores; and the score to start from."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import root

from fastsmote import _scores
from fastsmote._losses import Targets, check_alpha, check_table, derivatives
from fastsmote._weights import check_weight, to_unit


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
    labels = _scores.column(y, "y_true")
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

    At the minimum each class is pushed up by its own rows as much as it is pushed down by all others.
    """
    codes = codes_of(y, n_classes)
    weight = check_weight(sample_weight, len(codes))
    rows = np.bincount(codes, None if weight is None else to_unit(weight)[0], n_classes)
    counts = rows * check_alpha(alpha, [*range(n_classes)])
    if not counts.all():
        raise ValueError(
            f"Each of the {n_classes} classes must have rows with weight, or its best score is minus "
            f"infinity. Class {int(counts.argmin())} has none."
        )
    targets = Targets(np.arange(n_classes), [*range(n_classes)])
    ones = np.ones(n_classes)

    def imbalance(free: NDArray[np.float64]) -> NDArray[np.float64]:
        scores = np.tile(np.append(0.0, free), (n_classes, 1))
        push = derivatives(targets, scores, gamma, ones, None, 1)[0] * counts[:, None]
        up = -push.diagonal()
        down = push.sum(axis=0) + up
        return np.log(down[1:] / up[1:])

    start = np.log(counts[1:] / counts[0])  # the answer for gamma = 0
    found = root(imbalance, start, tol=1e-12)
    scores = np.append(0.0, found.x)
    return scores - scores.mean()
