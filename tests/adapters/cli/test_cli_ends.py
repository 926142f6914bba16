"""How the command ends: lost output, signals, no memory, paths of any bytes, and what becomes of files."""

import os
import signal
import stat
import subprocess
import sys
import warnings

import numpy as np
import pytest

pytest.importorskip("pyarrow")
from adapters.cli.commands import HEED_SIGNALS, RESAMPLE, RUN, names, run, shell

from fastsmote.cli import _net, _show


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
@pytest.mark.parametrize(
    "command", ["info", "info --json", "--help", "run --help", "resample --help", "--version"]
)
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


@pytest.mark.slow
def test_the_process_ends_at_once(folder):
    """Else a thread that still reads for Arrow can abort it, once in some thirty runs of a broken file."""
    (folder / "broken.csv").write_text('a,y\n1,x\n2,"y\n')
    code = "import atexit; atexit.register(print, 'late'); from fastsmote.cli import program; program()"
    for source, ending, words in [("good.csv", 0, "rows"), ("broken.csv", 2, "never closed")]:
        done = subprocess.run(
            [sys.executable, "-c", code, "resample", source, "--target", "y", "-o", "out.csv", "--force"],
            capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip
        assert done.returncode == ending
        assert words in done.stdout + done.stderr
        assert "late" not in done.stdout
    script = folder / "script.py"
    script.write_text("import atexit; atexit.register(print, 'late')")
    for words in (["run"], ["--debug", "run"]):
        done = subprocess.run(
            [*RUN, *words, str(script)], capture_output=True, text=True, timeout=600, check=False
        )
        assert done.stdout == "late\n"


# ---- signals


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGHUP", "SIGTERM", "SIGINT"])
def test_signals_leave_no_temporary_file(folder, name):
    code = (
        f"{HEED_SIGNALS}import sys, time\n"
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


@pytest.mark.parametrize("command", ["resample", "sweep", "calibrate", "advise"])
def test_no_memory_in_arrow_is_no_unreadable_file(folder, monkeypatch, capfd, command):
    import pyarrow as pa
    from pyarrow import parquet

    parquet.write_table(pa.table({"y": [0, 1] * 9, "p": [0.5, 0.25] * 9}), "in.parquet")

    def fail(*rest, **options):
        raise pa.ArrowMemoryError("malloc of size 9 failed")

    for name in ("read", "iter_batches", "read_row_group", "read_row_groups"):
        monkeypatch.setattr(parquet.ParquetFile, name, fail)
    options = {"resample": ["--target", "y", "-o", "out.csv"], "advise": ["--target", "y"]}
    arguments = options.get(command, ["--label", "y", "--score", "p"])
    assert run(monkeypatch, command, "in.parquet", *arguments) == _net.MISTAKE
    (told,) = capfd.readouterr().err.splitlines()
    assert "not enough memory (malloc of size 9 failed); use fewer rows" in told


# Where memory ends inside a thread of Arrow, then Arrow, the C++ runtime or the C library ends the process at
# once. No Python runs after that: nothing can be caught or told, only left as it was.
ENDS_OF_THE_PROCESS = (
    b"ValueOrDie called on an error: Out of memory",
    b"cannot allocate memory for thread-local data: ABORT",
    b"terminate called after throwing an instance of",
)


@pytest.mark.slow
@pytest.mark.parametrize("source", ["big.csv", "big.parquet"])
@pytest.mark.parametrize("megabytes", [400, 700, 1000, 1300])
def test_a_limit_of_memory_is_no_traceback(folder, source, megabytes):
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
    if any(words in done.stderr for words in ENDS_OF_THE_PROCESS):
        assert done.returncode in (-signal.SIGABRT, 128 + signal.SIGABRT, 127)
    else:
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


@pytest.mark.filterwarnings("default")
def test_a_warning_is_one_line_without_its_place_in_the_code(folder, monkeypatch, capfd):
    from fastsmote.cli import _resample

    read = _resample.read

    def warn(*rest, **options):
        warnings.warn("a\nfolder", UserWarning, stacklevel=2)
        return read(*rest, **options)

    monkeypatch.setattr(_resample, "read", warn)
    assert run(monkeypatch, *RESAMPLE) == 0
    assert capfd.readouterr().err == "Warning: a\\nfolder\n"


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
@pytest.mark.parametrize(
    ("command", "umask", "expected"),
    [
        ("resample", 0o022, 0o644),
        ("resample", 0o002, 0o664),
        ("resample", 0o077, 0o600),
        ("calibrate", 0o077, 0o600),
        ("sweep", 0o077, 0o600),  # a picture
    ],
)
def test_a_new_file_follows_the_umask__D5(folder, monkeypatch, command, umask, expected):
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
