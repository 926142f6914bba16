"""Exact sums of probabilities per bin, and what is read off them: curves, calibration errors, Brier scores.

Of each bin and class four sums are kept: of w, w * w, w * p and w * (p - y)**2, where w is the weight of a
row (1 without weights), p its probability and y its outcome. Each term is rounded to float64; the sums are
integers in units of 2**-1088, Python's where they leave a kernel. So they depend neither on the order of
rows nor on chunks, threads or merging, and a result is rounded where it leaves as float64.
"""

import math
import threading
from collections.abc import Callable
from typing import Any, NamedTuple, cast

import numpy as np

from fastsmote._core import scores
from fastsmote._core.labels import check_labels
from fastsmote._core.public import public
from fastsmote._core.rows import BinaryRows, check_binary_rows
from fastsmote._core.threads import run_blocks, split
from fastsmote._core.warn import warn_user
from fastsmote._core.weights import check_weights
from fastsmote._kernels.metrics.stream import LAYER_BITS
from fastsmote._kernels.probability import calibration as kernels
from fastsmote._probability.percentiles import percentiles

_BLOCK = 1 << 17  # rows summed in one call
_LOSSES = 1 << 14  # losses computed before they are summed: 128 KiB, which stays in L2
_CARRY_EVERY = 1 << 30  # rows: each adds less than 2**32 to an int64
_UNIT = 1 << (LAYER_BITS * kernels.ONES)  # the sum of a single weight of 1
_W, _WW, _WP, _LOSS = range(kernels.N_MOMENTS)


@public("fastsmote.calibration")
class CalibrationCurve(NamedTuple):
    """How often the outcome occurred where it was given probabilities: one entry per bin that holds rows.

    ``prob_true, prob_pred = curve[:2]`` are the two arrays that scikit-learn's function returns.

    Attributes
    ----------
    prob_true : ndarray of shape (m,)
        Share of positives.
    prob_pred : ndarray of shape (m,)
        Mean probability.
    low, high : ndarray of shape (m,)
        Wilson's confidence interval for the share of positives.
    counts : ndarray of shape (m,)
        Rows (int64), or their weight (float64).
    edges : ndarray of shape (m, 2)
        Bins as (left, right]; the first one holds its left edge too.
    """

    prob_true: np.ndarray
    prob_pred: np.ndarray
    low: np.ndarray
    high: np.ndarray
    counts: np.ndarray
    edges: np.ndarray


@public("fastsmote.calibration")
class BrierDecomposition(NamedTuple):
    """score = reliability - resolution + uncertainty + within_variance - within_covariance.

    Attributes
    ----------
    score : float
        Mean of (p - y)**2.
    reliability : float
        Mean squared distance of mean probability and share of positives, over bins: 0 is best.
    resolution : float
        Variance of the share of positives between bins: more is better.
    uncertainty : float
        Variance of the outcome, which no forecast changes.
    within_variance : float
        Variance of the probabilities within bins.
    within_covariance : float
        Twice the covariance of probabilities and outcomes within bins.
    """

    score: float
    reliability: float
    resolution: float
    uncertainty: float
    within_variance: float
    within_covariance: float


class ProbabilityBins(NamedTuple):
    """Edges of bins as the kernels search them."""

    edges: np.ndarray  # (n_bins + 1,)
    inner: np.ndarray  # those between two bins, padded with infinity
    n_uniform: int  # number of bins if evenly spaced, else 0
    first_step: int


def make_bins(edges: np.ndarray, uniform: bool = False) -> ProbabilityBins:
    n_bins = len(edges) - 1
    first_step = 1 << (n_bins - 1).bit_length() >> 1
    padding = np.full(max(2, 2 * first_step - n_bins), np.inf)
    return ProbabilityBins(
        edges, np.concatenate([edges[1:-1], padding]), n_bins if uniform else 0, first_step
    )


def uniform_bins(n_bins: int) -> ProbabilityBins:
    return make_bins(np.linspace(0.0, 1.0, n_bins + 1), uniform=True)


def quantile_bins(y_prob: np.ndarray, weights: np.ndarray | None, n_bins: int) -> ProbabilityBins:
    """Bins with equal numbers of rows: scikit-learn's percentiles; with weights, of equal weight."""
    shares = np.linspace(0.0, 1.0, n_bins + 1)
    if weights is None:
        if y_prob.dtype == np.float64:
            return make_bins(percentiles(y_prob, shares * 100))
        return make_bins(np.percentile(y_prob, shares * 100).astype(np.float64))  # rounded to float32
    rows = weights > 0
    return make_bins(
        np.quantile(y_prob[rows].astype(np.float64), shares, weights=weights[rows], method="inverted_cdf")
    )


def probabilities(y_prob: Any) -> np.ndarray:
    """Probabilities (n,) or (n, n_classes) as float32 or float64; ValueError that names a wrong row."""
    values = scores.read_columns(y_prob, "y_prob")
    if values.dtype.kind not in "biuf" or values.dtype.itemsize > 8:
        raise ValueError(f"y_prob must hold numbers of at most 64 bits. Got {values.dtype}.")
    narrow = values.dtype.kind == "f" and values.dtype.itemsize <= 4
    values = np.ascontiguousarray(values, np.float32 if narrow else np.float64)
    n_blocks = split(len(values), _BLOCK)
    inside = np.ones(n_blocks, bool)

    def body(block: int) -> None:
        part = values[block * _BLOCK : (block + 1) * _BLOCK]
        inside[block] = part.min() >= 0 and part.max() <= 1  # False for NaN

    run_blocks(body, n_blocks)
    if not inside.all():
        wrong = ~((values >= 0) & (values <= 1))
        place = np.argwhere(wrong)[0]
        raise ValueError(
            f"y_prob must hold probabilities in [0, 1]. Got {values[tuple(place)]} in row {place[0]}; "
            "pass scores through a calibrator first, and drop rows without a score."
        )
    return values


def one_column(y_prob: np.ndarray) -> np.ndarray:
    if y_prob.ndim != 1:
        raise ValueError(
            f"y_prob must have shape (n_samples,), the positive class. Got {y_prob.shape}; pass one column."
        )
    return y_prob


def check_rows(
    y_true: Any,
    values: np.ndarray,
    pos_label: Any,
    sample_weight: Any,
    name: str = "y_prob",
    *,
    some: bool = True,
) -> BinaryRows:
    """Rows of one number each; with ``some``, at least one has weight, and of two labels one is positive."""
    y_true = scores.read_column(y_true, "y_true")
    weights = None if sample_weight is None else scores.read_column(sample_weight, "sample_weight")
    scores.check_lengths(y_true=y_true, **{name: values}, sample_weight=weights)
    if some:
        check_weights(weights)
    rows = cast(BinaryRows, check_binary_rows(y_true, values, pos_label, weights))
    none = some and pos_label is not None and not np.bitwise_or.reduce(rows.codes) & 1  # no code is 1
    if none and not (y_true == pos_label).any():  # nor would be but for its zero weight
        scores.check_occurs(y_true, pos_label)
    return rows


def check_row_weights(sample_weight: Any, **arrays: np.ndarray) -> np.ndarray | None:
    """Weights as ``check_rows`` allows them, of the length of the arrays."""
    weights = check_weights(sample_weight)
    scores.check_lengths(**arrays, sample_weight=weights)
    if weights is None:
        return None
    n = len(weights)
    check_binary_rows(np.zeros(n, np.uint8), np.zeros(n), None, weights)
    return weights


class ClassRows(NamedTuple):
    """Checked rows with one number per class."""

    values: np.ndarray  # (n, n_classes)
    codes: np.ndarray  # (n,) int64 columns
    weights: np.ndarray | None


def check_class_rows(
    y_true: Any, values: np.ndarray, labels: Any, sample_weight: Any, name: str
) -> ClassRows:
    """Rows with a column of ``values`` for each label, in sorted order: ``labels`` must be sorted, too."""
    found = check_labels(y_true, name="y_true", min_classes=1)
    weights = check_row_weights(sample_weight, **{"y_true": found.codes, name: values})
    classes = found.classes
    if labels is not None:
        named = scores.read_column(labels, "labels")
        classes = np.unique(named)
        if not np.array_equal(named, classes):
            raise ValueError(
                f"labels must be sorted, each once, as the columns of {name} are. Got {named.tolist()}; pass "
                f"{classes.tolist()}, and the columns in that order."
            )
    if len(classes) != values.shape[1]:
        raise ValueError(
            f"{name} must have one column for each label. Got {values.shape[1]} columns and the "
            f"{len(classes)} labels {classes.tolist()}; pass labels= if y_true lacks some."
        )
    codes = found.codes
    if labels is not None:
        column_of = {label: column for column, label in enumerate(classes.tolist())}
        missing = [label for label in found.classes.tolist() if label not in column_of]
        if missing:
            raise ValueError(f"labels must hold every label of y_true. Got {labels!r} without {missing!r}.")
        codes = np.array([column_of[label] for label in found.classes.tolist()], np.int64)[codes]
    return ClassRows(values, codes, weights)


def check_class_probabilities(y_true: Any, y_prob: np.ndarray, labels: Any, sample_weight: Any) -> ClassRows:
    """As ``check_class_rows``; a UserWarning where the probabilities of a row do not add up to 1."""
    rows = check_class_rows(y_true, y_prob, labels, sample_weight, "y_prob")
    tolerance = math.sqrt(np.finfo(y_prob.dtype).eps)
    off = np.abs(y_prob.sum(axis=1) - 1.0) > tolerance
    if off.any():
        row = int(off.argmax())
        warn_user(f"The rows of y_prob should add up to 1. Got {y_prob[row].sum()} in row {row}.")
    return rows


def _integers(layers: np.ndarray) -> np.ndarray:
    """Sums in units of 2**-1088 from their layers (the last axis)."""
    total = np.zeros(layers.shape[:-1], object)
    for layer in np.flatnonzero(layers.reshape(-1, layers.shape[-1]).any(axis=0)):
        total += layers[..., layer].astype(object) << int(LAYER_BITS * layer)
    return total


def _sum_blocks(
    n: int, size: int, shape: tuple[int, ...], add: Callable[[int, int, np.ndarray], None]
) -> Any:
    """``add(lo, hi, table)`` over ranges of ``size``, each into layers of its own, added exactly."""
    total = np.zeros(shape, object)
    lock = threading.Lock()
    for first in range(0, n, _CARRY_EVERY):
        stop = min(n, first + _CARRY_EVERY)
        table = np.zeros((*shape, kernels.N_LAYERS), np.int64)

        def body(block: int, first: int = first, stop: int = stop, table: np.ndarray = table) -> None:
            own = np.zeros_like(table)
            lo = first + block * size
            add(lo, min(stop, lo + size), own)
            with lock:
                np.add(table, own, out=table)

        run_blocks(body, split(stop - first, size))
        total += _integers(table)
    return total


class Moments(NamedTuple):
    """Sums by bin, class and moment, in units of 2**-1088."""

    sums: Any  # (n_bins, 2, 4) object
    weighted: bool


def no_moments(n_bins: int) -> Moments:
    return Moments(np.zeros((n_bins, 2, kernels.N_MOMENTS), object), False)


def plus(a: Moments, b: Moments) -> Moments:
    return Moments(a.sums + b.sums, a.weighted or b.weighted)


def moments(rows: BinaryRows, bins: ProbabilityBins) -> Moments:
    """O(n) time, 450 bytes per bin, class and moment for each thread."""
    n_bins = len(bins.edges) - 1
    p = rows.bits.view(np.float64)
    weights = None if rows.weights is None else rows.weights.view(np.float64)

    def add(lo: int, hi: int, table: np.ndarray) -> None:
        kernels.add_moments(p, rows.codes, weights, lo, hi, *bins[1:], kernels.new_scratch(), table)
        if weights is None:
            table[:, :, _WW] = table[:, :, _W]

    shape = (n_bins, 2, kernels.N_MOMENTS)
    return Moments(_sum_blocks(len(p), max(_BLOCK, 64 * n_bins), shape, add), weights is not None)


def losses(fill: Callable[[int, np.ndarray], None], n: int, weights: np.ndarray | None) -> Any:
    """Sums of w and of w * loss (2,); ``fill(lo, out)`` computes the losses of rows from ``lo`` on."""

    def add(lo: int, hi: int, table: np.ndarray) -> None:
        room = np.empty(_LOSSES)
        for start in range(lo, hi, _LOSSES):
            part = room[: min(_LOSSES, hi - start)]
            fill(start, part)
            kernels.add_losses(part, weights, start, table)

    return _sum_blocks(n, _BLOCK, (2,), add)


def row_losses(rows: BinaryRows, eps: float | None) -> Any:
    """Sums of weights and of losses of rows: squared errors, or log losses of p within [eps, 1 - eps]."""
    p = rows.bits.view(np.float64)
    weights = None if rows.weights is None else rows.weights.view(np.float64)

    def fill(lo: int, out: np.ndarray) -> None:
        if eps is None:
            kernels.squared_losses(p, rows.codes, lo, out)
        else:
            kernels.log_losses(p, rows.codes, lo, eps, out)

    return losses(fill, len(p), weights)


def class_losses(rows: ClassRows, eps: float | None) -> Any:
    """As ``row_losses``, of one probability per class."""

    def fill(lo: int, out: np.ndarray) -> None:
        if eps is None:
            kernels.class_squared_losses(rows.values, rows.codes, lo, out)
        else:
            kernels.class_log_losses(rows.values, rows.codes, lo, eps, out)

    return losses(fill, len(rows.codes), rows.weights)


def mean(sums: Any) -> float:
    """The mean loss from ``losses``, correctly rounded; NaN without weight."""
    weight, loss = sums
    return loss / weight if weight else math.nan


def _floats(integers: list[int]) -> np.ndarray:
    return np.array([value / _UNIT for value in integers], np.float64)


def curve(moments: Moments, bins: ProbabilityBins, level: float) -> CalibrationCurve:
    from scipy.special import ndtri

    sums = moments.sums
    both = sums.sum(axis=1)
    kept = np.flatnonzero(both[:, _W])
    weight, squares = both[kept, _W].tolist(), both[kept, _WW].tolist()
    share = np.array([k / w for k, w in zip(sums[kept, 1, _W].tolist(), weight, strict=True)], np.float64)
    p = np.array([s / w for s, w in zip(both[kept, _WP].tolist(), weight, strict=True)], np.float64)
    rows = np.array([w * w / (q * _UNIT) for w, q in zip(weight, squares, strict=True)], np.float64)
    low, high = _wilson(share, rows, ndtri(0.5 + level / 2))
    counts = _floats(weight)
    edges = np.column_stack([bins.edges[:-1], bins.edges[1:]])[kept]
    return CalibrationCurve(
        share, p, low, high, counts if moments.weighted else counts.astype(np.int64), edges
    )


def _wilson(share: np.ndarray, n: np.ndarray, z: float) -> tuple[np.ndarray, np.ndarray]:
    """Wilson's interval: the shares that a normal approximation of n trials does not reject."""
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = np.where(share == 0, 0.0, np.maximum(centre - half, 0.0))
    return low, np.where(share == 1, 1.0, np.minimum(centre + half, 1.0))


def calibration_error(moments: Moments, debiased: bool) -> float:
    """NaN without rows."""
    both = moments.sums.sum(axis=1)
    total = int(both[:, _W].sum())
    if not total:
        return math.nan
    columns = (both[:, _W], both[:, _WW], both[:, _WP], moments.sums[:, 1, _W])
    cells = [row for row in zip(*(column.tolist() for column in columns), strict=True) if row[0]]
    if not debiased:
        return sum(abs(k - s) for _, _, s, k in cells) / total
    terms = []
    for w, ww, s, k in cells:
        q = ww * _UNIT
        # one row leaves the variance unknown; squares of weights are rounded, so its number is near 1
        if w * w - q > q >> 40:
            terms += [(s - k) ** 2 / (w * total), -(k * (w - k) * q) / (w * (w * w - q) * total)]
    return math.fsum(terms)


def brier_decomposition(moments: Moments) -> BrierDecomposition:
    """NaN without rows."""
    both = moments.sums.sum(axis=1)
    total, positive = int(both[:, _W].sum()), int(moments.sums[:, 1, _W].sum())
    if not total:
        return BrierDecomposition(*[math.nan] * 6)
    reliability, resolution, variance, covariance = [], [], [], []
    for bin_sums, pair in zip(both.tolist(), moments.sums.tolist(), strict=True):
        w, _, s, loss = bin_sums
        if w:
            k, s_pos = pair[1][_W], pair[1][_WP]
            reliability.append((s - k) ** 2 / (w * total))
            resolution.append((k * total - positive * w) ** 2 / (w * total**3))
            variance.append(((loss + 2 * s_pos - k) * w - s * s) / (w * total))
            covariance.append(2 * (s_pos * w - k * s) / (w * total))
    return BrierDecomposition(
        int(both[:, _LOSS].sum()) / total,
        math.fsum(reliability),
        math.fsum(resolution),
        positive * (total - positive) / total**2,
        math.fsum(variance),
        math.fsum(covariance),
    )
