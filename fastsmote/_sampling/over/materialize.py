"""Tables that hold categories beside numbers: their kind, their parts, and the rows of a plan in them."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.typing import Progress, RowIds

if TYPE_CHECKING:
    from fastsmote._sampling.over.plan import SyntheticPlan

from fastsmote._core.check import check_matrix
from fastsmote._core.containers import (
    append_matrix,
    append_to_frame,
    column_dtype,
    frame_columns,
    new_frame,
    rounded,
    take,
    take_column,
)
from fastsmote._core.tables import is_canonical, part, shape, table_array
from fastsmote._sampling.over.records import Parents


def all_rows(matrix: NDArray[Any], made: "SyntheticPlan", start: int, stop: int) -> Parents:
    """The parents of new rows [start, stop) where all of X is canonical."""
    donors = made.donors
    if donors is not None:
        donors = donors._replace(place=donors.place[start:stop])
    return Parents(matrix, made.base[start:stop], made.neighbor[start:stop], made.rules, donors)


def parents(
    X: Any,
    made: "SyntheticPlan",
    start: int,
    stop: int,
    *,
    n_jobs: int | None,
    columns: RowIds | None = None,
) -> Parents:
    """The parents of new rows [start, stop), all columns or some without their categories.

    Of X that is not canonical only the rows that are needed are converted.
    """
    if columns is None and is_canonical(X):
        return all_rows(check_matrix(X, finite=False), made, start, stop)
    here = slice(start, stop)
    base, neighbor, donors = made.base[here], made.neighbor[here], None
    needed = [base, neighbor]
    if columns is None and made.donors is not None:
        needed.append(made.donors.of(start, stop).ravel())
    rows = np.unique(np.concatenate(needed))
    some = take(X if columns is None else part(X, columns), rows)
    if columns is None and made.donors is not None:
        own = np.searchsorted(rows, made.donors.of(start, stop))
        donors = made.donors._replace(rows=own, place=np.arange(stop - start))
    rules = made.rules if made.rules is None or columns is None else made.rules.of(columns)
    if len(rows) == 0:  # no new rows: nothing but the kind of numbers matters
        some = take(X if columns is None else part(X, columns), np.arange(1))
    matrix = check_matrix(some, finite=False, n_jobs=n_jobs)
    return Parents(matrix, np.searchsorted(rows, base), np.searchsorted(rows, neighbor), rules, donors)


def _new_columns(
    X: Any, made: "SyntheticPlan", start: int, stop: int, n_jobs: int | None, progress: Progress | None
) -> list[Any]:
    """The new rows [start, stop), column by column: numbers as they come, categories as X holds them."""
    assert made.donors is not None
    n_features = shape(X)[1]
    numeric = np.setdiff1d(np.arange(n_features), made.donors.columns)
    columns: list[Any] = [None] * n_features
    if len(numeric):
        of_numbers = parents(X, made, start, stop, n_jobs=n_jobs, columns=numeric)
        values = np.empty((stop - start, len(numeric)), of_numbers.matrix.dtype)
        made._fill(of_numbers, values, start, n_jobs=n_jobs, progress=progress)
        for j, column in enumerate(numeric.tolist()):
            columns[column] = values[:, j]
    donors = made.donors.of(start, stop)
    array = None if frame_columns(X) is not None else table_array(X)
    for j, column in enumerate(made.donors.columns.tolist()):
        rows = donors[:, j]
        columns[column] = take_column(X, column, rows) if array is None else array[rows, column]
    if array is None:
        for column, series in enumerate(frame_columns(X) or []):
            dtype = column_dtype(series) if isinstance(columns[column], np.ndarray) else None
            columns[column] = columns[column] if dtype is None else rounded(columns[column], dtype)
    elif array.dtype.kind == "O":
        for column in numeric.tolist():
            if not any(isinstance(value, float | np.floating) for value in array[:, column]):
                columns[column] = rounded(columns[column], np.dtype(np.int64))
            columns[column] = columns[column].tolist()
    return columns


def _as_array(X: Any, columns: list[Any], n: int) -> NDArray[Any]:
    array = np.empty((n, len(columns)), table_array(X).dtype)
    for j, values in enumerate(columns):
        array[:, j] = values
    return array


def rows(X: Any, made: "SyntheticPlan", start: int, stop: int, *, n_jobs: int | None = None) -> Any:
    """The new rows [start, stop) in a table of the same kind."""
    if made.donors is None:  # rows that are only repeated
        return take(X, made.base[start:stop])
    columns = _new_columns(X, made, start, stop, n_jobs, None)
    return new_frame(X, columns) if frame_columns(X) is not None else _as_array(X, columns, stop - start)


def append(X: Any, made: "SyntheticPlan", n_jobs: int | None, progress: Progress | None) -> Any:
    """The rows of X, then the new rows, in the same kind of table."""
    if frame_columns(X) is not None:
        return append_to_frame(X, _new_columns(X, made, 0, len(made), n_jobs, progress))
    array = table_array(X)
    if array.dtype.kind == "f":
        matrix = check_matrix(array, finite=False, n_jobs=n_jobs)

        def fill(out: Any, start: int) -> None:
            made._fill_from(matrix, out, start, n_jobs=n_jobs, progress=progress)

        return append_matrix(X, len(made), fill, dtype=matrix.dtype, n_jobs=n_jobs)
    columns = _new_columns(array, made, 0, len(made), n_jobs, progress)
    if array.dtype.kind in "biu":
        columns = [rounded(v, array.dtype) if v.dtype.kind == "f" else v for v in columns]
    both = np.concatenate([array, _as_array(array, columns, len(made))])
    return both.tolist() if isinstance(X, list | tuple) else both
