"""The classifier that resamples what it is fitted to: by name, function and object; scikit-learn's checks."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_predict
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from sklearn.utils.estimator_checks import parametrize_with_checks

import fastsmote
import fastsmote.imblearn
from fastsmote._sampling.registry import SAMPLERS
from fastsmote.priors import correct_prior
from fastsmote.sklearn import PriorCorrectedClassifier, ResampledClassifier

X, Y = fastsmote.make_fraud(600, 4, fraud_rate=0.1, random_state=0)


@parametrize_with_checks(
    [
        ResampledClassifier(LogisticRegression(), "random_under_sample"),
        ResampledClassifier(LogisticRegression(), "random_over_sample", correct_prior=False),
    ]
)
def test_checks_of_scikit_learn(estimator, check):
    check(estimator)


@pytest.mark.parametrize("name", [row.name for row in SAMPLERS.values() if row.columns != "categories"])
def test_a_name_is_the_function(name):
    rows = X.round(1)
    function = getattr(fastsmote, name)
    if "categorical_features" in function.__wrapped__.__kwdefaults__:
        rows = pd.DataFrame(rows).assign(word=pd.Categorical(np.where(rows[:, 0] > 0, "a", "b")))
        rows.columns = rows.columns.astype(str)
    seed = {"random_state": 3} if "random_state" in function.__wrapped__.__kwdefaults__ else {}
    model = make_pipeline(_Numbers(), GaussianNB()) if isinstance(rows, pd.DataFrame) else GaussianNB()
    actual = ResampledClassifier(model, name, random_state=3).fit(rows, Y)
    expected = PriorCorrectedClassifier(model, partial(function, **seed)).fit(rows, Y)
    np.testing.assert_array_equal(actual.predict_proba(rows), expected.predict_proba(rows))
    np.testing.assert_array_equal(actual.train_prior_, expected.train_prior_)


class _Numbers:
    """The columns of a frame that are numbers."""

    def fit(self, rows, y=None):
        return self

    def transform(self, rows):
        return rows.select_dtypes("number")

    def get_params(self, deep=True):
        return {}


def test_with_and_without_the_correction():
    inner = GaussianNB().fit(*fastsmote.smote(X, Y, random_state=3))
    plain = ResampledClassifier(GaussianNB(), "smote", correct_prior=False, random_state=3).fit(X, Y)
    np.testing.assert_array_equal(plain.predict_proba(X), inner.predict_proba(X))
    np.testing.assert_array_equal(plain.predict(X), inner.predict(X))
    corrected = clone(plain).set_params(correct_prior=True).fit(X, Y)
    expected = correct_prior(inner.predict_proba(X), [0.5, 0.5], [0.9, 0.1])
    np.testing.assert_array_equal(corrected.predict_proba(X), expected)
    np.testing.assert_array_equal(corrected.predict(X), expected.argmax(axis=1))


def test_a_drop_in_and_a_function_are_taken_too():
    drop_in = fastsmote.imblearn.SMOTE(random_state=0)
    model = ResampledClassifier(GaussianNB(), drop_in).fit(X, Y)
    expected = GaussianNB().fit(*drop_in.fit_resample(X, Y))
    np.testing.assert_array_equal(model.estimator_.theta_, expected.theta_)
    assert not hasattr(drop_in, "n_features_in_") or model.sampler_ is not drop_in
    function = partial(fastsmote.smote, random_state=0, return_weights=True)
    weighted = ResampledClassifier(GaussianNB(), function).fit(X, Y)
    np.testing.assert_allclose(weighted.train_prior_, weighted.prior_)


def test_methods_are_those_that_make_sense():
    svc = ResampledClassifier(LinearSVC(), "smote", correct_prior=False, random_state=0).fit(X, Y)
    assert not hasattr(svc, "predict_proba")
    np.testing.assert_array_equal(svc.decision_function(X), svc.estimator_.decision_function(X))
    np.testing.assert_array_equal(svc.predict(X), svc.estimator_.predict(X))
    logistic = ResampledClassifier(LogisticRegression(), "smote")
    assert not hasattr(logistic, "decision_function")
    assert hasattr(logistic.set_params(correct_prior=False), "decision_function")


def test_a_column_that_only_leaks_through_resampling_gains_nothing():
    """Each repeated row is told by its number in noise: tested on copies of rows to train on, it wins."""
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(400, 1))
    y = (rng.random(400) < 0.15).astype(int)
    nearest = KNeighborsClassifier(1)
    copies, labels = fastsmote.random_over_sample(noise, y, random_state=0)
    leaking = cross_val_predict(nearest, copies, labels, cv=5)
    assert np.mean(leaking[labels == 1] == 1) > 0.9
    honest = cross_val_predict(
        ResampledClassifier(nearest, "random_over_sample", random_state=0), noise, y, cv=5
    )
    assert np.mean(honest[y == 1] == 1) < 0.4


def test_parameters_are_searched():
    model = ResampledClassifier(
        make_pipeline(StandardScaler(), LogisticRegression()), "smote", random_state=0
    )
    grid = {"sampler": ["smote", "random_under_sample"], "estimator__logisticregression__C": [0.1, 1.0]}
    search = GridSearchCV(model, grid, scoring="average_precision", cv=3, error_score="raise").fit(X, Y)
    assert len(search.cv_results_["params"]) == 4


@pytest.mark.parametrize(
    ("sampler", "options", "error", "words"),
    [
        ("smot", {}, ValueError, "sampler must be the name .* Got 'smot'; did you mean 'smote'"),
        ("xyz", {}, ValueError, "Got 'xyz'; there are random_over_sample, smote, "),
        (3, {}, TypeError, "sampler must have fit_resample or be a function"),
        ("smote", {"correct_prior": 1}, TypeError, "correct_prior must be True or False. Got 1"),
    ],
)
def test_errors(sampler, options, error, words):
    with pytest.raises(error, match=words):
        ResampledClassifier(GaussianNB(), sampler, **options).fit(X, Y)


def test_probabilities_that_are_not_there():
    with pytest.raises(TypeError, match="estimator must be a classifier with predict_proba"):
        ResampledClassifier(LinearSVC(), "smote").fit(X, Y)
