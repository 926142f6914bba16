"""Seeds of clusters, and distances within them: eight points at a time."""

import math

from fastsmote._kernels.jit import kernel
from fastsmote._kernels.neighbors.distance import PANEL, squared_distances


@kernel
def nearer(panels, points, nearest, rows, squared, out, lo, hi):
    """out[j, i] = the least of nearest[i] and the squared distance of points i and rows[j].

    For the points i of the panels [lo, hi); ``squared`` (8,) is scratch.
    """
    for panel in range(lo, hi):
        start, stop = panel * PANEL, (panel + 1) * PANEL
        for j in range(rows.shape[0]):
            squared_distances(panels, panel, points[rows[j]], squared)
            best, kept = out[j, start:stop], nearest[start:stop]
            for lane in range(PANEL):
                best[lane] = squared[lane] if squared[lane] < kept[lane] else kept[lane]


@kernel
def sum_distances(panels, points, squared, sums, lo, hi):
    """sums[i] = sum of the distances of point i to all, in their order, for the panels [lo, hi).

    ``squared`` (8,) is scratch.
    """
    for i in range(lo * PANEL, hi * PANEL):
        sums[i] = 0.0
    for j in range(points.shape[0]):
        for panel in range(lo, hi):
            squared_distances(panels, panel, points[j], squared)
            total = sums[panel * PANEL : (panel + 1) * PANEL]
            for lane in range(PANEL):
                total[lane] += math.sqrt(squared[lane])
