"""Advice on a table that does not fit into memory: what ``fastsmote.advise`` finds, by passes over its rows.

Rows are told apart by 64 bits of a hash, which are held for all rows, ascending: how often one repeats, in
which classes, and which rows are looked at is read from them. Then a pass gathers the rows that are looked at
and those that tell how columns spread, and another one brings the first together with all blocks.
"""

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fastsmote._blocks.block import Block, ClassCounts, codes_of, counted_from
from fastsmote._blocks.join import NO_ROW, Nearer, beside
from fastsmote._core.equal_rows import Tables, hash_rows, read_tables
from fastsmote._core.threads import check_progress
from fastsmote._core.typing import Floats, Mask, Matrix, Progress, RowIds
from fastsmote._diagnosis.advice import Advice, advice_of, check_options
from fastsmote._diagnosis.findings import (
    RowFacts,
    Surroundings,
    findings_of,
    gaps,
    most_queries,
    surroundings_of,
)
from fastsmote._diagnosis.scale import largest_of, multiplied, powers, sample_of, spaced
from fastsmote.files._run import LIBRARIES, CountedPasses, check_memory, counted
from fastsmote.files._source import Rows, opened

_N_PASSES = 3
_HASH_BYTES = 18  # of a row: its hash, that of its numbers or that of a different row, and two marks
_FEW_BYTES = 48  # of a row outside the largest class: its hashes and class, and these again by class
_VALUE_BYTES = 200  # of a category
_SIGN = np.uint64(1 << 63)
_NONE = np.empty(0, np.int64)

Scan: TypeAlias = Callable[[Callable[[Block], Any]], Iterator[Any]]  # what a function makes of each block


class _Reader:
    """Blocks as numbers and codes, the same for equal values of all blocks."""

    def __init__(self, known: ClassCounts, room: int, n_jobs: int | None) -> None:
        self._known, self._room, self.n_jobs = known, room, n_jobs
        self._values: defaultdict[int, dict[Any, int]] = defaultdict(dict)  # by column

    def tables(self, block: Block) -> Tables:
        with counted_from(block.first):
            tables = read_tables([block.features], ["X"], self.n_jobs, self._values)
        n_values = sum(map(len, self._values.values()))
        if n_values * _VALUE_BYTES > self._room:
            most = max(self._values, key=lambda j: len(self._values[j]))
            raise ValueError(
                "memory_limit must hold the different values of the columns that are no numbers, "
                f"{n_values:,} so far, most of them in column {tables.names[most]!r}. There is room for "
                f"{self._room // _VALUE_BYTES:,}; leave that column out, or pass a larger memory_limit."
            )
        return tables

    def hashes(self, tables: Tables) -> RowIds:
        """Numbers that have the order of the hashes (n,)."""
        return (hash_rows(tables, self.n_jobs) ^ _SIGN).view(np.int64)

    def numbers(self, block: Block) -> tuple[Matrix, RowIds] | None:
        """The complete rows of a block, by their numbers alone: in the order of their hashes, each once."""
        if not len(block.labels):
            return None
        tables = of_numbers(self.tables(block))
        at = np.flatnonzero(~np.isnan(tables.matrix).any(axis=1))
        hashes, first = np.unique(self.hashes(tables)[at], return_index=True)
        return tables.matrix[at[first]], hashes

    def codes(self, block: Block) -> RowIds:
        return codes_of(block, self._known)


def of_numbers(tables: Tables) -> Tables:
    """The same rows without their categories."""
    return tables._replace(codes=tables.codes[:, :0])


class _Sorted(NamedTuple):
    """Hashes of rows, ascending, and of those of each class but the largest."""

    all: RowIds
    by_class: dict[int, RowIds]

    @classmethod
    def of(cls, hashes: RowIds, few: RowIds, codes: RowIds) -> "_Sorted":
        """``hashes`` are sorted where they are."""
        hashes.sort()
        return cls(hashes, {code: np.sort(few[codes == code]) for code in np.unique(codes).tolist()})

    def sizes(self, hashes: RowIds) -> RowIds:
        return _count(self.all, hashes)

    def shares(self, hashes: RowIds, codes: RowIds) -> Floats:
        """Of the rows that have a hash, the share of a class, for the class of each query (m, ...)."""
        found = np.empty(hashes.shape, np.int64)
        for code in np.unique(codes).tolist():
            found[codes == code] = _count(self.by_class[code], hashes[codes == code])
        return found / self.sizes(hashes)

    def different(self) -> RowIds:
        is_first = np.ones(len(self.all), bool)
        np.not_equal(self.all[1:], self.all[:-1], out=is_first[1:])
        return self.all[is_first]

    def n_different(self) -> int:
        return int(len(self.all) and 1 + np.count_nonzero(self.all[1:] != self.all[:-1]))

    def n_conflicting(self) -> int:
        """Rows that equal a row of another class; one of the two is not of the largest."""
        some = np.unique(np.concatenate([_NONE, *self.by_class.values()]))
        sizes = self.sizes(some)
        of_one = [_count(hashes, some) == sizes for hashes in self.by_class.values()]
        return int(sizes[~np.logical_or.reduce(of_one, axis=0)].sum()) if of_one else 0


def _count(ascending: RowIds, hashes: RowIds) -> RowIds:
    return np.searchsorted(ascending, hashes, "right") - np.searchsorted(ascending, hashes)


class _Counted(NamedTuple):
    """What the first pass finds."""

    facts: RowFacts
    complete: _Sorted  # complete rows, by their numbers
    largest: NDArray[Any]  # magnitude of each column of numbers, of the complete rows


def run(
    source: Any,
    target: str,
    model: Any,
    n_neighbors: Any,
    memory_limit: Any,
    n_jobs: int | None,
    progress: Progress | None,
) -> Advice:
    """The way of :func:`fastsmote.files.advise`."""
    model, k = check_options(model, n_neighbors)
    room = check_memory(memory_limit) - LIBRARIES
    check_progress(progress)
    with opened(source, room, Path(tempfile.gettempdir())) as (schema, read):
        rows = Rows(schema, read, target, room)
        known = counted(rows, target)
        passes = CountedPasses(rows, progress, int(known.counts.sum()), _N_PASSES - 1)
        reader = _Reader(known, room // 4, n_jobs)
        found = _count_rows(known, passes.scan, reader, room // 2)
        around = _surroundings(known, passes.scan, reader, found, k)
        passes.expect(0)
    return advice_of(findings_of(found.facts, known.labels, model, k, around))


class _Hashed(NamedTuple):
    """What a block gives to the first pass."""

    columns: Tables  # without rows
    every: RowIds  # (n,)
    complete: RowIds  # (n_complete,) of numbers; ``every`` itself where all are and there are no categories
    few: tuple[RowIds, RowIds]  # rows outside the largest class, and their classes
    complete_few: tuple[RowIds, RowIds]
    gappy: Mask
    n_incomplete: int
    largest: NDArray[Any]


def _hashed(reader: _Reader, majority: int, block: Block) -> _Hashed | None:
    if not len(block.labels):
        return None
    tables, codes = reader.tables(block), reader.codes(block)
    lacks_number, lacks_category, gappy = gaps(tables)
    every = complete = hashes = reader.hashes(tables)
    is_few, matrix = codes != majority, tables.matrix
    both = is_few & ~lacks_number
    if tables.codes.shape[1]:
        hashes = complete = reader.hashes(of_numbers(tables))
    if lacks_number.any():
        complete, matrix = hashes[~lacks_number], matrix[~lacks_number]
    return _Hashed(
        tables._replace(matrix=tables.matrix[:0], codes=tables.codes[:0]),
        every,
        complete,
        (every[is_few], codes[is_few]),
        (hashes[both], codes[both]),
        gappy,
        int((lacks_number | lacks_category).sum()),
        largest_of(matrix, reader.n_jobs),
    )


def _count_rows(known: ClassCounts, scan: Scan, reader: _Reader, room: int) -> _Counted:
    """Hashes of all rows, and what does not need their order."""
    majority, n = int(known.counts.argmax()), int(known.counts.sum())
    needed = _HASH_BYTES * n + _FEW_BYTES * (n - int(known.counts[majority]))
    if needed > room:
        raise ValueError(
            f"memory_limit must hold hashes of all rows, in all {needed:,} bytes. There is room for "
            f"{room:,}; pass a larger memory_limit, or some of the files."
        )
    every, complete = np.empty(n, np.int64), np.empty(n, np.int64)
    n_every, n_complete, are_same = 0, 0, True
    parts: list[_Hashed] = []
    for hashed in scan(partial(_hashed, reader, majority)):
        if hashed is None:
            continue
        if are_same and hashed.complete is not hashed.every:  # until then the second array takes no memory
            complete[:n_complete], are_same = every[:n_every], False
        every[n_every : n_every + len(hashed.every)] = hashed.every
        n_every += len(hashed.every)
        if not are_same:
            complete[n_complete : n_complete + len(hashed.complete)] = hashed.complete
        n_complete += len(hashed.complete)
        parts.append(hashed._replace(every=_NONE, complete=_NONE))
    all_rows = _Sorted.of(every, *_joined([part.few for part in parts]))
    facts = RowFacts(
        parts[0].columns,
        np.logical_or.reduce([part.gappy for part in parts]),
        n - all_rows.n_different(),
        all_rows.n_conflicting(),
        sum(part.n_incomplete for part in parts),
    )
    if are_same:
        complete_rows = all_rows
    else:
        del every, all_rows
        complete_rows = _Sorted.of(complete[:n_complete], *_joined([part.complete_few for part in parts]))
    return _Counted(facts, complete_rows, np.max([part.largest for part in parts], axis=0))


def _joined(parts: list[tuple[RowIds, RowIds]]) -> tuple[RowIds, RowIds]:
    hashes, codes = zip(*parts, strict=True)
    return np.concatenate(hashes), np.concatenate(codes)


def _surroundings(
    known: ClassCounts, scan: Scan, reader: _Reader, counted: _Counted, k: int
) -> dict[Any, Surroundings]:
    """Two passes: the rows that are looked at, and what is nearest to them."""
    rows, different = counted.complete, counted.complete.different()
    if not len(counted.largest) or len(different) <= k or not rows.by_class:
        return {}
    sample = different[sample_of(len(different))].copy()
    del different
    most = most_queries(len(known.counts))
    chosen = {code: spaced(hashes, most) for code, hashes in rows.by_class.items()}
    asked = np.concatenate(list(chosen.values()))
    codes = np.repeat(list(chosen), [len(hashes) for hashes in chosen.values()])
    wanted = np.unique(np.concatenate([sample, asked]))
    matrix = _gathered(scan, reader, wanted)
    power = powers(matrix[np.searchsorted(wanted, sample)], counted.largest)
    largest = float(np.ldexp(counted.largest, power).max())
    queries = multiplied(matrix[np.searchsorted(wanted, asked)], power, reader.n_jobs)
    found = _nearest(scan, reader, queries, asked, k, power, largest)
    near = rows.shares(found, np.repeat(codes[:, np.newaxis], k, axis=1))
    return surroundings_of(near.T, rows.shares(asked, codes), codes, known.labels)


def _gathered(scan: Scan, reader: _Reader, wanted: RowIds) -> Matrix:
    """A row for each of these hashes, ascending."""
    places, parts = [], []
    for matrix, hashes in filter(None, scan(reader.numbers)):
        at = np.flatnonzero(np.isin(hashes, wanted))
        places.append(np.searchsorted(wanted, hashes[at]))
        parts.append(matrix[at])
    _, first = np.unique(np.concatenate(places), return_index=True)
    return np.concatenate(parts)[first]


def _nearest(
    scan: Scan, reader: _Reader, queries: Matrix, asked: RowIds, k: int, power: RowIds, largest: float
) -> RowIds:
    """The k nearest different rows of each query but itself, by their hashes (m, k)."""
    m = len(queries)
    lists = Nearer(np.arange(m), np.full((m, k + 1), np.inf), np.full((m, k + 1), NO_ROW))
    for matrix, hashes in filter(None, scan(reader.numbers)):
        new = np.flatnonzero(~np.isin(hashes, lists.rows))  # what was seen before is in a list, or in none
        if not len(new):
            continue
        rows = multiplied(matrix[new], power, reader.n_jobs)
        lists = beside(lists, queries, rows, hashes[new], largest, reader.n_jobs)
    is_other = lists.rows != asked[:, np.newaxis]
    order = np.argsort(~is_other, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(lists.rows, order, axis=1)
