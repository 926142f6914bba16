"""Cleaners of Dask's containers."""

from typing import Any, Literal

from fastsmote._core.public import public, sampler
from fastsmote._sampling.strategy import CleanStrategy, MinCount
from fastsmote.dask._results import resampled


@public("fastsmote.dask")
@sampler
def tomek_links(
    X: Any,
    y: Any = None,
    *,
    target: Any = None,
    sampling_strategy: CleanStrategy = "auto",
    min_count: MinCount = None,
) -> Any:
    """Remove rows that form Tomek links.

    The rows are those of :func:`fastsmote.tomek_links` for the same rows in one piece, however they are cut.

    Parameters
    ----------
    X : dask array of shape (n_samples, n_features), or dask DataFrame
        An array is cut by rows alone, into chunks of known sizes. A frame holds the labels as well.
    y : dask array of shape (n_samples,), optional
        Labels beside an array.
    target : column, optional
        The name of the labels in a frame.
    sampling_strategy : "auto", str, list or dict, default "auto"
        As in memory, but no function of y.
    min_count : int or "balanced", optional
        Rows that each class keeps at least, as in memory.

    Returns
    -------
    X_resampled, y_resampled : dask arrays
        Or one dask DataFrame for a frame. Nothing but the labels was computed yet.

    Raises
    ------
    ValueError
        What :func:`fastsmote.tomek_links` refuses, at the call where counts or types tell, else when it is
        computed; chunks of columns or of unknown sizes; a target that is no column.
    TypeError
        If X or y is no container of Dask.

    See Also
    --------
    fastsmote.tomek_links : The same in memory, with all that the parameters mean.
    fastsmote.dask.select.tomek_links : Which rows stay.

    Notes
    -----
    The labels are computed at the call to count them; counts are all that comes to the caller. Four passes:
    the rows of all classes but the largest; the row nearest to each; these, of the largest class; whether
    another row is nearer to them. Sizes of the partitions are unknown until it is computed.

    Examples
    --------
    >>> import dask.array, fastsmote.dask
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> X, y = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
    >>> X_res, y_res = fastsmote.dask.tomek_links(X, y)
    >>> int(y_res.sum().compute())
    50
    """
    return resampled(
        "tomek_links",
        X,
        y,
        target,
        sampling_strategy=sampling_strategy,
        min_count=min_count,
    )


@public("fastsmote.dask")
@sampler
def edited_nearest_neighbours(
    X: Any,
    y: Any = None,
    *,
    target: Any = None,
    sampling_strategy: CleanStrategy = "auto",
    n_neighbors: int = 3,
    kind_sel: Literal["all", "mode"] = "all",
    min_count: MinCount = None,
) -> Any:
    """Remove rows whose nearest neighbours are of other classes.

    The rows are those of :func:`fastsmote.edited_nearest_neighbours` for the same rows in one piece, however
    they are cut.

    Parameters
    ----------
    X : dask array of shape (n_samples, n_features), or dask DataFrame
        An array is cut by rows alone, into chunks of known sizes. A frame holds the labels as well.
    y : dask array of shape (n_samples,), optional
        Labels beside an array.
    target : column, optional
        The name of the labels in a frame.
    sampling_strategy : "auto", str, list or dict, default "auto"
        As in memory, but no function of y.
    n_neighbors : int, default 3
        Neighbours.
    kind_sel : "all" or "mode", default "all"
        Whether all neighbours, or most, must be of the class of a row that stays.
    min_count : int or "balanced", optional
        Rows that each class keeps at least, as in memory.

    Returns
    -------
    X_resampled, y_resampled : dask arrays
        Or one dask DataFrame for a frame. Nothing but the labels was computed yet.

    Raises
    ------
    ValueError
        What :func:`fastsmote.edited_nearest_neighbours` refuses, at the call where counts or types tell, else
        when it is computed; chunks of columns or of unknown sizes; a target that is no column.
    TypeError
        If X or y is no container of Dask.

    See Also
    --------
    fastsmote.edited_nearest_neighbours : The same in memory, with all that the parameters mean.
    fastsmote.dask.select.edited_nearest_neighbours : Which rows stay.

    Notes
    -----
    The labels are computed at the call to count them; counts are all that comes to the caller. Three passes:
    the rows of all classes but the largest; rows of it that their partition does not prove to stay; the
    nearest of these in all partitions. Sizes of the partitions are unknown until it is computed.

    Examples
    --------
    >>> import dask.array, fastsmote.dask
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> X, y = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
    >>> X_res, y_res = fastsmote.dask.edited_nearest_neighbours(X, y)
    >>> int(y_res.sum().compute())
    50
    """
    return resampled(
        "edited_nearest_neighbours",
        X,
        y,
        target,
        sampling_strategy=sampling_strategy,
        n_neighbors=n_neighbors,
        kind_sel=kind_sel,
        min_count=min_count,
    )


@public("fastsmote.dask")
@sampler
def neighbourhood_cleaning_rule(
    X: Any,
    y: Any = None,
    *,
    target: Any = None,
    sampling_strategy: CleanStrategy = "auto",
    n_neighbors: int = 3,
    threshold_cleaning: float = 0.5,
    min_count: MinCount = None,
) -> Any:
    """Remove rows that their neighbours contradict, and those that contradict the smallest class.

    The rows are those of :func:`fastsmote.neighbourhood_cleaning_rule` for the same rows in one piece,
    however they are cut.

    Parameters
    ----------
    X : dask array of shape (n_samples, n_features), or dask DataFrame
        An array is cut by rows alone, into chunks of known sizes. A frame holds the labels as well.
    y : dask array of shape (n_samples,), optional
        Labels beside an array.
    target : column, optional
        The name of the labels in a frame.
    sampling_strategy : "auto", str, list or dict, default "auto"
        As in memory, but no function of y.
    n_neighbors : int, default 3
        Neighbours.
    threshold_cleaning : float, default 0.5
        Classes with more rows than this times the smallest class are cleaned around it.
    min_count : int or "balanced", optional
        Rows that each class keeps at least, as in memory.

    Returns
    -------
    X_resampled, y_resampled : dask arrays
        Or one dask DataFrame for a frame. Nothing but the labels was computed yet.

    Raises
    ------
    ValueError
        What :func:`fastsmote.neighbourhood_cleaning_rule` refuses, at the call where counts or types tell,
        else when it is computed; chunks of columns or of unknown sizes; a target that is no column.
    TypeError
        If X or y is no container of Dask.

    See Also
    --------
    fastsmote.neighbourhood_cleaning_rule : The same in memory, with all that the parameters mean.
    fastsmote.dask.select.neighbourhood_cleaning_rule : Which rows stay.

    Notes
    -----
    The labels are computed at the call to count them; counts are all that comes to the caller. Three passes,
    as those of :func:`fastsmote.dask.edited_nearest_neighbours`. Sizes of the partitions are unknown until
    it is computed.

    Examples
    --------
    >>> import dask.array, fastsmote.dask
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> X, y = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
    >>> X_res, y_res = fastsmote.dask.neighbourhood_cleaning_rule(X, y)
    >>> int(y_res.sum().compute())
    50
    """
    return resampled(
        "neighbourhood_cleaning_rule",
        X,
        y,
        target,
        sampling_strategy=sampling_strategy,
        n_neighbors=n_neighbors,
        threshold_cleaning=threshold_cleaning,
        min_count=min_count,
    )
