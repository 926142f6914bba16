"""Vector steps over what a query has added up for each row, beside those of ``tile``."""

from llvmlite import ir
from numba import types
from numba.core import cgutils

from fastsmote._kernels.jit import vector_step
from fastsmote._kernels.neighbors import lanes
from fastsmote._kernels.neighbors.tile import LANES, Steps

_BYTE, _NUMBER, _I64 = ir.IntType(8).as_pointer(), ir.IntType(32), ir.IntType(64)
_VEC = ir.VectorType(ir.FloatType(), LANES)
_INF = ir.Constant(_VEC, [float("inf")] * LANES)


@vector_step(lanes.least_by_lane)
def least_by_lane(typingctx, sums, halves, factor, least):
    """least[j] = the least of sums[i] + factor * abs(halves[i]) over all i with i % 16 = j.

    ``halves`` is as long as a multiple of 16, ``sums`` as long or longer.
    """

    def codegen(context, builder, sig, args):
        steps = Steps(context, builder, sig, args)
        factor = steps.splat(args[2])
        kind = ir.FunctionType(_VEC, [_VEC])
        absolute = cgutils.get_or_insert_function(builder.module, kind, f"llvm.fabs.v{LANES}f32")

        def compare(at, values):
            half = builder.call(absolute, [steps.load(steps.element(1, at))])
            bound = steps.muladd(factor, half, steps.load(steps.element(0, at)))
            smaller = builder.fcmp_ordered("<", bound, values[0])
            return [builder.select(smaller, bound, values[0])]

        start, stop = ir.Constant(_I64, 0), steps.columns[1]
        (smallest,) = steps.loop(start, stop, LANES, [_INF], compare)
        steps.store(smallest, steps.element(3, start))
        return context.get_dummy_value()

    return types.void(sums, halves, types.float32, least), codegen


@vector_step(lanes.fetch_from)
def fetch_from(typingctx, values, i):
    """Tell the processor that values[i] and what follows will be read soon."""

    def codegen(context, builder, sig, args):
        steps = Steps(context, builder, sig, args)
        kind = ir.FunctionType(ir.VoidType(), [_BYTE, _NUMBER, _NUMBER, _NUMBER])
        prefetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        how = [ir.Constant(_NUMBER, value) for value in (0, 3, 1)]  # to be read, into all caches, as data
        builder.call(prefetch, [builder.bitcast(steps.element(0, args[1]), _BYTE), *how])
        return context.get_dummy_value()

    return types.void(values, types.int64), codegen


@vector_step(lanes.add_lanes)
def add_lanes(typingctx, sums, at, factor, rows, row):
    """sums[at:at + 16] += factor * rows[row, at:at + 16]."""

    def codegen(context, builder, sig, args):
        steps = Steps(context, builder, sig, args)
        to, values = steps.element(0, args[1]), steps.element(3, args[4], args[1])
        steps.store(steps.muladd(steps.splat(args[2]), steps.load(values), steps.load(to)), to)
        return context.get_dummy_value()

    return types.void(sums, types.int64, types.float32, rows, types.int64), codegen
