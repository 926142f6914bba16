"""What the commands share: errors in one line, progress on stderr, tables on stdout, peak memory."""

import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

_PIPE_WIDTH = 170  # tables that go to a file are not squeezed into 80 columns


_PARAMETER = re.compile(r"\b([kn]_neighbors|sampling_strategy|random_state|n_jobs)\b")


def _option(parameter: re.Match[str]) -> str:
    """The command's name of a parameter."""
    name = parameter.group()
    return "--" + ("k-neighbors" if name == "n_neighbors" else name.replace("_", "-"))


class UserError(Exception):
    """A mistake that the user can correct: shown as one message, exit code 2."""


_interrupted = threading.Event()


def _on_interrupt(signum: int, frame: FrameType | None) -> None:
    _interrupted.set()
    raise KeyboardInterrupt


def stop_if_interrupted() -> None:
    """Raise again what a library swallowed: Ctrl-C in an import may end as ImportError, or as nothing."""
    if _interrupted.is_set():
        raise KeyboardInterrupt


@contextmanager
def user_errors() -> Iterator[None]:
    """Turn mistakes of the user into one message on stderr, and Ctrl-C into exit code 130."""
    _interrupted.clear()
    before = signal.getsignal(signal.SIGINT)
    in_main = threading.current_thread() is threading.main_thread()
    if in_main:
        signal.signal(signal.SIGINT, _on_interrupt)
    try:
        yield
    except (Exception, KeyboardInterrupt) as error:
        if _interrupted.is_set() or isinstance(error, KeyboardInterrupt):
            typer.echo("fastsmote: interrupted.", err=True)
            raise typer.Exit(130) from None
        if not isinstance(error, UserError):
            raise
        typer.echo(f"fastsmote: {error}", err=True)
        raise typer.Exit(2) from None
    finally:
        if in_main:
            signal.signal(signal.SIGINT, before)


@contextmanager
def mistakes(prefix: str = "") -> Iterator[None]:
    """Run library code on the user's data and arguments: its refusals are the user's to read."""
    try:
        yield
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
        self._progress.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._progress.stop()

    def start(self, name: str) -> Callable[[int, int], None]:
        """Begin a step of unknown length; returns its ``progress(done, total)``."""
        stop_if_interrupted()
        self._progress.reset(self._task, description=name, total=None)

        def progress(done: int, total: int) -> None:
            stop_if_interrupted()
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
