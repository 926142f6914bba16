"""Neighbours without an index, and the rule that says when that is faster.

Milliseconds with and without an index, k = 5, two cores (Zen 5), normal numbers, the least of 7 runs:

========= ==== ======= ======= =======
        n    d queries without    with
========= ==== ======= ======= =======
      100   30     100     0.5     1.1
      300   30     300     1.7     2.4
     1000    4    1000     4.0     3.9
     1000   30     128     2.1     3.1
     1000   30    1000    15.4     5.7
   10,000   30       8     1.6    14.3
   10,000   30     128    17.6    13.2
  100,000   30      32      25      44
  100,000   30     128      94      52
1,000,000    4     128     190     328
1,000,000   30       1      19     445
1,000,000   30      32     245     470
1,000,000   30     128     946     514
========= ==== ======= ======= =======

``asv_bench/benchmarks/neighbors.py`` (Methods) measures the table. There is no third method for data that
can not be pruned: on 100,000 x 30 white noise the leaves need 74 us per query and core, and leaves of 4,096
rows, which are brute force by the same tile, 77.
"""

import numpy as np

from fastsmote._core.freeze import freeze
from fastsmote._core.threads import run_ranges, split
from fastsmote._core.typing import Matrix, Progress
from fastsmote._kernels.neighbors import brute
from fastsmote._neighbors import few
from fastsmote._neighbors.distance import Neighbors, answer_by_size, exact_scale, to_distances
from fastsmote._neighbors.search import sort_long_lists

_ROWS_PER_BLOCK = 16384
_LAID_OUT = 1e5  # nanoseconds to lay out few rows, and what goes with it


def is_faster(n: int, d: int, k: int, m: int) -> bool:
    """Whether the k nearest of n rows with d features are found sooner without an index, for m queries.

    Nanoseconds on two cores, fitted to the table: a pair of rows costs 0.75 + 0.23 d, an index 0.6 ms and
    300 + 5 d per row. Few rows have no index (see ``few``), and less to lay out. Lists of every block are
    kept, so many neighbours are left to the index.
    """
    cost = n * m * (0.75 + 0.23 * d)
    if cost > _LAID_OUT and few.are_few(n, d, n, are_wide=False):
        return False
    return cost <= 6e5 + n * (300 + 5 * d) and split(n, _ROWS_PER_BLOCK) * m * k <= 2**22


def compare_all(
    X: Matrix,
    n_neighbors: int,
    queries: Matrix | None = None,
    *,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Neighbors:
    """Distances and numbers of the nearest rows (m, k); without queries, rows of X leave themselves out."""
    scale = exact_scale(X, n_jobs=n_jobs)
    if queries is None:
        return _search(X, n_neighbors, X, True, scale, n_jobs, progress)
    return answer_by_size(
        lambda at, scale: _search(X, n_neighbors, freeze(queries[at]), False, scale, n_jobs, progress),
        scale,
        queries,
        n_neighbors,
    )


def _search(
    X: Matrix,
    n_neighbors: int,
    queries: Matrix,
    leave_out: bool,
    scale: float,
    n_jobs: int | None,
    progress: Progress | None,
) -> Neighbors:
    n, m = len(X), len(queries)
    n_blocks = split(n, _ROWS_PER_BLOCK)
    distances = np.full((n_blocks, m, n_neighbors), np.inf)
    indices = np.full((n_blocks, m, n_neighbors), n)

    def work(lo: int, hi: int) -> None:
        block = lo // _ROWS_PER_BLOCK
        brute.offer_rows(X, queries, leave_out, scale, distances[block], indices[block], lo, hi)

    run_ranges(work, n, _ROWS_PER_BLOCK, n_jobs=n_jobs, progress=progress)
    near, found = distances[0], indices[0]
    for block in range(1, n_blocks):
        near = np.concatenate([near, distances[block]], axis=1)
        found = np.concatenate([found, indices[block]], axis=1)
        order = np.lexsort((found, near), axis=1)[:, :n_neighbors]
        near, found = np.take_along_axis(near, order, axis=1), np.take_along_axis(found, order, axis=1)
    near, found = sort_long_lists(near, found)
    return to_distances(near, scale), found
