"""Who stops before the end never waits for ever: a read may be under way, and Arrow reads ahead of it."""

import subprocess
import sys

import pytest

pytest.importorskip("pyarrow")  # for the processes that the tests start

_STOPS = """
import sys
from pathlib import Path

import numpy as np, pyarrow as pa, pyarrow.csv, pyarrow.dataset as ds, pyarrow.parquet as pq

from fastsmote.files._source import opened

kind, n_stops, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
rng = np.random.default_rng(0)
table = pa.table({f"x{j}": rng.random(3000) for j in range(4)} | {"y": rng.integers(0, 2, 3000)})
pq.write_table(table, folder / "rows.parquet", row_group_size=100)
pyarrow.csv.write_csv(table, folder / "rows.csv")
source = {
    "files of Parquet": lambda: folder / "rows.parquet",
    "Dataset of Parquet": lambda: ds.dataset(folder / "rows.parquet"),
    "CSV": lambda: folder / "rows.csv",
    "Dataset in memory": lambda: ds.InMemoryDataset(table.to_batches(max_chunksize=100)),
    "stream": lambda: table.to_reader(max_chunksize=100),
}[kind]


class Stop(Exception):
    pass


def use(read, last, way):
    blocks = read(None, 50)
    for i, _ in enumerate(blocks):
        if i == last and way == "error":
            raise Stop
        if i == last and way == "close":
            blocks.close()
            return
        if i == last and way == "cycle":
            held = [blocks]
            held.append(held)
            return
        if i == last:
            return  # and what was read is let go as it may


for stop in range(n_stops):
    try:
        with opened(source(), 10**9, folder) as (_, read):
            use(read, stop % 7, ("error", "close", "leave", "cycle")[stop % 4])
    except Stop:
        pass
print("done")
"""
KINDS = ("files of Parquet", "Dataset of Parquet", "CSV", "Dataset in memory", "stream")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n_stops", [30, pytest.param(2000, marks=pytest.mark.slow)])
def test_early_stops_do_not_hang(kind, n_stops, tmp_path):
    """Nor does the process that ends right behind them."""
    done = subprocess.run(
        [sys.executable, "-c", _STOPS, kind, str(n_stops), str(tmp_path)],
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr
    assert not list(tmp_path.glob(".fastsmote.*"))


_COLLECTED = """
import gc, threading
from concurrent.futures import thread
from pathlib import Path

import pyarrow as pa
from fastsmote.files._source import opened

table = pa.table({"x": list(range(1000))})
with opened(table.to_reader(max_chunksize=10), 10**9, Path(".")) as (_, read):
    blocks = read(None, 10)
    assert next(blocks).num_rows == 10
    held = [blocks]
    held.append(held)
    del blocks, held
    with thread._global_shutdown_lock, threading._active_limbo_lock:
        assert gc.collect() > 0
    assert sum(block.num_rows for block in read(None, 10)) == 1000
print("done")
"""


def test_blocks_may_be_collected_anywhere(tmp_path):
    """Once a run of the tests hung: the collector joined a thread, and held a lock that the thread needed."""
    done = subprocess.run(
        [sys.executable, "-c", _COLLECTED],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=tmp_path,
    )
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr
