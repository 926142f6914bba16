"""Condensing samplers of ``fastsmote.imblearn``, with imbalanced-learn's seeds and its order of rows.

Each class that is cleaned is condensed against the smallest class, with a store that starts from all rows
of that and from seeds. A vote is a race, as in ``fastsmote._sampling.under.condensing``: a row is right
exactly if enough rows of its class in the store precede the row of the smallest class that would outvote
them. What differs there:

* Rows of the smallest class are the first in the store, and as long as scikit-learn compares all rows, the
  first of equally distant rows votes.
* A seed may be drawn twice; then it is in the store twice, votes twice and is kept twice.
* The smallest class, where it is named, is reduced to its seeds.
* Condensing goes through the rows of a class once, in order. imbalanced-learn keeps a list of what it need
  not classify: row numbers of X (what is in the store) and row numbers of the class (what the store gets
  right); and looks there for row numbers of the class. So it passes over the i-th row of a class if the i-th
  row of X is in the store. And it classifies seeds, which with several neighbours may join a second time.

Whether the i-th row of X is in the store is known before the turn of the i-th row of the class, because that
stands at or after it. Rows are classified in stretches in which none waits for the result of another.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import imblearn.under_sampling as parents
import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.utils import check_random_state

from fastsmote._core.labels import Labels
from fastsmote._core.sparse_matrix import frozen_rows
from fastsmote._core.typing import RowIds
from fastsmote._neighbors import distance, predicates, search
from fastsmote._neighbors.index import Index
from fastsmote._sampling.clean.tomek import decide_without_links
from fastsmote._sampling.under import condensing
from fastsmote.imblearn._nearest import matrix_of, of_another_kind
from fastsmote.imblearn._rows import (
    KeepsRows,
    first_smallest,
    n_voters,
    named_classes,
    rows_of,
    threads,
    uncovered_data,
)


class _Race(NamedTuple):
    """One class against the smallest."""

    smallest: Index
    rows: RowIds  # of the class, ascending
    needed: int  # votes that make a row right
    opposed: int  # votes that make it wrong
    n_jobs: int | None


class _Condenses(KeepsRows):
    """Seeds and classifiers of both samplers."""

    n_neighbors: Any
    n_seeds_S: Any
    random_state: Any
    n_jobs: Any
    estimators_: list

    def _why_parent(self, X: Any, labels: Labels) -> str | None:
        k = n_voters(self.n_neighbors)
        if k is None:
            return of_another_kind("n_neighbors", self.n_neighbors)
        if k > labels.counts.min() + self.n_seeds_S:
            return "more neighbours than rows in the store"
        return uncovered_data(X, self.n_jobs)

    def _races(self, matrix: NDArray[Any], labels: Labels) -> Iterator[tuple[int, RowIds, _Race | None]]:
        """Each class: code, what is kept of it at least, and its race where it has one.

        That is all rows of a class that is not cleaned, and the seeds of others.
        """
        random_state = check_random_state(self.random_state)
        k, n_jobs = n_voters(self.n_neighbors), threads(self.n_jobs)
        assert k is not None
        minority = first_smallest(labels)
        minority_rows = np.flatnonzero(labels.codes == minority)
        smallest = condensing.index_of_smallest(matrix, minority_rows, n_jobs)
        for code, cleaned in enumerate(named_classes(labels, self.sampling_strategy_)):
            rows = np.flatnonzero(labels.codes == code)
            if not cleaned:
                yield code, rows, None
                continue
            seeds = rows[random_state.randint(low=0, high=len(rows), size=self.n_seeds_S)]
            race = _Race(smallest, rows, *condensing.votes_to_win(code, minority, k), n_jobs)
            yield code, seeds, race if code != minority else None

    def _fit_store(self, X: Any, y: Any, labels: Labels, store: RowIds) -> None:
        """The classifier that imbalanced-learn leaves: of the smallest class and of the store."""
        rows = np.append(np.flatnonzero(labels.codes == first_smallest(labels)), store)
        estimator = clone(self._validate_estimator())  # type: ignore[attr-defined]
        self.estimators_.append(estimator.fit(rows_of(X, rows), rows_of(y, rows)))


class CondensedNearestNeighbour(_Condenses, parents.CondensedNearestNeighbour):  # type: ignore[misc]
    """imbalanced-learn's CondensedNearestNeighbour, accelerated.

    One seed gives other rows here than in :func:`fastsmote.condensed_nearest_neighbour`.

    Parameters, attributes, results and errors are those of
    :class:`imblearn.under_sampling.CondensedNearestNeighbour`. Left to it are X that is not of numbers,
    classifiers that are not scikit-learn's KNeighborsClassifier with Euclidean distances (with any
    ``algorithm``) and equal weights, and subclasses that override its methods.

    See Also
    --------
    fastsmote.condensed_nearest_neighbour : The same method as a function.
    fastsmote.select.condensed_nearest_neighbour : The rows that are kept.

    Notes
    -----
    Rows that imbalanced-learn passes over by comparing row numbers of X with row numbers of a class are
    passed over here too; :func:`fastsmote.condensed_nearest_neighbour` classifies all of them. Time is one
    search of each class among the smallest and one among the store. Distances are exact, and of equally
    distant rows those of the smallest class vote first, as they come first in the classifier; where
    imbalanced-learn's are not, rows can differ from its (see ``fastsmote.imblearn._rows``).

    Examples
    --------
    >>> from fastsmote.imblearn import CondensedNearestNeighbour
    >>> X = [[0.0], [1.0], [2.0], [3.0], [4.0], [9.0], [10.0]]
    >>> CondensedNearestNeighbour(random_state=0).fit_resample(X, [0, 0, 0, 0, 0, 1, 1])
    ([[4.0], [9.0], [10.0]], [0, 1, 1])
    """

    def _kept(self, X: Any, y: Any, labels: Labels) -> RowIds:
        matrix = matrix_of(X)
        self.estimators_ = []
        kept = [np.empty(0, np.int64)]
        cleaned = named_classes(labels, self.sampling_strategy_)
        for code, rows, race in self._races(matrix, labels):
            joined = rows if race is None else np.append(rows, _condense(matrix, race, rows))
            if cleaned[code]:
                self._fit_store(X, y, labels, joined)
            kept.append(joined)
        return np.concatenate(kept)


class OneSidedSelection(_Condenses, parents.OneSidedSelection):  # type: ignore[misc]
    """imbalanced-learn's OneSidedSelection, accelerated.

    One seed gives other rows here than in :func:`fastsmote.one_sided_selection`.

    Parameters, attributes, results and errors are those of
    :class:`imblearn.under_sampling.OneSidedSelection`; what is left to it is as for
    :class:`CondensedNearestNeighbour`.

    See Also
    --------
    fastsmote.one_sided_selection : The same method as a function.
    fastsmote.select.one_sided_selection : The rows that are kept.

    Notes
    -----
    Time is one search of each class among the smallest, and the Tomek links of what is left.
    Distances are exact, and of equally distant rows those of the smallest class vote first, as they come
    first in the classifier; where imbalanced-learn's are not, rows can differ from its (see
    ``fastsmote.imblearn._rows``).

    Examples
    --------
    >>> from fastsmote.imblearn import OneSidedSelection
    >>> X = [[0.0], [1.0], [2.0], [3.0], [4.0], [9.0], [10.0]]
    >>> OneSidedSelection(random_state=0).fit_resample(X, [0, 0, 0, 0, 0, 1, 1])
    ([[4.0], [9.0], [10.0]], [0, 1, 1])
    """

    def _why_parent(self, X: Any, labels: Labels) -> str | None:
        if isinstance(self.n_neighbors, np.integer):
            return "n_neighbors is a NumPy number"  # which imbalanced-learn does not take
        return super()._why_parent(X, labels)

    def _kept(self, X: Any, y: Any, labels: Labels) -> RowIds:
        matrix = matrix_of(X)
        self.estimators_ = []
        chosen = [np.empty(0, np.int64)]
        cleaned = named_classes(labels, self.sampling_strategy_)
        for code, rows, race in self._races(matrix, labels):
            if cleaned[code]:
                self._fit_store(X, y, labels, rows)
                if len(np.unique(rows)) == labels.counts[code]:  # no row is left to classify: its error
                    self.estimators_[-1].predict(rows_of(X, rows[:0]))
            chosen.append(rows)
            if race is not None:
                chosen.append(_misclassified(race, rows))
        rows = np.concatenate(chosen)
        codes = labels.codes[rows]
        left = Labels(codes, labels.classes, np.bincount(codes, minlength=len(labels.counts)))
        selected = frozen_rows(matrix[rows])
        return rows[decide_without_links(selected, left, cleaned, np.zeros_like(left.counts), None, None)]


def _misclassified(race: _Race, seeds: RowIds) -> RowIds:
    """Rows of the class that the smallest class and the seeds get wrong, ascending, without the seeds."""
    rows = np.delete(race.rows, np.searchsorted(race.rows, seeds))
    distinct, times = np.unique(seeds, return_counts=True)
    k = min(race.needed, len(distinct))
    squared, found = search.find_nearest(
        condensing.among(race.smallest, distinct, race.n_jobs), k, rows=rows, n_jobs=race.n_jobs
    )
    votes = np.cumsum(times[np.searchsorted(distinct, found)], axis=1) >= race.needed
    at = np.argmax(votes, axis=1)[:, np.newaxis]
    reached = votes.any(axis=1)
    bound = (
        np.where(reached, np.take_along_axis(squared, at, axis=1)[:, 0], np.inf),
        np.full(len(rows), len(race.smallest.X)),
    )
    wrong = predicates.at_least_precede(
        race.smallest, race.smallest, rows, race.opposed, bound, n_jobs=race.n_jobs
    )
    return rows[wrong]


def _condense(matrix: NDArray[Any], race: _Race, seeds: RowIds) -> RowIds:
    """Rows that join the store after the seeds, in order."""
    smallest, rows, n_jobs = race.smallest, race.rows, race.n_jobs
    stored = np.zeros(len(matrix), bool)
    stored[seeds] = True
    places, _ = search.find_nearest(smallest, race.opposed, rows=rows, n_jobs=n_jobs)
    squared, others = places[:, -1].copy(), np.full(len(rows), -1)
    numbers = np.arange(len(rows))  # within the class
    missing = np.full(len(rows), race.needed)
    missing -= np.bincount(np.searchsorted(rows, seeds), minlength=len(rows))  # a seed votes for itself
    joined, new = [np.empty(0, np.int64)], seeds
    while True:
        while len(new):  # each row once, then those that are there twice
            distinct, first = np.unique(new, return_index=True)
            store = condensing.among(smallest, distinct, n_jobs)
            missing -= condensing.preceding(store, rows, race.needed, squared, others, n_jobs, None)
            new = np.delete(new, first)
        wrong = missing > 0
        rows, numbers, missing = rows[wrong], numbers[wrong], missing[wrong]
        squared, others = squared[wrong], others[wrong]
        if not len(rows):
            return np.concatenate(joined)
        n_pass = min(condensing.PASS, len(rows))
        part = slice(n_pass)
        new = _pass(
            matrix,
            smallest.scale,
            stored,
            rows[part],
            numbers[part],
            squared[part],
            others[part],
            missing[part],
        )
        joined.append(new)
        rows, numbers, missing = rows[n_pass:], numbers[n_pass:], missing[n_pass:]
        squared, others = squared[n_pass:], others[n_pass:]


def _pass(
    matrix: NDArray[Any],
    scale: float,
    stored: NDArray[np.bool_],
    rows: RowIds,
    numbers: RowIds,
    squared: NDArray[np.float64],
    others: RowIds,
    missing: RowIds,
) -> RowIds:
    """Which of some rows join, in order; ``stored`` (n,) and ``missing`` are brought up to date in place."""
    at = np.searchsorted(rows, numbers).clip(max=len(rows) - 1)
    waits_for = np.where((rows[at] == numbers) & (at < np.arange(len(rows))), at, -1)
    joined = []
    start = 0
    while start < len(rows):
        waits = np.flatnonzero(waits_for[start:] >= start)
        stop = start + int(waits[0]) if len(waits) else len(rows)
        asks = start + np.flatnonzero(~stored[numbers[start:stop]] & (missing[start:stop] > 0))
        joins = condensing.join(matrix, rows[asks], squared[asks], others[asks], missing[asks], scale)
        new = rows[asks[joins]]
        stored[new] = True
        joined.append(new)
        rest = np.arange(stop, len(rows))
        queries, voting = np.repeat(rest, len(new)), np.tile(new, len(rest))
        d2 = distance.squared_distances(matrix, rows[queries], matrix, voting, scale)
        votes = (d2 < squared[queries]) | ((d2 == squared[queries]) & (voting < others[queries]))
        missing[stop:] -= votes.reshape(len(rest), len(new)).sum(axis=1)
        start = stop
    return np.concatenate(joined)
