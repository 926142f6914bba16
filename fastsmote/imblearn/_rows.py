"""What the drop-in classes share that keep rows of X: under-samplers and cleaners.

Each of them inherits from imbalanced-learn's class, so parameters, their validation, ``fit``, tags and
containers are imbalanced-learn's. What it adds is ``_kept``: the rows that stay, in imbalanced-learn's order.

**Distances.** Neighbours are ordered by (distance, row number of X), distances are differences in float64,
scaled where they would overflow, and a row itself is left out by its number. imbalanced-learn asks for one
neighbour more and drops the first, whoever that is. So rows can differ from imbalanced-learn's

* where distances tie: a row with an exact duplicate, and several rows as far away as the last neighbour, as
  among integers, on grids and among synthetic rows between their points: scikit-learn leaves the order open;
* with more than 15 columns of which one is large beside its differences, such as unix seconds: there, as with
  ``algorithm="brute"``, scikit-learn computes distances from products, which lose the digits that decide;
* for values near 1e300 or 1e-310, whose squares are infinite or 0 in scikit-learn.

Elsewhere they are the same. The over-samplers follow scikit-learn in all of these: see ``_nearest``.

**What is left to imbalanced-learn.** X that is not of numbers (dates, text), neighbours of another kind (see
``_nearest``), and subclasses that override one of its methods.

**Threads.** ``n_jobs=None`` is FASTSMOTE_NUM_THREADS or all usable cores, and not one as in scikit-learn:
results do not depend on it.
"""

from abc import ABC, abstractmethod
from collections import OrderedDict
from typing import Any

import numpy as np
from imblearn.utils import check_sampling_strategy
from numpy.typing import NDArray
from scipy.sparse import issparse
from sklearn.base import _fit_context
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors
from sklearn.utils import _safe_indexing
from sklearn.utils.validation import validate_data

from fastsmote._core.containers import copy_rows, take
from fastsmote._core.labels import Labels, check_labels, first_of_each
from fastsmote._core.typing import RowIds
from fastsmote.imblearn._accelerated import Accelerated
from fastsmote.imblearn._nearest import ExactNeighbors, is_count, neighbors_of, uncovered_rows
from fastsmote.imblearn._overrides import RespectsOverrides
from fastsmote.imblearn._tally import run_and_count


class KeepsRows(RespectsOverrides, ABC):
    """Stands before a class of imbalanced-learn and finds the rows that it keeps."""

    sampling_strategy: Any
    sampling_strategy_: Any
    sample_indices_: RowIds

    @_fit_context(prefer_skip_nested_validation=True)
    def _resample_arrays(self, given: Any, X: Any, y: NDArray[Any], labels: Labels) -> Any:
        validate_data(self, X=given, y=y, reset=True, skip_check_array=True)
        self.sampling_strategy_ = strategy_of(self, y, labels)
        return self._resample(X, y, labels)

    def _find_rows(self, y: Any, n_resampled: int) -> RowIds | None:
        return self.sample_indices_

    def _fit_resample(self, X: Any, y: Any, **params: Any) -> Any:
        if params:
            return super()._fit_resample(X, y, **params)
        return self._resample(X, y, check_labels(y))

    def _resample(self, X: Any, y: Any, labels: Labels) -> Any:
        reason = self._why_overridden() or self._why_parent(X, labels)
        return run_and_count(self, reason, self._select, self._parent, X, y, labels)

    def _select(self, X: Any, y: Any, labels: Labels) -> Any:
        is_dense = self._frame_as == "matrix" and not issparse(X)
        if is_dense and not X.flags.c_contiguous:  # as the matrix of a frame: copied once
            given, X = X, np.empty(X.shape, X.dtype)
            copy_rows(X, given)
        kept = self._kept(X, y, labels)
        if kept is None:  # imbalanced-learn says so in the words of scikit-learn
            return self._parent(X, y, labels)
        self.sample_indices_ = kept
        return rows_of(X, kept), rows_of(y, kept)

    def _parent(self, X: Any, y: Any, labels: Labels) -> Any:
        return super(Accelerated, self)._fit_resample(X, y)  # type: ignore[misc]

    @abstractmethod
    def _why_parent(self, X: Any, labels: Labels) -> str | None:
        """Why imbalanced-learn must do the work, None where the engine does it."""

    @abstractmethod
    def _kept(self, X: Any, y: Any, labels: Labels) -> RowIds | None:
        """The rows that stay, in imbalanced-learn's order; None where too few are left to look at."""


def rows_of(container: Any, rows: RowIds) -> Any:
    """Rows of what imbalanced-learn has checked: arrays by threads, others as it takes them."""
    if type(container) is np.ndarray:
        return take(container, rows)
    return container[rows] if issparse(container) else _safe_indexing(container, rows)


def strategy_of(sampler: Any, y: Any, labels: Labels) -> OrderedDict:
    """``check_sampling_strategy`` for the labels, for names of strategies without a look at y."""
    smallest, largest = int(np.argmin(labels.counts)), int(np.argmax(labels.counts))
    every = set(range(len(labels.counts)))
    named = {
        "all": every,
        "auto": every - {smallest},
        "majority": {largest},
        "not majority": every - {largest},
        "not minority": every - {smallest},
    }
    given = sampler.sampling_strategy
    if not isinstance(given, str) or given not in named:
        return check_sampling_strategy(given, y, sampler._sampling_type)
    return OrderedDict((labels.classes[code], labels.counts[smallest]) for code in sorted(named[given]))


def named_classes(labels: Labels, strategy: Any) -> NDArray[np.bool_]:
    """Which classes a ``sampling_strategy_`` names (n_classes,)."""
    return np.array([label in strategy for label in labels.classes])


def first_smallest(labels: Labels) -> int:
    """The smallest class; of equally small ones that which comes first in the rows, as in ``Counter(y)``."""
    codes = np.flatnonzero(labels.counts == labels.counts.min())
    if len(codes) == 1:
        return int(codes[0])
    return int(codes[np.argmin(first_of_each(labels.codes, len(labels.counts))[codes])])


def grouped(rows: RowIds, labels: Labels) -> RowIds:
    """Rows by class in sorted order, in their order within each."""
    codes = labels.codes[rows]
    if len(labels.counts) <= 2**16:
        codes = codes.astype(np.uint16)  # sorted by radix
    return rows[np.argsort(codes, kind="stable")]


def leave_fitted(sampler: Any, name: str, X: Any) -> int:
    """Leave the attribute ``name`` fitted, as imbalanced-learn does, but at no cost; how many it asks for."""
    neighbors = getattr(sampler, name)
    if isinstance(neighbors, NearestNeighbors):
        setattr(sampler, name, ExactNeighbors(**neighbors.get_params()).fit(X))
    return int(neighbors.n_neighbors)


def uncovered_data(X: Any, n_jobs: Any = None) -> str | None:
    """Why the engine does not take X, or this number of threads."""
    return uncovered_rows(X) or ("n_jobs is 0" if n_jobs is not None and int(n_jobs) == 0 else None)


def threads(n_jobs: Any) -> int | None:
    """``n_jobs`` of a sampler, which may be a bool or a NumPy number."""
    return None if n_jobs is None else int(n_jobs)


def n_voters(n_neighbors: Any) -> int | None:
    """Neighbours that the classifier of a condensing sampler asks for; None where it is of another kind."""
    if n_neighbors is None:
        return 1
    if is_count(n_neighbors):
        return int(n_neighbors)
    return neighbors_of(n_neighbors, KNeighborsClassifier)
