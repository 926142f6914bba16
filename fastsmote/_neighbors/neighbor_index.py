"""The public index of neighbours."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import check_integer, check_labels, check_matrix, check_row_numbers
from fastsmote._core.labels import rows_by_code, shown
from fastsmote._core.public import public
from fastsmote._core.typing import Progress
from fastsmote._neighbors import predicates
from fastsmote._neighbors.build import build_index, extend_index, frozen
from fastsmote._neighbors.index import Index
from fastsmote._neighbors.query import Answer, check_k, check_queries, match_dtype, query_in_user_units
from fastsmote._neighbors.search import find_farthest, find_nearest

_MANY_CLASSES = 32  # from here on one search among all classes beats two per class


@public("fastsmote.neighbors")
class NeighborIndex:
    """An index that is built once and answers many exact questions about neighbours.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        Rows to search, as for :func:`nearest_neighbors`. Canonical input (float32 or float64, C order) is
        kept by reference: do not change it while the index is in use.
    y : array-like of shape (n_samples,), optional
        Class labels, or any other grouping of the rows. Each class gets leaves of its own, so that questions
        about one class, or all but one, do not look at the others. Made for up to some hundred classes: each
        takes room for 32 rows at least, and all of them together up to 10 microseconds per class and query.
    n_jobs : int, optional
        Threads for building; None is all usable cores.

    Raises
    ------
    ValueError, TypeError
        As for :func:`nearest_neighbors`, and if ``y`` does not hold one label per row of X.

    Notes
    -----
    Questions from several threads at once are safe: an index is never changed after it is built. It pickles.
    Rows are ordered around a query by (squared distance, index), as in :func:`nearest_neighbors`; "before"
    and "nearest" below are about this order, so that ties have one answer. Values farther off than 1e30 times
    what is usual in their column cost speed, not exactness.

    Building takes O(n_samples * n_features^2) time, memory one float32 copy of X; the index keeps X too.

    Examples
    --------
    >>> import fastsmote
    >>> index = fastsmote.NeighborIndex([[0.0], [1.0], [3.0], [3.5]], y=["a", "a", "b", "a"])
    >>> distances, indices = index.query([[0.9]], n_neighbors=2)
    >>> indices.tolist()
    [[1, 0]]
    >>> index.query([[0.9]], n_neighbors=1, among="b")[1].tolist()
    [[2]]
    >>> index.own_class_first(n_neighbors=1).tolist()
    [True, True, False, False]
    """

    def __init__(self, X: Any, y: Any = None, *, n_jobs: int | None = None) -> None:
        matrix = check_matrix(X, n_jobs=n_jobs)
        self._classes: list[Any] = []
        self._codes: NDArray[np.int64] | None = None
        groups = None
        if y is not None:
            labels = check_labels(y, len(matrix), min_classes=1)
            self._classes, self._codes = labels.classes.tolist(), labels.codes
            groups = rows_by_code(labels.codes, len(self._classes))
        self._index = build_index(matrix, groups, n_jobs=n_jobs)

    def __repr__(self) -> str:
        n, d = self._index.X.shape
        classes = f", {len(self._classes)} classes" if self._classes else ""
        return f"NeighborIndex({n} rows, {d} features{classes})"

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._index = frozen(self._index)

    def query(
        self,
        Q: Any = None,
        n_neighbors: int = 5,
        *,
        rows: Any = None,
        among: Any = None,
        n_jobs: int | None = None,
        progress: Progress | None = None,
    ) -> Answer:
        """Nearest rows of the indexed X, of all classes or of some.

        Parameters
        ----------
        Q : array-like of shape (n_queries, n_features), optional
            Rows to search for. By default rows of X, each of which leaves itself out.
        n_neighbors : int, default 5
            Neighbours per query, at most the number of rows that can be found.
        rows : array-like of int of shape (n_queries,), optional
            Row numbers of X to search for instead of Q; all by default.
        among : label or list of labels, optional
            Classes to search; all by default. Needs an index with ``y``.
        n_jobs, progress
            As for :func:`nearest_neighbors`.

        Returns
        -------
        distances : ndarray of float64 of shape (n_queries, n_neighbors)
            Ascending, in the units of X.
        indices : ndarray of int64 of shape (n_queries, n_neighbors)
            Row numbers in X.

        Raises
        ------
        ValueError
            As for :func:`nearest_neighbors`; Q and ``rows`` together, row numbers that X has not, labels that
            ``y`` has not, ``among`` without ``y``.
        TypeError
            As for :func:`nearest_neighbors`; ``rows`` that are not integers.
        """
        return self._search(find_nearest, Q, n_neighbors, rows, among, n_jobs, progress)

    def farthest(
        self,
        Q: Any = None,
        n_neighbors: int = 5,
        *,
        rows: Any = None,
        among: Any = None,
        n_jobs: int | None = None,
        progress: Progress | None = None,
    ) -> Answer:
        """Farthest rows of the indexed X, by descending distance, equal ones by index.

        Parameters, results and errors are as for ``query``. Memory is that of the result: no matrix of
        distances is made. NearMiss-2 asks for the rows of one class that are farthest from each row of
        another.
        """
        return self._search(find_farthest, Q, n_neighbors, rows, among, n_jobs, progress)

    def count_other_classes(
        self,
        n_neighbors: int = 5,
        *,
        rows: Any = None,
        n_jobs: int | None = None,
        progress: Progress | None = None,
    ) -> NDArray[np.int64]:
        """How many rows of other classes come before the j-th neighbour of the own class.

        Of the k nearest rows of all classes, those of the own class are the j <= k with j + count <= k; so
        these counts say what ADASYN, Borderline-SMOTE and SVM-SMOTE want to know, without those k rows.

        Parameters
        ----------
        n_neighbors : int, default 5
            Neighbours of the own class, less than the rows of the class; also where counting ends.
        rows : array-like of int of shape (n_queries,), optional
            Row numbers of X that ask; all by default.
        n_jobs, progress
            As for :func:`nearest_neighbors`; each class counts its progress from 0.

        Returns
        -------
        ndarray of int64 of shape (n_queries, n_neighbors)
            Ascending along a row, at most ``n_neighbors``.

        Raises
        ------
        ValueError, TypeError
            As for ``query``; an index without ``y``; a class that asks and has too few rows.
        """
        n_neighbors = check_integer(n_neighbors, "n_neighbors")
        codes, rows = self._codes_of("count_other_classes"), check_row_numbers(rows, len(self._index.X))
        counts = np.bincount(codes, minlength=len(self._classes))
        for code in np.unique(codes[rows]):
            if counts[code] <= n_neighbors:
                raise ValueError(
                    f"n_neighbors must be at most {counts[code] - 1}, the other rows of class "
                    f"{self._classes[code]!r}. Got {n_neighbors}."
                )
        answer = np.empty((len(rows), n_neighbors), np.int64)
        for code, at in self._by_class(rows):
            answer[at], _ = predicates.others_before(
                self._index, code, rows[at], n_neighbors, n_jobs=n_jobs, progress=progress
            )
        return answer

    def own_class_first(
        self,
        n_neighbors: int = 3,
        nth_other: int = 1,
        *,
        rows: Any = None,
        n_jobs: int | None = None,
        progress: Progress | None = None,
    ) -> NDArray[np.bool_]:
        """Whether ``n_neighbors`` rows of the own class come before the ``nth_other`` row of other classes.

        With ``nth_other`` 1: are the k nearest rows all of the own class, which edited nearest neighbours
        with ``kind_sel="all"`` asks. In two classes, with odd k and both numbers (k + 1) / 2: is the own
        class the majority of the k nearest.

        Most rows are answered by their own leaf and a test of an empty ball, without any search for
        neighbours: ``fastsmote._neighbors.predicates`` has the proof.

        Parameters
        ----------
        n_neighbors : int, default 3
            Rows of the own class.
        nth_other : int, default 1
            Which row of the other classes they must precede.
        rows : array-like of int of shape (n_queries,), optional
            Row numbers of X that ask; all by default.
        n_jobs, progress
            As for :func:`nearest_neighbors`; each step of the work counts its progress from 0.

        Returns
        -------
        ndarray of bool of shape (n_queries,)
            False for a row whose class has fewer than ``n_neighbors`` other rows.

        Raises
        ------
        ValueError, TypeError
            As for ``query``; an index without ``y``.
        """
        n_neighbors = check_integer(n_neighbors, "n_neighbors")
        nth_other = check_integer(nth_other, "nth_other")
        codes, rows = self._codes_of("own_class_first"), check_row_numbers(rows, len(self._index.X))
        if len(self._classes) > _MANY_CLASSES:
            return predicates.same_class_first_by_vote(
                self._index, codes, rows, n_neighbors, nth_other, n_jobs=n_jobs, progress=progress
            )
        answer = np.empty(len(rows), bool)
        for code, at in self._by_class(rows):
            answer[at] = predicates.same_class_first(
                self._index, code, rows[at], n_neighbors, nth_other, n_jobs=n_jobs, progress=progress
            )
        return answer

    def is_nearest(
        self, rows: Any, neighbors: Any, *, n_jobs: int | None = None, progress: Progress | None = None
    ) -> NDArray[np.bool_]:
        """Whether ``neighbors[i]`` is the nearest neighbour of ``rows[i]``: is the ball between them empty?

        A search for the nearest row would have to prove that there is none nearer; this ends at the first. A
        pair of different classes is a Tomek link if it is true both ways.

        Parameters
        ----------
        rows, neighbors : array-like of int of shape (n_pairs,)
            Row numbers of X, different in each pair.
        n_jobs, progress
            As for :func:`nearest_neighbors`.

        Returns
        -------
        ndarray of bool of shape (n_pairs,)

        Raises
        ------
        ValueError, TypeError
            As for ``query``; different lengths; a row paired with itself.
        """
        n = len(self._index.X)
        if rows is None or neighbors is None:
            raise TypeError("rows and neighbors must be row numbers. Got None.")
        rows, neighbors = check_row_numbers(rows, n), check_row_numbers(neighbors, n, "neighbors")
        if len(rows) != len(neighbors):
            raise ValueError(
                f"rows and neighbors must be pairs. Got {len(rows)} rows and {len(neighbors)} neighbors."
            )
        if (rows == neighbors).any():
            pair = int(np.argmax(rows == neighbors))
            raise ValueError(
                "rows and neighbors must be pairs of different rows. "
                f"Got row {rows[pair]} twice in pair {pair}."
            )
        return predicates.is_nearest(self._index, rows, neighbors, n_jobs=n_jobs, progress=progress)

    def append(self, X: Any, y: Any = None, *, n_jobs: int | None = None) -> "NeighborIndex":
        """A new index of these rows and further ones, numbered on; this one stays as it is.

        What stands is not built again, but for parts of the index with at most twice as many rows as come to
        their class (so that many small appends cost O(log n_samples) builds per row), and unless the new
        rows are larger than all so far by a factor of 1e11. The rows of X are copied to follow each other in
        memory.

        Parameters
        ----------
        X : array-like of shape (n_new, n_features)
            Further rows.
        y : array-like of shape (n_new,), optional
            Their labels, new ones allowed; with an index that has ``y``, and only then.
        n_jobs : int, optional
            Threads; None is all usable cores.

        Returns
        -------
        NeighborIndex

        Raises
        ------
        ValueError, TypeError
            As for the index itself; ``y`` missing, or given to an index without.
        """
        new = check_queries(X, self._index.X.shape[1], n_jobs, "X")
        if (y is None) != (self._codes is None):
            raise ValueError(
                "y must be given if the index was made with y, and only then. "
                f"Got {'no y' if y is None else 'y'} for {self!r}."
            )
        n_old = len(self._index.X)
        longer = object.__new__(NeighborIndex)
        longer._classes, longer._codes, groups = self._classes, None, None
        if self._codes is not None:
            labels = check_labels(y, len(new), min_classes=1)
            names = labels.classes.tolist()
            check_labels(self._classes + names, min_classes=1)  # one kind of labels
            longer._classes = self._classes + [label for label in names if label not in self._classes]
            codes = np.array([longer._classes.index(label) for label in names])[labels.codes]
            longer._codes = np.concatenate([self._codes, codes])
            groups = [n_old + rows for rows in rows_by_code(codes, len(longer._classes))]
        matrix = np.concatenate([self._index.X, new])
        matrix.setflags(write=False)
        longer._index = extend_index(self._index, matrix, groups, n_jobs=n_jobs)
        return longer

    def _search(
        self,
        search: Callable[..., Answer],
        Q: Any,
        n_neighbors: int,
        rows: Any,
        among: Any,
        n_jobs: int | None,
        progress: Progress | None,
    ) -> Answer:
        n_neighbors = check_integer(n_neighbors, "n_neighbors")
        if Q is not None and rows is not None:
            raise ValueError(
                "Q and rows must not be given together. Pass the rows to search for, or numbers."
            )
        parts, n_found = self._parts_of(among)
        found_in = "X" if among is None else "the classes in among"
        if Q is not None:
            Q = match_dtype(check_queries(Q, self._index.X.shape[1], n_jobs, "Q"), self._index.X)
            check_k(n_neighbors, n_found, False, found_in)
        else:
            rows = None if rows is None else check_row_numbers(rows, len(self._index.X))
            asking = slice(None) if rows is None else rows
            codes = [part.code for part in parts.parts]
            finds_itself = among is None or np.isin(self._codes_of("among")[asking], codes).any()
            check_k(n_neighbors, n_found, bool(finds_itself), found_in)
        return query_in_user_units(search, self._index, parts, n_neighbors, Q, rows, n_jobs, progress)

    def _parts_of(self, among: Any) -> tuple[Index, int]:
        """The parts of some classes, and their number of rows."""
        if among is None:
            return self._index, len(self._index.X)
        codes = self._codes_of("among")
        for plain in ("tolist", "to_list"):  # of NumPy and pandas, of polars
            among = getattr(among, plain)() if hasattr(among, plain) else among
        wanted = list(among) if isinstance(among, list | tuple | set | frozenset | range) else [among]
        unknown = [label for label in wanted if label not in self._classes]
        if unknown or not wanted:
            raise ValueError(
                f"among must be a label of y or a list of them, out of {shown(self._classes)}. Got {among!r}."
            )
        chosen = {self._classes.index(label) for label in wanted}
        parts = Index(tuple(part for part in self._index.parts if part.code in chosen))
        return parts, int(np.isin(codes, list(chosen)).sum())

    def _codes_of(self, what: str) -> NDArray[np.int64]:
        if self._codes is None:
            raise ValueError(f"{what} needs an index with classes. Make it as NeighborIndex(X, y).")
        return self._codes

    def _by_class(self, rows: NDArray[np.int64]) -> list[tuple[int, NDArray[np.int64]]]:
        """Code, and places in ``rows``, of each class that occurs."""
        codes = self._codes_of("y")[rows]
        return [(code, at) for code, at in enumerate(rows_by_code(codes, len(self._classes))) if len(at)]
