"""The walks through articles: each script runs, and its figures are those that the articles print."""

import runpy
from types import SimpleNamespace

import numpy as np
import pytest
from places import REPOSITORY

pytest.importorskip("sklearn")
pytest.importorskip("pandas")
pyplot = pytest.importorskip("matplotlib.pyplot")

ARTICLES = REPOSITORY / "docs" / "articles"
DATA = REPOSITORY / "docs" / "data"


@pytest.fixture
def page(monkeypatch):
    """What a script has defined when it ends."""
    monkeypatch.chdir(ARTICLES)
    monkeypatch.setattr(pyplot, "show", lambda: None)
    before = pyplot.get_backend()
    pyplot.switch_backend("agg")
    yield lambda name: SimpleNamespace(**runpy.run_path(f"{name}.py"))
    pyplot.close("all")
    pyplot.switch_backend(before)


def test_each_page_has_a_test():
    names = {path.stem for path in ARTICLES.glob("plot_*.py")}
    assert {name for name in names if f"test_{name.removeprefix('plot_')}" not in globals()} == set()


def logistic(x, y):
    """Intercept and slope by Newton steps, from the counts of each value."""
    values, counts = np.unique(x, return_counts=True)
    positive = np.array([y[x == value].sum() for value in values])
    design, found = np.column_stack([np.ones(len(values)), values]), np.zeros(2)
    for _ in range(30):
        p = 1 / (1 + np.exp(-design @ found))
        weights = counts * p * (1 - p)
        found += np.linalg.solve(design.T * weights @ design, design.T @ (positive - counts * p))
    return found


@pytest.mark.slow
def test_1_balancing(page):
    table = np.genfromtxt(DATA / "breast-cancer-wisconsin.data", delimiter=",")
    x, y = table[:, 1], (table[:, -1] == 4).astype(int)
    assert np.bincount(y).tolist() == [458, 241]
    found = page("plot_1_balancing")
    np.testing.assert_allclose(logistic(x, y), [-5.1601677, 0.9354593], atol=5e-8)
    np.testing.assert_allclose(found.here["original"], [-5.1601677, 0.9354593], atol=5e-8)
    for name in ("undersampled", "SMOTE"):
        X_new, y_new = found.rows[name]
        np.testing.assert_allclose(found.here[name], logistic(X_new[:, 0], y_new), atol=1e-6)
        low, high = found.draws[name].min(), found.draws[name].max()
        assert low < found.printed[name]["intercept"] < high
        assert abs(found.corrected.loc[name] - -5.1601677).max() < 0.06
    assert found.offset == pytest.approx(np.log(241 / 458), rel=1e-12)
    assert round(found.no_information, 7) == 0.3447783
    assert found.copies > 0.9
    expected = found.expected
    assert expected["original"] == pytest.approx(241, abs=1e-3)
    assert expected[["undersampled", "SMOTE"]].min() > 270
    assert abs(expected["SMOTE, corrected"] - 241) < 10
    assert abs(found.p["forest, corrected"].sum() - 241) < 10
    assert found.cut.counts_after == {0: 600, 1: 150}
    assert found.found.verdict.startswith("Nothing is better")
    areas = found.judged.loc["ROC AUC"]
    assert areas["SMOTE, Platt"] == pytest.approx(areas["SMOTE"], abs=2e-4)  # roundings tie a few
