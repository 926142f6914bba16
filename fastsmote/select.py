"""Under-sampling and cleaning decisions: which rows stay.

Every function returns the indices of the rows that stay, ascending, int64; the function of the same name at
top level takes those rows of X and y in their containers. Weights, groups and anything else that goes with
the rows is taken by the same indices.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.typing import Progress
from fastsmote._sampling.clean.editing import select_all_knn, select_enn, select_ncr, select_renn
from fastsmote._sampling.clean.tomek import find_links, select_without_links
from fastsmote._sampling.combine import combine_enn, combine_tomek
from fastsmote._sampling.under.centroids import replace_by_centroids
from fastsmote._sampling.under.condensing import select_cnn, select_oss
from fastsmote._sampling.under.hardness import select_easiest
from fastsmote._sampling.under.near_miss import select_near_miss
from fastsmote._sampling.under.random import select_random

__all__ = [
    "all_knn",
    "cluster_centroids",
    "condensed_nearest_neighbour",
    "edited_nearest_neighbours",
    "instance_hardness_threshold",
    "near_miss",
    "neighbourhood_cleaning_rule",
    "one_sided_selection",
    "random_under_sample",
    "repeated_edited_nearest_neighbours",
    "smote_enn",
    "smote_tomek",
    "tomek_link_pairs",
    "tomek_links",
]


def random_under_sample(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any = "auto",
    replacement: bool = False,
    random_state: Any = None,
    n_jobs: int | None = None,
) -> NDArray[np.int64]:
    """Indices of a random sample of each class, of the size that the strategy asks for.

    Parameters, errors and sources are those of :func:`fastsmote.random_under_sample`.

    Returns
    -------
    ndarray of int64 of shape (n_kept,)
        Ascending; with ``replacement`` an index may occur several times.

    Examples
    --------
    >>> import fastsmote
    >>> fastsmote.select.random_under_sample([[0], [1], [2], [3]], [0, 0, 0, 1], random_state=0).tolist()
    [2, 3]
    """
    return select_random(
        X,
        y,
        sampling_strategy=sampling_strategy,
        replacement=replacement,
        random_state=random_state,
        n_jobs=n_jobs,
    ).rows


def tomek_links(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any = "auto",
    min_count: int | str | None = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> NDArray[np.int64]:
    """Indices of the rows that stay when Tomek links are removed.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.tomek_links`.

    Returns
    -------
    ndarray of int64 of shape (n_kept,)
        Ascending.

    Examples
    --------
    >>> import fastsmote
    >>> fastsmote.select.tomek_links([[0.0], [1.0], [2.0], [2.5], [9.0]], [0, 0, 0, 1, 1]).tolist()
    [0, 1, 3, 4]
    """
    return select_without_links(
        X,
        y,
        sampling_strategy=sampling_strategy,
        min_count=min_count,
        n_jobs=n_jobs,
        progress=progress,
    ).rows


def tomek_link_pairs(
    X: Any, y: Any, *, n_jobs: int | None = None, progress: Progress | None = None
) -> NDArray[np.int64]:
    """All Tomek links: pairs of rows of different classes that are each other's nearest neighbour.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        Finite numbers.
    y : array-like of shape (n_samples,)
        Class labels, at least two classes.
    n_jobs : int, optional
        Threads; None is all usable cores.
    progress : callable, optional
        ``progress(done, total)``, called in the calling thread; each step of the work counts from 0.

    Returns
    -------
    ndarray of int64 of shape (n_links, 2)
        Row numbers, the smaller first, sorted. A row is in one link at most, since its nearest neighbour
        under (distance, index) is unique.

    Raises
    ------
    ValueError, TypeError
        As for :func:`fastsmote.tomek_links`.

    Notes
    -----
    A link has an end outside the largest class, so only those rows ask for their nearest neighbour; the
    partner's answer is whether the ball around it with the link's radius holds another row. Among
    duplicates the nearest is the one with the smallest index, so at most one pair of a heap of duplicates
    is a link.

    References
    ----------
    Tomek, I. (1976). Two modifications of CNN. IEEE Trans. Systems, Man, and Cybernetics 6, 769-772.
    doi:10.1109/TSMC.1976.4309452

    Examples
    --------
    >>> import fastsmote
    >>> fastsmote.select.tomek_link_pairs([[0.0], [2.0], [2.5], [9.0]], [0, 0, 1, 1]).tolist()
    [[1, 2]]
    """
    return find_links(
        X,
        y,
        n_jobs=n_jobs,
        progress=progress,
    )


def edited_nearest_neighbours(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any = "auto",
    n_neighbors: int = 3,
    kind_sel: str = "all",
    min_count: int | str | None = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> NDArray[np.int64]:
    """Indices of the rows that stay in edited nearest neighbours.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.edited_nearest_neighbours`.

    Returns
    -------
    ndarray of int64 of shape (n_kept,)
        Ascending.

    Examples
    --------
    >>> import fastsmote
    >>> X = [[0.0], [1.0], [2.0], [5.0], [5.1], [5.2], [5.3]]
    >>> fastsmote.select.edited_nearest_neighbours(X, [0, 0, 0, 0, 1, 1, 1], n_neighbors=2).tolist()
    [0, 1, 2, 4, 5, 6]
    """
    return select_enn(
        X,
        y,
        sampling_strategy=sampling_strategy,
        n_neighbors=n_neighbors,
        kind_sel=kind_sel,
        min_count=min_count,
        n_jobs=n_jobs,
        progress=progress,
    ).rows


def repeated_edited_nearest_neighbours(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any = "auto",
    n_neighbors: int = 3,
    max_iter: int = 100,
    kind_sel: str = "all",
    min_count: int | str | None = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> NDArray[np.int64]:
    """Indices of the rows that stay in repeated edited nearest neighbours.

    Parameters, errors, complexity and sources are those of
    :func:`fastsmote.repeated_edited_nearest_neighbours`.

    Returns
    -------
    ndarray of int64 of shape (n_kept,)
        Ascending.

    Examples
    --------
    >>> import fastsmote
    >>> X = [[0.0], [1.0], [2.0], [5.0], [5.1], [5.2], [5.3]]
    >>> fastsmote.select.repeated_edited_nearest_neighbours(X, [0, 0, 0, 0, 1, 1, 1], n_neighbors=2).tolist()
    [0, 1, 2, 4, 5, 6]
    """
    return select_renn(
        X,
        y,
        sampling_strategy=sampling_strategy,
        n_neighbors=n_neighbors,
        max_iter=max_iter,
        kind_sel=kind_sel,
        min_count=min_count,
        n_jobs=n_jobs,
        progress=progress,
    ).rows


def all_knn(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any = "auto",
    n_neighbors: int = 3,
    kind_sel: str = "all",
    allow_minority: bool = False,
    min_count: int | str | None = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> NDArray[np.int64]:
    """Indices of the rows that stay in AllKNN.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.all_knn`.

    Returns
    -------
    ndarray of int64 of shape (n_kept,)
        Ascending.

    Examples
    --------
    >>> import fastsmote
    >>> X = [[0.0], [1.0], [2.0], [5.0], [5.1], [5.2], [5.3]]
    >>> fastsmote.select.all_knn(X, [0, 0, 0, 0, 1, 1, 1], n_neighbors=2).tolist()
    [0, 1, 2, 4, 5, 6]
    """
    return select_all_knn(
        X,
        y,
        sampling_strategy=sampling_strategy,
        n_neighbors=n_neighbors,
        kind_sel=kind_sel,
        allow_minority=allow_minority,
        min_count=min_count,
        n_jobs=n_jobs,
        progress=progress,
    ).rows


def neighbourhood_cleaning_rule(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any = "auto",
    n_neighbors: int = 3,
    threshold_cleaning: float = 0.5,
    min_count: int | str | None = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> NDArray[np.int64]:
    """Indices of the rows that stay in the neighbourhood cleaning rule.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.neighbourhood_cleaning_rule`.

    Returns
    -------
    ndarray of int64 of shape (n_kept,)
        Ascending.

    Examples
    --------
    >>> import fastsmote
    >>> X = [[0.0], [1.0], [2.0], [5.0], [5.1], [5.2], [5.3]]
    >>> fastsmote.select.neighbourhood_cleaning_rule(X, [0, 0, 0, 0, 1, 1, 1], n_neighbors=2).tolist()
    [0, 1, 2, 4, 5, 6]
    """
    return select_ncr(
        X,
        y,
        sampling_strategy=sampling_strategy,
        n_neighbors=n_neighbors,
        threshold_cleaning=threshold_cleaning,
        min_count=min_count,
        n_jobs=n_jobs,
        progress=progress,
    ).rows


def condensed_nearest_neighbour(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any = "auto",
    random_state: Any = None,
    n_neighbors: int = 1,
    n_seeds_S: int = 1,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> NDArray[np.int64]:
    """Indices of the rows that stay in condensed nearest neighbours.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.condensed_nearest_neighbour`.

    Returns
    -------
    ndarray of int64 of shape (n_kept,)
        Ascending.

    Examples
    --------
    >>> import fastsmote
    >>> X = [[0.0], [1.0], [2.0], [3.0], [5.0], [6.0]]
    >>> fastsmote.select.condensed_nearest_neighbour(X, [0, 0, 0, 0, 1, 1], random_state=0).tolist()
    [2, 4, 5]
    """
    return select_cnn(
        X,
        y,
        sampling_strategy=sampling_strategy,
        random_state=random_state,
        n_neighbors=n_neighbors,
        n_seeds_S=n_seeds_S,
        n_jobs=n_jobs,
        progress=progress,
    ).rows


def one_sided_selection(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any = "auto",
    random_state: Any = None,
    n_neighbors: int = 1,
    n_seeds_S: int = 1,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> NDArray[np.int64]:
    """Indices of the rows that stay in one-sided selection.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.one_sided_selection`.

    Returns
    -------
    ndarray of int64 of shape (n_kept,)
        Ascending.

    Examples
    --------
    >>> import fastsmote
    >>> X = [[0.0], [1.0], [2.0], [3.0], [5.0], [6.0]]
    >>> fastsmote.select.one_sided_selection(X, [0, 0, 0, 0, 1, 1], random_state=0).tolist()
    [2, 4, 5]
    """
    return select_oss(
        X,
        y,
        sampling_strategy=sampling_strategy,
        random_state=random_state,
        n_neighbors=n_neighbors,
        n_seeds_S=n_seeds_S,
        n_jobs=n_jobs,
        progress=progress,
    ).rows


def near_miss(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any = "auto",
    version: int = 1,
    n_neighbors: int = 3,
    n_neighbors_ver3: int = 3,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> NDArray[np.int64]:
    """Indices of the rows that stay in NearMiss.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.near_miss`.

    Returns
    -------
    ndarray of int64 of shape (n_kept,)
        Ascending.

    Examples
    --------
    >>> import fastsmote
    >>> X = [[0.0], [1.0], [2.0], [3.0], [5.0], [6.0]]
    >>> fastsmote.select.near_miss(X, [0, 0, 0, 0, 1, 1], n_neighbors=2).tolist()
    [2, 3, 4, 5]
    """
    return select_near_miss(
        X,
        y,
        sampling_strategy=sampling_strategy,
        version=version,
        n_neighbors=n_neighbors,
        n_neighbors_ver3=n_neighbors_ver3,
        n_jobs=n_jobs,
        progress=progress,
    ).rows


def cluster_centroids(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any = "auto",
    random_state: Any = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> NDArray[np.int64]:
    """Indices of the rows that stay in cluster centroids with hard voting.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.cluster_centroids`.

    Returns
    -------
    ndarray of int64 of shape (n_kept,)
        Ascending.

    Examples
    --------
    >>> import fastsmote
    >>> X = [[0.0], [1.0], [2.0], [3.0], [5.0], [6.0]]
    >>> fastsmote.select.cluster_centroids(X, [0, 0, 0, 0, 1, 1], random_state=0).tolist()
    [0, 2, 4, 5]
    """
    return replace_by_centroids(
        X,
        y,
        sampling_strategy=sampling_strategy,
        random_state=random_state,
        n_jobs=n_jobs,
        progress=progress,
        voting="hard",
    ).rows


def instance_hardness_threshold(
    X: Any,
    y: Any,
    probabilities: Any,
    *,
    sampling_strategy: Any = "auto",
    n_jobs: int | None = None,
) -> NDArray[np.int64]:
    """Indices of the rows that stay in the instance hardness threshold.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.instance_hardness_threshold`.

    Returns
    -------
    ndarray of int64 of shape (n_kept,)
        Ascending.

    Examples
    --------
    >>> import fastsmote
    >>> X, y = [[0], [1], [2], [3]], ["a", "a", "a", "b"]
    >>> probabilities = [[0.9, 0.1], [0.2, 0.8], [0.7, 0.3], [0.5, 0.5]]
    >>> fastsmote.select.instance_hardness_threshold(X, y, probabilities).tolist()
    [0, 3]
    """
    return select_easiest(
        X,
        y,
        probabilities,
        sampling_strategy=sampling_strategy,
        n_jobs=n_jobs,
    ).rows


def smote_tomek(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any = "auto",
    k_neighbors: int = 5,
    min_count: int | str | None = None,
    random_state: Any = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> NDArray[np.int64]:
    """Indices of the rows of :func:`fastsmote.smote` that stay when it is cleaned of Tomek links.

    Parameters and errors are those of :func:`fastsmote.smote_tomek`.

    Returns
    -------
    ndarray of int64 of shape (n_kept,)
        Ascending: below ``len(X)`` rows of X, from there on rows of :func:`fastsmote.plan.smote`.
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
    ).rows


def smote_enn(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any = "auto",
    k_neighbors: int = 5,
    n_neighbors: int = 3,
    kind_sel: str = "all",
    min_count: int | str | None = None,
    random_state: Any = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> NDArray[np.int64]:
    """Indices of the rows of :func:`fastsmote.smote` that stay when it is edited.

    Parameters and errors are those of :func:`fastsmote.smote_enn`; returns as :func:`smote_tomek`.
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
    ).rows
