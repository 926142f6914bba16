"""What to do about an imbalanced data set, and why: counts and neighbours looked up in a table of rules."""

from typing import Any

from fastsmote._core.check import check_integer, check_labels, check_word
from fastsmote._core.containers import names_of
from fastsmote._core.equal_rows import read_tables
from fastsmote._core.typing import Progress
from fastsmote._diagnosis.advice import FAMILIES, Advice, Recommendation, recommend
from fastsmote._diagnosis.findings import Findings, Surroundings, find
from fastsmote._diagnosis.rules import RULES, SOURCES

__all__ = ["SOURCES", "Advice", "Findings", "Recommendation", "Surroundings", "advise"]


def advise(
    X: Any,
    y: Any,
    *,
    model: str | None = None,
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
    of rows. The majority is not asked. Of other classes all rows are, or evenly spaced ones in the order of
    the hashes, 20,000 in all but 200 at least of each; a share of m asked rows is uncertain by at most
    0.5 / sqrt(m).

    O(n log n) time for equal rows and a search per row asked: 1,000,000 rows of 30 features take 2 s on two
    cores. Memory is 2.5 copies of X.

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
    if model is not None:
        model = check_word(model, "model", FAMILIES)
    n_neighbors = check_integer(n_neighbors, "n_neighbors")
    tables = read_tables([X], ["X"], n_jobs)
    labels = check_labels(y, len(tables.matrix))
    names = names_of(X) or list(range(len(tables.numeric) + len(tables.categorical)))
    findings = find(tables, names, labels, model, n_neighbors, n_jobs, progress)
    action = next(rule for rule in RULES if rule.topic == "action" and rule.when(findings, ""))
    others = [rule for rule in RULES if rule.topic != "action" and rule.when(findings, action.action)]
    told = tuple(recommend(rule, findings) for rule in [action, *others])
    return Advice(action.action, told, findings)
