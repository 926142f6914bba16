"""The command ``fastsmote``: files in, files, tables and pictures out.

It is a user of the package: it calls public functions only, and reads the registries of samplers and of
measures for what it offers (``_core.threads`` and ``_kernels.jit`` for what it says about the machine). Here
it starts, or says in one line what is missing. Mistakes of users end with one line on stderr and exit code 2,
never with a traceback.

**Where what is**, in the order to read it. ``_app``: the commands, their options and help; each imports its
part when it runs, so that ``--help`` is quick. ``_show``: mistakes, progress, tables, peak memory.
``_methods``: the samplers by name. ``_read``, ``_cells``, ``_write``: CSV and Parquet files; ``_picture``:
plots. One part per command: ``_resample``, ``_sweep``, ``_calibrate``, ``_advise``, ``_demo``, ``_info``, and
``_run`` for ``python -m fastsmote run``. ``bench``: ``_bench`` starts and prints, ``_subjects`` names what is
compared (``_peers``, ``_sampler_subjects``, ``_neighbor_subjects``, ``_score_subjects``), ``_bench_data``
makes the data, ``_measure`` times, each implementation in a ``_worker``.

A sampler with a row in the registry is a method of ``resample`` and ``demo``; add its benchmark in
``_subjects``. A new command gets a function in ``_app`` and a part of its own.
"""

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
