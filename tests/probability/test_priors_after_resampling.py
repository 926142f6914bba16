"""Counts that samplers, plans and users carry, and the correction that follows from them."""

import inspect
import pickle
from collections import Counter

import numpy as np
import pandas as pd
import polars as pl
import pytest
from places import MAMMOGRAPHY
from probability.samples import simplex, two_columns

import fastsmote
from fastsmote import plan, select
from fastsmote._sampling.registry import SAMPLERS
from fastsmote.priors import correct_prior, correct_prior_from

LABELS = ("x", "y", "z")


def rows(seed=0):
    rng = np.random.default_rng(seed)
    y = np.repeat([2, 0, 1], [60, 25, 15])
    return np.round(rng.normal(size=(100, 2)) + y[:, np.newaxis], 3), y


def nominal(X):
    return np.column_stack([X[:, 0], np.round(X[:, 1])])


OPTIONS = {
    "kmeans_smote": {"clusters": 2, "cluster_balance_threshold": 0.01},
    "smotenc": {"categorical_features": [1]},
}


def call(name, X, y, module=fastsmote, **more):
    row, function = SAMPLERS[name], getattr(module, name)
    needed = {"support": np.arange(len(y)), "probabilities": np.full((len(y), 3), 1 / 3)}
    extra = (needed[row.needs],) if row.needs else ()
    X = nominal(X) if row.columns in ("mixed", "categories") else X
    seed = {"random_state": 0} if "random_state" in inspect.signature(function).parameters else {}
    return function(X, y, *extra, **seed, **OPTIONS.get(name, {}), **more)


@pytest.mark.parametrize("name", SAMPLERS)
def test_results_carry_counts(name):
    X, y = rows()
    resampled = call(name, X, y)
    assert isinstance(resampled, tuple)
    X_resampled, y_resampled = resampled
    assert len(X_resampled) == len(y_resampled)
    assert resampled.counts_before == {0: 25, 1: 15, 2: 60}
    assert list(resampled.counts_before) == list(resampled.counts_after) == [0, 1, 2]
    assert resampled.counts_after == Counter(y_resampled.tolist())
    assert all(type(count) is int for count in resampled.counts_after.values())
    again = pickle.loads(pickle.dumps(resampled))
    assert (again.counts_before, again.counts_after) == (resampled.counts_before, resampled.counts_after)
    np.testing.assert_array_equal(again[0], X_resampled)
    p = simplex(np.random.default_rng(1), (10, 3))
    expected = correct_prior_from((y, y_resampled), p)
    np.testing.assert_array_equal(correct_prior_from(resampled, p), expected)


OVER = [
    "random_over_sample",
    "smote",
    "borderline_smote",
    "kmeans_smote",
    "adasyn",
    "smotenc",
    "smoten",
    "svm_smote",
]


@pytest.mark.parametrize("name", OVER)
def test_plans_and_weights_carry_counts(name):
    X, y = rows()
    resampled = call(name, X, y, return_weights=True)
    assert len(resampled) == 3
    made = call(name, X, y, plan)
    assert (made.counts_before, made.counts_after) == (resampled.counts_before, resampled.counts_after)
    assert pickle.loads(pickle.dumps(made)) == made
    p = simplex(np.random.default_rng(1), (10, 3))
    np.testing.assert_array_equal(correct_prior_from(made, p), correct_prior_from(resampled, p))


def test_joined_plans_carry_counts():
    X, y = rows()
    one = plan.random_over_sample(X, y, sampling_strategy={1: 20}, random_state=0)
    two = plan.smote(X, y, sampling_strategy={0: 30}, random_state=0)
    both = plan.concatenate([one, two])
    assert both.counts_before == one.counts_before
    assert both.counts_after == {0: 30, 1: 20, 2: 60}
    empty = plan.smote(X, y, sampling_strategy={2: 60}, random_state=0)
    assert empty.counts_after == empty.counts_before
    other = plan.random_over_sample(X, np.where(y == 2, 1, y), random_state=0)
    with pytest.raises(ValueError, match="plans must be made for the same labels"):
        plan.concatenate([one, other])
    assert one != other


LABEL_KINDS = {
    "list": list,
    "bool": lambda y: y == 2,
    "float": lambda y: y.astype(float),
    "str": lambda y: np.array(LABELS)[y],
    "object": lambda y: np.array(LABELS, object)[y],
    "pandas": lambda y: pd.Series(np.array(LABELS)[y], dtype="category"),
    "polars": lambda y: pl.Series(np.array(LABELS)[y]),
}


@pytest.mark.parametrize("kind", LABEL_KINDS)
@pytest.mark.parametrize(
    "name", ["smote", "random_under_sample", "tomek_links", "smote_tomek", "cluster_centroids"]
)
def test_counts_by_the_user_s_labels(kind, name):
    X, codes = rows()
    y = LABEL_KINDS[kind](codes)
    resampled = call(name, X, y)
    for labels, counts in ((y, resampled.counts_before), (resampled[1], resampled.counts_after)):
        assert counts == Counter(list(labels))
        assert list(counts) == sorted(counts)


@pytest.mark.parametrize(
    "make", [lambda y: y[:, np.newaxis], lambda y: [[v] for v in y], lambda y: pd.DataFrame({"y": y})]
)
@pytest.mark.parametrize("name", ["random_under_sample", "smote"])
def test_column_vectors_are_told_once(make, name):
    X, y = rows()
    with pytest.warns(UserWarning, match="column vector") as told:
        resampled = call(name, X, make(y.tolist() if isinstance(make(y), list) else y))
    assert len(told) == 1
    assert resampled.counts_before == {0: 25, 1: 15, 2: 60}


def test_kept_indices():
    X, y = rows()
    kept = select.random_under_sample(X, y, random_state=0)
    p = simplex(np.random.default_rng(1), (10, 3))
    expected = correct_prior(p, np.full(3, 1 / 3), [0.25, 0.15, 0.6])
    np.testing.assert_allclose(correct_prior_from((y, y[kept]), p), expected, rtol=1e-14)


def test_another_prior_in_production():
    source = ({"no": 90, "yes": 10}, {"no": 10, "yes": 10})
    p = np.array([0.1, 0.6])
    actual = correct_prior_from(source, p, pos_label="yes", true_prior=0.01)
    np.testing.assert_allclose(actual, correct_prior(p, 0.5, 0.01), rtol=1e-15)
    turned = correct_prior_from(source, p, pos_label="no", true_prior=0.99)
    np.testing.assert_allclose(turned, correct_prior(p, 0.5, 0.99), rtol=1e-15)
    both = two_columns(p)
    for true_prior in (0.01, [0.99, 0.01], {"yes": 0.01, "no": 0.99}):
        corrected = correct_prior_from(source, both, true_prior=true_prior)
        np.testing.assert_allclose(corrected[:, 1], actual, rtol=1e-14)
    swapped = correct_prior_from(
        source, both[:, ::-1], classes=["yes", "no"], true_prior={"yes": 0.01, "no": 0.99}
    )
    np.testing.assert_allclose(swapped[:, 0], actual, rtol=1e-14)


@pytest.mark.parametrize("labels", [(0, 1), (-1, 1), (False, True), (0.0, 1.0)])
def test_positive_by_convention(labels):
    source = (dict(zip(labels, (90, 10), strict=True)), dict.fromkeys(labels, 10))
    expected = correct_prior([0.3], 0.5, 0.1)
    np.testing.assert_allclose(correct_prior_from(source, [0.3]), expected, rtol=1e-15)
    np.testing.assert_allclose(correct_prior_from(source, [0.3], pos_label=labels[1]), expected, rtol=1e-15)


AMBIGUOUS = [
    (({"a": 9, "b": 1}, {"a": 1, "b": 1}), [0.5], {}, ValueError, "pos_label is not specified"),
    (({1: 9, 2: 1}, {1: 1, 2: 1}), [0.5], {}, ValueError, "pos_label is not specified"),
    (({0: 9, 1: 1}, {0: 1, 1: 1}), [0.5], {"pos_label": 2}, ValueError, "pos_label must be one of"),
    (({0: 9, 1: 1}, {0: 1, 1: 1}), [[0.5, 0.5]], {"pos_label": 1}, ValueError, "pos_label is for p of shape"),
    (({0: 9, 1: 1, 2: 1}, {0: 1, 1: 1, 2: 1}), [0.5], {"pos_label": 1}, ValueError, "one column per class"),
    (({0: 9, 1: 1, 2: 1}, {0: 1, 1: 1, 2: 1}), [[0.5, 0.5]], {}, ValueError, "one column per class, 3"),
    (({0: 9, 1: 1}, {0: 1, 1: 0}), [0.5], {}, ValueError, r"after resampling none of \[1\]"),
    (({0: 9, 1: 1}, {0: 1}), [0.5], {}, ValueError, r"after resampling none of \[1\]"),
    (({0: 9, 1: 1}, {0: 1, 1: 1, 2: 4}), [0.5], {}, ValueError, r"unknown \[2\]"),
    (({0: 9, 1: 0}, {0: 1, 1: 1}), [0.5], {}, ValueError, r"before resampling none of \[1\]"),
    (({0: -9, 1: 1}, {0: 1, 1: 1}), [0.5], {}, ValueError, "counts before must be numbers of at least 0"),
    (({0: 9, 1: 1}, {0: 1, 1: "1"}), [0.5], {}, ValueError, "counts after must be numbers of at least 0"),
    (([0, 0, 1], [0, 1], [1]), [0.5], {}, TypeError, "source must be"),
    ({0: 9, 1: 1}, [0.5], {}, TypeError, "source must be"),
    (([0, 0, 1], [0.5, 1.5]), [0.5], {}, ValueError, "labels after"),
    (({0: 9, "1": 1}, {0: 1, 1: 1}), [0.5], {}, ValueError, "Labels must be all numbers or all strings"),
    (({0: 9, 1: 1}, {0: 1, "1": 1}), [[0.5, 0.5]], {}, ValueError, "Labels must be all numbers"),
]


@pytest.mark.parametrize(("source", "p", "options", "error", "message"), AMBIGUOUS)
def test_errors_of_correct_prior_from(source, p, options, error, message):
    with pytest.raises(error, match=message):
        correct_prior_from(source, p, **options)


@pytest.mark.parametrize(
    ("name", "is_right"), [("smote", False), ("random_over_sample", False), ("random_under_sample", True)]
)
def test_trees_do_not_learn_the_share_of_rows_that_were_added(name, is_right):
    """What the docstring says of trees: corrected they find too little, and fit_beta the right number."""
    ensemble = pytest.importorskip("sklearn.ensemble")
    held = np.load(MAMMOGRAPHY)
    X, y = held["X"], held["y"].astype(int)
    part = np.random.default_rng(0).permutation(len(y)) % 4  # two to train, one to calibrate, one to test
    resampled = getattr(fastsmote, name)(X[part < 2], y[part < 2], random_state=0)
    model = ensemble.RandomForestClassifier(30, random_state=0).fit(*resampled)
    p, p_held = (model.predict_proba(X[part == one])[:, 1] for one in (3, 2))
    n_pos = y[part == 3].sum()
    corrected = correct_prior_from(resampled, p).sum() / n_pos
    assert (0.75 < corrected < 1.3) if is_right else corrected < 0.5
    calibrated = fastsmote.fit_beta(y[part == 2], p_held)(p).sum() / n_pos
    assert 0.75 < calibrated < 1.3
