"""Under-sampling and cleaning decisions on partitions: the numbers of the rows that stay.

Every function returns an array of Dask, int64, ascending: the numbers that :mod:`fastsmote.select` gives for
the same rows in one piece. Rows are counted over all partitions. Weights and anything else that goes with the
rows is taken by the same numbers.
"""

from typing import TYPE_CHECKING, Any, Literal

import dask.array as da

from fastsmote._core.public import sampler
from fastsmote._core.typing import RandomState
from fastsmote._sampling.strategy import CleanStrategy, MinCount, OverStrategy, UnderStrategy
from fastsmote.dask._absent import absent
from fastsmote.dask._results import link_pairs, selected

__all__ = [
    "edited_nearest_neighbours",
    "near_miss",
    "neighbourhood_cleaning_rule",
    "random_under_sample",
    "smote_enn",
    "smote_tomek",
    "tomek_link_pairs",
    "tomek_links",
]


@sampler
def random_under_sample(
    X: Any,
    y: Any = None,
    *,
    target: Any = None,
    sampling_strategy: UnderStrategy = "auto",
    replacement: bool = False,
    random_state: RandomState = None,
) -> da.Array:
    """Numbers of the rows that a random sample of the larger classes keeps.

    Parameters, errors and passes are those of :func:`fastsmote.dask.random_under_sample`.

    Returns
    -------
    dask array of int64 of shape (n_kept,)
        Ascending; of known chunks, as counts decide. Features are not read.

    See Also
    --------
    fastsmote.dask.random_under_sample : The rows themselves.
    fastsmote.select.random_under_sample : The same in memory.

    Examples
    --------
    >>> import dask.array, fastsmote.dask
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> X, y = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
    >>> len(fastsmote.dask.select.random_under_sample(X, y, random_state=0))
    100
    """
    return selected(
        "random_under_sample",
        X,
        y,
        target,
        sampling_strategy=sampling_strategy,
        replacement=replacement,
        random_state=random_state,
    )


@sampler
def near_miss(
    X: Any,
    y: Any = None,
    *,
    target: Any = None,
    sampling_strategy: UnderStrategy = "auto",
    version: Literal[1, 2] = 1,
    n_neighbors: int = 3,
) -> da.Array:
    """Numbers of the rows that stay: of the larger classes those nearest to the smallest.

    Parameters, errors and passes are those of :func:`fastsmote.dask.near_miss`.

    Returns
    -------
    dask array of int64 of shape (n_kept,)
        Ascending. Chunks are as those of X, of unknown sizes.

    See Also
    --------
    fastsmote.dask.near_miss : The rows themselves.
    fastsmote.select.near_miss : The same in memory.

    Examples
    --------
    >>> import dask.array, fastsmote.dask
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> X, y = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
    >>> numbers = fastsmote.dask.select.near_miss(X, y).compute()
    >>> int(y.compute()[numbers].sum())
    50
    """
    return selected(
        "near_miss",
        X,
        y,
        target,
        sampling_strategy=sampling_strategy,
        version=version,
        n_neighbors=n_neighbors,
    )


def tomek_link_pairs(X: Any, y: Any = None, *, target: Any = None) -> da.Array:
    """All Tomek links: pairs of rows of different classes that are each other's nearest neighbour.

    Parameters, errors and passes are those of :func:`fastsmote.dask.tomek_links`.

    Returns
    -------
    dask array of int64 of shape (n_links, 2)
        Row numbers over all partitions, the smaller first, sorted. One chunk, of an unknown number of rows.

    See Also
    --------
    fastsmote.dask.tomek_links : Removes their ends.
    fastsmote.select.tomek_link_pairs : The same in memory.

    Examples
    --------
    >>> import dask.array, fastsmote.dask
    >>> X = dask.array.from_array([[0.0], [2.0], [2.5], [9.0]], (2, 1))
    >>> y = dask.array.from_array([0, 0, 1, 1], 2)
    >>> fastsmote.dask.select.tomek_link_pairs(X, y).compute().tolist()
    [[1, 2]]
    """
    return link_pairs(X, y, target)


@sampler
def tomek_links(
    X: Any,
    y: Any = None,
    *,
    target: Any = None,
    sampling_strategy: CleanStrategy = "auto",
    min_count: MinCount = None,
) -> da.Array:
    """Numbers of the rows that stay when Tomek links are removed.

    Parameters, errors and passes are those of :func:`fastsmote.dask.tomek_links`.

    Returns
    -------
    dask array of int64 of shape (n_kept,)
        Ascending. Chunks are as those of X, of unknown sizes.

    See Also
    --------
    fastsmote.dask.tomek_links : The rows themselves.
    fastsmote.select.tomek_links : The same in memory.

    Examples
    --------
    >>> import dask.array, fastsmote.dask
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> X, y = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
    >>> numbers = fastsmote.dask.select.tomek_links(X, y).compute()
    >>> int(y.compute()[numbers].sum())
    50
    """
    return selected(
        "tomek_links",
        X,
        y,
        target,
        sampling_strategy=sampling_strategy,
        min_count=min_count,
    )


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
) -> da.Array:
    """Numbers of the rows that stay when others contradict their neighbours.

    Parameters, errors and passes are those of :func:`fastsmote.dask.edited_nearest_neighbours`.

    Returns
    -------
    dask array of int64 of shape (n_kept,)
        Ascending. Chunks are as those of X, of unknown sizes.

    See Also
    --------
    fastsmote.dask.edited_nearest_neighbours : The rows themselves.
    fastsmote.select.edited_nearest_neighbours : The same in memory.

    Examples
    --------
    >>> import dask.array, fastsmote.dask
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> X, y = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
    >>> numbers = fastsmote.dask.select.edited_nearest_neighbours(X, y).compute()
    >>> int(y.compute()[numbers].sum())
    50
    """
    return selected(
        "edited_nearest_neighbours",
        X,
        y,
        target,
        sampling_strategy=sampling_strategy,
        n_neighbors=n_neighbors,
        kind_sel=kind_sel,
        min_count=min_count,
    )


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
) -> da.Array:
    """Numbers of the rows that stay when those are removed that neighbours contradict.

    Parameters, errors and passes are those of :func:`fastsmote.dask.neighbourhood_cleaning_rule`.

    Returns
    -------
    dask array of int64 of shape (n_kept,)
        Ascending. Chunks are as those of X, of unknown sizes.

    See Also
    --------
    fastsmote.dask.neighbourhood_cleaning_rule : The rows themselves.
    fastsmote.select.neighbourhood_cleaning_rule : The same in memory.

    Examples
    --------
    >>> import dask.array, fastsmote.dask
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> X, y = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
    >>> numbers = fastsmote.dask.select.neighbourhood_cleaning_rule(X, y).compute()
    >>> int(y.compute()[numbers].sum())
    50
    """
    return selected(
        "neighbourhood_cleaning_rule",
        X,
        y,
        target,
        sampling_strategy=sampling_strategy,
        n_neighbors=n_neighbors,
        threshold_cleaning=threshold_cleaning,
        min_count=min_count,
    )


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
) -> da.Array:
    """Numbers of the rows of :func:`fastsmote.dask.smote` that stay when it is cleaned of Tomek links.

    Parameters, errors and passes are those of :func:`fastsmote.dask.smote_tomek`.

    Returns
    -------
    dask array of int64 of shape (n_kept,)
        Ascending: below ``len(X)`` rows of X, from there on those of
        :func:`fastsmote.dask.plan.smote`. Chunks are of unknown sizes.

    See Also
    --------
    fastsmote.dask.smote_tomek : The rows themselves.
    fastsmote.select.smote_tomek : The same in memory.

    Examples
    --------
    >>> import dask.array, fastsmote.dask
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> X, y = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
    >>> numbers = fastsmote.dask.select.smote_tomek(X, y, random_state=0).compute()
    >>> bool((numbers < 2 * 950).all())
    True
    """
    return selected(
        "smote_tomek",
        X,
        y,
        target,
        sampling_strategy=sampling_strategy,
        k_neighbors=k_neighbors,
        min_count=min_count,
        random_state=random_state,
    )


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
) -> da.Array:
    """Numbers of the rows of :func:`fastsmote.dask.smote` that stay when it is edited.

    Parameters, errors and passes are those of :func:`fastsmote.dask.smote_enn`.

    Returns
    -------
    dask array of int64 of shape (n_kept,)
        Ascending: below ``len(X)`` rows of X, from there on those of
        :func:`fastsmote.dask.plan.smote`. Chunks are of unknown sizes.

    See Also
    --------
    fastsmote.dask.smote_enn : The rows themselves.
    fastsmote.select.smote_enn : The same in memory.

    Examples
    --------
    >>> import dask.array, fastsmote.dask
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> X, y = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
    >>> numbers = fastsmote.dask.select.smote_enn(X, y, random_state=0).compute()
    >>> bool((numbers < 2 * 950).all())
    True
    """
    return selected(
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


if not TYPE_CHECKING:  # a type checker would take any name

    def __getattr__(name: str) -> object:
        raise absent(__name__, name)
