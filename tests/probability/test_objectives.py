"""Objectives for boosting libraries as values, and the score they start from at any imbalance."""

import copy
import pickle
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference.probability import losses as reference
from scipy.special import log_expit, log_softmax

from fastsmote._probability.objectives import FocalObjective
from fastsmote.losses import cross_entropy_objective

GAMMAS = [0.0, 1e-6, 0.3, 1.0, 2.0, 3.0, 5.0, 50.0]


def assert_least(mass, gamma, log_p):
    """Probabilities add up to 1, and mass times slope is the same for all: the minimum of a convex sum."""
    assert sum(np.exp(log_p)) == pytest.approx(1, rel=1e-13)
    slopes = [
        Decimal(float(m)) * reference.slope(float(lp), gamma) for m, lp in zip(mass, log_p, strict=True)
    ]
    for slope in slopes[1:]:
        assert float(slope / slopes[0]) == pytest.approx(1, rel=1e-9)


@pytest.mark.parametrize("gamma", GAMMAS)
@pytest.mark.parametrize("mass", [(1e5, 1), (1, 1e5), (990, 10), (1e12, 1), (1, 1), (3e-7, 1)])
@pytest.mark.parametrize("alpha", [None, 0.25])
@pytest.mark.one_in(6)
def test_initial_score_of_two_classes(mass, gamma, alpha):
    start = FocalObjective(gamma, alpha).initial_score([0, 1], sample_weight=mass)
    weights = (1, 1) if alpha is None else (1 - alpha, alpha)
    assert_least(np.multiply(mass, weights), gamma, [log_expit(-start), log_expit(start)])


@pytest.mark.parametrize("gamma", GAMMAS)
@pytest.mark.parametrize(
    "mass", [(1, 100, 1000), (1000, 1, 1), (1, 1, 1), (1, 1e6, 1e6), (1e-9, 7, 3, 1, 1e9)]
)
@pytest.mark.one_in(4)
def test_initial_scores_of_several_classes(mass, gamma):
    k = len(mass)
    start = FocalObjective(gamma, None).initial_score(range(k), k, sample_weight=mass)
    assert abs(start.sum()) < 1e-12
    assert_least(mass, gamma, log_softmax(start))


@settings(max_examples=60)
@given(
    gamma=st.floats(0, 1000),
    logs=st.lists(st.floats(-300, 300), min_size=2, max_size=30),
    shift=st.floats(-5, 5),
)
def test_laws_of_initial_scores(gamma, logs, shift):
    k, mass = len(logs), np.exp(logs)
    start = FocalObjective(gamma, mass).initial_score(range(k), k)
    scores = np.array([0, start]) if k == 2 else start
    assert np.isfinite(scores).all()
    assert (np.diff(scores[np.argsort(mass)]) >= -1e-11).all()  # heavier classes score higher
    again = FocalObjective(gamma, mass * np.exp(shift)).initial_score(range(k), k)
    np.testing.assert_allclose(again, start, rtol=1e-9, atol=1e-9)
    if k == 2:  # classes that change places change the sign
        turned = FocalObjective(gamma, mass[::-1]).initial_score([0, 1])
        assert turned == pytest.approx(-start, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("gamma", GAMMAS)
@pytest.mark.parametrize("k", [2, 3, 5])
def test_initial_score_is_stationary(k, gamma):
    y = np.repeat(np.arange(k), [10 ** (3 - i % 4) + i for i in range(k)])
    weight = np.random.default_rng(0).random(len(y)) + 0.5
    alpha = np.linspace(1, 2, k)
    objective = FocalObjective(gamma, alpha)
    start = objective.initial_score(y, k, sample_weight=weight)
    scores = np.full(len(y), start) if k == 2 else np.tile(start, (len(y), 1))
    gradient = objective(y, scores, weight)[0]
    size = np.abs(gradient).sum(axis=0)
    np.testing.assert_array_less(np.abs(gradient.sum(axis=0)), 1e-9 * size)
    assert k == 2 or abs(start.sum()) < 1e-9
    if gamma == 0:
        totals = alpha * np.bincount(y, weight)
        expected = np.log(totals) - np.log(totals).mean()
        np.testing.assert_allclose(start, expected[1] - expected[0] if k == 2 else expected, rtol=1e-9)


def test_the_heaviest_weights_do_not_overflow():
    objective = FocalObjective(0.0, (1e308, 1e-300))
    expected = np.log(1e-300) - np.log(1e308)
    assert objective.initial_score([0] * 10 + [1] * 10) == pytest.approx(expected, rel=1e-14)


ALPHAS = [None, 0.25, {0: 1, 1: 2}, {1.0: 2.0, 0.0: 1.0}, [1, 2], np.array([1.0, 2.0]), {}]


@pytest.mark.parametrize("alpha", ALPHAS)
def test_an_objective_is_a_value(alpha):
    objective = FocalObjective(1, alpha)
    twins = FocalObjective(1.0, alpha), pickle.loads(pickle.dumps(objective)), copy.deepcopy(objective)
    for twin in (*twins, FocalObjective(objective.gamma, objective.alpha), eval(repr(objective))):
        assert twin == objective
        assert hash(twin) == hash(objective)
    others = FocalObjective(2, alpha), FocalObjective(1, [3, 4]), FocalObjective(1, {0: 1, 1: 3})
    assert objective not in others
    y, score = [0, 1, 1], [0.5, -0.5, 2.0]
    np.testing.assert_array_equal(twins[1](y, score), objective(y, score))


def test_mappings_and_arrays_weigh_alike():
    y, score = [0, 1, 1], [0.5, -0.5, 2.0]
    mapping, array = FocalObjective(2.0, {1: 3}), FocalObjective(2.0, np.array([1, 3]))
    np.testing.assert_array_equal(mapping(y, score), array(y, score))
    assert mapping.initial_score(y) == array.initial_score(y)
    assert FocalObjective(2.0, {1: 2, 0: 1}) == FocalObjective(2.0, {0: 1, 1: 2})
    weights = np.array([1.0, 2.0])
    objective = cross_entropy_objective(weights)
    weights[0] = 9
    assert objective == cross_entropy_objective([1, 2])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"gamma": -5}, "gamma must be"),
        ({"gamma": np.inf}, "gamma must be"),
        ({"gamma": "2"}, "gamma must be"),
        ({"alpha": -0.1}, "alpha must be"),
        ({"alpha": [1, -2]}, r"alpha\[1\] must be"),
        ({"alpha": {0: 1, 1: np.nan}}, r"alpha\[1\] must be"),
        ({"alpha": {"a": 1, 1: 2}}, "by their numbers"),
        ({"alpha": "balanced"}, "alpha must be array-like"),
        ({"alpha": [[1, 2], [3, 4]]}, "one column"),
    ],
)
def test_wrong_parameters_are_refused_when_made(options, message):
    with pytest.raises(ValueError, match=message):
        FocalObjective(**options)


def test_errors_of_objectives():
    objective = FocalObjective()
    with pytest.raises(ValueError, match=r"Labels must be 0, 1.*Got .*2"):
        objective([0, 2], [0.0, 0.0])
    with pytest.raises(ValueError, match="encode the labels"):
        objective(["a", "b"], [0.0, 0.0])
    with pytest.raises(ValueError, match="Labels must be"):
        objective([0.5, np.nan], [0.0, 0.0])
    with pytest.raises(ValueError, match="one row of scores per label"):
        objective([0, 1], [0.0] * 6)
    with pytest.raises(ValueError, match="one weight per class"):
        FocalObjective(alpha=[1, 2, 3])([0, 1], [0.0, 0.0])
    with pytest.raises(ValueError, match="Class 1 has none"):
        objective.initial_score([0, 0])
    with pytest.raises(ValueError, match="Class 0 has none"):
        FocalObjective(alpha=1.0).initial_score([0, 1])
    with pytest.raises(ValueError, match="n_classes must be"):
        objective.initial_score([0, 1], 1)
