"""A sampler of blocks as a graph: what its passes decide, then partitions of old rows and of new ones."""

import copy
from collections.abc import Callable
from functools import partial, reduce
from typing import Any, NamedTuple

import numpy as np
from dask.base import tokenize
from dask.delayed import Delayed

from fastsmote._blocks.block import Block, ClassCounts, count, merged, whole
from fastsmote._blocks.decision import Decision, no_rows
from fastsmote._blocks.passes import Passes
from fastsmote._core.containers import Container
from fastsmote._core.typing import RowIds
from fastsmote._sampling.over.plan import SyntheticPlan
from fastsmote.dask._containers import Key, Made, Partitions, Parts, Tasks, labels_alone
from fastsmote.dask._passes import PassGraph, in_partition

_delayed: Any = Delayed  # dask has no types for it


class CountedRows(NamedTuple):
    """How many rows of each class each partition has."""

    known: ClassCounts
    counts: RowIds  # (n_partitions, n_classes)

    @property
    def sizes(self) -> RowIds:
        return self.counts.sum(axis=1)

    @property
    def before(self) -> RowIds:
        """And how many come before it."""
        return np.cumsum(self.counts, axis=0) - self.counts

    @property
    def firsts(self) -> list[int]:
        return self.before.sum(axis=1).tolist()


def counted(source: Partitions) -> CountedRows:
    """The classes, by computing the labels: counts are all that comes here."""
    graph, keys = source.labels
    name = f"count-labels-{tokenize(source.token)}"
    tasks: Tasks = {
        (name, i): (partial(_count, source.name, i, first), key)
        for i, (first, key) in enumerate(zip(source.firsts, keys, strict=True))
    }
    tasks[name] = (list, list(tasks))
    found = _delayed(name, graph | tasks).compute()
    known = whole(reduce(merged, found, None), source.name)
    code_of = {label: code for code, label in enumerate(known.classes.tolist())}
    counts = np.zeros((len(found), len(known.classes)), np.int64)
    for own, part in zip(counts, found, strict=True):
        if part is not None:
            own[[code_of[label] for label in part.classes.tolist()]] = part.counts
    return CountedRows(known, counts)


def _count(name: str, i: int, first: int, labels: Any) -> ClassCounts | None:
    with in_partition(i):
        return count(Block(None, labels, first, str(name)))


class Graph(PassGraph):
    """The tasks of a sampler, and what its results are made of."""

    def __init__(self, name: str, source: Partitions, rows: CountedRows) -> None:
        parts = zip(rows.firsts, source.partitions, strict=True)
        super().__init__(name, [(source.block(first), *keys) for first, keys in parts])
        self._source, self._rows = source, rows
        self._decision: Key = None

    def copy(self) -> "Graph":
        """The same, to which tasks can be added while results of this are in use."""
        other = copy.copy(self)
        other.tasks = dict(self.tasks)
        return other

    def decide(self, decided: Callable[[Passes], Any], n_passes: int) -> Key:
        self._decision = super().decide(decided, n_passes)
        return self._decision

    def grown(self, n_new: int) -> Made:
        """All rows, then the new ones; where there are none, rows still wait for what may refuse them."""
        name, refuses = ("old", []) if n_new else ("old-checked", [self._decision])
        keys = [
            self.task(name, i, partial(_old, block), *parts, *refuses)
            for i, (block, *parts) in enumerate(self.blocks)
        ]
        sizes: list[int | None] = self._rows.sizes.tolist()
        if n_new:
            new = self.new_rows(0, n_new)
            keys, sizes = keys + new.keys, sizes + new.sizes
        return Made(keys, sizes)

    def new_rows(self, start: int, stop: int) -> Made:
        """New rows [start, stop)."""
        n = int(self._rows.sizes.sum())
        if start < stop:
            return self._slices("new", lambda lo, hi: partial(_new, lo, hi, n), start, stop)
        block, *parts = self.blocks[0]
        return Made([self.task("none", start, partial(_none, block, n + start), *parts)], [0])

    def plans(self, n_new: int, empty: SyntheticPlan) -> Made:
        """The plan of all new rows, in partitions as theirs; ``empty`` where there are none."""
        return self._slices("plan", lambda lo, hi: partial(_plan, lo, hi, empty), 0, n_new)

    def plan(self, n_new: int, empty: SyntheticPlan) -> Key:
        """The plan of all new rows in one piece."""
        return self.task("plan", (0, n_new), partial(_plan, 0, n_new, empty), self._decision)

    def _slices(
        self, what: str, function: Callable[[int, int], Callable[..., Any]], start: int, stop: int
    ) -> Made:
        """Of new rows [start, stop), in partitions as large as the largest of the others."""
        size = int(self._rows.sizes.max())
        ends = [(lo, min(lo + size, stop)) for lo in range(start, stop, size)] or [(start, stop)]
        keys = [self.task(what, slice_, function(*slice_), self._decision) for slice_ in ends]
        return Made(keys, [hi - lo for lo, hi in ends])

    def kept(self, decision: Decision | None) -> Made:
        """The rows that stay; how many is known where counts have decided."""
        return self._stay("stay", _stay, decision)

    def cleaned(self, n_new: int) -> Made:
        """The rows that stay, then those of the new ones that stay: how many is not known."""
        old = self._stay("stay-numbered", _stay_numbered, None)
        new = self._shares("new", partial(_new_share, self._rows.known.counts), n_new, self._decision)
        return Made(old.keys + new.keys, old.sizes + new.sizes)

    def numbers(self, decision: Decision | None) -> Made:
        """The numbers of the rows that stay."""
        return self._stay("numbers", _numbers, decision)

    def cleaned_numbers(self, n_new: int) -> Made:
        """The same, and those of new rows, which are counted on from the others."""
        old = self._stay("numbers", _numbers, None)
        n = int(self._rows.sizes.sum())
        new = self._shares("new-numbers", partial(_numbers_share, n), n_new, self._kept_alone())
        return Made(old.keys + new.keys, old.sizes + new.sizes)

    def labels_alone(self) -> None:
        """What follows looks at no features: these are not read."""
        self.blocks = [
            (partial(labels_alone, self._source.name, first), key)
            for first, key in zip(self._rows.firsts, self._source.labels[1], strict=True)
        ]

    def _kept_alone(self) -> Key:
        return self.task("keep", 0, _kept_alone, self._decision)

    def _stay(self, what: str, function: Callable[..., Any], decision: Decision | None) -> Made:
        keep, keys = self._kept_alone(), []
        sizes: list[int | None] = []
        places = zip(self._rows.before, self._rows.counts, self.blocks, strict=True)
        for i, (before, counts, (block, *sources)) in enumerate(places):
            keys.append(self.task(what, i, partial(function, block, before), keep, *sources))
            n_kept = None if decision is None else decision.n_kept
            sizes.append(None if n_kept is None else n_kept(before, counts))
        return Made(keys, sizes)

    def _shares(self, what: str, function: Callable[..., Any], n_new: int, decision: Key) -> Made:
        """New rows that stay, of ``n_new``, in partitions that are not larger than the others."""
        n_shares = -(-n_new // int(self._rows.sizes.max()))
        keys = [
            self.task(f"{what}-of-{n_shares}", i, partial(function, i, n_shares), decision)
            for i in range(n_shares)
        ]
        return Made(keys, [None] * n_shares)


def _kept_alone(decision: Decision) -> Decision:
    """What rows stay by: without what new rows are made of."""
    return decision._replace(new_rows=no_rows, plan=None)


def _old(block: Callable[..., Block], *parts: Any) -> Parts:
    rows = block(*(part for part in parts if not isinstance(part, Decision)))
    return rows.features, rows.labels, rows.first


def _stay(block: Callable[..., Block], before: RowIds, kept: Decision, *parts: Any) -> Parts:
    rows = block(*parts)
    numbers, _ = kept.keep(rows, before)
    if numbers is None:
        return rows.features, rows.labels, None
    features, labels = (Container(part).take(numbers, n_jobs=1) for part in (rows.features, rows.labels))
    return features, labels, None


def _stay_numbered(block: Callable[..., Block], before: RowIds, kept: Decision, *parts: Any) -> Parts:
    features, labels, _ = _stay(block, before, kept, *parts)
    return features, labels, _n_kept(kept, before)


def _n_kept(decision: Decision, counts: RowIds) -> int:
    """How many of the first rows stay, which have these counts."""
    assert decision.n_kept is not None  # a decision knows it once it is there
    return decision.n_kept(np.zeros_like(counts), counts)


def _numbers(block: Callable[..., Block], before: RowIds, kept: Decision, *parts: Any) -> RowIds:
    rows = block(*parts)
    numbers, _ = kept.keep(rows, before)
    return rows.first + (np.arange(len(rows.labels)) if numbers is None else numbers)


def _new(start: int, stop: int, first: int, decision: Decision) -> Parts:
    features, labels = decision.new_rows(start, stop)
    return features, labels, first + start


def _none(block: Callable[..., Block], first: int, *parts: Any) -> Parts:
    """No rows, in the containers of a partition."""
    rows, nothing = block(*parts), np.empty(0, np.int64)
    return Container(rows.features).take(nothing), Container(rows.labels).take(nothing), first


def _plan(start: int, stop: int, empty: SyntheticPlan, decision: Decision) -> SyntheticPlan:
    return empty if decision.plan is None else decision.plan(start, stop)


def _share(decision: Decision, i: int, n_shares: int) -> tuple[int, int]:
    return decision.n_new * i // n_shares, decision.n_new * (i + 1) // n_shares


def _new_share(counts: RowIds, i: int, n_shares: int, decision: Decision) -> Parts:
    start, stop = _share(decision, i, n_shares)
    features, labels = decision.new_rows(start, stop)
    return features, labels, _n_kept(decision, counts) + start


def _numbers_share(n_rows: int, i: int, n_shares: int, decision: Decision) -> RowIds:
    assert decision.places is not None  # of a combination
    return n_rows + decision.places(*_share(decision, i, n_shares))
