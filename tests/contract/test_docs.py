"""The examples of every docstring run; the parameters described are those there are."""

import ast
import doctest
import importlib
import inspect
import re
from itertools import pairwise
from pathlib import Path

import pytest
from contract.public import ADAPTERS, public_items
from places import REPOSITORY

import fastsmote

README = REPOSITORY / "README.md"
PACKAGE = Path(fastsmote.__file__).parent
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)
PUBLIC = dict(public_items())
SECTIONS = [  # in the order of numpydoc
    "Parameters", "Attributes", "Returns", "Yields", "Raises", "Warns", "See Also", "Notes", "References",
    "Examples",
]  # fmt: skip


def examples_of(path):
    """Docstrings that hold examples: (name, text, line); private ones and those of inner functions too."""
    found = []

    def visit(node, name):
        text = ast.get_docstring(node) if isinstance(node, DOCUMENTED) else None
        if text and ">>> " in text:
            found.append((name, text, node.body[0].lineno))
        for child in ast.iter_child_nodes(node):
            visit(child, f"{name}.{child.name}" if isinstance(child, DOCUMENTED[1:]) else name)

    visit(ast.parse(path.read_text("utf-8")), path.stem)
    return found


def module_of(path):
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


EXAMPLES = {
    module_of(path): (path, found) for path in sorted(PACKAGE.rglob("*.py")) if (found := examples_of(path))
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_docstrings(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path, examples = EXAMPLES[name]
    try:
        module = importlib.import_module(name)
    except ImportError:
        if name.split(".")[1] not in ADAPTERS:
            raise
        pytest.skip("needs an optional package")
    parser, runner, told = doctest.DocTestParser(), doctest.DocTestRunner(verbose=False), []
    for place, text, line in examples:
        test = parser.get_doctest(text, vars(module).copy(), place, str(path), line)
        assert test.examples
        runner.run(test, out=told.append)
    assert runner.failures == 0, "".join(told)


def test_every_public_example_is_among_them():
    texts = {text for _, found in EXAMPLES.values() for _, text, _ in found}
    for name, item in PUBLIC.items():
        text = inspect.getdoc(item) or ""
        assert ">>> " not in text or text in texts, f"the examples of {name} are made when the program runs"


def test_examples_are_found_where_they_stand(tmp_path):
    source = (
        'class A:\n    def f(self):\n        """Do.\n\n        >>> 1\n        1\n        """\n\n'
        '        def g():\n            """Say.\n\n            >>> 2\n            2\n            """\n'
    )
    (tmp_path / "m.py").write_text(source)
    assert [(name, line) for name, _, line in examples_of(tmp_path / "m.py")] == [
        ("m.A.f", 3),
        ("m.A.f.g", 10),
    ]


PAGES = [
    path.relative_to(REPOSITORY).as_posix()
    for folder in (".github", "docs")
    for path in sorted((REPOSITORY / folder).rglob("*.md"))
]


def files_named(text):
    """Files and folders that a page names between backticks, or links to."""
    named = re.findall(r"`((?:fastsmote|tests|asv_bench|docs|\.ci)/[^`\s<|]*)`", text)
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    return named, links


@pytest.mark.parametrize("page", [*PAGES, "README.md"])
def test_pages_name_files_that_exist(page):
    path = REPOSITORY / page
    named, links = files_named(path.read_text("utf-8"))
    assert [name for name in named if not (REPOSITORY / name).exists()] == []
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_python_files_are_named_by_their_path():
    """So that the test above sees each."""
    for page in PAGES:
        words = re.findall(r"`([^`\s]+\.pyi?)`", (REPOSITORY / page).read_text("utf-8"))
        named, _ = files_named((REPOSITORY / page).read_text("utf-8"))
        assert set(words) - {"__init__.py"} <= set(named), page


def test_names_of_files_are_found():
    text = "`fastsmote/a.py`, [b](../b.md#c), [d](https://d.org), `.ci/run`, `tests/`, `e.py`, `docs/<x>.py`"
    assert files_named(text) == (["fastsmote/a.py", ".ci/run", "tests/"], ["../b.md"])


def documented(docstring):
    """Names in the Parameters section of a numpydoc docstring, None without such a section."""
    section = re.search(
        r"^Parameters\n-{10}\n(.*?)(?=^\w[^\n]*\n-{3,}$|\Z)", docstring, re.MULTILINE | re.DOTALL
    )
    if section is None:
        return None
    heads = re.findall(r"^(\S[^\n]*?)(?: : [^\n]*)?$", section.group(1), re.MULTILINE)
    return [name.strip().lstrip("*") for head in heads for name in head.split(",")]


def parameters(item):
    return [name for name in inspect.signature(item).parameters if name not in ("self", "cls")]


def test_parameters_are_described():
    elsewhere = re.compile(r"[Pp]arameters|`fastsmote|\bas for\b|Attributes\n---")
    for name, item in PUBLIC.items():
        text = inspect.getdoc(item)
        assert text, name
        names = documented(text)
        if names is None:
            told = not parameters(item) or elsewhere.search(text)
            assert told, f"{name} has parameters and neither describes them nor says where they are described"
        else:
            assert sorted(names) == sorted(parameters(item)), name


def sections_of(docstring):
    """Titles of the sections of a numpydoc docstring, in their order."""
    lines = docstring.splitlines()
    return [line for line, rule in pairwise(lines) if rule and set(rule) == {"-"} and len(rule) == len(line)]


def test_see_also():
    """Where else to look: after what is returned, before notes."""
    for name, item in PUBLIC.items():
        sections = sections_of(inspect.getdoc(item))
        assert "See Also" in sections, name
        places = [SECTIONS.index(section) for section in sections]
        assert places == sorted(places), name


def test_sections_are_seen():
    assert sections_of("Sum.\n\nReturns\n-------\nfloat\n\nNotes\n-----\nNone\n---") == ["Returns", "Notes"]


def test_the_docstring_parser_sees_what_is_wrong():
    text = "Sum.\n\nParameters\n----------\nx, y : float\n    Terms.\n*rest\n\nReturns\n-------\nfloat\n"
    assert documented(text) == ["x", "y", "rest"]
    assert documented("Sum.") is None
