"""How often functions of the package run during a call, whatever name a module gave them.

A function that was imported by name is an attribute of many modules: each of them is replaced while the
block runs, so no call escapes.
"""

import contextlib
import functools
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any


@contextlib.contextmanager
def counting(*functions: Callable[..., Any]) -> Iterator[Counter[Any]]:
    """Count the calls of some functions by name, and by name and argument.

    >>> from fastsmote._core.containers import is_sparse
    >>> with counting(is_sparse) as calls:
    ...     fastsmote.smote(X, y)
    >>> calls["is_sparse"]                  # calls
    >>> calls["is_sparse", id(X)]           # those with X as first argument
    """
    calls: Counter[Any] = Counter()
    lock = threading.Lock()
    replaced = []
    for function in functions:
        counted = _counted(function, calls, lock)
        for module in _package_modules():
            for name, value in list(vars(module).items()):
                if value is function:
                    setattr(module, name, counted)
                    replaced.append((module, name, function))
        assert any(function is original for _, _, original in replaced), f"no module holds {function}"
    try:
        yield calls
    finally:
        for module, name, function in replaced:
            setattr(module, name, function)


def _package_modules() -> list[Any]:
    return [module for name, module in list(sys.modules.items()) if name.split(".")[0] == "fastsmote"]


def _counted(function: Callable[..., Any], calls: Counter[Any], lock: Any) -> Callable[..., Any]:
    @functools.wraps(function)
    def counted(*args: Any, **kwargs: Any) -> Any:
        first = args[0] if args else next(iter(kwargs.values()), None)
        with lock:
            calls[function.__name__] += 1
            calls[function.__name__, id(first)] += 1
        return function(*args, **kwargs)

    return counted
