"""A bare install says which extra brings what is missing: kind C3."""

import json
import subprocess
import sys
import tomllib

import pytest
from places import REPOSITORY

from fastsmote._core.extras import require

BLOCK = """
import importlib.abc, json, sys

class Block(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {missing!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Block())
import fastsmote

X, y = [[float(i % 7), float(i % 3)] for i in range(40)], [0] * 28 + [1] * 12
said = {{}}
for call in {calls!r}:
    try:
        exec(call)
    except ImportError as error:
        said[call] = [type(error).__name__, error.name, str(error)]
print(json.dumps(said))
"""
OF_PLOT = ["import fastsmote.plot", "fastsmote.plot.roc", "from fastsmote import plot"]
OF_SKLEARN = [
    "import fastsmote.sklearn",
    "fastsmote.sklearn.svm_smote(X, y)",
    "fastsmote.sklearn.instance_hardness_threshold(X, y)",
    "fastsmote.svm_smote(X, y)",
    "fastsmote.plan.svm_smote(X, y)",
    "fastsmote.instance_hardness_threshold(X, y)",
    "fastsmote.select.instance_hardness_threshold(X, y)",
]
OF_IMBLEARN = [
    "import fastsmote.imblearn",
    "fastsmote.patch_imblearn()",
    "fastsmote.unpatch_imblearn()",
    "fastsmote.patch_report()",
    "from fastsmote import patched_imblearn",
    "from fastsmote.imblearn import SMOTE",
]


def said_without(missing, calls):
    code = BLOCK.format(missing=missing, calls=calls)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("missing", "title", "extra", "calls"),
    [
        (["matplotlib"], "matplotlib", "plot", OF_PLOT),
        (["sklearn", "imblearn"], "scikit-learn", "imblearn", OF_SKLEARN),
        (["imblearn"], "imbalanced-learn", "imblearn", OF_IMBLEARN),
    ],
)
def test_what_is_missing_is_told_with_its_extra__C3(missing, title, extra, calls):
    said = said_without(missing, calls)
    assert list(said) == calls
    for kind, name, message in said.values():
        assert kind == "ModuleNotFoundError"
        assert name.partition(".")[0] in missing
        assert message.endswith(f'needs {title}, which is not installed: pip install "fastsmote[{extra}]"')


@pytest.mark.slow
@pytest.mark.parametrize("missing", ["typer", "rich", "pyarrow"])
def test_the_command_tells_its_extra__C3(missing):
    code = BLOCK.format(missing=[missing], calls=[]) + "import fastsmote.cli; fastsmote.cli.main()"
    command = [sys.executable, "-c", code, "advise", "no.csv", "--target", "y"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert missing in run.stderr
    assert 'pip install "fastsmote[cli]"' in run.stderr
    assert "Traceback" not in run.stderr


def test_what_a_package_lacks_itself_stays_what_it_is__C3(monkeypatch, tmp_path):
    (tmp_path / "broken_package.py").write_text("import no_such_module")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModuleNotFoundError, match=r"^No module named 'no_such_module'"):
        require("plot", "it", "broken_package")


@pytest.mark.parametrize(
    ("extra", "package"), [("plot", "matplotlib"), ("imblearn", "imblearn"), ("imblearn", "sklearn")]
)
def test_the_extras_are_those_of_the_project__C3(extra, package, monkeypatch):
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ModuleNotFoundError) as caught:
        require(extra, "it", package)
    distribution = str(caught.value).split(" needs ")[1].split(",")[0]
    assert any(line.startswith(f"{distribution}>=") for line in project["optional-dependencies"][extra])


@pytest.mark.parametrize("name", ["imblearn", "plot", "sklearn"])
def test_each_adapter_asks_before_it_imports_its_parts__C3(name):
    text = (REPOSITORY / "fastsmote" / name / "__init__.py").read_text()
    assert 0 < text.index("\nrequire(") < text.index(f"\nfrom fastsmote.{name}._")
