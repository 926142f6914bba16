"""Under-sampling at random."""

from __future__ import annotations

from fastsmote._core.public import public, sampler
from fastsmote._core.typing import MatrixLike, RandomState, VectorLike
from fastsmote._sampling.result import Resampled
from fastsmote._sampling.strategy import UnderStrategy
from fastsmote._sampling.under.random import select_random


@public("fastsmote.undersample")
@sampler
def random_under_sample(
    X: MatrixLike,
    y: VectorLike,
    *,
    sampling_strategy: UnderStrategy = "auto",
    replacement: bool = False,
    clusters: VectorLike | None = None,
    random_state: RandomState = None,
    n_jobs: int | None = None,
) -> Resampled:
    """Keep a random sample of the larger classes.

    One seed gives other rows here than in :class:`fastsmote.imblearn.RandomUnderSampler`.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        Any container and dtype, missing values included.
    y : array-like of shape (n_samples,)
        Labels: integers, whole floats, booleans, strings or categories; at least two classes.
    sampling_strategy : "auto", str, float, Share, Prior, dict or callable, default "auto"
        How many rows each class keeps. "auto" and "not minority": as many as the smallest class, for every
        other class; "majority": for the largest only; "not majority"; "all"; a float: the smallest class has
        at least this ratio to each other; a :class:`fastsmote.Share` of the smallest class in all rows, a
        :class:`fastsmote.Prior` of any; a dict of label to count; a callable from y to such a dict.
    replacement : bool, default False
        Draw with replacement.
    clusters : array-like of shape (n_samples,), optional
        The cluster of each row, by any means, or another label: a class then keeps rows of every cluster in
        proportion to its rows there, so that none of its kinds is lost by chance.
    random_state : None, int, numpy Generator, RandomState or SeedSequence
        Seed; None draws fresh entropy. The same seed gives the same rows for any number of threads.
    n_jobs : int, optional
        Threads; None is FASTSMOTE_NUM_THREADS or all usable cores, -1 all usable cores.

    Returns
    -------
    X_resampled, y_resampled
        The rows that stay, in their original order, in the containers that came in (pandas with its index
        labels). As a :class:`fastsmote.Resampled`, which carries counts of classes.

    Raises
    ------
    ValueError
        If the lengths differ, y has one class only or missing labels, or the strategy asks for more rows
        than there are, names an unknown class or can not be read; ``clusters`` are not one label for each
        row.
    TypeError
        If ``replacement``, ``n_jobs`` or ``random_state`` is of another type.

    Warns
    -----
    UserWarning
        If the strategy asks for 0 rows of a class.

    See Also
    --------
    fastsmote.select.random_under_sample : The decision alone.
    fastsmote.balanced_subsets : Several samples that share no rows.
    fastsmote.imblearn.RandomUnderSampler : The class of imbalanced-learn's name.

    Notes
    -----
    Without replacement each row of a class gets a random 64-bit key and the smallest keys stay, so rows
    added at the end of X do not change the keys of the others. O(n_samples) time, 8 bytes per row of a
    class that shrinks.

    With ``clusters`` a class that keeps m of its n rows keeps m / n of its rows in each, cut to whole numbers
    that add up to m: largest remainders first, of equal ones the first cluster in sorted order.

    Examples
    --------
    >>> import fastsmote
    >>> fastsmote.random_under_sample([[0], [1], [2], [3]], list("aaab"), random_state=0)
    ([[2], [3]], ['a', 'b'])
    >>> X, y, clusters = [[i] for i in range(8)], [0] * 6 + [1] * 2, [0, 0, 0, 1, 1, 1, 0, 0]
    >>> fastsmote.select.random_under_sample(X, y, clusters=clusters, random_state=0).tolist()
    [2, 3, 6, 7]
    """
    return select_random(
        X,
        y,
        sampling_strategy=sampling_strategy,
        replacement=replacement,
        clusters=clusters,
        random_state=random_state,
        n_jobs=n_jobs,
    ).resampled()
