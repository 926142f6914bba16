"""Building the index: kd leaves of contiguous rows in rotated coordinates, packed as float32 panels.

Leaf j holds the rows ``ids[j * size : (j + 1) * size]``; only the last leaf may be short. A node is a range
of leaves [lo, hi) and splits at ``middle(lo, hi)``, which belongs to one node only, so ``split_axis`` and
``split_value`` are indexed by it and no tree is stored.

Letters: n rows, d features, b leading axes on which splits are made.
"""

import math
from typing import NamedTuple

import numpy as np

from fastsmote._jit import kernel

_SPLIT_SAMPLE = 128  # rows looked at to choose a split axis


class Frame(NamedTuple):
    """The coordinates of the index: scaled by a power of two, centred, rotated to principal axes."""

    scale: float  # brings the largest magnitude to [0.5, 1)
    centre: np.ndarray  # (d,), scaled
    basis: np.ndarray  # (d, d) columns are axes, widest first; (0, 0) when the axes are columns of X
    axes: np.ndarray  # (d,) columns of X, widest first, for an empty basis
    rounding: float  # relative error of coordinates in float64, and of the basis as a rotation


@kernel
def middle(lo, hi):
    return (lo + hi + 1) // 2


@kernel
def project(X, i, frame, out):
    """First coordinates of X[i], in float64: out = ((X[i] * scale - centre) @ basis)[:out.shape[0]].

    An empty basis stands for a choice of axes: the columns named by ``frame.axes``.
    """
    if frame.basis.shape[0] == 0:
        for j in range(out.shape[0]):
            p = frame.axes[j]
            out[j] = X[i, p] * frame.scale - frame.centre[p]
        return
    out[:] = 0.0
    for p in range(X.shape[1]):
        value = X[i, p] * frame.scale - frame.centre[p]
        for j in range(out.shape[0]):
            out[j] += value * frame.basis[p, j]


@kernel
def leading_coordinates(X, rows, frame, coordinates, lo, hi):
    """coordinates[:, i] (b, n) of rows[i] on the leading axes, for i in [lo, hi)."""
    b = coordinates.shape[0]
    z = np.empty(b)
    for i in range(lo, hi):
        project(X, rows[i], frame, z)
        for j in range(b):
            coordinates[j, i] = z[j]


@kernel
def _widest_axis(coordinates, places, lo, hi):
    """Axis with the largest variance over a strided sample of places[lo:hi]."""
    step = max(1, (hi - lo) // _SPLIT_SAMPLE)
    best, best_axis = -1.0, 0
    for j in range(coordinates.shape[0]):
        count, total, squares = 0, 0.0, 0.0
        first = np.float64(coordinates[j, places[lo]])
        for i in range(lo, hi, step):
            value = coordinates[j, places[i]] - first
            total += value
            squares += value * value
            count += 1
        spread = squares - total * total / count
        if spread > best:
            best, best_axis = spread, j
    return best_axis


@kernel
def _select(keys, places, lo, hi, nth):
    """Reorder keys[lo:hi] (and places) so that those before nth are <= those from nth on (Hoare)."""
    hi -= 1
    while lo < hi:
        a, b, c = keys[lo], keys[(lo + hi) // 2], keys[hi]
        pivot = max(min(a, b), min(max(a, b), c))
        i, j = lo, hi
        while i <= j:
            while keys[i] < pivot:
                i += 1
            while keys[j] > pivot:
                j -= 1
            if i <= j:
                keys[i], keys[j] = keys[j], keys[i]
                places[i], places[j] = places[j], places[i]
                i += 1
                j -= 1
        if nth <= j:
            hi = j
        elif nth >= i:
            lo = i
        else:
            return


@kernel
def split(coordinates, places, keys, size, leaf_lo, leaf_hi, split_axis, split_value, whole):
    """Split the node of leaves [leaf_lo, leaf_hi): once, or down to single leaves when ``whole``."""
    n = places.shape[0]
    stack = np.empty((64, 2), np.int64)
    stack[0, 0], stack[0, 1] = leaf_lo, leaf_hi
    depth = 1
    while depth > 0:
        depth -= 1
        first, last = stack[depth, 0], stack[depth, 1]
        if last - first < 2:
            continue
        mid = middle(first, last)
        lo, nth, hi = first * size, mid * size, min(last * size, n)
        axis = _widest_axis(coordinates, places, lo, hi)
        for i in range(lo, hi):
            keys[i] = coordinates[axis, places[i]]
        _select(keys, places, lo, hi, nth)
        split_axis[mid] = axis
        split_value[mid] = keys[nth]
        if whole:
            stack[depth, 0], stack[depth, 1] = first, mid
            stack[depth + 1, 0], stack[depth + 1, 1] = mid, last
            depth += 2


@kernel
def pack(X, ids, size, frame, panels, low, high, slack, lo, hi):
    """Panels, boxes and slack of leaves [lo, hi).

    ``panels`` is flat: dimension p of row r of leaf j at (j * d + p) * size + r; missing rows are
    infinitely far. ``low`` and ``high`` (n_leaves, d) are the boxes of the float32 coordinates.
    ``slack[j]`` bounds the distance between a row's float32 coordinates and its exact ones: the rounding to
    float32, measured, plus ``frame.rounding`` times its norm for the float64 arithmetic.
    """
    d = X.shape[1]
    z = np.empty(d)
    for leaf in range(lo, hi):
        base = leaf * d * size
        first = leaf * size
        n_rows = min(size, ids.shape[0] - first)
        low[leaf] = np.inf
        high[leaf] = -np.inf
        worst = 0.0
        for r in range(n_rows):
            project(X, ids[first + r], frame, z)
            error = 0.0
            norm = 0.0
            for p in range(d):
                value = np.float32(z[p])
                panels[base + p * size + r] = value
                low[leaf, p] = min(low[leaf, p], value)
                high[leaf, p] = max(high[leaf, p], value)
                error += (z[p] - value) * (z[p] - value)
                norm += z[p] * z[p]
            worst = max(worst, math.sqrt(error) + frame.rounding * math.sqrt(norm))
        for r in range(n_rows, size):
            for p in range(d):
                panels[base + p * size + r] = np.inf
        slack[leaf] = worst


@kernel
def locate(Q, rows, frame, split_axis, split_value, leaf, lo, hi):
    """leaf[i] that rows[i] of Q falls into, for i in [lo, hi)."""
    z = np.empty(Q.shape[1])
    for i in range(lo, hi):
        project(Q, rows[i], frame, z)
        first, last = 0, split_axis.shape[0] - 1
        while last - first > 1:
            mid = middle(first, last)
            if np.float32(z[split_axis[mid]]) < split_value[mid]:
                last = mid
            else:
                first = mid
        leaf[i] = first
