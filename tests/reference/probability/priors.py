"""Class priors from their definitions: exact odds in fractions, and the EM algorithm step by step."""

from fractions import Fraction

import numpy as np


def corrected(row, train, true):
    """p_j true_j / train_j over their sum, exact for the floats given."""
    terms = [
        Fraction(float(p)) * Fraction(float(b)) / Fraction(float(a))
        for p, a, b in zip(row, train, true, strict=True)
    ]
    return [term / sum(terms) for term in terms]


def corrected_odds(p, train, true):
    """For two classes: odds times true odds over odds in training."""
    p, train, true = (Fraction(float(value)) for value in (p, train, true))
    if p == 1:
        return Fraction(1)
    odds = p / (1 - p) * (true / (1 - true)) / (train / (1 - train))
    return odds / (1 + odds)


def log_likelihood(p, train, prior):
    """Of the prior, less that of the prior in training: the density of the rows cancels."""
    p, train, prior = (np.asarray(values, np.longdouble) for values in (p, train, prior))
    return np.log((p * prior / train).sum(axis=1)).sum()


def em(p, train, n_steps):
    """Saerens, Latinne and Decaestecker (2002): correct p to the prior, which becomes the mean of that."""
    p, train = np.asarray(p, np.longdouble), np.asarray(train, np.longdouble)
    prior = train
    for _ in range(n_steps):
        joint = p * prior / train
        prior = (joint / joint.sum(axis=1, keepdims=True)).mean(axis=0)
    return prior


def logistic(x, n_negative, n_positive, n_steps=50):
    """Intercept and slope of a logistic regression on counts of both classes at each x, by Newton's steps."""
    design = np.column_stack([np.ones(len(x)), x])
    n = np.asarray(n_negative, float) + n_positive
    beta = np.zeros(2)
    for _ in range(n_steps):
        p = 1 / (1 + np.exp(-design @ beta))
        hessian = design.T @ (design * (n * p * (1 - p))[:, np.newaxis])
        beta = beta + np.linalg.solve(hessian, design.T @ (n_positive - n * p))
    return beta


def calibration_error(p, known, n_bins=10):
    """Mean over rows of |mean p - mean of the known probabilities| in bins of equally many rows."""
    order = np.argsort(p, kind="stable")
    return sum(
        abs(p[part].mean() - known[part].mean()) * len(part) for part in np.array_split(order, n_bins)
    ) / len(p)
