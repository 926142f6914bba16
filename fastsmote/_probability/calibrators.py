"""Calibrators: maps from scores to probabilities. The functions that fit them are in ``fits``."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from fastsmote._core.check import is_number
from fastsmote._core.foreign import refuse_unread
from fastsmote._core.freeze import freeze
from fastsmote._core.public import public
from fastsmote._core.scores import check_lengths, read_column, read_columns
from fastsmote._core.threads import run_ranges
from fastsmote._core.typing import Floats, MatrixLike, VectorLike
from fastsmote._probability.inputs import finite_numbers, read_probability
from fastsmote._probability.logistic import beta_features

_BLOCK = 1 << 16


@public("fastsmote.calibration")
@dataclass(frozen=True)
class PlattCalibrator:
    """p = 1 / (1 + exp(-(slope * score + intercept))), from :func:`fit_platt`.

    ``calibrator(y_score)`` gives probabilities. Calibrators are immutable, may be pickled, and are equal
    where their parameters are.

    Parameters
    ----------
    slope, intercept : float
        Platt's A and B, with the other sign; finite.

    Raises
    ------
    TypeError, ValueError
        A parameter is no number, or not finite.

    See Also
    --------
    fit_platt : Fits it to outcomes.
    TemperatureCalibrator : The slope alone, as its inverse.

    Examples
    --------
    >>> from fastsmote.calibration import PlattCalibrator
    >>> PlattCalibrator(slope=2.0, intercept=-1.0)([0.0, 0.5, 1.0]).round(3)
    array([0.269, 0.5  , 0.731])
    """

    slope: float
    intercept: float

    def __post_init__(self) -> None:
        _check_numbers(self)

    def __call__(self, y_score: VectorLike) -> Floats:
        """Probabilities (n_samples,) of finite scores (n_samples,), which may be none."""
        scores = read_scores(y_score)
        return _expit(lambda lo, hi: self.slope * scores[lo:hi] + self.intercept, len(scores))


@public("fastsmote.calibration")
@dataclass(frozen=True)
class BetaCalibrator:
    """q = 1 / (1 + exp(-(a * log(p) - b * log(1 - p) + c))), from :func:`fit_beta`.

    ``calibrator(y_prob)`` gives probabilities; those in are taken within [eps, 1 - eps] of float64.

    Parameters
    ----------
    a, b, c : float
        Slopes of log(p) and of -log(1 - p), and intercept, finite; 1, 1 and 0 leave probabilities as they
        are.

    Raises
    ------
    TypeError, ValueError
        A parameter is no number, or not finite.

    See Also
    --------
    fit_beta : Fits it to outcomes.
    PlattCalibrator : Of scores on any scale.

    Examples
    --------
    >>> from fastsmote.calibration import BetaCalibrator
    >>> BetaCalibrator(a=0.5, b=1.0, c=0.0)([0.04, 0.64]).round(3)
    array([0.172, 0.69 ])
    """

    a: float
    b: float
    c: float

    def __post_init__(self) -> None:
        _check_numbers(self)

    def __call__(self, y_prob: VectorLike) -> Floats:
        """Calibrated probabilities (n_samples,) of probabilities (n_samples,), which may be none."""
        if _is_empty(y_prob, "y_prob"):
            return np.empty(0)
        p = read_probability(y_prob).astype(np.float64, copy=False)

        def score(lo: int, hi: int) -> Floats:
            up, down = beta_features(p[lo:hi])
            return self.a * up + self.b * down + self.c

        return _expit(score, len(p))


@public("fastsmote.calibration")
@dataclass(frozen=True)
class TemperatureCalibrator:
    """p = 1 / (1 + exp(-logit / temperature)), or softmax(logits / temperature).

    From :func:`fit_temperature`. ``calibrator(logits)`` gives probabilities of the shape of the logits.

    Parameters
    ----------
    temperature : float
        Finite and above 0; above 1, probabilities move towards each other.

    Raises
    ------
    TypeError, ValueError
        temperature is no number, or not as above.

    See Also
    --------
    fit_temperature : Fits it to outcomes.
    PlattCalibrator : With an intercept, of two classes.

    Examples
    --------
    >>> from fastsmote.calibration import TemperatureCalibrator
    >>> TemperatureCalibrator(2.0)([[0.0, 2.0], [0.0, 0.0]]).round(3)
    array([[0.269, 0.731],
           [0.5  , 0.5  ]])
    """

    temperature: float

    def __post_init__(self) -> None:
        _check_numbers(self)
        if self.temperature <= 0:
            raise ValueError(f"temperature must be above 0. Got {self.temperature!r}.")

    def __call__(self, logits: MatrixLike) -> Floats:
        """Probabilities of logits (n_samples,), the positive class, or (n_samples, n_classes).

        There may be no samples.
        """
        from scipy.special import softmax

        if _is_empty(logits, "logits"):
            return np.empty(np.asarray(logits).shape)
        values = finite_numbers(read_columns(logits, "logits"), "logits")
        if values.ndim == 1:
            return _expit(lambda lo, hi: values[lo:hi] / self.temperature, len(values))
        out = np.empty(values.shape)

        def work(lo: int, hi: int) -> None:
            part = values[lo:hi]
            with np.errstate(over="ignore"):
                out[lo:hi] = softmax((part - part.max(axis=1, keepdims=True)) / self.temperature, axis=1)

        run_ranges(work, len(out), _BLOCK)
        return out


@public("fastsmote.calibration")
@dataclass(frozen=True, eq=False)
class IsotonicCalibrator:
    """The piecewise linear, rising map through points, constant beyond both ends, from :func:`fit_isotonic`.

    ``calibrator(y_score)`` gives probabilities.

    Parameters
    ----------
    thresholds : array-like of shape (m,)
        Distinct finite scores, ascending. Kept as a read-only copy.
    values : array-like of shape (m,)
        The probabilities there, none below the one before.

    Raises
    ------
    ValueError
        thresholds or values are not as above.

    See Also
    --------
    fit_isotonic : Fits it to outcomes.
    PlattCalibrator, BetaCalibrator : Smooth maps.

    Examples
    --------
    >>> from fastsmote.calibration import IsotonicCalibrator
    >>> IsotonicCalibrator([1.0, 2.0], [0.1, 0.5])([0.0, 1.5, 9.0])
    array([0.1, 0.3, 0.5])
    """

    thresholds: Floats
    values: Floats

    def __post_init__(self) -> None:
        for name in ("thresholds", "values"):
            object.__setattr__(self, name, freeze(np.array(read_scores(getattr(self, name), name))))
        check_lengths(thresholds=self.thresholds, values=self.values)
        if not len(self.thresholds) or not (self.thresholds[1:] > self.thresholds[:-1]).all():
            raise ValueError(f"thresholds must hold ascending, distinct scores. Got {self.thresholds}.")
        if self.values[0] < 0 or self.values[-1] > 1 or (self.values[1:] < self.values[:-1]).any():
            raise ValueError(f"values must hold ascending probabilities in [0, 1]. Got {self.values}.")

    def __call__(self, y_score: VectorLike) -> Floats:
        """Probabilities (n_samples,) of finite scores (n_samples,), which may be none."""
        scores = read_scores(y_score)
        out = np.empty(len(scores))

        def work(lo: int, hi: int) -> None:
            out[lo:hi] = np.interp(scores[lo:hi], self.thresholds, self.values)

        run_ranges(work, len(out), _BLOCK)
        return out

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, IsotonicCalibrator):
            return NotImplemented
        return np.array_equal(self.thresholds, other.thresholds) and np.array_equal(self.values, other.values)

    def __hash__(self) -> int:
        return hash((self.thresholds.tobytes(), self.values.tobytes()))

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.__post_init__()


def calibrator_of_steps(thresholds: Floats, values: Floats) -> IsotonicCalibrator:
    """A calibrator from what a fit found, which needs no check."""
    calibrator = object.__new__(IsotonicCalibrator)
    object.__setattr__(calibrator, "thresholds", freeze(thresholds))
    object.__setattr__(calibrator, "values", freeze(values))
    return calibrator


def _check_numbers(calibrator: Any) -> None:
    """All fields as finite floats."""
    for field in fields(calibrator):
        value = getattr(calibrator, field.name)
        if not is_number(value):
            raise TypeError(f"{field.name} must be a number. Got {value!r}.")
        if not math.isfinite(value):
            raise ValueError(f"{field.name} must be finite. Got {value!r}.")
        object.__setattr__(calibrator, field.name, float(value))


def _is_empty(values: Any, name: str) -> bool:
    """Whether an array, frame or list has no rows; TypeError for what holds none in memory."""
    refuse_unread(values, name)
    is_array = isinstance(values, list | tuple) or hasattr(values, "__array__")
    return is_array and getattr(values, "shape", None) != () and not len(values)


def read_scores(y_score: Any, name: str = "y_score") -> Floats:
    return np.empty(0) if _is_empty(y_score, name) else finite_numbers(read_column(y_score, name), name)


def _expit(score: Callable[[int, int], Floats], n: int) -> Floats:
    """expit(score(lo, hi)) over all rows, by blocks."""
    from scipy.special import expit

    out = np.empty(n)

    def work(lo: int, hi: int) -> None:
        with np.errstate(over="ignore"):  # an infinite score has a probability too
            expit(score(lo, hi), out=out[lo:hi])

    run_ranges(work, n, _BLOCK)
    return out
