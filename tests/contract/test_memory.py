"""The peak of memory of over-samplers, in sizes of the output: what the docstrings say (D8)."""

import subprocess
import sys

import pytest
from places import REPOSITORY

CASES = [
    ("random_over_sample", "pandas, mixed", 0.02, 1.25),
    ("random_over_sample", "pyarrow", 0.02, 1.25),
    ("smote", "array", 0.02, 1.25),
    ("smote", "pandas", 0.02, 1.25),
    ("smote", "pandas", 0.35, 1.25),
    ("smote", "pandas, mixed", 0.02, 1.6),
    ("smote", "polars", 0.02, 1.25),
    ("smote", "pyarrow", 0.02, 1.25),
    ("adasyn", "pandas, mixed", 0.02, 1.6),
    ("smotenc", "pandas, mixed", 0.02, 1.6),
    ("smotenc", "pyarrow", 0.02, 1.25),
]
PROGRAM = """
from benchmarks.frames import PeakMemory
benchmark = PeakMemory()
benchmark.share = {2}
benchmark.setup({0!r}, {1!r}, 200_000)
print(benchmark.track_peak({0!r}, {1!r}, 200_000))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak from /proc")
@pytest.mark.parametrize(("sampler", "container", "share", "most"), CASES)
def test_peak_of_memory__D8(sampler, container, share, most):
    program = PROGRAM.format(sampler, container, share)
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=REPOSITORY / "asv_bench",
        capture_output=True,
        text=True,
        check=True,
    )
    assert 0.3 < float(done.stdout) < most
