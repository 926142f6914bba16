"""Which rows the members of ensembles see, from the definitions of their papers, one row at a time."""

import math


def rows_of_bins(hardness, size, n_bins, alpha):
    """Rows that each bin of hardness gives: in proportion to 1 / (mean hardness + alpha), or all it has."""
    bins = [[] for _ in range(n_bins)]
    for value in hardness:
        bins[max(0, min(math.floor(value * n_bins), n_bins - 1))].append(value)
    weights = [1 / (math.fsum(one) / len(one) + alpha) if one else 0.0 for one in bins]
    taken = [0] * n_bins
    while (left := size - sum(taken)) > 0:
        is_open = [n < len(one) for n, one in zip(taken, bins, strict=True)]
        total = math.fsum(weight for weight, has in zip(weights, is_open, strict=True) if has)
        quotas = [left * weight / total if has else 0.0 for weight, has in zip(weights, is_open, strict=True)]
        more = [math.floor(quota + 1e-12 * (left + 1)) for quota in quotas]
        missing = left - sum(more)
        by_remainder = sorted(range(n_bins), key=lambda one: -round((quotas[one] - more[one]) * 1e9))
        for one in by_remainder[:missing]:
            more[one] += 1
        taken = [min(n + new, len(one)) for n, new, one in zip(taken, more, bins, strict=True)]
    return taken


def left_after(known, n_left):
    """Places of the rows that are known least, of equal ones the first."""
    return sorted(sorted(range(len(known)), key=lambda place: (known[place], place))[:n_left])
