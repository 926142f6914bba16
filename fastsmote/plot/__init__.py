"""Pictures of sweeps, calibration and resamplings, drawn by matplotlib (the extra ``fastsmote[plot]``).

Each function draws on the axes that it is given, or on new ones, and returns them; nothing is shown, saved
or configured. Seven curves differ in dash pattern or luminance as well as in colour, and lines to compare
with are dotted, so all can be told apart in greyscale. The legend lies below the axes, where it covers
nothing.

Curves are ``data``: a Sweep, a StreamingSweep, ``y_true`` with ``y_score``, or a mapping from names to
these (scores as tuples ``(y_true, y_score)``), which draws each under its name. Curves of many thresholds
are drawn by some 16,000 of them at most: of each of 2048 columns of the axis, linear and logarithmic, the
first, last, lowest and highest. That decides which pixels of so many columns the line through all covers.

The functions here hold signatures and docstrings. ``_rates`` draws precision-recall, ROC and DET curves,
``_cost`` cost curves, ``_thresholds`` metrics against thresholds, ``_reliability`` calibration and
``_scatter`` resamplings; all stand on ``_curves`` (what users give as sweeps, and how they are thinned) and
``_axes`` (axes, line styles, legends). A new picture gets a part with one ``draw_...`` function, which reads
the data by ``_curves``, draws by ``_axes`` and returns the axes, and a function here.
"""

from collections.abc import Sequence
from typing import Any, Literal

from numpy.typing import NDArray

from fastsmote._core.extras import require
from fastsmote._core.typing import Label, MatrixLike, RandomState, VectorLike
from fastsmote.thresholds import ThresholdChoice

require("plot", "fastsmote.plot", "matplotlib")

from matplotlib.axes import Axes

from fastsmote.plot._cost import draw_cost
from fastsmote.plot._curves import SweepLike, SweepsLike
from fastsmote.plot._rates import draw_det, draw_precision_recall, draw_roc
from fastsmote.plot._reliability import CalibrationsLike, draw_reliability
from fastsmote.plot._scatter import draw_resampling
from fastsmote.plot._thresholds import MetricName, draw_thresholds

__all__ = ["cost", "det", "precision_recall", "reliability", "resampling", "roc", "thresholds"]


def precision_recall(
    data: SweepsLike,
    y_score: VectorLike | None = None,
    *,
    choice: ThresholdChoice | None = None,
    pos_label: Label | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Precision against recall, with the average precision and the prevalence, which chance alone reaches.

    Parameters
    ----------
    data : Sweep, StreamingSweep, array-like of shape (n_samples,), tuple or mapping
        Curves, as the module says; an array-like holds labels and needs ``y_score``.
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
    return draw_precision_recall(data, y_score, choice, pos_label, ax)


def roc(
    data: SweepsLike,
    y_score: VectorLike | None = None,
    *,
    choice: ThresholdChoice | None = None,
    log: bool = False,
    pos_label: Label | None = None,
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
    return draw_roc(data, y_score, choice, log, pos_label, ax)


def det(
    data: SweepsLike,
    y_score: VectorLike | None = None,
    *,
    choice: ThresholdChoice | None = None,
    pos_label: Label | None = None,
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
    return draw_det(data, y_score, choice, pos_label, ax)


def cost(
    data: SweepsLike,
    y_score: VectorLike | None = None,
    *,
    choice: ThresholdChoice | None = None,
    pos_label: Label | None = None,
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
    return draw_cost(data, y_score, choice, pos_label, ax)


def thresholds(
    data: SweepLike | VectorLike,
    y_score: VectorLike | None = None,
    *,
    choice: ThresholdChoice | None = None,
    metrics: Sequence[MetricName] = ("precision", "recall", "f1"),
    pos_label: Label | None = None,
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
    return draw_thresholds(data, y_score, choice, metrics, pos_label, ax)


def reliability(
    data: CalibrationsLike,
    y_prob: VectorLike | None = None,
    *,
    n_bins: int = 10,
    strategy: Literal["uniform", "quantile"] = "uniform",
    log: bool = False,
    pos_label: Label | None = None,
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

    See Also
    --------
    fastsmote.calibration.calibration_curve : The numbers.
    fastsmote.calibration.expected_calibration_error : The error of the bins.
    fastsmote.calibration.fit_isotonic : A map that calibrates.

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
    return draw_reliability(data, y_prob, n_bins, strategy, log, pos_label, ax)


def resampling(
    X: MatrixLike,
    y: VectorLike,
    X_resampled: MatrixLike,
    y_resampled: VectorLike,
    *,
    random_state: RandomState = 0,
    ax: Sequence[Axes] | NDArray[Any] | None = None,
) -> NDArray[Any]:
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
        were removed are absent. A marker grows with the rows at its place (its area with 1 + log2 of their
        number), so that copies show.

    Raises
    ------
    ValueError, TypeError
        X or X_resampled is refused as by :func:`fastsmote.smote`, labels are missing, continuous or of
        another length, the numbers of features differ, or random_state or ax is nothing that it may be.

    See Also
    --------
    fastsmote.smote : New rows between neighbours.
    fastsmote.edited_nearest_neighbours : Rows that contradict their neighbours removed.
    fastsmote.leakage_report : Whether rows of two parts are equal or near.

    Notes
    -----
    Features are centred and divided by their standard deviation; constant ones count as 0. Components are the
    singular vectors of 20,000 rows of X, drawn if there are more. Of each class, and of its new rows, 2,000
    places are drawn at most. O(n_features) time per row, and sorts; 60 bytes per row and a copy of
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
    return draw_resampling(X, y, X_resampled, y_resampled, random_state, ax)
