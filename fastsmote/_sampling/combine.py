"""SMOTE and then a cleaner, as decisions: which rows of X and which rows of a plan stay.

Each step has an index of its own: SMOTE's holds only the rows of the classes that grow, and one of all rows
that is extended by the synthetic ones took 5 to 15 % longer in all, as its axes are not those of all rows.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import Labels, check_integer, check_word
from fastsmote._core.public import public
from fastsmote._core.typing import Progress, RowIds
from fastsmote._sampling.clean import editing
from fastsmote._sampling.clean.min_count import check_min_count, warn_of_lost_classes
from fastsmote._sampling.clean.tomek import decide_without_links
from fastsmote._sampling.over.plan import SyntheticPlan
from fastsmote._sampling.over.request import check_request
from fastsmote._sampling.over.smote import decide_smote

__all__ = ["smote_enn", "smote_tomek"]


class Combination(NamedTuple):
    """What smote_tomek and smote_enn decide."""

    rows: NDArray[Any]  # (n_samples + n_new, n_features) canonical rows of X, then the synthetic ones
    made: SyntheticPlan
    kept: RowIds  # row numbers of ``rows``, ascending
    labels: Labels  # of ``rows``
    counts: RowIds  # (n_classes,) rows of X


@public("fastsmote.select")
def smote_tomek(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any = "auto",
    k_neighbors: int = 5,
    min_count: int | str | None = None,
    random_state: Any = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> NDArray[np.int64]:
    """Indices of the rows of :func:`fastsmote.smote` that stay when it is cleaned of Tomek links.

    Parameters and errors are those of :func:`fastsmote.smote_tomek`.

    Returns
    -------
    ndarray of int64 of shape (n_kept,)
        Ascending: below ``len(X)`` rows of X, from there on rows of :func:`fastsmote.plan.smote`.
    """
    return combine_tomek(X, y, sampling_strategy, k_neighbors, min_count, random_state, n_jobs, progress).kept


@public("fastsmote.select")
def smote_enn(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any = "auto",
    k_neighbors: int = 5,
    n_neighbors: int = 3,
    kind_sel: str = "all",
    min_count: int | str | None = None,
    random_state: Any = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> NDArray[np.int64]:
    """Indices of the rows of :func:`fastsmote.smote` that stay when it is edited.

    Parameters and errors are those of :func:`fastsmote.smote_enn`; returns as :func:`smote_tomek`.
    """
    return combine_enn(
        X, y, sampling_strategy, k_neighbors, n_neighbors, kind_sel, min_count, random_state, n_jobs, progress
    ).kept


def combine_tomek(
    X: Any,
    y: Any,
    sampling_strategy: Any,
    k_neighbors: int,
    min_count: Any,
    random_state: Any,
    n_jobs: int | None,
    progress: Progress | None,
) -> Combination:
    def clean(rows: NDArray[Any], labels: Labels, floors: RowIds) -> RowIds:
        return decide_without_links(rows, labels, _every(labels), floors, n_jobs, progress)

    return decide_combination(
        X, y, sampling_strategy, k_neighbors, min_count, random_state, 1, clean, n_jobs, progress
    )


def combine_enn(
    X: Any,
    y: Any,
    sampling_strategy: Any,
    k_neighbors: int,
    n_neighbors: int,
    kind_sel: str,
    min_count: Any,
    random_state: Any,
    n_jobs: int | None,
    progress: Progress | None,
) -> Combination:
    k = check_integer(n_neighbors, "n_neighbors")
    check_word(kind_sel, "kind_sel", ("all", "mode"))

    def clean(rows: NDArray[Any], labels: Labels, floors: RowIds) -> RowIds:
        return editing.decide_enn(rows, labels, _every(labels), k, kind_sel, floors, n_jobs, progress)

    return decide_combination(
        X, y, sampling_strategy, k_neighbors, min_count, random_state, k, clean, n_jobs, progress
    )


def _every(labels: Labels) -> NDArray[np.bool_]:
    return np.ones(len(labels.counts), bool)


def decide_combination(
    X: Any,
    y: Any,
    sampling_strategy: Any,
    k_neighbors: int,
    min_count: Any,
    random_state: Any,
    n_neighbors: int,
    clean: Callable[[NDArray[Any], Labels, RowIds], RowIds],
    n_jobs: int | None,
    progress: Progress | None,
) -> Combination:
    """Check, decide SMOTE, make its rows, decide what stays."""
    k = check_integer(k_neighbors, "k_neighbors")
    task = check_request(X, y, sampling_strategy, random_state, n_jobs, progress)
    matrix, labels = task.matrix, task.labels
    n, counts = len(matrix), labels.counts + task.targets
    after = Labels(np.empty(0, np.int64), labels.classes, counts)
    floors = check_min_count(min_count, after)
    if n_neighbors >= counts.sum():
        raise ValueError(
            f"n_neighbors must be at most {counts.sum() - 1}, the number of rows after smote other than the "
            f"row itself. Got {n_neighbors}; pass fewer neighbours."
        )
    made = decide_smote(task, k)
    rows = np.empty((n + len(made), matrix.shape[1]), matrix.dtype)
    rows[:n] = matrix
    made._fill_from(matrix, rows[n:], n_jobs=n_jobs, progress=progress)
    rows.setflags(write=False)  # as canonical data are
    after = Labels(np.concatenate([labels.codes, labels.codes[made.base]]), labels.classes, counts)
    kept = warn_of_lost_classes(after, clean(rows, after, floors))
    return Combination(rows, made, kept, after, labels.counts)
