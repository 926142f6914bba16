"""What to do about an imbalanced data set, and why: counts and neighbours looked up in a table of rules."""

from __future__ import annotations

from typing import Literal

from fastsmote._core.public import in_memory
from fastsmote._core.typing import MatrixLike, Progress, VectorLike
from fastsmote._diagnosis import advice
from fastsmote._diagnosis.advice import Advice, Recommendation
from fastsmote._diagnosis.findings import Findings, Surroundings
from fastsmote._diagnosis.rules import SOURCES

__all__ = ["SOURCES", "Advice", "Findings", "Recommendation", "Surroundings", "advise"]


@in_memory
def advise(
    X: MatrixLike,
    y: VectorLike,
    *,
    model: Literal["linear", "trees", "neural"] | None = None,
    n_neighbors: int = 5,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Advice:
    """Read a data set and say what to do about its imbalance, with the evidence and the sources.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        Rows to train on. Frames may hold text and categories; NaN and None are missing values.
    y : array-like of shape (n_samples,)
        Labels of two or more classes.
    model : {"linear", "trees", "neural"}, optional
        The model family, on which guides differ.
    n_neighbors : int, default 5
        Neighbours to look at around each row of the smaller classes.
    n_jobs : int, optional
        Threads; None is all usable cores. The advice is the same for any number.
    progress : callable, optional
        ``progress(done, total)``, called in the calling thread, for the search of neighbours.

    Returns
    -------
    Advice

    Raises
    ------
    ValueError
        X or y is refused as in :func:`fastsmote.smote`, but for missing values and text; y has a single
        class; another model family.
    TypeError
        X is sparse or masked; n_neighbors is no integer.

    See Also
    --------
    fastsmote.leakage.leakage_report : What a test part shares with the train part.
    fastsmote.weights.class_weights, fastsmote.smote, fastsmote.random_under_sample : What it may recommend.
    fastsmote.thresholds.best_threshold : What it recommends in any case.

    Notes
    -----
    All is decided by a table of rules (``fastsmote._diagnosis.rules.RULES``), each with its condition, reason
    and sources; of those about the action, the first that holds. Of several classes the largest and the
    smallest with 10 rows or more are held against each other, and the share is that of the smaller among the
    two; classes of equal size go by the order of labels.

    Neighbours are exact, by the numeric columns of complete rows, each column multiplied by the power of two
    that brings its spread near 1. They are sought among the different rows, so repeats of a row are not its
    neighbours; equal rows of several classes are one neighbour that counts for each class by its share, and
    equal distances go by a hash of the values, never by row number. So the advice is the same for any order
    of rows. Rows of the majority are not looked at. Of other classes all are, or evenly spaced ones in the
    order of the hashes, 20,000 in all but 200 at least of each; a share of m rows is uncertain by at most
    0.5 / sqrt(m).

    O(n log n) time for equal rows and a search per row looked at: 1,000,000 rows of 30 features take 2 s on
    two cores. Memory is 2.5 copies of X.

    References
    ----------
    Each recommendation names its own. Safe, danger and noise are those of Borderline-SMOTE: Han, H., Wang,
    W.-Y. and Mao, B.-H. (2005), doi:10.1007/11538059_91.

    Examples
    --------
    >>> import numpy as np
    >>> from fastsmote.advice import advise
    >>> rng = np.random.default_rng(0)
    >>> y = np.arange(1000) < 150
    >>> advise(rng.normal(size=(1000, 4)) + 8 * y[:, np.newaxis], y).action
    'nothing'
    >>> advice = advise(rng.normal(size=(1000, 4)) + 1.5 * y[:, np.newaxis], y)
    >>> advice.action, round(advice.findings.surroundings[True].noise, 2)
    ('weights', 0.09)
    >>> [item.rule for item in advice.recommendations]
    ['moderate', 'balance-or-not', 'threshold', 'split-first', 'ranking', 'correct']
    """
    return advice.advise(X, y, model, n_neighbors, n_jobs, progress)
