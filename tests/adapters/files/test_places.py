"""Which files a source names, where ``out`` may be, and what CSV files say that can not be read."""

import os
import re
import subprocess
import sys
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from adapters.files.tables import numbers

import fastsmote

RESAMPLE = {"target": "label", "method": "random_under_sample", "random_state": 0}


@pytest.fixture
def table():
    return numbers(100)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder, the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def resampled(source, out="out.parquet", **options):
    return fastsmote.files.resample(source, out, **(RESAMPLE | options))


def refused(error, words, source, *more, **options):
    before = sorted(Path().rglob("*"))
    with pytest.raises(error, match=re.escape(words)) as caught:
        resampled(source, *more, **options)
    assert sorted(Path().rglob("*")) == before
    return str(caught.value)


def n_rows(source, **options):
    return sum(resampled(source, **options).counts_before.values())


# --------------------------------------------------------------------------------- what is found


@pytest.mark.parametrize(
    "hidden",
    [
        ".ipynb_checkpoints/b.parquet",
        "._b.parquet",
        "_temporary/0/b.parquet",
        "_b.parquet",
        "part/.b.parquet",
        ".fastsmote.0.tmp/b.parquet",
    ],
)
def test_hidden_names_are_left_out_of_folders(here, table, hidden):
    for path in ("big/part/a.parquet", f"big/{hidden}"):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, path)
    assert n_rows("big") == 100
    assert n_rows("big/**/*.parquet") == 100
    assert n_rows("big/*/*.parquet") == 100
    assert n_rows(f"big/{hidden}") == 100


def test_patterns_that_name_hidden_files_match_them(here, table):
    for path in ("_big/a.parquet", "_big/_b.parquet", "_big/.c.parquet"):
        Path(path).parent.mkdir(exist_ok=True)
        pq.write_table(table, path)
    for source in ("_big", "_big/*.parquet", "_b*/*.parquet", "_big/_*.parquet", "_big/.c*.parquet"):
        assert n_rows(source) == 100
    refused(ValueError, "names that begin with . or _ are left out", "*/*.parquet")


def test_patterns_leave_folders_out(here, table):
    Path("big/d.parquet").mkdir(parents=True)
    pq.write_table(table, "big/d.parquet/a.parquet")
    assert n_rows("big/**/*.parquet") == 100
    assert n_rows("big") == 100
    refused(ValueError, "Got no file for 'big/*.parquet'", "big/*.parquet")


@pytest.mark.parametrize("source", ["big", "big/*.parquet", "**/*.parquet", ["big"]])
def test_what_was_written_is_not_read_again(here, table, source):
    Path("big").mkdir()
    pq.write_table(table, "big/a.parquet")
    resampled(source, "big/out.parquet")
    before = Path("big/out.parquet").read_bytes()
    refused(
        ValueError,
        "out must not be a file that a folder or a pattern of source finds",
        source,
        "big/out.parquet",
    )
    Path("link.parquet").symlink_to("big/out.parquet")
    refused(ValueError, "name the files of the source one by one", source, "link.parquet")
    assert Path("big/out.parquet").read_bytes() == before


def test_a_file_that_is_named_may_be_replaced(here, table):
    pq.write_table(table, "a.parquet")
    resampled("a.parquet", "a.parquet")
    resampled(["a.parquet"], "a.parquet")
    assert pq.read_table("a.parquet").num_rows < 100


# --------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("out", "error", "words"),
    [
        (None, TypeError, 'out must be a path, such as "rows.parquet". Got NoneType.'),
        (b"o.parquet", TypeError, 'out must be a path, such as "rows.parquet". Got bytes.'),
        ("", ValueError, "out must be a path, such as \"rows.parquet\". Got ''"),
        ("o\0.parquet", ValueError, "out must be a path"),
        ("folder", OSError, "out must be a place for a file. Got 'folder': is a folder; name a file."),
        ("folder.parquet", OSError, "out must be a place for a file. Got 'folder.parquet': is a folder"),
        (
            "pipe.parquet",
            OSError,
            "out must be a place for a file. Got 'pipe.parquet': is a device or a pipe",
        ),
        ("none/o.parquet", OSError, "out must be a place for a file. Got 'none/o.parquet': the folder"),
    ],
)
def test_places(here, table, out, error, words):
    Path("folder").mkdir()
    Path("folder.parquet").mkdir()
    if out == "pipe.parquet":
        pytest.importorskip("fcntl")  # Windows has no such pipes
        os.mkfifo(out)
    pq.write_table(table, "a.parquet")
    refused(error, words, "a.parquet", out)


@pytest.mark.parametrize(
    ("source", "error", "words"),
    [
        (
            "",
            ValueError,
            'source must be a path, such as "rows.parquet". Got \'\'; the current folder is "."',
        ),
        ("nu\0l", ValueError, "source must be a path"),
        (["a.parquet", ""], ValueError, "source must be a path"),
        (b"a.parquet", TypeError, "source must be a path"),
        ([], ValueError, "Got no file for []"),
        ("a.json", ValueError, "Got .json files for 'a.json'; pass a pyarrow Dataset or a polars LazyFrame"),
        ("a", ValueError, "Got nameless files for 'a'"),
        ("a.csv.gz", ValueError, 'a.csv.gz\', format="csv"), or polars.scan_csv('),
    ],
)
def test_names(here, table, source, error, words):
    for name in ("a.parquet", "a.json", "a", "a.csv.gz"):
        pq.write_table(table, name)
    refused(error, words, source)


# --------------------------------------------------------------------------------- columns


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.drop_columns(["x1"]), "column 'x1' is missing"),
        (lambda t: t.append_column("more", t["x1"]), "there is a column 'more' more"),
        (
            lambda t: t.set_column(2, "x1", t["x1"].cast(pa.float64())),
            "column 'x1' is double, not float",
        ),
        (lambda t: t.select(["x1", "x0", "label", "x2"]), "the columns have another order, 'x1', 'x0'"),
        (
            lambda t: t.cast(pa.schema([f.with_nullable(f.name != "x1") for f in t.schema])),
            "values of column 'x1' may not be missing",
        ),
    ],
)
def test_files_that_differ_say_how(here, table, change, words):
    pq.write_table(table, "a.parquet")
    pq.write_table(change(table), "b.parquet")
    message = refused(ValueError, words, "?.parquet")
    assert "Got b.parquet with others than a.parquet" in message


def test_columns_of_one_name_are_named(here):
    twice = pa.Table.from_arrays([pa.array([1, 2])] * 2 + [pa.array(["a", "b"])], ["x", "x", "label"])
    pq.write_table(twice, "a.parquet")
    refused(ValueError, "Got 'x' more than once in ", "a.parquet")


@pytest.mark.parametrize("content", [b"", b"PAR1 and no more of it"])
def test_damaged_files_are_named(here, table, content):
    pq.write_table(table, "a.parquet")
    Path("b.parquet").write_bytes(content)
    refused(ValueError, "Got b.parquet, which is damaged or no file of Parquet", "?.parquet")


def test_folders_that_hold_the_label(here, table):
    for key in (0, 1):
        Path(f"hive/lab={key}").mkdir(parents=True)
        pq.write_table(table.drop_columns(["label"]), f"hive/lab={key}/x.parquet")
    words = "pass pyarrow.dataset.dataset('hive', partitioning=\"hive\"), which makes a column of that."
    refused(ValueError, words, "hive", target="lab")
    assert n_rows(ds.dataset("hive", partitioning="hive"), target="lab") == 200


# --------------------------------------------------------------------------------- CSV


CALLS = {
    "resample": resampled,
    "advise": lambda source: fastsmote.files.advise(source, target="label"),
    "confusion_sweep": lambda source: fastsmote.files.confusion_sweep(
        source, y_true="label", y_score="x", pos_label="b"
    ),
    "streaming_sweep": lambda source: fastsmote.files.streaming_sweep(
        source, y_true="label", y_score="x", pos_label="b"
    ),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("cell", ["", '""', "NA", "null", "nan"])
def test_a_missing_label_is_no_class(here, call, cell):
    Path("a.csv").write_text("x,label\n" + "1,a\n2,b\n" * 10 + f"3,{cell}\n" + "1,a\n2,b\n" * 10)
    words = r"Input label contains NaN \(a missing label\) at row 20"
    for source in ("a.csv", ds.dataset("a.csv", format="csv")):
        with pytest.raises(ValueError, match=words):
            CALLS[call](source)


def test_a_word_for_missing_values_may_be_a_class(here):
    Path("a.csv").write_text("x,label\n" + "1,NA\n2,b\n" * 10)
    message = refused(ValueError, "the cell is 'NA'. Drop the rows without a label", "a.csv")
    source = eval(re.search(r"pass (pyarrow\.dataset\..*)\.$", message)[1], {"pyarrow": pa})
    assert resampled(source).counts_before == {"NA": 10, "b": 10}


def test_words_in_features_stay(here):
    """Namibia is no missing country."""
    Path("a.csv").write_text('country,x,label\nNA,1,a\n"",2,a\n,3,b\nDE,4,b\n')
    resampled("a.csv", "o.csv", method="random_over_sample")
    written = pa.csv.read_csv("o.csv", convert_options=pa.csv.ConvertOptions(strings_can_be_null=False))
    assert written["country"].to_pylist() == ["NA", "", "", "DE"]


def test_line_breaks_in_quotes(here):
    Path("a.csv").write_text("note,x,label\n" + '"one\n two",1,a\n"three",2,"b\nc"\n' * 90_000)
    done = resampled("a.csv", "o.csv")
    assert done.counts_before == {"a": 90_000, "b\nc": 90_000}


LONG = 400_000


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            "x,label\n" + "1,a\n" * LONG + "1.5,b\n",
            "b.csv with '1.5' in row 400000 of column 'x', whose first",
        ),
        ("x,y,label\n" + ",1,a\n" * LONG + "1,1,b\n", "whose first rows hold nothing. Say what type it has"),
        (b"x,label\n" + b"1,a\n" * LONG + b"1,caf\xe9\n", "b.csv, whose text is not UTF-8"),
        (b"x,label\n1,caf\xe9\n", "b.csv, whose text is not UTF-8"),
        (b"x,caf\xe9\n1,a\n", "b.csv, whose text is not UTF-8"),
        (
            "x,label\n1,a\n2,b\n".encode("utf-16"),
            "b.csv, whose text is not UTF-8. Say what it is, such as utf",
        ),
        ("x,label\n1," + "a" * 3_000_000 + "\n", "b.csv, where a row is longer than a block of 1 MiB"),
        ("", "b.csv, which is empty"),
        ("x,label\n1,a\n1,2,3\n", "b.csv (CSV parse error: Row #3: Expected 2 columns, got 3: 1,2,3). Where"),
        (
            "x,label\n" + "1,a\n" * LONG + "1,2,3\n",
            "Expected 2 columns, got 3: 1,2,3). Where the text of a c",
        ),
        ("x,x,label\n1,2,a\n", "b.csv with several columns named 'x'"),
        ("x;label\n1,5;a\n", "If cells are separated by ';', pass pyarrow.dataset.dataset('"),
        ("x;label\n1;a\n2;b\n", "If cells are separated by ';', pass pyarrow.dataset.dataset('"),
        ("x\tlabel\n1\ta\n2\tb\n", r"If cells are separated by '\t', pass pyarrow.dataset.dataset('"),
    ],
)
@pytest.mark.parametrize("call", ["resample", "streaming_sweep"])
def test_what_can_not_be_read_is_named(here, content, words, call):
    Path("b.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ValueError, match=re.escape(words)) as caught:
        CALLS[call]("b.csv")
    message = str(caught.value)
    assert type(caught.value) is ValueError
    if "pass pyarrow" in message and "block of" not in message:  # what it says works
        code = re.search(
            r"pass (pyarrow\.dataset\..*?)\.( |$)", message.replace("pyarrow.string()", "'float64'")
        )
        read = eval(code[1], {"pyarrow": pa})
        assert read.to_table().num_rows


def test_a_file_among_others_is_named(here):
    Path("a.csv").write_text("x,label\n" + "1,a\n2,b\n" * 10)
    Path("b.csv").write_text("x,label\n" + "1,a\n" * LONG + "1.5,b\n")
    refused(ValueError, "b.csv with '1.5' in row 400000 of column 'x', whose first", ["a.csv", "b.csv"])
    Path("b.csv").write_text("x,label\n1.5,a\n")
    refused(ValueError, "column 'x' is double, not int64", ["a.csv", "b.csv"])


@pytest.mark.parametrize(("name", "mark"), [("a.tsv", "\t"), ("a.tsv.gz", "\t"), ("a.csv.gz", ",")])
def test_text_of_other_kinds_is_told_how_to_be_read(here, name, mark):
    table = pa.table({"x": [1, 2] * 5, "label": ["a", "b"] * 5})
    with pa.output_stream(name) as file:
        pa.csv.write_csv(table, file, pa.csv.WriteOptions(delimiter=mark))
    message = refused(ValueError, "source must name .parquet files or .csv files. Got ", name)
    arrow, polars = re.search(r"pass (pyarrow.*), or (polars.*), and so", message).groups()
    for source in (eval(arrow, {"pyarrow": pa}), eval(polars, {"polars": pl})):
        assert n_rows(source) == 10


# --------------------------------------------------------------------------------- full disks


@pytest.mark.parametrize("kind", ["reader", "lazy"])
@pytest.mark.parametrize("call", ["resample", "advise"])
def test_a_disk_that_takes_no_temporary_file(here, kind, call):
    """A limit on files does what a full disk does."""
    pytest.importorskip("resource")
    code = f"""
import resource, signal, tempfile
import pyarrow as pa, polars as pl
import fastsmote
from fastsmote import files
table = pa.table({{"x": list(range(100_000)), "label": [0, 1] * 50_000}})
source = table.to_reader() if {kind!r} == "reader" else pl.from_arrow(table).lazy()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
tempfile.tempdir = "spare"
try:
    if {call!r} == "resample":
        files.resample(source, "out.parquet", target="label", method="random_under_sample")
    else:
        files.advise(source, target="label")
except OSError as error:
    print(error)
"""
    Path("spare").mkdir()
    done = subprocess.run([sys.executable, "-B", "-c", code], capture_output=True, text=True, check=True)
    folder = here if call == "resample" else "spare"
    assert "can not be written: File too large. The rows of the source, which can be read" in done.stdout
    assert f"go to a temporary file in {folder} first: make room there" in done.stdout
    assert sorted(Path().rglob("*")) == [Path("spare")]
