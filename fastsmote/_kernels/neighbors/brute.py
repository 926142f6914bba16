"""Every row offered to every query, by the exact distance alone: for questions too small for an index."""

from fastsmote._kernels.jit import kernel
from fastsmote._kernels.neighbors.distance import squared_distance
from fastsmote._kernels.neighbors.lists import insert


@kernel
def offer_rows(X, Q, leave_out, scale, distances, indices, lo, hi):
    """Offer the rows [lo, hi) of X to all queries Q; query i is row i of X itself when ``leave_out``.

    The lists (m, k) hold (squared distance, index) in ascending order, at first inf and an index above every
    row.
    """
    for i in range(Q.shape[0]):
        for row in range(lo, hi):
            if not (leave_out and row == i):
                insert(distances[i], indices[i], squared_distance(X, row, Q, i, scale), row)
