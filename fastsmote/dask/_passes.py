"""Passes over partitions as a graph: a task for each partition, trees of merges, and replays in between."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, reduce
from typing import Any

from fastsmote._blocks.block import Block
from fastsmote._blocks.passes import Pass, Passes, Standing, begin, resume
from fastsmote._core.threads import run_blocks
from fastsmote.dask._containers import Key, Tasks

_ROW = re.compile(r"\brow \d")
_FAN_IN = 16  # partitions whose findings one task merges


@contextmanager
def in_partition(i: int) -> Iterator[None]:
    """A refusal of rows says which partition they are in, and where they are counted from."""
    try:
        yield
    except (TypeError, ValueError) as error:
        is_alone = i and _ROW.search(str(error)) and "Rows are counted from" not in str(error)
        start = ", whose rows are counted from 0" if is_alone else ""
        raise type(error)(f"{error} That is in partition {i}{start}.") from error


class PassGraph:
    """Tasks of what passes over blocks decide; a function makes a block of what some keys give.

    ``places`` are the numbers of the partitions in messages, where they are not those of one table.
    """

    def __init__(self, name: str, blocks: list[tuple[Any, ...]], places: list[int] | None = None) -> None:
        self.tasks: Tasks = {}
        self._name, self.blocks = name, blocks
        self._places = list(range(len(blocks))) if places is None else places

    def decide(self, decided: Callable[[Passes], Any], n_passes: int) -> Key:
        """So many passes at most, and what is decided; one that nobody asks for looks at no row."""
        standing = self.task("begin", 0, partial(begin, decided))
        for number in range(n_passes):
            asked = self.task(f"pass-{number}", 0, _next, standing)
            found = [
                self.task(f"look-{number}", i, partial(_look, self._places[i], block), asked, *keys)
                for i, (block, *keys) in enumerate(self.blocks)
            ]
            everything = self._merged(number, asked, found)
            standing = self.task("resume", number, partial(resume, decided), standing, everything)
        return self.task("decision", 0, _decision, standing)

    def _merged(self, number: int, asked: Key, found: list[Key]) -> Key:
        """What all partitions found, in order, by a tree."""
        place = 0
        while len(found) > 1:
            groups = [found[start : start + _FAN_IN] for start in range(0, len(found), _FAN_IN)]
            found = [
                self.task(f"merge-{number}", place + i, _merge, asked, group)
                for i, group in enumerate(groups)
            ]
            place += len(groups)
        return found[0]

    def task(self, what: str, place: int | tuple[int, ...], function: Callable[..., Any], *args: Any) -> Key:
        key = (f"fastsmote-{what}-{self._name}", *(place if isinstance(place, tuple) else (place,)))
        self.tasks[key] = (function, *args)
        return key


def _next(standing: Standing) -> Pass | None:
    return standing.next


def _decision(standing: Standing) -> Any:
    assert standing.next is None, "the graph has fewer passes than are asked for"
    return standing.decision


def _look(i: int, block: Callable[..., Block], asked: Pass | None, *parts: Any) -> Any:
    """What a partition gives; nothing where all was decided without this pass."""
    if asked is None:
        return None
    found: list[Any] = []
    with in_partition(i):  # on this thread alone: the others have partitions of their own
        run_blocks(lambda _: found.append(asked.look(block(*parts), None)), 1)
    return found[0]


def _merge(asked: Pass | None, found: list[Any]) -> Any:
    return None if asked is None else reduce(asked.merge, found)
