"""Sparse rows by their features: to the last bit the neighbours of the same rows made dense."""

import numpy as np
import pytest
from scipy import sparse
from strategies import fraud, hostile, lattice

import fastsmote
from fastsmote import select
from fastsmote._core.labels import rows_by_code
from fastsmote._core.sparse_matrix import check_sparse
from fastsmote._neighbors import inverted, predicates
from fastsmote._neighbors.build import build_index
from fastsmote._neighbors.distance import squared_distances
from fastsmote._neighbors.index import hide_rows
from fastsmote._neighbors.search import find_farthest, find_nearest


def thinned(data, share=0.6):
    """Zeros at random, and some rows of zeros only."""
    rng = np.random.default_rng(1)
    data = np.where(rng.random(data.shape) < share, 0, data).astype(data.dtype)
    data[rng.choice(len(data), len(data) // 10, replace=False)] = 0
    return data


def one_hot(n, sides, seed=0):
    codes = np.random.default_rng(seed).integers(0, sides, (n, len(sides)))
    return np.hstack([np.eye(side)[column] for side, column in zip(sides, codes.T, strict=True)])


def of_unit_length(n, d):
    X = thinned(np.random.default_rng(2).random((n, d)), 0.9)
    return X / np.maximum(np.sqrt((X * X).sum(axis=1, keepdims=True)), 1e-9)


DATA = {
    **{name: thinned(X) for name, X in hostile().items()},
    "all zero": np.zeros((100, 7)),
    "one-hot": one_hot(300, [3, 5, 9]),
    "unit length": of_unit_length(300, 80),
    "wide": thinned(np.random.default_rng(3).normal(size=(150, 1001)), 0.95),
    "counts": thinned(lattice(400, 40, 4), 0.9),
}
each_data = pytest.mark.parametrize("name", DATA)


@pytest.fixture(params=[64, 1 << 14], ids=["chunks", "whole"])
def together(request, monkeypatch):
    """Rows that are indexed together."""
    monkeypatch.setattr(inverted, "_ROWS", request.param)


def both(X, groups=None):
    """An index of leaves, and one of the same rows by features."""
    dense = build_index(np.ascontiguousarray(X), groups, lasting=True)
    return dense, build_index(check_sparse(sparse.csr_array(X)), groups)


def assert_same(one, other):
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


@each_data
@pytest.mark.parametrize("search", [find_nearest, find_farthest])
@pytest.mark.parametrize("k", [1, 5, 70])
@pytest.mark.one_in(3)
@pytest.mark.usefixtures("together")
def test_rows_of_the_index(name, search, k):
    dense, index = both(DATA[name])
    k = min(k, len(DATA[name]) - 1)
    with np.errstate(over="ignore", under="ignore"):
        expected, found = search(dense, k), search(index, k)
    assert dense.scale == index.scale
    assert_same(found, expected)


@each_data
@pytest.mark.parametrize("common", [1, 10**6], ids=["lists", "rows"])
@pytest.mark.one_in(2)
def test_features_that_many_rows_have(name, common, monkeypatch):
    monkeypatch.setattr(inverted, "_COMMON", common)
    dense, index = both(DATA[name])
    with np.errstate(over="ignore", under="ignore"):
        assert_same(find_nearest(index, 3), find_nearest(dense, 3))
        assert_same(find_farthest(index, 3), find_farthest(dense, 3))


@each_data
def test_queries(name):
    X = DATA[name]
    for factor in (1.0, 1e-3):
        queries = (X[::3] * factor).astype(X.dtype)
        expected = fastsmote.nearest_neighbors(X, 3, queries=queries)
        for make in (sparse.csr_array, sparse.csc_matrix):
            assert_same(fastsmote.nearest_neighbors(make(X), 3, queries=make(queries)), expected)
    assert_same(fastsmote.nearest_neighbors(sparse.csr_matrix(X), 4), fastsmote.nearest_neighbors(X, 4))


def test_queries_of_another_type_and_size():
    X = DATA["counts"]
    queries = (X[:50] * 1e150, X[:50].astype(np.float32), X[:50].astype(int))
    for rows in (X, X.astype(np.float32)):
        for asked in queries:
            expected = fastsmote.nearest_neighbors(rows, 3, queries=asked)
            found = fastsmote.nearest_neighbors(sparse.csr_array(rows), 3, queries=sparse.csr_array(asked))
            assert_same(found, expected)


@each_data
@pytest.mark.usefixtures("together")
def test_parts_bounds_and_hidden_rows(name):
    X = DATA[name]
    codes = np.random.default_rng(0).integers(0, 3, len(X))
    dense, index = both(X, rows_by_code(codes, 3))
    rows = np.flatnonzero(codes == 1)
    for ask in (
        lambda index: predicates.others_before(index, 1, rows, 4),
        lambda index: (predicates.same_class_first(index, 1, rows, 3, 2),),
        lambda index: (predicates.is_nearest(index, rows, (rows + 1) % len(X)),),
        lambda index: find_nearest(index, 4, rows=rows, among=index.of_others(1)),
        lambda index: find_nearest(index, 4, rows=rows, among=index.of_class(7)),
    ):
        assert_same(ask(index), ask(dense))
    hidden = np.random.default_rng(4).random(len(X)) < 0.5
    for one in (dense, index):
        hide_rows(one, hidden)
    assert_same(find_nearest(index, 2), find_nearest(dense, 2))


def test_pairs():
    X = DATA["wide"]
    first, second = np.random.default_rng(0).integers(0, len(X), (2, 500))
    rows = check_sparse(sparse.csc_array(X))
    expected = squared_distances(X, first, X, second, 0.5)
    np.testing.assert_array_equal(squared_distances(rows, first, rows, second, 0.5), expected)


def test_starts_of_features_take_no_more_memory_than_values(monkeypatch):
    monkeypatch.setattr(inverted, "_ROWS", 64)
    wide = sparse.random(5_000, 100_000, 1e-4, "csr", random_state=0)
    (part,) = build_index(check_sparse(wide)).parts
    starts = sum(len(chunk.starts) for chunk in part.leaves.chunks)
    assert starts <= 2 * wide.nnz + wide.shape[1]


def test_the_number_of_threads_changes_nothing():
    X = sparse.csr_array(DATA["counts"])
    expected = fastsmote.nearest_neighbors(X, 5, n_jobs=1)
    assert_same(fastsmote.nearest_neighbors(X, 5, n_jobs=7), expected)


SELECTIONS = {
    "tomek_links": {},
    "tomek_link_pairs": {},
    "edited_nearest_neighbours": {},
    "repeated_edited_nearest_neighbours": {"kind_sel": "mode"},
    "all_knn": {},
    "neighbourhood_cleaning_rule": {"min_count": 40},
    "near_miss": {},
    "near_miss 2": {"version": 2},
    "near_miss 3": {"version": 3, "n_neighbors_ver3": 9},
    "condensed_nearest_neighbour": {"random_state": 0},
    "one_sided_selection": {"random_state": 0},
}


@pytest.mark.parametrize("data", ["plain", "lattice 2", "counts", "float32", "one-hot"])
@pytest.mark.parametrize("case", SELECTIONS)
@pytest.mark.filterwarnings("ignore:NearMiss version 3:UserWarning", "ignore:All rows:UserWarning")
def test_rows_that_stay(case, data):
    X = DATA[data]
    y = fraud(len(X), 1, (0.6, 0.25, 0.15), 2)[1]
    choose = getattr(select, case.split()[0])
    expected = choose(X, y, **SELECTIONS[case])
    for make in (sparse.csr_matrix, sparse.csc_array):
        np.testing.assert_array_equal(choose(make(X), y, **SELECTIONS[case]), expected)


def test_rows_stay_in_their_format():
    X, y = DATA["counts"], fraud(400, 1, (0.8, 0.2), 2)[1]
    for make in (sparse.csr_matrix, sparse.csr_array, sparse.csc_matrix):
        kept, _ = fastsmote.tomek_links(make(X), y)
        assert type(kept) is make(X).__class__
        np.testing.assert_array_equal(kept.toarray(), fastsmote.tomek_links(X, y)[0])


@pytest.mark.parametrize("make", [sparse.csr_matrix, sparse.csc_array])
@pytest.mark.parametrize("dtype", [float, np.float32, int])
@pytest.mark.parametrize("name", ["smote_tomek", "smote_enn", "borderline_smote", "svm_smote"])
def test_new_rows(name, dtype, make):
    X = DATA["counts"].astype(dtype)
    y = fraud(len(X), 1, (0.6, 0.25, 0.15), 2)[1]
    given = {"support": np.arange(0, len(X), 2)} if name == "svm_smote" else {}
    resample = getattr(fastsmote, name)
    expected, labels = resample(X, y, random_state=0, **given)
    new, new_labels = resample(make(X), y, random_state=0, **given)
    assert type(new) is type(make(X))
    assert new.dtype == dtype
    np.testing.assert_array_equal(new.toarray(), expected)
    np.testing.assert_array_equal(new_labels, labels)


def test_support_vectors_of_sparse_rows():
    X, y = DATA["counts"], fraud(400, 1, (0.7, 0.3), 2)[1]
    assert fastsmote.svm_smote(sparse.csr_array(X), y, random_state=0)[1].sum() > y.sum()


def test_queries_that_do_not_fit():
    X = sparse.csr_array(DATA["counts"])
    with pytest.raises(TypeError, match=r"queries must be sparse where X is. Got ndarray; pass scipy"):
        fastsmote.nearest_neighbors(X, queries=X.toarray())
    with pytest.raises(ValueError, match="queries must have the 40 features of X"):
        fastsmote.nearest_neighbors(X, queries=X[:, :3])
    with pytest.raises(TypeError, match=r"A sparse queries must be CSR or CSC. Got COO"):
        fastsmote.nearest_neighbors(X, queries=X.tocoo())
    with pytest.raises(TypeError, match="must be dense"):
        fastsmote.nearest_neighbors(X.toarray(), queries=X)
