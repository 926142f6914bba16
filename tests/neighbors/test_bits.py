"""Rows of zeros and ones as bits: the answers of leaves, and when."""

import numpy as np
import pytest
from neighbors.answers import answers, assert_same
from reference.neighbors import knn
from strategies import normal

import fastsmote
from fastsmote._core.labels import rows_by_code
from fastsmote._kernels.neighbors import bits as kernels
from fastsmote._kernels.neighbors import lanes
from fastsmote._neighbors import bits, build, loose, search
from fastsmote._neighbors.index import Loose, hide_rows, leaves_of
from fastsmote._neighbors.labelled_index import LabelledIndex
from fastsmote._neighbors.predicates import others_before


@pytest.fixture(autouse=True)
def always(monkeypatch):
    """Bits wherever rows are such, however few their features are."""
    monkeypatch.setattr(bits, "_LEAST", 1)
    monkeypatch.setattr(loose.allowance, "is_compiled", lambda dtype: True)


def zeros_and_ones(n, d, share=0.3, dtype=np.float64):
    X = (np.random.default_rng(n + d).random((n, d)) < share).astype(dtype)
    X.setflags(write=False)
    return X


def of(X):
    """An index of bits."""
    index = build.build_index(X)
    assert is_of_bits(index)
    return index


def is_of_bits(index):
    return all(isinstance(rows, Loose) and rows.planes is not None for _, rows in index.parts)


def with_ones():
    X = np.zeros((150, 70))
    X[:50], X[50:60, 3], X[60:, ::7] = 1.0, 1.0, 1.0
    X[100:] = -0.0
    return X


HOSTILE = {
    "sparse": zeros_and_ones(300, 130, 0.02),
    "dense": zeros_and_ones(300, 64, 0.9),
    "float32": zeros_and_ones(257, 65, 0.4, np.float32),
    "one feature": zeros_and_ones(130, 1),
    "repeated": np.tile(zeros_and_ones(9, 63), (30, 1)),
    "all the same": np.ones((90, 66)),
    "nothing": np.zeros((90, 66)),
    "constant columns, zeros with a sign": with_ones(),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("n_classes", [2, 40])
def test_the_answers_of_leaves(name, n_classes):
    X = HOSTILE[name]
    X = np.concatenate([X, X]) if n_classes == 40 else X
    X.setflags(write=False)
    codes, found = np.arange(len(X)) % n_classes, []
    for lasting in (False, True):
        built = build.build_index(X, rows_by_code(codes, n_classes), lasting=lasting)
        assert is_of_bits(built) != lasting
        index = fastsmote.NeighborIndex._from_parts(LabelledIndex(built, list(range(n_classes)), codes))
        some = np.arange(0, len(X), 7)
        found.append([*answers(index), *answers(index, some, n_jobs=3)])
        for Q in (X[::5] * 1.0, X[::5] * 0.75):  # bits and others
            found[-1] += [*index.query(Q, 5), *index.farthest(Q, 5)]
    assert_same(*found)


@pytest.mark.parametrize("n", [2, 63, 64, 65, 128, 129, 600])
@pytest.mark.parametrize("d", [1, 63, 64, 65, 128, 129])
def test_sizes_around_words(n, d, monkeypatch):
    X = zeros_and_ones(n, d)
    monkeypatch.setattr(kernels, "_IN_CACHE", 1)
    for k in {1, min(5, n - 1), n - 1}:
        expected = knn.nearest(X, k)[1]
        for block in (1, 1 << 30):
            monkeypatch.setattr(bits, "_WORDS", block)
            monkeypatch.setattr(search.long_lists, "are_long", lambda *_: False)
            np.testing.assert_array_equal(search.find_nearest(of(X), k, n_jobs=2)[1], expected)


@pytest.mark.parametrize("k", [1, 4, 70])
def test_bounds_and_lists_that_are_known(k):
    """In any order of rows: lists that hold later rows already, and bounds between distances."""
    X = zeros_and_ones(400, 70)
    rows, first, last = np.arange(0, 400, 3), np.arange(150), np.arange(150, 400)
    whole = search.find_nearest(of(X), k, rows=rows)
    index = build.build_index(X, [first, last])
    lists = search.find_nearest(index, k, rows=rows, among=index.of_class(1))
    assert_same(search.find_nearest(index, k, rows=rows, among=index.of_class(0), known=lists), whole)
    for by in (1.0, 0.99, 1.01):
        bound = whole[0][:, k // 2] * by, whole[1][:, k // 2]
        leaves = build.build_index(X, lasting=True)
        found = (search.find_nearest(index, k, rows=rows, known=bound) for index in (of(X), leaves))
        assert_same(*found)


def test_hidden_rows():
    X, found = zeros_and_ones(500, 80), []
    hidden, codes = np.arange(500) % 4 == 1, np.arange(500) % 3
    rows = np.flatnonzero(codes == 2)
    for lasting in (False, True):
        index = build.build_index(X, rows_by_code(codes, 3), lasting=lasting)
        hide_rows(index, hidden)
        found.append([*search.find_nearest(index, 5), *others_before(index, 2, rows, 4)])
    assert_same(*found)


def test_categories_go_by_other_ways(monkeypatch):
    X, codes = zeros_and_ones(300, 70), (np.arange(600) % 7 // 2).reshape(300, 2).astype(np.int32)
    monkeypatch.setattr(bits, "search", None)
    found = []
    for lasting in (False, True):
        index = build.build_index(X, lasting=lasting)
        found.append(search.find_nearest(build.with_categories(index, codes, index.scale**2), 4))
    assert_same(*found)


@pytest.mark.parametrize("value", [0.5, 2.0, -1.0, 1 + 2**-52, 5e-324, 1e300])
@pytest.mark.parametrize("at", [(0, 0), (1023, 3), (1024, 69), (2999, 0)])
def test_one_other_value(at, value):
    X = np.array(zeros_and_ones(3000, 70))
    X[at] = value
    assert not is_of_bits(build.build_index(X))
    assert not bits.are_bits(X, 2)
    X[at] = 1.0
    assert bits.are_bits(X, 2)


def test_distances_are_exact_at_any_scale():
    """A scale that other rows ask for, down to units that are no normal numbers."""
    X = zeros_and_ones(100, 70)
    expected = search.find_nearest(of(X), 3)
    for scale in (2.0**500, 1.0, 2.0**-520):
        index = of(X)
        parts = (part._replace(leaves=part.leaves._replace(scale=scale)) for part in index.parts)
        squared, found = search.find_nearest(index._replace(parts=tuple(parts)), 3)
        np.testing.assert_array_equal(found, expected[1])
        np.testing.assert_array_equal(squared / scale / scale, expected[0] / index.scale / index.scale)


def test_when(monkeypatch):
    """Many features, not too many pairs, few that repeat, and compiled code."""
    monkeypatch.setattr(bits, "_LEAST", 64)
    assert not is_of_bits(build.build_index(zeros_and_ones(2000, 63)))
    assert is_of_bits(build.build_index(zeros_and_ones(2000, 64)))
    assert is_of_bits(build.build_index(np.ones((2000, 64))))
    monkeypatch.setattr(bits, "_MANY", 0.0)
    assert is_of_bits(build.build_index(zeros_and_ones(2000, 64)))
    assert leaves_of(build.build_index(np.ones((2000, 64))))
    monkeypatch.setattr(bits, "_MOST", 2000.0 * 2000.0)
    assert is_of_bits(build.build_index(zeros_and_ones(2000, 64)))
    assert leaves_of(build.build_index(zeros_and_ones(2001, 64)))
    monkeypatch.setattr(loose.allowance, "is_compiled", lambda dtype: False)
    monkeypatch.setattr(loose.allowance, "are_open", True)
    monkeypatch.setattr(loose.allowance, "spent", 0.0)
    assert not is_of_bits(build.build_index(zeros_and_ones(500, 64)))
    monkeypatch.setattr(loose.allowance, "spent", np.inf)
    assert is_of_bits(build.build_index(zeros_and_ones(500, 64)))


def test_an_index_that_is_asked_again(monkeypatch):
    X = zeros_and_ones(3000, 70)
    index = fastsmote.NeighborIndex(X)
    monkeypatch.setattr(build, "_build", None)  # no leaves
    assert_same(index.query(X[:9], 3), knn.nearest(X, 3, X[:9]))
    expected = [of_all[:9] for of_all in knn.nearest(X, 3)]
    assert_same(index.query(rows=np.arange(9), n_neighbors=3), expected)


def test_progress():
    told = []
    search.find_nearest(
        of(zeros_and_ones(9000, 70)), 2, progress=lambda done, total: told.append(done / total)
    )
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_counts_of_the_vector_step():
    rng = np.random.default_rng(0)
    planes, words = (rng.integers(0, 2**64, size, np.uint64) for size in ((3, 192), (5, 3)))
    start, counts = np.zeros(192, np.float32), np.empty(64, np.float32)
    start[100:] = np.inf
    lanes.count_different(planes, 1, words, 4, -1.0, start, counts)
    rows = planes[1].reshape(3, 64)
    expected = [-sum(int(rows[w, t] ^ words[4, w]).bit_count() for w in range(3)) for t in range(36)]
    np.testing.assert_array_equal(counts, np.array([*expected, *[np.inf] * 28], np.float32))


def test_other_numbers_show_at_once(monkeypatch):
    monkeypatch.setattr(bits, "pack", None)
    assert bits.words_of(normal(5000, 70), np.arange(5000), 1) is None


def test_the_farthest_of_equal_rows_are_at_plus_zero():
    for X in (np.ones((70, 70)), np.full((70, 70), 2.0)):
        distances = fastsmote.NeighborIndex(X).farthest(n_neighbors=3)[0]
        assert not np.signbit(distances).any()
