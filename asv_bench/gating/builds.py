"""What is asked for, and two versions of fastsmote, each in a folder of its own to import from."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).resolve().parents[2]


class BadUse(Exception):
    """Said in one line; the gate ends with 2."""


class Side(NamedTuple):
    """Where one version is installed, and where its compiled kernels are kept."""

    folder: Path
    cache: Path


def chosen(pattern: str, names: Sequence[str]) -> list[str]:
    """The names in which a regular expression is found."""
    try:
        found = [name for name in names if re.search(pattern, name)]
    except re.error as error:
        raise BadUse(f"--only must be a regular expression. Got {pattern!r}: {error}.") from None
    if not found:
        raise BadUse(f"--only must be found in a name of asv_bench/fast.py. Got {pattern!r}.")
    return found


def _run(command: list[str], failed: str, repository: Path, **variables: str) -> str:
    """What the command prints; when it is interrupted, all processes that it has started are ended."""
    try:
        process = subprocess.Popen(
            command, cwd=repository, env=os.environ | variables, start_new_session=True, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
    except FileNotFoundError:
        raise BadUse(f"{failed}: there is no command {command[0]}.") from None
    try:
        out, err = process.communicate()
    except BaseException:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    if process.returncode:
        said = [line.strip() for line in err.splitlines() if line.strip()] or [
            f"exit code {process.returncode}"
        ]
        if "[end of output]" in said:  # of what pip ran; its own words come after it
            said = said[: said.index("[end of output]")]
        raise BadUse(f"{failed}: {said[-1]}")
    return out


def commit_of(revision: str, repository: Path = REPOSITORY) -> str:
    """The hash of the commit that a revision stands for."""
    command = ["git", "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}"]
    return _run(
        command, f"BASE and HEAD must be commits of {repository}. Got {revision!r}", repository
    ).strip()


def install(source: Path, folder: Path) -> Side:
    """Build and install the package in ``source``, without its dependencies and without machine code."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target"]
    with tempfile.TemporaryDirectory(prefix="gate-") as made:  # for what pip leaves when it is interrupted
        _run(
            [*command, str(folder / "package"), str(source)],
            f"{source} is not built",
            source,
            FASTSMOTE_PREBUILT="0",
            TMPDIR=made,
        )
    return Side(folder / "package", folder / "cache")


def build(commit: str | None, folder: Path, repository: Path = REPOSITORY) -> Side:
    """A commit, by its hash, or the working tree for None, installed below ``folder``.

    The commit's files are taken out of git into a temporary folder: nothing in the repository changes.
    """
    if commit is None:
        return install(repository, folder)
    with tempfile.TemporaryDirectory(prefix="gate-") as made:
        archive, tree = Path(made) / "tree.tar", Path(made) / "tree"
        command = ["git", "archive", f"--output={archive}", commit]
        _run(command, f"{commit} is not taken out of git", repository)
        with tarfile.open(archive) as files:
            files.extractall(tree, filter="data")
        return install(tree, folder)
