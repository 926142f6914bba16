"""The examples of docstrings and of the README run, in a folder of their own."""

import doctest
import importlib
import pkgutil
import re

import pytest
from places import REPOSITORY

import fastsmote

README = REPOSITORY / "README.md"
ADAPTERS = {"cli", "dask", "imblearn", "plot", "sklearn"}
MODULES = sorted(
    info.name for info in pkgutil.iter_modules(fastsmote.__path__) if info.name.strip("_") == info.name
)


@pytest.mark.parametrize("name", MODULES)
def test_docstrings(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    try:
        module = importlib.import_module(f"fastsmote.{name}")
    except ImportError:
        if name not in ADAPTERS:
            raise
        pytest.skip("needs an optional package")
    failed, _ = doctest.testmod(module)
    assert failed == 0


def python_blocks(text):
    """Code of the blocks fenced as python, each with its line number."""
    return [
        (text[: match.start()].count("\n") + 2, match.group(1))
        for match in re.finditer(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    ]


def test_readme(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {"__name__": "readme"}
    for line, code in python_blocks(README.read_text("utf-8")):
        exec(compile("\n" * (line - 1) + code, "README.md", "exec"), names)


def test_blocks_are_found_in_order():
    text = "a\n```python\nx = 1\n```\n```bash\nls\n```\n```python\ny = x\n\nz = 2\n```\n"
    assert python_blocks(text) == [(3, "x = 1\n"), (9, "y = x\n\nz = 2\n")]
