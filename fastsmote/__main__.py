"""``python -m fastsmote`` is the command ``fastsmote``."""

if __name__ == "__main__":  # processes that a script starts may import this module under another name
    from fastsmote.cli import program

    program()
