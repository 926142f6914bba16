"""Whether rows of a small index precede a bound, for many queries: no lists, and no order of visits.

Queries come as they are stored, so many together. Their distances to the boxes of the leaves, in the ``head``
leading dimensions, say which leaves they look at, and the tile and its bounds are those of ``search`` with
radii that never change. Most queries find nothing; one that has found as many rows as are asked for looks no
further.
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
    tile_leaf,
    tile_limit,
)
from fastsmote._kernels.neighbors.tile import (
    BOX_DIMS,
    TILE_QUERIES,
    TILE_ROWS,
    boxes_within,
    localise,
    lowest_bit,
)
from fastsmote._kernels.neighbors.tree import coordinates

_TOGETHER = 31 * TILE_ROWS  # queries; the columns of 32 tiles would share their lines of the first cache
_COPIED = 62  # of these brought into cache together


class Bounded(NamedTuple):
    """Queries: rows of Q, the row of the index that each is, -1 for none, and its bound, all (m,)."""

    Q: np.ndarray
    rows: np.ndarray
    own: np.ndarray
    bound: np.ndarray  # squared scaled distance
    bound_row: np.ndarray  # row number


class Scratch(NamedTuple):
    """Of queries that come together."""

    raw: np.ndarray  # (some, d) as the queries
    points: np.ndarray  # (_TOGETHER, columns(d)) float64 coordinates
    down: np.ndarray  # (dimensions of a box, _TOGETHER) float32 coordinates rounded down
    up: np.ndarray  # the same rounded up
    slack: np.ndarray  # (_TOGETHER,)
    low: np.ndarray  # (n_leaves, dimensions of a box)
    high: np.ndarray
    radius: np.ndarray  # (_TOGETHER,)
    limits: np.ndarray  # (_TOGETHER,) float32, of the box test; -1 for a query that is done, or none
    room: Room


def new_scratch(contents: Contents, raw: np.dtype) -> Scratch:
    """Scratch for queries of a type."""
    d, width = contents.exact.X.shape[1], contents.panels.centres.shape[1]
    dims = -(-contents.head // BOX_DIMS) * BOX_DIMS
    low, high = (of[:, :dims].copy() for of in (contents.panels.low, contents.panels.high))
    return Scratch(
        raw=np.empty((_COPIED, d), raw),
        points=np.empty((_TOGETHER, width)),
        down=np.zeros((dims, _TOGETHER), np.float32),
        up=np.zeros((dims, _TOGETHER), np.float32),
        slack=np.empty(_TOGETHER),
        low=low,
        high=high,
        radius=np.empty(_TOGETHER),
        limits=np.empty(_TOGETHER, np.float32),
        room=new_room(_TOGETHER, width),
    )


@absorbed
def _precedes(exact, place, asked, i):
    """Whether the row at a place is not query i itself, and precedes its bound."""
    index = exact.ids[place]
    if index == asked.own[i]:
        return False
    d2 = exact_distance(exact, index, asked.Q, asked.rows[i])
    return d2 < asked.bound[i] or (d2 == asked.bound[i] and index < asked.bound_row[i])


@absorbed
def _look(contents, leaf, asked, start, scratch, n_active, wanted):
    """Count rows of a leaf off what the active of the queries from ``start`` on want."""
    exact, panels, size, head = contents
    active, local, _, tails, limits, _, _, _ = room = scratch.room
    d, offset, slack, spread = asked.Q.shape[1], leaf * size, panels.slack[leaf], panels.spread[leaf]
    for first in range(0, n_active, TILE_QUERIES):
        n_queries = min(TILE_QUERIES, n_active - first)
        for t in range(TILE_QUERIES):
            me = active[first + min(t, n_queries - 1)]
            norm, tails[t] = localise(scratch.points, me, panels.centres, leaf, local, t, head)
            limits[t] = tile_limit(scratch.radius[me], slack + scratch.slack[me], spread, norm, d)
        for group in range(0, min(size, exact.ids.shape[0] - offset), TILE_ROWS):
            within = limits[0], limits[1], limits[2], limits[3]
            masks = tile_leaf(panels, offset, group, size, head, d, room, within)
            if masks[0] == 0 and masks[1] == 0:
                continue
            for t in range(n_queries):
                mask = (masks[t >> 1] >> ((t & 1) * TILE_ROWS)) & 0xFFFFFFFF
                i = start + active[first + t]
                while mask != 0 and wanted[i] > 0:
                    wanted[i] -= _precedes(exact, offset + group + lowest_bit(mask), asked, i)
                    mask &= mask - 1
            for t in range(n_queries):
                me = active[first + t]
                scratch.limits[me] = scratch.limits[me] if wanted[start + me] > 0 else -1.0


@kernel
def count_down(contents, frame, asked, scratch, wanted, lo, hi):
    """Count rows that precede the bounds of queries [lo, hi) off what each still wants (m,), down to 0."""
    exact, low, high, limits = contents.exact, scratch.low, scratch.high, scratch.limits
    for start in range(lo, hi, _TOGETHER):
        n = min(_TOGETHER, hi - start)
        coordinates(asked.Q, asked.rows, frame, scratch.raw, scratch.points, start, start + n)
        enclose(scratch.points[:n], frame.rounding, scratch.down, scratch.up, scratch.slack)
        limits[:] = -1.0
        for i in range(n):
            scratch.radius[i] = math.sqrt(asked.bound[start + i]) * exact.unit
            if scratch.slack[i] < np.inf:
                if wanted[start + i] > 0:
                    limits[i] = box_limit(scratch.radius[i], asked.Q.shape[1])
                continue
            for place in range(exact.ids.shape[0]):  # float32 can not hold the query
                if wanted[start + i] > 0:
                    wanted[start + i] -= _precedes(exact, place, asked, start + i)
        for leaf in range(low.shape[0]):
            n_active = 0
            for at in range(0, n, TILE_ROWS):
                mask = boxes_within(scratch.down, scratch.up, at, low, high, leaf, limits)
                while mask != 0:
                    scratch.room.active[n_active] = at + lowest_bit(mask)
                    mask &= mask - 1
                    n_active += 1
            if n_active > 0:
                _look(contents, leaf, asked, start, scratch, n_active, wanted)
