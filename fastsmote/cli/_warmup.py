"""``fastsmote warmup``: kernels compiled before anybody waits for them."""

import fastsmote
from fastsmote._kernels.disk import cache_folder
from fastsmote._kernels.shipped import level
from fastsmote.cli._print import Report
from fastsmote.cli._show import COMPILING, StepBar, UserError, mistakes, seconds


def compile_now(only: str | None, n_jobs: int | None, report: Report) -> None:
    """Compile, and say how much there was to do and where it is kept."""
    folder = cache_folder()
    if folder is None and level() is None:
        raise UserError("compiled code can not be kept; set FASTSMOTE_CACHE to a folder that is yours.")
    names = None if only is None else [name.strip() for name in only.split(",")]
    with StepBar(report.quiet) as steps, mistakes():
        done = fastsmote.warmup(names, n_jobs=n_jobs, progress=steps.start(COMPILING))
    facts = done._asdict() | {"folder": folder, "level": level()}
    report.say(
        facts,
        f"{done.compiled:,} kernels compiled in {seconds(done.seconds)}, {done.ready:,} were ready. "
        f"They are kept in {folder}.",
    )
