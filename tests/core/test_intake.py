"""What the user gave is looked at once: its kind, its labels, and its numbers for NaN and infinity."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from counting import counting
from strategies import fraud

import fastsmote
from fastsmote._core.check import first_gap
from fastsmote._core.containers import kind_of
from fastsmote._core.labels import check_labels
from fastsmote._core.tables import Table

DATA, LABELS = fraud(400, 5)
MIXED = pd.DataFrame(DATA).assign(shop=np.where(DATA[:, 0] > 0, "a", "b"))
MIXED.columns = [*"vwxyz", "shop"]


def of_numbers(kind):
    frame = pd.DataFrame(DATA, columns=list("vwxyz"))
    return {
        "numpy": lambda: (DATA, LABELS),
        "pandas": lambda: (frame, pd.Series(LABELS)),
        "polars": lambda: (pl.from_pandas(frame), pl.Series(LABELS)),
        "pyarrow": lambda: (pa.Table.from_pandas(frame), pa.chunked_array([LABELS])),
    }[kind]()


def with_categories(kind):
    as_objects = MIXED.to_numpy(object)
    return {
        "numpy": lambda: (as_objects, LABELS),
        "pandas": lambda: (MIXED, pd.Series(LABELS)),
        "polars": lambda: (pl.from_pandas(MIXED), pl.Series(LABELS)),
        "pyarrow": lambda: (pa.Table.from_pandas(MIXED), pa.chunked_array([LABELS])),
    }[kind]()


CALLS = {
    "smote": (fastsmote.smote, of_numbers, {"random_state": 0}),
    "smotenc": (fastsmote.smotenc, with_categories, {"categorical_features": [5], "random_state": 0}),
    "edited_nearest_neighbours": (fastsmote.edited_nearest_neighbours, of_numbers, {}),
    "tomek_links": (fastsmote.tomek_links, of_numbers, {}),
    "near_miss": (fastsmote.near_miss, of_numbers, {}),
    "random_under_sample": (fastsmote.random_under_sample, of_numbers, {"random_state": 0}),
}


@pytest.mark.parametrize("kind", ["numpy", "pandas", "polars", "pyarrow"])
@pytest.mark.parametrize("name", CALLS)
def test_each_thing_is_asked_once(name, kind):
    function, data, options = CALLS[name]
    X, y = data(kind)
    with counting(kind_of, check_labels, first_gap) as calls:
        function(X, y, **options)
    assert calls["kind_of", id(X)] == 1
    assert calls["kind_of", id(y)] == 1
    assert calls["check_labels"] == 1
    if name == "random_under_sample":
        assert calls["first_gap"] == 0  # rows are only taken
    elif name == "smotenc" and kind == "numpy":
        assert calls["first_gap"] == 5  # of objects column by column, each once
    else:
        assert calls["first_gap"] == 1


def test_a_table_reads_its_columns_once(monkeypatch):
    frame = pd.DataFrame({"a": [1.0, 2.0], "b": [1, 2]})
    table = Table(frame)
    assert table.series_by_column is table.series_by_column
    assert table.names == ["a", "b"]
    assert table.shape == (2, 2)
