"""Who may import whom, read from the sources."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from places import REPOSITORY

import fastsmote

PACKAGE = Path(fastsmote.__file__).parent
TESTS = REPOSITORY / "tests"
COMPILER = {"numba", "llvmlite"}
OPTIONAL = {
    "dask", "faiss", "imblearn", "lightgbm", "matplotlib", "pandas", "polars", "psutil", "pyarrow", "rich",
    "sklearn", "typer", "xgboost",
}  # fmt: skip
# each layer imports from itself and from those before it
LAYERS = ["kernels", "private", "decisions", "functions", "adapters"]
FUNCTIONS = {"borderline", "cleaning", "oversample", "resample", "undersample"}
ADAPTERS = {"__main__", "cli", "dask", "imblearn", "plot", "sklearn"}
PARTS_OF_ADAPTERS = {"_cli", "_imblearn", "_plot", "_sklearn"}


def name_of(path, root=PACKAGE):
    """Dotted name below the root, "" for the package itself."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}
MODULES = [name for name in SOURCES if name]


def layer(name):
    if name == "_jit" or name.split(".")[0] == "_kernels":
        return "kernels"
    if name in ADAPTERS or name.split(".")[0] in PARTS_OF_ADAPTERS:
        return "adapters"
    if name.startswith("_"):
        return "private"
    return "functions" if name in FUNCTIONS else "decisions"


def is_type_checking(node):
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def imports(tree, everywhere=True):
    """Dotted names imported by a module: in functions too, or only on being imported itself."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif everywhere or not (isinstance(node, ast.FunctionDef) or is_type_checking(node)):
            yield from imports(node, everywhere)


def imported(name, everywhere=True):
    tree = ast.parse(SOURCES[name].read_text("utf-8"))
    return list(imports(tree, everywhere))


def own(names):
    """The modules of the package among imported names; those that are attributes stand for their module."""
    found = set()
    for full in names:
        head, _, rest = full.partition(".")
        if head == "fastsmote":
            while rest and rest not in SOURCES:
                rest = rest.rpartition(".")[0]
            found.add(rest)
    return found


def roots(names):
    return {full.partition(".")[0] for full in names}


@pytest.mark.parametrize("name", MODULES)
def test_compiler_only_in_kernels(name):
    if layer(name) != "kernels":
        assert not roots(imported(name)) & COMPILER


@pytest.mark.parametrize("name", MODULES)
def test_optional_packages_only_in_adapters(name):
    if layer(name) != "adapters":
        assert not roots(imported(name)) & OPTIONAL


@pytest.mark.parametrize("name", MODULES)
def test_no_upward_import(name):
    mine = LAYERS.index(layer(name))
    for other in own(imported(name)) - {""}:
        assert LAYERS.index(layer(other)) <= mine, f"{name} ({layer(name)}) imports {other} ({layer(other)})"


def test_only_adapters_import_the_package_itself():
    assert {layer(name) for name in MODULES if "" in own(imported(name))} <= {"adapters"}


def test_no_cycle():
    above = {name: own(imported(name, everywhere=False)) - {name, ""} for name in MODULES}
    settled = set()
    while above:
        free = [name for name, needs in above.items() if needs <= settled]
        assert free, f"these import each other: {sorted(above)}"
        for name in free:
            settled.add(name)
            del above[name]


@pytest.mark.parametrize("name", MODULES)
def test_size(name):
    assert len(SOURCES[name].read_text("utf-8").splitlines()) <= 500


def test_oracles_import_nothing_of_the_package():
    oracles = sorted((TESTS / "reference").rglob("*.py"))
    assert oracles
    for path in oracles:
        assert "fastsmote" not in roots(imports(ast.parse(path.read_text("utf-8"))))


def test_import_is_light():
    heavy = sorted(COMPILER | OPTIONAL | {"narwhals", "numpy", "scipy"})
    script = f"import fastsmote, sys; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_resampling_imports_no_optional_package():
    script = (
        "import fastsmote, sys\n"
        "fastsmote.smote([[0.0], [1.0], [2.0], [3.0]] * 4, [0] * 10 + [1] * 6)\n"
        f"print([m for m in {sorted(OPTIONAL)} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_kernels_are_never_parallel_and_assume_no_finite_numbers():
    for name in MODULES:
        if layer(name) == "kernels":
            tree = ast.parse(SOURCES[name].read_text("utf-8"))
            used = {k.arg: k.value for node in ast.walk(tree) for k in getattr(node, "keywords", [])}
            assert "parallel" not in used
            flags = ast.literal_eval(used.get("fastmath", ast.Constant(())))
            assert set(flags) <= {"reassoc", "contract", "nsz", "arcp"}
            assert not {"numba.prange", "numba.guvectorize"} & set(imports(tree))
