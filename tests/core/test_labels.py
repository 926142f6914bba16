"""Labels of every kind to codes and back."""

import decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st

from fastsmote._core import labels as labels_module
from fastsmote._core.labels import check_labels, rows_by_code, rows_of


def assert_labels(labels, codes, classes):
    assert labels.codes.dtype == labels.counts.dtype == np.int64
    assert labels.codes.tolist() == codes
    assert labels.classes.tolist() == classes
    assert labels.counts.tolist() == np.bincount(codes).tolist()


BA = ["b", "a", "b"]
ACCEPTED = {
    "list": ([3, -1, 3], [-1, 3]),
    "tuple": ((1, 0, 1), [0, 1]),
    "int64": (np.array([3, -1, 3]), [-1, 3]),
    "uint8": (np.array([255, 0, 255], np.uint8), [0, 255]),
    "uint64": (np.array([2**64 - 1, 0, 2**64 - 1], np.uint64), [0, 2**64 - 1]),
    "int64 extremes": (np.array([2**63 - 1, -(2**63), 2**63 - 1]), [-(2**63), 2**63 - 1]),
    "beyond exact floats": (np.array([2**53 + 1, 2**53, 2**53 + 1]), [2**53, 2**53 + 1]),
    "big-endian": (np.array([7, 2, 7], ">i4"), [2, 7]),
    "bool": (np.array([True, False, True]), [False, True]),
    "float": (np.array([2.0, 1.0, 2.0]), [1.0, 2.0]),
    "float32": (np.array([1.0, -1.0, 1.0], np.float32), [-1.0, 1.0]),
    "large floats": (np.array([1e300, 1e17, 1e300]), [1e17, 1e300]),
    "strided": (np.array([3, 0, -1, 0, 3, 0])[::2], [-1, 3]),
    "read-only": (np.broadcast_to(np.array([1, 0, 1]), (1, 3))[0], [0, 1]),
    "numpy str": (np.array(BA), ["a", "b"]),
    "object str": (np.array(BA, object), ["a", "b"]),
    "list of str": (BA, ["a", "b"]),
    "object int": (np.array([2, 1, 2], object), [1, 2]),
    "object bool": (np.array([np.True_, False, True], object), [False, True]),
    "huge int": (np.array([2**70, 1, 2**70], object), [1, 2**70]),
    "series with an index": (pd.Series([5, 4, 5], index=[2, 0, 1]), [4, 5]),
    "pandas str": (pd.Series(BA), ["a", "b"]),
    "pandas category": (pd.Series(BA, dtype=pd.CategoricalDtype(["c", "b", "a"])), ["a", "b"]),
    "pandas int category": (pd.Series([9, 3, 9], dtype="category"), [3, 9]),
    "Categorical": (pd.Categorical(BA), ["a", "b"]),
    "Index": (pd.Index(BA), ["a", "b"]),
    "pandas boolean": (pd.Series([True, False, True], dtype="boolean"), [False, True]),
    "pandas Int8": (pd.Series([1, 0, 1], dtype="Int8"), [0, 1]),
    "pandas arrow": (pd.Series(BA, dtype=pd.ArrowDtype(pa.string())), ["a", "b"]),
    "polars": (pl.Series([1, 0, 1]), [0, 1]),
    "polars str": (pl.Series(BA), ["a", "b"]),
    "polars category": (pl.Series(BA, dtype=pl.Categorical), ["a", "b"]),
    "polars enum": (pl.Series(BA, dtype=pl.Enum(["c", "b", "a"])), ["a", "b"]),
    "arrow": (pa.array([True, False, True]), [False, True]),
    "arrow chunks": (pa.chunked_array([["b"], ["a", "b"]]), ["a", "b"]),
    "arrow dictionary": (pa.array(BA).dictionary_encode(), ["a", "b"]),
}
if hasattr(np.dtypes, "StringDType"):  # NumPy 2
    ACCEPTED["numpy variable str"] = (np.array(BA, np.dtypes.StringDType()), ["a", "b"])


@pytest.mark.parametrize("case", ACCEPTED)
def test_labels_accepted(case):
    y, classes = ACCEPTED[case]
    assert_labels(check_labels(y, 3), [1, 0, 1], classes)


@pytest.mark.parametrize("dtype", ["int8", "uint16", "bool", "float32", "<U3", "object"])
def test_classes_have_the_type_of_y(dtype):
    y = np.array([1, 0, 1]).astype(dtype)
    assert check_labels(y).classes.dtype == y.dtype


ONE_HOT = np.array([[0, 0, 1], [1, 0, 0], [0, 0, 1]])


@pytest.mark.parametrize("dtype", ["int64", "uint8", "bool", "float32"])
def test_one_hot(dtype):
    y = ONE_HOT.astype(dtype)
    for container in (y, y.tolist(), pd.DataFrame(y), pl.DataFrame(y), np.asfortranarray(y)):
        assert_labels(check_labels(container), [1, 0, 1], [0, 2])


@pytest.mark.parametrize("y", [np.array([[1], [0], [1]]), pd.DataFrame({"y": [1, 0, 1]}), [[1], [0], [1]]])
def test_column_vector_warns(y):
    with pytest.warns(UserWarning, match=r"column vector y of shape \(3, 1\)"):
        labels = check_labels(y)
    assert_labels(labels, [1, 0, 1], [0, 1])


REFUSED_LABELS = {
    "fraction": ([1.0, 1.5], ValueError, "Unknown label type: 'continuous'.*1.5"),
    "infinite": ([1.0, np.inf], ValueError, "Unknown label type: 'continuous'"),
    "object fraction": (np.array([1, 1.5], object), ValueError, "Unknown label type: 'continuous'"),
    "date": (np.array(["2020-01-01", "2020-01-02"], "M8[D]"), ValueError, "Unknown label type"),
    "complex": (np.array([1j, 2]), ValueError, "Unknown label type"),
    "decimal": (np.array([decimal.Decimal(1), decimal.Decimal(2)], object), ValueError, "Unknown label type"),
    "unhashable": (np.array([{}, {}], object), ValueError, "Unknown label type"),
    "bytes": (np.array([b"a", b"b"]), TypeError, "bytes is not supported"),
    "object bytes": (np.array([b"a", b"b"], object), TypeError, "bytes is not supported"),
    "NaN": ([1.0, np.nan], ValueError, "y contains NaN.*row 1"),
    "None": (["a", None], ValueError, "y contains NaN.*row 1"),
    "object NaN": (np.array(["a", float("nan")], object), ValueError, "y contains NaN.*row 1"),
    "object NA": (np.array(["a", pd.NA], object), ValueError, "y contains NaN.*row 1"),
    "NaT": (np.array(["a", pd.NaT], object), ValueError, "y contains NaN.*row 1"),
    "pandas NaN": (pd.Series([1, np.nan]), ValueError, "y contains NaN.*row 1"),
    "boolean NA": (pd.Series([True, None], dtype="boolean"), ValueError, "y contains NaN.*row 1"),
    "category NaN": (pd.Series(["a", None], dtype="category"), ValueError, "y contains NaN.*row 1"),
    "polars null": (pl.Series(["a", None]), ValueError, "y contains NaN.*row 1"),
    "arrow null": (pa.array([1, None]), ValueError, "y contains NaN.*row 1"),
    "str and int": (["a", 1], TypeError, "Got strings and numbers, e.g. 'a' and 1;"),
    "str and float": (["a", 1.5], TypeError, "strings and numbers"),
    "str and bool": (np.array([True, "a"], object), TypeError, "strings and numbers"),
    "empty": ([], ValueError, r"0 sample\(s\)"),
    "one class": ([4, 4, 4], ValueError, r"needs to have at least 2 classes. Got 1 class.*4 with 3 samples"),
    "one string": (["a"], ValueError, "Got 1 class instead: 'a' with 1 samples"),
    "multilabel": (
        np.array([[1, 1], [0, 1]]),
        ValueError,
        "Multilabel and multioutput targets are not supported.",
    ),
    "no label": (np.array([[0, 0], [0, 1]]), ValueError, "Multilabel and multioutput"),
    "multioutput": (np.array([[1, 2], [3, 4]]), ValueError, "Multilabel and multioutput"),
    "cancelling": (np.array([[1, 1, -1], [0, 1, 0]]), ValueError, "Multilabel and multioutput"),
    "halves": (np.array([[0.5, 0.5], [0, 1]]), ValueError, "Multilabel and multioutput"),
    "two text columns": (np.array([["a", "b"]]), ValueError, "Multilabel and multioutput"),
    "3-d": (np.zeros((2, 2, 2)), ValueError, r"shape \(n_samples,\)"),
    "generator": ((i for i in range(2)), TypeError, r"generator; .*list\(y\)"),
    "sparse": (scipy.sparse.csr_array(np.eye(2)), TypeError, "sparse"),
    "masked": (np.ma.masked_array([1, 0]), TypeError, "mask"),
    "matrix": (np.matrix([[1], [0]]), TypeError, "np.matrix"),
}


@pytest.mark.parametrize("case", REFUSED_LABELS)
def test_labels_refused(case):
    y, error, message = REFUSED_LABELS[case]
    with pytest.raises(error, match=message):
        check_labels(y)


def test_fewer_classes_on_request():
    assert_labels(check_labels([4, 4], min_classes=1), [0, 0], [4])


@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3), min_size=1, max_size=60))
def test_labels_agree_with_unique(values):
    y = np.array(values, np.int64)
    classes, codes, counts = np.unique(y, return_inverse=True, return_counts=True)
    for container in (y, y.astype(object)):
        actual = check_labels(container, min_classes=1)
        np.testing.assert_array_equal(actual.codes, codes)
        np.testing.assert_array_equal(actual.classes.astype(np.int64), classes)
        np.testing.assert_array_equal(actual.counts, counts)


def test_a_thousand_classes_and_one_of_nearly_all():
    y = np.arange(200_000) % 1000
    labels = check_labels(y)
    np.testing.assert_array_equal(labels.codes, y)
    assert set(labels.counts.tolist()) == {200}
    rare = np.zeros(200_000, np.int64)
    rare[77] = 10**15
    assert check_labels(rare).counts.tolist() == [199_999, 1]


def test_inputs_are_not_written():
    y = np.array([1, 5, 1])
    labels = check_labels(y)
    assert not np.shares_memory(labels.codes, y)
    assert y.tolist() == [1, 5, 1]


@pytest.mark.parametrize("n", [1, 6, 7, 8, 100])
@pytest.mark.parametrize("step", [1, 3, 40])  # gaps; more numbers than a block counts by itself
@pytest.mark.parametrize("n_classes", [1, 2, 4, 5])
@pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.float64])
def test_blocks_encode_and_list_as_one(monkeypatch, n, step, n_classes, dtype):
    monkeypatch.setattr(labels_module, "_BLOCK", 7)
    y = (3 + step * np.random.default_rng(n).integers(0, n_classes, n)).astype(dtype)
    classes, codes, counts = np.unique(y, return_inverse=True, return_counts=True)
    for n_jobs in (1, 3):
        actual = check_labels(y, min_classes=1, n_jobs=n_jobs)
        for a, e in zip(actual, (codes, classes, counts), strict=True):
            np.testing.assert_array_equal(a, e)
            assert a.dtype == e.dtype
        expected = [np.flatnonzero(codes == code) for code in range(len(classes))]
        for a, e in zip(rows_by_code(codes, len(classes), n_jobs), expected, strict=True):
            np.testing.assert_array_equal(a, e)
        for code, e in enumerate(expected):
            np.testing.assert_array_equal(rows_of(codes, code, n_jobs), e)
        rows = np.random.default_rng(0).integers(0, n, 2 * n)
        mask = np.arange(n) % 3 == 0
        for some in (rows, mask, rows[:0]):
            np.testing.assert_array_equal(
                actual.counts_of(some), np.bincount(codes[some], minlength=len(classes))
            )


def test_rows_by_code_of_no_rows():
    assert [len(rows) for rows in rows_by_code(np.empty(0, np.int64), 2)] == [0, 0]
