"""The methods that the commands offer: every row of the registry of samplers, and which options they take."""

import inspect
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from importlib.util import find_spec
from typing import Any

import typer

import fastsmote
from fastsmote._sampling.registry import SAMPLERS, Columns
from fastsmote.cli._show import UserError

OF_WORDS = ("smotenc", "smoten")  # for columns of words


def method_of(text: str) -> str:
    """The sampler that is meant: names may have dashes."""
    name = text.strip().lower().replace("-", "_")
    if name in SAMPLERS:
        return name
    near = get_close_matches(name, SAMPLERS, 1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise typer.BadParameter(f"{text!r} is none of {', '.join(SAMPLERS)}.{hint}")


def complete_method(start: str) -> list[tuple[str, str]]:
    """Samplers that begin so, for the shell."""
    start = start.replace("-", "_")
    return [(row.name, row.summary) for row in SAMPLERS.values() if row.name.startswith(start)]


def complete_methods(start: str) -> list[tuple[str, str]]:
    """Samplers that the last of several names, separated by commas, may become."""
    before, comma, last = start.rpartition(",")
    return [
        (f"{before}{comma}{name}", words) for name, words in complete_method(last) if name not in OF_WORDS
    ]


def choices(leave_out: Sequence[str] = ()) -> str:
    """The methods by kind, a paragraph each, for help texts."""
    kinds = {
        "over": "Methods that add rows",
        "under": "That keep a number of rows",
        "clean": "That remove rows",
        "combine": "That add rows and then remove some",
    }
    names = {
        kind: [row.name for row in SAMPLERS.values() if row.kind == kind and row.name not in leave_out]
        for kind in kinds
    }
    return "\n\n".join(f"{words}: {', '.join(names[kind])}." for kind, words in kinds.items())


def columns_of(method: str) -> Columns:
    """What the features may hold; a classifier that must be fitted first takes numbers only."""
    row = SAMPLERS[method]
    return "numbers" if row.needs is not None else row.columns


def copies_rows(method: str) -> bool:
    """Whether the method never looks at the features."""
    return columns_of(method) == "any"


def check_installed(method: str) -> None:
    """Refuse a method that fits a classifier where scikit-learn is missing."""
    if SAMPLERS[method].needs is not None and find_spec("sklearn") is None:
        raise UserError(
            f"--method {method} fits a classifier of scikit-learn, which is not installed: "
            "pip install scikit-learn"
        )


def function_of(method: str) -> Callable[..., Any]:
    """The public function of a method; with a classifier to fit, that of ``fastsmote.sklearn``."""
    home = fastsmote if SAMPLERS[method].needs is None else fastsmote.sklearn
    function: Callable[..., Any] = getattr(home, method)
    return function


def takes(method: str, option: str) -> bool:
    """Whether the function has a parameter of that name."""
    return option in inspect.signature(function_of(method)).parameters


def neighbors_option(method: str) -> str | None:
    """The parameter that counts neighbours: SMOTE's in a combination."""
    return next((name for name in ("k_neighbors", "n_neighbors") if takes(method, name)), None)
