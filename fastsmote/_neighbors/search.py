"""Searching an index: the nearest or farthest rows of queries, batch by batch.

Every answer is exact: the k smallest under (squared distance, index), the squared distance being that of
``_kernels.neighbors.distance`` in float64. The float32 leaves only decide what is worth computing (the proof
stands in ``_kernels.neighbors.search``), so results do not depend on how the index was built, on the order of
the queries or on the batches.

How the time of a self-join grows: seconds for an index and the 5 nearest of every row of ``make_fraud``, on
two cores, and p of the fit time ~ rows ** p. (A row looks at more leaves, and from 500,000 rows on these come
from main memory. ``asv run --bench 'neighbors.Growth'`` repeats it.)

| features | 50,000 | 100,000 | 200,000 | 500,000 | 1,000,000 | p |
| --- | --- | --- | --- | --- | --- | --- |
| 4 | 0.07 | 0.16 | 0.36 | 1.0 | 2.7 | 1.18 |
| 8 | 0.14 | 0.39 | 0.96 | 2.7 | 6.4 | 1.25 |
| 16 | 0.27 | 0.76 | 2.3 | 11 | 38 | 1.65 |
| 30 | 0.56 | 1.5 | 4.3 | 22 | 73 | 1.63 |
| 64 | 0.80 | 2.3 | 6.6 | 32 | 104 | 1.63 |
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.sparse_matrix import SparseMatrix, frozen_rows
from fastsmote._core.threads import run_blocks, run_ranges, split
from fastsmote._core.typing import Floats, Matrix, Progress, RowIds
from fastsmote._kernels.neighbors import farthest as far
from fastsmote._kernels.neighbors import tree
from fastsmote._kernels.neighbors.search import (
    MOST,
    SORTED_UP_TO,
    Batch,
    Leaves,
    Queries,
    contents_of,
    enclose,
    growth,
    new_batch,
    offer_all,
    sweep,
)
from fastsmote._neighbors import inverted, long_lists, loose
from fastsmote._neighbors.build import with_leaves
from fastsmote._neighbors.coordinates import compute_coordinates, coordinate_blocks
from fastsmote._neighbors.distance import ROWS_PER_BLOCK
from fastsmote._neighbors.index import Index, Loose, inverted_of, leaves_of, loose_of

_BATCH = 512  # queries at most that share a visit to a leaf: at 1M rows the leaves come from main memory
_NO_ORDER = np.empty(0, np.int64)
_MANY = 8  # more rows than one in this many: a pass over all rows costs less than a descent for each


def _order_by_leaf(
    parts: list[Leaves], queries: Matrix, rows: RowIds, rows_are_indexed: bool, n_jobs: int | None
) -> RowIds:
    """The order of the queries in which those near each other meet.

    Many rows of X itself go by the leaf that holds them, others by the leaf of the largest part that they
    fall into. (Rows of X that are not indexed come first, in any order.)
    """
    n_leaves = 0
    if rows_are_indexed and len(rows) > len(queries) // _MANY:
        leaf = np.zeros(len(queries), np.int64)
        for leaves in parts:
            leaf[leaves.ids] = n_leaves + np.arange(len(leaves.ids)) // leaves.size
            n_leaves += leaves.lows.shape[1]
        home = leaf[rows]
    else:
        leaves = max(parts, key=lambda leaves: len(leaves.ids))
        n_leaves = leaves.lows.shape[1]
        home = np.empty(len(rows), np.int64)

        def locate(lo: int, hi: int) -> None:
            for start, stop, z in coordinate_blocks(queries, rows, leaves.frame, lo, hi):
                tree.find_leaves(z, leaves.split_axis, leaves.split_value, home[start:stop])

        run_ranges(locate, len(rows), ROWS_PER_BLOCK, n_jobs=n_jobs)
    if n_leaves <= 2**16:
        home = home.astype(np.uint16)  # numpy sorts 16 bits by radix, eight times faster
    return np.argsort(home, kind="stable")


def _batch_sizes(n: int, d: int, k: int, m: int) -> tuple[int, int]:
    """Queries per batch, batches per block, for m queries of n rows.

    Where queries are few, 32 batches of at least 128, so that many threads have work; a block of a few
    milliseconds, 0.3 s at worst (white noise: 2 n d flop per query at 1e11 per second), so that Ctrl-C is
    quick. A row that enters a heap of neighbours costs up to 100 multiply-adds per level.
    """
    work = d if k <= SORTED_UP_TO else d + 100 * k.bit_length()
    queries = min(_BATCH, max(128, split(m, 32)), max(8, 16_000_000_000 // (n * work)))
    return queries, max(1, min(16, 2**25 // (queries * n)))


def find_nearest(
    index: Index,
    n_neighbors: int,
    queries: Any = None,
    rows: RowIds | None = None,
    *,
    among: Index | None = None,
    known: tuple[NDArray[Any], NDArray[Any]] | None = None,
    stop: Floats | None = None,
    homes_only: bool = False,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> tuple[Floats, RowIds]:
    """Squared scaled distances and row numbers in X of the nearest indexed rows, (m, k).

    Searched for are some ``rows`` of the queries (all by default), or without queries rows of the indexed X
    itself, each of which leaves itself out.

    Parameters
    ----------
    among : parts of the index that are searched, all by default; they may be none.
    known : (squared distances, indices) (m, k) that lists start from; both are written to and returned. With
        all k entries of a row equal to a bound (d2, i), the rows found are those that precede it.
    stop : (m,) squared distances; a query ends once the last distance of its list is below.
    homes_only : look at the leaves that the queries fall into, so that the lists are upper bounds; where rows
        are in no leaves, at all (``looks_everywhere``).
    """
    searched = index if among is None else among
    rows_are_indexed = queries is None
    queries = index.X if queries is None else frozen_rows(queries)
    rows = np.arange(len(queries)) if rows is None else rows
    m = len(rows)
    if isinstance(queries, SparseMatrix):
        lists = _empty_lists(m, n_neighbors, index) if known is None else known
        asked = queries, rows, rows if rows_are_indexed else None
        inverted.find(inverted_of(searched), *asked, lists, stop, n_jobs, progress)
        return sort_long_lists(*lists)
    if known is None and stop is None and long_lists.are_long(searched, n_neighbors):
        return long_lists.find_nearest(
            searched, n_neighbors, queries, rows, rows_are_indexed, n_jobs, progress
        )
    distances, indices = _empty_lists(m, n_neighbors, index) if known is None else known
    stop = np.zeros(m) if stop is None else stop
    if loose_parts := loose_if_cheaper(searched, m):
        lists = distances, indices
        loose.search(loose_parts, queries, rows, rows_are_indexed, lists, 1.0, n_jobs, progress)
        return lists
    parts = _leaves_to_search(searched, n_jobs)

    contents = [contents_of(leaves) for leaves in parts]

    def answer(batch: Batch) -> None:
        for me in _start(parts[0], batch):
            for held in contents:
                offer_all(held.exact, queries, batch.queries, me, distances, indices)
        if known is not None:
            slots = batch.queries.slots
            _go_on_from(parts[0], batch.queries, distances[slots, -1], indices[slots, -1])
        batches = [_at_home(batch, leaves) for leaves in parts]
        for held, in_part in zip(contents, batches, strict=True):
            home = in_part.queries.home
            order = np.argsort(home, kind="stable")
            reach = np.zeros(len(home), np.float32)
            sweep(held, queries, in_part, home[order], reach, order, distances, indices)
        if not homes_only:
            for leaves, held, in_part in zip(parts, contents, batches, strict=True):
                near, reach = _leaves_within_reach(leaves, in_part)
                sweep(held, queries, in_part, near, reach, _NO_ORDER, distances, indices)

    known_places = leaves_of(index) or parts
    _run_batches(
        answer, known_places, parts, queries, rows, rows_are_indexed, n_neighbors, stop, n_jobs, progress
    )
    return sort_long_lists(distances, indices)


def _empty_lists(m: int, n_neighbors: int, index: Index) -> tuple[Floats, RowIds]:
    """Lists that any row can enter."""
    return np.full((m, n_neighbors), np.inf), np.full((m, n_neighbors), len(index.X))


def _start(leaves: Leaves, batch: Batch) -> RowIds:
    """Round the coordinates of the queries; returns those that float32 can not hold.

    These get slack inf, and limit -1, which keeps them out of every leaf.
    """
    queries = batch.queries
    enclose(batch.points, leaves.frame.rounding, batch.down, batch.up, queries.slack)
    beyond = np.flatnonzero(np.isinf(queries.slack))
    queries.limits[beyond] = -1.0
    return beyond


def _go_on_from(leaves: Leaves, queries: Queries, furthest: Floats, last: RowIds) -> None:
    """Radii of queries whose lists hold rows, or a bound, already: the last of them."""
    slack = growth.py_func(leaves.X.shape[1])
    with np.errstate(
        invalid="ignore", over="ignore"
    ):  # inf times 0; a bound beyond all rows that are indexed
        queries.radius[:] = np.sqrt(furthest) * (leaves.frame.scale / leaves.scale)
        limits = np.fmin(queries.radius * queries.radius * slack * (1.0 + 2.0**-22) + 1e-37, MOST)
    at_work = queries.limits[: len(limits)] >= 0.0
    queries.limits[: len(limits)] = np.where(at_work & (furthest >= queries.stop), limits, -1.0)
    is_full = furthest == 0.0
    queries.latest[is_full] = last[is_full]


def _at_home(batch: Batch, leaves: Leaves) -> Batch:
    """The batch with the leaf of a part that each query falls into."""
    home = np.empty_like(batch.queries.rows)
    tree.find_leaves(batch.points, leaves.split_axis, leaves.split_value, home)
    return batch._replace(queries=batch.queries._replace(home=home))


def _box(batch: Batch, leaves: Leaves) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Lower and upper bounds of the queries in each dimension, as columns."""
    d, m = leaves.X.shape[1], len(batch.points)
    low = np.minimum.reduce(batch.down[:d, :m], axis=1, keepdims=True)
    return low, np.maximum.reduce(batch.up[:d, :m], axis=1, keepdims=True)


def _leaves_within_reach(leaves: Leaves, batch: Batch) -> tuple[RowIds, NDArray[np.float32]]:
    """Leaves that a query of the batch may reach, near ones first.

    With them, squared distances of the box around the batch to their boxes.
    """
    low, high = _box(batch, leaves)
    gap = np.maximum(np.maximum(leaves.lows - high, low - leaves.highs), 0.0)
    reach = np.add.reduce(gap * gap)
    near = (reach <= np.maximum.reduce(batch.queries.limits)).nonzero()[0]
    near = near[reach[near].argsort()]
    return near, reach[near]


def find_farthest(
    index: Index,
    n_neighbors: int,
    queries: Any = None,
    rows: RowIds | None = None,
    *,
    among: Index | None = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> tuple[Floats, RowIds]:
    """Squared scaled distances and row numbers of the farthest rows (m, k); otherwise as ``find_nearest``."""
    searched = index if among is None else among
    rows_are_indexed = queries is None
    queries = index.X if queries is None else frozen_rows(queries)
    rows = np.arange(len(queries)) if rows is None else rows
    m = len(rows)
    distances = np.zeros((m, n_neighbors))
    indices = np.full((m, n_neighbors), len(index.X))
    if isinstance(queries, SparseMatrix):
        lists, asked = (distances, indices), (queries, rows, rows if rows_are_indexed else None)
        inverted.find(inverted_of(searched), *asked, lists, None, n_jobs, progress, farthest=True)
        distances, indices = sort_long_lists(*lists)
        return np.negative(distances, out=distances), indices
    if loose_parts := loose_if_cheaper(searched, m):
        lists = distances, indices
        loose.search(loose_parts, queries, rows, rows_are_indexed, lists, -1.0, n_jobs, progress)
        return np.negative(distances, out=distances), indices
    parts = _leaves_to_search(searched, n_jobs)

    def answer(batch: Batch) -> None:
        beyond = _start(parts[0], batch)
        batch.queries.radius[:] = 0.0
        for leaves in parts:
            held = contents_of(leaves)
            for me in beyond:
                far.offer_all_far(held.exact, queries, batch.queries, me, distances, indices)
            low, high = _box(batch, leaves)
            gap = np.maximum(high - leaves.lows, leaves.highs - low)
            reach = np.square(gap, out=gap).sum(axis=0)
            order = np.argsort(-reach, kind="stable")
            far.farthest(held, queries, batch, order, reach, distances, indices)

    stop = np.zeros(m)
    known_places = leaves_of(index) or parts
    _run_batches(
        answer, known_places, parts, queries, rows, rows_are_indexed, n_neighbors, stop, n_jobs, progress
    )
    distances, indices = sort_long_lists(distances, indices)
    return np.negative(distances, out=distances), indices


def sort_long_lists(distances: Floats, indices: RowIds) -> tuple[Floats, RowIds]:
    """Sort, in place, the lists that kernels leave as heaps, by (squared distance, index)."""
    if distances.shape[1] > SORTED_UP_TO:
        for distance_list, index_list in zip(distances, indices, strict=True):
            order = np.lexsort((index_list, distance_list))
            distance_list[:], index_list[:] = distance_list[order], index_list[order]
    return distances, indices


def looks_everywhere(searched: Index, m: int) -> bool:
    """Whether m queries look at all rows, where they were asked to look at home."""
    return bool(inverted_of(searched) or loose_if_cheaper(searched, m))


def loose_if_cheaper(searched: Index, m: int) -> list[Loose]:
    """The parts to compare m queries with, where that is worth it; else none."""
    parts = loose_of(searched)
    n = sum(len(part.ids) for part in parts)
    return parts if parts and loose.is_cheaper(n, searched.X.shape[1], m) else []


def _leaves_to_search(searched: Index, n_jobs: int | None) -> list[Leaves]:
    return leaves_of(with_leaves(searched, n_jobs) if loose_of(searched) else searched)


def _run_batches(
    answer: Callable[[Batch], None],
    known_places: list[Leaves],
    parts: list[Leaves],
    queries: Matrix,
    rows: RowIds,
    rows_are_indexed: bool,
    n_neighbors: int,
    stop: Floats,
    n_jobs: int | None,
    progress: Progress | None,
) -> None:
    """Answer the queries in batches of near ones."""
    m = len(rows)
    if not parts or not m:
        return
    slots = _order_by_leaf(known_places, queries, rows, rows_are_indexed, n_jobs)
    n_found = sum(len(part.ids) for part in parts)
    per_batch, batches = _batch_sizes(n_found, queries.shape[1], n_neighbors, m)
    per_block = per_batch * batches

    def answer_block(block: int) -> None:
        for start in range(block * per_block, min(m, (block + 1) * per_block), per_batch):
            at = slots[start : start + per_batch]
            itself = rows[at] if rows_are_indexed else np.full(len(at), -1)
            batch = new_batch(
                queries.shape[1], parts[0].panels.centres.shape[1], rows[at], itself, at, stop[at]
            )
            compute_coordinates(queries, batch.queries.rows, parts[0].frame, batch.points, 0, len(at))
            answer(batch)

    run_blocks(answer_block, split(m, per_block), n_jobs=n_jobs, progress=progress)
