"""Compile options and the on-disk cache: the one place that calls numba's decorators.

Every kernel is ``@kernel``: ``nogil`` (the thread driver runs kernels side by side),
``error_model="numpy"`` (no division check in loops) and no fastmath, so that
infinities and NaN behave and results do not depend on how a loop was vectorised.

Kernels are compiled without numba's memory manager (``_nrt=False``), so they can not allocate: scratch
comes from the caller. With it, numba counts references wherever an array is taken out of a record or
sliced, an atomic operation each time, on a counter that all threads share: 100,000 x 8 nearest neighbours
took 11.3 us per query and core with it and 6.0 without, 100,000 x 30 26 and 20.

The cache is numba's, with four differences that reports from production ask for:

* one file per (function, signature, CPU), named by the hash of its whole key, instead of an
  index and numbered data files: two processes that compile different signatures at once can
  not mix up each other's machine code (numba#4807, numba#10128);
* the key holds a hash of every kernel source file, because numba notices changes only in the
  file of the function itself;
* a file that can not be read, parsed or written is as good as none: the kernel is compiled;
* what is loaded is whole, and nobody else could have written it: see ``disk``.

Machine code that came with the wheel goes before the cache: see ``shipped``.

``FASTSMOTE_CACHE=0`` turns the cache off; ``FASTSMOTE_CACHE=/some/folder`` moves it there. Else it is
the first of these that can be written, and by nobody else: NUMBA_CACHE_DIR, ``_kernels/__pycache__``, the
user's cache folder.
"""

import contextlib
import functools
import hashlib
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, ClassVar

import llvmlite
import llvmlite.binding
import numba
from numba.core.caching import CompileResultCacheImpl, FunctionCache, InTreeCacheLocator
from numba.extending import intrinsic

from fastsmote._kernels import shipped
from fastsmote._kernels.disk import cache_folder, make, read_entry, write_entry
from fastsmote._kernels.interpreted import as_python

KERNELS: dict[str, Any] = {}  # by file and function, such as "neighbors.search.seed"
LISTENERS: list[Callable[[bool], object]] = []  # told True before a call compiles, False when it has

# NUMBA_DISABLE_JIT=1: nothing is compiled
AS_PYTHON = bool(numba.config.DISABLE_JIT)  # type: ignore[attr-defined]
_ROOM = __name__.removesuffix("jit")


def stamp_of(folder: Path) -> str:
    """Hash of all sources in a folder and below, and of the versions that shape machine code."""
    versions = f"{numba.__version__} {llvmlite.__version__} {sys.implementation.cache_tag}"
    if numba.config.BOUNDSCHECK:  # type: ignore[attr-defined]
        versions += " that looks at bounds"
    digest = hashlib.sha256(versions.encode())
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


@functools.cache
def _source_stamp() -> str:
    return stamp_of(Path(__file__).parent)


class _OneFilePerKey:
    """Storage under numba's cache: no index, the file's name is the hash of the key."""

    def __init__(self, folder: str, base: str, *, is_ours: bool = False) -> None:
        self._folder = folder
        self._base = base
        self._is_ours = is_ours  # installed with the package

    def _file(self, key: object) -> tuple[str, str]:
        """Path of the file of a key, and what its checksum says that it is about."""
        about = f"{_source_stamp()} {key!r}"
        name = hashlib.sha256(about.encode()).hexdigest()[:32]
        return os.path.join(self._folder, f"{self._base}.{name}.nbc"), about

    def _read(self, key: object) -> bytes | None:
        return read_entry(*self._file(key), is_ours=self._is_ours)

    def has(self, key: object) -> bool:
        return self._read(key) is not None

    def load(self, key: object) -> Any:
        payload = self._read(key)
        return None if payload is None else pickle.loads(payload)

    def save(self, key: object, data: object) -> None:
        write_entry(*self._file(key), pickle.dumps(data, protocol=pickle.HIGHEST_PROTOCOL))

    def flush(self) -> None:
        for path in Path(self._folder).glob(f"{self._base}.*.nbc"):
            path.unlink(missing_ok=True)


class _OneFolder(InTreeCacheLocator):
    """One folder for all kernels: one to show and to copy.

    A kernel without a file of its own (in an archive, say) is not kept: its sources can not be hashed.
    """

    @classmethod
    def from_function(cls, py_func: Callable, py_file: str) -> Any:
        return cls(py_func, py_file) if os.path.exists(py_file) else None

    def get_cache_path(self) -> str:
        return cache_folder() or ""

    def ensure_cache_path(self) -> None:
        make(self.get_cache_path())


class _OneFolderImpl(CompileResultCacheImpl):
    _locator_classes: ClassVar[list[type[object]]] = [_OneFolder]  # type: ignore[misc]


class _KernelCache(FunctionCache):
    """numba's function cache, behind the code of the wheel; every failure is a miss."""

    _impl_class = _OneFolderImpl

    def __init__(self, py_func: Callable, place: str | None) -> None:
        super().__init__(py_func)
        self._is_kept = place is not None
        self._cache_path = place or ""  # whatever NUMBA_CACHE_LOCATOR_CLASSES says
        base = self._impl.filename_base
        self._cache_file = _OneFilePerKey(self._cache_path, base)  # type: ignore[assignment]
        self._level = shipped.level()
        place = os.path.join(shipped.FOLDER, self._level or "")
        self._shipped = _OneFilePerKey(place, base, is_ours=True)

    def _places(self, sig: Any, target_context: Any) -> Iterator[tuple[_OneFilePerKey, object]]:
        """Where code for these types may be, best first, and the key that it has there."""
        key = self._index_key(sig, target_context.codegen())
        if self._level is not None:
            triple, _, _ = key[1]
            yield self._shipped, (key[0], (triple, self._level, ""), *key[2:])
        if self._is_kept:
            yield self._cache_file, key  # type: ignore[misc]

    def ships(self, sig: Any, target_context: Any) -> bool:
        return any(
            files is self._shipped and files.has(key) for files, key in self._places(sig, target_context)
        )

    def has(self, sig: Any, target_context: Any) -> bool:
        return any(files.has(key) for files, key in self._places(sig, target_context))

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        target_context.refresh()  # else numba's own types may be unknown yet
        for files, key in self._places(sig, target_context):
            try:
                data = files.load(key)
                if data is not None:
                    return self._impl.rebuild(target_context, data)
            except Exception:  # unpickling damaged bytes can raise anything; the kernel is compiled instead
                continue
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        if self._is_kept:
            with contextlib.suppress(OSError):  # unwritable or full: the compiled kernel works all the same
                super().save_overload(sig, data)


def kernel(function: Callable) -> Any:
    """Compile ``function`` on its first call: nogil, no fastmath, cached when possible."""
    return _compiled(function)


def linked(function: Callable) -> Any:
    """A step that only kernels call: compiled once, and linked into each of them.

    Without the code that takes the arguments out of Python's objects, half of a small kernel.
    """
    return _compiled(function, no_cpython_wrapper=True)


def absorbed(function: Callable) -> Any:
    """As ``linked``, and part of its callers however large it is: for records, which cost to hand over."""
    return _compiled(function, no_cpython_wrapper=True, forceinline=True)


def _compiled(function: Callable, **more: bool) -> Any:
    if AS_PYTHON:
        return as_python(function)
    # the entry for C that numba makes besides takes records by value, and nobody calls it
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False, "no_cfunc_wrapper": True}
    dispatcher = numba.njit(**(options | more))(function)
    place = cache_folder()
    if place is not None or shipped.level() is not None:
        with contextlib.suppress(RuntimeError):  # a function without a file
            dispatcher._cache = _KernelCache(function, place)
    compile_for = dispatcher._compile_for_args

    def compile_undisturbed(*args: Any, **kwargs: Any) -> Any:
        with _interrupts_after(), _told(dispatcher, args):
            return compile_for(*args, **kwargs)

    dispatcher._compile_for_args = compile_undisturbed
    if function.__module__.startswith(_ROOM):
        KERNELS[f"{function.__module__.removeprefix(_ROOM)}.{function.__name__}"] = dispatcher
    return dispatcher


def is_at_hand(kernel: Any, *arguments: Any) -> bool:
    """Whether code for arguments of these types is in this process, in the wheel or in the cache."""
    if AS_PYTHON:
        return True
    return has_code(kernel, tuple(map(kernel.typeof_pyval, arguments)))


def has_code(kernel: Any, types: tuple[Any, ...]) -> bool:
    """:func:`is_at_hand` for arguments of these types."""
    cache = kernel._cache
    return types in kernel.overloads or (
        isinstance(cache, _KernelCache) and cache.has(types, kernel.targetctx)
    )


def is_shipped(kernel: Any, types: tuple[Any, ...]) -> bool:
    """Whether the wheel has code for these types that fits this Python, numba and processor."""
    cache = kernel._cache
    return isinstance(cache, _KernelCache) and cache.ships(types, kernel.targetctx)


@contextlib.contextmanager
def _told(kernel: Any, arguments: tuple[Any, ...]) -> Iterator[None]:
    """Tell listeners, if there are any and code is not only loaded."""
    told = LISTENERS[:] if LISTENERS and not is_at_hand(kernel, *arguments) else []
    for tell in told:
        tell(True)
    try:
        yield
    finally:
        for tell in told:
            tell(False)


@contextlib.contextmanager
def _interrupts_after() -> Iterator[None]:
    """Put off Ctrl-C while numba compiles.

    A KeyboardInterrupt between the taking and the guarding of numba's compiler lock leaves it locked, and
    every other thread that compiles then waits for ever.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handler = signal.getsignal(signal.SIGINT)
    seen: list[tuple[int, FrameType | None]] = []
    try:
        if callable(handler):
            signal.signal(signal.SIGINT, lambda number, frame: seen.append((number, frame)))
    except ValueError:  # in a sub-interpreter, where Ctrl-C does not arrive
        handler = None
    try:
        yield
    finally:
        if callable(handler):
            signal.signal(signal.SIGINT, handler)
            if seen:
                handler(*seen[-1])


def inlined(function: Callable) -> Any:
    """A small function that becomes part of the kernels that call it, before they are compiled.

    numba copies its code twice, and again for each function that it is in, in a time that grows with the
    square of its size: what is large, or calls others of this kind, is better ``linked`` or ``absorbed``. (Of
    the 10 s of all kernels of a ``smote`` that uses the index, 1.8 were these copies.)
    """
    if AS_PYTHON:
        return as_python(function)
    return numba.njit(inline="always", error_model="numpy")(function)


def vector_step(counterpart: Callable) -> Callable[[Callable], Any]:
    """``intrinsic``, for a step written in LLVM; where nothing is compiled, ``counterpart`` does the same."""
    return lambda function: counterpart if AS_PYTHON else intrinsic(function)


def processor() -> str:
    """LLVM's name for the CPU that kernels are compiled for."""
    return llvmlite.binding.get_host_cpu_name()
