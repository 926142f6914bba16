"""Estimators of ``fastsmote.sklearn`` beside scikit-learn's, and beside imbalanced-learn's pipeline."""

from functools import cache, partial

import numpy as np

from .common import FEATURES, found, fraud, only_where, sizes

_LIBRARIES = ["fastsmote", "scikit-learn"]
_ROWS = sizes(2_000, 20_000, 200_000)


def _neighbors(library, name):
    module = "fastsmote.sklearn" if library == "fastsmote" else "sklearn.neighbors"
    return found(module, name)(n_neighbors=5, n_jobs=-1)


@cache
def _check_neighbors(features):
    X, _ = fraud(2_000, features, 0.05)
    actual, expected = (
        _neighbors(library, "NearestNeighbors").fit(X).kneighbors()[0] for library in _LIBRARIES
    )
    # the matrix product of scikit-learn leaves 1e-7 between equal rows
    np.testing.assert_allclose(actual, expected, rtol=1e-6, atol=1e-6)


@cache
def _check_graph(features):
    X, _ = fraud(2_000, features, 0.05)
    actual, expected = (
        _neighbors(library, "KNeighborsTransformer").fit_transform(X) for library in _LIBRARIES
    )
    assert actual.shape == expected.shape
    np.testing.assert_allclose(actual.sum(axis=1), expected.sum(axis=1), rtol=1e-5)


class Neighbors:
    """The index and the neighbours of all its rows."""

    params = (_LIBRARIES, _ROWS, FEATURES)
    param_names = ("library", "rows", "features")
    timeout = 900
    covers = ("sklearn.NearestNeighbors",)
    reference = "scikit-learn"

    def setup(self, library, rows, features):
        _check_neighbors(features)
        self.X, _ = fraud(rows, features, 0.05)
        self.neighbors = _neighbors(library, "NearestNeighbors")

    def time_search(self, library, rows, features):
        self.neighbors.fit(self.X).kneighbors()

    def peakmem_search(self, library, rows, features):
        self.neighbors.fit(self.X).kneighbors()


class Graph:
    """The sparse graph of neighbours, rows to themselves included."""

    params = (_LIBRARIES, _ROWS, FEATURES)
    param_names = ("library", "rows", "features")
    timeout = 900
    covers = ("sklearn.KNeighborsTransformer",)
    reference = "scikit-learn"

    def setup(self, library, rows, features):
        _check_graph(features)
        self.X, _ = fraud(rows, features, 0.05)
        self.transformer = _neighbors(library, "KNeighborsTransformer")

    def time_transform(self, library, rows, features):
        self.transformer.fit_transform(self.X)

    def peakmem_transform(self, library, rows, features):
        self.transformer.fit_transform(self.X)


def _with_threshold(library):
    """A classifier of normal densities, whose fit is one pass: the choice of the threshold is most of it."""
    model = found("sklearn.naive_bayes", "GaussianNB")()
    if library == "fastsmote":
        return found("fastsmote.sklearn", "ThresholdClassifier")(model, metric="f1", cv=5)
    return found("sklearn.model_selection", "TunedThresholdClassifierCV")(model, scoring="f1", cv=5)


@cache
def _check_threshold():
    """No threshold has a better F1 on the rows that were not trained on than ours."""
    X, y = fraud(2_000, 8, 0.05)
    ours, theirs = (_with_threshold(library).fit(X, y) for library in _LIBRARIES)
    score = found("sklearn.model_selection", "cross_val_predict")(
        ours.estimator, X, y, cv=5, method="predict_proba"
    )[:, 1]
    f1 = partial(found("sklearn.metrics", "f1_score"), y)
    assert f1(score >= ours.threshold_) >= f1(score >= theirs.best_threshold_)
    np.testing.assert_array_equal(ours.predict_proba(X), theirs.predict_proba(X))


class Threshold:
    """All cut points of one sweep over the folds; scikit-learn looks at 100 in each fold."""

    params = (_LIBRARIES, _ROWS)
    param_names = ("library", "rows")
    timeout = 900
    covers = ("sklearn.ThresholdClassifier",)
    reference = "scikit-learn's TunedThresholdClassifierCV"

    def setup(self, library, rows):
        _check_threshold()
        self.X, self.y = fraud(rows, 8, 0.05)
        self.model = _with_threshold(library)

    def time_fit(self, library, rows):
        self.model.fit(self.X, self.y)

    def peakmem_fit(self, library, rows):
        self.model.fit(self.X, self.y)


def _resampled(library):
    """A classifier of normal densities behind a random under-sampler."""
    model = found("sklearn.naive_bayes", "GaussianNB")()
    if library == "fastsmote":
        sampler = partial(found("fastsmote", "random_under_sample"), random_state=0)
        return found("fastsmote.sklearn", "PriorCorrectedClassifier")(model, sampler)
    sampler = found("imblearn.under_sampling", "RandomUnderSampler")(random_state=0)
    return found("imblearn.pipeline", "make_pipeline")(sampler, model)


@cache
def _check_prior():
    """Both rank the rows alike; the mean of our probabilities is nearer to the share of positives."""
    X, y = fraud(2_000, 8, 0.05)
    ours, theirs = (
        _resampled(library).fit(X, y).predict_proba(X)[:, 1] for library in ("fastsmote", "imbalanced-learn")
    )
    assert abs(ours.mean() - y.mean()) < abs(theirs.mean() - y.mean())
    auc = found("sklearn.metrics", "roc_auc_score")
    np.testing.assert_allclose(auc(y, ours), auc(y, theirs), atol=0.05)


_COMPARED = {
    "random_over_sample": "RandomOverSampler",
    "smote": "SMOTE",
    "random_under_sample": "RandomUnderSampler",
}


def _loop(X, y):
    """What compare replaces: samplers of imbalanced-learn within folds, without intervals."""
    pipeline, folds = found("imblearn.pipeline", "make_pipeline"), found("sklearn.model_selection")
    scaler = found("sklearn.preprocessing", "StandardScaler")
    model = found("sklearn.linear_model", "LogisticRegression")(max_iter=1000)
    split = folds.StratifiedKFold(5, shuffle=True, random_state=0)
    modules = [found("imblearn.over_sampling"), found("imblearn.under_sampling")]
    samplers = [
        getattr(next(module for module in modules if hasattr(module, name)), name)(random_state=0)
        for name in _COMPARED.values()
    ]
    return [
        folds.cross_val_predict(pipeline(*steps, scaler(), model), X, y, cv=split, method="predict_proba")[
            :, 1
        ]
        for steps in [(), *((sampler,) for sampler in samplers)]
    ]


@cache
def _check_compare():
    """Areas near those of the loop: other folds and other draws."""
    X, y = fraud(4_000, 8, 0.05)
    made = found("fastsmote", "compare")(X, y, samplers=list(_COMPARED), random_state=0)
    auc = found("sklearn.metrics", "roc_auc_score")
    theirs = [auc(y, p) for p in _loop(X, y)]
    np.testing.assert_allclose([row.values["roc_auc"].value for row in made.rows], theirs, atol=0.05)


class Compare:
    """Three samplers and none, five folds; ours with eight metrics and their intervals."""

    params = (["fastsmote", "imbalanced-learn"], _ROWS)
    param_names = ("library", "rows")
    timeout = 900
    covers = ("compare", "Comparison", "Comparison.plot", "Comparison.to_html")
    reference = "imbalanced-learn's Pipeline within folds, one sampler after the other"

    def setup(self, library, rows):
        _check_compare()
        self.X, self.y = fraud(rows, 8, 0.05)

    def _run(self, library):
        if library == "imbalanced-learn":
            return _loop(self.X, self.y)
        return found("fastsmote", "compare")(self.X, self.y, samplers=list(_COMPARED), random_state=0)

    def time_compare(self, library, rows):
        self._run(library)

    def peakmem_compare(self, library, rows):
        self._run(library)

    @only_where(lambda library, *rows: library == "fastsmote")
    def time_page(self, library, rows):
        """With its pictures."""
        self._run(library).to_html()


class PriorCorrected:
    """Fit to resampled rows, and probabilities of all: the correction is ours alone."""

    params = (["fastsmote", "imbalanced-learn"], _ROWS)
    param_names = ("library", "rows")
    timeout = 900
    covers = ("sklearn.PriorCorrectedClassifier", "sklearn.ResampledClassifier")
    reference = "imbalanced-learn's Pipeline, without a correction"

    def setup(self, library, rows):
        _check_prior()
        self.X, self.y = fraud(rows, 8, 0.05)
        self.model = _resampled(library)

    def time_fit_predict(self, library, rows):
        self.model.fit(self.X, self.y).predict_proba(self.X)

    def peakmem_fit_predict(self, library, rows):
        self.model.fit(self.X, self.y).predict_proba(self.X)


def _by_hardness(library, X, y):
    model = found("sklearn.naive_bayes", "GaussianNB")()
    if library == "fastsmote":
        return found("fastsmote.sklearn", "instance_hardness_threshold")(X, y, model, random_state=0)
    sampler = found("imblearn.under_sampling", "InstanceHardnessThreshold")
    return sampler(estimator=model, random_state=0).fit_resample(X, y)


@cache
def _check_hardness():
    """As many rows of each class, but for rows as hard as the hardest, which imbalanced-learn keeps."""
    X, y = fraud(2_000, 8, 0.05)
    actual, expected = (
        np.bincount(_by_hardness(library, X, y)[1]) for library in ("fastsmote", "imbalanced-learn")
    )
    assert actual[1] == expected[1] == actual[0] <= expected[0]


class Hardness:
    """Five fits of a classifier of normal densities, and the rows that they find easiest."""

    params = (["fastsmote", "imbalanced-learn"], _ROWS)
    param_names = ("library", "rows")
    timeout = 900
    covers = ("sklearn.instance_hardness_threshold",)
    reference = "imbalanced-learn"

    def setup(self, library, rows):
        _check_hardness()
        self.X, self.y = fraud(rows, 8, 0.05)

    def time_resample(self, library, rows):
        _by_hardness(library, self.X, self.y)

    def peakmem_resample(self, library, rows):
        _by_hardness(library, self.X, self.y)


_ENSEMBLES = {  # those of fastsmote.sklearn, and what imbalanced-learn has beside each
    "BalancedBaggingClassifier": "BalancedBaggingClassifier",
    "EasyEnsembleClassifier": "EasyEnsembleClassifier",
    "SelfPacedEnsembleClassifier": None,
    "BalanceCascadeClassifier": None,
}


def _ensemble(library, name):
    """Ten members of normal densities, whose fit is one pass: drawing and gathering rows is most of it."""
    model = found("sklearn.naive_bayes", "GaussianNB")()
    if library == "fastsmote":
        return found("fastsmote.sklearn", name)(model, n_estimators=10, random_state=0)
    if _ENSEMBLES[name] is None:
        raise NotImplementedError("imbalanced-learn has none")
    return found("imblearn.ensemble", _ENSEMBLES[name])(estimator=model, n_estimators=10, random_state=0)


@cache
def _check_ensemble(name):
    """All rank the rows as well as one model of balanced rows does."""
    X, y = fraud(2_000, 8, 0.05)
    auc = found("sklearn.metrics", "roc_auc_score")
    assert auc(y, _ensemble("fastsmote", name).fit(X, y).predict_proba(X)[:, 1]) > 0.8


class Ensembles:
    """Fit of ten members; the memory is that of one member's rows at a time."""

    params = (["fastsmote", "imbalanced-learn"], list(_ENSEMBLES), _ROWS)
    param_names = ("library", "name", "rows")
    timeout = 900
    covers = tuple(f"sklearn.{name}" for name in _ENSEMBLES)
    reference = "imbalanced-learn, where it has one"

    def setup(self, library, name, rows):
        _check_ensemble(name)
        self.X, self.y = fraud(rows, 8, 0.05)
        self.model = _ensemble(library, name)

    def time_fit(self, library, name, rows):
        self.model.fit(self.X, self.y)

    def peakmem_fit(self, library, name, rows):
        self.model.fit(self.X, self.y)


def _hard_folds(library):
    module = "fastsmote.sklearn" if library == "fastsmote" else "imblearn.model_selection"
    return found(module, "InstanceHardnessCV")(found("sklearn.naive_bayes", "GaussianNB")())


@cache
def _check_folds():
    X, y = fraud(2_000, 8, 0.05)
    ours, theirs = (list(_hard_folds(library).split(X, y)) for library in ("fastsmote", "imbalanced-learn"))
    for (_, actual), (_, expected) in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(actual, expected)


class HardFolds:
    """Five fits of a classifier of normal densities, and a sort."""

    params = (["fastsmote", "imbalanced-learn"], _ROWS)
    param_names = ("library", "rows")
    timeout = 900
    covers = ("sklearn.InstanceHardnessCV",)
    reference = "imbalanced-learn"

    def setup(self, library, rows):
        _check_folds()
        self.X, self.y = fraud(rows, 8, 0.05)
        self.folds = _hard_folds(library)

    def time_split(self, library, rows):
        list(self.folds.split(self.X, self.y))

    def peakmem_split(self, library, rows):
        list(self.folds.split(self.X, self.y))
