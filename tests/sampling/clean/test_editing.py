"""Edited nearest neighbours and its relatives against their definitions and imbalanced-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from imblearn import under_sampling
from reference.sampling.clean import editing
from strategies import fraud, hostile, labelled, lattice, normal

from fastsmote._core.check import check_matrix
from fastsmote._core.labels import check_labels
from fastsmote._neighbors import build
from fastsmote._sampling.clean import editing as editing_module
from fastsmote._sampling.clean import rounds as rounds_module

KINDS = ["all", "mode"]


def data(X, y):
    return check_matrix(X), check_labels(y)


def no_floors(labels):
    return np.zeros_like(labels.counts)


def not_minority(labels):
    return np.arange(len(labels.counts)) != np.argmin(labels.counts)


def enn(X, y, k=3, kind="all", cleaned=None, n_jobs=None):
    matrix, labels = data(X, y)
    cleaned = not_minority(labels) if cleaned is None else cleaned
    return editing_module.decide_enn(matrix, labels, cleaned, k, kind, no_floors(labels), n_jobs, None)


def renn(X, y, k=3, kind="all", cleaned=None, max_iter=100, n_jobs=None):
    matrix, labels = data(X, y)
    cleaned = not_minority(labels) if cleaned is None else cleaned
    return editing_module.decide_renn(
        matrix, labels, cleaned, k, kind, max_iter, no_floors(labels), n_jobs, None
    )


def all_knn(X, y, k=3, kind="all", cleaned=None, allow_minority=False, n_jobs=None):
    matrix, labels = data(X, y)
    cleaned = not_minority(labels) if cleaned is None else cleaned
    return editing_module.decide_all_knn(
        matrix, labels, cleaned, k, kind, allow_minority, no_floors(labels), n_jobs, None
    )


def ncr(X, y, k=3, threshold=0.5, cleaned=None, n_jobs=None):
    matrix, labels = data(X, y)
    cleaned = not_minority(labels) if cleaned is None else cleaned
    return editing_module.decide_ncr(matrix, labels, cleaned, k, threshold, no_floors(labels), n_jobs, None)


_ranked = {}


def rank(X):
    """Computed once for each matrix."""
    key = (X.shape, X.tobytes())
    if key not in _ranked:
        _ranked[key] = editing.rank(X)
    return _ranked[key]


def assert_as_defined(X, y, cleaned, k, kind):
    """All four on rows whose labels are codes."""
    codes, ranked = np.flatnonzero(cleaned).tolist(), rank(X)
    expected = editing.enn(ranked, y, codes, k, kind)
    np.testing.assert_array_equal(enn(X, y, k, kind, cleaned), expected)
    expected, expected_rounds = editing.renn(ranked, y, codes, k, kind, 5)
    kept, n_rounds = renn(X, y, k, kind, cleaned, max_iter=5)
    np.testing.assert_array_equal(kept, expected)
    assert n_rounds == expected_rounds
    for allow_minority in (False, True):
        expected = editing.all_knn(ranked, y, codes, k, kind, allow_minority)
        np.testing.assert_array_equal(all_knn(X, y, k, kind, cleaned, allow_minority), expected)
    if kind == "mode":
        for threshold in (0.5, 2.0):
            expected = editing.ncr(ranked, y, codes, k, threshold)
            np.testing.assert_array_equal(ncr(X, y, k, threshold, cleaned), expected)


@pytest.fixture(params=["parts", "one part"])
def way(request, monkeypatch):
    """Proofs and bounds on a part per class, or votes on one part for all, whatever the size."""
    monkeypatch.setattr(rounds_module, "_PART_ROWS", 0 if request.param == "parts" else 2**40)
    return request.param


def patches(n, n_classes, seed):
    """Labels in rows of about eight alike, a fifth of them changed: classes of unequal size that overlap."""
    rng = np.random.default_rng(seed)
    shares = np.arange(n_classes, 0, -1) ** 2 / (np.arange(n_classes, 0, -1) ** 2).sum()
    y = np.repeat(rng.choice(n_classes, n // 8 + 1, p=shares), 8)[:n]
    changed = rng.random(n) < 0.2
    y[changed] = rng.choice(n_classes, changed.sum(), p=shares)
    y[:n_classes] = np.arange(n_classes)
    return y


def along(X):
    """Labels that follow the first column where it can be told apart, with patches in it."""
    y = np.empty(len(X), np.int64)
    y[np.argsort(X[:, 0], kind="stable")] = patches(len(X), 3, len(X))
    y[:3] = [0, 1, 2]
    return y


HOSTILE = {name: (X, along(X)) for name, X in hostile().items()}


@pytest.mark.parametrize(("k", "kind"), [(1, "all"), (3, "all"), (3, "mode"), (4, "mode")])
@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.one_in(4)
def test_hostile_rows(name, k, kind, way):
    X, y = HOSTILE[name]
    assert_as_defined(X, y, np.array([True, True, False]), k, kind)
    assert_as_defined(X, np.minimum(y, 1), np.array([True, True]), k, kind)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("k", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("n_classes", [2, 3, 5])
def test_every_k(k, kind, n_classes, way):
    for X in (lattice(240, 2, 9), normal(300, 2)):
        y = np.empty(len(X), np.int64)
        y[np.lexsort(X.T)] = patches(len(X), n_classes, k)
        y[:n_classes] = np.arange(n_classes)
        for cleaned in (np.arange(n_classes) != n_classes - 1, np.arange(n_classes) != 0, y[:n_classes] >= 0):
            assert_as_defined(X, y, cleaned, k, kind)


@given(labelled(), st.integers(1, 5), st.sampled_from(KINDS), st.booleans())
def test_small_sets(case, k, kind, everything):
    X, y = case
    y = np.unique(y, return_inverse=True)[1]
    counts = np.bincount(y)
    cleaned = everything | (np.arange(len(counts)) != counts.argmin())
    k = min(k, len(X) - 1)
    with pytest.MonkeyPatch.context() as patch:
        for rows in (0, 2**40):
            patch.setattr(rounds_module, "_PART_ROWS", rows)
            assert_as_defined(X, y, cleaned, k, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_many_leaves(kind, monkeypatch):
    """Proofs at home, in other leaves and of none, witnesses that are lost, and several rounds."""
    monkeypatch.setattr(build, "LEAF_ROWS", 64)
    X, y = fraud(2000, 3, (0.7, 0.3), seed=4)
    ranked = rank(X)
    kept, n_rounds = renn(X, y, 3, kind)
    expected, expected_rounds = editing.renn(ranked, y, [0], 3, kind, 100)
    np.testing.assert_array_equal(kept, expected)
    assert n_rounds == expected_rounds > 3
    np.testing.assert_array_equal(all_knn(X, y, 3, kind), editing.all_knn(ranked, y, [0], 3, kind, False))


def test_many_classes_share_a_part(monkeypatch):
    X, y = fraud(800, 3, (1 / 80,) * 80)
    cleaned = np.ones(80, bool)
    monkeypatch.setattr(rounds_module, "_PART_ROWS", 0)
    for most in (rounds_module._MOST_PARTS, 80):
        monkeypatch.setattr(rounds_module, "_MOST_PARTS", most)
        for kind in KINDS:
            expected = editing.enn(rank(X), y, list(range(80)), 3, kind)
            np.testing.assert_array_equal(enn(X, y, 3, kind, cleaned), expected)


def test_a_row_leaves_itself_out_and_not_its_duplicate(way):
    """Duplicates of two classes are each other's nearest; by column, one of them would be its own."""
    X = np.array([[0.0], [0.0], [5.0], [6.0], [7.0], [20.0], [21.0]])
    y = np.array([0, 1, 0, 0, 0, 1, 1])
    np.testing.assert_array_equal(enn(X, y, 1, "all", np.array([True, True])), [2, 3, 4, 5, 6])


def test_equal_votes_go_to_the_lowest_code(way):
    X = np.array([[0.0], [1.0], [-1.1], [40.0], [41.0], [-50.0], [-51.0], [-52.0]])
    y = np.array([0, 0, 1, 1, 1, 0, 0, 0])
    assert 0 in enn(X, y, 2, "mode", np.array([True, True]))
    swapped = enn(X, 1 - y, 2, "mode", np.array([True, True]))
    assert 0 not in swapped


def test_no_class_to_clean(way):
    X, y = fraud(300, 3)
    nothing = np.zeros(3, bool)
    for kind in KINDS:
        np.testing.assert_array_equal(enn(X, y, 3, kind, nothing), np.arange(300))
        assert renn(X, y, 3, kind, nothing)[1] == 1
        np.testing.assert_array_equal(all_knn(X, y, 3, kind, nothing), np.arange(300))
    np.testing.assert_array_equal(ncr(X, y, 3, 0.5, nothing), np.arange(300))


def test_labels_of_any_kind_decide_alike():
    X, y = fraud(900, 3)
    names = np.array(["bad", "good", "odd"])
    for kind in KINDS:
        np.testing.assert_array_equal(enn(X, names[y], 3, kind), enn(X, y, 3, kind))
        np.testing.assert_array_equal(renn(X, names[y], 3, kind)[0], renn(X, y, 3, kind)[0])
    np.testing.assert_array_equal(ncr(X, names[y].astype(object)), ncr(X, y))


def test_rounds_end_where_too_few_rows_are_left(way):
    """The row of class 1 is the nearest to three of class 0, and the fourth nearest to the last of them."""
    X = np.array([[0.0, 0.0, 3.0], [1.0, 0.0, 0.0], [-0.5, 0.9, 0.0], [-0.5, -0.9, 0.0], [0.0, 0.0, -0.5]])
    y = np.array([0, 0, 0, 0, 1])
    kept, n_rounds = renn(X, y, 3, "all")
    np.testing.assert_array_equal(kept, [0, 4])
    assert n_rounds == 1


SETS = [
    (200, (0.8, 0.2)),
    (900, (0.6, 0.4)),
    (3000, (0.9, 0.1)),
    (900, (0.6, 0.25, 0.15)),
    (2400, (0.5, 0.3, 0.2)),
]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize(("n", "shares"), SETS)
@pytest.mark.parametrize("kind", KINDS)
def test_kept_rows_are_those_of_imbalanced_learn(n, shares, seed, kind):
    X, y = fraud(n, 4, shares, seed)
    order = np.argsort(y, kind="stable")  # it gives wrong indices for other orders when nothing is removed
    X, y = X[order], y[order]
    for k in (1, 2, 3, 5):
        theirs = under_sampling.EditedNearestNeighbours(n_neighbors=k, kind_sel=kind)
        theirs.fit_resample(X, y)
        actual = enn(X, y, k, kind)
        assert len(actual) < n
        np.testing.assert_array_equal(actual, np.sort(theirs.sample_indices_))
    theirs = under_sampling.RepeatedEditedNearestNeighbours(n_neighbors=3, kind_sel=kind)
    theirs.fit_resample(X, y)
    actual, n_rounds = renn(X, y, 3, kind)
    np.testing.assert_array_equal(actual, np.sort(theirs.sample_indices_))
    assert n_rounds == theirs.n_iter_
    for allow_minority in (False, True):
        # named, for it decides anew each round which class "auto" spares: a class that becomes the smallest
        strategy = [0, 1, 2][: len(shares) - 1]
        theirs = under_sampling.AllKNN(
            sampling_strategy=strategy, n_neighbors=4, kind_sel=kind, allow_minority=allow_minority
        )
        theirs.fit_resample(X, y)
        actual = all_knn(X, y, 4, kind, allow_minority=allow_minority)
        np.testing.assert_array_equal(actual, np.sort(theirs.sample_indices_))


@pytest.mark.parametrize("strategy", ["auto", "all", "majority", [1]])
@pytest.mark.parametrize("shares", [(0.8, 0.2), (0.6, 0.25, 0.15)])
def test_cleaning_rule_is_that_of_imbalanced_learn(shares, strategy):
    X, y = fraud(1500, 4, shares, 7)
    codes = np.arange(len(shares))
    cleaned = {"auto": codes < codes[-1], "all": codes >= 0, "majority": codes == 0}.get(
        str(strategy), codes == 1
    )
    for k, threshold in ((1, 0.5), (2, 0.5), (3, 0.5), (3, 1.5), (4, 0.1), (5, 3.0)):
        theirs = under_sampling.NeighbourhoodCleaningRule(
            sampling_strategy=strategy, n_neighbors=k, threshold_cleaning=threshold
        )
        theirs.fit_resample(X, y)
        np.testing.assert_array_equal(ncr(X, y, k, threshold, cleaned), theirs.sample_indices_)


def test_row_order_changes_nothing_where_nothing_ties():
    X, y = fraud(2000, 4, seed=3)
    order = np.random.default_rng(0).permutation(len(X))
    for kind in KINDS:
        np.testing.assert_array_equal(np.sort(order[enn(X[order], y[order], 3, kind)]), enn(X, y, 3, kind))
        np.testing.assert_array_equal(
            np.sort(order[renn(X[order], y[order], 3, kind)[0]]), renn(X, y, 3, kind)[0]
        )
    np.testing.assert_array_equal(np.sort(order[ncr(X[order], y[order])]), ncr(X, y))


@given(labelled(), st.integers(1, 3))
def test_laws(case, k):
    X, y = case
    labels = check_labels(y)
    cleaned = not_minority(labels)
    strict, lenient = enn(X, y, k, "all"), enn(X, y, k, "mode")
    assert np.isin(strict, lenient).all()
    assert np.isin(np.flatnonzero(~cleaned[labels.codes]), strict).all()
    assert np.isin(enn(X, y, k + 1 if k + 1 < len(X) else k, "all"), strict).all()
    for kind, once in (("all", strict), ("mode", lenient)):
        repeated, _ = renn(X, y, k, kind)
        assert np.isin(repeated, once).all()
        np.testing.assert_array_equal(renn(X, y, k, kind, max_iter=1)[0], once)
        assert np.isin(all_knn(X, y, k, kind), enn(X, y, 1, kind)).all()
    assert np.isin(ncr(X, y, k), lenient).all()


def test_a_last_round_that_removes_nothing_is_a_fixed_point():
    X, y = fraud(1500, 4, (0.8, 0.2), 2)
    kept, n_rounds = renn(X, y)
    assert n_rounds > 2
    np.testing.assert_array_equal(enn(X[kept], y[kept]), np.arange(len(kept)))


def test_inputs_stay_and_progress_is_told():
    X, y = fraud(3000)
    matrix, labels = data(X, y)
    before = matrix.copy()
    told = []
    editing_module.decide_renn(
        matrix,
        labels,
        not_minority(labels),
        3,
        "all",
        100,
        no_floors(labels),
        1,
        lambda done, total: told.append((done, total)),
    )
    assert told
    assert all(done <= total for done, total in told)
    np.testing.assert_array_equal(matrix, before)
