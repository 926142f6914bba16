"""Sparse rows in place of leaves: an inverted index, which says of each feature the rows that have it.

A query meets only values of features that it has itself: of 100,000 rows with 50 of 10,000 features these are
25,000 of 5,000,000. From their products and the norms it follows, in float32, which rows are near enough to
be looked at; exact distances decide, to the last bit those of the same rows made dense
(``_kernels.neighbors.sparse``).

Rows are indexed some at a time, so that what a query adds up stays in cache. Memory O(stored values).
"""

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.freeze import freeze
from fastsmote._core.sparse_matrix import SparseMatrix
from fastsmote._core.threads import run_ranges, split
from fastsmote._core.typing import Floats, Progress, RowIds
from fastsmote._kernels.neighbors import sparse
from fastsmote._kernels.neighbors.lists import SORTED_UP_TO
from fastsmote._kernels.neighbors.sparse import SUMS, Postings, SparseQueries, SparseScratch
from fastsmote._kernels.neighbors.tile import GROUP
from fastsmote._neighbors.distance import exact_scale
from fastsmote._neighbors.index import Features, Index, Inverted, Part

_ROWS = 1 << 14  # indexed together: what a query adds up fills 64 KiB
_COMMON = 16  # of features that one row in so many has, values are added to all rows in place of a list
_QUERIES = 64  # of a block
_NORMS = 65536  # rows of a block


def build(X: SparseMatrix, coded: list[tuple[int, RowIds]], n_jobs: int | None) -> Index:
    """An index of groups of rows, as ``build_index``. O(stored values)."""
    scale = exact_scale(X, n_jobs)
    return Index(tuple(Part(code, _inverted(X, rows, scale)) for code, rows in coded))


def _inverted(X: SparseMatrix, rows: RowIds, scale: float) -> Inverted:
    # as many rows together at least as have a value for each feature: starts of features take memory, too
    n, d = X.shape
    together = max(_ROWS, split(n * d, max(1, len(X.rows.data))))
    some = [rows[start : start + together] for start in range(0, len(rows), together)]
    chunks = tuple(_by_feature(X, ids) for ids in some)
    return Inverted(X, freeze(rows), scale, chunks, np.ones(len(rows), bool))


def _by_feature(X: SparseMatrix, ids: RowIds) -> Features:
    columns = X.csr[ids].tocsc()
    starts, places = columns.indptr.astype(np.int64), columns.indices.astype(np.uint32)
    return Features(*map(freeze, (ids, starts, places, columns.data)))


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
    longest = _longest(Q, queries)
    offered = [postings for part in parts for postings in _measured(part, sign, longest, n_jobs)]
    spare: list[SparseScratch] = []  # who takes one away has it alone
    n_first = distances.shape[1] if distances.shape[1] <= SORTED_UP_TO else 0

    def work(lo: int, hi: int) -> None:
        try:
            room = spare.pop()
        except IndexError:
            most = max(len(postings.halves) for postings in offered)
            room = SparseScratch(np.empty(most, np.float32), np.empty(n_first, np.float32), np.empty(SUMS))
        for postings in offered:
            sparse.offer_by_features(postings, asked, sign, room, distances, indices, lo, hi)
        spare.append(room)

    if offered:
        run_ranges(work, len(queries), _QUERIES, n_jobs=n_jobs, progress=progress)


def _longest(X: SparseMatrix, rows: RowIds) -> int:
    """Values of a row at most."""
    return int(np.diff(X.rows.indptr)[rows].max(initial=0))


def _measured(part: Inverted, sign: float, longest: int, n_jobs: int | None) -> Iterator[Postings]:
    """The rows of a part as they are offered to queries of so many values; what is hidden at inf."""
    visible = part.visible
    for ids, starts, places, values in part.chunks:
        error = (longest + _longest(part.X, ids) + 8) * 2.0**-22
        norms = np.full(GROUP * split(len(ids), GROUP), np.inf)
        work = partial(sparse.squared_norms, part.X.rows, ids, part.scale, norms)
        run_ranges(work, len(ids), _NORMS, n_jobs=n_jobs)
        norms[: len(ids)] *= sign * 0.5 * (1.0 - sign * error) * sparse.UNIT * sparse.UNIT
        norms[: len(ids)][~visible[: len(ids)]] = np.inf
        visible = visible[len(ids) :]
        units = np.multiply(values, part.scale * sparse.UNIT, dtype=np.float64).astype(np.float32)
        halves = norms.astype(np.float32)
        common = map(freeze, _common(starts, places, units, len(ids), len(halves)))
        units, halves = freeze(units), freeze(halves)
        yield Postings(part.X.rows, ids, starts, places, units, halves, error, part.scale, *common)


def _common(
    starts: NDArray[np.int64], places: NDArray[np.uint32], values: NDArray[np.float32], n: int, room: int
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Values of the features that many of n rows have, row by row, and which features these are."""
    features = np.flatnonzero(np.diff(starts) * _COMMON >= n)
    common, common_of = np.zeros((len(features), room), np.float32), np.full(len(starts) - 1, -1, np.int32)
    for row, feature in enumerate(features.tolist()):
        here = slice(starts[feature], starts[feature + 1])
        common[row, places[here]] = values[here]
    common_of[features] = np.arange(len(features))
    return common, common_of
