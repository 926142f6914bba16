"""random_under_sample within clusters: every kind of a class stays, in proportion."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.sampling.under import clusters as reference
from strategies import fraud

import fastsmote
from fastsmote import select
from fastsmote._sampling.places import apportion


def data(n=600):
    X, y = fraud(n, 3)
    return X, y, np.random.default_rng(1).choice(["a", "b", "c", "d"], n, p=[0.6, 0.25, 0.1, 0.05])


@pytest.mark.parametrize("replacement", [False, True])
@pytest.mark.parametrize(
    ("strategy", "n_left"), [("auto", [60, 60, 60]), ({0: 7, 1: 100}, [7, 100, 60]), ({0: 3}, [3, 120, 60])]
)
def test_rows_are_those_of_the_definition(strategy, n_left, replacement):
    X, y, clusters = data()
    kept = select.random_under_sample(
        X, y, sampling_strategy=strategy, clusters=clusters, replacement=replacement, random_state=5
    )
    assert kept.tolist() == reference.under(y, clusters.tolist(), n_left, 5, replacement)
    rows, labels = fastsmote.random_under_sample(
        X, y, sampling_strategy=strategy, clusters=clusters, replacement=replacement, random_state=5
    )
    np.testing.assert_array_equal(rows, X[kept])
    np.testing.assert_array_equal(labels, y[kept])


@given(st.lists(st.integers(0, 40), min_size=1, max_size=9).filter(any), st.data())
def test_each_cluster_keeps_its_share_to_a_row(sizes, draws):
    total = draws.draw(st.integers(0, sum(sizes)))
    counts = apportion(np.array(sizes), total).tolist()
    assert counts == reference.shares(sizes, total)
    for size, count in zip(sizes, counts, strict=True):
        assert 0 <= count <= size
        assert abs(count - size * total / sum(sizes)) < 1


def test_one_cluster_is_none():
    X, y, _ = data()
    expected = select.random_under_sample(X, y, random_state=2)
    actual = select.random_under_sample(X, y, clusters=np.zeros(len(y), int), random_state=2)
    np.testing.assert_array_equal(actual, expected)


def test_names_and_containers_do_not_matter_but_their_order():
    X, y, clusters = data()
    expected = select.random_under_sample(X, y, clusters=clusters, random_state=2)
    for same in (
        clusters.tolist(),
        pd.Series(clusters),
        pd.Categorical(clusters),
        np.unique(clusters, return_inverse=True)[1] - 1,  # as DBSCAN numbers them
    ):
        for n_jobs in (1, 2):
            actual = select.random_under_sample(X, y, clusters=same, random_state=2, n_jobs=n_jobs)
            np.testing.assert_array_equal(actual, expected)


def test_rare_kinds_stay():
    y = np.repeat([0, 1], [1000, 100])
    clusters = np.where(np.arange(1100) < 20, "rare", "common")
    kept = select.random_under_sample(y[:, np.newaxis], y, clusters=clusters, random_state=0)
    assert (kept < 20).sum() == 2  # a tenth of 20


@pytest.mark.parametrize(
    ("clusters", "error", "words"),
    [
        ([0, 1], ValueError, "clusters"),
        ([0.5] * 600, ValueError, "clusters"),
        ([None] * 600, ValueError, "clusters"),
        (3, (TypeError, ValueError), "clusters"),
    ],
)
def test_messages(clusters, error, words):
    X, y, _ = data()
    with pytest.raises(error, match=words):
        fastsmote.random_under_sample(X, y, clusters=clusters)
