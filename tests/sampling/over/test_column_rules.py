"""columns=: whole numbers, bounds and immutable columns in new rows, for every sampler that makes numbers."""

from fractions import Fraction
from functools import partial

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from strategies import fraud

import fastsmote
from fastsmote import plan

X, Y = fraud(300, 5, (0.7, 0.3), 1)
X = X * 4
SUPPORT = np.flatnonzero(Y == 1)
N_NEW = 2_000
TARGETS = {1: 90 + N_NEW}

DECIDE = {
    "smote": plan.smote,
    "borderline-1": plan.borderline_smote,
    "borderline-2": partial(plan.borderline_smote, kind="borderline-2"),
    "svm": partial(plan.svm_smote, support=SUPPORT, m_neighbors=20, out_step=1.0),
    "adasyn": plan.adasyn,
    "kmeans": partial(plan.kmeans_smote, clusters=1),
    "shrinkage": partial(plan.random_over_sample, shrinkage=2.0),
}
APPLY = {
    "smote": fastsmote.smote,
    "borderline-1": fastsmote.borderline_smote,
    "borderline-2": partial(fastsmote.borderline_smote, kind="borderline-2"),
    "svm": partial(fastsmote.svm_smote, support=SUPPORT, m_neighbors=20, out_step=1.0),
    "adasyn": fastsmote.adasyn,
    "kmeans": partial(fastsmote.kmeans_smote, clusters=1),
    "shrinkage": partial(fastsmote.random_over_sample, shrinkage=2.0),
}
each = pytest.mark.parametrize("name", DECIDE)
dtypes = pytest.mark.parametrize("dtype", [np.float64, np.float32])
RULES = {0: "integer", 1: (-2, 2.5), 2: "immutable", 3: ["integer", (-1.5, None)]}


def decide(name, data, **rest):
    return DECIDE[name](data, Y, sampling_strategy=TARGETS, random_state=3, **rest)


def ruled(free, base):
    """Rows as RULES would have them."""
    expected = free.copy()
    expected[:, 0] = np.rint(free[:, 0])
    expected[:, 1] = np.clip(free[:, 1], -2, 2.5)
    expected[:, 2] = base[:, 2]
    expected[:, 3] = np.maximum(np.rint(free[:, 3]), -1)
    return expected


@each
@dtypes
def test_rules_change_the_values_of_their_columns_only(name, dtype):
    data = X.astype(dtype)
    free, made = decide(name, data), decide(name, data, columns=RULES)
    for part in ("base", "neighbor", "gap"):
        np.testing.assert_array_equal(getattr(made, part), getattr(free, part))
    before = free.rows(data)
    expected = ruled(before, data[made.base])
    for column in range(4):
        assert (before[:, column] != expected[:, column]).any()
    actual = made.rows(data)
    assert actual.dtype == dtype
    np.testing.assert_array_equal(actual, expected)


@each
@dtypes
def test_function_plan_and_blocks_agree_and_rows_of_X_are_kept(name, dtype):
    data = X.astype(dtype)
    made = decide(name, data, columns=RULES)
    arguments = {"sampling_strategy": TARGETS, "random_state": 3, "columns": RULES}
    actual = APPLY[name](data, Y, **arguments)[0]
    np.testing.assert_array_equal(actual[: len(data)], data)
    np.testing.assert_array_equal(actual[len(data) :], made.rows(data))
    np.testing.assert_array_equal(np.concatenate(list(made.blocks(data, 333))), made.rows(data))
    np.testing.assert_array_equal(made.rows(data, 777, 1_234), made.rows(data)[777:1_234])
    for n_jobs in (1, 2):
        np.testing.assert_array_equal(made.rows(data, n_jobs=n_jobs), made.rows(data))


def test_halves_are_rounded_to_even():
    data = np.repeat([-1.5, -0.5, 0.5, 1.5, 2.5, 3.5], 3)[:, np.newaxis]
    y = np.r_[np.zeros(40), np.ones(18)]
    data = np.concatenate([np.zeros((40, 1)), data])
    made = plan.smote(data, y, k_neighbors=2, columns={0: "integer"}, random_state=0)
    parent = data[made.base, 0]
    assert set(parent.tolist()) == {-1.5, -0.5, 0.5, 1.5, 2.5, 3.5}
    expected = {-1.5: -2, -0.5: 0, 0.5: 0, 1.5: 2, 2.5: 2, 3.5: 4}
    assert made.rows(data)[:, 0].tolist() == [expected[value] for value in parent.tolist()]


@each
@pytest.mark.parametrize(
    ("bounds", "low", "high"),
    [
        ((0, None), 0, np.inf),
        ((None, 0), -np.inf, 0),
        ((None, None), -np.inf, np.inf),
        ((-np.inf, np.inf), -np.inf, np.inf),
        ((1, 1), 1, 1),
        ((np.float32(-0.5), Fraction(1, 2)), -0.5, 0.5),
        ((100, 101), 100, 101),
    ],
)
def test_bounds_that_are_open_equal_or_beyond_the_data(name, bounds, low, high):
    made = decide(name, X, columns={4: bounds})
    np.testing.assert_array_equal(
        made.rows(X)[:, 4],
        np.clip(DECIDE[name](X, Y, sampling_strategy=TARGETS, random_state=3).rows(X)[:, 4], low, high),
    )


def test_steps_outwards_and_noise_stay_within_bounds():
    low, high = X[Y == 1].min(axis=0), X[Y == 1].max(axis=0)
    bounds = {j: (low[j], high[j]) for j in range(5)}
    for name in ("svm", "shrinkage"):
        free, actual = decide(name, X).rows(X), decide(name, X, columns=bounds).rows(X)
        assert (free < low).any()
        assert (free > high).any()
        assert (actual >= low).all()
        assert (actual <= high).all()


@pytest.mark.parametrize("bounds", [(0.2, 3.7), (-0.9, 2.0), (None, 1.5), (-1.2, None)])
@pytest.mark.parametrize("order", [1, -1])
def test_bounds_of_whole_numbers_are_drawn_in(bounds, order):
    values = decide("smote", X, columns={0: ["integer", bounds][::order]}).rows(X)[:, 0]
    low, high = (np.inf * sign if b is None else b for b, sign in zip(bounds, (-1, 1), strict=True))
    assert (values == np.rint(values)).all()
    np.testing.assert_array_equal(
        np.unique(values),
        np.unique(np.clip(np.rint(decide("smote", X).rows(X)[:, 0]), np.ceil(low), np.floor(high))),
    )


@pytest.mark.parametrize("bounds", [(None, 2.7), (-1.7, None), (0.6, 2.4)])
def test_bounds_hold_for_columns_that_are_rounded_because_of_their_type(bounds):
    data = np.rint(X).astype(np.int64)
    actual = fastsmote.smote(data, Y, columns={1: bounds}, random_state=0)[0][len(X) :, 1]
    low, high = (np.inf * sign if b is None else b for b, sign in zip(bounds, (-1, 1), strict=True))
    assert actual.min() >= low
    assert actual.max() <= high


def test_bounds_of_float32_columns_are_drawn_in_to_float32():
    data = X.astype(np.float32)
    actual = decide("smote", data, columns={1: (-0.3, 0.1)}).rows(data)[:, 1]
    assert actual.min() == np.nextafter(np.float32(-0.3), np.float32(0)) > -0.3
    assert actual.max() == np.nextafter(np.float32(0.1), np.float32(0)) < 0.1
    with pytest.raises(ValueError, match="leaves no value that the column can hold"):
        decide("smote", data, columns={1: (1e39, None)})


def test_whole_numbers_of_float32():
    data = X.astype(np.float32)
    values = decide("smote", data, columns={0: "integer"}).rows(data)[:, 0]
    assert values.dtype == np.float32
    np.testing.assert_array_equal(values, np.rint(values))


FRAME = pd.DataFrame(X, columns=["age", "ratio", "plan", "visits", "rest"])
FRAMES = {
    "pandas": FRAME,
    "mixed pandas": FRAME.astype({"age": "float32"}),
    "polars": pl.DataFrame(X, schema=list(FRAME.columns)),
    "arrow": pa.table({c: X[:, j] for j, c in enumerate(FRAME.columns)}),
}
BY_NAME = {"age": "integer", "ratio": (-2, 2.5), "plan": "immutable", "visits": ["integer", (-1.5, None)]}


@each
@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("rules", [BY_NAME, RULES, {"age": "integer", **{k: RULES[k] for k in (1, 2, 3)}}])
@pytest.mark.one_in(3)
def test_columns_of_frames_by_name_and_number(name, frame, rules):
    data = FRAMES[frame]
    result = APPLY[name](data, Y, sampling_strategy=TARGETS, columns=rules, random_state=3)[0]
    assert type(result) is type(data)
    actual = np.column_stack([np.asarray(result[c]) for c in FRAME.columns])
    expected = APPLY[name](data, Y, sampling_strategy=TARGETS, random_state=3)[0]
    expected = np.column_stack([np.asarray(expected[c]) for c in FRAME.columns])
    base = decide(name, X).base
    expected[len(X) :] = ruled(expected[len(X) :], expected[base])
    np.testing.assert_array_equal(actual, expected)


def test_names_that_are_numbers_come_before_places():
    frame = FRAME.set_axis([4, 3, 2, 1, 0], axis=1)
    actual = decide("smote", frame, columns={4: "integer"}).rows(frame)
    np.testing.assert_array_equal(actual[:, 0], np.rint(actual[:, 0]))
    assert (actual[:, 4] != np.rint(actual[:, 4])).any()


def test_rules_of_one_column_by_name_and_by_number_add_up():
    actual = decide("smote", FRAME, columns={"age": (-1.5, 1.5), 0: "integer"}).rows(FRAME)[:, 0]
    assert set(actual.tolist()) == {-1.0, 0.0, 1.0}


def test_missing_values_stay_missing():
    data = X.copy()
    data[np.random.default_rng(0).random(X.shape) < 0.4] = np.nan
    free = decide("smote", data, missing="nan-euclidean")
    made = decide("smote", data, missing="nan-euclidean", columns=RULES)
    actual, before, base = made.rows(data), free.rows(data), data[made.base]
    others = [0, 1, 3, 4]
    np.testing.assert_array_equal(np.isnan(actual[:, others]), np.isnan(before[:, others]))
    assert np.isnan(actual[:, others]).any()
    np.testing.assert_array_equal(actual[:, 2], base[:, 2])
    assert (np.isnan(base[:, 2]) & ~np.isnan(before[:, 2])).any()
    np.testing.assert_array_equal(actual, ruled(before, base))


def test_no_rules():
    expected = decide("smote", X).rows(X)
    for columns in (None, {}, {1: []}):
        np.testing.assert_array_equal(decide("smote", X, columns=columns).rows(X), expected)


WRONG = [
    ({5: "integer"}, ValueError, r"columns must name columns of X: .*\[0, 4\]. Got 5"),
    ({-1: "integer"}, ValueError, "columns must name columns of X"),
    ({True: "integer"}, ValueError, "columns must name columns of X"),
    ({"age": "integer"}, ValueError, "columns must name columns of X.*Got 'age'"),
    ({0: "whole"}, ValueError, r"columns\[0\] must be .*Got 'whole'"),
    ({0: (1, 2, 3)}, ValueError, r"columns\[0\] must be .*Got \(1, 2, 3\)"),
    ({0: (0, np.nan)}, ValueError, r"columns\[0\] must be"),
    ({0: ("0", None)}, ValueError, r"columns\[0\] must be"),
    ({0: (False, True)}, ValueError, r"columns\[0\] must be"),
    ({0: ["integer", None]}, ValueError, r"columns\[0\] must be .*Got None"),
    ({0: ("integer", (0, 1))}, ValueError, r"columns\[0\] must be"),
    ({0: (2, 1)}, ValueError, r"columns\[0\] leaves no value"),
    ({0: ["integer", (0.2, 0.8)]}, ValueError, r"columns\[0\] leaves no value"),
    (["integer"], TypeError, "columns must be a mapping"),
    ("integer", TypeError, "columns must be a mapping"),
]


@each
@pytest.mark.parametrize(("columns", "error", "message"), WRONG)
def test_errors(name, columns, error, message):
    with pytest.raises(error, match=message):
        DECIDE[name](X, Y, columns=columns)


def test_an_unknown_name_lists_the_columns_of_the_frame():
    with pytest.raises(ValueError, match=r"one of \['age', 'ratio', .*\[0, 4\]\. Got 'aged'"):
        plan.smote(FRAME, Y, columns={"aged": "integer"})


def test_rows_that_are_repeated_take_no_rules():
    with pytest.raises(ValueError, match="columns needs shrinkage"):
        fastsmote.random_over_sample(X, Y, columns={0: "integer"})


def test_bounds_of_a_list_all_hold():
    rules = [(0, None), (None, 3.5), (-5, 9)]
    actual = decide("smote", X, columns={0: rules}).rows(X)[:, 0]
    expected = decide("smote", X, columns={0: (0, 3.5)}).rows(X)[:, 0]
    np.testing.assert_array_equal(actual, expected)
    assert (actual.min(), actual.max()) == (0, 3.5)


@pytest.mark.parametrize(
    ("dtype", "bounds"),
    [
        (np.int8, (200, None)),
        (np.uint8, (None, -1)),
        (bool, (2, None)),
        (np.int64, (0.2, 0.8)),
        (np.float64, (10**400, None)),
        (np.float32, (None, -(10**400))),
        (np.float64, [(1, None), (None, 0)]),
    ],
)
def test_bounds_that_the_column_can_not_hold(dtype, bounds):
    with pytest.raises(ValueError, match=r"columns\[1\] leaves no value that the column can hold"):
        fastsmote.smote((X > 0).astype(dtype), Y, columns={1: bounds})


def test_immutable_goes_with_no_other_rule():
    with pytest.raises(ValueError, match='"immutable" goes with no other rule'):
        fastsmote.smote(X, Y, columns={1: ["immutable", (0, 1)]})


def test_no_rules_are_none():
    assert plan.smote(X, Y, columns={}, random_state=0) == plan.smote(X, Y, random_state=0)
