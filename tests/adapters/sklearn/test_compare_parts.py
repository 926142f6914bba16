"""Parts of fastsmote.compare beside slow ways: shared samplers, resampled metrics, intervals."""

import numpy as np
import pytest

pytest.importorskip("sklearn")
from reference.adapters.sklearn import compare as oracle
from sklearn.tree import DecisionTreeClassifier

import fastsmote
from fastsmote.sklearn import BalancedBaggingClassifier, _compare_scores
from fastsmote.sklearn._compare_fold import Fold
from fastsmote.sklearn._compare_intervals import differences
from fastsmote.sklearn._compare_methods import DEFAULT, Method
from fastsmote.sklearn._compare_scores import METRICS, Predictions, estimates, prepare_draws, replicates

NAMES = list(METRICS)


def rows(n=500, seed=0, words=False):
    rng = np.random.default_rng(seed)
    y = rng.permutation((np.arange(n) < n // 8).astype(int))
    X = np.round(rng.normal(size=(n, 3)) + 0.7 * y[:, np.newaxis], 1)
    return X, (np.where(y == 1, "no", "yes") if words else y)


SAMPLERS = [name for name in DEFAULT if name not in ("none", "class_weight", "balanced_bagging")]


@pytest.mark.parametrize("words", [False, True])
@pytest.mark.parametrize("name", SAMPLERS)
def test_samplers_of_a_fold_give_what_the_functions_give(name, words):
    X, y = rows(words=words)
    fold = Fold(X, y, "no" if words else 1, 7)
    cleans = "neighbour" in name or name == "tomek_links"
    for ratio in [None] if cleans else [None, 0.3, 0.6, fastsmote.Share(0.4)]:
        found = fold.resample(Method(name, name, ratio))
        options = {} if ratio is None else {"sampling_strategy": ratio}
        if not cleans and name != "near_miss":
            options["random_state"] = 7
        X_expected, y_expected = getattr(fastsmote, name)(X, y, **options)
        np.testing.assert_array_equal(found.X, X_expected)
        np.testing.assert_array_equal(found.y, y_expected)
        assert found.share == np.mean(y_expected == ("no" if words else 1))


@pytest.mark.parametrize("ratio", [None, 0.5, fastsmote.Share(0.3)])
def test_balanced_bagging_is_the_classifier_of_that_name(ratio):
    X, y = rows(words=True)
    tree = DecisionTreeClassifier(max_depth=3)
    found = fastsmote.compare(
        X, y, estimators=tree, samplers="balanced_bagging", ratios=ratio, cv=3, random_state=5
    )
    for number in range(3):
        train, test = found.fold != number, found.fold == number
        seed = np.random.SeedSequence(5, spawn_key=(number,)).generate_state(1)[0]  # as samplers of the fold
        model = BalancedBaggingClassifier(
            tree, sampling_strategy=ratio or "auto", correct_prior=True, random_state=int(seed)
        ).fit(X[train], y[train])
        np.testing.assert_array_equal(found.corrected[1, test], model.predict_proba(X[test])[:, 0])
        model.set_params(correct_prior=False)
        np.testing.assert_array_equal(found.raw[1, test], model.predict_proba(X[test])[:, 0])


def predictions(n=300, ties=False, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.random(n) < 0.2
    p = 1 / (1 + np.exp(2 - 2 * y - rng.normal(size=(4, n))))
    p[1] = p[0]
    if ties:
        p = np.round(p, 1)
    return Predictions(y, p, p >= 0.4, 1.0, 7.0)


@pytest.mark.parametrize("ties", [False, True])
def test_estimates_and_replicates_beside_scikit_learn(ties, monkeypatch):
    monkeypatch.setattr(_compare_scores, "N_RESAMPLES", 20)
    found = predictions(ties=ties)
    draws = prepare_draws(found.y, None)
    drawn = replicates(found, NAMES, draws, 5, 2)
    weights = draws.weights(5, 0, 20, np.float64)
    np.testing.assert_array_equal(weights[found.y].sum(axis=0), found.y.sum())
    np.testing.assert_array_equal(weights[~found.y].sum(axis=0), (~found.y).sum())
    for b, w in enumerate(weights.T):
        for j in range(4):
            expected = oracle.weighted(found.y, found.p[j], found.called[j], w, 1.0, 7.0)
            np.testing.assert_allclose(
                drawn[b, :, j], [expected[name] for name in NAMES], rtol=2e-5, atol=1e-6
            )
    values = estimates(found, NAMES)
    for j in range(4):
        expected = oracle.weighted(found.y, found.p[j], found.called[j], np.ones(300), 1.0, 7.0)
        np.testing.assert_allclose(values[:, j], [expected[name] for name in NAMES], rtol=1e-12)
    np.testing.assert_array_equal(drawn[:, :, 0], drawn[:, :, 1])


@pytest.mark.parametrize("block", [1, 100, 1 << 23])
def test_replicates_do_not_depend_on_blocks_or_threads(block, monkeypatch):
    monkeypatch.setattr(_compare_scores, "N_RESAMPLES", 70)
    found = predictions()
    draws = prepare_draws(found.y, None)
    expected = replicates(found, NAMES, draws, 5, 1)
    monkeypatch.setattr(_compare_scores, "_BLOCK_CELLS", block)
    np.testing.assert_allclose(replicates(found, NAMES, draws, 5, 2), expected, rtol=1e-5)


def test_groups_are_drawn_as_wholes():
    y = np.arange(60) < 12
    group = np.arange(60) // 6  # two have positive rows
    weights = prepare_draws(y, group).weights(0, 0, 50, np.float64)
    for g in range(10):
        assert (weights[group == g] == weights[group == g][0]).all()
    np.testing.assert_array_equal(weights[:12].sum(axis=0), 12)
    np.testing.assert_array_equal(weights.sum(axis=0), 60)
    assert len(np.unique(weights, axis=1).T) > 40


def test_intervals_beside_loops():
    rng = np.random.default_rng(0)
    found = rng.normal(size=(1, 4))
    drawn = found + rng.normal(size=(200, 1, 4)) * [0.1, 0.2, 0.3, 0.0]
    found[:, 3], drawn[:, :, 3] = found[:, 2], drawn[:, :, 2]
    base = np.array([0, 0, 2, 2])
    got = differences(found, drawn, np.zeros((5, 1, 4)), base, np.array([True]))
    expected = oracle.intervals(found[0], drawn[:, 0], base)
    np.testing.assert_allclose(np.array([got.low[0], got.high[0]]).T, expected, atol=1e-12)
    assert got.low[0, 0] == got.high[0, 0] == 0


def test_better_holds_over_folds_as_well():
    found = np.array([[0.5, 0.7]])
    drawn = found + np.random.default_rng(0).normal(size=(500, 1, 2)) * 0.01
    steady, wild = (np.array([[[0.5, 0.5 + d]] for d in ds]) for ds in ([0.2, 0.22, 0.19], [0.5, -0.3, 0.4]))
    for higher, sign in ((True, 1), (False, -1)):
        verdicts = [
            differences(found, drawn, folds, np.array([0, 0]), np.array([higher])).verdict.tolist()
            for folds in (steady, wild)
        ]
        assert verdicts == [[[0, sign]], [[0, 0]]]
