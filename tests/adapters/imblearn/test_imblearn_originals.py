"""Rows that were there come back as they were, whatever they hold and come in: kinds B4, B8, C2, C4, C5."""

import decimal
import inspect

import imblearn.over_sampling
import imblearn.utils.testing
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse
from adapters.imblearn.drop_ins import SAMPLERS
from imblearn.over_sampling.base import BaseOverSampler
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import NearestNeighbors
from subclasses import Column, Frame, framed

import fastsmote
import fastsmote.imblearn
from fastsmote import patch_report

RNG = np.random.default_rng(0)
N = 120
Y = np.repeat([0, 1, 0], [50, 40, 30])
F = RNG.normal(size=N) + Y
G = RNG.normal(size=N)
# float64 tells them apart, but holds none of them
IDS = [4_000_000_000_000_000_009 + 1024 * i for i in range(N)]
WORDS = [f"{w}{'!' * (i % 3)}" for i, w in enumerate("abcdefgh" * 15)]
PARAMETERS = {
    "ClusterCentroids": {"random_state": 0},
    "CondensedNearestNeighbour": {"random_state": 0},
    "InstanceHardnessThreshold": {"estimator": LogisticRegression(), "random_state": 0},
    "KMeansSMOTE": {"cluster_balance_threshold": 0.01, "random_state": 0},
    "SMOTENC": {"categorical_features": [3], "random_state": 0},
}
NAMES = sorted({*SAMPLERS} - {"SMOTEN"})


def sampler(name, **more):
    cls = getattr(fastsmote.imblearn, name)
    seed = {"random_state": 0} if "random_state" in inspect.signature(cls).parameters else {}
    return cls(**{**PARAMETERS.get(name, seed), **more})


def rows_of(X):
    """A table as rows of Python's values."""
    if isinstance(X, pl.DataFrame):
        return X.rows()
    if isinstance(X, pa.Table | pa.RecordBatch):
        return [tuple(row.values()) for row in X.to_pylist()]
    if isinstance(X, pd.DataFrame):
        return list(zip(*(X[c].tolist() for c in X), strict=True))
    return [tuple(row) for row in (X.tolist() if isinstance(X, np.ndarray) else X)]


def check(name, X, resampled):
    """Each row whose number is that of a row of X is that row; no row is lost but by the cleaners."""
    given = {float(row[0]): row for row in rows_of(X)}
    rows = rows_of(resampled)
    if issubclass(getattr(fastsmote.imblearn, name), BaseOverSampler):
        assert rows[:N] == rows_of(X)
        if name == "SMOTENC":  # rounded to its base row, a new row still has the word of most neighbours
            rows = rows[:N]
    old = [(row, given[float(row[0])]) for row in rows if float(row[0]) in given]
    kept = [(row, was) for row, was in old if float(row[1]) == float(was[1])]  # not new beside its base row
    if name == "ClusterCentroids":  # the centre of a single row is a new row too
        kept = [(row, was) for row, was in kept if was[0] in IDS[50:90]]
        assert len(kept) >= 40
    assert all(row == was for row, was in kept)
    assert len(kept) > 20
    if name not in ("ClusterCentroids", "SMOTEENN", "SMOTETomek") and len(rows) <= N:
        assert len(kept) == len(rows)


def columns(name):
    made = {"id": IDS, "f": F, "g": G}
    return {**made, "word": WORDS} if name == "SMOTENC" else made


CONTAINERS = {
    "pandas": pd.DataFrame,
    "nullable": lambda c: pd.DataFrame(c).astype({"id": "Int64", "f": "Float64"}),
    "of arrow": lambda c: pd.DataFrame(c).astype({"id": pd.ArrowDtype(pa.int64())}),
    "uint64": lambda c: pd.DataFrame(c).astype({"id": "uint64"}),
    "objects": lambda c: pd.DataFrame(c).astype({"id": object}),
    "list": lambda c: [list(row) for row in zip(*c.values(), strict=True)],
    "tuples": lambda c: list(zip(*c.values(), strict=True)),
    "array": lambda c: pd.DataFrame(c).astype(object).to_numpy(),
    "polars": pl.DataFrame,
    "polars uint64": lambda c: pl.DataFrame(c).with_columns(pl.col("id").cast(pl.UInt64)),
    "polars int128": lambda c: pl.DataFrame(c).with_columns(pl.col("id").cast(pl.Int128)),
    "polars decimal": lambda c: pl.DataFrame(c).with_columns(pl.col("id").cast(pl.Decimal(38, 2))),
    "table": pa.table,
    "batch": pa.RecordBatch.from_pydict,
    "table decimal": lambda c: pa.table({**c, "id": pa.array(map(decimal.Decimal, c["id"]))}),
}
if hasattr(pl, "UInt128"):
    CONTAINERS["polars uint128"] = lambda c: pl.DataFrame(c).with_columns(pl.col("id").cast(pl.UInt128))


@pytest.mark.parametrize("kind", CONTAINERS)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.one_in(4)
def test_integers_beyond_2_to_53_in_rows_that_were_there__B4_B8(name, kind):
    if name == "SMOTENC" and kind in ("list", "tuples"):
        pytest.skip("imbalanced-learn makes text of all values of such a list, and refuses it")
    X = CONTAINERS[kind](columns(name))
    resampled, labels = sampler(name).fit_resample(X, Y)
    assert type(resampled) is type(X)
    if isinstance(X, pd.DataFrame):
        assert resampled.dtypes.tolist() == X.dtypes.tolist()
    elif hasattr(X, "schema"):
        assert resampled.schema == X.schema
    assert len(labels) == len(rows_of(resampled))
    check(name, X, resampled)


@pytest.mark.parametrize("kind", ["pandas", "array", "polars decimal"])
@pytest.mark.parametrize("name", ["RepeatedEditedNearestNeighbours", "AllKNN", "NeighbourhoodCleaningRule"])
def test_rows_that_imbalanced_learn_chose_itself__B4(name, kind):
    X = CONTAINERS[kind](columns(name))
    model = sampler(name, n_neighbors=NearestNeighbors(n_neighbors=4, metric="manhattan"))
    before = patch_report()
    check(name, X, model.fit_resample(X, Y)[0])
    assert {t.where for t in patch_report(since=before).tallies if t.name == name} == {"parent"}


@pytest.mark.parametrize("name", ["RepeatedEditedNearestNeighbours", "EditedNearestNeighbours"])
def test_nothing_to_remove_and_rows_by_class__B4(name):
    y = np.tile([0, 1], 60)
    X = pd.DataFrame({"id": IDS, "f": y * 1e12 + F})
    resampled, labels = sampler(name, sampling_strategy="all").fit_resample(X, y)
    assert len(resampled) == N
    assert labels.tolist() == [0] * 60 + [1] * 60
    assert resampled["id"].tolist() == [IDS[i] for i in [*range(0, N, 2), *range(1, N, 2)]]


def test_rows_nearest_to_centres__B4():
    X = pd.DataFrame(columns("ClusterCentroids"))
    resampled, _ = sampler("ClusterCentroids", voting="hard").fit_resample(X, Y)
    assert set(resampled["id"]) <= set(IDS)
    check("ClusterCentroids", X, resampled)
    plain = X[["f", "g"]].to_numpy()
    actual = sampler("ClusterCentroids", voting="hard").fit_resample(plain, Y)
    expected = imblearn.under_sampling.ClusterCentroids(voting="hard", random_state=0).fit_resample(plain, Y)
    for one, other in zip(actual, expected, strict=True):
        np.testing.assert_array_equal(one, other)


def test_noise_leaves_the_rows_that_were_there__B4():
    X = pd.DataFrame(columns("RandomOverSampler"))
    resampled, _ = sampler("RandomOverSampler", shrinkage=0.5).fit_resample(X, Y)
    assert resampled["id"].tolist()[:N] == IDS


def test_integers_of_a_matrix_beside_categories__B4():
    X = np.column_stack([IDS, np.arange(N), np.arange(N) % 3])
    resampled, _ = fastsmote.imblearn.SMOTENC([2], random_state=0).fit_resample(X, Y)
    assert resampled.dtype == np.int64
    np.testing.assert_array_equal(resampled[:N], X)


def test_categories_of_any_kind_stay_what_they_are__B4():
    X = pd.DataFrame(
        {
            "f": F, "g": G,
            "id": [IDS[i % 4] for i in range(N)],
            "word": pd.Categorical(WORDS),
            "text": [("1", "1.0", "True", "")[i % 4] for i in range(N)],
        }
    )  # fmt: skip
    model = fastsmote.imblearn.SMOTENC([2, 3, 4], random_state=0)
    resampled, _ = model.fit_resample(X, Y)
    pd.testing.assert_frame_equal(resampled[:N], X)
    words = X[["word", "text"]].astype(object)
    resampled, _ = fastsmote.imblearn.SMOTEN(random_state=0).fit_resample(words, Y)
    pd.testing.assert_frame_equal(resampled[:N], words)


@pytest.mark.parametrize("name", ["SMOTE", "TomekLinks", "SMOTEENN"])
def test_decimals_in_objects_stay_decimals__B4(name):
    amounts = [decimal.Decimal(i) / 10 + decimal.Decimal("0.01") for i in range(N)]
    for X in (pd.DataFrame({"d": amounts, "f": F}), np.array([amounts, F], object).T):
        resampled, _ = sampler(name).fit_resample(X, Y)
        values = [row[0] for row in rows_of(resampled)]
        assert {type(value) for value in values} == {decimal.Decimal}
        assert {value.as_tuple().exponent for value in values} == {-2}
        assert sum(value in amounts for value in values) > 20
        if name == "SMOTE":
            assert values[:N] == amounts


def test_arrays_of_objects_that_floats_hold_stay_imbalanced_learns__B4():
    X = np.column_stack([F, np.arange(N)]).astype(object)
    for name in ("SMOTE", "TomekLinks"):
        assert sampler(name).fit_resample(X, Y)[0].dtype == np.float64


def test_a_subclass_that_makes_its_own_rows_keeps_them__B4():
    class Shifted(fastsmote.imblearn.SMOTE):
        def _fit_resample(self, X, y):
            X_resampled, y_resampled = super()._fit_resample(X, y)
            return X_resampled[::-1], y_resampled[::-1]

    X = pd.DataFrame({"id": IDS, "f": F})
    resampled, _ = Shifted(random_state=0).fit_resample(X, Y)
    assert resampled["f"].iloc[-1] == F[0]


@pytest.mark.parametrize("name", NAMES)
def test_frames_with_a_constructor_of_their_own__C2(name):
    plain = pd.DataFrame(columns(name))
    resampled, labels = sampler(name).fit_resample(framed(plain), Column(Y, name="label"))
    expected, expected_labels = sampler(name).fit_resample(plain, pd.Series(Y, name="label"))
    assert type(resampled) is Frame
    assert type(labels) is Column
    assert resampled.crs == "EPSG:4326"
    assert resampled.attrs == {"source": "survey"}
    pd.testing.assert_frame_equal(pd.DataFrame(resampled), expected, check_flags=False)
    pd.testing.assert_series_equal(pd.Series(labels), expected_labels)


@pytest.mark.parametrize("name", SAMPLERS)
def test_what_holds_no_rows_is_refused__C4(name):
    lazy = type("Array", (), {"__module__": "dask.array.core", "__array__": None})()
    good = np.column_stack([F, G, G, G > 0])
    for X, y, argument in ((lazy, Y, "X"), (good, lazy, "y"), (pl.DataFrame(good).lazy(), Y, "X")):
        with pytest.raises(TypeError, match=rf"^{argument} must hold its rows in memory"):
            sampler(name).fit_resample(X, y)


@pytest.mark.parametrize("name", ["SMOTEENN", "SMOTETomek"])
def test_combinations_of_sparse_rows_are_compiled__C5(name):
    X = scipy.sparse.csr_matrix(np.column_stack([F, G]))
    for given in (X, X.toarray()):
        before = patch_report()
        sampler(name).fit_resample(given, Y)
        tallies = [t for t in patch_report(since=before).tallies if t.name != "NearestNeighbors"]
        assert {(t.where, t.reason) for t in tallies} == {("compiled", "")}
    before = patch_report()
    neighbours = imblearn.utils.testing._CustomNearestNeighbors(n_neighbors=6)
    smote = fastsmote.imblearn.SMOTE(k_neighbors=neighbours, random_state=0)
    sampler(name, smote=smote).fit_resample(X.toarray(), Y)
    assert {t.where for t in patch_report(since=before).tallies if t.name == name} == {"parent"}
