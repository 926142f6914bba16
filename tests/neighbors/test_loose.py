"""Rows that are left loose, as they are wide or nothing is compiled: the bits of leaves, and when."""

import math
from fractions import Fraction

import numpy as np
import pytest
from neighbors.answers import answers, assert_same
from reference.neighbors import knn
from strategies import fraud, hostile, lattice, normal

import fastsmote
from fastsmote._core import allowance
from fastsmote._core.labels import rows_by_code
from fastsmote._kernels import jit
from fastsmote._neighbors import build, few, long_lists, loose, products, search, tiles
from fastsmote._neighbors.distance import scale_for
from fastsmote._neighbors.index import Loose, hide_rows, leaves_of
from fastsmote._neighbors.labelled_index import LabelledIndex
from fastsmote._neighbors.predicates import others_before


@pytest.fixture
def cold(monkeypatch):
    """Nothing is compiled, and nothing was spent; returns the sizes of the searches of loose rows."""
    sizes = []
    is_cheaper = loose.is_cheaper

    def counted(n_rows, d, n_queries, dtype):
        sizes.append((n_rows, n_queries))
        return is_cheaper(n_rows, d, n_queries, dtype)

    monkeypatch.setattr(loose.allowance, "is_compiled", lambda dtype: False)
    monkeypatch.setattr(loose.allowance, "spent", 0.0)
    monkeypatch.setattr(loose.allowance, "are_open", True)
    monkeypatch.setattr(loose, "is_cheaper", counted)
    return sizes


@pytest.fixture(
    params=[
        "cold",
        "few",
        "few in tiles",
        "few by pairs",
        "wide",
        "wide and cold",
        "wide in single precision",
    ],
)
def kind(request, monkeypatch):
    """Rows are left loose, for each of the reasons; in single precision also where that is not worth it."""
    if "cold" in request.param:
        request.getfixturevalue("cold")
    if "few" in request.param:
        monkeypatch.setattr(few, "STEPS", math.inf)
        monkeypatch.setattr(few, "_STEPS", math.inf if request.param == "few" else -math.inf)
        monkeypatch.setattr(tiles, "_PAIRS_FROM", 1 if "pairs" in request.param else math.inf)
        monkeypatch.setattr(few, "_LEAST", 1)
    if "wide" in request.param:
        monkeypatch.setattr(few, "_WIDE_BY_TILES", 0.0)
        monkeypatch.setattr(loose, "_WIDE", 1)
        monkeypatch.setattr(products, "_PART", 3)
    if "single" in request.param:
        monkeypatch.setattr(loose, "_tells_apart", lambda *_: True)
    return request.param


def index_of(X, codes, lasting=False):
    """A public index, of leaves if it is to last."""
    names = np.unique(codes).tolist()
    built = build.build_index(X, rows_by_code(codes, len(names)), lasting=lasting)
    assert bool(leaves_of(built)) == lasting
    return fastsmote.NeighborIndex._from_parts(LabelledIndex(built, names, codes))


@pytest.mark.parametrize("name", hostile())
def test_hostile_rows(name, kind):
    X = hostile()[name]
    X.setflags(write=False)
    codes = np.arange(len(X)) % 3 // 2
    assert_same(answers(index_of(X, codes)), answers(index_of(X, codes, lasting=True)))
    some = np.arange(0, len(X), 7)
    assert_same(answers(index_of(X, codes), some), answers(index_of(X, codes, lasting=True), some))
    Q = X[::5] * X.dtype.type(0.75)
    for ask in ("query", "farthest"):
        found = getattr(index_of(X, codes), ask)(Q, 5)
        assert_same(found, getattr(index_of(X, codes, lasting=True), ask)(Q, 5))


@pytest.mark.parametrize("block", [1, 700, 1 << 20])
@pytest.mark.parametrize("k", [1, 2, 65, 299])
def test_blocks_and_long_lists(block, k, kind, monkeypatch):
    monkeypatch.setattr(loose, "_PAIRS", block)
    monkeypatch.setattr(loose, "_EXACT", block)
    monkeypatch.setattr(products, "_SMALL", block)
    monkeypatch.setattr(loose, "_PAIRS_WIDE", block)
    monkeypatch.setattr(long_lists, "are_long", lambda *_: False)
    n = 300 if block > 1 else 80
    k = min(k, n - 1)
    for X in (normal(n, 5), lattice(n, 3, 3)):
        expected = knn.nearest(X, k)
        for n_jobs in (1, 3):
            squared, found = search.find_nearest(build.build_index(X), k, n_jobs=n_jobs)
            np.testing.assert_array_equal(found, expected[1])
            assert (np.diff(squared) >= 0).all()


@pytest.mark.parametrize("n_features", range(1, 11))
def test_order_of_sums(n_features, kind):
    X = normal(200, n_features) * np.logspace(0, 3, n_features)
    X.setflags(write=False)
    exact = search.find_nearest(build.build_index(X, lasting=True), 3)
    assert_same(search.find_nearest(build.build_index(X), 3), exact)


def test_hidden_rows(kind):
    X, y = fraud(600, 4)
    X.setflags(write=False)
    hidden = np.arange(len(X)) % 4 == 1
    found = []
    for lasting in (False, True):
        index = build.build_index(X, rows_by_code(y, 3), lasting=lasting)
        hide_rows(index, hidden)
        found.append([*search.find_nearest(index, 5), *others_before(index, 2, np.flatnonzero(y == 2), 4)])
    assert_same(*found)
    assert not hidden[found[0][1]].any()


@pytest.mark.parametrize("cost", [0.0, 1e-3, 7.0, 1e300, np.inf])
def test_categories(cost, kind):
    X, codes = np.round(normal(400, 3), 1), lattice(400, 2, 3).astype(np.int32)
    X.setflags(write=False)
    found = []
    for lasting in (False, True):
        index = build.build_index(X, lasting=lasting)
        weighted = build.with_categories(index, codes, cost * index.scale * index.scale)
        found.append(search.find_nearest(weighted, 9))
    assert_same(*found)


@pytest.mark.parametrize("n_features", [511, 512, 513])
def test_wide_rows(n_features):
    """On both sides of the switch, and of groups of rows and blocks of queries; a few go by tiles."""
    for X in (normal(700, n_features), 3.0 * lattice(700, n_features, 2), 1e6 + normal(700, n_features)):
        X.setflags(write=False)
        codes = np.arange(len(X)) % 5 // 4
        built = build.build_index(X, rows_by_code(codes, 2))
        assert loose._is_wide(700, n_features, 700) == (n_features >= 512)
        index = fastsmote.NeighborIndex._from_parts(LabelledIndex(built, [0, 1], codes))
        assert_same(answers(index), answers(index_of(X, codes, lasting=True)))
        expected = knn.nearest(X[:90], 7)
        np.testing.assert_array_equal(search.find_nearest(build.build_index(X[:90]), 7)[1], expected[1])


def with_missing(value):
    X = normal(900, 600)
    X[::7, ::5] = value
    return X


@pytest.mark.parametrize(
    ("X", "expected"),
    [
        (normal(900, 600), np.float32),
        (1e3 + normal(900, 600), np.float32),
        (1e200 * normal(900, 600), np.float32),
        (1e-100 * normal(900, 600), np.float32),
        (1e-200 * normal(900, 600), np.float64),  # smaller than a scale makes up for
        (normal(900, 600).astype(np.float32), np.float32),
        (with_missing(-9.0), np.float32),
        (with_missing(-999.0), np.float64),
        (3.0 + lattice(900, 600, 1), np.float64),
    ],
)
def test_precision_of_products(X, expected, monkeypatch):
    """Single where it tells rows apart, else double; and no other bit."""
    asked = []
    large = products.large_products
    monkeypatch.setattr(loose, "large_products", lambda *given: asked.append(given[0].dtype) or large(*given))
    X.setflags(write=False)
    found = search.find_nearest(build.build_index(X), 3)
    assert asked[-1] == expected
    assert_same(found, search.find_nearest(build.build_index(X, lasting=True), 3))


@pytest.mark.parametrize("d", [1, 3, 64, 1024, 1025, 5000])
@pytest.mark.parametrize("is_compiled", [True, False])
@pytest.mark.parametrize("precision", [products.single, products.double])
def test_error_of_products(d, precision, is_compiled):
    """The bound holds beside sums of fractions, and not by far: no row would be left out otherwise."""
    rng = np.random.default_rng(d)
    X = rng.normal(size=(12, d)) * 10.0 ** rng.integers(-3, 4, size=(12, d))
    X[1:3] = X[0] * (1 + 1e-7), X[0]
    rows, scale, numbers = np.arange(12), scale_for(np.abs(X).max()), precision(d)
    about = products.centre_of(X, rows, scale, numbers)
    centred = products.centre(X, rows, scale, about, numbers, 1, is_compiled=is_compiled)
    room = products.room_for(12, 12, d, numbers)
    found = products.large_products(centred.rows, centred.rows, room).astype(np.float64)
    unit = Fraction(scale) * Fraction(numbers.unit)
    Z = [[Fraction(x) * unit - Fraction(a) for x, a in zip(row, about, strict=True)] for row in X.tolist()]
    norms = [sum(z * z for z in row) for row in Z]
    for i in range(3):
        for j in range(12):
            exact = 2 * sum(a * b for a, b in zip(Z[i], Z[j], strict=True))
            wrong = abs(2 * Fraction(found[i, j]) - exact)
            assert wrong <= Fraction(numbers.error) / 2 * (norms[i] + norms[j]) + Fraction(numbers.tiny)


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_wide_rows_tell_how_far_they_are(n_jobs, kind, monkeypatch):
    monkeypatch.setattr(loose, "_PAIRS_WIDE", 100 * 300)
    monkeypatch.setattr(loose, "_PAIRS", 100 * 300)
    told = []
    index = build.build_index(normal(300, 4))
    search.find_nearest(index, 2, n_jobs=n_jobs, progress=lambda done, total: told.append(done / total))
    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.parametrize("sign", ["find_nearest", "find_farthest"])
def test_most_rows_by_the_products_of_all(sign, monkeypatch):
    X, find = normal(300, 6), getattr(search, sign)
    chosen = np.random.default_rng(0).permutation(300)[:250]
    expected = find(build.build_index(X, lasting=True), 4, rows=chosen)
    monkeypatch.setattr(loose, "_WIDE", 1)
    monkeypatch.setattr(products, "_PART", 4)
    index = build.build_index(X)
    assert isinstance(index.parts[0].leaves, Loose)
    assert_same(find(index, 4, rows=chosen), expected)
    monkeypatch.setattr(loose, "_tells_apart", lambda *_: True)
    assert_same(find(index, 4, rows=chosen), expected)


def test_too_much_for_products_goes_by_leaves():
    assert loose.is_cheaper(14_000, 1000, 14_000, np.float64)
    assert not loose._is_wide(15_000, 1000, 15_000)
    assert loose._is_wide(15_000, 1000, 100)


def test_a_search_that_is_not_worth_it_goes_by_leaves(cold, monkeypatch):
    X, y = fraud(500, 5)
    X.setflags(write=False)
    index = build.build_index(X, rows_by_code(y, 3))
    small = build.build_index(X, [np.flatnonzero(y == 2)])
    hide_rows(index, y == 1)
    expected = search.find_nearest(index, 4), search.find_farthest(small, 4, rows=np.arange(90))
    monkeypatch.setattr(loose, "search", None)
    monkeypatch.setattr(loose, "is_cheaper", lambda *sizes: False)
    assert_same(search.find_nearest(index, 4), expected[0])
    assert_same(search.find_farthest(small, 4, rows=np.arange(90)), expected[1])
    hide_rows(index, np.ones(len(X), bool))
    assert (search.find_nearest(index, 4)[1] == len(X)).all()


def test_many_small_searches_end_in_leaves(cold, monkeypatch):
    X = normal(300, 4)
    cost = loose._cost(300, 4, 300)
    monkeypatch.setattr(loose.allowance, "budget", 3.5 * cost)
    kinds = []
    for _ in range(5):
        index = build.build_index(X)
        kinds.append(bool(leaves_of(index)))
        search.find_nearest(index, 2)
    assert kinds == [False, False, False, True, True]


def test_rows_are_left_loose_only_where_nothing_is_compiled(monkeypatch):
    X = normal(64, 2)
    monkeypatch.setattr(loose.allowance, "compiled", set())
    monkeypatch.setattr(loose.allowance, "spent", 0.0)
    monkeypatch.setattr(loose.allowance, "are_open", True)
    monkeypatch.setattr(allowance, "is_at_hand", lambda *arguments: False)
    assert isinstance(build.build_index(X).parts[0].leaves, Loose)
    assert leaves_of(build.build_index(X, lasting=True))
    monkeypatch.setattr(allowance, "is_at_hand", lambda *arguments: True)
    assert leaves_of(build.build_index(X))
    monkeypatch.setattr(allowance, "is_at_hand", None)  # not asked again
    assert leaves_of(build.build_index(X))


def test_few_rows_go_without_leaves_where_that_is_compiled(monkeypatch):
    monkeypatch.setattr(few, "STEPS", 4e5)
    monkeypatch.setattr(loose.allowance, "are_open", False)
    assert [loose.is_cheaper(n, 10, n, np.float64) for n in (1, 500, 4000)] == [True, True, False]
    X = normal(500, 10)
    index = build.build_index(X)
    assert isinstance(index.parts[0].leaves, Loose)
    assert leaves_of(build.build_index(normal(4000, 10)))
    monkeypatch.setattr(loose.allowance, "is_compiled", lambda dtype: False)
    assert leaves_of(build.build_index(X))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_was_compiled_is_at_hand(dtype, monkeypatch):
    X = normal(64, 2, dtype=dtype)
    X.setflags(write=False)
    build.build_index(X, lasting=True)
    monkeypatch.setattr(allowance, "is_at_hand", jit.is_at_hand)
    monkeypatch.setattr(loose.allowance, "compiled", set())
    assert loose.allowance.is_compiled(X.dtype)


def test_clocks_see_compiled_code(cold, monkeypatch):
    monkeypatch.setattr(allowance.Allowance, "are_open", True)
    monkeypatch.delattr(loose.allowance, "are_open")
    assert isinstance(build.build_index(normal(64, 2)).parts[0].leaves, Loose)
    allowance.close()
    assert leaves_of(build.build_index(normal(64, 2)))
