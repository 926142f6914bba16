"""Options of all samplers, least counts above all: whatever they ask for, rows are those of whole tables."""

import dask
import dask.array as da
import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from adapters.dask.partitions import (
    CLEANING,
    COMBINED,
    METHODS,
    agree,
    arrays,
    frame_in_partitions,
    numbers,
    table,
    whole_frame,
)  # fmt: skip
from hypothesis import given, settings

import fastsmote
import fastsmote.dask

pytestmark = pytest.mark.filterwarnings("ignore:All rows of")  # in memory as well

K = st.integers(1, 7)
LEAST = st.one_of(st.none(), st.just("balanced"), st.integers(1, 140))
KINDS = st.sampled_from(["all", "mode"])
GROWN = st.sampled_from(["auto", "all", "not minority", 0.9, fastsmote.Share(0.45)])
CLEANED = st.sampled_from(["auto", "all", "majority", "not majority"])
KEPT = st.sampled_from(["auto", "all", "majority", 0.8])
OPTIONS = {
    "random_over_sample": {"sampling_strategy": GROWN},
    "smote": {"sampling_strategy": GROWN, "k_neighbors": K},
    "smotenc": {"sampling_strategy": GROWN, "k_neighbors": K, "categorical_features": st.just([0])},
    "adasyn": {"n_neighbors": K},
    "borderline_smote": {"k_neighbors": K, "m_neighbors": K},
    "random_under_sample": {"sampling_strategy": KEPT, "replacement": st.booleans()},
    "near_miss": {"sampling_strategy": KEPT, "n_neighbors": K, "version": st.sampled_from([1, 2])},
    "tomek_links": {"sampling_strategy": CLEANED, "min_count": LEAST},
    "edited_nearest_neighbours": {
        "sampling_strategy": CLEANED, "n_neighbors": K, "kind_sel": KINDS, "min_count": LEAST,
    },
    "neighbourhood_cleaning_rule": {
        "sampling_strategy": CLEANED, "n_neighbors": K, "min_count": LEAST,
        "threshold_cleaning": st.sampled_from([0, 0.5, 2]),
    },
    "smote_tomek": {"k_neighbors": K, "min_count": LEAST},
    "smote_enn": {"k_neighbors": K, "n_neighbors": K, "kind_sel": KINDS, "min_count": LEAST},
}  # fmt: skip


def test_these_are_all():
    assert set(OPTIONS) == set(METHODS)


@pytest.mark.parametrize("method", METHODS)
@given(st.data(), st.lists(st.integers(0, 140), max_size=9), st.integers(0, 99), st.sampled_from([0.1, 0.45]))
@settings(max_examples=20, deadline=None)
def test_any_options(method, data, ends, seed, share):
    """Bits, or one refusal: a ValueError in both places."""
    options = data.draw(st.fixed_dictionaries({}, optional=OPTIONS[method]))
    if method == "smotenc":
        options["categorical_features"] = [0]
    X, y = numbers(140, np.float64, seed, share=share)
    with dask.config.set(scheduler="sync"):
        try:
            agrees, refusal = agree(method, X, y, ends, random_state=seed, **options), None
        except ValueError as error:
            agrees, refusal = False, str(error)
        if refusal is not None:
            with pytest.raises(ValueError, match=r".") as refused:
                dask.compute(getattr(fastsmote.dask, method)(*arrays(X, y, ends), **options))
            agrees = refusal == str(refused.value)
    assert agrees


@pytest.fixture(scope="module")
def fraud():
    return fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)


LEAST_COUNTS = [1, 50, 940, 949, 2000, "balanced"]


@pytest.mark.parametrize("method", [*CLEANING, *COMBINED])
@pytest.mark.parametrize("min_count", LEAST_COUNTS)
def test_least_counts(fraud, method, min_count):
    for ends in ([300, 600, 900], range(40, 1000, 40)):
        assert agree(method, *fraud, ends, min_count=min_count, random_state=0)


@pytest.mark.parametrize("min_count", LEAST_COUNTS)
def test_least_counts_of_classes_around_a_small_one(fraud, min_count):
    """Rows that are removed as neighbours only, which no pass has asked: they are looked up."""
    X, y = fraud
    options = {"min_count": min_count, "threshold_cleaning": 0, "n_neighbors": 9}
    expected = fastsmote.select.neighbourhood_cleaning_rule(X, y, **options)
    for ends in ([], [300, 600, 900], range(10, 1000, 10)):
        rows = fastsmote.dask.select.neighbourhood_cleaning_rule(*arrays(X, y, ends), **options)
        np.testing.assert_array_equal(rows.compute(), expected)


@pytest.mark.parametrize("method", CLEANING)
def test_least_counts_of_frames(fraud, method):
    X, y = fraud
    frame = table(X[:, :3], y)
    parts = frame_in_partitions(frame, [0, 200, 200, 700])
    kept = getattr(fastsmote.dask, method)(parts, target="label", min_count=945)
    pd.testing.assert_frame_equal(kept.compute(), whole_frame(method, frame, min_count=945))


@pytest.mark.parametrize("min_count", [None, 1, 940])
def test_partitions_are_computed_once_whether_or_not_least_counts_bind(fraud, min_count):
    seen = []

    def tell(block):
        seen.append(len(block))
        return block

    X, y = arrays(*fraud, [300, 600, 900])
    X = da.map_blocks(tell, X, dtype=X.dtype, meta=X._meta)
    dask.compute(*fastsmote.dask.neighbourhood_cleaning_rule(X, y, min_count=min_count))
    assert sorted(seen) == [100, 300, 300, 300]
