"""Seeds and means of clusters, and distances within them."""

import math

from fastsmote._kernels.jit import kernel
from fastsmote._kernels.neighbors.distance import squared_distance


@kernel
def nearer(columns, nearest, rows, sums, out, lo, hi):
    """out[j, i] = the least of nearest[i] and the squared distance of points i and rows[j], j in [lo, hi).

    ``columns`` (d, n) hold scaled coordinates: as many points as ``sums`` (4, room), scratch that stays in
    the cache, has room for are worked on side by side. The order of sums is that of ``squared_distance``.
    """
    d, n = columns.shape
    for j in range(lo, hi):
        for start in range(0, n, sums.shape[1]):
            stop = min(start + sums.shape[1], n)
            for s in range(4):
                for i in range(stop - start):
                    sums[s, i] = 0.0
            for p in range(d):
                total, column = sums[p % 4 if p < d - d % 4 else 0], columns[p, start:stop]
                here = columns[p, rows[j]]
                for i in range(column.shape[0]):
                    t = column[i] - here
                    total[i] += t * t
            best, kept = out[j, start:stop], nearest[start:stop]
            for i in range(best.shape[0]):
                squared = (sums[0, i] + sums[1, i]) + (sums[2, i] + sums[3, i])
                best[i] = squared if squared < kept[i] else kept[i]


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
