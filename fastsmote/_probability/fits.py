"""The functions that fit calibrators to outcomes."""

from __future__ import annotations

from typing import Any

from fastsmote._core.public import public
from fastsmote._core.rows import BinaryRows
from fastsmote._core.scores import read_column
from fastsmote._core.typing import Label, MatrixLike, VectorLike
from fastsmote._probability import isotonic, logistic, temperature
from fastsmote._probability.calibrators import (
    BetaCalibrator,
    IsotonicCalibrator,
    PlattCalibrator,
    TemperatureCalibrator,
    calibrator_of_steps,
)
from fastsmote._probability.inputs import check_outcomes, read_probability


def _score_rows(y_true: Any, y_score: Any, pos_label: Any, sample_weight: Any) -> BinaryRows:
    return check_outcomes(y_true, read_column(y_score, "y_score"), pos_label, sample_weight, "y_score")


@public("fastsmote.calibration")
def fit_platt(
    y_true: VectorLike,
    y_score: VectorLike,
    sample_weight: VectorLike | None = None,
    *,
    pos_label: Label | None = None,
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

    See Also
    --------
    PlattCalibrator : What it returns.
    fit_isotonic : Fits any rising map; takes 1,000 rows and more.
    fit_beta : For probabilities.
    fastsmote.priors.correct_prior : Needs no fit, where only the share of positives is off.

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
    return PlattCalibrator(*logistic.platt(_score_rows(y_true, y_score, pos_label, sample_weight)))


@public("fastsmote.calibration")
def fit_isotonic(
    y_true: VectorLike,
    y_score: VectorLike,
    sample_weight: VectorLike | None = None,
    *,
    pos_label: Label | None = None,
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

    See Also
    --------
    IsotonicCalibrator : What it returns.
    fit_platt, fit_beta : Smooth maps of two or three parameters, for fewer rows.

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
    return calibrator_of_steps(*isotonic.steps(_score_rows(y_true, y_score, pos_label, sample_weight)))


@public("fastsmote.calibration")
def fit_beta(
    y_true: VectorLike,
    y_prob: VectorLike,
    sample_weight: VectorLike | None = None,
    *,
    pos_label: Label | None = None,
) -> BetaCalibrator:
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

    See Also
    --------
    BetaCalibrator : What it returns.
    fit_platt : For scores of any scale.
    fit_isotonic : Fits any rising map.

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
    p = read_probability(y_prob)
    return BetaCalibrator(*logistic.beta(check_outcomes(y_true, p, pos_label, sample_weight)))


@public("fastsmote.calibration")
def fit_temperature(
    y_true: VectorLike,
    logits: MatrixLike,
    sample_weight: VectorLike | None = None,
    *,
    pos_label: Label | None = None,
    labels: VectorLike | None = None,
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

    See Also
    --------
    TemperatureCalibrator : What it returns.
    fit_platt : Moves scores too, of two classes.
    log_loss : What it minimises.

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
    return TemperatureCalibrator(temperature.fit(y_true, logits, sample_weight, pos_label, labels))
