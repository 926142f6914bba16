"""A sparse table as kernels read it: canonical CSR, which is asked what a dense matrix is asked.

SciPy is not imported here: who has a sparse matrix has it.
"""

import sys
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import first_gap, working_dtype
from fastsmote._core.freeze import freeze
from fastsmote._core.sparse_structure import check_structure
from fastsmote._core.typing import RowIds
from fastsmote._kernels.csr import CSR
from fastsmote._kernels.scan import first_out_of_order


class SparseMatrix:
    """Rows of which most values are 0: in each row columns that ascend, once each; all arrays read-only."""

    def __init__(
        self, data: NDArray[Any], columns: NDArray[Any], indptr: NDArray[np.int64], shape: tuple[int, int]
    ) -> None:
        self.data, self.columns, self.indptr = freeze(data), freeze(columns), freeze(indptr)
        self.shape = int(shape[0]), int(shape[1])

    @cached_property
    def csr(self) -> Any:
        """SciPy's csr_array of the arrays as they are: its constructor would make a choice of index types."""
        matrix = sys.modules["scipy.sparse"].csr_array(self.shape, dtype=self.dtype)
        matrix.data, matrix.indices, matrix.indptr = self.data, self.columns, self.indptr
        return matrix

    @property
    def dtype(self) -> np.dtype:
        return self.data.dtype

    @property
    def rows(self) -> CSR:
        """The rows as kernels take them."""
        return CSR(self.data, self.columns, self.indptr, self.shape[1])

    def astype(self, dtype: Any) -> "SparseMatrix":
        """The same rows, of another type of numbers."""
        return SparseMatrix(self.data.astype(dtype, copy=False), self.columns, self.indptr, self.shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: RowIds) -> "SparseMatrix":
        """Some rows, by number."""
        if len(rows) == len(self) and np.array_equal(rows, np.arange(len(rows))):
            return self
        return as_matrix(self.csr[rows])


def as_matrix(csr: Any) -> SparseMatrix:
    """Canonical CSR of SciPy that was made here."""
    return SparseMatrix(csr.data, csr.indices, csr.indptr.astype(np.int64), csr.shape)


def frozen_rows(matrix: Any) -> Any:
    """A matrix, dense or sparse, that nobody writes to."""
    return matrix if isinstance(matrix, SparseMatrix) else freeze(matrix)


def check_sparse(X: Any, name: str = "X") -> SparseMatrix:
    """``X`` as canonical CSR of float32 or float64. Arrays that are so already are not copied.

    Raises
    ------
    TypeError
        Other formats than CSR and CSC.
    ValueError
        No rows or columns, NaN or infinity, values that are not real numbers, or row and column numbers that
        are not the matrix's.
    """
    if X.format not in ("csr", "csc"):
        raise TypeError(f"A sparse {name} must be CSR or CSC. Got {X.format.upper()}; pass {name}.tocsr().")
    if len(X.shape) != 2 or 0 in X.shape:
        raise ValueError(f"{name} must have rows and columns. Got a sparse matrix of shape {X.shape}.")
    if X.dtype.kind not in "biuf" or X.dtype.itemsize > 8:
        raise ValueError(f"A sparse {name} must hold real numbers of at most 64 bits. Got {X.dtype}.")
    check_structure(X, name)
    csr = X.tocsr()
    if not is_canonical(csr):
        kind = sys.modules["scipy.sparse"].csr_array
        csr = kind((csr.data, csr.indices, csr.indptr), shape=X.shape, copy=True)
        csr.sum_duplicates()
    columns, indptr = _places(csr)
    data = np.ascontiguousarray(csr.data[: len(columns)], working_dtype(X.dtype))
    place = first_gap(data, n_jobs=1)
    if place is not None:
        row = int(np.searchsorted(indptr, place, "right")) - 1
        what = "NaN (a missing value)" if np.isnan(data[place]) else "infinity (inf)"
        raise ValueError(
            f"Input {name} contains {what} at row {row}, column {columns[place]}. All values must be "
            "finite: drop or impute such rows."
        )
    return SparseMatrix(data, columns, indptr, X.shape)


def is_canonical(X: Any) -> bool:
    """Whether CSR or CSC whose structure is checked names places in order, none twice."""
    columns, indptr = map(freeze, _places(X))
    return first_out_of_order(columns, indptr, 0, len(indptr) - 1) < 0


def _places(csr: Any) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """The columns of all values, int32 or int64, and where rows start."""
    is_short = np.can_cast(csr.indices.dtype, np.int32)
    columns = np.ascontiguousarray(csr.indices[: csr.indptr[-1]], np.int32 if is_short else np.int64)
    return columns, csr.indptr.astype(np.int64)
