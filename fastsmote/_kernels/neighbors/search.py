"""Exact k nearest rows for a batch of queries over the leaves of one part of an index.

For a batch of queries that lie close together:

1. scan the leaf that each query falls into, for a first radius;
2. order the other leaves by the distance of their boxes to the box around the batch, and visit them;
3. per leaf, keep the queries whose own distance to the box is within their radius;
4. tile: 4 queries x 32 rows over the leading ``head`` dimensions and, by their norms, the others; over those
   themselves if a row is still within its query's radius;
5. rows still within get the exact float64 distance and enter the list of the k smallest
   (squared distance, index).

Why it is exact. All coordinates are ``frame`` coordinates, a scaled rotation of X. Let R be a query's
radius, the distance to the k-th row so far, and y a row of leaf j at distance <= R.

* The box of the leaf holds the exact y and the interval [down, up] the exact query, both rounded outwards, so
  the box test sees a distance <= R, up to the rounding of a float32 sum, ``growth``.
* About the leaf's centre, the float32 y is within slack[j] of the exact one. The query's offset x is at
  most R + spread[j], so rounding it costs at most 2^-24 of that, and its float64 coordinates are within its
  own slack. So the float32 rows are within S = (R + slack[j] + slack of the query + 2^-23 (R + spread[j]))
  of each other.
* The tile sums |y|^2 - 2xy, with terms and partial sums of at most 2 (|x|^2 + |y|^2), in d + 4 roundings of
  2^-24 each, twice where the CPU does not fuse: an error below (d + 4) 2^-22 (|x|^2 + |y|^2). In the first
  stage, the product over the dimensions from ``head`` on is replaced by that of their norms, which is not
  smaller (Cauchy and Schwarz) but for the rounding of the norms, 2 (d + 2) 2^-24 |x| |y|. So
  e = (d + 8) 2^-21 (|x|^2 + spread[j]^2) is more than both, and the rounding of |x|^2, can be wrong by.

So a row that fails ``sum <= S^2 growth + e - |x|^2`` is further than R, in any order of visits, and the
exact distances decide among those that pass. Categories only add to the exact distances, so the same holds.

Lists may start from a bound instead of empty: with all k entries (d2, index), what is found are the rows that
precede (d2, index), at most k of them. A query ends once the last distance of its list is below its
``stop``: k rows that near are all that its question needs.

Visits cost what the boxes leave over: on 100,000 fraud-shaped rows a query visits 84 leaves of 391, and 82 if
it knew its radius in advance, so neither order nor seeds can be much better. Pairs of rows are met twice in a
self-join. Meeting them once would save at most half of the tile, 45 % of the time; but then each tile is
tested both ways, and lists of two batches change, so that a batch no longer belongs to one thread. So it is
not done.
"""

import math
from typing import NamedTuple

import numpy as np

from fastsmote._kernels.jit import absorbed, inlined, kernel
from fastsmote._kernels.neighbors.distance import squared_distance
from fastsmote._kernels.neighbors.lists import insert
from fastsmote._kernels.neighbors.tile import (
    BOX_DIMS,
    GROUP,
    TILE_QUERIES,
    TILE_ROWS,
    at_most,
    boxes_within,
    largest,
    localise,
    lowest_bit,
    squared_norm,
    tile,
)
from fastsmote._kernels.neighbors.tree import Frame, Panels, round_down, round_up

MOST = 3e38  # of limits: what fills up a panel, at distance inf, never passes
HOME_ROWS = 256  # of a leaf, whose sums are kept
_REFRESH = 8  # leaves between two looks at the largest radius
_FAR = 2.0**118  # squared norm of a query that float32 squares could not hold; it is offered every row


class Leaves(NamedTuple):
    """One part of an index: n rows in leaves of ``size``."""

    X: np.ndarray  # (n_all, d) rows as the user gave them
    ids: np.ndarray  # (n,) rows of X in the order of the leaves
    size: int
    head: int  # leading dimensions in the first pass of the tile
    scale: float  # power of two in the exact distance
    frame: Frame
    panels: Panels
    lows: np.ndarray  # (d, n_leaves) boxes again, for tests of all leaves at once
    highs: np.ndarray
    split_axis: np.ndarray  # (n_leaves + 1,) see tree
    split_value: np.ndarray
    codes: np.ndarray  # (n_all, n_categorical) int32, may have no columns
    cost: float  # that a pair of different categories adds to a squared scaled distance


class Exact(NamedTuple):
    """Of a part of an index, what exact distances are made of; fields as of ``Leaves``."""

    X: np.ndarray
    ids: np.ndarray
    codes: np.ndarray
    scale: float
    cost: float
    unit: float  # a distance in coordinates of the frame over one in X * scale


class Contents(NamedTuple):
    """Of a part of an index, what a visit of leaves reads."""

    exact: Exact
    panels: Panels
    size: int
    head: int


def contents_of(leaves: Leaves) -> Contents:
    unit = leaves.frame.scale / leaves.scale
    exact = Exact(leaves.X, leaves.ids, leaves.codes, leaves.scale, leaves.cost, unit)
    return Contents(exact, leaves.panels, leaves.size, leaves.head)


class Queries(NamedTuple):
    """m queries under way; ``filled`` is m rounded up to a multiple of 32."""

    rows: np.ndarray  # (m,) rows of Q
    own: np.ndarray  # (m,) row of X to leave out, -1 for none
    slots: np.ndarray  # (m,) rows of the result
    stop: np.ndarray  # (m,) a query ends once the last squared distance of its list is below this
    home: np.ndarray  # (m,) leaf that the query falls into
    slack: np.ndarray  # (m,)
    radius: np.ndarray  # (m,) distance to the k-th so far
    # (m,) largest row number that can still enter: with k rows at distance 0, the last of them
    latest: np.ndarray
    limits: (
        np.ndarray
    )  # (filled,) float32, of the box test: squared radius, -1 for a query that is done or none


class Room(NamedTuple):
    """Scratch of a visit to a leaf."""

    active: np.ndarray  # (m,) queries that look at the leaf
    local: np.ndarray  # (4, columns(d)) float32, queries of the tile about the leaf's centre
    norms: np.ndarray  # (4,) float32, their squared norms
    tails: np.ndarray  # (4,) float32, -2 times their norms from dimension ``head`` on
    limits: np.ndarray  # (4,) float32
    partial: np.ndarray  # (4, 32) float32, distances of the tile
    least: np.ndarray  # (4, 32) float32, of the tiles of a leaf
    sums: np.ndarray  # (4, HOME_ROWS) float32, all of a leaf


class Batch(NamedTuple):
    """Queries under way with their coordinates, and scratch."""

    queries: Queries
    points: np.ndarray  # (m, columns(d)) float64 coordinates
    down: np.ndarray  # (d rounded up to fours, filled) float32 coordinates rounded down
    up: np.ndarray  # the same rounded up
    room: Room


def new_batch(
    d: int, width: int, rows: np.ndarray, own: np.ndarray, slots: np.ndarray, stop: np.ndarray
) -> Batch:
    """A batch of the queries ``rows`` of Q, of d features and ``width`` coordinates, with its scratch."""
    m = len(rows)
    filled = -(-m // TILE_ROWS) * TILE_ROWS
    fours = -(-d // BOX_DIMS) * BOX_DIMS
    queries = Queries(
        rows=rows,
        own=own,
        slots=slots,
        stop=stop,
        home=np.empty(m, np.int64),
        slack=np.empty(m),
        radius=np.full(m, np.inf),
        latest=np.full(m, np.iinfo(np.int64).max),
        limits=np.full(filled, MOST, np.float32),
    )
    queries.limits[m:] = -1.0
    return Batch(
        queries=queries,
        points=np.empty((m, width)),
        down=np.zeros((fours, filled), np.float32),
        up=np.zeros((fours, filled), np.float32),
        room=new_room(m, width),
    )


def new_room(m: int, width: int) -> Room:
    """Scratch for visits of m queries of ``width`` coordinates."""
    return Room(
        active=np.empty(m, np.int64),
        local=np.empty((TILE_QUERIES, width), np.float32),
        norms=np.empty(TILE_QUERIES, np.float32),
        tails=np.empty(TILE_QUERIES, np.float32),
        limits=np.empty(TILE_QUERIES, np.float32),
        partial=np.empty((TILE_QUERIES, TILE_ROWS), np.float32),
        least=np.empty((TILE_QUERIES, TILE_ROWS), np.float32),
        sums=np.empty((TILE_QUERIES, HOME_ROWS), np.float32),
    )


@inlined
def growth(d):
    """Bound of the relative error of a float32 sum of d squares, and of the float64 sum behind a radius."""
    return 1.0 + (d + 8) * 2.0**-23


@inlined
def tile_leaf(panels, start, group, size, head, d, room, limits):
    """``tile`` of a room's queries with 32 rows from ``group`` on of a leaf that begins at ``start``."""
    return tile(
        room.local,
        room.tails,
        panels.panels,
        start * d + group,
        size,
        head,
        d,
        panels.norms,
        panels.tails,
        start + group,
        limits,
        room.partial,
    )


@inlined
def tile_reach(total, slack, spread, norm, d):
    """Bound of the distance of a row that has this sum in ``tile``: the proof, read from the other end."""
    reach = math.sqrt(max(total + norm + (d + 8) * 2.0**-21 * (norm + spread * spread), 0.0))
    return (reach + slack + 2.0**-23 * (reach + spread)) * growth(d)


@inlined
def _finite(limit):
    """A limit as float32; NaN becomes the largest."""
    return np.float32(limit if limit < MOST else MOST)


@inlined
def box_limit(radius, d):
    """Limit for a squared distance to a box."""
    return _finite(radius * radius * growth(d) * (1.0 + 2.0**-22) + 1e-37)


@inlined
def tile_limit(radius, slack, spread, norm, d):
    """Limit for ``tile``, which leaves out the squared norm of the query."""
    reach = radius + slack + 2.0**-23 * (radius + spread)
    error = (d + 8) * 2.0**-21 * (norm + spread * spread)
    return _finite((reach * reach * growth(d) + error - norm) + 1e-37)


@inlined
def with_categories(codes, cost, index, row, d2):
    """A squared distance of two rows of X, and what their different categories add."""
    n_different = 0
    for c in range(codes.shape[1]):
        n_different += codes[index, c] != codes[row, c]
    return d2 + n_different * cost if n_different > 0 else d2


@inlined
def exact_distance(exact, index, Q, row):
    """Squared scaled distance of an indexed row to a query; with categories, Q is X."""
    d2 = squared_distance(exact.X, index, Q, row, exact.scale)
    return with_categories(exact.codes, exact.cost, index, row, d2)


@absorbed
def _offer(exact, place, Q, queries, me, distances, indices):
    """Offer the row at a place of the index to a query; True if it was taken and the radius has shrunk."""
    index = exact.ids[place]
    if index == queries.own[me] or index > queries.latest[me]:
        return False
    slot = queries.slots[me]
    nearest, found = distances[slot], indices[slot]
    d2 = exact_distance(exact, index, Q, queries.rows[me])
    if not insert(nearest, found, d2, index):
        return False
    last = nearest.shape[0] - 1
    furthest = nearest[last]
    radius = math.sqrt(furthest) * exact.unit
    if radius > queries.radius[me]:  # of another list of the query
        return False
    queries.radius[me] = radius
    queries.limits[me] = box_limit(radius, Q.shape[1]) if furthest >= queries.stop[me] else -1.0
    if furthest == 0.0:
        queries.latest[me] = min(queries.latest[me], found[last])
    return True


@inlined
def nth_smallest(values, n):
    """The n-th smallest of some values, whose first n become the smallest in order."""
    for i in range(1, values.shape[0]):
        value = values[i]
        if i >= n and not value < values[n - 1]:
            continue
        at = min(i, n - 1)
        while at > 0 and values[at - 1] > value:
            values[at] = values[at - 1]
            at -= 1
        values[at] = value
    return values[n - 1]


@absorbed
def _tile_home(contents, leaf, batch, first, n_active, n_rows, d):
    """Sums of four active queries from ``first`` on with the rows of a leaf, and the least of each column."""
    panels, size, head = contents.panels, contents.size, contents.head
    active, local, norms, tails, _, partial, least, sums = batch.room
    start, most = leaf * size, np.float32(MOST)
    for t in range(TILE_QUERIES):
        me = active[min(first + t, n_active - 1)]
        norms[t], tails[t] = localise(batch.points, me, panels.centres, leaf, local, t, head)
    least[:] = np.inf
    sums[:, (n_rows - 1) // GROUP * GROUP :] = np.inf
    for group in range(0, n_rows, TILE_ROWS):
        partial[:] = np.inf  # and stays so where there is no row
        tile_leaf(panels, start, group, size, head, d, batch.room, (most, most, most, most))
        for t in range(TILE_QUERIES):
            kept, low, now = sums[t, group : group + TILE_ROWS], least[t], partial[t]
            for lane in range(TILE_ROWS):
                kept[lane] = now[lane]
                low[lane] = now[lane] if now[lane] < low[lane] else low[lane]


@absorbed
def _scan_home(contents, leaf, Q, batch, n_active, distances, indices):
    """Offer the rows of a leaf of at most ``HOME_ROWS`` to active queries, of which many have no radius yet.

    Of the least sums in the 32 columns of tiles, which are different rows, k + 1 bound the distances of k
    rows beside the query itself. So few rows get an exact distance that do not belong to the k nearest of
    the leaf: some 5 in place of 25.
    """
    exact, panels, queries = contents.exact, contents.panels, batch.queries
    active, _, norms, _, _, _, least, sums = batch.room
    d, k, start = Q.shape[1], distances.shape[1], leaf * contents.size
    slack, spread = panels.slack[leaf], panels.spread[leaf]
    n_rows = min(contents.size, exact.ids.shape[0] - start)
    for first in range(0, n_active, TILE_QUERIES):
        _tile_home(contents, leaf, batch, first, n_active, n_rows, d)
        for t in range(min(TILE_QUERIES, n_active - first)):
            me = active[first + t]
            far = slack + queries.slack[me]
            if k < TILE_ROWS and queries.radius[me] == np.inf:
                radius = tile_reach(nth_smallest(least[t], k + 1), far, spread, norms[t], d)
                if exact.codes.shape[1] > 0:  # all of which may differ
                    more = exact.codes.shape[1] * exact.cost * exact.unit * exact.unit
                    radius = math.sqrt(radius * radius + more) * growth(d)
                queries.radius[me] = radius
                queries.limits[me] = box_limit(radius, d)
            limit = tile_limit(queries.radius[me], far, spread, norms[t], d)
            for at in range(0, n_rows, GROUP):
                mask = at_most(sums[t], at, limit)
                while mask != 0:
                    place = at + lowest_bit(mask)
                    mask &= mask - 1
                    if sums[t, place] <= limit and _offer(
                        exact, start + place, Q, queries, me, distances, indices
                    ):
                        limit = tile_limit(queries.radius[me], far, spread, norms[t], d)


@inlined
def _scan_leaf(contents, leaf, Q, batch, n_active, distances, indices):
    """Offer the rows of one leaf to the active queries of the batch."""
    exact, panels, size, head = contents
    queries, points, _, _, room = batch
    active, local, norms, tails, limits, partial, _, _ = room
    d = Q.shape[1]
    slack, spread = panels.slack[leaf], panels.spread[leaf]
    start = leaf * size
    n_rows = min(size, exact.ids.shape[0] - start)
    for first in range(0, n_active, TILE_QUERIES):
        n_queries = min(TILE_QUERIES, n_active - first)
        for t in range(TILE_QUERIES):
            me = active[first + min(t, n_queries - 1)]
            norms[t], tails[t] = localise(points, me, panels.centres, leaf, local, t, head)
            limits[t] = tile_limit(queries.radius[me], slack + queries.slack[me], spread, norms[t], d)
        for group in range(0, n_rows, TILE_ROWS):
            within = limits[0], limits[1], limits[2], limits[3]
            masks = tile_leaf(panels, start, group, size, head, d, room, within)
            if masks[0] == 0 and masks[1] == 0:
                continue
            for t in range(n_queries):
                mask = (masks[t >> 1] >> ((t & 1) * TILE_ROWS)) & 0xFFFFFFFF
                me = active[first + t]
                while mask != 0:
                    lane = lowest_bit(mask)
                    mask &= mask - 1
                    if partial[t, lane] <= limits[t] and _offer(
                        exact, start + group + lane, Q, queries, me, distances, indices
                    ):
                        limits[t] = tile_limit(
                            queries.radius[me], slack + queries.slack[me], spread, norms[t], d
                        )


@kernel
def enclose(points, rounding, down, up, slack):
    """Round the coordinates of queries down and up, by their slack; inf for one that float32 can not hold."""
    for i in range(points.shape[0]):
        norm = squared_norm(points, i, 0, points.shape[1])
        if not norm <= _FAR:
            slack[i] = np.inf
            continue
        error = rounding * math.sqrt(norm)
        slack[i] = error
        for p in range(down.shape[0]):
            down[p, i] = round_down(points[i, p], error)
            up[p, i] = round_up(points[i, p], error)


@kernel
def offer_all(exact, Q, queries, me, distances, indices):
    """Offer every row of the part to query ``me``, which float32 can not hold."""
    slot = queries.slots[me]
    for index in exact.ids:
        if index != queries.own[me]:
            d2 = exact_distance(exact, index, Q, queries.rows[me])
            insert(distances[slot], indices[slot], d2, index)


@inlined
def _find_active(queries, active, down, up, panels, leaf):
    """Queries that can have a row of a leaf, not their home, among their nearest; returns their number."""
    home, latest, limits = queries.home, queries.latest, queries.limits
    first = panels.first[leaf]
    n_active = 0
    for at in range(0, home.shape[0], TILE_ROWS):
        mask = boxes_within(down, up, at, panels.low, panels.high, leaf, limits)
        while mask != 0:
            i = at + lowest_bit(mask)
            mask &= mask - 1
            if home[i] != leaf and first <= latest[i]:
                active[n_active] = i
                n_active += 1
    return n_active


@inlined
def _find_at_home(queries, active, order, first, leaf):
    """Queries order[first:] as long as they are at home in a leaf; returns how many want it, and the next."""
    n_active = 0
    while first < order.shape[0] and queries.home[order[first]] == leaf:
        me = order[first]
        if queries.limits[me] >= 0.0:
            active[n_active] = me
            n_active += 1
        first += 1
    return n_active, first


@kernel
def sweep(contents, Q, batch, near, reach, order, distances, indices):
    """Offer the queries of a batch the rows of those leaves ``near`` that can hold one of the k nearest.

    ``reach`` are the squared distances of these leaves to the batch. With ``order``, which sorts the queries
    by their homes, ``near`` are these, and each query looks at its own; without, it looks at all others.

    The lists are the rows ``slots`` of ``distances`` (squared, scaled) and ``indices`` (n_queries, k). They
    hold candidates known so far, or inf and an index above every row.
    """
    panels, queries, room = contents.panels, batch.queries, batch.room
    furthest, first = np.float32(0.0), 0
    for place in range(near.shape[0]):
        leaf = near[place]
        if place % _REFRESH == 0:
            furthest = largest(queries.limits)
        if reach[place] > furthest:
            continue
        if order.shape[0] > 0:
            n_active, first = _find_at_home(queries, room.active, order, first, leaf)
            if n_active > 0 and contents.size <= HOME_ROWS and queries.radius[room.active[0]] == np.inf:
                _scan_home(contents, leaf, Q, batch, n_active, distances, indices)
                continue
        else:
            n_active = _find_active(queries, room.active, batch.down, batch.up, panels, leaf)
        if n_active > 0:
            _scan_leaf(contents, leaf, Q, batch, n_active, distances, indices)
