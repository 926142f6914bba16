"""Probabilities under other class priors: one pass over the rows each.

Sums go by lanes of eight, so that additions need not wait for each other and vectorise; the order is fixed.
Loops go over slices: an index with an offset may wrap around, which compiles to gathers.
"""

import numpy as np

from fastsmote._kernels.jit import kernel

LANES = 8
CHUNK = 512  # rows whose terms are kept in scratch before they are added: 8 KiB


@kernel
def rescale(p, w0, w1, out, lo, hi):
    """out = p w1 / (p w1 + (1 - p) w0)."""
    block, result = p[lo:hi], out[lo:hi]
    for i in range(block.shape[0]):
        positive = np.float64(block[i])
        kept = positive * w1
        result[i] = kept / (kept + (1.0 - positive) * w0)


@kernel
def rescale_rows(p, weights, out, lo, hi):
    """out[i, j] = p[i, j] weights[j] / sum over j."""
    for i in range(lo, hi):
        total = 0.0
        for j in range(p.shape[1]):
            total += p[i, j] * weights[j]
        for j in range(p.shape[1]):
            out[i, j] = p[i, j] * weights[j] / total


@kernel
def posterior_sums(p, w0, w1, u0, u1, chunk, sums, lo, hi):
    """Add over the rows, with m = p w1 + (1 - p) w0 and s = (p u1 + (1 - p) u0) / m.

    s goes to the lanes of sums[0], s**2 to those of sums[1], and log(m) to sums[2, 0]. m is within the
    weights, so that products of four are finite.
    """
    quarter = CHUNK // 4
    for start in range(lo, hi, CHUNK):
        n = min(CHUNK, hi - start)
        block = p[start : start + n]
        for i in range(n):
            positive = np.float64(block[i])
            negative = 1.0 - positive
            mixed = positive * w1 + negative * w0
            chunk[0, i] = mixed
            chunk[1, i] = (positive * u1 + negative * u0) / mixed
        for i in range(n, CHUNK):
            chunk[0, i] = 1.0
            chunk[1, i] = 0.0
        for i in range(0, CHUNK, LANES):
            for lane in range(LANES):
                s = chunk[1, i + lane]
                sums[0, lane] += s
                sums[1, lane] += s * s
        logs = 0.0
        for i in range(quarter):
            pairs = chunk[0, i] * chunk[0, i + quarter]
            logs += np.log(pairs * (chunk[0, i + 2 * quarter] * chunk[0, i + 3 * quarter]))
        sums[2, 0] += logs


@kernel
def posterior_sums_of_rows(p, weights, units, row, sums, lo, hi):
    """Add over the rows, with m = sum(p weights) and s[j] = p[j] units[j] / m.

    s[j] goes to sums[0, j], s[j] s[k] to sums[1 + j, k] for k <= j, and log(m) to sums[-1, 0].
    """
    n_classes = p.shape[1]
    product = 1.0
    logs = 0.0
    for i in range(lo, hi):
        mixed = 0.0
        for j in range(n_classes):
            mixed += p[i, j] * weights[j]
        product *= mixed
        if i % 4 == 3:
            logs += np.log(product)
            product = 1.0
        scale = 1.0 / mixed
        for j in range(n_classes):
            row[j] = p[i, j] * units[j] * scale
        for j in range(n_classes):
            s = row[j]
            sums[0, j] += s
            for k in range(j + 1):
                sums[1 + j, k] += s * row[k]
    sums[1 + n_classes, 0] += logs + np.log(product)
