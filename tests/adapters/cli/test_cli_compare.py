"""fastsmote compare: a file to a verdict, a table, a page and JSON."""

import json

import numpy as np
import pyarrow as pa
import pytest
from adapters.cli.commands import command
from pyarrow import csv, parquet

import fastsmote

OPTIONS = ("--samplers", "smote,random-under-sample", "--cv", "3", "--random-state", "0")


@pytest.fixture
def files(tmp_path):
    X, y = fastsmote.make_fraud(600, 3, fraud_rate=0.15, random_state=0)
    columns = {f"x{i}": column for i, column in enumerate(X.T)}
    columns |= {"kind": np.where(X[:, 0] > 0, "red", "blue"), "fraud": np.where(y == 1, "yes", "no")}
    table = pa.table(columns)
    csv.write_csv(table, tmp_path / "d.csv")
    parquet.write_table(table, tmp_path / "d.parquet")
    return tmp_path, X, y


@pytest.mark.parametrize("name", ["d.csv", "d.parquet"])
def test_json_is_the_result_of_the_function(files, name):
    folder, X, y = files
    result = command("compare", folder / name, "--target", "fraud", "--json", "--ratios", "0.5", *OPTIONS)
    assert result.exit_code == 0, result.output
    held = json.loads(result.stdout)
    words = np.column_stack([X[:, 0] > 0, X[:, 0] <= 0])
    first = int(X[0, 0] <= 0)  # words in the order in which they come
    X = np.column_stack([X, words[:, first], words[:, 1 - first]])
    expected = fastsmote.compare(
        X, np.where(y == 1, "yes", "no"), samplers=["smote", "random_under_sample"], ratios=0.5, cv=3,
        random_state=0,
    ).to_dict()  # fmt: skip
    assert held["verdict"] == expected["verdict"]
    assert held["positive"] == "yes"
    for got, wanted in zip(held["rows"], expected["rows"], strict=True):
        assert got["method"] == wanted["method"]
        assert got["values"]["roc_auc"]["value"] == pytest.approx(
            wanted["values"]["roc_auc"]["value"], rel=1e-9
        )


def test_a_table_and_a_page_with_pictures(files):
    pytest.importorskip("matplotlib")
    folder, _, _ = files
    page = folder / "report.html"
    arguments = ("--target", "fraud", "--cost-fn", "20", "--cost-fp", "1", "--html", page)
    result = command("compare", folder / "d.csv", *arguments, *OPTIONS)
    assert result.exit_code == 0, result.output
    for words in ("random_under_sample", "cost", "score from", f"report: {page}"):
        assert words in result.stdout
    text = page.read_text("utf-8")
    assert text.startswith("<!doctype html>")
    assert "data:image/png;base64," in text


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--samplers", "smot"], "Did you mean smote"),
        (["--samplers", ","], "--samplers must name one at least"),
        (["--ratios", "2"], "ratios must be numbers in (0, 1]"),
        (["--ratios", "half"], "--ratios must be numbers in (0, 1]"),
        (["--cost-fn", "3"], "--cost-fn and --cost-fp go together"),
        (["--cost-fn", "0", "--cost-fp", "0"], "--cost-fp and --cost-fn must be given both"),
        (["--cv", "400"], "cv must be at most"),
        (["--html", "nowhere/r.html"], "nowhere does not exist"),
        (["--carry", "fraud"], "is the target"),
        (["--n-jobs", "0"], "--n-jobs must be"),
    ],
)
def test_mistakes_are_told_in_one_line(files, options, words):
    folder, _, _ = files
    result = command("compare", folder / "d.csv", "--target", "fraud", *options)
    assert result.exit_code == 2
    assert words in result.stderr
    assert "Traceback" not in result.output


def test_words_that_are_too_many(files):
    folder, X, _ = files
    table = csv.read_csv(folder / "d.csv").append_column("name", pa.array([f"n{i}" for i in range(len(X))]))
    csv.write_csv(table, folder / "names.csv")
    result = command("compare", folder / "names.csv", "--target", "fraud")
    assert result.exit_code == 2
    assert "column 'name' has 600 different words" in result.stderr


def test_names_are_completed():
    from fastsmote.cli._methods import complete_methods

    assert [name for name, _ in complete_methods("smote,random-o")] == ["smote,random_over_sample"]
