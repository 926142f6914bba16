"""Bootstrap replicates of ranking scores: multiplicities drawn by cell, curves read from them.

Rows of one class that share a cell (a place among the thresholds that matter) are alike, so only the sum of
their multiplicities counts. Cells of many rows get theirs by conditional binomials; rows of the other cells
lie in a pool and are drawn one by one. Both together are a multinomial draw over rows, summed by cell.
Every draw is a function of (seed, replicate, cell or draw, attempt).
"""

import math
from typing import NamedTuple

import numpy as np

from fastsmote._kernels.jit import inlined, kernel
from fastsmote._kernels.metrics.sweep import rank_rows
from fastsmote._kernels.random import draw, unit

ROC_AUC, AVERAGE_PRECISION, PRECISION_AT_RECALL, RECALL_AT_FPR = range(4)

# Rows of the generator's counter, above any row of the resamplers': the same seed may serve both.
_TOTALS, _NEGATIVES, _POSITIVES = (np.uint64(part << 56) for part in (1, 2, 3))
_FIRST = np.uint64(0)
_NEXT = np.uint64(1)
_FIELD = np.uint64(16)
_CHUNK = 2048  # rows of the pool drawn together: they and their counts stay in cache; at most 2**16
_INVERSION = 10.0  # means below are drawn by inversion; Hoermann's hat is proven from 10 on

# log k! = (k + 1/2) log(k + 1) - (k + 1) + log(2 pi) / 2 + tail(k); the series serves from k = 10
_TAILS = np.array(
    [
        math.lgamma(k + 1) - ((k + 0.5) * math.log(k + 1) - (k + 1) + 0.5 * math.log(2 * math.pi))
        for k in range(10)
    ]
)


class Urn(NamedTuple):
    """Rows of one class: ``sizes[j]`` rows share ``cells[j]``, one cell per model; others lie in ``pool``."""

    sizes: np.ndarray  # (n_crowds,) int64
    cells: np.ndarray  # (n_crowds, n_models) int32
    pool: np.ndarray  # (n_others, n_models) int32


class Urns(NamedTuple):
    """All rows, and how they are drawn."""

    n_neg: int
    n_pos: int
    stratified: bool  # draw as many of each class as there are
    negatives: Urn
    positives: Urn


@kernel
def _tail(k):
    if k < 10:
        return _TAILS[np.int64(k)]
    square = (k + 1.0) * (k + 1.0)
    return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1.0)


@kernel
def log_ratio(n, odds, mode, k):
    """log of the probability of k over that of ``mode``, of a binomial; all arguments are float64."""
    return (
        (mode + 0.5) * math.log((mode + 1.0) / (odds * (n - mode + 1.0)))
        + (n + 1.0) * math.log((n - mode + 1.0) / (n - k + 1.0))
        + (k + 0.5) * math.log(odds * (n - k + 1.0) / (k + 1.0))
        + (_tail(mode) + _tail(n - mode) - _tail(k) - _tail(n - k))
    )


@inlined
def _invert(n, p, u):
    """Smallest k whose cumulative probability exceeds u (BINV of Kachitvichyanukul and Schmeiser)."""
    odds = p / (1.0 - p)
    probability = math.exp(n * math.log1p(-p))
    k = 0
    while u >= probability and k < n:
        u -= probability
        k += 1
        probability *= ((n + 1.0) / k - 1.0) * odds
    return k


@kernel
def binomial(seed, stream, row, n, part, whole):
    """Binomial(n, part / whole), 0 <= part <= whole, whole > 0.

    Inversion (Kachitvichyanukul and Schmeiser, 1988, doi:10.1145/42372.42381) for means below 10, else
    transformed rejection, BTRS (Hoermann, 1993, doi:10.1080/00949659308811496); exact but for rounding.
    """
    flipped = 2 * part > whole
    if flipped:
        part = whole - part
    p = part / whole
    mean = n * p
    index = _FIRST
    if mean < _INVERSION:
        word, _ = draw(seed, stream, row, index)
        k = _invert(n, p, unit(word))
        return n - k if flipped else k
    spread = math.sqrt(mean * (1.0 - p))
    b = 1.15 + 2.53 * spread
    a = -0.0873 + 0.0248 * b + 0.01 * p
    quick = 0.92 - 4.2 / b
    while True:
        word, other = draw(seed, stream, row, index)
        index += _NEXT
        u = unit(word) - 0.5
        v = unit(other)
        edge = 0.5 - abs(u)
        k = np.floor((2.0 * a / edge + b) * u + mean + 0.5)
        if 0.0 <= k <= n:
            if edge >= 0.07 and v <= quick:
                break
            mode = np.floor((n + 1.0) * p)
            height = (2.83 + 5.1 / b) * spread * v / (a / (edge * edge) + b)
            if math.log(height) <= log_ratio(float(n), p / (1.0 - p), mode, k):
                break
    chosen = np.int64(k)
    return n - chosen if flipped else chosen


@kernel
def place_rows(bits, lo, hi, encoding, table, scratch, places):
    """Place of each row in [lo, hi): twice the number of keys below, one more where it equals a key."""
    keys = table.keys
    row_keys, ranks = scratch[0], scratch[1]
    chunk = scratch.shape[1]
    for start in range(lo, hi, chunk):
        n = min(chunk, hi - start)
        rank_rows(bits, start, n, encoding, table, row_keys, ranks)
        for i in range(n):
            places[start + i] = 2 * ranks[i] + np.int64(keys[ranks[i]] == row_keys[i])


@kernel
def draw_positives(seed, stream, n, n_pos):
    """How many of n drawn rows are positive, given that both classes are drawn."""
    row = _TOTALS
    while True:
        total = binomial(seed, stream, row, n, n_pos, n)
        if 0 < total < n:
            return total
        row += _NEXT


@inlined
def _draw_rows(seed, stream, row, total, pool, first, size, counts):
    """``total`` draws with replacement from pool[first:first + size], ``size`` at most _CHUNK.

    Eight draws of 16 bits from each four words; the bits in use are the fewest that reach ``size``, and
    numbers not below it are passed over, so that every row is equally likely.
    """
    mask = np.uint64(1)
    while mask < np.uint64(size):
        mask *= np.uint64(2)
    mask -= np.uint64(1)
    index = _FIRST
    while total > 0:
        word, other = draw(seed, stream, row, index)
        index += _NEXT
        for field in range(8):
            if field == 4:
                word = other
            at = np.int64(word & mask)
            word >>= _FIELD
            if at < size and total > 0:
                total -= 1
                for model in range(pool.shape[1]):
                    counts[pool[first + at, model]] += 1


@kernel
def draw_class(seed, stream, row, total, n_rows, urn, counts):
    """Deal ``total`` draws to the ``n_rows`` rows of a class; add multiplicities to each model's cells."""
    sizes, cells, pool = urn
    n_crowds, n_others = sizes.shape[0], pool.shape[0]
    n_chunks = (n_others + _CHUNK - 1) // _CHUNK
    for j in range(n_crowds + n_chunks):  # one loop, so that ``binomial`` is compiled into it once
        first = (j - n_crowds) * _CHUNK
        size = sizes[j] if j < n_crowds else min(_CHUNK, n_others - first)
        drawn = binomial(seed, stream, row, total, size, n_rows)
        n_rows -= size
        total -= drawn
        row += _NEXT
        if j < n_crowds:
            for model in range(cells.shape[1]):
                counts[cells[j, model]] += drawn
        else:
            _draw_rows(seed, stream, row, drawn, pool, first, size, counts)
            row += _NEXT


# ---- the metrics, each of the multiplicities neg[first:last] and pos[first:last]


@kernel
def roc_auc(neg, pos, first, last, n_neg, n_pos, at, out):
    twice = 0
    below_or_equal = n_neg
    for c in range(first, last - 1, 2):
        below_or_equal -= neg[c]
        twice += pos[c + 1] * (2 * below_or_equal - neg[c + 1])
        below_or_equal -= neg[c + 1]
    out[0] = twice / (2.0 * n_neg * n_pos)


@kernel
def average_precision(neg, pos, first, last, n_neg, n_pos, at, out):
    total = 0.0
    fp = 0
    tp = 0
    for c in range(first, last - 1, 2):
        new = pos[c + 1]
        fp += neg[c] + neg[c + 1]
        tp += new
        if new > 0:
            total += new * (tp / (tp + fp))
    out[0] = total / n_pos


@kernel
def precision_at_recall(neg, pos, first, last, n_neg, n_pos, at, out):
    """Highest precision at a recall of at least at[i], ascending."""
    n = at.shape[0]
    for i in range(n):
        out[i] = 0.0
    fp = 0
    tp = 0
    reached = 0
    for c in range(first, last - 1, 2):
        fp += neg[c] + neg[c + 1]
        tp += pos[c + 1]
        while reached < n and tp / n_pos >= at[reached]:
            reached += 1
        if reached > 0:
            out[reached - 1] = max(out[reached - 1], tp / (tp + fp))
    for i in range(n - 2, -1, -1):
        out[i] = max(out[i], out[i + 1])


@kernel
def recall_at_fpr(neg, pos, first, last, n_neg, n_pos, at, out):
    """Highest recall at a false positive rate of at most at[i], ascending."""
    n = at.shape[0]
    fp = 0
    tp = 0
    passed = 0
    for c in range(first, last - 1, 2):
        fp += neg[c] + neg[c + 1]
        while passed < n and fp / n_neg > at[passed]:
            out[passed] = tp / n_pos
            passed += 1
        tp += pos[c + 1]
    for i in range(passed, n):
        out[i] = 1.0


@kernel
def evaluate(metric, neg, pos, first, last, n_neg, n_pos, at, out):
    """The metric of the multiplicities neg[first:last] and pos[first:last], at each of ``at`` (ascending)."""
    if metric == ROC_AUC:
        roc_auc(neg, pos, first, last, n_neg, n_pos, at, out)
    elif metric == AVERAGE_PRECISION:
        average_precision(neg, pos, first, last, n_neg, n_pos, at, out)
    elif metric == PRECISION_AT_RECALL:
        precision_at_recall(neg, pos, first, last, n_neg, n_pos, at, out)
    else:
        recall_at_fpr(neg, pos, first, last, n_neg, n_pos, at, out)


@kernel
def draw_counts(seed, stream, drawn, urns, neg, pos):
    """Multiplicities of all cells in a resample of ``drawn`` positive rows."""
    n_neg, n_pos, _, negatives, positives = urns
    neg[:] = 0
    pos[:] = 0
    draw_class(seed, stream, _NEGATIVES, n_neg + n_pos - drawn, n_neg, negatives, neg)
    draw_class(seed, stream, _POSITIVES, drawn, n_pos, positives, pos)


@kernel
def replicate(seed, lo, hi, urns, bounds, metric, at, neg, pos, out):
    """Replicates [lo, hi): out[b, model] is the metric of the model whose cells are bounds[model] and up.

    ``neg`` and ``pos`` are scratch for the multiplicities of all cells.
    """
    n_rows = urns.n_neg + urns.n_pos
    for b in range(lo, hi):
        stream = np.uint64(b)
        drawn = urns.n_pos if urns.stratified else draw_positives(seed, stream, n_rows, urns.n_pos)
        draw_counts(seed, stream, drawn, urns, neg, pos)
        rest = n_rows - drawn
        for model in range(bounds.shape[0] - 1):
            evaluate(metric, neg, pos, bounds[model], bounds[model + 1], rest, drawn, at, out[b, model])
