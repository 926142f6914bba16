"""The sampler that CONTRIBUTING adds in four places works everywhere, in a copy of the repository."""

import ast
import os
import re
import shutil
import subprocess
import sys

import pytest
from places import REPOSITORY

from fastsmote._kernels.disk import cache_folder

NAME = "midpoint_over_sample"
BLOCK = re.compile(r"^<!-- file: (\S+) -->\n```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PLACES = dict(BLOCK.findall((REPOSITORY / "docs" / "CONTRIBUTING.md").read_text("utf-8")))


def source_of(block, node):
    """A statement as it is written, its decorators too."""
    first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
    return "\n".join(block.splitlines()[first - 1 : node.end_lineno])


def with_block(source, block):
    """A module with a block of the page: its imports and functions, or its row of a table."""
    if block.startswith("Sampler("):
        head, rows, rest = source.partition("    for row in (\n")
        assert rows
        return f"{head}{rows}{block}{rest}"
    nodes = ast.parse(block).body
    pieces = [source_of(block, node) for node in nodes]
    is_import = [isinstance(node, ast.ImportFrom) for node in nodes]
    imports = "".join(f"{piece}\n" for piece, first in zip(pieces, is_import, strict=True) if first)
    functions = "".join(f"\n\n{piece}\n" for piece, first in zip(pieces, is_import, strict=True) if not first)
    names = "".join(f'\n    "{node.name}",' for node in nodes if isinstance(node, ast.FunctionDef))
    head, opening, rest = source.partition("__all__ = [")
    assert opening
    return f"{head}{imports}\n{opening}{names}{rest}{functions}"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Runs Python in a copy of the repository to which the page was applied."""
    folder = tmp_path_factory.mktemp("copy")
    for part in ("fastsmote", "tests", "docs", ".github"):
        shutil.copytree(
            REPOSITORY / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "recorded")
        )
    shutil.copy(REPOSITORY / "pyproject.toml", folder)
    for place, block in PLACES.items():
        path = folder / place
        path.write_text(with_block(path.read_text("utf-8"), block) if path.exists() else block, "utf-8")
    kernels = {"FASTSMOTE_CACHE": cache_folder() or "0"}  # those that are compiled already
    environment = {**os.environ, **kernels, "PYTHONPATH": str(folder), "COLUMNS": "200"}

    def python(*arguments):
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    return python


def test_it_takes_four_places():
    assert list(PLACES) == [
        "fastsmote/_sampling/over/midpoint.py",
        "fastsmote/_sampling/registry.py",
        "fastsmote/borderline.py",
        "fastsmote/plan.py",
    ]


@pytest.mark.slow
def test_the_sampler_is_at_the_top_level_and_in_plan(run):
    said = run(
        "-c",
        "import fastsmote, pickle\n"
        "X, y = [[0.0], [1.0], [5.0], [7.0], [11.0], [15.0]], list('aaaabb')\n"
        f"print(fastsmote.{NAME}(X, y, random_state=0))\n"
        f"plan = fastsmote.plan.{NAME}(X, y, random_state=0)\n"
        "print(plan.gap.tolist(), plan.rows(X).tolist(), plan.label.tolist())\n"
        f"assert '{NAME}' in fastsmote.__all__",
    )
    assert said == (
        "([[0.0], [1.0], [5.0], [7.0], [11.0], [15.0], [13.0], [13.0]], "
        "['a', 'a', 'a', 'a', 'b', 'b', 'b', 'b'])\n"
        "[0.5, 0.5] [[13.0], [13.0]] ['b', 'b']\n"
    )


@pytest.mark.slow
def test_documents_and_tests_over_all_samplers_have_it(run):
    table = run("-c", "from fastsmote._sampling.registry import markdown_table; print(markdown_table())")
    assert f"| `fastsmote.{NAME}` | over |" in table
    tests = ["tests/contract/test_registry.py", "tests/contract/test_docs.py"]
    said = run(
        "-m", "pytest", *tests, "-k", f"{NAME} or midpoint or docstrings or parameters or has_its", "-rp"
    )
    for name in (
        f"test_a_row_has_its_functions[{NAME}]",
        f"test_a_sampler_keeps_its_promises[{NAME}]",
        f"test_a_decision_is_what_is_applied[{NAME}]",
        "test_docstrings[fastsmote.borderline]",  # its examples
        "test_parameters_are_described",  # of all functions
    ):
        assert f"::{name}" in said


@pytest.mark.slow
def test_it_keeps_the_rules_of_the_house(run):
    run("-m", "pytest", "tests/contract/test_layers.py")


@pytest.mark.slow
def test_the_command_has_it(run):
    assert NAME in run("-m", "fastsmote", "resample", "--help")
