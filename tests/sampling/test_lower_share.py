"""A share of the smallest class below the one it has, and mappings that name no class: messages that work."""

import ast
import re

import numpy as np
import pytest

import fastsmote
from fastsmote._sampling.registry import SAMPLERS

RNG = np.random.default_rng(0)
Y = np.repeat(["benign", "malignant"], [600, 400])
X = RNG.normal(size=(1000, 2)) + (Y == "malignant")[:, np.newaxis]
NEEDS = {row.name for row in SAMPLERS.values() if row.needs}
PLAIN = [row for row in SAMPLERS.values() if row.name not in NEEDS and row.columns != "categories"]
TAKE_SHARES = [row.name for row in PLAIN if row.kind == "over"] + [
    "random_under_sample", "near_miss", "cluster_centroids", "smote_tomek", "smote_enn"
]  # fmt: skip


def call(name, **options):
    if "categorical_features" not in options and name == "smotenc":
        options["categorical_features"] = [1]
    return getattr(fastsmote, name)(X, Y, **options)


def counts_in(message):
    return [ast.literal_eval(text) for text in re.findall(r"sampling_strategy=(\{.*?\})", message)]


@pytest.mark.parametrize("name", TAKE_SHARES)
def test_a_share_below_the_present_one_says_what_works__B9(name):
    """40 % of 1,000 patients are malignant, 20 % will be: keep 150 of 400, or have 1,600 benign."""
    with pytest.raises(
        ValueError, match="less than the share that the smallest class has already"
    ) as refused:
        call(name, sampling_strategy=fastsmote.Share(0.2))
    message = str(refused.value)
    assert "400 of 1000 rows" in message
    assert "larger share" not in message
    assert counts_in(message) == [{"malignant": 150}, {"benign": 1600}]
    other = "random_under_sample" if SAMPLERS[name].kind in ("over", "combine") else "random_over_sample"
    assert f"{other} with" in message


@pytest.mark.parametrize("name", ["random_over_sample", "random_under_sample"])
@pytest.mark.parametrize(
    ("counts", "share"), [((600, 400), 0.2), ((7, 7), 0.3), ((357, 212), 0.123), ((9, 5, 4), 0.1)]
)
def test_the_counts_of_the_message_lead_to_the_share__B9(name, counts, share):
    y = np.repeat(np.arange(len(counts)), counts)
    rows = np.arange(len(y))[:, np.newaxis]
    with pytest.raises(ValueError, match="smallest class") as refused:
        getattr(fastsmote, name)(rows, y, sampling_strategy=fastsmote.Share(share))
    first, second = counts_in(str(refused.value))
    fewer, more = (first, second)
    (smallest,) = fewer
    _, kept = fastsmote.random_under_sample(rows, y, sampling_strategy=fewer)
    _, grown = fastsmote.random_over_sample(rows, y, sampling_strategy=more)
    present = np.count_nonzero(kept == smallest)
    assert (present - 1) / (len(kept) - 1) < share <= present / len(kept)
    present = np.count_nonzero(grown == smallest)
    assert present / (len(grown) + 1) < share <= present / len(grown)


@pytest.mark.parametrize("name", ["random_over_sample", "random_under_sample"])
@pytest.mark.parametrize("counts", [(600, 400), (100, 80, 90)])
def test_a_ratio_below_the_present_one_says_what_works__B9(name, counts):
    y = np.repeat(np.arange(len(counts)), counts)
    rows = np.arange(len(y))[:, np.newaxis]
    with pytest.raises(ValueError, match="To lower it, keep fewer rows") as refused:
        getattr(fastsmote, name)(rows, y, sampling_strategy=0.25)
    (fewer,) = counts_in(str(refused.value))
    _, kept = fastsmote.random_under_sample(rows, y, sampling_strategy=fewer)
    assert np.bincount(kept).min() == counts[0] / 4


@pytest.mark.parametrize("name", [row.name for row in PLAIN])
@pytest.mark.parametrize("empty", [{}, [], lambda y: {}])
def test_a_mapping_that_names_no_class_is_refused__D7(name, empty):
    with pytest.raises((ValueError, TypeError), match="sampling_strategy") as refused:
        call(name, sampling_strategy=empty)
    if not isinstance(empty, list) and SAMPLERS[name].kind not in ("clean",) and name in TAKE_SHARES:
        assert "names no class. A mapping names each class that changes" in str(refused.value)
