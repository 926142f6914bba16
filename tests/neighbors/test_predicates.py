"""The questions of resamplers against their definitions, with labels, ties and parts of every kind."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from neighbors.answers import INDEX_CHANGES, answers, assert_same
from reference.neighbors import predicates as questions
from strategies import fraud, hostile, labelled, lattice, normal

import fastsmote
from fastsmote._kernels import neighbors as kernels
from fastsmote._neighbors import build, distance, predicates, search

HOSTILE = hostile()
ORDERS = {name: (questions.order(X), questions.order(X, farthest=True)) for name, X in HOSTILE.items()}


def parts_of(X):
    """Name -> labels of the rows of X: numbers and sizes of classes, apart or mixed."""
    n = len(X)
    rng = np.random.default_rng(n)
    mixed = rng.random(n)
    by_place = np.argsort(np.argsort(X[:, 0], kind="stable"))
    alone = np.where(mixed < 0.4, "few", "many")
    alone[n // 3] = "alone"
    small = np.zeros(n, int)
    small[rng.permutation(n)[:7]] = [3, 3, 3, 4, 4, 4, 4]
    return {
        "one class": np.zeros(n, int),
        "two classes": (mixed < 0.3).astype(int),
        "three strings": np.array(["c", "a", "b"])[(mixed < 0.3) * 1 + (mixed < 0.1)],
        "many classes": rng.permutation(np.arange(n) % 24),
        "a single row": alone,
        "three and four rows": small,
        "classes apart": (by_place > n // 2) * 2 + (mixed < 0.01),
    }


def assert_answer(actual, expected, d):
    """Equal indices; distances within the rounding of a sum of d squares in four chains, and of a root."""
    np.testing.assert_array_equal(actual[1], expected[1])
    np.testing.assert_allclose(actual[0], expected[0], rtol=(d / 8 + 4) * 2.0**-53, atol=5e-324)


def check(X, y, k, nth_other, rows=None, orders=None):
    """Every question of an index, by all rows or some, against its definition."""
    d = X.shape[1]
    nearest, farthest = orders or (questions.order(X), questions.order(X, farthest=True))
    index = fastsmote.NeighborIndex(X, y)
    rows = np.arange(len(X)) if rows is None else rows
    labels, sizes = np.unique(y, return_counts=True)
    for ask, (order, distances) in ((index.query, nearest), (index.farthest, farthest)):
        for chosen in {tuple(labels), tuple(labels[-1:]), tuple(labels[1:3])} - {()}:
            available = sizes[np.isin(labels, chosen)].sum() - np.isin(y[rows], chosen).any()
            few = min(k, available)
            if few > 0:
                expected = questions.among((order[rows], distances[rows]), y, chosen, few)
                assert_answer(ask(rows=rows, n_neighbors=few, among=list(chosen)), expected, d)
    order = nearest[0]
    enough = rows[np.isin(y[rows], labels[sizes > k])]
    expected = [questions.count_other_classes(order, y, i, k) for i in enough]
    actual = index.count_other_classes(k, rows=enough)
    assert actual.dtype == np.int64
    np.testing.assert_array_equal(actual, np.reshape(expected, (len(enough), k)))
    expected = [questions.own_class_first(order, y, i, k, nth_other) for i in rows]
    actual = index.own_class_first(k, nth_other, rows=rows)
    assert actual.dtype == np.bool_
    np.testing.assert_array_equal(actual, expected)
    rows = rows[:: max(1, len(rows) // 20)]
    second = order[rows, min(1, order.shape[1] - 1)]
    for others in (order[rows, 0], second, order[rows, -1]):
        expected = [questions.is_nearest(X, i, j) for i, j in zip(rows, others, strict=True)]
        np.testing.assert_array_equal(index.is_nearest(rows, others), expected)


@pytest.mark.parametrize("labels", parts_of(HOSTILE["plain"]))
@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.one_in(7)
def test_hostile_data(name, labels):
    X = HOSTILE[name]
    check(X, parts_of(X)[labels], 3, 2, orders=ORDERS[name])


@pytest.mark.parametrize("name", HOSTILE)
def test_one_neighbor_and_all(name):
    X = HOSTILE[name]
    y = parts_of(X)["three strings"]
    check(X, y, 1, 1, orders=ORDERS[name])
    check(X, y, len(X) - 1, len(X) // 3, np.arange(0, len(X), 9), ORDERS[name])
    check(X, np.zeros(len(X), int), len(X) - 1, 1, np.arange(0, len(X), 29), ORDERS[name])


@pytest.mark.parametrize("n", [2, 3, 33, 255, 256, 257, 511, 512, 513])
@pytest.mark.parametrize("made", [normal, lambda n, d: lattice(n, d, 4)], ids=["normal", "lattice"])
def test_numbers_of_rows(made, n):
    X = made(n, 3)
    rows = np.arange(n)[:: 1 + n // 60]
    check(X, np.arange(n) % 2, 1, 1, rows)
    check(X, np.zeros(n, int), min(9, n - 1), 1, rows)


@pytest.mark.parametrize("sizes", [(256, 256), (257, 255, 1), (600, 33, 300)])
@pytest.mark.parametrize("shape", ["normal", "lattice", "duplicates across classes", "float32"])
def test_several_leaves_per_class(sizes, shape):
    n = sum(sizes)
    y = np.random.default_rng(3).permutation(np.repeat(np.arange(len(sizes)), sizes))
    X = {
        "normal": normal(n, 5) + y[:, np.newaxis] * 0.7,
        "lattice": lattice(n, 3, 5),
        "duplicates across classes": normal(n, 4)[np.arange(n) // 3],
        "float32": normal(n, 5, dtype=np.float32),
    }[shape]
    check(X, y, 4, 3, np.arange(0, n, 8))


@pytest.mark.parametrize("n_classes", [1, 2, 3])
@given(data=st.data())
def test_any_small_set(n_classes, data):
    X, y = data.draw(labelled(max_rows=100, max_classes=max(2, n_classes)))
    y = y if n_classes > 1 else np.zeros(len(X), int)
    k, nth_other = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 4))
    rows = data.draw(st.lists(st.integers(0, len(X) - 1), min_size=1, max_size=30))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "LEAF_ROWS", 32)
        check(X, y, k, nth_other, np.array(rows))


@pytest.mark.parametrize("factor", [1e3, 1e19, 1e39, 1e160, 1e300, 1e-3, 1e-20, 1e-40, 1e-300])
@pytest.mark.parametrize("among", [0, [1], [0, 2], [0, 1, 2], None])
@pytest.mark.one_in(5)
def test_queries_of_any_size(factor, among):
    X, y = fraud(600, 3)
    Q = normal(40, 3, 1) * factor
    index = fastsmote.NeighborIndex(X, y)
    for ask, far in ((index.query, False), (index.farthest, True)):
        order = questions.order(X, Q, farthest=far)
        expected = questions.among(order, y, [0, 1, 2] if among is None else among, 5)
        distances, indices = ask(Q, 5, among=among)
        np.testing.assert_allclose(distances, expected[0], rtol=1e-15)
        if factor <= 1e3:
            np.testing.assert_array_equal(indices, expected[1])
        # float64 does not tell rows apart around queries far away: those found are as far as the oracle's
        places = np.argsort(order[0], axis=1)
        found = np.take_along_axis(order[1], np.take_along_axis(places, indices, axis=1), axis=1)
        np.testing.assert_allclose(found, expected[0], rtol=1e-15)
        assert np.isin(y[indices], [0, 1, 2] if among is None else among).all()
        assert all(len(set(row)) == 5 for row in indices.tolist())


@pytest.mark.parametrize("X_type", [np.float32, np.float64])
@pytest.mark.parametrize("Q_type", [np.float32, np.float64])
def test_types_of_queries(X_type, Q_type):
    X, y = fraud(500, 4, dtype=X_type)
    Q = normal(30, 4, 1, Q_type)
    index = fastsmote.NeighborIndex(X, y)
    for ask, far in ((index.query, False), (index.farthest, True)):
        assert_answer(
            ask(Q, 6, among=[0, 2]), questions.among(questions.order(X, Q, farthest=far), y, [0, 2], 6), 4
        )


def test_rows_in_any_order_repeated_and_none():
    X, y = lattice(700, 3, 6), fraud(700)[1]
    index = fastsmote.NeighborIndex(X, y)
    everything = answers(index)
    shuffled = np.random.default_rng(0).permutation(700)
    for rows in (shuffled, shuffled[:50], [5, 3, 5, 5, 699, 0], np.array([7], np.uint8), []):
        assert_same(answers(index, rows), [answer[np.asarray(rows, int)] for answer in everything])


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("k", [1, 3, 6])
@pytest.mark.one_in(3)
def test_answers_are_those_of_the_nearest_of_all_classes(name, k):
    X = HOSTILE[name]
    for labels in ("one class", "two classes", "a single row", "classes apart"):
        y = parts_of(X)[labels]
        index = fastsmote.NeighborIndex(X, y)
        nearest = index.query(n_neighbors=k)[1]
        same = y[nearest] == y[:, np.newaxis]
        np.testing.assert_array_equal(index.own_class_first(k), same.all(axis=1))
        if len(np.unique(y)) == 2 and k % 2:
            majority = (k + 1) // 2
            np.testing.assert_array_equal(
                index.own_class_first(majority, majority), same.sum(axis=1) >= majority
            )
        counted, sizes = np.unique(y, return_counts=True)
        rows = np.flatnonzero(np.isin(y, counted[sizes > k]))
        before = index.count_other_classes(k, rows=rows)
        within = (before + np.arange(1, k + 1) <= k).sum(axis=1)
        np.testing.assert_array_equal(within, same[rows].sum(axis=1))


def test_classes_too_small_never_come_first():
    X = normal(40, 3)
    y = np.array([0] * 3 + [1] * 4 + [2] * 33)
    index = fastsmote.NeighborIndex(X, y)
    assert not index.own_class_first(3, 40, rows=[0, 1, 2]).any()
    assert index.own_class_first(3, 40, rows=[3, 4, 5, 6]).all()
    assert index.own_class_first(2, 40, rows=[0, 1, 2]).all()


# How the answers are found


@pytest.fixture
def searches(monkeypatch):
    """Of each search: its rows, and whether it looked at home leaves only."""
    seen = []
    real = search.find_nearest

    def recorded(*arguments, **options):
        seen.append((len(options["rows"]), options.get("homes_only", False)))
        return real(*arguments, **options)

    monkeypatch.setattr(predicates, "find_nearest", recorded)
    monkeypatch.setattr(predicates, "_FEW_LEAVES", 0)  # all of them are searches
    return seen


def test_classes_apart_are_proved_by_home_leaves_alone(searches):
    X = normal(2000, 3) + np.repeat([0.0, 100.0], 1000)[:, np.newaxis]
    index = fastsmote.NeighborIndex(X, np.repeat([0, 1], 1000))
    assert index.own_class_first(5).all()
    assert searches == [(1000, True), (1000, False), (0, False), (0, False)] * 2


def test_what_home_leaves_leave_open_is_searched(searches):
    X, y = fraud(1000, 6)
    rows = np.flatnonzero(y == 0)
    actual = fastsmote.NeighborIndex(X, y).own_class_first(3, rows=rows)
    (_, homes), (_, _), (open_, whole), (searched_again, _) = searches
    assert (homes, whole) == (True, False)
    assert 0 < open_ == searched_again < len(rows)
    proved_at_once = len(rows) - open_
    assert proved_at_once < actual.sum() < len(rows)
    order = questions.order(X)[0]
    expected = [questions.own_class_first(order, y, i, 3, 1) for i in rows]
    np.testing.assert_array_equal(actual, expected)


@pytest.mark.parametrize("X", [normal(2000, 5), lattice(2000, 3, 9)], ids=["normal", "ties"])
def test_a_search_stops_early(X):
    index = build.build_index(X)
    full, homes = search.find_nearest(index, 4), search.find_nearest(index, 4, homes_only=True)
    assert_same(search.find_nearest(index, 4, stop=np.zeros(len(X))), full)
    assert_same(search.find_nearest(index, 4, stop=np.full(len(X), np.inf)), homes)
    assert (homes[0][:, -1] > full[0][:, -1]).any()
    stop = np.random.default_rng(0).permutation(full[0][:, -1]) * 1.5
    distances, indices = search.find_nearest(index, 4, stop=stop)
    to_the_end = full[0][:, -1] >= stop
    assert 0 < to_the_end.sum() < len(X)
    assert_same((distances[to_the_end], indices[to_the_end]), (full[0][to_the_end], full[1][to_the_end]))
    assert (distances[~to_the_end, -1] < stop[~to_the_end]).all()
    assert (distances[~to_the_end] != full[0][~to_the_end]).any()


@pytest.mark.parametrize("X", [normal(900, 5), lattice(900, 3, 4)], ids=["normal", "ties"])
@pytest.mark.parametrize("t", [1, 2, 5])
def test_whether_rows_precede_a_bound(X, t):
    index, rows = build.build_index(X), np.arange(0, 900, 4)
    squared, found = search.find_nearest(index, 8, rows=rows)
    for place in range(8):
        bound = squared[:, place].copy(), found[:, place].copy()
        np.testing.assert_array_equal(predicates.at_least_precede(index, index, rows, t, bound), place >= t)


# The same bits however it is computed

X, Y = fraud(900, 5)
TIES = lattice(900, 3, 7)
sets = pytest.mark.parametrize("data", [X, TIES], ids=["normal", "ties"])


@sets
def test_threads(data):
    expected = answers(fastsmote.NeighborIndex(data, Y, n_jobs=1), n_jobs=1)
    for n_jobs in (2, 4, None):
        assert_same(answers(fastsmote.NeighborIndex(data, Y, n_jobs=n_jobs), n_jobs=n_jobs), expected)


@sets
@pytest.mark.parametrize(
    "change",
    [
        *INDEX_CHANGES,
        {(distance, "ROWS_PER_BLOCK"): 90, (build, "_LEAVES_PER_BLOCK"): 3},
    ],
    ids=lambda change: ",".join(f"{name}={getattr(v, '__name__', v)}" for (_, name), v in change.items()),
)
@pytest.mark.one_in(2)
def test_blocks_and_leaves(data, change, monkeypatch):
    expected = answers(fastsmote.NeighborIndex(data, Y))
    monkeypatch.setattr(distance, "_PAIRS_PER_BLOCK", 31)
    for (module, name), value in change.items():
        monkeypatch.setattr(module, name, value)
    assert_same(answers(fastsmote.NeighborIndex(data, Y)), expected)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_layouts(dtype):
    data = X.astype(dtype)
    expected = answers(fastsmote.NeighborIndex(data, Y))
    frozen = data.copy()
    frozen.flags.writeable = False
    wide = np.repeat(data, 2, axis=1)[:, ::2]
    for other in (np.asfortranarray(data), frozen, wide, data[::-1].copy()[::-1], data.astype(">f8")):
        before = other.copy()
        assert_same(answers(fastsmote.NeighborIndex(other, Y)), expected)
        np.testing.assert_array_equal(other, before)


def test_float32_answers_as_its_float64():
    narrow = X.astype(np.float32)
    expected = answers(fastsmote.NeighborIndex(narrow.astype(np.float64), Y))
    assert_same(answers(fastsmote.NeighborIndex(narrow, Y)), expected)


def test_rows_may_come_in_any_order():
    order = np.random.default_rng(0).permutation(len(X))
    expected = answers(fastsmote.NeighborIndex(X, Y))
    moved = answers(fastsmote.NeighborIndex(X[order], Y[order]))
    for at in (1, 3, 5, 7):
        moved[at] = order[moved[at]]
    assert_same(moved, [answer[order] for answer in expected])


@pytest.mark.parametrize(
    "y",
    [
        Y.tolist(),
        Y.astype(np.uint8),
        Y.astype(float),
        np.array(["a", "b", "c"])[Y],
        np.array(["a", "b", "c"])[Y].tolist(),
        pd.Series(Y, index=np.arange(len(Y))[::-1]),
        pd.Series(np.array(["a", "b", "c"])[Y]),
        pd.Categorical.from_codes(Y, ["a", "b", "c"]),
        pl.Series(Y),
    ],
    ids=[
        "list",
        "uint8",
        "floats",
        "strings",
        "list of strings",
        "pandas",
        "pandas str",
        "categories",
        "polars",
    ],
)
def test_labels_of_any_type(y):
    assert_same(answers(fastsmote.NeighborIndex(X, y)), answers(fastsmote.NeighborIndex(X, Y)))


def test_among_takes_a_label_or_several_in_any_order():
    index = fastsmote.NeighborIndex(X, np.array(["a", "b", "c"])[Y])
    expected = index.query(X[:30], 5, among=["a", "c"])
    for among in (("c", "a"), {"a", "c"}, np.array(["c", "a", "c"])):
        assert_same(index.query(X[:30], 5, among=among), expected)
    assert_same(index.query(X[:30], 5, among="b"), index.query(X[:30], 5, among=["b"]))
    assert_same(index.query(X[:30], 5, among=["a", "b", "c"]), index.query(X[:30], 5))


# Pickles and threads


def compiled():
    """How often each kernel of a search has been compiled."""
    return {
        (module.__name__, name): len(value.signatures)
        for module in (kernels.search, kernels.farthest, kernels.distance, kernels.tree)
        for name, value in vars(module).items()
        if hasattr(value, "signatures")
    }


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("protocol", [2, pickle.HIGHEST_PROTOCOL])
def test_pickle(dtype, protocol):
    X, y = fraud(900, 4, dtype=dtype)
    grown = fastsmote.NeighborIndex(X[:700], y[:700]).append(X[700:], y[700:])
    expected = answers(grown)
    before = compiled()
    assert before["fastsmote._kernels.neighbors.search", "sweep"] > 0
    loaded = pickle.loads(pickle.dumps(grown, protocol))
    assert_same(answers(loaded), expected)
    assert repr(loaded) == repr(grown)
    assert repr(loaded).startswith("NeighborIndex: 900 rows, 4 features, 3 classes\n")
    assert compiled() == before
    assert_same(answers(loaded.append(X[:9], y[:9])), answers(grown.append(X[:9], y[:9])))


def test_many_threads_ask_different_questions_at_once():
    index = fastsmote.NeighborIndex(X, Y)
    Q = normal(90, 5, 4)
    asks = [
        lambda: index.query(n_neighbors=4),
        lambda: index.query(Q, 3, among=[0, 2]),
        lambda: index.farthest(n_neighbors=3, among=2),
        lambda: index.farthest(Q * 1e20, 3),
        lambda: [index.count_other_classes(5)],
        lambda: [index.own_class_first(3)],
        lambda: [index.is_nearest(np.arange(899), np.arange(1, 900))],
        lambda: index.append(Q, np.zeros(90, int)).query(n_neighbors=2),
    ]
    expected = [ask() for ask in asks]
    with ThreadPoolExecutor(8) as pool:
        actual = list(pool.map(lambda i: asks[i % 8](), range(64)))
    for i, answer in enumerate(actual):
        assert_same(answer, expected[i % 8])


@pytest.mark.parametrize(
    "ask",
    [
        lambda index, **rest: index.query(**rest),
        lambda index, **rest: index.farthest(**rest),
        lambda index, **rest: index.count_other_classes(**rest),
        lambda index, **rest: index.own_class_first(**rest),
        lambda index, **rest: index.is_nearest(np.arange(9999), np.arange(1, 10_000), **rest),
    ],
    ids=["query", "farthest", "count_other_classes", "own_class_first", "is_nearest"],
)
def test_progress(ask):
    X, y = fraud(10_000, 2)
    index = fastsmote.NeighborIndex(X, y)
    seen = []
    ask(index, progress=lambda *step: seen.append(step))
    assert seen[-1][0] == seen[-1][1]
    assert all(0 < done <= total for done, total in seen)

    def cancel(done, total):
        raise InterruptedError("enough")

    with pytest.raises(InterruptedError, match="enough"):
        ask(index, progress=cancel)
