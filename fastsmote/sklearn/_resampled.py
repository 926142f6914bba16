"""A classifier that resamples the rows that it is fitted to, and no others."""

from __future__ import annotations

import difflib
import importlib
import inspect
from collections.abc import Callable
from functools import partial
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.utils import column_or_1d, get_tags, indexable
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted, has_fit_parameter

from fastsmote import priors
from fastsmote._core.check import check_flag
from fastsmote._core.foreign import refuse_unread
from fastsmote._core.labels import check_labels, shown
from fastsmote._core.public import public
from fastsmote._core.typing import Floats, MatrixLike, RandomState, VectorLike
from fastsmote._sampling.registry import SAMPLERS
from fastsmote.sklearn._bases import BaseEstimator, ClassifierMixin, MetaEstimatorMixin


def _inner(name: str) -> Callable[[Any], bool]:
    """Whether the wrapped estimator, fitted if possible, has a method that is not wrong here."""

    def has(self: ResampledClassifier) -> bool:
        shifted = name == "decision_function" and self.correct_prior
        return not shifted and hasattr(getattr(self, "estimator_", self.estimator), name)

    return has


@public("fastsmote.sklearn")
class ResampledClassifier(ClassifierMixin, MetaEstimatorMixin, BaseEstimator):
    """A classifier that is fitted to resampled rows, and predicts for rows as they come.

    What scikit-learn's Pipeline refuses: within cross-validation only the rows to train on are resampled, so
    that no new row is made of one to test, and none is tested. Probabilities are those of the rows as they
    came, unless that is turned off: see :func:`fastsmote.priors.correct_prior`.

    Parameters
    ----------
    estimator : classifier
        A clone of it is fitted to the resampled rows. With ``correct_prior`` it needs predict_proba.
    sampler : str, sampler or callable
        The name of a function of fastsmote, such as "smote"; an object with ``fit_resample(X, y)``, of which
        a clone is used; or a function such as ``functools.partial(fastsmote.smote, k_neighbors=3)``, called
        with (X, y). It returns X and y resampled, and may return weights third, with which the estimator is
        then fitted and of which, not of rows, the shares are taken.
    correct_prior : bool, default True
        Multiply the odds of each class by its share of the rows before resampling over its share after.
        ``predict`` then gives the most likely class of the corrected probabilities.
    random_state : None, int, numpy Generator, RandomState or SeedSequence
        Seed of a sampler given by its name; others have their own.

    Attributes
    ----------
    estimator_ : classifier
        The fitted estimator; its own ``predict_proba`` is uncorrected.
    sampler_ : sampler or callable
        What resampled.
    classes_ : ndarray of shape (n_classes,)
        The labels, sorted.
    prior_ : ndarray of shape (n_classes,)
        Share of each class in y.
    train_prior_ : ndarray of shape (n_classes,)
        Share of each class in what the estimator was fitted to.
    n_features_in_, feature_names_in_
        Those of ``estimator_``, where it has them.

    Raises
    ------
    ValueError
        From ``fit``: y has one class or continuous values, the sampler leaves no row of a class, or no
        function has the name. From ``predict_proba``: the estimator's probabilities are not in [0, 1] or do
        not add up to 1.
    TypeError
        From ``fit``: the sampler is a class, can neither fit_resample nor be called, or returns something
        else than a tuple of two or three; the estimator has no ``predict_proba`` though that is to be
        corrected, or weights are returned and it takes none.

    See Also
    --------
    PriorCorrectedClassifier : The same, always corrected.
    BalancedBaggingClassifier : Several classifiers, each of a balanced part of the rows.
    ThresholdClassifier : A classifier that chooses its threshold.
    fastsmote.correct_prior : The correction of probabilities that you have.
    fastsmote.leakage_report : Whether a split that you have made leaks.

    Notes
    -----
    With ``correct_prior`` there is no ``decision_function``: that of the estimator is not corrected. Weights
    of rows can not be passed to ``fit``, as rows change. Steps that come before the sampler go into the
    estimator, a Pipeline, or around this classifier: both see the rows to train on alone.

    Trees hardly learn the shares of over-sampled rows, and corrected are far too low: leave their
    probabilities as they are, and calibrate them (:func:`fastsmote.correct_prior_from`).

    Cost is that of sampler and estimator, and one pass over the probabilities.

    References
    ----------
    As for :func:`fastsmote.priors.correct_prior`.

    Examples
    --------
    >>> import fastsmote
    >>> from fastsmote.sklearn import ResampledClassifier
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.model_selection import cross_val_score
    >>> X, y = fastsmote.make_fraud(2000, 4, fraud_rate=0.05, random_state=0)
    >>> model = ResampledClassifier(LogisticRegression(), "smote", random_state=0)
    >>> bool(cross_val_score(model, X, y, scoring="roc_auc").mean() > 0.8)
    True
    >>> float(model.fit(X, y).predict_proba(X)[:, 1].mean().round(2))
    0.05
    """

    estimator_: Any
    sampler_: Any
    classes_: NDArray[Any]
    prior_: Floats
    train_prior_: Floats
    n_features_in_: int
    feature_names_in_: NDArray[Any]

    def __init__(
        self, estimator: Any, sampler: Any, *, correct_prior: bool = True, random_state: RandomState = None
    ) -> None:
        self.estimator = estimator
        self.sampler = sampler
        self.correct_prior = correct_prior
        self.random_state = random_state

    def fit(self, X: MatrixLike, y: VectorLike) -> Self:
        """Resample, and fit the estimator.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            What sampler and estimator take: arrays, frames, sparse matrices.
        y : array-like of shape (n_samples,)
            Labels, of at least two classes.

        Returns
        -------
        self : object

        See Also
        --------
        predict_proba : Corrected probabilities.
        """
        if check_flag(self.correct_prior, "correct_prior"):
            require_probabilities(self.estimator)
        refuse_unread(X, "X")
        refuse_unread(y, "y")
        X, y = indexable(X, y)
        y = column_or_1d(y, warn=True)
        labels = check_labels(y)
        resampled = self._resample(X, y)
        weights = resampled[2] if len(resampled) > 2 else None
        after = _shares(resampled[1], weights, labels.classes)
        self.estimator_ = clone(self.estimator)
        if weights is None:
            self.estimator_.fit(*resampled[:2])
        elif has_fit_parameter(self.estimator_, "sample_weight"):
            self.estimator_.fit(*resampled[:2], sample_weight=weights)
        else:
            raise TypeError(
                f"estimator must take sample_weight, as the sampler returns weights. Got {self.estimator!r}; "
                "leave out return_weights."
            )
        take_features(self, self.estimator_)
        self.classes_ = labels.classes
        self.prior_ = labels.counts / labels.counts.sum()
        self.train_prior_ = after
        return self

    def _resample(self, X: Any, y: Any) -> tuple[Any, ...]:
        if isinstance(self.sampler, type):
            raise TypeError(
                f"sampler must be an object, not a class. Got {self.sampler!r}; pass "
                f"{self.sampler.__name__}()."
            )
        if isinstance(self.sampler, str):
            self.sampler_ = _named(self.sampler, self.random_state)
        else:
            self.sampler_ = clone(self.sampler, safe=False)
        if hasattr(self.sampler_, "fit_resample"):
            resampled = self.sampler_.fit_resample(X, y)
        elif callable(self.sampler_):
            resampled = self.sampler_(X, y)
        else:
            raise TypeError(
                f"sampler must have fit_resample or be a function of (X, y). Got {self.sampler!r}; pass "
                "fastsmote.smote, say."
            )
        if not isinstance(resampled, tuple | list) or len(resampled) not in (2, 3):
            size = f" of length {len(resampled)}" if isinstance(resampled, tuple | list) else ""
            raise TypeError(
                "sampler must return X and y resampled, and weights if need be. Got "
                f"{type(resampled).__name__}{size}."
            )
        return tuple(resampled)

    @available_if(_inner("predict_proba"))
    def predict_proba(self, X: MatrixLike) -> NDArray[Any]:
        """Probabilities of the classes, under the prior of y as it came unless ``correct_prior`` is off.

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
        p = self.estimator_.predict_proba(X)
        return priors.correct_prior(p, self.train_prior_, self.prior_) if self.correct_prior else p

    @available_if(_inner("decision_function"))
    def decision_function(self, X: MatrixLike) -> NDArray[Any]:
        """``estimator_.decision_function(X)`` where no prior is corrected; parameters as for ``predict``."""
        check_is_fitted(self)
        return self.estimator_.decision_function(X)

    def predict(self, X: MatrixLike) -> NDArray[Any]:
        """The label of each row: the most likely class, or what the estimator says without ``correct_prior``.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            What the estimator takes.

        Returns
        -------
        ndarray of shape (n_samples,)
            Labels. Of equally likely classes the first.

        See Also
        --------
        predict_proba : For a threshold of your own.
        """
        check_is_fitted(self)
        if not self.correct_prior:
            return self.estimator_.predict(X)
        best = self.predict_proba(X).argmax(axis=1)
        return self.classes_[best]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        inner = get_tags(self.estimator)
        tags.input_tags = inner.input_tags
        tags.classifier_tags.multi_class = getattr(inner.classifier_tags, "multi_class", True)
        return tags


def require_probabilities(estimator: Any) -> None:
    """TypeError for an estimator without ``predict_proba``."""
    if not hasattr(estimator, "predict_proba"):
        raise TypeError(
            f"estimator must be a classifier with predict_proba. Got {estimator!r}; "
            "CalibratedClassifierCV gives one to others."
        )


def take_features(outer: Any, inner: Any) -> None:
    """Give a fitted estimator the number and names of the features of one within it, where it has them."""
    for name in ("n_features_in_", "feature_names_in_"):
        if hasattr(inner, name):
            setattr(outer, name, getattr(inner, name))


def _named(name: str, random_state: Any) -> Callable[..., Any]:
    """The function of fastsmote, with the seed where it takes one."""
    if name not in SAMPLERS:
        close = difflib.get_close_matches(name, SAMPLERS, n=1)
        raise ValueError(
            f"sampler must be the name of a function of fastsmote, such as 'smote'. Got {name!r}"
            + (f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(SAMPLERS)}.")
        )
    function = getattr(importlib.import_module(f"fastsmote.{SAMPLERS[name].face}"), name)
    takes_seed = "random_state" in inspect.signature(function).parameters
    return partial(function, random_state=random_state) if takes_seed else function


def _shares(y: Any, weights: Any, classes: NDArray[Any]) -> Floats:
    """Share of each class in the (weighted) rows."""
    labels = check_labels(y, min_classes=1)
    if not np.array_equal(labels.classes, classes):
        raise ValueError(
            f"sampler must leave rows of every class, {shown(classes.tolist())}. Got rows of "
            f"{shown(labels.classes.tolist())}."
        )
    sums = np.bincount(labels.codes, weights)
    return sums / sums.sum()
