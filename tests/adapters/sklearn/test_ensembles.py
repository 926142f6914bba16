"""Ensembles of balanced subsets: their members from the definitions, scikit-learn's checks, memory."""

import pickle
import tracemalloc

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.adapters.sklearn.ensembles import left_after, rows_of_bins
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.ensemble import AdaBoostClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils.estimator_checks import parametrize_with_checks

import fastsmote
from fastsmote import Prior
from fastsmote.priors import correct_prior
from fastsmote.sklearn import (
    BalanceCascadeClassifier,
    BalancedBaggingClassifier,
    EasyEnsembleClassifier,
    SelfPacedEnsembleClassifier,
    _ensembles,
)
from fastsmote.sklearn._ensembles_paced import draw_by_hardness

ALL = [
    BalancedBaggingClassifier,
    EasyEnsembleClassifier,
    SelfPacedEnsembleClassifier,
    BalanceCascadeClassifier,
]
every = pytest.mark.parametrize("kind", ALL, ids=[kind.__name__ for kind in ALL])
X, Y = fastsmote.make_fraud(900, 4, fraud_rate=0.05, random_state=0)


class Remembers(ClassifierMixin, BaseEstimator):
    """GaussianNB that keeps the rows it was fitted to, and how many it was asked about at a time."""

    def __init__(self, random_state=None):
        self.random_state = random_state

    def fit(self, X, y):
        self.rows_, self.labels_ = np.array(X), np.array(y)
        self.model_ = GaussianNB().fit(X, y)
        self.classes_ = self.model_.classes_
        return self

    def predict_proba(self, X):
        return self.model_.predict_proba(X)


def numbered(counts, seed=0):
    """Rows whose first value is their number."""
    y = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(counts)), counts))
    rows = np.random.default_rng(seed + 1).normal(size=(len(y), 3)) + y[:, np.newaxis]
    rows[:, 0] = np.arange(len(y))
    return rows, y


def rows_of(member):
    return member.rows_[:, 0].astype(int)


@parametrize_with_checks(
    [
        BalancedBaggingClassifier(n_estimators=3),
        EasyEnsembleClassifier(AdaBoostClassifier(n_estimators=3), n_estimators=2, correct_prior=True),
        SelfPacedEnsembleClassifier(n_estimators=3),
        BalanceCascadeClassifier(DecisionTreeClassifier(max_depth=4), n_estimators=3),
    ]
)
def test_checks_of_scikit_learn(estimator, check):
    check(estimator)


@pytest.mark.parametrize("kind", ALL[:2])
@pytest.mark.parametrize("counts", [(300, 20), (90, 200, 31)])
def test_members_see_the_subsets(kind, counts):
    rows, y = numbered(counts)
    model = kind(Remembers(), n_estimators=4, random_state=5).fit(rows, y)
    subsets = fastsmote.balanced_subsets(y, 4, random_state=5)
    assert [rows_of(member).tolist() for member in model.estimators_] == [one.tolist() for one in subsets]
    for member in model.estimators_:
        np.testing.assert_array_equal(member.labels_, y[rows_of(member)])
    seeds = [member.random_state for member in model.estimators_]
    assert len(set(seeds)) == 4


@every
def test_probabilities_are_the_mean_of_the_members(kind, monkeypatch):
    rows, y = numbered((200, 90, 31))
    model = kind(Remembers(), n_estimators=3, random_state=5).fit(rows, y)
    mean = np.mean([member.predict_proba(rows) for member in model.estimators_], axis=0)
    np.testing.assert_allclose(model.predict_proba(rows), mean, rtol=1e-12)
    np.testing.assert_array_equal(model.predict(rows), mean.argmax(axis=1))
    corrected = clone(model).set_params(correct_prior=True).fit(rows, y)
    expected = correct_prior(mean, [1 / 3] * 3, np.bincount(y) / len(y))
    np.testing.assert_allclose(corrected.predict_proba(rows), expected, rtol=1e-12)
    monkeypatch.setattr(_ensembles, "BLOCK", 50)
    np.testing.assert_allclose(model.predict_proba(rows), mean, rtol=1e-12)


def test_self_paced_members_from_the_definition():
    rows, y = numbered((400, 30))
    n_estimators, n_bins = 5, 7
    model = SelfPacedEnsembleClassifier(
        Remembers(), n_estimators=n_estimators, n_bins=n_bins, random_state=5
    ).fit(rows, y)
    first = fastsmote.balanced_subsets(y, 1, random_state=5)[0]
    np.testing.assert_array_equal(rows_of(model.estimators_[0]), first)
    negatives = np.flatnonzero(y == 0)
    for number in range(1, n_estimators):
        before = [member.predict_proba(rows[negatives])[:, 0] for member in model.estimators_[:number]]
        hardness = 1 - np.mean(before, axis=0)
        alpha = np.tan(np.pi / 2 * number / (n_estimators - 1))
        drawn = rows_of(model.estimators_[number])
        assert np.array_equal(drawn, np.unique(drawn))
        assert set(drawn[y[drawn] == 1]) == set(np.flatnonzero(y == 1))
        places = np.searchsorted(negatives, drawn[y[drawn] == 0])
        bins = np.clip((hardness[places] * n_bins).astype(int), 0, n_bins - 1)
        expected = rows_of_bins(hardness.tolist(), 30, n_bins, alpha)
        assert np.bincount(bins, minlength=n_bins).tolist() == expected


@given(
    hardness=st.lists(st.floats(0, 1), min_size=1, max_size=60),
    part=st.floats(0, 1),
    n_bins=st.integers(1, 12),
    alpha=st.sampled_from([0.1, 1.0, 3.0, 1e16]),
)
def test_bins_give_what_they_are_to(hardness, part, n_bins, alpha):
    values, size = np.array(hardness), max(1, int(part * len(hardness)))
    places = draw_by_hardness(values, size, n_bins, alpha, 7)
    assert len(set(places.tolist())) == size
    counts = np.bincount(np.clip((values[places] * n_bins).astype(int), 0, n_bins - 1), minlength=n_bins)
    assert counts.tolist() == rows_of_bins(hardness, size, n_bins, alpha)


@pytest.mark.parametrize("counts", [(500, 25), (90, 300, 40)])
def test_a_cascade_from_the_definition(counts):
    rows, y = numbered(counts)
    n_estimators, smallest = 4, min(counts)
    model = BalanceCascadeClassifier(Remembers(), n_estimators=n_estimators, random_state=5).fit(rows, y)
    left = {code: np.flatnonzero(y == code) for code in range(len(counts))}
    for number, member in enumerate(model.estimators_):
        drawn = rows_of(member)
        assert np.bincount(y[drawn]).tolist() == [smallest] * len(counts)
        assert all(set(drawn[y[drawn] == code]) <= set(left[code]) for code in left)
        if number == n_estimators - 1:
            assert all(set(drawn[y[drawn] == code]) == set(left[code]) for code in left)
            break
        for code, one in left.items():
            n = counts[code]
            n_left = round(n * (smallest / n) ** ((number + 1) / (n_estimators - 1)))
            known = member.predict_proba(rows[one])[:, code]
            left[code] = one[left_after(known.tolist(), n_left)]


@every
def test_of_balanced_classes_each_member_sees_all(kind):
    rows, y = numbered((40, 40))
    model = kind(Remembers(), n_estimators=3, random_state=0).fit(rows, y)
    assert all(rows_of(member).tolist() == list(range(80)) for member in model.estimators_)
    assert len(kind(Remembers(), n_estimators=1, random_state=0).fit(rows, y).estimators_) == 1


@every
def test_the_number_of_jobs_changes_nothing(kind, monkeypatch):
    monkeypatch.setattr(_ensembles, "BLOCK", 100)
    one, two = (
        kind(DecisionTreeClassifier(max_depth=3), n_estimators=3, random_state=1, n_jobs=n).fit(X, Y)
        for n in (None, 2)
    )
    np.testing.assert_array_equal(one.predict_proba(X), two.predict_proba(X))
    again = pickle.loads(pickle.dumps(two))
    np.testing.assert_array_equal(again.predict_proba(X), one.predict_proba(X))
    other = clone(one).set_params(random_state=2).fit(X, Y)
    assert not np.array_equal(other.predict_proba(X), one.predict_proba(X))


@every
def test_frames_words_and_priors(kind):
    frame = pd.DataFrame(X, columns=["a", "b", "c", "d"])
    words = pd.Series(np.where(Y == 1, "fraud", "fine"))
    model = kind(
        LogisticRegression(), n_estimators=2, sampling_strategy=Prior({"fraud": 0.25}), random_state=0
    ).fit(frame, words)
    assert model.classes_.tolist() == ["fine", "fraud"]
    assert model.feature_names_in_.tolist() == ["a", "b", "c", "d"]
    assert model.train_prior_[1] == pytest.approx(0.25, abs=0.005)
    assert set(model.predict(frame)) <= {"fine", "fraud"}
    assert cross_val_score(model, frame, words, scoring="roc_auc", cv=3).mean() > 0.8


@pytest.mark.parametrize("kind", ALL[:2])
def test_corrected_probabilities_are_those_of_the_rows(kind):
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(20_000, 2))
    y = (rng.random(20_000) < 1 / (1 + np.exp(4 - rows[:, 0]))).astype(int)
    model = kind(LogisticRegression(), correct_prior=True, random_state=0).fit(rows, y)
    assert model.predict_proba(rows)[:, 1].mean() == pytest.approx(y.mean(), rel=0.1)
    model.set_params(correct_prior=False)
    assert model.predict_proba(rows)[:, 1].mean() > 5 * y.mean()


@every
def test_a_member_takes_memory_for_its_rows_alone(kind):
    """Beside a few bytes for each row of X, whatever the number of columns."""
    n, d = 60_000, 40
    rows = np.zeros((n, d))
    y = np.zeros(n, int)
    y[:100] = 1
    rows[:, 0] = np.arange(n) % 7
    kind(GaussianNB(), n_estimators=2, random_state=0).fit(rows[:1000], y[:1000])
    tracemalloc.start()
    kind(GaussianNB(), n_estimators=3, random_state=0).fit(rows, y)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    one_block = rows.nbytes if kind in ALL[2:] else 0  # what a member is asked about, at most 65,536 rows
    assert peak < 4 * one_block + 100 * n


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"estimator": LinearSVC()}, TypeError, "estimator must be a classifier with predict_proba"),
        ({"n_estimators": 0}, ValueError, "n_estimators must be an integer >= 1. Got 0"),
        ({"correct_prior": None}, TypeError, "correct_prior must be True or False"),
        ({"sampling_strategy": {1: 99}}, ValueError, "With under-sampling methods"),
    ],
)
@every
def test_errors(kind, options, error, words):
    with pytest.raises(error, match=words):
        kind(**options).fit(X, Y)


@every
@pytest.mark.filterwarnings("ignore:sampling_strategy asks for 0 rows")
def test_other_errors(kind):
    with pytest.raises(ValueError, match=r"must leave rows of every class, \[0, 1\]. Got none of \[1\]"):
        kind(sampling_strategy={1: 0}).fit(X, Y)
    with pytest.raises(ValueError, match="needs to have at least 2 classes"):
        kind().fit(X, np.zeros(len(X)))


def test_bins_are_a_whole_number():
    with pytest.raises(ValueError, match=r"n_bins must be an integer >= 1. Got 0"):
        SelfPacedEnsembleClassifier(n_bins=0).fit(X, Y)
