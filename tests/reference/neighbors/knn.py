"""k nearest neighbours by their definition: every distance, in long double, then a sort."""

import numpy as np

CHUNK = 2**22  # differences held at a time


def squared_distances(X, Q):
    """Squared distance of each row of Q to each row of X, in long double."""
    X = np.asarray(X).astype(np.longdouble)
    Q = np.asarray(Q).astype(np.longdouble)
    squared = np.empty((len(Q), len(X)), np.longdouble)
    step = max(1, CHUNK // X.size)
    for start in range(0, len(Q), step):
        difference = Q[start : start + step, np.newaxis] - X
        squared[start : start + step] = (difference * difference).sum(axis=2)
    return squared


def nearest(X, k, queries=None):
    """(distances, indices) of the k nearest rows of X under (distance, index).

    Without queries each row of X asks, and leaves itself out by its index.
    """
    squared = squared_distances(X, X if queries is None else queries)
    if queries is None:
        np.fill_diagonal(squared, np.inf)
    indices = np.argsort(squared, axis=1, kind="stable")[:, :k]
    with np.errstate(over="ignore"):
        distances = np.sqrt(np.take_along_axis(squared, indices, axis=1)).astype(np.float64)
    return distances, indices
