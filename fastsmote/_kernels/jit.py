"""Compile options and the on-disk cache: the one place that calls numba's decorators.

Every kernel is ``@kernel``: ``nogil`` (the thread driver runs kernels side by side),
``error_model="numpy"`` (no division check in loops) and no fastmath, so that
infinities and NaN behave and results do not depend on how a loop was vectorised.

Kernels are compiled without numba's memory manager (``_nrt=False``), so they can not allocate: scratch
comes from the caller. With it, numba counts references wherever an array is taken out of a record or
sliced, an atomic operation each time, on a counter that all threads share: 100,000 x 8 nearest neighbours
took 11.3 us per query and core with it and 6.0 without, 100,000 x 30 26 and 20.

The cache is numba's, with three differences that reports from production ask for:

* one file per (function, signature, CPU), named by the hash of its whole key, instead of an
  index and numbered data files: two processes that compile different signatures at once can
  not mix up each other's machine code (numba#4807, numba#10128);
* the key holds a hash of every kernel source file, because numba notices changes only in the
  file of the function itself;
* a file that can not be read, parsed or written is as good as none: the kernel is compiled.

``FASTSMOTE_CACHE=0`` turns the cache off; ``FASTSMOTE_CACHE=/some/folder`` moves it there. Else it is
the first of these that can be written: NUMBA_CACHE_DIR, ``_kernels/__pycache__``, the user's cache folder.
"""

import contextlib
import functools
import hashlib
import os
import pickle
import signal
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, ClassVar

import llvmlite.binding
import numba
from numba.core.caching import (
    CompileResultCacheImpl,
    FunctionCache,
    InTreeCacheLocator,
    UserProvidedCacheLocator,
    UserWideCacheLocator,
)

OFF = ("0", "off", "false", "no")


def cache_setting() -> str:
    return os.environ.get("FASTSMOTE_CACHE", "").strip()


def stamp_of(folder: Path) -> str:
    """Hash of all sources in a folder and below, and of the versions that shape machine code."""
    digest = hashlib.sha256(f"{numba.__version__} {sys.version}".encode())
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


@functools.cache
def _source_stamp() -> str:
    return stamp_of(Path(__file__).parent)


class _OneFilePerKey:
    """Storage under numba's cache: no index, the file's name is the hash of the key."""

    def __init__(self, folder: str, base: str) -> None:
        self._folder = folder
        self._base = base

    def _path(self, key: object) -> str:
        name = hashlib.sha256(f"{_source_stamp()} {key!r}".encode()).hexdigest()[:32]
        return os.path.join(self._folder, f"{self._base}.{name}.nbc")

    def load(self, key: object) -> Any:
        try:
            with open(self._path(key), "rb") as f:
                stored_key, data = pickle.load(f)
        except FileNotFoundError:
            return None
        return data if stored_key == repr(key) else None

    def save(self, key: object, data: object) -> None:
        path = self._path(key)
        temporary = f"{path}.{uuid.uuid4().hex[:12]}.tmp"
        try:
            with open(temporary, "wb") as f:
                pickle.dump((repr(key), data), f, protocol=pickle.HIGHEST_PROTOCOL)
            os.replace(temporary, path)
        finally:
            if os.path.exists(temporary):
                os.unlink(temporary)

    def flush(self) -> None:
        for path in Path(self._folder).glob(f"{self._base}.*.nbc"):
            path.unlink(missing_ok=True)


class _OneFolder:
    """Places numba's own choice of a folder as if all kernels stood in this file: one to show and to copy.

    A kernel without a file of its own (in an archive, say) is not kept: its sources can not be hashed.
    """

    @classmethod
    def from_function(cls, py_func: Callable, py_file: str) -> Any:
        here = __file__ if os.path.exists(py_file) else py_file
        return super().from_function(py_func, here)  # type: ignore[misc]


class _OfNumba(_OneFolder, UserProvidedCacheLocator):
    """Below NUMBA_CACHE_DIR."""


class _BesideKernels(_OneFolder, InTreeCacheLocator):
    """In ``_kernels/__pycache__``, where it can be written."""


class _OfUser(_OneFolder, UserWideCacheLocator):
    """In the cache folder of the user, for a package that is read-only."""


class _UsualFolderImpl(CompileResultCacheImpl):
    _locator_classes: ClassVar[list[type[object]]] = [_OfNumba, _BesideKernels, _OfUser]  # type: ignore[misc]


class _NamedFolder(InTreeCacheLocator):
    """The folder of FASTSMOTE_CACHE, which may be read-only once it is filled."""

    def get_cache_path(self) -> str:
        return cache_setting()

    def ensure_cache_path(self) -> None:
        os.makedirs(cache_setting(), exist_ok=True)


class _NamedFolderImpl(CompileResultCacheImpl):
    _locator_classes: ClassVar[list[type[object]]] = [_NamedFolder]  # type: ignore[misc]


class _KernelCache(FunctionCache):
    """numba's function cache that treats every failure as a miss."""

    def __init__(self, py_func: Callable) -> None:
        self._impl_class = _NamedFolderImpl if cache_setting() else _UsualFolderImpl
        super().__init__(py_func)
        self._cache_file = _OneFilePerKey(  # type: ignore[assignment]
            self._cache_path, self._impl.filename_base
        )

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            return super().load_overload(sig, target_context)
        except Exception:  # unpickling damaged bytes can raise anything; the kernel is compiled instead
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            super().save_overload(sig, data)
        except OSError:  # unwritable or full: the compiled kernel works all the same
            return


def kernel(function: Callable) -> Any:
    """Compile ``function`` on its first call: nogil, no fastmath, cached when possible."""
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}
    dispatcher = numba.njit(**options)(function)
    if cache_setting().lower() not in OFF:
        with contextlib.suppress(RuntimeError, OSError):  # numba found no folder to write to
            dispatcher._cache = _KernelCache(function)
    compile_for = dispatcher._compile_for_args

    def compile_undisturbed(*args: Any, **kwargs: Any) -> Any:
        with _interrupts_after():
            return compile_for(*args, **kwargs)

    dispatcher._compile_for_args = compile_undisturbed
    return dispatcher


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
    if not callable(handler):
        yield
        return
    seen: list[tuple[int, FrameType | None]] = []
    signal.signal(signal.SIGINT, lambda number, frame: seen.append((number, frame)))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if seen:
            handler(*seen[-1])


def inlined(function: Callable) -> Any:
    """A function that becomes part of the kernels that call it, before they are compiled.

    For steps that take records of arrays, hundreds of bytes to hand over, and because a callee that is
    compiled for itself is compiled once more in each caller: this took a fifth off the cold start.
    """
    return numba.njit(inline="always", error_model="numpy")(function)


def processor() -> str:
    """LLVM's name for the CPU that kernels are compiled for."""
    return llvmlite.binding.get_host_cpu_name()


def cache_folder() -> str | None:
    """Where compiled kernels are kept, or None when nothing is kept."""
    if cache_setting().lower() not in OFF:
        with contextlib.suppress(RuntimeError, OSError):
            return str(_KernelCache(processor).cache_path)
    return None
