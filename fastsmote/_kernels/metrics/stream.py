"""Kernels of streaming sweeps: rows counted, or their weights added up exactly, in bins of float64 scores.

The leading 22 bits of a score's key (sign, exponent and 10 bits of the fraction; see ``sweep``) are its cell.
A *page* holds the 1024 cells of one sign and exponent, and exists once a score falls into it: ``directory``
maps the leading 12 bits to the page, or to -1.

Sums of weights are integers, so that they do not depend on the order of rows: *layer* l counts multiples of
2**(32 l), and a weight is dealt exactly into at most three layers, less than 2**32 to each.
"""

import numpy as np

from fastsmote._kernels.jit import kernel, linked
from fastsmote._kernels.metrics.sweep import to_key

PAGE_BITS = 10
PAGE = 1 << PAGE_BITS  # cells per page
N_PAGES = 1 << 12
CELL_SHIFT = 64 - 12 - PAGE_BITS
LOWER = (1 << 63) - 1  # the bits of a float64 below its sign
MINUS_ZERO = -(1 << 63)
LAYER_BITS = 32
_LAYER_MASK = np.uint64((1 << LAYER_BITS) - 1)
_SKIP = 2  # code of a row without weight
_OFFSET = 34  # layers below 0, so that shifts are of positive numbers: 2**-1074 lies in layer -34


@kernel
def cell_of(bits, flip):
    """Cell of a score from its bits, 0 for the highest scores.

    ``flip`` is LOWER, but must come as an argument: of the constant LLVM makes a branch on the sign, which
    took scores of random signs from 480 to 190 million a second.
    """
    return np.uint64(to_key(bits, flip, MINUS_ZERO) ^ np.int64(MINUS_ZERO)) >> np.uint64(CELL_SHIFT)


@kernel
def cells_of(bits, flip, cells):
    for i in range(bits.shape[0]):
        cells[i] = cell_of(bits[i], flip)


@kernel
def count_rows(bits, codes, lo, hi, flip, directory, table):
    """table[2 * slot + code] += 1 for rows [lo, hi); returns the first row whose page is missing, or hi."""
    for i in range(lo, hi):
        cell = cell_of(bits[i], flip)
        page = directory[cell >> np.uint64(PAGE_BITS)]
        if page < 0:
            return i
        slot = (np.int64(page) << PAGE_BITS) + np.int64(cell & np.uint64(PAGE - 1))
        table[np.uint64(2 * slot + np.int64(codes[i]))] += 1
    return hi


@linked
def pieces_of(weight_bits):
    """Layer of the lowest piece (counted from -34) of a weight that is not negative, and its three pieces."""
    exponent = weight_bits >> np.int64(52)
    digits = np.uint64(weight_bits & np.int64((1 << 52) - 1))
    if exponent > 0:
        digits |= np.uint64(1 << 52)
    else:
        exponent = np.int64(1)
    place = exponent - 1075 + LAYER_BITS * _OFFSET
    shift = np.uint64(place & np.int64(LAYER_BITS - 1))
    high = digits >> np.uint64(LAYER_BITS)
    first = (digits << shift) & _LAYER_MASK
    second = (digits >> (np.uint64(LAYER_BITS) - shift)) & _LAYER_MASK
    third = high >> (np.uint64(LAYER_BITS) - shift)
    return place >> np.int64(5), np.int64(first), np.int64(second), np.int64(third)


@kernel
def layers_of(weights, codes, lowest, highest):
    """The lowest and the highest layer that the weights have a piece in, and those given."""
    for i in range(weights.shape[0]):
        if codes[i] != _SKIP:
            layer, first, second, third = pieces_of(weights[i])
            layer -= _OFFSET
            lowest = min(lowest, layer + (0 if first else (1 if second else 2)))
            highest = max(highest, layer + (2 if third else (1 if second else 0)))
    return lowest, highest


@kernel
def add_weights(bits, codes, weights, lo, hi, flip, lowest, directory, table):
    """As ``count_rows``, adding pieces of weights[i] to table[layer - lowest, 2 * slot + code]."""
    for i in range(lo, hi):
        code = np.int64(codes[i])
        if code == _SKIP:
            continue
        cell = cell_of(bits[i], flip)
        page = directory[cell >> np.uint64(PAGE_BITS)]
        if page < 0:
            return i
        slot = (np.int64(page) << PAGE_BITS) + np.int64(cell & np.uint64(PAGE - 1))
        layer, first, second, third = pieces_of(weights[i])
        layer -= _OFFSET + lowest
        if first:
            table[layer, 2 * slot + code] += first
        if second:
            table[layer + 1, 2 * slot + code] += second
        if third:
            table[layer + 2, 2 * slot + code] += third
    return hi


@kernel
def deal_weights(weights, lowest, pieces):
    """pieces[layer - lowest, i]: the pieces of weights[i]."""
    for i in range(weights.shape[0]):
        layer, first, second, third = pieces_of(weights[i])
        layer -= _OFFSET + lowest
        if first:
            pieces[layer, i] = first
        if second:
            pieces[layer + 1, i] = second
        if third:
            pieces[layer + 2, i] = third
