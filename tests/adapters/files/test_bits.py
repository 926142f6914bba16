"""Rows of files are those of whole tables, bit by bit, however the table is cut."""

import inspect
from itertools import pairwise

import hypothesis.strategies as st
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from adapters.files.tables import (
    CLEANING,
    COMBINING,
    METHODS,
    SELECTING,
    agree,
    cut,
    drawing,
    expected,
    numbers,
    resampled,
)
from hypothesis import given, settings

import fastsmote
from fastsmote._blocks.samplers import BLOCK_SAMPLERS
from fastsmote._sampling.registry import SAMPLERS
from fastsmote.files._source import Rows, opened


def test_all_samplers_of_blocks_are_tested():
    assert set(METHODS) == set(BLOCK_SAMPLERS)
    assert {name for name in BLOCK_SAMPLERS if SAMPLERS[name].columns == "any"} == set(SELECTING)


@pytest.mark.parametrize("method", METHODS)
def test_options_are_those_of_whole_tables(method):
    own = inspect.signature(BLOCK_SAMPLERS[method].decide).parameters
    theirs = inspect.signature(getattr(fastsmote, method)).parameters
    options = [name for name, one in own.items() if one.kind is one.KEYWORD_ONLY]
    assert options
    assert [(name, own[name].default) for name in options] == [(n, theirs[n].default) for n in options]


@pytest.mark.parametrize("method", METHODS)
@given(
    st.integers(24, 120),
    st.lists(st.integers(0, 120), max_size=12),
    st.sampled_from([np.float32, np.float64, np.int16, np.uint8]),
    st.sampled_from([("a", "b"), ("a", "b", "c"), (0, 1), (-7, 3, 2**40), (True, False), (1.0, 2.0)]),
    st.integers(0, 2**64 - 1),
)
@settings(max_examples=40, deadline=None)
def test_any_cutting(tmp_path_factory, method, n, ends, dtype, labels, seed):
    table = numbers(n, dtype=dtype, seed=n, labels=labels)
    assert agree(table, cut(table, ends), tmp_path_factory.mktemp("cut"), method, random_state=seed)


@pytest.mark.parametrize("method", METHODS)
def test_a_row_in_each_block(tmp_path, method):
    table = numbers(60)
    assert agree(table, cut(table, range(60)), tmp_path, method, random_state=1)


@pytest.mark.parametrize("method", METHODS)
def test_the_rare_class_in_one_block(tmp_path, method):
    table = numbers(90).sort_by("label")
    assert agree(table, cut(table, [30, 40, 40, 50]), tmp_path, method, random_state=1)


@pytest.mark.parametrize("labels", [("a", "b"), ("a", "b", "c")])
@pytest.mark.parametrize("method", METHODS)
def test_classes_of_equal_size(tmp_path, method, labels):
    rng = np.random.default_rng(6)
    table = numbers(90).drop_columns("label")
    y = rng.permutation(np.resize(labels, 90))
    table = table.add_column(1, "label", pa.array(y.tolist()))
    assert agree(table, cut(table, [10, 40, 80]), tmp_path, method, random_state=1)


OPTIONS = [
    ("smote", {"sampling_strategy": 0.7, "k_neighbors": 2}),
    ("smote", {"sampling_strategy": {"b": 40, "c": 50}}),
    ("smote", {"sampling_strategy": "all"}),
    ("smote", {"sampling_strategy": {"a": 400, "b": 50}, "n_jobs": 1}),
    ("smote", {"sampling_strategy": fastsmote.Share(0.3), "columns": {"x1": "integer", "x0": (1, 2)}}),
    ("smotenc", {"sampling_strategy": 0.7, "k_neighbors": 2, "categorical_features": [0, 2]}),
    ("smotenc", {"sampling_strategy": {"a": 400, "b": 50}, "n_jobs": 1}),
    ("smotenc", {"sampling_strategy": {"a": 140}}),
    ("smotenc", {"sampling_strategy": "all", "columns": {"x0": "integer", "x1": "immutable"}}),
    ("adasyn", {"n_neighbors": 2, "sampling_strategy": 0.5}),
    ("adasyn", {"sampling_strategy": {"a": 400, "b": 70}}),
    ("adasyn", {"sampling_strategy": {"a": 140}}),
    ("borderline_smote", {"k_neighbors": 3, "m_neighbors": 4}),
    ("borderline_smote", {"k_neighbors": 9, "m_neighbors": 4, "sampling_strategy": {"c": 60}}),
    ("borderline_smote", {"m_neighbors": 60, "columns": {"x0": "immutable"}}),
    ("tomek_links", {"sampling_strategy": "all"}),
    ("tomek_links", {"sampling_strategy": ["b", "c"], "n_jobs": 1}),
    ("tomek_links", {"sampling_strategy": "all", "min_count": "balanced"}),
    ("tomek_links", {"sampling_strategy": "all", "min_count": 139}),
    ("edited_nearest_neighbours", {"sampling_strategy": "all", "n_jobs": 1}),
    ("edited_nearest_neighbours", {"sampling_strategy": "all", "kind_sel": "mode"}),
    ("edited_nearest_neighbours", {"sampling_strategy": ["b", "c"], "kind_sel": "mode"}),
    ("edited_nearest_neighbours", {"kind_sel": "mode", "n_neighbors": 6}),
    ("edited_nearest_neighbours", {"kind_sel": "mode", "n_neighbors": 199}),
    ("edited_nearest_neighbours", {"n_neighbors": 1, "min_count": 130}),
    ("edited_nearest_neighbours", {"sampling_strategy": "all", "kind_sel": "mode", "min_count": "balanced"}),
    ("neighbourhood_cleaning_rule", {"threshold_cleaning": 1.2, "n_jobs": 1}),
    ("neighbourhood_cleaning_rule", {"n_neighbors": 1}),
    ("neighbourhood_cleaning_rule", {"min_count": "balanced", "sampling_strategy": "all"}),
    ("neighbourhood_cleaning_rule", {"min_count": 100, "n_neighbors": 5}),
    ("neighbourhood_cleaning_rule", {"min_count": 139, "n_neighbors": 2}),
    ("neighbourhood_cleaning_rule", {"n_neighbors": 8, "sampling_strategy": ["a", "c"]}),
    ("neighbourhood_cleaning_rule", {"sampling_strategy": ["b"], "threshold_cleaning": 0}),
    ("near_miss", {"n_neighbors": 1, "sampling_strategy": {"a": 9, "b": 30}}),
    ("near_miss", {"n_neighbors": 5, "sampling_strategy": {"a": 20, "b": 0, "c": 11}}),
    ("near_miss", {"sampling_strategy": 0.8, "n_jobs": 1}),
    ("near_miss", {"version": 2, "n_neighbors": 1, "sampling_strategy": {"a": 9, "b": 30}}),
    ("near_miss", {"version": 2, "n_neighbors": 5, "sampling_strategy": {"a": 20, "b": 0, "c": 11}}),
    ("near_miss", {"version": 2, "sampling_strategy": 0.8, "n_jobs": 1}),
    ("smote_tomek", {"sampling_strategy": 0.8, "k_neighbors": 2, "n_jobs": 1}),
    ("smote_tomek", {"sampling_strategy": {"a": 300, "b": 70}}),
    ("smote_tomek", {"sampling_strategy": {"a": 140}}),
    ("smote_tomek", {"min_count": 120}),
    ("smote_enn", {"sampling_strategy": 0.8, "k_neighbors": 2, "n_jobs": 1}),
    ("smote_enn", {"sampling_strategy": {"a": 300, "b": 70}, "kind_sel": "mode"}),
    ("smote_enn", {"sampling_strategy": {"a": 140}, "n_neighbors": 7, "kind_sel": "mode"}),
    ("smote_enn", {"min_count": "balanced", "n_neighbors": 1}),
    ("random_over_sample", {"sampling_strategy": "minority"}),
    ("random_over_sample", {"sampling_strategy": {"a": 300}}),
    ("random_under_sample", {"sampling_strategy": {"a": 17, "c": 0}}),
    ("random_under_sample", {"replacement": True}),
    ("random_under_sample", {"sampling_strategy": 0.9, "replacement": True, "n_jobs": 1}),
]


@pytest.mark.filterwarnings("ignore:sampling_strategy asks for 0 rows")
@pytest.mark.parametrize(("method", "options"), OPTIONS)
def test_options(tmp_path, method, options):
    table = numbers(200, labels=("a", "b", "c"), share=0.3)
    assert agree(table, cut(table, [50, 111]), tmp_path, method, random_state=3, **options)


@pytest.mark.parametrize("method", [*CLEANING, *COMBINING])
@given(
    st.lists(st.integers(0, 3000), max_size=4),
    st.integers(1, 6),
    st.sampled_from([0.5, 1.5, 3.0]),
    st.sampled_from(["fine", "fraud"]),
    st.integers(0, 99),
)
@settings(max_examples=5, deadline=None)
def test_proofs_within_blocks(tmp_path_factory, method, ends, n_features, apart, rare, seed):
    """Clusters of many leaves: some rows are proven to stay by a leaf, some by a block, some by others."""
    rng = np.random.default_rng(seed)
    y = np.where(rng.random(3000) < 0.1, rare, "fine" if rare == "fraud" else "fraud")
    X = rng.normal(size=(3000, n_features)) + apart * (y == rare)[:, np.newaxis]
    table = pa.table({f"x{j}": column for j, column in enumerate(X.T)} | {"label": y})
    options = {"sampling_strategy": "all"} if method in CLEANING else {"sampling_strategy": 0.3}
    if method in ("edited_nearest_neighbours", "smote_enn"):
        options["kind_sel"] = ("all", "mode")[seed % 2]
    elif method == "neighbourhood_cleaning_rule":
        options["min_count"] = (None, 2000)[seed % 2]
    assert agree(
        table, cut(table, ends), tmp_path_factory.mktemp("proofs"), method, random_state=seed, **options
    )


@given(st.lists(st.integers(0, 900), max_size=9), st.integers(1, 4), st.integers(1, 60), st.integers(0, 99))
@settings(max_examples=20, deadline=None)
def test_bounds_of_near_miss_2(tmp_path_factory, ends, k, n_kept, seed):
    """A smallest class that is large enough for bounds by its extreme rows."""
    table = numbers(900, n_features=2, seed=seed, share=0.25)
    folder = tmp_path_factory.mktemp("bounds")
    options = {"version": 2, "n_neighbors": k, "sampling_strategy": {"fine": n_kept}}
    assert agree(table, cut(table, ends), folder, "near_miss", **options)


def test_new_rows_are_made_in_slices(tmp_path, monkeypatch):
    """Each slice begins within a class, or holds several; a plan would give the same."""
    monkeypatch.setattr("fastsmote.files._source._GROUP_ROWS", 7)
    monkeypatch.setattr("fastsmote.files._source._FEWEST_ROWS", 1)
    table = numbers(200, labels=("a", "b", "c"))
    for method in METHODS:
        assert agree(table, cut(table, []), tmp_path, method, random_state=5)
        assert pq.ParquetFile(tmp_path / "out.parquet").metadata.row_group(0).num_rows == 7


@pytest.mark.parametrize("large", [1e-300, 1e200, 1e300])
@pytest.mark.parametrize(
    "method", [method for method in METHODS if method not in SELECTING and method != "smotenc"]
)
def test_distances_have_the_scale_of_the_whole_table(tmp_path, method, large):
    """One row far from all others decides how exactly small distances are told apart."""
    table = numbers(80, dtype=np.float64)
    first = table.column("x0").to_numpy().copy()
    first[table.column("label").to_numpy() == "fine"] *= large
    table = table.set_column(0, "x0", pa.array(first))
    assert agree(table, cut(table, [10, 40]), tmp_path, method, random_state=1)


def mixed():
    n = 40
    rng = np.random.default_rng(2)
    label = pa.array(["rare" if i % 5 == 0 else "often" for i in range(n)]).dictionary_encode()
    return pa.table(
        {
            "when": pa.array(np.arange(n), pa.timestamp("us")),
            "text": pa.array([None if i % 7 == 0 else f"word {i}" for i in range(n)]),
            "label": label,
            "list": pa.array([[i, i + 1] for i in range(n)]),
            "amount": pa.array(rng.integers(0, 9, n).tolist(), pa.decimal128(9, 2)),
            "float": pa.array(rng.random(n), from_pandas=True),
            "city": pa.array([f"city {i % 3}" for i in range(n)]).dictionary_encode(),
        }
    )


@pytest.mark.parametrize(
    "categories", ["auto", ["text", "flag", "amount"], ["city", "whole", "text", "flag"]]
)
def test_categories_of_any_type(tmp_path, monkeypatch, categories):
    monkeypatch.setattr("fastsmote.files._source._GROUP_ROWS", 11)
    monkeypatch.setattr("fastsmote.files._source._FEWEST_ROWS", 1)
    rng = np.random.default_rng(4)
    n = 120
    columns = {
        "text": pa.array([f"word {i}" for i in rng.integers(0, 5, n)]),
        "whole": pa.array(rng.integers(-5, 5, n).astype(np.int32)),
        "label": pa.array(rng.choice(["rare", "often", "often", "other"], n).tolist()).dictionary_encode(),
        "city": pa.array([f"city {i}" for i in rng.integers(0, 9, n)]).dictionary_encode(),
        "flag": pa.array(rng.random(n) < 0.5),
        "amount": pa.array(rng.integers(0, 9, n).tolist(), pa.decimal128(9, 2)),
    }
    if categories != "auto":
        columns["city"] = (
            columns["city"].cast(pa.string()) if "city" in categories else pa.array(rng.random(n))
        )
    table = pa.table(columns)
    options = {"categorical_features": categories, "random_state": 8}
    actual = resampled(cut(table, [0, 50, 51]), tmp_path, "smotenc", **options)
    assert actual.to_pylist() == expected(table, "smotenc", **options).to_pylist()


@pytest.mark.parametrize("method", SELECTING)
def test_rows_of_any_type_are_taken(tmp_path, method):
    table = mixed()
    pq.write_table(table, tmp_path / "in.parquet", row_group_size=9)
    actual = resampled(tmp_path / "in.parquet", tmp_path, method, random_state=1)
    assert actual.schema.remove_metadata().equals(table.schema.remove_metadata())
    assert actual.to_pylist() == expected(table, method, random_state=1).to_pylist()


@pytest.fixture
def table():
    return numbers(100)


@pytest.fixture
def parts(table, tmp_path):
    """A folder of files."""
    folder = tmp_path / "parts"
    folder.mkdir()
    for i, start in enumerate(range(0, 100, 30)):
        pq.write_table(table.slice(start, 30), folder / f"{i}.parquet", row_group_size=11)
    return folder


SOURCES = {
    "folder": lambda table, parts: parts,
    "pattern": lambda table, parts: f"{parts}/*.parquet",
    "paths": lambda table, parts: [parts / f"{i}.parquet" for i in range(4)],
    "dataset": lambda table, parts: ds.dataset(parts),
    "reader": lambda table, parts: table.to_reader(max_chunksize=9),
    "stream": lambda table, parts: pl.from_arrow(table),
    "lazy frame": lambda table, parts: pl.scan_parquet(parts / "*.parquet"),
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", SOURCES)
def test_sources(table, parts, tmp_path, kind, method):
    actual = resampled(SOURCES[kind](table, parts), tmp_path, method, random_state=9)
    assert actual.to_pydict() == expected(table, method, random_state=9).to_pydict()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.parquet", "parts"]


@pytest.mark.parametrize("kind", SOURCES)
@pytest.mark.parametrize("labels_only", [False, True])
@pytest.mark.parametrize(("wide", "most"), [(False, 8), (True, 20)])
def test_blocks_are_even_and_in_order(table, parts, tmp_path, monkeypatch, kind, labels_only, wide, most):
    """However large the batches and groups of rows are that a source has."""
    monkeypatch.undo()
    monkeypatch.setattr("fastsmote.files._source._FEWEST_ROWS", 1)
    monkeypatch.setattr("fastsmote.files._source._APART", 0)
    width = 3 * 4 + 32
    room = 64 * width * 10
    with opened(SOURCES[kind](table, parts), room, tmp_path) as (schema, read):
        rows = Rows(schema, read, "label", room)
        assert (rows.block_rows, rows.wide_rows, rows.group_rows) == (8, 20, 16)
        blocks = list(rows.blocks(labels_only=labels_only, wide=wide))
        sizes = [len(block.labels) for block in blocks]
        assert max(sizes) <= most < min(map(sum, pairwise([most, *sizes, most])))
        assert [block.first for block in blocks] == np.cumsum([0, *(len(b.labels) for b in blocks)])[
            :-1
        ].tolist()
        labels = pa.chunked_array([chunk for block in blocks for chunk in block.labels.chunks])
        assert labels.to_pylist() == table.column("label").to_pylist()
        assert all(block.features.num_columns == (0 if labels_only else 3) for block in blocks)


@pytest.mark.parametrize("method", METHODS)
def test_csv(table, tmp_path, method):
    pa.csv.write_csv(table, tmp_path / "in.csv")
    as_read = pa.csv.read_csv(tmp_path / "in.csv")
    out = tmp_path / "out.csv"
    fastsmote.files.resample(
        tmp_path / "in.csv", out, target="label", method=method, **drawing(method, {"random_state": 9})
    )
    pa.csv.write_csv(expected(as_read, method, random_state=9), tmp_path / "expected.csv")
    assert out.read_bytes() == (tmp_path / "expected.csv").read_bytes()


def test_what_is_returned_and_told(table, tmp_path):
    told = []
    done = fastsmote.files.resample(
        cut(table, [20, 50]), tmp_path / "o.parquet", target="label", method="smote",
        progress=lambda *rows: told.append(rows),
    )  # fmt: skip
    X, y = table.drop_columns(["label"]), table.column("label")
    whole = fastsmote.smote(X, y)
    assert done == (tmp_path / "o.parquet", whole.counts_before, whole.counts_after)
    rows_of = pq.read_table(tmp_path / "o.parquet").num_rows
    assert told[0] == (100, 300)
    assert told[-1] == (200 + rows_of, 200 + rows_of)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_file_may_replace_its_source(table, tmp_path):
    pq.write_table(table, tmp_path / "out.parquet")
    actual = resampled(tmp_path / "out.parquet", tmp_path, "smote", random_state=2)
    assert actual.equals(expected(table, "smote", random_state=2))
