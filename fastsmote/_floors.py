"""How many rows a cleaner must leave of each class, and which go when not all that it names may."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._check import Labels, check_integer

Rows = NDArray[np.int64]


def check_floors(min_count: Any, labels: Labels) -> Rows:
    """Rows that each class keeps at least (n_classes,), from None, a number or "balanced"."""
    if min_count is None:
        return np.zeros(len(labels.counts), np.int64)
    if isinstance(min_count, str):
        if min_count != "balanced":
            raise ValueError(f'min_count must be None, an integer >= 1 or "balanced". Got {min_count!r}.')
        return np.full(len(labels.counts), labels.counts.min())
    return np.full(len(labels.counts), check_integer(min_count, "min_count"))


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
        warnings.warn(
            f"All rows of {labels.classes[lost].tolist()} are removed. To keep some, leave the class out of "
            "sampling_strategy, ask for fewer neighbours, or set min_count.",
            UserWarning,
            stacklevel=4,
        )
    return kept
