"""make_imbalance: imbalanced-learn's semantics, the rows of random_under_sample."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest

import fastsmote
from fastsmote import Prior, make_imbalance

Y = np.repeat(["a", "b", "c"], [50, 40, 30])
X = np.arange(240.0).reshape(120, 2)


def halves(y, of="a", kept=0.5):
    return {of: int(kept * (y == of).sum())}


@pytest.mark.parametrize(
    ("strategy", "options", "expected"),
    [
        ({"a": 10, "c": 3}, {}, {"a": 10, "b": 40, "c": 3}),
        (halves, {}, {"a": 25, "b": 40, "c": 30}),
        (halves, {"of": "b", "kept": 0.1}, {"a": 50, "b": 4, "c": 30}),
        (Prior({"c": 0.1}), {}, {"a": 50, "b": 40, "c": 10}),
    ],
)
def test_counts_and_rows(strategy, options, expected):
    made = make_imbalance(X, Y, sampling_strategy=strategy, random_state=3, **options)
    assert made.counts_after == expected == Counter(made[1].tolist())
    same = fastsmote.random_under_sample(X, Y, sampling_strategy=expected, random_state=3)
    for one, other in zip(made, same, strict=True):
        np.testing.assert_array_equal(one, other)


def test_counts_are_imbalanced_learn_s():
    theirs = pytest.importorskip("imblearn.datasets").make_imbalance
    for strategy, options in [({"b": 7}, {}), (halves, {"of": "c"})]:
        _, expected = theirs(X, Y, sampling_strategy=strategy, random_state=0, **options)
        _, actual = make_imbalance(X, Y, sampling_strategy=strategy, random_state=0, **options)
        assert Counter(actual.tolist()) == Counter(expected.tolist())


def test_containers_stay():
    frame = pd.DataFrame(X, columns=["u", "v"])
    made, labels = make_imbalance(frame, pd.Series(Y), sampling_strategy={"a": 5}, random_state=0)
    assert list(made.columns) == ["u", "v"]
    assert made.index.equals(labels.index)
    pd.testing.assert_frame_equal(made, frame.loc[made.index])


@pytest.mark.parametrize("strategy", ["auto", 0.5, None, fastsmote.Share(0.2)])
def test_other_strategies_are_those_of_under_samplers(strategy):
    with pytest.raises(TypeError, match=r"must be a dict of counts.*random_under_sample takes words"):
        make_imbalance(X, Y, sampling_strategy=strategy)


def test_errors():
    with pytest.raises(TypeError, match=r"^kept can only be passed on to a function.*leave it out"):
        make_imbalance(X, Y, sampling_strategy={"a": 3}, kept=0.5)
    with pytest.raises(ValueError, match="With under-sampling methods"):
        make_imbalance(X, Y, sampling_strategy={"a": 51})
