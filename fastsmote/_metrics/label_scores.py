"""Scores of predicted labels, read off a ``Confusion``: the arithmetic under ``fastsmote.classification``."""

from math import inf, isnan, nan, sqrt
from numbers import Real
from typing import Any

import numpy as np

from fastsmote._metrics.confusion import (
    Confusion,
    OneVsRest,
    codes_to_report,
    count_labels,
    one_vs_rest,
    ratio_or,
)
from fastsmote._metrics.undefined import warn_undefined


def warn_empty(metric: str, what: str, empty: np.ndarray, advice: str = "") -> None:
    if empty.any():
        where = "due to" if len(empty) == 1 else "in labels with"
        warn_undefined(f"{metric} is ill-defined and being set to 0.0 {where} no {what} samples.{advice}")


def average_of(values: np.ndarray, average: str | None, support: np.ndarray) -> Any:
    """The mean over labels that ``average`` names, without NaN; of no weight at all, the plain mean."""
    if average is None:
        return values
    known = ~np.isnan(values)
    if not known.any():
        return nan
    weights = support[known] if average == "weighted" else None
    if weights is not None and weights.sum() == 0:
        weights = None
    return float(np.average(values[known], weights=weights))


def fscores(
    y_true: Any,
    y_pred: Any,
    beta: Any,
    labels: Any,
    pos_label: Any,
    average: str | None,
    warn_for: Any,
    sample_weight: Any,
    zero_division: Any,
) -> tuple[Any, Any, Any, np.ndarray | None]:
    """Precision, recall, F-beta and, without an average, support."""
    if not isinstance(beta, Real) or not float(beta) >= 0:
        raise ValueError(f"beta must be a number of at least 0, inf for recall alone. Got {beta!r}.")
    check_zero_division(zero_division)
    confusion = count_labels(y_true, y_pred, sample_weight)
    return fscores_of(confusion, beta, labels, pos_label, average, warn_for, zero_division)


def fscores_of(
    confusion: Confusion,
    beta: Any,
    labels: Any,
    pos_label: Any,
    average: str | None,
    warn_for: Any,
    zero_division: Any,
) -> tuple[Any, Any, Any, np.ndarray | None]:
    """As :func:`fscores`, of rows that were counted."""
    empty = check_zero_division(zero_division)
    chosen = codes_to_report(confusion, labels, pos_label, average)
    counts = one_vs_rest(confusion).of(chosen)
    if average == "micro":
        counts = counts.pooled()
    called, support = counts.tps + counts.fps, counts.tps + counts.fns
    if zero_division == "warn":
        advice = " Use the zero_division parameter to control this behavior."
        if "precision" in warn_for:
            warn_empty("Precision", "predicted", called == 0, advice)
        if "recall" in warn_for:
            warn_empty("Recall", "true", support == 0, advice)
        if "f-score" in warn_for and 0 < float(beta) < inf:
            warn_empty("F-score", "true nor predicted", (called == 0) & (support == 0), advice)
    precision, recall, fscore = rates(counts, float(beta), empty)
    means = [average_of(values, average, support) for values in (precision, recall, fscore)]
    return means[0], means[1], means[2], support if average is None else None


def rates(counts: OneVsRest, beta: float, empty: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Precision, recall and F-beta of each label."""
    called, support = counts.tps + counts.fps, counts.tps + counts.fns
    precision, recall = ratio_or(counts.tps, called, empty), ratio_or(counts.tps, support, empty)
    if beta in (0, inf):
        return precision, recall, recall if beta else precision
    # both sides divided by 1 + beta * beta, which is infinite for a large beta
    share = 1 / (1 + 1 / (beta * beta)) if beta > 1 else beta * beta / (1 + beta * beta)
    weighted = share * support + (1 - share) * called
    return precision, recall, ratio_or(counts.tps, weighted, empty)


def check_zero_division(zero_division: Any) -> float:
    """What an undefined ratio is."""
    if isinstance(zero_division, str) and zero_division == "warn":
        return 0.0
    if isinstance(zero_division, Real) and (zero_division in (0, 1) or isnan(zero_division)):
        return float(zero_division)
    raise ValueError(f"zero_division must be 'warn', 0, 1 or NaN. Got {zero_division!r}.")


def sensitivity_specificity(
    y_true: Any,
    y_pred: Any,
    labels: Any,
    pos_label: Any,
    average: str | None,
    warn_for: Any,
    sample_weight: Any,
) -> tuple[Any, Any, Any]:
    """Sensitivity, specificity and, without an average, support."""
    confusion = count_labels(y_true, y_pred, sample_weight)
    chosen = codes_to_report(confusion, labels, pos_label, average)
    if average == "binary" and chosen[0] == len(confusion.classes):
        return 0.0, 0.0, 0  # one class, which is not the positive one: imbalanced-learn's values
    counts = one_vs_rest(confusion).of(chosen)
    if average == "micro":
        counts = counts.pooled()
    support = counts.tps + counts.fns
    if "specificity" in warn_for:
        warn_empty("Specificity", "negative", counts.tns + counts.fps == 0)
    if "sensitivity" in warn_for:
        warn_empty("Sensitivity", "true", support == 0)
    if average == "weighted" and support.sum() == 0:
        return 0.0, 0.0, None
    sensitivity, specificity = both_rates(counts)
    means = average_of(sensitivity, average, support), average_of(specificity, average, support)
    return *means, support if average is None else None


def both_rates(counts: OneVsRest) -> tuple[np.ndarray, np.ndarray]:
    """Sensitivity and specificity of each label."""
    return (
        ratio_or(counts.tps, counts.tps + counts.fns, 0.0),
        ratio_or(counts.tns, counts.tns + counts.fps, 0.0),
    )


def multiclass_geometric_mean(
    y_true: Any, y_pred: Any, labels: Any, sample_weight: Any, correction: float
) -> float:
    """Geometric mean of the sensitivities, those of 0 replaced."""
    confusion = count_labels(y_true, y_pred, sample_weight)
    counts = one_vs_rest(confusion).of(codes_to_report(confusion, labels, None, None))
    support = counts.tps + counts.fns
    warn_empty("Recall", "true", support == 0)
    recall = ratio_or(counts.tps, support, 0.0)
    recall[recall == 0] = correction
    with np.errstate(divide="ignore"):
        return float(np.exp(np.log(recall).mean()))


def matthews(y_true: Any, y_pred: Any, sample_weight: Any) -> float:
    """Correlation of the label indicators of both columns, 0 where one of them is constant."""
    counts = one_vs_rest(count_labels(y_true, y_pred, sample_weight))
    if counts.tps.dtype == np.float64:
        total = (counts.tps + counts.fns).sum()
        counts = OneVsRest(*(c / total for c in counts))  # products neither overflow nor vanish
    covariance: Any = 0
    spread_true: Any = 0
    spread_pred: Any = 0
    for tp, fp, fn, tn in zip(*(c.tolist() for c in counts), strict=True):  # exact where counts are integers
        covariance += tp * tn - fp * fn
        spread_true += (tp + fn) * (fp + tn)
        spread_pred += (tp + fp) * (fn + tn)
    product = spread_true * spread_pred
    return covariance / sqrt(product) if product else 0.0


def balanced_accuracy_of_labels(y_true: Any, y_pred: Any, sample_weight: Any, adjusted: bool) -> float:
    """Mean recall, rescaled so that chance is 0 where ``adjusted``."""
    recalls = _class_recalls(y_true, y_pred, sample_weight)
    if not adjusted:
        return float(recalls.mean())
    if len(recalls) == 1:
        warn_undefined("Adjusted balanced accuracy is not defined for one class in y_true.")
        return nan
    chance = 1 / len(recalls)
    return float((recalls.mean() - chance) / (1 - chance))


def _class_recalls(y_true: Any, y_pred: Any, sample_weight: Any) -> np.ndarray:
    """Recall of each class of y_true that has weight."""
    counts = one_vs_rest(count_labels(y_true, y_pred, sample_weight))
    support = (counts.tps + counts.fns)[:-1]
    seen = support != 0
    if not seen.all():
        warn_undefined("y_pred contains classes not in y_true, or of no weight in it: they are left out.")
    return counts.tps[:-1][seen] / support[seen]


def class_errors(y_true: Any, y_pred: Any, sample_weight: Any) -> np.ndarray:
    """Mean absolute error of the rows of each class of y_true that has weight."""
    confusion = count_labels(y_true, y_pred, sample_weight)
    if isinstance(confusion.classes[0], str):
        raise ValueError(
            f"y_true and y_pred must hold ordered numbers. Got {confusion.classes[0]!r}; encode the labels "
            "by their rank."
        )
    values = np.array(confusion.classes, np.float64)
    distance = np.abs(values[confusion.true] - values[confusion.pred])
    support = np.bincount(confusion.true, confusion.counts)
    errors = np.bincount(confusion.true, confusion.counts * distance)
    return errors[support != 0] / support[support != 0]
