"""A classifier that learns its threshold by cross-validation, from every cut point of one sweep."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Real
from typing import Any, ClassVar, Literal, Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import _fit_context, clone
from sklearn.model_selection import check_cv
from sklearn.utils import Bunch, _safe_indexing, column_or_1d, get_tags, indexable
from sklearn.utils._param_validation import HasMethods, Interval, StrOptions
from sklearn.utils.metadata_routing import MetadataRouter, MethodMapping, _routing_enabled, process_routing
from sklearn.utils.metaestimators import available_if
from sklearn.utils.parallel import Parallel, delayed
from sklearn.utils.validation import (
    _check_method_params,
    _check_sample_weight,
    check_is_fitted,
    has_fit_parameter,
)

from fastsmote._core.foreign import refuse_unread
from fastsmote._core.labels import check_labels
from fastsmote._core.public import public
from fastsmote._core.typing import Label, MatrixLike, VectorLike
from fastsmote._core.warn import warn_user
from fastsmote._core.weights import check_weights
from fastsmote._metrics.measures import words_of
from fastsmote._metrics.sweep import Sweep
from fastsmote.metrics import confusion_sweep
from fastsmote.sklearn._bases import BaseEstimator, ClassifierMixin, MetaEstimatorMixin
from fastsmote.thresholds import ThresholdChoice, best_threshold, cost_threshold

_METRICS = words_of("ThresholdClassifier")
MetricName: TypeAlias = Literal[
    "f1", "f_beta", "matthews_corrcoef", "mcc", "balanced_accuracy", "geometric_mean", "youden"
]
_COST = Interval(Real, 0, None, closed="left")


def _delegated(name: str) -> Callable[[Any], bool]:
    """Whether the wrapped estimator, fitted if possible, has a method."""

    def has(self: ThresholdClassifier) -> bool:
        return hasattr(getattr(self, "estimator_", self.estimator), name)

    return has


def _fit_and_score(
    model: Any, X: Any, y: Any, train: Any, test: Any, fit_params: dict[str, Any], method: str, positive: Any
) -> NDArray[Any]:
    """Scores of rows that the model has not seen."""
    params = _check_method_params(X, fit_params, indices=train)
    model.fit(_safe_indexing(X, train), _safe_indexing(y, train), **params)
    return _scores(model, _safe_indexing(X, test), method, positive)


def _check_folds(
    estimator: Any, method: str, parts: list[tuple[Any, NDArray]], scores: list[NDArray]
) -> None:
    """ValueError that names estimator, fold and row of X for a score that is no finite number."""
    for fold, ((_, test), found) in enumerate(zip(parts, scores, strict=True)):
        wrong = np.flatnonzero(~np.isfinite(found))
        if wrong.size:
            raise ValueError(
                f"estimator must give finite scores. {method} of {type(estimator).__name__}, trained for "
                f"fold {fold} of cv, is {found[wrong[0]]} for row {test[wrong[0]]} of X; look at X there, or "
                "take another estimator."
            )


def _scores(model: Any, X: Any, method: str, positive: Any) -> NDArray[Any]:
    """Scores that are higher the more a row looks positive."""
    if len(model.classes_) != 2:
        raise ValueError(
            f"cv must leave rows of both classes to train on. Got a part with the class "
            f"{model.classes_.tolist()} only; pass fewer or stratified folds."
        )
    scores = np.asarray(getattr(model, method)(X))
    is_second = model.classes_[1] == positive
    if method == "predict_proba":
        return scores[:, int(is_second)]
    return scores if is_second else -scores


@public("fastsmote.sklearn")
class ThresholdClassifier(ClassifierMixin, MetaEstimatorMixin, BaseEstimator):
    """A binary classifier with the best of all thresholds, by a metric or by costs, on rows not trained on.

    The scores of all test folds make one sweep, and every cut point of it is looked at, as
    :func:`fastsmote.best_threshold` and :func:`fastsmote.cost_threshold` do; then the classifier is fitted to
    all rows.

    Parameters
    ----------
    estimator : classifier with predict_proba or decision_function
        Clones of it are fitted. One that is fitted already keeps its fit within
        ``sklearn.frozen.FrozenEstimator``; its threshold is then the best one for the rows given.
    metric : str or callable, optional
        What is to be highest, as for :func:`fastsmote.best_threshold`. None is "f1", or with both costs the
        lowest cost.
    beta : float, optional
        For metric="f_beta": recall weighs beta times as much as precision.
    cost_fp, cost_fn : float, optional
        Cost of a false alarm and of a missed positive, both and without ``metric``.
    cv : int, splitter or iterable of (train, test), default=5
        Folds as in scikit-learn; an integer is stratified. Test parts need not cover all rows (as those of
        TimeSeriesSplit), and rows that are in several count as often.
    pos_label : int, float, bool or str, optional
        The positive class; None is the second of the sorted classes.
    response_method : {"auto", "predict_proba", "decision_function"}, default="auto"
        What gives the scores; "auto" is predict_proba where there is one.
    n_jobs : int, optional
        Folds that are fitted at a time, as in scikit-learn (None is one).

    Attributes
    ----------
    threshold_ : float
        A row is positive if its score is at least this; infinity calls no row positive.
    choice_ : ThresholdChoice
        Counts and metrics there on the test folds, and the other thresholds that are equally good.
    estimator_ : classifier
        Fitted to all rows.
    classes_ : ndarray of shape (2,)
        The labels, sorted.
    n_features_in_, feature_names_in_
        Those of ``estimator_``, where it has them.

    See Also
    --------
    fastsmote.best_threshold : The best threshold for scores that you have.
    fastsmote.cost_threshold : The same by what errors cost.
    PriorCorrectedClassifier : Probabilities that resampling has shifted, corrected.

    Notes
    -----
    Ties go to the highest threshold. Time is that of the fits plus O(n_samples * log n_samples).

    The test folds are pooled: one threshold for scores of several models, which differ from those of
    ``estimator_`` as models fitted to fewer rows do. ``TunedThresholdClassifierCV`` of scikit-learn averages
    the metric over folds, interpolated on a grid of 100 thresholds; its threshold is never better than
    this one on the pooled rows.

    Metadata is routed to the estimator's ``fit`` and the splitter's ``split``. ``sample_weight`` weights the
    rows of the sweep too.

    Of the checks of ``check_estimator``, "check_classifiers_train" does not hold, because labels change at
    the threshold and not at probability 0.5. scikit-learn excepts ``TunedThresholdClassifierCV`` from it too,
    and from "check_sample_weight_equivalence_on_dense_data", which holds here.

    Examples
    --------
    >>> import fastsmote
    >>> from fastsmote.sklearn import ThresholdClassifier
    >>> from sklearn.linear_model import LogisticRegression
    >>> X, y = fastsmote.make_fraud(5000, fraud_rate=0.05, random_state=0)
    >>> model = ThresholdClassifier(LogisticRegression(max_iter=1000), cost_fp=1, cost_fn=20).fit(X, y)
    >>> bool(model.choice_.value <= 20 * y.sum()), bool(0 < model.threshold_ < 0.5)
    (True, True)
    """

    choice_: ThresholdChoice
    threshold_: float
    estimator_: Any
    n_features_in_: int
    feature_names_in_: NDArray[Any]

    _parameter_constraints: ClassVar[dict] = {
        "estimator": [HasMethods(["fit", "predict_proba"]), HasMethods(["fit", "decision_function"])],
        "metric": [StrOptions(_METRICS), callable, None],
        "beta": [_COST, None],
        "cost_fp": [_COST, None],
        "cost_fn": [_COST, None],
        "cv": ["cv_object"],
        "pos_label": [Real, str, "boolean", None],
        "response_method": [StrOptions({"auto", "predict_proba", "decision_function"})],
    }

    def __init__(
        self,
        estimator: Any,
        *,
        metric: MetricName | Callable[[Sweep], ArrayLike] | None = None,
        beta: float | None = None,
        cost_fp: float | None = None,
        cost_fn: float | None = None,
        cv: Any = 5,
        pos_label: Label | None = None,
        response_method: Literal["auto", "predict_proba", "decision_function"] = "auto",
        n_jobs: int | None = None,
    ) -> None:
        self.estimator = estimator
        self.metric = metric
        self.beta = beta
        self.cost_fp = cost_fp
        self.cost_fn = cost_fn
        self.cv = cv
        self.pos_label = pos_label
        self.response_method = response_method
        self.n_jobs = n_jobs

    @_fit_context(prefer_skip_nested_validation=False)
    def fit(
        self, X: MatrixLike, y: VectorLike, sample_weight: VectorLike | None = None, **fit_params: Any
    ) -> Self:
        """Choose the threshold on test folds and fit the estimator to all rows.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Whatever the estimator takes.
        y : array-like of shape (n_samples,)
            Labels of two classes.
        sample_weight : array-like of shape (n_samples,), optional
            Weights of the rows, at least 0: in the sweep, and for the estimator where it takes them.
        **fit_params
            For the estimator's ``fit``; with metadata routing enabled, as requested.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            If y does not have exactly two classes or lacks ``pos_label``; a part of ``cv`` has one class only
            to train on, or none has a row to test; a score is NaN or infinite; one cost is missing, both are
            0 or come with a metric; ``beta`` without "f_beta"; weights are negative, or 0 for a whole class.
        AttributeError
            If the estimator lacks the ``response_method``.

        See Also
        --------
        predict : Labels by the threshold.
        """
        for name, given in (("X", X), ("y", y), ("sample_weight", sample_weight)):
            refuse_unread(given, name)
        X, y = indexable(X, y)
        weights = (
            None
            if sample_weight is None
            else _check_sample_weight(sample_weight, X, ensure_non_negative=True)
        )
        y, positive = self._labels(y, weights)
        if not isinstance(sample_weight, Real):
            check_weights(sample_weight)  # scikit-learn's takes any integers
        method = self._method()
        routed = self._routed(weights, fit_params)
        folds = check_cv(self.cv, y=y, classifier=True).split(X, y, **routed.splitter.split)
        parts = [(train, np.arange(len(y))[test]) for train, test in folds]
        if not sum(len(test) for _, test in parts):
            raise ValueError(f"cv must give at least one row to test. Got {len(parts)} folds without any.")
        scores = Parallel(n_jobs=self.n_jobs)(
            delayed(_fit_and_score)(
                clone(self.estimator), X, y, train, test, routed.estimator.fit, method, positive
            )
            for train, test in parts
        )
        _check_folds(self.estimator, method, parts, scores)
        tested = np.concatenate([test for _, test in parts])
        sweep = confusion_sweep(
            y[tested] == positive,
            np.concatenate(scores),
            pos_label=True,
            sample_weight=None if weights is None else weights[tested],
        )
        self.choice_ = self._choose(sweep)
        self.threshold_ = float(self.choice_.threshold)
        self.estimator_ = clone(self.estimator).fit(X, y, **routed.estimator.fit)
        self._method_, self._positive_ = method, positive  # as predict is to see them, whatever is set later
        for name in ("n_features_in_", "feature_names_in_"):
            if hasattr(self.estimator_, name):
                setattr(self, name, getattr(self.estimator_, name))
        return self

    def predict(self, X: MatrixLike) -> NDArray[Any]:
        """The label of each row: the positive one where the score is at least ``threshold_``.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Whatever the estimator takes.

        Returns
        -------
        ndarray of shape (n_samples,)

        See Also
        --------
        predict_proba, decision_function : Scores of the estimator.
        """
        check_is_fitted(self, "estimator_")
        is_positive = _scores(self.estimator_, X, self._method_, self._positive_) >= self.threshold_
        return self.classes_[(is_positive == (self.classes_[1] == self._positive_)).astype(np.intp)]

    @property
    def classes_(self) -> NDArray[Any]:
        """The labels, sorted."""
        return self.estimator_.classes_

    @available_if(_delegated("predict_proba"))
    def predict_proba(self, X: MatrixLike) -> NDArray[Any]:
        """``estimator_.predict_proba(X)``, of shape (n_samples, 2); parameters as for ``predict``."""
        check_is_fitted(self, "estimator_")
        return self.estimator_.predict_proba(X)

    @available_if(_delegated("predict_log_proba"))
    def predict_log_proba(self, X: MatrixLike) -> NDArray[Any]:
        """``estimator_.predict_log_proba(X)``, of shape (n_samples, 2); parameters as for ``predict``."""
        check_is_fitted(self, "estimator_")
        return self.estimator_.predict_log_proba(X)

    @available_if(_delegated("decision_function"))
    def decision_function(self, X: MatrixLike) -> NDArray[Any]:
        """``estimator_.decision_function(X)``, of shape (n_samples,); parameters as for ``predict``."""
        check_is_fitted(self, "estimator_")
        return self.estimator_.decision_function(X)

    def get_metadata_routing(self) -> Any:
        """Where metadata goes: ``fit`` of the estimator, ``split`` of ``cv``, and weights to this ``fit``.

        See Also
        --------
        fit : Takes the metadata.
        """
        return (
            MetadataRouter(owner=self)
            .add_self_request(self)
            .add(
                estimator=self.estimator,
                method_mapping=MethodMapping().add(caller="fit", callee="fit"),
            )
            .add(splitter=self.cv, method_mapping=MethodMapping().add(caller="fit", callee="split"))
        )

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags = get_tags(self.estimator).input_tags
        tags.classifier_tags.multi_class = False
        return tags

    def _labels(self, y: Any, sample_weight: NDArray | None) -> tuple[NDArray, Any]:
        """y of two classes as an array, and the positive one."""
        y = column_or_1d(y, warn=True)
        labels = check_labels(y)
        classes = labels.classes.tolist()
        if len(classes) > 2:
            raise ValueError(
                "Only binary classification is supported: y must have two classes. The type of the target is "
                f"multiclass, {len(classes)} classes; fit one classifier per class."
            )
        if sample_weight is not None and not np.unique(labels.codes[sample_weight > 0]).size == 2:
            raise ValueError(
                "sample_weight must be above 0 for rows of each class of y. Got one class without."
            )
        if self.pos_label is not None and self.pos_label not in classes:
            raise ValueError(f"pos_label must be one of {classes}. Got {self.pos_label!r}.")
        return y, classes[1] if self.pos_label is None else self.pos_label

    def _method(self) -> str:
        if self.response_method != "auto":
            getattr(self.estimator, self.response_method)  # AttributeError names estimator and method
            return self.response_method
        return "predict_proba" if hasattr(self.estimator, "predict_proba") else "decision_function"

    def _routed(self, sample_weight: Any, fit_params: dict[str, Any]) -> Bunch:
        """What goes to the estimator's ``fit`` and to the splitter."""
        if _routing_enabled():
            return process_routing(self, "fit", sample_weight=sample_weight, **fit_params)
        params = dict(fit_params)
        if sample_weight is not None and has_fit_parameter(self.estimator, "sample_weight"):
            params["sample_weight"] = sample_weight
        elif sample_weight is not None:
            name = type(self.estimator).__name__
            warn_user(f"{name} takes no sample_weight: the weights count for the threshold only.")
        return Bunch(estimator=Bunch(fit=params), splitter=Bunch(split={}))

    def _choose(self, sweep: Sweep) -> ThresholdChoice:
        if self.cost_fp is None and self.cost_fn is None:
            return best_threshold(sweep, "f1" if self.metric is None else self.metric, beta=self.beta)
        if self.cost_fp is None or self.cost_fn is None or self.metric is not None or self.beta is not None:
            raise ValueError(
                "cost_fp and cost_fn must be given both, without metric and beta. "
                f"Got {self.cost_fp=}, {self.cost_fn=}, {self.metric=}, {self.beta=}."
            )
        return cost_threshold(sweep, self.cost_fp, self.cost_fn)
