"""The same answers as imbalanced-learn where it is exact, the same distributions where it draws."""

import numpy as np
import pytest
from scipy import stats
from sklearn.cluster import KMeans
from sklearn.datasets import make_classification
from sklearn.neighbors import NearestNeighbors
from strategies import fraud

import fastsmote

over_sampling = pytest.importorskip("imblearn.over_sampling")
under_sampling = pytest.importorskip("imblearn.under_sampling")

PAIRS = [
    (fastsmote.random_over_sample, over_sampling.RandomOverSampler),
    (fastsmote.smote, over_sampling.SMOTE),
    (fastsmote.random_under_sample, under_sampling.RandomUnderSampler),
]


def overlapping(n_classes, seed, n=900):
    weights = [0.7, *[0.3 / (n_classes - 1)] * (n_classes - 1)]
    return make_classification(
        n, 8, n_informative=5, n_classes=n_classes, weights=weights, class_sep=0.6, random_state=seed
    )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("n_classes", [2, 3, 4])
@pytest.mark.parametrize("strategy", ["auto", "all", "majority", "not majority", [1]])
@pytest.mark.one_in(5)
def test_tomek_links(n_classes, seed, strategy):
    X, y = overlapping(n_classes, seed)
    sampler = under_sampling.TomekLinks(sampling_strategy=strategy)
    sampler.fit_resample(X, y)
    actual = fastsmote.select.tomek_links(X, y, sampling_strategy=strategy)
    np.testing.assert_array_equal(actual, sampler.sample_indices_)
    assert len(actual) < len(y)


@pytest.mark.parametrize(("function", "sampler"), PAIRS, ids=lambda pair: pair.__name__)
@pytest.mark.parametrize("strategy", ["auto", "all", "not minority", "not majority"])
def test_counts(function, sampler, strategy):
    X, y = overlapping(3, 0)
    expected = sampler(sampling_strategy=strategy, random_state=0).fit_resample(X, y)[1]
    actual = function(X, y, sampling_strategy=strategy, random_state=0)[1]
    np.testing.assert_array_equal(np.bincount(actual), np.bincount(expected))


@pytest.mark.parametrize("ratio", [0.5, 0.61, 1.0])
@pytest.mark.parametrize(("function", "sampler"), PAIRS, ids=lambda pair: pair.__name__)
def test_counts_by_ratio(function, sampler, ratio):
    X, y = overlapping(2, 1)
    expected = sampler(sampling_strategy=ratio, random_state=0).fit_resample(X, y)[1]
    actual = function(X, y, sampling_strategy=ratio, random_state=0)[1]
    np.testing.assert_array_equal(np.bincount(actual), np.bincount(expected))


def test_counts_of_adasyn_are_exact_where_imblearn_rounds_each():
    X, y = overlapping(2, 0)
    rounded = np.bincount(over_sampling.ADASYN(random_state=0).fit_resample(X, y)[1])
    actual = np.bincount(fastsmote.adasyn(X, y, random_state=0)[1])
    n_minority = int((y == 1).sum())
    assert actual[1] == actual[0] == rounded[0]
    assert abs(rounded[1] - actual[1]) <= n_minority / 2


def test_candidates_of_smote():
    X, y = overlapping(2, 2)
    rows = np.flatnonzero(y == 1)
    near = rows[NearestNeighbors(n_neighbors=6).fit(X[rows]).kneighbors(X[rows])[1][:, 1:]]
    expected = {(base, int(found)) for base, line in zip(rows.tolist(), near, strict=True) for found in line}
    made = fastsmote.plan.smote(X, y, sampling_strategy={1: 100 * len(rows)}, random_state=0)
    assert set(zip(made.base.tolist(), made.neighbor.tolist(), strict=True)) == expected


def test_shares_of_adasyn():
    X, y = overlapping(2, 2)
    rows = np.flatnonzero(y == 1)
    near = NearestNeighbors(n_neighbors=6).fit(X).kneighbors(X[rows])[1][:, 1:]
    shares = (y[near] != 1).sum(axis=1)
    made = fastsmote.plan.adasyn(X, y, random_state=0)
    expected = shares / shares.sum() * len(made)
    assert (abs(np.bincount(made.base, minlength=len(y))[rows] - expected) < 1).all()


MANY = {1: 20_100}
CLUSTERS = KMeans(3, n_init=1, random_state=0)


def kmeans_smote(X, y, **rest):
    return fastsmote.kmeans_smote(X, y, clusters=CLUSTERS.fit_predict(X), **rest)


DRAWN = {
    "random": (fastsmote.random_over_sample, over_sampling.RandomOverSampler, {}),
    "smoothed": (fastsmote.random_over_sample, over_sampling.RandomOverSampler, {"shrinkage": 1.0}),
    "smote": (fastsmote.smote, over_sampling.SMOTE, {}),
    "borderline": (fastsmote.borderline_smote, over_sampling.BorderlineSMOTE, {}),
    "kmeans": (
        kmeans_smote,
        lambda **rest: over_sampling.KMeansSMOTE(kmeans_estimator=CLUSTERS, **rest),
        {"cluster_balance_threshold": 0.05, "k_neighbors": 3},
    ),
    "smotenc": (fastsmote.smotenc, over_sampling.SMOTENC, {"categorical_features": [3]}),
}


def assert_same_distribution(actual, expected):
    for ours, theirs in zip(actual.T, expected.T, strict=True):
        tolerance = 5 * np.sqrt(ours.var() / len(ours) + theirs.var() / len(theirs))
        assert abs(ours.mean() - theirs.mean()) < tolerance
        assert ours.std() == pytest.approx(theirs.std(), rel=0.04)
        assert stats.ks_2samp(ours, theirs).pvalue > 1e-4


@pytest.mark.parametrize("name", DRAWN)
def test_moments_of_many_synthetic_rows(name):
    ours, sampler, options = DRAWN[name]
    X, y = fraud(500, 3, (0.8, 0.2), 4)
    if name == "smotenc":
        X = np.column_stack([X, np.arange(500) % 3])
    options = {"sampling_strategy": MANY, "random_state": 1, **options}
    expected = sampler(**options).fit_resample(X, y)[0][500:]
    actual = ours(X, y, **options)[0][500:]
    assert_same_distribution(actual[:, :3], expected[:, :3])


def test_moments_of_many_synthetic_rows_of_adasyn():
    X, y = fraud(500, 3, (0.8, 0.2), 4)
    y = np.concatenate([y, np.zeros(20_000, int)])
    X = np.concatenate([X, np.random.default_rng(0).normal(size=(20_000, 3))])
    expected = over_sampling.ADASYN(random_state=1).fit_resample(X, y)[0][len(X) :]
    assert_same_distribution(fastsmote.adasyn(X, y, random_state=1)[0][len(X) :], expected)
