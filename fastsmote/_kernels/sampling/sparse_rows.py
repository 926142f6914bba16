"""New rows of a sparse matrix."""

from fastsmote._kernels.jit import kernel
from fastsmote._kernels.sampling.interpolate import between


@kernel
def interpolate(
    data, columns, indptr, base, neighbor, gap, start, write, ends, out_data, out_columns, lo, hi
):
    """Rows start + i of a plan for i in [lo, hi), without zeros.

    With ``write``, row i goes to ends[i]:ends[i + 1] of the output; without, ends[i + 1] becomes its length.
    """
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
