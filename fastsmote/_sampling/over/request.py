"""What an over-sampler is asked for: its arguments, checked, as one record."""

from typing import Any, NamedTuple, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.categories import encode_values
from fastsmote._core.check import check_matrix, check_seed, check_table, check_word
from fastsmote._core.containers import Container
from fastsmote._core.foreign import refuse_unread
from fastsmote._core.intake import Intake, read_labels
from fastsmote._core.labels import Labels
from fastsmote._core.sparse_matrix import check_sparse
from fastsmote._core.tables import Table
from fastsmote._core.typing import Progress, RandomState, RowIds
from fastsmote._core.weights import check_weight
from fastsmote._neighbors.spaces import CandidatePool, NumericSpace, Space, SparseSpace
from fastsmote._sampling.over.column_rules import check_column_rules
from fastsmote._sampling.over.records import ColumnRules
from fastsmote._sampling.strategy import over_targets, under_targets


class Options(TypedDict, total=False):
    """What all over-samplers take beside the data."""

    sampling_strategy: Any
    under_strategy: Any
    sample_weight: Any
    groups: Any
    columns: Any
    missing: str
    random_state: RandomState
    n_jobs: int | None
    progress: Progress | None


class Request(NamedTuple):
    """A request for new rows of some classes."""

    intake: Intake  # its matrix is canonical, or canonical CSR; None where only rows are repeated
    targets: RowIds  # (n_classes,) new rows
    seed: np.uint64
    space: Space | None = None  # None where nothing is searched
    weight: NDArray[np.float64] | None = None  # (n,) how often a row is drawn as base row
    group: RowIds | None = None  # (n,) neighbours are looked for in one's own group
    rules: ColumnRules | None = None
    n_jobs: int | None = None
    progress: Progress | None = None
    final: RowIds | None = None  # (n_classes,) rows that stay, old and new; None: all

    @property
    def matrix(self) -> Any:
        return self.intake.matrix

    @property
    def labels(self) -> Labels:
        return self.intake.labels

    @property
    def n_features(self) -> int | None:
        return None if self.matrix is None else int(self.matrix.shape[1])

    def without_matrix(self) -> "Request":
        """What is left to know once nothing is measured any more."""
        return self._replace(intake=self.intake._replace(matrix=None), space=None)

    def among(self, pool: RowIds | None = None, *, everyone: bool = False) -> CandidatePool:
        """Some rows, or all, to look for neighbours in; ``everyone`` whatever the groups."""
        assert self.space is not None
        pool = np.arange(self.space.n_rows) if pool is None else pool
        return CandidatePool(self.space, pool, None if everyone else self.group, self.n_jobs, self.progress)


def read_request(X: Any, y: Any, *, may_be_sparse: bool = False, **options: Unpack[Options]) -> Request:
    """The request of an over-sampler that interpolates numbers."""
    missing = check_missing(options)
    seed = check_seed(options.get("random_state"))
    table, target = Table(X), Table(y, "y")
    _refuse_unread(options)
    n_jobs = options.get("n_jobs")
    if table.is_sparse and may_be_sparse:
        matrix: Any = check_sparse(X)
        if options.get("columns") is not None or missing:
            raise ValueError(
                "columns and missing are for dense X. Got a sparse matrix; leave them out, or pass "
                "X.toarray()."
            )
        space: Space = SparseSpace(matrix)
    else:
        matrix = check_matrix(table, missing=missing, n_jobs=n_jobs)
        space = NumericSpace(matrix, not (missing and np.isnan(matrix.min())))
    intake = read_labels(table, target, len(matrix), matrix, n_jobs)
    return make_request(intake, seed, space, matrix.dtype, (), **options)


def read_row_request(X: Any, y: Any, *, as_numbers: bool, **options: Unpack[Options]) -> Request:
    """The request of a sampler that repeats rows: X may hold anything, unless numbers are made of it."""
    if not as_numbers and options.get("columns") is not None:
        raise ValueError("columns needs shrinkage: rows that are repeated as they are keep every rule.")
    seed = check_seed(options.get("random_state"))
    table, target = Table(X), Table(y, "y")
    _refuse_unread(options)
    n_jobs = options.get("n_jobs")
    if not as_numbers:
        intake = read_labels(table, target, check_table(table), None, n_jobs)
        return make_request(intake, seed, None, None, (), **options)
    matrix = check_matrix(table, n_jobs=n_jobs)
    intake = read_labels(table, target, len(matrix), matrix, n_jobs)
    return make_request(intake, seed, None, matrix.dtype, (), **options)


def make_request(
    intake: Intake, seed: int, space: Space | None, dtype: Any, categorical: Any, **options: Unpack[Options]
) -> Request:
    """A request for X and y that were read; values outside ``categorical`` columns are of ``dtype``."""
    n = len(intake.labels.codes)
    targets = over_targets(options.get("sampling_strategy", "auto"), intake.labels, intake.y.given)
    return Request(
        intake=intake,
        targets=targets,
        seed=np.uint64(seed),
        space=space,
        weight=check_weight(options.get("sample_weight"), n),
        group=check_groups(options.get("groups"), n),
        rules=check_column_rules(options.get("columns"), intake.X, dtype, categorical),
        n_jobs=options.get("n_jobs"),
        progress=options.get("progress"),
        final=_final_counts(options.get("under_strategy"), intake, targets),
    )


def _final_counts(strategy: Any, intake: Intake, targets: RowIds) -> RowIds | None:
    """Rows of each class that stay of those that there are with the new ones; None where all do."""
    if strategy is None:
        return None
    codes, classes, counts = intake.labels
    _, first = np.unique(codes, return_index=True)
    y = intake.y.with_rows(np.repeat(first, targets)) if callable(strategy) else None
    try:
        return under_targets(strategy, Labels(codes, classes, counts + targets), y)
    except (TypeError, ValueError) as error:
        raise type(error)(
            "under_strategy is the sampling_strategy of random_under_sample, for the rows after "
            f"over-sampling. {error}"
        ) from None


def _refuse_unread(options: Options) -> None:
    """Rows of weights and groups that are not in memory are refused before X is read."""
    refuse_unread(options.get("sample_weight"), "sample_weight")
    refuse_unread(options.get("groups"), "groups")


def check_missing(options: Options) -> bool | None:
    """Whether missing values are welcome; None for samplers that can not be told so."""
    if "missing" not in options:
        return None
    return check_word(options["missing"], "missing", ("error", "nan-euclidean")) != "error"


def check_groups(groups: Any, n: int) -> RowIds | None:
    """The group of each row as a code; anything that can be told apart is a group."""
    if groups is None:
        return None
    values = np.asarray(Container(groups, "groups").given)
    if values.shape != (n,):
        raise ValueError(f"groups must hold one group per row of X, shape ({n},). Got shape {values.shape}.")
    codes = encode_values(values, "groups")
    if (codes < 0).any():
        raise ValueError(
            f"groups has a missing value in row {int(codes.argmin())}. Give it a group of its own."
        )
    return codes
