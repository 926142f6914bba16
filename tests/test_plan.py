"""SyntheticPlan: applied whole, in parts, into memory of the caller, elsewhere."""

import pickle

import numpy as np
import pytest
from strategies import fraud, normal

import fastsmote
from fastsmote import plan

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
