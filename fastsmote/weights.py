"""Weights of classes and rows, and balanced subsets: three ways to make a model hear a rare class.

A weight scales a row's part of the loss and adds no row; a balanced subset leaves rows of the larger
classes out, and several of them, one model each, use all rows after all.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import check_integer, check_labels, check_seed
from fastsmote._core.threads import run_ranges
from fastsmote._core.weights import check_weight
from fastsmote._sampling.reweight import scheme_weights
from fastsmote._sampling.strategy import under_targets
from fastsmote._sampling.under.subsets import BalancedSubsets

__all__ = ["BalancedSubsets", "balanced_subsets", "class_weights", "sample_weights"]

_ROWS = 1 << 17  # rows per block: codes and weights of a block, 2 MiB, stay in cache


def class_weights(
    y: Any, *, scheme: Any = "balanced", beta: float = 0.999, sample_weight: Any = None
) -> dict[Any, float]:
    """One weight for each class, to pass as ``class_weight``.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        Labels: integers, whole floats, booleans, strings or categories; one class is enough.
    scheme : "balanced", "effective" or mapping, default "balanced"
        "balanced": n / (K n_c) for the n_c of n rows of a class, of K classes; the weights of all rows add
        up to n, and each class to as much as any other. "effective": (1 - beta) / (1 - beta ** n_c), the
        inverse of the effective number of rows, times the number that makes the K weights add up to K. A
        mapping from label to weight is completed with 1 for classes that it does not name.
    beta : float in [0, 1), default 0.999
        For "effective": 0 weighs all classes alike; towards 1 it comes to weights in proportion to 1 / n_c.
        Classes of many more than 1 / (1 - beta) rows count as equally large.
    sample_weight : array-like of shape (n_samples,), optional
        Weights that the rows have already: n_c is then the sum of the weights of a class, and n of all.

    Returns
    -------
    dict
        Label to float, in the sorted order of labels, which are Python's bool, int, float or str.

    Raises
    ------
    ValueError
        y is empty or has missing or continuous labels; ``scheme`` is another word; ``beta`` is outside
        [0, 1); the sample weights are of another length, negative, not finite, all 0, or in a whole class 0
        or so small (1e-308 of the others') that its weight overflows;
        a mapping has a weight that is negative or not finite, or names a label that y lacks while it leaves
        out one that y has.
    TypeError
        ``scheme`` is neither a word nor a mapping; labels are bytes, or strings mixed with numbers.

    Notes
    -----
    "balanced" and mappings give the values of scikit-learn's ``compute_class_weight``. O(n_samples) time and
    8 bytes per row.

    References
    ----------
    King, G., Zeng, L. (2001). Logistic regression in rare events data. Political Analysis 9, 137-163.
    doi:10.1093/oxfordjournals.pan.a004868. Cui, Y., Jia, M., Lin, T.-Y., Song, Y., Belongie, S. (2019).
    Class-balanced loss based on effective number of samples. CVPR, 9260-9269, equations (2) and (6).
    doi:10.1109/CVPR.2019.00949

    Examples
    --------
    >>> from fastsmote.weights import class_weights
    >>> y = ["ham"] * 950 + ["spam"] * 50
    >>> {label: round(weight, 6) for label, weight in class_weights(y).items()}
    {'ham': 0.526316, 'spam': 10.0}
    >>> {label: round(weight, 6) for label, weight in class_weights(y, scheme="effective").items()}
    {'ham': 0.147362, 'spam': 1.852638}
    """
    labels = check_labels(y, min_classes=1)
    weights = scheme_weights(labels, scheme, beta, check_weight(sample_weight, len(labels.codes)))
    return dict(zip(labels.classes.tolist(), weights.tolist(), strict=True))


def sample_weights(
    y: Any,
    *,
    scheme: Any = "balanced",
    beta: float = 0.999,
    sample_weight: Any = None,
    n_jobs: int | None = None,
) -> NDArray[np.float64]:
    """The weight of each row: that of its class, times the weight that it has already.

    Parameters
    ----------
    y, scheme, beta
        As for :func:`class_weights`.
    sample_weight : array-like of shape (n_samples,), optional
        Weights that the rows have already. The class weights take them into account, so that with "balanced"
        the products add up to the same for each class.
    n_jobs : int, optional
        Threads; None is FASTSMOTE_NUM_THREADS or all usable cores, -1 all usable cores.

    Returns
    -------
    ndarray of float64 of shape (n_samples,)

    Raises
    ------
    ValueError, TypeError
        As for :func:`class_weights`.

    Notes
    -----
    Without ``sample_weight`` these are the values of scikit-learn's ``compute_sample_weight``.
    O(n_samples) time, 16 bytes per row.

    Examples
    --------
    >>> from fastsmote.weights import sample_weights
    >>> sample_weights([0, 0, 0, 1])
    array([0.66666667, 0.66666667, 0.66666667, 2.        ])
    """
    labels = check_labels(y, min_classes=1)
    given = check_weight(sample_weight, len(labels.codes))
    weights = scheme_weights(labels, scheme, beta, given)
    result = np.empty(len(labels.codes))

    def fill(lo: int, hi: int) -> None:
        part = result[lo:hi]
        weights.take(labels.codes[lo:hi], out=part, mode="clip")  # "raise" would copy through a buffer
        if given is not None:
            part *= given[lo:hi]

    run_ranges(fill, len(result), _ROWS, n_jobs=n_jobs)
    return result


def balanced_subsets(
    y: Any,
    n_subsets: int,
    *,
    sampling_strategy: Any = "auto",
    random_state: Any = None,
    n_jobs: int | None = None,
) -> BalancedSubsets:
    """Index sets of random under-samples that share out the rows of the larger classes.

    One model for each subset, and the mean of their probabilities, is bagging that leaves no row out
    (EasyEnsemble): the mean still has to be corrected for the prior, as after any under-sampling.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        Labels: integers, whole floats, booleans, strings or categories; at least two classes.
    n_subsets : int
        How many, at least 1.
    sampling_strategy : "auto", str, float, Share, dict or callable, default "auto"
        Rows of each class in a subset, as for :func:`fastsmote.random_under_sample`. Classes that it does
        not cut are in every subset as a whole.
    random_state : None, int, numpy Generator, RandomState or SeedSequence
        Seed; None draws fresh entropy, once.
    n_jobs : int, optional
        Threads; None is FASTSMOTE_NUM_THREADS or all usable cores, -1 all usable cores.

    Returns
    -------
    BalancedSubsets
        A sequence of ``n_subsets`` ascending int64 arrays, each made when it is asked for. Subset j depends
        on y, ``sampling_strategy``, the seed and j only: it is the same for any ``n_subsets``, in any order
        of asking. Subset 0 is what random_under_sample keeps with the same seed.

    Raises
    ------
    ValueError
        y has one class only or missing labels; ``n_subsets`` is below 1; the strategy asks for more rows
        than there are, names an unknown class or can not be read.
    TypeError
        ``n_subsets``, ``n_jobs`` or ``random_state`` is of another type.

    Warns
    -----
    UserWarning
        The strategy asks for no row of some class.

    Notes
    -----
    No subset has a row twice. Of a class of N rows cut to m, subsets take m rows at a time in a random order
    until all N are used, so that each row is used before any is used twice; the last subset of such a round
    of ceil(N / m) is filled up with rows of that round, drawn anew. Then the next round starts with an order
    of its own. After r whole rounds a row was used between r and 2 r times, and r times if m divides N.

    The sequence takes O(n_samples) time and 8 bytes per row to make, a round O(N) time and 16 bytes per row
    of its class (40 while it is made), and each subset O(m log m) more: taking them in order is fastest.

    References
    ----------
    Liu, X.-Y., Wu, J., Zhou, Z.-H. (2009). Exploratory undersampling for class-imbalance learning. IEEE
    Trans. Systems, Man, and Cybernetics B 39, 539-550. doi:10.1109/TSMCB.2008.2007853. Its subsets are drawn
    independently of each other; these share out the rows.

    Examples
    --------
    >>> from fastsmote.weights import balanced_subsets
    >>> for rows in balanced_subsets([0, 0, 0, 0, 0, 0, 1, 1], 3, random_state=0):
    ...     print(rows)
    [0 2 6 7]
    [3 5 6 7]
    [1 4 6 7]
    """
    n_subsets = check_integer(n_subsets, "n_subsets")
    seed = check_seed(random_state)
    labels = check_labels(y)
    return BalancedSubsets(labels, under_targets(sampling_strategy, labels, y), n_subsets, seed, n_jobs)
