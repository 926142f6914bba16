"""Random under-sampling within clusters, by fractions and row by row."""

from fractions import Fraction

import numpy as np
from reference.kernels import philox


def shares(sizes, total):
    """Whole numbers with this sum in proportion to ``sizes``: largest remainders, the first of equal ones."""
    exact = [Fraction(size * total, sum(sizes)) for size in sizes]
    counts = [int(one) for one in exact]
    order = sorted(range(len(sizes)), key=lambda g: (counts[g] - exact[g], g))
    for g in order[: total - sum(counts)]:
        counts[g] += 1
    return counts


def under(codes, clusters, n_left, seed, replacement=False):
    """Kept rows: cluster g of class c draws from stream c + n_classes * g."""
    kept, names = [], sorted(set(clusters))
    for code, count in enumerate(n_left):
        rows = np.flatnonzero(codes == code)
        if count == len(rows):
            kept += rows.tolist()
            continue
        members = [[i for i in rows.tolist() if clusters[i] == name] for name in names]
        for g, left in enumerate(shares([len(some) for some in members], count)):
            stream, some = code + len(n_left) * g, members[g]
            words = [philox.draw(seed, stream, j, 0)[0] for j in range(max(len(some), left))]
            if replacement:
                kept += [some[philox.below(word, len(some))] for word in words[:left]]
            else:
                kept += [some[j] for j in sorted(range(len(some)), key=words.__getitem__)[:left]]
    return sorted(kept)
