"""Tomek links (Tomek 1976, doi:10.1109/TSMC.1976.4309452) by definition."""

import numpy as np
from reference.neighbors import knn


def links(X, codes):
    """Pairs (i, j), i < j, of different classes that are each other's nearest row under (distance, index)."""
    nearest = knn.nearest(X, 1)[1][:, 0]
    return [(i, int(j)) for i, j in enumerate(nearest) if i < j and nearest[j] == i and codes[i] != codes[j]]


def strict_links(X, codes):
    """The definition for data without ties: no row is nearer to either end than the other end."""
    squared = knn.squared_distances(X, X)
    found = []
    for i in range(len(codes)):
        for j in range(i + 1, len(codes)):
            others = np.delete(np.arange(len(codes)), [i, j])
            nearer = (squared[i, others] < squared[i, j]).any() or (squared[j, others] < squared[i, j]).any()
            if codes[i] != codes[j] and not nearer:
                found.append((i, j))
    return found


def kept(X, codes, loses_rows):
    """Rows that stay when the ends of links in the classes ``loses_rows`` go."""
    gone = {end for pair in links(X, codes) for end in pair if codes[end] in loses_rows}
    return [i for i in range(len(codes)) if i not in gone]
