"""The leakage report of parts in partitions: that of rows in memory, bit for bit."""

from dataclasses import fields

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
from fastsmote._blocks import join


@pytest.fixture(autouse=True)
def on_this_thread():
    with dask.config.set({"scheduler": "sync", "dataframe.convert-string": False}):
        yield


def assert_same(actual, expected):
    for field in fields(expected):
        one, other = (getattr(report, field.name) for report in (actual, expected))
        assert type(one) is type(other), field.name
        if isinstance(other, np.ndarray):
            assert one.dtype == other.dtype, field.name
            np.testing.assert_array_equal(one, other, err_msg=field.name)
        else:
            np.testing.assert_equal(one, other, err_msg=field.name)  # NaN is NaN
    assert str(actual) == str(expected)


def lazy(array, ends):
    return da.from_array(array, (chunks(len(array), ends), *(-1,) * (array.ndim - 1)))


def agree(train, test, ends=((), ()), **options):
    """The report of memory, which that of these partitions is equal to; options are labels, in memory."""
    expected = fastsmote.leakage_report(train, test, **options)
    parts = {"y_train": ends[0], "y_test": ends[1]}
    given = {name: lazy(value, parts[name]) if name in parts else value for name, value in options.items()}
    cut = (frame_in_partitions if isinstance(part, pd.DataFrame) else lazy for part in (train, test))
    actual = fastsmote.dask.leakage_report(
        *(one(part, own) for one, part, own in zip(cut, (train, test), ends, strict=True)), **given
    )
    assert_same(actual, expected)
    return expected


def messy(seed=0, n=900, dtype=np.float64):
    """Data with findings of every kind."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) < n // 15
    X, y = fastsmote.smote((rng.normal(size=(n, 4)) + y[:, np.newaxis]).astype(dtype), y, random_state=seed)
    order = rng.permutation(len(X))
    train, test = order[: 3 * len(X) // 4], order[3 * len(X) // 4 :]
    X[test[:20]] = X[train[:20]]
    X[test[20:40]] = X[train[20:40]] * dtype(1 + 1e-6)
    X[test[40:50], 2] = np.nan
    X[train[40:50], 1] = np.nan
    X[train[-100:]] = X[train[-200:-100]]  # other partitions hold them, too
    X[train[-60:-20]] = X[train[3]] * (1 + 1e-9 * rng.normal(size=(40, 4)))  # a crowd
    X[test[50]] = X[train[3]] * dtype(1 + 1e-8)
    return X[train], X[test], y[train], y[test]


ENDS = st.lists(st.integers(0, 60), max_size=9)


@given(
    st.integers(1, 60),
    st.integers(1, 60),
    st.sampled_from([np.float32, np.float64, np.int64]),
    st.integers(1, 30),
    ENDS,
    ENDS,
    st.sampled_from([None, "y_test", "both"]),
    st.sampled_from([None, 0.3, 1.0]),
    st.integers(0, 2**32 - 1),
)
@settings(max_examples=60, deadline=None)
def test_any_partitions(n_train, n_test, dtype, n_values, train_ends, test_ends, labels, tolerance, seed):
    """Small whole numbers: rows repeat, and distances tie."""
    rng = np.random.default_rng(seed)
    X = rng.integers(0, n_values, (n_train + n_test, 3)).astype(dtype)
    if np.dtype(dtype).kind == "f":
        X[rng.random(X.shape) < 0.05] = np.nan
        X[rng.random(X.shape) < 0.2] *= -1.0
    train, test = X[:n_train], X[n_train:]
    y = np.array(["a", "b", "c"])[rng.integers(0, 3, len(X))]
    own = {"both": {"y_train": y[:n_train]}}.get(labels, {}) | ({"y_test": y[n_train:]} if labels else {})
    agree(train, test, (train_ends, test_ends), tolerance=tolerance, **own)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("labels", [False, True])
@pytest.mark.parametrize(
    "ends", [((), ()), ((0, 7, 7, 600, 1000), (3, 3, 200)), (range(0, 1300, 150), range(0, 500, 90))]
)
def test_every_kind_of_leak(dtype, labels, ends):
    train, test, y_train, y_test = messy(dtype=dtype)
    own = {"y_train": y_train, "y_test": y_test} if labels else {}
    report = agree(train, test, ends, **own)
    assert min(map(len, (report.exact_pairs, report.near_pairs, report.line_triples))) > 10
    assert 50 not in report.near_pairs[:, 0]  # it is near, but so are 40 others


def test_a_row_in_each_partition():
    train, test, y_train, y_test = (part[:80] for part in messy(n=200))
    agree(train, test, (range(80), range(80)), y_train=y_train, y_test=y_test)


def test_more_rows_than_in_samples():
    rng = np.random.default_rng(3)
    train, test = rng.normal(size=(20_000, 3)), rng.normal(size=(5_000, 3))
    train[::7] = train[-1]
    test[:50] = train[1:51] + 1e-9
    report = agree(train, test, ((3_001, 9_000), (1_000,)))
    assert report.n_lines_asked == 4096
    assert len(report.near_pairs) >= 42


def test_many_classes_are_searched_together():
    train, test, y_train, y_test = messy(n=300)
    y_train, y_test = np.arange(len(y_train)) % 40, np.arange(len(y_test)) % 40
    agree(train, test, ([100], [50]), y_train=y_train, y_test=y_test)


def test_classes_of_one_part_only():
    train, test, *_ = messy(n=300)
    agree(train, test, ([99], [50]), y_train=np.full(len(train), "a"), y_test=np.full(len(test), "b"))


def test_numbers_of_all_sizes():
    train = np.outer(10.0 ** np.linspace(-300, 300, 50), [1.0, -1.0])
    agree(train, np.vstack([1.5 * train, train[:1]]), ([20, 30], [9]))
    agree(np.array([[1.0], [2.0]]), np.array([[1.5], [np.nan]]), ([1], [1]))  # not searched
    agree(np.array([[1.0], [2.0], [4.0]]), np.array([[np.nan], [2.0]]), ([1], [1]))


def mixed(n, seed, kinds=3):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "amount": rng.normal(size=n).round(3).astype(np.float32),
            "shop": rng.choice(["a", "b", None], n),
            "size": pd.array(np.where(rng.random(n) < 0.9, rng.normal(size=n), np.nan), dtype="Float32"),
            "kind": pd.Categorical(rng.choice([f"k{i}" for i in range(kinds)], n)),
            "day": pd.to_datetime("2026-01-01") + pd.to_timedelta(rng.integers(0, 2, n), "D"),
            "count": pd.array(rng.integers(0, 9, n), dtype="Int64"),
            "code": pd.Series([str(i % 3) if i % 2 else i % 3 for i in range(n)], dtype=object),
        }
    )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("tolerance", [None, 0.5])
def test_frames_with_categories(seed, tolerance):
    train, test = mixed(500, seed), mixed(150, seed + 50)
    test.iloc[:20] = train.iloc[:20]
    test.iloc[20:60] = train.iloc[20:60]
    test["amount"] += np.where(np.arange(150) < 60, 1e-6 * (np.arange(150) > 19), 0).astype(np.float32)
    if seed % 2:
        train, test = (part.drop(columns=["size"]) for part in (train, test))
    train, test = train.astype({"kind": str}), test.astype({"kind": str})
    report = agree(train, test, ([0, 100, 100, 333], [5, 80]), tolerance=tolerance)
    assert report.n_categorical == 4
    assert len(report.near_pairs) > 10


def test_precision_of_nullable_columns():
    """Columns of which pandas gives float64 where a value is missing, and float32 where none is."""
    rng = np.random.default_rng(1)
    train, test = (pd.DataFrame(rng.normal(size=(n, 3)).astype("f4"), columns=list("abc")) for n in (300, 90))
    train, test = train.astype("Float32"), test.astype("Float32")
    test.iloc[:30] = train.iloc[:30]
    for gaps in ([(train, 40)], [(train, 40), (test, 60)]):
        for part, row in gaps:
            part.iloc[row, 1] = pd.NA
        agree(train, test, ([20, 100], [50]))


@pytest.mark.parametrize("convert", [False, True])
def test_labels_of_frames(convert):
    """And categories beside numbers that lie on lines; Dask may make strings of objects."""
    train, test, y_train, y_test = messy(n=300)
    frames = [
        pd.DataFrame(X, columns=list("abcd")).assign(y=y, kind=np.where(X[:, 0] > 1, "x", "z").astype(object))
        for X, y in ((train, y_train), (test, y_test))
    ]
    with dask.config.set({"dataframe.convert-string": convert}):
        parts = [frame_in_partitions(frame, [30, 30, 100]) for frame in frames]
        features = [part.drop(columns=["y"]) for part in parts]
        report = fastsmote.dask.leakage_report(*features, y_train=parts[0]["y"], y_test=parts[1]["y"])
    features = [frame.drop(columns=["y"]) for frame in frames]
    expected = fastsmote.leakage_report(*features, y_train=y_train, y_test=y_test)
    assert min(map(len, (expected.exact_pairs, expected.near_pairs, expected.line_triples))) > 10
    assert_same(report, expected)


def test_plan():
    y = np.arange(60) < 15
    X = np.random.default_rng(0).normal(size=(60, 3)) + y[:, np.newaxis]
    plan = fastsmote.plan.smote(X, y, random_state=0)
    whole = np.vstack([X, plan.rows(X)])
    order = np.random.default_rng(0).permutation(len(whole))
    train, test = order[:60], order[60:]
    report = agree(whole[train], whole[test], ([10], [20]), plan=plan, test_rows=test)
    assert len(report.parent_pairs) > 5
    parts = [lazy(whole[rows], [9]) for rows in (train, test)]
    unknown = [part[part[:, 0] > -100] for part in parts]
    frames = [dd.from_pandas(pd.DataFrame(whole[rows]), npartitions=3, sort=False) for rows in (train, test)]
    for some in (unknown, frames):
        assert_same(fastsmote.dask.leakage_report(*some, plan=plan, test_rows=test), report)


def test_chunks_of_unknown_sizes():
    train, test, y_train, y_test = messy(n=200)
    parts = [lazy(part, [40, 99]) for part in (train, test, y_train, y_test)]
    train_rows, test_rows = parts[0][:, 0] < 1.0, parts[1][:, 0] < 1.0  # NaN is not
    some = parts[0][train_rows], parts[1][test_rows]
    labels = {"y_train": parts[2][train_rows], "y_test": parts[3][test_rows]}
    computed = dask.compute(*some, labels)
    expected = fastsmote.leakage_report(*computed[:2], **computed[2])
    assert_same(fastsmote.dask.leakage_report(*some, **labels), expected)


def test_labels_are_cut_as_rows_are():
    train, test, y_train, y_test = messy(n=200)
    report = fastsmote.dask.leakage_report(
        lazy(train, [40]), lazy(test, [9]), y_train=lazy(y_train, [7, 90]), y_test=lazy(y_test, [])
    )
    assert_same(report, fastsmote.leakage_report(train, test, y_train=y_train, y_test=y_test))


def test_threads_of_the_scheduler():
    train, test, y_train, y_test = messy()
    with dask.config.set(scheduler="threads"):
        agree(train, test, (range(0, 1200, 100), [90]), y_train=y_train, y_test=y_test)


def test_no_task_holds_the_train_part(monkeypatch):
    """Rows that meet test rows are those of a partition."""
    train, test, *_ = messy()
    sizes = []
    facing = join._facing
    monkeypatch.setattr(
        join, "_facing", lambda queries, rows, *rest: sizes.append(len(rows)) or facing(queries, rows, *rest)
    )
    agree(train, test, (range(0, 1300, 100), [90]))
    assert 0 < max(sizes) <= 100


X = np.arange(18.0).reshape(9, 2)
Y = np.arange(9) % 2
NUMBERS = pd.DataFrame({"a": np.arange(9.0), "b": pd.Series([1, 2, 3] * 3, dtype=object)})
FRAME = frame_in_partitions(NUMBERS[["a"]], [4])
OTHER = frame_in_partitions(NUMBERS[["a"]], [3])
with dask.config.set({"dataframe.convert-string": False}):
    OBJECTS = frame_in_partitions(NUMBERS, [4])


@pytest.mark.parametrize(
    ("train", "test", "options", "error", "words"),
    [
        (X, lazy(X, [4]), {}, TypeError, r"X_train must be a dask array .*; call fastsmote\.leakage_report"),
        (lazy(X, [4]), lazy(X[:, :1], []), {}, ValueError, "Got 2 and 1 columns"),
        (lazy(X[:0], []), lazy(X, []), {}, ValueError, "X_train must have rows"),
        (lazy(X, []), lazy(X[:0], []), {}, ValueError, "X_test must have rows"),
        (lazy(X, []), lazy(X + np.inf, [4]), {}, ValueError, "X_test.*infinity.*in partition [01]"),
        (lazy(X, []), lazy(X, []), {"tolerance": 2.0}, ValueError, r"tolerance must be a number in \(0, 1\]"),
        (lazy(X, []), lazy(X, []), {"y_train": lazy(Y, [])}, ValueError, "together with y_test"),
        (lazy(X, []), lazy(X, []), {"y_test": Y}, TypeError, "y_test must be a dask array, as X_test is"),
        (lazy(X, []), lazy(X, []), {"y_test": lazy(X, [])}, ValueError, "y_test must have 1 dimension"),
        (lazy(X, []), lazy(X, []), {"y_test": lazy(Y[1:], [])}, ValueError, "numbers of samples: 9 and 8"),
        (lazy(X, []), lazy(X, []), {"y_test": lazy(Y + 0.5, [4])}, ValueError, "y_test|continuous"),
        (FRAME, FRAME, {"y_test": lazy(Y, [])}, TypeError, "y_test must be a dask Series"),
        (FRAME, FRAME, {"y_test": FRAME.repartition(npartitions=1)["a"]}, ValueError, "Got 1 and 2"),
        (FRAME, FRAME, {"y_test": OTHER["a"]}, ValueError, "Got . labels of . rows.*in partition [01]"),
        (lazy(X, []), lazy(X, []), {"test_rows": [1]}, ValueError, "belong to a plan"),
        (lazy(X, []), lazy(X, []), {"plan": X}, TypeError, "must be a SyntheticPlan"),
        (
            OBJECTS,
            OBJECTS,
            {},
            ValueError,
            r"Column 1 must have a type of numbers.*Got \[1, 2, 3\]",
        ),
    ],
)  # fmt: skip
def test_refused(train, test, options, error, words):
    with pytest.raises(error, match=words):
        fastsmote.dask.leakage_report(train, test, **options)
