"""Bootstrap intervals of ranking scores and curves, and of the difference of two models.

A resample is n rows drawn from n with replacement (multinomial, Efron's bootstrap). It is never formed: a
metric depends only on how often each class is drawn between neighbouring thresholds that matter, and these
sums are drawn from their exact joint distribution. Two models are compared on the same resamples.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

from numpy.typing import ArrayLike

from fastsmote._core.public import one_call
from fastsmote._core.typing import Label, MatrixLike, Progress, RandomState, VectorLike
from fastsmote._metrics import bootstrap
from fastsmote._metrics.bootstrap import BootstrapResult, Settings
from fastsmote._metrics.sweep import Sweep

__all__ = ["BootstrapResult", "bootstrap_difference", "bootstrap_interval"]

Metric: TypeAlias = (
    Literal[
        "average_precision",
        "roc_auc",
        "precision",
        "recall",
        "specificity",
        "fpr",
        "f1",
        "matthews_corrcoef",
        "mcc",
        "balanced_accuracy",
        "geometric_mean",
        "youden",
        "precision_at_recall",
        "recall_at_fpr",
    ]
    | Callable[[Sweep], ArrayLike]
)


@one_call
def bootstrap_interval(
    y_true: VectorLike,
    y_score: MatrixLike | VectorLike,
    *,
    metric: Metric = "average_precision",
    at: ArrayLike | None = None,
    n_resamples: int = 1000,
    confidence_level: float = 0.95,
    stratified: bool = False,
    pos_label: Label | None = None,
    random_state: RandomState = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> BootstrapResult:
    """Percentile bootstrap interval of a score, or of points of a curve, for one model or several.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        Labels of two classes, rows of both; of more with a ``pos_label``, that class against the rest.
    y_score : array-like of shape (n_samples,) or (n_samples, n_models)
        Finite scores, a column per model; a higher score means "more likely positive". All models are taken
        on the same resamples, so replicates of two may be subtracted.
    metric : str or callable, default="average_precision"
        "average_precision" and "roc_auc": one number, as by the functions of these names.
        "precision", "recall", "specificity", "fpr", "f1", "matthews_corrcoef" (or "mcc"),
        "balanced_accuracy", "geometric_mean", "youden": at each threshold of ``at``, where
        ``score >= threshold`` is positive.
        "precision_at_recall": the highest precision at a recall of at least each value of ``at``.
        "recall_at_fpr": the highest recall at a false positive rate of at most each value of ``at``.
        Or a function of the :class:`fastsmote.Sweep` of a resample: with ``at`` the Sweep has these
        thresholds and the function returns one number for each; without, it begins with an infinite
        threshold, at which no row is positive, has an entry just above and at each positive score of the
        data and one below all, and the function returns one number, such as
        ``lambda sweep: sweep.f_beta(1).max()``.
    at : float or array-like of shape (n_points,), default=None
        Thresholds, recalls in (0, 1] or false positive rates in [0, 1]; None for one number.
    n_resamples : int, default=1000
        Number of resamples, at least 2.
    confidence_level : float in (0, 1), default=0.95
        Share of the replicates that lies between the ends.
    stratified : bool, default=False
        Draw as many rows of each class as there are. For data collected by class (case-control), where
        the share of positives is no outcome; it leaves the uncertainty of that share out of the interval.
    pos_label : int, float, bool or str, default=None
        The positive label. None means 1 where labels are within {0, 1} or {-1, 1}.
    random_state : None, int, numpy Generator, RandomState or SeedSequence
        Seed; None draws fresh entropy. The same seed gives the same bits for any number of threads and any
        order of the rows.
    n_jobs : int, optional
        Threads; None is all usable cores.
    progress : callable, optional
        ``progress(done, total)``, called in the calling thread; counts blocks of resamples.

    Returns
    -------
    BootstrapResult
        ``estimate, low, high, standard_error, replicates``; numbers for one model and an area or a single
        ``at``, else arrays: models in the order of the columns, then points in the order of ``at``.

    Raises
    ------
    ValueError
        As in :func:`confusion_sweep`; only one class; unknown metric; ``at`` missing, not a number or out
        of range, or given for an area; a function returns another shape, or NaN; confidence_level outside
        (0, 1); n_resamples below 2.
    TypeError
        As in :func:`confusion_sweep`; n_resamples is no integer, stratified no bool, confidence_level or
        random_state nothing that they may be.

    See Also
    --------
    bootstrap_difference : Of two models on the same rows.
    fastsmote.average_precision_score, fastsmote.roc_auc_score : The scores themselves.
    fastsmote.streaming.StreamingSweep : Bounds of these scores for rows that do not fit into memory.

    Notes
    -----
    Multinomial, n out of n: the number of positives in a resample is binomial, given that both classes
    occur (a resample of one class is drawn again, since no metric of both classes is defined on it), and
    the rows of each class are drawn uniformly. Rows that lie between the same two positive scores, or at
    the same one, are drawn as one sum, so ties are exact. Precision without any predicted positive is 0.
    The ends are quantiles of the replicates, interpolated linearly. Sample weights are not supported: they
    would tell rows of one cell apart.

    O(n log n) once, then O(m) per resample for m rows in small cells, at most the positives and as many
    groups of negatives (n, with several models); about 30 bytes a row and 8 per replicate. Functions are
    called from the threads that draw, about 50 microseconds apart. References: Efron (1979),
    doi:10.1214/aos/1176344552; Efron and Tibshirani (1986), section 7, doi:10.1214/ss/1177013815.

    Examples
    --------
    >>> import numpy as np
    >>> from fastsmote.bootstrap import bootstrap_interval
    >>> y = np.arange(1000) % 10 == 0
    >>> scores = np.random.default_rng(0).normal(size=1000) + 2 * y
    >>> result = bootstrap_interval(y, scores, metric="roc_auc", random_state=0)
    >>> round(result.estimate, 2), round(result.low, 2), round(result.high, 2)
    (0.92, 0.89, 0.95)
    >>> bootstrap_interval(y, scores, metric="recall", at=[1.0, 2.0], random_state=0).low.round(2)
    array([0.73, 0.35])
    """
    settings = Settings(
        metric, at, n_resamples, confidence_level, stratified, pos_label, random_state, n_jobs, progress
    )
    return bootstrap.interval(y_true, y_score, settings)


@one_call
def bootstrap_difference(
    y_true: VectorLike,
    y_score: VectorLike,
    other_score: VectorLike,
    *,
    metric: Metric = "average_precision",
    at: ArrayLike | None = None,
    n_resamples: int = 1000,
    confidence_level: float = 0.95,
    stratified: bool = False,
    pos_label: Label | None = None,
    random_state: RandomState = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> BootstrapResult:
    """Percentile bootstrap interval of the difference of two models scored on the same rows (paired).

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        Labels, as in :func:`bootstrap_interval`.
    y_score, other_score : array-like of shape (n_samples,)
        Finite scores of two models for the same rows.
    metric, at, n_resamples, confidence_level, stratified, pos_label, random_state, n_jobs, progress
        As in :func:`bootstrap_interval`.

    Returns
    -------
    BootstrapResult
        Of the metric of ``y_score`` minus that of ``other_score``, both taken on each resample. The first
        model is better at this level where ``low > 0``.

    Raises
    ------
    ValueError, TypeError
        As in :func:`bootstrap_interval`.

    See Also
    --------
    bootstrap_interval : Of each model by itself.
    fastsmote.roc_auc_score, fastsmote.average_precision_score : The scores themselves.

    Notes
    -----
    A row has one multiplicity for both models. Rows of one class that share a cell in the one model and a
    cell in the other are drawn as one sum: the same scheme as for one model, with pairs of cells.

    O(n log n) once, then O(m) per resample for m rows in pairs of cells that hold few (at most n); about 50
    bytes a row and 16 per replicate. Reference: Hanley and McNeil (1983) on why to pair,
    doi:10.1148/radiology.148.3.6878708; Efron (1979), doi:10.1214/aos/1176344552.

    Examples
    --------
    >>> import numpy as np
    >>> from fastsmote.bootstrap import bootstrap_difference
    >>> rng = np.random.default_rng(0)
    >>> y = np.arange(1000) % 10 == 0
    >>> old = rng.normal(size=1000) + 2 * y
    >>> new = old + 0.5 * y
    >>> result = bootstrap_difference(y, new, old, metric="roc_auc", random_state=0)
    >>> round(result.estimate, 2), result.low > 0
    (0.04, True)
    """
    settings = Settings(
        metric, at, n_resamples, confidence_level, stratified, pos_label, random_state, n_jobs, progress
    )
    return bootstrap.difference(y_true, y_score, other_score, settings)
