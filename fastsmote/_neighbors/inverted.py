"""Sparse rows in place of leaves: an inverted index, which says of each feature the rows that have it.

A query meets only values of features that it has itself: of 100,000 rows with 50 of 10,000 features these are
25,000 of 5,000,000. From their products and the norms it follows, in float32, which rows are near enough to
be looked at; exact distances decide, to the last bit those of the same rows made dense
(``_kernels.neighbors.sparse``).

Rows are indexed some at a time, so that what a query adds up stays in cache. Memory O(stored values).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.freeze import freeze
from fastsmote._core.sparse_matrix import SparseMatrix
from fastsmote._core.threads import run_blocks, run_ranges, split
from fastsmote._core.typing import Floats, Progress, RowIds
from fastsmote._kernels.neighbors import postings as kernels
from fastsmote._kernels.neighbors import sparse
from fastsmote._kernels.neighbors.lists import SORTED_UP_TO
from fastsmote._kernels.neighbors.sparse import SUMS, Postings, SparseQueries, SparseScratch
from fastsmote._kernels.neighbors.tile import GROUP, LANES
from fastsmote._neighbors.distance import exact_scale
from fastsmote._neighbors.index import Features, Index, Inverted, Part

_ROWS = 1 << 14  # indexed together: what a query adds up fills 64 KiB
_COMMON = 16  # of features that one row in so many has, values are added to all rows in place of a list
_QUERIES, _OF_FEW = 64, 256  # of a block: of few rows they take a few microseconds each
_FEW = 4096  # rows


def build(X: SparseMatrix, coded: list[tuple[int, RowIds]], n_jobs: int | None) -> Index:
    """An index of groups of rows, as ``build_index``. O(stored values)."""
    scale = exact_scale(X, n_jobs)
    return Index(tuple(Part(code, _inverted(X, rows, scale, n_jobs)) for code, rows in coded))


def _inverted(X: SparseMatrix, rows: RowIds, scale: float, n_jobs: int | None) -> Inverted:
    # as many rows together at least as have a value for each feature: starts of features take memory, too
    n, d = X.shape
    together = max(_ROWS, split(n * d, max(1, len(X.data))))
    some = [rows[start : start + together] for start in range(0, len(rows), together)]
    chunks: list[Any] = [None] * len(some)

    def work(block: int) -> None:
        chunks[block] = _by_feature(X, freeze(some[block]), scale * sparse.UNIT)

    run_blocks(work, len(some), n_jobs=n_jobs)
    return Inverted(X, freeze(rows), scale, tuple(chunks), np.ones(len(rows), bool))


def _by_feature(X: SparseMatrix, ids: RowIds, unit: float) -> Features:
    n, d, rows = len(ids), X.shape[1], X.rows
    lengths = X.indptr[ids + 1] - X.indptr[ids]
    n_values = int(lengths.sum())
    starts, norms = np.zeros(d + 2, np.int64), np.empty(n)
    places, values = np.empty(n_values, np.uint32), np.empty(n_values, np.float32)
    kernels.count_features(rows, ids, starts, 0, n)
    np.cumsum(starts, out=starts)
    kernels.list_rows(rows, ids, unit, starts, places, values, norms, 0, n)
    lists = freeze(starts[:-1]), freeze(places), freeze(values)
    longest = int(lengths.max(initial=0))
    return Features(ids, *lists, *_common(lists, n), norms, longest, unit)


def _common(
    lists: tuple[RowIds, NDArray[np.uint32], NDArray[np.float32]], n: int
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Values of the features that many of n rows have, row by row, and which features these are."""
    starts = lists[0]
    features = np.flatnonzero(starts[1:] - starts[:-1] >= max(1, split(n, _COMMON)))
    common = np.empty((len(features), GROUP * split(n, GROUP)), np.float32)
    kernels.spread_lists(*lists, features, common, 0, len(features))
    common_of = np.full(len(starts) - 1, -1, np.int32)
    common_of[features] = np.arange(len(features))
    return freeze(common), freeze(common_of)


def find(
    parts: list[Inverted],
    Q: SparseMatrix,
    queries: RowIds,
    own: RowIds | None,
    lists: tuple[Floats, RowIds],
    stop: Floats | None,
    n_jobs: int | None,
    progress: Progress | None,
    *,
    farthest: bool = False,
) -> None:
    """Offer the rows of some parts to ``queries`` of Q, which leave the rows ``own`` out.

    ``lists`` (m, k) hold squared distances; negative ones, where the farthest rows are looked for.
    """
    distances, indices = lists
    sign, least = (-1.0, -np.inf) if farthest else (1.0, 0.0)
    stop = np.full(len(queries), least) if stop is None else stop
    own = np.full(len(queries), -1) if own is None else own
    asked = SparseQueries(Q.rows, *map(freeze, (queries, own, stop)))
    longest = int((Q.indptr[queries + 1] - Q.indptr[queries]).max(initial=0))
    offered = [postings for part in parts for postings in _measured(part, sign, longest)]
    spare: list[SparseScratch] = []  # who takes one away has it alone
    n_first = distances.shape[1] if distances.shape[1] <= SORTED_UP_TO else 0

    def work(lo: int, hi: int) -> None:
        try:
            room = spare.pop()
        except IndexError:
            most = max(len(postings.halves) for postings in offered)
            sums, first, least = (np.empty(size, np.float32) for size in (most, n_first, LANES))
            room = SparseScratch(sums, first, least, np.empty(SUMS))
        for postings in offered:
            sparse.offer_by_features(postings, asked, sign, room, distances, indices, lo, hi)
        spare.append(room)

    if offered:
        n = sum(len(postings.ids) for postings in offered)
        size = _OF_FEW if n <= _FEW else _QUERIES
        run_ranges(work, len(queries), size, n_jobs=n_jobs, progress=progress)


def _measured(part: Inverted, sign: float, longest: int) -> Iterator[Postings]:
    """The rows of a part as they are offered to queries of so many values; what is hidden at inf."""
    visible, unit = part.visible, part.scale * sparse.UNIT
    for chunk in part.chunks:
        n, ratio = len(chunk.ids), unit / chunk.unit
        error = (longest + chunk.longest + 8) * 2.0**-22
        halves = np.full(GROUP * split(n, GROUP), np.inf, np.float32)
        halves[:n] = chunk.norms * (sign * 0.5 * (1.0 - sign * error) * ratio * ratio)
        halves[:n][~visible[:n]] = np.inf
        visible = visible[n:]
        lists = chunk.ids, chunk.starts, chunk.places, chunk.values, freeze(halves)
        common = chunk.common, chunk.common_of
        yield Postings(part.X.rows, *lists, error, part.scale, unit, ratio, *common)
