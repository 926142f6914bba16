"""Displays beside those of scikit-learn, and what pictures refuse before they draw."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import norm

import fastsmote
from fastsmote import StreamingSweep, confusion_sweep

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")
calibration = pytest.importorskip("sklearn.calibration")
metrics = pytest.importorskip("sklearn.metrics")

import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402
from sklearn.linear_model import LogisticRegression, RidgeClassifier  # noqa: E402

from fastsmote import plot  # noqa: E402
from fastsmote.plot import _thresholds  # noqa: E402

FUNCTIONS = {
    plot.PrecisionRecallDisplay: plot.precision_recall,
    plot.RocCurveDisplay: plot.roc,
    plot.DetCurveDisplay: plot.det,
    plot.CostCurveDisplay: plot.cost,
    plot.ThresholdsDisplay: plot.thresholds,
    plot.PrevalenceDisplay: plot.prevalence,
    plot.CalibrationDisplay: plot.reliability,
}
THEIRS = {
    plot.PrecisionRecallDisplay: metrics.PrecisionRecallDisplay,
    plot.RocCurveDisplay: metrics.RocCurveDisplay,
    plot.DetCurveDisplay: metrics.DetCurveDisplay,
    plot.CalibrationDisplay: calibration.CalibrationDisplay,
}
FULL = {plot.RocCurveDisplay: {"drop_intermediate": False}, plot.CalibrationDisplay: {"n_bins": 10}}


@pytest.fixture(autouse=True)
def no_figures_are_left():
    plt.close("all")  # those of other tests
    yield
    assert plt.get_fignums() == []


def new_axes(**options):
    return Figure().add_subplot(**options)


def scored(n=300, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.random(n) < 0.2
    return y.astype(int), np.round(1 / (1 + np.exp(-rng.normal(size=n) - 2 * y + 1)), 2)


def model(words=False, kind=LogisticRegression):
    rng = np.random.default_rng(1)
    X = rng.normal(size=(200, 3))
    y = (X[:, 0] + rng.normal(size=200) > 1).astype(int)
    y = np.array(["fine", "fraud"])[y] if words else y
    return kind().fit(X[:100], y[:100]), X[100:], y[100:]


def corners(display, line):
    """Their points in rates, ours without the point of no alarm."""
    x, y = np.asarray(line.get_xydata(), float).T
    if isinstance(display, metrics.DetCurveDisplay):
        x, y = norm.cdf(x), norm.cdf(y)
    return {(round(a, 9), round(b, 9)) for a, b in zip(x.tolist(), y.tolist(), strict=True)}


@pytest.mark.parametrize("kind", THEIRS)
@pytest.mark.parametrize("weighted", [False, True])
def test_points_are_those_of_scikit_learn(kind, weighted):
    y, p = scored()
    options = {}
    if kind is plot.CalibrationDisplay:
        options = {"n_bins": 8}
    elif weighted:
        options = {"sample_weight": np.random.default_rng(2).integers(1, 4, len(y))}
    ours = kind.from_predictions(y, p, name="a", ax=new_axes(), **options)
    theirs = THEIRS[kind].from_predictions(y, p, name="a", ax=new_axes(), **(FULL.get(kind, {}) | options))
    found = corners(ours, ours.line_)
    wanted = corners(theirs, theirs.line_)
    inner = {(a, b) for a, b in found if 0.02 < a < 0.98 and 0.02 < b < 0.98}
    assert len(inner) >= 4
    assert inner <= wanted
    assert ours.line_.get_label().startswith("a (")


@pytest.mark.parametrize("kind", FUNCTIONS)
def test_displays_draw_by_the_functions(kind):
    y, p = scored()
    ax = new_axes()
    display = kind.from_predictions(y, p, ax=ax, color="teal", title="all")
    expected = FUNCTIONS[kind](y, p, ax=new_axes(), color="teal", title="all")
    assert display.ax_ is ax
    assert display.figure_ is ax.figure
    assert ax.get_title() == "all"
    lines = display.line_ if isinstance(display.line_, list) else [display.line_]
    assert len(lines) == {plot.thresholds: 3, plot.prevalence: 2}.get(FUNCTIONS[kind], 1)
    for line, other in zip(lines, expected.lines, strict=False):
        assert_array_equal(line.get_xydata(), other.get_xydata())
        assert line.get_label() == other.get_label()
        assert line.get_color() == "teal"
    again = kind(display.data, name="b").plot(ax)
    assert again.ax_ is ax
    added = again.line_ if isinstance(again.line_, list) else [again.line_]
    assert len(added) == len(lines)
    assert not set(map(id, added)) & set(map(id, lines))
    assert all(line.get_label().startswith("b") for line in added)
    assert kind(display.data).plot(new_axes(), name="c").ax_.get_legend().get_texts()[0].get_text()[0] == "c"
    made = kind.from_predictions(y, p)
    assert plt.get_fignums() == [made.figure_.number]
    plt.close("all")


@pytest.mark.parametrize("kind", THEIRS)
@pytest.mark.parametrize("pos_label", [None, "fine", "fraud"])
def test_scores_of_estimators_are_those_of_scikit_learn(kind, pos_label):
    estimator, X, y = model(words=True)
    ours = kind.from_estimator(estimator, X, y, pos_label=pos_label, ax=new_axes())
    options = FULL.get(kind, {}) | {"pos_label": pos_label}
    theirs = THEIRS[kind].from_estimator(estimator, X, y, ax=new_axes(), **options)
    inner = {(a, b) for a, b in corners(ours, ours.line_) if 0.02 < a < 0.98 and 0.02 < b < 0.98}
    assert len(inner) >= 4
    assert inner <= corners(theirs, theirs.line_)
    assert ours.name == "LogisticRegression"
    assert ours.line_.get_label().startswith("LogisticRegression (")
    assert kind.from_estimator(estimator, X, y, name="mine", ax=new_axes()).name == "mine"


@pytest.mark.parametrize("pos_label", [0, 1])
def test_decision_functions_are_turned_for_the_first_class(pos_label):
    estimator, X, y = model(kind=RidgeClassifier)
    for method in ("auto", "decision_function"):
        shown = plot.RocCurveDisplay.from_estimator(
            estimator, X, y, response_method=method, pos_label=pos_label, ax=new_axes()
        )
        score = estimator.decision_function(X) * (1 if pos_label else -1)
        assert_allclose(shown.data.roc_auc, metrics.roc_auc_score(y == pos_label, score), rtol=1e-12)


def test_estimators_that_displays_refuse():
    estimator, X, y = model()
    draw = plot.RocCurveDisplay.from_estimator
    for wrong in (LogisticRegression(), LogisticRegression, "model", X):
        with pytest.raises(
            TypeError, match=r"estimator must be a fitted classifier with classes_ and predict_proba"
        ):
            draw(wrong, X, y)
    with pytest.raises(TypeError, match=r"classifier with classes_ and predict_proba. Got RidgeClassifier"):
        draw(model(kind=RidgeClassifier)[0], X, y, response_method="predict_proba")
    with pytest.raises(TypeError, match=r"classifier with classes_ and predict_proba. Got RidgeClassifier"):
        plot.CalibrationDisplay.from_estimator(model(kind=RidgeClassifier)[0], X, y)
    with pytest.raises(ValueError, match=r'response_method must be "auto" or "predict_proba"\. Got'):
        plot.CalibrationDisplay.from_estimator(estimator, X, y, response_method="decision_function")
    with pytest.raises(
        ValueError, match=r"pos_label must be one of the classes \[0, 1\] of estimator. Got 2"
    ):
        draw(estimator, X, y, pos_label=2)
    three = LogisticRegression().fit(X, np.arange(len(X)) % 3)
    with pytest.raises(ValueError, match=r"must tell two classes apart. Got 3; draw one against all others"):
        draw(three, X, y)


PICTURES = [
    plot.precision_recall,
    plot.roc,
    plot.det,
    plot.cost,
    plot.thresholds,
    plot.prevalence,
    plot.reliability,
]
DRAWN = [*PICTURES, *(kind.from_predictions for kind in FUNCTIONS)]


@pytest.mark.parametrize("draw", DRAWN)
@pytest.mark.parametrize(
    ("y", "score"),
    [
        ([], []),
        ([0, 1], [0.5, np.nan]),
        ([0, 1], ["a", "b"]),
        ([0, 1], [0.5]),
        ([0, 1, 2], [0.1, 0.2, 0.3]),
        ([0, None], [0.1, 0.2]),
        ("01", [0.1, 0.2]),
        ([0, 1], 0.5),
    ],
)
def test_rows_that_pictures_refuse(draw, y, score):
    with pytest.raises((ValueError, TypeError)) as error:
        draw(y, score)
    assert len(str(error.value)) > 20


@pytest.mark.parametrize("draw", DRAWN)
def test_axes_that_pictures_refuse(draw):
    y, p = scored(50)
    one = new_axes()
    gone = new_axes()
    gone.remove()
    for wrong, words in (
        (Figure(), "ax must be a matplotlib Axes or None. Got"),
        ([one], "ax must be a matplotlib Axes or None. Got"),
        ("ax", "ax must be a matplotlib Axes or None. Got"),
        (new_axes(projection="3d"), "with straight x and y. Got the projection '3d'"),
        (new_axes(projection="polar"), "with straight x and y. Got the projection 'polar'"),
        (gone, "Got axes that were removed"),
    ):
        with pytest.raises((TypeError, ValueError), match=words):
            draw(y, p, ax=wrong)
    assert not one.lines
    for wrong in ({"color": "no colour"}, {"linewidth": "wide"}, {"linestyle": "wavy"}, {"alpha": "a"}):
        with pytest.raises(
            (TypeError, ValueError), match=rf"{next(iter(wrong))} must be what matplotlib's lines"
        ):
            draw(y, p, ax=one, **wrong)
    with pytest.raises(TypeError, match="properties of matplotlib's lines"):
        draw(y, p, ax=one, colour="red")
    assert not one.lines


def test_what_the_pictures_of_classes_refuse():
    for draw in (plot.class_counts, lambda y, **options: plot.confusion_matrix(y, y, **options)):
        for wrong in ([], [0.5, 1.5], [None, 1], [b"a", b"b"], [[0, 1], [1, 1]], 5):
            with pytest.raises((ValueError, TypeError)):
                draw(wrong)
        with pytest.raises(TypeError, match="ax must be a matplotlib Axes or None"):
            draw([0, 1], ax=Figure())
        with pytest.raises(TypeError, match="Got the projection '3d'"):
            draw([0, 1], ax=new_axes(projection="3d"))
    with pytest.raises(ValueError, match=r"y\['after'\] must have at least one label"):
        plot.class_counts({"before": [0, 1], "after": []})
    with pytest.raises(ValueError, match="A mapping must hold"):
        plot.class_counts({})
    with pytest.raises(TypeError, match=r"log must be True or False. Got 'yes'"):
        plot.class_counts([0, 1], log="yes")
    with pytest.raises(ValueError, match='normalize must be "true", "pred", "all" or None'):
        plot.confusion_matrix([0, 1], [0, 1], normalize="rows")
    with pytest.raises(ValueError, match="must be in y_true"):
        plot.confusion_matrix([0, 1], [0, 1], labels=[7])
    with pytest.warns(UserWarning, match="A single label"):
        plot.confusion_matrix([1, 1], [1, 1], ax=new_axes())
    X, y = np.zeros((4, 2)), [0, 0, 1, 1]
    with pytest.raises(TypeError, match="Got the projection 'polar'"):
        plot.resampling(X, y, X, y, ax=[new_axes(), new_axes(projection="polar")])
    axes = plot.resampling(X, y, X, y, ax=[new_axes(), new_axes()])  # of two figures
    assert axes[0].figure is not axes[1].figure


def test_choices_of_prevalence():
    sweep = confusion_sweep(*scored())
    choice = fastsmote.best_threshold(sweep)
    with pytest.raises(TypeError, match=r"choice belongs to one sweep. Got one beside 2"):
        plot.prevalence({"a": sweep, "b": sweep}, choice=choice)
    with pytest.raises(TypeError, match=r"choice must be a ThresholdChoice or None. Got 0.5"):
        plot.prevalence(sweep, choice=0.5)
    with pytest.raises(ValueError, match="rows of both classes"):
        plot.PrevalenceDisplay(StreamingSweep()).plot()


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_figures_are_closed_where_drawing_fails(monkeypatch, error):
    def fail(*args, **options):
        raise error

    monkeypatch.setattr(_thresholds, "finish", fail)
    with pytest.raises(error):
        plot.thresholds(*scored())


def test_lists_and_frames_are_drawn_alike():
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    y, p = scored(60)
    words = np.array(["no", "yes"])[y]
    for draw in PICTURES:
        expected = draw(y, p, ax=new_axes()).lines[0].get_xydata()
        for one in (list, pandas.Series, polars.Series):
            assert_allclose(
                draw(one(y.tolist()), one(p.tolist()), ax=new_axes()).lines[0].get_xydata(), expected
            )
    for one in (list, pandas.Series, polars.Series):
        ax = plot.confusion_matrix(one(words.tolist()), one(words.tolist()), ax=new_axes())
        assert [text.get_text() for text in ax.texts] == [f"{60 - y.sum()}", "0", "0", f"{y.sum()}"]
        ax = plot.class_counts(one(words.tolist()), ax=new_axes())
        assert [bar.get_width() for bar in ax.patches] == [60 - y.sum(), y.sum()]
