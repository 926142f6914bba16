"""Sweeps, curves and areas of scores in blocks: with the bits of all rows in one place.

===============================  ========================  ==================================================
what                             passes behind the labels  sent by a block, and kept of all
===============================  ========================  ==================================================
sweep, curves                    1                         24 bytes for each distinct score
area, average precision          2                         scores of positives; then 16 bytes for each of them
streaming sweep                  1                         a stream, whose memory does not grow with rows
each of them with weights        1                         all rows, 17 bytes each
===============================  ========================  ==================================================

Counts are whole numbers, so that they merge in any order. Sums of weights are rounded in the order of the
scores, one row after the other: to have these bits all rows have to come together. A streaming sweep adds
weights without rounding, in constant memory, and has bounds of both areas.
"""

import operator
from functools import partial
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fastsmote._blocks.block import Block, counted_from
from fastsmote._blocks.outcomes import (
    Outcomes,
    gathered,
    greatest_positive,
    outcomes,
    outcomes_of_two,
    rows_of,
)
from fastsmote._blocks.passes import Passes, both
from fastsmote._core.rows import ScoredRows, bits_of
from fastsmote._core.typing import Floats, RowIds
from fastsmote._metrics import areas, curves
from fastsmote._metrics.counts import count_at_thresholds
from fastsmote._metrics.curves import Curve
from fastsmote._metrics.positive_ranking import PositiveRanking
from fastsmote._metrics.ranked import check_ranked
from fastsmote._metrics.stream import StreamingSweep
from fastsmote._metrics.sweep import Sweep

__all__ = [
    "Counted",
    "Placed",
    "StreamingSweep",
    "Sweep",
    "Swept",
    "average_precision_of",
    "det_of",
    "find_average_precision",
    "find_roc_auc",
    "find_stream",
    "find_swept",
    "precision_recall_of",
    "roc_auc_of",
    "roc_of",
    "stream",
    "sweep_of",
    "swept",
]


_SCORE_BYTES = 80  # of a different score: in parts of blocks, and when these become one
_ROW_BYTES = 80  # of a row with a weight: gathered, sorted, and in the sweep


class ScoreTally(NamedTuple):
    """How many rows of each class have a score; scores are distinct, and descend."""

    scores: NDArray[Any]
    neg: RowIds
    pos: RowIds


class Counted(NamedTuple):
    """False and true positives at each distinct score, descending."""

    fps: RowIds
    tps: RowIds
    scores: NDArray[Any]


Swept: TypeAlias = Counted | ScoredRows  # rows where they have weights


def find_swept(passes: Passes, pos_label: Any, has_weights: bool) -> Swept:
    """What a sweep and the curves are read off, by two passes."""
    return swept(passes, outcomes(passes, pos_label), has_weights, None)


def swept(passes: Passes, of: Outcomes, has_weights: bool, room: int | None) -> Swept:
    """The same where the labels are counted, in so many bytes."""
    if has_weights:
        _require_room(int(of.known.counts.sum()), "rows with weights", _ROW_BYTES, room)
        return gathered(passes, of)
    (tally,) = _collapsed(passes.found(partial(_tallied, of), partial(_merged, room)))
    return Counted(np.cumsum(tally.neg), np.cumsum(tally.pos), tally.scores)


def _tallied(of: Outcomes, block: Block) -> tuple[ScoreTally, ...]:
    rows = rows_of(block, of)
    if rows is None:
        return ()
    with counted_from(block.first):
        ranked = check_ranked(rows.y_true, rows.y_score, True, None)
    fps, tps, scores = count_at_thresholds(ranked)
    return (ScoreTally(scores, np.diff(fps, prepend=0), np.diff(tps, prepend=0)),)


def _merged(
    room: int | None, one: tuple[ScoreTally, ...], other: tuple[ScoreTally, ...]
) -> tuple[ScoreTally, ...]:
    """Parts, the largest first; joined once the others are as large, so that each row moves a few times."""
    parts = one + other
    n_scores = [len(part.scores) for part in parts]
    _require_room(sum(n_scores), "different scores", _SCORE_BYTES, room)
    return _collapsed(parts) if 2 * max(n_scores, default=0) <= sum(n_scores) else parts


def _collapsed(parts: tuple[ScoreTally, ...]) -> tuple[ScoreTally, ...]:
    """One tally of several, equal scores joined."""
    if len(parts) < 2:
        return parts
    scores = np.concatenate([part.scores for part in parts])
    order = np.argsort(scores, kind="stable")[::-1]
    scores = scores[order]
    starts = np.flatnonzero(np.append(True, scores[1:] != scores[:-1]))
    scores = scores[starts]
    neg, pos = (
        np.add.reduceat(np.concatenate(counts)[order], starts)
        for counts in ([part.neg for part in parts], [part.pos for part in parts])
    )
    return (ScoreTally(scores, neg, pos),)


def _require_room(n: int, what: str, n_bytes: int, room: int | None) -> None:
    if room is not None and n * n_bytes > room:
        raise ValueError(
            f"memory_limit must hold all {what}, {n_bytes} bytes for each. Got {n:,} so far, and there is "
            f"room for {room // n_bytes:,}; pass a larger memory_limit, or call streaming_sweep, whose "
            "memory does not grow."
        )


def sweep_of(swept: Swept) -> Sweep:
    """What :func:`fastsmote.confusion_sweep` gives."""
    if isinstance(swept, ScoredRows):
        ranked = check_ranked(swept.y_true, swept.y_score, True, swept.weights)
        return curves.sweep_of_counts(count_at_thresholds(ranked))
    return curves.sweep_of_counts(swept)


def precision_recall_of(swept: Swept, drop_intermediate: bool) -> Curve:
    """What :func:`fastsmote.precision_recall_curve` gives."""
    if isinstance(swept, ScoredRows):
        return curves.precision_recall(swept.y_true, swept.y_score, True, swept.weights, drop_intermediate)
    return curves.precision_recall_of_counts(swept, drop_intermediate)


def roc_of(swept: Swept, drop_intermediate: bool) -> Curve:
    """What :func:`fastsmote.roc_curve` gives."""
    if isinstance(swept, ScoredRows):
        return curves.roc(swept.y_true, swept.y_score, True, swept.weights, drop_intermediate)
    return curves.roc_of_counts(swept, drop_intermediate)


def det_of(swept: Swept, drop_intermediate: bool) -> Curve:
    """What :func:`fastsmote.det_curve` gives."""
    if isinstance(swept, ScoredRows):
        return curves.det(swept.y_true, swept.y_score, True, swept.weights, drop_intermediate)
    return curves.det_of_counts(swept, drop_intermediate)


Placed: TypeAlias = PositiveRanking | ScoredRows


def find_roc_auc(passes: Passes, has_weights: bool) -> Placed:
    """What the area under the ROC curve is read off, by three passes at most."""
    return _placed(passes, greatest_positive(passes), has_weights)


def find_average_precision(passes: Passes, pos_label: Any, has_weights: bool) -> Placed:
    """What average precision is read off, by three passes at most."""
    return _placed(passes, outcomes_of_two(passes, pos_label), has_weights)


def _placed(passes: Passes, of: Outcomes, has_weights: bool) -> Placed:
    if has_weights:
        return gathered(passes, of)
    found = passes.found(partial(_positive_scores, of), operator.add)
    positives = passes.once(partial(_sorted, found))
    return passes.improved(partial(_place, of, positives), both)


def _positive_scores(of: Outcomes, block: Block) -> tuple[Floats, ...]:
    rows = rows_of(block, of)
    if rows is None:
        return ()
    with counted_from(block.first):
        return (bits_of(rows.y_score, "y_score").view(np.float64)[rows.y_true],)


def _sorted(parts: tuple[Floats, ...]) -> Floats:
    return np.sort(np.concatenate(parts))


def _place(of: Outcomes, positives: Floats, block: Block, so_far: PositiveRanking | None) -> PositiveRanking:
    ranking = PositiveRanking(positives, pos_label=True) if so_far is None else so_far
    rows = rows_of(block, of)
    if rows is None:
        return ranking
    with counted_from(block.first):
        return ranking.update(rows.y_true, rows.y_score)


def roc_auc_of(placed: Placed) -> float:
    """What :func:`fastsmote.roc_auc_score` gives."""
    if isinstance(placed, ScoredRows):
        return float(areas.roc_auc(*placed[:2], "macro", placed.weights, None, "raise", None))
    return placed.roc_auc_score()


def average_precision_of(placed: Placed) -> float:
    """What :func:`fastsmote.average_precision_score` gives."""
    if isinstance(placed, ScoredRows):
        return float(areas.average_precision(*placed[:2], "macro", True, placed.weights))
    return placed.average_precision_score()


def find_stream(passes: Passes, pos_label: Any) -> StreamingSweep:
    """Two passes: the labels, and a stream that has met all rows."""
    return stream(passes, outcomes(passes, pos_label), pos_label)


def stream(passes: Passes, of: Outcomes, pos_label: Any) -> StreamingSweep:
    """One pass: the same where the labels are counted."""
    return passes.improved(partial(_stream, of, pos_label), both)


def _stream(of: Outcomes, pos_label: Any, block: Block, so_far: StreamingSweep | None) -> StreamingSweep:
    stream = StreamingSweep(pos_label=pos_label) if so_far is None else so_far
    rows = rows_of(block, of)
    if rows is None:
        return stream
    with counted_from(block.first):
        return stream.update(block.labels, rows.y_score, rows.weights)
