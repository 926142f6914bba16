"""``python -m fastsmote`` is the command; ``python -m fastsmote run script.py`` patches and runs a script."""

import sys

if __name__ == "__main__":  # processes that a script starts may import this module under another name
    if sys.argv[1:2] == ["run"]:
        from fastsmote.cli._run import run_script

        run_script(sys.argv[2:])
    else:
        from fastsmote.cli import main

        main()
