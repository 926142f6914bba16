"""``columns=``: what holds for the values of a column in new rows."""

import numbers
from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR
from typing import Any

import numpy as np

from fastsmote._core.tables import Table, column_number
from fastsmote._core.values import ColumnNumbers
from fastsmote._sampling.over.records import ColumnRules

_MOST = float(np.finfo(np.float64).max)
_ALLOWED = '"integer", "immutable", a pair (low, high), or a list of these'


def check_column_rules(
    columns: Any, table: Table, dtype: Any, categorical: Sequence[int] = ()
) -> ColumnRules | None:
    """A mapping from column of X, by name or number, to rules for values that are computed as ``dtype``.

    "integer" rounds to whole numbers, as is done in columns of integers anyway; "immutable" takes the value
    of the base row; a pair (low, high) are bounds, None for none; a list joins several. Bounds are drawn in
    to what the column can hold: whole numbers, Decimals, or float32. A categorical column can
    be immutable only.
    """
    if columns is None or columns == {}:
        return None
    if not isinstance(columns, Mapping):
        raise TypeError(f"columns must be a mapping from column to {_ALLOWED}. Got {columns!r}.")
    names, d = table.names, table.shape[1]
    held = [table.held(place) for place in range(d)]
    whole = np.array([known is not None and known.is_whole for known in held])
    rules = ColumnRules(np.zeros(d, bool), whole, np.full(d, -np.inf), np.full(d, np.inf))
    for column, declared in columns.items():
        place = column_number(column, d, names, "columns")
        joined = declared if isinstance(declared, list) else [declared]
        if "immutable" in joined and len(joined) > 1:
            raise ValueError(f'columns[{column!r}]: "immutable" goes with no other rule. Got {declared!r}.')
        for rule in joined:
            if place in categorical and rule != "immutable":
                raise ValueError(
                    f'columns[{column!r}] must be "immutable", as the column is categorical: its values are '
                    f"never computed. Got {rule!r}."
                )
            _add(rules, place, rule, column)
        low, high = rules.low[place], rules.high[place]
        if rules.integer[place]:
            low, high = np.ceil(low), np.floor(high)
        if (known := held[place]) is not None and known.kind == "d":
            low, high = known.to_places(low, ROUND_CEILING), known.to_places(high, ROUND_FLOOR)
        low, high = _as_held(low, dtype, np.inf), _as_held(high, dtype, -np.inf)
        least, most = _range(held[place])
        if not low <= high or low > most or high < least:
            raise ValueError(
                f"columns[{column!r}] leaves no value that the column can hold. Got {declared!r}; widen the "
                "bounds."
            )
        rules.low[place], rules.high[place] = low, high
    return rules


def _range(held: ColumnNumbers | None) -> tuple[float, float]:
    """What a column can hold."""
    return (-_MOST, _MOST) if held is None else held.limits


def _as_held(bound: Any, dtype: Any, inwards: float) -> float:
    """The next value of a type that is not outside the bound."""
    with np.errstate(over="ignore"):
        held = np.dtype(dtype).type(bound)
    if (held < bound) if inwards > 0 else (held > bound):
        held = np.nextafter(held, held.dtype.type(inwards))
    return float(held)


def _add(rules: ColumnRules, place: int, rule: Any, column: Any) -> None:
    if isinstance(rule, str) and rule in ("integer", "immutable"):
        (rules.integer if rule == "integer" else rules.immutable)[place] = True
        return
    if isinstance(rule, tuple) and len(rule) == 2 and all(map(_is_bound, rule)):
        low, high = (None if bound is None else _as_float(bound) for bound in rule)
        rules.low[place] = max(rules.low[place], -np.inf if low is None else low)
        rules.high[place] = min(rules.high[place], np.inf if high is None else high)
        return
    raise ValueError(f"columns[{column!r}] must be {_ALLOWED}. Got {rule!r}.")


def _is_bound(value: Any) -> bool:
    return value is None or (
        isinstance(value, numbers.Real) and not isinstance(value, bool) and not np.isnan(_as_float(value))
    )


def _as_float(bound: Any) -> float:
    """A number as float64, infinite beyond its range."""
    try:
        return float(bound)
    except OverflowError:
        return np.inf if bound > 0 else -np.inf
