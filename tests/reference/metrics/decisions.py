"""Decisions and their costs by definition, in fractions."""

from fractions import Fraction


def price(is_positive, called, fp, fn, tp, tn):
    if called:
        return Fraction(tp if is_positive else fp)
    return Fraction(fn if is_positive else tn)


def total(y, called, prices):
    """Cost of decisions; ``prices`` are (fp, fn, tp, tn) of each row."""
    return sum(price(*row[:2], *row[2]) for row in zip(y, called, prices, strict=True))


def cheapest(y, scores, prices):
    """The least cost over all cut points, and those where it is that: descending, infinity first."""
    cuts = [float("inf"), *sorted(set(scores), reverse=True)]
    costs = [total(y, [score >= cut for score in scores], prices) for cut in cuts]
    return min(costs), [cut for cut, cost in zip(cuts, costs, strict=True) if cost == min(costs)]


def cheapest_class(p, costs):
    """Of a row; the first of equals."""
    expected = [sum(Fraction(p[i]) * Fraction(costs[i][j]) for i in range(len(p))) for j in range(len(p))]
    return expected.index(min(expected))


def class_by_threshold(p, cuts):
    """Of a row: largest multiple of its threshold, then largest probability, then first."""

    def multiple(k):
        if cuts[k] == 0:
            return float("inf")
        return 0 if cuts[k] == float("inf") else Fraction(p[k]) / Fraction(cuts[k])

    return max(range(len(p)), key=lambda k: (multiple(k), p[k], -k))
