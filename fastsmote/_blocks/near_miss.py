"""NearMiss, version 1, on blocks: the rows that score least so far bound what later blocks must score."""

from functools import partial
from typing import Any, NamedTuple

import numpy as np

from fastsmote._blocks.block import Block, ClassCounts, codes_of, matrix_of
from fastsmote._blocks.decision import Decision, Scan, no_rows, of_counts, require_room
from fastsmote._blocks.few import joined
from fastsmote._blocks.join import FewAndScale
from fastsmote._core.check import check_integer, check_matrix
from fastsmote._core.tables import Table
from fastsmote._core.typing import Floats, Matrix, RowIds
from fastsmote._neighbors.build import build_index
from fastsmote._neighbors.index import Index, rescaled
from fastsmote._neighbors.search import find_nearest
from fastsmote._sampling.strategy import under_targets
from fastsmote._sampling.under.near_miss import by_score, may_score, require_neighbors, score


def near_miss(
    known: ClassCounts,
    scan: Scan,
    room: int | None,
    *,
    sampling_strategy: Any = "auto",
    version: int = 1,
    n_neighbors: int = 3,
    n_jobs: int | None = None,
) -> Decision:
    """Two passes: for the smallest class, and for the rows of the others that are nearest to it."""
    k = check_integer(n_neighbors, "n_neighbors")
    if check_integer(version, "version", maximum=3) != 1:
        raise ValueError(
            f"version must be 1 where the table is not in memory. Got {version}; call fastsmote.near_miss on "
            "a table in memory."
        )
    targets = under_targets(of_counts(sampling_strategy), known.labels, None)
    require_room(targets, known, room)
    smallest = int(known.counts.argmin())
    losing = np.flatnonzero((targets < known.counts) & (targets > 0)).tolist()
    if losing:
        require_neighbors(k, "n_neighbors", smallest, smallest in losing, known.labels)
    is_smallest = np.arange(len(known.counts)) == smallest
    gathering = FewAndScale(is_smallest, known, n_jobs)
    few = joined(scan(gathering), room)
    matrix = check_matrix(Table(few.features), n_jobs=n_jobs)
    index = rescaled(build_index(matrix, n_jobs=n_jobs), gathering.scale)
    kept = {code: _Least(np.empty(0), np.empty(0, np.int64)) for code in losing if code != smallest}

    def look(block: Block) -> None:
        if kept and len(block.labels):
            codes, queries = codes_of(block, known), matrix_of(block, n_jobs)
            for code, least in kept.items():
                rows = np.flatnonzero(codes == code)
                kept[code] = least.beside(index, queries, rows, block.first, int(targets[code]), k, n_jobs)

    for _ in scan(look):
        pass
    numbers = [least.rows for least in kept.values()]
    if smallest in losing:
        own = by_score(index, np.arange(len(few.rows)), int(targets[smallest]), k, False, n_jobs, None)
        numbers.append(few.rows[own])
    chosen = np.sort(np.concatenate([np.empty(0, np.int64), *numbers]))
    return Decision(partial(_keep, known, targets == known.counts, chosen), 0, no_rows, targets)


class _Least(NamedTuple):
    """The rows of a class that score least so far, and what they score, ascending by (score, row)."""

    scores: Floats
    rows: RowIds  # numbers in the table

    def beside(
        self, index: Index, queries: Matrix, rows: RowIds, first: int, n_kept: int, k: int, n_jobs: int | None
    ) -> "_Least":
        """The least of these and of some rows of a block."""
        if len(self.rows) == n_kept:
            rows = rows[may_score(index, rows, float(self.scores[-1]), k, queries, n_jobs, None)]
        scores = score(find_nearest(index, k, queries, rows, n_jobs=n_jobs)[0])
        scores, numbers = np.append(self.scores, scores), np.append(self.rows, rows + first)
        order = np.argsort(scores, kind="stable")[:n_kept]
        return _Least(scores[order], numbers[order])


def _keep(
    known: ClassCounts, is_whole: Any, chosen: RowIds, block: Block, before: RowIds
) -> tuple[RowIds, RowIds]:
    """The rows of classes that keep all, and those that were chosen, by their numbers, ascending."""
    stays = is_whole[codes_of(block, known)]
    start, stop = np.searchsorted(chosen, [block.first, block.first + len(stays)])
    stays[chosen[start:stop] - block.first] = True
    return np.flatnonzero(stays), before
