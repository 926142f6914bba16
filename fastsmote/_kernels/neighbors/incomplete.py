"""Distances between rows that share some coordinates: missing numbers, and categories; by brute force.

The squared distance over the coordinates that both rows have, times all coordinates / shared ones (as
scikit-learn's nan_euclidean_distances); inf where they share none. A pair of categories counts as one
coordinate, whose squared difference is 0 or ``cost``.
"""

import math

import numpy as np

from fastsmote._kernels.jit import inlined, kernel
from fastsmote._kernels.neighbors.lists import insert

_ROWS = 1024  # rows that a block of queries looks at before the next: they stay in the second cache


@inlined
def _square(difference):
    return 0.0 if math.isnan(difference) else difference * difference


@inlined
def _shared_distance(X, i, j, scale, codes, cost):
    d, n_codes = X.shape[1], codes.shape[1]
    s0 = s1 = s2 = s3 = 0.0
    n_shared = 0
    p = 0
    while p + 4 <= d:
        t0 = X[i, p] * scale - X[j, p] * scale
        t1 = X[i, p + 1] * scale - X[j, p + 1] * scale
        t2 = X[i, p + 2] * scale - X[j, p + 2] * scale
        t3 = X[i, p + 3] * scale - X[j, p + 3] * scale
        n_shared += 4 - math.isnan(t0) - math.isnan(t1) - math.isnan(t2) - math.isnan(t3)
        s0 += _square(t0)
        s1 += _square(t1)
        s2 += _square(t2)
        s3 += _square(t3)
        p += 4
    while p < d:
        t0 = X[i, p] * scale - X[j, p] * scale
        n_shared += 1 - math.isnan(t0)
        s0 += _square(t0)
        p += 1
    n_different = 0
    for c in range(n_codes):
        a, b = codes[i, c], codes[j, c]
        n_shared += (a >= 0) & (b >= 0)
        n_different += (a >= 0) & (b >= 0) & (a != b)
    if n_shared == 0:
        return np.inf
    d2 = (s0 + s1) + (s2 + s3)
    d2 = d2 + n_different * cost if n_different > 0 else d2
    return d2 if n_shared == d + n_codes else d2 * (d + n_codes) / n_shared


@kernel
def offer(X, scale, codes, cost, segments, distances, indices, lo, hi):
    """Offer the queries [lo, hi) of ``segments``, rows of X, their rows.

    NaN is a missing number. ``codes`` (n, n_categorical) are categories, negative for a missing one, and
    ``cost`` what two different ones add. The lists (m, k) hold (squared scaled distance, row).
    """
    pool, starts, stops, queries = segments
    for first in range(starts[lo], stops[hi - 1], _ROWS):
        for i in range(lo, hi):
            for place in range(max(first, starts[i]), min(first + _ROWS, stops[i])):
                row = pool[place]
                if row != queries[i]:
                    d2 = _shared_distance(X, row, queries[i], scale, codes, cost)
                    insert(distances[i], indices[i], d2, row)
