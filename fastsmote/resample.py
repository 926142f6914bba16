"""Over-sampling followed by cleaning, in the user's container; and what all samplers take and return."""

from __future__ import annotations

from typing import Any, Literal

from numpy.typing import NDArray

from fastsmote._core.public import sampler
from fastsmote._core.typing import MatrixLike, Progress, RandomState, VectorLike
from fastsmote._sampling.combine import combine_enn, combine_tomek
from fastsmote._sampling.into import apply_into
from fastsmote._sampling.over.plan import SyntheticPlan
from fastsmote._sampling.result import Resampled
from fastsmote._sampling.shares import Prior, Share
from fastsmote._sampling.strategy import MinCount, OverStrategy

__all__ = ["Prior", "Resampled", "Share", "apply", "smote_enn", "smote_tomek"]


def apply(
    decision: SyntheticPlan | NDArray[Any],
    X: NDArray[Any],
    y: NDArray[Any],
    *,
    out: tuple[NDArray[Any], NDArray[Any]],
    n_jobs: int | None = None,
) -> Resampled:
    """Apply a decision into arrays that are there, memory maps, say: the rows that the sampler gives.

    How many rows there will be is known from the decision, before any is made.

    Parameters
    ----------
    decision : SyntheticPlan, or array-like of int of shape (n_kept,)
        What a function of :mod:`fastsmote.plan` or of :mod:`fastsmote.select` decided for X and y.
    X : ndarray of shape (n_samples, n_features)
        The data; a memory map, say. Of a plan that makes new values, numbers.
    y : ndarray of shape (n_samples,)
        The labels.
    out : tuple of ndarray (X_out, y_out)
        Written to: C-contiguous, of the dtypes of X and y, X_out of shape (n_rows, n_features) and y_out of
        shape (n_rows,), where n_rows is ``len(X) + len(decision)`` for a plan and ``len(decision)`` for row
        numbers. Neither may be X or y, or a map of their files.
    n_jobs : int, optional
        Threads; None is all usable cores.

    Returns
    -------
    X_out, y_out
        The two arrays of ``out``, with the bits that the sampler gives, as a :class:`fastsmote.Resampled`.

    Raises
    ------
    ValueError
        If an array of ``out`` has another shape or dtype, is read-only or not C-contiguous, or shares memory
        with another array; X or y are not those that the plan was made for; row numbers outside of X. All
        this is looked at before anything is written.
    TypeError
        If X or y are no arrays, ``out`` no tuple of two, or X holds no numbers where new ones are made.

    See Also
    --------
    fastsmote.plan.smote, fastsmote.select.tomek_links : Two of the decisions.
    fastsmote.SyntheticPlan.rows : The new rows alone.
    fastsmote.files.resample : From file to file, where X does not fit either.

    Notes
    -----
    Rows are copied by threads, block by block. Beside the arrays memory holds some 8 bytes for each label,
    and a block of new rows where X is no C-contiguous array of float32 or float64. O(n_rows) time. Row
    numbers of :func:`fastsmote.select.smote_tomek` and ``smote_enn`` can be of new rows, which X does not
    have: those are refused.

    Examples
    --------
    >>> import numpy as np, fastsmote
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> plan = fastsmote.plan.smote(X, y, random_state=0)
    >>> n_rows = len(X) + len(plan)
    >>> X_out = np.lib.format.open_memmap("X.npy", "w+", X.dtype, (n_rows, X.shape[1]))
    >>> done = fastsmote.apply(plan, X, y, out=(X_out, np.empty(n_rows, y.dtype)))
    >>> done.counts_after, bool((done[0] == fastsmote.smote(X, y, random_state=0)[0]).all())
    ({0: 950, 1: 950}, True)
    """
    return apply_into(decision, X, y, out, n_jobs)


@sampler
def smote_tomek(
    X: MatrixLike,
    y: VectorLike,
    *,
    sampling_strategy: OverStrategy = "auto",
    k_neighbors: int = 5,
    min_count: MinCount = None,
    random_state: RandomState = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Resampled:
    """SMOTE, then remove both ends of each Tomek link.

    One seed gives other rows here than in :class:`fastsmote.imblearn.SMOTETomek`.

    Parameters
    ----------
    X, y, sampling_strategy, k_neighbors, random_state, n_jobs, progress
        As for :func:`fastsmote.smote`.
    min_count
        As for :func:`fastsmote.tomek_links`; "balanced" is the size of the smallest class after smote.

    Returns
    -------
    X_resampled, y_resampled
        The rows of X that stay, in their order, then the synthetic rows that stay, by class; containers,
        column names and dtypes as they came in (pandas with a fresh index). As a
        :class:`fastsmote.Resampled`, which carries counts of classes.
        :func:`fastsmote.select.smote_tomek` tells which they are.

    Raises
    ------
    ValueError, TypeError
        As for :func:`fastsmote.smote` and :func:`fastsmote.tomek_links`.

    Warns
    -----
    UserWarning
        If a class loses all its rows.

    See Also
    --------
    fastsmote.select.smote_tomek : The decision alone.
    fastsmote.smote : The first step.
    fastsmote.tomek_links : The second step.
    fastsmote.imblearn.SMOTETomek : The class of imbalanced-learn's name.

    Notes
    -----
    The same as :func:`fastsmote.smote` and then :func:`fastsmote.tomek_links` with
    ``sampling_strategy="all"``, but that integers are rounded at the very end. Time is the sum of the two;
    memory is the rows of X and the synthetic rows as one matrix, one float32 copy of that, and the output.

    References
    ----------
    Batista, G. E. A. P. A., Bazzan, A. L. C., Monard, M. C. (2003). Balancing training data for automated
    annotation of keywords: a case study. WOB, 10-18.

    Examples
    --------
    >>> import fastsmote
    >>> X, y = fastsmote.make_fraud(2000, fraud_rate=0.05, random_state=0)
    >>> X_resampled, y_resampled = fastsmote.smote_tomek(X, y, random_state=0)
    >>> len(y_resampled) <= 2 * 1900
    True
    """
    return combine_tomek(
        X,
        y,
        sampling_strategy=sampling_strategy,
        k_neighbors=k_neighbors,
        min_count=min_count,
        random_state=random_state,
        n_jobs=n_jobs,
        progress=progress,
    ).resampled()


@sampler
def smote_enn(
    X: MatrixLike,
    y: VectorLike,
    *,
    sampling_strategy: OverStrategy = "auto",
    k_neighbors: int = 5,
    n_neighbors: int = 3,
    kind_sel: Literal["all", "mode"] = "all",
    min_count: MinCount = None,
    random_state: RandomState = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Resampled:
    """SMOTE, then edited nearest neighbours of every class.

    One seed gives other rows here than in :class:`fastsmote.imblearn.SMOTEENN`.

    Parameters
    ----------
    X, y, sampling_strategy, k_neighbors, random_state, n_jobs, progress
        As for :func:`fastsmote.smote`.
    n_neighbors, kind_sel, min_count
        As for :func:`fastsmote.edited_nearest_neighbours`, of the rows after smote.

    Returns
    -------
    X_resampled, y_resampled
        As for :func:`fastsmote.smote_tomek`; :func:`fastsmote.select.smote_enn` tells which rows they are.

    Raises
    ------
    ValueError, TypeError
        As for :func:`fastsmote.smote` and :func:`fastsmote.edited_nearest_neighbours`.

    Warns
    -----
    UserWarning
        If a class loses all its rows.

    See Also
    --------
    fastsmote.select.smote_enn : The decision alone.
    fastsmote.smote : The first step.
    fastsmote.edited_nearest_neighbours : The second step.
    fastsmote.imblearn.SMOTEENN : The class of imbalanced-learn's name.

    Notes
    -----
    The same as :func:`fastsmote.smote` and then :func:`fastsmote.edited_nearest_neighbours` with
    ``sampling_strategy="all"``, but that integers are rounded at the very end. Time and memory as for
    :func:`fastsmote.smote_tomek`.

    References
    ----------
    Batista, G. E. A. P. A., Prati, R. C., Monard, M. C. (2004). A study of the behavior of several methods
    for balancing machine learning training data. SIGKDD Explorations 6, 20-29. doi:10.1145/1007730.1007735

    Examples
    --------
    >>> import fastsmote
    >>> X, y = fastsmote.make_fraud(2000, fraud_rate=0.05, random_state=0)
    >>> X_resampled, y_resampled = fastsmote.smote_enn(X, y, random_state=0)
    >>> len(y_resampled) <= 2 * 1900
    True
    """
    return combine_enn(
        X,
        y,
        sampling_strategy=sampling_strategy,
        k_neighbors=k_neighbors,
        n_neighbors=n_neighbors,
        kind_sel=kind_sel,
        min_count=min_count,
        random_state=random_state,
        n_jobs=n_jobs,
        progress=progress,
    ).resampled()
