"""Binned sweeps and their scores by definition, with Python numbers and fractions."""

import itertools
import struct
from fractions import Fraction


def rank(score):
    """A whole number that orders float64 scores as the numbers themselves."""
    bits = struct.unpack("<Q", struct.pack("<d", score + 0.0))[0]  # -0.0 + 0.0 is 0.0
    return bits + 2**63 if bits < 2**63 else 2**64 - 1 - bits


def score_of(rank):
    bits = rank - 2**63 if rank >= 2**63 else 2**64 - 1 - rank
    return struct.unpack("<d", struct.pack("<Q", bits))[0]


def lower_edge(score):
    """The lowest score that shares sign, exponent and 10 bits of the fraction; of -0.0 and 0.0 it is 0.0."""
    return score_of(rank(score) >> 42 << 42)


def weighted_rows(positive, scores, weights=None):
    weights = [1] * len(scores) if weights is None else weights
    return [(bool(p), s, Fraction(w)) for p, s, w in zip(positive, scores, weights, strict=True) if w != 0]


def binned(positive, scores, weights=None):
    """Rows (threshold, tn, fp, fn, tp) of the exact sweep at the lower edges of occupied bins, descending."""
    rows = weighted_rows(positive, scores, weights)
    result = []
    for edge in sorted({lower_edge(s) for _, s, _ in rows}, reverse=True):
        count = {(p, called): Fraction(0) for p in (False, True) for called in (False, True)}
        for p, s, w in rows:
            count[p, s >= edge] += w
        result.append((edge, count[False, False], count[False, True], count[True, False], count[True, True]))
    return result


def roc_auc(positive, scores, weights=None):
    """Weight of (positive, negative) pairs in the right order, ties half, over that of all pairs."""
    rows = weighted_rows(positive, scores, weights)
    pairs = [((s > t) + Fraction(s == t, 2), w * v) for p, s, w in rows if p for q, t, v in rows if not q]
    return sum(share * weight for share, weight in pairs) / sum(weight for _, weight in pairs)


def average_precision(positive, scores, weights=None):
    """Mean over positives of the precision at their own score."""
    rows = weighted_rows(positive, scores, weights)
    total = Fraction(0)
    for p, s, w in rows:
        if p:
            called = sum(v for _, t, v in rows if t >= s)
            total += w * sum(v for q, t, v in rows if q and t >= s) / called
    return total / sum(w for p, _, w in rows if p)


def extremes(groups, score):
    """Least and largest ``score(positive, scores)`` over all weak orders within bins.

    ``groups`` holds (n_negative, n_positive) by descending score. Every assignment of places to the rows of
    a bin is tried.
    """
    labels = [[0] * neg + [1] * pos for neg, pos in groups]
    choices = [list(itertools.product(range(len(group)), repeat=len(group))) for group in labels]
    values = []
    for choice in itertools.product(*choices):
        positive, scores = [], []
        for i, (group, places) in enumerate(zip(labels, choice, strict=True)):
            positive += group
            scores += [-100 * i - place for place in places]
        values.append(score(positive, scores))
    return min(values), max(values)
