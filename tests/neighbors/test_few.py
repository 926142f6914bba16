"""Few rows, compared as they are: none within the bound is left out, whatever fills the panels."""

import math

import numpy as np
import pytest
from strategies import lattice, normal

from fastsmote._core.labels import rows_by_code
from fastsmote._neighbors import build, few, search, tiles
from fastsmote._neighbors.index import Loose, hide_rows


@pytest.fixture(autouse=True)
def _are_few(monkeypatch):
    monkeypatch.setattr(few, "STEPS", math.inf)


def order(X, sign):
    """All others of each row by (squared distance times sign, row), of whole numbers."""
    difference = X[:, np.newaxis] - X
    squared = sign * (difference * difference).sum(axis=2)
    np.fill_diagonal(squared, math.inf)
    return np.argsort(squared, axis=1, kind="stable")


@pytest.mark.parametrize("n", [2, 7, 8, 9, 15, 16, 17, 24, 63, 64, 65, 130])
@pytest.mark.parametrize("k", [1, 5, 14, 15, 16, 17, 64, 70])
@pytest.mark.parametrize(("find", "sign"), [(search.find_nearest, 1), (search.find_farthest, -1)])
def test_ties_and_panels_that_are_not_full(n, k, find, sign):
    k = min(k, n - 1)
    for X in (lattice(n, 2, 3), lattice(n, 5, 2), np.zeros((n, 1))):
        index = build.build_index(X)
        assert isinstance(index.parts[0].leaves, Loose)
        assert find(index, k)[1].tolist() == order(X, sign)[:, :k].tolist()


@pytest.mark.parametrize("k", [1, 5, 16])
def test_lists_that_are_known_and_rows_that_are_hidden(k):
    X, codes = normal(90, 3), np.arange(90) % 2
    index = build.build_index(X, rows_by_code(codes, 2))
    whole = search.find_nearest(index, k)
    own = search.find_nearest(index, k, among=index.of_class(0))
    for part in (index.of_class(1), index):  # what is offered twice enters once: no list begins with it
        known = tuple(each.copy() for each in own) if part is not index else None
        actual = search.find_nearest(index, k, among=part, known=known)
        np.testing.assert_array_equal(actual[1], whole[1])
    hide_rows(index, codes == 1)
    np.testing.assert_array_equal(search.find_nearest(index, k)[1], own[1])


@pytest.mark.parametrize("n", [33, 63, 64, 65, 95, 97, 128, 160])
@pytest.mark.parametrize("k", [1, 5, 31, 63])
@pytest.mark.parametrize("sign", [1, -1])
def test_tiles(n, k, sign, monkeypatch):
    """Columns that are full and not, products that tell too few apart: the bits of exact distances alone."""
    k, find = min(k, n - 1), search.find_nearest if sign > 0 else search.find_farthest
    for X in (normal(n, 3), 1e6 + normal(n, 9), lattice(n, 5, 3), 1e200 * normal(n, 17), normal(n, 2) ** 15):
        index = build.build_index(X)
        expected = find(index, k)
        with monkeypatch.context() as patch:
            patch.setattr(few, "_STEPS", -math.inf)
            patch.setattr(few, "_LEAST", 0)
            # whatever products tell apart, by pairs or not, and only if they tell nearly all
            for worth, pairs in ((1e-9, 1), (1e-9, 99), (1e9, 99)):
                patch.setattr(tiles, "_WORTH", worth)
                patch.setattr(tiles, "_PAIRS_FROM", pairs)
                for actual, wanted in zip(find(index, k), expected, strict=True):
                    np.testing.assert_array_equal(actual, wanted)


def test_products_that_tell_too_few_apart_are_given_up(monkeypatch):
    monkeypatch.setattr(few, "_STEPS", -math.inf)
    taken, by_tiles = [], tiles.search
    monkeypatch.setattr(tiles, "search", lambda *given: taken.append(by_tiles(*given)) or taken[-1])
    for X in (normal(400, 8), np.zeros((400, 8)), lattice(400, 2, 2)):
        search.find_nearest(build.build_index(X), 5)
    assert taken == [True, False, False]
