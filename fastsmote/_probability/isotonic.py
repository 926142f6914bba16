"""The rising map with the least squared error: sorted distinct scores, then their steps."""

import numpy as np

from fastsmote._core.rows import BinaryRows
from fastsmote._core.scores import finite_scores
from fastsmote._core.typing import Floats
from fastsmote._metrics.counts import count_at_thresholds
from fastsmote._metrics.ranked import Ranked
from fastsmote._probability.inputs import class_totals


def groups(rows: BinaryRows) -> tuple[Floats, Floats, Floats]:
    """Distinct scores, ascending, and the negatives and positives at each: rows, or sums of weights."""
    scores = rows.bits.view(np.float64)
    if rows.weights is None:
        n_pos = int(np.count_nonzero(rows.codes))
        ranked = Ranked(
            finite_scores(rows.bits, scores.dtype), rows.codes, None, n_pos, len(scores) - n_pos, []
        )
        fps, tps, thresholds = count_at_thresholds(ranked)
        return thresholds[::-1], np.diff(fps, prepend=0)[::-1], np.diff(tps, prepend=0)[::-1]
    # differences of running sums would lose the digits of light rows, so these are summed by group
    kept = np.flatnonzero(rows.codes != 2)
    kept = kept[np.argsort(scores[kept], kind="stable")]
    scores, positive, weights = scores[kept], rows.codes[kept] == 1, rows.weights.view(np.float64)[kept]
    starts = np.flatnonzero(np.append(True, scores[1:] != scores[:-1]))
    neg, pos = (np.add.reduceat(np.where(one, weights, 0.0), starts) for one in (~positive, positive))
    return scores[starts], neg, pos


def steps(rows: BinaryRows) -> tuple[Floats, Floats]:
    """Ends of the steps, ascending, and the values there."""
    from scipy.optimize import isotonic_regression

    class_totals(rows)
    scores, neg, pos = groups(rows)
    weights = (neg + pos).astype(np.float64)
    blocks = isotonic_regression(pos / weights, weights=weights).blocks
    starts, ends = blocks[:-1], blocks[1:]
    neg, pos = np.add.reduceat(neg, starts), np.add.reduceat(pos, starts)
    values = np.maximum.accumulate(pos / (neg + pos))  # averages that rounding ordered may fall by a digit
    corners = np.column_stack([starts, ends - 1]).reshape(-1)
    kept = np.append(True, corners[1:] != corners[:-1])
    return scores[corners[kept]], np.repeat(values, 2)[kept]
