"""What streaming sweeps share: exact sums of weights, and what is read off bins of scores.

``fastsmote.streaming`` proves the bounds.
"""

import math
import operator
from abc import ABC, abstractmethod
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from fastsmote._core.display import Shown, Summary, brief
from fastsmote._core.serialize import require, require_integers
from fastsmote._kernels.metrics import stream
from fastsmote._metrics.sweep import Sweep
from fastsmote._metrics.undefined import warn_no_positive, warn_one_class

_STRETCHES = 8  # shorter at the start, where precision is most curved
_MARGIN = 16 * 2.0**-53
_LAYERS = -10, 10  # of weights from 1e-75 to 1e75, and of sums of 2**64 of them
MOST_ROWS = 1 << 53  # counts enter results as float64; what is beyond was never counted


class Sums(NamedTuple):
    """Sums of weights per layer, class and place; a layer's unit is 2**(32 * layer)."""

    lowest: int  # at most 0
    table: np.ndarray  # (n_layers, ...) int64, with layer 0 among them

    def wide(self, lowest: int, highest: int) -> "Sums":
        """With at least the layers lowest .. highest."""
        below = max(0, self.lowest - lowest)
        above = max(0, highest - (self.lowest + len(self.table) - 1))
        if not below and not above:
            return self
        pad = [(below, above)] + [(0, 0)] * (self.table.ndim - 1)
        return Sums(self.lowest - below, np.pad(self.table, pad))

    def carry(self) -> "Sums":
        """The same sums with digits below 2**32, in place unless a layer is added; the last has the sign."""
        sums, layer = self, 0
        while layer < len(sums.table):
            over = sums.table[layer] >> stream.LAYER_BITS
            if layer == len(sums.table) - 1:
                np.maximum(over, 0, out=over)
                if not over.any():
                    break
                sums = sums.wide(0, sums.lowest + layer + 1)
            sums.table[layer] -= over << stream.LAYER_BITS
            sums.table[layer + 1] += over
            layer += 1
        return sums

    def integers(self) -> np.ndarray:
        """Sums in units of the lowest layer: int64, or Python integers where there are several layers."""
        if len(self.table) == 1:
            return self.table[0]
        total = self.table[-1].astype(object)
        for layer in self.table[-2::-1]:
            total = (total << stream.LAYER_BITS) + layer.astype(object)
        return total


class ScoreBins(NamedTuple):
    """Sums by descending score, whole numbers of ``1 / unit``."""

    thresholds: np.ndarray
    neg: np.ndarray
    pos: np.ndarray
    tied: np.ndarray  # whether all rows of the bin have one score
    unit: int
    weighted: bool

    def sweep(self) -> tuple[np.ndarray, ...]:
        """The fields of a Sweep."""
        fps, tps = np.cumsum(self.neg), np.cumsum(self.pos)
        n_neg, n_pos = (fps[-1], tps[-1]) if len(fps) else (0, 0)
        counts = [n_neg - fps, fps, n_pos - tps, tps]
        if self.weighted:
            counts = [_floats(count, self.unit) for count in counts]
        return (*counts, self.thresholds)

    def roc_auc_bounds(self) -> tuple[float, float]:
        n_neg, n_pos = (sum(part.tolist()) for part in (self.neg, self.pos))
        if not n_neg or not n_pos:
            warn_one_class()
            return math.nan, math.nan
        below = n_neg - np.cumsum(self.neg)
        twice = 2 * _dot(self.pos, below) + _dot(self.pos[self.tied], self.neg[self.tied])
        undecided = 2 * _dot(self.pos[~self.tied], self.neg[~self.tied])
        return _below(twice, 2 * n_neg * n_pos), -_below(-twice - undecided, 2 * n_neg * n_pos)

    def average_precision_bounds(self) -> tuple[float, float]:
        has = np.flatnonzero(self.pos)
        if not len(has):
            warn_no_positive()
            return 0.0, 0.0
        tps, fps = np.cumsum(self.pos)[has], np.cumsum(self.neg)[has]
        pos, neg, tied = self.pos[has], self.neg[has], self.tied[has]
        n_pos = _floats(tps[-1:], self.unit)[0]

        def part(p: np.ndarray, t: np.ndarray, f: np.ndarray) -> np.ndarray:
            return _floats(p, self.unit) * self._precision(t, f)

        high = math.fsum(part(pos, tps, np.where(tied, fps, fps - neg)))
        terms = [part(pos[tied], tps[tied], fps[tied])]
        p, t, f = (a[~tied] for a in (pos, tps, fps))
        ends = [t - p + p * k**2 // _STRETCHES**2 for k in range(_STRETCHES + 1)]
        for start, end in pairwise(ends):
            first = self._precision(start + (0 if self.weighted else 1), f)
            terms.append(_floats(end - start, self.unit) * (first + self._precision(end, f)) / 2)
        low = math.fsum(np.concatenate(terms))
        return float(low / n_pos * (1 - _MARGIN)), float(min(1.0, high / n_pos * (1 + _MARGIN)))

    def _precision(self, tps: np.ndarray, fps: np.ndarray) -> np.ndarray:
        """tps / (tps + fps), 1 without false positives."""
        alone = np.asarray(fps == 0, bool)
        called = _floats(np.where(alone, 1, tps + fps), self.unit)
        return np.where(alone, 1.0, _floats(tps, self.unit) / called)


def _floats(integers: np.ndarray, unit: int) -> np.ndarray:
    """integers / unit, each correctly rounded."""
    if unit == 1:
        return integers.astype(np.float64)
    return np.array([value / unit for value in integers.tolist()], np.float64)


def _dot(a: np.ndarray, b: np.ndarray) -> int:
    return sum(map(operator.mul, a.tolist(), b.tolist()))


def _below(a: int, b: int) -> float:
    """The largest float64 that is not above a / b."""
    value = a / b
    n, d = value.as_integer_ratio()
    return value if n * b <= a * d else math.nextafter(value, -math.inf)


def cells_of_scores(bits: np.ndarray) -> np.ndarray:
    """Cells of scores from their bits."""
    cells = np.empty(len(bits), np.int64)
    stream.cells_of(bits, stream.LOWER, cells)
    return cells


def last_keys(cells: np.ndarray) -> np.ndarray:
    """Keys of the lowest scores of cells."""
    return ((cells + 1) << stream.CELL_SHIFT) - 1 ^ np.int64(stream.MINUS_ZERO)


def values_of(keys: np.ndarray) -> np.ndarray:
    """Scores of keys."""
    bits = ~keys
    return (bits ^ ((bits >> 63) & stream.LOWER)).view(np.float64)


def check_sums(sums: Sums, weighted: bool) -> None:
    """ValueError unless sums that were stored are carried sums of weights, or numbers of rows."""
    lowest, table = sums
    require(isinstance(lowest, int), "a lowest layer", lowest)
    most = (1 << stream.LAYER_BITS) - 1 if weighted else MOST_ROWS
    require_integers("sums", table, 3, 0, most)
    least, last = _LAYERS if weighted else (0, 0)
    highest = lowest + len(table) - 1
    require(least <= lowest <= highest <= last, f"layers from {least} to {last}", f"{lowest} to {highest}")
    n_rows = table.sum(dtype=np.float64)
    require(weighted or bool(n_rows <= MOST_ROWS), f"at most {MOST_ROWS} rows", n_rows)


def check_cells(cells: np.ndarray, sums: Sums, weighted: bool) -> None:
    """ValueError unless these are cells of finite scores, ascending, and the sums of rows in each."""
    # the first and the last page are of infinite scores
    require_integers("cells", cells, 1, stream.PAGE, (stream.N_PAGES - 1) * stream.PAGE - 1)
    check_sums(sums, weighted)
    shape = sums.table.shape[1:]
    require(shape == (len(cells), 2), f"sums of {len(cells)} cells and two classes", shape)
    require(bool((np.diff(cells) > 0).all()), "cells in ascending order", "others")
    require(bool(sums.table.any(axis=(0, 2)).all()), "rows in every cell", "a cell without any")


def check_keys(keys: np.ndarray) -> None:
    """ValueError unless these are keys of finite scores, ascending, none twice."""
    require_integers("scores", keys, 1, -(2**63))
    require(bool((np.diff(keys) > 0).all()), "scores in order, none twice", "others")
    require(bool(np.isfinite(values_of(keys)).all()), "finite scores", "others")


class BinnedSweep(Shown, ABC):
    """What is read off bins."""

    _pos_label: Any

    @abstractmethod
    def _bins(self) -> ScoreBins:
        """What has been counted so far."""

    def _summary(self) -> Summary:
        held = self._contents()
        title = f"{brief(held['n_positive'])} positive, {brief(held['n_negative'])} negative"
        facts = {"pos_label": repr(self._pos_label), "bins with rows": f"{held['n_bins']:,}"}
        for name, bounds in {
            "ROC AUC": held["roc_auc"],
            "average precision": held["average_precision"],
        }.items():
            if bounds is not None:
                facts[name] = f"{brief(bounds[0])} to {brief(bounds[1])}"
        return Summary(title, facts)

    def _contents(self) -> dict[str, Any]:
        bins = self._bins()
        n_neg, n_pos = (
            sum(part.tolist()) / bins.unit if bins.weighted else sum(part.tolist())
            for part in (bins.neg, bins.pos)
        )
        return {
            "pos_label": self._pos_label,
            "weighted": bins.weighted,
            "n_bins": len(bins.thresholds),
            "n_positive": n_pos,
            "n_negative": n_neg,
            "roc_auc": bins.roc_auc_bounds() if n_neg and n_pos else None,
            "average_precision": bins.average_precision_bounds() if n_pos else None,
        }

    def compute(self) -> Sweep:
        """Confusion counts at the lower edge of every bin that holds a row.

        Returns
        -------
        Sweep
            The counts are those of the exact sweep at these thresholds, which are float64. Sums of weights
            are correctly rounded. Without rows, empty.

        See Also
        --------
        fastsmote.confusion_sweep : The exact sweep of rows in memory.
        fastsmote.thresholds.best_threshold : Reads its result.
        """
        return Sweep(*self._bins().sweep())

    def roc_auc_bounds(self) -> tuple[float, float]:
        """Two numbers that the exact area under the ROC curve lies between.

        Returns
        -------
        low, high : float
            NaN where a class is absent.

        Warns
        -----
        UndefinedMetricWarning
            Only one class is present.

        See Also
        --------
        fastsmote.roc_auc_score : The area itself, of rows in memory.

        Notes
        -----
        Their distance is the share of (positive, negative) pairs that fell into one bin, plus rounding. The
        proof is in the module's text.
        """
        return self._bins().roc_auc_bounds()

    def average_precision_bounds(self) -> tuple[float, float]:
        """Two numbers that the exact average precision lies between.

        Returns
        -------
        low, high : float
            0 where no row is positive.

        Warns
        -----
        UndefinedMetricWarning
            No row is positive.

        See Also
        --------
        fastsmote.average_precision_score : The score itself, of rows in memory.

        Notes
        -----
        The proof is in the module's text.
        """
        return self._bins().average_precision_bounds()
