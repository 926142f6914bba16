"""The few against the rest: how many rows of other classes come before each neighbour of a class.

In memory an index of all rows answers (``fastsmote._neighbors.predicates.others_before``). Here the
neighbours within the class, and rows of other classes among the few, come from an index of the few. They
bound what is left: of each block only rows nearer than the k-th neighbour within the class matter, and lists
of these go from block to block. The lists are the k smallest under (squared distance, row number), so that
the order of the blocks does not matter, and lists of several parts of a table can be merged.

Distances of all blocks have one scale, that of the whole table.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._blocks.block import Block, ClassCounts, codes_of, matrix_of
from fastsmote._blocks.decision import Scan
from fastsmote._blocks.few import Few, gather
from fastsmote._core.labels import rows_by_code
from fastsmote._core.typing import Floats, Matrix, RowIds
from fastsmote._neighbors.build import build_index
from fastsmote._neighbors.distance import exact_scale
from fastsmote._neighbors.index import rescaled
from fastsmote._neighbors.predicates import count_before
from fastsmote._neighbors.search import find_nearest
from fastsmote._sampling.over.neighborhood import KnownNeighbors, others_among


class FewAndScale:
    """Gathers the few, and finds the scale of distances of all rows on the way."""

    def __init__(self, wanted: NDArray[np.bool_], known: ClassCounts, n_jobs: int | None) -> None:
        self._wanted, self._known, self._n_jobs = wanted, known, n_jobs
        self.scale = np.inf

    def __call__(self, block: Block) -> Few:
        if len(block.labels):
            self.scale = min(self.scale, exact_scale(matrix_of(block, self._n_jobs), self._n_jobs))
        return gather(block, self._wanted, self._known)


class _Asked(NamedTuple):
    """Rows of a class among the few, and what is known of their neighbours."""

    rows: RowIds  # (m,) places in the few
    own: tuple[Floats, RowIds]  # (m, k) of their class, by numbers in the table
    own_places: RowIds  # (m, k) and by places in the few
    others: tuple[Floats, RowIds]  # (m, k) of other classes that come before the last of these


class CountedOthers:
    """How rows of some classes lie among the other classes, as ``Neighborhood`` tells it in memory."""

    def __init__(self, asked: dict[int, _Asked]) -> None:
        self._before = {code: count_before(one.own, one.others) for code, one in asked.items()}
        self._own = {code: KnownNeighbors(one.rows, one.own_places) for code, one in asked.items()}

    def count_others(self, code: int, rows: RowIds, k: int, k_own: int) -> tuple[RowIds, KnownNeighbors]:
        """Of all rows of a class, for k and k_own up to the number of neighbours that were looked for."""
        return others_among(self._before[code][:, :k]), self._own[code]


def surroundings(
    few: Few,
    matrix: Matrix,
    classes: list[int],
    k: int,
    known: ClassCounts,
    is_few: NDArray[np.bool_],
    scale: float,
    scan: Scan,
    n_jobs: int | None,
) -> CountedOthers:
    """One pass: the k nearest rows of each row of some classes, as far as other classes hold them."""
    asked = _among_the_few(few, matrix, classes, k, known, scale, n_jobs)

    def look(block: Block) -> None:
        rest = np.flatnonzero(~is_few[codes_of(block, known)])
        if not len(rest):
            return
        index = rescaled(build_index(matrix_of(block, n_jobs), [rest], n_jobs=n_jobs), scale)
        for one in asked.values():
            squared, rows = one.others
            rows -= block.first
            find_nearest(
                index, k, matrix, one.rows, known=(squared, rows), stop=one.own[0][:, 0], n_jobs=n_jobs
            )
            rows += block.first

    for _ in scan(look):
        pass
    return CountedOthers(asked)


def _among_the_few(
    few: Few,
    matrix: Matrix,
    classes: list[int],
    k: int,
    known: ClassCounts,
    scale: float,
    n_jobs: int | None,
) -> dict[int, _Asked]:
    n_classes = len(known.counts)
    parts = rows_by_code(few.codes, n_classes)
    index = rescaled(build_index(matrix, parts, n_jobs=n_jobs), scale)
    numbers = np.append(few.rows, known.counts.sum())  # the last one of a neighbour that there is not
    asked = {}
    for code in classes:
        rows = parts[code]
        own = find_nearest(index, k, rows=rows, among=index.of_class(code), n_jobs=n_jobs)
        bound = np.repeat(own[0][:, -1:], k, axis=1), np.repeat(own[1][:, -1:], k, axis=1)
        squared, places = find_nearest(
            index, k, rows=rows, among=index.of_others(code), known=bound, stop=own[0][:, 0], n_jobs=n_jobs
        )
        asked[code] = _Asked(rows, (own[0], numbers[own[1]]), own[1], (squared, numbers[places]))
    return asked
