"""Sizes that differ by hundreds of powers of two, many neighbours, many classes: still the definition."""

import pickle

import numpy as np
import pytest
from reference.neighbors import knn
from reference.neighbors import predicates as questions
from strategies import fraud, lattice, normal

import fastsmote
from fastsmote._kernels.neighbors.lists import SORTED_UP_TO
from fastsmote._neighbors import brute, predicates, search
from fastsmote._neighbors.build import build_index
from fastsmote._neighbors.index import leaves_of


def assert_definition(X, k, queries=None):
    """By brute force, by the index, and each query alone."""
    expected = knn.nearest(X, k, queries)
    for distances, indices in (
        brute.compare_all(X, k, queries),
        fastsmote.NeighborIndex(X).query(queries, k),
    ):
        np.testing.assert_array_equal(indices, expected[1])
        np.testing.assert_allclose(distances, expected[0], rtol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("value", [1e9, 1e20, 1e25, 9.97e36, -1e300, np.finfo(np.float32).max])
@pytest.mark.parametrize("every", [1000, 100, 7])
def test_a_value_that_stands_for_missing(value, every):
    X = normal(1000, 6)
    X[3::every, 2] = value
    assert_definition(X, 6)


@pytest.mark.parametrize("size", [1e-300, 1e-10, 1.0, 1e100])
def test_queries_of_any_size_at_once(size):
    X = normal(700, 3) * size
    Q = np.concatenate([normal(5, 3) * size * factor for factor in (1.0, 1e-9, 1e12, 1e150)])
    Q = np.concatenate([Q, [[1e308, -1e308, 1e308], [0.0, 0.0, 0.0], [1e304, 0.0, 0.0]]])
    together = fastsmote.NeighborIndex(X).query(Q, 4)
    farthest = fastsmote.NeighborIndex(X).farthest(Q, 4)
    without = brute.compare_all(X, 4, Q)
    for i in range(len(Q)):
        alone = fastsmote.NeighborIndex(X).query(Q[i : i + 1], 4)
        for a, b, c in zip(together, alone, without, strict=True):
            np.testing.assert_array_equal(a[i], b[0])
            np.testing.assert_array_equal(a[i], c[i])
        far_alone = fastsmote.NeighborIndex(X).farthest(Q[i : i + 1], 4)
        np.testing.assert_array_equal(farthest[1][i], far_alone[1][0])
    near = slice(0, 10)
    np.testing.assert_array_equal(together[1][near], knn.nearest(X, 4, Q[near])[1])


def test_rows_of_zeros_and_smaller_ones_after_them():
    zeros, tiny = np.zeros((40, 2)), np.arange(1, 41)[:, None] * np.ones((1, 2)) * 1e-318
    both = np.concatenate([zeros, tiny])
    index = fastsmote.NeighborIndex(zeros).append(tiny)
    np.testing.assert_array_equal(index.query(n_neighbors=3)[1], knn.nearest(both, 3)[1])
    assert_definition(zeros, 2, np.array([[1e-320, 0.0], [0.0, 0.0]]))
    assert_definition(np.full((300, 16), 1e-320), 3, np.zeros((1, 16)))


@pytest.mark.slow
@pytest.mark.parametrize("k", [SORTED_UP_TO - 1, SORTED_UP_TO, SORTED_UP_TO + 1, 200, 899])
@pytest.mark.parametrize("data", [normal(900, 4), lattice(900, 3, 3)], ids=["normal", "ties"])
def test_many_neighbors(data, k):
    assert_definition(data, k)
    assert_definition(data, k, data[:50] + 0.25)
    index = fastsmote.NeighborIndex(data)
    rows, expected = questions.order(data, data[:50] + 0.25, farthest=True)
    distances, indices = index.farthest(data[:50] + 0.25, k)
    np.testing.assert_array_equal(indices, rows[:, :k])
    np.testing.assert_allclose(distances, expected[:, :k], rtol=1e-12)
    for n_jobs in (1, 3):
        np.testing.assert_array_equal(index.query(n_neighbors=k, n_jobs=n_jobs)[1], knn.nearest(data, k)[1])


@pytest.mark.slow
@pytest.mark.parametrize("n_classes", [32, 33, 200])
@pytest.mark.parametrize(("k", "nth_other"), [(1, 1), (3, 1), (2, 5), (30, 3), (3, 10**12), (10**12, 1)])
def test_own_class_first_with_many_classes(n_classes, k, nth_other):
    X = normal(900, 3)
    y = np.random.default_rng(0).integers(0, n_classes, 900)
    index = fastsmote.NeighborIndex(X, y)
    ranked = y[knn.nearest(X, 899)[1]] == y[:, None]
    own_before = ranked.cumsum(axis=1)
    others_so_far = (~ranked).cumsum(axis=1)
    expected = ((own_before >= k) & (others_so_far < nth_other)).any(axis=1)
    np.testing.assert_array_equal(index.own_class_first(k, nth_other), expected)
    if k + nth_other < 900:
        for code in (0, n_classes - 1):
            rows = np.flatnonzero(y == code)
            one = predicates.same_class_first(index._labelled.index, code, rows, k, nth_other)
            np.testing.assert_array_equal(one, expected[rows])


def test_an_index_from_elsewhere_compiles_nothing_again():
    X, y = fraud(600, 3)
    index = fastsmote.NeighborIndex(X, y)
    expected = index.query(n_neighbors=3)
    buffers = []
    again = pickle.loads(
        pickle.dumps(index, 5, buffer_callback=buffers.append), buffers=[bytes(buffer) for buffer in buffers]
    )
    compiled = len(search.sweep.signatures)
    for a, b in zip(again.query(n_neighbors=3), expected, strict=True):
        np.testing.assert_array_equal(a, b)
    assert len(search.sweep.signatures) == compiled
    assert not any(
        array.flags.writeable for part in again._labelled.index.parts for array in part.leaves.panels
    )


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda index: index.query([1.0]), "^Q must have two dimensions"),
        (lambda index: index.query([[1.0]]), "^Q must have the 4 features of the index"),
        (lambda index: index.query([[1.0] * 4], 990, among=1), "number of rows of the classes in among"),
        (lambda index: index.query(among=7), "must be a label of y"),
    ],
)
def test_errors_name_the_parameter(ask, words):
    X, y = fraud(1000, 4)
    with pytest.raises(ValueError, match=words):
        ask(fastsmote.NeighborIndex(X, y))


def test_pairs_of_is_nearest_are_needed():
    with pytest.raises(TypeError, match="rows and neighbors must be row numbers"):
        fastsmote.NeighborIndex(normal(9, 2)).is_nearest(None, [1])


def test_the_smallest_numbers_beside_one_that_is_larger():
    """Coordinates that are scaled up twice, for the largest and for the usual, stay finite."""
    X = np.random.default_rng(0).integers(0, 9, (400, 5)) * 5e-324
    X[7, 2] = 2.0**40 * 5e-324
    index = build_index(X, lasting=True)
    assert np.isfinite([leaves.frame.scale for leaves in leaves_of(index)]).all()
    np.testing.assert_array_equal(search.find_nearest(index, 3)[1], knn.nearest(X * 2.0**500, 3)[1])
