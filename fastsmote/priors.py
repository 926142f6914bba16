"""Probabilities after resampling: corrected for the prior that resampling changed, or for one yet unknown.

A classifier that is fitted to resampled rows gives the odds of the resampled data. Resampling by class alone
leaves how X is distributed within each class, so the way back is exact: the odds times true odds / odds in
training. SMOTE, borderline methods and cleaners also change the distribution within classes somewhat; for
them the correction removes the shift of the prior, which is most of the harm, and calibration what is left.
"""

from __future__ import annotations

from typing import Any, Literal, overload

from fastsmote._core.public import in_memory
from fastsmote._core.typing import (
    ClassWeights,
    Floats,
    Label,
    Matrix,
    MatrixLike,
    PriorLike,
    Priors,
    Several,
    VectorLike,
)
from fastsmote._probability import prior_search, priors
from fastsmote._probability.prior_search import PriorEstimate

__all__ = ["PriorEstimate", "correct_prior", "correct_prior_from", "estimate_prior", "logit_offset"]


@overload
def correct_prior(
    p: float,
    train_prior: PriorLike,
    true_prior: PriorLike,
    *,
    classes: None = None,
    n_jobs: int | None = None,
) -> float: ...
@overload
def correct_prior(
    p: Several,
    train_prior: PriorLike,
    true_prior: PriorLike,
    *,
    classes: VectorLike | None = None,
    n_jobs: int | None = None,
) -> Matrix: ...
def correct_prior(
    p: float | Several,
    train_prior: PriorLike,
    true_prior: PriorLike,
    *,
    classes: VectorLike | None = None,
    n_jobs: int | None = None,
) -> float | Matrix:
    """Probabilities under the true prior, from those of a classifier trained under another.

    Parameters
    ----------
    p : float, or array-like of shape (n_samples,) or (n_samples, n_classes)
        Probabilities of the positive class, or of each class: what ``predict_proba`` gives.
    train_prior : float, array-like of shape (n_classes,) or dict of label to float
        Share of the positive class, or of each class, in the rows that the classifier was fitted to. A number
        also goes with two columns, of which the second is positive.
    true_prior : float, array-like of shape (n_classes,) or dict of label to float
        The same where the probabilities are used.
    classes : array-like of shape (n_classes,), optional
        Labels of the columns of p, of which there are several, for priors by label: ``classes_`` of a
        classifier. By default the names of the columns of a frame, which must be the labels, and else the
        sorted labels.
    n_jobs : int, optional
        Threads; None is FASTSMOTE_NUM_THREADS or all usable cores.

    Returns
    -------
    float, or ndarray of the shape of p
        float32 for float32 p, else float64. Columns add up to 1. One column is p of shape (n_samples,), and
        a 0-d array a float.

    Raises
    ------
    ValueError
        p holds something else than probabilities in [0, 1], is empty, or has rows that do not add up to 1
        (within 0.001); a prior is not strictly between 0 and 1 or below 1e-75, priors do not add up to 1
        or do not fit the columns; dicts have different labels; ``classes`` do not fit the columns, a dict,
        or the names of a frame; names are not the labels of a dict, and there is no ``classes``.
    TypeError
        p is masked, or ``n_jobs`` is no integer.

    See Also
    --------
    correct_prior_from : Takes both priors from what a sampler returned.
    estimate_prior : The true prior, where nobody knows it.
    logit_offset : The same on the intercept of a logistic model.
    fastsmote.sklearn.PriorCorrectedClassifier : A classifier that does it after each prediction.

    Notes
    -----
    p'_j is proportional to p_j true_j / train_j; for two classes the odds are multiplied by
    [true / (1 - true)] / [train / (1 - train)]. 0 and 1 stay, order (and so ROC and precision-recall curves)
    too. Equal priors give p back; there and back differs from p by a few roundings of p and 1 - p. Where the
    corrected p is within 1e-16 of 1, 1 - p is lost.

    Under-sampling that keeps a share beta of the negatives multiplies the odds of the positives by 1 / beta,
    so [true / (1 - true)] / [train / (1 - train)] = beta and p' = beta p / (beta p - p + 1), the
    formula of Dal Pozzolo et al.: the same function.

    One pass over p, O(n_samples n_classes); memory is the result.

    References
    ----------
    Saerens, M., Latinne, P., Decaestecker, C. (2002). Adjusting the outputs of a classifier to new a priori
    probabilities: a simple procedure. Neural Computation 14, 21-41. doi:10.1162/089976602753284446 (eq. 2.4).

    Dal Pozzolo, A., Caelen, O., Johnson, R. A., Bontempi, G. (2015). Calibrating probability with
    undersampling for unbalanced classification. IEEE SSCI, 159-166. doi:10.1109/SSCI.2015.33.

    Examples
    --------
    >>> from fastsmote.priors import correct_prior
    >>> correct_prior([0.1, 0.5, 0.9], train_prior=0.5, true_prior=0.01).round(4)
    array([0.0011, 0.01  , 0.0833])
    >>> correct_prior([[0.2, 0.3, 0.5]], {"a": 0.25, "b": 0.25, "c": 0.5}, {"a": 0.5, "b": 0.25, "c": 0.25})
    array([[0.42105263, 0.31578947, 0.26315789]])
    """
    return priors.correct_prior(p, train_prior, true_prior, classes, n_jobs)


def correct_prior_from(
    source: Any,
    p: MatrixLike,
    *,
    weights: ClassWeights | Literal["balanced"] = None,
    true_prior: PriorLike | None = None,
    classes: VectorLike | None = None,
    pos_label: Label | None = None,
    n_jobs: int | None = None,
) -> Matrix:
    """Probabilities as they would be without resampling or weights, from what a sampler returned.

    Parameters
    ----------
    source : Resampled, SyntheticPlan, pair, or labels with ``weights``
        What a sampler of fastsmote or a function of :mod:`fastsmote.plan` returned; or (before, after), each
        labels or a dict from label to count (or weight): ``(y, y[kept])`` for kept indices, ``(y,
        y_resampled)`` for any other library. With ``weights`` also the labels that the classifier was
        fitted to, where nothing was resampled.
    p : array-like of shape (n_samples,) or (n_samples, n_classes)
        Probabilities of a classifier that was fitted to the resampled rows.
    weights : "balanced", dict of label to float or array-like of shape (n_rows,), optional
        What the classifier was fitted with: scikit-learn's ``class_weight`` (a label that a dict does not
        name weighs 1), or one ``sample_weight`` for each row that it was fitted to.
    true_prior : float, array-like of shape (n_classes,) or dict of label to float, optional
        As for :func:`correct_prior`, where it is not that of the rows before resampling.
    classes : array-like of shape (n_classes,), optional
        As for :func:`correct_prior`.
    pos_label : label, optional
        The class that p of shape (n_samples,) is about; 1 by default for labels within {0, 1} or {-1, 1}.
    n_jobs : int, optional
        As for :func:`correct_prior`.

    Returns
    -------
    ndarray of the shape of p
        As for :func:`correct_prior`.

    Raises
    ------
    ValueError
        As for :func:`correct_prior`; a class has no rows before or after; p has one column and the classes
        are not two, or ``pos_label`` is needed, unknown, or given for p with several columns; labels of
        ``source`` are numbers and strings; a class weighs nothing; weights are negative, not finite, or not
        as many as the rows; a label of ``weights`` is unknown.
    TypeError
        ``source`` is something else, or holds counts where there is a weight for each row.

    See Also
    --------
    correct_prior : From the two priors.
    fastsmote.calibration.calibration_curve : Shows what it has mended.
    fastsmote.fit_beta : For trees after over-sampling.

    Notes
    -----
    A resampled pair that came with weights (``return_weights=True``) needs no correction if the classifier
    was fitted with them: they already restore the prior. A class of weight w is as good as one of w times
    as many rows, and the way back is the same. Time and memory as for :func:`correct_prior`, plus those of
    counting labels.

    The correction believes that the model learned the shares that it was shown, as linear models do, and most
    models of rows that were dropped at random. *Trees of over-sampled rows did not*: a leaf is as pure with
    ten copies of a row, or with synthetic rows around it, as with the row alone. Their probabilities move
    little, and the correction makes them far too small. Calibrate them on rows that trained nothing, with
    :func:`fastsmote.fit_beta`.

    Examples
    --------
    >>> import fastsmote
    >>> from fastsmote.priors import correct_prior_from
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> resampled = fastsmote.smote(X, y, random_state=0)
    >>> resampled.counts_before, resampled.counts_after
    ({0: 950, 1: 50}, {0: 950, 1: 950})
    >>> X_resampled, y_resampled = resampled
    >>> correct_prior_from(resampled, [0.1, 0.5, 0.9]).round(4)
    array([0.0058, 0.05  , 0.3214])

    Of a classifier with ``class_weight="balanced"``:

    >>> correct_prior_from(y, [0.1, 0.5, 0.9], weights="balanced").round(4)
    array([0.0058, 0.05  , 0.3214])
    """
    return priors.correct_prior_from(source, p, weights, true_prior, classes, pos_label, n_jobs)


@overload
def logit_offset(train_prior: float, true_prior: float) -> float: ...
@overload
def logit_offset(train_prior: Priors, true_prior: Priors) -> Floats: ...
def logit_offset(train_prior: PriorLike, true_prior: PriorLike) -> float | Floats:
    """What to add to the intercept of a logistic model that was trained under another prior.

    Parameters
    ----------
    train_prior, true_prior : float, array-like of shape (n_classes,) or dict of label to float
        Share of the positive class, or of each class, in training and where the model is used.

    Returns
    -------
    float or ndarray of shape (n_classes,)
        logit(true) - logit(train) for a number; log(true / train) for several, to be added to the intercepts
        of a multinomial model with one intercept per class. By label, in the order of the sorted labels.

    Raises
    ------
    ValueError
        A prior is not strictly between 0 and 1, priors do not add up to 1, or shapes or labels differ.

    See Also
    --------
    correct_prior : Of probabilities, from any classifier.

    Notes
    -----
    Coefficients other than intercepts stay: sampling by class shifts the log-odds by a constant. Adding it is
    the same as :func:`correct_prior` of the probabilities. O(n_classes).

    References
    ----------
    King, G., Zeng, L. (2001). Logistic regression in rare events data. Political Analysis 9, 137-163.
    doi:10.1093/oxfordjournals.pan.a004868 (eq. 7).

    Examples
    --------
    >>> from fastsmote.priors import logit_offset
    >>> round(logit_offset(train_prior=0.5, true_prior=241 / 699), 6)
    -0.642072
    """
    return priors.logit_offset(train_prior, true_prior)


@in_memory
def estimate_prior(
    p: MatrixLike,
    train_prior: PriorLike,
    *,
    classes: VectorLike | None = None,
    confidence_level: float = 0.95,
    tol: float = 1e-6,
    max_iter: int = 1000,
    n_jobs: int | None = None,
) -> PriorEstimate:
    """The class prior of unlabelled rows, from the probabilities of a classifier: maximum likelihood.

    Parameters
    ----------
    p : array-like of shape (n_samples,) or (n_samples, n_classes)
        Probabilities of the positive class, or of each class, for the rows whose prior is unknown, from a
        classifier that is calibrated under ``train_prior``: uncorrected ones.
    train_prior, classes
        As for :func:`correct_prior`.
    confidence_level : float, default 0.95
        Of the intervals, in (0, 1).
    tol : float, default 1e-6
        How far the log-likelihood may be below its maximum. 1e-6 puts the prior within 0.0015 standard
        errors of the most likely one.
    max_iter : int, default 1000
        Most passes over p.
    n_jobs : int, optional
        Threads; None is FASTSMOTE_NUM_THREADS or all usable cores. The result is the same for any number.

    Returns
    -------
    PriorEstimate
        Correct with ``correct_prior(p, train_prior, estimate.prior)``.

    Raises
    ------
    ValueError
        As for :func:`correct_prior`; ``confidence_level`` or ``tol`` is out of range.
    TypeError
        ``max_iter`` is no integer.

    Warns
    -----
    UserWarning
        ``max_iter`` passes were not enough.

    See Also
    --------
    correct_prior : Takes the estimate as ``true_prior``.

    Notes
    -----
    The prior pi maximises L(pi) = sum_i log sum_j p_ij pi_j / train_j, which is concave. The EM step of
    Saerens et al., pi_j <- mean_i of p_ij corrected to pi, leads there, at times in thousands of passes; here
    Newton steps go first, and EM steps wherever these do not help. At any prior the slope of L bounds how far
    L is below its maximum, which certifies convergence. No prior becomes 0: it ends tiny.

    The interval is prior +- z sqrt(inverse observed information), cut to [0, 1]: for many rows, and a
    prior that is not at the border. It says how well n_samples rows show the prior, and nothing about a
    classifier that is not calibrated, or whose classes look different today: both bias the estimate.
    Where p does not depend on the row every prior is as likely: that of training comes back, with the
    interval [0, 1].

    O(n_samples n_classes^2) time per pass, 40 ms on one core for 10 million float64 p of shape (n_samples,);
    O(n_classes^2) memory per 65,536 rows. Sums are added in a fixed order.

    References
    ----------
    Saerens, M., Latinne, P., Decaestecker, C. (2002). Adjusting the outputs of a classifier to new a priori
    probabilities: a simple procedure. Neural Computation 14, 21-41. doi:10.1162/089976602753284446 (eq. 2.9).

    Examples
    --------
    >>> import numpy as np
    >>> from fastsmote.priors import estimate_prior
    >>> rng = np.random.default_rng(0)
    >>> x = rng.normal(size=10_000) + 2 * (rng.random(10_000) < 0.1)
    >>> p = 1 / (1 + np.exp(2 - 2 * x))  # of N(2, 1) against N(0, 1), trained on equal classes
    >>> estimate = estimate_prior(p, 0.5)
    >>> round(estimate.prior, 3), round(estimate.low, 3), round(estimate.high, 3)
    (0.099, 0.09, 0.108)
    """
    return prior_search.estimate_prior(p, train_prior, classes, confidence_level, tol, max_iter, n_jobs)
