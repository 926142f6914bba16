"""What ``fastsmote.advise`` reads from a data set before it looks at any rule."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from fastsmote._core.containers import take
from fastsmote._core.equal_rows import Tables, group_equal_rows
from fastsmote._core.labels import Labels, rows_by_code
from fastsmote._core.public import public
from fastsmote._core.typing import Floats, Mask, Progress, RowIds
from fastsmote._diagnosis.scale import scaled, spaced
from fastsmote._neighbors.build import build_index
from fastsmote._neighbors.search import find_nearest

FEWEST = 10  # rows of a class: fewer, and 5 folds hold one or two
NOISE = 0.30  # share of noise from which a class is not interpolated
_LARGE, _MANY = 100_000, 1_000  # rows, and rows of the minority, of large data
_QUERIES = 20_000  # rows whose neighbours are looked at, over all classes
_QUERIES_OF_A_CLASS = 200  # at least


@public("fastsmote.advice")
class Surroundings(NamedTuple):
    """How the rows of a class lie among the others, as shares of those looked at (Han et al., 2005).

    Nearest are the nearest of the different rows; equal rows of several classes count for each by its share.

    Attributes
    ----------
    n_asked : int
        Rows of the class that were looked at, all or evenly spaced ones.
    noise : float
        Share with no row of their class among their nearest.
    danger : float
        The others: neither noise nor safe.
    safe : float
        Share with more than half of their nearest, and of the rows equal to them, in their own class.

    See Also
    --------
    Findings : Holds them, by class.
    fastsmote.borderline_smote : Makes rows from those in danger only.
    """

    n_asked: int
    noise: float
    danger: float
    safe: float


@public("fastsmote.advice")
class Findings(NamedTuple):
    """What was read from the data.

    Attributes
    ----------
    n_rows, n_features : int
        Shape of X.
    counts : dict
        Rows of each class.
    minority, majority : label
        The class with the most rows, and the smallest other one with 10 rows or more, or without such a class
        the smallest other one; of equal ones the first.
    n_minority, n_majority : int
        Their rows.
    share : float
        n_minority / (n_minority + n_majority); in two classes the share of the minority.
    n_repeated : int
        Rows whose features equal those of an earlier row.
    n_conflicting : int
        Rows whose features equal those of a row of another class.
    n_incomplete : int
        Rows with a missing value.
    missing_columns, categorical_columns : list
        Names, or numbers, of columns with missing values and of columns that hold neither numbers nor times.
    n_neighbors : int
        Neighbours that were looked at.
    surroundings : dict
        ``Surroundings`` of each class but the majority; empty where rows could not be compared.
    model : str or None
        The model family.
    time_columns : list
        Names, or numbers, of columns of dates, times, periods or durations.

    See Also
    --------
    Advice : What follows from them.
    """

    n_rows: int
    n_features: int
    counts: dict[Any, int]
    minority: Any
    majority: Any
    n_minority: int
    n_majority: int
    share: float
    n_repeated: int
    n_conflicting: int
    n_incomplete: int
    missing_columns: list[Any]
    categorical_columns: list[Any]
    n_neighbors: int
    surroundings: dict[Any, Surroundings]
    model: str | None
    time_columns: list[Any] = []  # noqa: RUF012 - never changed

    @property
    def noise(self) -> float:
        """Share of minority rows with no row of their class among their nearest; 0 where unknown."""
        return self.surroundings[self.minority].noise if self.minority in self.surroundings else 0.0

    @property
    def safe(self) -> float:
        """Share of safe minority rows; 0 where unknown."""
        return self.surroundings[self.minority].safe if self.minority in self.surroundings else 0.0

    @property
    def is_large(self) -> bool:
        return self.n_rows >= _LARGE and self.n_minority >= _MANY

    @property
    def small_classes(self) -> list[Any]:
        """Classes with too few rows to learn from or to measure with."""
        return [label for label, count in self.counts.items() if count < FEWEST]

    @property
    def noisy_classes(self) -> list[Any]:
        """Classes but the minority of which many rows are noise."""
        others = [(label, s) for label, s in self.surroundings.items() if label != self.minority]
        return [label for label, s in others if s.noise >= NOISE]


class RowFacts(NamedTuple):
    """What rows tell, neighbours aside."""

    tables: Tables  # of all rows, or of some: their columns count
    gappy: Mask  # (n_features,) which columns miss something
    n_repeated: int
    n_conflicting: int
    n_incomplete: int


def read_findings(
    tables: Tables,
    labels: Labels,
    model: str | None,
    n_neighbors: int,
    n_jobs: int | None,
    progress: Progress | None,
) -> Findings:
    """Counts, equal rows, missing values, and neighbours of the rows of all classes but the largest."""
    groups = group_equal_rows(tables, n_jobs)
    lacks_number, lacks_category, gappy = gaps(tables)
    facts = RowFacts(
        tables,
        gappy,
        len(tables.matrix) - int(groups.max()) - 1,
        _count_conflicting(groups, labels.codes),
        int((lacks_number | lacks_category).sum()),
    )
    complete = np.flatnonzero(~lacks_number)
    around = _surroundings(tables, groups, labels, complete, n_neighbors, n_jobs, progress)
    return findings_of(facts, labels, model, n_neighbors, around)


def findings_of(
    facts: RowFacts, labels: Labels, model: str | None, n_neighbors: int, around: dict[Any, Surroundings]
) -> Findings:
    """What is known of the rows, by the names of columns and labels; of ``labels`` no codes are read."""
    smallest, largest = _extremes(labels)
    few, many = int(labels.counts[smallest]), int(labels.counts[largest])
    classes, tables = labels.classes.tolist(), facts.tables
    return Findings(
        n_rows=int(labels.counts.sum()),
        n_features=len(tables.names),
        counts=dict(zip(classes, labels.counts.tolist(), strict=True)),
        minority=classes[smallest],
        majority=classes[largest],
        n_minority=few,
        n_majority=many,
        share=few / (few + many),
        n_repeated=facts.n_repeated,
        n_conflicting=facts.n_conflicting,
        n_incomplete=facts.n_incomplete,
        missing_columns=[tables.names[j] for j in np.flatnonzero(facts.gappy)],
        categorical_columns=[tables.names[j] for j in np.setdiff1d(tables.categorical, tables.times)],
        n_neighbors=n_neighbors,
        surroundings=around,
        model=model,
        time_columns=[tables.names[j] for j in tables.times],
    )


def gaps(tables: Tables) -> tuple[Mask, Mask, Mask]:
    """Rows that miss a number, rows that miss a category, and which columns miss something."""
    numbers, categories = np.isnan(tables.matrix), tables.codes < 0
    columns = np.zeros(len(tables.names), bool)
    columns[tables.numeric], columns[tables.categorical] = numbers.any(axis=0), categories.any(axis=0)
    return _any_of_row(numbers), _any_of_row(categories), columns


def _any_of_row(mask: Mask) -> Mask:
    return np.logical_or.reduce(mask, axis=1)


def _extremes(labels: Labels) -> tuple[int, int]:
    """The class to learn, the smallest one with enough rows if there is one, and the largest."""
    n, largest = int(labels.counts.sum()), int(labels.counts.argmax())
    # in the order of sizes: those with enough rows, those with fewer, the largest
    handicap = np.where(labels.counts < FEWEST, n, 0)
    handicap[largest] = 2 * n
    return int((labels.counts + handicap).argmin()), largest


def _count_conflicting(groups: RowIds, codes: RowIds) -> int:
    """Rows in groups of equal rows that hold several classes."""
    n_groups = int(groups.max()) + 1
    lowest, highest = np.full(n_groups, codes.max()), np.zeros(n_groups, np.int64)
    np.minimum.at(lowest, groups, codes)
    np.maximum.at(highest, groups, codes)
    return int((lowest < highest)[groups].sum())


class _DifferentRows(NamedTuple):
    """The different ones among some rows, in the order of their hashes: a place for each."""

    rows: RowIds  # (n_places,) the first row of each place
    sizes: RowIds  # (n_places,) rows that are equal to it, and itself
    members: RowIds  # (n,) place and class of each row as place * n_classes + code, ascending
    n_classes: int

    def shares(self, places: RowIds, codes: RowIds) -> Floats:
        """Of the rows at places, the share of a class."""
        keys = places * self.n_classes + codes
        n_found = np.searchsorted(self.members, keys, "right") - np.searchsorted(self.members, keys)
        return n_found / self.sizes[places]


def _different_rows(groups: RowIds, codes: RowIds, rows: RowIds, n_classes: int) -> _DifferentRows:
    _, first, place, sizes = np.unique(
        groups[rows], return_index=True, return_inverse=True, return_counts=True
    )
    return _DifferentRows(rows[first], sizes, np.sort(place * n_classes + codes[rows]), n_classes)


def _surroundings(
    tables: Tables,
    groups: RowIds,
    labels: Labels,
    rows: RowIds,
    k: int,
    n_jobs: int | None,
    progress: Progress | None,
) -> dict[Any, Surroundings]:
    """Among the different rows, in the order of their hashes: no order of rows, or of classes, decides ties.

    A row of several classes counts for each by its share.
    """
    if tables.matrix.shape[1] == 0:
        return {}
    if tables.codes.shape[1]:
        groups = group_equal_rows(tables._replace(codes=tables.codes[:, :0]), n_jobs)
    different = _different_rows(groups, labels.codes, rows, len(labels.classes))
    if len(different.rows) <= k:
        return {}
    places, codes = _choose_queries(different.members, labels)
    if len(places) == 0:
        return {}
    every = np.arange(len(different.rows))
    space = scaled(take(tables.matrix, different.rows, n_jobs=n_jobs), every, n_jobs)
    index = build_index(space, n_jobs=n_jobs)
    _, found = find_nearest(index, k, rows=places, n_jobs=n_jobs, progress=progress)
    return surroundings_of(different.shares(found.T, codes), different.shares(places, codes), codes, labels)


def surroundings_of(near: Floats, own: Floats, codes: RowIds, labels: Labels) -> dict[Any, Surroundings]:
    """By class, from the shares that the class of a row has of its nearest rows (k, m) and of itself (m,)."""
    k, near = len(near), near.sum(axis=0)
    noise, safe = near == 0.0, (2 * near > k) & (2 * own > 1.0)
    around, classes = {}, labels.classes.tolist()
    for code in np.unique(codes).tolist():
        of_class = codes == code
        shares = (float(part[of_class].mean()) for part in (noise, ~noise & ~safe, safe))
        around[classes[code]] = Surroundings(int(of_class.sum()), *shares)
    return around


def _choose_queries(members: RowIds, labels: Labels) -> tuple[RowIds, RowIds]:
    """Places and classes to look at: of each class but the largest all, or evenly spaced ones."""
    n_classes, largest = len(labels.classes), int(labels.counts.argmax())
    most = most_queries(n_classes)
    by_class = rows_by_code(members % n_classes, n_classes)
    chosen = [spaced(of_class, most) for code, of_class in enumerate(by_class) if code != largest]
    places, codes = np.divmod(members[np.concatenate(chosen)], n_classes)
    return places, codes


def most_queries(n_classes: int) -> int:
    """How many rows of a class are looked at, at most."""
    return max(_QUERIES_OF_A_CLASS, _QUERIES // (n_classes - 1))
