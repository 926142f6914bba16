"""What the commands share: errors in one line, how a command ends, progress on stderr, peak memory."""

import ast
import json
import os
import re
import signal
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from fastsmote.cli._plain import plain
from fastsmote.cli._print import reason

_LONGEST = 1_500  # characters of a message: what is wrong comes first, what to do last
_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]

_COUNTS = re.compile(r"\bsampling_strategy=(\{[^{}]*\})")
_SHARE = re.compile(r"\bsampling_strategy=(Share|Prior)\(share=([^){]*)\)")
_PARAMETER = re.compile(
    r"\b([kn]_neighbors|sampling_strategy|under_strategy|min_count|random_state|n_jobs|pos_label|train_prior|true_prior|memory_limit|categorical_features|cost_fp|cost_fn)\b"
)
_OTHER_WORDS = {
    "n_neighbors": "--k-neighbors",
    "pos_label": "--positive",
    "categorical_features": "--categorical",
}


def _option(parameter: re.Match[str]) -> str:
    """The command's name of a parameter."""
    name = parameter.group()
    return _OTHER_WORDS.get(name, "--" + name.replace("_", "-"))


def _as_json(counts: re.Match[str]) -> str:
    """A dict of counts as the command takes it."""
    try:
        given = ast.literal_eval(counts.group(1))
    except (ValueError, SyntaxError):  # labels that only print
        return counts.group()
    return f"--sampling-strategy '{json.dumps({str(key): n for key, n in given.items()})}'"


def _as_share(strategy: re.Match[str]) -> str:
    """A share of the smallest class as the command takes it."""
    return f"--sampling-strategy {strategy.group(1).lower()}:{strategy.group(2)}"


def as_options(message: str) -> str:
    """A message of the package with options in the place of parameters."""
    message = _SHARE.sub(_as_share, _COUNTS.sub(_as_json, message))
    return _PARAMETER.sub(_option, message)


class UserError(Exception):
    """A mistake that the user can correct: shown as one message, exit code 2."""


finished: list[str] = []  # files that this command has written, for the message of an output that is lost

COMPILING = "compiling (once per machine)"

_undo: list[Callable[[], object]] = []
_debug: list[bool] = []


def keep_tracebacks() -> None:
    """Show where an error came from, before its message."""
    _debug.append(True)


def complain(message: str) -> None:
    """One line on stderr, whatever the message holds; nothing if stderr takes nothing."""
    line = plain(message.strip())
    if len(line) > _LONGEST:
        line = f"{line[: _LONGEST * 2 // 3]} ... {line[-_LONGEST // 3 :]}"
    with suppress(OSError, ValueError, AttributeError):
        if _debug and sys.exc_info()[0] is not None:
            traceback.print_exc()
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


def _tell(message: Warning | str, *where: Any, **more: Any) -> None:
    """A warning in one line, without the place in the code."""
    complain(f"Warning: {message}")


@contextmanager
def undone_by_interrupt(undo: Callable[[], object]) -> Iterator[None]:
    """Call ``undo`` if a signal ends the process inside this block."""
    _undo.append(undo)
    try:
        yield
    finally:
        _undo.remove(undo)


def _on_signal(signum: int, frame: FrameType | None) -> None:
    """Undo and end at once.

    An exception would not do: libraries that are being imported turn it into other errors or swallow it, and
    one that meets numba's compiler lock as it changes hands leaves it locked, so that the threads of a job
    wait for ever (seen with Python 3.11 and numba 0.68).
    """
    for undo in reversed(_undo):
        undo()
    with suppress(OSError):  # SIGHUP: the terminal is gone
        os.write(2, b"fastsmote: interrupted.\n" if signum == signal.SIGINT else b"fastsmote: terminated.\n")
    os._exit(128 + signum)


@contextmanager
def _signals() -> Iterator[None]:
    """End on Ctrl-C, SIGTERM and SIGHUP, but not on a SIGHUP that is ignored: that is what nohup asks for."""
    before = {}
    for signum in _SIGNALS:
        found = signal.getsignal(signum)
        if signum in (signal.SIGINT, signal.SIGTERM) or found is not signal.SIG_IGN:
            before[signum] = signal.signal(signum, _on_signal)
    try:
        yield
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)


@contextmanager
def user_errors() -> Iterator[None]:
    """Turn what users and their machines can mend into one message on stderr, and end on signals."""
    from fastsmote._core.threads import thread_count  # imports NumPy, which --help does without

    try:
        with _signals(), warnings.catch_warnings():
            warnings.showwarning = _tell
            with mistakes():
                thread_count(None)  # FASTSMOTE_NUM_THREADS is wrong or right before any work
            yield
    except UserError as error:
        complain(f"fastsmote: {error}")
    except MemoryError as error:
        complain(f"fastsmote: {no_memory(error)}")
    except UnicodeError as error:  # bytes of an argument that are no text; an encoding that is for names only
        wrong = ""
        if isinstance(error, UnicodeEncodeError):
            wrong = f" {error.object[error.start : error.end]!r}"
        complain(f"fastsmote: text{wrong} can not be written in the encoding: {error}.")
    except OSError as error:
        where = "" if error.filename is None else f"{os.fsdecode(error.filename)}: "
        complain(f"fastsmote: {where}{reason(error)}.")
    else:
        return
    raise typer.Exit(2)


def no_memory(error: MemoryError) -> str:
    """What to do where memory does not suffice."""
    told = f" ({error})" if str(error) else ""
    return f"not enough memory{told}; use fewer rows, or a machine that has more."


@contextmanager
def mistakes(prefix: str = "") -> Iterator[None]:
    """Run library code on the user's data and arguments: its refusals and warnings are the user's to read."""
    try:
        with warnings.catch_warnings(record=True, category=UserWarning) as warned:
            warnings.simplefilter("always", UserWarning)
            yield
        for warning in warned:
            complain(f"Warning: {prefix}{as_options(str(warning.message))}")
    except (TypeError, ValueError, RuntimeError, OverflowError) as error:
        raise UserError(prefix + as_options(str(error))) from error
    except MemoryError as error:
        raise UserError(f"{prefix}{no_memory(error)}") from error


class StepBar:
    """A progress bar on stderr, on terminals only: ``with StepBar() as steps: steps.start("reading")``.

    Where ``unit`` is counted it says how many there are, and about how much time is left.
    """

    def __init__(self, quiet: bool = False, unit: str | None = None) -> None:
        console = Console(stderr=True)
        self._show_cursor = partial(console.show_cursor, True)
        self._unit = unit
        more = () if unit is None else (TextColumn("{task.fields[counts]}"), TimeRemainingColumn())
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            *more,
            console=console,
            transient=True,
            disable=quiet or not console.is_terminal,
        )
        self._task = self._progress.add_task("", total=None, counts="")
        self._step = ""

    def __enter__(self) -> "StepBar":
        from fastsmote._kernels.jit import LISTENERS  # numba, which reading arguments does without

        LISTENERS.append(self._say_compiling)
        _undo.append(self._show_cursor)
        self._progress.start()
        return self

    def __exit__(self, *exc: object) -> None:
        from fastsmote._kernels.jit import LISTENERS

        if not self._progress.disable:  # rich before 14.3 ends a bar that was none with an empty line
            self._progress.stop()
        _undo.remove(self._show_cursor)
        LISTENERS.remove(self._say_compiling)

    def _say_compiling(self, begins: bool) -> None:
        """A call waits for the compiler: a step of its own, after which the other one goes on."""
        self._progress.update(self._task, description=COMPILING if begins else self._step)

    def start(self, name: str) -> Callable[[int, int], None]:
        """Begin a step of unknown length; returns its ``progress(done, total)``."""
        self._step = name
        self._progress.reset(self._task, description=name, total=None, counts="")

        def progress(done: int, total: int) -> None:
            counts = f"{done:,} of {total:,} {self._unit}"
            self._progress.update(self._task, completed=done, total=total, counts=counts)

        return progress


def _peak_rss() -> int:
    """Highest resident size so far, in bytes."""
    try:
        status = Path("/proc/self/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024
    except (OSError, IndexError):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


class PeakMemory:
    """``with PeakMemory() as memory: ...``; then ``memory.grown`` bytes is the peak above the start.

    Linux can forget the old peak; elsewhere growth below an earlier peak is not seen. None on Windows.
    """

    grown: int | None = None

    def __enter__(self) -> "PeakMemory":
        with suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")
        self._start: Any = None if sys.platform == "win32" else _peak_rss()
        return self

    def __exit__(self, *exc: object) -> None:
        if self._start is not None:
            self.grown = _peak_rss() - self._start


def megabytes(n_bytes: int | None) -> str:
    return "-" if n_bytes is None else f"{n_bytes / 1e6:,.0f} MB"


def seconds(value: float) -> str:
    """Three significant digits: 0.0123 s, 1.23 s, 123 s."""
    digits = 4 if value < 0.1 else 3 if value < 1 else 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:,.{digits}f} s"
