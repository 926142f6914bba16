"""Drawing plans and applying them. Row j of a class's new rows uses only (seed, class, j)."""

import math

import numpy as np

from fastsmote._jit import kernel
from fastsmote._kernels.random import below, draw, unit

_PLACE = np.uint64(0)  # draw that picks rows and gaps
_NOISE = np.uint64(1)  # first of the draws that make noise


@kernel
def draw_pairs(seed, stream, n_rows, n_columns, base, column, gap, lo, hi):
    """Uniform base in 0..n_rows-1, column in 0..n_columns-1 and gap in [0, 1) for new rows [lo, hi)."""
    rows = np.uint64(n_rows)
    for j in range(lo, hi):
        first, second = draw(seed, stream, np.uint64(j), _PLACE)
        base[j] = below(first, rows)
        column[j] = below(first * rows, np.uint64(n_columns))  # by what is left of the word: no division
        gap[j] = unit(second)


@kernel
def draw_columns(seed, stream, n_columns, column, gap, lo, hi):
    """Uniform columns and gaps for new rows [lo, hi) whose base rows are decided already."""
    for j in range(lo, hi):
        first, second = draw(seed, stream, np.uint64(j), _PLACE)
        column[j] = np.int64(below(first, np.uint64(n_columns)))
        gap[j] = unit(second)


@kernel
def draw_rows(seed, stream, n_rows, base, lo, hi):
    """Uniform rows in 0..n_rows-1, with replacement, for new rows [lo, hi)."""
    for j in range(lo, hi):
        base[j] = np.int64(below(draw(seed, stream, np.uint64(j), _PLACE)[0], np.uint64(n_rows)))


@kernel
def draw_keys(seed, stream, keys, lo, hi):
    """A random 64-bit key for each of the rows [lo, hi)."""
    for j in range(lo, hi):
        keys[j] = draw(seed, stream, np.uint64(j), _PLACE)[0]


@kernel
def resolve(rows, place, neighbors, base, neighbor, lo, hi):
    """Turn (row of the class, column) into row numbers of X, in place.

    ``rows`` (n_class,) are the rows of the class in X and ``place`` their rows in ``neighbors`` (n_queried,
    k).
    """
    for j in range(lo, hi):
        i = base[j]
        neighbor[j] = neighbors[place[i], neighbor[j]]
        base[j] = rows[i]


@kernel
def interpolate(X, base, neighbor, gap, start, out, lo, hi):
    """out[i] = point at gap[start + i] of the way from base row to neighbour row, for i in [lo, hi).

    Kept between the two values, which rounding could leave by a last digit; a difference that overflows is
    taken as a weighted mean instead. A negative gap leads away from the neighbour.
    """
    for i in range(lo, hi):
        a, b, g = base[start + i], neighbor[start + i], gap[start + i]
        for p in range(X.shape[1]):
            x, y = X[a, p], X[b, p]
            step = y - x
            value = x + g * step if abs(step) < np.inf else x * (1.0 - g) + y * g
            if g >= 0.0:
                small, large = (x, y) if x < y else (y, x)
                value = value if value > small else small
                value = value if value < large else large
            out[i, p] = value


@kernel
def add_noise(seed, group, first, deviation, start, out, lo, hi):
    """Add normal noise to out[i], row start + i of a plan, with deviation[group] per column, for i in [lo,
    hi).

    ``group`` (n_new,) is the class of each new row and ``first`` (K,) the first new row of each class.
    Box-Muller, columns in pairs.
    """
    d = out.shape[1]
    for i in range(lo, hi):
        c = group[start + i]
        row = np.uint64(start + i - first[c])
        for p in range(0, d, 2):
            a, b = draw(seed, np.uint64(c), row, _NOISE + np.uint64(p // 2))
            radius = math.sqrt(-2.0 * math.log(1.0 - unit(a)))
            angle = 2.0 * math.pi * unit(b)
            out[i, p] += deviation[c, p] * radius * math.cos(angle)
            if p + 1 < d:
                out[i, p + 1] += deviation[c, p + 1] * radius * math.sin(angle)
