"""ADASYN (He et al. 2008, doi:10.1109/IJCNN.2008.4633969) with whole numbers that add up.

Steps 2 and 3: the share of other classes among the k nearest rows decides how many new rows a row gets.
The paper rounds each number; here they are apportioned by largest remainder, equal ones to the first row.
"""

from fractions import Fraction

import numpy as np
from reference.kernels import philox
from reference.neighbors import knn


def apportion(weights, total):
    """Whole numbers in proportion to the weights, with sum ``total``."""
    quotas = [Fraction(int(w) * total, int(sum(weights))) for w in weights]
    counts = [quota.numerator // quota.denominator for quota in quotas]
    by_remainder = sorted(range(len(quotas)), key=lambda i: (counts[i] - quotas[i], i))
    for i in by_remainder[: total - sum(counts)]:
        counts[i] += 1
    return counts


def n_other(X, codes, code, k):
    """Per row of a class, how many of its k nearest rows belong to another class."""
    rows = np.flatnonzero(codes == code)
    return (codes[knn.nearest(X, k)[1]] != code).sum(axis=1)[rows]


def plan(X, codes, n_new, k, seed):
    """Base rows, neighbour rows and gaps; ``n_new`` counts per class code."""
    base, neighbor, gap = [], [], []
    for code, count in enumerate(n_new):
        if count == 0:
            continue
        rows = np.flatnonzero(codes == code)
        near = knn.nearest(X[rows], k)[1]
        owners = np.repeat(np.arange(len(rows)), apportion(n_other(X, codes, code, k).tolist(), count))
        for j, row in enumerate(owners):
            first, second = philox.draw(seed, code, j, 2**32 - 1)
            base.append(rows[row])
            neighbor.append(rows[near[row, philox.below(first, k)]])
            gap.append(philox.unit(second))
    return np.array(base, np.int64), np.array(neighbor, np.int64), np.array(gap)
