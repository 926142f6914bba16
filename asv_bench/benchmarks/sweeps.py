"""What is counted and read at all thresholds: several models and classes, thresholds, costs, formulas."""

import numpy as np

from .common import Beside, found, later, sizes
from .metrics import labels_and_scores

fastsmote = later("fastsmote")


class SeveralModels(Beside):
    """A sweep for each column of scores."""

    params = (Beside.libraries, sizes(100_000, 1_000_000), [2, 8])
    param_names = ("library", "n", "n_models")
    covers = ("confusion_sweep",)
    reference = "scikit-learn's confusion_matrix_at_thresholds, a model after the other"

    def calls(self, n, n_models):
        count = found("sklearn.metrics", "confusion_matrix_at_thresholds")
        y, scores = labels_and_scores(n, 0.0017)
        noise = np.random.default_rng(1).normal(0, 0.1, (n, n_models))
        models = scores[:, np.newaxis] + noise
        return (
            lambda: [tuple(sweep) for sweep in fastsmote.confusion_sweep(y, models)],
            lambda: [count(y, column) for column in models.T],
        )


def _classes(n, n_classes):
    """Labels of several classes, from common to rare, and probabilities of each."""
    rng = np.random.default_rng(0)
    y = np.minimum(rng.geometric(0.4, n) - 1, n_classes - 1)
    scores = rng.normal(size=(n, n_classes)) + 2 * (y[:, np.newaxis] == np.arange(n_classes))
    odds = np.exp(scores)
    return y, odds / odds.sum(axis=1, keepdims=True)


class SeveralClasses(Beside):
    """Areas of several classes, one against the rest or one against one."""

    params = (Beside.libraries, sizes(100_000, 1_000_000), [3, 10], ["ovr", "ovo", "average precision"])
    param_names = ("library", "n", "n_classes", "area")
    covers = ("roc_auc_score", "average_precision_score")
    reference = "scikit-learn"

    def calls(self, n, n_classes, area):
        name, options = "roc_auc_score", {"multi_class": area}
        if area == "average precision":
            name, options = "average_precision_score", {}
        y, p = _classes(n, n_classes)
        ours, theirs = getattr(fastsmote, name), found("sklearn.metrics", name)
        return lambda: ours(y, p, **options), lambda: theirs(y, p, **options)


# The best value in ours, and by NumPy from counts.
_CHOICES = {
    "best_threshold": (
        lambda sweep: fastsmote.best_threshold(sweep).value,
        lambda fps, tps, n_pos: np.max(2 * tps / (n_pos + fps + tps)),
    ),
    "cost_threshold": (
        lambda sweep: fastsmote.cost_threshold(sweep, 1, 10).value,
        lambda fps, tps, n_pos: np.min(fps + 10 * (n_pos - tps)),
    ),
    "threshold_at min_recall": (
        lambda sweep: fastsmote.threshold_at(sweep, min_recall=0.8).value,
        lambda fps, tps, n_pos: np.max((tps / np.maximum(tps + fps, 1))[tps >= 0.8 * n_pos]),
    ),
    "threshold_at min_precision": (
        lambda sweep: fastsmote.threshold_at(sweep, min_precision=0.5).value,
        lambda fps, tps, n_pos: np.max(tps[tps >= 0.5 * (tps + fps)]) / n_pos,
    ),
    "threshold_at max_alerts": (
        lambda sweep: fastsmote.threshold_at(sweep, max_alerts=500).value,
        lambda fps, tps, n_pos: np.max(tps[tps + fps <= 500]) / n_pos,
    ),
}


class Thresholds(Beside):
    """From scores to a threshold: a sweep and a choice, beside a curve that NumPy looks through."""

    params = (Beside.libraries, sizes(100_000, 1_000_000), list(_CHOICES))
    param_names = ("library", "n", "choice")
    covers = ("best_threshold", "cost_threshold", "threshold_at", "ThresholdChoice")
    reference = "scikit-learn's roc_curve and NumPy"

    def calls(self, n, choice):
        roc_curve = found("sklearn.metrics", "roc_curve")
        y, scores = labels_and_scores(n, 0.0017)
        ours, look = _CHOICES[choice]
        n_pos = int(y.sum())

        def theirs():
            fpr, tpr, _ = roc_curve(y, scores, drop_intermediate=False)
            return look(np.rint(fpr * (n - n_pos)), np.rint(tpr * n_pos), n_pos)

        return lambda: ours(fastsmote.confusion_sweep(y, scores)), theirs


class ChoiceAlone(Beside):
    """The same thresholds of a sweep that is there, beside NumPy on the same counts."""

    params = (Beside.libraries, sizes(100_000, 1_000_000), list(_CHOICES))
    param_names = ("library", "n", "choice")
    covers = ("best_threshold", "cost_threshold", "threshold_at")
    reference = "NumPy"

    def calls(self, n, choice):
        sweep = fastsmote.confusion_sweep(*labels_and_scores(n, 0.0017))
        ours, look = _CHOICES[choice]
        return lambda: ours(sweep), lambda: look(sweep.fps, sweep.tps, sweep.tps[-1])


def _moved(sweep, share):
    """Counts where another share is positive."""
    n_neg, n_pos = sweep.fps[-1], sweep.tps[-1]
    n = n_neg + n_pos
    a, b = (1 - share) * n / n_neg, share * n / n_pos
    return sweep.tns * a, sweep.fps * a, sweep.fns * b, sweep.tps * b


_READINGS = {
    "f_beta": (
        lambda sweep: sweep.f_beta(2.0),
        lambda sweep: 5 * sweep.tps / (5 * sweep.tps + 4 * sweep.fns + sweep.fps),
    ),
    "cost": (lambda sweep: sweep.cost(1.0, 10.0), lambda sweep: sweep.fps + 10.0 * sweep.fns),
    "at_prevalence": (lambda sweep: sweep.at_prevalence(0.01)[:4], lambda sweep: _moved(sweep, 0.01)),
}


class Readings(Beside):
    """Numbers at every threshold of a sweep that is there."""

    params = (Beside.libraries, sizes(100_000, 1_000_000), list(_READINGS))
    param_names = ("library", "n", "reading")
    covers = tuple(f"Sweep.{reading}" for reading in _READINGS)
    reference = "NumPy"

    def calls(self, n, reading):
        sweep = fastsmote.confusion_sweep(*labels_and_scores(n, 0.0017))
        ours, theirs = _READINGS[reading]
        return lambda: ours(sweep), lambda: theirs(sweep)


# Two arrays of numbers between 0 and 1 go in.
_FORMULAS = {
    "precision_at": (
        lambda a, b: fastsmote.precision_at(a, b, 0.01),
        lambda a, b: 0.01 * a / (0.01 * a + 0.99 * b),
    ),
    "calibrated_threshold": (
        lambda a, b: fastsmote.calibrated_threshold(a, b),  # noqa: PLW0108 (earlier versions lack it)
        lambda a, b: a / (a + b),
    ),
}


class Formulas(Beside):
    """Checked arrays, beside the bare formula."""

    params = (Beside.libraries, sizes(100_000, 1_000_000), list(_FORMULAS))
    param_names = ("library", "n", "formula")
    covers = tuple(_FORMULAS)
    reference = "NumPy"

    def calls(self, n, formula):
        a, b = np.random.default_rng(0).uniform(0.01, 0.99, (2, n))
        ours, theirs = _FORMULAS[formula]
        return lambda: ours(a, b), lambda: theirs(a, b)
