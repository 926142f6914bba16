"""Categorical columns of a table: which they are, and their values as codes."""

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from fastsmote import _mixed
from fastsmote._containers import frame_columns, frame_names
from fastsmote._labels import is_missing
from fastsmote._rules import column_number

Numbers = NDArray[np.int64]


def check_categorical(features: Any, X: Any) -> Numbers:
    """The places of the categorical columns, ascending: from numbers, names, a mask or "auto".

    "auto" are the columns of a frame that hold categories or text.
    """
    n_features = _mixed.shape(X)[1]
    columns = frame_columns(X)
    if isinstance(features, str) and features == "auto":
        if columns is None:
            raise ValueError(
                'categorical_features="auto" needs a frame with categorical or text columns. Got '
                f"{type(X).__name__}; pass the numbers of the categorical columns, or a mask."
            )
        kinds = (nw.Categorical, nw.Enum, nw.String, nw.Object)
        return np.array([j for j, column in enumerate(columns) if column.dtype in kinds], np.int64)
    names = None if columns is None else frame_names(X)
    if isinstance(features, str) or not isinstance(features, Sequence | np.ndarray):
        raise TypeError(
            'categorical_features must be "auto", or a list of numbers, names or a mask of columns. Got '
            f"{features!r}."
        )
    items = list(features)
    if items and all(isinstance(item, bool | np.bool_) for item in items):
        if len(items) != n_features:
            raise ValueError(
                f"categorical_features as a mask must have one value per column, {n_features}. "
                f"Got {len(items)}."
            )
        return np.flatnonzero(items)
    return np.unique(
        [column_number(item, n_features, names, "categorical_features") for item in items]
    ).astype(np.int64)


def encode(X: Any, columns: Numbers, rows: Numbers, missing: bool) -> NDArray[np.int32]:
    """Codes of the values of some columns in some rows (m, c); equal values have equal codes.

    With ``missing``, missing values are -1; without, the first one in any row is told.
    """
    codes = np.empty((len(rows), len(columns)), np.int32)
    series = frame_columns(X)
    array = _mixed.table_array(X) if series is None else None
    for j, column in enumerate(columns.tolist()):
        if array is not None:
            values = array[:, column]
        else:
            assert series is not None
            values = series[column].to_numpy()
        if not missing:
            _require_complete(values, X, column)
        codes[:, j] = _encode(values[rows])
    return codes


def _is_nan(value: Any) -> bool:
    return is_missing(value) or (isinstance(value, float | np.floating) and bool(np.isnan(value)))


def _require_complete(values: NDArray[Any], X: Any, column: int) -> None:
    if values.dtype.kind == "f":
        absent = np.isnan(values)
    elif values.dtype.kind == "O":
        absent = np.fromiter(map(_is_nan, values.tolist()), bool, len(values))
    else:
        return
    if absent.any():
        name = column if frame_columns(X) is None else frame_names(X)[column]
        raise ValueError(
            f"Input X contains a missing value at row {int(absent.argmax())}, column {name!r}, which is "
            "categorical. Drop such rows, or give what is missing a category of its own."
        )


def _encode(values: NDArray[Any]) -> NDArray[np.int32]:
    if values.dtype.kind in "biufUS":
        codes = np.unique(values, return_inverse=True)[1].astype(np.int32)
        if values.dtype.kind == "f":
            codes[np.isnan(values)] = -1
        return codes
    table: dict[Any, int] = {}
    items = (-1 if _is_nan(value) else table.setdefault(value, len(table)) for value in values.tolist())
    return np.fromiter(items, np.int32, len(values))


def class_shares(
    codes: NDArray[np.int32], labels: Numbers, n_classes: int, rows: Numbers
) -> NDArray[np.float64]:
    """Share of each class among the rows with the category that a row has (m, n_features * n_classes)."""
    shares = np.empty((len(rows), codes.shape[1] * n_classes))
    for j in range(codes.shape[1]):
        cells = np.bincount(codes[:, j] * np.int64(n_classes) + labels)
        counts = np.pad(cells, (0, -len(cells) % n_classes)).reshape(-1, n_classes)
        place = slice(j * n_classes, (j + 1) * n_classes)
        own = counts[codes[rows, j]]
        shares[:, place] = own / own.sum(axis=1, keepdims=True)
    return shares
