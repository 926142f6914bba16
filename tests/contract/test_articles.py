"""Numbers that five introductory articles print or state about resampling, reproduced.

S0: odds of resampled breast-cancer data (Wisconsin, 458 benign and 241 malignant); S1: 1000 emails, 50 of
them spam; S2: definitions; S3: two printed listings; S4: over- and under-sampling of a training set. Only
what does not depend on another library's random stream is compared.
"""

import numpy as np
import pytest
from places import DATA

import fastsmote


def emails():
    return np.arange(1000.0)[:, np.newaxis], np.repeat(["not spam", "spam"], [950, 50])


def test_s0_counts_after_balancing():
    table = np.genfromtxt(DATA / "breast-cancer-wisconsin.data", delimiter=",", usecols=(1, 10))
    thickness, y = table[:, :1], table[:, 1].astype(int)
    assert np.bincount(y)[[2, 4]].tolist() == [458, 241]
    for sampler, expected in [(fastsmote.random_under_sample, 241), (fastsmote.smote, 458)]:
        _, y_resampled = sampler(thickness, y, random_state=0)
        assert np.bincount(y_resampled)[[2, 4]].tolist() == [expected, expected]


def test_s0_a_thousand_patients_at_a_prevalence_of_a_fifth():
    y = np.repeat(["benign", "malignant"], [600, 400])
    kept = fastsmote.select.random_under_sample(
        y.reshape(-1, 1), y, sampling_strategy={"malignant": 150}, random_state=0
    )
    assert (y[kept] == "benign").sum() == 600
    assert (y[kept] == "malignant").mean() == 0.2


def test_s1_over_sampling_uses_each_spam_19_times_on_average():
    X, y = emails()
    X_resampled, y_resampled = fastsmote.random_over_sample(X, y, random_state=0)
    assert (y_resampled == "spam").sum() == (y_resampled == "not spam").sum() == 950
    uses = np.bincount(X_resampled[y_resampled == "spam", 0].astype(int), minlength=1000)[950:]
    assert uses.min() >= 1
    assert uses.mean() == 19


def test_s1_under_sampling_loses_900():
    X, y = emails()
    X_resampled, y_resampled = fastsmote.random_under_sample(X, y, random_state=0)
    assert len(X) - len(X_resampled) == 900
    assert (y_resampled == "spam").sum() == (y_resampled == "not spam").sum() == 50


def test_s2_synthetic_row_by_formula():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(120, 4)), np.repeat([0, 1], [100, 20])
    made = fastsmote.plan.smote(X, y, random_state=0)
    expected = X[made.base] + made.gap[:, np.newaxis] * (X[made.neighbor] - X[made.base])
    np.testing.assert_allclose(made.rows(X), expected, rtol=1e-15, atol=1e-15)


def test_s2_tomek_link_by_definition():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(200, 2)), rng.permutation(np.repeat([0, 1], [150, 50]))
    d = np.sqrt(((X[:, np.newaxis] - X) ** 2).sum(axis=2))
    np.fill_diagonal(d, np.inf)
    pairs = fastsmote.select.tomek_link_pairs(X, y)
    assert len(pairs) > 0
    for i, j in pairs:
        assert y[i] != y[j]
        assert not (d[i] < d[i, j]).any()
        assert not (d[j] < d[i, j]).any()


def shares(label, y):
    n_minority = int((y == 1).sum())
    return f"{label}: maj={len(y) - n_minority:4d} min={n_minority:4d} min-share={n_minority / len(y):.3f}"


def test_s3_random_sampling_listing():
    rng = np.random.default_rng(0)
    X = np.concatenate([rng.normal(0.0, 1.0, (950, 2)), rng.normal(2.4, 1.0, (50, 2))])
    y = np.repeat([0, 1], [950, 50])
    over = fastsmote.random_over_sample(X, y, random_state=0)[1]
    under = fastsmote.random_under_sample(X, y, random_state=0)[1]
    assert [shares(*line) for line in [("before", y), ("oversampled", over), ("undersampled", under)]] == [
        "before: maj= 950 min=  50 min-share=0.050",
        "oversampled: maj= 950 min= 950 min-share=0.500",
        "undersampled: maj=  50 min=  50 min-share=0.500",
    ]
    assert (len(under), len(y)) == (100, 1000)


def test_s3_smote_listing():
    rng = np.random.default_rng(1)
    X = np.concatenate([rng.normal(0.0, 1.0, (90, 2)), rng.normal(2.6, 0.7, (10, 2))])
    y = np.repeat([0, 1], [90, 10])
    X_resampled, y_resampled = fastsmote.smote(X, y, k_neighbors=5, random_state=1)
    minority, synthetic = X[y == 1], X_resampled[100:]
    inside = bool(((synthetic >= minority.min(axis=0)) & (synthetic <= minority.max(axis=0))).all())
    n_after = int(y_resampled.sum())
    assert [
        f"minority before SMOTE : {y.sum()} / {len(y)} = {y.mean():.3f}",
        f"synthetic generated : {len(synthetic)}",
        f"minority after SMOTE : {n_after} / {len(y_resampled)} = {n_after / len(y_resampled):.3f}",
        f"every synthetic point sits inside the real-minority box: {inside}",
    ] == [
        "minority before SMOTE : 10 / 100 = 0.100",
        "synthetic generated : 80",
        "minority after SMOTE : 90 / 180 = 0.500",
        "every synthetic point sits inside the real-minority box: True",
    ]


@pytest.mark.parametrize("function", ["random_over_sample", "smote", "random_under_sample"])
def test_s4_training_set(function):
    datasets = pytest.importorskip("sklearn.datasets")
    selection = pytest.importorskip("sklearn.model_selection")
    X, y = datasets.make_classification(
        2000, 20, weights=[0.95, 0.05], n_informative=5, random_state=42, flip_y=0.05
    )
    X_train, _, y_train, _ = selection.train_test_split(X, y, test_size=0.3, stratify=y, random_state=42)
    X_resampled, y_resampled = getattr(fastsmote, function)(X_train, y_train, random_state=42)
    counts = np.bincount(y_train)
    expected = counts.min() if function == "random_under_sample" else counts.max()
    assert np.bincount(y_resampled).tolist() == [expected, expected]
    if function != "random_under_sample":
        np.testing.assert_array_equal(X_resampled[:1400], X_train)
        np.testing.assert_array_equal(y_resampled[:1400], y_train)
