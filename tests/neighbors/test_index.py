"""The record of an index: rows that are hidden, and scales that suit queries."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from neighbors.answers import assert_same
from strategies import fraud, lattice, normal

from fastsmote._neighbors import batches, build, search
from fastsmote._neighbors.build import build_index
from fastsmote._neighbors.index import hide_rows, rescaled_for
from fastsmote._neighbors.search import find_nearest


@pytest.mark.parametrize("X", [normal(900, 5), lattice(900, 3, 5)], ids=["normal", "ties"])
@pytest.mark.parametrize("share", [0.01, 0.5, 0.95])
def test_hidden_rows_are_not_found_and_the_others_are_as_in_an_index_of_theirs(X, share):
    index = build_index(X, [np.arange(0, 900, 2), np.arange(1, 900, 2)])
    hidden = np.random.default_rng(1).random(900) < share
    hide_rows(index, hidden)
    left = np.flatnonzero(~hidden)
    for rows in (left, np.flatnonzero(hidden)):
        _, found = find_nearest(index, 4, rows=rows)
        assert not hidden[found].any()
        assert_same([found], [find_nearest(build_index(X, [left]), 4, rows=rows)[1]])
    hide_rows(index, np.ones(900, bool))
    assert (find_nearest(index, 1)[1] == 900).all()


def test_hiding_leaves_an_index_read_only():
    X, _ = fraud(300, 3)
    index = build_index(X)
    hide_rows(index, np.arange(300) < 9)
    for part in index.parts:
        assert not any(array.flags.writeable for array in (*part.leaves.panels, part.leaves.ids))


def test_an_index_rescaled_for_queries_has_the_smaller_of_two_scales():
    X = normal(100, 3)
    index = build_index(X)
    assert rescaled_for(index, X / 4).scale == index.scale
    assert rescaled_for(index, X * 4).scale == index.scale / 4
    assert index.scale == build_index(X).scale


@pytest.mark.parametrize("n_pivots", [4, 1024])
@pytest.mark.parametrize("dealt", [1, 50, 1 << 15])
@pytest.mark.parametrize("X", [normal(900, 3), lattice(900, 3, 2)], ids=["normal", "ties"])
@pytest.mark.parametrize(("lo", "nth", "hi"), [(0, 450, 900), (100, 101, 800), (3, 890, 900), (5, 6, 7)])
def test_a_node_is_split_before_its_place(X, lo, nth, hi, dealt, n_pivots, monkeypatch):
    """Whatever the sample says of the middle; equal keys go by place, and no row is lost."""
    for name, value in {"_DEALT_TOGETHER": dealt, "_PIVOTS": n_pivots, "_OFF_MIDDLE": 1}.items():
        monkeypatch.setattr(build, name, value)
    coordinates = np.ascontiguousarray(X.T, np.float32)
    words, spare = np.random.default_rng(0).permutation(900).astype(np.uint64), np.empty(900, np.uint64)
    before = words.copy()
    (half,) = build._halve(coordinates, words, spare, [(lo, nth, hi)], None)
    axis, value = half.axis, half.value(coordinates, words, nth)
    rows = (words & np.uint64(2**32 - 1)).astype(np.int64)
    order = np.lexsort((rows[lo:hi], coordinates[axis, rows[lo:hi]]))
    assert set(order[: nth - lo]) == set(range(nth - lo))
    assert order[nth - lo] == nth - lo
    assert value == coordinates[axis, rows[nth]]
    assert sorted(rows[lo:hi]) == sorted(before[lo:hi].tolist())
    assert_same([words[:lo], words[hi:]], [before[:lo], before[hi:]])


@pytest.mark.parametrize("n", [1, 2, 31, 32, 33])
@pytest.mark.parametrize("k", [1, 5, 70])
def test_few_rows_are_compared_as_a_whole(n, k, monkeypatch):
    X, Q = lattice(n, 3, 3), lattice(100, 3, 4)
    index = build_index(X, [np.arange(0, n, 2), np.arange(1, n, 2)])
    hide_rows(index, np.arange(n) % 5 == 3)
    found = find_nearest(index, k, Q), find_nearest(index, k)
    monkeypatch.setattr(search, "_FEW_ROWS", 0)
    for one, other in zip(found, (find_nearest(index, k, Q), find_nearest(index, k)), strict=True):
        assert_same(one, other)


@given(st.integers(0, 10**6), st.integers(1, 3000))
def test_blocks_of_queries_cover_them_and_end_with_small_ones(m, size):
    edges = np.array(batches._edges(m, size))
    assert (edges[0], edges[-1]) == (0, m)
    widths = np.diff(edges)
    assert (widths > 0).all()
    assert widths.max(initial=0) <= size
    assert (widths[edges[:-1] >= 7 * m / 8] <= max(batches._CUT_TO, size // 4)).all()
