"""Rows drawn at random, by the counter-based generator: the same for any number of threads."""

import math
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.threads import even_size, run_ranges, split
from fastsmote._kernels import draw

_DRAWS = 65536  # draws per block
_MOST = 2**64 - 1


def draw_distinct(seed: np.uint64, stream: int, n: int, size: int, n_jobs: int | None) -> NDArray[np.int64]:
    """The ``size`` of n with the smallest random keys, ascending. Memory for ``size``, not for n."""
    if size >= n:
        return np.arange(n)
    # Keys are uniform: more than size of them lie below this bound but for one sample in 10**14
    expected = size + 8 * math.sqrt(size) + 64
    bound = min(int(expected / n * 2.0**64), _MOST)
    rows, keys = _below(seed, stream, n, bound, n_jobs)
    if len(rows) < size:
        rows, keys = _below(seed, stream, n, _MOST, n_jobs)
    # Two keys of 64 bits are equal in one of 2**64 / n**2 samples; the order of equal ones is numpy's then.
    return np.sort(rows[np.argpartition(keys, size - 1)[:size]]) if size else rows[:0]


def _below(
    seed: np.uint64, stream: int, n: int, bound: int, n_jobs: int | None
) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Which of n have a key of at most ``bound``, and the keys."""
    size = even_size(n, _DRAWS)
    found: list[Any] = [None] * split(n, size)

    def work(lo: int, hi: int) -> None:
        keys = np.empty(hi - lo, np.uint64)
        draw.draw_keys(seed, np.uint64(stream), np.uint64(lo), keys, 0, len(keys))
        near = np.flatnonzero(keys <= np.uint64(bound))
        found[lo // size] = near + lo, keys[near]

    run_ranges(work, n, size, n_jobs=n_jobs)
    rows, kept = (np.concatenate(part) for part in zip(*found, strict=True))
    return rows, kept


def draw_with_replacement(
    seed: np.uint64, stream: int, n: int, size: int, n_jobs: int | None
) -> NDArray[np.int64]:
    """``size`` of n, in the order drawn."""
    drawn = np.empty(size, np.int64)
    work = partial(draw.draw_rows, seed, np.uint64(stream), np.uint64(0), n, drawn)
    run_ranges(work, size, _DRAWS, n_jobs=n_jobs)
    return drawn
