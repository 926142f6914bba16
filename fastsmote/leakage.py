"""What a test part shares with the train part: the mistake "resampled before the split", found afterwards."""

from dataclasses import replace
from numbers import Real
from typing import Any

import numpy as np

from fastsmote._core.check import check_labels
from fastsmote._core.containers import n_rows
from fastsmote._core.equal_rows import group_equal_rows, read_tables
from fastsmote._core.typing import Progress
from fastsmote._diagnosis import leakage
from fastsmote._diagnosis.report import LeakageReport, check_plan, read_classes
from fastsmote._sampling.over.plan import SyntheticPlan

__all__ = ["LeakageReport", "leakage_report"]


def leakage_report(
    X_train: Any,
    X_test: Any,
    *,
    plan: SyntheticPlan | None = None,
    train_rows: Any = None,
    test_rows: Any = None,
    y_train: Any = None,
    y_test: Any = None,
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
    within q times the distance of its 32nd train row: near copies in larger groups are not told.

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
    >>> made = fastsmote.plan.smote(X, y, random_state=0)
    >>> report = leakage_report(X_resampled[train], X_resampled[test], plan=made, test_rows=test)
    >>> len(report.parent_pairs), len(report.synthetic_test)
    (31, 15)
    """
    is_number = isinstance(tolerance, Real) and not isinstance(tolerance, bool)
    if tolerance is not None and not (is_number and 0.0 < tolerance <= 1.0):
        raise ValueError(
            f"tolerance must be a number in (0, 1]. Got {tolerance!r}; the default is at most 0.001."
        )
    tables = read_tables([X_train, X_test], ["X_train", "X_test"], n_jobs)
    n_train, n_test = n_rows(X_train), n_rows(X_test)
    labels = None if y_test is None else check_labels(y_test, n_test, name="y_test", min_classes=1)
    made = check_plan(plan, train_rows, test_rows, n_train, n_test)
    groups = group_equal_rows(tables, n_jobs)
    exact = leakage.find_equal(groups, n_train)
    classes = None if y_train is None else read_classes(y_train, n_train, labels)
    parts = leakage.searchable(tables, groups, n_train, exact, classes, n_jobs)
    near, lines = leakage.NO_NEAR, leakage.NO_LINES
    if parts is not None:
        near = leakage.find_near(parts, tables.codes, tolerance, n_jobs, progress)
        lines = leakage.find_lines(parts, n_jobs, progress)
    report = LeakageReport(
        n_train=n_train,
        n_test=n_test,
        exact_pairs=exact.pairs,
        exact_counts=exact.counts,
        near_pairs=near.pairs - np.array([n_train, 0]),
        near_distances=near.distances,
        typical_distance=near.typical,
        dimension=near.dimension,
        tolerance=near.tolerance,
        line_triples=lines.triples - np.array([n_train, 0, 0]),
        n_lines_asked=lines.n_asked,
        parent_pairs=None if made is None else made.parents,
        child_pairs=None if made is None else made.children,
        synthetic_test=None if made is None else made.synthetic,
        n_incomplete=int(np.isnan(tables.matrix[n_train:]).any(axis=1).sum()),
        n_numeric=len(tables.numeric),
        n_categorical=len(tables.categorical),
    )
    if labels is None:
        return report
    leaking = np.bincount(labels.codes[report.leaking_rows], minlength=len(labels.classes)).tolist()
    pairs = zip(leaking, labels.counts.tolist(), strict=True)
    return replace(report, class_counts=dict(zip(labels.classes.tolist(), pairs, strict=True)))
