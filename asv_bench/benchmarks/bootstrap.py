"""Bootstrap intervals against SciPy's bootstrap of scikit-learn's scores, row by row."""

import numpy as np

from .common import found, sizes
from .metrics import labels_and_scores

N_RESAMPLES = 1000
N_OF_SCIPY = 5  # which takes as long for each resample


class _Bootstrap:
    """``time_scipy_5`` is of 5 resamples, ``time_ours`` of 1,000."""

    reference = "SciPy's bootstrap, of scikit-learn's score"
    params = (sizes(100_000, 1_000_000), [0.0017, 0.05])
    param_names = ("n", "rate")
    metric = "average_precision"
    function = "bootstrap_interval"
    timeout = 300

    def setup(self, n, rate):
        self.y, scores = labels_and_scores(n, rate)
        self.models = self.scores_of_models(scores)
        self.ours = found("fastsmote.bootstrap", self.function)
        self.scipy = found("scipy.stats", "bootstrap")
        self.score = found("sklearn.metrics", f"{self.metric}_score")
        self.replicates(2)  # compiles, or loads, the kernels

    def scores_of_models(self, scores):
        return [scores]

    def replicates(self, n_resamples):
        options = {"metric": self.metric, "n_resamples": n_resamples, "random_state": 0}
        return self.ours(self.y, *self.models, **options).replicates

    def statistic(self, y, first, *others):
        """The score of a model, less that of another if there is one."""
        return self.score(y, first) - sum(self.score(y, scores) for scores in others)

    def scipy_replicates(self, n_resamples):
        return self.scipy(
            (self.y, *self.models),
            self.statistic,
            paired=True,
            vectorized=False,
            n_resamples=n_resamples,
            batch=1,  # all at a time would hold the rows of all resamples
            method="percentile",
            random_state=np.random.default_rng(0),
        ).bootstrap_distribution

    def time_ours(self, n, rate):
        self.replicates(N_RESAMPLES)

    def time_scipy_5(self, n, rate):
        self.scipy_replicates(N_OF_SCIPY)

    def peakmem_ours(self, n, rate):
        self.replicates(N_RESAMPLES)

    def peakmem_scipy(self, n, rate):
        self.scipy_replicates(N_OF_SCIPY)

    def track_error(self, n, rate):
        """Relative difference of the standard errors, of 1,000 and 100 resamples: about 0.07 by chance."""
        expected = self.scipy_replicates(100).std(ddof=1)
        return abs(float(self.replicates(N_RESAMPLES).std(ddof=1) / expected - 1))


class AveragePrecisionInterval(_Bootstrap):
    covers = ("bootstrap_interval",)


class RocAucInterval(_Bootstrap):
    covers = ("bootstrap_interval",)
    metric = "roc_auc"


class AveragePrecisionDifference(_Bootstrap):
    covers = ("bootstrap_difference",)
    function = "bootstrap_difference"

    def scores_of_models(self, scores):
        return [scores, scores + np.random.default_rng(1).normal(0, 0.1, len(scores))]
