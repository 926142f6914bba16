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
    tests = "".join(path.read_text("utf-8") for path in (REPOSITORY / "tests").rglob("test_article*.py"))
    assert [path.stem for path in ARTICLES.glob("plot_*.py") if f'page("{path.stem}")' not in tests] == []


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


@pytest.mark.slow
def test_2_emails(page):
    found = page("plot_2_emails")
    assert np.bincount(found.y).tolist() == [950, 50]
    np.testing.assert_allclose(found.figures["here"], found.figures["printed"], rtol=1e-12)
    assert (found.uses.sum(), found.uses.min() > 1) == (950, True)
    assert found.balanced == 0.5
    assert 0 < found.strayed.sum() < 100
    assert found.inside[:, 0].min() > found.X[951:, 0].min() - 1e-12  # between rows that did not stray
    train = {row.tobytes() for row in found.leaky[0]}
    seen = np.array([row.tobytes() in train for row in found.leaky[1]])
    assert found.report.exact_pairs[:, 0].tolist() == np.flatnonzero(seen).tolist()
    assert found.recalls["balanced, then split"] == 1.0
    assert found.recalls["split, then balanced"] < 0.8
    spam = found.spam
    assert min(spam["weighted"], spam["over-sampled"]) > 4 * spam["there are"]
    assert abs(spam["weighted, corrected"] - spam["there are"]) < 6
    assert abs(spam["as it is"] - spam["there are"]) < 3
    assert found.found.verdict.startswith("Nothing is better")
