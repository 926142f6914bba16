"""The estimator and the transformer beside scikit-learn's, and as objects of imbalanced-learn."""

import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from imblearn.over_sampling import ADASYN, SMOTE, SMOTEN, SMOTENC, SVMSMOTE, BorderlineSMOTE
from imblearn.pipeline import make_pipeline
from imblearn.under_sampling import (
    CondensedNearestNeighbour,
    EditedNearestNeighbours,
    NearMiss,
    NeighbourhoodCleaningRule,
    OneSidedSelection,
)
from scipy import sparse
from sklearn import neighbors as peers
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, make_classification
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neighbors._base import KNeighborsMixin
from sklearn.pipeline import make_pipeline as make_plain_pipeline
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils.estimator_checks import parametrize_with_checks

from fastsmote.sklearn import KNeighborsTransformer, NearestNeighbors


def rows(n=200, d=4, dtype=np.float64, seed=0):
    return np.random.default_rng(seed).normal(size=(n, d)).astype(dtype)


@parametrize_with_checks(
    [NearestNeighbors(), KNeighborsTransformer(), KNeighborsTransformer(mode="connectivity")]
)
def test_scikit_learn_checks(estimator, check):
    check(estimator)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16, np.int32])
@pytest.mark.parametrize("n_jobs", [None, 1, 2])
def test_as_scikit_learn(dtype, n_jobs):
    X, Q = rows(dtype=np.float64), rows(50, seed=1)
    X, Q = (X * 1000).astype(dtype), (Q * 1000).astype(dtype)
    actual, expected = NearestNeighbors(7, n_jobs=n_jobs).fit(X), peers.NearestNeighbors(n_neighbors=7).fit(X)
    assert actual.n_samples_fit_ == expected.n_samples_fit_
    for arguments in [{"X": Q}, {"X": X}, {}, {"X": Q, "n_neighbors": 3}]:
        distances, indices = actual.kneighbors(**arguments)
        their_distances, their_indices = expected.kneighbors(**arguments)
        np.testing.assert_allclose(distances, their_distances, rtol=1e-7)
        np.testing.assert_array_equal(indices, their_indices)
        assert (distances.dtype, indices.dtype) == (their_distances.dtype, their_indices.dtype)
        np.testing.assert_array_equal(actual.kneighbors(**arguments, return_distance=False), indices)
        for mode in ("connectivity", "distance"):
            graph = actual.kneighbors_graph(**arguments, mode=mode)
            theirs = expected.kneighbors_graph(**arguments, mode=mode)
            assert type(graph) is type(theirs)
            np.testing.assert_allclose(graph.toarray(), theirs.toarray(), rtol=1e-7)


few_values = st.integers(2, 12).flatmap(
    lambda n: arrays(np.float64, (n, 2), elements=st.integers(-2, 2).map(float))
)


@given(few_values, st.data())
def test_order_is_by_distance_and_index(X, data):
    k = data.draw(st.integers(1, len(X)))
    distances, indices = NearestNeighbors(k).fit(X).kneighbors(X)
    squares = ((X[:, None] - X) ** 2).sum(axis=2)
    expected = np.array([sorted(range(len(X)), key=lambda j, row=row: (row[j], j))[:k] for row in squares])
    np.testing.assert_array_equal(indices, expected)
    np.testing.assert_array_equal(distances, np.sqrt(np.take_along_axis(squares, expected, axis=1)))


@given(few_values, st.data())
def test_without_rows_each_leaves_itself_out(X, data):
    k = data.draw(st.integers(1, len(X) - 1))
    indices = NearestNeighbors(k).fit(X).kneighbors(return_distance=False)
    squares = ((X[:, None] - X) ** 2).sum(axis=2)
    for i, found in enumerate(indices):
        others = [j for j in range(len(X)) if j != i]
        assert found.tolist() == sorted(others, key=lambda j, i=i: (squares[i, j], j))[:k]


def test_errors_are_those_of_scikit_learn():
    X = rows(5)
    ours, theirs = NearestNeighbors(2).fit(X), peers.NearestNeighbors(n_neighbors=2).fit(X)
    for arguments in [
        {"n_neighbors": 5},
        {"X": X, "n_neighbors": 6},
        {"n_neighbors": 0},
        {"n_neighbors": 1.5},
    ]:
        with pytest.raises((ValueError, TypeError)) as expected:
            theirs.kneighbors(**arguments)
        with pytest.raises(expected.type) as actual:
            ours.kneighbors(**arguments)
        assert str(actual.value).startswith(str(expected.value))
    with pytest.raises(NotFittedError):
        NearestNeighbors().kneighbors(X)
    with pytest.raises(NotFittedError):
        KNeighborsTransformer().transform(X)
    with pytest.raises(ValueError, match="'n_neighbors' parameter of NearestNeighbors must be"):
        NearestNeighbors(0).fit(X)
    with pytest.raises(ValueError, match="'mode' parameter of KNeighborsTransformer must be"):
        KNeighborsTransformer(mode="weights").fit(X)
    with pytest.raises(TypeError, match="dense data is required"):
        NearestNeighbors().fit(sparse.csr_array(X))
    with pytest.raises(TypeError, match="dense data is required"):
        ours.kneighbors(sparse.csr_array(X))


def test_parameters_copies_and_pickles():
    X = rows(40)
    first = NearestNeighbors(3).set_params(n_jobs=2).fit(X)
    assert first.get_params() == {"n_neighbors": 3, "n_jobs": 2}
    assert isinstance(first, KNeighborsMixin)
    second = clone(first)
    assert not hasattr(second, "n_samples_fit_")
    assert second.get_params() == first.get_params()
    expected = first.kneighbors(X)
    for copy in (pickle.loads(pickle.dumps(first)), second.fit(X)):
        for mine, theirs in zip(copy.kneighbors(X), expected, strict=True):
            np.testing.assert_array_equal(mine, theirs)


def test_names():
    frame = pd.DataFrame(rows(20), columns=list("abcd"))
    estimator = NearestNeighbors(2).fit(frame)
    assert estimator.feature_names_in_.tolist() == list("abcd")
    assert estimator.n_features_in_ == 4
    with pytest.raises(ValueError, match="feature names should match"):
        estimator.kneighbors(frame.rename(columns={"a": "z"}))
    names = KNeighborsTransformer(n_neighbors=2).fit(frame).get_feature_names_out()
    expected = peers.KNeighborsTransformer(n_neighbors=2).fit(frame).get_feature_names_out()
    assert names.tolist() == expected.tolist()


def test_what_is_fitted_is_not_written_to():
    X = rows(30)
    X.setflags(write=False)
    NearestNeighbors(3).fit(X).kneighbors(X)


@pytest.mark.parametrize("mode", ["distance", "connectivity"])
def test_transformer(mode):
    X, Q = rows(), rows(30, seed=3)
    ours = KNeighborsTransformer(mode=mode, n_neighbors=4).fit(X)
    theirs = peers.KNeighborsTransformer(mode=mode, n_neighbors=4).fit(X)
    for queries in (X, Q):
        actual, expected = ours.transform(queries), theirs.transform(queries)
        assert (type(actual), actual.shape, actual.nnz) == (type(expected), expected.shape, expected.nnz)
        np.testing.assert_array_equal(actual.indices, expected.indices)
        np.testing.assert_allclose(actual.data, expected.data, rtol=1e-7, atol=1e-12)
    np.testing.assert_array_equal(clone(ours).fit_transform(X).toarray(), ours.transform(X).toarray())


def test_graph_feeds_estimators_with_precomputed_distances():
    X, y = make_classification(200, random_state=0)
    graph = make_plain_pipeline(
        KNeighborsTransformer(n_neighbors=20), KNeighborsClassifier(5, metric="precomputed")
    ).fit(X, y)
    np.testing.assert_array_equal(graph.predict(X), KNeighborsClassifier(5).fit(X, y).predict(X))


@pytest.mark.filterwarnings("ignore:The number of the samples to be selected")
@pytest.mark.parametrize(
    "sampler",
    [
        lambda nn: SMOTE(k_neighbors=nn, random_state=0),
        lambda nn: BorderlineSMOTE(k_neighbors=nn, m_neighbors=nn, random_state=0),
        lambda nn: SVMSMOTE(k_neighbors=nn, m_neighbors=nn, random_state=0),
        lambda nn: ADASYN(n_neighbors=nn, random_state=0),
        lambda nn: EditedNearestNeighbours(n_neighbors=nn),
        lambda nn: NearMiss(version=1, n_neighbors=nn),
        lambda nn: NearMiss(version=3, n_neighbors=nn, n_neighbors_ver3=nn),
    ],
)
def test_object_in_samplers_of_imbalanced_learn(sampler):
    X, y = load_breast_cancer(return_X_y=True)
    actual = sampler(NearestNeighbors(n_neighbors=4)).fit_resample(X, y)
    expected = sampler(peers.NearestNeighbors(n_neighbors=4)).fit_resample(X, y)
    for mine, theirs in zip(actual, expected, strict=True):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize(
    ("sampler", "error", "message"),
    [
        (lambda nn: SMOTENC([0], k_neighbors=nn), TypeError, "Sparse data was passed"),
        (lambda nn: SMOTEN(k_neighbors=nn), ValueError, "Invalid parameter 'metric'"),
        (lambda nn: NeighbourhoodCleaningRule(n_neighbors=nn), AttributeError, "predict"),
        (lambda nn: CondensedNearestNeighbour(n_neighbors=nn), UnboundLocalError, "estimator"),
        (lambda nn: OneSidedSelection(n_neighbors=nn), UnboundLocalError, "estimator"),
    ],
)
def test_samplers_of_imbalanced_learn_that_do_not_take_it(sampler, error, message):
    X, y = np.arange(60.0).reshape(30, 2) % 7, np.repeat([0, 1], [20, 10])
    with pytest.raises(error, match=message):
        sampler(NearestNeighbors(n_neighbors=4)).fit_resample(X, y)


@pytest.mark.slow
def test_object_in_a_grid_search():
    X, y = make_classification(200, weights=[0.8], random_state=0)
    pipeline = make_pipeline(
        SMOTE(k_neighbors=NearestNeighbors(4), random_state=0), DecisionTreeClassifier(random_state=0)
    )
    grid = {"smote__k_neighbors__n_neighbors": [3, 6]}
    search = GridSearchCV(pipeline, grid, cv=2, n_jobs=2, error_score="raise").fit(X, y)
    expected = GridSearchCV(
        pipeline.set_params(smote__k_neighbors=peers.NearestNeighbors()), grid, cv=2, error_score="raise"
    ).fit(X, y)
    np.testing.assert_array_equal(
        search.cv_results_["mean_test_score"], expected.cv_results_["mean_test_score"]
    )
