"""Data to try things on: card fraud that is made up, and fewer rows of some classes of real data.

Both are seeded, with the same bits for any number of threads.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from fastsmote._core.check import check_integer, check_seed, check_within
from fastsmote._core.threads import run_blocks, split, thread_count
from fastsmote._core.typing import Floats, Matrix, MatrixLike, RandomState, RowIds, VectorLike
from fastsmote._sampling.result import Resampled
from fastsmote._sampling.shares import Prior
from fastsmote._sampling.under.random import select_random

__all__ = ["make_fraud", "make_imbalance"]

_BLOCK = 8192
_N_CLUSTERS = 40
_N_FRAUD_CLUSTERS = 6
_N_SLOTS = 1024
_COPIES = 0.0035
_LAYOUT_SEED = 2015  # the population is fixed: two seeds are two samples of one population

# Published deviations of V1..V28; the mean ratio of neighbours carries them on beyond V28.
_DEVIATIONS = (
    1.959, 1.651, 1.516, 1.416, 1.380, 1.332, 1.237, 1.194, 1.099, 1.089, 1.021, 0.999, 0.995, 0.959,
    0.915, 0.876, 0.849, 0.838, 0.814, 0.771, 0.735, 0.726, 0.624, 0.606, 0.521, 0.482, 0.404, 0.330,
)  # fmt: skip
_DECAY = (_DEVIATIONS[-1] / _DEVIATIONS[0]) ** (1 / 27)
# Rank of the cluster centres, and their deviation beside the mean one inside a cluster: with these the
# first 8 (16) principal axes hold 68 % (88 %) of the variance.
_RANK, _BETWEEN = 12, 1.2
# Distance of each fraud cluster from the bulk, in deviations: a linear score reaches AUC 0.97, AP 0.57.
_FRAUD_SHIFT = (8.0, 6.5, 5.5, 4.5, 3.0, 1.0)

# Transactions per hour of the day, in relative terms, over two days.
_HOURS = (4, 2, 2, 2, 1, 2, 3, 4, 6, 9, 10, 10, 10, 9, 10, 10, 10, 10, 10, 9, 9, 9, 8, 6)
_SECONDS = 172_792.0
_MEDIAN_AMOUNT, _MEAN_AMOUNT, _MAX_AMOUNT = 22.0, 88.0, 25_691.0


def _deviations(n_components: int) -> Floats:
    beyond = np.arange(1, max(0, n_components - len(_DEVIATIONS)) + 1)
    return np.concatenate([_DEVIATIONS[:n_components], _DEVIATIONS[-1] * _DECAY**beyond])


def _near_normal(shape: tuple[int, int], part: int) -> Floats:
    from fastsmote._kernels.datasets.fraud import fill_near_normal

    out = np.empty(shape)
    fill_near_normal(np.uint64(_LAYOUT_SEED + part), out, 0, shape[0])
    return out


def _product(left: Floats, right: Floats) -> Floats:
    """``left @ right``, of the same bits everywhere: those of BLAS differ from processor to processor."""
    total = np.zeros((len(left), right.shape[1]))
    for column, row in zip(left.T, right, strict=True):
        total += column[:, None] * row
    return total


def _slots(weights: NDArray[Any], first: int) -> RowIds:
    """Clusters ``first, first + 1, ...`` repeated in proportion to their weights, ``_N_SLOTS`` in all."""
    edges = np.rint(np.cumsum(weights) / weights.sum() * _N_SLOTS).astype(np.int64)
    return np.repeat(np.arange(first, first + len(weights)), np.diff(edges, prepend=0))


def _clusters(n_components: int) -> tuple[Floats, Floats, RowIds]:
    """Centres and spreads of the bulk's and the frauds' clusters, and the slots of both classes."""
    deviations = _deviations(n_components)
    slots = _slots(1.0 / (2.0 + np.arange(_N_CLUSTERS)), 0)
    share = np.bincount(slots, minlength=_N_CLUSTERS)[None] / _N_SLOTS

    centers = _product(_near_normal((_N_CLUSTERS, _RANK), 0), _near_normal((_RANK, n_components), 1))
    centers *= _BETWEEN / np.sqrt(_RANK)
    spreads = np.abs(1.0 + 0.5 * _near_normal((_N_CLUSTERS, n_components), 2)) + 0.05
    centers -= _product(share, centers)
    unit = deviations / np.sqrt(_product(share, centers**2 + spreads**2)[0])
    centers *= unit
    spreads *= unit

    # Frauds: beside large clusters of the bulk, shifted in a common direction and in one of their own.
    shift = _near_normal((1, n_components), 3) + 0.6 * _near_normal((_N_FRAUD_CLUSTERS, n_components), 4)
    shift *= np.array(_FRAUD_SHIFT)[:, None] / np.linalg.norm(shift, axis=1, keepdims=True)
    fraud_centers = centers[:_N_FRAUD_CLUSTERS] + shift * deviations
    fraud_spreads = 0.8 * spreads[:_N_FRAUD_CLUSTERS]
    fraud_slots = _slots(np.ones(_N_FRAUD_CLUSTERS), _N_CLUSTERS)
    return (
        np.concatenate([centers, fraud_centers]),
        np.concatenate([spreads, fraud_spreads]),
        np.stack([slots, fraud_slots]),
    )


def _standardised(tables: Sequence[Floats], shares: Sequence[float]) -> list[Floats]:
    """Quantile tables of one variable, read by linear interpolation, brought to mean 0 and variance 1."""
    mean = 0.0
    square = 0.0
    for table, share in zip(tables, shares, strict=True):
        left, right = table[:-1], table[1:]
        mean += share * float(np.mean((left + right) / 2))
        square += share * float(np.mean((left * left + left * right + right * right) / 3))
    return [(table - mean) / np.sqrt(square - mean * mean) for table in tables]


def _time_table() -> Floats:
    served = np.concatenate([[0.0], np.cumsum(_HOURS * 2)])
    seconds = np.linspace(0.0, _SECONDS, len(served))
    (table,) = _standardised([np.interp(np.linspace(0.0, served[-1], 1025), served, seconds)], [1.0])
    return table


def _amount_tables() -> tuple[Floats, Floats]:
    """Log-normal quantiles, cut at the published maximum: all of them, and the last 1/1024 in detail."""
    from scipy.special import ndtri

    width = math.sqrt(2.0 * math.log(_MEAN_AMOUNT / _MEDIAN_AMOUNT))
    u = np.linspace(0.0, 1.0, 1025)
    normal = (width * ndtri(q) for q in (u, (1023.0 + u) / 1024.0))
    # not np.exp, whose last bit depends on the processor
    body, tail = (np.minimum(_MEDIAN_AMOUNT * np.array([*map(math.exp, x)]), _MAX_AMOUNT) for x in normal)
    # the kernel never reads the last piece of the body, the tail stands for it
    body, tail = _standardised([body[:-1], tail], [1023 / 1024, 1 / 1024])
    return np.append(body, tail[-1]), tail


def make_fraud(
    n_samples: int = 1_000_000,
    n_features: int = 30,
    *,
    fraud_rate: float = 0.00173,
    random_state: RandomState = 0,
    dtype: DTypeLike = "float64",
    n_jobs: int | None = None,
) -> tuple[Matrix, RowIds]:
    """Make transactions with the shape of the public European card-fraud data.

    Columns are Time, ``n_features - 2`` components V1, V2, ... and Amount. The bulk lies in 40 heavy-tailed
    clusters whose mixture has the published standard deviations of V1..V28; frauds lie in 6 clusters shifted
    from the bulk by one to eight deviations, so that some stand out and some overlap. About 0.35 % of the
    rows repeat another row of their class exactly. Time (two days with quiet nights, 0 to 172,792 seconds)
    and Amount (log-normal, mean 88, median 22, at most 25,691) are standardised: zero mean and unit variance
    in the population. The population is fixed; ``random_state`` draws a sample of it.

    Parameters
    ----------
    n_samples : int, default=1_000_000
        Number of rows.
    n_features : int, default=30
        Number of columns, at least 3. Fewer than 30 keep the first components; beyond V28 the deviations
        go on to shrink by the mean ratio of the published ones, 0.936.
    fraud_rate : float, default=0.00173
        Share of frauds, in [0, 1]. The number of frauds is exactly ``round(n_samples * fraud_rate)``.
    random_state : None, int, numpy.random.Generator, numpy.random.RandomState or SeedSequence, default=0
        Seed. None draws a fresh one.
    dtype : {"float64", "float32"}, default="float64"
        Type of X. The float32 values are the float64 values rounded.
    n_jobs : int or None, default=None
        Threads. None is all usable cores; the result does not depend on it.

    Returns
    -------
    X : ndarray of shape (n_samples, n_features)
        C-contiguous.
    y : ndarray of shape (n_samples,)
        int64, 1 for a fraud and 0 for the rest, in random order. One class is missing when the number of
        frauds is 0 or n_samples.

    Raises
    ------
    ValueError
        If ``n_samples`` is below 1, ``n_features`` below 3, ``fraud_rate`` outside [0, 1], or ``dtype``
        neither float64 nor float32.
    TypeError
        If ``n_samples`` or ``n_features`` is not an integer.

    See Also
    --------
    fastsmote.smote : Balances it.
    fastsmote.metrics.confusion_sweep : All thresholds of a score on it.

    Notes
    -----
    Each row is a function of the seed, its number and its class alone, drawn by Philox 4x32-10. Time
    O(n_samples * n_features); memory is that of X and y.

    References
    ----------
    A. Dal Pozzolo, O. Caelen, R. A. Johnson, G. Bontempi, "Calibrating probability with undersampling for
    unbalanced classification", SSCI 2015, doi:10.1109/SSCI.2015.33 (the data whose figures are used).

    Examples
    --------
    >>> from fastsmote.datasets import make_fraud
    >>> X, y = make_fraud(10_000, random_state=7)
    >>> X.shape, int(y.sum())
    ((10000, 30), 17)
    """
    n_samples = check_integer(n_samples, "n_samples")
    n_features = check_integer(n_features, "n_features", minimum=3)
    rate = check_within(fraud_rate, "fraud_rate", "[0, 1]", "; 0.00173 is 0.173 %")
    if np.dtype(dtype) not in (np.dtype(np.float64), np.dtype(np.float32)):
        raise ValueError(f"dtype must be 'float64' or 'float32'. Got {dtype!r}; cast X afterwards.")
    n_threads = thread_count(n_jobs)
    seed = np.uint64(check_seed(random_state))

    from fastsmote._kernels.datasets.fraud import Clusters, Quantiles, fill_rows, mark_frauds

    n_frauds = round(n_samples * Fraction(str(rate)))  # 0.145 of 300 is 43.5, as a float less
    rarer = int(n_frauds <= n_samples // 2)
    y = np.full(n_samples, 1 - rarer, np.int64)
    mark_frauds(seed, n_frauds if rarer else n_samples - n_frauds, rarer, y)

    centers, spreads, slots = _clusters(n_features - 2)
    clusters, quantiles = Clusters(slots, centers, spreads), Quantiles(_time_table(), *_amount_tables())
    X = np.empty((n_samples, n_features), dtype)

    def body(block: int) -> None:
        lo = block * _BLOCK
        fill_rows(seed, y, _COPIES, clusters, quantiles, X, lo, min(lo + _BLOCK, n_samples))

    run_blocks(body, split(n_samples, _BLOCK), n_jobs=n_threads)
    return X, y


def make_imbalance(
    X: MatrixLike,
    y: VectorLike,
    *,
    sampling_strategy: Prior | Mapping[Any, int] | Callable[..., Mapping[Any, int]],
    random_state: RandomState = None,
    n_jobs: int | None = None,
    **kwargs: Any,
) -> Resampled:
    """Make classes rarer: keep a random sample of them, to see what imbalance does.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        Any container and dtype, missing values included.
    y : array-like of shape (n_samples,)
        Labels, at least two classes.
    sampling_strategy : dict, callable or Prior
        Rows that the classes named have afterwards; a function ``f(y, **kwargs)`` that returns such a dict;
        or the shares of classes, as a :class:`fastsmote.Prior`. Other classes keep their rows.
    random_state : None, int, numpy Generator, RandomState or SeedSequence
        Seed; None draws fresh entropy. The same seed gives the same rows for any number of threads.
    n_jobs : int, optional
        Threads; None is FASTSMOTE_NUM_THREADS or all usable cores.
    **kwargs
        For the function.

    Returns
    -------
    X_resampled, y_resampled
        As for :func:`fastsmote.random_under_sample`, which keeps the same rows with the same seed.

    Raises
    ------
    ValueError
        As for :func:`fastsmote.random_under_sample`: more rows than there are, or an unknown class.
    TypeError
        If ``sampling_strategy`` is something else, or there are ``kwargs`` and no function.

    Warns
    -----
    UserWarning
        If the strategy asks for 0 rows of a class.

    See Also
    --------
    fastsmote.random_under_sample : Takes words, ratios and shares too.
    make_fraud : Data that are imbalanced from the start.

    Notes
    -----
    As ``imblearn.datasets.make_imbalance``, whose seeds give other rows. Time and memory as for
    :func:`fastsmote.random_under_sample`.

    Examples
    --------
    >>> import fastsmote
    >>> X, y = [[i] for i in range(10)], list("aaaaabbbbb")
    >>> fastsmote.make_imbalance(X, y, sampling_strategy={"b": 1}, random_state=0).counts_after
    {'a': 5, 'b': 1}
    """
    strategy = sampling_strategy
    if not isinstance(strategy, Mapping | Prior):
        if not callable(strategy):
            raise TypeError(
                "sampling_strategy must be a dict of counts, a function of y that returns one, or a Prior. "
                f"Got {strategy!r}; random_under_sample takes words and ratios."
            )
        strategy = partial(strategy, **kwargs) if kwargs else strategy
    elif kwargs:
        raise TypeError(
            f"{', '.join(kwargs)} can only be passed on to a function as sampling_strategy. Got "
            f"{strategy!r}; leave it out."
        )
    return select_random(
        X,
        y,
        sampling_strategy=strategy,
        replacement=False,
        random_state=random_state,
        n_jobs=n_jobs,
    ).resampled()
