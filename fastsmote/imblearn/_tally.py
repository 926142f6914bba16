"""The record of what ran where: in the engine of fastsmote, or in the class of imbalanced-learn.

Each call of a drop-in class is counted here with its time, and logged by ``fastsmote.imblearn`` at level
DEBUG. Counts are of this process: those of worker processes stay there.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from fastsmote._core.public import public

logger = logging.getLogger("fastsmote.imblearn")


@public("fastsmote.imblearn")
class Tally(NamedTuple):
    """Calls of a class that ran in one place for one reason."""

    name: str
    where: str  # "compiled" or "parent"
    reason: str  # why in the parent class, "raised" where the call failed; "" for compiled
    calls: int
    seconds: float


_lock = threading.Lock()


def _renew_lock() -> None:
    global _lock  # noqa: PLW0603
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):  # a thread that is not in the child may have held the lock
    os.register_at_fork(after_in_child=_renew_lock)
_tallies: dict[tuple[str, str, str], tuple[int, float]] = {}


def note(name: str, where: str, reason: str = "", seconds: float = 0.0) -> None:
    """Count a call of class ``name`` that ran "compiled", or in the "parent" class for a reason."""
    with _lock:
        calls, total = _tallies.get((name, where, reason), (0, 0.0))
        _tallies[name, where, reason] = calls + 1, total + seconds
    logger.debug("%s: %s%s, %.6f s", name, where, f" ({reason})" if reason else "", seconds)


def report() -> list[Tally]:
    """What ran where since the process began, by class."""
    with _lock:
        return [Tally(*key, *value) for key, value in sorted(_tallies.items())]


def run_and_count(
    sampler: Any, reason: str | None, fast: Callable[..., Any], parent: Callable[..., Any], *args: Any
) -> Any:
    """``fast(*args)``, or where a reason is given ``parent(*args)``; counted, a failure as "raised"."""
    start = time.perf_counter()
    where = "compiled" if reason is None else "parent"
    outcome = "raised" if reason is None else f"{reason}; raised"
    try:
        result = fast(*args) if reason is None else parent(*args)
        outcome = reason or ""
        return result
    finally:
        note(type(sampler).__name__, where, outcome, time.perf_counter() - start)
