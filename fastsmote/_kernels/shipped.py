"""Machine code that came with the wheel: for which processors there is some, and which of it is used.

A wheel holds a folder for each **level**, a set of instructions that many processors share, filled by
``.ci/machine_code.py`` when the wheel is built. A process takes the best level that its processor has.
Entries are the files of the cache (see ``jit``), sealed like those, and found by the same key, with the level
in place of the processor. What does not match (another numba, another Python, sources that were edited) is
another key, and so is not found.

``FASTSMOTE_PREBUILT=0`` leaves them alone, a name (``x86-64-v3``) takes this level alone. Every setting of
numba that asks for other machine code leaves them alone, too.
"""

import functools
import os
import platform
from pathlib import Path

import llvmlite.binding
from numba.core import config

from fastsmote._kernels.disk import OFF

FOLDER = Path(__file__).parent / "shipped_code"
# best first; names are LLVM's, features what a processor of the level has (x86-64 psABI)
_V3 = ("avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe")
_V4 = (*_V3, "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl")
_LEVELS: dict[str, dict[str, tuple[str, ...]]] = {
    "x86_64": {"x86-64-v4": _V4, "x86-64-v3": _V3},
    "arm64": {"generic": ()},
}
_SAME = {"amd64": "x86_64", "aarch64": "arm64"}
# with one of these set, numba makes other machine code than the wheel holds
_OTHER_CODE = (
    "NUMBA_BOUNDSCHECK", "NUMBA_CPU_FEATURES", "NUMBA_CPU_NAME", "NUMBA_DEBUG", "NUMBA_DEBUGINFO",
    "NUMBA_ENABLE_AVX", "NUMBA_ENABLE_PROFILING", "NUMBA_LOOP_VECTORIZE", "NUMBA_OPT", "NUMBA_SLP_VECTORIZE",
)  # fmt: skip


def chosen_levels() -> list[str]:
    """The levels of this kind of machine that FASTSMOTE_PREBUILT leaves, best first."""
    setting = os.environ.get("FASTSMOTE_PREBUILT", "").strip().lower()
    names = list(_of_this_machine())
    return [name for name in names if setting not in OFF and (setting not in names or name == setting)]


def supported_levels() -> list[str]:
    """Of these the levels whose instructions this processor has."""
    has = llvmlite.binding.get_host_cpu_features()
    return [name for name in chosen_levels() if all(map(has.get, _of_this_machine()[name]))]


def _of_this_machine() -> dict[str, tuple[str, ...]]:
    machine = platform.machine().lower()
    return _LEVELS.get(_SAME.get(machine, machine), {})


def for_level(name: str, folder: str) -> dict[str, str]:
    """Variables of a process that compiles for a level, into a folder."""
    return {
        "FASTSMOTE_CACHE": folder,
        "FASTSMOTE_PREBUILT": "0",
        "NUMBA_CPU_NAME": name,
        "NUMBA_CPU_FEATURES": "",  # else those of the machine that builds
        "NUMBA_DISABLE_INTEL_SVML": "1",  # a library that another machine may not have
    }


@functools.cache
def level() -> str | None:
    """The level whose code is used in this process, None if there is none."""
    asked = (config.CPU_NAME, config.CPU_FEATURES, config.BOUNDSCHECK)  # type: ignore[attr-defined]
    if any(asked) or any(os.environ.get(name, "0") not in ("", "0") for name in _OTHER_CODE):
        return None
    return next((name for name in supported_levels() if (FOLDER / name).is_dir()), None)
