"""SyntheticPlan: applied whole, in parts, into memory of the caller, elsewhere."""

import pickle

import numpy as np
import pandas as pd
import pytest
from strategies import fraud, normal

import fastsmote
from fastsmote import plan
from fastsmote._sampling.over import materialize

DECISIONS = [
    plan.random_over_sample,
    plan.smote,
    plan.adasyn,
    lambda X, y, **rest: plan.random_over_sample(X, y, shrinkage=0.7, **rest),
]
APPLIED = [
    fastsmote.random_over_sample,
    fastsmote.smote,
    fastsmote.adasyn,
    lambda X, y, **rest: fastsmote.random_over_sample(X, y, shrinkage=0.7, **rest),
]
NAMES = ["random", "smote", "adasyn", "smoothed"]
each = pytest.mark.parametrize(("decide", "apply"), list(zip(DECISIONS, APPLIED, strict=True)), ids=NAMES)
dtypes = pytest.mark.parametrize("dtype", [np.float64, np.float32])


@each
@dtypes
def test_rows_are_those_of_the_function(decide, apply, dtype):
    X, y = fraud(dtype=dtype)
    made = decide(X, y, random_state=1)
    expected_X, expected_y = apply(X, y, random_state=1)
    assert len(made) == len(expected_X) - len(X) == len(made.base) == len(made.gap)
    np.testing.assert_array_equal(made.rows(X), expected_X[len(X) :])
    np.testing.assert_array_equal(made.label, expected_y[len(X) :])
    assert made.n_rows == len(X)
    assert ((made.gap >= 0) & (made.gap < 1)).all()


@each
@dtypes
@pytest.mark.parametrize("size", [1, 7, 64, 719, 720, 721, 65536])
@pytest.mark.one_in(2)
def test_blocks_are_the_rows_in_order(decide, apply, dtype, size):
    X, y = fraud(300, 3, dtype=dtype)
    made = decide(X, y, random_state=1)
    blocks = list(made.blocks(X, size))
    assert [len(block) for block in blocks[:-1]] == [size] * (len(blocks) - 1)
    np.testing.assert_array_equal(np.concatenate(blocks), made.rows(X))


@each
def test_a_range_of_rows_into_memory_of_the_caller(decide, apply, tmp_path):
    X, y = fraud()
    made = decide(X, y, random_state=1)
    expected = made.rows(X)
    stored = np.lib.format.open_memmap(tmp_path / "rows.npy", "w+", shape=expected.shape)
    for start, stop in [(0, 100), (100, 101), (101, 101), (101, len(made))]:
        assert made.rows(X, start, stop, out=stored[start:stop]).base is not None
        np.testing.assert_array_equal(made.rows(X, start, stop), expected[start:stop])
    np.testing.assert_array_equal(stored, expected)
    np.testing.assert_array_equal(made.rows(X, 1000), expected[1000:])


@each
def test_pickle(decide, apply):
    X, y = fraud()
    made = decide(X, y, random_state=1)
    again = pickle.loads(pickle.dumps(made))
    np.testing.assert_array_equal(again.rows(X), made.rows(X))
    np.testing.assert_array_equal(again.label, made.label)


@each
def test_empty_plan(decide, apply):
    X, y = fraud(200, 3, (0.5, 0.5))
    made = decide(X, y, random_state=0)
    assert len(made) == 0
    assert made.rows(X).shape == (0, 3)
    assert list(made.blocks(X)) == []


def test_a_plan_does_not_change():
    made = plan.smote(*fraud(), random_state=0)
    with pytest.raises(AttributeError):
        made.gap = made.gap * 2


def test_plan_for_float64_makes_float32_rows_of_float32_data():
    X, y = fraud(dtype=np.float32)
    wide, narrow = plan.smote(X.astype(np.float64), y, random_state=0), plan.smote(X, y, random_state=0)
    np.testing.assert_array_equal(wide.base, narrow.base)
    np.testing.assert_array_equal(wide.neighbor, narrow.neighbor)
    np.testing.assert_array_equal(wide.gap, narrow.gap)
    assert wide.rows(X).dtype == np.float32


X, Y = fraud(200, 3)
N_NEW = 220


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((X[:-1],), "the 200 rows and 3 features that the plan was made for. Got 199"),
        ((X, -1), "start and stop must be in 0.."),
        ((X, 5, 4), "start and stop must be in 0.."),
        ((X, 0, N_NEW + 1), "start and stop must be in 0.."),
        (
            (X, 0, 2, np.empty((3, 3))),
            r"out must be an array of shape \(2, 3\) and dtype float64",
        ),
        ((X, 0, 2, np.empty((2, 3), np.float32)), "Got ndarray of shape .*, dtype float32"),
        ((X, 0, 2, np.empty((3, 2)).T), "C-contiguous"),
        ((X, 0, 2, X[:2]), "must not share memory"),
    ],
)
def test_errors_of_rows(arguments, message):
    before = X.copy()
    made = plan.smote(X, Y, random_state=0)
    assert len(made) == N_NEW
    with pytest.raises(ValueError, match=message):
        made.rows(*arguments)
    np.testing.assert_array_equal(X, before)


@pytest.mark.parametrize(("size", "error"), [(0, ValueError), (2.5, TypeError)])
def test_errors_of_blocks(size, error):
    with pytest.raises(error, match="size must be an integer >= 1"):
        next(plan.smote(X, Y, random_state=0).blocks(X, size))


@pytest.mark.parametrize("shrinkage", [None, 1.0])
@pytest.mark.parametrize("n_features", [2, 8, 400])
def test_rows_of_a_matrix_of_another_width_are_refused(shrinkage, n_features):
    X, y = normal(60, 3), [0] * 40 + [1] * 20
    if shrinkage is None:
        made = fastsmote.plan.smote(X, y, random_state=0)
    else:
        made = fastsmote.plan.random_over_sample(X, y, shrinkage=shrinkage, random_state=0)
    with pytest.raises(ValueError, match=f"60 rows and 3 features.*Got 60 rows and {n_features} features"):
        made.rows(normal(60, n_features))


def test_out_that_can_not_be_written_to_is_refused():
    X, y = normal(60, 3), [0] * 40 + [1] * 20
    made = fastsmote.plan.smote(X, y, random_state=0)
    out = np.empty((5, 3))
    out.flags.writeable = False
    with pytest.raises(ValueError, match="writeable"):
        made.rows(X, 0, 5, out=out)
    with pytest.raises(ValueError, match=r"out must be an array of shape.*Got list"):
        made.rows(X, 0, 5, out=[[0.0] * 3] * 5)


CATEGORIES = [[i / 7, "abc"[i % 3], i % 11] for i in range(200)]
EVERY_KIND = {
    "random": lambda **rest: plan.random_over_sample(X, Y, **rest),
    "smoothed": lambda **rest: plan.random_over_sample(X, Y, shrinkage=0.7, **rest),
    "smote": lambda **rest: plan.smote(X, Y, **rest),
    "ruled": lambda **rest: plan.smote(X, Y, columns={0: "integer", 1: (0, None)}, **rest),
    "grouped": lambda **rest: plan.smote(X, Y, groups=np.arange(200) % 3, sample_weight=X[:, 0] ** 2, **rest),
    "adasyn": lambda **rest: plan.adasyn(X, Y, **rest),
    "borderline-1": lambda **rest: plan.borderline_smote(X, Y, **rest),
    "borderline-2": lambda **rest: plan.borderline_smote(X, Y, kind="borderline-2", **rest),
    "svm": lambda **rest: plan.svm_smote(X, Y, np.arange(0, 200, 2), out_step=1.0, **rest),
    "kmeans": lambda **rest: plan.kmeans_smote(X, Y, clusters=1, **rest),
    "smotenc": lambda **rest: plan.smotenc(CATEGORIES, Y, categorical_features=[1], **rest),
    "smoten": lambda **rest: plan.smoten(CATEGORIES, Y, **rest),
}
PARTS = ["smote", "random", "smoothed", "adasyn", "svm"]


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("kind", EVERY_KIND)
def test_pickles_of_every_kind(kind, protocol):
    made = EVERY_KIND[kind](random_state=5)
    data = CATEGORIES if kind in ("smotenc", "smoten") else X
    again = pickle.loads(pickle.dumps(made, protocol))
    assert type(again) is type(made)
    assert len(again) == N_NEW
    assert (again.n_rows, again.n_features) == (made.n_rows, made.n_features)
    np.testing.assert_array_equal(again.rows(data), made.rows(data))
    np.testing.assert_array_equal(again.rows(data, 50, 99), made.rows(data)[50:99])
    np.testing.assert_array_equal(again.label, made.label)
    np.testing.assert_array_equal(again.weights(Y), made.weights(Y))


@pytest.mark.parametrize(
    "names", [PARTS, PARTS[::-1], ["smoothed", "smoothed"], ["random", "random"], ["adasyn"]]
)
@dtypes
def test_joined_plans_make_the_rows_of_their_parts(names, dtype):
    data = X.astype(dtype)
    parts = [EVERY_KIND[name](random_state=seed) for seed, name in enumerate(names)]
    joined = plan.concatenate(parts)
    assert len(joined) == N_NEW * len(parts)
    expected = np.concatenate([part.rows(data) for part in parts])
    np.testing.assert_array_equal(joined.rows(data), expected)
    np.testing.assert_array_equal(np.concatenate(list(joined.blocks(data, 101))), expected)
    np.testing.assert_array_equal(joined.rows(data, 150, len(joined) - 20), expected[150:-20])
    for attribute in ("base", "neighbor", "gap", "label"):
        wanted = np.concatenate([getattr(part, attribute) for part in parts])
        np.testing.assert_array_equal(getattr(joined, attribute), wanted)
    again = pickle.loads(pickle.dumps(joined))
    np.testing.assert_array_equal(again.rows(data), expected)


def test_joined_plans_can_be_joined_again_and_weigh_classes_as_before():
    one, two, three = (EVERY_KIND[name](random_state=1) for name in ("smoothed", "smote", "smoothed"))
    left = plan.concatenate([plan.concatenate([one, two]), three])
    right = plan.concatenate(iter([one, plan.concatenate((two, three))]))
    np.testing.assert_array_equal(left.rows(X), right.rows(X))
    weights = left.weights(Y)
    labels = np.concatenate([Y, left.label])
    for code in range(3):
        assert weights[labels == code].sum() == pytest.approx((code == Y).sum())


@pytest.mark.parametrize("kind", ["smotenc", "smoten"])
def test_joined_plans_with_categories(kind):
    parts = [EVERY_KIND[kind](random_state=seed) for seed in (0, 1)]
    joined = plan.concatenate(parts)
    expected = np.concatenate([part.rows(CATEGORIES) for part in parts])
    np.testing.assert_array_equal(joined.rows(CATEGORIES), expected)
    np.testing.assert_array_equal(joined.rows(CATEGORIES, 150, 300), expected[150:300])


def test_joined_plans_with_rules_and_with_empty_ones():
    parts = [EVERY_KIND["ruled"](random_state=seed) for seed in (0, 1)]
    expected = np.concatenate([part.rows(X) for part in parts])
    np.testing.assert_array_equal(plan.concatenate(parts).rows(X), expected)
    empty = plan.smote(X, Y, sampling_strategy={0: 140})
    smoothed = EVERY_KIND["smoothed"](random_state=1)
    joined = plan.concatenate([empty, smoothed, empty])
    np.testing.assert_array_equal(joined.rows(X), smoothed.rows(X))
    assert len(plan.concatenate([empty, empty])) == 0


def test_plans_for_any_width_take_the_width_of_the_others():
    free = EVERY_KIND["random"](random_state=0)
    assert plan.concatenate([free, free]).n_features is None
    joined = plan.concatenate([free, EVERY_KIND["smote"](random_state=0)])
    assert joined.n_features == 3
    with pytest.raises(ValueError, match="3 features"):
        joined.rows(X[:, :2])


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([], "at least one plan. Got none"),
        ([plan.smote(X, Y), plan.smote(X[:-1], Y[:-1])], r"of one shape. .*\(200, 3\), \(199, 3\)"),
        ([plan.smote(X, Y), plan.smote(X[:, :2], Y)], r"of one shape. .*\(200, 3\), \(200, 2\)"),
        ([EVERY_KIND["ruled"](), EVERY_KIND["smote"]()], "the same columns="),
        ([EVERY_KIND["ruled"](), plan.smote(X, Y, columns={0: "integer"})], "the same columns="),
        ([EVERY_KIND["smotenc"](), EVERY_KIND["smoten"]()], "the same categorical features"),
        ([EVERY_KIND["smote"](), EVERY_KIND["smotenc"]()], "the same categorical features"),
    ],
    ids=["none", "rows", "columns", "no rules", "other rules", "other categories", "no categories"],
)
def test_errors_of_joining(parts, message):
    with pytest.raises(ValueError, match=message):
        plan.concatenate(parts)


def test_plans_are_equal_if_their_arrays_are():
    first, again, other = (plan.smote(X, Y, random_state=seed) for seed in (0, 0, 1))
    assert first == again
    assert first != other
    assert first != plan.smote(X, Y, columns={0: "integer"}, random_state=0)
    smooth = [plan.random_over_sample(X, Y, shrinkage=size, random_state=0) for size in (1.0, 1.0, 2.0)]
    assert smooth[0] == smooth[1] != smooth[2]
    assert first != 1


def test_rows_that_are_repeated_may_hold_anything():
    rows, labels = [["a", 1], ["b", 2], ["c", 3]], [0, 0, 1]
    made = plan.random_over_sample(rows, labels, random_state=0)
    assert made.rows(rows) == [["c", 3]]
    frame = pd.DataFrame(rows, columns=["s", "n"])
    assert made.rows(frame).values.tolist() == [["c", 3]]
    assert [len(block) for block in made.blocks(frame)] == [1]


def test_repeated_rows_join_rows_with_categories():
    table = [[float(i), "xyz"[i % 3]] for i in range(12)]
    labels = [0] * 7 + [1] * 5
    mixed = plan.smotenc(table, labels, categorical_features=[1], k_neighbors=2, random_state=0)
    repeated = plan.random_over_sample(table, labels, random_state=1)
    both = plan.concatenate([repeated, mixed, repeated])
    expected = [*repeated.rows(table), *mixed.rows(table).tolist(), *repeated.rows(table)]
    assert both.rows(table).tolist() == expected


def test_only_the_rows_that_are_needed_are_converted(monkeypatch):
    whole = np.arange(3000).reshape(1000, 3)
    labels = np.arange(1000) % 10 == 0
    made = plan.smote(whole, labels, random_state=0)
    expected = made.rows(whole)
    seen = []
    monkeypatch.setattr(
        materialize,
        "check_matrix",
        lambda table, **rest: seen.append(len(table.given)) or np.asarray(table.given, float),
    )
    blocks = list(made.blocks(whole, 50))
    np.testing.assert_array_equal(np.concatenate(blocks), expected)
    assert max(seen) <= 100


@pytest.mark.parametrize("kind", ["frame", "memoryview", "interface"])
def test_out_is_not_where_x_is__D1(kind):
    """Whatever X comes in: rows that are read would be written to."""
    rows = np.random.default_rng(5).normal(size=(300, 4))
    made = plan.smote(rows, np.arange(300) >= 250, random_state=0)
    memory = rows.copy()
    given = {
        "frame": lambda: pd.DataFrame(memory, copy=False),
        "memoryview": lambda: memoryview(memory),
        "interface": type("Given", (), {"__array_interface__": memory.__array_interface__}),
    }[kind]()
    for which, out in ((0, memory[100:300]), (np.arange(190, 200), memory[250:260])):
        with pytest.raises(ValueError, match="must not share memory"):
            made.rows(given, which, out=out)
    assert np.array_equal(memory, rows)


def test_masked_row_numbers_are_refused():
    X = np.arange(40.0).reshape(20, 2)
    made = plan.smote(X, np.arange(20) >= 14, random_state=0)
    with pytest.raises(TypeError, match="without a mask"):
        made.rows(X, np.ma.array([1, 2], mask=[0, 1]))
