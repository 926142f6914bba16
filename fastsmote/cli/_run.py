"""``fastsmote run script.py``: a script of imbalanced-learn, run with the classes of fastsmote."""

import os
import runpy
import sys
import zipfile
from pathlib import Path

import fastsmote
from fastsmote.cli._plain import plain

_USAGE = "Usage: fastsmote run SCRIPT [ARGUMENTS]..."
_HELP = f"""{_USAGE}

Run a Python script with the classes of fastsmote in the place of imbalanced-learn's, as
fastsmote.patch_imblearn() puts them. Results are the same; fastsmote.patch_report() says what ran where.
"""


def run_script(arguments: list[str]) -> None:
    """Patch imbalanced-learn, then run a script as ``python script.py arguments`` would.

    Exits with 2 for what is no script and without imbalanced-learn; otherwise as the script does.
    """
    if arguments[:1] == ["--help"]:
        try:
            os.write(1, _HELP.encode())  # unbuffered: Python does not try again when it ends
        except OSError as error:
            sys.exit(_fail(f"the help could not be printed ({error.strerror})", 1))
        return
    mistake = _mistake(arguments)
    if mistake:
        sys.exit(_fail(f"{mistake}. {_USAGE}"))
    try:
        patch_imblearn = fastsmote.patch_imblearn
    except ModuleNotFoundError as error:
        if error.name not in ("imblearn", "sklearn"):
            raise
        sys.exit(_fail(str(error)))
    patch_imblearn()
    sys.argv = arguments
    if not sys.flags.safe_path:  # else the first entry is not that of the program
        sys.path[0] = str(Path(arguments[0]).resolve().parent)
    runpy.run_path(arguments[0], run_name="__main__")


def _mistake(arguments: list[str]) -> str:
    """Why the arguments name no script; "" where they do."""
    if not arguments:
        return "a script is missing"
    script = arguments[0]
    if os.path.isfile(script):
        return f"{script} is a zip file; only scripts are run" if zipfile.is_zipfile(script) else ""
    if os.path.isdir(script):
        return f"{script} is a directory; only scripts are run"
    if script.startswith("-"):
        return f"no option {script}: only scripts are run, no modules or commands"
    return f"no such file: {script}"


def _fail(message: str, code: int = 2) -> int:
    print(plain(f"fastsmote: {message}"), file=sys.stderr)
    return code
