"""Cleaners and combinations as decisions: which rows stay."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.public import public, sampler
from fastsmote._core.typing import MatrixLike, Progress, RandomState, VectorLike
from fastsmote._sampling.clean.editing import select_all_knn, select_enn, select_ncr, select_renn
from fastsmote._sampling.clean.tomek import find_links, select_without_links
from fastsmote._sampling.combine import combine_enn, combine_tomek
from fastsmote._sampling.strategy import CleanStrategy, MinCount, OverStrategy


@public("fastsmote.select")
@sampler
def tomek_links(
    X: MatrixLike,
    y: VectorLike,
    *,
    sampling_strategy: CleanStrategy = "auto",
    min_count: MinCount = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> NDArray[np.int64]:
    """Indices of the rows that stay when Tomek links are removed.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.tomek_links`.

    Returns
    -------
    ndarray of int64 of shape (n_kept,)
        Ascending.

    See Also
    --------
    fastsmote.tomek_links : The rows that stay, in the user's containers.
    fastsmote.imblearn.TomekLinks : The class of imbalanced-learn's name.

    Examples
    --------
    >>> import fastsmote
    >>> fastsmote.select.tomek_links([[0.0], [1.0], [2.0], [2.5], [9.0]], [0, 0, 0, 1, 1]).tolist()
    [0, 1, 3, 4]
    """
    return select_without_links(
        X, y, sampling_strategy=sampling_strategy, min_count=min_count, n_jobs=n_jobs, progress=progress
    ).rows


@public("fastsmote.select")
def tomek_link_pairs(
    X: MatrixLike, y: VectorLike, *, n_jobs: int | None = None, progress: Progress | None = None
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

    See Also
    --------
    fastsmote.tomek_links : Removes their ends.

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
    return find_links(X, y, n_jobs=n_jobs, progress=progress)


@public("fastsmote.select")
@sampler
def edited_nearest_neighbours(
    X: MatrixLike,
    y: VectorLike,
    *,
    sampling_strategy: CleanStrategy = "auto",
    n_neighbors: int = 3,
    kind_sel: Literal["all", "mode"] = "all",
    min_count: MinCount = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> NDArray[np.int64]:
    """Indices of the rows that stay in edited nearest neighbours.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.edited_nearest_neighbours`.

    Returns
    -------
    ndarray of int64 of shape (n_kept,)
        Ascending.

    See Also
    --------
    fastsmote.edited_nearest_neighbours : The rows that stay, in the user's containers.
    fastsmote.imblearn.EditedNearestNeighbours : The class of imbalanced-learn's name.

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


@public("fastsmote.select")
@sampler
def repeated_edited_nearest_neighbours(
    X: MatrixLike,
    y: VectorLike,
    *,
    sampling_strategy: CleanStrategy = "auto",
    n_neighbors: int = 3,
    max_iter: int = 100,
    kind_sel: Literal["all", "mode"] = "all",
    min_count: MinCount = None,
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

    See Also
    --------
    fastsmote.repeated_edited_nearest_neighbours : The rows that stay, in the user's containers.
    fastsmote.imblearn.RepeatedEditedNearestNeighbours : The class of imbalanced-learn's name.

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


@public("fastsmote.select")
@sampler
def all_knn(
    X: MatrixLike,
    y: VectorLike,
    *,
    sampling_strategy: CleanStrategy = "auto",
    n_neighbors: int = 3,
    kind_sel: Literal["all", "mode"] = "all",
    allow_minority: bool = False,
    min_count: MinCount = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> NDArray[np.int64]:
    """Indices of the rows that stay in AllKNN.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.all_knn`.

    Returns
    -------
    ndarray of int64 of shape (n_kept,)
        Ascending.

    See Also
    --------
    fastsmote.all_knn : The rows that stay, in the user's containers.
    fastsmote.imblearn.AllKNN : The class of imbalanced-learn's name.

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


@public("fastsmote.select")
@sampler
def neighbourhood_cleaning_rule(
    X: MatrixLike,
    y: VectorLike,
    *,
    sampling_strategy: CleanStrategy = "auto",
    n_neighbors: int = 3,
    threshold_cleaning: float = 0.5,
    min_count: MinCount = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> NDArray[np.int64]:
    """Indices of the rows that stay in the neighbourhood cleaning rule.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.neighbourhood_cleaning_rule`.

    Returns
    -------
    ndarray of int64 of shape (n_kept,)
        Ascending.

    See Also
    --------
    fastsmote.neighbourhood_cleaning_rule : The rows that stay, in the user's containers.
    fastsmote.imblearn.NeighbourhoodCleaningRule : The class of imbalanced-learn's name.

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


@public("fastsmote.select")
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
) -> NDArray[np.int64]:
    """Indices of the rows of :func:`fastsmote.smote` that stay when it is cleaned of Tomek links.

    Parameters and errors are those of :func:`fastsmote.smote_tomek`.

    Returns
    -------
    ndarray of int64 of shape (n_kept,)
        Ascending: below ``len(X)`` rows of X, from there on rows of :func:`fastsmote.plan.smote`.

    See Also
    --------
    fastsmote.smote_tomek : The rows themselves, in the user's containers.
    fastsmote.imblearn.SMOTETomek : The class of imbalanced-learn's name.
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


@public("fastsmote.select")
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
) -> NDArray[np.int64]:
    """Indices of the rows of :func:`fastsmote.smote` that stay when it is edited.

    Parameters and errors are those of :func:`fastsmote.smote_enn`; returns as :func:`smote_tomek`.

    See Also
    --------
    fastsmote.smote_enn : The rows themselves, in the user's containers.
    fastsmote.imblearn.SMOTEENN : The class of imbalanced-learn's name.
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
