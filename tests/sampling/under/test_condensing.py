"""Condensed nearest neighbours and one-sided selection against their definitions and imbalanced-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from imblearn.under_sampling import CondensedNearestNeighbour, OneSidedSelection
from reference.sampling.clean import tomek
from reference.sampling.under import under_sampling
from strategies import fraud, hostile, labelled, lattice, normal

from fastsmote._core.check import check_matrix
from fastsmote._core.labels import check_labels
from fastsmote._sampling.under import condensing
from fastsmote._sampling.under.condensing import (
    condense,
    decide_cnn,
    decide_oss,
    draw_seeds,
    select_one_sided,
)

SEED = 5


def cleaned(labels, classes=None):
    """By default all but the smallest class."""
    codes = np.arange(len(labels.counts))
    return codes != labels.counts.argmin() if classes is None else np.isin(codes, classes)


def cnn(X, y, k=1, n_seeds=1, classes=None, seed=SEED, n_jobs=None):
    labels = check_labels(y)
    return decide_cnn(check_matrix(X), labels, cleaned(labels, classes), seed, k, n_seeds, n_jobs, None)


def oss(X, y, k=1, n_seeds=1, classes=None, seed=SEED, n_jobs=None):
    labels = check_labels(y)
    return decide_oss(check_matrix(X), labels, cleaned(labels, classes), seed, k, n_seeds, n_jobs, None)


def assert_is_the_oracle(X, y, k=1, n_seeds=1, classes=None, seed=SEED):
    labels = check_labels(y)
    codes, chosen = labels.codes, np.flatnonzero(cleaned(labels, classes)).tolist()
    seeds = under_sampling.seeds(codes, chosen, n_seeds, seed)
    actual = cnn(X, y, k, n_seeds, classes, seed)
    assert actual.dtype == np.int64
    assert actual.tolist() == under_sampling.condensed(X, codes, seeds, k)
    first = np.array(under_sampling.one_sided(X, codes, seeds, k))
    expected = first[tomek.kept(np.asarray(X)[first], codes[first], set(chosen))]
    actual = oss(X, y, k, n_seeds, classes, seed)
    assert actual.dtype == np.int64
    assert actual.tolist() == expected.tolist()


def random_labels(n, seed=1, names=(0, 1, 2), shares=(0.6, 0.3, 0.1)):
    return np.random.default_rng(seed).choice(names, n, p=shares)


@pytest.mark.parametrize("name", hostile())
def test_is_the_definition(name):
    X = hostile()[name]
    assert_is_the_oracle(X, random_labels(len(X)))
    assert_is_the_oracle(X, random_labels(len(X)), k=3, n_seeds=4)


@pytest.mark.parametrize("k", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("n_seeds", [1, 5])
@pytest.mark.parametrize("names", [[0, 1, 2], [2, 1, 0], ["b", "c", "a"]])
@pytest.mark.parametrize("data", [normal(250, 3), lattice(250, 2, 5)], ids=["normal", "ties"])
@pytest.mark.one_in(5)
def test_neighbours_seeds_and_names_of_classes(data, names, n_seeds, k):
    """The smallest class is the last, the first, and sorts between: where a vote is even, it matters."""
    assert_is_the_oracle(data, random_labels(250, 3, names), k, n_seeds)


@pytest.mark.parametrize("classes", [[], [0], [2], [1, 2], [0, 1, 2]])
def test_classes_to_clean(classes):
    X, y = lattice(250, 3, 4), random_labels(250)
    assert_is_the_oracle(X, y, classes=classes)
    kept = cnn(X, y, classes=classes)
    whole = [code for code in range(3) if code not in classes or code == 2]  # 2 is the smallest
    assert np.isin(np.flatnonzero(np.isin(y, whole)), kept).all()


@given(data=labelled(), seed=st.integers(0, 2**64 - 1), k=st.integers(1, 3))
def test_any_small_set(data, seed, k):
    X, y = data
    counts = np.bincount(y)
    assert_is_the_oracle(X, y, min(k, counts[counts > 0].min() + 1), 1, None, seed)


def test_more_neighbours_than_the_smallest_class_has():
    X, y = normal(120, 2), np.repeat([0, 1], [117, 3])
    for k, n_seeds in [(5, 4), (7, 4), (8, 9), (12, 9)]:
        assert_is_the_oracle(X, y, k, n_seeds)


@pytest.mark.parametrize("passed", [1, 2, 7, 64])
@pytest.mark.parametrize("k", [1, 4])
@pytest.mark.one_in(2)
def test_passes_make_no_difference(passed, k, monkeypatch):
    X, y = fraud(3000, 4, (0.7, 0.3))
    expected = cnn(X, y, k, 3)
    monkeypatch.setattr(condensing, "PASS", passed)
    np.testing.assert_array_equal(cnn(X, y, k, 3), expected)


@pytest.mark.parametrize("k", [1, 3, 4])
def test_the_store_classifies_all_rows_of_the_class_rightly(k):
    """A row that is right stays right, whatever joins after it."""
    X, y = fraud(600, 3, (0.8, 0.2))
    kept = cnn(X, y, k, 3)
    left_out = np.setdiff1d(np.arange(len(y)), kept)
    assert len(left_out) > 100
    squared = under_sampling.distances(X)
    assert {under_sampling.predicted(squared, y, row, kept, k) for row in left_out} == {0}


def imbalanced_learns(sampler, X, y):
    """Its rows, and the seeds it drew, without repetitions."""
    sampler.fit_resample(X, y)
    state = np.random.RandomState(sampler.random_state)
    smallest = np.bincount(y).argmin()
    seeds = {}
    for code in np.delete(np.unique(y), smallest).tolist():
        rows = np.flatnonzero(y == code)
        seeds[code] = np.unique(rows[state.randint(0, len(rows), sampler.n_seeds_S)])
    return np.unique(sampler.sample_indices_), seeds


@pytest.mark.parametrize(("k", "n_seeds"), [(1, 1), (1, 6), (3, 4)])
def test_condensing_is_imbalanced_learns_where_the_class_comes_first(k, n_seeds):
    X, y = fraud(700, 4, (0.8, 0.2))
    order = np.argsort(y, kind="stable")
    X, y = X[order], y[order]
    sampler = CondensedNearestNeighbour(n_neighbors=k, n_seeds_S=n_seeds, random_state=4)
    expected, seeds = imbalanced_learns(sampler, X, y)
    actual = condense(check_matrix(X), check_labels(y), seeds, k, None, None)
    assert actual.tolist() == expected.tolist()


@pytest.mark.parametrize(("k", "n_seeds"), [(1, 1), (1, 6), (3, 4)])
def test_one_sided_selection_is_imbalanced_learns(k, n_seeds):
    X, y = fraud(700, 4)
    sampler = OneSidedSelection(n_neighbors=k, n_seeds_S=n_seeds, random_state=4)
    expected, seeds = imbalanced_learns(sampler, X, y)
    assert [len(rows) for rows in seeds.values()] == [n_seeds, n_seeds]
    kept = select_one_sided(check_matrix(X), check_labels(y), seeds, k, None, None)
    assert kept[tomek.kept(X[kept], y[kept], {0, 1})].tolist() == expected.tolist()


def test_seeds():
    labels = check_labels(random_labels(400))
    draw = [draw_seeds(labels, cleaned(labels), seed, 30, 1, None) for seed in (1, 1, 2)]
    for code in (0, 1):
        first, again, other = (seeds[code] for seeds in draw)
        assert first.tolist() == again.tolist()
        assert first.tolist() != other.tolist()
        assert (labels.codes[first] == code).all()
        assert (np.diff(first) > 0).all()
    whole = draw_seeds(labels, cleaned(labels), 1, int(labels.counts[1]), 1, None)
    assert whole[1].tolist() == np.flatnonzero(labels.codes == 1).tolist()


def test_inputs_stay():
    X, y = fraud(500, 3)
    before = X.copy()
    cnn(X, y)
    oss(X, y)
    np.testing.assert_array_equal(X, before)


@pytest.mark.parametrize("function", [cnn, oss])
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n_seeds": 241}, "n_seeds_S must be at most 240, the number of rows of class 1. Got 241"),
        (
            {"k": 123, "n_seeds": 2},
            "n_neighbors must be at most 122, the 120 rows of class 2 and n_seeds_S=2",
        ),
    ],
)
def test_errors(function, change, message):
    X, y = fraud()
    with pytest.raises(ValueError, match=message):
        function(X, y, **change)
