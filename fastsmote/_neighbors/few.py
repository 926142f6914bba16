"""Few rows and few queries: the distance of every pair, without an index.

An index of 200 rows takes half a millisecond, for its many steps and not for the rows. Milliseconds of one
core (Zen 4) for an index and the 5 nearest others of the first m of n normal rows, and this way:

| n | m | 4 features | | 10 features | | 30 features | |
| --- | --- | --- | --- | --- | --- | --- | --- |
| 50 | 50 | 0.53 | 0.14 | 0.44 | 0.13 | 0.57 | 0.15 |
| 200 | 200 | 0.80 | 0.31 | 0.73 | 0.32 | 0.99 | 0.41 |
| 500 | 500 | 1.4 | 0.86 | 1.6 | 0.97 | 2.2 | 1.4 |
| 1,000 | 200 | 0.98 | 0.59 | 1.3 | 0.69 | 2.7 | 1.3 |
| 1,000 | 1,000 | 2.5 | 2.3 | 3.4 | 2.8 | 4.8 | 4.5 |
"""

import numpy as np

from fastsmote._core.freeze import freeze
from fastsmote._core.threads import run_ranges
from fastsmote._core.typing import Floats, Matrix, Progress, RowIds
from fastsmote._kernels.neighbors.distance import PANEL
from fastsmote._kernels.neighbors.few import FewRows, PairScratch, compare
from fastsmote._kernels.neighbors.search import Leaves
from fastsmote._neighbors.distance import in_panels
from fastsmote._neighbors.index import Loose, visible_rows

STEPS = 4e5  # nanoseconds of an index, whatever its rows
_BLOCK = 4e5  # nanoseconds of a block: a thread takes a quarter of that to start


def are_few(n_rows: int, d: int, n_queries: int) -> bool:
    """Whether to compare all queries with all rows rather than to build an index."""
    return n_queries * _cost(n_rows, d) <= STEPS + 1400.0 * n_rows + 1200.0 * n_queries


def _cost(n_rows: int, d: int) -> float:
    """Nanoseconds of a query."""
    return 100.0 + n_rows * (1.8 + 0.1 * d)


def search(
    parts: list[Loose] | list[Leaves],
    queries: Matrix,
    rows: RowIds,
    own: RowIds,
    lists: tuple[Floats, RowIds],
    sign: float,
    n_jobs: int | None,
    progress: Progress | None,
) -> None:
    """Let rows take their place in the lists (squared distances times ``sign``, indices) (m, k) of queries.

    ``own`` (m,) are rows that queries leave out, -1 for none; ``sign`` is 1 for the nearest and -1 for the
    farthest. Long lists are left as heaps.
    """
    first, ids, d = parts[0], visible_rows(parts), queries.shape[1]
    values = np.multiply(first.X[ids], first.scale, dtype=np.float64)
    # one kind of array each: kernels are compiled for what they are given
    held = FewRows(freeze(in_panels(values)), freeze(ids), freeze(first.codes), first.scale, first.cost)
    asking = np.ascontiguousarray(rows), np.ascontiguousarray(own)

    def work(lo: int, hi: int) -> None:
        sums = PairScratch(np.empty(d), np.empty(PANEL))
        compare(held, queries, *asking, sign, sums, *lists, lo, hi)

    size = max(1, int(_BLOCK / _cost(len(ids), d)))
    run_ranges(work, len(rows), size, n_jobs=n_jobs, progress=progress)
