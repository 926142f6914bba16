"""The command ``fastsmote``: starts the application, or says in one line what is missing."""

import sys

_EXTRA = ("typer", "rich", "pyarrow")


def main() -> None:
    """Run the command line; exit 0 when done, 2 on a user's mistake, 130 on Ctrl-C."""
    try:
        from fastsmote.cli._app import app

        app(prog_name="fastsmote")
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in _EXTRA:
            raise
        print(
            f'fastsmote: the command needs {missing}, which is not installed: pip install "fastsmote[cli]"',
            file=sys.stderr,
        )
        sys.exit(2)
    except KeyboardInterrupt:  # before a command runs
        print("fastsmote: interrupted.", file=sys.stderr)
        sys.exit(130)
