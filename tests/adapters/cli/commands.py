"""Running the command: in this process as ``main`` does, and in a shell."""

import os
import subprocess
import sys

import pytest

from fastsmote.cli import main

RUN = [sys.executable, "-m", "fastsmote"]
# Before a program begins: background jobs of a shell, and nohup, let what they start ignore these.
HEED_SIGNALS = (
    "import signal\n"
    "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    "signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
)
RESAMPLE = ["resample", "good.csv", "--target", "y", "-o", "out.csv"]


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["fastsmote", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        main()
    return end.value.code


def command(*arguments):
    """As typer's runner has it: exit code, output, errors and exception."""
    from typer.testing import CliRunner

    from fastsmote.cli._app import app

    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def shell(line, **environment):
    """A line of sh, where $F is the command."""
    return subprocess.run(
        ["sh", "-c", line], capture_output=True, check=False, timeout=600,
        env={**os.environ, "F": " ".join(RUN), **environment},
    )  # fmt: skip


def names(folder):
    return sorted(path.name for path in folder.iterdir())
