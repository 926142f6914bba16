"""For which types each kernel is called, so that it can be compiled before it is.

``signatures.json`` is written by ``tests/contract/signatures.py``, from the calls of the record of results; a
test tells when it is out of date. ``signatures`` holds kernels with their types, and ``functions``, for each
public function, the places of its kernels there. A number is named as by numba; an array is ``"float64 2C"``,
with ``readonly`` behind it where it is, a record ``{"csr.CSR": [its fields]}``, a tuple a list.
"""

import functools
import importlib
import json
import pkgutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from numba import types

from fastsmote import _kernels
from fastsmote._kernels.jit import KERNELS, has_code, is_shipped

FILE = Path(__file__).with_suffix(".json")
COMPILED = "compiled"  # first word of an answer of ``serve``
_ROOM = f"{_kernels.__name__}."


class Signatures(NamedTuple):
    """What the file holds."""

    signatures: list[tuple[str, list[Any]]]
    functions: dict[str, list[int]]


@functools.cache
def stored() -> Signatures:
    """The signatures of the file, spelled."""
    return Signatures(**json.loads(FILE.read_text("utf-8")))


def load_kernels() -> None:
    """Import all kernels, so that ``KERNELS`` has them."""
    for module in pkgutil.walk_packages(_kernels.__path__, _ROOM):
        importlib.import_module(module.name)


def spell(kind: Any) -> Any:
    """A type of numba in words that JSON can hold."""
    if isinstance(kind, types.Array):
        return f"{kind.dtype} {kind.ndim}{kind.layout}{'' if kind.mutable else ' readonly'}"
    if not isinstance(kind, types.BaseTuple):
        return str(kind)
    parts: Any = kind
    spelled = [spell(part) for part in parts]
    if not isinstance(kind, types.BaseNamedTuple):
        return spelled
    owner = parts.instance_class
    return {f"{owner.__module__.removeprefix(_ROOM)}.{owner.__name__}": spelled}


def read(words: Any) -> Any:
    """The type that :func:`spell` put into words."""
    if isinstance(words, dict):
        ((name, fields),) = words.items()
        module, _, record = name.rpartition(".")
        owner = getattr(importlib.import_module(_ROOM + module), record)
        return types.BaseTuple.from_types([read(field) for field in fields], owner)
    if isinstance(words, list):
        return types.BaseTuple.from_types([read(part) for part in words])
    scalar, *array = words.split()
    kind = types.boolean if scalar == "bool" else getattr(types, scalar)
    if not array:
        return kind
    return types.Array(kind, int(array[0][:-1]), array[0][-1], readonly=len(array) > 1)


def are_shipped() -> bool:
    """Whether machine code that came with the wheel is used in this process."""
    load_kernels()
    return bool(KERNELS) and is_shipped(*_at(0))  # none where kernels run as Python


def missing(places: Iterable[int]) -> list[int]:
    """Those of these signatures of the file for which there is no code at hand."""
    load_kernels()
    return [place for place in places if not has_code(*_at(place))]


def compile_one(place: int) -> None:
    """Compile a signature of the file, or load its code."""
    kernel, kinds = _at(place)
    kernel.compile(kinds)


def _at(place: int) -> tuple[Any, tuple[Any, ...]]:
    """The kernel and the types of a signature of the file."""
    name, words = stored().signatures[place]
    return KERNELS[name], tuple(map(read, words))


def serve() -> None:
    """A process that compiles for another: places come in, and go out when they are compiled."""
    load_kernels()
    for line in sys.stdin:
        compile_one(int(line))
        print(f"{COMPILED} {int(line)}", flush=True)
