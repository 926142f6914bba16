"""``fastsmote warmup``, and where commands say that they compile."""

import json
import os
import re
import subprocess

import pytest

pytest.importorskip("pyarrow")
from adapters.cli.commands import RUN, command

from fastsmote._kernels.jit import LISTENERS
from fastsmote.cli._show import COMPILING, StepBar


def process(folder, *arguments):
    return subprocess.run(
        [*RUN, *arguments], capture_output=True, text=True, check=False, timeout=1200,
        env={**os.environ, "FASTSMOTE_CACHE": str(folder)},
    )  # fmt: skip


@pytest.mark.slow
def test_warmup(tmp_path):
    facts = json.loads(process(tmp_path, "warmup", "--only", "confusion_matrix, make_fraud", "--json").stdout)
    assert (facts["compiled"] > 4, facts["ready"], facts["folder"]) == (True, 0, str(tmp_path))
    again = process(tmp_path, "warmup", "--only", "confusion_matrix,make_fraud")
    assert (again.returncode, again.stderr) == (0, "")
    assert "0 kernels compiled in 0.0" in re.sub(r"in \d+\.\d+ s", "in 0.0", again.stdout)
    assert f"{facts['compiled']} were ready" in again.stdout


@pytest.mark.slow
def test_nothing_can_be_kept():
    done = process("0", "warmup", "--only", "confusion_matrix")
    assert (done.returncode, done.stdout) == (2, "")
    assert "set FASTSMOTE_CACHE to a folder that is yours" in done.stderr


def test_unknown_names():
    done = command("warmup", "--only", "smote,smoke")
    assert done.exit_code == 2
    assert "Got 'smoke'" in done.stderr


@pytest.mark.slow
def test_the_demo_does_not_count_compiling(tmp_path):
    """Compiling is a step of its own, before the one that waited for it."""
    arguments = ["demo", "--rows", "5000", "--method", "random-over-sample"]
    first, second = (process(tmp_path, *arguments) for _ in range(2))
    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert first.stdout.index(COMPILING) < first.stdout.index("make_fraud")
    assert COMPILING not in second.stdout


def test_steps_listen_while_they_are_shown():
    before = list(LISTENERS)
    with StepBar() as steps:
        assert len(LISTENERS) == len(before) + 1
        steps.start("reading")
        LISTENERS[-1](True)
        LISTENERS[-1](False)
    assert before == LISTENERS
