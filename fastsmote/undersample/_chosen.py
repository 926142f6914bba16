"""Under-sampling that chooses rows by where they lie."""

from __future__ import annotations

from typing import Literal

from fastsmote._core.public import public, sampler
from fastsmote._core.typing import Classifier, MatrixLike, Progress, RandomState, VectorLike
from fastsmote._sampling.result import Resampled
from fastsmote._sampling.strategy import UnderStrategy
from fastsmote._sampling.under.centroids import replace_by_centroids
from fastsmote._sampling.under.condensing import select_cnn, select_oss
from fastsmote._sampling.under.hardness import select_easiest
from fastsmote._sampling.under.near_miss import select_near_miss


@public("fastsmote.undersample")
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
) -> Resampled:
    """NearMiss: of the larger classes, keep the rows nearest to the smallest class.

    Parameters
    ----------
    X, y, n_jobs, progress
        As for :func:`fastsmote.tomek_links`.
    sampling_strategy
        As for :func:`fastsmote.random_under_sample`.
    version : {1, 2, 3}, default 1
        1: smallest mean distance to the ``n_neighbors`` nearest rows of the smallest class. 2: to the
        ``n_neighbors`` farthest. 3: of the rows that are among the ``n_neighbors_ver3`` nearest of their
        class to a row of the smallest class, largest mean distance as in 1.
    n_neighbors : int, default 3
        Rows of the smallest class in a mean.
    n_neighbors_ver3 : int, default 3
        Nearest rows of a class to each row of the smallest class, for version 3.

    Returns
    -------
    X_resampled, y_resampled
        As for :func:`fastsmote.tomek_links`.

    Raises
    ------
    ValueError, TypeError
        As for :func:`fastsmote.random_under_sample`; ``version`` is not 1, 2 or 3; more neighbours than the
        class has in which they are looked for.

    See Also
    --------
    fastsmote.select.near_miss : The decision alone.
    fastsmote.random_under_sample : Without distances.
    fastsmote.imblearn.NearMiss : The class of imbalanced-learn's name.

    Notes
    -----
    Equal means go by row number; of equally small classes the first in sorted order is the smallest. With
    version 3 and fewer candidates than the strategy asks for, all of them are kept and a UserWarning gives
    both numbers.

    Most rows are only shown to be too far to be kept, never measured
    (``fastsmote._sampling.under.near_miss``). Time is a fraction of the search of each class's rows among the
    smallest class; memory is O(n_samples * n_neighbors), never a matrix of distances.

    References
    ----------
    Zhang, J., Mani, I. (2003). kNN approach to unbalanced data distributions: a case study involving
    information extraction. ICML workshop on learning from imbalanced data sets. Version 3 as
    imbalanced-learn has it.

    Examples
    --------
    >>> import fastsmote
    >>> X = [[0.0], [1.0], [2.0], [3.0], [5.0], [6.0]]
    >>> fastsmote.near_miss(X, [0, 0, 0, 0, 1, 1], n_neighbors=2)
    ([[2.0], [3.0], [5.0], [6.0]], [0, 0, 1, 1])
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
    ).resampled()


@public("fastsmote.undersample")
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
) -> Resampled:
    """Condensed nearest neighbours: of the larger classes, keep rows that a store of kept rows gets wrong.

    One seed gives other rows here than in :class:`fastsmote.imblearn.CondensedNearestNeighbour`.

    Parameters
    ----------
    X, y, sampling_strategy, n_jobs, progress
        As for :func:`fastsmote.tomek_links`.
    random_state : None, int, numpy Generator, RandomState or SeedSequence
        As for :func:`fastsmote.random_under_sample`; draws the first rows of the store.
    n_neighbors : int, default 1
        Rows of the store that vote.
    n_seeds_S : int, default 1
        Rows of each class that is cleaned in the first store.

    Returns
    -------
    X_resampled, y_resampled
        As for :func:`fastsmote.tomek_links`.

    Raises
    ------
    ValueError, TypeError
        As for :func:`fastsmote.tomek_links`; fewer rows of a class than ``n_seeds_S``, or of the store than
        ``n_neighbors``.

    See Also
    --------
    fastsmote.select.condensed_nearest_neighbour : The decision alone.
    fastsmote.one_sided_selection : With Tomek links removed at the end.
    fastsmote.imblearn.CondensedNearestNeighbour : The class of imbalanced-learn's name.

    Notes
    -----
    The store of a class holds the smallest class and ``n_seeds_S`` random rows. The other rows of the class
    pass once, in order; one whose ``n_neighbors`` nearest rows in the store vote for the smallest class joins
    the store (a tie goes to the class that sorts first). Classes are condensed one by one; the smallest
    always stays whole. imbalanced-learn does the same where the class fills the first rows of X; elsewhere
    it confuses row numbers of X and of the class.

    Time is one search of the class among the smallest class and one among the store; memory O(n_samples).

    References
    ----------
    Hart, P. E. (1968). The condensed nearest neighbor rule. IEEE Trans. Information Theory 14, 515-516.
    doi:10.1109/TIT.1968.1054155 (one pass of its loop)

    Examples
    --------
    >>> import fastsmote
    >>> X = [[0.0], [1.0], [2.0], [3.0], [5.0], [6.0]]
    >>> fastsmote.condensed_nearest_neighbour(X, [0, 0, 0, 0, 1, 1], random_state=0)
    ([[2.0], [5.0], [6.0]], [0, 1, 1])
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
    ).resampled()


@public("fastsmote.undersample")
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
) -> Resampled:
    """One-sided selection: drop rows that a few random ones explain, then the ends of Tomek links.

    One seed gives other rows here than in :class:`fastsmote.imblearn.OneSidedSelection`.

    Parameters
    ----------
    X, y, sampling_strategy, random_state, n_jobs, progress
        As for :func:`fastsmote.condensed_nearest_neighbour`.
    n_neighbors : int, default 1
        Rows of the store that vote.
    n_seeds_S : int, default 1
        Rows of each class that is cleaned in the first store.

    Returns
    -------
    X_resampled, y_resampled
        As for :func:`fastsmote.tomek_links`.

    Raises
    ------
    ValueError, TypeError
        As for :func:`fastsmote.condensed_nearest_neighbour`.

    Warns
    -----
    UserWarning
        If a class loses all its rows.

    See Also
    --------
    fastsmote.select.one_sided_selection : The decision alone.
    fastsmote.condensed_nearest_neighbour : Several passes, without Tomek links.
    fastsmote.imblearn.OneSidedSelection : The class of imbalanced-learn's name.

    Notes
    -----
    Of each class that is cleaned stay the ``n_seeds_S`` random rows, and the rows that these and the smallest
    class get wrong by the vote of the ``n_neighbors`` nearest (a tie goes to the class that sorts first).
    Then the rows of the classes that ``sampling_strategy`` names, the smallest too if it is named, that are
    ends of Tomek links of what is left go too.

    Time is a look at the rows of the smallest class that are nearer than the seeds, and
    :func:`fastsmote.tomek_links` of what is left; memory O(n_samples) and a copy of what is left.

    References
    ----------
    Kubat, M., Matwin, S. (1997). Addressing the curse of imbalanced training sets: one-sided selection. ICML,
    179-186.

    Examples
    --------
    >>> import fastsmote
    >>> X = [[0.0], [1.0], [2.0], [3.0], [5.0], [6.0]]
    >>> fastsmote.one_sided_selection(X, [0, 0, 0, 0, 1, 1], random_state=0)
    ([[2.0], [5.0], [6.0]], [0, 1, 1])
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
    ).resampled()


@public("fastsmote.undersample")
@sampler
def cluster_centroids(
    X: MatrixLike,
    y: VectorLike,
    *,
    sampling_strategy: UnderStrategy = "auto",
    random_state: RandomState = None,
    voting: Literal["auto", "soft", "hard"] = "auto",
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Resampled:
    """Replace the rows of the larger classes by the centres of k-means clusters.

    One seed gives other rows here than in :class:`fastsmote.imblearn.ClusterCentroids`.

    Parameters
    ----------
    X, y, n_jobs, progress
        As for :func:`fastsmote.tomek_links`.
    sampling_strategy
        As for :func:`fastsmote.random_under_sample`.
    random_state : None, int, numpy Generator, RandomState or SeedSequence
        As for :func:`fastsmote.random_under_sample`; draws the first centres.
    voting : {"auto", "soft", "hard"}, default "auto"
        "soft": the centres, new rows. "hard": of each cluster the row nearest to its centre. "auto": "hard"
        for sparse X, whose centres are less sparse, else "soft".

    Returns
    -------
    X_resampled, y_resampled
        The rows of the classes that keep all, or with "hard" the rows that stay, in their original order;
        then with "soft" the centres, by class. In the containers that came in; integers are rounded.

    Raises
    ------
    ValueError, TypeError
        As for :func:`fastsmote.random_under_sample`; X is not a matrix of finite numbers; ``voting`` is
        another word.

    See Also
    --------
    fastsmote.select.cluster_centroids : The decision alone.
    fastsmote.near_miss : Keeps rows as they are.
    fastsmote.imblearn.ClusterCentroids : The class of imbalanced-learn's name.

    Notes
    -----
    A class gets as many clusters as it keeps rows. Lloyd's iterations start from k-means++ seeds (random rows
    from 4,473 clusters on) and end when no row changes its cluster or all centres together move little, after
    300 at most; assignments are exact, ties go to the first centre, and no cluster stays empty. "hard" never
    gives a row twice, as imbalanced-learn may.

    Time is O(n_samples * n_clusters * n_features) per iteration at worst, less where rows cluster; memory
    O(n_samples) beyond the centres. Of sparse X the stored values count in place of n_samples * n_features;
    centres take O(n_clusters * n_features).

    References
    ----------
    Lloyd, S. (1982). Least squares quantization in PCM. IEEE Trans. Information Theory 28, 129-137.
    doi:10.1109/TIT.1982.1056489

    Arthur, D., Vassilvitskii, S. (2007). k-means++: the advantages of careful seeding. SODA, 1027-1035.

    Examples
    --------
    >>> import fastsmote
    >>> X = [[0.0], [1.0], [2.0], [3.0], [5.0], [6.0]]
    >>> fastsmote.cluster_centroids(X, [0, 0, 0, 0, 1, 1], random_state=0)
    ([[5.0], [6.0], [0.5], [2.5]], [1, 1, 0, 0])
    """
    return replace_by_centroids(
        X,
        y,
        sampling_strategy=sampling_strategy,
        random_state=random_state,
        voting=voting,
        n_jobs=n_jobs,
        progress=progress,
    ).resampled()


@public("fastsmote.undersample")
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
) -> Resampled:
    """Of the larger classes, keep the rows that are easiest to classify.

    One seed gives other rows here than in :class:`fastsmote.imblearn.InstanceHardnessThreshold`.

    Parameters
    ----------
    X, y
        As for :func:`fastsmote.tomek_links`. A classifier gets X as it is.
    sampling_strategy
        As for :func:`fastsmote.random_under_sample`.
    probabilities : array-like of shape (n_samples, n_classes), or classifier, optional
        Out-of-fold probabilities of the classes, in the sorted order of the labels: what
        ``cross_val_predict(classifier, X, y, method="predict_proba")`` of scikit-learn gives. Or a classifier
        with ``predict_proba``, clones of which are fitted; None is RandomForestClassifier() with the seed.
    cv : int, default 5
        Folds for a classifier, shuffled and stratified; at most the size of the smallest class.
    random_state : None, int, numpy Generator, RandomState or SeedSequence
        Seed of the folds and of the default classifier; one of your own keeps its seed.
    n_jobs : int, optional
        Threads, or folds that are fitted at a time, as in scikit-learn (None is one).

    Returns
    -------
    X_resampled, y_resampled
        As for :func:`fastsmote.tomek_links`.

    Raises
    ------
    ValueError, TypeError
        As for :func:`fastsmote.random_under_sample`; ``probabilities`` of another shape, or outside [0, 1];
        a classifier without ``predict_proba``; a class with fewer rows than ``cv``.
    ImportError
        If a classifier is to be fitted and scikit-learn is not installed.

    See Also
    --------
    fastsmote.select.instance_hardness_threshold : The decision alone.
    fastsmote.sklearn.instance_hardness_threshold : The same function under scikit-learn's names.
    fastsmote.imblearn.InstanceHardnessThreshold : The class of imbalanced-learn's name.

    Notes
    -----
    A row is as hard as the probability of its own class is low. Equal ones go by row number, and the number
    of rows is what the strategy asks for; imbalanced-learn compares with a percentile and keeps all rows that
    tie there. O(n_samples * log n_samples) time, O(n_samples) memory.

    References
    ----------
    Smith, M. R., Martinez, T., Giraud-Carrier, C. (2014). An instance level analysis of data complexity.
    Machine Learning 95, 225-256. doi:10.1007/s10994-013-5422-z

    Examples
    --------
    >>> import fastsmote
    >>> probabilities = [[0.9, 0.1], [0.2, 0.8], [0.7, 0.3], [0.5, 0.5]]
    >>> fastsmote.instance_hardness_threshold([[0], [1], [2], [3]], list("aaab"), probabilities)
    ([[0], [3]], ['a', 'b'])
    """
    return select_easiest(
        X,
        y,
        probabilities,
        sampling_strategy=sampling_strategy,
        cv=cv,
        random_state=random_state,
        n_jobs=n_jobs,
    ).resampled()
