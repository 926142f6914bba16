"""Cluster centroids: each class replaced by the centres, or central rows, of as many k-means clusters.

Lloyd's iterations (1982, doi:10.1109/TIT.1982.1056489) from seeds by k-means++ (Arthur and Vassilvitskii,
2007), the best of 2 + log(k) candidates each time, as scikit-learn does. Differences from it:

* Seeding looks at a sample of at least two rows per cluster, so that it takes 4e7 distances at most. From
  4,473 clusters on, one candidate per seed would take more, and seeds are a random sample of rows.
* A row is assigned by exact distances, equal ones to the first centre. Rows whose nearest centre can not
  have changed by the way that the centres moved are left out (Hamerly, 2010,
  doi:10.1137/1.9781611972801.12); the result is that of the plain iterations.
* A cluster without rows takes the row that is farthest from its centre, out of a cluster with several; so
  every cluster has rows, whatever the duplicates.

Iterations end when no row changes its cluster, when the squared movement of all centres is at most 1e-4 of
the mean variance of the columns (over at most 8,192 rows), or after 300.

Time: O(n k d) per iteration at worst, less where rows cluster; memory O(n + k d) beyond the result.
"""

import math
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import check_seed, check_word
from fastsmote._core.draw import draw_distinct
from fastsmote._core.freeze import freeze
from fastsmote._core.intake import read_numbers
from fastsmote._core.labels import Labels, rows_by_code
from fastsmote._core.threads import run_ranges, split
from fastsmote._core.typing import Matrix, Progress, RandomState, RowIds
from fastsmote._kernels.draw import draw_keys
from fastsmote._kernels.sampling.centroids import means, nearer
from fastsmote._neighbors.build import build_index
from fastsmote._neighbors.distance import exact_scale, squared_distances
from fastsmote._neighbors.index import rescaled
from fastsmote._neighbors.search import find_nearest
from fastsmote._sampling.apply import Replacement
from fastsmote._sampling.strategy import under_targets

_DISTANCES = 40_000_000  # of seeding, 1 s on one core with 30 features
_MOST_ROUNDS = 300
_TOLERANCE = 1e-4  # of the mean variance: how far all centres together may still move
_POINTS = 1024  # of a sample that are worked on side by side: what they add up stays in the cache
_CLUSTERS = 64  # clusters per block of means
_CENTRED = 65536  # rows that centres are found on, or 64 per cluster, where only the clusters are wanted
_SAMPLE = 8192  # rows that the tolerance is measured on
_DOWN = 2.0**-32  # what scaled values are made smaller by before they are added up
_OUTWARD = 1e-12  # relative step that is more than the rounding of a bound


class Centroids(NamedTuple):
    """Rows of X that stay, and rows that replace those of the other classes."""

    kept: RowIds  # (n_kept,) ascending
    centres: Matrix  # (n_centres, n_features) in the type of X, by class
    codes: RowIds  # (n_centres,) class codes of the centres


def replace_by_centroids(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any,
    random_state: RandomState,
    voting: Any,
    n_jobs: int | None,
    progress: Progress | None,
) -> Replacement:
    """The decision of :func:`fastsmote.cluster_centroids`."""
    check_word(voting, "voting", ("auto", "soft", "hard"))
    seed = check_seed(random_state)
    intake = read_numbers(X, y, n_jobs=n_jobs)
    matrix, labels = intake.matrix, intake.labels
    assert matrix is not None
    targets = under_targets(sampling_strategy, labels, intake.y.given)
    how = "hard" if voting == "hard" else "soft"
    kept, centres, codes = decide_centroids(matrix, labels, targets, seed, how, n_jobs, progress)
    first = np.array([np.argmax(labels.codes == code) for code in range(len(labels.classes))])
    return Replacement(intake, kept, centres, first[codes])


def decide_centroids(
    matrix: Matrix,
    labels: Labels,
    targets: RowIds,
    seed: int,
    voting: str,
    n_jobs: int | None,
    progress: Progress | None,
) -> Centroids:
    """Replace each class c that has more than ``targets[c]`` rows by that many.

    ``voting`` "soft" gives the centres of the clusters. "hard" gives of each cluster the row nearest to its
    centre, the first of several, so that no row is kept twice; imbalanced-learn looks for it in the whole
    class, and may find the same row for two centres. Draws depend on the seed, c and the number of classes.
    """
    scale = exact_scale(matrix, n_jobs)
    kept, centres, codes = [], [matrix[:0]], []
    for code, rows in enumerate(rows_by_code(labels.codes, len(labels.counts))):
        k = int(targets[code])
        if k == len(rows):
            kept.append(rows)
        elif k > 0:
            streams = code, len(labels.counts) + code
            seeds = _seeds(matrix, rows, k, np.uint64(seed), streams, scale, n_jobs)
            lloyd = _Lloyd(matrix, rows, scale, n_jobs, progress)
            final = lloyd.run(seeds)
            if voting == "hard":
                squared = lloyd.assign_all(final)
                order = np.lexsort((squared, lloyd.of_row))
                first = np.searchsorted(lloyd.of_row[order], np.arange(k))
                kept.append(rows[order[first]])
            else:
                centres.append(final)
                codes.append(np.full(k, code))
    return Centroids(
        np.sort(np.concatenate([*kept, np.empty(0, np.int64)])),
        np.concatenate(centres),
        np.concatenate([*codes, np.empty(0, np.int64)]),
    )


def clusters(matrix: Matrix, k: int, seed: int, n_jobs: int | None, progress: Progress | None) -> RowIds:
    """The cluster of each row, of k that all have rows: centres are found on evenly spaced rows.

    200,000 rows of make_fraud in 8 clusters have squares within them of 4,227,978, and 0.05 % more with the
    centres of 65,536 rows.
    """
    scale, rows = exact_scale(matrix, n_jobs), np.arange(len(matrix))
    some = rows[:: split(len(rows), max(_CENTRED, 64 * k))]
    seeds = _seeds(matrix, some, k, np.uint64(seed), (0, 1), scale, n_jobs)
    centres = _Lloyd(matrix, some, scale, n_jobs, progress).run(seeds)
    lloyd = _Lloyd(matrix, rows, scale, n_jobs, progress)
    lloyd.assign_all(centres)
    return lloyd.of_row


def _seeds(
    matrix: Matrix,
    rows: RowIds,
    k: int,
    seed: np.uint64,
    streams: tuple[int, int],
    scale: float,
    n_jobs: int | None,
) -> RowIds:
    """k rows, far from each other: k-means++ on a sample."""
    n = len(rows)
    n_trials = min(2 + int(math.log(k)), _DISTANCES // (2 * k * k))
    if n_trials == 0:
        return rows[draw_distinct(seed, streams[0], n, k, n_jobs)]
    n_sample = min(n, max(2 * k, _DISTANCES // (k * n_trials)))
    sample = rows[draw_distinct(seed, streams[0], n, n_sample, n_jobs)]
    # smaller by 2**-64 than other squared distances, so that their sum does not overflow
    columns = freeze(np.multiply(matrix[sample].T, scale * _DOWN, dtype=np.float64, order="C"))
    keys = np.empty(k * n_trials, np.uint64)
    draw_keys(seed, np.uint64(streams[1]), np.uint64(0), keys, 0, len(keys))
    draws = ((keys >> np.uint64(11)) * 2.0**-53).reshape(k, n_trials)

    sums, trials = np.empty((4, min(n_sample, _POINTS))), np.empty((n_trials, n_sample))
    chosen, nearest = [int(draws[0, 0] * n_sample)], np.full(n_sample, np.inf)
    nearer(columns, nearest, np.array(chosen), sums, trials, 0, 1)
    nearest[:] = trials[0]
    while len(chosen) < k:
        cumulative = np.cumsum(nearest)
        if cumulative[-1] == 0.0:  # no more different rows: any others will do
            unused = np.setdiff1d(np.arange(n_sample), chosen)
            return sample[np.concatenate([chosen, unused[: k - len(chosen)]])]
        drawn = np.searchsorted(cumulative, draws[len(chosen)] * cumulative[-1], side="right")
        drawn = np.minimum(drawn, n_sample - 1)
        nearer(columns, nearest, drawn, sums, trials, 0, n_trials)
        best = int(np.argmin([np.add.reduce(trial) for trial in trials]))  # row by row: one order of sums
        chosen.append(int(drawn[best]))
        nearest[:] = trials[best]
    return sample[chosen]


def _frozen(rows: Matrix) -> Matrix:
    """Read-only, as canonical data are, for which the kernels are compiled."""
    rows.setflags(write=False)
    return rows


class _Lloyd:
    """Lloyd's iterations over some rows of a matrix."""

    def __init__(
        self, matrix: Matrix, rows: RowIds, scale: float, n_jobs: int | None, progress: Progress | None
    ) -> None:
        self.matrix, self.rows, self.scale = matrix, rows, scale
        self.n_jobs, self.progress = n_jobs, progress
        self.of_row, self.second = np.full(len(rows), -1), np.full(len(rows), -1)
        # scaled distances: at most to the own centre, at least to any other; the first look at all rows
        self.upper, self.lower = np.full(len(rows), np.inf), np.zeros(len(rows))

    def run(self, seeds: RowIds) -> Matrix:
        """Centres that the rows ``seeds`` move to."""
        centres = _frozen(self.matrix[seeds])
        limit = _TOLERANCE * self._variance()
        for _ in range(_MOST_ROUNDS):
            before = self.of_row.copy()
            self._assign(centres)
            if np.array_equal(before, self.of_row):
                break
            moved = self._means(len(seeds))
            steps = self._scaled(moved) - self._scaled(centres)
            movement = (steps * steps).sum(axis=1)
            centres = moved
            self._loosen(np.sqrt(movement))
            if movement.sum() <= limit:
                break
        return centres

    def _scaled(self, values: Matrix) -> NDArray[np.float64]:
        return values.astype(np.float64) * (self.scale * _DOWN)

    def _variance(self) -> float:
        """Mean variance of the columns, scaled."""
        sample = self.rows[:: max(1, len(self.rows) // _SAMPLE)]
        return float(self._scaled(self.matrix[sample]).var(axis=0).mean())

    def _search(
        self, centres: Matrix, k: int, at: RowIds, known: tuple[NDArray[np.float64], RowIds] | None = None
    ) -> tuple[NDArray[np.float64], RowIds]:
        index = rescaled(build_index(centres, n_jobs=self.n_jobs), self.scale)
        return find_nearest(
            index, k, self.matrix, self.rows[at], known=known, n_jobs=self.n_jobs, progress=self.progress
        )

    def _assign(self, centres: Matrix) -> None:
        """Assign the rows that may have changed."""
        at, known = np.arange(len(self.rows)), None
        if self.of_row[0] >= 0:
            at = at[self.upper >= self.lower]
            own = self._squared_to(centres, self.of_row, at)
            self.upper[at] = np.sqrt(own) * _DOWN
            open_ = self.upper[at] * (1 + _OUTWARD) >= self.lower[at]
            at = at[open_]
            known = self._two_centres(centres, at, own[open_])
        squared, found = self._search(centres, 2, at, known)
        self.of_row[at], self.second[at] = found[:, 0], found[:, 1]
        distances = np.sqrt(squared) * _DOWN
        self.upper[at], self.lower[at] = distances[:, 0], distances[:, 1]
        if not np.bincount(self.of_row, minlength=len(centres)).all():
            self.assign_all(centres)

    def _squared_to(self, centres: Matrix, which: RowIds, at: RowIds) -> NDArray[np.float64]:
        return squared_distances(self.matrix, self.rows[at], centres, which[at], self.scale, self.n_jobs)

    def _two_centres(
        self, centres: Matrix, at: RowIds, own: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], RowIds]:
        """Lists to start from: the farther of the two centres that were nearest, twice."""
        first, second = self.of_row[at], self.second[at]
        other = self._squared_to(centres, self.second, at)
        farther = (other > own) | ((other == own) & (second > first))
        squared, which = np.where(farther, other, own), np.where(farther, second, first)
        squared[first == second] = np.inf  # a row that was put into an empty cluster, its second: one centre
        return np.repeat(squared[:, np.newaxis], 2, axis=1), np.repeat(which[:, np.newaxis], 2, axis=1)

    def assign_all(self, centres: Matrix) -> NDArray[np.float64]:
        """Assign all rows, so that no cluster is empty; returns squared distances."""
        squared, found = self._search(centres, 1, np.arange(len(self.rows)))
        squared, self.of_row = squared[:, 0].copy(), found[:, 0].copy()
        counts = np.bincount(self.of_row, minlength=len(centres))
        empty = np.flatnonzero(counts == 0)
        filled = 0
        for row in np.argsort(-squared, kind="stable") if len(empty) else []:
            if filled == len(empty):
                break
            if counts[self.of_row[row]] > 1:
                counts[self.of_row[row]] -= 1
                self.of_row[row] = empty[filled]
                self.lower[row] = 0.0  # not its nearest centre: to be looked at again
                filled += 1
        return squared

    def _means(self, k: int) -> Matrix:
        order = np.argsort(self.of_row.astype(np.uint16) if k <= 2**16 else self.of_row, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(self.of_row, minlength=k))])
        sums = np.empty((k, self.matrix.shape[1]))
        run_ranges(
            partial(means, self.matrix, self.rows[order], starts, sums), k, _CLUSTERS, n_jobs=self.n_jobs
        )
        # a mean lies among its rows, but n times the n-th part of the largest float can round to infinity
        most = np.finfo(self.matrix.dtype).max
        return _frozen(sums.clip(-most, most).astype(self.matrix.dtype))

    def _loosen(self, moved: NDArray[np.float64]) -> None:
        """Bounds after each centre moved by ``moved``."""
        self.upper *= 1 + _OUTWARD
        self.upper += moved[self.of_row] * (1 + _OUTWARD)
        self.lower *= 1 - _OUTWARD
        self.lower -= moved.max() * (1 + _OUTWARD)
