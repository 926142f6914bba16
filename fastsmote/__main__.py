"""``python -m fastsmote`` is the command ``fastsmote``."""

from fastsmote.cli import main

main()
