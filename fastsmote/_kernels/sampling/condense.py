"""The pass of condensed nearest neighbours over rows that their store does not yet classify rightly."""

from typing import NamedTuple

import numpy as np

from fastsmote._kernels.jit import inlined, kernel
from fastsmote._kernels.neighbors import sparse
from fastsmote._kernels.neighbors.distance import squared_distance


class SparseRoom(NamedTuple):
    """Scratch of ``condense_sparse``."""

    later: np.ndarray  # (hi - lo,)
    sums: np.ndarray  # (sparse.SUMS,)


@inlined
def _stays_open(i, row, d2, squared, others, missing):
    """Whether row i misses another one still, when ``row`` has joined."""
    if d2 < squared[i] or (d2 == squared[i] and row < others[i]):
        missing[i] -= 1
    return missing[i] > 0


@kernel
def condense(X, rows, squared, others, missing, scale, later, joined, lo, hi):
    """Let the rows [lo, hi) join the store, in order, unless rows that joined before make them safe.

    Row ``rows[i]`` of X is safe once ``missing[i]`` rows, at least one, that precede the place (squared[i],
    others[i]) have joined; ``missing`` is counted down and ``joined`` (bool) is set. ``later`` has room for
    hi - lo numbers.
    """
    n_later = hi - lo
    for i in range(n_later):
        later[i] = lo + i
    while n_later > 0:
        first = later[0]
        row = rows[first]
        joined[first] = True
        n_left = 0
        for at in range(1, n_later):
            i = later[at]
            d2 = squared_distance(X, row, X, rows[i], scale)
            if _stays_open(i, row, d2, squared, others, missing):
                later[n_left] = i
                n_left += 1
        n_later = n_left


@kernel
def condense_sparse(X, rows, squared, others, missing, scale, room, joined, lo, hi):
    """As ``condense``, of sparse rows (``CSR``); ``room`` is a ``SparseRoom``."""
    later, sums = room
    n_later = hi - lo
    for i in range(n_later):
        later[i] = lo + i
    while n_later > 0:
        first = later[0]
        row = rows[first]
        joined[first] = True
        n_left = 0
        for at in range(1, n_later):
            i = later[at]
            d2 = sparse.squared_distance(X, row, X, rows[i], scale, sums)
            if _stays_open(i, row, d2, squared, others, missing):
                later[n_left] = i
                n_left += 1
        n_later = n_left
