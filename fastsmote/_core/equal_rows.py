"""Rows of one or more tables that are equal, by hashes and a look at the rows themselves."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.categories import encode_values
from fastsmote._core.check import check_matrix
from fastsmote._core.containers import copy_rows
from fastsmote._core.labels import first_of_each, shown
from fastsmote._core.tables import Table
from fastsmote._core.threads import run_ranges
from fastsmote._core.typing import Matrix, RowIds

BLOCK = 4096  # rows whose bits stay in cache: a megabyte at 30 columns
_FIRST, _ODD, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93), np.uint64(32)


class Tables(NamedTuple):
    """Rows of one or several tables with the same columns, one table below the other."""

    matrix: Matrix  # (n, p) float32 or float64, NaN where missing; p may be 0
    codes: NDArray[np.int32]  # (n, c) equal where categories are, -1 where missing
    numeric: RowIds  # places of the p columns
    categorical: RowIds  # places of the c columns
    times: RowIds  # which of these hold dates, times, periods or durations
    names: list[Any]  # of all columns, their numbers where they have none
    sizes: list[int]  # rows of each table


class EqualRows(NamedTuple):
    """Test rows that equal a train row."""

    pairs: RowIds  # (m, 2) test row, first equal train row
    counts: RowIds  # (m,) equal train rows


def read_tables(
    given: Sequence[Any],
    names: Sequence[str],
    n_jobs: int | None,
    known: Mapping[int, dict[Any, int]] | None = None,
    are_numeric: list[bool] | None = None,
) -> Tables:
    """The rows of all tables; ValueError where their columns differ, naming what and where.

    A column is numeric where all tables hold numbers or bools in it; all others are compared as categories,
    by Python's equality. Missing values are allowed in both. ``known`` holds the codes of values that were
    read before, by column, and gets those of new ones. ``are_numeric`` says which columns are, for
    tables that are parts of one, where values alone would tell of a part what is not so of the whole.
    """
    tables = [Table(X, name) for X, name in zip(given, names, strict=True)]
    for table in tables:
        if table.is_sparse:
            check_matrix(table)  # refuses it, in the words of every function
    _check_same_columns(tables, names)
    kinds = [are_numeric or _are_numeric(table) for table in tables]
    _check_same_kinds(tables, names, kinds)
    numeric, categorical = np.flatnonzero(kinds[0]), np.flatnonzero(np.invert(kinds[0]))
    parts = [_numbers(table, numeric, n_jobs) for table in tables]
    sizes = [table.shape[0] for table in tables]
    codes = np.empty((sum(sizes), len(categorical)), np.int32)
    times = [j for j in categorical.tolist() if any(table.times(j) is not None for table in tables)]
    for j, column in enumerate(categorical.tolist()):
        values = np.concatenate([_objects(table, column) for table in tables])
        codes[:, j] = encode_values(values, f"column {column}", None if known is None else known[column])
    labels = tables[0].names or list(range(len(kinds[0])))
    return Tables(
        _below_each_other(parts, n_jobs),
        codes,
        numeric,
        categorical,
        np.array(times, np.int64),
        labels,
        sizes,
    )


def _check_same_columns(tables: Sequence[Table], names: Sequence[str]) -> None:
    n_columns, labels = tables[0].shape[1], tables[0].names
    for table, name in zip(tables[1:], names[1:], strict=True):
        if table.shape[1] != n_columns:
            raise ValueError(
                f"{name} must have the {n_columns} columns of {names[0]}. Got {table.shape[1]} columns."
            )
        if labels is not None and table.names is not None and labels != table.names:
            raise ValueError(
                f"{name} must have the columns of {names[0]} in its order, {shown(labels)}. "
                f"Got {shown(table.names)}."
            )


def _check_same_kinds(tables: Sequence[Table], names: Sequence[str], kinds: Sequence[list[bool]]) -> None:
    for name, kind in zip(names[1:], kinds[1:], strict=True):
        if kind != kinds[0]:
            column = next(j for j, (a, b) in enumerate(zip(kinds[0], kind, strict=True)) if a != b)
            label = tables[0].column_label(column)
            words = [" numbers" if some[column] else " other values" for some in (kinds[0], kind)]
            raise ValueError(
                f"Column {label!r} must be of one kind. Got{words[0]} in {names[0]} and{words[1]} in {name}; "
                "convert one of them."
            )


def _are_numeric(table: Table) -> list[bool]:
    """Which columns hold numbers or bools, missing values aside."""
    if table.is_frame or table.array.dtype.kind == "O":
        return [table.held(j) is not None for j in range(table.shape[1])]
    return [table.array.dtype.kind not in "USmM"] * table.array.shape[1]


def _numbers(table: Table, numeric: RowIds, n_jobs: int | None) -> Matrix:
    if len(numeric) == 0:
        return np.empty((table.shape[0], 0))
    part = table if len(numeric) == table.shape[1] else table.part(numeric)
    return check_matrix(part, missing=True, n_jobs=n_jobs)


def _objects(table: Table, column: int) -> NDArray[Any]:
    """A column as Python objects."""
    items = table.series_by_column[column].to_list() if table.is_frame else table.array[:, column].tolist()
    values = np.empty(len(items), object)
    values[:] = items
    return values


def _below_each_other(parts: list[Matrix], n_jobs: int | None) -> Matrix:
    """One matrix, at the coarser of two precisions: what was rounded can only be compared with its like."""
    if len(parts) == 1:
        return parts[0]
    dtype = min(part.dtype for part in parts)
    if any(_outgrows(part, dtype) for part in parts):
        dtype = np.result_type(*parts)
    both = np.empty((sum(map(len, parts)), parts[0].shape[1]), dtype)
    start = 0
    for part in parts:
        copy_rows(both[start : start + len(part)], part, n_jobs)
        start += len(part)
    return both


def _outgrows(part: Matrix, dtype: np.dtype) -> bool:
    """Whether a number is beyond the range of a type."""
    if part.dtype == dtype:
        return False
    largest = max(np.fmax.reduce(part, axis=None, initial=0.0), -np.fmin.reduce(part, axis=None, initial=0.0))
    return bool(largest > np.finfo(dtype).max)


def group_equal_rows(tables: Tables, n_jobs: int | None) -> RowIds:
    """Numbers from 0 without a gap, equal for rows that are equal value for value (n,).

    0.0 equals -0.0, and a missing value another one. Rows are sorted by a hash of 64 bits; neighbours of
    equal hash are compared, and where they differ, these rows are told apart by their values. O(n d) time
    and a sort, 24 bytes per row.
    """
    n = len(tables.matrix)
    hashes = hash_rows(tables, n_jobs)
    order = np.argsort(hashes, kind="stable")
    hashes = hashes[order]
    same_hash = np.flatnonzero(hashes[1:] == hashes[:-1])
    differ = np.zeros(len(same_hash), bool)

    def compare(lo: int, hi: int) -> None:
        one, other = order[same_hash[lo:hi]], order[same_hash[lo:hi] + 1]
        differ[lo:hi] = (_words(tables, one) != _words(tables, other)).any(axis=0)

    run_ranges(compare, len(same_hash), BLOCK, n_jobs=n_jobs)
    starts = np.ones(n, np.int64)
    starts[same_hash + 1] = 0
    sorted_groups = np.cumsum(starts) - 1
    collided = np.unique(sorted_groups[same_hash[differ]])
    if len(collided):
        at = np.flatnonzero(np.isin(sorted_groups, collided))
        words = np.ascontiguousarray(_words(tables, order[at]).T)
        sorted_groups[at] = n + np.unique(words, axis=0, return_inverse=True)[1].ravel()
    groups = np.empty(n, np.int64)
    groups[order] = sorted_groups
    return np.unique(groups, return_inverse=True)[1] if len(collided) else groups


def hash_rows(tables: Tables, n_jobs: int | None) -> NDArray[np.uint64]:
    """64 bits for each row (n,), the same for equal rows."""
    hashes = np.empty(len(tables.matrix), np.uint64)

    def work(lo: int, hi: int) -> None:
        hashes[lo:hi] = _hash(_words(tables, np.arange(lo, hi)))

    run_ranges(work, len(hashes), BLOCK, n_jobs=n_jobs)
    return hashes


def find_equal(groups: RowIds, n_train: int) -> EqualRows:
    """Equal rows, from the groups of all rows."""
    train, test = groups[:n_train], groups[n_train:]
    n_groups = int(groups.max()) + 1
    counts = np.bincount(train, minlength=n_groups)[test]
    rows = np.flatnonzero(counts)
    first = first_of_each(train, n_groups)
    return EqualRows(np.column_stack([rows, first[test[rows]]]), counts[rows])


def _words(tables: Tables, rows: RowIds) -> NDArray[np.uint64]:
    """Rows as 64-bit words that are equal where values are (d, len(rows))."""
    values = tables.matrix[rows].T + tables.matrix.dtype.type(0.0)  # -0.0 + 0.0 is 0.0
    values[np.isnan(values)] = np.nan
    values = np.ascontiguousarray(values)
    bits = values.view(np.uint32 if values.dtype == np.float32 else np.uint64)
    return np.concatenate([bits.astype(np.uint64, copy=False), tables.codes[rows].T.astype(np.uint64)])


def _hash(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """One word for each column."""
    mixed = np.full(words.shape[1], _FIRST)
    for word in words:
        mixed ^= word
        mixed *= _ODD
        mixed ^= mixed >> _SHIFT
    return mixed


def number_hashes(matrix: Matrix) -> NDArray[np.uint64]:
    """A word for each row of numbers, the same for rows that are equal at either precision (n,)."""
    none = np.empty(0, np.int64)
    with np.errstate(over="ignore", under="ignore"):
        numbers = matrix.astype(np.float32)
    return hash_rows(Tables(numbers, np.empty((len(numbers), 0), np.int32), none, none, none, [], []), None)
