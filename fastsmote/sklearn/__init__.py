"""fastsmote for scikit-learn: estimators, curves and scores under scikit-learn's names, samplers that fit.

``_neighbors`` puts :class:`fastsmote.NeighborIndex` behind scikit-learn's protocol for neighbours,
``_resampled`` and ``_prior`` train on resampled rows and correct the probabilities, ``_ensembles`` and
``_ensembles_paced`` train several models on balanced subsets, ``_threshold`` chooses a threshold on test
folds, ``_folds`` makes folds that are equally hard, and ``_samplers`` fits the classifiers that two samplers
ask for. Curves and scores are those of :mod:`fastsmote.metrics`, here so that one import stands for both.

``_compare`` is :func:`fastsmote.compare`. Of its parts ``_compare_methods`` says what is compared,
``_compare_fold`` resamples the training rows of a fold, ``_compare_fit`` fits and predicts,
``_compare_scores`` measures and resamples, ``_compare_intervals`` says what differs, ``_compare_verdict``,
``_compare_result`` and ``_compare_html`` tell it; ``_compare_run`` calls one after the other.

A new estimator gets a part of its own, ``@public("fastsmote.sklearn")``, and its place in ``__all__``; it
passes scikit-learn's ``parametrize_with_checks`` in the tests, or its docstring says which check it fails and
why.
"""

from __future__ import annotations

from typing import Any

from fastsmote import borderline, undersample
from fastsmote._core.extras import require
from fastsmote._core.typing import MatrixLike, Progress, RandomState, VectorLike
from fastsmote._sampling.result import Resampled
from fastsmote.metrics import (
    average_precision_score,
    confusion_matrix_at_thresholds,
    det_curve,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
)

require("imblearn", "fastsmote.sklearn", "sklearn")

from fastsmote.sklearn._compare import compare
from fastsmote.sklearn._compare_result import Comparison
from fastsmote.sklearn._ensembles import BalancedBaggingClassifier, EasyEnsembleClassifier
from fastsmote.sklearn._ensembles_paced import BalanceCascadeClassifier, SelfPacedEnsembleClassifier
from fastsmote.sklearn._folds import InstanceHardnessCV
from fastsmote.sklearn._neighbors import KNeighborsTransformer, NearestNeighbors
from fastsmote.sklearn._prior import PriorCorrectedClassifier
from fastsmote.sklearn._resampled import ResampledClassifier
from fastsmote.sklearn._threshold import ThresholdClassifier

__all__ = [
    "BalanceCascadeClassifier",
    "BalancedBaggingClassifier",
    "Comparison",
    "EasyEnsembleClassifier",
    "InstanceHardnessCV",
    "KNeighborsTransformer",
    "NearestNeighbors",
    "PriorCorrectedClassifier",
    "ResampledClassifier",
    "SelfPacedEnsembleClassifier",
    "ThresholdClassifier",
    "average_precision_score",
    "compare",
    "confusion_matrix_at_thresholds",
    "det_curve",
    "instance_hardness_threshold",
    "precision_recall_curve",
    "roc_auc_score",
    "roc_curve",
    "svm_smote",
]


def instance_hardness_threshold(
    X: MatrixLike,
    y: VectorLike,
    estimator: Any = None,
    *,
    sampling_strategy: Any = "auto",
    cv: int = 5,
    random_state: RandomState = None,
    n_jobs: int | None = None,
) -> Resampled:
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

    See Also
    --------
    fastsmote.instance_hardness_threshold : The same function, also for probabilities that you have.
    fastsmote.imblearn.InstanceHardnessThreshold : Behind imbalanced-learn's protocol.

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
    return undersample.instance_hardness_threshold(
        X,
        y,
        estimator,
        sampling_strategy=sampling_strategy,
        cv=cv,
        random_state=random_state,
        n_jobs=n_jobs,
    )


def svm_smote(
    X: MatrixLike,
    y: VectorLike,
    svm_estimator: Any = None,
    *,
    sampling_strategy: Any = "auto",
    k_neighbors: int = 5,
    m_neighbors: int = 10,
    out_step: float = 0.5,
    sample_weight: VectorLike | None = None,
    groups: VectorLike | None = None,
    columns: Any = None,
    return_weights: bool = False,
    random_state: RandomState = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Resampled:
    """SVM-SMOTE with the support vectors of a classifier that is fitted to X and y once.

    Parameters
    ----------
    X, y, sampling_strategy, k_neighbors, m_neighbors, out_step, sample_weight, groups, columns
        As for :func:`fastsmote.svm_smote`; the classifier is fitted without weights.
    return_weights, random_state, n_jobs, progress
        As for :func:`fastsmote.svm_smote`.
    svm_estimator : classifier with ``support_``, optional
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

    See Also
    --------
    fastsmote.svm_smote : The same function, also for support vectors that you have.
    fastsmote.imblearn.SVMSMOTE : Behind imbalanced-learn's protocol.

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
    return borderline.svm_smote(
        X,
        y,
        svm_estimator,
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
