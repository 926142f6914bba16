"""The values of a column in new rows are of its kind, in every container; old rows are what they were."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import fastsmote

N, MINORITY = 40, 12
RNG = np.random.default_rng(0)
Y = [0] * (N - MINORITY) + [1] * MINORITY
CENTS = [Decimal(int(v)) / 100 for v in RNG.integers(100, 200, N)]
AGES = RNG.integers(10, 90, N).tolist()
FLAGS = (RNG.random(N) < 0.5).tolist()
FLOATS = RNG.normal(size=N).tolist()
SHOPS = RNG.choice(["a", "b", "c"], N).tolist()
OBJECTS = np.empty((N, 5), object)
for place, column in enumerate((CENTS, AGES, FLAGS, FLOATS, SHOPS)):
    OBJECTS[:, place] = column
TYPES = (Decimal, int, bool, float, str)
FRAME = pd.DataFrame(dict(enumerate(OBJECTS.T)), dtype=object)
CONTAINERS = {"list": OBJECTS.tolist(), "array": OBJECTS, "pandas": FRAME}
SAMPLERS = {
    "smote": fastsmote.smote,
    "adasyn": fastsmote.adasyn,
    "borderline_smote": fastsmote.borderline_smote,
    "kmeans_smote": lambda X, y, **seed: fastsmote.kmeans_smote(X, y, clusters=1, **seed),
    "shrinkage": lambda X, y, **seed: fastsmote.random_over_sample(X, y, shrinkage=0.5, **seed),
    "smote_tomek": fastsmote.smote_tomek,
    "smote_enn": lambda X, y, **seed: fastsmote.smote_enn(X, y, n_neighbors=1, **seed),
    "cluster_centroids": fastsmote.cluster_centroids,
}


def without_shops(X):
    if isinstance(X, list):
        return [row[:4] for row in X]
    return X.iloc[:, :4] if isinstance(X, pd.DataFrame) else X[:, :4]


def rows_of(X):
    if isinstance(X, pd.DataFrame):
        return X.to_numpy().tolist()
    return X if isinstance(X, list) else X.tolist()


def column_of(X, name):
    if isinstance(X, pd.DataFrame):
        return X[name].tolist()
    return X[name].to_pylist() if isinstance(X, pa.Table | pa.RecordBatch) else X[name].to_list()


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("sampler", SAMPLERS)
def test_new_values_are_of_the_kind_of_their_column__B1_B2(sampler, container):
    X = without_shops(CONTAINERS[container])
    made = rows_of(SAMPLERS[sampler](X, Y, random_state=0)[0])
    old = set(map(tuple, rows_of(X)))
    new = [row for row in made if tuple(row) not in old]
    assert len(new) > 4
    for row in made:
        assert tuple(map(type, row)) == TYPES[:4]
    assert all(row[0].as_tuple().exponent == -2 for row in new)
    assert len({row[0] for row in new}) > 2  # in between, and not cut to whole amounts
    floats = np.asarray([[float(value) for value in row] for row in rows_of(X)])
    expected = SAMPLERS[sampler](floats, Y, random_state=0)[0]
    np.testing.assert_allclose(np.array(made, float)[:, 3], expected[:, 3])
    np.testing.assert_allclose(np.array(made, float)[:, 0], expected[:, 0], atol=0.005000001)
    np.testing.assert_array_equal(
        np.array(made, float)[:, 1:3], np.rint(expected[:, 1:3]).clip([-np.inf, 0], [np.inf, 1])
    )


@pytest.mark.parametrize("container", CONTAINERS)
def test_amounts_beside_a_shop_name__B1(container):
    """smotenc gave [1, 'shop'] for the amounts 1.10, 1.40 and 1.20."""
    X = CONTAINERS[container]
    auto = {} if container == "pandas" else {"categorical_features": [4]}
    made, _ = fastsmote.smotenc(X, Y, random_state=0, **auto)
    plan = fastsmote.plan.smotenc(X, Y, random_state=0, **auto)
    for row in rows_of(made) + rows_of(plan.rows(X)):
        assert tuple(map(type, row)) == TYPES
    assert rows_of(made)[N:] == rows_of(plan.rows(X))
    floats = [[float(row[0]), *row[1:]] for row in rows_of(X)]
    expected = fastsmote.smotenc(floats, Y, categorical_features=[4], random_state=0)[0]
    assert [float(row[0]) for row in rows_of(made)] == [round(row[0], 2) for row in expected]
    assert [row[1:] for row in rows_of(made)] == [row[1:] for row in expected]


def test_fractions_and_mixtures_give_floats__B1():
    X = [[Fraction(i, 7), i if i % 2 else i / 3, np.float32(i)] for i in range(N)]
    made = fastsmote.smote(X, Y, random_state=0)[0]
    assert made[:N] == X
    assert {type(value) for row in made[N:] for value in row} == {float}


def whole_columns():
    ages, flags = AGES, FLAGS
    nullable = {
        "a": pd.array(ages, "Int64"),
        "f": pd.array(flags, "boolean"),
        "x": pd.array(FLOATS, "Float64"),
    }
    yield "nullable", pd.DataFrame(nullable)
    arrow = {"a": "uint8[pyarrow]", "f": "bool[pyarrow]", "x": "double[pyarrow]"}
    yield "backed by Arrow", pd.DataFrame({"a": ages, "f": flags, "x": FLOATS}).astype(arrow)
    yield (
        "polars",
        pl.DataFrame(
            {"a": ages, "f": flags, "x": FLOATS}, schema={"a": pl.UInt16, "f": pl.Boolean, "x": pl.Float64}
        ),
    )
    yield (
        "polars, wide",
        pl.DataFrame({"a": ages, "f": flags, "x": FLOATS}).with_columns(pl.col("a").cast(pl.Int128)),
    )
    yield "Arrow", pa.table({"a": pa.array(ages, pa.int8()), "f": flags, "x": FLOATS})
    yield "a batch", pa.record_batch({"a": ages, "f": flags, "x": FLOATS})
    yield "pandas", pd.DataFrame({"a": np.array(ages, "u1"), "f": flags, "x": FLOATS})


WHOLE = dict(whole_columns())
LIMITS = {"backed by Arrow": (0, 255), "polars": (0, 2**16 - 1), "Arrow": (-128, 127), "pandas": (0, 255)}
WIDE = (-(2**60), 2**60)


@pytest.mark.parametrize("case", WHOLE)
@pytest.mark.parametrize("sampler", ["smote", "shrinkage", "cluster_centroids"])
def test_whole_numbers_and_bools_of_frames__B2(sampler, case):
    X = WHOLE[case]
    made = SAMPLERS[sampler](X, Y, random_state=0)[0]
    assert type(made) is type(X)
    if isinstance(X, pd.DataFrame):
        assert made.dtypes.tolist() == X.dtypes.tolist()
    else:
        assert made.schema == X.schema
    objects = np.empty((N, 3), object)
    objects[:, 0], objects[:, 1], objects[:, 2] = AGES, FLAGS, FLOATS
    expected = SAMPLERS[sampler](objects, Y, random_state=0)[0]
    columns = [column_of(made, name) for name in "afx"]
    np.testing.assert_array_equal(columns[0], np.clip(expected[:, 0].astype(float), *LIMITS.get(case, WIDE)))
    np.testing.assert_array_equal(columns[1], expected[:, 1].astype(bool))
    np.testing.assert_allclose(columns[2], expected[:, 2].astype(float), rtol=1e-6)


def ids():
    yield "array", np.column_stack([4 * 10**18 + np.arange(N), AGES])
    yield "list", [[4 * 10**18 + i, value] for i, value in enumerate(FLOATS)]
    yield "list of mixed signs", [[2**63 + i, -i] for i in range(N)]
    yield "objects", np.array([[2**70 + i, i / 3] for i in range(N)], object)
    yield "pandas", pd.DataFrame({"id": 4 * 10**18 + np.arange(N), "x": FLOATS})
    yield (
        "pandas objects",
        pd.DataFrame({"id": pd.Series([2**70 + i for i in range(N)], dtype=object), "x": FLOATS}),
    )
    yield "nullable", pd.DataFrame({"id": pd.array(4 * 10**18 + np.arange(N), "Int64"), "x": FLOATS})
    yield "polars", pl.DataFrame({"id": 4 * 10**18 + np.arange(N), "x": FLOATS})
    yield "Arrow", pa.table({"id": 4 * 10**18 + np.arange(N), "x": FLOATS})


IDS = dict(ids())
KEEP_ALL = {
    **{name: SAMPLERS[name] for name in ("smote", "adasyn", "borderline_smote", "kmeans_smote", "shrinkage")},
    "smotenc": lambda X, y, **seed: fastsmote.smotenc(X, y, categorical_features=[0], **seed),
    "smoten": fastsmote.smoten,
    "random_over_sample": fastsmote.random_over_sample,
}
KEEP_SOME = {
    **{name: SAMPLERS[name] for name in ("smote_tomek", "smote_enn", "cluster_centroids")},
    "tomek_links": lambda X, y, **seed: fastsmote.tomek_links(X, y),
    "near_miss": lambda X, y, **seed: fastsmote.near_miss(X, y),
    "random_under_sample": fastsmote.random_under_sample,
}


def ids_of(X):
    if isinstance(X, list):
        return [row[0] for row in X]
    if isinstance(X, np.ndarray):
        return X[:, 0].tolist()
    return column_of(X, "id")


@pytest.mark.parametrize("case", IDS)
@pytest.mark.parametrize("sampler", [*KEEP_ALL, *KEEP_SOME])
@pytest.mark.one_in(3)
def test_integers_beyond_float64_stay_in_old_rows__B4(sampler, case):
    X = IDS[case]
    made = (KEEP_ALL | KEEP_SOME)[sampler](X, Y, random_state=0)[0]
    if sampler in KEEP_ALL:
        assert ids_of(made)[:N] == ids_of(X)
    else:
        assert len(set(ids_of(made)) & set(ids_of(X))) >= MINORITY - 2


def test_rules_for_columns_of_objects__B1_B2():
    rules = {0: (1.201, 1.399), 1: (20.5, None), 2: "immutable"}
    made = fastsmote.smote(without_shops(OBJECTS), Y, columns=rules, random_state=0)[0][N:]
    assert min(made[:, 0]) == Decimal("1.21")
    assert max(made[:, 0]) == Decimal("1.39")
    assert min(made[:, 1]) >= 21
    with pytest.raises(ValueError, match="leaves no value"):
        fastsmote.smote(without_shops(OBJECTS), Y, columns={0: (1.201, 1.209)}, random_state=0)


def test_decimals_are_numbers_to_advise_and_leakage_report__B1():
    X = without_shops(FRAME)
    assert fastsmote.advise(X, Y).findings.categorical_columns == []
    assert fastsmote.advise(without_shops(OBJECTS), Y).findings.categorical_columns == []
    assert fastsmote.advise(FRAME, Y).findings.categorical_columns == [4]


def test_missing_values_among_objects__B1():
    X = without_shops(OBJECTS).copy()
    X[-MINORITY:, 1] = None
    X[-1, 0] = None
    made = fastsmote.smote(X, Y, missing="nan-euclidean", random_state=0)[0]
    assert {type(value) for value in made[N:, 1]} == {type(None)}
    assert {type(value) for value in made[N:, 0]} == {Decimal}


def test_categories_of_any_type_in_lists__B1():
    X = [[i % 3 + 1j, b"a" if i % 2 else b"b"] for i in range(N)]
    made = fastsmote.smoten(X, Y, random_state=0)[0]
    assert made[:N] == X
    assert {tuple(map(type, row)) for row in made[N:]} == {(complex, bytes)}
    X = [[1j * (i % 3)] for i in range(N)]
    assert {type(row[0]) for row in fastsmote.smoten(X, Y, random_state=0)[0]} == {complex}


def test_samples_without_new_rows_keep_their_values__B1():
    for X in (*map(without_shops, CONTAINERS.values()), *WHOLE.values()):
        made = fastsmote.smote(X, Y, sampling_strategy={0: N - MINORITY}, random_state=0)[0]
        assert type(made) is type(X)
        assert len(made) == N
