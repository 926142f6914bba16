"""Compiling ahead of the first call: which kernels, and in how many processes."""

import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

from fastsmote._core.compilers import compile_all
from fastsmote._core.public import public
from fastsmote._core.threads import thread_count
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


def warmup(
    only: str | Iterable[str] | None, n_jobs: int | None = None, progress: Progress | None = None
) -> Warmup:
    """Compile what these names need and what is not there yet, and load all of it into this process."""
    start = time.perf_counter()
    wanted, n_processes = places_of(only), thread_count(n_jobs)
    todo = [] if AS_PYTHON else missing(wanted)

    def tell(done: int) -> None:
        if progress is not None:
            progress(done, len(todo))

    if todo and cache_folder() is not None and sys.executable:
        with suppress(OSError):  # no process can be started: all is compiled here
            compile_all(todo, n_processes, tell)
    if not AS_PYTHON:
        for place in wanted:
            compile_one(place)  # where nothing is kept, it is compiled here
    return Warmup(len(todo), len(wanted) - len(todo), time.perf_counter() - start)


def places_of(only: str | Iterable[str] | None) -> list[int]:
    """The signatures that these names need, all of them for None."""
    known = stored()
    if only is None:
        return list(range(len(known.signatures)))
    names = [only] if isinstance(only, str) or not isinstance(only, Iterable) else list(only)
    if not all(isinstance(name, str) for name in names):
        raise TypeError(
            f"only must be a name or names, such as 'smote' or ['smote', 'metrics']. Got {only!r}."
        )
    found: set[int] = set()
    for name in names:
        uses = [places for path, places in known.functions.items() if name in (path, *path.split("."))]
        if not uses:
            raise ValueError(
                "only must name public functions, classes or modules that have compiled code, such as "
                f"'smote' or 'metrics'. Got {name!r}."
            )
        found.update(*uses)
    return sorted(found)
