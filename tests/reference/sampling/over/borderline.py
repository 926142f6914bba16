"""Rows in danger of Borderline-SMOTE (Han, Wang and Mao 2005, doi:10.1007/11538059_91) by definition."""

import numpy as np
from reference.neighbors import knn


def in_danger(X, codes, code, m):
    """Rows of a class of whose m nearest rows at least half, but not all, are of other classes."""
    nearest = knn.nearest(X, m)[1]
    found = []
    for i in np.flatnonzero(codes == code):
        n_other = sum(codes[j] != code for j in nearest[i])
        if m / 2 <= n_other < m:
            found.append(int(i))
    return found


def candidates(X, codes, code, m, k, kind):
    """Pairs (base, neighbour) that a new row of the class can have."""
    pairs = set()
    for i in in_danger(X, codes, code, m):
        others = np.arange(len(X)) if kind == "borderline-2" else np.flatnonzero(codes == code)
        others = others[others != i]
        squared = knn.squared_distances(X[others], X[i : i + 1])[0]
        nearest = others[np.argsort(squared, kind="stable")[:k]]
        pairs |= {(i, int(j)) for j in nearest}
    return pairs
