"""Rows of partitions are those of whole tables, bit by bit, however the table is cut."""

import inspect

import dask
import dask.array as da
import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from adapters.dask.partitions import (
    CLEANING,
    COMBINED,
    GROWING,
    METHODS,
    agree,
    arrays,
    chunks,
    drawing,
    frame_in_partitions,
    numbers,
    table,
    whole_frame,
)  # fmt: skip
from hypothesis import given, settings

import fastsmote
import fastsmote.dask
from fastsmote._blocks.samplers import BLOCK_SAMPLERS

pytestmark = pytest.mark.filterwarnings("ignore:All rows of")  # in memory as well


def test_all_samplers_of_blocks_are_here():
    assert set(METHODS) == set(fastsmote.dask.__all__) & set(BLOCK_SAMPLERS) == set(BLOCK_SAMPLERS)


@pytest.mark.parametrize("method", METHODS)
def test_options_are_those_of_blocks(method):
    own = inspect.signature(getattr(fastsmote.dask, method)).parameters
    of_blocks = inspect.signature(BLOCK_SAMPLERS[method].decide).parameters
    options = {name: one.default for name, one in of_blocks.items() if one.kind is one.KEYWORD_ONLY}
    assert options.pop("n_jobs") is None
    assert {name: own[name].default for name in list(own)[3:]} == options


@pytest.mark.parametrize("method", METHODS)
@given(
    st.integers(24, 120),
    st.lists(st.integers(0, 120), max_size=12),
    st.sampled_from([np.float32, np.float64, np.int16, np.uint8]),
    st.sampled_from([("a", "b"), ("a", "b", "c"), (0, 1), (-7, 3, 2**40), (True, False), (1.0, 2.0)]),
    st.integers(0, 2**64 - 1),
)
@settings(max_examples=15, deadline=None)
def test_any_partitions(method, n, ends, dtype, labels, seed):
    with dask.config.set(scheduler="sync"):
        X, y = numbers(n, dtype, n, labels)
        assert agree(method, X, y, ends, random_state=seed)


@pytest.mark.parametrize("method", METHODS)
def test_a_row_in_each_partition(method):
    assert agree(method, *numbers(60), range(60), random_state=1)


@pytest.mark.parametrize("method", METHODS)
def test_classes_in_one_partition_only(method):
    X, y = numbers(90, labels=(0, 1, 2))
    order = np.argsort(y, kind="stable")
    assert agree(method, X[order], y[order], [3, 30, 40, 40, 50, 90], random_state=1)


@pytest.mark.parametrize("method", METHODS)
def test_a_class_is_kept_or_grown_by_counts(method):
    X, y = numbers(200, labels=("a", "b", "c"), share=0.3)
    strategy = {"a": 400, "b": 50} if method in (*GROWING, *COMBINED) else {"a": 17, "b": 9}
    strategy = ["a", "b"] if method in CLEANING else strategy
    assert agree(method, X, y, [50, 111, 111], random_state=3, sampling_strategy=strategy)


OPTIONS = [
    ("smote", {"sampling_strategy": fastsmote.Share(0.3), "columns": {1: "integer", 0: (1, 2)}}),
    ("smote", {"sampling_strategy": "all"}),
    ("borderline_smote", {"k_neighbors": 9, "m_neighbors": 4}),
    ("edited_nearest_neighbours", {"kind_sel": "mode", "n_neighbors": 5, "min_count": 20}),
    ("neighbourhood_cleaning_rule", {"threshold_cleaning": 0.1}),
    ("near_miss", {"version": 2}),
    ("near_miss", {"n_neighbors": 1, "sampling_strategy": 0.8}),
    ("tomek_links", {"sampling_strategy": "all", "min_count": "balanced"}),
    ("random_under_sample", {"replacement": True}),
    ("smote_tomek", {"sampling_strategy": 0.9, "min_count": "balanced", "k_neighbors": 3}),
    ("smote_enn", {"kind_sel": "mode", "n_neighbors": 4, "min_count": 30, "sampling_strategy": "all"}),
]


@pytest.mark.parametrize(("method", "options"), OPTIONS)
def test_options(method, options):
    assert agree(
        method, *numbers(200, labels=("a", "b", "c"), share=0.3), [50, 111], random_state=3, **options
    )


@pytest.mark.parametrize("ends", [[], range(60), [0, 7, 7, 31]])
def test_pairs_of_links(ends):
    X, y = numbers(60, labels=("a", "b", "c"), share=0.5)
    pairs = fastsmote.dask.select.tomek_link_pairs(*arrays(X, y, ends))
    assert pairs.dtype == np.int64
    np.testing.assert_array_equal(pairs.compute(), fastsmote.select.tomek_link_pairs(X, y))
    frame = frame_in_partitions(table(X, y), ends)
    again = fastsmote.dask.select.tomek_link_pairs(frame, target="label")
    np.testing.assert_array_equal(again.compute(), pairs.compute())


@pytest.mark.parametrize("method", METHODS)
def test_frames(method):
    frame = table(*numbers(100, labels=("rare", "often")))
    frame["b"] = frame["b"].astype("int64")
    frame.index = pd.Index(np.arange(100)[::-1], name="id")
    parts = frame_in_partitions(frame, [0, 10, 60, 60])
    options = drawing(method, {"random_state": 4})
    resampled = getattr(fastsmote.dask, method)(parts, target="label", **options)
    expected = whole_frame(method, parts.compute(), **options)  # Dask has a type of its own for text
    assert resampled._meta.dtypes.equals(expected.dtypes)
    pd.testing.assert_frame_equal(resampled.compute(), expected, check_exact=True)


@pytest.mark.parametrize("method", ["random_over_sample", "random_under_sample"])
def test_columns_of_any_type(method):
    frame = pd.DataFrame(
        {
            "text": [None if i % 7 == 0 else f"word {i}" for i in range(60)],
            "when": pd.date_range("2026-01-01", periods=60),
            "city": pd.Categorical([f"city {i % 3}" for i in range(60)]),
            "label": [i % 5 == 0 for i in range(60)],
        }
    )
    parts = frame_in_partitions(frame, [7, 31])
    resampled = getattr(fastsmote.dask, method)(parts, target="label", random_state=2)
    pd.testing.assert_frame_equal(resampled.compute(), whole_frame(method, parts.compute(), random_state=2))


@pytest.mark.parametrize("method", GROWING)
def test_sizes_of_old_and_new_rows_are_known(method):
    X, y = numbers(100)
    sizes = chunks(100, [40, 70])
    options = drawing(method, {"random_state": 0})
    resampled = getattr(fastsmote.dask, method)(*arrays(X, y, [40, 70]), **options)
    whole = getattr(fastsmote, method)(X, y, **options)
    for actual, expected in zip(resampled, whole, strict=True):
        assert actual.shape == expected.shape
        assert actual.dtype == expected.dtype
        assert actual.chunks[0][:3] == sizes
        assert max(actual.chunks[0]) == 40
        made = dask.compute(*actual.to_delayed().ravel())
        assert tuple(map(len, made)) == actual.chunks[0]


@pytest.mark.parametrize("replacement", [False, True])
def test_sizes_of_drawn_rows_are_known(replacement):
    X, y = arrays(*numbers(100), [40, 40, 70])
    resampled = fastsmote.dask.random_under_sample(X, y, replacement=replacement, random_state=0)
    for actual in resampled:
        assert tuple(map(len, dask.compute(*actual.to_delayed().ravel()))) == actual.chunks[0]


@pytest.mark.parametrize("method", METHODS)
def test_nothing_is_computed_twice(method):
    """Labels once to count them, then each partition once for all passes and both results."""
    X, y = numbers(100)
    seen = []

    def tell(block, what, block_info=None):
        seen.append((what, *block_info[0]["chunk-location"][:1]))
        return block

    parts = [
        da.map_blocks(tell, part, what, dtype=part.dtype, meta=part._meta)
        for what, part in zip("Xy", arrays(X, y, [40, 70]), strict=True)
    ]
    resampled = getattr(fastsmote.dask, method)(*parts, **drawing(method, {"random_state": 0}))
    assert sorted(seen) == [("y", 0), ("y", 1), ("y", 2)]
    seen.clear()
    dask.compute(*resampled)
    assert sorted(seen) == [(what, i) for what in "Xy" for i in range(3)]


@pytest.mark.parametrize("scheduler", ["threads", "sync"])
@pytest.mark.parametrize("method", METHODS)
def test_schedulers(method, scheduler):
    with dask.config.set(scheduler=scheduler):
        assert agree(method, *numbers(300, seed=3), range(0, 300, 20), random_state=1)


@pytest.mark.parametrize("method", COMBINED)
@pytest.mark.parametrize("target", [5, 60, 400])
def test_new_rows_are_spread_over_partitions(method, target):
    """However many of them stay, as many as could."""
    X, y = numbers(100, share=0.1)
    strategy = {1: int((y == 1).sum()) + target}
    options = {"random_state": 0, "sampling_strategy": strategy}
    resampled = getattr(fastsmote.dask, method)(*arrays(X, y, [40, 70]), **options)
    sizes = list(map(len, dask.compute(*resampled[1].to_delayed().ravel())))
    assert len(sizes) == 3 + -(-target // 40)
    assert max(sizes[3:]) - min(sizes[3:]) <= 1
    assert max(sizes) <= 40
    assert agree(method, X, y, [40, 70], **options)


def test_the_seed_is_drawn_at_the_call():
    X, y = arrays(*numbers(100), [40])
    made = fastsmote.dask.smote(X, y)
    assert np.array_equal(made[0].compute(), made[0].compute())
    other = fastsmote.dask.smote(X, y)
    assert not np.array_equal(made[0].compute(), other[0].compute())


def test_results_go_on_as_arrays():
    X, y = numbers(100)
    X_resampled, y_resampled = fastsmote.dask.smote(*arrays(X, y, [30]), random_state=0)
    whole, labels = fastsmote.smote(X, y, random_state=0)
    assert np.array_equal((X_resampled[50:] * 2).sum(axis=1).compute(), (whole[50:] * 2).sum(axis=1))
    again = fastsmote.dask.random_under_sample(X_resampled, y_resampled, random_state=1)
    expected = fastsmote.random_under_sample(whole, labels, random_state=1)
    assert all(np.array_equal(a, e) for a, e in zip(dask.compute(*again), expected, strict=True))
