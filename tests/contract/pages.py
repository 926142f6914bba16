"""Pages of the documents are programs: their examples run, and what they print stands below them.

``python tests/contract/pages.py --write PAGE ...`` runs pages and writes below each example what it printed.
The blocks fenced as python of one page run in turn, with the same names and in an empty folder; a block
fenced as text right below one is what it prints. Blocks fenced as bash run too, where all their commands are
fastsmote's; those fenced as sh do not.
"""

import contextlib
import doctest
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

BLOCK = re.compile(
    r"^```(?P<kind>python|bash)\n(?P<code>.*?)^```$(?:\n+```text\n(?P<printed>.*?)^```$)?",
    re.MULTILINE | re.DOTALL,
)


def runs(block):
    """Is this a block of Python, or of commands that the package has?"""
    lines = block["code"].replace("\\\n", "").splitlines()
    return block["kind"] == "python" or all(line.startswith("fastsmote ") for line in lines)


def printed_by(block, names, place):
    """What a block prints; ``names`` are those of the page."""
    if block["kind"] == "bash":
        command = f"set -e\nfastsmote() {{ '{sys.executable}' -m fastsmote \"$@\"; }}\n{block['code']}"
        plain = {**os.environ, "COLUMNS": "110", "NO_COLOR": "1", "TERM": "dumb"}
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, env=plain)
        assert done.returncode == 0, f"{place}: {done.stderr or done.stdout}"
        return done.stdout
    line = block.string.count("\n", 0, block.start()) + 1
    with contextlib.redirect_stdout(io.StringIO()) as told:
        exec(compile("\n" * line + block["code"], place, "exec"), names)
    return told.getvalue()


def run(text, place):
    """Each block of a page, what it prints, and what stands below it (None: nothing does)."""
    names = {"__name__": "page"}
    for block in filter(runs, BLOCK.finditer(text)):
        printed = printed_by(block, names, place)
        yield block, "".join(f"{line.rstrip()}\n" for line in printed.rstrip().splitlines()), block["printed"]


def same(printed, expected):
    """As in docstrings: ``...`` stands for anything."""
    return doctest.OutputChecker().check_output(expected, printed, doctest.ELLIPSIS)


def write(path):
    """Run a page and write what its blocks print where something else stands below them."""
    text, end, pieces = path.read_text("utf-8"), 0, []
    for block, printed, expected in run(text, path.name):
        if expected is not None and not same(printed, expected):
            pieces += [text[end : block.start("printed")], printed]
            end = block.end("printed")
    path.write_text("".join([*pieces, text[end:]]), "utf-8")


if __name__ == "__main__":
    for page in map(Path.absolute, map(Path, sys.argv[2:])):
        with TemporaryDirectory() as folder, contextlib.chdir(folder):
            write(page)
