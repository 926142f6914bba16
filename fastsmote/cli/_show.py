"""What the commands share: errors in one line, progress on stderr, tables on stdout, peak memory."""

import os
import re
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

_PIPE_WIDTH = 170  # tables that go to a file are not squeezed into 80 columns


_PARAMETER = re.compile(
    r"\b([kn]_neighbors|sampling_strategy|min_count|random_state|n_jobs|pos_label|train_prior|true_prior)\b"
)
_OTHER_WORDS = {"n_neighbors": "--k-neighbors", "pos_label": "--positive"}


def _option(parameter: re.Match[str]) -> str:
    """The command's name of a parameter."""
    name = parameter.group()
    return _OTHER_WORDS.get(name, "--" + name.replace("_", "-"))


class UserError(Exception):
    """A mistake that the user can correct: shown as one message, exit code 2."""


_undo: list[Callable[[], object]] = []


@contextmanager
def undone_by_interrupt(undo: Callable[[], object]) -> Iterator[None]:
    """Call ``undo`` if Ctrl-C or SIGTERM ends the process inside this block."""
    _undo.append(undo)
    before = signal.signal(signal.SIGTERM, _on_interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        _undo.remove(undo)


def _on_interrupt(signum: int, frame: FrameType | None) -> None:
    """Undo and end at once.

    An exception would not do: libraries that are being imported turn it into other errors or swallow it, and
    one that meets numba's compiler lock as it changes hands leaves it locked, so that the threads of a job
    wait for ever (seen with Python 3.11 and numba 0.68).
    """
    for undo in reversed(_undo):
        undo()
    os.write(2, b"fastsmote: interrupted.\n" if signum == signal.SIGINT else b"fastsmote: terminated.\n")
    os._exit(128 + signum)


@contextmanager
def user_errors() -> Iterator[None]:
    """Turn mistakes of the user into one message on stderr, and Ctrl-C into exit code 130."""
    from fastsmote._core.threads import thread_count  # imports NumPy, which --help does without

    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, _on_interrupt)
    try:
        with mistakes():
            thread_count(None)  # FASTSMOTE_NUM_THREADS is wrong or right before any work
        yield
    except UserError as error:
        typer.echo(f"fastsmote: {error}", err=True)
        raise typer.Exit(2) from None
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def mistakes(prefix: str = "") -> Iterator[None]:
    """Run library code on the user's data and arguments: its refusals and warnings are the user's to read."""
    try:
        with warnings.catch_warnings(record=True, category=UserWarning) as warned:
            warnings.simplefilter("always", UserWarning)
            yield
        for warning in warned:
            typer.echo(f"Warning: {prefix}{_PARAMETER.sub(_option, str(warning.message))}", err=True)
    except (ValueError, RuntimeError) as error:
        raise UserError(prefix + _PARAMETER.sub(_option, str(error))) from error
    except MemoryError as error:
        raise UserError(f"{prefix}not enough memory ({error}); use fewer rows.") from error


def output() -> Console:
    """Where results go."""
    return Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH, highlight=False)


class Steps:
    """A progress bar on stderr, on terminals only: ``with Steps() as steps: steps.start("reading")``."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        self._show_cursor = partial(console.show_cursor, True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("", total=None)

    def __enter__(self) -> "Steps":
        _undo.append(self._show_cursor)
        self._progress.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._progress.stop()
        _undo.remove(self._show_cursor)

    def start(self, name: str) -> Callable[[int, int], None]:
        """Begin a step of unknown length; returns its ``progress(done, total)``."""
        self._progress.reset(self._task, description=name, total=None)

        def progress(done: int, total: int) -> None:
            self._progress.update(self._task, completed=done, total=total)

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
