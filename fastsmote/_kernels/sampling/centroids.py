"""Seeds of clusters, and distances within them: eight points at a time."""

import math
from typing import NamedTuple

import numpy as np

from fastsmote._kernels.jit import absorbed, inlined, kernel, linked
from fastsmote._kernels.neighbors.distance import PANEL, squared_distance, squared_distances
from fastsmote._kernels.neighbors.few import About
from fastsmote._kernels.neighbors.tile import TILE_QUERIES, TILE_ROWS, lowest_bit, tile
from fastsmote._kernels.neighbors.tree import round_down, round_up

_TOGETHER = 128  # terms that are not parted any more
_MANY = 8  # of 32 points, from which on all of them are compared side by side


class SeedScratch(NamedTuple):
    """How far n points are from the seeds so far, and would be with each of some more."""

    nearest: np.ndarray  # (n_panels * 8,) squared distances to the nearest seed
    trials: np.ndarray  # (n_trials, n_panels * 8)
    sums: np.ndarray  # (n,) running sums of ``nearest``
    rows: np.ndarray  # (n_trials,)
    squared: np.ndarray  # (8,)
    ends: np.ndarray  # (64,) of ``sum_in_pairs``
    lefts: np.ndarray  # (64,)


class SeedTiles(NamedTuple):
    """The same points in float32, which tells most of those that a seed can not be nearer to."""

    about: About  # makes coordinates of points
    panels: np.ndarray  # flat, see ``few.pack_tiles``
    low: np.ndarray  # (n,) squared norms, rounded down by the error of a distance
    open: np.ndarray  # (n_tiles * 32,) float32, ``low`` less what is nearest, rounded up so; inf for no point
    grown: float  # what rounds it up, in the units of coordinates
    tiny: float  # what underflows
    local: np.ndarray  # (4, d) float32, -2 times seeds about the centre
    zeros: np.ndarray  # (n_tiles * 32,) float32
    partial: np.ndarray  # (4, 32) float32


@kernel
def nearer(panels, points, nearest, rows, squared, out, lo, hi):
    """out[j, i] = the least of nearest[i] and the squared distance of points i and rows[j].

    For the points i of the panels [lo, hi); ``squared`` (8,) is scratch.
    """
    for panel in range(lo, hi):
        start, stop = panel * PANEL, (panel + 1) * PANEL
        for j in range(rows.shape[0]):
            squared_distances(panels, panel, points[rows[j]], squared)
            best, kept = out[j, start:stop], nearest[start:stop]
            for lane in range(PANEL):
                best[lane] = squared[lane] if squared[lane] < kept[lane] else kept[lane]


@inlined
def _sum_of_eights(values, lo, hi):
    """Sum of values[lo:hi], eight sums side by side, and what is left behind."""
    total, whole = 0.0, hi - (hi - lo) % 8
    if whole > lo:
        r0, r1, r2, r3 = values[lo], values[lo + 1], values[lo + 2], values[lo + 3]
        r4, r5, r6, r7 = values[lo + 4], values[lo + 5], values[lo + 6], values[lo + 7]
        for i in range(lo + 8, whole, 8):
            r0, r1, r2, r3 = r0 + values[i], r1 + values[i + 1], r2 + values[i + 2], r3 + values[i + 3]
            r4, r5, r6, r7 = r4 + values[i + 4], r5 + values[i + 5], r6 + values[i + 6], r7 + values[i + 7]
        total = ((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7))
    for i in range(whole, hi):
        total += values[i]
    return total


@linked
def sum_in_pairs(values, n, ends, lefts):
    """Sum of values[:n] in the order of ``np.add.reduce``: of halves, and halves of these, down to 128 terms.

    ``ends`` (64,) and ``lefts`` (64,) are scratch: where the halves under way end, -1 for one on the right,
    and the sums left of these. (A function that called itself would be lost when code is loaded.)
    """
    lo, hi, depth = 0, n, 0
    while True:
        while hi - lo > _TOGETHER:
            ends[depth] = hi
            half = (hi - lo) // 2
            hi = lo + half - half % 8
            depth += 1
        total = _sum_of_eights(values, lo, hi)
        while depth > 0 and ends[depth - 1] < 0:
            depth -= 1
            total += lefts[depth]
        if depth == 0:
            return total
        lo, hi = hi, ends[depth - 1]
        ends[depth - 1], lefts[depth - 1] = -1, total


@absorbed
def _keep_nearer(panels, points, scratch, t, mask, at):
    """trials[t, at:at + 32] = distances to trial t where the mask says that they may be less, and are.

    The mask is of 32 points from ``at`` on.
    """
    nearest, trials, row, n = scratch.nearest, scratch.trials, scratch.rows[t], 0
    left = mask
    while left != 0 and n <= _MANY:
        left &= left - 1
        n += 1
    if n > _MANY:
        end = min((at + TILE_ROWS) // PANEL, panels.shape[0])
        nearer(
            panels,
            points,
            nearest,
            scratch.rows[t : t + 1],
            scratch.squared,
            trials[t : t + 1],
            at // PANEL,
            end,
        )
        return
    while mask != 0:
        place = at + lowest_bit(mask)
        mask &= mask - 1
        squared = squared_distance(points, place, points, row, 1.0)
        if squared < nearest[place]:
            trials[t, place] = squared


@absorbed
def _try_all(panels, points, tiles, scratch):
    """trials[t, i] = the least of nearest[i] and the squared distance of points i and rows[t].

    The tile leaves out points y that a trial x is surely not nearer to. In float32, |y|^2 - nearest - 2 x y +
    |x|^2 about the centre is wrong by less than an error times (|x|^2 + |y|^2 + nearest): half of it comes
    from products (see ``_neighbors.products``), and less from sums that begin with the rest. What is compared
    is less by the whole.
    """
    n_trials, n, d = scratch.rows.shape[0], scratch.sums.shape[0], points.shape[1]
    for first in range(0, n_trials, TILE_QUERIES):
        n_here = min(TILE_QUERIES, n_trials - first)
        limits = (np.float32(0.0), np.float32(0.0), np.float32(0.0), np.float32(0.0))
        for t in range(TILE_QUERIES):
            which = first + min(t, n_here - 1)
            row = scratch.rows[which]
            for p in range(d):
                value = np.float32(points[row, p] * tiles.about.factor - tiles.about.centre[p])
                tiles.local[t, p] = np.float32(-2.0) * value
            limits = (limits[1], limits[2], limits[3], round_up(tiles.tiny - tiles.low[row], 0.0))
            for i in range(n):
                scratch.trials[which, i] = scratch.nearest[i]
        for at in range(0, n, TILE_ROWS):
            masks = tile(
                tiles.local,
                tiles.zeros,
                tiles.panels,
                at * d,
                TILE_ROWS,
                d,
                d,
                tiles.open,
                tiles.zeros,
                at,
                limits,
                tiles.partial,
            )
            for t in range(n_here):
                mask = (masks[t >> 1] >> ((t & 1) * TILE_ROWS)) & 0xFFFFFFFF
                if mask != 0:
                    _keep_nearer(panels, points, scratch, first + t, mask, at)


@absorbed
def _keep_open(tiles, nearest):
    """What a product must be less than, for each point, so that the seed is nearer than ``nearest``."""
    for i in range(tiles.low.shape[0]):
        tiles.open[i] = round_down(tiles.low[i] - nearest[i] * tiles.grown, 0.0)


@absorbed
def _draw_trials(scratch, draws, n):
    """Fill ``rows`` by draws, points by how far they are from seeds; False where all points equal seeds."""
    nearest, sums, rows, total = scratch.nearest, scratch.sums, scratch.rows, 0.0
    for i in range(n):
        total += nearest[i]
        sums[i] = total
    for t in range(rows.shape[0]):
        below, above, target = 0, n - 1, draws[t] * total
        while below < above:
            middle = (below + above) // 2
            if sums[middle] <= target:
                below = middle + 1
            else:
                above = middle
        rows[t] = below
    return total > 0.0


@absorbed
def _keep_best(scratch, n):
    """The trial that leaves the least sum of squares: its distances are ``nearest`` from here on."""
    nearest, trials = scratch.nearest, scratch.trials
    best, least = 0, np.inf
    for t in range(scratch.rows.shape[0]):
        with_this = sum_in_pairs(trials[t], n, scratch.ends, scratch.lefts)
        if with_this < least:
            best, least = t, with_this
    for i in range(n):
        nearest[i] = trials[best, i]
    return scratch.rows[best]


@kernel
def draw_seeds(panels, points, draws, scratch, chosen, lo, hi):
    """Seeds chosen[lo:hi] by k-means++, behind those that ``nearest`` knows; the number that there are then.

    Draws (k, n_trials) are in [0, 1). There are fewer than ``hi`` where all points equal seeds.
    """
    n = points.shape[0]
    for c in range(lo, hi):
        if not _draw_trials(scratch, draws[c], n):
            return c
        nearer(
            panels,
            points,
            scratch.nearest,
            scratch.rows,
            scratch.squared,
            scratch.trials,
            0,
            panels.shape[0],
        )
        chosen[c] = _keep_best(scratch, n)
    return hi


@kernel
def draw_seeds_in_tiles(panels, points, tiles, draws, scratch, chosen, lo, hi):
    """The same; tiles leave out most points that a trial is not nearer to."""
    n = points.shape[0]
    for c in range(lo, hi):
        if not _draw_trials(scratch, draws[c], n):
            return c
        _keep_open(tiles, scratch.nearest)
        _try_all(panels, points, tiles, scratch)
        chosen[c] = _keep_best(scratch, n)
    return hi


@kernel
def sum_distances(panels, points, squared, sums, lo, hi):
    """sums[i] = sum of the distances of point i to all, in their order, for the panels [lo, hi).

    ``squared`` (8,) is scratch.
    """
    for i in range(lo * PANEL, hi * PANEL):
        sums[i] = 0.0
    for j in range(points.shape[0]):
        for panel in range(lo, hi):
            squared_distances(panels, panel, points[j], squared)
            total = sums[panel * PANEL : (panel + 1) * PANEL]
            for lane in range(PANEL):
                total[lane] += math.sqrt(squared[lane])
