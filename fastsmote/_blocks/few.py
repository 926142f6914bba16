"""The rows of some classes, gathered from all blocks: what decisions are made on."""

import sys
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._blocks.block import Block, ClassCounts, codes_of
from fastsmote._core.containers import Kind, kind_of, take
from fastsmote._core.typing import RowIds

_COPIES = 4  # of the bytes of the few: as columns, as rows, and in an index with its float32 coordinates


class Few(NamedTuple):
    """Rows of some classes, in the order of the table."""

    features: Any
    labels: Any
    codes: RowIds
    rows: RowIds  # their numbers in the table


def gather(block: Block, wanted: NDArray[np.bool_], known: ClassCounts) -> Few:
    """The rows of a block that are of the classes ``wanted`` (n_classes,)."""
    codes = codes_of(block, known)
    rows = np.flatnonzero(wanted[codes])
    return Few(take(block.features, rows), take(block.labels, rows), codes[rows], block.first + rows)


def pick(block: Block, numbers: RowIds) -> Any:
    """The features of the rows of a block that have these numbers, ascending, in the table."""
    start, stop = np.searchsorted(numbers, [block.first, block.first + len(block.labels)])
    return take(block.features, numbers[start:stop] - block.first)


def stacked(parts: Sequence[Any]) -> Any:
    """Tables or columns of one kind, one below the other; pandas objects get a fresh RangeIndex."""
    kind = kind_of(parts[0])
    if kind is Kind.ARROW:
        return sys.modules["pyarrow"].concat_tables(parts).combine_chunks()
    if kind is Kind.ARROW_COLUMN:
        pa = sys.modules["pyarrow"]
        return stacked([pa.table({"labels": part}) for part in parts]).column(0)
    if kind in (Kind.PANDAS, Kind.PANDAS_COLUMN):
        return sys.modules["pandas"].concat(parts, ignore_index=True)
    return np.concatenate(parts)


def joined(parts: Iterable[Few], room: int | None) -> Few:
    """The few of all blocks, in order; ValueError where they would fill more than ``room`` bytes."""
    found, held = [], 0
    for part in parts:
        found.append(part)
        held += _COPIES * (_nbytes(part.features) + _nbytes(part.labels))
        if room is not None and held > room:
            raise ValueError(
                f"memory_limit must hold the rows of the classes that get new rows, {_COPIES} times over. "
                f"Those of the first blocks are {held // _COPIES:,} bytes already, and there is room for "
                f"{room // _COPIES:,}; pass a larger memory_limit, or leave a class out of sampling_strategy."
            )
    return Few(*(stacked(column) for column in zip(*found, strict=True)))


def _nbytes(rows: Any) -> int:
    return int(rows.memory_usage().sum() if kind_of(rows) is Kind.PANDAS else rows.nbytes)
