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

from fastsmote._kernels.jit import absorbed, inlined, kernel
from fastsmote._kernels.neighbors.distance import squared_distance
from fastsmote._kernels.neighbors.lists import insert
from fastsmote._kernels.neighbors.search import growth, tile_leaf
from fastsmote._kernels.neighbors.tile import TILE_QUERIES, TILE_ROWS, localise

_SMALL = 1e-37  # more than what float32 sums of squares lose where they are subnormal
_ANY = np.float32(3e38)  # limit of the tile that every row passes but what fills up a panel


@absorbed
def _offer(exact, place, Q, queries, me, distances, indices):
    index = exact.ids[place]
    if index != queries.own[me]:
        slot = queries.slots[me]
        nearest = distances[slot]
        d2 = squared_distance(exact.X, index, Q, queries.rows[me], exact.scale)
        insert(nearest, indices[slot], -d2, index)
        queries.radius[me] = math.sqrt(-nearest[nearest.shape[0] - 1]) * exact.unit


@inlined
def _least(radius, slack, spread, norm, d):
    """What the tile must say of a row that is as far as the k-th so far."""
    slack = slack + 2.0**-23 * (2.0 * math.sqrt(norm) + spread)
    reach = max(radius * (1.0 - 2.0**-40) - slack, 0.0)
    return reach * reach / growth(d) - (d + 8) * 2.0**-21 * (norm + spread * spread) - norm - _SMALL


@inlined
def _corners(down, up, panels, leaf, limits):
    """limits[i] = squared distance of each query to the farthest corner of the box of a leaf."""
    m = limits.shape[0]
    for i in range(m):
        limits[i] = 0.0
    for p in range(down.shape[0]):
        low, high = panels.low[leaf, p], panels.high[leaf, p]
        for i in range(m):
            gap = max(up[p, i] - low, high - down[p, i])
            limits[i] += gap * gap


@inlined
def _scan(contents, leaf, Q, batch, n_active, distances, indices):
    exact, panels, size, _ = contents
    queries, points, _, _, room = batch
    active, local, norms, tails, least, partial, _, _ = room
    d = Q.shape[1]
    slack, spread = panels.slack[leaf], panels.spread[leaf]
    start = leaf * size
    n_rows = min(size, exact.ids.shape[0] - start)
    for first in range(0, n_active, TILE_QUERIES):
        n_queries = min(TILE_QUERIES, n_active - first)
        for t in range(TILE_QUERIES):
            me = active[first + min(t, n_queries - 1)]
            norms[t], tails[t] = localise(points, me, panels.centres, leaf, local, t, d)
            least[t] = _least(queries.radius[me], slack + queries.slack[me], spread, norms[t], d)
        for group in range(0, n_rows, TILE_ROWS):
            tile_leaf(panels, start, group, size, d, d, room, (_ANY, _ANY, _ANY, _ANY))
            for t in range(n_queries):
                me = active[first + t]
                for lane in range(min(TILE_ROWS, n_rows - group)):
                    if partial[t, lane] >= least[t]:
                        _offer(exact, start + group + lane, Q, queries, me, distances, indices)
                        least[t] = _least(queries.radius[me], slack + queries.slack[me], spread, norms[t], d)


@kernel
def farthest(contents, Q, batch, order, reach, distances, indices):
    """Update the lists of the k farthest rows of the queries of a batch that has begun.

    ``order`` sorts the leaves by descending ``reach``, the largest squared distance between the box around
    the batch and theirs. The lists are the rows ``slots`` of ``distances`` (squared, scaled, negative, so
    that the farthest are the least) and ``indices``; they start from distance 0 and an index above every row.
    """
    queries, active = batch.queries, batch.room.active
    limits, slacks, radius = queries.limits, queries.slack, queries.radius
    m = slacks.shape[0]
    slack = growth(Q.shape[1]) * (1.0 + 2.0**-20)
    for place in range(order.shape[0]):
        leaf = order[place]
        nearest = np.inf
        for me in range(m):
            if slacks[me] < np.inf:
                nearest = min(nearest, radius[me])
        if reach[leaf] * slack + _SMALL < nearest * nearest:
            return
        _corners(batch.down, batch.up, contents.panels, leaf, limits)
        n_active = 0
        for me in range(m):
            within = limits[me] * slack + _SMALL >= radius[me] * radius[me]
            if within and slacks[me] < np.inf:
                active[n_active] = me
                n_active += 1
        _scan(contents, leaf, Q, batch, n_active, distances, indices)


@kernel
def offer_all_far(exact, Q, queries, me, distances, indices):
    """Offer every row of the part to query ``me``, which float32 can not hold."""
    for place in range(exact.ids.shape[0]):
        _offer(exact, place, Q, queries, me, distances, indices)
