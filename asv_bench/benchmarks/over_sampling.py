"""Over-sampling beside imbalanced-learn."""

import numpy as np
from imblearn import over_sampling

import fastsmote

from .common import FEATURES, FRAUD_RATES, ROWS, fraud


class _OverSampling:
    params = (["fastsmote", "imbalanced-learn"], ROWS, FEATURES, FRAUD_RATES)
    param_names = ("library", "rows", "features", "fraud_rate")
    timeout = 900

    def ours(self, X, y):
        raise NotImplementedError

    def theirs(self, X, y):
        raise NotImplementedError

    def setup(self, library, rows, features, fraud_rate):
        self.X, self.y = fraud(rows, features, fraud_rate)
        self.resample = self.ours if library == "fastsmote" else self.theirs
        self.ours(*fraud(1000, features, 0.1))

    def time_resample(self, library, rows, features, fraud_rate):
        self.resample(self.X, self.y)

    def peakmem_resample(self, library, rows, features, fraud_rate):
        self.resample(self.X, self.y)

    def track_error(self, library, rows, features, fraud_rate):
        """Largest difference between column means of the new rows and imbalanced-learn's, in deviations."""
        actual, expected = (
            sampler(self.X, self.y)[0][len(self.X) :] for sampler in (self.resample, self.theirs)
        )
        return float(np.max(np.abs(actual.mean(axis=0) - expected.mean(axis=0)) / expected.std(axis=0)))


class RandomOverSample(_OverSampling):
    def ours(self, X, y):
        return fastsmote.random_over_sample(X, y, random_state=0)

    def theirs(self, X, y):
        return over_sampling.RandomOverSampler(random_state=0).fit_resample(X, y)


class Smote(_OverSampling):
    def ours(self, X, y):
        return fastsmote.smote(X, y, random_state=0)

    def theirs(self, X, y):
        return over_sampling.SMOTE(random_state=0).fit_resample(X, y)


class Adasyn(_OverSampling):
    def ours(self, X, y):
        return fastsmote.adasyn(X, y, random_state=0)

    def theirs(self, X, y):
        return over_sampling.ADASYN(random_state=0).fit_resample(X, y)


class BorderlineSmote(_OverSampling):
    def ours(self, X, y):
        return fastsmote.borderline_smote(X, y, random_state=0)

    def theirs(self, X, y):
        return over_sampling.BorderlineSMOTE(random_state=0).fit_resample(X, y)
