"""The neighbour index on canonical arrays: building it, extending it, and searching it block by block.

Nothing is checked here; ``neighbors`` is the public face, and ``plan`` and ``select`` ask here directly.

An index is a tuple of *parts*: kd leaves over some rows of X, all in the same coordinates. A part holds rows
of one class when the builder was given classes, so that "own class", "other classes" and "all" are choices of
parts; rows that are appended become parts too (after Bentley and Saxe, 1980: a new part swallows those of
its class that are at most twice as large, the smallest first, so that there are at most log2(n) of them and
most of what stands is not built again).

Every answer is exact: the k smallest under (squared distance, index), the squared distance being
``_kernels.neighbors.distance.squared_distance`` in float64. The float32 leaves only decide what is worth computing
(see ``_kernels.neighbors.search``), so results do not depend on how the index was built.

How the time of a self-join grows: seconds for an index and the 5 nearest of every row of ``make_fraud``, on
two cores, and p of the fit time ~ rows ** p. (A row looks at more leaves, and from 500,000 rows on these come
from main memory. ``asv run --bench 'neighbors.Growth'`` repeats it.)

| features | 50,000 | 100,000 | 200,000 | 500,000 | 1,000,000 | p |
| --- | --- | --- | --- | --- | --- | --- |
| 4 | 0.07 | 0.16 | 0.36 | 1.0 | 2.7 | 1.18 |
| 8 | 0.14 | 0.39 | 0.96 | 2.7 | 6.4 | 1.25 |
| 16 | 0.27 | 0.76 | 2.3 | 11 | 38 | 1.65 |
| 30 | 0.56 | 1.5 | 4.3 | 22 | 73 | 1.63 |
| 64 | 0.80 | 2.3 | 6.6 | 32 | 104 | 1.63 |
"""

import math
from functools import partial
from typing import NamedTuple

import numpy as np

from fastsmote._core.threads import run_ranges, split
from fastsmote._kernels.neighbors import distance
from fastsmote._kernels.neighbors.search import Leaves

PASS_ROWS = 16384  # rows per block of the passes over X
_PAIRS = 65536  # pairs per block of distances


class Part(NamedTuple):
    """Leaves over rows of one class, or of all when the index knows no classes (code -1)."""

    code: int
    leaves: Leaves


class Index(NamedTuple):
    """An index: parts over disjoint rows of X."""

    parts: tuple[Part, ...]

    @property
    def X(self) -> np.ndarray:
        return self.parts[0].leaves.X

    @property
    def scale(self) -> float:
        """Power of two that exact coordinates are multiplied by."""
        return self.parts[0].leaves.scale

    def of_class(self, code: int) -> "Index":
        """The parts that hold a class."""
        return Index(tuple(part for part in self.parts if part.code == code))

    def of_others(self, code: int) -> "Index":
        """The parts that hold the other classes."""
        return Index(tuple(part for part in self.parts if part.code != code))

    def rows(self) -> np.ndarray:
        """All indexed rows, near ones together."""
        return np.concatenate([part.leaves.ids for part in self.parts])


def largest_magnitude(X: np.ndarray, rows: np.ndarray, n_jobs: int | None) -> float:
    largest = np.zeros(split(len(rows), PASS_ROWS))

    def work(lo: int, hi: int) -> None:
        largest[lo // PASS_ROWS] = distance.largest_magnitude(X, rows, lo, hi)

    run_ranges(work, len(rows), PASS_ROWS, n_jobs=n_jobs)
    return float(largest.max())


def exact_scale(X: np.ndarray, n_jobs: int | None = None) -> float:
    """Power of two for the exact distances of rows like those of X."""
    return scale_of(largest_magnitude(X, np.arange(len(X)), n_jobs))


def scale_of(largest: float) -> float:
    return math.ldexp(1.0, int(exact_exponents(np.array(largest))))


def exact_exponents(largest: np.ndarray) -> np.ndarray:
    """Powers of two that bring values to 2^500, so that squares do not overflow and hardly underflow."""
    return np.where(largest == 0.0, 1000, np.minimum(500 - np.frexp(largest)[1], 1000))


def covering(index: Index, Q: np.ndarray, *, n_jobs: int | None = None) -> Index:
    """The index with a scale of exact distances that suits its rows and the queries Q."""
    return rescaled(index, min(index.scale, exact_scale(Q, n_jobs)))


def squared_distances(
    X: np.ndarray,
    rows: np.ndarray,
    Y: np.ndarray,
    others: np.ndarray,
    scale: float,
    n_jobs: int | None = None,
) -> np.ndarray:
    """Squared scaled distances of rows[i] of X to others[i] of Y (m,)."""
    squared = np.empty(len(rows))
    work = partial(distance.pair_distances, X, rows, Y, others, scale, squared)
    run_ranges(work, len(rows), _PAIRS, n_jobs=n_jobs)
    return squared


def rescaled(index: Index, scale: float) -> Index:
    return Index(tuple(Part(code, leaves._replace(scale=scale)) for code, leaves in index.parts))


def to_distances(squared: np.ndarray, scale: float) -> np.ndarray:
    """Distances in the user's units, in place of squared scaled ones (inf above the largest float64)."""
    np.sqrt(squared, out=squared)
    with np.errstate(over="ignore"):
        squared /= scale
    return squared
