"""New rows of a sparse matrix: to the last bit the values of the same rows made dense."""

from typing import NamedTuple

import numpy as np

from fastsmote._kernels.csr import CSR
from fastsmote._kernels.jit import inlined, kernel
from fastsmote._kernels.sampling.interpolate import between


class Pairs(NamedTuple):
    """New row i lies at gap[i] of the way from row base[i] of X to row neighbor[i] of Y."""

    X: CSR
    base: np.ndarray
    Y: CSR
    neighbor: np.ndarray
    gap: np.ndarray


@inlined
def _ends(pairs, i):
    """Where the two rows of new row i start and end."""
    X, base, Y, neighbor, _ = pairs
    p, p_end = np.uint64(X.indptr[base[i]]), np.uint64(X.indptr[base[i] + 1])
    return p, p_end, np.uint64(Y.indptr[neighbor[i]]), np.uint64(Y.indptr[neighbor[i] + 1])


@inlined
def _union(columns, p, p_end, others, q, q_end):
    """How many columns there are in the rest of two rows."""
    n = np.uint64(0)
    while p < p_end and q < q_end:  # no branch that is foreseen wrong half of the time
        mine, other = columns[p], others[q]
        p += np.uint64(mine <= other)
        q += np.uint64(other <= mine)
        n += np.uint64(1)
    return n + (p_end - p) + (q_end - q)


@kernel
def count_columns(pairs, lengths, lo, hi):
    """lengths[i] = how many columns at least one of the two rows of new row i has, for i in [lo, hi).

    Two new rows side by side: each waits for what is next at every step.
    """
    columns, others = pairs.X.columns, pairs.Y.columns
    for i in range(lo, hi, 2):
        j, n = min(i + 1, hi - 1), np.uint64(0)
        p, p_end, q, q_end = _ends(pairs, i)
        r, r_end, s, s_end = _ends(pairs, j)
        while p < p_end and q < q_end and r < r_end and s < s_end:
            mine, other = columns[p], others[q]
            p += np.uint64(mine <= other)
            q += np.uint64(other <= mine)
            mine, other = columns[r], others[s]
            r += np.uint64(mine <= other)
            s += np.uint64(other <= mine)
            n += np.uint64(1)
        lengths[i] = n + _union(columns, p, p_end, others, q, q_end)
        lengths[j] = n + _union(columns, r, r_end, others, s, s_end)


@inlined
def _write(values, at, x, y, g, plainly):
    """Write the value between x and y; returns whether it is 0."""
    values[at] = x + g * (y - x) if plainly else between(x, y, g)
    if g < 0.0 and not plainly and abs(values[at]) == np.inf:  # a step away that leaves the range of floats
        values[at] = x
    return values[at] == 0.0


@kernel
def interpolate(pairs, plainly, out, n_zeros, lo, hi):
    """New rows i of ``pairs`` to the rows i of ``out`` (CSR), which start at out.indptr, for i in [lo, hi).

    A value for each column that one of the two rows has: n_zeros[i] of them are 0. With ``plainly`` values
    are those of ``segment.points``, without of ``interpolate.interpolate``.
    """
    data, columns, values, others = pairs.X.data, pairs.X.columns, pairs.Y.data, pairs.Y.columns
    gap = pairs.gap
    out_data, out_columns, starts, _ = out
    number = data.dtype.type
    zero, one = number(0.0), np.uint64(1)
    for i in range(lo, hi):
        g, at, n = gap[i], np.uint64(starts[i]), 0
        p, p_end, q, q_end = _ends(pairs, i)
        while p < p_end and q < q_end:
            mine, other = columns[p], others[q]
            out_columns[at] = min(mine, other)
            x, y = data[p] * number(mine <= other), values[q] * number(other <= mine)
            n += _write(out_data, at, x, y, g, plainly)
            p += np.uint64(mine <= other)
            q += np.uint64(other <= mine)
            at += one
        for s in range(p, p_end):
            out_columns[at] = columns[s]
            n += _write(out_data, at, data[s], zero, g, plainly)
            at += one
        for s in range(q, q_end):
            out_columns[at] = others[s]
            n += _write(out_data, at, zero, values[s], g, plainly)
            at += one
        n_zeros[i] = n
