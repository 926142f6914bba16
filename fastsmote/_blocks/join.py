"""The few against the rest: how many rows of other classes come before each neighbour of a class.

In memory an index of all rows answers (``fastsmote._neighbors.predicates.others_before``). Here the
neighbours within the class, and rows of other classes among the few, come from an index of the few. They
bound what is left: of each block only rows nearer than the k-th neighbour within the class matter, and lists
that got such rows go from block to block. The lists are the k smallest under (squared distance, row number),
so that lists of several parts of a table can be merged.

Distances of all blocks have one scale, that of the whole table.
"""

from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._blocks.block import Block, ClassCounts, codes_of, matrix_of
from fastsmote._blocks.few import Few
from fastsmote._blocks.passes import Passes
from fastsmote._core.freeze import freeze
from fastsmote._core.labels import rows_by_code
from fastsmote._core.typing import Floats, Matrix, RowIds
from fastsmote._neighbors.build import build_index, with_categories
from fastsmote._neighbors.distance import exact_scale, scale_for
from fastsmote._neighbors.index import Index, rescaled
from fastsmote._neighbors.predicates import count_before
from fastsmote._neighbors.search import find_nearest
from fastsmote._sampling.over.neighborhood import KnownNeighbors, others_among

NO_ROW = np.iinfo(np.int64).max  # in place of a row where a list has fewer


def scale_of(n_jobs: int | None, block: Block) -> float:
    """The scale of distances of the rows of a block."""
    return exact_scale(matrix_of(block, n_jobs), n_jobs)


class Nearer(NamedTuple):
    """Lists of nearest rows, of those queries that have other ones than they began with."""

    places: RowIds  # (p,) of the queries, ascending
    squared: Floats  # (p, k)
    rows: RowIds  # (p, k) numbers in the table

    @classmethod
    def nothing(cls, k: int) -> "Nearer":
        return cls(np.empty(0, np.int64), np.empty((0, k)), np.empty((0, k), np.int64))

    @classmethod
    def of(cls, lists: tuple[Floats, RowIds], before: tuple[Floats, RowIds]) -> "Nearer":
        """What changed in lists of all queries, (m, k)."""
        places = np.flatnonzero((lists[1] != before[1]).any(axis=1))
        return cls(places, lists[0][places], lists[1][places])

    def over(self, before: tuple[Floats, RowIds]) -> tuple[Floats, RowIds]:
        """The lists of all queries."""
        squared, rows = before[0].copy(), before[1].copy()
        squared[self.places], rows[self.places] = self.squared, self.rows
        return squared, rows

    def merged(self, other: "Nearer") -> "Nearer":
        """The k least of both lists of each query; what is in both counts once."""
        places, k = np.union1d(self.places, other.places), self.rows.shape[1]
        squared = np.full((len(places), 2 * k), np.inf)
        rows = np.full(squared.shape, NO_ROW)
        for start, part in ((0, self), (k, other)):
            at = np.searchsorted(places, part.places)
            squared[at, start : start + k], rows[at, start : start + k] = part.squared, part.rows
        squared, rows = ascending(squared, rows)
        is_again = np.zeros(rows.shape, bool)
        is_again[:, 1:] = (rows[:, 1:] == rows[:, :-1]) & (squared[:, 1:] == squared[:, :-1])
        squared[is_again], rows[is_again] = np.inf, NO_ROW
        squared, rows = ascending(squared, rows)
        return Nearer(places, np.ascontiguousarray(squared[:, :k]), np.ascontiguousarray(rows[:, :k]))


class Categories(NamedTuple):
    """Codes of categories of queries and of rows: only where all are equal a row is near a query."""

    queries: NDArray[np.int32]  # (m, c)
    rows: NDArray[np.int32]  # (n, c)


def beside(
    lists: Nearer,
    queries: Matrix,
    rows: Matrix,
    numbers: RowIds,
    largest: float,
    n_jobs: int | None,
    categories: Categories | None = None,
) -> Nearer:
    """The lists of all queries with more rows beside them, whose numbers ascend and are in no list yet.

    ``largest`` is the largest magnitude of all rows that there are.
    """
    index, asked = _facing(queries, rows, largest, n_jobs, categories)
    k = lists.squared.shape[1]
    bound = np.repeat(lists.squared[:, -1:], k, axis=1), np.full(lists.rows.shape, len(rows))
    squared, places = find_nearest(index, k, **asked, known=bound, n_jobs=n_jobs)
    squared[places == len(rows)] = np.inf
    return lists.merged(Nearer(lists.places, squared, np.append(numbers, NO_ROW)[places]))


def count_within(
    squared: Floats,
    most: int,
    queries: Matrix,
    rows: Matrix,
    largest: float,
    n_jobs: int | None,
    categories: Categories | None = None,
) -> RowIds:
    """How many rows are no farther from each query than a squared distance (m,), ``most`` at most."""
    index, asked = _facing(queries, rows, largest, n_jobs, categories)
    bound = np.repeat(squared[:, np.newaxis], most, axis=1), np.full((len(squared), most), len(rows))
    _, places = find_nearest(index, most, **asked, known=bound, stop=squared, n_jobs=n_jobs)
    return (places < len(rows)).sum(axis=1)


def _facing(
    queries: Matrix, rows: Matrix, largest: float, n_jobs: int | None, categories: Categories | None
) -> tuple[Index, dict[str, Any]]:
    """An index of some rows, and how it is asked for what is near the queries.

    Categories are known of the rows of one matrix alone: there the queries stand behind the others.
    """
    if categories is None:
        return rescaled(build_index(rows, n_jobs=n_jobs), scale_for(largest)), {"queries": queries}
    n = len(rows)
    both = freeze(np.concatenate([rows, queries]))
    index = rescaled(build_index(both, [np.arange(n)], n_jobs=n_jobs), scale_for(largest))
    codes = np.concatenate([categories.rows, categories.queries])
    return with_categories(index, codes, np.inf), {"rows": n + np.arange(len(queries))}


def ascending(squared: Floats, rows: RowIds) -> tuple[Floats, RowIds]:
    """Lists (m, k) in the order of (squared distance, row)."""
    order = np.lexsort((rows, squared), axis=1)
    return np.take_along_axis(squared, order, 1), np.take_along_axis(rows, order, 1)


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
    passes: Passes,
    n_jobs: int | None,
) -> CountedOthers:
    """One pass: the k nearest rows of each row of some classes, as far as other classes hold them."""
    asked = passes.once(partial(_among_the_few, few, matrix, classes, k, known, scale, n_jobs))
    look = partial(_look, asked, matrix, known, is_few, scale, n_jobs)
    nearer = passes.improved(look, _merge)
    return CountedOthers(
        {code: one._replace(others=nearer[code].over(one.others)) for code, one in asked.items()}
    )


def _look(
    asked: dict[int, _Asked],
    matrix: Matrix,
    known: ClassCounts,
    is_few: NDArray[np.bool_],
    scale: float,
    n_jobs: int | None,
    block: Block,
    so_far: dict[int, Nearer] | None,
) -> dict[int, Nearer]:
    """The lists that rows of this block and of those before it have changed."""
    if so_far is None:
        so_far = {code: Nearer.nothing(one.others[0].shape[1]) for code, one in asked.items()}
    rest = np.flatnonzero(~is_few[codes_of(block, known)])
    if not len(rest):
        return so_far
    index = rescaled(build_index(matrix_of(block, n_jobs), [rest], n_jobs=n_jobs), scale)
    nearer = {}
    for code, one in asked.items():
        squared, rows = so_far[code].over(one.others)
        rows -= block.first
        stop = one.own[0][:, 0]
        find_nearest(index, rows.shape[1], matrix, one.rows, known=(squared, rows), stop=stop, n_jobs=n_jobs)
        rows += block.first
        nearer[code] = Nearer.of((squared, rows), one.others)
    return nearer


def _merge(one: dict[int, Nearer], other: dict[int, Nearer]) -> dict[int, Nearer]:
    return {code: lists.merged(other[code]) for code, lists in one.items()}


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
