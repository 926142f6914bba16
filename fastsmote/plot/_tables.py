"""Pictures of probabilities and of rows: what ``fastsmote.plot`` offers for calibration and resampling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from matplotlib.axes import Axes
from numpy.typing import NDArray

from fastsmote._core.public import public
from fastsmote._core.typing import Label, MatrixLike, RandomState, VectorLike
from fastsmote.plot._axes import read_look
from fastsmote.plot._confusion import draw_confusion_matrix
from fastsmote.plot._counts import LabelsLike, draw_class_counts
from fastsmote.plot._reliability import CalibrationsLike, draw_reliability
from fastsmote.plot._scatter import draw_resampling


@public("fastsmote.plot")
def reliability(
    data: CalibrationsLike,
    y_prob: VectorLike | None = None,
    *,
    n_bins: int = 10,
    strategy: Literal["uniform", "quantile"] = "uniform",
    log: bool = False,
    pos_label: Label | None = None,
    ax: Axes | None = None,
    label: str | None = None,
    title: str | None = None,
    **line: Any,
) -> Axes:
    """Shares of positives against predicted probabilities, with intervals, above the rows of each bin.

    Parameters
    ----------
    data : CalibrationCurve, StreamingCalibration, array-like of shape (n_samples,), tuple or mapping
        Curves, labels with ``y_prob``, a tuple (y_true, y_prob), or a mapping from names to these (with
        tuples for labels).
    y_prob : array-like of shape (n_samples,), default=None
        Probabilities of the rows whose labels are ``data``; of the two columns of predict_proba, here and in
        tuples, the one of the positive class is taken.
    n_bins, strategy, pos_label
        As for :func:`fastsmote.calibration.calibration_curve`, for labels and probabilities.
    log : bool, default=False
        Logarithmic axes, best with ``strategy="quantile"``, for rare positives, whose probabilities are
        mostly small. Of bins without positives only the interval is shown, and nothing of bins whose mean
        probability is 0, which has no place there.
    ax : matplotlib Axes, default=None
        Where to draw; room for the counts is taken from it. None makes a figure.
    label, title, **line
        As for :func:`precision_recall`.

    Returns
    -------
    matplotlib Axes
        Of the shares; the axes of the counts are its ``child_axes[0]``.

    Raises
    ------
    ValueError
        A curve has no bin, a mapping is empty, or rows are refused as by calibration_curve.
    TypeError
        data is none of the above, y_prob or label is given beside a mapping, log is no bool, ax is no Axes,
        or a keyword no property of lines.

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
    return draw_reliability(data, y_prob, n_bins, strategy, log, pos_label, ax, read_look(label, title, line))


@public("fastsmote.plot")
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
        With the same limits. Markers differ by class; new rows are hollow, and rows that were removed are
        absent. Of equal rows of a class as many are old as X has; others are new, and be they copies. A
        marker grows with the rows at its place (its area with 1 + log2 of their number).

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


@public("fastsmote.plot")
def class_counts(
    y: LabelsLike, *, log: bool = False, ax: Axes | None = None, title: str | None = None
) -> Axes:
    """Rows of each class, as bars with their numbers and shares.

    Parameters
    ----------
    y : array-like of shape (n_samples,), or mapping
        Labels, or a mapping from names to labels, such as before and after a resampling, whose bars stand
        together.
    log : bool, default=False
        Logarithmic axis, on which rare classes can be seen beside large ones.
    ax : matplotlib Axes, default=None
        Where to draw. None makes a figure that is as high as the classes need.
    title : str, default=None
        Title of the axes.

    Returns
    -------
    matplotlib Axes
        Classes in the order of their labels, from above; those that only later labels have come last.

    Raises
    ------
    ValueError
        No rows, labels missing or continuous, or a mapping is empty.
    TypeError
        Labels are bytes, log is no bool, or ax is no Axes.

    See Also
    --------
    resampling : Where the rows lie, before and after.
    confusion_matrix : What becomes of each class.
    fastsmote.advise : What the counts ask for.

    Notes
    -----
    O(n_samples) time, a label and 8 bytes per row. Bars of several labels differ in hatching too.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from fastsmote import make_fraud, plot, random_under_sample
    >>> X, y = make_fraud(5000, random_state=0)
    >>> _, after = random_under_sample(X, y, sampling_strategy=0.5, random_state=0)
    >>> ax = plot.class_counts({"before": y, "after": after}, ax=Figure().add_subplot())
    >>> [text.get_text() for text in ax.texts]
    ['4,991 (0.9982)', '9 (0.0018)', '18 (0.667)', '9 (0.333)']
    """
    return draw_class_counts(y, log, ax, title)


@public("fastsmote.plot")
def confusion_matrix(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    labels: VectorLike | None = None,
    sample_weight: VectorLike | None = None,
    normalize: Literal["true", "pred", "all"] | None = None,
    ax: Axes | None = None,
    title: str | None = None,
) -> Axes:
    """Rows of each pair of true and predicted label, in cells coloured by their share of the true class.

    Parameters
    ----------
    y_true, y_pred, labels, sample_weight, normalize
        As for :func:`fastsmote.classification.confusion_matrix`.
    ax : matplotlib Axes, default=None
        Where to draw. None makes a figure that is as large as the classes need.
    title : str, default=None
        Title of the axes.

    Returns
    -------
    matplotlib Axes
        With the image; numbers stand in the cells of up to 30 classes.

    Raises
    ------
    ValueError, TypeError
        As for :func:`fastsmote.classification.confusion_matrix`; TypeError where ax is no Axes.

    Warns
    -----
    UserWarning
        There is one label only.

    See Also
    --------
    fastsmote.classification.confusion_matrix : The numbers.
    class_counts : The rows of each class alone.
    thresholds : What other thresholds would do, for two classes.

    Notes
    -----
    Colours are shares of the true class, recall on the diagonal: of rows, the largest class would be all that
    shows. With ``normalize="pred"`` they are shares of the predicted class, precision on the diagonal. The
    colour map is that of the style (``image.cmap``). O(n_samples) time and n_labels ** 2 cells.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from fastsmote import plot
    >>> true, predicted = ["ant", "cat", "cat", "ant"], ["ant", "cat", "ant", "ant"]
    >>> ax = plot.confusion_matrix(true, predicted, ax=Figure().add_subplot())
    >>> ax.images[0].get_array().tolist()
    [[1.0, 0.0], [0.5, 0.5]]
    """
    return draw_confusion_matrix(y_true, y_pred, labels, sample_weight, normalize, ax, title)
