"""Exact distances between rows: the scale that keeps their squares finite, and the user's units.

A squared scaled distance is that of ``_kernels.neighbors.distance``, summed in float64, of rows that were
multiplied by a power of two. With the largest magnitude near 2^500, squares do not overflow and hardly
underflow. Every search compares such squared scaled distances.
"""

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.cache_lines import on_cache_lines
from fastsmote._core.freeze import freeze
from fastsmote._core.sparse_matrix import SparseMatrix
from fastsmote._core.threads import run_ranges, split
from fastsmote._core.typing import Floats, Matrix, RowIds
from fastsmote._kernels.neighbors import distance, sparse

ROWS_PER_BLOCK = 16384  # of a pass over the rows of a matrix, at most
_LEAST_ROWS, _BLOCKS = 256, 64  # at least, and blocks for many threads
_AT_ONCE = 1 << 19  # values that one thread looks at: 0.1 ms
_PAIRS_PER_BLOCK = 65536
_FEW = 1 << 16  # values that NumPy looks at sooner than threads do
_WIDTH = 64  # values that are looked at together where rows do not matter
_WITHOUT_SIGN: dict[int, Any] = {4: np.int32(2**31 - 1), 8: np.int64(2**63 - 1)}
_NEAR, _MOST = 500, 1000  # powers of two: the largest value comes near the one, a scale is the other at most
_OCTAVES = 200  # powers of two between queries that share a scale

Neighbors: TypeAlias = tuple[Floats, RowIds]  # distances in the user's units and row numbers (m, k)


def rows_per_block(n: int) -> int:
    """Rows of a block of a pass over n of them, each of which takes a tenth of a microsecond or more."""
    return min(ROWS_PER_BLOCK, max(_LEAST_ROWS, split(n, _BLOCKS)))


def largest_magnitude(X: Matrix, rows: RowIds | None, n_jobs: int | None) -> float:
    """The largest absolute value in some rows, or in all."""
    mask, d = _WITHOUT_SIGN[X.dtype.itemsize], X.shape[1]
    bits, n = X.reshape(-1).view(mask.dtype), len(X) if rows is None else len(rows)
    bits = freeze(bits) if bits.flags.writeable else bits
    if n * d <= _AT_ONCE and n_jobs is None:
        found = distance.largest_magnitude(bits, mask, d, np.arange(n) if rows is None else rows, 0, n)
        return float(mask.dtype.type(found).view(X.dtype))
    size = rows_per_block(n)
    largest = np.zeros(split(n, size), bits.dtype)

    def work(lo: int, hi: int) -> None:
        here = np.arange(lo, hi) if rows is None else rows[lo:hi]
        largest[lo // size] = distance.largest_magnitude(bits, mask, d, here, 0, hi - lo)

    run_ranges(work, n, size, n_jobs=n_jobs)
    return float(largest.max().view(X.dtype))


def exact_scale(X: Any, n_jobs: int | None = None) -> float:
    """Power of two for the exact distances of rows like those of X."""
    if isinstance(X, SparseMatrix):
        values = X.data
        if len(values) <= _FEW:
            return scale_for(float(max(values.max(initial=0.0), -values.min(initial=0.0))))
        whole = len(values) - len(values) % _WIDTH
        parts = values[:whole].reshape(-1, _WIDTH), values[whole:].reshape(-1, 1)
        most = [largest_magnitude(part, None, n_jobs) for part in parts if len(part)]
        return scale_for(max(most, default=0.0))
    return scale_for(largest_magnitude(X, None, n_jobs))


def scale_for(largest: float) -> float:
    """Power of two for the exact distances of rows whose largest magnitude is given."""
    return math.ldexp(1.0, _MOST if largest == 0.0 else min(_NEAR - math.frexp(largest)[1], _MOST))


def scale_exponents(largest: NDArray[np.floating]) -> NDArray[np.int64]:
    """Exponents of the powers of two that bring values to 2^500."""
    return np.where(largest == 0.0, _MOST, np.minimum(_NEAR - np.frexp(largest)[1], _MOST))


def squared_distances(
    X: Any, rows: RowIds, Y: Any, others: RowIds, scale: float, n_jobs: int | None = None
) -> Floats:
    """Squared scaled distances of rows[i] of X to others[i] of Y (m,), both dense or both sparse."""
    squared = np.empty(len(rows))

    def work(lo: int, hi: int) -> None:
        if isinstance(X, SparseMatrix):
            room = np.empty(sparse.SUMS)
            sparse.pair_distances(X.rows, rows, Y.rows, others, scale, room, squared, lo, hi)
        else:
            distance.pair_distances(X, rows, Y, others, scale, squared, lo, hi)

    run_ranges(work, len(rows), _PAIRS_PER_BLOCK, n_jobs=n_jobs)
    return squared


def in_panels(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points (m, d) eight by eight, their coordinates side by side (m / 8, 8 d); inf for those that lack."""
    m, d = points.shape
    panels = on_cache_lines((split(m, distance.PANEL), d, distance.PANEL), np.float64)
    whole = m // distance.PANEL
    panels[:whole] = points[: whole * distance.PANEL].reshape(whole, distance.PANEL, d).transpose(0, 2, 1)
    panels[whole:] = np.inf
    panels[whole:, :, : m % distance.PANEL] = points[whole * distance.PANEL :].T
    return panels.reshape(len(panels), -1)


def squares_of_differences(differences: NDArray[np.float64]) -> Floats:
    """Squared distances (m,) of differences (d, m), which are overwritten: the bits of the kernel's.

    The order of sums is that of ``_kernels.neighbors.distance.squared_distance``.
    """
    d, m = differences.shape
    squares = np.multiply(differences, differences, out=differences)
    sums = np.zeros((4, m))
    for p in range(0, d - 3, 4):
        sums += squares[p : p + 4]
    for p in range(d - d % 4, d):
        sums[0] += squares[p]
    return (sums[0] + sums[1]) + (sums[2] + sums[3])


def to_distances(squared: Floats, scale: float) -> Floats:
    """Distances in the user's units, written over the squared scaled ones (inf above the largest float64)."""
    np.sqrt(squared, out=squared)
    with np.errstate(over="ignore"):
        squared /= scale
    return squared


def answer_by_size(
    answer: Callable[[RowIds, float], Neighbors], scale: float, queries: Any, n_neighbors: int
) -> Neighbors:
    """Neighbors queries with a scale that suits their size, so that no small one suffers from a large one.

    ``answer`` takes row numbers of the queries and a scale. The scale of the indexed rows is for all that are
    not larger; others share one where they are within 2^200 of each other, so that squares do not underflow.
    """
    if isinstance(queries, SparseMatrix):
        largest = abs(queries.csr).max(axis=1).toarray().ravel().astype(np.float64)
    else:
        largest = np.maximum(queries.max(axis=1), -queries.min(axis=1)).astype(np.float64)
    most = math.frexp(scale)[1] - 1
    smaller = np.maximum(most - scale_exponents(largest), 0)
    group = -(-smaller // _OCTAVES)
    shape = len(queries), n_neighbors
    distances, indices = np.empty(shape), np.empty(shape, np.int64)
    for key in np.unique(group):
        at = np.flatnonzero(group == key)
        found = answer(at, math.ldexp(1.0, int(most - smaller[at].max())))
        if len(at) == len(queries):
            return found
        distances[at], indices[at] = found
    return distances, indices
