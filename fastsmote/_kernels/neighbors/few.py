"""Every row of a few compared with every query: by exact distances alone, or by products first."""

from typing import NamedTuple

import numpy as np

from fastsmote._kernels.jit import inlined, kernel
from fastsmote._kernels.neighbors.distance import PANEL, bound_of, signed_distances
from fastsmote._kernels.neighbors.lists import insert
from fastsmote._kernels.neighbors.products import choose_rows
from fastsmote._kernels.neighbors.search import MOST, with_categories
from fastsmote._kernels.neighbors.tile import (
    GROUP,
    TILE_QUERIES,
    TILE_ROWS,
    at_most,
    lowest_bit,
    squared_norm,
    tile,
)

LANES = 2 * PANEL


class FewRows(NamedTuple):
    """Some rows of X, eight by eight."""

    panels: np.ndarray  # (n / 8, 8 d) in the units of exact distances: see ``distance.squared_distances``
    ids: np.ndarray  # (n,) rows of X, ascending
    codes: np.ndarray  # (n_all, n_categorical) int32 of X, may have no columns
    scale: float
    cost: float  # that a pair of different categories adds


class PairScratch(NamedTuple):
    """Scratch of a query."""

    point: np.ndarray  # (d,)
    products: np.ndarray  # (n rounded up to 64,) squared distances times ``sign``
    least: np.ndarray  # (3 * PANEL,) of the lanes of even and odd panels, and of one that is not full


class About(NamedTuple):
    """What makes float32 coordinates of rows of X."""

    factor: float  # power of two
    centre: np.ndarray  # (d,)


class TileRoom(NamedTuple):
    """Scratch of four queries."""

    point: np.ndarray  # (1, d and zeros up to a multiple of 4)
    local: np.ndarray  # (4, d) float32, -2 times queries about the centre
    zeros: np.ndarray  # (32,) float32
    products: np.ndarray  # (n / 32, 4, 32) float32
    flat: np.ndarray  # the same as one row


@kernel
def lay_out(X, ids, scale, panels, lo, hi):
    """Panels [lo, hi) of rows ``ids`` of X, in the units of exact distances; inf where rows end."""
    d, n = X.shape[1], ids.shape[0]
    for panel in range(lo, hi):
        for lane in range(PANEL):
            place = panel * PANEL + lane
            if place < n:
                row = ids[place]
                for p in range(d):
                    panels[panel, p * PANEL + lane] = X[row, p] * scale
            else:
                for p in range(d):
                    panels[panel, p * PANEL + lane] = np.inf


@kernel
def compare(few, Q, rows, own, sign, sums, distances, indices, lo, hi):
    """Offer queries [lo, hi), rows[i] of Q, every row but their own; distances count times ``sign``.

    With categories, Q is X. The least of each lane, of even and of odd panels, are distances of 16 rows: the
    (k + 1)-th of them bounds the k-th neighbour, and few others are within it. Without a bound some 20 of 100
    rows enter a list of five, one after the other, and no processor foresees which.
    """
    point, products, least, ids = sums.point, sums.products, sums.least, few.ids
    n, n_panels, k = ids.shape[0], few.panels.shape[0], distances.shape[1]
    has_categories = few.codes.shape[1] > 0  # they add to distances: the farthest may be any
    for i in range(lo, hi):
        row, itself, most = rows[i], own[i], distances[i, k - 1]
        for p in range(point.shape[0]):
            point[p] = Q[row, p] * few.scale
        least[:] = np.inf
        for panel in range(n_panels):
            at = panel % 2 * PANEL if panel < n // PANEL else LANES
            signed_distances(few.panels, panel, point, sign, products, least, at)
        bound = bound_of(least, k + 1) if k < LANES and not has_categories else np.inf
        for first in range(0, n, GROUP):
            limit = min(bound, most) if sign > 0.0 or not has_categories else np.inf
            mask = at_most(products, first, limit)
            if n - first < GROUP:
                mask &= (1 << (n - first)) - 1
            while mask != 0:
                place = first + lowest_bit(mask)
                mask &= mask - 1
                d2 = sign * with_categories(few.codes, few.cost, ids[place], row, sign * products[place])
                if d2 <= most and ids[place] != itself:
                    insert(distances[i], indices[i], d2, ids[place])
                    most = distances[i, k - 1]


@inlined
def _centred(X, row, about, point, norms, at):
    """point[0, :d] = X[row] about the centre, and norms[at] its squared norm."""
    for p in range(X.shape[1]):
        point[0, p] = X[row, p] * about.factor - about.centre[p]
    norms[at] = squared_norm(point, 0, 0, point.shape[1])


@kernel
def pack_tiles(X, ids, about, point, panels, points, norms, lo, hi):
    """Tiles [lo, hi) of 32 rows ``ids`` of X about a centre, zeros where rows end, and their squared norms.

    ``panels`` are flat, with feature p of row r of tile j at (j d + p) 32 + r. ``points`` are -2 times the
    same, row by row, as queries of a tile; there may be none. ``point`` is scratch.
    """
    d, n = X.shape[1], ids.shape[0]
    for j in range(lo, hi):
        panel = panels[j * d * TILE_ROWS : (j + 1) * d * TILE_ROWS]
        panel[:] = 0.0
        for lane in range(min(TILE_ROWS, n - j * TILE_ROWS)):
            _centred(X, ids[j * TILE_ROWS + lane], about, point, norms, j * TILE_ROWS + lane)
            for p in range(d):
                panel[p * TILE_ROWS + lane] = point[0, p]
            if points.shape[0] > 0:
                for p in range(d):
                    points[j * TILE_ROWS + lane, p] = np.float32(-2.0) * np.float32(point[0, p])


@kernel
def multiply_tiles(panels, points, zeros, partial, products, lo, hi):
    """-2 times the products of all rows with each other, for pairs [lo, hi) of groups of four.

    A group meets the tiles from its own on, and what it finds goes to both rows of a pair; groups are paired
    so that all pairs meet as many. ``products`` are (n_tiles * 32, as many or more).
    """
    n_groups, d = points.shape[0] // TILE_QUERIES, points.shape[1]
    n_tiles, most = points.shape[0] // TILE_ROWS, np.float32(MOST)
    for both in range(2 * lo, 2 * hi):
        group = both // 2 if both % 2 == 0 else n_groups - 1 - both // 2
        first = group * TILE_QUERIES
        own = first // TILE_ROWS
        for j in range(own, n_tiles):
            tile(
                points[first : first + TILE_QUERIES],
                zeros,
                panels,
                j * d * TILE_ROWS,
                TILE_ROWS,
                d,
                d,
                zeros,
                zeros,
                0,
                (most, most, most, most),
                partial,
            )
            at = j * TILE_ROWS
            for t in range(TILE_QUERIES):
                for lane in range(TILE_ROWS):
                    products[first + t, at + lane] = partial[t, lane]
            if j > own:
                for lane in range(TILE_ROWS):
                    for t in range(TILE_QUERIES):
                        products[at + lane, first + t] = partial[t, lane]


@kernel
def compare_tiles(panels, about, compared, asking, sign, room, sums, lists, lo, hi):
    """Offer queries [lo, hi), from a multiple of 4 on, the rows that can be among their k first.

    ``panels`` are those of ``pack_tiles``; for the rest see ``choose``. Returns how many got a distance.
    """
    d, n_tiles, n_exact = asking.Q.shape[1], room.products.shape[0], 0
    most, kind = np.float32(MOST), np.float32
    distances, indices = lists
    for first in range(lo, hi, TILE_QUERIES):
        n_queries = min(TILE_QUERIES, hi - first)
        for t in range(TILE_QUERIES):
            i = first + min(t, n_queries - 1)
            _centred(asking.Q, asking.rows[i], about, room.point, asking.norms, i)
            for p in range(d):
                room.local[t, p] = kind(-2.0) * kind(room.point[0, p])
        for j in range(n_tiles):
            tile(
                room.local,
                room.zeros,
                panels,
                j * d * TILE_ROWS,
                TILE_ROWS,
                d,
                d,
                room.zeros,
                room.zeros,
                0,
                (most, most, most, most),
                room.products[j],
            )
        for t in range(n_queries):
            i = first + t
            query = asking.Q, asking.rows[i], asking.own[i], asking.norms[i]
            n_exact += choose_rows(
                room.flat,
                t * TILE_ROWS,
                TILE_QUERIES * TILE_ROWS,
                kind(sign),
                compared,
                query,
                sign,
                sums,
                distances[i],
                indices[i],
            )
    return n_exact
