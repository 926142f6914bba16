"""Whether rows precede a bound, against the order that a search finds, at and beside every bound."""

import numpy as np
import pytest
from neighbors.answers import INDEX_CHANGES
from strategies import hostile, lattice, normal

from fastsmote._core.check import check_matrix
from fastsmote._neighbors import predicates
from fastsmote._neighbors.build import build_index
from fastsmote._neighbors.index import Index, hide_rows, rescaled_for
from fastsmote._neighbors.search import find_nearest


def check(X, rows, queries=None, n_jobs=None, hidden=None):
    """Bounds that are the place of the j-th row around each query, the places beside it, and none."""
    X = check_matrix(X)
    groups = [np.arange(0, len(X), 3), np.arange(1, len(X), 3)]
    index = build_index(X, groups, lasting=True)
    if queries is not None:
        queries = check_matrix(queries)
        index = rescaled_for(index, queries)
    if hidden is not None:
        hide_rows(index, hidden)
    for among in (index, index.of_class(1)):
        k = min(3, len(among.rows()) - 1)
        squared, found = find_nearest(index, k, queries, rows, among=among)
        for j in range(k):
            for beyond in (0, 1, 2):
                place = squared[:, j].copy(), found[:, j] + (beyond == 1)
                if beyond == 2:
                    place[0][::2] = np.inf
                    place[0][1::2] = np.nextafter(place[0][1::2], -np.inf)
                before = (squared < place[0][:, None]) | (
                    (squared == place[0][:, None]) & (found < place[1][:, None])
                )
                for n_rows in range(1, k + 1):
                    actual = predicates.at_least_precede(
                        index, among, rows, n_rows, place, queries=queries, n_jobs=n_jobs
                    )
                    np.testing.assert_array_equal(actual, before.sum(axis=1) >= n_rows)


@pytest.fixture(params=[0, 10**6], ids=["searched", "counted"], autouse=True)
def way(request, monkeypatch):
    monkeypatch.setattr(predicates, "_FEW_LEAVES", request.param)


@pytest.mark.parametrize("name", hostile())
def test_hostile_data(name):
    X = hostile()[name]
    check(X, np.arange(len(X)))


@pytest.mark.parametrize("n", [6, 95, 96, 97, 991, 992, 993])
@pytest.mark.parametrize("d", [1, 4, 13, 31, 33])
def test_sizes_around_the_edges(n, d):
    check(normal(n, d), np.random.default_rng(n).permutation(n)[: n - 1])


@pytest.mark.parametrize("X", [lattice(3000, 3, 4), lattice(3000, 3, 4).astype(np.float32)])
def test_ties_and_types(X):
    check(X, np.arange(len(X)))
    check(X, np.arange(500)[::-1], X[:500] + X.dtype.type(0.5))


@pytest.mark.parametrize("size", [1e30, 1e200, 1e-200])
def test_queries_of_another_size(size):
    """Some of them are beyond what float32 holds."""
    X = normal(1500, 6)
    check(X, np.arange(1000), X[:1000] * np.where(np.arange(1000) % 5 == 0, size, 1.0)[:, np.newaxis])


@pytest.mark.parametrize("changes", INDEX_CHANGES)
@pytest.mark.parametrize("n_jobs", [1, 3])
def test_block_sizes_change_nothing(changes, n_jobs, monkeypatch):
    for (place, name), value in changes.items():
        monkeypatch.setattr(place, name, value)
    monkeypatch.setattr(predicates, "ROWS_PER_BLOCK", 700)
    check(normal(2000, 9), np.arange(2000), n_jobs=n_jobs)


def test_hidden_rows_precede_nothing():
    check(normal(2000, 9), np.arange(2000), hidden=np.arange(2000) % 7 == 0)


def test_no_part_has_no_row():
    X = normal(300, 4)
    index = build_index(X, [np.arange(300)], lasting=True)
    bound = np.full(300, np.inf), np.full(300, 300)
    assert not predicates.at_least_precede(index, Index(()), np.arange(300), 1, bound).any()
