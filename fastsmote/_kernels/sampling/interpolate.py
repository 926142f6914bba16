"""Drawing plans and applying them. Row j of a class's new rows uses only (seed, class, j)."""

import math

import numpy as np

from fastsmote._kernels.jit import inlined, kernel
from fastsmote._kernels.random import draw, unit

_NOISE = np.uint64(1)  # first of the draws that make noise


@kernel
def resolve(rows, place, neighbors, base, neighbor, lo, hi):
    """Turn (candidate, column) into row numbers of X, in place.

    ``rows`` (n_candidates,) are the candidates in X and ``place`` their rows in ``neighbors`` (n_queries, k).
    """
    for j in range(lo, hi):
        i = base[j]
        neighbor[j] = neighbors[place[i], neighbor[j]]
        base[j] = rows[i]


@inlined
def between(x, y, g):
    """The value at gap g of the way from x to y.

    Kept between the two, which rounding could leave by a last digit; a difference that overflows is taken as
    a weighted mean instead. A negative gap leads away from y. Where one is missing (NaN) it is the other.
    """
    step = y - x
    if abs(step) < np.inf:
        value = x + g * step
    elif math.isnan(x):
        return y
    elif math.isnan(y):
        return x
    else:
        value = x * (1.0 - g) + y * g
    if g >= 0.0:
        small, large = (x, y) if x < y else (y, x)
        value = value if value > small else small
        value = value if value < large else large
    return value


@kernel
def interpolate(X, base, neighbor, gap, out, lo, hi):
    """out[i] = point at gap[i] of the way from row base[i] to row neighbor[i], for i in [lo, hi).

    A step away from the neighbour that leaves the range of floats is not made.
    """
    for i in range(lo, hi):
        a, b, g = base[i], neighbor[i], gap[i]
        for p in range(X.shape[1]):
            out[i, p] = between(X[a, p], X[b, p], g)
            if g < 0.0 and abs(out[i, p]) == np.inf:
                out[i, p] = X[a, p]


@kernel
def add_noise(seed, stream, group, first, deviation, start, out, lo, hi):
    """Add normal noise to out[i], row start + i of a plan, for i in [lo, hi).

    ``group`` (n_new,) is the group of each new row. Group c (K,) draws from seed[c] and stream[c] by the
    place of a row behind first[c], and deviates by deviation[c] per column. Box-Muller, columns in pairs.
    Noise that leaves the range of floats is not added.
    """
    d = out.shape[1]
    for i in range(lo, hi):
        c = group[start + i]
        row = np.uint64(start + i - first[c])
        for p in range(0, d, 2):
            a, b = draw(seed[c], stream[c], row, _NOISE + np.uint64(p // 2))
            radius = math.sqrt(-2.0 * math.log(1.0 - unit(a)))
            angle = 2.0 * math.pi * unit(b)
            before = out[i, p]
            out[i, p] += deviation[c, p] * radius * math.cos(angle)
            if abs(out[i, p]) == np.inf:
                out[i, p] = before
            if p + 1 < d:
                before = out[i, p + 1]
                out[i, p + 1] += deviation[c, p + 1] * radius * math.sin(angle)
                if abs(out[i, p + 1]) == np.inf:
                    out[i, p + 1] = before
