"""What rows of a test part have in common with a train part: the searches behind ``fastsmote.leakage``.

All rows stand in one matrix, the train part first. Where a search goes over samples, these are evenly spaced
rows: no draw, the same answer each time.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.equal_rows import EqualRows, Tables
from fastsmote._core.labels import first_of_each, rows_by_code
from fastsmote._core.typing import Floats, Matrix, Progress, RowIds
from fastsmote._diagnosis.scale import scaled, spaced
from fastsmote._neighbors import predicates
from fastsmote._neighbors.build import build_index, with_categories
from fastsmote._neighbors.distance import to_distances
from fastsmote._neighbors.index import Index
from fastsmote._neighbors.search import find_nearest
from fastsmote._sampling.over.plan import SyntheticPlan

MOST_NEAR = 1e-3  # of the typical distance; nearer than this is near in any number of dimensions
_CHANCE = 0.01  # rows that the tolerance, or the test of lines, takes for a leak by chance
CROWD = 32  # train rows around a dense spot; copies come in smaller groups
_SAMPLE = 2048  # train rows whose neighbours show what is typical
_TESTED = 4096  # test rows that are tested for lines
AROUND = 10  # train rows that a line may go through
_STRAIGHT = 1e-4  # of the nearer distance: how far off its line a row may lie
_ROUNDINGS = 8  # of the largest coordinate
_FEWEST = 3  # columns that differ along a line
_DISTINCT = 0.9  # of the values of a column are different in a continuous one


class Near(NamedTuple):
    """Test rows that are near a train row."""

    pairs: RowIds  # (m, 2) test row, nearest train row
    distances: NDArray[np.float64]  # (m,)
    typical: float
    dimension: float
    tolerance: float


NO_NEAR = Near(np.empty((0, 2), np.int64), np.empty(0), np.nan, np.nan, np.nan)


class Lines(NamedTuple):
    """Test rows on a straight line with two train rows."""

    triples: RowIds  # (m, 3) test row, two train rows
    n_tested: int


NO_LINES = Lines(np.empty((0, 3), np.int64), 0)


class PlanLinks(NamedTuple):
    """What a plan says of rows on both sides."""

    parents: RowIds  # (m, 2) new row in the train part, test row that it is made of
    children: RowIds  # (m, 2) test row that is new, row of X in the train part that it is made of
    synthetic: RowIds  # (m,) test rows that are new


class SearchedRows(NamedTuple):
    """The rows that near rows and lines are looked for among, and an index of them."""

    space: Matrix  # (n, p) scaled
    leaves: Index  # a part for each class of train rows, then one of test rows
    train: list[RowIds]  # rows by class
    test: list[RowIds]

    def among_train(self) -> Index:
        return self.leaves.of_others(len(self.train))


def prepare_search(
    tables: Tables, groups: RowIds, n_train: int, exact: EqualRows, classes: RowIds | None, n_jobs: int | None
) -> SearchedRows | None:
    """Different train rows and the test rows that equal none of them, all complete; None without any.

    They stand by class where ``classes``, the class of each row, is given.
    """
    complete = np.logical_not(np.isnan(tables.matrix).any(axis=1))
    first = first_of_each(groups[:n_train], int(groups.max()) + 1)
    is_first = first[groups[:n_train]] == np.arange(n_train)
    is_query = complete[n_train:].copy()
    is_query[exact.pairs[:, 0]] = False
    train = np.flatnonzero(is_first & complete[:n_train])
    test = n_train + np.flatnonzero(is_query)
    if len(train) < 3 or len(test) == 0 or tables.matrix.shape[1] == 0:
        return None
    space = scaled(tables.matrix, train, n_jobs)
    by_class = [[train], [test]]
    if classes is not None:
        n_classes = int(classes.max()) + 1
        by_class = [[rows[at] for at in rows_by_code(classes[rows], n_classes)] for rows in (train, test)]
    leaves = build_index(space, [*by_class[0], test], n_jobs=n_jobs)
    return SearchedRows(space, leaves, by_class[0], by_class[1])


class Spacing(NamedTuple):
    """How train rows lie around each other."""

    distance: float  # median distance to the nearest different row
    dimension: float  # in how many dimensions they lie


def typical_rows(train: RowIds) -> RowIds:
    """Those of the train rows, ascending, that show what is typical."""
    return spaced(train, _SAMPLE)


def spacing_of(squared: Floats, scale: float, n_columns: int) -> Spacing | None:
    """From the squared scaled distances of some train rows to their two nearest (m, 2), overwritten.

    None where rows differ in their categories only.
    """
    nearest, second = to_distances(squared, scale).T
    apart = np.flatnonzero((nearest > 0.0) & np.isfinite(second))  # 0.0: only their categories differ
    if len(apart) == 0:
        return None
    ratio = float(np.median(np.log(second[apart]) - np.log(nearest[apart])))
    dimension = float(n_columns)
    if ratio > 0.0:
        dimension = max(1.0, min(dimension, float(np.log(2.0)) / ratio))
    return Spacing(float(np.median(nearest[apart])), dimension)


class Reach(NamedTuple):
    """How near a train row must be."""

    spacing: Spacing
    tolerance: float  # share of the typical distance
    scale: float  # of squared distances

    @classmethod
    def of(cls, spacing: Spacing, tolerance: float | None, n_asked: int, scale: float) -> "Reach":
        """The tolerance is the one that is given, or the default for so many test rows."""
        if tolerance is None:
            tolerance = min(MOST_NEAR, (_CHANCE / n_asked) ** (1.0 / spacing.dimension))
        return cls(spacing, tolerance, scale)

    @property
    def bound(self) -> float:
        """The largest squared distance."""
        return float(np.square(self.tolerance * self.spacing.distance * self.scale))

    def around(self, squared: Floats) -> Floats:
        """How far the 32nd train row must be, where the nearest is so far; both squared."""
        return squared / self.tolerance**2

    def near(self, pairs: RowIds, squared: Floats) -> Near:
        """The pairs that are near, whose squared distances are overwritten."""
        distances = to_distances(squared, self.scale)
        return Near(pairs, distances, self.spacing.distance, self.spacing.dimension, self.tolerance)


def _reach(searched: SearchedRows, tolerance: float | None, n_asked: int, n_jobs: int | None) -> Reach | None:
    """From a sample."""
    index = searched.leaves
    sample = typical_rows(np.sort(np.concatenate(searched.train)))
    squared, _ = find_nearest(index, 2, rows=sample, among=searched.among_train(), n_jobs=n_jobs)
    spacing = spacing_of(squared, index.scale, searched.space.shape[1])
    return None if spacing is None else Reach.of(spacing, tolerance, n_asked, index.scale)


def find_near(
    searched: SearchedRows,
    codes: NDArray[np.int32],
    tolerance: float | None,
    n_jobs: int | None,
    progress: Progress | None,
) -> Near:
    """Test rows with a train row of equal categories within the tolerance times the typical distance.

    And within the tolerance times the distance of the 32nd train row: in a spot that is dense enough to hold
    so many, rows are near each other anyway.
    """
    index, test = searched.leaves, np.sort(np.concatenate(searched.test))
    reach = _reach(searched, tolerance, len(test), n_jobs)
    if reach is None:
        return NO_NEAR
    among = searched.among_train()
    if codes.shape[1]:
        among = with_categories(among, np.ascontiguousarray(codes), np.inf)
    n, m = len(searched.space), len(test)
    known = np.full((m, 1), reach.bound), np.full((m, 1), n)
    squared, found = find_nearest(
        index, 1, rows=test, among=among, known=known, n_jobs=n_jobs, progress=progress
    )
    near = np.flatnonzero(found[:, 0] < n)
    rows, squared, found = test[near], squared[near, 0], found[near, 0]
    around = reach.around(squared), np.full(len(near), n)
    crowded = predicates.at_least_precede(index, among, rows, CROWD, around, n_jobs=n_jobs)
    lonely = np.flatnonzero(~crowded)
    return reach.near(np.column_stack([rows[lonely], found[lonely]]), squared[lonely])


class LineColumns(NamedTuple):
    """Columns in which rows lie on a line for a reason."""

    places: RowIds
    eps: np.floating[Any]  # the rounding of their numbers


def find_lines(searched: SearchedRows, n_jobs: int | None, progress: Progress | None) -> Lines:
    """Test rows, of a sample, that are collinear with two of the nearest train rows of their class.

    Not in data of rank below 3, nor by columns with repeated values (counts, flags), where rows meet on lines
    all the time. The sample holds as many rows of each class as it can.
    """
    columns = continuous_columns(searched.space[typical_rows(np.sort(np.concatenate(searched.train)))])
    if columns is None:
        return NO_LINES
    index, n_classes, of_classes = searched.leaves, len(searched.test), []
    for code, (train, test) in enumerate(zip(searched.train, searched.test, strict=True)):
        k = min(AROUND, len(train))
        if k < 2 or len(test) == 0:
            continue
        rows = tested_rows(test, n_classes)
        _, found = find_nearest(
            index, k, rows=rows, among=index.of_class(code), n_jobs=n_jobs, progress=progress
        )
        of_classes.append(lines_of(searched.space, rows, found, columns))
    return lines_of_all(of_classes)


def tested_rows(test: RowIds, n_classes: int) -> RowIds:
    """Those of the test rows of a class, ascending, that are tested for lines."""
    return spaced(test, _TESTED // n_classes)


def lines_of(space: Matrix, rows: RowIds, found: RowIds, columns: LineColumns) -> Lines:
    """The lines of some rows (m,) with two of the rows found around each of them (m, k)."""
    pair = _collinear(space[:, columns.places], rows, found, columns.eps)
    on_line = pair[:, 0] >= 0
    return Lines(np.column_stack([rows[on_line], pair[on_line]]), len(rows))


def lines_of_all(parts: list[Lines]) -> Lines:
    """Lines of several classes, in the order of the test rows."""
    triples = np.concatenate([NO_LINES.triples, *(part.triples for part in parts)])
    return Lines(triples[np.argsort(triples[:, 0])], sum(part.n_tested for part in parts))


def continuous_columns(sample: Matrix) -> LineColumns | None:
    """Those without repeated values in a sample of scaled rows, None where they are of too low a rank."""
    sample = sample.astype(np.float64)
    n_distinct = np.array([len(np.unique(column)) for column in sample.T])
    places = np.flatnonzero(n_distinct >= _DISTINCT * len(sample))
    sample = sample[:, places]
    eps = np.finfo(_precision(sample)).eps
    sample /= np.maximum(np.abs(sample).max(axis=0, initial=0.0), np.finfo(float).tiny)
    if len(places) < _FEWEST or np.linalg.matrix_rank(sample - sample.mean(axis=0)) < _FEWEST:
        return None
    return LineColumns(places, eps)


def _precision(sample: Matrix) -> type[np.floating[Any]]:
    """The type that numbers were rounded to: values may have been float32 and widened since."""
    with np.errstate(over="ignore", under="ignore"):
        return np.float32 if np.array_equal(sample, sample.astype(np.float32)) else np.float64


def _collinear(space: Matrix, rows: RowIds, found: RowIds, eps: np.floating[Any]) -> RowIds:
    """Two of the rows found (m, k) around each of some rows that are on a line with it, or -1 (m, 2).

    With u and v the ways to the two, v the longer: the part of u across v is at most a few roundings of the
    coordinates, and at most 1e-4 of u, which is no shorter than 1e4 such roundings and differs from 0 by
    more than them in three columns. By chance that happens to a pair with a probability of about 1e-4 to the
    power of the rank of the data less one.
    """
    here = space[rows].astype(np.float64)
    ways = space[found].astype(np.float64) - here[:, np.newaxis]  # (m, k, p)
    pair = np.full((len(rows), 2), -1)
    with np.errstate(over="ignore", invalid="ignore"):  # a row out of reach of squares is on no line
        length = np.linalg.norm(ways, axis=2)
        slack = _ROUNDINGS * eps * (np.linalg.norm(here, axis=1)[:, np.newaxis] + length)
        differ = (np.abs(ways) > slack[:, :, np.newaxis]).sum(axis=2)
        genuine = (differ >= _FEWEST) & np.isfinite(length)
        for j in range(1, found.shape[1]):
            v, longer = ways[:, j], np.maximum(length[:, j], np.finfo(float).tiny)
            along = np.einsum("mkp,mp->mk", ways[:, :j], v) / longer[:, np.newaxis] ** 2
            across = np.linalg.norm(ways[:, :j] - along[:, :, np.newaxis] * v[:, np.newaxis], axis=2)
            enough = np.maximum(across, slack[:, j : j + 1]) <= _STRAIGHT * length[:, :j]
            straight = genuine[:, :j] & enough & (across <= slack[:, j : j + 1])
            hit = straight.any(axis=1) & (pair[:, 0] < 0)
            pair[hit] = np.column_stack([found[hit, straight[hit].argmax(axis=1)], found[hit, j]])
    return pair


def find_links(plan: SyntheticPlan, train_rows: RowIds, test_rows: RowIds) -> PlanLinks:
    """Synthetic rows with a parent on the other side; rows are numbers in X followed by the new rows."""
    n = plan.n_rows
    place = first_of_each(test_rows, n + len(plan))
    old_train, new_train = train_rows[train_rows < n], train_rows[train_rows >= n] - n
    old_test, new_test = test_rows[test_rows < n], test_rows[test_rows >= n] - n
    parents = _parents(plan, new_train, old_test)
    parents[:, 1] = place[parents[:, 1]]
    children = _parents(plan, new_test, old_train)
    children[:, 0] = place[n + children[:, 0]]
    return PlanLinks(parents, children, np.flatnonzero(test_rows >= n))


def _parents(plan: SyntheticPlan, new: RowIds, rows: RowIds) -> RowIds:
    """(new row, row of X) where a new row has a parent among some rows, each pair once.

    Parents are the base row, the neighbour, and rows that categories come from.
    """
    among = np.zeros(plan.n_rows, bool)
    among[rows] = True
    parents = [plan.base[new], plan.neighbor[new]]
    if plan.donors is not None:
        parents += list(plan.donors.rows[plan.donors.place[new]].T)
    pairs = [np.column_stack([new[among[parent]], parent[among[parent]]]) for parent in parents]
    return np.unique(np.concatenate(pairs), axis=0)
