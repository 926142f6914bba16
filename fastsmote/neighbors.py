"""Exact nearest neighbours, and the cheaper questions of resamplers, on one index."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.public import one_call
from fastsmote._core.typing import MatrixLike, Progress
from fastsmote._neighbors.neighbor_index import (
    NeighborIndex,
    load_neighbor_index,  # noqa: F401 (pickles name it here)
)
from fastsmote._neighbors.query import nearest_rows
from fastsmote._neighbors.value_difference import ValueDifferenceMetric

__all__ = ["NeighborIndex", "ValueDifferenceMetric", "nearest_neighbors"]


@one_call
def nearest_neighbors(
    X: MatrixLike,
    n_neighbors: int = 5,
    *,
    queries: MatrixLike | None = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Exact Euclidean nearest neighbours.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        Rows to search. Finite numbers; float32 and float64 in C order are used without a copy, integers
        beyond 2**53 are rounded to float64. CSR and CSC matrices of SciPy stay sparse.
    n_neighbors : int, default 5
        Neighbours per query, at most n_samples (n_samples - 1 without ``queries``).
    queries : array-like of shape (n_queries, n_features), optional
        Rows to search for, sparse where X is. By default each row of X, which is then not its own neighbour:
        it is left out by its index, so that its duplicates are found.
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
        If ``n_neighbors`` is not an integer, X is masked, sparse otherwise or of extended precision, or one
        of X and ``queries`` is sparse and the other is not.

    See Also
    --------
    NeighborIndex : Built once, for many searches and for classes.
    fastsmote.sklearn.NearestNeighbors : The same neighbours behind scikit-learn's protocol.

    Notes
    -----
    The answer is exact and unique: the smallest under (squared distance, index), the squared distance
    summed in float64. It depends neither on the number of threads nor on the memory layout of X, and the
    neighbours for k are the first of those for k + 1. Differences smaller than about 1e-300 times the
    largest value, of X and of the query, lose digits, and below 1e-310 count as zero.

    Time grows from O(n_queries * log n_samples) where data cluster to O(n_queries * n_samples * n_features)
    for white noise in many dimensions; many neighbours add O(n_neighbors * log n_neighbors) per query. Memory
    is one float32 copy of X and O(n_queries * n_neighbors). Few queries, or some 3,000 rows, are searched
    without an index, with at most 17 MB for products (``fastsmote._neighbors.brute`` and
    ``fastsmote._neighbors.few`` have the rules); so are rows of 512 features and more, by products of BLAS,
    which has threads of its own, and one copy of them, of float32 where that tells them apart
    (``fastsmote._neighbors.loose``). Of sparse rows each query meets the values of its own features, in
    O(stored values) memory (``fastsmote._neighbors.inverted``).

    References
    ----------
    Leaves, bounds and the proof that float32 arithmetic never decides stand in
    ``fastsmote._kernels.neighbors.search``.

    Bentley, J. L. (1975). Multidimensional binary search trees used for associative searching. CACM 18,
    509-517. doi:10.1145/361002.361007

    Examples
    --------
    >>> import fastsmote
    >>> distances, indices = fastsmote.nearest_neighbors([[0.0], [1.0], [3.0]], n_neighbors=1)
    >>> distances.ravel().tolist(), indices.ravel().tolist()
    ([1.0, 1.0, 2.0], [1, 0, 1])
    """
    return nearest_rows(X, n_neighbors, queries, n_jobs, progress)
