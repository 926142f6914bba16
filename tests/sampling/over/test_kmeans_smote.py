"""KMeans-SMOTE: which clusters are used, how many new rows each gets, and what they are made of."""

import numpy as np
import pytest
from reference.sampling.over import kmeans_smote as reference
from strategies import fraud, lattice, normal

import fastsmote
from fastsmote import plan


def blobs(n=600, seed=0):
    """Three classes in five given clusters of different spread: X, y, cluster."""
    rng = np.random.default_rng(seed)
    cluster = rng.integers(0, 5, n)
    y = np.array(
        [
            rng.choice(3, p=p)
            for p in np.array(
                [[0.9, 0.1, 0.0], [0.4, 0.25, 0.35], [0.2, 0.5, 0.3], [0.85, 0.05, 0.1], [0.98, 0.0, 0.02]]
            )[cluster]
        ]
    )
    spread = np.array([1.0, 0.8, 1.2, 0.9, 1.1])[cluster]
    return rng.normal(size=(n, 3)) * spread[:, np.newaxis] + 4 * cluster[:, np.newaxis], y, cluster


X, Y, CLUSTER = blobs()
COUNTS = np.bincount(Y)


def expected_counts(cluster, n_new, k, threshold=None, exponent=None, X=X, y=Y):
    """Class -> cluster -> number of new rows."""
    found = {}
    for code in np.flatnonzero(n_new):
        least = reference.auto_threshold(n_new, code) if threshold is None else threshold
        used = reference.usable(cluster, y, code, k, least)
        weights = [reference.sparsity(X[(cluster == c) & (y == code)], exponent) for c in used]
        shared = reference.counts(weights, int(n_new[code]))
        found[int(code)] = {c: m for c, m in zip(used, shared, strict=True) if m}
    return found


def actual_counts(made, cluster, y=Y):
    found = {}
    for code in np.unique(made.label):
        clusters = cluster[made.base[made.label == code]]
        assert (np.diff(clusters) >= 0).all()
        found[int(code)] = {int(c): int((clusters == c).sum()) for c in np.unique(clusters)}
    return found


@pytest.mark.parametrize("k", [1, 2, 7])
@pytest.mark.parametrize("threshold", ["auto", 0.0, 0.1, 0.28, -1.0])
@pytest.mark.parametrize("exponent", ["auto", 0.0, 1.0, 2.5, -1.0, 40])
@pytest.mark.one_in(5)
def test_counts_are_those_of_the_definition(k, threshold, exponent):
    made = plan.kmeans_smote(
        X,
        Y,
        clusters=CLUSTER,
        sampling_strategy={1: int(COUNTS[1]) + 997, 2: int(COUNTS[2]) + 313},
        k_neighbors=k,
        cluster_balance_threshold=threshold,
        density_exponent=exponent,
        random_state=0,
    )
    options = [None if value == "auto" else value for value in (threshold, exponent)]
    assert actual_counts(made, CLUSTER) == expected_counts(CLUSTER, [0, 997, 313], k, *options)


@pytest.mark.parametrize("data", ["normal", "ties"])
def test_pairs_are_neighbours_of_one_class_in_one_cluster(data):
    Z, k = X if data == "normal" else lattice(600, 3, 4), 3
    many = {1: int(COUNTS[1]) + 20_000, 2: int(COUNTS[2]) + 20_000}
    made = plan.kmeans_smote(
        Z, Y, clusters=CLUSTER, sampling_strategy=many, k_neighbors=k, density_exponent=0, random_state=1
    )
    expected = set()
    for code in (1, 2):
        for c in reference.usable(CLUSTER, Y, code, k, 0.25):
            expected |= reference.pairs(Z, np.flatnonzero((CLUSTER == c) & (Y == code)), k)
    assert set(zip(made.base.tolist(), made.neighbor.tolist(), strict=True)) == expected
    np.testing.assert_array_equal(Y[made.base], made.label)
    assert 0.99 < made.gap.max() < 1.0
    actual = made.rows(Z)
    line = Z[made.base] + made.gap[:, np.newaxis] * (Z[made.neighbor] - Z[made.base])
    np.testing.assert_allclose(actual, line, rtol=1e-12, atol=1e-12)
    assert len(np.unique(made.gap)) > 39_900  # clusters do not share their draws


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("auto", [COUNTS[0]] * 3),
        ({1: 400}, [COUNTS[0], 400, COUNTS[2]]),
        ({2: int(COUNTS[2]) + 1}, [COUNTS[0], COUNTS[1], COUNTS[2] + 1]),
        ({0: 555, 1: 401, 2: 303}, [555, 401, 303]),
        ({1: int(COUNTS[1])}, COUNTS),
    ],
)
@pytest.mark.parametrize("clusters", [CLUSTER, 1, 4])
def test_totals_are_exact_and_original_rows_come_first(strategy, expected, clusters):
    before = X.copy()
    X_resampled, y_resampled = fastsmote.kmeans_smote(
        X, Y, clusters=clusters, sampling_strategy=strategy, cluster_balance_threshold=0.0, random_state=2
    )
    np.testing.assert_array_equal(np.bincount(y_resampled), expected)
    np.testing.assert_array_equal(X_resampled[:600], before)
    np.testing.assert_array_equal(X, before)
    made = plan.kmeans_smote(
        X, Y, clusters=clusters, sampling_strategy=strategy, cluster_balance_threshold=0.0, random_state=2
    )
    np.testing.assert_array_equal(X_resampled[600:], made.rows(X))


@pytest.mark.parametrize("scale", [2.0**-500, 2.0**480])
def test_powers_of_distances_do_not_overflow(scale):
    expected = plan.kmeans_smote(X, Y, clusters=CLUSTER, density_exponent=9.0, random_state=0)
    made = plan.kmeans_smote(X * scale, Y, clusters=CLUSTER, density_exponent=9.0, random_state=0)
    np.testing.assert_array_equal(made.base, expected.base)


def test_clusters_of_duplicates():
    y = np.array([1, 1, 1, 0] * 3 + [0] * 12)
    cluster = np.repeat([0, 1, 2, 3], [4, 4, 4, 12])
    Z = np.array([[0.0], [1.0], [2.0], [3.0]])[cluster]
    made = plan.kmeans_smote(Z, y, clusters=cluster, sampling_strategy={1: 39}, random_state=0)
    assert actual_counts(made, cluster) == {1: {0: 10, 1: 10, 2: 10}}
    Z[[4, 5, 6], 0] += [0.0, 0.25, 0.5]
    made = plan.kmeans_smote(Z, y, clusters=cluster, sampling_strategy={1: 39}, random_state=0)
    assert actual_counts(made, cluster) == {1: {1: 30}}
    made = plan.kmeans_smote(
        Z, y, clusters=cluster, sampling_strategy={1: 39}, density_exponent=0, random_state=0
    )
    assert actual_counts(made, cluster) == {1: {0: 10, 1: 10, 2: 10}}


def test_labels_of_clusters_may_be_of_any_kind():
    expected = plan.kmeans_smote(X, Y, clusters=CLUSTER, random_state=0)
    for labels in (
        CLUSTER.tolist(),
        np.array(list("abcde"))[CLUSTER],
        CLUSTER * 1000 - 7,
        CLUSTER.astype(float),
    ):
        made = plan.kmeans_smote(X, Y, clusters=labels, random_state=0)
        np.testing.assert_array_equal(made.base, expected.base)
        np.testing.assert_array_equal(made.neighbor, expected.neighbor)


@pytest.mark.parametrize("clusters", [1, np.zeros(600, int), ["all"] * 600])
@pytest.mark.parametrize("threshold", ["auto", 0.9])
def test_one_cluster_is_used_whatever_its_share(clusters, threshold):
    many = {2: int(COUNTS[2]) + 20_000}
    made = plan.kmeans_smote(
        X,
        Y,
        clusters=clusters,
        sampling_strategy=many,
        k_neighbors=5,
        cluster_balance_threshold=threshold,
        random_state=0,
    )
    pairs = set(zip(made.base.tolist(), made.neighbor.tolist(), strict=True))
    assert pairs == reference.pairs(X, np.flatnonzero(Y == 2), 5)


@pytest.mark.parametrize("duplicates", [False, True])
def test_every_number_of_clusters(duplicates):
    Z, y = normal(40, 2), np.arange(40) % 2
    Z = Z[np.arange(40) // 10 * 10] if duplicates else Z
    arguments = {"k_neighbors": 1, "sampling_strategy": {1: 31}, "cluster_balance_threshold": 0.0}
    for clusters in range(1, 20):  # fewer than rows of the class: two of them share a cluster
        made = plan.kmeans_smote(Z, y, clusters=clusters, random_state=3, **arguments)
        assert len(made) == 11
        assert y[made.base].all()
        assert y[made.neighbor].all()
    with pytest.raises(RuntimeError, match="none of the 40 is such"):  # every row is a cluster
        plan.kmeans_smote(Z, y, clusters=40, random_state=3, **arguments)


def test_clusters_found_are_near_and_their_pairs_within():
    far = np.concatenate([normal(100, 2), normal(100, 2, 1) + 1e3, normal(100, 2, 2) - 1e3])
    blob, y = np.repeat([0, 1, 2], 100), (np.arange(300) % 5 == 0).astype(int)
    made = plan.kmeans_smote(far, y, clusters=3, cluster_balance_threshold=0.1, random_state=0)
    np.testing.assert_array_equal(blob[made.base], blob[made.neighbor])
    actual = dict(enumerate(np.bincount(blob[made.base]).tolist()))
    assert actual == expected_counts(blob, [0, 180], 2, 0.1, X=far, y=y)[1]


def test_the_threshold_itself_is_enough():
    y, cluster = np.array([1, 1, 1, 0] * 3 + [0] * 20), np.repeat([0, 1, 2], [4, 8, 20])
    Z = normal(32, 2)
    for threshold, used in [(0.75, {0, 1}), (np.nextafter(0.75, 1.0), None)]:
        arguments = {"clusters": cluster, "sampling_strategy": {1: 30}, "density_exponent": 0}
        arguments |= {"cluster_balance_threshold": threshold, "random_state": 0}
        if used is None:
            with pytest.raises(RuntimeError, match="No clusters found"):
                plan.kmeans_smote(Z, y, **arguments)
        else:
            assert set(cluster[plan.kmeans_smote(Z, y, **arguments).base].tolist()) == used


def test_the_default_refuses_nothing_that_smote_does():
    """First clusters without the share, then the class as a whole (issue 22, item 6)."""
    Z, y = normal(90, 2), (np.arange(90) % 9 == 0).astype(int)
    # half the share of new rows is 0.5: no cluster has so much of class 1
    made = plan.kmeans_smote(Z, y, clusters=np.arange(90) // 45, random_state=0)
    assert len(made) == 70
    np.testing.assert_array_equal(made.base // 45, made.neighbor // 45)
    alone = np.where(y == 1, np.arange(90), 0)  # each row of class 1 is a cluster of its own
    made = plan.kmeans_smote(Z, y, clusters=alone, random_state=0)
    assert len(made) == 70
    assert y[made.base].all()
    assert y[made.neighbor].all()
    with pytest.raises(RuntimeError, match="No clusters found"):
        plan.kmeans_smote(Z, y, clusters=alone, cluster_balance_threshold=0.1, random_state=0)
    with pytest.raises(RuntimeError, match="No clusters found"):
        plan.kmeans_smote(Z, y, k_neighbors=10, clusters=alone, random_state=0)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("rate", [0.01, 0.03])
def test_the_default_never_refuses_rare_classes(rate, seed):
    Z, y = fastsmote.make_fraud(1500, 6, fraud_rate=rate, random_state=seed)
    assert len(plan.kmeans_smote(Z, y, random_state=seed)) == 1500 - 2 * y.sum()


def test_a_class_without_clusters_names_the_way_out():
    words = (
        r"at least 0\.95 of their rows, and more than 2 rows, of class 'few'\. No clusters found: none "
        r"of the 4 is such\. Use smote, a lower k_neighbors or cluster_balance_threshold, or another number "
        r"of clusters\."
    )
    y = np.array(["many", "few"])[(np.arange(80) % 4 == 0).astype(int)]
    with pytest.raises(RuntimeError, match=words):
        fastsmote.kmeans_smote(normal(80, 2), y, clusters=np.arange(80) // 20, cluster_balance_threshold=0.95)


def test_groups_weights_and_rules():
    groups = np.random.default_rng(0).integers(0, 3, 600)
    weight = np.where(np.arange(600) % 4 == 0, 0.0, 1.0)
    arguments = {"clusters": CLUSTER, "cluster_balance_threshold": 0.1, "random_state": 0}
    arguments |= {"groups": groups, "sample_weight": weight, "columns": {0: "immutable", 1: "integer"}}
    made = plan.kmeans_smote(X, Y, **arguments)
    np.testing.assert_array_equal(groups[made.base], groups[made.neighbor])
    np.testing.assert_array_equal(CLUSTER[made.base], CLUSTER[made.neighbor])
    assert weight[made.base].all()
    assert not weight[made.neighbor].all()
    np.testing.assert_array_equal(made.rows(X)[:, 0], X[made.base, 0])
    np.testing.assert_array_equal(made.rows(X)[:, 1], np.rint(made.rows(X)[:, 1]))
    y_resampled, weights = fastsmote.kmeans_smote(X, Y, return_weights=True, **arguments)[1:]
    np.testing.assert_allclose(np.bincount(y_resampled, weights), np.bincount(Y, weight))


@pytest.mark.parametrize("clusters", [CLUSTER, 3])
def test_threads_and_seeds(clusters):
    Z = fraud(600, 4)[0]
    arguments = {"clusters": clusters, "cluster_balance_threshold": 0.0}
    expected = fastsmote.kmeans_smote(Z, Y, random_state=7, n_jobs=1, **arguments)[0]
    for n_jobs in (2, 5):
        actual = fastsmote.kmeans_smote(Z, Y, random_state=7, n_jobs=n_jobs, **arguments)[0]
        assert actual.tobytes() == expected.tobytes()
    other = fastsmote.kmeans_smote(Z, Y, random_state=8, **arguments)[0]
    assert other.tobytes() != expected.tobytes()


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"clusters": True}, TypeError, r"clusters must be an integer in \[1, 600\]. Got True"),
        ({"clusters": 0}, ValueError, r"clusters must be an integer in \[1, 600\]. Got 0"),
        ({"clusters": 601}, ValueError, r"clusters must be an integer in \[1, 600\]. Got 601"),
        ({"clusters": 3.0}, TypeError, r"clusters must be an integer in \[1, 600\]. Got 3.0"),
        ({"clusters": CLUSTER[1:]}, ValueError, "inconsistent numbers of samples: 600 and 599"),
        ({"clusters": CLUSTER + 0.5}, ValueError, "clusters must hold classes"),
        ({"clusters": [None] * 600}, ValueError, "Input clusters contains NaN .* at row 0"),
        ({"cluster_balance_threshold": np.nan}, ValueError, 'threshold must be "auto" or a finite number'),
        ({"cluster_balance_threshold": "low"}, ValueError, "Got 'low'"),
        ({"cluster_balance_threshold": True}, ValueError, "Got True"),
        ({"cluster_balance_threshold": None}, ValueError, "Got None"),
        ({"density_exponent": np.inf}, ValueError, 'density_exponent must be "auto" or a finite number'),
        ({"density_exponent": np.nan}, ValueError, "Got nan"),
        ({"k_neighbors": 0}, ValueError, "k_neighbors must be an integer >= 1"),
        ({"k_neighbors": 2.0}, TypeError, "k_neighbors must be an integer"),
        ({"sampling_strategy": {1: 3}}, ValueError, "greater or equal to the original number"),
    ],
)
def test_errors(arguments, error, words):
    with pytest.raises(error, match=words):
        plan.kmeans_smote(X, Y, **{"clusters": CLUSTER} | arguments)
