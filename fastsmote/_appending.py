"""The rows of X and y, then the rows of a plan, in the user's containers."""

from typing import Any

from fastsmote import _mixed
from fastsmote._check import check_flag
from fastsmote._containers import append_matrix, append_rows, append_sparse, is_sparse
from fastsmote._synthetic import SyntheticPlan
from fastsmote._task import Task


def append(X: Any, y: Any, task: Task, made: SyntheticPlan, return_weights: Any) -> tuple[Any, ...]:
    """X and y with the new rows, whose labels are those of their base rows; and weights, if asked for."""
    result = _append_rows(X, task, made), append_rows(y, made.base)
    if check_flag(return_weights, "return_weights"):
        return *result, made.weights(y, task.weight)
    return result


def _append_rows(X: Any, task: Task, made: SyntheticPlan) -> Any:
    if made.donors is not None:
        return _mixed.append(X, made, task.n_jobs, task.progress)
    if task.matrix is None:
        return append_rows(X, made.base)
    if is_sparse(X):
        return append_sparse(
            X, made._make_sparse(X, 0, len(made), n_jobs=task.n_jobs, progress=task.progress)
        )

    def fill(out: Any, start: int) -> None:
        made._fill_from(task.matrix, out, start, n_jobs=task.n_jobs, progress=task.progress)

    return append_matrix(X, len(made), fill, dtype=task.matrix.dtype, n_jobs=task.n_jobs)
