"""Under-samplers of ``fastsmote.imblearn`` that reach a number of rows for each class."""

from numbers import Integral
from typing import Any

import imblearn.under_sampling as parents
import numpy as np
from imblearn.utils import check_target_type
from scipy import sparse
from sklearn.neighbors import NearestNeighbors
from sklearn.utils import check_random_state

from fastsmote._core.labels import Labels
from fastsmote._core.typing import RowIds
from fastsmote._core.warn import warn_user
from fastsmote._neighbors.build import build_index
from fastsmote._neighbors.index import Index, rescaled_for
from fastsmote._sampling.under import near_miss
from fastsmote.imblearn._nearest import matrix_of, of_another_kind, requested_neighbors
from fastsmote.imblearn._rows import (
    KeepsRows,
    first_smallest,
    leave_fitted,
    named_classes,
    rows_of,
    threads,
    uncovered_data,
)
from fastsmote.imblearn._tally import run_and_count

_FEW = 4096  # rows that version 1 searches at once: bounds first would be three searches, 3 ms for 1 of 1,000
_ESTIMATOR = "the estimator does the work"
_TOO_FEW = (
    "The number of the samples to be selected is larger than the number of samples available. The balancing "
    "ratio cannot be ensure and all samples will be returned."
)


class RandomUnderSampler(KeepsRows, parents.RandomUnderSampler):  # type: ignore[misc]
    """imbalanced-learn's RandomUnderSampler, accelerated.

    One seed gives other rows here than in :func:`fastsmote.random_under_sample`.

    Parameters, attributes, results and errors are those of
    :class:`imblearn.under_sampling.RandomUnderSampler`, for X of any kind.

    See Also
    --------
    fastsmote.random_under_sample : The same method as a function.
    fastsmote.select.random_under_sample : The rows that are kept.

    Examples
    --------
    >>> from fastsmote.imblearn import RandomUnderSampler
    >>> RandomUnderSampler(random_state=0).fit_resample([[0], [1], [2], [3]], [0, 0, 0, 1])
    ([[2], [3]], [0, 1])
    """

    _frame_as = "rows"
    _checks_finite = False

    def _why_parent(self, X: Any, labels: Labels) -> None:
        return None

    def _kept(self, X: Any, y: Any, labels: Labels) -> RowIds:
        random_state = check_random_state(self.random_state)
        kept = [np.empty(0, np.int64)]
        for code, label in enumerate(labels.classes):
            rows = np.flatnonzero(labels.codes == code)
            if label in self.sampling_strategy_:
                n_kept = self.sampling_strategy_[label]
                rows = rows[random_state.choice(len(rows), size=n_kept, replace=self.replacement)]
            kept.append(rows)
        return np.concatenate(kept)


class NearMiss(KeepsRows, parents.NearMiss):  # type: ignore[misc]
    """imbalanced-learn's NearMiss, accelerated.

    Parameters, attributes, results and errors are those of :class:`imblearn.under_sampling.NearMiss`. What is
    left to it is as for :class:`EditedNearestNeighbours`.

    See Also
    --------
    fastsmote.near_miss : The same method as a function.
    fastsmote.select.near_miss : The rows that are kept.

    Notes
    -----
    Rows of a class come in the order of their distances; ``nn_ver3_`` is created but not fitted. Where the
    smallest class loses rows too, each row is the first of its own neighbours, as in imbalanced-learn. Time
    and memory are those of :func:`fastsmote.near_miss`.
    Distances are exact and ties go by row number; where imbalanced-learn's are not, rows can differ from its
    (see ``fastsmote.imblearn._rows``).

    Examples
    --------
    >>> from fastsmote.imblearn import NearMiss
    >>> X = [[0.0], [1.0], [2.0], [3.0], [9.0], [10.0]]
    >>> NearMiss(n_neighbors=1).fit_resample(X, [0, 0, 0, 0, 1, 1])
    ([[3.0], [2.0], [9.0], [10.0]], [0, 0, 1, 1])
    """

    def _why_parent(self, X: Any, labels: Labels) -> str | None:
        if not all(isinstance(n_kept, Integral) for n_kept in self.sampling_strategy_.values()):
            return "sampling_strategy asks for parts of rows"
        numbers = {"n_neighbors": self.n_neighbors}
        if self.version == 3:
            numbers["n_neighbors_ver3"] = self.n_neighbors_ver3
        for name, given in numbers.items():
            k = requested_neighbors(given)
            if k is None:
                return of_another_kind(name, given)
            if k > labels.counts.min() and self.version != 2:
                return f"{name} exceeds the rows of the smallest class"
        if requested_neighbors(self.n_neighbors) == 1 and self.version != 2:
            named = labels.classes[first_smallest(labels)] in self.sampling_strategy_
            if named:  # its rows are ordered by distances to themselves, which scikit-learn rounds
                return "n_neighbors is 1 within the smallest class"
        return uncovered_data(X, self.n_jobs)

    def _kept(self, X: Any, y: Any, labels: Labels) -> RowIds:
        self._validate_estimator()
        n_jobs = threads(self.n_jobs)
        matrix, minority = matrix_of(X), first_smallest(labels)
        rows = [np.flatnonzero(labels.codes == code) for code in range(len(labels.counts))]
        named = named_classes(labels, self.sampling_strategy_)
        searched = named & (self.version == 3)
        searched[minority] = True
        groups = [one if searched[code] else one[:0] for code, one in enumerate(rows)]
        index = rescaled_for(build_index(matrix, groups, n_jobs=n_jobs), matrix, n_jobs=n_jobs)
        leave_fitted(self, "nn_", rows_of(X, rows[minority]))
        kept = [np.empty(0, np.int64)]
        for code, candidates in enumerate(rows):
            if named[code]:
                n_kept = int(self.sampling_strategy_[labels.classes[code]])
                kept.append(self._nearest(index, code, candidates, minority, rows[minority], n_kept, n_jobs))
            else:
                kept.append(candidates)
        return np.concatenate(kept)

    def _nearest(
        self,
        index: Index,
        code: int,
        rows: RowIds,
        minority: int,
        minority_rows: RowIds,
        n_kept: int,
        n_jobs: int | None,
    ) -> RowIds:
        """The rows of a class that are kept, in the order of their scores.

        A row of the smallest class has itself for a neighbour, at distance 0: the others are searched, and
        their sum is the same.
        """
        smallest, k = index.of_class(minority), self.nn_.n_neighbors
        itself = int(code == minority)
        if self.version == 3:
            if not itself:
                among = self.nn_ver3_.n_neighbors
                rows = near_miss.near_rows(index, code, minority_rows, among, n_jobs, None)
            if len(rows) < n_kept:
                warn_user(_TOO_FEW)
        k = min(k, len(minority_rows) - itself) if self.version == 2 else k - itself
        if k == 0:
            return rows[:n_kept]
        if n_kept == 0:
            return rows[:0]
        if self.version == 2:
            return near_miss.farthest(smallest, rows, n_kept, k, n_jobs, None)
        if self.version == 1 and len(rows) > _FEW:
            return near_miss.nearest(smallest, rows, n_kept, k, n_jobs, None)
        return near_miss.by_score(smallest, rows, n_kept, k, self.version == 3, n_jobs, None)


class ClusterCentroids(parents.ClusterCentroids):  # type: ignore[misc]
    """imbalanced-learn's ClusterCentroids: the clustering estimator of scikit-learn does the work.

    One seed gives other rows here than in :func:`fastsmote.cluster_centroids`.

    Parameters, attributes, results and errors are those of :class:`imblearn.under_sampling.ClusterCentroids`.
    :func:`fastsmote.cluster_centroids` is faster, with other centroids.

    See Also
    --------
    fastsmote.cluster_centroids : The same method as a function.

    Examples
    --------
    >>> from fastsmote.imblearn import ClusterCentroids
    >>> X = [[0.0], [1.0], [4.0], [5.0], [9.0], [10.0]]
    >>> X_resampled, y_resampled = ClusterCentroids(random_state=0).fit_resample(X, [0, 0, 0, 0, 1, 1])
    >>> sorted(X_resampled), y_resampled
    ([[0.5], [4.5], [9.0], [10.0]], [0, 0, 1, 1])
    """

    _keeps_integers = False  # centres are floats
    _nearest: dict[Any, Any]

    def _find_rows(self, y: Any, n_resampled: int) -> RowIds:
        """The row of X that each resampled row is, -1 for centres."""
        labels = check_target_type(np.asarray(y))
        rows = []
        for label in np.unique(labels):
            own = np.flatnonzero(labels == label)
            if label in self.sampling_strategy_:
                nearest = self._nearest.get(label)
                new = np.full(self.sampling_strategy_[label], -1)
                own = new if nearest is None else own[nearest]
            rows.append(own)
        return np.concatenate(rows)

    def _generate_sample(self, X: Any, y: Any, centroids: Any, target_class: Any) -> Any:
        if self.voting_ == "soft" or sparse.issparse(X):
            return super()._generate_sample(X, y, centroids, target_class)
        found = NearestNeighbors(n_neighbors=1).fit(X, y).kneighbors(centroids, return_distance=False)
        self._nearest[target_class] = found[:, 0]
        return X[found[:, 0]], np.full(len(centroids), target_class, y.dtype)

    def _fit_resample(self, X: Any, y: Any) -> Any:
        self._nearest = {}
        parent = super()._fit_resample
        return run_and_count(self, _ESTIMATOR, parent, parent, X, y)


class InstanceHardnessThreshold(parents.InstanceHardnessThreshold):  # type: ignore[misc]
    """imbalanced-learn's InstanceHardnessThreshold: the classifier does the work.

    One seed gives other rows here than in :func:`fastsmote.instance_hardness_threshold`.

    Parameters, attributes, results and errors are those of
    :class:`imblearn.under_sampling.InstanceHardnessThreshold`.

    See Also
    --------
    fastsmote.instance_hardness_threshold : The same method as a function.
    fastsmote.select.instance_hardness_threshold : The rows that are kept.
    fastsmote.sklearn.instance_hardness_threshold : The function that fits the classifier too.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from fastsmote.imblearn import InstanceHardnessThreshold
    >>> X = [[0.0], [1.0], [2.0], [3.0], [8.0], [9.0], [10.0]]
    >>> sampler = InstanceHardnessThreshold(estimator=LogisticRegression(), cv=2, random_state=0)
    >>> sampler.fit_resample(X, [0, 0, 0, 0, 1, 1, 1])[1]
    [0, 0, 0, 1, 1, 1]
    """

    sample_indices_: RowIds
    _keeps_integers = True

    def _find_rows(self, y: Any, n_resampled: int) -> RowIds:
        return self.sample_indices_

    def _fit_resample(self, X: Any, y: Any) -> Any:
        parent = super()._fit_resample
        return run_and_count(self, _ESTIMATOR, parent, parent, X, y)
