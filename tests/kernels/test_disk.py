"""Machine code on disk is code: damage is seen before it is loaded, and nobody else's is loaded (D3)."""

import os
import random
import shutil
import stat
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from fastsmote._kernels import disk

posix = pytest.mark.skipif(os.name != "posix", reason="rights are bits")
ABOUT = "first_nonfinite (array(uint32, 1d, C))"
PAYLOAD = random.Random(0).randbytes(3000)


@pytest.fixture(autouse=True)
def as_in_a_new_process():
    """What is decided, and told, once for a process."""
    yield
    for once in (disk._first_trusted, disk._tell):
        once.cache_clear()


# ---- entries


def test_an_entry_is_read_as_it_was_written__D3(tmp_path):
    for payload in (PAYLOAD, b""):
        disk.write_entry(str(tmp_path / "entry"), ABOUT, payload)
        assert disk.read_entry(str(tmp_path / "entry"), ABOUT) == payload
    assert [path.name for path in tmp_path.iterdir()] == ["entry"]


def test_one_flipped_bit_anywhere_is_seen__D3():
    whole = disk.sealed(PAYLOAD, ABOUT)
    for at in [*range(120 * 8), *random.Random(1).sample(range(120 * 8, len(whole) * 8), 2000)]:
        damaged = bytearray(whole)
        damaged[at // 8] ^= 1 << at % 8
        assert disk.unsealed(bytes(damaged), ABOUT) is None


def test_half_an_entry_and_an_entry_of_another_kernel_are_seen__D3():
    whole = disk.sealed(PAYLOAD, ABOUT)
    assert all(disk.unsealed(whole[:length], ABOUT) is None for length in range(len(whole)))
    for other in (b"", b"\x80\x04K\x01.", whole + b"\0", whole * 2, disk.sealed(PAYLOAD, ABOUT + "?")):
        assert disk.unsealed(other, ABOUT) is None
    assert disk.unsealed(disk.sealed(b"b" + PAYLOAD, "a"), "ab") is None  # what is about is not the payload


@pytest.fixture
def open_umask():
    before = os.umask(0)
    yield
    os.umask(before)


@posix
def test_files_and_folders_are_for_us_to_write__D3(tmp_path, open_umask, monkeypatch):
    monkeypatch.setenv("FASTSMOTE_CACHE", str(tmp_path / "missing" / "above" / "cache"))
    folder = Path(disk.cache_folder())
    for made in (folder, folder.parent, folder.parent.parent):
        assert stat.S_IMODE(made.stat().st_mode) == 0o700
    disk.write_entry(str(folder / "entry"), ABOUT, PAYLOAD)
    assert stat.S_IMODE((folder / "entry").stat().st_mode) == 0o644


# ---- trust


@pytest.fixture
def usual(tmp_path, monkeypatch):
    """The usual folders of a package that is read-only: the user's alone."""
    monkeypatch.delenv("FASTSMOTE_CACHE", raising=False)
    monkeypatch.setattr(disk, "InTreeCacheLocator", locator(tmp_path / "file" / "__pycache__"))
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(disk, "UserWideCacheLocator", locator(tmp_path / "user"))
    return str(tmp_path / "user")


def locator(folder):
    class Locator:
        def __init__(self, function, file):
            pass

        def get_cache_path(self):
            return str(folder)

    return Locator


@posix
@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o775, 0o757, 0o720, 0o702])
def test_a_named_folder_that_others_may_write_to_is_refused_and_told_once__D3(
    tmp_path, monkeypatch, usual, mode
):
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(mode)
    monkeypatch.setenv("FASTSMOTE_CACHE", str(shared))
    with pytest.warns(
        UserWarning, match=rf"shared can be written to by others.* kept in {usual}.*chmod go-w"
    ):
        assert disk.cache_folder() == usual
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert disk.cache_folder() == usual
    assert list(shared.iterdir()) == []


@posix
def test_a_folder_of_another_user_is_refused__D3(tmp_path, monkeypatch, usual):
    monkeypatch.setenv("FASTSMOTE_CACHE", str(tmp_path / "theirs"))
    (tmp_path / "theirs").mkdir()
    (tmp_path / "user").mkdir()
    owner = {str(tmp_path / "theirs"): 4321}
    monkeypatch.setattr(disk, "_distrust", claimed(owner, disk._distrust))
    with pytest.warns(UserWarning, match=r"theirs belongs to another user \(number 4321\)"):
        assert disk.cache_folder() == usual


def claimed(owner, distrust):
    """Rights as they are, but for folders of others, which only root could make."""
    owned = {os.stat(place).st_ino: number for place, number in owner.items()}

    def looked_at(found):
        fields = list(found)
        fields[stat.ST_UID] = owned.get(found.st_ino, found.st_uid)
        return distrust(os.stat_result(fields))

    return looked_at


@posix
@pytest.mark.parametrize(
    ("owner", "trusted"), [("us", True), ("root", True), ("sources", True), ("other", False)]
)
def test_whose_files_are_taken__D3(monkeypatch, owner, trusted):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(disk, "_owner_of_sources", lambda: 2000)
    uid = {"us": 1000, "root": 0, "sources": 2000, "other": 3000}[owner]
    assert (disk._distrust(os.stat_result([0o100644, 1, 1, 1, uid, uid, 0, 0, 0, 0])) is None) == trusted


@posix
def test_a_file_that_others_may_write_to_is_no_entry__D3(tmp_path):
    path = tmp_path / "entry"
    disk.write_entry(str(path), ABOUT, PAYLOAD)
    path.chmod(0o664)
    with pytest.warns(UserWarning, match=r"entry can be written to by others.*Delete it"):
        assert disk.read_entry(str(path), ABOUT) is None
    disk.write_entry(str(path), ABOUT, PAYLOAD)
    assert disk.read_entry(str(path), ABOUT) == PAYLOAD


def test_what_was_installed_is_ours__D3(tmp_path):
    """Under umask 002 files of the package are for the group to write, its sources too."""
    path = tmp_path / "entry"
    disk.write_entry(str(path), ABOUT, PAYLOAD)
    path.chmod(0o664)
    assert disk.read_entry(str(path), ABOUT, is_ours=True) == PAYLOAD
    path.write_bytes(path.read_bytes()[:-1])
    assert disk.read_entry(str(path), ABOUT, is_ours=True) is None


@posix
def test_a_package_folder_that_the_group_may_write_to_is_passed_over_in_silence__D3(
    tmp_path, monkeypatch, usual
):
    """A umask of 002 makes them so; the folder of the user does as well."""
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree").chmod(0o775)
    monkeypatch.setattr(disk, "InTreeCacheLocator", locator(tmp_path / "tree"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert disk.cache_folder() == usual


@posix
def test_with_no_folder_left_nothing_is_kept_and_that_is_told__D3(tmp_path, monkeypatch, usual):
    (tmp_path / "user").mkdir()
    (tmp_path / "user").chmod(0o775)
    with pytest.warns(UserWarning, match=r"user can be written to by others.*compiles anew.*FASTSMOTE_CACHE"):
        assert disk.cache_folder() is None


@posix
def test_a_shared_folder_of_numba_gets_one_of_our_own_below__D3(tmp_path, monkeypatch, usual):
    shared = tmp_path / "numba"
    shared.mkdir()
    shared.chmod(0o777)
    monkeypatch.setattr(disk.config, "CACHE_DIR", str(shared))
    folder = Path(disk.cache_folder())
    assert folder.parent == shared
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    disk._first_trusted.cache_clear()
    folder.chmod(0o777)
    with pytest.warns(UserWarning, match="numba.*can be written to by others"):
        assert disk.cache_folder() == usual


def test_where_rights_are_not_bits_nothing_is_refused__D3(tmp_path, monkeypatch):
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o777)
    found = os.stat(tmp_path / "shared")
    monkeypatch.setattr(disk.os, "name", "nt")
    assert disk._distrust(found) is None


# ---- the kernels themselves, in a process that a wrong instruction may end

DAMAGE = """
import os
import random
import sys
from pathlib import Path

import numpy as np
from fastsmote._kernels import scan
from fastsmote._kernels.jit import kernel

folder = Path(os.environ["FASTSMOTE_CACHE"])
bits, exponent = np.array([0, 1, 0x7F800000], np.uint32), np.uint32(0x7F800000)
p = np.array([0.5, 2.0])


def calls():
    a, b = kernel(scan.first_nonfinite.py_func), kernel(scan.first_outside.py_func)
    assert (a(bits, exponent, exponent, 0, 3), b(p, 0, 2)) == (2, 1)
    return sum(sum(k.stats.cache_hits.values()) for k in (a, b))


assert calls() == 0
assert calls() == 2
files = {path: path.read_bytes() for path in sorted(folder.iterdir())}
assert len(files) == 2
draw = random.Random(int(sys.argv[1]))
done = 0
for path, whole in files.items():
    (other,) = set(files) - {path}
    for kind in ["flip"] * int(sys.argv[2]) + ["cut"] * 3 + ["empty", "swapped"]:
        damaged = bytearray(whole)
        if kind == "flip":
            at = draw.randrange(8 * len(whole)) if draw.random() < 0.7 else draw.randrange(8 * 400)
            damaged[at // 8] ^= 1 << at % 8
        elif kind == "cut":
            damaged = damaged[: draw.randrange(1, len(whole))]
        else:
            damaged = files[other] if kind == "swapped" else b""
        path.write_bytes(damaged)
        assert calls() == 1, (path, kind)
        assert calls() == 2, "the damaged entry was not replaced"
        done += 1
print(done, sorted(path.name for path in folder.iterdir()) == sorted(path.name for path in files))
"""


def run(script, *arguments, **changes):
    """What a script prints that must end well, in a process of its own."""
    kept = {k: v for k, v in os.environ.items() if k not in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, *map(str, arguments)],
        env=kept | {key: str(value) for key, value in changes.items()},
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
        cwd=os.sep,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.mark.slow
def test_no_damage_of_a_file_ends_the_process_or_changes_a_result__D3(tmp_path):
    """A bit anywhere, half a file, no bytes, the file of another kernel: compiled anew and replaced."""
    assert run(DAMAGE, 0, 30, FASTSMOTE_CACHE=tmp_path) == "70 True\n"


SMOTE = """
import numpy as np
import fastsmote

rng = np.random.default_rng(0)
X = rng.normal(size=(700, 4))
made = fastsmote.smote(X, np.arange(700) % 9 == 0, random_state=0)[0]
print(made.sum().hex())
"""


@pytest.mark.slow
def test_a_bit_in_every_file_of_a_sampler__D3(tmp_path):
    expected = run(SMOTE, FASTSMOTE_CACHE=tmp_path)
    files = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert len(files) > 3
    draw = random.Random(0)
    for path, whole in files.items():
        damaged = bytearray(whole)
        damaged[draw.randrange(len(whole))] ^= 1 << draw.randrange(8)
        path.write_bytes(damaged)
    assert run(SMOTE, FASTSMOTE_CACHE=tmp_path) == expected
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in files}
    for path in files:
        assert len(path.read_bytes()) > 200
    written = {path: path.stat().st_mtime_ns for path in files}
    assert run(SMOTE, FASTSMOTE_CACHE=tmp_path) == expected
    assert {path: path.stat().st_mtime_ns for path in files} == written  # all were whole


SCAN = """
import os
import sys

import numba
import numpy as np

numba.njit(lambda x: x + 1)(1)  # all of numba is there, which may lie where another user can not look
os.seteuid(int(sys.argv[1]))
from fastsmote._kernels.disk import cache_folder
from fastsmote._kernels.scan import first_outside

found = first_outside(np.array([0.5, 2.0]), 0, 2)
print(found, sum(first_outside.stats.cache_hits.values()), cache_folder())
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="runs as root and as another user")
def test_another_user_and_the_folder_of_root__D3():
    """Filled once and read-only, private, or owned by that user: read, or compiled without it."""
    place = Path("/tmp") / f"fastsmote-test-{os.getpid()}"  # that another user can reach
    place.mkdir(mode=0o755)
    package = Path(disk.__file__).parent.parent
    try:
        shutil.copytree(package, place / "fastsmote", ignore=shutil.ignore_patterns("__pycache__"))
        at_home = {"PYTHONPATH": place, "HOME": place / "no home", "PYTHONDONTWRITEBYTECODE": 1}
        folder = place / "cache"
        assert run(SCAN, 0, FASTSMOTE_CACHE=folder, **at_home) == f"1 0 {folder}\n"
        private = run(SCAN, 65534, FASTSMOTE_CACHE=folder, **at_home)  # not theirs to look into
        assert private == f"1 0 {folder}\n"
        folder.chmod(0o755)
        assert run(SCAN, 65534, FASTSMOTE_CACHE=folder, **at_home) == f"1 1 {folder}\n"
        assert run(SCAN, 65534, FASTSMOTE_CACHE="", **at_home) == "1 0 None\n"
        os.chown(folder, 65534, 65534)
        refused = subprocess.run(
            [sys.executable, "-c", SCAN, "0"],
            env=os.environ | {k: str(v) for k, v in at_home.items()} | {"FASTSMOTE_CACHE": str(folder)},
            capture_output=True,
            text=True,
            check=True,
            cwd=os.sep,
        )
        assert refused.stdout.startswith("1 0 ")
        assert str(folder) not in refused.stdout
        assert "belongs to another user (number 65534)" in refused.stderr
    finally:
        shutil.rmtree(place)
