"""Lists that hold a good part of all rows: every distance is computed, and the first k are sorted out.

A heap, which the kernels of the index keep, moves each row that enters through its levels. Here a key of 64
bits holds the leading bits of a squared distance and the place of its row; NumPy sorts such keys by vector
instructions. Where leading bits do not tell the order, the query is sorted again by whole distances.

Nanoseconds for a pair of 3,000 x 5 normal numbers with each other, here and by the index, one busy core (Zen
4): k = 2,999 54 and 177, k = 400 17 and 29, k = 250 17 and 18, k = 100 17 and 8.
"""

import numpy as np

from fastsmote._core.threads import run_ranges
from fastsmote._core.typing import Floats, Matrix, Progress, RowIds
from fastsmote._kernels.neighbors.distance import pair_distances
from fastsmote._kernels.neighbors.lists import SORTED_UP_TO
from fastsmote._neighbors.index import Index, dense, visible_rows
from fastsmote._neighbors.loose import allowance

_ONE_IN = 12  # a list is long that holds one row in so many, or more
_PAIRS = 1 << 15  # looked at together: 0.25 MiB of distances
_WHOLE = 4  # all rows are sorted where there are at most so many for each that is found


def are_long(index: Index, n_neighbors: int) -> bool:
    """Whether to search parts of an index this way."""
    if n_neighbors <= SORTED_UP_TO:
        return False
    n = sum(len(part.leaves.ids) for part in index.parts)
    has_categories = any(dense(part.leaves).codes.shape[1] for part in index.parts)
    if not 0 < n <= _ONE_IN * n_neighbors or has_categories:
        return False
    return allowance.is_compiled(index.X.dtype)  # else loose rows may do without the compiler


def find_nearest(
    index: Index,
    n_neighbors: int,
    queries: Matrix,
    rows: RowIds,
    rows_are_indexed: bool,
    n_jobs: int | None,
    progress: Progress | None,
) -> tuple[Floats, RowIds]:
    """As ``search.find_nearest``, of rows of the queries."""
    ids = visible_rows([dense(part.leaves) for part in index.parts])
    n, k = len(ids), min(len(ids), n_neighbors)
    distances, indices = np.empty((len(rows), n_neighbors)), np.empty((len(rows), n_neighbors), np.int64)
    distances[:, k:], indices[:, k:] = np.inf, len(index.X)

    def work(lo: int, hi: int) -> None:
        at = rows[lo:hi]
        pairs = np.empty(len(at) * n)
        others, repeated = np.tile(ids, len(at)), np.repeat(at, n)
        pair_distances(index.X, others, queries, repeated, index.scale, pairs, 0, len(pairs))
        squared = pairs.reshape(len(at), n)
        if rows_are_indexed:
            place = np.searchsorted(ids, at)
            own = np.flatnonzero(place < np.searchsorted(ids, at, side="right"))  # not those that are hidden
            squared[own, place[own]] = np.nan  # behind all others
        first = _first(squared, k)
        distances[lo:hi, :k], indices[lo:hi, :k] = np.take_along_axis(squared, first, axis=1), ids[first]
        itself, place = np.nonzero(np.isnan(distances[lo:hi]))
        distances[lo + itself, place], indices[lo + itself, place] = np.inf, len(index.X)

    run_ranges(work, len(rows), max(1, _PAIRS // max(1, n)), n_jobs=n_jobs, progress=progress)
    return distances, indices


def _first(squared: Floats, k: int) -> RowIds:
    """Places (m, k) of the first k of each row by (squared distance, place)."""
    n = squared.shape[1]
    low = np.uint64((1 << n.bit_length()) - 1)
    keys = (squared.view(np.uint64) & ~low) | np.arange(n, dtype=np.uint64)
    if _WHOLE * k < n:
        keys = np.partition(keys, k, axis=1)[:, : k + 1]
    keys.sort(axis=1)
    places = (keys & low).astype(np.int64)
    found = np.take_along_axis(squared, places, axis=1)
    is_wrong = (found[:, 1:] < found[:, :-1]).any(axis=1)
    if keys.shape[1] > k:
        is_wrong |= (keys[:, k - 1] ^ keys[:, k]) <= low
    if is_wrong.any():
        places[is_wrong, :k] = np.argsort(squared[is_wrong], axis=1, kind="stable")[:, :k]
    return places[:, :k]
