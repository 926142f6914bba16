"""Drawing plans and applying them. Row j of a class's new rows uses only (seed, class, j)."""

import math

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils

from fastsmote._kernels.jit import inlined, kernel, vector_step
from fastsmote._kernels.neighbors import lanes
from fastsmote._kernels.neighbors.tile import Steps
from fastsmote._kernels.random import draw, unit

_LANES = 8
_SINGLES, _DOUBLES = (ir.VectorType(kind, _LANES) for kind in (ir.FloatType(), ir.DoubleType()))
_NOISE = np.uint64(1)  # first of the draws that make noise


@kernel
def resolve(rows, place, neighbors, base, neighbor, lo, hi):
    """Turn (candidate, column) into row numbers of X, in place.

    ``rows`` (n_candidates,) are the candidates in X and ``place`` their rows in ``neighbors`` (n_queries, k).
    """
    for j in range(lo, hi):
        i = base[j]
        neighbor[j] = neighbors[place[i], neighbor[j]]
        base[j] = rows[i]


@inlined
def between(x, y, g):
    """The value at gap g of the way from x to y.

    Kept between the two, which rounding could leave by a last digit; a difference that overflows is taken as
    a weighted mean instead. A negative gap leads away from y. Where one is missing (NaN) it is the other.
    """
    step = y - x
    if abs(step) < np.inf:
        value = x + g * step
    elif math.isnan(x):
        return y
    elif math.isnan(y):
        return x
    else:
        value = x * (1.0 - g) + y * g
    if g >= 0.0:
        small, large = (x, y) if x < y else (y, x)
        value = value if value > small else small
        value = value if value < large else large
    return value


@vector_step(lanes.plainly_between)
def _plainly_between(typingctx, X, a, b, gap, out, i):
    """out[i] = ``between`` of rows a and b of X, of 8 features or more; False where a value is missing or a
    difference overflows: what was written is not right then. The gap is not negative.

    The last 8 columns are computed together, too, some of them for the second time.
    """
    i64 = types.int64
    signature = types.boolean(X, i64, i64, types.float64, out, i64)

    def codegen(context, builder, sig, args):
        steps = Steps(context, builder, sig, args)
        given = _SINGLES if sig.args[0].dtype == types.float32 else _DOUBLES  # so is what is wanted
        gap = steps.splat(args[3], _DOUBLES)
        endless = ir.Constant(given, [math.inf] * _LANES)
        kind = ir.FunctionType(given, [given])
        name = f"llvm.fabs.v{_LANES}f{32 if given == _SINGLES else 64}"
        size = cgutils.get_or_insert_function(builder.module, kind, name)
        last = builder.sub(steps.columns[0], ir.Constant(ir.IntType(64), _LANES))

        def longer(values):
            return values if given == _DOUBLES else builder.fpext(values, _DOUBLES)

        def columns(p, wrong):
            p = builder.select(builder.icmp_signed("<", p, last), p, last)
            x, y = (steps.load(steps.element(0, args[row], p), vector=given) for row in (1, 2))
            step = builder.fsub(y, x)
            value = builder.fadd(longer(x), builder.fmul(gap, longer(step)))
            ascends = builder.fcmp_ordered("<", x, y)
            small, large = (longer(builder.select(ascends, *ends)) for ends in ((x, y), (y, x)))
            value = builder.select(builder.fcmp_ordered(">", value, small), value, small)
            value = builder.select(builder.fcmp_ordered("<", value, large), value, large)
            value = value if given == _DOUBLES else builder.fptrunc(value, _SINGLES)
            steps.store(value, steps.element(4, args[5], p))
            here = builder.fcmp_unordered(">=", builder.call(size, [step]), endless)
            return [builder.or_(wrong[0], here)]

        none = ir.Constant(ir.VectorType(ir.IntType(1), _LANES), [0] * _LANES)
        (wrong,) = steps.loop(ir.Constant(ir.IntType(64), 0), steps.columns[0], _LANES, [none], columns)
        bits = builder.bitcast(wrong, ir.IntType(_LANES))
        return builder.icmp_signed("==", bits, ir.Constant(ir.IntType(_LANES), 0))

    return signature, codegen


@kernel
def interpolate(X, base, neighbor, gap, out, lo, hi):
    """out[i] = point at gap[i] of the way from row base[i] to row neighbor[i], for i in [lo, hi).

    A step away from the neighbour that leaves the range of floats is not made.
    """
    for i in range(lo, hi):
        a, b, g = base[i], neighbor[i], gap[i]
        if g >= 0.0 and X.shape[1] >= _LANES and _plainly_between(X, a, b, g, out, i):
            continue
        for p in range(X.shape[1]):
            out[i, p] = between(X[a, p], X[b, p], g)
            if g < 0.0 and abs(out[i, p]) == np.inf:
                out[i, p] = X[a, p]


@kernel
def add_noise(seed, stream, group, first, deviation, start, out, lo, hi):
    """Add normal noise to out[i], row start + i of a plan, for i in [lo, hi).

    ``group`` (n_new,) is the group of each new row. Group c (K,) draws from seed[c] and stream[c] by the
    place of a row behind first[c], and deviates by deviation[c] per column. Box-Muller, columns in pairs.
    Noise that leaves the range of floats is not added.
    """
    d = out.shape[1]
    for i in range(lo, hi):
        c = group[start + i]
        row = np.uint64(start + i - first[c])
        for p in range(0, d, 2):
            a, b = draw(seed[c], stream[c], row, _NOISE + np.uint64(p // 2))
            radius = math.sqrt(-2.0 * math.log(1.0 - unit(a)))
            angle = 2.0 * math.pi * unit(b)
            before = out[i, p]
            out[i, p] += deviation[c, p] * radius * math.cos(angle)
            if abs(out[i, p]) == np.inf:
                out[i, p] = before
            if p + 1 < d:
                before = out[i, p + 1]
                out[i, p + 1] += deviation[c, p + 1] * radius * math.sin(angle)
                if abs(out[i, p + 1]) == np.inf:
                    out[i, p + 1] = before
