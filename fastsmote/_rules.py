"""``columns=``: what holds for the values of a column in new rows."""

import numbers
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

_ALLOWED = '"integer", "immutable", a pair (low, high), or a list of these'


class Rules(NamedTuple):
    """Per column (n_features,), as ``_kernels.constrain.constrain`` takes them."""

    immutable: NDArray[np.bool_]
    integer: NDArray[np.bool_]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def of(self, columns: NDArray[np.int64]) -> "Rules":
        """The rules of some columns."""
        return Rules(self.immutable[columns], self.integer[columns], self.low[columns], self.high[columns])


def check_rules(columns: Any, n_features: int, names: Sequence[Any] | None) -> Rules | None:
    """A mapping from column, by name or number, to rules.

    "integer" rounds to whole numbers, "immutable" takes the value of the base row, a pair (low, high) are
    bounds, None for none; a list joins several. Bounds of an integer column are drawn in to whole numbers.
    """
    if columns is None:
        return None
    if not isinstance(columns, Mapping):
        raise TypeError(f"columns must be a mapping from column to {_ALLOWED}. Got {columns!r}.")
    none = np.zeros(n_features, bool)
    rules = Rules(none, none.copy(), np.full(n_features, -np.inf), np.full(n_features, np.inf))
    for column, declared in columns.items():
        place = column_number(column, n_features, names, "columns")
        for rule in declared if isinstance(declared, list) else [declared]:
            _add(rules, place, rule, column)
        if rules.integer[place]:
            rules.low[place], rules.high[place] = np.ceil(rules.low[place]), np.floor(rules.high[place])
        if not rules.low[place] <= rules.high[place]:
            raise ValueError(f"columns[{column!r}] leaves no value: its bounds are {declared!r}.")
    return rules


def column_number(column: Any, n_features: int, names: Sequence[Any] | None, parameter: str) -> int:
    """The place of a column that is given by name or number."""
    if names is not None and column in names:
        return names.index(column)
    if (
        isinstance(column, numbers.Integral)
        and not isinstance(column, bool)
        and 0 <= int(column) < n_features
    ):
        return int(column)
    known = f"one of {list(names)[:10]!r}, or " if names is not None else ""
    raise ValueError(
        f"{parameter} must name columns of X: {known}a number in [0, {n_features - 1}]. Got {column!r}."
    )


def _add(rules: Rules, place: int, rule: Any, column: Any) -> None:
    if isinstance(rule, str) and rule in ("integer", "immutable"):
        (rules.integer if rule == "integer" else rules.immutable)[place] = True
        return
    if isinstance(rule, tuple) and len(rule) == 2 and all(map(_is_bound, rule)):
        low, high = rule
        rules.low[place] = -np.inf if low is None else low
        rules.high[place] = np.inf if high is None else high
        return
    raise ValueError(f"columns[{column!r}] must be {_ALLOWED}. Got {rule!r}.")


def _is_bound(value: Any) -> bool:
    return value is None or (
        isinstance(value, numbers.Real) and not isinstance(value, bool) and not np.isnan(float(value))
    )
