"""Inductive Venn-Abers prediction: two isotonic fits for each score, in which it is negative and positive.

The fit for a score that counts as positive is the slope of a lower hull: of the points (-1, -1), which is
where the one more row begins, and of the sums of rows and of positives at each calibration score. From one
score to the next one point goes from right of the row to left of it, by (1, 1), so the hull is mended in a
time that is constant on average (Vovk, Petej and Fedorova, 2015, algorithms 1 and 2). The fit for a score
that counts as negative is the same with scores and labels turned round. All sums are whole numbers, compared
exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np

from fastsmote._core.freeze import freeze
from fastsmote._core.public import public
from fastsmote._core.scores import check_lengths, read_column
from fastsmote._core.typing import Floats, Label, VectorLike
from fastsmote._probability.calibrators import read_scores
from fastsmote._probability.inputs import check_outcomes
from fastsmote._probability.isotonic import groups

_Point = tuple[int, int]  # rows, positives


@public("fastsmote.calibration")
@dataclass(frozen=True, eq=False)
class VennAbersCalibrator:
    """Probabilities with intervals, from :func:`fit_venn_abers`.

    ``calibrator(y_score)`` gives probabilities, ``calibrator.interval(y_score)`` the two that they lie
    between. Calibrators are immutable, may be pickled, and are equal where their parameters are.

    Parameters
    ----------
    thresholds : array-like of shape (m,)
        Distinct finite scores, ascending: those of the calibration rows. Kept as a read-only copy.
    low, high : array-like of shape (m,)
        The probabilities there, if the row is negative and if it is positive; none below the one before.

    Raises
    ------
    ValueError
        thresholds, low or high are not as above.

    See Also
    --------
    fit_venn_abers : Fits it to outcomes.
    IsotonicCalibrator : One probability, without an interval.

    Examples
    --------
    >>> from fastsmote.calibration import VennAbersCalibrator
    >>> calibrator = VennAbersCalibrator([1.0, 2.0], [0.25, 0.5], [0.5, 0.75])
    >>> calibrator.interval([1.5, 9.0])
    (array([0.25, 0.5 ]), array([0.75, 1.  ]))
    >>> calibrator([1.5, 9.0]).round(3)
    array([0.5  , 0.667])
    """

    thresholds: Floats
    low: Floats
    high: Floats

    def __post_init__(self) -> None:
        for name in ("thresholds", "low", "high"):
            object.__setattr__(self, name, freeze(np.array(read_scores(getattr(self, name), name))))
        check_lengths(thresholds=self.thresholds, low=self.low, high=self.high)
        if not len(self.thresholds) or not (self.thresholds[1:] > self.thresholds[:-1]).all():
            raise ValueError(f"thresholds must hold ascending, distinct scores. Got {self.thresholds}.")
        for name, values in (("low", self.low), ("high", self.high)):
            if values[0] < 0 or values[-1] > 1 or (values[1:] < values[:-1]).any():
                raise ValueError(f"{name} must hold ascending probabilities in [0, 1]. Got {values}.")
        if (self.low > self.high).any():
            raise ValueError(f"low must be at most high. Got {self.low} and {self.high}.")

    def interval(self, y_score: VectorLike) -> tuple[Floats, Floats]:
        """The probability of each row if it were negative, and if it were positive.

        Parameters
        ----------
        y_score : array-like of shape (n_samples,)
            Finite scores, which may be none.

        Returns
        -------
        low, high : ndarray of shape (n_samples,)
            low is at most high. One of the two is calibrated, whatever the model and the data: which, is
            not known.

        Raises
        ------
        ValueError
            A score is NaN or infinite.
        TypeError
            An array is masked.

        See Also
        --------
        fit_venn_abers : Explains them.

        Notes
        -----
        O(log m) time a row.
        """
        scores = read_scores(y_score)
        before = np.searchsorted(self.thresholds, scores, "right")
        after = np.searchsorted(self.thresholds, scores, "left")
        return np.append(0.0, self.low)[before], np.append(self.high, 1.0)[after]

    def __call__(self, y_score: VectorLike) -> Floats:
        """Probabilities (n_samples,) of finite scores (n_samples,), which may be none."""
        low, high = self.interval(y_score)
        return high / (1 - low + high)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, VennAbersCalibrator):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[bytes, ...]:
        return tuple((values + 0.0).tobytes() for values in (self.thresholds, self.low, self.high))

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.__post_init__()


@public("fastsmote.calibration")
def fit_venn_abers(
    y_true: VectorLike, y_score: VectorLike, *, pos_label: Label | None = None
) -> VennAbersCalibrator:
    """Venn-Abers intervals: what isotonic calibration gives a row as a negative, and as a positive.

    How far the two are apart says how much the calibration rows know about a score.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        Labels of at most two classes, or of more with a ``pos_label``, of rows that the model was not fitted
        to.
    y_score : array-like of shape (n_samples,)
        Finite scores, higher for the positive class; any scale.
    pos_label : int, float, bool or str, default=None
        The positive label. None means 1 where labels are within {0, 1} or {-1, 1}.

    Returns
    -------
    VennAbersCalibrator
        ``calibrator.interval(y_score)`` gives both probabilities p0 and p1, ``calibrator(y_score)`` the one
        between that loses least at worst by log loss, p1 / (1 - p0 + p1).

    Raises
    ------
    ValueError
        Lengths differ, or there are no rows; a score is NaN or infinite; labels of more than two classes
        without a pos_label, continuous, mixed or missing; pos_label not given and labels outside {0, 1} and
        {-1, 1}.
    TypeError
        Labels are bytes; an array is masked.

    See Also
    --------
    VennAbersCalibrator : What it returns.
    fit_isotonic : One probability, of the calibration rows alone.
    fastsmote.priors.correct_prior : Where only the share of positives is off.

    Notes
    -----
    For a score s, p0 and p1 are the values at s of the isotonic regressions of the calibration rows and one
    more, (s, 0) and (s, 1). If rows are exchangeable, the one with the true label is calibrated exactly. No
    sample weights: a row more has weight 1.

    All counts are whole numbers, so the fits are exact, each rounded once. O(n log n) time, some
    microseconds for each distinct score, and 300 bytes for each while it fits. References: Vovk and Petej
    (2014), "Venn-Abers predictors", UAI; Vovk, Petej and Fedorova (2015), "Large-scale probabilistic
    predictors with and without guarantees of validity", NIPS, algorithms 1 to 4.

    Examples
    --------
    >>> from fastsmote.calibration import fit_venn_abers
    >>> calibrator = fit_venn_abers([0, 0, 1, 0, 1, 1], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    >>> low, high = calibrator.interval([0.15, 0.35, 0.7])
    >>> low.round(3), high.round(3)
    (array([0.   , 0.333, 0.667]), array([0.5  , 0.667, 1.   ]))
    """
    rows = check_outcomes(y_true, read_column(y_score, "y_score"), pos_label, None, "y_score")
    scores, neg, pos = groups(rows)
    high = _with_one_more(neg.tolist(), pos.tolist())
    low = _with_one_more(pos.tolist()[::-1], neg.tolist()[::-1])[::-1]
    return VennAbersCalibrator(
        scores,
        np.array([(rows - hits) / rows for hits, rows in low]),
        np.array([hits / rows for hits, rows in high]),
    )


def _with_one_more(neg: list[int], pos: list[int]) -> list[_Point]:
    """For each score the fit where one more positive row has it, as positives and rows of its block."""
    n_rows = accumulate(n + p for n, p in zip(neg, pos, strict=True))
    sums: list[_Point] = list(zip(n_rows, accumulate(pos), strict=True))
    hull: list[_Point] = []  # from right to left
    for point in (*reversed(sums), (-1, -1)):
        _push(hull, point)
    fits = []
    for rows, hits in sums:
        (x, y), (right, above) = hull[-1], hull[-2]
        fits.append((above - y, right - x))
        moved = rows - 1, hits - 1
        is_below = (moved[1] - y) * (right - x) < (above - y) * (moved[0] - x)
        if is_below and len(fits) < len(sums):
            hull.pop()
            _push(hull, moved)
    return fits


def _push(hull: list[_Point], point: _Point) -> None:
    """A point left of a lower hull, without the points that it hides."""
    x, y = point
    while len(hull) > 1:
        (a, b), (c, d) = hull[-1], hull[-2]
        if (b - y) * (c - a) < (d - b) * (a - x):
            break
        hull.pop()
    hull.append(point)
