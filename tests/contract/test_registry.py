"""The table of samplers says all: each row has its functions, class and documents, and the reverse."""

import importlib
import inspect
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from places import REPOSITORY
from strategies import fraud

import fastsmote
from fastsmote._sampling.registry import SAMPLERS, markdown_table

FACES = ("borderline", "cleaning", "oversample", "resample", "undersample")
NOT_OF_SAMPLERS = {  # public names of these modules that are no samplers
    "plan": {"SyntheticPlan", "concatenate"},
    "select": {"tomek_link_pairs"},
    "imblearn": {
        "BalancedBaggingClassifier",
        "BalancedRandomForestClassifier",
        "EasyEnsembleClassifier",
        "RUSBoostClassifier",
    },
    **{face: {"Prior", "Resampled", "Share", "apply"} for face in FACES},
}
rows = pytest.mark.parametrize("row", SAMPLERS.values(), ids=list(SAMPLERS))


def names_of(module):
    return set(importlib.import_module(f"fastsmote.{module}").__all__) - NOT_OF_SAMPLERS[module]


@rows
def test_a_row_has_its_functions(row):
    function = getattr(importlib.import_module(f"fastsmote.{row.face}"), row.name)
    assert getattr(fastsmote, row.name) is function
    decision = getattr(importlib.import_module(f"fastsmote.{row.decision}"), row.name)
    own, other = (inspect.signature(item).parameters for item in (function, decision))
    only_of_rows = {"under_strategy", "return_weights", "voting"}
    if row.name == "random_over_sample":
        only_of_rows.add("progress")  # of making rows with noise
    assert [name for name in own if name not in only_of_rows] == list(other)
    required = [name for name, p in own.items() if p.default is p.empty and p.kind is not p.KEYWORD_ONLY]
    assert required == ["X", "y"]
    assert row.needs is None or (list(own)[2] == row.needs and own[row.needs].default is None)


@pytest.mark.parametrize("module", FACES)
def test_a_function_has_its_row(module):
    assert names_of(module) == {row.name for row in SAMPLERS.values() if row.face == module}


def test_a_decision_has_its_row():
    for module in ("plan", "select"):
        assert names_of(module) == {row.name for row in SAMPLERS.values() if row.decision == module}


def test_a_class_has_its_row():
    drop_ins = importlib.import_module("fastsmote.imblearn")
    classes = {row.drop_in for row in SAMPLERS.values() if row.drop_in}
    assert names_of("imblearn") == classes
    assert all(hasattr(getattr(drop_ins, name), "fit_resample") for name in classes)


def test_the_documentation_has_the_table():
    assert markdown_table() in (REPOSITORY / "docs" / "samplers.md").read_text("utf-8")


def arguments(row):
    """X, y and what else a sampler needs, small."""
    X, y = fraud(300, 4)
    X = np.round(X, 1)
    if row.columns == "categories":
        X = np.rint(X).astype(np.int64)
    needed = {
        None: (),
        "support": (np.arange(len(y)),),
        "probabilities": (np.eye(len(np.unique(y)))[np.unique(y, return_inverse=True)[1]],),
    }[row.needs]
    options = {"categorical_features": [3]} if row.columns == "mixed" else {}
    if "random_state" in inspect.signature(getattr(fastsmote, row.name)).parameters:
        options["random_state"] = 0
    return (X, y, *needed), options


@rows
@pytest.mark.filterwarnings("ignore::UserWarning")  # a class that loses all its rows
def test_a_sampler_keeps_its_promises(row):
    (X, y, *needed), options = arguments(row)
    before = X.copy()
    resampled = getattr(fastsmote, row.name)(X, y, *needed, **options)
    X_resampled, y_resampled = resampled
    assert X_resampled.dtype == X.dtype
    assert len(X_resampled) == len(y_resampled)
    assert resampled.counts_before == dict(Counter(y.tolist()))
    assert sum(resampled.counts_after.values()) == len(y_resampled)
    np.testing.assert_array_equal(X, before)
    again = getattr(fastsmote, row.name)(X, y, *needed, **options, n_jobs=1)
    np.testing.assert_array_equal(again[0], X_resampled)
    rows_of_X = set(map(bytes, X))
    if not row.new_values:
        assert {bytes(x) for x in X_resampled} <= rows_of_X


@rows
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_rows_and_labels_share_an_index(row):
    (X, y, *needed), options = arguments(row)
    index = pd.Index(range(1000, 1000 + len(y)))
    given = pd.DataFrame(X, index), pd.Series(y, index)
    X_resampled, y_resampled = getattr(fastsmote, row.name)(*given, *needed, **options)
    assert X_resampled.index.equals(y_resampled.index)
    assert X_resampled.index.is_unique


@rows
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_decision_is_what_is_applied(row):
    (X, y, *needed), options = arguments(row)
    resampled = getattr(fastsmote, row.name)(X, y, *needed, **options)
    decided = getattr(getattr(fastsmote, row.decision), row.name)(X, y, *needed, **options)
    if row.kind == "over":
        np.testing.assert_array_equal(resampled[0][len(X) :], decided.rows(X))
    elif row.kind != "combine" and row.name != "cluster_centroids":  # its rows are centres
        np.testing.assert_array_equal(resampled[0], X[decided])
    else:
        assert len(decided) == len(resampled[1])
