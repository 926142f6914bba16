"""How pictures look: on dark paper, with long names, in grids, as users ask for it; what legends count."""

from itertools import pairwise

import numpy as np
import pytest

import fastsmote
from fastsmote import best_threshold, confusion_sweep

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: E402
from matplotlib.colors import same_color, to_rgb  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402

from fastsmote import plot  # noqa: E402
from fastsmote.plot._comparison import draw_comparison  # noqa: E402

CURVES = [plot.precision_recall, plot.roc, plot.det, plot.cost, plot.thresholds]
ALL = [*CURVES, plot.reliability]


@pytest.fixture(autouse=True)
def no_figures_are_left():
    yield
    plt.close("all")


def figure(**options):
    made = Figure(**options)
    FigureCanvasAgg(made)
    return made


def scored(n=400, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.random(n) < 0.3
    return y, 1 / (1 + np.exp(-(rng.normal(size=n) + 1.5 * y - 1)))


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def contrast(first, second):
    """WCAG 2.1: of relative luminances, 1 to 21."""
    lights = []
    for colour in (first, second):
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
        lights.append(float(np.dot([0.2126, 0.7152, 0.0722], parts)) + 0.05)
    return max(lights) / min(lights)


@pytest.mark.parametrize("style", ["default", "dark_background", "ggplot"])
@pytest.mark.parametrize("draw", ALL)
def test_nothing_is_drawn_in_the_colour_of_the_paper__C8(draw, style):
    """Black on black under a dark style."""
    y, p = scored()
    with plt.style.context(style):
        ax = draw(y, p)
        if draw is not plot.reliability:
            draw(y, p, choice=best_threshold(confusion_sweep(y, p)), ax=ax)
        paper = ax.get_facecolor()
        cycle = plt.rcParams["axes.prop_cycle"].by_key()["color"]
        for line in ax.lines:
            if line.get_gid():  # a curve: in the colours that the style names for its paper
                assert line.get_color() in cycle
            else:
                assert contrast(line.get_color(), paper) > 2
        for bars in ax.collections:
            assert contrast(bars.get_edgecolor()[0], paper) > 1.5


def test_transparent_axes_are_read_against_the_figure_and_the_words__C8():
    y, p = scored()
    dark = figure(facecolor="black")
    ax = dark.add_subplot(facecolor="none")
    choice = best_threshold(confusion_sweep(y, p))
    assert same_color(plot.roc(y, p, choice=choice, ax=ax).lines[-1].get_markeredgecolor(), "white")
    for style, paper, ink in (("dark_background", "black", "white"), ("default", "white", "black")):
        with plt.style.context(style):
            ax = figure(facecolor="none").add_subplot(facecolor="none")
            mark = plot.roc(y, p, choice=choice, ax=ax).lines[-1]
        assert same_color(mark.get_markerfacecolor(), paper)
        assert same_color(mark.get_markeredgecolor(), ink)
    with plt.style.context("ggplot"):
        ax = figure().add_subplot()
        mark = plot.roc(y, p, choice=choice, ax=ax).lines[-1]
    assert same_color(mark.get_markerfacecolor(), "#E5E5E5")
    assert same_color(mark.get_markeredgecolor(), "#555555")


def test_resamplings_on_dark_paper__C8():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 2)), np.repeat([0, 1, 2], 20)
    with plt.style.context("dark_background"):
        axes = plot.resampling(X, y, X, y)
        shown = [part.get_facecolor()[0] for part in axes[0].collections if len(part.get_offsets())]
        assert all(contrast(colour, "black") > 3 for colour in shown)


@pytest.mark.parametrize("layout", ["constrained", None])
@pytest.mark.parametrize("draw", [plot.roc, plot.thresholds, plot.reliability])
def test_names_of_90_characters_stay_inside_the_figure__C8(draw, layout):
    y, p = scored()
    names = [
        f"{letter} " + "gradient boosting of depth seven " * 2 + "with all the columns" for letter in "ab"
    ]
    names.append("x" * 90)
    one = figure(layout=layout, figsize=(5.6, 12 if draw is plot.thresholds else 6.5))
    ax = draw(dict.fromkeys(names, (y, p)), ax=one.add_subplot())
    one.canvas.draw()
    box = ax.get_legend().get_window_extent()
    assert one.bbox.x0 <= box.x0 < box.x1 <= one.bbox.x1
    assert all(any(name.split()[0][:9] in text for text in legend(ax)) for name in names)
    assert "\n" in legend(ax)[0]
    assert ax.get_window_extent().height > 60


@pytest.mark.parametrize("engine", ["tight_layout", "constrained", "subplots_adjust"])
def test_pictures_of_a_grid_do_not_overlap__C8(engine):
    """tight_layout read the legend against another place of the axes than that they had."""
    y, p = scored()
    grid = figure(figsize=(9, 9), layout=engine if engine == "constrained" else None)
    axes = grid.subplots(2, 2)
    for draw, ax in zip(
        [plot.roc, plot.precision_recall, plot.reliability, plot.det], axes.flat, strict=True
    ):
        draw(y, p, ax=ax)
    if engine == "tight_layout":
        grid.tight_layout()
    elif engine == "subplots_adjust":
        grid.subplots_adjust(hspace=0.3, bottom=0.05)
    grid.canvas.draw()
    boxes = [ax.get_tightbbox(grid.canvas.get_renderer()) for ax in axes.flat]
    legends = [ax.get_legend().get_window_extent() for ax in axes.flat]
    for column in (0, 1):
        assert legends[column].y0 >= boxes[2 + column].y1 - 1
        assert legends[2 + column].y0 >= grid.bbox.y0 - 1
    for i in (0, 2):
        assert boxes[i].x1 <= boxes[i + 1].x0 + 1


def test_ticks_of_deviates_do_not_touch__C8():
    """As 10 million rows with a rate of 0.1 % span them."""
    n_neg, n_pos = 10_000_000, 10_000
    fps = np.unique(np.geomspace(1, n_neg, 400).astype(np.int64))
    share = np.linspace(0.002, 1, len(fps))
    tps = np.maximum.accumulate((share**0.3 * n_pos).astype(np.int64))
    sweep = fastsmote.Sweep(n_neg - fps, fps, n_pos - tps, tps, np.linspace(1, 0, len(fps)))
    for size in ((5.6, 5.4), (3.5, 3.5)):
        one = figure(figsize=size, layout="constrained")
        ax = plot.det(sweep, ax=one.add_subplot())
        one.canvas.draw()
        for axis, ends in ((ax.xaxis, "intervalx"), (ax.yaxis, "intervaly")):
            labels = [text for text in axis.get_ticklabels() if text.get_text()]
            spans = sorted(getattr(text.get_window_extent(), ends).tolist() for text in labels)
            assert len(spans) >= 4
            assert all(first[1] < second[0] for first, second in pairwise(spans))
            assert not any("e" in text.get_text() for text in labels)


@pytest.mark.parametrize("draw", ALL)
def test_the_columns_of_predict_proba__C8(draw):
    y, p = scored()
    both = np.column_stack([1 - p, p])
    expected = draw(y, p, ax=figure().add_subplot()).lines[0].get_xydata()
    for given in ((y, both), ((y, both),), (y.astype(int), both.tolist())):
        actual = draw(*given, ax=figure().add_subplot()).lines[0].get_xydata()
        np.testing.assert_allclose(actual, expected, atol=1e-12)
    words = np.where(y, "bad", "good")  # the positive class is the first column
    actual = draw(words, both[:, ::-1], pos_label="bad", ax=figure().add_subplot()).lines[0].get_xydata()
    np.testing.assert_allclose(actual, expected, atol=1e-12)
    for wrong in (np.column_stack([p, p, p]), np.column_stack([p, p])):
        with pytest.raises(ValueError, match=r"must be one column, or the two of predict_proba\. Got shape"):
            draw(y, wrong)
    assert plt.get_fignums() == []


def test_thresholds_of_several_models__C8():
    y, p = scored()
    models = {"forest": (y, p), "logit": confusion_sweep(y, p**2)}
    ax = plot.thresholds(models, metrics=("precision", "recall"), ax=figure().add_subplot())
    best = [best_threshold(confusion_sweep(y, score)).threshold for score in (p, p**2)]
    assert legend(ax) == [
        "forest: precision",
        "forest: recall",
        "logit: precision",
        "logit: recall",
        *(f"{name}, chosen: score from {at:.6g}" for name, at in zip(models, best, strict=True)),
    ]
    one = plot.thresholds(y, p**2, metrics=("precision",), ax=figure().add_subplot())
    np.testing.assert_array_equal(ax.lines[2].get_xydata(), one.lines[0].get_xydata())


def test_legends_of_six_classes__C8():
    rng = np.random.default_rng(0)
    counts = [300, 60, 30, 20, 15, 12]
    X, y = rng.normal(size=(437, 3)), np.repeat([f"class {i}" for i in range(6)], counts)
    axes = plot.resampling(X, y, *fastsmote.smote(X, y, random_state=0))
    one = axes[0].figure
    one.canvas.draw()
    assert len(legend(axes[1])) == 11
    for ax in axes:
        box = ax.get_legend().get_window_extent()
        assert one.bbox.y0 - 1 <= box.y0
        assert box.y1 < ax.get_window_extent().y0
        assert ax.get_window_extent().height > 0.5 * one.bbox.height


@pytest.mark.parametrize("draw", ALL)
def test_line_options_label_and_title__C8(draw):
    y, p = scored()
    ax = draw(
        y, p, color="crimson", lw=3, alpha=0.5, label="mine", title="All of it", ax=figure().add_subplot()
    )
    line = ax.lines[0]
    assert same_color(line.get_color(), "crimson")
    assert (line.get_linewidth(), line.get_alpha()) == (3, 0.5)
    assert legend(ax)[0].startswith("mine")
    assert ax.get_title() == "All of it"
    dashed = draw(y, p, linestyle="--", ax=figure().add_subplot()).lines[0]
    assert dashed.get_linestyle() == "--"
    with pytest.raises(TypeError, match=r"parameters of the picture, or properties of .* Got pos_lable"):
        draw(y, p, pos_lable=1)
    with pytest.raises(TypeError, match=r"label is for one curve. Got 'mine' beside a mapping"):
        draw({"a": (y, p)}, label="mine")
    assert plt.get_fignums() == []


def test_names_are_shown_as_they_are__C8():
    """matplotlib leaves out names with an underscore in front, and reads dollars as formulas."""
    y, p = scored()
    one = figure()
    ax = plot.roc({"_base": (y, p), "$5 or $6_{": (y, p)}, ax=one.add_subplot())
    one.canvas.draw()
    assert legend(ax)[0].strip().startswith("_base (AUC")
    assert legend(ax)[1].startswith(r"\$5 or \$6_{ (AUC")
    classes = np.array(["_no", "$yes$"])[y.astype(int)]
    X = np.column_stack([p, p**2])
    ax = plot.resampling(X, classes, X, classes, ax=figure().subplots(1, 2))[0]
    assert sorted(text.strip()[:5] for text in legend(ax)[:2]) == [r"\$yes", "_no: "]


def test_new_rows_that_equal_old_ones_are_new__B10():
    """Between two equal rows, new rows are equal too: they were counted as old."""
    rng = np.random.default_rng(0)
    X = np.repeat(rng.integers(0, 3, (40, 2)).astype(float), 3, axis=0)
    y = np.repeat([0, 1], [90, 30])
    after = fastsmote.smote(X, y, random_state=0)
    assert len(np.unique(after[0], axis=0)) < len(after[0])
    axes = plot.resampling(X, y, *after, ax=figure().subplots(1, 2))
    assert legend(axes[1])[:3] == ["0: 90 rows", "1, new: 60 rows", "1: 30 rows"]
    order = rng.permutation(len(after[0]))
    axes = plot.resampling(X, y, after[0][order], after[1][order], ax=figure().subplots(1, 2))
    assert legend(axes[1])[:3] == ["0: 90 rows", "1, new: 60 rows", "1: 30 rows"]


def test_a_new_row_may_equal_an_old_one_of_another_class__B10():
    X, y = np.array([[0.0], [1.0], [2.0], [3.0], [4.0]]), np.array([0, 0, 0, 1, 1])
    X_after, y_after = np.append(X, [[1.0]], axis=0), np.append(y, 1)
    axes = plot.resampling(X, y, X_after, y_after, ax=figure().subplots(1, 2))
    assert legend(axes[1]) == ["0: 3 rows", "1: 2 rows", "1, new: 1 rows"]


def words_inside(one):
    """All that is written in a figure lies within it."""
    one.canvas.draw()
    for text in one.findobj(matplotlib.text.Text):
        if text.get_visible() and text.get_text() and text.axes is not None:
            box = text.get_window_extent()
            assert one.bbox.x0 - 2 <= box.x0 <= box.x1 <= one.bbox.x1 + 2, text
            assert one.bbox.y0 - 2 <= box.y0 <= box.y1 <= one.bbox.y1 + 2, text


NAMES = [f"gradient boosting of depth {i:03}" for i in range(12)]


@pytest.mark.parametrize("draw", [*ALL, plot.prevalence])
def test_pictures_of_380_pixels_hold_names_of_30_characters(draw):
    y, p = scored()
    with plt.rc_context({"figure.figsize": (3.8, 2.85), "figure.dpi": 100}):
        ax = draw(dict.fromkeys(NAMES[:2], (y, p)))
    assert ax.figure.bbox.width <= 380
    words_inside(ax.figure)
    assert ax.bbox.height > 100


def test_comparisons_of_380_pixels():
    y, p = scored()
    names = ["none", "random_over_sample", "borderline_smote"]
    differences = [(name, 0.01 * i, -0.01, 0.03, i // 2) for i, name in enumerate(names)]
    with plt.rc_context({"figure.figsize": (3.8, 2.85), "figure.dpi": 100}):
        axes = draw_comparison(dict.fromkeys(names, p), y, "average precision", differences, None)
    assert [text.get_text() for text in axes[2].texts] == names
    assert axes[0].figure.bbox.width <= 380
    words_inside(axes[0].figure)


@pytest.mark.parametrize("style", ["default", "dark_background", "grayscale", "seaborn-v0_8-darkgrid"])
@pytest.mark.parametrize("size", [(6.4, 4.8), (3.8, 2.85)])
@pytest.mark.one_in(2)
def test_pictures_of_twelve_classes(style, size):
    y = np.repeat(NAMES, np.arange(240, 0, -20))
    X = np.random.default_rng(0).normal(size=(len(y), 3))
    with plt.style.context(style), plt.rc_context({"figure.figsize": size, "figure.dpi": 100}):
        counts = plot.class_counts({"before": y, "after": y[::2]})
        cells = plot.confusion_matrix(y, np.roll(y, 7))
        pair = plot.resampling(X, y, X[::2], y[::2])
        paper = counts.get_facecolor()
    for ax in (counts, cells):
        words_inside(ax.figure)
        assert size[0] > 4 or ax.figure.bbox.width <= 380
        for axis, side in ((ax.yaxis, "intervaly"), (ax.xaxis, "intervalx")):
            spans = [
                getattr(text.get_window_extent(), side) for text in axis.get_ticklabels() if text.get_text()
            ]
            spans.sort(key=min)
            assert all(max(one) <= min(other) for one, other in pairwise(spans))
    assert all(contrast(text.get_color(), paper) > 4.5 for text in counts.texts)
    colours = cells.images[0].cmap(cells.images[0].norm(cells.images[0].get_array())).reshape(-1, 4)
    for text, colour in zip(cells.texts, colours, strict=True):
        assert contrast(text.get_color(), colour) >= 4.5
    looks = set()
    for part in pair[0].collections:
        if len(part.get_offsets()):
            looks.add(str(part.get_paths()[0].vertices.round(3).tolist()))
    assert len(looks) == 12
    below = pair[0].get_position().y0 > pair[1].get_position().y1
    assert below == (size[0] < 4)
    words_inside(pair[0].figure)


def test_sizes_follow_the_style():
    y, p = scored()
    widths = []
    for width in (3.2, 6.4, 12.8):
        with plt.rc_context({"figure.figsize": (width, 0.75 * width)}):
            widths.append(plot.roc(y, p).figure.get_figwidth())
    np.testing.assert_allclose(widths, [2.8, 5.6, 11.2])
