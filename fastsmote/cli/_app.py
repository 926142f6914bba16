"""Commands, options and help texts; what a command does is imported when it runs."""

import enum
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

import fastsmote
from fastsmote.cli._methods import choices, complete_method, method_of
from fastsmote.cli._print import Report
from fastsmote.cli._show import keep_tracebacks, user_errors

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)


def _command(*examples: str, below: str = "") -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a command of a function: its docstring, examples, and what else stands below the options."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        words = inspect.cleandoc(function.__doc__ or "")
        paragraphs = [" ".join(paragraph.split()) for paragraph in words.split("\n\n")]
        shown = "\n\n".join(["Examples:", *examples, *filter(None, [below])])
        app.command(help="\n\n".join(paragraphs), epilog=shown)(function)
        return function

    return register


Method = Annotated[
    str,
    typer.Option(
        parser=method_of,
        autocompletion=complete_method,
        metavar="METHOD",
        help="Sampler, one of those below; with dashes, too.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but warnings and errors.")]
NoHeader = Annotated[
    bool,
    typer.Option("--no-header", help="The CSV file has no header; columns are 0, 1, ... (-1 is the last)."),
]

_WRITTEN = "How text is written"
Delimiter = Annotated[
    str | None,
    typer.Option(
        show_default="a comma, in .tsv a tab",
        rich_help_panel=_WRITTEN,
        help="What separates cells: one character such as ';', or tab.",
    ),
]
Encoding = Annotated[
    str, typer.Option(rich_help_panel=_WRITTEN, help="Encoding, such as latin-1, cp1252 or utf-16.")
]
Decimal = Annotated[
    str, typer.Option(rich_help_panel=_WRITTEN, help="What stands before decimals, such as ','.")
]
Comment = Annotated[
    str | None,
    typer.Option(
        show_default="none",
        rich_help_panel=_WRITTEN,
        help="What lines begin with that are left out, '#' say.",
    ),
]
NaValues = Annotated[
    str | None,
    typer.Option(
        "--na-values",
        show_default="none",
        rich_help_panel=_WRITTEN,
        help="More words for missing values, separated by commas, such as '?,-'. Without quotes, nothing, "
        "NA, N/A, NULL, null, NaN, nan and n/a are missing values; in quotes they are text.",
    ),
]
Carry = Annotated[
    str | None,
    typer.Option(
        show_default="none",
        help="Columns that ride along and are not measured, such as id,when: rows that stay and copies keep "
        "them, new rows have nothing there.",
    ),
]
Categorical = Annotated[
    str | None,
    typer.Option(show_default="text", help="Columns of numbers that are names, such as zip: 00501 stays so."),
]
MemoryLimit = Annotated[
    str | None,
    typer.Option(
        show_default="none: the file is read as a whole",
        help="Read Parquet files in blocks, and hold so much at most, such as 2GB.",
    ),
]


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


@_command(
    "fastsmote demo --rows 200000",
    "fastsmote demo --method borderline-smote --seed 7",
    below=choices(),
)
def demo(
    rows: Annotated[int, typer.Option(min=5_000, help="Transactions to make.")] = 1_000_000,
    method: Method = "smote",
    seed: Annotated[int, typer.Option(min=0, help="Seed of the data, the split and the method.")] = 0,
) -> None:
    """Resample synthetic card-fraud data (30 features, 0.173 % frauds) and sweep a simple score."""
    with user_errors():
        from fastsmote.cli._demo import run_demo

        run_demo(rows, method, seed)


@_command(
    "fastsmote bench --rows 100000 --only smote,roc_auc_score",
    "fastsmote bench --markdown > table.md",
)
def bench(
    rows: Annotated[int, typer.Option(min=1_000, help="Rows of 30 features for the resamplers.")] = 1_000_000,
    scores: Annotated[int, typer.Option(min=1_000, help="Scores for the curves.")] = 10_000_000,
    rate: Annotated[float, typer.Option(min=0.0, max=0.5, help="Share of the minority class.")] = 0.00173,
    only: Annotated[
        str | None, typer.Option(show_default="all", help="Subjects, separated by commas.")
    ] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the table as Markdown.")] = False,
) -> None:
    """Time fastsmote and every installed peer on the same data, in one interleaved run."""
    with user_errors():
        from fastsmote.cli._bench import run_benchmarks

        run_benchmarks(rows, scores, rate, only, markdown)


@_command(
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
            help="CSV or Parquet file, or - for standard input; several Parquet files with --memory-limit.",
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
            "share:0.2, the share of the smallest class in all rows afterwards; "
            """JSON such as '{"fraud": 5000}', for cleaners '["fine"]'."""
        ),
    ] = "auto",
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
                others={"--no-header": no_header, "--carry": carry, "--categorical": categorical},
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


@_command(
    "fastsmote sweep scores.csv --label y --score p --cost-fn 50 --cost-fp 1",
    "fastsmote sweep scores.parquet --label y --score p --exact --plot curves.png",
    "fastsmote sweep words.csv --label y --score p --positive yes --json",
    "fastsmote sweep parts/*.parquet --label y --score p --exact",
)
def sweep(
    source: Annotated[
        list[Path], typer.Argument(metavar="SCORES...", help="CSV or Parquet files, of any size, or -.")
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


@_command(
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


@_command(
    "fastsmote advise data.csv --target y",
    "fastsmote advise data.parquet --target y --model trees --json",
    "fastsmote advise big/*.parquet --target y --memory-limit 2GB",
)
def advise(
    source: Annotated[
        list[Path],
        typer.Argument(
            metavar="DATA...", help="CSV or Parquet file, or -; several Parquet files with --memory-limit."
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


@_command(
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


@_command(
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
