"""Means of clusters, and distances within them."""

import math

from fastsmote._kernels.jit import kernel
from fastsmote._kernels.neighbors.distance import squared_distance


@kernel
def means(X, members, starts, sums, lo, hi):
    """sums[c] = mean of the rows members[starts[c] : starts[c + 1]] of X, for clusters c in [lo, hi).

    Summed in float64 in the order of ``members``. Where a sum overflows, the shares of the rows are added
    instead.
    """
    for c in range(lo, hi):
        start, stop = starts[c], starts[c + 1]
        for p in range(X.shape[1]):
            sums[c, p] = 0.0
        for at in range(start, stop):
            row = members[at]
            for p in range(X.shape[1]):
                sums[c, p] += X[row, p]
        for p in range(X.shape[1]):
            if math.isfinite(sums[c, p]):
                sums[c, p] /= stop - start
            else:
                sums[c, p] = 0.0
                for at in range(start, stop):
                    sums[c, p] += X[members[at], p] / (stop - start)


@kernel
def sum_distances(X, rows, scale, sums, lo, hi):
    """sums[i] = sum of the scaled distances of rows[i] to all of the rows, for i in [lo, hi)."""
    for i in range(lo, hi):
        total = 0.0
        for j in range(rows.shape[0]):
            total += math.sqrt(squared_distance(X, rows[i], X, rows[j], scale))
        sums[i] = total
