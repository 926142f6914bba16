"""The one exact distance, and what it needs."""

from fastsmote._kernels.jit import inlined, kernel


@inlined
def squared_distance(X, i, Y, j, scale):
    """Squared distance of X[i] and Y[j], both times ``scale`` (a power of two), in float64.

    Four interleaved sums, added as (s0 + s1) + (s2 + s3): a fixed order that every path shares, so that equal
    pairs of rows give equal bits and ties are ties.
    """
    d = X.shape[1]
    s0 = s1 = s2 = s3 = 0.0
    p = 0
    while p + 4 <= d:
        t0 = X[i, p] * scale - Y[j, p] * scale
        t1 = X[i, p + 1] * scale - Y[j, p + 1] * scale
        t2 = X[i, p + 2] * scale - Y[j, p + 2] * scale
        t3 = X[i, p + 3] * scale - Y[j, p + 3] * scale
        s0 += t0 * t0
        s1 += t1 * t1
        s2 += t2 * t2
        s3 += t3 * t3
        p += 4
    while p < d:
        t0 = X[i, p] * scale - Y[j, p] * scale
        s0 += t0 * t0
        p += 1
    return (s0 + s1) + (s2 + s3)


@kernel
def largest_magnitude(X, rows, lo, hi):
    """Largest absolute value in rows[lo:hi] of X."""
    largest = 0.0
    for i in range(lo, hi):
        for p in range(X.shape[1]):
            value = abs(X[rows[i], p])
            largest = value if value > largest else largest
    return largest


@kernel
def pair_distances(X, rows, Y, others, scale, squared, lo, hi):
    """squared[i] = squared distance of rows[i] of X to others[i] of Y, for i in [lo, hi)."""
    for i in range(lo, hi):
        squared[i] = squared_distance(X, rows[i], Y, others[i], scale)
