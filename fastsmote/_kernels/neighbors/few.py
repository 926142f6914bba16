"""Every row of a few offered to every query, by exact distances alone."""

from typing import NamedTuple

import numpy as np

from fastsmote._kernels.jit import kernel
from fastsmote._kernels.neighbors.distance import PANEL, squared_distances
from fastsmote._kernels.neighbors.lists import insert
from fastsmote._kernels.neighbors.search import with_categories


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
    squared: np.ndarray  # (8,)


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

    With categories, Q is X.
    """
    point, squared, ids, n_codes = sums.point, sums.squared, few.ids, few.codes.shape[1]
    last = distances.shape[1] - 1
    for i in range(lo, hi):
        row, itself, most = rows[i], own[i], distances[i, last]
        for p in range(point.shape[0]):
            point[p] = Q[row, p] * few.scale
        for panel in range(few.panels.shape[0]):
            squared_distances(few.panels, panel, point, squared)
            first = panel * PANEL
            for lane in range(min(PANEL, ids.shape[0] - first)):
                if sign * squared[lane] <= most or n_codes > 0:
                    index = ids[first + lane]
                    d2 = sign * with_categories(few.codes, few.cost, index, row, squared[lane])
                    if d2 <= most and index != itself:
                        insert(distances[i], indices[i], d2, index)
                        most = distances[i, last]
