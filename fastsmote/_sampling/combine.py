"""SMOTE and then a cleaner, as decisions: which rows of X and which rows of a plan stay.

Each step has an index of its own: SMOTE's holds only the rows of the classes that grow, and one of all rows
that is extended by the synthetic ones took 5 to 15 % longer in all, as its axes are not those of all rows.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, Unpack

import numpy as np

from fastsmote._core import growth
from fastsmote._core.check import check_integer
from fastsmote._core.freeze import freeze
from fastsmote._core.labels import Labels
from fastsmote._core.sparse_matrix import SparseMatrix, as_matrix
from fastsmote._core.typing import Mask, Matrix, RowIds
from fastsmote._sampling.clean import editing
from fastsmote._sampling.clean.min_count import check_min_count, warn_of_lost_classes
from fastsmote._sampling.clean.tomek import decide_without_links
from fastsmote._sampling.over import materialize
from fastsmote._sampling.over.plan import SyntheticPlan
from fastsmote._sampling.over.request import Options, Request, read_request
from fastsmote._sampling.over.smote import decide_smote
from fastsmote._sampling.over.sparse import as_class_of
from fastsmote._sampling.result import Resampled


class Combination(NamedTuple):
    """Rows of X and of a plan that stay."""

    request: Request
    plan: SyntheticPlan
    made: Any  # (n_samples + n_new, n_features) canonical rows of X, then those of the plan
    labels: Labels  # of these
    rows: RowIds  # which of these stay, ascending

    def resampled(self) -> Resampled:
        """The rows of X that stay, then the rows of the plan that stay, in the user's containers."""
        request, plan, made, labels, rows = self
        intake = request.intake
        old, new = np.split(rows, [np.searchsorted(rows, plan.n_rows)])

        def fill(out: Any, start: int) -> None:
            np.take(made, new[start : start + len(out)], axis=0, out=out)

        kept = intake.X.rows(old)
        if isinstance(made, SparseMatrix):
            X = kept.with_sparse(as_class_of(kept.given, made[new].csr))
        else:
            X = growth.append_numbers(kept, len(new), fill, made.dtype, n_jobs=request.n_jobs)
        y = intake.y.take_anew(np.concatenate([old, plan.base[new - plan.n_rows]]))
        before = intake.labels.counts
        return Resampled.of((X, y), labels.classes, before, labels.counts_of(rows))


def combine_tomek(
    X: Any, y: Any, *, k_neighbors: int, min_count: Any, **options: Unpack[Options]
) -> Combination:
    """The decision of :func:`fastsmote.smote_tomek`."""

    def clean(rows: Matrix, labels: Labels, min_counts: RowIds) -> RowIds:
        n_jobs, progress = options.get("n_jobs"), options.get("progress")
        return decide_without_links(rows, labels, _every(labels), min_counts, n_jobs, progress)

    return _combine(X, y, k_neighbors, min_count, 1, clean, **options)


def combine_enn(
    X: Any,
    y: Any,
    *,
    k_neighbors: int,
    n_neighbors: int,
    kind_sel: str,
    min_count: Any,
    **options: Unpack[Options],
) -> Combination:
    """The decision of :func:`fastsmote.smote_enn`."""
    k = check_integer(n_neighbors, "n_neighbors")
    kind = editing.check_kind(kind_sel)

    def clean(rows: Matrix, labels: Labels, min_counts: RowIds) -> RowIds:
        n_jobs, progress = options.get("n_jobs"), options.get("progress")
        return editing.decide_enn(rows, labels, _every(labels), k, kind, min_counts, n_jobs, progress)

    return _combine(X, y, k_neighbors, min_count, k, clean, **options)


def _every(labels: Labels) -> Mask:
    return np.ones(len(labels.counts), bool)


def _combine(
    X: Any,
    y: Any,
    k_neighbors: int,
    min_count: Any,
    n_neighbors: int,
    clean: Callable[[Matrix, Labels, RowIds], RowIds],
    **options: Unpack[Options],
) -> Combination:
    """Check, decide SMOTE, make its rows, decide what stays."""
    k = check_integer(k_neighbors, "k_neighbors")
    request = read_request(X, y, may_be_sparse=True, **options)
    labels = request.labels
    counts = labels.counts + request.targets
    min_counts = check_min_count(min_count, Labels(np.empty(0, np.int64), labels.classes, counts))
    require_rows_after(n_neighbors, int(counts.sum()))
    plan = decide_smote(request, k)
    made, after = make_rows(request, plan)
    kept = warn_of_lost_classes(after, clean(made, after, min_counts))
    return Combination(request, plan, made, after, kept)


def make_rows(request: Request, plan: SyntheticPlan) -> tuple[Any, Labels]:
    """The rows of X and those of the plan behind them, and their labels."""
    matrix, labels = request.matrix, request.labels
    n = len(matrix)
    if isinstance(matrix, SparseMatrix):
        n_jobs, progress = request.n_jobs, request.progress
        rows: Any = as_matrix(
            materialize.sparse_rows(matrix, plan, 0, len(plan), n_jobs, progress, matrix.csr)
        )
    else:
        rows = np.empty((n + len(plan), matrix.shape[1]), matrix.dtype)
        rows[:n] = matrix
        materialize.fill_from(plan, matrix, rows[n:], n_jobs=request.n_jobs, progress=request.progress)
        rows = freeze(rows)
    codes = np.concatenate([labels.codes, labels.codes[plan.base]])
    return rows, Labels(codes, labels.classes, labels.counts + request.targets)


def require_rows_after(n_neighbors: int, n_rows: int) -> None:
    """ValueError where a row has fewer others after SMOTE."""
    if n_neighbors >= n_rows:
        raise ValueError(
            f"n_neighbors must be at most {n_rows - 1}, the number of rows after smote other than the "
            f"row itself. Got {n_neighbors}; pass fewer neighbours."
        )
