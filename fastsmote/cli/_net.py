"""The last net: whatever happens in a command ends in one line on stderr and an exit code.

0 done; 1 the result could not be printed; 2 a mistake of the user, or files and memory that do not suffice;
70 a fault of fastsmote; 128 and the signal's number after a signal.
"""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress

import typer

from fastsmote.cli._print import OutputLostError, reason
from fastsmote.cli._show import complain, finished

PRINTING, MISTAKE, FAULT = 1, 2, 70
# what is wrong with options: click's, or typer's copy of it
_USAGE = typer.BadParameter.__base__ or Exception


def run(extra: Sequence[str]) -> int:
    """Run the command line; the exit code. That a package of ``extra`` is missing is the caller's to say."""
    finished.clear()
    _open_streams()
    try:
        code = _call()
        sys.stdout.flush()
        return code
    except OutputLostError as error:
        return _lost(str(error))
    except OSError as error:
        return _lost(reason(error))
    except MemoryError as error:
        complain(f"fastsmote: not enough memory ({error}).")
        return MISTAKE
    except Exception as error:
        if isinstance(error, ModuleNotFoundError) and (error.name or "").partition(".")[0] in extra:
            raise
        complain(
            f"fastsmote: unexpected {type(error).__name__}: {error}. This is a fault of fastsmote; please "
            "report it with what `fastsmote --debug COMMAND ...` prints for the same command."
        )
        return FAULT


def _call() -> int:
    from fastsmote.cli._app import app

    arguments = sys.argv[1:]
    try:
        code = app(arguments or ["--help"], prog_name="fastsmote", standalone_mode=False)
    except typer.Abort:
        complain("fastsmote: interrupted.")
        return 130
    except _USAGE as error:  # type: ignore[misc]
        context = getattr(error, "ctx", None)
        path = context.command_path if context is not None else "fastsmote"
        complain(f"fastsmote: {error.format_message()} See {path} --help.")
        return MISTAKE
    if not arguments:
        return MISTAKE
    if code == 130:  # Ctrl-C before a command runs
        complain("fastsmote: interrupted.")
    return code if isinstance(code, int) else 0


def _open_streams() -> None:
    """Give closed standard streams a descriptor, so that no file of ours gets theirs; print what there is.

    A closed output becomes one that can not be written, which is then said. Text that its encoding lacks is
    escaped.
    """
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDONLY if descriptor < 2 else os.O_WRONLY)
    if sys.stdout is None:
        sys.stdout = os.fdopen(1, "w", closefd=False)
    if sys.stderr is None:
        sys.stderr = os.fdopen(2, "w", closefd=False)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _lost(why: str) -> int:
    """Say that the output is lost, and what is not."""
    files = ", ".join(finished)
    complete = f"; {files} {'is' if len(finished) == 1 else 'are'} written and complete" if finished else ""
    complain(f"fastsmote: the result could not be printed, standard output takes no more ({why}){complete}.")
    with suppress(OSError, ValueError, AttributeError):  # or Python complains as it flushes for the last time
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return PRINTING
