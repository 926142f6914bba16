"""Vector steps of the search, as explicit LLVM vectors: boxes, the distance tile, and its parts.

Plain loops neither keep accumulators in registers nor give the outcome of 32 comparisons as one mask, so
the innermost steps are written as vector values 16 lanes wide, whatever the CPU; LLVM splits them into
the registers that there are. ``lanes`` says the same in NumPy.

The tile of 4 queries x 32 rows keeps 8 accumulators in registers and costs, per dimension, 2 loads of
rows, 4 broadcasts and 8 multiply-adds: distances are |y|^2 - 2 x y + |x|^2 about the centre of the leaf, half
the arithmetic of differences, and close to the centre the cancellation is small and bounded. All of it is
float32 and only filters; ``search`` proves the bound and decides what passes in float64.

16 dimensions are 128 multiply-adds of 16 lanes, 64 cycles on a core that starts two each cycle; the tile
takes about 70, nine tenths of the peak (``perf annotate`` of a self-join of white noise: no spills in the
loop). Over the whole search that loop has 45 to 47 % of the time; the rest is box tests, fetching leaves and
exact distances.
"""

from llvmlite import ir
from numba import types
from numba.core import cgutils

from fastsmote._kernels.jit import vector_step
from fastsmote._kernels.neighbors import lanes

LANES = 16  # lanes of one vector value
TILE_ROWS = 32  # rows of the index in one tile, and queries in one box test: two vectors
TILE_QUERIES = 4
GROUP = 64  # values that are compared with a limit together
_LINE = 64  # bytes that are fetched together
BOX_DIMS = 4  # dimensions of a box test between two looks at the outcome

_F32 = ir.FloatType()
_F64 = ir.DoubleType()
_I32 = ir.IntType(32)
_I64 = ir.IntType(64)
_VEC = ir.VectorType(_F32, LANES)
_WIDE = ir.VectorType(_F64, LANES)
_EIGHT = ir.VectorType(_F64, 8)
FOUR = ir.VectorType(_F64, 4)
EIGHT = ir.VectorType(_F64, 8)
_INT = ir.VectorType(_I64, LANES)
_ZERO = ir.Constant(_VEC, [0.0] * LANES)


def _constant(value):
    return ir.Constant(_I64, value)


class Steps:
    """Shorthand for vector instructions in one function under construction."""

    def __init__(self, context, builder, signature, args):
        self.builder = builder
        self.data = {}  # pointer to the first element of each array argument
        self.columns = {}  # and the length of a row
        for which, kind in enumerate(signature.args):
            if isinstance(kind, types.Array):
                view = context.make_array(kind)(context, builder, args[which])
                self.data[which] = view.data
                self.columns[which] = cgutils.unpack_tuple(builder, view.shape, kind.ndim)[-1]

    def element(self, which, *at):
        """Pointer to an element of the array argument ``which`` (C order)."""
        builder = self.builder
        offset = at[0]
        if len(at) == 2:
            offset = builder.add(builder.mul(at[0], self.columns[which]), at[1])
        return builder.gep(self.data[which], [offset])

    def load(self, pointer, offset=0, vector=_VEC):
        moved = self.builder.gep(pointer, [_constant(offset)])
        align = 8 if vector in (_WIDE, FOUR, EIGHT, _F64) else 4
        return self.builder.load(self.builder.bitcast(moved, vector.as_pointer()), align=align)

    def load_double(self, which, row, p, kind):
        """One or more elements of a matrix of float32 or float64 as ``kind``, float64."""
        pointer = self.element(which, row, p)
        single = pointer.type.pointee == _F32
        stored = kind
        if single:
            stored = ir.VectorType(_F32, kind.count) if isinstance(kind, ir.VectorType) else _F32
        value = self.load(pointer, vector=stored)
        return self.builder.fpext(value, kind) if single else value

    def store(self, value, pointer, offset=0):
        moved = self.builder.gep(pointer, [_constant(offset)])
        self.builder.store(value, self.builder.bitcast(moved, value.type.as_pointer()), align=4)

    def splat(self, scalar, vector=_VEC):
        lane = self.builder.insert_element(ir.Constant(vector, ir.Undefined), scalar, ir.Constant(_I32, 0))
        everywhere = ir.Constant(ir.VectorType(_I32, vector.count), [0] * vector.count)
        return self.builder.shuffle_vector(lane, lane, everywhere)

    def muladd(self, a, b, c):
        """a * b + c: fused where the CPU fuses, never a library call."""
        kind = ir.FunctionType(_VEC, [_VEC] * 3)
        name = f"llvm.fmuladd.v{LANES}f32"
        return self.builder.call(cgutils.get_or_insert_function(self.builder.module, kind, name), [a, b, c])

    def total(self, vector):
        """Sum of the lanes, in any order."""
        kind = ir.FunctionType(_F32, [_F32, _VEC])
        name = f"llvm.vector.reduce.fadd.v{LANES}f32"
        function = cgutils.get_or_insert_function(self.builder.module, kind, name)
        return self.builder.call(function, [ir.Constant(_F32, 0.0), vector], fastmath=("reassoc",))

    def sum_of_four(self, vector):
        """(s0 + s1) + (s2 + s3)."""
        s0, s1, s2, s3 = (self.builder.extract_element(vector, ir.Constant(_I32, lane)) for lane in range(4))
        return self.builder.fadd(self.builder.fadd(s0, s1), self.builder.fadd(s2, s3))

    def maximum(self, a, b):
        return self.builder.select(self.builder.fcmp_ordered(">", a, b), a, b)

    def within(self, values, limits):
        """i64 mask of the lanes with value <= limit."""
        mask = self.builder.fcmp_ordered("<=", values, limits)
        return self.builder.zext(self.builder.bitcast(mask, ir.IntType(values.type.count)), _I64)

    def pair(self, low, high, shift):
        return self.builder.or_(low, self.builder.shl(high, _constant(shift)))

    def loop(self, start, stop, step, values, body):
        """Repeat ``values = body(i, values)`` for i in range(start, stop, step); returns the last."""
        builder = self.builder
        entry = builder.basic_block
        head = builder.append_basic_block("head")
        inside = builder.append_basic_block("inside")
        done = builder.append_basic_block("done")
        builder.branch(head)
        builder.position_at_end(head)
        i = builder.phi(_I64)
        i.add_incoming(start, entry)
        current = [builder.phi(value.type) for value in values]
        for phi, value in zip(current, values, strict=True):
            phi.add_incoming(value, entry)
        builder.cbranch(builder.icmp_signed("<", i, stop), inside, done)
        builder.position_at_end(inside)
        following = body(i, current)
        end = builder.basic_block
        i.add_incoming(builder.add(i, _constant(step)), end)
        for phi, value in zip(current, following, strict=True):
            phi.add_incoming(value, end)
        builder.branch(head)
        builder.position_at_end(done)
        return current


@vector_step(lanes.squared_norm)
def squared_norm(typingctx, z, r, start, stop):
    """Squared norm of z[r, start:stop] of float64, a multiple of 4 long: four chains instead of one."""
    i64 = types.int64
    signature = types.float64(z, i64, i64, i64)

    def codegen(context, builder, sig, args):
        steps = Steps(context, builder, sig, args)

        def add(p, total):
            value = steps.load(steps.element(0, args[1], p), vector=FOUR)
            return [builder.fadd(total[0], builder.fmul(value, value))]

        zero = ir.Constant(FOUR, [0.0] * 4)
        return steps.sum_of_four(*steps.loop(args[2], args[3], 4, [zero], add))

    return signature, codegen


@vector_step(lanes.largest)
def largest(typingctx, values):
    """Largest of a multiple of 16 float32."""
    signature = types.float32(values)

    def codegen(context, builder, sig, args):
        steps = Steps(context, builder, sig, args)

        def compare(i, most):
            return [steps.maximum(most[0], steps.load(steps.element(0, i)))]

        start = steps.load(steps.element(0, _constant(0)))
        (most,) = steps.loop(_constant(LANES), steps.columns[0], LANES, [start], compare)
        kind = ir.FunctionType(_F32, [_VEC])
        function = cgutils.get_or_insert_function(
            builder.module, kind, f"llvm.vector.reduce.fmax.v{LANES}f32"
        )
        return builder.call(function, [most])

    return signature, codegen


@vector_step(lanes.boxes_within)
def boxes_within(typingctx, down, up, at, low, high, leaf, limits):
    """Mask (int64) of the 32 queries from ``at`` on whose squared distance to a box is within their limit.

    ``down`` and ``up`` (d, m) are float32 coordinates rounded down and up, ``low`` and ``high`` (n_leaves,
    d) the boxes, ``limits`` (m,) float32; d is a multiple of 4. Gives up as soon as no query is within its
    limit.
    """
    i64 = types.int64
    signature = i64(down, up, i64, low, high, i64, limits)

    def codegen(context, builder, sig, args):
        steps = Steps(context, builder, sig, args)
        at, leaf = args[2], args[5]
        dims = steps.columns[3]
        limit_at = steps.element(6, at)
        limit = [steps.load(limit_at, half * LANES) for half in range(2)]

        entry = builder.basic_block
        loop = builder.append_basic_block("dims")
        done = builder.append_basic_block("done")
        builder.branch(loop)
        builder.position_at_end(loop)
        p = builder.phi(_I64)
        p.add_incoming(_constant(0), entry)
        sums = [builder.phi(_VEC) for _ in range(2)]
        for phi in sums:
            phi.add_incoming(_ZERO, entry)
        total = list(sums)
        for step in range(BOX_DIMS):
            q = builder.add(p, _constant(step))
            low = steps.splat(builder.load(steps.element(3, leaf, q)))
            high = steps.splat(builder.load(steps.element(4, leaf, q)))
            down_at, up_at = steps.element(0, q, at), steps.element(1, q, at)
            for half in range(2):
                under = builder.fsub(low, steps.load(up_at, half * LANES))
                over = builder.fsub(steps.load(down_at, half * LANES), high)
                gap = steps.maximum(steps.maximum(under, over), _ZERO)
                total[half] = steps.muladd(gap, gap, total[half])
        mask = steps.pair(*(steps.within(total[half], limit[half]) for half in range(2)), LANES)
        p_next = builder.add(p, _constant(BOX_DIMS))
        p.add_incoming(p_next, loop)
        for phi, value in zip(sums, total, strict=True):
            phi.add_incoming(value, loop)
        more = builder.icmp_signed("<", p_next, dims)
        alive = builder.icmp_signed("!=", mask, _constant(0))
        builder.cbranch(builder.and_(more, alive), loop, done)
        builder.position_at_end(done)
        return mask

    return signature, codegen


@vector_step(lanes.rotate)
def rotate(typingctx, X, i, scale, centre, basis, out, row):
    """out[row] = (X[i] * scale - centre) @ basis in float64, with a multiple of 32 columns."""
    i64 = types.int64
    signature = types.void(X, i64, types.float64, centre, basis, out, i64)

    def codegen(context, builder, sig, args):
        steps = Steps(context, builder, sig, args)
        features, columns = steps.columns[0], steps.columns[4]
        zero = ir.Constant(_WIDE, [0.0] * LANES)
        kind = ir.FunctionType(_WIDE, [_WIDE] * 3)
        muladd = cgutils.get_or_insert_function(builder.module, kind, f"llvm.fmuladd.v{LANES}f64")

        def columns_from(first, _):
            def feature(p, values):
                x = builder.load(steps.element(0, args[1], p))
                if sig.args[0].dtype == types.float32:
                    x = builder.fpext(x, _F64)
                x = builder.fsub(builder.fmul(x, args[2]), builder.load(steps.element(3, p)))
                x = steps.splat(x, _WIDE)
                at = steps.element(4, p, first)
                return [
                    builder.call(muladd, [x, steps.load(at, half * LANES, _WIDE), values[half]])
                    for half in range(2)
                ]

            totals = steps.loop(_constant(0), features, 1, [zero, zero], feature)
            at = steps.element(5, args[6], first)
            for half in range(2):
                steps.store(totals[half], at, half * LANES)
            return []

        steps.loop(_constant(0), columns, 2 * LANES, [], columns_from)
        return context.get_dummy_value()

    return signature, codegen


@vector_step(lanes.fetch)
def fetch(typingctx, X, i):
    """Tell the processor that row i of X will be read soon."""
    i64 = types.int64

    def codegen(context, builder, sig, args):
        steps = Steps(context, builder, sig, args)
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        prefetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        columns = _LINE // (sig.args[0].dtype.bitwidth // 8)
        how = [ir.Constant(number, value) for value in (0, 3, 1)]  # to be read, into all caches, as data

        def line(p, _):
            builder.call(prefetch, [builder.bitcast(steps.element(0, args[1], p), byte), *how])
            return []

        steps.loop(_constant(0), steps.columns[0], columns, [], line)
        return context.get_dummy_value()

    return types.void(X, i64), codegen


@vector_step(lanes.rotate_four)
def rotate_four(typingctx, X, i, scale, centre, basis, out):
    """out[t] = (X[i + t] * scale - centre) @ basis in float64, for t < 4 and 8 columns.

    Four rows side by side, so that no sum waits for another: 8 coordinates of a row cost a quarter of 32.
    """
    i64 = types.int64
    signature = types.void(X, i64, types.float64, centre, basis, out)

    def codegen(context, builder, sig, args):
        steps = Steps(context, builder, sig, args)
        kind = ir.FunctionType(_EIGHT, [_EIGHT] * 3)
        muladd = cgutils.get_or_insert_function(builder.module, kind, "llvm.fmuladd.v8f64")
        rows = [builder.add(args[1], _constant(t)) for t in range(TILE_QUERIES)]

        def feature(p, totals):
            middle = builder.load(steps.element(3, p))
            axes = steps.load(steps.element(4, p, _constant(0)), vector=_EIGHT)
            following = []
            for row, total in zip(rows, totals, strict=True):
                x = steps.load_double(0, row, p, _F64)
                x = steps.splat(builder.fsub(builder.fmul(x, args[2]), middle), _EIGHT)
                following.append(builder.call(muladd, [x, axes, total]))
            return following

        zero = ir.Constant(_EIGHT, [0.0] * 8)
        totals = steps.loop(_constant(0), steps.columns[0], 1, [zero] * TILE_QUERIES, feature)
        for t, total in enumerate(totals):
            steps.store(total, steps.element(5, _constant(t), _constant(0)))
        return context.get_dummy_value()

    return signature, codegen


@vector_step(lanes.localise)
def localise(typingctx, points, query, centres, leaf, local, t, head):
    """Coordinates of a query about the centre of a leaf: local[t] = -2 (points[query] - centres[leaf]),
    float32.

    ``points`` and ``centres`` are float64, all three have the same number of columns, a multiple of 16.
    Returns (float32) the squared norm of the coordinates and -2 times the norm of those from ``head`` on.
    """
    i64 = types.int64
    result = types.UniTuple(types.float32, 2)
    signature = result(points, i64, centres, i64, local, i64, i64)

    def codegen(context, builder, sig, args):
        steps = Steps(context, builder, sig, args)
        columns = steps.columns[0]
        head = steps.splat(args[6], _INT)
        lanes = ir.Constant(_INT, list(range(LANES)))
        minus_two = ir.Constant(_VEC, [-2.0] * LANES)

        def body(p, values):
            x = steps.load(steps.element(0, args[1], p), vector=_WIDE)
            c = steps.load(steps.element(2, args[3], p), vector=_WIDE)
            value = builder.fptrunc(builder.fsub(x, c), _VEC)
            steps.store(builder.fmul(value, minus_two), steps.element(4, args[5], p))
            leading = builder.icmp_signed("<", builder.add(lanes, steps.splat(p, _INT)), head)
            tail = builder.select(leading, _ZERO, value)
            return [
                steps.muladd(part, part, total) for part, total in zip((value, tail), values, strict=True)
            ]

        norms = steps.loop(_constant(0), columns, LANES, [_ZERO, _ZERO], body)
        norm, tail = (steps.total(vector) for vector in norms)
        kind = ir.FunctionType(_F32, [_F32])
        root = builder.call(cgutils.get_or_insert_function(builder.module, kind, "llvm.sqrt.f32"), [tail])
        return context.make_tuple(builder, result, [norm, builder.fmul(root, ir.Constant(_F32, -2.0))])

    return signature, codegen


@vector_step(lanes.tile)
def tile(
    typingctx, local, local_tails, panels, offset, stride, head, dims, norms, tails, row, limits, partial
):
    """Distances of 4 queries to 32 rows, less the queries' squared norms, and who is within a limit.

    Dimensions [0, head) come first, and of the rest what their norms say by Cauchy and Schwarz; then [head,
    dims) if any row is within its limit so far. ``local`` (4, >= dims) and ``local_tails`` (4,) as filled by
    ``localise``; ``panels`` is flat with dimension p of the 32 rows at ``offset + p * stride``; ``norms``
    and ``tails`` hold the rows' squared norms and the norms of their dimensions [head, dims), from ``row``
    on; ``limits`` is a tuple of 4 float32. Returns two int64 with the masks of the rows within the limits:
    q0 | q1 << 32 and q2 | q3 << 32; unless both are 0, ``partial`` (4, 32) holds the distances.
    """
    i64 = types.int64
    four = types.UniTuple(types.float32, TILE_QUERIES)
    result = types.UniTuple(i64, 2)
    signature = result(local, local_tails, panels, i64, i64, i64, i64, norms, tails, i64, four, partial)

    def codegen(context, builder, sig, args):
        steps = Steps(context, builder, sig, args)
        rows = steps.element(2, args[3])
        queries = [steps.element(0, _constant(t), _constant(0)) for t in range(TILE_QUERIES)]
        limits = [steps.splat(limit) for limit in cgutils.unpack_tuple(builder, args[10], TILE_QUERIES)]
        out = steps.element(11, _constant(0), _constant(0))

        def two(which):
            at = steps.element(which, args[9])
            return [steps.load(at, half * LANES) for half in range(2)]

        def add(queries, y, values):
            following = []
            for t in range(TILE_QUERIES):
                x = steps.splat(builder.load(queries[t]))
                following += [steps.muladd(x, y[half], values[2 * t + half]) for half in range(2)]
            return following

        def dimension(p, values):
            here = builder.gep(rows, [builder.mul(p, args[4])])
            y = [steps.load(here, half * LANES) for half in range(2)]
            return add([builder.gep(query, [p]) for query in queries], y, values)

        def masks(total):
            bits = []
            for t in range(TILE_QUERIES):
                low, high = (steps.within(total[2 * t + half], limits[t]) for half in range(2))
                bits.append(steps.pair(low, high, LANES))
            return [steps.pair(bits[t], bits[t + 1], TILE_ROWS) for t in (0, 2)]

        total = steps.loop(_constant(0), args[5], 1, two(7) * TILE_QUERIES, dimension)
        tails = [steps.element(1, _constant(t)) for t in range(TILE_QUERIES)]
        first = masks(add(tails, two(8), total))
        rejected = builder.basic_block
        rest = builder.append_basic_block("rest")
        done = builder.append_basic_block("done")
        any_row = builder.icmp_signed("!=", builder.or_(*first), _constant(0))
        builder.cbranch(any_row, rest, done)
        builder.position_at_end(rest)
        total = steps.loop(args[5], args[6], 1, total, dimension)
        for i, value in enumerate(total):
            steps.store(value, out, i * LANES)
        second = masks(total)
        passed = builder.basic_block
        builder.branch(done)
        builder.position_at_end(done)
        pairs = []
        for mask in second:
            phi = builder.phi(_I64)
            phi.add_incoming(_constant(0), rejected)
            phi.add_incoming(mask, passed)
            pairs.append(phi)
        return context.make_tuple(builder, result, pairs)

    return signature, codegen


@vector_step(lanes.at_most)
def at_most(typingctx, values, at, limit):
    """Mask (int64) of the 64 float32 or float64 from ``at`` on that are at most ``limit``."""
    i64, kind = types.int64, values.dtype
    vector = _VEC if kind == types.float32 else EIGHT

    def codegen(context, builder, sig, args):
        steps = Steps(context, builder, sig, args)
        limit, pointer = steps.splat(args[2], vector), steps.element(0, args[1])
        mask = _constant(0)
        for lane in range(0, GROUP, vector.count):
            mask = steps.pair(mask, steps.within(steps.load(pointer, lane, vector), limit), lane)
        return mask

    return i64(values, i64, kind), codegen


@vector_step(lanes.add_times)
def add_times(typingctx, sums, at, factor, rows, row):
    """sums[at:at + 64] += factor * rows[row, at:at + 64]."""
    i64 = types.int64

    def codegen(context, builder, sig, args):
        steps = Steps(context, builder, sig, args)
        factor, to, values = (
            steps.splat(args[2]),
            steps.element(0, args[1]),
            steps.element(3, args[4], args[1]),
        )
        for lane in range(0, GROUP, LANES):
            total = steps.muladd(factor, steps.load(values, lane), steps.load(to, lane))
            steps.store(total, to, lane)
        return context.get_dummy_value()

    return types.void(sums, i64, types.float32, rows, i64), codegen


@vector_step(lanes.lowest_bit)
def lowest_bit(typingctx, mask):
    """Position of the lowest set bit of a non-zero int64."""

    def codegen(context, builder, sig, args):
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.int64), codegen
