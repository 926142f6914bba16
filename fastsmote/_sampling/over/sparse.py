"""Sparse rows: SciPy matrices to canonical CSR, and the rows of a plan in CSR."""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from fastsmote._core.check import working_dtype
from fastsmote._core.freeze import freeze
from fastsmote._core.sparse_structure import check_structure
from fastsmote._core.threads import run_ranges
from fastsmote._core.typing import Progress
from fastsmote._kernels.csr import CSR
from fastsmote._kernels.sampling.sparse_rows import Pairs, interpolate

_ROWS = 4096  # new rows per block


def check_sparse(X: Any) -> Any:
    """``X`` as CSR of float32 or float64, in each row columns that ascend, once each; read-only.

    Arrays that are so already are not copied.

    Raises
    ------
    TypeError
        Other formats than CSR and CSC.
    ValueError
        No rows or columns, NaN or infinity, values that are not real numbers, or row and column numbers that
        are not the matrix's.
    """
    if X.format not in ("csr", "csc"):
        raise TypeError(f"A sparse X must be CSR or CSC. Got {X.format.upper()}; pass X.tocsr().")
    if 0 in X.shape:
        raise ValueError(f"X must have rows and columns. Got a sparse matrix of shape {X.shape}.")
    if X.dtype.kind not in "biuf" or X.dtype.itemsize > 8:
        raise ValueError(f"A sparse X must hold real numbers of at most 64 bits. Got {X.dtype}.")
    check_structure(X)
    target = working_dtype(X.dtype)
    csr = X.tocsr()
    matrix = sparse.csr_array((csr.data, csr.indices, csr.indptr), shape=X.shape)
    if not matrix.has_canonical_format:
        matrix = matrix.copy()
        matrix.sum_duplicates()
    data = np.ascontiguousarray(matrix.data, target)
    if not np.isfinite(data).all():
        place = int(np.argmin(np.isfinite(data)))
        row = int(np.searchsorted(matrix.indptr, place, "right")) - 1
        what = "NaN (a missing value)" if np.isnan(data[place]) else "infinity (inf)"
        raise ValueError(
            f"Input X contains {what} at row {row}, column {matrix.indices[place]}. All values must be "
            "finite: drop or impute such rows."
        )
    return _csr(data, matrix.indices, matrix.indptr.astype(np.int64), X.shape)


def _csr(data: NDArray[Any], columns: NDArray[Any], indptr: NDArray[np.int64], shape: Any) -> Any:
    """CSR of read-only arrays as they are: SciPy's constructor would make a choice of index types."""
    matrix = sparse.csr_array(shape, dtype=data.dtype)
    matrix.data, matrix.indices, matrix.indptr = map(freeze, (data, columns, indptr))
    return matrix


def as_class_of(X: Any, rows: Any) -> Any:
    """CSR rows in the format of X, a matrix if X is a SciPy matrix and no array."""
    return (sparse.csr_matrix(rows) if isinstance(X, sparse.spmatrix) else rows).asformat(X.format)


def make_rows(
    matrix: Any,
    base: NDArray[np.int64],
    neighbor: NDArray[np.int64],
    gap: NDArray[np.float64],
    start: int,
    stop: int,
    n_jobs: int | None,
    progress: Progress | None,
) -> Any:
    """Rows [start, stop) of a plan, as CSR without stored zeros."""
    n = stop - start
    rows = CSR(matrix.data, matrix.indices, matrix.indptr), Pairs(base, neighbor, gap), start
    ends = np.zeros(n + 1, np.int64)
    data, columns = np.empty(0, matrix.dtype), np.empty(0, matrix.indices.dtype)
    run_ranges(partial(interpolate, *rows, False, CSR(data, columns, ends)), n, _ROWS, n_jobs=n_jobs)
    np.cumsum(ends, out=ends)
    data, columns = np.empty(ends[-1], matrix.dtype), np.empty(ends[-1], matrix.indices.dtype)
    work = partial(interpolate, *rows, True, CSR(data, columns, ends))
    run_ranges(work, n, _ROWS, n_jobs=n_jobs, progress=progress)
    made = sparse.csr_array((data, columns, ends), shape=(n, matrix.shape[1]))
    if (gap[start:stop] < 0).any() and not np.isfinite(
        data
    ).all():  # a step away that leaves the range of floats
        places = np.flatnonzero(np.isinf(data))
        parents = base[start + np.searchsorted(ends, places, "right") - 1].tolist()
        data[places] = [matrix[row, column] for row, column in zip(parents, columns[places], strict=True)]
        made.eliminate_zeros()
    return made
