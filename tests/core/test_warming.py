"""Kernels compiled ahead of the first call."""

import json
import os
import subprocess
import sys
import time

import pytest

import fastsmote
from fastsmote._core import compilers, warming
from fastsmote._kernels import signatures

COUNTS = """
import json, sys
import fastsmote
told = []
done = fastsmote.warmup(**json.loads(sys.argv[1]), progress=lambda *counts: told.append(counts))
print(json.dumps([done.compiled, done.ready, told]))
"""


def run(folder, **options):
    done = subprocess.run(
        [sys.executable, "-c", COUNTS, json.dumps(options)],
        env=os.environ | {"FASTSMOTE_CACHE": str(folder)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_types_are_spelled():
    signatures.load_kernels()
    for name, words in signatures.stored().signatures:
        assert name in signatures.KERNELS
        assert [signatures.spell(signatures.read(word)) for word in words] == words


def test_names():
    places = warming.places_of
    everything = places(None)
    assert everything == list(range(len(signatures.stored().signatures)))
    assert places("smote") == sorted({*places("oversample.smote"), *places("plan.smote")})
    assert set(places(["roc_curve", "roc_auc_score"])) < set(places("metrics")) < set(everything)
    assert places("NeighborIndex")
    assert places("class_weights") == places([]) == []
    assert places("curves") == places("metrics")
    assert places("fastsmote.smote-enn") == places("smote_enn")


@pytest.mark.parametrize("only", ["smoke", ["smote", ""], "SMOTE", "oversample.smoke"])
def test_unknown_names(only):
    with pytest.raises(ValueError, match="only must name public functions, classes or modules"):
        fastsmote.warmup(only)


@pytest.mark.parametrize("only", [3, [3]])
def test_what_is_no_name(only):
    with pytest.raises(TypeError, match="only must be a name or names"):
        fastsmote.warmup(only)


@pytest.mark.slow
def test_once_per_machine(tmp_path):
    compiled, ready, told = run(tmp_path, only="confusion_matrix", n_jobs=2)
    assert (compiled, ready) == (2, 0)
    assert told[-1] == [2, 2]
    assert len(list(tmp_path.iterdir())) >= 2
    assert run(tmp_path, only="confusion_matrix") == [0, 2, []]


@pytest.mark.slow
def test_nothing_is_kept():
    compiled, ready, _ = run("0", only="confusion_matrix")
    assert (compiled, ready) == (2, 0)


@pytest.mark.slow
def test_processes_end_with_an_error(tmp_path, monkeypatch):
    """One in ``progress`` is an error of the caller's; what was compiled stays, and no process."""
    monkeypatch.setenv("FASTSMOTE_CACHE", str(tmp_path))
    started = []
    start = subprocess.Popen
    monkeypatch.setattr(
        compilers.subprocess,
        "Popen",
        lambda *args, **options: started.append(start(*args, **options)) or started[-1],
    )

    def stop(done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compilers.compile_all(warming.places_of("confusion_sweep"), 2, stop, os.environ)
    deadline = time.monotonic() + 60
    while any(process.poll() is None for process in started) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(started) == 2
    assert all(process.poll() is not None for process in started)
    assert not [path for path in tmp_path.iterdir() if path.suffix != ".nbc"]


@pytest.mark.slow
def test_a_process_that_dies_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(compilers, "_work", lambda: "raise SystemExit('no more')")
    with pytest.raises(ChildProcessError, match="no more"):
        compilers.compile_all([0, 1], 2, print, {"FASTSMOTE_CACHE": str(tmp_path)})


@pytest.mark.slow
def test_processes_may_print(tmp_path, monkeypatch):
    """More than a pipe holds, and words that are not for us."""
    work = compilers._work()
    monkeypatch.setattr(
        compilers, "_work", lambda: f"import sys; print('hello'); sys.stderr.write('w' * 300_000); {work}"
    )
    done = []
    compilers.compile_all(
        warming.places_of("random_under_sample"), 1, done.append, {"FASTSMOTE_CACHE": str(tmp_path)}
    )
    assert done[-1] == len(warming.places_of("random_under_sample"))
    assert list(tmp_path.iterdir())


@pytest.mark.slow
def test_nothing_is_imported_from_the_current_folder(tmp_path, monkeypatch):
    (tmp_path / "signal.py").write_text("raise SystemExit('a file of the user')")
    monkeypatch.chdir(tmp_path)
    compilers.compile_all(
        warming.places_of("random_under_sample"), 1, print, {"FASTSMOTE_CACHE": str(tmp_path / "cache")}
    )
    assert list((tmp_path / "cache").iterdir())


def test_progress_is_looked_at_first():
    with pytest.raises(TypeError, match="progress must be a function"):
        fastsmote.warmup("smote", progress=3)


@pytest.mark.slow
def test_no_thread_can_be_started(monkeypatch):
    def start(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(compilers.threading.Thread, "start", start)
    signatures.load_kernels()  # which `missing` does
    monkeypatch.setattr(warming, "missing", list)
    assert fastsmote.warmup("confusion_matrix", n_jobs=1).compiled == 2


@pytest.mark.slow
@pytest.mark.parametrize("program", ["none", "/bin/true", "/bin/false"])
def test_no_process_can_be_started(tmp_path, monkeypatch, program):
    monkeypatch.setattr(sys, "executable", str(tmp_path / program))
    signatures.load_kernels()  # which `missing` does
    monkeypatch.setattr(warming, "missing", list)
    assert fastsmote.warmup("confusion_matrix").compiled == 2
