"""Exact scores of a stream whose positives are known, which ``fastsmote.streaming`` makes public."""

from __future__ import annotations

import math
from typing import Any, Self

import numpy as np

from fastsmote._core.display import Shown, Summary
from fastsmote._core.freeze import freeze
from fastsmote._core.public import public
from fastsmote._core.rows import bits_of, check_binary_rows
from fastsmote._core.scores import infer_pos_label, read_column
from fastsmote._core.serialize import check_version, require, require_integers
from fastsmote._core.sole_use import alone, sole_use
from fastsmote._kernels.metrics import stream, sweep
from fastsmote._metrics import ranking
from fastsmote._metrics.bins import MOST_ROWS, check_keys, values_of
from fastsmote._metrics.formulas import average_precision_of_counts
from fastsmote._metrics.sweep import Sweep, cuts_around
from fastsmote._metrics.undefined import warn_no_positive, warn_one_class

_VERSION = 1  # of a pickle


@public("fastsmote.streaming")
class PositiveRanking(Shown):
    """Exact ranking scores of a stream: negatives are counted among positives that are known beforehand.

    Parameters
    ----------
    positives : array-like of shape (n_positives,)
        The finite scores of all positive rows, in any order, as a first pass has collected them.
    pos_label : int, float, bool or str, default=None
        The positive label, as in :class:`StreamingSweep`.

    Raises
    ------
    ValueError
        A score is NaN, infinite, or an integer beyond 2**53; pos_label is no number, string or bool.

    See Also
    --------
    StreamingSweep : Needs no positives beforehand, and gives bounds.
    RefinedSweep : Exact by a second pass, in memory that grows with distinct scores.

    Notes
    -----
    O(n log p) time and 40 bytes of memory for each of p distinct positive scores, whatever the negatives.
    Counts are integers, so chunks, their order and merging do not show in a result. There are no weights.
    One thread at a time may use a ranking, as a :class:`StreamingSweep`.

    Examples
    --------
    >>> from fastsmote.streaming import PositiveRanking
    >>> ranking = PositiveRanking([0.35, 0.8])
    >>> ranking.update([0, 0, 1], [0.1, 0.4, 0.35]).update([1], [0.8]).roc_auc_score()
    0.75
    """

    def __init__(self, positives: Any, *, pos_label: Any = None) -> None:
        infer_pos_label([], pos_label)
        self._pos_label = pos_label
        bits = np.empty(0, np.int64)
        if not hasattr(positives, "__len__") or len(positives):
            bits = bits_of(read_column(positives, "positives"), "positives")
        keys = np.empty_like(bits)
        sweep.to_keys(freeze(bits), stream.LOWER, stream.MINUS_ZERO, keys)
        self._keys, self._n_equal = np.unique(keys, return_counts=True)
        self._table = ranking.make_table(self._keys)
        self._n_met = np.zeros_like(self._n_equal)
        # before and at each positive, negatives; then those below all positives, and an unused place
        self._counts = np.zeros(2 * len(self._keys) + 2, np.int64)

    @alone
    def __getstate__(self) -> dict[str, Any]:
        state = {name: value for name, value in vars(self).items() if name != "_table"}
        return {"version": _VERSION, **state}

    def __setstate__(self, state: Any) -> None:
        state = check_version(state, _VERSION, "PositiveRanking")
        try:
            self._pos_label = state["_pos_label"]
            arrays = state["_keys"], state["_n_equal"], state["_n_met"], state["_counts"]
        except KeyError as error:
            raise ValueError(f"A pickle of PositiveRanking lacks what a ranking has: {error}.") from error
        infer_pos_label([], self._pos_label)
        keys, *counted = arrays
        check_keys(keys)
        sizes = len(keys), len(keys), 2 * len(keys) + 2  # a kernel counts into the last
        for counts, size, least in zip(counted, sizes, (1, 0, 0), strict=True):
            require_integers("counts", counts, 1, least, MOST_ROWS)
            require(len(counts) == size, f"{size} counts", len(counts))
            require(bool(counts.sum(dtype=np.float64) <= MOST_ROWS), f"at most {MOST_ROWS} rows", "more")
        self._keys, self._n_equal, self._n_met, self._counts = (array.copy() for array in arrays)
        self._table = ranking.make_table(self._keys)

    def _summary(self) -> Summary:
        held = self._contents()
        met = f"{held['n_positive_met']:,} of {held['n_positive']:,} positives met"
        return Summary(f"{met}, {held['n_negative']:,} negatives", {"pos_label": repr(self._pos_label)})

    @alone
    def _contents(self) -> dict[str, Any]:
        return {
            "pos_label": self._pos_label,
            "n_positive": self._n_pos(),
            "n_positive_met": int(self._n_met.sum()),
            "n_negative": self._n_neg(),
        }

    @alone
    def update(self, y_true: Any, y_score: Any) -> Self:
        """Count the negatives of a chunk.

        Parameters
        ----------
        y_true, y_score
            As in :meth:`StreamingSweep.update`. Of positive rows it is only seen that none is missing.

        Returns
        -------
        PositiveRanking
            Itself.

        Raises
        ------
        ValueError, TypeError
            As in :meth:`StreamingSweep.update`; ValueError where a positive row has another score than the
            positives. Nothing is counted then.

        See Also
        --------
        PositiveRanking.merge : Adds the rows of another ranking.
        """
        rows = check_binary_rows(y_true, y_score, self._pos_label, None)
        if rows is not None:
            met = self._met(rows.bits[rows.codes == 1])
            n = len(rows.bits)
            scratch = sweep.new_scratch()
            encoding = stream.LOWER, stream.MINUS_ZERO
            sweep.count_places(rows.bits, rows.codes, 0, n, encoding, self._table, scratch, self._counts)
            self._n_met += met
        return self

    def _met(self, scores: np.ndarray) -> np.ndarray:
        """How many of some positive rows have each of the positive scores."""
        keys = np.empty_like(scores)
        sweep.to_keys(freeze(scores), stream.LOWER, stream.MINUS_ZERO, keys)
        place = np.searchsorted(self._keys, keys)
        known = place < len(self._keys)
        known[known] = self._keys[place[known]] == keys[known]
        if not known.all():
            unknown = values_of(keys[~known][:1])[0]
            raise ValueError(
                f"y_score must have positive rows at the scores of positives only. Got {unknown!r} in a "
                "positive row; begin again with all scores of positives, in float64."
            )
        return np.bincount(place, minlength=len(self._keys))

    def merge(self, other: PositiveRanking) -> Self:
        """Add what another ranking among the same positives has counted.

        Parameters
        ----------
        other : PositiveRanking
            A ranking of other rows, which stays as it is.

        Returns
        -------
        PositiveRanking
            Itself.

        Raises
        ------
        TypeError
            other is no PositiveRanking.
        ValueError
            The positives or the pos_labels differ.

        See Also
        --------
        PositiveRanking.update : Adds rows.
        """
        if not isinstance(other, PositiveRanking):
            raise TypeError(f"other must be a PositiveRanking. Got {type(other).__name__}.")
        if self._pos_label != other._pos_label:
            raise ValueError(
                f"Rankings with pos_label {self._pos_label!r} and {other._pos_label!r} do not merge. Make "
                "both with one pos_label."
            )
        if not (np.array_equal(self._keys, other._keys) and np.array_equal(self._n_equal, other._n_equal)):
            raise ValueError(
                "Only rankings among the same positives merge. Got other scores of positives; collect those "
                "of the whole stream first, and give them to every ranking."
            )
        with sole_use(self, other):
            self._counts += other._counts
            self._n_met += other._n_met
        return self

    @alone
    def compute(self) -> Sweep:
        """Confusion counts at every distinct positive score, just above each, and below all.

        Returns
        -------
        Sweep
            At float64 thresholds. Negatives between two positives are not told apart; rates, areas and the
            best threshold for any metric that false alarms lower are those of the exact sweep.

        Raises
        ------
        ValueError
            update has met another number of positive rows than there are positives.

        See Also
        --------
        fastsmote.confusion_sweep : At every distinct score, of rows in memory.
        """
        tps, _ = self._places()
        thresholds, last = cuts_around(values_of(self._keys))
        fps = np.cumsum(self._counts)[last]
        tps = np.append(np.column_stack([tps - self._n_equal, tps]).ravel(), self._n_pos())[last]
        return Sweep(self._n_neg() - fps, fps, self._n_pos() - tps, tps, thresholds)

    @alone
    def roc_auc_score(self) -> float:
        """The area under the ROC curve, correctly rounded, NaN where a class is absent.

        Returns
        -------
        float

        Raises
        ------
        ValueError
            As in :meth:`compute`.

        Warns
        -----
        UndefinedMetricWarning
            Only one class is present.

        See Also
        --------
        fastsmote.roc_auc_score : Of rows in memory.
        """
        _, around = self._places()
        n_neg, n_pos = self._n_neg(), self._n_pos()
        if not n_neg or not n_pos:
            warn_one_class()
            return math.nan
        below = 2 * n_neg - around.sum(axis=1)
        twice = sum(n * m for n, m in zip(self._n_equal.tolist(), below.tolist(), strict=True))
        return twice / (2 * n_pos * n_neg)

    @alone
    def average_precision_score(self) -> float:
        """Average precision, 0 without positives.

        Returns
        -------
        float
            The same bits as of :func:`fastsmote.average_precision_score`.

        Raises
        ------
        ValueError
            As in :meth:`compute`.

        Warns
        -----
        UndefinedMetricWarning
            No row is positive.

        See Also
        --------
        fastsmote.average_precision_score : Of rows in memory.
        """
        tps, around = self._places()
        if not self._n_pos():
            warn_no_positive()
            return 0.0
        return average_precision_of_counts(around[:, 1], tps, self._n_pos())

    def _n_neg(self) -> int:
        return int(self._counts.sum())

    def _n_pos(self) -> int:
        return int(self._n_equal.sum())

    def _places(self) -> tuple[np.ndarray, np.ndarray]:
        """True positives at each positive score, and false ones before and at it, by descending score."""
        if not np.array_equal(self._n_met, self._n_equal):
            raise ValueError(
                f"update must meet every positive row once. Got {self._n_met.sum()} of {self._n_pos()} "
                "positives: pass the other chunks, or begin again with all scores of positives."
            )
        return np.cumsum(self._n_equal), np.cumsum(self._counts[:-2]).reshape(-1, 2)
