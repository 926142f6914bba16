"""Scores of predicted labels: F, MCC, the geometric mean and others, of two classes and of five."""

import numpy as np

from .common import Beside, found, later, sizes

fastsmote = later("fastsmote")

# Functions of a name that both libraries have; what an average is asked of, and other arguments.
_SKLEARN = {
    "accuracy_score": None,
    "balanced_accuracy_score": None,
    "f1_score": {},
    "fbeta_score": {"beta": 2.0},
    "matthews_corrcoef": None,
    "precision_recall_fscore_support": {},
    "precision_score": {},
    "recall_score": {},
}
_IMBLEARN = {
    "geometric_mean_score": {},
    "macro_averaged_mean_absolute_error": None,
    "sensitivity_score": {},
    "sensitivity_specificity_support": {},
    "specificity_score": {},
}


def _labels(n, n_classes):
    """True labels, the larger the rarer, and predictions of which two in three are right."""
    rng = np.random.default_rng(0)
    y, guess = np.minimum(rng.geometric(0.6, (2, n)) - 1, n_classes - 1)
    return y, np.where(rng.random(n) < 2 / 3, y, guess)


class _LabelScores(Beside):
    param_names = ("library", "n", "n_classes", "score")
    functions: dict
    module: str

    def calls(self, n, n_classes, score):
        options = self.functions[score]
        if options is not None:
            options = options | {"average": "binary" if n_classes == 2 else "macro"}
        y, predicted = _labels(n, n_classes)
        ours, theirs = getattr(fastsmote, score), found(self.module, score)
        return lambda: ours(y, predicted, **options or {}), lambda: theirs(y, predicted, **options or {})


class OfScikitLearn(_LabelScores):
    functions, module = _SKLEARN, "sklearn.metrics"
    params = (Beside.libraries, sizes(100_000, 10_000_000), [2, 5], list(_SKLEARN))
    covers = tuple(_SKLEARN)
    reference = "scikit-learn"


class Report(Beside):
    """The table of all of them, as a dict."""

    params = (Beside.libraries, sizes(100_000, 10_000_000), [2, 5])
    param_names = ("library", "n", "n_classes")
    covers = ("classification_report",)
    reference = "scikit-learn"

    def calls(self, n, n_classes):
        y, predicted = _labels(n, n_classes)

        def numbers(report):
            rows = report(y, predicted, output_dict=True).values()
            return [value for row in rows for value in (row.values() if isinstance(row, dict) else [row])]

        ours, theirs = (found(name, "classification_report") for name in ("fastsmote", "sklearn.metrics"))
        return lambda: np.array(numbers(ours)), lambda: np.array(numbers(theirs))


class OfImbalancedLearn(_LabelScores):
    functions, module = _IMBLEARN, "imblearn.metrics"
    params = (Beside.libraries, sizes(100_000, 1_000_000), [2, 5], list(_IMBLEARN))
    covers = tuple(_IMBLEARN)
    reference = "imbalanced-learn"


class IndexBalancedAccuracy(Beside):
    """The geometric mean, weighted by how much better one class does than the other."""

    params = (Beside.libraries, sizes(100_000, 1_000_000))
    param_names = ("library", "n")
    covers = ("make_index_balanced_accuracy",)
    reference = "imbalanced-learn"

    def calls(self, n):
        y, predicted = _labels(n, 2)
        ours, theirs = (
            make(alpha=0.1, squared=True)(score)
            for make, score in (
                (fastsmote.make_index_balanced_accuracy, fastsmote.geometric_mean_score),
                (
                    found("imblearn.metrics", "make_index_balanced_accuracy"),
                    found("imblearn.metrics", "geometric_mean_score"),
                ),
            )
        )
        return lambda: ours(y, predicted), lambda: theirs(y, predicted)
