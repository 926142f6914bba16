"""Advice on files is that on whole tables, however they are cut."""

import re

import hypothesis.strategies as st
import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from adapters.files.tables import cut, numbers
from hypothesis import given, settings

import fastsmote
from fastsmote import advice
from fastsmote.files import _advise


def expected(table, target="label", **options):
    return advice.advise(table.drop_columns([target]), table.column(target), **options)


def same(one, other):
    return (one.action, one.recommendations, one.findings) == (
        other.action,
        other.recommendations,
        other.findings,
    )


def agree(table, source, **options):
    return same(fastsmote.files.advise(source, target="label", **options), expected(table, **options))


@given(
    st.integers(24, 300),
    st.lists(st.integers(0, 300), max_size=6),
    st.sampled_from([np.float32, np.float64, np.int16]),
    st.sampled_from([("a", "b"), ("a", "b", "c"), (0, 1), (True, False)]),
    st.integers(1, 12),
    st.integers(1, 4),
)
@settings(max_examples=60, deadline=None)
def test_any_cutting(n, ends, dtype, labels, k, n_features):
    """Rows repeat, within a class and between classes, and distances tie."""
    table = numbers(n, n_features, dtype, seed=n, labels=labels)
    assert agree(table, cut(table, ends), n_neighbors=k)


@pytest.mark.parametrize("model", [None, "trees"])
@pytest.mark.parametrize("ends", [[], [1, 1, 900], range(0, 3000, 64)])
def test_rows_that_differ(ends, model):
    rng = np.random.default_rng(0)
    y = rng.random(3000) < 0.2
    X = rng.normal(size=(3000, 5)) * [1, 1e6, 1e-6, 1, 0] + y[:, np.newaxis]
    table = pa.table({f"x{j}": column for j, column in enumerate(X.T)} | {"label": y})
    assert agree(table, cut(table, ends), model=model)


@given(st.integers(0, 99), st.lists(st.integers(0, 400), max_size=5), st.sampled_from([1, 5]))
@settings(max_examples=20, deadline=None)
def test_missing_values_categories_and_times(seed, ends, k):
    rng = np.random.default_rng(seed)
    n = 400
    x = np.where(rng.random(n) < 0.02 * (seed % 3), np.nan, rng.integers(0, 5, n))
    words = [None if i == 0 and seed % 2 else f"word {i}" for i in rng.integers(0, 3, n)]
    table = pa.table(
        {
            "x": pa.array(x, from_pandas=seed % 2 == 0),
            "word": words,
            "whole": pa.array(rng.integers(0, 3, n)),
            "when": pa.array(rng.integers(0, 3, n), pa.timestamp("us")),
            "label": rng.choice(["a", "b", "b", "b", "c"], n).tolist(),
        }
    )
    assert agree(table, cut(table, ends), n_neighbors=k)


@pytest.mark.parametrize("kept", [["word"], ["x", "gap"]])
def test_rows_that_can_not_be_compared(kept):
    table = pa.table(
        {"x": [1.0] * 30, "gap": [None] * 29 + [1.0], "word": ["a"] * 30, "label": [0] * 20 + [1] * 10}
    ).select([*kept, "label"])
    assert agree(table, cut(table, [7]))


def test_some_rows_of_a_class_are_asked(monkeypatch):
    monkeypatch.setattr("fastsmote._diagnosis.findings._QUERIES", 20)
    monkeypatch.setattr("fastsmote._diagnosis.findings._QUERIES_OF_A_CLASS", 7)
    monkeypatch.setattr("fastsmote._diagnosis.scale._SAMPLE", 50)
    table = numbers(800, 6, labels=("a", "b", "c"))
    assert agree(table, cut(table, [100, 500]))


def test_sources(tmp_path):
    table = numbers(200, 4)
    whole = expected(table)
    pa.parquet.write_table(table, tmp_path / "t.parquet")
    for source in (tmp_path / "t.parquet", table.to_reader(50), pl.scan_parquet(tmp_path / "t.parquet")):
        assert same(fastsmote.files.advise(source, target="label"), whole)


def test_progress_comes_to_its_end():
    table, told = numbers(200, 4), []
    fastsmote.files.advise(cut(table, [60]), target="label", progress=lambda *rows: told.append(rows))
    assert (told[0], told[-1]) == ((200, 800), (800, 800))


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"model": "tree"}, ValueError, "model must be"),
        ({"n_neighbors": 0}, ValueError, "n_neighbors must be an integer >= 1"),
        ({"memory_limit": "1X"}, ValueError, "memory_limit must be bytes"),
        ({"target": "nix"}, ValueError, "target must be one of the columns"),
        ({"progress": 1}, TypeError, "progress must be a function"),
    ],
)
def test_mistakes(options, error, words):
    with pytest.raises(error, match=re.escape(words)):
        fastsmote.files.advise(cut(numbers(60), [30]), **({"target": "label"} | options))


def test_what_must_fit(monkeypatch):
    table = numbers(600).append_column("word", pa.array([f"word {i}" for i in range(600)]))
    with monkeypatch.context() as patch:
        patch.setattr(_advise, "_HASH_BYTES", 10**7)
        with pytest.raises(ValueError, match="memory_limit must hold hashes of all rows, in all 6,000,0"):
            fastsmote.files.advise(cut(table, [30]), target="label")
    monkeypatch.setattr(_advise, "_VALUE_BYTES", 10**7)
    with pytest.raises(ValueError, match="no numbers, 50 so far, most of them in column 'word'"):
        fastsmote.files.advise(cut(table, range(0, 600, 50)), target="label")
