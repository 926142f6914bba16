"""Rows of two parts in partitions that are equal: those that the report for rows in memory names."""

import dask
import dask.array as da
import dask.dataframe as dd
import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from adapters.dask.partitions import chunks, frame_in_partitions
from hypothesis import given, settings

import fastsmote
import fastsmote.dask


@pytest.fixture(autouse=True)
def on_this_thread():
    with dask.config.set(scheduler="sync"):
        yield


def agree(actual, train, test):
    report = fastsmote.leakage_report(train, test)
    pairs, counts = actual
    assert (pairs.dtype, counts.dtype) == (np.int64, np.int64)
    assert np.array_equal(pairs, report.exact_pairs)
    assert np.array_equal(counts, report.exact_counts)
    return True


def lazy(X, ends):
    return da.from_array(X, (chunks(len(X), ends), -1))


ENDS = st.lists(st.integers(0, 60), max_size=9)


@given(
    st.integers(1, 60),
    st.integers(1, 60),
    st.sampled_from([np.float32, np.float64, np.int64, np.uint8, bool]),
    st.integers(1, 6),
    ENDS,
    ENDS,
    st.integers(0, 2**32 - 1),
)
@settings(max_examples=60, deadline=None)
def test_any_partitions(n_train, n_test, dtype, n_values, train_ends, test_ends, seed):
    rng = np.random.default_rng(seed)
    X = rng.integers(0, n_values, (n_train + n_test, 3)).astype(dtype)
    if np.dtype(dtype).kind == "f":
        X[rng.random(X.shape) < 0.2] = np.nan
        X[rng.random(X.shape) < 0.2] *= -1.0  # zeros of both signs
    train, test = X[:n_train], X[n_train:]
    assert agree(fastsmote.dask.equal_rows(lazy(train, train_ends), lazy(test, test_ends)), train, test)


def test_numbers_that_only_float64_tells_apart():
    train, test = np.array([[1.0], [1.0 + 2**-40]]), np.array([[1.0 + 2**-40], [1.0 + 2**-41]])
    assert agree(fastsmote.dask.equal_rows(lazy(train, [1]), lazy(test, [1])), train, test)
    huge = np.array([[1e300], [-1e300], [2e300]])
    assert agree(fastsmote.dask.equal_rows(lazy(huge, [1]), lazy(huge[::-1].copy(), [2])), huge, huge[::-1])


def frames(n, seed):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "amount": rng.integers(0, 3, n).astype(np.float32),
            "shop": rng.choice(["a", "b", None], n),
            "kind": pd.Categorical(rng.choice(["x", "y"], n), categories=["x", "y"]),
            "day": pd.to_datetime("2026-01-01") + pd.to_timedelta(rng.integers(0, 2, n), "D"),
            "count": pd.array(rng.choice([1, 2, None], n), dtype="Int64"),
        }
    )


@pytest.mark.parametrize("seed", range(5))
def test_frames(seed):
    train, test = frames(80, seed), frames(40, seed + 100)
    parts = frame_in_partitions(train, [0, 10, 10, 70]), frame_in_partitions(test, [5, 40])
    assert agree(fastsmote.dask.equal_rows(*parts), *(part.compute() for part in parts))


def test_nothing_is_shared():
    pairs, counts = fastsmote.dask.equal_rows(lazy(np.zeros((9, 2)), [4]), lazy(np.ones((5, 2)), [2]))
    assert (pairs.shape, counts.shape) == ((0, 2), (0,))


X = np.zeros((9, 2))
TEXT = dd.from_pandas(pd.DataFrame({"a": ["x", "y"]}), npartitions=1)


@pytest.mark.parametrize(
    ("train", "test", "error", "words"),
    [
        (X, lazy(X, [4]), TypeError, r"X_train must be a dask array .*; call fastsmote\.leakage_report"),
        (lazy(X, [4]), TEXT, TypeError, "of one kind"),
        (lazy(X, [4]), lazy(X.astype("f4"), []), ValueError, r"float64.* and .*float32.* in column 0"),
        (lazy(X, [4]), lazy(X[:, :1], []), ValueError, "Got 2 and 1 columns"),
        (lazy(X, [4]).rechunk((3, 1)), lazy(X, []), ValueError, r"X_train\.rechunk\(\{1: -1\}\)"),
        (TEXT, TEXT, ValueError, "column of numbers"),
        (lazy(X[:0], []), lazy(X, []), ValueError, r"X_train must have rows"),
        (lazy(X, []), lazy(X[:0], []), ValueError, r"X_test must have rows"),
        (lazy(X, []), lazy(X + np.inf, [4]), ValueError, r"infinity.*in partition"),
    ],
)
def test_refused(train, test, error, words):
    with pytest.raises(error, match=words):
        fastsmote.dask.equal_rows(train, test)
