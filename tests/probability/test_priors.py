"""Probabilities under other priors against exact odds, offsets, and an article's figures."""

import math
from collections import Counter
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.optimize
import scipy.special
from hypothesis import assume, given
from hypothesis import strategies as st
from probability.samples import simplex
from reference.probability import priors as reference

import fastsmote
from fastsmote.priors import correct_prior, correct_prior_from, estimate_prior, logit_offset

EPS = np.finfo(np.float64).eps
LABELS = ("x", "y", "z")

# Wisconsin breast cancer (original), UCI Machine Learning Repository, CC BY 4.0: rows by clump thickness 1-10
BENIGN = np.array([142, 46, 96, 68, 85, 16, 1, 4, 0, 0])
MALIGNANT = np.array([3, 4, 12, 12, 45, 18, 22, 42, 14, 69])
THICKNESS = np.arange(1.0, 11.0)

unit = st.floats(0, 1)
shares = st.floats(1e-9, 1 - 1e-9)


# --- correct_prior


@given(p=unit, train=shares, true=shares)
def test_two_classes_against_exact_odds(p, train, true):
    expected = reference.corrected_odds(p, train, true)
    actual = correct_prior(p, train, true)
    assert isinstance(actual, float)
    assert actual == pytest.approx(float(expected), rel=16 * EPS, abs=0)
    negative = correct_prior(1 - p, 1 - train, 1 - true)
    if min(p, train, true) > 0.5:  # where 1 - p is exact, so is the other class's probability
        assert negative == pytest.approx(float(1 - expected), rel=16 * EPS, abs=0)


@given(k=st.integers(2, 5), seed=st.integers(0, 2**32 - 1))
def test_several_classes_against_fractions(k, seed):
    rng = np.random.default_rng(seed)
    p, train, true = simplex(rng, (4, k), 0.2), simplex(rng, k, 0.5), simplex(rng, k, 0.5)
    actual = correct_prior(p, train, true)
    expected = [[float(v) for v in reference.corrected(row, train, true)] for row in p]
    np.testing.assert_allclose(actual, expected, rtol=32 * EPS, atol=0)
    np.testing.assert_allclose(actual.sum(axis=1), 1, rtol=8 * EPS)
    if k == 2:
        one = correct_prior(p[:, 1], train[1], true[1])
        np.testing.assert_allclose(one, actual[:, 1], rtol=32 * EPS / train.min() / p.min())


@given(p=unit, train=shares, true=shares)
def test_there_and_back(p, train, true):
    there = correct_prior(p, train, true)
    assume(there < 1 or p == 1)
    back = correct_prior(there, true, train)
    lost = p * (1 - p) / (there * (1 - there)) if 0 < there < 1 else 0  # by rounding ``there``
    assert abs(back - p) <= 16 * EPS * (p + lost)


@given(p=st.lists(unit, min_size=1, max_size=20), train=shares, true=shares)
def test_laws(p, train, true):
    p = np.sort(np.array([0.0, 1.0, *p]))
    actual = correct_prior(p, train, true)
    assert (np.diff(actual) >= 0).all()
    assert (actual[0], actual[-1]) == (0, 1)
    np.testing.assert_array_equal(correct_prior(p, train, train), p)
    assert ((actual >= p) | (true < train) | np.isclose(actual, p, rtol=4 * EPS, atol=0)).all()


@pytest.mark.parametrize(
    ("train", "true"), [(1e-75, 0.5), (0.5, 1e-75), (1 - 1e-16, 1e-75), (1e-75, 1 - 1e-16)]
)
def test_extreme_priors(train, true):
    p = np.array([0, 5e-324, 1e-300, 0.5, 1 - 1e-16, 1])
    actual = correct_prior(p, train, true)
    assert np.isfinite(actual).all()
    expected = [float(reference.corrected_odds(v, train, true)) for v in p]
    np.testing.assert_allclose(actual, expected, rtol=1e-15, atol=5e-324)


def test_containers_and_types():
    p = np.random.default_rng(0).random((50, 2))
    p /= p.sum(axis=1, keepdims=True)
    expected = correct_prior(p[:, 1].copy(), 0.5, 0.1)
    before = p.copy()
    p.flags.writeable = False
    for given_p in (p[:, 1], p[:, 1].tolist(), pd.Series(p[:, 1]), pl.Series(p[:, 1]), p[:, 1:]):
        np.testing.assert_array_equal(correct_prior(given_p, 0.5, 0.1), expected, strict=True)
    both = correct_prior(p, 0.5, 0.1)
    np.testing.assert_allclose(both[:, 1], expected, rtol=1e-14)
    for given_p in (np.asfortranarray(p), p.tolist(), pd.DataFrame(p), pl.DataFrame(p)):
        np.testing.assert_array_equal(correct_prior(given_p, [0.5, 0.5], [0.9, 0.1]), both, strict=True)
    np.testing.assert_array_equal(p, before)
    narrow = correct_prior(p.astype(np.float32), 0.5, 0.1)
    assert narrow.dtype == np.float32
    np.testing.assert_allclose(narrow, both, rtol=1e-5)
    assert correct_prior(p.astype(np.float16), 0.5, 0.1).dtype == np.float32
    np.testing.assert_array_equal(correct_prior([0, 1], 0.5, 0.1), [0.0, 1.0])


def test_priors_by_label():
    p = simplex(np.random.default_rng(0), (5, 3))
    train, true = {"z": 0.5, "x": 0.2, "y": 0.3}, {"x": 0.1, "y": 0.1, "z": 0.8}
    expected = correct_prior(p, [0.2, 0.3, 0.5], [0.1, 0.1, 0.8])
    np.testing.assert_array_equal(correct_prior(p, train, true), expected)
    turned = correct_prior(p[:, [2, 0, 1]], train, true, classes=np.array(["z", "x", "y"]))
    np.testing.assert_array_equal(turned, correct_prior(p[:, [2, 0, 1]], [0.5, 0.2, 0.3], [0.8, 0.1, 0.1]))


@pytest.mark.parametrize("n_jobs", [2, 3])
def test_threads_change_nothing(n_jobs):
    rng = np.random.default_rng(0)
    p, rows = rng.beta(0.4, 1, 150_001), simplex(rng, (150_001, 3), 0.5)
    for values, train, true in [(p, 0.5, 0.02), (rows, [0.2, 0.3, 0.5], [0.6, 0.3, 0.1])]:
        one = correct_prior(values, train, true, n_jobs=1)
        np.testing.assert_array_equal(correct_prior(values, train, true, n_jobs=n_jobs), one)
        assert (values.ndim == 1) == (one.ndim == 1)
        alone, several = (estimate_prior(values, train, n_jobs=jobs) for jobs in (1, n_jobs))
        for a, b in zip(alone, several, strict=True):
            np.testing.assert_array_equal(a, b)


WRONG = [
    ([0.1, np.nan], 0.5, 0.1, r"p must hold probabilities in \[0, 1\]. Got nan in row 1"),
    ([0.1, 1.0000001], 0.5, 0.1, "in row 1"),
    ([-1e-9], 0.5, 0.1, "in row 0"),
    ([], 0.5, 0.1, "empty"),
    ([0.1j], 0.5, 0.1, "complex|p must hold"),
    (np.array([0.1], np.longdouble), 0.5, 0.1, "float64 or narrower"),
    ([[0.5, 0.6]], 0.5, 0.1, "add up to 1"),
    ([[0.5, 0.5, 0.0]], 0.5, 0.1, "train_prior must hold one prior per column of p, 3"),
    ([0.5], 0, 0.1, "train_prior must hold numbers between 0 and 1"),
    ([0.5], 0.1, 1.0, "true_prior must hold numbers between 0 and 1"),
    ([0.5], 0.1, 1e-80, "true_prior"),
    ([0.5], 0.1, np.nan, "true_prior"),
    ([0.5], 0.1, "half", "true_prior"),
    ([0.5], True, 0.5, "train_prior"),
    ([0.5], [0.5, 0.5], 0.5, "train_prior must be a number"),
    ([0.5], {0: 0.5, 1: 0.5}, 0.5, "train_prior must be the prior of the positive class"),
    ([[0.5, 0.5]], [0.5, 0.4], 0.5, "train_prior must hold numbers that add up to 1"),
    ([[0.5, 0.5]], [0.2, 0.3, 0.5], 0.5, r"train_prior must be of shape \(2,\)"),
    ([[0.5, 0.5]], {0: 0.2, 1: 0.3, 2: 0.5}, 0.5, "p must have one column per class, 3"),
]


@pytest.mark.parametrize(("p", "train", "true", "message"), WRONG)
def test_errors_of_correct_prior(p, train, true, message):
    with pytest.raises(ValueError, match=message):
        correct_prior(p, train, true)


def test_wrong_classes():
    for classes in (["a", "c"], ["a", "a"], ["a", "b", "c"]):
        with pytest.raises(ValueError, match="classes must hold the labels"):
            correct_prior([[0.5, 0.5]], {"a": 0.5, "b": 0.5}, 0.5, classes=classes)


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame])
def test_columns_of_a_frame_are_taken_by_name(frame):
    p = simplex(np.random.default_rng(1), (6, 3))
    train, true = {"a": 0.5, "b": 0.2, "c": 0.3}, {"a": 0.1, "b": 0.1, "c": 0.8}
    turned = frame(dict(zip("cab", p[:, [2, 0, 1]].T, strict=True)))
    expected = correct_prior(p, train, true)[:, [2, 0, 1]]
    np.testing.assert_allclose(correct_prior(turned, train, true), expected, rtol=1e-14)
    np.testing.assert_allclose(correct_prior(turned, train, true, classes=list("cab")), expected, rtol=1e-14)
    pair = (dict(zip("abc", [10, 10, 80], strict=True)), dict(zip("abc", [50, 20, 30], strict=True)))
    np.testing.assert_allclose(correct_prior_from(pair, turned), expected, rtol=1e-14)
    assert estimate_prior(turned, train).prior.tolist() == pytest.approx(
        estimate_prior(p, train).prior[[2, 0, 1]].tolist(), abs=1e-4
    )
    other, plain = frame(dict(zip("xyz", p.T, strict=True))), correct_prior(p, train, true)
    np.testing.assert_array_equal(correct_prior(other, [0.5, 0.2, 0.3], [0.1, 0.1, 0.8]), plain)
    np.testing.assert_array_equal(correct_prior(other, train, true, classes=list("abc")), plain)
    with pytest.raises(ValueError, match="classes must be in the order of the columns of p"):
        correct_prior(turned, train, true, classes=list("abc"))
    for correct in (
        lambda: correct_prior(other, train, true),
        lambda: correct_prior_from(pair, other),
        lambda: estimate_prior(other, train),
    ):
        with pytest.raises(ValueError, match="p must have columns that are named as the classes"):
            correct()


def test_classes_are_checked_without_dicts_too():
    pair = ([0, 1, 1], [0, 0, 1])
    for correct in (
        lambda: correct_prior([0.4], 0.5, 0.1, classes=["zzz"]),
        lambda: correct_prior([0.4], 0.5, 0.1, classes=[0, 1]),
        lambda: correct_prior_from(pair, [0.4], classes=["q"]),
        lambda: estimate_prior([0.4], 0.5, classes=[0, 1]),
    ):
        with pytest.raises(ValueError, match="classes is for p with a column per class"):
            correct()
    for classes in (["a", "b", "c"], ["a", "a"], "ab", [["a", "b"]]):
        with pytest.raises(ValueError, match="classes must hold the labels of the 2 columns of p"):
            correct_prior([[0.4, 0.6]], 0.5, 0.1, classes=classes)
    assert correct_prior([[0.5, 0.5]], 0.5, 0.1, classes=["b", "a"]).tolist() == [[0.9, 0.1]]
    with pytest.raises(ValueError, match=r"true_prior must have the labels \['a', 'b'\]. Got \['a', 'c'\]"):
        correct_prior([[0.4, 0.6]], {"a": 0.5, "b": 0.5}, {"a": 0.9, "c": 0.1})
    with pytest.raises(ValueError, match="Labels must be all numbers or all strings"):
        correct_prior([[0.4, 0.6]], {0: 0.5, "1": 0.5}, 0.1)


def test_single_numbers_and_columns():
    number = correct_prior(0.3, 0.5, 0.1)
    for p, train, true in [
        (np.array(0.3), 0.5, 0.1),
        (np.float64(0.3), np.array(0.5), np.array(0.1)),
        (0.3, np.array(0.5), 0.1),
    ]:
        corrected = correct_prior(p, train, true)
        assert type(corrected) is float
        assert corrected == number
    assert correct_prior([[0.3]], 0.5, 0.1).tolist() == [number]
    assert estimate_prior([0.3, 0.6], np.array(0.5)) == estimate_prior([0.3, 0.6], 0.5)
    assert logit_offset(np.array(0.5), np.array(0.1)) == logit_offset(0.5, 0.1)


# --- logit_offset, and the article


@given(p=st.floats(1e-6, 1 - 1e-6), train=st.floats(1e-4, 1 - 1e-4), true=st.floats(1e-4, 1 - 1e-4))
def test_offset_moves_logits_as_correction_does(p, train, true):
    moved = scipy.special.expit(scipy.special.logit(p) + logit_offset(train, true))
    assert moved == pytest.approx(correct_prior(p, train, true), rel=1e-12)
    exact = Fraction(true) / (1 - Fraction(true)) * (1 - Fraction(train)) / Fraction(train)
    assert logit_offset(train, true) == pytest.approx(math.log(exact), abs=1e-13)
    assert logit_offset(train, train) == 0


def test_offsets_of_a_multinomial_model():
    rng = np.random.default_rng(0)
    logits, train, true = rng.normal(size=(6, 4)), simplex(rng, 4), simplex(rng, 4)
    moved = scipy.special.softmax(logits + logit_offset(train, true), axis=1)
    expected = correct_prior(scipy.special.softmax(logits, axis=1), train, true)
    np.testing.assert_allclose(moved, expected, rtol=1e-13)


def test_offsets_by_label():
    train, true = {"b": 0.3, "a": 0.5, "c": 0.2}, {"c": 0.1, "a": 0.8, "b": 0.1}
    expected = logit_offset([0.5, 0.3, 0.2], [0.8, 0.1, 0.1])
    np.testing.assert_array_equal(logit_offset(train, true), expected)
    np.testing.assert_array_equal(logit_offset(train, [0.8, 0.1, 0.1]), expected)
    np.testing.assert_array_equal(logit_offset([0.5, 0.3, 0.2], true), expected)
    with pytest.raises(ValueError, match="true_prior must have the labels"):
        logit_offset(train, {"a": 0.8, "b": 0.1, "d": 0.1})
    with pytest.raises(ValueError, match="two numbers or have one number per class"):
        logit_offset(train, 0.5)


def test_errors_of_logit_offset():
    with pytest.raises(ValueError, match="train_prior must hold numbers between"):
        logit_offset(0.0, 0.5)
    with pytest.raises(ValueError, match="true_prior must be a number"):
        logit_offset(0.5, "0.5")
    with pytest.raises(ValueError, match="must be two numbers or have one number per class"):
        logit_offset([0.5, 0.5], 0.5)
    with pytest.raises(ValueError, match="true_prior must hold numbers that add up to 1"):
        logit_offset([0.5, 0.5], [0.5, 0.6])


def patients():
    x = np.repeat(np.concatenate([THICKNESS, THICKNESS]), np.concatenate([BENIGN, MALIGNANT]))
    return x[:, np.newaxis], np.repeat(["benign", "malignant"], [BENIGN.sum(), MALIGNANT.sum()])


def fit_patients(X, y):
    x, places = np.unique(X[:, 0], return_inverse=True)
    counts = [np.bincount(places[y == label], minlength=len(x)) for label in ("benign", "malignant")]
    return reference.logistic(x, *counts)


def test_the_article_s_regression_is_reproduced():
    X, y = patients()
    assert Counter(y.tolist()) == {"benign": 458, "malignant": 241}
    np.testing.assert_allclose(fit_patients(X, y), [-5.1601677, 0.9354593], atol=5e-8)


@pytest.mark.parametrize("printed", [-4.4911164, -4.4639646])
def test_the_article_s_intercepts_come_back(printed):
    """Of its under-sampled and its SMOTE model, both of 50 % malignant; the original is -5.1601677."""
    assert abs(printed - -5.1601677) > 0.6
    assert abs(printed + logit_offset(0.5, 241 / 699) - -5.1601677) < 0.06


@pytest.mark.parametrize("sampler", [fastsmote.random_under_sample, fastsmote.smote])
def test_intercepts_of_resampled_patients_come_back(sampler):
    X, y = patients()
    original = fit_patients(X, y)[0]
    fits = [fit_patients(*sampler(X, y, random_state=seed))[0] for seed in range(20)]
    assert np.mean(fits) - original > 0.6
    assert abs(np.mean(fits) + logit_offset(0.5, 241 / 699) - original) < 0.2


def test_the_intercept_only_model_comes_back_exactly():
    X, y = patients()
    assert correct_prior(0.5, 0.5, 241 / 699) == pytest.approx(241 / 699, abs=1e-12)
    for sampler in (fastsmote.random_under_sample, fastsmote.smote):
        resampled = sampler(X, y, random_state=0)
        base_rate = np.mean(resampled[1] == "malignant")
        assert base_rate == 0.5
        back = correct_prior_from(resampled, [base_rate], pos_label="malignant")
        assert back[0] == pytest.approx(241 / 699, abs=1e-12)


@given(p=unit, beta=st.floats(1e-3, 1), prior=st.floats(1e-3, 0.999))
def test_under_sampling_s_closed_form_is_the_same(p, beta, prior):
    """Dal Pozzolo et al. (2015): a share beta of the negatives is kept."""
    train = prior / (prior + beta * (1 - prior))
    assert correct_prior(p, train, prior) == pytest.approx(
        beta * p / (beta * p - p + 1), rel=1e-9, abs=1e-300
    )


def test_the_closed_form_from_counts():
    p = np.linspace(0, 1, 11)
    actual = correct_prior_from(({0: 1000, 1: 20}, {0: 50, 1: 20}), p)
    np.testing.assert_allclose(actual, 0.05 * p / (0.05 * p - p + 1), rtol=1e-14)


def test_a_thousand_patients_at_a_prevalence_of_a_fifth():
    y = np.repeat(["benign", "malignant"], [600, 400])
    X = np.arange(1000.0)[:, np.newaxis]
    resampled = fastsmote.random_under_sample(X, y, sampling_strategy={"malignant": 150}, random_state=0)
    assert resampled.counts_before == {"benign": 600, "malignant": 400}
    assert resampled.counts_after == {"benign": 600, "malignant": 150}
    back = correct_prior_from(resampled, [0.2], pos_label="malignant")
    assert back[0] == pytest.approx(0.4, abs=1e-12)
    with pytest.raises(ValueError, match="less than the share that the smallest class has already"):
        fastsmote.random_under_sample(X, y, sampling_strategy=fastsmote.Share(0.2))


@pytest.mark.parametrize(
    "sampler", [fastsmote.smote, fastsmote.random_over_sample, fastsmote.random_under_sample]
)
def test_resampling_ruins_calibration_and_correction_restores_it(sampler):
    """Known probabilities, 7 % of rows positive: the error of 0.2 falls to less than a tenth of that."""
    linear = pytest.importorskip("sklearn.linear_model")
    rng = np.random.default_rng(0)
    X = rng.normal(size=(30_000, 2))
    known = scipy.special.expit(X @ [1.2, -0.8] - 3.3)
    y = (rng.random(len(X)) < known).astype(int)
    plain = linear.LogisticRegression(C=np.inf).fit(X, y).predict_proba(X)[:, 1]
    resampled = sampler(X, y, random_state=0)
    ruined = linear.LogisticRegression(C=np.inf).fit(*resampled).predict_proba(X)[:, 1]
    restored = correct_prior_from(resampled, ruined)
    assert reference.calibration_error(plain, known) < 0.005
    assert reference.calibration_error(ruined, known) > 0.2
    assert reference.calibration_error(restored, known) < 0.015
