"""Differences to the data as they are, their intervals, and which of them count as better or worse.

**Intervals.** For each metric, the differences of all methods to "none" of the same estimator are taken on
the same resamples of the rows. With the standard error s of each over the resamples, c is the 95 % quantile
of the largest abs(difference of the resample - difference) / s of any method, and all intervals are
difference +- c s: they hold together with 95 %, whatever the methods have in common (max-t intervals; Romano
and Wolf, 2005, doi:10.1198/016214504000000539).

**Better.** These intervals are about the models that were fitted: they take the rows that were tested for a
sample, and the rows that were trained on as given. A model that drew luckily is better on all rows to come,
and its method is not. So two things are asked for: the interval lies on one side of 0, and the differences of
single folds, as so many draws of training and test rows, do so too, in a t test that counts the rows that
folds share (Nadeau and Bengio, 2003, doi:10.1023/A:1024068626366): with d the mean and v the variance of the
differences of k folds, abs(d) > t sqrt(v (1 / k + n_test / n_train)), t the 97.5 % quantile of k - 1 degrees
of freedom.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from fastsmote._core.typing import Floats, RowIds

LEVEL = 0.95
_ROUNDED = 1e-6  # of a metric: resamples are summed in float32


class Differences(NamedTuple):
    """Of each metric and method to "none" of its estimator: arrays (n_metrics, n_methods)."""

    difference: Floats
    low: Floats
    high: Floats
    verdict: NDArray[np.int64]  # 1 better, -1 worse, 0 neither


def differences(
    found: Floats, drawn: Floats, by_fold: Floats, base: RowIds, higher: NDArray[np.bool_]
) -> Differences:
    """Intervals of all differences.

    Parameters
    ----------
    found : (n_metrics, n_methods)
        The metrics of all rows.
    drawn : (n_resamples, n_metrics, n_methods)
        Those of resamples.
    by_fold : (n_folds, n_metrics, n_methods)
        Those of single folds.
    base : (n_methods,)
        The method that each is compared with; itself for "none".
    higher : (n_metrics,)
        Whether more is better.
    """
    difference = found - found[:, base]
    deviation = drawn - drawn[:, :, base] - difference
    error = deviation.std(axis=0, ddof=1)
    error[error <= _ROUNDED * np.abs(found)] = 0.0
    relative = np.divide(np.abs(deviation), error, out=np.zeros_like(deviation), where=error > 0)
    reach = np.quantile(relative.max(axis=2), LEVEL, axis=0)[:, np.newaxis] * error
    low, high = difference - reach, difference + reach
    apart = np.where(error > 0, np.where(low > 0, 1, np.where(high < 0, -1, 0)), 0)
    seen = np.where(_holds_over_folds(by_fold - by_fold[:, :, base]), apart, 0)
    return Differences(difference, low, high, np.where(higher[:, np.newaxis], seen, -seen))


def _holds_over_folds(by_fold: Floats) -> NDArray[np.bool_]:
    """Whether the differences of folds (n_folds, ...) are beyond what other training rows would change."""
    k = len(by_fold)
    error = by_fold.std(axis=0, ddof=1) * np.sqrt(1 / k + 1 / (k - 1))
    return np.abs(by_fold.mean(axis=0)) > student.ppf((1 + LEVEL) / 2, k - 1) * error
