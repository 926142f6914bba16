"""Curves and areas against scikit-learn: continuous scores, few to many positives."""

import functools

import numpy as np

from .common import later, sizes

ours = later("fastsmote.metrics")
ours_of_labels = later("fastsmote.classification")
thresholds = later("fastsmote.thresholds")
theirs = later("sklearn.metrics")
theirs_of_labels = later("imblearn.metrics")


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

    reference = "scikit-learn"
    params = (sizes(100_000, 1_000_000, 10_000_000), [0.0017, 0.05, 0.5])
    param_names = ("n", "rate")
    name: str
    timeout = 300

    def setup(self, n, rate):
        self.y, self.scores = labels_and_scores(n, rate)
        self.ours = functools.partial(getattr(ours, self.name), **self.options(n))
        self.sklearn = functools.partial(getattr(theirs, self.name), **self.options(n))
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
    covers = ("precision_recall_curve",)
    name = "precision_recall_curve"


class RocCurve(_AgainstSklearn):
    covers = ("roc_curve",)
    name = "roc_curve"


class RocAuc(_AgainstSklearn):
    covers = ("roc_auc_score",)
    name = "roc_auc_score"


class AveragePrecision(_AgainstSklearn):
    covers = ("average_precision_score",)
    name = "average_precision_score"


class WeightedPrecisionRecallCurve(_AgainstSklearn):
    covers = ("precision_recall_curve",)
    name = "precision_recall_curve"

    def options(self, n):
        return {"sample_weight": np.random.default_rng(1).random(n)}


class DetCurve(_AgainstSklearn):
    covers = ("det_curve",)
    name = "det_curve"


class CountsAtThresholds(_AgainstSklearn):
    covers = ("confusion_matrix_at_thresholds",)
    name = "confusion_matrix_at_thresholds"


class ConfusionSweep(_AgainstSklearn):
    """The same counts in a record."""

    covers = ("confusion_sweep", "Sweep")
    reference = "scikit-learn's confusion_matrix_at_thresholds"
    name = "confusion_matrix_at_thresholds"

    def setup(self, n, rate):
        super().setup(n, rate)
        self.ours = ours.confusion_sweep


class BestThreshold:
    """Of all cut points, where scikit-learn tries 100: by F1, and by costs, on a sweep that is there."""

    covers = ("best_threshold", "cost_threshold")
    reference = None
    params = (sizes(100_000, 1_000_000), ["f1", "mcc", "cost"])
    param_names = ("n", "metric")

    def setup(self, n, metric):
        self.sweep = ours.confusion_sweep(*labels_and_scores(n, 0.0017))

    def time_choose(self, n, metric):
        if metric == "cost":
            thresholds.cost_threshold(self.sweep, 1, 10)
        else:
            thresholds.best_threshold(self.sweep, metric)


class RowCosts:
    """Prices of each row, exact sums; and decisions of five classes by costs and by thresholds."""

    covers = (
        "row_cost_threshold", "savings", "Sweep.at", "cost_decisions", "class_thresholds",
        "threshold_decisions",
    )  # fmt: skip
    reference = None
    params = (sizes(100_000, 1_000_000), ["row costs", "savings", "at", "costs", "classes", "thresholds"])
    param_names = ("n", "what")

    def setup(self, n, what):
        rng = np.random.default_rng(0)
        y, scores = labels_and_scores(n, 0.0017)
        amount, p, classes = rng.random(n), rng.dirichlet(np.ones(5), n), rng.integers(0, 5, n)
        prices = {"cost_fp": 0.1, "cost_tp": 0.1, "cost_fn": amount}
        sweep, called = ours.confusion_sweep(y, scores), scores > 0.5
        self.run = {
            "row costs": lambda: thresholds.row_cost_threshold(y, scores, **prices),
            "savings": lambda: thresholds.savings(y, called, **prices),
            "at": lambda: sweep.at(0.5),
            "costs": lambda: thresholds.cost_decisions(p, 1 - np.eye(5)),
            "classes": lambda: thresholds.class_thresholds(classes, p),
            "thresholds": lambda: thresholds.threshold_decisions(p, [0.1, 0.2, 0.3, 0.4, 0.5]),
        }[what]
        self.run()

    def time_decide(self, n, what):
        self.run()


class LabelMetrics:
    """Five classes of hard labels: counting them, and the report of imbalanced-learn."""

    covers = ("confusion_matrix", "classification_report_imbalanced")
    reference = "scikit-learn for the matrix, imbalanced-learn for the report"
    params = (["fastsmote", "peer"], sizes(100_000, 10_000_000), ["confusion_matrix", "report"])
    param_names = ("library", "n", "name")
    timeout = 300

    def setup(self, library, n, name):
        if name == "report" and library == "peer" and n > 1_000_000:
            raise NotImplementedError("takes minutes")
        rng = np.random.default_rng(0)
        self.y, self.predicted = rng.integers(0, 5, n), rng.integers(0, 5, n)
        own = {
            "confusion_matrix": ours_of_labels.confusion_matrix,
            "report": ours_of_labels.classification_report_imbalanced,
        }
        peers = {
            "confusion_matrix": theirs.confusion_matrix,
            "report": theirs_of_labels.classification_report_imbalanced,
        }
        self.call = (own if library == "fastsmote" else peers)[name]
        own[name](self.y[:100], self.predicted[:100])

    def time_call(self, library, n, name):
        self.call(self.y, self.predicted)

    def peakmem_call(self, library, n, name):
        self.call(self.y, self.predicted)
