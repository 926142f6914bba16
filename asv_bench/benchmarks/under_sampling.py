"""Under-sampling and cleaning beside imbalanced-learn."""

import numpy as np

from .common import FEATURES, FRAUD_RATES, ROWS, fraud, later, only_where

fastsmote = later("fastsmote")
under_sampling = later("imblearn.under_sampling")


class _UnderSampling:
    reference = "imbalanced-learn"
    params = (["fastsmote", "imbalanced-learn"], ROWS, FEATURES, FRAUD_RATES)
    param_names = ("library", "rows", "features", "fraud_rate")
    timeout = 900
    reference_up_to = max(ROWS)

    def ours(self, X, y):
        raise NotImplementedError

    def theirs(self):
        raise NotImplementedError

    def setup(self, library, rows, features, fraud_rate):
        if library != "fastsmote" and rows > self.reference_up_to:
            raise NotImplementedError("more than a quarter of an hour")
        self.X, self.y = fraud(rows, features, fraud_rate)
        self.resample = self.ours if library == "fastsmote" else self._resample_theirs
        self.ours(*fraud(1000, features, 0.1))

    def _resample_theirs(self, X, y):
        return self.theirs().fit_resample(X, y)

    def time_resample(self, library, rows, features, fraud_rate):
        self.resample(self.X, self.y)

    def peakmem_resample(self, library, rows, features, fraud_rate):
        self.resample(self.X, self.y)


class RandomUnderSample(_UnderSampling):
    covers = ("random_under_sample",)

    def ours(self, X, y):
        return fastsmote.random_under_sample(X, y, random_state=0)

    def theirs(self):
        return under_sampling.RandomUnderSampler(random_state=0)

    def track_error(self, library, rows, features, fraud_rate):
        """Difference from the number of rows that imbalanced-learn keeps."""
        return abs(len(self.resample(self.X, self.y)[0]) - len(self._resample_theirs(self.X, self.y)[0]))


class TomekLinks(_UnderSampling):
    covers = ("tomek_links",)
    reference_up_to = 100_000

    def ours(self, X, y):
        return fastsmote.tomek_links(X, y)

    def theirs(self):
        return under_sampling.TomekLinks(n_jobs=-1)

    @only_where(lambda library, rows, features, fraud_rate: rows <= 100_000)
    def track_error(self, library, rows, features, fraud_rate):
        """Rows that only one of the two removes; they differ on duplicates."""
        sampler = self.theirs()
        sampler.fit_resample(self.X, self.y)
        return len(np.setxor1d(fastsmote.select.tomek_links(self.X, self.y), sampler.sample_indices_))
