"""Public names: where they live, that they are loaded on first use, that tools find them without it."""

import ast
import importlib
import pickle
import subprocess
import sys
from collections import Counter

import pytest
from contract.imports import PACKAGE, SOURCES, TREES
from contract.public import ADAPTERS, NAMES, public_objects

import fastsmote

STUB = ast.parse((PACKAGE / "__init__.pyi").read_text("utf-8"))


def test_public_homes():
    for name, item in public_objects():
        assert item.__module__.startswith("fastsmote"), name
        assert "._" not in item.__module__, name
        assert pickle.loads(pickle.dumps(item)) is item, name


def test_classes_have_names_of_their_own():
    """Also where only a type checker, a traceback or a reader would mix them up."""
    classes = Counter(
        node.name for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
    )
    twice = {name for name, count in classes.items() if count > 1}
    assert twice == {"BalancedBaggingClassifier", "EasyEnsembleClassifier"}  # also in imbalanced-learn


# ------------------------------------------------------------------------------------- the lazy top level


def test_the_stub_is_the_list():
    named = defined_in(STUB).keys() - {"__version__"}
    assert set(dir(fastsmote)) == {"__version__", *named}
    assert {name for name in NAMES if "." not in name} <= named
    left_out = {
        "Comparison", "compare",
        "PatchReport", "patch_imblearn", "patch_report", "patched_imblearn", "unpatch_imblearn",
    }  # fmt: skip
    assert set(dir(fastsmote)) - set(fastsmote.__all__) == left_out | (ADAPTERS & named)
    for name in dir(fastsmote):
        getattr(fastsmote, name)
    with pytest.raises(AttributeError, match="module 'fastsmote' has no attribute 'nosuchthing'"):
        _ = fastsmote.nosuchthing


def test_star():
    script = "from fastsmote import *; import fastsmote; assert set(fastsmote.__all__) <= set(dir())"
    subprocess.run([sys.executable, "-c", script], check=True)


def test_import_takes_little_time():
    script = "import time; t = time.process_time(); import fastsmote; print(time.process_time() - t)"
    runs = [subprocess.run([sys.executable, "-c", script], capture_output=True, check=True) for _ in range(3)]
    assert min(float(run.stdout) for run in runs) < 0.05


# ------------------------------------------------------------------------- what tools read without importing


def defined_in(tree):
    """Name to what a module's text has for it at its top level: (module, name) of an import, or the node."""
    names = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            module = ("fastsmote." * bool(node.level) + (node.module or "")).rstrip(".")
            aliases = {alias.asname or alias.name: alias.name for alias in node.names}
            if "*" in aliases:
                aliases = {name: name for name in listed(TREES[module.removeprefix("fastsmote.")])}
            names |= {bound: (module, name) for bound, name in aliases.items()}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            names[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id: node for target in targets if isinstance(target, ast.Name)}
    return names


def find(module, name):
    """The definition behind a name, followed through imports; None where there is none."""
    if f"{module}.{name}".removeprefix("fastsmote.") in SOURCES:
        return TREES[f"{module}.{name}".removeprefix("fastsmote.")]
    found = defined_in(STUB if module == "fastsmote" else TREES[module.removeprefix("fastsmote.")]).get(name)
    return find(*found) if isinstance(found, tuple) else found


def is_documented(node):
    return isinstance(node, ast.Assign | ast.AnnAssign) or (node and ast.get_docstring(node))


def listed(tree):
    """``__all__`` of a module as its text gives it."""
    (value,) = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    ]
    return ast.literal_eval(value)


@pytest.mark.parametrize("module", NAMES)
def test_documentation_tools_find_every_name(module):
    names = listed(TREES[module])
    assert names == list(importlib.import_module(f"fastsmote.{module}").__all__)
    assert [name for name in names if not is_documented(find(f"fastsmote.{module}", name))] == []


def test_documentation_tools_find_the_top_level():
    assert [name for name in dir(fastsmote) if not is_documented(find("fastsmote", name))] == []
    assert find("fastsmote", "nosuchthing") is None
