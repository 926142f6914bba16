"""Tomek links on blocks."""

from functools import partial
from typing import Any

import numpy as np

from fastsmote._blocks.block import ClassCounts
from fastsmote._blocks.decision import Decision, Scan, of_counts, without
from fastsmote._blocks.few import joined, pick, stacked
from fastsmote._blocks.join import FewAndScale
from fastsmote._blocks.rest import Held, Rest
from fastsmote._core.check import check_matrix
from fastsmote._core.tables import Table
from fastsmote._core.typing import Mask, RowIds
from fastsmote._neighbors.index import Index
from fastsmote._neighbors.predicates import at_least_precede
from fastsmote._neighbors.search import find_nearest
from fastsmote._sampling.clean.min_count import check_min_count, within_min_count
from fastsmote._sampling.clean.tomek import PossibleLinks, possible_links
from fastsmote._sampling.strategy import clean_targets


def tomek_links(
    known: ClassCounts,
    scan: Scan,
    room: int | None,
    *,
    sampling_strategy: Any = "auto",
    min_count: Any = None,
    n_jobs: int | None = None,
) -> Decision:
    """Four passes: the few; the row nearest to each; these, of the largest class; rows nearer to them."""
    cleaned = clean_targets(of_counts(sampling_strategy), known.labels, None)
    min_counts = check_min_count(min_count, known.labels)
    largest = int(known.counts.argmax())
    is_few = np.arange(len(known.counts)) != largest
    gathering = FewAndScale(is_few, known, n_jobs)
    few = joined(scan(gathering), room)
    matrix = check_matrix(Table(few.features), n_jobs=n_jobs)
    held = Held(matrix, few.rows, few.codes, largest, int(known.counts.sum()))
    rest = Rest(known, largest, gathering.scale, n_jobs)
    index = held.indexed(gathering.scale, n_jobs)
    most = known.counts - min_counts
    return without(*linked(held, index, rest, scan, cleaned, most, n_jobs), known)


def linked(
    held: Held,
    index: Index,
    rest: Rest,
    scan: Scan,
    cleaned: Mask,
    most: RowIds,
    n_jobs: int | None,
) -> tuple[RowIds, RowIds]:
    """Ends of links that go, at most ``most`` (n_classes,) of each class: their numbers and classes.

    Three passes.
    """
    squared, places = find_nearest(index, 1, n_jobs=n_jobs)
    found, places = held.numbers(places), np.arange(len(held.rows))
    for _ in scan(partial(rest.come_nearer, held.matrix, places, squared, found)):
        pass
    codes = held.codes_of(found[:, 0])
    links = possible_links(held.rows, squared[:, 0], found[:, 0], held.codes, codes, held.largest)
    _settle(links, held, index, rest, scan, n_jobs)
    ends = np.concatenate([links.first[links.mutual], links.second[links.mutual]])
    ends, at = np.unique(ends, return_index=True)
    length = np.tile(links.squared[links.mutual], 2)[at]
    codes = held.codes_of(ends)
    own = np.flatnonzero(cleaned[codes])
    gone = own[np.sort(within_min_count(np.arange(len(own)), [length[own]], codes[own], most))]
    return ends[gone], codes[gone]


def _settle(
    links: PossibleLinks, held: Held, index: Index, rest: Rest, scan: Scan, n_jobs: int | None
) -> None:
    """Find out whether rows of the largest class have their first rows as their nearest."""
    first, second = links.open
    if not len(second):
        return
    picked = stacked(list(scan(partial(pick, numbers=second))))
    matrix = check_matrix(Table(picked), n_jobs=n_jobs)
    squared, rows = links.squared[links.best], np.arange(len(second))
    bound = squared, np.searchsorted(held.rows, first)
    preceded = at_least_precede(index, index, rows, 1, bound, queries=matrix, n_jobs=n_jobs)
    for nearer in scan(partial(rest.precede, matrix, second, (squared, first))):
        preceded |= nearer
    links.mutual[links.best] = ~preceded
