"""Few rows and few queries: every pair, without an index.

* **By exact distances alone.** For the smallest questions.
* **By products first.** Tiles of float32 bound distances, and few pairs get an exact one (see ``tiles``).

An index of 200 rows takes half a millisecond, for its many steps and not for the rows. Milliseconds of one
core (Zen 4) for the 5 nearest others of the first m of n normal rows: index, exact distances, products.

| n | m | 4 features | | | 10 | | | 30 | | | 150 | | |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
| 50 | 50 | 0.61 | 0.07 | 0.14 | 0.37 | 0.05 | 0.13 | 0.4 | 0.07 | 0.12 | 0.48 | 0.11 | 0.16 |
| 200 | 200 | 0.54 | 0.10 | 0.16 | 0.55 | 0.12 | 0.17 | 0.53 | 0.18 | 0.19 | 1.0 | 0.63 | 0.4 |
| 1,000 | 200 | 0.79 | 0.23 | 0.23 | 0.93 | 0.3 | 0.28 | 1.4 | 0.64 | 0.36 | 2.6 | 3.0 | 1.1 |
| 1,000 | 1,000 | 1.7 | 0.89 | 1.1 | 2.2 | 1.3 | 1.2 | 3.3 | 3.1 | 1.7 | 7.2 | 18 | 5.0 |
| 2,000 | 2,000 | 3.3 | 3.2 | 2.5 | 4.7 | 4.8 | 3.1 | 7.9 | 12 | 4.7 | 23 | 57 | 16 |
| 4,000 | 400 | 1.9 | 1.3 | 0.97 | 2.5 | 1.9 | 1.2 | 4.5 | 5.1 | 2.1 | 11 | 23 | 6.9 |
| 4,000 | 4,000 | 6.3 | 12 | 8.1 | 12 | 21 | 11 | 25 | 54 | 22 | 73 | 230 | 59 |

Rows that are not white noise leave an index less to look at, half as much at 4,000 rows in clusters: it is
taken sooner than the table says.
"""

import numpy as np

from fastsmote._core.cache_lines import on_cache_lines
from fastsmote._core.freeze import freeze
from fastsmote._core.threads import even_size, run_ranges, split
from fastsmote._core.typing import Floats, Matrix, Progress, RowIds
from fastsmote._kernels.neighbors.distance import PANEL
from fastsmote._kernels.neighbors.few import FewRows, PairScratch, compare, lay_out
from fastsmote._kernels.neighbors.search import Leaves
from fastsmote._kernels.neighbors.tile import GROUP
from fastsmote._neighbors import tiles
from fastsmote._neighbors.index import Loose
from fastsmote._neighbors.products import asked, go_on_compiled

STEPS = 4e5  # nanoseconds of an index, whatever its rows
_STEPS = 1e5  # and of tiles
_WIDE_BY_TILES = 2e8  # multiply-adds: up to here no slower than BLAS, whose threads spin for 0.1 s after
_LEAST = 4  # rows for each neighbour: of fewer, bounds leave out too little
_BLOCK = 6e5  # nanoseconds of a block: to wake a thread takes up to a fifth of that


def are_few(n_rows: int, d: int, n_queries: int, *, are_wide: bool) -> bool:
    """Whether to compare all queries with all rows here, rather than by an index, or wide ones by BLAS."""
    if are_wide:
        return float(n_rows) * n_queries * d <= _WIDE_BY_TILES
    index = STEPS + n_rows * (130.0 + 16.0 * d) + n_queries * (1100.0 + 55.0 * d)
    return min(n_queries * _exactly(n_rows, d), _STEPS + n_queries * tiles.cost(n_rows, d)) <= index


def _exactly(n_rows: int, d: int) -> float:
    """Nanoseconds of a query by exact distances alone."""
    return 100.0 + n_rows * (0.35 + 0.09 * d)


def search(
    first: Loose | Leaves,
    ids: RowIds,
    queries: Matrix,
    rows: RowIds,
    own: RowIds,
    lists: tuple[Floats, RowIds],
    sign: float,
    n_jobs: int | None,
    progress: Progress | None,
) -> None:
    """Let rows take their place in the lists (squared distances times ``sign``, indices) (m, k) of queries.

    ``first`` is a part of the index, ``ids`` the rows of all parts, ascending. ``own`` (m,) are rows that
    queries leave out, -1 for none; ``sign`` is 1 for the nearest and -1 for the farthest. Long lists are left
    as heaps.
    """
    n, d, m, k = len(ids), queries.shape[1], len(rows), lists[0].shape[1]
    ids = freeze(ids)
    is_worth = _LEAST * k < n and _STEPS + m * tiles.cost(n, d) < m * _exactly(n, d)
    if is_worth and go_on_compiled(first, k, sign):
        asking = asked(queries, rows, own, np.empty(m))
        if tiles.search(first, ids, asking, lists, sign, n_jobs, progress):
            return
    n_panels = split(n, PANEL)
    panels = on_cache_lines((n_panels, d * PANEL), np.float64)
    lay_out(first.X, ids, first.scale, panels, 0, n_panels)
    # one kind of array each: kernels are compiled for what they are given
    held = FewRows(freeze(panels), ids, freeze(first.codes), first.scale, first.cost)
    rows, own = np.ascontiguousarray(rows), np.ascontiguousarray(own)

    def work(lo: int, hi: int) -> None:
        sums = PairScratch(np.empty(d), np.empty(GROUP * split(len(ids), GROUP)), np.empty(3 * PANEL))
        compare(held, queries, rows, own, sign, sums, *lists, lo, hi)

    size = even_size(m, max(1, int(_BLOCK / _exactly(n, d))))
    run_ranges(work, m, size, n_jobs=n_jobs, progress=progress)
