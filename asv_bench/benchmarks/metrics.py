"""Curves and areas against scikit-learn: continuous scores, few to many positives."""

import functools

import numpy as np
import sklearn.metrics

from fastsmote import metrics

from .common import sizes


@functools.lru_cache(maxsize=1)
def labels_and_scores(n, rate):
    rng = np.random.default_rng(0)
    y = (rng.random(n) < rate).astype(np.int64)
    y[:2] = 0, 1
    return y, np.where(y == 1, rng.beta(5, 2, n), rng.beta(2, 6, n))


def _largest_difference(actual, expected):
    actual, expected = np.atleast_1d(actual), np.atleast_1d(expected)
    finite = np.isfinite(expected) & (expected != 0)  # thresholds start at infinity, rates at zero
    return float(np.max(np.abs(actual[finite] / expected[finite] - 1)))


class _AgainstSklearn:
    """One function of the same name and arguments in both libraries."""

    params = (sizes(100_000, 1_000_000, 10_000_000), [0.0017, 0.05, 0.5])
    param_names = ("n", "rate")
    name: str
    timeout = 300

    def setup(self, n, rate):
        self.y, self.scores = labels_and_scores(n, rate)
        self.ours = functools.partial(getattr(metrics, self.name), **self.options(n))
        self.sklearn = functools.partial(getattr(sklearn.metrics, self.name), **self.options(n))
        self.ours(self.y, self.scores)  # compiles, or loads, the kernels

    def options(self, n):
        return {}

    def time_ours(self, n, rate):
        self.ours(self.y, self.scores)

    def time_sklearn(self, n, rate):
        self.sklearn(self.y, self.scores)

    def peakmem_ours(self, n, rate):
        self.ours(self.y, self.scores)

    def peakmem_sklearn(self, n, rate):
        self.sklearn(self.y, self.scores)

    def track_error(self, n, rate):
        """Largest relative difference of a returned number."""
        actual, expected = self.ours(self.y, self.scores), self.sklearn(self.y, self.scores)
        if not isinstance(actual, tuple):
            actual, expected = (actual,), (expected,)
        return max(map(_largest_difference, actual, expected))


class PrecisionRecallCurve(_AgainstSklearn):
    name = "precision_recall_curve"


class RocCurve(_AgainstSklearn):
    name = "roc_curve"


class RocAuc(_AgainstSklearn):
    name = "roc_auc_score"


class AveragePrecision(_AgainstSklearn):
    name = "average_precision_score"


class WeightedPrecisionRecallCurve(_AgainstSklearn):
    name = "precision_recall_curve"

    def options(self, n):
        return {"sample_weight": np.random.default_rng(1).random(n)}
