"""What a fresh process waits for: the import, and the first call with and without compiled kernels."""

import atexit
import functools
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import fastsmote

from .common import later, some, unless_quick

compilers = later("fastsmote._core.compilers")
shipped = later("fastsmote._kernels.shipped")
signatures = later("fastsmote._kernels.signatures")

_IMPORT = """
import time
start = time.perf_counter()
import {module}
print(time.perf_counter() - start)
"""

_FIRST_CALL = """
import time
import numpy as np
rng = np.random.default_rng(0)
X, y = rng.normal(size=(5000, 30)), (np.arange(5000) < 250).astype(int)
score = rng.random(5000) + y * rng.random(5000)
start = time.perf_counter()
{call}
print(time.perf_counter() - start)
"""

CALLS = {
    "smote": "import fastsmote; fastsmote.smote(X, y, random_state=0)",
    "adasyn": "import fastsmote; fastsmote.adasyn(X, y, random_state=0)",
    "smotenc": (
        "import fastsmote; X[:, 0] //= 1; fastsmote.smotenc(X, y, categorical_features=[0], random_state=0)"
    ),
    "tomek_links": "import fastsmote; fastsmote.tomek_links(X, y)",
    "edited_nearest_neighbours": "import fastsmote; fastsmote.edited_nearest_neighbours(X, y)",
    "near_miss": "import fastsmote; fastsmote.near_miss(X, y)",
    "advise": "import fastsmote; fastsmote.advise(X, y)",
    "precision_recall_curve": "import fastsmote; fastsmote.precision_recall_curve(y, score)",
    "roc_auc_score": "import fastsmote; fastsmote.roc_auc_score(y, score)",
    "bootstrap_interval": "import fastsmote; fastsmote.bootstrap_interval(y, score, random_state=0)",
    "fit_isotonic": "import fastsmote; fastsmote.fit_isotonic(y, score / 2)",
    "confusion_matrix": "import fastsmote; fastsmote.confusion_matrix(y, score > 1)",
    "warmup": "import fastsmote; fastsmote.warmup('smote')",
    "imbalanced-learn's SMOTE": (
        "from imblearn.over_sampling import SMOTE; SMOTE(random_state=0).fit_resample(X, y)"
    ),
}


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
    covers = ()
    reference = "imbalanced-learn"
    params = ("fastsmote", "fastsmote.oversample", "imblearn.over_sampling")
    param_names = ("module",)
    unit = "seconds"

    def track_seconds(self, module):
        return statistics.median(_seconds(_IMPORT.format(module=module)) for _ in range(3))


@functools.cache
def _with_code():
    """A copy of the package with machine code for this processor's level, as a wheel has it."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, True)
    package = Path(folder, "fastsmote")
    shutil.copytree(Path(fastsmote.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    level = shipped.chosen_levels()[0]
    code = package / "_kernels" / shipped.FOLDER.name / level
    everything = range(len(signatures.stored().signatures))
    compilers.compile_all(everything, os.cpu_count(), lambda done: None, shipped.for_level(level, str(code)))
    return folder


class FirstCall:
    """Import and first call together, in a process of their own."""

    covers = tuple(name for name in CALLS if name.isidentifier())
    reference = None  # but for SMOTE
    params = (some(*CALLS), ["none", "in the cache", *unless_quick("in the wheel")])
    param_names = ("call", "machine code")
    unit = "seconds"
    timeout = 1200

    def setup(self, call, code):
        if call.startswith("imbalanced") and code != "none":
            raise NotImplementedError("has no machine code to be kept")
        self.script = _FIRST_CALL.format(call=CALLS[call])
        self.folder = tempfile.TemporaryDirectory()
        self.environment = {"FASTSMOTE_CACHE": self.folder.name}
        if code == "in the wheel":
            self.environment["PYTHONPATH"] = _with_code()
        if code == "in the cache":
            _seconds(self.script, **self.environment)

    def teardown(self, call, code):
        self.folder.cleanup()

    def track_seconds(self, call, code):
        if code == "none":
            return _seconds(self.script, **self.environment)
        return statistics.median(_seconds(self.script, **self.environment) for _ in range(5))


class Wheel:
    """What machine code adds to the size of a wheel, one of its levels."""

    covers = ()
    reference = None
    params = ("smote", *unless_quick("everything"))
    param_names = ("kernels",)
    timeout = 1200
    unit = "bytes"

    def track_bytes(self, kernels):
        with tempfile.TemporaryDirectory() as folder:
            known = signatures.stored()
            everything = range(len(known.signatures))
            places = everything if kernels == "everything" else known.functions["oversample.smote"]
            code = Path(folder, "code")
            settings = shipped.for_level(shipped.chosen_levels()[0], str(code))
            compilers.compile_all(places, os.cpu_count(), lambda done: None, settings)
            return os.path.getsize(shutil.make_archive(f"{folder}/wheel", "zip", code))
