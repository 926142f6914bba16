"""Queries in batches: in what order they come, what a batch knows of itself, which leaves it may reach."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.threads import run_blocks, run_ranges, split
from fastsmote._core.typing import Floats, Matrix, Progress, RowIds
from fastsmote._kernels.neighbors import tree
from fastsmote._kernels.neighbors.lists import SORTED_UP_TO
from fastsmote._kernels.neighbors.search import (
    MOST,
    Batch,
    Leaves,
    Queries,
    enclose,
    growth,
    new_batch,
)
from fastsmote._neighbors.coordinates import compute_coordinates, coordinate_blocks
from fastsmote._neighbors.distance import rows_per_block

BATCH = 512  # queries at most that share a visit to a leaf
MANY_ROWS = 1 << 18  # whose leaves do not stay in a cache while batches come and go
LARGE_BATCH = 2048  # there: the 5 nearest of 60,000 of 1,000,000 rows take 0.85 of the time of batches of 512
_MANY = 8  # more rows than one in this many: a pass over all rows costs less than a descent for each
_ROWS_PER_PASS = 65536  # of one number each
_SMALL = 2**18  # pairs of a block: a quarter of a millisecond where few are left out
_LEAST = 8  # queries of a batch
_WORTH = 120_000_000  # multiply-adds of a batch, beside which its steps in Python do not count: 4 ms
_CUT_TO = 256  # queries that the last batches are cut to, not below: in 128 a search takes 5 % longer


class SearchTask(NamedTuple):
    """The queries of a search, and the parts that it goes through."""

    queries: Matrix
    rows: RowIds  # (m,) of the queries
    are_indexed: bool  # they are rows of the index, each of which leaves itself out
    stop: Floats  # (m,) as for ``search.find_nearest``
    parts: list[Leaves]
    order: RowIds  # (m,) places in ``rows``: near ones together

    @property
    def n_searched(self) -> int:
        return sum(len(part.ids) for part in self.parts)

    def batch(self, at: RowIds) -> Batch:
        """The queries at some places, with their coordinates."""
        queries, first = self.queries, self.parts[0]
        itself = self.rows[at] if self.are_indexed else np.full(len(at), -1)
        width = first.panels.centres.shape[1]
        batch = new_batch(queries.shape[1], width, self.rows[at], itself, at, self.stop[at])
        compute_coordinates(queries, batch.queries.rows, first.frame, batch.points, 0, len(at))
        return batch


def order_by_leaf(
    parts: list[Leaves], queries: Matrix, rows: RowIds, rows_are_indexed: bool, n_jobs: int | None
) -> RowIds:
    """The order of the queries in which those near each other meet.

    Many rows of X itself go by the leaf that holds them, others by the leaf of the largest part that they
    fall into. (Rows of X that are not indexed come first, in any order.)
    """
    if rows_are_indexed and len(rows) > len(queries) // _MANY:
        return _in_leaves(parts, len(queries), rows, n_jobs)
    leaves = max(parts, key=lambda leaves: len(leaves.ids))
    home = np.empty(len(rows), np.int64)

    def locate(lo: int, hi: int) -> None:
        for start, stop, z in coordinate_blocks(queries, rows, leaves.frame, lo, hi):
            tree.find_leaves(z, leaves.split_axis, leaves.split_value, home[start:stop])

    run_ranges(locate, len(rows), rows_per_block(len(rows)), n_jobs=n_jobs)
    if leaves.lows.shape[1] <= 2**16:
        home = home.astype(np.uint16)  # numpy sorts 16 bits by radix, eight times faster
    return np.argsort(home, kind="stable")


def _in_leaves(parts: list[Leaves], n: int, rows: RowIds, n_jobs: int | None) -> RowIds:
    """Places of ``rows``, of n, as leaf by leaf holds them; first those that no leaf holds.

    In blocks, as new memory is slow where it is first written: 4 ms for 8 MB.
    """
    place = np.empty(n, np.int32 if n < 2**31 else np.int64)
    order = [np.empty(len(leaves.ids), np.int64) for leaves in parts]

    def clear(lo: int, hi: int) -> None:
        place[lo:hi] = -1

    def note(lo: int, hi: int) -> None:
        place[rows[lo:hi]] = np.arange(lo, hi)

    run_ranges(clear, n, _ROWS_PER_PASS, n_jobs=n_jobs)
    run_ranges(note, len(rows), _ROWS_PER_PASS, n_jobs=n_jobs)
    for leaves, places in zip(parts, order, strict=True):

        def look_up(lo: int, hi: int, ids: RowIds = leaves.ids, places: RowIds = places) -> None:
            places[lo:hi] = place[ids[lo:hi]]

        run_ranges(look_up, len(places), _ROWS_PER_PASS, n_jobs=n_jobs)
    found = [places if places.min(initial=0) >= 0 else places[places >= 0] for places in order]
    if sum(map(len, found)) < len(rows):
        is_missing = np.ones(len(rows), bool)
        for places in found:
            is_missing[places] = False
        found.insert(0, np.flatnonzero(is_missing))
    return found[0] if len(found) == 1 else np.concatenate(found)


def batch_sizes(n: int, d: int, k: int, m: int) -> tuple[int, int]:
    """Queries per batch, batches per block, for m queries of n rows.

    Where queries are few, 32 batches of at least 128, so that many threads have work, and of up to 512 where
    rows are few, too: threads take turns in Python, and the 5 nearest of 1,000 x 64 rows take 2.9 ms of two
    cores in batches of 128, and 2.1 in such of 512 (Zen 4). A block of a few milliseconds, 0.6 s at worst
    (white noise: 2 n d flop per query at 1e11 per second), so that Ctrl-C is quick. A row that enters a heap
    of neighbours costs up to 100 multiply-adds per level.
    """
    work = d if k <= SORTED_UP_TO else d + 100 * k.bit_length()
    most = BATCH if n < MANY_ROWS else LARGE_BATCH
    worth = 1 << (_WORTH // (n * d) | 1).bit_length() - 1
    least = max(128, min(BATCH, worth), split(m, 32))
    queries = min(most, least, max(_LEAST, 32_000_000_000 // (n * work)))
    return queries, max(1, min(16, _SMALL // (queries * n)))


def run_batches(
    task: SearchTask,
    answer: Callable[[Batch], None],
    n_neighbors: int,
    n_jobs: int | None,
    progress: Progress | None,
) -> None:
    """Answer the queries in batches of near ones."""
    m = len(task.rows)
    per_batch, batches = batch_sizes(task.n_searched, task.queries.shape[1], n_neighbors, m)
    edges = _edges(m, per_batch * batches)

    def answer_block(block: int) -> None:
        order = task.order[edges[block] : edges[block + 1]]
        for start in range(0, len(order), per_batch):
            answer(task.batch(order[start : start + per_batch]))

    run_blocks(answer_block, len(edges) - 1, n_jobs=n_jobs, progress=progress)


def _edges(m: int, size: int) -> list[int]:
    """Where blocks of m queries begin, and where the last ends.

    Those of the last eighth are smaller, down to a quarter: where blocks take long, threads that find no more
    wait less for the others.
    """
    whole = 7 * m // 8 // size * size
    return [*range(0, whole, size), *range(whole, m, max(size // 4, min(size, _CUT_TO))), m]


def start(leaves: Leaves, batch: Batch) -> RowIds:
    """Round the coordinates of the queries; returns those that float32 can not hold.

    These get slack inf, and limit -1, which keeps them out of every leaf.
    """
    queries = batch.queries
    enclose(batch.points, leaves.frame.rounding, batch.down, batch.up, queries.slack)
    beyond = np.flatnonzero(np.isinf(queries.slack))
    queries.limits[beyond] = -1.0
    return beyond


def go_on_from(leaves: Leaves, queries: Queries, furthest: Floats, last: RowIds) -> None:
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


def at_home(batch: Batch, leaves: Leaves) -> Batch:
    """The batch with the leaf of a part that each query falls into."""
    home = np.empty_like(batch.queries.rows)
    tree.find_leaves(batch.points, leaves.split_axis, leaves.split_value, home)
    return batch._replace(queries=batch.queries._replace(home=home))


def box(batch: Batch, leaves: Leaves) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Lower and upper bounds of the queries in each dimension, as columns."""
    d, m = leaves.X.shape[1], len(batch.points)
    low = np.minimum.reduce(batch.down[:d, :m], axis=1, keepdims=True)
    return low, np.maximum.reduce(batch.up[:d, :m], axis=1, keepdims=True)


def leaves_within_reach(leaves: Leaves, batch: Batch) -> tuple[RowIds, NDArray[np.float32]]:
    """Leaves that a query of the batch may reach, near ones first.

    With them, squared distances of the box around the batch to their boxes.
    """
    low, high = box(batch, leaves)
    gap = np.maximum(np.maximum(leaves.lows - high, low - leaves.highs), 0.0)
    reach = np.add.reduce(gap * gap)
    near = (reach <= np.maximum.reduce(batch.queries.limits)).nonzero()[0]
    near = near[reach[near].argsort()]
    return near, reach[near]
