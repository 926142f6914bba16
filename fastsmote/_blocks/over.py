"""Over-samplers on blocks: the plan of any slice of new rows is decided on the few."""

from functools import partial
from typing import Any

import numpy as np

from fastsmote._blocks.block import Block, ClassCounts, require_numbers
from fastsmote._blocks.decision import Decision, unchanged
from fastsmote._blocks.few import gather_few
from fastsmote._blocks.join import CountedOthers, scale_of, surroundings
from fastsmote._blocks.new_rows import grown, interpolated, measured, on_the_few, request_of, searched
from fastsmote._blocks.passes import Passes
from fastsmote._core.check import check_integer, check_word
from fastsmote._core.typing import RandomState, RowIds
from fastsmote._sampling.over.adasyn import draft_adasyn
from fastsmote._sampling.over.borderline import draft_borderline
from fastsmote._sampling.over.draft import Draft, check_neighbors, require_class_size
from fastsmote._sampling.over.random import draft_repeated
from fastsmote._sampling.over.request import Request
from fastsmote._sampling.over.smote import draft_smote


def random_over_sample(
    known: ClassCounts,
    passes: Passes,
    room: int | None,
    *,
    sampling_strategy: Any = "auto",
    random_state: RandomState = None,
    n_jobs: int | None = None,
) -> Decision:
    """One pass, for the rows of the classes that grow."""
    request = request_of(known, sampling_strategy, random_state, n_jobs)
    if not request.targets.any():
        return unchanged(known)
    few, _ = gather_few(passes, request.targets > 0, known, room)
    request = on_the_few(request, few)
    return grown(request, few.rows, draft_repeated, partial(_repeated, request))


def smote(
    known: ClassCounts,
    passes: Passes,
    room: int | None,
    *,
    sampling_strategy: Any = "auto",
    k_neighbors: int = 5,
    columns: Any = None,
    random_state: RandomState = None,
    n_jobs: int | None = None,
) -> Decision:
    """One pass, for the rows of the classes that grow, among which their neighbours are."""
    request = request_of(known, sampling_strategy, random_state, n_jobs)
    k = check_integer(k_neighbors, "k_neighbors")
    require_class_size(request, k, "k_neighbors")
    if not request.targets.any():
        return _unchanged_numbers(known, passes, n_jobs)
    few, _ = gather_few(passes, request.targets > 0, known, room, partial(_numbers, n_jobs))
    asked = measured(on_the_few(request, few), columns)
    among = searched(asked.among, np.flatnonzero(request.targets).tolist(), k, few.codes)
    return interpolated(asked, few.rows, partial(draft_smote, among=among, k=k))


def adasyn(
    known: ClassCounts,
    passes: Passes,
    room: int | None,
    *,
    sampling_strategy: Any = "auto",
    n_neighbors: int = 5,
    columns: Any = None,
    random_state: RandomState = None,
    n_jobs: int | None = None,
) -> Decision:
    """Two passes: for all classes but the largest, and for what of the largest is near them."""
    request = request_of(known, sampling_strategy, random_state, n_jobs)
    k = check_integer(n_neighbors, "n_neighbors")
    require_class_size(request, k, "n_neighbors")
    if not request.targets.any():
        return _unchanged_numbers(known, passes, n_jobs)
    asked, rows, around = _surrounded(request, known, passes, room, k, columns)
    return interpolated(asked, rows, partial(draft_adasyn, surroundings=around, k=k))


def borderline_smote(
    known: ClassCounts,
    passes: Passes,
    room: int | None,
    *,
    sampling_strategy: Any = "auto",
    k_neighbors: int = 5,
    m_neighbors: int = 10,
    kind: str = "borderline-1",
    columns: Any = None,
    random_state: RandomState = None,
    n_jobs: int | None = None,
) -> Decision:
    """Two passes, as those of ADASYN."""
    request = request_of(known, sampling_strategy, random_state, n_jobs)
    check_word(kind, "kind", ("borderline-1", "borderline-2"))
    if kind == "borderline-2":
        raise ValueError(
            'kind must be "borderline-1" where the table is not in memory: "borderline-2" interpolates with '
            "rows of all classes. Got 'borderline-2'; call fastsmote.borderline_smote on a table in memory."
        )
    k = check_neighbors(request, k_neighbors, "k_neighbors")
    m = check_neighbors(request, m_neighbors, "m_neighbors")
    require_class_size(request, k, "k_neighbors")
    if not request.targets.any():
        return _unchanged_numbers(known, passes, n_jobs)
    asked, rows, around = _surrounded(request, known, passes, room, max(k, m), columns)
    return interpolated(asked, rows, partial(draft_borderline, surroundings=around, k=k, m=m))


def _repeated(request: Request, start: int, stop: int) -> tuple[Any, Any]:
    base = draft_repeated(Draft(request, start, stop)).base
    return request.intake.X.take(base), request.intake.y.take(base)


def _numbers(n_jobs: int | None, block: Block) -> float:
    """Refuse what is no number; the scale of distances is not asked for."""
    require_numbers(block, n_jobs)
    return np.inf


def _unchanged_numbers(known: ClassCounts, passes: Passes, n_jobs: int | None) -> Decision:
    """The table as it is, if it holds numbers."""
    passes.found(partial(_numbers, n_jobs), min)
    return unchanged(known)


def _surrounded(
    request: Request, known: ClassCounts, passes: Passes, room: int | None, k: int, columns: Any
) -> tuple[Request, RowIds, CountedOthers]:
    """The request on the few, their numbers, and how the classes that grow lie among the others."""
    growing = request.targets > 0
    is_few = growing | (np.arange(len(growing)) != known.counts.argmax())
    few, scale = gather_few(passes, is_few, known, room, partial(scale_of, request.n_jobs))
    asked = measured(on_the_few(request, few), columns)
    classes = np.flatnonzero(growing).tolist()
    around = surroundings(few, asked.matrix, classes, k, known, is_few, scale, passes, request.n_jobs)
    return asked, few.rows, around
