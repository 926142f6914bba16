"""The bootstrap by definition: rows drawn with replacement, metrics of the drawn rows by comparison."""

from fractions import Fraction
from itertools import combinations_with_replacement
from math import factorial, prod

import numpy as np


def counts(positive, scores):
    """Thresholds (descending, distinct), false positives and true positives at each."""
    thresholds = np.unique(scores)[::-1]
    called = scores[None, :] >= thresholds[:, None]
    return thresholds, (called & ~positive).sum(axis=1), (called & positive).sum(axis=1)


def value(metric, positive, scores, at=None):
    """One metric at one point; rows of both classes."""
    ahead, behind = scores[positive], scores[~positive]
    if metric == "roc_auc":
        wins = (ahead[:, None] > behind).sum() + (ahead[:, None] == behind).sum() / 2
        return wins / (len(ahead) * len(behind))
    if metric == "precision":
        called = scores >= at
        return (called & positive).sum() / max(called.sum(), 1)
    if metric == "recall":
        return (ahead >= at).mean()
    if metric == "fpr":
        return (behind >= at).mean()
    _, fps, tps = counts(positive, scores)
    if metric == "average_precision":
        return (np.diff(tps, prepend=0) * (tps / (tps + fps))).sum() / len(ahead)
    if metric == "precision_at_recall":
        return (tps / (tps + fps))[tps / len(ahead) >= at].max()
    if metric == "recall_at_fpr":
        return max([0.0, *(tps / len(ahead))[fps / len(behind) <= at]])
    raise ValueError(metric)


def difference(metric, positive, columns, at=None):
    """The metric of the first column of scores, less that of a second one."""
    values = [value(metric, positive, column, at) for column in columns]
    return values[0] - sum(values[1:])


def distribution(metric, positive, columns, at=None, stratified=False):
    """Exact probabilities of the rounded values over all resamples that hold both classes."""
    n = len(positive)
    weights = {}
    for rows in combinations_with_replacement(range(n), n):
        drawn = positive[list(rows)]
        if drawn.all() or not drawn.any() or (stratified and drawn.sum() != positive.sum()):
            continue
        found = difference(metric, drawn, [column[list(rows)] for column in columns], at)
        ways = Fraction(factorial(n), prod(factorial(rows.count(row)) for row in set(rows)))
        key = round(float(found), 9) + 0.0
        weights[key] = weights.get(key, 0) + ways
    total = sum(weights.values())
    return {key: weight / total for key, weight in weights.items()}


def replicates(metric, positive, columns, at, n_resamples, rng):
    """Values of resamples that hold both classes, rows drawn one by one."""
    values = []
    while len(values) < n_resamples:
        rows = rng.integers(0, len(positive), len(positive))
        drawn = positive[rows]
        if drawn.any() and not drawn.all():
            values.append(difference(metric, drawn, [column[rows] for column in columns], at))
    return np.array(values)
