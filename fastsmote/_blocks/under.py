"""Under-samplers on blocks."""

from functools import partial
from typing import Any

import numpy as np

from fastsmote._blocks.block import Block, ClassCounts, codes_of
from fastsmote._blocks.decision import Decision, no_rows, of_counts, require_room
from fastsmote._blocks.passes import Passes
from fastsmote._core.check import check_flag, check_seed
from fastsmote._core.typing import RandomState, RowIds
from fastsmote._sampling.places import draw_places
from fastsmote._sampling.strategy import under_targets


def random_under_sample(
    known: ClassCounts,
    passes: Passes,
    room: int | None,
    *,
    sampling_strategy: Any = "auto",
    replacement: bool = False,
    random_state: RandomState = None,
    n_jobs: int | None = None,
) -> Decision:
    """No pass: which places within its class stay depends on counts alone."""
    seed, replacement = np.uint64(check_seed(random_state)), check_flag(replacement, "replacement")
    targets = under_targets(of_counts(sampling_strategy), known.labels, None)
    require_room(targets, known, room)
    drawn = draw_places(known.labels, targets, replacement, seed, n_jobs)
    return Decision(partial(_keep_drawn, known, drawn), 0, no_rows, targets, partial(_count_drawn, drawn))


def _count_drawn(drawn: dict[int, RowIds], before: RowIds, counts: RowIds) -> int:
    """How many rows of a block stay, by how many of each class it has and come before it."""
    kept = counts.copy()
    for code, places in drawn.items():
        start, stop = np.searchsorted(places, [before[code], before[code] + counts[code]])
        kept[code] = stop - start
    return int(kept.sum())


def _keep_drawn(
    known: ClassCounts, drawn: dict[int, RowIds], block: Block, before: RowIds
) -> tuple[RowIds, RowIds]:
    """The rows of a block whose places within their classes were drawn, and all of other classes."""
    codes = codes_of(block, known)
    counts = np.bincount(codes, minlength=len(known.counts))
    is_whole = np.ones(len(known.counts), bool)
    is_whole[list(drawn)] = False
    kept = [np.flatnonzero(is_whole[codes])]
    for code, places in drawn.items():
        start, stop = np.searchsorted(places, [before[code], before[code] + counts[code]])
        kept.append(np.flatnonzero(codes == code)[places[start:stop] - before[code]])
    return np.sort(np.concatenate(kept)), before + counts
