"""Cluster centroids against Lloyd's definition, and as good as scikit-learn's k-means."""

import numpy as np
import pytest
from hypothesis import given
from reference.sampling.under import under_sampling
from sklearn.cluster import KMeans
from sklearn.datasets import make_blobs
from strategies import fraud, hostile, labelled, normal

import fastsmote
from fastsmote._core.check import check_matrix
from fastsmote._core.labels import check_labels
from fastsmote._neighbors.distance import exact_scale
from fastsmote._sampling.under import centroids, lloyd
from fastsmote._sampling.under.centroids import decide_centroids

VOTINGS = pytest.mark.parametrize("voting", ["soft", "hard"])


def decide(X, y, targets, voting="soft", seed=7):
    return decide_centroids(check_matrix(X), check_labels(y), np.array(targets), seed, voting, None, None)


def assert_counts(result, y, targets):
    codes = np.concatenate([check_labels(y).codes[result.kept], result.codes])
    assert np.bincount(codes, minlength=len(targets)).tolist() == list(targets)
    assert (np.diff(result.kept) > 0).all()
    assert result.kept.dtype == result.codes.dtype == np.int64


@VOTINGS
@pytest.mark.parametrize("name", hostile())
@pytest.mark.one_in(2)
def test_exact_counts_whatever_the_data(name, voting, monkeypatch):
    monkeypatch.setattr(lloyd, "_MOST_ROUNDS", 20)
    X = hostile()[name]
    y = np.random.default_rng(1).choice(3, len(X), p=[0.6, 0.3, 0.1])
    targets = np.minimum(np.bincount(y), [20, 1, 100])
    result = decide(X, y, targets, voting)
    assert_counts(result, y, targets)
    assert result.centres.dtype == X.dtype
    for code in range(3):
        centres, rows = result.centres[result.codes == code], X[y == code]
        assert (centres >= rows.min(axis=0) - np.abs(rows).max(axis=0) * 1e-6).all()
        assert (centres <= rows.max(axis=0) + np.abs(rows).max(axis=0) * 1e-6).all()


@VOTINGS
@given(data=labelled())
def test_exact_counts_of_any_small_set(data, voting):
    X, y = data
    counts = np.bincount(y)[np.bincount(y) > 0]
    targets = np.maximum(counts // 2, 1)
    assert_counts(decide(X, y, targets, voting), y, targets)


@pytest.mark.parametrize("k", [1, 2, 9, 60])
@pytest.mark.parametrize("most", [1, 3, 300])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("grouped", [1024, 0])
@pytest.mark.one_in(3)
def test_iterations_are_lloyds(k, most, dtype, grouped, monkeypatch):
    monkeypatch.setattr(lloyd, "_GROUPED", grouped)
    monkeypatch.setattr(lloyd, "_MOST_ROUNDS", most)
    X, y = fraud(900, 4, (0.9, 0.1), dtype=dtype)
    matrix, labels = check_matrix(X), check_labels(y)
    scale = exact_scale(matrix)
    rows = np.flatnonzero(y == 0)
    seeds = centroids._seeds(matrix, rows, k, np.uint64(7), (0, 2), scale, None)
    expected, clusters, squared = under_sampling.lloyd(
        X[rows].astype(np.float64), X[seeds].astype(np.float64), most, 1e-4
    )
    soft = decide(X, y, [k, labels.counts[1]])
    assert soft.codes.tolist() == [0] * k
    assert soft.kept.tolist() == np.flatnonzero(y == 1).tolist()
    np.testing.assert_allclose(soft.centres, expected, rtol=1e-12 if dtype == np.float64 else 1e-5)
    hard = decide(X, y, [k, labels.counts[1]], "hard")
    central = rows[under_sampling.central_rows(clusters, squared)]
    assert hard.kept.tolist() == np.union1d(central, np.flatnonzero(y == 1)).tolist()
    assert hard.centres.shape == (0, 4)


@pytest.mark.parametrize("d", [1, 4, 7, 30])
@pytest.mark.parametrize("k", [1, 7, 8, 9, 300])
@pytest.mark.parametrize("name", ["normal", "ties", "large and small"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.one_in(8)
def test_each_row_has_the_first_of_its_nearest_centres(name, k, d, dtype):
    """In rounds in which centres go ways of all lengths, some none, and whatever the groups."""
    rng = np.random.default_rng(k)
    X = rng.integers(0, 3, (500, d)).astype(float) if name == "ties" else rng.normal(size=(500, d))
    if name == "large and small":
        X[::3] *= 1e30
        X[::5] *= 1e-30
    matrix = check_matrix(X.astype(dtype))
    scale, rows = exact_scale(matrix), rng.permutation(500)[:400]
    points = lloyd.Clustered(matrix, rows, scale, 2, None)
    assignments = [lloyd._ByGroups(400, k, n) for n in (1, 3, 32)] + [lloyd._BySearch(400)] * (k > 1)
    centres = matrix[rng.permutation(500)[:k]]
    for step in (0.0, 1.0, 0.1, 0.0, 1e-9, 0.01):
        before, ways = centres, rng.normal(size=(k, d)) * step * (rng.random((k, 1)) < 0.5)
        centres = lloyd.frozen((centres * (1 + ways)).astype(dtype))
        squared = [points.squared_to(centres, np.full(400, c), np.arange(400)) for c in range(k)]
        steps = (centres.astype(float) - before.astype(float)) * (scale * lloyd.DOWN)
        for assignment in assignments:
            assignment.loosen(np.sqrt((steps * steps).sum(axis=1)))
            assignment.assign(points, centres)
            assert assignment.nearest.tolist() == np.argmin(squared, axis=0).tolist()
            assignment.nearest[3] = (assignment.nearest[3] + 1) % k
            assignment.forget(3)


def test_means_of_columns_in_slices():
    """The bits of sums in the order of the rows, of clusters that changed and of those that did not."""
    rng = np.random.default_rng(0)
    for d in (1, 7, 8, 9, 16, 30):
        matrix = check_matrix(rng.normal(size=(300, d)))
        work = lloyd.Lloyd(lloyd.Clustered(matrix, np.arange(300), 1.0, 2, None), 5)
        for changing in (slice(None), slice(0, 90, 30), slice(0)):
            before = work.of_row[changing].copy()
            work.of_row[changing] = rng.permutation(np.arange(300) % 5)[changing]
            work._counts = np.bincount(work.of_row)
            actual = work._means(np.concatenate([before, work.of_row[changing]]))
            sums = [np.add.accumulate(matrix[work.of_row == c])[-1] for c in range(5)]
            assert actual.tolist() == (sums / work._counts[:, np.newaxis]).tolist()


@pytest.mark.parametrize(("n_blobs", "k"), [(10, 10), (10, 40), (60, 25)])
def test_as_good_as_scikit_learns(n_blobs, k):
    """The median of some runs: of 100 runs with 10 blobs, 7 end up 5 % higher here and 11 there."""
    X, _ = make_blobs(1000, 5, centers=n_blobs, random_state=4)
    y = np.repeat([0, 1], [990, 10])
    expected = [KMeans(k, n_init=1, random_state=seed).fit(X[:990]).inertia_ for seed in range(9)]
    centres = [decide(X, y, [k, 10], seed=seed).centres for seed in range(9)]
    actual = [under_sampling.inertia(X[:990], found) for found in centres]
    assert np.median(actual) <= 1.05 * np.median(expected)


def test_seeds_on_a_sample_and_at_random(monkeypatch):
    X, _ = make_blobs(3000, 5, centers=20, random_state=0)
    y = np.repeat([0, 1], [2990, 10])
    reference = KMeans(100, n_init=1, random_state=0).fit(X[:2990]).inertia_
    for most in (100_000, 10_000):  # a sample of 500 rows with two trials each; none
        monkeypatch.setattr(centroids, "_DISTANCES", most)
        result = decide(X, y, [100, 10])
        assert_counts(result, y, [100, 10])
        assert under_sampling.inertia(X[:2990], result.centres) <= 1.25 * reference


@pytest.mark.parametrize("n", [1, 5, 8, 100, 129, 136, 257, 1000])
@pytest.mark.parametrize("step", [1, 10**9])
@pytest.mark.parametrize("worth", [0, 10**9])
def test_seeds_are_those_of_a_loop(n, step, worth, monkeypatch):
    monkeypatch.setattr(centroids, "_BETWEEN", step)
    monkeypatch.setattr(centroids, "_WORTH_TILES", worth)
    values = normal(n, 1) * 3
    for k, trials, X in ((min(n, 40), 3, values), (min(n, 9), 1, values), (min(n, 9), 2, np.round(values))):
        draws = np.random.default_rng(k).random((k, trials))
        sample = centroids._Sample(X, np.arange(n), 1.0, None)
        assert sample.choose(draws).tolist() == under_sampling.far_seeds(X[:, 0], draws)


@pytest.mark.parametrize("d", [2, 7, 130])
def test_seeds_in_tiles_are_those_of_exact_distances(d, monkeypatch):
    for X in (normal(300, d), 1e6 + normal(300, d), np.round(normal(300, d)), 1e200 * normal(300, d) ** 9):
        sample = centroids._Sample(X, np.arange(300), exact_scale(X), None)
        draws, found = np.random.default_rng(d).random((60, 6)), []
        for worth in (0, 10**9):
            monkeypatch.setattr(centroids, "_WORTH_TILES", worth)
            found.append(sample.choose(draws).tolist())
        assert found[0] == found[1]


def test_fewer_different_rows_than_clusters():
    X, y = normal(4, 2)[np.arange(100) % 4], np.repeat([0, 1], [90, 10])
    soft = decide(X, y, [10, 10])
    assert_counts(soft, y, [10, 10])
    assert len(np.unique(soft.centres.round(12), axis=0)) == 4
    assert_counts(decide(X, y, [10, 10], "hard"), y, [10, 10])
    assert_counts(decide(np.zeros((100, 2)), y, [50, 9], "hard"), y, [50, 9])


def test_sums_that_overflow():
    X = np.array([[1.7e308, 1.0], [1.6e308, 3.0], [-1.7e308, 5.0], [-1.6e308, 7.0], [0.0, 0.0]])
    centres = decide(X, [0, 0, 0, 0, 1], [2, 1]).centres
    expected = [[-1.65e308, 6.0], [1.65e308, 2.0]]
    np.testing.assert_allclose(centres[np.argsort(centres[:, 0])], expected)


@VOTINGS
def test_classes_that_keep_all_or_nothing(voting):
    X, y = fraud(300, 3)
    result = decide(X, y, [0, 60, 30], voting)
    assert result.kept.tolist() == np.flatnonzero(y > 0).tolist()
    assert result.centres.shape == (0, 3)
    assert decide(X, y, [0, 0, 0], voting).kept.tolist() == []


def test_a_centre_is_the_mean_and_a_row_the_one_in_the_middle():
    X = [[0.0], [1.0], [5.0], [100.0], [101.0], [103.0], [7.0]]
    soft = decide(X, ["a"] * 6 + ["b"], [2, 1])
    assert sorted(soft.centres.ravel().tolist()) == [2.0, 304 / 3]
    assert decide(X, ["a"] * 6 + ["b"], [2, 1], "hard").kept.tolist() == [1, 4, 6]


def test_seeds_of_random_state():
    X, y = fraud(500, 3)
    first, again, other = (decide(X, y, [40, 50, 50], "hard", seed=s).kept for s in (1, 1, 2))
    assert first.tolist() == again.tolist()
    assert first.tolist() != other.tolist()


def test_inputs_stay():
    X, y = fraud(500, 3)
    before = X.copy()
    decide(X, y, [40, 50, 50])
    np.testing.assert_array_equal(X, before)
    assert X.flags.writeable


@pytest.mark.parametrize("largest", [np.finfo(np.float64).max, 1.797e308, np.finfo(np.float32).max])
@pytest.mark.parametrize(
    "n", [3, 9, 11, 12, 17]
)  # of which the n-th parts of the largest float add up to infinity
@pytest.mark.parametrize("d", [1, 3])
def test_clusters_of_the_largest_numbers_have_centres__D7(largest, n, d):
    """They were infinite: a bare LinAlgError, or the wrong clusters in silence."""
    corners = np.array([[-largest] * d, [largest] * d]).astype(np.asarray(largest).dtype)
    X = np.concatenate([np.repeat(corners, n, axis=0), np.zeros((2, d))]).astype(corners.dtype)
    y = [0] * (2 * n) + [1] * 2
    centres = fastsmote.cluster_centroids(X, y, random_state=0)[0][2:]
    np.testing.assert_allclose(np.sort(centres, axis=0), corners, rtol=1e-15)
    made = fastsmote.kmeans_smote(
        X, [0] * (n + 1) + [1] * (n + 1), clusters=2, k_neighbors=1, random_state=0
    )[0]
    assert np.isfinite(made).all()
