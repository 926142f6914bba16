"""Searching an index: the nearest or farthest rows of queries, batch by batch."""

from collections.abc import Callable

import numpy as np

from fastsmote._core.threads import run_blocks, run_ranges, split
from fastsmote._core.typing import Progress
from fastsmote._kernels.neighbors import farthest as far
from fastsmote._kernels.neighbors import tree
from fastsmote._kernels.neighbors.search import (
    SORTED_UP_TO,
    Batch,
    Leaves,
    find_homes,
    new_batch,
    offer_all,
    prepare,
    seed,
    sweep,
)
from fastsmote._neighbors.index import PASS_ROWS, Index

BATCH = 512  # queries at most that share a visit to a leaf: at 1M rows the leaves come from main memory
_MANY = 8  # more rows than one in this many: a pass over all rows costs less than a descent for each


def _by_leaf(index: Index, Q: np.ndarray, rows: np.ndarray, own_rows: bool, n_jobs: int | None) -> np.ndarray:
    """The order of the queries in which those near each other meet.

    Many rows of X itself go by the leaf that holds them, others by the leaf of the largest part that they
    fall into. (Rows of X that are not indexed come first, in any order.)
    """
    n_leaves = 0
    if own_rows and len(rows) > len(Q) // _MANY:
        leaf = np.zeros(len(Q), np.int64)
        for _, leaves in index.parts:
            leaf[leaves.ids] = n_leaves + np.arange(len(leaves.ids)) // leaves.size
            n_leaves += leaves.lows.shape[1]
        home = leaf[rows]
    else:
        leaves = max((part.leaves for part in index.parts), key=lambda leaves: len(leaves.ids))
        n_leaves = leaves.lows.shape[1]
        home = np.empty(len(rows), np.int64)

        def locate(lo: int, hi: int) -> None:
            scratch = tree.new_scratch(1, Q)
            tree.locate(Q, rows, leaves.frame, leaves.split_axis, leaves.split_value, home, scratch, lo, hi)

        run_ranges(locate, len(rows), PASS_ROWS, n_jobs=n_jobs)
    if n_leaves <= 2**16:
        home = home.astype(np.uint16)  # numpy sorts 16 bits by radix, eight times faster
    return np.argsort(home, kind="stable")


def _batch(n: int, d: int, k: int, m: int) -> tuple[int, int]:
    """Queries per batch, batches per block, for m queries of n rows.

    Where queries are few, 32 batches of at least 128, so that many threads have work; a block of a few
    milliseconds, 0.3 s at worst (white noise: 2 n d flop per query at 1e11 per second), so that Ctrl-C is
    quick. A row that enters a heap of neighbours costs up to 100 multiply-adds per level.
    """
    work = d if k <= SORTED_UP_TO else d + 100 * k.bit_length()
    queries = min(BATCH, max(128, split(m, 32)), max(8, 16_000_000_000 // (n * work)))
    return queries, max(1, min(16, 2**25 // (queries * n)))


def find_nearest(
    index: Index,
    n_neighbors: int,
    Q: np.ndarray | None = None,
    rows: np.ndarray | None = None,
    *,
    among: Index | None = None,
    known: tuple[np.ndarray, np.ndarray] | None = None,
    stop: np.ndarray | None = None,
    homes_only: bool = False,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Squared scaled distances and row numbers in X of the nearest indexed rows, (m, k).

    Queries are ``rows`` of Q (all by default), or with Q None rows of the indexed X itself, each of which
    leaves itself out.

    Parameters
    ----------
    among : parts of the index that are searched, all by default; they may be none.
    known : (distances, indices) (m, k) that lists start from, which are updated and returned: with all k
        entries of a row equal to a bound (d2, i), the rows found are those that precede it.
    stop : (m,) squared distances; a query ends once the last distance of its list is below.
    homes_only : look at the leaves that the queries fall into, so that the lists are upper bounds.
    """
    parts = [part.leaves for part in (index if among is None else among).parts]
    own_rows = Q is None
    Q = index.X if Q is None else Q
    rows = np.arange(len(Q)) if rows is None else rows
    m = len(rows)
    if known is None:
        distances = np.full((m, n_neighbors), np.inf)
        indices = np.full((m, n_neighbors), len(index.X))
    else:
        distances, indices = known
    stop = np.zeros(m) if stop is None else stop

    def answer(batch: Batch) -> None:
        prepare(parts[0], Q, batch, distances, indices)
        for me in np.flatnonzero(np.isinf(batch.slack)):
            for part in parts:
                offer_all(part, Q, batch, me, distances, indices)
        pairs = [(part, batch._replace(home=np.empty_like(batch.rows))) for part in parts]
        for part, in_part in pairs:
            find_homes(part, in_part)
            seed(part, Q, in_part, np.argsort(in_part.home, kind="stable"), distances, indices)
        if not homes_only:
            for part, in_part in pairs:
                sweep(part, Q, in_part, distances, indices)

    _run_batches(answer, index, parts, Q, rows, own_rows, n_neighbors, stop, n_jobs, progress)
    return ascending(distances, indices)


def find_farthest(
    index: Index,
    n_neighbors: int,
    Q: np.ndarray | None = None,
    rows: np.ndarray | None = None,
    *,
    among: Index | None = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Squared scaled distances and row numbers in X of the farthest rows, (m, k); otherwise as ``search``."""
    parts = [part.leaves for part in (index if among is None else among).parts]
    own_rows = Q is None
    Q = index.X if Q is None else Q
    rows = np.arange(len(Q)) if rows is None else rows
    m = len(rows)
    distances = np.zeros((m, n_neighbors))
    indices = np.full((m, n_neighbors), len(index.X))

    def answer(batch: Batch) -> None:
        prepare(parts[0], Q, batch, distances, indices)
        for part in parts:
            for me in np.flatnonzero(np.isinf(batch.slack)):
                far.offer_all_far(part, Q, batch, me, distances, indices)
            far.reach(part, batch)
            order = np.argsort(-batch.reach[: part.lows.shape[1]], kind="stable")
            far.farthest(part, Q, batch, order, distances, indices)

    _run_batches(answer, index, parts, Q, rows, own_rows, n_neighbors, np.zeros(m), n_jobs, progress)
    distances, indices = ascending(distances, indices)
    return np.negative(distances, out=distances), indices


def ascending(distances: np.ndarray, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lists in the order of (squared distance, index), which long ones are not yet."""
    if distances.shape[1] > SORTED_UP_TO:
        for distance_list, index_list in zip(distances, indices, strict=True):
            order = np.lexsort((index_list, distance_list))
            distance_list[:], index_list[:] = distance_list[order], index_list[order]
    return distances, indices


def _run_batches(
    answer: Callable[[Batch], None],
    index: Index,
    parts: list[Leaves],
    Q: np.ndarray,
    rows: np.ndarray,
    own_rows: bool,
    n_neighbors: int,
    stop: np.ndarray,
    n_jobs: int | None,
    progress: Progress | None,
) -> None:
    """Answer the queries in batches of near ones."""
    m = len(rows)
    if not parts or not m:
        return
    slots = _by_leaf(index, Q, rows, own_rows, n_jobs)
    most_leaves = max(part.lows.shape[1] for part in parts)
    queries, batches = _batch(sum(len(part.ids) for part in parts), Q.shape[1], n_neighbors, m)

    def body(block: int) -> None:
        for start in range(block * batches * queries, min(m, (block + 1) * batches * queries), queries):
            at = slots[start : start + queries]
            own = rows[at] if own_rows else np.full(len(at), -1)
            answer(new_batch(parts[0], most_leaves, rows[at], own, at, stop[at]))

    run_blocks(body, split(m, queries * batches), n_jobs=n_jobs, progress=progress)
