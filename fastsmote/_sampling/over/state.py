"""A plan as a pickle holds it: a version, numbers and plain arrays, checked when it is read.

Kernels read the arrays of a plan without looking whether a row number is one, so a pickle that was damaged,
or edited, must not become a plan.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.serialize import check_version
from fastsmote._sampling.over.records import ColumnRules, Donors, Smoothing

_VERSION = 1
_PLAIN = ("base", "neighbor", "gap", "label", "n_rows", "n_features", "counts_before")
_RECORDS = {"smoothing": Smoothing, "donors": Donors, "rules": ColumnRules}


def to_state(plan: Any) -> dict[str, Any]:
    """What a pickle of a SyntheticPlan holds."""
    fields = {name: getattr(plan, name) for name in _PLAIN}
    records = {name: getattr(plan, name) for name in _RECORDS}
    plain = {name: record and tuple(record) for name, record in records.items()}
    return {"version": _VERSION, **fields, **plain}


def from_state(state: Any) -> dict[str, Any]:
    """Fields of a SyntheticPlan; ValueError unless they are as a plan has them."""
    state = check_version(state, _VERSION, "SyntheticPlan")
    try:
        fields = {name: state[name] for name in (*_PLAIN, *_RECORDS)}
        for name, record in _RECORDS.items():
            if fields[name] is not None:
                fields[name] = record(*fields[name])
        _check(**fields)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"A pickle of SyntheticPlan lacks what a plan has: {error}.") from error
    return fields


def _check(
    base: NDArray[np.int64],
    neighbor: NDArray[np.int64],
    gap: NDArray[np.float64],
    label: NDArray[Any],
    n_rows: int,
    n_features: int | None,
    counts_before: dict[Any, int],
    smoothing: Smoothing | None,
    donors: Donors | None,
    rules: ColumnRules | None,
) -> None:
    n, d = len(base), n_features
    _check_array("base", base, np.int64, (n,), n_rows)
    _check_array("neighbor", neighbor, np.int64, (n,), n_rows)
    _check_array("gap", gap, np.float64, (n,))
    _check_array("label", label, label.dtype, (n,))
    dict(counts_before)
    if smoothing is not None:
        k = len(smoothing.seed)
        _check_array("smoothing.seed", smoothing.seed, np.uint64, (k,))
        _check_array("smoothing.stream", smoothing.stream, np.uint64, (k,))
        _check_array("smoothing.group", smoothing.group, np.int64, (n,), k)
        _check_array("smoothing.first", smoothing.first, np.int64, (k,), n + 1)
        _check_array("smoothing.deviation", smoothing.deviation, np.float64, (k, d))
    if donors is not None:
        m, c = donors.rows.shape
        _check_array("donors.columns", donors.columns, np.int64, (c,), d)
        _check_array("donors.rows", donors.rows, np.int64, (m, c), n_rows)
        _check_array("donors.place", donors.place, np.int64, (n,), m)
    if rules is not None:
        for name, dtype in (("immutable", bool), ("integer", bool), ("low", float), ("high", float)):
            _check_array(f"rules.{name}", getattr(rules, name), dtype, (d,))


def _check_array(
    name: str, array: NDArray[Any], dtype: Any, shape: tuple[int | None, ...], below: int | None = None
) -> None:
    """ValueError unless an array has this dtype and shape, and row numbers where ``below`` is given."""
    found = f"{array.dtype} of shape {array.shape}"
    if array.dtype != dtype or array.shape != shape:
        raise ValueError(
            f"A pickle of SyntheticPlan must have {name} as {np.dtype(dtype)} of shape {shape}. Got {found}."
        )
    if below is not None and array.size and not 0 <= array.min() <= array.max() < below:
        raise ValueError(
            f"A pickle of SyntheticPlan must have {name} from 0 to {below - 1}. "
            f"Got {array.min()} to {array.max()}."
        )
