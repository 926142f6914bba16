"""Pictures of sweeps: what ``fastsmote.plot`` offers for scores and thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from fastsmote._core.public import public
from fastsmote._core.typing import Label, VectorLike
from fastsmote.plot._axes import read_look
from fastsmote.plot._cost import draw_cost
from fastsmote.plot._curves import SweepsLike
from fastsmote.plot._prevalence import draw_prevalence
from fastsmote.plot._rates import draw_det, draw_precision_recall, draw_roc
from fastsmote.plot._thresholds import MetricName, draw_thresholds
from fastsmote.thresholds import ThresholdChoice


@public("fastsmote.plot")
def precision_recall(
    data: SweepsLike,
    y_score: VectorLike | None = None,
    *,
    choice: ThresholdChoice | None = None,
    pos_label: Label | None = None,
    ax: Axes | None = None,
    label: str | None = None,
    title: str | None = None,
    **line: Any,
) -> Axes:
    """Precision against recall, with the average precision and the prevalence, which chance alone reaches.

    Parameters
    ----------
    data : Sweep, StreamingSweep, array-like of shape (n_samples,), tuple or mapping
        Curves, as the module says; an array-like holds labels and needs ``y_score``.
    y_score : array-like of shape (n_samples,), default=None
        Scores of the rows whose labels are ``data``. Of the two columns of predict_proba, here and in tuples,
        the one of the positive class is taken.
    choice : ThresholdChoice, default=None
        A threshold to mark.
    pos_label : int, float, bool or str, default=None
        The positive label of rows. None means 1 where labels are within {0, 1} or {-1, 1}.
    ax : matplotlib Axes, default=None
        Where to draw. None makes a figure.
    label : str, default=None
        Name of a single curve in the legend; a mapping has names of its own.
    title : str, default=None
        Title of the axes.
    **line
        Properties of matplotlib's lines, such as ``color``, ``linewidth``, ``linestyle`` and ``alpha``, for
        the curves in place of the styles here.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        A class is absent, a mapping is empty, rows are refused as by :func:`fastsmote.confusion_sweep`, or
        scores have several columns that are not the two of predict_proba.
    TypeError
        data is none of the above, y_score or label is given beside a mapping, choice is no ThresholdChoice,
        ax no Axes, or a keyword no property of lines.

    See Also
    --------
    roc : Against false positive rates; says less where positives are rare.
    fastsmote.precision_recall_curve : The numbers.
    fastsmote.average_precision_score : The area.

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
    return draw_precision_recall(data, y_score, choice, pos_label, ax, read_look(label, title, line))


@public("fastsmote.plot")
def roc(
    data: SweepsLike,
    y_score: VectorLike | None = None,
    *,
    choice: ThresholdChoice | None = None,
    log: bool = False,
    pos_label: Label | None = None,
    ax: Axes | None = None,
    label: str | None = None,
    title: str | None = None,
    **line: Any,
) -> Axes:
    """True against false positive rate, with the area under the curve and the diagonal of chance.

    Parameters
    ----------
    data, y_score, choice, pos_label, ax, label, title, **line
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

    See Also
    --------
    det : Both kinds of errors on deviates.
    precision_recall : For rare positives.
    fastsmote.roc_curve : The numbers.
    fastsmote.roc_auc_score : The area.

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
    return draw_roc(data, y_score, choice, log, pos_label, ax, read_look(label, title, line))


@public("fastsmote.plot")
def det(
    data: SweepsLike,
    y_score: VectorLike | None = None,
    *,
    choice: ThresholdChoice | None = None,
    pos_label: Label | None = None,
    ax: Axes | None = None,
    label: str | None = None,
    title: str | None = None,
    **line: Any,
) -> Axes:
    """False negative against false positive rate on normal deviates (detection error tradeoff).

    Parameters
    ----------
    data, y_score, choice, pos_label, ax, label, title, **line
        As for :func:`precision_recall`.

    Returns
    -------
    matplotlib Axes
        In rates, on probit scales that end with the smallest errors that the rows can show.

    Raises
    ------
    ValueError, TypeError
        As for :func:`precision_recall`.

    See Also
    --------
    roc : The same rates on linear axes.
    fastsmote.det_curve : The numbers.

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
    return draw_det(data, y_score, choice, pos_label, ax, read_look(label, title, line))


@public("fastsmote.plot")
def cost(
    data: SweepsLike,
    y_score: VectorLike | None = None,
    *,
    choice: ThresholdChoice | None = None,
    pos_label: Label | None = None,
    ax: Axes | None = None,
    label: str | None = None,
    title: str | None = None,
    **line: Any,
) -> Axes:
    """Cost curve: the least cost that a threshold reaches, for all costs and prevalences at once.

    Parameters
    ----------
    data, y_score, choice, pos_label, ax, label, title, **line
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

    See Also
    --------
    thresholds : Metrics of each threshold.
    fastsmote.cost_threshold : The threshold that costs least for given costs.

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
    return draw_cost(data, y_score, choice, pos_label, ax, read_look(label, title, line))


@public("fastsmote.plot")
def thresholds(
    data: SweepsLike,
    y_score: VectorLike | None = None,
    *,
    choice: ThresholdChoice | None = None,
    metrics: Sequence[MetricName] = ("precision", "recall", "f1"),
    pos_label: Label | None = None,
    ax: Axes | None = None,
    label: str | None = None,
    title: str | None = None,
    **line: Any,
) -> Axes:
    """Metrics against the threshold, with the chosen threshold and the others that are as good.

    Parameters
    ----------
    data, y_score, pos_label, ax, label, title, **line
        As for :func:`precision_recall`. Models of a mapping share the axis of scores, whatever their scales.
    choice : ThresholdChoice, default=None
        From :func:`fastsmote.best_threshold` and its like, for one sweep. None takes the threshold of the
        best F1 of each.
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
        As for :func:`precision_recall`; metrics are a str, or choice is given beside several sweeps.

    See Also
    --------
    fastsmote.best_threshold : The threshold with the highest metric.
    fastsmote.threshold_at : The threshold under constraints.
    fastsmote.Sweep : The metrics as arrays.

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
    return draw_thresholds(data, y_score, choice, metrics, pos_label, ax, read_look(label, title, line))


@public("fastsmote.plot")
def prevalence(
    data: SweepsLike,
    y_score: VectorLike | None = None,
    *,
    choice: ThresholdChoice | None = None,
    pos_label: Label | None = None,
    ax: Axes | None = None,
    label: str | None = None,
    title: str | None = None,
    **line: Any,
) -> Axes:
    """Precision and recall of a threshold, where positives are rarer or more common than in the rows.

    Parameters
    ----------
    data, y_score, pos_label, ax, label, title, **line
        As for :func:`precision_recall`.
    choice : ThresholdChoice, default=None
        The threshold, for one sweep. None takes the one of the best F1 of each.

    Returns
    -------
    matplotlib Axes
        The prevalence is on a logarithmic axis, from a hundredth of that of the rows, which the dotted line
        marks, to 1.

    Raises
    ------
    ValueError
        As for :func:`precision_recall`.
    TypeError
        As for :func:`precision_recall`; choice is given beside several sweeps.

    See Also
    --------
    thresholds : Other thresholds at the prevalence of the rows.
    cost : The best threshold at each prevalence, by what it costs.
    fastsmote.precision_at : The numbers.
    fastsmote.Sweep.at_prevalence : All counts at another prevalence.
    fastsmote.priors.correct_prior : Probabilities at another prevalence.

    Notes
    -----
    Recall and false positive rate belong to the classes and stay; precision is recall p / (recall p + FPR
    (1 - p)) at the prevalence p. So a model that was measured on balanced rows promises a precision that it
    does not keep. O(n_thresholds) time. Reference: Axelsson (2000), doi:10.1145/357830.357849.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from fastsmote import plot
    >>> ax = plot.prevalence([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], ax=Figure().add_subplot())
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['precision', 'recall', 'prevalence 0.500', 'chosen: score from 0.35']
    """
    return draw_prevalence(data, y_score, choice, pos_label, ax, read_look(label, title, line))
