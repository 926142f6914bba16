"""How the rows of a class lie among the others, by definition."""

from fractions import Fraction

import numpy as np
from reference.diagnosis import leakage
from reference.neighbors import knn


def shares(X, y, k):
    """Class -> shares of its rows that are noise, in danger, and safe; by the k nearest of different rows.

    Equal rows of several classes count for each by its share. No two different rows may be equally near.
    """
    keys = [leakage.key(row) for row in np.asarray(X).tolist()]
    places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    labels = [[] for _ in places]
    for key, label in zip(keys, y, strict=True):
        labels[places[key]].append(label)
    different = np.array(list(places))
    _, nearest = knn.nearest(leakage.scaled(different, leakage.powers(different)), k)

    def share(place, label):
        return Fraction(labels[place].count(label), len(labels[place]))

    kinds = {label: [] for label in np.unique(y).tolist()}
    for key, label in zip(keys, np.asarray(y).tolist(), strict=True):
        own = sum(share(place, label) for place in nearest[places[key]])
        safe = own > Fraction(k, 2) and share(places[key], label) > Fraction(1, 2)
        kinds[label].append("noise" if own == 0 else "safe" if safe else "danger")
    return {
        label: tuple(own.count(kind) / len(own) for kind in ("noise", "danger", "safe"))
        for label, own in kinds.items()
    }


def conflicting(rows, y):
    """Rows that equal a row of another class."""
    keys = [leakage.key(row) for row in rows]
    labels = {}
    for key, label in zip(keys, y, strict=True):
        labels.setdefault(key, set()).add(label)
    return sum(len(labels[key]) > 1 for key in keys)
