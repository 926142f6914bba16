"""Print the table of small calls of docs/limits.md: ``python asv_bench/overhead.py``.

Of each function the median CPU time of calls with one thread, the time of its kernels in them, and the rest:
checks, containers, what NumPy does between kernels. imbalanced-learn takes turns with it.
"""

import os
import statistics
import sys
import time

import imblearn
import numpy as np
from threadpoolctl import threadpool_limits

import fastsmote
from fastsmote._kernels.jit import KERNELS
from fastsmote._kernels.signatures import load_kernels
from fastsmote._sampling.registry import SAMPLERS

ROWS, D, SHARE = (200, 1_000), 10, 0.2
TURN, TURNS = 0.02, 25
NAMES = (
    "random_over_sample", "smote", "borderline_smote", "adasyn", "kmeans_smote", "random_under_sample",
    "near_miss", "tomek_links", "edited_nearest_neighbours", "cluster_centroids",
)  # fmt: skip
HEAD = "| function | rows | call | kernels | the rest | imbalanced-learn | ratio |"


class Timed:
    """A kernel that adds up how long its calls from outside take."""

    total = 0

    def __init__(self, kernel):
        self._kernel = kernel

    def __call__(self, *arguments):
        begin = time.thread_time_ns()
        result = self._kernel(*arguments)
        Timed.total += time.thread_time_ns() - begin
        return result

    def __getattr__(self, name):
        return getattr(self._kernel, name)


def patch():
    """Let Python, not compiled code, call kernels with a clock; returns a function that undoes it."""
    load_kernels()
    timed = {id(kernel): Timed(kernel) for kernel in KERNELS.values()}
    places = [
        (module, name, value)
        for where, module in list(sys.modules.items())
        if where.startswith("fastsmote.")
        for name, value in vars(module).items()
        if id(value) in timed
    ]
    for module, name, value in places:
        setattr(module, name, timed[id(value)])

    def undo():
        for module, name, value in places:
            setattr(module, name, value)

    return undo


def seconds(*calls):
    """Median seconds of calls that take turns of 20 ms: single ones would find the caches of another."""
    taken = [[] for _ in calls]
    for _ in range(TURNS):
        for call, times in zip(calls, taken, strict=True):
            begin = start = time.thread_time()
            while start - begin < TURN:
                call()
                times.append(-start + (start := time.thread_time()))
    return [statistics.median(times) for times in taken]


def kernel_seconds(call):
    """Median seconds that the kernels of a call take."""
    undo, times = patch(), []

    def timed():
        Timed.total = 0
        call()
        times.append(Timed.total / 1e9)

    try:
        seconds(timed)
    finally:
        undo()
    return statistics.median(times)


def table():
    """X and y of normal numbers."""
    for n in ROWS:
        rng = np.random.default_rng(0)
        y = (rng.permutation(n) < SHARE * n).astype(np.int64)
        yield n, rng.standard_normal((n, D)) + y[:, np.newaxis] * (2 / D**0.5), y


def line(name, n, X, y):
    """A line of the table."""
    row, function = SAMPLERS[name], getattr(fastsmote, name)
    options = {"random_state": 0} if row.kind in ("over", "under") and name != "near_miss" else {}
    modules = imblearn.over_sampling, imblearn.under_sampling
    peer = next(getattr(module, row.drop_in) for module in modules if hasattr(module, row.drop_in))
    call = lambda: function(X, y, **options)  # noqa: E731
    call()
    ours, theirs = seconds(call, lambda: peer(**options).fit_resample(X, y))
    kernels = kernel_seconds(call)
    cells = [f"`{name}`", f"{n:,}", *(f"{t * 1e6:,.0f} us" for t in (ours, kernels, ours - kernels, theirs))]
    return f"| {' | '.join(cells)} | {theirs / ours:.1f}x |"


def main():
    os.environ["FASTSMOTE_NUM_THREADS"] = "1"
    print(HEAD)
    print("|" + " --- |" * (HEAD.count("|") - 1))
    for n, X, y in table():
        for name in NAMES:
            with threadpool_limits(1):
                print(line(name, n, X, y), flush=True)


if __name__ == "__main__":
    main()
