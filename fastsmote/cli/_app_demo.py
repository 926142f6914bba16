"""The program, how commands are made of functions, and the two commands that make data of their own."""

import inspect
from collections.abc import Callable
from typing import Annotated

import typer

from fastsmote.cli._methods import choices
from fastsmote.cli._options import Method
from fastsmote.cli._show import user_errors

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)


def command(*examples: str, below: str = "") -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a command of a function: its docstring, examples, and what else stands below the options."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        words = inspect.cleandoc(function.__doc__ or "")
        paragraphs = [" ".join(paragraph.split()) for paragraph in words.split("\n\n")]
        shown = "\n\n".join(["Examples:", *examples, *filter(None, [below])])
        app.command(help="\n\n".join(paragraphs), epilog=shown)(function)
        return function

    return register


@command(
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


@command(
    "fastsmote bench --rows 100000 --only smote,roc_auc_score",
    "fastsmote bench --only small,neighbors_2000x5000",
    "fastsmote bench --markdown > table.md",
)
def bench(
    rows: Annotated[int, typer.Option(min=1_000, help="Rows of 30 features for the resamplers.")] = 1_000_000,
    scores: Annotated[int, typer.Option(min=1_000, help="Scores for the curves.")] = 10_000_000,
    rate: Annotated[float, typer.Option(min=0.0, max=0.5, help="Share of the minority class.")] = 0.00173,
    only: Annotated[
        str | None,
        typer.Option(
            show_default="large",
            help="Subjects, separated by commas, or groups of them: large, wide, few, one_hot, long_lists, "
            "sparse, small.",
        ),
    ] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the table as Markdown.")] = False,
) -> None:
    """Time fastsmote and every installed peer on the same data, in one interleaved run."""
    with user_errors():
        from fastsmote.cli._bench import run_benchmarks

        run_benchmarks(rows, scores, rate, only, markdown)
