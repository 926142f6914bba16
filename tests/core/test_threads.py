"""The thread driver: every block once, errors and Ctrl-C arrive, nothing stays behind."""

import _thread
import functools
import gc
import math
import os
import signal
import subprocess
import sys
import threading
import time
import weakref

import numpy as np
import pytest

import fastsmote
from fastsmote._core import crew as crew_module
from fastsmote._core import threads as driver
from fastsmote._core.crew import Crew, open_crew
from fastsmote._core.public import one_call
from fastsmote._core.threads import (
    _cgroup_limit,
    _Job,
    even_size,
    run_blocks,
    split,
    thread_count,
    usable_cores,
)

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals and fork")


@pytest.fixture(autouse=True)
def nothing_stays_behind():
    """No thread, once it has made its last steps, and nothing that ``threading`` knows of one."""
    count, known = _thread._count(), set(threading.enumerate())
    yield
    begin = time.perf_counter()
    while _thread._count() > count and time.perf_counter() - begin < 10:
        time.sleep(0.001)
    assert _thread._count() <= count
    assert set(threading.enumerate()) <= known


@pytest.mark.parametrize("n_jobs", [1, 2, 3, 7, None, -1])
@pytest.mark.parametrize("n_blocks", [0, 1, 2, 6, 50])
def test_each_block_runs_once(n_jobs, n_blocks):
    seen = []
    run_blocks(seen.append, n_blocks, n_jobs=n_jobs)
    assert sorted(seen) == list(range(n_blocks))


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


def helper_only(act):
    """A body whose second block runs in another thread than the caller's, and does ``act`` there."""
    calling, helper_has_one = threading.current_thread(), threading.Event()

    def body(block):
        if threading.current_thread() is calling:
            helper_has_one.wait(timeout=600)
        else:
            helper_has_one.set()
            act()

    return body


def test_progress_is_called_while_other_threads_finish():
    calls = []
    body = helper_only(lambda: time.sleep(0.25))
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
    timer = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        run_blocks(helper_only(lambda: time.sleep(0.3)), 2, n_jobs=2)
    timer.join()


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


@pytest.mark.parametrize("setting", ["0", "-1", "two", "1.5", "٣"])
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


# ---- D6: threads that do not start, handlers that fail


def limited(monkeypatch, can_start, error, where=driver):
    """Let only the first ``can_start`` threads of a call start."""
    started = []

    def or_fail(*call):
        if len(started) == can_start:
            raise error
        started.append(call)
        return _thread.start_new_thread(*call)

    monkeypatch.setattr(where, "start_new_thread", or_fail)
    return started


@pytest.mark.parametrize("error", [RuntimeError("can't start new thread"), MemoryError()])
@pytest.mark.parametrize("can_start", [0, 1, 2])
def test_threads_that_can_not_start__D6(monkeypatch, can_start, error):
    started = limited(monkeypatch, can_start, error)
    seen = []
    calls = []
    run_blocks(
        lambda block: (seen.append(block), time.sleep(0.001)),
        50,
        n_jobs=4,
        progress=lambda *call: calls.append(call),
    )
    assert sorted(seen) == list(range(50))
    assert len(started) == can_start
    assert calls[-1] == (50, 50)


def test_samples_are_the_same_where_no_thread_can_start__D6(monkeypatch):
    X = np.random.default_rng(0).normal(size=(6000, 3))
    y = np.arange(6000) % 10 == 0
    expected = fastsmote.smote(X, y, random_state=0, n_jobs=3), fastsmote.nearest_neighbors(X, 3, n_jobs=3)
    limited(monkeypatch, 0, RuntimeError("can't start new thread"))
    actual = fastsmote.smote(X, y, random_state=0, n_jobs=3), fastsmote.nearest_neighbors(X, 3, n_jobs=3)
    for a, e in zip(actual, expected, strict=True):
        np.testing.assert_array_equal(a[0], e[0])
        np.testing.assert_array_equal(a[1], e[1])


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_handler_that_fails_does_not_hang_the_caller__D6(monkeypatch):
    def fail(job, block, error):
        raise MemoryError

    monkeypatch.setattr(_Job, "fail", fail)

    def act():
        raise ValueError("in the helper")

    with pytest.raises(RuntimeError, match=r"1 of 2 blocks of work were not finished: .*Call it again"):
        run_blocks(helper_only(act), 2, n_jobs=2)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    "step", ["_run", "_work"]
)  # it never reaches its work; it fails before its first block
def test_a_thread_without_memory_does_not_hang_the_caller__D6(step, monkeypatch):
    def fail(helper):
        raise MemoryError

    monkeypatch.setattr(driver._Helper, step, fail)
    seen = []
    run_blocks(seen.append, 20, n_jobs=3)
    assert sorted(seen) == list(range(20))


def test_a_thread_that_comes_late_does_nothing(monkeypatch):
    """It is not waited for; when it comes, no block is left, even of a job that has failed."""
    late = []
    monkeypatch.setattr(driver, "start_new_thread", lambda run, _: late.append(run))
    monkeypatch.setattr(driver, "_JOIN_SECONDS", 0.001)
    seen = []

    def body(block):
        seen.append(block)
        if block == 3:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_blocks(body, 20, n_jobs=3)
    assert seen == [0, 1, 2, 3]
    while len(late) < 2:
        time.sleep(0.001)
    for run in late:
        _thread.start_new_thread(run, ())
    time.sleep(0.05)
    assert seen == [0, 1, 2, 3]


@posix
def test_ctrl_c_where_a_thread_is_waited_for(monkeypatch, ctrl_c):
    """After the wait and before anything is made of it: the second wait knows that the thread has ended."""
    busy = driver._Helper.busy
    raised = []

    def interrupted(helper):
        busy(helper)
        if not raised:
            raised.append(True)
            signal.raise_signal(signal.SIGINT)
        return busy(helper)

    monkeypatch.setattr(driver._Helper, "busy", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_blocks(helper_only(lambda: time.sleep(0.01)), 2, n_jobs=2)


def test_a_block_may_ask_which_thread_it_is_in():
    known = set(threading.enumerate())
    run_blocks(helper_only(lambda: None), 2, n_jobs=2)
    assert set(threading.enumerate()) == known


def test_what_a_call_held_is_free_after_it():
    """At once, though the last steps of a thread may come later: some ask who else holds an array."""

    class Large:
        pass

    for _ in range(50):
        large = Large()
        run_blocks(helper_only(functools.partial(id, large)), 2, n_jobs=2)
        held = weakref.ref(large)
        del large
        assert held() is None


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit, StopIteration])
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_what_is_no_ordinary_error_arrives_as_it_is__D6(error, n_jobs):
    def body(block):
        if block == 2:
            raise error

    with pytest.raises(error):
        run_blocks(body, 9, n_jobs=n_jobs)

    def in_helper():
        raise error

    with pytest.raises(error):
        run_blocks(helper_only(in_helper), 2, n_jobs=2)


@posix
def test_ctrl_c_again_while_the_others_finish__D6(ctrl_c):
    """Nothing of a call runs on behind the back of a caller who is impatient."""
    ended = []

    def act():
        time.sleep(0.4)
        ended.append(True)

    timers = [threading.Timer(after, os.kill, (os.getpid(), signal.SIGINT)) for after in (0.1, 0.2, 0.25)]
    for timer in timers:
        timer.start()
    with pytest.raises(KeyboardInterrupt):
        run_blocks(helper_only(act), 2, n_jobs=2)
    assert len(ended) == 1
    for timer in timers:
        timer.join()


@pytest.mark.parametrize("method", ["join", "busy"])
def test_ctrl_c_again_before_the_wait_for_the_others__D6(method, monkeypatch):
    """A second one between two steps of the caller, where no ``try`` is yet, or no longer."""
    ended, wait = [], getattr(driver._Helpers, method)

    def interrupted(helpers):
        monkeypatch.setattr(driver._Helpers, method, wait)
        raise KeyboardInterrupt("again")

    def act():
        time.sleep(0.2)
        ended.append(True)

    monkeypatch.setattr(driver._Helpers, method, interrupted)
    with pytest.raises(KeyboardInterrupt, match="again"):
        run_blocks(helper_only(act), 2, n_jobs=2)
    assert ended == [True]


def test_a_helper_without_memory_is_silent__D6(monkeypatch, capfd):
    """Its blocks are done by others."""
    work = driver._Job.work
    lacking = iter([True])

    def failing(job):
        if next(lacking, False):
            raise MemoryError
        work(job)

    monkeypatch.setattr(driver._Job, "work", failing)
    seen = []
    run_blocks(lambda block: (seen.append(block), time.sleep(0.001)), 50, n_jobs=3)
    assert sorted(seen) == list(range(50))
    assert capfd.readouterr().err == ""


def test_a_huge_number_of_jobs_starts_few_threads__D6(monkeypatch):
    started = limited(monkeypatch, 10**9, None)
    seen = []
    run_blocks(lambda block: (seen.append(block), time.sleep(0.01)), 2000, n_jobs=10**9)
    assert sorted(seen) == list(range(2000))
    assert len(started) < max(256, usable_cores())


def test_threads_stop_starting_when_no_block_is_left__D6(monkeypatch):
    started = limited(monkeypatch, 10**9, None)
    run_blocks(lambda block: None, 1000, n_jobs=200)
    assert len(started) < 199


def test_an_error_does_not_keep_arrays_until_the_garbage_collector_comes__D6():
    class Large:
        pass

    def call(n_jobs, stop):
        large = Large()

        def body(block):
            if block == 3:
                raise stop(str(large))

        with pytest.raises(stop):
            run_blocks(body, 9, n_jobs=n_jobs)
        return weakref.ref(large)

    gc.disable()
    try:
        for n_jobs in (1, 2):
            for stop in (ValueError, KeyboardInterrupt):
                assert call(n_jobs, stop)() is None
    finally:
        gc.enable()


FORK_INSIDE = """
import os, sys, warnings
warnings.simplefilter("ignore", DeprecationWarning)
import threading
from fastsmote._core.threads import run_blocks

helper_has_one = threading.Event()
calling = threading.current_thread()
child = None

def body(block):
    if threading.current_thread() is calling:
        helper_has_one.wait()
    else:
        helper_has_one.set()
        import time
        time.sleep(0.5)

def progress(done, total):
    global child
    if child is None:
        child = os.fork()

try:
    run_blocks(body, 2, n_jobs=2, progress=progress)
except RuntimeError as error:
    assert child == 0 and "1 of 2 blocks of work were not finished" in str(error), (child, error)
    seen = []
    run_blocks(seen.append, 20, n_jobs=3)
    os._exit(7 if sorted(seen) == list(range(20)) else 8)
if child == 0:
    os._exit(9)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@posix
def test_a_fork_inside_a_call_does_not_hang_the_child__D6():
    run = subprocess.run([sys.executable, "-c", FORK_INSIDE], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "7"


AT_EXIT = """
import atexit
import numpy as np
import fastsmote

X = np.random.default_rng(0).normal(size=(6000, 3))
expected = fastsmote.nearest_neighbors(X, 3, n_jobs=3)[1]

@atexit.register
def last():
    print((fastsmote.nearest_neighbors(X, 3, n_jobs=3)[1] == expected).all())
"""


def test_a_call_while_the_interpreter_ends__D6():
    run = subprocess.run([sys.executable, "-c", AT_EXIT], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "True"
    assert run.stderr == ""


FEW = """
import resource
import numpy as np
import fastsmote

X = np.random.default_rng(0).normal(size=(6000, 3))
expected = fastsmote.nearest_neighbors(X, 3, n_jobs=8)[1]
in_use = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (in_use + (24 << 20),) * 2)  # room for two stacks of threads
print((fastsmote.nearest_neighbors(X, 3, n_jobs=8)[1] == expected).all())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory as Linux has them")
def test_a_limit_of_memory_that_leaves_no_room_for_threads__D6():
    run = subprocess.run([sys.executable, "-c", FEW], capture_output=True, text=True, check=False)
    assert (run.stdout.strip(), run.stderr) == ("True", "")


@pytest.mark.parametrize("n", [0, 1, 7, 79, 80, 100, 1000, 10_007])
@pytest.mark.parametrize("size", [1, 10, 99])
def test_even_sizes(n, size):
    even = even_size(n, size)
    assert 1 <= even <= size
    if split(n, size) < 2:
        assert even == size
    elif split(n, size) < 8:
        assert split(n, even) <= split(n, size) + 1
    else:
        assert split(n, even) <= 16 * split(split(n, size), 16)


# ---- threads that stay for a call


def threads_of(n_blocks, n_jobs=3):
    """The threads that each had a block at the same time."""
    barrier, seen = threading.Barrier(n_jobs), []

    def body(block):
        barrier.wait(timeout=600)
        seen.append(threading.get_ident())

    run_blocks(body, n_blocks, n_jobs=n_jobs)
    return set(seen)


def test_jobs_of_a_call_share_threads():
    with Crew():
        first = threads_of(3)
        assert len(first) == 3
        assert all(threads_of(3) == first for _ in range(20))
        assert first < threads_of(5, n_jobs=5)
        with Crew():  # the same call
            assert threads_of(3) <= threads_of(5, n_jobs=5)
    assert open_crew() is None


def test_a_crew_without_jobs_starts_no_thread(monkeypatch):
    monkeypatch.setattr(crew_module, "start_new_thread", None)
    with Crew():
        run_blocks(lambda block: None, 5, n_jobs=1)


def test_a_call_that_fails_leaves_no_thread():
    def call():
        threads_of(3)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        one_call(call)()
    assert open_crew() is None


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_in_a_block_leaves_the_threads_for_the_next_job(error):
    def act():
        raise error

    with Crew():
        before = threads_of(2, n_jobs=2)
        with pytest.raises(error):
            run_blocks(helper_only(act), 2, n_jobs=2)
        assert threads_of(2, n_jobs=2) == before


def test_calls_side_by_side_have_threads_of_their_own():
    found = {}

    def call(name):
        with Crew():
            threads_of(2, n_jobs=2)
            barrier.wait(timeout=600)
            found[name] = threads_of(2, n_jobs=2)

    barrier = threading.Barrier(4)
    calls = [threading.Thread(target=call, args=(name,)) for name in range(4)]
    for thread in calls:
        thread.start()
    for thread in calls:
        thread.join()
    assert len(set.union(*found.values())) == 8


@pytest.mark.parametrize("error", [RuntimeError("can't start new thread"), MemoryError()])
@pytest.mark.parametrize("can_start", [0, 1, 2])
def test_a_call_whose_threads_can_not_start(monkeypatch, can_start, error):
    started = limited(monkeypatch, can_start, error, crew_module)
    with Crew():
        for _ in range(3):
            seen = []
            run_blocks(lambda block: (seen.append(block), time.sleep(0.001)), 50, n_jobs=4)  # noqa: B023
            assert sorted(seen) == list(range(50))
    assert len(started) == can_start


def test_a_member_that_comes_late_does_the_next_job(monkeypatch):
    late = []
    monkeypatch.setattr(crew_module, "start_new_thread", lambda run, _: late.append(run))
    monkeypatch.setattr(driver, "_JOIN_SECONDS", 0.001)
    with Crew():
        seen = []
        run_blocks(seen.append, 5, n_jobs=2)
        assert seen == list(range(5))
        _thread.start_new_thread(late[0], ())
        assert len(threads_of(2, n_jobs=2)) == 2


def test_a_member_that_never_begins_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(crew_module, "start_new_thread", lambda run, _: None)
    monkeypatch.setattr(driver, "_JOIN_SECONDS", 0.001)
    with Crew():
        for _ in range(3):
            seen = []
            run_blocks(seen.append, 5, n_jobs=3)
            assert seen == list(range(5))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_member_that_fails_is_done_without(monkeypatch):
    def run(helper):
        raise MemoryError

    monkeypatch.setattr(driver, "_JOIN_SECONDS", 0.001)
    with Crew():
        with monkeypatch.context() as patch:
            patch.setattr(driver._Helper, "_run", run)
            run_blocks(lambda block: None, 5, n_jobs=2)
        seen = []
        run_blocks(seen.append, 5, n_jobs=2)
        assert sorted(seen) == list(range(5))


def test_members_of_a_crew_that_is_lost_end(monkeypatch):
    """Where nobody told them to: a Ctrl-C between two steps."""
    monkeypatch.setattr(crew_module, "_ALONE_SECONDS", 0.01)
    lost = Crew()
    lost.__enter__()
    threads_of(3)
    crew_module._here.crew = None
    del lost


@posix
def test_ctrl_c_while_members_are_dismissed(monkeypatch, ctrl_c):
    wait, raised = crew_module._Member.wait, []

    def interrupted(member):
        if not raised:
            raised.append(True)
            signal.raise_signal(signal.SIGINT)
        wait(member)

    monkeypatch.setattr(crew_module._Member, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt), Crew():
        threads_of(3)
    assert open_crew() is None


def test_what_a_job_held_is_free_while_its_threads_stay():
    class Large:
        pass

    with Crew():
        for _ in range(50):
            large = Large()
            run_blocks(helper_only(functools.partial(id, large)), 2, n_jobs=2)
            held = weakref.ref(large)
            del large
            assert held() is None


FORK_IN_A_CALL = """
import os, warnings
warnings.simplefilter("ignore", DeprecationWarning)
from fastsmote._core.crew import Crew
from fastsmote._core.threads import run_blocks

def all_done():
    seen = []
    run_blocks(seen.append, 20, n_jobs=3)
    return sorted(seen) == list(range(20))

with Crew():
    assert all_done()
    child = os.fork()
    done = all_done() and all_done()
if child == 0:
    os._exit(7 if done and all_done() else 8)
assert done
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@posix
def test_a_fork_between_the_jobs_of_a_call():
    run = subprocess.run([sys.executable, "-c", FORK_IN_A_CALL], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "7"
