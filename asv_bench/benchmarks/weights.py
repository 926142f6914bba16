"""Weights, focal loss and balanced subsets: fraud rates, ten million rows, NumPy and scikit-learn beside."""

import functools

import numpy as np
from scipy.special import expit, log_expit

from .common import later, sizes

losses = later("fastsmote.losses")
weights = later("fastsmote.weights")
objectives = later("fastsmote._probability.objectives")
metrics = later("sklearn.metrics")
class_weight = later("sklearn.utils.class_weight")

ROWS = sizes(100_000, 1_000_000, 10_000_000)


@functools.lru_cache(maxsize=1)
def labels_and_logits(n):
    rng = np.random.default_rng(0)
    y = (rng.random(n) < 0.0017).astype(np.int64)
    y[:2] = 0, 1
    return y, rng.normal(4.0 * y - 2, 2)


def _numpy_derivatives(y, score):
    """Gradient and hessian of the focal loss, gamma = 2 and alpha = 0.25, as they are mostly written."""
    sign = np.where(y == 1, 1.0, -1.0)
    f = np.where(y == 1, 0.25, 0.75)
    s = sign * score
    p, q, L = expit(s), expit(-s), -log_expit(s)
    f *= q * q
    return -sign * f * (q + 2 * p * L), f * p * (5 * q + 2 * L * (2 * p - q))


def _numpy_focal_loss(y, p):
    own = np.where(y == 1, p, 1 - p)
    return np.mean(np.where(y == 1, -0.25, -0.75) * (1 - own) ** 2 * np.log(own))


class _AgainstNumPy:
    params = (["fastsmote", "peer"], ROWS)
    param_names = ("library", "n")
    timeout = 300

    def time_call(self, library, n):
        self.calls[library](*self.data)

    def peakmem_call(self, library, n):
        self.calls[library](*self.data)

    def track_error(self, library, n):
        """Largest difference of the two, relative to the largest number."""
        if library == "peer":
            return None
        ours, theirs = (np.asarray(self.calls[name](*self.data)) for name in ("fastsmote", "peer"))
        return float(np.abs(ours - theirs).max() / np.abs(theirs).max())


class FocalDerivatives(_AgainstNumPy):
    covers = ("focal_loss_derivatives",)
    reference = "NumPy"

    def setup(self, library, n):
        self.data = labels_and_logits(n)
        self.calls = {"fastsmote": losses.focal_loss_derivatives, "peer": _numpy_derivatives}
        self.calls["fastsmote"](*self.data)  # compiles, or loads, the kernels


class FocalLoss(_AgainstNumPy):
    covers = ("focal_loss",)
    reference = "NumPy"

    def setup(self, library, n):
        y, score = labels_and_logits(n)
        self.data = y, expit(score)
        self.calls = {"fastsmote": losses.focal_loss, "peer": _numpy_focal_loss}
        self.calls["fastsmote"](*self.data)


class CrossEntropy(_AgainstNumPy):
    covers = ("weighted_cross_entropy",)
    reference = "scikit-learn"

    def setup(self, library, n):
        y, score = labels_and_logits(n)
        self.data = y, expit(score)
        self.calls = {"fastsmote": losses.weighted_cross_entropy, "peer": metrics.log_loss}
        self.calls["fastsmote"](*self.data)


class SampleWeights(_AgainstNumPy):
    covers = ("sample_weights",)
    reference = "scikit-learn"

    def setup(self, library, n):
        self.data = (labels_and_logits(n)[0],)
        self.calls = {
            "fastsmote": weights.sample_weights,
            "peer": functools.partial(class_weight.compute_sample_weight, "balanced"),
        }


class SoftmaxObjective:
    """A round of an objective for 3 and 10 classes."""

    covers = ("FocalObjective",)
    reference = None
    params = (ROWS, [3, 10])
    param_names = ("n", "n_classes")
    timeout = 300

    def setup(self, n, n_classes):
        rng = np.random.default_rng(0)
        rows = n // n_classes
        self.y, self.scores = rng.integers(0, n_classes, rows), rng.normal(0, 3, (rows, n_classes))
        self.objective = objectives.FocalObjective(2.0, None)
        self.objective(self.y, self.scores)

    def time_call(self, n, n_classes):
        self.objective(self.y, self.scores)


class BalancedSubsets:
    """Ten subsets, taken one after the other."""

    covers = ("balanced_subsets", "BalancedSubsets")
    reference = None
    params = (ROWS,)
    param_names = ("n",)
    timeout = 300

    def setup(self, n):
        self.y = labels_and_logits(n)[0]

    def time_ten(self, n):
        for _ in weights.balanced_subsets(self.y, 10, random_state=0):
            pass

    def peakmem_ten(self, n):
        for _ in weights.balanced_subsets(self.y, 10, random_state=0):
            pass
