"""Lloyd's iterations: centres that are the means of the rows nearest to them.

Each round looks at the distances that may have become the least, by bounds on the others; the result is that
of the plain iterations. Up to 1,024 centres are parted into at most 32 groups, whose bounds follow the ways
that the centres of the group went (``_kernels.sampling.lloyd``). More are searched with an index, under one
bound for all (Hamerly, 2010, doi:10.1137/1.9781611972801.12): its leaves are compared in float32.

Seconds of one thread for ``cluster_centroids`` of ``make_fraud`` with 20 % positives, both ways (Zen 4):

| rows | columns | centres | searched | in groups |
| --- | --- | --- | --- | --- |
| 100,000 | 30 | 200 | 3.90 | 1.81 |
| 100,000 | 30 | 1,500 | 7.49 | 5.48 |
| 40,000 | 30 | 1,024 | 1.87 | 1.20 |
| 40,000 | 30 | 2,048 | 1.53 | 1.81 |
| 40,000 | 3 | 2,048 | 0.47 | 0.35 |
| 20,000 | 100 | 300 | 3.20 | 0.81 |
"""

from functools import partial
from typing import Any, NamedTuple, Protocol

import numpy as np

from fastsmote._core.cache_lines import on_cache_lines
from fastsmote._core.freeze import freeze
from fastsmote._core.threads import run_ranges, split
from fastsmote._core.typing import Floats, Matrix, Progress, RowIds
from fastsmote._kernels.neighbors.distance import PANEL
from fastsmote._kernels.neighbors.few import lay_out
from fastsmote._kernels.sampling.lloyd import (
    COLUMNS,
    DOWN,
    MovingCentres,
    RowBounds,
    RowScratch,
    add_shares,
    add_up,
    assign,
)
from fastsmote._neighbors.build import build_index
from fastsmote._neighbors.distance import squared_distances
from fastsmote._neighbors.index import rescaled
from fastsmote._neighbors.search import find_nearest

_MOST_ROUNDS = 300
_TOLERANCE = 1e-4  # of the mean variance: how far all centres together may still move
TOGETHER = 64  # centres whose ways are measured together: temporaries are small beside the centres
_SAMPLE = 8192  # rows that the tolerance is measured on
_GROUPED = 1024  # centres at most that are parted into groups
_GROUPS = 32
_DISTANCES = 2**20  # per block of an assignment, where all are looked at
_ROWS = 4096  # per block at most
_ADDED = 2**17  # rows of a slice per block of means: some 0.2 ms
_OUTWARD = 1e-12  # relative step that is more than the rounding of a bound


class Clustered(NamedTuple):
    """The rows of a matrix that are clustered."""

    matrix: Any  # (n_samples, n_features), or a SparseMatrix
    rows: RowIds
    scale: float
    n_jobs: int | None
    progress: Progress | None

    def squared_to(self, centres: Matrix, which: RowIds, at: RowIds) -> Floats:
        """Squared scaled distances of the rows ``at`` to a centre each."""
        return squared_distances(self.matrix, self.rows[at], centres, which, self.scale, self.n_jobs)


class _Assignment(Protocol):
    """The centre of each row, and what is known of the others."""

    nearest: RowIds  # -1 before the first round

    def assign(self, points: Clustered, centres: Matrix) -> None:
        """The nearest centre of each row, the first of several."""

    def loosen(self, ways: Floats) -> None:
        """Bounds after each centre went so far, scaled."""

    def forget(self, row: int) -> None:
        """Look at a row again: its centre is not its nearest."""


class Lloyd:
    """Rounds over some rows: ``of_row`` is the centre of each, of k.

    ``is_one_round`` says that there will be no second, which bounds are kept for.
    """

    def __init__(self, points: Clustered, k: int, *, is_one_round: bool = False) -> None:
        self._points = points
        width = min(COLUMNS, points.matrix.shape[1])
        self._sums = on_cache_lines((split(points.matrix.shape[1], width) * k, width), np.float64)
        self._assignment: _Assignment
        if k <= _GROUPED:
            self._assignment = _ByGroups(len(points.rows), k, 1 if is_one_round else _GROUPS)
        else:
            self._assignment = _BySearch(len(points.rows))
        self.of_row = self._assignment.nearest

    def run(self, seeds: RowIds) -> Matrix:
        """Centres that the rows ``seeds`` move to."""
        centres = self._rows_of(seeds)
        limit = _TOLERANCE * self._variance()
        for _ in range(_MOST_ROUNDS):
            before = self.of_row.copy()
            self.assign(centres)
            other = (before != self.of_row).nonzero()[0]
            if len(other) == 0:
                break
            moved = self._means(np.concatenate([before[other], self.of_row[other]]))
            movement = self._movement(centres, moved)
            centres = moved
            self._assignment.loosen(np.sqrt(movement))
            if movement.sum() <= limit:
                break
        return centres

    def _rows_of(self, seeds: RowIds) -> Matrix:
        """Rows as centres."""
        return frozen(self._points.matrix[seeds])

    def _movement(self, before: Matrix, after: Matrix) -> Floats:
        """Squared scaled ways of centres (k,)."""
        movement = np.empty(len(before))
        for start in range(0, len(before), TOGETHER):
            some = slice(start, start + TOGETHER)
            steps = self._scaled(after[some]) - self._scaled(before[some])
            movement[some] = (steps * steps).sum(axis=1)
        return movement

    def _scaled(self, values: Matrix) -> Floats:
        return values.astype(np.float64) * (self._points.scale * DOWN)

    def _variance(self) -> float:
        """Mean variance of the columns, scaled."""
        return float(self._scaled(self._points.matrix[self._sample()]).var(axis=0).mean())

    def _sample(self) -> RowIds:
        rows = self._points.rows
        return rows[:: max(1, len(rows) // _SAMPLE)]

    def assign(self, centres: Matrix) -> None:
        """Assign all rows, so that no cluster is empty."""
        self._assignment.assign(self._points, centres)
        counts = self._counts = np.bincount(self.of_row, minlength=len(centres))
        empty = (counts == 0).nonzero()[0]
        filled = 0
        for row in np.argsort(-self.squared_to(centres), kind="stable") if len(empty) else []:
            if filled == len(empty):
                break
            if counts[self.of_row[row]] > 1:
                counts[self.of_row[row]] -= 1
                counts[empty[filled]] += 1
                self.of_row[row] = empty[filled]
                self._assignment.forget(row)
                filled += 1

    def squared_to(self, centres: Matrix) -> Floats:
        """Squared scaled distances of the rows to their centres."""
        return self._points.squared_to(centres, self.of_row, np.arange(len(self.of_row)))

    def _means(self, moved: RowIds) -> Matrix:
        """Means of the rows of each cluster; rows came into, or went out of, those that are in ``moved``."""
        matrix, clustered = self._points.matrix, (self._points.matrix, self._points.rows, self.of_row)
        d, counts, sums = matrix.shape[1], self._counts, self._sums
        k, width = len(counts), sums.shape[1]
        n_slices = split(d, width)
        changed = np.zeros(k, bool)
        changed[moved] = True
        add, size = partial(add_up, *clustered, changed, sums), max(1, _ADDED // len(self.of_row))
        run_ranges(add, n_slices, size, n_jobs=self._points.n_jobs)
        slices = sums.reshape(n_slices, k, width)
        behind = slices[-1, :, n_slices * width - d :]  # the last slice, less what the one before has too
        means = np.concatenate([*slices[:-1], behind], axis=1)
        means /= counts[:, np.newaxis]
        if np.isfinite(means).all():
            return frozen(means.astype(matrix.dtype, copy=False))
        shares = np.empty_like(means)
        add_shares(*clustered, counts, shares)
        return self._within(np.where(np.isfinite(means), means, shares))

    def _within(self, means: Floats) -> Matrix:
        """Means in the type of the rows: n times the n-th part of the largest float can round to infinity."""
        dtype = self._points.matrix.dtype
        most = np.finfo(dtype).max
        return frozen(means.clip(-most, most).astype(dtype))


class _ByGroups:
    """Few centres, in groups with a bound each."""

    def __init__(self, n: int, k: int, n_groups: int) -> None:
        n_panels = split(k, PANEL)
        self._per_group = split(n_panels, n_groups)
        n_groups = split(n_panels, self._per_group)
        self.nearest = np.full(n, -1)
        self._bounds = RowBounds(self.nearest, np.empty(n), np.empty(n), np.zeros((n, n_groups)))
        self._centres, self._firsts = freeze(np.arange(k)), np.arange(0, k, self._per_group * PANEL)
        self._panels: Floats | None = None
        self._moved = np.zeros(k)
        self._longest, self._furthest = np.zeros(n_groups), 0.0

    def assign(self, points: Clustered, centres: Matrix) -> None:
        k, d = centres.shape
        if self._panels is None:
            self._panels = on_cache_lines((split(k, PANEL), d * PANEL), np.float64)
        lay_out(centres, self._centres, points.scale, self._panels, 0, len(self._panels))
        ways = self._moved, self._longest, self._furthest
        moving = MovingCentres(centres, self._panels, self._per_group, points.scale, *ways)
        n_groups = len(self._longest)

        def work(lo: int, hi: int) -> None:
            first, second = np.empty((2, n_groups))
            groups, which = np.empty((2, n_groups), np.int64)
            scratch = RowScratch(np.empty(d), groups, first, second, which)
            assign(points.matrix, points.rows, moving, self._bounds, scratch, lo, hi)

        size = min(_ROWS, _DISTANCES // k)
        run_ranges(work, len(points.rows), size, n_jobs=points.n_jobs, progress=points.progress)

    def loosen(self, ways: Floats) -> None:
        self._moved += ways
        self._longest += np.maximum.reduceat(ways, self._firsts)
        self._furthest += float(ways.max())

    def forget(self, row: int) -> None:
        self._bounds.upper[row] = np.inf
        self._bounds.lower[row] = 0.0
        self._bounds.lowers[row] = 0.0


class _BySearch:
    """Many centres, searched with an index, and one bound for all but the nearest."""

    def __init__(self, n: int) -> None:
        self.nearest, self._second = np.full(n, -1), np.full(n, -1)
        # scaled distances: at most to the own centre, at least to any other; the first look at all rows
        self._upper, self._lower = np.full(n, np.inf), np.zeros(n)

    def assign(self, points: Clustered, centres: Matrix) -> None:
        at, known = np.arange(len(points.rows)), None
        if self.nearest[0] >= 0:
            at = at[self._upper >= self._lower]
            own = points.squared_to(centres, self.nearest[at], at)
            self._upper[at] = np.sqrt(own) * DOWN
            is_open = self._upper[at] * (1 + _OUTWARD) >= self._lower[at]
            at = at[is_open]
            known = self._two_centres(points, centres, at, own[is_open])
        index = rescaled(build_index(centres, n_jobs=points.n_jobs), points.scale)
        squared, found = find_nearest(
            index,
            2,
            points.matrix,
            points.rows[at],
            known=known,
            n_jobs=points.n_jobs,
            progress=points.progress,
        )
        self.nearest[at], self._second[at] = found[:, 0], found[:, 1]
        distances = np.sqrt(squared) * DOWN
        self._upper[at], self._lower[at] = distances[:, 0], distances[:, 1]

    def _two_centres(
        self, points: Clustered, centres: Matrix, at: RowIds, own: Floats
    ) -> tuple[Floats, RowIds]:
        """A bound: the farther of the two centres that were nearest."""
        first, second = self.nearest[at], self._second[at]
        other = points.squared_to(centres, second, at)
        farther = (other > own) | ((other == own) & (second > first))
        squared, which = np.where(farther, other, own), np.where(farther, second, first)
        squared[first == second] = np.inf  # a row that was put into an empty cluster, its second: one centre
        return squared, which

    def loosen(self, ways: Floats) -> None:
        self._upper *= 1 + _OUTWARD
        self._upper += ways[self.nearest] * (1 + _OUTWARD)
        self._lower *= 1 - _OUTWARD
        self._lower -= ways.max() * (1 + _OUTWARD)

    def forget(self, row: int) -> None:
        self._lower[row] = 0.0


def frozen(rows: Matrix) -> Matrix:
    """Read-only, as canonical data are, for which the kernels are compiled."""
    rows.setflags(write=False)
    return rows
