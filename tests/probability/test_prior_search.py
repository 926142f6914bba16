"""The most likely prior of rows without labels, against EM, profiles and simulations."""

import math

import numpy as np
import pytest
import scipy.optimize
import scipy.special
from hypothesis import given
from hypothesis import strategies as st
from probability.samples import simplex, two_columns
from reference.probability import priors as reference

from fastsmote.priors import correct_prior, estimate_prior

LABELS = ("x", "y", "z")


def posteriors(seed, n, prior, shift=2.0, train=0.5):
    """Exact probabilities of N(shift, 1) against N(0, 1) under ``train``, of rows with another prior."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n) + shift * (rng.random(n) < prior)
    return scipy.special.expit(shift * x - shift**2 / 2 + scipy.special.logit(train))


@given(
    seed=st.integers(0, 2**32 - 1),
    k=st.integers(2, 5),
    n=st.integers(1, 60),
    alpha=st.sampled_from([0.1, 1, 9]),
)
def test_no_em_iterate_is_more_likely(seed, k, n, alpha):
    rng = np.random.default_rng(seed)
    p, train = simplex(rng, (n, k), alpha), simplex(rng, k, 2.0)
    actual = estimate_prior(p, train)
    assert actual.converged
    assert actual.n_iter <= 30
    assert actual.prior.sum() == pytest.approx(1, abs=1e-12)
    assert (actual.prior > 0).all()
    assert ((actual.low <= actual.prior) & (actual.prior <= actual.high)).all()
    assert ((actual.low >= 0) & (actual.high <= 1)).all()
    expected = reference.log_likelihood(p, train, reference.em(p, train, 300))
    assert actual.log_likelihood == pytest.approx(
        float(reference.log_likelihood(p, train, actual.prior)), rel=1e-9, abs=1e-9
    )
    assert actual.log_likelihood >= expected - 1e-6 - 1e-9
    assert actual.log_likelihood >= -1e-9


@pytest.mark.parametrize(("train", "prior"), [(0.5, 0.05), (0.5, 0.5), (0.02, 0.3), (0.97, 0.1), (0.1, 0.9)])
def test_where_em_ends(train, prior):
    p = posteriors(0, 1000, prior, shift=2.5, train=train)
    actual = estimate_prior(p, train, tol=1e-12)
    expected = float(reference.em(two_columns(p), [1 - train, train], 1500)[1])
    assert actual.prior == pytest.approx(expected, rel=1e-6)
    peer = scipy.optimize.minimize_scalar(
        lambda v: -float(reference.log_likelihood(two_columns(p), [1 - train, train], [1 - v, v])),
        bounds=(1e-6, 1 - 1e-6),
        method="bounded",
        options={"xatol": 1e-9},
    )
    assert actual.prior == pytest.approx(peer.x, rel=1e-4)
    assert correct_prior(p, train, actual.prior).mean() == pytest.approx(actual.prior, rel=1e-6)
    both = estimate_prior(two_columns(p), train, tol=1e-12)
    np.testing.assert_allclose(both.prior, [1 - actual.prior, actual.prior], rtol=1e-6)
    np.testing.assert_allclose([both.low[1], both.high[1]], [actual.low, actual.high], rtol=1e-6)


def test_several_classes_are_found():
    rng = np.random.default_rng(0)
    means, train, prior = np.array([0.0, 2.0, 5.0]), np.array([0.4, 0.4, 0.2]), np.array([0.7, 0.1, 0.2])
    x = rng.normal(size=10_000) + rng.choice(means, 10_000, p=prior)
    p = train * np.exp(-((x[:, np.newaxis] - means) ** 2) / 2)
    p /= p.sum(axis=1, keepdims=True)
    actual = estimate_prior(p, dict(zip(LABELS, train, strict=True)), classes=LABELS)
    assert (np.abs(actual.prior - prior) < 0.02).all()
    assert (actual.low < prior).all()
    assert (prior < actual.high).all()
    expected = reference.em(p, train, 400).astype(float)
    np.testing.assert_allclose(actual.prior, expected, atol=1e-5)


def test_interval_is_that_of_the_observed_information():
    p, train = posteriors(1, 4000, 0.2), [0.5, 0.5]
    actual = estimate_prior(p, 0.5, confidence_level=0.9, tol=1e-12)
    step = 1e-4
    values = [
        reference.log_likelihood(two_columns(p), train, [1 - v, v])
        for v in (actual.prior - step, actual.prior, actual.prior + step)
    ]
    error = 1 / math.sqrt(float(2 * values[1] - values[0] - values[2])) * step
    z = scipy.special.ndtri(0.95)
    assert actual.high - actual.prior == pytest.approx(z * error, rel=1e-4)
    assert actual.prior - actual.low == pytest.approx(z * error, rel=1e-4)


def test_interval_of_several_classes_is_that_of_the_profile():
    """Its curvature: the others free, which takes the inverse of the whole information."""
    p, train = simplex(np.random.default_rng(3), (3000, 3), 0.5), np.full(3, 1 / 3)
    actual = estimate_prior(p, train, tol=1e-12)
    s = p / train / (p * actual.prior / train).sum(axis=1, keepdims=True)
    along = np.array([[1.0, 0, -1], [0, 1, -1]])
    covariance = np.linalg.inv(along @ s.T @ s @ along.T)
    errors = np.sqrt([covariance[0, 0], covariance[1, 1], covariance.sum()])
    np.testing.assert_allclose(actual.high - actual.prior, scipy.special.ndtri(0.975) * errors, rtol=1e-6)


def test_intervals_cover():
    """Of 300 samples of 1000 rows, 95 % intervals miss the prior in 3 to 30 (15 are expected, +- 3.8)."""
    found = [estimate_prior(posteriors(seed, 1000, 0.1), 0.5, n_jobs=1) for seed in range(300)]
    missed = sum(not estimate.low <= 0.1 <= estimate.high for estimate in found)
    assert 3 <= missed <= 30


def test_nothing_to_learn():
    actual = estimate_prior(np.full(50, 0.3), 0.3)
    assert (actual.prior, actual.low, actual.high) == (pytest.approx(0.3), 0, 1)
    assert actual.log_likelihood == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(("p", "border"), [(np.full(40, 0.2), 0), (np.full(40, 0.8), 1)])
def test_borders_are_approached(p, border):
    actual = estimate_prior(p, 0.5)
    assert actual.converged
    assert actual.n_iter <= 30
    assert actual.prior == pytest.approx(border, abs=1e-6)
    assert actual.log_likelihood == pytest.approx(40 * math.log(1.6), abs=1e-6)
    assert 0 <= actual.low <= actual.prior <= actual.high <= 1


def test_certain_rows_are_counted():
    p = np.repeat([0.0, 1.0], [30, 10])
    actual = estimate_prior(p, 0.5, tol=1e-12)
    assert actual.prior == pytest.approx(0.25, rel=1e-9)
    assert actual.high - 0.25 == pytest.approx(scipy.special.ndtri(0.975) * math.sqrt(0.25 * 0.75 / 40))
    lonely = estimate_prior([1.0], 0.5)
    assert lonely.prior == pytest.approx(1, abs=1e-6)


def test_a_class_that_no_row_looks_like():
    p = np.column_stack([posteriors(0, 500, 0.3), np.zeros(500)])
    p = np.column_stack([p[:, 0], 1 - p[:, 0], p[:, 1]])
    actual = estimate_prior(p, [0.4, 0.4, 0.2])
    assert actual.converged
    assert actual.n_iter <= 30
    assert actual.prior[2] < 1e-6


def test_too_few_passes_are_told():
    p = posteriors(0, 500, 0.01)
    with pytest.warns(UserWarning, match="Raise max_iter"):
        actual = estimate_prior(p, 0.5, max_iter=2)
    assert not actual.converged
    assert actual.n_iter == 2


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"confidence_level": 1.0}, ValueError),
        ({"confidence_level": 0}, ValueError),
        ({"tol": 0}, ValueError),
        ({"tol": math.nan}, ValueError),
        ({"tol": math.inf}, ValueError),
        ({"max_iter": 0}, ValueError),
        ({"max_iter": 1.5}, TypeError),
    ],
)
def test_errors_of_estimate_prior(options, error):
    with pytest.raises(error, match=next(iter(options))):
        estimate_prior([0.2, 0.4], 0.5, **options)
