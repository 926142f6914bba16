"""The over-samplers of ``fastsmote.imblearn`` that interpolate numbers or repeat rows.

Each draws from ``RandomState`` as its parent does and computes with its parent's arithmetic; the search for
neighbours, the interpolation and the copying are the engine's.
"""

import itertools
from functools import partial
from typing import Any, NamedTuple

import imblearn.over_sampling as parents
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse
from sklearn.neighbors import NearestNeighbors
from sklearn.utils import check_random_state

from fastsmote._core.check import check_matrix, check_row_numbers
from fastsmote._core.containers import append_rows, copy_rows
from fastsmote._core.sparse_matrix import check_sparse
from fastsmote._core.tables import Table
from fastsmote._core.threads import run_ranges
from fastsmote._core.typing import RowIds
from fastsmote._kernels.sampling import segment
from fastsmote._kernels.sampling.sparse_rows import Pairs
from fastsmote._sampling.over.sparse import append, as_class_of, make_rows, pairs_of
from fastsmote.imblearn._nearest import (
    ExactNeighbors,
    has_entries_twice,
    neighbors_of,
    of_another_kind,
    requested_neighbors,
    uncovered_rows,
)
from fastsmote.imblearn._overrides import RespectsOverrides

_ROWS = 8192  # new rows per block when writing
_KEPT = ("nn_", "nn_k_", "nn_m_")


def is_exact(X: Any) -> bool:
    """Whether rows of X are interpolated by ``segment.points``."""
    return isinstance(X, np.ndarray) and X.dtype in (np.float64, np.float32)


def _is_float(X: Any) -> bool:
    """Whether the engine interpolates rows of X, which are dense or sparse."""
    return is_exact(X) or (issparse(X) and X.dtype in (np.float64, np.float32))


def write_points(
    X: NDArray[Any], base: Any, Y: NDArray[Any], neighbor: Any, gap: Any, out: NDArray[Any]
) -> None:
    """Fill ``out`` (m, d) with points between rows ``base`` of X and ``neighbor`` of Y."""
    base, neighbor = _checked(X, base, Y, neighbor, gap)
    if len(base) != len(out):
        raise ValueError(f"out must have one row for each of {len(base)} pairs.")
    matrices = check_matrix(X, finite=False), base, check_matrix(Y, finite=False), neighbor
    run_ranges(partial(segment.points, *matrices, gap, out), len(out), _ROWS)


def _checked(X: Any, base: Any, Y: Any, neighbor: Any, gap: Any) -> tuple[RowIds, RowIds]:
    """Row numbers of X and Y that are theirs, one of each for each gap."""
    base = check_row_numbers(base, X.shape[0], "rows")
    neighbor = check_row_numbers(neighbor, Y.shape[0], "neighbors")
    if not len(base) == len(neighbor) == len(gap):
        raise ValueError(
            f"steps must be one for each pair of {len(base)} rows and {len(neighbor)} neighbors."
        )
    return base, neighbor


def _sparse_pairs(X: Any, base: Any, Y: Any, neighbor: Any, gap: Any) -> Pairs:
    base, neighbor = _checked(X, base, Y, neighbor, gap)
    matrix = check_sparse(X)
    return pairs_of(matrix, base, matrix if Y is X else check_sparse(Y), neighbor, np.ascontiguousarray(gap))


class PointsOfClass(NamedTuple):
    """The new rows of a class: points between rows of it."""

    label: Any
    members: RowIds  # rows of X that are of the class
    X_class: Any  # these rows
    base: RowIds  # (n_new,) of the class
    neighbor: RowIds
    gap: NDArray[np.float64]


def append_points(X: Any, y: NDArray[Any], plans: list[PointsOfClass]) -> tuple[Any, Any]:
    """X and y, then the new rows of each class."""
    n = len(y)
    y_resampled = np.empty(n + sum(len(plan.gap) for plan in plans), y.dtype.newbyteorder("="))
    y_resampled[:n] = y  # native, as out of np.hstack
    ends = n + np.cumsum([0, *(len(plan.gap) for plan in plans)])
    places = [slice(start, stop) for start, stop in itertools.pairwise(ends.tolist())]
    for plan, new in zip(plans, places, strict=True):
        y_resampled[new] = plan.label
    if issparse(X):
        base, neighbor = (
            np.concatenate([np.empty(0, np.int64), *(plan.members[getattr(plan, name)] for plan in plans)])
            for name in ("base", "neighbor")
        )
        gap = np.concatenate([np.empty(0), *(plan.gap for plan in plans)])
        return append(
            Table(X), _sparse_pairs(X, base, X, neighbor, gap), None, None, plainly=True
        ), y_resampled
    X_resampled = np.empty((len(y_resampled), X.shape[1]), X.dtype)
    copy_rows(X_resampled[:n], X)
    for plan, new in zip(plans, places, strict=True):
        write_points(plan.X_class, plan.base, plan.X_class, plan.neighbor, plan.gap, X_resampled[new])
    return X_resampled, y_resampled


class Interpolating(RespectsOverrides):
    """What the classes have in common that look for neighbours and interpolate."""

    _neighbors: tuple[str, ...] = ("k_neighbors",)

    def _why_parent(self, X: Any) -> str | None:
        for name in self._neighbors:
            if requested_neighbors(given := getattr(self, name)) is None:
                return of_another_kind(name, given)
        twice = "X holds entries twice" if issparse(X) and has_entries_twice(X) else None
        return self._why_overridden() or uncovered_rows(X) or twice

    def _validate_estimator(self) -> None:
        super()._validate_estimator()  # type: ignore[misc]
        for name in _KEPT:
            given: Any = vars(self).get(name)
            if type(given) is NearestNeighbors and neighbors_of(given) is not None:
                setattr(self, name, ExactNeighbors.like(given))

    def _fit_resample(self, X: Any, y: Any, **params: Any) -> Any:
        try:
            return super()._fit_resample(X, y, **params)
        finally:
            for name in _KEPT:
                if isinstance(found := vars(self).get(name), ExactNeighbors):
                    found.forget()

    def _generate_samples(
        self,
        X: Any,
        nn_data: Any,
        nn_num: Any,
        rows: Any,
        cols: Any,
        steps: Any,
        y_type: Any = None,
        y: Any = None,
    ) -> Any:
        if not _is_float(X) or y is not None:
            return super()._generate_samples(  # type: ignore[misc]
                X, nn_data, nn_num, rows, cols, steps, y_type, y
            )
        if issparse(X):
            pairs = _sparse_pairs(X, rows, nn_data, nn_num[rows, cols], steps[:, 0])
            return as_class_of(X, make_rows(pairs, None, None, plainly=True))
        points = np.empty((len(rows), X.shape[1]), X.dtype)
        write_points(X, rows, nn_data, nn_num[rows, cols], steps[:, 0], points)
        return points

    def _draw(self: Any, neighbors: NDArray[Any], n_new: int) -> tuple[Any, Any, Any]:
        """Base rows, as places in ``neighbors``, their neighbours and gaps; an int seeds each class anew."""
        random_state = check_random_state(self.random_state)
        drawn = random_state.randint(low=0, high=neighbors.size, size=n_new)
        gap = random_state.uniform(size=n_new)
        return drawn // neighbors.shape[1], neighbors.ravel()[drawn], gap

    def _in_danger_noise(
        self, nn_estimator: Any, samples: Any, target_class: Any, y: Any, kind: str = "danger"
    ) -> NDArray[np.bool_]:
        if not isinstance(nn_estimator, ExactNeighbors):
            return super()._in_danger_noise(nn_estimator, samples, target_class, y, kind)  # type: ignore[misc]
        m = nn_estimator.n_neighbors - 1
        n_other = nn_estimator.count(samples, y != target_class)
        return n_other == m if kind == "noise" else (2 * n_other >= m) & (n_other < m)


class SMOTE(Interpolating, parents.SMOTE):  # type: ignore[misc]
    """imbalanced-learn's SMOTE, accelerated.

    One seed gives other rows here than in :func:`fastsmote.smote`.

    Parameters, attributes, results and errors are those of :class:`imblearn.over_sampling.SMOTE`.
    Left to it are X that is not of numbers, neighbours other than a number or Euclidean
    NearestNeighbors (scikit-learn's with any ``algorithm``, or ``fastsmote.sklearn``'s), and subclasses that
    override its methods. Neighbours are scikit-learn's also where distances tie or lose digits.

    See Also
    --------
    fastsmote.smote : The same method as a function.
    fastsmote.plan.smote : Which rows make each new row.

    Notes
    -----
    Ties: see ``fastsmote.imblearn._nearest``. Time and memory are those of :func:`fastsmote.smote`.

    Examples
    --------
    >>> import fastsmote
    >>> from fastsmote.imblearn import SMOTE
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.1, random_state=0)
    >>> X_resampled, y_resampled = SMOTE(random_state=0).fit_resample(X, y)
    >>> len(y_resampled), int(y_resampled.sum())
    (1800, 900)
    """

    def _resample_fast(self, X: Any, y: Any) -> tuple[Any, Any]:
        if not _is_float(X):
            return super()._resample_fast(X, y)
        self._validate_estimator()
        plans: list[PointsOfClass] = []
        for label, n_new in self.sampling_strategy_.items():
            if n_new == 0:
                continue
            members = np.flatnonzero(y == label)
            X_class = X[members]
            neighbors = self.nn_k_.fit(X_class).kneighbors(X_class, return_distance=False)[:, 1:]
            plans.append(PointsOfClass(label, members, X_class, *self._draw(neighbors, n_new)))
        return append_points(X, y, plans)


class BorderlineSMOTE(Interpolating, parents.BorderlineSMOTE):  # type: ignore[misc]
    """imbalanced-learn's BorderlineSMOTE, accelerated.

    One seed gives other rows here than in :func:`fastsmote.borderline_smote`.

    Parameters, attributes, results and errors are those of :class:`imblearn.over_sampling.BorderlineSMOTE`.
    Left to it are X that is not of numbers, neighbours other than a number or Euclidean
    NearestNeighbors (scikit-learn's with any ``algorithm``, or ``fastsmote.sklearn``'s), and subclasses that
    override its methods. Neighbours are scikit-learn's also where distances tie or lose digits.

    See Also
    --------
    fastsmote.borderline_smote : The same method as a function.
    fastsmote.plan.borderline_smote : Which rows make each new row.

    Notes
    -----
    A class without rows in danger stays as it is, as in imbalanced-learn. Time is that of
    :func:`fastsmote.borderline_smote`; "borderline-2" takes two copies of the result more.

    Examples
    --------
    >>> import fastsmote
    >>> from fastsmote.imblearn import BorderlineSMOTE
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.1, random_state=0)
    >>> X_resampled, y_resampled = BorderlineSMOTE(random_state=0).fit_resample(X, y)
    >>> len(y_resampled), int(y_resampled.sum())
    (1800, 900)
    """

    _neighbors = ("k_neighbors", "m_neighbors")

    def _resample_fast(self, X: Any, y: Any) -> tuple[Any, Any]:
        if not _is_float(X) or self.kind == "borderline-2" or (issparse(X) and X.format != "csr"):
            return super()._resample_fast(X, y)
        self._validate_estimator()
        self.in_danger_indices = {}
        plans: list[PointsOfClass] = []
        for label, n_new in self.sampling_strategy_.items():
            if n_new == 0:
                continue
            members = np.flatnonzero(y == label)
            X_class = X[members]
            danger = np.flatnonzero(self._in_danger_noise(self.nn_m_.fit(X), X_class, label, y))
            if not len(danger):
                continue
            self.in_danger_indices[label] = members[danger]
            self.nn_k_.fit(X_class)
            neighbors = self.nn_k_.kneighbors(X_class[danger], return_distance=False)[:, 1:]
            base, neighbor, gap = self._draw(neighbors, n_new)
            plans.append(PointsOfClass(label, members, X_class, danger[base], neighbor, gap))
        return append_points(X, y, plans)


class SVMSMOTE(Interpolating, parents.SVMSMOTE):  # type: ignore[misc]
    """imbalanced-learn's SVMSMOTE, accelerated.

    One seed gives other rows here than in :func:`fastsmote.svm_smote`.

    Parameters, attributes, results and errors are those of :class:`imblearn.over_sampling.SVMSMOTE`.
    Left to it are X that is not of numbers, neighbours other than a number or Euclidean
    NearestNeighbors (scikit-learn's with any ``algorithm``, or ``fastsmote.sklearn``'s), and subclasses that
    override its methods. Neighbours are scikit-learn's also where distances tie or lose digits.

    See Also
    --------
    fastsmote.svm_smote : The same method as a function.
    fastsmote.plan.svm_smote : Which rows make each new row.
    fastsmote.sklearn.svm_smote : The function that fits the SVC too.

    Notes
    -----
    The classifier is fitted by scikit-learn, O(n_samples^2) to O(n_samples^3), and once for each class that
    gets new rows, as in imbalanced-learn; the rest costs what :func:`fastsmote.svm_smote` does.

    Examples
    --------
    >>> import fastsmote
    >>> from fastsmote.imblearn import SVMSMOTE
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.1, random_state=0)
    >>> X_resampled, y_resampled = SVMSMOTE(random_state=0).fit_resample(X, y)
    >>> len(y_resampled), int(y_resampled.sum())
    (1800, 900)
    """

    _neighbors = ("k_neighbors", "m_neighbors")

    def _fit_resample(self, X: Any, y: Any, **params: Any) -> Any:
        # scikit-learn sorts the indices of what an SVC is fitted to, in place
        return super()._fit_resample(X.copy() if issparse(X) else X, y, **params)


class KMeansSMOTE(Interpolating, parents.KMeansSMOTE):  # type: ignore[misc]
    """imbalanced-learn's KMeansSMOTE, accelerated.

    One seed gives other rows here than in :func:`fastsmote.kmeans_smote`.

    Parameters, attributes, results and errors are those of :class:`imblearn.over_sampling.KMeansSMOTE`.
    Left to it are X that is not of numbers, neighbours other than a number or Euclidean
    NearestNeighbors (scikit-learn's with any ``algorithm``, or ``fastsmote.sklearn``'s), and subclasses that
    override its methods. Neighbours are scikit-learn's also where distances tie or lose digits.

    See Also
    --------
    fastsmote.kmeans_smote : The same method as a function.
    fastsmote.plan.kmeans_smote : Which rows make each new row.

    Notes
    -----
    Clusters and their sparsity are computed by scikit-learn, O(n_samples) and O(rows of a cluster^2);
    neighbours and new rows are the engine's.

    Examples
    --------
    >>> import fastsmote
    >>> from fastsmote.imblearn import KMeansSMOTE
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.1, random_state=0)
    >>> sampler = KMeansSMOTE(cluster_balance_threshold=0.05, random_state=0)
    >>> X_resampled, y_resampled = sampler.fit_resample(X, y)
    >>> int(y_resampled.sum()) >= 900
    True
    """


class ADASYN(Interpolating, parents.ADASYN):  # type: ignore[misc]
    """imbalanced-learn's ADASYN, accelerated.

    One seed gives other rows here than in :func:`fastsmote.adasyn`.

    Parameters, attributes, results and errors are those of :class:`imblearn.over_sampling.ADASYN`.
    Left to it are X that is not of numbers, neighbours other than a number or Euclidean
    NearestNeighbors (scikit-learn's with any ``algorithm``, or ``fastsmote.sklearn``'s), and subclasses that
    override its methods. Neighbours are scikit-learn's also where distances tie or lose digits.

    See Also
    --------
    fastsmote.adasyn : The same method as a function.
    fastsmote.plan.adasyn : Which rows make each new row.

    Notes
    -----
    Counts are rounded row by row, so a class can miss its target. Time is that of :func:`fastsmote.adasyn`.

    Examples
    --------
    >>> import fastsmote
    >>> from fastsmote.imblearn import ADASYN
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.1, random_state=0)
    >>> X_resampled, y_resampled = ADASYN(random_state=0).fit_resample(X, y)
    >>> len(y_resampled) > 1700
    True
    """

    _neighbors = ("n_neighbors",)

    def _resample_fast(self, X: Any, y: Any) -> tuple[Any, Any]:
        self._validate_estimator()
        if not _is_float(X) or not isinstance(self.nn_, ExactNeighbors):
            return super()._resample_fast(X, y)
        random_state = check_random_state(self.random_state)
        k = self.nn_.n_neighbors - 1
        plans: list[PointsOfClass] = []
        for label, n_wanted in self.sampling_strategy_.items():
            if n_wanted == 0:
                continue
            members = np.flatnonzero(y == label)
            X_class = X[members]
            share = self.nn_.fit(X).count(X_class, y != label) / k
            if not share.any():
                raise RuntimeError(
                    "Not any neigbours belong to the majority class. This case will induce a NaN case with a "
                    "division by zero. ADASYN is not suited for this specific dataset. Use SMOTE instead."
                )
            counts = np.rint(share / share.sum() * n_wanted).astype(int)
            n_new = int(counts.sum())
            if not n_new:
                raise ValueError("No samples will be generated with the provided ratio settings.")
            neighbors = self.nn_.fit(X_class).kneighbors(X_class, return_distance=False)[:, 1:]
            base = np.repeat(np.arange(len(members)), counts)
            neighbor = neighbors[base, random_state.choice(k, size=n_new)]
            gap = random_state.uniform(size=(n_new, 1))[:, 0]
            plans.append(PointsOfClass(label, members, X_class, base, neighbor, gap))
        return append_points(X, y, plans)


class RandomOverSampler(RespectsOverrides, parents.RandomOverSampler):  # type: ignore[misc]
    """imbalanced-learn's RandomOverSampler, accelerated.

    One seed gives other rows here than in :func:`fastsmote.random_over_sample`.

    Parameters, attributes, results and errors are those of :class:`imblearn.over_sampling.RandomOverSampler`.
    ``shrinkage``, and subclasses that override its methods are left to it.

    See Also
    --------
    fastsmote.random_over_sample : The same method as a function.
    fastsmote.plan.random_over_sample : Which rows make each new row.

    Notes
    -----
    Rows of frames are taken as they are. O(size of the result) time and memory.

    Examples
    --------
    >>> import fastsmote
    >>> from fastsmote.imblearn import RandomOverSampler
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.1, random_state=0)
    >>> X_resampled, y_resampled = RandomOverSampler(random_state=0).fit_resample(X, y)
    >>> len(y_resampled), int(y_resampled.sum())
    (1800, 900)
    """

    _checks_finite = False

    @property
    def _frame_as(self) -> str | None:  # type: ignore[override]
        return "rows" if self.shrinkage is None else None

    def _find_rows(self, y: Any, n_resampled: int) -> RowIds | None:
        return self.sample_indices_ if self.shrinkage is None else super()._find_rows(y, n_resampled)

    def _why_parent(self, X: Any) -> str | None:
        if self.shrinkage is not None:
            return "shrinkage makes noise"
        if reason := self._why_overridden():
            return reason
        if isinstance(X, np.ndarray) and not X.dtype.isnative:
            return f"X holds {X.dtype.str}"
        return None

    def _resample_fast(self, X: Any, y: Any) -> tuple[Any, Any]:
        random_state = check_random_state(self.random_state)
        self.shrinkage_ = None
        drawn = [
            random_state.choice(np.flatnonzero(y == label), size=n_new, replace=True)
            for label, n_new in self.sampling_strategy_.items()
        ]
        repeated = np.concatenate([np.empty(0, np.int64), *drawn])
        self.sample_indices_ = np.concatenate([np.arange(X.shape[0]), repeated])
        native = y.astype(y.dtype.newbyteorder("="), copy=False)  # as out of np.hstack
        return append_rows(X, repeated), append_rows(native, repeated)
