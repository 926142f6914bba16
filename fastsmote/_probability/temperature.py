"""The temperature with the least log loss: where its derivative by the inverse temperature is 0."""

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from fastsmote._core.freeze import all_frozen
from fastsmote._core.rows import BinaryRows
from fastsmote._core.scores import read_columns
from fastsmote._core.threads import run_blocks, split
from fastsmote._kernels.probability import calibration as kernels
from fastsmote._probability.inputs import check_class_rows, check_outcomes, class_totals, finite_numbers
from fastsmote._probability.logistic import scaling

_BLOCK = 1 << 16
_STRIDE = 64  # every 64th row is in a sample to start from
_MANY = 3000  # rows of a sample whose temperature is near: 14 passes become 7
_NEAR = 0.1  # on a logarithmic scale
_LOG_BOUND = 10.0  # a temperature is between exp(-10) and exp(10)


def _root(slope: Callable[[float], float], guess: float | None = None) -> float:
    """Temperature at which the derivative of the loss by its inverse, which rises, is 0; within bounds."""
    from scipy.optimize import brentq

    @functools.cache
    def at(log_beta: float) -> float:
        return slope(math.exp(log_beta))

    ends = -_LOG_BOUND, _LOG_BOUND
    if guess is not None:
        near = max(-math.log(guess) - _NEAR, ends[0]), min(-math.log(guess) + _NEAR, ends[1])
        if at(near[0]) < 0 < at(near[1]):
            ends = near
    # where the loss is flat, certain logits slope down near 0 (at 0, infinite differences make NaN), useless
    # ones do not
    if at(ends[1]) <= 0 and slope(math.ulp(0.0)) < 0:
        return math.exp(-ends[1])
    if at(ends[0]) >= 0:
        return math.exp(-ends[0])
    return math.exp(-brentq(at, *ends, xtol=1e-14))


def _block_sum(part: Callable[[int, int], float], n: int) -> float:
    sums = np.empty(split(n, _BLOCK))

    def body(block: int) -> None:
        sums[block] = part(block * _BLOCK, min(n, (block + 1) * _BLOCK))

    run_blocks(body, len(sums))
    return float(sums.sum())


def fit(y_true: Any, logits: Any, sample_weight: Any, pos_label: Any, labels: Any) -> float:
    values = read_columns(logits, "logits")
    if values.ndim == 1:
        if labels is not None:
            raise ValueError("labels names the columns of logits. Got one column; pass pos_label instead.")
        return _fit_rows(check_outcomes(y_true, values, pos_label, sample_weight, "logits"))
    if pos_label is not None:
        raise ValueError("pos_label belongs to one column of logits. Got one per class; pass labels instead.")
    values = finite_numbers(values, "logits")
    rows = check_class_rows(y_true, values, labels, sample_weight, "logits")
    return _minimise(rows, kernels.class_temperature_slope)


def _fit_rows(rows: BinaryRows) -> float:
    class_totals(rows)
    logits = rows.bits.view(np.float64)
    weights = None if rows.weights is None else rows.weights.view(np.float64)
    return _minimise((logits, rows.codes, weights), kernels.temperature_slope)


def _minimise(rows: Any, kernel: Callable[..., float]) -> float:
    scale = scaling(rows[0].reshape(-1))[0]

    def slope_of(part: Any) -> Callable[[float], float]:
        arrays = all_frozen(*part)
        return lambda beta: _block_sum(lambda lo, hi: kernel(*arrays, lo, hi, scale, beta), len(part[0]))

    sample: Any = [None if a is None else a[::_STRIDE].copy() for a in rows]
    many = len(sample[0]) >= _MANY
    return _root(slope_of(rows), _root(slope_of(sample)) if many else None)
