"""A classifier that is trained on resampled rows and gives the probabilities of the rows as they came."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.utils import column_or_1d, get_tags, indexable
from sklearn.utils.validation import check_is_fitted, has_fit_parameter

from fastsmote._core.foreign import refuse_unread
from fastsmote._core.labels import check_labels, shown
from fastsmote._core.public import public
from fastsmote._core.typing import Floats, MatrixLike, VectorLike
from fastsmote.priors import correct_prior
from fastsmote.sklearn._bases import BaseEstimator, ClassifierMixin, MetaEstimatorMixin


@public("fastsmote.sklearn")
class PriorCorrectedClassifier(ClassifierMixin, MetaEstimatorMixin, BaseEstimator):
    """A classifier that resamples its training rows, and takes the shift of the class prior back.

    ``predict_proba`` is that of the estimator with the odds of each class multiplied by its share of the rows
    before resampling over its share after: see :func:`fastsmote.priors.correct_prior`.

    Parameters
    ----------
    estimator : classifier with predict_proba
        A clone of it is fitted to the resampled rows.
    sampler : sampler or callable
        An object with ``fit_resample(X, y)``, of which a clone is used, or a function such as
        ``fastsmote.smote`` or ``functools.partial(fastsmote.smote, random_state=0)``, called with (X, y). It
        returns X and y resampled, and may return weights third, with which the estimator is then fitted and
        of which, not of rows, the shares are taken.

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
        From ``fit``: y has one class or continuous values, or the sampler leaves no row of a class. From
        ``predict_proba``: the estimator's probabilities are not in [0, 1] or do not add up to 1.
    TypeError
        From ``fit``: the sampler is a class, can neither fit_resample nor be called, or returns something
        else than a tuple of two or three; the estimator has no ``predict_proba``, or weights are returned
        and it takes none.

    See Also
    --------
    fastsmote.correct_prior : The correction of probabilities that you have.
    ThresholdClassifier : A classifier that chooses its threshold.
    fastsmote.fit_isotonic : Where more than the share of positives is off.

    Notes
    -----
    There is no ``decision_function``: that of the estimator is not corrected. Weights of rows can not be
    passed to ``fit``, as rows change; ``functools.partial(fastsmote.smote, return_weights=True)`` makes
    weights. ``predict`` gives the most likely class, of equally likely ones the first, so with rare classes
    few rows of them: choose a threshold for ``predict_proba`` by costs instead (:mod:`fastsmote.thresholds`).

    Cost is that of sampler and estimator, and one pass over the probabilities.

    References
    ----------
    As for :func:`fastsmote.priors.correct_prior`.

    Examples
    --------
    >>> from functools import partial
    >>> import fastsmote
    >>> from fastsmote.sklearn import PriorCorrectedClassifier
    >>> from sklearn.linear_model import LogisticRegression
    >>> X, y = fastsmote.make_fraud(2000, 4, fraud_rate=0.05, random_state=0)
    >>> sampler = partial(fastsmote.random_under_sample, random_state=0)
    >>> model = PriorCorrectedClassifier(LogisticRegression(), sampler).fit(X, y)
    >>> model.prior_, model.train_prior_
    (array([0.95, 0.05]), array([0.5, 0.5]))
    >>> float(model.estimator_.predict_proba(X)[:, 1].mean().round(2))
    0.16
    >>> float(model.predict_proba(X)[:, 1].mean().round(2))
    0.05
    """

    estimator_: Any
    sampler_: Any
    classes_: NDArray[Any]
    prior_: Floats
    train_prior_: Floats
    n_features_in_: int
    feature_names_in_: NDArray[Any]

    def __init__(self, estimator: Any, sampler: Any) -> None:
        self.estimator = estimator
        self.sampler = sampler

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
        PriorCorrectedClassifier
            Itself.

        See Also
        --------
        predict_proba : Corrected probabilities.
        """
        if not hasattr(self.estimator, "predict_proba"):
            raise TypeError(
                f"estimator must be a classifier with predict_proba. Got {self.estimator!r}; "
                "CalibratedClassifierCV gives one to others."
            )
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
        for name in ("n_features_in_", "feature_names_in_"):
            if hasattr(self.estimator_, name):
                setattr(self, name, getattr(self.estimator_, name))
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

    def predict_proba(self, X: MatrixLike) -> NDArray[Any]:
        """Probabilities of the classes under the prior of y as it came.

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
        return correct_prior(self.estimator_.predict_proba(X), self.train_prior_, self.prior_)

    def predict(self, X: MatrixLike) -> NDArray[Any]:
        """The most likely class under the prior of y as it came.

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

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        inner = get_tags(self.estimator)
        tags.input_tags = inner.input_tags
        tags.classifier_tags.multi_class = getattr(inner.classifier_tags, "multi_class", True)
        return tags


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
