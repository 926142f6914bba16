"""Scores with their labels as codes: the record that every curve and area of one model is taken from."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.rows import ScoredRows, read_rows
from fastsmote._core.scores import (
    BLOCK,
    Binary,
    Scores,
    check_binary,
    check_occurs,
    check_scores,
    infer_pos_label,
    positives,
)
from fastsmote._core.threads import run_blocks, split


class Ranked(NamedTuple):
    """Checked rows of one model."""

    scores: Scores
    codes: NDArray[np.uint8]  # 1 positive, 0 negative, 2 left out for its zero weight; never written to
    weights: NDArray[np.float64] | None
    n_pos: int
    n_neg: int
    classes: list


def check_ranked(y_true: Any, y_score: Any, pos_label: Any, sample_weight: Any) -> Ranked:
    """What the user gave, read, checked and encoded."""
    rows = read_rows(y_true, y_score, sample_weight, one_column=True)
    return to_ranked(rows, check_binary(rows.y_true, pos_label), pos_label)


def to_ranked(rows: ScoredRows, labels: Binary, pos_label: Any, name: str = "y_score") -> Ranked:
    """Rows that were read, and whose labels were checked; errors call the scores ``name``.

    One of two labels is positive: with a ``pos_label`` that does not occur, calling nobody would be perfect.
    """
    pos_label = infer_pos_label(labels.classes, pos_label)
    scores = check_scores(rows.y_score, name)
    codes, n_pos = positives(labels, pos_label)
    if not n_pos:
        check_occurs(rows.y_true, pos_label)
    if rows.weights is None:
        return Ranked(scores, codes, None, n_pos, len(codes) - n_pos, labels.classes)
    codes, n_pos, n_neg = _leave_out(codes, rows.weights)
    return Ranked(scores, codes, rows.weights, n_pos, n_neg, labels.classes)


def _leave_out(codes: NDArray[np.uint8], weights: NDArray[np.float64]) -> tuple[NDArray[np.uint8], int, int]:
    """Codes with 2 for rows of weight 0; positives and negatives that are left."""
    n_blocks = split(len(codes), BLOCK)
    kept = np.empty_like(codes)
    left = np.zeros((n_blocks, 2), np.int64)

    def body(block: int) -> None:
        part = slice(block * BLOCK, (block + 1) * BLOCK)
        kept[part] = codes[part]
        kept[part][weights[part] == 0] = 2
        left[block] = np.count_nonzero(kept[part] == 1), np.count_nonzero(kept[part] == 0)

    run_blocks(body, n_blocks)
    n_pos, n_neg = left.sum(axis=0).tolist()
    return kept, n_pos, n_neg
