"""Kernels as Python functions, for NUMBA_DISABLE_JIT=1: coverage sees their lines and pdb steps through them.

Where numba gives a number a type, Python has none: ``0.0 + x`` of a float32 x is float64 compiled and float32
in NumPy, and an int never wraps around. So numbers written in a kernel, constants of its module and arguments
become NumPy's int64 and float64, ``range`` counts in them, and functions of ``math`` give them. With these
types NumPy's scalars follow numba's rules, and the results are the same bits. Slow: about a microsecond for
each operation.
"""

import ast
import builtins
import functools
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType, SimpleNamespace
from typing import Any

import numpy as np

_MOST = 2**63 - 1


def _typed(value: Any) -> Any:
    """A number of Python as numba would take it; records and tuples by their fields."""
    if isinstance(value, tuple):
        fields = [_typed(field) for field in value]
        return type(value)(*fields) if hasattr(value, "_fields") else tuple(fields)
    if type(value) is int:
        return np.int64(value) if value <= _MOST else np.uint64(value)
    return np.float64(value) if type(value) is float else value


def _range(*bounds: Any) -> Iterator[Any]:
    kind = np.uint64 if all(isinstance(bound, np.uint64) for bound in bounds) else np.int64
    return (kind(i) for i in builtins.range(*map(int, bounds)))


def _of_math(name: str) -> Callable:
    """A function of ``math`` that gives a float, infinities and NaN where Python raises."""
    function = getattr(math, name)

    def typed(value: Any) -> Any:
        kind = np.float32 if isinstance(value, np.float32) else np.float64
        try:
            return kind(function(value))
        except OverflowError:
            return kind(np.inf)
        except ValueError:
            return kind(getattr(np, name)(value))

    return typed


_GIVE_FLOATS = ("cos", "exp", "lgamma", "log", "log1p", "sin", "sqrt")
_MATH = SimpleNamespace(
    **vars(math)
    | {name: _of_math(name) for name in _GIVE_FLOATS}
    | {"floor": lambda value: np.int64(math.floor(value)), "pi": np.float64(math.pi)}
)
_INSTEAD = {"math": _MATH, "range": _range, "int": np.int64, "float": np.float64}
_TYPED = "_typed_as_numba"


class _Typing(ast.NodeTransformer):
    """Puts numbers and constants through ``_typed``, and the names of ``_INSTEAD`` in their place."""

    def __init__(self, function: FunctionType) -> None:
        self._local = set(function.__code__.co_varnames)
        self._known = function.__globals__

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return self._put(node) if type(node.value) in (int, float) else node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self._local or not isinstance(node.ctx, ast.Load):
            return node
        if node.id in _INSTEAD:
            return ast.copy_location(ast.Name(_instead(node.id), ast.Load()), node)
        return self._put(node) if type(self._known.get(node.id)) in (int, float) else node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """np.log is vectorised and not that of the C library, which numba calls; math.log is."""
        if isinstance(node.value, ast.Name) and node.value.id == "np" and node.attr in _GIVE_FLOATS:
            node.value.id = "math"
        return self.generic_visit(node)  # type: ignore[return-value]

    def _put(self, node: ast.expr) -> ast.expr:
        call = ast.Call(ast.Name(_TYPED, ast.Load()), [node], [])
        return ast.fix_missing_locations(ast.copy_location(call, node))


def _instead(name: str) -> str:
    return f"_{name}_as_numba"


@functools.cache
def _functions_of(path: str) -> dict[tuple[str, int], ast.FunctionDef]:
    """The functions of a file, by name and first line (that of the first decorator)."""
    tree = ast.parse(Path(path).read_text("utf-8"))
    return {
        (node.name, min([node.lineno, *(d.lineno for d in node.decorator_list)])): node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    }


def _code_of(function: FunctionType) -> CodeType:
    """The code of a function with numba's types, its file and lines as they were."""
    code = function.__code__
    node = _functions_of(code.co_filename)[code.co_name, code.co_firstlineno]
    node.decorator_list = []
    node.body = [_Typing(function).visit(statement) for statement in node.body]
    module = compile(ast.Module([node], []), code.co_filename, "exec")
    (found,) = (part for part in module.co_consts if isinstance(part, CodeType))
    return found


def as_python(function: Any) -> Any:
    """A kernel that is not compiled; ``py_func`` is the function as it was written, as with numba."""
    names = {_TYPED: _typed} | {_instead(name): value for name, value in _INSTEAD.items()}
    function.__globals__.update(names)
    typed = FunctionType(_code_of(function), function.__globals__, function.__name__, function.__defaults__)

    @functools.wraps(function)
    def run(*args: Any) -> Any:
        with np.errstate(all="ignore"):  # integers wrap around, divisions by zero give infinity
            return typed(*map(_typed, args))

    run.py_func = function  # type: ignore[attr-defined]
    return run
