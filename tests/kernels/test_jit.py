"""The compile cache in processes of their own: damaged, unwritable, shared, moved, switched off."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import fastsmote

PROBE = """
import sys
import numpy as np
from fastsmote._kernels.disk import cache_folder
from fastsmote._kernels.scan import first_nonfinite

exponent = np.uint32(0x7F800000)
bits = np.array([0, 1, 0x7F800000], np.uint32)
found = [first_nonfinite(bits, exponent, exponent, 0, n) for n in (2, 3)]
stats = first_nonfinite.stats
print(found, sum(stats.cache_hits.values()), sum(stats.cache_misses.values()), cache_folder())
"""
RIGHT = "[-1, 2]"


def environment(**changes):
    kept = {
        k: v
        for k, v in os.environ.items()
        if k not in ("NUMBA_CACHE_DIR", "FASTSMOTE_CACHE", "XDG_CACHE_HOME")
    }
    return kept | {k: str(v) for k, v in changes.items()}


def start(script=PROBE, **changes):
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", script],
        env=environment(**changes),
        cwd=os.sep,  # "-c" looks for modules in the current folder before PYTHONPATH
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process):
    """(result, hits, misses, cache folder) that the probe printed."""
    out, err = process.communicate(timeout=1200)  # a dead-lock, not a slow machine
    assert process.returncode == 0, err
    assert err == ""
    result, rest = out.strip().split("]")
    hits, misses, folder = rest.split(maxsplit=2)
    return f"{result}]", int(hits), int(misses), folder


def probe(**changes):
    return finish(start(**changes))


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """A cache folder with the machine code of the probe's kernel."""
    folder = tmp_path_factory.mktemp("jit") / "made by us" / "cache"
    assert probe(FASTSMOTE_CACHE=folder) == (RIGHT, 0, 1, str(folder))
    assert len(list(folder.iterdir())) == 1
    return folder


@pytest.fixture
def filled(compiled, tmp_path):
    """A filled cache folder, to be damaged."""
    return shutil.copytree(compiled, tmp_path / "cache")


@pytest.fixture
def copied(tmp_path):
    """A copy of the package, to be damaged."""
    here = Path(fastsmote.__file__).parent
    package = tmp_path / "site" / "fastsmote"
    shutil.copytree(here, package, ignore=shutil.ignore_patterns("__pycache__"))
    return package


@pytest.mark.slow
def test_machine_code_is_kept(filled):
    assert probe(FASTSMOTE_CACHE=filled) == (RIGHT, 1, 0, str(filled))


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["truncated", "empty", "garbage", "another pickle"])
def test_damaged_files_are_compiled_again(filled, damage):
    (path,) = filled.iterdir()
    whole = path.read_bytes()
    damaged = {
        "truncated": whole[: len(whole) // 2],
        "empty": b"",
        "garbage": b"\x00garbage" * 50,
        "another pickle": b"\x80\x04K\x01.",
    }
    assert damaged[damage] != whole
    path.write_bytes(damaged[damage])
    assert probe(FASTSMOTE_CACHE=filled) == (RIGHT, 0, 1, str(filled))
    assert list(filled.iterdir()) == [path]
    assert probe(FASTSMOTE_CACHE=filled)[:3] == (RIGHT, 1, 0)


@pytest.mark.slow
def test_unwritable_folder(filled, tmp_path):
    filled.chmod(0o555)
    try:
        assert probe(FASTSMOTE_CACHE=filled)[:3] == (RIGHT, 1, 0)
    finally:
        filled.chmod(0o755)
    file = tmp_path / "file"
    file.write_text("")
    assert probe(FASTSMOTE_CACHE=file / "below")[:3] == (RIGHT, 0, 1)
    assert probe(FASTSMOTE_CACHE=file)[:3] == (RIGHT, 0, 1)
    assert file.read_text() == ""


@pytest.mark.slow
@pytest.mark.parametrize("setting", ["0", " Off "])
def test_switched_off(copied, setting):
    result = probe(FASTSMOTE_CACHE=setting, PYTHONPATH=copied.parent, PYTHONDONTWRITEBYTECODE=1)
    assert result == (RIGHT, 0, 1, "None")
    assert list(copied.rglob("*.nbc")) == []
    assert list(copied.rglob("*.nbi")) == []


def close(package):
    """Make a package one that numba can not write to, for root too."""
    (package / "_kernels" / "__pycache__").write_text("a file where numba wants a folder")


@pytest.fixture
def locked(copied):
    """Changes to the environment under which numba finds no folder of its own: read-only package, no home."""
    close(copied)
    nowhere = copied / "__init__.py" / "nowhere"
    return {
        "PYTHONPATH": copied.parent,
        "HOME": nowhere,
        "LOCALAPPDATA": nowhere,
        "PYTHONDONTWRITEBYTECODE": 1,
    }


@pytest.mark.slow
def test_nowhere_to_write(locked):
    assert probe(**locked) == (RIGHT, 0, 1, "None")


@pytest.mark.slow
def test_the_named_folder_is_used_where_no_other_is_writable(locked, tmp_path):
    folder = tmp_path / "named"
    assert probe(FASTSMOTE_CACHE=folder, **locked) == (RIGHT, 0, 1, str(folder))
    assert probe(FASTSMOTE_CACHE=folder, **locked) == (RIGHT, 1, 0, str(folder))


@pytest.mark.slow
def test_the_default_folder_is_in_the_package(copied):
    folder = str(copied / "_kernels" / "__pycache__")
    assert probe(PYTHONPATH=copied.parent) == (RIGHT, 0, 1, folder)
    assert probe(PYTHONPATH=copied.parent) == (RIGHT, 1, 0, folder)


@pytest.mark.slow
def test_a_package_that_is_read_only_uses_the_folder_of_the_user(copied, tmp_path):
    close(copied)
    home = tmp_path / "home"
    changes = {
        "PYTHONPATH": copied.parent,
        "HOME": home,
        "LOCALAPPDATA": home,
        "PYTHONDONTWRITEBYTECODE": 1,
    }
    *first, folder = probe(**changes)
    assert first == [RIGHT, 0, 1]
    assert Path(folder).is_relative_to(home)
    assert [path.suffix for path in Path(folder).iterdir()] == [".nbc"]
    assert probe(**changes) == (RIGHT, 1, 0, folder)


@pytest.mark.slow
def test_the_folder_of_numba_comes_before_that_of_the_package(copied, tmp_path):
    changes = {"NUMBA_CACHE_DIR": tmp_path / "numba", "PYTHONPATH": copied.parent}
    *first, folder = probe(**changes)
    assert first == [RIGHT, 0, 1]
    assert Path(folder).is_relative_to(tmp_path / "numba")
    assert probe(**changes) == (RIGHT, 1, 0, folder)
    assert list(copied.rglob("*.nbc")) == []
    named = probe(FASTSMOTE_CACHE=tmp_path / "ours", **changes)
    assert named == (RIGHT, 0, 1, str(tmp_path / "ours"))


@pytest.mark.slow
def test_a_change_in_another_kernel_file_compiles_again(copied, tmp_path):
    changes = {"FASTSMOTE_CACHE": tmp_path / "cache", "PYTHONPATH": copied.parent}
    assert probe(**changes)[1:3] == (0, 1)
    with open(copied / "_kernels" / "neighbors" / "tile.py", "a") as file:
        file.write("\n# changed\n")
    assert probe(**changes)[1:3] == (0, 1)
    assert probe(**changes)[1:3] == (1, 0)


@pytest.mark.slow
def test_sixteen_processes_on_one_empty_folder(tmp_path):
    folder = tmp_path / "cache"
    processes = [start(FASTSMOTE_CACHE=folder) for _ in range(16)]
    results = [finish(process) for process in processes]
    assert {result[0] for result in results} == {RIGHT}
    assert [path.suffix for path in folder.iterdir()] == [".nbc"]
    assert probe(FASTSMOTE_CACHE=folder)[:3] == (RIGHT, 1, 0)


RACE = """
import threading
import numpy as np
from fastsmote._kernels.scan import first_nonfinite

bits = np.array([0, 1, 0x7F800000], np.uint32)
barrier = threading.Barrier(8)
found = []

def first_call():
    barrier.wait()
    found.append(first_nonfinite(bits, np.uint32(0x7F800000), np.uint32(0x7F800000), 0, 3))

threads = [threading.Thread(target=first_call) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(found, 0, 0, None)
"""


@pytest.mark.slow
def test_first_calls_from_eight_threads(tmp_path):
    process = start(RACE, FASTSMOTE_CACHE=tmp_path)
    assert finish(process)[0] == str([2] * 8)


def test_import_is_light():
    script = (
        "import sys, fastsmote; dir(fastsmote); fastsmote.__version__;"
        "print([m for m in ('numpy', 'numba', 'scipy', 'sklearn', 'imblearn', 'pandas', 'polars', 'pyarrow',"
        " 'narwhals', 'threading') if m in sys.modules], 0, 0, None)"
    )
    plain = start(
        script.replace("import sys, fastsmote; dir(fastsmote); fastsmote.__version__;", "import sys;")
    )
    assert finish(start(script))[0] == finish(plain)[0]


def test_the_check_layer_imports_no_optional_package():
    script = (
        "import sys, numpy as np\n"
        "from fastsmote._core.intake import read_numbers\n"
        "from fastsmote._core.containers import append_rows\n"
        "read_numbers([[1.0], [2.0]], ['a', 'b']); append_rows(np.eye(2), np.array([0]))\n"
        "optional = {'pandas', 'polars', 'pyarrow', 'sklearn', 'imblearn', 'rich', 'typer', 'matplotlib'}\n"
        "print(sorted(optional & set(sys.modules)), 0, 0, None)"
    )
    assert finish(start(script))[0] == "[]"
