"""Sweeps, curves and areas of labels and scores in partitions."""

from functools import partial
from typing import Any

from fastsmote._blocks import scores
from fastsmote._blocks.scores import StreamingSweep, Sweep
from fastsmote._core.public import public
from fastsmote._core.typing import Floats, Label, Matrix
from fastsmote.dask._columns import opened


@public("fastsmote.dask")
def confusion_sweep(
    y_true: Any, y_score: Any, *, pos_label: Label | None = None, sample_weight: Any = None, frame: Any = None
) -> Sweep:
    """Count true and false positives and negatives at every threshold, of labels and scores in partitions.

    Parameters
    ----------
    y_true : dask array of shape (n_samples,), or name of a column of ``frame``
        Labels of at most two classes, or of more with a ``pos_label``.
    y_score : dask array of shape (n_samples,), or name of a column of ``frame``
        Finite scores; a higher score means "more likely positive". Chunks as those of y_true, else they are
        cut anew; their sizes may be unknown in both.
    pos_label : int, float, bool or str, default=None
        The positive label. None means 1 where the labels of all partitions are within {0, 1} or {-1, 1}.
    sample_weight : dask array of shape (n_samples,), or name of a column of ``frame``, default=None
        Weights. Rows of weight 0 are left out with their scores. None counts rows.
    frame : dask.dataframe.DataFrame, optional
        The frame that has the columns. Columns of one frame are computed together.

    Returns
    -------
    Sweep
        NumPy arrays, computed at the call, with the bits of :func:`fastsmote.confusion_sweep` for all rows,
        however they are parted.

    Raises
    ------
    ValueError
        As of :func:`fastsmote.confusion_sweep`, with the partition where a single row is at fault; chunks
        that do not fit together; no column of that name.
    TypeError
        Something that is no Dask array, or no name with ``frame``; labels that are bytes.

    See Also
    --------
    fastsmote.confusion_sweep : Of rows in memory.
    fastsmote.dask.streaming_sweep : In constant memory, with bounds of both areas.

    Notes
    -----
    Each partition is computed once and kept by its worker for a second pass. It sends 24 bytes for each
    distinct score of its own, and these are merged in a tree; the sweep has 40 bytes for each of all. With
    weights, whose sums are rounded in the order of the scores, all rows come together in one task, 17 bytes
    each. O(n log n) time.

    Examples
    --------
    >>> import dask.array as da
    >>> from fastsmote.dask import confusion_sweep
    >>> y_true, y_score = da.from_array([0, 0, 1, 1], 2), da.from_array([0.1, 0.4, 0.35, 0.8], 2)
    >>> sweep = confusion_sweep(y_true, y_score)
    >>> sweep.thresholds, sweep.tps, sweep.fps
    (array([0.8 , 0.4 , 0.35, 0.1 ]), array([1, 1, 2, 2]), array([0, 1, 1, 2]))
    """
    return scores.sweep_of(_swept("confusion_sweep", y_true, y_score, pos_label, sample_weight, frame))


def _swept(
    function: str, y_true: Any, y_score: Any, pos_label: Any, sample_weight: Any, frame: Any
) -> scores.Swept:
    columns = opened(function, frame, y_true=y_true, y_score=y_score, sample_weight=sample_weight)
    decide = partial(scores.find_swept, pos_label=pos_label, has_weights=sample_weight is not None)
    return columns.found(decide, 2)


@public("fastsmote.dask")
def precision_recall_curve(
    y_true: Any,
    y_score: Any,
    *,
    pos_label: Label | None = None,
    sample_weight: Any = None,
    drop_intermediate: bool = False,
    frame: Any = None,
) -> tuple[Floats, Floats, Matrix]:
    """Precision and recall at every threshold, of labels and scores in partitions.

    Parameters
    ----------
    y_true, y_score, pos_label, sample_weight, frame
        As for :func:`fastsmote.dask.confusion_sweep`.
    drop_intermediate : bool, default=False
        Drop thresholds at which the true positives are those of both neighbours.

    Returns
    -------
    precision, recall, thresholds : ndarray
        Computed at the call: those of :func:`fastsmote.precision_recall_curve` for all rows.

    Raises
    ------
    ValueError, TypeError
        As of :func:`fastsmote.dask.confusion_sweep`.

    Warns
    -----
    UndefinedMetricWarning
        No positive label: recall is 1 at every threshold.

    See Also
    --------
    fastsmote.precision_recall_curve : Of rows in memory.
    fastsmote.dask.average_precision_score : The area under this curve, in less memory.

    Notes
    -----
    Time, memory and what is sent are those of :func:`fastsmote.dask.confusion_sweep`.

    Examples
    --------
    >>> import dask.array as da
    >>> from fastsmote.dask import precision_recall_curve
    >>> y_true, y_score = da.from_array([0, 0, 1, 1], 2), da.from_array([0.1, 0.4, 0.35, 0.8], 2)
    >>> precision, recall, thresholds = precision_recall_curve(y_true, y_score)
    >>> precision.round(2), recall, thresholds
    (array([0.5 , 0.67, 0.5 , 1.  , 1.  ]), array([1. , 1. , 0.5, 0.5, 0. ]), array([0.1 , 0.35, 0.4 , 0.8 ]))
    """
    swept = _swept("precision_recall_curve", y_true, y_score, pos_label, sample_weight, frame)
    return scores.precision_recall_of(swept, drop_intermediate)


@public("fastsmote.dask")
def roc_curve(
    y_true: Any,
    y_score: Any,
    *,
    pos_label: Label | None = None,
    sample_weight: Any = None,
    drop_intermediate: bool = True,
    frame: Any = None,
) -> tuple[Floats, Floats, Matrix]:
    """False and true positive rates at every threshold, of labels and scores in partitions.

    Parameters
    ----------
    y_true, y_score, pos_label, sample_weight, frame
        As for :func:`fastsmote.dask.confusion_sweep`.
    drop_intermediate : bool, default=True
        Drop thresholds at which neither count changes its slope; the area stays the same.

    Returns
    -------
    fpr, tpr, thresholds : ndarray
        Computed at the call: those of :func:`fastsmote.roc_curve` for all rows.

    Raises
    ------
    ValueError, TypeError
        As of :func:`fastsmote.dask.confusion_sweep`.

    Warns
    -----
    UndefinedMetricWarning
        No positive or no negative row.

    See Also
    --------
    fastsmote.roc_curve : Of rows in memory.
    fastsmote.dask.roc_auc_score : The area under this curve, in less memory.

    Notes
    -----
    Time, memory and what is sent are those of :func:`fastsmote.dask.confusion_sweep`.

    Examples
    --------
    >>> import dask.array as da
    >>> from fastsmote.dask import roc_curve
    >>> y_true, y_score = da.from_array([0, 0, 1, 1], 2), da.from_array([0.1, 0.4, 0.35, 0.8], 2)
    >>> fpr, tpr, thresholds = roc_curve(y_true, y_score)
    >>> fpr, tpr
    (array([0. , 0. , 0.5, 0.5, 1. ]), array([0. , 0.5, 0.5, 1. , 1. ]))
    """
    swept = _swept("roc_curve", y_true, y_score, pos_label, sample_weight, frame)
    return scores.roc_of(swept, drop_intermediate)


@public("fastsmote.dask")
def det_curve(
    y_true: Any,
    y_score: Any,
    *,
    pos_label: Label | None = None,
    sample_weight: Any = None,
    drop_intermediate: bool = False,
    frame: Any = None,
) -> tuple[Floats, Floats, Matrix]:
    """False positive and false negative rates at every threshold, of labels and scores in partitions.

    Parameters
    ----------
    y_true, y_score, pos_label, sample_weight, frame
        As for :func:`fastsmote.dask.confusion_sweep`.
    drop_intermediate : bool, default=False
        Drop thresholds at which the true positives are those of both neighbours.

    Returns
    -------
    fpr, fnr, thresholds : ndarray
        Computed at the call: those of :func:`fastsmote.det_curve` for all rows.

    Raises
    ------
    ValueError, TypeError
        As of :func:`fastsmote.dask.confusion_sweep`; and ValueError where no positive or no negative row has
        weight.

    See Also
    --------
    fastsmote.det_curve : Of rows in memory.

    Notes
    -----
    Time, memory and what is sent are those of :func:`fastsmote.dask.confusion_sweep`.

    Examples
    --------
    >>> import dask.array as da
    >>> from fastsmote.dask import det_curve
    >>> det_curve(da.from_array([0, 0, 1, 1], 2), da.from_array([0.1, 0.4, 0.35, 0.8], 2))
    (array([0.5, 0.5, 0. ]), array([0. , 0.5, 0.5]), array([0.35, 0.4 , 0.8 ]))
    """
    swept = _swept("det_curve", y_true, y_score, pos_label, sample_weight, frame)
    return scores.det_of(swept, drop_intermediate)


@public("fastsmote.dask")
def roc_auc_score(y_true: Any, y_score: Any, *, sample_weight: Any = None, frame: Any = None) -> float:
    """The area under the ROC curve of labels and scores in partitions.

    Parameters
    ----------
    y_true : dask array of shape (n_samples,), or name of a column of ``frame``
        Labels of at most two classes, of which the greater is positive.
    y_score, sample_weight, frame
        As for :func:`fastsmote.dask.confusion_sweep`; integers within 2**53.

    Returns
    -------
    float
        Computed at the call: that of :func:`fastsmote.roc_auc_score` for all rows. NaN where a class is
        absent.

    Raises
    ------
    ValueError, TypeError
        As of :func:`fastsmote.dask.confusion_sweep`; labels of more than two classes, whose averages need
        the rows in memory; integers beyond 2**53.

    Warns
    -----
    UndefinedMetricWarning
        Only one class is present.

    See Also
    --------
    fastsmote.roc_auc_score : Of rows in memory; of more classes, and up to a false positive rate.
    fastsmote.dask.streaming_sweep : Bounds in one pass and constant memory.

    Notes
    -----
    Exact by ranking the positives: their scores are gathered, 8 bytes each, and each partition counts its
    negatives among them, with 56 bytes of memory for each distinct positive score. With weights as
    :func:`fastsmote.dask.confusion_sweep`. O(n log p) time for p positives.

    Examples
    --------
    >>> import dask.array as da
    >>> from fastsmote.dask import roc_auc_score
    >>> roc_auc_score(da.from_array([0, 0, 1, 1], 2), da.from_array([0.1, 0.4, 0.35, 0.8], 2))
    0.75
    """
    columns = opened("roc_auc_score", frame, y_true=y_true, y_score=y_score, sample_weight=sample_weight)
    decide = partial(scores.find_roc_auc, has_weights=sample_weight is not None)
    return scores.roc_auc_of(columns.found(decide, 3))


@public("fastsmote.dask")
def average_precision_score(
    y_true: Any, y_score: Any, *, pos_label: Label = 1, sample_weight: Any = None, frame: Any = None
) -> float:
    """Average precision of labels and scores in partitions.

    Parameters
    ----------
    y_true : dask array of shape (n_samples,), or name of a column of ``frame``
        Labels of at most two classes.
    y_score, sample_weight, frame
        As for :func:`fastsmote.dask.confusion_sweep`; integers within 2**53.
    pos_label : int, float, bool or str, default=1
        The positive label.

    Returns
    -------
    float
        Computed at the call: that of :func:`fastsmote.average_precision_score` for all rows. 0 without
        positives.

    Raises
    ------
    ValueError, TypeError
        As of :func:`fastsmote.dask.confusion_sweep`; labels of more than two classes, whose averages need
        the rows in memory; integers beyond 2**53.

    Warns
    -----
    UndefinedMetricWarning
        No row is positive.

    See Also
    --------
    fastsmote.average_precision_score : Of rows in memory; averages over classes.
    fastsmote.dask.streaming_sweep : Bounds in one pass and constant memory.

    Notes
    -----
    Time, memory and what is sent are those of :func:`fastsmote.dask.roc_auc_score`.

    Examples
    --------
    >>> import dask.array as da
    >>> from fastsmote.dask import average_precision_score
    >>> y_true, y_score = da.from_array([0, 0, 1, 1], 2), da.from_array([0.1, 0.4, 0.35, 0.8], 2)
    >>> round(average_precision_score(y_true, y_score), 4)
    0.8333
    """
    columns = opened(
        "average_precision_score", frame, y_true=y_true, y_score=y_score, sample_weight=sample_weight
    )
    decide = partial(
        scores.find_average_precision, pos_label=pos_label, has_weights=sample_weight is not None
    )
    return scores.average_precision_of(columns.found(decide, 3))


@public("fastsmote.dask")
def streaming_sweep(
    y_true: Any, y_score: Any, *, pos_label: Label | None = None, sample_weight: Any = None, frame: Any = None
) -> StreamingSweep:
    """A stream that has met the labels and scores of all partitions: bounds and a sweep in constant memory.

    Parameters
    ----------
    y_true, y_score, frame
        As for :func:`fastsmote.dask.confusion_sweep`; integers within 2**53.
    pos_label : int, float, bool or str, default=None
        The positive label of the stream. None means 1 where labels are within {0, 1} or {-1, 1}.
    sample_weight : dask array of shape (n_samples,), or name of a column of ``frame``, default=None
        Weights, 0 or from 1e-75 to 1e75, which are added up without rounding.

    Returns
    -------
    fastsmote.streaming.StreamingSweep
        Computed at the call, in the state of one that was given all rows.

    Raises
    ------
    ValueError, TypeError
        As of :func:`fastsmote.dask.confusion_sweep` and of ``StreamingSweep.update``.

    See Also
    --------
    fastsmote.streaming.StreamingSweep : What it can tell, and go on to count.
    fastsmote.dask.confusion_sweep : Exact at every score.

    Notes
    -----
    O(1) time a row; a partition sends some 0.5 MiB, with weights three times as much, whatever its rows.

    Examples
    --------
    >>> import dask.array as da
    >>> from fastsmote.dask import streaming_sweep
    >>> y_true, y_score = da.from_array([0, 0, 1, 1], 2), da.from_array([0.1, 0.4, 0.35, 0.8], 2)
    >>> low, high = streaming_sweep(y_true, y_score).roc_auc_bounds()
    >>> low <= 0.75 <= high
    True
    """
    columns = opened("StreamingSweep", frame, y_true=y_true, y_score=y_score, sample_weight=sample_weight)
    return columns.found(partial(scores.find_stream, pos_label=pos_label), 2)
