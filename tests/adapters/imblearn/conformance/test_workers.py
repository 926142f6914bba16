"""The classes in worker processes and threads: same results as imbalanced-learn's in one."""

import multiprocessing
import os
import pickle
import threading

import imblearn.combine
import imblearn.over_sampling
import imblearn.under_sampling
import numpy as np
import pytest
from imblearn.ensemble import BalancedBaggingClassifier
from imblearn.pipeline import make_pipeline
from joblib import Parallel, delayed, parallel_config
from sklearn.datasets import make_classification
from sklearn.model_selection import GridSearchCV
from sklearn.tree import DecisionTreeClassifier

import fastsmote.imblearn as ours
from fastsmote import patched_imblearn

pytestmark = pytest.mark.slow  # each starts processes

NAMES = {"SMOTE": "over_sampling", "TomekLinks": "under_sampling", "SMOTEENN": "combine"}
SEEDED = {"random_state": 0}


def pair(name):
    """Ours and imbalanced-learn's, alike."""
    theirs = getattr(getattr(imblearn, NAMES[name]), name)
    parameters = SEEDED if "random_state" in theirs().get_params() else {}
    return getattr(ours, name)(**parameters), theirs(**parameters)


def resample(sampler, X, y):
    return sampler.fit_resample(X, y)


def assert_same(actual, expected):
    for mine, theirs in zip(actual, expected, strict=True):
        np.testing.assert_array_equal(mine, theirs)


@pytest.fixture(scope="module")
def data():
    return make_classification(400, weights=[0.85], flip_y=0.02, random_state=0)


def search(sampler, X, y, **options):
    pipeline = make_pipeline(sampler, DecisionTreeClassifier(random_state=0))
    grid = {"smote__k_neighbors": [2, 5]}
    return GridSearchCV(pipeline, grid, cv=2, error_score="raise", **options).fit(X, y)


@pytest.mark.parametrize("backend", ["loky", "threading", "multiprocessing"])
def test_grid_search_over_a_pipeline(data, backend):
    X, y = data
    mine, theirs = pair("SMOTE")
    expected = search(theirs, X, y)
    with parallel_config(backend):
        actual = search(mine, X, y, n_jobs=2)
    np.testing.assert_array_equal(
        actual.cv_results_["mean_test_score"], expected.cv_results_["mean_test_score"]
    )
    np.testing.assert_array_equal(actual.predict(X), expected.predict(X))


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_bagging_with_our_samplers(data, n_jobs):
    X, y = data
    mine, theirs = pair("SMOTE")
    parameters = {"estimator": DecisionTreeClassifier(), "n_estimators": 4, "random_state": 0}
    expected = BalancedBaggingClassifier(sampler=theirs, **parameters).fit(X, y)
    actual = BalancedBaggingClassifier(sampler=mine, n_jobs=n_jobs, **parameters).fit(X, y)
    np.testing.assert_array_equal(actual.predict_proba(X), expected.predict_proba(X))


@pytest.mark.parametrize("backend", ["loky", "threading"])
@pytest.mark.parametrize("name", NAMES)
def test_joblib(data, name, backend):
    mine, theirs = pair(name)
    expected = theirs.fit_resample(*data)
    for actual in Parallel(2, backend=backend)(delayed(resample)(mine, *data) for _ in range(4)):
        assert_same(actual, expected)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_processes(data, method):
    mine, theirs = pair("SMOTEENN")
    expected = theirs.fit_resample(*data)
    assert_same(mine.fit_resample(*data), expected)  # threads and kernels exist when the process is forked
    with multiprocessing.get_context(method).Pool(1) as pool:
        assert_same(pool.apply(mine.fit_resample, data), expected)
    assert_same(mine.fit_resample(*data), expected)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_fork_while_another_thread_resamples(data):
    mine, theirs = pair("SMOTE")
    expected = theirs.fit_resample(*data)
    assert_same(mine.fit_resample(*data), expected)  # a child can not end what a thread has begun to compile
    ended = threading.Event()

    def keep_busy():
        while not ended.is_set():
            pickle.loads(pickle.dumps(mine)).fit_resample(*data)

    thread = threading.Thread(target=keep_busy)
    thread.start()
    try:
        with multiprocessing.get_context("fork").Pool(2) as pool:
            for actual in pool.starmap_async(resample, [(mine, *data)] * 4).get(timeout=600):
                assert_same(actual, expected)
    finally:
        ended.set()
        thread.join()


def test_threads_share_one_sampler_class(data):
    expected = {name: pair(name)[1].fit_resample(*data) for name in NAMES}
    wrong = []

    def work(name):
        for _ in range(5):
            actual = pair(name)[0].fit_resample(*data)
            if not all(np.array_equal(a, b) for a, b in zip(actual, expected[name], strict=True)):
                wrong.append(name)

    threads = [threading.Thread(target=work, args=(name,)) for name in [*NAMES, *NAMES]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_what_is_made_under_the_patch_works_in_unpatched_processes(data):
    X, y = data
    expected = search(pair("SMOTE")[1], X, y)
    with patched_imblearn():
        sampler = imblearn.over_sampling.SMOTE(random_state=0)
        assert type(sampler) is ours.SMOTE
        actual = search(sampler, X, y, n_jobs=2)
    np.testing.assert_array_equal(
        actual.cv_results_["mean_test_score"], expected.cv_results_["mean_test_score"]
    )
