"""What comes in by a face: X and y, each looked at once, checked once, and kept beside what was made of them.

A decision is made on the :class:`Intake` and carries it along, so that whoever applies it to the user's
containers asks nothing again.
"""

from typing import Any, NamedTuple

from fastsmote._core.check import check_matrix, check_table
from fastsmote._core.labels import Labels, check_labels
from fastsmote._core.sparse_matrix import check_sparse
from fastsmote._core.tables import Table


class Intake(NamedTuple):
    """A table and the labels of its rows."""

    X: Table
    y: Table
    labels: Labels
    matrix: Any  # (n, d) canonical, or a SparseMatrix; None where rows are only taken


def read_numbers(
    X: Any, y: Any, *, missing: bool | None = None, may_be_sparse: bool = False, n_jobs: int | None = None
) -> Intake:
    """X as a canonical matrix, or a sparse one, and the labels of as many rows."""
    table, target = Table(X), Table(y, "y")
    if may_be_sparse and table.is_sparse:
        matrix: Any = check_sparse(table.given)
    else:
        matrix = check_matrix(table, missing=missing, n_jobs=n_jobs)
    return read_labels(table, target, len(matrix), matrix, n_jobs)


def read_rows(X: Any, y: Any) -> Intake:
    """X of any type, of which rows will only be taken, and their labels."""
    table, target = Table(X), Table(y, "y")
    return read_labels(table, target, check_table(table), None)


def read_labels(table: Table, y: Any, n: int, matrix: Any, n_jobs: int | None = None) -> Intake:
    """The intake of a table that was read already; y as it came, or as a table."""
    target = y if isinstance(y, Table) else Table(y, "y")
    return Intake(table, target, check_labels(target, n, n_jobs=n_jobs), matrix)
