"""Samplers that ask for a classifier behave alike under each name (C6); lazy rows are refused (C4)."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

import fastsmote
import fastsmote.sklearn

X, Y = fastsmote.make_fraud(600, fraud_rate=0.1, random_state=0)
X = np.round(X, 2)


def same(one, other):
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


def test_svm_smote_fits_the_same_classifier_everywhere__C6():
    expected = fastsmote.sklearn.svm_smote(X, Y, random_state=0)
    same(fastsmote.svm_smote(X, Y, random_state=0), expected)
    same(fastsmote.svm_smote(X, Y, SVC(gamma="scale"), random_state=0), expected)
    support = SVC(gamma="scale").fit(X, Y).support_
    for function in (fastsmote.svm_smote, fastsmote.sklearn.svm_smote):
        same(function(X, Y, support, random_state=0), expected)
    made = fastsmote.plan.svm_smote(X, Y, random_state=0).rows(X)
    np.testing.assert_array_equal(made, expected[0][len(X) :])


def test_instance_hardness_fits_the_same_classifier_everywhere__C6():
    functions = (fastsmote.instance_hardness_threshold, fastsmote.sklearn.instance_hardness_threshold)
    for classifier in (None, LogisticRegression(max_iter=1000)):
        one, other = (function(X, Y, classifier, cv=3, random_state=1) for function in functions)
        same(one, other)
        kept = fastsmote.select.instance_hardness_threshold(X, Y, classifier, cv=3, random_state=1)
        np.testing.assert_array_equal(X[kept], one[0])
    probabilities = np.column_stack([np.linspace(0, 1, len(Y)), np.linspace(1, 0, len(Y))])
    same(*(function(X, Y, probabilities) for function in functions))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [({"k_neighbors": 99}, "k_neighbors=99 needs"), ({"sampling_strategy": {1: 2}}, "over-sampling")],
)
def test_what_is_wrong_is_said_before_a_classifier_is_fitted__C6(arguments, words):
    class Fails:
        def fit(self, X, y):
            raise AssertionError("fitted")

    with pytest.raises(ValueError, match=words):
        fastsmote.svm_smote(X, Y, Fails(), **arguments)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda lazy: fastsmote.sklearn.NearestNeighbors().fit(lazy), "X"),
        (lambda lazy: fastsmote.sklearn.NearestNeighbors().fit(X).kneighbors(lazy), "X"),
        (lambda lazy: fastsmote.sklearn.KNeighborsTransformer().fit(X).transform(lazy), "X"),
        (lambda lazy: fastsmote.sklearn.ThresholdClassifier(LogisticRegression()).fit(lazy, Y), "X"),
        (lambda lazy: fastsmote.sklearn.ThresholdClassifier(LogisticRegression()).fit(X, lazy), "y"),
        (
            lambda lazy: fastsmote.sklearn.PriorCorrectedClassifier(LogisticRegression(), None).fit(lazy, Y),
            "X",
        ),
        (lambda lazy: fastsmote.sklearn.svm_smote(lazy, Y), "X"),
        (lambda lazy: fastsmote.sklearn.instance_hardness_threshold(X, lazy), "y"),
    ],
)
def test_what_holds_no_rows_is_refused_by_estimators__C4(call, name):
    lazy = type("Array", (), {"__module__": "dask.array.core", "__array__": None})()
    with pytest.raises(TypeError, match=rf"^{name} must hold its rows in memory.*{name}\.compute\(\)"):
        call(lazy)
