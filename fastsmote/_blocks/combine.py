"""SMOTE and then a cleaner, on blocks: new rows are held beside the few while all are cleaned.

New rows can be each other's neighbours, and those of rows of all classes. So they must fit into memory; where
they would be as many as the largest class, that is a table that does.
"""

from functools import partial
from typing import Any, NamedTuple

import numpy as np

from fastsmote._blocks.block import ClassCounts
from fastsmote._blocks.clean import linked
from fastsmote._blocks.decision import Decision, without
from fastsmote._blocks.editing import LISTS, Editor, contradicted
from fastsmote._blocks.few import gather_few
from fastsmote._blocks.join import scale_of
from fastsmote._blocks.new_rows import measured, on_the_few, request_of, rows_from
from fastsmote._blocks.passes import Passes
from fastsmote._blocks.rest import Held, Rest
from fastsmote._core import growth
from fastsmote._core.check import check_integer
from fastsmote._core.freeze import freeze
from fastsmote._core.typing import Matrix, RandomState, RowIds
from fastsmote._neighbors.distance import exact_scale
from fastsmote._sampling.clean.editing import check_kind
from fastsmote._sampling.clean.min_count import check_min_count
from fastsmote._sampling.combine import require_rows_after
from fastsmote._sampling.over import materialize
from fastsmote._sampling.over.draft import require_class_size
from fastsmote._sampling.over.plan import SyntheticPlan
from fastsmote._sampling.over.request import Request
from fastsmote._sampling.over.smote import decide_smote

_COPIES = 6  # of the new rows: with the few, in an index, as rows that are asked, and to put these together


def smote_tomek(
    known: ClassCounts,
    passes: Passes,
    room: int | None,
    *,
    sampling_strategy: Any = "auto",
    k_neighbors: int = 5,
    min_count: Any = None,
    random_state: RandomState = None,
    n_jobs: int | None = None,
) -> Decision:
    """Four passes, as those of the links of Tomek."""
    k = check_integer(k_neighbors, "k_neighbors")
    request = request_of(known, sampling_strategy, random_state, n_jobs)
    after = _after(request)
    min_counts = check_min_count(min_count, after.labels)
    require_class_size(request, k, "k_neighbors")
    grown = _grown(known, request, passes, room, k, 1)
    held, rest = grown.held, Rest(known, grown.held.largest, grown.scale, n_jobs)
    index = passes.once(partial(held.indexed, grown.scale, n_jobs))
    every = np.ones(len(min_counts), bool)
    return grown.without(*linked(held, index, rest, passes, every, after.counts - min_counts, n_jobs))


def smote_enn(
    known: ClassCounts,
    passes: Passes,
    room: int | None,
    *,
    sampling_strategy: Any = "auto",
    k_neighbors: int = 5,
    n_neighbors: int = 3,
    kind_sel: str = "all",
    min_count: Any = None,
    random_state: RandomState = None,
    n_jobs: int | None = None,
) -> Decision:
    """Three passes, as those of edited nearest neighbours."""
    n_neighbors, kind = check_integer(n_neighbors, "n_neighbors"), check_kind(kind_sel)
    k = check_integer(k_neighbors, "k_neighbors")
    request = request_of(known, sampling_strategy, random_state, n_jobs)
    after = _after(request)
    min_counts = check_min_count(min_count, after.labels)
    require_rows_after(n_neighbors, int(after.counts.sum()))
    require_class_size(request, k, "k_neighbors")
    grown = _grown(known, request, passes, room, k, n_neighbors)
    held, rest = grown.held, Rest(known, grown.held.largest, grown.scale, n_jobs)
    index = passes.once(partial(held.indexed, grown.scale, n_jobs))
    editor = Editor(held, index, rest, n_neighbors, kind, n_jobs)
    asked = editor.ask(passes, np.arange(len(held.rows)), held.largest >= 0, room)
    return grown.without(*contradicted(asked, held, kind, after.counts - min_counts))


def _after(request: Request) -> ClassCounts:
    return ClassCounts(request.labels.classes, request.labels.counts + request.targets)


class _Grown(NamedTuple):
    """The few and all new rows, and what these are made of."""

    request: Request
    plan: SyntheticPlan
    held: Held
    scale: float

    def without(self, removed: RowIds, codes: RowIds) -> Decision:
        """All rows but some, old ones and new ones."""
        n, n_new = self.held.n_rows - len(self.plan), len(self.plan)
        stays = np.ones(n_new, bool)
        stays[removed[removed >= n] - n] = False
        kept = np.flatnonzero(stays)
        decision = without(removed, codes, _after(self.request))
        made = self.held.matrix[len(self.held.rows) - n_new :]
        return decision._replace(
            n_new=len(kept),
            new_rows=partial(_kept_rows, self.request, made, self.plan.base, kept),
            places=partial(_places, kept),
        )


def _grown(
    known: ClassCounts, request: Request, passes: Passes, room: int | None, k: int, n_neighbors: int
) -> _Grown:
    """One pass: all rows but those of the largest class, which is held too where it grows."""
    largest = int(known.counts.argmax())
    if request.targets[largest]:
        largest = -1
    is_few = np.arange(len(known.counts)) != largest
    few, scale = gather_few(passes, is_few, known, room, partial(scale_of, request.n_jobs))
    asked = measured(on_the_few(request, few), None)
    _require_room(asked, n_neighbors, room)
    n = int(known.counts.sum())
    plan, rows = passes.once(partial(_made, asked, k))
    numbers = np.concatenate([few.rows, np.arange(n, n + len(plan))])
    codes = np.concatenate([few.codes, few.codes[plan.base]])
    scale = min(scale, exact_scale(rows, request.n_jobs))
    return _Grown(asked, plan, Held(rows, numbers, codes, largest, n + len(plan)), scale)


def _require_room(request: Request, n_neighbors: int, room: int | None) -> None:
    """ValueError where the new rows would fill more bytes."""
    n_new, d = int(request.targets.sum()), request.matrix.shape[1]
    needed = n_new * (_COPIES * d * request.matrix.itemsize + LISTS * 16 * n_neighbors)
    if room is not None and needed > room:
        raise ValueError(
            f"memory_limit must hold the {n_new:,} new rows, which take {needed:,} bytes while they are "
            f"cleaned with the others. There is room for {room:,}; pass a larger memory_limit, or ask "
            "for fewer new rows by sampling_strategy."
        )


def _made(request: Request, k: int) -> tuple[SyntheticPlan, Matrix]:
    """The plan, and the few with the new rows behind them."""
    plan, matrix = decide_smote(request, k), request.matrix
    rows = np.empty((len(matrix) + len(plan), matrix.shape[1]), matrix.dtype)
    rows[: len(matrix)] = matrix
    materialize.fill_from(plan, matrix, rows[len(matrix) :], n_jobs=request.n_jobs)
    return plan, freeze(rows)


def _kept_rows(
    request: Request, made: Matrix, base: RowIds, kept: RowIds, start: int, stop: int
) -> tuple[Any, Any]:
    """Some of the new rows that stay."""
    here = kept[start:stop]

    def fill(out: Any, first: int) -> None:
        np.take(made, here[first : first + len(out)], axis=0, out=out)

    one = request.intake.X.rows(np.arange(1))  # no table is without rows
    both = growth.append_numbers(one, len(here), fill, made.dtype, n_jobs=request.n_jobs)
    return rows_from(both, 1), request.intake.y.take(base[here])


def _places(kept: RowIds, start: int, stop: int) -> RowIds:
    return kept[start:stop]
