"""What samplers need of a classifier: probabilities of rows that it has not seen, or its support vectors."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.svm import SVC

from fastsmote._core.check import check_integer, check_seed
from fastsmote._core.intake import read_numbers, read_rows
from fastsmote._sampling.strategy import over_targets, under_targets


def held_out_probabilities(
    X: Any, y: Any, estimator: Any, sampling_strategy: Any, cv: int, random_state: Any, n_jobs: int | None
) -> NDArray[np.float64]:
    """Probabilities of the classes of each row, by a classifier that was fitted to the other folds."""
    n_folds = check_integer(cv, "cv", minimum=2)
    seed = check_seed(random_state) % 2**32
    labels = read_rows(X, y).labels
    under_targets(sampling_strategy, labels, y)  # refused before any fit
    if n_folds > labels.counts.min():
        smallest = labels.classes.tolist()[int(np.argmin(labels.counts))]
        raise ValueError(
            f"cv must be at most {labels.counts.min()}, the rows of class {smallest!r}, so that every fold "
            f"has one. Got {n_folds}; pass fewer folds."
        )
    model = RandomForestClassifier(random_state=seed) if estimator is None else clone(estimator)
    if not hasattr(model, "predict_proba"):
        raise TypeError(
            f"estimator must be a classifier with predict_proba. Got {estimator!r}; "
            "CalibratedClassifierCV gives one to others."
        )
    folds = StratifiedKFold(n_folds, shuffle=True, random_state=seed)
    return cross_val_predict(model, X, labels.codes, cv=folds, method="predict_proba", n_jobs=n_jobs)


def support_rows(
    X: Any, y: Any, svm_estimator: Any, sampling_strategy: Any, n_jobs: int | None
) -> NDArray[np.integer]:
    """Row numbers of the support vectors of a classifier that is fitted to all rows."""
    _, _, labels, matrix = read_numbers(X, y, n_jobs=n_jobs)
    over_targets(sampling_strategy, labels, y)  # refused before any fit
    model = SVC(gamma="scale") if svm_estimator is None else clone(svm_estimator)
    model.fit(matrix, labels.codes)
    if not hasattr(model, "support_"):
        raise TypeError(
            f"svm_estimator must have support_ once it is fitted, as SVC has. Got {svm_estimator!r}."
        )
    return model.support_
