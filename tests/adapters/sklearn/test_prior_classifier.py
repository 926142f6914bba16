"""The classifier that resamples and corrects, against doing both by hand; scikit-learn's own checks."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
import scipy.special
from imblearn.over_sampling import SMOTE
from imblearn.under_sampling import RandomUnderSampler
from reference.probability import priors as reference
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils.estimator_checks import parametrize_with_checks

import fastsmote
from fastsmote.priors import correct_prior
from fastsmote.sklearn import PriorCorrectedClassifier

smote = partial(fastsmote.smote, random_state=0)
under = partial(fastsmote.random_under_sample, random_state=0)


def binary(n=4000, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 3))
    known = scipy.special.expit(X @ [1.5, -1.0, 0.0] - 3)
    return X, (rng.random(n) < known).astype(int), known


def several(n=900, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.choice(np.array(["a", "b", "c"]), n, p=[0.7, 0.2, 0.1])
    return rng.normal(size=(n, 2)) + np.searchsorted(["a", "b", "c"], y)[:, np.newaxis], y


class Under:
    """A callable with a name of its own, so that tests are named alike in every process."""

    def __call__(self, X, y):
        return under(X, y)

    def __repr__(self):
        return "under"


@parametrize_with_checks([PriorCorrectedClassifier(LogisticRegression(), Under())])
def test_checks_of_scikit_learn(estimator, check):
    check(estimator)


@pytest.mark.parametrize("sampler", [smote, under, SMOTE(random_state=0), RandomUnderSampler(random_state=0)])
@pytest.mark.parametrize("data", [binary, several])
def test_is_resampling_fitting_and_correcting(sampler, data):
    X, y = data()[:2]
    model = PriorCorrectedClassifier(GaussianNB(), sampler).fit(X, y)
    resample = getattr(sampler, "fit_resample", sampler)
    inner = GaussianNB().fit(*resample(X, y))
    classes, counts = np.unique(y, return_counts=True)
    k = len(classes)
    expected = correct_prior(inner.predict_proba(X), np.full(k, 1 / k), counts / len(y))
    np.testing.assert_array_equal(model.predict_proba(X), expected)
    np.testing.assert_array_equal(model.classes_, classes)
    np.testing.assert_array_equal(model.predict(X), classes[expected.argmax(axis=1)])
    np.testing.assert_allclose(model.prior_, counts / len(y))
    np.testing.assert_allclose(model.train_prior_, 1 / k)
    assert not hasattr(model, "decision_function")
    assert model.score(X, y) == np.mean(model.predict(X) == y)


@pytest.mark.parametrize("sampler", [smote, under])
def test_probabilities_are_calibrated_again(sampler):
    X, y, known = binary(30_000)
    model = PriorCorrectedClassifier(LogisticRegression(C=np.inf), sampler).fit(X, y)
    assert reference.calibration_error(model.estimator_.predict_proba(X)[:, 1], known) > 0.15
    assert reference.calibration_error(model.predict_proba(X)[:, 1], known) < 0.015


def test_a_naive_bayes_model_gets_its_prior_back_exactly():
    """Its odds are a ratio of densities, which doubling a whole class leaves, times those of the classes."""
    X, y = several()
    doubled = lambda X, y: (np.concatenate([X, X[y == "c"]]), np.concatenate([y, y[y == "c"]]))  # noqa: E731
    model = PriorCorrectedClassifier(GaussianNB(var_smoothing=0), doubled).fit(X, y)
    plain = GaussianNB(var_smoothing=0).fit(X, y)
    np.testing.assert_allclose(model.predict_proba(X), plain.predict_proba(X), rtol=1e-9)


def test_weights_of_the_sampler_leave_nothing_to_correct():
    X, y, _ = binary()
    weighing = partial(smote, return_weights=True)
    model = PriorCorrectedClassifier(LogisticRegression(), weighing).fit(X, y)
    np.testing.assert_allclose(model.train_prior_, model.prior_, rtol=1e-12)
    X_resampled, y_resampled, weights = weighing(X, y)
    inner = LogisticRegression().fit(X_resampled, y_resampled, sample_weight=weights)
    np.testing.assert_allclose(model.predict_proba(X), inner.predict_proba(X), rtol=1e-9)
    with pytest.raises(TypeError, match="estimator must take sample_weight"):
        PriorCorrectedClassifier(KNeighborsClassifier(), weighing).fit(X, y)


def test_frames_and_names():
    X, y = several()
    frame = pd.DataFrame(X, columns=["left", "right"])
    model = PriorCorrectedClassifier(make_pipeline(StandardScaler(), LogisticRegression()), smote)
    model.fit(frame, pd.Series(y))
    assert model.feature_names_in_.tolist() == ["left", "right"]
    assert model.n_features_in_ == 2
    expected = PriorCorrectedClassifier(model.estimator, smote).fit(X, y).predict_proba(X)
    np.testing.assert_allclose(model.predict_proba(frame), expected, rtol=1e-12)
    with pytest.raises(ValueError, match="feature names"):
        model.predict_proba(frame[["right", "left"]])


def test_parameters_clone_and_search():
    X, y, _ = binary(1000)
    model = PriorCorrectedClassifier(LogisticRegression(C=2.0), RandomUnderSampler(random_state=0))
    assert model.get_params()["estimator__C"] == 2.0
    assert model.get_params()["sampler__random_state"] == 0
    copy = clone(model).set_params(estimator__C=0.5)
    assert (model.estimator.C, copy.estimator.C) == (2.0, 0.5)
    copy.fit(X, y)
    assert not hasattr(copy.sampler, "sampling_strategy_"), "the sampler given is not fitted"
    assert hasattr(copy.sampler_, "sampling_strategy_")
    search = GridSearchCV(model, {"estimator__C": [0.01, 1.0]}, scoring="neg_log_loss", cv=3).fit(X, y)
    assert search.best_params_["estimator__C"] in (0.01, 1.0)
    assert (cross_val_score(model, X, y, cv=3) > 0.8).all()


def test_correction_lowers_the_log_loss():
    X, y, _ = binary()
    model = PriorCorrectedClassifier(DecisionTreeClassifier(min_samples_leaf=50), smote)
    held_out, truth, _ = binary(seed=1)
    model.fit(X, y)

    def loss(estimator):
        p = np.clip(estimator.predict_proba(held_out)[np.arange(len(truth)), truth], 1e-9, 1)
        return -np.log(p).mean()

    assert loss(model) < 0.8 * loss(model.estimator_)


def test_errors():
    X, y, _ = binary(300)
    with pytest.raises(TypeError, match="estimator must be a classifier with predict_proba"):
        PriorCorrectedClassifier(LinearSVC(), smote).fit(X, y)
    with pytest.raises(TypeError, match="sampler must have fit_resample or be a function"):
        PriorCorrectedClassifier(GaussianNB(), 3).fit(X, y)
    with pytest.raises(TypeError, match=r"sampler must be an object, not a class. .* pass SMOTE\(\)"):
        PriorCorrectedClassifier(GaussianNB(), SMOTE).fit(X, y)
    for given, words in [((X,), "tuple of length 1"), (X, "ndarray"), ((X, y, y, y), "tuple of length 4")]:
        with pytest.raises(TypeError, match=f"sampler must return X and y resampled.* Got {words}"):
            PriorCorrectedClassifier(GaussianNB(), lambda X, y, given=given: given).fit(X, y)
    with pytest.raises(ValueError, match="sampler must leave rows of every class"):
        PriorCorrectedClassifier(GaussianNB(), lambda X, y: (X[y == 0], y[y == 0])).fit(X, y)
    with pytest.raises(ValueError, match="needs to have at least 2 classes"):
        PriorCorrectedClassifier(GaussianNB(), smote).fit(X, np.zeros(len(X)))
