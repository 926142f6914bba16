"""Sparse rows: neighbours by brute force, without making them dense.

Distances are, to the last bit, those of the same rows made dense.
"""

from fastsmote._kernels.jit import inlined, kernel
from fastsmote._kernels.neighbors.search import insert

_ROWS = 1024  # rows that a query looks at before the next query does


@inlined
def _squared_distance(matrix, n_features, i, j, scale, sums):
    """As ``distance.squared_distance``: four sums, by column, added in the same order."""
    data, columns, indptr = matrix
    whole = n_features - n_features % 4
    for c in range(4):
        sums[c] = 0.0
    p, p_end, q, q_end = indptr[i], indptr[i + 1], indptr[j], indptr[j + 1]
    while p < p_end or q < q_end:
        if q == q_end or (p < p_end and columns[p] < columns[q]):
            column, t = columns[p], data[p] * scale
            p += 1
        elif p == p_end or columns[q] < columns[p]:
            column, t = columns[q], data[q] * scale
            q += 1
        else:
            column, t = columns[p], data[p] * scale - data[q] * scale
            p += 1
            q += 1
        sums[column % 4 if column < whole else 0] += t * t
    return (sums[0] + sums[1]) + (sums[2] + sums[3])


@kernel
def squared_norms(matrix, scale, norms, lo, hi):
    """norms[i] = squared scaled norm of row i, for i in [lo, hi)."""
    data, _, indptr = matrix
    for i in range(lo, hi):
        total = 0.0
        for p in range(indptr[i], indptr[i + 1]):
            value = data[p] * scale
            total += value * value
        norms[i] = total


@kernel
def offer(matrix, norms, scale, dense, sums, segments, distances, indices, lo, hi):
    """Offer the queries [lo, hi) of ``segments``, rows of ``matrix`` (``CSR``), their rows.

    ``dense`` (n_features,) and ``sums`` (4,) are scratch, ``dense`` of zeros before and after. The product
    with the query made dense tells which rows are worth an exact distance: |x|^2 + |y|^2 - 2 x y is wrong by
    less than (terms + 8) 2^-50 (|x|^2 + |y|^2), some times the rounding of its terms; of values below 1e-300
    of the largest, whose squares underflow, neither says anything.
    """
    data, columns, indptr = matrix
    pool, starts, stops, queries = segments
    last = distances.shape[1] - 1
    for first in range(starts[lo], stops[hi - 1], _ROWS):
        for i in range(lo, hi):
            me = queries[i]
            for p in range(indptr[me], indptr[me + 1]):
                dense[columns[p]] = data[p] * scale
            for place in range(max(first, starts[i]), min(first + _ROWS, stops[i])):
                row = pool[place]
                if row == me:
                    continue
                product = 0.0
                for p in range(indptr[row], indptr[row + 1]):
                    product += data[p] * scale * dense[columns[p]]
                total = norms[me] + norms[row]
                n_terms = indptr[row + 1] - indptr[row] + indptr[me + 1] - indptr[me]
                if total - 2.0 * product - (n_terms + 8) * 2.0**-50 * total <= distances[i, last]:
                    d2 = _squared_distance(matrix, dense.shape[0], row, me, scale, sums)
                    insert(distances[i], indices[i], d2, row)
            for p in range(indptr[me], indptr[me + 1]):
                dense[columns[p]] = 0.0
