"""Calibrators: maps from scores to probabilities, and the functions that fit them to outcomes."""

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from numbers import Real
from typing import Any

import numpy as np

from fastsmote._core.public import public
from fastsmote._core.rows import BinaryRows
from fastsmote._core.scores import check_lengths, check_scores, read_column, read_columns
from fastsmote._core.threads import run_ranges
from fastsmote._probability import fitting, reliability
from fastsmote._probability.reliability import one_column, probabilities

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

    def __call__(self, y_score: Any) -> np.ndarray:
        """Probabilities (n_samples,) of finite scores (n_samples,), which may be none."""
        scores = _finite(y_score)
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

    def __call__(self, y_prob: Any) -> np.ndarray:
        """Calibrated probabilities (n_samples,) of probabilities (n_samples,), which may be none."""
        if _is_empty(y_prob):
            return np.empty(0)
        p = one_column(probabilities(y_prob)).astype(np.float64, copy=False)

        def score(lo: int, hi: int) -> np.ndarray:
            up, down = fitting.beta_features(p[lo:hi])
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

    def __call__(self, logits: Any) -> np.ndarray:
        """Probabilities of logits (n_samples,), the positive class, or (n_samples, n_classes).

        There may be no samples.
        """
        from scipy.special import softmax

        if _is_empty(logits):
            return np.empty(np.shape(logits))
        values = _finite_logits(logits)
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

    Examples
    --------
    >>> from fastsmote.calibration import IsotonicCalibrator
    >>> IsotonicCalibrator([1.0, 2.0], [0.1, 0.5])([0.0, 1.5, 9.0])
    array([0.1, 0.3, 0.5])
    """

    thresholds: np.ndarray
    values: np.ndarray

    def __post_init__(self) -> None:
        for name in ("thresholds", "values"):
            array = np.array(_finite(getattr(self, name), name))
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        check_lengths(thresholds=self.thresholds, values=self.values)
        if not len(self.thresholds) or not (self.thresholds[1:] > self.thresholds[:-1]).all():
            raise ValueError(f"thresholds must hold ascending, distinct scores. Got {self.thresholds}.")
        if self.values[0] < 0 or self.values[-1] > 1 or (self.values[1:] < self.values[:-1]).any():
            raise ValueError(f"values must hold ascending probabilities in [0, 1]. Got {self.values}.")

    def __call__(self, y_score: Any) -> np.ndarray:
        """Probabilities (n_samples,) of finite scores (n_samples,), which may be none."""
        scores = _finite(y_score)
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

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update(state)
        self.__post_init__()


def _check_numbers(calibrator: Any) -> None:
    """All fields as finite floats."""
    for field in fields(calibrator):
        value = getattr(calibrator, field.name)
        if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
            raise TypeError(f"{field.name} must be a number. Got {value!r}.")
        if not math.isfinite(value):
            raise ValueError(f"{field.name} must be finite. Got {value!r}.")
        object.__setattr__(calibrator, field.name, float(value))


def _is_empty(values: Any) -> bool:
    """Whether an array, frame or list has no rows."""
    is_array = isinstance(values, list | tuple) or hasattr(values, "__array__")
    return is_array and getattr(values, "shape", None) != () and not len(values)


def _finite(y_score: Any, name: str = "y_score") -> np.ndarray:
    if _is_empty(y_score):
        return np.empty(0)
    values = read_column(y_score, name)
    check_scores(values, name)
    return np.ascontiguousarray(values, np.float64)


def _finite_logits(logits: Any) -> np.ndarray:
    """Logits (n,) or (n, n_classes) as float64."""
    values = read_columns(logits, "logits")
    check_scores(values.reshape(-1), "logits")
    return np.ascontiguousarray(values, np.float64)


def _expit(score: Callable[[int, int], np.ndarray], n: int) -> np.ndarray:
    """expit(score(lo, hi)) over all rows, by blocks."""
    from scipy.special import expit

    out = np.empty(n)

    def work(lo: int, hi: int) -> None:
        with np.errstate(over="ignore"):  # an infinite score has a probability too
            expit(score(lo, hi), out=out[lo:hi])

    run_ranges(work, n, _BLOCK)
    return out


def _score_rows(y_true: Any, y_score: Any, pos_label: Any, sample_weight: Any) -> BinaryRows:
    return reliability.check_rows(
        y_true, read_column(y_score, "y_score"), pos_label, sample_weight, "y_score"
    )


@public("fastsmote.calibration")
def fit_platt(
    y_true: Any, y_score: Any, sample_weight: Any = None, *, pos_label: Any = None
) -> PlattCalibrator:
    """Platt's sigmoid: the logistic regression of the outcome on the score.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        Labels of two classes, or of more with a ``pos_label``, of rows that the model was not fitted to.
    y_score : array-like of shape (n_samples,)
        Finite scores, higher for the positive class; any scale.
    sample_weight : array-like of shape (n_samples,), default=None
        Weights, 0 or from 1e-75 to 1e75.
    pos_label : int, float, bool or str, default=None
        The positive label. None means 1 where labels are within {0, 1} or {-1, 1}.

    Returns
    -------
    PlattCalibrator
        ``calibrator(y_score)`` gives probabilities.

    Raises
    ------
    ValueError
        One class only has weight; lengths differ, or there are no rows; a score is NaN or infinite; labels
        of more than two classes without a pos_label, continuous, mixed or missing; pos_label not given and
        labels outside {0, 1} and {-1, 1}; a weight is negative, infinite, NaN or out of range.
    TypeError
        Labels are bytes; an array is masked.

    Notes
    -----
    Platt (1999), "Probabilistic outputs for support vector machines", with targets
    (n_pos + 1) / (n_pos + 2) and 1 / (n_neg + 2), which keep it finite where the classes are separable;
    minimised by Newton's method (Lin, Lin and Weng 2007, doi:10.1007/s10994-007-5018-6), not L-BFGS: the
    parameters are scikit-learn's as far as its search goes. Scores that are all equal give slope 0.
    O(n) time for each of about 4 to 10 steps, memory 1 byte per row, 8 more where scores are not float64.

    Examples
    --------
    >>> import numpy as np
    >>> from fastsmote.calibration import fit_platt
    >>> rng = np.random.default_rng(0)
    >>> score = rng.normal(size=5000)
    >>> y = rng.random(5000) < 1 / (1 + np.exp(-(2 * score - 1)))
    >>> calibrator = fit_platt(y, score)
    >>> round(calibrator.slope, 1), round(calibrator.intercept, 1)
    (2.0, -1.0)
    >>> calibrator([-1.0, 0.0, 1.0]).round(2)
    array([0.05, 0.27, 0.73])
    """
    return PlattCalibrator(*fitting.platt(_score_rows(y_true, y_score, pos_label, sample_weight)))


@public("fastsmote.calibration")
def fit_isotonic(
    y_true: Any, y_score: Any, sample_weight: Any = None, *, pos_label: Any = None
) -> IsotonicCalibrator:
    """The rising map from score to probability with the least squared error.

    Parameters
    ----------
    y_true, y_score, sample_weight, pos_label
        As for :func:`fit_platt`.

    Returns
    -------
    IsotonicCalibrator
        ``calibrator(y_score)`` gives probabilities: linear between the ends of neighbouring steps, constant
        beyond the scores seen.

    Raises
    ------
    ValueError, TypeError
        As in :func:`fit_platt`.

    Notes
    -----
    Zadrozny and Elkan (2002), doi:10.1145/775047.775151, by scipy.optimize.isotonic_regression. Rows of one
    score are one, with their share of positives. The map is scikit-learn's IsotonicRegression with
    out_of_bounds="clip", but scores that differ at all are told apart, where scikit-learn joins those
    within 1e-15. Its values can be 0 and 1. O(n log n) time for sorting, memory 65 bytes per row.

    Examples
    --------
    >>> from fastsmote.calibration import fit_isotonic
    >>> calibrator = fit_isotonic([0, 1, 0, 1], [1.0, 2.0, 3.0, 4.0])
    >>> calibrator.thresholds, calibrator.values
    (array([1., 2., 3., 4.]), array([0. , 0.5, 0.5, 1. ]))
    >>> calibrator([0.0, 1.5, 2.5, 9.0])
    array([0.  , 0.25, 0.5 , 1.  ])
    """
    return IsotonicCalibrator(*fitting.isotonic(_score_rows(y_true, y_score, pos_label, sample_weight)))


@public("fastsmote.calibration")
def fit_beta(y_true: Any, y_prob: Any, sample_weight: Any = None, *, pos_label: Any = None) -> BetaCalibrator:
    """Beta calibration: a logistic regression on log(p) and -log(1 - p), with slopes of at least 0.

    Parameters
    ----------
    y_true, sample_weight, pos_label
        As for :func:`fit_platt`.
    y_prob : array-like of shape (n_samples,)
        Probabilities of the positive class.

    Returns
    -------
    BetaCalibrator
        ``calibrator(y_prob)`` gives probabilities. Those that are calibrated already have a = b = 1, c = 0.

    Raises
    ------
    ValueError, TypeError
        As in :func:`fit_platt`; ValueError where a probability is outside [0, 1] or NaN.

    Notes
    -----
    Kull, Silva Filho and Flach (2017), "Beta calibration", AISTATS: the map of :class:`BetaCalibrator`. A
    slope below 0 is left out and the other fitted anew; where that is below 0 too, the map is constant. As in
    the authors' program, half of 1e-11 times the squared slopes is added to the loss: it changes nothing but
    where the classes are separable, and there keeps the slopes finite. Probabilities are taken within
    [eps, 1 - eps] of float64. O(n) time for each of about 4 to 10 steps, memory 20 bytes per row.

    Examples
    --------
    >>> import numpy as np
    >>> from fastsmote.calibration import fit_beta
    >>> rng = np.random.default_rng(0)
    >>> p = rng.random(20_000)
    >>> calibrator = fit_beta(rng.random(20_000) < p, p**2)
    >>> calibrator(np.array([0.04, 0.25, 0.81])).round(1)
    array([0.2, 0.5, 0.9])
    """
    p = one_column(probabilities(y_prob))
    return BetaCalibrator(*fitting.beta(reliability.check_rows(y_true, p, pos_label, sample_weight)))


@public("fastsmote.calibration")
def fit_temperature(
    y_true: Any, logits: Any, sample_weight: Any = None, *, pos_label: Any = None, labels: Any = None
) -> TemperatureCalibrator:
    """One number that logits are divided by, for the least log loss.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        Labels, of rows that the model was not fitted to.
    logits : array-like of shape (n_samples,) or (n_samples, n_classes)
        Logits log(p / (1 - p)) of the positive class, or one per class (log(p) will do), columns in sorted
        order of the labels; finite.
    sample_weight : array-like of shape (n_samples,), default=None
        Weights, 0 or from 1e-75 to 1e75.
    pos_label : int, float, bool or str, default=None
        The positive label, with one column. None means 1 where labels are within {0, 1} or {-1, 1}.
    labels : array-like of shape (n_classes,), default=None
        With columns, all labels, sorted, where ``y_true`` lacks some.

    Returns
    -------
    TemperatureCalibrator
        ``calibrator(logits)`` gives probabilities, of the shape of the logits.

    Raises
    ------
    ValueError
        As in :func:`fit_platt`, but one class is enough with one logit per class; labels and columns differ
        in number, a label is missing from ``labels``, or they are not sorted; ``labels`` with one column,
        or ``pos_label`` with several.
    TypeError
        Labels are bytes; an array is masked.

    Notes
    -----
    Guo, Pleiss, Sun and Weinberger (2017), arXiv:1706.04599, equation 9. The loss is convex in
    1 / temperature, and Brent's method finds where its derivative is 0, between exp(-10) and exp(10), as in
    scikit-learn: logits that separate the classes end at the lower bound, useless ones (all 0, say) at the
    upper.
    Scikit-learn takes one column x for the logits (-x, x), and so finds twice this temperature. O(n
    n_classes) time for each of about 8 to 15 steps, memory 9 bytes per row.

    Examples
    --------
    >>> import numpy as np
    >>> from fastsmote.calibration import fit_temperature
    >>> rng = np.random.default_rng(0)
    >>> logits = rng.normal(size=50_000)
    >>> y = rng.random(50_000) < 1 / (1 + np.exp(-logits))
    >>> round(fit_temperature(y, 3 * logits).temperature, 1)
    3.0
    """
    values = read_columns(logits, "logits")
    if values.ndim == 1:
        if labels is not None:
            raise ValueError("labels names the columns of logits. Got one column; pass pos_label instead.")
        rows = reliability.check_rows(y_true, values, pos_label, sample_weight, "logits")
        return TemperatureCalibrator(fitting.temperature(rows))
    if pos_label is not None:
        raise ValueError("pos_label belongs to one column of logits. Got one per class; pass labels instead.")
    values = _finite_logits(values)
    classes = reliability.check_class_rows(y_true, values, labels, sample_weight, "logits")
    return TemperatureCalibrator(fitting.class_temperature(classes))
