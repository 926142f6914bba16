"""Few rows and few queries: every pair, without an index.

* **By exact distances alone.** For the smallest questions.
* **By products first.** Tiles of float32 bound the distance of each pair, and few get an exact one: the error
  and the proof are those of ``products`` and ``loose``. Four queries show whether tiles tell rows apart.

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
from numpy.typing import NDArray

from fastsmote._core.cache_lines import on_cache_lines
from fastsmote._core.freeze import freeze
from fastsmote._core.threads import even_size, run_ranges, split
from fastsmote._core.typing import Floats, Matrix, Progress, RowIds
from fastsmote._kernels.neighbors.distance import PANEL
from fastsmote._kernels.neighbors.few import (
    LANES,
    About,
    FewRows,
    PairScratch,
    TileRoom,
    compare,
    compare_tiles,
    lay_out,
    multiply_tiles,
    pack_tiles,
)
from fastsmote._kernels.neighbors.products import Asking, Formed, choose
from fastsmote._kernels.neighbors.search import Leaves
from fastsmote._kernels.neighbors.tile import GROUP, TILE_QUERIES, TILE_ROWS
from fastsmote._neighbors.index import Loose
from fastsmote._neighbors.products import asked, centre_of, compared_rows, go_on_compiled, new_sums, of_tiles

STEPS = 4e5  # nanoseconds of an index, whatever its rows
_STEPS = 1e5  # and of tiles
_WIDE_BY_TILES = 2e8  # multiply-adds: up to here no slower than BLAS, whose threads spin for 0.1 s after
_LEAST = 4  # rows for each neighbour: of fewer, bounds leave out too little
_WORTH = 8  # an exact distance of a pair takes as long as so many where all are exact
_HALVED, _MOST_HALVED = 128, 2048  # features from which, and rows to which, pairs of rows are multiplied once
_VALUES = 1 << 18  # that are packed in one block: 0.2 ms
_BLOCK = 6e5  # nanoseconds of a block: to wake a thread takes up to a fifth of that


def are_few(n_rows: int, d: int, n_queries: int, *, are_wide: bool) -> bool:
    """Whether to compare all queries with all rows here, rather than by an index, or wide ones by BLAS."""
    if are_wide:
        return float(n_rows) * n_queries * d <= _WIDE_BY_TILES
    index = STEPS + n_rows * (130.0 + 16.0 * d) + n_queries * (1100.0 + 55.0 * d)
    return min(n_queries * _exactly(n_rows, d), _STEPS + n_queries * _in_tiles(n_rows, d)) <= index


def _exactly(n_rows: int, d: int) -> float:
    """Nanoseconds of a query by exact distances alone."""
    return 100.0 + n_rows * (0.35 + 0.09 * d)


def _in_tiles(n_rows: int, d: int) -> float:
    """And by products first."""
    return 260.0 + 3.0 * d + n_rows * (0.33 + 0.021 * d)


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
    if (
        go_on_compiled(first, k, sign)
        and _LEAST * k < n
        and _STEPS + m * _in_tiles(n, d) < m * _exactly(n, d)
        and _by_tiles(first, ids, queries, rows, own, lists, sign, n_jobs, progress)
    ):
        return
    n_panels = split(n, PANEL)
    ids, panels = freeze(ids), on_cache_lines((n_panels, d * PANEL), np.float64)
    lay_out(first.X, ids, first.scale, panels, 0, n_panels)
    # one kind of array each: kernels are compiled for what they are given
    held = FewRows(freeze(panels), ids, freeze(first.codes), first.scale, first.cost)
    asking = np.ascontiguousarray(rows), np.ascontiguousarray(own)

    def work(lo: int, hi: int) -> None:
        sums = PairScratch(np.empty(d), np.empty(GROUP * split(len(ids), GROUP)), np.empty(3 * PANEL))
        compare(held, queries, *asking, sign, sums, *lists, lo, hi)

    size = even_size(m, max(1, int(_BLOCK / _exactly(n, d))))
    run_ranges(work, m, size, n_jobs=n_jobs, progress=progress)


def _by_tiles(
    first: Loose | Leaves,
    ids: RowIds,
    queries: Matrix,
    rows: RowIds,
    own: RowIds,
    lists: tuple[Floats, RowIds],
    sign: float,
    n_jobs: int | None,
    progress: Progress | None,
) -> bool:
    """The same by products in float32; False, and nothing done, where these tell too few rows apart."""
    n, d, m, k = len(ids), queries.shape[1], len(rows), lists[0].shape[1]
    precision, n_tiles = of_tiles(d), split(n, TILE_ROWS)
    ids, width = freeze(ids), 4 * split(d, 4)
    about = About(first.scale * precision.unit, freeze(centre_of(first.X, ids, first.scale, precision)))
    panels, norms = on_cache_lines(n_tiles * d * TILE_ROWS, np.float32), np.empty(n)
    is_halved = d >= _HALVED and n <= _MOST_HALVED and np.array_equal(rows, ids) and np.array_equal(own, ids)
    points = np.zeros((n_tiles * TILE_ROWS if is_halved else 0, d), np.float32)

    def pack(lo: int, hi: int) -> None:
        pack_tiles(first.X, ids, about, np.zeros((1, width)), panels, points, norms, lo, hi)

    in_block = even_size(n_tiles, split(_VALUES, TILE_ROWS * d))
    run_ranges(pack, n_tiles, in_block, n_jobs=n_jobs)
    compared = compared_rows(first, ids, norms, precision, sign)
    asking = asked(queries, rows, own, norms if is_halved else np.empty(m))
    zeros = np.zeros(TILE_ROWS, np.float32)

    def compare(asking: Asking, lists: tuple[Floats, RowIds], lo: int, hi: int) -> int:
        products = on_cache_lines((n_tiles, TILE_QUERIES, TILE_ROWS), np.float32)
        local = np.empty((TILE_QUERIES, d), np.float32)
        room = TileRoom(np.zeros((1, width)), local, zeros, products, products.reshape(-1))
        found: int = compare_tiles(
            panels, about, compared, asking, sign, room, new_sums(n, np.float32), lists, lo, hi
        )
        return found

    some = slice(None, None, split(max(1, m), TILE_QUERIES))
    few = asked(queries, rows[some], own[some], np.empty(TILE_QUERIES))
    scratch = np.full((len(few.rows), k), np.inf), np.full((len(few.rows), k), len(first.X))
    if compare(few, scratch, 0, len(few.rows)) > len(few.rows) * (2 * (k + 1) + n // _WORTH):
        return False

    formed = Formed(*_products_of_pairs(panels, points, n_jobs), np.float32(sign)) if is_halved else None

    def work(lo: int, hi: int) -> None:
        if formed is None:
            compare(asking, lists, lo, hi)
        else:
            choose(formed, compared, asking, sign, new_sums(n, np.float32), *lists, lo, hi)

    fours = int(_BLOCK / (_in_tiles(n, d) if formed is None else _in_tiles(n, 0) * 3.0)) // TILE_QUERIES
    size = TILE_QUERIES * even_size(split(m, TILE_QUERIES), max(1, fours))
    run_ranges(work, m, size, n_jobs=n_jobs, progress=progress)
    return True


def _products_of_pairs(
    panels: NDArray[np.float32], points: NDArray[np.float32], n_jobs: int | None
) -> tuple[NDArray[np.float32], int]:
    """-2 times the products of all rows, each pair multiplied once, and how long a row of them is.

    Rows do not begin a power of two apart: these would meet in the same few places of the nearest cache.
    """
    n, d = points.shape
    products, zeros = on_cache_lines((n, n + LANES), np.float32), np.zeros(TILE_ROWS, np.float32)

    def multiply(lo: int, hi: int) -> None:
        room = on_cache_lines((TILE_QUERIES, TILE_ROWS), np.float32)
        multiply_tiles(panels, points, zeros, room, products, lo, hi)

    n_pairs, pair = n // TILE_QUERIES // 2, TILE_QUERIES * n * d * 0.02  # nanoseconds
    run_ranges(multiply, n_pairs, even_size(n_pairs, max(1, int(_BLOCK / pair))), n_jobs=n_jobs)
    return products.reshape(-1), n + LANES
