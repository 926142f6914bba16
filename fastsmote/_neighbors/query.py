"""Between a public question about neighbours and the index: checks, and distances in the user's units."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import check_matrix
from fastsmote._core.threads import Progress
from fastsmote._neighbors.index import Index, exact_exponents, rescaled, to_distances

_OCTAVES = 200  # powers of two between queries that share a scale

Answer = tuple[NDArray[np.float64], NDArray[np.int64]]


def check_rows(rows: Any, n: int, name: str = "rows") -> NDArray[np.int64]:
    """Row numbers of a matrix of n rows; all for None."""
    if rows is None:
        return np.arange(n)
    numbers = np.asarray(rows)
    if numbers.size == 0:
        numbers = numbers.astype(np.int64)
    if numbers.dtype.kind not in "iu":
        raise TypeError(
            f"{name} must be row numbers, integers. Got {numbers.dtype}; for a mask pass "
            "np.flatnonzero(mask)."
        )
    if numbers.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional. Got shape {numbers.shape}.")
    if numbers.size and (numbers.min() < 0 or numbers.max() >= n):
        raise ValueError(
            f"{name} must be row numbers of X, in [0, {n - 1}]. Got {numbers.min()} to {numbers.max()}."
        )
    return numbers.astype(np.int64)


def rows_by_code(codes: NDArray[np.int64], n_codes: int) -> list[NDArray[np.int64]]:
    """The places of each code, ascending."""
    order = np.argsort(codes, kind="stable")
    return np.split(order, np.cumsum(np.bincount(codes, minlength=n_codes))[:-1])


def check_queries(queries: Any, n_features: int, n_jobs: int | None, name: str = "queries") -> NDArray[Any]:
    Q = check_matrix(queries, name=name, n_jobs=n_jobs)
    if Q.shape[1] != n_features:
        of = " of X" if name == "queries" else " of the index"
        raise ValueError(f"{name} must have the {n_features} features{of}. Got {Q.shape[1]} features.")
    return Q


def alike(Q: NDArray[Any], X: NDArray[Any]) -> NDArray[Any]:
    """Queries of the type of X where that is exact: no kernels for a mixture."""
    return Q.astype(np.float64, copy=False) if X.dtype == np.float64 else Q


def ask(
    search: Callable[..., Answer],
    index: Index,
    among: Index,
    n_neighbors: int,
    Q: NDArray[Any] | None,
    rows: NDArray[np.int64] | None,
    n_jobs: int | None,
    progress: Progress | None,
) -> Answer:
    """Distances and indices by ``_index.search`` or ``_index.farthest``."""
    if Q is None:
        squared, indices = search(index, n_neighbors, Q, rows, among=among, n_jobs=n_jobs, progress=progress)
        return to_distances(squared, index.scale), indices

    def answer(at: NDArray[np.int64], scale: float) -> Answer:
        parts = rescaled(among, scale)
        squared, indices = search(
            rescaled(index, scale), n_neighbors, Q, at, among=parts, n_jobs=n_jobs, progress=progress
        )
        return to_distances(squared, scale), indices

    return by_size(answer, index.scale, Q, n_neighbors)


def by_size(
    answer: Callable[[NDArray[np.int64], float], Answer], scale: float, Q: NDArray[Any], n_neighbors: int
) -> Answer:
    """Answer queries with a scale that suits their size, so that no small one suffers from a large one.

    ``answer`` takes row numbers of Q and a scale. The scale of the indexed rows is for all that are not
    larger; others share one where they are within 2^200 of each other, so that squares do not underflow.
    """
    largest = np.maximum(Q.max(axis=1), -Q.min(axis=1)).astype(np.float64)
    most = math.frexp(scale)[1] - 1
    smaller = np.maximum(most - exact_exponents(largest), 0)
    group = -(-smaller // _OCTAVES)
    distances, indices = np.empty((len(Q), n_neighbors)), np.empty((len(Q), n_neighbors), np.int64)
    for key in np.unique(group):
        at = np.flatnonzero(group == key)
        found = answer(at, math.ldexp(1.0, int(most - smaller[at].max())))
        if len(at) == len(Q):
            return found
        distances[at], indices[at] = found
    return distances, indices


def require_rows(n_neighbors: int, n_rows: int, leaves_itself_out: bool, of: str = "X") -> None:
    available = n_rows - leaves_itself_out
    if n_neighbors > available:
        other = " other than the query itself" if leaves_itself_out else ""
        raise ValueError(
            f"n_neighbors must be at most {available}, the number of rows of {of}{other}. Got {n_neighbors}."
        )
