"""Points of the curves, and the areas under them, from checked input to plain arrays and numbers."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from fastsmote._core.public import public
from fastsmote._core.scores import (
    BLOCK,
    Binary,
    Scores,
    check_binary,
    check_lengths,
    check_scores,
    infer_pos_label,
    positives,
    read_column,
)
from fastsmote._core.threads import run_blocks, run_ranges, split
from fastsmote._core.warn import warn_user
from fastsmote._core.weights import check_weights
from fastsmote._kernels.metrics import sweep
from fastsmote._metrics import ranking
from fastsmote._metrics.ranking import Group


@public("fastsmote.metrics")
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


def check_ranked(
    y_true: Any,
    y_score: Any,
    pos_label: Any,
    sample_weight: Any,
    labels: Binary | None = None,
    name: str = "y_score",
) -> Ranked:
    """Check and encode; ``labels`` are those of y_true where the caller has them (they are used up)."""
    y_true = read_column(y_true, "y_true")
    y_score = read_column(y_score, name)
    weights = check_weights(sample_weight)
    check_lengths(y_true=y_true, y_score=y_score, sample_weight=weights)
    labels = labels or check_binary(y_true, pos_label)
    pos_label = infer_pos_label(labels.classes, pos_label)
    scores = check_scores(y_score, name)
    codes, n_pos = positives(labels, pos_label)
    n_neg = len(codes) - n_pos
    if weights is not None:
        n_pos, n_neg = _leave_out(codes, weights)
    return Ranked(scores, codes, weights, n_pos, n_neg, labels.classes)


def _leave_out(codes: np.ndarray, weights: np.ndarray) -> tuple[int, int]:
    """Set the codes of rows of weight 0 to 2; positives and negatives that are left."""
    n_blocks = split(len(codes), BLOCK)
    left = np.zeros((n_blocks, 2), np.int64)

    def body(block: int) -> None:
        part = slice(block * BLOCK, (block + 1) * BLOCK)
        codes[part][weights[part] == 0] = 2
        left[block] = np.count_nonzero(codes[part] == 1), np.count_nonzero(codes[part] == 0)

    run_blocks(body, n_blocks)
    n_pos, n_neg = left.sum(axis=0).tolist()
    return n_pos, n_neg


def counts(ranked: Ranked, *, origin: bool = False) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """False positives, true positives and thresholds, descending; with ``origin`` (0, 0, inf) first.

    Counts are int64 without weights, and everything is float64 with ``origin``.
    """
    lead = int(origin)
    n = lead + len(ranked.codes)
    kind = np.int64 if ranked.weights is None and not origin else np.float64
    fps, tps = np.empty(n, kind), np.empty(n, kind)
    thresholds = np.empty(n, np.float64 if origin else ranked.scores.dtype)

    def emit(group: Group) -> None:
        part = slice(lead + group.start, lead + group.start + len(group.fps))
        fps[part], tps[part], thresholds[part] = group.fps, group.tps, group.thresholds

    starts, lengths, _ = ranking.sweep_groups(ranked.scores, ranked.codes, ranked.weights, emit)
    if origin:
        fps[0], tps[0], thresholds[0] = 0, 0, np.inf
        starts, lengths = np.append(0, 1 + starts), np.append(1, lengths)
    ranking.close_gaps([fps, tps, thresholds], starts, lengths)
    return fps, tps, thresholds


def complement(counts: np.ndarray) -> np.ndarray:
    """What is missing to the last of the ``counts``."""
    rest = np.empty_like(counts)
    run_ranges(lambda lo, hi: np.subtract(counts[-1], counts[lo:hi], out=rest[lo:hi]), len(rest), BLOCK)
    return rest


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

    def emit(group: Group) -> None:
        curves = group.fps, group.tps, group.thresholds
        n = len(group.fps)
        if n:
            room = np.empty(n, np.int64)
            inner = room[: sweep.find_corners(group.fps, group.tps, room)]
            head, tail = ([0, 1], [n - 2, n - 1]) if n > 1 else ([0], [0])
            pieces[group.start] = _Piece(*([curve[at] for curve in curves] for at in (head, inner, tail)))

    ranking.sweep_groups(ranked.scores, ranked.codes, ranked.weights, emit)
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

    def differs(around: slice) -> np.ndarray:
        steps = np.diff(curve[around])
        return (steps[:-1] != 0) | (steps[1:] != 0)

    return _inner(differs, len(curve))


def _inner(test: Callable[[slice], np.ndarray], n: int) -> np.ndarray:
    """Mask of n points: True at both ends, and what ``test`` says of the inner ones of a slice between."""
    mask = np.ones(n, bool)
    size = BLOCK

    def body(block: int) -> None:
        lo, hi = 1 + block * size, min(n - 1, 1 + (block + 1) * size)
        mask[lo:hi] = test(slice(lo - 1, hi + 1))

    run_blocks(body, split(max(n - 2, 0), size))
    return mask


def dense_precision_recall(ranked: Ranked) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All points, ascending: rates are taken while the counts are in cache."""
    n = len(ranked.codes)
    precision, recall, thresholds = np.empty(n + 1), np.empty(n + 1), np.empty(n, ranked.scores.dtype)
    precision[n], recall[n] = 1.0, 0.0

    def emit(group: Group) -> None:
        part = slice(group.start, group.start + len(group.fps))
        thresholds[part] = group.thresholds[::-1]
        sweep.precision_recall(group.fps, group.tps, group.n_pos, precision[part], recall[part])

    starts, lengths, n_pos = ranking.sweep_groups(
        ranked.scores, ranked.codes, ranked.weights, emit, ascending=True
    )
    ranking.close_gaps([thresholds], starts, lengths)
    ranking.close_gaps([precision, recall], np.append(starts, n), np.append(lengths, 1))
    if n_pos == 0:
        warn_no_positive()
    return precision, recall, thresholds


def sparse_precision_recall(ranked: Ranked) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ascending, without the points at which the true positives are those of both neighbours."""
    counted = counts(ranked)
    kept = keep(counted[1])
    fps, tps, thresholds = (curve[kept] for curve in counted)
    n = len(tps)
    precision, recall = np.ones(n + 1), np.zeros(n + 1)
    sweep.precision_recall(fps, tps, tps[-1], precision[:n], recall[:n])
    if tps[-1] == 0:
        warn_no_positive()
    return precision, recall, thresholds[::-1].copy()


def warn_no_positive() -> None:
    warn("No positive class found in y_true, recall is set to one for all thresholds.")


def warn(message: str) -> None:
    warn_user(message, UndefinedMetricWarning)


def roc_points(ranked: Ranked, drop_intermediate: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if drop_intermediate and ranked.weights is None:
        fps, tps, thresholds = map(np.append, (0.0, 0.0, np.inf), corners(ranked))
    else:
        fps, tps, thresholds = counts(ranked, origin=True)
        if drop_intermediate:
            bent = _bent(fps, tps)
            if not bent.all():  # rare with weights
                fps, tps, thresholds = fps[bent], tps[bent], thresholds[bent]
    _to_rate(fps, "No negative samples in y_true, false positive value should be meaningless.")
    _to_rate(tps, "No positive samples in y_true, true positive value should be meaningless.")
    return fps, tps, thresholds


def _bent(fps: np.ndarray, tps: np.ndarray) -> np.ndarray:
    """Points, behind the origin, at which one of the counts changes its slope, and the ends."""

    def bends(around: slice) -> np.ndarray:
        return (np.diff(fps[1:][around], 2) != 0) | (np.diff(tps[1:][around], 2) != 0)

    return np.append(True, _inner(bends, len(fps) - 1))


def _to_rate(counts: np.ndarray, message: str) -> None:
    """Divide by the last, in place."""
    total = counts[-1].item()
    if total <= 0:
        warn(message)
        total = np.nan
    run_ranges(lambda lo, hi: np.divide(counts[lo:hi], total, out=counts[lo:hi]), len(counts), BLOCK)
