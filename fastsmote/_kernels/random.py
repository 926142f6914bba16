"""Philox 4x32-10: counter-based random numbers (Salmon et al., SC'11, doi:10.1145/2063384.2063405).

``philox(c0, c1, c2, c3, k0, k1)`` maps a 128-bit counter and a 64-bit key to four 32-bit words. A draw is
a pure function of (seed, stream, row, draw), so any thread can make any row in any order.
"""

import numpy as np

from fastsmote._kernels.jit import inlined, kernel

_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)
_11 = np.uint64(11)
_TO_UNIT = 2.0**-53


@kernel
def philox(c0, c1, c2, c3, k0, k1):
    """Ten rounds; all arguments and results are uint64 that hold 32-bit words."""
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0, c1, c2, c3 = (p1 >> _32) ^ c1 ^ k0, p1 & _LOW, (p0 >> _32) ^ c3 ^ k1, p0 & _LOW
        k0 = (k0 + _W0) & _LOW
        k1 = (k1 + _W1) & _LOW
    return c0, c1, c2, c3


@inlined
def draw(seed, stream, row, index):
    """Two 64-bit words for draw ``index`` of ``row`` in ``stream`` (uint64; stream, index below 2**32)."""
    w0, w1, w2, w3 = philox(row & _LOW, row >> _32, stream, index, seed & _LOW, seed >> _32)
    return (w0 << _32) | w1, (w2 << _32) | w3


@inlined
def below(word, n):
    """Map a 64-bit word to 0..n-1 by the high half of word * n (bias at most n / 2**64)."""
    low = (word & _LOW) * (n & _LOW)
    mid = (word >> _32) * (n & _LOW) + (low >> _32)
    other = (word & _LOW) * (n >> _32) + (mid & _LOW)
    return (word >> _32) * (n >> _32) + (mid >> _32) + (other >> _32)


@inlined
def unit(word):
    """Map a 64-bit word to a float64 in [0, 1) with 53 random bits."""
    return np.float64(word >> _11) * _TO_UNIT
