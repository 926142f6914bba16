"""An index with the labels of its rows, and what users ask of it: checks, then searches and predicates.

``NeighborIndex`` is this record with a public face. Everything that a user passes is checked here, before any
work; what lies below takes canonical arrays.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from fastsmote._core.check import check_integer, check_matrix, check_row_numbers
from fastsmote._core.freeze import freeze
from fastsmote._core.labels import check_labels, rows_by_code, shown
from fastsmote._core.typing import Mask, Matrix, Progress, RowIds
from fastsmote._neighbors import bits, predicates
from fastsmote._neighbors.build import build_index, extend_index, with_leaves
from fastsmote._neighbors.distance import Neighbors
from fastsmote._neighbors.index import MANY_CLASSES, Index, lasting, loose_of
from fastsmote._neighbors.query import check_k, check_queries, match_dtype, search_in_user_units
from fastsmote._neighbors.search import loose_if_cheaper


@dataclass(eq=False)
class LabelledIndex:
    """An index, and the labels that the codes of its parts stand for."""

    index: Index
    classes: list[Any]  # none for an index without labels
    codes: RowIds | None  # (n,) of every row, places in ``classes``
    _leaves: Index | None = None  # of the same rows, where those of the index are loose

    def asked_by(self, n_queries: int, n_jobs: int | None, queries: Matrix | None = None) -> Index:
        """The index for a question: of loose rows, or leaves once one is worth them, which stay.

        Threads that come here together may make the same leaves twice; no lock could be held by a fork.
        """
        parts = loose_of(self.index)
        if not parts or loose_if_cheaper(self.index, n_queries):
            return self.index
        if bits.serve(parts, n_queries) and (queries is None or bits.are_bits(queries, n_jobs)):
            return self.index
        if self._leaves is None:
            self._leaves = with_leaves(self.index, n_jobs)
        return self._leaves


def labelled_rows(
    matrix: Matrix, classes: list[Any], codes: RowIds | None, n_jobs: int | None
) -> LabelledIndex:
    """The index of canonical rows, with a part for each class where there are some."""
    groups = None if codes is None else rows_by_code(codes, len(classes), n_jobs)
    return LabelledIndex(lasting(build_index(matrix, groups, n_jobs=n_jobs)), classes, codes)


def describe(labelled: LabelledIndex) -> str:
    """In one line."""
    n, d = labelled.index.X.shape
    classes = f", {len(labelled.classes)} classes" if labelled.classes else ""
    return f"{n:,} rows, {d} features{classes}"


def contents(labelled: LabelledIndex) -> dict[str, Any]:
    """How many rows, features and rows of each class; None without labels."""
    n, d = labelled.index.X.shape
    counts = None
    if labelled.codes is not None:
        sizes = np.bincount(labelled.codes, minlength=len(labelled.classes)).tolist()
        counts = dict(zip(labelled.classes, sizes, strict=True))
    return {"n_rows": n, "n_features": d, "counts": counts}


def build_labelled_index(X: Any, y: Any, n_jobs: int | None) -> LabelledIndex:
    """The index of a user's table, with a part per class where labels are given."""
    matrix = check_matrix(X, n_jobs=n_jobs)
    if y is None:
        return labelled_rows(matrix, [], None, n_jobs)
    labels = check_labels(y, len(matrix), min_classes=1)
    return labelled_rows(matrix, labels.classes.tolist(), labels.codes, n_jobs)


def append_rows(labelled: LabelledIndex, X: Any, y: Any, n_jobs: int | None) -> LabelledIndex:
    """An index of these rows and further ones; classes that are new come last."""
    index, classes, codes = labelled.index, labelled.classes, labelled.codes
    new = check_queries(X, index.X.shape[1], n_jobs, "X")
    if (y is None) != (codes is None):
        raise ValueError(
            "y must be given if the index was made with y, and only then. "
            f"Got {'no y' if y is None else 'y'} for an index of {describe(labelled)}."
        )
    groups = None
    if codes is not None:
        labels = check_labels(y, len(new), min_classes=1)
        names = labels.classes.tolist()
        check_labels(classes + names, min_classes=1)  # one kind of labels
        classes = classes + [label for label in names if label not in classes]
        new_codes = np.array([classes.index(label) for label in names])[labels.codes]
        codes = np.concatenate([codes, new_codes])
        groups = [len(index.X) + rows for rows in rows_by_code(new_codes, len(classes))]
    matrix = freeze(np.concatenate([index.X, new]))
    if loose_of(index):
        return labelled_rows(matrix, classes, codes, n_jobs)
    return LabelledIndex(extend_index(index, matrix, groups, n_jobs=n_jobs), classes, codes)


def search_among(
    labelled: LabelledIndex,
    search: Callable[..., Neighbors],
    queries: Any,
    n_neighbors: int,
    rows: Any,
    among: Any,
    n_jobs: int | None,
    progress: Progress | None,
) -> Neighbors:
    """What ``find_nearest`` or ``find_farthest`` finds for queries or rows, among all classes or some."""
    n_neighbors = check_integer(n_neighbors, "n_neighbors")
    if queries is not None and rows is not None:
        raise ValueError("Q and rows must not be given together. Pass the rows to search for, or numbers.")
    X = labelled.index.X
    codes = None if among is None else _codes_among(labelled, among)
    n_found = len(X) if codes is None else int(np.isin(_codes_for(labelled, "among"), codes).sum())
    found_in = "X" if among is None else "the classes in among"
    if queries is not None:
        queries = match_dtype(check_queries(queries, X.shape[1], n_jobs, "Q"), X)
        check_k(n_neighbors, n_found, False, found_in)
        n_queries = len(queries)
    else:
        rows = None if rows is None else check_row_numbers(rows, len(X))
        finds_itself = codes is None or _holds_any(_codes_for(labelled, "among"), codes, rows)
        check_k(n_neighbors, n_found, finds_itself, found_in)
        n_queries = len(X if rows is None else rows)
    index = labelled.asked_by(n_queries, n_jobs, queries)
    parts = index if codes is None else Index(tuple(part for part in index.parts if part.code in codes))
    return search_in_user_units(search, index, parts, n_neighbors, queries, rows, n_jobs, progress)


def count_other_classes(
    labelled: LabelledIndex, n_neighbors: int, rows: Any, n_jobs: int | None, progress: Progress | None
) -> RowIds:
    """How many rows of other classes precede the j-th neighbour of the same class (m, n_neighbors)."""
    n_neighbors = check_integer(n_neighbors, "n_neighbors")
    codes, rows = _codes_for(labelled, "count_other_classes"), check_row_numbers(rows, len(labelled.index.X))
    counts = np.bincount(codes, minlength=len(labelled.classes))
    for code in np.unique(codes[rows]):
        if counts[code] <= n_neighbors:
            raise ValueError(
                f"n_neighbors must be at most {counts[code] - 1}, the other rows of class "
                f"{labelled.classes[code]!r}. Got {n_neighbors}."
            )
    index, before = labelled.asked_by(len(rows), n_jobs), np.empty((len(rows), n_neighbors), np.int64)
    for code, at in _places_by_class(labelled, codes[rows]):
        before[at], _ = predicates.others_before(
            index, code, rows[at], n_neighbors, n_jobs=n_jobs, progress=progress
        )
    return before


def same_class_first(
    labelled: LabelledIndex,
    n_neighbors: int,
    nth_other: int,
    rows: Any,
    n_jobs: int | None,
    progress: Progress | None,
) -> Mask:
    """Whether ``n_neighbors`` rows of the same class precede the ``nth_other`` row of other classes (m,)."""
    n_neighbors = check_integer(n_neighbors, "n_neighbors")
    nth_other = check_integer(nth_other, "nth_other")
    codes, rows = _codes_for(labelled, "own_class_first"), check_row_numbers(rows, len(labelled.index.X))
    index = labelled.asked_by(len(rows), n_jobs)
    if len(labelled.classes) > MANY_CLASSES:
        return predicates.same_class_first_by_vote(
            index, codes, rows, n_neighbors, nth_other, n_jobs=n_jobs, progress=progress
        )
    is_first = np.empty(len(rows), bool)
    for code, at in _places_by_class(labelled, codes[rows]):
        is_first[at] = predicates.same_class_first(
            index, code, rows[at], n_neighbors, nth_other, n_jobs=n_jobs, progress=progress
        )
    return is_first


def is_nearest(
    labelled: LabelledIndex, rows: Any, neighbors: Any, n_jobs: int | None, progress: Progress | None
) -> Mask:
    """Whether ``neighbors[i]`` is the nearest neighbour of ``rows[i]`` (m,)."""
    n = len(labelled.index.X)
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
            f"rows and neighbors must be pairs of different rows. Got row {rows[pair]} twice in pair {pair}."
        )
    index = labelled.asked_by(len(rows), n_jobs)
    return predicates.is_nearest(index, rows, neighbors, n_jobs=n_jobs, progress=progress)


def _codes_among(labelled: LabelledIndex, among: Any) -> list[int]:
    """The codes of some classes."""
    classes = labelled.classes
    _codes_for(labelled, "among")
    for plain in ("tolist", "to_list"):  # of NumPy and pandas, of polars
        among = getattr(among, plain)() if hasattr(among, plain) else among
    wanted = list(among) if isinstance(among, list | tuple | set | frozenset | range) else [among]
    unknown = [label for label in wanted if label not in classes]
    if unknown or not wanted:
        raise ValueError(
            f"among must be a label of y or a list of them, out of {shown(classes)}. Got {among!r}."
        )
    return sorted({classes.index(label) for label in wanted})


def _holds_any(codes: RowIds, among: list[int], rows: RowIds | None) -> bool:
    """Whether some of the rows, by default of all, are of these classes."""
    return bool(np.isin(codes if rows is None else codes[rows], among).any())


def _codes_for(labelled: LabelledIndex, what: str) -> RowIds:
    if labelled.codes is None:
        raise ValueError(f"{what} needs an index with classes. Make it as NeighborIndex(X, y).")
    return labelled.codes


def _places_by_class(labelled: LabelledIndex, codes: RowIds) -> list[tuple[int, RowIds]]:
    """Code, and places in ``codes``, of each class that occurs."""
    places = rows_by_code(codes, len(labelled.classes))
    return [(code, at) for code, at in enumerate(places) if len(at)]
