"""Clusters of sparse rows: to the last bit those of the same rows made dense."""

from functools import partial

import numpy as np
import pytest
from sampling.over.plans import same_plan
from scipy import sparse
from strategies import fraud, hostile, lattice

import fastsmote
from fastsmote import plan
from fastsmote._sampling.over import kmeans
from fastsmote._sampling.under import lloyd, sparse_lloyd

MAKE = [sparse.csr_matrix, sparse.csc_matrix, sparse.csr_array, sparse.csc_array]
containers = pytest.mark.parametrize("make", MAKE, ids=lambda make: make.__name__)
VOTINGS = pytest.mark.parametrize("voting", ["soft", "hard"])


def thinned(data, share=0.6, seed=1):
    kept = np.where(np.random.default_rng(seed).random(data.shape) < share, 0, data)
    return kept.astype(data.dtype)


def some(n=600, d=40):
    X, y = fraud(n, d, (0.8, 0.15, 0.05), 2)
    return thinned(X, 0.8), y


@VOTINGS
@pytest.mark.parametrize("name", hostile())
def test_centres_are_those_of_the_dense_rows(name, voting):
    data = thinned(hostile()[name], 0.4, 0)
    y = (np.arange(len(data)) % 4 == 0).astype(int)
    run = partial(fastsmote.cluster_centroids, voting=voting, random_state=3)
    expected, expected_y = run(data, y)
    actual, actual_y = run(sparse.csr_array(data), y)
    assert actual.dtype == expected.dtype
    np.testing.assert_array_equal(actual.toarray(), expected)
    np.testing.assert_array_equal(actual_y, expected_y)


@VOTINGS
@containers
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64, np.int8])
def test_containers_and_types(make, dtype, voting):
    X, y = some()
    X = np.rint(3 * X).astype(dtype) if np.dtype(dtype).kind == "i" else X.astype(dtype)
    run = partial(fastsmote.cluster_centroids, voting=voting, random_state=5)
    matrix = make(X)
    actual, actual_y = run(matrix, y)
    expected, expected_y = run(X, y)
    assert (type(actual), actual.dtype) == (make, dtype)
    assert actual.has_canonical_format
    np.testing.assert_array_equal(actual.toarray(), expected)
    np.testing.assert_array_equal(actual_y, expected_y)
    np.testing.assert_array_equal(matrix.toarray(), X)


def test_rows_that_tie_and_rows_that_are_equal():
    grid = thinned(lattice(500, 5, 3), 0.5)
    y = (np.arange(500) % 6 == 0).astype(int)
    for data in (grid, np.zeros((500, 4)), np.repeat(grid[:5], 100, axis=0)):
        for voting in ("soft", "hard"):
            run = partial(fastsmote.cluster_centroids, y=y, voting=voting, random_state=0)
            np.testing.assert_array_equal(run(sparse.csr_array(data))[0].toarray(), run(data)[0])


@pytest.mark.parametrize("n_clusters", [1, 2, 63, 64, 65, 400])
def test_any_number_of_clusters(n_clusters):
    X, y = some()
    run = partial(fastsmote.cluster_centroids, y=y, sampling_strategy={0: n_clusters}, voting="soft")
    for seed in range(2):
        actual = run(sparse.csr_array(X), random_state=seed)[0].toarray()
        np.testing.assert_array_equal(actual, run(X, random_state=seed)[0])


def test_auto_keeps_rows_of_sparse_matrices_as_imbalanced_learn_does():
    X, y = some()
    matrix = sparse.csr_array(X)
    kept = fastsmote.select.cluster_centroids(matrix, y, random_state=1)
    np.testing.assert_array_equal(
        fastsmote.cluster_centroids(matrix, y, random_state=1)[0].toarray(), X[kept]
    )
    np.testing.assert_array_equal(fastsmote.select.cluster_centroids(X, y, random_state=1), kept)


def test_threads_and_blocks(monkeypatch):
    X, y = some()
    matrix = sparse.csr_array(X)
    calls = [
        partial(fastsmote.cluster_centroids, matrix, y, voting="soft", random_state=2),
        partial(fastsmote.kmeans_smote, matrix, y, random_state=2),
    ]
    expected = [call(n_jobs=1)[0].toarray() for call in calls]
    for name, size in (("_ASSIGNED", 7), ("_POINTS", 5), ("_MEANS", 3), ("TOGETHER", 2)):
        monkeypatch.setattr(sparse_lloyd, name, size)
    monkeypatch.setattr(lloyd, "TOGETHER", 3)
    for call, rows in zip(calls, expected, strict=True):
        np.testing.assert_array_equal(call(n_jobs=2)[0].toarray(), rows)


@pytest.mark.parametrize("name", hostile())
@pytest.mark.one_in(2)
def test_kmeans_smote_makes_the_rows_of_the_dense_matrix(name):
    data = thinned(hostile()[name], 0.4, 0)
    y = (np.arange(len(data)) % 4 == 0).astype(int)
    decide = partial(plan.kmeans_smote, y=y, cluster_balance_threshold=0.0, random_state=4)
    same_plan(decide(sparse.csc_array(data)), decide(data))


@containers
def test_kmeans_smote_of_all_options(make):
    X, y = some()
    given = {
        "clusters": np.arange(600) % 3,
        "sample_weight": np.arange(600) % 4,
        "groups": np.arange(600) % 2,
    }
    for options in ({}, {"clusters": 3}, {"density_exponent": 2.0}, given):
        run = partial(fastsmote.kmeans_smote, y=y, random_state=6, **options)
        actual, expected = run(make(X)), run(X)
        assert type(actual[0]) is make
        np.testing.assert_array_equal(actual[0].toarray(), expected[0])


def test_distances_of_many_rows_in_a_cluster_are_those_of_evenly_spaced_ones(monkeypatch):
    X, y = some()
    monkeypatch.setattr(kmeans, "_FARTHEST", 20)
    monkeypatch.setattr(kmeans, "_FARTHEST_SPARSE", 20)
    run = partial(plan.kmeans_smote, y=y, clusters=3, random_state=6)
    same_plan(run(sparse.csr_array(X)), run(X))


def test_what_is_refused():
    X, y = some()
    for sampler in (fastsmote.cluster_centroids, fastsmote.kmeans_smote):
        with pytest.raises(TypeError, match=r"must be CSR or CSC. Got COO"):
            sampler(sparse.coo_array(X), y)
        holed = X.copy()
        holed[3, 1] = np.nan
        with pytest.raises(ValueError, match=r"NaN .* at row 3, column 1"):
            sampler(sparse.csr_array(holed), y)
    with pytest.raises(ValueError, match="columns and missing are for dense X"):
        fastsmote.kmeans_smote(sparse.csr_array(X), y, columns={0: "integer"})
