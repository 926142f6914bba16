"""The command ``fastsmote``: files in, files, tables and pictures out.

It is a user of the package: it calls public functions only, and reads the registries of samplers and of
measures for what it offers (``_core.threads`` and ``_kernels.jit`` for what it says about the machine). Here
it starts, or says in one line what is missing. Whatever goes wrong ends with one line on stderr and an exit
code (``_net``), never with a traceback.

**Where what is**, in the order to read it. ``_net``: the last net under all commands, exit codes. ``_app``:
the commands, their options and help; each imports its part when it runs, so that ``--help`` is quick.
``_app_demo`` has the program itself and its first two commands, ``_options`` what several commands take.
``_show``: mistakes, signals, progress, peak memory; ``_print``: tables, lines and JSON on stdout, ``_plain``
their text.
``_methods``: the samplers by name. Files: ``_source`` opens them and knows dialects, ``_records`` cuts CSV
text into blocks of whole records, ``_read`` reads tables and scores, ``_labels`` says what labels are,
``_columns`` which columns are refused; ``_cells`` and ``_write`` write. ``_picture``: plots. One part per
command: ``_resample`` with ``_rows``, ``_sweep``, ``_calibrate``, ``_advise``, ``_compare``, ``_demo``,
``_info``, and ``_run``, ``_warmup``. ``bench``: ``_bench`` starts and prints, ``_subjects`` names what is
compared (``_peers``, ``_sampler_subjects``, ``_neighbor_subjects``, ``_score_subjects``), ``_bench_data``
makes the data, ``_measure`` times, each implementation in a ``_worker``.

A sampler with a row in the registry is a method of ``resample`` and ``demo``; add its benchmark in
``_subjects``. A new command gets a function in ``_app`` and a part of its own.
"""

import os
import sys
from contextlib import suppress

_EXTRA = ("typer", "rich", "pyarrow")


def program() -> None:
    """What a shell starts: :func:`main`, after which the process ends at once.

    A thread of Arrow may still hold the file that it reads through Python. One that asks for Python while
    Python ends aborts the process: 2 of 60 runs with a file that can not be read ended so.
    """
    if _script() is not None:  # a script may have more to do at its end
        main()
        return
    try:
        main()
    except SystemExit as end:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError, AttributeError):  # closed, or it takes no more: told already
                stream.flush()
        os._exit(end.code if isinstance(end.code, int) else 1)


def _script() -> list[str] | None:
    """What follows ``run``, if that is the command; a script shows tracebacks with or without --debug."""
    words = sys.argv[2:] if sys.argv[1:2] == ["--debug"] else sys.argv[1:]
    return words[1:] if words[:1] == ["run"] else None


def main() -> None:
    """Run the command line and exit: 0 when done, else with one of the codes of ``_net``."""
    script = _script()
    if script is not None:  # a script ends as it would without us; typer is not needed
        from fastsmote.cli._run import run_script

        run_script(script)
        return
    try:
        from fastsmote.cli._net import run

        code = run(_EXTRA)
    except ModuleNotFoundError as error:
        print(
            f"fastsmote: the command needs {error.name}, which is not installed: "
            'pip install "fastsmote[cli]"',
            file=sys.stderr,
        )
        code = 2
    except KeyboardInterrupt:  # before a command runs
        print("fastsmote: interrupted.", file=sys.stderr)
        code = 130
    sys.exit(code)
