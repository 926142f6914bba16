"""The prediction for more cores: schedules that are known, bounds, and what is recorded."""

import importlib
import os
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import REPOSITORY

import fastsmote
from fastsmote._core.threads import run_blocks

pytest.importorskip("imblearn")

BLOCKS = st.lists(st.integers(0, 1000), min_size=1, max_size=40).map(np.array)
CORES = st.integers(1, 12)


@pytest.fixture(scope="module", autouse=True)
def small():
    """The benchmarks, at their smallest sizes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(REPOSITORY / "asv_bench"))
        patch.setenv("ASV_SKIP_SLOW", "1")  # read when the benchmarks are first imported
        importlib.import_module("benchmarks.scaling")
        yield


def schedule():
    return importlib.import_module("benchmarks.schedule")


def calls():
    return importlib.import_module("benchmarks.scaling").CALLS


@pytest.mark.parametrize(
    ("blocks", "cores", "expected"),
    [
        ([5], 8, 5),
        ([2, 3, 4], 1, 9),
        ([1, 1, 1, 1], 2, 2),
        ([1, 1, 1, 1], 3, 2),
        ([3, 1, 1, 1], 2, 3),  # the long one first
        ([1, 1, 1, 3], 2, 4),  # and last: in the driver's order, not the best one
        ([4, 2, 1, 3], 2, 6),
        ([1, 2, 3], 64, 3),
    ],
)
def test_known_schedules(blocks, cores, expected):
    assert schedule().makespan(np.array(blocks), cores) == expected


@pytest.mark.parametrize(
    ("blocks", "cores", "expected"),
    [
        ([4, 4], 2, 5),  # one thread is started, then both work
        ([4, 4, 4], 3, 6),  # from 1, 2 and 2 on
        ([1, 1, 1, 1, 1, 1], 64, 4),  # ends at 2, 3, 3, 4, 4, 4: threads that come late
        ([7], 64, 7),  # no thread is started for one block
    ],
)
def test_threads_start_one_after_the_other(blocks, cores, expected):
    assert schedule().makespan(np.array(blocks), cores, start=1) == expected


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (0, 7),  # started at 2 and 4, when this thread works too
        (1, 6),  # woken at 1, started at 3
        (2, 5),
        (9, 5),
    ],
)
def test_threads_that_are_there_are_woken(there, expected):
    assert schedule().makespan(np.array([3, 3, 3]), 3, start=2, wake=1, there=there) == expected


def test_threads_of_a_call_stay_for_its_jobs():
    recording = schedule()._Recording(1.0, [np.array([3.0, 3.0]), np.array([3.0, 3.0, 3.0])])
    assert recording.speedup(3, start=2, wake=1) == 16 / (1 + 5 + 6 + 2)  # 2 are told to end


@given(BLOCKS, CORES)
def test_bounds_of_a_schedule(blocks, cores):
    actual = schedule().makespan(blocks, cores)
    assert max(blocks.max(), blocks.sum() / cores) <= actual
    assert actual <= blocks.sum() / cores + blocks.max() * (1 - 1 / cores) + 1e-9  # Graham (1966)
    assert schedule().makespan(blocks, cores + 1) <= actual
    assert schedule().makespan(blocks, cores, start=5) >= actual


@given(st.integers(1, 1000), st.lists(BLOCKS, max_size=4), CORES)
def test_bounds_of_a_speedup(serial, jobs, cores):
    recording = schedule()._Recording(serial, jobs)
    actual = recording.speedup(cores)
    assert 1 - 1e-12 <= actual <= cores + 1e-12
    longest = max([0, *(blocks.max() for blocks in jobs)])
    assert actual <= recording.total / max(serial, longest)
    assert recording.speedup(1) == pytest.approx(1)


def test_each_job_is_a_barrier():
    recording = schedule()._Recording(1.0, [np.array([1.0, 3.0]), np.array([3.0, 1.0])])
    assert recording.total == 9
    assert recording.n_blocks == 4
    assert recording.speedup(2) == 9 / 7


class Clock:
    """Stands for the module ``time``: time passes where a test says so."""

    def __init__(self):
        self.now = 0

    def thread_time(self):
        return self.now

    def pass_by(self, seconds):
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(schedule(), "time", clock)
    return clock


def test_record_times_blocks_in_the_calling_thread(clock):
    done = []

    def body(block):
        done.append((block, threading.active_count()))
        clock.pass_by([1, 2, 30, 4][block])
        run_blocks(lambda _: clock.pass_by(5), 3)  # inside a block: part of it

    def call():
        clock.pass_by(100)
        run_blocks(body, 4)
        run_blocks(lambda _: clock.pass_by(1000), 1)  # one block is no job for threads
        run_blocks(clock.pass_by, 2)

    before = threading.active_count(), os.environ.get("FASTSMOTE_NUM_THREADS")
    recording = schedule().record(call, runs=2)
    assert done == 2 * [(block, before[0]) for block in range(4)]
    assert list(map(list, recording.jobs)) == [[16, 17, 45, 19], [0, 1]]
    assert recording.serial == 1100
    assert os.environ.get("FASTSMOTE_NUM_THREADS") == before[1]


def test_record_takes_the_least_of_the_runs(clock):
    seconds = iter([10, 1, 5, 20, 3, 4])

    def call():
        clock.pass_by(next(seconds))
        run_blocks(lambda _: clock.pass_by(next(seconds)), 2)

    recording = schedule().record(call, runs=2)
    assert list(map(list, recording.jobs)) == [[1, 4]]
    assert recording.serial == 10


def test_record_refuses_runs_that_differ():
    sizes = iter([2, 3])
    with pytest.raises(ValueError, match="inhomogeneous"):
        schedule().record(lambda: run_blocks(lambda _: None, next(sizes)), runs=2)


def test_a_recorded_call_gives_what_it_gives():
    X, y = fastsmote.make_fraud(20_000, fraud_rate=0.1, random_state=0)
    results = []
    recording = schedule().record(lambda: results.append(fastsmote.smote(X, y, random_state=0)), runs=1)
    expected = fastsmote.smote(X, y, random_state=0)
    assert recording.jobs
    assert all(np.array_equal(*pair) for pair in zip(results[0], expected, strict=True))


def test_blocks_are_the_same_for_any_number_of_threads(monkeypatch):
    n_jobs = 0
    for make in calls().values():
        call = make()
        lengths = []
        for cores in (2, 64):
            monkeypatch.setattr(schedule(), "_MOST_CORES", cores)
            lengths.append([len(blocks) for blocks in schedule().record(call, runs=1).jobs])
        assert lengths[0] == lengths[1]
        n_jobs += len(lengths[0])
    assert n_jobs > len(calls())


def test_a_thread_takes_microseconds_to_start_and_fewer_to_wake():
    start, wake = schedule().thread_seconds()
    assert 1e-7 < wake < start < 0.05
