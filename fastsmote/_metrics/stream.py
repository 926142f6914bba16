"""Sweeps of streams: counts in cells, in memory that does not grow."""

from __future__ import annotations

import struct
from typing import Any, Self

import numpy as np

from fastsmote._core import scores
from fastsmote._core.public import in_memory, public
from fastsmote._core.rows import BinaryRows, check_binary_rows
from fastsmote._core.serialize import require, seal, unseal
from fastsmote._core.sole_use import alone, sole_use
from fastsmote._core.threads import even_size, run_ranges, split
from fastsmote._kernels.metrics import stream
from fastsmote._metrics.bins import (
    BinnedSweep,
    ScoreBins,
    Sums,
    cells_of_scores,
    check_cells,
    last_keys,
    values_of,
)
from fastsmote._metrics.refined import RefinedSweep

_CELLS = 1 << 12  # of all tables that are added up together
_BLOCK = 1 << 20  # rows that are counted in a table of their own, of at most a byte for each
_CARRY_EVERY = 1 << 30  # weighted rows: each adds less than 2**32 to an int64
_MAGIC, _VERSION = b"FSSWEEP\0", 1
_HEADER = struct.Struct("<8sHHiIII")  # magic, version, weighted, lowest layer, layers, cells, bytes of label


@public("fastsmote.streaming")
class StreamingSweep(BinnedSweep):
    """Confusion counts of a stream of scores in constant memory, that merge exactly.

    Parameters
    ----------
    pos_label : int, float, bool or str, default=None
        The positive label, for every chunk. None means 1 where the labels of a chunk are within {0, 1} or
        {-1, 1}. A label that does not occur leaves all rows of a chunk negative.

    Raises
    ------
    ValueError
        pos_label is no number, string or bool.

    See Also
    --------
    fastsmote.confusion_sweep : The exact sweep of scores in memory.

    Notes
    -----
    Counts are integers and sums of weights are kept without rounding, so the state, and every bit of a
    result, does not depend on chunks, on their order, on how streams were merged, or on threads.

    O(1) time a row. Memory depends on which powers of two the scores span, not on their number: 16 to 32 KiB
    for each, so 0.5 MiB for scores evenly spread over [0, 1] and 64 MiB where all of float64 is used; with
    weights, the same for each 32 binary digits that the weights span, 3 times for random ones.
    A stream may be pickled and copied. One thread at a time may use it, to read too: a second one gets
    RuntimeError, and nothing is counted. Give each thread a stream of its own and merge.

    Examples
    --------
    >>> from fastsmote.streaming import StreamingSweep
    >>> first = StreamingSweep().update([0, 0, 1], [0.1, 0.4, 0.35])
    >>> second = StreamingSweep().update([1], [0.8])
    >>> sweep = first.merge(second).compute()
    >>> sweep.tps, sweep.fps
    (array([1, 1, 2, 2]), array([0, 1, 1, 2]))
    >>> low, high = first.roc_auc_bounds()
    >>> low <= 0.75 <= high
    True
    """

    def __init__(self, *, pos_label: Any = None) -> None:
        scores.infer_pos_label([], pos_label)
        self._pos_label = pos_label.item() if isinstance(pos_label, np.generic) else pos_label
        self._weighted = False
        self._n_since_carry = 0
        self._directory = np.full(stream.N_PAGES, -1, np.int32)
        self._n_pages = 0
        self._sums = Sums(0, np.zeros((1, 1, 2 * stream.PAGE), np.int64))

    @alone
    @in_memory
    def update(self, y_true: Any, y_score: Any, sample_weight: Any = None) -> Self:
        """Count the rows of a chunk.

        Parameters
        ----------
        y_true : array-like of shape (n_samples,)
            Labels of at most two classes, or of more where the stream has a pos_label.
        y_score : array-like of shape (n_samples,)
            Finite scores, taken as float64. No rows are allowed.
        sample_weight : array-like of shape (n_samples,), default=None
            Weights, 0 or from 1e-75 to 1e75. Rows of weight 0 are left out. None counts rows, which is the
            same as weights of 1 but for integers in the result.

        Returns
        -------
        StreamingSweep
            Itself. Where an error is raised, nothing is counted.

        Raises
        ------
        ValueError
            Lengths differ; labels of more than two classes, continuous, mixed or missing; pos_label not given
            and labels outside {0, 1} and {-1, 1}; a score is NaN, infinite, or an integer beyond 2**53; a
            weight is negative, NaN, infinite or out of range.
        TypeError
            Labels are bytes, or an array is masked.

        See Also
        --------
        StreamingSweep.revert : Takes rows out again.
        StreamingSweep.merge : Adds the rows of another stream.
        """
        rows = check_binary_rows(y_true, y_score, self._pos_label, sample_weight)
        if rows is not None:
            self._count(rows)
        return self

    def _count(self, rows: BinaryRows) -> None:
        n = len(rows.bits)
        if rows.weights is None:
            self._count_side_by_side(rows)
            return
        self._sums = self._sums.wide(*stream.layers_of(rows.weights, rows.codes, 0, 0))
        self._weighted = True
        for lo in range(0, n, _CARRY_EVERY):
            hi = min(n, lo + _CARRY_EVERY)
            self._make_room(hi - lo)
            self._count_range(rows, lo, hi)

    def _count_side_by_side(self, rows: BinaryRows) -> None:
        """Blocks of rows in tables of their own, as far as they find their pages; the rest one by one."""
        bits, codes, n = rows.bits, rows.codes, len(rows.bits)
        begun = 0 if self._n_pages else min(n, _BLOCK)
        self._count_range(rows, 0, begun)
        table = self._sums.table.reshape(len(self._sums.table), -1)[-self._sums.lowest]
        size = even_size(n - begun, _BLOCK)
        n_blocks = split(n - begun, size)
        if n_blocks <= 1 or 8 * len(table) > size:
            self._count_range(rows, begun, n)
            return
        tables, reached = np.zeros((n_blocks, len(table)), table.dtype), np.empty(n_blocks, np.int64)

        def count(lo: int, hi: int) -> None:
            block = lo // size
            reached[block] = stream.count_rows(
                bits, codes, begun + lo, begun + hi, stream.LOWER, self._directory, tables[block]
            )

        def add_up(lo: int, hi: int) -> None:
            table[lo:hi] += tables[:, lo:hi].sum(axis=0)

        run_ranges(count, n - begun, size)
        run_ranges(add_up, len(table), _CELLS)
        for block, at in enumerate(reached.tolist()):
            self._count_range(rows, at, min(n, begun + (block + 1) * size))

    def _count_range(self, rows: BinaryRows, at: int, stop: int) -> None:
        bits, codes, weights = rows
        flip, directory = stream.LOWER, self._directory
        while True:
            lowest, table = self._sums.lowest, self._sums.table.reshape(len(self._sums.table), -1)
            if weights is None:
                at = stream.count_rows(bits, codes, at, stop, flip, directory, table[-lowest])
            else:
                at = stream.add_weights(bits, codes, weights, at, stop, flip, lowest, directory, table)
            if at == stop:
                return
            self._add_page(int(cells_of_scores(bits[at : at + 1])[0]) >> stream.PAGE_BITS)

    def _make_room(self, n: int) -> None:
        """Carry unless n more weights, each below 2**32 in a layer, fit into int64 in any case."""
        if self._n_since_carry + n > _CARRY_EVERY:
            self._carry()
        self._n_since_carry += n

    def _add_page(self, place: int) -> None:
        table = self._sums.table
        if self._n_pages == table.shape[1]:
            self._sums = self._sums._replace(table=np.concatenate([table, np.zeros_like(table)], axis=1))
        self._directory[place] = self._n_pages
        self._n_pages += 1

    def _carry(self) -> None:
        self._sums = self._sums.carry()
        self._n_since_carry = 0

    def merge(self, other: StreamingSweep) -> Self:
        """Add what another stream has counted.

        Parameters
        ----------
        other : StreamingSweep
            A stream with the same pos_label, which stays as it is.

        Returns
        -------
        StreamingSweep
            Itself.

        Raises
        ------
        TypeError
            other is no StreamingSweep.
        ValueError
            The pos_labels differ.

        See Also
        --------
        StreamingSweep.update : Adds rows.
        StreamingSweep.to_bytes : Brings a stream to another machine.
        """
        if not isinstance(other, StreamingSweep):
            raise TypeError(f"other must be a StreamingSweep. Got {type(other).__name__}.")
        if (self._pos_label, type(self._pos_label)) != (other._pos_label, type(other._pos_label)):
            raise ValueError(
                f"Streams with pos_label {self._pos_label!r} and {other._pos_label!r} do not merge. Make "
                "both with one pos_label."
            )
        with sole_use(self, other):
            self._add(other)
        return self

    def _add(self, other: StreamingSweep) -> None:
        for place in np.flatnonzero((other._directory >= 0) & (self._directory < 0)):
            self._add_page(int(place))
        if self._weighted or other._weighted:
            self._make_room(other._n_since_carry + 1)
        self._sums = self._plus(other, 1)
        self._weighted |= other._weighted

    def _plus(self, other: StreamingSweep, sign: int) -> Sums:
        """Sums with those of a stream whose pages this one has; in place where no layer is added."""
        places = np.flatnonzero(other._directory >= 0)
        theirs = other._sums
        mine = self._sums.wide(theirs.lowest, theirs.lowest + len(theirs.table) - 1)
        first = theirs.lowest - mine.lowest
        pages, added = self._directory[places], theirs.table[:, other._directory[places]]
        mine.table[first : first + len(theirs.table), pages] += sign * added
        return mine

    @alone
    def revert(self, y_true: Any, y_score: Any, sample_weight: Any = None) -> Self:
        """Take rows out again, as for a window that slides.

        Parameters
        ----------
        y_true, y_score, sample_weight
            Rows as they were given to :meth:`update`, in any order and chunks.

        Returns
        -------
        StreamingSweep
            Itself, in the state of a stream that never had these rows.

        Raises
        ------
        ValueError, TypeError
            As in :meth:`update`; ValueError where more rows (or more weight) would leave a bin than it
            holds, and then nothing is taken out.

        See Also
        --------
        StreamingSweep.update : Adds rows.
        """
        removed = StreamingSweep(pos_label=self._pos_label).update(y_true, y_score, sample_weight)
        missing = (removed._directory >= 0) & (self._directory < 0)
        before = self._sums
        if not missing.any():
            self._sums = before._replace(table=before.table.copy())
            sums = self._plus(removed, -1)
            self._sums = before
            if self._weighted or removed._weighted:
                sums = sums.carry()
            if (sums.table >= 0).all():
                self._sums = sums
                self._n_since_carry = 0
                self._weighted |= removed._weighted
                return self
        raise ValueError(
            "revert takes out rows that update has counted. Got rows that were not: some bin would hold less "
            "than nothing. Pass the labels, scores and weights of an earlier update."
        )

    def _occupied(self) -> tuple[np.ndarray, Sums]:
        """Cells with rows, by descending score, and their sums, carried, shape (n_layers, n_cells, 2)."""
        if self._weighted:
            self._carry()
        places = np.flatnonzero(self._directory >= 0)
        table = self._sums.table[:, self._directory[places]].reshape(len(self._sums.table), -1, 2)
        kept = np.flatnonzero(table.any(axis=(0, 2)))
        cells = (places[kept // stream.PAGE] << stream.PAGE_BITS) + kept % stream.PAGE
        return cells, self._sums._replace(table=table[:, kept])

    @alone
    def _bins(self) -> ScoreBins:
        cells, sums = self._occupied()
        totals = sums.integers()
        tied = np.zeros(len(cells), bool)
        unit = 1 << (-sums.lowest * stream.LAYER_BITS)
        return ScoreBins(values_of(last_keys(cells)), totals[:, 0], totals[:, 1], tied, unit, self._weighted)

    @alone
    def refine(self) -> RefinedSweep:
        """Begin a second pass over the same rows, which makes the scores exact.

        Returns
        -------
        RefinedSweep
            It looks only at rows in bins where the order matters, those with a positive and another row.
            This stream stays as it is, and may go on.

        See Also
        --------
        fastsmote.streaming.RefinedSweep : The second pass.
        fastsmote.streaming.PositiveRanking : Exact where the positives are few and known.

        Examples
        --------
        >>> from fastsmote.streaming import StreamingSweep
        >>> chunks = [([0, 1], [0.5, 0.5001]), ([1, 0], [0.50005, 0.5])]
        >>> first = StreamingSweep()
        >>> for chunk in chunks:
        ...     first = first.update(*chunk)
        >>> first.roc_auc_bounds()
        (0.0, 1.0)
        >>> second = first.refine()
        >>> for chunk in chunks:
        ...     second = second.update(*chunk)
        >>> second.roc_auc_bounds()
        (1.0, 1.0)
        """
        return RefinedSweep(*self._occupied(), self._pos_label, self._weighted)

    def __getstate__(self) -> dict[str, bytes]:
        return {"stored": self.to_bytes()}

    def __setstate__(self, state: dict[str, bytes]) -> None:
        vars(self).update(vars(self.from_bytes(state["stored"])))

    @alone
    def to_bytes(self) -> bytes:
        """The state in a portable form.

        Returns
        -------
        bytes
            A header, the cells that hold rows and their integers, little-endian, and a checksum. Streams
            that counted the same rows give the same bytes. 20 bytes a cell without weights.

        Raises
        ------
        TypeError
            pos_label is none of int, float, bool, str and None.

        See Also
        --------
        StreamingSweep.from_bytes : The way back.
        """
        cells, sums = self._occupied()
        table, lowest = sums.table, sums.lowest
        used = np.flatnonzero(table.any(axis=(1, 2)))
        used = used if len(used) else np.array([-lowest])
        table, lowest = table[used[0] : used[-1] + 1], lowest + int(used[0])
        fields = _MAGIC, _VERSION, self._weighted, lowest, len(table), len(cells)
        body = cells.astype("<u4").tobytes() + table.astype("<i8").tobytes()
        return seal(_HEADER, fields, self._pos_label, body)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """A stream from :meth:`to_bytes` of this or an earlier version.

        Parameters
        ----------
        data : bytes
            The whole of what to_bytes returned.

        Returns
        -------
        StreamingSweep

        Raises
        ------
        ValueError
            data is no stream, of a later version, or damaged.

        See Also
        --------
        StreamingSweep.to_bytes : The way there.
        """
        fields, pos_label, body = unseal(data, _HEADER, _MAGIC, _VERSION, "StreamingSweep")
        weighted, lowest, n_layers, n_cells = fields
        cells, table = _read_cells(body, weighted, lowest, n_layers, n_cells)
        self = cls(pos_label=pos_label)
        for place in np.unique(cells >> stream.PAGE_BITS):
            self._add_page(int(place))
        self._sums = self._sums.wide(lowest, lowest + n_layers - 1)
        pages, cell = self._directory[cells >> stream.PAGE_BITS], cells % stream.PAGE
        layers = self._sums.table.reshape(len(self._sums.table), -1, stream.PAGE, 2)
        first = lowest - self._sums.lowest
        layers[first : first + n_layers, pages, cell] = table
        self._weighted = bool(weighted)
        return self


def _read_cells(
    body: bytes, weighted: int, lowest: int, n_layers: int, n_cells: int
) -> tuple[np.ndarray, np.ndarray]:
    """Cells (n_cells,) and their sums (n_layers, n_cells, 2); ValueError unless a stream may hold them."""
    require(weighted in (0, 1), "a flag for weights of 0 or 1", weighted)
    size = n_cells * (4 + 16 * n_layers)
    require(len(body) == size, f"{size} bytes for {n_cells} cells of {n_layers} layers", f"{len(body)} bytes")
    cells = np.frombuffer(body, "<u4", n_cells).astype(np.int64)
    table = np.frombuffer(body, "<i8", offset=4 * n_cells).astype(np.int64).reshape(n_layers, n_cells, 2)
    check_cells(cells, Sums(lowest, table), bool(weighted))
    return cells, table
