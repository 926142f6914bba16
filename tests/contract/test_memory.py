"""The peak of memory of over-samplers, in sizes of the output: what the docstrings say (D8)."""

import subprocess
import sys

import pytest
from places import REPOSITORY

CASES = [
    ("random_over_sample", "pandas, mixed", 1.25),
    ("random_over_sample", "pyarrow", 1.25),
    ("smote", "array", 1.25),
    ("smote", "pandas", 1.25),
    ("smote", "pandas, mixed", 1.6),
    ("smote", "polars", 1.25),
    ("smote", "pyarrow", 1.25),
    ("adasyn", "pandas, mixed", 1.6),
    ("smotenc", "pandas, mixed", 1.6),
    ("smotenc", "pyarrow", 1.25),
]
PROGRAM = """
from benchmarks.over_sampling import PeakMemory
benchmark = PeakMemory()
benchmark.setup({0!r}, {1!r}, 200_000)
print(benchmark.track_peak({0!r}, {1!r}, 200_000))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak from /proc")
@pytest.mark.parametrize(("sampler", "container", "most"), CASES)
def test_peak_of_memory__D8(sampler, container, most):
    program = PROGRAM.format(sampler, container)
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=REPOSITORY / "asv_bench",
        capture_output=True,
        text=True,
        check=True,
    )
    assert 0.3 < float(done.stdout) < most
