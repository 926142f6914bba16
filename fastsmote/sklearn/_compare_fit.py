"""Out-of-fold probabilities of all methods: folds are cut, rows resampled, models fitted, priors corrected.

A sampler is given the training rows of a fold and nothing else. Test rows meet the fitted model only, as they
came. Folds and methods are dealt to threads, one method of one fold at a time, in the order of the folds, so
that few resampled tables are in memory at once; BLAS has one thread meanwhile, so that results do not depend
on how many there are.
"""

from collections.abc import Iterable
from copy import deepcopy
from threading import Lock
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, check_cv
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import _safe_indexing
from sklearn.utils.validation import has_fit_parameter
from threadpoolctl import threadpool_limits

from fastsmote._core.check import check_integer, check_matrix, is_number
from fastsmote._core.threads import run_blocks
from fastsmote._core.typing import Floats, Progress, RowIds
from fastsmote.priors import correct_prior
from fastsmote.sklearn._compare_fold import Fold, Resampling, seeded
from fastsmote.sklearn._compare_methods import BAGGING, Method
from fastsmote.sklearn._ensembles import BalancedBaggingClassifier
from fastsmote.weights import balanced_subsets

_SUBSETS = 10  # of balanced bagging


class ComparedData(NamedTuple):
    """What is compared on."""

    X: Any
    y: NDArray[Any]
    positive: Any
    folds: list[tuple[RowIds, RowIds]]  # training and test rows


class Fitted(NamedTuple):
    """What one method gave in one fold: by estimator, probabilities of the test rows."""

    raw: Floats  # (n_estimators, n_test)
    corrected: Floats
    n_rows: int
    sampling: float  # seconds
    fitting: Floats  # (n_estimators,) seconds


class FoldScores(NamedTuple):
    """Of all methods of all estimators, methods within estimators; and the methods that were left out."""

    names: list[tuple[str, Method]]
    n_methods: int  # of each estimator
    raw: Floats  # (n_names, n)
    corrected: Floats
    n_rows: Floats  # (n_names,) per fold
    sampling: Floats  # seconds
    fitting: Floats
    left_out: dict[str, str]  # label and why


def default_estimator(X: Any) -> Pipeline:
    """Logistic regression on standardised columns; sparse ones are scaled only."""
    return make_pipeline(StandardScaler(with_mean=not issparse(X)), LogisticRegression(max_iter=1000))


def read_estimators(estimators: Any, X: Any) -> dict[str, Any]:
    """Estimators by name."""
    if estimators is None:
        _check_numbers(X)
        return {"LogisticRegression": default_estimator(X)}
    if hasattr(estimators, "fit") or isinstance(estimators, str) or not isinstance(estimators, Iterable):
        estimators = [estimators]
    if not isinstance(estimators, dict):
        given = list(estimators)
        names = [type(_last(one)).__name__ for one in given]
        if len(set(names)) < len(names):
            raise ValueError(
                f"estimators must be told apart. Got {', '.join(names)}; pass a dict from names to "
                "estimators."
            )
        estimators = dict(zip(names, given, strict=True))
    if not estimators:
        raise ValueError("estimators must hold one at least. Got none; leave it out for logistic regression.")
    for name, one in estimators.items():
        if isinstance(one, type) or not hasattr(one, "fit") or not hasattr(one, "predict_proba"):
            raise TypeError(
                f"estimators must be classifiers with predict_proba. Got {one!r} for {name!r}; "
                "CalibratedClassifierCV gives one to others."
            )
    return {str(name): one for name, one in estimators.items()}


def _check_numbers(X: Any) -> None:
    """Refuse what the default estimator does not take, before any work."""
    if issparse(X):
        return
    try:
        check_matrix(X)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{error} Or pass estimators that take X as it is.") from None


def _last(model: Any) -> Any:
    return model.steps[-1][1] if isinstance(model, Pipeline) else model


def read_folds(
    cv: Any, y: NDArray[Any], groups: Any, n_fewest: int, seed: int
) -> list[tuple[RowIds, RowIds]]:
    """Training and test rows; each row is tested once."""
    if is_number(cv):
        k = check_integer(cv, "cv", minimum=2)
        if n_fewest < 2:
            raise ValueError("y must have two rows of each class at least. Got 1; folds need one each.")
        if k > n_fewest:
            raise ValueError(
                f"cv must be at most {n_fewest}, the rows of the smaller class. Got {k}; pass fewer folds."
            )
        kind = StratifiedKFold if groups is None else StratifiedGroupKFold
        cv = kind(k, shuffle=True, random_state=seed % 2**32)
    splits = check_cv(cv, y, classifier=True).split(np.zeros(len(y)), y, groups)
    numbers = np.arange(len(y))
    folds = [(numbers[train], numbers[test]) for train, test in splits]
    tested = np.bincount(np.concatenate([test for _, test in folds]), minlength=len(y))
    if (tested != 1).any():
        row = int(np.argmax(tested != 1))
        raise ValueError(
            f"cv must test each row once. Got {tested[row]} tests of row {row}; pass a number of folds, or "
            "KFold and its like."
        )
    if len(folds) < 2:
        raise ValueError("cv must have two folds at least. Got 1; thresholds come from the other folds.")
    for i, parts in enumerate(folds):
        for word, rows in zip(("train on", "test"), parts, strict=True):
            if len(np.unique(y[rows])) < 2:
                raise ValueError(
                    f"cv must leave rows of both classes to {word}. Got one class in fold {i}; pass fewer or "
                    "stratified folds."
                )
    return folds


def out_of_fold(
    data: ComparedData,
    methods: list[Method],
    estimators: dict[str, Any],
    seed: int,
    n_jobs: int | None,
    progress: Progress | None,
) -> FoldScores:
    """Fit every method to every training part, and predict its test rows."""
    folds = _Folds(data, len(methods), seed)
    results: list[Any] = [None] * (len(data.folds) * len(methods))

    def body(block: int) -> None:
        number, i = divmod(block, len(methods))
        _, test = data.folds[number]
        results[block] = _fit(folds.get(number), data.X, test, methods[i], list(estimators.values()))
        folds.count_off(number)

    with threadpool_limits(1):
        run_blocks(body, len(results), n_jobs=n_jobs, progress=progress)
    return _gathered(results, data, methods, list(estimators))


class _Folds:
    """The folds under way: cut by the first method that asks, dropped after the last."""

    def __init__(self, data: ComparedData, n_methods: int, seed: int) -> None:
        self._data, self._seed = data, seed
        self._left = [n_methods] * len(data.folds)
        self._known: dict[int, Fold] = {}
        self._lock = Lock()

    def get(self, number: int) -> Fold:
        with self._lock:
            if number not in self._known:
                train, _ = self._data.folds[number]
                words = np.random.SeedSequence(self._seed, spawn_key=(number,)).generate_state(1)
                X, y = _safe_indexing(self._data.X, train), self._data.y[train]
                self._known[number] = Fold(X, y, self._data.positive, int(words[0]))
            return self._known[number]

    def count_off(self, number: int) -> None:
        with self._lock:
            self._left[number] -= 1
            if not self._left[number]:
                del self._known[number]


def _gathered(
    results: list[Fitted | str], data: ComparedData, methods: list[Method], names: list[str]
) -> FoldScores:
    by_method = [results[i :: len(methods)] for i in range(len(methods))]
    left_out: dict[str, str] = {}
    kept: list[tuple[Method, list[Fitted]]] = []
    for method, found in zip(methods, by_method, strict=True):
        wrong = [one for one in found if isinstance(one, str)]
        if wrong:
            left_out[method.label] = wrong[0]
        else:
            kept.append((method, [one for one in found if not isinstance(one, str)]))
    n = len(data.y)
    shape = len(names), len(kept), n
    raw, corrected = np.empty(shape), np.empty(shape)
    for j, (_, parts) in enumerate(kept):
        for (_, test), part in zip(data.folds, parts, strict=True):
            raw[:, j, test], corrected[:, j, test] = part.raw, part.corrected
    return FoldScores(
        [(name, method) for name in names for method, _ in kept],
        len(kept),
        raw.reshape(-1, n),
        corrected.reshape(-1, n),
        np.tile([np.mean([part.n_rows for part in parts]) for _, parts in kept], len(names)),
        np.tile([sum(part.sampling for part in parts) for _, parts in kept], len(names)),
        np.sum([[part.fitting for part in parts] for _, parts in kept], axis=1).T.ravel(),
        left_out,
    )


def _fit(fold: Fold, X: Any, test: RowIds, method: Method, estimators: list[Any]) -> Fitted | str:
    """Fit the estimators to the rows of a method; why, where the sampler refuses them."""
    X_test = _safe_indexing(X, test)
    if method.sampler == BAGGING:
        return _bag(fold, X_test, method, estimators)
    start = perf_counter()
    try:
        rows = fold.resample(method)
    except (ValueError, RuntimeError) as error:
        return str(error)
    sampling = perf_counter() - start
    several = len(estimators) > 1
    fitted = []
    for one in estimators:  # with rows of its own: one may scale in place
        own = rows._replace(X=deepcopy(rows.X)) if several or rows.X is fold.X else rows
        fitted.append(_predict(one, fold, own, deepcopy(X_test) if several else X_test))
    if any(found is None for found in fitted):
        return "an estimator takes no sample_weight"
    raw, corrected, seconds = zip(*fitted, strict=True)
    return Fitted(np.array(raw), np.array(corrected), rows.n_rows, sampling, np.array(seconds))


def _predict(
    estimator: Any, fold: Fold, rows: Resampling, X_test: Any
) -> tuple[Floats, Floats, float] | None:
    """Probabilities, as they are and corrected for the prior; None where it takes no weights."""
    start = perf_counter()
    model, options = seeded(clone(estimator), fold.seed), {}
    if rows.weights is not None:
        key = _weights_key(model)
        if key is None:
            return None
        options[key] = rows.weights
    model.fit(rows.X, rows.y, **options)
    p = model.predict_proba(X_test)[:, list(model.classes_).index(fold.positive)].astype(np.float64)
    corrected = p if rows.share == fold.share else correct_prior(p, rows.share, fold.share, n_jobs=1)
    return p, corrected, perf_counter() - start


def _weights_key(model: Any) -> str | None:
    """The keyword by which ``fit`` takes weights."""
    if not isinstance(model, Pipeline):
        return "sample_weight" if has_fit_parameter(model, "sample_weight") else None
    name, last = model.steps[-1]
    key = _weights_key(last)
    return None if key is None else f"{name}__{key}"


def _bag(fold: Fold, X_test: Any, method: Method, estimators: list[Any]) -> Fitted | str:
    """Balanced bagging of each estimator: the classifier of that name, whose correction comes last."""
    strategy: Any = "auto" if method.ratio is None else method.ratio
    start = perf_counter()
    try:
        subsets = balanced_subsets(fold.y, 1, sampling_strategy=strategy, random_state=fold.seed, n_jobs=1)
    except ValueError as error:
        return str(error)
    n_rows = _SUBSETS * len(subsets[0])
    sampling = perf_counter() - start
    raw, corrected, seconds = [], [], []
    for estimator in estimators:
        start = perf_counter()
        model = BalancedBaggingClassifier(
            estimator,
            n_estimators=_SUBSETS,
            sampling_strategy=strategy,
            random_state=fold.seed,
            n_jobs=1,
        ).fit(fold.X, fold.y)
        p = model.predict_proba(X_test)
        column = list(model.classes_).index(fold.positive)
        raw.append(p[:, column])
        corrected.append(correct_prior(p, model.train_prior_, model.prior_, n_jobs=1)[:, column])
        seconds.append(perf_counter() - start)
    return Fitted(np.array(raw), np.array(corrected), n_rows, sampling, np.array(seconds))
