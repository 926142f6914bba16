"""Drop-in classes beside the classes of imbalanced-learn that they stand for, and the patch."""

import contextlib
from functools import cache

import numpy as np

from .common import categories, found, fraud, sizes, texts

_SEED = {"random_state": 0}
_THREADS = {"n_jobs": -1}
_LIBRARIES = ["fastsmote", "imbalanced-learn"]

# Class: its arguments, the rows up to which imbalanced-learn takes less than five minutes.
_CLASSES = {
    "ADASYN": (_SEED, 200_000),
    "AllKNN": (_THREADS, 20_000),
    "BorderlineSMOTE": (_SEED, 200_000),
    "ClusterCentroids": (_SEED, 20_000),
    "CondensedNearestNeighbour": (_SEED | _THREADS, 2_000),
    "EditedNearestNeighbours": (_THREADS, 200_000),
    "InstanceHardnessThreshold": (_SEED, 20_000),
    "KMeansSMOTE": (_SEED | {"cluster_balance_threshold": 0.001}, 200_000),
    "NearMiss": (_THREADS, 200_000),
    "NeighbourhoodCleaningRule": (_THREADS, 200_000),
    "OneSidedSelection": (_SEED | _THREADS, 200_000),
    "RandomOverSampler": (_SEED, 200_000),
    "RandomUnderSampler": (_SEED, 200_000),
    "RepeatedEditedNearestNeighbours": (_THREADS, 20_000),
    "SMOTE": (_SEED, 200_000),
    "SMOTEENN": (_SEED | _THREADS, 200_000),
    "SMOTEN": (_SEED, 20_000),
    "SMOTENC": (_SEED | {"categorical_features": [8, 9]}, 200_000),
    "SMOTETomek": (_SEED | _THREADS, 200_000),
    "SVMSMOTE": (_SEED, 20_000),
    "TomekLinks": (_THREADS, 200_000),
}
_FITTING = ("ClusterCentroids", "InstanceHardnessThreshold", "SVMSMOTE")  # scikit-learn's fit is most of both


def _theirs(name):
    for module in ("over_sampling", "under_sampling", "combine", "ensemble"):
        with contextlib.suppress(NotImplementedError):
            return found(f"imblearn.{module}", name)
    raise NotImplementedError(f"no {name} in imbalanced-learn here")


def _table(name, rows):
    X, y = fraud(rows, 8, 0.05)
    if name in ("SMOTEN", "SMOTENC"):
        codes = categories(y, (4, 6))
        X = codes if name == "SMOTEN" else np.column_stack([X, codes])
    return X, y


@cache
def _check(name):
    """Both give the same rows, once in a process."""
    X, y = _table(name, 1000)
    options = _CLASSES[name][0]
    actual = found("fastsmote.imblearn", name)(**options).fit_resample(X, y)
    expected = _theirs(name)(**options).fit_resample(X, y)
    np.testing.assert_allclose(actual[0], expected[0], rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(actual[1], expected[1])


class DropIn:
    params = (_LIBRARIES, list(_CLASSES), sizes(2_000, 20_000, 200_000))
    param_names = ("library", "name", "rows")
    timeout = 900
    covers = tuple(f"imblearn.{name}" for name in _CLASSES)
    reference = "imbalanced-learn"

    def setup(self, library, name, rows):
        options, most = _CLASSES[name]
        if rows > most and (library != "fastsmote" or name in _FITTING):
            raise NotImplementedError("more than five minutes")
        _check(name)
        sampler = found("fastsmote.imblearn", name) if library == "fastsmote" else _theirs(name)
        self.sampler = sampler(**options)
        self.X, self.y = _table(name, rows)

    def time_resample(self, library, name, rows):
        self.sampler.fit_resample(self.X, self.y)

    def peakmem_resample(self, library, name, rows):
        self.sampler.fit_resample(self.X, self.y)


_OF_SPARSE_ROWS = (
    "ADASYN",
    "BorderlineSMOTE",
    "KMeansSMOTE",
    "RandomOverSampler",
    "SMOTE",
    "SMOTEENN",
    "SMOTETomek",
)


@cache
def _check_sparse(name):
    """Both give the same rows, once in a process."""
    X, y = texts(1000)
    options = _CLASSES[name][0]
    actual = found("fastsmote.imblearn", name)(**options).fit_resample(X, y)
    expected = _theirs(name)(**options).fit_resample(X, y)
    assert actual[0].shape == expected[0].shape
    assert abs(actual[0] - expected[0]).max() <= 1e-12
    np.testing.assert_array_equal(actual[1], expected[1])


class SparseDropIn(DropIn):
    """Weights of words in texts."""

    params = (_LIBRARIES, list(_OF_SPARSE_ROWS), sizes(2_000, 10_000, 100_000))
    covers = tuple(f"imblearn.{name}" for name in _OF_SPARSE_ROWS)

    def setup(self, library, name, rows):
        if library != "fastsmote" and rows > 10_000 and name not in ("RandomOverSampler", "SMOTE"):
            raise NotImplementedError("imbalanced-learn takes minutes")
        _check_sparse(name)
        sampler = found("fastsmote.imblearn", name) if library == "fastsmote" else _theirs(name)
        self.sampler = sampler(**_CLASSES[name][0])
        self.X, self.y = texts(rows)


class Patched:
    """Names of imbalanced-learn that stand for drop-in classes, or that reach them within."""

    params = (
        _LIBRARIES,
        ["SMOTE", "EditedNearestNeighbours", "SMOTETomek", "BalancedBaggingClassifier"],
        sizes(2_000, 20_000, 200_000),
    )
    param_names = ("library", "name", "rows")
    timeout = 900
    covers = ("patch_imblearn", "unpatch_imblearn")
    reference = "imbalanced-learn without the patch"

    def setup(self, library, name, rows):
        _theirs(name)
        self.unpatch = found("fastsmote", "unpatch_imblearn")
        self.X, self.y = _table(name, rows)
        n = min(rows, 2_000)
        expected = self._call(name, *_table(name, n))
        if library == "fastsmote":
            found("fastsmote", "patch_imblearn")()
        actual = self._call(name, *_table(name, n))
        np.testing.assert_allclose(actual, expected, rtol=1e-12, atol=1e-12)

    def _call(self, name, X, y):
        options = {} if name == "EditedNearestNeighbours" else _SEED
        made = _theirs(name)(**options)
        return made.fit_resample(X, y)[0] if hasattr(made, "fit_resample") else made.fit(X, y).predict(X)

    def time_call(self, library, name, rows):
        self._call(name, self.X, self.y)

    def peakmem_call(self, library, name, rows):
        self._call(name, self.X, self.y)

    def teardown(self, library, name, rows):
        self.unpatch()


class Patch:
    """What the patch itself takes: names of all modules of imbalanced-learn, there and back."""

    covers = ("patch_imblearn", "unpatch_imblearn", "patched_imblearn", "patch_report")
    reference = None

    def setup(self):
        self.patched = found("fastsmote", "patched_imblearn")
        self.report = found("fastsmote", "patch_report")
        with self.patched():
            assert _theirs("SMOTE") is found("fastsmote.imblearn", "SMOTE")
            self.call = _theirs("SMOTE")(random_state=0)
        assert _theirs("SMOTE") is not found("fastsmote.imblearn", "SMOTE")
        self.call.fit_resample(*fraud(1000, 8, 0.05))

    def time_there_and_back(self):
        with self.patched():
            pass

    def peakmem_there_and_back(self):
        with self.patched():
            pass

    def time_report(self):
        self.report()


_ENSEMBLES = {
    "BalancedBaggingClassifier": {"n_estimators": 10},
    "BalancedRandomForestClassifier": {"n_estimators": 50},
    "EasyEnsembleClassifier": {"n_estimators": 2},
    "RUSBoostClassifier": {"n_estimators": 10},
}


def _ensemble(library, name):
    make = found("fastsmote.imblearn", name) if library == "fastsmote" else found("imblearn.ensemble", name)
    return make(**_SEED, **_ENSEMBLES[name])


@cache
def _check_ensemble(name):
    """Both give the same probabilities."""
    X, y = fraud(1000, 8, 0.05)
    actual, expected = (_ensemble(library, name).fit(X, y).predict_proba(X) for library in _LIBRARIES)
    np.testing.assert_array_equal(actual, expected)


class Ensemble:
    params = (_LIBRARIES, list(_ENSEMBLES), sizes(2_000, 20_000, 200_000))
    param_names = ("library", "name", "rows")
    timeout = 900
    covers = tuple(f"imblearn.{name}" for name in _ENSEMBLES)
    reference = "imbalanced-learn"

    def setup(self, library, name, rows):
        _check_ensemble(name)
        self.X, self.y = fraud(rows, 8, 0.05)
        self.model = _ensemble(library, name)

    def time_fit(self, library, name, rows):
        self.model.fit(self.X, self.y)

    def peakmem_fit(self, library, name, rows):
        self.model.fit(self.X, self.y)
