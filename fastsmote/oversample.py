"""Over-sampling in the user's container: decide, then apply."""

from typing import Any

from fastsmote import plan
from fastsmote._containers import append_matrix, append_rows
from fastsmote._threads import Progress

__all__ = ["adasyn", "borderline_smote", "random_over_sample", "smote", "svm_smote"]


def _append(
    X: Any, y: Any, matrix: Any, made: plan.SyntheticPlan, n_jobs: int | None, progress: Progress | None
) -> tuple[Any, Any]:
    """The rows of X and y, then the rows of the plan; the label of a new row is the label of its base row."""

    def fill(out: Any) -> None:
        made._fill(matrix, out, n_jobs=n_jobs, progress=progress)

    X_resampled = append_matrix(X, len(made), fill, dtype=matrix.dtype, n_jobs=n_jobs)
    return X_resampled, append_rows(y, made.base)


def random_over_sample(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any = "auto",
    shrinkage: Any = None,
    random_state: Any = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> tuple[Any, Any]:
    """Repeat random rows of the smaller classes.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        Array, list, or pandas, polars or pyarrow frame. Any dtype, missing values included, unless
        ``shrinkage`` is given.
    y : array-like of shape (n_samples,)
        Labels: integers, whole floats, booleans, strings or categories; at least two classes.
    sampling_strategy : "auto", str, float, Share, dict or callable, default "auto"
        How many rows each class has afterwards. "auto" and "not majority": as many as the largest class,
        for every other class; "minority": for the smallest only; "all"; a float: each class at least this
        ratio to the largest; a :class:`fastsmote.Share` of the smallest class in all rows; a dict from label
        to count afterwards; a callable from y to such a dict.
    shrinkage : float or dict of label to float, optional
        Smoothed bootstrap: adds normal noise with the standard deviation of the class times this factor times
        (4 / ((n_features + 2) n_samples)) ** (1 / (n_features + 4)), per column. None repeats rows exactly.
    random_state : None, int, numpy Generator, RandomState or SeedSequence
        Seed; None draws fresh entropy. The same seed gives the same rows for any number of threads.
    n_jobs : int, optional
        Threads; None is FASTSMOTE_NUM_THREADS or all usable cores, -1 all usable cores.
    progress : callable, optional
        ``progress(done, total)``, called in the calling thread while rows with noise are made; repeating rows
        is one copy, which is not reported.

    Returns
    -------
    X_resampled, y_resampled
        The original rows in their order, then the new rows, grouped by class in label order; containers,
        column names and dtypes as they came in (pandas with a fresh index).

    Raises
    ------
    ValueError
        If the lengths differ, y has one class only or missing labels, the strategy asks for fewer rows than
        there are, names an unknown class or can not be read, or ``shrinkage`` is negative or lacks a class.
    TypeError
        If ``shrinkage``, ``n_jobs`` or ``random_state`` is of another type.

    Notes
    -----
    Rows are drawn uniformly with replacement within their class. Time and memory are those of writing the
    output.

    References
    ----------
    Menardi, G. and Torelli, N. (2014). Training and assessing classification rules with imbalanced data.
    Data Mining and Knowledge Discovery 28, 92-122. doi:10.1007/s10618-012-0295-5 (smoothed bootstrap, eq.
    2, with the bandwidth of Bowman and Azzalini; n is the number of rows of X, as in imbalanced-learn).

    Examples
    --------
    >>> import fastsmote
    >>> X, y = fastsmote.random_over_sample([[0.0], [1.0], [2.0]], ["a", "a", "b"], random_state=0)
    >>> X, y
    ([[0.0], [1.0], [2.0], [2.0]], ['a', 'a', 'b', 'b'])
    """
    matrix, made = plan.plan_random(X, y, sampling_strategy, shrinkage, random_state, n_jobs)
    if matrix is not None:
        return _append(X, y, matrix, made, n_jobs, progress)
    return append_rows(X, made.base), append_rows(y, made.base)


def smote(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any = "auto",
    k_neighbors: int = 5,
    random_state: Any = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> tuple[Any, Any]:
    """SMOTE: new rows between a row of a class and one of its nearest neighbours in the class.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        Finite numbers: array, list, or pandas, polars or pyarrow frame. float32 is computed and returned as
        float32, everything else computed in float64 and returned in its own dtype; integers are rounded to
        nearest.
    y : array-like of shape (n_samples,)
        Labels: integers, whole floats, booleans, strings or categories; at least two classes.
    sampling_strategy : "auto", str, float, Share, dict or callable, default "auto"
        How many rows each class has afterwards, as for :func:`fastsmote.random_over_sample`.
    k_neighbors : int, default 5
        Neighbours within the class to interpolate with; every class that gets new rows must have more rows
        than that.
    random_state : None, int, numpy Generator, RandomState or SeedSequence
        Seed; None draws fresh entropy. The same seed gives the same rows for any number of threads.
    n_jobs : int, optional
        Threads; None is FASTSMOTE_NUM_THREADS or all usable cores, -1 all usable cores.
    progress : callable, optional
        ``progress(done, total)``, called in the calling thread; each step of the work counts from 0.

    Returns
    -------
    X_resampled, y_resampled
        The original rows in their order, then the synthetic rows, grouped by class in label order;
        containers, column names and dtypes as they came in (pandas with a fresh index).

    Raises
    ------
    ValueError
        If X is not a non-empty matrix of finite numbers (the first bad row and column are named), the
        lengths differ, y has one class only or missing labels, a class that gets new rows has
        ``k_neighbors`` rows or fewer, or the strategy asks for fewer rows than there are, names an unknown
        class or can not be read.
    TypeError
        If ``k_neighbors``, ``n_jobs`` or ``random_state`` is of another type, or X is sparse or masked.

    Notes
    -----
    Each new row draws a base row of its class, one of its k neighbours and a gap in [0, 1), the same for
    all columns: x_new = x_base + gap * (x_neighbor - x_base). Draws come first, so only base rows that
    occur are searched. A row is never its own neighbour, but its duplicates are neighbours at distance 0;
    equal distances go by row number. A class that already has its target gets no rows; an empty plan
    returns copies.

    Time is the exact neighbour search among the rows of each class that grows, plus writing the output;
    memory is the output plus 32 bytes per new row.

    References
    ----------
    Chawla, N. V., Bowyer, K. W., Hall, L. O., Kegelmeyer, W. P. (2002). SMOTE: synthetic minority
    over-sampling technique. JAIR 16, 321-357. doi:10.1613/jair.953. Departure from its pseudocode: base
    rows are drawn at random and the gap is one number per row, as in imbalanced-learn.

    Examples
    --------
    >>> import fastsmote
    >>> X, y = fastsmote.make_fraud(2000, fraud_rate=0.01, random_state=0)
    >>> X_resampled, y_resampled = fastsmote.smote(X, y, random_state=0)
    >>> X_resampled.shape, int(y_resampled.sum())
    ((3960, 30), 1980)
    """
    matrix, made = plan.plan_smote(X, y, sampling_strategy, k_neighbors, random_state, n_jobs, progress)
    return _append(X, y, matrix, made, n_jobs, progress)


def borderline_smote(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any = "auto",
    k_neighbors: int = 5,
    m_neighbors: int = 10,
    kind: str = "borderline-1",
    random_state: Any = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> tuple[Any, Any]:
    """Borderline-SMOTE: SMOTE from rows that other classes surround, but not wholly.

    Parameters
    ----------
    X, y, sampling_strategy, random_state, n_jobs, progress
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
    X_resampled, y_resampled
        As for :func:`fastsmote.smote`.

    Raises
    ------
    RuntimeError
        If no row of a class is in danger: use smote.
    ValueError, TypeError
        As for :func:`fastsmote.smote`; ``m_neighbors`` that is not below the number of rows; ``kind`` is
        another word.

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
    matrix, made = plan.plan_borderline(
        X, y, sampling_strategy, k_neighbors, m_neighbors, kind, random_state, n_jobs, progress
    )
    return _append(X, y, matrix, made, n_jobs, progress)


def svm_smote(
    X: Any,
    y: Any,
    support: Any,
    *,
    sampling_strategy: Any = "auto",
    k_neighbors: int = 5,
    m_neighbors: int = 10,
    out_step: float = 0.5,
    random_state: Any = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> tuple[Any, Any]:
    """SVM-SMOTE: SMOTE from the support vectors of a class, outwards where they are safe.

    Parameters
    ----------
    X, y, sampling_strategy, random_state, n_jobs, progress
        As for :func:`fastsmote.smote`.
    support : array-like of int of shape (n_support,)
        Row numbers of X that are support vectors, ``SVC().fit(X, y).support_`` of scikit-learn;
        :func:`fastsmote.sklearn.svm_smote` fits one.
    k_neighbors : int, default 5
        Neighbours within the class to interpolate with.
    m_neighbors : int, default 10
        Neighbours among all rows that tell how a support vector lies: it is noise, and left out, if all are
        of other classes; in danger, if at least half are; else safe.
    out_step : float, default 0.5
        How far, in gaps to the neighbour, a new row may lie beyond a safe support vector; in [0, 1].

    Returns
    -------
    X_resampled, y_resampled
        As for :func:`fastsmote.smote`.

    Raises
    ------
    RuntimeError
        If a class that gets new rows has no support vector that is not noise: use smote.
    ValueError, TypeError
        As for :func:`fastsmote.smote`; ``support`` that are not row numbers of X; ``out_step`` outside
        [0, 1]; ``m_neighbors`` that is not below the number of rows.

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
    matrix, made = plan.plan_svm(
        X,
        y,
        support,
        sampling_strategy,
        k_neighbors,
        m_neighbors,
        out_step,
        random_state,
        n_jobs,
        progress,
    )
    return _append(X, y, matrix, made, n_jobs, progress)


def adasyn(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any = "auto",
    n_neighbors: int = 5,
    random_state: Any = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> tuple[Any, Any]:
    """ADASYN: SMOTE with more new rows where a class is surrounded by others.

    Parameters
    ----------
    X, y, sampling_strategy, random_state, n_jobs, progress
        As for :func:`fastsmote.smote`.
    n_neighbors : int, default 5
        Neighbours among all rows that measure how surrounded a row is, and within the class to interpolate
        with.

    Returns
    -------
    X_resampled, y_resampled
        As for :func:`fastsmote.smote`.

    Raises
    ------
    RuntimeError
        If no neighbour of any row of a class belongs to another class: use smote.
    ValueError, TypeError
        As for :func:`fastsmote.smote`.

    Notes
    -----
    Row i of a class gets new rows in proportion to its number of neighbours of other classes among its
    ``n_neighbors`` nearest. The counts are whole numbers that add up to what the strategy asks for, by
    largest remainder (equal ones go to the first row); imbalanced-learn rounds each and misses the total.
    Ties and duplicates as in :func:`fastsmote.smote`.

    Time is an index of X, the search of the class's rows among all rows and within the class, and writing
    the output; memory is the output, one float32 copy of X and 32 bytes per new row.

    References
    ----------
    He, H., Bai, Y., Garcia, E. A., Li, S. (2008). ADASYN: adaptive synthetic sampling approach for
    imbalanced learning. IJCNN, 1322-1328. doi:10.1109/IJCNN.2008.4633969 (steps 2 to 4; several classes one
    against the rest).

    Examples
    --------
    >>> import fastsmote
    >>> X, y = fastsmote.make_fraud(2000, fraud_rate=0.01, random_state=0)
    >>> X_resampled, y_resampled = fastsmote.adasyn(X, y, random_state=0)
    >>> X_resampled.shape, int(y_resampled.sum())
    ((3960, 30), 1980)
    """
    matrix, made = plan.plan_adasyn(X, y, sampling_strategy, n_neighbors, random_state, n_jobs, progress)
    return _append(X, y, matrix, made, n_jobs, progress)
