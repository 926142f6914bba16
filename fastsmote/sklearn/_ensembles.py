"""Ensembles whose members are fitted to balanced subsets: row numbers, then the rows of one at a time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.ensemble import AdaBoostClassifier
from sklearn.ensemble._base import _set_random_states
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils import _safe_indexing, column_or_1d, get_tags, indexable
from sklearn.utils.parallel import Parallel, delayed
from sklearn.utils.validation import _num_samples, check_is_fitted

from fastsmote import priors
from fastsmote._core.check import check_flag, check_integer, check_seed
from fastsmote._core.foreign import refuse_unread
from fastsmote._core.labels import Labels, check_labels, shown
from fastsmote._core.public import public
from fastsmote._core.typing import Floats, MatrixLike, RandomState, RowIds, VectorLike
from fastsmote._sampling.strategy import UnderStrategy
from fastsmote.sklearn._bases import BaseEstimator, ClassifierMixin
from fastsmote.sklearn._resampled import require_probabilities, take_features
from fastsmote.weights import balanced_subsets

BLOCK = 65536  # rows that are predicted at a time: the probabilities of one member, and rows of frames


class BalancedEnsemble(ClassifierMixin, BaseEstimator, ABC):
    """What the ensembles share: checks, seeds of members, and the mean of their probabilities."""

    estimators_: list[Any]
    classes_: NDArray[Any]
    prior_: Floats
    train_prior_: Floats
    n_features_in_: int
    feature_names_in_: NDArray[Any]

    def __init__(
        self,
        estimator: Any = None,
        *,
        n_estimators: int = 10,
        sampling_strategy: UnderStrategy = "auto",
        correct_prior: bool = False,
        random_state: RandomState = None,
        n_jobs: int | None = None,
    ) -> None:
        self.estimator = estimator
        self.n_estimators = n_estimators
        self.sampling_strategy = sampling_strategy
        self.correct_prior = correct_prior
        self.random_state = random_state
        self.n_jobs = n_jobs

    def _default(self) -> Any:
        """The estimator that is fitted where none is given."""
        return DecisionTreeClassifier()

    @abstractmethod
    def _members(self, X: Any, y: Any, labels: Labels, subset: RowIds, seed: int) -> list[Any]:
        """The fitted members, of which the first may be fitted to ``subset``."""

    def fit(self, X: MatrixLike, y: VectorLike) -> Self:
        """Fit a clone of the estimator to each subset.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            What the estimator takes: arrays, frames, sparse matrices.
        y : array-like of shape (n_samples,)
            Labels, of at least two classes.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            If y has one class or continuous values, or ``sampling_strategy`` can not be met or leaves no row
            of a class.
        TypeError
            If the estimator has no ``predict_proba``, or a parameter is of another type.

        See Also
        --------
        predict_proba : Mean of the members.
        """
        check_integer(self.n_estimators, "n_estimators")
        check_flag(self.correct_prior, "correct_prior")
        require_probabilities(self._base())
        refuse_unread(X, "X")
        refuse_unread(y, "y")
        X, y = indexable(X, y)
        y = column_or_1d(y, warn=True)
        labels = check_labels(y)
        seed = check_seed(self.random_state)
        subset = self._subsets(y, 1, seed)[0]
        counts = labels.counts_of(subset)
        if not counts.all():
            raise ValueError(
                f"sampling_strategy must leave rows of every class, {shown(labels.classes.tolist())}. Got "
                f"none of {shown(labels.classes[counts == 0].tolist())}."
            )
        self.classes_ = labels.classes
        self.prior_ = labels.counts / labels.counts.sum()
        self.train_prior_ = counts / counts.sum()
        self.estimators_ = self._members(X, y, labels, subset, seed)
        take_features(self, self.estimators_[0])
        return self

    def _base(self) -> Any:
        return self._default() if self.estimator is None else self.estimator

    def _subsets(self, y: Any, n_subsets: int, seed: int) -> Any:
        return balanced_subsets(y, n_subsets, sampling_strategy=self.sampling_strategy, random_state=seed)

    def _member(self, number: int, seed: int) -> Any:
        """A clone with a seed of its own."""
        member = clone(self._base())
        _set_random_states(member, own_seed(seed, number) % 2**32)
        return member

    def predict_proba(self, X: MatrixLike) -> NDArray[Any]:
        """Mean of the members' probabilities, under the prior of y with ``correct_prior``.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            What the estimator takes.

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
            Columns in the order of ``classes_``.

        See Also
        --------
        fastsmote.correct_prior : The correction.
        """
        check_is_fitted(self)
        refuse_unread(X, "X")
        (rows,) = indexable(X)
        n = _num_samples(rows)
        parts = (
            rows if n <= BLOCK else _safe_indexing(rows, slice(start, start + BLOCK))
            for start in range(0, max(n, 1), BLOCK)
        )
        p = np.concatenate(self._in_threads(delayed(_mean)(part, self.estimators_) for part in parts))
        return priors.correct_prior(p, self.train_prior_, self.prior_) if self.correct_prior else p

    def predict(self, X: MatrixLike) -> NDArray[Any]:
        """The most likely class, of equally likely ones the first.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            What the estimator takes.

        Returns
        -------
        ndarray of shape (n_samples,)
            Labels.

        See Also
        --------
        predict_proba : For a threshold of your own.
        """
        best = self.predict_proba(X).argmax(axis=1)
        return self.classes_[best]

    def _in_threads(self, calls: Any) -> list[Any]:
        """What the calls return, each on a block of rows; only as many are made as there are jobs."""
        return Parallel(n_jobs=self.n_jobs, prefer="threads")(calls)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        inner = get_tags(self._base())
        tags.input_tags = inner.input_tags
        tags.classifier_tags.multi_class = getattr(inner.classifier_tags, "multi_class", True)
        return tags


def own_seed(seed: int, *numbers: int) -> int:
    """A seed for each member and purpose, none of them one of the subsets."""
    key = (*numbers, len(numbers))
    return int(np.random.SeedSequence(seed, spawn_key=key).generate_state(1, np.uint64)[0])


def fitted(member: Any, X: Any, y: Any) -> Any:
    return member.fit(X, y)


def _mean(X: Any, members: list[Any]) -> NDArray[Any]:
    total = members[0].predict_proba(X).astype(np.float64)
    for member in members[1:]:
        total += member.predict_proba(X)
    return total / len(members)


class _Independent(BalancedEnsemble):
    """Members that know nothing of each other: one of each subset."""

    def _members(self, X: Any, y: Any, labels: Labels, subset: RowIds, seed: int) -> list[Any]:
        def jobs() -> Iterator[Any]:
            for number, rows in enumerate(self._subsets(y, self.n_estimators, seed)):
                yield delayed(fitted)(self._member(number, seed), _safe_indexing(X, rows), y[rows])

        return Parallel(n_jobs=self.n_jobs)(jobs())


@public("fastsmote.sklearn")
class BalancedBaggingClassifier(_Independent):
    """The mean of classifiers, each fitted to the smallest class and as many rows of every other.

    The subsets are those of :func:`fastsmote.balanced_subsets`: they share out the larger classes, so that
    each of their rows is used before any is used twice.

    Parameters
    ----------
    estimator : classifier with predict_proba, optional
        A clone of it is fitted to each subset; None is DecisionTreeClassifier().
    n_estimators : int, default 10
        Members.
    sampling_strategy : "auto", str, float, Share, Prior, dict or callable, default "auto"
        Rows of each class in a subset, as for :func:`fastsmote.random_under_sample`.
    correct_prior : bool, default False
        Multiply the odds of each class by its share in y over its share in a subset, so that probabilities
        are those of the rows as they came. ``predict`` then gives the most likely class of these.
    random_state : None, int, numpy Generator, RandomState or SeedSequence
        Seed of the subsets and of the members; those of the estimator are not used.
    n_jobs : int, optional
        Members that are fitted at a time, as in scikit-learn (None is one). Results do not depend on it.

    Attributes
    ----------
    estimators_ : list of classifiers
        The members.
    classes_ : ndarray of shape (n_classes,)
        The labels, sorted.
    prior_, train_prior_ : ndarray of shape (n_classes,)
        Share of each class in y, and in a subset.
    n_features_in_, feature_names_in_
        Those of the members, where they have them.

    See Also
    --------
    EasyEnsembleClassifier : The same with boosting in each member.
    SelfPacedEnsembleClassifier : Members that look at harder rows one after the other.
    fastsmote.balanced_subsets : The subsets, for models of any library.
    fastsmote.imblearn.BalancedBaggingClassifier : The class of imbalanced-learn's name, with its numbers.

    Notes
    -----
    Unlike imbalanced-learn's, which draws a bootstrap of all rows and cuts that, no row is twice in a member,
    and the smallest class is whole in each. Beside X memory is some 45 bytes for each of its rows, whatever
    their columns, for the numbers of rows; and for each member that is being fitted the rows of its subset,
    whatever the size of the largest class. Rows are not checked beyond what the estimator does with those of
    a subset.

    References
    ----------
    Wallace, B. C., Small, K., Brodley, C. E., Trikalinos, T. A. (2011). Class imbalance, redux. IEEE ICDM,
    754-763. doi:10.1109/ICDM.2011.33

    Examples
    --------
    >>> import fastsmote
    >>> from fastsmote.sklearn import BalancedBaggingClassifier
    >>> X, y = fastsmote.make_fraud(2000, 4, fraud_rate=0.05, random_state=0)
    >>> model = BalancedBaggingClassifier(correct_prior=True, random_state=0).fit(X, y)
    >>> len(model.estimators_), model.train_prior_
    (10, array([0.5, 0.5]))
    """


@public("fastsmote.sklearn")
class EasyEnsembleClassifier(_Independent):
    """The mean of boosted classifiers, each fitted to the smallest class and as many rows of every other.

    Parameters
    ----------
    estimator : classifier with predict_proba, optional
        A clone of it is fitted to each subset; None is AdaBoostClassifier().
    n_estimators, sampling_strategy, correct_prior, random_state, n_jobs
        As for :class:`BalancedBaggingClassifier`.

    Attributes
    ----------
    estimators_, classes_, prior_, train_prior_, n_features_in_, feature_names_in_
        As for :class:`BalancedBaggingClassifier`.

    See Also
    --------
    BalancedBaggingClassifier : The same with trees.
    BalanceCascadeClassifier : Members that leave out what earlier ones know.
    fastsmote.imblearn.EasyEnsembleClassifier : The class of imbalanced-learn's name, with its numbers.

    Notes
    -----
    As in the paper, but that subsets share out the rows of the larger classes where the paper draws them
    independently, and that the members' probabilities are averaged where it adds up the scores of all weak
    learners. Memory as for :class:`BalancedBaggingClassifier`.

    References
    ----------
    Liu, X.-Y., Wu, J., Zhou, Z.-H. (2009). Exploratory undersampling for class-imbalance learning. IEEE
    Trans. Systems, Man, and Cybernetics B 39, 539-550. doi:10.1109/TSMCB.2008.2007853 (algorithm 1).

    Examples
    --------
    >>> import fastsmote
    >>> from fastsmote.sklearn import EasyEnsembleClassifier
    >>> X, y = fastsmote.make_fraud(2000, 4, fraud_rate=0.05, random_state=0)
    >>> model = EasyEnsembleClassifier(n_estimators=3, random_state=0).fit(X, y)
    >>> bool(model.score(X, y) > 0.7)
    True
    """

    def _default(self) -> Any:
        return AdaBoostClassifier()
