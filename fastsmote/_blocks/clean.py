"""Cleaners on blocks."""

from functools import partial
from typing import Any

import numpy as np

from fastsmote._blocks.block import Block, ClassCounts, codes_of, matrix_of
from fastsmote._blocks.decision import Decision, Scan, no_rows, of_counts
from fastsmote._blocks.few import Few, joined, pick, stacked
from fastsmote._blocks.join import FewAndScale
from fastsmote._core.check import check_matrix
from fastsmote._core.tables import Table
from fastsmote._core.typing import Matrix, RowIds
from fastsmote._neighbors.build import build_index
from fastsmote._neighbors.index import Index, rescaled
from fastsmote._neighbors.predicates import at_least_precede
from fastsmote._neighbors.search import find_nearest
from fastsmote._sampling.clean.min_count import warn_of_no_rows
from fastsmote._sampling.clean.tomek import PossibleLinks, possible_links
from fastsmote._sampling.strategy import clean_targets


def tomek_links(
    known: ClassCounts,
    scan: Scan,
    room: int | None,
    *,
    sampling_strategy: Any = "auto",
    n_jobs: int | None = None,
) -> Decision:
    """Four passes: the few; the row nearest to each; these, of the largest class; rows nearer to them."""
    cleaned = clean_targets(of_counts(sampling_strategy), known.labels, None)
    largest = int(known.counts.argmax())
    is_few = np.arange(len(known.counts)) != largest
    gathering = FewAndScale(is_few, known, n_jobs)
    few = joined(scan(gathering), room)
    matrix = check_matrix(Table(few.features), n_jobs=n_jobs)
    rest = _Rest(known, largest, gathering.scale, n_jobs)
    index = rescaled(build_index(matrix, n_jobs=n_jobs), gathering.scale)
    squared, found = find_nearest(index, 1, n_jobs=n_jobs)
    found = np.append(few.rows, known.counts.sum())[found]  # the last one where there is but one row
    for _ in scan(partial(rest.come_nearer, matrix, squared, found)):
        pass
    codes = np.full(len(found), largest)
    place = np.minimum(np.searchsorted(few.rows, found[:, 0]), len(few.rows) - 1)
    is_among = few.rows[place] == found[:, 0]
    codes[is_among] = few.codes[place[is_among]]
    links = possible_links(few.rows, squared[:, 0], found[:, 0], few.codes, codes, largest)
    _settle(links, few, index, rest, scan, n_jobs)
    return _without(links.pairs(), few, known, largest, cleaned)


class _Rest:
    """The rows of a block that are of the largest class, which is not among the few."""

    def __init__(self, known: ClassCounts, largest: int, scale: float, n_jobs: int | None) -> None:
        self._known, self._largest, self._scale, self._n_jobs = known, largest, scale, n_jobs

    def index(self, block: Block) -> Index | None:
        """An index of them, None where there are none."""
        rows = np.flatnonzero(codes_of(block, self._known) == self._largest)
        if not len(rows):
            return None
        matrix = matrix_of(block, self._n_jobs)
        return rescaled(build_index(matrix, [rows], n_jobs=self._n_jobs), self._scale)

    def come_nearer(self, matrix: Matrix, squared: Any, found: RowIds, block: Block) -> None:
        """Put those in place that are nearer to rows of a matrix than what was found so far."""
        index = self.index(block)
        if index is not None:
            found -= block.first
            find_nearest(index, 1, matrix, known=(squared, found), n_jobs=self._n_jobs)
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


def _settle(
    links: PossibleLinks, few: Few, index: Index, rest: _Rest, scan: Scan, n_jobs: int | None
) -> None:
    """Find out whether rows of the largest class have their first rows as their nearest."""
    first, second = links.open
    if not len(second):
        return
    picked = stacked(list(scan(partial(pick, numbers=second))))
    matrix = check_matrix(Table(picked), n_jobs=n_jobs)
    squared, rows = links.squared[links.best], np.arange(len(second))
    bound = squared, np.searchsorted(few.rows, first)
    preceded = at_least_precede(index, index, rows, 1, bound, queries=matrix, n_jobs=n_jobs)
    for nearer in scan(partial(rest.precede, matrix, second, (squared, first))):
        preceded |= nearer
    links.mutual[links.best] = ~preceded


def _without(pairs: RowIds, few: Few, known: ClassCounts, largest: int, cleaned: Any) -> Decision:
    """All rows but the ends of links that are of the classes ``cleaned``."""
    ends = np.unique(pairs)
    codes = np.full(len(ends), largest)
    is_few = np.isin(ends, few.rows)
    codes[is_few] = few.codes[np.searchsorted(few.rows, ends[is_few])]
    removed = ends[cleaned[codes]]
    counts = known.counts - np.bincount(codes[cleaned[codes]], minlength=len(known.counts))
    warn_of_no_rows(known.labels, counts)
    return Decision(partial(_keep_others, removed), 0, no_rows, counts)


def _keep_others(removed: RowIds, block: Block, before: RowIds) -> tuple[RowIds, RowIds]:
    """The rows of a block whose numbers are not among those removed, ascending."""
    stays = np.ones(len(block.labels), bool)
    start, stop = np.searchsorted(removed, [block.first, block.first + len(stays)])
    stays[removed[start:stop] - block.first] = False
    return np.flatnonzero(stays), before
