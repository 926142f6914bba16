"""Over-samplers on blocks: the plan of any slice of new rows is decided on the few, and made of them."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from fastsmote._blocks.block import Block, ClassCounts, require_numbers
from fastsmote._blocks.decision import Decision, all_rows, of_counts, unchanged
from fastsmote._blocks.few import Few, gather_few
from fastsmote._blocks.join import CountedOthers, scale_of, surroundings
from fastsmote._blocks.passes import Passes
from fastsmote._core.check import check_integer, check_matrix, check_seed, check_word
from fastsmote._core.containers import Kind, kind_of
from fastsmote._core.intake import Intake
from fastsmote._core.tables import Table
from fastsmote._core.typing import RandomState, RowIds
from fastsmote._neighbors.spaces import NumericSpace
from fastsmote._sampling.over import materialize
from fastsmote._sampling.over.adasyn import draft_adasyn
from fastsmote._sampling.over.borderline import draft_borderline
from fastsmote._sampling.over.column_rules import check_column_rules
from fastsmote._sampling.over.draft import Draft, check_neighbors, require_class_size
from fastsmote._sampling.over.neighborhood import KnownNeighbors
from fastsmote._sampling.over.plan import SyntheticPlan
from fastsmote._sampling.over.random import draft_repeated
from fastsmote._sampling.over.request import Request
from fastsmote._sampling.over.smote import draft_smote
from fastsmote._sampling.strategy import over_targets


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
    request = _request(known, sampling_strategy, random_state, n_jobs)
    if not request.targets.any():
        return unchanged(known)
    few, _ = gather_few(passes, request.targets > 0, known, room)
    request = _on_the_few(request, few)
    return _grown(request, partial(_repeated, request))


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
    request = _request(known, sampling_strategy, random_state, n_jobs)
    k = check_integer(k_neighbors, "k_neighbors")
    require_class_size(request, k, "k_neighbors")

    if not request.targets.any():
        return _unchanged_numbers(known, passes, n_jobs)
    few, _ = gather_few(passes, request.targets > 0, known, room, partial(_numbers, n_jobs))
    asked = _measured(_on_the_few(request, few), columns)
    found = {}
    for code in np.flatnonzero(request.targets).tolist():
        rows = np.flatnonzero(few.codes == code)
        found[code] = KnownNeighbors(rows, asked.among(rows).search(rows, k))
    return _interpolated(asked, partial(draft_smote, among=partial(_of_class, few.codes, found), k=k))


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
    request = _request(known, sampling_strategy, random_state, n_jobs)
    k = check_integer(n_neighbors, "n_neighbors")
    require_class_size(request, k, "n_neighbors")
    if not request.targets.any():
        return _unchanged_numbers(known, passes, n_jobs)
    asked, around = _surrounded(request, known, passes, room, k, columns)
    return _interpolated(asked, partial(draft_adasyn, surroundings=around, k=k))


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
    request = _request(known, sampling_strategy, random_state, n_jobs)
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
    asked, around = _surrounded(request, known, passes, room, max(k, m), columns)
    return _interpolated(asked, partial(draft_borderline, surroundings=around, k=k, m=m))


def _repeated(request: Request, start: int, stop: int) -> tuple[Any, Any]:
    base = draft_repeated(Draft(request, start, stop)).base
    return request.intake.X.take(base), request.intake.y.take(base)


def _numbers(n_jobs: int | None, block: Block) -> float:
    """Refuse what is no number; the scale of distances is not asked for."""
    require_numbers(block, n_jobs)
    return np.inf


def _of_class(codes: RowIds, found: dict[int, KnownNeighbors], rows: RowIds) -> KnownNeighbors:
    """The neighbours of all rows of the class of these, which were searched once for all slices."""
    return found[int(codes[rows[0]])]


def _unchanged_numbers(known: ClassCounts, passes: Passes, n_jobs: int | None) -> Decision:
    """The table as it is, if it holds numbers."""
    passes.found(partial(_numbers, n_jobs), min)
    return unchanged(known)


def _surrounded(
    request: Request, known: ClassCounts, passes: Passes, room: int | None, k: int, columns: Any
) -> tuple[Request, CountedOthers]:
    """The request on the few, and how the rows of the classes that grow lie among the others."""
    growing = request.targets > 0
    is_few = growing | (np.arange(len(growing)) != known.counts.argmax())
    few, scale = gather_few(passes, is_few, known, room, partial(scale_of, request.n_jobs))
    asked = _measured(_on_the_few(request, few), columns)
    classes = np.flatnonzero(growing).tolist()
    return asked, surroundings(few, asked.matrix, classes, k, known, is_few, scale, passes, request.n_jobs)


def _request(
    known: ClassCounts, sampling_strategy: Any, random_state: RandomState, n_jobs: int | None
) -> Request:
    """What counts say, before there are rows."""
    intake = Intake(Table(()), Table(()), known.labels, None)
    targets = over_targets(of_counts(sampling_strategy), known.labels, None)
    return Request(intake, targets, np.uint64(check_seed(random_state)), n_jobs=n_jobs)


def _on_the_few(request: Request, few: Few) -> Request:
    """The request with the few as its rows: classes and counts stay those of the whole table."""
    labels = request.labels._replace(codes=few.codes)
    return request._replace(intake=Intake(Table(few.features), Table(few.labels, "y"), labels, None))


def _measured(request: Request, columns: Any) -> Request:
    """The request with the numbers of the few."""
    intake = request.intake
    matrix = check_matrix(intake.X, n_jobs=request.n_jobs)
    return request._replace(
        intake=intake._replace(matrix=matrix),
        space=NumericSpace(matrix),
        rules=check_column_rules(columns, intake.X, matrix.dtype),
    )


def _interpolated(request: Request, decide: Callable[[Draft], SyntheticPlan]) -> Decision:
    """New rows whose plan ``decide`` makes slice by slice.

    It makes one of each class now: what it refuses is refused before anything is written.
    """
    for stop in np.cumsum(request.targets)[request.targets > 0].tolist():
        decide(Draft(request, stop - 1, stop))
    return _grown(request, partial(_made, request, decide))


def _made(
    request: Request, decide: Callable[[Draft], SyntheticPlan], start: int, stop: int
) -> tuple[Any, Any]:
    plan = decide(Draft(request, start, stop))
    one = request.intake.X.rows(np.arange(1))  # no table is without rows
    both = materialize.append(one, materialize.ParentRows(request.matrix), plan, request.n_jobs, None)
    return _without_first(both), request.intake.y.take(plan.base)


def _without_first(rows: Any) -> Any:
    kind = kind_of(rows)
    if kind is Kind.ARROW:
        return rows.slice(1)
    return rows.iloc[1:] if kind is Kind.PANDAS else rows[1:]


def _grown(request: Request, new_rows: Callable[[int, int], tuple[Any, Any]]) -> Decision:
    counts = request.labels.counts + request.targets
    return Decision(all_rows, int(request.targets.sum()), new_rows, counts)
