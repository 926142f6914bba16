"""Few rows and few queries: the distance of every pair, without an index.

An index of 200 rows takes half a millisecond, for its many steps and not for the rows. Milliseconds of one
core (Zen 4) for an index and the 5 nearest others of the first m of n normal rows, and this way:

| n | m | 4 features | | 10 features | | 30 features | |
| --- | --- | --- | --- | --- | --- | --- | --- |
| 50 | 50 | 0.42 | 0.04 | 0.41 | 0.04 | 0.47 | 0.05 |
| 200 | 200 | 0.60 | 0.08 | 0.61 | 0.10 | 0.77 | 0.16 |
| 1,000 | 200 | 1.1 | 0.20 | 1.3 | 0.28 | 2.0 | 0.64 |
| 1,000 | 1,000 | 2.4 | 0.87 | 2.8 | 1.3 | 4.4 | 3.1 |
| 2,000 | 2,000 | 4.6 | 3.2 | 6.6 | 5.0 | 10.4 | 11.5 |
| 4,000 | 400 | 2.3 | 1.2 | 3.2 | 1.9 | 5.8 | 5.0 |
| 4,000 | 4,000 | 9.3 | 12.2 | 14.0 | 18.5 | 25.1 | 48.0 |

Rows that are not white noise leave an index less to look at: it is taken a little sooner than the table says.
"""

import numpy as np

from fastsmote._core.cache_lines import on_cache_lines
from fastsmote._core.freeze import freeze
from fastsmote._core.threads import run_ranges, split
from fastsmote._core.typing import Floats, Matrix, Progress, RowIds
from fastsmote._kernels.neighbors.distance import PANEL
from fastsmote._kernels.neighbors.few import FewRows, PairScratch, compare, lay_out
from fastsmote._kernels.neighbors.search import Leaves
from fastsmote._kernels.neighbors.tile import GROUP
from fastsmote._neighbors.index import Loose

STEPS = 4e5  # nanoseconds of an index, whatever its rows, and of products
_BLOCK = 4e5  # nanoseconds of a block: a thread takes a quarter of that to start


def are_few(n_rows: int, d: int, n_queries: int, *, are_wide: bool) -> bool:
    """Whether to compare all queries with all rows, rather than to build an index.

    Wide rows are compared by BLAS, which takes less time for a pair.
    """
    most = STEPS
    if not are_wide:
        most += n_rows * (100.0 + 32.0 * d) + n_queries * (1000.0 + 80.0 * d)
    return n_queries * _cost(n_rows, d) <= most


def _cost(n_rows: int, d: int) -> float:
    """Nanoseconds of a query."""
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
    d, n_panels = queries.shape[1], split(len(ids), PANEL)
    ids, panels = freeze(ids), on_cache_lines((n_panels, d * PANEL), np.float64)
    lay_out(first.X, ids, first.scale, panels, 0, n_panels)
    # one kind of array each: kernels are compiled for what they are given
    held = FewRows(freeze(panels), ids, freeze(first.codes), first.scale, first.cost)
    asking = np.ascontiguousarray(rows), np.ascontiguousarray(own)

    def work(lo: int, hi: int) -> None:
        sums = PairScratch(np.empty(d), np.empty(GROUP * split(len(ids), GROUP)), np.empty(3 * PANEL))
        compare(held, queries, *asking, sign, sums, *lists, lo, hi)

    size = max(1, int(_BLOCK / _cost(len(ids), d)))
    run_ranges(work, len(rows), size, n_jobs=n_jobs, progress=progress)
