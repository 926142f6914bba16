"""NUMBA_DISABLE_JIT=1, for coverage and debugging: everything works, with the same bits (C1)."""

import inspect
import json
import math
import os
import subprocess
import sys
from collections import namedtuple

import numpy as np
import pytest
from places import REPOSITORY

from fastsmote._kernels import scan
from fastsmote._kernels.interpreted import as_python
from fastsmote._kernels.neighbors import lanes

CALLS = """
import json
import warnings

import numpy as np
from contract.record import digest

import fastsmote
from fastsmote import bootstrap, calibration, losses, metrics, priors, select, streaming

warnings.simplefilter("error", RuntimeWarning)
rng = np.random.default_rng(0)
X = np.round(rng.normal(size=(90, 5)), 3)
y = np.arange(90) % 5 // 4
X[y == 1] += 0.5
holes = np.where(rng.random(X.shape) < 0.1, np.nan, X)
score = np.round(rng.random(90) + 0.3 * y, 2)
p = np.clip(np.round(rng.random(90), 3), 0.01, 0.99)
weight = rng.integers(1, 9, 90) / 4
index = fastsmote.NeighborIndex(X)
stream = streaming.StreamingSweep()
stream.update(y, score)
calls = {
    "smote": lambda: fastsmote.smote(X, y, random_state=0),
    "smote float32": lambda: fastsmote.smote(X.astype(np.float32), y, random_state=1, n_jobs=2),
    "smote missing": lambda: fastsmote.smote(holes, y, random_state=1, missing="nan-euclidean"),
    "smote of 72": lambda: fastsmote.smote(X, y, sampling_strategy={0: 90}, k_neighbors=20, random_state=0),
    "adasyn": lambda: fastsmote.adasyn(X, y, random_state=0),
    "borderline": lambda: fastsmote.borderline_smote(X, y, random_state=0),
    "random over": lambda: fastsmote.random_over_sample(X, y, random_state=0, shrinkage=0.5),
    "random under": lambda: fastsmote.random_under_sample(X, y, random_state=0),
    "weights": lambda: fastsmote.random_over_sample(X, y, random_state=0, sample_weight=weight),
    "centroids": lambda: fastsmote.cluster_centroids(X, y, random_state=0),
    "tomek": lambda: select.tomek_links(X, y),
    "edited": lambda: select.edited_nearest_neighbours(X, y),
    "condensed": lambda: select.condensed_nearest_neighbour(X, y, random_state=0),
    "near miss": lambda: select.near_miss(X, y, version=2),
    "nearest": lambda: fastsmote.nearest_neighbors(X, 4),
    "nearest float32": lambda: fastsmote.nearest_neighbors(X.astype(np.float32), 4),
    "farthest": lambda: index.farthest(X[:7] + 1, 3),
    "sweep": lambda: metrics.confusion_sweep(y, score).tps,
    "auc": lambda: (metrics.roc_auc_score(y, score), metrics.average_precision_score(y, score)),
    "weighted auc": lambda: metrics.roc_auc_score(y, score, sample_weight=weight),
    "stream": lambda: stream.to_bytes(),
    "ranking": lambda: streaming.PositiveRanking(score[y == 1]).update(y, score).roc_auc_score(),
    "bootstrap": lambda: bootstrap.bootstrap_interval(y, score, n_resamples=20, random_state=0),
    "calibration": lambda: calibration.expected_calibration_error(y, p),
    "isotonic": lambda: fastsmote.fit_isotonic(y, p),
    "log loss": lambda: fastsmote.log_loss(y, p),
    "focal": lambda: losses.focal_loss(y, p, gamma=1.5),
    "prior": lambda: priors.estimate_prior(p, 0.2),
    "fraud": lambda: fastsmote.make_fraud(60, 5, fraud_rate=0.1, random_state=0),
}
print(json.dumps({name: digest(call()) for name, call in calls.items()}))
"""


def run(*arguments, text=None, **changes):
    """Standard output of Python with these arguments, which must end well."""
    path = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "tests"), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, *arguments],
        env=os.environ | {"PYTHONPATH": path} | changes,
        input=text,
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_same_bits_without_a_compiler__C1():
    compiled = json.loads(run("-c", CALLS))
    assert json.loads(run("-c", CALLS, NUMBA_DISABLE_JIT="1")) == compiled


CALL = """
import numpy as np
from fastsmote._kernels.scan import first_outside

first_outside(np.array([0.5, 2.0]), 0, 2)
"""


@pytest.mark.slow
def test_a_debugger_stops_in_a_kernel__C1(tmp_path):
    """As coverage does, it finds the lines of the source."""
    script = tmp_path / "script.py"
    script.write_text(CALL)
    steps = f"b {scan.__file__}:{line_of('some |= outside(block[i])')}\nc\nc\np float(block[i])\nq\n"
    assert "2.0" in run("-m", "pdb", str(script), text=steps, NUMBA_DISABLE_JIT="1").splitlines()[-2:][0]


def line_of(text):
    lines = inspect.getsource(scan).splitlines()
    (found,) = [number for number, line in enumerate(lines, 1) if line.strip() == text][:1]
    return found


@pytest.mark.slow
def test_the_command_says_that_nothing_is_compiled__C1():
    told = json.loads(run("-m", "fastsmote", "info", "--json", NUMBA_DISABLE_JIT="1"))
    assert "NUMBA_DISABLE_JIT" in json.dumps(told)


# ---- the types of numbers

SEEN = []
HALF = 0.5
THREE = 3


def kinds(single, place, given, pair, words):
    """What a kernel would compute: float32, int64, float64, a record, uint64."""
    SEEN.extend([single * 0.5, single + HALF, single * 2, 0.0 + single, math.sqrt(single), math.log(single)])
    SEEN.extend([place + 1, THREE * place, given * single, pair.scale * single, words[0] * words[0], 1 << 40])
    for i in range(words[1], words[2]):
        SEEN.append(i)
    for i in range(2):
        SEEN.append(i * 1)


def test_numbers_have_the_types_of_compiled_code__C1():
    SEEN.clear()
    pair = namedtuple("Pair", "scale other")(2.0, None)
    words = np.array([2**63 + 1, 1, 2], np.uint64)
    as_python(kinds)(np.float32(0.3), 2, 2.0, pair, words)
    floats, integers, words = SEEN[:6], SEEN[6:8], SEEN[10:]
    assert [type(number) for number in floats] == [np.float64] * 4 + [np.float32] * 2
    assert floats[0] == float(np.float32(0.3)) * 0.5
    assert [type(number) for number in integers] == [np.int64] * 2
    assert [type(number) for number in SEEN[8:10]] == [np.float64] * 2
    assert [type(number) for number in words] == [np.uint64, np.int64, np.uint64, np.int64, np.int64]
    assert words[0] == 1  # it wraps around, without a warning


LIMITS = [("log", 0.0, -np.inf), ("log", -1.0, np.nan), ("exp", 1e4, np.inf), ("log1p", -1.0, -np.inf)]


def of_math(which, value, out):
    if which == 0:
        out[0] = math.log(value)
    elif which == 1:
        out[0] = math.exp(value)
    else:
        out[0] = math.log1p(value)


@pytest.mark.parametrize(("name", "value", "expected"), LIMITS)
def test_functions_at_their_limits__C1(name, value, expected):
    out = np.zeros(1)
    as_python(of_math)(["log", "exp", "log1p"].index(name), value, out)
    np.testing.assert_array_equal(out, [expected])


def test_a_kernel_as_python_is_the_kernel__C1():
    p = np.array([0.5, np.nan, 2.0])
    interpreted = as_python(scan.first_outside.py_func)
    assert interpreted(p, 0, 3) == scan.first_outside(p, 0, 3) == 1
    assert interpreted(p, 0, 1) == -1
    assert interpreted.py_func is scan.first_outside.py_func
    assert interpreted.__doc__ == scan.first_outside.py_func.__doc__


@pytest.mark.parametrize("place", [0, 31, 32, 62, 63])
@pytest.mark.parametrize("others", [False, True])
def test_masks_of_all_bits__C1(place, others):
    """The last of 64 is the sign of an int64."""
    values = np.full(128, 0.0 if others else 2.0, np.float32)
    values[64 + place] = 0.0
    masks = lanes.at_most(values, 64, np.float32(1.0)), lanes.at_most(values.astype(float), 64, 1.0)
    for mask in masks:
        assert isinstance(mask, np.int64)
        assert int(mask) % 2**64 == (2**64 - 1 if others else 2**place)
        assert lanes.lowest_bit(mask) == (0 if others else place)
