"""NearMiss: of each class, the rows that lie nearest to the smallest class.

Zhang, J. and Mani, I. (2003). kNN approach to unbalanced data distributions: a case study involving
information extraction. ICML workshop on learning from imbalanced data sets. Version 3 is imbalanced-learn's.

A row's score is the sum of its distances to ``n_neighbors`` rows of the smallest class, added from the first
neighbour on; equal scores go by row number. Version 1 takes the nearest rows, version 2 the farthest, and
both keep the rows with the least scores. Few rows are kept of many, so most rows are only shown to be
too far:

* *Version 1.* A score of at most T needs a row of the smallest class within T / n_neighbors. Whether there is
  one is a cheap question; the rows that have one get their score. For T, what the last kept row is likely to
  score at most, as a sample tells: if enough rows score that much, these are found. Else T is what as many
  rows of the sample score at most as are kept, which is a bound. Of 998,270 rows beside 1,730, some 8,000
  get their score.
* *Version 2.* A few rows of the smallest class are the farthest from nearly everywhere: for those 998,302
  rows, 36 of 1,698. The sum over the ``n_neighbors`` farthest of the 32 that a sample finds most often is a
  lower bound of the score. The rows with the least bounds give T, and only rows with a bound up to T, here
  4,275, look at the whole class. Rounding is monotone, so the bounds hold for the sums as they are computed.

Memory: O(n_samples * n_neighbors), never a matrix of distances between the classes.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import check_integer
from fastsmote._core.intake import read_numbers
from fastsmote._core.labels import Labels, rows_by_code
from fastsmote._core.threads import run_ranges, split
from fastsmote._core.typing import Floats, Mask, Matrix, Progress, RowIds
from fastsmote._core.warn import warn_user
from fastsmote._neighbors import predicates
from fastsmote._neighbors.build import build_index
from fastsmote._neighbors.distance import ROWS_PER_BLOCK
from fastsmote._neighbors.index import Index, rescaled, rescaled_for
from fastsmote._neighbors.search import find_farthest, find_nearest, looks_everywhere
from fastsmote._sampling.apply import Selection
from fastsmote._sampling.strategy import under_targets

_SAMPLE_STEP = 64  # version 1: every 64th row is scored first
_WORTH = 4  # version 1: of a larger share of the rows, a sample takes longer than it saves
_SURE = 4.0  # standard deviations by which a sample may be wrong about the last kept row
_ASKED = 512  # version 2: rows asked for their farthest rows
_EXTREMES = 32  # version 2: rows of the smallest class in the bound


def select_near_miss(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any,
    version: Any,
    n_neighbors: Any,
    n_neighbors_ver3: Any,
    n_jobs: int | None,
    progress: Progress | None,
) -> Selection:
    """The decision of :func:`fastsmote.near_miss`."""
    version = check_integer(version, "version", maximum=3)
    k = check_integer(n_neighbors, "n_neighbors")
    k_ver3 = check_integer(n_neighbors_ver3, "n_neighbors_ver3")
    intake = read_numbers(X, y, may_be_sparse=True, n_jobs=n_jobs)
    matrix, labels = intake.matrix, intake.labels
    assert matrix is not None
    targets = under_targets(sampling_strategy, labels, intake.y.given)
    kept = decide_near_miss(matrix, labels, targets, version, k, k_ver3, n_jobs, progress)
    return Selection(intake, kept)


def decide_near_miss(
    matrix: NDArray[Any],
    labels: Labels,
    targets: RowIds,
    version: int,
    n_neighbors: int,
    n_neighbors_ver3: int,
    n_jobs: int | None,
    progress: Progress | None,
) -> RowIds:
    """Rows kept by NearMiss, ascending: ``targets[c]`` of each class c.

    The smallest class, the first of several, is the one that distances are taken to; when it loses rows
    itself, a row leaves itself out. Version 3 keeps the rows with the largest score of version 1 among those
    that are one of the ``n_neighbors_ver3`` nearest of their class to some row of the smallest class; if
    these are fewer than ``targets[c]``, a UserWarning says so and all of them are kept.

    Raises
    ------
    ValueError
        More neighbours than the class that they are looked for in has.
    """
    minority = int(np.argmin(labels.counts))
    losing = np.flatnonzero((targets < labels.counts) & (targets > 0)).tolist()
    if losing:
        require_neighbors(n_neighbors, "n_neighbors", minority, minority in losing, labels)
    if version == 3:
        for code in losing:
            require_neighbors(n_neighbors_ver3, "n_neighbors_ver3", code, code == minority, labels)
    rows = rows_by_code(labels.codes, len(labels.counts), n_jobs)
    indexed = {minority} | (set(losing) if version == 3 else set())
    groups = [own if code in indexed else own[:0] for code, own in enumerate(rows)]
    index = rescaled_for(build_index(matrix, groups, n_jobs=n_jobs), matrix, n_jobs=n_jobs)
    smallest = index.of_class(minority)
    kept = [np.empty(0, np.int64)]
    for code, own in enumerate(rows):
        n_kept = int(targets[code])
        if n_kept == len(own):
            kept.append(own)
        elif n_kept == 0:
            continue
        elif version == 1:
            kept.append(nearest(smallest, own, n_kept, n_neighbors, n_jobs, progress))
        elif version == 2:
            kept.append(farthest(smallest, own, n_kept, n_neighbors, n_jobs, progress))
        else:
            candidates = near_rows(index, code, rows[minority], n_neighbors_ver3, n_jobs, progress)
            if len(candidates) < n_kept:
                names = labels.classes.tolist()
                warn_user(
                    f"NearMiss version 3 was asked for {n_kept} rows of class {names[code]!r}, of which only "
                    f"{len(candidates)} are one of the n_neighbors_ver3={n_neighbors_ver3} nearest to some "
                    f"row of class {names[minority]!r}. These are kept; raise n_neighbors_ver3 for more."
                )
            kept.append(by_score(smallest, candidates, n_kept, n_neighbors, True, n_jobs, progress))
    return np.sort(np.concatenate(kept))


def require_neighbors(k: int, name: str, asked: int, leaves_itself_out: bool, labels: Labels) -> None:
    """ValueError where the class that neighbours are looked for in has fewer rows."""
    available = int(labels.counts[asked]) - leaves_itself_out
    if k > available:
        other = " other than the row itself" if leaves_itself_out else ""
        raise ValueError(
            f"{name} must be at most {available}, the number of rows of class "
            f"{labels.classes.tolist()[asked]!r}{other}. Got {k}; pass fewer neighbours."
        )


def score(squared: Floats, n_jobs: int | None) -> Floats:
    """Sums of the distances along each row, from the first on (scaled as the index is)."""
    total = np.zeros(len(squared))

    def add_up(lo: int, hi: int) -> None:
        for distances in np.sqrt(squared[lo:hi]).T:
            total[lo:hi] += distances

    run_ranges(add_up, len(total), ROWS_PER_BLOCK, n_jobs=n_jobs)
    return total


def _least_places(values: Floats, n: int) -> RowIds:
    """Places of the n least values: of few, those up to what a sample says is enough."""
    sample = values[:: max(1, len(values) // (16 * n))]
    at = min(2 * split(len(sample) * n, len(values)), len(sample)) - 1
    few = np.flatnonzero(values <= np.partition(sample, at)[at])
    places = few if len(few) >= n else np.arange(len(values))
    return places[np.argpartition(values[places], n - 1)[:n]]


def _least(rows: RowIds, scores: Floats, n_kept: int) -> RowIds:
    return rows[np.argsort(scores, kind="stable")[:n_kept]]


def nearest(
    smallest: Index, rows: RowIds, n_kept: int, k: int, n_jobs: int | None, progress: Progress | None
) -> RowIds:
    """Version 1: the rows with the least sums of distances to their k nearest of the smallest class."""
    step = min(_SAMPLE_STEP, len(rows) // (4 * n_kept))
    if step < _WORTH or looks_everywhere(smallest, len(rows)):  # where a bound saves nothing
        return by_score(smallest, rows, n_kept, k, False, n_jobs, progress)
    sample, _ = find_nearest(smallest, k, rows=rows[::step], n_jobs=n_jobs, progress=progress)
    ascending, expected = np.sort(score(sample, n_jobs)), n_kept / step
    likely = math.ceil(expected + _SURE * (math.sqrt(expected) + 1.0))
    for rank in (min(likely, n_kept), n_kept):
        most = ascending[rank - 1]
        near = rows[may_score(smallest, rows, most, k, None, n_jobs, progress)]
        squared, _ = find_nearest(smallest, k, rows=near, n_jobs=n_jobs, progress=progress)
        scores = score(squared, n_jobs)
        if np.count_nonzero(scores <= most) >= n_kept:
            break
    return _least(near, scores, n_kept)


def may_score(
    smallest: Index,
    rows: RowIds,
    most: float,
    k: int,
    queries: Matrix | None,
    n_jobs: int | None,
    progress: Progress | None,
) -> Mask:
    """Whether rows may score ``most`` or less: one of the smallest class lies within most / k."""
    # upwards by more than the roundings of a sum of k roots, and of a square that is subnormal
    within = (most / k) ** 2 * (1 + k * 2.0**-50) + 1e-300
    bound = np.broadcast_to(within, len(rows)), np.broadcast_to(np.int64(len(smallest.X)), len(rows))
    return predicates.at_least_precede(
        smallest, smallest, rows, 1, bound, queries=queries, n_jobs=n_jobs, progress=progress
    )


def farthest(
    smallest: Index, rows: RowIds, n_kept: int, k: int, n_jobs: int | None, progress: Progress | None
) -> RowIds:
    """Version 2: the rows with the least sums of distances to their k farthest of the smallest class."""
    bounding = extremes(smallest, rows, k, n_jobs) if len(rows) > 4 * n_kept else None
    if bounding is not None:
        bounds = farthest_scores(bounding, rows, k, None, n_jobs, progress)
        first = _least_places(bounds, n_kept)
        rows = rows[bounds <= farthest_scores(smallest, rows[first], k, None, n_jobs, progress).max()]
    return _least(rows, farthest_scores(smallest, rows, k, None, n_jobs, progress), n_kept)


def extremes(smallest: Index, rows: RowIds, k: int, n_jobs: int | None) -> Index | None:
    """The rows of the smallest class that are most often among the farthest from some rows.

    An index of their own, whose scores are bounds from below; None where they would be most of the class.
    """
    n_extremes = max(_EXTREMES, 4 * k)
    if len(smallest.rows()) <= 4 * n_extremes:
        return None
    asked = rows[:: max(1, len(rows) // _ASKED)]
    _, found = find_farthest(smallest, k, rows=asked, n_jobs=n_jobs)
    often, times = np.unique(found, return_counts=True)
    chosen = np.sort(often[np.argsort(-times, kind="stable")[:n_extremes]])
    return rescaled(build_index(smallest.X, [chosen], n_jobs=n_jobs), smallest.scale)


def farthest_scores(
    among: Index,
    rows: RowIds,
    k: int,
    queries: Matrix | None,
    n_jobs: int | None,
    progress: Progress | None,
) -> Floats:
    """Sums of the distances to the k farthest."""
    squared, _ = find_farthest(among, k, queries, rows, n_jobs=n_jobs, progress=progress)
    return score(squared, n_jobs)


def near_rows(
    index: Index, code: int, minority_rows: RowIds, k: int, n_jobs: int | None, progress: Progress | None
) -> RowIds:
    """Rows of a class that are one of the k nearest of their class to some row of the smallest class."""
    among = index.of_class(code)
    _, found = find_nearest(index, k, rows=minority_rows, among=among, n_jobs=n_jobs, progress=progress)
    return np.unique(found)


def by_score(
    smallest: Index,
    rows: RowIds,
    n_kept: int,
    k: int,
    greatest: bool,
    n_jobs: int | None,
    progress: Progress | None,
) -> RowIds:
    """The rows whose sums of distances to their k nearest of the smallest class are least, or greatest."""
    squared, _ = find_nearest(smallest, k, rows=rows, n_jobs=n_jobs, progress=progress)
    scores = score(squared, n_jobs)
    return _least(rows, -scores if greatest else scores, n_kept)
