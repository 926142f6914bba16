"""The list of what is compiled ahead is that of today's calls."""

import subprocess
import sys

import pytest
from places import REPOSITORY


@pytest.mark.slow
def test_signatures_are_those_of_today():
    script = REPOSITORY / "tests" / "contract" / "signatures.py"
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
