"""Synthetic fraud data: the published figures, exact counts, and the same bits however it is made."""

import numpy as np
import pytest
from reference.kernels import philox

from fastsmote import datasets
from fastsmote.datasets import make_fraud

PUBLISHED = [
    1.959, 1.651, 1.516, 1.416, 1.380, 1.332, 1.237, 1.194, 1.099, 1.089, 1.021, 0.999, 0.995, 0.959,
    0.915, 0.876, 0.849, 0.838, 0.814, 0.771, 0.735, 0.726, 0.624, 0.606, 0.521, 0.482, 0.404, 0.330,
]  # fmt: skip


@pytest.fixture(scope="module")
def sample():
    return make_fraud(200_000, random_state=3)


def test_shapes_and_types(sample):
    X, y = sample
    assert X.shape == (200_000, 30)
    assert X.dtype == np.float64
    assert X.flags.c_contiguous
    assert y.dtype == np.int64
    assert np.isfinite(X).all()


@pytest.mark.parametrize(
    ("n", "rate", "expected"),
    [
        (1_000_000, 0.00173, 1730),
        (999, 0.5, 500),
        (100, 0.0, 0),
        (100, 1.0, 100),
        (100, 0.93, 93),
        (1, 0.4, 0),
    ],
)
def test_number_of_frauds_is_exact(n, rate, expected):
    _, y = make_fraud(n, 3, fraud_rate=rate)
    assert np.bincount(y, minlength=2).tolist() == [n - expected, expected]


def test_places_of_frauds_by_definition():
    places, i = set(), 0
    while len(places) < 30:
        word, _ = philox.draw(5, 2**31 + 1, i, 0)
        places.add(philox.below(word, 1_000))
        i += 1
    _, y = make_fraud(1_000, 3, fraud_rate=0.03, random_state=5)
    assert np.flatnonzero(y).tolist() == sorted(places)


def test_frauds_are_spread_over_the_rows(sample):
    _, y = sample
    places = np.flatnonzero(y) / len(y)
    assert abs(places.mean() - 0.5) < 5 / np.sqrt(12 * len(places))
    assert np.diff(np.flatnonzero(y)).max() < len(y) / 20


def test_columns_have_the_published_deviations(sample):
    X, _ = sample
    np.testing.assert_allclose(X[:, 1:29].std(axis=0), PUBLISHED, rtol=0.04)
    np.testing.assert_allclose(X[:, 1:29].mean(axis=0) / PUBLISHED, 0.0, atol=0.02)


def test_time_and_amount_are_standardised(sample):
    X, _ = sample
    time, amount = X[:, 0], X[:, 29]
    assert abs(time.mean()) < 0.01
    assert time.std() == pytest.approx(1.0, rel=0.01)
    assert time.max() - time.min() < 2 * np.sqrt(12)  # no tails
    assert abs(amount.mean()) < 0.01
    assert amount.std() == pytest.approx(1.0, rel=0.1)
    # zero stands at -mean and the median at median - mean, both over the deviation
    assert (np.median(amount) - amount.min()) / -amount.min() == pytest.approx(22 / 88, rel=0.05)
    assert amount.max() > 40


def test_components_have_heavy_tails(sample):
    X, _ = sample
    assert (np.abs(X[:, 1:29]).max(axis=0) / X[:, 1:29].std(axis=0)).min() > 7  # a Gaussian reaches 5


def test_some_rows_repeat_within_their_class(sample):
    X, y = sample
    _, first, group = np.unique(X, axis=0, return_index=True, return_inverse=True)
    assert 1 - len(first) / len(X) == pytest.approx(0.0035, rel=0.15)
    assert (y[first][group.ravel()] == y).all()


def test_frauds_are_shifted_and_overlap(sample):
    X, y = sample
    weights = np.linalg.solve(np.cov(X.T), X[y == 1].mean(axis=0) - X[y == 0].mean(axis=0))
    score = X @ weights
    frauds, others = score[y == 1], np.sort(score[y == 0])
    auc = np.searchsorted(others, frauds).mean() / len(others)
    assert 0.93 < auc < 0.99
    assert np.median(frauds) > others[int(0.99 * len(others))]
    assert frauds.min() < np.median(others)


@pytest.mark.parametrize("n_jobs", [1, 2, 3, 7])
@pytest.mark.parametrize("block", [97, 8192])
def test_threads_and_blocks_do_not_change_a_bit(monkeypatch, n_jobs, block):
    expected = make_fraud(5_000, 11, random_state=1, fraud_rate=0.1)
    monkeypatch.setattr(datasets, "_BLOCK", block)
    actual = make_fraud(5_000, 11, random_state=1, fraud_rate=0.1, n_jobs=n_jobs)
    np.testing.assert_array_equal(actual[0], expected[0])
    np.testing.assert_array_equal(actual[1], expected[1])


def test_seeds():
    base = make_fraud(1_000, 5, random_state=1)[0]
    np.testing.assert_array_equal(make_fraud(1_000, 5, random_state=np.int64(1))[0], base)
    assert not np.isin(make_fraud(1_000, 5, random_state=2)[0][:, 0], base[:, 0]).any()
    generator = np.random.default_rng(0)
    first, second = (make_fraud(1_000, 5, random_state=generator)[0] for _ in range(2))
    assert not np.array_equal(first, second)
    assert not np.array_equal(
        make_fraud(10, 5, random_state=None)[0], make_fraud(10, 5, random_state=None)[0]
    )


def test_default_seed_is_zero():
    np.testing.assert_array_equal(make_fraud(100)[0], make_fraud(100, random_state=0)[0])


def test_float32_is_float64_rounded():
    expected = make_fraud(3_000)[0].astype(np.float32)
    actual = make_fraud(3_000, dtype=np.float32)[0]
    assert actual.dtype == np.float32
    np.testing.assert_array_equal(actual, expected)


@pytest.mark.parametrize(("n_features", "deviation"), [(3, 1.959), (8, 1.332), (33, 0.330 * 0.9361**3)])
def test_last_component_of_other_widths(n_features, deviation):
    X, _ = make_fraud(100_000, n_features)
    assert X.shape[1] == n_features
    assert X[:, -2].std() == pytest.approx(deviation, rel=0.04)


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({"n_samples": 0}, ValueError, "n_samples"),
        ({"n_samples": 2.5}, TypeError, "n_samples"),
        ({"n_features": 2}, ValueError, "n_features"),
        ({"fraud_rate": 1.1}, ValueError, r"fraud_rate must be a number in \[0, 1\]"),
        ({"fraud_rate": float("nan")}, ValueError, r"fraud_rate must be a number in \[0, 1\]"),
        ({"dtype": "int64"}, ValueError, "dtype must be 'float64' or 'float32'"),
        ({"random_state": -1}, ValueError, "random_state"),
        ({"n_jobs": 0}, ValueError, "n_jobs"),
    ],
)
def test_errors(arguments, error, text):
    with pytest.raises(error, match=text):
        make_fraud(**{"n_samples": 10, **arguments})


def test_the_number_of_frauds_is_the_rate_as_it_is_written__B3():
    """45 * 0.7 is less than 31.5 as a float, and was rounded to 31 where half goes to the even 32."""
    assert make_fraud(45, fraud_rate=0.7, random_state=0)[1].sum() == 32
