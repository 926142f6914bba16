"""Calibration, priors and class weights of rows in partitions."""

from functools import partial
from typing import Any

import numpy as np

from fastsmote._blocks import probabilities
from fastsmote._blocks.probabilities import (
    BrierDecomposition,
    CalibrationCurve,
    PriorEstimate,
    StreamingCalibration,
    read_request,
)
from fastsmote._core.check import check_flag, check_integer, check_level
from fastsmote._core.public import public
from fastsmote._core.typing import Label, VectorLike
from fastsmote.dask._columns import Computed, opened


@public("fastsmote.dask")
def streaming_calibration(
    y_true: Any,
    y_prob: Any,
    *,
    n_bins: int = 10,
    pos_label: Label | None = None,
    sample_weight: Any = None,
    frame: Any = None,
) -> StreamingCalibration:
    """A stream that has met the labels and probabilities of all partitions: one pass for all its scores.

    Parameters
    ----------
    y_true : dask array of shape (n_samples,), or name of a column of ``frame``
        Labels of at most two classes, or of more with a ``pos_label``.
    y_prob : dask array of shape (n_samples,), or name of a column of ``frame``
        Probabilities of the positive class.
    n_bins : int, default=10
        Bins of equal width.
    pos_label : int, float, bool or str, default=None
        The positive label. None means 1 where the labels of all partitions are within {0, 1} or {-1, 1}.
    sample_weight : dask array of shape (n_samples,), or name of a column of ``frame``, default=None
        Weights, 0 or from 1e-75 to 1e75.
    frame : dask.dataframe.DataFrame, optional
        The frame that has the columns. Columns of one frame are computed together.

    Returns
    -------
    fastsmote.StreamingCalibration
        Computed at the call, in the state of one that was given all rows.

    Raises
    ------
    ValueError
        As of :func:`fastsmote.calibration_curve`, with the partition where a single row is at fault; chunks
        that do not fit together; no column of that name.
    TypeError
        Something that is no Dask array, or no name with ``frame``; n_bins is no integer.

    See Also
    --------
    fastsmote.StreamingCalibration : What it can tell, and go on to count.
    fastsmote.dask.calibration_curve : One of its results.

    Notes
    -----
    Sums are exact and merge in any order, so that all results have the bits of the functions for rows in
    memory. Each partition is computed once, and sends about 1 KiB a bin. Quantile bins need all
    probabilities before the first is counted: call :func:`fastsmote.calibration_curve` for these.

    Examples
    --------
    >>> import dask.array as da
    >>> from fastsmote.dask import streaming_calibration
    >>> y_true, y_prob = da.from_array([0, 0, 1, 1], 2), da.from_array([0.1, 0.4, 0.35, 0.8], 2)
    >>> stream = streaming_calibration(y_true, y_prob, n_bins=2)
    >>> round(stream.brier_score(), 4), stream.compute().counts
    (0.1581, array([3, 1]))
    """
    return _stream("StreamingCalibration", y_true, y_prob, n_bins, pos_label, sample_weight, frame)


def _stream(
    function: str, y_true: Any, y_prob: Any, n_bins: Any, pos_label: Any, sample_weight: Any, frame: Any
) -> StreamingCalibration:
    n_bins = check_integer(n_bins, "n_bins")
    columns = opened(function, frame, y_true=y_true, y_prob=y_prob, sample_weight=sample_weight)
    return columns.found(partial(probabilities.find_calibration, pos_label=pos_label, n_bins=n_bins), 2)


@public("fastsmote.dask")
def calibration_curve(
    y_true: Any,
    y_prob: Any,
    *,
    n_bins: int = 10,
    pos_label: Label | None = None,
    sample_weight: Any = None,
    confidence_level: float = 0.95,
    frame: Any = None,
) -> CalibrationCurve:
    """Share of positives against mean probability, by bins of equal width, of rows in partitions.

    Parameters
    ----------
    y_true, y_prob, n_bins, pos_label, sample_weight, frame
        As for :func:`fastsmote.dask.streaming_calibration`.
    confidence_level : float in (0, 1), default=0.95
        Of the intervals for the shares of positives.

    Returns
    -------
    CalibrationCurve
        Computed at the call: that of :func:`fastsmote.calibration_curve` for all rows.

    Raises
    ------
    ValueError, TypeError
        As of :func:`fastsmote.dask.streaming_calibration`; all weights are 0; confidence_level is not
        between 0 and 1.

    See Also
    --------
    fastsmote.calibration_curve : Of rows in memory; with quantile bins too.

    Notes
    -----
    Time, memory and what is sent are those of :func:`fastsmote.dask.streaming_calibration`.

    Examples
    --------
    >>> import dask.array as da
    >>> from fastsmote.dask import calibration_curve
    >>> y_true, y_prob = da.from_array([0, 0, 1, 1], 2), da.from_array([0.1, 0.4, 0.35, 0.8], 2)
    >>> curve = calibration_curve(y_true, y_prob, n_bins=2)
    >>> curve.prob_true, curve.counts
    (array([0.33333333, 1.        ]), array([3, 1]))
    """
    level = check_level(confidence_level)
    stream = _stream("calibration_curve", y_true, y_prob, n_bins, pos_label, sample_weight, frame)
    return probabilities.with_weight(stream).compute(level)


@public("fastsmote.dask")
def expected_calibration_error(
    y_true: Any,
    y_prob: Any,
    *,
    n_bins: int = 10,
    debiased: bool = False,
    pos_label: Label | None = None,
    sample_weight: Any = None,
    frame: Any = None,
) -> float:
    """Mean distance of mean probability and share of positives over bins, of rows in partitions.

    Parameters
    ----------
    y_true, y_prob, n_bins, pos_label, sample_weight, frame
        As for :func:`fastsmote.dask.streaming_calibration`.
    debiased : bool, default=False
        Whether to estimate the squared error without bias.

    Returns
    -------
    float
        Computed at the call: that of :func:`fastsmote.expected_calibration_error` for all rows.

    Raises
    ------
    ValueError, TypeError
        As of :func:`fastsmote.dask.streaming_calibration`; all weights are 0; debiased is no bool.

    See Also
    --------
    fastsmote.expected_calibration_error : Of rows in memory; with quantile bins too.

    Notes
    -----
    Time, memory and what is sent are those of :func:`fastsmote.dask.streaming_calibration`.

    Examples
    --------
    >>> import dask.array as da
    >>> from fastsmote.dask import expected_calibration_error
    >>> y_true, y_prob = da.from_array([0, 0, 1, 1], 2), da.from_array([0.1, 0.4, 0.35, 0.8], 2)
    >>> round(expected_calibration_error(y_true, y_prob, n_bins=2), 4)
    0.0875
    """
    debiased = check_flag(debiased, "debiased")
    stream = _stream("expected_calibration_error", y_true, y_prob, n_bins, pos_label, sample_weight, frame)
    return probabilities.with_weight(stream).expected_calibration_error(debiased)


@public("fastsmote.dask")
def brier_score(
    y_true: Any, y_prob: Any, *, pos_label: Label | None = None, sample_weight: Any = None, frame: Any = None
) -> float:
    """Mean squared distance of probabilities and outcomes of rows in partitions, 0 at best.

    Parameters
    ----------
    y_true, y_prob, pos_label, sample_weight, frame
        As for :func:`fastsmote.dask.streaming_calibration`.

    Returns
    -------
    float
        Computed at the call: that of :func:`fastsmote.brier_score` for all rows.

    Raises
    ------
    ValueError, TypeError
        As of :func:`fastsmote.dask.streaming_calibration`; all weights are 0.

    See Also
    --------
    fastsmote.brier_score : Of rows in memory; of a probability for each class too.

    Notes
    -----
    Time, memory and what is sent are those of :func:`fastsmote.dask.streaming_calibration`.

    Examples
    --------
    >>> import dask.array as da
    >>> from fastsmote.dask import brier_score
    >>> round(brier_score(da.from_array([0, 1, 1, 0], 2), da.from_array([0.1, 0.9, 0.8, 0.3], 2)), 4)
    0.0375
    """
    stream = _stream("brier_score", y_true, y_prob, 1, pos_label, sample_weight, frame)
    return probabilities.with_weight(stream).brier_score()


@public("fastsmote.dask")
def brier_decomposition(
    y_true: Any,
    y_prob: Any,
    *,
    n_bins: int = 10,
    pos_label: Label | None = None,
    sample_weight: Any = None,
    frame: Any = None,
) -> BrierDecomposition:
    """The Brier score as reliability, resolution and uncertainty, of rows in partitions.

    Parameters
    ----------
    y_true, y_prob, n_bins, pos_label, sample_weight, frame
        As for :func:`fastsmote.dask.streaming_calibration`.

    Returns
    -------
    BrierDecomposition
        Computed at the call: that of :func:`fastsmote.brier_decomposition` for all rows.

    Raises
    ------
    ValueError, TypeError
        As of :func:`fastsmote.dask.streaming_calibration`; all weights are 0.

    See Also
    --------
    fastsmote.brier_decomposition : Of rows in memory; with quantile bins too.

    Notes
    -----
    Time, memory and what is sent are those of :func:`fastsmote.dask.streaming_calibration`.

    Examples
    --------
    >>> import dask.array as da
    >>> from fastsmote.dask import brier_decomposition
    >>> y_true, y_prob = da.from_array([0, 0, 1, 0, 1, 1], 3), da.from_array([0.1] * 3 + [0.8] * 3, 3)
    >>> round(brier_decomposition(y_true, y_prob).reliability, 4)
    0.0361
    """
    stream = _stream("brier_decomposition", y_true, y_prob, n_bins, pos_label, sample_weight, frame)
    return probabilities.with_weight(stream).brier_decomposition()


@public("fastsmote.dask")
def log_loss(
    y_true: Any, y_prob: Any, *, pos_label: Label | None = None, sample_weight: Any = None, frame: Any = None
) -> float:
    """Mean of minus the logarithm of the probability of what occurred, of rows in partitions.

    Parameters
    ----------
    y_true, y_prob, pos_label, sample_weight, frame
        As for :func:`fastsmote.dask.streaming_calibration`.

    Returns
    -------
    float
        Computed at the call: that of :func:`fastsmote.log_loss` for all rows.

    Raises
    ------
    ValueError, TypeError
        As of :func:`fastsmote.dask.streaming_calibration`; all weights are 0.

    See Also
    --------
    fastsmote.log_loss : Of rows in memory; of a probability for each class too, and sums.

    Notes
    -----
    Time, memory and what is sent are those of :func:`fastsmote.dask.streaming_calibration`.

    Examples
    --------
    >>> import dask.array as da
    >>> from fastsmote.dask import log_loss
    >>> round(log_loss(da.from_array([0, 1, 1, 0], 2), da.from_array([0.1, 0.9, 0.8, 0.35], 2)), 6)
    0.216162
    """
    stream = _stream("log_loss", y_true, y_prob, 1, pos_label, sample_weight, frame)
    return probabilities.with_weight(stream).log_loss()


@public("fastsmote.dask")
def estimate_prior(
    p: Any,
    train_prior: Any,
    *,
    classes: VectorLike | None = None,
    confidence_level: float = 0.95,
    tol: float = 1e-6,
    max_iter: int = 1000,
    frame: Any = None,
) -> PriorEstimate:
    """The class prior of unlabelled rows in partitions, from the probabilities of a classifier.

    Parameters
    ----------
    p : dask array of shape (n_samples,) or (n_samples, n_classes), or names of columns of ``frame``
        Probabilities of the positive class, or of each class: then a list of names.
    train_prior : float, array-like of shape (n_classes,) or dict of label to float
        Share of the positive class, or of each class, in training, as for :func:`fastsmote.correct_prior`.
    classes : array-like of shape (n_classes,), optional
        Labels of the columns of p. By default those of ``train_prior``, sorted.
    confidence_level : float, default 0.95
        Of the intervals, in (0, 1).
    tol : float, default 1e-6
        How far the log-likelihood may be below its maximum.
    max_iter : int, default 1000
        Most passes over p.
    frame : dask.dataframe.DataFrame, optional
        The frame that has the columns.

    Returns
    -------
    PriorEstimate
        Computed at the call: that of :func:`fastsmote.estimate_prior` for all rows.

    Raises
    ------
    ValueError, TypeError
        As of :func:`fastsmote.estimate_prior`, with the partition where a single row is at fault; something
        that is no Dask array, or no name with ``frame``.

    Warns
    -----
    UserWarning
        ``max_iter`` passes were not enough.

    See Also
    --------
    fastsmote.estimate_prior : Of rows in memory; what is estimated, and how.

    Notes
    -----
    p is computed once and held by the workers, 8 bytes a row and class, for as many passes as the search
    takes, mostly fewer than ten. Sums are those of cells of 131,072 rows, wherever partitions end: in a pass
    a partition sends 200 bytes for each cell in it, and rows of the cells that it shares with others, two
    times 131,072 at most.

    Examples
    --------
    >>> import dask.array as da
    >>> from fastsmote.dask import estimate_prior
    >>> round(estimate_prior(da.from_array([0.9, 0.2, 0.1, 0.3, 0.05, 0.1], 2), 0.5).prior, 3)
    0.101
    """
    columns = opened("estimate_prior", frame, keep=True, p=p, scores=None, weights=None)
    values = np.empty((0, *columns.like.shape[1:]))
    request = read_request(columns.like, values, train_prior, classes, confidence_level, tol, max_iter)
    columns.count_rows()
    return probabilities.estimate_prior(Computed(columns), request)


@public("fastsmote.dask")
def class_weights(
    y: Any,
    *,
    scheme: Any = "balanced",
    beta: float = 0.999,
    sample_weight: Any = None,
    frame: Any = None,
) -> dict[Any, float]:
    """One weight for each class, of labels in partitions.

    Parameters
    ----------
    y : dask array of shape (n_samples,), or name of a column of ``frame``
        Labels; one class is enough.
    scheme : "balanced", "effective" or mapping, default "balanced"
        As for :func:`fastsmote.class_weights`.
    beta : float in [0, 1), default 0.999
        For "effective".
    sample_weight : dask array of shape (n_samples,), or name of a column of ``frame``, optional
        Weights that the rows have already.
    frame : dask.dataframe.DataFrame, optional
        The frame that has the columns.

    Returns
    -------
    dict
        Computed at the call: that of :func:`fastsmote.class_weights` for all rows.

    Raises
    ------
    ValueError, TypeError
        As of :func:`fastsmote.class_weights`; something that is no Dask array, or no name with ``frame``.

    See Also
    --------
    fastsmote.class_weights : Of labels in memory.

    Notes
    -----
    Counts alone are sent. With sample weights, whose sums are rounded row by row, these and the labels come
    together in one task, 9 bytes a row.

    Examples
    --------
    >>> import dask.array as da
    >>> from fastsmote.dask import class_weights
    >>> class_weights(da.from_array([0, 0, 0, 1], 2))
    {0: 0.6666666666666666, 1: 2.0}
    """
    columns = opened("class_weights", frame, y=y, scores=None, sample_weight=sample_weight)
    decide = partial(
        probabilities.find_class_weights, scheme=scheme, beta=beta, has_weights=sample_weight is not None
    )
    return columns.found(decide, 2)
