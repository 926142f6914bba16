"""Results that people look at: a few lines, HTML, a dict that is JSON, a frame (issue 22, item 7)."""

import json
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from contract.objects import ADAPTED, CORE, X, make, y

import fastsmote
from fastsmote._core.display import Shown, ShownTable, brief, plain

SEEN = {
    "Sweep", "ThresholdChoice", "Advice", "LeakageReport", "BootstrapResult", "CalibrationCurve",
    "PriorEstimate", "SyntheticPlan", "NeighborIndex", "StreamingSweep", "RefinedSweep", "PositiveRanking",
    "StreamingCalibration", "CutPoint", "Savings",
}  # fmt: skip
COMPARISON = {name: example for name, example in ADAPTED.items() if name == "sklearn.Comparison"}
SEEN |= {name.partition(".")[2] for name in COMPARISON}
EXAMPLES = CORE | COMPARISON
MADE = {name: made for name, example in EXAMPLES.items() if isinstance(made := make(example), Shown)}
TABLES = [name for name, made in MADE.items() if isinstance(made, ShownTable)]
HOSTILE = "<script>alert('&\"1')</script>\n</td>"


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found, self.open, self.texts = set(), [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        assert attrs == []
        self.found.add(tag)
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def test_all_of_them_are_looked_at():
    assert {type(made).__name__ for made in MADE.values()} == SEEN


@pytest.mark.parametrize("name", MADE)
def test_a_few_lines(name):
    lines = repr(MADE[name]).splitlines()
    assert lines[0].startswith(f"{type(MADE[name]).__name__}: ")
    assert 1 <= len(lines) <= 9
    assert max(map(len, lines)) <= 100
    assert all(line.startswith("  ") for line in lines[1:])


@pytest.mark.parametrize("name", MADE)
def test_html_is_whole(name):
    tags = Tags(MADE[name]._repr_html_())
    assert tags.found <= {"p", "b", "table", "thead", "tbody", "tr", "th", "td"}
    assert type(MADE[name]).__name__ in tags.texts


@pytest.mark.parametrize("name", MADE)
def test_the_dict_is_json(name):
    held = MADE[name].to_dict()
    text = json.dumps(held, allow_nan=False)
    assert json.loads(text) == held


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("backend", ["pandas", "polars", "pyarrow"])
def test_frames(name, backend):
    frame = MADE[name].to_frame(backend)
    assert type(frame).__module__.split(".")[0] == backend
    columns = MADE[name]._columns()
    assert list(frame.columns if backend != "pyarrow" else frame.column_names) == list(columns)
    assert len(frame) == len(next(iter(columns.values())))
    for key, values in columns.items():
        np.testing.assert_array_equal(np.asarray(frame[key]), np.asarray(values))


def test_another_backend_is_refused():
    with pytest.raises(ValueError, match=r'backend must be "pandas", "polars" or "pyarrow"\. Got'):
        MADE["Sweep"].to_frame("spark")


def hostile():
    labels = np.array(["no", HOSTILE])[y]
    frame = pd.DataFrame(X, columns=[f"{HOSTILE}{i}" for i in range(X.shape[1])]).assign(**{HOSTILE: labels})
    yield fastsmote.plan.smote(X, labels, random_state=0)
    yield fastsmote.NeighborIndex(X, labels)
    yield fastsmote.advise(frame, labels)
    yield fastsmote.leakage_report(X[:200], X[190:], y_train=labels[:200], y_test=labels[190:])
    yield fastsmote.StreamingSweep(pos_label=HOSTILE).update(labels, X[:, 0])
    yield fastsmote.StreamingCalibration(pos_label=HOSTILE)
    yield fastsmote.streaming.PositiveRanking([0.5], pos_label=HOSTILE)
    if ADAPTED:
        yield fastsmote.compare(X, labels, samplers={HOSTILE: "random_under_sample"}, cv=2, random_state=0)


@pytest.mark.filterwarnings("ignore:Only 30 rows are positive")
def test_hostile_labels_are_text():
    n_told = 0
    for made in hostile():
        tags = Tags(made._repr_html_())
        assert "script" not in tags.found
        n_told += any("<script>" in text for text in tags.texts)
        assert all(line.startswith("  ") for line in repr(made).splitlines()[1:])
        assert "<script>" in json.dumps(made.to_dict()) or isinstance(made, fastsmote.leakage.LeakageReport)
    assert n_told >= 6


def test_what_is_no_result_is_still_shown():
    """A debugger shows whatever there is."""
    for made in (
        object.__new__(fastsmote.SyntheticPlan),
        fastsmote.Sweep(*[None] * 5),
        fastsmote.thresholds.ThresholdChoice(*[None] * 19),
        object.__new__(fastsmote.NeighborIndex),
        *([object.__new__(fastsmote.sklearn.Comparison)] if ADAPTED else []),
    ):
        name = type(made).__name__
        assert repr(made).startswith((f"<{name} that can not be shown: ", f"{name}: "))
        Tags(made._repr_html_())


def test_empty_ones():
    empty = fastsmote.StreamingSweep()
    assert repr(empty).startswith("StreamingSweep: 0 positive, 0 negative")
    assert repr(empty.compute()) == "Sweep: 0 thresholds, 0 of 0 positive (0.00%)"
    assert len(empty.compute().to_frame()) == 0
    assert json.dumps(empty.to_dict(), allow_nan=False)
    curve = fastsmote.StreamingCalibration().compute()
    assert repr(curve) == "CalibrationCurve: 0 bins, 0 rows"
    assert Tags(curve._repr_html_()).found >= {"table"}


def test_a_stream_in_use_is_still_shown():
    stream = fastsmote.StreamingSweep()
    from fastsmote._core.sole_use import sole_use

    with sole_use(stream):
        assert repr(stream) == "<StreamingSweep that can not be shown: RuntimeError>"


def test_long_tables_show_both_ends():
    sweep = fastsmote.confusion_sweep(y, np.arange(len(y)))
    texts = Tags(sweep._repr_html_()).texts
    assert "..." in texts
    assert {f"{len(y) - 1}", "0"} <= set(texts)
    assert len(texts) < 200


def test_plain_values():
    given = {1: [np.float64("nan"), np.inf, np.int8(3)], "a": (True, None, "b"), False: np.array([1.5, 2])}
    assert plain(given) == {"1": [None, None, 3], "a": [True, None, "b"], "False": [1.5, 2.0]}
    assert plain(np.array(["2020-01-01"], "datetime64[D]")) == ["2020-01-01"]
    assert [brief(value) for value in (1234567, 0.123456, "a", True, None, np.float32(2))] == [
        "1,234,567", "0.1235", "'a'", "True", "None", "2",
    ]  # fmt: skip


def test_arrays_of_estimates_name_their_places():
    score = np.column_stack([X[:, 0], X[:, 1]])
    both = fastsmote.bootstrap_interval(
        y, score, metric="recall", at=[0.0, 1.0], n_resamples=9, random_state=0
    )
    assert list(both.to_frame().columns[:2]) == ["model", "point"]
    assert "  model 1 point 0: " in repr(both)
    models = fastsmote.bootstrap_interval(y, score, n_resamples=9, random_state=0)
    assert list(models.to_frame()["entry"]) == [0, 1]
