"""Points on segments between rows, rounded as NumPy rounds ``x + gap * (y - x)``."""

from fastsmote._kernels.jit import kernel


@kernel
def points(X, base, Y, neighbor, gap, out, lo, hi):
    """out[i] = X[base[i]] + gap[i] * (Y[neighbor[i]] - X[base[i]]), for i in [lo, hi).

    Differences in the type of X, products and sums in float64, then the type of ``out``: no value is kept
    between the two rows, and a difference that overflows stays infinite.
    """
    for i in range(lo, hi):
        a, b, g = base[i], neighbor[i], gap[i]
        for p in range(X.shape[1]):
            out[i, p] = X[a, p] + g * (Y[b, p] - X[a, p])
