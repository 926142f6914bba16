"""A train and a test part in partitions: what they must be, and the blocks that they are."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, TypeVar
from uuid import uuid4

import dask.array as da
import dask.dataframe as dd
import numpy as np
import pandas as pd
from dask.delayed import Delayed

from fastsmote._blocks.block import Block
from fastsmote._blocks.passes import Passes
from fastsmote._blocks.shared_rows import TEST, TRAIN
from fastsmote.dask._containers import Key, Tasks, require_meta, type_name
from fastsmote.dask._passes import PassGraph

T = TypeVar("T")
LABELS = {TRAIN: "y_train", TEST: "y_test"}
_delayed: Any = Delayed  # dask has no types for these
_rechunk: Any = da.rechunk


class TwoParts(NamedTuple):
    """The tasks of both parts, and the blocks that they give, those of the train part first."""

    tasks: Tasks
    blocks: list[tuple[Any, ...]]
    places: list[int]  # of the partitions in their part
    are_numeric: list[bool]  # by column

    @property
    def numeric(self) -> list[int]:
        """The places of columns of numbers."""
        return np.flatnonzero(self.are_numeric).tolist()

    def found(self, decide: Callable[[Passes], T], n_passes: int) -> T:
        """What is decided by so many passes at most, computed by one graph that needs each partition once."""
        passes = PassGraph(f"parts-{uuid4().hex}", self.blocks, self.places)
        key = passes.decide(decide, n_passes)
        found: T = _delayed(key, self.tasks | passes.tasks).compute()
        return found


def opened(X_train: Any, X_test: Any, y_train: Any = None, y_test: Any = None) -> TwoParts:
    """Both parts, with or without their labels, whose columns are the same."""
    graph: Tasks = {}
    blocks, metas = [], []
    places: list[int] = []
    for X, y, name in ((X_train, y_train, TRAIN), (X_test, y_test, TEST)):
        tasks, keys, meta = _table(X, name)
        graph |= tasks
        columns = [keys]
        if y is not None:
            tasks, keys = _labels(y, X, name)
            graph |= tasks
            columns.append(keys)
        firsts = f"fastsmote-rows-before-{uuid4().hex}"
        graph[firsts] = (_firsts, [(len, key) for key in columns[0]])
        blocks += [
            (partial(_block, name, i), firsts, *parts) for i, parts in enumerate(zip(*columns, strict=True))
        ]
        places += range(len(keys))
        metas.append(meta)
    return TwoParts(graph, blocks, places, _are_numeric(*metas))


def _firsts(sizes: list[int]) -> list[int]:
    return (np.cumsum(sizes) - sizes).tolist()


def _block(name: str, i: int, firsts: list[int], rows: Any, labels: Any = None) -> Block:
    if labels is not None and len(labels) != len(rows):
        raise ValueError(
            f"{LABELS[name]} must have the partitions of {name}. Got {len(labels)} labels of {len(rows)} "
            f"rows; pass a column of the frame that {name} is made of, or an array of the same chunks."
        )
    return Block(rows, labels, firsts[i], name)


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


def _labels(y: Any, X: Any, part: str) -> tuple[Tasks, list[Key]]:
    """The tasks of labels, and those of their partitions, which are cut as the rows are."""
    name = LABELS[part]
    kind = dd.Series if isinstance(X, dd.DataFrame) else da.Array
    if not isinstance(y, kind):
        what = "a dask Series" if kind is dd.Series else "a dask array"
        raise TypeError(f"{name} must be {what}, as {part} is of dask. Got {type_name(y)}; convert it.")
    if isinstance(y, dd.Series):
        if y.npartitions != X.npartitions:
            raise ValueError(
                f"{name} must have the partitions of {part}. Got {y.npartitions} and {X.npartitions}; pass a "
                f"column of the frame that {part} is made of."
            )
        labels = y.optimize()
        return dict(labels.__dask_graph__()), labels.__dask_keys__()
    require_meta(y._meta, np.ndarray, name)
    if y.ndim != 1:
        raise ValueError(f"{name} must have 1 dimension(s). Got {y.ndim}; pass {name}.ravel().")
    y = _cut_alike(y, X, name, part)
    return dict(y.__dask_graph__()), [(y.name, i) for i in range(y.numblocks[0])]


def _cut_alike(y: da.Array, X: da.Array, name: str, part: str) -> da.Array:
    """Labels in the chunks of the rows; those of unknown sizes are compared when they are there."""
    if np.isnan([*y.chunks[0], *X.chunks[0]]).any():
        if y.numblocks[0] != X.numblocks[0]:
            raise ValueError(
                f"{name} must have the chunks of {part}. Got {y.numblocks[0]} and {X.numblocks[0]}, some of "
                "unknown sizes; call compute_chunk_sizes() of both first."
            )
        return y
    if y.shape[0] != X.shape[0]:
        raise ValueError(
            f"{part} and {name} have inconsistent numbers of samples: {X.shape[0]} and {y.shape[0]}. Pass "
            f"one label per row of {part}."
        )
    return y if y.chunks[0] == X.chunks[0] else _rechunk(y, (X.chunks[0],))


def _are_numeric(train: Any, test: Any) -> list[bool]:
    """Which columns hold numbers; ValueError unless both tables have the same columns."""
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
    are_numeric = [pd.api.types.is_numeric_dtype(dtype) for _, dtype in train_types]
    if not any(are_numeric):
        raise ValueError(
            "X_train must have a column of numbers, whose hashes are compared. Got none; compute both parts "
            "and call fastsmote.leakage_report."
        )
    return are_numeric
