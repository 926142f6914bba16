"""A plan as a pickle holds it: a version, numbers and plain arrays, checked when it is read."""

from types import SimpleNamespace
from typing import Any

from fastsmote._core.serialize import check_version
from fastsmote._sampling.over.checked import check_fields
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
    except (KeyError, TypeError) as error:
        raise ValueError(f"A pickle of SyntheticPlan lacks what a plan has: {error}.") from error
    check_fields(SimpleNamespace(**fields))
    return fields
