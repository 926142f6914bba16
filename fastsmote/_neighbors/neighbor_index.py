"""The public index of neighbours: signatures and docstrings; ``labelled_index`` does the work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.display import Shown, Summary
from fastsmote._core.public import one_call, public
from fastsmote._core.typing import MatrixLike, Progress, VectorLike
from fastsmote._neighbors import labelled_index, stored
from fastsmote._neighbors.labelled_index import LabelledIndex
from fastsmote._neighbors.search import find_farthest, find_nearest


@public("fastsmote.neighbors")
class NeighborIndex(Shown):
    """An index that is built once and answers many exact questions about neighbours.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        Rows to search, dense, otherwise as for :func:`nearest_neighbors`, which takes sparse rows too.
        Canonical input (float32 or float64, C order) is kept by reference: do not change it while the index
        is in use.
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

    See Also
    --------
    nearest_neighbors : One search, without an index where that is faster.
    fastsmote.sklearn.NearestNeighbors : An index behind scikit-learn's protocol.

    Notes
    -----
    Several threads may use an index at once: it never changes after it is built. It pickles, with a version,
    and is checked when it is loaded.
    Rows are ordered around a query by (squared distance, index), as in :func:`nearest_neighbors`; "before"
    and "nearest" below are about this order, so that ties have one answer. Values farther off than 1e30 times
    what is usual in their column cost speed, not exactness.

    Building takes O(n_samples * n_features^2) time, memory one float32 copy of X; the index keeps X too.
    Rows of 512 features and more are compared by products of matrices, up to some seconds for a question:
    building takes no time then, and the first question keeps a copy of the rows that it looks at. So do few
    rows before anything is compiled.

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

    @one_call
    def __init__(self, X: MatrixLike, y: VectorLike | None = None, *, n_jobs: int | None = None) -> None:
        self._labelled = labelled_index.build_labelled_index(X, y, n_jobs)

    @classmethod
    def _from_parts(cls, labelled: LabelledIndex) -> Self:
        """The public index of a record that was not built from a table."""
        index = cls.__new__(cls)
        index._labelled = labelled
        return index

    def _summary(self) -> Summary:
        counts = labelled_index.contents(self._labelled)["counts"] or {}
        facts = {f"class {label!r}": f"{count:,} rows" for label, count in counts.items()}
        return Summary(labelled_index.describe(self._labelled), facts)

    def _contents(self) -> dict[str, Any]:
        return labelled_index.contents(self._labelled)

    def __reduce__(self) -> tuple[Callable[..., NeighborIndex], tuple[int, dict[str, Any]]]:
        return load_neighbor_index, (stored.VERSION, stored.state_of(self._labelled))

    @one_call
    def query(
        self,
        Q: MatrixLike | None = None,
        n_neighbors: int = 5,
        *,
        rows: VectorLike | None = None,
        among: Any = None,
        n_jobs: int | None = None,
        progress: Progress | None = None,
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
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

        See Also
        --------
        farthest : The other end of the order.
        nearest_neighbors : One search without keeping the index.
        """
        return labelled_index.search_among(
            self._labelled, find_nearest, Q, n_neighbors, rows, among, n_jobs, progress
        )

    @one_call
    def farthest(
        self,
        Q: MatrixLike | None = None,
        n_neighbors: int = 5,
        *,
        rows: VectorLike | None = None,
        among: Any = None,
        n_jobs: int | None = None,
        progress: Progress | None = None,
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Farthest rows of the indexed X, by descending distance, equal ones by index.

        Parameters, results and errors are as for ``query``. Memory is that of the result: no matrix of
        distances is made. NearMiss-2 wants the rows of one class that are farthest from each row of another.

        See Also
        --------
        query : The nearest rows.
        fastsmote.near_miss : With version 2, selects by the farthest rows.
        """
        return labelled_index.search_among(
            self._labelled, find_farthest, Q, n_neighbors, rows, among, n_jobs, progress
        )

    @one_call
    def count_other_classes(
        self,
        n_neighbors: int = 5,
        *,
        rows: VectorLike | None = None,
        n_jobs: int | None = None,
        progress: Progress | None = None,
    ) -> NDArray[np.int64]:
        """How many rows of other classes come before the j-th neighbour of the same class.

        Of the k nearest rows of all classes, those of the same class are the j <= k with j + count <= k; so
        these counts say what ADASYN, Borderline-SMOTE and SVM-SMOTE want to know, without those k rows.

        Parameters
        ----------
        n_neighbors : int, default 5
            Neighbours of the same class, less than the rows of the class; also where counting ends.
        rows : array-like of int of shape (n_queries,), optional
            Row numbers of X to count for; all by default.
        n_jobs, progress
            As for :func:`nearest_neighbors`; each class counts its progress from 0.

        Returns
        -------
        ndarray of int64 of shape (n_queries, n_neighbors)
            Ascending along a row, at most ``n_neighbors``.

        Raises
        ------
        ValueError, TypeError
            As for ``query``; an index without ``y``; a class of ``rows`` that has too few.

        See Also
        --------
        own_class_first : Whether enough rows of the class come first.
        fastsmote.adasyn, fastsmote.borderline_smote : Samplers that need such counts.
        """
        return labelled_index.count_other_classes(self._labelled, n_neighbors, rows, n_jobs, progress)

    @one_call
    def own_class_first(
        self,
        n_neighbors: int = 3,
        nth_other: int = 1,
        *,
        rows: VectorLike | None = None,
        n_jobs: int | None = None,
        progress: Progress | None = None,
    ) -> NDArray[np.bool_]:
        """Whether ``n_neighbors`` rows of its class come before the ``nth_other`` row of other classes.

        With ``nth_other`` 1: are the k nearest rows all of the row's class, which edited nearest neighbours
        with ``kind_sel="all"`` asks. In two classes, with odd k and both numbers (k + 1) / 2: is the
        row's class the majority of the k nearest.

        Most rows are answered by their own leaf and a test of an empty ball, without any search for
        neighbours: ``fastsmote._neighbors.predicates`` has the proof.

        Parameters
        ----------
        n_neighbors : int, default 3
            Rows of the same class.
        nth_other : int, default 1
            Which row of the other classes they must precede.
        rows : array-like of int of shape (n_queries,), optional
            Row numbers of X to decide for; all by default.
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

        See Also
        --------
        count_other_classes : How many rows of other classes come before.
        fastsmote.edited_nearest_neighbours : Removes rows for which it does not hold.
        """
        return labelled_index.same_class_first(self._labelled, n_neighbors, nth_other, rows, n_jobs, progress)

    @one_call
    def is_nearest(
        self,
        rows: VectorLike,
        neighbors: VectorLike,
        *,
        n_jobs: int | None = None,
        progress: Progress | None = None,
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

        See Also
        --------
        query : Finds the nearest row.
        fastsmote.tomek_links : Removes rows that are each other's nearest.
        """
        return labelled_index.is_nearest(self._labelled, rows, neighbors, n_jobs, progress)

    @one_call
    def append(
        self, X: MatrixLike, y: VectorLike | None = None, *, n_jobs: int | None = None
    ) -> NeighborIndex:
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

        See Also
        --------
        query : Searches the rows of both.
        """
        return NeighborIndex._from_parts(labelled_index.append_rows(self._labelled, X, y, n_jobs))


@public("fastsmote.neighbors")
def load_neighbor_index(version: int, state: dict[str, Any]) -> NeighborIndex:
    """The index that a pickle holds; ValueError where it holds something else."""
    return NeighborIndex._from_parts(stored.from_state(version, state))
