"""Pictures of sweeps, calibration and resamplings, drawn by matplotlib (the extra ``fastsmote[plot]``).

Each function draws on the axes that it is given, or on new ones, and returns them; nothing is shown, saved
or configured. Seven curves differ in dash pattern or luminance as well as in colour, and lines to compare
with are dotted, so all can be told apart in greyscale. The legend lies below the axes, where it covers
nothing.

Curves are ``data``: a Sweep, a StreamingSweep, ``y_true`` with ``y_score``, or a mapping from names to
these (scores as tuples ``(y_true, y_score)``), which draws each under its name. Curves of many thresholds
are drawn by some 16,000 of them at most: of each of 2048 columns of the axis, linear and logarithmic, the
first, last, lowest and highest. That decides which pixels of so many columns the line through all covers.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from scipy.special import ndtr

from fastsmote._core.check import check_flag, check_seed
from fastsmote.plot._axes import (
    check_choice,
    deviates,
    draw,
    draw_once,
    draw_thin,
    has_curves,
    make_axes,
    mark,
    put_legend,
    set_probit,
    unit_square,
)
from fastsmote.plot._curves import COLUMNS, Curve, cost_line, read_curves, read_sweep, rounded
from fastsmote.plot._metrics import check_metrics, draw_metrics
from fastsmote.plot._reliability import counts_axes, draw_record, read_records, set_limits
from fastsmote.plot._scatter import draw_groups, read_groups
from fastsmote.thresholds import ThresholdChoice, best_threshold

__all__ = ["cost", "det", "precision_recall", "reliability", "resampling", "roc", "thresholds"]


def precision_recall(
    data: Any,
    y_score: Any = None,
    *,
    choice: ThresholdChoice | None = None,
    pos_label: Any = None,
    ax: Axes | None = None,
) -> Axes:
    """Precision against recall, with the average precision and the prevalence, which chance alone reaches.

    Parameters
    ----------
    data : Sweep, StreamingSweep, array-like of shape (n_samples,), tuple or mapping
        Curves, see the module's text; an array-like holds labels and needs ``y_score``.
    y_score : array-like of shape (n_samples,), default=None
        Scores of the rows whose labels are ``data``.
    choice : ThresholdChoice, default=None
        A threshold to mark.
    pos_label : int, float, bool or str, default=None
        The positive label of rows. None means 1 where labels are within {0, 1} or {-1, 1}.
    ax : matplotlib Axes, default=None
        Where to draw. None makes a figure.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        A class is absent, a mapping is empty, or rows are refused as by :func:`fastsmote.confusion_sweep`.
    TypeError
        data is none of the above, y_score is given beside a mapping, choice is no ThresholdChoice, or ax no
        Axes.

    Notes
    -----
    Steps, not slopes, since no threshold lies between two points: the area under the line is the average
    precision (Davis and Goadrich 2006, doi:10.1145/1143844.1143874). O(n_thresholds) time and 32 bytes per
    threshold. A StreamingSweep shows bounds of the average precision where they differ in what is shown.

    Examples
    --------
    >>> import numpy as np
    >>> from matplotlib.figure import Figure
    >>> from fastsmote import plot
    >>> y = np.arange(1000) % 50 == 0
    >>> scores = np.random.default_rng(0).normal(size=1000) + 2 * y
    >>> ax = plot.precision_recall({"model": (y, scores)}, ax=Figure().add_subplot())
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['model (AP 0.483)', 'prevalence 0.020']
    """
    check_choice(choice)
    ax = make_axes(ax, figsize=(5.6, 5.4))
    for curve in read_curves(data, y_score, pos_label):
        recall, precision = curve.sweep.recall, curve.sweep.precision
        x, y = np.concatenate([[0.0], recall]), np.concatenate([precision[:1], precision])
        draw_thin(ax, x, y, _label(curve, "AP", curve.average_precision), drawstyle="steps-pre")
        prevalence = curve.sweep.prevalence
        draw_once(ax, [0, 1], [prevalence] * 2, f"prevalence {rounded(prevalence, prevalence)}")
    if choice is not None:
        mark(ax, [choice.recall], [choice.precision], choice)
    unit_square(ax, "recall", "precision")
    put_legend(ax)
    return ax


def roc(
    data: Any,
    y_score: Any = None,
    *,
    choice: ThresholdChoice | None = None,
    log: bool = False,
    pos_label: Any = None,
    ax: Axes | None = None,
) -> Axes:
    """True against false positive rate, with the area under the curve and the diagonal of chance.

    Parameters
    ----------
    data, y_score, choice, pos_label, ax
        As for :func:`precision_recall`.
    log : bool, default=False
        Show false positive rates on a logarithmic axis, from the lowest above 0: where positives are rare,
        only low ones are of use.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError, TypeError
        As for :func:`precision_recall`; TypeError where log is no bool.

    Notes
    -----
    Tied scores are a slope: half of their pairs count as in order. O(n_thresholds) time and 32 bytes per
    threshold. Reference: Fawcett (2006), doi:10.1016/j.patrec.2005.10.010.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from fastsmote import plot
    >>> ax = plot.roc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], ax=Figure().add_subplot())
    >>> ax.lines[0].get_xydata().tolist()
    [[0.0, 0.0], [0.0, 0.5], [0.5, 0.5], [0.5, 1.0], [1.0, 1.0]]
    """
    log = check_flag(log, "log")
    check_choice(choice)
    ax = make_axes(ax, figsize=(5.6, 5.4))
    least = [ax.get_xlim()[0] if ax.get_xscale() == "log" and has_curves(ax) else 0.1]
    for curve in read_curves(data, y_score, pos_label):
        x, y = (np.concatenate([[0.0], rate]) for rate in (curve.sweep.fpr, curve.sweep.recall))
        draw_thin(ax, x, y, _label(curve, "AUC", curve.roc_auc))
        least.append(x[x > 0][0])
    chance = np.concatenate([[0.0], np.geomspace(1e-9, 1.0, 181)])  # a curve where the axis is logarithmic
    draw_once(ax, chance, chance, "chance: 0.500")
    if choice is not None:
        mark(ax, [choice.fpr], [choice.recall], choice)
    unit_square(ax, "false positive rate", "true positive rate (recall)")
    if log:
        ax.set_xscale("log")
        ax.set_xlim(min(least), 1.1)
    put_legend(ax)
    return ax


def det(
    data: Any,
    y_score: Any = None,
    *,
    choice: ThresholdChoice | None = None,
    pos_label: Any = None,
    ax: Axes | None = None,
) -> Axes:
    """False negative against false positive rate on normal deviates (detection error tradeoff).

    Parameters
    ----------
    data, y_score, choice, pos_label, ax
        As for :func:`precision_recall`.

    Returns
    -------
    matplotlib Axes
        In rates, on probit scales that end with the smallest errors that the rows can show.

    Raises
    ------
    ValueError, TypeError
        As for :func:`precision_recall`.

    Notes
    -----
    Scores that are normal in both classes give a straight line. Rates of 0 and 1 lie outside the axes.
    O(n_thresholds) time and 32 bytes per threshold. Reference: Martin et al. (1997),
    doi:10.21437/Eurospeech.1997-504.

    Examples
    --------
    >>> import numpy as np
    >>> from matplotlib.figure import Figure
    >>> from fastsmote import plot
    >>> y = np.arange(2000) % 20 == 0
    >>> scores = np.random.default_rng(0).normal(size=2000) + 2 * y
    >>> ax = plot.det(y, scores, ax=Figure().add_subplot())
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['AUC 0.909', 'chance: 0.500']
    """
    check_choice(choice)
    ax = make_axes(ax, figsize=(5.6, 5.4))
    reach = [ax.get_xlim(), ax.get_ylim()] if has_curves(ax) else []
    drawn = read_curves(data, y_score, pos_label)
    rates = [(curve.sweep.fpr, 1 - curve.sweep.recall) for curve in drawn]
    ends = [deviates(i, rates, reach[i : i + 1]) for i in range(2)]
    edges = ndtr(np.linspace(*ends[0], 2 * COLUMNS + 1))
    for curve, pair in zip(drawn, rates, strict=True):
        x, y = (
            np.clip(np.concatenate([[start], rate]), *ndtr([low - 1, high + 1]))
            for start, rate, (low, high) in zip((0.0, 1.0), pair, ends, strict=True)
        )
        draw_thin(ax, x, y, _label(curve, "AUC", curve.roc_auc), edges)
    line = ndtr(np.linspace(-9, 9, 3))
    draw_once(ax, line, line[::-1], "chance: 0.500")
    if choice is not None:
        mark(ax, [choice.fpr], [1 - choice.recall], choice)
    set_probit(ax, *ends)
    ax.set(xlabel="false positive rate (%)", ylabel="false negative rate (%)")
    put_legend(ax)
    return ax


def cost(
    data: Any,
    y_score: Any = None,
    *,
    choice: ThresholdChoice | None = None,
    pos_label: Any = None,
    ax: Axes | None = None,
) -> Axes:
    """Cost curve: the least cost that a threshold reaches, for all costs and prevalences at once.

    Parameters
    ----------
    data, y_score, choice, pos_label, ax
        As for :func:`precision_recall`; ``choice`` is drawn as the line of what its threshold costs.

    Returns
    -------
    matplotlib Axes
        x is the probability cost PC = p C_fn / (p C_fn + (1 - p) C_fp) for the prevalence p, y the expected
        cost as a share of that of being always wrong. Beneath the widely dotted lines a classifier is of
        use: there calling nobody, which costs x, and calling everybody, which costs 1 - x, cost more. The
        area under a curve is its mean over all x.

    Raises
    ------
    ValueError, TypeError
        As for :func:`precision_recall`.

    Notes
    -----
    A threshold costs FNR PC + FPR (1 - PC), a straight line; the curve is the lower envelope of all
    (Drummond and Holte 2006, doi:10.1007/s10994-006-8199-5). The upright dotted line is where errors of
    both kinds cost the same: PC is the prevalence. O(n_thresholds) time and 48 bytes per threshold.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from fastsmote import plot
    >>> ax = plot.cost([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], ax=Figure().add_subplot())
    >>> ax.lines[0].get_xydata().round(3).tolist()
    [[0.0, 0.0], [0.5, 0.25], [1.0, 0.0]]
    """
    check_choice(choice)
    ax = make_axes(ax, figsize=(5.6, 5.0))
    highest = 0.5
    for curve in read_curves(data, y_score, pos_label):
        x, y = cost_line(curve.sweep)
        area = float(np.trapezoid(y, x))
        draw(ax, x, y, _label(curve, "area", (area, area)))
        prevalence = curve.sweep.prevalence
        draw_once(ax, [prevalence] * 2, [0, 1], f"equal costs: {rounded(prevalence, prevalence)}")
    draw_once(ax, [0, 0.5, 1], [0, 0.5, 0], "call nobody or everybody", (0, (1, 4)))
    if choice is not None:
        missed = 1 - choice.recall
        ax.plot([0, 1], [choice.fpr, missed], color="black", linewidth=1.0, linestyle=(0, (8, 3)), zorder=2)
        mark(ax, [0.5], [(choice.fpr + missed) / 2], choice)
        highest = max(highest, choice.fpr, missed)
    unit_square(ax, "probability cost", "normalised expected cost")
    ax.set_ylim(-0.01, highest + 0.02)
    put_legend(ax)
    return ax


def thresholds(
    data: Any,
    y_score: Any = None,
    *,
    choice: ThresholdChoice | None = None,
    metrics: tuple[str, ...] = ("precision", "recall", "f1"),
    pos_label: Any = None,
    ax: Axes | None = None,
) -> Axes:
    """Metrics against the threshold, with the chosen threshold and the others that are as good.

    Parameters
    ----------
    data, y_score, pos_label, ax
        As for :func:`precision_recall`, but no mapping: scores of two models have no scale in common.
    choice : ThresholdChoice, default=None
        From :func:`fastsmote.best_threshold` and its like. None takes the threshold of the best F1.
    metrics : tuple of str, default=("precision", "recall", "f1")
        Any of these, "specificity", "fpr", "balanced_accuracy", "geometric_mean" and "matthews_corrcoef".

    Returns
    -------
    matplotlib Axes
        The axis of scores is logarithmic where they are all positive and some above 10 times the chosen
        one, as probabilities are where positives are rare.

    Raises
    ------
    ValueError
        As for :func:`precision_recall`; an unknown metric.
    TypeError
        As for :func:`precision_recall`, and for a mapping, or metrics that are a str.

    Notes
    -----
    Up to each distinct score, what is reached by calling rows from that score positive. The shaded range
    goes from the lowest to the highest threshold that is as good as the chosen one. O(n_thresholds) time and
    8 bytes per threshold and metric.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from fastsmote import plot
    >>> ax = plot.thresholds([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], ax=Figure().add_subplot())
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['precision', 'recall', 'F1', 'chosen: score from 0.35']
    """
    check_choice(choice)
    shown = check_metrics(metrics)
    if isinstance(data, Mapping):
        raise TypeError("thresholds draws one sweep. Got a mapping; draw each on axes of its own.")
    ax = make_axes(ax, figsize=(6.4, 4.8))
    sweep = read_sweep(data, y_score, pos_label)
    draw_metrics(ax, sweep, best_threshold(sweep) if choice is None else choice, shown)
    ax.set(xlabel="threshold: scores from here on are called positive")
    put_legend(ax, 2)
    return ax


def _label(curve: Curve, area: str, bounds: tuple[float, float]) -> str:
    words = f"{area} {rounded(*bounds)}"
    return words if curve.name is None else f"{curve.name} ({words})"


def reliability(
    data: Any,
    y_prob: Any = None,
    *,
    n_bins: int = 10,
    strategy: str = "uniform",
    log: bool = False,
    pos_label: Any = None,
    ax: Axes | None = None,
) -> Axes:
    """Shares of positives against predicted probabilities, with intervals, above the rows of each bin.

    Parameters
    ----------
    data : CalibrationCurve, StreamingCalibration, array-like of shape (n_samples,), tuple or mapping
        Curves, labels with ``y_prob``, a tuple (y_true, y_prob), or a mapping from names to these (with
        tuples for labels).
    y_prob : array-like of shape (n_samples,), default=None
        Probabilities of the rows whose labels are ``data``.
    n_bins, strategy, pos_label
        As for :func:`fastsmote.calibration.calibration_curve`, for labels and probabilities.
    log : bool, default=False
        Logarithmic axes, best with ``strategy="quantile"``, for rare positives, whose probabilities are
        mostly small. Of bins without positives only the interval is shown, and nothing of bins whose mean
        probability is 0, which has no place there.
    ax : matplotlib Axes, default=None
        Where to draw; room for the counts is taken from it. None makes a figure.

    Returns
    -------
    matplotlib Axes
        Of the shares; the axes of the counts are its ``child_axes[0]``.

    Raises
    ------
    ValueError
        A curve has no bin, a mapping is empty, or rows are refused as by calibration_curve.
    TypeError
        data is none of the above, y_prob is given beside a mapping, log is no bool, or ax is no Axes.

    Notes
    -----
    Vertical lines are the 95 % intervals of the curve (Wilson). ECE is the expected calibration error of the
    bins that are shown. O(n_samples) time for labels, O(n_bins) for curves. Reference: Murphy and Winkler
    (1977), doi:10.2307/2346866.

    Examples
    --------
    >>> import numpy as np
    >>> from matplotlib.figure import Figure
    >>> from fastsmote import plot
    >>> rng = np.random.default_rng(0)
    >>> p = rng.random(1000)
    >>> y = rng.random(1000) < p
    >>> ax = plot.reliability({"right": (y, p), "timid": (y, 0.25 + p / 2)}, ax=Figure().add_subplot())
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['right (ECE 0.031)', 'timid (ECE 0.127)', 'calibrated']
    """
    log = check_flag(log, "log")
    records = read_records(data, y_prob, {"n_bins": n_bins, "strategy": strategy, "pos_label": pos_label})
    ax = make_axes(ax, figsize=(5.6, 6.0))
    counts = counts_axes(ax)
    for name, curve in records:
        draw_record(ax, counts, name, curve, log)
    draw_once(ax, [1e-9, 1], [1e-9, 1], "calibrated")
    set_limits(ax, [curve for _, curve in records], log)
    ax.set_ylabel("share of positives")
    put_legend(ax, under=counts)
    return ax


def resampling(
    X: Any,
    y: Any,
    X_resampled: Any,
    y_resampled: Any,
    *,
    random_state: Any = 0,
    ax: Any = None,
) -> np.ndarray:
    """Rows before and after a resampling, side by side on two principal components of the original rows.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        Finite numbers, as they were given to the resampling.
    y : array-like of shape (n_samples,)
        Labels.
    X_resampled, y_resampled : array-like
        What came back.
    random_state : None, int, numpy Generator, RandomState or SeedSequence, default=0
        Seed of the samples below.
    ax : two matplotlib Axes, default=None
        Where to draw before and after. None makes a figure.

    Returns
    -------
    ndarray of two matplotlib Axes
        With the same limits. Markers differ by class; rows that equal no row of X are hollow, and rows that
        are gone are absent. A marker grows with the rows at its place (its area with 1 + log2 of their
        number), so that copies show.

    Raises
    ------
    ValueError, TypeError
        X or X_resampled is refused as by :func:`fastsmote.smote`, labels are missing, continuous or of
        another length, the numbers of features differ, or random_state or ax is nothing that it may be.

    Notes
    -----
    Features are centred and divided by their standard deviation; constant ones count as 0. Components are the
    singular vectors of 20,000 rows of X, drawn if there are more. Of each class, and of its new rows, 2,000
    places are drawn at most. O(n_features) time a row and sorts; 60 bytes a row and a copy of
    all rows. Reference: Jolliffe (2002), "Principal Component Analysis", doi:10.1007/b98835.

    Examples
    --------
    >>> import numpy as np
    >>> from matplotlib.figure import Figure
    >>> from fastsmote import make_fraud, plot, random_over_sample
    >>> X, y = make_fraud(5000, random_state=0)
    >>> after = random_over_sample(X, y, random_state=0)
    >>> before, after = plot.resampling(X, y, *after, ax=Figure().subplots(1, 2))
    >>> [text.get_text() for text in before.get_legend().get_texts()]
    ['0: 4,991 rows, 2,000 drawn', '1: 9 rows', '2 rows at one place']
    """
    pair = make_axes(ax, 1, 2, figsize=(10.0, 5.4), sharex=True, sharey=True)
    before, after, components = read_groups(X, y, X_resampled, y_resampled, check_seed(random_state))
    for one, groups, title in zip(pair, (before, after), ("before", "after"), strict=True):
        draw_groups(one, groups, [*before, *after], components, title)
    return np.asarray(pair)
