"""Counts at every threshold of a ranked model, and which points of a curve are worth keeping."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from fastsmote._core.scores import BLOCK
from fastsmote._core.threads import run_blocks, run_ranges, split
from fastsmote._core.typing import Mask
from fastsmote._kernels.metrics import sweep
from fastsmote._metrics import ranking, small
from fastsmote._metrics.ranked import Ranked
from fastsmote._metrics.ranking import ScoreGroup


def count_at_thresholds(ranked: Ranked, *, origin: bool = False) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """False positives, true positives and thresholds, descending; with ``origin`` (0, 0, inf) first.

    Counts are int64 without weights, and everything is float64 with ``origin``.
    """
    lead = int(origin)
    n = lead + len(ranked.codes)
    kind = np.int64 if ranked.weights is None and not origin else np.float64
    fps, tps = np.empty(n, kind), np.empty(n, kind)
    thresholds = np.empty(n, np.float64 if origin else ranked.scores.dtype)

    def emit(group: ScoreGroup) -> None:
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
    """``count_at_thresholds`` without the points at which neither count changes its slope; both ends stay.

    Points are left out group by group, while they are in cache: the full curve is never written.
    """
    pieces: dict[int, _Piece] = {}

    def emit(group: ScoreGroup) -> None:
        curves = group.fps, group.tps, group.thresholds
        n = len(group.fps)
        if n:
            room = np.empty(n, np.int64)
            find = small.find_corners if group.is_all else sweep.find_corners
            inner = room[: find(group.fps, group.tps, room)]
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


def kept_points(curve: np.ndarray) -> Mask:
    """Which points of a curve to keep: the ends, and those of which a neighbour differs."""

    def differs(around: slice) -> Mask:
        steps = np.diff(curve[around])
        return (steps[:-1] != 0) | (steps[1:] != 0)

    return _inner_points(differs, len(curve))


def _inner_points(test: Callable[[slice], Mask], n: int) -> Mask:
    """Mask of n points: True at both ends, and what ``test`` says of the inner ones of a slice between."""
    mask = np.ones(n, bool)
    size = BLOCK

    def body(block: int) -> None:
        lo, hi = 1 + block * size, min(n - 1, 1 + (block + 1) * size)
        mask[lo:hi] = test(slice(lo - 1, hi + 1))

    run_blocks(body, split(max(n - 2, 0), size))
    return mask


def bent_points(fps: np.ndarray, tps: np.ndarray) -> Mask:
    """Points, behind the origin, at which one of the counts changes its slope, and the ends."""

    def bends(around: slice) -> Mask:
        return (np.diff(fps[1:][around], 2) != 0) | (np.diff(tps[1:][around], 2) != 0)

    return np.append(True, _inner_points(bends, len(fps) - 1))
