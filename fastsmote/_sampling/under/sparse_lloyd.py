"""Lloyd's iterations of sparse rows, and seeds of them: to the last bit those of the same rows made dense.

But for the rounding of the variance that iterations end by. Centres are dense, (n_clusters, n_features).
"""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from fastsmote._core.freeze import freeze
from fastsmote._core.sparse_matrix import SparseMatrix, as_matrix
from fastsmote._core.threads import run_ranges, split
from fastsmote._core.typing import Floats, Matrix, RowIds
from fastsmote._kernels.neighbors.sparse import SUMS, UNIT, squared_norms
from fastsmote._kernels.neighbors.tile import LANES
from fastsmote._kernels.sampling import sparse_centres as kernels
from fastsmote._kernels.sampling.lloyd import DOWN
from fastsmote._kernels.sampling.sparse_centres import Bounds, Centres, Seeds
from fastsmote._neighbors.distance import squared_distances
from fastsmote._sampling.under.lloyd import TOGETHER, Clustered, Lloyd, frozen

_POINTS = 4096  # rows of a block
_ASSIGNED = 256  # of one whose centres are looked for
_MEANS, _BLOCKS = 64, 16  # clusters of one at least, and blocks at most: each looks through all rows
_OUTWARD = 1e-12  # relative step that is more than the rounding of a bound


def in_rows(centres: Matrix, matrix: SparseMatrix) -> SparseMatrix:
    """Centres as sparse rows like those of a matrix."""
    csr = sparse.csr_array(centres)
    csr.indices = csr.indices.astype(matrix.rows.columns.dtype, copy=False)
    return as_matrix(csr)


class SparseSample:
    """Rows that seeds are chosen of."""

    def __init__(self, matrix: SparseMatrix, rows: RowIds, scale: float, n_jobs: int | None) -> None:
        self._matrix, self._scale, self._n_jobs = matrix[rows], scale * DOWN, n_jobs
        self._norms = _norms(self._matrix, self._scale, n_jobs)

    def choose(self, draws: Floats) -> RowIds:
        """Places of seeds by draws (k, n_trials) in [0, 1); fewer where no other rows are different."""
        n = len(self._matrix)
        trials, nearest, chosen = np.empty((draws.shape[1], n)), np.full(n, np.inf), [int(draws[0, 0] * n)]
        self._nearer(nearest, np.array(chosen), trials)
        nearest[:] = trials[0]
        for drawn_here in draws[1:]:
            cumulative = np.cumsum(nearest)
            if cumulative[-1] == 0.0:
                break
            drawn = np.searchsorted(cumulative, drawn_here * cumulative[-1], side="right")
            drawn = np.minimum(drawn, n - 1)
            self._nearer(nearest, drawn, trials)
            best = int(np.argmin([np.add.reduce(trial) for trial in trials]))  # row by row: one order of sums
            chosen.append(int(drawn[best]))
            nearest[:] = trials[best]
        return np.array(chosen)

    def _nearer(self, nearest: Floats, chosen: RowIds, out: Floats) -> None:
        """Write the least of ``nearest`` and the squared distances to rows ``chosen``, (len(chosen), n)."""
        dense = np.zeros((self._matrix.shape[1], 4 * split(len(chosen), 4)))
        dense[:, : len(chosen)] = self._matrix.csr[chosen].toarray().T
        dense *= self._scale
        rows = self._matrix.rows, self._norms, self._scale

        def work(lo: int, hi: int) -> None:
            kernels.nearer_rows(*rows, nearest, Seeds(chosen, dense, np.empty(SUMS)), out, lo, hi)

        run_ranges(work, len(nearest), _POINTS, n_jobs=self._n_jobs)


def _norms(matrix: SparseMatrix, scale: float, n_jobs: int | None) -> Floats:
    """Squared scaled norms of all rows."""
    norms, every = np.empty(len(matrix)), freeze(np.arange(len(matrix)))
    run_ranges(partial(squared_norms, matrix.rows, every, scale, norms), len(matrix), _POINTS, n_jobs=n_jobs)
    return norms


class SparseLloyd(Lloyd):
    """Rounds over sparse rows."""

    def __init__(self, points: Clustered, k: int, *, is_one_round: bool = False) -> None:
        self._points, self._own = points, points.matrix[points.rows]
        self._assignment = _ByProducts(points, self._own)
        self.of_row = self._assignment.nearest

    def squared_to(self, centres: Matrix) -> Floats:
        matrix, rows, scale, n_jobs, _ = self._points
        return squared_distances(matrix, rows, in_rows(centres, matrix), self.of_row, scale, n_jobs)

    def _rows_of(self, seeds: RowIds) -> Matrix:
        return frozen(self._points.matrix.csr[seeds].toarray())

    def _variance(self) -> float:
        sample = self._sample()
        some, n, d = self._points.matrix[sample].rows, len(sample), self._points.matrix.shape[1]
        values = self._scaled(some.data)
        means = np.bincount(some.columns, values, d) / n
        off = values - means[some.columns]
        n_zeros = n - np.bincount(some.columns, minlength=d)
        squares = np.bincount(some.columns, off * off, d) + n_zeros * means * means
        return float((squares / n).mean())

    def _means(self, moved: RowIds) -> Matrix:
        counts, matrix, n_jobs = self._counts, self._own, self._points.n_jobs
        means = np.empty((len(counts), matrix.shape[1]))
        work = partial(kernels.means_of_rows, matrix.rows, self.of_row, counts, means)
        run_ranges(work, len(means), max(_MEANS, split(len(means), _BLOCKS)), n_jobs=n_jobs)
        return self._within(means)


class _ByProducts:
    """Rows are multiplied with all centres, unless bounds say that their own is still the nearest."""

    def __init__(self, points: Clustered, own: SparseMatrix) -> None:
        n = len(points.rows)
        self._own = own
        self._unit = points.scale * UNIT
        self._norms = _norms(self._own, self._unit, points.n_jobs)
        self.nearest = np.full(n, -1)
        self._bounds = Bounds(np.full(n, np.inf), np.zeros(n))

    def assign(self, points: Clustered, centres: Matrix) -> None:
        (k, d), unit = centres.shape, self._unit
        room = LANES * split(k, LANES)
        by_feature, halves = np.zeros((d, room), np.float32), np.full(room, np.inf, np.float32)
        exact_halves = np.empty(k)
        for start in range(0, k, TOGETHER):
            in_units = np.multiply(centres[start : start + TOGETHER], unit, dtype=np.float64)
            some = slice(start, start + len(in_units))
            by_feature[:, some] = in_units.T
            exact_halves[some] = np.einsum("ij,ij->i", in_units, in_units) * 0.5
        halves[:k] = exact_halves
        parts = freeze(by_feature), freeze(halves), freeze(exact_halves)
        held = Centres(centres, *parts, 2.0 * float(exact_halves.max()), unit, points.scale)
        at = np.flatnonzero(self._bounds.upper >= self._bounds.lower)
        rows = self._own.rows, self._norms, held, self._bounds, self.nearest, at

        def work(lo: int, hi: int) -> None:
            kernels.assign_rows(*rows, np.empty(room, np.float32), lo, hi)

        run_ranges(work, len(at), _ASSIGNED, n_jobs=points.n_jobs, progress=points.progress)

    def loosen(self, ways: NDArray[np.float64]) -> None:
        upper, lower = self._bounds
        ways = ways * (UNIT / DOWN * (1 + _OUTWARD))
        upper *= 1 + _OUTWARD
        upper += ways[self.nearest]
        lower *= 1 - _OUTWARD
        lower -= ways.max()

    def forget(self, row: int) -> None:
        self._bounds.lower[row] = 0.0


def lloyd_of(points: Clustered, k: int, *, is_one_round: bool = False) -> Lloyd:
    """Rounds over rows, dense or sparse."""
    kind: Any = SparseLloyd if isinstance(points.matrix, SparseMatrix) else Lloyd
    return kind(points, k, is_one_round=is_one_round)
