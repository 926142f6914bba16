"""Labels, scores or probabilities, and weights of the same rows: read once, checked once, handed down.

``read_rows`` looks at what the user gave and makes arrays; everything below takes the record and looks at no
container again. ``check_binary_rows`` is its sibling for chunks of streams, whose scores and weights become
the bits of float64.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.foreign import refuse_unread
from fastsmote._core.freeze import freeze
from fastsmote._core.scores import (
    check_binary,
    check_lengths,
    check_scores,
    infer_pos_label,
    positives,
    read_column,
    read_columns,
)
from fastsmote._core.weights import check_weights, finite_weights

_LEAST_WEIGHT, _LARGEST_WEIGHT = 1e-75, 1e75


class ScoredRows(NamedTuple):
    """What the user gave as arrays of one length. Labels and scores are not checked yet, weights are."""

    y_true: NDArray[Any]  # (n,) or (n, n_labels)
    y_score: NDArray[Any]  # (n,) or (n, n_columns)
    weights: NDArray[np.float64] | None


class BinaryRows(NamedTuple):
    """Rows of a chunk as kernels of streams read them."""

    bits: NDArray[np.int64]  # (n,) of float64 scores
    codes: NDArray[np.uint8]  # (n,) 1 positive, 0 negative, 2 left out for its zero weight
    weights: NDArray[np.int64] | None  # (n,) bits of float64 weights


def read_rows(y_true: Any, y_score: Any, sample_weight: Any, *, one_column: bool) -> ScoredRows:
    """Labels and scores, of one column each or of several."""
    read = read_column if one_column else read_columns
    labels, scores = read(y_true, "y_true"), read(y_score, "y_score")
    weights = check_weights(sample_weight)
    check_lengths(y_true=labels, y_score=scores, sample_weight=weights)
    return ScoredRows(labels, scores, weights)


def check_binary_rows(y_true: Any, y_score: Any, pos_label: Any, sample_weight: Any) -> BinaryRows | None:
    """Rows of a chunk, None without any."""
    if are_empty(y_true=y_true, y_score=y_score, sample_weight=sample_weight):
        return None
    labels, scores = read_column(y_true, "y_true"), read_column(y_score, "y_score")
    weights = None if sample_weight is None else read_column(sample_weight, "sample_weight")
    check_lengths(y_true=labels, y_score=scores, sample_weight=weights)
    return encode_rows(labels, scores, pos_label, weights)


def are_empty(**given: Any) -> bool:
    """Whether all that is not None has no rows; TypeError for what holds none in memory."""
    for name, values in given.items():
        refuse_unread(values, name)
    return all(hasattr(a, "__len__") and not len(a) for a in given.values() if a is not None)


def encode_rows(
    y_true: NDArray[Any],
    y_score: NDArray[Any],
    pos_label: Any,
    weights: NDArray[Any] | None,
    *,
    known_finite: bool = False,
) -> BinaryRows:
    """Columns of one length, that were read before, as the bits that kernels read.

    Floats that were found to be finite before are not looked at again.
    """
    labels = check_binary(y_true, pos_label)
    if known_finite:
        bits = freeze(np.ascontiguousarray(y_score, np.float64).view(np.int64))
    else:
        bits = bits_of(y_score, "y_score")
    codes, _ = positives(labels, infer_pos_label(labels.classes, pos_label))
    if weights is None:
        return BinaryRows(bits, codes, None)
    weights = check_range(finite_weights(weights))
    return BinaryRows(bits, np.where(weights == 0, np.uint8(2), codes), weights.view(np.int64))


def check_range(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights whose products with other numbers are exact sums' terms: neither tiny nor huge."""
    wrong = (weights != 0) & ~((weights >= _LEAST_WEIGHT) & (weights <= _LARGEST_WEIGHT))
    if wrong.any():
        raise ValueError(
            f"sample_weight must hold zeros and numbers from {_LEAST_WEIGHT} to {_LARGEST_WEIGHT}. Got "
            f"{weights[wrong][0]}; drop these rows, or scale all weights alike."
        )
    return weights


def bits_of(scores: NDArray[Any], name: str) -> NDArray[np.int64]:
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
