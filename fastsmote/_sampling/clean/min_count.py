"""How many rows a cleaner must leave of each class, and which go when not all that it names may."""

import numbers
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import Labels, check_X_y
from fastsmote._core.typing import RowIds
from fastsmote._core.warn import warn_user
from fastsmote._sampling.strategy import clean_targets


def check_min_count(min_count: Any, labels: Labels) -> RowIds:
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


def within_min_count(gone: RowIds, entangled: Sequence[NDArray[Any]], codes: RowIds, room: RowIds) -> RowIds:
    """Of the rows ``gone``, at most ``room[c]`` of each class c: those that sort first.

    ``entangled`` are keys like those of ``np.lexsort``, the last one first; smaller is more entangled, and
    equal rows go by row number.
    """
    own = codes[gone]
    order = np.lexsort((gone, *entangled, own))
    falling = np.bincount(own, minlength=len(room))
    place = np.arange(len(gone)) - np.repeat(np.cumsum(falling) - falling, falling)
    return gone[order[place < room[own[order]]]]


def warn_of_lost_classes(labels: Labels, kept: RowIds) -> RowIds:
    """The rows that stay; a UserWarning if a class has none among them."""
    lost = np.bincount(labels.codes[kept], minlength=len(labels.counts)) == 0
    if lost.any():
        warn_user(
            f"All rows of {labels.classes[lost].tolist()} are removed. To keep some, clean with min_count, "
            "with fewer neighbours, or without the class in sampling_strategy."
        )
    return kept


def check_cleaning(
    X: Any, y: Any, sampling_strategy: Any, min_count: Any, k: int, n_jobs: int | None
) -> tuple[NDArray[Any], Labels, NDArray[np.bool_], NDArray[np.int64]]:
    """Matrix, labels, whether a class is cleaned, and how many rows it keeps at least."""
    matrix, labels = check_X_y(X, y, n_jobs=n_jobs)
    cleaned = clean_targets(sampling_strategy, labels, y)
    floors = check_min_count(min_count, labels)
    if k >= len(matrix):
        raise ValueError(
            f"n_neighbors must be at most {len(matrix) - 1}, the number of rows other than the row itself. "
            f"Got {k}; pass fewer neighbours."
        )
    return matrix, labels, cleaned, floors
