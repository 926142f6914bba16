"""Instance hardness threshold: of each class, the rows that are easiest to classify (Smith et al., 2014)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import check_matrix
from fastsmote._core.extras import adapter
from fastsmote._core.intake import read_rows
from fastsmote._core.labels import Labels
from fastsmote._sampling.apply import Selection
from fastsmote._sampling.strategy import under_targets


def select_easiest(
    X: Any,
    y: Any,
    probabilities: Any,
    *,
    sampling_strategy: Any,
    cv: int,
    random_state: Any,
    n_jobs: int | None,
) -> Selection:
    """The decision of :func:`fastsmote.instance_hardness_threshold`.

    ``probabilities`` of the rows, or a classifier that is fitted for them, or None for the default one.
    """
    intake = read_rows(X, y)
    targets = under_targets(sampling_strategy, intake.labels, intake.y.given)
    if probabilities is None or hasattr(probabilities, "fit"):
        fit = adapter("sklearn._samplers").held_out_probabilities
        probabilities = fit(intake.X.given, intake.labels, probabilities, cv, random_state, n_jobs)
    if getattr(probabilities, "ndim", 2) == 1:
        raise ValueError(
            "probabilities must have a column per class. Got one dimension; pass what predict_proba gives."
        )
    own = check_matrix(probabilities, name="probabilities", n_jobs=n_jobs)
    return Selection(intake, decide_hardness(intake.labels, targets, own))


def decide_hardness(
    labels: Labels, targets: NDArray[np.int64], probabilities: NDArray[np.floating]
) -> NDArray[np.int64]:
    """Rows kept, ascending: the ``targets[c]`` of each class c with the largest probability of their class.

    ``probabilities`` (n_samples, n_classes) are out-of-fold, its columns in the order of
    ``labels.classes``. Equal probabilities go by row number. The number of rows is exact; imbalanced-learn
    compares with a percentile, which keeps all rows that tie there. O(n log n) time, O(n) memory.

    Raises
    ------
    ValueError
        Probabilities of another shape, or that are not numbers in [0, 1].
    """
    n, n_classes = len(labels.codes), len(labels.counts)
    if probabilities.shape != (n, n_classes):
        raise ValueError(
            f"probabilities must be of shape ({n}, {n_classes}), a column per class in sorted order. Got "
            f"shape {probabilities.shape}; pass what predict_proba gives when all classes were fitted."
        )
    outside = ~((probabilities >= 0) & (probabilities <= 1))  # NaN too
    if outside.any():
        row, column = np.argwhere(outside)[0].tolist()
        raise ValueError(
            f"probabilities must be in [0, 1]. Got {probabilities[row, column]} at row {row}, column "
            f"{column}; pass what predict_proba gives."
        )
    own = probabilities[np.arange(n), labels.codes]
    order = np.lexsort((-own, labels.codes))  # by class, then falling probability, then row
    place = np.arange(n) - np.repeat(np.cumsum(labels.counts) - labels.counts, labels.counts)
    return np.sort(order[place < np.repeat(targets, labels.counts)])
