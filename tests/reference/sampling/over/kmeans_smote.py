"""KMeans-SMOTE (Douzas, Bacao and Last 2018, doi:10.1016/j.ins.2018.06.056) after clustering.

A cluster is used for a class from a share of its rows on, if it holds more than k of them. New rows go to
used clusters in proportion to sparsity, mean distance to the power of an exponent by number of rows.
"""

import math

import numpy as np
from reference.neighbors import knn


def usable(cluster, codes, code, k, threshold):
    """Clusters that are used for a class, ascending; a single cluster whatever the share of the class."""
    found = []
    for c in np.unique(cluster):
        inside = codes[cluster == c]
        share = (inside == code).mean()
        if (inside == code).sum() > k and (share >= threshold or len(np.unique(cluster)) == 1):
            found.append(int(c))
    return found


def auto_threshold(n_new, code):
    return n_new[code] / sum(n_new) / 2


def auto_exponent(n):
    return math.log(n, 1.6) ** 1.8 * 0.16


def sparsity(X, exponent=None):
    """Of the rows of a class in one cluster, in long double: the mean over all pairs of different rows."""
    n = len(X)
    mean = np.sqrt(knn.squared_distances(X, X)).sum() / (n * (n - 1))
    return mean ** (auto_exponent(n) if exponent is None else exponent) / n


def counts(weights, total):
    """Whole numbers with sum ``total`` by largest remainder, of equal ones the first."""
    weights = np.array(weights, np.longdouble)
    quotas = total * (weights / weights.sum())
    whole = np.floor(quotas).astype(int)
    order = sorted(range(len(quotas)), key=lambda i: (whole[i] - quotas[i], i))
    for i in order[: total - int(whole.sum())]:
        whole[i] += 1
    return whole.tolist()


def pairs(X, rows, k):
    """Pairs (base, neighbour) that a new row made of these rows can have."""
    near = rows[knn.nearest(X[rows], k)[1]]
    return {(int(i), int(j)) for i, line in zip(rows, near, strict=True) for j in line}
