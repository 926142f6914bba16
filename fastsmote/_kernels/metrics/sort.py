"""Sorting short runs of integer keys, alone or with a weight each: distribute, exchange, insert.

``np.sort`` needs 30 ns per int64 key at 16,000 keys where its AVX-512 code stores compressed lanes slowly
(Zen 4) and holds no payload. One counting pass into as many cells as keys leaves cells of few keys, in which
passes that exchange neighbours leave little to insertion: 4 to 5 ns, stable, and it carries weights along.
"""

import numpy as np

from fastsmote._kernels.jit import inlined, kernel, linked

_EXCHANGES = 2  # passes that leave insertion little to move: its mispredicted branches cost 3 ns a key
_CROWD = 32  # a cell with more keys than this is left to a comparison sort, unless they are all equal


@linked
def bits_needed(value):
    """Number of binary digits of a uint64."""
    n = 0
    while value != np.uint64(0):
        value >>= np.uint64(1)
        n += 1
    return n


@linked
def insert_run(source, source_weights, keys, weights, start, n):
    """Insertion sort of source[:n] into keys[start:start + n]; equal keys stay in order."""
    for i in range(n):
        key = source[i]
        j = start + i - 1
        while j >= start and keys[np.uint64(j)] > key:
            keys[np.uint64(j + 1)] = keys[np.uint64(j)]
            if weights is not None:
                weights[np.uint64(j + 1)] = weights[np.uint64(j)]
            j -= 1
        keys[np.uint64(j + 1)] = key
        if weights is not None:
            weights[np.uint64(j + 1)] = source_weights[i]


@inlined
def sort_run(keys, weights, start, stop, spare, spare_weights, ends):
    """Sort keys[start:stop] in place, stably; False when the keys are too unevenly spread (nothing moved).

    ``spare`` (and ``spare_weights``) hold at least stop - start items, ``ends`` at least twice as many.
    ``weights`` may be None.
    """
    n = stop - start
    if n < 2:
        return True
    run = keys[start:stop]
    low = run[0]
    high = low
    for i in range(n):
        low = min(low, run[i])
        high = max(high, run[i])
    if low == high:
        return True
    n_cells = 2
    while n_cells < n:
        n_cells *= 2
    base = np.uint64(np.int64(low))
    span = bits_needed(np.uint64(np.int64(high)) - base)
    shift = np.uint64(max(0, span - bits_needed(np.uint64(n_cells - 1))))
    for c in range(n_cells):
        ends[c] = 0
    for i in range(n):
        ends[(np.uint64(np.int64(run[i])) - base) >> shift] += 1
    crowded = False
    total = 0
    for c in range(n_cells):
        count = ends[c]
        crowded |= count > _CROWD
        ends[c] = total
        total += count
    for i in range(n):
        c = (np.uint64(np.int64(run[i])) - base) >> shift
        at = np.uint64(ends[c])
        ends[c] = at + np.uint64(1)
        spare[at] = run[i]
        if weights is not None:
            spare_weights[at] = weights[start + i]
    if crowded:
        first = 0
        for c in range(n_cells):
            last = ends[c]
            if last - first > _CROWD:
                for i in range(first + 1, last):
                    if spare[i] != spare[first]:
                        return False
            first = last
    for _ in range(_EXCHANGES):
        for first in range(2):
            exchange_pairs(spare, spare_weights, first, n)
    insert_run(spare, spare_weights, keys, weights, start, n)
    return True


@linked
def exchange_pairs(all_keys, weights, first, n):
    """Put each pair of neighbours from ``first`` to n in order; equal keys stay."""
    keys = all_keys[first:n]
    own_weights = None if weights is None else weights[first:n]
    for i in range((n - first) // 2):
        a = keys[2 * i]
        b = keys[2 * i + 1]
        keys[2 * i] = min(a, b)
        keys[2 * i + 1] = max(a, b)
        if weights is not None:
            u = own_weights[2 * i]
            v = own_weights[2 * i + 1]
            own_weights[2 * i] = v if a > b else u
            own_weights[2 * i + 1] = u if a > b else v


@kernel
def sort_runs(keys, weights, bounds, spare, spare_weights, ends, done):
    """Sort each run keys[bounds[r]:bounds[r + 1]]; done[r] tells whether ``sort_run`` could."""
    for r in range(done.shape[0]):
        done[r] = sort_run(keys, weights, bounds[r], bounds[r + 1], spare, spare_weights, ends)
