"""What is declared about columns, applied to new rows; and their categories."""

import numpy as np

from fastsmote._kernels.jit import kernel


@kernel
def constrain(X, base, immutable, integer, low, high, out, lo, hi):
    """Immutable columns from row base[i], whole numbers rounded half to even, then bounds, for out[i], i in
    [lo, hi). A missing value stays missing.
    """
    for i in range(lo, hi):
        for p in range(X.shape[1]):
            value = out[i, p]
            if immutable[p]:
                value = X[base[i], p]
            else:
                if integer[p]:
                    value = np.rint(value)
                value = low[p] if value < low[p] else value
                value = high[p] if value > high[p] else value
            out[i, p] = value


@kernel
def copy_categories(X, columns, donors, place, out, lo, hi):
    """out[i, columns[c]] = value of the row donors[place[i], c] of X, for i in [lo, hi)."""
    for i in range(lo, hi):
        for c in range(columns.shape[0]):
            out[i, columns[c]] = X[donors[place[i], c], columns[c]]
