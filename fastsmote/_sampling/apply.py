"""Rows of X and y that stay, or stay and are followed by the rows of a plan, in the user's containers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import Labels, check_flag, check_labels
from fastsmote._core.containers import (
    append_matrix,
    append_rows,
    append_sparse,
    frame_columns,
    is_sparse,
    take,
)
from fastsmote._sampling.over import materialize
from fastsmote._sampling.over.plan import SyntheticPlan
from fastsmote._sampling.over.request import Request
from fastsmote._sampling.result import Resampled


def append_plan(X: Any, y: Any, task: Request, made: SyntheticPlan, return_weights: Any) -> Resampled:
    """X and y with the new rows, whose labels are those of their base rows; and weights, if asked for."""
    parts: tuple[Any, ...] = _append_rows(X, task, made), append_rows(y, made.base)
    if check_flag(return_weights, "return_weights"):
        parts = *parts, made.weights(y, task.weight)
    counts = task.labels.counts
    return Resampled.of(parts, task.labels.classes, counts, counts + task.targets)


def apply_selection(X: Any, y: Any, kept: NDArray[np.int64]) -> Resampled:
    """The rows ``kept`` of X and y."""
    labels = check_labels(_flat(y))  # once more, 4 ms per million numbers: what is public gives row numbers
    return resampled((take(X, kept), take(y, kept)), labels, labels.codes[kept])


def resampled(parts: tuple[Any, ...], labels: Labels, codes: NDArray[np.int64]) -> Resampled:
    """``parts``, made of rows with ``labels``, whose rows are of the classes ``codes``."""
    after = np.bincount(codes, minlength=len(labels.classes))
    return Resampled.of(parts, labels.classes, labels.counts, after)


def _flat(y: Any) -> Any:
    """A single column as one dimension, so that labels which were checked do not warn twice."""
    columns = frame_columns(y)
    if columns is not None:
        return columns[0].to_native() if len(columns) == 1 else y
    if isinstance(y, list | tuple):
        return [row[0] for row in y] if isinstance(y[0], list | tuple) and len(y[0]) == 1 else y
    shape: tuple[int, ...] = getattr(y, "shape", ())
    return y[:, 0] if len(shape) == 2 and shape[1] == 1 else y


def _append_rows(X: Any, task: Request, made: SyntheticPlan) -> Any:
    if made.donors is not None:
        return materialize.append(X, made, task.n_jobs, task.progress)
    if task.matrix is None:
        return append_rows(X, made.base)
    if is_sparse(X):
        return append_sparse(
            X, made._make_sparse(X, 0, len(made), n_jobs=task.n_jobs, progress=task.progress)
        )

    def fill(out: Any, start: int) -> None:
        made._fill_from(task.matrix, out, start, n_jobs=task.n_jobs, progress=task.progress)

    return append_matrix(X, len(made), fill, dtype=task.matrix.dtype, n_jobs=task.n_jobs)
