"""The rows of a plan: interpolated numbers, categories of donors, and both in the kind of table that X is.

Everything here takes a plan and reads it; :class:`fastsmote.plan.SyntheticPlan` is the public way in, and
:mod:`fastsmote._sampling.apply` the one of the samplers.
"""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core import growth
from fastsmote._core.check import check_matrix
from fastsmote._core.containers import copy_rows
from fastsmote._core.freeze import freeze
from fastsmote._core.labels import Labels
from fastsmote._core.sparse_matrix import SparseMatrix, check_sparse
from fastsmote._core.tables import Table
from fastsmote._core.threads import run_ranges
from fastsmote._core.typing import Floats, Matrix, Progress, RowIds
from fastsmote._core.weights import to_unit
from fastsmote._kernels.sampling import constrain, interpolate
from fastsmote._kernels.sampling.sparse_rows import Pairs
from fastsmote._sampling.over import sparse
from fastsmote._sampling.over.records import Donors, Parents, PlanLike
from fastsmote._sampling.over.request import Request

_ROWS = 8192  # new rows per block when writing


class ParentRows:
    """Canonical rows that new rows are made of, and what they are in X."""

    def __init__(self, matrix: Any, place: RowIds | None = None, *, is_own: bool = False) -> None:
        self.matrix = matrix  # dense, all columns or the numeric ones; CSR; None where rows are only taken
        self.place = place  # (n_rows,) row of the matrix for a row of X; None: the same
        self.is_own = is_own  # nobody else holds the matrix

    def of(self, rows: RowIds) -> RowIds:
        """Their rows of the matrix."""
        return rows if self.place is None else self.place[rows]

    def move(self, room: NDArray[np.uint8], n_jobs: int | None) -> None:
        """Move an own matrix there, if it fits, so that its memory is free.

        A copy of the rows of a class costs less than to hold them beside the result: 0.4 of it where half of
        the result is new.
        """
        matrix = self.matrix
        if matrix.nbytes <= len(room):
            moved = room[: matrix.nbytes].view(matrix.dtype).reshape(matrix.shape)
            copy_rows(moved, matrix, n_jobs)
            self.matrix = freeze(moved)


def parent_rows(request: Request, plan: PlanLike) -> ParentRows:
    """The rows of a request that the plan needs, so that others that were converted can be let go."""
    table, matrix = request.intake.X, request.matrix
    if matrix is None or table.is_sparse or table.is_canonical:
        return ParentRows(matrix)
    is_needed = np.zeros(len(matrix), bool)
    is_needed[plan.base] = is_needed[plan.neighbor] = True
    if plan.donors is not None and matrix.shape[1] == plan.n_features:
        is_needed[plan.donors.rows] = True
    if is_needed.all():
        return ParentRows(matrix, is_own=True)
    return ParentRows(freeze(matrix[is_needed]), np.cumsum(is_needed) - 1, is_own=True)


def append(
    table: Table,
    source: ParentRows,
    plan: PlanLike,
    n_jobs: int | None,
    progress: Progress | None,
    kept: RowIds | None = None,
) -> Any:
    """The rows of X, or those of them that stay, then the new rows, in the same kind of container."""
    donors, is_only_taken = plan.donors, source.matrix is None
    if is_only_taken and donors is None:
        if kept is None:
            return table.with_rows(plan.base, n_jobs=n_jobs)
        return table.take_anew(np.concatenate([kept, plan.base]))
    old = table if kept is None else table.rows(kept)
    if table.is_sparse:
        return sparse.append(old, _sparse_pairs(source.matrix, plan, 0, len(plan)), n_jobs, progress)
    n_measured = 0 if is_only_taken else source.matrix.shape[1]
    n_features = n_measured if donors is None else table.shape[1]
    if donors is not None and (n_measured < n_features or not _is_of_floats(table)):
        columns = donors.columns.tolist()
        taken = {column: partial(_donated, table, donors, j) for j, column in enumerate(columns)}
        computed = np.setdiff1d(np.arange(n_features), donors.columns)
    else:
        taken, computed = {}, np.arange(n_features)
    if len(computed) < n_measured:
        source.matrix = freeze(source.matrix[:, computed])
    rules = plan.rules if plan.rules is None or len(computed) == n_features else plan.rules.of(computed)
    copied = None if donors is None or taken else donors._replace(rows=source.of(donors.rows))

    def write(out: Any, start: int) -> None:
        here = slice(start, start + len(out))
        base, neighbor = source.of(plan.base[here]), source.of(plan.neighbor[here])
        categories = None if copied is None else copied._replace(place=copied.place[here])
        part = Parents(source.matrix, base, neighbor, rules, categories)
        fill(plan, part, out, start, n_jobs=n_jobs, progress=progress)

    dtype = np.dtype(np.float64) if is_only_taken else source.matrix.dtype
    lend = partial(source.move, n_jobs=n_jobs) if source.is_own else None
    new = growth.NewRows(len(plan), write, dtype, computed, taken, lend)
    return growth.append(old, new, n_jobs)


def _is_of_floats(table: Table) -> bool:
    """Whether X is an array of floats, whose categories are copied as numbers."""
    return not table.is_frame and table.cells.dtype.kind == "f"


def _donated(table: Table, donors: Donors, j: int) -> Any:
    """The values of a column that new rows take from their donors."""
    return table.take_values(int(donors.columns[j]), donors.rows[:, j][donors.place])


def makes_table(table: Table, plan: PlanLike) -> bool:
    """Whether new rows are no dense numbers: sparse, or with values that are only copied."""
    if table.is_sparse:
        return True
    if plan.donors is not None and not table.is_numeric:
        return True
    return plan.n_features is None and not table.holds_numbers


def make_table(table: Table, plan: PlanLike, start: int, stop: int, *, n_jobs: int | None) -> Any:
    """The new rows [start, stop) in a table of the same kind."""
    if table.is_sparse:
        if (plan.smoothing, plan.donors, plan.rules) != (None, None, None):
            raise TypeError(
                "A plan with noise, categories or rules for columns can not be applied to a sparse matrix. "
                "Pass X.toarray()."
            )
        matrix = check_sparse(table.given)
        return sparse.as_class_of(table.given, sparse_rows(matrix, plan, start, stop, n_jobs, None))
    if plan.donors is None:
        if (plan.gap[start:stop] * (plan.neighbor[start:stop] != plan.base[start:stop])).any():
            check_matrix(table, finite=False)  # says which column holds no numbers
        return table.take(plan.base[start:stop])
    return table.of_columns(_new_columns(table, plan, start, stop, n_jobs, None), stop - start)


def sparse_rows(
    matrix: SparseMatrix,
    plan: PlanLike,
    start: int,
    stop: int,
    n_jobs: int | None,
    progress: Progress | None,
    before: Any = None,
) -> Any:
    """New rows [start, stop) in CSR, behind the rows ``before``."""
    return sparse.make_rows(_sparse_pairs(matrix, plan, start, stop), n_jobs, progress, before=before)


def _sparse_pairs(matrix: SparseMatrix, plan: PlanLike, start: int, stop: int) -> Pairs:
    here = slice(start, stop)
    return sparse.pairs_of(matrix, plan.base[here], matrix, plan.neighbor[here], plan.gap[here])


def all_rows(matrix: Matrix, plan: PlanLike, start: int, stop: int) -> Parents:
    """The parents of new rows [start, stop) where all of X is canonical."""
    donors = plan.donors
    if donors is not None:
        donors = donors._replace(place=donors.place[start:stop])
    return Parents(matrix, plan.base[start:stop], plan.neighbor[start:stop], plan.rules, donors)


def parents(
    table: Table,
    plan: PlanLike,
    start: int,
    stop: int,
    *,
    n_jobs: int | None,
    columns: RowIds | None = None,
) -> Parents:
    """The parents of new rows [start, stop), all columns or some without their categories.

    Of X that is not canonical only the rows that are needed are converted.
    """
    if columns is None and table.is_canonical:
        return all_rows(check_matrix(table, finite=False), plan, start, stop)
    here = slice(start, stop)
    base, neighbor, donors = plan.base[here], plan.neighbor[here], None
    needed = [base, neighbor]
    if columns is None and plan.donors is not None:
        needed.append(plan.donors.of(start, stop).ravel())
    rows = np.unique(np.concatenate(needed))
    if columns is None and plan.donors is not None:
        places = np.searchsorted(rows, plan.donors.of(start, stop))
        donors = plan.donors._replace(rows=places, place=np.arange(stop - start))
    rules = plan.rules if plan.rules is None or columns is None else plan.rules.of(columns)
    part = table if columns is None else table.part(columns)
    some = part.rows(rows if len(rows) else np.arange(1))  # without rows only the kind of numbers matters
    matrix = check_matrix(some, finite=False, n_jobs=n_jobs)
    return Parents(matrix, np.searchsorted(rows, base), np.searchsorted(rows, neighbor), rules, donors)


def fill(
    plan: PlanLike,
    part: Parents,
    out: NDArray[Any],
    start: int = 0,
    *,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> None:
    """Write the rows from ``start`` on into all of ``out``, made of the parents of these rows."""
    here = slice(start, start + len(out))
    matrix, base, neighbor, rules, donors = part
    gap, smoothing = plan.gap[here], plan.smoothing

    def make(lo: int, hi: int) -> None:
        interpolate.interpolate(matrix, base, neighbor, gap, out, lo, hi)
        if smoothing is not None:
            interpolate.add_noise(*smoothing, start, out, lo, hi)
        if rules is not None:
            constrain.constrain(matrix, base, *rules, out, lo, hi)
        if donors is not None:
            constrain.copy_categories(matrix, *donors, out, lo, hi)

    run_ranges(make, len(out), _ROWS, n_jobs=n_jobs, progress=progress)


def fill_from(
    plan: PlanLike,
    matrix: Matrix,
    out: NDArray[Any],
    start: int = 0,
    *,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> None:
    """:func:`fill` from all rows of X, canonical."""
    part = all_rows(matrix, plan, start, start + len(out))
    fill(plan, part, out, start, n_jobs=n_jobs, progress=progress)


def _new_columns(
    table: Table, plan: PlanLike, start: int, stop: int, n_jobs: int | None, progress: Progress | None
) -> list[Any]:
    """The new rows [start, stop), column by column: numbers as they come, categories as X holds them."""
    assert plan.donors is not None
    n_features = table.shape[1]
    numeric = np.setdiff1d(np.arange(n_features), plan.donors.columns)
    columns: list[Any] = [None] * n_features
    if len(numeric):
        of_numbers = parents(table, plan, start, stop, n_jobs=n_jobs, columns=numeric)
        values = np.empty((stop - start, len(numeric)), of_numbers.matrix.dtype)
        fill(plan, of_numbers, values, start, n_jobs=n_jobs, progress=progress)
        for j, column in enumerate(numeric.tolist()):
            columns[column] = values[:, j]
    donors = plan.donors.of(start, stop)
    for j, column in enumerate(plan.donors.columns.tolist()):
        columns[column] = table.take_values(column, donors[:, j])
    for column in numeric.tolist():
        held = table.held(column)
        columns[column] = columns[column] if held is None else held.of(columns[column])
    return columns


def weights(plan: PlanLike, labels: Labels, weight: Floats | None, kept: RowIds | None = None) -> Floats:
    """Weights of the rows of X, or those that stay, and of the new ones: a class weighs what it did in X."""
    codes = labels.codes
    weight, exponent = to_unit(np.ones(len(codes)) if weight is None else weight)
    like = np.concatenate([np.arange(len(codes)) if kept is None else kept, plan.base])
    every_code, every_weight = codes[like], weight[like]
    before = np.bincount(codes, weight, len(labels.classes))
    after = np.bincount(every_code, every_weight, len(labels.classes))
    factors = np.divide(before, after, out=np.ones_like(after), where=after > 0)
    return np.ldexp(every_weight * factors[every_code], exponent)
