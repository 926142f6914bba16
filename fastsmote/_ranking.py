"""Confusion counts at every threshold without an argsort: partition, sort, merge.

Rows are dealt into runs by splitters from a sample, so that a run holds neighbouring scores, negatives
before positives. Each run is then sorted in cache and merged into counts; runs are independent once the
rows before each are counted, so they go to threads in groups. Counts are integers, sums of weights are
taken in the order of the sorted rows, and neither depends on how rows were blocked or runs were cut.
"""

import threading
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from fastsmote._kernels import sort, sweep
from fastsmote._scores import Scores
from fastsmote._threads import run_blocks, split

BLOCK = 1 << 18  # rows dealt in one call: tables of all blocks stay small beside the rows
RUN = 1 << 14  # rows aimed at per run: its keys and cells fit into L2
GROUP = (
    1 << 16
)  # rows aimed at per group: counts stay in cache until they are rates, and Python calls are few
MAX_RUNS = 1 << 11
_PER_SPLITTER = 16  # sampled scores per run, so that few runs exceed twice RUN

# (start, first false positives, first true positives, fps, tps, thresholds) of one group, in output order
Emit = Callable[[int, Any, Any, np.ndarray, np.ndarray, np.ndarray], None]


class Table(NamedTuple):
    """Sorted distinct keys, with a table of evenly spaced cells that leaves few steps to a search."""

    keys: np.ndarray
    table: np.ndarray
    grid: tuple[int, int, int, int]
    first_step: int


class Runs(NamedTuple):
    """Keys dealt into runs: slot 2r holds the negatives of run r, slot 2r + 1 its positives."""

    keys: np.ndarray
    weights: np.ndarray | None
    bounds: np.ndarray  # (2 * n_runs + 1,) int64
    groups: np.ndarray  # (n_groups + 1,) int64: first run of each group


def make_table(keys: np.ndarray, n_cells: int) -> Table:
    """Table over ascending distinct ``keys`` with ``n_cells`` cells (a power of two)."""
    top = int(np.iinfo(keys.dtype).max)
    n = len(keys)
    trim = min(2, n // 8)
    gap = 0
    if n and keys[0] < 0 < keys[-1]:
        gap = int(np.partition(np.abs(np.maximum(keys, -top)), trim)[trim])
    cut = keys - np.clip(keys, -gap, gap)
    low, high = (int(cut[trim]), int(cut[n - 1 - trim])) if n else (0, 0)
    shift = max(0, (high - low).bit_length() - (n_cells.bit_length() - 1))
    grid = (gap, low, high, shift)
    table = np.empty(n_cells, np.int32)
    most = int(sweep.fill_table(keys, n, grid, table))
    first_step = 1 << (most.bit_length() - 1) if most else 0
    padded = np.concatenate([keys, np.full(2 * first_step + 1, top, keys.dtype)])
    return Table(padded, table, grid, first_step)


def keys_of(scores: Scores, bits: np.ndarray) -> np.ndarray:
    """Keys of some of the scores' bits."""
    keys = np.empty_like(bits)
    sweep.to_keys(bits, scores.flip, scores.minus_zero, keys)
    return keys


def _splitters(scores: Scores) -> np.ndarray:
    n = len(scores.bits)
    n_runs = min(split(n, RUN), MAX_RUNS)
    if n_runs == 1:
        return np.empty(0, scores.bits.dtype)
    sample = np.sort(keys_of(scores, scores.bits[:: max(1, n // (n_runs * _PER_SPLITTER))].copy()))
    return np.unique(sample[len(sample) // n_runs :: max(1, len(sample) // n_runs)])


def deal(scores: Scores, codes: np.ndarray, weights: np.ndarray | None) -> Runs:
    """Deal rows into runs. Rows with code 2 are left out."""
    bits, flip, minus_zero, _ = scores
    n = len(bits)
    splitters = _splitters(scores)
    table = make_table(splitters, 4096)
    n_slots = 2 * (len(splitters) + 1)
    n_blocks = split(n, BLOCK)
    run_of = np.empty(n, np.uint16)
    counts = np.zeros((n_blocks, n_slots), np.int64)

    def count(block: int) -> None:
        lo, hi = block * BLOCK, min(n, (block + 1) * BLOCK)
        sweep.count_runs(
            bits, codes, lo, hi, flip, minus_zero, *table, sweep.new_scratch(), run_of, counts[block]
        )

    run_blocks(count, n_blocks)
    bounds = np.zeros(n_slots + 1, np.int64)
    np.cumsum(counts.sum(axis=0), out=bounds[1:])
    offsets = bounds[:-1] + np.cumsum(counts, axis=0) - counts
    keys = np.empty(bounds[-1], bits.dtype)
    key_weights = None if weights is None else np.empty(bounds[-1])

    def scatter(block: int) -> None:
        lo, hi = block * BLOCK, min(n, (block + 1) * BLOCK)
        sweep.scatter_runs(
            bits, codes, weights, lo, hi, flip, minus_zero, run_of, offsets[block], keys, key_weights
        )

    run_blocks(scatter, n_blocks)
    starts = bounds[:-1:2]
    groups = np.flatnonzero(np.diff(starts // GROUP, prepend=-1))
    return Runs(keys, key_weights, bounds, np.append(groups, len(starts)))


def _sort_group(runs: Runs, group: int) -> None:
    first, last = 2 * runs.groups[group], 2 * runs.groups[group + 1]
    bounds = runs.bounds[first : last + 1]
    longest = int(np.diff(bounds).max())
    spare = np.empty(longest, runs.keys.dtype)
    spare_weights = None if runs.weights is None else np.empty(longest)
    done = np.empty(last - first, np.bool_)
    sort.sort_runs(
        runs.keys, runs.weights, bounds, spare, spare_weights, np.empty(2 * longest + 2, np.int64), done
    )
    for slot in np.flatnonzero(~done):
        part = slice(bounds[slot], bounds[slot + 1])
        if runs.weights is None:
            runs.keys[part].sort()
        else:
            order = np.argsort(runs.keys[part], kind="stable")
            runs.keys[part] = runs.keys[part][order]
            runs.weights[part] = runs.weights[part][order]


def sweep_groups(
    scores: Scores, codes: np.ndarray, weights: np.ndarray | None, emit: Emit, *, ascending: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Call ``emit`` with the counts at each distinct score, in groups of neighbouring scores.

    Scores descend, or ascend. ``start`` is the place of a group's first entry if no two scores were equal.
    Returns the starts and the numbers of entries of the groups, in the order of the output.
    """
    runs = deal(scores, codes, weights)
    n_groups = len(runs.groups) - 1
    kind = np.int64 if weights is None else np.float64
    edges = runs.bounds[2 * runs.groups]
    before = np.zeros((n_groups + 1, 2), kind)  # false and true positives before each group
    lengths = np.zeros(n_groups, np.int64)
    starts = edges[-1] - edges[1:] if ascending else edges[:-1]

    def merge(group: int) -> None:
        first, last = runs.groups[group], runs.groups[group + 1]
        n = edges[group + 1] - edges[group]
        fps, tps, bits = np.empty(n, kind), np.empty(n, kind), np.empty(n, runs.keys.dtype)
        at, step = (n - 1, -1) if ascending else (0, 1)
        end = sweep.merge_runs(
            runs.keys,
            runs.weights,
            runs.bounds,
            first,
            last,
            *before[group],
            scores.flip,
            at,
            step,
            fps,
            tps,
            bits,
        )
        part = slice(end + 1, n) if ascending else slice(0, end)
        lengths[group] = part.stop - part.start
        emit(
            int(starts[group]),
            before[group, 0],
            before[group, 1],
            fps[part],
            tps[part],
            scores.values(bits[part]),
        )

    def sort_and_merge(group: int) -> None:
        _sort_group(runs, group)
        merge(group)

    if weights is None:
        sizes = np.diff(runs.bounds).reshape(-1, 2)
        np.cumsum(np.add.reduceat(sizes, runs.groups[:-1], axis=0), axis=0, out=before[1:])
        run_blocks(sort_and_merge, n_groups)
    else:
        run_blocks(lambda group: _sort_group(runs, group), n_groups)
        for group in range(n_groups):
            before[group + 1] = sweep.add_runs(
                runs.weights, runs.bounds, runs.groups[group], runs.groups[group + 1], *before[group]
            )
        run_blocks(merge, n_groups)
    return (starts[::-1], lengths[::-1]) if ascending else (starts, lengths)


def close_gaps(arrays: list[np.ndarray], starts: np.ndarray, lengths: np.ndarray, extra: int = 0) -> int:
    """Move the groups' entries together; cut the arrays to them and ``extra`` entries more."""
    total = int(lengths.sum())
    for array in arrays:
        at = 0
        for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
            if start != at:
                array[at : at + length] = array[start : start + length]
            at += length
        if len(array) != total + extra:
            array.resize(total + extra, refcheck=False)
    return total


def places(scores: Scores, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each distinct positive score, descending: positives up to it, and negatives before and up to it.

    Returns tps (m,) and fps (m, 2) with fps[i] = (negatives above score i, negatives at or above it).
    """
    bits, flip, minus_zero, _ = scores
    n = len(bits)
    keys, n_equal = np.unique(keys_of(scores, bits[codes.view(bool)]), return_counts=True)
    table = make_table(keys, 1 << min(max(len(keys) * 4 - 1, 1).bit_length(), 14))
    counts = np.zeros(2 * len(keys) + 2, np.int64)
    lock = threading.Lock()

    def body(block: int) -> None:
        lo, hi = block * BLOCK, min(n, (block + 1) * BLOCK)
        own = np.zeros_like(counts)
        sweep.count_places(bits, codes, lo, hi, flip, minus_zero, *table, sweep.new_scratch(), own)
        with lock:
            np.add(counts, own, out=counts)

    run_blocks(body, split(n, BLOCK))
    return np.cumsum(n_equal), np.cumsum(counts[:-2]).reshape(-1, 2)
