"""Cleaning in the user's container: rows that contradict their neighbours are removed."""

from __future__ import annotations

from typing import Literal

from fastsmote._core.public import sampler
from fastsmote._core.typing import MatrixLike, Progress, VectorLike
from fastsmote._sampling.clean.editing import select_all_knn, select_enn, select_ncr, select_renn
from fastsmote._sampling.clean.tomek import select_without_links
from fastsmote._sampling.result import Resampled
from fastsmote._sampling.strategy import CleanStrategy, MinCount

__all__ = [
    "all_knn",
    "edited_nearest_neighbours",
    "neighbourhood_cleaning_rule",
    "repeated_edited_nearest_neighbours",
    "tomek_links",
]


@sampler
def tomek_links(
    X: MatrixLike,
    y: VectorLike,
    *,
    sampling_strategy: CleanStrategy = "auto",
    min_count: MinCount = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Resampled:
    """Remove rows of the larger classes that form Tomek links.

    A Tomek link is a pair of rows of different classes that are each other's nearest neighbour.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        Finite numbers: array, list, pandas, polars or pyarrow frame, or CSR or CSC matrix of SciPy.
    y : array-like of shape (n_samples,)
        Labels: integers, whole floats, booleans, strings or categories; at least two classes.
    sampling_strategy : "auto", str, list or callable, default "auto"
        Classes that may lose rows. "auto" and "not minority": all but the smallest; "majority": the
        largest; "not majority"; "all": every class, so both rows of each link go; a list of labels; a
        callable from y to a list, or to a dict, whose keys are the classes.
    min_count : int or "balanced", optional
        Rows that each class keeps at least; "balanced" is the size of the smallest class. Where not all rows
        may go, the most entangled go: here the ends of the shortest links, equal ones by row number.
    n_jobs : int, optional
        Threads; None is FASTSMOTE_NUM_THREADS or all usable cores, -1 all usable cores.
    progress : callable, optional
        ``progress(done, total)``, called in the calling thread; each step of the work counts from 0.

    Returns
    -------
    X_resampled, y_resampled
        The rows that stay, in their original order, in the containers that came in (pandas with its index
        labels). As a :class:`fastsmote.Resampled`, which carries counts of classes.

    Raises
    ------
    ValueError
        If X is not a non-empty matrix of finite numbers (the first bad row and column are named), the
        lengths differ, y has one class only or missing labels, or the strategy or ``min_count`` can not be
        read.
    TypeError
        If ``n_jobs`` or ``min_count`` is of another type, or X is masked or sparse otherwise.

    Warns
    -----
    UserWarning
        If a class loses all its rows; ``min_count`` prevents it.

    See Also
    --------
    fastsmote.select.tomek_links : The decision alone.
    fastsmote.edited_nearest_neighbours : Looks at more neighbours.
    fastsmote.smote_tomek : After SMOTE.
    fastsmote.imblearn.TomekLinks : The class of imbalanced-learn's name.

    Notes
    -----
    Only rows outside the largest class look for their nearest neighbour; see
    :func:`fastsmote.select.tomek_link_pairs`, also for ties and duplicates. Time is an index of X plus a
    search of those rows and their partners; memory is one float32 copy of X and about 60 bytes per row, of a
    sparse X one copy of its values.

    References
    ----------
    Tomek, I. (1976). Two modifications of CNN. IEEE Trans. Systems, Man, and Cybernetics 6, 769-772.
    doi:10.1109/TSMC.1976.4309452

    Examples
    --------
    >>> import fastsmote
    >>> fastsmote.tomek_links([[0.0], [1.0], [2.0], [2.5], [9.0]], [0, 0, 0, 1, 1])
    ([[0.0], [1.0], [2.5], [9.0]], [0, 0, 1, 1])
    """
    return select_without_links(
        X, y, sampling_strategy=sampling_strategy, min_count=min_count, n_jobs=n_jobs, progress=progress
    ).resampled()


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
) -> Resampled:
    """Edited nearest neighbours: remove rows whose neighbours are of another class.

    Parameters
    ----------
    X, y, sampling_strategy, n_jobs, progress
        As for :func:`fastsmote.tomek_links`.
    n_neighbors : int, default 3
        Neighbours of a row, less than the number of rows.
    kind_sel : {"all", "mode"}, default "all"
        A row stays if all its neighbours are of its class, or if most are. Of equally frequent classes, the
        first in sorted order is the most frequent.
    min_count : int or "balanced", optional
        Rows that each class keeps at least; "balanced" is the size of the smallest class. Where not all rows
        may go, the most entangled go: those with most rows of other classes among their neighbours, of these
        the nearest to such a row, equal ones by row number.

    Returns
    -------
    X_resampled, y_resampled
        As for :func:`fastsmote.tomek_links`.

    Raises
    ------
    ValueError
        If ``n_neighbors`` is not below the number of rows or ``kind_sel`` is another word; otherwise as for
        :func:`fastsmote.tomek_links`.
    TypeError
        If ``n_neighbors`` is not an integer; otherwise as for :func:`fastsmote.tomek_links`.

    See Also
    --------
    fastsmote.select.edited_nearest_neighbours : The decision alone.
    fastsmote.repeated_edited_nearest_neighbours : Again on what is left.
    fastsmote.smote_enn : After SMOTE.
    fastsmote.imblearn.EditedNearestNeighbours : The class of imbalanced-learn's name.

    Notes
    -----
    A row is never its own neighbour, its duplicates are; ties go by row number. Classes that the strategy
    does not name stay whole and still count as neighbours.

    Most rows never search their neighbours: where enough rows of the own class lie closer than any other
    class comes, the answer is known (``fastsmote._neighbors.predicates``). Time is an index of X, a look at
    one leaf per row, and a search for the rows near other classes; memory is one float32 copy of X and about
    200 bytes per row.

    References
    ----------
    Wilson, D. L. (1972). Asymptotic properties of nearest neighbor rules using edited data. IEEE Trans.
    Systems, Man, and Cybernetics 2, 408-421. doi:10.1109/TSMC.1972.4309137

    Examples
    --------
    >>> import fastsmote
    >>> X = [[0.0], [1.0], [2.0], [5.0], [5.1], [5.2], [5.3]]
    >>> fastsmote.edited_nearest_neighbours(X, [0, 0, 0, 0, 1, 1, 1], n_neighbors=2)
    ([[0.0], [1.0], [2.0], [5.1], [5.2], [5.3]], [0, 0, 0, 1, 1, 1])
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
    ).resampled()


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
) -> Resampled:
    """Edited nearest neighbours again and again, on the rows that are left.

    Parameters
    ----------
    X, y, sampling_strategy, n_jobs, progress
        As for :func:`fastsmote.tomek_links`.
    n_neighbors, kind_sel, min_count
        As for :func:`fastsmote.edited_nearest_neighbours`; in each round, of what it finds.
    max_iter : int, default 100
        Rounds at most.

    Returns
    -------
    X_resampled, y_resampled
        As for :func:`fastsmote.tomek_links`.

    Raises
    ------
    ValueError, TypeError
        As for :func:`fastsmote.edited_nearest_neighbours`; ``max_iter`` below 1 or not an integer.

    See Also
    --------
    fastsmote.select.repeated_edited_nearest_neighbours : The decision alone.
    fastsmote.edited_nearest_neighbours : One round.
    fastsmote.all_knn : Rounds with more and more neighbours.
    fastsmote.imblearn.RepeatedEditedNearestNeighbours : The class of imbalanced-learn's name.

    Notes
    -----
    Rounds end after one that removes nothing; after one that leaves a class no rows, or a class other than
    the smallest fewer than that had at first; before one that finds ``n_neighbors`` rows or fewer; after
    ``max_iter``. So where the strategy names the smallest class too, rounds may wear it down; ``min_count``
    stops that. Which classes the strategy names is decided once, before the first round.

    Later rounds ask only the rows whose answer rested on a row that has gone, so they cost little.

    References
    ----------
    Tomek, I. (1976). An experiment with the edited nearest-neighbor rule. IEEE Trans. Systems, Man, and
    Cybernetics 6, 448-452. doi:10.1109/TSMC.1976.4309523

    Examples
    --------
    >>> import fastsmote
    >>> X = [[0.0], [1.0], [2.0], [4.0], [5.0], [5.1], [5.2], [5.3]]
    >>> y = [0, 0, 0, 0, 0, 1, 1, 1]
    >>> fastsmote.repeated_edited_nearest_neighbours(X, y, n_neighbors=2)[0]
    [[0.0], [1.0], [2.0], [5.1], [5.2], [5.3]]
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
    ).resampled()


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
) -> Resampled:
    """Edited nearest neighbours with 1, 2, ... ``n_neighbors`` neighbours, each on the rows that are left.

    Parameters
    ----------
    X, y, sampling_strategy, n_jobs, progress
        As for :func:`fastsmote.tomek_links`.
    n_neighbors, kind_sel, min_count
        As for :func:`fastsmote.edited_nearest_neighbours`; ``n_neighbors`` of the last round, ``min_count``
        in each round, of what it finds.
    allow_minority : bool, default False
        Go on when a cleaned class has become smaller than the smallest class was.

    Returns
    -------
    X_resampled, y_resampled
        As for :func:`fastsmote.tomek_links`.

    Raises
    ------
    ValueError, TypeError
        As for :func:`fastsmote.edited_nearest_neighbours`; ``allow_minority`` that is not a bool.

    See Also
    --------
    fastsmote.select.all_knn : The decision alone.
    fastsmote.repeated_edited_nearest_neighbours : Rounds with as many neighbours.
    fastsmote.imblearn.AllKNN : The class of imbalanced-learn's name.

    Notes
    -----
    Rounds end as in :func:`fastsmote.repeated_edited_nearest_neighbours`, but not after one that removes
    nothing. Rows whose ``n_neighbors`` nearest are all of their class are asked once for all rounds.

    References
    ----------
    Tomek, I. (1976). An experiment with the edited nearest-neighbor rule. IEEE Trans. Systems, Man, and
    Cybernetics 6, 448-452. doi:10.1109/TSMC.1976.4309523

    Examples
    --------
    >>> import fastsmote
    >>> X = [[0.0], [1.0], [2.0], [5.0], [5.1], [5.2], [5.3]]
    >>> fastsmote.all_knn(X, [0, 0, 0, 0, 1, 1, 1], n_neighbors=2)[0]
    [[0.0], [1.0], [2.0], [5.1], [5.2], [5.3]]
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
    ).resampled()


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
) -> Resampled:
    """Neighbourhood cleaning rule: also remove the neighbours of misclassified minority rows.

    Parameters
    ----------
    X, y, sampling_strategy, n_jobs, progress
        As for :func:`fastsmote.tomek_links`.
    n_neighbors, min_count
        As for :func:`fastsmote.edited_nearest_neighbours`.
    threshold_cleaning : float, default 0.5
        Neighbours of misclassified rows go only if their class has more rows than this share of the smallest
        class (in the paper, as many or more).

    Returns
    -------
    X_resampled, y_resampled
        As for :func:`fastsmote.tomek_links`.

    Raises
    ------
    ValueError, TypeError
        As for :func:`fastsmote.edited_nearest_neighbours`; ``threshold_cleaning`` that is not a number >= 0.

    See Also
    --------
    fastsmote.select.neighbourhood_cleaning_rule : The decision alone.
    fastsmote.edited_nearest_neighbours : Its first half.
    fastsmote.imblearn.NeighbourhoodCleaningRule : The class of imbalanced-learn's name.

    Notes
    -----
    Two sets go: what :func:`fastsmote.edited_nearest_neighbours` with ``kind_sel="mode"`` removes; and, of
    the ``n_neighbors`` nearest rows of each row of the smallest class that its neighbours misclassify,
    those of the classes that the strategy names. In that classification the row itself counts as the first
    of its ``n_neighbors``, as in imbalanced-learn.

    References
    ----------
    Laurikkala, J. (2001). Improving identification of difficult small classes by balancing class
    distribution. AIME, LNCS 2101, 63-66. doi:10.1007/3-540-48229-6_9

    Examples
    --------
    >>> import fastsmote
    >>> X, y = fastsmote.make_fraud(2000, fraud_rate=0.05, random_state=0)
    >>> X_cleaned, y_cleaned = fastsmote.neighbourhood_cleaning_rule(X, y)
    >>> int(y_cleaned.sum()) == int(y.sum()), len(y_cleaned) <= len(y)
    (True, True)
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
    ).resampled()
