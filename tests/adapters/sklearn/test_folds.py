"""Folds that are equally hard: imbalanced-learn's, and the definition."""

import numpy as np
import pytest
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict, cross_validate
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import LinearSVC

import fastsmote
from fastsmote.sklearn import InstanceHardnessCV

X, Y = make_classification(400, weights=[0.9], class_sep=1.5, flip_y=0.05, random_state=10)


@pytest.mark.parametrize("words", [False, True])
@pytest.mark.parametrize("pos_label", [None, 0])
@pytest.mark.parametrize("n_splits", [2, 5])
def test_as_imbalanced_learn(n_splits, pos_label, words):
    theirs = pytest.importorskip("imblearn.model_selection").InstanceHardnessCV
    y = np.array(["no", "yes"])[Y] if words else Y
    label = None if pos_label is None else (y[Y == pos_label][0])
    options = {"n_splits": n_splits, "pos_label": label}
    expected = list(theirs(LogisticRegression(), **options).split(X, y))
    folds = InstanceHardnessCV(LogisticRegression(), **options)
    for mine, other in zip(folds.split(X, y), expected, strict=True):
        np.testing.assert_array_equal(mine[0], other[0])
        np.testing.assert_array_equal(mine[1], other[1])
    assert folds.get_n_splits() == n_splits


def test_each_next_few_rows_go_to_different_folds():
    p = cross_val_predict(GaussianNB(), X, Y, cv=4, method="predict_proba")[:, 1]
    fold = np.empty(len(Y), int)
    for number, (train, test) in enumerate(InstanceHardnessCV(GaussianNB(), n_splits=4).split(X, Y)):
        fold[test] = number
        assert sorted([*train, *test]) == list(range(len(Y)))
    ordered = sorted(range(len(Y)), key=lambda row: (Y[row], p[row], row))
    assert [fold[row] for row in ordered] == [place % 4 for place in range(len(Y))]


def test_scores_of_its_folds_differ_less():
    def spread(cv):
        return cross_validate(LogisticRegression(), X, Y, cv=cv, scoring="average_precision")[
            "test_score"
        ].std()

    ours = spread(InstanceHardnessCV(LogisticRegression()))
    assert ours < np.mean([spread(StratifiedKFold(5, shuffle=True, random_state=s)) for s in range(5)])


@pytest.mark.parametrize(
    ("options", "y", "error", "words"),
    [
        ({"n_splits": 1}, Y, ValueError, "n_splits must be an integer >= 2. Got 1"),
        ({"n_splits": 300}, Y, ValueError, "n_splits must be at most .* rows of the smallest class. Got 300"),
        ({"pos_label": 3}, Y, ValueError, r"pos_label must be one of \[0, 1\]. Got 3"),
        ({}, np.arange(400) % 3, ValueError, "only supports binary classification.* Got 3"),
        ({"estimator": LinearSVC()}, Y, TypeError, "estimator must be a classifier with predict_proba"),
    ],
)
def test_errors(options, y, error, words):
    with pytest.raises(error, match=words):
        next(InstanceHardnessCV(**{"estimator": GaussianNB(), **options}).split(X, y))


def test_groups_are_not_looked_at():
    with pytest.warns(UserWarning, match="groups parameter is ignored"):
        next(InstanceHardnessCV(GaussianNB()).split(X, Y, np.zeros(400)))


def test_it_prints_as_it_was_made():
    assert repr(fastsmote.sklearn.InstanceHardnessCV(GaussianNB(), n_splits=3)) == (
        "InstanceHardnessCV(estimator=GaussianNB(), n_splits=3, pos_label=None)"
    )
