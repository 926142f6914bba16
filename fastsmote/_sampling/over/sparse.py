"""The rows of a plan of sparse rows, in CSR."""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from fastsmote._core.containers import copy_rows
from fastsmote._core.freeze import freeze
from fastsmote._core.sparse_matrix import SparseMatrix
from fastsmote._core.tables import Table
from fastsmote._core.threads import run_ranges
from fastsmote._core.typing import Progress
from fastsmote._kernels.csr import CSR
from fastsmote._kernels.sampling.sparse_rows import Pairs, count_columns, interpolate

_ROWS = 4096  # new rows per block


def as_class_of(X: Any, rows: Any) -> Any:
    """CSR rows in the format of X, a matrix if X is a SciPy matrix and no array."""
    return (sparse.csr_matrix(rows) if isinstance(X, sparse.spmatrix) else rows).asformat(X.format)


def pairs_of(
    X: SparseMatrix,
    base: NDArray[np.int64],
    Y: SparseMatrix,
    neighbor: NDArray[np.int64],
    gap: NDArray[np.float64],
) -> Pairs:
    """What new rows are made of, as kernels take it."""
    return Pairs(X.rows, freeze(base), Y.rows, freeze(neighbor), freeze(gap))


def make_rows(
    pairs: Pairs,
    n_jobs: int | None,
    progress: Progress | None,
    *,
    before: Any = None,
    plainly: bool = False,
) -> Any:
    """New rows, as CSR without stored zeros, behind the rows ``before`` (CSR), which are copied as they are.

    ``plainly``: values as NumPy rounds x + gap * (y - x), as imbalanced-learn's are.
    """
    n, n_features = len(pairs.gap), pairs.X.n_features
    kinds = pairs.X.data.dtype, pairs.X.columns.dtype
    ends = np.zeros(n + 1, np.int64)
    run_ranges(partial(count_columns, pairs, ends[1:]), n, _ROWS, n_jobs=n_jobs)
    np.cumsum(ends, out=ends)
    old = sparse.csr_array((0, n_features)) if before is None else before
    held = int(old.indptr[-1])
    data, columns = (np.empty(held + ends[-1], kind) for kind in kinds)
    for all_values, values in ((data, old.data), (columns, old.indices)):
        if held:
            copy_rows(all_values[:held], values[:held], n_jobs)
    new, n_zeros = CSR(data[held:], columns[held:], ends, n_features), np.empty(n, np.int64)
    work = partial(interpolate, pairs, plainly, new, n_zeros)
    run_ranges(work, n, _ROWS, n_jobs=n_jobs, progress=progress)
    if n_zeros.any():
        is_value = np.concatenate([np.ones(held, bool), new.data != 0])
        data, columns = data[is_value], columns[is_value]
        ends[1:] -= np.cumsum(n_zeros)
    indptr = np.concatenate([old.indptr[:-1], held + ends])
    if len(data) <= np.iinfo(columns.dtype).max:  # else SciPy makes both long
        indptr = indptr.astype(columns.dtype)
    return sparse.csr_array((data, columns, indptr), shape=(old.shape[0] + n, n_features))


def append(
    old: Table, pairs: Pairs, n_jobs: int | None, progress: Progress | None, *, plainly: bool = False
) -> Any:
    """The rows of a sparse table, then the new rows, in the same format."""
    given, kinds = old.given, (pairs.X.data.dtype, pairs.X.columns.dtype)
    if given.format == "csr" and (given.data.dtype, given.indices.dtype) == kinds:
        return as_class_of(given, make_rows(pairs, n_jobs, progress, before=given, plainly=plainly))
    return old.with_sparse(as_class_of(given, make_rows(pairs, n_jobs, progress, plainly=plainly)))
