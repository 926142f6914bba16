"""NearMiss against its definition, against imbalanced-learn, and within its memory."""

import tracemalloc
import warnings

import numpy as np
import pytest
from hypothesis import given
from imblearn.under_sampling import NearMiss
from reference.sampling.under import under_sampling
from strategies import fraud, hostile, labelled, lattice, normal

from fastsmote._core.check import check_matrix
from fastsmote._core.labels import check_labels
from fastsmote._sampling.strategy import under_targets
from fastsmote._sampling.under import near_miss
from fastsmote._sampling.under.near_miss import decide_near_miss

VERSIONS = pytest.mark.parametrize("version", [1, 2, 3])


def decide(X, y, version, targets=None, k=3, k_ver3=3, n_jobs=None):
    labels = check_labels(y)
    targets = under_targets("auto", labels, y) if targets is None else np.array(targets)
    return decide_near_miss(check_matrix(X), labels, targets, version, k, k_ver3, n_jobs, None)


def random_labels(n, seed=1):
    return np.random.default_rng(seed).choice(3, n, p=[0.6, 0.3, 0.1])


def assert_is_the_oracle(X, y, version, targets, k=3, k_ver3=3):
    """The same rows, and a warning for each class of which there are too few."""
    expected, short = under_sampling.near_miss(X, check_labels(y).codes, targets, version, k, k_ver3)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        actual = decide(X, y, version, targets, k, k_ver3)
    assert actual.dtype == np.int64
    assert actual.tolist() == expected
    assert len(caught) == len(short)


@VERSIONS
@pytest.mark.parametrize("name", hostile())
@pytest.mark.one_in(3)
def test_is_the_definition(name, version):
    X = hostile()[name]
    y = random_labels(len(X))
    assert_is_the_oracle(X, y, version, np.minimum(np.bincount(y), 7 + np.arange(3)))


@VERSIONS
@pytest.mark.parametrize("n_neighbors", [1, 2, 5])
@pytest.mark.parametrize("data", [normal(500, 4), lattice(500, 2, 4), normal(9, 3)[np.arange(500) % 9]])
def test_neighbours_ties_and_duplicates(data, version, n_neighbors):
    y = random_labels(500, 2)
    assert_is_the_oracle(data, y, version, [40, 150, int((y == 2).sum())], n_neighbors, n_neighbors + 1)


@VERSIONS
@given(data=labelled())
def test_any_small_set(data, version):
    X, y = data
    counts = np.bincount(y)
    targets = np.minimum(counts, np.maximum(counts.min(), 1))[counts > 0]
    assert_is_the_oracle(X, y, version, targets, 1, 1)


@VERSIONS
def test_filters_keep_what_belongs(version):
    """Many rows, few kept: the bounds of versions 1 and 2 are at work."""
    X, y = fraud(6000, 5, (0.95, 0.05))
    assert_is_the_oracle(X, y, version, [20, 300])


@pytest.mark.parametrize("place", [0, 1])
def test_a_sample_that_misleads(place):
    """All rows of the sample of version 1 are near the smallest class, or none is."""
    X, y = fraud(6000, 5, (0.95, 0.05))
    small, large = np.flatnonzero(y == 1), np.flatnonzero(y == 0)
    step = min(near_miss._SAMPLE_STEP, len(large) // (4 * 20))
    assert step > 2
    near = np.arange(len(large)) % step == place
    X[large[near]] = X[small[np.arange(near.sum()) % len(small)]] + 1e-3
    assert_is_the_oracle(X, y, 1, [20, 300])


@VERSIONS
@pytest.mark.parametrize("scale", [1.0, 1e-320, 1e300])
@pytest.mark.one_in(3)
def test_filters_on_ties_and_at_the_ends_of_float64(version, scale):
    X, y = lattice(5000, 3, 5) * scale, fraud(5000, 3, (0.94, 0.06))[1]
    assert_is_the_oracle(X, y, version, [15, 300])


@VERSIONS
def test_the_smallest_class_may_lose_rows_too(version):
    X, y = lattice(300, 2, 6), random_labels(300)
    counts = np.bincount(y)
    assert_is_the_oracle(X, y, version, [counts[0], 9, 11])
    kept = decide(X, y, version, [5, 0, 0])
    assert np.bincount(y[kept], minlength=3).tolist() == [5, 0, 0]
    assert decide(X, y, version, [0, 0, 0]).tolist() == []


@VERSIONS
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_is_imbalanced_learns(version, dtype):
    X, y = fraud(900, 5, dtype=dtype)
    sampler = NearMiss(version=version, n_neighbors=4, n_neighbors_ver3=9)
    sampler.fit_resample(X, y)
    assert decide(X, y, version, k=4, k_ver3=9).tolist() == sorted(sampler.sample_indices_.tolist())


def test_string_labels():
    X, y = fraud(400, 3)
    expected = decide(X, y, 1)
    assert decide(X, np.array(["a", "b", "c"])[y], 1).tolist() == expected.tolist()


@VERSIONS
def test_filters_make_no_difference(version, monkeypatch):
    X, y = fraud(3000, 5, (0.9, 0.1))
    targets = [50, 300]
    expected = decide(X, y, version, targets)
    for module, name, value in [
        (near_miss, "_SAMPLE_STEP", 1),
        (near_miss, "_SAMPLE_STEP", 3),
        (near_miss, "_ASKED", 7),
        (near_miss, "_EXTREMES", 5),
        (near_miss, "_EXTREMES", 10_000),
    ]:
        with monkeypatch.context() as patch:
            patch.setattr(module, name, value)
            np.testing.assert_array_equal(decide(X, y, version, targets), expected)


def test_version_3_says_when_candidates_are_too_few():
    X, y = np.r_[normal(90, 2), np.full((10, 2), 9.0)], ["many"] * 90 + ["few"] * 10
    with pytest.warns(UserWarning, match=r"asked for 10 rows of class 'many', of which only 2 .*=2 nearest"):
        kept = decide(X, y, 3, k_ver3=2)
    assert len(kept) == 12
    assert (kept >= 90).sum() == 10


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"k": 121}, r"n_neighbors must be at most 120, the number of rows of class 2\. Got 121"),
        ({"k": 120, "targets": [5, 5, 5]}, "n_neighbors must be at most 119, .* class 2 other than the row"),
        ({"version": 3, "k_ver3": 241}, "n_neighbors_ver3 must be at most 240, .* class 1. Got 241"),
    ],
)
def test_too_many_neighbours(change, message):
    X, y = fraud()
    with pytest.raises(ValueError, match=message):
        decide(X, y, **{"version": 1, **change})


def test_inputs_stay():
    X, y = fraud(400, 3)
    before = X.copy()
    decide(X, y, 2)
    np.testing.assert_array_equal(X, before)


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("n_kept", [500, 15_000])
def test_no_matrix_of_distances(version, n_kept):
    n, m = 20_000, 2_000
    X, y = normal(n + m, 5), np.repeat([0, 1], [n, m])
    decide(X[::10], y[::10], version)  # compiled before
    tracemalloc.start()
    decide(X, y, version, [n_kept, m])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < n * m * 16 / 30


@pytest.mark.parametrize("n", [1, 30, 999, 1000])
@pytest.mark.parametrize("different", [1, 3, 10_000])
def test_least_places(n, different):
    values = np.random.default_rng(n).integers(0, different, 1000).astype(float)
    for data in (values, np.sort(values), np.sort(values)[::-1]):
        places = near_miss._least_places(data, n)
        assert len(np.unique(places)) == n
        assert np.sort(data[places]).tolist() == np.sort(data)[:n].tolist()
