"""A sampler of blocks as a graph: what its passes decide, then partitions of old rows and of new ones."""

from collections.abc import Callable
from functools import partial, reduce
from typing import Any, NamedTuple

import numpy as np
from dask.base import tokenize
from dask.delayed import Delayed

from fastsmote._blocks.block import Block, ClassCounts, count, merged, whole
from fastsmote._blocks.decision import Decision
from fastsmote._blocks.passes import Passes, begin
from fastsmote._blocks.samplers import BLOCK_SAMPLERS
from fastsmote._core.check import check_seed
from fastsmote._core.containers import Container
from fastsmote._core.typing import RowIds
from fastsmote._sampling.registry import SAMPLERS
from fastsmote._sampling.strategy import over_targets
from fastsmote.dask._containers import Key, Made, Partitions, Tasks, opened
from fastsmote.dask._passes import PassGraph, in_partition

_delayed: Any = Delayed  # dask has no types for it


def resampled(method: str, X: Any, y: Any, target: Any, **options: Any) -> Any:
    """The way of all functions of :mod:`fastsmote.dask`: counts now, everything else when it is computed."""
    source = opened(X, y, target, method)
    decide, n_passes = BLOCK_SAMPLERS[method]
    options["n_jobs"] = 1  # the threads are those of the workers
    if "random_state" in options:
        options["random_state"] = check_seed(options["random_state"])
    rows = _counted(source)
    decided = partial(_decided, decide, rows.known, options)
    standing = begin(decided)  # what counts refuse is refused now
    graph = _Graph(f"{method}-{tokenize(source.token, method, options)}", source, rows)
    decision = graph.decide(decided, n_passes)
    if SAMPLERS[method].kind == "over":
        targets = over_targets(options["sampling_strategy"], rows.known.labels, None)
        return source.result(graph.tasks, graph.grown(decision, int(targets.sum())), is_renumbered=True)
    return source.result(graph.tasks, graph.kept(decision, standing.decision), is_renumbered=False)


def _decided(
    decide: Callable[..., Decision], known: ClassCounts, options: dict[str, Any], passes: Passes
) -> Decision:
    return decide(known, passes, None, **options)


class _CountedRows(NamedTuple):
    """How many rows of each class each partition has."""

    known: ClassCounts
    counts: RowIds  # (n_partitions, n_classes)

    @property
    def before(self) -> RowIds:
        """And how many come before it."""
        return np.cumsum(self.counts, axis=0) - self.counts

    @property
    def firsts(self) -> list[int]:
        return self.before.sum(axis=1).tolist()


def _counted(source: Partitions) -> _CountedRows:
    """The classes, by computing the labels: counts are all that comes here."""
    graph, keys = source.labels
    name = f"count-labels-{tokenize(source.token)}"
    tasks: Tasks = {(name, i): (partial(_count, source.name, i), key) for i, key in enumerate(keys)}
    tasks[name] = (list, list(tasks))
    found = _delayed(name, graph | tasks).compute()
    known = whole(reduce(merged, found, None), source.name)
    code_of = {label: code for code, label in enumerate(known.classes.tolist())}
    counts = np.zeros((len(found), len(known.classes)), np.int64)
    for own, part in zip(counts, found, strict=True):
        if part is not None:
            own[[code_of[label] for label in part.classes.tolist()]] = part.counts
    return _CountedRows(known, counts)


def _count(name: str, i: int, labels: Any) -> ClassCounts | None:
    with in_partition(i):
        return count(Block(None, labels, 0, str(name)))


class _Graph(PassGraph):
    """The tasks of a sampler."""

    def __init__(self, name: str, source: Partitions, rows: _CountedRows) -> None:
        parts = zip(rows.firsts, source.partitions, strict=True)
        super().__init__(name, [(source.block(first), *keys) for first, keys in parts])
        self._rows = rows

    def grown(self, decision: Key, n_new: int) -> Made:
        """All rows, then the new ones, in partitions as large as the largest of the others."""
        sizes: list[int | None] = self._rows.counts.sum(axis=1).tolist()
        keys = [
            self.task("old", i, partial(_old, block), *parts) for i, (block, *parts) in enumerate(self.blocks)
        ]
        size = max(self._rows.counts.sum(axis=1).tolist())
        for start in range(0, n_new, size):
            stop = min(start + size, n_new)
            keys.append(self.task("new", start, partial(_new, start, stop), decision))
            sizes.append(stop - start)
        return Made(keys, sizes)

    def kept(self, decision: Key, decided: Decision | None) -> Made:
        """The rows that stay; how many is known where counts have decided."""
        keep = self.task("keep", 0, _keep, decision)
        keys = []
        sizes: list[int | None] = []
        for i, (block, *sources) in enumerate(self.blocks):
            before, counts = self._rows.before[i], self._rows.counts[i]
            keys.append(self.task("stay", i, partial(_stay, block, before), keep, *sources))
            n_kept = None if decided is None else decided.n_kept
            sizes.append(None if n_kept is None else n_kept(before, counts))
        return Made(keys, sizes)


def _keep(decision: Decision) -> Any:
    return decision.keep


def _old(block: Callable[..., Block], *parts: Any) -> tuple[Any, Any]:
    rows = block(*parts)
    return rows.features, rows.labels


def _stay(block: Callable[..., Block], before: RowIds, keep: Any, *parts: Any) -> tuple[Any, Any]:
    rows = block(*parts)
    kept, _ = keep(rows, before)
    if kept is None:
        return rows.features, rows.labels
    return tuple(Container(part).take(kept, n_jobs=1) for part in (rows.features, rows.labels))


def _new(start: int, stop: int, decision: Decision) -> tuple[Any, Any]:
    return decision.new_rows(start, stop)
