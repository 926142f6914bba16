"""Focal loss and cross-entropy: the definition in decimals, peers, laws, extremes, and real boosters."""

import copy
import pickle

import lightgbm
import numpy as np
import pandas
import polars
import pytest
import xgboost
from hypothesis import given
from hypothesis import strategies as st
from reference.probability import losses as reference
from scipy.special import expit, softmax
from sklearn.base import clone
from sklearn.metrics import log_loss

from fastsmote._probability.objectives import FocalObjective
from fastsmote.losses import (
    cross_entropy_objective,
    focal_loss,
    focal_loss_derivatives,
    weighted_cross_entropy,
    weighted_cross_entropy_derivatives,
)
from fastsmote.weights import class_weights, sample_weights

GAMMAS = [0.0, 0.5, 1.0, 2.0, 3.7]
SMALL, ALMOST = 2.0**-1022, 1 - 2.0**-53


def binary(n, seed=0, rate=0.1):
    """Labels, logits, weights."""
    rng = np.random.default_rng(seed)
    y = (rng.random(n) < rate).astype(np.int64)
    y[:2] = 0, 1
    return y, rng.normal(4.0 * y - 2, 2), rng.random(n) + 0.1


def several(n, k, seed=0):
    """Labels 0 .. k - 1, softmax scores, weights."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, k, n)
    y[:k] = range(k)
    return y, rng.normal(0, 3, (n, k)), rng.random(n) + 0.1


def test_numbers_of_the_article():
    assert round(focal_loss([1], [0.5]), 7) == 0.0433217
    assert round(focal_loss([0], [0.5]), 7) == 0.1299651
    y, score, _ = binary(1000)
    p = expit(score)
    assert focal_loss(y, p, 0.0, 0.5) == weighted_cross_entropy(y, p) / 2
    own = np.clip(np.where(y == 1, p, 1 - p), 1e-15, 1 - 1e-15)
    expected = np.mean(np.where(y == 1, 0.25, 0.75) * (1 - own) ** 2 * -np.log(own))
    assert focal_loss(y, p) == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("gamma", GAMMAS)
@pytest.mark.parametrize("p", [SMALL, 1e-300, 1e-17, 1e-3, 0.3, 0.5, 0.7, 0.999, ALMOST, 1.0])
@pytest.mark.one_in(5)
def test_value_is_that_of_the_definition(p, gamma):
    close = 2e-15 * (1 + gamma) + 2e-16 * 709 * (gamma % 1 > 0)
    expected = reference.value(p, gamma, 0.25)
    assert focal_loss([1], [p], gamma) == pytest.approx(expected, rel=close, abs=0)
    expected = (
        reference.value(SMALL, gamma, 0.75) if p == 1 else reference.value_of_complement(p, gamma, 0.75)
    )
    assert focal_loss([0], [p], gamma) == pytest.approx(expected, rel=close, abs=0)


@pytest.mark.parametrize("gamma", GAMMAS)
@pytest.mark.parametrize("score", [0.0, 1e-9, 0.5, -0.5, 5.0, -5.0, 40.0, -40.0, 300.0, -300.0])
@pytest.mark.one_in(5)
def test_derivatives_of_one_score(score, gamma):
    expected = reference.derivatives([0.0, score], 1, gamma, 0.25)
    gradient, hessian = focal_loss_derivatives([1], [score], gamma, 0.25)
    mirrored = focal_loss_derivatives([0], [-score], gamma, 0.75)
    close = 5e-15 + 1e-16 * abs(score) * (gamma % 1 > 0)
    np.testing.assert_allclose(
        [gradient[0], hessian[0]], [side[1] for side in expected], rtol=close, atol=1e-300
    )
    assert (-mirrored[0][0], mirrored[1][0]) == (gradient[0], hessian[0])


@pytest.mark.parametrize("gamma", GAMMAS)
@pytest.mark.parametrize(
    "scores",
    [
        (0.0, 0.0, 0.0),
        (1.0, -2.0, 0.5),
        (30.0, 0.0, 29.0),
        (-200.0, 3.0, 3.0),
        (0.0, 250.0, -4.0),
        (2.0, 7.0),
    ],
)
def test_derivatives_of_softmax_scores(scores, gamma):
    labels = list(range(len(scores)))
    for own in labels:
        expected = reference.derivatives(scores, own, gamma, 0.6)
        actual = focal_loss_derivatives([own], [scores], gamma, [0.6] * len(scores), labels=labels)
        close = 2e-14 + 1e-15 * max(map(abs, scores)) * (gamma % 1 > 0)
        for mine, theirs in zip(actual, expected, strict=True):
            np.testing.assert_allclose(mine[0], theirs, rtol=close, atol=1e-300)


def test_two_columns_are_one():
    y, score, weight = binary(500)
    both = np.column_stack([np.zeros(500), score])
    one, two = focal_loss_derivatives(y, score), focal_loss_derivatives(y, both)
    np.testing.assert_allclose(two[0][:, 1], one[0], rtol=1e-13)
    np.testing.assert_allclose(two[1], np.column_stack([one[1], one[1]]), rtol=1e-11, atol=1e-17)
    p = softmax(both, axis=1)
    assert focal_loss(y, p, sample_weight=weight) == pytest.approx(
        focal_loss(y, p[:, 1], sample_weight=weight)
    )


def test_cross_entropy_is_that_of_scikit_learn():
    y, score, weight = binary(1000)
    p = expit(score)
    assert weighted_cross_entropy(y, p) == pytest.approx(log_loss(y, p), rel=1e-13)
    assert weighted_cross_entropy(y, p, sample_weight=weight) == pytest.approx(
        log_loss(y, p, sample_weight=weight), rel=1e-13
    )
    y, score, weight = several(1000, 4)
    p = softmax(score, axis=1)
    expected = log_loss(y, p, sample_weight=weight)
    assert weighted_cross_entropy(y, p, sample_weight=weight) == pytest.approx(expected, rel=1e-13)
    names = np.array(["d", "b", "c", "a"])
    assert weighted_cross_entropy(names[y], p, labels=names, sample_weight=weight) == pytest.approx(expected)
    some = y < 2
    expected = log_loss(y[some], p[some], labels=[0, 1, 2, 3])
    assert weighted_cross_entropy(y[some], p[some], labels=[0, 1, 2, 3]) == pytest.approx(expected, rel=1e-13)


def test_class_weights_weigh():
    y, score, _ = binary(500)
    p, weights = expit(score), class_weights(y)
    expected = log_loss(y, p, sample_weight=sample_weights(y))  # balanced weights add up to n
    assert weighted_cross_entropy(y, p, weights) == pytest.approx(expected, rel=1e-13)
    assert weighted_cross_entropy(y, p, list(weights.values())) == pytest.approx(expected, rel=1e-13)
    assert focal_loss(y, p, 2.0, {0: 0.75, 1: 0.25}) == focal_loss(y, p)
    assert focal_loss(y, p, 2.0, {1: 0.25}) == focal_loss(y, p, 2.0, [1.0, 0.25])
    assert focal_loss([1, 1], [0.2, 0.3], 2.0, weights) == focal_loss(
        [1, 1], [0.2, 0.3], 2.0, [0, weights[1]]
    )
    plain, weighted = (
        weighted_cross_entropy_derivatives(y, score),
        weighted_cross_entropy_derivatives(y, score, weights),
    )
    for a, b in zip(plain, weighted, strict=True):
        np.testing.assert_allclose(a * sample_weights(y), b, rtol=1e-15)
    y, score, _ = several(100, 3)
    assert focal_loss(y, softmax(score, axis=1), 2.0, 0.3) == pytest.approx(
        0.3 * focal_loss(y, softmax(score, axis=1), 2.0, None)
    )


@given(
    gamma=st.sampled_from([0.0, 1.0, 2.0, 2.5]),
    k=st.integers(2, 7),
    shift=st.integers(-(2**20), 2**20),
    seed=st.integers(0, 9),
)
def test_laws_of_softmax_scores(gamma, k, shift, seed):
    y, score, weight = several(40, k, seed)
    score = np.round(score * 8) / 8  # so that a shift is exact
    gradient, hessian = focal_loss_derivatives(y, score, gamma, None, sample_weight=weight)
    np.testing.assert_allclose(gradient.sum(axis=1), 0, atol=1e-14)
    own = np.arange(k) == y[:, None]
    assert (gradient[own] <= 0).all()
    assert (gradient[~own] >= 0).all()
    moved = focal_loss_derivatives(y, score + shift, gamma, None, sample_weight=weight)
    assert (moved[0] == gradient).all()
    assert (moved[1] == hessian).all()
    order = np.random.default_rng(seed).permutation(k)  # classes under other names
    renamed = focal_loss_derivatives(np.argsort(order)[y], score[:, order], gamma, None, sample_weight=weight)
    np.testing.assert_allclose(renamed[0], gradient[:, order], rtol=1e-12, atol=1e-300)


@given(seed=st.integers(0, 100), gamma=st.sampled_from([0.0, 2.0, 0.3]))
def test_weights_are_repetitions(seed, gamma):
    y, score, _ = binary(30, seed, 0.4)
    times = np.random.default_rng(seed).integers(0, 4, 30)
    times[:2] = 1
    expected = focal_loss(np.repeat(y, times), expit(np.repeat(score, times)), gamma)
    assert focal_loss(y, expit(score), gamma, sample_weight=times) == pytest.approx(expected, rel=1e-13)
    assert focal_loss(y, expit(score), gamma, sample_weight=times * 5e307) == pytest.approx(
        expected, rel=1e-13
    )


@pytest.mark.parametrize("k", [1, 3])
def test_any_number_of_threads(k):
    n = 150_000
    y, score, weight = binary(n) if k == 1 else several(n, k)
    p = expit(score) if k == 1 else softmax(score, axis=1)
    values = [focal_loss(y, p, 1.5, sample_weight=weight, n_jobs=jobs) for jobs in (1, 2, 5)]
    assert len(set(values)) == 1
    one, two = (focal_loss_derivatives(y, score, sample_weight=weight, n_jobs=jobs) for jobs in (1, 3))
    assert (one[0] == two[0]).all()
    assert (one[1] == two[1]).all()
    some = slice(70_001, 70_011)  # a row is the same wherever it lies
    few = focal_loss_derivatives(
        y[some], score[some], sample_weight=weight[some], labels=[0, 1, 2] if k > 1 else None
    )
    assert (few[0] == one[0][some]).all()
    assert (few[1] == one[1][some]).all()


def test_containers_and_dtypes():
    y, score, weight = binary(300)
    p = expit(score)
    expected, derivatives = focal_loss(y, p, sample_weight=weight), focal_loss_derivatives(y, score)
    frozen = p.copy()
    frozen.flags.writeable = False
    for labels in (
        y.tolist(),
        y.astype(bool),
        y.astype(np.float32),
        pandas.Series(y),
        polars.Series(y),
        y[:, None],
    ):
        assert focal_loss(labels, p, sample_weight=weight) == expected
    assert focal_loss(np.where(y, "x", "o"), p, pos_label="x", sample_weight=weight) == expected
    assert focal_loss(y + 7, p, pos_label=8, sample_weight=weight) == expected
    for same in (p.tolist(), frozen, np.repeat(p, 2)[::2], pandas.Series(p), polars.Series(p), p[:, None]):
        assert focal_loss(y, same, sample_weight=pandas.Series(weight)) == expected
    single = p.astype(np.float32)
    assert focal_loss(y, single) == focal_loss(y, single.astype(np.float64))
    narrow = focal_loss_derivatives(y, score.astype(np.float32))
    np.testing.assert_array_equal(
        narrow, focal_loss_derivatives(y, score.astype(np.float32).astype(np.float64))
    )
    np.testing.assert_array_equal(focal_loss_derivatives(y, score[:, None]), derivatives)
    assert focal_loss([1, 0], [1, 0]) == 0
    y, score, _ = several(300, 3)
    expected = focal_loss_derivatives(y, score)
    for same in (np.asfortranarray(score), pandas.DataFrame(score), score.tolist()):
        np.testing.assert_array_equal(focal_loss_derivatives(y, same), expected)


def test_inputs_stay_as_they_are():
    y, score, weight = binary(100)
    p = expit(score)
    copies = [array.copy() for array in (y, score, weight, p)]
    focal_loss(y, p, sample_weight=weight)
    focal_loss_derivatives(y, score, sample_weight=weight)
    FocalObjective()(y, score, weight)
    for array, old in zip((y, score, weight, p), copies, strict=True):
        np.testing.assert_array_equal(array, old)


@pytest.mark.parametrize("gamma", [0.0, 0.1, 2.0, 1000.0])
def test_extremes_are_finite(gamma):
    huge = np.array([1.7e308, -1.7e308, 1e300, -1e300, 800.0, -800.0, 709.0, -709.0, 5e-324, -0.0])
    for y in (0, 1):
        gradient, hessian = focal_loss_derivatives(np.full(10, y), huge, gamma)
        assert np.isfinite(gradient).all()
        assert np.isfinite(hessian).all()
        assert np.isfinite(focal_loss(np.full(4, y), [0.0, 1.0, 5e-324, ALMOST], gamma))
        rows = np.column_stack([huge, huge[::-1], np.zeros(10)])
        for part in focal_loss_derivatives(np.full(10, y), rows, gamma, labels=[0, 1, 2]):
            assert np.isfinite(part).all()
    limits = focal_loss_derivatives([1, 1, 0, 0], [1e308, -1e308, 1e308, -1e308], gamma, None)
    np.testing.assert_array_equal(limits[0], [0, -1, 1, 0])
    assert focal_loss([1, 0], [0.0, 1.0], gamma, None) == pytest.approx(1022 * np.log(2), rel=1e-15)
    assert focal_loss([1, 0], [1.0, 0.0], gamma, None) == 0
    for rows in (1, 1 << 17):  # sums that are infinite within a block, or only over two
        assert focal_loss([1] * rows, [1e-9] * rows, gamma, [1, 1e308 if rows == 1 else 1e302]) == np.inf


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (([0, 1], [0.5, 1.5]), {}, r"within \[0, 1\].*1.5 in row 1"),
        (([0, 1], [0.5, np.nan]), {}, r"within \[0, 1\]"),
        (([0, 1], [[0.5, 0.5], [0.5, 0.6]]), {}, "add up to 1.*1.1 in row 1"),
        (([0, 1], [[0.5, 0.5], [-0.5, 1.5]]), {}, "Got -0.5 in row 1"),
        (([0, 1], [0.5, 0.5, 0.5]), {}, "inconsistent"),
        (([0, 1, 1], [[0.5, 0.5]] * 2), {}, "inconsistent"),
        (([], []), {}, "minimum of 1"),
        ((["a", "b"], [0.5, 0.5]), {}, "pos_label"),
        (([0, 1, 2], [0.5] * 3), {}, "multiclass"),
        (([0, 1], [[0.2, 0.3, 0.5]] * 2), {}, "Pass labels"),
        (([0, 1], [[0.2, 0.3, 0.5]] * 2), {"labels": [0, 1, 1]}, "once"),
        (([0, 3], [[0.2, 0.3, 0.5]] * 2), {"labels": [0, 1, 2]}, "all of y_true"),
        (([0, 1], [0.5, 0.5]), {"labels": [0, 1]}, "labels name the columns"),
        (([0, 1], [[0.5, 0.5]] * 2), {"pos_label": 1}, "pos_label is for one column"),
        (([0, 1], [0.5, 0.5]), {"gamma": -1}, "gamma must be"),
        (([0, 1], [0.5, 0.5]), {"gamma": np.nan}, "gamma must be"),
        (([0, 1], [0.5, 0.5]), {"gamma": 1001}, "gamma must be"),
        (([0, 1], [0.5, 0.5]), {"alpha": 1.5}, "alpha must be"),
        (([0, 1], [0.5, 0.5]), {"alpha": [1, 2, 3]}, "one weight per class"),
        (([0, 1], [0.5, 0.5]), {"alpha": [1, -2]}, r"alpha\[1\] must be"),
        (([0, 1], [0.5, 0.5]), {"alpha": {0: 1, 2: 1}}, "Got a weight for"),
        (([0, 1], [0.5, 0.5]), {"sample_weight": [1, -1]}, "negative"),
        (([0, 1], [0.5, 0.5]), {"sample_weight": [1]}, "one weight per row"),
        ((["a", "b"], [0.5, 0.5]), {"pos_label": "B"}, r"'B' is not a valid label.*\['a', 'b'\]"),
        ((["a", "b", "c"], [0.5] * 3), {"pos_label": "B"}, r"one of \['a', 'b', 'c'\]"),
        (([0, 1], ["a", "b"]), {}, "p must hold"),
        (([0, 1], [0.5 + 0j, 0.5]), {}, "p must hold"),
        (([0, 1], np.zeros((2, 0))), {}, "one column per class"),
    ],
)
def test_errors_of_values(arguments, options, message):
    with pytest.raises(ValueError, match=message):
        focal_loss(*arguments, **options)


@pytest.mark.parametrize("order", ["abc", "bac", "cba"])
def test_a_mapping_would_weigh_only_one_of_several_negative_labels(order):
    y, half = list(order), [0.5] * 3
    for weight in ({"a": 1, "b": 100, "c": 1}, {"b": 100, "c": 1}):
        for function in (weighted_cross_entropy, weighted_cross_entropy_derivatives):
            with pytest.raises(
                ValueError, match=r"class_weight must not be a mapping.*\(negative, positive\)"
            ):
                function(y, half, weight, pos_label="c")
        for function in (focal_loss, focal_loss_derivatives):
            with pytest.raises(ValueError, match="alpha must not be a mapping"):
                function(y, half, alpha=weight, pos_label="c")
    expected = weighted_cross_entropy([label == "c" for label in y], half, [100, 2])
    assert weighted_cross_entropy(y, half, [100, 2], pos_label="c") == expected


def test_one_label_may_be_negative():
    assert focal_loss(["a"], [0.5], pos_label="b") == focal_loss([0], [0.5])
    assert weighted_cross_entropy(["a"], [0.5], {"a": 3, "b": 5}, pos_label="b") == 3 * np.log(2)


@pytest.mark.parametrize("score", [[0.5, np.inf], [0.5, -np.inf], [np.nan, 0.5], [[1, 2], [3, np.nan]]])
def test_scores_are_finite(score):
    with pytest.raises(ValueError, match="score contains"):
        focal_loss_derivatives([0, 1], score)


class Data:
    """What objectives see of a data set."""

    def __init__(self, y, weight=None):
        self.y, self.weight = y, weight

    def get_label(self):
        return self.y

    def get_weight(self):
        return self.weight


@pytest.mark.parametrize("k", [1, 3])
def test_an_objective_tells_its_callers_apart(k):
    y, score, weight = binary(200) if k == 1 else several(200, k)
    objective = FocalObjective(2.0, None)
    expected = objective(y, score, weight)
    gradient, _ = focal_loss_derivatives(y, score, 2.0, None, sample_weight=weight)
    np.testing.assert_array_equal(expected[0], gradient)
    np.testing.assert_array_equal(objective(score, Data(y.astype(np.float32), weight)), expected)
    np.testing.assert_array_equal(objective(y, score, sample_weight=weight), expected)
    np.testing.assert_array_equal(objective(score, Data(y)), objective(y, score))
    np.testing.assert_array_equal(objective(score, Data(y, np.array([]))), objective(y, score))
    for twin in (
        pickle.loads(pickle.dumps(objective)),
        copy.deepcopy(objective),
        clone(objective, safe=False),
    ):
        assert twin == objective
        np.testing.assert_array_equal(twin(y, score, weight), expected)


@pytest.mark.parametrize("gamma", GAMMAS)
@pytest.mark.parametrize("k", [1, 3])
def test_hessians_of_objectives_are_usable(k, gamma):
    y, score, _ = binary(2000) if k == 1 else several(2000, k)
    score = score * 3
    gradient, true = focal_loss_derivatives(y, score, gamma, None)
    hessian = FocalObjective(gamma, None)(y, score)[1]
    scores = np.column_stack([np.zeros(2000), score]) if k == 1 else score
    p = softmax(scores, axis=1)
    own = p[np.arange(2000), y][:, None]
    least = (1 - own) ** gamma * p * (1 - p)
    least, factor = (least[:, 1], 1) if k == 1 else (least, k / (k - 1))
    np.testing.assert_allclose(hessian, factor * np.maximum(true, least), rtol=1e-9, atol=1e-14)
    assert (hessian >= 0).all()
    assert gamma == 0 or (true < 0).any()
    plain_gradient, plain = cross_entropy_objective()(y, score)
    steps = np.abs(gradient / hessian)
    assert (steps <= (1 + gamma) * np.abs(plain_gradient / plain) * (1 + 1e-9)).all()


# Real boosters: 8 % positives, three classes of 60, 30 and 10 %.
LIGHT = {
    "num_leaves": 7, "learning_rate": 0.1, "min_sum_hessian_in_leaf": 0, "num_threads": 1, "verbose": -1,
    "deterministic": True,
}  # fmt: skip
XG = {"max_depth": 3, "eta": 0.1, "reg_lambda": 0, "min_child_weight": 0, "nthread": 1}


@pytest.fixture(scope="module")
def imbalanced():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(2000, 5))
    logit = 2 * X[:, 0] + X[:, 1] - 4
    y = (rng.random(2000) < expit(logit)).astype(np.int64)
    return X, y, np.digitize(logit + rng.normal(size=2000), [-3.3, -1]), rng.random(2000) + 0.5


def light(X, y, weight, rounds, init=None, **params):
    data = lightgbm.Dataset(X, y, weight=weight, init_score=init)
    return lightgbm.train({**LIGHT, **params}, data, rounds).predict(X, raw_score=True)


def xg(X, y, weight, rounds, obj=None, base_margin=None, **params):
    data = xgboost.DMatrix(X, y, weight=weight, base_margin=base_margin)
    return xgboost.train({**XG, **params}, data, rounds, obj=obj).predict(data, output_margin=True)


@pytest.mark.parametrize("weighted", [False, True])
def test_lightgbm_grows_its_own_trees(imbalanced, weighted):
    X, y, y3, weight = imbalanced
    weight = weight if weighted else None
    actual = light(X, y, weight, 20, objective=FocalObjective(0.0, 0.5))
    expected = light(X, y, weight, 20, objective="binary", boost_from_average=False)
    np.testing.assert_allclose(actual, expected, atol=1e-5)
    actual = light(X, y3, weight, 10, objective=cross_entropy_objective(), num_class=3)
    expected = light(X, y3, weight, 10, objective="multiclass", num_class=3, boost_from_average=False)
    np.testing.assert_allclose(actual, expected, atol=1e-5)


@pytest.mark.parametrize("weighted", [False, True])
def test_xgboost_grows_its_own_trees(imbalanced, weighted):
    X, y, y3, weight = imbalanced
    weight = weight if weighted else None
    actual = xg(X, y, weight, 20, FocalObjective(0.0, 0.5), objective="binary:logistic")
    expected = xg(X, y, weight, 20, objective="binary:logistic", base_score=0.5)
    np.testing.assert_allclose(actual, expected, atol=1e-4)
    # its hessians are 2 p (1 - p), ours 3/2 p (1 - p): three quarters of the step make up for it
    actual = xg(X, y3, weight, 5, cross_entropy_objective(), num_class=3, eta=0.075, base_score=0)
    expected = xg(X, y3, weight, 5, objective="multi:softprob", num_class=3, base_score=0)
    np.testing.assert_allclose(softmax(actual, axis=1), softmax(expected, axis=1), atol=1e-3)


@pytest.mark.parametrize("library", [light, xg])
def test_training_reduces_the_focal_loss(imbalanced, library):
    X, y, y3, weight = imbalanced
    binary_focal, focal = FocalObjective(), FocalObjective(2.0, class_weights(y3))
    losses = []
    for rounds in (1, 5, 20):
        options = {"objective": binary_focal} if library is light else {"obj": binary_focal, "base_score": 0}
        score = library(X, y, weight, rounds, **options)
        options = {"objective": focal} if library is light else {"obj": focal, "base_score": 0}
        scores = library(X, y3, weight, rounds, num_class=3, **options)
        losses.append(
            (
                focal_loss(y, expit(score), sample_weight=weight),
                focal_loss(y3, softmax(scores, axis=1), 2.0, class_weights(y3), sample_weight=weight),
            )
        )
    assert (np.diff(losses, axis=0) < 0).all()
    start = focal_loss(y, np.full(len(y), 0.5), sample_weight=weight)
    assert losses[-1][0] < start / 2


def test_training_from_the_initial_score(imbalanced):
    X, y, _, weight = imbalanced
    objective = FocalObjective()
    start = np.full(len(y), objective.initial_score(y, sample_weight=weight))
    least = focal_loss(y, expit(start), sample_weight=weight)
    for other in (start - 0.3, start + 0.3, np.zeros(len(y))):
        assert focal_loss(y, expit(other), sample_weight=weight) > least
    scores = start + light(X, y, weight, 3, init=start, objective=objective)
    assert focal_loss(y, expit(scores), sample_weight=weight) < least
    scores = xg(X, y, weight, 3, objective, base_margin=start)
    assert focal_loss(y, expit(scores), sample_weight=weight) < least


@pytest.mark.filterwarnings("ignore:X does not have valid feature names")  # names that LightGBM made up
def test_scikit_learn_interfaces(imbalanced):
    X, y, y3, weight = imbalanced
    for labels, k in ((y, 1), (y3, 3)):
        objective = FocalObjective(2.0, None)
        native = {"objective": objective} | ({} if k == 1 else {"num_class": k})
        model = lightgbm.LGBMClassifier(objective=objective, n_estimators=5, **LIGHT)
        model = clone(model).fit(X, labels, sample_weight=weight)
        expected = light(X, labels, weight, 5, **native)
        np.testing.assert_array_equal(model.predict(X, raw_score=True), expected)
        model = xgboost.XGBClassifier(objective=objective, n_estimators=5, n_jobs=1, max_depth=3)
        model = clone(model).fit(X, labels, sample_weight=weight)
        margin = model.predict(X, output_margin=True)
        p = model.predict_proba(X)
        np.testing.assert_allclose(
            p,
            softmax(margin, axis=1) if k > 1 else np.column_stack([1 - expit(margin), expit(margin)]),
            atol=1e-6,
        )
        assert focal_loss(labels, p, 2.0, None) < focal_loss(
            labels, np.full(p.shape, 1 / p.shape[1]), 2.0, None
        )


def test_losses_of_rows__22_6():
    """Each is what the loss of the row alone is, whatever the block and the number of threads."""
    rng = np.random.default_rng(0)
    y, p, weight = rng.integers(0, 2, 300), rng.random(300), rng.random(300)
    rows = focal_loss(y, p, 1.7, reduction="none", n_jobs=2)
    assert rows.tolist() == [focal_loss(y[[i]], p[[i]], 1.7, labels=None) for i in range(300)]
    assert rows.mean() == pytest.approx(focal_loss(y, p, 1.7), rel=1e-14)
    weighed = focal_loss(y, p, 1.7, reduction="none", sample_weight=weight)
    np.testing.assert_array_equal(weighed, rows * weight)
    several = rng.dirichlet([1, 1, 1], 100)
    own = rng.integers(0, 3, 100)
    logs = weighted_cross_entropy(own, several, {2: 4.0}, labels=[0, 1, 2], reduction="none")
    expected = -np.log(several[np.arange(100), own]) * np.array([1, 1, 4])[own]
    np.testing.assert_allclose(logs, expected, rtol=1e-14)
    with pytest.raises(ValueError, match='reduction must be "mean" or "none"'):
        focal_loss(y, p, reduction="sum")
    with pytest.raises(ValueError, match="p must"):
        focal_loss(y, p + 1, reduction="none")
