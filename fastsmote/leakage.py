"""What a test part shares with the train part: the mistake "resampled before the split", found afterwards."""

from __future__ import annotations

from fastsmote._core.public import in_memory
from fastsmote._core.typing import MatrixLike, Progress, VectorLike
from fastsmote._diagnosis import report
from fastsmote._diagnosis.report import LeakageReport
from fastsmote._diagnosis.split import Split, SyntheticPlan

__all__ = ["LeakageReport", "leakage_report"]


@in_memory
def leakage_report(
    X_train: MatrixLike,
    X_test: MatrixLike,
    *,
    plan: SyntheticPlan | None = None,
    train_rows: VectorLike | None = None,
    test_rows: VectorLike | None = None,
    y_train: VectorLike | None = None,
    y_test: VectorLike | None = None,
    tolerance: float | None = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> LeakageReport:
    """Find test rows that the train part gives away: copies, near copies, and rows made of each other.

    Parameters
    ----------
    X_train, X_test : array-like of shape (n_train, n_features) and (n_test, n_features)
        The two parts, as the model sees them. Frames may hold text, categories and dates: these columns are
        compared by equality. NaN and None are missing values, equal to each other.
    plan : SyntheticPlan, optional
        The plan of an over-sampler, if there is one: which rows are synthetic, and made of which.
    train_rows, test_rows : array-like of int of shape (n_train,) and (n_test,), optional
        Where the rows stand in the array that the plan speaks of: the n rows of its X, then its new rows, so
        that n + i is new row i. After ``train_test_split(X_resampled, y_resampled,
        numpy.arange(len(X_resampled)))`` they are the last two results; where X was split and synthetic rows
        went to the train part, ``test_rows`` are the numbers of the test rows in X. Each is all others by
        default, ``test_rows`` in ascending order: pass them where those of X_test have another order, or are
        not all others. Neither is needed where the plan was made for the train part alone, which is
        understood where the numbers of rows leave no other way.
    y_train, y_test : array-like of shape (n_train,) and (n_test,), optional
        Labels. With y_test the leaks of each class are counted; with both, lines are looked for within each
        class, which finds more of them.
    tolerance : float in (0, 1], optional
        Share of the typical distance between train rows up to which a test row is near a train row. By
        default 0.001, or less where rows lie in so few dimensions that such nearness is ordinary:
        (0.01 / n_test) ** (1 / dimension), so that chance gives one row in a hundred data sets.
    n_jobs : int, optional
        Threads; None is all usable cores. The report is the same for any number.
    progress : callable, optional
        ``progress(done, total)``, called in the calling thread; each search counts from 0.

    Returns
    -------
    LeakageReport

    Raises
    ------
    ValueError
        A part is empty, not two-dimensional or has infinite values; the columns differ in number, names or
        kind; labels or row numbers have another length, or are refused; y_train without y_test; row numbers
        without a plan; a row twice in ``test_rows``, or in both parts; a plan made for more than the train
        part without ``test_rows``; tolerance out of range.
    TypeError
        Sparse and masked matrices; a plan of another type; row numbers that are no integers.

    See Also
    --------
    fastsmote.plan.smote : A plan, which knows every row that is synthetic.
    fastsmote.dask.leakage_report : Of parts in partitions, the train part larger than memory.
    fastsmote.advice.advise : What to do about an imbalanced data set.

    Notes
    -----
    *Equal* rows are found through a hash of 64 bits, and compared. Integers beyond 2**53 are compared as
    float64. Where one part is float32 and the other not, both are compared as float32, unless a number is out
    of its range.

    *Near* rows: the typical distance r is the median distance to the nearest different row among 2,048 train
    rows. In D dimensions a row of smooth data has a neighbour within q r with probability about q ** D, so
    the default tolerance flags one ordinary row in a hundred data sets. D is ln 2 / median(ln(r2 / r1)) of
    the same rows, r1 and r2 being the distances to their two nearest rows: r2 / r1 exceeds t with
    probability t ** -D (Facco et al., 2017); the median is not moved by a minority of copies.
    Categories must be equal. In a dense spot rows are near each other anyway, so a near row must also be
    within q times the distance of its 32nd train row: near copies in larger groups are not reported.

    *Lines*: SMOTE and its relatives put rows on straight lines between rows, so of 4,096 evenly spaced test
    rows (with labels, as many of each class) each is tested, with its 10 nearest train rows (of its class),
    for being collinear with two of them up to the rounding of the numbers: that of float32 too where float64
    columns hold float32 numbers only. It needs 3 or more columns without repeated values that are not sums of
    two others. Rows are missed where the rows that they were made of are not among the 10, and where numbers
    were rounded otherwise, so "none" is no proof; a plan is.

    O(n log n) time for equal rows, and a search bounded by the tolerance per test row: 800,000 x 200,000 rows
    of 30 features take 5 s on two cores. Memory is four copies of both parts.

    References
    ----------
    Facco, E., d'Errico, M., Rodriguez, A. and Laio, A. (2017). Estimating the intrinsic dimension of datasets
    by a minimal neighborhood information. Scientific Reports 7, 12140. doi:10.1038/s41598-017-11873-y

    Examples
    --------
    >>> import numpy as np, fastsmote
    >>> from fastsmote.leakage import leakage_report
    >>> X = np.random.default_rng(0).normal(size=(100, 3))
    >>> y = np.arange(100) < 20
    >>> X_resampled, y_resampled = fastsmote.smote(X, y, random_state=0)
    >>> order = np.random.default_rng(1).permutation(160)  # split after resampling: the mistake
    >>> train, test = order[:120], order[120:]
    >>> report = leakage_report(X_resampled[train], X_resampled[test], y_test=y_resampled[test])
    >>> report.clean, len(report.exact_pairs), report.class_counts
    (False, 0, {False: (0, 19), True: (13, 21)})
    >>> plan = fastsmote.plan.smote(X, y, random_state=0)
    >>> report = leakage_report(X_resampled[train], X_resampled[test], plan=plan, test_rows=test)
    >>> len(report.parent_pairs), len(report.synthetic_test)
    (31, 15)
    """
    return report.leakage_report(
        X_train, X_test, Split(plan, train_rows, test_rows, y_train, y_test), tolerance, n_jobs, progress
    )
