"""What a bootstrap returns, and the way to it."""

from typing import Any, NamedTuple

import numpy as np

from fastsmote._core.check import check_flag, check_integer, check_level, check_seed, check_word
from fastsmote._core.public import public
from fastsmote._core.threads import thread_count
from fastsmote._core.typing import Progress
from fastsmote._metrics import bootstrap


@public("fastsmote.bootstrap")
class BootstrapResult(NamedTuple):
    """A percentile interval and what it was read from.

    Attributes
    ----------
    estimate : float, or ndarray of shape (n_points,), (n_models,) or (n_models, n_points)
        The metric, or the difference of two, of the data themselves.
    low, high : float, or ndarray of that shape
        Ends of the interval; for each point and model on its own.
    standard_error : float, or ndarray of that shape
        Standard deviation of the replicates.
    replicates : ndarray of shape (n_resamples, ...)
        The metric of each resample.
    """

    estimate: Any
    low: Any
    high: Any
    standard_error: Any
    replicates: np.ndarray


def run_bootstrap(
    y_true: Any,
    models: dict[str, Any],
    metric: Any,
    at: Any,
    n_resamples: int,
    confidence_level: float,
    stratified: bool,
    pos_label: Any,
    random_state: Any,
    n_jobs: int | None,
    progress: Progress | None,
) -> tuple[np.ndarray, np.ndarray, float]:
    """Estimates by model, replicates by resample and model, each of the shape of ``at``; the level."""
    if not callable(metric):
        check_word(metric, "metric", (*bootstrap.CURVES, *bootstrap.MEASURES))
    points = bootstrap.check_at(metric, at)
    n_resamples = check_integer(n_resamples, "n_resamples", minimum=2)
    level = check_level(confidence_level)
    stratified = check_flag(stratified, "stratified")
    thread_count(n_jobs)
    cells = bootstrap.cells_of(y_true, models, metric, points, pos_label, n_jobs)
    drawn = bootstrap.replicates(cells, n_resamples, stratified, check_seed(random_state), n_jobs, progress)
    n_unknown = np.count_nonzero(np.isnan(drawn).any(axis=(1, 2)))
    if n_unknown:
        raise ValueError(
            f"metric must return numbers. Got NaN in {n_unknown} of {n_resamples} resamples; return what "
            "stands for 'not defined' there, such as 0."
        )
    back = np.argsort(np.argsort(points, axis=None, kind="stable"), kind="stable").reshape(points.shape)
    return bootstrap.estimate(cells)[:, back], drawn[:, :, back], level


def make_result(estimate: np.ndarray, replicates: np.ndarray, level: float) -> BootstrapResult:
    tail = (1 - level) / 2
    low, high = np.quantile(replicates, [tail, 1 - tail], axis=0)
    error = replicates.std(axis=0, ddof=1)
    if not estimate.ndim:
        return BootstrapResult(float(estimate), float(low), float(high), float(error), replicates)
    return BootstrapResult(estimate, low, high, error, replicates)
