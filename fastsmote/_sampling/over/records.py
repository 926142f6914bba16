"""Records of a plan: what new rows are made of."""

import numbers
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.typing import Floats, RowIds


class ColumnRules(NamedTuple):
    """Per column (n_features,), as ``_kernels.sampling.constrain.constrain`` takes them."""

    immutable: NDArray[np.bool_]
    integer: NDArray[np.bool_]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def of(self, columns: NDArray[np.int64]) -> "ColumnRules":
        """The rules of some columns."""
        return ColumnRules(
            self.immutable[columns], self.integer[columns], self.low[columns], self.high[columns]
        )


class PlanLike(Protocol):
    """What of a plan its rows are made of; see :class:`fastsmote.plan.SyntheticPlan`."""

    @property
    def base(self) -> RowIds: ...
    @property
    def neighbor(self) -> RowIds: ...
    @property
    def gap(self) -> Floats: ...
    @property
    def label(self) -> NDArray[Any]: ...
    @property
    def n_rows(self) -> int: ...
    @property
    def n_features(self) -> int | None: ...
    @property
    def smoothing(self) -> "Smoothing | None": ...
    @property
    def donors(self) -> "Donors | None": ...
    @property
    def rules(self) -> ColumnRules | None: ...
    def __len__(self) -> int: ...


class Parents(NamedTuple):
    """What some new rows are made of: canonical rows, and for each new row which of them."""

    matrix: NDArray[Any]
    base: RowIds  # (n_new,) rows of the matrix
    neighbor: RowIds
    rules: "ColumnRules | None"
    donors: "Donors | None"


class Smoothing(NamedTuple):
    """Normal noise of the smoothed bootstrap, as ``_kernels.sampling.interpolate.add_noise`` takes it."""

    seed: NDArray[np.uint64]  # (K,)
    stream: NDArray[np.uint64]  # (K,) class code
    group: NDArray[np.int64]  # (n_new,) group of each new row, below K
    first: NDArray[np.int64]  # (K,) first new row of each group
    deviation: NDArray[np.float64]  # (K, n_features)


class Donors(NamedTuple):
    """Rows of X whose categories new rows take."""

    columns: NDArray[np.int64]  # (c,) categorical columns of X
    rows: NDArray[np.int64]  # (m, c) row of X by column
    place: NDArray[np.int64]  # (n_new,) row of ``rows`` of each new row

    def of(self, start: int, stop: int) -> NDArray[np.int64]:
        """Rows of X for new rows [start, stop), (stop - start, c)."""
        return self.rows[self.place[start:stop]]


def some_of(plan: Any, numbers: RowIds) -> dict[str, Any]:
    """The fields that differ in a plan of these new rows alone, in this order, repeats allowed.

    Noise depends on the place of a row behind the first of its group: each row becomes a group of its own.
    """
    changes = {name: getattr(plan, name)[numbers] for name in ("base", "neighbor", "gap", "label")}
    if plan.donors is not None:
        rows = plan.donors.rows[plan.donors.place[numbers]]
        changes["donors"] = plan.donors._replace(rows=rows, place=np.arange(len(numbers)))
    if plan.smoothing is not None:
        seed, stream, group, first, deviation = plan.smoothing
        own, places = group[numbers], np.arange(len(numbers))
        first = places - (numbers - first[own])
        changes["smoothing"] = Smoothing(seed[own], stream[own], places, first, deviation[own])
    return changes


def repeats_rows(plan: PlanLike) -> bool:
    """Whether a plan repeats rows as they are, whatever they hold."""
    return plan.smoothing is None and plan.donors is None and plan.n_features is None


def equal(a: Any, b: Any) -> bool:
    """Whether two nests of arrays, tuples, numbers, dicts of counts and None are the same."""
    if a is None or b is None or isinstance(a, numbers.Integral):
        return bool(a is b or (a is not None and b is not None and a == b))
    if isinstance(a, np.ndarray):
        return np.array_equal(a, b)
    if isinstance(a, dict | str):  # a text is no nest: its first sign is a text again
        return bool(a == b)
    return len(a) == len(b) and all(map(equal, a, b))
