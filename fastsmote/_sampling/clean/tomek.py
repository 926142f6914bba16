"""Tomek links on canonical data (Tomek, 1976, doi:10.1109/TSMC.1976.4309452)."""

from typing import Any, NamedTuple, Unpack

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.intake import read_numbers
from fastsmote._core.labels import Labels, rows_of
from fastsmote._core.typing import Floats, Mask, Progress, RowIds
from fastsmote._neighbors import predicates
from fastsmote._neighbors.build import build_index
from fastsmote._neighbors.distance import exact_scale, squared_distances
from fastsmote._neighbors.index import Index
from fastsmote._neighbors.search import find_nearest
from fastsmote._sampling.apply import Selection
from fastsmote._sampling.clean.min_count import CleaningOptions, read_cleaning, within_min_count


def select_without_links(X: Any, y: Any, **options: Unpack[CleaningOptions]) -> Selection:
    """The decision of :func:`fastsmote.tomek_links`."""
    request = read_cleaning(X, y, 1, **options)
    intake, cleaned, min_counts, n_jobs, progress = request
    matrix, labels = request.matrix, intake.labels
    return request.keep(decide_without_links(matrix, labels, cleaned, min_counts, n_jobs, progress))


def find_links(X: Any, y: Any, *, n_jobs: int | None, progress: Progress | None) -> RowIds:
    """The links of :func:`fastsmote.select.tomek_link_pairs`."""
    intake = read_numbers(X, y, may_be_sparse=True, n_jobs=n_jobs)
    return decide_tomek(intake.matrix, intake.labels, n_jobs, progress)


def decide_tomek(
    matrix: NDArray[Any],
    labels: Labels,
    n_jobs: int | None,
    progress: Progress | None,
    index: Index | None = None,
) -> NDArray[np.int64]:
    """Tomek links (m, 2): pairs of rows of different classes that are each other's nearest neighbour.

    ``index`` is any of all rows, where there is one.
    """
    codes = labels.codes
    largest = int(np.argmax(labels.counts))
    queries = rows_of(codes != largest, 1, n_jobs)
    index = build_index(matrix, n_jobs=n_jobs) if index is None else index
    squared, found = find_nearest(index, 1, rows=queries, n_jobs=n_jobs, progress=progress)
    links = possible_links(queries, squared[:, 0], found[:, 0], codes[queries], codes[found[:, 0]], largest)
    first, second = links.open
    links.mutual[links.best] = predicates.is_nearest(index, second, first, n_jobs=n_jobs, progress=progress)
    return links.pairs()


class PossibleLinks(NamedTuple):
    """Rows of smaller classes whose nearest row is of another class, and that row."""

    first: RowIds
    second: RowIds
    squared: Floats  # distance of the two
    mutual: Mask  # whether each is the nearest of the other, False where that is not known yet
    best: RowIds  # places of those where it is not known: second is of the largest class

    @property
    def open(self) -> tuple[RowIds, RowIds]:
        """The first and the second rows where it is not known."""
        return self.first[self.best], self.second[self.best]

    def pairs(self) -> RowIds:
        """The links (m, 2), when all is known."""
        pairs = np.stack([self.first[self.mutual], self.second[self.mutual]], axis=1)
        return np.unique(np.sort(pairs, axis=1), axis=0)


def possible_links(
    queries: RowIds, squared: Floats, found: RowIds, codes: RowIds, found_codes: RowIds, largest: int
) -> PossibleLinks:
    """What the nearest row of each row that is not of the largest class tells, ``queries`` ascending."""
    other = codes != found_codes
    first, second, squared, second_codes = queries[other], found[other], squared[other], found_codes[other]
    place = np.minimum(np.searchsorted(queries, second), len(queries) - 1)
    mutual = (queries[place] == second) & (found[place] == first)
    # Of the rows that point at the same row of the largest class, only its best candidate can be its nearest.
    open_ended = np.flatnonzero(second_codes == largest)
    open_ended = open_ended[np.lexsort((first[open_ended], squared[open_ended], second[open_ended]))]
    best = open_ended[np.unique(second[open_ended], return_index=True)[1]]
    return PossibleLinks(first, second, squared, mutual, best)


def decide_without_links(
    matrix: NDArray[Any],
    labels: Labels,
    cleaned: NDArray[np.bool_],
    min_counts: NDArray[np.int64],
    n_jobs: int | None,
    progress: Progress | None,
    index: Index | None = None,
) -> NDArray[np.int64]:
    """Rows that stay when the ends of Tomek links go that are of classes ``cleaned`` (n_classes,).

    Each class keeps ``min_counts`` (n_classes,) rows at least; the ends of the shortest links go first.
    """
    pairs = decide_tomek(matrix, labels, n_jobs, progress, index)
    kept = np.ones(len(matrix), bool)
    if not min_counts.any():  # lengths decide nothing
        kept[pairs[cleaned[labels.codes[pairs]]]] = False
        return rows_of(kept, 1, n_jobs)
    scale = exact_scale(matrix, n_jobs)
    first, second = np.ascontiguousarray(pairs.T)
    squared = squared_distances(matrix, first, matrix, second, scale, n_jobs)
    ends, length = pairs.ravel(), np.repeat(squared, 2)
    own = cleaned[labels.codes[ends]]
    kept[within_min_count(ends[own], [length[own]], labels.codes, labels.counts - min_counts)] = False
    return np.flatnonzero(kept)
