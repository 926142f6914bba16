"""Threads, forks, interrupts and cancellation; what could end the process runs in one of its own."""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from statistics import median

import numpy as np
import pytest
from strategies import fraud, normal

import fastsmote

DEADLOCK = 1200  # seconds: far beyond what a loaded machine takes

posix = pytest.mark.skipif(os.name != "posix", reason="fork and SIGINT are POSIX")

WORK = """
import numpy as np
import fastsmote

rng = np.random.default_rng(0)
X = rng.normal(size=(4000, 5))
y = (rng.random(4000) < 0.1).astype(int)

def work():
    made = fastsmote.smote(X, y, random_state=0)[0]
    kept = fastsmote.select.tomek_links(X, y)
    return float(made.sum()), int(kept.sum())
"""


def run(script, **environment):
    """Standard output of a script in an interpreter of its own, which must end well."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=DEADLOCK,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def helpers():
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("fastsmote")]


@pytest.mark.slow
def test_many_threads_at_once():
    X, y = fraud(700, 4)

    def work(seed):
        return (
            fastsmote.smote(X, y, random_state=seed)[0].sum(),
            fastsmote.adasyn(X, y, random_state=seed)[0].sum(),
            fastsmote.select.tomek_links(X, y).sum(),
            fastsmote.nearest_neighbors(X, 3)[1].sum(),
        )

    expected = [work(seed) for seed in range(5)]
    with ThreadPoolExecutor(8) as pool:
        actual = list(pool.map(lambda i: work(i % 5), range(200)))
    assert actual == [expected[i % 5] for i in range(200)]
    assert helpers() == []


@pytest.mark.slow
def test_first_call_by_many_threads_and_an_empty_cache(tmp_path):
    script = (
        WORK
        + """
import threading

start = threading.Barrier(8)
results = []

def first():
    start.wait()
    results.append(work())

threads = [threading.Thread(target=first) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert results == [work()] * 8, results
print("equal")
"""
    )
    assert run(script, FASTSMOTE_CACHE=str(tmp_path)) == "equal\n"
    assert list(tmp_path.glob("*.nbc"))
    assert not list(tmp_path.glob("*.tmp"))


@posix
def test_fork_after_use():
    script = (
        WORK
        + """
import os
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)
expected = work()

def in_child(task):
    child = os.fork()
    if child == 0:
        try:
            task()
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0

def grandchild():
    assert work() == expected
    in_child(lambda: exit_unless(work() == expected))
    found = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    assert found == [expected]

def exit_unless(fine):
    if not fine:
        os._exit(1)

in_child(grandchild)
assert work() == expected
print("equal")
"""
    )
    assert run(script) == "equal\n"


@posix
def test_fork_while_other_threads_work():
    script = (
        WORK
        + """
import os
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)
expected = work()
stop = threading.Event()

def keep_busy():
    while not stop.is_set():
        work()

thread = threading.Thread(target=keep_busy)
thread.start()
for _ in range(5):
    child = os.fork()
    if child == 0:
        os._exit(0 if work() == expected else 1)
    assert os.waitpid(child, 0)[1] == 0
stop.set()
thread.join()
print("equal")
"""
    )
    assert run(script) == "equal\n"


@pytest.mark.slow
def test_spawn(tmp_path):
    script = tmp_path / "spawned.py"
    script.write_text(
        WORK
        + """
if __name__ == "__main__":
    import multiprocessing

    with multiprocessing.get_context("spawn").Pool(2) as pool:
        actual = pool.starmap(work, [()] * 4)
    assert actual == [work()] * 4
    print("equal")
"""
    )
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=DEADLOCK, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "equal\n"


@pytest.mark.slow
@posix
def test_interrupt():
    """Ctrl-C during a job of minutes: the median of three ends within half a second.

    Of the processor, as other tests keep it busy: what all threads spend from the first block until the end.
    """
    script = (
        WORK
        + """
import os
import signal
import threading
import time

def tell(done, total):
    if not started:
        started.append(time.process_time())
        print("at work", flush=True)

signal.signal(signal.SIGINT, signal.default_int_handler)  # pytest may run with SIGINT ignored
expected = work()
noise = rng.normal(size=(200_000, 30))
for _ in range(3):
    started = []
    try:
        fastsmote.nearest_neighbors(noise, 5, progress=tell)
    except KeyboardInterrupt:
        print("stopped", (time.process_time() - started[0]) / os.cpu_count(), flush=True)
    else:
        raise SystemExit("the job ended before it was interrupted")
    assert work() == expected
    assert threading.active_count() == 1
print("clean", flush=True)
"""
    )
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    delays = []
    try:
        for line in child.stdout:
            word, *rest = line.split()
            if word == "at":
                child.send_signal(signal.SIGINT)
            elif word == "stopped":
                delays.append(float(rest[0]))
        assert child.wait(60) == 0
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
    assert line == "clean\n"
    assert len(delays) == 3
    assert median(delays) < 0.5


@pytest.mark.parametrize("n_jobs", [1, 2, 5])
@pytest.mark.parametrize(
    "job",
    [
        lambda X, y, **rest: fastsmote.nearest_neighbors(X, 3, **rest),
        lambda X, y, **rest: fastsmote.smote(X, y, random_state=0, **rest),
        lambda X, y, **rest: fastsmote.adasyn(X, y, random_state=0, **rest),
        fastsmote.tomek_links,
    ],
    ids=["nearest_neighbors", "smote", "adasyn", "tomek_links"],
)
def test_progress_that_raises_cancels(job, n_jobs):
    X, y = fraud(20_000, 4)
    expected = job(X, y)
    calls = []

    def cancel(done, total):
        calls.append((done, total))
        raise InterruptedError("enough")

    with pytest.raises(InterruptedError, match="enough"):
        job(X, y, n_jobs=n_jobs, progress=cancel)
    assert len(calls) == 1
    assert helpers() == []
    for actual, e in zip(job(X, y), expected, strict=True):
        np.testing.assert_array_equal(actual, e)


def test_a_call_from_inside_a_block_is_answered():
    from fastsmote._core.threads import run_blocks

    X = normal(500, 3)
    expected = fastsmote.nearest_neighbors(X, 2)[1]
    found = [None] * 6

    def body(block):
        found[block] = fastsmote.nearest_neighbors(X, 2)[1]

    run_blocks(body, 6, n_jobs=3)
    for actual in found:
        np.testing.assert_array_equal(actual, expected)


def test_threads_of_the_process_and_of_blas_are_left_alone():
    threadpoolctl = pytest.importorskip("threadpoolctl")
    X, y = fraud(5000, 4)
    fastsmote.smote(X, y)
    before = threading.active_count(), threadpoolctl.threadpool_info()
    fastsmote.smote(X, y, n_jobs=4)
    fastsmote.tomek_links(X, y, n_jobs=4)
    assert (threading.active_count(), threadpoolctl.threadpool_info()) == before
    with pytest.raises(ValueError, match="k_neighbors"):
        fastsmote.smote(X, y, k_neighbors=4000)
    assert (threading.active_count(), threadpoolctl.threadpool_info()) == before


@pytest.mark.slow
def test_no_index_out_of_bounds(tmp_path):
    script = """
import numpy as np
import fastsmote

rng = np.random.default_rng(0)
sets = [rng.normal(size=shape) for shape in [(2, 1), (33, 3), (129, 13), (700, 30), (300, 130)]]
sets += [np.zeros((300, 3)), sets[3][rng.integers(0, 20, 700)], np.round(sets[3][:, :2])]
for X in sets:
    n = len(X)
    y = np.arange(n) % 3 == 0
    for k in {1, min(n - 1, 9)}:
        fastsmote.nearest_neighbors(X, k)
    fastsmote.nearest_neighbors(X, n, queries=X[:2] + 1)
    fastsmote.NeighborIndex(X).farthest(X[:2] + 1, n)
    fastsmote.tomek_links(X, y, min_count=1)
    fastsmote.random_over_sample(X, y, shrinkage=1.0)
    fastsmote.random_under_sample(X, y)
    if n > 2:
        fastsmote.edited_nearest_neighbours(X, y, min_count=1)
        fastsmote.condensed_nearest_neighbour(X, y)
        fastsmote.cluster_centroids(X, y, sampling_strategy={False: 9})
        for version in (1, 2):
            fastsmote.near_miss(X, y, version=version)
        fastsmote.smote(X, y, k_neighbors=3)
        if X.any():
            fastsmote.adasyn(X, y, n_neighbors=3)
print("inside")
"""
    assert run(script, NUMBA_BOUNDSCHECK="1", FASTSMOTE_CACHE=str(tmp_path)) == "inside\n"


SUB_INTERPRETERS = """
import importlib.util
import sys
import warnings

name = next(name for name in ("_interpreters", "_xxsubinterpreters") if importlib.util.find_spec(name))
interpreters = importlib.import_module(name)
run = getattr(interpreters, "exec", None) or interpreters.run_string

script = '''
import sys, warnings
sys.path[:] = {path}
warnings.simplefilter("ignore")
try:
    import fastsmote
    X, y = fastsmote.smote([[0.0], [1.0], [2.0], [5.0]] * 3, [0, 0, 0, 1] * 3, k_neighbors=1)
    print("works", len(y), flush=True)
except ImportError as error:
    print(error, flush=True)
'''.replace("{path}", repr(sys.path))

for _ in range(2):  # the first to load NumPy can use it, if it shares the lock of the main one
    run(interpreters.create(), script)
import fastsmote
run(interpreters.create(), script)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.implementation.name != "cpython", reason="sub-interpreters of CPython")
def test_a_sub_interpreter_works_or_says_why_not__D7():
    first, *others = run(SUB_INTERPRETERS).splitlines()
    refused = "fastsmote does not work in this sub-interpreter: NumPy and numba load in one interpreter"
    assert first == "works 18" or first.startswith(refused)
    assert len(others) == 2
    for line in others:
        assert line.startswith(refused)
        assert "Use threads or processes" in line
