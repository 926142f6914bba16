"""What an over-sampler is asked for: its arguments, checked, as one record."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.categories import encode_values
from fastsmote._core.check import Labels, check_labels, check_matrix, check_seed, check_table, check_word
from fastsmote._core.containers import is_sparse
from fastsmote._core.typing import Progress, RowIds
from fastsmote._core.weights import check_weight
from fastsmote._neighbors.spaces import CandidatePool, NumericSpace, Space, SparseSpace
from fastsmote._sampling.over.column_rules import check_column_rules
from fastsmote._sampling.over.records import ColumnRules
from fastsmote._sampling.over.sparse import check_sparse
from fastsmote._sampling.strategy import over_targets


class Request(NamedTuple):
    """A request for new rows of some classes."""

    matrix: Any  # (n, d) canonical, or canonical CSR; None where only rows are repeated
    labels: Labels
    targets: RowIds  # (n_classes,) new rows
    seed: np.uint64
    space: Space | None = None  # None where nothing is searched
    weight: NDArray[np.float64] | None = None  # (n,) how often a row is drawn as base row
    group: RowIds | None = None  # (n,) neighbours are looked for in one's own group
    rules: ColumnRules | None = None
    n_jobs: int | None = None
    progress: Progress | None = None

    @property
    def n_features(self) -> int | None:
        return None if self.matrix is None else int(self.matrix.shape[1])

    def among(self, pool: RowIds | None = None, *, everyone: bool = False) -> CandidatePool:
        """Some rows, or all, to look for neighbours in; ``everyone`` whatever the groups."""
        assert self.space is not None
        pool = np.arange(self.space.n_rows) if pool is None else pool
        return CandidatePool(self.space, pool, None if everyone else self.group, self.n_jobs, self.progress)


def check_request(
    X: Any,
    y: Any,
    sampling_strategy: Any,
    random_state: Any,
    n_jobs: int | None,
    progress: Progress | None,
    *,
    sample_weight: Any = None,
    groups: Any = None,
    columns: Any = None,
    missing: str = "error",
    may_be_sparse: bool = False,
) -> Request:
    """The request of an over-sampler that interpolates numbers."""
    check_word(missing, "missing", ("error", "nan-euclidean"))
    seed = np.uint64(check_seed(random_state))
    if is_sparse(X) and may_be_sparse:
        matrix = check_sparse(X)
        if columns is not None or missing != "error":
            raise ValueError(
                "columns and missing are for dense X. Got a sparse matrix; leave them out, or pass "
                "X.toarray()."
            )
    else:
        matrix = check_matrix(X, missing=missing != "error", n_jobs=n_jobs)
    n = matrix.shape[0]
    labels = check_labels(y, n)
    return Request(
        matrix=matrix,
        labels=labels,
        targets=over_targets(sampling_strategy, labels, y),
        seed=seed,
        space=SparseSpace(matrix)
        if is_sparse(X)
        else NumericSpace(matrix, missing == "error" or _is_complete(matrix)),
        weight=check_weight(sample_weight, n),
        group=check_groups(groups, n),
        rules=check_column_rules(columns, X, matrix.dtype),
        n_jobs=n_jobs,
        progress=progress,
    )


def check_groups(groups: Any, n: int) -> RowIds | None:
    """The group of each row as a code; anything that can be told apart is a group."""
    if groups is None:
        return None
    values = np.asarray(groups)
    if values.shape != (n,):
        raise ValueError(f"groups must hold one group per row of X, shape ({n},). Got shape {values.shape}.")
    codes = encode_values(values, "groups")
    if (codes < 0).any():
        raise ValueError(
            f"groups has a missing value in row {int(codes.argmin())}. Give it a group of its own."
        )
    return codes


def _is_complete(matrix: NDArray[Any]) -> bool:
    return not np.isnan(matrix.min())


def check_row_request(
    X: Any,
    y: Any,
    sampling_strategy: Any,
    random_state: Any,
    n_jobs: int | None,
    progress: Progress | None,
    *,
    sample_weight: Any,
    columns: Any,
    numbers: bool,
) -> Request:
    """The request of a sampler that repeats rows: X may hold anything, unless ``numbers`` are made of it."""
    if not numbers and columns is not None:
        raise ValueError("columns needs shrinkage: rows that are repeated as they are keep every rule.")
    seed = np.uint64(check_seed(random_state))
    matrix = check_matrix(X, n_jobs=n_jobs) if numbers else None
    n = check_table(X) if matrix is None else len(matrix)
    labels = check_labels(y, n)
    return Request(
        matrix=matrix,
        labels=labels,
        targets=over_targets(sampling_strategy, labels, y),
        seed=seed,
        weight=check_weight(sample_weight, n),
        rules=None if matrix is None else check_column_rules(columns, X, matrix.dtype),
        n_jobs=n_jobs,
        progress=progress,
    )
