"""Categorical columns of a table: which they are, and their values as codes."""

from collections.abc import Iterable
from typing import Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from fastsmote._core.containers import frame_columns, names_of
from fastsmote._core.labels import is_missing
from fastsmote._sampling.over import materialize
from fastsmote._sampling.over.column_rules import column_number

Numbers = NDArray[np.int64]


def check_categorical(features: Any, X: Any) -> Numbers:
    """The places of the categorical columns, ascending: from numbers, names, a mask or "auto".

    "auto" are the columns of a frame that hold categories or text.
    """
    n_features = materialize.shape(X)[1]
    columns = frame_columns(X)
    if isinstance(features, str) and features == "auto":
        if columns is None:
            raise ValueError(
                'categorical_features="auto" needs a frame with categorical or text columns. Got '
                f"{type(X).__name__}; pass the numbers of the categorical columns, or a mask."
            )
        kinds = (nw.Categorical, nw.Enum, nw.String, nw.Object)
        return np.array([j for j, column in enumerate(columns) if column.dtype in kinds], np.int64)
    names = names_of(X)
    if isinstance(features, str) or not isinstance(features, Iterable):
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
    for j, column in enumerate(columns.tolist()):
        values = _values(X, column)
        absent = _absent(values)
        if absent.any() and not missing:
            names = names_of(X)
            raise ValueError(
                f"Input X contains a missing value at row {int(absent.argmax())}, column "
                f"{column if names is None else names[column]!r}, which is categorical. Drop such rows, give "
                "what is missing a category of its own, or call smotenc with missing='nan-euclidean'."
            )
        codes[:, j] = encode_values(values[rows], f"column {column} of X")
    return codes


def _values(X: Any, column: int) -> NDArray[Any]:
    """A column as an array in which nothing has lost its identity: with null values, Python's objects."""
    series = frame_columns(X)
    if series is None:
        return materialize.table_array(X)[:, column]
    if series[column].null_count() == 0:
        return series[column].to_numpy()
    values = np.empty(len(series[column]), object)
    values[:] = series[column].to_list()
    return values


def _absent(values: NDArray[Any]) -> NDArray[np.bool_]:
    if values.dtype.kind == "f":
        return np.isnan(values)
    if values.dtype.kind in "mM":
        return np.isnat(values)
    if values.dtype.kind == "O":
        return np.fromiter(map(_is_absent, values.tolist()), bool, len(values))
    return np.zeros(len(values), bool)


def _is_absent(value: Any) -> bool:
    return is_missing(value) or (isinstance(value, float | np.floating) and bool(np.isnan(value)))


def encode_values(values: NDArray[Any], name: str) -> Numbers:
    """Numbers from 0 that are equal where values are, -1 where they are missing."""
    if values.dtype.kind != "O":
        codes = np.unique(values, return_inverse=True)[1]
    else:
        table: dict[Any, int] = {}
        try:
            codes = np.array([table.setdefault(value, len(table)) for value in values.tolist()], np.int64)
        except TypeError as error:
            raise TypeError(f"{name} holds values that can not be told apart: {error}.") from error
    return np.where(_absent(values), -1, codes)


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
