"""Rows that were there come back as they were.

imbalanced-learn works on one matrix, in which whole numbers beyond 2**53 beside floats are rounded, decimals
become floats, and whatever the columns of a frame had in common is lost. So its rows are taken for what they
say about new ones, and those that are rows of X are taken from X. ``rows`` tells which: the row of X that
each resampled row is, -1 for a new one.
"""

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.containers import Kind, kind_of, take
from fastsmote._core.growth import below
from fastsmote._core.tables import Table
from fastsmote._core.typing import RowIds


def is_kept(X: Any, keeps_integers: bool) -> bool:
    """Whether imbalanced-learn gives the values of X back as they are.

    ``keeps_integers`` says whether it does so for a matrix of integers, as all classes but SMOTENC do.
    """
    kind = kind_of(X)
    if kind is Kind.PANDAS:
        dtypes = set(X.dtypes)
        return all(map(_is_exact, dtypes)) or (len(dtypes) == 1 and _is_number(dtypes.pop(), keeps_integers))
    return kind is Kind.SPARSE or (isinstance(X, np.ndarray) and _is_number(X.dtype, keeps_integers))


def _is_number(dtype: Any, integers: bool) -> bool:
    return isinstance(dtype, np.dtype) and dtype.kind in ("biuf" if integers else "bf")


def _is_exact(dtype: Any) -> bool:
    """Whether float64 holds all values of a type of NumPy."""
    return _is_number(dtype, False) or (_is_number(dtype, True) and dtype.itemsize <= 4)


def restored(X: Any, resampled: Any, rows: RowIds) -> Any:
    """What imbalanced-learn gives for an array, a list or a frame of pandas, with rows of X as they were."""
    kind = kind_of(X)
    if kind is Kind.PANDAS:
        return _frame(X, resampled, rows)
    if isinstance(resampled, list):
        return [
            made if row < 0 else _listed(X[row], made)
            for row, made in zip(rows.tolist(), resampled, strict=True)
        ]
    if isinstance(resampled, np.ndarray):
        return _array(np.array(X, object) if kind is Kind.LIST else X, resampled, rows)
    return resampled


def _listed(row: Any, made: list[Any]) -> list[Any]:
    """A row of a list as a list of its own."""
    if isinstance(row, np.ndarray):
        return row.tolist()
    return list(row) if isinstance(row, list | tuple) else made


def _array(X: NDArray[Any], resampled: NDArray[Any], rows: RowIds) -> NDArray[Any]:
    """Objects that the type of the result does not hold make it an array of objects."""
    is_old = rows >= 0
    old = X[rows[is_old]]
    if X.dtype != resampled.dtype:
        if X.dtype.kind != "O" or not _differ(old, resampled[is_old]):
            return resampled
        resampled, table = resampled.astype(object), Table(X)
        for j in range(X.shape[1] if not is_old.all() else 0):
            resampled[~is_old, j] = _in_kind(resampled[~is_old, j], table, j)
    resampled[is_old] = old
    return resampled


def _differ(old: NDArray[Any], made: NDArray[Any]) -> bool:
    """Whether a value is another one now; NaN is NaN."""
    changed = old != made
    return bool((changed & (old == old)).any())  # noqa: PLR0124


def _frame(X: Any, resampled: Any, rows: RowIds) -> Any:
    pandas, table = sys.modules["pandas"], Table(X)
    is_old = rows >= 0
    order = _order(is_old)
    for j, dtype in enumerate(X.dtypes):
        if not _is_exact(dtype):
            column = X.iloc[:, j].take(rows[is_old])
            if not is_old.all():
                new = _in_kind(resampled.iloc[np.flatnonzero(~is_old), j], table, j)
                column = pandas.concat([column, new]).take(order)
            column.index = resampled.index
            resampled.isetitem(j, column)  # with its type, which pandas would infer for an array
    return resampled


def _in_kind(new: Any, table: Table, j: int) -> Any:
    """New values of a column, as Decimals among Decimals, which do not add up with floats."""
    held = table.held(j) if new.dtype == object else None
    if held is None or held.kind != "d":
        return new
    values = held.of(np.asarray(new, np.float64))
    return values if isinstance(new, np.ndarray) else sys.modules["pandas"].Series(values, dtype=object)


def foreign_frame(X: Any, resampled: Any, rows: RowIds) -> Any:
    """The result for a frame of polars or pyarrow from that for the same frame of pandas."""
    is_old = rows >= 0
    if is_old.all():
        return take(X, rows)
    kept, new = rows[is_old], resampled.iloc[np.flatnonzero(~is_old)]
    table = Table(X)
    values = [new.iloc[:, j].to_numpy() for j in range(new.shape[1])]
    for j, column in enumerate(table.series_by_column):
        if "Int128" in str(column.dtype):  # cut, as imbalanced-learn does where NumPy has the type
            values[j] = np.trunc(values[j])
        elif values[j].dtype == object:  # NaN is what pandas has for a missing category
            cells = new.iloc[:, j].astype(object)
            values[j] = cells.where(cells.notna(), None).tolist()
    is_all = len(kept) == len(X) and bool((np.diff(kept) == 1).all())
    both = below(table if is_all else table.rows(kept), table.of_columns(values, len(new)))
    order = _order(is_old)
    return both if bool((np.diff(order) == 1).all()) else take(both, order)


def _order(is_old: NDArray[np.bool_]) -> RowIds:
    """Where each resampled row is when old rows come before new ones."""
    return np.argsort(np.concatenate([np.flatnonzero(is_old), np.flatnonzero(~is_old)]))
