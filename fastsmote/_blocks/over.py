"""Over-samplers on blocks: the plan of any slice of new rows is decided on the few, and made of them."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from fastsmote._blocks.block import Block, ClassCounts, require_numbers
from fastsmote._blocks.decision import Decision, Scan, all_rows, of_counts, unchanged
from fastsmote._blocks.few import Few, gather, joined
from fastsmote._blocks.join import CountedOthers, FewAndScale, surroundings
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
    scan: Scan,
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
    few = joined(scan(partial(gather, wanted=request.targets > 0, known=known)), room)
    request = _on_the_few(request, few)

    def new_rows(start: int, stop: int) -> tuple[Any, Any]:
        base = draft_repeated(Draft(request, start, stop)).base
        return request.intake.X.take(base), request.intake.y.take(base)

    return _grown(request, new_rows)


def smote(
    known: ClassCounts,
    scan: Scan,
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
        return _unchanged_numbers(known, scan, n_jobs)

    def numbers(block: Block) -> Few:
        require_numbers(block, n_jobs)
        return gather(block, request.targets > 0, known)

    few = joined(scan(numbers), room)
    asked = _measured(_on_the_few(request, few), few, columns)
    found: dict[int, KnownNeighbors] = {}

    def among(rows: RowIds) -> KnownNeighbors:
        """All rows of a class are searched once, for whichever slices ask for it."""
        code = int(few.codes[rows[0]])
        if code not in found:
            found[code] = KnownNeighbors(rows, asked.among(rows).search(rows, k))
        return found[code]

    return _interpolated(asked, few, lambda draft: draft_smote(draft, among, k))


def adasyn(
    known: ClassCounts,
    scan: Scan,
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
        return _unchanged_numbers(known, scan, n_jobs)
    asked, few, around = _surrounded(request, known, scan, room, k, columns)
    return _interpolated(asked, few, lambda draft: draft_adasyn(draft, around, k))


def borderline_smote(
    known: ClassCounts,
    scan: Scan,
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
        return _unchanged_numbers(known, scan, n_jobs)
    asked, few, around = _surrounded(request, known, scan, room, max(k, m), columns)
    return _interpolated(asked, few, lambda draft: draft_borderline(draft, around, k, m))


def _unchanged_numbers(known: ClassCounts, scan: Scan, n_jobs: int | None) -> Decision:
    """The table as it is, if it holds numbers."""
    for _ in scan(partial(require_numbers, n_jobs=n_jobs)):
        pass
    return unchanged(known)


def _surrounded(
    request: Request, known: ClassCounts, scan: Scan, room: int | None, k: int, columns: Any
) -> tuple[Request, Few, CountedOthers]:
    """The request on the few, and how the rows of the classes that grow lie among the others."""
    growing = request.targets > 0
    is_few = growing | (np.arange(len(growing)) != known.counts.argmax())
    gathering = FewAndScale(is_few, known, request.n_jobs)
    few = joined(scan(gathering), room)
    asked = _measured(_on_the_few(request, few), few, columns)
    classes = np.flatnonzero(growing).tolist()
    around = surroundings(few, asked.matrix, classes, k, known, is_few, gathering.scale, scan, request.n_jobs)
    return asked, few, around


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


def _measured(request: Request, few: Few, columns: Any) -> Request:
    """The request with the numbers of the few."""
    intake = request.intake
    matrix = check_matrix(intake.X, n_jobs=request.n_jobs)
    return request._replace(
        intake=intake._replace(matrix=matrix),
        space=NumericSpace(matrix),
        rules=check_column_rules(columns, intake.X, matrix.dtype),
    )


def _interpolated(request: Request, few: Few, decide: Callable[[Draft], SyntheticPlan]) -> Decision:
    """New rows whose plan ``decide`` makes slice by slice.

    It makes one of each class now: what it refuses is refused before anything is written.
    """
    for stop in np.cumsum(request.targets)[request.targets > 0].tolist():
        decide(Draft(request, stop - 1, stop))
    X, y = request.intake.X, request.intake.y
    one, source = X.rows(np.arange(1)), materialize.ParentRows(request.matrix)  # no table is without rows

    def new_rows(start: int, stop: int) -> tuple[Any, Any]:
        plan = decide(Draft(request, start, stop))
        made = materialize.append(one, source, plan, request.n_jobs, None)
        return _without_first(made), y.take(plan.base)

    return _grown(request, new_rows)


def _without_first(rows: Any) -> Any:
    kind = kind_of(rows)
    if kind is Kind.ARROW:
        return rows.slice(1)
    return rows.iloc[1:] if kind is Kind.PANDAS else rows[1:]


def _grown(request: Request, new_rows: Callable[[int, int], tuple[Any, Any]]) -> Decision:
    counts = request.labels.counts + request.targets
    return Decision(all_rows, int(request.targets.sum()), new_rows, counts)
