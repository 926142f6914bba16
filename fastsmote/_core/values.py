"""What the numbers of a column are, and what computed numbers become among them: one rule everywhere.

A column of bools stays bools, whole numbers stay whole, and Decimals stay Decimals with as many places as the
finest of them has: computed floats are rounded to nearest, half to even. All other numbers become floats. A
type says so for a whole column; of Python objects (object arrays, nested lists, object columns of pandas) the
values themselves are asked. Whole floats are floats, and a Fraction becomes one: it goes with floats in all
arithmetic, which a Decimal does not.
"""

import datetime
import decimal
import math
import numbers
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

MISSING_TYPES = ("NoneType", "NAType", "NaTType")
_MOMENTS = (datetime.date, datetime.time, datetime.timedelta, np.datetime64, np.timedelta64)
_WITH_NAN = (float, np.floating, decimal.Decimal)
_BOOLS = (bool, np.bool_)
_KINDS = (  # of objects that are no floats: the first that all are
    ("b", _BOOLS),
    ("i", (numbers.Integral, *_BOOLS)),
    ("d", (numbers.Integral, decimal.Decimal, *_BOOLS)),
)
_EXACT = decimal.Context(prec=2000)  # more digits than a float64 and its rounding have
_MOST_PLACES = 1100  # beyond those of the smallest float64


def is_missing(value: object) -> bool:
    """None, pandas.NA and NaT."""
    return type(value).__name__ in MISSING_TYPES


def is_missing_or_nan(value: object) -> bool:
    return is_missing(value) or (isinstance(value, _WITH_NAN) and math.isnan(value))


def is_time_type(kind: type) -> bool:
    """Whether values of a type are dates, times, periods or durations; NaT is missing."""
    return kind.__name__ not in MISSING_TYPES and (issubclass(kind, _MOMENTS) or kind.__name__ == "Period")


def is_number_type(kind: type) -> bool:
    """Whether values of a type are real numbers or bools."""
    is_real = issubclass(kind, numbers.Real | decimal.Decimal | np.bool_)
    return is_real and not issubclass(kind, np.timedelta64)  # which NumPy counts as an integer


def times_of(values: NDArray[Any]) -> str | None:
    """The type of the dates, times, periods or durations in an array; None without any."""
    if values.dtype.kind in "mM":
        return str(values.dtype)
    kinds = set(map(type, values.tolist())) if values.dtype.kind == "O" else set()
    return next((kind.__name__ for kind in sorted(kinds, key=repr) if is_time_type(kind)), None)


class ColumnNumbers(NamedTuple):
    """The numbers of a column: what they are, and how they are kept."""

    kind: str  # as of a dtype: b, i, u or f; d for Decimals
    dtype: np.dtype  # of an array that keeps them; object for Python's
    places: int = 0  # of Decimals
    missing: Any = np.nan  # among objects: how a missing one is written
    has_gaps: bool = False  # a typed column with missing values that are no NaN

    @property
    def is_whole(self) -> bool:
        return self.kind in "biu"

    @property
    def store(self) -> np.dtype:
        """The type of an array for new numbers: that of the column, or where some are missing floats."""
        return np.dtype(np.float64) if self.has_gaps else self.dtype

    @property
    def limits(self) -> tuple[float, float]:
        """What the column can hold."""
        if self.kind == "b":
            return 0.0, 1.0
        if self.dtype.kind in "iu":
            return float(np.iinfo(self.dtype).min), float(np.iinfo(self.dtype).max)
        most = float(np.finfo(self.dtype if self.dtype.kind == "f" else np.float64).max)
        return -most, most

    def of(self, values: NDArray[Any]) -> NDArray[Any]:
        """Computed numbers as numbers of this column."""
        if self.has_gaps and self.is_whole:
            return _whole(values, self.dtype)
        if self.dtype.kind != "O":
            return rounded(np.rint(values) if self.is_whole else values, self.dtype)
        absent = np.isnan(values)
        result = np.empty(len(values), object)
        result[:] = self._objects(np.where(absent, 0.0, values))
        if absent.any():
            result[absent] = self.missing
        return result

    def _objects(self, values: NDArray[Any]) -> list[Any]:
        if self.kind == "b":
            return list((np.rint(values) != 0).tolist())
        if self.kind == "i":
            return list(map(int, np.rint(values).tolist()))
        if self.kind == "d":
            return [self._decimal(value, decimal.ROUND_HALF_EVEN) for value in values.tolist()]
        return list(values.tolist())

    def _decimal(self, value: float, rounding: str) -> decimal.Decimal:
        return decimal.Decimal(value).quantize(decimal.Decimal(1).scaleb(-self.places), rounding, _EXACT)

    def to_places(self, bound: float, rounding: str) -> float:
        """A bound of a column of Decimals as one that they can reach; infinity as it is."""
        return float(self._decimal(bound, rounding)) if math.isfinite(bound) else bound


def typed(dtype: np.dtype) -> ColumnNumbers | None:
    """The numbers of a column that has a NumPy type; None where it holds no numbers."""
    return ColumnNumbers(dtype.kind, dtype) if dtype.kind in "biuf" else None


def objects(values: Iterable[Any]) -> ColumnNumbers | None:
    """The numbers among Python objects; None where something else is among them."""
    values = list(values)
    kinds = set(map(type, values))
    present = [kind for kind in kinds if kind.__name__ not in MISSING_TYPES]
    if not all(map(is_number_type, present)):
        return None
    held = ColumnNumbers("f", np.dtype(object), missing=_marker(values, len(present) < len(kinds)))
    floats = tuple(kind for kind in present if issubclass(kind, float | np.floating))
    if floats and not all(math.isnan(value) for value in values if isinstance(value, floats)):
        return held
    present = [kind for kind in present if kind not in floats]
    for kind, among in _KINDS:
        if present and all(issubclass(one, among) for one in present):
            return held._replace(kind=kind, places=_places(values) if kind == "d" else 0)
    return held


def _marker(values: list[Any], are_missing: bool) -> Any:
    """How the first missing value is written; NaN where none is."""
    return next(filter(is_missing, values), np.nan) if are_missing else np.nan


def _places(values: list[Any]) -> int:
    """Places of the finest Decimal."""
    exponents = (value.as_tuple().exponent for value in values if isinstance(value, decimal.Decimal))
    return min(max([0, *(-e for e in exponents if isinstance(e, int))]), _MOST_PLACES)


def rounded(values: NDArray[Any], dtype: np.dtype) -> NDArray[Any]:
    """Floats as ``dtype``: integers and bools rounded half to even, integers and narrower floats clipped.

    Missing values (NaN) of a column whose type knows other ones stay floats.
    """
    if dtype.kind in "biu" and np.isnan(values).any():
        return _whole(values, dtype)
    if dtype.kind == "b":
        return np.rint(values) != 0
    if dtype.kind not in "iu":
        if dtype.itemsize < values.dtype.itemsize:  # of noise; values between two of the column are within
            most = np.finfo(dtype).max
            values = values.clip(-most, most)
        return values.astype(dtype, copy=False)
    whole = _whole(values, dtype).astype(dtype)
    limits = np.iinfo(dtype)
    if float(limits.max) > limits.max:  # 2**63 and 2**64: of 64 bits
        whole[values >= float(limits.max)] = limits.max
    return whole


def _whole(values: NDArray[Any], dtype: np.dtype) -> NDArray[Any]:
    """Whole floats that an integer type, or bool, can hold; NaN as it is."""
    if dtype.kind == "b":
        return np.rint(values).clip(0.0, 1.0)
    limits = np.iinfo(dtype)
    top = float(limits.max)
    if top > limits.max:  # the float below is the largest that can be cast
        top = float(np.nextafter(top, 0))
    return np.rint(values).clip(float(limits.min), top)
