"""Neighbours against long double, at every edge of the engine."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.neighbors import knn
from strategies import hostile, lattice, matrices, normal

import fastsmote
from fastsmote._neighbors import brute as brute_module
from fastsmote._neighbors import build as build_module
from fastsmote._neighbors import query
from fastsmote._neighbors import search as search_module

HOSTILE = hostile()


def assert_neighbors(actual, expected, d):
    """Equal indices; distances within the rounding of a sum of d squares in four chains, and of a root."""
    np.testing.assert_array_equal(actual[1], expected[1])
    assert actual[0].dtype == np.float64
    assert actual[1].dtype == np.int64
    np.testing.assert_allclose(actual[0], expected[0], rtol=(d / 8 + 4) * 2.0**-53, atol=5e-324)


def assert_same(actual, expected):
    np.testing.assert_array_equal(actual[0], expected[0])
    np.testing.assert_array_equal(actual[1], expected[1])


def with_and_without_index(X, k, queries=None):
    """The neighbors by the leaves of an index, which brute force must give bit by bit."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(brute_module, "is_faster", lambda *shape: True)
        brute = fastsmote.nearest_neighbors(X, k, queries=queries)
        patch.setattr(brute_module, "is_faster", lambda *shape: False)
        leaves = fastsmote.nearest_neighbors(X, k, queries=queries)
    assert_same(brute, leaves)
    return leaves


def check(X, k, queries=None):
    actual = with_and_without_index(X, k, queries)
    assert_neighbors(actual, knn.nearest(X, k, queries), X.shape[1])


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("k", [1, 5, 40])
@pytest.mark.one_in(3)
def test_hostile_data(name, k):
    check(HOSTILE[name], k)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_queries(name):
    X = HOSTILE[name]
    check(X, 4, X[::7] * X.dtype.type(0.75) + X[3] * X.dtype.type(0.25))
    check(X, 4, X[::5])


@pytest.mark.parametrize("name", HOSTILE)
def test_all_rows_are_neighbors(name):
    X = HOSTILE[name]
    check(X, len(X) - 1)


def test_columns_too_small_to_matter_count_as_zero():
    X = np.column_stack([np.full(50, 1e200), normal(50, 1) * 1e-200])
    distances, indices = with_and_without_index(X, 2)
    assert not distances.any()
    assert indices.tolist() == [[1, 2], [0, 2]] + [[0, 1]] * 48


def test_ten_thousand_identical_rows():
    n = 10_000
    distances, indices = fastsmote.nearest_neighbors(np.full((n, 4), 0.3), 3)
    expected = np.tile([0, 1, 2], (n, 1))
    expected[:3] = [[1, 2, 3], [0, 2, 3], [0, 1, 3]]
    assert not distances.any()
    np.testing.assert_array_equal(indices, expected)


@pytest.mark.parametrize("d", [1, 2, 3, 4, 11, 12, 13, 14, 15, 16, 17, 63, 127, 128, 129, 130, 200])
def test_numbers_of_features(d):
    decaying = normal(170, d) * np.exp(-np.arange(d) / 4)  # the first pass sees part of the axes
    for X in (decaying, normal(170, d, 1), lattice(170, d, 2)):
        check(X, 6)
        check(X, 3, normal(9, d, 2))


@pytest.mark.parametrize(
    ("X", "part"),
    [
        (normal(400, 40) * np.exp(-np.arange(40) / 3), True),
        (normal(400, 40), True),
        (normal(400, 15), False),
        (normal(400, 150) * np.exp(-np.arange(150) / 3), True),
        (np.ones((400, 40)), False),
    ],
)
def test_first_pass_looks_at_part_or_all_of_the_dimensions(X, part):
    assert (build_module.build_index(X).parts[0].leaves.head < X.shape[1]) == part
    check(X, 5)


@pytest.mark.parametrize(
    "n", [*range(2, 9), 31, 32, 33, 63, 64, 65, 96, 127, 128, 129, 130, 255, 256, 257, 383, 384, 385]
)
def test_numbers_of_rows(n):
    X = normal(n, 3)
    for k in {1, 2, min(33, n - 1), n - 1} - {0}:
        check(X, min(k, n - 1))
    check(X, n, normal(5, 3, 1))


@pytest.mark.parametrize("n", [16383, 16384, 16385])
def test_rows_around_a_block_of_the_build(n):
    X = normal(n, 4, n)
    rows = np.r_[0:8, n // 2, n - 8 : n]
    squared = ((X[rows, np.newaxis] - X) ** 2).sum(axis=2)
    squared[np.arange(len(rows)), rows] = np.inf
    expected = np.argsort(squared, axis=1, kind="stable")[:, :5]
    distances, indices = fastsmote.nearest_neighbors(X, 5)
    np.testing.assert_array_equal(indices[rows], expected)
    np.testing.assert_allclose(
        distances[rows], np.sqrt(np.take_along_axis(squared, expected, axis=1)), rtol=1e-15
    )


@pytest.mark.parametrize("blocks", [1, 2, 3])
@pytest.mark.parametrize("extra", [-1, 0, 1])
@pytest.mark.parametrize("k", [1, 40])
def test_rows_around_a_block_of_brute_force(blocks, extra, k, monkeypatch):
    monkeypatch.setattr(brute_module, "_ROWS_PER_BLOCK", 64)
    n = blocks * 64 + extra
    for X in (normal(n, 4), lattice(n, 2, 3), np.zeros((n, 2))):
        check(X, k)
        check(X, n, X[[0, 63 % n, 64 % n, n - 1]])


@pytest.mark.parametrize("n", [16383, 16384, 16385, 32769])
def test_blocks_of_brute_force_join_ties_by_index(n):
    X = lattice(n, 2, 30)
    Q = X[[0, 5, 16382, n - 1]]
    check(X, 40, Q)


@pytest.mark.parametrize("n_jobs", [1, 2, 4])
def test_brute_force_by_threads(n_jobs, monkeypatch):
    X = lattice(500, 3, 5)
    expected = with_and_without_index(X, 9)
    monkeypatch.setattr(brute_module, "_ROWS_PER_BLOCK", 32)
    monkeypatch.setattr(brute_module, "is_faster", lambda *shape: True)
    assert_same(fastsmote.nearest_neighbors(X, 9, n_jobs=n_jobs), expected)


@pytest.mark.parametrize("k", [1, 5, 100])
@pytest.mark.parametrize("d", [1, 30, 1000])
@pytest.mark.parametrize("n", [2, 1000, 10**5, 10**7])
def test_brute_force_is_for_few_queries_few_rows_and_few_neighbors(n, d, k):
    """Monotone: with more queries or neighbors the answer turns once, from brute force to an index."""
    numbers = [2**i for i in range(25)]
    by_queries = [brute_module.is_faster(n, d, k, m) for m in numbers]
    assert by_queries == sorted(by_queries, reverse=True)
    assert by_queries[0]
    assert not by_queries[-1]
    by_neighbors = [brute_module.is_faster(n, d, j, 16) for j in numbers]
    assert by_neighbors == sorted(by_neighbors, reverse=True)


@pytest.mark.parametrize(("n", "m", "brute"), [(300, 300, True), (300, 3000, False), (3000, 3000, False)])
def test_the_rule_decides_who_answers(n, m, brute, monkeypatch):
    used = []
    build, search = query.build_index, brute_module.compare_all
    monkeypatch.setattr(query, "build_index", lambda *a, **k: used.append("leaves") or build(*a, **k))
    monkeypatch.setattr(brute_module, "compare_all", lambda *a, **k: used.append("brute") or search(*a, **k))
    fastsmote.nearest_neighbors(normal(n, 4), 2, queries=normal(m, 4, 1))
    assert used == ["brute" if brute else "leaves"]


def test_a_node_is_split_by_many_threads_and_then_whole():
    X = lattice(70 * build_module.LEAF_ROWS + 1, 2, 40)
    rows = np.arange(0, len(X), 401)
    distances, indices = fastsmote.nearest_neighbors(X, 4, queries=X[rows])
    expected = knn.nearest(X, 4, X[rows])
    np.testing.assert_array_equal(indices, expected[1])
    np.testing.assert_array_equal(distances, expected[0])


@pytest.mark.parametrize("index_type", [np.float32, np.float64])
@pytest.mark.parametrize("query_type", [np.float32, np.float64])
def test_types_of_queries(index_type, query_type):
    X, Q = normal(300, 7, 0, index_type), normal(40, 7, 1, query_type)
    check(X, 5, Q)


@pytest.mark.parametrize("factor", [1e3, 1e5, 1e10, 1e19, 1e39, 1e100, 1e160, 1e300])
def test_queries_far_larger_than_the_rows(factor):
    X = normal(300, 3)
    expected = knn.nearest(X, 300, normal(4, 3, 1) * factor)
    distances, indices = with_and_without_index(X, 3, normal(4, 3, 1) * factor)
    np.testing.assert_allclose(distances, expected[0][:, :3], rtol=1e-15)
    # float64 does not tell all of these rows apart: each one found is as near as the oracle's
    places = np.argsort(expected[1], axis=1)
    found = np.take_along_axis(expected[0], np.take_along_axis(places, indices, axis=1), axis=1)
    np.testing.assert_allclose(found, expected[0][:, :3], rtol=1e-15)


@pytest.mark.parametrize("factor", [1e-3, 1e-10, 1e-20, 1e-40, 1e-200, 1e-300])
def test_queries_far_smaller_than_the_rows(factor):
    check(normal(300, 3), 3, normal(4, 3, 1) * factor)


def test_rows_of_X_as_queries_find_themselves_and_their_first_duplicate():
    X = np.repeat(normal(50, 3), 3, axis=0)
    distances, indices = with_and_without_index(X, 1, X)
    assert not distances.any()
    np.testing.assert_array_equal(indices[:, 0], np.arange(150) // 3 * 3)


def test_duplicates_are_neighbors_and_the_row_itself_is_not():
    X = np.repeat(normal(50, 3), 2, axis=0)
    distances, indices = with_and_without_index(X, 1)
    assert not distances.any()
    np.testing.assert_array_equal(indices[:, 0], np.arange(100) ^ 1)


@given(X=matrices(), data=st.data())
def test_any_small_matrix(X, data):
    check(X, data.draw(st.integers(1, len(X) - 1)))


@pytest.mark.parametrize("X", [normal(500, 5), lattice(500, 4, 3), HOSTILE["duplicates"]])
def test_neighbors_for_k_begin_those_for_more(X):
    distances, indices = with_and_without_index(X, 60)
    for k in (1, 2, 5, 31, 59):
        fewer = with_and_without_index(X, k)
        np.testing.assert_array_equal(fewer[0], distances[:, :k])
        np.testing.assert_array_equal(fewer[1], indices[:, :k])


@pytest.mark.parametrize("offset", [1.0, 2.0**20, -(2.0**40)])
def test_translation_changes_nothing(offset):
    X = np.round(normal(400, 4) * 64) / 64
    expected = with_and_without_index(X, 7)
    actual = with_and_without_index(X + offset, 7)
    np.testing.assert_array_equal(actual[1], expected[1])
    np.testing.assert_array_equal(actual[0], expected[0])


@pytest.mark.parametrize("power", [-1000, -300, -1, 1, 64, 300, 1000])
def test_scaling_by_a_power_of_two_scales_distances(power):
    X = normal(400, 4)
    expected = with_and_without_index(X, 7)
    actual = with_and_without_index(np.ldexp(X, power), 7)
    np.testing.assert_array_equal(actual[1], expected[1])
    np.testing.assert_array_equal(actual[0], np.ldexp(expected[0], power))


@pytest.mark.parametrize("far", [1e3, 1e12, 1e100, 1e300])
def test_a_far_row_changes_nothing(far):
    X = normal(400, 4)
    distances, indices = with_and_without_index(np.vstack([X, np.full(4, far)]), 7)
    expected = with_and_without_index(X, 7)
    np.testing.assert_array_equal(indices[:-1], expected[1])
    np.testing.assert_allclose(distances[:-1], expected[0], rtol=1e-15)


def test_reflections_keep_distances():
    X = normal(300, 8)
    expected = with_and_without_index(X, 4)
    assert_same(with_and_without_index(X * np.array([1, -1] * 4), 4), expected)


@pytest.mark.parametrize("d", [5, 40, 140])
def test_index_of_some_rows(d):
    X = normal(900, d) * np.exp(-np.arange(d) / 10)
    rows = np.arange(3, 900, 2)
    _, actual = search_module.find_nearest(build_module.build_index(X, [rows]), 4, rows=rows[::5])
    expected = rows[knn.nearest(X[rows], 4)[1][::5]]
    np.testing.assert_array_equal(actual, expected)


def test_some_rows_of_the_queries():
    X, Q = normal(500, 5), normal(200, 5, 1)
    rows = np.array([199, 0, 7, 7, 100])
    _, actual = search_module.find_nearest(build_module.build_index(X), 3, Q, rows)
    np.testing.assert_array_equal(actual, knn.nearest(X, 3, Q[rows])[1])


@pytest.mark.parametrize("X", [normal(700, 6), lattice(700, 4, 4)])
@pytest.mark.parametrize("start", ["the answer", "another row", "a far row"])
def test_search_from_a_known_candidate(X, start):
    index = build_module.build_index(X)
    rows = np.arange(0, 700, 3)
    expected = search_module.find_nearest(index, 1, rows=rows)
    candidate = {
        "the answer": expected[1][:, 0],
        "another row": (rows + 1) % 700,
        "a far row": knn.nearest(X, 699)[1][rows, -1],
    }[start]
    squared = ((X[rows] - X[candidate]) ** 2).sum(axis=1) * index.scale**2
    if start == "the answer":
        squared = expected[0][:, 0].copy()
    known = squared[:, np.newaxis], candidate[:, np.newaxis].copy()
    actual = search_module.find_nearest(index, 1, rows=rows, known=known)
    np.testing.assert_array_equal(actual[1], expected[1])
    np.testing.assert_array_equal(actual[0], expected[0])


def test_index_answers_as_the_function():
    X, Q = normal(600, 5), normal(70, 5, 1)
    index = fastsmote.NeighborIndex(X)
    for queries in (None, Q):
        expected = fastsmote.nearest_neighbors(X, 4, queries=queries)
        assert_same(index.query(queries, 4), expected)
    assert repr(index) == "NeighborIndex: 600 rows, 5 features"


def test_index_pickles():
    index = fastsmote.NeighborIndex(normal(600, 5))
    expected = index.query(None, 4)
    actual = pickle.loads(pickle.dumps(index)).query(None, 4)
    np.testing.assert_array_equal(actual[0], expected[0])
    np.testing.assert_array_equal(actual[1], expected[1])


def test_index_serves_many_threads():
    X, Q = normal(3000, 6), normal(800, 6, 1)
    index = fastsmote.NeighborIndex(X)
    expected = [index.query(Q[i::8], 5, n_jobs=1)[1] for i in range(8)]
    with ThreadPoolExecutor(8) as pool:
        actual = list(pool.map(lambda i: index.query(Q[i % 8 :: 8], 5)[1], range(64)))
    for i, indices in enumerate(actual):
        np.testing.assert_array_equal(indices, expected[i % 8])


def test_progress_ends_at_the_total():
    seen = []
    fastsmote.nearest_neighbors(normal(9000, 3), 2, progress=lambda *step: seen.append(step))
    done, totals = zip(*seen, strict=True)
    assert set(totals) == {done[-1]}
    assert list(done) == sorted(done)
    assert len(seen) > 1


def test_input_is_not_written_to():
    X, Q = normal(300, 4), normal(30, 4, 1)
    X.flags.writeable = Q.flags.writeable = False
    with_and_without_index(X, 3, Q)
    np.testing.assert_array_equal(X, normal(300, 4))


@pytest.mark.parametrize(
    ("X", "arguments", "error", "message"),
    [
        (
            normal(1, 2),
            {"n_neighbors": 1},
            ValueError,
            r"n_neighbors must be at most 0, .*other than the query itself",
        ),
        (normal(5, 2), {"n_neighbors": 5}, ValueError, r"n_neighbors must be at most 4, .*Got 5\."),
        (normal(5, 2), {"n_neighbors": 6, "queries": normal(2, 2)}, ValueError, r"at most 5.*Got 6\."),
        (normal(5, 2), {"n_neighbors": 0}, ValueError, r"n_neighbors must be an integer >= 1\. Got 0\."),
        (normal(5, 2), {"n_neighbors": 2.0}, TypeError, r"n_neighbors must be an integer >= 1\. Got 2\.0"),
        (
            normal(5, 2),
            {"n_neighbors": 2, "queries": normal(2, 3)},
            ValueError,
            r"the 2 features of X\. Got 3",
        ),
        (normal(5, 2), {"n_neighbors": 2, "queries": [[np.nan, 1.0]]}, ValueError, r"queries contains NaN"),
        (normal(5, 2), {"n_neighbors": 2, "n_jobs": 0}, ValueError, r"n_jobs must be"),
        ([[np.inf], [1.0]], {"n_neighbors": 1}, ValueError, r"X contains infinity .*row 0, column 0"),
        (np.empty((0, 3)), {"n_neighbors": 1}, ValueError, r"0 sample"),
    ],
)
def test_errors(X, arguments, error, message):
    with pytest.raises(error, match=message):
        fastsmote.nearest_neighbors(X, **arguments)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ((None, 5), "at most 4"),
        ((normal(1, 2), 6), "at most 5"),
        ((normal(1, 3), 1), "the 2 features"),
        ((None, 0), "n_neighbors must be an integer"),
    ],
)
def test_errors_of_the_index(query, message):
    with pytest.raises(ValueError, match=message):
        fastsmote.NeighborIndex(normal(5, 2)).query(*query)
