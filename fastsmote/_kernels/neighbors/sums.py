"""Vector steps over what a query has added up for each row, beside those of ``tile``."""

from llvmlite import ir
from numba import types
from numba.core import cgutils

from fastsmote._kernels.jit import vector_step
from fastsmote._kernels.neighbors import lanes
from fastsmote._kernels.neighbors.tile import FOUR, LANES, Steps

_BYTE, _NUMBER, _I64, _F64 = ir.IntType(8).as_pointer(), ir.IntType(32), ir.IntType(64), ir.DoubleType()
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


@vector_step(lanes.add_row)
def add_row(typingctx, sums, at, data, columns, start, stop, factor, rows):
    """sums[at:at + 16] += data[q] * factor * rows[columns[q], at:at + 16], added up for q in [start, stop).

    Sums stay in a register: in memory each would wait for the one before for twice as long.
    """
    i64 = types.int64

    def codegen(context, builder, sig, args):
        steps = Steps(context, builder, sig, args)

        def add(q, totals):
            value = builder.fmul(_double(steps, sig, 2, q), args[6])
            row = steps.element(7, _column(steps, sig, 3, q), args[1])
            value = steps.splat(builder.fptrunc(value, ir.FloatType()))
            return [steps.muladd(value, steps.load(row), totals[0])]

        to = steps.element(0, args[1])
        (total,) = steps.loop(args[4], args[5], 1, [steps.load(to)], add)
        steps.store(total, to)
        return context.get_dummy_value()

    return types.void(sums, i64, data, columns, i64, i64, types.float64, rows), codegen


@vector_step(lanes.four_products)
def four_products(typingctx, data, columns, start, stop, factor, rows, at):
    """Sums of data[q] * factor * rows[columns[q], at + t] over q in [start, stop), for t < 4, in float64."""
    i64 = types.int64
    result = types.UniTuple(types.float64, 4)

    def codegen(context, builder, sig, args):
        steps = Steps(context, builder, sig, args)
        kind = ir.FunctionType(FOUR, [FOUR] * 3)
        muladd = cgutils.get_or_insert_function(builder.module, kind, "llvm.fmuladd.v4f64")

        def add(q, totals):
            value = steps.splat(builder.fmul(_double(steps, sig, 0, q), args[4]), FOUR)
            row = steps.load(steps.element(5, _column(steps, sig, 1, q), args[6]), vector=FOUR)
            return [builder.call(muladd, [value, row, totals[0]])]

        (total,) = steps.loop(args[2], args[3], 1, [ir.Constant(FOUR, [0.0] * 4)], add)
        lanes_of = [builder.extract_element(total, ir.Constant(_NUMBER, t)) for t in range(4)]
        return context.make_tuple(builder, result, lanes_of)

    return result(data, columns, i64, i64, types.float64, rows, i64), codegen


def _double(steps, sig, which, q):
    """Element q of an array of float32 or float64, as float64."""
    value = steps.builder.load(steps.element(which, q))
    return steps.builder.fpext(value, _F64) if sig.args[which].dtype == types.float32 else value


def _column(steps, sig, which, q):
    """Element q of an array of int32 or int64, as int64."""
    value = steps.builder.load(steps.element(which, q))
    return steps.builder.sext(value, _I64) if sig.args[which].dtype == types.int32 else value
