"""Few rows, before the kernels of a sweep are compiled: the same counts by NumPy, which sorts them at once.

To compile the kernels of a curve takes four seconds, once for a machine; 5,000 rows take a millisecond here,
a million 0.2 s. ``is_cheaper`` is the one place that says which way rows go. Counts are integers, and weights
are added up in the order of the sorted rows, one class after the other: the bits of the kernels.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.allowance import Allowance
from fastsmote._core.freeze import freeze
from fastsmote._core.scores import Scores
from fastsmote._core.typing import Floats, Mask, RowIds
from fastsmote._kernels.metrics import bootstrap, sort, sweep
from fastsmote._metrics.formulas import ratio

# nanoseconds of a row, or of a replicate of a model
_COSTS = {"sweep": 250.0, "weighted sweep": 250.0, "places": 150.0, "replicates": 5e3}


def _kernel_for(question: str, dtype: np.dtype) -> tuple[Any, ...]:
    """The kernel that takes longest to compile."""
    keys, counts, codes = np.empty(1, dtype), np.empty(1, np.int64), np.empty(1, np.uint8)
    if question == "places":
        table = sweep.KeyTable(keys, np.empty(1, np.int32), (0, 0, 0, 0), 0)
        return sweep.count_places, freeze(keys), codes, 0, 0, (0, 0), table, sweep.new_scratch(), counts
    if question == "replicates":
        cells, at = np.empty((1, 1), np.int32), np.empty(1)
        urn = bootstrap.Urn(counts, cells, cells)
        urns = bootstrap.Urns(1, 1, True, urn, urn)
        arguments = np.uint64(0), 0, 0, urns, counts, 0, at, keys, keys, np.empty((1, 1, 1))
        return bootstrap.replicate, *arguments
    weights = np.empty(1) if question == "weighted sweep" else None
    return sort.sort_runs, keys, weights, counts, keys, weights, np.empty(1, np.int32), np.empty(1, bool)


allowance = Allowance(1.5e9, _kernel_for)  # a sweep takes 4 s to compile, a bootstrap 3 s more than its parts


def is_cheaper(question: str, dtype: np.dtype, n: int) -> bool:
    """Whether to leave a question of ``_COSTS`` of n rows or replicates to NumPy; it counts as spent then.

    ``dtype`` is that of the scores' bits, or of the counts of replicates.
    """
    if allowance.is_compiled(question, dtype):
        return False
    cost = 1e5 + n * _COSTS[question]
    is_covered = allowance.covers(cost)
    if is_covered:
        allowance.spend(cost)
    return is_covered


class FewCounts(NamedTuple):
    """At each distinct score, descending: negatives and positives up to it, and its bits."""

    fps: NDArray[Any]
    tps: NDArray[Any]
    bits: NDArray[Any]


def to_keys(scores: Scores, bits: NDArray[Any]) -> NDArray[Any]:
    """Keys of some of the scores' bits: see ``_kernels/metrics/sweep.py``."""
    bits = np.where(bits == scores.minus_zero, 0, bits).astype(bits.dtype, copy=False)
    return ~(bits ^ ((bits >> (8 * bits.itemsize - 1)) & bits.dtype.type(scores.flip)))


def _to_bits(scores: Scores, keys: NDArray[Any]) -> NDArray[Any]:
    bits = ~keys
    return bits ^ ((bits >> (8 * bits.itemsize - 1)) & bits.dtype.type(scores.flip))


def count(scores: Scores, codes: NDArray[np.uint8], weights: Floats | None) -> FewCounts:
    """Counts, or sums of weights, at each distinct score; rows with code 2 are left out."""
    kept = np.flatnonzero(codes != 2)
    keys = to_keys(scores, scores.bits[kept])
    order = np.argsort(keys, kind="stable")
    keys, kept = keys[order], kept[order]
    last = np.flatnonzero(np.append(keys[1:] != keys[:-1], len(keys) > 0))

    def running(which: Mask) -> NDArray[Any]:
        return np.cumsum(which if weights is None else np.where(which, weights[kept], 0.0))[last]

    is_positive = codes[kept] == 1
    return FewCounts(running(~is_positive), running(is_positive), _to_bits(scores, keys[last]))


def places(scores: Scores, keys: NDArray[Any]) -> RowIds:
    """Place of each row among ascending distinct ``keys``: 2 i before the i-th, 2 i + 1 at it."""
    own = to_keys(scores, scores.bits)
    rank = np.searchsorted(keys, own)
    return 2 * rank + (np.append(keys, 0)[rank] == own) * (rank < len(keys))


def precision_recall(
    fps: NDArray[Any], tps: NDArray[Any], n_pos: Any, precision: Floats, recall: Floats
) -> None:
    """As the kernel: rates of all thresholds, last entry first."""
    precision[:] = ratio(tps, tps + fps)[::-1]
    recall[:] = tps[::-1] / n_pos if n_pos else 1.0


def find_corners(fps: NDArray[Any], tps: NDArray[Any], places: RowIds) -> int:
    """As the kernel: places[:n] become the inner points at which a curve changes its slope; returns n."""
    at = 1 + np.flatnonzero((np.diff(fps, 2) != 0) | (np.diff(tps, 2) != 0))
    places[: len(at)] = at
    return len(at)
