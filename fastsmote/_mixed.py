"""Tables that hold categories beside numbers: their kind, their parts, and the rows of a plan in them."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._check import check_matrix, check_shape, raise_not_2d
from fastsmote._containers import (
    append_matrix,
    append_to_frame,
    column_dtype,
    frame_columns,
    frame_part,
    new_frame,
    plain_array,
    rounded,
    take_column,
)
from fastsmote._threads import Progress

if TYPE_CHECKING:
    from fastsmote._synthetic import SyntheticPlan

Numbers = NDArray[np.int64]


def table_array(X: Any) -> NDArray[Any]:
    """What is no frame, as an array whose numbers did not become text."""
    array = plain_array(X)
    if array.dtype.kind in "US" and isinstance(X, list | tuple):
        array = np.asarray(X, dtype=object)
    return array


def shape(X: Any) -> tuple[int, int]:
    """The shape of a table; ValueError without rows and columns."""
    if frame_columns(X) is None:
        array = table_array(X)
        if array.ndim != 2:
            raise_not_2d(X, array, "X")
        rows, columns = array.shape
    else:
        rows, columns = X.shape
    check_shape((rows, columns), "X")
    return rows, columns


def is_numeric(X: Any) -> bool:
    """Whether X is an array or nested list of numbers, categories included."""
    return frame_columns(X) is None and table_array(X).dtype.kind in "biuf"


def part(X: Any, columns: Numbers) -> Any:
    """Some columns of a table."""
    return frame_part(X, columns.tolist()) if frame_columns(X) is not None else table_array(X)[:, columns]


def numbers(X: Any, columns: Numbers, missing: bool, n_jobs: int | None) -> NDArray[Any]:
    """A canonical matrix of some columns; of a numeric array, of all."""
    if is_numeric(X):
        return check_matrix(X, missing=missing, n_jobs=n_jobs)
    if frame_columns(X) is not None:
        return check_matrix(part(X, columns), missing=missing, n_jobs=n_jobs)
    parts = [
        check_matrix(part(X, columns[[j]]), name=f"column {column} of X", missing=missing, n_jobs=n_jobs)
        for j, column in enumerate(columns.tolist())
    ]
    matrix = np.hstack(parts)
    matrix.setflags(write=False)
    return matrix


def _numeric_columns(made: "SyntheticPlan", n_features: int) -> Numbers:
    assert made.donors is not None
    return np.setdiff1d(np.arange(n_features), made.donors.columns)


def _new_columns(
    X: Any, made: "SyntheticPlan", start: int, stop: int, n_jobs: int | None, progress: Progress | None
) -> list[Any]:
    """The new rows [start, stop), column by column: numbers as they come, categories as X holds them."""
    assert made.donors is not None
    n_features = shape(X)[1]
    numeric = _numeric_columns(made, n_features)
    columns: list[Any] = [None] * n_features
    if len(numeric):
        matrix = check_matrix(part(X, numeric), finite=False, n_jobs=n_jobs)
        values = np.empty((stop - start, len(numeric)), matrix.dtype)
        made._fill(matrix, values, start, columns=numeric, n_jobs=n_jobs, progress=progress)
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
    columns = _new_columns(X, made, start, stop, n_jobs, None)
    return new_frame(X, columns) if frame_columns(X) is not None else _as_array(X, columns, stop - start)


def append(X: Any, made: "SyntheticPlan", n_jobs: int | None, progress: Progress | None) -> Any:
    """The rows of X, then the new rows, in the same kind of table."""
    if frame_columns(X) is not None:
        return append_to_frame(X, _new_columns(X, made, 0, len(made), n_jobs, progress))
    array = table_array(X)
    if array.dtype.kind == "f":
        matrix = check_matrix(array, finite=False, n_jobs=n_jobs)

        def fill(out: Any) -> None:
            made._fill(matrix, out, n_jobs=n_jobs, progress=progress)

        return append_matrix(X, len(made), fill, dtype=matrix.dtype, n_jobs=n_jobs)
    columns = _new_columns(array, made, 0, len(made), n_jobs, progress)
    if array.dtype.kind in "biu":
        columns = [rounded(v, array.dtype) if v.dtype.kind == "f" else v for v in columns]
    both = np.concatenate([array, _as_array(array, columns, len(made))])
    return both.tolist() if isinstance(X, list | tuple) else both
