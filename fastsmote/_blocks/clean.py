"""Tomek links on blocks."""

from functools import partial
from typing import Any

import numpy as np

from fastsmote._blocks.block import Block, ClassCounts
from fastsmote._blocks.decision import Decision, of_counts, without
from fastsmote._blocks.few import pick, stacked
from fastsmote._blocks.join import Nearer
from fastsmote._blocks.passes import Passes
from fastsmote._blocks.rest import Held, Rest, gather_held
from fastsmote._core.check import check_matrix
from fastsmote._core.tables import Table
from fastsmote._core.typing import Floats, Mask, Matrix, RowIds
from fastsmote._neighbors.index import Index
from fastsmote._neighbors.predicates import at_least_precede
from fastsmote._neighbors.search import find_nearest
from fastsmote._sampling.clean.min_count import check_min_count, within_min_count
from fastsmote._sampling.clean.tomek import PossibleLinks, possible_links
from fastsmote._sampling.strategy import clean_targets


def tomek_links(
    known: ClassCounts,
    passes: Passes,
    room: int | None,
    *,
    sampling_strategy: Any = "auto",
    min_count: Any = None,
    n_jobs: int | None = None,
) -> Decision:
    """Four passes: the few; the row nearest to each; these, of the largest class; rows nearer to them."""
    cleaned = clean_targets(of_counts(sampling_strategy), known.labels, None)
    min_counts = check_min_count(min_count, known.labels)
    held, index, rest = gather_held(known, passes, int(known.counts.argmax()), room, n_jobs)
    most = known.counts - min_counts
    return without(*linked(held, index, rest, passes, cleaned, most, n_jobs), known)


def tomek_link_pairs(known: ClassCounts, passes: Passes, n_jobs: int | None) -> RowIds:
    """The links of :func:`fastsmote.select.tomek_link_pairs`, by the passes of ``tomek_links``."""
    held, index, rest = gather_held(known, passes, int(known.counts.argmax()), None, n_jobs)
    return _found(held, index, rest, passes, n_jobs).pairs()


def linked(
    held: Held,
    index: Index,
    rest: Rest,
    passes: Passes,
    cleaned: Mask,
    most: RowIds,
    n_jobs: int | None,
) -> tuple[RowIds, RowIds]:
    """Ends of links that go, at most ``most`` (n_classes,) of each class: their numbers and classes.

    Three passes.
    """
    links = _found(held, index, rest, passes, n_jobs)
    ends = np.concatenate([links.first[links.mutual], links.second[links.mutual]])
    ends, at = np.unique(ends, return_index=True)
    length = np.tile(links.squared[links.mutual], 2)[at]
    codes = held.codes_of(ends)
    own = np.flatnonzero(cleaned[codes])
    gone = own[np.sort(within_min_count(np.arange(len(own)), [length[own]], codes[own], most))]
    return ends[gone], codes[gone]


def _found(held: Held, index: Index, rest: Rest, passes: Passes, n_jobs: int | None) -> PossibleLinks:
    """All links. Three passes."""
    squared, places = passes.once(partial(find_nearest, index, 1, n_jobs=n_jobs))
    nearest = squared, held.numbers(places)
    nearer = passes.improved(partial(_come_nearer, rest, held.matrix, nearest), Nearer.merged)
    squared, found = nearer.over(nearest)
    codes = held.codes_of(found[:, 0])
    links = possible_links(held.rows, squared[:, 0], found[:, 0], held.codes, codes, held.largest)
    _settle(links, held, index, rest, passes, n_jobs)
    return links


def _come_nearer(
    rest: Rest, matrix: Matrix, nearest: tuple[Floats, RowIds], block: Block, so_far: Nearer | None
) -> Nearer:
    """The rows of this block and of those before it that are nearer to a row of the matrix."""
    squared, found = (so_far or Nearer.nothing(1)).over(nearest)
    rest.come_nearer(matrix, np.arange(len(matrix)), squared, found, block)
    return Nearer.of((squared, found), nearest)


def _settle(
    links: PossibleLinks, held: Held, index: Index, rest: Rest, passes: Passes, n_jobs: int | None
) -> None:
    """Find out whether rows of the largest class have their first rows as their nearest."""
    first, second = links.open
    if not len(second):
        return
    picked = passes.listed(partial(pick, numbers=second))
    matrix = check_matrix(Table(stacked(picked)), n_jobs=n_jobs)
    squared, rows = links.squared[links.best], np.arange(len(second))
    bound = squared, np.searchsorted(held.rows, first)
    preceded = at_least_precede(index, index, rows, 1, bound, queries=matrix, n_jobs=n_jobs)
    preceded |= passes.found(partial(rest.precede, matrix, second, (squared, first)), np.logical_or)
    links.mutual[links.best] = ~preceded
