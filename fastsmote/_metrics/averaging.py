"""Multilabel and multiclass scores, composed of binary ones."""

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np

from fastsmote._core.check import check_word
from fastsmote._core.rows import ScoredRows
from fastsmote._core.scores import read_column
from fastsmote._metrics.undefined import warn_one_class

Metric = Callable[[ScoredRows], float]  # of labels and scores of one column each

AVERAGES = ("micro", "macro", "weighted", "samples", None)


def indicators(y_true: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """(n_samples, n_classes) zeros and ones."""
    return (y_true[:, None] == classes[None, :]).astype(np.int64)


def check_columns(rows: ScoredRows) -> None:
    """ValueError unless labels and scores have one shape."""
    if rows.y_score.shape != rows.y_true.shape:
        raise ValueError(
            f"y_score must have one column per label, shape {rows.y_true.shape}. Got shape "
            f"{rows.y_score.shape}."
        )


def average_columns(metric: Metric, rows: ScoredRows, average: str | None) -> float | np.ndarray:
    """Apply ``metric`` per column (per row for "samples") and average; ``y_true`` holds zeros and ones."""
    y_true, y_score, weights = rows
    if average == "micro":
        repeated = None if weights is None else np.repeat(weights, y_true.shape[1])
        return metric(ScoredRows(y_true.ravel(), y_score.ravel(), repeated))
    shares = None
    if average == "weighted":
        shares = y_true.sum(axis=0) if weights is None else weights @ y_true
        if np.isclose(shares.sum(), 0):
            return 0.0
    elif average == "samples":
        shares, weights = weights, None
        y_true, y_score = y_true.T, y_score.T
    columns = range(y_true.shape[1])
    scores = np.array([metric(ScoredRows(y_true[:, c], y_score[:, c], weights)) for c in columns])
    if average is None:
        return scores
    if shares is not None:
        scores[shares == 0] = 0  # an undefined score without weight does not spoil the average
    return float(np.average(scores, weights=shares))


def multiclass_roc_auc(
    metric: Metric, rows: ScoredRows, labels: Any, multi_class: str, average: str | None
) -> float | np.ndarray:
    """One-vs-rest or one-vs-one ROC AUC (Hand and Till, 2001, doi:10.1023/A:1010920819831)."""
    y_true, y_score, weights = rows
    if y_score.ndim != 2:
        raise ValueError(
            "`y_score` needs to be of shape `(n_samples, n_classes)`, since `y_true` contains multiple "
            f"classes. Got `y_score.shape={y_score.shape}`."
        )
    if not np.allclose(1, y_score.sum(axis=1)):
        raise ValueError(
            "Target scores need to be probabilities for multiclass roc_auc, i.e. they should sum up to 1.0 "
            "over classes. Normalise the rows of y_score."
        )
    if multi_class == "ovr":
        check_word(average, "average", ("micro", "macro", "weighted", None))
    elif average is None:
        raise NotImplementedError("average=None is not implemented for multi_class='ovo'.")
    else:
        check_word(average, "average", ("macro", "weighted"))
    classes = _check_classes(labels, y_true, y_score.shape[1])
    if multi_class == "ovr":
        return average_columns(metric, rows._replace(y_true=indicators(y_true, classes)), average)
    if weights is not None:
        raise ValueError(
            "sample_weight is not supported for multiclass one-vs-one ROC AUC, 'sample_weight' must be None "
            "in this case."
        )
    return _one_vs_one(metric, rows, classes, average)


def _check_classes(labels: Any, y_true: np.ndarray, n_columns: int) -> np.ndarray:
    present = np.unique(y_true)
    if labels is None:
        if len(present) != n_columns:
            raise ValueError(
                "Number of classes in y_true not equal to the number of columns in 'y_score': "
                f"{len(present)} and {n_columns}. Pass `labels` if y_true lacks some classes."
            )
        return present
    classes = read_column(labels, "labels")
    if len(np.unique(classes)) != len(classes):
        raise ValueError("Parameter 'labels' must be unique.")
    if not np.array_equal(np.unique(classes), classes):
        raise ValueError("Parameter 'labels' must be ordered, as the columns of y_score are.")
    if len(classes) != n_columns:
        raise ValueError(
            f"Number of given labels, {len(classes)}, not equal to the number of columns in 'y_score', "
            f"{n_columns}."
        )
    if len(np.setdiff1d(present, classes)):
        raise ValueError("'y_true' contains labels not in parameter 'labels'.")
    return classes


def _one_vs_one(metric: Metric, rows: ScoredRows, classes: np.ndarray, average: str | None) -> float:
    codes = np.searchsorted(classes, rows.y_true)
    scores, shares = [], []
    for a, b in combinations(np.unique(codes).tolist(), 2):
        both = np.flatnonzero((codes == a) | (codes == b))
        one = metric(ScoredRows(codes[both] == a, rows.y_score[both, a], None))
        other = metric(ScoredRows(codes[both] == b, rows.y_score[both, b], None))
        scores.append((one + other) / 2)
        shares.append(len(both) / len(codes))
    if not scores:
        warn_one_class()
        return float("nan")
    return float(np.average(scores, weights=shares if average == "weighted" else None))
