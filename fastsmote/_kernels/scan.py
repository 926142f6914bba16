"""Scans: each returns the place of the first value of its kind, or -1.

The one room that knows what is wrong with a number. Kernels that read each number once anyway count by the
steps ``outside`` and ``nonfinite``, which cost them nothing, and only that; which error it is, and in which
row, is decided in the room that called.
"""

from typing import Any

import numpy as np

from fastsmote._kernels.jit import inlined, kernel

_EXPONENTS: dict[int, Any] = {4: np.uint32(0xFF << 23), 8: np.uint64(0x7FF << 52)}


def words_of(matrix: np.ndarray) -> tuple[np.ndarray, Any]:
    """A contiguous matrix of floats, flat, as unsigned integers; and the exponent bits in that type."""
    exponent = _EXPONENTS[matrix.dtype.itemsize]
    return matrix.reshape(-1).view(exponent.dtype), exponent


@inlined
def outside(value):
    """Whether a number is not in [0, 1]; NaN is not."""
    return not (0.0 <= value <= 1.0)


@inlined
def nonfinite(value):
    return value - value != 0.0


@kernel
def first_nonfinite(bits, exponent, mask, lo, hi):
    """First NaN or infinity among ``bits[lo:hi]``.

    ``bits`` and ``exponent`` are those of ``words_of``; ``mask`` is the exponent too to find both, or all
    bits but the sign to find infinity only. A float is one of them exactly when its exponent bits are all
    ones; comparing integers lets the loop be vectorised without fastmath, which a sum of floats would need.
    """
    for start in range(lo, hi, 4096):
        chunk = bits[start : min(start + 4096, hi)]
        n_bad = np.int64(0)
        for i in range(chunk.shape[0]):  # over the words themselves LLVM gathers, at five times the cost
            n_bad += np.int64((chunk[i] & mask) == exponent)
        if n_bad > 0:
            for i in range(len(chunk)):
                if (chunk[i] & mask) == exponent:
                    return start + i
    return -1


@kernel
def first_outside(p, lo, hi):
    """First of p[lo:hi] that is not in [0, 1]."""
    block = p[lo:hi]
    some = False
    for i in range(block.shape[0]):
        some |= outside(block[i])
    if not some:
        return -1
    for i in range(lo, hi):
        if outside(p[i]):
            return i
    return -1


@kernel
def first_off_simplex(p, tolerance, lo, hi):
    """First of the rows [lo, hi) with values outside [0, 1], or that do not add up to 1."""
    for i in range(lo, hi):
        total = 0.0
        some = False
        for j in range(p.shape[1]):
            some |= outside(p[i, j])
            total += p[i, j]
        if some or abs(total - 1.0) > tolerance:
            return i
    return -1


@kernel
def first_out_of_order(columns, indptr, lo, hi):
    """First of the sparse rows [lo, hi) whose columns do not ascend, or that has one twice."""
    for i in range(lo, hi):
        row, some = columns[indptr[i] : indptr[i + 1]], False
        for p in range(1, row.shape[0]):
            some |= row[p] <= row[p - 1]
        if some:
            return i
    return -1
