"""The exercises of the articles, each as one call, with their data."""

import numpy as np
import pytest
from places import DATA

pytest.importorskip("sklearn")
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import make_classification
from sklearn.ensemble import AdaBoostClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

import fastsmote


def wine():
    """Red wines, those of quality up to 4 low."""
    table = np.genfromtxt(DATA / "winequality-red.csv", delimiter=",")
    return table[:, :-1], np.where(table[:, -1] <= 4, "low", "high")


def made(share):
    """The data that the article makes, with another share of positive rows."""
    return make_classification(
        n_samples=2000,
        n_features=20,
        weights=[1 - share, share],
        n_informative=5,
        random_state=42,
        flip_y=0.05,
    )


def test_six_classifiers_on_wine():
    X, y = wine()
    models = {
        "tree": DecisionTreeClassifier(max_depth=5),
        "forest": RandomForestClassifier(20),
        "logistic": make_pipeline(StandardScaler(), LogisticRegression()),
        "support vectors": make_pipeline(StandardScaler(), CalibratedClassifierCV(LinearSVC(), cv=3)),
        "boosting": AdaBoostClassifier(n_estimators=20),
        "neighbours": make_pipeline(StandardScaler(), KNeighborsClassifier()),
    }
    found = fastsmote.compare(
        X, y, estimators=models, samplers=["smote", "tomek_links"], cv=3, random_state=0
    )
    assert found.positive == "low"
    assert [row.estimator for row in found.rows] == [name for name in models for _ in range(3)]
    assert [row.method for row in found.rows] == ["none", "smote", "tomek_links"] * 6
    assert all(0.04 < row.values["average_precision"].value < 0.5 for row in found.rows)


@pytest.mark.parametrize("share", [0.01, 0.05, 0.1, 0.25, 0.5])
def test_a_sweep_of_shares_of_the_positive_class(share):
    """Weights and SMOTE beside neither: whatever the share, logistic regression ranks no better with them."""
    X, y = made(share)
    found = fastsmote.compare(X, y, samplers=["class_weight", "smote"], random_state=0)
    none, _, smote = found.rows
    assert smote.n_rows == pytest.approx(2 * 0.8 * max(np.bincount(y)), abs=1)
    assert (smote.n_rows > 1.5 * none.n_rows) == (share < 0.2)
    assert all(row.values["average_precision"].verdict <= 0 for row in found.rows)
    assert found.verdict.startswith("Nothing is better")


def test_all_methods_on_one_plot_of_precision_and_recall():
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    X, y = made(0.05)
    found = fastsmote.compare(X, y, cv=2, random_state=0)
    assert len(found.names) == 14
    ax, _, _ = found.plot(Figure(figsize=(15, 6)).subplots(1, 3))
    lines = {line.get_label().replace("\n", ""): line for line in ax.lines}
    for name, row in zip(found.names, found.rows, strict=True):
        recall, precision = next(
            line for label, line in lines.items() if label.startswith(f"{name} ")
        ).get_data()
        area = np.sum(np.abs(np.diff(recall)) * precision[1:])
        assert area == pytest.approx(row.values["average_precision"].value, abs=1e-6)


def test_a_missed_positive_costs_ten_times_a_false_alarm():
    X, y = made(0.05)
    found = fastsmote.compare(X, y, samplers=["class_weight", "smote"], cost_fp=1, cost_fn=10, random_state=0)
    for row, p in zip(found.rows, found.corrected, strict=True):
        costs = {t: 10 * (found.y & (p < t)).sum() + (~found.y & (p >= t)).sum() for t in (*p, np.inf)}
        assert costs[row.threshold] == min(costs.values())
        assert row.threshold == max(t for t, cost in costs.items() if cost == costs[row.threshold])
        assert min(costs.values()) <= row.values["cost"].value < 10 * found.y.sum()


def test_ten_models_on_ten_under_samples_beside_one_on_all_rows():
    X, y = made(0.05)
    found = fastsmote.compare(X, y, samplers="balanced_bagging", random_state=0)
    one, ten = found.rows
    assert ten.n_rows == pytest.approx(10 * 2 * 0.8 * y.sum(), rel=0.01)
    assert abs(ten.values["average_precision"].difference) < 0.1
    assert one.n_rows == 0.8 * len(y)


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
