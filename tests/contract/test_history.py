"""The history of the fast part: what is kept of asv's results, and the page made of it."""

import importlib
import itertools
import json
import subprocess
import xml.etree.ElementTree

import pytest
from places import REPOSITORY

pytest.importorskip("asv")
pytest.importorskip("matplotlib")

NAME = "over_sampling.Smote.time_resample"
COLUMNS = ["result", "params", "version", "stats_ci_99_a", "profile"]
PARAMS = [["'fastsmote'", "'imbalanced-learn'"], ["10000", "100000"], ["8", "30"], ["0.01", "0.1"]]
COMBINATIONS = list(itertools.product(*PARAMS))
CHOSEN = COMBINATIONS.index(("'fastsmote'", "100000", "30", "0.01"))


@pytest.fixture
def history(monkeypatch):
    monkeypatch.syspath_prepend(str(REPOSITORY / "asv_bench"))
    return importlib.import_module("history")


@pytest.fixture
def row():
    """As asv keeps it: a number for each combination of arguments, empty columns at the end left out."""
    numbers = [0.001 * i for i in range(len(COMBINATIONS))]
    return [numbers, PARAMS, "version", [number / 2 for number in numbers]]


def test_a_row_keeps_the_arguments_of_the_fast_part(history, row):
    params = [["'fastsmote'"], ["100000"], ["30"], ["0.01"]]
    expected = [[row[0][CHOSEN]], params, "version", [row[3][CHOSEN]]]
    assert history.narrow_row(NAME, row, COLUMNS) == expected


def test_a_benchmark_that_failed_keeps_its_arguments(history, row):
    assert history.narrow_row(NAME, [None, *row[1:]], COLUMNS)[0] is None


def test_kept_results_are_those_that_asv_publishes(history, row, tmp_path, monkeypatch):
    kept, results = tmp_path / "kept", tmp_path / "results"
    monkeypatch.setattr(history, "KEPT", kept)
    monkeypatch.setattr(history, "RESULTS", results)
    (results / "here").mkdir(parents=True)
    (results / "here" / "machine.json").write_text('{"machine": "here"}')
    measured = {"result_columns": COLUMNS, "results": {NAME: row, "neighbors.Growth.track_growth": row}}
    (results / "here" / "2b762d76-virtualenv-py3.11.json").write_text(json.dumps(measured))
    known = {
        name: {"params": PARAMS if name == NAME else list(zip(*arguments, strict=True)), "code": "code"}
        for name, arguments in history.arguments_of().items()
    }
    (results / "benchmarks.json").write_text(
        json.dumps(known | {"version": 2, "neighbors.Growth.track_growth": {}})
    )
    history.keep("here", "2b762d7")
    (found,) = (kept / "here").glob("2b762d7*.json")
    assert json.loads(found.read_text())["results"] == {NAME: history.narrow_row(NAME, row, COLUMNS)}
    benchmarks = json.loads((kept / "benchmarks.json").read_text())
    assert set(benchmarks) == {*history.arguments_of(), "version"}
    assert benchmarks[NAME] == {"params": history.narrow_row(NAME, row, COLUMNS)[1], "code": ""}
    assert (kept / "here" / "machine.json").exists()


def test_page(history, row, tmp_path):
    facts = {"machine": "here", "cpu": "A processor", "num_cpu": "2", "ram": "8 GB"}
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "machine.json").write_text(json.dumps(facts))
    for step, milliseconds in (("aaaaaaa", 12.34), ("bbbbbbb", float("nan")), ("ccccccc", 1.5)):
        kept = [[1e-3 * milliseconds], [["'fastsmote'"], ["100000"], ["30"], ["0.01"]], "version"]
        results = {"python": "3.11", "date": 86_400_000, "result_columns": COLUMNS, "results": {NAME: kept}}
        (tmp_path / "here" / f"{step}x.json").write_text(json.dumps(results))
    steps = [("aaaaaaa", "first"), ("bbbbbbb", "lacks it"), ("0000000", "not measured"), ("ccccccc", "last")]
    history.history_page.write(steps, tmp_path, tmp_path)
    page = (tmp_path / "history.md").read_text()
    assert "with one thread (A processor, 2 cores, 8 GB;\nPython 3.11)" in page
    assert (
        "| 1 | aaaaaaa | 1970-01-02 | first |\n| 2 | bbbbbbb | 1970-01-02 | lacks it |\n| 3 | ccccccc |"
        in page
    )
    assert "| Smote (100000, 30, 0.01) | 12.3 |  | 1.5 |\n" in page
    assert [line for line in page.splitlines() if line.startswith("## ")] == ["## Over-sampling"]
    (picture,) = (tmp_path / "history").iterdir()
    assert f"(history/{picture.name})" in page
    texts = [
        text.text for text in xml.etree.ElementTree.parse(picture).iter("{http://www.w3.org/2000/svg}text")
    ]
    assert "Smote (100000, 30, 0.01)" in texts


def test_the_page_is_that_of_what_is_kept(history, tmp_path):
    history.history_page.write(history.STEPS, history.KEPT, tmp_path)
    docs = REPOSITORY / "docs"
    told = "Run python asv_bench/history.py write."
    assert (docs / "history.md").read_text() == (tmp_path / "history.md").read_text(), told
    assert {path.name for path in (docs / "history").iterdir()} == {
        path.name for path in (tmp_path / "history").iterdir()
    }
    for commit, _ in history.STEPS:
        assert list(history.KEPT.glob(f"*/{commit}*.json")), commit


def test_every_benchmark_of_the_fast_part_is_in_one_group(history):
    modules = list(itertools.chain(*history.history_page.GROUPS.values()))
    for name in history.arguments_of():
        assert modules.count(name.partition(".")[0]) == 1


def git(*words):
    done = subprocess.run(["git", *words], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.skipif(not (REPOSITORY / ".git").exists(), reason="needs a repository")
def test_steps_are_commits_in_their_order(history):
    if git("rev-parse", "--is-shallow-repository") == ["true"]:
        pytest.skip("needs the whole history")
    steps = [commit for commit, _ in history.STEPS]
    assert len(steps) == len(set(steps)) >= 12
    assert [
        commit for commit in reversed(git("log", "--format=%h", "--abbrev=7")) if commit in steps
    ] == steps


def test_no_results_yet(history, tmp_path):
    with pytest.raises(SystemExit, match=r"holds no results yet: python history\.py run NAME"):
        history.history_page.write(history.STEPS, tmp_path, tmp_path)
