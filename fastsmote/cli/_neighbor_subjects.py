"""Benchmarks of neighbours: exact search beside brute force and trees of other libraries."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

import fastsmote
from fastsmote.cli._peers import FASTSMOTE, Arrays, Build, Call, Keep, Peer, Subject

K = 5
# of X and row numbers: distances and row numbers of the K + 1 nearest
Search = Callable[[np.ndarray, np.ndarray], Any]


def _keep_neighbors(result: Any, X: np.ndarray, y: np.ndarray) -> Arrays:
    queries, distances, indices = result
    return {"queries": queries, "distances": distances, "indices": indices}


def _queries(y: np.ndarray, minority: bool, most: int | None) -> np.ndarray:
    """Rows whose neighbours are wanted; at most ``most`` of them, evenly spaced."""
    rows = np.flatnonzero(y == 1) if minority else np.arange(len(y))
    return rows if most is None else rows[:: -(-len(rows) // most)]


def _self_join() -> tuple[Call, Keep]:
    def call(X: np.ndarray, y: np.ndarray) -> Any:
        return np.arange(len(X)), *fastsmote.nearest_neighbors(X, K)

    return call, _keep_neighbors


def _self_join_of(n_neighbors: int | None, by_index: bool) -> Build:
    """The neighbours of every row; None is all other rows."""

    def build() -> tuple[Call, Keep]:
        def call(X: Any, y: np.ndarray) -> Any:
            k = X.shape[0] - 1 if n_neighbors is None else n_neighbors
            if by_index:
                return np.arange(X.shape[0]), *fastsmote.NeighborIndex(X).query(n_neighbors=k)
            return np.arange(X.shape[0]), *fastsmote.nearest_neighbors(X, k)

        return call, _keep_neighbors

    return build


def _self_join_of_sklearn(n_neighbors: int | None) -> Build:
    def build() -> tuple[Call, Keep]:
        from sklearn.neighbors import NearestNeighbors

        def call(X: Any, y: np.ndarray) -> Any:
            k = X.shape[0] - 1 if n_neighbors is None else n_neighbors
            model = NearestNeighbors(n_neighbors=k, algorithm="brute", n_jobs=-1)
            return np.arange(X.shape[0]), *model.fit(X).kneighbors()

        return call, _keep_neighbors

    return build


def _minority() -> tuple[Call, Keep]:
    def call(X: np.ndarray, y: np.ndarray) -> Any:
        rows = _queries(y, True, None)
        return rows, *fastsmote.NeighborIndex(X).query(rows=rows, n_neighbors=K)

    return call, _keep_neighbors


def _sklearn_search(module: str, algorithm: str, dtype: str) -> Callable[[], Search]:
    def load() -> Search:
        NearestNeighbors = import_module(module).NearestNeighbors

        def search(X: np.ndarray, rows: np.ndarray) -> Any:
            X = X.astype(dtype, copy=False)
            model = NearestNeighbors(n_neighbors=K + 1, algorithm=algorithm, n_jobs=-1)
            return model.fit(X).kneighbors(X[rows])

        return search

    return load


def _scipy_search() -> Search:
    from scipy.spatial import cKDTree

    return lambda X, rows: cKDTree(X).query(X[rows], K + 1, workers=-1)


def _faiss_search() -> Search:
    import faiss

    def search(X: np.ndarray, rows: np.ndarray) -> Any:
        X = np.ascontiguousarray(X, np.float32)
        index = faiss.IndexFlatL2(X.shape[1])
        index.add(X)
        squared, indices = index.search(X[rows], K + 1)
        return np.sqrt(squared), indices

    return search


def _without_itself(load: Callable[[], Search], minority: bool, most: int | None) -> Build:
    """K neighbours of rows of X other than the row itself, by a search for the K + 1 nearest."""

    def build() -> tuple[Call, Keep]:
        search = load()

        def call(X: np.ndarray, y: np.ndarray) -> Any:
            rows = _queries(y, minority, most)
            distances, indices = search(X, rows)
            itself = indices == rows[:, None]
            itself[~itself.any(axis=1), K] = (
                True  # among duplicates the row itself can be missing: drop the last
            )
            return rows, distances[~itself].reshape(-1, K), indices[~itself].reshape(-1, K)

        return call, _keep_neighbors

    return build


def _compare_neighbors(actual: Arrays, peer: Arrays) -> str:
    """Over the queries of the peer, some of all; both ascend."""
    at = np.searchsorted(actual["queries"], peer["queries"])
    distances, indices = actual["distances"][at], actual["indices"][at]
    gap = np.abs(distances - peer["distances"])
    relative = np.divide(gap, distances, out=gap, where=distances > 0).max()
    return f"{relative:.1e} relative, {np.count_nonzero(indices != peer['indices']):,} indices differ"


_SEARCHES = {
    "scikit-learn brute": ("sklearn", _sklearn_search("sklearn.neighbors", "brute", "float64")),
    "FAISS flat, float32": ("faiss", _faiss_search),
    "oneDAL brute": ("sklearnex", _sklearn_search("sklearnex.neighbors", "brute", "float64")),
    "oneDAL brute, float32": ("sklearnex", _sklearn_search("sklearnex.neighbors", "brute", "float32")),
}
_TREES = {
    "SciPy cKDTree": ("scipy", _scipy_search),
    "oneDAL kd-tree": ("sklearnex", _sklearn_search("sklearnex.neighbors", "kd_tree", "float64")),
}


def neighbor_subject(
    table: str, most: int, *, max_rows: int, calls: int, minority: bool = False, trees: bool = False
) -> Subject:
    """Brute force gets at most ``most`` of the queries, trees all of them."""
    n_queries = dict.fromkeys(_SEARCHES, most) | (dict.fromkeys(_TREES) if trees else {})
    peers = []
    for name, at_most in n_queries.items():
        module, load = (_SEARCHES | _TREES)[name]
        peers.append(Peer(name, (module,), _without_itself(load, minority, at_most)))
    fast = Peer(FASTSMOTE, (), _minority if minority else _self_join)
    return Subject(table, (fast, *peers), _compare_neighbors, max_rows, calls)


def self_join_subject(
    table: str, max_rows: int, n_neighbors: int | None = K, by_index: bool = False
) -> Subject:
    """The neighbours of every row beside brute force, which gets the same rows."""
    fast = Peer(FASTSMOTE, (), _self_join_of(n_neighbors, by_index))
    peer = Peer("scikit-learn brute", ("sklearn",), _self_join_of_sklearn(n_neighbors))
    return Subject(table, (fast, peer), _compare_neighbors, max_rows)
