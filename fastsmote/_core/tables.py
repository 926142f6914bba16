"""Tables as they came: their shape, their columns, and their numbers as a matrix."""

import numbers
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import check_matrix, check_shape, raise_not_2d
from fastsmote._core.containers import column_dtypes, frame_array, frame_columns, frame_part, plain_array
from fastsmote._core.freeze import freeze
from fastsmote._core.typing import RowIds


def column_number(column: Any, n_features: int, names: Sequence[Any] | None, parameter: str) -> int:
    """The place of a column that is given by name or number."""
    if names is not None and names.count(column) > 1:
        raise ValueError(f"{parameter} must name one column. Got {column!r}, the name of several; number it.")
    if names is not None and column in names:
        return names.index(column)
    if (
        isinstance(column, numbers.Integral)
        and not isinstance(column, bool)
        and 0 <= int(column) < n_features
    ):
        return int(column)
    known = f"one of {list(names)[:10]!r}, or " if names is not None else ""
    raise ValueError(
        f"{parameter} must name columns of X: {known}a number in [0, {n_features - 1}]. Got {column!r}."
    )


def table_array(X: Any) -> NDArray[Any]:
    """What is no frame, as an array whose numbers did not become text."""
    array = plain_array(X)
    if array.dtype.kind in "US" and isinstance(X, list | tuple):
        array = np.asarray(X, dtype=object)
    return array


def shape(X: Any, name: str = "X") -> tuple[int, int]:
    """The shape of a table; ValueError without rows and columns."""
    if frame_columns(X) is None:
        array = table_array(X)
        if array.ndim != 2:
            raise_not_2d(X, array, name)
        rows, columns = array.shape
    else:
        rows, columns = X.shape
    check_shape((rows, columns), name)
    return rows, columns


def is_numeric(X: Any) -> bool:
    """Whether X is an array or nested list of numbers, categories included."""
    return frame_columns(X) is None and table_array(X).dtype.kind in "biuf"


def holds_numbers(X: Any) -> bool:
    """Whether all columns are numbers or bools."""
    return is_numeric(X) or None not in column_dtypes(X)


def is_canonical(X: Any) -> bool:
    """Whether ``check_matrix`` takes the memory of X as it is."""
    values = frame_array(X) if frame_columns(X) is not None else X
    return (
        isinstance(values, np.ndarray)
        and values.dtype in (np.float32, np.float64)
        and values.dtype.isnative
        and values.flags.c_contiguous
        and values.flags.aligned
    )


def part(X: Any, columns: RowIds) -> Any:
    """Some columns of a table."""
    return frame_part(X, columns.tolist()) if frame_columns(X) is not None else table_array(X)[:, columns]


def read_numbers(X: Any, columns: RowIds, missing: bool, n_jobs: int | None) -> NDArray[Any]:
    """A canonical matrix of some columns; of a numeric array, of all."""
    if is_numeric(X):
        return check_matrix(X, missing=missing, n_jobs=n_jobs)
    if frame_columns(X) is not None:
        return check_matrix(part(X, columns), missing=missing, n_jobs=n_jobs)
    parts = [
        check_matrix(part(X, columns[[j]]), name=f"column {column} of X", missing=missing, n_jobs=n_jobs)
        for j, column in enumerate(columns.tolist())
    ]
    return freeze(np.hstack(parts))
