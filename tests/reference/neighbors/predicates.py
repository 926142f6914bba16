"""What resamplers ask about neighbours, by definition: every row in order of (squared distance, index)."""

import numpy as np
from reference.neighbors import knn


def order(X, queries=None, *, farthest=False):
    """Rows of X in the order around each query; without queries each row of X asks, and leaves itself out.

    The order is by (squared distance, index), or by (descending squared distance, index). Also returned: the
    distances in that order.
    """
    squared = knn.squared_distances(X, X if queries is None else queries)
    keys = -squared if farthest else squared
    if queries is None:
        np.fill_diagonal(keys, np.inf)
    rows = np.argsort(keys, axis=1, kind="stable")
    if queries is None:
        rows = rows[:, :-1]
    with np.errstate(over="ignore"):
        distances = np.sqrt(np.take_along_axis(np.abs(keys), rows, axis=1)).astype(np.float64)
    return rows, distances


def among(ordered, y, classes, k):
    """(distances, indices) of the first k rows of some classes, from ``order``."""
    rows, distances = ordered
    chosen = [np.flatnonzero(np.isin(y[here], classes))[:k] for here in rows]
    indices = np.array([here[at] for here, at in zip(rows, chosen, strict=True)])
    return np.array([far[at] for far, at in zip(distances, chosen, strict=True)]), indices


def count_other_classes(rows, y, i, k):
    """Rows of other classes before the j-th row of the class of row i, for j = 1 ... k, at most k each."""
    own = y[rows[i]] == y[i]
    return [min(k, int(place - j)) for j, place in enumerate(np.flatnonzero(own)[:k])]


def own_class_first(rows, y, i, k, nth_other):
    """Whether k rows of the class of row i come before the ``nth_other`` row of the other classes."""
    n_own = n_other = 0
    for own in (y[rows[i]] == y[i]).tolist():
        n_own += own
        n_other += not own
        if n_other == nth_other:
            return False
        if n_own == k:
            return True
    return False


def is_nearest(X, i, j):
    """Whether no third row precedes row j in the order around row i."""
    squared = knn.squared_distances(X, X[i : i + 1])[0]
    precede = (squared < squared[j]) | ((squared == squared[j]) & (np.arange(len(X)) < j))
    precede[i] = False
    return not precede.any()
