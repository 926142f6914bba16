"""Building the index: kd leaves of contiguous rows in rotated coordinates, packed as float32 panels.

Leaf j holds the rows ``ids[j * size : (j + 1) * size]``; only the last leaf may be short. A node is a range
of leaves [lo, hi) and splits at ``middle(lo, hi)``, which belongs to one node only, so ``split_axis`` and
``split_value`` are indexed by it and no tree is stored.

Letters: n rows, d features, b leading axes on which splits are made.
"""

import math
from typing import NamedTuple

import numpy as np

from fastsmote._kernels.jit import inlined, kernel
from fastsmote._kernels.neighbors.tile import TILE_ROWS, fetch, rotate, rotate_four, squared_norm

_AHEAD = 16  # rows from a row that is copied to the one that is fetched
LEADING = 8  # axes at most, on which splits are made
_SPLIT_SAMPLE = 128  # rows looked at to choose a split axis
_PIVOTS = 32  # rows looked at to choose a pivot
_BEYOND = 3  # of these, how far the pivot is beyond the rank that is looked for
_SORTED = 64  # rows that are sorted by insertion
_LOW = np.uint64(2**32 - 1)
_SIGN = np.uint64(2**31)
_31 = np.uint64(31)
_32 = np.uint64(32)
_ONE = np.uint64(1)
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

    What float32 (2^-24 of a coordinate) and the rotation leave out of a row is within ``slack`` of its leaf,
    and of a box nothing is left out: boxes are rounded outwards.
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


@inlined
def columns(d):
    """Columns of float64 coordinates of d features: a multiple of 32, as ``rotate`` wants them."""
    return (d + 31) // 32 * 32


@inlined
def middle(lo, hi):
    return (lo + hi + 1) // 2


@inlined
def _copy(X, rows, raw, start, stop):
    """Copy X[rows[start:stop]], as many as raw has room for, and fetch ahead; returns how many."""
    n = min(raw.shape[0], stop - start)
    for r in range(n):
        i = rows[start + r]
        fetch(X, rows[min(start + r + _AHEAD, stop - 1)])
        for p in range(raw.shape[1]):
            raw[r, p] = X[i, p]
    return n


@kernel
def coordinates(X, rows, frame, raw, out, lo, hi):
    """out[i - lo] = coordinates of X[rows[i]] in float64, (X * scale - centre) @ basis, for i in [lo, hi).

    An empty basis stands for a choice of axes: the columns named by ``frame.axes``. Columns of ``out`` past
    the number of features are filling and become 0.

    The rows lie anywhere in X, so as many as ``raw`` has room for are copied first, in a loop that waits for
    many of them at a time.
    """
    scale, centre, basis, axes, _ = frame
    room, d = raw.shape
    for start in range(lo, hi, room):
        n = _copy(X, rows, raw, start, hi)
        for r in range(n):
            at = start - lo + r
            if basis.shape[0] > 0:
                rotate(raw, r, scale, centre, basis, out, at)
                continue
            for j in range(d):
                p = axes[j]
                out[at, j] = raw[r, p] * scale - centre[p]
            for j in range(d, out.shape[1]):
                out[at, j] = 0.0


@kernel
def lead(X, rows, frame, basis, raw, turned, out, lo, hi):
    """out[j, i] = coordinate j of X[rows[i]] on the axes that are split, float32, for i in [lo, hi).

    ``basis`` (d, 8) holds these axes, then zeros. ``raw``, of a multiple of 4 rows, and ``turned`` (4, 8) are
    scratch.
    """
    for start in range(lo, hi, raw.shape[0]):
        n = _copy(X, rows, raw, start, hi)
        for r in range(0, n, 4):
            rotate_four(raw, r, frame.scale, frame.centre, basis, turned)
            for t in range(min(4, n - r)):
                for j in range(out.shape[0]):
                    out[j, start + r + t] = turned[t, j]


@inlined
def _place(word):
    return np.int64(word & _LOW)


@inlined
def _word(key, place):
    """A number that sorts like (float32 key, place)."""
    bits = np.uint64(np.float32(key).view(np.uint32))
    return (((_LOW - bits) if bits >> _31 else (bits | _SIGN)) << _32) | np.uint64(place)


@inlined
def _key(word):
    """The key in a word."""
    bits = word >> _32
    return np.float32(np.uint32((bits ^ _SIGN) if bits >> _31 else (_LOW - bits)).view(np.float32))


@inlined
def _widest_axis(coordinates, words, lo, hi):
    """Axis with the largest variance over a strided sample of the rows words[lo:hi]."""
    step = max(1, (hi - lo) // _SPLIT_SAMPLE)
    best, best_axis = -1.0, 0
    for j in range(coordinates.shape[0]):
        count, total, squares = 0, 0.0, 0.0
        first = np.float64(coordinates[j, _place(words[lo])])
        for i in range(lo, hi, step):
            value = coordinates[j, _place(words[i])] - first
            total += value
            squares += value * value
            count += 1
        spread = squares - total * total / count
        if spread > best:
            best, best_axis = spread, j
    return best_axis


@inlined
def _sort(words, lo, hi):
    """Sort words[lo:hi] by insertion."""
    for i in range(lo + 1, hi):
        word = words[i]
        at = i
        while at > lo and words[at - 1] > word:
            words[at] = words[at - 1]
            at -= 1
        words[at] = word


@inlined
def _partition(words, spare, lo, hi):
    """Move those of words[lo:hi] below the last in front of it, the others behind; returns where it is then.

    Every word is written to both sides, and one of them moves on: no branch that is foreseen wrong half of
    the time. A selection takes 1.3 ns per row, 12.5 with Hoare's partition of keys and places. Unsigned
    places, for which numba does not look for negative ones.
    """
    last = np.uint64(hi - 1)
    pivot = words[last]
    end, n_spare = np.uint64(lo), np.uint64(lo)
    for i in range(np.uint64(lo), last):
        word = words[i]
        below = np.uint64(word < pivot)
        words[end] = word
        spare[n_spare] = word
        end += below
        n_spare += _ONE - below
    words[last] = words[end]
    words[end] = pivot
    start = np.uint64(lo)
    for i in range(start, n_spare):
        words[end + (i - start) + _ONE] = spare[i]
    return np.int64(end)


@inlined
def _select(words, spare, lo, hi, nth):
    """Reorder words[lo:hi] so that those before place nth are the smaller ones.

    The pivot is that of a sample, a little beyond the rank, so that mostly nth is on the smaller side after
    two passes, over all and over half (after Floyd and Rivest, 1975). Equal keys go by place, so that in a
    heap of duplicates the first leaves hold the smallest row numbers, which are the ones that everybody in
    the heap looks for.
    """
    while True:
        n, step = hi - lo, (hi - lo) // _PIVOTS
        is_small = n <= _SORTED
        if not is_small:
            for i in range(_PIVOTS):
                words[lo + i], words[lo + i * step] = words[lo + i * step], words[lo + i]
        _sort(words, lo, hi if is_small else lo + _PIVOTS)
        if is_small:
            return
        rank = (nth - lo) * _PIVOTS // n
        rank = rank + _BEYOND if nth - lo < hi - nth else rank - _BEYOND
        rank = rank if rank > 0 else 0
        at = lo + (rank if rank < _PIVOTS else _PIVOTS - 1)
        words[at], words[hi - 1] = words[hi - 1], words[at]
        at = _partition(words, spare, lo, hi)
        if nth < at:
            hi = at
        elif nth > at:
            lo = at + 1
        else:
            return


@kernel
def split(coordinates, words, spare, size, leaf_lo, leaf_hi, split_axis, split_value, stack, whole):
    """Split the node of leaves [leaf_lo, leaf_hi): once, or down to single leaves when ``whole``.

    The low halves of ``words`` (n,) are places of rows; the high halves are keys while a node is split.
    ``stack`` (64, 2) has room for the nodes still to split.
    """
    n = words.shape[0]
    stack[0, 0], stack[0, 1] = leaf_lo, leaf_hi
    depth = 1
    while depth > 0:
        depth -= 1
        first, last = stack[depth, 0], stack[depth, 1]
        if last - first < 2:
            continue
        mid = middle(first, last)
        lo, nth, hi = first * size, mid * size, min(last * size, n)
        axis = _widest_axis(coordinates, words, lo, hi)
        for i in range(lo, hi):
            place = _place(words[i])
            words[i] = _word(coordinates[axis, place], place)
        _select(words, spare, lo, hi, nth)
        split_axis[mid] = axis
        split_value[mid] = _key(words[nth])
        if whole:
            stack[depth, 0], stack[depth, 1] = first, mid
            stack[depth + 1, 0], stack[depth + 1, 1] = mid, last
            depth += 2


@kernel
def sample(coordinates, words, lo, hi, out):
    """The axis for the node of words[lo:hi], and words of evenly spaced rows of it on this axis, in out."""
    axis = _widest_axis(coordinates, words, lo, hi)
    step = (hi - lo) // out.shape[0]
    for i in range(out.shape[0]):
        place = _place(words[lo + i * step])
        out[i] = _word(coordinates[axis, place], place)
    return axis


@kernel
def deal(coordinates, axis, words, spare, low, high, lo, hi):
    """Deal out words[lo:hi], on an axis: those below low to spare[lo:], those from high on to spare[:hi].

    Those in between move to words[lo:]. Returns how many are below, and in between. Every word is written to
    all three places, and one of them moves on.
    """
    below, above, between = np.uint64(lo), np.uint64(hi - 1), np.uint64(lo)
    for i in range(np.uint64(lo), np.uint64(hi)):
        place = _place(words[i])
        word = _word(coordinates[axis, place], place)
        is_below, is_above = np.uint64(word < low), np.uint64(word >= high)
        spare[below] = word
        spare[above] = word
        words[between] = word
        below += is_below
        above -= is_above
        between += _ONE - is_below - is_above
    return np.int64(below) - lo, np.int64(between) - lo


@kernel
def select(words, spare, lo, hi, nth):
    """Reorder words[lo:hi] so that those before place nth are the smaller ones."""
    _select(words, spare, lo, hi, nth)


@inlined
def round_down(value, error):
    """A float32 surely not above value - error."""
    return np.float32(value - error - abs(value) * _OUTWARD - _TINY)


@inlined
def round_up(value, error):
    """A float32 surely not below value + error."""
    return np.float32(value + error + abs(value) * _OUTWARD + _TINY)


@kernel
def pack(z, ids, size, head, rounding, box, out, lo, hi):
    """Fill the ``Panels`` out for the leaves [lo, hi), whose rows have the coordinates z, which are used up.

    ``box`` (2, d) is scratch. What fills up the last leaf, and boxes and centres, is not written.
    """
    d, width = box.shape[1], z.shape[1]
    least, most = box[0], box[1]
    tail = head if head < d else width
    centres, panels, norms, tails = out.centres, out.panels, out.norms, out.tails
    for leaf in range(lo, hi):
        first = leaf * size
        n_rows = min(size, ids.shape[0] - first)
        rows = z[first - lo * size : first - lo * size + n_rows]
        centre = centres[leaf]
        for p in range(d):
            least[p] = np.inf
            most[p] = -np.inf
        smallest, furthest_off = ids[first], 0.0
        for r in range(n_rows):
            smallest = min(smallest, ids[first + r])
            error = rounding * math.sqrt(squared_norm(rows, r, 0, width))
            furthest_off = max(furthest_off, error)
            for p in range(d):
                least[p] = min(least[p], rows[r, p] - error)
                most[p] = max(most[p], rows[r, p] + error)
        out.first[leaf] = smallest
        for p in range(d):
            out.low[leaf, p] = round_down(least[p], 0.0)
            out.high[leaf, p] = round_up(most[p], 0.0)
            centre[p] = 0.5 * (least[p] + most[p])
        spread = 0.0
        for r in range(n_rows):
            for p in range(width):
                rows[r, p] = np.float32(rows[r, p] - centre[p])
            leading, rest = squared_norm(rows, r, 0, tail), squared_norm(rows, r, tail, width)
            norms[first + r] = leading + rest
            tails[first + r] = math.sqrt(rest)
            spread = max(spread, leading + rest)
        for group in range(0, n_rows, TILE_ROWS):
            part = rows[group : min(group + TILE_ROWS, n_rows)]
            for p in range(d):
                at = (leaf * d + p) * size + group
                panel = panels[at : at + TILE_ROWS]  # places in the whole could wrap around: a scatter
                for r in range(part.shape[0]):
                    panel[r] = part[r, p]
        out.spread[leaf] = math.sqrt(spread)
        out.slack[leaf] = furthest_off + out.spread[leaf] * _OUTWARD + d * _TINY


@kernel
def find_leaves(z, split_axis, split_value, leaf):
    """leaf[i] that the coordinates z[i] fall into."""
    for i in range(leaf.shape[0]):
        first, last = 0, split_axis.shape[0] - 1
        while last - first > 1:
            mid = middle(first, last)
            if np.float32(z[i, split_axis[mid]]) < split_value[mid]:
                last = mid
            else:
                first = mid
        leaf[i] = first
