"""Rows taken, repeated and added come back in the container that was given, with its types and names."""

import tracemalloc

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from fastsmote._core.check import check_matrix
from fastsmote._core.containers import append_rows, n_rows, take
from fastsmote._core.growth import append_numbers
from fastsmote._core.tables import Table

ROWS = np.array([3, 0, 0, 2])
WHEN = pd.to_datetime(["2020-01-01", "2021-02-03", "2022-01-01", "2023-01-01"])

PANDAS = pd.DataFrame(
    {
        "f": np.array([0.5, 1, 2, 4], "f4"),
        "i": pd.Series([1, None, 3, 4], dtype="Int64"),
        "b": pd.Series([True, None, False, True], dtype="boolean"),
        "c": pd.Series(["x", "y", "x", None], dtype=pd.CategoricalDtype(["z", "y", "x"], ordered=True)),
        "s": ["p", "q", None, "s"],
        "o": pd.Series([1, "q", None, (2,)], dtype=object),
        "t": WHEN,
        "z": WHEN.tz_localize("Europe/Paris"),
        "a": pd.Series([[1], [], None, [2]], dtype=pd.ArrowDtype(pa.list_(pa.int8()))),
        "p": pd.Series([0.0, 0, 1, 0], dtype=pd.SparseDtype(float, 0.0)),
    }
).set_axis(["r1", "r2", "r3", "r4"], axis=0)
POLARS = pl.DataFrame(
    {"f": [0.5, 1, 2, 4], "i": [1, None, 3, 4], "s": ["p", "q", None, "s"], "c": ["x", "y", "x", None]},
    schema_overrides={"f": pl.Float32, "i": pl.Int8, "c": pl.Enum(["z", "y", "x"])},
)
ARROW = pa.table(
    {
        "f": pa.array([0.5, 1, 2, 4], pa.float32()),
        "i": pa.array([1, None, 3, 4], pa.int8()),
        "s": ["p", "q", None, "s"],
    }
)

ARRAYS = {
    "C": np.arange(12.0).reshape(4, 3),
    "F": np.asfortranarray(np.arange(12.0).reshape(4, 3)),
    "strided": np.arange(24).reshape(8, 3)[::-2],
    "1-d": np.arange(4),
    "str": np.array(["p", "q", "r", "long"]),
    "object": np.array([[1, "a"], [None, 2.5], [(1,), "b"], [3, 4]], object),
    "datetime": np.array(["2020", "2021", "2022", "2023"], "M8[Y]"),
    "big-endian": np.arange(4, dtype=">i4"),
    "structured": np.array([(1, 2.0), (3, 4.0), (5, 6.0), (7, 8.0)], [("a", "u1"), ("b", "f8")]),
    "one-hot": np.eye(4, dtype=bool),
    "3-d": np.arange(24).reshape(4, 3, 2),
    "no columns": np.empty((4, 0)),
}


@pytest.mark.parametrize("kind", ARRAYS)
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_arrays(kind, n_jobs):
    X = ARRAYS[kind]
    before = X.copy()
    np.testing.assert_array_equal(take(X, ROWS, n_jobs=n_jobs), X[ROWS], strict=True)
    both = append_rows(X, ROWS, n_jobs=n_jobs)
    np.testing.assert_array_equal(both, np.concatenate([X, X[ROWS]]).astype(X.dtype), strict=True)
    assert both.dtype == X.dtype
    assert not np.shares_memory(both, X)
    np.testing.assert_array_equal(X, before)
    assert n_rows(X) == 4


@given(X=hnp.arrays(np.int16, st.tuples(st.integers(1, 9), st.integers(1, 4))), data=st.data())
def test_arrays_property(X, data):
    rows = np.array(data.draw(st.lists(st.integers(0, len(X) - 1))), np.int64)
    for source in (X, np.asfortranarray(X), X[::-1]):
        np.testing.assert_array_equal(take(source, rows), source[rows], strict=True)
        np.testing.assert_array_equal(
            append_rows(source, rows), np.vstack([source, source[rows]]), strict=True
        )


def test_large_arrays_in_blocks():
    rng = np.random.default_rng(0)
    X = rng.random((70_001, 5))
    rows = rng.integers(0, len(X), 50_003)
    for source in (X, np.asfortranarray(X)):
        np.testing.assert_array_equal(take(source, rows, n_jobs=3), X[rows])
        both = append_rows(source, rows, n_jobs=3)
        np.testing.assert_array_equal(both, np.concatenate([X, X[rows]]))


def test_memmap_gives_an_array(tmp_path):
    np.save(tmp_path / "X.npy", ARRAYS["C"])
    X = np.load(tmp_path / "X.npy", mmap_mode="r")
    for actual, expected in [(take(X, ROWS), X[ROWS]), (append_rows(X, ROWS), np.vstack([X, X[ROWS]]))]:
        assert type(actual) is np.ndarray
        np.testing.assert_array_equal(actual, expected)


@pytest.mark.parametrize("container", [[[1, "a"], [2, None], [3], 4.5], ("a", "b", "c", "d")])
def test_sequences_give_lists(container):
    assert n_rows(container) == 4
    expected = [container[3], container[0], container[0], container[2]]
    assert take(container, ROWS) == expected
    assert append_rows(container, ROWS) == [*container, *expected]
    assert isinstance(take(container, ROWS), list)


PANDAS_OBJECTS = {
    "frame": PANDAS,
    "series": PANDAS["i"],
    "category": PANDAS["c"],
    "repeated names": PANDAS.set_axis(list("aabbccddee"), axis=1),
    "multi-index": PANDAS.set_axis(pd.MultiIndex.from_product([["u"], range(10)], names=["k", "l"]), axis=1),
}


@pytest.mark.parametrize("kind", PANDAS_OBJECTS)
def test_pandas(kind):
    frame = PANDAS_OBJECTS[kind]
    equal = pd.testing.assert_series_equal if frame.ndim == 1 else pd.testing.assert_frame_equal
    equal(take(frame, ROWS), frame.iloc[ROWS])
    assert take(frame, ROWS).index.tolist() == ["r4", "r1", "r1", "r3"]
    both = append_rows(frame, ROWS)
    equal(both.iloc[:4].set_axis(frame.index), frame)
    equal(both.iloc[4:].set_axis(frame.index[ROWS]), frame.iloc[ROWS])
    pd.testing.assert_index_equal(both.index, pd.RangeIndex(8), exact=True)
    assert frame.index.tolist() == ["r1", "r2", "r3", "r4"]
    assert n_rows(frame) == 4


def test_pandas_arrays():
    values = pd.Categorical(["a", "b", "a", "c"])
    assert take(values, ROWS).tolist() == ["c", "a", "a", "a"]
    assert append_rows(values, ROWS).tolist() == ["a", "b", "a", "c", "c", "a", "a", "a"]
    assert append_rows(values, ROWS).dtype == values.dtype
    assert append_rows(pd.Index([1, 2, 3, 4], name="y"), ROWS).equals(pd.Index([1, 2, 3, 4, 4, 1, 1, 3]))


@pytest.mark.parametrize("frame", [POLARS, POLARS["c"]], ids=["frame", "series"])
def test_polars(frame):
    for actual, expected in [
        (take(frame, ROWS), frame[[3, 0, 0, 2]]),
        (append_rows(frame, ROWS), frame[[0, 1, 2, 3, 3, 0, 0, 2]]),
    ]:
        assert actual.equals(expected)
        assert pl.DataFrame(actual).schema == pl.DataFrame(frame).schema
    assert n_rows(frame) == 4


@pytest.mark.parametrize(
    "container",
    [ARROW, ARROW.to_batches()[0], ARROW["s"], ARROW["s"].combine_chunks(), ARROW["s"].dictionary_encode()],
    ids=["table", "batch", "chunked", "array", "dictionary"],
)
def test_pyarrow(container):
    for actual, rows in [
        (take(container, ROWS), [3, 0, 0, 2]),
        (append_rows(container, ROWS), [0, 1, 2, 3, 3, 0, 0, 2]),
    ]:
        assert type(actual) is type(container)
        assert actual.equals(container.take(pa.array(rows)))
        assert getattr(actual, "schema", None) == getattr(container, "schema", None)
    assert n_rows(container) == 4


@pytest.mark.parametrize("kind", [pa.string_view(), pa.binary_view()])
def test_pyarrow_views(kind):
    """pyarrow takes no rows of them."""
    column = pa.chunked_array([["a", None], ["c"]]).cast(kind)
    table = pa.table({"words": column, "x": [1, 2, 3]}, metadata={"k": "v"})
    plain = table.set_column(
        0, "words", column.cast(pa.large_string() if kind == pa.string_view() else pa.large_binary())
    )
    rows = np.array([2, 0, 1, 0])
    for one in (table, table.combine_chunks().to_batches()[0]):
        taken = take(one, rows)
        assert type(taken) is type(one)
        assert taken.schema.equals(table.schema, check_metadata=True)
        assert taken.to_pydict() == plain.take(rows).to_pydict()
        assert append_rows(one, rows).to_pydict() == plain.take([0, 1, 2, *rows]).to_pydict()
    for one in (column, column.combine_chunks()):
        assert take(one, rows).type == kind
        assert take(one, rows).to_pylist() == plain.take(rows)["words"].to_pylist()


@pytest.mark.parametrize("kind", ["csr", "csc", "coo", "bsr", "lil", "dok", "dia"])
@pytest.mark.parametrize("suffix", ["array", "matrix"])
def test_sparse_keeps_its_format(kind, suffix):
    dense = np.array([[0, 1.5], [0, 0], [2, 0], [0, 3]])
    X = getattr(scipy.sparse, f"{kind}_{suffix}")(dense)
    for actual, expected in [
        (take(X, ROWS), dense[ROWS]),
        (append_rows(X, ROWS), np.vstack([dense, dense[ROWS]])),
    ]:
        assert type(actual) is type(X)
        np.testing.assert_array_equal(actual.toarray(), expected)
    assert n_rows(X) == 4


@pytest.mark.parametrize(
    ("container", "message"),
    [(np.matrix([[1]]), r"np\.matrix"), (np.ma.masked_array([1]), "mask"), ((i for i in [1]), "generator")],
)
def test_refused(container, message):
    with pytest.raises(TypeError, match=message):
        append_rows(container, np.array([0]))


# ---- synthetic rows


def filler(values):
    """What a kernel does: write ``values`` from a row on into the array that it is given."""

    def fill(out, start):
        assert out.flags.c_contiguous
        assert out.shape[1] == values.shape[1]
        out[:] = values[start : start + len(out)]

    return fill


NEW = np.array([[0.25, 1.75], [-3.5, 2.5], [1.5, 0.5]])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_float_arrays_are_filled_in_place(dtype, order):
    X = np.array([[1, 2], [3, 4], [5, 6.5]], dtype, order=order)
    X.flags.writeable = False
    seen = []

    def fill(out, start):
        seen.append(out)
        filler(NEW)(out, start)

    actual = append_numbers(Table(X), 3, fill, dtype=dtype)
    np.testing.assert_array_equal(actual, np.vstack([X, NEW]).astype(dtype), strict=True)
    assert len(seen) == 1
    assert seen[0].dtype == dtype
    assert np.shares_memory(seen[0], actual)


def test_peak_memory_is_the_output():
    X = np.ones((50_000, 8))
    append_numbers(Table(X), 50_000, lambda out, start: out.fill(2), dtype=np.float64)
    tracemalloc.start()
    out = append_numbers(Table(X), 50_000, lambda out, start: out.fill(2), dtype=np.float64)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < out.nbytes + 100_000


INTEGERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]


@pytest.mark.parametrize("dtype", [*INTEGERS, ">i4"])
def test_integers_are_rounded_and_clipped(dtype):
    limits = np.iinfo(dtype)
    X = np.array([[limits.max], [limits.min]], dtype)
    new = np.array([[0.5], [1.5], [2.6], [-0.4], [1e30], [-1e30]])
    actual = append_numbers(Table(X), 6, filler(new), dtype=np.float64)
    assert actual.dtype == X.dtype
    np.testing.assert_array_equal(actual[:2], X)
    assert actual[2:6, 0].tolist() == [0, 2, 3, 0]
    assert actual[6:, 0].tolist() == [limits.max, limits.min]


def test_integers_beyond_float64_survive():
    X = np.array([[2**53 + 1, -(2**62) - 1]])
    actual = append_numbers(Table(X), 1, filler(np.array([[1.2, 3.4]])), dtype=np.float64)
    assert actual.tolist() == [[2**53 + 1, -(2**62) - 1], [1, 3]]


@pytest.mark.parametrize(
    ("dtype", "canonical", "expected"),
    [
        ("bool", "float64", [[0, 1], [1, 1], [1, 0]]),
        ("float16", "float32", NEW),
        (">f8", "float64", NEW),
        ("object", "float64", np.rint(NEW)),  # of ints
    ],
)
def test_other_array_types(dtype, canonical, expected):
    X = np.array([[0, 1], [1, 1]]).astype(dtype)
    new = np.abs(NEW) if dtype == "bool" else NEW
    actual = append_numbers(Table(X), 3, filler(new), dtype=canonical)
    assert actual.dtype == X.dtype
    np.testing.assert_array_equal(actual, np.vstack([X, np.array(expected).astype(dtype)]))


def test_lists_give_lists():
    assert append_numbers(Table([[1.0, 2]]), 1, filler(NEW[:1]), dtype="float64") == [[1.0, 2], [0.25, 2]]
    assert append_numbers(Table(((1, 2),)), 1, filler(NEW[:1]), dtype="float64") == [[1, 2], [0, 2]]


def frame_cases():
    floats, integers = [1.0, 2.5], [1, 0]
    yield "one type", pd.DataFrame({"a": floats, "b": floats}), NEW
    yield "float32", pd.DataFrame({"a": floats, "b": floats}, dtype="f4"), NEW
    yield "integers", pd.DataFrame({"a": integers, "b": integers}), np.rint(NEW)
    yield "mixed", pd.DataFrame({"a": floats, "b": integers}), [[0.25, 2], [-3.5, 2], [1.5, 0]]
    yield "bool", pd.DataFrame({"a": floats, "b": [True, False]}), [[0.25, 1], [-3.5, 1], [1.5, 0]]
    yield "names", pd.DataFrame(np.ones((2, 2)), columns=["a", "a"]).astype({"a": "int8"}), np.rint(NEW)
    yield (
        "levels",
        pd.DataFrame(np.ones((2, 2)), columns=pd.MultiIndex.from_tuples([(1, "a"), (1, "b")])),
        NEW,
    )
    for dtype, expected in [("Int64", np.rint(NEW)), ("Float32", NEW)]:
        yield dtype, pd.DataFrame({"a": integers, "b": integers}, dtype=dtype), expected
    yield (
        "boolean",
        pd.DataFrame({"a": floats, "b": pd.Series([True, False], dtype="boolean")}),
        [
            [0.25, 1],
            [-3.5, 1],
            [1.5, 0],
        ],
    )
    arrow = pd.DataFrame({"a": integers, "b": floats}).astype(
        {"a": pd.ArrowDtype(pa.int16()), "b": pd.ArrowDtype(pa.float64())}
    )
    yield "pandas arrow", arrow, [[0, 1.75], [-4, 2.5], [2, 0.5]]
    yield "object", pd.DataFrame({"a": floats, "b": pd.Series([1, 2.5], dtype=object)}), NEW
    yield "polars", pl.DataFrame({"a": floats, "b": integers}), [[0.25, 2], [-3.5, 2], [1.5, 0]]
    yield (
        "polars small",
        pl.DataFrame({"a": pl.Series(integers, dtype=pl.UInt8), "b": [True, False]}),
        [
            [0, 1],
            [0, 1],
            [2, 0],
        ],
    )
    yield (
        "polars decimal",
        pl.DataFrame(
            {"a": pl.Series(["1.50", "2"]).cast(pl.Decimal(9, 2)), "b": pl.Series(integers, dtype=pl.Int128)}
        ),
        [[0.25, 2], [-3.5, 2], [1.5, 0]],
    )
    yield (
        "pyarrow",
        pa.table({"a": floats, "b": pa.array(integers, pa.int32())}),
        [[0.25, 2], [-3.5, 2], [1.5, 0]],
    )
    if hasattr(nw, "Float16"):  # a type that narwhals did not always have
        yield (
            "pyarrow small",
            pa.table({"a": pa.array(np.array(floats, np.float16)), "b": [True, False]}),
            [
                [0.25, 1],
                [-3.5, 1],
                [1.5, 0],
            ],
        )
    yield "record batch", pa.record_batch({"a": floats, "b": integers}), [[0.25, 2], [-3.5, 2], [1.5, 0]]
    yield "metadata", pa.table({"a": floats, "b": floats}).replace_schema_metadata({"k": "v"}), NEW


CASES = {name: (frame, np.asarray(expected, float)) for name, frame, expected in frame_cases()}


def types(frame):
    if isinstance(frame, pd.DataFrame):
        return list(frame.dtypes), frame.columns.tolist()
    return (frame.schema, frame.schema.metadata) if hasattr(frame.schema, "metadata") else frame.schema


@pytest.mark.parametrize("case", CASES)
def test_frames_keep_types_and_names(case):
    frame, expected = CASES[case]
    matrix = check_matrix(frame)
    actual = append_numbers(Table(frame), 3, filler(NEW), dtype=matrix.dtype)
    assert type(actual) is type(frame)
    assert types(actual) == types(frame)
    np.testing.assert_array_equal(check_matrix(actual), np.vstack([matrix, expected]))
    if isinstance(frame, pd.DataFrame):
        pd.testing.assert_index_equal(actual.index, pd.RangeIndex(5), exact=True)


@pytest.mark.parametrize("case", CASES)
def test_no_new_rows(case):
    frame, _ = CASES[case]
    matrix = check_matrix(frame)
    actual = append_numbers(Table(frame), 0, lambda out, start: None, dtype=matrix.dtype)
    assert types(actual) == types(frame)
    np.testing.assert_array_equal(check_matrix(actual), matrix)


def test_pandas_index_is_fresh_and_the_input_untouched():
    frame = pd.DataFrame({"a": [1.0, 2], "b": [1, 2]}, index=[9, 9])
    before = frame.copy()
    actual = append_numbers(Table(frame), 3, filler(NEW), dtype="float64")
    assert actual.index.tolist() == [0, 1, 2, 3, 4]
    pd.testing.assert_frame_equal(frame, before)
    actual.iloc[0, 0] = 77.0
    pd.testing.assert_frame_equal(frame, before)


def test_columns_that_hold_no_numbers():
    with pytest.raises(TypeError, match=r"Column 's'.*String"):
        append_numbers(Table(pl.DataFrame({"a": [1.0], "s": ["x"]})), 3, filler(NEW), dtype="float64")


def test_rows_of_unaligned_arrays_are_taken_without_copies_of_the_whole():
    """As what comes from another process may lie."""
    n = 40_000
    unaligned = np.frombuffer(b"\0" + np.arange(n * 30.0).tobytes(), np.float64, offset=1).reshape(n, 30)
    assert not unaligned.flags.aligned
    rows = np.arange(0, n, 7)
    tracemalloc.start()
    taken = take(unaligned, rows, n_jobs=1)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    np.testing.assert_array_equal(taken, np.arange(n * 30.0).reshape(n, 30)[rows])
    assert peak < taken.nbytes + unaligned.nbytes // 2
