"""What the command reads: cells as csv.reader gives them, one rule for what is missing, dialects."""

import csv
import gzip
import io
import subprocess
import sys
import time
from decimal import Decimal

import numpy as np
import pytest
from adapters.cli.commands import command

pa = pytest.importorskip("pyarrow")
pacsv = pytest.importorskip("pyarrow.csv")
parquet = pytest.importorskip("pyarrow.parquet")
pytest.importorskip("typer")

import fastsmote  # noqa: E402
from fastsmote.cli._columns import check_features  # noqa: E402
from fastsmote.cli._read import read  # noqa: E402
from fastsmote.cli._source import Dialect, open_source  # noqa: E402


def process(*arguments, stdin=b""):
    return subprocess.run(
        [sys.executable, "-m", "fastsmote", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        check=False,
    )


def resample(source, out, *options, method="random_over_sample", target="y"):
    return command("resample", source, "--target", target, "--method", method, "-o", out, *options)


def refused(result, *words):
    """One line, exit code 2."""
    assert result.exit_code == 2, result.output
    assert len(result.stderr.splitlines()) == 1
    assert [word for word in words if word not in result.stderr] == []
    return True


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def rows(path, delimiter=",", encoding="utf-8"):
    with open(path, encoding=encoding, newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


# A1: line breaks in quoted cells


def day_log(break_="\n"):
    """The file of the report: a text of many lines lies across the first MiB."""
    text, n = ["text,p,label" + break_], 0
    size = len(text[0])
    while True:
        line = f"{'x' * 92},0.{n % 9 + 1},{n % 2}{break_}"
        if size + len(line) > 1_048_546:
            break
        text.append(line)
        size += len(line)
        n += 1
    inside = "log of the day, see below" + break_ + f"a,0.1,0{break_}" * 40 + "end"
    after = [f"{'y' * 92},0.{i % 9 + 1},{i % 2}{break_}" for i in range(200)]
    return "".join([*text, f'"{inside}",0.5,1{break_}', *after]), inside


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r"])
def test_line_breaks_in_quotes_above_one_block__A1(tmp_path, break_):
    text, inside = day_log(break_)
    expected = list(csv.reader(io.StringIO(text, newline="")))
    n = len(expected) - 1
    assert n == 10_792 or break_ == "\r\n"  # the report's; 40 rows more were read
    n_positive = sum(row[2] == "1" for row in expected)
    source = write(tmp_path / "in.csv", text)
    result = resample(source, tmp_path / "out.csv", method="random_under_sample", target="label")
    assert result.exit_code == 0, result.output
    assert f"{n:,} rows ->" in result.output
    out = rows(tmp_path / "out.csv")
    assert [inside, "0.5", "1"] in out
    assert set(map(tuple, out)) <= set(map(tuple, expected))
    result = command("sweep", source, "--label", "label", "--score", "p")
    assert result.exit_code == 0, result.output
    assert f"{n:,} rows, {n_positive:,} positive" in result.output
    if break_ == "\n":
        result = command("advise", source, "--target", "label", "--json")
        assert f'"rows": {n}' in result.output


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r"])
def test_line_breaks_in_quotes_at_each_offset_around_the_edge_of_a_block__A1(tmp_path, break_):
    inside = f"one, two{break_}three{break_}{break_}"
    for offset in range(-30, 3):
        head = f"x,text,y{break_}"
        line = f"1,{'z' * 60},a{break_}"
        n_lines, short = divmod((1 << 20) + offset - len(head) - 6, len(line))
        text = (
            head + line * (n_lines - 1) + f"1,{'z' * (60 + short)},a{break_}" + f'2,"{inside}",b{break_}' * 3
        )
        data = read(open_source(write(tmp_path / "in.csv", text), Dialect()), "y")
        assert data.table.num_rows == n_lines + 3
        assert data.table["text"].to_pylist()[-3:] == [inside] * 3, offset
        assert data.cells["text"].to_pylist()[-3:] == [inside.encode()] * 3, offset


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('x,y\n1,a\n2,"b\n3,c\n', ["quote that opens a cell in line 3", "never closed"]),
        ('x,y\n"1\n\n",a\n"2",b\n3,"\n' + "c,d\n" * 9, ["in line 6"]),
        ("x,y\n1,a\n2\n3,b\n", ["data row 1 (line 3)", "1 cells", "has 2"]),
        ('x,y\n"1\n2",a\n2,b,c\n', ["data row 1 (line 4)", "3 cells"]),
        ("x,y\n" + "1000000000000000000,a\n" * 60_000 + "2,b,3\n", ["data row 60,000 (line 60,002)"]),
        ("", ["no line in it"]),
        ("\n\r\n\n", ["no line in it"]),
    ],
)
def test_broken_files_name_the_row__A1(tmp_path, text, words):
    source = write(tmp_path / "in.csv", text)
    assert refused(resample(source, tmp_path / "out.csv"), "in.csv: can not be read: ", *words)
    assert refused(command("sweep", source, "--label", "y", "--score", "x", "--positive", "a"), *words)
    assert not (tmp_path / "out.csv").exists()


def test_cells_are_those_of_csv_reader__A1(tmp_path, wide_cells):
    text = (
        '\ufeff"x","te""xt",y\r\n'
        '\n1,"a ""b"", c",a\r'
        '2,5" wide,b\n\n\n'
        '"3","""",a\r\n'
        '4," pad ",b\n5,"x"tail,a\n6,""plain,a\n'
        f"7,{'w' * 3_000_000},a\n"
        '8,"last line",a'
    )
    source = write(tmp_path / "in.csv", text)
    result = resample(source, tmp_path / "out.csv", method="random_over_sample")
    assert result.exit_code == 0, result.output
    expected = [row for row in csv.reader(io.StringIO(text[1:], newline="")) if row]
    assert rows(tmp_path / "out.csv")[: len(expected)] == expected


# A2: one rule for what is missing


@pytest.mark.parametrize("word", ["", "NA", "nan", "null", "?"])
@pytest.mark.parametrize("name", ["sweep", "calibrate", "resample"])
def test_missing_text_labels_are_refused__A2(tmp_path, word, name):
    cells = [("yes", ".9"), (word, ".95"), ("no", ".1"), (word, ".8"), ("yes", ".7"), ("no", ".2")]
    source = write(tmp_path / "in.csv", "label,p\n" + "".join(f"{y},{p}\n" for y, p in cells * 3))
    options = ["--na-values", "?"]
    if name == "resample":
        result = resample(source, tmp_path / "out.csv", *options, target="label")
    else:
        result = command(name, source, "--label", "label", "--score", "p", "--positive", "yes", *options)
    assert refused(result, "'label'", "data row 1")
    assert not word or f"the word {word}" in result.stderr


def test_words_for_missing_values_in_quotes_are_text__A2(tmp_path):
    source = write(tmp_path / "in.csv", 'label,p\n"NA",.9\nno,.1\n"NA",.8\nno,.3\n')
    result = command("sweep", source, "--label", "label", "--score", "p", "--positive", "NA")
    assert "4 rows, 2 positive" in result.output


@pytest.mark.parametrize("label", ["1", "1.0", "yes"])
def test_labels_do_not_depend_on_the_first_block__A2(tmp_path, label):
    """Whole numbers come first, 1 MiB of them."""
    n = 200_000
    lines = [f"{i % 2},{i % 7}\n" for i in range(n)] + [f"{label},0.5\n"] * 10
    source = write(tmp_path / "in.csv", "y,p\n" + "".join(lines))
    result = command("sweep", source, "--label", "y", "--score", "p", "--positive", label)
    n_positive = 10 if label == "yes" else n // 2 + 10
    assert f"{n + 10:,} rows, {n_positive:,} positive" in result.output
    result = command("sweep", source, "--label", "y", "--score", "p")
    assert (result.exit_code == 0) == (label != "yes")


@pytest.mark.parametrize(
    ("labels", "positive", "n_positive"),
    [
        (("0", "1"), None, 2),
        (("-1", "1"), None, 2),
        (("0.0", "1.0"), None, 2),
        (("false", "True"), None, 2),
        (("0", "1"), "0", 2),
        (("1", "2"), "2.0", 2),
        (("007", "7"), "007", 4),
        (("b", "a"), "a", 2),
        (("b", "a"), None, 0),
        (("1", "2"), None, 0),
        (("0", "1", "2"), None, 0),
        (("1", "x"), None, 0),
    ],
)
def test_which_text_is_positive__A2(tmp_path, labels, positive, n_positive):
    text = "y,p\n" + "".join(f"{y},{i}\n" for i in range(2) for y in labels)
    source = write(tmp_path / "in.csv", text)
    given = [] if positive is None else ["--positive", positive]
    result = command("sweep", source, "--label", "y", "--score", "p", *given)
    if labels == ("007", "7"):
        assert refused(result, "no row is negative")
    elif n_positive:
        assert f"{2 * len(labels)} rows, {n_positive} positive" in result.output
    else:
        assert refused(result, "--positive" if "y_true takes" not in result.stderr else "explicitly")


# A3: types from CSV to Parquet


@pytest.mark.parametrize(
    ("labels", "kind", "values"),
    [
        (("0", "1"), pa.int64(), {0, 1}),
        (("-1", "1"), pa.int64(), {-1, 1}),
        (("0.0", "1.0"), pa.float64(), {0.0, 1.0}),
        (("true", "false"), pa.bool_(), {True, False}),
        (("True", "False"), pa.bool_(), {True, False}),
        (("007", "7"), pa.string(), {"007", "7"}),
        (("1.0", "1"), pa.string(), {"1.0", "1"}),
        (("1.00", "2.00"), pa.string(), {"1.00", "2.00"}),
        (("no", "yes"), pa.string(), {"no", "yes"}),
        (("1" * 30, "2"), pa.string(), {"1" * 30, "2"}),
    ],
)
def test_labels_of_a_csv_file_have_types_in_parquet__A3(tmp_path, labels, kind, values):
    lines = [(1, 2, 0), (2, 3, 0), (3, 4, 1), (4, 5, 1), (5, 6, 0), (7, 8, 0)]
    source = write(tmp_path / "in.csv", "a,b,y\n" + "".join(f"{a},{b},{labels[y]}\n" for a, b, y in lines))
    result = resample(source, tmp_path / "m.parquet")
    assert result.exit_code == 0, result.output
    table = parquet.read_table(tmp_path / "m.parquet")
    assert table.schema.types == [pa.int64(), pa.int64(), kind]
    assert set(table["y"].to_pylist()) == values
    assert table.num_rows == 8


def test_calibrated_csv_has_typed_labels_in_parquet__A3(tmp_path):
    source = write(tmp_path / "in.csv", "y,p\n" + "0,.2\n1,.7\n0,.4\n1,.3\n" * 5)
    result = command("calibrate", source, "--label", "y", "--score", "p", "-o", tmp_path / "out.parquet")
    assert result.exit_code == 0, result.output
    assert parquet.read_table(tmp_path / "out.parquet").schema.types == [
        pa.int64(),
        pa.float64(),
        pa.float64(),
    ]


# A4: encodings


@pytest.mark.parametrize(("text", "line"), [("größe,y\n1,a\n2,b\n", 1), ("x,y\n1,très\n2,b\n", 2)])
@pytest.mark.parametrize("name", ["resample", "advise", "sweep", "calibrate"])
def test_files_that_are_not_utf8__A4(tmp_path, text, line, name):
    source = write(tmp_path / "in.csv", text, "latin-1")
    options = ["--label", "y", "--score", "x"] if name in ("sweep", "calibrate") else ["--target", "y"]
    result = command(name, source, *options, *(["-o", tmp_path / "out.csv"] if name == "resample" else []))
    assert refused(result, "in.csv: is not UTF-8", f"line {line} ", "--encoding")


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16", "utf-16-le", "utf-8-sig"])
def test_encoding_of_the_file_is_kept__A4(tmp_path, encoding):
    text = "größe,y\n" + "".join(f"{i},{'très' if i % 3 else 'là'}\n" for i in range(30))
    source, out = write(tmp_path / "in.csv", text, encoding), tmp_path / "out.csv"
    result = resample(source, out, "--encoding", encoding, method="smote")
    assert result.exit_code == 0, result.output
    assert out.read_bytes().decode(encoding).startswith(text)
    assert len(rows(out, encoding=encoding)) == 41


@pytest.mark.parametrize(
    ("data", "suffix"),
    [(gzip.compress(b"x,y\n" * 99, mtime=0), ".csv.gz"), (b"PAR1\xff\n", ".parquet")],
    ids=["gzip", "parquet"],
)
def test_other_files_with_the_name_of_text_are_named__A4(tmp_path, data, suffix):
    (tmp_path / "in.csv").write_bytes(data)
    assert refused(resample(tmp_path / "in.csv", tmp_path / "out.csv"), f"must end in {suffix}")


def test_wrong_encodings__A4(tmp_path):
    source = write(tmp_path / "in.csv", "größe,y\n1,a\n2,b\n", "latin-1")
    assert refused(resample(source, tmp_path / "out.csv", "--encoding", "klingon"), "--encoding", "'klingon'")
    assert refused(resample(source, tmp_path / "out.csv", "--encoding", "utf-16"), "in.csv", "utf-16")
    write(source, "x,y\n1,a\n2,b\n", "utf-16")
    assert refused(resample(source, tmp_path / "out.csv"), "--encoding utf-16")


# A5: row numbers are no features


@pytest.mark.parametrize("first", ["", "Unnamed: 0"])
@pytest.mark.parametrize("name", ["smote", "advise"])
def test_saved_index_in_a_csv_file__A5(tmp_path, first, name):
    lines = [f"{i},{i % 7},{'ab'[i % 3 > 0]}\n" for i in range(40) if i != 5]
    source, out = write(tmp_path / "in.csv", f"{first},x,y\n" + "".join(lines)), tmp_path / "out.csv"

    def run(*options):
        if name == "smote":
            return resample(source, out, *options, method="smote")
        return command("advise", source, "--target", "y", *options)

    assert refused(run(), "saved index of a pandas frame", "index=False", "--carry")
    assert run("--carry", first).exit_code == 0
    if name == "smote":
        assert rows(out)[-1][0] == ""
        assert resample(source, out, "--force").exit_code == 0  # copies keep it


def test_advise_tells_of_ids__A5(tmp_path):
    text = "id,x,y\n" + "".join(f"{7 * i},{i % 7},{'ab'[i % 3 > 0]}\n" for i in range(40))
    source = write(tmp_path / "in.csv", text)
    result = command("advise", source, "--target", "y")
    assert "Column 'id' holds another whole number in each row" in result.output
    assert "'x'" not in result.output
    result = command("advise", source, "--target", "y", "--carry", "id")
    assert "Column 'id'" not in result.output


# A6: decimals


@pytest.fixture
def decimals(tmp_path):
    rng = np.random.default_rng(0)
    p = [Decimal(f"{value:.2f}") for value in rng.random(60)]
    y = [Decimal(i % 3 == 0) for i in range(60)]
    table = pa.table(
        {"p": pa.array(p, pa.decimal128(8, 2)), "x": range(60), "y": pa.array(y, pa.decimal128(3, 0))}
    )
    parquet.write_table(table, tmp_path / "in.parquet")
    return table


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
@pytest.mark.parametrize("method", ["smote", "tomek_links", "cluster_centroids", "smote_tomek"])
def test_decimals_in_resample__A6(tmp_path, decimals, method, suffix):
    result = resample(tmp_path / "in.parquet", tmp_path / f"out{suffix}", "--random-state", 0, method=method)
    assert result.exit_code == 0, result.output
    options = {} if method == "tomek_links" else {"random_state": 0}
    X, y = getattr(fastsmote, method)(decimals.select(["p", "x"]), decimals["y"].cast(pa.int64()), **options)
    if suffix == ".parquet":
        out = parquet.read_table(tmp_path / "out.parquet")
        assert out.schema.equals(decimals.schema)
        assert out["p"].to_pylist() == X["p"].to_pylist()
        assert out["y"].cast(pa.int64()).to_pylist() == y.to_pylist()
    else:
        assert [row[0] for row in rows(tmp_path / "out.csv")[1:]] == [
            str(value) for value in X["p"].to_pylist()
        ]


def test_decimals_in_sweep_calibrate_and_advise__A6(tmp_path, decimals):
    labels, scores = decimals["y"].cast(pa.int64()), decimals["p"].cast(pa.float64())
    result = command("sweep", tmp_path / "in.parquet", "--label", "y", "--score", "p", "--exact")
    assert f"ROC AUC {fastsmote.roc_auc_score(labels, scores):.6f}" in result.output
    result = command("sweep", tmp_path / "in.parquet", "--label", "y", "--score", "p", "--positive", "0")
    assert "60 rows, 40 positive" in result.output
    assert command("calibrate", tmp_path / "in.parquet", "--label", "y", "--score", "p").exit_code == 0
    assert command("advise", tmp_path / "in.parquet", "--target", "y").exit_code == 0


# A7: dialects

NUMBERS = [(f"{i}.5", f"{i % 7}", "ab"[i % 3 > 0]) for i in range(40)]


@pytest.mark.parametrize(
    ("name", "delimiter", "decimal", "options"),
    [
        ("in.csv", ";", ",", ["--delimiter", ";", "--decimal", ","]),
        ("in.csv", "\t", ".", ["--delimiter", "tab"]),
        ("in.csv", "|", ".", ["--delimiter", "|"]),
        ("in.csv", " ", ".", ["--delimiter", "space"]),
        ("in.tsv", "\t", ",", ["--decimal", ","]),
        ("in.data", ",", ".", []),
        ("in.csv.gz", ",", ".", []),
        ("in.tsv.gz", "\t", ".", []),
    ],
)
def test_dialects__A7(tmp_path, name, delimiter, decimal, options):
    lines = [["x", "z", "y"], *([x.replace(".", decimal), z, y] for x, z, y in NUMBERS)]
    text = "".join(delimiter.join(line) + "\n" for line in lines)
    source, out = tmp_path / name, tmp_path / f"out{name[2:]}"
    source.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    plain = write(tmp_path / "plain.csv", "".join(",".join(line) + "\n" for line in [lines[0], *NUMBERS]))
    seed = ["--random-state", 3]
    assert resample(plain, tmp_path / "expected.csv", *seed, method="smote").exit_code == 0
    result = resample(source, out, *options, *seed, method="smote")
    assert result.exit_code == 0, result.output
    actual = out.read_bytes()
    actual = (gzip.decompress(actual) if name.endswith(".gz") else actual).decode()
    assert actual.startswith(text)
    expected = [[x.replace(".", decimal), z, y] for x, z, y in rows(tmp_path / "expected.csv")]
    assert list(csv.reader(io.StringIO(actual), delimiter=delimiter)) == expected
    result = command("sweep", source, "--label", "y", "--score", "x", "--positive", "a", *options)
    assert "40 rows, 14 positive" in result.output
    result = command("advise", source, "--target", "y", *options)
    assert result.exit_code == 0, result.output


def test_text_is_quoted_for_the_delimiter_of_the_output__A7(tmp_path):
    source = write(tmp_path / "in.csv", 'x,text,y\n1,"a\tb",a\n2,c;d,b\n3,"e,f",b\n')
    assert resample(source, tmp_path / "out.tsv").exit_code == 0
    assert (
        tmp_path / "out.tsv"
    ).read_text() == 'x\ttext\ty\n1\t"a\tb"\ta\n2\tc;d\tb\n3\te,f\tb\n1\t"a\tb"\ta\n'


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("x;y\n1;a\n2;b\n", "--delimiter ';'"),
        ("x;z;y\n1,5;2;a\n2,5;2;b\n", "--delimiter ';'"),
        ("x\ty\n1\ta\n2\tb\n", "--delimiter tab"),
        ("# made by hand\nx,y\n1,a\n2,b\n", "--comment '#'"),
        ("# made by hand, today\nx,y\n1,a\n2,b\n", "--comment '#'"),
    ],
)
@pytest.mark.parametrize("name", ["resample", "sweep"])
def test_messages_name_the_dialect_they_guess__A7(tmp_path, text, hint, name):
    source = write(tmp_path / "in.csv", text)
    if name == "resample":
        assert refused(resample(source, tmp_path / "out.csv"), hint)
    else:
        assert refused(command("sweep", source, "--label", "y", "--score", "x"), hint)


def test_comment_lines__A7(tmp_path):
    text = '# a "quote\n#\nx,y\n1,a\n# 9,z\n2,"b\n# text"\n#'
    source = write(tmp_path / "in.csv", text)
    result = resample(source, tmp_path / "out.csv", "--comment", "#")
    assert result.exit_code == 0, result.output
    assert rows(tmp_path / "out.csv") == [["x", "y"], ["1", "a"], ["2", "b\n# text"]]
    source = write(tmp_path / "in.csv", '// no\nname,y\n"//a",1\nb,2\n')
    assert resample(source, tmp_path / "out.csv", "--comment", "//", "--force").exit_code == 0
    assert (tmp_path / "out.csv").read_text() == 'name,y\n"//a",1\nb,2\n'


def test_a_name_that_begins_as_a_comment_keeps_its_quotes__A7(tmp_path):
    text = '"#id",y\n1,a\n2,b\n'
    source, out = write(tmp_path / "in.csv", text), tmp_path / "out.csv"
    assert resample(source, out, "--comment", "#").exit_code == 0
    assert out.read_text() == text
    assert resample(source, out, "--force").exit_code == 0
    assert out.read_text() == text.replace('"', "")


@pytest.mark.parametrize(
    ("cell", "options", "advice"),
    [
        ("1,5", ["--delimiter", ";"], "add --decimal ','"),
        ("1.5", ["--delimiter", ";", "--decimal", ","], "add --decimal '.'"),
        ('"1,5"', [], "write it as a point"),
    ],
)
def test_another_mark_before_decimals_is_told__A7(tmp_path, cell, options, advice):
    delimiter = ";" if options else ","
    lines = [delimiter.join([cell if i else "1", str(i % 5), "01"[i % 3 > 0]]) for i in range(40)]
    source = write(tmp_path / "in.csv", "\n".join([delimiter.join("xzy"), *lines, ""]))
    assert refused(resample(source, tmp_path / "out.csv", *options, method="smote"), "'x'", "row 1)", advice)
    assert advice in resample(source, tmp_path / "out.csv", *options, method="smotenc").stderr
    assert advice in command("advise", source, "--target", "y", *options).output
    result = command("sweep", source, "--label", "y", "--score", "x", *options)
    assert refused(result, "data row 1 (line 3)", advice)


def test_words_for_missing_values__A7(tmp_path):
    lines = [f"{'?' if i == 7 else i},{i % 5},{'ab'[i % 3 > 0]}\n" for i in range(40)]
    source = write(tmp_path / "in.csv", "x,z,y\n" + "".join(lines))
    out = tmp_path / "out.csv"
    assert refused(resample(source, out, method="smote"), "'x'", "'?'", "data row 7", "--na-values '?'")
    result = command("advise", source, "--target", "y")
    assert "holds numbers and '?' (first in data row 7)" in result.output
    assert "Warning: column 'x' holds numbers and '?'" in resample(source, out, method="smotenc").stderr
    result = command("advise", source, "--target", "y", "--na-values", "?")
    assert "holds numbers" not in result.output
    result = resample(source, out, "--na-values", "?", "--force", method="smote")
    assert refused(result, "'x' has 1 missing values", "data row 7", "the word ?")


def test_an_unquoted_NA_is_said_to_be_missing__A7(tmp_path):
    source = write(tmp_path / "in.csv", "x,y\n1,a\nNA,b\n3,b\n4,a\n")
    result = resample(source, tmp_path / "out.csv", method="smote")
    assert refused(result, "data row 1 (the word NA, which counts as missing without quotes)")
    result = command("sweep", source, "--label", "y", "--score", "x", "--positive", "a")
    assert refused(result, "data row 1", "the word NA without quotes, which counts as missing")


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_columns_of_numbers_that_are_names__A7(tmp_path, suffix):
    zips = [f"{501 + i % 3:05}" for i in range(40)]
    text = "zip,x,y\n" + "".join(f"{z},{i},{'ab'[i % 3 > 0]}\n" for i, z in enumerate(zips))
    source, out = write(tmp_path / "in.csv", text), tmp_path / f"out{suffix}"
    result = resample(source, out, "--categorical", "zip", method="smotenc")
    assert result.exit_code == 0, result.output
    column = (
        [row[0] for row in rows(out)[1:]] if suffix == ".csv" else parquet.read_table(out)["zip"].to_pylist()
    )
    assert set(column) == set(zips)
    assert len(column) == 52
    assert refused(resample(source, out, "--categorical", "zap", "--force"), "--categorical", "'zap'")
    assert refused(resample(source, out, "--categorical", "y", "--force"), "--categorical", "the target")


def test_categorical_columns_of_parquet_keep_their_type__A7(tmp_path):
    table = pa.table({"zip": [501, 502, 503, 501] * 10, "x": range(40), "y": ["a", "b", "b", "b"] * 10})
    parquet.write_table(table, tmp_path / "in.parquet")
    options = ["--categorical", "zip", "--random-state", 0]
    result = resample(tmp_path / "in.parquet", tmp_path / "out.parquet", *options, method="smotenc")
    assert result.exit_code == 0, result.output
    out = parquet.read_table(tmp_path / "out.parquet")
    assert out.schema.equals(table.schema)
    X, _ = fastsmote.smotenc(
        table.select(["zip", "x"]), table["y"], categorical_features=["zip"], random_state=0
    )
    assert out["zip"].to_pylist() == X["zip"].to_pylist()


@pytest.mark.slow
@pytest.mark.parametrize("zipped", [False, True])
def test_standard_input_and_output__A7(tmp_path, zipped):
    text = b"x,z,y\n" + "".join(",".join(line) + "\n" for line in NUMBERS).encode()
    given = gzip.compress(text) if zipped else text
    done = process("resample", "-", "--target", "y", "-o", "-", "--random-state", 0, stdin=given)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(text)
    assert b"40 rows -> 52 rows" in done.stderr
    (tmp_path / "in.csv").write_bytes(text)
    result = resample(tmp_path / "in.csv", tmp_path / "out.csv", "--random-state", 0, method="smote")
    assert result.exit_code == 0
    assert (tmp_path / "out.csv").read_bytes() == done.stdout
    done = process("sweep", "-", "--label", "y", "--score", "x", "--positive", "a", "--exact", stdin=given)
    assert b"40 rows, 14 positive" in done.stdout


@pytest.mark.slow
def test_parquet_from_standard_input__A7(tmp_path):
    parquet.write_table(pa.table({"y": [0, 1, 1, 0], "p": [0.1, 0.9, 0.4, 0.6]}), tmp_path / "in.parquet")
    given = (tmp_path / "in.parquet").read_bytes()
    assert b"4 rows, 2 positive" in process("sweep", "-", "--label", "y", "--score", "p", stdin=given).stdout
    done = process("resample", "-", "--target", "y", "--method", "random_over_sample", "-o", "-", stdin=given)
    assert done.stdout == b"y,p\n0,0.1\n1,0.9\n1,0.4\n0,0.6\n"
    assert b"no line in it" in process("sweep", "-", "--label", "y", "--score", "p").stderr


@pytest.mark.parametrize(
    "options",
    [
        ["--delimiter", "ab"],
        ["--delimiter", "é"],
        ["--delimiter", '"'],
        ["--decimal", ",,"],
        ["--decimal", ","],
        ["--decimal", "5"],
        ["--comment", ""],
        ["--encoding", "punycode"],
        ["--encoding", "idna"],
    ],
)
def test_dialects_that_are_none__A7(tmp_path, options):
    source = write(tmp_path / "in.csv", "x,y\n1,a\n2,b\n")
    assert refused(resample(source, tmp_path / "out.csv", *options), options[0])


def test_scores_that_are_no_numbers_name_the_row__A7(tmp_path):
    source = write(tmp_path / "in.csv", "y,p\n0,.5\n1,high\n")
    assert refused(command("sweep", source, "--label", "y", "--score", "p"), "data row 1 (line 3)", "'high'")


# D9: columns that ride along


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
@pytest.mark.parametrize(
    "method",
    ["smote", "random_over_sample", "random_under_sample", "tomek_links", "cluster_centroids", "smote_enn"],
)
def test_columns_ride_along__D9(tmp_path, method, suffix):
    rng = np.random.default_rng(0)
    y = np.array(["b", "a", "b", "b"] * 20)
    table = pa.table(
        {
            "id": [f"k{i}" for i in range(80)],
            "x": rng.normal(size=80) + (y == "a"),
            "when": pa.array(range(80), pa.date32()),
            "y": y,
            "z": rng.normal(size=80),
        }
    )
    if suffix == ".csv":
        pacsv.write_csv(table, tmp_path / "in.csv", pacsv.WriteOptions(quoting_style="none"))
    else:
        parquet.write_table(table, tmp_path / "in.parquet")
    source, out = tmp_path / f"in{suffix}", tmp_path / f"out{suffix}"
    result = resample(source, out, "--carry", "id,when", "--random-state", 0, method=method)
    assert result.exit_code == 0, result.output
    options = {} if method == "tomek_links" else {"random_state": 0}
    X, expected = getattr(fastsmote, method)(table.select(["x", "z"]), table["y"], **options)
    actual = pacsv.read_csv(out, convert_options=NULLS) if suffix == ".csv" else parquet.read_table(out)
    assert actual.column_names == table.column_names
    assert actual["y"].to_pylist() == expected.to_pylist()
    np.testing.assert_array_equal(actual.select(["x", "z"]).to_pandas(), X.to_pandas())
    of_row = {(row["x"], row["z"]): (row["id"], row["when"]) for row in table.to_pylist()}
    rides = [(row["id"], row["when"]) for row in actual.to_pylist()]
    for ride, row in zip(rides, actual.to_pylist(), strict=True):
        new = (None, None)  # the centre of one row is that row
        assert ride in (of_row.get((row["x"], row["z"]), new), new)
    assert sum(ride != (None, None) for ride in rides) >= 20
    n_new = sum(ride == (None, None) for ride in rides)
    assert (n_new > 0) == (method in ("smote", "cluster_centroids", "smote_enn"))
    if suffix == ".parquet":
        assert actual.schema.equals(table.schema)


NULLS = pacsv.ConvertOptions(strings_can_be_null=True)


def test_columns_that_ride_along_by_position__D9(tmp_path):
    text = "".join(f"k{i},{i},{'ab'[i % 3 > 0]}\n" for i in range(40))
    source = write(tmp_path / "in.csv", text)
    result = resample(
        source, tmp_path / "out.csv", "--no-header", "--carry", "0", method="smote", target="-1"
    )
    assert result.exit_code == 0, result.output
    assert (tmp_path / "out.csv").read_text().startswith(text)
    assert refused(
        resample(source, tmp_path / "o.csv", "--no-header", "--carry", "9", target="-1"), "--carry"
    )


def test_names_with_commas_ride_along_in_quotes__D9(tmp_path):
    text = '"a,b",x,y\n' + "".join(f"k{i},{i},{'ab'[i % 3 > 0]}\n" for i in range(40))
    source = write(tmp_path / "in.csv", text)
    assert resample(source, tmp_path / "out.csv", "--carry", '"a,b"', method="smote").exit_code == 0


def test_names_with_line_breaks_need_quotes__D9(tmp_path):
    text = '"a\nb",x,y\n' + "".join(f"k{i},{i},{'ab'[i % 3 > 0]}\n" for i in range(40))
    source, out = write(tmp_path / "in.csv", text), tmp_path / "out.csv"
    assert refused(resample(source, out, "--carry", "a\nb", method="smote"), "--carry", "double quotes")
    assert resample(source, out, "--carry", '"a\nb"', method="smote").exit_code == 0
    assert out.read_text().startswith(text)


# Types of Parquet that few files have


@pytest.mark.parametrize("kind", [pa.string_view(), pa.binary_view(), pa.large_binary(), pa.binary(3)])
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_text_and_bytes_of_any_type_are_copied(tmp_path, kind, suffix):
    words = ["a,b", 'c"d', "e\nf"] * 20
    table = pa.table({"x": pa.array([word.encode() for word in words]).cast(kind), "y": ["a", "b", "b"] * 20})
    parquet.write_table(table, tmp_path / "in.parquet")
    out = tmp_path / f"out{suffix}"
    result = resample(tmp_path / "in.parquet", out)
    assert result.exit_code == 0, result.output
    if suffix == ".csv":
        assert [row[0] for row in rows(out)[1:61]] == words
    else:
        assert parquet.read_schema(out).equals(table.schema)
        assert parquet.read_table(out)["x"].slice(0, 60).equals(table["x"])


def test_views_of_text_are_labels_and_categories(tmp_path):
    view = pa.array(["a", "b", "b"] * 20, pa.string_view())
    source, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    table = pa.table({"x": np.arange(60) / 60, "c": view, "y": view})
    parquet.write_table(table, source)
    assert resample(source, out, method="smotenc").exit_code == 0
    assert parquet.read_schema(out).equals(table.schema)
    options = ["--label", "y", "--score", "x", "--positive", "a", "-o", out, "--force"]
    assert command("calibrate", source, *options).exit_code == 0
    assert parquet.read_schema(out).types[:3] == table.schema.types


def test_bytes_that_are_no_text_are_refused_in_a_csv_file(tmp_path):
    parquet.write_table(pa.table({"x": [b"\xff", b"a"], "y": ["a", "b"]}), tmp_path / "in.parquet")
    assert refused(resample(tmp_path / "in.parquet", tmp_path / "out.csv"), "UTF8", ".parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["in.parquet"]


def test_checks_of_thousands_of_columns_take_linear_time(tmp_path):
    table = pa.table({**{f"c{i}": [0.5, 1.5] for i in range(4_000)}, "y": ["a", "b"]})
    parquet.write_table(table, tmp_path / "in.parquet")
    data = read(open_source(tmp_path / "in.parquet", Dialect()), "y")
    start = time.perf_counter()
    check_features(data, "numbers")
    assert time.perf_counter() - start < 4  # 0.1 s; 20 s when names were listed for each column
