"""Condensed nearest neighbours (Hart, 1968) and one-sided selection (Kubat and Matwin, 1997).

Each class that is cleaned is condensed by itself, against the smallest class: a store of all rows of the
smallest class and ``n_seeds_S`` random rows of the class classifies the other rows of the class, by the vote
of the ``n_neighbors`` nearest rows of the store under (squared distance, index). A tie goes to the class
whose label sorts first.

* *One-sided selection* keeps the rows that this store gets wrong, together with the seeds; then it takes the
  ends of Tomek links of all that is left from the cleaned classes.
* *Condensing* goes through the rows once, in order, and a row that is wrong at its turn joins the store.
  Hart goes through them until nothing changes; imbalanced-learn once, and so does this. Where the class
  fills the first rows of X both keep the same rows. Elsewhere imbalanced-learn compares row numbers of X
  with row numbers of the class, and so passes over rows that its rule would keep.

Condensing leaves the smallest class (the first of several) whole, even when it is named as one to clean:
imbalanced-learn would reduce it to the seeds, because a store that holds all of a class gets all of it right.
The links of one-sided selection take rows of it if it is named.
Seeds are different rows; imbalanced-learn may draw a row twice, and then keeps it twice.

A vote is a race. Let t be the votes that the own class needs of k and r = k - t + 1: a row is right exactly
if t of its own rows in the store precede the r-th row of the smallest class. So a row's place of that
r-th row is all that condensing must know; each row that joins and precedes it is one vote, and a row that is
right stays right. One-sided selection asks the other way round, whether r rows of the smallest class precede
the t-th seed, and needs no neighbours at all.

Rows that are not yet right are taken 2,048 at a time: a pass in order among themselves, then one search that
counts for all later ones what joined. Time: one search of the class among the smallest class and one among
the store; memory O(n_samples).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import check_integer, check_seed
from fastsmote._core.containers import gather_rows
from fastsmote._core.draw import draw_distinct
from fastsmote._core.freeze import freeze
from fastsmote._core.intake import Intake, read_numbers
from fastsmote._core.labels import Labels, rows_by_code, rows_of
from fastsmote._core.sparse_matrix import SparseMatrix
from fastsmote._core.typing import Floats, Mask, Progress, RandomState, RowIds
from fastsmote._kernels.neighbors.sparse import SUMS
from fastsmote._kernels.sampling import condense as kernels
from fastsmote._neighbors import build, index, predicates, search
from fastsmote._neighbors.index import Index
from fastsmote._sampling.apply import Selection
from fastsmote._sampling.clean.min_count import warn_of_lost_classes
from fastsmote._sampling.clean.tomek import decide_without_links
from fastsmote._sampling.strategy import clean_targets

PASS = 2048  # rows in one sequential pass; 20 ms if all of them join


class CondensingOptions(TypedDict):
    """What both condensers take beside the data."""

    sampling_strategy: Any
    random_state: RandomState
    n_neighbors: Any
    n_seeds_S: Any
    n_jobs: int | None
    progress: Progress | None


class Condensing(NamedTuple):
    """A request to keep the rows that decide how the others are classified."""

    intake: Intake
    cleaned: Mask  # (n_classes,)
    seed: int
    n_neighbors: int
    n_seeds: int


def read_condensing(X: Any, y: Any, **options: Unpack[CondensingOptions]) -> Condensing:
    """The request of a condenser."""
    seed = check_seed(options["random_state"])
    n_neighbors = check_integer(options["n_neighbors"], "n_neighbors")
    n_seeds = check_integer(options["n_seeds_S"], "n_seeds_S")
    intake = read_numbers(X, y, may_be_sparse=True, n_jobs=options["n_jobs"])
    cleaned = clean_targets(options["sampling_strategy"], intake.labels, intake.y.given)
    return Condensing(intake, cleaned, seed, n_neighbors, n_seeds)


def select_cnn(X: Any, y: Any, **options: Unpack[CondensingOptions]) -> Selection:
    """The decision of :func:`fastsmote.condensed_nearest_neighbour`."""
    request = read_condensing(X, y, **options)
    return Selection(request.intake, _decide(request, decide_cnn, options["n_jobs"], options["progress"]))


def select_oss(X: Any, y: Any, **options: Unpack[CondensingOptions]) -> Selection:
    """The decision of :func:`fastsmote.one_sided_selection`."""
    request = read_condensing(X, y, **options)
    kept = _decide(request, decide_oss, options["n_jobs"], options["progress"])
    return Selection(request.intake, warn_of_lost_classes(request.intake.labels, kept))


def _decide(
    request: Condensing, decide: Callable[..., RowIds], n_jobs: int | None, progress: Progress | None
) -> RowIds:
    intake, cleaned, seed, n_neighbors, n_seeds = request
    return decide(intake.matrix, intake.labels, cleaned, seed, n_neighbors, n_seeds, n_jobs, progress)


def decide_cnn(
    matrix: NDArray[Any],
    labels: Labels,
    cleaned: NDArray[np.bool_],
    seed: int,
    n_neighbors: int,
    n_seeds_S: int,
    n_jobs: int | None,
    progress: Progress | None,
) -> RowIds:
    """Rows kept by condensed nearest neighbours, ascending.

    Seeds of class c depend on (seed, c) only.

    Raises
    ------
    ValueError
        A cleaned class with less than ``n_seeds_S`` rows, or a store with less than ``n_neighbors``.
    """
    seeds = draw_seeds(labels, cleaned, seed, n_seeds_S, n_neighbors, n_jobs)
    return condense(matrix, labels, seeds, n_neighbors, n_jobs, progress)


def decide_oss(
    matrix: NDArray[Any],
    labels: Labels,
    cleaned: NDArray[np.bool_],
    seed: int,
    n_neighbors: int,
    n_seeds_S: int,
    n_jobs: int | None,
    progress: Progress | None,
) -> RowIds:
    """Rows kept by one-sided selection, ascending.

    Parameters and errors are those of ``decide_cnn``.
    """
    seeds = draw_seeds(labels, cleaned, seed, n_seeds_S, n_neighbors, n_jobs)
    kept = select_one_sided(matrix, labels, seeds, n_neighbors, n_jobs, progress)
    codes = np.empty(len(kept), np.int64)
    gather_rows(codes, labels.codes, kept, n_jobs)
    left = Labels(codes, labels.classes, labels.counts_of(kept))
    rows = _rows_of(matrix, kept, n_jobs)
    return kept[decide_without_links(rows, left, cleaned, np.zeros_like(left.counts), n_jobs, progress)]


def _rows_of(matrix: Any, rows: RowIds, n_jobs: int | None) -> Any:
    """Some rows of a dense or sparse matrix, as one that nobody writes to."""
    if isinstance(matrix, SparseMatrix):
        return matrix[rows]
    taken = np.empty((len(rows), matrix.shape[1]), matrix.dtype)
    gather_rows(taken, matrix, rows, n_jobs)
    return freeze(taken)


def draw_seeds(
    labels: Labels,
    cleaned: NDArray[np.bool_],
    seed: int,
    n_seeds: int,
    n_neighbors: int,
    n_jobs: int | None,
) -> dict[int, RowIds]:
    """Seeds, ascending, of each class that is condensed."""
    minority = int(np.argmin(labels.counts))
    condensed = [int(code) for code in np.flatnonzero(cleaned) if code != minority]
    names = labels.classes.tolist()
    for code in condensed:
        if n_seeds > labels.counts[code]:
            raise ValueError(
                f"n_seeds_S must be at most {labels.counts[code]}, the number of rows of class "
                f"{names[code]!r}. Got {n_seeds}; pass fewer, or leave the class out of sampling_strategy."
            )
    in_store = int(labels.counts[minority]) + n_seeds
    if condensed and n_neighbors > in_store:
        raise ValueError(
            f"n_neighbors must be at most {in_store}, the {labels.counts[minority]} rows of class "
            f"{names[minority]!r} and n_seeds_S={n_seeds} seeds. Got {n_neighbors}; pass fewer neighbours."
        )
    rows = rows_by_code(labels.codes, len(labels.counts), n_jobs)
    return {
        code: rows[code][draw_distinct(np.uint64(seed), code, len(rows[code]), n_seeds, n_jobs)]
        for code in condensed
    }


def condense(
    matrix: NDArray[Any],
    labels: Labels,
    seeds: Mapping[int, RowIds],
    n_neighbors: int,
    n_jobs: int | None,
    progress: Progress | None,
) -> RowIds:
    """Rows kept when each class of ``seeds`` is condensed from its seeds, ascending."""
    kept = _others(labels, seeds)
    smallest = _smallest(matrix, labels, n_jobs)
    for chosen, open_rows, needed, opposed in _races(labels, seeds, n_neighbors):
        rows = open_rows
        places, ids = search.find_nearest(smallest, opposed, rows=rows, n_jobs=n_jobs, progress=progress)
        squared, others = places[:, -1].copy(), ids[:, -1].copy()
        missing, joined = np.full(len(rows), needed), chosen
        while True:
            kept[joined] = True
            store = among(smallest, joined, n_jobs)
            missing -= preceding(store, rows, needed, squared, others, n_jobs, progress)
            wrong = missing > 0
            rows, squared, others, missing = rows[wrong], squared[wrong], others[wrong], missing[wrong]
            if not len(rows):
                break
            n_pass = min(PASS, len(rows))
            part = slice(n_pass)
            joins = join(matrix, rows[part], squared, others, missing, smallest.scale)
            joined = rows[part][joins]
            rows, squared, others = rows[n_pass:], squared[n_pass:], others[n_pass:]
            missing = missing[n_pass:]
    return np.flatnonzero(kept)


def join(matrix: Any, rows: RowIds, squared: Floats, others: RowIds, missing: RowIds, scale: float) -> Mask:
    """Which of some rows join the store, one after the other; ``missing`` is counted down."""
    joins, later = np.zeros(len(rows), bool), np.empty(len(rows), np.int64)
    parts = rows, squared, others, missing, scale
    if isinstance(matrix, SparseMatrix):
        room = kernels.SparseRoom(later, np.empty(SUMS))
        kernels.condense_sparse(matrix.rows, *parts, room, joins, 0, len(rows))
    else:
        kernels.condense(matrix, *parts, later, joins, 0, len(rows))
    return joins


def select_one_sided(
    matrix: NDArray[Any],
    labels: Labels,
    seeds: Mapping[int, RowIds],
    n_neighbors: int,
    n_jobs: int | None,
    progress: Progress | None,
) -> RowIds:
    """Rows kept by the first step of one-sided selection from the seeds of each class, ascending."""
    kept = _others(labels, seeds)
    smallest = _smallest(matrix, labels, n_jobs)
    for chosen, rows, needed, opposed in _races(labels, seeds, n_neighbors):
        squared, found = search.find_nearest(
            among(smallest, chosen, n_jobs), needed, rows=rows, n_jobs=n_jobs, progress=progress
        )
        bound = squared[:, -1], found[:, -1]
        wrong = predicates.at_least_precede(
            smallest, smallest, rows, opposed, bound, n_jobs=n_jobs, progress=progress
        )
        kept[chosen] = True
        kept[rows[wrong]] = True
    return rows_of(kept, 1, n_jobs)


def _races(
    labels: Labels, seeds: Mapping[int, RowIds], n_neighbors: int
) -> Iterator[tuple[RowIds, RowIds, int, int]]:
    """Of each class: its seeds, its other rows, and how many votes these need for and against their class."""
    for code, chosen in seeds.items():
        yield chosen, _remaining(labels, code, chosen), *_votes(labels, code, n_neighbors)


def _others(labels: Labels, seeds: Mapping[int, RowIds]) -> NDArray[np.bool_]:
    """Whether a row is of a class that is not condensed."""
    return ~np.isin(np.arange(len(labels.counts)), list(seeds))[labels.codes]


def _smallest(matrix: NDArray[Any], labels: Labels, n_jobs: int | None) -> Index:
    """The index of the smallest class, in which any row of the matrix may ask."""
    return index_of_smallest(matrix, rows_of(labels.codes, int(np.argmin(labels.counts)), n_jobs), n_jobs)


def among(smallest: Index, rows: RowIds, n_jobs: int | None) -> Index:
    """An index of some rows, with the distances of that of the smallest class."""
    return index.rescaled(build.build_index(smallest.X, [rows], n_jobs=n_jobs), smallest.scale)


def _votes(labels: Labels, code: int, n_neighbors: int) -> tuple[int, int]:
    """How many votes make a row of the class right, and how many against it make it wrong."""
    return votes_to_win(code, int(np.argmin(labels.counts)), n_neighbors)


def _remaining(labels: Labels, code: int, seeds: RowIds) -> RowIds:
    """Rows of the class that are not seeds, ascending."""
    asks = labels.codes == code
    asks[seeds] = False
    return np.flatnonzero(asks)


def preceding(
    store: Index,
    rows: RowIds,
    most: int,
    squared: NDArray[np.float64],
    others: RowIds,
    n_jobs: int | None,
    progress: Progress | None,
) -> RowIds:
    """How many rows of the store, at most ``most``, precede the place (squared[i], others[i]) of each row."""
    near, found = search.find_nearest(
        store, most, rows=rows, known=(squared, others), stop=squared, n_jobs=n_jobs, progress=progress
    )
    return ((near != squared[:, np.newaxis]) | (found != others[:, np.newaxis])).sum(axis=1)


def index_of_smallest(matrix: NDArray[Any], rows: RowIds, n_jobs: int | None) -> Index:
    """An index of the rows of the smallest class, which all rows of the matrix may query."""
    return index.rescaled_for(build.build_index(matrix, [rows], n_jobs=n_jobs), matrix, n_jobs=n_jobs)


def votes_to_win(code: int, minority: int, n_neighbors: int) -> tuple[int, int]:
    """Votes that make a row of class ``code`` right against the smallest class, and votes that make it wrong.

    The class that sorts first wins a tie.
    """
    needed = n_neighbors // 2 + (0 if code < minority and n_neighbors % 2 == 0 else 1)
    return needed, n_neighbors - needed + 1
