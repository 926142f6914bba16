"""fastsmote: exact, reproducible, multicore resampling for imbalanced classification.

Names are loaded on first use (PEP 562), so ``import fastsmote`` imports neither numba nor numpy. Which names
there are, and where each comes from, stands in ``__init__.pyi`` alone: type checkers and editors read it as
any stub, and this module reads the same file.
"""

import ast
import importlib
import os

__version__ = "0.2.0.dev0"  # pyproject.toml reads it here, and so does all else

# what is said of a compiled module that another interpreter of the process has, or that wants the main one
_ONE_INTERPRETER = ("more than once per process", "loading in subinterpreters")
# they need packages of their own, so `import *` leaves them out
_ADAPTERS = {"dask", "files", "imblearn", "plot", "sklearn"}


def _read_stub() -> dict[str, str]:
    """Name to module of all that the stub imports; a module itself comes from ``""``."""
    from fastsmote._sampling.registry import SAMPLERS  # a table, which imports nothing

    with open(os.path.join(os.path.dirname(__file__), "__init__.pyi"), encoding="utf-8") as stub:
        body = ast.parse(stub.read()).body
    homes: dict[str, str] = {}
    for node in body:
        if isinstance(node, ast.ImportFrom):
            face, names = node.module or "", [alias.name for alias in node.names]
            if names == ["*"]:
                names = [name for name, sampler in SAMPLERS.items() if sampler.face == face]
            homes |= dict.fromkeys(names, face)
    return homes


_HOME = _read_stub()

__all__ = [  # noqa: PLE0604
    "__version__",
    *(name for name, home in _HOME.items() if (home or name).partition(".")[0] not in _ADAPTERS),
]


def _hint(name: str) -> str:
    """What to write instead of a name of imbalanced-learn, of an old one, or of one that is misspelt."""
    if name.startswith("_"):
        return ""  # what tools look for in any module
    import difflib  # takes longer than all that is imported above

    from fastsmote._sampling.registry import SAMPLERS

    functions = {sampler.drop_in: sampler.name for sampler in SAMPLERS.values() if sampler.drop_in}
    if name in functions:
        return f": the function is fastsmote.{functions[name]}, the class fastsmote.imblearn.{name}"
    if name in ("fit_sample", "fit_resample"):
        return ": samplers are functions, such as X_new, y_new = fastsmote.smote(X, y)"
    close = difflib.get_close_matches(name.lower(), _HOME, n=1, cutoff=0.75)
    return f". Did you mean {close[0]!r}?" if close else ""


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'fastsmote' has no attribute {name!r}{_hint(name)}")
    home = _HOME[name]
    try:
        module = importlib.import_module(f"fastsmote.{home or name}")
    except ImportError as error:
        if not any(reason in str(error) for reason in _ONE_INTERPRETER):
            raise
        raise ImportError(
            "fastsmote does not work in this sub-interpreter: NumPy and numba load in one interpreter of a "
            "process only. Use threads or processes instead; with mod_wsgi, WSGIApplicationGroup %{GLOBAL}."
        ) from error
    globals()[name] = value = getattr(module, name) if home else module
    return value


def __dir__() -> list[str]:
    return ["__version__", *_HOME]
