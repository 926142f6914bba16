"""The distance tile: 4 queries against 32 rows, accumulators in registers, as explicit vector IR.

Plain loops do not keep the eight accumulators in registers (the loop vectoriser stores them after each
dimension), so the two innermost steps are written as LLVM vectors, 16 lanes wide whatever the CPU: LLVM
splits them into the registers that there are. Per dimension: 2 loads of rows, 4 broadcasts, 8 subtractions
and 8 multiply-adds, so the arithmetic units and not the loads are the limit, and eight chains hide the
latency of a multiply-add.

Distances here are float32 and only filter; ``search`` bounds their error and re-checks what passes.
"""

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

LANES = 16  # lanes of one vector value
TILE_ROWS = 32  # rows of the index in one tile: two vectors
TILE_QUERIES = 4

_F32 = ir.FloatType()
_VEC = ir.VectorType(_F32, LANES)
_I64 = ir.IntType(64)


def _row_pointer(context, builder, array_type, array, row):
    """Pointer to element [row, 0] of a 2-D C array of float32."""
    view = context.make_array(array_type)(context, builder, array)
    stride = cgutils.unpack_tuple(builder, view.shape, 2)[1]
    return builder.gep(view.data, [builder.mul(row, stride)])


def _data_pointer(context, builder, array_type, array, offset):
    view = context.make_array(array_type)(context, builder, array)
    return builder.gep(view.data, [offset])


def _splat(builder, scalar):
    zero = ir.Constant(ir.IntType(32), 0)
    lane0 = builder.insert_element(ir.Constant(_VEC, ir.Undefined), scalar, zero)
    return builder.shuffle_vector(
        lane0, lane0, ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    )


def _load(builder, pointer, offset=None):
    if offset is not None:
        pointer = builder.gep(pointer, [offset])
    return builder.load(builder.bitcast(pointer, _VEC.as_pointer()), align=4)


def _store(builder, value, pointer, offset):
    pointer = builder.gep(pointer, [ir.Constant(_I64, offset)])
    builder.store(value, builder.bitcast(pointer, _VEC.as_pointer()), align=4)


def _muladd(builder, module):
    """llvm.fmuladd: fused where the CPU fuses, never a library call."""
    kind = ir.FunctionType(_VEC, [_VEC] * 3)
    function = cgutils.get_or_insert_function(module, kind, f"llvm.fmuladd.v{LANES}f32")
    return lambda a, b, c: builder.call(function, [a, b, c])


def _within(builder, distances, limit):
    """Bit mask (i64) of the lanes with distance <= limit."""
    mask = builder.fcmp_ordered("<=", distances, _splat(builder, limit))
    return builder.zext(builder.bitcast(mask, ir.IntType(LANES)), _I64)


@intrinsic
def tile(typingctx, queries, q0, q1, q2, q3, panels, offset, stride, stop, limits, partial):
    """Squared distances over dimensions [0, stop) of 4 queries to 32 rows.

    ``queries`` (n, d) and ``partial`` (4, 32) are float32 C arrays; ``panels`` is flat float32 with
    dimension p of the 32 rows at ``offset + p * stride``; ``limits`` is a tuple of 4 float32. Fills
    ``partial``; returns two int64 with the masks of the rows at distance <= limit: q0 | q1 << 32 and q2 |
    q3 << 32.
    """
    result = types.UniTuple(types.int64, 2)
    i64 = types.int64
    four = types.UniTuple(types.float32, 4)
    signature = result(queries, i64, i64, i64, i64, panels, i64, i64, i64, four, partial)

    def codegen(context, builder, sig, args):
        fma = _muladd(builder, builder.module)
        query = [_row_pointer(context, builder, sig.args[0], args[0], args[1 + i]) for i in range(4)]
        rows = _data_pointer(context, builder, sig.args[5], args[5], args[6])
        row_stride, n_dims = args[7], args[8]
        limit = cgutils.unpack_tuple(builder, args[9], 4)
        out = _data_pointer(context, builder, sig.args[10], args[10], ir.Constant(_I64, 0))

        entry = builder.basic_block
        loop = builder.append_basic_block("dims")
        done = builder.append_basic_block("done")
        zero = ir.Constant(_VEC, [0.0] * LANES)
        builder.branch(loop)
        builder.position_at_end(loop)
        p = builder.phi(_I64)
        p.add_incoming(ir.Constant(_I64, 0), entry)
        acc = [builder.phi(_VEC) for _ in range(8)]
        for a in acc:
            a.add_incoming(zero, entry)
        here = builder.gep(rows, [builder.mul(p, row_stride)])
        y = [_load(builder, here), _load(builder, here, ir.Constant(_I64, LANES))]
        following = []
        for i in range(4):
            x = _splat(builder, builder.load(builder.gep(query[i], [p])))
            for half in range(2):
                difference = builder.fsub(y[half], x)
                following.append(fma(difference, difference, acc[2 * i + half]))
        p_next = builder.add(p, ir.Constant(_I64, 1))
        p.add_incoming(p_next, loop)
        for a, new in zip(acc, following, strict=True):
            a.add_incoming(new, loop)
        builder.cbranch(builder.icmp_signed("<", p_next, n_dims), loop, done)

        builder.position_at_end(done)
        masks = []
        for i in range(4):
            for half in range(2):
                _store(builder, following[2 * i + half], out, i * TILE_ROWS + half * LANES)
            low = _within(builder, following[2 * i], limit[i])
            high = _within(builder, following[2 * i + 1], limit[i])
            masks.append(builder.or_(low, builder.shl(high, ir.Constant(_I64, LANES))))
        pairs = [
            builder.or_(masks[i], builder.shl(masks[i + 1], ir.Constant(_I64, TILE_ROWS))) for i in (0, 2)
        ]
        return context.make_tuple(builder, result, pairs)

    return signature, codegen


@intrinsic
def finish(typingctx, queries, q, panels, offset, stride, start, stop, limit, partial, at):
    """Add dimensions [start, stop) to 16 partial distances of one query.

    ``partial`` is the flat index ``at`` of 16 float32 in a C array and is updated; returns an int64 mask of
    the rows at distance <= limit. Two chains, for even and odd dimensions, halve the latency.
    """
    i64 = types.int64
    signature = i64(queries, i64, panels, i64, i64, i64, i64, types.float32, partial, i64)

    def codegen(context, builder, sig, args):
        fma = _muladd(builder, builder.module)
        query = _row_pointer(context, builder, sig.args[0], args[0], args[1])
        rows = _data_pointer(context, builder, sig.args[2], args[2], args[3])
        row_stride, first, n_dims, limit = args[4], args[5], args[6], args[7]
        out = _data_pointer(context, builder, sig.args[8], args[8], args[9])

        def step(p, total):
            y = _load(builder, builder.gep(rows, [builder.mul(p, row_stride)]))
            difference = builder.fsub(y, _splat(builder, builder.load(builder.gep(query, [p]))))
            return fma(difference, difference, total)

        one = ir.Constant(_I64, 1)
        two = ir.Constant(_I64, 2)
        zero = ir.Constant(_VEC, [0.0] * LANES)
        given = _load(builder, out)
        entry = builder.basic_block
        pairs = builder.append_basic_block("pairs")
        body = builder.append_basic_block("body")
        tail = builder.append_basic_block("tail")
        odd = builder.append_basic_block("odd")
        done = builder.append_basic_block("done")
        builder.branch(pairs)

        builder.position_at_end(pairs)
        p = builder.phi(_I64)
        even_total, odd_total = builder.phi(_VEC), builder.phi(_VEC)
        p.add_incoming(first, entry)
        even_total.add_incoming(given, entry)
        odd_total.add_incoming(zero, entry)
        p_one = builder.add(p, one)
        builder.cbranch(builder.icmp_signed("<", p_one, n_dims), body, tail)

        builder.position_at_end(body)
        p.add_incoming(builder.add(p, two), body)
        even_total.add_incoming(step(p, even_total), body)
        odd_total.add_incoming(step(p_one, odd_total), body)
        builder.branch(pairs)

        builder.position_at_end(tail)
        builder.cbranch(builder.icmp_signed("<", p, n_dims), odd, done)
        builder.position_at_end(odd)
        last = step(p, even_total)
        builder.branch(done)

        builder.position_at_end(done)
        even_final = builder.phi(_VEC)
        even_final.add_incoming(even_total, tail)
        even_final.add_incoming(last, odd)
        total = builder.fadd(even_final, odd_total)
        _store(builder, total, out, 0)
        return _within(builder, total, limit)

    return signature, codegen


@intrinsic
def lowest_bit(typingctx, mask):
    """Position of the lowest set bit of a non-zero int64."""

    def codegen(context, builder, sig, args):
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.int64), codegen
