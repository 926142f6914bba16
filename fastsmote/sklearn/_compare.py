"""``compare``: which method helps on the data at hand, with intervals, and often none does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastsmote._core.public import public
from fastsmote._core.typing import MatrixLike, Progress, RandomState, VectorLike
from fastsmote._sampling.shares import Prior, Share
from fastsmote.sklearn._compare_result import Comparison
from fastsmote.sklearn._compare_run import CompareSettings, run

_ALL = (
    "cost", "average_precision", "roc_auc", "brier", "log_loss", "calibration_error", "f1",
    "matthews_corrcoef",
)  # fmt: skip


@public("fastsmote.sklearn")
def compare(
    X: MatrixLike,
    y: VectorLike,
    *,
    estimators: Any = None,
    samplers: str | Iterable[Any] | Mapping[str, Any] | None = None,
    ratios: float | Share | Prior | Sequence[float | Share | Prior] | None = None,
    cv: Any = 5,
    metrics: str | Sequence[str] = _ALL,
    cost_fp: float | None = None,
    cost_fn: float | None = None,
    groups: VectorLike | None = None,
    random_state: RandomState = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Which resampling helps on these data? Measured on rows that were not trained on, with intervals.

    Within each fold, and only on its training rows, every sampler resamples, the estimator is fitted, and the
    probabilities of the test rows are corrected for the prior that resampling changed. Thresholds are those
    that are best on the other folds.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        What the estimators and the samplers take: arrays, frames, sparse matrices.
    y : array-like of shape (n_samples,)
        Labels of two classes. That of fewer rows is the positive one; of equally many the second of the
        sorted.
    estimators : classifier, list of classifiers or dict from names to classifiers, optional
        With ``predict_proba``; clones are fitted. None is logistic regression on standardised columns.
    samplers : names, functions, objects or dict from names to these, optional
        "none" (the data as they are), which is always there; "class_weight" (rows weighted so that classes
        weigh the same); any sampler of fastsmote by name; "balanced_bagging"
        (:class:`fastsmote.sklearn.BalancedBaggingClassifier` of 10 models). Or functions of (X, y) that
        return X and y resampled, and weights third if they like; or objects with ``fit_resample``, of which
        clones are used. None is "none", "class_weight", "balanced_bagging" and eleven samplers that take
        numbers and need little time.
    ratios : float, Share, Prior or list of these, optional
        Each over-sampler, combination, under-sampler and the bagging is compared with each of these as its
        ``sampling_strategy``. None is the balance of each sampler itself.
    cv : int, splitter or iterable of (train, test), default 5
        Folds; an integer is stratified and shuffled, and keeps ``groups`` together. Each row is tested once.
    metrics : str or list of str, default all
        Among "cost" (left out without costs), "average_precision", "roc_auc", "brier", "log_loss",
        "calibration_error", "f1", "matthews_corrcoef". The verdict goes by the first.
    cost_fp, cost_fn : float, optional
        What a false alarm and a missed positive cost, both. Thresholds are then those of least cost, else
        those of the highest F1.
    groups : array-like of shape (n_samples,), optional
        Groups that are not to be torn apart: by folds, nor by the bootstrap.
    random_state : None, int, numpy Generator, RandomState or SeedSequence
        Seed of folds, samplers, bootstrap, and of estimators that have none.
    n_jobs : int, optional
        Threads; None is FASTSMOTE_NUM_THREADS or all usable cores.
    progress : callable, optional
        ``progress(done, total)``, called in the calling thread; counts methods of folds.

    Returns
    -------
    Comparison
        A table with a verdict: ``print`` it, ``plot()``, ``to_frame()``, ``to_dict()``, ``to_html()``.

    Raises
    ------
    ValueError
        y has not two classes; an unknown sampler or metric, two of one name; ratios outside (0, 1]; one cost
        is missing, negative, or both are 0; more folds than positive rows, folds without rows of a class, or
        that do not test each row once.
    TypeError
        A sampler or an estimator is a class, or none at all; an estimator has no ``predict_proba``; a
        function returns no tuple.

    Warns
    -----
    UserWarning
        A sampler refuses the rows of a fold, or an estimator takes no ``sample_weight``: the method is left
        out, and ``notes`` say why. Fewer than 50 rows are positive.

    See Also
    --------
    fastsmote.advise : What guides say, without fitting anything.
    fastsmote.bootstrap_difference : Two models that you have.
    fastsmote.sklearn.ThresholdClassifier : A classifier with the threshold that suits it.
    fastsmote.sklearn.PriorCorrectedClassifier : One that is fitted to resampled rows, and corrected.

    Notes
    -----
    *What the intervals mean.* For one metric, the differences of all methods to "none" are within their
    intervals together in 95 % of samples of test rows (max-t, from 1,000 resamples within classes, the same
    rows for all methods; with groups, whole groups are drawn). Two metrics are two families: with eight of
    them something lies outside more often. The models are taken as they were fitted, and the thresholds as
    they were chosen: *other training rows are not in the interval*.

    *What is called better.* For a claim about a method, not about these models, training rows matter too. So
    "better" and "worse" ask for more than an interval on one side of 0: the differences of the folds must be
    on that side in a t test that allows for the training rows which folds share (Nadeau and Bengio). Of 200
    simulated data sets with eight methods that do not differ, one was called better by F1 in one, by average
    precision, area, Brier score and log loss in none. A difference that is there may be missed, with few
    positive rows above all.

    Average precision and area pool the corrected probabilities of all folds. Differences between estimators
    have no intervals. After over-sampling the correction makes those of trees too low
    (:func:`fastsmote.correct_prior_from`): Brier score, log loss and calibration error show it.

    *Leaks.* A sampler is called with the training rows of a fold and sees no other; nothing else of the
    interface takes data. Objects are cloned or copied for each fold. A function of yours must not keep rows
    outside of itself from one call to the next, or it knows what is tested. Columns that know the label are
    not seen by this (:func:`fastsmote.leakage_report`).

    Samplers of a fold share what they can: neighbours are found once for SMOTE, Borderline-SMOTE, ADASYN and
    the combinations, and all ratios are cut from the same draws. The rows are those of the functions, bit for
    bit.

    Time is that of the fits and samplers, and O(n_samples * n_methods) for each of 1,000 resamples. Memory is
    17 bytes per row and method, and for each thread one resampled table and 32 MB.

    References
    ----------
    Romano, J. P., Wolf, M. (2005). Exact and approximate stepdown methods for multiple hypothesis testing.
    JASA 100, 94-108. doi:10.1198/016214504000000539

    Nadeau, C., Bengio, Y. (2003). Inference for the generalization error. Machine Learning 52, 239-281.
    doi:10.1023/A:1024068626366

    Examples
    --------
    >>> import fastsmote
    >>> X, y = fastsmote.make_fraud(2000, 5, fraud_rate=0.05, random_state=0)
    >>> found = fastsmote.compare(
    ...     X, y, samplers=["smote", "random_under_sample"], ratios=[0.1, 0.5], random_state=0
    ... )
    >>> found.names
    ['none', 'smote 0.1', 'smote 0.5', 'random_under_sample 0.1', 'random_under_sample 0.5']
    >>> found.verdict.split("; move")[0]
    'Nothing is better than leaving the data as they are'
    """
    settings = CompareSettings(
        estimators, samplers, ratios, cv, metrics, cost_fp, cost_fn, groups, random_state, n_jobs, progress
    )
    return run(X, y, settings)
