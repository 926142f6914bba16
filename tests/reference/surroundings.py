"""How the rows of a class lie among the others, by definition."""

import numpy as np
from reference import knn, leakage


def shares(X, y, k):
    """Class -> shares of its rows that are noise, in danger, and safe; by the k nearest of all rows."""
    _, nearest = knn.nearest(leakage.scaled(X, leakage.powers(X)), k)
    others = (y[nearest] != y[:, np.newaxis]).sum(axis=1)
    result = {}
    for label in np.unique(y).tolist():
        own = others[y == label]
        noise, safe = (own == k).mean(), (own < k / 2).mean()
        result[label] = (noise, ((own >= k / 2) & (own < k)).mean(), safe)
    return result


def conflicting(rows, y):
    """Rows that equal a row of another class."""
    keys = [leakage.key(row) for row in rows]
    labels = {}
    for key, label in zip(keys, y, strict=True):
        labels.setdefault(key, set()).add(label)
    return sum(len(labels[key]) > 1 for key in keys)
