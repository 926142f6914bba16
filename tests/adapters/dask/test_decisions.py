"""Decisions of partitions are those of whole tables: numbers of the rows that stay, and plans."""

import inspect
import pickle

import dask
import dask.array as da
import hypothesis.strategies as st
import numpy as np
import pytest
from adapters.dask.partitions import (
    COMBINED,
    GROWING,
    METHODS,
    arrays,
    chunks,
    computed_by,
    drawing,
    frame_in_partitions,
    numbers,
    table,
)  # fmt: skip
from hypothesis import given, settings

import fastsmote
import fastsmote.dask
from fastsmote.dask.plan import LazyPlan

pytestmark = pytest.mark.filterwarnings("ignore:All rows of")  # in memory as well
SELECTING = tuple(method for method in METHODS if method not in GROWING)
FIELDS = ("base", "neighbor", "gap", "label")


def selected(home, method, *args, **options):
    return computed_by(getattr(home.select, method), *args, **drawing(method, options))


def planned(home, method, *args, **options):
    return getattr(home.plan, method)(*args, **drawing(method, options))


def test_all_samplers_are_here():
    assert set(fastsmote.dask.select.__all__) == {*SELECTING, "tomek_link_pairs"}
    assert set(fastsmote.dask.plan.__all__) == {"LazyPlan", *GROWING}


@pytest.mark.parametrize("method", METHODS)
def test_parameters_are_those_of_the_rows(method):
    home = fastsmote.dask.plan if method in GROWING else fastsmote.dask.select
    own, of_rows = (inspect.signature(getattr(one, method)).parameters for one in (home, fastsmote.dask))
    assert list(own.values()) == list(of_rows.values())


@pytest.mark.parametrize("method", SELECTING)
@given(
    st.integers(24, 120),
    st.lists(st.integers(0, 120), max_size=12),
    st.sampled_from([np.float32, np.float64, np.int16]),
    st.sampled_from([("a", "b"), (0, 1, 2), (True, False)]),
    st.integers(0, 2**64 - 1),
)
@settings(max_examples=15, deadline=None)
def test_numbers_of_rows(method, n, ends, dtype, labels, seed):
    with dask.config.set(scheduler="sync"):
        X, y = numbers(n, dtype, n, labels)
        expected = selected(fastsmote, method, X, y, random_state=seed)
        actual = selected(fastsmote.dask, method, *arrays(X, y, ends), random_state=seed)
    if isinstance(expected, str):
        assert actual == expected
    else:
        assert actual.dtype == np.int64
        np.testing.assert_array_equal(actual, expected)


@pytest.mark.parametrize("method", SELECTING)
def test_numbers_of_rows_of_a_frame(method):
    X, y = numbers(100, labels=("rare", "often"))
    parts = frame_in_partitions(table(X, y), [0, 10, 60, 60])
    actual = selected(fastsmote.dask, method, parts, target="label", random_state=4)
    np.testing.assert_array_equal(actual, selected(fastsmote, method, X, y, random_state=4))


@pytest.mark.parametrize("replacement", [False, True])
def test_how_many_are_drawn_is_known(replacement):
    lazy = fastsmote.dask.select.random_under_sample(
        *arrays(*numbers(100), [40, 40, 70]), replacement=replacement, random_state=0
    )
    assert tuple(map(len, dask.compute(*lazy.to_delayed()))) == lazy.chunks[0]


@pytest.mark.parametrize("method", SELECTING)
def test_how_many_stay_is_honest(method):
    lazy = getattr(fastsmote.dask.select, method)(*arrays(*numbers(100), [40, 70]))
    assert np.isnan(lazy.chunks[0]).all() == (method != "random_under_sample")
    assert lazy.numblocks[0] > 3 if method in COMBINED else lazy.numblocks == (3,)


def test_draws_read_no_features():
    def read(block):
        raise AssertionError("features are read")

    X, y = numbers(100)
    DX, DY = arrays(X, y, [40, 70])
    DX = da.map_blocks(read, DX, dtype=X.dtype, meta=X[:0])
    lazy = fastsmote.dask.select.random_under_sample(DX, DY, random_state=0)
    expected = fastsmote.select.random_under_sample(X, y, random_state=0)
    np.testing.assert_array_equal(lazy.compute(), expected)


def test_decisions_and_rows_share_their_passes():
    """What is computed together is computed once."""
    X, y = numbers(100)
    seen = []

    def tell(block, block_info=None):
        seen.append(block_info[0]["chunk-location"][0])
        return block

    DX, DY = arrays(X, y, [40, 70])
    DX = da.map_blocks(tell, DX, dtype=X.dtype, meta=X[:0])
    rows = fastsmote.dask.smote_enn(DX, DY, random_state=0)
    numbers_of_rows = fastsmote.dask.select.smote_enn(DX, DY, random_state=0)
    dask.compute(rows, numbers_of_rows)
    assert sorted(seen) == [0, 1, 2]


@pytest.mark.parametrize("method", GROWING)
@given(
    st.integers(24, 120),
    st.lists(st.integers(0, 120), max_size=12),
    st.sampled_from([np.float32, np.float64, np.int16]),
    st.sampled_from([("a", "b"), (0, 1, 2), (True, False)]),
    st.integers(0, 2**64 - 1),
)
@settings(max_examples=15, deadline=None)
def test_plans(method, n, ends, dtype, labels, seed):
    with dask.config.set(scheduler="sync"):
        X, y = numbers(n, dtype, n, labels)
        try:
            expected = planned(fastsmote, method, X, y, random_state=seed)
        except ValueError as error:
            with pytest.raises(type(error)):
                planned(fastsmote.dask, method, *arrays(X, y, ends), random_state=seed).compute()
            return
        actual = planned(fastsmote.dask, method, *arrays(X, y, ends), random_state=seed)
        assert actual.compute() == expected
        for field in FIELDS:
            part, whole = getattr(actual, field), getattr(expected, field)
            assert part.dtype == whole.dtype
            np.testing.assert_array_equal(part.compute(), whole)
    assert len(actual) == len(expected)
    for name in ("n_rows", "n_features", "counts_before", "counts_after"):
        assert getattr(actual, name) == getattr(expected, name)


@pytest.mark.parametrize("method", GROWING)
def test_new_rows_alone(method):
    """They are those that the sampler puts behind the others."""
    X, y = numbers(100, share=0.1)
    options = {"random_state": 3}
    lazy = planned(fastsmote.dask, method, *arrays(X, y, [40, 70]), **options)
    whole = getattr(fastsmote, method)(X, y, **drawing(method, options))
    assert lazy.rows()[0].chunks[0] == lazy.base.chunks[0] == chunks(len(lazy), [40])
    for start, stop in ((0, None), (3, 50), (41, 42), (5, 5)):
        made = lazy.rows(start, stop)
        for actual, expected in zip(made, whole, strict=True):
            np.testing.assert_array_equal(actual.compute(), expected[100:][start:stop])
            assert actual.shape == expected[100:][start:stop].shape


def test_new_rows_of_a_frame_are_numbered_behind_the_others():
    frame = table(*numbers(100, share=0.1))
    parts = frame_in_partitions(frame, [40, 70])
    whole = fastsmote.dask.smote(parts, target="label", random_state=0).compute()
    lazy = fastsmote.dask.plan.smote(parts, target="label", random_state=0)
    for start, stop in ((0, len(lazy)), (17, 53), (9, 9)):
        actual = lazy.rows(start, stop).compute()
        assert actual.equals(whole.iloc[100 + start : 100 + stop])
        assert actual.index.tolist() == list(range(100 + start, 100 + stop))


def test_rules_for_columns_are_in_the_plan():
    X, y = numbers(100)
    options = {"columns": {1: "integer", 0: (1, 2)}, "random_state": 0}
    expected = fastsmote.plan.smote(X, y, **options)
    assert fastsmote.dask.plan.smote(*arrays(X, y, [40]), **options).compute() == expected


@pytest.mark.parametrize("method", [method for method in GROWING if method != "smotenc"])
def test_a_plan_of_no_rows(method):
    X, y = numbers(80)[0], np.arange(80) % 2
    lazy = planned(fastsmote.dask, method, *arrays(X, y, [40]), random_state=0)
    assert lazy.compute() == planned(fastsmote, method, X, y, random_state=0)
    assert len(lazy) == 0
    assert [getattr(lazy, field).compute().shape for field in FIELDS] == [(0,)] * 4
    assert [part.compute().shape for part in lazy.rows()] == [(0, 3), (0,)]


@pytest.mark.parametrize(
    ("args", "error", "words"),
    [
        ((0, 1000), ValueError, r"stop must be an integer in \[0, \d+\]\. Got 1000"),
        ((-1,), ValueError, "start must be an integer in"),
        ((5, 4), ValueError, r"start must be an integer in \[0, 4\]\. Got 5"),
        ((0.5,), TypeError, "start must be an integer"),
    ],
)
def test_ranges_outside_of_the_plan(args, error, words):
    lazy = fastsmote.dask.plan.smote(*arrays(*numbers(100), [40]), random_state=0)
    with pytest.raises(error, match=words):
        lazy.rows(*args)


@pytest.mark.parametrize("home", ["plan", "select"])
def test_what_is_in_memory_has_a_function(home):
    method = "smote" if home == "plan" else "smote_enn"
    with pytest.raises(TypeError, match=rf"call fastsmote\.{home}\.{method}, which takes what is in memory"):
        getattr(getattr(fastsmote.dask, home), method)(*numbers(50))


def test_a_plan_can_be_sent():
    lazy = fastsmote.dask.plan.smote(*arrays(*numbers(100), [40]), random_state=0)
    sent = pickle.loads(pickle.dumps(lazy))
    assert sent.compute() == lazy.compute()
    np.testing.assert_array_equal(sent.rows(2, 9)[0].compute(), lazy.rows(2, 9)[0].compute())


def test_a_plan_shows_itself():
    lazy = fastsmote.dask.plan.random_over_sample(*arrays(*numbers(100), [40]))
    assert isinstance(lazy, LazyPlan)
    assert repr(lazy).startswith(f"LazyPlan({len(lazy)} new rows for 100, counts_after={{0: ")
