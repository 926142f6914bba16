"""fastsmote for scikit-learn: estimators, its functions under one roof, and what needs a classifier."""

from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.svm import SVC

from fastsmote import borderline, undersample
from fastsmote._core.check import check_integer, check_labels, check_seed, check_table, check_X_y
from fastsmote._core.typing import Progress
from fastsmote._sampling.strategy import over_targets, under_targets
from fastsmote.metrics import (
    average_precision_score,
    confusion_matrix_at_thresholds,
    det_curve,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
)
from fastsmote.sklearn._neighbors import KNeighborsTransformer, NearestNeighbors
from fastsmote.sklearn._prior import PriorCorrectedClassifier
from fastsmote.sklearn._threshold import ThresholdClassifier

__all__ = [
    "KNeighborsTransformer",
    "NearestNeighbors",
    "PriorCorrectedClassifier",
    "ThresholdClassifier",
    "average_precision_score",
    "confusion_matrix_at_thresholds",
    "det_curve",
    "instance_hardness_threshold",
    "precision_recall_curve",
    "roc_auc_score",
    "roc_curve",
    "svm_smote",
]

for _class in (KNeighborsTransformer, NearestNeighbors, PriorCorrectedClassifier, ThresholdClassifier):
    _class.__module__ = __name__  # where pickles look for a class


def instance_hardness_threshold(
    X: Any,
    y: Any,
    estimator: Any = None,
    *,
    sampling_strategy: Any = "auto",
    cv: int = 5,
    random_state: Any = None,
    n_jobs: int | None = None,
) -> tuple[Any, Any]:
    """Of the larger classes, keep the rows that a classifier finds easiest.

    Parameters
    ----------
    X, y, sampling_strategy
        As for :func:`fastsmote.instance_hardness_threshold`. The estimator gets X as it is.
    estimator : classifier with predict_proba, optional
        A clone of it is fitted; None is RandomForestClassifier(n_estimators=100) with the seed.
    cv : int, default 5
        Folds, shuffled and stratified; at most the size of the smallest class.
    random_state : None, int, numpy Generator, RandomState or SeedSequence
        Seed of the folds and of the default estimator; one of your own keeps its seed.
    n_jobs : int, optional
        Folds that are fitted at a time, as in scikit-learn (None is one).

    Returns
    -------
    X_resampled, y_resampled
        As for :func:`fastsmote.instance_hardness_threshold`.

    Raises
    ------
    ValueError
        If a class has fewer rows than ``cv``; otherwise as for
        :func:`fastsmote.instance_hardness_threshold`.
    TypeError
        If the estimator has no ``predict_proba``, or ``cv`` is not an integer.

    Notes
    -----
    Each row is judged by a classifier that has not seen it. Time and memory are those of ``cv`` fits.

    References
    ----------
    Smith, M. R., Martinez, T., Giraud-Carrier, C. (2014). An instance level analysis of data complexity.
    Machine Learning 95, 225-256. doi:10.1007/s10994-013-5422-z

    Examples
    --------
    >>> import fastsmote, fastsmote.sklearn
    >>> from sklearn.linear_model import LogisticRegression
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> X_resampled, y_resampled = fastsmote.sklearn.instance_hardness_threshold(
    ...     X, y, LogisticRegression(max_iter=1000), random_state=0
    ... )
    >>> len(y_resampled), int(y_resampled.sum())
    (100, 50)
    """
    n_folds = check_integer(cv, "cv", minimum=2)
    seed = check_seed(random_state) % 2**32
    labels = check_labels(y, check_table(X))
    under_targets(sampling_strategy, labels, y)
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
    probabilities = cross_val_predict(model, X, labels.codes, cv=folds, method="predict_proba", n_jobs=n_jobs)
    return undersample.instance_hardness_threshold(X, y, probabilities, sampling_strategy=sampling_strategy)


def svm_smote(
    X: Any,
    y: Any,
    svm_estimator: Any = None,
    *,
    sampling_strategy: Any = "auto",
    k_neighbors: int = 5,
    m_neighbors: int = 10,
    out_step: float = 0.5,
    sample_weight: Any = None,
    groups: Any = None,
    columns: Any = None,
    return_weights: bool = False,
    random_state: Any = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> tuple[Any, ...]:
    """SVM-SMOTE with the support vectors of a classifier that is fitted to X and y once.

    Parameters
    ----------
    X, y, sampling_strategy, k_neighbors, m_neighbors, out_step, sample_weight, groups, columns
        As for :func:`fastsmote.svm_smote`; the classifier is fitted without weights.
    return_weights, random_state, n_jobs, progress
        As for :func:`fastsmote.svm_smote`.
    svm_estimator : classifier with support_, optional
        A clone of it is fitted to X as a matrix and class numbers 0, 1, ...; None is SVC(gamma="scale").

    Returns
    -------
    X_resampled, y_resampled
        As for :func:`fastsmote.svm_smote`.

    Raises
    ------
    TypeError
        If the fitted estimator has no ``support_``.
    RuntimeError, ValueError
        As for :func:`fastsmote.svm_smote`.

    Notes
    -----
    Fitting an SVC takes O(n_samples^2) to O(n_samples^3) time; the rest is :func:`fastsmote.svm_smote`.

    Examples
    --------
    >>> import fastsmote, fastsmote.sklearn
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> X_resampled, y_resampled = fastsmote.sklearn.svm_smote(X, y, random_state=0)
    >>> len(y_resampled), int(y_resampled.sum())
    (1900, 950)
    """
    matrix, labels = check_X_y(X, y, n_jobs=n_jobs)
    over_targets(sampling_strategy, labels, y)
    model = SVC(gamma="scale") if svm_estimator is None else clone(svm_estimator)
    model.fit(matrix, labels.codes)
    if not hasattr(model, "support_"):
        raise TypeError(
            f"svm_estimator must have support_ once it is fitted, as SVC has. Got {svm_estimator!r}."
        )
    return borderline.svm_smote(
        X,
        y,
        model.support_,
        sampling_strategy=sampling_strategy,
        k_neighbors=k_neighbors,
        m_neighbors=m_neighbors,
        out_step=out_step,
        sample_weight=sample_weight,
        groups=groups,
        columns=columns,
        return_weights=return_weights,
        random_state=random_state,
        n_jobs=n_jobs,
        progress=progress,
    )
