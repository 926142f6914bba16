"""Over-sampling decisions on tables with categories: SMOTE-NC and SMOTE-N.

The category of a new row is that of most of its voters; of categories with equally many votes, the one of the
nearest voter that has one of them. A plan keeps the rows of X that the categories come from, so it is applied
to the user's table as it is, and no encoder goes with it.
"""

from functools import partial
from typing import Any, NamedTuple, Unpack

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.categories import encode
from fastsmote._core.check import check_columns_of_numbers, check_integer, check_seed, raise_times
from fastsmote._core.freeze import freeze
from fastsmote._core.intake import read_labels
from fastsmote._core.tables import Table
from fastsmote._core.threads import run_ranges
from fastsmote._core.typing import RowIds
from fastsmote._kernels.sampling import vote
from fastsmote._neighbors.distance import exact_scale
from fastsmote._neighbors.spaces import CandidatePool, CategoricalSpace, NumericSpace, Space
from fastsmote._sampling.apply import OverSampling
from fastsmote._sampling.over import categories
from fastsmote._sampling.over.draft import Draft, require_class_size
from fastsmote._sampling.over.plan import SyntheticPlan
from fastsmote._sampling.over.records import Donors
from fastsmote._sampling.over.request import Options, Request, check_missing, make_request
from fastsmote._sampling.over.smote import Among

_VOTES = 4096  # rows per block of votes


class _Votes:
    """Donors of categories, gathered class by class."""

    def __init__(self, request: Request, columns: RowIds, codes: NDArray[np.int32]) -> None:
        self._request, self._columns, self._codes = request, columns, codes
        self._rows: list[RowIds] = [np.empty((0, len(columns)), np.int64)]
        self._place: list[RowIds] = [np.empty(0, np.int64)]

    def add(self, queries: RowIds, voters: RowIds, base: RowIds) -> None:
        """Let the voters of the queries, ascending base rows, decide for new rows."""
        winner = np.empty((len(queries), len(self._columns)), np.int64)
        work = partial(vote.vote, self._codes, voters, queries, winner)
        run_ranges(work, len(queries), _VOTES, n_jobs=self._request.n_jobs)
        if self._request.rules is not None:
            winner[:, self._request.rules.immutable[self._columns]] = queries[:, np.newaxis]
        self._place.append(sum(map(len, self._rows)) + np.searchsorted(queries, base))
        self._rows.append(winner)

    def donors(self) -> Donors:
        return Donors(self._columns, np.concatenate(self._rows), np.concatenate(self._place))


class _Members(CandidatePool):
    """Neighbours among some rows of X that have a space of their own."""

    def __init__(self, request: Request, space: Space, rows: RowIds) -> None:
        group = None if request.group is None else request.group[rows]
        super().__init__(space, np.arange(len(rows)), group, request.n_jobs, request.progress)
        self._named = np.append(rows, len(request.labels.codes))

    def available(self, rows: RowIds, k: int) -> RowIds:
        return super().available(np.searchsorted(self._named, rows), k)

    def search(self, queries: RowIds, k: int) -> RowIds:
        return self._named[super().search(np.searchsorted(self._named, queries), k)]


def plan_smotenc(
    X: Any, y: Any, *, categorical_features: Any, k_neighbors: int, **options: Unpack[Options]
) -> OverSampling:
    """The decision of :func:`fastsmote.smotenc`.

    SMOTE on the numbers, and the categories that most neighbours have. Two different categories are as far
    apart as the median of the standard deviations of the class's numeric columns.
    """
    missing = check_missing(options)
    k = check_integer(k_neighbors, "k_neighbors")
    seed = check_seed(options.get("random_state"))
    table, target = _dense(X, "smotenc"), Table(y, "y")
    n_jobs = options.get("n_jobs")
    columns, matrix = read_mixed(table, categorical_features, missing, n_jobs)
    n, _ = table.shape
    intake = read_labels(table, target, n, matrix)
    request = make_request(intake, seed, None, matrix.dtype, columns.categorical.tolist(), **options)
    require_class_size(request, k, "k_neighbors")
    grown = np.flatnonzero(request.targets[intake.labels.codes])
    codes = np.full((n, len(columns.categorical)), -1, np.int32)
    codes[grown] = encode(table, columns.categorical, grown, missing)
    mixed = Mixed(request, columns, codes, missing)
    return OverSampling(request, draft_smotenc(Draft(request), mixed, mixed.among, k))


class MixedColumns(NamedTuple):
    """Which columns of a table hold what."""

    categorical: RowIds
    within: RowIds  # the others, by their places in the matrix
    n_features: int


def read_mixed(
    table: Table, categorical_features: Any, missing: bool | None, n_jobs: int | None
) -> tuple[MixedColumns, NDArray[Any]]:
    """Which columns of a table hold what, and the matrix of the numbers, or of all columns."""
    categorical = categories.check_categorical(categorical_features, table)
    d = table.shape[1]
    numeric = np.setdiff1d(np.arange(d), categorical)
    for j in numeric.tolist():
        if (times := table.times(j)) is not None:
            raise_times(f"column {table.column_label(j)!r} of X", times)
    if not len(numeric) or not len(categorical):
        kind, other = ("categorical", "smoten") if len(categorical) else ("numerical", "smote")
        raise ValueError(
            f"SMOTE-NC is not designed to work only with {kind} features. Got {d} columns, all of them "
            f"{kind}; use {other}."
        )
    matrix = check_columns_of_numbers(table, numeric, missing=missing, n_jobs=n_jobs)
    within = numeric if matrix.shape[1] == d else np.arange(len(numeric))
    return MixedColumns(categorical, within, d), matrix


class Mixed(NamedTuple):
    """A request for new rows of numbers and categories."""

    request: Request
    columns: MixedColumns
    codes: NDArray[np.int32]  # (n, n_categorical), -1 where missing, and in rows of classes that do not grow
    missing: bool | None

    def among(self, rows: RowIds) -> _Members:
        """Who answers for neighbours among the rows of a class."""
        numbers = freeze(np.ascontiguousarray(self.request.matrix[rows][:, self.columns.within]))
        own = freeze(self.codes[rows])
        complete = not (self.missing and (np.isnan(numbers).any() or (own < 0).any()))
        space = NumericSpace(numbers, complete, own, *_mismatch_cost(numbers))
        return _Members(self.request, space, rows)


def draft_smotenc(draft: Draft, mixed: Mixed, among: Among, k: int) -> SyntheticPlan:
    """The plan of all or some new rows."""
    votes = _Votes(mixed.request, mixed.columns.categorical, mixed.codes)
    for code, rows, new in draft.classes():
        drawn = draft.make(code, new, rows, among(rows), k)
        votes.add(drawn.rows, drawn.neighbors, draft.base[new])
    return draft.finish(n_features=mixed.columns.n_features, donors=votes.donors())


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


def _dense(X: Any, name: str) -> Table:
    table = Table(X)
    if table.is_sparse:
        raise TypeError(f"{name} takes no sparse matrix. Pass X.toarray(), or a frame.")
    return table


def plan_smoten(X: Any, y: Any, *, k_neighbors: int, **options: Unpack[Options]) -> OverSampling:
    """The decision of :func:`fastsmote.smoten`.

    For each column the category of most of a row and its k nearest, by the value difference metric.
    """
    k = check_integer(k_neighbors, "k_neighbors")
    seed = check_seed(options.get("random_state"))
    table, target = _dense(X, "smoten"), Table(y, "y")
    n, d = table.shape
    intake = read_labels(table, target, n, None)
    request = make_request(intake, seed, None, np.float64, range(d), **options)
    require_class_size(request, k, "k_neighbors")
    codes = encode(table, np.arange(d), np.arange(n), None)
    return OverSampling(request, _decide_smoten(request, k, codes))


def _decide_smoten(request: Request, k: int, codes: NDArray[np.int32]) -> SyntheticPlan:
    labels, d = request.labels, codes.shape[1]
    n_classes = len(labels.classes)
    draft, votes = Draft(request), _Votes(request, np.arange(d), codes)
    for code, rows, new in draft.classes():
        shares = categories.class_shares(codes, labels.codes, n_classes, rows)
        if n_classes == 2:  # the share of one class says all, and the metric is Euclidean, times 2
            space: Space = NumericSpace(freeze(np.ascontiguousarray(shares[:, ::2])))
        else:
            space = CategoricalSpace(freeze(shares), n_classes)
        draft.draw_rows(code, new, rows)
        base = draft.base[new]
        queries = np.unique(base)
        neighbors = _Members(request, space, rows).search(queries, k)
        votes.add(queries, np.column_stack([queries, neighbors]), base)
    draft.neighbor[:] = draft.base
    return draft.finish(n_features=d, donors=votes.donors())
