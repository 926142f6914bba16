"""Tables that a process may not hold."""

import os
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

_ROWS, _COLUMNS = 262_144, 32  # of a group: 34 MB
_GROUPS = 40
_LIMIT = 1_200_000_000  # of data, some of which are never resident


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    """A file of a table of 1.4 GB, with few values, so that it is written in little time."""
    path = tmp_path_factory.mktemp("big") / "big.parquet"
    rng = np.random.default_rng(0)
    y = np.zeros(_ROWS, np.int64)
    y[::500] = 1
    columns = {f"x{j}": rng.integers(0, 50, _ROWS).astype(np.float32) for j in range(_COLUMNS)}
    rarer = (np.arange(_ROWS) % 50_000 == 0).astype(np.int64)
    group = pa.table(columns | {"y": y, "rarer": rarer})
    with pq.ParquetWriter(path, group.schema) as writer:
        for _ in range(_GROUPS):
            writer.write_table(group)
    return path


def limited(code, *arguments):
    """Run in a process that may not have more data, and tell the most that it had."""
    limit = (
        "import resource, sys\n"
        f"resource.setrlimit(resource.RLIMIT_DATA, ({_LIMIT}, {_LIMIT}))\n"
        f"{code}\n"
        "status = dict(line.split(':') for line in open('/proc/self/status'))\n"
        "print(int(status['VmHWM'].split()[0]) * 1024)\n"  # ru_maxrss counts what pytest held at the fork
    )
    return subprocess.run(
        [sys.executable, "-c", limit, *map(str, arguments)], capture_output=True, text=True, check=False,
        env={**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system"},  # others reserve more than they use
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("method", ["smote", "random_over_sample", "random_under_sample"])
def test_a_table_that_does_not_fit(big, tmp_path, method):
    code = (
        "import fastsmote\n"
        "fastsmote.files.resample(sys.argv[1], sys.argv[2], target='y', method=sys.argv[3],\n"
        "    memory_limit='1GB', sampling_strategy=0.5, random_state=0)"
    )
    done = limited(code, big, tmp_path / "out.parquet", method)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 1_000_000_000
    n, few = _GROUPS * _ROWS, _GROUPS * len(range(0, _ROWS, 500))
    rows = {"random_under_sample": few + 2 * few}.get(method, n - few + (n - few) // 2)
    assert pq.ParquetFile(tmp_path / "out.parquet").metadata.num_rows == rows


@pytest.mark.slow
@pytest.mark.parametrize("method", ["adasyn", "tomek_links"])
def test_the_few_beside_a_table_that_does_not_fit(big, tmp_path, method):
    """240 rare rows, which each block is joined with; 40 times six, as groups repeat: hence 60 neighbours."""
    code = (
        "import fastsmote\n"
        "drawing = {'sampling_strategy': 0.001, 'n_neighbors': 60, 'random_state': 0}\n"
        "options = drawing if sys.argv[3] == 'adasyn' else {}\n"
        "done = fastsmote.files.resample(sys.argv[1], sys.argv[2], target='rarer', method=sys.argv[3],\n"
        "    memory_limit='1GB', **options)\n"
        "assert done.counts_before == {0: 40 * 262_144 - 240, 1: 240}, done\n"
        "print(sum(done.counts_after.values()))"
    )
    done = limited(code, big, tmp_path / "out.parquet", method)
    assert done.returncode == 0, done.stderr
    n_after, peak = map(int, done.stdout.split())
    assert peak < 1_000_000_000
    assert pq.ParquetFile(tmp_path / "out.parquet").metadata.num_rows == n_after
    assert n_after > _GROUPS * _ROWS if method == "adasyn" else n_after <= _GROUPS * _ROWS


@pytest.mark.slow
def test_it_does_not_fit(big):
    done = limited("import pyarrow.parquet; pyarrow.parquet.read_table(sys.argv[1])", big)
    assert done.returncode != 0
    assert "failed" in done.stderr
