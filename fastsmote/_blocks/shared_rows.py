"""Rows of a test part that equal rows of a train part, where neither is in memory.

The blocks of both parts are one sequence, those of the train part first. Rows that are equal have equal
numbers, and so equal hashes of them: hashes of test rows are sought among train rows, and those of the train
rows that were found among test rows. Rows that are left on both sides come together and are compared.
"""

import operator
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._blocks.block import Block, counted_from
from fastsmote._blocks.few import stacked
from fastsmote._blocks.passes import Passes
from fastsmote._core.check import check_matrix
from fastsmote._core.containers import take
from fastsmote._core.equal_rows import EqualRows, find_equal, group_equal_rows, number_hashes, read_tables
from fastsmote._core.tables import Table
from fastsmote._core.typing import RowIds

TRAIN, TEST = "X_train", "X_test"  # names of blocks


class _Candidates(NamedTuple):
    """Rows of a block that may have an equal one in the other part."""

    n_rows: int  # of the block
    numbers: RowIds  # in its part
    hashes: NDArray[np.uint64]
    rows: Any


def find_equal_rows(passes: Passes, numeric: list[int]) -> EqualRows:
    """Three passes; ``numeric`` are the places of columns of numbers, of which there is one at least."""
    hashes = passes.found(partial(_hashes, numeric), operator.add)
    sought = passes.once(partial(_distinct, hashes))
    train = passes.found(partial(_among, TRAIN, numeric, sought), operator.add)
    sought = passes.once(partial(_distinct, tuple(part.hashes for part in train)))
    test = passes.found(partial(_among, TEST, numeric, sought), operator.add)
    for parts, name in ((train, TRAIN), (test, TEST)):
        if not sum(part.n_rows for part in parts):
            raise ValueError(f"{name} must have rows. Got none.")
    return passes.once(partial(_compared, train, test, numeric))


def _compared(train: tuple[_Candidates, ...], test: tuple[_Candidates, ...], numeric: list[int]) -> EqualRows:
    train_rows, test_rows = (np.concatenate([part.numbers for part in parts]) for parts in (train, test))
    if not len(train_rows) or not len(test_rows):
        return EqualRows(np.empty((0, 2), np.int64), np.empty(0, np.int64))
    both = [stacked([part.rows for part in parts if len(part.numbers)]) for parts in (train, test)]
    are_numeric = [j in numeric for j in range(Table(both[0]).shape[1])]
    tables = read_tables(both, [TRAIN, TEST], None, are_numeric=are_numeric)
    pairs, counts = find_equal(group_equal_rows(tables, None), len(train_rows))
    return EqualRows(np.column_stack([test_rows[pairs[:, 0]], train_rows[pairs[:, 1]]]), counts)


def _distinct(parts: tuple[NDArray[np.uint64], ...]) -> NDArray[np.uint64]:
    return np.unique(np.concatenate([np.empty(0, np.uint64), *parts]))


def _hashes(numeric: list[int], block: Block) -> tuple[NDArray[np.uint64], ...]:
    return () if block.name != TEST else (_hashes_of(numeric, block),)


def _hashes_of(numeric: list[int], block: Block) -> NDArray[np.uint64]:
    if len(block.features) == 0:
        return np.empty(0, np.uint64)
    table = Table(block.features, block.name)
    part = table if len(numeric) == table.shape[1] else table.part(np.array(numeric))
    with counted_from(block.first):
        return number_hashes(check_matrix(part, missing=True))


def _among(
    name: str, numeric: list[int], sought: NDArray[np.uint64], block: Block
) -> tuple[_Candidates, ...]:
    if block.name != name:
        return ()
    hashes = _hashes_of(numeric, block)
    places = np.flatnonzero(np.isin(hashes, sought))
    rows = take(block.features, places)
    return (_Candidates(len(hashes), block.first + places, hashes[places], rows),)
