"""A sparse table as kernels read it: canonical CSR, which is asked what a dense matrix is asked.

SciPy is not imported here: who has a sparse matrix has it.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import working_dtype
from fastsmote._core.freeze import freeze
from fastsmote._core.sparse_structure import check_structure
from fastsmote._core.typing import RowIds
from fastsmote._kernels.csr import CSR


@dataclass(frozen=True, eq=False)
class SparseMatrix:
    """Rows of which most values are 0: in each row columns that ascend, once each; all arrays read-only."""

    csr: Any  # SciPy's csr_array

    @property
    def shape(self) -> tuple[int, int]:
        return int(self.csr.shape[0]), int(self.csr.shape[1])

    @property
    def dtype(self) -> np.dtype:
        return self.csr.dtype

    @property
    def rows(self) -> CSR:
        """The rows as kernels take them."""
        return CSR(self.csr.data, self.csr.indices, self.csr.indptr, self.shape[1])

    def astype(self, dtype: Any) -> "SparseMatrix":
        """The same rows, of another type of numbers."""
        data, columns, indptr, _ = self.rows
        return SparseMatrix(_csr(data.astype(dtype, copy=False), columns, indptr, self.shape))

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: RowIds) -> "SparseMatrix":
        """Some rows, by number."""
        return as_matrix(self.csr[rows])


def as_matrix(csr: Any) -> SparseMatrix:
    """Canonical CSR of SciPy that was made here."""
    return SparseMatrix(_csr(csr.data, csr.indices, csr.indptr.astype(np.int64), csr.shape))


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
    target = working_dtype(X.dtype)
    csr = X.tocsr()
    matrix = sys.modules["scipy.sparse"].csr_array((csr.data, csr.indices, csr.indptr), shape=X.shape)
    if not matrix.has_canonical_format:
        matrix = matrix.copy()
        matrix.sum_duplicates()
    data = np.ascontiguousarray(matrix.data, target)
    if not np.isfinite(data).all():
        place = int(np.argmin(np.isfinite(data)))
        row = int(np.searchsorted(matrix.indptr, place, "right")) - 1
        what = "NaN (a missing value)" if np.isnan(data[place]) else "infinity (inf)"
        raise ValueError(
            f"Input {name} contains {what} at row {row}, column {matrix.indices[place]}. All values must be "
            "finite: drop or impute such rows."
        )
    return SparseMatrix(_csr(data, matrix.indices, matrix.indptr.astype(np.int64), X.shape))


def _csr(data: NDArray[Any], columns: NDArray[Any], indptr: NDArray[np.int64], shape: Any) -> Any:
    """CSR of read-only arrays as they are: SciPy's constructor would make a choice of index types."""
    matrix = sys.modules["scipy.sparse"].csr_array(shape, dtype=data.dtype)
    matrix.data, matrix.indices, matrix.indptr = map(freeze, (data, columns, indptr))
    return matrix
