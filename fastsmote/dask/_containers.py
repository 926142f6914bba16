"""Dask arrays and frames as partitions of rows, and what is made of partitions as arrays and frames again."""

from collections.abc import Callable
from functools import cached_property, partial
from typing import Any, NamedTuple, Protocol, TypeAlias, cast

import dask.array as da
import dask.dataframe as dd
import numpy as np
import pandas as pd
from dask.base import tokenize
from dask.highlevelgraph import HighLevelGraph

from fastsmote._blocks.block import Block
from fastsmote._core.foreign import elsewhere

Tasks: TypeAlias = dict[Any, Any]
Key: TypeAlias = Any
Parts: TypeAlias = tuple[Any, Any, int | None]

_array: Any = da.Array  # dask has no types for these
_from_graph: Any = dd.from_graph
_rechunk: Any = da.rechunk


class Made(NamedTuple):
    """Partitions to come: where each is computed, and how many rows it has; None where that is not known.

    A task gives features, labels and the number of the first row; None for this where rows keep theirs.
    """

    keys: list[Key]
    sizes: list[int | None]


class Partitions(Protocol):
    """A table in partitions."""

    name: str  # what messages call the labels
    n_features: int

    @property
    def token(self) -> str:
        """The same for the same table."""
        ...

    @property
    def partitions(self) -> list[tuple[Key, ...]]:
        """The tasks that give each partition."""
        ...

    @property
    def labels(self) -> tuple[Tasks, list[Key]]:
        """A graph of the labels alone, and the task of each partition."""
        ...

    @property
    def firsts(self) -> list[int]:
        """The numbers of their first rows, as far as they are known before rows are counted; else 0."""
        ...

    @property
    def meta(self) -> Any:
        """The features without rows."""
        ...

    def block(self, first: int) -> Callable[..., Block]:
        """What makes a block of what the tasks of a partition give."""
        ...

    def with_tasks(self, name: str, tasks: Tasks) -> HighLevelGraph:
        """The graph of the table and of its labels alone, and a layer of tasks on it."""
        ...

    def result(self, tasks: Tasks, rows: Made, is_renumbered: bool) -> Any:
        """The container of the partitions to come."""
        ...


class ArrayPartitions:
    """A matrix and its labels, cut alike."""

    name = "y"

    def __init__(self, X: da.Array, y: da.Array) -> None:
        self._X, self._y = X, y
        self.n_features = int(X.shape[1])

    @property
    def token(self) -> str:
        return tokenize(self._X.name, self._y.name)

    @property
    def partitions(self) -> list[tuple[Key, ...]]:
        return [((self._X.name, i, 0), (self._y.name, i)) for i in range(self._X.numblocks[0])]

    @property
    def labels(self) -> tuple[Tasks, list[Key]]:
        keys = [(self._y.name, i) for i in range(self._X.numblocks[0])]
        return dict(self._y.__dask_graph__()), keys

    @property
    def firsts(self) -> list[int]:
        sizes = np.array(self._X.chunks[0])
        return (np.cumsum(sizes) - sizes).tolist()

    @property
    def meta(self) -> Any:
        return np.empty((0, self.n_features), self._X.dtype)

    def block(self, first: int) -> Callable[..., Block]:
        return partial(_of_arrays, first)

    def with_tasks(self, name: str, tasks: Tasks) -> HighLevelGraph:
        sources: list[Any] = [self._X, self._y]
        return HighLevelGraph.from_collections(name, tasks, dependencies=sources)

    def result(self, tasks: Tasks, rows: Made, is_renumbered: bool) -> tuple[da.Array, da.Array]:
        name = f"fastsmote-{tokenize(self.token, rows.keys)}"
        shared = self.with_tasks(name, tasks)
        X = array_of(shared, name, _features, rows, self._X._meta, self._X.chunks[1:])
        return X, array_of(shared, name, _labels, rows, self._y._meta)


def array_of(
    shared: HighLevelGraph,
    name: str,
    pick: Callable[[Any], Any],
    rows: Made,
    meta: Any,
    other_chunks: tuple[tuple[int, ...], ...] = (),
) -> da.Array:
    """An array of what ``pick`` takes from the results of tasks, which are in a layer of this name."""
    own = f"{name}-{tokenize(pick)}"
    ends = (0,) * len(other_chunks)
    layer = {(own, i, *ends): (pick, key) for i, key in enumerate(rows.keys)}
    layers: dict[str, Any] = {**shared.layers, own: layer}
    graph = HighLevelGraph(layers, {**shared.dependencies, own: {name}})
    sizes = tuple(np.nan if size is None else size for size in rows.sizes)
    return cast(da.Array, _array(graph, own, (sizes, *other_chunks), meta=meta))


def labels_alone(name: str, first: int, labels: Any) -> Block:
    """A block without features."""
    return Block(None, labels, first, name)


def _features(parts: Parts) -> Any:
    return parts[0]


def _labels(parts: Parts) -> Any:
    return parts[1]


def _of_arrays(first: int, X: Any, y: Any) -> Block:
    return Block(X, y, first, ArrayPartitions.name)


class FramePartitions:
    """A frame with a column of labels."""

    def __init__(self, frame: dd.DataFrame, target: Any) -> None:
        self._frame, self._optimized, self.name = frame, frame.optimize(), target
        self.n_features = len(frame.columns) - 1

    @property
    def token(self) -> str:
        return tokenize(self._optimized._name, self.name)

    @property
    def partitions(self) -> list[tuple[Key, ...]]:
        return [(key,) for key in self._optimized.__dask_keys__()]

    @cached_property
    def labels(self) -> tuple[Tasks, list[Key]]:
        labels = self._frame[self.name].optimize()
        return dict(labels.__dask_graph__()), labels.__dask_keys__()

    @property
    def firsts(self) -> list[int]:
        return [0] * self._frame.npartitions

    @property
    def meta(self) -> Any:
        return self._frame._meta.drop(columns=[self.name])

    def block(self, first: int) -> Callable[..., Block]:
        return partial(_of_frame, self.name, first)

    def with_tasks(self, name: str, tasks: Tasks) -> HighLevelGraph:
        layer = {**self._optimized.__dask_graph__(), **self.labels[0], **tasks}
        return HighLevelGraph({name: layer}, {name: set()})

    def result(self, tasks: Tasks, rows: Made, is_renumbered: bool) -> dd.DataFrame:
        meta = self._frame._meta
        layer = _Layer(self._optimized.__dask_graph__())
        layer.update(tasks)
        layer.name = f"fastsmote-{tokenize(self.token, rows.keys)}"
        to_frame = partial(_to_frame, self.name, meta.columns.get_loc(self.name))
        keys = [(f"{layer.name}-frame", i) for i in range(len(rows.keys))]
        layer.update((key, (to_frame, parts)) for key, parts in zip(keys, rows.keys, strict=True))
        if is_renumbered:
            meta = meta.reset_index(drop=True)
        return _from_graph(layer, meta, (None,) * (len(keys) + 1), keys, "fastsmote")


class _Layer(dict[Any, Any]):
    """A graph that is known by a name: hashing thousands of tasks would take longer than to make them."""

    name = ""

    def __dask_tokenize__(self) -> str:
        return self.name


def _of_frame(target: Any, first: int, part: pd.DataFrame) -> Block:
    return Block(part.drop(columns=[target]), part[target], first, str(target))


def _to_frame(target: Any, place: int, parts: Parts) -> Any:
    """Features and labels as one frame, whose rows are numbered from the first one on."""
    features, labels, first = parts
    frame = features.copy(deep=False)
    frame.insert(place, target, labels.set_axis(frame.index))
    if first is not None:
        frame.index = pd.RangeIndex(first, first + len(frame))
    return frame


def opened(X: Any, y: Any, target: Any, method: str) -> Partitions:
    """X and y, or a frame and the name of its labels, as partitions."""
    if isinstance(X, dd.DataFrame):
        return _frame_of(X, y, target, method)
    if not isinstance(X, da.Array):
        way = elsewhere(method, "X", X) or f"fastsmote.{method}, which takes what is in memory"
        raise TypeError(f"X must be a dask array or a dask DataFrame. Got {type_name(X)}; call {way}.")
    if target is not None:
        raise TypeError(f"target names a column of a dask DataFrame. Got an array; pass {method}(X, y).")
    if not isinstance(y, da.Array):
        raise TypeError(
            f"y must be a dask array, as X is. Got {type_name(y)}; pass "
            "dask.array.from_array(y, chunks=(X.chunks[0],))."
        )
    return _arrays_of(X, y)


def _frame_of(frame: dd.DataFrame, y: Any, target: Any, method: str) -> FramePartitions:
    if y is not None or target is None:
        raise TypeError(
            "y must be a column of the frame, named by target. Got "
            f'{"no target" if y is None else type_name(y)}; pass {method}(frame, target="...").'
        )
    names = list(frame.columns)
    if names.count(target) != 1:
        raise ValueError(f"target must be one of the columns {names[:10]}. Got {target!r}.")
    if len(names) == 1:
        raise ValueError(f"X must have columns beside target. Got {target!r} alone.")
    require_meta(frame._meta, pd.DataFrame, "X")
    return FramePartitions(frame, target)


def _arrays_of(X: da.Array, y: da.Array) -> ArrayPartitions:
    for array, name, n_dimensions in ((X, "X", 2), (y, "y", 1)):
        if array.ndim != n_dimensions:
            way = " Pass y.ravel()." if name == "y" else ""
            raise ValueError(f"{name} must have {n_dimensions} dimension(s). Got {array.ndim}.{way}")
        require_meta(array._meta, np.ndarray, name)
        if any(np.isnan(size) for size in array.chunks[0]):
            raise ValueError(
                f"{name} must have chunks of known sizes. Got unknown ones; call "
                f"{name}.compute_chunk_sizes() first, which computes it once."
            )
    if X.numblocks[1] != 1:
        raise ValueError(
            f"X must be cut by rows alone. Got {X.numblocks[1]} chunks of columns; pass X.rechunk({{1: -1}})."
        )
    if X.shape[0] != y.shape[0]:
        raise ValueError(
            f"X and y have inconsistent numbers of samples: {X.shape[0]} and {y.shape[0]}. Pass one label "
            "per row of X."
        )
    return ArrayPartitions(X, y if X.chunks[0] == y.chunks[0] else _rechunk(y, (X.chunks[0],)))


def require_meta(meta: Any, kind: type, name: str) -> None:
    """TypeError unless partitions are of a kind."""
    if not isinstance(meta, kind):
        raise TypeError(
            f"{name} must have partitions of {kind.__module__.partition('.')[0]}. Got {type_name(meta)}; "
            f"convert them by {name}.map_{'blocks' if kind is np.ndarray else 'partitions'}."
        )


def type_name(given: Any) -> str:
    """The class of an object as users know it."""
    return f"{type(given).__module__.partition('.')[0]}.{type(given).__qualname__}"
