"""Passes over blocks: one after the other here, or as steps of a graph that somebody else runs.

A sampler asks for a pass by two pure functions: what a block gives, and how what two runs of blocks give
becomes one, which must be associative. :class:`InOrder` makes the pass at once. Where blocks are elsewhere,
the sampler is *replayed*: it is called with what its passes have found so far, and ends where it asks for
the next one (:func:`begin`, :func:`resume`). So a sampler is written once, as if it had the blocks.

A replayed sampler must do the same each time: a seed is drawn before it is called, and what it takes
long to make between two passes it makes by ``once``, which remembers it.
"""

import copy
import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple, TypeVar, cast

from fastsmote._blocks.block import Block

T = TypeVar("T")


class Passes(ABC):
    """Who makes passes over the blocks of a table, which are the same in each pass."""

    def found(self, work: Callable[[Block], T], merge: Callable[[T, T], T]) -> T:
        """What ``work`` makes of each block, merged in order."""
        return self.improved(partial(_beside, work, merge), merge)

    def listed(self, work: Callable[[Block], T]) -> tuple[T, ...]:
        """What ``work`` makes of each block, in order."""
        return self.found(partial(_alone, work), operator.add)

    @abstractmethod
    def improved(self, look: Callable[[Block, T | None], T], merge: Callable[[T, T], T]) -> T:
        """The same for ``look(block, so_far)``, which gives what is known after a block.

        ``so_far`` is what blocks before it gave, or None: what is known already may be a bound.
        """

    @abstractmethod
    def once(self, make: Callable[[], T]) -> T:
        """What ``make`` makes, which is not made again when a sampler is replayed."""


def _alone(work: Callable[[Block], T], block: Block) -> tuple[T]:
    return (work(block),)


def _beside(work: Callable[[Block], T], merge: Callable[[T, T], T], block: Block, so_far: T | None) -> T:
    found = work(block)
    return found if so_far is None else merge(so_far, found)


def both(one: Any, other: Any) -> Any:
    """A copy of one stream, merged with another: both stay as they are, as a task may run again."""
    return copy.copy(one).merge(other)


class InOrder(Passes):
    """Passes over blocks that ``each(work)`` goes through, in order."""

    def __init__(self, each: Callable[[Callable[[Block], Any]], Iterator[Any]]) -> None:
        self._each = each

    def improved(self, look: Callable[[Block, T | None], T], merge: Callable[[T, T], T]) -> T:
        so_far: T | None = None

        def go_on(block: Block) -> None:
            nonlocal so_far
            so_far = look(block, so_far)

        for _ in self._each(go_on):
            pass
        return cast(T, so_far)  # None where there is no block

    def once(self, make: Callable[[], T]) -> T:
        return make()


class Pass(NamedTuple):
    """A pass that a sampler asked for."""

    look: Callable[[Block, Any], Any]
    merge: Callable[[Any, Any], Any]


class Standing(NamedTuple):
    """How far a sampler is: it asks for the ``next`` pass, or has made its ``decision``."""

    found: tuple[Any, ...]  # by the passes so far
    made: tuple[Any, ...]  # once, in between
    next: Pass | None
    decision: Any


class _NextPassError(Exception):
    """Ends a sampler where it needs a pass that was not made yet."""

    def __init__(self, asked: Pass) -> None:
        self.asked = asked


class _Replayed(Passes):
    def __init__(self, found: tuple[Any, ...], made: tuple[Any, ...]) -> None:
        self._found, self._before = iter(found), made
        self.made: list[Any] = []

    def improved(self, look: Callable[[Block, T | None], T], merge: Callable[[T, T], T]) -> T:
        for found in self._found:
            return found
        raise _NextPassError(Pass(look, merge))

    def once(self, make: Callable[[], T]) -> T:
        n = len(self.made)
        self.made.append(self._before[n] if n < len(self._before) else make())
        return self.made[-1]


def begin(decide: Callable[[Passes], Any]) -> Standing:
    """How far ``decide`` comes without a pass."""
    return _replay(decide, (), ())


def resume(decide: Callable[[Passes], Any], before: Standing, found: Any) -> Standing:
    """How far it comes with what the pass found that it asked for; what has decided stays so."""
    if before.next is None:
        return before
    return _replay(decide, (*before.found, found), before.made)


def _replay(decide: Callable[[Passes], Any], found: tuple[Any, ...], made: tuple[Any, ...]) -> Standing:
    passes = _Replayed(found, made)
    try:
        return Standing((), (), None, decide(passes))
    except _NextPassError as error:
        return Standing(found, tuple(passes.made), error.asked, None)
