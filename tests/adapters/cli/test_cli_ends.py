"""How the command ends: lost output, signals, no memory, paths of any bytes, and what becomes of files."""

import json
import os
import pty
import re
import signal
import stat
import subprocess
import sys

import pytest
from adapters.cli.hostile import GOOD, SCORES

pytest.importorskip("pyarrow")
from fastsmote.cli import _net, _show, main

RUN = [sys.executable, "-m", "fastsmote"]
RESAMPLE = ["resample", "good.csv", "--target", "y", "-o", "out.csv"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "good.csv").write_text(GOOD)
    (tmp_path / "scores.csv").write_text(SCORES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["fastsmote", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        main()
    return end.value.code


def shell(line, **environment):
    """A line of sh, where $F is the command."""
    return subprocess.run(
        ["sh", "-c", line], capture_output=True, check=False, timeout=600,
        env={**os.environ, "F": " ".join(RUN), **environment},
    )  # fmt: skip


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


# ---- lost output


@pytest.mark.slow
@pytest.mark.parametrize(
    ("where", "words"),
    [(">/dev/full", "No space left"), (">&-", "Bad file descriptor"), ("| head -0", "Broken pipe")],
)
def test_a_lost_output_is_told_and_the_file_is_complete(folder, where, words):
    if where.startswith("|"):
        with subprocess.Popen([*RUN, *RESAMPLE], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
            running.stdout.close()  # long before anything is printed
            errors = running.stderr.read()
        code = running.returncode
    else:
        done = shell(f"$F {' '.join(RESAMPLE)} {where}")
        code, errors = done.returncode, done.stderr
    assert code == _net.PRINTING
    (told,) = errors.decode().splitlines()
    assert told.startswith("fastsmote: the result could not be printed")
    assert words in told
    assert told.endswith("out.csv is written and complete.")
    assert len((folder / "out.csv").read_text().splitlines()) == 81
    assert names(folder) == ["good.csv", "out.csv", "scores.csv"]


@pytest.mark.slow
@pytest.mark.parametrize("command", ["info", "info --json", "--help", "resample --help", "--version"])
def test_a_full_output_is_no_traceback(folder, command):
    done = shell(f"$F {command} >/dev/full")
    assert done.returncode == _net.PRINTING
    assert b"Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.slow
def test_closed_streams_do_not_meet_files(folder):
    """A file that is opened where standard streams are closed would get their descriptors."""
    done = shell(f"$F {' '.join(RESAMPLE)} <&- >&- 2>&-")
    assert done.returncode == _net.PRINTING
    assert len((folder / "out.csv").read_text().splitlines()) == 81


# ---- signals


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGHUP", "SIGTERM", "SIGINT"])
def test_signals_leave_no_temporary_file(folder, name):
    code = (
        "import sys, time\n"
        "from fastsmote.cli import _resample, main\n"
        "def write(*rest):\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(600)\n"
        "_resample.write = write\n"
        "main()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, *RESAMPLE], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout.readline() == "ready\n"
        assert len(names(folder)) == 3
        running.send_signal(signal.Signals[name])
        _, errors = running.communicate(timeout=60)
    assert running.returncode == 128 + signal.Signals[name]
    assert errors == f"fastsmote: {'interrupted' if name == 'SIGINT' else 'terminated'}.\n"
    assert names(folder) == ["good.csv", "scores.csv"]


@pytest.mark.slow
def test_a_hangup_that_is_ignored_stays_ignored(folder):
    """Nohup ignores it for the command."""
    code = (
        "import os, signal\n"
        "from fastsmote.cli import _resample, main\n"
        "_resample.write = lambda *rest: os.kill(os.getpid(), signal.SIGHUP)\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *RESAMPLE], check=False,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    )  # fmt: skip
    assert done.returncode == 0
    assert names(folder) == ["good.csv", "out.csv", "scores.csv"]


# ---- memory, paths, the net itself


@pytest.mark.parametrize("error", [MemoryError(), MemoryError("2 TiB")])
@pytest.mark.parametrize("where", ["read", "resampled_rows", "write"])
def test_no_memory_is_one_line(folder, monkeypatch, capfd, error, where):
    from fastsmote.cli import _resample

    def fail(*rest, **options):
        raise error

    monkeypatch.setattr(_resample, where, fail)
    assert run(monkeypatch, *RESAMPLE) == _net.MISTAKE
    (told,) = capfd.readouterr().err.splitlines()
    assert "not enough memory" in told
    assert names(folder) == ["good.csv", "scores.csv"]


@pytest.mark.slow
@pytest.mark.parametrize("source", ["big.csv", "big.parquet"])
@pytest.mark.parametrize("megabytes", [400, 700, 1000, 1300])
def test_a_limit_of_memory_is_no_traceback(folder, source, megabytes):
    import numpy as np
    import pyarrow as pa
    from pyarrow import csv, parquet

    values = np.random.default_rng(0).random((8, 300_000))
    table = pa.table([*values, np.arange(300_000) % 4 // 3], names=[*"abcdefgh", "y"])
    (csv.write_csv if source == "big.csv" else parquet.write_table)(table, folder / source)
    done = shell(
        f"ulimit -v {megabytes * 1024}; $F resample {source} --target y -o out.csv "
        "--method random_over_sample",
        OPENBLAS_NUM_THREADS="1", FASTSMOTE_NUM_THREADS="1",
    )  # fmt: skip
    assert b"Traceback" not in done.stderr
    assert done.returncode in (0, _net.MISTAKE, _net.FAULT)
    left = ["out.csv"] if done.returncode == 0 else []
    assert names(folder) == sorted([source, "good.csv", "scores.csv", *left])


@pytest.mark.slow
@pytest.mark.parametrize(
    "environment",
    [{"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"LC_ALL": "C.UTF-8"}],
)
@pytest.mark.parametrize("name", ["größe", b"\xff\xfe"], ids=["umlaut", "bytes"])
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_paths_of_any_bytes_under_any_locale(folder, environment, name, suffix):
    name = name if isinstance(name, bytes) else name.encode()
    source, out = name + b".csv", name + b"2" + suffix.encode()
    os.rename(b"good.csv", source)
    arguments = [b"resample", source, b"--target", b"y", b"-o", out]
    done = subprocess.run(
        [*RUN, *arguments], capture_output=True, check=False, env={**os.environ, **environment}
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert os.path.exists(out)
    again = subprocess.run(
        [*RUN, *arguments], capture_output=True, check=False, env={**os.environ, **environment}
    )
    assert again.returncode == _net.MISTAKE
    assert again.stderr.count(b"\n") == 1
    assert b"exists already" in again.stderr


@pytest.mark.slow
def test_a_folder_that_is_gone(folder):
    done = shell(f"mkdir d; cd d; rmdir ../d; $F resample {folder}/good.csv --target y -o out.csv")
    assert done.returncode == _net.MISTAKE
    assert b"Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_what_nobody_foresaw_is_one_line_with_the_way_to_its_traceback(folder, monkeypatch, capfd):
    from fastsmote.cli import _resample

    def fail(*rest, **options):
        raise KeyError("a\nbug")

    monkeypatch.setattr(_resample, "read", fail)
    assert run(monkeypatch, *RESAMPLE) == _net.FAULT
    (told,) = capfd.readouterr().err.splitlines()
    assert told.startswith("fastsmote: unexpected KeyError: 'a\\nbug'. ")
    assert "--debug" in told
    monkeypatch.setattr(_show, "_debug", [])
    assert run(monkeypatch, "--debug", *RESAMPLE) == _net.FAULT
    told = capfd.readouterr().err
    assert "Traceback" in told
    assert told.splitlines()[-1].startswith("fastsmote: unexpected KeyError")


def test_debug_shows_where_mistakes_come_from(folder, monkeypatch, capfd):
    monkeypatch.setattr(_show, "_debug", [])
    assert run(monkeypatch, "--debug", *RESAMPLE, "--sampling-strategy", "2.0") == _net.MISTAKE
    assert "Traceback" in capfd.readouterr().err


# ---- D5: modes


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
@pytest.mark.parametrize("link", [False, True])
@pytest.mark.parametrize("before", [0o600, 0o640, 0o400, 0o666, 0o755])
def test_a_replaced_file_keeps_its_mode__D5(folder, monkeypatch, before, link):
    final = folder / "kept.csv"
    final.write_text("precious")
    final.chmod(before)
    out = folder / ("link.csv" if link else "kept.csv")
    if link:
        out.symlink_to(final)
    seen = []
    from fastsmote.cli import _resample

    write = _resample.write

    def spy(*rest):
        seen.extend(mode(path) for path in folder.glob(".fastsmote.*"))
        write(*rest)

    monkeypatch.setattr(_resample, "write", spy)
    assert run(monkeypatch, "resample", "good.csv", "--target", "y", "-o", out, "--force") == 0
    assert mode(final) == before
    assert seen == [0o600]
    assert out.is_symlink() == link
    assert final.read_text().startswith("x,z,y\n")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
@pytest.mark.parametrize(("umask", "expected"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
@pytest.mark.parametrize("command", ["resample", "calibrate", "sweep"])
def test_a_new_file_follows_the_umask__D5(folder, monkeypatch, umask, expected, command):
    out = "out.csv" if command != "sweep" else "out.png"
    scores = ["scores.csv", "--label", "y", "--score", "p"]
    arguments = {
        "resample": RESAMPLE[1:],
        "calibrate": [*scores, "-o", out],
        "sweep": [*scores, "--plot", out],
    }[command]
    if command == "sweep":
        pytest.importorskip("matplotlib")
    before = os.umask(umask)
    try:
        assert run(monkeypatch, command, *arguments) == 0
    finally:
        os.umask(before)
    assert mode(folder / out) == expected


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
@pytest.mark.parametrize("command", ["calibrate", "sweep"])
def test_every_writer_keeps_the_mode__D5(folder, monkeypatch, command):
    out = folder / ("out.csv" if command == "calibrate" else "out.png")
    out.write_text("precious")
    out.chmod(0o600)
    scores = ["scores.csv", "--label", "y", "--score", "p"]
    more = ["-o", out, "--force"] if command == "calibrate" else ["--plot", out]
    if command == "sweep":
        pytest.importorskip("matplotlib")
    assert run(monkeypatch, command, *scores, *more) == 0
    assert mode(out) == 0o600
    assert out.read_bytes() != b"precious"


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root gives files away")
def test_owner_and_group_stay_where_they_can__D5(folder, monkeypatch):
    out = folder / "out.csv"
    out.write_text("precious")
    os.chown(out, 1234, 4321)
    out.chmod(0o640)
    assert run(monkeypatch, *RESAMPLE, "--force") == 0
    assert (out.stat().st_uid, out.stat().st_gid, mode(out)) == (1234, 4321, 0o640)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_a_group_that_can_not_be_kept_gets_no_rights__D5(folder, monkeypatch):
    out = folder / "out.csv"
    out.write_text("precious")
    out.chmod(0o664)

    def refuse(*rest):
        raise PermissionError(1, "not yours")

    monkeypatch.setattr(os, "fchown", refuse)
    assert run(monkeypatch, *RESAMPLE, "--force") == 0
    assert mode(out) == 0o644


def test_names_as_long_as_they_may_be(folder, monkeypatch):
    out = "n" * 251 + ".csv"
    assert run(monkeypatch, "resample", "good.csv", "--target", "y", "-o", out) == 0
    assert (folder / out).exists()


def test_a_file_may_replace_its_source(folder, monkeypatch):
    arguments = ["resample", "good.csv", "--target", "y", "-o", "good.csv"]
    assert run(monkeypatch, *arguments) == _net.MISTAKE
    assert run(monkeypatch, *arguments, "--force") == 0
    assert len((folder / "good.csv").read_text().splitlines()) == 81


# ---- A8: terminal


def in_terminal(columns, *arguments):
    """What the command prints where lines have some columns."""
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
