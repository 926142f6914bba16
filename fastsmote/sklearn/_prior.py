"""A classifier that is trained on resampled rows and gives the probabilities of the rows as they came."""

from __future__ import annotations

from typing import Any

from fastsmote._core.public import public
from fastsmote.sklearn._resampled import ResampledClassifier


@public("fastsmote.sklearn")
class PriorCorrectedClassifier(ResampledClassifier):
    """A classifier that resamples its training rows, and takes the shift of the class prior back.

    ``predict_proba`` is that of the estimator with the odds of each class multiplied by its share of the rows
    before resampling over its share after: see :func:`fastsmote.priors.correct_prior`.

    Parameters
    ----------
    estimator : classifier with predict_proba
        A clone of it is fitted to the resampled rows.
    sampler : str, sampler or callable
        As for :class:`ResampledClassifier`; one given by its name has a fresh seed.

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
    ResampledClassifier : Where the correction can be turned off.
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

    correct_prior = True
    random_state = None

    def __init__(self, estimator: Any, sampler: Any) -> None:
        self.estimator = estimator
        self.sampler = sampler
