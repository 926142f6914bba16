"""Types that the rooms share: what users may pass, and what arrays of rows, codes and numbers are called."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray


class SupportsShape(Protocol):
    """A table that says how large it is: frames of pandas, polars and pyarrow."""

    @property
    def shape(self) -> tuple[int, ...]: ...


class SupportsArray(Protocol):
    """A column that NumPy can read: Series of pandas and polars, arrays of pyarrow."""

    def __array__(self, dtype: Any = None, copy: Any = None) -> NDArray[Any]: ...


class SupportsCSR(Protocol):
    """SciPy's sparse matrices, whose shape a type checker can not see."""

    def tocsr(self, copy: bool = False) -> Any: ...


class Classifier(Protocol):
    """A classifier of scikit-learn's protocol, which has no types."""

    def fit(self, X: Any, y: Any) -> Any: ...


MatrixLike: TypeAlias = (
    ArrayLike | Sequence[Sequence[Any]] | SupportsShape | SupportsCSR
)  # (n_samples, n_features)
VectorLike: TypeAlias = ArrayLike | SupportsArray | SupportsShape  # (n_samples,)
ColumnChoice: TypeAlias = Literal["auto"] | Sequence[Any] | NDArray[Any]  # names, numbers or a mask
RandomState: TypeAlias = (
    int | np.integer[Any] | np.random.Generator | np.random.RandomState | np.random.SeedSequence | None
)
Label: TypeAlias = bool | int | float | str | np.generic  # of a class
ClassWeights: TypeAlias = float | Mapping[Any, float] | VectorLike | None  # by label, or in order of columns
Several: TypeAlias = Sequence[Any] | SupportsArray | SupportsShape  # rows or classes, never a single number
Priors: TypeAlias = Mapping[Any, float] | Several  # of the classes: by label, or in order of columns
PriorLike: TypeAlias = float | Priors  # of the positive class, or of all
Progress: TypeAlias = Callable[[int, int], object]  # progress(done, total)

RowIds: TypeAlias = NDArray[np.int64]  # numbers of rows, or of columns or classes where a name says so
Mask: TypeAlias = NDArray[np.bool_]
Matrix: TypeAlias = NDArray[Any]  # (n, d) float32 or float64, C-contiguous
Floats: TypeAlias = NDArray[np.float64]
