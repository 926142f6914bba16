"""NeighborIndex behind scikit-learn's protocol for neighbours: an estimator and a transformer."""

from __future__ import annotations

from numbers import Integral
from typing import Any, ClassVar, Literal, Self, overload

import numpy as np
from numpy.typing import NDArray
from sklearn.base import _fit_context
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import check_is_fitted, validate_data

from fastsmote._core.foreign import refuse_unread
from fastsmote._core.public import public
from fastsmote._core.typing import MatrixLike
from fastsmote.neighbors import NeighborIndex
from fastsmote.sklearn._bases import (
    BaseEstimator,
    ClassNamePrefixFeaturesOutMixin,
    KNeighborsMixin,
    TransformerMixin,
)

_DTYPES = [np.float64, np.float32]  # the index takes both as they are; other numbers become float64


class _Neighbors(KNeighborsMixin, BaseEstimator):
    """Fitting and searching; ``kneighbors_graph`` is scikit-learn's, on top of ``kneighbors``."""

    _parameter_constraints: ClassVar[dict] = {
        "n_neighbors": [Interval(Integral, 1, None, closed="left")],
        "n_jobs": [Integral, None],
    }

    n_neighbors: int
    n_jobs: int | None
    n_samples_fit_: int
    n_features_in_: int
    feature_names_in_: NDArray[Any]

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: MatrixLike, y: Any = None) -> Self:
        """Build the index.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Rows to search, dense and finite; float32 and float64 in C order are kept by reference.
        y : object
            Not used.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            If X is not a non-empty matrix of finite numbers, or a parameter is out of range.
        TypeError
            If X is sparse.

        See Also
        --------
        kneighbors : Searches it.
        """
        refuse_unread(X, "X")
        matrix = validate_data(self, X, dtype=_DTYPES, order="C")
        self._index = NeighborIndex(matrix, n_jobs=self.n_jobs)
        self.n_samples_fit_ = len(matrix)
        return self

    @overload
    def kneighbors(
        self,
        X: MatrixLike | None = None,
        n_neighbors: int | None = None,
        return_distance: Literal[True] = True,
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]: ...

    @overload
    def kneighbors(
        self, X: MatrixLike | None = None, n_neighbors: int | None = None, *, return_distance: Literal[False]
    ) -> NDArray[np.int64]: ...

    @overload
    def kneighbors(
        self, X: MatrixLike | None, n_neighbors: int | None, return_distance: Literal[False]
    ) -> NDArray[np.int64]: ...

    @overload
    def kneighbors(
        self, X: MatrixLike | None = None, n_neighbors: int | None = None, return_distance: bool = True
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]] | NDArray[np.int64]: ...

    def kneighbors(
        self, X: MatrixLike | None = None, n_neighbors: int | None = None, return_distance: bool = True
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]] | NDArray[np.int64]:
        """Exact nearest rows, ordered by (distance, index).

        Parameters
        ----------
        X : array-like of shape (n_queries, n_features), optional
            Rows to search for: a row of the fitted data finds itself, and equal rows, at distance 0. None is
            each fitted row, which is left out by its index.
        n_neighbors : int, optional
            Neighbours per query; None is that of the estimator.
        return_distance : bool, default=True
            Return distances too.

        Returns
        -------
        neigh_dist : ndarray of float64 of shape (n_queries, n_neighbors)
            Ascending, in the units of X; only with ``return_distance``.
        neigh_ind : ndarray of int64 of shape (n_queries, n_neighbors)
            Row numbers of the fitted data.

        Raises
        ------
        ValueError
            If ``n_neighbors`` is below 1 or exceeds the rows that can be found, or X does not fit.
        TypeError
            If ``n_neighbors`` is not an integer, or X is sparse.
        sklearn.exceptions.NotFittedError
            Before ``fit``.

        See Also
        --------
        fastsmote.NeighborIndex.query : Among the rows of some classes too.
        """
        check_is_fitted(self)
        n_neighbors = self.n_neighbors if n_neighbors is None else n_neighbors
        if not isinstance(n_neighbors, Integral):
            raise TypeError(
                f"n_neighbors does not take {type(n_neighbors)} value, enter integer value of at least 1."
            )
        if n_neighbors < 1:
            raise ValueError(f"Expected n_neighbors > 0. Got {n_neighbors}; pass at least 1.")
        n_fit = self.n_samples_fit_
        refuse_unread(X, "X")
        Q = None if X is None else validate_data(self, X, dtype=_DTYPES, order="C", reset=False)
        if n_neighbors > n_fit - (Q is None):  # in the words that callers of scikit-learn look for
            raise ValueError(
                f"Expected n_neighbors {'<' if Q is None else '<='} n_samples_fit, but n_neighbors = "
                f"{n_neighbors}, n_samples_fit = {n_fit}, n_samples = {n_fit if Q is None else len(Q)}. "
                "Ask for fewer neighbours or fit more rows."
            )
        distances, indices = self._index.query(Q, int(n_neighbors), n_jobs=self.n_jobs)
        return (distances, indices) if return_distance else indices


@public("fastsmote.sklearn")
class NearestNeighbors(_Neighbors):
    """Exact Euclidean nearest neighbours with scikit-learn's protocol, on all cores.

    For scikit-learn's own class, and wherever an object with ``kneighbors`` and ``kneighbors_graph`` is
    taken: ``k_neighbors=`` and ``n_neighbors=`` of imbalanced-learn's samplers want one neighbour more than
    the integer that it replaces, because the row itself is among them. Not taken by SMOTENC (its rows are
    sparse), SMOTEN (another metric), and NeighbourhoodCleaningRule, CondensedNearestNeighbour and
    OneSidedSelection (they want a classifier, with ``predict``).

    Parameters
    ----------
    n_neighbors : int, default=5
        Neighbours per query.
    n_jobs : int, optional
        Threads; None is FASTSMOTE_NUM_THREADS or all usable cores (not 1, as in scikit-learn), -1 all cores.
        Results do not depend on it.

    Attributes
    ----------
    n_samples_fit_ : int
        Rows that were fitted.
    n_features_in_ : int
        Columns of the fitted rows.
    feature_names_in_ : ndarray of shape (n_features,)
        Their names, where all are strings.

    See Also
    --------
    fastsmote.NeighborIndex : The index itself: classes, farthest rows, appended rows.
    KNeighborsTransformer : The graph of neighbours as a step of a pipeline.

    Notes
    -----
    Time and memory are those of :class:`fastsmote.NeighborIndex`. Squared differences are summed in float64;
    ties go to the lower index, at every place. The metric is Euclidean and rows are dense: for others take
    scikit-learn's class.

    Examples
    --------
    >>> from fastsmote.sklearn import NearestNeighbors
    >>> neighbors = NearestNeighbors(n_neighbors=2).fit([[0.0], [3.0], [1.0], [1.0]])
    >>> neighbors.kneighbors([[1.0]])
    (array([[0., 0.]]), array([[2, 3]]))
    >>> neighbors.kneighbors(n_neighbors=1, return_distance=False).ravel().tolist()
    [2, 2, 3, 2]
    """

    def __init__(self, n_neighbors: int = 5, *, n_jobs: int | None = None) -> None:
        self.n_neighbors = n_neighbors
        self.n_jobs = n_jobs


@public("fastsmote.sklearn")
class KNeighborsTransformer(
    ClassNamePrefixFeaturesOutMixin,
    TransformerMixin,
    _Neighbors,
):
    """Rows to the sparse graph of their nearest fitted rows, for estimators with ``metric="precomputed"``.

    Parameters
    ----------
    mode : {"distance", "connectivity"}, default="distance"
        Entries of the graph: distances, or ones.
    n_neighbors : int, default=5
        Neighbours per row. With "distance" one more is stored, because a fitted row is its own neighbour.
    n_jobs : int, optional
        As for :class:`NearestNeighbors`.

    Attributes
    ----------
    n_samples_fit_, n_features_in_, feature_names_in_
        As for :class:`NearestNeighbors`.

    See Also
    --------
    NearestNeighbors : The neighbours themselves.

    Notes
    -----
    As for :class:`NearestNeighbors`; the graph has ``n_queries * n_neighbors`` stored entries. A row with
    more equal rows of lower index than ``n_neighbors`` is not among its own.

    Examples
    --------
    >>> from fastsmote.sklearn import KNeighborsTransformer
    >>> graph = KNeighborsTransformer(n_neighbors=1).fit_transform([[0.0], [1.0], [3.0]])
    >>> graph.toarray()
    array([[0., 1., 0.],
           [1., 0., 0.],
           [0., 2., 0.]])
    """

    _parameter_constraints: ClassVar[dict] = {
        **_Neighbors._parameter_constraints,
        "mode": [StrOptions({"distance", "connectivity"})],
    }

    def __init__(
        self,
        *,
        mode: Literal["distance", "connectivity"] = "distance",
        n_neighbors: int = 5,
        n_jobs: int | None = None,
    ) -> None:
        self.mode = mode
        self.n_neighbors = n_neighbors
        self.n_jobs = n_jobs

    def transform(self, X: MatrixLike) -> Any:
        """The graph of the nearest fitted rows.

        Parameters
        ----------
        X : array-like of shape (n_queries, n_features)
            Rows to search for; fitted rows find themselves.

        Returns
        -------
        sparse CSR of float64 of shape (n_queries, n_samples_fit)
            As ``kneighbors_graph``.

        Raises
        ------
        ValueError, TypeError, sklearn.exceptions.NotFittedError
            As for ``kneighbors``.

        See Also
        --------
        fastsmote.sklearn.NearestNeighbors : Distances and row numbers.
        """
        check_is_fitted(self)
        return self.kneighbors_graph(X, self.n_neighbors + (self.mode == "distance"), self.mode)

    @property
    def _n_features_out(self) -> int:  # names of the graph's columns, one per row that can be found
        return self.n_samples_fit_
