"""The rows of some classes, gathered from all blocks: what decisions are made on."""

import sys
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._blocks.block import Block, ClassCounts, codes_of
from fastsmote._core.typing import RowIds

_COPIES = 4  # of the bytes of the few: as columns, as rows, and in an index with its float32 coordinates


class Few(NamedTuple):
    """Rows of some classes, in the order of the table."""

    table: Any  # Arrow, with the labels
    target: int  # place of their column
    codes: RowIds
    rows: RowIds  # their numbers in the table

    @property
    def labels(self) -> Any:
        return self.table.column(self.target)

    @property
    def features(self) -> Any:
        """The columns without the labels."""
        return self.table.remove_column(self.target)


def gather(block: Block, wanted: NDArray[np.bool_], known: ClassCounts) -> Few:
    """The rows of a block that are of the classes ``wanted`` (n_classes,)."""
    codes = codes_of(block, known)
    rows = np.flatnonzero(wanted[codes])
    return Few(block.table.take(rows), block.target, codes[rows], block.first + rows)


def pick(block: Block, numbers: RowIds) -> Any:
    """The rows of a block that have these numbers, ascending, in the table."""
    start, stop = np.searchsorted(numbers, [block.first, block.first + len(block.labels)])
    return block.table.take(numbers[start:stop] - block.first)


def joined(parts: Iterable[Few], room: int) -> Few:
    """The few of all blocks, in order; ValueError where they would fill more than ``room`` bytes."""
    found, held = [], 0
    for part in parts:
        found.append(part)
        held += _COPIES * part.table.nbytes
        if held > room:
            raise ValueError(
                f"memory_limit must hold the rows of the classes that get new rows, {_COPIES} times over. "
                f"Those of the first blocks are {held // _COPIES:,} bytes already, and there is room for "
                f"{room // _COPIES:,}; pass a larger memory_limit, or leave a class out of sampling_strategy."
            )
    table = sys.modules["pyarrow"].concat_tables([part.table for part in found]).combine_chunks()
    codes, rows = (np.concatenate(part) for part in zip(*((p.codes, p.rows) for p in found), strict=True))
    return Few(table, found[0].target, codes, rows)
