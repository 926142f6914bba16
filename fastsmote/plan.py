"""Over-sampling decisions: which rows a synthetic row is made of, before any row is made.

Every function here returns a :class:`SyntheticPlan`. Making the rows is :meth:`SyntheticPlan.rows` (some of
them), :meth:`SyntheticPlan.blocks` (one block after the other) or the function of the same name at top
level (all of them, behind the rows of X, in its container). :func:`concatenate` joins plans.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from fastsmote._core.public import sampler
from fastsmote._core.typing import Classifier, ColumnChoice, MatrixLike, Progress, RandomState, VectorLike
from fastsmote._sampling.over.adasyn import plan_adasyn
from fastsmote._sampling.over.borderline import plan_borderline, plan_svm
from fastsmote._sampling.over.concatenate import concatenate
from fastsmote._sampling.over.kmeans import plan_kmeans
from fastsmote._sampling.over.nominal import plan_smoten, plan_smotenc
from fastsmote._sampling.over.plan import SyntheticPlan
from fastsmote._sampling.over.random import plan_random
from fastsmote._sampling.over.smote import plan_smote
from fastsmote._sampling.strategy import OverStrategy

__all__ = [
    "SyntheticPlan",
    "adasyn",
    "borderline_smote",
    "concatenate",
    "kmeans_smote",
    "random_over_sample",
    "smote",
    "smoten",
    "smotenc",
    "svm_smote",
]


@sampler
def random_over_sample(
    X: MatrixLike,
    y: VectorLike,
    *,
    sampling_strategy: OverStrategy = "auto",
    shrinkage: float | Mapping[Any, float] | None = None,
    sample_weight: VectorLike | None = None,
    columns: Mapping[Any, Any] | None = None,
    random_state: RandomState = None,
    n_jobs: int | None = None,
) -> SyntheticPlan:
    """Decide which rows to repeat: rows of each class drawn uniformly with replacement.

    Parameters, errors and sources are those of :func:`fastsmote.random_over_sample`.

    Returns
    -------
    SyntheticPlan
        With ``neighbor`` equal to ``base`` and ``gap`` 0.

    See Also
    --------
    fastsmote.random_over_sample : The new rows behind those of X, in the user's containers.
    fastsmote.imblearn.RandomOverSampler : The class of imbalanced-learn's name.

    Examples
    --------
    >>> import fastsmote
    >>> made = fastsmote.plan.random_over_sample([[0.0], [1.0], [2.0]], ["a", "a", "b"], random_state=0)
    >>> made.base.tolist(), made.label.tolist()
    ([2], ['b'])
    """
    return plan_random(
        X,
        y,
        sampling_strategy=sampling_strategy,
        shrinkage=shrinkage,
        sample_weight=sample_weight,
        columns=columns,
        random_state=random_state,
        n_jobs=n_jobs,
    ).plan


@sampler
def smote(
    X: MatrixLike,
    y: VectorLike,
    *,
    sampling_strategy: OverStrategy = "auto",
    k_neighbors: int = 5,
    sample_weight: VectorLike | None = None,
    groups: VectorLike | None = None,
    columns: Mapping[Any, Any] | None = None,
    missing: Literal["error", "nan-euclidean"] = "error",
    random_state: RandomState = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> SyntheticPlan:
    """Decide SMOTE's synthetic rows without making them.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.smote`.

    Returns
    -------
    SyntheticPlan

    See Also
    --------
    fastsmote.smote : The new rows behind those of X, in the user's containers.
    SyntheticPlan : What there is to do with a plan.
    fastsmote.imblearn.SMOTE : The class of imbalanced-learn's name.

    Examples
    --------
    >>> import numpy as np, fastsmote
    >>> X = np.arange(20.0).reshape(10, 2)
    >>> made = fastsmote.plan.smote(X, [0] * 7 + [1] * 3, k_neighbors=2, random_state=0)
    >>> len(made), set(made.base.tolist()) <= {7, 8, 9}
    (4, True)
    """
    return plan_smote(
        X,
        y,
        sampling_strategy=sampling_strategy,
        k_neighbors=k_neighbors,
        sample_weight=sample_weight,
        groups=groups,
        columns=columns,
        missing=missing,
        random_state=random_state,
        n_jobs=n_jobs,
        progress=progress,
    ).plan


@sampler
def borderline_smote(
    X: MatrixLike,
    y: VectorLike,
    *,
    sampling_strategy: OverStrategy = "auto",
    k_neighbors: int = 5,
    m_neighbors: int = 10,
    kind: Literal["borderline-1", "borderline-2"] = "borderline-1",
    sample_weight: VectorLike | None = None,
    groups: VectorLike | None = None,
    columns: Mapping[Any, Any] | None = None,
    missing: Literal["error", "nan-euclidean"] = "error",
    random_state: RandomState = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> SyntheticPlan:
    """Decide Borderline-SMOTE's synthetic rows without making them.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.borderline_smote`.

    Returns
    -------
    SyntheticPlan
        ``base`` are rows in danger.

    See Also
    --------
    fastsmote.borderline_smote : The new rows behind those of X, in the user's containers.
    fastsmote.imblearn.BorderlineSMOTE : The class of imbalanced-learn's name.

    Examples
    --------
    >>> import numpy as np, fastsmote
    >>> X = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 5.5, 2.4, 3.4, 9.0, 9.1, 9.2, 9.3]).reshape(-1, 1)
    >>> made = fastsmote.plan.borderline_smote(
    ...     X, [0] * 7 + [1] * 6, k_neighbors=2, m_neighbors=3, random_state=0
    ... )
    >>> set(made.base.tolist()) <= {7, 8}
    True
    """
    return plan_borderline(
        X,
        y,
        sampling_strategy=sampling_strategy,
        k_neighbors=k_neighbors,
        m_neighbors=m_neighbors,
        kind=kind,
        sample_weight=sample_weight,
        groups=groups,
        columns=columns,
        missing=missing,
        random_state=random_state,
        n_jobs=n_jobs,
        progress=progress,
    ).plan


@sampler
def svm_smote(
    X: MatrixLike,
    y: VectorLike,
    support: VectorLike | Classifier | None = None,
    *,
    sampling_strategy: OverStrategy = "auto",
    k_neighbors: int = 5,
    m_neighbors: int = 10,
    out_step: float = 0.5,
    sample_weight: VectorLike | None = None,
    groups: VectorLike | None = None,
    columns: Mapping[Any, Any] | None = None,
    random_state: RandomState = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> SyntheticPlan:
    """Decide SVM-SMOTE's synthetic rows without making them.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.svm_smote`.

    Returns
    -------
    SyntheticPlan
        ``base`` are support vectors; ``gap`` is negative where a new row lies beyond its base row.

    See Also
    --------
    fastsmote.svm_smote : The new rows behind those of X, in the user's containers.
    fastsmote.imblearn.SVMSMOTE : The class of imbalanced-learn's name.

    Examples
    --------
    >>> import numpy as np, fastsmote
    >>> X = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 5.5, 2.4, 3.4, 9.0, 9.1, 9.2, 9.3]).reshape(-1, 1)
    >>> made = fastsmote.plan.svm_smote(
    ...     X, [0] * 7 + [1] * 6, [6, 9, 10], k_neighbors=2, m_neighbors=3, random_state=0
    ... )
    >>> len(made), set(made.base.tolist()) <= {9, 10}, bool((made.gap <= 0).all())
    (1, True, True)
    """
    return plan_svm(
        X,
        y,
        support,
        sampling_strategy=sampling_strategy,
        k_neighbors=k_neighbors,
        m_neighbors=m_neighbors,
        out_step=out_step,
        sample_weight=sample_weight,
        groups=groups,
        columns=columns,
        random_state=random_state,
        n_jobs=n_jobs,
        progress=progress,
    ).plan


@sampler
def adasyn(
    X: MatrixLike,
    y: VectorLike,
    *,
    sampling_strategy: OverStrategy = "auto",
    n_neighbors: int = 5,
    sample_weight: VectorLike | None = None,
    groups: VectorLike | None = None,
    columns: Mapping[Any, Any] | None = None,
    missing: Literal["error", "nan-euclidean"] = "error",
    random_state: RandomState = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> SyntheticPlan:
    """Decide ADASYN's synthetic rows without making them.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.adasyn`.

    Returns
    -------
    SyntheticPlan

    See Also
    --------
    fastsmote.adasyn : The new rows behind those of X, in the user's containers.
    fastsmote.imblearn.ADASYN : The class of imbalanced-learn's name.

    Examples
    --------
    >>> import numpy as np, fastsmote
    >>> X = np.array([[0.0], [1.0], [2.0], [3.0], [4.0], [5.0], [2.5], [3.5], [9.0]])
    >>> made = fastsmote.plan.adasyn(X, [0] * 6 + [1] * 3, n_neighbors=2, random_state=0)
    >>> made.base.tolist()
    [6, 7, 8]
    """
    return plan_adasyn(
        X,
        y,
        sampling_strategy=sampling_strategy,
        n_neighbors=n_neighbors,
        sample_weight=sample_weight,
        groups=groups,
        columns=columns,
        missing=missing,
        random_state=random_state,
        n_jobs=n_jobs,
        progress=progress,
    ).plan


@sampler
def kmeans_smote(
    X: MatrixLike,
    y: VectorLike,
    *,
    sampling_strategy: OverStrategy = "auto",
    k_neighbors: int = 2,
    clusters: int | VectorLike = 8,
    cluster_balance_threshold: float | Literal["auto"] = "auto",
    density_exponent: float | Literal["auto"] = "auto",
    sample_weight: VectorLike | None = None,
    groups: VectorLike | None = None,
    columns: Mapping[Any, Any] | None = None,
    random_state: RandomState = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> SyntheticPlan:
    """Decide KMeans-SMOTE's synthetic rows without making them.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.kmeans_smote`.

    Returns
    -------
    SyntheticPlan

    See Also
    --------
    fastsmote.kmeans_smote : The new rows behind those of X, in the user's containers.
    fastsmote.imblearn.KMeansSMOTE : The class of imbalanced-learn's name.

    Examples
    --------
    >>> import numpy as np, fastsmote
    >>> X, cluster = np.arange(12.0).reshape(-1, 1), [0] * 6 + [1] * 6
    >>> made = fastsmote.plan.kmeans_smote(X, [0] * 7 + [1] * 5, clusters=cluster, random_state=0)
    >>> len(made), bool((made.base >= 7).all())
    (2, True)
    """
    return plan_kmeans(
        X,
        y,
        sampling_strategy=sampling_strategy,
        k_neighbors=k_neighbors,
        clusters=clusters,
        cluster_balance_threshold=cluster_balance_threshold,
        density_exponent=density_exponent,
        sample_weight=sample_weight,
        groups=groups,
        columns=columns,
        random_state=random_state,
        n_jobs=n_jobs,
        progress=progress,
    ).plan


@sampler
def smotenc(
    X: MatrixLike,
    y: VectorLike,
    *,
    categorical_features: ColumnChoice = "auto",
    sampling_strategy: OverStrategy = "auto",
    k_neighbors: int = 5,
    sample_weight: VectorLike | None = None,
    groups: VectorLike | None = None,
    columns: Mapping[Any, Any] | None = None,
    missing: Literal["error", "nan-euclidean"] = "error",
    random_state: RandomState = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> SyntheticPlan:
    """Decide SMOTE-NC's synthetic rows without making them.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.smotenc`.

    Returns
    -------
    SyntheticPlan
        ``donors`` tells which rows of X the categories come from.

    See Also
    --------
    fastsmote.smotenc : The new rows behind those of X, in the user's containers.
    fastsmote.imblearn.SMOTENC : The class of imbalanced-learn's name.

    Examples
    --------
    >>> import fastsmote
    >>> X = [[1.0, "a"], [2.0, "a"], [3.0, "b"], [4.0, "a"], [5.0, "b"], [6.0, "c"], [2.5, "c"]]
    >>> made = fastsmote.plan.smotenc(
    ...     X, [0, 0, 0, 0, 1, 1, 1], categorical_features=[1], k_neighbors=2, random_state=0
    ... )
    >>> made.rows(X)[0, 1]
    'b'
    """
    return plan_smotenc(
        X,
        y,
        categorical_features=categorical_features,
        sampling_strategy=sampling_strategy,
        k_neighbors=k_neighbors,
        sample_weight=sample_weight,
        groups=groups,
        columns=columns,
        missing=missing,
        random_state=random_state,
        n_jobs=n_jobs,
        progress=progress,
    ).plan


@sampler
def smoten(
    X: MatrixLike,
    y: VectorLike,
    *,
    sampling_strategy: OverStrategy = "auto",
    k_neighbors: int = 5,
    sample_weight: VectorLike | None = None,
    groups: VectorLike | None = None,
    columns: Mapping[Any, Any] | None = None,
    random_state: RandomState = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> SyntheticPlan:
    """Decide SMOTE-N's synthetic rows without making them.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.smoten`.

    Returns
    -------
    SyntheticPlan
        With ``neighbor`` equal to ``base`` and ``gap`` 0; ``donors`` tells which rows of X the categories
        come from.

    See Also
    --------
    fastsmote.smoten : The new rows behind those of X, in the user's containers.
    fastsmote.imblearn.SMOTEN : The class of imbalanced-learn's name.

    Examples
    --------
    >>> import fastsmote
    >>> X = [["a", "x"], ["a", "y"], ["b", "y"], ["a", "x"], ["b", "x"], ["c", "x"], ["c", "x"]]
    >>> made = fastsmote.plan.smoten(X, [0, 0, 0, 0, 1, 1, 1], k_neighbors=2, random_state=0)
    >>> made.rows(X).tolist()
    [['c', 'x']]
    """
    return plan_smoten(
        X,
        y,
        sampling_strategy=sampling_strategy,
        k_neighbors=k_neighbors,
        sample_weight=sample_weight,
        groups=groups,
        columns=columns,
        random_state=random_state,
        n_jobs=n_jobs,
        progress=progress,
    ).plan
