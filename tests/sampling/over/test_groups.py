"""groups=: neighbours of one's own group, against brute force within each group."""

from functools import partial

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse
from reference.kernels import philox
from reference.neighbors import incomplete, knn
from reference.sampling.over import adasyn as adasyn_reference
from reference.sampling.over import borderline
from sampling.over.plans import same_plan
from strategies import fraud, lattice

import fastsmote
from fastsmote import plan
from fastsmote._neighbors import spaces

X, Y = fraud(600, 3, (0.6, 0.25, 0.15), 2)
GROUPS = np.random.default_rng(0).choice(
    12, len(X), p=np.array([30, 25, 20, 12, 6, 3, 2, 1, 0.4, 0.3, 0.2, 0.1]) / 100
)
K, M = 4, 9
TARGETS = {1: 150 + 3_000, 2: 90 + 3_000}
DATA = {"normal": X, "ties": lattice(600, 3, 4), "float32": X.astype(np.float32)}
SQUARED = {name: knn.squared_distances(data, data) for name, data in DATA.items()}
SUPPORT = np.arange(0, 600, 2)

DECIDE = {
    "smote": partial(plan.smote, k_neighbors=K),
    "borderline-1": partial(plan.borderline_smote, k_neighbors=K, m_neighbors=M),
    "borderline-2": partial(plan.borderline_smote, k_neighbors=K, m_neighbors=M, kind="borderline-2"),
    "svm": partial(plan.svm_smote, support=SUPPORT, k_neighbors=K, m_neighbors=M),
    "adasyn": partial(plan.adasyn, n_neighbors=K),
}
each = pytest.mark.parametrize("name", DECIDE)
paths = pytest.mark.parametrize("small", [0, 20, 10**9])


def near_in_group(squared, pool, groups, k):
    """Row of the pool -> its k nearest other rows of the pool in its group, fewer if there are no more."""
    near = {}
    for i in pool.tolist():
        others = pool[(groups[pool] == groups[i]) & (pool != i)]
        near[i] = others[np.argsort(squared[i, others], kind="stable")[:k]].tolist()
    return near


def base_candidates(name, data, code):
    """Base rows of a class by the rule of the sampler, whatever the groups."""
    nearest = knn.nearest(data, M)[1]
    n_other = (Y[nearest] != code).sum(axis=1)
    if name.startswith("borderline"):
        return borderline.in_danger(data, Y, code, M)
    if name == "svm":
        return [i for i in SUPPORT.tolist() if Y[i] == code and n_other[i] < M]
    if name == "adasyn":
        rows = np.flatnonzero(code == Y)
        return rows[adasyn_reference.n_other(data, Y, code, K) > 0].tolist()
    return np.flatnonzero(code == Y).tolist()


@pytest.mark.slow
@each
@pytest.mark.parametrize("data", DATA)
@paths
def test_pairs_are_those_of_each_group_by_itself(monkeypatch, name, data, small):
    monkeypatch.setattr(spaces, "_SMALL_GROUP", small)
    made = DECIDE[name](DATA[data], Y, sampling_strategy=TARGETS, groups=GROUPS, random_state=1)
    np.testing.assert_array_equal(GROUPS[made.base], GROUPS[made.neighbor])
    for code in (1, 2):
        pool = np.arange(len(Y)) if name == "borderline-2" else np.flatnonzero(code == Y)
        near = near_in_group(SQUARED[data], pool, GROUPS, K)
        expected = {(i, j) for i in base_candidates(name, DATA[data], code) for j in near[i]}
        own = made.label == code
        pairs = set(zip(made.base[own].tolist(), made.neighbor[own].tolist(), strict=True))
        assert pairs <= expected
        if name != "adasyn":
            assert len(pairs) >= 0.97 * len(expected)
        assert {i for i, _ in pairs} == {i for i, _ in expected}
        foreign = Y[made.neighbor[own]] != code
        assert foreign.any() == (name == "borderline-2")
        assert (made.gap[own][foreign] < 0.5).all()


@pytest.mark.parametrize("data", DATA)
@paths
@pytest.mark.parametrize("seed", [0, 2**64 - 1])
def test_plan_of_smote_draw_by_draw(monkeypatch, data, small, seed):
    monkeypatch.setattr(spaces, "_SMALL_GROUP", small)
    n_new = 200
    made = plan.smote(
        DATA[data], Y, sampling_strategy={2: 90 + n_new}, k_neighbors=K, groups=GROUPS, random_state=seed
    )
    near = near_in_group(SQUARED[data], np.flatnonzero(Y == 2), GROUPS, K)
    candidates = [i for i, found in near.items() if found]
    assert len(candidates) < 90
    assert len({len(found) for found in near.values()}) > 3
    for j in range(n_new):
        base = candidates[philox.below(philox.draw(seed, 2, j, 0)[0], len(candidates))]
        first, second = philox.draw(seed, 2, j, 2**32 - 1)
        neighbor = near[base][philox.below(first, len(near[base]))]
        assert (made.base[j], made.neighbor[j], made.gap[j]) == (base, neighbor, philox.unit(second))


def test_counts_of_adasyn_are_shared_out_among_rows_that_are_not_alone():
    n_new = 997
    made = plan.adasyn(X, Y, sampling_strategy={2: 90 + n_new}, n_neighbors=K, groups=GROUPS, random_state=0)
    rows = np.flatnonzero(Y == 2)
    alone = np.array([(GROUPS[rows] == GROUPS[i]).sum() == 1 for i in rows])
    shares = np.where(alone, 0, adasyn_reference.n_other(X, Y, 2, K))
    assert (adasyn_reference.n_other(X, Y, 2, K)[alone] > 0).any()
    expected = adasyn_reference.apportion(shares.tolist(), n_new)
    np.testing.assert_array_equal(np.bincount(made.base, minlength=len(X))[rows], expected)


LARGE_X, LARGE_Y = fraud(4_000, 3, (0.55, 0.45), 5)
LARGE_GROUPS = np.where(np.arange(4_000) % 3 == 0, np.arange(4_000) % 40, 100 + np.arange(4_000) % 2)


@pytest.mark.parametrize("data", ["normal", "ties"])
def test_large_groups_and_small_ones_at_once(monkeypatch, data):
    matrix = LARGE_X if data == "normal" else lattice(4_000, 3, 12)
    sizes = np.unique(LARGE_GROUPS[LARGE_Y == 1], return_counts=True)[1]
    assert sizes.max() > 512
    assert sizes.min() < 100
    decide = partial(plan.smote, matrix, LARGE_Y, sampling_strategy={1: 10_000}, groups=LARGE_GROUPS)
    made = decide(random_state=3)
    rows = np.flatnonzero(LARGE_Y == 1)
    squared = knn.squared_distances(matrix[rows], matrix[rows])
    near = near_in_group(squared, np.arange(len(rows)), LARGE_GROUPS[rows], 5)
    for i, j in np.searchsorted(rows, [made.base, made.neighbor]).T.tolist():
        assert j in near[i]
    for n_jobs in (1, 2):
        same_plan(decide(random_state=3, n_jobs=n_jobs), made)
    for small in (0, 10**9):
        monkeypatch.setattr(spaces, "_SMALL_GROUP", small)
        same_plan(decide(random_state=3), made)


@paths
def test_missing_values(monkeypatch, small):
    monkeypatch.setattr(spaces, "_SMALL_GROUP", small)
    holes = np.where(np.random.default_rng(4).random(X.shape) < 0.25, np.nan, X)
    made = plan.smote(
        holes,
        Y,
        sampling_strategy=TARGETS,
        k_neighbors=K,
        groups=GROUPS,
        missing="nan-euclidean",
        random_state=1,
    )
    squared = incomplete.squared_distances(holes)
    for code in (1, 2):
        near = near_in_group(squared, np.flatnonzero(code == Y), GROUPS, K)
        own = made.label == code
        pairs = set(zip(made.base[own].tolist(), made.neighbor[own].tolist(), strict=True))
        expected = {(i, j) for i, found in near.items() for j in found}
        assert pairs <= expected
        assert len(pairs) >= 0.97 * len(expected)


@pytest.mark.parametrize("name", ["smote", "adasyn"])
@pytest.mark.parametrize("data", ["normal", "ties"])
@paths
def test_sparse_rows_are_decided_as_dense_ones(monkeypatch, name, data, small):
    decide = partial(DECIDE[name], y=Y, sampling_strategy=TARGETS, groups=GROUPS, random_state=1)
    expected = decide(DATA[data])
    monkeypatch.setattr(spaces, "_SMALL_GROUP", small)
    same_plan(decide(scipy.sparse.csr_array(DATA[data])), expected)


@each
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_threads_do_not_matter(name, n_jobs):
    decide = partial(DECIDE[name], X, Y, sampling_strategy=TARGETS, groups=GROUPS, random_state=6)
    same_plan(decide(n_jobs=n_jobs), decide())


NAMES = np.array([f"customer {(7 * g) % 12}" for g in range(12)])


@each
@pytest.mark.parametrize(
    "form",
    [
        lambda g: g.astype(np.uint8),
        lambda g: g.astype(float),
        lambda g: (-g).tolist(),
        lambda g: NAMES[g],
        lambda g: NAMES[g].tolist(),
        lambda g: pd.Series(NAMES[g], index=np.arange(len(g))[::-1]),
        lambda g: pd.Series(g).astype("category"),
        lambda g: pl.Series(NAMES[g]),
    ],
    ids=["uint8", "float", "list", "str", "list of str", "pandas", "category", "polars"],
)
def test_forms_and_names_of_groups_do_not_matter(name, form):
    decide = partial(DECIDE[name], X, Y, sampling_strategy=TARGETS, random_state=6)
    same_plan(decide(groups=form(GROUPS)), decide(groups=GROUPS))


def test_one_group_of_all_has_the_pairs_of_no_groups():
    grouped, free = (
        plan.smote(X, Y, sampling_strategy=TARGETS, k_neighbors=2, groups=groups, random_state=1)
        for groups in (np.zeros(len(X), int), None)
    )
    pairs = [set(zip(m.base.tolist(), m.neighbor.tolist(), strict=True)) for m in (grouped, free)]
    assert pairs[0] == pairs[1]


def test_base_rows_of_weight_in_their_groups():
    weight = np.random.default_rng(1).integers(0, 3, len(X)).astype(float)
    made = plan.smote(
        X, Y, sampling_strategy={2: 30_090}, groups=GROUPS, sample_weight=weight, random_state=2
    )
    rows = np.flatnonzero(Y == 2)
    partnered = np.array([(GROUPS[rows] == GROUPS[i]).sum() > 1 for i in rows])
    expected = 30_000 * weight[rows] * partnered / (weight[rows] * partnered).sum()
    actual = np.bincount(made.base, minlength=len(X))[rows]
    assert (abs(actual - expected) <= 6 * np.sqrt(expected)).all()


def test_rows_of_the_function_are_those_of_the_plan():
    actual = fastsmote.smote(X, Y, groups=GROUPS, random_state=3)[0]
    made = plan.smote(X, Y, groups=GROUPS, random_state=3)
    np.testing.assert_array_equal(actual, np.concatenate([X, made.rows(X)]))


def test_a_class_may_have_fewer_rows_than_neighbors_are_asked_for():
    groups = np.where(np.arange(600) % 2, "odd", "even")
    made = plan.smote(X, Y, k_neighbors=500, groups=groups, random_state=0)
    np.testing.assert_array_equal(groups[made.base], groups[made.neighbor])
    assert (made.base != made.neighbor).all()


@each
def test_rows_that_are_all_alone_name_the_way_out(name):
    with pytest.raises(ValueError, match=r"groups leaves no two rows of class 1 in one group.*random_over"):
        DECIDE[name](X, Y, groups=np.arange(len(X)), random_state=0)


def test_a_class_of_lone_rows_is_left_out_if_it_gets_no_new_rows():
    groups = np.where(Y == 1, np.arange(len(X)), -1)
    made = plan.smote(X, Y, groups=groups, sampling_strategy={2: 100}, random_state=0)
    assert len(made) == 10


@each
@pytest.mark.parametrize(
    ("groups", "message"),
    [
        (GROUPS[:-1], r"one group per row of X, shape \(600,\). Got shape \(599,\)"),
        ([None, *GROUPS[1:].tolist()], "groups"),
        (np.where(np.arange(600) == 3, np.nan, GROUPS), "groups"),
        (np.stack([GROUPS, GROUPS], axis=1), "groups"),
    ],
    ids=["length", "None", "nan", "2-d"],
)
def test_errors(name, groups, message):
    with pytest.raises(ValueError, match=message):
        DECIDE[name](X, Y, groups=groups)


def test_periods_are_groups():
    expected = plan.smote(X, Y, groups=GROUPS, random_state=0)
    days = np.datetime64("2024-01-01") + GROUPS.astype("timedelta64[D]")
    for groups in (days, pd.Series(days), pd.Series(days).dt.to_period("D"), GROUPS + 0.5):
        assert plan.smote(X, Y, groups=groups, random_state=0) == expected
    with pytest.raises(ValueError, match="groups has a missing value in row 2"):
        plan.smote(X, Y, groups=np.where(np.arange(len(X)) == 2, np.datetime64("NaT", "D"), days))
