"""The logistic fits behind Platt's and the beta calibrator.

They are Newton's method with step halving on sums over fixed blocks of rows, so that they do not depend
on the number of threads. Scores are centred and scaled for it, so that neither huge nor nearly equal
ones matter, and the parameters are given for the scores as they came.
"""

import math
from typing import NamedTuple

import numpy as np

from fastsmote._core.freeze import all_frozen
from fastsmote._core.rows import BinaryRows
from fastsmote._core.threads import run_blocks, run_ranges, split
from fastsmote._core.typing import Floats
from fastsmote._kernels.probability import calibration as kernels
from fastsmote._probability.inputs import class_totals

_BLOCK = 1 << 16
_CLIP = float(np.finfo(np.float64).eps)  # the features of beta calibration are infinite at 0 and 1
_LARGEST = float(np.finfo(np.float64).max)
_RIDGE = 1e-11
_MAX_STEPS = 200
_STRIDE, _ENOUGH = 64, 100  # rows of a sample to start from, and of a class in it: saves 3 of 7 passes


def beta_features(p: Floats) -> tuple[Floats, Floats]:
    """log(p) and -log(1 - p)."""
    p = np.clip(p, _CLIP, 1 - _CLIP)
    return np.log(p), -np.log1p(-p)


class _Logistic(NamedTuple):
    """Cross-entropy of expit(theta . (1, x * scale - shift, v)) with a target per class; v may be None."""

    x: Floats
    v: Floats | None
    rows: BinaryRows
    scale: float
    shift: float
    targets: Floats  # of a negative, of a positive
    ridge: float  # half of it times the squared slopes is added to the loss

    def sums(self, theta: Floats) -> Floats:
        n = len(self.x)
        weights = None if self.rows.weights is None else self.rows.weights.view(np.float64)
        arrays = all_frozen(self.x, self.v, self.rows.codes, weights)
        fit = kernels.Fit(self.scale, self.shift, self.targets)
        parts = np.empty((split(n, _BLOCK), 10))

        def body(block: int) -> None:
            lo = block * _BLOCK
            kernels.logistic_sums(*arrays, fit, theta, parts[block], lo, min(n, lo + _BLOCK))

        run_blocks(body, len(parts))
        return parts.sum(axis=0)

    def at(self, theta: Floats) -> tuple[float, Floats, Floats]:
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

    def minimise(self, intercept: float) -> Floats:
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


def _solve(hessian: Floats, gradient: Floats) -> Floats:
    """Newton's step, scaled to a unit diagonal; a feature that does not vary keeps its parameter."""
    diagonal = hessian.diagonal()
    moving = diagonal > 0
    unit = np.where(moving, 1 / np.sqrt(np.where(moving, diagonal, 1.0)), 0.0)
    scaled = hessian * np.outer(unit, unit)
    scaled[~moving, ~moving] = 1.0
    return unit * np.linalg.lstsq(scaled, gradient * unit, rcond=1e-14)[0]


def scaling(x: Floats) -> tuple[float, float]:
    """A scale, a power of 2, and a shift, by which x * scale - shift is at most 2 and near 0."""
    largest = max(abs(float(x.min())), abs(float(x.max())))
    scale = 2.0 ** -max(int(np.frexp(largest)[1]), -1000)
    return scale, float(np.median(x[:: split(len(x), 1024)])) * scale


def platt(rows: BinaryRows) -> tuple[float, float]:
    """Slope and intercept."""
    neg, pos = class_totals(rows)
    x = rows.bits.view(np.float64)
    scale, shift = scaling(x)
    targets = np.array([1 / (neg + 2), (pos + 1) / (pos + 2)])
    theta = _Logistic(x, None, rows, scale, shift, targets, 0.0).minimise(math.log((pos + 1) / (neg + 1)))
    slope = min(max(float(theta[1]) * scale, -_LARGEST), _LARGEST)  # subnormal scores would make it infinite
    return slope, float(theta[0] - theta[1] * shift)


def beta(rows: BinaryRows) -> tuple[float, float, float]:
    """a, b and c."""
    neg, pos = class_totals(rows)
    p = rows.bits.view(np.float64)
    up, down = np.empty(len(p)), np.empty(len(p))

    def take_logarithms(lo: int, hi: int) -> None:
        up[lo:hi], down[lo:hi] = beta_features(p[lo:hi])

    run_ranges(take_logarithms, len(p), _BLOCK)

    def fit(x: Floats, v: Floats | None) -> list[float]:
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
