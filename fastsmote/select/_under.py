"""Under-samplers as decisions: which rows stay."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.public import public, sampler
from fastsmote._core.typing import Classifier, MatrixLike, Progress, RandomState, VectorLike
from fastsmote._sampling.strategy import UnderStrategy
from fastsmote._sampling.under.centroids import replace_by_centroids
from fastsmote._sampling.under.condensing import select_cnn, select_oss
from fastsmote._sampling.under.hardness import select_easiest
from fastsmote._sampling.under.near_miss import select_near_miss
from fastsmote._sampling.under.random import select_random


@public("fastsmote.select")
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
) -> NDArray[np.int64]:
    """Indices of a random sample of each class, of the size that the strategy asks for.

    Parameters, errors and sources are those of :func:`fastsmote.random_under_sample`.

    Returns
    -------
    ndarray of int64 of shape (n_kept,)
        Ascending; with ``replacement`` an index may occur several times.

    See Also
    --------
    fastsmote.random_under_sample : The rows that stay, in the user's containers.
    fastsmote.imblearn.RandomUnderSampler : The class of imbalanced-learn's name.

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
        clusters=clusters,
        random_state=random_state,
        n_jobs=n_jobs,
    ).rows


@public("fastsmote.select")
@sampler
def condensed_nearest_neighbour(
    X: MatrixLike,
    y: VectorLike,
    *,
    sampling_strategy: UnderStrategy = "auto",
    random_state: RandomState = None,
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

    See Also
    --------
    fastsmote.condensed_nearest_neighbour : The rows that stay, in the user's containers.
    fastsmote.imblearn.CondensedNearestNeighbour : The class of imbalanced-learn's name.

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


@public("fastsmote.select")
@sampler
def one_sided_selection(
    X: MatrixLike,
    y: VectorLike,
    *,
    sampling_strategy: UnderStrategy = "auto",
    random_state: RandomState = None,
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

    See Also
    --------
    fastsmote.one_sided_selection : The rows that stay, in the user's containers.
    fastsmote.imblearn.OneSidedSelection : The class of imbalanced-learn's name.

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


@public("fastsmote.select")
@sampler
def near_miss(
    X: MatrixLike,
    y: VectorLike,
    *,
    sampling_strategy: UnderStrategy = "auto",
    version: Literal[1, 2, 3] = 1,
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

    See Also
    --------
    fastsmote.near_miss : The rows that stay, in the user's containers.
    fastsmote.imblearn.NearMiss : The class of imbalanced-learn's name.

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


@public("fastsmote.select")
@sampler
def cluster_centroids(
    X: MatrixLike,
    y: VectorLike,
    *,
    sampling_strategy: UnderStrategy = "auto",
    random_state: RandomState = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> NDArray[np.int64]:
    """Indices of the rows that stay in cluster centroids with hard voting.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.cluster_centroids`.

    Returns
    -------
    ndarray of int64 of shape (n_kept,)
        Ascending.

    See Also
    --------
    fastsmote.cluster_centroids : The rows that stay, in the user's containers.
    fastsmote.imblearn.ClusterCentroids : The class of imbalanced-learn's name.

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


@public("fastsmote.select")
@sampler
def instance_hardness_threshold(
    X: MatrixLike,
    y: VectorLike,
    probabilities: MatrixLike | Classifier | None = None,
    *,
    sampling_strategy: UnderStrategy = "auto",
    cv: int = 5,
    random_state: RandomState = None,
    n_jobs: int | None = None,
) -> NDArray[np.int64]:
    """Indices of the rows that stay in the instance hardness threshold.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.instance_hardness_threshold`.

    Returns
    -------
    ndarray of int64 of shape (n_kept,)
        Ascending.

    See Also
    --------
    fastsmote.instance_hardness_threshold : The rows that stay, in the user's containers.
    fastsmote.imblearn.InstanceHardnessThreshold : The class of imbalanced-learn's name.

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
        cv=cv,
        random_state=random_state,
        n_jobs=n_jobs,
    ).rows
