"""Calibration by definition, with fractions; sums of exponentials in extended precision."""

from fractions import Fraction

import numpy as np


def rows_of(positive, p, weights=None):
    weights = [1] * len(p) if weights is None else weights
    rows = zip(positive, p, weights, strict=True)
    return [(int(y), Fraction(float(q)), Fraction(float(w))) for y, q, w in rows if w]


def binned(rows, edges):
    """Rows by bin; a bin holds its right edge, the first one its left edge too."""
    inner = [Fraction(float(e)) for e in edges[1:-1]]
    bins = [[] for _ in range(len(edges) - 1)]
    for row in rows:
        bins[sum(edge < row[1] for edge in inner)].append(row)
    return bins


def total(rows):
    return sum(w for _, _, w in rows)


def share(rows):
    return sum(y * w for y, _, w in rows) / total(rows)


def mean(rows):
    return sum(p * w for _, p, w in rows) / total(rows)


def effective(rows):
    """Number of rows of one weight whose mean varies as much."""
    return total(rows) ** 2 / sum(w * w for _, _, w in rows)


def curve(rows, edges):
    """(share of positives, mean probability, weight, effective rows, left, right) of bins with rows."""
    return [
        (share(rows), mean(rows), total(rows), effective(rows), left, right)
        for rows, left, right in zip(binned(rows, edges), edges, edges[1:], strict=False)
        if rows
    ]


def calibration_error(rows, edges):
    bins = [cell for cell in binned(rows, edges) if cell]
    return sum(total(cell) / total(rows) * abs(share(cell) - mean(cell)) for cell in bins)


def debiased_error(rows, edges):
    result = Fraction(0)
    for cell in binned(rows, edges):
        if cell and effective(cell) > 1:
            y = share(cell)
            variance = y * (1 - y) / (effective(cell) - 1)
            result += total(cell) / total(rows) * ((y - mean(cell)) ** 2 - variance)
    return result


def brier(rows):
    return sum(w * (p - y) ** 2 for y, p, w in rows) / total(rows)


def decomposition(rows, edges):
    """(score, reliability, resolution, uncertainty, variance within bins, twice the covariance within)."""
    bins = [cell for cell in binned(rows, edges) if cell]
    base = share(rows)

    def average(term):
        return sum(term(cell) for cell in bins) / total(rows)

    return (
        brier(rows),
        average(lambda cell: total(cell) * (mean(cell) - share(cell)) ** 2),
        average(lambda cell: total(cell) * (share(cell) - base) ** 2),
        base * (1 - base),
        average(lambda cell: sum(w * (p - mean(cell)) ** 2 for _, p, w in cell)),
        2 * average(lambda cell: sum(w * (y - share(cell)) * (p - mean(cell)) for y, p, w in cell)),
    )


def log_loss(positive, p, eps, weights=None):
    p = np.clip(np.asarray(p, np.float64), eps, 1 - eps).astype(np.longdouble)
    losses = -np.log(np.where(np.asarray(positive, bool), p, 1 - p))
    return np.average(losses, weights=weights)


def isotonic(rows):
    """(distinct scores, fitted values): the largest, over starts, of the least mean over ends."""
    scores = sorted({s for _, s, _ in rows})
    groups = [[row for row in rows if row[1] == s] for s in scores]

    def average(first, last):
        return share([row for group in groups[first : last + 1] for row in group])

    m = len(groups)
    return scores, [max(min(average(a, b) for b in range(i, m)) for a in range(i + 1)) for i in range(m)]


def logistic_slopes(theta, features, targets, weights=None):
    """Gradient of the cross-entropy of expit(theta . features), and the most that it could be."""
    features = np.asarray(features, np.longdouble)
    residual = 1 / (1 + np.exp(-(features @ np.asarray(theta, np.longdouble)))) - np.asarray(targets)
    weights = np.ones(len(features)) if weights is None else np.asarray(weights, np.longdouble)
    return (weights * residual) @ features, weights @ np.abs(features)


def softmax(logits):
    logits = np.asarray(logits, np.longdouble)
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)
