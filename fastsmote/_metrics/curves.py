"""The curves of ``fastsmote.metrics``: what the user gave in, points out."""

from typing import Any, TypeAlias

import numpy as np

from fastsmote._core.rows import ScoredRows
from fastsmote._core.scores import BLOCK, check_binary, check_lengths, read_column, read_models
from fastsmote._core.threads import run_ranges
from fastsmote._core.typing import Floats
from fastsmote._core.weights import check_weights
from fastsmote._kernels.metrics import sweep
from fastsmote._metrics import ranking, small
from fastsmote._metrics.counts import bent_points, complement, corners, count_at_thresholds, kept_points
from fastsmote._metrics.ranked import Ranked, check_ranked, to_ranked
from fastsmote._metrics.ranking import ScoreGroup
from fastsmote._metrics.sweep import Sweep
from fastsmote._metrics.undefined import warn_no_positive, warn_undefined

Curve: TypeAlias = tuple[np.ndarray, np.ndarray, np.ndarray]


def confusion_sweeps(y_true: Any, y_score: Any, pos_label: Any, sample_weight: Any) -> Sweep | list[Sweep]:
    """The sweep of one model, or those of several, whose labels and weights are checked once."""
    models = read_models(y_score)
    labels = read_column(y_true, "y_true")
    weights = check_weights(sample_weight)
    check_lengths(y_true=labels, **models, sample_weight=weights)
    found = check_binary(labels, pos_label)
    sweeps = [
        _sweep_of(to_ranked(ScoredRows(labels, scores, weights), found, pos_label, name))
        for name, scores in models.items()
    ]
    return sweeps[0] if len(sweeps) == 1 else sweeps


def counts_at_thresholds(
    y_true: Any, y_score: Any, pos_label: Any, sample_weight: Any
) -> tuple[Floats, Floats, Floats, Floats, np.ndarray]:
    """The arrays of a sweep, counts in float64."""
    *counts, thresholds = _sweep_of(check_ranked(y_true, y_score, pos_label, sample_weight))
    tns, fps, fns, tps = (count.astype(np.float64, copy=False) for count in counts)
    return tns, fps, fns, tps, thresholds


def _sweep_of(ranked: Ranked) -> Sweep:
    return sweep_of_counts(count_at_thresholds(ranked))


def sweep_of_counts(counted: Curve) -> Sweep:
    """The sweep of false and true positives at thresholds, descending."""
    fps, tps, thresholds = counted
    return Sweep(complement(fps), fps, complement(tps), tps, thresholds)


def precision_recall(
    y_true: Any, y_score: Any, pos_label: Any, sample_weight: Any, drop_intermediate: bool
) -> Curve:
    """Precision, recall and thresholds, ascending."""
    ranked = check_ranked(y_true, y_score, pos_label, sample_weight)
    return (
        precision_recall_of_counts(count_at_thresholds(ranked), True)
        if drop_intermediate
        else _all_points(ranked)
    )


def _all_points(ranked: Ranked) -> Curve:
    """All points, ascending: rates are taken while the counts are in cache."""
    n = len(ranked.codes)
    precision, recall, thresholds = np.empty(n + 1), np.empty(n + 1), np.empty(n, ranked.scores.dtype)
    precision[n], recall[n] = 1.0, 0.0

    def emit(group: ScoreGroup) -> None:
        part = slice(group.start, group.start + len(group.fps))
        thresholds[part] = group.thresholds[::-1]
        write = small.precision_recall if group.is_all else sweep.precision_recall
        write(group.fps, group.tps, group.n_pos, precision[part], recall[part])

    starts, lengths, n_pos = ranking.sweep_groups(
        ranked.scores, ranked.codes, ranked.weights, emit, ascending=True
    )
    ranking.close_gaps([thresholds], starts, lengths)
    ranking.close_gaps([precision, recall], np.append(starts, n), np.append(lengths, 1))
    if n_pos == 0:
        warn_no_positive()
    return precision, recall, thresholds


def precision_recall_of_counts(counted: Curve, drop_intermediate: bool) -> Curve:
    """Ascending; ``drop_intermediate`` drops points whose true positives are those of both neighbours."""
    fps, tps, thresholds = counted
    if drop_intermediate:
        kept = kept_points(tps)
        fps, tps, thresholds = fps[kept], tps[kept], thresholds[kept]
    n = len(tps)
    precision, recall = np.ones(n + 1), np.zeros(n + 1)
    sweep.precision_recall(fps, tps, tps[-1], precision[:n], recall[:n])
    if tps[-1] == 0:
        warn_no_positive()
    return precision, recall, thresholds[::-1].copy()


def roc(y_true: Any, y_score: Any, pos_label: Any, sample_weight: Any, drop_intermediate: bool) -> Curve:
    """False and true positive rates and thresholds, descending."""
    return roc_points(check_ranked(y_true, y_score, pos_label, sample_weight), drop_intermediate)


def roc_points(ranked: Ranked, drop_intermediate: bool) -> Curve:
    """False and true positive rates and thresholds, from (0, 0, inf) on."""
    if drop_intermediate and ranked.weights is None:
        return _to_rates(*_from_origin(corners(ranked)))
    return _bent(count_at_thresholds(ranked, origin=True), drop_intermediate)


def roc_of_counts(counted: Curve, drop_intermediate: bool) -> Curve:
    """The same of counts at thresholds, descending."""
    return _bent(_from_origin(counted), drop_intermediate)


def _from_origin(counted: Curve) -> Curve:
    """Counts and thresholds in float64, from (0, 0, inf) on."""
    fps, tps, thresholds = map(np.append, (0.0, 0.0, np.inf), counted)
    return fps, tps, thresholds


def _bent(counted: Curve, drop_intermediate: bool) -> Curve:
    fps, tps, thresholds = counted
    if drop_intermediate:
        bent = bent_points(fps, tps)
        if not bent.all():  # rare with weights
            fps, tps, thresholds = fps[bent], tps[bent], thresholds[bent]
    return _to_rates(fps, tps, thresholds)


def _to_rates(fps: np.ndarray, tps: np.ndarray, thresholds: np.ndarray) -> Curve:
    _to_rate(fps, "No negative samples in y_true, false positive value should be meaningless.")
    _to_rate(tps, "No positive samples in y_true, true positive value should be meaningless.")
    return fps, tps, thresholds


def _to_rate(counts: np.ndarray, message: str) -> None:
    """Divide by the last, in place."""
    total = counts[-1].item()
    if total <= 0:
        warn_undefined(message)
        total = np.nan
    run_ranges(lambda lo, hi: np.divide(counts[lo:hi], total, out=counts[lo:hi]), len(counts), BLOCK)


def det(y_true: Any, y_score: Any, pos_label: Any, sample_weight: Any, drop_intermediate: bool) -> Curve:
    """False positive and false negative rates and thresholds, ascending."""
    ranked = check_ranked(y_true, y_score, pos_label, sample_weight)
    _require_both(ranked.n_pos, ranked.n_neg)
    return _det_points(count_at_thresholds(ranked, origin=True), drop_intermediate)


def det_of_counts(counted: Curve, drop_intermediate: bool) -> Curve:
    """The same of counts at thresholds, descending."""
    fps, tps, _ = counted
    _require_both(int(tps[-1]), int(fps[-1]))
    return _det_points(_from_origin(counted), drop_intermediate)


def _require_both(n_pos: int, n_neg: int) -> None:
    if not n_pos or not n_neg:
        raise ValueError(
            "Only one class is present in y_true. Detection error tradeoff curve is not defined in that "
            f"case: got {n_pos} positive and {n_neg} negative rows with weight; pass rows of "
            "both classes or another pos_label."
        )


def _det_points(counted: Curve, drop_intermediate: bool) -> Curve:
    fps, tps, thresholds = counted
    if drop_intermediate:
        kept = kept_points(tps)
        fps, tps, thresholds = fps[kept], tps[kept], thresholds[kept]
    first = max(int(np.searchsorted(fps, 0, side="right")) - 1, 0)
    last = int(np.searchsorted(tps, tps[-1])) + 1
    shown = slice(first, last)
    fnr = (tps[-1] - tps[shown]) / tps[-1]
    return (fps[shown] / fps[-1])[::-1], fnr[::-1], thresholds[shown][::-1].copy()
