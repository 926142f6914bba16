"""Rows with a distance between them, and the k nearest of some among others.

A space is what an over-sampler searches: numbers, some of which may be missing, with or without categories
beside them (``NumericSpace``); sparse rows (``SparseSpace``); or categories alone (``CategoricalSpace``).
Each can be searched by brute force. Where the distance is that of an index (complete numbers and categories),
the index finds the same rows. A ``CandidatePool`` is the part of a space in which neighbours are looked for;
it decides which of the two is faster.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.freeze import freeze
from fastsmote._core.sparse_matrix import SparseMatrix
from fastsmote._core.threads import run_ranges
from fastsmote._core.typing import Floats, Matrix, Progress, RowIds
from fastsmote._kernels.neighbors import categories, incomplete, sparse
from fastsmote._kernels.neighbors.segments import Segments
from fastsmote._neighbors.build import build_index, with_categories
from fastsmote._neighbors.distance import exact_scale
from fastsmote._neighbors.index import Index
from fastsmote._neighbors.search import find_nearest, sort_long_lists

_QUERIES_PER_BLOCK = 32  # of a search by brute force
_ROWS_PER_BLOCK = 65536  # of squared norms
_HEADROOM = 2.0**-64  # so that a squared distance times the number of columns does not overflow
_SMALL_GROUP = 512  # rows of a group up to which brute force is faster than an index of its own

Offer = Callable[..., None]  # (segments, distances, indices, lo, hi)


class Space(Protocol):
    """Rows that can be compared."""

    n_rows: int

    def build_index(self, groups: Sequence[RowIds], n_jobs: int | None) -> Index | None:
        """An index of groups of rows, if there is one for the distance."""
        ...

    def brute_force(self, n_jobs: int | None) -> Callable[[], Offer]:
        """Makes kernels that offer rows to queries, one for each block, since some hold scratch."""
        ...


class NumericSpace:
    """Rows of a matrix; where not ``complete``, NaN and negative codes are missing values.

    ``codes`` (n, c) are categories; a pair of different ones adds ``cost`` to the squared distance of numbers
    times ``unit``.
    """

    def __init__(
        self,
        matrix: Matrix,
        complete: bool = True,
        codes: NDArray[np.int32] | None = None,
        cost: float = 0.0,
        unit: float = 1.0,
    ) -> None:
        self.n_rows = len(matrix)
        self._matrix, self._complete, self._cost, self._unit = matrix, complete, cost, unit
        self._codes = freeze(np.empty((self.n_rows, 0), np.int32) if codes is None else codes)

    def build_index(self, groups: Sequence[RowIds], n_jobs: int | None) -> Index | None:
        if not self._complete and not all(map(self._has_all, groups)):
            return None
        index = build_index(self._matrix, groups, n_jobs=n_jobs)
        if not self._codes.shape[1] and not self._cost:
            return index
        return with_categories(index, self._codes, self._cost_at(index.scale))

    def _has_all(self, rows: RowIds) -> bool:
        return not np.isnan(self._matrix[rows].min(initial=0.0)) and self._codes[rows].min(initial=0) >= 0

    def _cost_at(self, scale: float) -> float:
        """The cost for numbers times ``scale``; inf where no sum of squares comes near it."""
        if self._cost == 0.0:
            return 0.0
        with np.errstate(over="ignore"):
            return float(self._cost * np.square(np.float64(scale) / self._unit))

    def brute_force(self, n_jobs: int | None) -> Callable[[], Offer]:
        scale = exact_scale(self._matrix, n_jobs) * _HEADROOM
        return lambda: partial(incomplete.offer, self._matrix, scale, self._codes, self._cost_at(scale))


class SparseSpace:
    """Rows of a sparse matrix."""

    def __init__(self, matrix: SparseMatrix) -> None:
        self.n_rows, self._n_features = matrix.shape
        self._matrix = matrix

    def build_index(self, groups: Sequence[RowIds], n_jobs: int | None) -> Index:
        return build_index(self._matrix, groups, n_jobs=n_jobs)

    def brute_force(self, n_jobs: int | None) -> Callable[[], Offer]:
        rows, scale = self._matrix.rows, exact_scale(self._matrix, n_jobs)
        norms, every = np.empty(self.n_rows), np.arange(self.n_rows)
        work = partial(sparse.squared_norms, rows, freeze(every), scale, norms)
        run_ranges(work, self.n_rows, _ROWS_PER_BLOCK, n_jobs=n_jobs)
        given = rows, norms, scale
        return lambda: partial(sparse.offer, *given, np.zeros(self._n_features), np.empty(sparse.SUMS))


class CategoricalSpace:
    """Rows by the shares of the classes that their categories have (n, n_features * n_classes)."""

    def __init__(self, shares: Floats, n_classes: int) -> None:
        self.n_rows = len(shares)
        self._shares, self._n_classes = shares, n_classes

    def build_index(self, groups: Sequence[RowIds], n_jobs: int | None) -> None:
        return None

    def brute_force(self, n_jobs: int | None) -> Callable[[], Offer]:
        return lambda: partial(categories.offer, self._shares, self._n_classes)


class CandidatePool:
    """Rows of a space among which neighbours are looked for; with groups, those of the query's group.

    Parameters
    ----------
    pool : rows that may be neighbours, ascending.
    group : (n_rows,) group of every row of the space, or None.
    """

    def __init__(
        self,
        space: Space,
        pool: RowIds,
        group: RowIds | None,
        n_jobs: int | None,
        progress: Progress | None,
    ) -> None:
        self._space, self._group = space, group
        self._n_jobs, self._progress = n_jobs, progress
        self._pool = pool if group is None else pool[np.argsort(group[pool], kind="stable")]
        self._index = space.build_index([pool], n_jobs) if group is None else None

    def _segments(self, queries: RowIds) -> tuple[RowIds, RowIds]:
        """Where the rows that may be neighbours of each query start and stop in the pool."""
        if self._group is None:
            return np.zeros(len(queries), np.int64), np.full(len(queries), len(self._pool))
        groups, wanted = self._group[self._pool], self._group[queries]
        return np.searchsorted(groups, wanted, "left"), np.searchsorted(groups, wanted, "right")

    def available(self, rows: RowIds, k: int) -> RowIds:
        """How many neighbours each of some rows of the pool has, at most k."""
        starts, stops = self._segments(rows)
        return np.minimum(stops - starts - 1, k)

    def search(self, queries: RowIds, k: int) -> RowIds:
        """Rows (m, k), nearest first; ``n_rows`` where a row has no more."""
        if self._index is not None:
            return self._by_index(self._index, queries, k)
        starts, stops = self._segments(queries)
        indices = np.full((len(queries), k), self._space.n_rows)
        is_open = np.ones(len(queries), bool)
        for start in np.unique(starts[stops - starts > _SMALL_GROUP]) if self._group is not None else []:
            at = np.flatnonzero(starts == start)
            rows = self._pool[start : stops[at[0]]]
            index = self._space.build_index([rows], self._n_jobs)
            if index is None:
                continue
            n_found = min(k, len(rows) - 1)
            indices[at, :n_found] = self._by_index(index, queries[at], n_found)
            is_open[at] = False
        order = np.flatnonzero(is_open)
        order = order[np.argsort(starts[order], kind="stable")]
        indices[order] = self._by_brute_force(queries[order], starts[order], stops[order], k)
        return indices

    def _by_index(self, index: Index, queries: RowIds, k: int) -> RowIds:
        return find_nearest(index, k, rows=queries, n_jobs=self._n_jobs, progress=self._progress)[1]

    def _by_brute_force(self, queries: RowIds, starts: RowIds, stops: RowIds, k: int) -> RowIds:
        shape = len(queries), k
        distances, indices = np.full(shape, np.inf), np.full(shape, self._space.n_rows)
        segments = Segments(self._pool, starts, stops, queries)
        new_kernel = self._space.brute_force(self._n_jobs)

        def work(lo: int, hi: int) -> None:
            new_kernel()(segments, distances, indices, lo, hi)

        run_ranges(work, len(queries), _QUERIES_PER_BLOCK, n_jobs=self._n_jobs, progress=self._progress)
        return sort_long_lists(distances, indices)[1]
