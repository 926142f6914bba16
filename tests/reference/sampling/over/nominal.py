"""SMOTE-NC and SMOTE-N (Chawla et al. 2002, doi:10.1613/jair.953, sections 6.1 and 6.2) by definition.

Distances of all pairs in long double, or for shares of classes as fractions; neighbours by a sort, equal
distances by row number; votes by counting. Categories are any values, -1 a missing one; NaN is a missing
number.
"""

from collections import Counter
from fractions import Fraction
from itertools import pairwise

import numpy as np


def median_deviation(numbers):
    """Median of the standard deviations of the columns, each over the values that are there."""
    numbers = np.asarray(numbers).astype(np.longdouble)
    deviations = []
    for column in numbers.T:
        known = column[~np.isnan(column)]
        known = known - known[0]
        deviations.append(np.sqrt(((known - known.sum() / len(known)) ** 2).sum() / len(known)))
    return np.median(np.array(deviations))


def mixed_squared(numbers, codes):
    """Squared distances of all pairs of rows of a class: of numbers, and median deviation^2 per mismatch.

    Over the columns that both rows have, times all columns / those; infinite where there are none.
    """
    numbers, codes = np.asarray(numbers).astype(np.longdouble), np.asarray(codes)
    mismatch = median_deviation(numbers) ** 2
    difference = numbers[:, np.newaxis] - numbers
    shared = ~np.isnan(difference)
    both = (codes[:, np.newaxis] != -1) & (codes != -1)
    different = both & (codes[:, np.newaxis] != codes)
    squared = np.where(shared, difference, 0).__pow__(2).sum(axis=2) + different.sum(axis=2) * mismatch
    n_shared = shared.sum(axis=2) + both.sum(axis=2)
    n_all = numbers.shape[1] + codes.shape[1]
    return np.where(n_shared == 0, np.inf, squared * n_all / np.maximum(n_shared, 1))


def nearest(squared, k):
    """The k nearest other rows of each row, of equal ones the first."""
    squared = squared.copy()
    np.fill_diagonal(squared, np.inf)
    others = [np.delete(np.arange(len(squared)), i) for i in range(len(squared))]
    return np.array(
        [o[np.argsort(row[o], kind="stable")[:k]] for o, row in zip(others, squared, strict=True)]
    )


def are_clear(squared, k):
    """Rows whose k nearest have distances that are equal or differ by more than rounding."""
    clear = []
    for i, row in enumerate(squared):
        values = np.sort(np.delete(row, i))
        values = np.unique(values[values <= values[min(k, len(values)) - 1] * 1.001])
        clear.append(all(a < b * (1 - 1e-13) for a, b in pairwise(values.tolist())))
    return np.array(clear)


def winner(values):
    """The most frequent of the votes of voters, nearest first; of equal ones the first. None is no vote."""
    counts = Counter(value for value in values if value is not None)
    most = max(counts.values(), default=0)
    return next((value for value in values if value is not None and counts[value] == most), None)


def value_difference_squared(categories, y, rows):
    """Squared value differences of some rows, all pairs, as fractions: shares counted in all rows."""
    classes = sorted(set(y))
    table = []
    for column in np.asarray(categories, dtype=object).T:
        counts, cells = Counter(column.tolist()), Counter(zip(column.tolist(), y, strict=True))
        table.append([[Fraction(cells[v, c], counts[v]) for c in classes] for v in column[rows].tolist()])
    squared = np.zeros((len(rows), len(rows)), object)
    for shares in table:
        cache = {}
        for i, a in enumerate(shares):
            for j, b in enumerate(shares):
                key = (*a, *b)
                if key not in cache:
                    cache[key] = sum(abs(p - q) for p, q in zip(a, b, strict=True)) ** 2
                squared[i, j] += cache[key]
    return squared


def fractions_nearest(squared, k):
    """The k nearest other rows of each row by exact distances, of equal ones the first."""
    n = len(squared)
    return [sorted((j for j in range(n) if j != i), key=lambda j: (squared[i, j], j))[:k] for i in range(n)]
