"""Exact nearest neighbours."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote import _index
from fastsmote._check import check_integer, check_matrix
from fastsmote._threads import Progress

__all__ = ["NeighborIndex", "nearest_neighbors"]


def nearest_neighbors(
    X: Any,
    n_neighbors: int = 5,
    *,
    queries: Any = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Exact Euclidean nearest neighbours.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        Rows to search. Finite numbers; float32 and float64 in C order are used without a copy.
    n_neighbors : int, default 5
        Neighbours per query, at most n_samples (n_samples - 1 without ``queries``).
    queries : array-like of shape (n_queries, n_features), optional
        Rows to search for. By default each row of X, which is then not its own neighbour: it is left out by
        its index, so that its duplicates are found.
    n_jobs : int, optional
        Threads; None is FASTSMOTE_NUM_THREADS or all usable cores, -1 all usable cores.
    progress : callable, optional
        ``progress(done, total)``, called in the calling thread.

    Returns
    -------
    distances : ndarray of float64 of shape (n_queries, n_neighbors)
        Ascending, in the units of X; inf where a distance exceeds the largest float64.
    indices : ndarray of int64 of shape (n_queries, n_neighbors)
        Row numbers in X.

    Raises
    ------
    ValueError
        If X or ``queries`` is not a non-empty matrix of finite numbers, their numbers of features differ, or
        ``n_neighbors`` is not between 1 and the number of rows that can be found.
    TypeError
        If ``n_neighbors`` is not an integer or X is sparse, masked or of a type without exact float64 values.

    Notes
    -----
    The answer is exact and unique: the smallest under (squared distance, index), the squared distance
    summed in float64. It depends neither on the number of threads nor on the memory layout of X, and the
    neighbours for k are the first of those for k + 1. Differences smaller than about 1e-310 times the
    largest value count as zero.

    Time grows from O(n_queries * log n_samples) where data cluster to O(n_queries * n_samples * n_features)
    for white noise in many dimensions; memory is one float32 copy of X and O(n_queries * n_neighbors).

    References
    ----------
    Leaves, bounds and the proof that float32 arithmetic never decides: ``fastsmote._kernels.search``.
    Bentley, J. L. (1975). Multidimensional binary search trees used for associative searching. CACM 18,
    509-517. doi:10.1145/361002.361007

    Examples
    --------
    >>> import fastsmote
    >>> distances, indices = fastsmote.nearest_neighbors([[0.0], [1.0], [3.0]], n_neighbors=1)
    >>> distances.ravel().tolist(), indices.ravel().tolist()
    ([1.0, 1.0, 2.0], [1, 0, 1])
    """
    n_neighbors = check_integer(n_neighbors, "n_neighbors")
    matrix = check_matrix(X, n_jobs=n_jobs)
    Q = None if queries is None else _check_queries(queries, matrix.shape[1], n_jobs)
    _require_rows(n_neighbors, matrix.shape[0], Q is None)
    index = _index.build(matrix, n_jobs=n_jobs)
    return _search(index, Q, n_neighbors, n_jobs, progress)


class NeighborIndex:
    """An index that is built once and answers many exact nearest-neighbour queries.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        Rows to search, as for :func:`nearest_neighbors`. Canonical input (float32 or float64, C order) is
        kept by reference: do not change it while the index is in use.
    n_jobs : int, optional
        Threads for building; None is all usable cores.

    Notes
    -----
    Queries from several threads at once are safe: an index is never changed after it is built. It pickles.

    Examples
    --------
    >>> import fastsmote
    >>> index = fastsmote.NeighborIndex([[0.0], [1.0], [3.0]])
    >>> distances, indices = index.query([[0.9]], n_neighbors=2)
    >>> indices.tolist()
    [[1, 0]]
    """

    def __init__(self, X: Any, *, n_jobs: int | None = None) -> None:
        self._index = _index.build(check_matrix(X, n_jobs=n_jobs), n_jobs=n_jobs)

    def __repr__(self) -> str:
        n, d = self._index.X.shape
        return f"NeighborIndex({n} rows, {d} features)"

    def query(
        self,
        Q: Any = None,
        n_neighbors: int = 5,
        *,
        n_jobs: int | None = None,
        progress: Progress | None = None,
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Nearest rows of the indexed X; parameters, results and errors as for :func:`nearest_neighbors`.

        ``Q`` None asks for the neighbours of each indexed row, itself left out.
        """
        n_neighbors = check_integer(n_neighbors, "n_neighbors")
        matrix = self._index.X
        Q = None if Q is None else _check_queries(Q, matrix.shape[1], n_jobs)
        _require_rows(n_neighbors, matrix.shape[0], Q is None)
        return _search(self._index, Q, n_neighbors, n_jobs, progress)


def _check_queries(queries: Any, n_features: int, n_jobs: int | None) -> NDArray[Any]:
    Q = check_matrix(queries, name="queries", n_jobs=n_jobs)
    if Q.shape[1] != n_features:
        raise ValueError(f"queries must have the {n_features} features of X. Got {Q.shape[1]} features.")
    return Q


def _search(
    index: _index.Index,
    Q: NDArray[Any] | None,
    n_neighbors: int,
    n_jobs: int | None,
    progress: Progress | None,
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    if Q is not None:
        if index.X.dtype == np.float64:
            Q = Q.astype(np.float64, copy=False)  # exact, and no kernels for a mixture
        index = _index.covering(index, Q, n_jobs=n_jobs)
    squared, indices = _index.search(index, n_neighbors, Q, n_jobs=n_jobs, progress=progress)
    return _index.to_distances(index, squared), indices


def _require_rows(n_neighbors: int, n_rows: int, leaves_itself_out: bool) -> None:
    available = n_rows - leaves_itself_out
    if n_neighbors > available:
        other = " other than the query itself" if leaves_itself_out else ""
        raise ValueError(
            f"n_neighbors must be at most {available}, the number of rows of X{other}. Got {n_neighbors}."
        )
