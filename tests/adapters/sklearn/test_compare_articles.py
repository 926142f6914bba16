"""The exercises of the articles, each as one call, with their data."""

import numpy as np
import pytest
from places import SHARED

pytest.importorskip("sklearn")
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.tree import DecisionTreeClassifier

import fastsmote


def wine():
    """Red wines, those of quality up to 4 low."""
    path = SHARED / "winequality-red.csv"
    if not path.exists():
        pytest.skip("needs the data beside the project")
    table = np.genfromtxt(path, delimiter=",")
    return table[:, :-1], np.where(table[:, -1] <= 4, "low", "high")


def test_classifiers_on_wine():
    X, y = wine()
    models = {
        "tree": DecisionTreeClassifier(max_depth=5),
        "logistic": LogisticRegression(max_iter=3000),
        "bayes": GaussianNB(),
    }
    found = fastsmote.compare(X, y, estimators=models, samplers=["smote", "tomek_links"], random_state=0)
    assert found.positive == "low"
    assert len(found.rows) == 3 * 3
    assert all(0.04 < row.values["average_precision"].value < 0.5 for row in found.rows)


def test_a_sweep_of_ratios_and_costs_ten_times_on_wine():
    X, y = wine()
    found = fastsmote.compare(
        X,
        y,
        samplers="random_under_sample",
        ratios=[0.1, 0.2, 0.5, 1.0],
        cost_fp=1,
        cost_fn=10,
        random_state=0,
    )
    n_rows = [row.n_rows for row in found.rows]
    assert n_rows == sorted(n_rows, reverse=True)
    assert found.metrics[0].name == "cost"
    assert all(row.threshold < 0.3 for row in found.rows)  # near 1 / 11, for corrected probabilities


def test_ten_models_on_ten_under_samples_of_wine():
    X, y = wine()
    found = fastsmote.compare(X, y, samplers=["random_under_sample", "balanced_bagging"], random_state=0)
    one, ten = (row.n_rows for row in found.rows[1:])
    assert ten == 10 * one
    assert np.abs(found.corrected.mean(axis=1) - np.mean(y == "low")).max() < 0.03
