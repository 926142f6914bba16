"""How the parameters of calibrators are found.

Logistic fits are Newton's method with step halving on sums over fixed blocks of rows, so that they do not
depend on the number of threads. Scores are centred and scaled for it, so that neither huge nor nearly equal
ones matter, and the parameters are given for the scores as they came.
"""

import functools
import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from fastsmote._core.rows import BinaryRows
from fastsmote._core.scores import check_scores
from fastsmote._core.threads import run_blocks, run_ranges, split
from fastsmote._kernels.probability import calibration as kernels
from fastsmote._metrics import curves
from fastsmote._metrics.curves import Ranked
from fastsmote._probability.reliability import ClassRows

_BLOCK = 1 << 16
_CLIP = float(np.finfo(np.float64).eps)  # the features of beta calibration are infinite at 0 and 1
_LARGEST = float(np.finfo(np.float64).max)
_RIDGE = 1e-11
_MAX_STEPS = 200
_STRIDE, _ENOUGH = 64, 100  # rows of a sample to start from, and of a class in it: saves 3 of 7 passes
_MANY = 3000  # rows of a sample whose temperature is near: 14 passes become 7
_NEAR = 0.1  # on a logarithmic scale
_LOG_BOUND = 10.0  # a temperature is between exp(-10) and exp(10)


def beta_features(p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """log(p) and -log(1 - p)."""
    p = np.clip(p, _CLIP, 1 - _CLIP)
    return np.log(p), -np.log1p(-p)


def class_weights(rows: BinaryRows) -> tuple[float, float]:
    """Weights of the negatives and of the positives; ValueError unless there are both."""
    if rows.weights is None:
        n_pos = int(np.count_nonzero(rows.codes))
        totals = (float(len(rows.codes) - n_pos), float(n_pos))
    else:
        weights = rows.weights.view(np.float64)
        totals = (float(weights[rows.codes == 0].sum()), float(weights[rows.codes == 1].sum()))
    check_both(*totals)
    return totals


def check_both(neg: float, pos: float) -> None:
    if not neg or not pos:
        raise ValueError(
            "A calibrator needs rows of both classes in y_true, with weight. Got "
            f"{'no positive' if neg else 'no negative'} ones; pass pos_label, or rows of the other class."
        )


class _Logistic(NamedTuple):
    """Cross-entropy of expit(theta . (1, x * scale - shift, v)) with a target per class; v may be None."""

    x: np.ndarray
    v: np.ndarray | None
    rows: BinaryRows
    scale: float
    shift: float
    targets: np.ndarray  # of a negative, of a positive
    ridge: float  # half of it times the squared slopes is added to the loss

    def sums(self, theta: np.ndarray) -> np.ndarray:
        n = len(self.x)
        weights = None if self.rows.weights is None else self.rows.weights.view(np.float64)
        parts = np.empty((split(n, _BLOCK), 10))

        def body(block: int) -> None:
            lo = block * _BLOCK
            kernels.logistic_sums(
                self.x, self.v, self.rows.codes, weights, lo, min(n, lo + _BLOCK), self.scale, self.shift,
                self.targets, theta, parts[block],
            )  # fmt: skip

        run_blocks(body, len(parts))
        return parts.sum(axis=0)

    def at(self, theta: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Loss, gradient and hessian."""
        sums = self.sums(theta)
        used = 2 if self.v is None else 3
        gradient = sums[1:4][:used]
        h = sums[4:]
        hessian = np.array([[h[0], h[1], h[3]], [h[1], h[2], h[4]], [h[3], h[4], h[5]]])[:used, :used]
        slopes = theta[1:used]
        gradient[1:] += self.ridge * slopes
        hessian[range(1, used), range(1, used)] += self.ridge
        return float(sums[0] + 0.5 * self.ridge * slopes @ slopes), gradient, hessian

    def sample(self) -> "_Logistic | None":
        """Every 64th row, None where these are few of a class."""
        rows = BinaryRows(*(None if a is None else a[::_STRIDE].copy() for a in self.rows))  # type: ignore[arg-type]
        counts = np.bincount(rows.codes, minlength=3)[:2]
        if counts.min() < _ENOUGH:
            return None
        v = None if self.v is None else self.v[::_STRIDE].copy()
        return self._replace(x=self.x[::_STRIDE].copy(), v=v, rows=rows)

    def minimise(self, intercept: float) -> np.ndarray:
        """theta (3,), from slopes of 0, or from where a sample of many rows has its least loss."""
        sample = self.sample()
        theta = np.array([intercept, 0.0, 0.0]) if sample is None else sample.minimise(intercept)
        loss, gradient, hessian = self.at(theta)
        for _ in range(_MAX_STEPS):
            step = np.zeros(3)
            step[: len(gradient)] = _solve(hessian, gradient)
            gain = float(gradient @ step[: len(gradient)])
            # half the gain is what the loss can still fall; the last step squares what is left
            if gain <= 1e-12 * loss:
                return theta - step
            size = 1.0
            while True:
                trial = theta - size * step
                new = self.at(trial)
                if new[0] <= loss - 1e-4 * size * gain or size * gain <= 1e-12 * loss:
                    break
                size /= 2
            theta, (loss, gradient, hessian) = trial, new
        return theta


def _solve(hessian: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """Newton's step, scaled to a unit diagonal; a feature that does not vary keeps its parameter."""
    diagonal = hessian.diagonal()
    moving = diagonal > 0
    unit = np.where(moving, 1 / np.sqrt(np.where(moving, diagonal, 1.0)), 0.0)
    scaled = hessian * np.outer(unit, unit)
    scaled[~moving, ~moving] = 1.0
    return unit * np.linalg.lstsq(scaled, gradient * unit, rcond=1e-14)[0]


def _frame(x: np.ndarray) -> tuple[float, float]:
    """A scale, a power of 2, and a shift, by which x * scale - shift is at most 2 and near 0."""
    largest = max(abs(float(x.min())), abs(float(x.max())))
    scale = 2.0 ** -max(int(np.frexp(largest)[1]), -1000)
    return scale, float(np.median(x[:: split(len(x), 1024)])) * scale


def platt(rows: BinaryRows) -> tuple[float, float]:
    """Slope and intercept."""
    neg, pos = class_weights(rows)
    x = rows.bits.view(np.float64)
    scale, shift = _frame(x)
    targets = np.array([1 / (neg + 2), (pos + 1) / (pos + 2)])
    theta = _Logistic(x, None, rows, scale, shift, targets, 0.0).minimise(math.log((pos + 1) / (neg + 1)))
    slope = min(max(float(theta[1]) * scale, -_LARGEST), _LARGEST)  # subnormal scores would make it infinite
    return slope, float(theta[0] - theta[1] * shift)


def beta(rows: BinaryRows) -> tuple[float, float, float]:
    """a, b and c."""
    neg, pos = class_weights(rows)
    p = rows.bits.view(np.float64)
    up, down = np.empty(len(p)), np.empty(len(p))

    def take_logarithms(lo: int, hi: int) -> None:
        up[lo:hi], down[lo:hi] = beta_features(p[lo:hi])

    run_ranges(take_logarithms, len(p), _BLOCK)

    def fit(x: np.ndarray, v: np.ndarray | None) -> list[float]:
        problem = _Logistic(x, v, rows, 1.0, 0.0, np.array([0.0, 1.0]), _RIDGE)
        return problem.minimise(math.log(pos / neg)).tolist()

    c, a, b = fit(up, down)
    if a < 0:
        a = 0.0
        c, b, _ = fit(down, None)
    elif b < 0:
        b = 0.0
        c, a, _ = fit(up, None)
    if min(a, b) < 0:
        return 0.0, 0.0, math.log(pos / neg)
    return a, b, c


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


def temperature(rows: BinaryRows) -> float:
    class_weights(rows)
    logits = rows.bits.view(np.float64)
    weights = None if rows.weights is None else rows.weights.view(np.float64)
    return _temperature((logits, rows.codes, weights), kernels.temperature_slope)


def class_temperature(rows: ClassRows) -> float:
    return _temperature(rows, kernels.class_temperature_slope)


def _temperature(rows: Any, kernel: Callable[..., float]) -> float:
    scale = _frame(rows[0].reshape(-1))[0]

    def slope_of(part: Any) -> Callable[[float], float]:
        return lambda beta: _block_sum(lambda lo, hi: kernel(*part, lo, hi, scale, beta), len(part[0]))

    sample: Any = [None if a is None else a[::_STRIDE].copy() for a in rows]
    many = len(sample[0]) >= _MANY
    return _root(slope_of(rows), _root(slope_of(sample)) if many else None)


def _groups(rows: BinaryRows) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distinct scores, ascending, and the negatives and positives at each: rows, or sums of weights."""
    scores = rows.bits.view(np.float64)
    if rows.weights is None:
        n_pos = int(np.count_nonzero(rows.codes))
        checked = check_scores(scores)
        ranked = Ranked(checked, rows.codes, None, n_pos, len(scores) - n_pos, [])
        fps, tps, thresholds = curves.counts(ranked)
        return thresholds[::-1], np.diff(fps, prepend=0)[::-1], np.diff(tps, prepend=0)[::-1]
    # differences of running sums would lose the digits of light rows, so these are summed by group
    kept = np.flatnonzero(rows.codes != 2)
    kept = kept[np.argsort(scores[kept], kind="stable")]
    scores, positive, weights = scores[kept], rows.codes[kept] == 1, rows.weights.view(np.float64)[kept]
    starts = np.flatnonzero(np.append(True, scores[1:] != scores[:-1]))
    neg, pos = (np.add.reduceat(np.where(one, weights, 0.0), starts) for one in (~positive, positive))
    return scores[starts], neg, pos


def isotonic(rows: BinaryRows) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the steps, ascending, and the values there."""
    from scipy.optimize import isotonic_regression

    class_weights(rows)
    scores, neg, pos = _groups(rows)
    weights = (neg + pos).astype(np.float64)
    blocks = isotonic_regression(pos / weights, weights=weights).blocks
    starts, ends = blocks[:-1], blocks[1:]
    neg, pos = np.add.reduceat(neg, starts), np.add.reduceat(pos, starts)
    values = np.maximum.accumulate(pos / (neg + pos))  # averages that rounding ordered may fall by a digit
    corners = np.column_stack([starts, ends - 1]).reshape(-1)
    kept = np.append(True, corners[1:] != corners[:-1])
    return scores[corners[kept]], np.repeat(values, 2)[kept]
