"""Dates, times, periods and durations: one answer wherever rows are measured, whatever holds them (B5)."""

import datetime as dt

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import fastsmote

N = 20
Y = [0] * 14 + [1] * 6
NUMBERS = np.linspace(0, 1, N)
MOMENTS = [dt.datetime(2024, 1, 1) + dt.timedelta(days=i) for i in range(N)]
VALUES = {
    "datetime": MOMENTS,
    "date": [moment.date() for moment in MOMENTS],
    "time": [dt.time(i) for i in range(N)],
    "timedelta": [dt.timedelta(i) for i in range(N)],
    "datetime64": [np.datetime64(moment.date()) for moment in MOMENTS],
    "timedelta64": [np.timedelta64(i, "D") for i in range(N)],
    "Timestamp with a zone": list(pd.date_range("2024", periods=N, tz="Europe/Berlin")),
    "Period": list(pd.period_range("2024", periods=N)),
}


def tables():
    for name, values in VALUES.items():
        objects = np.empty((N, 2), object)
        objects[:, 0] = NUMBERS
        objects[:, 1] = values
        yield f"array, {name}", objects
        yield f"list, {name}", objects.tolist()
        yield f"pandas, {name}", pd.DataFrame({"a": NUMBERS, "t": values})
        yield f"pandas, {name} as objects", pd.DataFrame({"a": NUMBERS, "t": pd.Series(values, dtype=object)})
        if name in ("datetime", "date", "time", "timedelta"):
            yield f"polars, {name}", pl.DataFrame({"a": NUMBERS, "t": values})
            yield f"arrow, {name}", pa.table({"a": NUMBERS, "t": pa.array(values)})
            yield f"batch, {name}", pa.record_batch({"a": NUMBERS, "t": pa.array(values)})
    days = np.array(VALUES["datetime64"], "M8[D]")
    yield "array, days alone", np.column_stack([days, days])
    yield "array, durations alone", np.column_stack([days - days[0]] * 2)
    arrow = pd.Series(VALUES["date"], dtype=pd.ArrowDtype(pa.date32()))
    yield "pandas, Arrow date", pd.DataFrame({"a": NUMBERS, "t": arrow})
    zoned = pl.Series(MOMENTS).dt.replace_time_zone("Europe/Berlin")
    yield "polars, a zone", pl.DataFrame({"a": NUMBERS, "t": zoned})
    yield "pandas, NaT", pd.DataFrame({"a": NUMBERS, "t": [pd.NaT, *MOMENTS[1:]]})


TABLES = dict(tables())
MEASURE = {
    "smote": fastsmote.smote,
    "adasyn": fastsmote.adasyn,
    "borderline_smote": fastsmote.borderline_smote,
    "kmeans_smote": fastsmote.kmeans_smote,
    "smotenc": lambda X, y: fastsmote.smotenc(X, y, categorical_features=[0]),
    "shrinkage": lambda X, y: fastsmote.random_over_sample(X, y, shrinkage=1.0),
    "tomek_links": fastsmote.tomek_links,
    "near_miss": fastsmote.near_miss,
    "cluster_centroids": fastsmote.cluster_centroids,
    "smote_enn": fastsmote.smote_enn,
    "an index": lambda X, y: fastsmote.NeighborIndex(X),
}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.one_in(3)
def test_what_measures_refuses_times_in_one_message__B5(table):
    for measure in MEASURE.values():
        with pytest.raises(ValueError, match=r"(?s)Got dates or times \(.*days since.*drop.*carry"):
            measure(TABLES[table], Y)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.one_in(2)
def test_what_takes_rows_takes_times__B5(table):
    X = TABLES[table]
    for sampler in (fastsmote.random_over_sample, fastsmote.random_under_sample):
        taken = sampler(X, Y, random_state=0)[0]
        assert type(taken) is type(X)
    plan = fastsmote.plan.random_over_sample(X, Y, random_state=0)
    assert len(plan.rows(X)) == len(plan) == 8


@pytest.mark.parametrize("table", [name for name in TABLES if "alone" not in name and "NaT" not in name])
@pytest.mark.one_in(3)
def test_smotenc_carries_times_that_are_named_as_categories__B5(table):
    X = TABLES[table]
    made = fastsmote.smotenc(X, Y, categorical_features=[1], random_state=0)[0]
    assert type(made) is type(X)
    assert len(made) == 28


@pytest.mark.parametrize("frame", [TABLES["pandas, date as objects"], TABLES["polars, date"]])
def test_times_are_no_categories_of_auto__B5(frame):
    with pytest.raises(ValueError, match=r"column 't' of X.*dates or times"):
        fastsmote.smotenc(frame, Y)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.one_in(3)
def test_advise_says_the_same__B5(table):
    advice = fastsmote.advise(TABLES[table], Y)
    expected = ([] if "alone" in table else ["t"]) if hasattr(TABLES[table], "columns") else [1]
    assert advice.findings.time_columns == ([0, 1] if "alone" in table else expected)
    assert advice.findings.categorical_columns == []
    (rule,) = [text for text in str(advice).splitlines() if "dates or times" in text]
    assert "days since" in rule
    assert "smotenc" not in str(advice)


def test_a_category_beside_a_date_is_still_advised_about__B5():
    X = pd.DataFrame({"a": NUMBERS, "t": MOMENTS, "word": list("ab") * 10})
    findings = fastsmote.advise(X, Y).findings
    assert (findings.categorical_columns, findings.time_columns) == (["word"], ["t"])
