"""Decisions applied to arrays, into arrays that are there, such as memory maps.

What is written are the rows that samplers give. Beside the arrays there is a block of new rows at most.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import check_row_numbers
from fastsmote._core.containers import copy_rows, gather_rows
from fastsmote._core.labels import check_labels
from fastsmote._core.tables import Table
from fastsmote._core.values import rounded
from fastsmote._sampling.over.plan import SyntheticPlan, labels_of
from fastsmote._sampling.over.records import repeats_rows
from fastsmote._sampling.result import Resampled

_BLOCK = 1 << 14  # new rows made at a time where they are converted


def apply_into(decision: Any, X: Any, y: Any, out: Any, n_jobs: int | None) -> Resampled:
    """All rows of X and y and then those of a plan, or the rows with some numbers, in ``out``."""
    for name, array, ndim in (("X", X, 2), ("y", y, 1)):
        if not isinstance(array, np.ndarray) or array.ndim != ndim:
            raise TypeError(
                f"{name} must be an array of {ndim} dimension(s). Got {_described(array)}; samplers take "
                "other containers, and give rows of the same kind."
            )
    if not isinstance(decision, SyntheticPlan):
        labels, rows = check_labels(y, len(X)), check_row_numbers(decision, len(X), "decision")
        X_out, y_out = _checked(out, X, y, len(rows))
        gather_rows(X_out, X, rows, n_jobs)
        gather_rows(y_out, y, rows, n_jobs)
        return Resampled.of((X_out, y_out), labels.classes, labels.counts, labels.counts_of(rows))
    plan, n, is_copied = decision, len(X), repeats_rows(decision)
    if not is_copied and X.dtype.kind not in "biuf":
        raise TypeError(f"X must hold numbers, as the plan makes new ones. Got {_described(X)}.")
    plan.rows(X, 0, 0)  # refuses X of another shape
    labels = labels_of(plan, y)
    X_out, y_out = _checked(out, X, y, n + len(plan))
    copy_rows(X_out[:n], X, n_jobs)
    copy_rows(y_out[:n], y, n_jobs)
    if is_copied:
        gather_rows(X_out[n:], X, plan.base, n_jobs)
    else:
        _make(plan, X, X_out[n:], n_jobs)
    gather_rows(y_out[n:], y, plan.base, n_jobs)
    after = labels.counts + labels.counts_of(plan.base)
    return Resampled.of((X_out, y_out), labels.classes, labels.counts, after)


def _checked(out: Any, X: NDArray[Any], y: NDArray[Any], n_rows: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """``out`` if so many rows of X and y can be written to it while these are read."""
    if not isinstance(out, tuple) or len(out) != 2:
        raise TypeError(f"out must be a tuple of two arrays, for X and for y. Got {_described(out)}.")
    for name, array, source in zip(("out[0]", "out[1]"), out, (X, y), strict=True):
        shape = (n_rows, *source.shape[1:])
        if not isinstance(array, np.ndarray) or (array.shape, array.dtype) != (shape, source.dtype):
            raise ValueError(
                f"{name} must be an array of shape {shape} and dtype {source.dtype}. Got {_described(array)}."
            )
        if not (array.flags.c_contiguous and array.flags.writeable):
            raise ValueError(f"{name} must be C-contiguous and writeable. Pass np.empty(shape, dtype).")
        if any(np.may_share_memory(array, other) for other in (X, y)):
            raise ValueError(f"{name} must not share memory with X or y, which are read while it is written.")
    if np.may_share_memory(*out):
        raise ValueError("out must be two arrays that share no memory.")
    return out


def _make(plan: SyntheticPlan, X: NDArray[Any], out: NDArray[Any], n_jobs: int | None) -> None:
    """New rows in the type of X."""
    if Table(X).is_canonical:
        plan.rows(X, out=out, n_jobs=n_jobs)
        return
    for start in range(0, len(plan), _BLOCK):
        stop = min(start + _BLOCK, len(plan))
        out[start:stop] = rounded(plan.rows(X, start, stop, n_jobs=n_jobs), X.dtype)
        if plan.donors is not None:
            donors = plan.donors.of(start, stop)
            for j, column in enumerate(plan.donors.columns.tolist()):
                out[start:stop, column] = X[donors[:, j], column]


def _described(given: Any) -> str:
    if isinstance(given, np.ndarray):
        return f"an array of shape {given.shape} and dtype {given.dtype}"
    return type(given).__name__
