"""On a cluster of processes: the same bits, whatever happens to the workers."""

import os
import signal
import time
from contextlib import contextmanager
from itertools import cycle

import dask
import dask.array as da
import numpy as np
import pytest
from adapters.dask.partitions import METHODS, agree, arrays, drawing, frame_in_partitions, numbers, table
from distributed import Client, LocalCluster, wait

import fastsmote
import fastsmote.dask

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:All rows of"),  # in memory as well
    pytest.mark.filterwarnings("ignore:Sending large graph"),  # of arrays that the tests made here
]


@contextmanager
def two_workers():
    cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0")  # any port that is free
    with cluster, Client(cluster) as client:
        yield client


@pytest.fixture(scope="module")
def client():
    with two_workers() as client:
        yield client


@pytest.fixture
def mortal():
    """A client of workers that are for one test, which kills one of them."""
    with two_workers() as client:
        yield client


@pytest.mark.parametrize("method", METHODS)
def test_any_partitions(client, method):
    assert agree(method, *numbers(300, labels=("a", "b", "c")), [0, 20, 100, 100, 260], random_state=3)


@pytest.mark.parametrize("method", METHODS)
def test_frames(client, method):
    frame = table(*numbers(200))
    options = drawing(method, {"random_state": 4})
    resampled = getattr(fastsmote.dask, method)(
        frame_in_partitions(frame, [9, 60]), target="label", **options
    )
    whole = getattr(fastsmote, method)(frame.drop(columns=["label"]), frame["label"], **options)
    assert np.array_equal(resampled.compute()["label"], whole[1])


def _killing(block, folder, i, block_info=None):
    """A block of rows; the worker that is the first to ask for the last one dies of it."""
    if block_info[0]["chunk-location"][0] == i:
        try:
            os.close(os.open(folder / "killed", os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return block
        os.kill(os.getpid(), signal.SIGKILL)
    return block


@pytest.mark.parametrize("method", METHODS)
def test_a_worker_is_killed_while_blocks_are_read(mortal, method, tmp_path):
    X, y = numbers(400, seed=5)
    DX, DY = arrays(X, y, range(50, 400, 50))
    fragile = da.map_blocks(_killing, DX, tmp_path, 5, dtype=X.dtype, meta=X[:0])
    options = drawing(method, {"random_state": 1})
    actual = dask.compute(*getattr(fastsmote.dask, method)(fragile, DY, **options))
    assert (tmp_path / "killed").exists()
    expected = getattr(fastsmote, method)(X, y, **options)
    assert all(np.array_equal(a, e) for a, e in zip(actual, expected, strict=True))


@pytest.mark.parametrize(("method", "after"), list(zip(METHODS, cycle([0.05, 0.3, 0.8]), strict=False)))
def test_a_worker_is_killed_at_any_time(mortal, method, after):
    """Some results of passes are lost, and are computed again."""
    X, y = numbers(2000, seed=6)
    options = drawing(method, {"random_state": 1})
    lazy = getattr(fastsmote.dask, method)(*arrays(X, y, range(40, 2000, 40)), **options)
    running = mortal.compute(list(lazy))
    time.sleep(after)
    os.kill(next(iter(mortal.run(os.getpid).values())), signal.SIGKILL)
    wait(running, timeout=100)
    actual = mortal.gather(running)
    expected = getattr(fastsmote, method)(X, y, **options)
    assert all(np.array_equal(a, e) for a, e in zip(actual, expected, strict=True))


@pytest.mark.parametrize("method", METHODS)
def test_thousands_of_partitions(method):
    X, y = numbers(4000, seed=7)
    with dask.config.set(scheduler="threads"):
        assert agree(method, X, y, range(0, 4000, 2), random_state=1)
