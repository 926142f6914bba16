"""The rows of a plan: interpolated numbers, categories of donors, and both in the kind of table that X is.

Everything here takes a plan and reads it; :class:`fastsmote.plan.SyntheticPlan` is the public way in, and
:mod:`fastsmote._sampling.apply` the one of the samplers.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import check_matrix
from fastsmote._core.containers import Kind, rounded
from fastsmote._core.labels import Labels
from fastsmote._core.tables import Table
from fastsmote._core.threads import run_ranges
from fastsmote._core.typing import Floats, Matrix, Progress, RowIds
from fastsmote._core.weights import to_unit
from fastsmote._kernels.sampling import constrain, interpolate
from fastsmote._sampling.over import sparse
from fastsmote._sampling.over.records import Parents, PlanLike
from fastsmote._sampling.over.request import Request

_ROWS = 8192  # new rows per block when writing


def append(request: Request, plan: PlanLike) -> Any:
    """The rows of X, then the new rows, in the same kind of container."""
    table, n_jobs, progress = request.intake.X, request.n_jobs, request.progress
    if plan.donors is not None:
        return _append_mixed(table, plan, n_jobs, progress)
    if request.matrix is None:
        return table.with_rows(plan.base)
    if table.is_sparse:
        rows = sparse.as_class_of(
            table.given, _sparse_rows(request.matrix, plan, 0, len(plan), n_jobs, progress)
        )
        return table.with_sparse(rows)
    return _append_numbers(table, request.matrix, plan, n_jobs, progress)


def _append_numbers(
    table: Table, matrix: Matrix, plan: PlanLike, n_jobs: int | None, progress: Progress | None
) -> Any:
    def write(out: Any, start: int) -> None:
        fill_from(plan, matrix, out, start, n_jobs=n_jobs, progress=progress)

    return table.with_numbers(len(plan), write, matrix.dtype, n_jobs=n_jobs)


def _append_mixed(table: Table, plan: PlanLike, n_jobs: int | None, progress: Progress | None) -> Any:
    if table.is_frame:
        return table.with_columns(_new_columns(table, plan, 0, len(plan), n_jobs, progress), len(plan))
    array = table.array
    if array.dtype.kind == "f":
        matrix = check_matrix(table, finite=False, n_jobs=n_jobs)
        return _append_numbers(table, matrix, plan, n_jobs, progress)
    columns = _new_columns(table, plan, 0, len(plan), n_jobs, progress)
    if array.dtype.kind in "biu":
        columns = [rounded(v, array.dtype) if v.dtype.kind == "f" else v for v in columns]
    both = np.concatenate([array, table.of_columns(columns, len(plan))])
    return both.tolist() if table.kind is Kind.LIST else both


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
        matrix = sparse.check_sparse(table.given)
        return sparse.as_class_of(table.given, _sparse_rows(matrix, plan, start, stop, n_jobs, None))
    if plan.donors is None:
        if (plan.gap[start:stop] * (plan.neighbor[start:stop] != plan.base[start:stop])).any():
            check_matrix(table, finite=False)  # says which column holds no numbers
        return table.take(plan.base[start:stop])
    return table.of_columns(_new_columns(table, plan, start, stop, n_jobs, None), stop - start)


def _sparse_rows(
    matrix: Any, plan: PlanLike, start: int, stop: int, n_jobs: int | None, progress: Progress | None
) -> Any:
    return sparse.make_rows(matrix, plan.base, plan.neighbor, plan.gap, start, stop, n_jobs, progress)


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
    if table.is_frame:
        for column, values in enumerate(columns):
            dtype = table.dtypes[column] if isinstance(values, np.ndarray) else None
            columns[column] = values if dtype is None else rounded(values, dtype)
    elif table.array.dtype.kind == "O":
        for column in numeric.tolist():
            if not any(isinstance(value, float | np.floating) for value in table.array[:, column]):
                columns[column] = rounded(columns[column], np.dtype(np.int64))
            columns[column] = columns[column].tolist()
    return columns


def weights(plan: PlanLike, labels: Labels, weight: Floats | None) -> Floats:
    """Weights of the rows of X and of the new ones, with which each class weighs what it did in X."""
    codes = labels.codes
    weight, exponent = to_unit(np.ones(len(codes)) if weight is None else weight)
    every_code = np.concatenate([codes, codes[plan.base]])
    every_weight = np.concatenate([weight, weight[plan.base]])
    before = np.bincount(codes, weight, len(labels.classes))
    after = np.bincount(every_code, every_weight, len(labels.classes))
    factors = np.divide(before, after, out=np.ones_like(after), where=after > 0)
    return np.ldexp(every_weight * factors[every_code], exponent)
