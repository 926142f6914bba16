"""Values of any kind as codes: equal values have equal codes, missing ones -1."""

from typing import Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from fastsmote._core.containers import in_numpy
from fastsmote._core.tables import Table
from fastsmote._core.typing import RowIds
from fastsmote._core.values import is_missing_or_nan


def places_of_words(table: Table) -> RowIds:
    """Columns of a frame that hold categories, text, or objects other than numbers and times; ascending."""
    kinds = (nw.Categorical, nw.Enum, nw.String)
    columns = enumerate(table.series_by_column)
    return np.array(
        [
            j
            for j, column in columns
            if column.dtype in kinds
            or (column.dtype == nw.Object and table.held(j) is None and table.times(j) is None)
        ],
        np.int64,
    )


def encode(table: Table, columns: RowIds, rows: RowIds, missing: bool | None) -> NDArray[np.int32]:
    """Codes of the values of some columns in some rows (m, c); equal values have equal codes.

    With ``missing``, missing values are -1; without, the first one in any row is an error that names it. None
    says that the caller's user can not allow them.
    """
    codes = np.empty((len(rows), len(columns)), np.int32)
    for j, column in enumerate(columns.tolist()):
        values = _values(table, column)
        absent = _absent(values)
        if absent.any() and not missing:
            advice = ", or pass missing='nan-euclidean'" if missing is False else ""
            raise ValueError(
                f"Input X contains a missing value at row {int(absent.argmax())}, column "
                f"{table.column_label(column)!r}, which is categorical. Drop such rows, or give "
                f"what is missing a category of its own{advice}."
            )
        codes[:, j] = encode_values(values[rows], f"column {column} of X")
    return codes


def _values(table: Table, column: int) -> NDArray[Any]:
    """A column as an array in which nothing has lost its identity: with null values, Python's objects."""
    if not table.is_frame:
        return table.array[:, column]
    series = table.series_by_column[column]
    if series.null_count() == 0:
        return in_numpy(series).to_numpy()
    values = np.empty(len(series), object)
    values[:] = series.to_list()
    return values


def _absent(values: NDArray[Any]) -> NDArray[np.bool_]:
    if values.dtype.kind == "f":
        return np.isnan(values)
    if values.dtype.kind in "mM":
        return np.isnat(values)
    if values.dtype.kind == "O":
        return np.fromiter(map(is_missing_or_nan, values.tolist()), bool, len(values))
    return np.zeros(len(values), bool)


def encode_values(values: NDArray[Any], name: str, known: dict[Any, int] | None = None) -> RowIds:
    """Numbers from 0 that are equal where values are, -1 where they are missing.

    ``known`` holds the numbers of objects that came before, and gets those of new ones.
    """
    if values.dtype.kind != "O":
        codes = np.unique(values, return_inverse=True)[1]
    else:
        table = {} if known is None else known
        try:
            codes = np.array([table.setdefault(value, len(table)) for value in values.tolist()], np.int64)
        except TypeError as error:
            raise TypeError(f"{name} holds values that can not be told apart: {error}.") from error
    return np.where(_absent(values), -1, codes)
