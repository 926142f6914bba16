"""What is refused, what it says, and that nothing is left behind."""

import errno
import re
from itertools import pairwise

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from adapters.files.tables import METHODS, cut, needed, numbers

import fastsmote
from fastsmote._blocks.block import Block, ClassCounts, codes_of
from fastsmote.files import _run, _write
from fastsmote.files._write import grouped


@pytest.fixture
def table():
    return numbers(100)


def refused(source, tmp_path, error, words, method="smote", **options):
    out = options.pop("out", tmp_path / "out.parquet")
    options = {"target": "label"} | needed(method) | options
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(error, match=re.escape(words)):
        fastsmote.files.resample(source, out, method=method, **options)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"target": "labell"}, ValueError, "target must be one of the columns ['x0', 'label', 'x1', 'x2']"),
        ({"method": "smotte"}, ValueError, 'method must be "random_under_sample"'),
        (
            {"groups": [1]},
            TypeError,
            "options of smote for files are sampling_strategy, k_neighbors, columns",
        ),
        ({"sampling_strategy": lambda y: {}}, TypeError, "pass the dict that it returns"),
        ({"sampling_strategy": 2.0}, ValueError, "range (0, 1]"),
        ({"k_neighbors": 90}, ValueError, "k_neighbors=90 needs at least 91 rows"),
        ({"columns": {"x9": "integer"}}, ValueError, "columns must name columns of X"),
        ({"random_state": -1}, ValueError, "random_state must be an integer >= 0"),
        ({"memory_limit": "2 gigs"}, ValueError, "memory_limit must be bytes, or a number with one of KB"),
        ({"memory_limit": 10**8}, ValueError, "memory_limit must be at least 500MB, of which"),
        ({"memory_limit": "400MB"}, ValueError, "Got '400MB', which is 400,000,000 bytes; pass more"),
        ({"memory_limit": "1"}, ValueError, "memory_limit must be at least 500MB"),
        ({"memory_limit": -1}, ValueError, "memory_limit must be at least 500MB"),
        ({"memory_limit": "9" * 400 + "GB"}, ValueError, "memory_limit must be at most 9,223,372TB. Got"),
        ({"memory_limit": "9" * 20 + "TB"}, ValueError, "memory_limit must be at most 9,223,372TB. Got"),
        ({"memory_limit": 10**5000}, ValueError, "memory_limit must be at most 9,223,372TB. Got an integer"),
        ({"memory_limit": "2X"}, ValueError, "memory_limit must be bytes, or a number with one of KB"),
        ({"memory_limit": True}, TypeError, "memory_limit must be an integer of bytes, or a text"),
        ({"memory_limit": 2e9}, TypeError, "memory_limit must be an integer"),
        ({"method": "borderline_smote", "kind": "borderline-2"}, ValueError, 'kind must be "borderline-1"'),
        ({"method": "borderline_smote", "m_neighbors": 100}, ValueError, "m_neighbors must be at most 99"),
        ({"method": "adasyn", "n_neighbors": 0}, ValueError, "n_neighbors must be an integer >= 1"),
        ({"method": "tomek_links", "random_state": 3}, TypeError, "Got random_state; leave it out"),
        ({"method": "tomek_links", "sampling_strategy": ["c"]}, ValueError, "not present in the data"),
        (
            {"method": "edited_nearest_neighbours", "n_neighbors": 100},
            ValueError,
            "n_neighbors must be at most 99",
        ),
        (
            {"method": "edited_nearest_neighbours", "kind_sel": "most"},
            ValueError,
            'kind_sel must be "all" or',
        ),
        ({"method": "edited_nearest_neighbours", "min_count": 0}, ValueError, "min_count must be None"),
        ({"method": "neighbourhood_cleaning_rule", "threshold_cleaning": -1}, ValueError, "a number >= 0"),
        ({"method": "neighbourhood_cleaning_rule", "n_neighbors": 100}, ValueError, "must be at most 99"),
        ({"method": "neighbourhood_cleaning_rule", "min_count": 0}, ValueError, "min_count must be None"),
        (
            {"method": "smotenc", "categorical_features": []},
            ValueError,
            "not designed to work only with numerical features",
        ),
        ({"method": "smotenc", "categorical_features": ["x9"]}, ValueError, "categorical_features"),
        ({"method": "smotenc", "missing": "error"}, TypeError, "options of smotenc for files are categ"),
        ({"method": "smote_enn", "n_neighbors": 1000}, ValueError, "the number of rows after smote other"),
        ({"method": "smote_tomek", "k_neighbors": 90}, ValueError, "k_neighbors=90 needs at least 91 rows"),
        ({"method": "near_miss", "version": 3}, ValueError, "version must be 1 or 2"),
        ({"method": "near_miss", "n_neighbors": 90}, ValueError, "n_neighbors must be at most"),
        ({"progress": 3}, TypeError, "progress must be a function"),
    ],
)
def test_options(table, tmp_path, options, error, words):
    refused(cut(table, [40]), tmp_path, error, words, **options)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ("1GB", 10**9),
        ("1.5 GiB", 3 * 2**29),
        ("700mb", 7 * 10**8),
        (10**9, 10**9),
        ("1000000000", 10**9),
        ("2G", 2 * 10**9),
        ("512M", 512 * 10**6),
        ("0.5t", 5 * 10**11),
        ("900000K", 9 * 10**8),
        ("600000000B", 6 * 10**8),
    ],
)
def test_sizes(size, expected):
    assert _run.check_memory(size) == expected


@pytest.mark.parametrize("place", ["folder", "no/folder.parquet", "out.txt"])
def test_places(table, tmp_path, place):
    (tmp_path / "folder.parquet").mkdir()
    words = {"folder": "is a folder", "no/folder.parquet": "does not exist", "out.txt": "out must end in"}
    out = tmp_path / ("folder.parquet" if place == "folder" else place)
    refused(cut(table, [40]), tmp_path, (OSError, ValueError), words[place], out=out)


def test_sources(table, tmp_path):
    pq.write_table(table, tmp_path / "a.parquet")
    pq.write_table(table.rename_columns(["x0", "label", "x1", "y"]), tmp_path / "b.parquet")
    pa.csv.write_csv(table, tmp_path / "a.csv")
    for source, error, words in [
        (tmp_path / "none.parquet", FileNotFoundError, "none.parquet"),
        (f"{tmp_path}/none*.parquet", ValueError, "Got no file for"),
        (f"{tmp_path}/*", ValueError, "Got .csv, .parquet files"),
        ([tmp_path / "a.parquet", tmp_path / "b.parquet"], ValueError, "b.parquet with others than"),
        (3, TypeError, "source must be a path"),
        (table.select(["label"]).to_reader(), ValueError, "columns beside target"),
        (cut(table.rename_columns(["a", "label", "a", "b"]), []), ValueError, "'a' more than once"),
    ]:
        refused(source, tmp_path, error, words)


def test_csv_of_other_types_further_down(tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_text("x,label\n" + "1,a\n" * 2_000_000 + "1.5,b\n")
    refused(tmp_path / "a.csv", tmp_path, ValueError, "1.5", method="random_under_sample")


@pytest.mark.parametrize("method", METHODS)
def test_labels(table, tmp_path, method):
    place = table.schema.get_field_index("label")
    for labels, words in [
        (pa.array(["a"] * 100), "at least 2 classes. Got 1 class instead: 'a' with 100 samples"),
        (pa.array(["a"] * 50 + [None] + ["b"] * 49), "contains NaN (a missing label) at row 10"),
        (pa.array([0.0] * 50 + [0.5] * 50), "Unknown label type: 'continuous'"),
    ]:
        source = cut(table.set_column(place, "label", labels), [40, 70])
        refused(source, tmp_path, ValueError, words, method)
    missing = table.set_column(place, "label", pa.array(["a"] * 50 + [None] + ["b"] * 49))
    refused(cut(missing, [40, 70]), tmp_path, ValueError, "Rows are counted from row 40 on.", method)
    empty = ds.InMemoryDataset([pa.RecordBatch.from_pylist([], table.schema)], schema=table.schema)
    refused(empty, tmp_path, ValueError, "label must have at least one label. Got 0 sample(s)", method)


@pytest.mark.parametrize("value", [np.nan, np.inf, None])
def test_numbers_of_all_rows_are_looked_at(table, tmp_path, value):
    column = pa.array([*table.column("x1").to_pylist()[:-1], value], pa.float32())
    source = cut(table.set_column(2, "x1", column), [40])
    fault = "infinity (inf)" if value == np.inf else "NaN (a missing value)"
    words = f"Input X contains {fault} at row 59, column 'x1'. All values must be finite"
    refused(source, tmp_path, ValueError, words)
    refused(source, tmp_path, ValueError, "Rows are counted from row 40 on.", sampling_strategy={"fine": 90})


@pytest.mark.parametrize("place", ["x1", "x2"])
def test_cells_of_all_rows_are_there(table, tmp_path, place):
    column = pa.array([*table.column(place).to_pylist()[:-1], None], pa.float32())
    source = cut(table.set_column(table.schema.get_field_index(place), place, column), [40])
    words = (
        f"a missing value at row 59, column '{place}', which is cat"
        if place == "x1"
        else "row 59, column 'x2'"
    )
    refused(source, tmp_path, ValueError, words, "smotenc")
    refused(source, tmp_path, ValueError, words, "smotenc", sampling_strategy={"fine": 90})


@pytest.mark.parametrize(
    "column", [pa.array(["a"] * 100), pa.array([1] * 100, pa.timestamp("s")), pa.array([[1]] * 100)]
)
def test_columns_that_hold_no_numbers(table, tmp_path, column):
    refused(cut(table.set_column(2, "x1", column), [40]), tmp_path, ValueError, "must hold numbers")


def test_blocks_must_fit(tmp_path):
    """A row of 80,000 bytes, and blocks of 64 rows."""
    wide = pa.table({f"x{j}": [0.0] * 4 for j in range(10_000)} | {"label": ["a", "a", "b", "b"]})
    words = "memory_limit must hold 64 blocks of 64 rows of about 80,032 bytes"
    refused(wide.to_reader(), tmp_path, ValueError, words, memory_limit="500MB")
    refused(cut(wide, [2]), tmp_path, ValueError, words, memory_limit="500MB")
    fastsmote.files.resample(
        wide.to_reader(), tmp_path / "out.parquet", target="label", method="random_under_sample"
    )


def test_the_few_must_fit(table, tmp_path, monkeypatch):
    for name in ("_SHARE", "_GROUPS", "_FEWEST_ROWS"):
        monkeypatch.setattr(f"fastsmote.files._source.{name}", 1)
    monkeypatch.setattr(_run, "LIBRARIES", 500_000_000 - 1000)
    words = "memory_limit must hold the rows of the classes that get new rows, 4 times over."
    for method in ("smote", "random_over_sample"):
        refused(cut(table, [40]), tmp_path, ValueError, words, method, memory_limit="500MB")
    words = "memory_limit must hold the 29 new rows, which take 4,408 bytes while they are cleaned"
    monkeypatch.setattr(_run, "LIBRARIES", 500_000_000 - 2000)
    few = table.sort_by("label").slice(0, 88)
    refused(
        cut(few, [40]),
        tmp_path,
        ValueError,
        words,
        "smote_tomek",
        memory_limit="500MB",
        sampling_strategy=0.5,
    )
    words = "memory_limit must hold the rows of the largest class that lie among others"
    few = numbers(9000, seed=1, share=0.01)
    monkeypatch.setattr(_run, "LIBRARIES", 500_000_000 - 20_000)
    refused(
        cut(few, [4000]),
        tmp_path,
        ValueError,
        words,
        "edited_nearest_neighbours",
        memory_limit="500MB",
        n_neighbors=30,
    )
    words = "memory_limit must hold the numbers of the rows that are chosen"
    monkeypatch.setattr(_run, "LIBRARIES", 500_000_000 - 1000)
    refused(cut(table, [40]), tmp_path, ValueError, words, "random_under_sample", memory_limit="500MB")


class FullDisk:
    """A writer of a disk that is full after two groups, or only when the file is closed."""

    def __init__(self, when):
        self._when, self._written = when, 0

    def __call__(self, file, schema):
        return self

    def write_table(self, table):
        self._written += 1
        if self._written == self._when:
            raise OSError(errno.ENOSPC, "No space left on device")

    def close(self):
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("when", [1, 2, None])
@pytest.mark.parametrize("method", METHODS)
def test_a_full_disk(table, tmp_path, monkeypatch, method, when):
    monkeypatch.setattr("fastsmote.files._source._GROUP_ROWS", 8)
    monkeypatch.setattr("fastsmote.files._source._FEWEST_ROWS", 1)
    monkeypatch.setitem(_write.WRITERS, ".parquet", FullDisk(when))
    (tmp_path / "out.parquet").write_text("as it was")
    refused(cut(table, []), tmp_path, OSError, "the disk is full. Nothing was changed", method)
    assert (tmp_path / "out.parquet").read_text() == "as it was"


@pytest.mark.parametrize("after", range(1, 8))
def test_an_interrupt(table, tmp_path, after):
    told = []

    def progress(done, total):
        told.append(done)
        if len(told) == after:
            raise KeyboardInterrupt("stop")

    (tmp_path / "out.parquet").write_text("as it was")
    source = table.to_reader(max_chunksize=40)
    refused(source, tmp_path, KeyboardInterrupt, "stop", progress=progress)
    assert len(told) == after
    assert (tmp_path / "out.parquet").read_text() == "as it was"


def test_a_label_that_no_pass_has_counted(table):
    known = ClassCounts(np.array(["fine", "other"], object), np.array([90, 10]))
    with pytest.raises(ValueError, match="label has got the label 'fraud' while it was read; start again"):
        codes_of(Block(table.remove_column(1), table.column(1), 0, "label"), known)


def test_groups_of_rows():
    table = pa.table({"a": list(range(20))})
    for size in (1, 3, 7, 20, 30):
        for cuts in ([], [5], [0, 0, 1, 19]):
            ends = [0, *cuts, 20]
            parts = [table.slice(lo, hi - lo) for lo, hi in pairwise(ends)]
            groups = list(grouped(parts, size))
            assert pa.concat_tables(groups).equals(table)
            assert {group.num_rows for group in groups[:-1]} <= {size}
            assert 0 < groups[-1].num_rows <= size
    assert list(grouped([], 3)) == []


def test_lazy_frames_of_a_polars_that_mixes_rows(table, tmp_path, monkeypatch):
    frame = pl.from_arrow(table).lazy()
    monkeypatch.setattr(pl, "__version__", "1.24.0")
    refused(frame, tmp_path, ValueError, "Got a LazyFrame of polars 1.24.0; update it, or name the files.")


@pytest.mark.parametrize("container", ["array", "frame"])
def test_of_dask(container, tmp_path):
    """Its own functions take it."""
    array = pytest.importorskip("dask.array").zeros((4, 2))
    source = array if container == "array" else pytest.importorskip("dask.dataframe").from_dask_array(array)
    with pytest.raises(TypeError, match=r"Got dask\.\w+; call the function of fastsmote\.dask\."):
        fastsmote.files.resample(source, tmp_path / "out.parquet", target="y", method="smote")
