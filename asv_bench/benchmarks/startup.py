"""What a fresh process waits for: the import, and the first call with and without compiled kernels."""

import os
import statistics
import subprocess
import sys
import tempfile

_IMPORT = """
import time
start = time.perf_counter()
import {module}
print(time.perf_counter() - start)
"""

_FIRST_CALL = """
import time
import numpy as np
X = np.random.default_rng(0).normal(size=(1000, 8))
y = np.arange(1000) < 50
start = time.perf_counter()
import fastsmote
fastsmote.smote(X, y, random_state=0)
print(time.perf_counter() - start)
"""


def _seconds(script, **environment):
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


class Import:
    params = ("fastsmote", "fastsmote.oversample", "imblearn.over_sampling")
    param_names = ("module",)
    unit = "seconds"

    def track_seconds(self, module):
        return statistics.median(_seconds(_IMPORT.format(module=module)) for _ in range(3))


class FirstSmote:
    """Import and first call together, in a process of their own."""

    params = ("empty cache", "warm cache")
    param_names = ("kernels",)
    unit = "seconds"
    timeout = 600

    def setup(self, kernels):
        self.folder = tempfile.TemporaryDirectory()
        self.environment = {"FASTSMOTE_CACHE": self.folder.name} if kernels == "empty cache" else {}
        if kernels == "warm cache":
            _seconds(_FIRST_CALL)

    def teardown(self, kernels):
        self.folder.cleanup()

    def track_seconds(self, kernels):
        return _seconds(_FIRST_CALL, **self.environment)
