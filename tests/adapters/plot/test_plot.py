"""Pictures: what their lines say, beside the functions, scikit-learn and definitions.

And that they stay small, leave matplotlib and the data as they were, and can be read in greyscale.
"""

import io
from collections import Counter
from itertools import pairwise
from typing import get_args

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_allclose, assert_array_equal
from scipy.integrate import trapezoid

import fastsmote
from fastsmote import StreamingSweep, average_precision_score, confusion_sweep, roc_auc_score
from fastsmote._metrics.measures import words_of
from fastsmote.calibration import StreamingCalibration, calibration_curve, expected_calibration_error
from fastsmote.thresholds import best_threshold, cost_threshold, threshold_at

from reference.adapters.plot import plots as reference  # isort: skip

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402
from cycler import cycler  # noqa: E402
from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: E402
from matplotlib.colors import to_rgba  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402

from fastsmote import plot  # noqa: E402
from fastsmote.plot import _axes, _curves, _scatter, _thresholds  # noqa: E402

CURVES = [plot.precision_recall, plot.roc, plot.det, plot.cost, plot.thresholds]


def new_figure(**options):
    figure = Figure(**options)
    FigureCanvasAgg(figure)
    return figure


def new_axes(**options):
    return new_figure(**options).add_subplot()


def scored(n=3000, rate=0.1, seed=0, ties=False):
    rng = np.random.default_rng(seed)
    y = rng.random(n) < rate
    y[:2] = True, False
    score = rng.normal(size=n) + 1.5 * y
    return y, np.round(score * 4) / 4 if ties else score


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def points(ax, i=0):
    return ax.lines[i].get_xydata()


rows = st.lists(st.tuples(st.booleans(), st.integers(0, 8)), min_size=2, max_size=30).filter(
    lambda pairs: 0 < sum(y for y, _ in pairs) < len(pairs)
)


@given(rows)
def test_the_area_under_the_steps_is_the_average_precision(pairs):
    y, score = map(list, zip(*pairs, strict=True))
    line = plot.precision_recall(y, score, ax=new_axes()).lines[0]
    x, precision = line.get_xydata().T
    assert line.get_drawstyle() == "steps-pre"
    expected = average_precision_score(y, score)
    assert reference.step_area(x.tolist(), precision.tolist()) == pytest.approx(expected, abs=1e-12)


@given(rows)
def test_the_area_under_the_roc_curve(pairs):
    y, score = map(list, zip(*pairs, strict=True))
    x, recall = points(plot.roc(y, score, ax=new_axes())).T
    assert trapezoid(recall, x) == pytest.approx(roc_auc_score(y, score), abs=1e-12)


@given(rows)
def test_every_point_is_that_of_a_threshold(pairs):
    y, score = map(list, zip(*pairs, strict=True))
    n_pos, n_neg = sum(y), len(y) - sum(y)
    cells = [reference.counts_at(y, score, threshold) for threshold in set(score)]
    rates = {(fp / n_neg, tp / n_pos) for tp, fp in cells} | {(0.0, 0.0)}
    assert set(map(tuple, points(plot.roc(y, score, ax=new_axes())))) <= rates
    pairs = {(tp / n_pos, tp / (tp + fp)) for tp, fp in cells}
    assert set(map(tuple, points(plot.precision_recall(y, score, ax=new_axes()))[1:])) <= pairs


@given(rows)
def test_the_cost_curve_is_the_lower_envelope(pairs):
    y, score = map(list, zip(*pairs, strict=True))
    corners = points(plot.cost(y, score, ax=new_axes()))
    assert (np.diff(corners[:, 0]) > 0).all()
    for x in [*np.linspace(0, 1, 17), *corners[:, 0]]:
        expected = reference.least_cost(y, score, x)
        assert np.interp(x, *corners.T) == pytest.approx(expected, abs=1e-12)


def test_weights_far_from_one_do_not_bend_the_cost_curve():
    y, score = scored(500)
    weights = np.where(y, 1e-70, 1e70)
    lines = [
        points(plot.cost(confusion_sweep(y, score, sample_weight=w), ax=new_axes()))
        for w in (weights, np.ones(500))
    ]
    x = np.linspace(0, 1, 101)
    assert_allclose(*(np.interp(x, *line.T) for line in lines), atol=1e-9)


def test_det_shows_the_points_of_scikit_learn():
    det_curve = pytest.importorskip("sklearn.metrics").det_curve
    y, score = scored(ties=True)
    fpr, fnr, _ = det_curve(y, score)
    ax = plot.det(y, score, ax=new_axes())
    inner = (fpr > 0) & (fnr > 0)
    expected = set(zip(fpr[inner].round(12), fnr[inner].round(12), strict=True))
    assert expected <= set(map(tuple, points(ax).round(12)))
    ends = ax.get_xlim(), ax.get_ylim()
    for rates, (low, high) in zip((fpr, fnr), ends, strict=True):
        assert low < rates[inner].min()
        assert high > rates[inner].max()
    assert ax.get_xscale() == ax.get_yscale() == "function"
    line = ax.transData.transform([[0.02, 0.5], [0.5, 0.02], [0.5, 0.5]])
    assert line[0, 1] - line[1, 1] > 10  # deviates of 0.5 and 0.02 lie apart on both axes
    assert_allclose(line[2], [line[1, 0], line[0, 1]])


@pytest.mark.parametrize("draw", CURVES)
def test_all_forms_of_a_curve_are_drawn_alike(draw):
    y, score = scored(ties=True)
    score -= score.min()  # so that scores are edges of the stream's bins
    sweep = confusion_sweep(y, score)
    stream = StreamingSweep().update(y, score)
    expected = draw(sweep, ax=new_axes())
    for form in ((y, score), ((y, score),), (tuple(sweep),), (stream,)):
        ax = draw(*form, ax=new_axes())
        assert_allclose(points(ax), points(expected), atol=1e-14)
    if draw is not plot.thresholds:
        named = draw({"a": sweep, "b": (y, score), 3: stream}, ax=new_axes())
        assert_allclose(points(named), points(expected), atol=1e-14)
        assert [words.split(" (")[0] for words in legend(named)[:3]] == ["a", "b", "3"]


def test_areas_in_the_legend():
    y, score = scored(rate=0.02)
    roc_auc, average_precision = roc_auc_score(y, score), average_precision_score(y, score)
    assert legend(plot.roc(y, score, ax=new_axes())) == [f"AUC {roc_auc:.3f}", "chance: 0.500"]
    ax = plot.precision_recall({"m": (y, score)}, ax=new_axes())
    assert legend(ax) == [f"m (AP {average_precision:.3f})", f"prevalence {y.mean():.3f}"]
    assert_array_equal(ax.lines[1].get_ydata(), [y.mean()] * 2)


def test_a_stream_shows_bounds_where_they_differ():
    y, score = scored()
    near = 1 + score / 1e3  # many rows in one bin
    stream = StreamingSweep().update(y, near)
    low, high = stream.roc_auc_bounds()
    assert high - low > 0.01
    assert legend(plot.roc(stream, ax=new_axes()))[0] == f"AUC {low:.3f} to {high:.3f}"
    refined = stream.refine().update(y, near)
    assert legend(plot.roc(refined, ax=new_axes()))[0] == f"AUC {roc_auc_score(y, near):.3f}"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.25, "0.250"),
        (0.0017, "0.0017"),
        (0.99996, "0.999960"),
        (0.9995, "0.99950"),
        (0.0, "0.000"),
        (1.0, "1.000"),
    ],
)
def test_rates_near_0_and_1_keep_two_digits(value, words):
    assert _curves.share_words(value, value) == words


def test_metrics_are_those_of_the_sweep():
    y, score = scored(400, ties=True)
    names = (
        "precision",
        "recall",
        "specificity",
        "fpr",
        "balanced_accuracy",
        "geometric_mean",
        "matthews_corrcoef",
    )
    sweep = confusion_sweep(y, score)
    ax = plot.thresholds(sweep, metrics=(*names, "f1"), ax=new_axes())
    for i, name in enumerate(names):
        assert_array_equal(points(ax, i), np.column_stack([sweep.thresholds, getattr(sweep, name)])[::-1])
    assert_array_equal(points(ax, len(names))[:, 1], sweep.f_beta()[::-1])
    assert {line.get_drawstyle() for line in ax.lines[: len(names)]} == {"steps-pre"}
    best = best_threshold(sweep)
    assert f"chosen: score from {best.threshold:.6g}" in legend(ax)


def test_the_names_of_metrics_that_editors_know_are_those_that_there_are():
    assert set(get_args(_thresholds.MetricName)) == words_of("plot.thresholds")


def test_the_chosen_threshold_lies_on_the_curves():
    y, score = scored(ties=True)
    sweep = confusion_sweep(y, score)
    choice = threshold_at(sweep, min_recall=0.5)
    marked = [draw(sweep, choice=choice, ax=new_axes()).lines[-1] for draw in CURVES]
    spots = [(choice.recall, choice.precision), (choice.fpr, choice.recall), (choice.fpr, 1 - choice.recall)]
    for line, spot in zip(marked, spots, strict=False):
        assert_array_equal(line.get_xydata(), [spot])
    assert_array_equal(
        marked[4].get_xydata(),
        [(choice.threshold, rate) for rate in (choice.precision, choice.recall, choice.f1)],
    )
    ax = plot.cost(sweep, choice=choice, ax=new_axes())
    ends = [line.get_xydata() for line in ax.lines if len(line.get_xdata()) == 2][-1]
    assert_array_equal(ends, [(0, choice.fpr), (1, 1 - choice.recall)])
    cheapest = cost_threshold(sweep, 1, 5)
    x = sweep.prevalence * 5 / (sweep.prevalence * 5 + 1 - sweep.prevalence)
    line = cheapest.fpr * (1 - x) + (1 - cheapest.recall) * x
    assert np.interp(x, *points(ax).T) == pytest.approx(line, abs=1e-12)


def test_calling_nobody_has_no_place_on_the_axis_of_thresholds():
    y, score = scored(100)
    sweep = confusion_sweep(y, score)
    choice = threshold_at(sweep, max_alerts=0)
    ax = plot.thresholds(sweep, choice=choice, ax=new_axes())
    assert "chosen: call nobody" in legend(ax)
    assert np.isfinite(ax.get_xlim()).all()


def test_thresholds_that_are_as_good_are_shaded():
    y, score = [0, 0, 1, 1], [1.0, 2.0, 3.0, 4.0]
    sweep = confusion_sweep(y, score)
    flat = best_threshold(sweep, lambda part: np.isin(part.thresholds, [2.0, 3.0]).astype(float))
    ax = plot.thresholds(sweep, choice=flat, ax=new_axes())
    (span,) = ax.patches
    assert span.get_extents().transformed(ax.transData.inverted()).intervalx.tolist() == [2.0, 3.0]
    assert not plot.thresholds(sweep, ax=new_axes()).patches


def test_small_scores_are_on_a_logarithmic_axis():
    y, score = scored(2000, 0.01)
    small = np.exp(3 * score) / np.exp(3 * score.max())
    ax = plot.thresholds(y, small, ax=new_axes())
    assert ax.get_xscale() == "log"
    choice = best_threshold(confusion_sweep(y, small))
    assert ax.get_xlim()[0] < min(choice.threshold, small[y].min())
    assert plot.thresholds(y, score, ax=new_axes()).get_xscale() == "linear"


def test_log_roc_begins_at_the_first_false_alarm():
    y, score = scored(2000, 0.01)
    ax = plot.roc(y, score, log=True, ax=new_axes())
    x = points(ax)[:, 0]
    assert ax.get_xscale() == "log"
    assert ax.get_xlim()[0] == x[x > 0].min()
    plot.roc(y, -score, log=True, ax=ax)
    assert ax.get_xlim()[0] == x[x > 0].min()
    plot.roc(y, score, ax=ax)  # the last call decides
    assert ax.get_xscale() == "linear"


def steps(seed, n, spread):
    rng = np.random.default_rng(seed)
    x = np.sort(np.round(rng.random(n) ** spread, 3))
    return x, np.cumsum(rng.normal(size=n))


@given(st.integers(0, 1000), st.integers(2, 400), st.sampled_from([1, 4]), st.integers(2, 20))
def test_thinning_covers_the_same_in_every_column(seed, n, spread, n_columns):
    x, y = steps(seed, n, spread)
    edges = _curves.column_edges(x, n_columns)
    kept = _curves.thin(x, y, edges)
    assert (np.diff(kept) > 0).all()
    actual = reference.covered(x[kept].tolist(), y[kept].tolist(), edges.tolist())
    assert actual == reference.covered(x.tolist(), y.tolist(), edges.tolist())


@pytest.mark.slow
@pytest.mark.parametrize("rate", [0.5, 0.002])
@pytest.mark.parametrize("draw", CURVES)
def test_large_curves_are_thinned_to_what_pictures_show(draw, rate, monkeypatch):
    sweep = confusion_sweep(*scored(150_000, rate))
    monkeypatch.setattr(_axes, "_DASHES", ["-"])  # where dashes begin depends on the length of the line
    pictures = []
    for _ in range(2):
        ax = new_axes(layout="constrained")
        draw(sweep, ax=ax)
        if not pictures:
            assert all(len(line.get_xdata()) <= 4 * 4100 for line in ax.lines)
        for line in ax.lines:
            line.set(antialiased=False, linewidth=0.72)  # one pixel; shades add up where a line runs twice
        ax.figure.canvas.draw()
        pictures.append(np.asarray(ax.figure.canvas.buffer_rgba())[..., 0])
        monkeypatch.setattr(_axes, "thin", lambda x, y, edges: np.arange(len(x)))
    # points that share a column may round to pixels beside each other; without extremes it is 3e-3 to 8e-3
    assert (pictures[0] != pictures[1]).mean() < 1e-3
    assert (pictures[0] < 128).any()


def test_reliability_shows_the_curve():
    from sklearn.calibration import calibration_curve as peer

    rng = np.random.default_rng(0)
    p = rng.random(2000)
    y = rng.random(2000) < p**1.5
    for options in ({}, {"n_bins": 7, "strategy": "quantile"}):
        ax = plot.reliability(y, p, ax=new_axes(), **options)
        expected = calibration_curve(y, p, **options)
        assert_allclose(points(ax).T[::-1], peer(y, p, **({"n_bins": 10} | options)), rtol=1e-12)
        bars = np.array(ax.collections[0].get_segments())
        assert_array_equal(bars[:, :, 1], np.column_stack([expected.low, expected.high]))
        assert_array_equal(bars[:, 0, 0], expected.prob_pred)
        (counts,) = ax.child_axes
        assert_array_equal(points(counts), np.column_stack([expected.prob_pred, expected.counts]))
        assert legend(ax) == [f"ECE {expected_calibration_error(y, p, **options):.3f}", "calibrated"]


def test_forms_of_reliability():
    rng = np.random.default_rng(0)
    p = rng.random(500)
    y = rng.random(500) < p
    record, stream = calibration_curve(y, p), StreamingCalibration().update(y, p)
    ax = plot.reliability({"a": record, "b": stream, "c": (y, p)}, ax=new_axes())
    for i in range(3):
        assert_array_equal(points(ax, i), np.column_stack([record.prob_pred, record.prob_true]))
    plot.reliability(y, p**2, ax=ax)  # a later call adds to the same axes
    assert len(ax.child_axes) == 1
    assert len(ax.child_axes[0].lines) == 4
    assert legend(ax)[-1] == "calibrated"
    assert len(legend(ax)) == 5


def test_logarithmic_reliability_leaves_shares_of_0_out_of_the_line():
    p = np.repeat([0.001, 0.01, 0.1], 1000)
    y = np.zeros(3000, bool)
    y[1000:1010] = y[2000:2100] = True
    ax = plot.reliability(y, p, strategy="quantile", n_bins=3, log=True, ax=new_axes())
    assert_array_equal(points(ax)[:, 1], [np.nan, 0.01, 0.1])
    assert len(ax.collections[0].get_segments()) == 3
    assert ax.get_xscale() == ax.get_yscale() == "log"
    assert 0 < ax.get_xlim()[0] < 0.001


def test_logarithmic_reliability_leaves_probabilities_of_0_out_of_the_line():
    p = np.repeat([0.0, 0.01, 0.1], 1000)
    y = np.zeros(3000, bool)
    y[:3] = y[1000:1010] = y[2000:2100] = True
    for log, first in [(False, 0.003), (True, np.nan)]:
        ax = plot.reliability(y, p, strategy="quantile", n_bins=3, log=log, ax=new_axes())
        assert_array_equal(points(ax)[:, 1], [first, 0.01, 0.1])


def test_counts_far_apart_are_on_a_logarithmic_axis():
    p = np.repeat([0.05, 0.95], [10_000, 3])
    y = np.zeros(10_003, bool)
    assert plot.reliability(y, p, ax=new_axes()).child_axes[0].get_yscale() == "log"
    assert plot.reliability(y[:6], p[-6:], ax=new_axes()).child_axes[0].get_yscale() == "linear"


def blobs(n=300, d=4, seed=0):
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 10 == 0
    return rng.normal(size=(n, d)) * np.arange(1, d + 1) + y[:, None], y.astype(int)


def test_components_are_those_of_scikit_learn():
    decomposition = pytest.importorskip("sklearn.decomposition")
    X, _ = blobs()
    X[:, 0] += X[:, 1]
    components = _scatter.principal_components(X, 0)
    peer = decomposition.PCA(2).fit((X - X.mean(axis=0)) / X.std(axis=0))
    expected = peer.transform((X - X.mean(axis=0)) / X.std(axis=0)).T
    assert_allclose(np.abs(_scatter.project(X, components)), np.abs(expected), atol=1e-10)
    assert_allclose(components.shares, peer.explained_variance_ratio_)


@pytest.mark.parametrize("scale", [1e-300, 1.0, 1e300])
def test_components_of_any_scale_and_of_constant_features(scale):
    X, _ = blobs()
    X[:, 2] = 7.0
    expected = _scatter.project(X, _scatter.principal_components(X, 0))
    scaled = X * scale
    assert_allclose(_scatter.project(scaled, _scatter.principal_components(scaled, 0)), expected, atol=1e-9)
    one = _scatter.principal_components(X[:, 2:3], 0)  # nothing varies
    assert_array_equal(_scatter.project(X[:, 2:3], one), np.zeros((2, 300)))
    assert_array_equal(one.shares, [0, 0])


def test_before_and_after():
    X, y = blobs()
    X_after, y_after = fastsmote.smote(X, y, random_state=0)
    before, after = plot.resampling(X, y, X_after, y_after, ax=Figure().subplots(1, 2))
    assert legend(before) == ["0: 270 rows", "1: 30 rows"]
    assert legend(after) == ["0: 270 rows", "1, new: 240 rows", "1: 30 rows"]
    assert before.get_xlim() == after.get_xlim()
    assert before.get_ylim() == after.get_ylim()
    drawn = [np.asarray(part.get_offsets()) for part in after.collections if len(part.get_offsets())]
    places = _scatter.project(X_after, _scatter.principal_components(X, 0)).T
    expected = [places[y_after == 0], places[300:], places[:300][y == 1]]
    for actual, wanted in zip(drawn, expected, strict=True):
        assert set(map(tuple, actual)) == set(map(tuple, wanted))
    hollow = [len(part.get_facecolors()) == 0 for part in after.collections if len(part.get_offsets())]
    assert hollow == [False, True, False]


def test_rows_that_are_new_in_a_constant_feature_are_hollow():
    rng = np.random.default_rng(0)
    X, y = np.c_[rng.normal(size=(60, 2)), np.ones(60)], np.arange(60) % 3 == 0
    new = X[:10] + np.array([0, 0, 5.0])
    _, ax = plot.resampling(X, y, np.r_[X, new], np.r_[y, y[:10]], ax=Figure().subplots(1, 2))
    assert "False, new: 6 rows" in legend(ax)
    assert "True, new: 4 rows" in legend(ax)
    X[:, 2] = 0.0
    _, ax = plot.resampling(X, y, X * [1, 1, -1], y, ax=Figure().subplots(1, 2))  # -0.0 is 0.0
    assert not any("new" in words for words in legend(ax))


def test_copies_are_larger_and_counted():
    X, y = blobs()
    after = fastsmote.random_over_sample(X, y, random_state=0)
    _, ax = plot.resampling(X, y, *after, ax=Figure().subplots(1, 2))
    _, counts = np.unique(after[0][after[1] == 1], axis=0, return_counts=True)
    copies = counts[counts > 1] - 1
    most = f"{copies.max()} rows at one place"
    assert legend(ax) == ["0: 270 rows", "1, new: 240 rows", "1: 30 rows", most]
    sizes = next(p.get_sizes() for p in ax.collections if len(p.get_offsets()) == len(copies))
    assert_allclose(np.sort(sizes), np.sort(30 * (1 + np.log2(copies))))


def test_rows_that_were_removed_are_absent_and_many_are_sampled():
    X, y = blobs(6000)
    after = fastsmote.random_under_sample(X, y, random_state=0)
    axes = [plot.resampling(X, y, *after, ax=Figure().subplots(1, 2), random_state=s) for s in (0, 0, 1)]
    assert legend(axes[0][0]) == ["0: 5,400 rows, 2,000 drawn", "1: 600 rows"]
    assert legend(axes[0][1]) == ["0: 600 rows", "1: 600 rows"]
    first, again, other = (np.asarray(pair[0].collections[0].get_offsets()) for pair in axes)
    assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    assert len(first) == _scatter.PLACES


def test_names_of_classes_and_frames():
    pd = pytest.importorskip("pandas")
    X, y = blobs()
    frame, labels = pd.DataFrame(X, columns=list("abcd")), pd.Series(np.array(["fine", "fraud"])[y])
    before, after = plot.resampling(
        frame, labels, *fastsmote.smote(frame, labels, random_state=0), ax=Figure().subplots(1, 2)
    )
    assert legend(before) == ["fine: 270 rows", "fraud: 30 rows"]
    assert "fraud, new: 240 rows" in legend(after)


def pattern(line):
    """Dashes and gaps, in points."""
    offset, dashes = line._dash_pattern
    return offset, tuple(dashes or ())


def test_no_curve_looks_like_what_it_is_compared_with():
    y, score = scored(300)
    for draw in (plot.precision_recall, plot.roc, plot.det, plot.cost, plot.reliability):
        ax = draw({i: (y, 1 / (1 + np.exp(-score - i))) for i in range(7)}, ax=new_axes())
        curves = [line for line in ax.lines if line.get_gid()]
        others = [line for line in ax.lines if not line.get_gid()]
        assert len(curves) == 7
        assert others
        assert len({pattern(line) for line in others}) == len(others)
        for line in curves:  # dots are short, and no longer than half of what is between them
            assert not pattern(line)[1] or max(pattern(line)[1][::2]) > max(pattern(line)[1][1::2])
        for line in others:
            assert pattern(line)[1][0] < pattern(line)[1][1]


@pytest.mark.parametrize("style", ["default", "dark_background", "grayscale", "seaborn-v0_8-colorblind"])
def test_twelve_lines_differ_without_colour(style):
    y, score = scored(300)
    with plt.style.context(style):
        ax = plot.roc({i: (y, score + i) for i in range(12)}, ax=new_axes())
    lines = ax.lines[:12]
    looks = {(str(pattern(line)), line.get_linewidth()) for line in lines}
    assert len(looks) == 12
    for first, second in pairwise(lines):
        assert pattern(first) != pattern(second)


def test_colours_and_widths_are_those_of_the_style():
    y, score = scored(300)
    p = 1 / (1 + np.exp(-score))
    colours = ["#123456", "#abcdef", "#fedcba"]
    with plt.rc_context({"axes.prop_cycle": cycler(color=colours), "lines.linewidth": 3}):
        for draw in (*CURVES, plot.prevalence, plot.reliability):
            ax = draw({"a": (y, p), "b": (y, p**2), "c": (y, p**3), "d": (y, p)}, ax=new_axes())
            curves = [line for line in ax.lines if line.get_gid()]
            assert [line.get_color() for line in curves] == [colours[i % 3] for i in range(len(curves))]
            if draw is not plot.reliability:
                assert {line.get_linewidth() for line in curves} <= {3, 6}
    with plt.rc_context({"axes.prop_cycle": cycler(color=colours, linestyle=["-", "--", ":"])}):
        ax = plot.roc({"a": (y, p), "b": (y, p**2), "c": (y, p**3)}, ax=new_axes())
        assert [line.get_linestyle() for line in ax.lines[:3]] == ["-", "--", ":"]
    own = new_axes()
    own.set_prop_cycle(color=["teal", "peru"])
    own.plot([0, 1], [0, 1])
    assert plot.roc(y, p, ax=own).lines[1].get_color() == "peru"


def test_later_calls_go_on_with_the_styles_and_do_not_repeat_what_is_compared_with():
    y, score = scored(300)
    for draw in (plot.roc, plot.precision_recall, plot.det, plot.cost):
        ax = new_axes()
        draw(y, score, ax=ax)
        once = legend(ax)
        draw(y, score + y, ax=ax)
        assert len(legend(ax)) == len(once) + 1
        assert legend(ax)[2:] == once[1:]
        curves = [line for line in ax.lines if line.get_gid()]
        assert len({line.get_color() for line in curves}) == 2


@pytest.mark.parametrize("layout", ["constrained", None])
@pytest.mark.parametrize("draw", [*CURVES, plot.reliability])
@pytest.mark.one_in(2)
def test_legend_and_labels_lie_inside_the_figure_and_outside_the_data(draw, layout):
    y, score = scored(300)
    p = 1 / (1 + np.exp(-score))
    figure = new_figure(layout=layout)
    pair = figure.subplots(2, 1) if layout else [figure.add_subplot()]
    for ax in pair:
        for _ in range(2):
            draw(y, p, ax=ax)
        figure.canvas.draw()
    for ax in pair:
        box = ax.get_legend().get_window_extent()
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1
        assert figure.bbox.y0 - 2 <= box.y0 < box.y1 <= figure.bbox.y1
        lowest = ax.child_axes[0] if draw is plot.reliability else ax
        assert box.y1 <= lowest.xaxis.label.get_window_extent().y0


@pytest.mark.parametrize("draw", [*CURVES, plot.reliability])
def test_nothing_global_changes(draw):
    y, score = scored(300)
    p = 1 / (1 + np.exp(-score))
    p.flags.writeable = y.flags.writeable = False
    before = dict(matplotlib.rcParams)
    draw(y, p, ax=new_axes())
    assert plt.get_fignums() == []
    ax = draw(y, p)
    assert plt.get_fignums() == [ax.figure.number]
    ax.figure.savefig(io.BytesIO())
    plt.close(ax.figure)
    assert dict(matplotlib.rcParams) == before


def test_resampling_makes_a_figure():
    X, y = blobs(50)
    axes = plot.resampling(X, y, X, y)
    assert axes.shape == (2,)
    assert plt.get_fignums() == [axes[0].figure.number]
    plt.close(axes[0].figure)


@pytest.mark.parametrize("draw", CURVES)
@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (([0, 0], [1.0, 2.0]), ValueError, "rows of both classes"),
        (([1, 1], [1.0, 2.0]), ValueError, "2 positive and 0 negative"),
        ((StreamingSweep(),), ValueError, "0 positive and 0 negative"),
        (([0, 1],), TypeError, "a Sweep, a StreamingSweep or a tuple"),
        (([0, 1], [1.0, np.nan]), ValueError, "y_score"),
        ((["a", "b"], [1.0, 2.0]), ValueError, "pos_label"),
    ],
)
def test_mistakes(draw, arguments, error, words):
    with pytest.raises(error, match=words):
        draw(*arguments, ax=new_axes())


def test_mistakes_of_mappings_and_options():
    y, score = [0, 1, 0, 1], [1.0, 2.0, 0.5, 0.2]
    for draw in (plot.roc, plot.reliability):
        with pytest.raises(ValueError, match="must hold a curve at least"):
            draw({}, ax=new_axes())
        with pytest.raises(TypeError, match="beside a mapping"):
            draw({"a": (y, score)}, score, ax=new_axes())
        with pytest.raises(TypeError, match=r"data\['a'\] must be a "):
            draw({"a": y}, ax=new_axes())
        with pytest.raises(TypeError, match="log must be True or False"):
            draw(y, score, log="yes", ax=new_axes())
        with pytest.raises(TypeError, match="ax must be a matplotlib Axes or None"):
            draw(y, np.clip(score, 0, 1), ax=Figure())
    for draw in CURVES:
        with pytest.raises(TypeError, match=r"choice must be a ThresholdChoice or None. Got 0.5"):
            draw(y, score, choice=0.5, ax=new_axes())
    choice = best_threshold(confusion_sweep(y, score))
    with pytest.raises(TypeError, match=r"choice belongs to one sweep. Got one beside 2"):
        plot.thresholds({"a": (y, score), "b": (y, score)}, choice=choice, ax=new_axes())
    with pytest.raises(ValueError, match="metrics must be among precision, recall, f1"):
        plot.thresholds(y, score, metrics=("accuracy",), ax=new_axes())
    with pytest.raises(TypeError, match=r"metrics must be a tuple of names. Got 'f1'; pass \('f1',\)"):
        plot.thresholds(y, score, metrics="f1", ax=new_axes())
    with pytest.raises(ValueError, match="must hold a bin with rows"):
        plot.reliability(StreamingCalibration(), ax=new_axes())
    X, labels = blobs(20)
    with pytest.raises(ValueError, match="X_resampled must have the 4 features of X"):
        plot.resampling(X, labels, X[:, :3], labels)
    with pytest.raises(TypeError, match="ax must be 2 matplotlib Axes or None"):
        plot.resampling(X, labels, X, labels, ax=new_axes())
    plt.close("all")


def test_perfect_and_constant_scores_are_drawn():
    for score in ([1.0, 2.0, 3.0, 4.0], [4.0, 3.0, 2.0, 1.0], [1.0] * 4):  # and without a warning
        for draw in CURVES:
            draw([0, 0, 1, 1], score, ax=new_axes()).figure.savefig(io.BytesIO())
        plot.roc([0, 0, 1, 1], score, log=True, ax=new_axes()).figure.savefig(io.BytesIO())


def test_prevalence_shows_what_weights_of_the_classes_give():
    peer = pytest.importorskip("sklearn.metrics")
    y, score = scored(500)
    choice = best_threshold(confusion_sweep(y, score))
    ax = plot.prevalence(y, score, ax=new_axes())
    called = score >= choice.threshold
    n_pos, n_neg = int(y.sum()), int((~y).sum())
    for values, measure in zip(ax.lines[:2], (peer.precision_score, peer.recall_score), strict=True):
        for share, value in values.get_xydata()[::57]:
            weights = np.where(y, share / n_pos, (1 - share) / n_neg)
            assert_allclose(value, measure(y, called, sample_weight=weights), rtol=1e-12)
    mark = ax.lines[-1].get_xydata()
    assert_allclose(mark, [[y.mean(), choice.precision], [y.mean(), choice.recall]], rtol=1e-12)
    assert ax.get_xscale() == "log"
    assert_allclose(ax.get_xlim(), (y.mean() / 100, 1))
    given = threshold_at(confusion_sweep(y, score), min_precision=0.5)
    ax = plot.prevalence(confusion_sweep(y, score), choice=given, label="a", title="b", ax=new_axes())
    assert legend(ax)[:2] == ["a: precision", "a: recall"]
    assert set(ax.lines[1].get_ydata()) == {given.recall}
    plot.prevalence(y[::2], score[::2], ax=ax)
    assert len([line for line in ax.lines if line.get_gid()]) == 4


def test_prevalence_where_nobody_is_called():
    sweep = confusion_sweep([1, 0, 0], [0.1, 0.2, 0.3])
    nobody = cost_threshold(sweep, cost_fp=100, cost_fn=1)
    ax = plot.prevalence(sweep, choice=nobody, ax=new_axes())
    assert "chosen: call nobody" in legend(ax)
    assert not np.concatenate([line.get_ydata() for line in ax.lines[:2]]).any()


def bars(ax):
    """Middle, length and words of each bar."""
    shown = [(bar.get_y() + bar.get_height() / 2, bar.get_width()) for bar in ax.patches]
    return [(*bar, text.get_text()) for bar, text in zip(shown, ax.texts, strict=True)]


def test_class_counts_are_the_counts():
    y = ["b"] * 3 + ["a"] * 12 + ["c"]
    for one in (y, np.array(y), np.array(y, object)):
        ax = plot.class_counts(one, title="all", ax=new_axes())
        wanted = sorted(Counter(y).items())
        assert [text.get_text() for text in ax.get_yticklabels()] == [name for name, _ in wanted]
        shares = ["0.750", "0.188", "0.062"]
        assert bars(ax) == [
            (i, n, f"{n} ({share})") for i, ((_, n), share) in enumerate(zip(wanted, shares, strict=True))
        ]
        assert ax.get_ylim()[0] > ax.get_ylim()[1]  # from above
        assert ax.get_title() == "all"
        assert ax.get_legend() is None
    ax = plot.class_counts({"before": y, "after": ["a"] * 12 + ["d"] * 1200}, log=True, ax=new_axes())
    assert [text.get_text() for text in ax.get_yticklabels()] == ["a", "b", "c", "d"]
    assert [n for _, n, _ in bars(ax)] == [12, 3, 1, 0, 12, 0, 0, 1200]
    assert bars(ax)[-1][2] == "1,200 (0.9901)"
    assert legend(ax) == ["before", "after"]
    assert ax.get_xscale() == "log"
    low, high = ax.get_xlim()
    assert 0 < low < 1
    assert high > 1200
    first, second = ax.patches[0], ax.patches[4]
    assert first.get_y() + first.get_height() <= second.get_y() + 1e-9
    assert first.get_hatch() != second.get_hatch()
    assert (first.get_facecolor(), second.get_facecolor()) == tuple(map(to_rgba, ("C0", "C1")))


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("layout", ["constrained", None])
def test_the_numbers_of_bars_lie_beside_them_and_inside(layout, log):
    figure = new_figure(layout=layout, figsize=(3.8, 3))
    ax = plot.class_counts(
        {"a": np.repeat([0, 1], [1_234_567, 2]), "b": [0, 1]}, log=log, ax=figure.add_subplot()
    )
    figure.canvas.draw()
    for bar, text in zip(ax.patches, ax.texts, strict=True):
        box = text.get_window_extent()
        assert bar.get_window_extent().x1 <= box.x0
        assert box.x1 <= ax.bbox.x1 + 1


def test_confusion_matrix_is_that_of_scikit_learn():
    peer = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(0)
    true = rng.choice(["a", "b", "c"], 300, p=[0.9, 0.08, 0.02])
    pred = np.where(rng.random(300) < 0.8, true, rng.permutation(true))
    weights = rng.integers(0, 4, 300) / 2
    cases = [
        ({}, "true", lambda n: f"{n:,}"),
        ({"labels": ["c", "a"]}, "true", lambda n: f"{n:,}"),
        ({"sample_weight": weights}, "true", lambda n: f"{n:,.4g}"),
        ({"normalize": "true"}, "true", None),
        ({"normalize": "pred"}, "pred", None),
        ({"normalize": "all"}, "true", None),
    ]
    for options, colours, words in cases:
        ax = plot.confusion_matrix(true, pred, **options, ax=new_axes())
        shown = peer.confusion_matrix(true, pred, **options)
        coloured = peer.confusion_matrix(true, pred, **(options | {"normalize": colours}))
        assert_allclose(ax.images[0].get_array(), coloured, rtol=1e-12)
        texts = [text.get_text() for text in ax.texts]
        if words:
            assert texts == [words(n) for n in shown.ravel().tolist()]
        else:
            assert_allclose(np.array(texts, float), shown.ravel(), atol=6e-4)
        labels = options.get("labels", ["a", "b", "c"])
        for axis in (ax.xaxis, ax.yaxis):
            assert [text.get_text() for text in axis.get_ticklabels()] == labels
        assert [text.get_position() for text in ax.texts[:2]] == [(0, 0), (1, 0)]
    ax = plot.confusion_matrix(true, pred, title="all", ax=new_axes())
    assert (ax.get_title(), ax.get_xlabel(), ax.get_ylabel()) == ("all", "predicted label", "true label")
    many = np.arange(31)
    ax = plot.confusion_matrix(many, many, ax=new_axes())
    assert ax.images[0].get_array().shape == (31, 31)
    assert not ax.texts


def test_confusion_matrices_follow_the_colour_map():
    for name, inks in (("gray", ["black", "white"] * 2), ("Greys", ["white", "black"] * 2)):
        with plt.rc_context({"image.cmap": name}):
            ax = plot.confusion_matrix([0, 0, 1], [0, 0, 0], ax=new_axes())
        assert ax.images[0].get_cmap().name == name
        assert [to_rgba(text.get_color()) for text in ax.texts] == [to_rgba(ink) for ink in inks]
