"""Rows that are held in memory, and the largest class, which streams past them."""

from functools import partial
from typing import Any, NamedTuple

import numpy as np

from fastsmote._blocks.block import Block, ClassCounts, codes_of, matrix_of
from fastsmote._blocks.few import gather_few
from fastsmote._blocks.join import scale_of
from fastsmote._blocks.passes import Passes
from fastsmote._core.check import check_matrix
from fastsmote._core.freeze import freeze
from fastsmote._core.tables import Table
from fastsmote._core.typing import Matrix, RowIds
from fastsmote._neighbors.build import build_index
from fastsmote._neighbors.index import Index, rescaled
from fastsmote._neighbors.predicates import at_least_precede
from fastsmote._neighbors.search import find_nearest


class Held(NamedTuple):
    """All rows but those of the largest class, in the order of their numbers."""

    matrix: Matrix
    rows: RowIds  # (m,) their numbers
    codes: RowIds  # (m,)
    largest: int  # code of the largest class
    n_rows: int  # of all classes

    def indexed(self, scale: float, n_jobs: int | None) -> Index:
        return rescaled(build_index(self.matrix, n_jobs=n_jobs), scale)

    def numbers(self, places: RowIds) -> RowIds:
        """Numbers of rows that were found in the index; past all rows where one was not."""
        return np.append(self.rows, self.n_rows)[places]

    def codes_of(self, numbers: RowIds) -> RowIds:
        """Classes of rows by their numbers: what is not held is of the largest class."""
        place = np.minimum(np.searchsorted(self.rows, numbers), len(self.rows) - 1)
        return np.where(self.rows[place] == numbers, self.codes[place], self.largest)


def gather_held(
    known: ClassCounts, passes: Passes, largest: int, room: int | None, n_jobs: int | None
) -> tuple[Held, Index, "Rest"]:
    """The rows of all classes but one, by a pass, their index, and the rows of that class."""
    is_few = np.arange(len(known.counts)) != largest
    few, scale = gather_few(passes, is_few, known, room, partial(scale_of, n_jobs))
    matrix = check_matrix(Table(few.features), n_jobs=n_jobs)
    held = Held(matrix, few.rows, few.codes, largest, int(known.counts.sum()))
    index = passes.once(partial(held.indexed, scale, n_jobs))
    return held, index, Rest(known, largest, scale, n_jobs)


class Rest:
    """The rows of a block that are of the largest class, which is not among the few."""

    def __init__(self, known: ClassCounts, largest: int, scale: float, n_jobs: int | None) -> None:
        self._known, self._largest, self._scale, self._n_jobs = known, largest, scale, n_jobs

    def index(self, block: Block) -> Index | None:
        """An index of them, None where there are none."""
        rows = np.flatnonzero(codes_of(block, self._known) == self._largest)
        if not len(rows):
            return None
        return self.index_of(matrix_of(block, self._n_jobs), [rows])

    def index_of(self, matrix: Matrix, groups: list[RowIds] | None = None) -> Index:
        """An index of rows, or of groups of rows, with the scale of all blocks."""
        return rescaled(build_index(freeze(matrix), groups, n_jobs=self._n_jobs), self._scale)

    def come_nearer(self, matrix: Matrix, rows: RowIds, squared: Any, found: RowIds, block: Block) -> None:
        """Put those in place that are nearer to some rows of a matrix than what was found so far (m, k).

        Rows of the matrix that are in the block would find themselves.
        """
        index = self.index(block) if len(rows) else None
        if index is not None:
            k = squared.shape[1]
            found -= block.first
            find_nearest(index, k, matrix, rows, known=(squared, found), n_jobs=self._n_jobs)
            found += block.first

    def precede(self, matrix: Matrix, rows: RowIds, bound: tuple[Any, RowIds], block: Block) -> Any:
        """Whether one precedes the bound of a row of the matrix, whose number in the table is in ``rows``."""
        preceded = np.zeros(len(rows), bool)
        index = self.index(block)
        if index is None:
            return preceded
        squared, first = bound[0], bound[1] - block.first
        here = (rows >= block.first) & (rows < block.first + len(block.labels))
        for chosen, own, queries in (
            (np.flatnonzero(here), rows[here] - block.first, None),
            (np.flatnonzero(~here), np.flatnonzero(~here), matrix),
        ):
            preceded[chosen] = at_least_precede(
                index, index, own, 1, (squared[chosen], first[chosen]), queries=queries, n_jobs=self._n_jobs
            )
        return preceded
