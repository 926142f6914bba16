"""Calibration of streams: sums that merge exactly, in uniform bins."""

from __future__ import annotations

import math
import struct
from typing import Any, Self

import numpy as np

from fastsmote._core import scores
from fastsmote._core.check import check_flag, check_integer, check_level
from fastsmote._core.display import Shown, Summary, brief, briefly
from fastsmote._core.public import in_memory, public
from fastsmote._core.rows import are_empty
from fastsmote._core.serialize import require, seal, unseal
from fastsmote._core.sole_use import alone, sole_use
from fastsmote._core.typing import Label, VectorLike
from fastsmote._probability.bins import uniform_bins
from fastsmote._probability.inputs import check_outcomes, read_probability
from fastsmote._probability.reliability import (
    BrierDecomposition,
    CalibrationCurve,
    calibration_error,
    curve_of,
    decompose,
)
from fastsmote._probability.sums import (
    N_MOMENTS,
    UNIT,
    WEIGHT,
    WIDTH,
    Moments,
    are_consistent,
    mean_loss,
    no_moments,
    sum_moments,
    sum_row_losses,
)

_MAGIC, _VERSION = b"FSCALIB\0", 1
_HEADER = struct.Struct("<8sHHIII")  # magic, version, weighted, bins, bytes of an integer, bytes of label
_EMPTY_BINS = 1 << 16  # of a stream without rows that is written without sums: memory would not follow length


@public("fastsmote.calibration")
class StreamingCalibration(Shown):
    """Calibration curve, calibration error, Brier score and log loss of a stream of probabilities.

    Parameters
    ----------
    n_bins : int, default=10
        Bins of equal width. Quantile bins need all probabilities before the first is counted, and are left
        to :func:`calibration_curve`.
    pos_label : int, float, bool or str, default=None
        The positive label, for every chunk. None means 1 where the labels of a chunk are within {0, 1} or
        {-1, 1}. A label that does not occur leaves all rows of a chunk negative.

    Raises
    ------
    ValueError
        n_bins is below 1; pos_label is no number, string or bool, or is NaN.
    TypeError
        n_bins is no integer.

    See Also
    --------
    calibration_curve, expected_calibration_error, brier_score, brier_decomposition, log_loss : The same in
        memory, with the same bits as results.

    Notes
    -----
    A term of a sum (a weight, weight times probability, and so on) is rounded to float64 and added as an
    integer multiple of 2**-1088. Sums of integers are associative: the state, and every bit of a result,
    depends neither on chunks nor on their order, on how streams were merged, or on threads.

    O(1) time a row. 4 KiB of memory per bin and thread while a chunk is counted, and about 1 KiB per bin
    between chunks. A stream may be pickled and copied, and :meth:`to_bytes` is its portable form. One thread
    at a time may use it, to read too: a second one gets RuntimeError, and nothing is counted. Give each
    thread a stream of its own and merge.

    Examples
    --------
    >>> from fastsmote.calibration import StreamingCalibration
    >>> first = StreamingCalibration(n_bins=2).update([0, 0, 1], [0.1, 0.4, 0.35])
    >>> second = StreamingCalibration(n_bins=2).update([1], [0.8])
    >>> curve = first.merge(second).compute()
    >>> curve.prob_true, curve.counts
    (array([0.33333333, 1.        ]), array([3, 1]))
    >>> round(first.brier_score(), 4)
    0.1581
    """

    def __init__(self, *, n_bins: int = 10, pos_label: Label | None = None) -> None:
        self._bins = uniform_bins(check_integer(n_bins, "n_bins"))
        scores.infer_pos_label([], pos_label)
        self._pos_label = pos_label.item() if isinstance(pos_label, np.generic) else pos_label
        if isinstance(self._pos_label, float) and math.isnan(self._pos_label):
            raise ValueError("pos_label must be a label, which NaN never equals. Got NaN; pass another.")
        self._moments = no_moments(len(self._bins.edges) - 1)
        self._log_loss = np.zeros(2, object)

    @alone
    @in_memory
    def update(self, y_true: VectorLike, y_prob: VectorLike, sample_weight: VectorLike | None = None) -> Self:
        """Count the rows of a chunk.

        Parameters
        ----------
        y_true : array-like of shape (n_samples,)
            Labels of at most two classes, or of more where the stream has a pos_label.
        y_prob : array-like of shape (n_samples,)
            Probabilities of the positive class. No rows are allowed.
        sample_weight : array-like of shape (n_samples,), default=None
            Weights, 0 or from 1e-75 to 1e75. None counts rows, which is the same as weights of 1 but for
            integers in the result.

        Returns
        -------
        StreamingCalibration
            Itself. Where an error is raised, nothing is counted.

        Raises
        ------
        ValueError
            Lengths differ; a probability is outside [0, 1] or NaN; labels of more than two classes,
            continuous, mixed or missing; pos_label not given and labels outside {0, 1} and {-1, 1}; a weight
            is negative, NaN, infinite or out of range.
        TypeError
            Labels are bytes, or an array is masked.

        See Also
        --------
        merge : Adds a stream that counted other rows.
        """
        if are_empty(y_true=y_true, y_prob=y_prob, sample_weight=sample_weight):
            return self
        p = read_probability(y_prob)
        rows = check_outcomes(y_true, p, self._pos_label, sample_weight, some=False)
        added = sum_moments(rows, self._bins)
        self._log_loss = self._log_loss + sum_row_losses(rows, float(np.finfo(p.dtype).eps))
        self._moments = self._moments.plus(added)
        return self

    def merge(self, other: StreamingCalibration) -> Self:
        """Add what another stream has counted.

        Parameters
        ----------
        other : StreamingCalibration
            A stream with the same pos_label and n_bins, which stays as it is.

        Returns
        -------
        StreamingCalibration
            Itself.

        Raises
        ------
        TypeError
            other is no StreamingCalibration.
        ValueError
            The pos_labels or the numbers of bins differ.

        See Also
        --------
        update : Counts a chunk.
        """
        if not isinstance(other, StreamingCalibration):
            raise TypeError(f"other must be a StreamingCalibration. Got {type(other).__name__}.")
        settings, others = self._settings(), other._settings()
        if settings != others:
            raise ValueError(
                f"other must have the n_bins and the pos_label of this stream, {settings}. Got {others}; "
                "make both alike."
            )
        with sole_use(self, other):
            self._moments = self._moments.plus(other._moments)
            self._log_loss = self._log_loss + other._log_loss
        return self

    def _settings(self) -> tuple[int, Any]:
        return len(self._bins.edges) - 1, self._pos_label

    def _summary(self) -> Summary:
        held = self._contents()
        title = f"{brief(held['n_positive'])} positive, {brief(held['n_negative'])} negative"
        facts = {"pos_label": repr(self._pos_label), "bins": f"{held['n_bins']:,}"}
        scores = {name: held[name] for name in ("log_loss", "brier_score") if held[name] is not None}
        return Summary(title, {**facts, **briefly(**scores)})

    def _contents(self) -> dict[str, Any]:
        n_bins, pos_label = self._settings()
        with sole_use(self):
            weights = self._moments.sums[:, :, WEIGHT].sum(axis=0).tolist()
        n_neg, n_pos = (weight / UNIT if self._moments.weighted else weight // UNIT for weight in weights)
        some = any(weights)
        return {
            "pos_label": pos_label,
            "weighted": self._moments.weighted,
            "n_bins": n_bins,
            "n_positive": n_pos,
            "n_negative": n_neg,
            "log_loss": self.log_loss() if some else None,
            "brier_score": self.brier_score() if some else None,
        }

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
            A header, the sums as little-endian integers of one width, and a checksum. Streams that counted
            the same rows give the same bytes. About 1 KiB a bin.

        Raises
        ------
        TypeError
            pos_label is none of int, float, bool, str and None.

        See Also
        --------
        from_bytes : The way back.

        Examples
        --------
        >>> from fastsmote.calibration import StreamingCalibration
        >>> stream = StreamingCalibration(n_bins=2).update([0, 1, 1], [0.1, 0.4, 0.35])
        >>> other = StreamingCalibration.from_bytes(stream.to_bytes())
        >>> other.brier_score() == stream.brier_score()
        True
        """
        integers = [*self._moments.sums.ravel().tolist(), *self._log_loss.tolist()]
        width = max(-(-max(integers).bit_length() // 8), self._settings()[0] > _EMPTY_BINS)
        fields = _MAGIC, _VERSION, self._moments.weighted, len(self._bins.edges) - 1, width
        body = b"".join(value.to_bytes(width, "little") for value in integers)
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
        StreamingCalibration

        Raises
        ------
        ValueError
            data is no stream, of a later version, or damaged.

        See Also
        --------
        to_bytes : The way there.
        """
        fields, pos_label, body = unseal(data, _HEADER, _MAGIC, _VERSION, "StreamingCalibration")
        weighted, n_bins, width = fields
        require(weighted in (0, 1), "a flag for weights of 0 or 1", weighted)
        require(n_bins >= 1, "bins", n_bins)
        require(width <= WIDTH, f"integers of at most {WIDTH} bytes", width)
        n_sums = 2 * N_MOMENTS * n_bins + 2
        require(len(body) == n_sums * width, f"{n_sums} integers of {width} bytes", f"{len(body)} bytes")
        require(width > 0 or n_bins <= _EMPTY_BINS, f"at most {_EMPTY_BINS} bins without rows", n_bins)
        self = cls(n_bins=n_bins, pos_label=pos_label)
        if not width:
            self._moments = self._moments._replace(weighted=bool(weighted))
            return self
        sums = np.empty(n_sums, object)
        sums[:] = [int.from_bytes(body[i * width : (i + 1) * width], "little") for i in range(n_sums)]
        self._moments = Moments(sums[:-2].reshape(self._moments.sums.shape), bool(weighted))
        self._log_loss = sums[-2:]
        is_right = are_consistent(self._moments, self._log_loss, self._bins.edges)
        require(is_right, "sums that rows can have", "others")
        return self

    @alone
    def compute(self, confidence_level: float = 0.95) -> CalibrationCurve:
        """What :func:`calibration_curve` gives for all rows so far.

        Parameters
        ----------
        confidence_level : float in (0, 1), default=0.95
            Of the intervals.

        Returns
        -------
        CalibrationCurve
            Without rows, empty.

        Raises
        ------
        ValueError
            confidence_level is no number between 0 and 1.

        See Also
        --------
        fastsmote.calibration.calibration_curve : The same of rows in memory.
        """
        return curve_of(self._moments, self._bins, check_level(confidence_level))

    @alone
    def expected_calibration_error(self, debiased: bool = False) -> float:
        """What :func:`expected_calibration_error` gives; NaN without rows.

        Parameters
        ----------
        debiased : bool, default=False
            Whether to estimate the squared error without bias.

        Returns
        -------
        float

        Raises
        ------
        TypeError
            debiased is no bool.

        See Also
        --------
        fastsmote.calibration.expected_calibration_error : The same of rows in memory.
        """
        return calibration_error(self._moments, check_flag(debiased, "debiased"))

    @alone
    def brier_score(self) -> float:
        """What :func:`brier_score` gives; NaN without rows.

        See Also
        --------
        fastsmote.calibration.brier_score : The same of rows in memory.
        """
        return decompose(self._moments).score

    @alone
    def brier_decomposition(self) -> BrierDecomposition:
        """What :func:`brier_decomposition` gives; NaN without rows.

        See Also
        --------
        fastsmote.calibration.brier_decomposition : The same of rows in memory.
        """
        return decompose(self._moments)

    @alone
    def log_loss(self) -> float:
        """What :func:`log_loss` gives; NaN without rows.

        See Also
        --------
        fastsmote.calibration.log_loss : The same of rows in memory.
        """
        return mean_loss(self._log_loss)
