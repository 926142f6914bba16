"""SMOTE and then a cleaner, of Dask's containers."""

from typing import Any, Literal

from fastsmote._core.public import public, sampler
from fastsmote._core.typing import RandomState
from fastsmote._sampling.strategy import MinCount, OverStrategy
from fastsmote.dask._results import resampled


@public("fastsmote.dask")
@sampler
def smote_tomek(
    X: Any,
    y: Any = None,
    *,
    target: Any = None,
    sampling_strategy: OverStrategy = "auto",
    k_neighbors: int = 5,
    min_count: MinCount = None,
    random_state: RandomState = None,
) -> Any:
    """SMOTE, then remove both ends of each Tomek link.

    The rows are those of :func:`fastsmote.smote_tomek` for the same rows in one piece, however they are cut.

    Parameters
    ----------
    X : dask array of shape (n_samples, n_features), or dask DataFrame
        An array is cut by rows alone, into chunks of known sizes. A frame holds the labels as well.
    y : dask array of shape (n_samples,), optional
        Labels beside an array.
    target : column, optional
        The name of the labels in a frame.
    sampling_strategy : "auto", str, float, Share, list or dict, default "auto"
        As in memory, but no function of y.
    k_neighbors : int, default 5
        Neighbours within the class to interpolate with.
    min_count : int or "balanced", optional
        Rows that each class keeps at least, as in memory.
    random_state : None, int, Generator, RandomState or SeedSequence
        Seed; the same rows for the same seed. It is drawn at the call.

    Returns
    -------
    X_resampled, y_resampled : dask arrays
        Or one dask DataFrame for a frame, whose rows are numbered anew: the rows that stay, in partitions as
        they came, then the new ones that stay. Nothing but the labels was computed yet.

    Raises
    ------
    ValueError
        What :func:`fastsmote.smote_tomek` refuses, at the call where counts or types tell, else when it is
        computed; chunks of columns or of unknown sizes; a target that is no column.
    TypeError
        If X or y is no container of Dask.

    See Also
    --------
    fastsmote.smote_tomek : The same in memory, with all that the parameters mean.
    fastsmote.dask.select.smote_tomek : Which rows stay.

    Notes
    -----
    The labels are computed at the call to count them; counts are all that comes to the caller. Four
    passes, as those of :func:`fastsmote.dask.tomek_links`. All new rows are held by one task, with
    the rows of all classes but the largest, and must fit into the memory of a worker some six times over: ask
    for few by ``sampling_strategy``. Sizes of the partitions are unknown until it is computed.

    Examples
    --------
    >>> import dask.array, fastsmote.dask
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> X, y = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
    >>> X_res, y_res = fastsmote.dask.smote_tomek(X, y, random_state=0)
    >>> len(y_res.compute()) <= 2 * 950
    True
    """
    return resampled(
        "smote_tomek",
        X,
        y,
        target,
        sampling_strategy=sampling_strategy,
        k_neighbors=k_neighbors,
        min_count=min_count,
        random_state=random_state,
    )


@public("fastsmote.dask")
@sampler
def smote_enn(
    X: Any,
    y: Any = None,
    *,
    target: Any = None,
    sampling_strategy: OverStrategy = "auto",
    k_neighbors: int = 5,
    n_neighbors: int = 3,
    kind_sel: Literal["all", "mode"] = "all",
    min_count: MinCount = None,
    random_state: RandomState = None,
) -> Any:
    """SMOTE, then edited nearest neighbours of every class.

    The rows are those of :func:`fastsmote.smote_enn` for the same rows in one piece, however they are cut.

    Parameters
    ----------
    X : dask array of shape (n_samples, n_features), or dask DataFrame
        An array is cut by rows alone, into chunks of known sizes. A frame holds the labels as well.
    y : dask array of shape (n_samples,), optional
        Labels beside an array.
    target : column, optional
        The name of the labels in a frame.
    sampling_strategy : "auto", str, float, Share, list or dict, default "auto"
        As in memory, but no function of y.
    k_neighbors : int, default 5
        Neighbours within the class to interpolate with.
    n_neighbors : int, default 3
        Neighbours that vote on whether a row stays.
    kind_sel : "all" or "mode", default "all"
        Whether all neighbours, or most, must be of the class of a row that stays.
    min_count : int or "balanced", optional
        Rows that each class keeps at least, as in memory.
    random_state : None, int, Generator, RandomState or SeedSequence
        Seed; the same rows for the same seed. It is drawn at the call.

    Returns
    -------
    X_resampled, y_resampled : dask arrays
        Or one dask DataFrame for a frame, whose rows are numbered anew: the rows that stay, in partitions as
        they came, then the new ones that stay. Nothing but the labels was computed yet.

    Raises
    ------
    ValueError
        What :func:`fastsmote.smote_enn` refuses, at the call where counts or types tell, else when it is
        computed; chunks of columns or of unknown sizes; a target that is no column.
    TypeError
        If X or y is no container of Dask.

    See Also
    --------
    fastsmote.smote_enn : The same in memory, with all that the parameters mean.
    fastsmote.dask.select.smote_enn : Which rows stay.

    Notes
    -----
    The labels are computed at the call to count them; counts are all that comes to the caller. Three
    passes, as those of :func:`fastsmote.dask.edited_nearest_neighbours`. All new rows are held by one task,
    with the rows of all classes but the largest, and must fit into the memory of a worker some six times
    over: ask for few by ``sampling_strategy``. Sizes of the partitions are unknown until it is computed.

    Examples
    --------
    >>> import dask.array, fastsmote.dask
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> X, y = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
    >>> X_res, y_res = fastsmote.dask.smote_enn(X, y, random_state=0)
    >>> len(y_res.compute()) <= 2 * 950
    True
    """
    return resampled(
        "smote_enn",
        X,
        y,
        target,
        sampling_strategy=sampling_strategy,
        k_neighbors=k_neighbors,
        n_neighbors=n_neighbors,
        kind_sel=kind_sel,
        min_count=min_count,
        random_state=random_state,
    )
