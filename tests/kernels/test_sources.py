"""What holds for every file of kernels: its machine code goes by its source, its name, its arguments."""

import ast
import shutil
from pathlib import Path

import pytest

import fastsmote
from fastsmote._kernels.jit import stamp_of

KERNELS = Path(fastsmote.__file__).parent / "_kernels"
SOURCES = sorted(path.relative_to(KERNELS).as_posix() for path in KERNELS.rglob("*.py"))
MOST_ARGUMENTS = 10
MORE_ARGUMENTS = {
    # an intrinsic, written out where it is used: nothing is handed over that a record could carry
    ("neighbors/tile.py", "tile"),
    ("neighbors/lanes.py", "tile"),
}


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """A copy of the kernels, with the stamp of the kernels themselves."""
    folder = tmp_path_factory.mktemp("kernels") / "_kernels"
    shutil.copytree(KERNELS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_the_stamp_is_that_of_the_sources_wherever_they_lie(copied):
    assert stamp_of(copied) == stamp_of(KERNELS)


@pytest.mark.parametrize("source", SOURCES)
def test_a_change_of_any_file_changes_the_stamp(copied, source):
    before, text = stamp_of(copied), (copied / source).read_bytes()
    (copied / source).write_bytes(text + b"\n# changed\n")
    changed = stamp_of(copied)
    (copied / source).write_bytes(text)
    assert changed != before
    assert stamp_of(copied) == before


def test_a_new_place_of_a_file_changes_the_stamp(copied):
    before = stamp_of(copied)
    moved = (copied / "draw.py").rename(copied / "sampling" / "draw.py")
    changed = stamp_of(copied)
    moved.rename(copied / "draw.py")
    assert changed != before


def test_names_of_files_are_unique():
    """A cached file goes by the last part of its module; its key knows no constants of the module."""
    names = [Path(source).name for source in SOURCES if not source.endswith("__init__.py")]
    assert sorted(names) == sorted(set(names))


def functions(source):
    tree = ast.parse((KERNELS / source).read_text("utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def n_arguments(function):
    taken = function.args
    return len(taken.posonlyargs) + len(taken.args) + len(taken.kwonlyargs)


def test_kernels_take_few_arguments():
    wide = {
        (source, function.name)
        for source in SOURCES
        for function in functions(source)
        if n_arguments(function) > MOST_ARGUMENTS
    }
    assert wide == MORE_ARGUMENTS


@pytest.mark.parametrize("source", SOURCES)
def test_nothing_is_raised(source):
    """What is wrong with an input, and which error that is, is decided in the rooms above."""
    tree = ast.parse((KERNELS / source).read_text("utf-8"))
    assert [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Raise | ast.Assert)] == []


@pytest.mark.parametrize("source", [source for source in SOURCES if source.endswith("__init__.py")])
def test_each_folder_has_a_page_that_names_its_files(source):
    folder = (KERNELS / source).parent
    page = ast.get_docstring(ast.parse((KERNELS / source).read_text("utf-8")))
    parts = [path for path in folder.iterdir() if path.name not in ("__init__.py", "__pycache__")]
    assert [path.stem for path in parts if f"``{path.stem}``" not in page] == []
