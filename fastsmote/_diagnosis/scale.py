"""Columns of one scale, so that distances mean something; and samples without a draw."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.equal_rows import BLOCK
from fastsmote._core.freeze import freeze
from fastsmote._core.threads import run_ranges, split
from fastsmote._core.typing import Matrix, RowIds

_SAMPLE = 8192  # rows that tell how far a column spreads


def spaced(rows: RowIds, most: int) -> RowIds:
    """At most so many of some rows, evenly spaced: a sample without a draw."""
    return rows[np.linspace(0, len(rows) - 1, min(most, len(rows))).astype(np.int64)]


def scaled(matrix: Matrix, rows: RowIds, n_jobs: int | None) -> Matrix:
    """The matrix with each column multiplied by a power of two, so that ``rows`` spread by about 1 in it.

    The spread is a standard deviation without the outer hundredths, or with them where nothing else is left;
    so neither the units of a column nor some odd values decide who is near. Powers of two do not round.
    """
    return multiplied(matrix, powers(matrix[rows[sample_of(len(rows))]], largest_of(matrix, n_jobs)), n_jobs)


def sample_of(n: int) -> slice:
    """Which of so many rows tell how far a column spreads."""
    return slice(None, None, max(1, n // _SAMPLE))


def multiplied(matrix: Matrix, power: RowIds, n_jobs: int | None) -> Matrix:
    """The matrix with each column multiplied by its power of two."""
    result = np.empty_like(matrix)

    def work(lo: int, hi: int) -> None:
        np.ldexp(matrix[lo:hi], power, out=result[lo:hi])

    run_ranges(work, len(matrix), BLOCK, n_jobs=n_jobs)
    return freeze(result)


def powers(sample: Matrix, largest: NDArray[Any]) -> RowIds:
    """The power of two for each column that brings the spread of a sample of rows near 1.

    It is such that the largest magnitude of the column, in any row, does not overflow.
    """
    most = math.frexp(float(np.finfo(sample.dtype).max))[1] - np.frexp(largest)[1]
    sample = sample.astype(np.float64)
    _, exponents = np.frexp(np.abs(sample).max(axis=0))
    unit = np.ldexp(sample, -exponents)  # squares of the largest numbers would overflow
    low, high = np.quantile(unit, [0.01, 0.99], axis=0)
    spread = np.clip(unit, low, high).std(axis=0)
    spread = np.where(spread > 0, spread, unit.std(axis=0))
    return np.minimum(np.where(spread > 0, -np.frexp(spread)[1] - exponents, 0), most)


def largest_of(matrix: Matrix, n_jobs: int | None) -> NDArray[Any]:
    """The largest magnitude of each column, missing values aside."""
    largest = np.empty((split(len(matrix), BLOCK), matrix.shape[1]), matrix.dtype)

    def measure(lo: int, hi: int) -> None:
        largest[lo // BLOCK] = np.fmax.reduce(np.abs(matrix[lo:hi]), axis=0, initial=0.0)

    run_ranges(measure, len(matrix), BLOCK, n_jobs=n_jobs)
    return largest.max(axis=0, initial=0.0)
