"""What of a plan kernels take on trust: checked when it is made or read, and again before rows are made.

Kernels read the arrays of a plan without looking whether a row number is one. A plan is public, travels, and
its arrays may be written to after it was made; so what makes some rows is looked at again before they are
made. A million new rows take 3 ms, which is 1 % of the time in which they are made.
"""

import numbers
from typing import Any, NoReturn, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.typing import RowIds
from fastsmote._sampling.over.records import ColumnRules, Donors, PlanLike, Smoothing

Here: TypeAlias = slice | RowIds
ALL = slice(None)
_PLAIN = (np.ndarray, np.memmap)  # kernels are compiled for these; other classes of arrays may mean more
_FIELDS = "base", "neighbor", "gap", "label", "n_rows", "n_features", "smoothing", "donors", "rules"


def check_fields(plan: Any) -> None:
    """ValueError unless the fields of a plan are as a plan has them."""
    check_parents(plan)
    if not isinstance(plan.counts_before, dict):
        _refuse("counts_before as a dict of label to number of rows", _described(plan.counts_before))
    counts = plan.counts_before.values()
    if not all(isinstance(count, numbers.Integral) and int(count) >= 0 for count in counts):
        _refuse("counts_before of whole numbers from 0 on", list(counts))


def check_parents(plan: PlanLike, here: Here = ALL) -> None:
    """ValueError unless kernels can make the new rows ``here``, a range or numbers from 0 to n_new - 1.

    O(rows here), and the tables that all rows share.
    """
    missing = [name for name in _FIELDS if not hasattr(plan, name)]
    if missing:
        _refuse(", ".join(_FIELDS), f"none of {missing}")
    _require_vector("base", plan.base)
    n, n_rows, d = len(plan.base), _count("n_rows", plan.n_rows), plan.n_features
    if d is not None:
        _count("n_features", d)
    elif any(record is not None for record in (plan.smoothing, plan.donors, plan.rules)):
        _refuse("n_features where it has smoothing, donors or rules", d)
    _require_array("base", plan.base, np.int64, (n,))
    _require_array("neighbor", plan.neighbor, np.int64, (n,))
    _require_array("gap", plan.gap, np.float64, (n,))
    if type(plan.label) not in _PLAIN or plan.label.shape != (n,):
        _refuse(f"label as an array of shape {(n,)}", _described(plan.label))
    _require_below("base", plan.base[here], n_rows)
    _require_below("neighbor", plan.neighbor[here], n_rows)
    gap = plan.gap[here]
    if gap.size and not -np.inf < gap.min() <= gap.max() <= 1:  # NaN is neither
        _refuse("gap of finite numbers up to 1", f"{gap.min()} to {gap.max()}")
    if plan.smoothing is not None and plan.donors is not None:  # noise goes by the place of a column
        _refuse("smoothing or donors, not both", "both")
    if plan.smoothing is not None:
        _check_smoothing(plan.smoothing, n, d, here)
    if plan.donors is not None:
        _check_donors(plan.donors, n, n_rows, d, here)
    if plan.rules is not None:
        _check_rules(plan.rules, d)


def _check_smoothing(smoothing: Smoothing, n: int, d: int | None, here: Here) -> None:
    _require_record("smoothing", smoothing, Smoothing)
    seed, stream, group, first, deviation = smoothing
    _require_vector("smoothing.seed", seed)
    k = len(seed)
    _require_array("smoothing.seed", seed, np.uint64, (k,))
    _require_array("smoothing.stream", stream, np.uint64, (k,))
    _require_array("smoothing.group", group, np.int64, (n,))
    _require_array("smoothing.first", first, np.int64, (k,))
    _require_array("smoothing.deviation", deviation, np.float64, (k, d))
    _require_below("smoothing.stream", stream, 2**32)
    _require_below("smoothing.group", group[here], k)
    places = np.arange(*here.indices(n)) if isinstance(here, slice) else here
    if not (first[group[here]] <= places).all():
        _refuse("smoothing.first at most the place of each row of its group", "a later place")
    if deviation.size and not 0 <= deviation.min() <= deviation.max() < np.inf:
        _refuse("smoothing.deviation of finite numbers from 0 on", f"{deviation.min()} to {deviation.max()}")


def _check_donors(donors: Donors, n: int, n_rows: int, d: int | None, here: Here) -> None:
    _require_record("donors", donors, Donors)
    columns, rows, place = donors
    _require_vector("donors.columns", columns)
    _require_vector("donors.rows", rows, 2)
    c = len(columns)
    _require_array("donors.columns", columns, np.int64, (c,))
    _require_array("donors.rows", rows, np.int64, (len(rows), c))
    _require_array("donors.place", place, np.int64, (n,))
    _require_below("donors.columns", columns, d)
    if len(np.unique(columns)) < c:
        _refuse("donors.columns of different columns", columns.tolist())
    _require_below("donors.place", place[here], len(rows))
    _require_below("donors.rows", rows if here is ALL else rows[place[here]], n_rows)


def _check_rules(rules: ColumnRules, d: int | None) -> None:
    _require_record("rules", rules, ColumnRules)
    for name, dtype in (("immutable", bool), ("integer", bool), ("low", float), ("high", float)):
        _require_array(f"rules.{name}", getattr(rules, name), dtype, (d,))
    if not (rules.low <= rules.high).all():
        _refuse("rules.low at most rules.high", "a column where it is not")


def _count(name: str, value: Any) -> int:
    """A number of rows or columns."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < 1:
        _refuse(f"{name} as a whole number from 1 on", value)
    return int(value)


def _require_record(name: str, record: Any, kind: type) -> None:
    if type(record) is not kind:
        _refuse(f"{name} as a record {kind.__name__}", type(record).__name__)


def _require_array(name: str, array: Any, dtype: Any, shape: tuple[int | None, ...]) -> None:
    if type(array) not in _PLAIN or array.dtype != dtype or array.shape != shape:
        _refuse(f"{name} as {np.dtype(dtype)} of shape {shape}", _described(array))


def _require_vector(name: str, array: Any, ndim: int = 1) -> None:
    if type(array) not in _PLAIN or array.ndim != ndim:
        _refuse(f"{name} as an array with {ndim} dimension{'s' * (ndim > 1)}", _described(array))


def _described(value: Any) -> str:
    return f"{value.dtype} of shape {value.shape}" if type(value) in _PLAIN else type(value).__name__


def _require_below(name: str, numbers: NDArray[Any], limit: int | None) -> None:
    if limit is not None and numbers.size and not 0 <= numbers.min() <= numbers.max() < limit:
        _refuse(f"{name} from 0 to {limit - 1}", f"{numbers.min()} to {numbers.max()}")


def _refuse(wanted: str, got: Any) -> NoReturn:
    raise ValueError(f"A SyntheticPlan must have {wanted}. Got {got}; make the plan anew.")
