"""What the functions give: rows, their numbers, or plans. Counts are computed now, all else later."""

from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

import dask.array as da
import numpy as np
from dask.base import tokenize
from dask.delayed import Delayed

from fastsmote._blocks.block import ClassCounts
from fastsmote._blocks.clean import tomek_link_pairs
from fastsmote._blocks.decision import Decision
from fastsmote._blocks.passes import Passes, begin
from fastsmote._blocks.samplers import BLOCK_SAMPLERS, most_passes
from fastsmote._core.check import check_seed
from fastsmote._core.typing import RowIds
from fastsmote._sampling.over.plan import SyntheticPlan
from fastsmote._sampling.registry import SAMPLERS
from fastsmote._sampling.result import by_label
from fastsmote._sampling.strategy import over_targets
from fastsmote.dask._containers import Partitions, array_of, opened
from fastsmote.dask._graph import Graph, counted
from fastsmote.dask._lazy_plan import LazyPlan
from fastsmote.dask._types import require_types

_delayed: Any = Delayed  # dask has no types for these
_from_delayed: Any = da.from_delayed


class _Begun(NamedTuple):
    """A sampler whose labels were counted."""

    source: Partitions
    graph: Graph
    known: ClassCounts
    targets: Any  # (n_classes,) new rows of each class
    decision: Decision | None  # where counts alone decide

    @property
    def n_new(self) -> int:
        return int(self.targets.sum())


def resampled(method: str, X: Any, y: Any, target: Any, **options: Any) -> Any:
    """The way of the samplers of :mod:`fastsmote.dask`."""
    source, graph, _, _, decision = begun = _begin(method, method, X, y, target, options)
    kind = SAMPLERS[method].kind
    if kind == "over":
        return source.result(graph.tasks, graph.grown(begun.n_new), is_renumbered=True)
    if kind == "combine":
        return source.result(graph.tasks, graph.cleaned(begun.n_new), is_renumbered=True)
    return source.result(graph.tasks, graph.kept(decision), is_renumbered=False)


def selected(method: str, X: Any, y: Any, target: Any, **options: Any) -> da.Array:
    """The way of :mod:`fastsmote.dask.select`."""
    source, graph, _, _, decision = begun = _begin(method, f"select.{method}", X, y, target, options)
    if decision is not None:
        graph.labels_alone()
    is_combined = SAMPLERS[method].kind == "combine"
    rows = graph.cleaned_numbers(begun.n_new) if is_combined else graph.numbers(decision)
    name = f"fastsmote-numbers-{tokenize(rows.keys)}"
    shared = source.with_tasks(name, graph.tasks)
    return array_of(shared, name, _as_they_are, rows, np.empty(0, np.int64))


def link_pairs(X: Any, y: Any, target: Any) -> da.Array:
    """The Tomek links (n_links, 2), of which nobody knows yet how many they are."""
    source = opened(X, y, target, "select.tomek_link_pairs")
    require_types("tomek_links", source.meta, {})
    rows = counted(source)
    graph = Graph(f"tomek_link_pairs-{tokenize(source.token)}", source, rows)
    n_passes = most_passes("tomek_links", {})
    key = graph.decide(partial(tomek_link_pairs, rows.known, n_jobs=1), n_passes)
    name = f"fastsmote-links-{tokenize(key)}"
    delayed = _delayed(key, source.with_tasks(name, graph.tasks), layer=name)
    return _from_delayed(delayed, (np.nan, 2), np.int64)


def _as_they_are(numbers: RowIds) -> RowIds:
    return numbers


def planned(method: str, X: Any, y: Any, target: Any, **options: Any) -> LazyPlan:
    """The way of :mod:`fastsmote.dask.plan`."""
    source, graph, known, targets, _ = begun = _begin(method, f"plan.{method}", X, y, target, options)
    n_rows = int(known.counts.sum())
    n_features = None if SAMPLERS[method].columns == "any" else source.n_features
    before, after = (by_label(known.classes, counts) for counts in (known.counts, known.counts + targets))
    numbers = np.empty(0, np.int64)
    empty = SyntheticPlan(
        numbers, numbers, np.empty(0), known.classes[:0], n_rows, n_features, counts_before=before
    )
    rows, key = graph.plans(begun.n_new, empty), graph.plan(begun.n_new, empty)
    name = f"fastsmote-plans-{tokenize(rows.keys)}"
    shared = source.with_tasks(name, graph.tasks)
    base, neighbor, gap, label = (
        array_of(shared, name, attrgetter(field), rows, getattr(empty, field))
        for field in ("base", "neighbor", "gap", "label")
    )
    delayed = _delayed(key, shared, layer=name)
    make = partial(_new_rows, source, graph)
    return LazyPlan(base, neighbor, gap, label, n_rows, n_features, before, after, delayed, make)


def _new_rows(source: Partitions, graph: Graph, start: int, stop: int) -> Any:
    own = graph.copy()
    return source.result(own.tasks, own.new_rows(start, stop), is_renumbered=True)


def _begin(method: str, name: str, X: Any, y: Any, target: Any, options: dict[str, Any]) -> _Begun:
    """The labels counted, what counts refuse refused, and the graph up to the decision."""
    source = opened(X, y, target, name)
    options["n_jobs"] = 1  # the threads are those of the workers
    if "random_state" in options:
        options["random_state"] = check_seed(options["random_state"])
    require_types(method, source.meta, options)
    rows = counted(source)
    decided = partial(_decided, BLOCK_SAMPLERS[method].decide, rows.known, options)
    standing = begin(decided)
    graph = Graph(f"{method}-{tokenize(source.token, method, options)}", source, rows)
    graph.decide(decided, most_passes(method, options))
    targets = np.zeros_like(rows.known.counts)
    if SAMPLERS[method].kind in ("over", "combine"):
        targets = over_targets(options["sampling_strategy"], rows.known.labels, None)
    return _Begun(source, graph, rows.known, targets, standing.decision)


def _decided(decide: Any, known: ClassCounts, options: dict[str, Any], passes: Passes) -> Decision:
    decision: Decision = decide(known, passes, None, **options)
    return decision
