"""From what a user asks to a search: checks of queries, and distances in the user's units.

``nearest_rows`` is ``fastsmote.nearest_neighbors``; ``labelled_index`` checks what an index is asked.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from fastsmote._core.check import check_integer, check_matrix
from fastsmote._core.sparse_matrix import SparseMatrix, check_sparse
from fastsmote._core.tables import Table
from fastsmote._core.typing import Progress, RowIds
from fastsmote._neighbors import brute
from fastsmote._neighbors.build import build_index
from fastsmote._neighbors.distance import Neighbors, answer_by_size, to_distances
from fastsmote._neighbors.index import Index, rescaled
from fastsmote._neighbors.search import find_nearest


def check_queries(
    queries: Any, n_features: int, n_jobs: int | None, name: str = "queries", is_sparse: bool = False
) -> Any:
    """``queries`` as a canonical matrix with the features of the searched rows, sparse where they are."""
    table = Table(queries, name)
    if is_sparse and not table.is_sparse:
        raise TypeError(
            f"{name} must be sparse where X is. Got {type(queries).__name__}; pass "
            f"scipy.sparse.csr_array({name})."
        )
    matrix = check_sparse(table.given, name) if is_sparse else check_matrix(table, n_jobs=n_jobs)
    if matrix.shape[1] != n_features:
        of = " of X" if name == "queries" else " of the index"
        raise ValueError(f"{name} must have the {n_features} features{of}. Got {matrix.shape[1]} features.")
    return matrix


def match_dtype(queries: Any, X: Any) -> Any:
    """Queries of the type of X where that is exact: no kernels for a mixture."""
    if isinstance(queries, SparseMatrix):
        return queries.astype(X.dtype) if X.dtype == np.float64 else queries
    return queries.astype(np.float64, copy=False) if X.dtype == np.float64 else queries


def nearest_rows(
    X: Any, n_neighbors: int, queries: Any, n_jobs: int | None, progress: Progress | None
) -> Neighbors:
    """The nearest rows of a user's table, with an index or without, whichever is faster."""
    n_neighbors = check_integer(n_neighbors, "n_neighbors")
    table = Table(X)
    matrix: Any = check_sparse(table.given) if table.is_sparse else check_matrix(table, n_jobs=n_jobs)
    n, d = matrix.shape
    if queries is not None:
        queries = match_dtype(check_queries(queries, d, n_jobs, is_sparse=table.is_sparse), matrix)
    check_k(n_neighbors, n, queries is None)
    if not table.is_sparse and brute.is_faster(n, d, n_neighbors, n if queries is None else len(queries)):
        return brute.compare_all(matrix, n_neighbors, queries, n_jobs=n_jobs, progress=progress)
    index = build_index(matrix, n_jobs=n_jobs)
    return search_in_user_units(find_nearest, index, index, n_neighbors, queries, None, n_jobs, progress)


def search_in_user_units(
    search: Callable[..., Neighbors],
    index: Index,
    among: Index,
    n_neighbors: int,
    queries: Any,
    rows: RowIds | None,
    n_jobs: int | None,
    progress: Progress | None,
) -> Neighbors:
    """Distances and indices that ``find_nearest`` or ``find_farthest`` finds among some parts of an index."""
    if queries is None:
        squared, indices = search(
            index, n_neighbors, None, rows, among=among, n_jobs=n_jobs, progress=progress
        )
        return to_distances(squared, index.scale), indices

    def answer(at: RowIds, scale: float) -> Neighbors:
        parts = rescaled(among, scale)
        squared, indices = search(
            rescaled(index, scale), n_neighbors, queries, at, among=parts, n_jobs=n_jobs, progress=progress
        )
        return to_distances(squared, scale), indices

    return answer_by_size(answer, index.scale, queries, n_neighbors)


def check_k(n_neighbors: int, n_rows: int, leaves_itself_out: bool, of: str = "X") -> None:
    """ValueError where fewer than ``n_neighbors`` rows can be found."""
    available = n_rows - leaves_itself_out
    if n_neighbors > available:
        other = " other than the query itself" if leaves_itself_out else ""
        raise ValueError(
            f"n_neighbors must be at most {available}, the number of rows of {of}{other}. Got {n_neighbors}."
        )
