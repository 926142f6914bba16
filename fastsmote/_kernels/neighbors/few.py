"""Every row of a few offered to every query, by exact distances alone."""

from typing import NamedTuple

import numpy as np

from fastsmote._kernels.jit import kernel
from fastsmote._kernels.neighbors.distance import PANEL, bound_of, doubles_at_most, signed_distances
from fastsmote._kernels.neighbors.lists import insert
from fastsmote._kernels.neighbors.search import with_categories
from fastsmote._kernels.neighbors.tile import GROUP, lowest_bit

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
            mask = doubles_at_most(products, first, limit)
            if n - first < GROUP:
                mask &= (1 << (n - first)) - 1
            while mask != 0:
                place = first + lowest_bit(mask)
                mask &= mask - 1
                d2 = sign * with_categories(few.codes, few.cost, ids[place], row, sign * products[place])
                if d2 <= most and ids[place] != itself:
                    insert(distances[i], indices[i], d2, ids[place])
                    most = distances[i, k - 1]
