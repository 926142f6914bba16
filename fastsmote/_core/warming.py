"""Compiling ahead of the first call: which kernels, and in how many processes."""

import os
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

from fastsmote._core.compilers import compile_all
from fastsmote._core.public import public
from fastsmote._core.threads import check_progress, thread_count, usable_cores
from fastsmote._core.typing import Progress
from fastsmote._kernels.disk import cache_folder
from fastsmote._kernels.jit import AS_PYTHON
from fastsmote._kernels.signatures import compile_one, missing, stored


@public("fastsmote.compiled")
class Warmup(NamedTuple):
    """What :func:`fastsmote.warmup` did.

    See Also
    --------
    fastsmote.warmup : Gives it.
    """

    compiled: int  # kernels, one for each kind of arguments
    ready: int  # before
    seconds: float


_ALSO = {"curves": "metrics"}  # what people say


def warmup(
    only: str | Iterable[str] | None, n_jobs: int | None = None, progress: Progress | None = None
) -> Warmup:
    """Compile what these names need and what is not there yet, and load all of it into this process."""
    start = time.perf_counter()
    check_progress(progress)
    wanted, n_processes = places_of(only), min(thread_count(n_jobs), usable_cores())
    todo = [] if AS_PYTHON else missing(wanted)

    def tell(done: int) -> None:
        if progress is not None:
            progress(done, len(todo))

    if todo and can_be_kept() and sys.executable:
        with suppress(OSError):  # processes do not start, or end: what is left is compiled here
            compile_all(todo, n_processes, tell)
    left = missing(todo)
    for done, place in enumerate(left, 1):
        compile_one(place)
        tell(len(todo) - len(left) + done)
    if not AS_PYTHON:
        for place in wanted:
            compile_one(place)
    return Warmup(len(todo), len(wanted) - len(todo), time.perf_counter() - start)


def can_be_kept() -> bool:
    """Whether there is a folder for compiled code that this process may write to."""
    folder = cache_folder()
    return folder is not None and os.access(folder, os.W_OK)


def places_of(only: str | Iterable[str] | None) -> list[int]:
    """The signatures that these names need, all of them for None."""
    known = stored()
    if only is None:
        return list(range(len(known.signatures)))
    names = [only] if isinstance(only, str) or not isinstance(only, Iterable) else list(only)
    if not all(isinstance(name, str) for name in names):
        raise TypeError(f"only must be a name or names, such as ['smote', 'metrics']. Got {only!r}.")
    found: set[int] = set()
    for name in names:
        wanted = name.removeprefix("fastsmote.").replace("-", "_")
        wanted = _ALSO.get(wanted, wanted)
        uses = [places for path, places in known.functions.items() if wanted in (path, *path.split("."))]
        if not uses:
            raise ValueError(
                "only must name public functions, classes or modules that have compiled code, such as "
                f"'smote' or 'metrics'. Got {name!r}."
            )
        found.update(*uses)
    return sorted(found)
