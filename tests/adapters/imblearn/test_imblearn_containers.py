"""Frames of polars and pyarrow in the drop-in classes, NaN under assume_finite, and paths in pickles."""

import datetime
import inspect
import pickle
import pickletools
import sys
from doctest import DocTestFinder

import imblearn.over_sampling
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import sklearn
from adapters.imblearn.drop_ins import SAMPLERS
from sklearn.base import clone
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression

import fastsmote.imblearn
import fastsmote.sklearn

PARAMETERS = {
    "ClusterCentroids": {"random_state": 0},
    "CondensedNearestNeighbour": {"random_state": 0},
    "InstanceHardnessThreshold": {"estimator": LogisticRegression(), "random_state": 0},
    "KMeansSMOTE": {"cluster_balance_threshold": 0.01, "random_state": 0},
    "SMOTENC": {"categorical_features": ["sign"], "random_state": 0},
}
FRAMES = {"polars": pl.DataFrame, "table": pa.table, "batch": pa.RecordBatch.from_pydict}
COLUMNS = {
    "polars": lambda labels: pl.Series("label", labels),
    "table": lambda labels: pa.chunked_array([labels[:100], labels[100:]]),
    "batch": pa.array,
}


def sampler(name):
    cls = getattr(fastsmote.imblearn, name)
    seed = {"random_state": 0} if "random_state" in inspect.signature(cls).parameters else {}
    return cls(**PARAMETERS.get(name, seed))


def columns_and_labels():
    X, y = make_classification(200, 4, weights=[0.8], flip_y=0.05, n_redundant=0, random_state=0)
    columns = {
        "whole": np.rint(10 * X[:, 0]).astype(np.int32),
        "single": X[:, 1].astype(np.float32),
        "double": X[:, 2],
        "sign": (X[:, 3] > 0).astype(np.int64),
    }
    return columns, np.array(["no", "yes"], object)[y].tolist()


def to_pandas(frame):
    if isinstance(frame, pl.DataFrame):
        return pd.DataFrame({c.name: c.to_numpy() for c in frame})
    return frame.to_pandas()


def values(column):
    return column.to_list() if isinstance(column, pl.Series) else column.to_pylist()


@pytest.mark.parametrize("kind", FRAMES)
@pytest.mark.parametrize("name", SAMPLERS)
@pytest.mark.one_in(3)
def test_frames_come_back_as_given(name, kind):
    columns, labels = columns_and_labels()
    if name == "InstanceHardnessThreshold":  # imbalanced-learn's takes no strings
        labels = [int(label == "yes") for label in labels]
    X, y = FRAMES[kind](columns), COLUMNS[kind](labels)
    model = sampler(name)
    X_resampled, y_resampled = model.fit_resample(X, y)
    expected = sampler(name).fit_resample(pd.DataFrame(columns), pd.Series(labels))
    assert type(X_resampled) is type(X)
    assert X_resampled.schema == X.schema
    assert type(y_resampled) is type(y)
    assert getattr(y_resampled, "dtype", None) == getattr(y, "dtype", None)
    assert getattr(y_resampled, "type", None) == getattr(y, "type", None)
    pd.testing.assert_frame_equal(
        to_pandas(X_resampled), expected[0].reset_index(drop=True), check_exact=True
    )
    assert values(y_resampled) == expected[1].tolist()
    assert model.feature_names_in_.tolist() == list(columns)


@pytest.mark.parametrize("name", ["SMOTE", "TomekLinks", "SMOTETomek"])
def test_containers_may_differ(name):
    columns, labels = columns_and_labels()
    array = np.array(labels)
    X_resampled, y_resampled = sampler(name).fit_resample(pl.DataFrame(columns), array)
    assert type(X_resampled) is pl.DataFrame
    assert type(y_resampled) is np.ndarray
    matrix = np.column_stack(list(columns.values()))
    X_resampled, y_resampled = sampler(name).fit_resample(matrix, pl.Series("label", labels))
    expected = sampler(name).fit_resample(matrix, array)
    np.testing.assert_array_equal(X_resampled, expected[0])
    assert y_resampled.name == "label"
    assert y_resampled.to_list() == expected[1].tolist()


@pytest.mark.parametrize("name", ["RandomOverSampler", "RandomUnderSampler"])
def test_rows_are_taken_whatever_they_hold(name):
    y = ["a"] * 7 + ["b"] * 3
    days = [datetime.date(2024, 1, i + 1) for i in range(10)]
    columns = {"day": days, "word": [None, *"abcdefghi"], "count": [None, *range(9)]}
    given = pl.DataFrame(columns).with_columns(pl.col("word").cast(pl.Categorical))
    for X in (given, given.to_arrow(), pa.table(columns)):
        model = sampler(name)
        X_resampled, _ = model.fit_resample(X, pl.Series(y).cast(pl.Enum(["b", "a"])))
        assert X_resampled.schema == X.schema
        rows = pl.DataFrame(X).rows()
        assert pl.DataFrame(X_resampled).rows() == [rows[i] for i in model.sample_indices_]


def test_new_rows_of_random_over_sampler_with_shrinkage():
    columns, labels = columns_and_labels()
    model = fastsmote.imblearn.RandomOverSampler(shrinkage=1.0, random_state=0)
    X_resampled, _ = model.fit_resample(pl.DataFrame(columns), pl.Series(labels))
    expected, _ = model.fit_resample(pd.DataFrame(columns), pd.Series(labels))
    pd.testing.assert_frame_equal(to_pandas(X_resampled), expected)


@pytest.mark.parametrize("kind", ["polars", "table"])
def test_missing_categories(kind):
    words = ["a", None, "b", None] * 15
    frame = pd.DataFrame({"number": np.arange(60.0), "word": pd.Categorical(words)})
    X = pl.from_pandas(frame) if kind == "polars" else pa.Table.from_pandas(frame, preserve_index=False)
    model = fastsmote.imblearn.SMOTENC("auto", random_state=0)
    expected, _ = model.fit_resample(frame, np.repeat([0, 1], [45, 15]))
    actual, _ = model.fit_resample(X, np.repeat([0, 1], [45, 15]))
    assert actual.schema == X.schema
    assert (
        values(actual["word"])
        == expected["word"].astype(object).where(expected["word"].notna(), None).tolist()
    )
    assert None in values(actual["word"])[60:]


@pytest.mark.parametrize("kind", ["polars", "table"])
def test_categories(kind):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"number": rng.normal(size=60), "word": pd.Categorical(rng.choice(list("abc"), 60))})
    X = pl.from_pandas(frame) if kind == "polars" else pa.Table.from_pandas(frame, preserve_index=False)
    y = np.repeat([0, 1], [45, 15])
    model = fastsmote.imblearn.SMOTENC("auto", random_state=0)
    expected, _ = model.fit_resample(frame, y)
    actual, _ = model.fit_resample(X, y)
    assert actual.schema == X.schema
    assert values(actual["word"]) == expected["word"].tolist()
    assert values(actual["number"]) == expected["number"].tolist()
    words = X.select(["word"])
    expected, _ = fastsmote.imblearn.SMOTEN(random_state=0).fit_resample(frame[["word"]].astype(object), y)
    actual, _ = fastsmote.imblearn.SMOTEN(random_state=0).fit_resample(words, y)
    assert actual.schema == words.schema
    assert values(actual["word"]) == expected["word"].tolist()


def outcome(name, X, y):
    """What resampling gives, or the message of its error."""
    try:
        return tuple(part.tolist() for part in sampler(name).fit_resample(X, y))
    except ValueError as error:
        return str(error)


@pytest.mark.parametrize("dtype", [np.float64, np.int64])
@pytest.mark.parametrize("name", sorted({*SAMPLERS} - {"SMOTENC", "SMOTEN"}))
@pytest.mark.one_in(2)
def test_missing_values_are_seen_whatever_is_assumed(name, dtype):
    columns, _ = columns_and_labels()
    X, y = np.column_stack(list(columns.values())), np.repeat([0, 1], [150, 50]).astype(dtype)
    X[3, 1] = np.nan
    expected = outcome(name, X, y)
    with sklearn.config_context(assume_finite=True):
        assert str(outcome(name, X, y)) == str(expected)
    assert ("Input X contains NaN" in expected) == (not name.startswith("Random"))


def theirs(name):
    ours = sampler(name)
    parent = next(base for base in type(ours).__mro__ if base.__module__.startswith("imblearn."))
    return parent(**ours.get_params(deep=False))


def by_column(X, **kwargs):
    frame = pd.DataFrame(index=np.arange(len(X)))
    for j, column in enumerate(X.T):
        frame[f"c{j}"] = column
    return frame.set_axis(pd.Index([f"c{j}" for j in range(X.shape[1])], name="columns"), axis=1)


COMMON = {
    "one block": lambda X: pd.DataFrame(X, columns=list("abcd")),
    "shared": lambda X: pd.DataFrame(X, columns=list("abcd"), copy=False),
    "by column": by_column,
    "float32": lambda X: pd.DataFrame(X.astype(np.float32), index=np.arange(len(X))[::-1]),
    "two kinds": lambda X: pd.DataFrame(X).astype({0: np.float32}).rename(columns=str),
    "whole numbers": lambda X: pd.DataFrame((1e7 * X).astype(int), columns=list("abcd")),
    "nullable": lambda X: pd.DataFrame(X, columns=list("abcd")).astype({"b": "Float64"}),
    "a name twice": lambda X: pd.DataFrame(X, columns=list("abca")),
    "names of two kinds": lambda X: pd.DataFrame(X, columns=["a", 1, "c", 2.0]),
}
LABELS = {
    "array": lambda y, index: y,
    "series": lambda y, index: pd.Series(y, index, name="label"),
    "bool": lambda y, index: pd.Series(y > 0, index[::-1]),
    "int8": lambda y, index: pd.Series(y.astype(np.int8), name=7),
    "nullable": lambda y, index: pd.Series(y, index).astype("Int64"),
    "frame": lambda y, index: pd.DataFrame({"label": y}, index),
}


ALIKE = sorted({*SAMPLERS} - {"SMOTENC", "SMOTEN", "ClusterCentroids"})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "frame", "labels"),
    [(name, frame, "series") for name in ALIKE for frame in COMMON]
    + [
        (name, frame, y)
        for name in ("SMOTE", "RandomUnderSampler", "AllKNN")
        for frame in COMMON
        for y in LABELS
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_frames_of_pandas_as_imbalanced_learn_gives_them_back(name, frame, labels):
    columns, y = columns_and_labels()
    X = COMMON[frame](np.column_stack(list(columns.values())))
    y = LABELS[labels]((np.array(y) == "yes").astype(int), X.index)
    before = X.copy()
    made = []
    for each in (sampler(name), theirs(name)):
        try:
            made.append((*each.fit_resample(X, y), getattr(each, "feature_names_in_", None)))
        except Exception as error:
            made.append((type(error), str(error)))
    ours, expected = made
    if isinstance(expected[0], type):
        assert ours == expected
        return
    pd.testing.assert_frame_equal(ours[0], expected[0])
    assert type(ours[1]) is type(expected[1])
    np.testing.assert_array_equal(ours[2], expected[2])
    if isinstance(expected[1], np.ndarray):
        np.testing.assert_array_equal(ours[1], expected[1])
    else:
        (pd.testing.assert_series_equal if expected[1].ndim == 1 else pd.testing.assert_frame_equal)(
            ours[1], expected[1]
        )
        assert (ours[1].index is ours[0].index) == (expected[1].index is expected[0].index)
    ours[0].iloc[:, 0] = 0  # the result is the caller's
    pd.testing.assert_frame_equal(X, before)


@pytest.mark.parametrize("name", ["RandomOverSampler", "RandomUnderSampler", "SMOTE", "TomekLinks"])
def test_frames_given_back_are_of_memory_of_their_own(name):
    values = np.column_stack([np.arange(40.0), 10.0 * np.arange(40.0)])
    X = pd.DataFrame(values, columns=["a", "b"], copy=False)
    X.attrs["source"] = "here"
    y = pd.Series(np.repeat([0, 1], 20))
    resampled, _ = sampler(name).fit_resample(X, y)
    assert resampled.attrs == {"source": "here"}  # which imbalanced-learn drops
    before = resampled.copy()
    values[:] = 7
    pd.testing.assert_frame_equal(resampled, before)


def test_shrinkage_keeps_the_types_of_columns():
    X = pd.DataFrame({"a": np.arange(20), "b": np.linspace(0, 1, 20, dtype="f4"), "c": np.linspace(0, 1, 20)})
    y = pd.Series(np.repeat([0, 1], [14, 6]))
    ours, theirs_ = (
        module.RandomOverSampler(shrinkage=0.5, random_state=0).fit_resample(X, y)[0]
        for module in (fastsmote.imblearn, imblearn.over_sampling)
    )
    pd.testing.assert_frame_equal(ours, theirs_)


def test_what_frames_need_is_told(monkeypatch):
    columns, labels = columns_and_labels()
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="pip install pandas"):
        sampler("SMOTE").fit_resample(pl.DataFrame(columns), labels)


PUBLIC = [
    (module, item)
    for module in (fastsmote.imblearn, fastsmote.sklearn)
    for item in (getattr(module, name) for name in module.__all__)
    if inspect.isclass(item)
]


@pytest.mark.parametrize(("home", "cls"), PUBLIC)
def test_classes_are_found_where_they_are_public(home, cls):
    assert cls.__module__ == home.__name__
    assert inspect.getmodule(cls) is home
    assert inspect.getdoc(cls)
    model = object.__new__(cls)
    sent = pickle.dumps(model, protocol=0)
    assert home.__name__.encode() in sent
    assert b"fastsmote._" not in sent
    assert type(pickle.loads(sent)) is cls
    names = [found.name for found in DocTestFinder().find(home) if found.examples]
    assert f"{home.__name__}.{cls.__name__}" in names


def test_pickles_of_fitted_objects_name_public_classes():
    columns, labels = columns_and_labels()
    model = fastsmote.imblearn.SMOTE(k_neighbors=fastsmote.sklearn.NearestNeighbors(6), random_state=0)
    assert type(clone(model)) is type(model)
    words = [str(argument) for _, argument, _ in pickletools.genops(pickle.dumps(model))]
    assert {"fastsmote.imblearn", "fastsmote.sklearn"} <= set(words)
    assert not [word for word in words if word.startswith("fastsmote._")]
    copy = pickle.loads(pickle.dumps(model))
    for mine, theirs in zip(
        copy.fit_resample(pd.DataFrame(columns), labels),
        model.fit_resample(pd.DataFrame(columns), labels),
        strict=True,
    ):
        np.testing.assert_array_equal(mine, theirs)
