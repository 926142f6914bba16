"""How many times as fast a call would be on more cores than there are: its blocks, scheduled.

The call runs in one thread while every block of the thread driver is timed
(``fastsmote/_core/threads.py``), in time of the processor, which other processes do not lengthen. Each job of
the driver is then dealt out as the driver does: helper threads start one after the other, or are woken where
an earlier job of the call started them, each takes the next block when it is free, and the job ends with its
last block. Everything outside blocks, and jobs of one block, stays serial.
"""

import heapq
import os
import threading
import time
from dataclasses import dataclass
from unittest.mock import patch

import numpy as np

from .common import found

_MOST_CORES = 64  # asked for while blocks are timed; the blocks are the same for any number


@dataclass(frozen=True)
class _Recording:
    """Seconds of a call in one thread: of the blocks of each job of the driver, in order, and of the rest."""

    serial: float
    jobs: list[np.ndarray]

    @property
    def total(self):
        return self.serial + sum(blocks.sum() for blocks in self.jobs)

    @property
    def n_blocks(self):
        return sum(map(len, self.jobs))

    def speedup(self, cores, start=0.0, wake=0.0):
        """Predicted times as fast on so many cores.

        ``start`` and ``wake`` are the seconds that it takes to start a thread, and to wake one of an earlier
        job, which each is once more to end with the call.
        """
        seconds, there = self.serial, 0
        for blocks in self.jobs:
            seconds += makespan(blocks, cores, start, wake, there)
            there = max(there, min(cores, len(blocks)) - 1)
        return self.total / (seconds + there * wake)


def makespan(blocks, cores, start=0.0, wake=0.0, there=0):
    """Seconds until the last block is done, each taken in order by the thread that is free first.

    The calling thread wakes the others that are there, ``wake`` seconds each, starts those that are not, and
    then works too.
    """
    helpers = min(cores, len(blocks)) - 1
    free = np.cumsum([wake] * min(there, helpers) + [start] * max(0, helpers - there)).tolist()
    free.append(free[-1] if free else 0.0)  # ascending: a heap
    ends = []
    for seconds in blocks:
        ends.append(free[0] + seconds)
        heapq.heapreplace(free, ends[-1])
    return max(ends)


def record(call, runs=3):
    """The blocks of a call in one thread, each the least of its times over the runs, and so the rest."""
    rests, jobs = zip(*(_timed(call) for _ in range(runs)), strict=True)
    least = [np.min(blocks, axis=0) for blocks in zip(*jobs, strict=True)]
    return _Recording(min(rests), least)


def _timed(call):
    """Seconds outside of blocks, and of the blocks of each job, of one run."""
    driver, jobs = found("fastsmote._core.threads"), []

    def one_by_one(body, n_blocks, n_threads, progress):
        """Stands for the driver's threads: the calling thread alone, with a clock."""
        driver._nested.inside = True  # the driver sets it back
        ticks = [time.thread_time()]
        for block in range(n_blocks):
            body(block)
            ticks.append(time.thread_time())
        jobs.append(np.diff(ticks))

    environment = {"FASTSMOTE_NUM_THREADS": str(_MOST_CORES)}
    with patch.object(driver, "_share_out", one_by_one), patch.dict(os.environ, environment):
        begin = time.thread_time()
        result = call()
        total = time.thread_time() - begin
        del result  # who frees it, pays for it
    return total - sum(blocks.sum() for blocks in jobs), jobs


def thread_seconds(n_threads=16):
    """Seconds to start a helper thread, and to wake one, where the driver does so with several: medians."""
    driver, crew, times = found("fastsmote._core.threads"), found("fastsmote._core.crew", "Crew"), []
    for _ in range(40):
        with crew():
            times.append([_helper_seconds(driver, n_threads - 1) for _ in range(2)])
    return np.median(times, axis=0).tolist()


def _helper_seconds(driver, n_helpers):
    go_on = threading.Event()
    job = driver._Job(lambda _: go_on.wait(), n_helpers + 1)
    helpers = driver._Helpers(job, n_helpers)
    begin = time.perf_counter()
    helpers.start()
    seconds = time.perf_counter() - begin
    go_on.set()
    helpers.join()
    return seconds / n_helpers
