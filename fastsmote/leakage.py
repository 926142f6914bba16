"""What a test part shares with the train part: the mistake "resampled before the split", found afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import check_labels
from fastsmote._core.containers import n_rows
from fastsmote._core.labels import Labels
from fastsmote._core.threads import Progress
from fastsmote._diagnosis import leakage
from fastsmote._diagnosis.leakage import Made
from fastsmote._diagnosis.scale import group_equal_rows, read_tables
from fastsmote._neighbors.query import check_rows
from fastsmote._sampling.over.plan import SyntheticPlan

__all__ = ["LeakageReport", "leakage_report"]

Numbers = NDArray[np.int64]

_SHOWN = 3  # examples in the text
_CLASSES_SHOWN = 8
_MANY_CLASSES = 32  # above, rows of all classes are searched together
_UNSEEN = (
    "- not seen without a plan of the over-sampler: copies with more noise (shrinkage) or in groups of 32 "
    "and more, new rows that were rounded or whose parents are far"
)


@dataclass(frozen=True, eq=False)
class LeakageReport:
    """What a test part shares with a train part: ``str(report)`` is a summary, ``report.clean`` the verdict.

    Rows are numbers in X_test and X_train, from 0. Arrays are complete; only the text is cut.

    Attributes
    ----------
    n_train, n_test : int
        Rows of the two parts.
    exact_pairs : ndarray of int64 of shape (n_exact, 2)
        Each test row that equals a train row value for value, and the first such train row.
    exact_counts : ndarray of int64 of shape (n_exact,)
        How many train rows it equals.
    near_pairs : ndarray of int64 of shape (n_near, 2)
        Each further test row that is near a train row, and its nearest train row.
    near_distances : ndarray of float64 of shape (n_near,)
        Their distances. Distances are Euclidean, with each column multiplied by the power of two that brings
        its spread in X_train near 1.
    typical_distance : float
        Median distance from a train row to the nearest different one, from a sample; NaN where no rows could
        be compared.
    dimension : float
        In how many dimensions train rows lie around each other, from the same sample; at least 1.
    tolerance : float
        Share of ``typical_distance`` up to which a row is near.
    line_triples : ndarray of int64 of shape (n_lines, 3)
        Test rows that lie on a straight line with two train rows near them, and these two.
    n_lines_asked : int
        Test rows that were tested for lines, a sample; 0 where the test says nothing.
    parent_pairs : ndarray of int64 of shape (n_parents, 2), or None
        With a plan: each new row of the plan in the train part that is made of a test row, and that test row.
    child_pairs : ndarray of int64 of shape (n_children, 2), or None
        With a plan: each test row that is synthetic and made of a train row, and that row of X.
    synthetic_test : ndarray of int64 of shape (n_synthetic,), or None
        With a plan: test rows that are synthetic.
    n_incomplete : int
        Test rows with missing numbers: they are compared for equality, not searched for near rows.
    n_numeric, n_categorical : int
        Columns compared as numbers and as categories.
    class_counts : dict or None
        With y_test: for each label the number of test rows that leak, and of all.
    """

    n_train: int
    n_test: int
    exact_pairs: Numbers
    exact_counts: Numbers
    near_pairs: Numbers
    near_distances: NDArray[np.float64]
    typical_distance: float
    dimension: float
    tolerance: float
    line_triples: Numbers
    n_lines_asked: int
    parent_pairs: Numbers | None
    child_pairs: Numbers | None
    synthetic_test: Numbers | None
    n_incomplete: int
    n_numeric: int
    n_categorical: int
    class_counts: dict[Any, tuple[int, int]] | None = None

    @property
    def leaking_rows(self) -> Numbers:
        """Test rows with a finding of any kind, ascending; lines count where they were looked for."""
        found = [self.exact_pairs[:, 0], self.near_pairs[:, 0], self.line_triples[:, 0]]
        if self.parent_pairs is not None and self.synthetic_test is not None:
            found += [self.parent_pairs[:, 1], self.synthetic_test]
        return np.unique(np.concatenate(found))

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return len(self.leaking_rows) == 0

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        leaking = len(self.leaking_rows)
        more = "at least " if len(self.line_triples) and self.n_lines_asked < self.n_test else ""
        verdict = "nothing found" if self.clean else f"{more}{_count(leaking, self.n_test)} test rows leak"
        yield f"{verdict} ({self.n_test:,} test rows against {self.n_train:,} train rows)"
        yield f"- equal to a train row: {_count(len(self.exact_pairs), self.n_test)}" + _such_as(
            f"test {test} = train {train}" + (f" ({count:,} times)" if count > 1 else "")
            for (test, train), count in zip(self.exact_pairs, self.exact_counts, strict=True)
        )
        yield from self._near_lines()
        if self.n_lines_asked:
            yield (
                f"- interpolated: {_count(len(self.line_triples), self.n_lines_asked)} of the "
                f"{self.n_lines_asked:,} asked lie on a line with two train rows"
            ) + _such_as(
                f"test {test} with train {one} and {other}" for test, one, other in self.line_triples
            )
        if self.parent_pairs is not None and self.child_pairs is not None and self.synthetic_test is not None:
            made, children = len(np.unique(self.parent_pairs[:, 0])), len(np.unique(self.child_pairs[:, 0]))
            yield f"- synthetic train rows made of test rows: {made:,}" + _such_as(
                f"new row {new} of test {test}" for new, test in self.parent_pairs
            )
            yield (
                f"- synthetic test rows: {_count(len(self.synthetic_test), self.n_test)}, "
                f"{children:,} made of train rows"
            )
        if self.class_counts is not None:
            largest = sorted(self.class_counts.items(), key=lambda item: -item[1][0] / item[1][1])
            yield "- by class: " + "; ".join(
                f"{label!r} {_count(some, every)} of {every:,}"
                for label, (some, every) in largest[:_CLASSES_SHOWN]
            )
        if not self.clean:
            yield self._remedy()
        elif self.synthetic_test is None:
            yield _UNSEEN

    def _near_lines(self) -> Iterator[str]:
        if np.isnan(self.typical_distance):
            yield (
                "- near a train row: not searched; that takes complete test rows that equal no train row, "
                "and 3 or more different complete train rows with numbers that differ"
            )
            return
        notes = []
        if self.n_categorical:
            notes.append(
                f"in {self.n_numeric} numeric columns, {self.n_categorical} categorical ones being equal"
            )
        if self.n_incomplete:
            notes.append(f"{self.n_incomplete:,} rows with missing numbers left out")
        yield (
            f"- nearer than {self.tolerance:.2g} of the typical distance: "
            f"{_count(len(self.near_pairs), self.n_test)}"
            + (f" ({'; '.join(notes)})" if notes else "")
            + _such_as(f"test {test} ~ train {train}" for test, train in self.near_pairs)
        )

    def _remedy(self) -> str:
        synthetic = self.synthetic_test is not None and len(self.synthetic_test) > 0
        made = self.parent_pairs is not None and len(self.parent_pairs) > 0
        if synthetic or made or len(self.line_triples):
            return "Rows were resampled before the split. Split first, then resample the train part only."
        return (
            "Keep equal and near rows on one side: split by groups of them, or drop repeats. If rows were "
            "over-sampled before the split, split first."
        )


def _count(some: int, every: int) -> str:
    return f"{some:,} ({some / every:.2%})" if some else "0"


def _such_as(examples: Any) -> str:
    some = [text for text, _ in zip(examples, range(_SHOWN), strict=False)]
    return f": {', '.join(some)}" if some else ""


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
    made = _check_plan(plan, train_rows, test_rows, n_train, n_test)
    groups = group_equal_rows(tables, n_jobs)
    exact = leakage.find_equal(groups, n_train)
    classes = None if y_train is None else _classes(y_train, n_train, labels)
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


def _classes(y_train: Any, n_train: int, test: Labels | None) -> Numbers | None:
    """Codes of the classes of all rows; None where they are too many to be searched one by one."""
    train = check_labels(y_train, n_train, name="y_train", min_classes=1)
    if test is None:
        raise ValueError(
            "y_train is used together with y_test only. Got no y_test; pass it, or leave both out."
        )
    both = check_labels([*train.classes.tolist(), *test.classes.tolist()], name="y_train", min_classes=1)
    if len(both.classes) > _MANY_CLASSES:
        return None
    of_train, of_test = np.split(both.codes, [len(train.classes)])
    return np.concatenate([of_train[train.codes], of_test[test.codes]])


def _check_plan(plan: Any, train_rows: Any, test_rows: Any, n_train: int, n_test: int) -> Made | None:
    if plan is None:
        if train_rows is not None or test_rows is not None:
            raise ValueError(
                "train_rows and test_rows belong to a plan. Got no plan; pass it, or leave them out."
            )
        return None
    if not isinstance(plan, SyntheticPlan):
        raise TypeError(f"plan must be a SyntheticPlan. Got {plan!r}; pass what fastsmote.plan.* return.")
    every = plan.n_rows + len(plan)
    train = None if train_rows is None else _check_places(train_rows, "train_rows", every, n_train)
    if test_rows is not None:
        test = _check_places(test_rows, "test_rows", every, n_test)
        _check_disjoint(train, test)
    elif train is not None:
        test = np.setdiff1d(np.arange(every), train)
    else:
        test = np.empty(0, np.int64)
    whole = (plan.n_rows, every)
    alone = train is None and n_train in whole and n_train + n_test not in whole
    if test_rows is None and len(test) != n_test and not alone:
        raise ValueError(
            "test_rows must be given for a plan of more than the train part. Got a plan for "
            f"{plan.n_rows} rows with {len(plan)} new ones, {n_train} train and {n_test} test rows; pass "
            "where the test rows stand in X followed by the new rows. If the plan was made for the train "
            "part alone, leave it out: it knows nothing of test rows."
        )
    return leakage.find_made(plan, np.setdiff1d(np.arange(every), test) if train is None else train, test)


def _check_disjoint(train: Numbers | None, test: Numbers) -> None:
    different, counts = np.unique(test, return_counts=True)
    if len(different) < len(test):
        raise ValueError(
            "test_rows must name different rows, one for each row of X_test. Got "
            f"{different[counts.argmax()]} {counts.max()} times."
        )
    shared = test[:0] if train is None else np.intersect1d(train, test)
    if len(shared):
        raise ValueError(
            f"train_rows and test_rows must have no row in common. Got {shared[0]} in both; pass where the "
            "rows of each part stand in X followed by the new rows."
        )


def _check_places(rows: Any, name: str, every: int, n: int) -> Numbers:
    places = check_rows(rows, every, name)
    if len(places) != n:
        part = "X_test" if name == "test_rows" else "X_train"
        raise ValueError(
            f"{name} must have one number for each of the {n} rows of {part}. Got {len(places)}."
        )
    return places
