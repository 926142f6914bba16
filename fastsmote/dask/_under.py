"""Under-samplers of Dask's containers."""

from typing import Any, Literal

from fastsmote._core.public import public, sampler
from fastsmote._core.typing import RandomState
from fastsmote._sampling.strategy import UnderStrategy
from fastsmote.dask._results import resampled


@public("fastsmote.dask")
@sampler
def random_under_sample(
    X: Any,
    y: Any = None,
    *,
    target: Any = None,
    sampling_strategy: UnderStrategy = "auto",
    replacement: bool = False,
    random_state: RandomState = None,
) -> Any:
    """Keep a random sample of the larger classes.

    The rows are those of :func:`fastsmote.random_under_sample` for the same rows in one piece, however they
    are cut.

    Parameters
    ----------
    X : dask array of shape (n_samples, n_features), or dask DataFrame
        An array is cut by rows alone, into chunks of known sizes. A frame holds the labels as well.
    y : dask array of shape (n_samples,), optional
        Labels beside an array.
    target : column, optional
        The name of the labels in a frame.
    sampling_strategy : "auto", str, float, Share, Prior or dict, default "auto"
        As in memory, but no function of y.
    replacement : bool, default False
        Draw with replacement.
    random_state : None, int, Generator, RandomState or SeedSequence
        Seed; the same rows for the same seed. It is drawn at the call.

    Returns
    -------
    X_resampled, y_resampled : dask arrays
        Or one dask DataFrame for a frame. Nothing but the labels was computed yet.

    Raises
    ------
    ValueError
        What :func:`fastsmote.random_under_sample` refuses, at the call where counts or types tell, else when
        it is computed; chunks of columns or of unknown sizes; a target that is no column.
    TypeError
        If X or y is no container of Dask.

    See Also
    --------
    fastsmote.random_under_sample : The same in memory, with all that the parameters mean.
    fastsmote.dask.select.random_under_sample : Which rows stay.

    Notes
    -----
    The labels are computed at the call to count them; counts are all that comes to the caller. Counts decide
    which rows stay, so that the sizes of all partitions are known.

    Examples
    --------
    >>> import dask.array, fastsmote.dask
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> X, y = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
    >>> X_res, y_res = fastsmote.dask.random_under_sample(X, y, random_state=0)
    >>> len(y_res), int(y_res.sum().compute())
    (100, 50)
    """
    return resampled(
        "random_under_sample",
        X,
        y,
        target,
        sampling_strategy=sampling_strategy,
        replacement=replacement,
        random_state=random_state,
    )


@public("fastsmote.dask")
@sampler
def near_miss(
    X: Any,
    y: Any = None,
    *,
    target: Any = None,
    sampling_strategy: UnderStrategy = "auto",
    version: Literal[1, 2] = 1,
    n_neighbors: int = 3,
) -> Any:
    """Keep the rows of the larger classes that are nearest to the smallest.

    The rows are those of :func:`fastsmote.near_miss` for the same rows in one piece, however they are cut.

    Parameters
    ----------
    X : dask array of shape (n_samples, n_features), or dask DataFrame
        An array is cut by rows alone, into chunks of known sizes. A frame holds the labels as well.
    y : dask array of shape (n_samples,), optional
        Labels beside an array.
    target : column, optional
        The name of the labels in a frame.
    sampling_strategy : "auto", str, float, Share, Prior or dict, default "auto"
        As in memory, but no function of y.
    version : 1 or 2, default 1
        Version 3 needs all rows.
    n_neighbors : int, default 3
        Neighbours.

    Returns
    -------
    X_resampled, y_resampled : dask arrays
        Or one dask DataFrame for a frame. Nothing but the labels was computed yet.

    Raises
    ------
    ValueError
        What :func:`fastsmote.near_miss` refuses, at the call where counts or types tell, else when it is
        computed; chunks of columns or of unknown sizes; a target that is no column.
    TypeError
        If X or y is no container of Dask.

    See Also
    --------
    fastsmote.near_miss : The same in memory, with all that the parameters mean.
    fastsmote.dask.select.near_miss : Which rows stay.

    Notes
    -----
    The labels are computed at the call to count them; counts are all that comes to the caller. Two passes:
    the smallest class is gathered; each partition tells which of its rows are nearest to it. Sizes of the
    partitions are unknown until it is computed.

    Examples
    --------
    >>> import dask.array, fastsmote.dask
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> X, y = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
    >>> X_res, y_res = fastsmote.dask.near_miss(X, y)
    >>> int(y_res.sum().compute())
    50
    """
    return resampled(
        "near_miss",
        X,
        y,
        target,
        sampling_strategy=sampling_strategy,
        version=version,
        n_neighbors=n_neighbors,
    )
