"""The walks through articles: each script runs, and its figures are those that the articles print."""

import runpy
from types import SimpleNamespace

import numpy as np
import pytest
from places import DATA, REPOSITORY

pytest.importorskip("sklearn")
pytest.importorskip("pandas")
pyplot = pytest.importorskip("matplotlib.pyplot")

ARTICLES = REPOSITORY / "docs" / "articles"


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


def wine(colour):
    """Rows as text, and whether their quality is low."""
    lines = (DATA / f"winequality-{colour}.csv").read_text().split()
    rows, quality = zip(*(line.rsplit(",", 1) for line in lines), strict=True)
    return rows, np.array(quality, dtype=int) <= 4


@pytest.mark.slow
def test_3_wine(page):
    found = page("plot_3_wine")
    np.testing.assert_allclose(found.figures["here"], found.figures["printed"], rtol=0, atol=1e-14)
    for colour, y, groups in (
        ("red", found.y, found.groups),
        ("white", found.y_white, found.groups_white),
    ):
        rows, low = wine(colour)
        assert y.tolist() == low.tolist()
        assert len(np.unique(groups)) == len(set(map(parsed, rows)))
    assert (found.y.sum(), found.y_white.sum()) == (63, 183)
    assert len(set(map(parsed, wine("red")[0]))) == 1599 - 240
    assert found.report.exact_pairs.shape[0] > 60
    assert roc_area(found.y, found.score) > 0.75
    assert roc_area(found.y, found.labels) < 0.6
    distance = ((found.X[found.low][:, np.newaxis] - found.X) ** 2).sum(axis=2)
    distance[np.arange(len(found.low)), found.low] = np.inf
    others = (found.y[np.argsort(distance, axis=1, kind="stable")[:, :10]] == 0).sum(axis=1)
    assert found.danger.tolist() == found.low[(others >= 5) & (others < 10)].tolist()
    assert np.isin(found.bases, found.danger).all()
    assert found.entropy == pytest.approx(1.0)
    assert found.root.tree_.impurity[0] == pytest.approx(found.entropy)
    assert len(found.found.rows) == len(found.models) * (1 + len(found.methods))
    for comparison in (found.found, found.white):
        assert comparison.verdict.startswith("Nothing is better")
    assert found.apart < 5
    assert (found.precisions.idxmin() == "near_miss").all()


def parsed(row):
    return tuple(map(float, row.split(",")))


def roc_area(y, score):
    """Share of pairs of a positive and a negative in the right order, ties by half."""
    apart = np.sign(score[y == 1][:, np.newaxis] - score[y == 0])
    return (1 + apart.mean()) / 2


@pytest.mark.slow
def test_4_chapter(page):
    metrics = pytest.importorskip("sklearn.metrics")
    found = page("plot_4_chapter")
    printed, here = found.figures["printed"], found.figures["here"]
    np.testing.assert_allclose(here, printed, rtol=5e-3)  # the text rounds 90 / 882 to 10.2 %
    assert here["precision of the test, 90 of 882"] == pytest.approx(90 / 882, rel=1e-12)
    assert found.share == 238 / 1188  # a fifth, of whole rows
    listing = found.listing
    assert listing["TP here"].tolist() == listing["TP counted"].tolist()
    assert listing["FP here"].tolist() == listing["FP counted"].tolist()
    chance = listing["FP expected"] / 9_900
    assert (
        abs(listing["FP here"] - listing["FP expected"]) < 4 * np.sqrt(9_900 * chance * (1 - chance))
    ).all()
    assert listing["accuracy"].max() < 0.99
    dialled = found.dialled
    assert dialled["accuracy at 0.5"].is_monotonic_increasing
    assert dialled["recall at 0.5"].iloc[-1] < 0.01
    # two clouds 1.2 apart in both columns: the area is Phi(1.2), recall at the prior Phi(1.2 / sqrt(2))
    assert abs(dialled["area under ROC"] - 0.8849).max() < 0.01
    assert abs(dialled["recall at the prior"] - 0.8019).max() < 0.05
    assert max(found.precision.values()) - min(found.precision.values()) < 0.002
    assert found.own > 0 == found.own_here
    mistakes = found.mistakes
    assert mistakes["area of a leak, no signal at all"] > 0.9
    assert mistakes["area under ROC at 99 : 1"] == pytest.approx(
        metrics.roc_auc_score(found.positive, found.score), rel=1e-12
    )
    costs = [
        5 * ((found.score >= cut) & (found.positive == 0)).sum()
        + 100 * ((found.score < cut) & (found.positive == 1)).sum()
        for cut in (0.5, found.choice.threshold, *found.score[::97])
    ]
    assert costs[:2] == [mistakes["cost at 0.5"], found.choice.value]
    assert min(costs) == costs[1]


@pytest.mark.slow
def test_5_tutorial(page):
    found = page("plot_5_tutorial")
    figures = found.figures
    np.testing.assert_allclose(figures["here"], figures["its code"], rtol=1e-9)
    assert (found.y.sum(), found.clean.mean() < 0.051) == (146, True)
    for name, (_, label) in found.rows.items():
        assert np.bincount(label).tolist() == np.bincount(found.its_rows[name][1]).tolist()
    methods = found.methods["average precision"]
    np.testing.assert_allclose(methods["here"], methods["its code"], atol=0.02)
    assert methods["here"].idxmax() == "baseline"
    assert (found.methods["recall at 0.5"]["here"] > 0.65).tolist() == [False, True, True, True, True]
    assert found.honest < found.best.value
    expected = found.expected
    assert min(expected["SMOTE"], expected["class weights"]) > 5 * expected["there are"]
    assert abs(expected["SMOTE, corrected"] - expected["there are"]) < 3
    assert abs(expected["class weights, corrected"] - expected["there are"]) < 3
    assert found.compared.verdict.startswith("Nothing is better")
    assert all(verdict.startswith("Nothing is better") for _, verdict in found.ratios.values())
    costs = [
        (found.y_test[found.p >= cut] == 0).sum() + 10 * found.y_test[found.p < cut].sum() for cut in found.p
    ]
    assert min(costs) == found.cheapest.value
    assert found.exact == 1 / 11
    assert found.against.high < 0
    averages = found.averages
    assert averages["micro"] == [
        np.mean(found.y_test == called)
        for called in (found.never, found.called, found.p >= found.best.threshold)
    ]
    assert averages["binary"][:2] == [0, 0]
