"""``python -m fastsmote run script.py``: a script whose imbalanced-learn is ours."""

import runpy
import sys
from pathlib import Path

_USAGE = "Usage: python -m fastsmote run SCRIPT [ARGUMENTS]..."
_HELP = f"""{_USAGE}

Run a Python script with the classes of fastsmote in the place of imbalanced-learn's, as
fastsmote.patch_imblearn() puts them. Results are the same; fastsmote.patch_report() says what ran where.
"""


def run(arguments: list[str]) -> None:
    """Patch imbalanced-learn, then run a script as ``python script.py arguments`` would.

    Exits with 2 where there is no such file or no imbalanced-learn; otherwise as the script does.
    """
    if arguments[:1] == ["--help"]:
        print(_HELP, end="")
        return
    if not arguments or not Path(arguments[0]).is_file():
        missing = f"no such file: {arguments[0]}" if arguments else "a script is missing"
        sys.exit(_fail(f"{missing}\n{_USAGE}"))
    try:
        from fastsmote._imblearn.patch import patch_imblearn
    except ModuleNotFoundError as error:
        if error.name not in ("imblearn", "sklearn"):
            raise
        sys.exit(_fail(f'run needs imbalanced-learn: pip install "fastsmote[imblearn]" ({error})'))
    patch_imblearn()
    sys.argv = arguments
    sys.path[0] = str(Path(arguments[0]).resolve().parent)
    runpy.run_path(arguments[0], run_name="__main__")


def _fail(message: str) -> int:
    print(f"fastsmote: {message}", file=sys.stderr)
    return 2
