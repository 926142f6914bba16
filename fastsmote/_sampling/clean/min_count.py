"""How many rows a cleaner must leave of each class, and which go when not all that it names may."""

import numbers
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import Labels
from fastsmote._core.warn import tell

Rows = NDArray[np.int64]


def check_floors(min_count: Any, labels: Labels) -> Rows:
    """Rows that each class keeps at least (n_classes,), from None, a number or "balanced"."""
    if min_count is None:
        return np.zeros(len(labels.counts), np.int64)
    if isinstance(min_count, str) and min_count == "balanced":
        return np.full(len(labels.counts), labels.counts.min())
    whole = isinstance(min_count, numbers.Integral) and not isinstance(min_count, bool)
    if not whole or min_count < 1:
        raise (ValueError if whole or isinstance(min_count, str) else TypeError)(
            f'min_count must be None, "balanced" or an integer >= 1 for all classes. Got {min_count!r}.'
        )
    return np.full(len(labels.counts), min(int(min_count), labels.counts.max()))


def within_floors(gone: Rows, entangled: Sequence[NDArray[Any]], codes: Rows, room: Rows) -> Rows:
    """Of the rows ``gone``, at most ``room[c]`` of each class c: those that sort first.

    ``entangled`` are keys like those of ``np.lexsort``, the last one first; smaller is more entangled, and
    equal rows go by row number.
    """
    own = codes[gone]
    order = np.lexsort((gone, *entangled, own))
    falling = np.bincount(own, minlength=len(room))
    place = np.arange(len(gone)) - np.repeat(np.cumsum(falling) - falling, falling)
    return gone[order[place < room[own[order]]]]


def warn_of_lost_classes(labels: Labels, kept: Rows) -> Rows:
    """The rows that stay; a UserWarning if a class has none among them."""
    lost = np.bincount(labels.codes[kept], minlength=len(labels.counts)) == 0
    if lost.any():
        tell(
            f"All rows of {labels.classes[lost].tolist()} are removed. To keep some, clean with min_count, "
            "with fewer neighbours, or without the class in sampling_strategy."
        )
    return kept
