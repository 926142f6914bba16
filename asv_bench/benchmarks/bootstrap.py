"""Bootstrap intervals against a loop over scikit-learn that resamples rows."""

import numpy as np
import sklearn.metrics

from fastsmote import bootstrap

from .common import sizes
from .metrics import labels_and_scores

N_RESAMPLES = 1000
N_LOOPS = 5  # of the loop, which takes as long for each resample


def resample_rows(y, models, n_resamples, score):
    """Replicates of the difference of two models, or of the score of one, row by row."""
    rng = np.random.default_rng(0)
    values = []
    for _ in range(n_resamples):
        rows = rng.integers(0, len(y), len(y))
        first, *others = (score(y[rows], scores[rows]) for scores in models)
        values.append(first - sum(others))
    return np.array(values)


class _Bootstrap:
    """``time_sklearn_5`` is of 5 resamples, ``time_ours`` of 1,000."""

    params = (sizes(100_000, 1_000_000), [0.0017, 0.05])
    param_names = ("n", "rate")
    metric = "average_precision"
    timeout = 300

    def setup(self, n, rate):
        self.y, scores = labels_and_scores(n, rate)
        self.models = self.scores_of_models(scores)
        self.peer = getattr(sklearn.metrics, f"{self.metric}_score")
        self.replicates(2)  # compiles, or loads, the kernels

    def scores_of_models(self, scores):
        return [scores]

    def replicates(self, n_resamples):
        function = bootstrap.bootstrap_difference if len(self.models) > 1 else bootstrap.bootstrap_interval
        options = {"metric": self.metric, "n_resamples": n_resamples, "random_state": 0}
        return function(self.y, *self.models, **options).replicates

    def time_ours(self, n, rate):
        self.replicates(N_RESAMPLES)

    def time_sklearn_5(self, n, rate):
        resample_rows(self.y, self.models, N_LOOPS, self.peer)

    def peakmem_ours(self, n, rate):
        self.replicates(N_RESAMPLES)

    def peakmem_sklearn(self, n, rate):
        resample_rows(self.y, self.models, N_LOOPS, self.peer)

    def track_error(self, n, rate):
        """Relative difference of the standard errors, of 1,000 and 100 resamples: about 0.07 by chance."""
        expected = resample_rows(self.y, self.models, 100, self.peer).std(ddof=1)
        return abs(float(self.replicates(N_RESAMPLES).std(ddof=1) / expected - 1))


class AveragePrecisionInterval(_Bootstrap):
    pass


class RocAucInterval(_Bootstrap):
    metric = "roc_auc"


class AveragePrecisionDifference(_Bootstrap):
    def scores_of_models(self, scores):
        return [scores, scores + np.random.default_rng(1).normal(0, 0.1, len(scores))]
