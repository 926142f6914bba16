"""How many rows a cleaner must leave of each class, and which go when not all that it names may."""

import numbers
from collections.abc import Sequence
from typing import Any, NamedTuple, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.intake import Intake, read_numbers
from fastsmote._core.labels import Labels, shown
from fastsmote._core.typing import Mask, Progress, RowIds
from fastsmote._core.warn import warn_user
from fastsmote._sampling.apply import Selection
from fastsmote._sampling.strategy import clean_targets


def check_min_count(min_count: Any, labels: Labels) -> RowIds:
    """Rows that each class keeps at least (n_classes,), from None, a number or "balanced"."""
    if min_count is None:
        return np.zeros(len(labels.counts), np.int64)
    if isinstance(min_count, str) and min_count == "balanced":
        return np.full(len(labels.counts), labels.counts.min())
    whole = isinstance(min_count, numbers.Integral) and not isinstance(min_count, bool)
    if not whole or min_count < 1:
        error = ValueError if whole or isinstance(min_count, str) else TypeError
        raise error(
            f'min_count must be None, "balanced" or an integer >= 1 for all classes. Got {min_count!r}.'
        )
    return np.full(len(labels.counts), min(int(min_count), labels.counts.max()))


def within_min_count(
    removed: RowIds, entangled: Sequence[NDArray[Any]], codes: RowIds, room: RowIds
) -> RowIds:
    """Of the rows ``gone``, at most ``room[c]`` of each class c: those that sort first.

    ``entangled`` are keys like those of ``np.lexsort``, the last one first; smaller is more entangled, and
    equal rows go by row number.
    """
    own = codes[removed]
    order = np.lexsort((removed, *entangled, own))
    falling = np.bincount(own, minlength=len(room))
    place = np.arange(len(removed)) - np.repeat(np.cumsum(falling) - falling, falling)
    return removed[order[place < room[own[order]]]]


def warn_of_lost_classes(labels: Labels, kept: RowIds) -> RowIds:
    """The rows that stay; a UserWarning if a class has none among them."""
    warn_of_no_rows(labels, labels.counts_of(kept))
    return kept


def warn_of_no_rows(labels: Labels, counts: RowIds) -> None:
    """A UserWarning if no row of a class is left."""
    lost = counts == 0
    if lost.any():
        warn_user(
            f"All rows of {shown(labels.classes[lost].tolist())} are removed. To keep some, clean with "
            "min_count, with fewer neighbours, or without the class in sampling_strategy."
        )


class CleaningOptions(TypedDict, total=False):
    """What all cleaners take beside the data."""

    sampling_strategy: Any
    min_count: Any
    n_jobs: int | None
    progress: Progress | None


class Cleaning(NamedTuple):
    """A request to remove rows that contradict their neighbours."""

    intake: Intake
    cleaned: Mask  # (n_classes,) classes that may lose rows
    min_counts: RowIds  # (n_classes,) rows that each keeps at least
    n_jobs: int | None
    progress: Progress | None

    @property
    def matrix(self) -> Any:
        return self.intake.matrix

    @property
    def labels(self) -> Labels:
        return self.intake.labels

    def keep(self, rows: RowIds) -> Selection:
        """The decision for the rows that stay; a UserWarning if a class has none among them."""
        return Selection(self.intake, warn_of_lost_classes(self.labels, rows))


def read_cleaning(X: Any, y: Any, n_neighbors: int, **options: Unpack[CleaningOptions]) -> Cleaning:
    """The request of a cleaner that looks at so many neighbours."""
    n_jobs = options.get("n_jobs")
    intake = read_numbers(X, y, may_be_sparse=True, n_jobs=n_jobs)
    labels, n = intake.labels, len(intake.labels.codes)
    cleaned = clean_targets(options.get("sampling_strategy", "auto"), labels, intake.y.given)
    min_counts = check_min_count(options.get("min_count"), labels)
    require_neighbors(n_neighbors, n)
    return Cleaning(intake, cleaned, min_counts, n_jobs, options.get("progress"))


def require_neighbors(n_neighbors: int, n_rows: int) -> None:
    """ValueError where a row has fewer others."""
    if n_neighbors >= n_rows:
        raise ValueError(
            f"n_neighbors must be at most {n_rows - 1}, the number of rows other than the row itself. "
            f"Got {n_neighbors}; pass fewer neighbours."
        )
