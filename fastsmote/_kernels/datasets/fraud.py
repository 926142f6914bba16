"""Rows of the synthetic fraud data: one pure function of (seed, row), made without libm.

Near-normal values are sums of four 16-bit uniforms (Irwin-Hall); heavy tails come from square roots, which
IEEE 754 rounds exactly, so the bits do not depend on a maths library.
"""

from typing import NamedTuple

import numpy as np

from fastsmote._kernels.jit import kernel, linked
from fastsmote._kernels.random import below, draw, unit

# Streams of the generator, away from the resamplers' (class codes): the same seed may serve both.
LAYOUT, PLACES, SHAPE, MONEY, COPY, COMPONENTS = range(2**31, 2**31 + 6)

_16 = np.uint64(16)
_32 = np.uint64(32)
_48 = np.uint64(48)
_MASK = np.uint64(0xFFFF)
_MEAN = 2.0 * 65535.0
_SCALE = 1.0 / np.sqrt((65536.0**2 - 1.0) / 3.0)


class Clusters(NamedTuple):
    """Components lie in clusters, some of each class."""

    slots: np.ndarray  # (2, n_slots) clusters of each class, each as often as its weight says
    centers: np.ndarray  # (n_clusters, n_components)
    spreads: np.ndarray


class Quantiles(NamedTuple):
    """Values at evenly spaced shares of the rows."""

    time: np.ndarray
    amount: np.ndarray
    tail: np.ndarray  # of the amount, over the last 1024th


@linked
def near_normal(word):
    """Zero mean, unit variance, within 3.47 of zero."""
    total = (word & _MASK) + ((word >> _16) & _MASK) + ((word >> _32) & _MASK) + (word >> _48)
    return (np.float64(total) - _MEAN) * _SCALE


@kernel
def fill_near_normal(seed, out, lo, hi):
    """Rows [lo, hi) of a table of near-normal numbers (the layout of the clusters)."""
    for i in range(lo, hi):
        for j in range(out.shape[1]):
            word, _ = draw(seed, np.uint64(LAYOUT), np.uint64(i), np.uint64(j))
            out[i, j] = near_normal(word)


@kernel
def mark_frauds(seed, n_marks, value, y):
    """Write ``value`` at ``n_marks`` distinct rows of y, each set of rows equally likely."""
    n = np.uint64(y.shape[0])
    done = 0
    i = 0
    while done < n_marks:
        word, _ = draw(seed, np.uint64(PLACES), np.uint64(i), np.uint64(0))
        i += 1
        row = below(word, n)
        if y[row] != value:
            y[row] = value
            done += 1


@linked
def _interpolate(table, u):
    position = u * (table.shape[0] - 1)
    left = int(position)
    return table[left] + (position - left) * (table[left + 1] - table[left])


@kernel
def fill_rows(seed, y, copies, clusters, quantiles, X, lo, hi):
    """Rows [lo, hi) of X: Time, components, Amount. A share ``copies`` repeats another row of its class."""
    slots, centers, spreads = clusters
    n_components = centers.shape[1]
    n_slots = np.uint64(slots.shape[1])
    n = np.uint64(y.shape[0])
    for i in range(lo, hi):
        row = np.uint64(i)
        word, other = draw(seed, np.uint64(COPY), row, np.uint64(0))
        if unit(word) < copies:
            source = below(other, n)
            if y[source] == y[i]:
                row = source
        word, other = draw(seed, np.uint64(SHAPE), row, np.uint64(0))
        cluster = slots[y[i], below(word, n_slots)]
        # Pareto with tail index 4, scaled so that the mean of tail ** 2 is 1
        tail = np.sqrt(0.5 / np.sqrt(1.0 - unit(other)))
        for j in range(0, n_components, 2):
            word, other = draw(seed, np.uint64(COMPONENTS), row, np.uint64(j))
            X[i, 1 + j] = centers[cluster, j] + tail * spreads[cluster, j] * near_normal(word)
            if j + 1 < n_components:
                X[i, 2 + j] = centers[cluster, j + 1] + tail * spreads[cluster, j + 1] * near_normal(other)
        word, other = draw(seed, np.uint64(MONEY), row, np.uint64(0))
        X[i, 0] = _interpolate(quantiles.time, unit(word))
        u = unit(other)
        top = u * 1024.0 - 1023.0
        amount = _interpolate(quantiles.amount, u) if top < 0.0 else _interpolate(quantiles.tail, top)
        X[i, n_components + 1] = amount
