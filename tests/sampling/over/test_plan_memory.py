"""A plan is applied block by block into a memory map by a process that has no memory for the whole."""

import pickle
import subprocess
import sys

import numpy as np
import pytest
from strategies import fraud

from fastsmote import plan

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_DATA and /proc are those of Linux")

N, D, N_NEW = 3_000, 100, 300_000
MIB = 2**20
ALLOWANCE = 32 * MIB
SIZE = 8_192

CODE = f"""
import pickle
import resource
import sys
import numpy as np
import fastsmote

folder, how = sys.argv[1:]
X = np.load(folder + "/X.npy", mmap_mode="r")
with open(folder + "/plan.pickle", "rb") as file:
    made = pickle.load(file)
shape = len(made), X.shape[1]
stored = np.lib.format.open_memmap(folder + "/rows.npy", "w+", dtype=X.dtype, shape=shape)


def apply(stop):
    start = 0
    while start < stop:
        end = min(start + {SIZE}, stop)
        made.rows(X, start, end, out=stored[start:end])
        start = end


def apply_blocks(stop):
    start = 0
    for block in made.blocks(X, {SIZE}):
        stored[start : start + len(block)] = block
        start += len(block)
        if start >= stop:
            break


apply(3 * {SIZE})
apply_blocks(3 * {SIZE})
stored[:] = np.nan
with open("/proc/self/status") as status:
    used = next(1024 * int(line.split()[1]) for line in status if line.startswith("VmData"))
resource.setrlimit(resource.RLIMIT_DATA, (used + {ALLOWANCE},) * 2)
(apply if how == "out" else apply_blocks)(len(made))
stored.flush()
try:
    made.rows(X)
except MemoryError:
    print("too large")
"""

DECIDE = {
    "smote": plan.smote,
    "smoothed": lambda X, y, **rest: plan.random_over_sample(X, y, shrinkage=0.5, **rest),
    "ruled": lambda X, y, **rest: plan.smote(X, y, columns={0: "integer", 1: (-1, 1)}, **rest),
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "how", "dtype"),
    [
        ("smote", "out", np.float64),
        ("smote", "blocks", np.float32),
        ("smoothed", "out", np.float32),
        ("ruled", "blocks", np.float32),
    ],
)
def test_rows_are_written_to_a_memory_map_in_little_memory(name, how, dtype, tmp_path):
    X, y = fraud(N, D, (0.9, 0.1), dtype=dtype)
    made = DECIDE[name](X, y, sampling_strategy={1: 300 + N_NEW}, random_state=0)
    n_bytes = N_NEW * D * X.itemsize
    assert 3 * ALLOWANCE < n_bytes < 400 * MIB
    np.save(tmp_path / "X.npy", X)
    (tmp_path / "plan.pickle").write_bytes(pickle.dumps(made))
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(tmp_path), how], capture_output=True, text=True, check=False
    )
    assert done.stdout == "too large\n", done.stderr
    stored = np.load(tmp_path / "rows.npy", mmap_mode="r")
    assert stored.shape == (N_NEW, D)
    for start, stop in [(0, 10), (SIZE - 5, SIZE + 5), (123_456, 125_000), (N_NEW - 1_000, N_NEW)]:
        np.testing.assert_array_equal(stored[start:stop], made.rows(X, start, stop))
    assert not np.isnan(stored[:, 0]).any()
    (tmp_path / "rows.npy").unlink()
