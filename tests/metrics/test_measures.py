"""The registry of measures: every tool offers what it marks, under one spelling."""

import inspect
import typing

import numpy as np
import pytest

from fastsmote import bootstrap, thresholds
from fastsmote._metrics.formulas import Counts
from fastsmote._metrics.measures import MEASURES, Tool, find_measure, measures_of, words_of
from fastsmote.metrics import confusion_sweep
from fastsmote.thresholds import _choices

RNG = np.random.default_rng(0)
Y = np.arange(60) % 3 == 0
SCORES = RNG.integers(0, 20, 60) / 20 + 0.3 * Y


def options(name):
    return {"beta": 2.0} if name == "f_beta" else {}


def choose(name):
    return thresholds.best_threshold(confusion_sweep(Y, SCORES), name, **options(name)).threshold


def resample(name):
    return bootstrap.bootstrap_interval(
        Y, SCORES, metric=name, at=0.5, n_resamples=5, random_state=0
    ).replicates.tolist()


def draw(name):
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    from fastsmote import plot

    ax = plot.thresholds(Y, SCORES, metrics=(name,), ax=Figure().add_subplot())
    return ax.get_legend().get_texts()[0].get_text()


def classify(name):
    pytest.importorskip("sklearn")
    from sklearn.linear_model import LogisticRegression

    from fastsmote.sklearn import ThresholdClassifier

    model = ThresholdClassifier(LogisticRegression(), metric=name, **options(name))
    return model.fit(SCORES[:, None], Y).threshold_


def command(name):
    pytest.importorskip("typer")
    from fastsmote.cli import _sweep

    measure = find_measure(name, "fastsmote sweep")
    return dict(_sweep._choices(confusion_sweep(Y, SCORES), None, None))[f"best {measure.title}"].threshold


USED = {
    "best_threshold": choose,
    "bootstrap_interval": resample,
    "plot.thresholds": draw,
    "ThresholdClassifier": classify,
    "fastsmote sweep": command,
}
MARKED = [(measure, tool) for measure in MEASURES for tool in measure.tools]


def test_every_tool_is_tried():
    assert USED.keys() == set(typing.get_args(Tool)) == {tool for _, tool in MARKED}


@pytest.mark.parametrize(("measure", "tool"), MARKED, ids=lambda part: getattr(part, "name", part))
def test_tools_take_names_and_aliases(measure, tool):
    first = USED[tool](measure.name)
    assert all(USED[tool](alias) == first for alias in measure.aliases)


def documented(function):
    return inspect.getdoc(function)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.name)
def test_docstrings_and_types_name_what_tools_take(measure):
    literal = {
        "best_threshold": typing.get_args(_choices.Metric),
        "bootstrap_interval": typing.get_args(typing.get_args(bootstrap.Metric)[0]),
    }
    texts = {
        "best_threshold": documented(thresholds.best_threshold),
        "bootstrap_interval": documented(bootstrap.bootstrap_interval),
    }
    for tool, text in texts.items():
        for word in (measure.name, *measure.aliases):
            assert (f'"{word}"' in text) == (word in literal[tool]) == (tool in measure.tools)


def test_documented_in_plots():
    plot = pytest.importorskip("fastsmote.plot")
    text = documented(plot.thresholds)
    for name in measures_of("plot.thresholds"):
        assert f'"{name}"' in text or name in str(inspect.signature(plot.thresholds))


def test_names_are_spelt_once():
    words = [word for measure in MEASURES for word in (measure.name, *measure.aliases)]
    assert len(words) == len(set(words))
    assert "mcc" in words_of("best_threshold")
    assert find_measure("mcc", "best_threshold").name == "matthews_corrcoef"
    assert find_measure("fpr", "best_threshold") is None
    assert find_measure(None, "best_threshold") is None


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.name)
def test_ranges_and_directions(measure):
    """Within the range, whose better end is reached where no row is wrong and the worse where all are."""
    tp, fp = RNG.integers(0, 11, (2, 200))
    low, high = measure.range
    values = measure.formula(Counts(10 - fp, fp, 10 - tp, tp, 10, 10))
    assert ((values >= low) & (values <= high)).all()
    perfect, wrong = (
        measure.formula(Counts(*map(np.array, c), 10, 10)) for c in ([10, 0, 0, 10], [0, 10, 10, 0])
    )
    assert (perfect, wrong) == ((high, low) if measure.higher_is_better else (low, high))
