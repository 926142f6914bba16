"""Sweeps of columns of files are those of the columns in memory, bit by bit, and read no other column."""

import re

import hypothesis.strategies as st
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from adapters.files.tables import cut
from hypothesis import given, settings

import fastsmote
from fastsmote._blocks import scores
from fastsmote.files import _run, _source
from fastsmote.streaming import StreamingSweep

NAMES = {"y_true": "label", "y_score": "score"}


def table_of(n, seed=0, dtype=np.float64, labels=(0, 1), ties=True, share=0.3):
    """Columns that are asked for between others, one of which can not be swept."""
    rng = np.random.default_rng(seed)
    values = np.round(9 * rng.random(n), 0 if ties else 9).astype(dtype)
    weights = np.where(rng.random(n) < 0.2, 0.0, rng.random(n))
    label = np.array(labels)[(rng.random(n) < share).astype(int) * rng.integers(1, len(labels), n)]
    return pa.table(
        {
            "other": pa.array([None] * n, pa.string()), "weight": weights, "score": values, "more": weights,
            "label": pa.array(label.tolist()),
        }
    )  # fmt: skip


def outcome(function):
    """The bits of what it gives, or the kind of its error."""
    try:
        result = function()
    except (TypeError, ValueError) as error:
        return type(error)
    if isinstance(result, StreamingSweep):
        return result.to_bytes()
    return [(column.dtype, column.tobytes()) for column in result]


def agree(table, source, weighted=False, **options):
    """Whether both sweeps of a source are those of the columns of the table."""
    weights = {"sample_weight": "weight"} if weighted else {}
    y, values = table.column("label"), table.column("score")
    given = table.column("weight") if weighted else None
    whole = {
        "confusion_sweep": lambda: fastsmote.confusion_sweep(y, values, sample_weight=given, **options),
        "streaming_sweep": lambda: StreamingSweep(**options).update(y, values, given),
    }
    for name, in_memory in whole.items():
        function = getattr(fastsmote.files, name)
        assert outcome(lambda: function(source(), **NAMES, **weights, **options)) == outcome(in_memory), name  # noqa: B023
    return True


@given(
    n=st.integers(1, 120),
    ends=st.lists(st.integers(0, 120), max_size=8),
    dtype=st.sampled_from([np.float32, np.float64, np.int16, np.uint64]),
    labels=st.sampled_from([(0, 1), (True, False), ("no", "yes"), (-1, 1), (1.0, 0.0), ("a", "b", "c")]),
    ties=st.booleans(),
    weighted=st.booleans(),
    share=st.sampled_from([0.0, 0.3, 1.0]),
    is_given=st.booleans(),
)
@settings(max_examples=120, deadline=None)
def test_any_cutting(n, ends, dtype, labels, ties, weighted, share, is_given):
    table = table_of(n, n, dtype, labels, ties, share)
    options = {"pos_label": labels[-1]} if is_given else {}
    assert agree(table, lambda: cut(table, ends), weighted, **options)


def parquet(table, folder):
    for i in range(3):
        pq.write_table(table.slice(70 * i, 70), folder / f"{i}.parquet", row_group_size=11)
    return folder


def csv(table, folder):
    pyarrow.csv.write_csv(table, folder / "rows.csv")
    return folder / "rows.csv"


SOURCES = {
    "folder": parquet,
    "pattern": lambda table, folder: f"{parquet(table, folder)}/*.parquet",
    "csv": csv,
    "dataset": lambda table, folder: ds.dataset(parquet(table, folder)),
    "reader": lambda table, folder: table.to_reader(max_chunksize=9),
    "stream": lambda table, folder: pl.from_arrow(table),
    "lazy frame": lambda table, folder: pl.scan_parquet(parquet(table, folder) / "*.parquet"),
}


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("kind", SOURCES)
def test_sources(kind, weighted, tmp_path, monkeypatch):
    monkeypatch.setattr(_source, "_GROUP_ROWS", 16)
    monkeypatch.setattr(_source, "_FEWEST_ROWS", 1)
    table = table_of(200, ties=False, labels=("no", "yes"))
    assert agree(table, lambda: SOURCES[kind](table, tmp_path), weighted, pos_label="yes")


def test_one_column_twice():
    table = pa.table({"a": [0, 1, 1], "b": ["x", "y", "z"]})
    sweep = fastsmote.files.confusion_sweep(table.to_reader(), y_true="a", y_score="a", sample_weight="a")
    expected = fastsmote.confusion_sweep([0, 1, 1], [0, 1, 1], sample_weight=[0, 1, 1])
    assert outcome(lambda: sweep) == outcome(lambda: expected)


@pytest.mark.parametrize("kind", ["folder", "dataset", "reader", "stream", "lazy frame"])
def test_no_other_column_is_read(kind, tmp_path, monkeypatch):
    """What a block is made of, and what goes to a temporary file."""
    met = set()
    for name in ("_of_parquet", "_of_dataset", "_of_spooled"):
        original = getattr(_source, name)

        def read(source, columns, n_rows, original=original):
            for batch in original(source, columns, n_rows):
                met.update(batch.schema.names)
                yield batch

        monkeypatch.setattr(_source, name, read)
    table = table_of(200)
    fastsmote.files.streaming_sweep(SOURCES[kind](table, tmp_path), **NAMES)
    assert met == {"label", "score"}


def test_progress():
    told = []
    fastsmote.files.confusion_sweep(
        cut(table_of(100), [30, 30]), **NAMES, progress=lambda *rows: told.append(rows)
    )
    assert told == [(100, 200), (130, 200), (130, 200), (200, 200)]


@pytest.mark.parametrize("function", ["confusion_sweep", "streaming_sweep"])
@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"y_true": "lable"}, ValueError, "y_true must be one of the columns ['other', 'weight', 'score'"),
        ({"y_score": ["score"]}, ValueError, "y_score must be one of the columns"),
        ({"sample_weight": np.ones(3)}, ValueError, "sample_weight must be one of the columns"),
        ({"pos_label": "frawd"}, ValueError, "pos_label='frawd' is not a valid label. It should be one of"),
        ({"memory_limit": "2 gigs"}, ValueError, "memory_limit must be bytes"),
        ({"progress": 3}, TypeError, "progress must be a function"),
        ({"y_score": "other"}, ValueError, "Rows are counted from row 10 on."),
        ({"sample_weight": "other"}, ValueError, "sample_weight contains NaN"),
    ],
)
def test_refused(function, options, error, words):
    table = table_of(30)
    column = pa.array([*["1"] * 15, None, *["1"] * 14])
    table = table.set_column(0, "other", column.cast(pa.float64()))
    for source in (cut(table, [10, 10]), table.to_reader(max_chunksize=10)):
        if "Rows" in words and not isinstance(source, ds.Dataset):
            continue  # a stream is cut anew
        with pytest.raises(error, match=re.escape(words)):
            getattr(fastsmote.files, function)(source, **(NAMES | options))


def test_columns_of_one_name():
    table = table_of(30).rename_columns(["score", "weight", "score", "more", "label"])
    for source in (cut(table, []), table.to_reader()):
        with pytest.raises(ValueError, match=r"columns of different names\. Got 'score' more"):
            fastsmote.files.confusion_sweep(source, **NAMES)


@pytest.mark.parametrize("function", ["confusion_sweep", "streaming_sweep"])
def test_no_rows(function):
    table = table_of(30)
    empty = ds.InMemoryDataset([pa.RecordBatch.from_pylist([], table.schema)], schema=table.schema)
    with pytest.raises(ValueError, match="y_true must have a minimum of 1 sample"):
        getattr(fastsmote.files, function)(empty, **NAMES)


def test_scores_must_fit(monkeypatch):
    """Different ones, or all where they have weights; a stream has any number of them."""
    table = table_of(1000, ties=False)
    monkeypatch.setattr(_source, "_GROUP_ROWS", 64)
    monkeypatch.setattr(_source, "_FEWEST_ROWS", 1)
    room = 4 * scores._SCORE_BYTES * 600 // 3
    monkeypatch.setattr(_run, "_LEAST", 0)
    limits = {"memory_limit": _run.LIBRARIES + room}
    blocks = cut(table, range(0, 1000, 50))
    with pytest.raises(ValueError, match=r"must hold all different scores, 80 bytes for each\. Got 632"):
        fastsmote.files.confusion_sweep(blocks, **NAMES, **limits)
    with pytest.raises(ValueError, match=r"must hold all rows with weights, 80 bytes for each\. Got 1,000"):
        fastsmote.files.confusion_sweep(blocks, **NAMES, sample_weight="weight", **limits)
    assert fastsmote.files.streaming_sweep(blocks, **NAMES, **limits).compute().tps[-1] > 0
    few = table_of(1000)
    assert len(fastsmote.files.confusion_sweep(cut(few, range(0, 1000, 50)), **NAMES, **limits).tps) == 10
