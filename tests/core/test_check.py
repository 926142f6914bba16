"""Matrices, integers and seeds: one canonical form for all that is accepted, a reason for what is not."""

import decimal
import fractions
import tracemalloc

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st

from fastsmote._core.check import check_integer, check_matrix, check_seed
from fastsmote._core.intake import read_numbers

HALF = "f2" if hasattr(nw, "Float16") else "f4"  # a type of tables that narwhals did not always have
VALUES = np.random.default_rng(0).normal(size=(37, 5))


def unaligned(values):
    records = np.zeros(len(values), [("pad", "u1"), ("row", "f8", values.shape[1])])
    records["row"] = values
    return records["row"]


def memmap(values, path, mode="r"):
    np.save(path, values)
    return np.load(path, mmap_mode=mode)


def readonly(values):
    values = values.copy()
    values.flags.writeable = False
    return values


class OnlyArray:
    def __array__(self, dtype=None, copy=None):
        return VALUES.copy()


LAYOUTS = {
    "C": VALUES,
    "F": np.asfortranarray(VALUES),
    "transposed": np.ascontiguousarray(VALUES.T).T,
    "reversed rows": VALUES[::-1].copy()[::-1],
    "reversed columns": VALUES[:, ::-1].copy()[:, ::-1],
    "strided": np.repeat(VALUES, 2, axis=0)[::2],
    "column slice": np.hstack([VALUES, VALUES])[:, :5],
    "read-only": readonly(VALUES),
    "big-endian": VALUES.astype(">f8"),
    "unaligned": unaligned(VALUES),
    "object": VALUES.astype(object),
    "list": VALUES.tolist(),
    "tuples": tuple(map(tuple, VALUES.tolist())),
    "list of arrays": list(VALUES),
    "__array__": OnlyArray(),
    "pandas": pd.DataFrame(VALUES),
    "pandas by column": pd.DataFrame({f"c{j}": VALUES[:, j] for j in range(5)}),
    "pandas nullable": pd.DataFrame(VALUES).astype("Float64"),
    "pandas arrow": pd.DataFrame(VALUES).astype(pd.ArrowDtype(pa.float64())),
    "pandas shuffled index": pd.DataFrame(VALUES, index=np.random.default_rng(1).permutation(37)),
    "pandas repeated names": pd.DataFrame(VALUES, columns=list("aabbc")).astype({"c": "Float64"}),
    "pandas multi-index": pd.DataFrame(VALUES, columns=pd.MultiIndex.from_product([["a"], range(5)])),
    "polars": pl.DataFrame(VALUES),
    "pyarrow": pa.table({f"c{j}": VALUES[:, j] for j in range(5)}),
    "pyarrow chunks": pa.concat_tables([pa.table({"a": VALUES[:9, 0]}), pa.table({"a": VALUES[9:, 0]})]),
    "record batch": pa.record_batch({f"c{j}": VALUES[:, j] for j in range(5)}),
}


def is_canonical(matrix):
    native = matrix.dtype in (np.float32, np.float64) and matrix.dtype.isnative
    return type(matrix) is np.ndarray and native and matrix.flags.c_contiguous and matrix.flags.aligned


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("n_jobs", [1, 3])
def test_layouts_give_the_same_matrix(layout, n_jobs):
    actual = check_matrix(LAYOUTS[layout], n_jobs=n_jobs)
    expected = VALUES[:, :1] if layout == "pyarrow chunks" else VALUES
    assert is_canonical(actual)
    np.testing.assert_array_equal(actual, expected, strict=True)


def test_broadcast_row():
    expected = np.tile(VALUES[0], (4, 1))
    np.testing.assert_array_equal(check_matrix(np.broadcast_to(VALUES[0], (4, 5))), expected, strict=True)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_canonical_input_is_not_copied_and_can_not_be_written_to(dtype, tmp_path):
    X = VALUES.astype(dtype)
    for container in [X, readonly(X), memmap(X, tmp_path / "X.npy")]:
        actual = check_matrix(container)
        assert np.shares_memory(actual, container)
        assert not actual.flags.writeable
    assert X.flags.writeable
    frame = pd.DataFrame(X, copy=False)
    assert np.shares_memory(check_matrix(frame), frame.to_numpy())


INTEGERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [
        *((name, np.float64) for name in [*INTEGERS, "bool", ">i4", "object"]),
        ("float16", np.float32),
        (">f4", np.float32),
    ],
)
def test_dtypes(dtype, expected):
    X = np.array([[0, 1], [1, 1], [1, 0]]).astype(dtype)
    before = X.copy()
    actual = check_matrix(X)
    assert is_canonical(actual)
    np.testing.assert_array_equal(actual, np.array([[0, 1], [1, 1], [1, 0]], expected), strict=True)
    np.testing.assert_array_equal(X, before, strict=True)


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"i": [1, 2], "b": [True, False], "f": np.array([0.5, 1], "f4")}),
        pd.DataFrame({"i": [1, 2], "b": [True, False], "f": [0.5, 1]}).astype(
            {"i": "Int8", "b": "boolean", "f": "Float32"}
        ),
        pd.DataFrame(
            {"i": [1, 2], "b": [True, False], "f": pd.Series([0.5, decimal.Decimal(1)], dtype=object)}
        ),
        pl.DataFrame({"i": pl.Series([1, 2], dtype=pl.Int128), "b": [True, False], "f": [0.5, 1.0]}),
        pl.DataFrame({"i": [1, 2], "b": [True, False], "f": ["0.5", "1"]}).cast({"f": pl.Decimal(5, 2)}),
        pa.table({"i": pa.array([1, 2], pa.uint8()), "b": [True, False], "f": np.array([0.5, 1], HALF)}),
        pa.table({"i": [1, 2], "b": [True, False], "f": pa.array([0.5, 1]).cast(pa.decimal128(9, 3))}),
    ],
)
def test_frames_of_mixed_types(frame):
    expected = np.array([[1, 1, 0.5], [2, 0, 1]])
    np.testing.assert_array_equal(check_matrix(frame), expected, strict=True)


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"a": np.ones(2, "f4"), "b": pd.Series([1, 1], dtype="Float32")}),
        pl.DataFrame({"a": [1.0, 1.0], "b": [1.0, 1.0]}, schema={"a": pl.Float32, "b": pl.Float32}),
        pa.table({"a": pa.array(np.ones(2, HALF)), "b": pa.array(np.ones(2, "f4"))}),
    ],
)
def test_narrow_frames_give_float32(frame):
    np.testing.assert_array_equal(check_matrix(frame), np.ones((2, 2), np.float32), strict=True)


REFUSED = {
    "0-d": (np.float64(1), ValueError, "Expected 2D array, got 0D array"),
    "1-d": (np.ones(3), ValueError, r"Expected 2D array, got 1D array instead.*reshape\(-1, 1\)"),
    "3-d": (np.ones((2, 2, 2)), ValueError, r"3D array.*\(2, 2, 2\)"),
    "series": (pd.Series([1.0]), ValueError, "Series.*reshape"),
    "no rows": (np.ones((0, 3)), ValueError, r"0 sample\(s\) \(shape=\(0, 3\)\) while a minimum of 1"),
    "no columns": (
        np.ones((3, 0)),
        ValueError,
        r"0 feature\(s\) \(shape=\(3, 0\)\) while a minimum of 1 is required\.",
    ),
    "no rows in a frame": (pd.DataFrame({"a": []}), ValueError, r"0 sample\(s\)"),
    "no columns in a frame": (pd.DataFrame(index=range(3)), ValueError, r"0 feature\(s\)"),
    "empty list": ([], ValueError, "Expected 2D array, got 1D"),
    "ragged": ([[1, 2], [3]], ValueError, "rows of equal length"),
    "generator": ((row for row in VALUES), TypeError, r"generator; .*list\(X\)"),
    "lazy frame": (pl.DataFrame({"a": [1]}).lazy(), TypeError, r"X\.collect\(\)"),
    "complex": (np.ones((2, 2), complex), ValueError, "Complex data not supported.*complex128"),
    "complex object": (np.array([[1, 1j]], object), ValueError, "Complex data not supported: column 1"),
    "complex column": (pd.DataFrame({"a": [1.0], "z": [1j]}), ValueError, "Complex.*'z'"),
    "longdouble": (np.ones((2, 2), np.longdouble), TypeError, r"astype\(np.float64\)"),
    "datetime": (np.zeros((2, 2), "M8[s]"), ValueError, r"datetime64\[s\]"),
    "timedelta": (np.zeros((2, 2), "m8[s]"), ValueError, r"timedelta64\[s\]"),
    "datetime column": (
        pd.DataFrame({"a": [1.0], "when": pd.to_datetime(["2020-01-01"])}),
        ValueError,
        "'when'.*datetime64",
    ),
    "text": (np.array([["a", "b"]]), ValueError, "must hold numbers.*<U1"),
    "bytes": (np.array([[b"a"]]), ValueError, "must hold numbers"),
    "digits": (np.array([["1", "2"]], object), ValueError, "column 0.*'1'.*str"),
    "text in a list": ([[1, "a"]], ValueError, "column 1.*'a'"),
    "text in objects": (np.array([[1, 2], [3, "a"]], object), ValueError, "column 1.*'a'.*row 1"),
    "dict": (np.array([[{"a": 1}]], object), ValueError, "dict"),
    "huge integer": (np.array([[10**400]], object), ValueError, "column 0.*float64"),
    "string column": (pd.DataFrame({"a": [1], "s": ["x"]}), ValueError, "'s'.*must hold numbers"),
    "object column": (pd.DataFrame({"s": pd.Series([1, "x"], dtype=object)}), ValueError, "'s'.*'x'.*row 1"),
    "category": (pd.DataFrame({"c": pd.Series([1, 2], dtype="category")}), ValueError, "'c'.*category"),
    "polars string": (pl.DataFrame({"a": [1], "s": ["x"]}), ValueError, "'s'.*String"),
    "arrow dictionary": (pa.table({"d": pa.array(["x"]).dictionary_encode()}), ValueError, "'d'"),
    "structured": (np.zeros(3, [("a", "f8"), ("b", "f8")]), TypeError, "structured"),
    "matrix": (np.matrix([[1.0, 2]]), TypeError, "np.matrix"),
    "masked": (np.ma.masked_array([[1.0, 2]]), TypeError, "mask"),
    "csr": (scipy.sparse.csr_array(np.eye(2)), TypeError, r"sparse.*\.toarray\(\)"),
    "coo matrix": (scipy.sparse.coo_matrix(np.eye(2)), TypeError, r"sparse.*\.toarray\(\)"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case):
    X, error, message = REFUSED[case]
    with pytest.raises(error, match=message):
        check_matrix(X)


def test_name_is_in_the_message():
    with pytest.raises(ValueError, match="queries must have two dimensions"):
        check_matrix(np.ones(3), name="queries")


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "object", ">f8"])
@pytest.mark.parametrize(("value", "message"), [(np.nan, "NaN"), (np.inf, "inf"), (-np.inf, "infinity")])
def test_first_bad_value_is_named(dtype, value, message):
    X = VALUES.copy()
    X[11, 3] = value
    X[30, 0] = -value
    with pytest.raises(ValueError, match=f"Input X contains {message}.*row 11, column 3"):
        check_matrix(X.astype(dtype))
    assert check_matrix(X.astype(dtype), finite=False).shape == X.shape


MISSING = {
    "pandas": pd.DataFrame({"a": [1.0, 2.0], "b": [1.0, np.nan]}),
    "pandas object": pd.DataFrame({"a": [1.0, 2.0], "b": pd.Series([1, None], dtype=object)}),
    "pandas object NA": pd.DataFrame({"a": [1.0, 2.0], "b": pd.Series([1, pd.NA], dtype=object)}),
    "Int64": pd.DataFrame({"a": [1, 2], "b": pd.Series([1, None], dtype="Int64")}),
    "boolean": pd.DataFrame({"a": [1, 2], "b": pd.Series([True, None], dtype="boolean")}),
    "Float32": pd.DataFrame({"a": [1, 2], "b": pd.Series([1, None], dtype="Float32")}),
    "pandas arrow": pd.DataFrame({"a": [1, 2], "b": pd.Series([1, None], dtype=pd.ArrowDtype(pa.int8()))}),
    "polars": pl.DataFrame({"a": [1, 2], "b": [1, None]}),
    "polars bool": pl.DataFrame({"a": [1, 2], "b": [True, None]}),
    "polars NaN": pl.DataFrame({"a": [1, 2], "b": [1.0, float("nan")]}),
    "pyarrow": pa.table({"a": [1, 2], "b": [1, None]}),
    "pyarrow bool": pa.table({"a": [1, 2], "b": [True, None]}),
    "record batch": pa.record_batch({"a": [1, 2], "b": [1.0, None]}),
}


@pytest.mark.parametrize("frame", MISSING)
def test_missing_values_are_named_by_column(frame):
    with pytest.raises(ValueError, match=r"contains NaN.*row 1, column 'b'"):
        check_matrix(MISSING[frame])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_scan_finds_any_position(dtype, n_jobs):
    n = 2**19 + 4097  # more than a block and a chunk, with rests
    X = np.full((n, 1), np.finfo(dtype).max, dtype)
    X[::2] = np.finfo(dtype).smallest_subnormal
    X[::3] = -0.0
    assert np.shares_memory(check_matrix(X, n_jobs=n_jobs), X)
    for row in [0, 1, 4095, 4096, 2**19 - 1, 2**19, n - 1]:
        kept = X[row, 0]
        X[row] = -np.inf if row % 2 else np.nan
        with pytest.raises(ValueError, match=f"row {row}, column 0"):
            check_matrix(X, n_jobs=n_jobs)
        X[row] = kept


@settings(deadline=None)  # the first example may compile the kernel
@given(bits=st.integers(0, 2**64 - 1))
def test_scan_agrees_with_isfinite(bits):
    X = np.array([[bits]], np.uint64).view(np.float64)
    if np.isfinite(X).all():
        assert np.shares_memory(check_matrix(X), X)
    else:
        with pytest.raises(ValueError, match=r"NaN|inf"):
            check_matrix(X)


def test_scan_allocates_nothing_of_the_size_of_the_data():
    X = np.zeros((100_000, 20))
    check_matrix(X)
    tracemalloc.start()
    check_matrix(X)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100_000  # a mask would be 2 MB


def test_X_and_y_of_different_length():
    _, _, labels, matrix = read_numbers(VALUES, [0, 1] * 18 + [0])
    assert np.shares_memory(matrix, VALUES)
    assert labels.counts.tolist() == [19, 18]
    with pytest.raises(ValueError, match="inconsistent numbers of samples: 37 and 36"):
        read_numbers(VALUES, [0, 1] * 18)


@pytest.mark.parametrize("value", [1, 5, np.int8(3), np.uint64(4)])
def test_integer_accepted(value):
    actual = check_integer(value, "k_neighbors", maximum=5)
    assert actual == value
    assert type(actual) is int


@pytest.mark.parametrize("value", [True, np.True_, 1.0, np.float64(2), "3", None, [1], fractions.Fraction(2)])
def test_integer_of_a_wrong_type(value):
    with pytest.raises(TypeError, match=r"k_neighbors must be an integer >= 1\. Got"):
        check_integer(value, "k_neighbors")


@pytest.mark.parametrize("value", [-1, 6, np.int64(2**40)])
def test_integer_out_of_range(value):
    with pytest.raises(ValueError, match=rf"m must be an integer in \[0, 5\]. Got {value}\."):
        check_integer(value, "m", minimum=0, maximum=5)


def test_seed_of_integers():
    assert check_seed(0) == 0
    assert check_seed(np.int64(7)) == check_seed(np.uint8(7)) == 7
    assert check_seed(2**64 - 1) == 2**64 - 1
    large = check_seed(2**64)
    assert large == check_seed(2**64) != check_seed(2**200)
    assert 0 <= large < 2**64
    assert type(check_seed(np.int64(7))) is int


def test_seed_of_none_is_fresh():
    seeds = {check_seed(None) for _ in range(5)}
    assert len(seeds) == 5
    assert all(0 <= seed < 2**64 for seed in seeds)


def test_seed_sequence_is_not_consumed():
    sequence = np.random.SeedSequence(3)
    assert check_seed(sequence) == check_seed(sequence) == check_seed(np.random.SeedSequence(3))
    assert sequence.n_children_spawned == 0
    assert check_seed(sequence) != check_seed(sequence.spawn(1)[0])


@pytest.mark.parametrize("make", [np.random.default_rng, np.random.RandomState])
def test_seed_of_generators_advances(make):
    generator = make(5)
    first, second = check_seed(generator), check_seed(generator)
    assert first != second
    again = make(5)
    assert [check_seed(again), check_seed(again)] == [first, second]
    assert all(0 <= seed < 2**64 for seed in (first, second))


def test_global_stream_is_untouched():
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    check_seed(None)
    check_seed(4)
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_seed_refused():
    with pytest.raises(ValueError, match=r"random_state must be an integer >= 0\. Got -1"):
        check_seed(-1)
    for value in (True, 1.5, "a", [1]):
        with pytest.raises(TypeError, match="random_state must be None, an integer"):
            check_seed(value)
