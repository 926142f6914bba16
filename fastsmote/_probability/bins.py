"""Bins of probabilities: of equal width, or with equal numbers of rows."""

from typing import NamedTuple

import numpy as np

from fastsmote._core.typing import Floats, Matrix
from fastsmote._probability.percentiles import percentiles


class ProbabilityBins(NamedTuple):
    """Edges of bins as the kernels search them."""

    edges: Floats  # (n_bins + 1,)
    inner: Floats  # those between two bins, padded with infinity
    n_uniform: int  # number of bins if evenly spaced, else 0
    first_step: int


def make_bins(edges: Floats, uniform: bool = False) -> ProbabilityBins:
    n_bins = len(edges) - 1
    first_step = 1 << (n_bins - 1).bit_length() >> 1
    padding = np.full(max(2, 2 * first_step - n_bins), np.inf)
    return ProbabilityBins(
        edges, np.concatenate([edges[1:-1], padding]), n_bins if uniform else 0, first_step
    )


def uniform_bins(n_bins: int) -> ProbabilityBins:
    return make_bins(np.linspace(0.0, 1.0, n_bins + 1), uniform=True)


def quantile_bins(y_prob: Matrix, weights: Floats | None, n_bins: int) -> ProbabilityBins:
    """Bins with equal numbers of rows: scikit-learn's percentiles; with weights, of equal weight."""
    shares = np.linspace(0.0, 1.0, n_bins + 1)
    if weights is None:
        if y_prob.dtype == np.float64:
            return make_bins(percentiles(y_prob, shares * 100))
        return make_bins(np.percentile(y_prob, shares * 100).astype(np.float64))  # rounded to float32
    rows = weights > 0
    return make_bins(_weighted_quantiles(y_prob[rows].astype(np.float64), shares, weights[rows]))


def _weighted_quantiles(values: Floats, shares: Floats, weights: Floats) -> Floats:
    """``np.quantile(..., method="inverted_cdf")``, with weights above 0, which NumPy 2 takes."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order], dtype=np.float64)
    places = np.searchsorted(below / below[-1], shares)
    return values[order[np.minimum(places, len(order) - 1)]]
