"""Rows of categories: the value difference metric by brute force, and votes."""

from fastsmote._kernels.jit import kernel
from fastsmote._kernels.neighbors.search import insert

_ROWS = 1024  # rows that a block of queries looks at before the next


@kernel
def offer(shares, n_classes, pool, starts, stops, asked, distances, indices, lo, hi):
    """Offer query i, row asked[i], the rows pool[starts[i]:stops[i]] but itself, for i in [lo, hi).

    ``shares`` (n, n_features * n_classes) holds the share of each class among the rows with the category that
    row i has; a feature adds the square of the sum of their absolute differences. ``starts`` ascends.
    """
    for first in range(starts[lo], stops[hi - 1], _ROWS):
        for i in range(lo, hi):
            for place in range(max(first, starts[i]), min(first + _ROWS, stops[i])):
                row = pool[place]
                if row == asked[i]:
                    continue
                d2 = 0.0
                for p in range(0, shares.shape[1], n_classes):
                    difference = 0.0
                    for c in range(p, p + n_classes):
                        difference += abs(shares[row, c] - shares[asked[i], c])
                    d2 += difference * difference
                insert(distances[i], indices[i], d2, row)


@kernel
def vote(codes, voters, own, winner, lo, hi):
    """winner[i, c] = the first of the rows voters[i] that has their most frequent category c, for i in [lo,
    hi).

    Of categories that are equally frequent, the one that comes first. Rows from len(codes) on, and missing
    categories (negative), have no vote; without any, the winner is own[i].
    """
    n_voters = voters.shape[1]
    for i in range(lo, hi):
        for c in range(codes.shape[1]):
            best, winner[i, c] = 0, own[i]
            for v in range(n_voters):
                row = voters[i, v]
                if row >= codes.shape[0] or codes[row, c] < 0:
                    continue
                n_votes = 1
                for w in range(v + 1, n_voters):
                    other = voters[i, w]
                    n_votes += other < codes.shape[0] and codes[other, c] == codes[row, c]
                if n_votes > best:
                    best, winner[i, c] = n_votes, row
