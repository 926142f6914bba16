"""Edited nearest neighbours and its relatives by definition: every distance, every vote, every round.

Edited nearest neighbours: Wilson (1972), doi:10.1109/TSMC.1972.4309137. Repeated, and all k-NN: Tomek (1976),
doi:10.1109/TSMC.1976.4309523. Neighbourhood cleaning rule: Laurikkala (2001), doi:10.1007/3-540-48229-6_9.
Rows are ordered by (squared distance, index), as ``rank`` gives them; ``cleaned`` are the codes that lose
rows.
"""

from collections import Counter

import numpy as np
from reference.neighbors import knn


def most_frequent(labels):
    """The mode, the smallest of equally frequent labels."""
    votes = Counter(labels)
    return min(votes, key=lambda label: (-votes[label], label))


def stays(own, neighbors, kind):
    if kind == "all":
        return all(label == own for label in neighbors)
    return most_frequent(neighbors) == own


def rank(X):
    """(n, n - 1) the other rows in their order around each row."""
    return knn.nearest(X, len(X) - 1)[1]


def _nearest_left(ranked, left, k):
    """The k nearest of the rows that are left, (n, k)."""
    first = np.argsort(~left[ranked], axis=1, kind="stable")[:, :k]
    return np.take_along_axis(ranked, first, axis=1)


def _round(ranked, codes, left, cleaned, k, kind, floor=0, distances=None):
    """Which rows are left (n,) after one round on those that are left."""
    nearest = _nearest_left(ranked, left, k)
    labels, votes = codes.tolist(), codes[nearest].tolist()
    kept = np.array(
        [
            here and (own not in cleaned or stays(own, neighbors, kind))
            for own, here, neighbors in zip(labels, left.tolist(), votes, strict=True)
        ]
    )
    return above_floor(np.flatnonzero(left & ~kept).tolist(), left, nearest, codes, floor, distances)


def above_floor(gone, left, nearest, codes, floor, distances):
    """Which rows are left (n,) when of the rows ``gone`` the most entangled go, to a floor for each class."""

    def entangled(row):
        others = [j for j in nearest[row].tolist() if codes[j] != codes[row]]
        return -len(others), min((distances[row, j] for j in others), default=np.inf), row

    left = left.copy()
    for row in sorted(gone, key=entangled) if floor else gone:
        if (codes[left] == codes[row]).sum() > floor:
            left[row] = False
    return left


def enn(ranked, codes, cleaned, k, kind, floor=0, distances=None):
    """Rows that stay in one round; ``distances`` (n, n) decide which, where a class keeps ``floor`` rows."""
    left = np.ones(len(codes), bool)
    return np.flatnonzero(_round(ranked, codes, left, cleaned, k, kind, floor, distances))


def _spent(before, after, allow_minority):
    """Whether a class is left without rows, or one other than the minority with fewer than that had."""
    minority = min(before, key=lambda code: (before[code], code))
    few = any(after[code] < before[minority] for code in before if code != minority)
    return any(after[code] == 0 for code in before) or (few and not allow_minority)


def _rounds(ranked, codes, cleaned, ks, kind, allow_minority, until_stable, floor, distances):
    before = Counter(codes.tolist())
    left = np.ones(len(codes), bool)
    for done, k in enumerate(ks):
        if left.sum() <= k:
            return np.flatnonzero(left), done
        kept = _round(ranked, codes, left, cleaned, k, kind, floor, distances)
        stable = (kept == left).all()
        left = kept
        if (stable and until_stable) or _spent(before, Counter(codes[left].tolist()), allow_minority):
            return np.flatnonzero(left), done + 1
    return np.flatnonzero(left), len(ks)


def renn(ranked, codes, cleaned, k, kind, max_iter, floor=0, distances=None):
    """Rows that stay, and the number of rounds."""
    return _rounds(ranked, codes, cleaned, [k] * max_iter, kind, False, True, floor, distances)


def all_knn(ranked, codes, cleaned, k, kind, allow_minority, floor=0, distances=None):
    rounds = range(1, k + 1)
    return _rounds(ranked, codes, cleaned, rounds, kind, allow_minority, False, floor, distances)[0]


def ncr(ranked, codes, cleaned, k, threshold, floor=0, distances=None):
    counts = Counter(codes.tolist())
    minority = min(counts, key=lambda code: (counts[code], code))
    gone = set(range(len(codes))) - set(enn(ranked, codes, cleaned, k, "mode").tolist())
    for i in np.flatnonzero(codes == minority):
        voters = [minority, *codes[ranked[i, : k - 1]].tolist()]
        if most_frequent(voters) != minority:
            gone |= {
                int(j)
                for j in ranked[i, :k]
                if codes[j] in cleaned and counts[int(codes[j])] > threshold * counts[minority]
            }
    left = np.ones(len(codes), bool)
    return np.flatnonzero(above_floor(sorted(gone), left, ranked[:, :k], codes, floor, distances)).tolist()
