"""The vector steps of ``tile`` in NumPy, for NUMBA_DISABLE_JIT=1.

A product and the sum behind it are rounded twice here, once where ``tile`` is compiled for a CPU that fuses
them, and sums go in another order. These float32 numbers only filter, under bounds that hold for both, and
float64 coordinates decide where rows lie, not how far apart: neighbours and distances are the same bits,
coordinates inside an index may not be.
"""

import numpy as np

_ROWS = 32
_GROUP = 64
_MINUS_TWO = np.float32(-2.0)


def _mask(within):
    """Up to 64 truth values as bits, the first lowest."""
    return int.from_bytes(np.packbits(within, bitorder="little").tobytes(), "little")


def _pair(low, high):
    return np.uint64(low | high << _ROWS).astype(np.int64)


def squared_distance(X, i, Y, j, scale):
    t = X[i].astype(np.float64) * scale - Y[j].astype(np.float64) * scale
    squares, whole, sums = t * t, len(t) // 4 * 4, np.zeros(4)
    for p in range(0, whole, 4):
        sums += squares[p : p + 4]
    for p in range(whole, len(t)):
        sums[0] += squares[p]
    return (sums[0] + sums[1]) + (sums[2] + sums[3])


def squared_distances(panels, panel, point, squared):
    t = point[:, None] - panels[panel].reshape(len(point), -1)
    squares, whole, sums = t * t, len(t) // 4 * 4, np.zeros((4, len(squared)))
    for p in range(0, whole, 4):
        sums += squares[p : p + 4]
    for p in range(whole, len(t)):
        sums[0] += squares[p]
    squared[:] = (sums[0] + sums[1]) + (sums[2] + sums[3])


def signed_distances(panels, panel, point, sign, products, least, at):
    values, here = products[panel * 8 : panel * 8 + 8], slice(at, at + 8)
    squared_distances(panels, panel, point, values)
    values *= sign
    least[here] = np.minimum(values, least[here])


def bound_of(values, n_needed):
    return np.sort(np.append(values[:16], np.inf))[min(n_needed - 1, 16)]


def bound_products(products, start, stride, factor, low, high, bounds, least):
    n_columns = len(least)
    for place in range(0, len(low) - len(low) % n_columns, n_columns):
        tiles = [start + (place + half) // _ROWS * stride for half in range(0, n_columns, _ROWS)]
        scaled = factor * np.concatenate([products[at : at + _ROWS] for at in tiles])
        rows = slice(place, place + n_columns)
        bounds[rows] = scaled + low[rows]
        least[:] = np.minimum(least, scaled + high[rows])


def two_nearest(panels, begin, end, point):
    squared = np.empty((end - begin, 8))
    for panel in range(begin, end):
        squared_distances(panels, panel, point, squared[panel - begin])
    which = np.argmin(squared)
    first, second = np.partition(squared.ravel(), 1)[:2]
    return first, second, begin * 8 + which


def add_eight(sums, c, X, i, p):
    sums[c] += X[i, p : p + 8]


def squared_norm(z, r, start, stop):
    sums = np.zeros(4)
    for p in range(start, stop, 4):
        sums += z[r, p : p + 4] * z[r, p : p + 4]
    return (sums[0] + sums[1]) + (sums[2] + sums[3])


def largest(values):
    return values.max()


def boxes_within(down, up, at, low, high, leaf, limits):
    queries = slice(at, at + _ROWS)
    total = np.zeros(_ROWS, np.float32)
    for p in range(low.shape[1]):
        under, over = low[leaf, p] - up[p, queries], down[p, queries] - high[leaf, p]
        gap = np.where(under > over, under, over)
        gap = np.where(gap > 0, gap, np.float32(0.0))
        total += gap * gap
    return np.int64(_mask(total <= limits[queries]))


def fetch(X, i):
    pass


def rotate_four(X, i, scale, centre, basis, out):
    for t in range(4):
        rotate(X, i + t, scale, centre, basis, out, t)


def rotate(X, i, scale, centre, basis, out, row):
    total = np.zeros(basis.shape[1])
    for p in range(X.shape[1]):
        total += (np.float64(X[i, p]) * scale - centre[p]) * basis[p]
    out[row, : basis.shape[1]] = total


def localise(points, query, centres, leaf, local, t, head):
    values = (points[query] - centres[leaf]).astype(np.float32)
    local[t] = values * _MINUS_TWO
    squares = values * values
    return squares.sum(), np.sqrt(squares[head:].sum()) * _MINUS_TWO


def tile(local, local_tails, panels, offset, stride, head, dims, norms, tails, row, limits, partial):
    rows = slice(row, row + _ROWS)
    total = np.empty_like(partial)
    total[:] = norms[rows]

    def add(start, stop):
        for p in range(start, stop):
            at = offset + p * stride
            total[:] += local[:, p, None] * panels[at : at + _ROWS]

    def masks(values):
        q0, q1, q2, q3 = (_mask(values[t] <= limits[t]) for t in range(len(limits)))
        return _pair(q0, q1), _pair(q2, q3)

    add(0, head)
    first = masks(total + local_tails[:, None] * tails[rows])
    if not any(first):
        return first
    add(head, dims)
    partial[:] = total
    return masks(total)


def at_most(values, at, limit):
    return np.uint64(_mask(values[at : at + _GROUP] <= limit)).astype(np.int64)


def add_times(sums, at, factor, rows, row):
    here = slice(at, at + _GROUP)
    sums[here] += factor * rows[row, here]


def plainly_between(X, a, b, gap, out, i):
    x, y = X[a], X[b]
    with np.errstate(all="ignore"):
        step = y - x
        value = x + gap * step
    small, large = np.where(x < y, x, y), np.where(x < y, y, x)
    value = np.where(value > small, value, small)
    out[i] = np.where(value < large, value, large)
    return bool((np.abs(step) < np.inf).all())


def count_different(planes, at, words, i, sign, start, counts):
    differ = planes[at].reshape(words.shape[1], _GROUP) ^ words[i, :, None]
    ones = np.unpackbits(differ.view(np.uint8).reshape(len(differ), _GROUP, 8), axis=2)
    counts[:] = np.float32(sign) * ones.sum(axis=(0, 2)) + start[at * _GROUP : (at + 1) * _GROUP]


def lowest_bit(mask):
    word = int(mask)
    return np.int64((word & -word).bit_length() - 1)


def least_by_lane(sums, halves, factor, least):
    bounds = sums[: len(halves)] + factor * np.abs(halves)
    least[:] = bounds.reshape(-1, len(least)).min(axis=0)


def fetch_from(values, i):
    pass


def add_row(sums, at, data, columns, start, stop, factor, rows):
    for q in range(start, stop):
        sums[at : at + 16] += np.float32(data[q] * factor) * rows[columns[q], at : at + 16]


def four_products(data, columns, start, stop, factor, rows, at):
    here = data[start:stop].astype(np.float64) * factor
    return tuple(here @ rows[columns[start:stop], at : at + 4])
