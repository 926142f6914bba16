"""One pass over a matrix for NaN and infinity, on the bits of its numbers.

A float is NaN or infinite exactly when its exponent bits are all ones. Comparing integers lets the
loop be vectorised without fastmath, which a sum of floats would need.
"""

import numpy as np

from fastsmote._kernels.jit import kernel


@kernel
def first_nonfinite(bits, exponent, mask, lo, hi):
    """Index of the first NaN or infinity among ``bits[lo:hi]``, or -1.

    ``bits`` is the flat matrix seen as uint32 or uint64, ``exponent`` the exponent bits in that type.
    ``mask`` is the same to find both, or all bits but the sign to find infinity only.
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
