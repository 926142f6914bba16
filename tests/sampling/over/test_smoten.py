"""SMOTE-N: the value difference metric and votes against their definition; tables of it and of SMOTE-NC."""

import pickle

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from imblearn.metrics.pairwise import ValueDifferenceMetric
from reference.sampling.over import nominal
from scipy import sparse

import fastsmote
from fastsmote import plan
from fastsmote._neighbors import spaces
from fastsmote._sampling.over import draft
from fastsmote._sampling.over import nominal as nominal_module


def halves(n_columns, shares, seed=0):
    """Columns whose categories have 64, 32, ..., 2, 1, 1 rows: shares of classes are exact; and classes."""
    rng = np.random.default_rng(seed)
    column = np.repeat([f"v{i}" for i in range(8)], [64, 32, 16, 8, 4, 2, 1, 1])
    X = np.column_stack([rng.permutation(column) for _ in range(n_columns)])
    return X, rng.permutation(np.repeat(np.arange(len(shares)), shares))


def any_shares(n_columns, n_classes, seed=0, n=150):
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(n) % (n_classes + 1)).clip(0, n_classes - 1)
    return (rng.integers(0, 7, (n, n_columns)) + rng.integers(0, 2, (n, 1))).astype(str), y


def many_rows(X, y, k, code=1, **arguments):
    n = int((y == code).sum())
    return plan.smoten(X, y, sampling_strategy={code: 30 * n}, k_neighbors=k, random_state=1, **arguments)


def require_votes(made, X, rows, voters):
    """Row i of the class has the voters[i] but itself; every new row has what they vote for."""
    first, group = np.unique(made.base, return_index=True, return_inverse=True)[1:]
    new = made.rows(X)
    for base, place in zip(made.base[first].tolist(), first, strict=True):
        ballots = X[[base, *rows[voters[np.searchsorted(rows, base)]]]]
        assert new[place].tolist() == [nominal.winner(votes.tolist()) for votes in ballots.T]
    np.testing.assert_array_equal(new, new[first][group])


@pytest.mark.parametrize("shares", [(80, 48), (70, 40, 18), (60, 40, 20, 8)])
@pytest.mark.parametrize("n_columns", [1, 2, 6])
@pytest.mark.parametrize("k", [1, 2, 5, 10, 39])
@pytest.mark.one_in(5)
def test_votes_are_those_of_the_definition(shares, n_columns, k):
    X, y = halves(n_columns, shares, seed=k)
    rows = np.flatnonzero(y == 1)
    squared = nominal.value_difference_squared(X, y.tolist(), rows)
    made = many_rows(X, y, k)
    assert set(made.base.tolist()) == set(rows.tolist())
    require_votes(made, X, rows, nominal.fractions_nearest(squared, k))
    np.testing.assert_array_equal(made.neighbor, made.base)
    assert not made.gap.any()


@pytest.mark.slow
@pytest.mark.parametrize("n_classes", [2, 3, 4])
@pytest.mark.parametrize("seed", range(3))
def test_votes_where_distances_differ(n_classes, seed):
    X, y = any_shares(6, n_classes, seed)
    rows, k = np.flatnonzero(y == 1), 4
    squared = nominal.value_difference_squared(X, y.tolist(), rows)
    clear = nominal.are_clear(squared.astype(float), k)
    assert clear.sum() > 10
    weight = np.zeros(len(X))
    weight[rows[clear]] = 1.0
    made = many_rows(X, y, k, sample_weight=weight)
    require_votes(made, X, rows, nominal.fractions_nearest(squared, k))


@pytest.mark.slow
@pytest.mark.parametrize("n_classes", [2, 4])
def test_value_differences_are_those_of_imbalanced_learn(n_classes):
    X, y = any_shares(3, n_classes)
    codes = np.column_stack([np.unique(column, return_inverse=True)[1] for column in X.T])
    expected = ValueDifferenceMetric().fit(codes, y).pairwise(codes)
    actual = nominal.value_difference_squared(X, y.tolist(), np.arange(len(X))).astype(float)
    np.testing.assert_allclose(actual, expected, rtol=1e-12, atol=1e-14)


def test_a_further_class_with_categories_of_its_own_changes_nothing():
    X, y = halves(4, (80, 48))
    more = np.full((16, 4), "other")
    expected = many_rows(X, y, 5)
    made = many_rows(np.concatenate([X, more]), np.concatenate([y, np.full(16, 2)]), 5)
    np.testing.assert_array_equal(made.base, expected.base)
    np.testing.assert_array_equal(made.donors.rows, expected.donors.rows)


def test_ties_of_votes_go_to_the_base_row_then_to_the_nearest():
    X = np.array([["a", "p"], ["b", "q"], ["c", "q"], ["d", "r"], ["e", "r"], ["z", "z"], ["z", "z"]])
    y = np.array([1, 1, 1, 1, 1, 0, 0])
    made = many_rows(X, y, 4)
    new = made.rows(X)
    np.testing.assert_array_equal(new[:, 0], X[made.base, 0])
    expected = {0: "q", 1: "q", 2: "q", 3: "r", 4: "r"}
    assert {base: row[1] for base, row in zip(made.base.tolist(), new, strict=True)} == expected


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("auto", [70, 70, 70]),
        ("minority", [70, 40, 70]),
        ("not minority", [70, 70, 18]),
        (0.5, [70, 40, 35]),
        ({0: 71, 2: 100}, [71, 40, 100]),
        ({1: 40}, [70, 40, 18]),
    ],
)
def test_counts_and_original_rows(strategy, expected):
    X, y = halves(3, (70, 40, 18))
    before = X.copy()
    X_resampled, y_resampled = fastsmote.smoten(X, y, sampling_strategy=strategy, random_state=0)
    np.testing.assert_array_equal(np.bincount(y_resampled), expected)
    np.testing.assert_array_equal(X_resampled[:128], before)
    np.testing.assert_array_equal(X, before)
    assert X_resampled.dtype == X.dtype
    assert (np.diff(y_resampled[128:]) >= 0).all()


def test_rows_alone_in_their_group_are_repeated_and_others_ask_in_it():
    X, y = halves(4, (70, 40, 18))
    rows, k = np.flatnonzero(y == 1), 3
    groups = np.random.default_rng(0).choice(list("abc"), 128)
    groups[rows[:6]] = list("defghi")
    squared = nominal.value_difference_squared(X, y.tolist(), rows).astype(float)
    squared[groups[rows][:, np.newaxis] != groups[rows]] = np.inf
    near = nominal.nearest(squared, k)
    voters = [[j for j in line if np.isfinite(squared[i, j])] for i, line in enumerate(near)]
    made = many_rows(X, y, k, groups=groups)
    assert set(made.base.tolist()) == set(rows.tolist())
    require_votes(made, X, rows, voters)
    alone = np.isin(made.base, rows[:6])
    np.testing.assert_array_equal(made.rows(X)[alone], X[made.base[alone]])


def test_immutable_columns_and_weights():
    X, y = halves(3, (80, 48))
    weight = np.where(np.arange(128) % 2, 1.0, 0.0)
    free = many_rows(X, y, 5, sample_weight=weight)
    made = many_rows(X, y, 5, columns={1: "immutable"}, sample_weight=weight)
    assert set(made.base.tolist()) == set(np.flatnonzero((y == 1) & (weight > 0)).tolist())
    np.testing.assert_array_equal(made.rows(X)[:, 1], X[made.base, 1])
    assert (free.rows(X)[:, 1] != X[free.base, 1]).any()
    np.testing.assert_array_equal(made.rows(X)[:, ::2], free.rows(X)[:, ::2])
    y_resampled, actual = fastsmote.smoten(X, y, return_weights=True, sample_weight=weight)[1:]
    np.testing.assert_allclose(np.bincount(y_resampled, actual), np.bincount(y, weight))


@pytest.mark.parametrize("n_jobs", [1, 2, 5])
@pytest.mark.parametrize("shares", [(80, 48), (60, 48, 20)])
@pytest.mark.parametrize("groups", [None, np.arange(128) % 2])
@pytest.mark.parametrize(
    ("module", "name", "value"),
    [
        (nominal_module, "_VOTES", 7),
        (draft, "_DRAWS", 13),
        (spaces, "_QUERIES_PER_BLOCK", 1),
        (spaces, "_SMALL_GROUP", 3),
    ],
)
@pytest.mark.one_in(4)
def test_blocks_and_threads_change_nothing(monkeypatch, module, name, value, shares, groups, n_jobs):
    X, y = halves(5, shares)
    arguments = {"groups": groups, "random_state": 5, "sampling_strategy": {1: 500}}
    expected = fastsmote.smoten(X, y, **arguments)[0]
    monkeypatch.setattr(module, name, value)
    np.testing.assert_array_equal(fastsmote.smoten(X, y, n_jobs=n_jobs, **arguments)[0], expected)


def tables(n=120, seed=0):
    """Name -> the same table of a number, an integer, a category and a text; and labels."""
    rng = np.random.default_rng(seed)
    number, integer = rng.integers(0, 9, n) / 4, rng.integers(-3, 3, n)
    colour, word = rng.choice(["red", "green", "blue"], n), rng.choice(["x", "y"], n)
    data = {"n": number, "i": integer, "c": colour.tolist(), "w": word.tolist()}
    arrow = pa.table(data | {"c": pa.array(data["c"]).dictionary_encode()})
    rows = [list(row) for row in zip(number.tolist(), integer.tolist(), data["c"], data["w"], strict=True)]
    made = {
        "pandas": pd.DataFrame(data | {"c": pd.Categorical(colour, ["red", "green", "blue", "white"])}),
        "pandas objects": pd.DataFrame(data).astype({"c": object, "w": "string"}),
        "polars": pl.DataFrame(data, schema_overrides={"c": pl.Categorical}),
        "polars enum": pl.DataFrame(data, schema_overrides={"c": pl.Enum(["red", "green", "white", "blue"])}),
        "pyarrow": arrow,
        "pyarrow chunks": pa.concat_tables([arrow.slice(0, 50), arrow.slice(50)]),
        "record batch": arrow.to_batches()[0],
        "objects": np.array(rows, dtype=object),
        "list": rows,
    }
    return made, rng.permutation(np.repeat([0, 1], [n - 40, 40]))


TABLES, LABELS = tables()
FRAMES = [name for name in TABLES if name not in ("objects", "list")]
SAMPLERS = {"smotenc": {"categorical_features": [2, 3]}, "smoten": {}}
each = pytest.mark.parametrize("sampler", SAMPLERS)


def resample(sampler, X, **arguments):
    return getattr(fastsmote, sampler)(X, LABELS, random_state=3, **SAMPLERS[sampler] | arguments)[0]


def cells(X):
    if isinstance(X, pa.Table | pa.RecordBatch):
        return [list(row) for row in zip(*(column.to_pylist() for column in X.columns), strict=True)]
    if isinstance(X, pd.DataFrame):
        return [list(row) for row in zip(*(X[name].tolist() for name in X.columns), strict=True)]
    return [list(row) for row in (X.rows() if isinstance(X, pl.DataFrame) else X)]


def types(X):
    return X.dtypes.tolist() if isinstance(X, pd.DataFrame) else X.schema


@each
@pytest.mark.parametrize("name", TABLES)
def test_every_container_comes_back_with_the_same_rows(name, sampler):
    X, before = TABLES[name], cells(TABLES[name])
    expected, actual = resample(sampler, TABLES["list"]), resample(sampler, X)
    assert type(actual) is type(X)
    assert len(expected) == 160
    assert cells(actual) == expected
    assert cells(X) == before == expected[:120]
    assert len({tuple(map(type, row)) for row in cells(actual)}) == 1
    if name in FRAMES:
        assert types(actual) == types(X)
    if name in FRAMES and sampler == "smotenc":
        assert cells(resample(sampler, X, categorical_features="auto")) == expected


@each
@pytest.mark.parametrize("name", TABLES)
def test_a_plan_makes_the_same_rows_of_every_container_in_parts_and_elsewhere(name, sampler):
    X, expected = TABLES[name], resample(sampler, TABLES["list"])[120:]
    made = getattr(plan, sampler)(TABLES["pandas"], LABELS, random_state=3)
    made = pickle.loads(pickle.dumps(made))
    assert cells(made.rows(X)) == expected
    assert cells(made.rows(X, 5, 9)) == expected[5:9]
    assert cells(made.rows(X, 5, 5)) == []
    assert [row for block in made.blocks(X, 7) for row in cells(block)] == expected
    if name in FRAMES:
        assert types(made.rows(X, 5, 5)) == types(made.rows(X)) == types(X)
    with pytest.raises(ValueError, match=r"120 rows and 4 features .* Got 119 rows"):
        made.rows(X.slice(0, 119) if isinstance(X, pa.Table | pa.RecordBatch) else X[:119])


@each
@pytest.mark.parametrize("dtype", [np.int64, np.uint64, np.int16, np.float32, np.float64, bool, "U9"])
def test_arrays_keep_their_type_and_large_categories(dtype, sampler):
    dtype, rng = np.dtype(dtype), np.random.default_rng(0)
    large = 2**53 if dtype.kind in "iu" and dtype.itemsize == 8 else 0
    X = np.column_stack([rng.integers(0, 9, 100), large + rng.integers(0, 3, 100)]).astype(dtype)
    if dtype.kind == "U" and sampler == "smotenc":
        X = X.astype(object)
        X[:, 0] = [float(value) for value in X[:, 0]]
    y = np.repeat([0, 1], [70, 30])
    where = {"categorical_features": [1]} if sampler == "smotenc" else {}
    actual = getattr(fastsmote, sampler)(X, y, random_state=0, **where)[0]
    named = [[a, str(b)] for a, b in X.tolist()]
    expected = getattr(fastsmote, sampler)(named, y, random_state=0, **where)[0]
    assert actual.dtype == X.dtype
    assert [str(value) for value in actual[:, 1].tolist()] == [row[1] for row in expected]
    if dtype.kind in "iu" or sampler == "smoten":
        assert actual[:, 0].tolist() == [row[0] for row in expected]


MISSING = {
    "pandas": lambda v: pd.DataFrame({"x": range(60), "c": pd.Categorical(v)}),
    "pandas string": lambda v: pd.DataFrame({"x": range(60), "c": pd.Series(v, dtype="string")}),
    "polars": lambda v: pl.DataFrame({"x": range(60), "c": v}),
    "polars categories": lambda v: pl.DataFrame({"x": range(60), "c": pl.Series(v, dtype=pl.Categorical)}),
    "pyarrow": lambda v: pa.table({"x": range(60), "c": v}),
    "pyarrow dictionary": lambda v: pa.table({"x": range(60), "c": pa.array(v).dictionary_encode()}),
    "dates": lambda v: pd.DataFrame(
        {"x": range(60), "c": pd.to_datetime([s and f"2020-01-0{ord(s) - 96}" for s in v])}
    ),
    "large integers": lambda v: pl.DataFrame({"x": range(60), "c": [s and 2**60 + ord(s) for s in v]}),
    "list": lambda v: [[x, value] for x, value in enumerate(v)],
}
RANDOM = np.random.default_rng(0).choice(np.array(["a", "b", "c", None], object), 60).tolist()
MISSING_LABELS = [0] * 40 + [1] * 20


@each
@pytest.mark.parametrize("kind", MISSING)
def test_missing_categories_are_named(kind, sampler):
    where = {"categorical_features": [1]} if sampler == "smotenc" else {}
    row, column = RANDOM.index(None), 1 if kind == "list" else "c"
    with pytest.raises(ValueError, match=rf"missing value at row {row}, column {column!r}, which is categ"):
        getattr(plan, sampler)(MISSING[kind](RANDOM), MISSING_LABELS, **where)


@pytest.mark.parametrize("kind", MISSING)
def test_missing_categories_of_every_container_are_the_same(kind):
    arguments = {"categorical_features": [1], "missing": "nan-euclidean", "random_state": 0}
    expected = plan.smotenc(MISSING["list"](RANDOM), MISSING_LABELS, **arguments)
    made = plan.smotenc(MISSING[kind](RANDOM), MISSING_LABELS, **arguments)
    np.testing.assert_array_equal(made.neighbor, expected.neighbor)
    np.testing.assert_array_equal(made.donors.rows, expected.donors.rows)


@pytest.mark.parametrize(
    ("X", "arguments", "error", "words"),
    [
        (TABLES["list"], {"k_neighbors": 40}, ValueError, "k_neighbors=40 needs at least 41 rows of every"),
        (TABLES["list"], {"k_neighbors": 0}, ValueError, "k_neighbors must be an integer >= 1"),
        (
            TABLES["list"],
            {"columns": {0: (0, 1)}},
            ValueError,
            'must be "immutable", as the column is categorical',
        ),
        (TABLES["list"], {"columns": {4: "immutable"}}, ValueError, "columns must name columns of X"),
        (TABLES["list"], {"groups": [0]}, ValueError, "one group per row of X"),
        (TABLES["list"], {"sample_weight": 1.0 - LABELS}, ValueError, "sample_weight is 0 for all 40 rows"),
        (TABLES["list"][1:], {}, ValueError, "inconsistent numbers of samples: 119 and 120"),
        (sparse.eye_array(120).tocsr(), {}, TypeError, "smoten takes no sparse matrix"),
        (["a"] * 120, {}, ValueError, "two dimensions"),
        (np.empty((120, 0), object), {}, ValueError, "0 feature"),
    ],
)
def test_errors(X, arguments, error, words):
    with pytest.raises(error, match=words):
        plan.smoten(X, LABELS, **arguments)
