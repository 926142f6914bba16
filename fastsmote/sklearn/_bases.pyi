"""What scikit-learn's base classes give to the estimators here."""

from typing import Any, Literal, Self

from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from fastsmote._core.typing import MatrixLike, VectorLike

class BaseEstimator:
    def get_params(self, deep: bool = True) -> dict[str, Any]: ...
    def set_params(self, **params: Any) -> Self: ...
    def __sklearn_tags__(self) -> Any: ...

class BaseCrossValidator: ...

class ClassifierMixin:
    def score(self, X: MatrixLike, y: VectorLike, sample_weight: VectorLike | None = None) -> float: ...

class MetaEstimatorMixin: ...

class TransformerMixin:
    def fit_transform(self, X: MatrixLike, y: Any = None, **fit_params: Any) -> Any: ...
    def set_output(self, *, transform: Literal["default", "pandas", "polars"] | None = None) -> Self: ...

class ClassNamePrefixFeaturesOutMixin:
    def get_feature_names_out(self, input_features: VectorLike | None = None) -> NDArray[Any]: ...

class KNeighborsMixin:
    def kneighbors_graph(
        self,
        X: MatrixLike | None = None,
        n_neighbors: int | None = None,
        mode: Literal["connectivity", "distance"] = "connectivity",
    ) -> csr_matrix: ...
