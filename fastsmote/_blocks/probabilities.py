"""Probabilities in blocks: calibration, priors of rows without labels, and weights of classes.

Sums of calibration are exact, and merge in any order. Those of a prior are rounded within cells of 131,072
rows, counted from the first row of the table, and added up cell by cell: a block gives the sums of the
cells that lie in it, and the rows of those that it shares with its neighbours. Without weights class weights
are read off counts; with weights, whose sums are rounded row by row, labels and weights come together.
"""

import math
import operator
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._blocks.block import Block, ClassCounts, codes_of, counted_from
from fastsmote._blocks.outcomes import Outcomes, known_classes, outcomes, rows_of
from fastsmote._blocks.passes import Passes, both
from fastsmote._core.freeze import freeze
from fastsmote._core.labels import Labels
from fastsmote._core.scores import check_lengths, read_column
from fastsmote._core.typing import Floats, Matrix
from fastsmote._core.weights import check_weight, some_weight
from fastsmote._probability.prior_inputs import read_p
from fastsmote._probability.prior_search import (
    ROWS,
    PriorEstimate,
    PriorRequest,
    Sums,
    cell_sums,
    read_request,
    search,
)
from fastsmote._probability.priors import run_checked
from fastsmote._probability.reliability import BrierDecomposition, CalibrationCurve
from fastsmote._probability.stream import StreamingCalibration
from fastsmote._sampling.reweight import weights_of_classes

__all__ = [
    "BrierDecomposition",
    "CalibrationCurve",
    "PriorEstimate",
    "StreamingCalibration",
    "estimate_prior",
    "find_calibration",
    "find_class_weights",
    "read_request",
    "with_weight",
]


def find_calibration(passes: Passes, pos_label: Any, n_bins: Any) -> StreamingCalibration:
    """Two passes: the labels, and a stream that has met all rows."""
    of = outcomes(passes, pos_label)
    return passes.improved(partial(_calibration, of, pos_label, n_bins), both)


def _calibration(
    of: Outcomes, pos_label: Any, n_bins: Any, block: Block, so_far: StreamingCalibration | None
) -> StreamingCalibration:
    stream = StreamingCalibration(n_bins=n_bins, pos_label=pos_label) if so_far is None else so_far
    rows = rows_of(block, of, "y_prob")
    if rows is None:
        return stream
    with counted_from(block.first):
        return stream.update(block.labels, rows.y_score, rows.weights)


def with_weight(stream: StreamingCalibration) -> StreamingCalibration:
    """A stream of rows; ValueError where none of them has weight."""
    if math.isnan(stream.brier_score()):
        some_weight(np.zeros(1))
    return stream


class Cells(NamedTuple):
    """Sums of the cells that lie in a run of rows, and the other rows of the run."""

    head: tuple[Matrix, ...]  # rows before the first cell begins, or all where none begins or ends here
    sums: tuple[Sums, ...] | None  # None where no cell begins or ends here
    tail: tuple[Matrix, ...]  # rows of a cell that ends later


def estimate_prior(passes: Passes, request: PriorRequest) -> PriorEstimate:
    """As many passes as the search takes, and one before them, which checks the rows.

    Blocks have p where others have labels.
    """
    n = passes.found(_check_rows, operator.add)
    if not n:
        raise ValueError("Found empty input: p must have a minimum of 1 sample. Got 0.")
    return search(partial(_look, passes, request.train), n, request)


def _check_rows(block: Block) -> int:
    if len(block.labels):
        with counted_from(block.first):
            run_checked(read_p(block.labels), None, None)
    return len(block.labels)


def _look(passes: Passes, train: Floats, prior: Floats) -> Sums:
    cells = passes.found(partial(_cells, train, prior), partial(_one_after_other, train, prior))
    return np.stack([*(cells.sums or ()), *_summed(train, prior, cells.tail)])


def _cells(train: Floats, prior: Floats, block: Block) -> Cells:
    n, start = len(block.labels), -block.first % ROWS
    parts: list[tuple[Matrix, ...]] = [()]
    if n:
        p = read_p(block.labels)
        ends = [*range(start, n, ROWS), n]
        parts = [(p[lo:hi],) if lo < hi else () for lo, hi in pairwise([0, *ends])]
    if start > n:
        return Cells(parts[0], None, ())
    head, *parts = parts
    is_whole = (n - start) % ROWS == 0
    tail = () if is_whole or not parts else parts.pop()
    sums = [cell for part in parts for cell in _summed(train, prior, part)]
    return Cells(head, tuple(sums), tail)


def _summed(train: Floats, prior: Floats, parts: tuple[Matrix, ...]) -> tuple[Sums, ...]:
    """The sums of a cell from its rows, in order; nothing without rows."""
    return (cell_sums(freeze(np.concatenate(parts)), train, prior),) if parts else ()


def _one_after_other(train: Floats, prior: Floats, one: Cells, other: Cells) -> Cells:
    if one.sums is None:
        return Cells(one.head + other.head, other.sums, other.tail)
    if other.sums is None:
        return Cells(one.head, one.sums, one.tail + other.head)
    between = _summed(train, prior, one.tail + other.head)
    return Cells(one.head, one.sums + between + other.sums, other.tail)


def find_class_weights(passes: Passes, scheme: Any, beta: Any, has_weights: bool) -> dict[Any, float]:
    """One pass: the counts; with weights another one, which brings these and the labels."""
    known = known_classes(passes, "y")
    if not has_weights:
        return weights_of_classes(known.labels, scheme, beta, None)
    parts = passes.found(partial(_weighted, known), operator.add)
    codes, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
    labels = Labels(codes.astype(np.int64), known.classes, known.counts)
    return weights_of_classes(labels, scheme, beta, check_weight(weights, len(codes)))


def _weighted(known: ClassCounts, block: Block) -> tuple[tuple[NDArray[Any], NDArray[Any]], ...]:
    weights = block.features.weights
    with counted_from(block.first):
        check_lengths(y=block.labels, sample_weight=weights)
        if len(block.labels) == 0:
            return ()
        weights = read_column(weights, "sample_weight")
    return ((codes_of(block, known).astype(np.min_scalar_type(len(known.classes))), weights),)
