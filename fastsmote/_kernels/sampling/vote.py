"""Votes for categories."""

from fastsmote._kernels.jit import kernel


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
