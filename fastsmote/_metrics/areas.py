"""The areas under the curves: what the user gave in, one number per model, class or label out."""

from typing import Any

import numpy as np

from fastsmote._core.check import check_word
from fastsmote._core.rows import ScoredRows, read_rows
from fastsmote._core.scores import (
    BLOCK,
    check_binary,
    label_kind,
    one_column,
    two_classes,
)
from fastsmote._core.threads import run_ranges
from fastsmote._metrics import averaging, formulas, ranking
from fastsmote._metrics.curves import roc_points
from fastsmote._metrics.ranked import Ranked, to_ranked
from fastsmote._metrics.ranking import ScoreGroup
from fastsmote._metrics.undefined import warn_no_positive, warn_one_class


def few_positives(n_pos: int, n_neg: int) -> bool:
    """Whether looking up negatives among the positives is faster than sorting everything.

    Measured in ms for roc_auc_score on two cores (AMD EPYC, Zen 4), look-up against sorting:

    ========== ========= ======== ======== ========= =========
    rows       0.17 %    1 %      3 %      10 %      50 %
    ========== ========= ======== ======== ========= =========
    100,000    1.0/3.2   1.1/3.0  1.2/2.9  1.7/2.8   4.7/3.1
    1,000,000  4.1/13    5.1/13   7.1/14   13/14     60/15
    10,000,000 43/135    68/133   101/137  295/142   1545/143
    ========== ========= ======== ======== ========= =========
    """
    return n_pos <= 400_000 and 20 * n_pos <= n_neg


def average_precision(
    y_true: Any, y_score: Any, average: str | None, pos_label: Any, sample_weight: Any
) -> float | np.ndarray:
    """The score of binary labels, or the average over classes or labels."""
    check_word(average, "average", averaging.AVERAGES)
    rows = read_rows(y_true, y_score, sample_weight, one_column=False)
    labels = two_classes(rows.y_true) if rows.y_true.ndim == 1 else None
    if labels is not None:
        one_column(rows.y_score, "y_score")
        return _average_precision_of(to_ranked(rows, labels, pos_label))
    kind = label_kind(rows.y_true)
    if kind not in ("multiclass", "multilabel-indicator"):
        raise ValueError(f"{kind} format is not supported.")
    if pos_label != 1:
        raise ValueError(
            f"Parameter pos_label is fixed to 1 for {kind} y_true. Do not set pos_label or set pos_label "
            f"to 1. Got {pos_label!r}."
        )
    if kind == "multiclass":
        rows = rows._replace(y_true=averaging.indicators(rows.y_true, np.unique(rows.y_true)))
    averaging.check_columns(rows)

    def metric(column: ScoredRows) -> float:
        return _average_precision_of(to_ranked(column, check_binary(column.y_true, 1), 1))

    return averaging.average_columns(metric, rows, average)


def roc_auc(
    y_true: Any,
    y_score: Any,
    average: str | None,
    sample_weight: Any,
    max_fpr: float | None,
    multi_class: str,
    labels: Any,
) -> float | np.ndarray:
    """The score of binary labels, or the average over classes, pairs of classes or labels."""
    check_word(average, "average", averaging.AVERAGES)
    check_word(multi_class, "multi_class", ("raise", "ovr", "ovo"))
    if max_fpr is not None and not 0 < max_fpr <= 1:
        raise ValueError(f"Expected max_fpr in range (0, 1], or None. Got {max_fpr!r}.")
    rows = read_rows(y_true, y_score, sample_weight, one_column=False)
    found = two_classes(rows.y_true) if rows.y_true.ndim == 1 else None
    wide = rows.y_score.ndim == 2 and rows.y_score.shape[1] > 2
    if found is not None and not wide:
        one_column(rows.y_score, "y_score")
        return _roc_auc_of(to_ranked(rows, found, max(found.classes)), max_fpr)
    kind = "binary" if found is not None else label_kind(rows.y_true)

    def metric(column: ScoredRows) -> float:
        return _roc_auc_of(to_ranked(column, check_binary(column.y_true, None), None), max_fpr)

    if kind == "multilabel-indicator":
        averaging.check_columns(rows)
        return averaging.average_columns(metric, rows, average)
    _check_multiclass(kind, max_fpr, multi_class)
    return averaging.multiclass_roc_auc(metric, rows, labels, multi_class, average)


def _check_multiclass(kind: str, max_fpr: float | None, multi_class: str) -> None:
    if kind not in ("multiclass", "binary"):
        raise ValueError(f"{kind} format is not supported.")
    if max_fpr is not None and max_fpr != 1:
        raise ValueError(
            "Partial AUC computation not available in multiclass setting, 'max_fpr' must be set to "
            f"`None`, received `max_fpr={max_fpr}` instead."
        )
    if multi_class == "raise":
        raise ValueError(
            "multi_class must be in ('ovo', 'ovr') for labels or scores of more than two classes."
        )


def _average_precision_of(ranked: Ranked) -> float:
    """Sum of precision times the increase of recall, thresholds descending."""
    if not ranked.n_pos:
        warn_no_positive()
        return 0.0
    if ranked.weights is None and few_positives(ranked.n_pos, ranked.n_neg):
        tps, fps_around = ranking.places_of_positives(ranked.scores, ranked.codes)
        return formulas.average_precision_of_counts(fps_around[:, 1], tps, ranked.n_pos)
    terms: dict[int, np.ndarray] = {}

    def emit(group: ScoreGroup) -> None:
        terms[group.start] = formulas.precision_terms(group.fps, group.tps, group.tp, group.n_pos)

    starts, _, n_pos = ranking.sweep_groups(ranked.scores, ranked.codes, ranked.weights, emit)
    if n_pos == 0:
        warn_no_positive()
        return 0.0
    return formulas.mean_precision([terms[start] for start in starts.tolist()], n_pos)


def _roc_auc_of(ranked: Ranked, max_fpr: float | None) -> float:
    """Area under the ROC curve, NaN with a warning for one class; with ``max_fpr`` McClish's partial area."""
    if len(ranked.classes) < 2:
        warn_one_class()
        return float("nan")
    if max_fpr is not None and max_fpr != 1:
        return _partial_area(ranked, max_fpr)
    if ranked.weights is not None:
        fpr, tpr, _ = roc_points(ranked, True)
        return _area(fpr, tpr)
    n_pos, n_neg = ranked.n_pos, ranked.n_neg
    if few_positives(n_pos, n_neg):
        tps, fps = ranking.places_of_positives(ranked.scores, ranked.codes)
        new = np.diff(tps, prepend=0)
        twice = int(new @ (2 * n_neg - fps[:, 0] - fps[:, 1]))
    else:
        areas: list[int] = []

        def emit(group: ScoreGroup) -> None:
            before = np.concatenate([[group.tp], group.tps[:-1]])
            areas.append(int(np.diff(group.fps, prepend=group.fp) @ (before + group.tps)))

        ranking.sweep_groups(ranked.scores, ranked.codes, None, emit)
        twice = sum(areas)
    return twice / (2 * n_pos * n_neg)


def _area(x: np.ndarray, y: np.ndarray) -> float:
    """Trapezoids under points; they are made in blocks and added up at once."""
    areas = np.empty(len(x) - 1)

    def work(lo: int, hi: int) -> None:
        np.multiply(np.diff(x[lo : hi + 1]), y[lo:hi] + y[lo + 1 : hi + 1], out=areas[lo:hi])

    run_ranges(work, len(areas), BLOCK)
    return float(0.5 * areas.sum())


def _partial_area(ranked: Ranked, max_fpr: float) -> float:
    """Standardised area up to ``max_fpr`` (McClish, 1989, doi:10.1177/0272989X8900900307)."""
    fpr, tpr, _ = roc_points(ranked, True)
    stop = int(np.searchsorted(fpr, max_fpr, "right"))
    end = np.interp(max_fpr, fpr[stop - 1 : stop + 1], tpr[stop - 1 : stop + 1])
    area = _area(np.append(fpr[:stop], max_fpr), np.append(tpr[:stop], end))
    least = 0.5 * max_fpr**2
    return float(0.5 * (1 + (area - least) / (max_fpr - least)))
