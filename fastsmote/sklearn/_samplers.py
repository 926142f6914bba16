"""What samplers need of a classifier: probabilities of rows that it has not seen, or its support vectors."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.svm import SVC

from fastsmote._core.check import check_integer, check_seed
from fastsmote._core.labels import Labels
from fastsmote._core.sparse_matrix import SparseMatrix
from fastsmote._core.typing import RowIds


def held_out_probabilities(
    X: Any, labels: Labels, estimator: Any, cv: int, random_state: Any, n_jobs: int | None
) -> NDArray[np.float64]:
    """Probabilities of the classes of each row, by a classifier that was fitted to the other folds."""
    n_folds = check_integer(cv, "cv", minimum=2)
    seed = check_seed(random_state) % 2**32
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


def support_rows(matrix: Any, codes: RowIds, svm_estimator: Any) -> NDArray[np.integer]:
    """Row numbers of the support vectors of a classifier that is fitted to all rows."""
    model = SVC(gamma="scale") if svm_estimator is None else clone(svm_estimator)
    if isinstance(matrix, SparseMatrix):  # scikit-learn wants short row and column numbers
        matrix = sparse.csr_matrix(matrix.rows[:3], matrix.shape)
    model.fit(matrix, codes)
    if not hasattr(model, "support_"):
        raise TypeError(
            f"svm_estimator must have support_ once it is fitted, as SVC has. Got {svm_estimator!r}."
        )
    return model.support_
