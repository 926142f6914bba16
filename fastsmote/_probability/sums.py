"""Exact sums of probabilities and losses.

Of each bin and class four sums are kept: of w, w * w, w * p and w * (p - y)**2, where w is the weight of a
row (1 without weights), p its probability and y its outcome. Each term is rounded to float64; the sums are
integers in units of 2**-1088, Python's where they leave a kernel. So they depend neither on the order of
rows nor on chunks, threads or merging, and a result is rounded where it leaves as float64.
"""

import math
import threading
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.rows import BinaryRows
from fastsmote._core.threads import run_blocks, split
from fastsmote._core.typing import Floats
from fastsmote._kernels.metrics.stream import LAYER_BITS
from fastsmote._kernels.probability import calibration as kernels
from fastsmote._probability.bins import ProbabilityBins
from fastsmote._probability.inputs import ClassRows

UNIT = 1 << (LAYER_BITS * kernels.ONES)  # the sum of a single weight of 1
N_MOMENTS = kernels.N_MOMENTS
# of weights, their squares, times probabilities, times losses
WEIGHT, WEIGHT_SQUARED, PROBABILITY, LOSS = range(N_MOMENTS)
_BLOCK = 1 << 17  # rows summed in one call
_LOSSES = 1 << 14  # losses computed before they are summed: 128 KiB, which stays in L2
_CARRY_EVERY = 1 << 30  # rows: each adds less than 2**32 to an int64
_LEAST = UNIT // 10**75  # the sum of a single weight of 1e-75
_MOST_ROWS = 1 << 64
_LARGEST_LOSS = 37  # -log(eps) of float64
WIDTH = 4 * kernels.N_LAYERS  # bytes that hold any of the sums

_Layers: TypeAlias = NDArray[np.int64]  # (..., N_LAYERS) of sums


def _integers(layers: _Layers) -> NDArray[Any]:
    """Sums in units of 2**-1088 from their layers (the last axis)."""
    total = np.zeros(layers.shape[:-1], object)
    for layer in np.flatnonzero(layers.reshape(-1, layers.shape[-1]).any(axis=0)):
        total += layers[..., layer].astype(object) << int(LAYER_BITS * layer)
    return total


def _sum_blocks(n: int, size: int, shape: tuple[int, ...], add: Callable[[int, int, _Layers], None]) -> Any:
    """``add(lo, hi, table)`` over ranges of ``size``, each into layers of its own, added exactly."""
    total = np.zeros(shape, object)
    lock = threading.Lock()
    for first in range(0, n, _CARRY_EVERY):
        stop = min(n, first + _CARRY_EVERY)
        table = np.zeros((*shape, kernels.N_LAYERS), np.int64)

        def body(block: int, first: int = first, stop: int = stop, table: _Layers = table) -> None:
            part = np.zeros_like(table)
            lo = first + block * size
            add(lo, min(stop, lo + size), part)
            with lock:
                np.add(table, part, out=table)

        run_blocks(body, split(stop - first, size))
        total += _integers(table)
    return total


class Moments(NamedTuple):
    """Sums by bin, class and moment, in units of 2**-1088."""

    sums: Any  # (n_bins, 2, 4) object
    weighted: bool

    def plus(self, other: "Moments") -> "Moments":
        return Moments(self.sums + other.sums, self.weighted or other.weighted)


def no_moments(n_bins: int) -> Moments:
    return Moments(np.zeros((n_bins, 2, N_MOMENTS), object), False)


def sum_moments(rows: BinaryRows, bins: ProbabilityBins) -> Moments:
    """O(n) time, 450 bytes per bin, class and moment for each thread."""
    n_bins = len(bins.edges) - 1
    p = rows.bits.view(np.float64)
    weights = None if rows.weights is None else rows.weights.view(np.float64)

    def add(lo: int, hi: int, table: _Layers) -> None:
        kernels.add_moments(p, rows.codes, weights, lo, hi, *bins[1:], kernels.new_scratch(), table)
        if weights is None:
            table[:, :, WEIGHT_SQUARED] = table[:, :, WEIGHT]

    shape = (n_bins, 2, N_MOMENTS)
    return Moments(_sum_blocks(len(p), max(_BLOCK, 64 * n_bins), shape, add), weights is not None)


def _sum_losses(fill: Callable[[int, Floats], None], n: int, weights: Floats | None) -> Any:
    """Sums of w and of w * loss (2,); ``fill(lo, out)`` computes the losses of rows from ``lo`` on."""

    def add(lo: int, hi: int, table: _Layers) -> None:
        room = np.empty(_LOSSES)
        for start in range(lo, hi, _LOSSES):
            part = room[: min(_LOSSES, hi - start)]
            fill(start, part)
            kernels.add_losses(part, weights, start, table)

    return _sum_blocks(n, _BLOCK, (2,), add)


def sum_row_losses(rows: BinaryRows, eps: float | None) -> Any:
    """Sums of weights and of losses of rows: squared errors, or log losses of p within [eps, 1 - eps]."""
    p = rows.bits.view(np.float64)
    weights = None if rows.weights is None else rows.weights.view(np.float64)

    def fill(lo: int, out: Floats) -> None:
        if eps is None:
            kernels.squared_losses(p, rows.codes, lo, out)
        else:
            kernels.log_losses(p, rows.codes, lo, eps, out)

    return _sum_losses(fill, len(p), weights)


def sum_class_losses(rows: ClassRows, eps: float | None) -> Any:
    """As ``sum_row_losses``, of one probability per class."""

    def fill(lo: int, out: Floats) -> None:
        if eps is None:
            kernels.class_squared_losses(rows.values, rows.codes, lo, out)
        else:
            kernels.class_log_losses(rows.values, rows.codes, lo, eps, out)

    return _sum_losses(fill, len(rows.codes), rows.weights)


def mean_loss(sums: Any) -> float:
    """The mean loss from sums of weights and of losses, correctly rounded; NaN without weight."""
    weight, loss = sums
    return loss / weight if weight else math.nan


def total_loss(sums: Any) -> float:
    """The sum of losses, times weights, correctly rounded."""
    return int(sums[1]) / UNIT


def are_consistent(moments: Moments, losses: Any, edges: Floats) -> bool:
    """Whether rows can have these sums, so that no result divides by 0: of what was read, never of counts.

    Terms are rounded to float64, so sums of the same rows agree but for one part in 2**40.
    """
    total = 0
    for pair, low, high in zip(moments.sums.tolist(), edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        for outcome, sums in enumerate(pair):
            total += sums[WEIGHT]
            if any(sums) and not _are_of_rows(sums, outcome, low, high, moments.weighted):
                return False
    weight, loss = losses.tolist()
    return bool(weight == total and 0 <= loss <= _LARGEST_LOSS * weight)


def _are_of_rows(sums: list[int], outcome: int, low: float, high: float, weighted: bool) -> bool:
    """Whether sums of one class in a bin may be those of rows."""
    w, ww, p, loss = sums
    if weighted:
        squared, several = w * w, ww * UNIT
        few = several - (several >> 40) <= squared
        are_weights = w >= _LEAST - (_LEAST >> 40) and few and squared <= several * _MOST_ROWS
    else:
        are_weights = w > 0 and w == ww and w % UNIT == 0 and w <= UNIT * _MOST_ROWS
    slack = w >> 40
    least, most = (int(edge * 2.0**52) * w >> 52 for edge in (low, high))
    off = w - p if outcome else p  # of which loss is the square, row by row
    are_losses = loss <= off + slack and off * off <= (loss + slack) * w
    return bool(are_weights and are_losses and least - slack <= p <= most + slack)
