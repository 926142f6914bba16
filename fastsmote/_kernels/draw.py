"""Random draws by the counter-based generator: rows, columns, weights and keys.

What is drawn for number ``first + j`` stands at j, so that any slice of the draws can be made alone.
"""

import numpy as np

from fastsmote._kernels.jit import kernel
from fastsmote._kernels.random import below, draw, unit

_PLACE = np.uint64(0)  # draw that picks base rows, and columns and gaps with them
_PAIR = np.uint64(2**32 - 1)  # draw that picks columns and gaps for base rows that are known


@kernel
def draw_pairs(seed, stream, first, n_rows, n_columns, base, column, gap, lo, hi):
    """Uniform base in 0..n_rows-1, column in 0..n_columns-1 and gap in [0, 1) for new rows [lo, hi)."""
    rows = np.uint64(n_rows)
    for j in range(lo, hi):
        word, other = draw(seed, stream, first + np.uint64(j), _PLACE)
        base[j] = below(word, rows)
        column[j] = below(word * rows, np.uint64(n_columns))  # by what is left of the word: no division
        gap[j] = unit(other)


@kernel
def draw_columns(seed, stream, first, n_columns, base, column, gap, lo, hi):
    """Columns below n_columns[base[j]] and gaps, uniform, for new rows j in [lo, hi)."""
    for j in range(lo, hi):
        word, other = draw(seed, stream, first + np.uint64(j), _PAIR)
        column[j] = np.int64(below(word, np.uint64(n_columns[base[j]])))
        gap[j] = unit(other)


@kernel
def draw_rows(seed, stream, first, n_rows, base, lo, hi):
    """Uniform rows in 0..n_rows-1, with replacement, for new rows [lo, hi)."""
    for j in range(lo, hi):
        base[j] = np.int64(below(draw(seed, stream, first + np.uint64(j), _PLACE)[0], np.uint64(n_rows)))


@kernel
def draw_weighted_rows(seed, stream, first, cumulative, base, lo, hi):
    """Rows drawn with replacement, in proportion to weights, for new rows [lo, hi).

    ``cumulative`` holds the running sums of the weights; a row without weight is never drawn.
    """
    last = cumulative.shape[0] - 1
    while last > 0 and cumulative[last - 1] == cumulative[last]:
        last -= 1
    for j in range(lo, hi):
        target = unit(draw(seed, stream, first + np.uint64(j), _PLACE)[0]) * cumulative[last]
        below_or_at, above = -1, last  # the product can round up to the whole sum
        while above - below_or_at > 1:
            middle = (below_or_at + above) // 2
            if cumulative[middle] > target:
                above = middle
            else:
                below_or_at = middle
        base[j] = above


@kernel
def draw_keys(seed, stream, first, keys, lo, hi):
    """A random 64-bit key for each of the rows [lo, hi)."""
    for j in range(lo, hi):
        keys[j] = draw(seed, stream, first + np.uint64(j), _PLACE)[0]
