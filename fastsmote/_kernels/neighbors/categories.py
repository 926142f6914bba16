"""Rows of categories: the value difference metric by brute force."""

from fastsmote._kernels.jit import kernel
from fastsmote._kernels.neighbors.lists import insert

_ROWS = 1024  # rows that a block of queries looks at before the next


@kernel
def offer(shares, n_classes, segments, distances, indices, lo, hi):
    """Offer the queries [lo, hi) of ``segments`` their rows.

    ``shares`` (n, n_features * n_classes) holds the share of each class among the rows with the category that
    row i has; a feature adds the square of the sum of their absolute differences.
    """
    pool, starts, stops, queries = segments
    for first in range(starts[lo], stops[hi - 1], _ROWS):
        for i in range(lo, hi):
            for place in range(max(first, starts[i]), min(first + _ROWS, stops[i])):
                row = pool[place]
                if row == queries[i]:
                    continue
                d2 = 0.0
                for p in range(0, shares.shape[1], n_classes):
                    difference = 0.0
                    for c in range(p, p + n_classes):
                        difference += abs(shares[row, c] - shares[queries[i], c])
                    d2 += difference * difference
                insert(distances[i], indices[i], d2, row)
