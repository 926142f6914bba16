"""An index that grows: as if built at once, with parts that stay and stay few."""

import numpy as np
import pytest
from neighbors.answers import answers, assert_same
from strategies import fraud, lattice, normal

import fastsmote


def pieces(kind):
    """Rows to index, and those to append, with labels."""
    data, y = fraud(900, 4)
    ties = lattice(900, 3, 6)
    if kind == "ties":
        return [(ties[:500], y[:500]), (ties[500:], y[500:])]
    if kind == "classes new in between":
        late = np.where(np.arange(900) < 700, y, y - 2)
        return [(data[:600], y[:600]), (data[600:], late[600:])]
    if kind == "one by one":
        return [(data[:860], y[:860]), *((data[i : i + 1], y[i : i + 1]) for i in range(860, 900))]
    if kind == "float32, then float64":
        return [(data[:500].astype(np.float32), y[:500]), (data[500:], y[500:])]
    if kind == "more rows than there were":
        return [(data[:50], y[:50]), (data[50:], y[50:])]
    factor = float(kind)
    return [(data[:500], y[:500]), (data[500:700] * factor, y[500:700]), (data[700:], y[700:])]


KINDS = [
    "ties",
    "classes new in between",
    "one by one",
    "float32, then float64",
    "more rows than there were",
    *("1e3", "1e10", "1e30", "1e300", "1e-10", "1e-30", "1e-300"),
]


@pytest.mark.parametrize("kind", KINDS)
def test_an_index_that_grew_answers_as_one_built_at_once(kind):
    first, *rest = pieces(kind)
    index = fastsmote.NeighborIndex(*first)
    before = answers(index)
    grown, unlabelled = index, fastsmote.NeighborIndex(first[0])
    for rows, y in rest:
        grown, unlabelled = grown.append(rows, y), unlabelled.append(rows)
    whole = np.concatenate([rows for rows, _ in [first, *rest]])
    y = np.concatenate([labels for _, labels in [first, *rest]])
    expected = fastsmote.NeighborIndex(whole, y)
    assert_same(answers(grown), answers(expected))
    Q = normal(20, whole.shape[1], 8)
    for queries in (None, Q, Q * 1e30):
        assert_same(unlabelled.query(queries, 5), expected.query(queries, 5))
        assert_same(unlabelled.farthest(queries, 5), expected.farthest(queries, 5))
        for among in np.unique(y).tolist():
            assert_same(grown.query(queries, 3, among=among), expected.query(queries, 3, among=among))
    nearest = expected.query(n_neighbors=2)[1]
    for column in (0, 1):
        pairs = np.arange(len(whole)), nearest[:, column]
        np.testing.assert_array_equal(unlabelled.is_nearest(*pairs), expected.is_nearest(*pairs))
    assert_same(answers(index), before)


@pytest.mark.parametrize("steps", [[1] * 64, [10] * 50, [1, 2, 3, 4] * 16, range(40, 0, -1)])
def test_parts_stay_few(steps):
    """At most 1 + log2(n) parts of a class, however the rows came."""
    X = normal(1000, 3)
    index = fastsmote.NeighborIndex(X[:100])
    n = 100
    for step in steps:
        index = index.append(X[n : n + step])
        n += step
        assert len(index._labelled.index.parts) <= 1 + np.log2(n)
    assert_same(index.query(), fastsmote.NeighborIndex(X[:n]).query())


def test_what_stands_is_not_built_again():
    X, y = fraud(2000, 4)
    index = fastsmote.NeighborIndex(X[:1800], y[:1800])
    grown = index.append(X[1800:], y[1800:])
    old, new = index._labelled.index.parts, grown._labelled.index.parts
    assert len(new) == 2 * len(old) == 6
    for before, after in zip(old, new, strict=False):
        assert after.code == before.code
        assert after.leaves.panels.panels is before.leaves.panels.panels
        assert after.leaves.ids is before.leaves.ids
    assert sum(len(part.leaves.ids) for part in new) == 2000
    assert grown._labelled.index.X.flags.writeable is False
    np.testing.assert_array_equal(grown._labelled.index.X, X)


def test_rows_far_larger_have_all_built_again():
    X = normal(500, 3)
    index = fastsmote.NeighborIndex(X[:400])
    for factor, stays in ((1e10, True), (1e13, False)):
        grown = index.append(X[400:] * factor)
        old, new = (one._labelled.index.parts[0].leaves.panels for one in (index, grown))
        assert (new.panels is old.panels) is stays


def test_appending_does_not_keep_the_rows_of_the_caller():
    X, new = normal(300, 3), normal(60, 3, 1)
    index = fastsmote.NeighborIndex(X).append(new)
    expected = index.query(n_neighbors=3)
    X[:], new[:] = 0.0, 0.0
    assert_same(index.query(n_neighbors=3), expected)
