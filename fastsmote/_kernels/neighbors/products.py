"""What follows products of rows and queries, which BLAS forms: their exact distances, of few.

A product bounds a squared distance from below and from above: see ``_neighbors.products``, which says by how
much one may be wrong.
"""

import math
from typing import NamedTuple

import numpy as np
from llvmlite import ir
from numba import types

from fastsmote._kernels.jit import inlined, kernel, vector_step
from fastsmote._kernels.neighbors import lanes
from fastsmote._kernels.neighbors.distance import squared_distance
from fastsmote._kernels.neighbors.lists import insert
from fastsmote._kernels.neighbors.search import nth_smallest, with_categories
from fastsmote._kernels.neighbors.tile import GROUP, TILE_ROWS, Steps, at_most, lowest_bit, squared_norm

COLUMNS = 64  # of products side by side: each has its least


class Compared(NamedTuple):
    """Rows that products were made of."""

    X: np.ndarray
    ids: np.ndarray  # (n,) rows of X
    scale: float  # of exact distances
    low: np.ndarray  # (n,) (sign - error) times the squared norm about the centre
    high: np.ndarray  # (n,) (sign + error) times it
    error: float  # of a squared distance, relative to both squared norms
    tiny: float  # and of what underflows
    codes: np.ndarray  # (n_all, n_categorical) int32 of X, may have no columns
    cost: float  # that a pair of different categories adds
    more: float  # that all categories add, in the units of products


class BoundScratch(NamedTuple):
    """Scratch of a query."""

    bounds: np.ndarray  # (n rounded up to 64,) of rows from below, without what the query adds
    least: np.ndarray  # (64,) from above, of each column


class Formed(NamedTuple):
    """Products of queries and rows."""

    flat: np.ndarray  # those of query i from places[i] times ``width`` on
    width: int
    places: np.ndarray  # (m,)
    factor: np.floating  # of their type: what makes them -2 times the products, times ``sign``


class Asking(NamedTuple):
    """Queries that products were made of."""

    Q: np.ndarray
    rows: np.ndarray  # (m,) of Q
    own: np.ndarray  # (m,) rows of X to leave out, -1 for none
    norms: np.ndarray  # (m,) squared, about the centre


@kernel
def centre(X, rows, factor, about, point, centred, norms, lo, hi):
    """centred[i] = X[rows[i]] times the factor less the centre, for i in [lo, hi), and its squared norm.

    ``point`` (1, d and zeros up to a multiple of 4) is scratch.
    """
    for i in range(lo, hi):
        row = rows[i]
        for p in range(centred.shape[1]):
            value = X[row, p] * factor - about[p]
            point[0, p] = value
            centred[i, p] = value
        norms[i] = squared_norm(point, 0, 0, point.shape[1])


@vector_step(lanes.bound_products)
def bound_products(typingctx, products, start, stride, factor, low, high, bounds, least):
    """bounds[:n] = factor times products + low, least[:64] at most the same + high, column by column.

    ``products`` is flat, with those of rows 32 j to 32 j + 31 from ``start`` + j times ``stride`` on. Only as
    many of n as fill 64 columns.
    """
    i64, kind = types.int64, products.dtype
    signature = types.void(products, i64, i64, kind, low, high, bounds, least)
    single = kind == types.float32
    vector = ir.VectorType(ir.FloatType(), 16) if single else ir.VectorType(ir.DoubleType(), 8)

    def codegen(context, builder, sig, args):
        steps = Steps(context, builder, sig, args)
        n, zero = steps.columns[4], ir.Constant(args[1].type, 0)
        factor, to = steps.splat(args[3], vector), steps.element(7, zero)
        places = range(0, COLUMNS, vector.count)

        def bound(at, totals):
            tile = builder.udiv(at, ir.Constant(at.type, TILE_ROWS))
            first = builder.add(args[1], builder.mul(tile, args[2]))
            tiles = [steps.element(0, of) for of in (first, builder.add(first, args[2]))]
            of_rows = [steps.element(which, at) for which in (4, 5, 6)]
            following = []
            for place, total in zip(places, totals, strict=True):
                product = steps.load(tiles[place // TILE_ROWS], place % TILE_ROWS, vector)
                low, high = (steps.load(pointer, place, vector) for pointer in of_rows[:2])
                product = builder.fmul(product, factor)
                steps.store(builder.fadd(product, low), of_rows[2], place)
                above = builder.fadd(product, high)
                is_less = builder.fcmp_ordered("<", above, total)
                following.append(builder.select(is_less, above, total))
            return following

        whole = builder.and_(n, ir.Constant(n.type, -COLUMNS))
        totals = [steps.load(to, place, vector) for place in places]
        for place, total in zip(places, steps.loop(zero, whole, COLUMNS, totals, bound), strict=True):
            steps.store(total, to, place)
        return context.get_dummy_value()

    return signature, codegen


@inlined
def choose_rows(products, start, stride, factor, compared, query, sign, sums, distances, indices):
    """Offer a query (of Q, row, own row, squared norm) the rows that can be among its k first.

    Of the least upper bounds of 64 columns, which are different rows, k + 1 bound the distances of k rows
    beside the query itself: k is less. Returns how many got a distance.
    """
    ids, low, high, error = compared.ids, compared.low, compared.high, compared.error
    Q, row, itself, norm = query
    bounds, least = sums
    n, k, n_exact = ids.shape[0], distances.shape[0], 0
    least[:] = np.inf
    bound_products(products, start, stride, factor, low, high, bounds, least)
    for place in range(n - n % COLUMNS, n):
        product = factor * products[start + place // TILE_ROWS * stride + place % TILE_ROWS]
        bounds[place] = product + low[place]
        least[place % COLUMNS] = min(least[place % COLUMNS], product + high[place])
    limit = np.float64(nth_smallest(least, k + 1)) + compared.more
    if limit < math.inf:
        limit += 4.0 * error * (norm + abs(limit)) + compared.tiny
        limit += abs(limit) * 2.0**-22  # rounded up
    most = distances[k - 1]
    for first in range(0, n, GROUP):
        mask = at_most(bounds, first, least.dtype.type(limit))
        while mask != 0:
            place = first + lowest_bit(mask)
            mask &= mask - 1
            if place < n and ids[place] != itself:
                d2 = squared_distance(compared.X, ids[place], Q, row, compared.scale)
                d2 = sign * with_categories(compared.codes, compared.cost, ids[place], row, d2)
                n_exact += 1
                if d2 <= most:
                    insert(distances, indices, d2, ids[place])
                    most = distances[k - 1]
    return n_exact


@kernel
def choose(formed, compared, asking, sign, sums, distances, indices, lo, hi):
    """Offer queries [lo, hi) the rows that can be among their k first, k less than 64.

    Distances count times ``sign``; with categories, it is 1 and Q is X. Returns how many there were.
    """
    Q, rows, own, norms = asking
    n_exact = 0
    for i in range(lo, hi):
        n_exact += choose_rows(
            formed.flat,
            formed.places[i] * formed.width,
            TILE_ROWS,
            formed.factor,
            compared,
            (Q, rows[i], own[i], norms[i]),
            sign,
            sums,
            distances[i],
            indices[i],
        )
    return n_exact
