"""Between a public question about neighbours and the index: checks, and distances in the user's units."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import check_matrix
from fastsmote._core.typing import Progress
from fastsmote._neighbors.index import Index, exact_exponents, rescaled, to_distances

_OCTAVES = 200  # powers of two between queries that share a scale

Answer = tuple[NDArray[np.float64], NDArray[np.int64]]


def check_queries(queries: Any, n_features: int, n_jobs: int | None, name: str = "queries") -> NDArray[Any]:
    Q = check_matrix(queries, name=name, n_jobs=n_jobs)
    if Q.shape[1] != n_features:
        of = " of X" if name == "queries" else " of the index"
        raise ValueError(f"{name} must have the {n_features} features{of}. Got {Q.shape[1]} features.")
    return Q


def match_dtype(Q: NDArray[Any], X: NDArray[Any]) -> NDArray[Any]:
    """Queries of the type of X where that is exact: no kernels for a mixture."""
    return Q.astype(np.float64, copy=False) if X.dtype == np.float64 else Q


def query_in_user_units(
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


def check_k(n_neighbors: int, n_rows: int, leaves_itself_out: bool, of: str = "X") -> None:
    available = n_rows - leaves_itself_out
    if n_neighbors > available:
        other = " other than the query itself" if leaves_itself_out else ""
        raise ValueError(
            f"n_neighbors must be at most {available}, the number of rows of {of}{other}. Got {n_neighbors}."
        )
