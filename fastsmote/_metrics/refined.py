"""The second pass over a stream of scores, which ``fastsmote.streaming`` makes public."""

from __future__ import annotations

from typing import Any, NamedTuple, Self

import numpy as np

from fastsmote._core.freeze import freeze
from fastsmote._core.public import public
from fastsmote._core.rows import check_binary_rows
from fastsmote._core.scores import infer_pos_label
from fastsmote._core.serialize import check_version, require
from fastsmote._core.sole_use import alone, sole_use
from fastsmote._kernels.metrics import stream, sweep
from fastsmote._metrics.bins import (
    BinnedSweep,
    ScoreBins,
    Sums,
    cells_of_scores,
    check_cells,
    check_keys,
    check_sums,
    last_keys,
    values_of,
)

_VERSION = 1  # of a pickle


@public("fastsmote.streaming")
class RefinedSweep(BinnedSweep):
    """The second pass over a stream: each score by itself in the bins where order matters, as sums elsewhere.

    Parameters
    ----------
    cells : ndarray of shape (n_cells,)
        ScoreBins of the first pass that hold rows.
    sums : Sums
        Their sums.
    pos_label : int, float, bool, str or None
        The positive label.
    weighted : bool
        Whether the sums are of weights. All four come from :meth:`StreamingSweep.refine`.

    Raises
    ------
    ValueError
        One of the four is not what a stream keeps.

    See Also
    --------
    StreamingSweep.refine : Begins one.
    PositiveRanking : Exact in less memory where the positives are few and known.

    Notes
    -----
    The bounds of roc_auc_bounds are then the exact area, rounded downwards and upwards; those of
    average_precision_bounds differ by its rounding, 32 units of 2**-53. O(n log n) time; memory 24 bytes
    (with weights, 16 more for each 32 binary digits that they span) for each distinct score in these bins,
    not constant. Where float64 scores are all different and every bin has a positive, that is all rows; if
    positives are few, :class:`PositiveRanking` needs only them.
    """

    def __init__(self, cells: np.ndarray, sums: Sums, pos_label: Any, weighted: bool) -> None:
        infer_pos_label([], pos_label)
        require(isinstance(weighted, bool), "weighted as a bool", weighted)
        require(isinstance(sums, Sums), "sums as a stream keeps them", type(sums).__name__)
        check_cells(cells, sums, weighted)
        self._cells, self._first, self._pos_label, self._weighted = cells, sums, pos_label, weighted
        neg, pos = self._first.integers().T
        before = np.cumsum(neg) - neg
        several = (pos > 1) | self._weighted
        self._open = np.asarray((pos > 0) & ((neg > 0) | (several & (before > 0))), bool)
        self._is_open = np.zeros(stream.N_PAGES * stream.PAGE, bool)
        self._is_open[self._cells[self._open]] = True
        self._found = [_Found(np.empty(0, np.int64), Sums(0, np.zeros((1, 0, 2), np.int64)))]

    @alone
    def __getstate__(self) -> dict[str, Any]:
        found = [(part.keys, *part.sums) for part in self._found]
        first = (self._cells, tuple(self._first), self._pos_label, self._weighted)
        return {"version": _VERSION, "first": first, "found": found}

    def __setstate__(self, state: Any) -> None:
        state = check_version(state, _VERSION, "RefinedSweep")
        try:
            cells, sums, pos_label, weighted = state["first"]
            first, found = Sums(*sums), [_Found(keys, Sums(*rest)) for keys, *rest in state["found"]]
        except (KeyError, TypeError) as error:
            raise ValueError(f"A pickle of RefinedSweep lacks what a sweep has: {error}.") from error
        require(len(found) > 0, "collections of scores", "none")
        for keys, part in found:
            check_keys(keys)
            check_sums(part, True)  # carried, whether of weights or of rows
            shape = part.table.shape[1:]
            require(shape == (len(keys), 2), f"sums of {len(keys)} scores and two classes", shape)
        RefinedSweep.__init__(self, cells, first, pos_label, weighted)
        self._found = found

    @alone
    def update(self, y_true: Any, y_score: Any, sample_weight: Any = None) -> Self:
        """Look at rows of the first pass again.

        Parameters
        ----------
        y_true, y_score, sample_weight
            As in :meth:`StreamingSweep.update`; chunks and their order may be others than in the first pass.

        Returns
        -------
        RefinedSweep
            Itself.

        Raises
        ------
        ValueError, TypeError
            As in :meth:`StreamingSweep.update`.

        See Also
        --------
        RefinedSweep.merge : Adds what another second pass has found.
        """
        rows = check_binary_rows(y_true, y_score, self._pos_label, sample_weight)
        if rows is not None:
            at = np.flatnonzero(self._is_open[cells_of_scores(rows.bits)] & (rows.codes != 2))
            keys = np.empty(len(at), np.int64)
            sweep.to_keys(freeze(rows.bits[at]), stream.LOWER, stream.MINUS_ZERO, keys)
            lowest, pieces = 0, np.ones((1, len(at)), np.int64)
            if rows.weights is not None:
                weights = freeze(rows.weights[at])
                lowest, highest = stream.layers_of(weights, rows.codes[at], 0, 0)
                pieces = np.zeros((highest - lowest + 1, len(at)), np.int64)
                stream.deal_weights(weights, lowest, pieces)
            is_pos = rows.codes[at] == 1
            table = np.stack([pieces * ~is_pos, pieces * is_pos], axis=2)
            self._add(_collapse([_Found(keys, Sums(lowest, table))]))
        return self

    def _add(self, found: _Found) -> None:
        """Keep the largest collection first, and join the others to it once they are as large."""
        self._found.append(found)
        if sum(len(other.keys) for other in self._found[1:]) >= len(self._found[0].keys):
            self._found = [_collapse(self._found)]

    def merge(self, other: RefinedSweep) -> Self:
        """Add what another second pass over the same first stream has found.

        Parameters
        ----------
        other : RefinedSweep
            A pass over other rows, which stays as it is.

        Returns
        -------
        RefinedSweep
            Itself.

        Raises
        ------
        TypeError
            other is no RefinedSweep.
        ValueError
            The passes come from streams that counted different rows.

        See Also
        --------
        RefinedSweep.update : Adds rows.
        """
        if not isinstance(other, RefinedSweep):
            raise TypeError(f"other must be a RefinedSweep. Got {type(other).__name__}.")
        with sole_use(self, other):
            self._join(other)
        return self

    def _join(self, other: RefinedSweep) -> None:
        same = np.array_equal(self._cells, other._cells) and _equal(self._first, other._first)
        if not same or self._pos_label != other._pos_label:
            raise ValueError(
                "Only passes refined from one stream merge. Got passes over streams that counted different "
                "rows; refine the merged stream of the first pass on every machine."
            )
        self._add(_collapse(other._found))

    @alone
    def _bins(self) -> ScoreBins:
        self._found = [_collapse(self._found)]
        keys, found = self._found[0]
        lowest = min(found.lowest, self._first.lowest)
        found, first = found.wide(lowest, 0), self._first.wide(lowest, 0)
        cells = (keys ^ stream.MINUS_ZERO).view(np.uint64) >> np.uint64(stream.CELL_SHIFT)
        starts = np.flatnonzero(np.diff(cells, prepend=np.uint64(2**63)))
        sums, totals = found.integers(), first.integers()
        per_cell = np.add.reduceat(sums, starts, axis=0) if len(starts) else sums
        if (
            not np.array_equal(cells[starts], self._cells[self._open])
            or per_cell.tolist() != totals[self._open].tolist()
        ):
            raise ValueError(
                "The second pass must be given the rows of the first, each once. Got other rows: pass the "
                "rest of the chunks to update, or merge the other passes."
            )
        keys = np.concatenate([last_keys(self._cells[~self._open]), keys])
        sums = np.concatenate([totals[~self._open], sums])
        tied = np.arange(len(keys)) >= np.count_nonzero(~self._open)
        order = np.argsort(keys)
        unit = 1 << (-lowest * stream.LAYER_BITS)
        neg, pos = sums[order].T
        return ScoreBins(values_of(keys[order]), neg, pos, tied[order], unit, self._weighted)


class _Found(NamedTuple):
    keys: np.ndarray  # (m,) int64, ascending, distinct
    sums: Sums  # table of shape (n_layers, m, 2)


def _collapse(parts: list[_Found]) -> _Found:
    """One collection of several, equal keys joined."""
    lowest = min(part.sums.lowest for part in parts)
    highest = max(part.sums.lowest + len(part.sums.table) - 1 for part in parts)
    keys = np.concatenate([part.keys for part in parts])
    table = np.concatenate([part.sums.wide(lowest, highest).table for part in parts], axis=1)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    starts = np.flatnonzero(np.diff(keys, prepend=~keys[:1]))
    if not len(starts):
        return _Found(keys, Sums(lowest, table))
    return _Found(keys[starts], Sums(lowest, np.add.reduceat(table[:, order], starts, axis=1)).carry())


def _equal(a: Sums, b: Sums) -> bool:
    lowest = min(a.lowest, b.lowest)
    return a.wide(lowest, 0).integers().tolist() == b.wide(lowest, 0).integers().tolist()
