"""Rows behind the rows of a table: old values as they are, new ones in the types of their columns.

Numbers are made a block at a time and go from there to where they stay, so that beside the result there is a
block, and for frames of pandas a column. What there was never passes through a float.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.containers import Kind, copy_rows
from fastsmote._core.tables import Table, like_frame
from fastsmote._core.threads import run_blocks, split
from fastsmote._core.typing import RowIds
from fastsmote._core.values import ColumnNumbers, rounded

_BLOCK = 1 << 14  # new rows made at a time where they are converted
_ROWS = 2048  # rows that go from rows to columns, or from column to column, at a time: they stay in cache

Fill = Callable[[NDArray[Any], int], object]  # fill(out, start): rows from ``start`` on into all of ``out``


class NewRows(NamedTuple):
    """Rows to add: columns that are computed, and columns that are taken from other rows."""

    n: int
    fill: Fill  # C-contiguous (rows, len(computed)) of ``dtype``
    dtype: np.dtype  # what check_matrix gives
    computed: RowIds  # places of the columns that ``fill`` writes, ascending
    taken: Mapping[int, Callable[[], Any]] = {}  # by other column: gives its values, in its own type
    lend: Callable[[NDArray[Any]], None] | None = None  # offers ``fill`` the memory of the rows before, bytes


def append_numbers(table: Table, n: int, fill: Fill, dtype: Any, *, n_jobs: int | None = None) -> Any:
    """All rows of a table of numbers, then ``n`` rows that ``fill`` writes."""
    return append(table, NewRows(n, fill, np.dtype(dtype), np.arange(_n_columns(table))), n_jobs)


def append(table: Table, new: NewRows, n_jobs: int | None = None) -> Any:
    """All rows of a table, then the new ones, in the same kind of container.

    Computed values become values of their column (:mod:`fastsmote._core.values`). pandas frames get a fresh
    RangeIndex, lists and tuples give a list.
    """
    if table.kind is Kind.LIST:
        old = [row.tolist() if isinstance(row, np.ndarray) else list(row) for row in table.given]
        return old + _new_cells(table, new).tolist()
    if table.kind is Kind.PANDAS:
        return like_frame(table.given, _with_pandas_rows(table, new, n_jobs))
    if table.is_frame:
        return _with_frame(table, new)
    if table.array.dtype.kind != "O" and not new.taken:
        return _grown(table.array, new, n_jobs)
    return np.concatenate([table.array, _new_cells(table, new)])


def _n_columns(table: Table) -> int:
    return int(table.given.shape[1]) if table.is_frame else int((table.like or table).array.shape[1])


def _grown(X: NDArray[Any], new: NewRows, n_jobs: int | None) -> NDArray[Any]:
    """An array of numbers, all of them computed.

    The old rows come last: until then their place is lent to what the new ones are made of.
    """
    n, d = X.shape
    result = np.empty((n + new.n, d), X.dtype)
    if new.lend is not None:
        new.lend(result[:n].reshape(-1).view(np.uint8))
    tail = result[n:]
    if X.dtype == new.dtype:
        new.fill(tail, 0)
    else:
        for start, block in _blocks(new):
            tail[start : start + len(block)] = rounded(block, X.dtype)
    copy_rows(result[:n], X, n_jobs)
    return result


def _blocks(new: NewRows) -> Iterator[tuple[int, NDArray[Any]]]:
    """First row and computed numbers of each block; the next one overwrites them."""
    made = np.empty((min(new.n, _BLOCK), len(new.computed)), new.dtype)
    for start in range(0, new.n if len(new.computed) else 0, _BLOCK):
        block = made[: new.n - start]
        new.fill(block, start)
        yield start, block


def _scatter(
    new: NewRows, held: list[ColumnNumbers], tails: list[NDArray[Any]], n_jobs: int | None = None
) -> None:
    """The computed numbers into one array for each of these columns."""

    def put(start: int, block: NDArray[Any], part: int) -> None:
        lo, hi = part * _ROWS, min((part + 1) * _ROWS, len(block))
        for j, (column, tail) in enumerate(zip(held, tails, strict=True)):
            tail[start + lo : start + hi] = column.of(block[lo:hi, j])

    for start, block in _blocks(new):
        run_blocks(partial(put, start, block), split(len(block), _ROWS), n_jobs=n_jobs)


def _held(table: Table, new: NewRows) -> list[ColumnNumbers]:
    held = []
    for j in new.computed.tolist():
        column = table.held(j)
        if column is None:
            kind = table.series_by_column[j].dtype if table.is_frame else table.array.dtype
            raise TypeError(
                f"Column {table.column_label(j)!r} of type {kind} can not hold synthetic numbers."
            )
        held.append(column)
    return held


def _new_cells(table: Table, new: NewRows) -> NDArray[Any]:
    """The new rows of what is no frame."""
    cells = (table.like or table).cells
    result = np.empty((new.n, cells.shape[1]), cells.dtype)
    _scatter(new, _held(table, new), [result[:, j] for j in new.computed.tolist()])
    for j, values in new.taken.items():
        result[:, j] = values()
    return result


def _with_pandas_rows(table: Table, new: NewRows, n_jobs: int | None) -> Any:
    pd, frame, n = sys.modules["pandas"], table.given, len(table.given)
    if table.frame_values is not None and not new.taken:
        both = _grown(table.frame_values, new, n_jobs)
        return pd.DataFrame(both, columns=frame.columns, copy=False)
    columns: dict[int, Any] = {}
    old: list[tuple[NDArray[Any], NDArray[Any]]] = []
    tails, held = [], _held(table, new)
    for j, column in zip(new.computed.tolist(), held, strict=True):
        if isinstance(frame.dtypes.iloc[j], np.dtype):
            columns[j] = np.empty(n + new.n, frame.dtypes.iloc[j])
            old.append((columns[j][:n], frame.iloc[:, j].to_numpy()))
            tails.append(columns[j][n:])
        else:
            tails.append(np.empty(new.n, column.store))

    def copy(part: int) -> None:
        rows = slice(part * _ROWS, (part + 1) * _ROWS)
        for target, source in old:
            target[rows] = source[rows]

    run_blocks(copy, split(n, _ROWS), n_jobs=n_jobs)
    _scatter(new, held, tails, n_jobs)
    for place, j in enumerate(new.computed.tolist()):
        if j not in columns:
            values = pd.Series(tails[place]).astype(frame.dtypes.iloc[j])
            tails[place] = np.empty(0)
            columns[j] = pd.concat([frame.iloc[:, j], values], ignore_index=True)
    for j, taken in new.taken.items():
        columns[j] = pd.concat([frame.iloc[:, j], taken()], ignore_index=True)
    both = pd.DataFrame({j: columns[j] for j in range(frame.shape[1])}, copy=False)
    both.columns = frame.columns
    return both


def _with_frame(table: Table, new: NewRows) -> Any:
    """Frames of polars and Arrow: the old columns stay where they are, beside the new ones."""
    held = _held(table, new)
    tails = [np.empty(new.n, column.store) for column in held]
    _scatter(new, held, tails)
    values: list[Any] = [None] * table.given.shape[1]
    for j, tail in zip(new.computed.tolist(), tails, strict=True):
        values[j] = tail
    del tails
    for j, taken in new.taken.items():
        values[j] = taken()
    return below(table, (table.like or table).of_columns(values, new.n))


def below(table: Table, made: Any) -> Any:
    """A frame of polars or Arrow, then another of the same columns."""
    if table.kind is Kind.POLARS:
        return sys.modules["polars"].concat([table.given, made])
    pa = sys.modules["pyarrow"]
    return (pa.concat_batches if table.kind is Kind.ARROW_BATCH else pa.concat_tables)([table.given, made])
