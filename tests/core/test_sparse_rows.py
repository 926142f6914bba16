"""Sparse matrices as they come in: canonical, checked, their rows taken as SciPy takes them."""

import numpy as np
import pytest
from scipy import sparse

from fastsmote._core import sparse_rows
from fastsmote._core.containers import Container
from fastsmote._core.sparse_matrix import check_sparse, is_canonical
from fastsmote._kernels.neighbors.sparse import SUMS, pair_distances


def random_rows(dtype, n=300, d=41):
    rng = np.random.default_rng(0)
    X = rng.integers(-9, 9, (n, d)) * (rng.random((n, d)) < 0.2)
    X[::7] = 0
    return X.astype(dtype)


@pytest.mark.parametrize("kind", ["csr_matrix", "csr_array", "csc_array", "coo_matrix"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64, np.int8, bool, complex])
@pytest.mark.parametrize("size", [7, 4096])
def test_rows_are_those_of_scipy(kind, dtype, size, monkeypatch):
    monkeypatch.setattr(sparse_rows, "_ROWS", size)
    X = getattr(sparse, kind)(random_rows(dtype))
    rows = np.random.default_rng(1).integers(0, X.shape[0], 500)
    for chosen in (rows, rows[:0], np.arange(X.shape[0])):
        expected = X.tocsr()[chosen].asformat(X.format)
        taken = Container(X).take(chosen, n_jobs=2)
        assert type(taken) is type(expected)
        assert (taken.dtype, taken.shape) == (expected.dtype, expected.shape)
        np.testing.assert_array_equal(taken.toarray(), expected.toarray())
    grown = Container(X).with_rows(rows)
    np.testing.assert_array_equal(grown.toarray(), np.vstack([X.toarray(), X.toarray()[rows]]))


@pytest.mark.parametrize("index", [np.int32, np.int64])
def test_rows_keep_the_type_of_their_places(index):
    X = sparse.csr_array(random_rows(float))
    X.indices, X.indptr = X.indices.astype(index), X.indptr.astype(index)
    taken = Container(X).take(np.array([3, 1, 1]))
    assert (taken.indices.dtype, taken.indptr.dtype) == (index, index)


def test_places_out_of_order_twice_or_of_other_types():
    dense = random_rows(float)
    expected = check_sparse(sparse.csr_array(dense))
    shuffled = sparse.csr_array(dense)
    for i in range(shuffled.shape[0]):
        here = slice(shuffled.indptr[i], shuffled.indptr[i + 1])
        shuffled.indices[here] = shuffled.indices[here][::-1].copy()
        shuffled.data[here] = shuffled.data[here][::-1].copy()
    twice = sparse.csr_array(dense)
    halves = (np.repeat(twice.data / 2, 2), np.repeat(twice.indices, 2), twice.indptr * 2)
    twice = sparse.csr_array(halves, shape=twice.shape)
    narrow, longer = sparse.csr_array(dense), sparse.csr_array(dense)
    narrow.indices = narrow.indices.astype(np.uint16)
    longer.data, longer.indices = np.append(longer.data, np.nan), np.append(longer.indices, 0)
    for X, in_order in ((shuffled, False), (twice, False), (narrow, True), (longer, True)):
        given = X.indices.copy()
        assert is_canonical(X) == in_order
        matrix = check_sparse(X)
        np.testing.assert_array_equal(X.indices, given)
        assert matrix.columns.dtype == (np.int32 if X is narrow else given.dtype)
        for name in ("data", "columns", "indptr"):
            np.testing.assert_array_equal(getattr(matrix, name), getattr(expected, name))
        np.testing.assert_array_equal(matrix.csr.toarray(), dense)


def test_rows_of_a_matrix():
    matrix = check_sparse(sparse.csr_array(random_rows(np.float32)))
    assert matrix[np.arange(len(matrix))] is matrix
    some = np.array([5, 2, 2])
    np.testing.assert_array_equal(matrix[some].csr.toarray(), matrix.csr.toarray()[some])


@pytest.mark.parametrize("d", [1, 3, 4, 41, 43])
def test_two_distances_side_by_side(d):
    from fastsmote._kernels.jit import kernel
    from fastsmote._kernels.neighbors.sparse import two_squared_distances

    @kernel
    def in_twos(X, rows, me, scale, sums, squared, lo, hi):
        for i in range(lo, hi, 2):
            pair = two_squared_distances(X, rows[i], rows[i + 1], X, me[i], scale, sums)
            squared[i], squared[i + 1] = pair

    matrix = check_sparse(sparse.csr_array(random_rows(float, d=d) / 3))
    rng = np.random.default_rng(2)
    rows, me = rng.integers(0, len(matrix), 400), np.repeat(rng.integers(0, len(matrix), 200), 2)
    expected, squared = np.empty((2, 400))
    pair_distances(matrix.rows, rows, matrix.rows, me, 0.5, np.empty(SUMS), expected, 0, 400)
    in_twos(matrix.rows, rows, me, 0.5, np.empty(SUMS), squared, 0, 400)
    np.testing.assert_array_equal(squared, expected)
