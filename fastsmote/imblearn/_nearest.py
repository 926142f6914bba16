"""scikit-learn's nearest neighbours with the same answers, found by the engine.

Where distances of consecutive neighbours differ by more than the rounding of either library, their order is
a fact of the data and both give it. Where they do not (duplicates, integers on a grid, values that are large
beside their differences), scikit-learn's order follows from its algorithm, so the queries concerned are
answered by scikit-learn itself, and that is noted. A duplicate is such a tie: of a row and its duplicate
either may come first, and imbalanced-learn leaves out whichever does.

Without a tree (``algorithm="brute"``, or "auto" above 15 features) scikit-learn's order of ties depends on
which queries are searched together, and from 1,024 per thread on, on the number of threads. So all queries
are searched again where that is cheap, up to 2^24 pairs of rows; of more, only those concerned, and their
ties can then fall otherwise than for imbalanced-learn.

Of sparse rows scikit-learn compares products, too, but each query by itself: so those concerned are searched
again. Sparse rows that name a column twice are left to it.

**Which neighbours.** A number, and Euclidean ``NearestNeighbors`` of scikit-learn, with any ``algorithm``:
neighbours do not depend on it, and ties go to scikit-learn with that algorithm. ``NearestNeighbors`` of
``fastsmote.sklearn`` is used as it is. Subclasses and other metrics are left to imbalanced-learn; so are,
for SMOTENC and SMOTEN, trees and ``fastsmote.sklearn``, which take no sparse rows or distances.
"""

import time
from numbers import Integral
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse
from sklearn.neighbors import NearestNeighbors

from fastsmote._core.check import check_matrix
from fastsmote._core.public import public
from fastsmote._core.sparse_matrix import check_sparse, is_canonical
from fastsmote._core.sparse_structure import check_structure
from fastsmote._neighbors import brute
from fastsmote._neighbors.build import build_index
from fastsmote._neighbors.distance import Neighbors, to_distances
from fastsmote._neighbors.index import Index
from fastsmote._neighbors.search import find_nearest
from fastsmote.imblearn._tally import note

_TREE_FEATURES = 15  # up to which "auto" is a tree, which compares rows by differences; others by products
_PARAMETERS = tuple(
    NearestNeighbors._get_param_names()
)  # found once: scikit-learn reads a signature each time
_CHEAP = 2**24  # pairs of rows that scikit-learn compares in some 20 ms


def uncovered_rows(X: Any) -> str | None:
    """Why the engine does not take X, rows of an array or sparse ones: not of numbers of at most 8 bytes."""
    return None if X.dtype.kind in "biuf" and X.dtype.itemsize <= 8 else f"X holds {X.dtype}"


def has_entries_twice(X: Any) -> bool:
    """Whether sparse rows name a column several times: scikit-learn's norms then are of each value alone."""
    check_structure(X)
    if is_canonical(X):
        return False
    ordered = type(X)((X.data, X.indices, X.indptr), shape=X.shape, copy=True)  # SciPy notes what it finds
    ordered.sum_duplicates()
    return bool(ordered.nnz < X.nnz)


def matrix_of(X: Any) -> Any:
    """What imbalanced-learn has found to be a matrix of finite numbers, as the engine takes it."""
    return check_sparse(X) if issparse(X) else check_matrix(X, finite=False)


def neighbors_of(estimator: Any, kind: Any = NearestNeighbors) -> int | None:
    """How many Euclidean neighbours of equal weight an estimator asks for, None where it is another."""
    if kind is NearestNeighbors and _is_drop_in(estimator):
        return int(estimator.n_neighbors)
    if type(estimator) is not kind and not (type(estimator) is ExactNeighbors and kind is NearestNeighbors):
        return None
    euclidean = estimator.metric in ("euclidean", "l2") or (
        estimator.metric == "minkowski" and estimator.p == 2
    )
    equal = kind is NearestNeighbors or estimator.weights == "uniform"
    plain = euclidean and equal and not estimator.metric_params
    return int(estimator.n_neighbors) if plain and is_count(estimator.n_neighbors) else None


def _is_drop_in(estimator: Any) -> bool:
    """Whether it is ``NearestNeighbors`` of ``fastsmote.sklearn``, which this adapter does not import."""
    kind = type(estimator)
    return (kind.__module__, kind.__qualname__) == ("fastsmote.sklearn", "NearestNeighbors")


def is_count(n_neighbors: Any) -> bool:
    """Whether scikit-learn's classifiers take it as a number of neighbours."""
    return isinstance(n_neighbors, Integral) and not isinstance(n_neighbors, bool) and int(n_neighbors) >= 1


def requested_neighbors(n_neighbors: Any, additional: int = 0) -> int | None:
    """Neighbours that ``check_neighbors_object`` would ask for, None where an object asks for others."""
    if isinstance(n_neighbors, Integral):
        return int(n_neighbors) + additional
    return neighbors_of(n_neighbors)


def of_another_kind(name: str, given: Any) -> str:
    """The reason where a parameter asks for neighbours that the engine does not find."""
    return f"{name} is a {type(given).__name__} of another kind"


@public("fastsmote.imblearn")
class ExactNeighbors(NearestNeighbors):  # type: ignore[misc]
    """``NearestNeighbors`` that fits and searches with the engine, and with scikit-learn what it must.

    The engine answers ``kneighbors(X, return_distance=False)`` for queries that are rows of the fitted
    ones. Everything else, fitted attributes included, comes from a scikit-learn estimator that is fitted when
    it is first needed.
    """

    @classmethod
    def like(cls, given: NearestNeighbors) -> Self:
        """With the parameters of scikit-learn's own class."""
        return cls(**{name: getattr(given, name) for name in _PARAMETERS})

    def fit(self, X: Any, y: Any = None) -> Self:
        """Keep X, by reference."""
        self._rows, self._fallback = X, None
        return self

    def kneighbors(self, X: Any = None, n_neighbors: int | None = None, return_distance: bool = True) -> Any:
        """As scikit-learn's."""
        if n_neighbors is not None or return_distance or not self._is_covered(X):
            return self._by_sklearn().kneighbors(X, n_neighbors, return_distance)
        found, squared, noise = self._search(X, 1)
        with np.errstate(invalid="ignore"):
            ties = ~(np.diff(squared) > noise)
        return self._settled(X, found[:, : self.n_neighbors], np.flatnonzero(ties.any(axis=1)))

    def count(self, X: NDArray[Any], marked: NDArray[np.bool_]) -> NDArray[np.int64]:
        """How many of the neighbours of each row of X, itself left out, are marked; none of X is.

        Which rows scikit-learn lists is open for those about as far as the last; and which of them it takes
        for the row itself, for those about as near as that. Where they are all marked, or none is, the count
        is the same.
        """
        k = self.n_neighbors
        if not self._is_covered(X):
            return marked[self.kneighbors(X, return_distance=False)[:, 1:]].sum(axis=1)
        found, squared, noise = self._search(X, 2)
        is_marked = marked[found]
        last, beyond, farther = (squared[:, j, np.newaxis] for j in (k - 1, k, k + 1))
        reach = last + noise
        open_ = ~(squared > reach) & ~(squared < beyond - noise)
        mixed = (open_ & is_marked).any(axis=1) & (open_ & ~is_marked).any(axis=1)
        doubtful = ~(beyond > reach)[:, 0] & (mixed | ~(farther > reach)[:, 0])
        doubtful |= (is_marked & ~(squared > noise)).any(axis=1)
        return marked[self._settled(X, found[:, :k], np.flatnonzero(doubtful))[:, 1:]].sum(axis=1)

    def _is_covered(self, X: Any) -> bool:
        if uncovered_rows(X) or uncovered_rows(self._rows) or issparse(X) != issparse(self._rows):
            return False
        if issparse(X) and (self.algorithm not in ("auto", "brute") or X.dtype != self._rows.dtype):
            return False
        if issparse(X) and has_entries_twice(self._rows):
            return False
        return bool(1 < self.n_neighbors <= self._rows.shape[0])

    def _settled(self, X: NDArray[Any], found: NDArray[np.int64], doubtful: NDArray[Any]) -> NDArray[Any]:
        """The rows found, those of doubtful queries by scikit-learn."""
        if len(doubtful):
            start = time.perf_counter()
            if not issparse(X) and X.shape[0] * self._rows.shape[0] <= _CHEAP:
                found = self._by_sklearn().kneighbors(X, return_distance=False)
            else:
                found[doubtful] = self._by_sklearn().kneighbors(X[doubtful], return_distance=False)
            note("NearestNeighbors", "parent", "distances that tie", time.perf_counter() - start)
        return found

    def _search(self, Q: NDArray[Any], further: int) -> tuple[NDArray[np.int64], Any, Any]:
        """The nearest rows, first the query itself, and some ``further`` than asked for (m, k + further).

        And their squared distances, infinite behind the last row, and by how much scikit-learn's may differ.
        """
        are_rows = Q is self._rows
        k, n = self.n_neighbors + further, self._rows.shape[0]
        distances, found = self._nearest(Q, min(k, n) - are_rows)
        if are_rows:
            itself = np.arange(len(found))[:, np.newaxis]
            found = np.hstack([itself, found])
            distances = np.hstack([np.zeros(itself.shape), distances])
        with np.errstate(over="ignore", invalid="ignore"):
            squared = distances * distances
            noise = self._noise(Q, squared[:, -1:])
        if k > n:
            missing = (0, 0), (0, k - n)
            found, squared = np.pad(found, missing), np.pad(squared, missing, constant_values=np.inf)
        return found, squared, noise

    def _nearest(self, Q: Any, k: int) -> Neighbors:
        """Distances and rows (m, k); where Q are the rows themselves, of the others."""
        matrix = matrix_of(self._rows)
        queries = None if Q is self._rows else matrix_of(Q)
        if not issparse(Q) and brute.is_faster(len(matrix), matrix.shape[1], k, len(Q)):
            return brute.compare_all(matrix, k, queries)
        index = self._indexed(matrix)
        squared, found = find_nearest(index, k, queries)
        return to_distances(squared, index.scale), found

    def _indexed(self, matrix: Any) -> Index:
        """The index of the rows. Samplers fit all rows and those of a class by turns: two are kept."""
        known = self.__dict__.setdefault("_indexes", [])
        for place, (rows, _) in enumerate(known):
            if rows is self._rows:
                known.insert(0, known.pop(place))
                return known[0][1]
        known.insert(0, (self._rows, build_index(matrix)))
        del known[2:]
        return known[0][1]

    def _noise(self, Q: Any, farthest: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far differences of squared distances may be from those of scikit-learn, (m, 1)."""
        if issparse(Q):
            return self._noise_of_products(Q, farthest)
        n, d = self._rows.shape
        terms = 2 * d + 16
        few = d <= _TREE_FEATURES and self.n_neighbors < n // 2
        if self.algorithm in ("kd_tree", "ball_tree") or (self.algorithm == "auto" and few):
            return terms * 2.0**-52 * farthest
        copied = Q.flags.c_contiguous and self._rows.flags.c_contiguous
        unit = 2.0**-52 if copied or Q.dtype != np.float32 else 2.0**-23  # else it rounds to float32
        norm = np.einsum("ij,ij->i", Q, Q, dtype=np.float64, casting="unsafe")[:, np.newaxis]
        return terms * unit * (3.0 * norm + 2.0 * farthest)

    def _noise_of_products(self, Q: Any, farthest: NDArray[np.float64]) -> NDArray[np.float64]:
        """Of sparse rows products decide whatever the number of columns; of float32 they are float32."""
        norm = np.asarray(Q.astype(np.float64).power(2).sum(axis=1)).reshape(-1, 1)
        terms = (2 * self._longest() + 16) * (3.0 * norm + 2.0 * farthest)
        if Q.dtype != np.float32:
            return terms * 2.0**-52
        lost = (terms > 2.0**110) | (norm < 2.0**-80)  # squares that float32 can not hold, or not well
        return np.where(lost, np.inf, terms * 2.0**-23)

    def _longest(self) -> int:
        """Terms that a product of two rows has at most."""
        rows = self._rows
        stored = np.diff(rows.indptr) if rows.format == "csr" else np.bincount(rows.indices)
        return int(stored.max(initial=0))

    def forget(self) -> None:
        """Drop the indexes; they are built again when they are needed."""
        self.__dict__.pop("_indexes", None)

    def _by_sklearn(self) -> NearestNeighbors:
        if self._fallback is None:
            self._fallback = NearestNeighbors(**self.get_params()).fit(self._rows)
        return self._fallback

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or "_rows" not in vars(self):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self._by_sklearn(), name)

    def __sklearn_is_fitted__(self) -> bool:
        return "_rows" in vars(self)
