"""What a test part shares with a train part, by definition: every pair of rows, in long double."""

import math

import numpy as np


def key(row):
    """A row as something that is equal for equal rows: 0.0 and -0.0 alike, missing values alike."""
    return tuple("missing" if value is None or is_nan(value) else value for value in row)


def is_nan(value):
    return isinstance(value, float) and math.isnan(value)


def equal_rows(train, test):
    """(test row, first equal train row, number of equal train rows) of rows given as lists."""
    places = {}
    for i, row in enumerate(train):
        places.setdefault(key(row), []).append(i)
    found = [(i, places.get(key(row), [])) for i, row in enumerate(test)]
    return [(i, rows[0], len(rows)) for i, rows in found if rows]


def powers(X):
    """For each column the power of two that brings its spread into [1/2, 1)."""
    exponents = []
    for column in np.asarray(X, np.longdouble).T:
        low, high = np.quantile(column.astype(np.float64), [0.01, 0.99])
        spread = np.clip(column, low, high).std() or column.std()
        exponents.append(-math.frexp(spread)[1] if spread > 0 else 0)
    return exponents


def scaled(X, exponents):
    return np.asarray(X, np.longdouble) * np.array([2.0**e for e in exponents], np.longdouble)


def distances(A, B):
    return np.sqrt(((A[:, np.newaxis] - B[np.newaxis]) ** 2).sum(axis=2))


def near_rows(train, test, train_kinds, test_kinds, *, most=1e-3, chance=0.01, crowd=32):
    """(test row, nearest train row) of near rows; the tolerance; the typical distance.

    For different train rows, and test rows that equal none of them; ``kinds`` are their categories.
    """
    exponents = powers(train)
    A, B = scaled(train, exponents), scaled(test, exponents)
    within = np.sort(distances(A, A) + np.where(np.eye(len(A), dtype=bool), np.inf, 0), axis=1)
    within = within[within[:, 0] > 0]
    typical = np.median(within[:, 0])
    ratio = np.median(np.log(within[:, 1] / within[:, 0]))
    dimension = max(1, min(A.shape[1], math.log(2) / ratio)) if ratio > 0 else A.shape[1]
    tolerance = min(most, (chance / len(B)) ** (1 / dimension))
    found = []
    for i, all_of_row in enumerate(distances(B, A)):
        row = np.where([kind == test_kinds[i] for kind in train_kinds], all_of_row, np.inf)
        j = int(row.argmin())
        lonely = (row <= row[j] / tolerance).sum() < crowd
        if row[j] <= tolerance * typical and lonely:
            found.append((i, j))
    return found, float(tolerance), float(typical)


def off_line(a, b, c):
    """How far a lies off the line through b and c."""
    u, v = (np.asarray(p, np.longdouble) - np.asarray(a, np.longdouble) for p in (b, c))
    if (u @ u) > (v @ v):
        u, v = v, u
    return float(np.sqrt(((u - (u @ v) / (v @ v) * v) ** 2).sum()))


def made_rows(n, plan_parents, train_rows, test_rows):
    """Pairs of rows that a plan links across the parts, and the test rows that are new.

    (new row in the train part, test row among its parents), (test row that is new, its parent in the train
    part); ``plan_parents`` are the sets of parents of new rows.
    """
    parents = {
        (place - n, test_rows.index(parent))
        for place in train_rows
        if place >= n
        for parent in plan_parents[place - n]
        if parent in test_rows
    }
    children = {
        (i, parent)
        for i, place in enumerate(test_rows)
        if place >= n
        for parent in plan_parents[place - n]
        if parent in train_rows
    }
    return parents, children, [i for i, place in enumerate(test_rows) if place >= n]
