"""The neighbour index as a record: parts, which are kd leaves over some of the rows, all in one frame.

Where few rows would wait for the compiler, they stay ``Loose`` in place of leaves (see ``loose``); sparse
rows are ``Inverted`` (see ``inverted``).

A part holds rows of one class when the builder was given classes, so that "the same class", "the other
classes" and "all" are choices of parts. Rows that are appended become parts too (see ``build.extend_index``).

Nothing is checked here and below: ``neighbor_index`` and the rooms above hand in canonical arrays. The arrays
of an index are read-only and shared by the indexes that are made of it; only ``hide_rows`` writes.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.sparse_matrix import SparseMatrix
from fastsmote._core.typing import Mask, Matrix, RowIds
from fastsmote._kernels.neighbors.search import Leaves
from fastsmote._neighbors.distance import exact_scale

MANY_CLASSES = 32  # in an index of more parts one search among all rows beats one in each part


class Loose(NamedTuple):
    """Rows of a part that has no leaves; fields that ``Leaves`` have too mean the same."""

    X: Matrix
    ids: RowIds
    scale: float
    codes: NDArray[np.int32]
    cost: float
    visible: Mask  # (n,) of ``ids``, those that searches find
    kept: dict[Any, Any] | None  # what searches make of the rows, for those to come: of an index that lasts
    planes: NDArray[np.uint64] | None  # the rows as bits, where all are zeros and ones (see ``bits``)


class Features(NamedTuple):
    """Some rows by feature: feature j is in places[starts[j]:starts[j + 1]], with these values."""

    ids: RowIds
    starts: RowIds  # (n_features + 1,)
    places: NDArray[np.uint32]  # of ``ids``, ascending for each feature
    values: NDArray[np.float32]  # times ``unit``, as ``norms``
    common: NDArray[np.float32]  # (n_common, len(ids) and more) values of features that many rows have
    common_of: NDArray[np.int32]  # (n_features,) row of ``common``, -1 for other features
    norms: NDArray[np.float64]  # (len(ids),) squared
    longest: int  # values of a row at most
    unit: float  # power of two


class Inverted(NamedTuple):
    """Sparse rows of a part, by features in place of leaves; fields that both have mean the same."""

    X: SparseMatrix
    ids: RowIds
    scale: float
    chunks: tuple[Features, ...]  # of ``ids`` in order
    visible: Mask  # (n,) of ``ids``, those that searches find


class Part(NamedTuple):
    """Leaves over rows of one class, or of all when the index knows no classes (code -1)."""

    code: int
    leaves: Leaves | Loose | Inverted


class Index(NamedTuple):
    """An index: parts over disjoint rows of X."""

    parts: tuple[Part, ...]

    @property
    def X(self) -> Any:
        """All rows: a matrix, or a SparseMatrix."""
        return self.parts[0].leaves.X

    @property
    def scale(self) -> float:
        """Power of two that exact coordinates are multiplied by."""
        return self.parts[0].leaves.scale

    def of_class(self, code: int) -> "Index":
        """The parts that hold a class."""
        return Index(tuple(part for part in self.parts if part.code == code))

    def of_others(self, code: int) -> "Index":
        """The parts that hold the other classes."""
        return Index(tuple(part for part in self.parts if part.code != code))

    def rows(self) -> RowIds:
        """All indexed rows, near ones together."""
        return np.concatenate([part.leaves.ids for part in self.parts])


def dense(leaves: Leaves | Loose | Inverted) -> Leaves | Loose:
    """A part of dense rows: only these have categories, long lists of their own, and further rows."""
    assert not isinstance(leaves, Inverted)
    return leaves


def leaves_of(index: Index) -> list[Leaves]:
    """The leaves of the parts, none where rows are loose."""
    return [part.leaves for part in index.parts if isinstance(part.leaves, Leaves)]


def loose_of(index: Index) -> list[Loose]:
    """The parts of an index whose rows are loose."""
    return [part.leaves for part in index.parts if isinstance(part.leaves, Loose)]


def lasting(index: Index) -> Index:
    """The index for many questions, of rows that stay visible: loose ones keep what each would make again."""
    kept: dict[Any, Any] = {}
    return Index(
        tuple(
            Part(code, rows._replace(kept=kept) if isinstance(rows, Loose) else rows)
            for code, rows in index.parts
        )
    )


def inverted_of(index: Index) -> list[Inverted]:
    """The parts of an index of sparse rows."""
    return [part.leaves for part in index.parts if isinstance(part.leaves, Inverted)]


def rescaled(index: Index, scale: float) -> Index:
    """The index with another scale of exact distances."""
    return Index(tuple(Part(code, leaves._replace(scale=scale)) for code, leaves in index.parts))


def rescaled_for(index: Index, queries: Matrix, *, n_jobs: int | None = None) -> Index:
    """The index with a scale of exact distances that suits its rows and the queries."""
    return rescaled(index, min(index.scale, exact_scale(queries, n_jobs)))


def visible_rows(parts: Sequence[Leaves | Loose]) -> RowIds:
    """Rows of some parts that searches find, ascending."""
    if len(parts) == 1 and isinstance(parts[0], Loose):  # in order already
        return parts[0].ids[parts[0].visible]
    return np.sort(np.concatenate([part.ids[_is_visible(part)] for part in parts]))


def _is_visible(part: Leaves | Loose) -> Mask:
    return part.visible if isinstance(part, Loose) else np.isfinite(part.panels.norms[: len(part.ids)])


def hide_rows(index: Index, hidden: Mask) -> None:
    """Let no search find some rows (n,) any more; for an index that nobody else uses.

    A place of a leaf without a row has an infinite norm, which no tile lets pass; boxes and homes stay true.
    At 100,000 rows this takes 0.1 ms of CPU time, an index of the other rows 65 ms.
    """
    for _, leaves in index.parts:
        if isinstance(leaves, Loose | Inverted):
            leaves.visible[hidden[leaves.ids]] = False
            continue
        norms = leaves.panels.norms
        norms.setflags(write=True)
        norms[np.flatnonzero(hidden[leaves.ids])] = np.inf
        norms.setflags(write=False)  # kernels are compiled for read-only arrays
