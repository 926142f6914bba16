"""The record of an index: rows that are hidden, and scales that suit queries."""

import numpy as np
import pytest
from neighbors.answers import assert_same
from strategies import fraud, lattice, normal

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
