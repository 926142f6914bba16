"""``min_count`` of cleaners: which rows go when not all may; and warnings when a class goes."""

import warnings

import numpy as np
import pytest
from reference.neighbors import knn
from reference.sampling.clean import editing, tomek
from strategies import fraud, lattice

import fastsmote
from fastsmote import select

CLEANERS = [
    "tomek_links",
    "edited_nearest_neighbours",
    "repeated_edited_nearest_neighbours",
    "all_knn",
    "neighbourhood_cleaning_rule",
]
cleaners = pytest.mark.parametrize("name", CLEANERS)

SHARES = (0.5, 0.3, 0.2)
_, Y = fraud(900, 3, SHARES, 5)
DATA = {"normal": fraud(900, 3, SHARES, 5)[0], "ties": lattice(900, 3, 5)}


def tomek_left(X, y, floor, distances):
    pairs = tomek.links(X, y)
    ends = sorted((distances[i, j], row) for i, j in pairs for row in (i, j))
    left = np.ones(len(y), bool)
    for _, row in ends:
        if (y[left] == y[row]).sum() > floor:
            left[row] = False
    return np.flatnonzero(left)


def by_definition(name, X, y, floor):
    squared = knn.squared_distances(X, X)
    if name == "tomek_links":
        return tomek_left(X, y, floor, squared)
    ranked, every = editing.rank(X), set(y.tolist())
    if name == "edited_nearest_neighbours":
        return editing.enn(ranked, y, every, 3, "all", floor, squared)
    if name == "repeated_edited_nearest_neighbours":
        return editing.renn(ranked, y, every, 3, "all", 100, floor, squared)[0]
    if name == "all_knn":
        return editing.all_knn(ranked, y, every, 3, "all", False, floor, squared)
    return editing.ncr(ranked, y, every, 3, 0.5, floor, squared)


@pytest.mark.slow
@cleaners
@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("floor", [20, 150, 178, 400])
def test_the_most_entangled_go_first(name, data, floor):
    X = DATA[data]
    kept = getattr(select, name)(X, Y, sampling_strategy="all", min_count=floor)
    np.testing.assert_array_equal(kept, by_definition(name, X, Y, floor))


@cleaners
def test_a_floor_that_nothing_reaches_changes_nothing(name):
    X = DATA["normal"]
    kept = getattr(select, name)(X, Y)
    least = int(np.bincount(Y[kept]).min())
    np.testing.assert_array_equal(getattr(select, name)(X, Y, min_count=least), kept)


@cleaners
def test_balanced_is_the_size_of_the_smallest_class(name):
    X, counts = DATA["ties"], np.bincount(Y)
    kept = getattr(select, name)(X, Y, min_count="balanced")
    np.testing.assert_array_equal(kept, getattr(select, name)(X, Y, min_count=int(counts.min())))
    assert np.bincount(Y[kept]).min() >= counts.min()


@cleaners
def test_a_class_below_its_floor_stays_whole(name):
    kept = getattr(select, name)(DATA["ties"], Y, sampling_strategy="all", min_count=300)
    small = np.flatnonzero(np.bincount(Y)[Y] <= 300)
    assert len(small)
    assert np.isin(small, kept).all()


def test_rows_with_most_others_around_go_first_and_of_these_the_nearest():
    """Of class 0, row 2 has three neighbours of class 1, rows 0 and 1 two, and row 1 is nearer to them."""
    X = [[0.0], [0.3], [1.05], [1.0], [0.9], [1.2], [1.3], [9.0], [9.1], [9.2], [9.3]]
    y = [0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0]
    kept = [
        select.edited_nearest_neighbours(X, y, sampling_strategy=[0], min_count=floor).tolist()
        for floor in (7, 6, 5, 4)
    ]
    gone = [sorted(set(range(11)) - set(rows)) for rows in kept]
    assert gone == [[], [2], [1, 2], [0, 1, 2]]


@cleaners
def test_a_class_that_vanishes_is_told(name):
    X = [[0.0], [10.0], [0.1], [9.9], [4.0], [4.1], [4.2], [4.3], [4.4]]
    y = ["a", "a", "b", "b", "c", "c", "c", "c", "c"]
    with pytest.warns(UserWarning, match=r"All rows of \['a', 'b'\] are removed.*min_count") as caught:
        _, labels = getattr(fastsmote, name)(X, y, sampling_strategy=["a", "b"])
    assert caught[0].filename == __file__
    assert set(labels) == {"c"}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _, labels = getattr(fastsmote, name)(X, y, sampling_strategy=["a", "b"], min_count=1)
    assert sorted(labels) == ["a", "b", *"ccccc"]


@cleaners
@pytest.mark.parametrize(
    ("min_count", "error", "words"),
    [
        (0, ValueError, "min_count must be"),
        (-3, ValueError, "min_count must be"),
        (
            "all",
            ValueError,
            "min_count must be None, \"balanced\" or an integer >= 1 for all classes. Got 'all'",
        ),
        (2.5, TypeError, "min_count must be"),
        (True, TypeError, "min_count must be"),
        ({0: 5}, TypeError, "min_count must be"),
    ],
)
def test_errors(name, min_count, error, words):
    with pytest.raises(error, match=words):
        getattr(select, name)(DATA["normal"], Y, min_count=min_count)
