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
from fastsmote._kernels.neighbors.sums import fetch_from, least_by_lane
from fastsmote._kernels.neighbors.tile import GROUP, add_times, at_most, lowest_bit

UNIT = 2.0**-500
TINY = 2.0**-120
SUMS = 8  # of the squares of two pairs of rows, four each
_AHEAD = 16  # values of a query before whose lists are met that these are fetched
_ROWS = 1024  # rows that a query looks at before the next query does


class Postings(NamedTuple):
    """Some rows by their features: feature j is in places[starts[j]:starts[j + 1]], with these values.

    Of values in units of the largest, in float32, which are at most 1.
    """

    X: CSR  # all rows
    ids: np.ndarray  # (n,) those of X
    starts: np.ndarray  # (n_features + 1,)
    places: np.ndarray  # uint32, of ``ids``, ascending for each feature
    values: np.ndarray
    halves: np.ndarray  # (n up to a multiple of 64,) half the squared norm, less or more what may be wrong
    error: float  # that is wrong with a squared distance, relative to both norms
    scale: float  # of exact distances
    unit: float  # power of two that values of queries are multiplied by, at most 1 then
    ratio: float  # what norms and values of the lists lack to be in the same unit, a power of two up to 1
    common: np.ndarray  # (n_common, len(halves)) values of features that many rows have, of all rows
    common_of: np.ndarray  # (n_features,) row of ``common``, -1 for other features


class SparseScratch(NamedTuple):
    """What a thread needs to compare queries with postings."""

    sums: np.ndarray  # float32, as long as ``halves``
    first: np.ndarray  # float32, as long as a list, or empty for long lists
    least: np.ndarray  # float32, (LANES,)
    squares: np.ndarray  # (SUMS,)


class SparseQueries(NamedTuple):
    """Queries."""

    Q: CSR
    rows: np.ndarray  # (m,) of Q
    own: np.ndarray  # (m,) row of X to leave out, -1 for none
    stop: np.ndarray  # (m,) a query ends once the last of its list is below


@absorbed
def _go_on(X, p, p_end, Y, q, q_end, scale, sums, at):
    """Add the rest of two rows to the four sums from ``at`` on; returns the sum of these."""
    data, columns, _, n_features = X
    others, other_columns, _, _ = Y
    whole = n_features - n_features % 4
    while p < p_end and q < q_end:
        # without a branch, which would be foreseen wrong half of the time
        mine, other = columns[p], other_columns[q]
        t = data[p] * scale * (mine <= other) - others[q] * scale * (other <= mine)
        column = min(mine, other)
        p += np.uint64(mine <= other)
        q += np.uint64(other <= mine)
        sums[np.uint64(at + (column & 3 if column < whole else 0))] += t * t
    for rest in range(p, p_end):
        t, column = data[rest] * scale, columns[rest]
        sums[np.uint64(at + (column & 3 if column < whole else 0))] += t * t
    for rest in range(q, q_end):
        t, column = others[rest] * scale, other_columns[rest]
        sums[np.uint64(at + (column & 3 if column < whole else 0))] += t * t
    return (sums[at] + sums[at + 1]) + (sums[at + 2] + sums[at + 3])


@linked
def squared_distance(X, i, Y, j, scale, sums):
    """As ``distance.squared_distance``: four sums, by column, added in the same order.

    ``sums`` is scratch, as long as ``SUMS``.
    """
    _, _, starts, _ = X
    _, _, other_starts, _ = Y
    for lane in range(4):
        sums[lane] = 0.0
    p, p_end = np.uint64(starts[i]), np.uint64(starts[i + 1])
    q, q_end = np.uint64(other_starts[j]), np.uint64(other_starts[j + 1])
    return _go_on(X, p, p_end, Y, q, q_end, scale, sums, 0)


@absorbed
def two_squared_distances(X, i, other_i, Y, j, scale, sums):
    """Those of two rows of X to row j of Y, side by side: one has to wait for what is next at each step.

    190 ns in place of 290 for each of two rows with 50 values (Zen 4).
    """
    data, columns, starts, n_features = X
    others, other_columns, other_starts, _ = Y
    whole = n_features - n_features % 4
    for lane in range(SUMS):
        sums[lane] = 0.0
    p, p_end = np.uint64(starts[i]), np.uint64(starts[i + 1])
    s, s_end = np.uint64(starts[other_i]), np.uint64(starts[other_i + 1])
    q, q_end = np.uint64(other_starts[j]), np.uint64(other_starts[j + 1])
    r = q
    while p < p_end and q < q_end and s < s_end and r < q_end:
        mine, other = columns[p], other_columns[q]
        t = data[p] * scale * (mine <= other) - others[q] * scale * (other <= mine)
        column = min(mine, other)
        p += np.uint64(mine <= other)
        q += np.uint64(other <= mine)
        sums[np.uint64(column & 3 if column < whole else 0)] += t * t
        mine, other = columns[s], other_columns[r]
        t = data[s] * scale * (mine <= other) - others[r] * scale * (other <= mine)
        column = min(mine, other)
        s += np.uint64(mine <= other)
        r += np.uint64(other <= mine)
        sums[np.uint64(4 + (column & 3 if column < whole else 0))] += t * t
    return (
        _go_on(X, p, p_end, Y, q, q_end, scale, sums, 0),
        _go_on(X, s, s_end, Y, r, q_end, scale, sums, 4),
    )


@kernel
def pair_distances(X, rows, Y, others, scale, sums, squared, lo, hi):
    """squared[i] = squared distance of rows[i] of X to others[i] of Y, for i in [lo, hi).

    ``sums`` is scratch, (SUMS,).
    """
    for i in range(lo, hi):
        squared[i] = squared_distance(X, rows[i], Y, others[i], scale, sums)


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
def offer(matrix, norms, scale, dense, sums, segments, distances, indices, lo, hi):
    """Offer the queries [lo, hi) of ``segments``, rows of ``matrix`` (``CSR``), their rows.

    ``dense`` (n_features,) is scratch of zeros before and after, ``sums`` (SUMS,) scratch. The product with
    the query made dense tells which rows are worth an exact distance.
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
                    d2 = squared_distance(matrix, row, matrix, me, scale, sums)
                    insert(distances[i], indices[i], d2, row)
            for p in range(indptr[me], indptr[me + 1]):
                dense[columns[p]] = 0.0


@absorbed
def _multiply(postings, asked, i, sign, sums):
    """Take the products with query i from ``sums``, for farthest rows add them; returns its squared norm."""
    data, columns, indptr, _ = asked.Q
    _, _, starts, places, values, halves, _, _, unit, ratio, common, common_of = postings
    norm = 0.0
    end = indptr[asked.rows[i] + 1]
    for p in range(indptr[asked.rows[i]], end):
        if p + _AHEAD < end:
            ahead = starts[columns[p + _AHEAD]]
            fetch_from(places, ahead)
            fetch_from(values, ahead)
        value = data[p] * unit
        norm += value * value
        factor = np.float32(-sign * value * ratio)
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
def _roughly(limit, postings, n_rows, norm, sums, least):
    """A limit that ``n_rows`` rows are surely within, by the least of each lane; or the given one.

    Of 16 lanes the 6th smallest has 6.3 rows up to it, as they come.
    """
    if n_rows > len(least):
        return limit
    more = postings.error + 2.0**-21  # the sums below are rounded to float32, up to three times
    least_by_lane(sums, postings.halves, np.float32(2.0 * more), least)
    smallest = np.float32(np.inf)
    for bound in least:
        n = 0
        for other in least:
            n += np.int64(other <= bound)
        if n >= n_rows and bound < smallest:
            smallest = bound
    surely = smallest + more * norm
    return min(limit, np.float32(surely + abs(surely) * 2.0**-22 + TINY))


@absorbed
def _tightened(limit, postings, own, norm, scratch):
    """A limit that as many rows are surely within as ``first`` has room for; the given one without these."""
    ids, halves, error = postings.ids, postings.halves, postings.error
    sums, first, least, _ = scratch
    k = len(first)
    if k == 0:
        return limit
    limit = _roughly(limit, postings, k + np.int64(own >= 0), norm, sums, least)
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
def offer_by_features(postings, asked, sign, scratch, distances, indices, lo, hi):
    """Offer the queries [lo, hi) the rows of ``postings``.

    Lists hold squared distances times ``sign``: 1 for the nearest rows, -1 for the farthest. ``scratch`` is a
    ``SparseScratch``. Each feature of a query is met with the rows that have it; after that half of the
    squared distance is known of all rows, but for the norm of the query and what is wrong. Rows that may be
    near enough are compared two by two.
    """
    X, ids, halves, error, scale = postings.X, postings.ids, postings.halves, postings.error, postings.scale
    sums, _, _, squares = scratch
    last, n = distances.shape[1] - 1, len(halves)
    for i in range(lo, hi):
        if distances[i, last] < asked.stop[i]:
            continue
        for place in range(n):
            sums[place] = halves[place]
        norm = _multiply(postings, asked, i, sign, sums)
        limit = _limit(distances[i, last], norm, sign, error)
        limit = _tightened(limit, postings, asked.own[i], norm, scratch)
        waiting, row = np.int64(-1), asked.rows[i]
        for at in range(0, n, GROUP):
            mask = at_most(sums, at, limit)
            while mask != 0:
                place = at + lowest_bit(mask)
                mask &= mask - 1
                if not sums[place] <= limit or halves[place] == np.inf or ids[place] == asked.own[i]:
                    continue
                one, other = waiting, ids[place]
                waiting = other
                if one >= 0:
                    d2, other_d2 = two_squared_distances(X, one, other, asked.Q, row, scale, squares)
                    insert(distances[i], indices[i], sign * d2, one)
                    insert(distances[i], indices[i], sign * other_d2, other)
                    limit = min(limit, _limit(distances[i, last], norm, sign, error))
                    waiting = np.int64(-1)
        if waiting >= 0:
            d2 = squared_distance(X, waiting, asked.Q, row, scale, squares)
            insert(distances[i], indices[i], sign * d2, waiting)
