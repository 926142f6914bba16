"""Means of losses and moments of probabilities, as the faces ask for them."""

from typing import Any

import numpy as np

from fastsmote._core.check import check_integer, check_word
from fastsmote._probability import reliability
from fastsmote._probability.reliability import Moments, ProbabilityBins


def sum_moments(
    y_true: Any, y_prob: Any, n_bins: Any, strategy: Any, pos_label: Any, sample_weight: Any
) -> tuple[Moments, ProbabilityBins]:
    n_bins = check_integer(n_bins, "n_bins")
    strategy = check_word(strategy, "strategy", ("uniform", "quantile"))
    p = reliability.one_column(reliability.probabilities(y_prob))
    rows = reliability.check_rows(y_true, p, pos_label, sample_weight)
    if strategy == "uniform":
        bins = reliability.uniform_bins(n_bins)
    else:
        weights = None if rows.weights is None else rows.weights.view(np.float64)
        bins = reliability.quantile_bins(p, weights, n_bins)
    return reliability.moments(rows, bins), bins


def mean_loss(y_true: Any, y_prob: Any, pos_label: Any, labels: Any, sample_weight: Any, log: bool) -> float:
    """Mean loss of rows: log loss, or squared error over all classes."""
    p = reliability.probabilities(y_prob)
    eps = float(np.finfo(p.dtype).eps) if log else None
    if p.ndim == 1:
        if labels is not None:
            raise ValueError("labels names the columns of y_prob. Got one column; pass pos_label instead.")
        rows = reliability.check_rows(y_true, p, pos_label, sample_weight)
        return reliability.mean(reliability.row_losses(rows, eps))
    if pos_label is not None:
        raise ValueError("pos_label belongs to one column of y_prob. Got one per class; pass labels instead.")
    classes = reliability.check_class_probabilities(y_true, p, labels, sample_weight)
    return reliability.mean(reliability.class_losses(classes, eps))
