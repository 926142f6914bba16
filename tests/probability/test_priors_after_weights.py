"""Probabilities of classifiers that were fitted with weights of classes or rows, corrected."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB

import fastsmote
from fastsmote.priors import correct_prior, correct_prior_from

P = np.array([0.05, 0.3, 0.5, 0.9])


def data(n=6000):
    rng = np.random.default_rng(0)
    y = (rng.random(n) < 0.08).astype(int)
    return rng.normal(size=(n, 2)) + y[:, np.newaxis], y


@pytest.mark.parametrize(
    "weights",
    ["balanced", {1: 11.5}, {0: 0.5, 1: 4}, "class_weights", "rows"],
)
def test_as_from_the_two_priors(weights):
    _, y = data()
    share = y.mean()
    if weights == "class_weights":
        weights = fastsmote.class_weights(y)
    if weights == "rows":
        weights = np.random.default_rng(1).random(len(y)) + y
        train = weights[y == 1].sum() / weights.sum()
    elif weights == "balanced":
        train = 0.5
    else:
        mass = weights.get(1, 1) * share
        train = mass / (mass + weights.get(0, 1) * (1 - share))
    expected = correct_prior(P, train, share)
    np.testing.assert_allclose(correct_prior_from(y, P, weights=weights), expected, rtol=1e-12)
    both = np.column_stack([1 - P, P])
    actual = correct_prior_from(y, both, weights=weights)
    np.testing.assert_allclose(actual[:, 1], expected, rtol=1e-9)
    if isinstance(weights, dict):
        np.testing.assert_array_equal(
            correct_prior_from(y, P, weights=weights), correct_prior_from(y.tolist(), P, weights=weights)
        )


def test_naive_bayes_with_weights_gets_its_prior_back_exactly():
    X, y = data()
    plain = GaussianNB().fit(X, y).predict_proba(X)
    each = np.where(y == 1, 7.0, 0.5)
    weighted = GaussianNB(var_smoothing=1e-9).fit(X, y, sample_weight=each).predict_proba(X)
    assert abs(weighted[:, 1].mean() - plain[:, 1].mean()) > 0.2
    for weights in (each, {0: 0.5, 1: 7}):
        np.testing.assert_allclose(correct_prior_from(y, weighted, weights=weights), plain, rtol=1e-5)


def test_a_balanced_logistic_model_is_calibrated_again():
    X, y = data()
    p = LogisticRegression(class_weight="balanced").fit(X, y).predict_proba(X)[:, 1]
    assert p.mean() > 2 * y.mean()
    assert correct_prior_from(y, p, weights="balanced").mean() == pytest.approx(y.mean(), rel=0.05)


def test_after_resampling_with_weights():
    X, y = data()
    resampled = fastsmote.random_under_sample(X, y, sampling_strategy=0.5, random_state=0)
    share = y.mean()
    expected = correct_prior(P, 0.5 * 3 / (0.5 * 3 + 1), share)
    for source in (resampled, (y, resampled[1])):
        for weights in ({1: 3}, 1 + 2.0 * resampled[1]):
            np.testing.assert_allclose(correct_prior_from(source, P, weights=weights), expected, rtol=1e-12)
        np.testing.assert_allclose(
            correct_prior_from(source, P, weights="balanced"), correct_prior(P, 0.5, share), rtol=1e-12
        )
    restored = fastsmote.smote(X, y, random_state=0, return_weights=True)
    np.testing.assert_allclose(correct_prior_from(restored, P, weights=restored[2]), P, rtol=1e-9)
    plan = fastsmote.plan.smote(X, y, random_state=0)
    np.testing.assert_allclose(
        correct_prior_from(plan, P, weights={1: 2}), correct_prior(P, 2 / 3, share), rtol=1e-12
    )
    counts = ({0: 90, 1: 10}, {0: 10, 1: 10})
    np.testing.assert_allclose(correct_prior_from(counts, P, weights={0: 9}), correct_prior(P, 0.1, 0.1))


def test_another_prior_where_it_is_used():
    _, y = data()
    actual = correct_prior_from(y, P, weights="balanced", true_prior=0.3)
    np.testing.assert_allclose(actual, correct_prior(P, 0.5, 0.3), rtol=1e-12)


def test_two_rows_are_labels_and_no_pair():
    np.testing.assert_allclose(correct_prior_from([0, 1], P, weights={1: 3}), correct_prior(P, 0.75, 0.5))
    words = correct_prior_from(["a", "b"], P, weights={"b": 3}, pos_label="b")
    np.testing.assert_allclose(words, correct_prior(P, 0.75, 0.5))


@pytest.mark.parametrize(
    ("source", "weights", "error", "words"),
    [
        ([0, 1, 1], "even", ValueError, "weights must be 'balanced', a dict .* Got 'even'"),
        ([0, 1, 1], [1.0, 2.0], ValueError, "one weight for each of the 3 rows .* Got 2"),
        ([0, 1, 1], [1.0, 2.0, -1.0], ValueError, "must not be negative"),
        ([0, 1, 1], {0: 0}, ValueError, "none of"),
        ([0, 1, 1], {2: 5}, ValueError, "weights must name labels of y"),
        (({0: 1, 1: 2}, {0: 1, 1: 1}), [1.0, 2.0], TypeError, "source must hold labels, one for each"),
        ([0, 1, 1], None, TypeError, "source must be what a sampler returned"),
    ],
)
def test_errors(source, weights, error, words):
    with pytest.raises(error, match=words):
        correct_prior_from(source, P, weights=weights)
