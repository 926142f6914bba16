"""Exact k farthest rows for a batch of queries over the leaves of one part of an index.

The mirror of ``search``: the leaves are visited in descending order of the largest distance between their box
and the box around the batch; a query looks at a leaf whose box has a corner at least as far as its k-th so
far; rows that the float32 tile puts that far get the exact float64 distance and enter the list of the k
largest (squared distance, smaller index first). The tile always looks at all dimensions, because distances
over a few only bound from below.

Why it is exact. Let R be the distance to the k-th row so far and y a row of leaf j at distance >= R. The
box of the leaf holds y and the interval [down, up] the query, so the sum over p of max(up - low, high -
down)^2 is at least R^2, up to ``growth``. By the bounds of ``search``, with its slack and e, the float32
sum is at least (R - slack)^2 / growth - e - |x|^2; in that slack the rounding of the query's offset to
float32 is at most 2^-24 |x|, as R is no bound of it here. So no row that belongs into the list is refused,
in any order of visits.
"""

import math

import numpy as np

from fastsmote._kernels.jit import inlined, kernel
from fastsmote._kernels.neighbors.distance import squared_distance
from fastsmote._kernels.neighbors.search import growth, insert
from fastsmote._kernels.neighbors.tile import TILE_QUERIES, TILE_ROWS, localise, tile

_SMALL = 1e-37  # more than what float32 sums of squares lose where they are subnormal
_ANY = np.float32(3e38)  # limit of the tile that every row passes but what fills up a panel


@inlined
def _offer(leaves, place, Q, batch, me, distances, indices):
    index = leaves.ids[place]
    if index != batch.own[me]:
        slot = batch.slots[me]
        d2 = squared_distance(leaves.X, index, Q, batch.rows[me], leaves.scale)
        insert(distances[slot], indices[slot], -d2, index)
        furthest = -distances[slot, distances.shape[1] - 1]
        batch.radius[me] = math.sqrt(furthest) * (leaves.frame.scale / leaves.scale)


@inlined
def _least(batch, i, panels, leaf, norm, d):
    """What the tile must say of a row that is as far as the k-th so far."""
    spread = panels.spread[leaf]
    slack = panels.slack[leaf] + batch.slack[i] + 2.0**-23 * (2.0 * math.sqrt(norm) + spread)
    reach = max(batch.radius[i] * (1.0 - 2.0**-40) - slack, 0.0)
    return reach * reach / growth(d) - (d + 8) * 2.0**-21 * (norm + spread * spread) - norm - _SMALL


@kernel
def reach(leaves, batch):
    """batch.reach = largest squared distance between the box around the batch and the box of each leaf.

    The caller orders the leaves by it, descending, for ``farthest``.
    """
    for leaf in range(leaves.lows.shape[1]):
        batch.reach[leaf] = 0.0
    for p in range(leaves.X.shape[1]):
        low, high = batch.down[p, 0], batch.up[p, 0]
        for i in range(1, batch.rows.shape[0]):
            low = min(low, batch.down[p, i])
            high = max(high, batch.up[p, i])
        for leaf in range(leaves.lows.shape[1]):
            gap = max(high - leaves.lows[p, leaf], leaves.highs[p, leaf] - low)
            batch.reach[leaf] += gap * gap


@inlined
def _corners(leaves, leaf, batch):
    """batch.limits = squared distance of each query to the farthest corner of the box of a leaf."""
    m = batch.rows.shape[0]
    for i in range(m):
        batch.limits[i] = 0.0
    for p in range(leaves.X.shape[1]):
        low, high = leaves.panels.low[leaf, p], leaves.panels.high[leaf, p]
        for i in range(m):
            gap = max(batch.up[p, i] - low, high - batch.down[p, i])
            batch.limits[i] += gap * gap


@inlined
def _scan(leaves, leaf, Q, batch, n_active, distances, indices):
    d = leaves.X.shape[1]
    panels, size = leaves.panels, leaves.size
    n_rows = min(size, leaves.ids.shape[0] - leaf * size)
    norms, least, partial = batch.norms, batch.tile_limits, batch.partial
    for first in range(0, n_active, TILE_QUERIES):
        n_queries = min(TILE_QUERIES, n_active - first)
        for t in range(TILE_QUERIES):
            me = batch.active[first + min(t, n_queries - 1)]
            norms[t], batch.tails[t] = localise(batch.points, me, panels.centres, leaf, batch.local, t, d)
            least[t] = _least(batch, me, panels, leaf, norms[t], d)
        for group in range(0, n_rows, TILE_ROWS):
            tile(
                batch.local,
                batch.tails,
                panels.panels,
                leaf * d * size + group,
                size,
                d,
                d,
                panels.norms,
                panels.tails,
                leaf * size + group,
                (_ANY, _ANY, _ANY, _ANY),
                partial,
            )
            for t in range(n_queries):
                me = batch.active[first + t]
                for lane in range(min(TILE_ROWS, n_rows - group)):
                    if partial[t, lane] >= least[t]:
                        _offer(leaves, leaf * size + group + lane, Q, batch, me, distances, indices)
                        least[t] = _least(batch, me, panels, leaf, norms[t], d)


@kernel
def farthest(leaves, Q, batch, order, distances, indices):
    """Update the lists of the k farthest rows of the queries of a batch that is prepared.

    ``order`` sorts the leaves by descending ``batch.reach``. The lists are the rows ``batch.slots`` of
    ``distances`` (squared, scaled, negative, so that the farthest are the least) and ``indices``; they start
    from distance 0 and an index above every row.
    """
    m = batch.rows.shape[0]
    slack = growth(leaves.X.shape[1]) * (1.0 + 2.0**-20)
    for place in range(order.shape[0]):
        leaf = order[place]
        nearest = np.inf
        for me in range(m):
            if batch.slack[me] < np.inf:
                nearest = min(nearest, batch.radius[me])
        if batch.reach[leaf] * slack + _SMALL < nearest * nearest:
            return
        _corners(leaves, leaf, batch)
        n_active = np.int64(0)
        for me in range(m):
            within = batch.limits[me] * slack + _SMALL >= batch.radius[me] * batch.radius[me]
            if within and batch.slack[me] < np.inf:
                batch.active[n_active] = me
                n_active += 1
        _scan(leaves, leaf, Q, batch, n_active, distances, indices)


@kernel
def offer_all_far(leaves, Q, batch, me, distances, indices):
    """Offer every row of the part to query ``me``, which float32 can not hold."""
    for place in range(leaves.ids.shape[0]):
        _offer(leaves, place, Q, batch, me, distances, indices)
