"""What is asked for, and two versions of fastsmote, each in a folder of its own to import from."""

import os
import re
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


def _run(command: list[str], failed: str, repository: Path, **variables: str) -> None:
    try:
        done = subprocess.run(
            command, cwd=repository, env=os.environ | variables, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise BadUse(f"{failed}: there is no command {command[0]}.") from None
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise BadUse(f"{failed}: {said[-1]}")


def install(source: Path, folder: Path) -> Side:
    """Build and install the package in ``source``, without its dependencies and without machine code."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target"]
    _run(
        [*command, str(folder / "package"), str(source)],
        f"{source} is not built",
        source,
        FASTSMOTE_PREBUILT="0",
    )
    return Side(folder / "package", folder / "cache")


def build(revision: str | None, folder: Path, repository: Path = REPOSITORY) -> Side:
    """The commit ``revision``, or the working tree for None, installed below ``folder``.

    The commit's files are taken out of git into a temporary folder: nothing in the repository changes.
    """
    if revision is None:
        return install(repository, folder)
    with tempfile.TemporaryDirectory(prefix="gate-") as made:
        archive, tree = Path(made) / "tree.tar", Path(made) / "tree"
        command = ["git", "archive", f"--output={archive}", f"{revision}^{{commit}}"]
        _run(command, f"BASE and HEAD must be commits of {repository}. Got {revision!r}", repository)
        with tarfile.open(archive) as files:
            files.extractall(tree, filter="data")
        return install(tree, folder)
