"""Leakage: every search against its definition, the mistakes found, and ordinary data left in peace."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from reference.diagnosis import leakage as reference
from strategies import hostile, labelled

import fastsmote
from fastsmote._core import equal_rows
from fastsmote.leakage import leakage_report


def normal(n, d, seed=0):
    return np.random.default_rng(seed).normal(size=(n, d))


def parts(X, share=0.75, seed=0):
    order = np.random.default_rng(seed).permutation(len(X))
    n = int(share * len(X))
    return X[order[:n]], X[order[n:]]


def pairs(array):
    return [tuple(row) for row in array.tolist()]


def exact(report):
    return [
        (*pair, count) for pair, count in zip(pairs(report.exact_pairs), report.exact_counts, strict=True)
    ]


def arrays(report):
    values = {name: value for name, value in vars(report).items() if name != "class_counts"}
    return {name: None if value is None else np.asarray(value) for name, value in values.items()}


def assert_same(actual, expected):
    for name, value in arrays(expected).items():
        np.testing.assert_array_equal(arrays(actual)[name], value, err_msg=name)


# --- equal rows ---

tables = npst.arrays(
    np.float64,
    st.tuples(st.integers(2, 20), st.just(2)),
    elements=st.sampled_from([0.0, -0.0, 1.0, np.nan, 1e300, 5e-324]),
)


@given(tables, tables, st.booleans())
def test_equal_rows(train, test, collide):
    with pytest.MonkeyPatch.context() as patch:
        if collide:  # all rows of one hash
            patch.setattr(equal_rows, "_hash", lambda words: np.zeros(words.shape[1], np.uint64))
        report = leakage_report(train, test)
    assert exact(report) == reference.equal_rows(train.tolist(), test.tolist())
    assert report.n_incomplete == np.isnan(test).any(axis=1).sum()


def test_some_rows_collide(monkeypatch):
    whole = equal_rows._hash
    monkeypatch.setattr(equal_rows, "_hash", lambda words: whole(words) % np.uint64(7))
    train, test = parts(np.random.default_rng(0).integers(0, 4, (400, 3)).astype(float))
    assert exact(leakage_report(train, test)) == reference.equal_rows(train.tolist(), test.tolist())


@given(labelled())
def test_reports_of_any_data(data):
    X, y = data
    report = leakage_report(X[::2], X[1::2], y_train=y[::2], y_test=y[1::2])
    assert exact(report) == reference.equal_rows(X[::2].tolist(), X[1::2].tolist())
    assert not set(report.exact_pairs[:, 0]) & set(report.near_pairs[:, 0])
    assert sum(leaking for leaking, _ in report.class_counts.values()) == len(report.leaking_rows)
    assert ("nothing found" in str(report)) == report.clean


@pytest.mark.parametrize("name", hostile())
def test_equal_rows_of_hostile_data(name):
    X = hostile()[name]
    train, test = X[: len(X) // 2], X[len(X) // 2 - 10 :]
    report = leakage_report(train, test)
    assert exact(report) == reference.equal_rows(train.tolist(), test.tolist())


def test_values_of_two_precisions_are_compared_at_the_coarser():
    train, test = np.array([[0.5, np.nan], [0.1, 1.0]]), np.array([[0.1, 1.0], [0.5, np.nan], [0.4, 1.0]])
    for one, other in ((np.float32, np.float64), (np.float64, np.float32)):
        report = leakage_report(train.astype(one), test.astype(other))
        assert pairs(report.exact_pairs) == [(0, 1), (1, 0)]
    for large in (1e300, -1e300):  # out of the range of float32: nothing is rounded
        report = leakage_report(train.astype(np.float32), np.vstack([test, [large, 1.0]]))
        assert pairs(report.exact_pairs) == [(1, 0)]


def test_missing_values_of_all_kinds_are_equal():
    kinds = np.array([0x7FF8000000000000, 0xFFF8000000000000, 0x7FF8000000000123], np.uint64).view(np.float64)
    train = np.column_stack([kinds, [1.0, 1.0, 1.0]])
    assert exact(leakage_report(train, train[::-1])) == [(0, 0, 3), (1, 0, 3), (2, 0, 3)]


ROWS = [(1.5, "a", True), (None, "b", False), (1.5, None, True), (2.5, "a", True), (1.5, "a", True)]
FRAMES = {
    "pandas": lambda rows: pd.DataFrame(rows, columns=["x", "c", "f"]),
    "pandas category": lambda rows: pd.DataFrame(rows, columns=["x", "c", "f"]).astype({"c": "category"}),
    "polars": lambda rows: pl.DataFrame(rows, schema=["x", "c", "f"], orient="row"),
    "pyarrow": lambda rows: pa.table(dict(zip("xcf", map(list, zip(*rows, strict=True)), strict=True))),
    "objects": lambda rows: np.array(rows, object),
    "list": lambda rows: [list(row) for row in rows],
}


@pytest.mark.parametrize("train_kind", FRAMES)
@pytest.mark.parametrize("test_kind", FRAMES)
def test_text_and_missing_values(train_kind, test_kind):
    test = [ROWS[i] for i in (2, 1, 4, 0)] + [(7.0, "a", True), (1.5, "b", True)]
    report = leakage_report(FRAMES[train_kind](ROWS), FRAMES[test_kind](test))
    assert exact(report) == reference.equal_rows(ROWS, test) == [(0, 2, 1), (1, 1, 1), (2, 0, 2), (3, 0, 2)]
    assert (report.n_numeric, report.n_categorical) == (2, 1)


def test_dates_are_compared():
    when = pd.to_datetime(["2020-01-01", "2020-01-02", None, "2020-01-03"])
    frame = pd.DataFrame({"when": when, "x": [1.0, 2.0, 3.0, 4.0]})
    assert pairs(leakage_report(frame, frame.iloc[[2, 0]]).exact_pairs) == [(0, 2), (1, 0)]


def test_peer_finds_the_same_equal_rows():
    train, test = (np.random.default_rng(i).integers(0, 5, (3000, 5)).astype(float) for i in (0, 1))
    distinct = pd.DataFrame(train).drop_duplicates()
    known = pd.MultiIndex.from_frame(distinct)
    expected = np.flatnonzero(pd.MultiIndex.from_frame(pd.DataFrame(test)).isin(known))
    assert np.array_equal(leakage_report(train, test).exact_pairs[:, 0], expected)


# --- near rows ---


@pytest.mark.parametrize("d", [1, 2, 5])
@pytest.mark.parametrize("n_kinds", [1, 3])
def test_near_rows(d, n_kinds):
    rng = np.random.default_rng(d)
    train, test = normal(300, d, d) * 10.0 ** np.arange(d), normal(80, d, 90) * 10.0 ** np.arange(d)
    scale = 10.0 ** np.linspace(-12, 0, 80)[:, np.newaxis]
    test = train[rng.integers(0, 300, 80)] + scale * test
    kinds = rng.integers(0, n_kinds, 380).astype(str)
    whole = pd.DataFrame(np.vstack([train, test])).assign(kind=kinds)
    report = leakage_report(whole[:300], whole[300:])
    expected, tolerance, typical = reference.near_rows(train, test, kinds[:300], kinds[300:])
    equal = set(report.exact_pairs[:, 0].tolist())
    assert pairs(report.near_pairs) == [pair for pair in expected if pair[0] not in equal]
    assert 5 < len(report.near_pairs) < 80
    assert report.typical_distance == pytest.approx(typical, rel=1e-9)
    if not equal:  # then all test rows ask
        assert report.tolerance == pytest.approx(tolerance, rel=1e-9)


def test_rows_of_all_sizes():
    """Distances from 1e-300 to 1e300: nothing overflows, and the dimension stays one that rows can have."""
    train = np.outer(10.0 ** np.linspace(-300, 300, 50), [1.0, -1.0])
    report = leakage_report(train, np.vstack([1.5 * train, train[:1]]))
    assert report.dimension >= 1
    assert pairs(report.exact_pairs) == [(50, 0)]


def test_repeated_train_rows_change_nothing():
    """Over-sampled parts are full of copies: the typical distance is that of different rows."""
    train, test = normal(300, 4), normal(60, 4, 1)
    test[:20] = train[:20] + 1e-6 * test[:20]
    once, often = leakage_report(train, test), leakage_report(np.repeat(train, 40, axis=0), test)
    assert pairs(often.near_pairs) == [(i, 40 * i) for i in range(20)]
    assert pairs(once.near_pairs) == [(i, i) for i in range(20)]
    assert often.typical_distance == once.typical_distance


def test_a_given_tolerance():
    train = np.arange(100.0).reshape(-1, 1)
    test = np.array([[3.4], [50.04], [77.0]])
    assert pairs(leakage_report(train, test, tolerance=0.1).near_pairs) == [(1, 50)]
    assert pairs(leakage_report(train, test, tolerance=0.5).near_pairs) == [(0, 3), (1, 50)]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_copies_with_little_noise(dtype):
    X = (normal(3000, 8) * np.logspace(-3, 3, 8)).astype(dtype)
    train, test = X[:2000].copy(), X[2000:].copy()
    test[::10] = train[:100] * (1 + 1e-6 * normal(100, 8, 1))
    report = leakage_report(train, test)
    assert pairs(report.near_pairs) == [(10 * i, i) for i in range(100)]
    assert np.array_equal(report.leaking_rows, np.arange(0, 1000, 10))
    assert "100 (10.00%) test rows leak" in str(report)


def ordinary():
    """Name -> data of which no test row is a copy."""
    rng = np.random.default_rng(0)
    n = 6000
    t = np.linspace(0, 20, n)
    curve = np.column_stack([np.sin(t), np.cos(3 * t), t, np.sin(2 * t)])
    data = {f"normal {d}": rng.normal(size=(n, d)) for d in (1, 2, 3, 10, 30)}
    return data | {
        "uniform": rng.random((n, 2)),
        "log-normal": np.exp(3 * rng.normal(size=(n, 2))),
        "log-normal 4": np.exp(3 * rng.normal(size=(n, 4))),
        "Cauchy": rng.standard_cauchy((n, 3)),
        "walk": np.cumsum(rng.normal(size=(n, 5)), axis=0),
        "curve": curve,
        "curve float32": curve.astype(np.float32),
        "dense spot": np.concatenate([rng.normal(size=(4000, 4)), 3 + 1e-5 * rng.normal(size=(2000, 4))]),
        "plane": rng.normal(size=(n, 2)) @ rng.normal(size=(2, 6)),
        "straight": np.outer(rng.normal(size=n), [1.0, 2.0, -3.0]),
        "counts": rng.poisson(50, (n, 12)).astype(float),
        "flags": np.column_stack([rng.normal(size=n), rng.random((n, 3)) < 0.01, rng.normal(size=n)]),
        "sentinel 1e300": np.where(rng.random((n, 4)) < 0.01, -1e300, rng.normal(size=(n, 4))),
        "sentinel": np.where(rng.random((n, 4)) < 0.01, 1e30, rng.normal(size=(n, 4))),
        "offset": 1e9 + rng.normal(size=(n, 4)),
        "fraud": fastsmote.make_fraud(n, 30, random_state=1)[0],
    }


@pytest.mark.parametrize("name", ordinary())
def test_ordinary_data_are_not_flagged(name):
    X = np.unique(ordinary()[name], axis=0)
    report = leakage_report(*parts(X))
    assert report.clean, str(report)
    assert "nothing found" in str(report)


def test_real_data_are_flagged_for_equal_rows_only():
    datasets = pytest.importorskip("sklearn.datasets")
    for load in (datasets.load_iris, datasets.load_wine, datasets.load_breast_cancer, datasets.load_diabetes):
        train, test = parts(load().data)
        report = leakage_report(train, test)
        assert len(report.leaking_rows) == len(reference.equal_rows(train.tolist(), test.tolist()))


# --- rows on a line ---


def resampled_then_split(X, y, seed=0):
    X, y = fastsmote.smote(X, y, random_state=seed)
    order = np.random.default_rng(seed).permutation(len(X))
    train, test = order[: 3 * len(X) // 4], order[3 * len(X) // 4 :]
    return X, y, train, test


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_smote_before_the_split_is_found_without_a_plan(dtype):
    y = np.arange(2000) < 100
    X = (normal(2000, 5) + y[:, np.newaxis]).astype(dtype)
    X, y, train, test = resampled_then_split(X, y)
    report = leakage_report(X[train], X[test], y_test=y[test])
    assert not report.clean
    assert len(report.exact_pairs) == 0
    assert report.n_lines_asked >= 0.99 * len(test)
    asked = report.line_triples[:, 0]
    assert y[test][asked].all()  # no majority row lies on a line
    assert len(asked) > 0.8 * y[test].sum()
    eps = np.finfo(dtype).eps
    for i, one, other in report.line_triples[:50].tolist():
        a, b, c = X[test][i], X[train][one], X[train][other]
        assert reference.off_line(a, b, c) <= 1000 * eps
    assert "Split first" in str(report)
    leaking, every = report.class_counts[True]
    assert (leaking, every) == (len(report.leaking_rows), y[test].sum())
    assert report.class_counts[False][0] == 0


@pytest.mark.parametrize(
    ("of_train", "of_test", "later"),
    [(np.float64, np.float32, None), (np.float32, np.float64, None), (np.float32, np.float32, np.float64)],
)
def test_rounding_does_not_hide_lines(of_train, of_test, later):
    """Parts of two precisions, and float32 parts that were widened."""
    y = np.arange(2000) < 100
    X, y, train, test = resampled_then_split(normal(2000, 5) + y[:, np.newaxis], y)
    expected = leakage_report(X[train].astype(np.float32), X[test].astype(np.float32))
    report = leakage_report(
        X[train].astype(of_train).astype(later or of_train), X[test].astype(of_test).astype(later or of_test)
    )
    assert len(report.line_triples) > 0.95 * len(expected.line_triples) > 100
    assert y[test][report.line_triples[:, 0]].all()


def test_labels_make_rare_rows_be_asked():
    """Synthetic rows, few and far between: hardly one is in a sample of all, or has its like around it."""
    X = normal(40_000, 4)
    y = np.arange(40_000) < 20
    X, y = fastsmote.smote(X, y, sampling_strategy={True: 40}, random_state=0)
    test = np.concatenate([np.arange(20, 35_000), [40_001, 40_005, 40_010]])
    train = np.setdiff1d(np.arange(len(X)), test)
    assert leakage_report(X[train], X[test], y_test=y[test]).clean
    report = leakage_report(X[train], X[test], y_train=y[train], y_test=y[test])
    found = report.line_triples[:, 0]
    assert len(found) > 0
    assert y[test][found].all()
    assert report.class_counts[True] == (len(found), 3)


@pytest.mark.parametrize("name", ["SMOTE", "BorderlineSMOTE", "ADASYN", "SVMSMOTE"])
def test_peers_are_found_too_and_scaling_does_not_hide_it(name):
    over_sampling = pytest.importorskip("imblearn.over_sampling")
    preprocessing = pytest.importorskip("sklearn.preprocessing")
    y = np.arange(800) < 100
    X = normal(800, 4) + y[:, np.newaxis]
    X, y = getattr(over_sampling, name)(random_state=0).fit_resample(X, y)
    X = preprocessing.StandardScaler().fit_transform(X)
    report = leakage_report(*parts(X))
    assert len(report.line_triples) > 0.3 * 0.25 * 600


def test_resampling_after_the_split_is_clean():
    y = np.arange(2000) < 200
    X = normal(2000, 4) + y[:, np.newaxis]
    train, test = np.arange(2000) % 4 > 0, np.arange(2000) % 4 == 0
    resampled, _ = fastsmote.smote(X[train], y[train], random_state=0)
    report = leakage_report(resampled, X[test])
    assert report.clean, str(report)
    assert report.n_lines_asked == 500


def test_labels_change_nothing_but_lines():
    train, test, labels = messy()
    plain, labelled = leakage_report(train, test), leakage_report(train, test, **labels)
    for name in ("exact_pairs", "near_pairs", "near_distances", "typical_distance", "tolerance"):
        np.testing.assert_array_equal(getattr(plain, name), getattr(labelled, name))
    assert len(labelled.line_triples) >= len(plain.line_triples)
    own = labels["y_test"][labelled.line_triples[:, 0]]
    for rows in labelled.line_triples[:, 1:].T:
        assert np.array_equal(labels["y_train"][rows], own)
    many = leakage_report(train, test, y_train=np.arange(len(train)), y_test=np.arange(len(test)))
    assert_same(many, plain)  # too many classes for an index each


def test_classes_of_one_part_only():
    X = normal(600, 3)
    report = leakage_report(X[:400], X[400:], y_train=["a"] * 400, y_test=["b"] * 100 + ["a"] * 100)
    assert report.n_lines_asked == 100
    assert report.class_counts == {"a": (0, 100), "b": (0, 100)}


def test_lines_are_not_looked_for_where_they_are_everywhere():
    lattice = np.random.default_rng(0).integers(0, 9, (500, 6)).astype(float)
    for X in (normal(400, 2), lattice, normal(400, 1) * [1.0, 2.0, 3.0]):
        assert leakage_report(*parts(X)).n_lines_asked == 0


def test_rows_of_a_group_differ_in_few_columns():
    """Customers: four numbers that stay, two that change; rows of one are on lines in the other columns."""
    customers = np.repeat(normal(1500, 4), 2, axis=0)
    X = np.hstack([customers, normal(3000, 2, 5)])
    keep = np.concatenate([np.arange(0, 3000, 2), np.arange(1, 300, 2)])  # most have one row only
    report = leakage_report(*parts(X[keep]))
    assert report.n_lines_asked > 0
    assert len(report.line_triples) == 0


# --- plans ---


def plan_parents(plan):
    parents = [
        {base, neighbor} for base, neighbor in zip(plan.base.tolist(), plan.neighbor.tolist(), strict=True)
    ]
    if plan.donors is not None:
        for own, row in zip(parents, plan.donors.rows[plan.donors.place].tolist(), strict=True):
            own.update(row)
    return parents


@pytest.mark.parametrize("mixed", [False, True])
@pytest.mark.parametrize("seed", [0, 1])
def test_plan_of_rows_resampled_before_the_split(mixed, seed):
    y = np.arange(60) < 15
    X = normal(60, 3) + y[:, np.newaxis]
    if mixed:
        X = pd.DataFrame(X).assign(kind=np.where(np.arange(60) % 3, "a", "b"))
        plan = fastsmote.plan.smotenc(X, y, random_state=seed)
        whole = pd.concat([X, plan.rows(X)], ignore_index=True)
    else:
        plan = fastsmote.plan.smote(X, y, random_state=seed)
        whole = pd.DataFrame(np.vstack([X, plan.rows(X)]))
    order = np.random.default_rng(seed).permutation(len(whole))
    train, test = order[:60], order[60:]
    expected = reference.made_rows(60, plan_parents(plan), train.tolist(), test.tolist())
    for rows in ({}, {"train_rows": train}):
        report = leakage_report(whole.iloc[train], whole.iloc[test], plan=plan, test_rows=test, **rows)
        assert set(pairs(report.parent_pairs)) == expected[0]
        assert set(pairs(report.child_pairs)) == expected[1]
        assert report.synthetic_test.tolist() == expected[2]
        assert len(report.parent_pairs) == len(expected[0])
    assert set(report.synthetic_test) | set(report.parent_pairs[:, 1]) <= set(report.leaking_rows)
    assert "synthetic train rows made of test rows" in str(report)


def test_plan_of_all_rows_of_which_synthetic_ones_went_to_the_train_part():
    y = np.arange(200) < 40
    X = normal(200, 3)
    plan = fastsmote.plan.smote(X, y, random_state=0)
    test = np.arange(0, 200, 5)
    train = np.setdiff1d(np.arange(200), test)
    report = leakage_report(np.vstack([X[train], plan.rows(X)]), X[test], plan=plan, test_rows=test)
    expected = reference.made_rows(200, plan_parents(plan), list(range(200, 200 + len(plan))), test.tolist())
    assert set(pairs(report.parent_pairs)) == expected[0]
    assert len(report.synthetic_test) == len(report.child_pairs) == 0


def test_plan_of_the_train_part_alone():
    y = np.arange(200) < 40
    X = normal(200, 3)
    plan = fastsmote.plan.smote(X, y, random_state=0)
    for train in (X, np.vstack([X, plan.rows(X)])):
        report = leakage_report(train, normal(50, 3, 9), plan=plan)
        assert report.clean
        assert len(report.parent_pairs) == len(report.synthetic_test) == 0
    test = normal(len(plan), 3, 9)  # or are these the 200 rows and the new ones, split?
    with pytest.raises(ValueError, match="test_rows must be given"):
        leakage_report(X, test, plan=plan)


def test_train_rows_alone():
    """The test rows are all others, where so many are; else they have to be told."""
    y = np.arange(60) < 15
    X = normal(60, 3)
    plan = fastsmote.plan.smote(X, y, random_state=0)
    whole = np.vstack([X, plan.rows(X)])
    test = np.arange(0, len(whole), 4)
    train = np.random.default_rng(0).permutation(np.setdiff1d(np.arange(len(whole)), test))
    report = leakage_report(whole[train], whole[test], plan=plan, train_rows=train)
    both = leakage_report(whole[train], whole[test], plan=plan, train_rows=train, test_rows=test)
    assert_same(report, both)
    assert len(report.parent_pairs) > 5
    for some in (test[1:], np.append(test, 1)):
        with pytest.raises(ValueError, match="test_rows must be given"):
            leakage_report(whole[train], whole[some], plan=plan, train_rows=train)
    with pytest.raises(ValueError, match="test_rows must be given"):  # 11 numbers, but 10 rows
        leakage_report(X[np.r_[:10, 0]], X[10:59], plan=plan, train_rows=np.r_[:10, 0])


def test_random_over_sampling_before_the_split():
    y = np.arange(300) < 30
    X, y = fastsmote.random_over_sample(normal(300, 2), y, random_state=0)
    train, test = np.arange(540) % 4 > 0, np.arange(540) % 4 == 0
    report = leakage_report(X[train], X[test], y_test=y[test])
    assert exact(report) == reference.equal_rows(X[train].tolist(), X[test].tolist())
    assert report.class_counts[True][0] > 0.9 * report.class_counts[True][1]
    assert "over-sampled before the split" in str(report)


# --- everything ---


def messy(seed=0):
    """Data with findings of every kind."""
    y = np.arange(900) < 60
    X, y, train, test = resampled_then_split(normal(900, 4) + y[:, np.newaxis], y, seed)
    X = X.copy()
    X[test[:20]] = X[train[:20]]
    X[test[20:40]] = X[train[20:40]] * (1 + 1e-9)
    X[test[40:50], 2] = np.nan
    return X[train], X[test], {"y_train": y[train], "y_test": y[test]}


def test_nothing_depends_on_threads_memory_order_or_container():
    train, test, labels = messy()
    expected = leakage_report(train, test, n_jobs=1)
    assert min(map(len, (expected.exact_pairs, expected.near_pairs, expected.line_triples))) > 10
    labelled = leakage_report(train, test, **labels, n_jobs=1)
    for n_jobs in (2, 5):
        assert_same(leakage_report(train, test, n_jobs=n_jobs), expected)
        assert_same(leakage_report(train, test, **labels, n_jobs=n_jobs), labelled)
    assert_same(leakage_report(np.asfortranarray(train), test[::-1].copy()[::-1]), expected)
    assert_same(
        leakage_report(pd.DataFrame(train, columns=list("abcd")), pl.DataFrame(test, list("abcd"))), expected
    )


def test_powers_of_two_as_units_change_nothing():
    train, test, _ = messy()
    units = 2.0 ** np.array([-40, 0, 7, 300])
    assert_same(leakage_report(train * units, test * units), leakage_report(train, test))


def test_inputs_are_left_alone():
    train, test, _ = messy()
    before = train.copy(), test.copy()
    train.flags.writeable = test.flags.writeable = False
    leakage_report(train, test)
    np.testing.assert_array_equal(train, before[0])
    np.testing.assert_array_equal(test, before[1])


@given(st.permutations(range(30)))
def test_rows_of_the_test_part_may_come_in_any_order(order):
    train, test, _ = messy()
    test = test[10:40]
    report, other = leakage_report(train, test), leakage_report(train, test[order])
    for name in ("exact_pairs", "near_pairs", "line_triples"):
        moved = {(order[i], *rest) for i, *rest in getattr(other, name).tolist()}
        assert moved == {tuple(row) for row in getattr(report, name).tolist()}


def test_progress_and_few_rows():
    calls = []
    leakage_report(normal(300, 3), normal(30, 3, 1), progress=lambda done, total: calls.append((done, total)))
    assert calls
    report = leakage_report([[1.0], [2.0]], [[1.5]])
    assert report.clean
    assert np.isnan(report.typical_distance)
    assert "not searched" in str(report)
    assert "3 or more different complete train rows" in str(report)
    nothing = leakage_report([["a"], ["b"], ["c"]], [["a"]])
    assert pairs(nothing.exact_pairs) == [(0, 0)]


def test_rows_that_differ_in_categories_only():
    frame = pd.DataFrame({"x": np.ones(40), "kind": [str(i) for i in range(40)]})
    report = leakage_report(frame[:30], frame[30:])
    assert report.clean
    assert np.isnan(report.typical_distance)


def test_what_was_not_seen_is_told():
    X = normal(60, 3)
    unseen = "not seen without a plan"
    assert unseen in str(leakage_report(X[:40], X[40:]))
    assert unseen not in str(leakage_report(X[:41], X[40:]))
    plan = fastsmote.plan.smote(X[:40], np.arange(40) < 10, random_state=0)
    assert unseen not in str(leakage_report(X[:40], X[41:], plan=plan))


X20, PLAN = normal(20, 2), fastsmote.plan.smote(normal(20, 2), np.arange(20) < 8, random_state=0)


@pytest.mark.parametrize(
    ("arguments", "options", "error", "words"),
    [
        ((X20, normal(5, 3)), {}, ValueError, "X_test must have the 2 columns of X_train. Got 3"),
        ((X20, X20[0]), {}, ValueError, "X_test must have two dimensions"),
        ((X20, X20[:0]), {}, ValueError, "0 sample"),
        ((X20, np.full((2, 2), np.inf)), {}, ValueError, "Input X_test contains infinity"),
        ((X20, [["a", 1.0]]), {}, ValueError, "Column 0 must be of one kind. Got numbers in X_train"),
        ((pd.DataFrame(X20), pd.DataFrame(X20, columns=[1, 0])), {}, ValueError, "in its order, \\[0, 1\\]"),
        ((X20, X20), {"tolerance": 0}, ValueError, r"tolerance must be a number in \(0, 1\]"),
        ((X20, X20), {"tolerance": "near"}, ValueError, "tolerance must be"),
        ((X20, X20), {"tolerance": True}, ValueError, "tolerance must be a number"),
        ((X20, X20), {"y_test": [1]}, ValueError, "20 and 1"),
        ((X20, X20), {"y_train": np.arange(20)}, ValueError, "together with y_test"),
        ((X20, X20), {"y_train": [1], "y_test": np.arange(20)}, ValueError, "20 and 1"),
        ((X20, X20), {"y_train": ["a"] * 20, "y_test": np.arange(20)}, TypeError, "labels of one kind"),
        ((X20, X20), {"test_rows": [1]}, ValueError, "belong to a plan"),
        ((X20, X20), {"plan": X20}, TypeError, "must be a SyntheticPlan"),
        ((X20[:9], X20[9:]), {"plan": PLAN}, ValueError, "test_rows must be given"),
        (
            (X20[:9], X20[9:]),
            {"plan": PLAN, "test_rows": [1]},
            ValueError,
            "one number for each of the 11 rows",
        ),
        ((X20[1:], X20[:1]), {"plan": PLAN, "test_rows": [24]}, ValueError, r"in \[0, 23\]"),
        (
            (X20[:9], X20[9:12]),
            {"plan": PLAN, "test_rows": [9, 10, 9]},
            ValueError,
            "test_rows must name different rows, one for each row of X_test. Got 9 2 times",
        ),
        (
            (X20[:9], X20[9:12]),
            {"plan": PLAN, "test_rows": [9, 10, 8], "train_rows": np.arange(9)},
            ValueError,
            "no row in common. Got 8 in both",
        ),
        ((X20[1:], X20[:1]), {"plan": PLAN, "test_rows": [0.5]}, TypeError, "must be row numbers"),
        (
            (X20[1:], X20[:1]),
            {"plan": PLAN, "test_rows": [0], "train_rows": [1]},
            ValueError,
            "train_rows must have one number for each of the 19 rows of X_train",
        ),
    ],
)
def test_mistakes_are_told(arguments, options, error, words):
    with pytest.raises(error, match=words):
        leakage_report(*arguments, **options)


def test_sparse_parts_are_refused():
    sparse = pytest.importorskip("scipy.sparse")
    with pytest.raises(TypeError, match="X_test must be dense"):
        leakage_report(X20, sparse.csr_matrix(X20))
