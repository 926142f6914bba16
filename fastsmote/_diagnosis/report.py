"""``leakage_report``: what it returns, a record with a text, and how the searches come together in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from fastsmote._core.check import check_within
from fastsmote._core.display import ShownTable, Summary
from fastsmote._core.equal_rows import EqualRows, find_equal, group_equal_rows, read_tables
from fastsmote._core.labels import Labels
from fastsmote._core.public import public
from fastsmote._core.typing import Floats, Progress, RowIds
from fastsmote._diagnosis import leakage
from fastsmote._diagnosis.split import PlanLinks, Split, check_plan, check_test_labels, read_classes

_SHOWN = 3  # examples in the text
_CLASSES_SHOWN = 8
_UNSEEN = (
    "- not seen without a plan of the over-sampler: copies with more noise (shrinkage) or in groups of 32 "
    "and more, new rows that were rounded or whose parents are far"
)


@public("fastsmote.leakage")
@dataclass(frozen=True, eq=False, repr=False)
class LeakageReport(ShownTable):
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

    See Also
    --------
    leakage_report : Returns it.
    """

    n_train: int
    n_test: int
    exact_pairs: RowIds
    exact_counts: RowIds
    near_pairs: RowIds
    near_distances: Floats
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

    def _summary(self) -> Summary:
        verdict, *lines = self._lines()
        parts = [line.removeprefix("- ").partition(": ") for line in lines]
        return Summary(verdict, {name if text else "note": text or name for name, _, text in parts})

    def _contents(self) -> dict[str, Any]:
        held = {field.name: getattr(self, field.name) for field in fields(self)}
        return {"clean": self.clean, "leaking_rows": self.leaking_rows, **held}

    def _columns(self) -> dict[str, Any]:
        equal, near, line = self.exact_pairs, self.near_pairs, self.line_triples
        distances = [np.zeros(len(equal)), self.near_distances, np.full(len(line), np.nan)]
        return {
            "finding": np.repeat(["equal", "near", "between"], [len(equal), len(near), len(line)]),
            "test_row": np.concatenate([equal[:, 0], near[:, 0], line[:, 0]]),
            "train_row": np.concatenate([equal[:, 1], near[:, 1], line[:, 1]]),
            "distance": np.concatenate(distances),
        }

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
        yield from self._plan_lines()
        yield from self._class_lines()
        if not self.clean:
            yield self._remedy()
        elif self.synthetic_test is None:
            yield _UNSEEN

    def _plan_lines(self) -> Iterator[str]:
        if self.parent_pairs is None or self.child_pairs is None or self.synthetic_test is None:
            return
        n_parents, n_children = (len(np.unique(p[:, 0])) for p in (self.parent_pairs, self.child_pairs))
        yield f"- synthetic train rows made of test rows: {n_parents:,}" + _such_as(
            f"new row {new} of test {test}" for new, test in self.parent_pairs
        )
        yield (
            f"- synthetic test rows: {_count(len(self.synthetic_test), self.n_test)}, "
            f"{n_children:,} made of train rows"
        )

    def _class_lines(self) -> Iterator[str]:
        if self.class_counts is None:
            return
        largest = sorted(self.class_counts.items(), key=lambda item: -item[1][0] / item[1][1])
        yield "- by class: " + "; ".join(
            f"{label!r} {_count(some, every)} of {every:,}"
            for label, (some, every) in largest[:_CLASSES_SHOWN]
        )

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
        in_test = self.synthetic_test is not None and len(self.synthetic_test) > 0
        in_train = self.parent_pairs is not None and len(self.parent_pairs) > 0
        if in_test or in_train or len(self.line_triples):
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


def check_tolerance(tolerance: Any) -> float | None:
    if tolerance is None:
        return None
    return check_within(tolerance, "tolerance", "(0, 1]", "; the default is at most 0.001")


def leakage_report(
    X_train: Any,
    X_test: Any,
    split: Split,
    tolerance: Any,
    n_jobs: int | None,
    progress: Progress | None,
) -> LeakageReport:
    tolerance = check_tolerance(tolerance)
    tables = read_tables([X_train, X_test], ["X_train", "X_test"], n_jobs)
    n_train, n_test = tables.sizes
    labels = check_test_labels(split, n_test)
    links = check_plan(split, n_train, n_test)
    groups = group_equal_rows(tables, n_jobs)
    exact = find_equal(groups, n_train)
    classes = read_classes(split, n_train, labels)
    searched = leakage.prepare_search(tables, groups, n_train, exact, classes, n_jobs)
    near, lines = leakage.NO_NEAR, leakage.NO_LINES
    if searched is not None:
        near = leakage.find_near(searched, tables.codes, tolerance, n_jobs, progress)
        lines = leakage.find_lines(searched, n_jobs, progress)
    return make_report(
        tables.sizes,
        exact,
        near._replace(pairs=near.pairs - np.array([n_train, 0])),
        lines._replace(triples=lines.triples - np.array([n_train, 0, 0])),
        links,
        int(np.isnan(tables.matrix[n_train:]).any(axis=1).sum()),
        (len(tables.numeric), len(tables.categorical)),
        labels,
    )


def make_report(
    sizes: Sequence[int],
    exact: EqualRows,
    near: leakage.Near,
    lines: leakage.Lines,
    links: PlanLinks | None,
    n_incomplete: int,
    n_columns: tuple[int, int],
    labels: Labels | None,
) -> LeakageReport:
    """What was found, by numbers of rows in each part; ``n_columns`` are numeric and categorical ones."""
    report = LeakageReport(
        n_train=sizes[0],
        n_test=sizes[1],
        exact_pairs=exact.pairs,
        exact_counts=exact.counts,
        near_pairs=near.pairs,
        near_distances=near.distances,
        typical_distance=near.typical,
        dimension=near.dimension,
        tolerance=near.tolerance,
        line_triples=lines.triples,
        n_lines_asked=lines.n_tested,
        parent_pairs=None if links is None else links.parents,
        child_pairs=None if links is None else links.children,
        synthetic_test=None if links is None else links.synthetic,
        n_incomplete=n_incomplete,
        n_numeric=n_columns[0],
        n_categorical=n_columns[1],
    )
    return report if labels is None else replace(report, class_counts=_count_by_class(report, labels))


def _count_by_class(report: LeakageReport, labels: Labels) -> dict[Any, tuple[int, int]]:
    """Leaking test rows, and all, of each label."""
    leaking = labels.counts_of(report.leaking_rows).tolist()
    pairs = zip(leaking, labels.counts.tolist(), strict=True)
    return dict(zip(labels.classes.tolist(), pairs, strict=True))
