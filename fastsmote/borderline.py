"""Over-sampling from chosen rows, near the border of a class or in clusters: decide, then apply."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from fastsmote._core.public import sampler
from fastsmote._core.typing import Classifier, MatrixLike, Progress, RandomState, VectorLike
from fastsmote._sampling.over.borderline import plan_borderline, plan_svm
from fastsmote._sampling.over.kmeans import plan_kmeans
from fastsmote._sampling.result import Resampled
from fastsmote._sampling.strategy import OverStrategy, UnderStrategy

__all__ = ["borderline_smote", "kmeans_smote", "svm_smote"]


@sampler
def borderline_smote(
    X: MatrixLike,
    y: VectorLike,
    *,
    sampling_strategy: OverStrategy = "auto",
    k_neighbors: int = 5,
    m_neighbors: int = 10,
    kind: Literal["borderline-1", "borderline-2"] = "borderline-1",
    sample_weight: VectorLike | None = None,
    groups: VectorLike | None = None,
    columns: Mapping[Any, Any] | None = None,
    missing: Literal["error", "nan-euclidean"] = "error",
    under_strategy: UnderStrategy | None = None,
    return_weights: bool = False,
    random_state: RandomState = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Resampled:
    """Borderline-SMOTE: SMOTE from rows that other classes surround, but not wholly.

    One seed gives other rows here than in :class:`fastsmote.imblearn.BorderlineSMOTE`.

    Parameters
    ----------
    X, y, sampling_strategy, sample_weight, groups, columns, missing
        As for :func:`fastsmote.smote`.
    under_strategy, return_weights, random_state, n_jobs, progress
        As for :func:`fastsmote.smote`.
    k_neighbors : int, default 5
        Neighbours to interpolate with.
    m_neighbors : int, default 10
        Neighbours among all rows that tell how a row lies. It is in danger if at least half of them, but not
        all, are of other classes: with all it counts as noise, with fewer as safe.
    kind : {"borderline-1", "borderline-2"}, default "borderline-1"
        1: neighbours to interpolate with are of the own class. 2: of any class, and a new row goes at most
        half the way to a row of another class.

    Returns
    -------
    X_resampled, y_resampled[, weights]
        As for :func:`fastsmote.smote`.

    Raises
    ------
    RuntimeError
        If no row of a class is in danger: use smote.
    ValueError, TypeError
        As for :func:`fastsmote.smote`; ``m_neighbors`` that is not below the number of rows; ``kind`` is
        another word.

    See Also
    --------
    fastsmote.plan.borderline_smote : The decision alone.
    fastsmote.svm_smote : Border by support vectors.
    fastsmote.imblearn.BorderlineSMOTE : The class of imbalanced-learn's name.

    Notes
    -----
    Base rows are drawn uniformly from those in danger. With "borderline-2" the gap to a row of another class
    is uniform in [0, 0.5), as in the paper; imbalanced-learn multiplies two random numbers. Where no row is
    in danger imbalanced-learn returns the class as it is. Ties and duplicates as in :func:`fastsmote.smote`.

    Time is an index of X, the search of the class's rows among all rows and of those in danger for their
    neighbours, and writing the output; memory is the output, one float32 copy of X and 32 bytes per new row.

    References
    ----------
    Han, H., Wang, W.-Y., Mao, B.-H. (2005). Borderline-SMOTE: a new over-sampling method in imbalanced data
    sets learning. ICIC, LNCS 3644, 878-887. doi:10.1007/11538059_91 (several classes one against the rest)

    Examples
    --------
    >>> import fastsmote
    >>> X, y = fastsmote.make_fraud(2000, fraud_rate=0.05, random_state=0)
    >>> X_resampled, y_resampled = fastsmote.borderline_smote(X, y, random_state=0)
    >>> int(y_resampled.sum())
    1900
    """
    return plan_borderline(
        X,
        y,
        sampling_strategy=sampling_strategy,
        k_neighbors=k_neighbors,
        m_neighbors=m_neighbors,
        kind=kind,
        sample_weight=sample_weight,
        groups=groups,
        columns=columns,
        missing=missing,
        under_strategy=under_strategy,
        random_state=random_state,
        n_jobs=n_jobs,
        progress=progress,
    ).resampled(return_weights)


@sampler
def svm_smote(
    X: MatrixLike,
    y: VectorLike,
    support: VectorLike | Classifier | None = None,
    *,
    sampling_strategy: OverStrategy = "auto",
    k_neighbors: int = 5,
    m_neighbors: int = 10,
    out_step: float = 0.5,
    sample_weight: VectorLike | None = None,
    groups: VectorLike | None = None,
    columns: Mapping[Any, Any] | None = None,
    under_strategy: UnderStrategy | None = None,
    return_weights: bool = False,
    random_state: RandomState = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Resampled:
    """SVM-SMOTE: SMOTE from the support vectors of a class, outwards where they are safe.

    One seed gives other rows here than in :class:`fastsmote.imblearn.SVMSMOTE`.

    Parameters
    ----------
    X, y, sampling_strategy, sample_weight, groups, columns
        As for :func:`fastsmote.smote`.
    under_strategy, return_weights, random_state, n_jobs, progress
        As for :func:`fastsmote.smote`.
    support : array-like of int of shape (n_support,), or classifier, optional
        Row numbers of X that are support vectors, ``SVC().fit(X, y).support_`` of scikit-learn, or a
        classifier with ``support_``, a clone of which is fitted; None is SVC(gamma="scale").
    k_neighbors : int, default 5
        Neighbours within the class to interpolate with.
    m_neighbors : int, default 10
        Neighbours among all rows that tell how a support vector lies: it is noise, and left out, if all are
        of other classes; in danger, if at least half are; else safe.
    out_step : float, default 0.5
        How far, in gaps to the neighbour, a new row may lie beyond a safe support vector; in [0, 1].

    Returns
    -------
    X_resampled, y_resampled[, weights]
        As for :func:`fastsmote.smote`.

    Raises
    ------
    RuntimeError
        If a class that gets new rows has no support vector that is not noise: use smote.
    ValueError, TypeError
        As for :func:`fastsmote.smote`; ``support`` that are not row numbers of X; ``out_step`` outside
        [0, 1]; ``m_neighbors`` that is not below the number of rows; a classifier without ``support_``.
    ImportError
        If a classifier is to be fitted and scikit-learn is not installed.

    See Also
    --------
    fastsmote.plan.svm_smote : The decision alone.
    fastsmote.borderline_smote : Border by neighbours.
    fastsmote.sklearn.svm_smote : The same function under scikit-learn's names.
    fastsmote.imblearn.SVMSMOTE : The class of imbalanced-learn's name.

    Notes
    -----
    Base rows are drawn uniformly from the support vectors of the class that are not noise: from one in danger
    a new row goes towards a neighbour, from a safe one away from it. imbalanced-learn splits the new rows
    between the two by a random number of a beta distribution and drops a share that has no support vectors,
    so that its counts can be wrong; here they are exact.

    Time is an index of X, the search of the support vectors among all rows and within the class, and writing
    the output; memory is the output, one float32 copy of X and 32 bytes per new row.

    References
    ----------
    Nguyen, H. M., Cooper, E. W., Kamei, K. (2011). Borderline over-sampling for imbalanced data
    classification. International Journal of Knowledge Engineering and Soft Data Paradigms 3, 4-21.
    doi:10.1504/IJKESDP.2011.039875 (several classes one against the rest)

    Examples
    --------
    >>> import fastsmote
    >>> X, y = fastsmote.make_fraud(2000, fraud_rate=0.05, random_state=0)
    >>> X_resampled, y_resampled = fastsmote.svm_smote(X, y, (y == 1).nonzero()[0], random_state=0)
    >>> int(y_resampled.sum())
    1900
    """
    return plan_svm(
        X,
        y,
        support,
        sampling_strategy=sampling_strategy,
        k_neighbors=k_neighbors,
        m_neighbors=m_neighbors,
        out_step=out_step,
        sample_weight=sample_weight,
        groups=groups,
        columns=columns,
        under_strategy=under_strategy,
        random_state=random_state,
        n_jobs=n_jobs,
        progress=progress,
    ).resampled(return_weights)


@sampler
def kmeans_smote(
    X: MatrixLike,
    y: VectorLike,
    *,
    sampling_strategy: OverStrategy = "auto",
    k_neighbors: int = 2,
    clusters: int | VectorLike = 8,
    cluster_balance_threshold: float | Literal["auto"] = "auto",
    density_exponent: float | Literal["auto"] = "auto",
    sample_weight: VectorLike | None = None,
    groups: VectorLike | None = None,
    columns: Mapping[Any, Any] | None = None,
    under_strategy: UnderStrategy | None = None,
    return_weights: bool = False,
    random_state: RandomState = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Resampled:
    """KMeans-SMOTE: SMOTE within clusters that hold enough of a class, more of it in sparse ones.

    One seed gives other rows here than in :class:`fastsmote.imblearn.KMeansSMOTE`.

    Parameters
    ----------
    X, y, sampling_strategy, sample_weight, groups, columns
        As for :func:`fastsmote.smote`.
    under_strategy, return_weights, random_state, n_jobs, progress
        As for :func:`fastsmote.smote`.
    k_neighbors : int, default 2
        Neighbours within class and cluster to interpolate with.
    clusters : int or array-like of shape (n_samples,), default 8
        A number of clusters to find by k-means, or the cluster of each row by any other means.
    cluster_balance_threshold : float or "auto", default "auto"
        Share of a class in the rows of a cluster from which on the cluster is used for it. "auto": half the
        share that its new rows have in all new rows; where no cluster has it, all with more than
        ``k_neighbors`` rows of the class are used, and where there are none, the class as one cluster. One
        cluster is used whatever its share.
    density_exponent : float or "auto", default "auto"
        A cluster gets new rows in proportion to the mean distance of the class's rows in it, to the power of
        this exponent, divided by their number. "auto": 0.16 log_1.6(number) ** 1.8.

    Returns
    -------
    X_resampled, y_resampled[, weights]
        As for :func:`fastsmote.smote`; within a class the new rows are ordered by cluster.

    Raises
    ------
    RuntimeError
        If no cluster has the share of a class that ``cluster_balance_threshold`` gives as a number, and more
        than ``k_neighbors`` of its rows: use "auto", smote, a lower threshold or another number of clusters.
        With "auto", if the class has no more rows than that at all.
    ValueError, TypeError
        As for :func:`fastsmote.smote`; ``clusters`` that is neither a number up to n_samples nor one label
        per row; a threshold or exponent that is not a finite number.

    See Also
    --------
    fastsmote.plan.kmeans_smote : The decision alone.
    fastsmote.smote : Without clusters.
    fastsmote.imblearn.KMeansSMOTE : The class of imbalanced-learn's name.

    Notes
    -----
    Clusters are those of Lloyd's iterations from k-means++ seeds, to the end, on at most 65,536 evenly spaced
    rows (or 64 per cluster), to whose centres all rows are assigned; imbalanced-learn takes mini-batches.
    Counts are whole numbers with the sum that the strategy asks for, by largest remainder; imbalanced-learn
    rounds up and overshoots. The mean distance is that of all pairs, of evenly spaced rows where a class has
    more than 8,192 in a cluster, or 512 that are sparse.

    Time is k-means, O(n_samples clusters n_features) per iteration, the pairs, and the searches of
    :func:`fastsmote.smote` in each cluster; memory is the output, four numbers per row and 32 bytes per new
    row.

    References
    ----------
    Douzas, G., Bacao, F., Last, F. (2018). Improving imbalanced learning through a heuristic oversampling
    method based on k-means and SMOTE. Information Sciences 465, 1-20. doi:10.1016/j.ins.2018.06.056.
    Departure: a threshold for the share of the class, as in imbalanced-learn, not for its ratio to others.

    Examples
    --------
    >>> import fastsmote
    >>> X, y = fastsmote.make_fraud(2000, fraud_rate=0.1, random_state=0)
    >>> X_resampled, y_resampled = fastsmote.kmeans_smote(
    ...     X, y, clusters=4, cluster_balance_threshold=0.05, random_state=0
    ... )
    >>> int(y_resampled.sum())
    1800
    """
    return plan_kmeans(
        X,
        y,
        sampling_strategy=sampling_strategy,
        k_neighbors=k_neighbors,
        clusters=clusters,
        cluster_balance_threshold=cluster_balance_threshold,
        density_exponent=density_exponent,
        sample_weight=sample_weight,
        groups=groups,
        columns=columns,
        under_strategy=under_strategy,
        random_state=random_state,
        n_jobs=n_jobs,
        progress=progress,
    ).resampled(return_weights)
