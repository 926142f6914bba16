"""SMOTE (Chawla et al. 2002, doi:10.1613/jair.953) row by row, from the draws that a plan is defined by.

New row j of class c draws once, from (seed, c, j): the first word picks one of the n * k pairs of a row of
the class and one of its k neighbours in the class, the second word the gap.
"""

import numpy as np
from reference.kernels import philox
from reference.neighbors import knn


def plan(X, codes, n_new, k, seed):
    """Base rows, neighbour rows and gaps; ``n_new`` counts per class code."""
    base, neighbor, gap = [], [], []
    for code, count in enumerate(n_new):
        rows = np.flatnonzero(codes == code)
        near = knn.nearest(X[rows], k)[1] if count else None
        for j in range(count):
            first, second = philox.draw(seed, code, j, 0)
            row, column = divmod(philox.below(first, len(rows) * k), k)
            base.append(rows[row])
            neighbor.append(rows[near[row, column]])
            gap.append(philox.unit(second))
    return np.array(base, np.int64), np.array(neighbor, np.int64), np.array(gap)


def rows(X, base, neighbor, gap):
    """x_new = x_base + gap * (x_neighbor - x_base), in long double."""
    X = np.asarray(X).astype(np.longdouble)
    return X[base] + np.asarray(gap)[:, np.newaxis] * (X[neighbor] - X[base])
