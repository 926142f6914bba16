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

from fastsmote._kernels.jit import inlined, kernel
from fastsmote._kernels.neighbors.distance import squared_distance
from fastsmote._kernels.neighbors.tile import (
    BOX_DIMS,
    TILE_QUERIES,
    TILE_ROWS,
    boxes_within,
    localise,
    lowest_bit,
    tile,
)
from fastsmote._kernels.neighbors.tree import Frame, Panels, descend, project, round_down, round_up

SORTED_UP_TO = 64  # neighbours: lists of 64 cost the same as heaps, of 1,000 ten times as much
_RINGS = 256
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


class Batch(NamedTuple):
    """m queries under way, with scratch; ``filled`` is m rounded up to a multiple of 32."""

    rows: np.ndarray  # (m,) rows of Q
    own: np.ndarray  # (m,) row of X to leave out, -1 for none
    slots: np.ndarray  # (m,) rows of the result
    stop: np.ndarray  # (m,) a query ends once the last squared distance of its list is below this
    home: np.ndarray  # (m,) leaf that the query falls into
    points: np.ndarray  # (m, columns(d)) float64 coordinates
    down: np.ndarray  # (d rounded up to fours, filled) float32 coordinates rounded down
    up: np.ndarray  # the same rounded up
    slack: np.ndarray  # (m,)
    radius: np.ndarray  # (m,) distance to the k-th so far
    # (m,) largest row number that can still enter: with k rows at distance 0, the last of them
    latest: np.ndarray
    limits: np.ndarray  # (filled,) float32, of the box test: squared radius, -1 for a query that is done
    active: np.ndarray  # (m,) queries that look at the leaf
    local: np.ndarray  # (4, columns(d)) float32, queries of the tile about the leaf's centre
    norms: np.ndarray  # (4,) float32, their squared norms
    tails: np.ndarray  # (4,) float32, -2 times their norms from dimension ``head`` on
    tile_limits: np.ndarray  # (4,) float32
    partial: np.ndarray  # (4, 32) float32, distances of the tile
    reach: np.ndarray  # (most_leaves,) float32, squared distance of the batch to the leaves
    near: np.ndarray  # (most_leaves,) leaves to visit
    rings: np.ndarray  # (257,) where the leaves of a ring of distances start in near


def new_batch(
    leaves: Leaves,
    most_leaves: int,
    rows: np.ndarray,
    own: np.ndarray,
    slots: np.ndarray,
    stop: np.ndarray,
) -> Batch:
    """A batch of the queries ``rows`` of Q for parts of at most ``most_leaves``, with its scratch."""
    m, d = len(rows), leaves.X.shape[1]
    width = leaves.panels.centres.shape[1]
    filled = -(-m // TILE_ROWS) * TILE_ROWS
    fours = -(-d // BOX_DIMS) * BOX_DIMS
    return Batch(
        rows=rows,
        own=own,
        slots=slots,
        stop=stop,
        home=np.empty(m, np.int64),
        points=np.empty((m, width)),
        down=np.zeros((fours, filled), np.float32),
        up=np.zeros((fours, filled), np.float32),
        slack=np.empty(m),
        radius=np.empty(m),
        latest=np.full(m, np.iinfo(np.int64).max),
        limits=np.full(filled, -1.0, np.float32),
        active=np.empty(m, np.int64),
        local=np.empty((TILE_QUERIES, width), np.float32),
        norms=np.empty(TILE_QUERIES, np.float32),
        tails=np.empty(TILE_QUERIES, np.float32),
        tile_limits=np.empty(TILE_QUERIES, np.float32),
        partial=np.empty((TILE_QUERIES, TILE_ROWS), np.float32),
        reach=np.empty(most_leaves, np.float32),
        near=np.empty(most_leaves, np.int64),
        rings=np.empty(_RINGS + 1, np.int64),
    )


@inlined
def growth(d):
    """Bound of the relative error of a float32 sum of d squares, and of the float64 sum behind a radius."""
    return 1.0 + (d + 8) * 2.0**-23


@inlined
def _limit(radius, growth):
    """Squared radius as float32, rounded up.

    Finite, so that what fills up a panel, at distance inf, never passes.
    """
    return np.float32(min(radius * radius * growth * (1.0 + 2.0**-22) + 1e-37, 3e38))


@inlined
def _tile_limit(batch, i, panels, leaf, norm, d):
    """Limit for ``tile``, which leaves out the squared norm of the query."""
    spread = panels.spread[leaf]
    radius = batch.radius[i]
    reach = radius + panels.slack[leaf] + batch.slack[i] + 2.0**-23 * (radius + spread)
    error = (d + 8) * 2.0**-21 * (norm + spread * spread)
    return np.float32(min((reach * reach * growth(d) + error - norm) + 1e-37, 3e38))


@inlined
def insert(distances, indices, d2, index):
    """Let (d2, index) take the place of the last of the k smallest if it comes before it.

    Up to ``SORTED_UP_TO`` the list is in ascending order. A longer one is a heap, whose root is its last
    element (children of the j-th from the end: the (2 j + 1)-th and (2 j + 2)-th), and is sorted when all is
    done.
    """
    k = distances.shape[0]
    if d2 > distances[k - 1] or (d2 == distances[k - 1] and index > indices[k - 1]):
        return False
    if k > SORTED_UP_TO:
        at = k - 1
        while True:
            child = 2 * at - k
            if child < 0:
                break
            if child > 0 and (
                distances[child - 1] > distances[child]
                or (distances[child - 1] == distances[child] and indices[child - 1] > indices[child])
            ):
                child -= 1
            if distances[child] < d2 or (distances[child] == d2 and indices[child] < index):
                break
            distances[at] = distances[child]
            indices[at] = indices[child]
            at = child
        distances[at] = d2
        indices[at] = index
        return True
    at = k - 1
    while at > 0 and (distances[at - 1] > d2 or (distances[at - 1] == d2 and indices[at - 1] > index)):
        distances[at] = distances[at - 1]
        indices[at] = indices[at - 1]
        at -= 1
    distances[at] = d2
    indices[at] = index
    return True


@inlined
def _distance(leaves, index, Q, row):
    """Squared scaled distance of an indexed row to a query; with categories, Q is X."""
    d2 = squared_distance(leaves.X, index, Q, row, leaves.scale)
    n_different = 0
    for c in range(leaves.codes.shape[1]):
        n_different += leaves.codes[index, c] != leaves.codes[row, c]
    return d2 + n_different * leaves.cost if n_different > 0 else d2


@inlined
def _set_radius(leaves, batch, me, squared):
    """Radius and limit of a query whose list ends at a squared distance."""
    radius = math.sqrt(squared) * (leaves.frame.scale / leaves.scale)
    batch.radius[me] = radius
    batch.limits[me] = _limit(radius, growth(leaves.X.shape[1])) if squared >= batch.stop[me] else -1.0


@inlined
def _offer(leaves, place, Q, batch, me, distances, indices):
    """Offer the row at a place of the index to a query; True if it was taken and the radius has shrunk."""
    index = leaves.ids[place]
    slot = batch.slots[me]
    if index == batch.own[me] or index > batch.latest[me]:
        return False
    d2 = _distance(leaves, index, Q, batch.rows[me])
    if not insert(distances[slot], indices[slot], d2, index):
        return False
    furthest = distances[slot, distances.shape[1] - 1]
    _set_radius(leaves, batch, me, furthest)
    if furthest == 0.0:
        batch.latest[me] = indices[slot, distances.shape[1] - 1]
    return True


@kernel
def _scan_leaf(leaves, leaf, Q, batch, n_active, distances, indices):
    """Offer the rows of one leaf to the active queries of the batch."""
    d = leaves.X.shape[1]
    panels = leaves.panels
    size, head = leaves.size, leaves.head
    n_rows = min(size, leaves.ids.shape[0] - leaf * size)
    norms, limits, partial = batch.norms, batch.tile_limits, batch.partial
    for first in range(0, n_active, TILE_QUERIES):
        n_queries = min(TILE_QUERIES, n_active - first)
        for t in range(TILE_QUERIES):
            me = batch.active[first + min(t, n_queries - 1)]
            norms[t], batch.tails[t] = localise(batch.points, me, panels.centres, leaf, batch.local, t, head)
            limits[t] = _tile_limit(batch, me, panels, leaf, norms[t], d)
        for group in range(0, n_rows, TILE_ROWS):
            masks = tile(
                batch.local,
                batch.tails,
                panels.panels,
                leaf * d * size + group,
                size,
                head,
                d,
                panels.norms,
                panels.tails,
                leaf * size + group,
                (limits[0], limits[1], limits[2], limits[3]),
                partial,
            )
            if masks[0] == 0 and masks[1] == 0:
                continue
            for t in range(n_queries):
                mask = (masks[t >> 1] >> ((t & 1) * TILE_ROWS)) & 0xFFFFFFFF
                me = batch.active[first + t]
                while mask != 0:
                    lane = lowest_bit(mask)
                    mask &= mask - 1
                    if partial[t, lane] <= limits[t] and _offer(
                        leaves, leaf * size + group + lane, Q, batch, me, distances, indices
                    ):
                        limits[t] = _tile_limit(batch, me, panels, leaf, norms[t], d)


@kernel
def prepare(leaves, Q, batch, distances, indices):
    """Coordinates and radii of the queries, whose lists may hold rows, or a bound, already.

    A query that float32 can not hold gets slack inf, and limit -1, which keeps it out of ``seed`` and
    ``sweep``.
    """
    d = leaves.X.shape[1]
    for i in range(batch.rows.shape[0]):
        project(Q, batch.rows[i], leaves.frame, batch.points, i)
        norm = 0.0
        for p in range(d):
            norm += batch.points[i, p] * batch.points[i, p]
        if not norm <= _FAR:
            for p in range(d):
                batch.down[p, i] = 0.0
                batch.up[p, i] = 0.0
            batch.limits[i] = -1.0
            batch.slack[i] = np.inf
            continue
        batch.slack[i] = leaves.frame.rounding * math.sqrt(norm)
        for p in range(d):
            batch.down[p, i] = round_down(batch.points[i, p], batch.slack[i])
            batch.up[p, i] = round_up(batch.points[i, p], batch.slack[i])
        slot, last = batch.slots[i], distances.shape[1] - 1
        _set_radius(leaves, batch, i, distances[slot, last])
        if distances[slot, last] == 0.0:
            batch.latest[i] = indices[slot, last]


@kernel
def find_homes(leaves, batch):
    """The leaf that each query of a batch that is prepared falls into."""
    for i in range(batch.rows.shape[0]):
        batch.home[i] = descend(batch.points, i, leaves.split_axis, leaves.split_value)


@kernel
def offer_all(leaves, Q, batch, me, distances, indices):
    """Offer every row of the part to query ``me``, which float32 can not hold."""
    slot = batch.slots[me]
    for index in leaves.ids:
        if index != batch.own[me]:
            d2 = _distance(leaves, index, Q, batch.rows[me])
            insert(distances[slot], indices[slot], d2, index)


@inlined
def _largest(values):
    """Largest of a multiple of four values; one chain would wait for each comparison."""
    a, b, c, e = values[0], values[1], values[2], values[3]
    for i in range(4, values.shape[0], 4):
        a = max(a, values[i])
        b = max(b, values[i + 1])
        c = max(c, values[i + 2])
        e = max(e, values[i + 3])
    return max(a, b, c, e)


@inlined
def _reach(leaves, batch):
    """batch.reach = squared distance of the box around the batch to the box of each leaf."""
    reach = batch.reach
    n_leaves = leaves.lows.shape[1]
    for j in range(n_leaves):
        reach[j] = 0.0
    for p in range(leaves.X.shape[1]):
        low, high = batch.down[p, 0], batch.up[p, 0]
        for i in range(1, batch.rows.shape[0]):
            low = min(low, batch.down[p, i])
            high = max(high, batch.up[p, i])
        for j in range(n_leaves):
            under = leaves.lows[p, j] - high
            over = low - leaves.highs[p, j]
            gap = under if under > over else over
            gap = gap if gap > np.float32(0.0) else np.float32(0.0)
            reach[j] += gap * gap


@inlined
def _order_by_distance(batch, n_leaves, furthest):
    """Leaves within reach of the batch, near ones first up to 1 / 256 of the range; returns their number."""
    start, reach = batch.rings, batch.reach
    for i in range(_RINGS + 1):
        start[i] = 0
    ring = np.float32(_RINGS) / max(furthest, np.float32(1e-30))  # 256 / 1e-37 would be infinite
    for leaf in range(n_leaves):
        if reach[leaf] <= furthest:
            start[min(np.int64(reach[leaf] * ring), _RINGS - 1) + 1] += 1
    for i in range(_RINGS):
        start[i + 1] += start[i]
    n_near = start[_RINGS]
    for leaf in range(n_leaves):
        if reach[leaf] <= furthest:
            at = min(np.int64(reach[leaf] * ring), _RINGS - 1)
            batch.near[start[at]] = leaf
            start[at] += 1
    return n_near


@kernel
def seed(leaves, Q, batch, order, distances, indices):
    """Offer each query the rows of the leaf that it falls into; ``order`` sorts the queries by it."""
    m = order.shape[0]
    first = 0
    while first < m:
        leaf = batch.home[order[first]]
        n_active = np.int64(0)  # a literal 0 would compile _scan_leaf a second time
        while first < m and batch.home[order[first]] == leaf:
            me = order[first]
            if batch.limits[me] >= 0.0:
                batch.active[n_active] = me
                n_active += 1
            first += 1
        _scan_leaf(leaves, leaf, Q, batch, n_active, distances, indices)


@kernel
def sweep(leaves, Q, batch, distances, indices):
    """Offer the queries of a batch the rows of all other leaves that can hold one of the k nearest.

    The lists are the rows ``batch.slots`` of ``distances`` (squared, scaled) and ``indices`` (n_queries,
    k). They hold candidates known so far, or inf and an index above every row.
    """
    m = batch.rows.shape[0]
    furthest = _largest(batch.limits)
    _reach(leaves, batch)
    n_near = _order_by_distance(batch, leaves.lows.shape[1], furthest)
    for place in range(n_near):
        leaf = batch.near[place]
        if place % _REFRESH == 0:
            furthest = _largest(batch.limits)
        if batch.reach[leaf] > furthest:
            continue
        n_active = np.int64(0)
        for at in range(0, m, TILE_ROWS):
            mask = boxes_within(
                batch.down, batch.up, at, leaves.panels.low, leaves.panels.high, leaf, batch.limits
            )
            while mask != 0:
                i = at + lowest_bit(mask)
                mask &= mask - 1
                if batch.home[i] != leaf and leaves.panels.first[leaf] <= batch.latest[i]:
                    batch.active[n_active] = i
                    n_active += 1
        if n_active > 0:
            _scan_leaf(leaves, leaf, Q, batch, n_active, distances, indices)
