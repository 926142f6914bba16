"""The rounds of k-means: the nearest centre of each row, under bounds of what can have changed, and means.

Bounds are those of Hamerly (2010) for all centres together and of Ding and others (Yinyang k-means, 2015) for
groups of them. A distance that was d when all centres of a group had moved by s so far, each time by the
longest way of any of them, is at least d + s - s' once they have moved by s'. What is kept is d + s: it is
read and compared with s', and written only where the group was looked at.
"""

import math
from typing import NamedTuple

import numpy as np
from llvmlite import ir
from numba import types

from fastsmote._kernels.jit import absorbed, kernel, vector_step
from fastsmote._kernels.neighbors import lanes
from fastsmote._kernels.neighbors.distance import PANEL, squared_distance, two_nearest
from fastsmote._kernels.neighbors.tile import EIGHT, Steps, lowest_bit

COLUMNS = 8  # of means that are summed up together
DOWN = 2.0**-32  # what scaled distances are made smaller by, so that their sums and squares do not overflow
# relative steps that are more than the rounding of a bound
_INWARD, _OUTWARD = 1.0 - 1e-12, 1.0 + 1e-12


class MovingCentres(NamedTuple):
    """k centres, and the ways that they went since the first round."""

    rows: np.ndarray  # (k, d) as X
    panels: np.ndarray  # (n_panels, 8 d) scaled; inf where there is no centre
    per_group: int  # panels
    scale: float
    moved: np.ndarray  # (k,)
    longest: np.ndarray  # (n_groups,) sum over the rounds of the longest way in the group
    furthest: float  # the same of all centres


class RowBounds(NamedTuple):
    """What is known of n rows."""

    nearest: np.ndarray  # (n,) centre, -1 for none yet
    upper: np.ndarray  # (n,) distance to it at most, less its way so far
    lower: np.ndarray  # (n,) distance to any other at least, and the furthest way so far
    lowers: np.ndarray  # (n, n_groups) the same for the others of each group, and its longest way


class RowScratch(NamedTuple):
    """Scratch of one row, and of the groups that it looks at."""

    point: np.ndarray  # (d,) scaled
    groups: np.ndarray  # (n_groups,)
    first: np.ndarray  # (n_groups,) the least squared distance to a group
    second: np.ndarray  # (n_groups,) and the least but one
    which: np.ndarray  # (n_groups,) the centre that has the least


@absorbed
def _look(centres, lowers, scratch, own, to_own):
    """Nearest centre, from the own one on, its squared distance, and how many groups were looked at.

    The own one may be none, -1, at inf. Of equally near centres the first.
    """
    best, nearest, n = to_own, own, 0
    limit = math.sqrt(best) * (DOWN * _OUTWARD)
    mask = np.int64(0)
    for group in range(lowers.shape[0]):
        if lowers[group] * _INWARD - centres.longest[group] <= limit:
            mask |= np.int64(1) << group
    while mask != 0:
        group = lowest_bit(mask)
        mask &= mask - 1
        if lowers[group] * _INWARD - centres.longest[group] <= limit:
            begin = group * centres.per_group
            end = min(begin + centres.per_group, centres.panels.shape[0])
            first, second, which = two_nearest(centres.panels, begin, end, scratch.point)
            scratch.groups[n] = group
            scratch.first[n], scratch.second[n], scratch.which[n] = first, second, which
            n += 1
            if first < best or (first == best and which < nearest):
                best, nearest = first, which
                limit = math.sqrt(best) * (DOWN * _OUTWARD)
    return best, nearest, n


@absorbed
def _keep_bounds(centres, lowers, scratch, nearest, n):
    """Bounds of the n groups that were looked at; returns the least of all."""
    for at in range(n):
        group = scratch.groups[at]
        others = scratch.second[at] if scratch.which[at] == nearest else scratch.first[at]
        lowers[group] = math.sqrt(others) * DOWN + centres.longest[group]
    least = np.inf
    for group in range(lowers.shape[0]):
        least = min(least, lowers[group] - centres.longest[group])
    return least


@kernel
def assign(X, rows, centres, bounds, scratch, lo, hi):
    """The nearest centre of rows[i], the first of several, for i in [lo, hi)."""
    size = centres.per_group * PANEL
    for i in range(lo, hi):
        own, to_own = bounds.nearest[i], np.inf
        if own >= 0:
            others = bounds.lower[i] * _INWARD - centres.furthest
            if (bounds.upper[i] + centres.moved[own]) * _OUTWARD < others:
                continue
            to_own = squared_distance(X, rows[i], centres.rows, own, centres.scale)
            if math.sqrt(to_own) * (DOWN * _OUTWARD) < others:
                bounds.upper[i] = math.sqrt(to_own) * DOWN - centres.moved[own]
                continue
        for p in range(X.shape[1]):
            scratch.point[p] = X[rows[i], p] * centres.scale
        best, nearest, n = _look(centres, bounds.lowers[i], scratch, own, to_own)
        if own >= 0 and nearest != own:
            group = own // size
            bound = math.sqrt(to_own) * DOWN + centres.longest[group]
            bounds.lowers[i, group] = min(bounds.lowers[i, group], bound)
        least = _keep_bounds(centres, bounds.lowers[i], scratch, nearest, n)
        bounds.lower[i] = least + centres.furthest
        bounds.upper[i] = math.sqrt(best) * DOWN - centres.moved[nearest]
        bounds.nearest[i] = nearest


@vector_step(lanes.add_eight)
def add_eight(typingctx, sums, c, X, i, p):
    """sums[c] += X[i, p : p + 8], which a loop would take longer to enter than to do."""
    i64 = types.int64
    signature = types.void(sums, i64, X, i64, i64)

    def codegen(context, builder, sig, args):
        steps = Steps(context, builder, sig, args)
        at = steps.element(0, args[1], ir.Constant(args[1].type, 0))
        values = steps.load_double(2, args[3], args[4], EIGHT)
        steps.store(builder.fadd(steps.load(at, vector=EIGHT), values), at)
        return context.get_dummy_value()

    return signature, codegen


@kernel
def add_up(X, rows, of_row, changed, sums, lo, hi):
    """sums[s, c] = sum of the rows of X in cluster c, if it has changed, for the slices [lo, hi) of columns.

    A slice is eight columns, the last ones that there are eight of, or all where there are fewer. Row i of
    ``rows`` is in cluster of_row[i]; they are added up in float64 in their order. ``sums`` are (n k, 8).
    """
    width = sums.shape[1]
    for s in range(lo, hi):
        left, first = min(s * width, X.shape[1] - width), s * changed.shape[0]
        for c in range(changed.shape[0]):
            if changed[c]:
                for p in range(width):
                    sums[first + c, p] = 0.0
        for i in range(rows.shape[0]):
            if changed[of_row[i]]:
                if width == COLUMNS:
                    add_eight(sums, first + of_row[i], X, rows[i], left)
                else:
                    for p in range(width):
                        sums[first + of_row[i], p] += X[rows[i], p]


@kernel
def add_shares(X, rows, of_row, counts, means):
    """means[c] = sum of the n-th parts of the n rows of X in cluster c: for sums that overflow."""
    for c in range(counts.shape[0]):
        for p in range(X.shape[1]):
            means[c, p] = 0.0
    for i in range(rows.shape[0]):
        for p in range(X.shape[1]):
            means[of_row[i], p] += X[rows[i], p] / counts[of_row[i]]
