"""The ensembles give imbalanced-learn's numbers with an accelerated sampler."""

import pickle

import imblearn.ensemble
import numpy as np
import pandas as pd
import pytest
from adapters.imblearn.drop_ins import ENSEMBLES
from sklearn.base import clone
from sklearn.datasets import make_classification
from sklearn.ensemble import AdaBoostClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score

import fastsmote.imblearn
from fastsmote import patch_report, patched_imblearn

SEED = {"n_estimators": 4, "random_state": 3}
LIGHT = {"EasyEnsembleClassifier": {"estimator": AdaBoostClassifier(n_estimators=5)}}
CASES = [
    ("BalancedBaggingClassifier", {}),
    ("BalancedBaggingClassifier", {"estimator": LogisticRegression(), "replacement": True}),
    ("BalancedBaggingClassifier", {"sampling_strategy": "majority", "max_samples": 0.8, "max_features": 3}),
    ("BalancedBaggingClassifier", {"bootstrap": False, "warm_start": True}),
    ("BalancedRandomForestClassifier", {}),
    ("BalancedRandomForestClassifier", {"replacement": False, "sampling_strategy": "auto", "max_depth": 3}),
    ("BalancedRandomForestClassifier", {"class_weight": "balanced", "max_features": None}),
    ("EasyEnsembleClassifier", {"estimator": AdaBoostClassifier(n_estimators=5)}),
    ("EasyEnsembleClassifier", {"estimator": LogisticRegression(), "sampling_strategy": "all"}),
    ("RUSBoostClassifier", {}),
    ("RUSBoostClassifier", {"learning_rate": 0.5, "replacement": True, "sampling_strategy": "majority"}),
]


@pytest.fixture(scope="module", params=[2, 3])
def data(request):
    weights = [0.85] if request.param == 2 else [0.6, 0.3]
    return make_classification(
        400, 6, n_informative=4, n_classes=request.param, weights=weights, class_sep=2, random_state=0
    )


def pair(name, options):
    return tuple(getattr(home, name)(**SEED, **options) for home in (fastsmote.imblearn, imblearn.ensemble))


@pytest.mark.parametrize(("name", "options"), CASES)
@pytest.mark.parametrize("kind", ["array", "frame", "words"])
def test_same_numbers(data, name, options, kind):
    X, y = data
    if kind == "frame":
        X = pd.DataFrame(X, columns=list("abcdef"))
    if kind == "words":
        y = np.array(["a", "b", "c"])[y]
    ours, theirs = pair(name, options)
    actual, expected = ours.fit(X, y), theirs.fit(X, y)
    np.testing.assert_array_equal(actual.predict_proba(X), expected.predict_proba(X))
    np.testing.assert_array_equal(actual.predict(X), expected.predict(X))
    assert isinstance(ours, type(theirs))
    assert ours.get_params().keys() == theirs.get_params().keys()


@pytest.mark.parametrize("name", ENSEMBLES)
def test_same_scores_of_folds(data, name):
    ours, theirs = pair(name, LIGHT.get(name, {}))
    np.testing.assert_array_equal(cross_val_score(ours, *data, cv=3), cross_val_score(theirs, *data, cv=3))


@pytest.mark.filterwarnings("ignore:Some inputs do not have OOB scores", "ignore:invalid value")
@pytest.mark.parametrize("name", ["BalancedBaggingClassifier", "BalancedRandomForestClassifier"])
def test_scores_out_of_the_bag(data, name):
    ours, theirs = pair(name, {"oob_score": True, "bootstrap": True})
    np.testing.assert_array_equal(ours.fit(*data).oob_score_, theirs.fit(*data).oob_score_)


@pytest.mark.parametrize("name", ENSEMBLES)
def test_its_sampler_is_ours_and_is_counted(data, name):
    before = patch_report()
    model = pair(name, LIGHT.get(name, {}))[0].fit(*data)
    calls = {(tally.name, tally.where): tally for tally in patch_report(before).tallies}
    assert calls["RandomUnderSampler", "compiled"].calls >= 4
    assert calls[name, "parent"].reason == "the members do the work"
    samplers = getattr(model, "samplers_", None) or [member.steps[0][1] for member in model.estimators_]
    assert {type(sampler) for sampler in samplers} == {fastsmote.imblearn.RandomUnderSampler}


def test_a_sampler_that_is_given_is_taken_as_it_is(data):
    sampler = imblearn.over_sampling.RandomOverSampler()
    model = fastsmote.imblearn.BalancedBaggingClassifier(sampler=sampler, **SEED).fit(*data)
    assert type(model.sampler_) is type(sampler)
    expected = imblearn.ensemble.BalancedBaggingClassifier(sampler=sampler, **SEED).fit(*data)
    np.testing.assert_array_equal(model.predict_proba(data[0]), expected.predict_proba(data[0]))


@pytest.mark.parametrize("name", ENSEMBLES)
def test_pickles_clones_and_the_patch(data, name):
    X, y = data
    ours, theirs = pair(name, LIGHT.get(name, {}))
    fitted = ours.fit(X, y)
    expected = theirs.fit(X, y).predict_proba(X)
    for other in (pickle.loads(pickle.dumps(fitted)), clone(ours).fit(X, y)):
        assert type(other) is type(ours)
        np.testing.assert_array_equal(other.predict_proba(X), expected)
    with patched_imblearn():
        made = getattr(imblearn.ensemble, name)(**SEED, **LIGHT.get(name, {}))
        assert type(made) is type(ours)
        np.testing.assert_array_equal(made.fit(X, y).predict_proba(X), expected)
    assert getattr(imblearn.ensemble, name) is type(theirs)


@pytest.mark.parametrize("name", ENSEMBLES)
def test_errors_are_imbalanced_learn_s(data, name):
    X, y = data
    for options in ({"n_estimators": 0}, {"sampling_strategy": "minority"}, {"sampling_strategy": {7: 3}}):
        errors = []
        for home in (fastsmote.imblearn, imblearn.ensemble):
            with pytest.raises(ValueError, match=r"\w") as error:
                getattr(home, name)(**options).fit(X, y)
            errors.append(str(error.value))
        assert errors[0] == errors[1]
