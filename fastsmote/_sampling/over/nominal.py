"""Over-sampling decisions on tables with categories: SMOTE-NC and SMOTE-N.

The category of a new row is that of most of its voters; of categories with equally many votes, the one of the
nearest voter that has one of them. A plan keeps the rows of X that the categories come from, so it is applied
to the user's table as it is, and no encoder goes with it.
"""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core import tables
from fastsmote._core.categories import encode
from fastsmote._core.check import check_integer, check_labels, check_seed, check_word
from fastsmote._core.containers import is_sparse
from fastsmote._core.threads import run_ranges
from fastsmote._core.typing import Progress, RowIds
from fastsmote._core.weights import check_weight
from fastsmote._kernels.sampling import vote
from fastsmote._neighbors.distance import exact_scale
from fastsmote._neighbors.spaces import CandidatePool, CategoricalSpace, NumericSpace, Space
from fastsmote._sampling.over.categories import check_categorical, class_shares
from fastsmote._sampling.over.column_rules import check_column_rules
from fastsmote._sampling.over.draft import Draft, require_class_size
from fastsmote._sampling.over.plan import SyntheticPlan
from fastsmote._sampling.over.records import Donors
from fastsmote._sampling.over.request import Request, check_groups
from fastsmote._sampling.strategy import over_targets

_VOTES = 4096  # rows per block of votes


class _Votes:
    """Donors of categories, gathered class by class."""

    def __init__(self, task: Request, columns: RowIds, codes: NDArray[np.int32]) -> None:
        self._task, self._columns, self._codes = task, columns, codes
        self._rows: list[RowIds] = [np.empty((0, len(columns)), np.int64)]
        self._place: list[RowIds] = [np.empty(0, np.int64)]

    def add(self, asked: RowIds, voters: RowIds, base: RowIds) -> None:
        """Let the voters of the base rows that were asked for, ascending, decide for new rows."""
        winner = np.empty((len(asked), len(self._columns)), np.int64)
        work = partial(vote.vote, self._codes, voters, asked, winner)
        run_ranges(work, len(asked), _VOTES, n_jobs=self._task.n_jobs)
        if self._task.rules is not None:
            winner[:, self._task.rules.immutable[self._columns]] = asked[:, np.newaxis]
        self._place.append(sum(map(len, self._rows)) + np.searchsorted(asked, base))
        self._rows.append(winner)

    def donors(self) -> Donors:
        return Donors(self._columns, np.concatenate(self._rows), np.concatenate(self._place))


class _Members(CandidatePool):
    """Neighbours among some rows of X that have a space of their own."""

    def __init__(self, task: Request, space: Space, rows: RowIds) -> None:
        group = None if task.group is None else task.group[rows]
        super().__init__(space, np.arange(len(rows)), group, task.n_jobs, task.progress)
        self._named = np.append(rows, len(task.labels.codes))

    def available(self, rows: RowIds, k: int) -> RowIds:
        return super().available(np.searchsorted(self._named, rows), k)

    def search(self, asked: RowIds, k: int) -> RowIds:
        return self._named[super().search(np.searchsorted(self._named, asked), k)]


def _read_only(values: NDArray[Any]) -> NDArray[Any]:
    values.setflags(write=False)
    return values


def decide_smotenc(
    X: Any,
    y: Any,
    categorical_features: Any,
    sampling_strategy: Any,
    k_neighbors: Any,
    sample_weight: Any,
    groups: Any,
    columns: Any,
    missing: Any,
    random_state: Any,
    n_jobs: int | None,
    progress: Progress | None,
) -> tuple[Request, SyntheticPlan]:
    """SMOTE on the numbers, and the categories that most neighbours have.

    Two different categories are as far apart as the median of the standard deviations of the class's numeric
    columns.
    """
    check_word(missing, "missing", ("error", "nan-euclidean"))
    k = check_integer(k_neighbors, "k_neighbors")
    seed = np.uint64(check_seed(random_state))
    _refuse_sparse(X, "smotenc")
    categorical = check_categorical(categorical_features, X)
    n, d = tables.shape(X)
    numeric = np.setdiff1d(np.arange(d), categorical)
    if not len(numeric) or not len(categorical):
        kind, other = ("categorical", "smoten") if len(categorical) else ("numerical", "smote")
        raise ValueError(
            f"SMOTE-NC is not designed to work only with {kind} features. Got {d} columns, all of them "
            f"{kind}; use {other}."
        )
    matrix = tables.read_numbers(X, numeric, missing != "error", n_jobs)
    labels = check_labels(y, n)
    task = Request(
        matrix=matrix,
        labels=labels,
        targets=over_targets(sampling_strategy, labels, y),
        seed=seed,
        weight=check_weight(sample_weight, n),
        group=check_groups(groups, n),
        rules=check_column_rules(columns, X, matrix.dtype, categorical.tolist()),
        n_jobs=n_jobs,
        progress=progress,
    )
    require_class_size(task, k, "k_neighbors")
    grown = np.flatnonzero(task.targets[labels.codes])
    codes = np.full((n, len(categorical)), -1, np.int32)
    codes[grown] = encode(X, categorical, grown, missing != "error")
    within = numeric if matrix.shape[1] == d else np.arange(len(numeric))
    draft, votes = Draft(task), _Votes(task, categorical, codes)
    for code, rows, new in draft.classes():
        numbers = _read_only(np.ascontiguousarray(matrix[rows][:, within]))
        own = _read_only(codes[rows])
        complete = missing == "error" or not (np.isnan(numbers).any() or (own < 0).any())
        space = NumericSpace(numbers, complete, own, *_mismatch_cost(numbers))
        asked = draft.make(code, new, rows, _Members(task, space, rows), k)
        votes.add(asked.rows, asked.neighbors, draft.base[new])
    return task, draft.finish(n_features=d, donors=votes.donors())


def _mismatch_cost(numbers: NDArray[Any]) -> tuple[float, float]:
    """Square of the median of the columns' standard deviations, and the unit that numbers are multiplied by.

    Centred on a row first, so that a constant column deviates by nothing at all.
    """
    unit = exact_scale(numbers) * 2.0**-500
    values = numbers.astype(np.float64) * unit
    lacking = np.isnan(values)
    first = values[lacking.argmin(axis=0), np.arange(values.shape[1])]
    values = np.where(lacking, 0.0, values - first)
    n_known = np.maximum((~lacking).sum(axis=0), 1)
    centred = np.where(lacking, 0.0, values - values.sum(axis=0) / n_known)
    variance = np.sort((centred * centred).sum(axis=0) / n_known)
    low, high = variance[(len(variance) - 1) // 2], variance[len(variance) // 2]
    return float(low if low == high else ((np.sqrt(low) + np.sqrt(high)) / 2) ** 2), unit


def _refuse_sparse(X: Any, name: str) -> None:
    if is_sparse(X):
        raise TypeError(f"{name} takes no sparse matrix. Pass X.toarray(), or a frame.")


def decide_smoten(
    X: Any,
    y: Any,
    sampling_strategy: Any,
    k_neighbors: Any,
    sample_weight: Any,
    groups: Any,
    columns: Any,
    random_state: Any,
    n_jobs: int | None,
    progress: Progress | None,
) -> tuple[Request, SyntheticPlan]:
    """For each column the category of most of a row and its k nearest, by the value difference metric."""
    k = check_integer(k_neighbors, "k_neighbors")
    seed = np.uint64(check_seed(random_state))
    _refuse_sparse(X, "smoten")
    n, d = tables.shape(X)
    labels = check_labels(y, n)
    n_classes = len(labels.classes)
    categorical = np.arange(d)
    task = Request(
        matrix=None,
        labels=labels,
        targets=over_targets(sampling_strategy, labels, y),
        seed=seed,
        weight=check_weight(sample_weight, n),
        group=check_groups(groups, n),
        rules=check_column_rules(columns, X, np.float64, range(d)),
        n_jobs=n_jobs,
        progress=progress,
    )
    require_class_size(task, k, "k_neighbors")
    codes = encode(X, categorical, np.arange(n), False)
    draft, votes = Draft(task), _Votes(task, categorical, codes)
    for code, rows, new in draft.classes():
        shares = class_shares(codes, labels.codes, n_classes, rows)
        if n_classes == 2:  # the share of one class says all, and the metric is Euclidean, times 2
            space: Space = NumericSpace(_read_only(np.ascontiguousarray(shares[:, ::2])))
        else:
            space = CategoricalSpace(_read_only(shares), n_classes)
        base = draft.draw_rows(code, new, rows)
        np.take(rows, base, out=base)
        asked = np.unique(base)
        neighbors = _Members(task, space, rows).search(asked, k)
        votes.add(asked, np.column_stack([asked, neighbors]), base)
    draft.neighbor[:] = draft.base
    return task, draft.finish(n_features=d, donors=votes.donors())
