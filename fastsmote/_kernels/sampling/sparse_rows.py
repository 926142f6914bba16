"""New rows of a sparse matrix: to the last bit the values of the same rows made dense."""

from typing import NamedTuple

import numpy as np

from fastsmote._kernels.jit import kernel
from fastsmote._kernels.sampling.interpolate import between


class Pairs(NamedTuple):
    """New row i lies at gap[i] of the way from row base[i] to row neighbor[i]."""

    base: np.ndarray
    neighbor: np.ndarray
    gap: np.ndarray


@kernel
def interpolate(matrix, pairs, start, write, out, lo, hi):
    """New rows start + i of ``pairs`` to the rows i of ``out`` (CSR), without zeros, for i in [lo, hi).

    With ``write``, the rows of ``out`` start at out.indptr; without, out.indptr[i + 1] becomes the length of
    row i, and nothing else is written.
    """
    data, columns, indptr, _ = matrix
    base, neighbor, gap = pairs
    out_data, out_columns, ends, _ = out
    zero = data.dtype.type(0.0)
    for i in range(lo, hi):
        a, b, g = base[start + i], neighbor[start + i], gap[start + i]
        at = ends[i] if write else 0
        p, p_end, q, q_end = indptr[a], indptr[a + 1], indptr[b], indptr[b + 1]
        while p < p_end or q < q_end:
            if q == q_end or (p < p_end and columns[p] < columns[q]):
                column, x, y = columns[p], data[p], zero
                p += 1
            elif p == p_end or columns[q] < columns[p]:
                column, x, y = columns[q], zero, data[q]
                q += 1
            else:
                column, x, y = columns[p], data[p], data[q]
                p += 1
                q += 1
            value = between(x, y, g)
            if value != 0.0:
                if write:
                    out_columns[at] = column
                    out_data[at] = value
                at += 1
        if not write:
            ends[i + 1] = at
