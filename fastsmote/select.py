"""Under-sampling and cleaning decisions: which rows stay.

Every function returns the indices of the rows that stay, ascending, int64; the function of the same name at
top level takes those rows of X and y in their containers. Weights, groups and anything else that goes with
the rows is taken by the same indices.
"""

import numbers
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import (
    check_flag,
    check_integer,
    check_labels,
    check_matrix,
    check_seed,
    check_table,
    check_word,
    check_X_y,
)
from fastsmote._core.draw import draw_distinct, draw_with_replacement
from fastsmote._core.typing import Progress
from fastsmote._sampling.clean import editing
from fastsmote._sampling.clean.min_count import check_cleaning, warn_of_lost_classes
from fastsmote._sampling.clean.tomek import decide_tomek, decide_without_links
from fastsmote._sampling.combine import smote_enn, smote_tomek
from fastsmote._sampling.strategy import clean_targets, under_targets
from fastsmote._sampling.under import centroids, condensing, hardness
from fastsmote._sampling.under.near_miss import decide_near_miss

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
    seed = np.uint64(check_seed(random_state))
    replacement = check_flag(replacement, "replacement")
    labels = check_labels(y, check_table(X))
    targets = under_targets(sampling_strategy, labels, y)
    kept = [np.flatnonzero((targets == labels.counts)[labels.codes])]
    for code in np.flatnonzero(targets != labels.counts):
        rows = np.flatnonzero(labels.codes == code)
        draw = draw_with_replacement if replacement else draw_distinct
        kept.append(rows[draw(seed, int(code), len(rows), int(targets[code]), n_jobs)])
    return np.sort(np.concatenate(kept))


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
    matrix, labels, cleaned, floors = check_cleaning(X, y, sampling_strategy, min_count, 1, n_jobs)
    kept = decide_without_links(matrix, labels, cleaned, floors, n_jobs, progress)
    return warn_of_lost_classes(labels, kept)


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
    matrix, labels = check_X_y(X, y, n_jobs=n_jobs)
    return decide_tomek(matrix, labels, n_jobs, progress)


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
    k = check_integer(n_neighbors, "n_neighbors")
    check_word(kind_sel, "kind_sel", ("all", "mode"))
    matrix, labels, cleaned, floors = check_cleaning(X, y, sampling_strategy, min_count, k, n_jobs)
    kept = editing.decide_enn(matrix, labels, cleaned, k, kind_sel, floors, n_jobs, progress)
    return warn_of_lost_classes(labels, kept)


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
    k = check_integer(n_neighbors, "n_neighbors")
    max_iter = check_integer(max_iter, "max_iter")
    check_word(kind_sel, "kind_sel", ("all", "mode"))
    matrix, labels, cleaned, floors = check_cleaning(X, y, sampling_strategy, min_count, k, n_jobs)
    kept, _ = editing.decide_renn(matrix, labels, cleaned, k, kind_sel, max_iter, floors, n_jobs, progress)
    return warn_of_lost_classes(labels, kept)


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
    k = check_integer(n_neighbors, "n_neighbors")
    check_word(kind_sel, "kind_sel", ("all", "mode"))
    allow_minority = check_flag(allow_minority, "allow_minority")
    matrix, labels, cleaned, floors = check_cleaning(X, y, sampling_strategy, min_count, k, n_jobs)
    kept = editing.decide_all_knn(
        matrix, labels, cleaned, k, kind_sel, allow_minority, floors, n_jobs, progress
    )
    return warn_of_lost_classes(labels, kept)


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
    k = check_integer(n_neighbors, "n_neighbors")
    if isinstance(threshold_cleaning, bool) or not isinstance(threshold_cleaning, numbers.Real):
        raise TypeError(f"threshold_cleaning must be a number >= 0. Got {threshold_cleaning!r}.")
    if not threshold_cleaning >= 0:
        raise ValueError(f"threshold_cleaning must be a number >= 0. Got {threshold_cleaning!r}.")
    matrix, labels, cleaned, floors = check_cleaning(X, y, sampling_strategy, min_count, k, n_jobs)
    kept = editing.decide_ncr(matrix, labels, cleaned, k, float(threshold_cleaning), floors, n_jobs, progress)
    return warn_of_lost_classes(labels, kept)


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
    seed = check_seed(random_state)
    n_neighbors = check_integer(n_neighbors, "n_neighbors")
    n_seeds = check_integer(n_seeds_S, "n_seeds_S")
    matrix, labels = check_X_y(X, y, n_jobs=n_jobs)
    cleaned = clean_targets(sampling_strategy, labels, y)
    return condensing.decide_cnn(matrix, labels, cleaned, seed, n_neighbors, n_seeds, n_jobs, progress)


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
    seed = check_seed(random_state)
    n_neighbors = check_integer(n_neighbors, "n_neighbors")
    n_seeds = check_integer(n_seeds_S, "n_seeds_S")
    matrix, labels = check_X_y(X, y, n_jobs=n_jobs)
    cleaned = clean_targets(sampling_strategy, labels, y)
    kept = condensing.decide_oss(matrix, labels, cleaned, seed, n_neighbors, n_seeds, n_jobs, progress)
    return warn_of_lost_classes(labels, kept)


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
    version = check_integer(version, "version", maximum=3)
    n_neighbors = check_integer(n_neighbors, "n_neighbors")
    n_neighbors_ver3 = check_integer(n_neighbors_ver3, "n_neighbors_ver3")
    matrix, labels = check_X_y(X, y, n_jobs=n_jobs)
    targets = under_targets(sampling_strategy, labels, y)
    return decide_near_miss(matrix, labels, targets, version, n_neighbors, n_neighbors_ver3, n_jobs, progress)


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
    seed = check_seed(random_state)
    matrix, labels = check_X_y(X, y, n_jobs=n_jobs)
    targets = under_targets(sampling_strategy, labels, y)
    return centroids.decide_centroids(matrix, labels, targets, seed, "hard", n_jobs, progress).kept


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
    labels = check_labels(y, check_table(X))
    targets = under_targets(sampling_strategy, labels, y)
    if getattr(probabilities, "ndim", 2) == 1:
        raise ValueError(
            "probabilities must have a column per class. Got one dimension; pass what predict_proba gives."
        )
    own = check_matrix(probabilities, name="probabilities", n_jobs=n_jobs)
    return hardness.decide_hardness(labels, targets, own)
