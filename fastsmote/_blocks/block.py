"""A block of rows, and the classes that all blocks together have."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

from fastsmote._core.check import check_matrix, first_gap
from fastsmote._core.containers import Kind, kind_of
from fastsmote._core.labels import Labels, check_labels, require_classes
from fastsmote._core.tables import Table
from fastsmote._core.typing import Matrix, RowIds


class Block(NamedTuple):
    """Some rows of a table, in its order, in containers that whole tables come in, too."""

    features: Any
    labels: Any
    first: int  # number of the first row
    name: str  # what messages call the labels


class ClassCounts(NamedTuple):
    """Labels that there are, ascending, and how many rows have each."""

    classes: np.ndarray
    counts: RowIds

    @property
    def labels(self) -> Labels:
        """The same in the words of decisions that look at no row."""
        return Labels(np.empty(0, np.int64), self.classes, self.counts)

    def by_label(self, counts: RowIds) -> dict[Any, int]:
        """Counts of the classes by the user's labels."""
        return dict(zip(self.classes.tolist(), counts.tolist(), strict=True))


@contextmanager
def counted_from(first: int) -> Iterator[None]:
    """A refusal of rows says where they are counted from."""
    try:
        yield
    except (TypeError, ValueError) as error:
        if first == 0:
            raise
        raise type(error)(f"{error} Rows are counted from row {first:,} on.") from error


def count(block: Block) -> ClassCounts | None:
    """The classes of a block; None of one without rows."""
    if len(block.labels) == 0:
        return None
    with counted_from(block.first):
        labels = check_labels(Table(block.labels, block.name), min_classes=1)
    return ClassCounts(labels.classes, labels.counts)


def merged(one: ClassCounts | None, other: ClassCounts | None) -> ClassCounts | None:
    """Classes of two sets of rows, in any order."""
    if one is None or other is None:
        return one or other
    both = check_labels(np.concatenate([one.classes, other.classes]), min_classes=1)
    counts = np.zeros(len(both.classes), np.int64)
    np.add.at(counts, both.codes, np.concatenate([one.counts, other.counts]))
    return ClassCounts(both.classes, counts)


def whole(found: ClassCounts | None, name: str) -> ClassCounts:
    """The classes of all rows, two at least."""
    if found is None:
        raise ValueError(f"{name} must have at least one label. Got 0 sample(s).")
    require_classes(found.labels, 2, name)
    return found


def codes_of(block: Block, known: ClassCounts) -> RowIds:
    """The class of each row of a block, as its place in ``known``."""
    if len(block.labels) == 0:
        return np.empty(0, np.int64)
    labels = check_labels(Table(block.labels, block.name), min_classes=1)
    code_of = {label: code for code, label in enumerate(known.classes.tolist())}
    unknown = [label for label in labels.classes.tolist() if label not in code_of]
    if unknown:
        raise ValueError(f"{block.name} has got the label {unknown[0]!r} while it was read; start again.")
    return np.array([code_of[label] for label in labels.classes.tolist()])[labels.codes]


def matrix_of(block: Block, n_jobs: int | None) -> Matrix:
    """The features of a block that has rows, canonical."""
    with counted_from(block.first):
        return check_matrix(Table(block.features), n_jobs=n_jobs)


def require_numbers(block: Block, n_jobs: int | None) -> None:
    """Refuse what no matrix of finite numbers can be made of, in the words of :func:`check_matrix`.

    Columns of Arrow that are floats are searched where they lie: a matrix would take four times as long.
    """
    if len(block.labels) == 0:
        return
    is_arrow = kind_of(block.features) is Kind.ARROW
    if not (is_arrow and all(_is_clean(column, n_jobs) for column in block.features.columns)):
        matrix_of(block, n_jobs)


def _is_clean(column: Any, n_jobs: int | None) -> bool:
    """Whether a column surely holds finite numbers alone."""
    if column.null_count:
        return False
    for chunk in column.chunks:
        values = chunk.to_numpy(zero_copy_only=False)
        if values.dtype.kind in "biu":
            continue
        if values.dtype not in (np.float32, np.float64) or first_gap(values, n_jobs=n_jobs) is not None:
            return False
    return True
