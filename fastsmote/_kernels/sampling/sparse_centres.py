"""k-means of sparse rows: seeds, the nearest dense centres, means, and distances within clusters.

Answers are to the last bit those of the same rows made dense. Products with centres, in float32 and then in
float64, tell which centre is nearest; where they do not, exact distances do.
"""

import math
from typing import NamedTuple

import numpy as np

from fastsmote._kernels.jit import absorbed, inlined, kernel, linked
from fastsmote._kernels.neighbors import sparse
from fastsmote._kernels.neighbors.sparse import TINY
from fastsmote._kernels.neighbors.sums import add_row, four_products
from fastsmote._kernels.neighbors.tile import LANES

_LEAST = 2.0**-1000  # more than what float64 products of values in units lose where they underflow


class Seeds(NamedTuple):
    """Rows that may become seeds."""

    rows: np.ndarray  # (n_seeds,)
    dense: np.ndarray  # (n_features, n_seeds up to a multiple of 4) float64, scaled
    sums: np.ndarray  # scratch, (SUMS,)


@kernel
def nearer_rows(X, norms, scale, nearest, seeds, out, lo, hi):
    """out[j, i] = the least of nearest[i] and the squared distance of rows i and seeds.rows[j] of X.

    For i in [lo, hi); X is ``CSR``, ``norms`` are squared scaled norms. The product with a seed tells which
    rows are worth an exact distance (``neighbors.sparse``).
    """
    data, columns, indptr, _ = X
    for i in range(lo, hi):
        n_values = indptr[i + 1] - indptr[i]
        for first in range(0, len(seeds.rows), 4):
            products = four_products(data, columns, indptr[i], indptr[i + 1], scale, seeds.dense, first)
            for j in range(first, min(first + 4, len(seeds.rows))):
                row = seeds.rows[j]
                total = norms[i] + norms[row]
                wrong = (n_values + indptr[row + 1] - indptr[row] + 8) * 2.0**-50 * total
                out[j, i] = total - 2.0 * products[j - first] - wrong
    for j in range(len(seeds.rows)):
        row, waiting = seeds.rows[j], np.int64(-1)
        for i in range(lo, hi):
            is_near = out[j, i] <= nearest[i]
            out[j, i] = nearest[i]
            if not is_near:
                continue
            if waiting < 0:
                waiting = i
                continue
            pair = sparse.two_squared_distances(X, waiting, i, X, row, scale, seeds.sums)
            out[j, waiting], out[j, i] = min(pair[0], nearest[waiting]), min(pair[1], nearest[i])
            waiting = np.int64(-1)
        if waiting >= 0:
            squared = sparse.squared_distance(X, waiting, X, row, scale, seeds.sums)
            out[j, waiting] = min(squared, nearest[waiting])


class Bounds(NamedTuple):
    """Of each row, in units: the distance to its own centre is at most, to any other at least."""

    upper: np.ndarray
    lower: np.ndarray


class Centres(NamedTuple):
    """Centres of sparse rows, and what tells which of them are near: in units, of the largest value."""

    dense: np.ndarray  # (k, n_features) as they are
    by_feature: np.ndarray  # (n_features, k up to a multiple of 16) float32, in units
    halves: np.ndarray  # (k up to a multiple of 16,) float32, half the squared norms in units
    exact_halves: np.ndarray  # (k,) float64
    largest: float  # squared norm in units
    unit: float  # power of two
    scale: float  # of exact distances, another


@linked
def squared_to_centre(X, row, centres, c):
    """Exact squared scaled distance: to the last bit that of the same row made dense."""
    data, columns, indptr, n_features = X
    dense, scale = centres.dense, centres.scale
    whole = n_features - n_features % 4
    first = second = third = fourth = 0.0
    q, end = indptr[row], indptr[row + 1]
    for p in range(n_features):
        t = 0.0
        if q < end and columns[q] == p:
            t = data[q] * scale
            q += 1
        t -= dense[c, p] * scale
        square = t * t
        lane = p % 4 if p < whole else 0
        first += square if lane == 0 else 0.0
        second += square if lane == 1 else 0.0
        third += square if lane == 2 else 0.0
        fourth += square if lane == 3 else 0.0
    return (first + second) + (third + fourth)


@inlined
def _half(X, row, centres, c):
    """Half the squared distance in units, less half the squared norm of the row."""
    data, columns, indptr, _ = X
    half, unit = centres.exact_halves[c], centres.unit
    for q in range(indptr[row], indptr[row + 1]):
        half -= (data[q] * unit) * (centres.dense[c, columns[q]] * unit)
    return half


@absorbed
def _decide(X, row, error, centres, sums, limit):
    """The nearest of the centres whose ``sums`` are not above ``limit``, the first of several.

    Products in float64, which less than ``error`` is wrong with, tell it, or exact distances.
    """
    least = np.inf
    for c in range(centres.dense.shape[0]):
        if not sums[c] > limit:
            least = min(least, _half(X, row, centres, c))
    chosen, nearest = -1, -1.0
    for c in range(centres.dense.shape[0]):
        if sums[c] > limit or _half(X, row, centres, c) > least + 2.0 * error:
            continue
        if chosen < 0:
            chosen = c
            continue
        if nearest < 0.0:
            nearest = squared_to_centre(X, row, centres, chosen)
        squared = squared_to_centre(X, row, centres, c)
        if squared < nearest:
            chosen, nearest = c, squared
    return chosen


@kernel
def assign_rows(X, norms, centres, bounds, of_row, at, sums, lo, hi):
    """Assign the rows at[lo:hi] to their nearest centres, of equally near ones to the first.

    ``norms`` are squared norms in units. A row keeps its centre if ``bounds`` (``Bounds``) say that it is
    the nearest. ``sums`` is scratch as long as ``centres.halves``.
    """
    upper, lower = bounds
    data, columns, indptr, _ = X
    k, halves = centres.dense.shape[0], centres.halves
    for s in range(lo, hi):
        i = at[s]
        both, terms = norms[i] + centres.largest, indptr[i + 1] - indptr[i] + 8
        wrong, error = terms * 2.0**-22 * both + TINY, terms * 2.0**-50 * both + _LEAST
        if of_row[i] >= 0 and k > LANES:  # else all products take no longer than this one
            own = 2.0 * (_half(X, i, centres, of_row[i]) + error) + norms[i]
            upper[i] = math.sqrt(max(own, 0.0))
            if upper[i] < lower[i]:
                continue
        for place in range(len(halves)):
            sums[place] = halves[place]
        start, stop = indptr[i], indptr[i + 1]
        for place in range(0, len(halves), LANES):
            add_row(sums, place, data, columns, start, stop, -centres.unit, centres.by_feature)
        first, second, nearest = np.inf, np.inf, 0
        for c in range(k):
            if sums[c] < second:
                second = sums[c]
                if second < first:
                    first, second, nearest = second, first, c
        if not second > first + 2.0 * wrong:
            nearest, second = _decide(X, i, error, centres, sums, first + 2.0 * wrong), first
        of_row[i] = nearest
        upper[i] = math.sqrt(max(2.0 * (first + wrong) + norms[i], 0.0))
        lower[i] = math.sqrt(max(2.0 * (second - wrong) + norms[i], 0.0))


@linked
def _mean_of_shares(X, of_row, counts, c, p):
    """Mean of column p of the rows of cluster c, which overflows as a sum."""
    data, columns, indptr, _ = X
    mean = 0.0
    for i in range(of_row.shape[0]):
        if of_row[i] == c:
            for q in range(indptr[i], indptr[i + 1]):
                if columns[q] == p:
                    mean += data[q] / counts[c]
    return mean


@kernel
def means_of_rows(X, of_row, counts, means, lo, hi):
    """means[c] = mean of the rows of X (``CSR``) that are ``of_row`` c, for c in [lo, hi).

    Summed in float64, one row after the other: cluster by cluster it takes four times as long. Where a sum
    overflows, the shares of the rows are added instead.
    """
    data, columns, indptr, n_features = X
    for c in range(lo, hi):
        for p in range(n_features):
            means[c, p] = 0.0
    for i in range(of_row.shape[0]):
        c = of_row[i]
        if lo <= c < hi:
            mean = means[c]
            for q in range(np.uint64(indptr[i]), np.uint64(indptr[i + 1])):
                mean[np.uint64(columns[q])] += data[q]
    for c in range(lo, hi):
        for p in range(n_features):
            if math.isfinite(means[c, p]):
                means[c, p] /= counts[c]
            else:
                means[c, p] = _mean_of_shares(X, of_row, counts, c, p)


@kernel
def distances_to_later(X, rows, scale, squares, table, lo, hi):
    """table[i, j] = scaled distance of rows[i] and rows[j] of X (``CSR``) for j > i, for i in [lo, hi).

    ``squares`` (SUMS,) is scratch.
    """
    n = rows.shape[0]
    for i in range(lo, hi):
        me, j = rows[i], i + 1
        if (n - j) % 2 == 1:
            table[i, j] = math.sqrt(sparse.squared_distance(X, rows[j], X, me, scale, squares))
            j += 1
        for at in range(j, n, 2):
            pair = sparse.two_squared_distances(X, rows[at], rows[at + 1], X, me, scale, squares)
            table[i, at], table[i, at + 1] = math.sqrt(pair[0]), math.sqrt(pair[1])
