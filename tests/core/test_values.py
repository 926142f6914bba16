"""What computed numbers become in a column: whole numbers stay whole, Decimals Decimals."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from fastsmote._core.values import ColumnNumbers, objects, rounded, times_of, typed

NAN = float("nan")
KINDS = {
    "bools": ([True, False], "b"),
    "NumPy bools": ([np.True_, False], "b"),
    "ints": ([1, 2], "i"),
    "NumPy ints": ([np.int8(1), np.uint64(2)], "i"),
    "bools among ints": ([True, 2], "i"),
    "huge ints": ([2**70, -(2**90)], "i"),
    "ints and None": ([1, None, 3], "i"),
    "ints and NaN": ([1, NAN, 3], "i"),
    "bools and NA": ([True, pd.NA], "b"),
    "Decimals": ([Decimal("1.5")], "d"),
    "Decimals among ints": ([Decimal("1.5"), 2], "d"),
    "Decimals and NaN": ([Decimal("1.5"), Decimal("NaN"), NAN], "d"),
    "Decimals among floats": ([Decimal("1.5"), 2.5], "f"),
    "floats": ([1.0, 2.0], "f"),
    "float32": ([np.float32(1.5)], "f"),
    "ints among floats": ([1, 2.5], "f"),
    "Fractions": ([Fraction(1, 3), 1], "f"),
    "nothing": ([None, NAN], "f"),
}


@pytest.mark.parametrize("case", KINDS)
def test_kinds_of_objects__B1_B2(case):
    values, kind = KINDS[case]
    assert objects(values).kind == kind


@pytest.mark.parametrize(
    "values",
    [
        ["a", 1],
        [b"1"],
        [1j],
        [np.timedelta64(1, "D")],
        [np.datetime64("2024-01-01")],
        [[1]],
        [pd.Timestamp(0)],
    ],
)
def test_objects_that_are_no_numbers(values):
    assert objects(values) is None


NEW = np.array([0.5, 1.5, 2.6, -0.4, 1.385])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2], [0, 2, 3, 0, 1]),
        ([True], [False, True, True, False, True]),
        (
            [Decimal("1.10"), 7],
            [Decimal(v) for v in ("0.50", "1.50", "2.60", "-0.40", "1.39")],
        ),
        ([Decimal("1E+2")], [Decimal(v) for v in ("0", "2", "3", "0", "1")]),
        ([0.5, 1], [0.5, 1.5, 2.6, -0.4, 1.385]),
        ([Fraction(1, 3)], [0.5, 1.5, 2.6, -0.4, 1.385]),
    ],
)
def test_computed_numbers_become_those_of_the_column__B1_B2(values, expected):
    made = objects(values).of(NEW).tolist()
    assert made == expected
    assert list(map(type, made)) == list(map(type, expected))


@pytest.mark.parametrize("missing", [None, pd.NA, NAN])
@pytest.mark.parametrize("value", [True, 3, Decimal("0.5"), 0.5])
def test_what_is_missing_is_written_as_the_column_writes_it__B1(missing, value):
    made = objects([value, missing]).of(np.array([NAN, 1.0])).tolist()
    assert made[0] is missing or np.isnan(made[0])
    assert made[1] == 1
    assert type(made[1]) is type(value)


def test_huge_whole_numbers_are_not_clipped__B1():
    assert objects([2**70]).of(np.array([2.0**70, -(2.0**90)])).tolist() == [2**70, -(2**90)]


@pytest.mark.parametrize(("dtype", "top"), [("int64", 2**63 - 1), ("uint64", 2**64 - 1), ("uint8", 255)])
def test_the_largest_integers_stay_within_their_type__B2(dtype, top):
    made = rounded(np.array([float(top), 1e300, -1e300, -0.6]), np.dtype(dtype))
    lowest = int(np.iinfo(dtype).min)
    assert made.tolist() == [top, top, lowest, max(lowest, -1)]


def test_columns_with_gaps_are_rounded_and_clipped_as_floats__B2():
    made = ColumnNumbers("i", np.dtype("int8"), has_gaps=True).of(np.array([0.6, 300.0, NAN]))
    np.testing.assert_array_equal(made, [1.0, 127.0, NAN])
    np.testing.assert_array_equal(
        typed(np.dtype(bool))._replace(has_gaps=True).of(np.array([0.6, NAN])), [1, NAN]
    )


def test_times_of_objects__B5():
    assert times_of(np.array([1, np.timedelta64(1, "D")], object)) == "timedelta64"
    assert times_of(np.array([pd.NaT, None, 1.0], object)) is None
    assert times_of(np.array(["2024-01-01"], "M8[D]")) == "datetime64[D]"


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_noise_does_not_leave_the_range_of_narrow_floats(dtype):
    most = float(np.finfo(dtype).max)
    made = rounded(np.array([1e300, -1e300, NAN, 0.5]), np.dtype(dtype))
    np.testing.assert_array_equal(made, np.array([most, -most, NAN, 0.5], dtype))
