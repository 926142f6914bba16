"""Per call, each table is looked at once: its container, the labels, and whether numbers are finite."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from counting import counting

from fastsmote import advise, leakage_report
from fastsmote._core.check import first_gap
from fastsmote._core.containers import kind_of
from fastsmote._core.labels import check_labels

CONTAINERS = {
    "array": np.asarray,
    "pandas": pd.DataFrame,
    "polars": pl.DataFrame,
    "pyarrow": lambda X: pa.table({str(j): column for j, column in enumerate(X.T)}),
}


@pytest.fixture(params=CONTAINERS)
def table(request):
    return CONTAINERS[request.param](np.random.default_rng(0).normal(size=(300, 4)))


def test_advice(table):
    y = np.arange(300) % 10 == 0
    with counting(kind_of, first_gap, check_labels) as calls:
        advise(table, y)
    assert (calls["kind_of", id(table)], calls["kind_of", id(y)]) == (1, 1)
    assert (calls["first_gap"], calls["check_labels"]) == (1, 1)


def test_leakage(table):
    other, y = CONTAINERS["array"](np.random.default_rng(1).normal(size=(100, 4))), np.arange(100) % 2
    with counting(kind_of, first_gap, check_labels) as calls:
        leakage_report(table, other, y_test=y)
    assert [calls["kind_of", id(one)] for one in (table, other, y)] == [1, 1, 1]
    assert (calls["first_gap"], calls["check_labels"]) == (2, 1)
