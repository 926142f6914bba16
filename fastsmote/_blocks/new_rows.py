"""New rows on blocks: the request of an over-sampler on the few, and the rows of any slice of its plan."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from fastsmote._blocks.block import ClassCounts
from fastsmote._blocks.decision import Decision, all_rows, of_counts
from fastsmote._blocks.few import Few
from fastsmote._core.check import check_matrix, check_seed
from fastsmote._core.containers import Kind, kind_of
from fastsmote._core.intake import Intake
from fastsmote._core.tables import Table
from fastsmote._core.typing import RandomState, RowIds
from fastsmote._neighbors.spaces import NumericSpace
from fastsmote._sampling.over import materialize
from fastsmote._sampling.over.column_rules import check_column_rules
from fastsmote._sampling.over.draft import Draft
from fastsmote._sampling.over.neighborhood import KnownNeighbors
from fastsmote._sampling.over.plan import SyntheticPlan
from fastsmote._sampling.over.request import Request
from fastsmote._sampling.over.smote import Among
from fastsmote._sampling.strategy import over_targets


def request_of(
    known: ClassCounts, sampling_strategy: Any, random_state: RandomState, n_jobs: int | None
) -> Request:
    """What counts say, before there are rows."""
    intake = Intake(Table(()), Table(()), known.labels, None)
    targets = over_targets(of_counts(sampling_strategy), known.labels, None)
    return Request(intake, targets, np.uint64(check_seed(random_state)), n_jobs=n_jobs)


def on_the_few(request: Request, few: Few) -> Request:
    """The request with the few as its rows: classes and counts stay those of the whole table."""
    labels = request.labels._replace(codes=few.codes)
    return request._replace(intake=Intake(Table(few.features), Table(few.labels, "y"), labels, None))


def measured(request: Request, columns: Any) -> Request:
    """The request with the numbers of the few."""
    intake = request.intake
    matrix = check_matrix(intake.X, n_jobs=request.n_jobs)
    return request._replace(
        intake=intake._replace(matrix=matrix),
        space=NumericSpace(matrix),
        rules=check_column_rules(columns, intake.X, matrix.dtype),
    )


def searched(among: Among, classes: list[int], k: int, codes: RowIds) -> Among:
    """The k nearest of all rows of some classes, found once for all slices."""
    found = {}
    for code in classes:
        rows = np.flatnonzero(codes == code)
        found[code] = KnownNeighbors(rows, among(rows).search(rows, k))
    return partial(_of_class, codes, found)


def _of_class(codes: RowIds, found: dict[int, KnownNeighbors], rows: RowIds) -> KnownNeighbors:
    return found[int(codes[rows[0]])]


def interpolated(request: Request, rows: RowIds, decide: Callable[[Draft], SyntheticPlan]) -> Decision:
    """New rows whose plan ``decide`` makes slice by slice, of the few with these numbers.

    It makes one of each class now: what it refuses is refused before anything is written.
    """
    ends = np.cumsum(request.targets)[request.targets > 0].tolist()
    plans = [decide(Draft(request, stop - 1, stop)) for stop in ends]
    n_before = 1 if plans[0].donors is None else len(request.labels.codes)
    return grown(request, rows, decide, partial(_made, request, decide, n_before))


def _made(
    request: Request, decide: Callable[[Draft], SyntheticPlan], n_before: int, start: int, stop: int
) -> tuple[Any, Any]:
    """New rows, behind so many of the few: one, as no table is without rows, or all that give categories."""
    plan = decide(Draft(request, start, stop))
    before = request.intake.X.rows(np.arange(n_before))
    both = materialize.append(before, materialize.ParentRows(request.matrix), plan, request.n_jobs, None)
    return rows_from(both, n_before), request.intake.y.take(plan.base)


def rows_from(table: Any, start: int) -> Any:
    """The rows of a table from one on."""
    kind = kind_of(table)
    if kind is Kind.ARROW:
        return table.slice(start)
    return table.iloc[start:] if kind is Kind.PANDAS else table[start:]


def grown(
    request: Request,
    rows: RowIds,
    decide: Callable[[Draft], SyntheticPlan],
    new_rows: Callable[[int, int], tuple[Any, Any]],
) -> Decision:
    """All rows of the table, then the new ones."""
    counts = request.labels.counts + request.targets
    plan = partial(_planned, request, rows, decide)
    return Decision(all_rows, int(request.targets.sum()), new_rows, counts, plan=plan)


def _planned(
    request: Request, rows: RowIds, decide: Callable[[Draft], SyntheticPlan], start: int, stop: int
) -> SyntheticPlan:
    """The plan of some new rows, with the numbers in the table for those among the few."""
    plan = decide(Draft(request, start, stop))
    donors = plan.donors
    return replace(
        plan,
        base=rows[plan.base],
        neighbor=rows[plan.neighbor],
        n_rows=int(request.labels.counts.sum()),
        donors=None if donors is None else donors._replace(rows=rows[donors.rows]),
    )
