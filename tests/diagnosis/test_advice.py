"""Advice: what is read from the data against definitions, and when each rule of the table speaks."""

import string

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.diagnosis import leakage as reference
from reference.sampling.over import neighborhood as surroundings
from strategies import fraud, hostile

import fastsmote
from fastsmote import advice as advice_module
from fastsmote._core import equal_rows
from fastsmote._diagnosis.rules import RULES, SOURCES
from fastsmote.advice import advise


def classes(*counts, apart=1.5, d=3, seed=0):
    """Normal classes of the given sizes, each ``apart`` from the one before."""
    y = np.repeat(np.arange(len(counts)), counts)
    return np.random.default_rng(seed).normal(size=(len(y), d)) + apart * y[:, np.newaxis], y


def told(advice):
    return [item.rule for item in advice.recommendations]


def asked(advice):
    return {label: tuple(around)[1:] for label, around in advice.findings.surroundings.items()}


# --- findings ---


@pytest.mark.parametrize("k", [1, 4, 5])
@pytest.mark.parametrize("shares", [(0.9, 0.1), (0.6, 0.3, 0.1)])
def test_surroundings(k, shares):
    X, y = fraud(400, 4, shares)
    X = X * [1.0, 1e3, 1e-5, 7.0]
    actual = asked(advise(X, y, n_neighbors=k))
    expected = surroundings.shares(X, y, k)
    assert set(actual) == {1, 2}.intersection(y)
    for label, rates in actual.items():
        assert rates == pytest.approx(expected[label])


@pytest.mark.parametrize("k", [1, 3, 4])
@pytest.mark.parametrize("mixed", [False, True])
def test_surroundings_of_repeated_rows(k, mixed):
    """Repeats, most of one class and some of several; with categories only numbers tell who is near."""
    rng = np.random.default_rng(k)
    row = rng.integers(0, 90, 400)
    y = np.where(rng.random(400) < 0.2, rng.integers(0, 3, 400), row % 3)
    X = classes(90, apart=0.0, seed=1)[0][row] + 2.0 * (row % 3)[:, np.newaxis]
    frame = pd.DataFrame(X).assign(kind=rng.integers(0, 50, 400).astype(str)) if mixed else X
    actual, expected = asked(advise(frame, y, n_neighbors=k)), surroundings.shares(X, y, k)
    assert len(actual) == 2
    for label, rates in actual.items():
        assert rates == pytest.approx(expected[label])
        assert max(rates) < 0.9


tied = st.integers(0, 2**32 - 1).map(np.random.default_rng)


@given(tied, st.sampled_from(["flags", "counts", "repeats", "missing", "mixed"]), st.sampled_from([None, 20]))
def test_rows_with_ties_may_come_in_any_order(rng, kind, asked_of_all):
    from fastsmote._diagnosis import findings

    X = rng.integers(0, 2 if kind == "flags" else 4, (150, 3)).astype(float)
    if kind == "repeats":
        X = rng.normal(size=(30, 3))[rng.integers(0, 30, 150)]
    if kind == "missing":
        X[rng.random(X.shape) < 0.05] = np.nan
    if kind == "mixed":
        X = pd.DataFrame(X).assign(kind=rng.integers(0, 3, 150).astype(str)).to_numpy(object)
    y = np.minimum(rng.integers(0, 7, 150), 2)
    with pytest.MonkeyPatch.context() as patch:
        if rng.random() < 0.2:  # all rows of one hash
            patch.setattr(equal_rows, "_hash", lambda words: np.zeros(words.shape[1], np.uint64))
        if asked_of_all:
            patch.setattr(findings, "_QUERIES", asked_of_all)
            patch.setattr(findings, "_QUERIES_OF_A_CLASS", 5)
        expected = advise(X, y)
        for order in (rng.permutation(150), np.argsort(y), np.argsort(-y)):
            actual = advise(X[order], y[order])
            assert actual.findings == expected.findings
            assert actual.recommendations == expected.recommendations


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("kind", ["flags", "equal", "repeats", "conflicting repeats"])
def test_ties_are_no_evidence_of_classes_apart(kind, seed):
    """Noise, sorted by class: neither rows that are equal nor those equally near are of one class."""
    rng = np.random.default_rng(seed)
    y = np.arange(2004) < 204
    noise = rng.normal(size=(334, 4))
    X = {
        "flags": rng.integers(0, 2, (2004, 4)),
        "equal": np.ones((2004, 3)),
        "repeats": np.repeat(noise, 6, axis=0),
        "conflicting repeats": np.tile(noise, (6, 1)),
    }[kind]
    advice = advise(X, y)
    assert told(advice)[0] == ("noise" if kind == "repeats" else "moderate")
    assert advice.findings.safe < 0.1
    assert ("not-compared" in told(advice)) == (kind == "equal")


def test_conflicting_repeats_are_not_safe():
    """Two blobs far apart, but each row of the minority has a twin in the majority."""
    X, y = classes(900, 60, apart=9.0)
    twins = np.flatnonzero(y == 1)
    advice = advise(np.vstack([X, X[twins]]), np.append(y, np.zeros(60, int)))
    assert asked(advice) == {1: (0.0, 1.0, 0.0)}
    assert told(advice)[0] == "moderate"
    X[twins[:1]] += 0.5  # one row among pure ones
    advice = advise(np.vstack([X, X[twins[:1]]]), np.append(y, 0))
    assert asked(advice)[1] == pytest.approx((0.0, 1 / 60, 59 / 60))


def test_the_rows_asked_are_a_sample_of_large_classes(monkeypatch):
    from fastsmote._diagnosis import findings

    X, y = classes(600, 400, 300)
    monkeypatch.setattr(findings, "_QUERIES", 500)
    around = advise(X, y).findings.surroundings
    assert [s.n_asked for s in around.values()] == [250, 250]
    assert {s.n_asked for s in advise(*classes(600, 150)).findings.surroundings.values()} == {150}
    expected = surroundings.shares(X, y, 5)
    for label, (_, *rates) in around.items():
        assert rates == pytest.approx(expected[label], abs=0.1)


@given(st.integers(0, 2**32 - 1))
def test_equal_and_conflicting_rows(seed):
    rng = np.random.default_rng(seed)
    X, y = rng.choice([0.0, -0.0, 1.0, np.nan], (30, 2)), np.arange(30) % 3
    findings = advise(X, y).findings
    assert findings.n_conflicting == surroundings.conflicting(X.tolist(), y)
    assert findings.n_repeated == 30 - len({reference.key(row) for row in X.tolist()})
    assert findings.n_incomplete == np.isnan(X).any(axis=1).sum()


@pytest.mark.parametrize("kind", ["pandas", "polars"])
def test_a_frame(kind):
    X, y = classes(300, 40)
    columns = {"a": X[:, 0], "b": X[:, 1], "text": np.where(np.arange(340) % 7, "x", "y").astype(object)}
    columns["b"] = np.where(np.arange(340) < 5, np.nan, columns["b"])
    columns["text"][3:9] = None
    frame = pd.DataFrame(columns) if kind == "pandas" else pl.DataFrame(columns, nan_to_null=True)
    labels = np.array(["fine", "fraud"])[y]
    advice = advise(frame, labels)
    findings = advice.findings
    assert findings.missing_columns == ["b", "text"]
    assert findings.categorical_columns == ["text"]
    assert findings.n_incomplete == 9
    assert findings.counts == {"fine": 300, "fraud": 40}
    assert (findings.minority, findings.majority, findings.n_features) == ("fraud", "fine", 3)
    complete = slice(5, None)
    expected = surroundings.shares(X[complete, :2], labels[complete], 5)
    assert asked(advice)["fraud"] == pytest.approx(expected["fraud"])
    assert {"missing", "categories"} <= set(told(advice))
    assert "['text']" in str(advice)


@pytest.mark.parametrize(
    ("counts", "minority", "majority"),
    [
        ((50, 50), 1, 0),
        ((50, 20, 50), 1, 0),
        ((20, 50, 50), 0, 1),
        ((100, 5, 12, 30), 2, 0),
        ((100, 5, 9), 1, 0),
        ((40, 9), 1, 0),
        ((9, 40), 0, 1),
    ],
)
def test_minority_and_majority(counts, minority, majority):
    findings = advise(*classes(*counts)).findings
    assert (findings.minority, findings.majority) == (minority, majority)
    few, most = counts[minority], counts[majority]
    assert (findings.n_minority, findings.n_majority) == (few, most)
    assert findings.share == few / (few + most)


def test_nothing_depends_on_threads_or_memory_order_and_inputs_are_left_alone():
    X, y = fraud(900, 5)
    X[::50] = X[1::50]
    before = X.copy()
    X.flags.writeable = False
    expected = advise(X, y, n_jobs=1)
    for n_jobs, other in ((2, X), (3, np.asfortranarray(X)), (None, pd.DataFrame(X))):
        actual = advise(other, y, n_jobs=n_jobs)
        assert (actual.findings, actual.recommendations) == (expected.findings, expected.recommendations)
    np.testing.assert_array_equal(X, before)


@given(st.permutations(range(60)))
def test_rows_may_come_in_any_order(order):
    X, y = classes(48, 12)
    assert advise(X[order], y[order]).findings == advise(X, y).findings


@pytest.mark.parametrize("name", hostile())
def test_hostile_data(name):
    X = hostile()[name]
    y = np.arange(len(X)) % 9 == 0
    findings = advise(X, y).findings
    assert findings.n_repeated == len(X) - len({reference.key(row) for row in X.tolist()})
    compared = findings.surroundings
    assert bool(compared) == (len(np.unique(X, axis=0)) > 5)
    assert all(sum(around[1:]) == pytest.approx(1.0) for around in compared.values())


# --- rules ---


def large():
    X, y = classes(110_000, 1_200, apart=2.7, d=2)
    return X, y


SCENES = {
    "few-rows": lambda: advise(*classes(200, 9)),
    "balanced": lambda: advise(*classes(458, 241)),
    "separated": lambda: advise(*classes(900, 60, apart=9.0)),
    "trees": lambda: advise(*classes(900, 60), model="trees"),
    "neural": lambda: advise(*classes(900, 60), model="neural"),
    "noise": lambda: advise(*classes(900, 60, apart=0.0)),
    "moderate": lambda: advise(*classes(900, 150)),
    "large": lambda: advise(*large()),
    "wide": lambda: advise(*classes(900, 30, apart=0.9, d=40), model="linear"),
    "small": lambda: advise(*classes(2900, 100)),
    "severe": lambda: advise(*classes(11_700, 300)),
    "gap-30-50": lambda: advise(*classes(60, 40)),
    "gap-5-10": lambda: advise(*classes(930, 70)),
    "balance-or-not": lambda: advise(*classes(900, 150)),
    "severe-or-large": lambda: advise(*large()),
    "smote-and-weights": lambda: advise(*classes(2900, 100)),
    "family": lambda: advise(*classes(900, 60), model="trees"),
    "conflicting": lambda: advise([[1.0], [1.0], [2.0], [3.0]], [0, 1, 0, 1]),
    "repeated": lambda: advise([[1.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1]),
    "missing": lambda: advise([[1.0], [None], [2.0], [3.0]], [0, 0, 1, 1]),
    "categories": lambda: advise([["a"], ["b"], ["a"], ["b"]], [0, 0, 1, 1]),
    "times": lambda: advise([[np.datetime64(day, "D"), 1.0] for day in range(4)], [0, 0, 1, 1]),
    "not-compared": lambda: advise([["a"], ["b"], ["a"], ["b"]], [0, 0, 1, 1]),
    "small-classes": lambda: advise(*classes(900, 100, 4)),
    "other-noise": lambda: advise(*classes(900, 40, 41, apart=0.0)),
    "events": lambda: advise(*classes(900, 60, d=7)),
    "threshold": lambda: advise(*classes(60, 40)),
    "split-first": lambda: advise(*classes(900, 150)),
    "ranking": lambda: advise(*classes(900, 150)),
    "correct": lambda: advise(*classes(900, 150)),
}
FIRST = [rule.name for rule in RULES if rule.topic == "action"]
ACTIONS = {rule.name: rule.action for rule in RULES if rule.topic == "action"}


def test_there_is_a_scene_for_every_rule():
    assert list(SCENES) == [rule.name for rule in RULES]


@pytest.mark.parametrize("name", SCENES)
def test_a_rule_speaks(name):
    advice = SCENES[name]()
    assert name in told(advice)
    topics = [item.topic for item in advice.recommendations]
    assert topics == sorted(topics, key=["action", "guides", "data", "evaluation"].index)
    assert topics.count("action") == 1
    assert advice.action == ACTIONS[told(advice)[0]]
    if name in FIRST:
        assert told(advice)[0] == name
    for item in advice.recommendations:
        assert item.sources
        assert set(item.sources) <= set(SOURCES)
        assert item.advice in " ".join(str(advice).split())


def test_a_rule_is_silent_where_nothing_is_the_matter():
    """The least that is said: balanced, separated, complete data of numbers."""
    advice = advise(*classes(500, 500, apart=9.0))
    assert told(advice) == ["balanced", "gap-30-50", "threshold"]
    rare = advise(*classes(950, 50, apart=9.0))
    assert told(rare) == ["separated", "threshold", "ranking"]


def test_the_gap_of_the_guides_is_not_filled_where_rows_are_to_be_collected():
    advice = advise(*classes(8, 4))
    assert advice.action == "collect"
    assert "gap-30-50" not in told(advice)


def test_texts_name_only_what_there_is():
    known = set(advise(*classes(60, 40)).findings._fields)
    known |= {
        "noise",
        "safe",
        "repeated_share",
        "minority_rate",
        "majority_rate",
        "small_classes",
        "noisy_classes",
    }
    for rule in RULES:
        for text in (rule.advice, rule.reason):
            assert {name for _, name, _, _ in string.Formatter().parse(text) if name} <= known
        assert set(rule.sources) <= set(SOURCES)
    assert {source for rule in RULES for source in rule.sources} == set(SOURCES)
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert {rule.action for rule in RULES if rule.topic != "action"} == {""}


def test_functions_that_are_named_exist():
    words = {word.strip(".,;:()") for rule in RULES for word in f"{rule.advice} {rule.reason}".split()}
    for name in ("random_under_sample", "smotenc", "smoten", "best_threshold", "cost_threshold", "smote"):
        assert name in words
        assert callable(getattr(fastsmote, name))
    from fastsmote.leakage import leakage_report

    assert leakage_report.__name__ in words


def test_the_articles_data_are_left_as_they_are():
    """Clump thickness of 699 tumours, 34 % of them malignant: the model was calibrated without balancing."""
    benign = [142, 46, 96, 68, 85, 16, 1, 4, 0, 0]
    malignant = [3, 4, 12, 12, 45, 18, 22, 42, 14, 69]
    X = np.repeat(np.tile(np.arange(1.0, 11.0), 2), benign + malignant).reshape(-1, 1)
    advice = advise(X, np.repeat(["benign", "malignant"], [458, 241]))
    assert advice.action == "nothing"
    assert "move the threshold" in advice.recommendations[0].advice
    assert advice.findings.share == 241 / 699
    assert "No guide names a method for a minority of 30-50 %" in str(advice)


def test_the_tutorials_data():
    datasets = pytest.importorskip("sklearn.datasets")
    X, y = datasets.make_classification(
        n_samples=2000, n_features=20, weights=[0.95, 0.05], n_informative=5, random_state=42, flip_y=0.05
    )
    advice = advise(X, y)
    share = y.mean()
    assert advice.findings.share == share
    assert told(advice)[0] in ("moderate", "noise")
    assert ("gap-5-10" in told(advice)) == (0.05 <= share < 0.1)


def test_over_sampled_copies_are_told():
    X, y = classes(300, 30)
    advice = advise(*fastsmote.random_over_sample(X, y, random_state=0))
    assert advice.findings.n_repeated == 270
    assert "repeated" in told(advice)


@pytest.mark.parametrize(
    ("arguments", "options", "error", "words"),
    [
        (([[1.0]], [0]), {}, ValueError, "at least 2 classes"),
        (([[1.0], [2.0]], [0]), {}, ValueError, "inconsistent"),
        (([[1.0], [np.inf]], [0, 1]), {}, ValueError, "infinity"),
        (
            ([[1.0], [2.0]], [0, 1]),
            {"model": "forest"},
            ValueError,
            'model must be "linear", "trees" or "neural"',
        ),
        (([[1.0], [2.0]], [0, 1]), {"n_neighbors": 2.0}, TypeError, "n_neighbors must be an integer"),
        (([1.0, 2.0], [0, 1]), {}, ValueError, "two dimensions"),
    ],
)
def test_mistakes_are_told(arguments, options, error, words):
    with pytest.raises(error, match=words):
        advise(*arguments, **options)


# --- command ---


@pytest.fixture
def run():
    pytest.importorskip("typer")
    pytest.importorskip("pyarrow")
    from fastsmote.cli._advise import advise_file
    from fastsmote.cli._print import Report
    from fastsmote.cli._source import Dialect

    def command(source, header=True, **options):
        defaults = {"target": "y", "model": None, "k_neighbors": 5, "n_jobs": None}
        more = {"carry": None, "categorical": None, "dialect": Dialect(header=header)}
        advise_file(source, report=Report(False), **(defaults | more | options))

    return command


def frame(n=400):
    X, y = classes(n, n // 8)
    kind = np.where(np.arange(len(y)) % 5, "a", "b")
    return pd.DataFrame(X, columns=["u", "v", "w"]).assign(kind=kind, y=np.array(["fine", "fraud"])[y])


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_command(run, tmp_path, capsys, suffix):
    source, data = tmp_path / f"data{suffix}", frame()
    data.loc[3, "u"] = np.nan
    data.to_csv(source, index=False) if suffix == ".csv" else data.to_parquet(source)
    run(source)
    printed = capsys.readouterr().out
    advice = advise(data.drop(columns="y"), data["y"])
    for item in advice.recommendations:
        assert f"{item.advice} {item.reason}" in printed
    around = advice.findings.surroundings["fraud"]
    (line,) = [part for part in printed.splitlines() if "fraud" in part and "│" in part]
    cells = [cell.strip() for cell in line.strip("│").split("│")]
    rates = [f"{rate:.1%}" for rate in (around.noise, around.danger, around.safe)]
    assert cells == ["fraud", "50", "11.111%", "50", *rates]
    run(source, model="trees")
    assert "Tree ensembles" in capsys.readouterr().out


def test_command_without_a_header(run, tmp_path, capsys):
    frame().to_csv(tmp_path / "data.csv", index=False, header=False)
    run(tmp_path / "data.csv", target="-1", header=False)
    assert "fraud" in capsys.readouterr().out


def test_command_tells_mistakes(run, tmp_path):
    from fastsmote.cli._show import UserError

    frame().to_csv(tmp_path / "data.csv", index=False)
    frame().assign(y="one").to_parquet(tmp_path / "one.parquet")
    for name, options, words in [
        ("no.csv", {}, "no such file"),
        ("data.txt", {}, "only .csv and .parquet"),
        ("data.csv", {"target": "z"}, "there is no column 'z'"),
        ("data.csv", {"target": "u"}, "continuous"),
        ("one.parquet", {}, "at least 2 classes"),
        ("one.parquet", {"header": False}, "--no-header is for CSV"),
    ]:
        with pytest.raises(UserError, match=words):
            run(tmp_path / name, **options)


def test_public_names():
    assert set(advice_module.__all__) == {
        "SOURCES", "Advice", "Findings", "Recommendation", "Surroundings", "advise"
    }  # fmt: skip
