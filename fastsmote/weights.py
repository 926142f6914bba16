"""Weights of classes and rows, and balanced subsets: three ways to make a model hear a rare class.

A weight scales a row's part of the loss and adds no row; a balanced subset leaves rows of the larger
classes out, and several of them, one model each, use all rows after all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from fastsmote._core.public import in_memory
from fastsmote._core.typing import Floats, RandomState, VectorLike
from fastsmote._sampling import reweight
from fastsmote._sampling.strategy import UnderStrategy
from fastsmote._sampling.under import subsets
from fastsmote._sampling.under.subsets import BalancedSubsets

__all__ = ["BalancedSubsets", "balanced_subsets", "class_weights", "sample_weights", "weighted_entropy"]

Scheme: TypeAlias = Literal["balanced", "effective"] | Mapping[Any, float]


@in_memory
def class_weights(
    y: VectorLike,
    *,
    scheme: Scheme = "balanced",
    beta: float = 0.999,
    sample_weight: VectorLike | None = None,
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

    See Also
    --------
    sample_weights : The same, row by row.
    fastsmote.losses.weighted_cross_entropy : A loss that takes them.
    fastsmote.priors.correct_prior : Mends the probabilities of a model that was fitted with them.

    Notes
    -----
    "balanced" and mappings give the values of scikit-learn's ``compute_class_weight``. O(n_samples) time and
    8 bytes per row.

    References
    ----------
    King, G., Zeng, L. (2001). Logistic regression in rare events data. Political Analysis 9, 137-163.
    doi:10.1093/oxfordjournals.pan.a004868

    Cui, Y., Jia, M., Lin, T.-Y., Song, Y., Belongie, S. (2019). Class-balanced loss based on effective number
    of samples. CVPR, 9260-9269, equations (2) and (6). doi:10.1109/CVPR.2019.00949

    Examples
    --------
    >>> from fastsmote.weights import class_weights
    >>> y = ["ham"] * 950 + ["spam"] * 50
    >>> {label: round(weight, 6) for label, weight in class_weights(y).items()}
    {'ham': 0.526316, 'spam': 10.0}
    >>> {label: round(weight, 6) for label, weight in class_weights(y, scheme="effective").items()}
    {'ham': 0.147362, 'spam': 1.852638}
    """
    return reweight.class_weights(y, scheme, beta, sample_weight)


def sample_weights(
    y: VectorLike,
    *,
    scheme: Scheme = "balanced",
    beta: float = 0.999,
    sample_weight: VectorLike | None = None,
    n_jobs: int | None = None,
) -> Floats:
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

    See Also
    --------
    class_weights : One weight for each class.
    fastsmote.smote : With ``return_weights=True``, weights that restore the counts before over-sampling.

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
    return reweight.sample_weights(y, scheme, beta, sample_weight, n_jobs)


def balanced_subsets(
    y: VectorLike,
    n_subsets: int,
    *,
    sampling_strategy: UnderStrategy = "auto",
    random_state: RandomState = None,
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
    sampling_strategy : "auto", str, float, Share, Prior, dict or callable, default "auto"
        Rows of each class in a subset, as for :func:`fastsmote.random_under_sample`. Classes that it does
        not cut are in every subset as a whole.
    random_state : None, int, numpy Generator, RandomState or SeedSequence
        Seed; None draws fresh entropy, once.
    n_jobs : int, optional
        Threads; None is FASTSMOTE_NUM_THREADS or all usable cores, -1 all usable cores.

    Returns
    -------
    BalancedSubsets
        A sequence of ``n_subsets`` ascending int64 arrays, each made when it is needed. Subset j depends on
        y, ``sampling_strategy``, the seed and j only: it is the same for any ``n_subsets``, whichever was
        made before. Subset 0 is what random_under_sample keeps with the same seed.

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

    See Also
    --------
    fastsmote.random_under_sample : One such subset, applied to X and y.
    fastsmote.select.random_under_sample : One such subset.
    fastsmote.priors.correct_prior_from : Corrects the mean of the models' probabilities.

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
    return subsets.balanced_subsets(y, n_subsets, sampling_strategy, random_state, n_jobs)


def weighted_entropy(
    y: VectorLike,
    class_weight: Mapping[Any, float] | None = None,
    *,
    base: float = 2.0,
    sample_weight: VectorLike | None = None,
) -> float:
    """Entropy of the counts of classes, each class weighed: -sum over classes of w p log p.

    How mixed the rows of a node of a tree are, with an eye on the rare class.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        Labels; one class is enough.
    class_weight : mapping from label to weight, optional
        Completed with 1 for classes that it does not name, as :func:`class_weights` gives it. None: 1 for
        each, which is Shannon's entropy.
    base : float above 1, default 2.0
        Of the logarithm: 2 gives bits. The number of classes brings the entropy without weights to [0, 1].
    sample_weight : array-like of shape (n_samples,), optional
        Weights of the rows: p is then the share of a class in the sum of weights.

    Returns
    -------
    float
        At least 0; 0 for one class.

    Raises
    ------
    ValueError
        y is empty or has missing or continuous labels; a weight is negative or not finite, or names a label
        that y lacks while it leaves out one that y has; the sample weights are of another length or all 0;
        ``base`` is not above 1.
    TypeError
        Labels are bytes, or an array is masked.

    See Also
    --------
    class_weights : Weights from the counts.
    fastsmote.losses.weighted_cross_entropy : The loss of probabilities with weights of classes.

    Notes
    -----
    O(n_samples) time. Reference: Guiasu (1971), "Weighted entropy", doi:10.1016/0034-4877(71)90002-4.

    Examples
    --------
    >>> from fastsmote.weights import weighted_entropy
    >>> weighted_entropy([0, 0, 0, 1]) < weighted_entropy([0, 0, 1, 1])
    True
    >>> weighted_entropy([0, 0, 1, 1]), weighted_entropy([0, 0, 1, 1], {1: 3.0})
    (1.0, 2.0)
    """
    return reweight.weighted_entropy(y, class_weight, base, sample_weight)
