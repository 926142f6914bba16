"""Kernels under calibration: exact sums per bin of probabilities, losses of rows, sums that fits need.

A sum that must not depend on the order of rows is an integer: ``add_exact`` deals a float64 into pieces of
32 binary digits and counts each in its *layer*, in multiples of 2**(32 (layer - 34)); see ``metrics.stream``.
A row with its two such sums and a count took 5 ns of one core, where bins are few and layers stay in L1.
"""

import math
from typing import NamedTuple

import numpy as np

from fastsmote._kernels.jit import kernel, linked
from fastsmote._kernels.metrics.stream import pieces_of

N_LAYERS = 56  # from 2**-1088 up to squares of weights of 1e75, and the carry of 2**31 of them
ONES = 34  # the layer that counts ones
N_MOMENTS = 4
N_CELLS = (1023 << 8) + 1  # sign, exponent and 8 bits of the fraction, of numbers up to 1
_CELL_SHIFT = np.int64(64 - 12 - 8)
_LOWER = np.int64((1 << 63) - 1)  # the bits of a float64 below its sign
_CHUNK = 512  # rows binned together: the loop over them compiles to gathers
_FACTORS = 512  # of at most 2 each: their product is finite, and one logarithm serves them all
_SKIP = 2  # code of a row without weight; 1 is positive, 0 negative


class Fit(NamedTuple):
    """What a logistic fit is to, beside its rows."""

    scale: float  # scores are centred and scaled: x * scale - shift
    shift: float
    targets: np.ndarray  # of a negative, of a positive


def new_scratch() -> np.ndarray:
    """What ``add_moments`` needs for a chunk."""
    return np.empty(_CHUNK, np.int64)


@linked
def add_exact(layers, value):
    """Add a float64 that is not negative, or -0.0."""
    layer, first, second, third = pieces_of(np.float64(value).view(np.int64))
    layers[layer] += first
    layers[layer + 1] += second
    layers[layer + 2] += third


@kernel
def count_cells(values, lo, hi, counts):
    """counts[cell] += 1 for the values of rows [lo, hi), which are in [0, 1]."""
    for i in range(lo, hi):
        counts[(np.float64(values[i]).view(np.int64) & _LOWER) >> _CELL_SHIFT] += 1


@kernel
def take_cells(values, lo, wanted, room):
    """Copy the values in cells that are wanted to ``room``, of as many rows as it holds; returns how many."""
    n = 0
    for i in range(lo, lo + room.shape[0]):
        room[n] = values[i]
        n += np.int64(wanted[(np.float64(values[i]).view(np.int64) & _LOWER) >> _CELL_SHIFT])
    return n


@linked
def bins_of(p, lo, n, inner, n_uniform, first_step, bins):
    """bins[i] = number of inner edges below p[lo + i].

    ``inner`` is padded with infinity. Evenly spaced edges (``n_uniform`` bins) are guessed: the product is
    off by one bin at most. Others are searched from ``first_step``, a power of 2.
    """
    block = p[lo : lo + n]
    if n_uniform > 0:
        for i in range(n):
            value = block[i]
            at = max(np.int64(value * n_uniform) - 1, 0)
            bins[i] = at + np.int64(inner[at] < value) + np.int64(inner[at + 1] < value)
        return
    for i in range(n):
        bins[i] = 0
    step = first_step
    while step > 0:
        for i in range(n):
            at = bins[i]
            bins[i] = at + (step if inner[np.uint64(at + step - 1)] < block[i] else 0)
        step >>= 1


@kernel
def add_moments(p, codes, weights, lo, hi, inner, n_uniform, first_step, bins, table):
    """Add rows [lo, hi) to table[bin, code]: layers of w, w * w, w * p and w * (p - y)**2.

    Without weights, w is 1 and w * w is left to the caller.
    """
    for start in range(lo, hi, _CHUNK):
        n = min(_CHUNK, hi - start)
        bins_of(p, start, n, inner, n_uniform, first_step, bins)
        for i in range(n):
            code = np.int64(codes[start + i])
            if code != _SKIP:
                value = p[start + i]
                error = value - code
                cell = table[bins[i], code]
                if weights is None:
                    cell[0, ONES] += 1
                    add_exact(cell[2], value)
                    add_exact(cell[3], error * error)
                else:
                    weight = weights[start + i]
                    add_exact(cell[0], weight)
                    add_exact(cell[1], weight * weight)
                    add_exact(cell[2], weight * value)
                    add_exact(cell[3], weight * (error * error))


@kernel
def add_losses(losses, weights, lo, table):
    """Add rows from ``lo`` on, whose losses are given, to the layers of w and of w * loss."""
    for i in range(losses.shape[0]):
        if weights is None:
            table[0, ONES] += 1
            add_exact(table[1], losses[i])
        else:
            weight = weights[lo + i]
            add_exact(table[0], weight)
            add_exact(table[1], weight * losses[i])


@kernel
def squared_losses(p, codes, lo, losses):
    own, code = p[lo : lo + losses.shape[0]], codes[lo : lo + losses.shape[0]]
    for i in range(losses.shape[0]):
        error = own[i] - np.float64(code[i] == 1)
        losses[i] = error * error


@kernel
def log_losses(p, codes, lo, eps, losses):
    for i in range(losses.shape[0]):
        value = min(max(p[lo + i], eps), 1.0 - eps)
        losses[i] = -math.log(value) if codes[lo + i] == 1 else -math.log1p(-value)


@kernel
def class_squared_losses(p, codes, lo, losses):
    """Of one probability per class."""
    for i in range(losses.shape[0]):
        total = 0.0
        for c in range(p.shape[1]):
            error = p[lo + i, c] - np.float64(codes[lo + i] == c)
            total += error * error
        losses[i] = total


@kernel
def class_log_losses(p, codes, lo, eps, losses):
    for i in range(losses.shape[0]):
        losses[i] = -math.log(min(max(p[lo + i, codes[lo + i]], eps), 1.0 - eps))


@kernel
def logistic_sums(x, v, codes, weights, fit, theta, sums, lo, hi):
    """Cross-entropy of expit(theta[0] + theta[1] * (x * scale - shift) + theta[2] * v) over rows [lo, hi).

    sums = loss, its gradient (3) and its hessian (00, 01, 11, 02, 12, 22). ``v`` may be None.
    """
    scale, shift, targets = fit
    loss = g0 = g1 = g2 = h00 = h01 = h11 = h02 = h12 = h22 = 0.0
    product = 1.0
    for i in range(lo, hi):
        code = codes[i]
        if code != _SKIP:
            a = x[i] * scale - shift
            b = 0.0 if v is None else v[i]
            target = targets[1] if code == 1 else targets[0]
            weight = 1.0 if weights is None else weights[i]
            score = theta[0] + theta[1] * a
            if v is not None:
                score += theta[2] * b
            small = math.exp(-abs(score))
            share = 1.0 / (1.0 + small)
            p = share if score > 0 else small * share
            loss += weight * (max(score, 0.0) - target * score)
            if weights is None:
                product *= 1.0 + small
            else:
                loss += weight * math.log1p(small)
            g = weight * (p - target)
            h = weight * (small * share * share)
            g0 += g
            g1 += g * a
            h00 += h
            h01 += h * a
            h11 += h * a * a
            if v is not None:
                g2 += g * b
                h02 += h * b
                h12 += h * a * b
                h22 += h * b * b
        if i % _FACTORS == 0:
            loss += math.log(product)
            product = 1.0
    sums[0] = loss + math.log(product)
    sums[1] = g0
    sums[2] = g1
    sums[3] = g2
    sums[4] = h00
    sums[5] = h01
    sums[6] = h11
    sums[7] = h02
    sums[8] = h12
    sums[9] = h22


@kernel
def temperature_slope(logits, codes, weights, lo, hi, scale, beta):
    """Derivative by beta, times ``scale``, of the cross-entropy of expit(beta * logit) over rows [lo, hi)."""
    total = 0.0
    for i in range(lo, hi):
        code = codes[i]
        if code != _SKIP:
            score = beta * logits[i]
            small = math.exp(-abs(score))
            p = 1.0 / (1.0 + small) if score > 0 else small / (1.0 + small)
            weight = 1.0 if weights is None else weights[i]
            total += weight * (p - code) * (logits[i] * scale)
    return total


@kernel
def class_temperature_slope(logits, codes, weights, lo, hi, scale, beta):
    """As ``temperature_slope``, of softmax(beta * logits) with one logit per class."""
    total = 0.0
    for i in range(lo, hi):
        highest = logits[i, 0]
        for c in range(1, logits.shape[1]):
            highest = max(highest, logits[i, c])
        top = highest * scale
        share = 0.0
        mean = 0.0
        for c in range(logits.shape[1]):
            e = math.exp(beta * (logits[i, c] - highest))
            share += e
            mean += e * (logits[i, c] * scale - top)
        weight = 1.0 if weights is None else weights[i]
        total += weight * (mean / share - (logits[i, codes[i]] * scale - top))
    return total
