"""Prior correction and the search for an unknown prior, against the same formulas in NumPy."""

import functools

import numpy as np
import scipy.special

from .common import Beside, later, sizes

priors = later("fastsmote.priors")

TRAIN, TRUE = 0.5, 0.02
_EM_STEPS = 50


@functools.lru_cache(maxsize=1)
def probabilities(n):
    """Exact ones of N(2, 1) against N(0, 1) under equal priors, of rows with 2 % positives."""
    rng = np.random.default_rng(0)
    return scipy.special.expit(2 * (rng.normal(size=n) + 2 * (rng.random(n) < TRUE)) - 2)


def correct_in_numpy(p):
    ratio = TRUE / (1 - TRUE) * (1 - TRAIN) / TRAIN
    return p * ratio / (p * ratio + 1 - p)


def em_in_numpy(p):
    """The algorithm as published: every step corrects all of p."""
    prior = TRAIN
    for _ in range(_EM_STEPS):
        positive = p * prior / TRAIN
        prior = float(np.mean(positive / (positive + (1 - p) * (1 - prior) / (1 - TRAIN))))
    return prior


class _AgainstNumpy:
    reference = "NumPy"
    params = (["fastsmote", "numpy"], sizes(100_000, 1_000_000, 10_000_000))
    param_names = ("library", "n")
    timeout = 300

    def setup(self, library, n):
        self.p = probabilities(n)
        self.call = self.ours if library == "fastsmote" else self.theirs
        self.ours(self.p[:100])

    def time_call(self, library, n):
        self.call(self.p)

    def peakmem_call(self, library, n):
        self.call(self.p)


class CorrectPrior(_AgainstNumpy):
    covers = ("correct_prior",)
    theirs = staticmethod(correct_in_numpy)

    def ours(self, p):
        return priors.correct_prior(p, TRAIN, TRUE)

    def track_error(self, library, n):
        """Largest difference of the two relative to NumPy's."""
        expected = correct_in_numpy(self.p)
        return float(np.max(np.abs(self.ours(self.p) / expected - 1)))


class CorrectPriorFrom(Beside):
    """With the shares counted in labels before and after a resampling."""

    covers = ("correct_prior_from",)
    reference = "NumPy"
    params = (Beside.libraries, sizes(100_000, 1_000_000, 10_000_000))
    param_names = ("library", "n")

    def calls(self, n):
        p = probabilities(n)
        rng = np.random.default_rng(1)
        before, after = rng.random(n) < TRUE, rng.random(n) < TRAIN

        def theirs():
            true, train = before.mean(), after.mean()
            ratio = true / (1 - true) * (1 - train) / train
            return p * ratio / (p * ratio + 1 - p)

        return lambda: priors.correct_prior_from((before, after), p), theirs


class EstimatePrior(_AgainstNumpy):
    """To the maximum, against 50 EM steps towards it."""

    covers = ("estimate_prior",)
    theirs = staticmethod(em_in_numpy)

    def ours(self, p):
        return priors.estimate_prior(p, TRAIN)

    def track_error(self, library, n):
        """In standard errors."""
        estimate = self.ours(self.p)
        return abs(estimate.prior - em_in_numpy(self.p)) / (estimate.high - estimate.prior) * 1.96
