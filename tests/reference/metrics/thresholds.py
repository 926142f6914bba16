"""Point metrics, costs and the best cut points by definition, in fractions.

A cut point is a row (threshold, tn, fp, fn, tp), descending as from ``reference.sweep.confusion``.
"""

from decimal import Decimal, localcontext
from fractions import Fraction


def quotient(part, whole):
    return Fraction(part) / Fraction(whole) if whole else Fraction(0)


def precision(tn, fp, fn, tp):
    return quotient(tp, tp + fp)


def recall(tn, fp, fn, tp):
    return quotient(tp, tp + fn)


def specificity(tn, fp, fn, tp):
    return quotient(tn, tn + fp)


def fpr(tn, fp, fn, tp):
    return quotient(fp, tn + fp)


def f_beta(tn, fp, fn, tp, beta=1):
    square = Fraction(beta) ** 2
    return quotient((1 + square) * tp, (1 + square) * tp + square * fn + fp)


def balanced_accuracy(tn, fp, fn, tp):
    """Mean of the recalls of the classes that there are."""
    there = [recall(tn, fp, fn, tp)] * bool(tp + fn) + [specificity(tn, fp, fn, tp)] * bool(tn + fp)
    return sum(there) / len(there) if there else Fraction(0)


def youden(tn, fp, fn, tp):
    return recall(tn, fp, fn, tp) - fpr(tn, fp, fn, tp)


def squared_geometric_mean(tn, fp, fn, tp):
    return recall(tn, fp, fn, tp) * specificity(tn, fp, fn, tp)


def squared_mcc(tn, fp, fn, tp):
    """Square of the correlation coefficient, with its sign."""
    difference = tp * tn - fp * fn
    return quotient(difference * abs(difference), (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))


def root(square):
    """Signed square root of a signed square, to 60 digits before it becomes a float."""
    with localcontext() as context:
        context.prec = 60
        size = (Decimal(abs(square.numerator)) / Decimal(square.denominator)).sqrt()
        return float(size.copy_sign(Decimal(square.numerator)))


def cost(tn, fp, fn, tp, cost_fp, cost_fn):
    return Fraction(cost_fp) * fp + Fraction(cost_fn) * fn


def cost_of_rows(positive, scores, threshold, cost_fp, amounts):
    """Cost of each row on its own: cost_fp for a false alarm, its amount for a missed positive."""
    total = Fraction(0)
    for is_positive, score, amount in zip(positive, scores, amounts, strict=True):
        if score >= threshold and not is_positive:
            total += Fraction(cost_fp)
        elif score < threshold and is_positive:
            total += Fraction(amount)
    return total


def with_nobody(cuts):
    """The cut points, and before them the one at which no row is called positive."""
    _, tn, fp, fn, tp = cuts[0]
    return [(float("inf"), tn + fp, 0 * fp, fn + tp, 0 * tp), *cuts]


def best(cuts, order):
    """All cut points at which ``order(tn, fp, fn, tp)`` is highest."""
    values = [order(*cut[1:]) for cut in cuts]
    return [cut for cut, value in zip(cuts, values, strict=True) if value == max(values)]
