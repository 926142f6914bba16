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

from fastsmote._core.freeze import freeze
from fastsmote._core.scores import Scores
from fastsmote._core.threads import even_size, run_blocks, split
from fastsmote._kernels.metrics import sort, sweep
from fastsmote._kernels.metrics.sweep import CurveEntries, KeyTable
from fastsmote._metrics import small

BLOCK = 1 << 18  # rows dealt in one call: tables of all blocks stay small beside the rows
RUN = 1 << 14  # rows aimed at per run: its keys and cells fit into L2
GROUP = (
    1 << 16
)  # rows aimed at per group: counts stay in cache until they are rates, and Python calls are few
MAX_RUNS = 1 << 11  # a slot, twice as many, is 16 bits
_PAGE = 512  # keys, at most
_PER_RUN = 16  # sampled scores per run, so that few runs exceed twice RUN
_CELLS = 1 << 13  # of the table that tells runs: 32 KiB, the L1 cache
_MOST_CELLS = 14  # bits of the number of cells of other tables


class Runs(NamedTuple):
    """Keys dealt into runs: slot 2r holds the negatives of run r, slot 2r + 1 its positives."""

    keys: np.ndarray
    weights: np.ndarray | None
    bounds: np.ndarray  # (2 * n_runs + 1,) int64
    groups: np.ndarray  # (n_groups + 1,) int64: first run of each group


class ScoreGroup(NamedTuple):
    """Counts at the distinct scores of neighbouring runs, scores descending."""

    start: int  # place of the first entry in the output if no two scores were equal
    fp: Any  # false and true positives before the group
    tp: Any
    n_pos: Any  # true positives of all rows
    fps: np.ndarray
    tps: np.ndarray
    thresholds: np.ndarray
    is_all: bool = False  # few rows, counted without kernels: ``small``


def make_table(keys: np.ndarray, n_cells: int | None = None) -> KeyTable:
    """Table over ascending distinct ``keys`` with ``n_cells`` cells (a power of two), by default 4 a key."""
    n_cells = n_cells or 1 << min(max(len(keys) * 4 - 1, 1).bit_length(), _MOST_CELLS)
    grid, before, most = _fill_cells(keys, n_cells)
    first_step = 1 << (most.bit_length() - 1) if most else 0
    padded = np.concatenate([keys, np.full(2 * first_step + 1, np.iinfo(keys.dtype).max, keys.dtype)])
    return KeyTable(padded, before, grid, first_step)


def _fill_cells(keys: np.ndarray, n_cells: int) -> tuple[tuple[int, int, int, int], np.ndarray, int]:
    """Grid over ascending ``keys``, the number of keys before each of its cells, and the most in one."""
    top = int(np.iinfo(keys.dtype).max)
    n = len(keys)
    trim = min(2, n // 8)
    gap = 0
    if n and keys[0] < 0 < keys[-1]:
        gap = int(np.partition(np.abs(np.maximum(keys, -top)), trim)[trim])
    cut = keys - np.clip(keys, -gap, gap)
    low, high = (int(cut[trim]), int(cut[n - 1 - trim])) if n else (0, 0)
    grid = (gap, low, high, max(0, (high - low).bit_length() - (n_cells.bit_length() - 1)))
    before = np.empty(n_cells, np.int32)
    return grid, before, int(sweep.fill_table(keys, n, grid, before))


def keys_of(scores: Scores, bits: np.ndarray) -> np.ndarray:
    """Keys of some of the scores' bits."""
    keys = np.empty_like(bits)
    sweep.to_keys(freeze(bits), scores.flip, scores.minus_zero, keys)
    return keys


def _run_table(scores: Scores) -> tuple[KeyTable, int]:
    """Table whose ranks are runs of about ``RUN`` rows by a sample, and the number of runs."""
    n = len(scores.bits)
    n_runs = min(split(n, RUN), MAX_RUNS)
    if n_runs == 1:
        return make_table(np.empty(0, scores.bits.dtype), 2), 1
    sample = np.sort(keys_of(scores, scores.bits[:: max(1, n // (n_runs * _PER_RUN))].copy()))
    per_run = len(sample) // n_runs
    grid, before, most = _fill_cells(sample, _CELLS)
    if most <= 2 * per_run:  # runs of whole cells: no row has to be searched for
        _, low, high, shift = grid
        last = (high - low) >> shift  # cell; those behind are out of reach
        return KeyTable(sample[:0], before // per_run, grid, 0), int(before[last]) // per_run + 1
    splitters = np.unique(sample[per_run::per_run])
    return make_table(splitters, _CELLS), len(splitters) + 1


def deal_rows(scores: Scores, codes: np.ndarray, weights: np.ndarray | None) -> Runs:
    """Deal rows into runs. Rows with code 2 are left out."""
    bits, encoding = freeze(scores.bits), (scores.flip, scores.minus_zero)
    n = len(bits)
    table, n_runs = _run_table(scores)
    n_slots = 2 * n_runs
    size = even_size(n, BLOCK)
    n_blocks = split(n, size)
    room = np.empty(n, bits.dtype)  # for the keys, which each block writes everywhere
    slots = np.empty(n, np.uint16)
    counts = np.zeros((n_blocks, n_slots), np.int64)

    def count(block: int) -> None:
        lo, hi = block * size, min(n, (block + 1) * size)
        room[lo:hi:_PAGE] = 0  # new memory is slow where it is first written: this shares it out
        sweep.count_runs(bits, codes, lo, hi, encoding, table, sweep.new_scratch(), slots, counts[block])

    run_blocks(count, n_blocks)
    bounds = np.zeros(n_slots + 1, np.int64)
    np.cumsum(counts.sum(axis=0), out=bounds[1:])
    offsets = bounds[:-1] + np.cumsum(counts, axis=0) - counts
    keys = room[: bounds[-1]]
    weights, key_weights = (None, None) if weights is None else (freeze(weights), np.empty(bounds[-1]))

    def scatter(block: int) -> None:
        lo, hi = block * size, min(n, (block + 1) * size)
        sweep.scatter_runs(bits, codes, weights, lo, hi, encoding, slots, offsets[block], keys, key_weights)

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
        runs.keys, runs.weights, bounds, spare, spare_weights, np.empty(2 * longest + 2, np.int32), done
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
    scores: Scores,
    codes: np.ndarray,
    weights: np.ndarray | None,
    emit: Callable[[ScoreGroup], None],
    *,
    ascending: bool = False,
) -> tuple[np.ndarray, np.ndarray, Any]:
    """Call ``emit`` with the counts at each distinct score, in groups of neighbouring scores.

    ``ascending`` places the groups, not the entries within one, for an output of ascending scores.
    Returns the starts and the numbers of entries of the groups, in the order of the output, and n_pos.
    """
    kind = np.int64 if weights is None else np.float64
    if small.is_cheaper(
        "sweep" if weights is None else "weighted sweep", scores.bits.dtype, len(scores.bits)
    ):
        fps, tps, bits = small.count(scores, codes, weights)
        n_pos = tps[-1] if len(tps) else kind(0)
        emit(ScoreGroup(0, kind(0), kind(0), n_pos, fps, tps, scores.values(bits), True))
        return np.zeros(1, np.int64), np.array([len(fps)]), n_pos
    runs = deal_rows(scores, codes, weights)
    n_groups = len(runs.groups) - 1
    edges = runs.bounds[2 * runs.groups]
    before = np.zeros((n_groups + 1, 2), kind)  # false and true positives before each group
    lengths = np.zeros(n_groups, np.int64)
    starts = edges[-1] - edges[1:] if ascending else edges[:-1]

    def merge(group: int) -> None:
        first, last = runs.groups[group], runs.groups[group + 1]
        n = edges[group + 1] - edges[group]
        fps, tps, bits = out = CurveEntries(
            np.empty(n, kind), np.empty(n, kind), np.empty(n, runs.keys.dtype)
        )
        fp, tp = before[group]
        end = sweep.merge_runs(runs.keys, runs.weights, runs.bounds, first, last, fp, tp, scores.flip, out)
        lengths[group] = end
        thresholds = scores.values(bits[:end])
        emit(ScoreGroup(int(starts[group]), fp, tp, before[-1, 1], fps[:end], tps[:end], thresholds))

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
    order = -1 if ascending else 1
    return starts[::order], lengths[::order], before[-1, 1]


def close_gaps(arrays: list[np.ndarray], starts: np.ndarray, lengths: np.ndarray) -> None:
    """Move the groups' entries together and cut the arrays to their end."""
    for array in arrays:
        at = 0
        for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
            if start != at:
                array[at : at + length] = array[start : start + length]
            at += length
        if len(array) != at:
            array.resize(at, refcheck=False)


def places_of_positives(scores: Scores, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each distinct positive score, descending: positives up to it, and negatives before and up to it.

    Returns tps (m,) and fps (m, 2) with fps[i] = (negatives above score i, negatives at or above it).
    """
    bits, encoding = scores.bits, (scores.flip, scores.minus_zero)
    n = len(bits)
    if small.is_cheaper("places", bits.dtype, n):
        keys, n_equal = np.unique(small.to_keys(scores, bits[codes == 1]), return_counts=True)
        at = small.places(scores, keys)[codes == 0]
        counts = np.bincount(at, minlength=2 * len(keys) + 2)
        return np.cumsum(n_equal), np.cumsum(counts[:-2]).reshape(-1, 2)
    size = even_size(n, BLOCK)
    n_blocks = split(n, size)
    positives: list[np.ndarray] = [bits[:0]] * n_blocks

    def pick(block: int) -> None:
        rows = slice(block * size, (block + 1) * size)
        positives[block] = bits[rows][codes[rows].view(bool)]

    run_blocks(pick, n_blocks)
    keys, n_equal = np.unique(keys_of(scores, np.concatenate(positives)), return_counts=True)
    table = make_table(keys)
    counts = np.zeros(2 * len(keys) + 2, np.int64)
    lock = threading.Lock()

    def body(block: int) -> None:
        lo, hi = block * size, min(n, (block + 1) * size)
        found = np.zeros_like(counts)
        sweep.count_places(bits, codes, lo, hi, encoding, table, sweep.new_scratch(), found)
        with lock:
            np.add(counts, found, out=counts)

    run_blocks(body, n_blocks)
    return np.cumsum(n_equal), np.cumsum(counts[:-2]).reshape(-1, 2)
