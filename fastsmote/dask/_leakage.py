"""Rows that a train and a test part in partitions share."""

from functools import partial
from typing import Any
from uuid import uuid4

import dask.array as da
import dask.dataframe as dd
import numpy as np
import pandas as pd
from dask.delayed import Delayed

from fastsmote._blocks.block import Block
from fastsmote._blocks.shared_rows import TEST, TRAIN, find_equal_rows
from fastsmote._core.public import public
from fastsmote._core.typing import RowIds
from fastsmote.dask._containers import Key, Tasks, require_meta, type_name
from fastsmote.dask._passes import PassGraph

_delayed: Any = Delayed  # dask has no types for it


@public("fastsmote.dask")
def equal_rows(X_train: Any, X_test: Any) -> tuple[RowIds, RowIds]:
    """Test rows that equal a train row, of parts in partitions: the exact part of a leakage report.

    Parameters
    ----------
    X_train, X_test : dask arrays of shape (n_train, n_features) and (n_test, n_features), or dask DataFrames
        The two parts, of the same columns and dtypes. Frames may hold text, categories and dates beside one
        column of numbers at least: they are compared by equality. NaN and None are missing values, equal to
        each other.

    Returns
    -------
    pairs : ndarray of int64 of shape (n_equal, 2)
        Each test row that equals a train row value for value, and the first such train row, by numbers from 0
        over all partitions: ``exact_pairs`` of :func:`fastsmote.leakage.leakage_report`.
    counts : ndarray of int64 of shape (n_equal,)
        How many train rows it equals: ``exact_counts`` there.

    Raises
    ------
    ValueError
        A part has no rows, or infinite values; columns or dtypes differ; arrays are cut by columns; no column
        holds numbers.
    TypeError
        A part is no Dask array or DataFrame, or the parts are of two kinds.

    See Also
    --------
    fastsmote.leakage.leakage_report : In memory; finds near rows, rows on lines and what plans know too.

    Notes
    -----
    Computed at the call. Near rows and lines are not looked for: where nothing is equal, copies with noise
    and synthetic rows may still be there. Of each test row a hash of its numbers is sent, 8 bytes. Train and
    test rows whose hashes meet come together in one task, where their values are compared: there must be
    memory for the rows that are shared, and for those that differ in no number, only in text. Each
    partition is computed once and kept by its worker in between. O(n log n) time.

    Examples
    --------
    >>> import dask.array as da
    >>> from fastsmote.dask import equal_rows
    >>> X_train = da.from_array([[1.0, 2.0], [3.0, 4.0], [1.0, 2.0]], (2, 2))
    >>> X_test = da.from_array([[5.0, 6.0], [1.0, 2.0]], (1, 2))
    >>> equal_rows(X_train, X_test)
    (array([[1, 0]]), array([2]))
    """
    graph: Tasks = {}
    parts, metas = [], []
    for given, name in ((X_train, TRAIN), (X_test, TEST)):
        tasks, keys, meta = _table(given, name)
        graph |= tasks
        parts += [(partial(_block, name), key) for key in keys]
        metas.append(meta)
    passes = PassGraph(f"equal-rows-{uuid4().hex}", parts)
    key = passes.decide(partial(find_equal_rows, numeric=_numeric(*metas)), 3)
    pairs, counts = _delayed(key, graph | passes.tasks).compute()
    return pairs, counts


def _block(name: str, rows: Any) -> Block:
    return Block(rows, None, 0, name)


def _table(X: Any, name: str) -> tuple[Tasks, list[Key], Any]:
    """The tasks of a table, those of its partitions, and the table without rows."""
    if isinstance(X, dd.DataFrame):
        require_meta(X._meta, pd.DataFrame, name)
        table = X.optimize()
        return dict(table.__dask_graph__()), table.__dask_keys__(), X._meta
    if not isinstance(X, da.Array):
        raise TypeError(
            f"{name} must be a dask array or a dask DataFrame. Got {type_name(X)}; call "
            "fastsmote.leakage_report, which takes what is in memory."
        )
    require_meta(X._meta, np.ndarray, name)
    if X.ndim != 2 or X.numblocks[1] != 1:
        raise ValueError(
            f"{name} must have 2 dimensions, and be cut by rows alone. Got {X.ndim} dimension(s) in blocks "
            f"{X.numblocks}; pass {name}.rechunk({{1: -1}})."
        )
    keys = [(X.name, i, 0) for i in range(X.numblocks[0])]
    return dict(X.__dask_graph__()), keys, np.empty((0, X.shape[1]), X.dtype)


def _numeric(train: Any, test: Any) -> list[int]:
    """The places of columns of numbers; ValueError unless both tables have the same columns."""
    if isinstance(train, np.ndarray) != isinstance(test, np.ndarray):
        raise TypeError(
            "X_train and X_test must be of one kind. Got an array and a frame; convert one of them."
        )
    train_types, test_types = (
        [(j, x.dtype) for j in range(x.shape[1])] if isinstance(x, np.ndarray) else list(x.dtypes.items())
        for x in (train, test)
    )
    if train_types != test_types:
        at = next((j for j, (a, b) in enumerate(zip(train_types, test_types, strict=False)) if a != b), None)
        what = (
            f"{len(train_types)} and {len(test_types)} columns"
            if at is None
            else f"{train_types[at]} and {test_types[at]} in column {at}"
        )
        raise ValueError(
            f"X_test must have the columns and dtypes of X_train. Got {what}; pass X_test.astype(...)."
        )
    places = [j for j, (_, dtype) in enumerate(train_types) if pd.api.types.is_numeric_dtype(dtype)]
    if not places:
        raise ValueError(
            "X_train must have a column of numbers, whose hashes are compared. Got none; compute both parts "
            "and call fastsmote.leakage_report."
        )
    return places
