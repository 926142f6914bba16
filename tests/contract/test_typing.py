"""Type checkers know every public name: wrong calls are errors, right ones are not, and little is unknown."""

import ast
import inspect
import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from contract.imports import PACKAGE

CALLS = """
import numpy as np
import pandas as pd
import fastsmote
from fastsmote.plan import SyntheticPlan

X, y = np.zeros((9, 2)), [0] * 6 + [1] * 3

X_resampled, y_resampled = fastsmote.smote(X, y, k_neighbors=2, random_state=np.random.default_rng(0))
fastsmote.smote(pd.DataFrame(X), pd.Series(y))
counts: dict[object, int] = fastsmote.smote(X, y).counts_after
made: SyntheticPlan = fastsmote.plan.smote(X, y)
rows: np.ndarray = fastsmote.select.tomek_links(X, y)
sweep: fastsmote.Sweep = fastsmote.confusion_sweep(y, X[:, 0])
sampler = fastsmote.imblearn.SMOTE(k_neighbors=3, random_state=0)
threshold: float = fastsmote.best_threshold(sweep).threshold

fastsmote.smote(X, y, k_neighbours=5)  # WRONG
fastsmote.imblearn.SMOTE(k_neighbours=5)  # WRONG
fastsmote.nosuchthing  # WRONG
fastsmote.smote(X)  # WRONG
fastsmote.smote(X, y, n_jobs="all")  # WRONG
fastsmote.smote(X, y, random_state=0.5)  # WRONG
fastsmote.plan.smote(X, y).nosuchthing  # WRONG
fastsmote.edited_nearest_neighbours(X, y, kind_sel="both")  # WRONG
"""
WRONG = {number for number, line in enumerate(CALLS.splitlines(), 1) if "# WRONG" in line}


def check(folder, tool, *options):
    """What a type checker prints about the calls, with the package and the libraries that this Python has."""
    (folder / "calls.py").write_text(CALLS)
    environment = os.environ | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": str(PACKAGE.parent),
        "MYPYPATH": str(PACKAGE.parent),
    }
    command = [sys.executable, "-m", tool, *options]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.stdout


@pytest.mark.slow
def test_mypy_sees_wrong_calls(tmp_path):
    out = check(tmp_path, "mypy", "--strict", "--config-file=", "--ignore-missing-imports", "calls.py")
    errors = [
        line.split(":")[1] for line in out.splitlines() if line.startswith("calls.py") and "error:" in line
    ]
    assert {int(number) for number in errors} == WRONG, out


@pytest.mark.slow
@pytest.mark.skipif(not find_spec("pyright"), reason="needs pyright")
def test_pyright_sees_wrong_calls(tmp_path):
    found = json.loads(check(tmp_path, "pyright", "--outputjson", "calls.py"))
    errors = [one for one in found["generalDiagnostics"] if one["severity"] == "error"]
    assert {error["range"]["start"]["line"] + 1 for error in errors} == WRONG, errors


@pytest.mark.slow
@pytest.mark.skipif(not find_spec("pyright"), reason="needs pyright")
def test_types_are_complete(tmp_path):
    """Of what can be reached from public names, nearly all has a type that is written down."""
    options = ("--verifytypes", "fastsmote", "--ignoreexternal", "--outputjson")
    report = json.loads(check(tmp_path, "pyright", *options))["typeCompleteness"]
    assert Path(report["moduleRootDirectory"]) == PACKAGE
    assert report["completenessScore"] >= 0.99


def test_the_marker_of_types_is_shipped():
    assert (PACKAGE / "py.typed").exists()


def parameters_of(node):
    """What a definition in a text takes, as ``inspect.signature`` writes it, without types."""
    for argument in ast.walk(node.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    return ast.unparse(node.args)


def test_the_stub_of_the_drop_ins_is_true():
    stub = ast.parse((PACKAGE / "imblearn" / "__init__.pyi").read_text("utf-8"))
    classes = {node.name: node for node in stub.body if isinstance(node, ast.ClassDef)}
    drop_ins = pytest.importorskip("fastsmote.imblearn")
    bases = {"_Sampler", "_Ensemble"}
    assert set(classes) - bases == set(drop_ins.__all__)
    for name in drop_ins.__all__:
        init, *methods = classes[name].body
        for method in methods:
            taken = inspect.signature(getattr(getattr(drop_ins, name), method.name)).parameters.values()
            written = ", ".join(str(one.replace(annotation=one.empty)) for one in taken)
            assert parameters_of(method) == written
        actual = inspect.signature(getattr(drop_ins, name))
        kept = [
            one for one in actual.parameters.values() if one.default != "deprecated"
        ]  # gone in the newest
        actual = actual.replace(parameters=kept)
        assert parameters_of(init) == f"self, {str(actual)[1:-1]}"
        for method in classes[classes[name].bases[0].id].body:
            assert hasattr(getattr(drop_ins, name), method.name)


def test_the_stub_of_the_estimators_is_true():
    bases = pytest.importorskip("fastsmote.sklearn._bases")
    stub = ast.parse((PACKAGE / "sklearn" / "_bases.pyi").read_text("utf-8"))
    classes = {node.name: node for node in stub.body if isinstance(node, ast.ClassDef)}
    assert set(classes) == set(bases.__all__)
    for name, node in classes.items():
        for method in (item for item in node.body if isinstance(item, ast.FunctionDef)):
            actual = inspect.signature(getattr(getattr(bases, name), method.name))
            assert parameters_of(method) == str(actual)[1:-1]
