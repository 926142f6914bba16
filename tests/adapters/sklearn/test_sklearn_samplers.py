"""One name, one behaviour: the samplers that ask for a classifier, with and without one (kind C6)."""

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
