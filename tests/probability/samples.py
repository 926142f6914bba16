"""Probabilities to test with."""

import numpy as np


def simplex(rng, size, alpha=1.0):
    rows = rng.gamma(alpha, size=size) + 1e-9
    return rows / rows.sum(axis=-1, keepdims=True)


def two_columns(p):
    return np.column_stack([1 - p, p])
