"""Kernel under the metrics on hard labels: rows per pair of labels."""

import numpy as np

from fastsmote._kernels.jit import kernel

# One cell holds most rows of imbalanced data; added to in turn, its lanes do not wait for each other.
LANES = 4


@kernel
def count_pairs(true, pred, weights, low_true, low_pred, height, width, counts, sums):
    """Add each row to its cell (true - low_true) * width + pred - low_pred, ``LANES`` entries a cell.

    ``counts`` takes rows, ``sums`` their ``weights``; both of the latter may be None. The labels are int64.
    Returns how many rows lie outside the table of ``height`` by ``width`` cells, and are in none.
    """
    outside = 0
    for i in range(true.shape[0]):
        row = np.uint64(true[i] - low_true)
        col = np.uint64(pred[i] - low_pred)
        if row < np.uint64(height) and col < np.uint64(width):
            at = np.uint64(LANES) * (row * np.uint64(width) + col) + np.uint64(i & (LANES - 1))
            counts[at] += 1
            if weights is not None:
                sums[at] += weights[i]
        else:
            outside += 1
    return outside
