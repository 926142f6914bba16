"""Who may import whom, read from the sources; and that docstrings name the parameters that there are."""

import ast
import importlib
import inspect
import pkgutil
import re
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


def public_names(module):
    """``__all__``, or else what the module itself defines."""
    if hasattr(module, "__all__"):
        return module.__all__
    mine = [k for k, v in vars(module).items() if getattr(v, "__module__", None) == module.__name__]
    return [name for name in mine if not name.startswith("_")]


def public_functions():
    """(name, function or class) that modules offer, and public methods."""
    for info in pkgutil.iter_modules([str(PACKAGE)]):
        if info.name.startswith("_") or info.name == "cli":
            continue
        module = importlib.import_module(f"fastsmote.{info.name}")
        for name in public_names(module):
            item = getattr(module, name)
            if inspect.isclass(item) and not issubclass(item, Exception):
                yield f"{info.name}.{name}", item
                for key, method in vars(item).items():
                    if inspect.isfunction(method) and not key.startswith("_"):
                        yield f"{info.name}.{name}.{key}", method
            elif inspect.isfunction(item):
                yield f"{info.name}.{name}", item


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
    return [name for name in inspect.signature(item).parameters if name != "self"]


PUBLIC = dict(public_functions())


@pytest.mark.parametrize("name", PUBLIC)
def test_docstring(name):
    item = PUBLIC[name]
    text = inspect.getdoc(item)
    assert text
    names = documented(text)
    if names is None:
        assert not parameters(item) or re.search(
            r"[Pp]arameters|`fastsmote|\bas for\b|Attributes\n---", text
        ), f"{name} has parameters and neither describes them nor says where they are described"
    else:
        assert sorted(names) == sorted(parameters(item))


def test_the_docstring_parser_sees_what_is_wrong():
    text = "Sum.\n\nParameters\n----------\nx, y : float\n    Terms.\n*rest\n\nReturns\n-------\nfloat\n"
    assert documented(text) == ["x", "y", "rest"]
    assert documented("Sum.") is None
