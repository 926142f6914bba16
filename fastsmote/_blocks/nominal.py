"""SMOTE-NC on blocks: numbers and categories of the classes that grow."""

from functools import partial
from typing import Any

import numpy as np

from fastsmote._blocks.block import Block, ClassCounts, counted_from
from fastsmote._blocks.decision import Decision, unchanged
from fastsmote._blocks.few import gather_few
from fastsmote._blocks.new_rows import interpolated, on_the_few, request_of, searched
from fastsmote._blocks.passes import Passes
from fastsmote._core.categories import encode
from fastsmote._core.check import check_integer
from fastsmote._core.tables import Table
from fastsmote._core.typing import RandomState
from fastsmote._sampling.over.column_rules import check_column_rules
from fastsmote._sampling.over.draft import require_class_size
from fastsmote._sampling.over.nominal import Mixed, draft_smotenc, read_mixed


def smotenc(
    known: ClassCounts,
    passes: Passes,
    room: int | None,
    *,
    categorical_features: Any = "auto",
    sampling_strategy: Any = "auto",
    k_neighbors: int = 5,
    columns: Any = None,
    random_state: RandomState = None,
    n_jobs: int | None = None,
) -> Decision:
    """One pass, for the rows of the classes that grow; all rows must hold numbers and categories."""
    request = request_of(known, sampling_strategy, random_state, n_jobs)
    k = check_integer(k_neighbors, "k_neighbors")
    require_class_size(request, k, "k_neighbors")

    complete = partial(_complete, categorical_features, n_jobs)
    few, _ = gather_few(passes, request.targets > 0, known, room, complete)
    if not request.targets.any():
        return unchanged(known)
    request = on_the_few(request, few)
    X = request.intake.X
    mixed_columns, matrix = read_mixed(X, categorical_features, None, n_jobs)
    categorical = mixed_columns.categorical
    request = request._replace(
        intake=request.intake._replace(matrix=matrix),
        rules=check_column_rules(columns, X, matrix.dtype, categorical.tolist()),
    )
    codes = encode(X, categorical, np.arange(len(few.rows)), None)
    mixed = Mixed(request, mixed_columns, codes, None)
    among = searched(mixed.among, np.flatnonzero(request.targets).tolist(), k, few.codes)
    return interpolated(request, few.rows, partial(draft_smotenc, mixed=mixed, among=among, k=k))


def _complete(categorical_features: Any, n_jobs: int | None, block: Block) -> float:
    """Refuse rows that lack a number or a category; the scale of distances is not asked for."""
    with counted_from(block.first):
        table = Table(block.features)
        columns, _ = read_mixed(table, categorical_features, None, n_jobs)
        encode(table, columns.categorical, np.empty(0, np.int64), None)
    return np.inf
