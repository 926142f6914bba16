"""``fastsmote warmup``: kernels compiled before anybody waits for them."""

import fastsmote
from fastsmote._core.warming import can_be_kept
from fastsmote._kernels.disk import cache_folder
from fastsmote._kernels.shipped import level
from fastsmote._kernels.signatures import are_shipped
from fastsmote.cli._print import Report
from fastsmote.cli._show import COMPILING, StepBar, UserError, mistakes, seconds


def compile_now(only: str | None, n_jobs: int | None, report: Report) -> None:
    """Compile, and say how much there was to do and where it is kept."""
    folder, from_wheel = cache_folder(), level() if are_shipped() else None
    if from_wheel is None and not can_be_kept():
        raise UserError("compiled code can not be kept; set FASTSMOTE_CACHE to a folder that is yours.")
    names = None if only is None else [name.strip() for name in only.split(",") if name.strip()]
    with StepBar(report.quiet) as steps, mistakes():
        done = fastsmote.warmup(names, n_jobs=n_jobs, progress=steps.start(COMPILING))
    words = f"{done.compiled:,} kernels compiled in {seconds(done.seconds)}, {done.ready:,} were ready."
    if from_wheel is not None:
        words += f" The wheel has code for {from_wheel}."
    elif done.compiled:
        words += f" They are kept in {folder}."
    report.say(done._asdict() | {"folder": folder, "wheel": from_wheel}, words)
