"""Threshold sweeps and the curves and scores read from them, with scikit-learn's signatures and values.

The functions take what scikit-learn 1.9 takes and return the same numbers; they differ in cost. Without
weights nothing is argsorted: scores are partitioned and sorted as integers in cache, on all cores
(``fastsmote._metrics.ranking``); ``roc_auc_score`` and ``average_precision_score`` only look up each negative's place
among the positives where positives are few. Results are the same for any number of threads.

At every threshold ``score >= threshold`` is positive; equal scores share one threshold, and -0.0 equals
0.0. Scores may be float16, float32, float64, integer or bool, in any column (NumPy, list, pandas,
polars, pyarrow); labels bool, integer, integral float or string. Inputs are never written to.
"""

from typing import Any

import numpy as np

from fastsmote._core.scores import check_binary, check_lengths, read_column, read_models
from fastsmote._core.weights import check_weights
from fastsmote._metrics import curves
from fastsmote._metrics.areas import average_precision_score, roc_auc_score
from fastsmote._metrics.curves import Ranked, UndefinedMetricWarning
from fastsmote._metrics.sweep import Sweep, precision_at

__all__ = [
    "Sweep",
    "UndefinedMetricWarning",
    "average_precision_score",
    "confusion_matrix_at_thresholds",
    "confusion_sweep",
    "det_curve",
    "precision_at",
    "precision_recall_curve",
    "roc_auc_score",
    "roc_curve",
]


def confusion_sweep(y_true: Any, y_score: Any, *, pos_label: Any = None, sample_weight: Any = None) -> Any:
    """Count true and false positives and negatives at every threshold, for one model or several.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        Labels of at most two classes.
    y_score : array-like of shape (n_samples,) or (n_samples, n_models)
        Finite scores, a column per model; a higher score means "more likely positive".
    pos_label : int, float, bool or str, default=None
        The positive label. None means 1 where labels are within {0, 1} or {-1, 1}. A label that does not
        occur leaves every row negative.
    sample_weight : array-like of shape (n_samples,), default=None
        Weights. Rows of weight 0 are left out with their scores. None counts rows.

    Returns
    -------
    Sweep, or list of n_models Sweeps
        ``tns, fps, fns, tps, thresholds`` with one entry per distinct score, thresholds decreasing. A list,
        in the order of the columns, where y_score has two columns or more: ``dict(zip(names, sweeps))`` is
        what :mod:`fastsmote.plot` compares. Columns of a frame keep their own dtypes.

    Raises
    ------
    ValueError
        Lengths differ or are 0; labels of more than two classes, continuous, mixed or missing; pos_label
        not given and labels outside {0, 1} and {-1, 1}; a score or weight is NaN or infinite; all weights
        are 0.
    TypeError
        Labels are bytes, or an array is masked.

    Notes
    -----
    O(n log n) time in cache-sized runs; 11 bytes a row (float64 scores, 20 with weights; up to twice that
    where most scores are nearly equal) and 40 bytes per threshold. Of
    several models the labels and weights are checked once and the columns swept one after the other. Sums of
    weights are taken one by one by descending score, ties in row order. One class only is no error.
    Reference: Fawcett (2006), algorithm 1, doi:10.1016/j.patrec.2005.10.010.

    Examples
    --------
    >>> from fastsmote import confusion_sweep
    >>> sweep = confusion_sweep([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> sweep.thresholds, sweep.tps, sweep.fps
    (array([0.8 , 0.4 , 0.35, 0.1 ]), array([1, 1, 2, 2]), array([0, 1, 1, 2]))
    >>> both = confusion_sweep([0, 0, 1, 1], [[0.1, 1.0], [0.4, 2.0], [0.35, 3.0], [0.8, 4.0]])
    >>> [model.roc_auc for model in both]
    [0.75, 1.0]
    """
    models = read_models(y_score)
    if len(models) == 1:
        return _sweep_of(curves.check_ranked(y_true, models["y_score"], pos_label, sample_weight))
    y_true = read_column(y_true, "y_true")
    weights = check_weights(sample_weight)
    check_lengths(y_true=y_true, **models, sample_weight=weights)
    labels = check_binary(y_true, pos_label)
    sweeps = []
    for name, scores in models.items():
        own = labels._replace(is_second=labels.is_second.copy())
        sweeps.append(_sweep_of(curves.check_ranked(y_true, scores, pos_label, weights, own, name)))
    return sweeps


def _sweep_of(ranked: Ranked) -> Sweep:
    fps, tps, thresholds = curves.counts(ranked)
    return Sweep(curves.complement(fps), fps, curves.complement(tps), tps, thresholds)


def confusion_matrix_at_thresholds(
    y_true: Any, y_score: Any, *, pos_label: Any = None, sample_weight: Any = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Confusion counts at every threshold as scikit-learn returns them: a tuple, counts in float64.

    Parameters
    ----------
    y_true, y_score, pos_label, sample_weight
        As in :func:`confusion_sweep`.

    Returns
    -------
    tns, fps, fns, tps : ndarray of shape (n_thresholds,)
        True negatives, false positives, false negatives, true positives by ``score >= thresholds[i]``.
    thresholds : ndarray of shape (n_thresholds,)
        The distinct scores, decreasing.

    Raises
    ------
    ValueError, TypeError
        As in :func:`confusion_sweep`.

    Notes
    -----
    As :func:`confusion_sweep`, whose integer counts and metrics are the better choice in new code.

    Examples
    --------
    >>> from fastsmote.metrics import confusion_matrix_at_thresholds
    >>> tns, fps, fns, tps, thresholds = confusion_matrix_at_thresholds([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> tps, thresholds
    (array([1., 1., 2., 2.]), array([0.8 , 0.4 , 0.35, 0.1 ]))
    """
    *counts, thresholds = _sweep_of(curves.check_ranked(y_true, y_score, pos_label, sample_weight))
    tns, fps, fns, tps = (count.astype(np.float64, copy=False) for count in counts)
    return tns, fps, fns, tps, thresholds


def precision_recall_curve(
    y_true: Any,
    y_score: Any,
    *,
    pos_label: Any = None,
    sample_weight: Any = None,
    drop_intermediate: bool = False,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Precision and recall at every threshold.

    Parameters
    ----------
    y_true, y_score, pos_label, sample_weight
        As in :func:`confusion_sweep`.
    drop_intermediate : bool, default=False
        Drop thresholds at which the true positives are those of both neighbours.

    Returns
    -------
    precision, recall : ndarray of shape (n_thresholds + 1,)
        float64; the last entries are 1 and 0 and have no threshold. Precision is 0 where nothing weighs.
    thresholds : ndarray of shape (n_thresholds,)
        Increasing, of the dtype of the scores.

    Raises
    ------
    ValueError, TypeError
        As in :func:`confusion_sweep`.

    Warns
    -----
    UndefinedMetricWarning
        No positive label: recall is 1 at every threshold.

    Notes
    -----
    O(n log n) time; memory beside the result as :func:`confusion_sweep`. Reference: Davis and Goadrich
    (2006), doi:10.1145/1143844.1143874.

    Examples
    --------
    >>> from fastsmote import precision_recall_curve
    >>> precision, recall, thresholds = precision_recall_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> precision.round(2), recall, thresholds
    (array([0.5 , 0.67, 0.5 , 1.  , 1.  ]), array([1. , 1. , 0.5, 0.5, 0. ]), array([0.1 , 0.35, 0.4 , 0.8 ]))
    """
    ranked = curves.check_ranked(y_true, y_score, pos_label, sample_weight)
    return (
        curves.sparse_precision_recall(ranked) if drop_intermediate else curves.dense_precision_recall(ranked)
    )


def roc_curve(
    y_true: Any,
    y_score: Any,
    *,
    pos_label: Any = None,
    sample_weight: Any = None,
    drop_intermediate: bool = True,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """False and true positive rates at every threshold.

    Parameters
    ----------
    y_true, y_score, pos_label, sample_weight
        As in :func:`confusion_sweep`.
    drop_intermediate : bool, default=True
        Drop thresholds at which neither count changes its slope; the area stays the same.

    Returns
    -------
    fpr, tpr : ndarray of shape (n_thresholds + 1,)
        Increasing rates that start at 0. All NaN for a class that is absent.
    thresholds : ndarray of shape (n_thresholds + 1,)
        Decreasing float64, the first infinite.

    Raises
    ------
    ValueError, TypeError
        As in :func:`confusion_sweep`.

    Warns
    -----
    UndefinedMetricWarning
        No positive or no negative row.

    Notes
    -----
    O(n log n) time; memory beside the result as :func:`confusion_sweep`. Reference: Fawcett (2006),
    doi:10.1016/j.patrec.2005.10.010.

    Examples
    --------
    >>> from fastsmote import roc_curve
    >>> fpr, tpr, thresholds = roc_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> fpr, tpr
    (array([0. , 0. , 0.5, 0.5, 1. ]), array([0. , 0.5, 0.5, 1. , 1. ]))
    >>> thresholds
    array([ inf, 0.8 , 0.4 , 0.35, 0.1 ])
    """
    return curves.roc_points(
        curves.check_ranked(y_true, y_score, pos_label, sample_weight), drop_intermediate
    )


def det_curve(
    y_true: Any,
    y_score: Any,
    pos_label: Any = None,
    sample_weight: Any = None,
    drop_intermediate: bool = False,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """False positive and false negative rates at every threshold (detection error tradeoff).

    Parameters
    ----------
    y_true, y_score, pos_label, sample_weight
        As in :func:`confusion_sweep`.
    drop_intermediate : bool, default=False
        Drop thresholds at which the true positives are those of both neighbours.

    Returns
    -------
    fpr, fnr : ndarray of shape (n_thresholds,)
        From the last threshold without false negatives to the first without false positives.
    thresholds : ndarray of shape (n_thresholds,)
        Increasing float64; the last is infinite where every finite one has false positives.

    Raises
    ------
    ValueError, TypeError
        As in :func:`confusion_sweep`; and ValueError where no positive or no negative row has weight.

    Notes
    -----
    O(n log n) time; memory beside the result as :func:`confusion_sweep`. Reference: Martin et al. (1997),
    doi:10.21437/Eurospeech.1997-504.

    Examples
    --------
    >>> from fastsmote import det_curve
    >>> det_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    (array([0.5, 0.5, 0. ]), array([0. , 0.5, 0.5]), array([0.35, 0.4 , 0.8 ]))
    """
    ranked = curves.check_ranked(y_true, y_score, pos_label, sample_weight)
    if not ranked.n_pos or not ranked.n_neg:
        raise ValueError(
            "Only one class is present in y_true. Detection error tradeoff curve is not defined in that "
            f"case: got {ranked.n_pos} positive and {ranked.n_neg} negative rows with weight; pass rows of "
            "both classes or another pos_label."
        )
    fps, tps, thresholds = curves.counts(ranked, origin=True)
    if drop_intermediate:
        keep = curves.keep(tps)
        fps, tps, thresholds = fps[keep], tps[keep], thresholds[keep]
    first = max(int(np.searchsorted(fps, 0, side="right")) - 1, 0)
    last = int(np.searchsorted(tps, tps[-1])) + 1
    shown = slice(first, last)
    fnr = (tps[-1] - tps[shown]) / tps[-1]
    return (fps[shown] / fps[-1])[::-1], fnr[::-1], thresholds[shown][::-1].copy()
