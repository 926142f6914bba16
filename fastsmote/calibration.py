"""Probabilities against outcomes: curves and scores of calibration, and maps that calibrate scores.

Resampling changes the share of positives that a model has seen, and its probabilities with it. The scores
here show by how much, on rows that were not resampled; the calibrators repair it there. Where only the share
of positives is off, the prior correction needs no fit.

The sums under curves and scores are exact, so results do not depend on the order of rows, on chunks or on
threads; those of :class:`StreamingCalibration` have the same bits.
"""

from __future__ import annotations

from typing import Literal

from fastsmote._core.public import in_memory
from fastsmote._core.typing import Label, MatrixLike, VectorLike
from fastsmote._probability import reliability
from fastsmote._probability.calibrators import (
    BetaCalibrator,
    IsotonicCalibrator,
    PlattCalibrator,
    TemperatureCalibrator,
)
from fastsmote._probability.fits import fit_beta, fit_isotonic, fit_platt, fit_temperature
from fastsmote._probability.reliability import BrierDecomposition, CalibrationCurve
from fastsmote._probability.stream import StreamingCalibration
from fastsmote._probability.venn_abers import VennAbersCalibrator, fit_venn_abers

__all__ = [
    "BetaCalibrator",
    "BrierDecomposition",
    "CalibrationCurve",
    "IsotonicCalibrator",
    "PlattCalibrator",
    "StreamingCalibration",
    "TemperatureCalibrator",
    "VennAbersCalibrator",
    "brier_decomposition",
    "brier_score",
    "calibration_curve",
    "expected_calibration_error",
    "fit_beta",
    "fit_isotonic",
    "fit_platt",
    "fit_temperature",
    "fit_venn_abers",
    "log_loss",
]


@in_memory
def calibration_curve(
    y_true: VectorLike,
    y_prob: VectorLike,
    *,
    n_bins: int = 10,
    strategy: Literal["uniform", "quantile"] = "uniform",
    pos_label: Label | None = None,
    sample_weight: VectorLike | None = None,
    confidence_level: float = 0.95,
) -> CalibrationCurve:
    """Share of positives against mean probability, by bins of the probability.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        Labels of at most two classes, or of more with a ``pos_label``.
    y_prob : array-like of shape (n_samples,)
        Probabilities of the positive class.
    n_bins : int, default=10
        Number of bins (scikit-learn's default is 5); those without rows are left out.
    strategy : {"uniform", "quantile"}, default="uniform"
        Bins of equal width, or with equal numbers of rows (NumPy's percentiles). With weights, quantile bins
        end at the first probability up to which their share of the weight lies.
    pos_label : int, float, bool or str, default=None
        The positive label. None means 1 where labels are within {0, 1} or {-1, 1}.
    sample_weight : array-like of shape (n_samples,), default=None
        Weights, 0 or from 1e-75 to 1e75.
    confidence_level : float in (0, 1), default=0.95
        Of the intervals for the shares of positives.

    Returns
    -------
    CalibrationCurve
        The tuple ``prob_true, prob_pred``, as scikit-learn's, with ``low``, ``high``, ``counts``, ``edges``.

    Raises
    ------
    ValueError
        A probability is outside [0, 1] or NaN; lengths differ, or there are no rows; labels of more than two
        classes without a pos_label, continuous, mixed or missing; pos_label none of two or more labels, or
        not given and labels outside {0, 1} and {-1, 1}; a weight is negative, infinite or NaN, or all are 0;
        unknown strategy; n_bins below 1; confidence_level is not between 0 and 1.
    TypeError
        n_bins is no integer; labels are bytes; an array is masked.

    See Also
    --------
    expected_calibration_error : The curve's distance from the diagonal as one number.
    brier_decomposition : Its distance, and how much bins tell apart.
    StreamingCalibration : The same in chunks, with the same bits.
    fastsmote.plot.reliability : The curve as a picture.

    Notes
    -----
    Bins are open on the left: a probability on an edge counts below it. One class only is no error.
    Intervals are Wilson's, doi:10.1080/01621459.1927.10502953, the shares p with
    (share - p)**2 <= z**2 p (1 - p) / n. They stay within [0, 1], exist without positives, and cover the
    truth as often as stated on average, where those of Clopper and Pearson always cover it more often
    (Brown, Cai and DasGupta 2001, doi:10.1214/ss/1009213286). With weights, n is (sum w)**2 / sum w**2.

    O(n) time (O(n log n) for quantiles with weights). Memory 1 byte per row, 8 more where ``y_prob`` is not
    float64, and about 15 more for quantiles (75 with weights).

    Examples
    --------
    >>> from fastsmote.calibration import calibration_curve
    >>> y_true, y_prob = [0, 0, 0, 0, 1, 1, 1, 1, 1], [0.1, 0.2, 0.3, 0.4, 0.65, 0.7, 0.8, 0.9, 1.0]
    >>> curve = calibration_curve(y_true, y_prob, n_bins=3)
    >>> curve.prob_true, curve.prob_pred.round(3), curve.counts
    (array([0. , 0.5, 1. ]), array([0.2  , 0.525, 0.85 ]), array([3, 2, 4]))
    >>> curve.low.round(3), curve.high.round(3)
    (array([0.   , 0.095, 0.51 ]), array([0.561, 0.905, 1.   ]))
    """
    return reliability.calibration_curve(
        y_true, y_prob, n_bins, strategy, pos_label, sample_weight, confidence_level
    )


@in_memory
def expected_calibration_error(
    y_true: VectorLike,
    y_prob: VectorLike,
    *,
    n_bins: int = 10,
    strategy: Literal["uniform", "quantile"] = "uniform",
    debiased: bool = False,
    pos_label: Label | None = None,
    sample_weight: VectorLike | None = None,
) -> float:
    """Mean distance of mean probability and share of positives over bins, or its debiased square.

    Parameters
    ----------
    y_true, y_prob, n_bins, strategy, pos_label, sample_weight
        As for :func:`calibration_curve`.
    debiased : bool, default=False
        False: the mean of abs(share of positives - mean probability), weighted by the rows of a bin. Chance
        alone makes it positive, the more so the smaller the bins. True: an estimate of the mean *squared*
        distance that chance leaves alone; it may be negative.

    Returns
    -------
    float

    Raises
    ------
    ValueError, TypeError
        As in :func:`calibration_curve`; TypeError where debiased is no bool.

    See Also
    --------
    calibration_curve : What it sums up, bin by bin.
    brier_score : A score without bins.

    Notes
    -----
    With share y_b, mean probability p_b and n_b of n rows in bin b: sum n_b / n abs(y_b - p_b) (Naeini,
    Cooper and Hauskrecht 2015, doi:10.1609/aaai.v29i1.9602), and debiased, sum n_b / n ((y_b - p_b)**2 -
    y_b (1 - y_b) / (n_b - 1)) (Kumar, Liang and Ma 2019, arXiv:1909.10155). A bin of a single
    row counts as 0 in the latter. With weights, the n_b in n_b - 1 is (sum w)**2 / sum w**2, which keeps it
    unbiased. Time and memory are those of :func:`calibration_curve`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastsmote.calibration import expected_calibration_error
    >>> rng = np.random.default_rng(0)
    >>> p = rng.random(1000)
    >>> y = rng.random(1000) < p
    >>> round(expected_calibration_error(y, p), 4), round(expected_calibration_error(y, p**2), 4)
    (0.0309, 0.1748)
    >>> round(expected_calibration_error(y, p, debiased=True), 4)
    -0.0005
    """
    return reliability.expected_calibration_error(
        y_true, y_prob, n_bins, strategy, debiased, pos_label, sample_weight
    )


@in_memory
def brier_decomposition(
    y_true: VectorLike,
    y_prob: VectorLike,
    *,
    n_bins: int = 10,
    strategy: Literal["uniform", "quantile"] = "uniform",
    pos_label: Label | None = None,
    sample_weight: VectorLike | None = None,
) -> BrierDecomposition:
    """The Brier score as reliability, resolution and uncertainty, with what bins hide.

    Parameters
    ----------
    y_true, y_prob, n_bins, strategy, pos_label, sample_weight
        As for :func:`calibration_curve`.

    Returns
    -------
    BrierDecomposition

    Raises
    ------
    ValueError, TypeError
        As in :func:`calibration_curve`.

    See Also
    --------
    brier_score : The score alone, of several classes too.
    calibration_curve : Share of positives and mean probability of each bin.

    Notes
    -----
    Murphy (1973), doi:10.1175/1520-0450(1973)012<0595:ANVPOT>2.0.CO;2, decomposes forecasts of a few values;
    the two terms within bins are those of Stephenson, Coelho and Jolliffe (2008),
    doi:10.1175/2007WAF2006116.1. Each number is rounded once per bin, so that the sum holds to
    about 1e-16. Time and memory are those of :func:`calibration_curve`.

    Examples
    --------
    >>> from fastsmote.calibration import brier_decomposition
    >>> parts = brier_decomposition([0, 0, 1, 0, 1, 1], [0.1, 0.1, 0.1, 0.8, 0.8, 0.8])
    >>> round(parts.score, 4), round(parts.reliability, 4), round(parts.resolution, 4), parts.uncertainty
    (0.2583, 0.0361, 0.0278, 0.25)
    """
    return reliability.brier_decomposition(y_true, y_prob, n_bins, strategy, pos_label, sample_weight)


@in_memory
def brier_score(
    y_true: VectorLike,
    y_prob: MatrixLike | None = None,
    *,
    pos_label: Label | None = None,
    labels: VectorLike | None = None,
    sample_weight: VectorLike | None = None,
    y_proba: MatrixLike | None = None,
) -> float:
    """Mean squared distance of probabilities and outcomes, 0 at best.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        Labels.
    y_prob : array-like of shape (n_samples,) or (n_samples, n_classes)
        Probabilities of the positive class, or of each class, columns in sorted order of the labels.
    pos_label : int, float, bool or str, default=None
        The positive label, with one column. None means 1 where labels are within {0, 1} or {-1, 1}.
    labels : array-like of shape (n_classes,), default=None
        All labels, where ``y_true`` lacks some; columns are in their sorted order, whatever order they have
        here. With one column two labels, the greater positive unless ``pos_label`` says otherwise.
    sample_weight : array-like of shape (n_samples,), default=None
        Weights, 0 or from 1e-75 to 1e75.
    y_proba : array-like, default=None
        Scikit-learn's name of ``y_prob``.

    Returns
    -------
    float
        The mean of (p - y)**2, up to 1; with three classes and more its sum over classes, up to 2. These
        are scikit-learn's values.

    Raises
    ------
    ValueError
        As in :func:`calibration_curve`; labels and columns differ in number; a label is missing from
        ``labels``; ``labels`` that are not two with one column; ``pos_label`` with several.
    TypeError
        Labels are bytes; an array is masked; both or none of y_prob and y_proba are given.

    Warns
    -----
    UserWarning
        The probabilities of a row do not add up to 1; ``labels`` are not sorted, and columns may be mixed up.

    See Also
    --------
    brier_decomposition : Its parts, by bins.
    log_loss : Punishes certain and wrong probabilities more.

    Notes
    -----
    Brier (1950), doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2. One class only is no error. O(n
    n_classes) time; memory 1 byte per row, 24 with several columns.

    Examples
    --------
    >>> from fastsmote.calibration import brier_score
    >>> round(brier_score([0, 1, 1, 0], [0.1, 0.9, 0.8, 0.3]), 4)
    0.0375
    >>> p = [[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.2, 0.2, 0.6]]
    >>> round(brier_score(["a", "b", "c"], p), 4)
    0.1467
    """
    return reliability.brier_score(y_true, y_prob, y_proba, pos_label, labels, sample_weight)


@in_memory
def log_loss(
    y_true: VectorLike,
    y_prob: MatrixLike | None = None,
    *,
    normalize: bool = True,
    pos_label: Label | None = None,
    labels: VectorLike | None = None,
    sample_weight: VectorLike | None = None,
    y_proba: MatrixLike | None = None,
) -> float:
    """Mean of minus the logarithm of the probability of what occurred.

    Parameters
    ----------
    y_true, y_prob, pos_label, labels, sample_weight, y_proba
        As for :func:`brier_score`.
    normalize : bool, default=True
        False returns the sum over rows, times their weights, in place of the mean.

    Returns
    -------
    float
        Scikit-learn's value: probabilities are taken within [eps, 1 - eps] of float64, or of float32 where
        ``y_prob`` is float32 or narrower.

    Raises
    ------
    ValueError, TypeError
        As in :func:`brier_score`.

    Warns
    -----
    UserWarning
        The probabilities of a row do not add up to 1; ``labels`` are not sorted, and columns may be mixed up.

    See Also
    --------
    brier_score : Punishes certain and wrong probabilities less.
    fastsmote.losses.weighted_cross_entropy : The same with weights of classes.
    fit_temperature : The map of logits with the least log loss.

    Notes
    -----
    Natural logarithm, Good (1952), doi:10.1111/j.2517-6161.1952.tb00104.x. One class only is no error. O(n
    n_classes) time; memory 1 byte per row, 24 with several columns.

    Examples
    --------
    >>> from fastsmote.calibration import log_loss
    >>> round(log_loss([0, 1, 1, 0], [0.1, 0.9, 0.8, 0.35]), 6)
    0.216162
    """
    return reliability.log_loss(y_true, y_prob, y_proba, normalize, pos_label, labels, sample_weight)
