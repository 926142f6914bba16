"""Commands, options and help texts; what a command does is imported when it runs."""

import enum
from pathlib import Path
from typing import Annotated

import typer

import fastsmote
from fastsmote.cli._app_demo import app, command
from fastsmote.cli._methods import OF_WORDS, choices, complete_methods
from fastsmote.cli._options import (
    Carry,
    Categorical,
    Comment,
    Decimal,
    Delimiter,
    Encoding,
    Json,
    MemoryLimit,
    Method,
    NaValues,
    NoHeader,
    Quiet,
)
from fastsmote.cli._print import Report
from fastsmote.cli._show import keep_tracebacks, user_errors

__all__ = ["app"]


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"fastsmote {fastsmote.__version__}")
        raise typer.Exit


def _keep_tracebacks(wanted: bool) -> None:
    if wanted:
        keep_tracebacks()


@app.callback()
def start(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit."),
    ] = False,
    debug: Annotated[
        bool,
        typer.Option("--debug", callback=_keep_tracebacks, is_eager=True, help="Show tracebacks of errors."),
    ] = False,
) -> None:
    """Fast, exact, reproducible resampling and threshold sweeps for imbalanced data."""


@command(
    "fastsmote resample in.csv --target y -o out.csv",
    "fastsmote resample in.csv --target y -o out.parquet --sampling-strategy 0.5",
    "fastsmote resample in.csv --target y -o a.csv --sampling-strategy share:0.4",
    "fastsmote resample in.csv --target y -o b.csv --sampling-strategy '{\"yes\": 50}'",
    "fastsmote resample in.parquet --target y -o b.csv --method tomek-links --json",
    "fastsmote resample big/*.parquet --target y -o out.parquet --memory-limit 2GB",
    below=choices(),
)
def resample(
    source: Annotated[
        list[Path],
        typer.Argument(
            metavar="IN...",
            help="CSV or Parquet file, or - for standard input; with --memory-limit Parquet files, folders "
            "of them, and patterns in quotes such as 'big/*.parquet'.",
        ),
    ],
    target: Annotated[str, typer.Option(help="Label column: its name; with --no-header its position.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="CSV or Parquet file to write, or - for standard output.")
    ],
    method: Method = "smote",
    sampling_strategy: Annotated[
        str,
        typer.Option(
            help="auto, minority, 'not minority', 'not majority', majority, all; a ratio such as 0.5; "
            "share:0.2, the share of the smallest class in all rows afterwards; prior:0.2, the same, lowered "
            """too; JSON such as '{"fraud": 5000}', for cleaners '["fine"]'."""
        ),
    ] = "auto",
    under_strategy: Annotated[
        str | None,
        typer.Option(
            show_default="all stay",
            help="Where rows are added: which of all rows then stay, in the words of --sampling-strategy.",
        ),
    ] = None,
    k_neighbors: Annotated[
        int | None,
        typer.Option(min=1, show_default="that of the method", help="Neighbours (of smote, in smote_enn)."),
    ] = None,
    min_count: Annotated[
        str | None,
        typer.Option(show_default="no limit", help="Rows that a cleaner leaves of each class, or balanced."),
    ] = None,
    random_state: Annotated[
        int | None, typer.Option(min=0, show_default="fresh each time", help="Seed.")
    ] = None,
    memory_limit: MemoryLimit = None,
    no_header: NoHeader = False,
    carry: Carry = None,
    categorical: Categorical = None,
    delimiter: Delimiter = None,
    encoding: Encoding = "utf-8",
    decimal: Decimal = ".",
    comment: Comment = None,
    na_values: NaValues = None,
    n_jobs: Annotated[int | None, typer.Option(show_default="all usable cores", help="Threads.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace OUT if it exists; its mode stays.")] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Resample a CSV or Parquet file; names, order and types of its columns are kept.

    From CSV to CSV, kept and copied rows have the text of IN, with quotes where they are needed; synthetic
    numbers are written in the shortest form that is exact. To Parquet, 007 and 0.10 become 7 and 0.1, but
    labels become numbers only where all are written as these are: labels 0 and 1, not 007 or 1.50.

    .csv, .data and .tsv files hold text; with .gz behind, they are compressed.
    """
    with user_errors():
        from fastsmote.cli._resample import resample_file
        from fastsmote.cli._source import dialect_of, require_one

        if memory_limit is not None:
            from fastsmote.cli._resample_files import resample_files

            resample_files(
                source,
                out,
                target=target,
                method=method,
                memory_limit=memory_limit,
                sampling_strategy=sampling_strategy,
                k_neighbors=k_neighbors,
                min_count=min_count,
                random_state=random_state,
                n_jobs=n_jobs,
                categorical=categorical,
                others={"--under-strategy": under_strategy, "--no-header": no_header, "--carry": carry},
                force=force,
                report=Report(as_json, quiet),
            )
            return
        require_one(source)
        resample_file(
            source[0],
            out,
            target=target,
            method=method,
            sampling_strategy=sampling_strategy,
            under_strategy=under_strategy,
            k_neighbors=k_neighbors,
            min_count=min_count,
            random_state=random_state,
            carry=carry,
            categorical=categorical,
            dialect=dialect_of(delimiter, encoding, decimal, comment, na_values, not no_header),
            n_jobs=n_jobs,
            force=force,
            report=Report(as_json, quiet),
        )


@command(
    "fastsmote sweep scores.csv --label y --score p --cost-fn 50 --cost-fp 1",
    "fastsmote sweep scores.parquet --label y --score p --exact --plot curves.png",
    "fastsmote sweep words.csv --label y --score p --positive yes --json",
    "fastsmote sweep parts/*.parquet --label y --score p --exact",
)
def sweep(
    source: Annotated[
        list[Path],
        typer.Argument(
            metavar="SCORES...",
            help="CSV or Parquet files of any size, folders of them, patterns in quotes, or -.",
        ),
    ],
    label: Annotated[str, typer.Option(help="Column of labels.")],
    score: Annotated[str, typer.Option(help="Column of scores; higher means more likely positive.")],
    positive: Annotated[
        str | None, typer.Option(show_default="1", help="The positive label, where it is not 1.")
    ] = None,
    cost_fn: Annotated[float | None, typer.Option(min=0, help="What a missed positive costs.")] = None,
    cost_fp: Annotated[float | None, typer.Option(min=0, help="What a false alarm costs.")] = None,
    threshold: Annotated[
        float | None, typer.Option(help="A threshold to look at, beside those that are chosen, such as 0.5.")
    ] = None,
    exact: Annotated[
        bool,
        typer.Option("--exact", help="Read the file twice for exact thresholds and areas under the curves."),
    ] = False,
    plot: Annotated[Path | None, typer.Option(help="Picture to draw, such as curves.png.")] = None,
    no_header: NoHeader = False,
    delimiter: Delimiter = None,
    encoding: Encoding = "utf-8",
    decimal: Decimal = ".",
    comment: Comment = None,
    na_values: NaValues = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Choose a threshold: what happens at the best one, at others, and the areas under the curves.

    The file is read in parts and counted in constant memory. Thresholds lie on a grid of 1024 steps per power
    of two; counts at each are exact. Scores that crowd (near 1, say) need --exact, which looks at each score.
    Without costs the threshold with the best F1 comes first.
    """
    with user_errors():
        from fastsmote.cli._source import dialect_of
        from fastsmote.cli._sweep import sweep_files

        sweep_files(
            source,
            label=label,
            score=score,
            positive=positive,
            cost_fn=cost_fn,
            cost_fp=cost_fp,
            threshold=threshold,
            exact=exact,
            plot=plot,
            dialect=dialect_of(delimiter, encoding, decimal, comment, na_values, not no_header),
            report=Report(as_json, quiet),
        )


class CalibrationMethod(enum.StrEnum):
    """Maps from scores to probabilities, on the command line."""

    platt = "platt"
    isotonic = "isotonic"
    beta = "beta"
    temperature = "temperature"


@command(
    "fastsmote calibrate scores.csv --label y --score p -o calibrated.csv",
    "fastsmote calibrate p.csv --label y --score p --train-prior .5 --true-prior .1",
)
def calibrate(
    source: Annotated[Path, typer.Argument(metavar="SCORES", help="CSV or Parquet file, or -.")],
    label: Annotated[str, typer.Option(help="Column of labels.")],
    score: Annotated[str, typer.Option(help="Column of probabilities, or of scores on any scale.")],
    positive: Annotated[
        str | None, typer.Option(show_default="1", help="The positive label, where it is not 1.")
    ] = None,
    method: Annotated[
        CalibrationMethod | None,
        typer.Option(show_default="platt, or none with priors", help="Map to fit."),
    ] = None,
    train_prior: Annotated[
        float | None,
        typer.Option(help="Share of positives in the rows that the model was fitted to, 0 < x < 1."),
    ] = None,
    true_prior: Annotated[
        float | None, typer.Option(help="Share of positives where it is used, 0 < x < 1.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the split.")] = 0,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File to write: SCORES and a calibrated column.")
    ] = None,
    plot: Annotated[Path | None, typer.Option(help="Reliability diagram to draw, such as r.png.")] = None,
    no_header: NoHeader = False,
    delimiter: Delimiter = None,
    encoding: Encoding = "utf-8",
    decimal: Decimal = ".",
    comment: Comment = None,
    na_values: NaValues = None,
    force: Annotated[bool, typer.Option("--force", help="Replace OUT if it exists; its mode stays.")] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Turn scores into probabilities: correct the prior, fit a map, and judge both on rows not fitted to.

    With --train-prior and --true-prior, probabilities are first corrected for a model that was fitted to
    resampled rows; that needs no fit. A map is fitted to half of each class and judged on the other half.
    """
    with user_errors():
        from fastsmote.cli._calibrate import calibrate_file
        from fastsmote.cli._source import dialect_of

        calibrate_file(
            source,
            label=label,
            score=score,
            positive=positive,
            method=None if method is None else method.value,
            train_prior=train_prior,
            true_prior=true_prior,
            seed=seed,
            out=out,
            plot=plot,
            dialect=dialect_of(delimiter, encoding, decimal, comment, na_values, not no_header),
            force=force,
            report=Report(as_json, quiet),
        )


@command(
    "fastsmote advise data.csv --target y",
    "fastsmote advise data.parquet --target y --model trees --json",
    "fastsmote advise big/*.parquet --target y --memory-limit 2GB",
)
def advise(
    source: Annotated[
        list[Path],
        typer.Argument(
            metavar="DATA...",
            help="CSV or Parquet file, or -; with --memory-limit Parquet files, folders of them, and "
            "patterns in quotes such as 'big/*.parquet'.",
        ),
    ],
    target: Annotated[str, typer.Option(help="Label column: its name; with --no-header its position.")],
    model: Annotated[
        str | None, typer.Option(show_default="any", help="What will be fitted: linear, trees or neural.")
    ] = None,
    k_neighbors: Annotated[int, typer.Option(min=1, help="Neighbours to look at.")] = 5,
    memory_limit: MemoryLimit = None,
    no_header: NoHeader = False,
    carry: Carry = None,
    categorical: Categorical = None,
    delimiter: Delimiter = None,
    encoding: Encoding = "utf-8",
    decimal: Decimal = ".",
    comment: Comment = None,
    na_values: NaValues = None,
    n_jobs: Annotated[int | None, typer.Option(show_default="all usable cores", help="Threads.")] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say what to do about the imbalance of a file, and why: it may be to move the threshold only."""
    with user_errors():
        from fastsmote.cli._advise import advise_file, advise_files
        from fastsmote.cli._source import dialect_of, require_one

        report = Report(as_json, quiet)
        if memory_limit is not None:
            advise_files(
                source,
                target=target,
                model=model,
                k_neighbors=k_neighbors,
                memory_limit=memory_limit,
                n_jobs=n_jobs,
                others={"--no-header": no_header, "--carry": carry, "--categorical": categorical},
                report=report,
            )
            return
        require_one(source)
        advise_file(
            source[0],
            target=target,
            model=model,
            k_neighbors=k_neighbors,
            carry=carry,
            categorical=categorical,
            dialect=dialect_of(delimiter, encoding, decimal, comment, na_values, not no_header),
            n_jobs=n_jobs,
            report=report,
        )


@command(
    "fastsmote compare data.parquet --target fraud",
    "fastsmote compare in.csv --target y --cost-fn 20 --cost-fp 1 --html r.html",
    "fastsmote compare in.csv --target y --samplers smote,adasyn --ratios 0.5,1",
    below=choices(leave_out=OF_WORDS),
)
def compare(
    source: Annotated[Path, typer.Argument(metavar="DATA", help="CSV or Parquet file, or -.")],
    target: Annotated[str, typer.Option(help="Label column: its name; with --no-header its position.")],
    samplers: Annotated[
        str | None,
        typer.Option(
            autocompletion=complete_methods,
            show_default="fourteen of them",
            help="Methods below, separated by commas; none, class-weight and balanced-bagging, too.",
        ),
    ] = None,
    ratios: Annotated[
        str | None,
        typer.Option(
            show_default="that of each method",
            help="Ratios to balance to, separated by commas, such as 0.1,0.5,share:0.2,prior:0.1.",
        ),
    ] = None,
    cost_fn: Annotated[float | None, typer.Option(min=0, help="What a missed positive costs.")] = None,
    cost_fp: Annotated[float | None, typer.Option(min=0, help="What a false alarm costs.")] = None,
    cv: Annotated[int, typer.Option(min=2, help="Folds.")] = 5,
    random_state: Annotated[
        int | None, typer.Option(min=0, show_default="fresh each time", help="Seed.")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Page to write, with pictures inside.")] = None,
    no_header: NoHeader = False,
    carry: Carry = None,
    categorical: Categorical = None,
    delimiter: Delimiter = None,
    encoding: Encoding = "utf-8",
    decimal: Decimal = ".",
    comment: Comment = None,
    na_values: NaValues = None,
    n_jobs: Annotated[int | None, typer.Option(show_default="all usable cores", help="Threads.")] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say which resampling helps on the rows of a file, with intervals: it may be that none does.

    Each method is fitted to the training rows of each fold and judged on the others, by logistic regression
    on standardised columns; probabilities are corrected for the prior, thresholds come from the other folds.
    Without costs the methods are compared by average precision. A word of text becomes a column of 0 and 1.
    """
    with user_errors():
        from fastsmote.cli._compare import compare_file
        from fastsmote.cli._source import dialect_of

        compare_file(
            source,
            target=target,
            samplers=samplers,
            ratios=ratios,
            cv=cv,
            cost_fp=cost_fp,
            cost_fn=cost_fn,
            random_state=random_state,
            html=html,
            carry=carry,
            categorical=categorical,
            dialect=dialect_of(delimiter, encoding, decimal, comment, na_values, not no_header),
            n_jobs=n_jobs,
            report=Report(as_json, quiet),
        )


@command(
    "fastsmote warmup",
    "fastsmote warmup --only smote,metrics",
)
def warmup(
    only: Annotated[
        str | None,
        typer.Option(show_default="everything", help="Functions or modules, separated by commas."),
    ] = None,
    n_jobs: Annotated[int | None, typer.Option(show_default="all usable cores", help="Processes.")] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Compile what is not compiled yet, once per machine: for container images and the caches of CI."""
    with user_errors():
        from fastsmote.cli._warmup import compile_now

        compile_now(only, n_jobs, Report(as_json, quiet))


@command(
    "fastsmote info",
    "fastsmote info --json",
)
def info(as_json: Json = False) -> None:
    """Show versions, CPU and SIMD width, threads, and the folder of compiled kernels."""
    from fastsmote.cli._info import show_info

    show_info(Report(as_json))


@app.command(
    add_help_option=False, context_settings={"allow_extra_args": True, "ignore_unknown_options": True}
)
def run(context: typer.Context) -> None:
    """Run a script of imbalanced-learn with the classes of fastsmote: fastsmote run SCRIPT [ARGUMENTS]...."""
    from fastsmote.cli._run import run_script

    run_script(context.args)
