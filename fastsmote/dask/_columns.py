"""Labels, scores and weights in partitions, and what passes over them find."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar
from uuid import uuid4

import dask.array as da
import dask.dataframe as dd
import numpy as np
import pandas as pd
from dask.base import persist
from dask.delayed import Delayed
from dask.highlevelgraph import HighLevelGraph

import fastsmote
from fastsmote._blocks.block import Block
from fastsmote._blocks.outcomes import Columns
from fastsmote._blocks.passes import Passes
from fastsmote._core.foreign import elsewhere
from fastsmote.dask._containers import Key, require_meta, type_name
from fastsmote.dask._passes import PassGraph

T = TypeVar("T")
# loaded wherever tasks run: a class whose public module is not there is sent by value, as another class
_HOMES = fastsmote.streaming, fastsmote.calibration
_delayed: Any = Delayed  # dask has no types for these
_merge_graphs: Any = HighLevelGraph.merge
_rechunk: Any = da.rechunk
_persist: Any = persist


class ColumnPartitions:
    """Columns that are cut alike; ``block`` makes a block of what the tasks of a partition give.

    ``like`` is the first of them without rows.
    """

    def __init__(
        self, graph: Any, partitions: list[tuple[Key, ...]], block: Callable[..., Block], like: Any
    ) -> None:
        self._graph, self._partitions, self._block, self.like = graph, partitions, block, like
        self._firsts = [0] * len(partitions)

    def found(self, decide: Callable[[Passes], T], n_passes: int) -> T:
        """What is decided by so many passes at most, computed by one graph that needs each partition once."""
        blocks = [
            (partial(self._block, first), *keys)
            for first, keys in zip(self._firsts, self._partitions, strict=True)
        ]
        passes = PassGraph(f"columns-{uuid4().hex}", blocks)
        key = passes.decide(decide, n_passes)
        found: T = _delayed(key, self._graph | passes.tasks).compute()
        return found

    def count_rows(self) -> None:
        """From now on blocks know the numbers of their first rows."""
        sizes = Computed(self).listed(_n_rows)
        self._firsts = (np.cumsum(sizes) - sizes).tolist()


class Computed(Passes):
    """Passes that are computed one by one, for a search that does not know how many it needs."""

    def __init__(self, columns: ColumnPartitions) -> None:
        self._columns = columns

    def improved(self, look: Callable[[Block, T | None], T], merge: Callable[[T, T], T]) -> T:
        return self._columns.found(partial(_one_pass, look, merge), 1)

    def once(self, make: Callable[[], T]) -> T:
        return make()


def _one_pass(look: Callable[[Block, Any], T], merge: Callable[[T, T], T], passes: Passes) -> T:
    return passes.improved(look, merge)


def _n_rows(block: Block) -> int:
    return len(block.labels)


def opened(function: str, frame: Any, *, keep: bool = False, **columns: Any) -> ColumnPartitions:
    """Columns by the names of their parameters: the labels, scores or None, weights or None.

    They are arrays, or names of columns of a frame. What is to be kept is computed once, and held by workers.
    """
    given = {name: column for name, column in columns.items() if column is not None}
    places = [list(given).index(name) if name in given else None for name in columns]
    if frame is not None:
        return _of_frame(frame, given, places, keep)
    return _of_arrays(function, given, places, keep)


def _of_arrays(function: str, given: dict[str, Any], places: list[Any], keep: bool) -> ColumnPartitions:
    for name, array in given.items():
        _check_array(function, name, array)
    first_name, first = next(iter(given.items()))
    arrays = []
    for name, array in given.items():
        if array.numblocks[0] == first.numblocks[0] and _same_sizes(array.chunks[0], first.chunks[0]):
            arrays.append(array)
            continue
        if np.isnan([*array.chunks[0], *first.chunks[0]]).any():
            raise ValueError(
                f"{name} must have the chunks of {first_name}. Got chunks of unknown sizes; call "
                "compute_chunk_sizes() of both first."
            )
        if array.shape[0] != first.shape[0]:
            raise ValueError(
                f"Found input variables with inconsistent numbers of samples: {first_name} has "
                f"{first.shape[0]} and {name} {array.shape[0]}. Pass one of each per row."
            )
        arrays.append(_rechunk(array, {0: first.chunks[0]}))
    if keep:
        arrays = list(_persist(*arrays))
    partitions = [tuple((a.name, i, *(0,) * (a.ndim - 1)) for a in arrays) for i in range(first.numblocks[0])]
    graph = dict(_merge_graphs(*(array.__dask_graph__() for array in arrays)))
    like = np.empty((0, *first.shape[1:]))
    return ColumnPartitions(graph, partitions, partial(_arrays_block, first_name, places), like)


def _same_sizes(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Of chunks, as far as they are known; rows are counted again where they are."""
    return all(a == b or np.isnan([a, b]).any() for a, b in zip(one, other, strict=True))


def _check_array(function: str, name: str, array: Any) -> None:
    if not isinstance(array, da.Array):
        way = elsewhere(function, name, array) or f"fastsmote.{function}, which takes what is in memory"
        raise TypeError(
            f"{name} must be a dask array, or the name of a column of frame. Got {type_name(array)}; call "
            f"{way}."
        )
    most = 2 if name == "p" else 1
    if array.ndim > most or array.ndim == 0:
        raise ValueError(f"{name} must have {most} dimension(s). Got {array.ndim}; pass one column.")
    require_meta(array._meta, np.ndarray, name)
    if array.ndim == 2 and array.numblocks[1] != 1:
        raise ValueError(
            f"{name} must be cut by rows alone. Got {array.numblocks[1]} chunks of columns; pass "
            f"{name}.rechunk({{1: -1}})."
        )


def _arrays_block(name: str, places: list[Any], first: int, *arrays: Any) -> Block:
    labels, scores, weights = (None if place is None else arrays[place] for place in places)
    return Block(Columns(scores, weights), labels, first, name)


def _of_frame(frame: Any, given: dict[str, Any], places: list[Any], keep: bool) -> ColumnPartitions:
    if not isinstance(frame, dd.DataFrame):
        raise TypeError(f"frame must be a dask DataFrame. Got {type_name(frame)}; pass arrays without it.")
    require_meta(frame._meta, pd.DataFrame, "frame")
    names = list(frame.columns)
    for parameter, name in given.items():
        for one in name if isinstance(name, list) else [name]:
            if not _is_column(one, names):
                raise ValueError(
                    f"{parameter} must be one of the columns {names[:10]} of frame. Got {one!r}."
                )
    wanted = [one for name in given.values() for one in (name if isinstance(name, list) else [name])]
    chosen = frame[list(dict.fromkeys(wanted))]
    chosen = chosen.persist() if keep else chosen.optimize()
    partitions = [(key,) for key in chosen.__dask_keys__()]
    return ColumnPartitions(
        dict(chosen.__dask_graph__()),
        partitions,
        partial(_frame_block, next(iter(given)), list(given.values()), places),
        frame._meta[next(iter(given.values()))],
    )


def _is_column(name: Any, names: list[Any]) -> bool:
    try:
        return names.count(name) == 1
    except ValueError:  # an array is compared with names
        return False


def _frame_block(name: str, names: list[Any], places: list[Any], first: int, part: pd.DataFrame) -> Block:
    labels, scores, weights = (None if place is None else part[names[place]] for place in places)
    return Block(Columns(scores, weights), labels, first, name)
