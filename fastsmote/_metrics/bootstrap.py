"""Percentile intervals of the bootstrap: settings checked, replicates drawn, quantiles taken."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from fastsmote._core.check import check_flag, check_integer, check_level, check_seed
from fastsmote._core.display import ShownTable, Summary, brief, briefly
from fastsmote._core.public import public
from fastsmote._core.scores import read_column, read_models
from fastsmote._core.threads import thread_count
from fastsmote._core.typing import Progress
from fastsmote._metrics.resamples import check_at, estimate, prepare_draws, read_metric, replicates


class _BootstrapFields(NamedTuple):
    """The fields of a :class:`BootstrapResult`."""

    estimate: Any
    low: Any
    high: Any
    standard_error: Any
    replicates: np.ndarray


@public("fastsmote.bootstrap")
class BootstrapResult(ShownTable, _BootstrapFields):
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

    See Also
    --------
    bootstrap_interval : The interval of one model.
    bootstrap_difference : The interval of the difference of two.
    """

    __slots__ = ()

    def _summary(self) -> Summary:
        n = f"({len(self.replicates):,} resamples)"
        if not np.ndim(self.estimate):
            text = f"{brief(self.estimate)}, from {brief(self.low)} to {brief(self.high)} {n}"
            return Summary(text, briefly(standard_error=self.standard_error))
        columns = self._columns()
        names = [name for name in ("model", "point", "entry") if name in columns]
        facts = {
            " ".join(
                f"{name} {columns[name][i]}" for name in names
            ): f"{brief(columns['estimate'][i])}, from "
            f"{brief(columns['low'][i])} to {brief(columns['high'][i])}"
            for i in range(np.size(self.estimate))
        }
        return Summary(f"{np.size(self.estimate):,} estimates {n}", facts)

    def _columns(self) -> dict[str, Any]:
        shape = np.shape(self.estimate)
        places = np.unravel_index(np.arange(np.size(self.estimate)), shape) if shape else ()
        names = ("model", "point") if len(shape) > 1 else ("entry",) * len(shape)
        numbers = ("estimate", "low", "high", "standard_error")
        values = {name: np.ravel(getattr(self, name)) for name in numbers}
        return {**dict(zip(names, places, strict=True)), **values}


class Settings(NamedTuple):
    """How to resample, as the user gave it."""

    metric: Any
    at: Any
    n_resamples: int
    confidence_level: float
    stratified: bool
    pos_label: Any
    random_state: Any
    n_jobs: int | None
    progress: Progress | None


def interval(y_true: Any, y_score: Any, settings: Settings) -> BootstrapResult:
    """Of one model or several."""
    models = read_models(y_score)
    found, drawn, level = _replicate(y_true, models, settings)
    return _summary(found[0], drawn[:, 0], level) if len(models) == 1 else _summary(found, drawn, level)


def difference(y_true: Any, y_score: Any, other_score: Any, settings: Settings) -> BootstrapResult:
    """Of one model less another."""
    given = {"y_score": y_score, "other_score": other_score}
    models = {name: read_column(values, name) for name, values in given.items()}
    found, drawn, level = _replicate(y_true, models, settings)
    return _summary(found[0] - found[1], drawn[:, 0] - drawn[:, 1], level)


def _replicate(
    y_true: Any, models: dict[str, np.ndarray], settings: Settings
) -> tuple[np.ndarray, np.ndarray, float]:
    """Estimates by model, replicates by resample and model, each of the shape of ``at``; the level."""
    metric, at, n_resamples, level, stratified, pos_label, random_state, n_jobs, progress = settings
    reader = read_metric(metric)
    points = check_at(metric, at)
    n_resamples = check_integer(n_resamples, "n_resamples", minimum=2)
    level = check_level(level)
    stratified = check_flag(stratified, "stratified")
    thread_count(n_jobs)
    draws = prepare_draws(y_true, models, reader, points, pos_label, n_jobs)
    drawn = replicates(draws, n_resamples, stratified, check_seed(random_state), n_jobs, progress)
    n_unknown = np.count_nonzero(np.isnan(drawn).any(axis=(1, 2)))
    if n_unknown:
        raise ValueError(
            f"metric must return numbers. Got NaN in {n_unknown} of {n_resamples} resamples; return what "
            "stands for 'not defined' there, such as 0."
        )
    back = np.argsort(np.argsort(points, axis=None, kind="stable"), kind="stable").reshape(points.shape)
    return estimate(draws)[:, back], drawn[:, :, back], level


def _summary(found: np.ndarray, drawn: np.ndarray, level: float) -> BootstrapResult:
    tail = (1 - level) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    error = drawn.std(axis=0, ddof=1)
    if not found.ndim:
        return BootstrapResult(float(found), float(low), float(high), float(error), drawn)
    return BootstrapResult(found, low, high, error, drawn)
