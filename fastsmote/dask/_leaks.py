"""What a train and a test part in partitions share: the searches of ``_diagnosis.leakage``, by passes.

The test part comes together in one task and is sent to all blocks; the train part only streams past. Of each
train row a hash of 64 bits is sent, which tells which rows are different.

=========  ============================================  =================================================
pass       sent by a block                               decided
=========  ============================================  =================================================
1 to 3     hashes of numbers; rows that may be shared    equal rows
4          values and labels that there are; magnitudes  codes of categories and classes
5          a hash for each train row                     train rows that are different, samples of them
6          rows of the samples; the test part            scale of each column, what is asked
7          nearest rows of the samples                   the typical distance, candidates for lines
8          nearest rows of test rows, within a bound     near rows
9          how many rows are around near rows; rows      which near rows lie in a dense spot; lines
           that lines may go through
=========  ============================================  =================================================
"""

import operator
from functools import partial
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fastsmote._blocks.block import Block
from fastsmote._blocks.join import NO_ROW, Categories, Nearer, beside, count_within
from fastsmote._blocks.passes import Passes
from fastsmote._blocks.shared_rows import TEST, TRAIN, find_equal_rows
from fastsmote._core.equal_rows import EqualRows, Tables, hash_rows
from fastsmote._core.freeze import freeze
from fastsmote._core.labels import Labels
from fastsmote._core.typing import Floats, Matrix, RowIds
from fastsmote._diagnosis.leakage import (
    AROUND,
    CROWD,
    NO_LINES,
    NO_NEAR,
    LineColumns,
    Lines,
    Near,
    Reach,
    continuous_columns,
    lines_of,
    lines_of_all,
    spacing_of,
    tested_rows,
    typical_rows,
)
from fastsmote._diagnosis.scale import multiplied, powers, sample_of
from fastsmote._neighbors.distance import scale_for
from fastsmote.dask._alike import AlikeReader, AlikeRows, PartFacts, facts_of, merged_facts

N_PASSES = 9
_NONE = np.empty(0, np.int64)
_Last: TypeAlias = tuple[RowIds, tuple[AlikeRows, ...]]  # counts, and rows that were wanted


class Leaks(NamedTuple):
    """What a report is made of."""

    sizes: tuple[int, int]
    exact: EqualRows
    near: Near
    lines: Lines
    n_incomplete: int
    labels: Labels | None  # of test rows


def find_leaks(passes: Passes, numeric: list[int], are_numeric: list[bool], tolerance: float | None) -> Leaks:
    """Equal rows, near rows and lines, as in memory."""
    exact = find_equal_rows(passes, numeric)
    facts = passes.found(partial(facts_of, are_numeric), merged_facts)
    reader = passes.once(partial(AlikeReader.of, facts, are_numeric))
    hashed = passes.found(partial(_hashed, reader), operator.add)
    different = passes.once(partial(_FirstOfEqual.of, hashed))
    few = passes.found(partial(_gather, reader, different, exact.pairs[:, 0]), _FewRows.merged)
    labels = reader.labels[TEST]
    sizes = facts[TRAIN].n_rows, facts[TEST].n_rows
    leaks = Leaks(sizes, exact, NO_NEAR, NO_LINES, facts[TEST].n_incomplete, None)
    if labels is not None:
        leaks = leaks._replace(labels=Labels(np.concatenate(few.labels), labels.classes, labels.counts))
    if different.n < 3 or not any(len(part.numbers) for part in few.test):
        return leaks
    search = passes.once(partial(_LeakSearch.of, few, different, reader, facts))
    near, lines = search.find(passes, tolerance)
    return leaks._replace(near=near, lines=lines)


class _RowHashes(NamedTuple):
    """Hashes of the complete train rows of a block."""

    is_complete: NDArray[np.bool_]
    hashes: NDArray[np.uint64]


def _hashed(reader: AlikeReader, block: Block) -> tuple[_RowHashes, ...]:
    if block.name != TRAIN or not len(block.features):
        return ()
    rows = reader.rows(block)
    tables = Tables(rows.matrix[rows.is_complete], rows.codes[rows.is_complete], _NONE, _NONE, _NONE, [], [])
    return (_RowHashes(rows.is_complete, hash_rows(tables, 1)),)


class _FirstOfEqual(NamedTuple):
    """Which train rows are complete, and the first of their like."""

    bits: NDArray[np.uint8]  # one for each train row
    n: int
    typical: RowIds  # the numbers of some of them, ascending
    spread: RowIds

    @classmethod
    def of(cls, parts: tuple[_RowHashes, ...]) -> "_FirstOfEqual":
        chosen = np.concatenate([part.is_complete for part in parts])
        _, first = np.unique(np.concatenate([part.hashes for part in parts]), return_index=True)
        rows = np.sort(np.flatnonzero(chosen)[first])
        chosen[:] = False
        chosen[rows] = True
        return cls(np.packbits(chosen), len(rows), typical_rows(rows), rows[sample_of(len(rows))])

    def among(self, rows: AlikeRows) -> AlikeRows:
        """Those among the train rows of a block."""
        first, n = int(rows.numbers[0]), len(rows.numbers)
        bits = np.unpackbits(self.bits[first // 8 : (first + n + 7) // 8])
        return rows.some(np.flatnonzero(bits[first % 8 : first % 8 + n]))


class _FewRows(NamedTuple):
    """Rows of blocks that decide about the others."""

    train: tuple[AlikeRows, ...]
    test: tuple[AlikeRows, ...]  # complete ones that equal no train row
    labels: tuple[RowIds, ...]  # codes of all test rows

    def merged(self, other: "_FewRows") -> "_FewRows":
        return _FewRows(self.train + other.train, self.test + other.test, self.labels + other.labels)


def _gather(reader: AlikeReader, different: _FirstOfEqual, equal: RowIds, block: Block) -> _FewRows:
    if not len(block.features):
        return _FewRows((), (), ())
    rows = reader.rows(block)
    if block.name == TRAIN:
        wanted = np.concatenate([different.typical, different.spread])
        return _FewRows((rows.some(np.isin(rows.numbers, wanted)),), (), ())
    asked = rows.some(rows.is_complete & ~np.isin(rows.numbers, equal))
    return _FewRows((), (asked,), (reader.label_codes(block),))


def _joined(parts: tuple[AlikeRows, ...]) -> AlikeRows:
    return AlikeRows(*map(np.concatenate, zip(*parts, strict=True)))


class _Nearest(NamedTuple):
    """Rows whose k nearest train rows are asked for, of one class or of all."""

    numbers: RowIds
    matrix: Matrix  # scaled
    k: int
    code: int | None

    @property
    def nothing(self) -> Nearer:
        """Lists that any row can enter."""
        shape = len(self.numbers), self.k
        return Nearer(np.arange(shape[0]), np.full(shape, np.inf), np.full(shape, NO_ROW))


class _LeakSearch(NamedTuple):
    """The test rows that are asked, and how train rows are read for them."""

    reader: AlikeReader
    different: _FirstOfEqual
    power: RowIds  # of two that each column is multiplied by
    largest: float  # magnitude of all scaled rows
    test: AlikeRows  # scaled
    typical: _Nearest
    columns: LineColumns | None
    tested: list[_Nearest]  # for lines, by class

    @classmethod
    def of(
        cls, few: _FewRows, different: _FirstOfEqual, reader: AlikeReader, facts: dict[str, PartFacts]
    ) -> "_LeakSearch":
        train, test = _joined(few.train), _joined(few.test)
        spread = train.matrix[np.searchsorted(train.numbers, different.spread)]
        one, other = facts[TRAIN], facts[TEST]
        power = powers(spread, np.maximum(one.largest, other.largest).astype(reader.dtype))
        complete = np.maximum(one.largest_complete, other.largest_complete).astype(reader.dtype)
        sample = multiplied(train.matrix[np.searchsorted(train.numbers, different.typical)], power, 1)
        test = test._replace(matrix=multiplied(test.matrix, power, 1))
        typical = _Nearest(different.typical, sample, 3, None)  # a row, which meets itself, and two others
        columns = continuous_columns(sample)
        tested = [] if columns is None else _tested(test, reader)
        largest = float(np.ldexp(complete, power).max())
        return cls(reader, different, power, largest, test, typical, columns, tested)

    @property
    def scale(self) -> float:
        """Of squared distances."""
        return scale_for(self.largest)

    def find(self, passes: Passes, tolerance: float | None) -> tuple[Near, Lines]:
        """Three passes at most: what they found is not written to, as it is looked at again."""
        sample, *lists = passes.improved(self._look_around, _merged_lists)
        spacing = spacing_of(_of_others(sample, self.typical), self.scale, self.test.matrix.shape[1])
        reach, near = None, Nearer.nothing(1)
        if spacing is not None:
            reach = Reach.of(spacing, tolerance, len(self.test.numbers), self.scale)
            near = passes.improved(partial(self._look_near, reach.bound), Nearer.merged)
        wanted = np.unique(np.concatenate([_NONE, *(found.rows.ravel() for found in lists)]))
        around = np.empty(0) if reach is None else reach.around(near.squared[:, 0])
        last: _Last = np.zeros(len(around), np.int64), ()
        if len(around) or len(wanted):
            last = passes.found(partial(self._look_last, near.places, around, wanted), _added)
        lonely = np.flatnonzero(last[0] < CROWD)
        found = NO_NEAR
        if reach is not None:
            pairs = np.column_stack([self.test.numbers[near.places[lonely]], near.rows[lonely, 0]])
            found = reach.near(pairs, near.squared[lonely, 0])
        return found, self._lines(lists, last[1])

    def train_rows(self, block: Block) -> AlikeRows | None:
        """The different train rows of a block, scaled; None without any."""
        if block.name != TRAIN or not len(block.features):
            return None
        rows = self.different.among(self.reader.rows(block))
        if not len(rows.numbers):
            return None
        return rows._replace(matrix=multiplied(rows.matrix, self.power, 1))

    def _look_around(self, block: Block, so_far: list[Nearer] | None) -> list[Nearer]:
        asked = [self.typical, *self.tested]
        lists = so_far or [one.nothing for one in asked]
        rows = self.train_rows(block)
        if rows is None:
            return lists
        return [self._beside(one, before, rows) for one, before in zip(asked, lists, strict=True)]

    def _beside(self, asked: _Nearest, lists: Nearer, rows: AlikeRows) -> Nearer:
        if asked.code is not None:
            rows = rows.some(rows.classes == asked.code)
        if not len(rows.numbers):
            return lists
        return beside(lists, asked.matrix, freeze(rows.matrix), rows.numbers, self.largest, 1)

    def _look_near(self, bound: float, block: Block, so_far: Nearer | None) -> Nearer:
        """The nearest train row of each test row that has one within the bound."""
        m, so_far = len(self.test.numbers), so_far or Nearer.nothing(1)
        before = np.full((m, 1), bound), np.full((m, 1), NO_ROW)
        rows = self.train_rows(block)
        if rows is None:
            return so_far
        lists = Nearer(np.arange(m), *so_far.over(before))
        categories = self._categories(slice(None), rows)
        found = beside(lists, self.test.matrix, rows.matrix, rows.numbers, self.largest, 1, categories)
        return Nearer.of((found.squared, found.rows), before)

    def _look_last(self, near: RowIds, around: Floats, wanted: RowIds, block: Block) -> _Last:
        """How many train rows are around near test rows, and the rows that are wanted."""
        rows = self.train_rows(block)
        if rows is None:
            return np.zeros(len(near), np.int64), ()
        queries, categories = freeze(self.test.matrix[near]), self._categories(near, rows)
        counts = np.zeros(0, np.int64)
        if len(near):
            counts = count_within(around, CROWD, queries, rows.matrix, self.largest, 1, categories)
        return counts, (rows.some(np.isin(rows.numbers, wanted)),)

    def _categories(self, at: Any, rows: AlikeRows) -> Categories | None:
        return Categories(self.test.codes[at], rows.codes) if rows.codes.shape[1] else None

    def _lines(self, lists: list[Nearer], parts: tuple[AlikeRows, ...]) -> Lines:
        """The lines of tested rows with those that were found around them."""
        if self.columns is None or not parts:
            return NO_LINES
        train, of_classes = _joined(parts), []
        for asked, found in zip(self.tested, lists, strict=True):
            k, m = int(np.isfinite(found.squared[0]).sum()), len(asked.numbers)
            if k < 2:
                continue
            space = np.concatenate([asked.matrix, train.matrix])
            places = m + np.searchsorted(train.numbers, found.rows[:, :k])
            lines = lines_of(space, np.arange(m), places, self.columns)
            names = np.concatenate([asked.numbers, train.numbers])
            of_classes.append(lines._replace(triples=names[lines.triples]))
        return lines_of_all(of_classes)


def _tested(test: AlikeRows, reader: AlikeReader) -> list[_Nearest]:
    """The test rows that are tested for lines."""
    asked, n_classes = [], reader.n_classes
    for code in range(n_classes):
        own = np.flatnonzero(test.classes == code) if reader.codes else np.arange(len(test.numbers))
        if len(own):
            rows = tested_rows(own, n_classes)
            matrix = freeze(test.matrix[rows])
            asked.append(_Nearest(test.numbers[rows], matrix, AROUND, code if reader.codes else None))
    return asked


def _of_others(lists: Nearer, asked: _Nearest) -> Floats:
    """Squared distances to the two nearest rows but each row itself."""
    is_other = lists.rows != asked.numbers[:, np.newaxis]
    order = np.argsort(~is_other, axis=1, kind="stable")[:, :2]
    return np.take_along_axis(lists.squared, order, axis=1)


def _merged_lists(one: list[Nearer], other: list[Nearer]) -> list[Nearer]:
    return [lists.merged(others) for lists, others in zip(one, other, strict=True)]


def _added(one: _Last, other: _Last) -> _Last:
    return one[0] + other[0], one[1] + other[1]
