"""Few rows by products first: tiles of float32 bound the distance of a pair, and few pairs get an exact one.

The error and the proof are those of ``products`` and ``loose``. Where rows are wide and their own queries, a
pair is multiplied once and goes to both of its rows. Four queries show first whether tiles tell rows apart.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.cache_lines import on_cache_lines
from fastsmote._core.freeze import freeze
from fastsmote._core.threads import even_size, run_ranges, split
from fastsmote._core.typing import Floats, Progress, RowIds
from fastsmote._kernels.neighbors.few import (
    LANES,
    About,
    TileRoom,
    compare_tiles,
    multiply_tiles,
    pack_tiles,
)
from fastsmote._kernels.neighbors.products import Asking, Compared, Formed, choose
from fastsmote._kernels.neighbors.search import Leaves
from fastsmote._kernels.neighbors.tile import TILE_QUERIES, TILE_ROWS
from fastsmote._neighbors.index import Loose
from fastsmote._neighbors.products import (
    FROM_ALL,
    asked,
    centre_of,
    compared_rows,
    new_sums,
    of_tiles,
    places_among,
)

_WORTH = 8  # an exact distance of a pair takes as long as so many where all are exact
_PAIRS_FROM, _PAIRS_TO = 128, 2048  # features from which, and rows to which, a pair is multiplied once
_VALUES = 1 << 18  # that are packed in one block: 0.2 ms
_BLOCK = 6e5  # nanoseconds of a block: to wake a thread takes up to a fifth of that


def cost(n_rows: int, d: int) -> float:
    """Nanoseconds of a query."""
    return 260.0 + 3.0 * d + n_rows * (0.33 + 0.021 * d)


class _Tiled(NamedTuple):
    """Rows about a centre, 32 by 32."""

    about: About
    panels: NDArray[np.float32]  # (n_tiles * d * 32,)
    points: NDArray[np.float32]  # (n_tiles * 32, d) as queries, or none
    compared: Compared

    def offer(self, asking: Asking, lists: tuple[Floats, RowIds], sign: float, lo: int, hi: int) -> int:
        """Offer queries [lo, hi) the rows; returns how many exact distances there were."""
        n, d = len(self.compared.ids), asking.Q.shape[1]
        products = on_cache_lines((split(n, TILE_ROWS), TILE_QUERIES, TILE_ROWS), np.float32)
        room = TileRoom(
            point=np.zeros((1, 4 * split(d, 4))),
            local=np.empty((TILE_QUERIES, d), np.float32),
            zeros=np.zeros(TILE_ROWS, np.float32),
            products=products,
            flat=products.reshape(-1),
        )
        sums = new_sums(n, np.float32)
        n_exact: int = compare_tiles(
            self.panels, self.about, self.compared, asking, sign, room, sums, lists, lo, hi
        )
        return n_exact

    def tell_apart(self, asking: Asking, k: int, sign: float) -> bool:
        """Whether tiles leave so few rows to exact distances that exact ones alone would not pay."""
        some = slice(None, None, split(max(1, len(asking.rows)), TILE_QUERIES))
        few = asked(asking.Q, asking.rows[some], asking.own[some], np.empty(TILE_QUERIES))
        m, n = len(few.rows), len(self.compared.ids)
        lists = np.full((m, k), np.inf), np.full((m, k), len(self.compared.X))
        return self.offer(few, lists, sign, 0, m) <= m * (2 * (k + 1) + n // _WORTH)

    def products(self, places: RowIds, sign: float, n_jobs: int | None) -> Formed:
        """Those of all rows, each pair multiplied once; queries are at some places among them.

        Rows of them do not begin a power of two apart: these would meet in a few places of the nearest cache.
        """
        n, d = self.points.shape
        found, zeros = on_cache_lines((n, n + LANES), np.float32), np.zeros(TILE_ROWS, np.float32)

        def multiply(lo: int, hi: int) -> None:
            room = on_cache_lines((TILE_QUERIES, TILE_ROWS), np.float32)
            multiply_tiles(self.panels, self.points, zeros, room, found, lo, hi)

        n_pairs, nanoseconds = n // TILE_QUERIES // 2, TILE_QUERIES * n * d * 0.02
        run_ranges(multiply, n_pairs, even_size(n_pairs, max(1, int(_BLOCK / nanoseconds))), n_jobs=n_jobs)
        return Formed(found.reshape(-1), n + LANES, places, np.float32(sign))


def search(
    first: Loose | Leaves,
    ids: RowIds,
    asking: Asking,
    lists: tuple[Floats, RowIds],
    sign: float,
    n_jobs: int | None,
    progress: Progress | None,
) -> bool:
    """What ``few.search`` does; False, and nothing done, where tiles tell too few rows apart.

    The norms of ``asking`` are scratch.
    """
    m, n, d = len(asking.rows), len(ids), asking.Q.shape[1]
    places = (
        places_among(ids, asking.own) if d >= _PAIRS_FROM and FROM_ALL * n < m and n <= _PAIRS_TO else None
    )
    by_pairs, norms = places is not None, np.empty(n)
    tiled = _in_tiles(first, ids, norms, sign, by_pairs, n_jobs)
    if not tiled.tell_apart(asking, lists[0].shape[1], sign):
        return False
    formed, each = None, cost(n, d)
    if places is not None:
        formed, each = tiled.products(places, sign, n_jobs), cost(n, 0) * 3.0
        asking.norms[:] = norms[places]

    def work(lo: int, hi: int) -> None:
        if formed is None:
            tiled.offer(asking, lists, sign, lo, hi)
        else:
            choose(formed, tiled.compared, asking, sign, new_sums(n, np.float32), *lists, lo, hi)

    fours = max(1, int(_BLOCK / each) // TILE_QUERIES)
    size = TILE_QUERIES * even_size(split(m, TILE_QUERIES), fours)
    run_ranges(work, m, size, n_jobs=n_jobs, progress=progress)
    return True


def _in_tiles(
    first: Loose | Leaves, ids: RowIds, norms: Floats, sign: float, by_pairs: bool, n_jobs: int | None
) -> _Tiled:
    """Rows ``ids`` of a part in tiles, as queries too where they are compared by pairs; fills their norms."""
    n, d = len(ids), first.X.shape[1]
    precision, n_tiles = of_tiles(d), split(n, TILE_ROWS)
    about = About(first.scale * precision.unit, freeze(centre_of(first.X, ids, first.scale, precision)))
    panels = on_cache_lines(n_tiles * d * TILE_ROWS, np.float32)
    points = np.zeros((n_tiles * TILE_ROWS if by_pairs else 0, d), np.float32)

    def pack(lo: int, hi: int) -> None:
        pack_tiles(first.X, ids, about, np.zeros((1, 4 * split(d, 4))), panels, points, norms, lo, hi)

    run_ranges(pack, n_tiles, even_size(n_tiles, split(_VALUES, TILE_ROWS * d)), n_jobs=n_jobs)
    return _Tiled(about, panels, points, compared_rows(first, ids, norms, precision, sign))
