"""The one exact distance, and what it needs."""

from llvmlite import ir
from numba import types

from fastsmote._kernels.jit import kernel, vector_step
from fastsmote._kernels.neighbors import lanes
from fastsmote._kernels.neighbors.tile import FOUR, Steps


@vector_step(lanes.squared_distance)
def squared_distance(typingctx, X, i, Y, j, scale):
    """Squared distance of X[i] and Y[j], both times ``scale`` (a power of two), in float64.

    Four interleaved sums, added as (s0 + s1) + (s2 + s3), the features behind the last four in the first: a
    fixed order that every path shares, so that equal pairs of rows give equal bits and ties are ties.
    """
    i64 = types.int64
    signature = types.float64(X, i64, Y, i64, types.float64)

    def codegen(context, builder, sig, args):
        steps = Steps(context, builder, sig, args)
        features = steps.columns[0]
        whole = builder.and_(features, ir.Constant(features.type, -4))

        def add_square(kind, factor):
            """Adds the squares of as many differences as ``kind`` has lanes."""

            def scaled(which, row, p):
                value = steps.load_double(which, row, p, kind)
                return builder.fmul(value, factor)

            def add(p, total):
                t = builder.fsub(scaled(0, args[1], p), scaled(2, args[3], p))
                return [builder.fadd(total[0], builder.fmul(t, t))]

            return add

        zero = ir.Constant(features.type, 0)
        start = ir.Constant(FOUR, [0.0] * 4)
        add_four = add_square(FOUR, steps.splat(args[4], FOUR))
        (sums,) = steps.loop(zero, whole, 4, [start], add_four)
        first = builder.extract_element(sums, zero)
        (first,) = steps.loop(whole, features, 1, [first], add_square(first.type, args[4]))
        return steps.sum_of_four(builder.insert_element(sums, first, zero))

    return signature, codegen


@kernel
def largest_magnitude(bits, mask, d, rows, lo, hi):
    """Largest absolute value in rows[lo:hi] of d floats, which ``bits`` are as flat signed integers.

    As an integer too: without their signs, which ``mask`` leaves out, these have the order of the floats. A
    maximum of floats is not vectorised, nor is one row of thirty: rows that follow each other are one run.
    """
    largest, first = mask ^ mask, lo
    while first < hi:
        stop = first + 1
        while stop < hi and rows[stop] == rows[stop - 1] + 1:
            stop += 1
        run = bits[rows[first] * d : (rows[stop - 1] + 1) * d]
        for i in range(run.shape[0]):
            largest = max(largest, run[i] & mask)
        first = stop
    return largest


@kernel
def pair_distances(X, rows, Y, others, scale, squared, lo, hi):
    """squared[i] = squared distance of rows[i] of X to others[i] of Y, for i in [lo, hi)."""
    for i in range(lo, hi):
        squared[i] = squared_distance(X, rows[i], Y, others[i], scale)
