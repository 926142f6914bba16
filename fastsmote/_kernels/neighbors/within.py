"""Which queries have an indexed row within a distance that is the same for all: no lists, no order of visits.

Queries come as they are stored, so many together. Their distances to the boxes of the leaves, in the ``head``
leading dimensions, say which leaves they look at, and the tile and its bounds are those of ``search`` with a
radius that never changes. Most find nothing; one that has found a row looks no further.
"""

import math
from typing import NamedTuple

import numpy as np

from fastsmote._kernels.jit import absorbed, kernel
from fastsmote._kernels.neighbors.search import (
    Contents,
    Room,
    box_limit,
    enclose,
    exact_distance,
    new_room,
    tile_limit,
)
from fastsmote._kernels.neighbors.tile import (
    BOX_DIMS,
    TILE_QUERIES,
    TILE_ROWS,
    boxes_within,
    localise,
    lowest_bit,
    tile,
)
from fastsmote._kernels.neighbors.tree import coordinates

_TOGETHER = 31 * TILE_ROWS  # queries; the columns of 32 tiles would share their lines of the first cache
_COPIED = 62  # of these brought into cache together


class Asked(NamedTuple):
    """Queries: rows ``rows`` of Q, each with the row of the index that it is, -1 for none."""

    Q: np.ndarray
    rows: np.ndarray  # (m,)
    own: np.ndarray  # (m,)
    most: float  # a row is near up to this squared scaled distance


class Scratch(NamedTuple):
    """Of queries that come together."""

    raw: np.ndarray  # (some, d) as the queries
    points: np.ndarray  # (_TOGETHER, columns(d)) float64 coordinates
    down: np.ndarray  # (head or a little more, _TOGETHER) float32 coordinates rounded down
    up: np.ndarray  # the same rounded up
    slack: np.ndarray  # (_TOGETHER,)
    low: np.ndarray  # (n_leaves, as many) boxes
    high: np.ndarray
    limits: np.ndarray  # (_TOGETHER,) float32, of the box test; -1 for a query that has found a row, or none
    room: Room


def new_scratch(contents: Contents, raw: np.dtype) -> Scratch:
    """Scratch for queries of a type."""
    d, width = contents.exact.X.shape[1], contents.panels.centres.shape[1]
    looked_at = -(-contents.head // BOX_DIMS) * BOX_DIMS
    low, high = (np.ascontiguousarray(of[:, :looked_at]) for of in (contents.panels.low, contents.panels.high))
    return Scratch(
        raw=np.empty((_COPIED, d), raw),
        points=np.empty((_TOGETHER, width)),
        down=np.zeros((looked_at, _TOGETHER), np.float32),
        up=np.zeros((looked_at, _TOGETHER), np.float32),
        slack=np.empty(_TOGETHER),
        low=low,
        high=high,
        limits=np.empty(_TOGETHER, np.float32),
        room=new_room(_TOGETHER, width),
    )


@absorbed
def _is_near(exact, place, asked, i):
    """Whether the row at a place is near query i, and not the query itself."""
    index = exact.ids[place]
    return index != asked.own[i] and exact_distance(exact, index, asked.Q, asked.rows[i]) <= asked.most


@absorbed
def _look(contents, leaf, asked, start, scratch, n_active):
    """Look in a leaf for rows near the active of the queries from ``start`` on; limits of those that find one
    become -1."""
    exact, panels, size, head = contents
    active, local, _, tails, limits, partial = scratch.room
    d, offset = asked.Q.shape[1], leaf * size
    radius, slack, spread = math.sqrt(asked.most) * exact.unit, panels.slack[leaf], panels.spread[leaf]
    for first in range(0, n_active, TILE_QUERIES):
        n_queries = min(TILE_QUERIES, n_active - first)
        for t in range(TILE_QUERIES):
            me = active[first + min(t, n_queries - 1)]
            norm, tails[t] = localise(scratch.points, me, panels.centres, leaf, local, t, head)
            limits[t] = tile_limit(radius, slack + scratch.slack[me], spread, norm, d)
        for group in range(0, min(size, exact.ids.shape[0] - offset), TILE_ROWS):
            masks = tile(
                local,
                tails,
                panels.panels,
                offset * d + group,
                size,
                head,
                d,
                panels.norms,
                panels.tails,
                offset + group,
                (limits[0], limits[1], limits[2], limits[3]),
                partial,
            )
            if masks[0] == 0 and masks[1] == 0:
                continue
            for t in range(n_queries):
                mask = (masks[t >> 1] >> ((t & 1) * TILE_ROWS)) & 0xFFFFFFFF
                me = active[first + t]
                while mask != 0 and scratch.limits[me] >= 0.0:
                    place = offset + group + lowest_bit(mask)
                    mask &= mask - 1
                    if _is_near(exact, place, asked, start + me):
                        scratch.limits[me] = -1.0


@kernel
def find_within(contents, frame, asked, scratch, found, lo, hi):
    """found[i] = whether a row is near query i, for i in [lo, hi)."""
    exact, low, high, limits = contents.exact, scratch.low, scratch.high, scratch.limits
    for start in range(lo, hi, _TOGETHER):
        n = min(_TOGETHER, hi - start)
        coordinates(asked.Q, asked.rows, frame, scratch.raw, scratch.points, start, start + n)
        enclose(scratch.points[:n], frame.rounding, scratch.down, scratch.up, scratch.slack)
        limits[:] = -1.0
        for i in range(n):
            if scratch.slack[i] < np.inf:
                limits[i] = box_limit(math.sqrt(asked.most) * exact.unit, asked.Q.shape[1])
                continue
            found[start + i] = False
            for place in range(exact.ids.shape[0]):  # float32 can not hold the query
                found[start + i] |= _is_near(exact, place, asked, start + i)
        for leaf in range(low.shape[0]):
            n_active = 0
            for at in range(0, n, TILE_ROWS):
                mask = boxes_within(scratch.down, scratch.up, at, low, high, leaf, limits)
                while mask != 0:
                    scratch.room.active[n_active] = at + lowest_bit(mask)
                    mask &= mask - 1
                    n_active += 1
            if n_active > 0:
                _look(contents, leaf, asked, start, scratch, n_active)
        for i in range(n):
            if scratch.slack[i] < np.inf:
                found[start + i] = limits[i] < 0.0
