"""Over-sampling of rows that are repeated, or of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from fastsmote._core.public import public, sampler
from fastsmote._core.typing import MatrixLike, Progress, RandomState, VectorLike
from fastsmote._sampling.over.adasyn import plan_adasyn
from fastsmote._sampling.over.random import plan_random
from fastsmote._sampling.over.smote import plan_smote
from fastsmote._sampling.result import Resampled
from fastsmote._sampling.strategy import OverStrategy, UnderStrategy


@public("fastsmote.oversample")
@sampler
def random_over_sample(
    X: MatrixLike,
    y: VectorLike,
    *,
    sampling_strategy: OverStrategy = "auto",
    shrinkage: float | Mapping[Any, float] | None = None,
    sample_weight: VectorLike | None = None,
    columns: Mapping[Any, Any] | None = None,
    under_strategy: UnderStrategy | None = None,
    return_weights: bool = False,
    random_state: RandomState = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Resampled:
    """Repeat random rows of the smaller classes.

    One seed gives other rows here than in :class:`fastsmote.imblearn.RandomOverSampler`.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        Array, list, sparse matrix, or pandas, polars or pyarrow frame. Any dtype, missing values included;
        with ``shrinkage``, dense and of numbers.
    y : array-like of shape (n_samples,)
        Labels: integers, whole floats, booleans, strings or categories; at least two classes.
    sampling_strategy : "auto", str, float, Share, Prior, dict or callable, default "auto"
        How many rows each class has afterwards. "auto" and "not majority": as many as the largest class,
        for every other class; "minority": for the smallest only; "all"; a float: each class at least this
        ratio times the largest, cut to a whole number; a :class:`fastsmote.Share` of the smallest class in
        all rows, a :class:`fastsmote.Prior` of any; a dict of label to count; a callable from y to one.
    shrinkage : float or dict of label to float, optional
        Smoothed bootstrap: adds normal noise with the standard deviation of the class times this factor times
        (4 / ((n_features + 2) n_samples)) ** (1 / (n_features + 4)), per column. None repeats rows exactly.
    sample_weight : array-like of shape (n_samples,), optional
        Weights, not negative: a row is drawn in proportion to its weight.
    columns : mapping of column to rule, optional
        What holds for new rows with ``shrinkage``, as for :func:`fastsmote.smote`.
    under_strategy : "auto", str, float, Share, Prior, dict or callable, optional
        Which rows then stay, old and new: the ``sampling_strategy`` of :func:`fastsmote.random_under_sample`,
        for the rows after over-sampling. "auto" cuts every class to the smallest then; None keeps all rows.
    return_weights : bool, default False
        Also return :meth:`weights <fastsmote.SyntheticPlan.weights>`: each class weighs what it did before.
    random_state : None, int, numpy Generator, RandomState or SeedSequence
        Seed; None draws fresh entropy. The same seed gives the same rows for any number of threads.
    n_jobs : int, optional
        Threads; None is FASTSMOTE_NUM_THREADS or all usable cores, -1 all usable cores.
    progress : callable, optional
        ``progress(done, total)``, called in the calling thread while rows with noise are made.

    Returns
    -------
    X_resampled, y_resampled
        The original rows in their order, then the new rows, grouped by class in label order, or those of both
        that stay; containers, column names and dtypes as they came in (pandas with a fresh index). As a
        :class:`fastsmote.Resampled`, a tuple that carries counts of classes, for
        :func:`fastsmote.priors.correct_prior_from`.
    weights : ndarray of float64 of shape (n_resampled,)
        With ``return_weights``.

    Raises
    ------
    ValueError
        If the lengths differ, y has one class only or missing labels, the strategy asks for fewer rows than
        there are, names an unknown class or can not be read, ``shrinkage`` is negative or lacks a class, a
        weight is negative or not finite, or a class that gets new rows has no weight; what
        :func:`fastsmote.random_under_sample` says of ``under_strategy``.
    TypeError
        If ``shrinkage``, ``n_jobs`` or ``random_state`` is of another type.

    See Also
    --------
    fastsmote.plan.random_over_sample : The decision alone.
    fastsmote.smote : New rows instead of repeated ones.
    fastsmote.random_under_sample : What ``under_strategy`` does, alone.

    Notes
    -----
    Rows are drawn with replacement within their class, uniformly or by weight: O(output) time and memory.

    With ``under_strategy`` the rows are those of two calls with this seed, of the over-sampler and then of
    :func:`fastsmote.random_under_sample`; rows that the second would drop are never made.

    References
    ----------
    Menardi, G. and Torelli, N. (2014). Training and assessing classification rules with imbalanced data.
    Data Mining and Knowledge Discovery 28, 92-122. doi:10.1007/s10618-012-0295-5 (smoothed bootstrap, eq.
    2, with the bandwidth of Bowman and Azzalini; n is the number of rows of X, as in imbalanced-learn).

    Examples
    --------
    >>> import fastsmote
    >>> X, y = fastsmote.random_over_sample([[0.0], [1.0], [2.0]], ["a", "a", "b"], random_state=0)
    >>> X, y
    ([[0.0], [1.0], [2.0], [2.0]], ['a', 'a', 'b', 'b'])
    """
    return plan_random(
        X,
        y,
        sampling_strategy=sampling_strategy,
        shrinkage=shrinkage,
        sample_weight=sample_weight,
        columns=columns,
        under_strategy=under_strategy,
        random_state=random_state,
        n_jobs=n_jobs,
        progress=progress,
    ).resampled(return_weights)


@public("fastsmote.oversample")
@sampler
def smote(
    X: MatrixLike,
    y: VectorLike,
    *,
    sampling_strategy: OverStrategy = "auto",
    k_neighbors: int = 5,
    sample_weight: VectorLike | None = None,
    groups: VectorLike | None = None,
    columns: Mapping[Any, Any] | None = None,
    missing: Literal["error", "nan-euclidean"] = "error",
    under_strategy: UnderStrategy | None = None,
    return_weights: bool = False,
    random_state: RandomState = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Resampled:
    """SMOTE: new rows between a row of a class and one of its nearest neighbours in the class.

    One seed gives other rows here than in :class:`fastsmote.imblearn.SMOTE`, which draws as imbalanced-learn.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        Finite numbers: array, list, SciPy CSR or CSC matrix, or pandas, polars or pyarrow frame. float32 is
        computed and returned as float32, everything else computed in float64 and returned in its own type:
        columns of integers, bools or Decimals, of objects too, are rounded to nearest. Sparse stays sparse.
    y, sampling_strategy, under_strategy, return_weights, n_jobs
        As for :func:`fastsmote.random_over_sample`.
    k_neighbors : int, default 5
        Neighbours within the class to interpolate with; a class that gets new rows must have more rows.
    sample_weight : array-like of shape (n_samples,), optional
        Weights, not negative: base rows are drawn in proportion to them. Neighbours are not weighed.
    groups : array-like of shape (n_samples,), optional
        Group of each row, a customer or a period: neighbours to interpolate with are of the group of the base
        row. A row has as many as its group holds, at most ``k_neighbors``; rows that are alone of their class
        in their group are no base rows. Questions about other classes look at all groups.
    columns : mapping of column to rule, optional
        What holds for the values of a column, by name or number (names win), in new rows: "integer" (whole
        numbers, rounded half to even), "immutable" (the value of the base row, missing or not), a pair (low,
        high) of bounds, None for none; a list joins several, as ``{"age": ["integer", (18, None)]}``.
    missing : {"error", "nan-euclidean"}, default "error"
        "nan-euclidean": NaN, None and NA are missing values. The squared distance of two rows is that over
        the columns that both have, times all columns / those; rows that share no column are farthest. Where
        one parent lacks a value a new row has that of the other, where both do it has none.
    random_state : None, int, numpy Generator, RandomState or SeedSequence
        Seed; None draws fresh entropy. The same seed gives the same rows for any number of threads.
    progress : callable, optional
        ``progress(done, total)``, called in the calling thread; each step of the work counts from 0.

    Returns
    -------
    X_resampled, y_resampled
        As for :func:`fastsmote.random_over_sample`; the new rows are synthetic.
    weights : ndarray of float64 of shape (n_resampled,)
        With ``return_weights``.

    Raises
    ------
    ValueError
        If X is not a non-empty matrix of finite numbers (the first bad row and column are named), the
        lengths differ, y has one class only or missing labels, a class that gets new rows has
        ``k_neighbors`` rows or fewer (or, with groups, no two rows in one), the strategy asks for fewer rows
        than there are, names an unknown class or can not be read, weights are negative, not finite or all 0
        in a class that gets new rows, ``columns`` names an unknown column or rule, or X is sparse and
        ``columns`` or ``missing`` are given.
    TypeError
        If ``k_neighbors``, ``n_jobs`` or ``random_state`` is of another type, X masked or sparse otherwise.

    See Also
    --------
    fastsmote.plan.smote : The decision alone.
    fastsmote.borderline_smote : From rows near other classes only.

    Notes
    -----
    Each new row draws a base row of its class, one of its k neighbours and a gap in [0, 1), the same for
    all columns: x_new = x_base + gap * (x_neighbor - x_base). Draws come first, so only base rows that
    occur are searched. A row is never its own neighbour, but its duplicates are neighbours at distance 0;
    equal distances go by row number. A class that already has its target gets no rows; an empty plan
    returns copies.

    Time is the exact neighbour search among the rows of each class that grows, plus writing the output;
    memory is the output, 32 bytes per new row and a float32 copy of the class: its peak is 1.25 times the
    output, of float32 up to 1.5, and 1.6 for mixed pandas frames. Other data than C-contiguous floats are
    converted once, integers and bools to float64; with NaN all pairs are compared, of a sparse X those
    that share a feature.

    References
    ----------
    Chawla, N. V., Bowyer, K. W., Hall, L. O., Kegelmeyer, W. P. (2002). SMOTE: synthetic minority
    over-sampling technique. JAIR 16, 321-357. doi:10.1613/jair.953. Departure from its pseudocode: base
    rows are drawn at random and the gap is one number per row, as in imbalanced-learn.

    Examples
    --------
    >>> import fastsmote
    >>> X, y = fastsmote.make_fraud(2000, fraud_rate=0.01, random_state=0)
    >>> X_resampled, y_resampled = fastsmote.smote(X, y, random_state=0)
    >>> X_resampled.shape, int(y_resampled.sum())
    ((3960, 30), 1980)

    Frauds to a tenth of the others, then of the others as many as leave the frauds half as many:

    >>> fastsmote.smote(X, y, sampling_strategy=0.1, under_strategy=0.5, random_state=0).counts_after
    {0: 396, 1: 198}
    """
    return plan_smote(
        X,
        y,
        sampling_strategy=sampling_strategy,
        k_neighbors=k_neighbors,
        sample_weight=sample_weight,
        groups=groups,
        columns=columns,
        missing=missing,
        under_strategy=under_strategy,
        random_state=random_state,
        n_jobs=n_jobs,
        progress=progress,
    ).resampled(return_weights)


@public("fastsmote.oversample")
@sampler
def adasyn(
    X: MatrixLike,
    y: VectorLike,
    *,
    sampling_strategy: OverStrategy = "auto",
    n_neighbors: int = 5,
    sample_weight: VectorLike | None = None,
    groups: VectorLike | None = None,
    columns: Mapping[Any, Any] | None = None,
    missing: Literal["error", "nan-euclidean"] = "error",
    under_strategy: UnderStrategy | None = None,
    return_weights: bool = False,
    random_state: RandomState = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Resampled:
    """ADASYN: SMOTE with more new rows where a class is surrounded by others.

    One seed gives other rows here than in :class:`fastsmote.imblearn.ADASYN`.

    Parameters
    ----------
    X, y, sampling_strategy, sample_weight, groups, columns, missing
        As for :func:`fastsmote.smote`.
    under_strategy, return_weights, random_state, n_jobs, progress
        As for :func:`fastsmote.smote`.
    n_neighbors : int, default 5
        Neighbours among all rows that tell how surrounded a row is, and in the class to interpolate with.

    Returns
    -------
    X_resampled, y_resampled[, weights]
        As for :func:`fastsmote.smote`.

    Raises
    ------
    RuntimeError
        If no neighbour of any row of a class belongs to another class: use smote.
    ValueError, TypeError
        As for :func:`fastsmote.smote`.

    See Also
    --------
    fastsmote.plan.adasyn : The decision alone.
    fastsmote.borderline_smote : Chooses base rows, where this spreads them.

    Notes
    -----
    Row i of a class gets new rows in proportion to its number of neighbours of other classes among its
    ``n_neighbors`` nearest. The counts are whole numbers that add up to what the strategy asks for, by
    largest remainder (equal ones go to the first row); imbalanced-learn rounds each and misses the total.
    Ties and duplicates as in :func:`fastsmote.smote`.

    Time is an index of X, the search of the class's rows among all rows and within the class, and writing
    the output; memory is the output, one float32 copy of X and 32 bytes per new row.

    References
    ----------
    He, H., Bai, Y., Garcia, E. A., Li, S. (2008). ADASYN: adaptive synthetic sampling approach for
    imbalanced learning. IJCNN, 1322-1328. doi:10.1109/IJCNN.2008.4633969 (steps 2 to 4; several classes one
    against the rest).

    Examples
    --------
    >>> import fastsmote
    >>> X, y = fastsmote.make_fraud(2000, fraud_rate=0.01, random_state=0)
    >>> X_resampled, y_resampled = fastsmote.adasyn(X, y, random_state=0)
    >>> X_resampled.shape, int(y_resampled.sum())
    ((3960, 30), 1980)
    """
    return plan_adasyn(
        X,
        y,
        sampling_strategy=sampling_strategy,
        n_neighbors=n_neighbors,
        sample_weight=sample_weight,
        groups=groups,
        columns=columns,
        missing=missing,
        under_strategy=under_strategy,
        random_state=random_state,
        n_jobs=n_jobs,
        progress=progress,
    ).resampled(return_weights)
