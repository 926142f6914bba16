"""Binary labels, scores or probabilities, and weights of many rows, read block by block."""

from typing import Any, NamedTuple

import numpy as np

from fastsmote._core.scores import (
    check_binary,
    check_finite,
    check_lengths,
    check_scores,
    infer_pos_label,
    positives,
    read_column,
)

_LEAST_WEIGHT, _LARGEST_WEIGHT = 1e-75, 1e75


class BinaryRows(NamedTuple):
    bits: np.ndarray  # (n,) int64, of float64 scores
    codes: np.ndarray  # (n,) uint8: 1 positive, 0 negative, 2 left out for its zero weight
    weights: np.ndarray | None  # (n,) int64, of float64 weights


def check_binary_rows(y_true: Any, y_score: Any, pos_label: Any, sample_weight: Any) -> BinaryRows | None:
    """Rows of a chunk, None without any."""
    given = (y_true, y_score) if sample_weight is None else (y_true, y_score, sample_weight)
    if all(hasattr(a, "__len__") and not len(a) for a in given):
        return None
    y_true, y_score = read_column(y_true, "y_true"), read_column(y_score, "y_score")
    weights = None if sample_weight is None else read_column(sample_weight, "sample_weight")
    check_lengths(y_true=y_true, y_score=y_score, sample_weight=weights)
    labels = check_binary(y_true, pos_label)
    bits = bits_of(y_score, "y_score")
    codes, _ = positives(labels, infer_pos_label(labels.classes, pos_label))
    if weights is None:
        return BinaryRows(bits, codes, None)
    if weights.dtype.kind not in "biuf":
        raise ValueError(f"sample_weight must hold real numbers. Got {weights.dtype}.")
    weights = np.ascontiguousarray(weights, np.float64)
    check_finite(weights, "sample_weight")
    wrong = (weights != 0) & ~((weights >= _LEAST_WEIGHT) & (weights <= _LARGEST_WEIGHT))
    if wrong.any():
        raise ValueError(
            f"sample_weight must hold zeros and numbers from {_LEAST_WEIGHT} to {_LARGEST_WEIGHT}. Got "
            f"{weights[wrong][0]}; drop these rows, or scale all weights alike."
        )
    codes[weights == 0] = 2
    return BinaryRows(bits, codes, weights.view(np.int64))


def bits_of(scores: np.ndarray, name: str) -> np.ndarray:
    """Bits of finite scores as float64, int64."""
    kind = scores.dtype.kind
    if kind in "iu" and scores.dtype.itemsize == 8:
        least, most = int(scores.min()), int(scores.max())
        if least < -(2**53) or most > 2**53:
            raise ValueError(
                f"{name} must hold integers from -2**53 to 2**53, which are exact in float64. "
                f"Got {least if least < -(2**53) else most}; shift or scale the scores."
            )
    if kind in "biuf" and scores.dtype.itemsize <= 8:
        scores = np.ascontiguousarray(scores, np.float64)
    return check_scores(scores, name).bits
