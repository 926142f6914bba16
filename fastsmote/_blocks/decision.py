"""What a sampler of blocks is given, and what it decides."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from fastsmote._blocks.block import Block, ClassCounts
from fastsmote._core.typing import RowIds
from fastsmote._sampling.clean.min_count import warn_of_no_rows
from fastsmote._sampling.over.plan import SyntheticPlan

_CHOSEN_BYTES = 32  # of a row that is chosen: its number and its key or score, and both again to sort them


class Decision(NamedTuple):
    """Which rows of a table stay, and which new ones follow."""

    keep: Callable[[Block, RowIds], tuple[RowIds | None, RowIds]]
    n_new: int
    new_rows: Callable[[int, int], tuple[Any, Any]]
    counts_after: RowIds  # (n_classes,)
    n_kept: Callable[[RowIds, RowIds], int] | None = None
    plan: Callable[[int, int], SyntheticPlan] | None = None
    places: Callable[[int, int], RowIds] | None = None


# keep(block, before): the rows of a block that stay, ascending and with repeats, None for all. It is told how
# many rows of each class come before the block, and tells how many come before the next one.
# n_kept(before, counts): how many stay of a block with these counts; None where counts do not tell.
# new_rows(start, stop): features and labels of these new rows, in the containers of the blocks.
# plan(start, stop): what they are made of, by the numbers of rows in the table; of over-samplers.
# places(start, stop): which of all new rows they are, where these are cleaned too; of combinations.


def all_rows(block: Block, before: RowIds) -> tuple[None, RowIds]:
    """Keep every row."""
    return None, before


def no_rows(start: int, stop: int) -> tuple[Any, Any]:
    """New rows where there are none."""
    raise ValueError(f"There are no new rows. Got {start} to {stop}.")


def without(removed: RowIds, codes: RowIds, known: ClassCounts) -> Decision:
    """All rows but some, by their numbers, ascending, and their classes."""
    counts = known.counts - np.bincount(codes, minlength=len(known.counts))
    warn_of_no_rows(known.labels, counts)
    return Decision(partial(_keep_others, removed), 0, no_rows, counts, partial(_count_others, removed))


def _keep_others(removed: RowIds, block: Block, before: RowIds) -> tuple[RowIds, RowIds]:
    """The rows of a block whose numbers are not among those removed, ascending."""
    stays = np.ones(len(block.labels), bool)
    start, stop = np.searchsorted(removed, [block.first, block.first + len(stays)])
    stays[removed[start:stop] - block.first] = False
    return np.flatnonzero(stays), before


def _count_others(removed: RowIds, before: RowIds, counts: RowIds) -> int:
    """How many rows of a block are not among those removed, which are numbered as in the table."""
    first, n_rows = int(before.sum()), int(counts.sum())
    start, stop = np.searchsorted(removed, [first, first + n_rows])
    return n_rows - int(stop - start)


def unchanged(known: ClassCounts) -> Decision:
    """The table as it is."""
    return Decision(all_rows, 0, no_rows, known.counts)


def of_counts(strategy: Any) -> Any:
    """A strategy that counts decide: y is never there as a whole."""
    if callable(strategy):
        raise TypeError(
            "sampling_strategy must be a name, a number, a Share, a Prior or a dict of counts: a function of "
            f"y would need all labels in memory. Got {strategy!r}; pass the dict that it returns."
        )
    return strategy


def require_room(targets: RowIds, known: ClassCounts, room: int | None) -> None:
    """ValueError where the numbers of the rows that are chosen of some classes would fill more bytes."""
    needed = _CHOSEN_BYTES * int(targets[targets != known.counts].sum())
    if room is not None and needed > room:
        raise ValueError(
            f"memory_limit must hold the numbers of the rows that are chosen, {needed:,} bytes. There is "
            f"room for {room:,}; pass a larger memory_limit, or keep fewer rows by sampling_strategy."
        )
