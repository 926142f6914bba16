"""Random over- and under-sampling, row by row, from the draws that they are defined by."""

import numpy as np
from reference.kernels import philox


def over(codes, n_new, seed):
    """Base rows of the new rows: new row j of class c draws once, from (seed, c, j)."""
    base = []
    for code, count in enumerate(n_new):
        rows = np.flatnonzero(codes == code)
        base += [rows[philox.below(philox.draw(seed, code, j, 0)[0], len(rows))] for j in range(count)]
    return np.array(base, np.int64)


def under(codes, n_left, seed, replacement=False):
    """Kept rows: of each class that shrinks the rows with the smallest keys, or rows drawn one by one."""
    kept = []
    for code, count in enumerate(n_left):
        rows = np.flatnonzero(codes == code)
        if count == len(rows):
            kept += rows.tolist()
        elif replacement:
            kept += [rows[philox.below(philox.draw(seed, code, j, 0)[0], len(rows))] for j in range(count)]
        else:
            keys = [philox.draw(seed, code, j, 0)[0] for j in range(len(rows))]
            kept += [rows[j] for j in sorted(range(len(rows)), key=keys.__getitem__)[:count]]
    return np.sort(np.array(kept, np.int64))
