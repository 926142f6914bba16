"""What the package offers: its public modules, and the classes, functions and methods in them."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any

import dask.array
import numpy as np

import fastsmote

ADAPTERS = {"cli", "dask", "files", "imblearn", "plot", "sklearn"}


def _modules_in(path: Iterable[str], prefix: str = "") -> Iterator[str]:
    """Public modules in folders, and those inside of them."""
    for info in pkgutil.iter_modules(path):
        if not info.name.startswith("_") and info.name != "cli":  # a program, not a module to import from
            yield prefix + info.name
            folder = [f"{one}/{info.name}" for one in path]
            yield from _modules_in(folder, f"{prefix}{info.name}.") if info.ispkg else ()


NAMES = sorted(_modules_in(fastsmote.__path__))


def as_taken(name: str, value: Any) -> Any:
    """A value as a public function takes it: in two chunks where it is one of ``fastsmote.dask``."""
    if not name.startswith("fastsmote.dask.") or not isinstance(value, np.ndarray | list):
        return value
    array = np.asarray(value)
    return dask.array.from_array(array, (-(-len(array) // 2), *array.shape[1:]))


def of_object(parameters: Iterable[str]) -> bool:
    """Whether those of a method, by the names of its parameters."""
    return not {"self", "cls"}.isdisjoint(parameters)


def public_modules() -> Iterator[ModuleType]:
    yield fastsmote
    for name in NAMES:
        yield importlib.import_module(f"fastsmote.{name}")


def public_objects() -> Iterator[tuple[str, Any]]:
    """(name, class or function) that public modules offer; of the top level also what ``*`` leaves out."""
    for module in public_modules():
        for name in dir(module) if module is fastsmote else module.__all__:
            item = getattr(module, name)
            if inspect.isclass(item) or inspect.isfunction(item):
                yield f"{module.__name__}.{name}", item


def public_items() -> Iterator[tuple[str, Any]]:
    """Public classes and functions, each once, and the public methods that the classes define themselves."""
    seen = set()
    for name, item in public_objects():
        if item in seen or (inspect.isclass(item) and issubclass(item, Exception)):
            continue
        seen.add(item)
        yield name, item
        for key, value in vars(item).items() if inspect.isclass(item) else ():
            method = getattr(value, "__func__", value)  # class methods
            if inspect.isfunction(method) and not key.startswith("_"):
                yield f"{name}.{key}", method
