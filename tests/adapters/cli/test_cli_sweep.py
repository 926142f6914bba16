"""fastsmote sweep: files of labels and scores to thresholds, beside the functions that it calls."""

import json

import numpy as np
import pyarrow as pa
import pytest
from adapters.cli.commands import command
from pyarrow import csv, parquet

import fastsmote
from fastsmote import thresholds
from fastsmote.cli import _read


def scores(n=3000, names=("0", "1")):
    rng = np.random.default_rng(3)
    y = (rng.random(n) < 0.1).astype(int)
    p = np.round((rng.normal(size=n) + 1.5 * y) * 64) / 64  # on the grid of the stream
    return pa.table({"y": np.array(names)[y], "p": p, "other": np.arange(n)})


@pytest.fixture
def files(tmp_path):
    table = scores()
    numbered = table.set_column(0, "y", table.column("y").cast(pa.int64()))
    parquet.write_table(numbered, tmp_path / "scores.parquet")
    csv.write_csv(numbered, tmp_path / "scores.csv")
    return tmp_path


def line(output, words):
    """Cells of the line of a table that begins with some words."""
    (found,) = [part for part in output.splitlines() if part.strip("│ ").startswith(words)]
    return [cell.strip() for cell in found.strip("│").split("│")]


@pytest.mark.parametrize("exact", [(), ("--exact",)])
def test_a_file_without_a_header(files, exact):
    named = command("sweep", files / "scores.csv", "--label", "y", "--score", "p", "--json", *exact)
    text = (files / "scores.csv").read_text()
    (files / "bare.csv").write_text(text.partition("\n")[2])
    bare = ["sweep", files / "bare.csv", "--no-header", "--label", 0, "--score"]
    result = command(*bare, -2, "--json", *exact)
    assert result.exit_code == 0, result.output
    assert result.stdout == named.stdout
    for word, words in (("x", "has 'x' for --score '1'"), ("NA", "--score '1' has the word NA")):
        (files / "bare.csv").write_text(f"1,{word},3\n{text.partition(chr(10))[2]}")
        wrong = command(*bare, 1)
        assert wrong.exit_code == 2
        assert words in wrong.stderr
        assert "data row 0" in wrong.stderr
    assert "it is a position from 0 to 2" in command(*bare, "p").stderr


@pytest.mark.parametrize("name", ["scores.parquet", "scores.csv"])
@pytest.mark.parametrize("batch", [100, 1 << 20])
def test_thresholds_are_those_of_the_functions(files, name, batch, monkeypatch):
    monkeypatch.setattr(_read, "_BATCH", batch)
    result = command("sweep", files / name, "--label", "y", "--score", "p", "--cost-fn", 10, "--cost-fp", 1)
    assert result.exit_code == 0, result.output
    table = parquet.read_table(files / "scores.parquet")
    sweep = fastsmote.confusion_sweep(table["y"], table["p"])
    expected = thresholds.cost_threshold(sweep, 1, 10)
    rows = {f"least cost ({expected.value:,.6g})": expected}
    best = {
        "best F1": "f1",
        "best Matthews correlation": "mcc",
        "best balanced accuracy": "balanced_accuracy",
    }
    rows |= {words: thresholds.best_threshold(sweep, name) for words, name in best.items()}
    for words, choice in rows.items():
        cells = line(result.output, words)
        counts = [f"{count:,}" for count in (choice.alerts, choice.tp, choice.fp, choice.fn)]
        assert float(cells[1]) == choice.threshold
        assert cells[2:6] == counts
        assert cells[6:8] == [f"{choice.precision:.4f}", f"{choice.recall:.4f}"]
    assert f"{expected.calibrated:.6g} costs least" in result.output
    assert f"3,000 rows, {int(sweep.tps[-1]):,} positive" in result.output


@pytest.mark.parametrize("exact", [False, True])
def test_areas(tmp_path, exact):
    rng = np.random.default_rng(0)
    y = np.arange(4000) % 7 == 0
    p = rng.random(4000) * 1e-3 + 0.5 + y * 2e-4  # many rows in each bin of the stream
    parquet.write_table(pa.table({"y": y, "p": p}), tmp_path / "s.parquet")
    result = command("sweep", tmp_path / "s.parquet", "--label", "y", "--score", "p", *["--exact"] * exact)
    assert result.exit_code == 0, result.output
    expected = fastsmote.roc_auc_score(y, p), fastsmote.average_precision_score(y, p)
    if exact:
        assert f"ROC AUC {expected[0]:.6f}; average precision {expected[1]:.6f}." in result.output
    else:
        words = result.output.split("ROC AUC between ")[1].split()
        assert float(words[0]) <= expected[0] <= float(words[2])
        assert "--exact reads the file twice" in result.output


@pytest.mark.parametrize("names", [("fine", "fraud"), ("1", "2"), ("false", "true")])
def test_the_positive_label_may_be_anything(tmp_path, names):
    table = scores(names=names)
    csv.write_csv(table, tmp_path / "s.csv")
    result = command("sweep", tmp_path / "s.csv", "--label", "y", "--score", "p", "--positive", names[1])
    assert result.exit_code == 0, result.output
    n_positive = table["y"].to_pylist().count(names[1])
    assert f"3,000 rows, {n_positive:,} positive" in result.output


def test_scores_of_a_csv_file_may_begin_with_whole_numbers(tmp_path):
    n = 200_000  # more than the part of the file that types are read from
    p = np.where(np.arange(n) < n - 1000, 1.0, 0.25)
    lines = [f"{i % 3 == 0:d},{int(score) if score == 1 else score}" for i, score in enumerate(p)]
    (tmp_path / "s.csv").write_text("\n".join(["y,p", *lines]))
    result = command("sweep", tmp_path / "s.csv", "--label", "y", "--score", "p")
    assert result.exit_code == 0, result.output
    assert "200,000 rows, 66,667 positive" in result.output


@pytest.mark.parametrize("options", [[], ["--exact"]])
def test_picture(files, options):
    pytest.importorskip("matplotlib")
    place = files / "curves.png"
    result = command(
        "sweep", files / "scores.parquet", "--label", "y", "--score", "p", "--plot", place, *options
    )
    assert result.exit_code == 0, result.output
    assert place.read_bytes()[1:4] == b"PNG"
    assert str(place) in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--label", "y", "--score", "q"], "--score: there is no column 'q'; the columns are 'y', 'p'"),
        (["--label", "y", "--score", "y"], "--label and --score are two columns"),
        (["--label", "y", "--score", "p", "--cost-fn", "3"], "--cost-fn and --cost-fp go together"),
        (["--label", "y", "--score", "p", "--positive", "yes"], "--positive 'yes' is no int64"),
        (["--label", "y", "--score", "p", "--positive", "7"], "no row is positive"),
        (["--label", "other", "--score", "p"], "y_true must have two classes, or more and a --positive"),
        (["--label", "y", "--score", "p", "--plot", "/nowhere/at/all.png"], "does not exist; create it"),
        (["--label", "y", "--score", "p", "--plot", "curves.doc"], "--plot must end in"),
    ],
)
def test_mistakes_are_one_message(files, arguments, words):
    result = command("sweep", files / "scores.parquet", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr.replace("\n", " ")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("name", ["none.parquet", "none.csv", "scores.txt"])
def test_files_that_can_not_be_read(files, name):
    result = command("sweep", files / name, "--label", "y", "--score", "p")
    assert result.exit_code == 2
    assert name in result.stderr


@pytest.mark.parametrize(("column", "option"), [("p", "--score"), ("y", "--label")])
def test_missing_values_are_named_by_row_of_the_file(files, column, option, monkeypatch):
    monkeypatch.setattr(_read, "_BATCH", 100)
    table = parquet.read_table(files / "scores.parquet")
    place = table.schema.get_field_index(column)
    values = table.column(column).to_pylist()
    values[1234] = None
    table = table.set_column(place, column, pa.array(values, table.schema.field(column).type))
    parquet.write_table(table, files / "holes.parquet")
    result = command("sweep", files / "holes.parquet", "--label", "y", "--score", "p")
    assert result.exit_code == 2
    assert f"{option} '{column}' has None in data row 1,234" in " ".join(result.output.split())


def test_exact_looks_at_every_score(tmp_path):
    rng = np.random.default_rng(0)
    y = rng.random(4000) < 0.3
    p = 1 - 10 ** (-8 * rng.random(4000) - 3 * y)  # crowded below 1
    parquet.write_table(pa.table({"y": y, "p": p}), tmp_path / "s.parquet")
    result = command("sweep", tmp_path / "s.parquet", "--label", "y", "--score", "p", "--exact")
    expected = thresholds.best_threshold(fastsmote.confusion_sweep(y, p))
    cells = line(result.output, "best F1")
    assert float(cells[1]) == expected.threshold  # which calls the rows that are counted
    assert cells[2] == f"{expected.alerts:,}"


def test_a_threshold_that_is_asked_for(tmp_path):
    """Counts there are exact, on whatever grid the sweep is."""
    rng = np.random.default_rng(0)
    y, p = rng.integers(0, 2, 500), rng.random(500).round(6)
    csv.write_csv(pa.table({"y": y, "p": p}), tmp_path / "asked.csv")
    arguments = ["sweep", tmp_path / "asked.csv", "--label", "y", "--score", "p", "--threshold"]
    for threshold in (0.3, float(p[7]), 2.0):
        result = command(*arguments, repr(threshold), "--json")
        assert json.loads(result.stdout)["at"] == fastsmote.confusion_sweep(y, p).at(threshold).to_dict()
    assert line(command(*arguments, "0.3").stdout, "asked for")[1] == "0.3"
    refused = command(*arguments, "nan")
    assert refused.exit_code == 2
    assert "--threshold must be a number" in refused.stderr


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
@pytest.mark.parametrize("exact", [(), ("--exact",)])
def test_parts_of_a_file_are_the_file(files, monkeypatch, suffix, exact):
    table = parquet.read_table(files / "scores.parquet")
    (files / "parts").mkdir()
    for i in range(3):
        part = table.slice(1000 * i, 1000)
        path = files / "parts" / f"{i}{suffix}"
        (parquet.write_table if suffix == ".parquet" else csv.write_csv)(part, path)
    options = ["--label", "y", "--score", "p", "--json", *exact]
    whole = command("sweep", files / f"scores{suffix}", *options)
    parts = sorted((files / "parts").iterdir())
    for sources in (parts, [files / "parts" / f"*{suffix}"]):
        result = command("sweep", *sources, *options)
        assert result.exit_code == 0, result.output
        assert result.stdout == whole.stdout


@pytest.mark.parametrize(
    ("labels", "positive", "words"),
    [
        (["1", "0"], "1", "b.parquet: labels must be of one type in all files"),
        ([], None, "b.parquet: the file has no"),
    ],
)
def test_parts_that_do_not_go_together(files, monkeypatch, labels, positive, words):
    scores = pa.array([0.5] * len(labels), pa.float64())
    other = pa.table({"y": pa.array(labels, pa.string() if labels else pa.int64()), "p": scores})
    parquet.write_table(other, files / "b.parquet")
    options = [] if positive is None else ["--positive", positive]
    result = command(
        "sweep", files / "scores.parquet", files / "b.parquet", "--label", "y", "--score", "p", *options
    )
    assert result.exit_code == 2
    assert words in result.stderr


def test_folders_and_patterns(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    table = scores()
    (tmp_path / "parts" / "_temporary").mkdir(parents=True)
    for path, rows in (
        ("a", table[:1000]),
        ("b", table[1000:]),
        (".c", table[:9]),
        ("_temporary/d", table[:9]),
    ):
        parquet.write_table(rows, tmp_path / f"parts/{path}.parquet")
    options = ["--label", "y", "--score", "p", "--positive", "1", "--exact", "--json"]
    whole = command("sweep", "parts/a.parquet", "parts/b.parquet", *options)
    assert whole.exit_code == 0, whole.stderr
    for source in ("parts", "parts/*.parquet", "**/*.parquet"):
        assert command("sweep", source, *options).stdout == whole.stdout
    (tmp_path / "none").mkdir()
    done = command("sweep", "none", *options)
    assert done.exit_code == 2
    assert "none: there is no .csv or .parquet file in this folder; names that begin" in done.stderr
