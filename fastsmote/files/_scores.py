"""Sweeps of labels and scores that are columns of files: two passes, the first over the labels alone."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from fastsmote._blocks import scores
from fastsmote._blocks.outcomes import Outcomes, outcomes_of, require_rows
from fastsmote._blocks.passes import InOrder, Passes
from fastsmote._blocks.scores import StreamingSweep, Sweep
from fastsmote._core.threads import check_progress
from fastsmote._core.typing import Progress
from fastsmote.files._run import LIBRARIES, CountedPasses, check_memory, labels_of
from fastsmote.files._source import NamedColumns, opened

__all__ = ["StreamingSweep", "Sweep", "stream", "sweep"]

T = TypeVar("T")


def sweep(
    source: Any,
    y_true: str,
    y_score: str,
    pos_label: Any,
    sample_weight: str | None,
    memory_limit: Any,
    progress: Progress | None,
) -> Sweep:
    """The way of :func:`fastsmote.files.confusion_sweep`."""

    def find(passes: Passes, of: Outcomes, room: int) -> Sweep:
        return scores.sweep_of(scores.swept(passes, of, sample_weight is not None, room))

    return _found(find, source, y_true, y_score, pos_label, sample_weight, memory_limit, progress)


def stream(
    source: Any,
    y_true: str,
    y_score: str,
    pos_label: Any,
    sample_weight: str | None,
    memory_limit: Any,
    progress: Progress | None,
) -> StreamingSweep:
    """The way of :func:`fastsmote.files.streaming_sweep`."""

    def find(passes: Passes, of: Outcomes, room: int) -> StreamingSweep:
        return scores.stream(passes, of, pos_label)

    return _found(find, source, y_true, y_score, pos_label, sample_weight, memory_limit, progress)


def _found(
    find: Callable[[Passes, Outcomes, int], T],
    source: Any,
    y_true: str,
    y_score: str,
    pos_label: Any,
    sample_weight: str | None,
    memory_limit: Any,
    progress: Progress | None,
) -> T:
    """What ``find(passes, outcomes, room)`` finds by one pass over the columns."""
    room = check_memory(memory_limit) - LIBRARIES
    check_progress(progress)
    names = {"y_true": y_true, "y_score": y_score}
    if sample_weight is not None:
        names["sample_weight"] = sample_weight
    with opened(source, room, Path(tempfile.gettempdir()), names) as (schema, read):
        columns = NamedColumns(schema, read, names, room)
        known = require_rows(labels_of(columns), "y_true")
        of = outcomes_of(known, pos_label)
        passes = CountedPasses(columns, progress, int(known.counts.sum()), 0)
        return find(InOrder(passes.scan), of, room * 3 // 4)
