"""Columns of one scale, so that distances mean something; and samples without a draw."""

import math

import numpy as np

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
    power = np.minimum(_powers(matrix[rows[:: max(1, len(rows) // _SAMPLE)]]), _room(matrix, n_jobs))
    result = np.empty_like(matrix)

    def work(lo: int, hi: int) -> None:
        np.ldexp(matrix[lo:hi], power, out=result[lo:hi])

    run_ranges(work, len(matrix), BLOCK, n_jobs=n_jobs)
    return freeze(result)


def _powers(sample: Matrix) -> RowIds:
    """The power of two for each column that brings the spread of a sample of rows near 1."""
    sample = sample.astype(np.float64)
    _, exponents = np.frexp(np.abs(sample).max(axis=0))
    unit = np.ldexp(sample, -exponents)  # squares of the largest numbers would overflow
    low, high = np.quantile(unit, [0.01, 0.99], axis=0)
    spread = np.clip(unit, low, high).std(axis=0)
    spread = np.where(spread > 0, spread, unit.std(axis=0))
    return np.where(spread > 0, -np.frexp(spread)[1] - exponents, 0)


def _room(matrix: Matrix, n_jobs: int | None) -> RowIds:
    """The largest power of two that no number of a column overflows with."""
    largest = np.empty((split(len(matrix), BLOCK), matrix.shape[1]))

    def measure(lo: int, hi: int) -> None:
        largest[lo // BLOCK] = np.fmax.reduce(np.abs(matrix[lo:hi]), axis=0, initial=0.0)

    run_ranges(measure, len(matrix), BLOCK, n_jobs=n_jobs)
    _, exponents = np.frexp(largest.max(axis=0))
    return math.frexp(float(np.finfo(matrix.dtype).max))[1] - exponents
