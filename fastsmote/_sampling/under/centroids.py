"""Cluster centroids: each class replaced by the centres, or central rows, of as many k-means clusters.

Lloyd's iterations (1982, doi:10.1109/TIT.1982.1056489) from seeds by k-means++ (Arthur and Vassilvitskii,
2007), the best of 2 + log(k) candidates each time, as scikit-learn does. Differences from it:

* Seeding looks at a sample of at least two rows per cluster, so that it takes 4e7 distances at most. From
  4,473 clusters on, one candidate per seed would take more, and seeds are a random sample of rows.
* A row is assigned by exact distances, equal ones to the first centre. Distances that can not have
  become the least by the way that the centres moved are left out (``lloyd``); the result is that of the plain
  iterations.
* A cluster without rows takes the row that is farthest from its centre, out of a cluster with several; so
  every cluster has rows, whatever the duplicates.

Iterations end when no row changes its cluster, when the squared movement of all centres is at most 1e-4 of
the mean variance of the columns (over at most 8,192 rows), or after 300.

Time: O(n k d) per iteration at worst, less where rows cluster; memory O(n + k d) beyond the result, with 35
numbers for each row at most.
"""

import math
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import vstack

from fastsmote._core.cache_lines import on_cache_lines
from fastsmote._core.check import check_seed, check_word
from fastsmote._core.draw import draw_distinct
from fastsmote._core.freeze import freeze
from fastsmote._core.intake import read_numbers
from fastsmote._core.labels import Labels, rows_by_code
from fastsmote._core.sparse_matrix import SparseMatrix, as_matrix
from fastsmote._core.threads import split
from fastsmote._core.typing import Floats, Matrix, Progress, RandomState, RowIds
from fastsmote._kernels.draw import draw_keys
from fastsmote._kernels.neighbors.distance import PANEL
from fastsmote._kernels.neighbors.few import About, pack_tiles
from fastsmote._kernels.neighbors.tile import TILE_QUERIES, TILE_ROWS
from fastsmote._kernels.sampling.centroids import (
    SeedScratch,
    SeedTiles,
    draw_seeds,
    draw_seeds_in_tiles,
    nearer,
)
from fastsmote._kernels.sampling.lloyd import DOWN
from fastsmote._neighbors.distance import exact_scale, in_panels
from fastsmote._neighbors.products import centre_of, of_tiles
from fastsmote._sampling.apply import Replacement
from fastsmote._sampling.strategy import under_targets
from fastsmote._sampling.under.lloyd import Clustered, frozen
from fastsmote._sampling.under.sparse_lloyd import SparseSample, in_rows, lloyd_of

_DISTANCES = 40_000_000  # of seeding, 1 s on one core with 30 features
_BETWEEN = 5_000_000  # of these between two looks for Ctrl-C
_WORTH_TILES = 10_000_000  # differences of coordinates, 1 ms: for fewer, there is less to compile
_DEPTH = 64  # halvings of a sum
_CENTRED = 65536  # rows that centres are found on, or 64 per cluster, where only the clusters are wanted


class Centroids(NamedTuple):
    """Rows of X that stay, and rows that replace those of the other classes."""

    kept: RowIds  # (n_kept,) ascending
    centres: Any  # (n_centres, n_features) in the type of X, by class; sparse where X is
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
    intake = read_numbers(X, y, may_be_sparse=True, n_jobs=n_jobs)
    matrix, labels = intake.matrix, intake.labels
    assert matrix is not None
    targets = under_targets(sampling_strategy, labels, intake.y.given)
    how = ("hard" if intake.X.is_sparse else "soft") if voting == "auto" else voting
    kept, centres, codes = decide_centroids(matrix, labels, targets, seed, how, n_jobs, progress)
    first = np.array([np.argmax(labels.codes == code) for code in range(len(labels.classes))])
    return Replacement(intake, kept, centres, first[codes])


def decide_centroids(
    matrix: Any,
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
    kept, centres, codes = [], [_like(np.empty((0, matrix.shape[1]), matrix.dtype), matrix)], []
    for code, rows in enumerate(rows_by_code(labels.codes, len(labels.counts), n_jobs)):
        k = int(targets[code])
        if k == len(rows):
            kept.append(rows)
        elif k > 0:
            streams = code, len(labels.counts) + code
            seeds = _seeds(matrix, rows, k, np.uint64(seed), streams, scale, n_jobs)
            lloyd = lloyd_of(Clustered(matrix, rows, scale, n_jobs, progress), k)
            final = lloyd.run(seeds)
            if voting == "hard":
                lloyd.assign(final)
                order = np.lexsort((lloyd.squared_to(final), lloyd.of_row))
                first = np.searchsorted(lloyd.of_row[order], np.arange(k))
                kept.append(rows[order[first]])
            else:
                centres.append(_like(final, matrix))
                codes.append(np.full(k, code))
    return Centroids(
        np.sort(np.concatenate([*kept, np.empty(0, np.int64)])),
        _joined(centres),
        np.concatenate([*codes, np.empty(0, np.int64)]),
    )


def _like(centres: Matrix, matrix: Any) -> Any:
    """Centres in the form of the rows."""
    return in_rows(centres, matrix) if isinstance(matrix, SparseMatrix) else centres


def _joined(parts: list[Any]) -> Any:
    if isinstance(parts[0], SparseMatrix):
        return as_matrix(vstack([part.csr for part in parts]))
    return np.concatenate(parts)


def clusters(matrix: Any, k: int, seed: int, n_jobs: int | None, progress: Progress | None) -> RowIds:
    """The cluster of each row, of k that all have rows: centres are found on evenly spaced rows.

    200,000 rows of make_fraud in 8 clusters have squares within them of 4,227,978, and 0.05 % more with the
    centres of 65,536 rows.
    """
    scale, rows = exact_scale(matrix, n_jobs), np.arange(len(matrix))
    step = split(len(rows), max(_CENTRED, 64 * k))
    if step == 1:
        sample = matrix
    elif isinstance(matrix, SparseMatrix):
        sample = matrix[rows[::step]]
    else:
        sample = frozen(matrix[::step].copy())  # every round reads it
    some = rows[: len(sample)]
    seeds = _seeds(sample, some, k, np.uint64(seed), (0, 1), scale, n_jobs)
    centres = lloyd_of(Clustered(sample, some, scale, n_jobs, progress), k).run(seeds)
    lloyd = lloyd_of(Clustered(matrix, rows, scale, n_jobs, progress), k, is_one_round=True)
    lloyd.assign(centres)
    return lloyd.of_row


class _Sample:
    """Rows that seeds are chosen of."""

    def __init__(self, matrix: Matrix, rows: RowIds, scale: float, n_jobs: int | None) -> None:
        # smaller by 2**-64 than other squared distances, so that their sum does not overflow
        self._points = np.multiply(matrix[rows], scale * DOWN, dtype=np.float64)
        self._panels = in_panels(self._points)

    def _in_tiles(self) -> SeedTiles:
        n, d = self._points.shape
        precision, rows, n_tiles = of_tiles(d), np.arange(n), split(n, TILE_ROWS)
        error, unit = 2.0 * precision.error, precision.unit / DOWN
        middle = centre_of(self._points, rows, 1.0 / DOWN, precision)
        about, norms = About(unit, freeze(middle)), np.empty(n)
        panels, point = on_cache_lines(n_tiles * d * TILE_ROWS, np.float32), np.zeros((1, 4 * split(d, 4)))
        none = np.empty((0, d), np.float32)
        pack_tiles(self._points, freeze(rows), about, point, panels, none, norms, 0, n_tiles)
        is_open = np.full(n_tiles * TILE_ROWS, np.inf, np.float32)
        return SeedTiles(
            about=about,
            panels=panels,
            low=norms * (1.0 - error),
            open=is_open,
            grown=unit * unit * (1.0 + error),
            tiny=precision.tiny,
            local=np.empty((TILE_QUERIES, d), np.float32),
            zeros=np.zeros_like(is_open),
            partial=np.empty((TILE_QUERIES, TILE_ROWS), np.float32),
        )

    def choose(self, draws: Floats) -> RowIds:
        """Places of seeds by draws (k, n_trials) in [0, 1); fewer where no other rows are different."""
        (k, n_trials), n, room = draws.shape, len(self._points), len(self._panels) * PANEL
        trials, rows = np.empty((n_trials, room)), np.empty(n_trials, np.int64)
        chosen, nearest, squared = np.empty(k, np.int64), np.full(room, np.inf), np.empty(PANEL)
        chosen[0] = int(draws[0, 0] * n)
        given = self._panels, self._points
        nearer(*given, nearest, chosen[:1], squared, trials, 0, len(self._panels))
        halves = np.empty(_DEPTH, np.int64), np.empty(_DEPTH)
        scratch = SeedScratch(trials[0].copy(), trials, np.empty(n), rows, squared, *halves)
        step, stop, draw = max(1, _BETWEEN // (n * n_trials)), 1, partial(draw_seeds, *given)
        if draws.size * self._points.size >= _WORTH_TILES:
            draw = partial(draw_seeds_in_tiles, *given, self._in_tiles())
        for start in range(1, k, step):
            wanted = min(start + step, k)
            stop = draw(draws, scratch, chosen, start, wanted)
            if stop < wanted:
                break
        return chosen[:stop]


def _seeds(
    matrix: Any,
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
    kind = SparseSample if isinstance(matrix, SparseMatrix) else _Sample
    points: Any = kind(matrix, sample, scale, n_jobs)
    keys = np.empty(k * n_trials, np.uint64)
    draw_keys(seed, np.uint64(streams[1]), np.uint64(0), keys, 0, len(keys))
    draws = ((keys >> np.uint64(11)) * 2.0**-53).reshape(k, n_trials)
    chosen = points.choose(draws)
    if len(chosen) < k:  # no more different rows: any others will do
        unused = np.setdiff1d(np.arange(n_sample), chosen)
        chosen = np.concatenate([chosen, unused[: k - len(chosen)]])
    return sample[chosen]
