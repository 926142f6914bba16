"""Lists of a good part of all rows: the bits of the index, on both sides of the switch."""

import numpy as np
import pytest
from neighbors.answers import assert_same
from reference.neighbors import knn
from strategies import hostile, lattice, normal

from fastsmote._neighbors import build, long_lists, loose, search
from fastsmote._neighbors.index import Index, hide_rows


@pytest.fixture(params=[False, True])
def lasting(request):
    """Of leaves, and of loose rows where a table is small."""
    return request.param


def both(monkeypatch, ask):
    """What the index finds, and what is found here."""
    found = []
    for is_long in (False, True):
        with monkeypatch.context() as patched:
            patched.setattr(long_lists, "are_long", lambda *_, answer=is_long: answer)
            found.append(ask())
    return found


@pytest.mark.parametrize("k", [1, 66, 100, 299, 300, 301])
@pytest.mark.parametrize(
    "X", [normal(300, 5), lattice(300, 3, 3), np.ones((300, 2)), normal(300, 9, dtype=np.float32)]
)
def test_lists_of_any_length(X, k, lasting, monkeypatch):
    X.setflags(write=False)
    index = build.build_index(X, lasting=lasting)
    expected, found = both(monkeypatch, lambda: search.find_nearest(index, k))
    assert_same(found, expected)
    if k < 300:
        np.testing.assert_array_equal(found[1], knn.nearest(X, k)[1])


@pytest.mark.parametrize("name", hostile())
def test_hostile_rows(name, monkeypatch):
    X = hostile()[name]
    X.setflags(write=False)
    index = build.build_index(X, lasting=True)
    for k in {max(1, len(X) // 9), max(1, len(X) - 1)}:
        assert_same(*both(monkeypatch, lambda k=k: search.find_nearest(index, k)))
        Q, some = X[::2] * X.dtype.type(0.75), np.arange(0, len(X), 3)
        assert_same(*both(monkeypatch, lambda k=k, Q=Q: search.find_nearest(index, k, Q)))
        assert_same(*both(monkeypatch, lambda k=k, some=some: search.find_nearest(index, k, rows=some)))


@pytest.mark.parametrize("k", [120, 500])
def test_distances_that_differ_in_their_last_bits(k, monkeypatch):
    """Leading bits are the same, places say otherwise: within the list, and at its end."""
    values = 1.0 + np.arange(900)[::-1] * 2.0**-50
    values[::10] = np.random.default_rng(0).random(90)
    X = values[:, np.newaxis]
    X.setflags(write=False)
    index = build.build_index(X, lasting=True)
    asked = []
    argsort = np.argsort
    monkeypatch.setattr(
        np, "argsort", lambda *given, **named: asked.append(named) or argsort(*given, **named)
    )
    expected, found = both(monkeypatch, lambda: search.find_nearest(index, k, np.zeros((5, 1))))
    assert_same(found, expected)
    assert {"axis": 1, "kind": "stable"} in asked


def test_hidden_rows_and_parts(lasting, monkeypatch):
    X = normal(600, 4)
    X.setflags(write=False)
    codes = np.arange(600) % 3
    hidden = np.arange(600) % 4 == 1
    index = build.build_index(X, [np.flatnonzero(codes == c) for c in range(3)], lasting=lasting)
    hide_rows(index, hidden)
    for among in (index, index.of_class(1), index.of_others(1)):
        expected, found = both(monkeypatch, lambda among=among: search.find_nearest(index, 440, among=among))
        assert_same(found, expected)
        assert not hidden[found[1][found[1] < 600]].any()


def test_nothing_to_find(lasting):
    X = normal(300, 4)
    X.setflags(write=False)
    index = build.build_index(X, lasting=lasting)
    nowhere = search.find_nearest(index, 100, among=Index(()))
    hide_rows(index, np.ones(300, bool))
    for distances, indices in (nowhere, search.find_nearest(index, 100)):
        np.testing.assert_array_equal(distances, np.full((300, 100), np.inf))
        np.testing.assert_array_equal(indices, np.full((300, 100), 300))


@pytest.mark.parametrize("n_jobs", [1, 2, 3])
def test_threads_blocks_and_progress(n_jobs, monkeypatch):
    X, told = normal(200, 3), []
    X.setflags(write=False)
    index = build.build_index(X, lasting=True)
    expected = search.find_nearest(index, 150, n_jobs=1)
    monkeypatch.setattr(long_lists, "_PAIRS", 700)
    found = search.find_nearest(index, 150, n_jobs=n_jobs, progress=lambda *done: told.append(done))
    assert_same(found, expected)
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]


@pytest.mark.parametrize(
    ("n", "k", "is_long"), [(600, 64, False), (600, 65, True), (780, 65, True), (781, 65, False)]
)
def test_the_switch(n, k, is_long):
    assert long_lists.are_long(build.build_index(normal(n, 2), lasting=True), k) == is_long


def test_categories_are_left_to_the_index():
    codes = lattice(200, 2, 3).astype(np.int32)
    index = build.build_index(normal(200, 3), lasting=True)
    assert long_lists.are_long(index, 150)
    assert not long_lists.are_long(build.with_categories(index, codes, 1.0), 150)


def test_before_anything_is_compiled_loose_rows_may_do(monkeypatch):
    index = build.build_index(normal(200, 3), lasting=True)
    monkeypatch.setattr(loose.allowance, "is_compiled", lambda dtype: False)
    assert not long_lists.are_long(index, 150)
