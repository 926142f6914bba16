"""Weights, losses and balanced subsets: fraud rates, ten million rows, NumPy and scikit-learn beside."""

import functools

import numpy as np
from scipy.special import expit, log_expit, softmax

from .common import Beside, found, fraud, later, sizes

fastsmote = later("fastsmote")

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


def _numpy_cross_entropy_derivatives(y, score):
    p = expit(score)
    return p - y, p * (1 - p)


class _OfLabels(Beside):
    """Functions of labels and logits."""

    params = (Beside.libraries, ROWS)
    param_names = ("library", "n")


class FocalDerivatives(_OfLabels):
    covers = ("focal_loss_derivatives",)
    reference = "NumPy"

    def calls(self, n):
        y, score = labels_and_logits(n)
        return lambda: fastsmote.focal_loss_derivatives(y, score), lambda: _numpy_derivatives(y, score)


class FocalLoss(_OfLabels):
    covers = ("focal_loss",)
    reference = "NumPy"

    def calls(self, n):
        y, score = labels_and_logits(n)
        p = expit(score)
        return lambda: fastsmote.focal_loss(y, p), lambda: _numpy_focal_loss(y, p)


class CrossEntropy(_OfLabels):
    covers = ("weighted_cross_entropy",)
    reference = "scikit-learn"

    def calls(self, n):
        log_loss = found("sklearn.metrics", "log_loss")
        y, score = labels_and_logits(n)
        p = expit(score)
        return lambda: fastsmote.weighted_cross_entropy(y, p), lambda: log_loss(y, p)


class CrossEntropyDerivatives(_OfLabels):
    covers = ("weighted_cross_entropy_derivatives",)
    reference = "NumPy"

    def calls(self, n):
        y, score = labels_and_logits(n)
        return (
            lambda: fastsmote.weighted_cross_entropy_derivatives(y, score),
            lambda: _numpy_cross_entropy_derivatives(y, score),
        )


class SampleWeights(_OfLabels):
    covers = ("sample_weights",)
    reference = "scikit-learn"

    def calls(self, n):
        compute = found("sklearn.utils.class_weight", "compute_sample_weight")
        y = labels_and_logits(n)[0]
        return lambda: fastsmote.sample_weights(y), lambda: compute("balanced", y)


class ClassWeights(_OfLabels):
    covers = ("class_weights",)
    reference = "scikit-learn, which is told the classes that NumPy finds"

    def calls(self, n):
        compute = found("sklearn.utils.class_weight", "compute_class_weight")
        y = labels_and_logits(n)[0]
        return lambda: fastsmote.class_weights(y), lambda: compute("balanced", classes=np.unique(y), y=y)


@functools.lru_cache(maxsize=1)
def _several_classes(n, n_classes):
    """Labels and scores, n numbers in all."""
    rng = np.random.default_rng(0)
    rows = n // n_classes
    return rng.integers(0, n_classes, rows), rng.normal(0, 3, (rows, n_classes))


class SoftmaxObjective:
    """A round of an objective for 3 and 10 classes, and the score to start from."""

    covers = ("FocalObjective", "FocalObjective.initial_score")
    reference = None
    params = (ROWS, [3, 10])
    param_names = ("n", "n_classes")
    timeout = 300

    def setup(self, n, n_classes):
        self.y, self.scores = _several_classes(n, n_classes)
        self.objective = found("fastsmote.losses", "FocalObjective")(2.0, None)
        self.objective(self.y, self.scores)

    def time_call(self, n, n_classes):
        self.objective(self.y, self.scores)

    def time_initial_score(self, n, n_classes):
        self.objective.initial_score(self.y, n_classes)


class SoftmaxCrossEntropy(Beside):
    """The same without the focus, which NumPy has in three lines."""

    covers = ("cross_entropy_objective",)
    reference = "SciPy's softmax and NumPy"
    params = (Beside.libraries, ROWS, [3, 10])
    param_names = ("library", "n", "n_classes")

    def calls(self, n, n_classes):
        y, scores = _several_classes(n, n_classes)
        rows, upper = np.arange(len(y)), n_classes / (n_classes - 1)  # of the hessian, as XGBoost wants it

        def theirs():
            p = softmax(scores, axis=1)
            hessian = upper * p * (1 - p)
            p[rows, y] -= 1
            return p, hessian

        objective = fastsmote.cross_entropy_objective()
        return lambda: objective(y, scores), theirs


class BalancedSubsets:
    """Ten subsets, taken one after the other."""

    covers = ("balanced_subsets", "BalancedSubsets")
    reference = "imbalanced-learn's RandomUnderSampler, ten times"
    params = (ROWS,)
    param_names = ("n",)
    timeout = 300

    def setup(self, n):
        self.y = labels_and_logits(n)[0]
        self.sampler = found("imblearn.under_sampling", "RandomUnderSampler")

    def ours(self):
        return [len(subset) for subset in fastsmote.balanced_subsets(self.y, 10, random_state=0)]

    def theirs(self):
        rows = np.arange(len(self.y)).reshape(-1, 1)
        samplers = [self.sampler(random_state=seed) for seed in range(10)]
        return [len(sampler.fit_resample(rows, self.y)[0]) for sampler in samplers]

    def time_ten(self, n):
        self.ours()

    def time_ten_imblearn(self, n):
        self.theirs()

    def peakmem_ten(self, n):
        self.ours()

    def peakmem_ten_imblearn(self, n):
        self.theirs()

    def track_error(self, n):
        """Largest difference between the sizes of subsets."""
        return max(abs(a - b) for a, b in zip(self.ours(), self.theirs(), strict=True))


class PlanWeights(Beside):
    """Weights for old and new rows, with which a class weighs what it did."""

    covers = ("SyntheticPlan.weights",)
    reference = "NumPy"
    params = (Beside.libraries, sizes(10_000, 100_000))
    param_names = ("library", "n")

    def calls(self, n):
        X, y = fraud(n, 8, 0.05)
        weight = np.random.default_rng(0).random(n)
        plan = fastsmote.plan.smote(X, y, random_state=0)

        def theirs():
            label = np.concatenate([y, plan.label])
            every = np.concatenate([weight, weight[plan.base]])
            return every * (np.bincount(y, weight) / np.bincount(label, every))[label]

        return lambda: plan.weights(y, weight), theirs
