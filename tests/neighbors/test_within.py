"""Whether a row lies within a distance, against the distance of the nearest, at and beside every bound."""

import numpy as np
import pytest
from neighbors.answers import INDEX_CHANGES
from strategies import hostile, lattice, normal

from fastsmote._core.check import check_matrix
from fastsmote._neighbors import predicates
from fastsmote._neighbors.build import build_index
from fastsmote._neighbors.index import rescaled_for
from fastsmote._neighbors.search import find_nearest


def check(X, rows, queries=None, n_jobs=None):
    """Bounds that are the distance of some nearest row, and the float64 below it."""
    X = check_matrix(X)
    group = np.arange(0, len(X), 3)
    index = build_index(X, [group], lasting=True)
    if queries is not None:
        queries = check_matrix(queries)
        index = rescaled_for(index, queries)
    nearest = find_nearest(index, 1, queries, rows)[0][:, 0]
    bounds = np.quantile(nearest, [0.0, 0.1, 0.5, 1.0], method="nearest")
    for most in [*bounds, *np.nextafter(bounds, -np.inf), np.inf]:
        found = predicates.any_within(index, rows, most, queries=queries, n_jobs=n_jobs)
        np.testing.assert_array_equal(found, nearest <= most)


@pytest.mark.parametrize("name", hostile())
def test_hostile_data(name):
    X = hostile()[name]
    check(X, np.arange(len(X)))


@pytest.mark.parametrize("n", [4, 95, 96, 97, 991, 992, 993, 3000])
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
    check(normal(3000, 9), np.arange(3000), n_jobs=n_jobs)


def test_rows_without_leaves():
    X = normal(300, 700)
    index = build_index(X, [np.arange(100)])
    nearest = find_nearest(index, 1)[0][:, 0]
    most = float(np.median(nearest))
    np.testing.assert_array_equal(predicates.any_within(index, np.arange(300), most), nearest <= most)
