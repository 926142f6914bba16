"""From source to file: count, decide, then copy the rows that stay and make the new ones."""

import inspect
import numbers
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import reduce
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from fastsmote._blocks.block import Block, ClassCounts, count, merged, whole
from fastsmote._blocks.decision import Decision
from fastsmote._blocks.passes import InOrder, T
from fastsmote._blocks.samplers import BLOCK_SAMPLERS
from fastsmote._core.check import check_word
from fastsmote._core.public import public
from fastsmote._core.threads import check_progress
from fastsmote._core.typing import Progress, RandomState
from fastsmote.files._paths import check_apart, checked
from fastsmote.files._place import Guard, NoPlaceError, check_place, replaced
from fastsmote.files._source import Blocks, Rows, opened
from fastsmote.files._write import WRITERS, write

LIBRARIES = 300_000_000  # bytes that Python, NumPy, numba and pyarrow fill before there is a row
_LEAST = 500_000_000
_MOST = 2**63  # bytes that a machine can name
_UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}
_SHORT = {"": 1, "B": 1} | {unit[0]: size for unit, size in _UNITS.items() if "I" not in unit}
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]*)", re.ASCII)
_LONG = 50  # characters of a text that a message quotes
_DIGITS = 20  # more than the largest number of bytes has


@public("fastsmote.files")
class ResampledFile(NamedTuple):
    """What :func:`fastsmote.files.resample` wrote, and how it changed the shares of the classes.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    counts_before, counts_after : dict of label to int
        Rows of each class of the source and of the file, in the order of the labels.

    See Also
    --------
    fastsmote.files.resample : Makes it.
    fastsmote.correct_prior_from : Probabilities of a model of resampled rows, for the rows as they were.

    Examples
    --------
    >>> from fastsmote.files import ResampledFile
    >>> done = ResampledFile("balanced.parquet", {"fine": 950, "fraud": 50}, {"fine": 950, "fraud": 950})
    >>> done.counts_after["fraud"]
    950
    """

    path: Path
    counts_before: dict[Any, int]
    counts_after: dict[Any, int]


def run(
    source: Any,
    out: Any,
    target: str,
    method: str,
    memory_limit: Any,
    random_state: RandomState,
    progress: Progress | None,
    options: dict[str, Any],
    guard: Guard,
) -> ResampledFile:
    """The way of :func:`fastsmote.files.resample`."""
    decide, n_passes = BLOCK_SAMPLERS[check_word(method, "method", tuple(BLOCK_SAMPLERS))]
    if random_state is not None:
        options = options | {"random_state": random_state}
    _check_options(method, options)
    room = check_memory(memory_limit) - LIBRARIES
    check_progress(progress)
    out = _place(out)
    check_apart(source, out)
    with opened(source, room, out.resolve().parent) as (schema, read):
        rows = Rows(schema, read, target, room)
        known = counted(rows, target)
        passes = CountedPasses(rows, progress, int(known.counts.sum()), n_passes)
        decision = decide(known, InOrder(passes.scan), room // 2, **options)
        passes.expect(int(known.counts.sum()) + decision.n_new)
        with replaced(out, guard) as file:
            write(_tables(rows, passes, decision), rows.schema, file, out, rows.group_rows)
    before, after = (known.by_label(n) for n in (known.counts, decision.counts_after))
    return ResampledFile(out, before, after)


def _place(out: Any) -> Path:
    """``out``, where a file can be written."""
    path = Path(checked(out, "out"))
    try:
        if path.suffix.lower() in WRITERS or path.is_dir():
            check_place(path)
    except NoPlaceError as error:
        raise NoPlaceError(f"out must be a place for a file. Got {str(path)!r}: {error}.") from None
    if path.suffix.lower() not in WRITERS:
        raise ValueError(f"out must end in {' or '.join(WRITERS)}. Got {str(path)!r}.")
    return path


def counted(rows: Rows, target: str) -> ClassCounts:
    """The classes, by a pass over the labels."""
    return whole(labels_of(rows), target)


def labels_of(rows: Blocks) -> ClassCounts | None:
    """The same, None without rows."""
    return reduce(merged, map(count, rows.blocks(labels_only=True)), None)


class CountedPasses:
    """Passes over the rows, which count what was read or made so far, and tell it."""

    def __init__(self, rows: Blocks, progress: Progress | None, n_rows: int, n_passes: int) -> None:
        self._rows, self._progress = rows, progress
        self._done, self._total = 0, n_rows * (n_passes + 2)
        self.add(n_rows)

    def expect(self, n_rows: int) -> None:
        """So many rows are left: some passes are not needed in the end."""
        self._total = self._done + n_rows
        if n_rows == 0:
            self.add(0)

    def add(self, n_rows: int) -> None:
        self._done += n_rows
        if self._progress is not None:
            self._progress(self._done, self._total)

    def scan(self, work: Callable[[Block], T], *, wide: bool = True) -> Iterator[T]:
        for block in self._rows.blocks(wide=wide):
            yield work(block)
            self.add(len(block.labels))


def _tables(rows: Rows, passes: CountedPasses, decision: Decision) -> Iterator[pa.Table]:
    """The rows that stay, then the new ones."""
    before = np.zeros(len(decision.counts_after), np.int64)

    def keep(block: Block) -> pa.Table:
        nonlocal before
        kept, before = decision.keep(block, before)
        parts = block.features, block.labels
        return rows.table(*(parts if kept is None else (part.take(kept) for part in parts)))

    yield from passes.scan(keep, wide=False)
    for start in range(0, decision.n_new, rows.block_rows):
        stop = min(start + rows.block_rows, decision.n_new)
        yield rows.table(*decision.new_rows(start, stop))
        passes.add(stop - start)


def check_memory(memory_limit: Any) -> int:
    """``memory_limit`` in bytes: a whole number, also as text, or a number with a unit."""
    is_number = isinstance(memory_limit, numbers.Integral) and not isinstance(memory_limit, bool)
    if not isinstance(memory_limit, str) and not is_number:
        raise TypeError(
            'memory_limit must be an integer of bytes, or a text with a unit, such as "2GB". Got '
            f"{memory_limit!r} of type {type(memory_limit).__name__}."
        )
    size = _in_bytes(memory_limit) if isinstance(memory_limit, str) else int(memory_limit)
    if size > _MOST:
        raise ValueError(
            f"memory_limit must be at most {_MOST // 10**12:,}TB. Got "
            f'{_shown(memory_limit)}; pass what the process may have in memory, such as "2GB".'
        )
    if size < _LEAST:
        raise ValueError(
            f"memory_limit must be at least {_LEAST // 10**6}MB, of which Python and its libraries take "
            f'{LIBRARIES // 10**6}. Got {memory_limit!r}, which is {size:,} bytes; pass more, such as "2GB".'
        )
    return size


def _shown(limit: Any) -> str:
    if isinstance(limit, str):
        return repr(limit) if len(limit) <= _LONG else f"{limit[:_LONG]!r}..."
    return f"an integer of {int(limit).bit_length():,} bits"


def _in_bytes(text: str) -> int:
    parts = _SIZE.fullmatch(text.strip())
    unit = None if parts is None else (_UNITS | _SHORT).get(parts[2].upper())
    if parts is None or unit is None:
        raise ValueError(
            f'memory_limit must be bytes, or a number with one of {", ".join(_UNITS)}, such as "2GB". '
            f"Got {_shown(text)}."
        )
    return int(Fraction(parts[1]) * unit) if len(parts[1]) <= _DIGITS else _MOST + 1


def _check_options(method: str, options: dict[str, Any]) -> None:
    """TypeError for what the method does not take where the table is not in memory."""
    known = inspect.signature(BLOCK_SAMPLERS[method].decide).parameters
    allowed = [name for name, parameter in known.items() if parameter.kind is parameter.KEYWORD_ONLY]
    for name in options:
        if name not in allowed:
            raise TypeError(
                f"options of {method} for files are {', '.join(allowed)}. Got {name}; leave it out, or call "
                f"fastsmote.{method} on a table that fits into memory."
            )
