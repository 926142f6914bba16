"""Sweeps and curves by definition: one count per threshold, with Python numbers and fractions."""

from fractions import Fraction


def confusion(positive, scores, weights=None):
    """Rows (threshold, tn, fp, fn, tp) by descending threshold; rows of weight 0 do not exist."""
    weights = [1] * len(scores) if weights is None else weights
    rows = [(bool(p), s, Fraction(w)) for p, s, w in zip(positive, scores, weights, strict=True) if w != 0]
    result = []
    for threshold in sorted({s for _, s, _ in rows}, reverse=True):
        count = {(p, called): Fraction(0) for p in (False, True) for called in (False, True)}
        for p, s, w in rows:
            count[p, s >= threshold] += w
        result.append(
            (threshold, count[False, False], count[False, True], count[True, False], count[True, True])
        )
    return result


def roc_auc(positive, scores):
    """Share of (positive, negative) pairs in the right order, ties half (Mann and Whitney)."""
    ahead = [s for p, s in zip(positive, scores, strict=True) if p]
    behind = [s for p, s in zip(positive, scores, strict=True) if not p]
    twice = sum(2 * (a > b) + (a == b) for a in ahead for b in behind)
    return Fraction(twice, 2 * len(ahead) * len(behind))


def average_precision(positive, scores, weights=None):
    """Sum over thresholds of (increase of recall) * precision."""
    area, before = Fraction(0), Fraction(0)
    for _, _, fp, fn, tp in confusion(positive, scores, weights):
        area += (tp - before) / (tp + fn) * (tp / (tp + fp))
        before = tp
    return area
