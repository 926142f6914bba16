"""Metrics on predicted labels by definition: sums over rows, in fractions."""

from fractions import Fraction
from math import sqrt


def rows_of(y_true, y_pred, weights=None):
    weights = [1] * len(y_true) if weights is None else weights
    return [(t, p, Fraction(w)) for t, p, w in zip(y_true, y_pred, weights, strict=True)]


def labels_of(rows):
    return sorted({label for t, p, _ in rows for label in (t, p)})


def matrix(rows, labels):
    return [[sum((w for t, p, w in rows if t == a and p == b), Fraction(0)) for b in labels] for a in labels]


def one_vs_rest(rows, label):
    """tp, fp, fn, tn of a label against all others."""
    cell = {(true, called): Fraction(0) for true in (False, True) for called in (False, True)}
    for t, p, w in rows:
        cell[t == label, p == label] += w
    return cell[True, True], cell[False, True], cell[True, False], cell[False, False]


def ratio(numerator, denominator, empty=Fraction(0)):
    return numerator / denominator if denominator else empty


def precision(counts, empty=Fraction(0)):
    tp, fp, _, _ = counts
    return ratio(tp, tp + fp, empty)


def recall(counts, empty=Fraction(0)):
    tp, _, fn, _ = counts
    return ratio(tp, tp + fn, empty)


def specificity(counts):
    _, fp, _, tn = counts
    return ratio(tn, tn + fp)


def f_beta(counts, beta, empty=Fraction(0)):
    tp, fp, fn, _ = counts
    square = Fraction(beta) ** 2
    return ratio((1 + square) * tp, (1 + square) * tp + square * fn + fp, empty)


def average(score, rows, labels, how):
    """``score`` of the counts, averaged over the labels as ``how`` says."""
    counts = [one_vs_rest(rows, label) for label in labels]
    if how == "micro":
        return score([sum(column) for column in zip(*counts, strict=True)])
    values = [score(c) for c in counts]
    weights = [tp + fn for tp, _, fn, _ in counts] if how == "weighted" else [1] * len(labels)
    if how is None:
        return values
    return ratio(sum(v * w for v, w in zip(values, weights, strict=True)), sum(weights))


def matthews(rows):
    """Covariance of the labels' indicators over the root of the product of their variances."""
    total = sum(w for _, _, w in rows)
    both = true = called = Fraction(0)
    for label in labels_of(rows):
        tp, fp, fn, _ = one_vs_rest(rows, label)
        share_true, share_called = (tp + fn) / total, (tp + fp) / total
        both += tp / total - share_true * share_called
        true += share_true * (1 - share_true)
        called += share_called * (1 - share_called)
    return float(both) / sqrt(true * called) if true and called else 0.0


def balanced_accuracy(rows):
    recalls = []
    for label in labels_of(rows):
        tp, _, fn, _ = one_vs_rest(rows, label)
        if tp + fn:
            recalls.append(tp / (tp + fn))
    return sum(recalls) / len(recalls)


def macro_mean_absolute_error(rows):
    errors = []
    for label in labels_of(rows):
        found = [(abs(Fraction(t) - Fraction(p)), w) for t, p, w in rows if t == label]
        if total := sum(w for _, w in found):
            errors.append(sum(e * w for e, w in found) / total)
    return sum(errors) / len(errors)


def geometric_mean(rows, labels, correction=0.0):
    """Root of the product of recalls, those of 0 replaced."""
    product = 1.0
    for label in labels:
        product *= (float(recall(one_vs_rest(rows, label))) or correction) ** (1 / len(labels))
    return product
