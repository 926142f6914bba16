"""NearMiss, versions 1 and 2, on blocks: the rows that score least so far bound what others must score.

Which rows of the smallest class are farthest from nearly everywhere is asked of the class itself: any of its
rows give bounds from below.
"""

from functools import partial
from typing import Any, NamedTuple

import numpy as np

from fastsmote._blocks.block import Block, ClassCounts, codes_of, matrix_of
from fastsmote._blocks.decision import Decision, no_rows, of_counts, require_room
from fastsmote._blocks.few import Few, gather_few
from fastsmote._blocks.join import scale_of
from fastsmote._blocks.passes import Passes
from fastsmote._core.check import check_integer, check_matrix
from fastsmote._core.tables import Table
from fastsmote._core.typing import Floats, Mask, Matrix, RowIds
from fastsmote._neighbors.build import build_index
from fastsmote._neighbors.index import Index, rescaled
from fastsmote._neighbors.search import find_nearest
from fastsmote._sampling.strategy import under_targets
from fastsmote._sampling.under.near_miss import (
    by_score,
    extremes,
    farthest,
    farthest_scores,
    may_score,
    require_neighbors,
    score,
)


def near_miss(
    known: ClassCounts,
    passes: Passes,
    room: int | None,
    *,
    sampling_strategy: Any = "auto",
    version: int = 1,
    n_neighbors: int = 3,
    n_jobs: int | None = None,
) -> Decision:
    """Two passes: for the smallest class, and for the rows of the others that are nearest to it."""
    k = check_integer(n_neighbors, "n_neighbors")
    if check_integer(version, "version", maximum=3) == 3:
        raise ValueError(
            "version must be 1 or 2 where the table is not in memory. Got 3; call fastsmote.near_miss on a "
            "table in memory."
        )
    targets = under_targets(of_counts(sampling_strategy), known.labels, None)
    require_room(targets, known, room)
    smallest = int(known.counts.argmin())
    losing = np.flatnonzero((targets < known.counts) & (targets > 0)).tolist()
    if losing:
        require_neighbors(k, "n_neighbors", smallest, smallest in losing, known.labels)
    is_smallest = np.arange(len(known.counts)) == smallest
    few, scale = gather_few(passes, is_smallest, known, room, partial(scale_of, n_jobs))
    scorer = passes.once(partial(_scorer, few, scale, version, k, n_jobs))
    n_kept = {code: int(targets[code]) for code in losing if code != smallest}
    kept = passes.improved(partial(_look, scorer, known, n_kept), partial(_least_of, n_kept))
    numbers = [least.rows for least in kept.values()]
    if smallest in losing:
        numbers.append(few.rows[scorer.own(len(few.rows), int(targets[smallest]))])
    chosen = np.sort(np.concatenate([np.empty(0, np.int64), *numbers]))
    return Decision(partial(_keep, known, targets == known.counts, chosen), 0, no_rows, targets)


class _Scorer(NamedTuple):
    """What rows score by their distances to the smallest class."""

    smallest: Index
    version: int
    k: int
    bounding: Index | None  # rows of the smallest class whose scores are bounds from below
    n_jobs: int | None

    def scores(self, queries: Matrix, rows: RowIds) -> Floats:
        if self.version == 2:
            return farthest_scores(self.smallest, rows, self.k, queries, self.n_jobs, None)
        squared, _ = find_nearest(self.smallest, self.k, queries, rows, n_jobs=self.n_jobs)
        return score(squared, self.n_jobs)

    def may_score(self, queries: Matrix, rows: RowIds, most: float) -> Mask:
        """Whether rows may score so much or less."""
        if self.version == 1:
            return may_score(self.smallest, rows, most, self.k, queries, self.n_jobs, None)
        if self.bounding is None:
            return np.ones(len(rows), bool)
        return farthest_scores(self.bounding, rows, self.k, queries, self.n_jobs, None) <= most

    def own(self, n_rows: int, n_kept: int) -> RowIds:
        """The rows of the smallest class itself that stay, of so many."""
        if self.version == 2:
            return farthest(self.smallest, np.arange(n_rows), n_kept, self.k, self.n_jobs, None)
        return by_score(self.smallest, np.arange(n_rows), n_kept, self.k, False, self.n_jobs, None)


def _scorer(few: Few, scale: float, version: int, k: int, n_jobs: int | None) -> _Scorer:
    matrix = check_matrix(Table(few.features), n_jobs=n_jobs)
    index = rescaled(build_index(matrix, n_jobs=n_jobs), scale)
    bounding = extremes(index, np.arange(len(matrix)), k, n_jobs) if version == 2 else None
    return _Scorer(index, version, k, bounding, n_jobs)


class _Least(NamedTuple):
    """The rows of a class that score least so far, and what they score, ascending by (score, row)."""

    scores: Floats
    rows: RowIds  # numbers in the table

    def beside(self, scorer: _Scorer, queries: Matrix, rows: RowIds, first: int, n_kept: int) -> "_Least":
        """The least of these and of some rows of a block."""
        if len(self.rows) == n_kept:
            rows = rows[scorer.may_score(queries, rows, float(self.scores[-1]))]
        return self.merged(_Least(scorer.scores(queries, rows), rows + first), n_kept)

    def merged(self, other: "_Least", n_kept: int) -> "_Least":
        """The least of these and of some rows that come later."""
        scores, rows = np.append(self.scores, other.scores), np.append(self.rows, other.rows)
        order = np.argsort(scores, kind="stable")[:n_kept]
        return _Least(scores[order], rows[order])


def _look(
    scorer: _Scorer,
    known: ClassCounts,
    n_kept: dict[int, int],
    block: Block,
    so_far: dict[int, _Least] | None,
) -> dict[int, _Least]:
    """Of each class the rows of this block and those before it that score least."""
    if so_far is None:
        so_far = {code: _Least(np.empty(0), np.empty(0, np.int64)) for code in n_kept}
    if not n_kept or not len(block.labels):
        return so_far
    codes, queries = codes_of(block, known), matrix_of(block, scorer.n_jobs)
    return {
        code: least.beside(scorer, queries, np.flatnonzero(codes == code), block.first, n_kept[code])
        for code, least in so_far.items()
    }


def _least_of(n_kept: dict[int, int], one: dict[int, _Least], other: dict[int, _Least]) -> dict[int, _Least]:
    return {code: least.merged(other[code], n_kept[code]) for code, least in one.items()}


def _keep(
    known: ClassCounts, is_whole: Any, chosen: RowIds, block: Block, before: RowIds
) -> tuple[RowIds, RowIds]:
    """The rows of classes that keep all, and those that were chosen, by their numbers, ascending."""
    stays = is_whole[codes_of(block, known)]
    start, stop = np.searchsorted(chosen, [block.first, block.first + len(stays)])
    stays[chosen[start:stop] - block.first] = True
    return np.flatnonzero(stays), before
