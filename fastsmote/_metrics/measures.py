"""The registry of measures: one row each, which every tool reads that offers measures by name.

To add a measure, write its formula in ``formulas.py`` and its row here, and name it in the docstrings of the
tools that offer it; ``tests/metrics/test_measures.py`` fails until all of them do.
"""

import inspect
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any, Literal, NamedTuple, TypeAlias

from fastsmote._metrics import formulas
from fastsmote._metrics.formulas import Formula

# Up to these, sums and quotients of integers are equal as float64 only where they are equal.
SUMS = 1 << 53
QUOTIENTS = 1 << 26

Tool: TypeAlias = Literal[
    "best_threshold", "ThresholdClassifier", "bootstrap_interval", "plot.thresholds", "fastsmote sweep"
]
Key: TypeAlias = Callable[[Fraction, Fraction, Fraction, Fraction], Fraction]  # of tn, fp, fn, tp

_CURVES: tuple[Tool, ...] = ("bootstrap_interval", "plot.thresholds")  # values at given thresholds
_CHOICES: tuple[Tool, ...] = ("best_threshold", "ThresholdClassifier")  # thresholds at which it is best


class Totals(NamedTuple):
    """What all cut points of a sweep share."""

    n_neg: Any
    n_pos: Any
    whole: bool  # counts are integers


def orders_exactly(totals: Totals, largest: float, limit: int) -> bool:
    """Whether float64 orders values of these counts exactly, so that long plateaus need no fractions."""
    return bool(largest <= limit) and totals.whole


class Measure(NamedTuple):
    """A number for each cut point."""

    name: str
    title: str  # in plots and tables
    formula: Formula
    tools: tuple[Tool, ...]
    range: tuple[float, float] = (0.0, 1.0)
    higher_is_better: bool = True
    order: Callable[[Totals], Key | None] | None = (
        None  # what tells nearly equal cut points apart; None: float64
    )
    ranked_by: Formula | None = None  # a formula of the same order that rounds less
    aliases: tuple[str, ...] = ()


def _f_order(totals: Totals, beta: float) -> Key | None:
    if beta == 1 and orders_exactly(totals, 2 * (totals.n_neg + totals.n_pos), QUOTIENTS):
        return None
    square = Fraction(beta) ** 2
    return lambda _tn, fp, fn, tp: tp and tp / ((1 + square) * tp + square * fn + fp)


def _matthews_order(_totals: Totals) -> Key:
    def key(tn: Fraction, fp: Fraction, fn: Fraction, tp: Fraction) -> Fraction:
        difference, product = tp * tn - fp * fn, (tp + fp) * (tn + fn)
        return difference and difference * abs(difference) / product

    return key


def _product_order(_totals: Totals) -> Key:
    return lambda tn, _fp, _fn, tp: tn * tp


def _rates_order(totals: Totals) -> Key | None:
    """Of recall less false positive rate."""
    n_neg, n_pos, _ = totals
    if orders_exactly(totals, max(n_neg, 1) * max(n_pos, 1), SUMS):
        return None
    if not n_neg or not n_pos:
        return lambda _tn, fp, _fn, tp: tp - fp
    return lambda tn, fp, fn, tp: tp * tn - fp * fn


def precision_order(totals: Totals) -> Key | None:
    if orders_exactly(totals, totals.n_neg + totals.n_pos, QUOTIENTS):
        return None
    return lambda _tn, fp, _fn, tp: tp and tp / (tp + fp)


_F1 = partial(formulas.f_beta, beta=1.0)
_F1_ORDER = partial(_f_order, beta=1.0)

MEASURES = (
    Measure("precision", "precision", formulas.precision, _CURVES),
    Measure("recall", "recall", formulas.recall, _CURVES),
    Measure("f1", "F1", _F1, (*_CHOICES, *_CURVES, "fastsmote sweep"), order=_F1_ORDER),
    Measure("f_beta", "F-beta", _F1, _CHOICES, order=_F1_ORDER),  # see with_beta
    Measure("specificity", "specificity", formulas.specificity, _CURVES),
    Measure("fpr", "false positive rate", formulas.fpr, _CURVES, higher_is_better=False),
    Measure(
        "matthews_corrcoef",
        "Matthews correlation",
        formulas.matthews_corrcoef,
        (*_CHOICES, *_CURVES, "fastsmote sweep"),
        range=(-1.0, 1.0),
        order=_matthews_order,
        aliases=("mcc",),
    ),
    Measure(
        "balanced_accuracy",
        "balanced accuracy",
        formulas.balanced_accuracy,
        (*_CHOICES, *_CURVES, "fastsmote sweep"),
        order=_rates_order,
        ranked_by=formulas.youden,
    ),
    Measure(
        "geometric_mean",
        "geometric mean",
        formulas.geometric_mean,
        (*_CHOICES, *_CURVES, "fastsmote sweep"),
        order=_product_order,
    ),
    Measure(
        "youden",
        "Youden's index",
        formulas.youden,
        (*_CHOICES, "bootstrap_interval"),
        range=(-1.0, 1.0),
        order=_rates_order,
    ),
)


def measures_of(tool: Tool) -> dict[str, Measure]:
    """What a tool offers, by name."""
    return {measure.name: measure for measure in MEASURES if tool in measure.tools}


def find_measure(name: Any, tool: Tool) -> Measure | None:
    """The measure of this name or alias, None where the tool offers none."""
    if not isinstance(name, str):
        return None
    return next((m for m in measures_of(tool).values() if name in (m.name, *m.aliases)), None)


def check_sweep_function(metric: Callable[..., Any]) -> None:
    """TypeError for a function that can not be called with a Sweep alone, as scores of labels can not."""
    try:
        signature = inspect.signature(metric)
    except ValueError:
        return  # one that is not written in Python
    try:
        signature.bind(None)
    except TypeError:
        name = getattr(metric, "__name__", type(metric).__name__)
        needed = [key for key, one in signature.parameters.items() if one.default is one.empty]
        raise TypeError(
            "metric must be a function of one Sweep, or the name of a measure. Got "
            f"{name}({', '.join(needed)}); pass a name such as 'f1', or lambda sweep: sweep.f_beta(2)."
        ) from None


def words_of(tool: Tool) -> set[str]:
    """Names and aliases that a tool accepts."""
    return {word for measure in measures_of(tool).values() for word in (measure.name, *measure.aliases)}


def with_beta(measure: Measure, beta: float) -> Measure:
    """The F score in which recall weighs ``beta`` times as much as precision."""
    return measure._replace(formula=partial(formulas.f_beta, beta=beta), order=partial(_f_order, beta=beta))
