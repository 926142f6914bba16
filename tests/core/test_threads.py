"""The thread driver: every block once, errors and Ctrl-C arrive, nothing stays behind."""

import math
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from fastsmote._core.threads import _cgroup_limit, run_blocks, split, thread_count, usable_cores

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals and fork")


def our_threads():
    return [thread for thread in threading.enumerate() if thread.name.startswith("fastsmote-")]


@pytest.mark.parametrize("n_jobs", [1, 2, 3, 7, None, -1])
@pytest.mark.parametrize("n_blocks", [0, 1, 2, 6, 50])
def test_each_block_runs_once(n_jobs, n_blocks):
    seen = []
    run_blocks(seen.append, n_blocks, n_jobs=n_jobs)
    assert sorted(seen) == list(range(n_blocks))
    assert our_threads() == []


def test_blocks_run_side_by_side():
    barrier = threading.Barrier(3)
    run_blocks(lambda block: barrier.wait(timeout=600), 3, n_jobs=3)
    assert not barrier.broken


def test_one_thread_is_the_calling_thread():
    seen = set()
    run_blocks(lambda block: seen.add(threading.get_ident()), 5, n_jobs=1)
    assert seen == {threading.get_ident()}


def test_nested_calls_run_inline():
    seen = []

    def outer(block):
        inner = set()
        run_blocks(lambda b: inner.add(threading.get_ident()), 6, n_jobs=4)
        seen.append(inner == {threading.get_ident()})

    run_blocks(outer, 4, n_jobs=2)
    assert seen == [True] * 4
    barrier = threading.Barrier(2)
    run_blocks(lambda block: barrier.wait(timeout=600), 2, n_jobs=2)  # and threads are used again afterwards


@pytest.mark.parametrize("n_jobs", [1, 2, 5])
def test_an_error_reaches_the_caller_and_stops_the_job(n_jobs):
    seen = []

    def body(block):
        seen.append(block)
        if block == 3:
            raise ZeroDivisionError(block)
        time.sleep(0.002)

    with pytest.raises(ZeroDivisionError, match="3"):
        run_blocks(body, 1000, n_jobs=n_jobs)
    assert len(seen) < 100
    assert our_threads() == []


@pytest.mark.parametrize("slow", [0, 1])
def test_the_first_failed_block_is_reported(slow):
    barrier = threading.Barrier(2)

    def body(block):
        barrier.wait(timeout=600)
        if block == slow:
            time.sleep(0.05)
        raise ValueError(f"block {block}")

    with pytest.raises(ValueError, match="block 0"):
        run_blocks(body, 10, n_jobs=2)


def test_the_driver_works_after_an_error():
    with pytest.raises(RuntimeError):
        run_blocks(lambda block: (_ for _ in ()).throw(RuntimeError), 8, n_jobs=2)
    seen = []
    run_blocks(seen.append, 8, n_jobs=2)
    assert sorted(seen) == list(range(8))


@pytest.mark.parametrize("n_jobs", [1, 2, 3])
def test_progress_is_monotone_and_in_the_calling_thread(n_jobs):
    calls = []

    def progress(done, total):
        calls.append((done, total, threading.get_ident()))

    run_blocks(lambda block: time.sleep(0.001), 20, n_jobs=n_jobs, progress=progress)
    done = [call[0] for call in calls]
    assert done == sorted(done)
    assert done[-1] == 20
    assert {call[1:] for call in calls} == {(20, threading.get_ident())}


def test_progress_is_called_while_other_threads_finish():
    calls = []
    first = threading.Event()

    def body(block):
        if threading.current_thread() is threading.main_thread():
            first.wait(timeout=600)
        else:
            first.set()
            time.sleep(0.25)

    run_blocks(body, 2, n_jobs=2, progress=lambda done, total: calls.append(done))
    assert calls.count(1) >= 2
    assert calls[-1] == 2


def test_an_error_in_progress_stops_the_job():
    seen = []

    def progress(done, total):
        raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        run_blocks(lambda block: (seen.append(block), time.sleep(0.002)), 500, n_jobs=2, progress=progress)
    assert len(seen) < 50
    assert our_threads() == []


@posix
@pytest.mark.parametrize("n_jobs", [1, 2, 3])
def test_ctrl_c_during_a_long_job(n_jobs, ctrl_c):
    sent = []

    def interrupt():
        sent.append(time.perf_counter())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(0.1, interrupt)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        run_blocks(lambda block: time.sleep(0.02), 100_000, n_jobs=n_jobs)
    assert time.perf_counter() - sent[0] < 0.5
    timer.join()
    assert our_threads() == []
    seen = []
    run_blocks(seen.append, 8, n_jobs=n_jobs)
    assert sorted(seen) == list(range(8))


@posix
def test_ctrl_c_inside_a_block(ctrl_c):
    def body(block):
        if block == 2:
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        run_blocks(body, 10, n_jobs=1)


@posix
def test_ctrl_c_while_waiting_for_the_others(ctrl_c):
    calling = threading.main_thread()
    helper_runs = threading.Event()

    def body(block):
        if threading.current_thread() is calling:
            helper_runs.wait(timeout=600)
        else:
            helper_runs.set()
            time.sleep(0.3)

    timer = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        run_blocks(body, 2, n_jobs=2)
    timer.join()
    assert our_threads() == []


FORK = """
import os, warnings
warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of any fork with threads alive
from fastsmote._core.check import check_matrix
from fastsmote._core.threads import run_blocks
import numpy as np
X = np.ones((300_000, 4))
check_matrix(X, n_jobs=2)
pid = os.fork()
if pid == 0:
    seen = []
    run_blocks(seen.append, 20, n_jobs=3)
    check_matrix(X, n_jobs=2)
    grandchild = os.fork()
    if grandchild == 0:
        check_matrix(X, n_jobs=2)
        os._exit(7)
    _, status = os.waitpid(grandchild, 0)
    os._exit(5 if sorted(seen) == list(range(20)) and os.waitstatus_to_exitcode(status) == 7 else 6)
_, status = os.waitpid(pid, 0)
check_matrix(X, n_jobs=2)
print(os.waitstatus_to_exitcode(status))
"""


@posix
def test_children_of_a_fork_work():
    run = subprocess.run([sys.executable, "-c", FORK], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "5"


def test_concurrent_jobs_do_not_mix():
    totals = {}

    def job(name):
        seen = []
        run_blocks(seen.append, 200, n_jobs=2)
        totals[name] = sorted(seen)

    threads = [threading.Thread(target=job, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert totals == {name: list(range(200)) for name in range(8)}


def test_split():
    assert [split(n, 4) for n in (0, 1, 4, 5, 8, 9)] == [0, 1, 1, 2, 2, 3]


# ---- thread counts


def test_n_jobs(monkeypatch):
    monkeypatch.delenv("FASTSMOTE_NUM_THREADS", raising=False)
    cores = usable_cores()
    assert cores >= 1
    assert thread_count(None) == thread_count(-1) == cores
    assert thread_count(-2) == max(1, cores - 1)
    assert thread_count(-1000) == 1
    assert thread_count(1000) == 1000

    class Three:
        def __index__(self):
            return 3

    assert thread_count(Three()) == 3


def test_environment_variable(monkeypatch):
    monkeypatch.setenv("FASTSMOTE_NUM_THREADS", " 5 ")
    assert thread_count(None) == 5
    assert thread_count(2) == 2
    monkeypatch.setenv("FASTSMOTE_NUM_THREADS", "")
    assert thread_count(None) == usable_cores()


@pytest.mark.parametrize("setting", ["0", "-1", "two", "1.5"])
def test_environment_variable_refused(monkeypatch, setting):
    monkeypatch.setenv("FASTSMOTE_NUM_THREADS", setting)
    with pytest.raises(ValueError, match=f"FASTSMOTE_NUM_THREADS must be a positive.*{setting}"):
        thread_count(None)


@pytest.mark.parametrize("n_jobs", [1.0, "2", True, [1]])
def test_n_jobs_of_a_wrong_type(n_jobs):
    with pytest.raises(TypeError, match=r"n_jobs must be None, -1 or a positive integer\. Got"):
        thread_count(n_jobs)


def test_n_jobs_zero():
    with pytest.raises(ValueError, match="Got 0; use 1"):
        run_blocks(lambda block: None, 1, n_jobs=0)


# ---- control groups


def write(folder, **files):
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)


@pytest.mark.parametrize(
    ("top", "inner", "expected"),
    [
        ("max 100000\n", "max 100000\n", math.inf),
        ("max 100000\n", "150000 100000\n", 1.5),
        ("200000 100000\n", "400000 100000\n", 2.0),
        ("50000 100000\n", "max 100000\n", 0.5),
        ("garbage", "", math.inf),
    ],
)
def test_cgroup_v2(tmp_path, top, inner, expected):
    root = tmp_path / "cgroup"
    write(root / "a", cpu__max=top)
    write(root / "a" / "b", cpu__max=inner)
    write(tmp_path, self="0::/a/b\n")
    write(root.parent, cpu__max="10 100000\n")  # above the root: not ours to read
    assert _cgroup_limit(root, tmp_path / "self") == expected


@pytest.mark.parametrize(("quota", "expected"), [("-1\n", math.inf), ("250000\n", 2.5)])
def test_cgroup_v1(tmp_path, quota, expected):
    root = tmp_path / "cgroup"
    write(root / "cpu,cpuacct" / "job", cpu__cfs_quota_us=quota, cpu__cfs_period_us="100000\n")
    write(root / "memory" / "job", cpu__cfs_quota_us="1\n", cpu__cfs_period_us="100000\n")
    write(tmp_path, self="5:memory:/job\n4:cpu,cpuacct:/job\n1:name=systemd:/job\n")
    assert _cgroup_limit(root, tmp_path / "self") == expected


def test_no_cgroup(tmp_path):
    assert _cgroup_limit(tmp_path, tmp_path / "absent") == math.inf
    write(tmp_path, self="0::/gone\n")
    assert _cgroup_limit(tmp_path, tmp_path / "self") == math.inf


def test_progress_must_be_a_function():
    started = []
    with pytest.raises(TypeError, match=r"progress must be a function of \(done, total\). Got 3"):
        run_blocks(started.append, 2, progress=3)
    assert not started
