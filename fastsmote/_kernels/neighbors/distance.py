"""The one exact distance, and what it needs."""

import math

from llvmlite import ir
from numba import types

from fastsmote._kernels.jit import kernel, vector_step
from fastsmote._kernels.neighbors import lanes
from fastsmote._kernels.neighbors.tile import EIGHT, FOUR, Steps

PANEL = 8  # points side by side: two vectors of four sums, one where vectors hold eight


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


def _squared_distances(steps, panels, panel, point):
    """Squared distances (eight lanes) of the point (d,) in an argument to those of a panel in another."""
    builder = steps.builder
    features = steps.columns[point]
    eight = ir.Constant(features.type, PANEL)
    whole = builder.and_(features, ir.Constant(features.type, -4))

    def add_square(p, total):
        x = steps.splat(builder.load(steps.element(point, p)), EIGHT)
        y = steps.load(steps.element(panels, panel, builder.mul(p, eight)), vector=EIGHT)
        t = builder.fsub(x, y)
        return builder.fadd(total, builder.fmul(t, t))

    def add_four(p, totals):
        at = [builder.add(p, ir.Constant(p.type, step)) for step in range(4)]
        return [add_square(q, total) for q, total in zip(at, totals, strict=True)]

    zero = ir.Constant(features.type, 0)
    sums = steps.loop(zero, whole, 4, [ir.Constant(EIGHT, [0.0] * PANEL)] * 4, add_four)
    (first,) = steps.loop(whole, features, 1, sums[:1], lambda p, total: [add_square(p, total[0])])
    return builder.fadd(builder.fadd(first, sums[1]), builder.fadd(sums[2], sums[3]))


@vector_step(lanes.squared_distances)
def squared_distances(typingctx, panels, panel, point, squared):
    """squared[:8] = squared distances of a point (d,) to the eight of a panel, all scaled.

    ``panels`` (n, 8 d) have the coordinates of eight points side by side. The sums are those of
    ``squared_distance``, in its order: equal pairs of rows give equal bits.
    """
    i64 = types.int64
    signature = types.void(panels, i64, point, squared)

    def codegen(context, builder, sig, args):
        steps = Steps(context, builder, sig, args)
        steps.store(_squared_distances(steps, 0, args[1], 2), steps.element(3, ir.Constant(args[1].type, 0)))
        return context.get_dummy_value()

    return signature, codegen


@vector_step(lanes.signed_distances)
def signed_distances(typingctx, panels, panel, point, sign, products, least, at):
    """products[8 panel:][:8] = squared distances of a panel times ``sign``; least[at:at + 8] at most these.

    ``panels`` and distances are those of ``squared_distances``.
    """
    i64, f64 = types.int64, types.float64
    signature = types.void(panels, i64, point, f64, products, least, i64)

    def codegen(context, builder, sig, args):
        steps = Steps(context, builder, sig, args)
        values = builder.fmul(_squared_distances(steps, 0, args[1], 2), steps.splat(args[3], EIGHT))
        place = builder.mul(args[1], ir.Constant(args[1].type, PANEL))
        steps.store(values, steps.element(4, place))
        to = steps.element(5, args[6])
        before = steps.load(to, vector=EIGHT)
        is_less = builder.fcmp_ordered("<", values, before)
        steps.store(builder.select(is_less, values, before), to)
        return context.get_dummy_value()

    return signature, codegen


def _bits(builder, values, limit, word):
    """Of eight values those at most a limit (eight times), as the lowest bits of a type of integers."""
    within = builder.fcmp_ordered("<=", values, limit)
    return builder.zext(builder.bitcast(within, ir.IntType(PANEL)), word)


@vector_step(lanes.bound_of)
def bound_of(typingctx, values, n_needed):
    """The least of values[:16] that so many of these are at most; inf if there are not so many."""
    f64, i64 = types.float64, types.int64

    def codegen(context, builder, sig, args):
        steps = Steps(context, builder, sig, args)
        start, word = steps.element(0, ir.Constant(args[1].type, 0)), ir.IntType(16)
        low, high = steps.load(start, vector=EIGHT), steps.load(start, PANEL, vector=EIGHT)
        needed, bound = builder.trunc(args[1], word), ir.Constant(EIGHT.element, math.inf)
        for lane in range(2 * PANEL):
            place = ir.Constant(ir.IntType(32), lane % PANEL)
            value = builder.extract_element(low if lane < PANEL else high, place)
            limit = steps.splat(value, EIGHT)
            above = builder.shl(_bits(builder, high, limit, word), ir.Constant(word, PANEL))
            n_within = builder.ctpop(builder.or_(_bits(builder, low, limit, word), above))
            is_enough = builder.icmp_unsigned(">=", n_within, needed)
            is_less = builder.and_(is_enough, builder.fcmp_ordered("<", value, bound))
            bound = builder.select(is_less, value, bound)
        return bound

    return f64(values, i64), codegen


@vector_step(lanes.two_nearest)
def two_nearest(typingctx, panels, begin, end, point):
    """Of the points in panels [begin, end), the least squared distance, the least but one, and which has it.

    It is the first of several. Each lane keeps its two, without a branch, for what is less comes as a
    surprise; panels and distances are those of ``squared_distances``.
    """
    i64 = types.int64
    signature = types.Tuple((types.float64, types.float64, i64))(panels, i64, i64, point)

    def codegen(context, builder, sig, args):
        steps = Steps(context, builder, sig, args)
        numbers = ir.VectorType(args[1].type, PANEL)

        def less(a, b):
            is_less = builder.icmp_signed if a.type == numbers else builder.fcmp_ordered
            return builder.select(is_less("<", a, b), a, b)

        def least(vector):
            for half in (4, 2, 1):
                order = ir.Constant(ir.VectorType(ir.IntType(32), PANEL), [i ^ half for i in range(PANEL)])
                vector = less(vector, builder.shuffle_vector(vector, vector, order))
            return builder.extract_element(vector, ir.Constant(ir.IntType(32), 0)), vector

        def look(panel, kept):
            first, second, which = kept
            squared = _squared_distances(steps, 0, panel, 3)
            is_less = builder.fcmp_ordered("<", squared, first)
            larger = builder.select(is_less, first, squared)
            at = steps.splat(builder.mul(panel, ir.Constant(panel.type, PANEL)), numbers)
            at = builder.add(at, ir.Constant(numbers, list(range(PANEL))))
            return [
                builder.select(is_less, squared, first),
                less(larger, second),
                builder.select(is_less, at, which),
            ]

        far = ir.Constant(EIGHT, [math.inf] * PANEL)
        none = ir.Constant(numbers, [2**62] * PANEL)
        first, second, which = steps.loop(args[1], args[2], 1, [far, far, none], look)
        value, everywhere = least(first)
        is_least = builder.fcmp_ordered("==", first, everywhere)
        place, place_everywhere = least(builder.select(is_least, which, none))
        others = builder.select(builder.icmp_signed("==", which, place_everywhere), second, first)
        return context.make_tuple(builder, sig.return_type, [value, least(others)[0], place])

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
