"""Points of the curves, and the areas under them, from checked input to plain arrays and numbers."""

from typing import Any, NamedTuple

import numpy as np

from fastsmote import _ranking, _scores
from fastsmote._kernels import sweep
from fastsmote._scores import Binary, Scores
from fastsmote._telling import tell
from fastsmote._threads import run_blocks, split


class UndefinedMetricWarning(UserWarning):
    """A metric is not defined for these labels, for example because only one class is present."""


class Ranked(NamedTuple):
    """Checked input of a sweep. Codes: 1 positive, 0 negative, 2 left out for its zero weight."""

    scores: Scores
    codes: np.ndarray
    weights: np.ndarray | None
    n_pos: int
    n_neg: int
    classes: list


def check(
    y_true: Any,
    y_score: Any,
    pos_label: Any,
    sample_weight: Any,
    labels: Binary | None = None,
    name: str = "y_score",
) -> Ranked:
    """Check and encode; ``labels`` are those of y_true where the caller has them (they are used up)."""
    y_true = _scores.column(y_true, "y_true")
    y_score = _scores.column(y_score, name)
    weights = _scores.check_weights(sample_weight)
    _scores.check_lengths(y_true=y_true, y_score=y_score, sample_weight=weights)
    labels = labels or _scores.check_binary(y_true, pos_label)
    pos_label = _scores.infer_pos_label(labels.classes, pos_label)
    scores = _scores.check_scores(y_score, name)
    codes, n_pos = _scores.positives(labels, pos_label)
    n_neg = len(codes) - n_pos
    if weights is not None:
        codes[weights == 0] = 2
        n_pos, n_neg = int(np.count_nonzero(codes == 1)), int(np.count_nonzero(codes == 0))
    return Ranked(scores, codes, weights, n_pos, n_neg, labels.classes)


def counts(ranked: Ranked) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """False positives, true positives and thresholds, descending."""
    n = len(ranked.codes)
    kind = np.int64 if ranked.weights is None else np.float64
    fps, tps, thresholds = np.empty(n, kind), np.empty(n, kind), np.empty(n, ranked.scores.dtype)

    def emit(start: int, _fp: float, _tp: float, *group: np.ndarray) -> None:
        part = slice(start, start + len(group[0]))
        fps[part], tps[part], thresholds[part] = group

    groups = _ranking.sweep_groups(ranked.scores, ranked.codes, ranked.weights, emit)
    _ranking.close_gaps([fps, tps, thresholds], *groups)
    return fps, tps, thresholds


class _Piece(NamedTuple):
    """Points of neighbouring scores, (fps, tps, thresholds) each: the first and last two, corners between."""

    head: list[np.ndarray]
    corners: list[np.ndarray]
    tail: list[np.ndarray]


def corners(ranked: Ranked) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """``counts`` without the points at which neither count changes its slope; both ends stay.

    Points are left out group by group, while they are in cache: the full curve is never written.
    """
    pieces: dict[int, _Piece] = {}

    def emit(start: int, _fp: float, _tp: float, *group: np.ndarray) -> None:
        n = len(group[0])
        if n:
            room = np.empty(n, np.int64)
            n_corners = sweep.find_corners(group[0], group[1], room)
            inner = room[:n_corners] if n_corners < n - 2 else slice(1, n - 1)  # with weights, mostly all
            ends = [0, 1] if n > 1 else [0], [n - 2, n - 1] if n > 1 else [0]
            pieces[start] = _Piece(*([curve[at] for curve in group] for at in (ends[0], inner, ends[1])))

    _ranking.sweep_groups(ranked.scores, ranked.codes, ranked.weights, emit)
    ordered = [pieces[start] for start in sorted(pieces)]
    parts = []
    for i, piece in enumerate(ordered):
        before = ordered[i - 1].tail if i > 0 else None
        after = ordered[i + 1].head if i + 1 < len(ordered) else None
        alone = len(piece.head[0]) == 1
        if _bends(before, -1, piece.head, 0, after if alone else piece.head, 0 if alone else 1):
            parts.append([curve[:1] for curve in piece.head])
        parts.append(piece.corners)
        if not alone and _bends(piece.tail, 0, piece.tail, 1, after, 0):
            parts.append([curve[1:] for curve in piece.tail])
    fps, tps, thresholds = map(np.concatenate, zip(*parts, strict=True))
    return fps, tps, thresholds


def _bends(
    before: list[np.ndarray] | None,
    i: int,
    here: list[np.ndarray],
    j: int,
    after: list[np.ndarray] | None,
    k: int,
) -> bool:
    """Whether a curve changes its slope at a point between two others, or ends there."""
    if before is None or after is None:
        return True
    return any(after[c][k] - here[c][j] != here[c][j] - before[c][i] for c in range(2))


def keep(curve: np.ndarray) -> np.ndarray:
    """Which points of a curve to keep: the ends, and those of which a neighbour differs."""
    n = len(curve)
    keep = np.ones(n, bool)
    size = _scores.BLOCK

    def body(block: int) -> None:
        lo, hi = 1 + block * size, min(n - 1, 1 + (block + 1) * size)
        around = np.diff(curve[lo - 1 : hi + 1])
        keep[lo:hi] = (around[:-1] != 0) | (around[1:] != 0)

    run_blocks(body, split(max(n - 2, 0), size))
    return keep


def dense_precision_recall(ranked: Ranked) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All points, ascending: rates are taken while the counts are in cache."""
    n = len(ranked.codes)
    precision, recall, thresholds = np.empty(n + 1), np.empty(n + 1), np.empty(n, ranked.scores.dtype)

    def emit(start: int, _fp: float, _tp: float, fps: np.ndarray, tps: np.ndarray, group: np.ndarray) -> None:
        part = slice(start, start + len(fps))
        thresholds[part] = group
        called = np.add(fps, tps, out=fps)
        if ranked.weights is None:
            np.divide(tps, called, out=precision[part])
            np.divide(tps, max(ranked.n_pos, 1), out=recall[part])
        else:
            precision[part] = 0.0
            np.divide(tps, called, out=precision[part], where=called != 0)
            recall[part] = tps

    groups = _ranking.sweep_groups(ranked.scores, ranked.codes, ranked.weights, emit, ascending=True)
    _ranking.close_gaps([precision, recall], *groups, extra=1)
    _ranking.close_gaps([thresholds], *groups)
    precision[-1], recall[-1] = 1.0, 0.0
    if recall[0] == 0:
        warn_no_positive()
        recall[:-1] = 1.0
    elif ranked.weights is not None:
        recall[:-1] /= recall[0].copy()
    return precision, recall, thresholds


def precision(fps: np.ndarray, tps: np.ndarray) -> np.ndarray:
    called = fps + tps
    return np.divide(tps, called, out=np.zeros(len(tps)), where=called != 0)


def warn_no_positive() -> None:
    warn("No positive class found in y_true, recall is set to one for all thresholds.")


def warn(message: str) -> None:
    tell(message, UndefinedMetricWarning)


def roc_points(ranked: Ranked, drop_intermediate: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    fps, tps, thresholds = corners(ranked) if drop_intermediate else counts(ranked)
    return (
        _rate(fps, "No negative samples in y_true, false positive value should be meaningless."),
        _rate(tps, "No positive samples in y_true, true positive value should be meaningless."),
        np.concatenate([[np.inf], thresholds.astype(np.float64, copy=False)]),
    )


def _rate(counts: np.ndarray, message: str) -> np.ndarray:
    rate = np.empty(len(counts) + 1)
    if counts[-1] <= 0:
        warn(message)
        rate[:] = np.nan
    else:
        rate[0] = 0.0
        np.divide(counts, counts[-1], out=rate[1:])
    return rate
