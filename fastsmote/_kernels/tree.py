"""Building the index: kd leaves of contiguous rows in rotated coordinates, packed as float32 panels.

Leaf j holds the rows ``ids[j * size : (j + 1) * size]``; only the last leaf may be short. A node is a range
of leaves [lo, hi) and splits at ``middle(lo, hi)``, which belongs to one node only, so ``split_axis`` and
``split_value`` are indexed by it and no tree is stored.

Letters: n rows, d features, b leading axes on which splits are made.
"""

import math
from typing import NamedTuple

import numpy as np

from fastsmote._jit import inlined, kernel
from fastsmote._kernels.tile import rotate

_SPLIT_SAMPLE = 128  # rows looked at to choose a split axis
_OUTWARD = 2.0**-22  # relative step that is more than the rounding of float64 to float32
_TINY = 1e-40  # the same where float32 is subnormal


class Frame(NamedTuple):
    """The coordinates of the index: scaled by a power of two, centred, rotated to principal axes."""

    scale: float  # brings the largest magnitude to [0.5, 1), or up to 2^55 if most values are much smaller
    centre: np.ndarray  # (d,), scaled
    basis: np.ndarray  # (d, columns(d)), axes, widest first, then zeros; empty when axes are columns of X
    axes: np.ndarray  # (d,) columns of X, widest first, for an empty basis
    rounding: float  # relative error of coordinates in float64, and of the basis as a rotation


class Panels(NamedTuple):
    """The rows of the index as the tile reads them, per leaf and about the leaf's centre.

    What float32 and the rotation leave out of a row is within ``slack`` of its leaf, and of a box nothing
    is left out: boxes are rounded outwards.
    """

    panels: np.ndarray  # flat float32: dimension p of row r of leaf j at (j * d + p) * size + r
    norms: np.ndarray  # (n_leaves * size,) squared norm, inf for no row
    tails: np.ndarray  # (n_leaves * size,) norm over the dimensions from ``head`` on, 0 for no row
    centres: np.ndarray  # (n_leaves, columns(d)) float64
    low: np.ndarray  # (n_leaves, d rounded up to fours) boxes
    high: np.ndarray
    slack: np.ndarray  # (n_leaves,)
    spread: np.ndarray  # (n_leaves,) largest norm of a row
    first: np.ndarray  # (n_leaves,) smallest row number


class Scratch(NamedTuple):
    """Room for one leaf of rows."""

    z: np.ndarray  # (size, columns(d)) their coordinates
    error: np.ndarray  # (size,)
    kept: np.ndarray  # (1, columns(d)) of one row: what float32 holds
    lost: np.ndarray  # what it leaves out
    tail: np.ndarray  # that from ``head`` on
    nodes: np.ndarray  # (64, 2) ranges of leaves still to split


def new_scratch(size: int, d: int) -> Scratch:
    width = columns.py_func(d)
    return Scratch(
        z=np.empty((size, width)),
        error=np.empty(size),
        kept=np.zeros((1, width)),
        lost=np.zeros((1, width)),
        tail=np.zeros((1, width)),
        nodes=np.empty((64, 2), np.int64),
    )


@inlined
def columns(d):
    """Columns of float64 coordinates of d features: a multiple of 32, as ``rotate`` wants them."""
    return (d + 31) // 32 * 32


@inlined
def middle(lo, hi):
    return (lo + hi + 1) // 2


@inlined
def project(X, i, frame, out, row):
    """out[row] = coordinates of X[i] in float64: (X[i] * scale - centre) @ basis.

    An empty basis stands for a choice of axes: the columns named by ``frame.axes``. Columns of ``out`` past
    the number of features are filling and become 0.
    """
    if frame.basis.shape[0] > 0:
        rotate(X, i, frame.scale, frame.centre, frame.basis, out, row)
        return
    for j in range(X.shape[1]):
        p = frame.axes[j]
        out[row, j] = X[i, p] * frame.scale - frame.centre[p]
    for j in range(X.shape[1], out.shape[1]):
        out[row, j] = 0.0


@kernel
def leading_coordinates(X, rows, frame, coordinates, scratch, lo, hi):
    """coordinates[:, i] (b, n) of rows[i] on the leading axes, for i in [lo, hi)."""
    z = scratch.z
    for i in range(lo, hi):
        project(X, rows[i], frame, z, 0)
        for j in range(coordinates.shape[0]):
            coordinates[j, i] = z[0, j]


@inlined
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


@inlined
def _before(keys, places, i, key, place):
    return keys[i] < key or (keys[i] == key and places[i] < place)


@inlined
def _select(keys, places, lo, hi, nth):
    """Reorder lo..hi-1 by (key, place) so that those before nth come before those from nth on (Hoare).

    Equal keys go by place, so that in a heap of duplicates the first leaves hold the smallest row numbers,
    which are the ones that everybody in the heap looks for.
    """
    hi -= 1
    while lo < hi:
        at = (lo + hi) // 2
        if _before(keys, places, hi, keys[lo], places[lo]):
            keys[lo], keys[hi] = keys[hi], keys[lo]
            places[lo], places[hi] = places[hi], places[lo]
        if _before(keys, places, at, keys[lo], places[lo]):
            at = lo
        elif _before(keys, places, hi, keys[at], places[at]):
            at = hi
        key, place = keys[at], places[at]
        i, j = lo, hi
        while i <= j:
            while _before(keys, places, i, key, place):
                i += 1
            while keys[j] > key or (keys[j] == key and places[j] > place):
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
def split(coordinates, places, keys, size, leaf_lo, leaf_hi, split_axis, split_value, scratch, whole):
    """Split the node of leaves [leaf_lo, leaf_hi): once, or down to single leaves when ``whole``."""
    n = places.shape[0]
    stack = scratch.nodes
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


@inlined
def round_down(value, error):
    """A float32 surely not above value - error."""
    return np.float32(value - error - abs(value) * _OUTWARD - _TINY)


@inlined
def round_up(value, error):
    """A float32 surely not below value + error."""
    return np.float32(value + error + abs(value) * _OUTWARD + _TINY)


@inlined
def _squared_norm(z, r):
    """Squared norm of a row, whose length is a multiple of 4: four chains instead of one."""
    s0 = s1 = s2 = s3 = 0.0
    for p in range(0, z.shape[1], 4):
        s0 += z[r, p] * z[r, p]
        s1 += z[r, p + 1] * z[r, p + 1]
        s2 += z[r, p + 2] * z[r, p + 2]
        s3 += z[r, p + 3] * z[r, p + 3]
    return (s0 + s1) + (s2 + s3)


@kernel
def pack(X, ids, size, head, frame, out, scratch, lo, hi):
    """Fill the ``Panels`` out for the leaves [lo, hi)."""
    d = X.shape[1]
    z, error, kept, lost, tail = scratch.z, scratch.error, scratch.kept, scratch.lost, scratch.tail
    for leaf in range(lo, hi):
        first = leaf * size
        n_rows = min(size, ids.shape[0] - first)
        least = out.centres[leaf]
        most = lost[0]
        for p in range(d):
            least[p] = np.inf
            most[p] = -np.inf
        for r in range(n_rows):
            project(X, ids[first + r], frame, z, r)
            error[r] = frame.rounding * math.sqrt(_squared_norm(z, r))
            for p in range(d):
                least[p] = min(least[p], z[r, p] - error[r])
                most[p] = max(most[p], z[r, p] + error[r])
        for p in range(d):
            out.low[leaf, p] = round_down(least[p], 0.0)
            out.high[leaf, p] = round_up(most[p], 0.0)
            out.centres[leaf, p] = 0.5 * (least[p] + most[p])
        for p in range(d, out.low.shape[1]):
            out.low[leaf, p] = -np.inf
            out.high[leaf, p] = np.inf
        for p in range(d, out.centres.shape[1]):
            out.centres[leaf, p] = 0.0
        slack = 0.0
        spread = 0.0
        for r in range(n_rows):
            for p in range(d):
                local = z[r, p] - out.centres[leaf, p]
                kept[0, p] = np.float32(local)
                lost[0, p] = local - kept[0, p]
            for p in range(head, d):
                tail[0, p] = kept[0, p]
            for p in range(d):
                out.panels[(leaf * d + p) * size + r] = kept[0, p]
            norm = _squared_norm(kept, 0)
            out.norms[first + r] = norm
            out.tails[first + r] = math.sqrt(_squared_norm(tail, 0))
            slack = max(slack, math.sqrt(_squared_norm(lost, 0)) + error[r])
            spread = max(spread, norm)
        for r in range(n_rows, size):
            for p in range(d):
                out.panels[(leaf * d + p) * size + r] = 0.0
            out.norms[first + r] = np.inf
            out.tails[first + r] = 0.0
        out.first[leaf] = ids[first]
        for r in range(1, n_rows):
            out.first[leaf] = min(out.first[leaf], ids[first + r])
        out.slack[leaf] = slack
        out.spread[leaf] = math.sqrt(spread)


@inlined
def descend(z, i, split_axis, split_value):
    """The leaf that the coordinates z[i] fall into."""
    first, last = 0, split_axis.shape[0] - 1
    while last - first > 1:
        mid = middle(first, last)
        if np.float32(z[i, split_axis[mid]]) < split_value[mid]:
            last = mid
        else:
            first = mid
    return first


@kernel
def locate(Q, rows, frame, split_axis, split_value, leaf, scratch, lo, hi):
    """leaf[i] that rows[i] of Q falls into, for i in [lo, hi)."""
    for i in range(lo, hi):
        project(Q, rows[i], frame, scratch.z, 0)
        leaf[i] = descend(scratch.z, 0, split_axis, split_value)
