"""What k-means asks of rows, dense or sparse: the same bits of both, but for the rounding of a variance.

Centres are dense, (n_clusters, n_features), and are searched in the form of the rows.
"""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from fastsmote._core.freeze import freeze
from fastsmote._core.sparse_matrix import SparseMatrix, as_matrix
from fastsmote._core.threads import run_ranges, split
from fastsmote._core.typing import Floats, Matrix, Progress, RowIds
from fastsmote._kernels.neighbors.sparse import UNIT, squared_norms
from fastsmote._kernels.neighbors.tile import GROUP
from fastsmote._kernels.sampling import centroids as kernels
from fastsmote._kernels.sampling.centroids import Bounds, Centres, Seeds

_POINTS = 1024  # of a sample that are worked on side by side: what they add up stays in the cache
_SPARSE_POINTS = 4096  # of a block
_ASSIGNED = 256  # rows of a block
_CLUSTERS = 64  # clusters per block of means
DOWN = 2.0**-32  # what scaled values are made smaller by before they are added up


def searchable(centres: Matrix, rows: Any) -> Any:
    """Centres in the form that ``rows`` have."""
    if not isinstance(rows, SparseMatrix):
        return centres
    csr = sparse.csr_array(centres)
    csr.indices = csr.indices.astype(rows.rows.columns.dtype, copy=False)
    return as_matrix(csr)


def joined(parts: list[Any]) -> Any:
    """Rows of several parts, all dense or all sparse."""
    if isinstance(parts[0], SparseMatrix):
        return as_matrix(sparse.vstack([part.csr for part in parts], format="csr"))
    return np.concatenate(parts)


def dense_rows(matrix: Any, rows: RowIds) -> Matrix:
    """Some rows, dense and read-only."""
    some = matrix.csr[rows].toarray() if isinstance(matrix, SparseMatrix) else matrix[rows]
    return frozen(some)


def frozen(rows: Matrix) -> Matrix:
    """Read-only, as canonical data are, for which the kernels are compiled."""
    rows.setflags(write=False)
    return rows


def scaled(values: Matrix, scale: float) -> NDArray[np.float64]:
    return values.astype(np.float64) * (scale * DOWN)


def squared_movement(before: Matrix, after: Matrix, scale: float) -> NDArray[np.float64]:
    """Squared scaled distances of centres to where they were (n_clusters,)."""
    movement = np.empty(len(before))
    for some in _blocks(len(before)):
        steps = scaled(after[some], scale) - scaled(before[some], scale)
        movement[some] = (steps * steps).sum(axis=1)
    return movement


def _blocks(k: int) -> list[slice]:
    """Clusters that are looked at together, so that temporaries are small beside the centres."""
    return [slice(start, start + _CLUSTERS) for start in range(0, k, _CLUSTERS)]


def variance(matrix: Any, rows: RowIds, scale: float) -> float:
    """Mean variance of the columns, scaled."""
    if not isinstance(matrix, SparseMatrix):
        return float(scaled(matrix[rows], scale).var(axis=0).mean())
    some, (n, d) = matrix[rows].rows, (len(rows), matrix.shape[1])
    values = scaled(some.data, scale)
    means = np.bincount(some.columns, values, d) / n
    off = values - means[some.columns]
    squares = np.bincount(some.columns, off * off, d)
    return float(((squares + (n - np.bincount(some.columns, minlength=d)) * means * means) / n).mean())


def means(matrix: Any, members: RowIds, starts: RowIds, n_jobs: int | None) -> NDArray[np.float64]:
    """Means of the rows members[starts[c]:starts[c + 1]] for each cluster c (n_clusters, n_features)."""
    sums = np.empty((len(starts) - 1, matrix.shape[1]))
    if isinstance(matrix, SparseMatrix):
        work = partial(kernels.sparse_means, matrix.rows, members, starts, sums)
    else:
        work = partial(kernels.means, matrix, members, starts, sums)
    run_ranges(work, len(sums), _CLUSTERS, n_jobs=n_jobs)
    return sums


class DenseSample:
    """Rows that seeds are chosen of."""

    def __init__(self, matrix: Matrix, rows: RowIds, scale: float, n_jobs: int | None) -> None:
        # smaller by 2**-64 than other squared distances, so that their sum does not overflow
        self._columns = freeze(np.multiply(matrix[rows].T, scale * DOWN, dtype=np.float64, order="C"))
        self._sums = np.empty((4, min(len(rows), _POINTS)))

    def nearer(self, nearest: Floats, chosen: RowIds, out: Floats) -> None:
        """Write the least of ``nearest`` and the squared distances to rows ``chosen``, (len(chosen), n)."""
        kernels.nearer(self._columns, nearest, chosen, self._sums, out, 0, len(chosen))


class SparseSample:
    """As ``DenseSample``, of sparse rows."""

    def __init__(self, matrix: SparseMatrix, rows: RowIds, scale: float, n_jobs: int | None) -> None:
        self._matrix, self._scale, self._n_jobs = matrix[rows], scale * DOWN, n_jobs
        self._norms = np.empty(len(rows))
        every = freeze(np.arange(len(rows)))
        work = partial(squared_norms, self._matrix.rows, every, self._scale, self._norms)
        run_ranges(work, len(rows), _SPARSE_POINTS, n_jobs=n_jobs)

    def nearer(self, nearest: Floats, chosen: RowIds, out: Floats) -> None:
        """As that of ``DenseSample``."""
        dense = self._matrix.csr[chosen].toarray()
        seeds = Seeds(chosen, np.multiply(dense, self._scale, dtype=np.float64))
        work = partial(
            kernels.sparse_nearer, self._matrix.rows, self._norms, self._scale, nearest, seeds, out
        )
        run_ranges(work, len(nearest), _SPARSE_POINTS, n_jobs=self._n_jobs)


def sample_of(matrix: Any, rows: RowIds, scale: float, n_jobs: int | None) -> DenseSample | SparseSample:
    kind: Any = SparseSample if isinstance(matrix, SparseMatrix) else DenseSample
    return kind(matrix, rows, scale, n_jobs)


class SparseAssigner:
    """Finds the nearest centres of sparse rows."""

    def __init__(
        self, matrix: SparseMatrix, scale: float, n_jobs: int | None, progress: Progress | None
    ) -> None:
        self._matrix, self._scale, self._n_jobs, self._progress = matrix, scale, n_jobs, progress
        self._unit, self._norms = scale * UNIT, np.empty(len(matrix))
        every = freeze(np.arange(len(matrix)))
        work = partial(squared_norms, matrix.rows, every, self._unit, self._norms)
        run_ranges(work, len(matrix), _SPARSE_POINTS, n_jobs=n_jobs)

    def assign(self, centres: Matrix, bounds: Bounds, of_row: RowIds, at: RowIds) -> None:
        """Write the nearest centres of the rows ``at``, as ``kernels.assign_sparse``."""
        (k, d), unit = centres.shape, self._unit
        room = GROUP * split(k, GROUP)
        by_feature, halves = np.zeros((d, room), np.float32), np.full(room, np.inf, np.float32)
        exact_halves = np.empty(k)
        for some in _blocks(k):
            in_units = np.multiply(centres[some], unit, dtype=np.float64)
            by_feature[:, some.start : some.start + len(in_units)] = in_units.T
            exact_halves[some] = np.einsum("ij,ij->i", in_units, in_units) * 0.5
        halves[:k] = exact_halves
        largest = 2.0 * float(exact_halves.max())
        parts = freeze(by_feature), freeze(halves), freeze(exact_halves)
        held = Centres(centres, *parts, largest, unit, self._scale)

        def work(lo: int, hi: int) -> None:
            sums = np.empty(room, np.float32)
            kernels.assign_sparse(self._matrix.rows, self._norms, held, bounds, of_row, at, sums, lo, hi)

        run_ranges(work, len(at), _ASSIGNED, n_jobs=self._n_jobs, progress=self._progress)
