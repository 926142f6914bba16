"""``fastsmote info``: what a report about speed or a failure should say."""

import functools
import os
import platform
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import FunctionType

import numpy as np

import fastsmote
from fastsmote._core.threads import thread_count, usable_cores
from fastsmote._kernels.disk import OFF, cache_folder, cache_setting
from fastsmote._kernels.jit import AS_PYTHON, kernel, processor
from fastsmote._kernels.shipped import FOLDER, level
from fastsmote._kernels.signatures import are_shipped
from fastsmote.cli._print import Grid, Report

_PACKAGES = (
    "numpy",
    "numba",
    "llvmlite",
    "scipy",
    "narwhals",
    "pyarrow",
    "typer",
    "rich",
    "pandas",
    "polars",
    "scikit-learn",
    "imbalanced-learn",
    "scikit-learn-intelex",
    "faiss-cpu",
    "matplotlib",
)
_REGISTERS = (("%zmm", "AVX-512", 512), ("%ymm", "AVX", 256), ("%xmm", "SSE", 128), (".4s", "NEON", 128))


def show_info(report: Report) -> None:
    facts = {
        "fastsmote": fastsmote.__version__,
        "Python": f"{platform.python_version()} ({platform.python_implementation()})",
        "system": platform.platform(),
        **{name: _version(name) for name in _PACKAGES},
        "CPU": f"{cpu_name()} ({usable_cores()} usable cores of {os.cpu_count()})",
        "SIMD width in use": simd_width(),
        "threads": _threads(),
        "machine code of the wheel": _shipped(),
        "compiled kernels": _cache(),
    }
    grid = Grid("", "value", text=["value"], header=False)
    for fact in facts.items():
        grid.add(*fact)
    report.say(facts, grid)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _threads() -> str:
    try:
        count = thread_count(None)
    except ValueError as error:
        return f"bad setting: {error}"
    return (
        f"{count} (FASTSMOTE_NUM_THREADS: {os.environ.get('FASTSMOTE_NUM_THREADS', '').strip() or 'not set'})"
    )


def cpu_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        model = platform.processor() or platform.machine()
    return f"{model}, {processor()}"


def _probe(a, b, out):  # type: ignore[no-untyped-def]
    for i in range(out.shape[0]):
        out[i] += a[i] * b[i]


@functools.cache  # what numba has compiled stays in memory for good (numba#5976): once a process
def simd_width() -> str:
    """Widest vector registers in the machine code of a plain loop, compiled as the kernels are."""
    if AS_PYTHON:
        return "none, kernels run as Python (NUMBA_DISABLE_JIT)"
    # a function without a file is not cached, and only code that was not cached can be inspected
    probe = kernel(FunctionType(_probe.__code__.replace(co_filename="<probe>"), globals()))
    row = np.ones(1, np.float32)
    probe(row, row, row.copy())
    assembly = probe.inspect_asm(probe.signatures[0])
    for register, name, bits in _REGISTERS:
        if register in assembly:
            return f"{bits} bits ({name})"
    return "no vector registers in use"


def _shipped() -> str:
    if not FOLDER.is_dir():
        return "none in this installation"
    held = ", ".join(sorted(path.name for path in FOLDER.iterdir()))
    return f"{level() if are_shipped() else 'not used'} (of {held})"


def _cache() -> str:
    if AS_PYTHON:
        return "none, kernels run as Python (NUMBA_DISABLE_JIT)"
    folder = cache_folder()
    if folder is None:
        setting = cache_setting()
        if setting.lower() in OFF:
            return f"off (FASTSMOTE_CACHE={setting}): each process compiles anew"
        where = f"the folder {setting} is not" if setting else "no folder is"
        return (
            f"not kept, {where} writable, by us alone: each process compiles anew; set FASTSMOTE_CACHE to "
            "one that is"
        )
    try:
        with tempfile.TemporaryFile(dir=folder):
            return f"{folder} (writable)"
    except OSError as error:
        return f"{folder} (not writable: {error.strerror}; set FASTSMOTE_CACHE to a folder that is)"
