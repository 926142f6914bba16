"""Kernels under the threshold sweeps: scores as ordered integers, partition into runs, merge, and rank.

A score becomes an integer *key* whose ascending order is the descending order of scores: the bits of
an IEEE number, with the lower bits of negatives flipped, all inverted. ``flip`` is the mask of those
lower bits (0 for integer scores) and ``minus_zero`` the pattern of -0.0 (0 for integer scores).
"""

import numpy as np

from fastsmote._jit import kernel

_63 = np.int64(63)
_CHUNK = 512  # rows searched together: their keys and ranks stay in L1
_SKIP = 2  # code of a row without weight; 1 is positive, 0 negative


@kernel
def to_key(bits, flip, minus_zero):
    """Key of one score, from its bits sign-extended to int64."""
    bits = np.int64(bits)
    if bits == minus_zero:
        bits = np.int64(0)
    return ~(bits ^ ((bits >> _63) & flip))


@kernel
def to_keys(bits, flip, minus_zero, keys):
    for i in range(bits.shape[0]):
        keys[i] = to_key(bits[i], flip, minus_zero)


@kernel
def cell_of(key, grid):
    """Cell of a key in a table: the part of the line near zero is cut out, the rest is evenly divided."""
    gap, low, high, shift = grid
    key -= min(max(key, -gap), gap)
    key = min(max(key, low), high)
    return (np.uint64(key) - np.uint64(low)) >> np.uint64(shift)


@kernel
def fill_table(keys, n_keys, grid, table):
    """table[c] = number of keys in the cells before c; return the largest number of keys in one cell."""
    n_cells = table.shape[0]
    for c in range(n_cells):
        table[c] = 0
    for i in range(n_keys):
        table[cell_of(keys[i], grid)] += 1
    most = 0
    total = 0
    for c in range(n_cells):
        count = table[c]
        most = max(most, count)
        table[c] = total
        total += count
    return most


def new_scratch() -> np.ndarray:
    """What ``count_runs`` and ``count_places`` need for a chunk."""
    return np.empty((2, _CHUNK), np.int64)


@kernel
def rank_rows(bits, lo, n, flip, minus_zero, keys, table, grid, first_step, row_keys, ranks):
    """Keys of rows lo .. lo + n - 1, and the number of ``keys`` below each.

    ``keys`` ascend and are padded with the largest integer. Loops over a chunk, one step of the search
    each, compile to gathers: 4 ns a row where the search of one row after another takes 11.
    """
    for i in range(n):
        row_keys[i] = to_key(bits[lo + i], flip, minus_zero)
        ranks[i] = np.int64(cell_of(row_keys[i], grid))
    for i in range(n):
        ranks[i] = table[np.uint64(ranks[i])]
    step = first_step
    while step > 0:
        for i in range(n):
            rank = ranks[i]
            ranks[i] = rank + (step if keys[np.uint64(rank + step - 1)] < row_keys[i] else 0)
        step >>= 1


@kernel
def count_runs(
    bits, codes, lo, hi, flip, minus_zero, splitters, table, grid, first_step, scratch, run_of, counts
):
    """Run of each row in [lo, hi) and rows per (run, class): counts[2 * run + code]."""
    row_keys, ranks = scratch[0], scratch[1]
    for start in range(lo, hi, _CHUNK):
        n = min(_CHUNK, hi - start)
        rank_rows(bits, start, n, flip, minus_zero, splitters, table, grid, first_step, row_keys, ranks)
        for i in range(n):
            run_of[start + i] = ranks[i]
            code = codes[start + i]
            if code != _SKIP:
                counts[2 * ranks[i] + code] += 1


@kernel
def count_places(bits, codes, lo, hi, flip, minus_zero, keys, table, grid, first_step, scratch, counts):
    """Place of each negative in [lo, hi) among the distinct positive ``keys``: counts[2 * rank + equal]."""
    row_keys, ranks = scratch[0], scratch[1]
    for start in range(lo, hi, _CHUNK):
        n = min(_CHUNK, hi - start)
        rank_rows(bits, start, n, flip, minus_zero, keys, table, grid, first_step, row_keys, ranks)
        for i in range(n):
            rank = ranks[i]
            place = 2 * rank + np.int64(keys[rank] == row_keys[i])
            counts[place] += np.int64(codes[start + i] == 0)


@kernel
def scatter_runs(bits, codes, weights, lo, hi, flip, minus_zero, run_of, offsets, keys, key_weights):
    """Move the keys (and weights, unless None) of rows [lo, hi) to their runs, keeping their order."""
    for i in range(lo, hi):
        code = codes[i]
        if code != _SKIP:
            slot = 2 * np.int64(run_of[i]) + code
            at = offsets[slot]
            offsets[slot] = at + 1
            keys[at] = to_key(bits[i], flip, minus_zero)
            if weights is not None:
                key_weights[at] = weights[i]


@kernel
def merge_run(keys, start, middle, stop, fp, tp, flip, at, step, fps, tps, bits):
    """Merge negatives keys[start:middle] and positives keys[middle:stop] into one entry per distinct key.

    ``fp`` and ``tp`` count the rows before this run. Entry k goes to ``at + step * k``: the counts of rows
    up to that key, and the score's bits. Returns the place after the last entry.
    """
    i = start
    j = middle
    if start < middle and (middle == stop or keys[start] < keys[middle]):
        last = keys[start]
    else:
        last = keys[middle]
    while j < stop:
        positive = keys[j]
        while i < middle and keys[i] < positive:
            key = keys[i]
            at += step * np.int64(key != last)
            last = key
            i += 1
            fps[at] = fp + (i - start)
            tps[at] = tp + (j - middle)
            bits[at] = decode(key, flip)
        at += step * np.int64(positive != last)
        last = positive
        while i < middle and keys[i] == positive:
            i += 1
        j += 1
        fps[at] = fp + (i - start)
        tps[at] = tp + (j - middle)
        bits[at] = decode(positive, flip)
    while i < middle:
        key = keys[i]
        at += step * np.int64(key != last)
        last = key
        i += 1
        fps[at] = fp + (i - start)
        tps[at] = tp + (j - middle)
        bits[at] = decode(key, flip)
    return at + step


@kernel
def decode(key, flip):
    """Bits of the score of a key (of +0.0 for both zeros)."""
    bits = ~np.int64(key)
    return bits ^ ((bits >> _63) & flip)


@kernel
def merge_weighted_run(keys, weights, start, middle, stop, fp, tp, flip, at, step, fps, tps, bits):
    """As ``merge_run``, with sums of weights, taken one by one in the order of the sorted rows."""
    i = start
    j = middle
    while i < middle or j < stop:
        if j == stop or (i < middle and keys[i] < keys[j]):
            key = keys[i]
        else:
            key = keys[j]
        while i < middle and keys[i] == key:
            fp += weights[i]
            i += 1
        while j < stop and keys[j] == key:
            tp += weights[j]
            j += 1
        fps[at] = fp
        tps[at] = tp
        bits[at] = decode(key, flip)
        at += step
    return at


@kernel
def add_in_order(weights, start, stop, total):
    """total + weights[start] + weights[start + 1] + ..., in that order."""
    for i in range(start, stop):
        total += weights[i]
    return total


@kernel
def merge_runs(keys, weights, bounds, first, last, fp, tp, flip, at, step, fps, tps, bits):
    """Merge runs [first, last), whose negatives and positives are keys[bounds[2r]:bounds[2r + 1]] and up to
    bounds[2r + 2]. Returns the place after the last entry.
    """
    for run in range(first, last):
        start = bounds[2 * run]
        middle = bounds[2 * run + 1]
        stop = bounds[2 * run + 2]
        if start < stop:
            if weights is None:
                at = merge_run(keys, start, middle, stop, fp, tp, flip, at, step, fps, tps, bits)
                fp += middle - start
                tp += stop - middle
            else:
                at = merge_weighted_run(
                    keys, weights, start, middle, stop, fp, tp, flip, at, step, fps, tps, bits
                )
                fp = add_in_order(weights, start, middle, fp)
                tp = add_in_order(weights, middle, stop, tp)
    return at


@kernel
def add_runs(weights, bounds, first, last, fp, tp):
    """Sums of the weights of negatives and of positives after runs [first, last)."""
    for run in range(first, last):
        fp = add_in_order(weights, bounds[2 * run], bounds[2 * run + 1], fp)
        tp = add_in_order(weights, bounds[2 * run + 1], bounds[2 * run + 2], tp)
    return fp, tp


@kernel
def find_corners(fps, tps, places):
    """places[:n] = inner points of two curves at which one of them changes its slope; returns n."""
    n = 0
    for i in range(1, fps.shape[0] - 1):
        if fps[i + 1] - fps[i] != fps[i] - fps[i - 1] or tps[i + 1] - tps[i] != tps[i] - tps[i - 1]:
            places[n] = i
            n += 1
    return n
