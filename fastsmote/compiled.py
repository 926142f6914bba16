"""Compiled code: made ahead of the first call."""

from __future__ import annotations

from collections.abc import Iterable

from fastsmote._core import warming
from fastsmote._core.typing import Progress
from fastsmote._core.warming import Warmup

__all__ = ["Warmup", "warmup"]


def warmup(
    only: str | Iterable[str] | None = None,
    *,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Warmup:
    """Compile what is not compiled yet, so that no call waits for the compiler.

    A wheel holds machine code for common processors; where it serves, nothing is left to compile. Else a
    function is compiled when it is first called, once per machine: this does it now, in several processes,
    for float32 and float64. Then all of it is loaded into this process.

    Parameters
    ----------
    only : str or iterable of str, optional
        Names of public functions and classes, such as ``"smote"``, or of the modules that they come from,
        such as ``"metrics"``. Default: everything.
    n_jobs : int, optional
        Processes; -1 means all cores. Default: as many as threads elsewhere.
    progress : callable, optional
        ``progress(done, total)`` is called as kernels get ready.

    Returns
    -------
    Warmup
        How many kernels were compiled, how many were there already, and the seconds it took.

    Raises
    ------
    ValueError
        If a name is not known.

    See Also
    --------
    fastsmote.smote : What most people call first.

    Notes
    -----
    Code is kept in the folder that ``fastsmote info`` shows; where none can be kept, it is compiled for this
    process alone, without others to help. A call of types that are seldom used can still compile a kernel.
    The command ``fastsmote warmup`` does the same.

    Examples
    --------
    >>> import fastsmote
    >>> done = fastsmote.warmup(only=["confusion_matrix"])
    >>> done.compiled + done.ready
    2
    """
    return warming.warmup(only, n_jobs, progress)
