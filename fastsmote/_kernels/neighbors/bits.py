"""Rows of zeros and ones: the features in which two rows differ are counted, 64 at a time.

The count is the squared distance, times a power of two, without an error: nothing is filtered, and ties cost
no exact distances. A pair of rows of 500 features takes 8 exclusive ors, and as many counts and sums, eight
rows to an instruction, where the tile of ``tile`` multiplies and adds 500 times.
"""

import math
from typing import NamedTuple

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils

from fastsmote._kernels.jit import inlined, kernel, vector_step
from fastsmote._kernels.neighbors import lanes
from fastsmote._kernels.neighbors.lists import insert
from fastsmote._kernels.neighbors.tile import GROUP, Steps, at_most, lowest_bit

WORD = 64  # features of a word
_TOGETHER = 8  # rows of one vector
_IN_CACHE = 1 << 13  # words of rows that a block's queries meet one after the other: 64 KiB
_MOST = 2.0**24  # features, so that float32 holds each count

_I64 = ir.IntType(64)
_WORDS = ir.VectorType(_I64, _TOGETHER)
_HALVES = ir.VectorType(ir.IntType(32), _TOGETHER)
_SINGLES = ir.VectorType(ir.FloatType(), _TOGETHER)


class BitRows(NamedTuple):
    """Rows of zeros and ones, 64 by 64."""

    planes: np.ndarray  # (n / 64, 64 n_words) uint64: word w of row t is at [:, 64 w + t]
    ids: np.ndarray  # (n,) rows of X, ascending
    start: np.ndarray  # (n up to a multiple of 64,) float32, what counts begin with: 0, or inf for no row
    unit: float  # squared scaled distance of rows that differ in one feature, a power of two


class BitQueries(NamedTuple):
    """Queries."""

    words: np.ndarray  # (m, n_words) uint64
    own: np.ndarray  # (m,) row of X to leave out, -1 for none


@kernel
def pack(X, rows, words, lo, hi):
    """words[i] = bits of row rows[i] for i in [lo, hi); False if one has other values than 0 and 1."""
    d = X.shape[1]
    for i in range(lo, hi):
        row, is_other = rows[i], False
        for w in range(words.shape[1]):
            word = np.uint64(0)
            for p in range(w * WORD, min(d, (w + 1) * WORD)):
                value = X[row, p]
                is_other |= (value != 0.0) & (value != 1.0)
                word |= np.uint64(value == 1.0) << np.uint64(p % WORD)
            words[i, w] = word
        if is_other:
            return False
    return True


@vector_step(lanes.count_different)
def count_different(typingctx, planes, at, words, i, sign, start, counts):
    """counts[t] = start + sign * number of bits in which row t of 64, planes[at], differs from words[i]."""
    i64 = types.int64
    signature = types.void(planes, i64, words, i64, types.float32, start, counts)

    def codegen(context, builder, sig, args):
        steps = Steps(context, builder, sig, args)
        kind = ir.FunctionType(_WORDS, [_WORDS])
        ones = cgutils.get_or_insert_function(builder.module, kind, "llvm.ctpop.v8i64")
        lots = range(0, WORD, _TOGETHER)

        def word(w, totals):
            query = steps.splat(builder.load(steps.element(2, args[3], w)), _WORDS)
            rows = steps.element(0, args[1], builder.mul(w, ir.Constant(_I64, WORD)))
            following = []
            for first, total in zip(lots, totals, strict=True):
                differ = builder.xor(steps.load(rows, first, _WORDS), query)
                following.append(builder.add(total, builder.call(ones, [differ])))
            return following

        none = ir.Constant(_WORDS, [0] * _TOGETHER)
        totals = steps.loop(ir.Constant(_I64, 0), steps.columns[2], 1, [none] * len(lots), word)
        sign, begin = (
            steps.splat(args[4], _SINGLES),
            steps.element(5, builder.mul(args[1], ir.Constant(_I64, WORD))),
        )
        for first, total in zip(lots, totals, strict=True):
            # by 32 bits, which AVX2 converts too
            count = builder.sitofp(builder.trunc(total, _HALVES), _SINGLES)
            value = builder.fadd(builder.fmul(count, sign), steps.load(begin, first, _SINGLES))
            steps.store(value, steps.element(6, ir.Constant(_I64, first)))
        return context.get_dummy_value()

    return signature, codegen


@inlined
def _limit(last, index, unit, following):
    """What counts of rows from ``following`` on are at most that come before the last of a list."""
    most = math.floor(min(last / unit, _MOST))
    return np.float32(most - 1.0 if most * unit == last and index < following else most)


@kernel
def offer_bits(held, asked, sign, counts, distances, indices, lo, hi):
    """Offer the queries [lo, hi) all rows; lists hold squared distances times ``sign``.

    ``sign`` is 1 for the nearest rows and -1 for the farthest, ``counts`` (64,) scratch.
    """
    planes, ids, start, unit = held
    last, n_tiles, n_words = distances.shape[1] - 1, planes.shape[0], asked.words.shape[1]
    room = max(1, _IN_CACHE // (GROUP * n_words))
    for first in range(0, n_tiles, room):
        for i in range(lo, hi):
            nearest, found = distances[i], indices[i]
            limit = _limit(nearest[last], found[last], unit, ids[first * GROUP])
            for at in range(first, min(n_tiles, first + room)):
                count_different(planes, at, asked.words, i, sign, start, counts)
                mask = at_most(counts, 0, limit)
                while mask != 0:
                    t = lowest_bit(mask)
                    mask &= mask - 1
                    index = ids[at * GROUP + t]
                    if counts[t] <= limit and index != asked.own[i]:
                        insert(nearest, found, counts[t] * unit, index)
                        limit = _limit(nearest[last], found[last], unit, index + 1)
