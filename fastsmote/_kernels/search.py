"""Exact k nearest rows for a batch of queries over the leaves of an index.

For a batch of queries that lie close together:

1. scan each query's own leaf, for a first radius;
2. order the other leaves by the distance of the batch to their boxes, and visit them;
3. per leaf, keep the queries whose own distance to the box is within their radius;
4. tile: 4 queries x 32 rows over the leading ``head`` dimensions; rows within the radius get the other
dimensions; 5. rows still within get the exact float64 distance and enter the list of the k smallest
(squared distance, index).

Why it is exact. Let R be the radius (distance to the k-th so far) of query q, e its slack, and s the slack
of the leaf: float32 coordinates are within e and s of the exact rotated ones, so a row at distance <= R has
float32 coordinates at distance <= R + e + s from the query's. Rounding in a sum of d squares adds at most a
factor 1 + (d + 4) 2^-24, and a part of the sum, or the distance to a box that holds the row, is not larger
than the whole. So nothing that fails ``distance <= limit(R + e + s)`` can be among the k nearest, in any
order of visits, and the exact distances decide.
"""

import math
from typing import NamedTuple

import numpy as np

from fastsmote._jit import kernel
from fastsmote._kernels.distance import squared_distance
from fastsmote._kernels.tile import LANES, TILE_QUERIES, TILE_ROWS, finish, lowest_bit, tile
from fastsmote._kernels.tree import Frame, project


class Leaves(NamedTuple):
    """What a search reads of an index of n rows in leaves of ``size``."""

    X: np.ndarray  # (n_all, d) rows as the user gave them
    ids: np.ndarray  # (n,) rows of X in the order of the leaves
    size: int
    head: int  # leading dimensions in the first pass of the tile
    scale: float  # power of two in the exact distance
    frame: Frame
    panels: np.ndarray  # flat float32, see ``tree.pack``
    low: np.ndarray  # (n_leaves, d) boxes
    high: np.ndarray
    lows: np.ndarray  # (d, n_leaves) the same, for tests of all leaves at once
    highs: np.ndarray
    slack: np.ndarray  # (n_leaves,)


class Batch(NamedTuple):
    """Queries under way, in float32 coordinates, and scratch."""

    rows: np.ndarray  # (m,) rows of Q
    own: np.ndarray  # (m,) row of X to leave out, -1 for none
    slots: np.ndarray  # (m,) rows of the result
    queries: np.ndarray  # (m, d)
    points: np.ndarray  # (d, m) the same
    slack: np.ndarray  # (m,)
    radius: np.ndarray  # (m,) distance to the k-th so far
    active: np.ndarray  # (m,) queries that look at the leaf
    partial: np.ndarray  # (4, 32) tile


@kernel
def _limit(radius, growth):
    """float32 squared radius, rounded up so that rounding in the filter never loses a row.

    Finite, so that the rows that fill up a panel, which are infinitely far, never pass.
    """
    return np.float32(min(radius * radius * growth + 1e-37, 3e38))


@kernel
def insert(distances, indices, d2, index):
    """Put (d2, index) into lists sorted by (d2, index) if it belongs there."""
    k = distances.shape[0]
    if d2 > distances[k - 1] or (d2 == distances[k - 1] and index > indices[k - 1]):
        return False
    at = k - 1
    while at > 0 and (distances[at - 1] > d2 or (distances[at - 1] == d2 and indices[at - 1] > index)):
        distances[at] = distances[at - 1]
        indices[at] = indices[at - 1]
        at -= 1
    distances[at] = d2
    indices[at] = index
    return True


@kernel
def _box_distances(points, n, low, high, out):
    """out[i] = squared distance of points[:, i] to the box [low, high], for i < n."""
    out[:n] = np.float32(0.0)
    for p in range(low.shape[0]):
        a, b = low[p], high[p]
        for i in range(n):
            under = a - points[p, i]
            over = points[p, i] - b
            gap = under if under > over else over
            gap = gap if gap > np.float32(0.0) else np.float32(0.0)
            out[i] += gap * gap


@kernel
def _boxes_distances(low, high, lows, highs, out):
    """out[j] = squared distance of the box [low, high] to box j; ``lows``, ``highs`` are (d, n_leaves)."""
    out[:] = np.float32(0.0)
    for p in range(low.shape[0]):
        a, b = low[p], high[p]
        for j in range(out.shape[0]):
            under = lows[p, j] - b
            over = a - highs[p, j]
            gap = under if under > over else over
            gap = gap if gap > np.float32(0.0) else np.float32(0.0)
            out[j] += gap * gap


@kernel
def _scan_leaf(leaves, leaf, Q, batch, n_active, growth, distances, indices):
    """Offer the rows of one leaf to the active queries of the batch."""
    d = leaves.X.shape[1]
    k = distances.shape[1]
    size, head = leaves.size, leaves.head
    to_filter = leaves.frame.scale / leaves.scale
    base = leaf * d * size
    n_rows = min(size, leaves.ids.shape[0] - leaf * size)
    active, radius, partial = batch.active, batch.radius, batch.partial
    for first in range(0, n_active, TILE_QUERIES):
        last = n_active - 1
        q = (
            active[first],
            active[min(first + 1, last)],
            active[min(first + 2, last)],
            active[min(first + 3, last)],
        )
        limits = (
            _limit(radius[q[0]] + batch.slack[q[0]] + leaves.slack[leaf], growth),
            _limit(radius[q[1]] + batch.slack[q[1]] + leaves.slack[leaf], growth),
            _limit(radius[q[2]] + batch.slack[q[2]] + leaves.slack[leaf], growth),
            _limit(radius[q[3]] + batch.slack[q[3]] + leaves.slack[leaf], growth),
        )
        for group in range(0, n_rows, TILE_ROWS):
            masks = tile(
                batch.queries,
                q[0],
                q[1],
                q[2],
                q[3],
                leaves.panels,
                base + group,
                size,
                head,
                limits,
                partial,
            )
            if masks[0] == 0 and masks[1] == 0:
                continue
            for t in range(min(TILE_QUERIES, n_active - first)):
                both = (masks[t >> 1] >> ((t & 1) * TILE_ROWS)) & 0xFFFFFFFF
                if both == 0:
                    continue
                me = q[t]
                slot = batch.slots[me]
                limit = _limit(radius[me] + batch.slack[me] + leaves.slack[leaf], growth)
                for half in range(0, TILE_ROWS, LANES):
                    mask = (both >> half) & 0xFFFF
                    if mask != 0 and head < d:
                        at = base + group + half
                        mask = finish(
                            batch.queries,
                            me,
                            leaves.panels,
                            at,
                            size,
                            head,
                            d,
                            limit,
                            partial,
                            t * TILE_ROWS + half,
                        )
                    while mask != 0:
                        lane = half + lowest_bit(mask)
                        mask &= mask - 1
                        index = leaves.ids[leaf * size + group + lane]
                        if partial[t, lane] > limit or index == batch.own[me]:
                            continue
                        d2 = squared_distance(leaves.X, index, Q, batch.rows[me], leaves.scale)
                        if insert(distances[slot], indices[slot], d2, index):
                            radius[me] = math.sqrt(distances[slot, k - 1]) * to_filter
                            limit = _limit(radius[me] + batch.slack[me] + leaves.slack[leaf], growth)


@kernel
def _load(leaves, Q, rows, slots, own_rows, distances, low, high):
    """The batch of the queries ``rows`` of Q, and the box [low, high] around it."""
    m = rows.shape[0]
    d = leaves.X.shape[1]
    batch = Batch(
        rows,
        np.full(m, -1),
        slots,
        np.empty((m, d), np.float32),
        np.empty((d, m), np.float32),
        np.empty(m),
        np.empty(m),
        np.empty(m, np.int64),
        np.empty((TILE_QUERIES, TILE_ROWS), np.float32),
    )
    z = np.empty(d)
    low[:] = np.inf
    high[:] = -np.inf
    for i in range(m):
        project(Q, rows[i], leaves.frame, z)
        error = 0.0
        norm = 0.0
        for p in range(d):
            value = np.float32(z[p])
            batch.queries[i, p] = value
            batch.points[p, i] = value
            low[p] = min(low[p], value)
            high[p] = max(high[p], value)
            error += (z[p] - value) * (z[p] - value)
            norm += z[p] * z[p]
        batch.slack[i] = math.sqrt(error) + leaves.frame.rounding * math.sqrt(norm)
        batch.radius[i] = math.sqrt(distances[slots[i], -1]) * (leaves.frame.scale / leaves.scale)
        if own_rows:
            batch.own[i] = rows[i]
    return batch


@kernel
def nearest(leaves, Q, order, slots, home, own_rows, distances, indices, lo, hi):
    """Update the lists of the k nearest rows for the queries [lo, hi), one batch.

    Query i is row ``order[i]`` of Q, falls into leaf ``home[i]`` and has its list in row ``slots[i]`` of
    ``distances`` (squared, scaled) and ``indices`` (n_queries, k), which hold candidates known so far, or
    inf and an index above every row. Queries are sorted by home. With ``own_rows`` query i is row order[i]
    of X too and leaves itself out.
    """
    m = hi - lo
    d = leaves.X.shape[1]
    n_leaves = leaves.low.shape[0]
    growth = 1.0 + (d + 8) * 2.0**-23
    low = np.empty(d, np.float32)
    high = np.empty(d, np.float32)
    batch = _load(leaves, Q, order[lo:hi], slots[lo:hi], own_rows, distances, low, high)

    first = 0
    while first < m:
        leaf = home[lo + first]
        n_active = 0
        while first < m and home[lo + first] == leaf:
            batch.active[n_active] = first
            n_active += 1
            first += 1
        _scan_leaf(leaves, leaf, Q, batch, n_active, growth, distances, indices)

    reach = np.empty(n_leaves, np.float32)
    _boxes_distances(low, high, leaves.lows, leaves.highs, reach)
    furthest = (batch.radius + batch.slack).max()
    near = np.empty(n_leaves, np.int64)
    n_near = 0
    for leaf in range(n_leaves):
        if reach[leaf] <= _limit(furthest + leaves.slack[leaf], growth):
            near[n_near] = leaf
            n_near += 1
    near = near[:n_near]
    near = near[np.argsort(reach[near])]
    to_box = np.empty(m, np.float32)
    for place in range(n_near):
        leaf = near[place]
        if place % 8 == 0:
            furthest = (batch.radius + batch.slack).max()
        if reach[leaf] > _limit(furthest + leaves.slack[leaf], growth):
            continue
        _box_distances(batch.points, m, leaves.low[leaf], leaves.high[leaf], to_box)
        n_active = 0
        for i in range(m):
            limit = _limit(batch.radius[i] + batch.slack[i] + leaves.slack[leaf], growth)
            if to_box[i] <= limit and home[lo + i] != leaf:
                batch.active[n_active] = i
                n_active += 1
        if n_active > 0:
            _scan_leaf(leaves, leaf, Q, batch, n_active, growth, distances, indices)
