"""Scans: each returns the place of the first value of its kind, or -1.

The one room for looking at what comes in: no other kernel does. What a place means, and which error it is, is
decided in the room that called.
"""

from typing import Any

import numpy as np

from fastsmote._kernels.jit import kernel

_EXPONENTS: dict[int, Any] = {4: np.uint32(0xFF << 23), 8: np.uint64(0x7FF << 52)}


def words_of(matrix: np.ndarray) -> tuple[np.ndarray, Any]:
    """A contiguous matrix of floats, flat, as unsigned integers; and the exponent bits in that type."""
    exponent = _EXPONENTS[matrix.dtype.itemsize]
    return matrix.reshape(-1).view(exponent.dtype), exponent


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
    outside = False
    for i in range(block.shape[0]):
        outside |= not (0.0 <= block[i] <= 1.0)
    if not outside:
        return -1
    for i in range(lo, hi):
        if not (p[i] >= 0.0 and p[i] <= 1.0):
            return i
    return -1


@kernel
def first_off_simplex(p, tolerance, lo, hi):
    """First of the rows [lo, hi) with values outside [0, 1], or that do not add up to 1."""
    for i in range(lo, hi):
        total = 0.0
        inside = True
        for j in range(p.shape[1]):
            inside &= (p[i, j] >= 0.0) & (p[i, j] <= 1.0)
            total += p[i, j]
        if not (inside and abs(total - 1.0) <= tolerance):
            return i
    return -1


@kernel
def first_nonfinite_number(values, lo, hi):
    """First NaN or infinity among values[lo:hi], as they are: for kernels that have no view of their bits."""
    block = values[lo:hi]
    nonfinite = False
    for i in range(block.shape[0]):
        nonfinite |= block[i] - block[i] != 0.0
    if not nonfinite:
        return -1
    for i in range(lo, hi):
        if values[i] - values[i] != 0.0:
            return i
    return -1


@kernel
def first_nonfinite_row(values, lo, hi):
    """First of the rows [lo, hi) that has NaN or infinity."""
    for i in range(lo, hi):
        nonfinite = False
        for j in range(values.shape[1]):
            nonfinite |= values[i, j] - values[i, j] != 0.0
        if nonfinite:
            return i
    return -1
