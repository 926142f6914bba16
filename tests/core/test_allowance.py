"""A first call on few rows compiles none of the kernels that take long."""

import json
import os
import subprocess
import sys

import pytest

FIRST_CALLS = """
import json
import numba.core.event as events
import numpy as np
import fastsmote

class Compiled(events.Listener):
    def on_start(self, event):
        names.append(event.data["dispatcher"].py_func.__module__)
    def on_end(self, event):
        pass

rng = np.random.default_rng(0)
X = rng.normal(size=(5000, 30))
y = (rng.random(5000) < 0.1).astype(int)
score = 0.5 * rng.random(5000) + 0.3 * y
categories = np.column_stack([X[:, :28], rng.integers(0, 4, (5000, 2))])
calls = {
    "smote": lambda: fastsmote.smote(X, y),
    "smotenc": lambda: fastsmote.smotenc(categories, y, categorical_features=[28, 29]),
    "tomek_links": lambda: fastsmote.tomek_links(X, y),
    "edited_nearest_neighbours": lambda: fastsmote.edited_nearest_neighbours(X, y),
    "near_miss": lambda: fastsmote.near_miss(X, y, version=2),
    "advise": lambda: fastsmote.advise(X, y),
    "precision_recall_curve": lambda: fastsmote.precision_recall_curve(y, score),
    "roc_curve": lambda: fastsmote.roc_curve(y, score, sample_weight=score),
    "roc_auc_score": lambda: fastsmote.roc_auc_score(y, score),
    "fit_isotonic": lambda: fastsmote.fit_isotonic(y, score),
    "bootstrap_interval": lambda: fastsmote.bootstrap_interval(y, score, n_resamples=100),
}
found = {}
events.register("numba:compile", Compiled())
for name, call in calls.items():
    names = []
    call()
    found[name] = names
print(json.dumps(found))
"""


@pytest.mark.slow
def test_first_calls_on_few_rows():
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", FIRST_CALLS],
        env=os.environ | {"FASTSMOTE_CACHE": "0", "FASTSMOTE_PREBUILT": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    kernels = {module.rpartition("_kernels.")[2] for names in found.values() for module in names}
    small = {"scan", "draw", "random", "neighbors.distance", "metrics.bootstrap", "numba.cpython.builtins"}
    assert kernels <= small | {"sampling.interpolate", "sampling.vote", "sampling.constrain"}
    assert {name for name, names in found.items() if not names} >= {
        "precision_recall_curve", "roc_curve", "roc_auc_score", "fit_isotonic",
    }  # fmt: skip
    assert len(found["bootstrap_interval"]) <= 8
