"""Sparse rows: neighbours without making them dense.

Distances are, to the last bit, those of the same rows made dense. Which rows are worth one is told by
|x|^2 + |y|^2 - 2 xy, in which less than e (|x|^2 + |y|^2) is wrong, some times the rounding of its terms:
e = (terms + 8) 2^-50 where it is formed in float64, (terms + 8) 2^-22 where in float32, in units of the
largest value, by up to ``terms`` products and one rounding of each factor. What underflows there is less than
``TINY``; of values below 1e-300 of the largest, whose squares underflow, neither says anything.
"""

from typing import NamedTuple

import numpy as np

from fastsmote._kernels.csr import CSR
from fastsmote._kernels.jit import absorbed, inlined, kernel, linked
from fastsmote._kernels.neighbors.lists import insert
from fastsmote._kernels.neighbors.tile import GROUP, add_times, at_most, lowest_bit

UNIT = 2.0**-500
TINY = 2.0**-120
_ROWS = 1024  # rows that a query looks at before the next query does


class Postings(NamedTuple):
    """Some rows by their features: feature j is in places[starts[j]:starts[j + 1]], with these values.

    Of values times ``scale`` and ``UNIT``, in float32, which are at most 1.
    """

    X: CSR  # all rows
    ids: np.ndarray  # (n,) those of X
    starts: np.ndarray  # (n_features + 1,)
    places: np.ndarray  # uint32, of ``ids``, ascending for each feature
    values: np.ndarray
    halves: np.ndarray  # (n up to a multiple of 64,) half the squared norm, less or more what may be wrong
    error: float  # that is wrong with a squared distance, relative to both norms
    scale: float
    common: np.ndarray  # (n_common, len(halves)) values of features that many rows have, of all rows
    common_of: np.ndarray  # (n_features,) row of ``common``, -1 for other features


class SparseQueries(NamedTuple):
    """Queries."""

    Q: CSR
    rows: np.ndarray  # (m,) of Q
    own: np.ndarray  # (m,) row of X to leave out, -1 for none
    stop: np.ndarray  # (m,) a query ends once the last of its list is below


@linked
def squared_distance(X, i, Y, j, scale):
    """As ``distance.squared_distance``: four sums, by column, added in the same order."""
    data, columns, indptr, n_features = X
    others, other_columns, other_indptr, _ = Y
    whole = n_features - n_features % 4
    first = second = third = fourth = 0.0
    p, p_end, q, q_end = indptr[i], indptr[i + 1], other_indptr[j], other_indptr[j + 1]
    while p < p_end or q < q_end:
        # no branch that is foreseen wrong half of the time: both sides are read, and one of them may be 0
        mine = columns[p] if p < p_end else n_features
        other = other_columns[q] if q < q_end else n_features
        column = min(mine, other)
        t = 0.0
        if mine == column:
            t = data[p] * scale
        if other == column:
            t -= others[q] * scale
        p += mine == column
        q += other == column
        square = t * t
        lane = column % 4 if column < whole else 0
        first += square if lane == 0 else 0.0
        second += square if lane == 1 else 0.0
        third += square if lane == 2 else 0.0
        fourth += square if lane == 3 else 0.0
    return (first + second) + (third + fourth)


@kernel
def pair_distances(X, rows, Y, others, scale, squared, lo, hi):
    """squared[i] = squared distance of rows[i] of X to others[i] of Y, for i in [lo, hi)."""
    for i in range(lo, hi):
        squared[i] = squared_distance(X, rows[i], Y, others[i], scale)


@kernel
def squared_norms(matrix, rows, scale, norms, lo, hi):
    """norms[i] = squared scaled norm of row ``rows[i]``, for i in [lo, hi)."""
    data, _, indptr, _ = matrix
    for i in range(lo, hi):
        total = 0.0
        for p in range(indptr[rows[i]], indptr[rows[i] + 1]):
            value = data[p] * scale
            total += value * value
        norms[i] = total


@kernel
def offer(matrix, norms, scale, dense, segments, distances, indices, lo, hi):
    """Offer the queries [lo, hi) of ``segments``, rows of ``matrix`` (``CSR``), their rows.

    ``dense`` (n_features,) is scratch of zeros before and after. The product with the query made dense tells
    which rows are worth an exact distance.
    """
    data, columns, indptr, _ = matrix
    pool, starts, stops, queries = segments
    last = distances.shape[1] - 1
    for first in range(starts[lo], stops[hi - 1], _ROWS):
        for i in range(lo, hi):
            me = queries[i]
            for p in range(indptr[me], indptr[me + 1]):
                dense[columns[p]] = data[p] * scale
            for place in range(max(first, starts[i]), min(first + _ROWS, stops[i])):
                row = pool[place]
                if row == me:
                    continue
                product = 0.0
                for p in range(indptr[row], indptr[row + 1]):
                    product += data[p] * scale * dense[columns[p]]
                total = norms[me] + norms[row]
                n_terms = indptr[row + 1] - indptr[row] + indptr[me + 1] - indptr[me]
                if total - 2.0 * product - (n_terms + 8) * 2.0**-50 * total <= distances[i, last]:
                    d2 = squared_distance(matrix, row, matrix, me, scale)
                    insert(distances[i], indices[i], d2, row)
            for p in range(indptr[me], indptr[me + 1]):
                dense[columns[p]] = 0.0


@absorbed
def _multiply(postings, asked, i, sign, sums):
    """Take the products with query i from ``sums``, for farthest rows add them; returns its squared norm."""
    data, columns, indptr, _ = asked.Q
    _, _, starts, places, values, halves, _, scale, common, common_of = postings
    norm = 0.0
    for p in range(indptr[asked.rows[i]], indptr[asked.rows[i] + 1]):
        value = data[p] * scale * UNIT
        norm += value * value
        factor = np.float32(-sign * value)
        row = common_of[columns[p]]
        if row >= 0:
            for at in range(0, len(halves), GROUP):
                add_times(sums, at, factor, common, row)
        else:
            for q in range(starts[columns[p]], starts[columns[p] + 1]):
                sums[places[q]] += factor * values[q]
    return norm


@inlined
def _limit(last, norm, sign, error):
    """What ``sums`` of a row are at most that can be one of a list, whose last distance is given."""
    half = 0.5 * (last * UNIT * UNIT - sign * norm * (1.0 - sign * error))
    return np.float32(half + abs(half) * 2.0**-23 + TINY)


@absorbed
def _tightened(limit, postings, own, norm, sums, first):
    """A limit that as many rows are surely within as ``first`` has room for; the given one without these."""
    ids, halves, error = postings.ids, postings.halves, postings.error
    k = len(first)
    for t in range(k):
        first[t] = limit
    for at in range(0, len(halves), GROUP):
        mask = at_most(sums, at, first[k - 1])
        while mask != 0:
            place = at + lowest_bit(mask)
            mask &= mask - 1
            if halves[place] == np.inf or ids[place] == own:
                continue
            surely = sums[place] + error * (norm + 2.0 * abs(halves[place]))
            most = np.float32(surely + abs(surely) * 2.0**-23 + TINY)
            t = k - 1
            if most < first[t]:
                while t > 0 and first[t - 1] > most:
                    first[t] = first[t - 1]
                    t -= 1
                first[t] = most
    return first[k - 1]


@kernel
def offer_by_features(postings, asked, sign, sums, first, distances, indices, lo, hi):
    """Offer the queries [lo, hi) the rows of ``postings``.

    Lists hold squared distances times ``sign``: 1 for the nearest rows, -1 for the farthest. ``sums`` is
    scratch as long as ``halves``, ``first`` as long as a list, or empty for long lists. Each feature of a
    query is met with the rows that have it; after that half of the squared distance is known of all rows, but
    for the norm of the query and what is wrong.
    """
    X, ids, halves, error, scale = postings.X, postings.ids, postings.halves, postings.error, postings.scale
    last, n = distances.shape[1] - 1, len(halves)
    for i in range(lo, hi):
        if distances[i, last] < asked.stop[i]:
            continue
        for place in range(n):
            sums[place] = halves[place]
        norm = _multiply(postings, asked, i, sign, sums)
        limit = _limit(distances[i, last], norm, sign, error)
        if len(first) > 0:
            limit = _tightened(limit, postings, asked.own[i], norm, sums, first)
        for at in range(0, n, GROUP):
            mask = at_most(sums, at, limit)
            while mask != 0:
                place = at + lowest_bit(mask)
                mask &= mask - 1
                if not sums[place] <= limit or halves[place] == np.inf or ids[place] == asked.own[i]:
                    continue
                d2 = squared_distance(X, ids[place], asked.Q, asked.rows[i], scale)
                if insert(distances[i], indices[i], sign * d2, ids[place]):
                    limit = min(limit, _limit(distances[i, last], norm, sign, error))
