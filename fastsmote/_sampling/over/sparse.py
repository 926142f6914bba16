"""The rows of a plan of sparse rows, in CSR."""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from fastsmote._core.sparse_matrix import SparseMatrix
from fastsmote._core.threads import run_ranges
from fastsmote._core.typing import Progress
from fastsmote._kernels.csr import CSR
from fastsmote._kernels.sampling.sparse_rows import Pairs, interpolate

_ROWS = 4096  # new rows per block


def as_class_of(X: Any, rows: Any) -> Any:
    """CSR rows in the format of X, a matrix if X is a SciPy matrix and no array."""
    return (sparse.csr_matrix(rows) if isinstance(X, sparse.spmatrix) else rows).asformat(X.format)


def make_rows(
    matrix: SparseMatrix,
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
    rows = matrix.rows, Pairs(base, neighbor, gap), start
    ends = np.zeros(n + 1, np.int64)
    kinds = matrix.dtype, matrix.rows.columns.dtype
    data, columns = (np.empty(0, kind) for kind in kinds)
    run_ranges(
        partial(interpolate, *rows, False, CSR(data, columns, ends, matrix.shape[1])), n, _ROWS, n_jobs=n_jobs
    )
    np.cumsum(ends, out=ends)
    data, columns = (np.empty(ends[-1], kind) for kind in kinds)
    work = partial(interpolate, *rows, True, CSR(data, columns, ends, matrix.shape[1]))
    run_ranges(work, n, _ROWS, n_jobs=n_jobs, progress=progress)
    made = sparse.csr_array((data, columns, ends), shape=(n, matrix.shape[1]))
    if (gap[start:stop] < 0).any() and not np.isfinite(
        data
    ).all():  # a step away that leaves the range of floats
        places = np.flatnonzero(np.isinf(data))
        parents = base[start + np.searchsorted(ends, places, "right") - 1].tolist()
        data[places] = [matrix.csr[row, column] for row, column in zip(parents, columns[places], strict=True)]
        made.eliminate_zeros()
    return made
