"""Neighbours between rows with missing values (NaN), and rows of a plan, by definition in long double.

The squared distance is that over the columns that both rows have, times all columns / those (Dixon 1979,
doi:10.1109/TSMC.1979.4310090); rows that share no column are infinitely far apart.
"""

import numpy as np


def squared_distances(X):
    """Squared distance of each row to each, (n, n)."""
    X = np.asarray(X).astype(np.longdouble)
    n, d = X.shape
    squared = np.full((n, n), np.longdouble(np.inf))
    for i in range(n):
        difference = X - X[i]
        shared = (~np.isnan(difference)).sum(axis=1)
        total = np.nansum(difference * difference, axis=1)
        some = shared > 0
        squared[i, some] = total[some] * d / shared[some]
    return squared


def nearest(X, k):
    """The k nearest other rows of each under (distance, row number)."""
    squared = squared_distances(X)
    others = [np.delete(np.arange(len(squared)), i) for i in range(len(squared))]
    near = [other[np.argsort(squared[i, other], kind="stable")[:k]] for i, other in enumerate(others)]
    return np.array(near)


def rows(X, base, neighbor, gap):
    """New rows: where one parent lacks a value that of the other, where both do NaN."""
    X = np.asarray(X).astype(np.longdouble)
    start, end = X[base], X[neighbor]
    between = start + np.asarray(gap)[:, np.newaxis] * (end - start)
    return np.where(np.isnan(start), end, np.where(np.isnan(end), start, between))
