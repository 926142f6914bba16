"""Probabilities against outcomes: calibration curves and errors, Brier scores and log losses.

Everything is read off the exact sums of ``sums``: a result is rounded where it leaves as float64, once.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import check_flag, check_integer, check_level, check_word
from fastsmote._core.display import ShownTable, Summary, brief
from fastsmote._core.public import public
from fastsmote._core.typing import Floats, Matrix
from fastsmote._probability.bins import ProbabilityBins, quantile_bins, uniform_bins
from fastsmote._probability.inputs import (
    check_class_probabilities,
    check_outcomes,
    check_two_labels,
    read_probabilities,
    read_probability,
)
from fastsmote._probability.sums import (
    LOSS,
    PROBABILITY,
    UNIT,
    WEIGHT,
    WEIGHT_SQUARED,
    Moments,
    mean_loss,
    sum_class_losses,
    sum_moments,
    sum_row_losses,
    total_loss,
)

_CURVE = ("prob_true", "prob_pred", "low", "high", "counts", "edges")


@public("fastsmote.calibration")
class CalibrationCurve(ShownTable, tuple[Floats, Floats]):
    """How often the outcome occurred where it was given probabilities: one entry per bin that holds rows.

    The tuple ``prob_true, prob_pred = curve``, as of scikit-learn's function, with the rest as attributes.

    Attributes
    ----------
    prob_true : ndarray of shape (m,)
        Share of positives.
    prob_pred : ndarray of shape (m,)
        Mean probability.
    low, high : ndarray of shape (m,)
        Wilson's confidence interval for the share of positives.
    counts : ndarray of shape (m,)
        Rows (int64), or their weight (float64).
    edges : ndarray of shape (m, 2)
        Bins as (left, right]; the first one holds its left edge too.

    See Also
    --------
    calibration_curve : Returns it.
    fastsmote.plot.reliability : Draws it.
    """

    low: Floats
    high: Floats
    counts: NDArray[Any]
    edges: Floats

    def __new__(
        cls,
        prob_true: Floats,
        prob_pred: Floats,
        low: Floats,
        high: Floats,
        counts: NDArray[Any],
        edges: Floats,
    ) -> Self:
        curve = super().__new__(cls, (prob_true, prob_pred))
        curve.low, curve.high, curve.counts, curve.edges = low, high, counts, edges
        return curve

    @property
    def prob_true(self) -> Floats:
        return self[0]

    @property
    def prob_pred(self) -> Floats:
        return self[1]

    def __getnewargs__(self) -> tuple[Any, ...]:
        return self.prob_true, self.prob_pred, self.low, self.high, self.counts, self.edges

    def _summary(self) -> Summary:
        title = f"{len(self.counts)} bins, {brief(self.counts.sum())} rows"
        if not len(self.counts):
            return Summary(title)
        gaps = np.abs(self.prob_true - self.prob_pred)
        error, worst = np.average(gaps, weights=self.counts), gaps.argmax()
        facts = {
            "mean probability": f"{brief(self.prob_pred.min())} to {brief(self.prob_pred.max())}",
            "share of positives": f"{brief(self.prob_true.min())} to {brief(self.prob_true.max())}",
            "expected calibration error": brief(error),
            "largest gap": f"{brief(self.prob_pred[worst])} predicted, {brief(self.prob_true[worst])} true",
        }
        return Summary(title, facts)

    def _contents(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _CURVE}

    def _columns(self) -> dict[str, Any]:
        left, right = self.edges.T
        return {"left": left, "right": right, **{name: getattr(self, name) for name in _CURVE[:-1]}}


@public("fastsmote.calibration")
class BrierDecomposition(NamedTuple):
    """score = reliability - resolution + uncertainty + within_variance - within_covariance.

    Attributes
    ----------
    score : float
        Mean of (p - y)**2.
    reliability : float
        Mean squared distance of mean probability and share of positives, over bins: 0 is best.
    resolution : float
        Variance of the share of positives between bins: more is better.
    uncertainty : float
        Variance of the outcome, which no forecast changes.
    within_variance : float
        Variance of the probabilities within bins.
    within_covariance : float
        Twice the covariance of probabilities and outcomes within bins.

    See Also
    --------
    fastsmote.calibration.brier_decomposition : Returns it.
    """

    score: float
    reliability: float
    resolution: float
    uncertainty: float
    within_variance: float
    within_covariance: float


def _floats(integers: list[int]) -> Floats:
    return np.array([value / UNIT for value in integers], np.float64)


def curve_of(moments: Moments, bins: ProbabilityBins, level: float) -> CalibrationCurve:
    from scipy.special import ndtri

    sums = moments.sums
    both = sums.sum(axis=1)
    kept = np.flatnonzero(both[:, WEIGHT])
    weight, squares = both[kept, WEIGHT].tolist(), both[kept, WEIGHT_SQUARED].tolist()
    share = np.array([k / w for k, w in zip(sums[kept, 1, WEIGHT].tolist(), weight, strict=True)], np.float64)
    p = np.array([s / w for s, w in zip(both[kept, PROBABILITY].tolist(), weight, strict=True)], np.float64)
    rows = np.array([w * w / (q * UNIT) for w, q in zip(weight, squares, strict=True)], np.float64)
    low, high = _wilson(share, rows, ndtri(0.5 + level / 2))
    counts = _floats(weight)
    edges = np.column_stack([bins.edges[:-1], bins.edges[1:]])[kept]
    return CalibrationCurve(
        share, p, low, high, counts if moments.weighted else counts.astype(np.int64), edges
    )


def _wilson(share: Floats, n: Floats, z: float) -> tuple[Floats, Floats]:
    """Wilson's interval: the shares that a normal approximation of n trials does not reject."""
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = np.where(share == 0, 0.0, np.maximum(centre - half, 0.0))
    return low, np.where(share == 1, 1.0, np.minimum(centre + half, 1.0))


def calibration_error(moments: Moments, debiased: bool) -> float:
    """NaN without rows."""
    both = moments.sums.sum(axis=1)
    total = int(both[:, WEIGHT].sum())
    if not total:
        return math.nan
    columns = (both[:, WEIGHT], both[:, WEIGHT_SQUARED], both[:, PROBABILITY], moments.sums[:, 1, WEIGHT])
    cells = [row for row in zip(*(column.tolist() for column in columns), strict=True) if row[0]]
    if not debiased:
        return sum(abs(k - s) for _, _, s, k in cells) / total
    terms = []
    for w, ww, s, k in cells:
        q = ww * UNIT
        # one row leaves the variance unknown; squares of weights are rounded, so its number is near 1
        if w * w - q > q >> 40:
            terms += [(s - k) ** 2 / (w * total), -(k * (w - k) * q) / (w * (w * w - q) * total)]
    return math.fsum(terms)


def decompose(moments: Moments) -> BrierDecomposition:
    """NaN without rows."""
    both = moments.sums.sum(axis=1)
    total, positive = int(both[:, WEIGHT].sum()), int(moments.sums[:, 1, WEIGHT].sum())
    if not total:
        return BrierDecomposition(*[math.nan] * 6)
    reliability, resolution, variance, covariance = [], [], [], []
    for bin_sums, pair in zip(both.tolist(), moments.sums.tolist(), strict=True):
        w, _, s, loss = bin_sums
        if w:
            k, s_pos = pair[1][WEIGHT], pair[1][PROBABILITY]
            reliability.append((s - k) ** 2 / (w * total))
            resolution.append((k * total - positive * w) ** 2 / (w * total**3))
            variance.append(((loss + 2 * s_pos - k) * w - s * s) / (w * total))
            covariance.append(2 * (s_pos * w - k * s) / (w * total))
    return BrierDecomposition(
        int(both[:, LOSS].sum()) / total,
        math.fsum(reliability),
        math.fsum(resolution),
        positive * (total - positive) / total**2,
        math.fsum(variance),
        math.fsum(covariance),
    )


def _read_moments(
    y_true: Any, y_prob: Any, n_bins: Any, strategy: Any, pos_label: Any, sample_weight: Any
) -> tuple[Moments, ProbabilityBins]:
    n_bins = check_integer(n_bins, "n_bins")
    strategy = check_word(strategy, "strategy", ("uniform", "quantile"))
    p = read_probability(y_prob)
    rows = check_outcomes(y_true, p, pos_label, sample_weight)
    if strategy == "uniform":
        bins = uniform_bins(n_bins)
    else:
        weights = None if rows.weights is None else rows.weights.view(np.float64)
        bins = quantile_bins(p, weights, n_bins)
    return sum_moments(rows, bins), bins


def calibration_curve(
    y_true: Any,
    y_prob: Any,
    n_bins: Any,
    strategy: Any,
    pos_label: Any,
    sample_weight: Any,
    confidence_level: Any,
) -> CalibrationCurve:
    level = check_level(confidence_level)
    return curve_of(*_read_moments(y_true, y_prob, n_bins, strategy, pos_label, sample_weight), level)


def expected_calibration_error(
    y_true: Any, y_prob: Any, n_bins: Any, strategy: Any, debiased: Any, pos_label: Any, sample_weight: Any
) -> float:
    debiased = check_flag(debiased, "debiased")
    moments, _ = _read_moments(y_true, y_prob, n_bins, strategy, pos_label, sample_weight)
    return calibration_error(moments, debiased)


def brier_decomposition(
    y_true: Any, y_prob: Any, n_bins: Any, strategy: Any, pos_label: Any, sample_weight: Any
) -> BrierDecomposition:
    moments, _ = _read_moments(y_true, y_prob, n_bins, strategy, pos_label, sample_weight)
    return decompose(moments)


def _given(y_prob: Any, y_proba: Any) -> Matrix:
    """Probabilities by either of their names."""
    if (y_prob is None) == (y_proba is None):
        raise TypeError(
            "y_prob must be given, by this name or as y_proba. Got "
            f"{'neither' if y_prob is None else 'both'}; pass it once."
        )
    return read_probabilities(y_proba if y_prob is None else y_prob)


def _row_losses(
    y_true: Any, p: Matrix, pos_label: Any, labels: Any, sample_weight: Any, eps: float | None
) -> Any:
    """Sums of weights and of log losses of p within [eps, 1 - eps], or of squared errors over all classes."""
    if p.ndim == 1:
        if labels is not None:
            pos_label = check_two_labels(y_true, labels, pos_label)
        return sum_row_losses(check_outcomes(y_true, p, pos_label, sample_weight), eps)
    if pos_label is not None:
        raise ValueError("pos_label belongs to one column of y_prob. Got one per class; pass labels instead.")
    return sum_class_losses(check_class_probabilities(y_true, p, labels, sample_weight), eps)


def brier_score(
    y_true: Any, y_prob: Any, y_proba: Any, pos_label: Any, labels: Any, sample_weight: Any
) -> float:
    p = _given(y_prob, y_proba)
    mean = mean_loss(_row_losses(y_true, p, pos_label, labels, sample_weight, None))
    return mean / 2 if p.shape[1:] == (2,) else mean  # as for one column


def log_loss(
    y_true: Any,
    y_prob: Any,
    y_proba: Any,
    normalize: Any,
    pos_label: Any,
    labels: Any,
    sample_weight: Any,
) -> float:
    normalize = check_flag(normalize, "normalize")
    p = _given(y_prob, y_proba)
    sums = _row_losses(y_true, p, pos_label, labels, sample_weight, float(np.finfo(p.dtype).eps))
    return mean_loss(sums) if normalize else total_loss(sums)
