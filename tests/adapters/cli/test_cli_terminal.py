"""What people and programs see of the command: narrow terminals, JSON, words of the file, help."""

import json
import os
import re
import shlex
import subprocess
import sys

import numpy as np
import pytest

pytest.importorskip("pyarrow")
from adapters.cli.commands import RESAMPLE, RUN, run, shell
from adapters.cli.hostile import GOOD

from fastsmote.cli import _net


def in_terminal(columns, *arguments):
    """What the command prints where lines have some columns."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*RUN, *arguments], stdout=theirs, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
        env={**os.environ, "COLUMNS": str(columns), "TERM": "xterm"},
    ) as running:  # fmt: skip
        os.close(theirs)
        printed = b""
        try:
            while part := os.read(ours, 65_536):
                printed += part
        except OSError:  # its end, on Linux
            pass
        errors = running.stderr.read()
    os.close(ours)
    assert (running.returncode, errors) == (0, b"")
    return re.sub(r"\x1b\[[0-9;]*m", "", printed.decode()).replace("\r\n", "\n")


@pytest.mark.slow
@pytest.mark.parametrize("columns", [40, 80, 200])
def test_numbers_are_whole_and_words_unbroken_on_narrow_terminals__A8(folder, columns):
    arguments = ["sweep", "scores.csv", "--label", "y", "--score", "p", "--cost-fn", "3", "--cost-fp", "1"]
    facts = json.loads(subprocess.run([*RUN, *arguments, "--json"], capture_output=True, check=True).stdout)
    printed = in_terminal(columns, *arguments)
    for choice in facts["choices"]:
        threshold = "inf" if choice["threshold"] is None else repr(choice["threshold"])  # alerts for nobody
        assert f" {threshold} " in printed
        assert f" {choice['precision']:.4f} " in printed
    for word in ("rule", "precision", "correlation", "accuracy", "MCC", "alarms"):
        assert re.search(rf"\b{word}\b", printed)
    assert "…" not in printed
    assert max(len(line) for line in printed.splitlines()) <= columns


# ---- --json and --quiet


def test_json_is_the_result(folder, monkeypatch, capfd):
    assert run(monkeypatch, *RESAMPLE, "--json") == 0
    facts = json.loads(capfd.readouterr().out)
    assert (facts["rows"], facts["rows_after"], facts["method"], facts["out"]) == (60, 80, "smote", "out.csv")
    assert facts["classes"] == [
        {"label": "b", "rows": 40, "rows_after": 40},
        {"label": "a", "rows": 20, "rows_after": 40},
    ]
    scores = ["scores.csv", "--label", "y", "--score", "p"]
    assert run(monkeypatch, "sweep", *scores, "--json") == 0
    facts = json.loads(capfd.readouterr().out)
    assert (facts["rows"], facts["positives"]) == (60, 20)
    assert facts["choices"][0]["rule"] == "best F1"
    assert run(monkeypatch, "calibrate", *scores, "--json") == 0
    facts = json.loads(capfd.readouterr().out)
    assert [stage["probabilities"] for stage in facts["stages"]] == ["as given", "platt"]
    assert run(monkeypatch, "advise", "good.csv", "--target", "y", "--json") == 0
    facts = json.loads(capfd.readouterr().out)
    assert facts["action"] in ("nothing", "weights", "smote", "under-sample", "collect")
    assert facts["recommendations"][0]["sources"]


def test_quiet_prints_nothing(folder, monkeypatch, capfd):
    assert run(monkeypatch, *RESAMPLE, "--quiet") == 0
    scores = ["scores.csv", "--label", "y", "--score", "p"]
    assert run(monkeypatch, "calibrate", *scores, "-o", "c.csv", "-q") == 0
    assert run(monkeypatch, "sweep", *scores, "-q") == 0
    assert run(monkeypatch, "advise", "good.csv", "--target", "y", "-q") == 0
    assert capfd.readouterr() == ("", "")


def test_sources_are_told_in_full__A8(folder, monkeypatch, capfd):
    from fastsmote.advice import SOURCES

    assert run(monkeypatch, "advise", "good.csv", "--target", "y") == 0
    printed = capfd.readouterr().out
    named = set(re.findall(r"^   \[([^\]]*)\] ", printed, re.M))
    assert named
    for name in named:
        assert f"   [{name}] {SOURCES[name]}" in printed


@pytest.mark.slow
def test_the_shell_completes_methods(folder):
    done = shell(
        "$F",
        _FASTSMOTE_COMPLETE="complete_bash",
        COMP_WORDS="fastsmote resample --method border",
        COMP_CWORD="3",
    )
    assert done.stdout.split() == [b"borderline_smote"]


@pytest.mark.slow
def test_run_is_a_command(folder):
    (folder / "script.py").write_text("import sys; print(sys.argv)")
    code = "import sys; sys.argv[0] = 'fastsmote'; from fastsmote.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "run", "script.py", "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "['script.py', '--json']\n", "")


@pytest.mark.parametrize("words", [("True", "False"), ("TRUE", "FALSE"), ("true", "false")])
@pytest.mark.parametrize("where", ["feature", "label"])
def test_booleans_are_written_as_they_were_read__A8(folder, monkeypatch, words, where):
    lines = GOOD.splitlines()
    for i, line in enumerate(lines[1:], start=1):
        x, z, y = line.split(",")
        word = words[i % 3 % 2]
        lines[i] = ",".join((x, word, y) if where == "feature" else (x, z, word))
    (folder / "flags.csv").write_text("\n".join(lines) + "\n")
    assert run(monkeypatch, "resample", "flags.csv", "--target", "y", "-o", "out.csv") == 0
    column = 1 if where == "feature" else 2
    new = [line.split(",")[column] for line in (folder / "out.csv").read_text().splitlines()[61:]]
    assert len(new) == 20
    assert set(new) <= set(words)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_rows_count_the_same_way_in_all_commands__A8(folder, monkeypatch, capfd, suffix):
    """From 0, as the functions count them: the third row is data row 2."""
    import pyarrow as pa
    from pyarrow import csv, parquet

    table = pa.table({"y": [0, 1, None, 0, 1, 0], "p": [0.5, 0.25, 0.75, 0.5, 0.25, 0.5]})
    write = csv.write_csv if suffix == ".csv" else parquet.write_table
    write(table, f"in{suffix}")
    scores = [f"in{suffix}", "--label", "y", "--score", "p"]
    for arguments in (
        ["resample", f"in{suffix}", "--target", "y", "-o", "out.csv"],
        ["advise", f"in{suffix}", "--target", "y"],
        ["sweep", *scores],
        ["calibrate", *scores],
    ):
        assert run(monkeypatch, *arguments) == _net.MISTAKE
        assert "data row 2" in capfd.readouterr().err


def test_a_share_below_the_present_one_says_what_to_type__B9(folder, monkeypatch, capfd):
    assert run(monkeypatch, *RESAMPLE, "--sampling-strategy", "share:0.2") == _net.MISTAKE
    told = capfd.readouterr().err
    assert "--sampling-strategy share:0.2 is less than the share" in told
    first, second = re.findall(r"--sampling-strategy '(\{.*?\})'", told)
    assert (json.loads(first), json.loads(second)) == ({"a": 10}, {"b": 80})
    arguments = ["--sampling-strategy", first, "--method", "random_under_sample"]
    assert run(monkeypatch, *RESAMPLE, *arguments, "--json") == 0
    facts = json.loads(capfd.readouterr().out)
    assert [one["rows_after"] for one in facts["classes"]] == [40, 10]
    assert run(monkeypatch, *RESAMPLE, "--sampling-strategy", second, "--force") == 0
    assert run(monkeypatch, *RESAMPLE, "--sampling-strategy", "share:0.4", "--force") == 0


def examples():
    from fastsmote.cli._app import app

    lines = [line for command in app.registered_commands for line in (command.epilog or "").split("\n\n")]
    return [line for line in lines if line.startswith("fastsmote ")]


@pytest.mark.parametrize("line", examples())
def test_examples_of_help_run__A8(folder, monkeypatch, line):
    import pyarrow as pa
    from pyarrow import csv, parquet

    command, *arguments = shlex.split(line)[1:]
    assert len(line) < 80  # one line in a terminal
    if command in ("demo", "bench"):  # half a minute; that they are taken is tested elsewhere
        return
    if "--plot" in arguments:
        pytest.importorskip("matplotlib")
    n = np.arange(80)
    y = np.where(n % 4 == 0, "yes", "no")
    table = pa.table({"a": n * 37 % 80 / 4, "b": n * 53 % 80 / 4, "fraud": n % 4 // 3, "y": y})
    scores = pa.table({"y": n % 4 // 3, "p": (n * 37 % 80 + 1) / 82})
    csv.write_csv(table, "in.csv")
    parquet.write_table(table.drop_columns("fraud"), "in.parquet")
    (folder / "big").mkdir()
    parquet.write_table(table.drop_columns("fraud"), "big/1.parquet")
    (folder / "parts").mkdir()
    parquet.write_table(scores, "parts/1.parquet")
    csv.write_csv(scores, "scores.csv")
    csv.write_csv(scores, "p.csv")
    csv.write_csv(scores.set_column(0, "y", [y]), "words.csv")
    csv.write_csv(table, "data.csv")
    parquet.write_table(scores, "scores.parquet")
    parquet.write_table(table, "data.parquet")
    assert run(monkeypatch, command, *arguments) == 0


def test_every_command_has_examples__A8():
    from fastsmote.cli._app import app

    named = {line.split()[1] for line in examples()}
    assert named == {command.callback.__name__ for command in app.registered_commands} - {"run"}


@pytest.mark.parametrize(
    "script", ["n" * 300, "\udcff.py", "", "a\nb", "\0", "/dev/null", ".", "--help ", "-m", "good.csv/x", "-"]
)
def test_what_is_no_script_is_one_line(folder, monkeypatch, capfd, script):
    assert run(monkeypatch, "run", script) == _net.MISTAKE
    printed, errors = capfd.readouterr()
    assert printed == ""
    assert len(errors.splitlines()) == 1
    assert errors.startswith("fastsmote: ")
    assert "Usage: fastsmote run SCRIPT" in errors


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("$F resample - --target y -o out.csv </dev/null", "standard input"),
        ("$F resample - --target y -o out.csv <&-", "standard input is closed"),
        ("head -c 3000 /dev/urandom | $F resample - --target y -o out.csv", "standard input"),
        ("printf PAR1junk | $F sweep - --label y --score p", "standard input"),
    ],
)
def test_hostile_standard_input_is_one_line(folder, line, words):
    done = shell(line)
    assert done.returncode == _net.MISTAKE
    (told,) = done.stderr.decode().splitlines()
    assert words in told
    assert sorted(os.listdir(folder)) == ["good.csv", "scores.csv"]
