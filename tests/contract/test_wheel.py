"""The wheel with machine code: no public function compiles when first called; other code falls back."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from places import REPOSITORY

import fastsmote
from fastsmote._kernels import shipped

LEVEL = next(iter(shipped.supported_levels()), None)  # the best of this processor, if there is one
RECORD = """
import numba.core.event as events
from contract import record

class Compiled(events.Listener):
    def on_start(self, event):
        dispatcher = event.data["dispatcher"]
        names.append(f"{dispatcher.py_func.__module__}.{dispatcher.py_func.__name__} {event.data['args']}")
    def on_end(self, event):
        pass

names, found = [], {}
events.register("numba:compile", Compiled())
for name in record.CALLS:
    record.outcome(name)
    if names:
        found[name] = names[:]
        names.clear()
print(__import__("json").dumps(found))
"""
BARE = """
import sys, time
start = time.perf_counter()
if "other" in sys.argv:
    import numba
    numba.__version__ = "0.1"
import numpy as np
import fastsmote
rng = np.random.default_rng(0)
X, y = rng.normal(size=(5000, 30)), np.arange(5000) < 250
X_new, y_new = fastsmote.smote(X, y, random_state=0)
spent = time.perf_counter() - start
from fastsmote._kernels.draw import draw_pairs
print(len(X_new), float(X_new[-1].sum()).hex(), sum(draw_pairs.stats.cache_hits.values()), spent)
"""

pytestmark = [pytest.mark.slow, pytest.mark.skipif(LEVEL is None, reason="no level for this kind of machine")]


def run(*command, **variables):
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("FASTSMOTE_", "NUMBA_", "PYTHON"))
    }
    done = subprocess.run(
        command, env=environment | variables, cwd=os.sep, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def build(folder, level):
    pip = (sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), str(REPOSITORY))
    run(*pip, FASTSMOTE_PREBUILT=level)
    (path,) = folder.iterdir()
    return path


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build(tmp_path_factory.mktemp("wheel"), LEVEL)


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    folder = tmp_path_factory.mktemp("installed")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


def test_the_wheel(wheel):
    python = f"cp{sys.version_info.major}{sys.version_info.minor}"
    assert wheel.name.split("-")[2] == python
    assert wheel.stat().st_size < 10e6  # a level is half of what a wheel holds; 20 MB for all
    names = zipfile.ZipFile(wheel).namelist()
    assert sum(f"/{LEVEL}/" in name for name in names) > 120


def test_no_public_function_compiles(installed, tmp_path):
    """The calls of the record of results, with an empty cache."""
    found = run(
        sys.executable, "-c", RECORD,
        PYTHONPATH=f"{installed}{os.pathsep}{REPOSITORY / 'tests'}", FASTSMOTE_CACHE=str(tmp_path),
    )  # fmt: skip
    assert json.loads(found.splitlines()[-1]) == {}
    assert list(tmp_path.iterdir()) == []


def test_a_bare_environment(wheel, tmp_path):
    """Code of the wheel, of a numba that it was not made for, and without it: the same rows."""
    venv.create(tmp_path / "bare", with_pip=True)
    python = tmp_path / "bare" / ("Scripts" if os.name == "nt" else "bin") / "python"
    run(str(python), "-m", "pip", "install", "-q", str(wheel))
    cache = {"FASTSMOTE_CACHE": str(tmp_path / "cache")}
    loaded = run(str(python), "-c", BARE, **cache).split()
    assert loaded[2] == "1"
    assert not Path(cache["FASTSMOTE_CACHE"]).is_dir() or not list(Path(cache["FASTSMOTE_CACHE"]).iterdir())
    other = run(str(python), "-c", BARE, "other", **cache).split()
    off = run(str(python), "-c", BARE, **cache, FASTSMOTE_PREBUILT="0").split()
    for answer in (other, off):
        assert answer[:2] == loaded[:2]
        assert answer[2] == "0"


def test_a_pure_wheel(tmp_path):
    path = build(tmp_path, "0")
    assert path.name == f"fastsmote-{fastsmote.__version__}-py3-none-any.whl"
    assert not [name for name in zipfile.ZipFile(path).namelist() if name.endswith(".nbc")]
