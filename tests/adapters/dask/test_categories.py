"""Categories that no partition knows all of: those of all partitions, in the order that they come in."""

import dask
import dask.dataframe as dd
import numpy as np
import pandas as pd
import pytest
from adapters.dask.partitions import METHODS, drawing, frame_in_partitions, whole_frame

import fastsmote
import fastsmote.dask

pytestmark = pytest.mark.filterwarnings("ignore:All rows of")  # in memory as well
TAKING = ("smotenc", "random_over_sample", "random_under_sample")  # columns of categories
ENDS = [0, 60, 60, 130, 131, 170]


def mixed(n=200):
    """Rows whose categories come and go: sorted ones, ones of one partition, and numbers."""
    rng = np.random.default_rng(5)
    return pd.DataFrame(
        {
            "a": rng.normal(size=n),
            "country": np.sort(rng.choice(["DE", "FR", "IT", "AT"], n))[::-1],
            "label": np.where(np.arange(n) % 5 == 0, "yes", "no"),
            "size": np.where(np.arange(n) // 70 == 1, rng.integers(3, 6, n), rng.integers(0, 2, n)),
            "b": rng.integers(0, 4, n) / 2,
        }
    )


def in_partitions(frame, columns, ends=ENDS, ordered=False):
    """Each partition has the categories that are in it."""
    parts = frame_in_partitions(frame, ends)
    return parts.map_partitions(
        lambda part: part.assign(**{name: pd.Categorical(part[name], ordered=ordered) for name in columns}),
        meta=frame.iloc[:0].astype(dict.fromkeys(columns, "category")),
    )


@pytest.mark.parametrize("method", TAKING)
@pytest.mark.parametrize("columns", [["country"], ["size"], ["country", "size", "label"]])
def test_features(method, columns):
    parts = in_partitions(mixed(), columns)
    options = {"random_state": 3}
    if method == "smotenc":
        options["categorical_features"] = ["country", "size"]
    resampled = getattr(fastsmote.dask, method)(parts, target="label", **options).compute()
    expected = whole_frame(method, parts.compute(), **options)
    pd.testing.assert_frame_equal(resampled, expected, check_exact=True)


def test_frames_of_dask_whose_categories_are_not_known():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "a": rng.normal(size=400),
            "country": ["DE"] * 200 + ["FR"] * 200,
            "fraud": (rng.random(400) < 0.1).astype(int),
        }
    )
    parts = dd.from_pandas(frame, npartitions=4)
    parts["country"] = parts["country"].astype("category")
    assert not parts["country"].cat.known
    actual = fastsmote.dask.smotenc(parts, target="fraud", random_state=0).compute()
    whole = parts.compute()
    X, y = fastsmote.smotenc(whole[["a", "country"]], whole["fraud"], random_state=0)
    pd.testing.assert_frame_equal(actual, X.assign(fraud=y))
    plan = fastsmote.dask.plan.smotenc(parts, target="fraud", random_state=0).compute()
    again = fastsmote.plan.smotenc(whole[["a", "country"]], whole["fraud"], random_state=0)
    assert plan.donors[1].tobytes() == again.donors[1].tobytes()


@pytest.mark.parametrize("method", [method for method in METHODS if method not in TAKING])
def test_labels(method):
    """A class that one partition has not, in a column of numbers beside it."""
    frame = mixed()[["a", "label", "b"]].sort_values("label", ignore_index=True)
    parts = in_partitions(frame, ["label"])
    options = drawing(method, {"random_state": 3})
    resampled = getattr(fastsmote.dask, method)(parts, target="label", **options).compute()
    pd.testing.assert_frame_equal(
        resampled, whole_frame(method, parts.compute(), **options), check_exact=True
    )


def test_missing_categories():
    """Also in a partition that has no category at all."""
    frame = mixed()
    frame["country"] = frame["country"].mask((np.arange(200) // 65 == 1) | (np.arange(200) % 9 == 0))
    parts = in_partitions(frame, ["country"], [70, 120])
    resampled = fastsmote.dask.random_over_sample(parts, target="label", random_state=1).compute()
    pd.testing.assert_frame_equal(
        resampled, whole_frame("random_over_sample", parts.compute(), random_state=1)
    )


def test_ordered_categories_that_differ_have_a_way_out():
    parts = in_partitions(mixed(), ["country"], [60, 130], ordered=True)
    parts["country"] = parts["country"].cat.as_unknown()
    lazy = fastsmote.dask.smotenc(parts, target="label", random_state=0)
    with pytest.raises(
        ValueError, match=r"Column 'country' must have .* pass frame\.categorize\(\['country'\]\)"
    ):
        dask.compute(lazy)
    known = parts.categorize(["country"])
    resampled = fastsmote.dask.smotenc(known, target="label", random_state=0).compute()
    pd.testing.assert_frame_equal(resampled, whole_frame("smotenc", known.compute(), random_state=0))
