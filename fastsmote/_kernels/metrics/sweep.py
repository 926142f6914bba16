"""Kernels under the threshold sweeps: scores as ordered integers, partition into runs, merge, and rank.

A score becomes an integer *key* whose ascending order is the descending order of scores: the bits of
an IEEE number, with the lower bits of negatives flipped, all inverted. ``flip`` is the mask of those
lower bits (0 for integer scores) and ``minus_zero`` the pattern of -0.0 (0 for integer scores); an *encoding*
is the tuple of both.
"""

from typing import NamedTuple

import numpy as np

from fastsmote._kernels.jit import inlined, kernel

_63 = np.int64(63)
_CHUNK = 512  # rows searched together: their keys and ranks stay in L1
_FEW = 8  # negatives per positive from which the stretches between positives are worth a loop each
_SKIP = 2  # code of a row without weight; 1 is positive, 0 negative


class KeyTable(NamedTuple):
    """Sorted distinct keys, with a table of evenly spaced cells that leaves few steps to a search.

    Without steps no key is looked at: the table alone tells a number for each cell.
    """

    keys: np.ndarray  # padded with the largest integer; empty without steps
    before: np.ndarray  # (n_cells,) number of keys in the cells before
    grid: tuple[int, int, int, int]  # see ``cell_of``
    first_step: int  # a power of 2, or 0


class CurveEntries(NamedTuple):
    """Entries of a curve, scores descending: negatives and positives up to a score, and the score's bits."""

    fps: np.ndarray
    tps: np.ndarray
    bits: np.ndarray


@inlined
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


@inlined
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


@inlined
def rank_rows(bits, lo, n, encoding, table, row_keys, ranks):
    """Keys of rows lo .. lo + n - 1, and the number of ``table.keys`` below each: the table, and a search.

    Loops over a chunk, one step of the search each, compile to gathers: 4 ns a row where the search of one
    row after another takes 11. A slice of the bits, because ``bits[lo + i]`` may wrap around: LLVM gathers
    it, 2.5 ns a row where a load takes 0.5.
    """
    flip, minus_zero = encoding
    keys, before, grid, first_step = table
    chunk = bits[lo : lo + n]
    for i in range(n):
        row_keys[i] = to_key(chunk[i], flip, minus_zero)
        ranks[i] = np.int64(cell_of(row_keys[i], grid))
    for i in range(n):
        ranks[i] = before[np.uint64(ranks[i])]
    step = first_step
    while step > 0:
        for i in range(n):
            rank = ranks[i]
            ranks[i] = rank + (step if keys[np.uint64(rank + step - 1)] < row_keys[i] else 0)
        step >>= 1


@kernel
def count_runs(bits, codes, lo, hi, encoding, table, scratch, slots, counts):
    """Slot 2 * run + code of each row in [lo, hi), and rows per slot.

    Rows without weight are not counted: their slot is that of other rows, behind the last of all if theirs is
    the last run, and is not for use.
    """
    row_keys, ranks = scratch[0], scratch[1]
    for start in range(lo, hi, _CHUNK):
        n = min(_CHUNK, hi - start)
        rank_rows(bits, start, n, encoding, table, row_keys, ranks)
        chunk_codes, chunk_slots = codes[start : start + n], slots[start : start + n]
        for i in range(n):
            code = chunk_codes[i]
            slot = np.uint64(2 * ranks[i] + code)
            chunk_slots[i] = slot
            if code != _SKIP:
                counts[slot] += 1


@kernel
def count_places(bits, codes, lo, hi, encoding, table, scratch, counts):
    """Place of each negative in [lo, hi) among positive scores, ``table.keys``: counts[2 * rank + equal]."""
    keys = table.keys
    row_keys, ranks = scratch[0], scratch[1]
    for start in range(lo, hi, _CHUNK):
        n = min(_CHUNK, hi - start)
        rank_rows(bits, start, n, encoding, table, row_keys, ranks)
        chunk_codes = codes[start : start + n]
        for i in range(n):
            rank = np.uint64(ranks[i])
            place = np.uint64(2) * rank + np.uint64(keys[rank] == row_keys[i])
            counts[place] += np.int64(chunk_codes[i] == 0)


@kernel
def scatter_runs(bits, codes, weights, lo, hi, encoding, slots, offsets, keys, key_weights):
    """Move the keys (and weights, unless None) of rows [lo, hi) to their slots, keeping their order."""
    flip, minus_zero = encoding
    block, block_codes, block_slots = bits[lo:hi], codes[lo:hi], slots[lo:hi]
    block_weights = None if weights is None else weights[lo:hi]
    for i in range(hi - lo):
        if block_codes[i] != _SKIP:
            slot = np.uint64(block_slots[i])
            at = np.uint64(offsets[slot])
            offsets[slot] = at + np.uint64(1)
            keys[at] = to_key(block[i], flip, minus_zero)
            if weights is not None:
                key_weights[at] = block_weights[i]


@inlined
def decode(key, flip):
    """Bits of the score of a key (of +0.0 for both zeros)."""
    bits = ~np.int64(key)
    return bits ^ ((bits >> _63) & flip)


@inlined
def any_equal(keys):
    """Whether two neighbours are equal."""
    n = np.int64(0)
    after = keys[1:]
    for i in range(after.shape[0]):
        n += np.int64(keys[i] == after[i])
    return n > 0


@inlined
def first_at_least(keys, lo, hi, key):
    """First place of [lo, hi) whose key is at least ``key``, or hi; keys ascend."""
    while lo < hi:
        middle = (lo + hi) // 2
        if keys[middle] < key:
            lo = middle + 1
        else:
            hi = middle
    return lo


@inlined
def add_in_order(weights, total):
    """total + weights[0] + weights[1] + ..., in that order."""
    for i in range(weights.shape[0]):
        total += weights[i]
    return total


@inlined
def count_each(keys, weights, first, fp, tp, flip, fps, tps, bits):
    """One entry for each of ``keys``, which are distinct and all negative; returns the new fp.

    Their weights, if there are any, stand in ``weights`` from ``first`` on.
    """
    for i in range(keys.shape[0]):
        if weights is None:
            fps[i] = fp + (i + 1)
        else:
            fp += weights[np.uint64(first + i)]
            fps[i] = fp
        tps[i] = tp
        bits[i] = decode(keys[i], flip)
    return fp + keys.shape[0] if weights is None else fp


@inlined
def merge_few(keys, weights, start, middle, stop, fp, tp, flip, out, at):
    """Merge a run of distinct negatives and few positives: all between two positives in one loop."""
    fps, tps, bits = out
    i = start
    j = middle
    while True:
        above = first_at_least(keys, i, middle, keys[j]) if j < stop else middle
        end = at + (above - i)
        fp = count_each(keys[i:above], weights, i, fp, tp, flip, fps[at:end], tps[at:end], bits[at:end])
        at = end
        i = above
        if j == stop:
            return at
        key = keys[j]
        while j < stop and keys[j] == key:
            tp += 1 if weights is None else weights[j]
            j += 1
        if i < middle and keys[i] == key:
            fp += 1 if weights is None else weights[i]
            i += 1
        fps[at] = fp
        tps[at] = tp
        bits[at] = decode(key, flip)
        at += 1


@inlined
def merge_all(keys, weights, start, middle, stop, fp, tp, flip, out, at):
    """Merge a run, row by row; returns the place behind its last entry."""
    fps, tps, bits = out
    i = start
    j = middle
    while i < middle or j < stop:
        if j == stop or (i < middle and keys[np.uint64(i)] < keys[np.uint64(j)]):
            key = keys[np.uint64(i)]
        else:
            key = keys[np.uint64(j)]
        while i < middle and keys[np.uint64(i)] == key:
            fp += 1 if weights is None else weights[np.uint64(i)]
            i += 1
        while j < stop and keys[np.uint64(j)] == key:
            tp += 1 if weights is None else weights[np.uint64(j)]
            j += 1
        place = np.uint64(at)
        fps[place] = fp
        tps[place] = tp
        bits[place] = decode(key, flip)
        at += 1
    return at


@kernel
def merge_runs(keys, weights, bounds, first, last, fp, tp, flip, out):
    """Merge runs [first, last) into the ``CurveEntries`` out; returns the number of entries.

    The negatives of run r are keys[bounds[2r]:bounds[2r + 1]], its positives those from there to
    bounds[2r + 2]; both are sorted. ``fp`` and ``tp`` count the rows before, or add up their ``weights``;
    there is an entry for each distinct key, with the counts of rows up to it, and the score's bits.
    """
    at = 0
    for run in range(first, last):
        start = bounds[2 * run]
        middle = bounds[2 * run + 1]
        stop = bounds[2 * run + 2]
        if _FEW * (stop - middle) <= middle - start and not any_equal(keys[start:middle]):
            at = merge_few(keys, weights, start, middle, stop, fp, tp, flip, out, at)
        else:
            at = merge_all(keys, weights, start, middle, stop, fp, tp, flip, out, at)
        if start < stop:
            fp = out.fps[at - 1]
            tp = out.tps[at - 1]
    return at


@kernel
def add_runs(weights, bounds, first, last, fp, tp):
    """Sums of the weights of negatives and of positives after runs [first, last)."""
    for run in range(first, last):
        fp = add_in_order(weights[bounds[2 * run] : bounds[2 * run + 1]], fp)
        tp = add_in_order(weights[bounds[2 * run + 1] : bounds[2 * run + 2]], tp)
    return fp, tp


@kernel
def precision_recall(fps, tps, n_pos, precision, recall):
    """Precision and recall, last entry first; 0 and 1 where their denominators are 0."""
    last = fps.shape[0] - 1
    for i in range(fps.shape[0]):
        called = np.float64(fps[i] + tps[i])
        precision[last - i] = tps[i] / called if called != 0 else 0.0
        recall[last - i] = tps[i] / n_pos if n_pos != 0 else 1.0


@kernel
def find_corners(fps, tps, places):
    """places[:n] = inner points of two curves at which one of them changes its slope; returns n."""
    n = 0
    for i in range(1, fps.shape[0] - 1):
        if fps[i + 1] - fps[i] != fps[i] - fps[i - 1] or tps[i + 1] - tps[i] != tps[i] - tps[i - 1]:
            places[n] = i
            n += 1
    return n
