"""What rows of a test part have in common with a train part: the searches behind ``fastsmote.leakage``.

All rows stand in one matrix, the train part first. Where a search goes over samples, these are evenly spaced
rows: no draw, the same answer each time.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.equal_rows import EqualRows, Tables
from fastsmote._core.labels import first_of_each, rows_by_code
from fastsmote._core.typing import Matrix, Progress, RowIds
from fastsmote._diagnosis.scale import scaled, spaced
from fastsmote._neighbors import predicates
from fastsmote._neighbors.build import build_index, with_categories
from fastsmote._neighbors.distance import to_distances
from fastsmote._neighbors.index import Index
from fastsmote._neighbors.search import find_nearest
from fastsmote._sampling.over.plan import SyntheticPlan

MOST_NEAR = 1e-3  # of the typical distance; nearer than this is near in any number of dimensions
_CHANCE = 0.01  # rows that the tolerance, or the test of lines, takes for a leak by chance
_CROWD = 32  # train rows around a dense spot; copies come in smaller groups
_SAMPLE = 2048  # train rows whose neighbours show what is typical
_TESTED = 4096  # test rows that are tested for lines
_AROUND = 10  # train rows that a line may go through
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


def _spacing(searched: SearchedRows, n_jobs: int | None) -> Spacing | None:
    """From a sample; None where rows differ in their categories only."""
    index = searched.leaves
    sample = spaced(np.sort(np.concatenate(searched.train)), _SAMPLE)
    squared, _ = find_nearest(index, 2, rows=sample, among=searched.among_train(), n_jobs=n_jobs)
    nearest, second = to_distances(squared, index.scale).T
    apart = np.flatnonzero((nearest > 0.0) & np.isfinite(second))  # 0.0: only their categories differ
    if len(apart) == 0:
        return None
    ratio = float(np.median(np.log(second[apart]) - np.log(nearest[apart])))
    dimension = float(searched.space.shape[1])
    if ratio > 0.0:
        dimension = max(1.0, min(dimension, float(np.log(2.0)) / ratio))
    return Spacing(float(np.median(nearest[apart])), dimension)


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
    spacing = _spacing(searched, n_jobs)
    if spacing is None:
        return NO_NEAR
    index, test = searched.leaves, np.sort(np.concatenate(searched.test))
    if tolerance is None:
        tolerance = min(MOST_NEAR, (_CHANCE / len(test)) ** (1.0 / spacing.dimension))
    among = searched.among_train()
    if codes.shape[1]:
        among = with_categories(among, np.ascontiguousarray(codes), np.inf)
    n, m = len(searched.space), len(test)
    bound = np.square(tolerance * spacing.distance * index.scale)
    known = np.full((m, 1), bound), np.full((m, 1), n)
    squared, found = find_nearest(
        index, 1, rows=test, among=among, known=known, n_jobs=n_jobs, progress=progress
    )
    near = np.flatnonzero(found[:, 0] < n)
    rows, squared, found = test[near], squared[near, 0], found[near, 0]
    around = squared / tolerance**2, np.full(len(near), n)
    crowded = predicates.at_least_precede(index, among, rows, _CROWD, around, n_jobs=n_jobs)
    lonely = np.flatnonzero(~crowded)
    pairs = np.column_stack([rows[lonely], found[lonely]])
    distances = to_distances(squared[lonely], index.scale)
    return Near(pairs, distances, spacing.distance, spacing.dimension, tolerance)


def find_lines(searched: SearchedRows, n_jobs: int | None, progress: Progress | None) -> Lines:
    """Test rows, of a sample, that are collinear with two of the nearest train rows of their class.

    Not in data of rank below 3, nor by columns with repeated values (counts, flags), where rows meet on lines
    all the time. The sample holds as many rows of each class as it can.
    """
    columns = _continuous_columns(searched)
    if columns is None:
        return NO_LINES
    index, n_classes = searched.leaves, len(searched.test)
    triples, n_tested = [NO_LINES.triples], 0
    for code, (train, test) in enumerate(zip(searched.train, searched.test, strict=True)):
        k = min(_AROUND, len(train))
        if k < 2 or len(test) == 0:
            continue
        rows = spaced(test, _TESTED // n_classes)
        _, found = find_nearest(
            index, k, rows=rows, among=index.of_class(code), n_jobs=n_jobs, progress=progress
        )
        pair = _collinear(searched.space[:, columns.places], rows, found, columns.eps)
        on_line = pair[:, 0] >= 0
        triples.append(np.column_stack([rows[on_line], pair[on_line]]))
        n_tested += len(rows)
    found = np.concatenate(triples)
    return Lines(found[np.argsort(found[:, 0])], n_tested)


class _Columns(NamedTuple):
    """Columns in which rows lie on a line for a reason."""

    places: RowIds
    eps: np.floating[Any]  # the rounding of their numbers


def _continuous_columns(searched: SearchedRows) -> _Columns | None:
    """Those without repeated values, None where they are of too low a rank."""
    sample = searched.space[spaced(np.sort(np.concatenate(searched.train)), _SAMPLE)].astype(np.float64)
    n_distinct = np.array([len(np.unique(column)) for column in sample.T])
    places = np.flatnonzero(n_distinct >= _DISTINCT * len(sample))
    sample = sample[:, places]
    eps = np.finfo(_precision(sample)).eps
    sample /= np.maximum(np.abs(sample).max(axis=0, initial=0.0), np.finfo(float).tiny)
    if len(places) < _FEWEST or np.linalg.matrix_rank(sample - sample.mean(axis=0)) < _FEWEST:
        return None
    return _Columns(places, eps)


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
