"""What leakage_report returns, and checks of what it is given."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import check_labels, check_row_numbers
from fastsmote._core.labels import Labels
from fastsmote._core.public import public
from fastsmote._core.typing import RowIds
from fastsmote._diagnosis import leakage
from fastsmote._diagnosis.leakage import Made
from fastsmote._sampling.over.plan import SyntheticPlan

_SHOWN = 3  # examples in the text
_CLASSES_SHOWN = 8
_MANY_CLASSES = 32  # above, rows of all classes are searched together
_UNSEEN = (
    "- not seen without a plan of the over-sampler: copies with more noise (shrinkage) or in groups of 32 "
    "and more, new rows that were rounded or whose parents are far"
)


@public("fastsmote.leakage")
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
    exact_pairs: RowIds
    exact_counts: RowIds
    near_pairs: RowIds
    near_distances: NDArray[np.float64]
    typical_distance: float
    dimension: float
    tolerance: float
    line_triples: RowIds
    n_lines_asked: int
    parent_pairs: RowIds | None
    child_pairs: RowIds | None
    synthetic_test: RowIds | None
    n_incomplete: int
    n_numeric: int
    n_categorical: int
    class_counts: dict[Any, tuple[int, int]] | None = None

    @property
    def leaking_rows(self) -> RowIds:
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


def read_classes(y_train: Any, n_train: int, test: Labels | None) -> RowIds | None:
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


def check_plan(plan: Any, train_rows: Any, test_rows: Any, n_train: int, n_test: int) -> Made | None:
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


def _check_disjoint(train: RowIds | None, test: RowIds) -> None:
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


def _check_places(rows: Any, name: str, every: int, n: int) -> RowIds:
    places = check_row_numbers(rows, every, name)
    if len(places) != n:
        part = "X_test" if name == "test_rows" else "X_train"
        raise ValueError(
            f"{name} must have one number for each of the {n} rows of {part}. Got {len(places)}."
        )
    return places
