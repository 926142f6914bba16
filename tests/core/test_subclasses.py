"""Subclasses of pandas' frames and columns keep their class and attrs (C2); sparse columns (D7)."""

from inspect import signature

import numpy as np
import pandas as pd
import pytest
from subclasses import Column, Frame, framed

import fastsmote

RNG = np.random.default_rng(0)
Y = np.repeat([0, 1], [40, 12])
NUMBERS = RNG.normal(size=(52, 3))


MIXED = pd.DataFrame(NUMBERS, columns=list("abc")).assign(n=np.arange(52))
WORDS = MIXED.assign(word=list("xy") * 26)
FUNCTIONS = {
    "smote": (MIXED[list("abc")], fastsmote.smote),
    "smote of mixed types": (MIXED, fastsmote.smote),
    "adasyn": (MIXED, fastsmote.adasyn),
    "borderline_smote": (MIXED[list("abc")], fastsmote.borderline_smote),
    "smotenc": (WORDS, fastsmote.smotenc),
    "smoten": (WORDS[["word"]], fastsmote.smoten),
    "random_over_sample": (WORDS, fastsmote.random_over_sample),
    "noise": (MIXED, lambda X, y: fastsmote.random_over_sample(X, y, shrinkage=0.1)),
    "random_under_sample": (WORDS, fastsmote.random_under_sample),
    "cluster_centroids": (MIXED[list("abc")], fastsmote.cluster_centroids),
    "cluster_centroids of mixed types": (MIXED, fastsmote.cluster_centroids),
    "near_miss": (MIXED, fastsmote.near_miss),
    "tomek_links": (MIXED, fastsmote.tomek_links),
    "smote_enn": (MIXED[list("abc")], fastsmote.smote_enn),
    "smote_tomek": (MIXED, fastsmote.smote_tomek),
}


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_frames_with_a_constructor_of_their_own__C2(name):
    frame, function = FUNCTIONS[name]
    X, y = function(framed(frame), Column(Y, name="label"))
    assert type(X) is Frame
    assert type(y) is Column
    assert X.attrs == {"source": "survey"}
    assert X.crs == "EPSG:4326"
    plain = function(frame, pd.Series(Y, name="label"))[0] if name == "tomek_links" else None
    if plain is not None:
        pd.testing.assert_frame_equal(pd.DataFrame(X), plain)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_attrs_of_plain_frames__C2(name):
    frame, function = FUNCTIONS[name]
    frame = frame.copy()
    frame.attrs["source"] = "survey"
    X, _ = function(frame, Y)
    assert type(X) is pd.DataFrame
    assert X.attrs == {"source": "survey"}


@pytest.mark.parametrize("frame", [MIXED, WORDS, MIXED[list("abc")]], ids=["mixed", "words", "one type"])
def test_rows_of_plans_and_reports_of_subclasses__C2(frame):
    plan = fastsmote.plan.smotenc if "word" in frame else fastsmote.plan.smote
    made = plan(framed(frame), Y, random_state=0)
    rows = made.rows(framed(frame))
    assert type(rows) is type(made.rows(frame)) or type(rows) is Frame
    assert str(fastsmote.advise(framed(frame), Y)) == str(fastsmote.advise(frame, Y))
    report = fastsmote.leakage_report(framed(frame[:30]), framed(frame[30:]))
    assert str(report) == str(fastsmote.leakage_report(frame[:30], frame[30:]))


DENSE = pd.DataFrame(
    {"a": NUMBERS[:, 0] * (NUMBERS[:, 1] > 0), "n": np.arange(52) % 7, "b": NUMBERS[:, 2] > 0.3}
)
SPARSE = DENSE.astype(
    {"a": pd.SparseDtype("f8", 0.0), "n": pd.SparseDtype("i8", 0), "b": pd.SparseDtype(bool)}
)
OF_NUMBERS = (
    "adasyn", "borderline_smote", "kmeans_smote", "smote", "smote_enn", "smote_tomek", "near_miss",
    "condensed_nearest_neighbour", "one_sided_selection", "cluster_centroids", "tomek_links", "all_knn",
    "edited_nearest_neighbours", "repeated_edited_nearest_neighbours", "neighbourhood_cleaning_rule",
    "random_over_sample", "random_under_sample",
)  # fmt: skip


@pytest.mark.parametrize("name", OF_NUMBERS)
def test_sparse_columns_of_pandas_are_numbers__D7(name):
    function = getattr(fastsmote, name)
    options = {"random_state": 0} if "random_state" in signature(function).parameters else {}
    if name == "kmeans_smote":
        options["cluster_balance_threshold"] = 0.01
    X, y = function(SPARSE, Y, **options)
    expected = function(DENSE, Y, **options)
    assert X.dtypes.tolist() == SPARSE.dtypes.tolist()
    pd.testing.assert_frame_equal(X.sparse.to_dense(), expected[0], check_exact=True)
    np.testing.assert_array_equal(y, expected[1])


def test_sparse_columns_beside_categories_and_in_what_measures__D7():
    words = WORDS["word"]
    X, _ = fastsmote.smotenc(SPARSE.assign(word=words), Y, random_state=0)
    expected, _ = fastsmote.smotenc(DENSE.assign(word=words), Y, random_state=0)
    pd.testing.assert_frame_equal(X.astype(expected.dtypes), expected, check_exact=True)
    assert str(fastsmote.advise(SPARSE, Y)) == str(fastsmote.advise(DENSE, Y))
    assert str(fastsmote.leakage_report(SPARSE[:30], SPARSE[30:])) == str(
        fastsmote.leakage_report(DENSE[:30], DENSE[30:])
    )
    y, score = pd.Series(Y, dtype=pd.SparseDtype("i8", 0)), SPARSE["n"]
    assert fastsmote.roc_auc_score(y, score) == fastsmote.roc_auc_score(Y, DENSE["n"])
    assert fastsmote.smote(DENSE, y, random_state=0)[1].dtype == y.dtype
