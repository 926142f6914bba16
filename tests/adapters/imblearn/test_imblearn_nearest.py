"""Neighbours of the drop-in over-samplers side by side with scikit-learn's: the same, in the same order."""

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

import fastsmote
from fastsmote.imblearn import SMOTE
from fastsmote.imblearn._nearest import ExactNeighbors


@pytest.mark.parametrize(("n", "d"), [(30, 3), (400, 30), (3000, 6), (3000, 18)])
def test_neighbours(n, d):
    X = np.random.default_rng(n + d).normal(size=(n, d))
    X[n // 2 + 1 : n // 2 + 1 + n // 3] = X[: n // 3]  # many of them marked, and the other row not
    marked = np.arange(n) % 3 == 0
    for data in (X, X.astype(np.float32), np.round(4 * X).astype(int)):
        for asked in (data, data[~marked]):
            expected = NearestNeighbors(n_neighbors=7).fit(data).kneighbors(asked, return_distance=False)
            nearest = ExactNeighbors(n_neighbors=7).fit(data)
            np.testing.assert_array_equal(nearest.kneighbors(asked, return_distance=False), expected)
        np.testing.assert_array_equal(nearest.count(asked, marked), marked[expected[:, 1:]].sum(axis=1))


@pytest.mark.parametrize("d", [3, 18])
def test_a_duplicate_of_another_class_far_from_all_others(d):
    """Whether it or the row itself is left out decides the count, and nothing else ties."""
    for seed in range(20):
        X = np.random.default_rng(seed).normal(size=(200, d))
        X[[0, 199]], X[[1, 198]] = 100.0 + X[0], -100.0 + X[1]
        marked = np.arange(200) % 2 == 0  # 0 and not 199; not 1 and 198
        asked = X[~marked]
        expected = NearestNeighbors(n_neighbors=4).fit(X).kneighbors(asked, return_distance=False)[:, 1:]
        actual = ExactNeighbors(n_neighbors=4).fit(X).count(asked, marked)
        np.testing.assert_array_equal(actual, marked[expected].sum(axis=1))


def test_indexes_are_kept_until_they_are_forgotten():
    X = np.random.default_rng(0).normal(size=(3000, 10))
    nearest = ExactNeighbors(n_neighbors=6).fit(X)
    nearest.kneighbors(X, return_distance=False)
    (known,) = vars(nearest)["_indexes"]
    nearest.fit(X[:2000]).kneighbors(nearest._rows, return_distance=False)
    nearest.fit(X).kneighbors(X, return_distance=False)
    assert vars(nearest)["_indexes"][0] is known
    nearest.forget()
    assert "_indexes" not in vars(nearest)


def test_a_sampler_keeps_no_index():
    X, y = fastsmote.make_fraud(8000, 10, fraud_rate=0.4, random_state=0)
    sampler = SMOTE(random_state=0)
    sampler.fit_resample(X, y)
    assert isinstance(sampler.nn_k_, ExactNeighbors)
    assert "_indexes" not in vars(sampler.nn_k_)
