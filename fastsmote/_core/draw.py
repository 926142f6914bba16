"""Rows drawn at random, by the counter-based generator: the same for any number of threads."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.threads import run_ranges
from fastsmote._kernels import draw

_DRAWS = 65536  # draws per block


def draw_distinct(seed: np.uint64, stream: int, n: int, size: int, n_jobs: int | None) -> NDArray[np.int64]:
    """The ``size`` of n with the smallest random keys, ascending."""
    keys = np.empty(n, np.uint64)
    run_ranges(partial(draw.draw_keys, seed, np.uint64(stream), keys), n, _DRAWS, n_jobs=n_jobs)
    # Two keys of 64 bits are equal in one of 2**64 / n**2 samples; the order of equal ones is numpy's then.
    return np.sort(np.argpartition(keys, size)[:size]) if size < n else np.arange(n)


def draw_with_replacement(
    seed: np.uint64, stream: int, n: int, size: int, n_jobs: int | None
) -> NDArray[np.int64]:
    """``size`` of n, in the order drawn."""
    drawn = np.empty(size, np.int64)
    run_ranges(partial(draw.draw_rows, seed, np.uint64(stream), n, drawn), size, _DRAWS, n_jobs=n_jobs)
    return drawn
