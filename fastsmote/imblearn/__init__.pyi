"""The classes of ``fastsmote.imblearn`` as type checkers and editors see them.

At run time they also inherit from imbalanced-learn's classes of the same names, which have no types. Their
parameters and defaults are those classes' (a test compares them).
"""

from collections.abc import Mapping
from typing import Any, Literal, Self, TypeAlias

import numpy as np

from fastsmote._core.typing import ColumnChoice, MatrixLike, VectorLike
from fastsmote._sampling.strategy import CleanStrategy, OverStrategy, UnderStrategy
from fastsmote.imblearn._versions import UntestedVersionWarning as UntestedVersionWarning

_Neighbors: TypeAlias = int | Any  # or an estimator like scikit-learn's NearestNeighbors
_Seed: TypeAlias = int | np.random.RandomState | None

__all__: list[str]

class _Sampler:
    def fit(self, X: MatrixLike, y: VectorLike, **params: Any) -> Self: ...
    def fit_resample(self, X: Any, y: Any, **params: Any) -> tuple[Any, Any]: ...
    def get_params(self, deep: bool = True) -> dict[str, Any]: ...
    def set_params(self, **params: Any) -> Self: ...
    def get_feature_names_out(self, input_features: VectorLike | None = None) -> Any: ...

class _Ensemble:
    def predict(self, X: MatrixLike) -> Any: ...
    def predict_proba(self, X: MatrixLike) -> Any: ...
    def score(self, X: MatrixLike, y: VectorLike, sample_weight: VectorLike | None = None) -> float: ...
    def get_params(self, deep: bool = True) -> dict[str, Any]: ...
    def set_params(self, **params: Any) -> Self: ...

class ADASYN(_Sampler):
    def __init__(
        self,
        *,
        sampling_strategy: OverStrategy = "auto",
        random_state: _Seed = None,
        n_neighbors: _Neighbors = 5,
    ) -> None: ...

class SMOTE(_Sampler):
    def __init__(
        self,
        *,
        sampling_strategy: OverStrategy = "auto",
        random_state: _Seed = None,
        k_neighbors: _Neighbors = 5,
    ) -> None: ...

class SMOTEENN(_Sampler):
    def __init__(
        self,
        *,
        sampling_strategy: OverStrategy = "auto",
        random_state: _Seed = None,
        smote: Any = None,
        enn: Any = None,
        n_jobs: int | None = None,
    ) -> None: ...

class SMOTEN(_Sampler):
    def __init__(
        self,
        categorical_encoder: Any = None,
        *,
        sampling_strategy: OverStrategy = "auto",
        random_state: _Seed = None,
        k_neighbors: _Neighbors = 5,
    ) -> None: ...

class SMOTENC(_Sampler):
    def __init__(
        self,
        categorical_features: ColumnChoice,
        *,
        categorical_encoder: Any = None,
        sampling_strategy: OverStrategy = "auto",
        random_state: _Seed = None,
        k_neighbors: _Neighbors = 5,
    ) -> None: ...

class SVMSMOTE(_Sampler):
    def __init__(
        self,
        *,
        sampling_strategy: OverStrategy = "auto",
        random_state: _Seed = None,
        k_neighbors: _Neighbors = 5,
        m_neighbors: _Neighbors = 10,
        svm_estimator: Any = None,
        out_step: float = 0.5,
    ) -> None: ...

class AllKNN(_Sampler):
    def __init__(
        self,
        *,
        sampling_strategy: CleanStrategy = "auto",
        n_neighbors: _Neighbors = 3,
        kind_sel: Literal["all", "mode"] = "all",
        allow_minority: bool = False,
        n_jobs: int | None = None,
    ) -> None: ...

class BalancedBaggingClassifier(_Ensemble):
    def __init__(
        self,
        estimator: Any = None,
        n_estimators: int = 10,
        *,
        max_samples: float = 1.0,
        max_features: float = 1.0,
        bootstrap: bool = True,
        bootstrap_features: bool = False,
        oob_score: bool = False,
        warm_start: bool = False,
        sampling_strategy: UnderStrategy = "auto",
        replacement: bool = False,
        n_jobs: int | None = None,
        random_state: _Seed = None,
        verbose: int = 0,
        sampler: Any = None,
    ) -> None: ...
    def fit(self, X: MatrixLike, y: VectorLike) -> Self: ...

class BalancedRandomForestClassifier(_Ensemble):
    def __init__(
        self,
        n_estimators: int = 100,
        *,
        criterion: Any = "gini",
        max_depth: int | None = None,
        min_samples_split: float = 2,
        min_samples_leaf: float = 1,
        min_weight_fraction_leaf: float = 0.0,
        max_features: Any = "sqrt",
        max_leaf_nodes: int | None = None,
        min_impurity_decrease: float = 0.0,
        bootstrap: bool = False,
        oob_score: bool = False,
        sampling_strategy: UnderStrategy = "all",
        replacement: bool = True,
        n_jobs: int | None = None,
        random_state: _Seed = None,
        verbose: int = 0,
        warm_start: bool = False,
        class_weight: Any = None,
        ccp_alpha: float = 0.0,
        max_samples: float | None = None,
        monotonic_cst: Any = None,
    ) -> None: ...
    def fit(self, X: MatrixLike, y: VectorLike, sample_weight: VectorLike | None = None) -> Self: ...

class BorderlineSMOTE(_Sampler):
    def __init__(
        self,
        *,
        sampling_strategy: OverStrategy = "auto",
        random_state: _Seed = None,
        k_neighbors: _Neighbors = 5,
        m_neighbors: _Neighbors = 10,
        kind: Literal["borderline-1", "borderline-2"] = "borderline-1",
    ) -> None: ...

class ClusterCentroids(_Sampler):
    def __init__(
        self,
        *,
        sampling_strategy: UnderStrategy = "auto",
        random_state: _Seed = None,
        estimator: Any = None,
        voting: Literal["auto", "hard", "soft"] = "auto",
    ) -> None: ...

class CondensedNearestNeighbour(_Sampler):
    def __init__(
        self,
        *,
        sampling_strategy: CleanStrategy = "auto",
        random_state: _Seed = None,
        n_neighbors: _Neighbors | None = None,
        n_seeds_S: int = 1,
        n_jobs: int | None = None,
    ) -> None: ...

class EasyEnsembleClassifier(_Ensemble):
    def __init__(
        self,
        n_estimators: int = 10,
        estimator: Any = None,
        *,
        warm_start: bool = False,
        sampling_strategy: UnderStrategy = "auto",
        replacement: bool = False,
        n_jobs: int | None = None,
        random_state: _Seed = None,
        verbose: int = 0,
    ) -> None: ...
    def fit(self, X: MatrixLike, y: VectorLike) -> Self: ...

class EditedNearestNeighbours(_Sampler):
    def __init__(
        self,
        *,
        sampling_strategy: CleanStrategy = "auto",
        n_neighbors: _Neighbors = 3,
        kind_sel: Literal["all", "mode"] = "all",
        n_jobs: int | None = None,
    ) -> None: ...

class InstanceHardnessThreshold(_Sampler):
    def __init__(
        self,
        *,
        estimator: Any = None,
        sampling_strategy: UnderStrategy = "auto",
        random_state: _Seed = None,
        cv: int = 5,
        n_jobs: int | None = None,
    ) -> None: ...

class KMeansSMOTE(_Sampler):
    def __init__(
        self,
        *,
        sampling_strategy: OverStrategy = "auto",
        random_state: _Seed = None,
        k_neighbors: _Neighbors = 2,
        n_jobs: int | None = None,
        kmeans_estimator: Any = None,
        cluster_balance_threshold: float | Literal["auto"] = "auto",
        density_exponent: float | Literal["auto"] = "auto",
    ) -> None: ...

class NearMiss(_Sampler):
    def __init__(
        self,
        *,
        sampling_strategy: UnderStrategy = "auto",
        version: Literal[1, 2, 3] = 1,
        n_neighbors: _Neighbors = 3,
        n_neighbors_ver3: _Neighbors = 3,
        n_jobs: int | None = None,
    ) -> None: ...

class NeighbourhoodCleaningRule(_Sampler):
    def __init__(
        self,
        *,
        sampling_strategy: CleanStrategy = "auto",
        edited_nearest_neighbours: Any = None,
        n_neighbors: _Neighbors = 3,
        threshold_cleaning: float = 0.5,
        n_jobs: int | None = None,
    ) -> None: ...

class OneSidedSelection(_Sampler):
    def __init__(
        self,
        *,
        sampling_strategy: CleanStrategy = "auto",
        random_state: _Seed = None,
        n_neighbors: _Neighbors | None = None,
        n_seeds_S: int = 1,
        n_jobs: int | None = None,
    ) -> None: ...

class RUSBoostClassifier(_Ensemble):
    def __init__(
        self,
        estimator: Any = None,
        *,
        n_estimators: int = 50,
        learning_rate: float = 1.0,
        sampling_strategy: UnderStrategy = "auto",
        replacement: bool = False,
        random_state: _Seed = None,
    ) -> None: ...
    def fit(self, X: MatrixLike, y: VectorLike, sample_weight: VectorLike | None = None) -> Self: ...

class RandomOverSampler(_Sampler):
    def __init__(
        self,
        *,
        sampling_strategy: OverStrategy = "auto",
        random_state: _Seed = None,
        shrinkage: float | Mapping[Any, float] | None = None,
    ) -> None: ...

class RandomUnderSampler(_Sampler):
    def __init__(
        self,
        *,
        sampling_strategy: UnderStrategy = "auto",
        random_state: _Seed = None,
        replacement: bool = False,
    ) -> None: ...

class RepeatedEditedNearestNeighbours(_Sampler):
    def __init__(
        self,
        *,
        sampling_strategy: CleanStrategy = "auto",
        n_neighbors: _Neighbors = 3,
        max_iter: int = 100,
        kind_sel: Literal["all", "mode"] = "all",
        n_jobs: int | None = None,
    ) -> None: ...

class SMOTETomek(_Sampler):
    def __init__(
        self,
        *,
        sampling_strategy: OverStrategy = "auto",
        random_state: _Seed = None,
        smote: Any = None,
        tomek: Any = None,
        n_jobs: int | None = None,
    ) -> None: ...

class TomekLinks(_Sampler):
    def __init__(self, *, sampling_strategy: CleanStrategy = "auto", n_jobs: int | None = None) -> None: ...
