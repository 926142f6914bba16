"""The thread driver: hands the blocks of a job to Python threads that run nogil kernels.

The grid of blocks belongs to the problem, never to the thread count, and a block writes only
its own part of the output, so results are the same for any number of threads. Threads live for
one call (``fastsmote._core.crew``), or one job where no call is open: there is no pool to go stale
after a fork, none at import and none left behind. Starting a thread costs about 15 microseconds;
jobs of one block, and jobs started from inside a block, run in the calling thread.

Threads are started with ``_thread``: ``threading.Thread`` waits until the thread has said that it
runs, 50 microseconds for each. What that handshake gives is here instead: a helper says that it has
begun, and lets go of a lock when it ends.
"""

import functools
import math
import os
import threading
import time
from _thread import start_new_thread
from collections.abc import Callable
from pathlib import Path

from fastsmote._core.crew import open_crew
from fastsmote._core.typing import Progress

_nested = threading.local()
_JOIN_SECONDS = 0.05  # Ctrl-C and progress are seen this often while other threads finish
_EVEN = 16
_BEGIN_TOGETHER, _MOMENT = 16, 2e-5  # threads, and seconds in which they can begin before more are started
_MOST_THREADS = 256  # or as many as there are cores, whatever n_jobs says: no job has use for more


def _cgroup_limit(root: Path = Path("/sys/fs/cgroup"), self_file: Path = Path("/proc/self/cgroup")) -> float:
    """CPUs that the control groups of this process allow, ``inf`` without a quota."""
    limit = math.inf
    try:
        lines = self_file.read_text().splitlines()
    except OSError:
        return limit
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers and "cpu" not in controllers.split(","):
            continue
        base = root if not controllers else root / controllers
        folder = base / path.lstrip("/")
        for place in [folder, *folder.parents]:
            if controllers:
                limit = min(limit, _quota(place / "cpu.cfs_quota_us", place / "cpu.cfs_period_us"))
            else:
                limit = min(limit, _quota(place / "cpu.max"))
            if place == base:
                break
    return limit


def _quota(*files: Path) -> float:
    try:
        quota, period = " ".join(f.read_text().strip() for f in files).split()
        return float(quota) / float(period) if quota not in ("max", "-1") else math.inf
    except (OSError, ValueError):
        return math.inf


@functools.lru_cache(maxsize=1)
def _quota_in(_second: int) -> float:
    """Read once a second: each job of a call asks for it, and reading takes 80 us."""
    return _cgroup_limit()


def usable_cores() -> int:
    """Cores that this process may use: CPU affinity, cut by a container's quota."""
    if hasattr(os, "sched_getaffinity"):
        affinity = len(os.sched_getaffinity(0))
    else:
        affinity = os.cpu_count() or 1
    return max(1, min(affinity, math.ceil(min(_quota_in(int(time.monotonic())), affinity))))


def check_progress(progress: object) -> None:
    """TypeError for what can not be called."""
    if progress is not None and not callable(progress):
        raise TypeError(f"progress must be a function of (done, total). Got {progress!r}.")


def thread_count(n_jobs: int | None) -> int:
    """Threads for ``n_jobs``: None is FASTSMOTE_NUM_THREADS or all usable cores, -1 all, -2 all but one."""
    if n_jobs is None:
        setting = os.environ.get("FASTSMOTE_NUM_THREADS", "").strip()
        if not setting:
            return usable_cores()
        if not (setting.isascii() and setting.isdecimal()) or int(setting) == 0:
            raise ValueError(f"FASTSMOTE_NUM_THREADS must be a positive whole number. Got {setting!r}.")
        return int(setting)
    if isinstance(n_jobs, bool) or not hasattr(n_jobs, "__index__"):
        raise TypeError(f"n_jobs must be None, -1 or a positive integer. Got {n_jobs!r}.")
    n_jobs = n_jobs.__index__()
    if n_jobs == 0:
        raise ValueError("n_jobs must be None, -1 or a positive integer. Got 0; use 1 for a single thread.")
    return n_jobs if n_jobs > 0 else max(1, usable_cores() + 1 + n_jobs)


class _Job:
    """The blocks still to be done, shared by the threads of one call."""

    def __init__(self, body: Callable[[int], object], n_blocks: int) -> None:
        self._body = body
        self._n_blocks = n_blocks
        self._next = 0
        self._lock = threading.Lock()
        self.done = 0
        self.error: tuple[int, BaseException] | None = None

    def take(self) -> int | None:
        with self._lock:
            if self._next >= self._n_blocks:
                return None
            self._next += 1
            return self._next - 1

    def is_left(self) -> bool:
        return self._next < self._n_blocks

    def run(self, block: int) -> None:
        self._body(block)
        with self._lock:
            self.done += 1

    def fail(self, block: int, error: BaseException) -> None:
        with self._lock:
            self._next = self._n_blocks
            if self.error is None or block < self.error[0]:
                self.error = (block, error)

    def stop(self) -> None:
        """Let no further block begin. Keeps no exception: its traceback would hold this, a circle."""
        with self._lock:
            self._next = self._n_blocks

    def work(self) -> None:
        """What a helper thread does: blocks until there are none, or one has failed."""
        _nested.inside = True
        while (block := self.take()) is not None:
            try:
                self.run(block)
            except BaseException as error:  # handed to the calling thread
                self.fail(block, error)

    def check(self) -> None:
        """Raise what a block raised, or that one was lost: results of it are not there."""
        if self.error is not None:
            error, self.error = self.error[1], None
            try:
                raise error
            finally:
                del error  # else what it holds, the arrays of a call, waits for the garbage collector
        if self.done < self._n_blocks:
            raise RuntimeError(
                f"{self._n_blocks - self.done} of {self._n_blocks} blocks of work were not finished: a "
                "thread ended before its block did (out of memory, or fork() inside a call). Call it again."
            )


class _Helper:
    """What a thread beside the calling one does of a job."""

    def __init__(self, job: _Job) -> None:
        self._job = job
        self._begun = self._ended = False
        self._works = threading.Lock()  # held until it ends
        self._works.acquire()

    def start(self, place: int) -> None:
        crew = open_crew()
        if crew is None:
            start_new_thread(self._run, ())
        else:
            crew.send(place, self._run)

    def _run(self) -> None:
        try:
            self._begun = True  # before it takes a block
            self._work()
        except MemoryError:  # others do its blocks, and one that it had taken is missed
            pass
        finally:  # whatever fails above, the calling thread is not left waiting
            self._ended = True
            self._works.release()

    def _work(self) -> None:
        try:
            self._job.work()
        finally:
            del self._job  # what belongs to the call is the caller's alone from here on
            # Where a block asked for threading.current_thread(), Python before 3.13 keeps a dummy for ever.
            vars(threading).get("_active", {}).pop(threading.get_ident(), None)

    def busy(self) -> bool:
        """Wait a moment until it ends, when no block is left; whether it still works.

        One that has not begun by then, as it had no memory or no core, will find no block.
        """
        if not self._ended:
            self._works.acquire(timeout=_JOIN_SECONDS)
        return self._begun and not self._ended


class _Helpers:
    """The threads beside the calling one: as many as can be started and still find a block."""

    def __init__(self, job: _Job, n: int) -> None:
        self._job = job
        self._n = n
        self._process = os.getpid()
        self._started: list[_Helper] = []

    def __len__(self) -> int:
        return len(self._started)

    def start(self) -> None:
        for place in range(self._n):
            if place % _BEGIN_TOGETHER == _BEGIN_TOGETHER - 1:
                time.sleep(_MOMENT)  # until now this thread kept the interpreter's lock
            if not self._job.is_left():
                return
            helper = _Helper(self._job)
            self._started.append(helper)  # first: a Ctrl-C may come once it runs
            try:
                helper.start(place)
            except (RuntimeError, MemoryError):  # no more threads: a limit, or the interpreter ends
                self._started.pop()
                return

    def busy(self) -> bool:
        """Wait a moment for the first that works; whether any does. None does in the child of a fork."""
        return any(helper.busy() and os.getpid() == self._process for helper in self._started)

    def join(self) -> None:
        """Wait until all have ended, whatever interrupts; what did is raised then."""
        interrupted: BaseException | None = None
        while True:
            try:
                while self.busy():
                    pass
                break
            except BaseException as error:
                self._job.stop()
                interrupted = error
        if interrupted is not None:
            try:
                raise interrupted
            finally:
                del interrupted


def _number_of_threads(n_blocks: int, n_jobs: int | None) -> int:
    alone = n_blocks <= 1 or getattr(_nested, "inside", False)
    if alone and n_jobs is None:  # how many cores there are may be read from files: 80 us
        return min(n_blocks, 1)
    n_threads = min(thread_count(n_jobs), 1 if alone else n_blocks)
    return n_threads if n_threads <= _MOST_THREADS else min(n_threads, max(_MOST_THREADS, usable_cores()))


def run_blocks(
    body: Callable[[int], object],
    n_blocks: int,
    *,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> None:
    """Call ``body(block)`` once for each block in ``range(n_blocks)``, on several threads.

    ``progress(done, n_blocks)`` is called in the calling thread. An exception in a block, in
    ``progress``, or a KeyboardInterrupt lets the blocks under way finish, starts no further one,
    and is raised after every thread has ended; of several failed blocks, the first. Where threads can not be
    started, there are fewer, down to the calling one.
    """
    check_progress(progress)
    n_threads = _number_of_threads(n_blocks, n_jobs)
    outer = getattr(_nested, "inside", False)
    try:
        if n_threads > 1:
            _share_out(body, n_blocks, n_threads, progress)
            return
        _nested.inside = True
        for block in range(n_blocks):
            body(block)
            if progress is not None:
                progress(block + 1, n_blocks)
    finally:
        _nested.inside = outer


def _share_out(
    body: Callable[[int], object], n_blocks: int, n_threads: int, progress: Progress | None
) -> None:
    """The blocks by this thread and others beside it."""
    job = _Job(body, n_blocks)
    helpers = _Helpers(job, n_threads - 1)
    try:
        helpers.start()
        _nested.inside = True
        while (block := job.take()) is not None:
            try:
                job.run(block)
            except Exception as error:  # another thread may yet fail in an earlier block
                job.fail(block, error)
                break
            if progress is not None:
                progress(job.done, n_blocks)
        while helpers.busy():
            if progress is not None and job.error is None and job.done < n_blocks:
                progress(job.done, n_blocks)
    except BaseException:
        job.stop()
        raise
    finally:
        try:
            helpers.join()
        except BaseException:  # Ctrl-C again, before it waits or between two waits
            job.stop()
            helpers.join()
            raise
    job.check()
    if progress is not None and len(helpers):
        progress(n_blocks, n_blocks)


def split(n: int, size: int) -> int:
    """Number of blocks of ``size`` that cover ``n`` items."""
    return -(-n // size)


def even_size(n: int, size: int) -> int:
    """A size of blocks of n items, at most ``size``: 1, 2, 4, 6, or 16 of them and multiples of that.

    So 2, 4, 8 and 16 threads end together where blocks of a size take a time.
    """
    n_blocks = split(n, size)
    if n_blocks <= 1:
        return size
    return split(n, n_blocks + n_blocks % 2 if n_blocks < _EVEN // 2 else _EVEN * split(n_blocks, _EVEN))


def run_ranges(
    work: Callable[[int, int], object],
    n: int,
    size: int,
    *,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> None:
    """Call ``work(lo, hi)`` for consecutive ranges of ``size`` that cover ``range(n)``, as ``run_blocks``."""
    if 0 < n <= size and n_jobs is None and progress is None:  # a small call has five such jobs, 3 us each
        work(0, n)
        return

    def body(block: int) -> None:
        work(block * size, min(n, (block + 1) * size))

    run_blocks(body, split(n, size), n_jobs=n_jobs, progress=progress)
