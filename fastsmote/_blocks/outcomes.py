"""Labels, scores and weights in blocks: which label is positive is decided once, by the labels of all rows.

Blocks of scores are ``Block(Columns(scores, weights), labels, first, name)``.
"""

import operator
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._blocks.block import Block, ClassCounts, codes_of, count, counted_from, merged
from fastsmote._blocks.passes import Passes
from fastsmote._core.rows import ScoredRows
from fastsmote._core.scores import (
    check_binary,
    check_lengths,
    check_occurs,
    infer_pos_label,
    positives,
    read_column,
    two_classes,
)
from fastsmote._core.typing import Mask


class Columns(NamedTuple):
    """What a row has beside its label; None where nothing was given."""

    scores: Any
    weights: Any


class Outcomes(NamedTuple):
    """The labels of all rows, and which of them are positive."""

    known: ClassCounts
    positive: Mask  # (n_classes,)


def known_classes(passes: Passes, name: str) -> ClassCounts:
    """One pass: the labels that there are, and how many rows have each."""
    return require_rows(passes.found(count, merged), name)


def require_rows(known: ClassCounts | None, name: str) -> ClassCounts:
    """The classes of all rows, one at least."""
    if known is None:
        raise ValueError(f"Found empty input: {name} must have a minimum of 1 sample. Got 0.")
    return known


def outcomes(passes: Passes, pos_label: Any) -> Outcomes:
    """One pass: ``pos_label`` among the labels, or what it is where it was not given."""
    return outcomes_of(known_classes(passes, "y_true"), pos_label)


def outcomes_of(known: ClassCounts, pos_label: Any) -> Outcomes:
    """The same of labels that are counted."""
    labels = check_binary(known.classes, pos_label)
    pos_label = infer_pos_label(labels.classes, pos_label)
    codes, n_pos = positives(labels, pos_label)
    if not n_pos:
        check_occurs(known.classes, pos_label)
    return Outcomes(known, codes.astype(bool))


def greatest_positive(passes: Passes) -> Outcomes:
    """One pass: the greater of two labels is positive."""
    known = known_classes(passes, "y_true")
    classes = _two_classes(known, "roc_auc_score")
    return Outcomes(known, np.asarray(known.classes == max(classes), bool))


def outcomes_of_two(passes: Passes, pos_label: Any) -> Outcomes:
    """One pass: those of two labels, for an area that is averaged over the classes where there are more."""
    known = known_classes(passes, "y_true")
    _two_classes(known, "average_precision_score")
    return outcomes_of(known, pos_label)


def _two_classes(known: ClassCounts, function: str) -> list[Any]:
    """The labels; ValueError where they are of more classes than two."""
    found = two_classes(known.classes)
    if found is None:
        raise ValueError(
            f"y_true must have two classes in data that are not in memory. Got {len(known.classes)} labels; "
            "pass whether a row has one of them, such as y_true == 1, or compute the arrays and call "
            f"fastsmote.{function}."
        )
    return found.classes


def rows_of(block: Block, of: Outcomes, name: str = "y_score") -> ScoredRows | None:
    """Whether each row of a block is positive, its score, and its weight as it came; None without rows."""
    scores, weights = block.features
    with counted_from(block.first):
        check_lengths(y_true=block.labels, **{name: scores}, sample_weight=weights)
        if len(block.labels) == 0:
            return None
        scores = read_column(scores, name)
        weights = None if weights is None else read_column(weights, "sample_weight")
    return ScoredRows(of.positive[codes_of(block, of.known)], scores, weights)


def gathered(passes: Passes, of: Outcomes) -> ScoredRows:
    """One pass: all rows in one place, for what depends on the order in which numbers are added."""
    parts = passes.found(partial(_some_rows, of), operator.add)
    labels, scores = (np.concatenate([part[i] for part in parts]) for i in range(2))
    weights: list[NDArray[Any]] = [part.weights for part in parts if part.weights is not None]
    return ScoredRows(labels, scores, np.concatenate(weights) if weights else None)


def _some_rows(of: Outcomes, block: Block) -> tuple[ScoredRows, ...]:
    rows = rows_of(block, of)
    return () if rows is None else (rows,)
