"""Cleaners of ``fastsmote.imblearn``: they remove rows that contradict their neighbours.

The engine (``_sampling.clean``) decides which rows stay. Here is what imbalanced-learn does otherwise: it
decides anew in each round which classes are cleaned, and of equally small classes it takes the first in the
order of rows for the smallest.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import imblearn.under_sampling as parents
import numpy as np
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors

from fastsmote._core.labels import Labels, check_labels, first_of_each
from fastsmote._core.typing import Mask, RowIds
from fastsmote._sampling.clean import editing
from fastsmote._sampling.clean.rounds import Rounds
from fastsmote._sampling.clean.tomek import decide_without_links
from fastsmote.imblearn._nearest import (
    is_count,
    matrix_of,
    neighbors_of,
    of_another_kind,
    requested_neighbors,
)
from fastsmote.imblearn._rows import (
    KeepsRows,
    first_smallest,
    grouped,
    leave_fitted,
    named_classes,
    strategy_of,
    threads,
    uncovered_data,
)


class TomekLinks(KeepsRows, parents.TomekLinks):  # type: ignore[misc]
    """imbalanced-learn's TomekLinks, accelerated.

    Parameters, attributes, results and errors are those of :class:`imblearn.under_sampling.TomekLinks`;
    X that is not of numbers, and subclasses that override its methods are left to it.

    See Also
    --------
    fastsmote.tomek_links : The same method as a function.
    fastsmote.select.tomek_links : The rows that are kept.

    Notes
    -----
    Distances are exact and ties go by row number; where imbalanced-learn's are not, rows can differ from its
    (see ``fastsmote.imblearn._rows``). Time and memory are those of :func:`fastsmote.tomek_links`.

    Examples
    --------
    >>> from fastsmote.imblearn import TomekLinks
    >>> TomekLinks().fit_resample([[0.0], [1.0], [2.0], [2.5], [9.0]], [0, 0, 0, 1, 1])
    ([[0.0], [1.0], [2.5], [9.0]], [0, 0, 1, 1])
    """

    def _why_parent(self, X: Any, labels: Labels) -> str | None:
        return uncovered_data(X, self.n_jobs)

    def _kept(self, X: Any, y: Any, labels: Labels) -> RowIds:
        cleaned = named_classes(labels, self.sampling_strategy_)
        none = np.zeros_like(labels.counts)
        return decide_without_links(matrix_of(X), labels, cleaned, none, threads(self.n_jobs), None)


class EditedNearestNeighbours(KeepsRows, parents.EditedNearestNeighbours):  # type: ignore[misc]
    """imbalanced-learn's EditedNearestNeighbours, accelerated.

    Parameters, attributes, results and errors are those of
    :class:`imblearn.under_sampling.EditedNearestNeighbours`. Left to it are X that is not of numbers,
    ``n_neighbors`` other than a number or Euclidean NearestNeighbors (scikit-learn's with any ``algorithm``,
    or ``fastsmote.sklearn``'s), and subclasses that override its methods.

    See Also
    --------
    fastsmote.edited_nearest_neighbours : The same method as a function.
    fastsmote.select.edited_nearest_neighbours : The rows that are kept.

    Notes
    -----
    ``kind_sel="mode"`` takes labels of any kind, where imbalanced-learn fails with strings. A row is never
    its own neighbour, its duplicates are. Time and memory are those of
    :func:`fastsmote.edited_nearest_neighbours`.
    Distances are exact and ties go by row number; where imbalanced-learn's are not, rows can differ from its
    (see ``fastsmote.imblearn._rows``).

    Examples
    --------
    >>> from fastsmote.imblearn import EditedNearestNeighbours
    >>> X = [[0.0], [1.0], [2.0], [5.0], [5.1], [5.2], [5.3]]
    >>> EditedNearestNeighbours(n_neighbors=2).fit_resample(X, [0, 0, 0, 0, 1, 1, 1])
    ([[0.0], [1.0], [2.0], [5.1], [5.2], [5.3]], [0, 0, 0, 1, 1, 1])
    """

    def _why_parent(self, X: Any, labels: Labels) -> str | None:
        return _why_not_edited(self, X)

    def _kept(self, X: Any, y: Any, labels: Labels) -> RowIds:
        self._validate_estimator()
        k = leave_fitted(self, "nn_", X) - 1
        cleaned = named_classes(labels, self.sampling_strategy_)
        none = np.zeros_like(labels.counts)
        kept = editing.decide_enn(
            matrix_of(X), labels, cleaned, k, self.kind_sel, none, threads(self.n_jobs), None
        )
        return grouped(kept, labels)


def _why_not_edited(sampler: Any, X: Any) -> str | None:
    """Why imbalanced-learn must edit X: data, neighbours that are others, none, or too many."""
    k = requested_neighbors(sampler.n_neighbors, 1)
    if k is None:
        return of_another_kind("n_neighbors", sampler.n_neighbors)
    if k < 2:
        return "n_neighbors leaves no neighbour"
    return uncovered_data(X, sampler.n_jobs) or ("more neighbours than rows" if k > X.shape[0] else None)


class _Edited(NamedTuple):
    """What is left after rounds of editing."""

    left: Mask  # (n,) rows that are left
    before: Mask  # (n,) rows that were left before the last round
    n_rounds: int


class _EditsAgain(KeepsRows):
    """Repeated editing: each round looks at what the last one left, and decides anew what it may remove."""

    n_neighbors: Any
    n_jobs: Any
    kind_sel: Any
    enn_: Any
    nn_: Any

    def _validate_estimator(self) -> None:
        super()._validate_estimator()  # type: ignore[misc]
        self.enn_ = EditedNearestNeighbours(**self.enn_.get_params(deep=False))

    def _why_parent(self, X: Any, labels: Labels) -> str | None:
        return _why_not_edited(self, X)

    def _edit(self, X: Any, y: Any, labels: Labels, numbers: Sequence[int], least: int) -> _Edited | None:
        """Rounds with these numbers of neighbours, each of which decides anew which classes it cleans.

        Ends after a round that leaves a class no rows, or one other than the smallest fewer than ``least``,
        and where all numbers are equal after a round that removes nothing. None where a round has too few
        rows.
        """
        others = np.arange(len(labels.counts)) != first_smallest(labels)
        same_k = numbers[0] == numbers[-1]
        cleaned = named_classes(labels, self.sampling_strategy_)
        rounds = Rounds(matrix_of(X), labels, self.kind_sel, threads(self.n_jobs))
        rounds.start(cleaned, numbers[-1], same_k)
        for done, k in enumerate(numbers):
            before = rounds.left.copy()
            if done:
                rows = grouped(np.flatnonzero(before), labels)
                if len(rows) <= k:
                    return None
                cleaned = self._cleaned_of(rows, y, labels)
            removed = rounds.contradicted(cleaned, k)
            rounds.remove(removed)
            counts = labels.counts_of(rounds.left)
            over = not counts.all() or (counts[others] < least).any()
            if over or (same_k and not len(removed)):
                break
        return _Edited(rounds.left, before, done + 1)

    def _cleaned_of(self, rows: RowIds, y: Any, labels: Labels) -> Mask:
        """Which classes ``sampling_strategy`` stands for among the rows that a round looks at."""
        codes = labels.codes[rows]
        counts = np.bincount(codes, minlength=len(labels.counts))
        left = Labels(codes, labels.classes, counts)
        self.enn_.sampling_strategy_ = strategy_of(self, np.asarray(y)[rows], left)
        return named_classes(labels, self.enn_.sampling_strategy_)

    def _finish(self, X: Any, labels: Labels, edited: _Edited) -> RowIds:
        """The rows that are left, and the attributes that the last round's ``enn_`` would have."""
        kept = grouped(np.flatnonzero(edited.left), labels)
        if edited.n_rounds == 1:
            self.enn_.sampling_strategy_ = self.sampling_strategy_
            self.enn_.sample_indices_ = kept
        else:
            looked_at = grouped(np.flatnonzero(edited.before), labels)
            self.enn_.sample_indices_ = np.flatnonzero(edited.left[looked_at])
        self.enn_.n_features_in_ = X.shape[1]
        return kept


class RepeatedEditedNearestNeighbours(_EditsAgain, parents.RepeatedEditedNearestNeighbours):  # type: ignore[misc]
    """imbalanced-learn's RepeatedEditedNearestNeighbours, accelerated.

    Parameters, attributes, results and errors are those of
    :class:`imblearn.under_sampling.RepeatedEditedNearestNeighbours`; what is left to it is as for
    :class:`EditedNearestNeighbours`.

    See Also
    --------
    fastsmote.repeated_edited_nearest_neighbours : The same method as a function.
    fastsmote.select.repeated_edited_nearest_neighbours : The rows that are kept.

    Notes
    -----
    As in imbalanced-learn, each round decides anew which classes ``sampling_strategy`` stands for, and where
    the first round removes nothing ``sample_indices_`` are its order applied twice; X and y are right. Later
    rounds look only at rows whose result rested on a row that has been removed.
    Distances are exact and ties go by row number; where imbalanced-learn's are not, rows can differ from its
    (see ``fastsmote.imblearn._rows``).

    Examples
    --------
    >>> from fastsmote.imblearn import RepeatedEditedNearestNeighbours
    >>> X = [[0.0], [1.0], [2.0], [4.0], [5.0], [5.1], [5.2], [5.3]]
    >>> sampler = RepeatedEditedNearestNeighbours(n_neighbors=2)
    >>> sampler.fit_resample(X, [0, 0, 0, 0, 0, 1, 1, 1])[0], sampler.n_iter_
    ([[0.0], [1.0], [2.0], [5.1], [5.2], [5.3]], 2)
    """

    def _find_rows(self, y: Any, n_resampled: int) -> RowIds | None:
        if self.n_iter_ == 1 and n_resampled == len(y):  # ``sample_indices_`` are applied twice
            return grouped(np.arange(n_resampled), check_labels(y))
        return self.sample_indices_

    def _select(self, X: Any, y: Any, labels: Labels) -> Any:
        result = super()._select(X, y, labels)
        if self.n_iter_ == 1 and len(self.sample_indices_) == len(labels.codes):
            self.sample_indices_ = self.sample_indices_[self.sample_indices_]
        return result

    def _kept(self, X: Any, y: Any, labels: Labels) -> RowIds | None:
        self._validate_estimator()
        k = leave_fitted(self, "nn_", X) - 1
        edited = self._edit(X, y, labels, [k] * self.max_iter, int(labels.counts.min()))
        if edited is None:
            return None
        self.n_iter_ = edited.n_rounds
        return self._finish(X, labels, edited)


class AllKNN(_EditsAgain, parents.AllKNN):  # type: ignore[misc]
    """imbalanced-learn's AllKNN, accelerated.

    Parameters, attributes, results and errors are those of :class:`imblearn.under_sampling.AllKNN`; what is
    left to it is as for :class:`EditedNearestNeighbours`.

    See Also
    --------
    fastsmote.all_knn : The same method as a function.
    fastsmote.select.all_knn : The rows that are kept.

    Notes
    -----
    As in imbalanced-learn, each round decides anew which classes ``sampling_strategy`` stands for. Rows whose
    ``n_neighbors`` nearest are all of their class are looked at once for all rounds.
    Distances are exact and ties go by row number; where imbalanced-learn's are not, rows can differ from its
    (see ``fastsmote.imblearn._rows``).

    Examples
    --------
    >>> from fastsmote.imblearn import AllKNN
    >>> X = [[0.0], [1.0], [2.0], [5.0], [5.1], [5.2], [5.3]]
    >>> AllKNN(n_neighbors=2).fit_resample(X, [0, 0, 0, 0, 1, 1, 1])[0]
    [[0.0], [1.0], [2.0], [5.1], [5.2], [5.3]]
    """

    def _kept(self, X: Any, y: Any, labels: Labels) -> RowIds | None:
        self._validate_estimator()
        least = 0 if self.allow_minority else int(labels.counts.min())
        edited = self._edit(X, y, labels, range(1, leave_fitted(self, "nn_", X)), least)
        if edited is None:
            return None
        self.enn_.n_neighbors = edited.n_rounds
        return self._finish(X, labels, edited)


class NeighbourhoodCleaningRule(KeepsRows, parents.NeighbourhoodCleaningRule):  # type: ignore[misc]
    """imbalanced-learn's NeighbourhoodCleaningRule, accelerated.

    Parameters, attributes, results and errors are those of
    :class:`imblearn.under_sampling.NeighbourhoodCleaningRule`. ``n_neighbors`` may be NearestNeighbors or
    KNeighborsClassifier of scikit-learn with Euclidean distances and any ``algorithm``; other objects, X that
    is not of numbers, and subclasses that override its methods are left to imbalanced-learn. An
    ``edited_nearest_neighbours`` that you pass does the first step as it is.

    See Also
    --------
    fastsmote.neighbourhood_cleaning_rule : The same method as a function.
    fastsmote.select.neighbourhood_cleaning_rule : The rows that are kept.

    Notes
    -----
    ``nn_`` is created but not fitted. Labels may be of any kind, where imbalanced-learn fails with strings.
    Distances are exact and ties go by row number; where imbalanced-learn's are not, rows can differ from its
    (see ``fastsmote.imblearn._rows``).

    Examples
    --------
    >>> import fastsmote
    >>> from fastsmote.imblearn import NeighbourhoodCleaningRule
    >>> X, y = fastsmote.make_fraud(2000, fraud_rate=0.05, random_state=0)
    >>> X_cleaned, y_cleaned = NeighbourhoodCleaningRule().fit_resample(X, y)
    >>> int(y_cleaned.sum()) == int(y.sum()), len(y_cleaned) <= len(y)
    (True, True)
    """

    edited_nearest_neighbours_: Any

    def _validate_estimator(self) -> None:
        super()._validate_estimator()
        if self.edited_nearest_neighbours is None:
            given = self.edited_nearest_neighbours_.get_params(deep=False)
            self.edited_nearest_neighbours_ = EditedNearestNeighbours(**given)

    def _neighbors(self) -> int | None:
        """Neighbours of the second step."""
        if is_count(self.n_neighbors):
            return int(self.n_neighbors)
        if isinstance(self.n_neighbors, NearestNeighbors):
            given = neighbors_of(self.n_neighbors)
            return None if given is None else given - 1
        if self.edited_nearest_neighbours is None:
            return None  # the sampler of the first step takes no such object
        return neighbors_of(self.n_neighbors, KNeighborsClassifier)

    def _why_parent(self, X: Any, labels: Labels) -> str | None:
        k = self._neighbors()
        if k is None:
            return of_another_kind("n_neighbors", self.n_neighbors)
        if k < 1:
            return "n_neighbors leaves no neighbour"
        if getattr(self, "kind_sel", "deprecated") != "deprecated":
            return "kind_sel, of which imbalanced-learn 0.13 warns"
        return uncovered_data(X, self.n_jobs) or ("more neighbours than rows" if k >= X.shape[0] else None)

    def _kept(self, X: Any, y: Any, labels: Labels) -> RowIds:
        self._validate_estimator()
        k, n_jobs, codes = self._neighbors(), threads(self.n_jobs), labels.codes
        assert k is not None
        cleaned = named_classes(labels, self.sampling_strategy_)
        minority = first_smallest(labels)
        reducible = cleaned & (labels.counts > labels.counts[minority] * self.threshold_cleaning)
        in_order = np.argsort(first_of_each(codes, len(labels.counts)))
        self.classes_to_clean_ = [labels.classes[code] for code in in_order if reducible[code]]
        rounds = Rounds(matrix_of(X), labels, "mode", n_jobs)
        stays = self._edit_first(X, y, labels, cleaned, k, rounds)
        around = rounds.around_misclassified(np.flatnonzero(codes == minority), k)
        stays[around[reducible[codes[around]]]] = False
        return np.flatnonzero(stays)

    def _edit_first(self, X: Any, y: Any, labels: Labels, cleaned: Mask, k: int, rounds: Rounds) -> Mask:
        """Which rows the first step leaves."""
        first = self.edited_nearest_neighbours_
        stays = np.zeros(len(labels.codes), bool)
        if self.edited_nearest_neighbours is None:
            rounds.start(cleaned, k, True)
            stays[:] = True
            stays[rounds.contradicted(cleaned, k)] = False
            first.sampling_strategy_ = self.sampling_strategy_
            first.sample_indices_ = grouped(np.flatnonzero(stays), labels)
            return stays
        first.fit_resample(X, y)
        stays[first.sample_indices_] = True
        return stays
