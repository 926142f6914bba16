"""On a cluster of processes: the same bits, whatever happens to the workers."""

import os
import signal
import time
from contextlib import contextmanager

import dask
import dask.array as da
import numpy as np
import pytest
from adapters.dask import columns
from adapters.dask.partitions import (
    GROWING,
    METHODS,
    agree,
    arrays,
    drawing,
    frame_in_partitions,
    numbers,
    table,
)  # fmt: skip
from distributed import Client, LocalCluster, WorkerPlugin, wait

import fastsmote
import fastsmote.dask
from fastsmote._blocks.samplers import BLOCK_SAMPLERS

KINDS = (  # one of each kind of passes; that of the first, which gathers the few, the others have too
    "random_over_sample", "near_miss", "adasyn", "edited_nearest_neighbours", "smote_tomek",
)  # fmt: skip
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


@pytest.mark.parametrize("method", ["random_under_sample", "smotenc"])
def test_a_worker_is_killed_while_blocks_are_read(mortal, method, tmp_path):
    X, y = numbers(400, seed=5)
    DX, DY = arrays(X, y, range(50, 400, 50))
    fragile = da.map_blocks(_killing, DX, tmp_path, 5, dtype=X.dtype, meta=X[:0])
    options = drawing(method, {"random_state": 1})
    actual = dask.compute(*getattr(fastsmote.dask, method)(fragile, DY, **options))
    assert (tmp_path / "killed").exists()
    expected = getattr(fastsmote, method)(X, y, **options)
    assert all(np.array_equal(a, e) for a, e in zip(actual, expected, strict=True))


@pytest.mark.parametrize(("method", "after"), [("smote", 0.05), ("smote_enn", 0.3), ("tomek_links", 0.8)])
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


class _Killer(WorkerPlugin):
    """In each pass, and after all, the worker that finishes a certain task first dies, with all it holds."""

    def __init__(self, folder, steps, i):
        self._folder, self._steps, self._i = folder, steps, i

    def transition(self, key, start, finish, **kwargs):
        step, *place = key if isinstance(key, tuple) else (key,)
        for one in self._steps:
            if finish == "memory" and start == "executing" and f"-{one}-" in step and place[:1] == [self._i]:
                try:
                    os.close(os.open(self._folder / one, os.O_CREAT | os.O_EXCL))
                except FileExistsError:
                    continue
                os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("method", KINDS[1:])
def test_a_worker_is_killed_in_each_pass(method, tmp_path):
    """What it had found, in this pass and in those before, is found again, and the few gathered again."""
    X, y = numbers(400, seed=8)
    options = drawing(method, {"random_state": 1})
    steps = {f"look-{number}" for number in range(BLOCK_SAMPLERS[method].n_passes)}
    steps.add("old" if method in GROWING else "stay")
    with dask.config.set({"distributed.scheduler.allowed-failures": 9}), two_workers() as client:
        client.register_plugin(_Killer(tmp_path, steps, 4))
        lazy = getattr(fastsmote.dask, method)(*arrays(X, y, range(50, 400, 50)), **options)
        actual = client.gather(client.compute(list(lazy)))
    assert {file.name for file in tmp_path.iterdir()} == steps
    expected = getattr(fastsmote, method)(X, y, **options)
    assert all(np.array_equal(a, e) for a, e in zip(actual, expected, strict=True))


def _read_at_the_third_time(block, folder, block_info=None):
    """A block of rows, from a source that fails twice for each."""
    i = block_info[0]["chunk-location"][0]
    for attempt in range(2):
        try:
            os.close(os.open(folder / f"{i}-{attempt}", os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            continue
        raise OSError("not now")
    return block


@pytest.mark.parametrize("method", METHODS)
def test_what_fails_is_tried_again(client, method, tmp_path):
    X, y = numbers(300, seed=9)
    DX, DY = arrays(X, y, [100, 200])
    options, lazy = drawing(method, {"random_state": 1}), []
    for folder in (tmp_path / "once", tmp_path / "again"):
        folder.mkdir()
        unreliable = da.map_blocks(_read_at_the_third_time, DX, folder, dtype=X.dtype, meta=X[:0])
        lazy.append(getattr(fastsmote.dask, method)(unreliable, DY, **options))
    with pytest.raises(OSError, match="not now"):
        dask.compute(*lazy[0])
    actual = dask.compute(*lazy[1], retries=3)
    expected = getattr(fastsmote, method)(X, y, **options)
    assert all(np.array_equal(a, e) for a, e in zip(actual, expected, strict=True))


@pytest.mark.parametrize("method", METHODS)
def test_decisions(client, method):
    X, y = numbers(300, labels=("a", "b", "c"))
    options = drawing(method, {"random_state": 3})
    home = "plan" if method in GROWING else "select"
    actual = getattr(getattr(fastsmote.dask, home), method)(*arrays(X, y, [0, 20, 100, 260]), **options)
    expected = getattr(getattr(fastsmote, home), method)(X, y, **options)
    made = actual.compute()
    assert made == expected if home == "plan" else np.array_equal(made, expected)


@pytest.mark.parametrize("method", KINDS)
def test_hundreds_of_partitions(method):
    X, y = numbers(4000, seed=7)
    with dask.config.set(scheduler="threads"):
        assert agree(method, X, y, range(0, 4000, 8), random_state=1)


def test_ten_thousand_partitions():
    """Two rows in each, and none in every tenth."""
    X, y = numbers(20_000, seed=10, share=0.02)
    ends = [end - end % 20 if end % 20 == 2 else end for end in range(2, 20_000, 2)]
    with dask.config.set(scheduler="threads"):
        assert agree("smote", X, y, ends, random_state=1)


def test_persisted_arrays(client):
    """Dask's own optimization of an array drops what a cluster holds already."""
    X, y = numbers(300)
    held = dask.persist(*arrays(X, y, [20, 100, 260]))
    actual = dask.compute(*fastsmote.dask.smote(*held, random_state=3))
    assert all(
        np.array_equal(a, e) for a, e in zip(actual, fastsmote.smote(X, y, random_state=3), strict=True)
    )
    y, scores, _ = columns.rows(500, 1)
    labels, held = dask.persist(*columns.partitioned([100, 333], y, scores))
    assert fastsmote.dask.roc_auc_score(labels, held) == fastsmote.roc_auc_score(y, scores)


def test_scores(client):
    y, values, weights = columns.rows(500, 1)
    for name in ("confusion_sweep", "roc_auc_score", "average_precision_score", "log_loss"):
        assert columns.agree(name, [0, 100, 100, 333], y, values)
    assert columns.agree("roc_curve", [100, 333], y, values, weights)
    parts = columns.partitioned([100, 333], y, values)
    assert fastsmote.dask.estimate_prior(parts[1], 0.4) == fastsmote.estimate_prior(values, 0.4)
    assert fastsmote.dask.class_weights(parts[0]) == fastsmote.class_weights(y)


def test_leaks(client):
    X, y = numbers(400, np.float64)
    X[::3] += np.random.default_rng(0).normal(size=X[::3].shape)
    train, test = arrays(X[:300], y[:300], [20, 20, 190]), arrays(X[300:], y[300:], [60])
    report = fastsmote.dask.leakage_report(train[0], test[0], y_train=train[1], y_test=test[1])
    expected = fastsmote.leakage_report(X[:300], X[300:], y_train=y[:300], y_test=y[300:])
    assert len(expected.exact_pairs)
    assert report.to_dict() == expected.to_dict()


@pytest.mark.parametrize("name", ["confusion_sweep", "average_precision_score", "brier_decomposition"])
def test_a_worker_is_killed_while_scores_are_read(mortal, name, tmp_path):
    y, values, _ = columns.rows(400, 2)
    labels, scores = columns.partitioned(range(50, 400, 50), y, values)
    fragile = da.map_blocks(_killing, scores, tmp_path, 5, dtype=scores.dtype, meta=values[:0])
    actual = columns.bits(getattr(fastsmote.dask, name)(labels, fragile))
    assert (tmp_path / "killed").exists()
    assert actual == columns.bits(getattr(fastsmote, name)(y, values))
