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
from functools import partial
from typing import Any, TypeAlias, TypeGuard

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.sparse_matrix import SparseMatrix, frozen_rows
from fastsmote._core.threads import run_ranges
from fastsmote._core.typing import Floats, Matrix, Progress, RowIds
from fastsmote._kernels.neighbors import farthest as far
from fastsmote._kernels.neighbors.lists import SORTED_UP_TO
from fastsmote._kernels.neighbors.search import (
    Batch,
    Leaves,
    contents_of,
    offer_all,
    sweep,
)
from fastsmote._neighbors import bits, few, inverted, long_lists, loose, spread
from fastsmote._neighbors.batches import (
    SearchTask,
    at_home,
    box,
    go_on_from,
    leaves_within_reach,
    order_by_leaf,
    run_batches,
    start,
)
from fastsmote._neighbors.build import with_leaves
from fastsmote._neighbors.distance import ROWS_PER_BLOCK
from fastsmote._neighbors.index import Index, Loose, inverted_of, leaves_of, loose_of, visible_rows
from fastsmote._neighbors.spread import NO_ORDER

_Known: TypeAlias = tuple[NDArray[Any], NDArray[Any]] | None

_FEW_ROWS = 32  # to compare with all of them takes 12 ns for each (30 features), a visit of one leaf 400 ns


def find_nearest(
    index: Index,
    n_neighbors: int,
    queries: Any = None,
    rows: RowIds | None = None,
    *,
    among: Index | None = None,
    known: _Known = None,
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
    known : (squared distances, indices) (m, k) that lists start from; both are written to and returned. Or a
        bound (m,) each, as if it were all k entries: the rows found are those that precede it.
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
        lists = _lists(m, n_neighbors, len(index.X), known)
        asked = queries, rows, rows if rows_are_indexed else None
        stop = None if stop is None else np.ascontiguousarray(stop)
        inverted.find(inverted_of(searched), *asked, lists, stop, n_jobs, progress)
        return sort_long_lists(*lists)
    if known is None and stop is None and long_lists.are_long(searched, n_neighbors):
        return long_lists.find_nearest(
            searched, n_neighbors, queries, rows, rows_are_indexed, n_jobs, progress
        )
    if compare := _comparison(searched, queries, rows, rows_are_indexed, n_jobs):
        lists = _lists(m, n_neighbors, len(index.X), known)
        compare(lists, 1.0, n_jobs, progress)
        return sort_long_lists(*lists)
    stop = np.zeros(m) if stop is None else stop
    parts = _leaves_to_search(searched, n_jobs)
    if m == 0 or sum(len(part.ids) for part in parts) <= _FEW_ROWS:
        distances, indices = _lists(m, n_neighbors, len(index.X), known)
        if parts:
            own, lists = _own(rows, rows_are_indexed), (distances, indices)
            few.search(parts[0], visible_rows(parts), queries, rows, own, lists, 1.0, n_jobs, progress)
    else:
        task = _task(index, parts, queries, rows, rows_are_indexed, stop, n_jobs)
        distances, indices = _in_batches(task, n_neighbors, known, homes_only, n_jobs, progress)
    return sort_long_lists(distances, indices)


def _in_batches(
    task: SearchTask,
    n_neighbors: int,
    known: _Known,
    homes_only: bool,
    n_jobs: int | None,
    progress: Progress | None,
) -> tuple[Floats, RowIds]:
    m, bound = len(task.rows), None
    if _are_lists(known):
        distances, indices = known
    else:  # they are filled batch by batch
        distances, indices = np.empty((m, n_neighbors)), np.empty((m, n_neighbors), np.int64)
        bound = _bound(m, len(task.parts[0].X), known)
    goes_on = not homes_only and spread.suits(task, n_neighbors)
    lists = distances, indices
    answer = partial(_answer, task, lists, bound, known is not None, homes_only or goes_on)
    run_batches(task, answer, n_neighbors, n_jobs, None if goes_on else progress)
    if goes_on:
        spread.go_on(task, distances, indices, n_jobs, progress)
    return lists


def _task(
    index: Index,
    parts: list[Leaves],
    queries: Matrix,
    rows: RowIds,
    rows_are_indexed: bool,
    stop: Floats,
    n_jobs: int | None,
) -> SearchTask:
    order = order_by_leaf(leaves_of(index) or parts, queries, rows, rows_are_indexed, n_jobs)
    return SearchTask(queries, rows, rows_are_indexed, stop, parts, order)


def _answer(
    task: SearchTask,
    lists: tuple[Floats, RowIds],
    bound: tuple[Floats, RowIds] | None,
    are_known: bool,
    homes_only: bool,
    batch: Batch,
) -> None:
    """Offer the queries of a batch the rows of the leaves that they fall into, and then of all others.

    Lists are filled with a ``bound`` first, where there is one.
    """
    parts, queries, (distances, indices) = task.parts, task.queries, lists
    slots = batch.queries.slots
    if bound is not None:
        distances[slots], indices[slots] = (place[slots, np.newaxis] for place in bound)
    contents = [contents_of(leaves) for leaves in parts]
    for me in start(parts[0], batch):
        for held in contents:
            offer_all(held.exact, queries, batch.queries, me, distances, indices)
    if are_known:
        go_on_from(parts[0], batch.queries, distances[slots, -1], indices[slots, -1])
    batches = [at_home(batch, leaves) for leaves in parts]
    for held, in_part in zip(contents, batches, strict=True):
        home = in_part.queries.home
        order = np.argsort(home, kind="stable")
        reach = np.zeros(len(home), np.float32)
        sweep(held, queries, in_part, home[order], reach, order, distances, indices)
    if not homes_only:
        for leaves, held, in_part in zip(parts, contents, batches, strict=True):
            near, reach = leaves_within_reach(leaves, in_part)
            sweep(held, queries, in_part, near, reach, NO_ORDER, distances, indices)


def _lists(m: int, n_neighbors: int, n: int, known: _Known) -> tuple[Floats, RowIds]:
    """The lists that are known, or full of a bound, by default one that each of n rows precedes."""
    if _are_lists(known):
        return known
    if known is None:
        distances, indices = np.empty((m, n_neighbors)), np.empty((m, n_neighbors), np.int64)
        distances.fill(np.inf)
        indices.fill(n)
        return distances, indices
    squared, rows = known
    return (
        np.repeat(squared[:, np.newaxis], n_neighbors, axis=1),
        np.repeat(rows[:, np.newaxis], n_neighbors, axis=1),
    )


def _filled(shape: tuple[int, int], row: int, n_jobs: int | None) -> RowIds:
    """Lists of one row number, in blocks: new memory is slow where it is first written."""
    lists = np.empty(shape, np.int64)

    def fill(lo: int, hi: int) -> None:
        lists[lo:hi] = row

    run_ranges(fill, len(lists), ROWS_PER_BLOCK, n_jobs=n_jobs)
    return lists


def _are_lists(known: _Known) -> TypeGuard[tuple[Floats, RowIds]]:
    return known is not None and known[0].ndim == 2


def _bound(m: int, n: int, known: _Known) -> tuple[Floats, RowIds]:
    return known or (np.broadcast_to(np.inf, m), np.broadcast_to(np.int64(n), m))


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
    indices = _filled((m, n_neighbors), len(index.X), n_jobs)
    if isinstance(queries, SparseMatrix):
        lists, asked = (distances, indices), (queries, rows, rows if rows_are_indexed else None)
        inverted.find(inverted_of(searched), *asked, lists, None, n_jobs, progress, farthest=True)
        distances, indices = sort_long_lists(*lists)
        return _turned(distances), indices
    if compare := _comparison(searched, queries, rows, rows_are_indexed, n_jobs):
        compare((distances, indices), -1.0, n_jobs, progress)
        distances, indices = sort_long_lists(distances, indices)
        return _turned(distances), indices
    parts = _leaves_to_search(searched, n_jobs)

    def answer(batch: Batch) -> None:
        beyond = start(parts[0], batch)
        batch.queries.radius[:] = 0.0
        for leaves in parts:
            held = contents_of(leaves)
            for me in beyond:
                far.offer_all_far(held.exact, queries, batch.queries, me, distances, indices)
            low, high = box(batch, leaves)
            gap = np.maximum(high - leaves.lows, leaves.highs - low)
            reach = np.square(gap, out=gap).sum(axis=0)
            order = np.argsort(-reach, kind="stable")
            far.farthest(held, queries, batch, order, reach, distances, indices)

    if parts and m:
        task = _task(index, parts, queries, rows, rows_are_indexed, np.zeros(m), n_jobs)
        run_batches(task, answer, n_neighbors, n_jobs, progress)
    distances, indices = sort_long_lists(distances, indices)
    return _turned(distances), indices


def _turned(distances: Floats) -> Floats:
    """Distances that counted negative, written over them; 0 is +0, whichever it was."""
    return np.subtract(0.0, distances, out=distances)


def sort_long_lists(distances: Floats, indices: RowIds) -> tuple[Floats, RowIds]:
    """Sort, in place, the lists that kernels leave as heaps, by (squared distance, index)."""
    if distances.shape[1] > SORTED_UP_TO:
        for distance_list, index_list in zip(distances, indices, strict=True):
            order = np.lexsort((index_list, distance_list))
            distance_list[:], index_list[:] = distance_list[order], index_list[order]
    return distances, indices


def _own(rows: RowIds, rows_are_indexed: bool) -> RowIds:
    """Rows (m,) of X that queries leave out, -1 for none."""
    return rows if rows_are_indexed else np.full(len(rows), -1)


def _comparison(
    searched: Index, queries: Matrix, rows: RowIds, rows_are_indexed: bool, n_jobs: int | None
) -> Callable[..., None] | None:
    """What offers all rows to queries, with (lists, sign, n_jobs, progress), where leaves are not better."""
    parts = loose_of(searched)
    if bits.serve(parts, len(rows)):
        words = bits.words_of(queries, rows, n_jobs)
        if words is not None:
            return partial(bits.search, parts, words, _own(rows, rows_are_indexed))
    parts = loose_if_cheaper(searched, len(rows))
    return partial(loose.search, parts, queries, rows, rows_are_indexed) if parts else None


def looks_everywhere(searched: Index, m: int) -> bool:
    """Whether m queries, rows of X, look at all rows where they were asked to look at home."""
    parts = loose_of(searched)
    return bool(inverted_of(searched) or bits.serve(parts, m) or loose_if_cheaper(searched, m))


def loose_if_cheaper(searched: Index, m: int) -> list[Loose]:
    """The parts to compare m queries with, where that is worth it; else none."""
    parts = loose_of(searched)
    if not parts:
        return []
    n, X = sum(len(part.ids) for part in parts), parts[0].X
    return parts if loose.is_cheaper(n, X.shape[1], m, X.dtype) else []


def _leaves_to_search(searched: Index, n_jobs: int | None) -> list[Leaves]:
    return leaves_of(with_leaves(searched, n_jobs) if loose_of(searched) else searched)
